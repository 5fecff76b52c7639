"""The laws of apportioning, and its answers against counting through everything."""

from collections import Counter
from fractions import Fraction
from itertools import product
from math import ceil, floor
from random import Random
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairing.apportioning import METHODS, Claim, apportion, apportion_nested, crowds, water_levels
from pairing.errors import ArgumentError

MANY = settings(deadline=None, max_examples=300)
WEIGHTS = st.lists(st.integers(0, 40) | st.fractions(0, 9, max_denominator=7), min_size=1, max_size=9).filter(any)
METHOD = st.sampled_from(METHODS)


# --- one pool


@MANY
@given(st.integers(0, 120), WEIGHTS, METHOD, st.integers(0, 4))
def test_e6_shares_add_up_exactly(total: int, weights: list[Any], method: str, least: int) -> None:
    """Shares are whole numbers from 0, they add up to the total, and nobody has fewer than the least if it is there."""
    seats = apportion(total, weights, method, least)
    assert sum(seats) == total
    assert min(seats) >= min(least, total // len(weights))
    assert all(type(seat) is int for seat in seats)


@MANY
@given(st.integers(0, 120), WEIGHTS)
def test_e6_the_largest_remainder_stays_within_the_quota(total: int, weights: list[Any]) -> None:
    """With the largest remainder each share is the exact one, rounded up or down."""
    for seat, weight in zip(apportion(total, weights, "largest-remainder"), weights, strict=True):
        exact = Fraction(total) * weight / sum(weights)
        assert floor(exact) <= seat <= ceil(exact)


@MANY
@given(st.integers(0, 120), WEIGHTS, st.integers(0, 3))
def test_e6_webster_is_fair_to_each_two(total: int, weights: list[Any], least: int) -> None:
    """With Webster's method no seat could go from one to another and be due there more (min-max inequality)."""
    seats = apportion(total, weights, "webster", least)
    if total <= least * len(weights):
        return
    next_one = min((Fraction(2 * s + 1) / w for s, w in zip(seats, weights, strict=True) if w), default=Fraction(0))
    last_ones = [Fraction(2 * s - 1) / w for s, w in zip(seats, weights, strict=True) if s > least]
    assert max(last_ones, default=next_one) <= next_one


@MANY
@given(st.integers(0, 60), WEIGHTS, st.integers(0, 3))
def test_nobody_loses_with_webster_when_the_total_grows(total: int, weights: list[Any], least: int) -> None:
    """Webster's method is monotone: with one more to share out, one has one more, and nobody has fewer."""
    before = apportion(total, weights, "webster", least)
    after = apportion(total + 1, weights, "webster", least)
    assert sorted(b - a for a, b in zip(before, after, strict=True)) == [0] * (len(weights) - 1) + [1]


def test_what_each_method_gives_up() -> None:
    """The largest remainder can take one away as the total grows; Webster's can leave the quota."""
    assert apportion(10, [6, 6, 2], "largest-remainder") == (4, 4, 2)
    assert apportion(11, [6, 6, 2], "largest-remainder") == (5, 5, 1)
    assert apportion(2, [4, 1, 1, 1, 1], "webster") == (2, 0, 0, 0, 0)
    assert Fraction(2 * 4, 8) == 1


@MANY
@given(st.integers(0, 60), st.dictionaries(st.text(max_size=3), st.integers(1, 9), min_size=1, max_size=7), METHOD)
def test_the_order_of_a_mapping_shows_nowhere(total: int, weights: dict[str, int], method: str) -> None:
    """Ties are broken by id, so that the same weights in another order give the same, in the same order."""
    turned = dict(reversed(weights.items()))
    seats = apportion(total, weights, method)
    assert list(apportion(total, turned, method).items()) == list(seats.items())
    assert tuple(seats[id] for id in sorted(seats)) == apportion(total, [weights[id] for id in sorted(weights)], method)


@MANY
@given(st.integers(0, 60), st.lists(st.integers(1, 9), min_size=1, max_size=7), st.integers(1, 9), METHOD)
def test_only_proportions_count(total: int, weights: list[int], times: int, method: str) -> None:
    """Weights that are so many times as large, or Fractions of them, give the same."""
    seats = apportion(total, weights, method)
    assert apportion(total, [weight * times for weight in weights], method) == seats
    assert apportion(total, [Fraction(weight, times) for weight in weights], method) == seats


def test_known_apportionments() -> None:
    """The example of Balinski and Young (1982) in which five methods give five answers."""
    states = [9061, 7179, 5259, 3319, 1182]
    assert apportion(26, states, "largest-remainder") == (9, 7, 5, 4, 1)
    assert apportion(26, states, "webster") == (9, 8, 5, 3, 1)


def test_ids_of_any_kind() -> None:
    """Ids need not be sortable among each other."""
    assert apportion(3, {"a": 1, 2: 1, None: 1}) == {"a": 1, 2: 1, None: 1}
    assert apportion(0, {}) == {}
    assert apportion(0, []) == ()
    assert apportion(0, [0, 0]) == (0, 0)
    assert apportion(4, [0, 0], least=2) == (2, 2)


def test_a_province_of_units_is_fast() -> None:
    """Fifteen thousand units, with huge numbers: whole and exact."""
    random = Random(1)
    weights = [random.randint(1, 10**12) for _ in range(15_000)]
    for method in METHODS:
        assert sum(apportion(10**15 + 7, weights, method, 1)) == 10**15 + 7


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ((-1, [1]), ["total"]),
        ((True, [1]), ["total"]),
        ((1.0, [1]), ["total"]),
        ((1, [1.5]), ["weights"]),
        ((1, [1, -1, True]), ["weights", "weights"]),
        ((1, {"a": float("nan")}), ["weights"]),
        ((1, "abc"), ["weights"]),
        ((1, 5), ["weights"]),
        ((1, []), ["weights"]),
        ((1, [0, 0]), ["weights"]),
        ((1, [1], "hamilton"), ["method"]),
        ((1, [1], "webster", -1), ["least"]),
        ((None, None, None, None), ["total", "least", "method", "weights"]),
    ],
)
def test_wrong_arguments_are_told_all_at_once(arguments: tuple[Any, ...], fields: list[str]) -> None:
    """Every fault is told, each with its place."""
    with pytest.raises(ArgumentError) as caught:
        apportion(*arguments)
    assert [problem.field for problem in caught.value.problems] == fields


# --- nested areas

PARENTS: dict[str, str | None] = {"p": None, "a": "p", "b": "p", "a1": "a", "q": None}


@st.composite
def nested(draw: st.DrawFn) -> tuple[dict[str, int], list[Claim]]:
    loads = {area: draw(st.integers(0, 5)) for area in PARENTS}
    areas = st.sampled_from(sorted(PARENTS))
    return loads, draw(
        st.lists(st.builds(Claim, areas, st.integers(1, 4), st.just(0), st.just(0)), min_size=1, max_size=4)
    )


def up(area: str | None) -> list[str]:
    return [] if area is None else [area, *up(PARENTS[area])]


def carried(loads: dict[str, int], claims: list[Claim]) -> int:
    """How much lies where somebody may go."""
    return sum(load for area, load in loads.items() if any(claim.at in up(area) for claim in claims))


def allowed(loads: dict[str, int], claims: list[Claim], shares: list[Any]) -> bool:
    """Whether no area is given more than lies in it, and all is carried that can be."""
    for area in PARENTS:
        inside = sum(load for code, load in loads.items() if area in up(code))
        if sum(share for claim, share in zip(claims, shares, strict=True) if area in up(claim.at)) > inside:
            return False
    return bool(sum(shares) == carried(loads, claims))


def unevenness(claims: list[Claim], shares: list[Any]) -> Fraction:
    return sum((Fraction(share) ** 2 / claim.weight for claim, share in zip(claims, shares, strict=True)), Fraction(0))


@MANY
@given(nested())
def test_the_levels_are_the_most_even(case: tuple[dict[str, int], list[Claim]]) -> None:
    """No other way to carry all, in whole numbers or by a small move, has a smaller sum of share² / weight."""
    loads, claims = case
    levels = water_levels(PARENTS, loads, claims)
    exact = [claim.weight * levels[claim.at] for claim in claims]
    assert allowed(loads, claims, exact)
    best = unevenness(claims, exact)
    total = carried(loads, claims)
    for shares in product(range(total + 1), repeat=len(claims)) if (total + 1) ** len(claims) < 20_000 else ():
        if sum(shares) == total and allowed(loads, claims, list(shares)):
            assert unevenness(claims, list(shares)) >= best
    for give in range(len(claims)):  # and in fractions: no small move makes it more even
        for take in range(len(claims)):
            step = min(Fraction(1, 10**6), exact[give])
            moved = list(exact)
            moved[give] -= step
            moved[take] += step
            assert not allowed(loads, claims, moved) or unevenness(claims, moved) >= best
    event("several levels" if len(set(levels.values())) > 1 else "one level")


@MANY
@given(nested(), METHOD, st.integers(0, 1))
def test_e6_nested_shares_add_up(case: tuple[dict[str, int], list[Claim]], method: str, least: int) -> None:
    """All is carried, nobody beyond the own area, and each pool has its exact share rounded up or down."""
    loads, listed = case
    claims = {n: claim._replace(least=least) for n, claim in enumerate(listed)}
    shares = apportion_nested(PARENTS, loads, claims, method)
    assert list(shares) == list(claims)
    assert allowed(loads, listed, list(shares.values()))
    crowded = crowds(PARENTS, loads, Counter(claim.at for claim in listed))
    for n, claim in claims.items():
        assert shares[n] >= least or claim.at in crowded
    levels = water_levels(PARENTS, loads, claims.values())
    for area in PARENTS:
        pool = [n for n, claim in claims.items() if claim.at == area]
        if pool and least == 0:
            exact = levels[area] * sum(claims[n].weight for n in pool)
            assert floor(exact) <= sum(shares[n] for n in pool) <= ceil(exact)
            weights = [claims[n].weight for n in pool]
            assert apportion(sum(shares[n] for n in pool), weights, method) == tuple(shares[n] for n in pool)


@MANY
@given(nested())
def test_crowds_are_where_not_each_can_have_its_own(case: tuple[dict[str, int], list[Claim]]) -> None:
    """Outside crowds each claim can have a thing of its own, and in a crowd each thing has a claim."""
    loads, claims = case
    counts = Counter(claim.at for claim in claims)
    crowded = crowds(PARENTS, loads, counts)
    free = {area: load for area, load in loads.items() if area not in crowded}
    for area in PARENTS:
        inside = [code for code in PARENTS if area in up(code)]
        if area not in crowded:
            assert sum(counts[code] for code in inside if code not in crowded) <= sum(free.get(c, 0) for c in inside)
    for top in set(crowded.values()):
        inside = [code for code in crowded if crowded[code] == top]
        assert sum(counts[code] for code in inside) > sum(loads[code] for code in inside)


def test_what_one_has_counts() -> None:
    """Whoever carries something already gets so much less, and nobody gives anything back."""
    claims = {"u": Claim("p", 1, 4), "v": Claim("p", 1), "w": Claim("p", 1, 9)}
    assert apportion_nested({"p": None}, {"p": 6}, claims) == {"u": 1, "v": 5, "w": 0}
