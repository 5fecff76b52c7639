"""Spot checks: the draw is exact and repeatable, and what is said of all from what was found holds."""

import pickle
from collections.abc import Callable, Mapping
from fractions import Fraction
from hashlib import sha256
from itertools import combinations, product
from math import comb
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from pairing.apportioning import apportion
from pairing.deeds import CHANNELS, RESULTS
from pairing.errors import ArgumentError
from pairing.sampling import (
    POPULATION,
    ErrorRate,
    Outcome,
    SpotCheck,
    cluster_check,
    error_rate,
    outcome,
    spot_check,
)

MANY = settings(deadline=None, max_examples=200)
NUMBER = "11010519491231002X"

IDS = st.text("ab01:-Xé村", min_size=1, max_size=4)
HOUSEHOLDS = st.lists(IDS, unique=True, max_size=40)
SEED = st.integers(-(10**9), 10**9)
SHARE = st.fractions(0, 1, max_denominator=30).filter(bool)
WEIGHTS = st.dictionaries(st.sampled_from(CHANNELS), st.integers(1, 30), min_size=1)
CONFIDENCE = st.sampled_from([Fraction(1, 2), Fraction(4, 5), Fraction(19, 20), Fraction(99, 100), Fraction(2, 3)])


def fault(build: Callable[[], object]) -> str:
    """Return the full text of the error that is raised."""
    with pytest.raises(ArgumentError) as caught:
        build()
    return str(caught.value)


def households(check: SpotCheck) -> list[str]:
    return [pick.household for pick in check.picks]


def rounded_up(size: int, share: Fraction) -> int:
    """Return the smallest number that is at least the share, by counting."""
    return next(n for n in range(size + 1) if Fraction(n) >= size * share)


# --- the draw


def test_rule_33_a_tenth_of_16_000_is_1_600_by_channel() -> None:
    """Panjin's check of a year is 1,600 of 16,000 households: 1,120 by telephone and 480 at home."""
    check = spot_check((f"h-{n}" for n in range(16_000)), seed=2016)
    assert (len(check.picks), check.of) == (1_600, 16_000)
    assert check.by_channel == {"in person": 480, "telephone": 1_120}
    assert len(set(households(check))) == 1_600


def test_rule_33_clusters_have_a_fifth_of_each_village_and_at_most_200() -> None:
    """Of each village a fifth is drawn, rounded up, and no more than 200."""
    sizes = {"a": 1, "b": 5, "c": 6, "d": 999, "e": 1_000, "f": 1_001, "g": 5_000, "h": 0}
    check = cluster_check({v: [f"{v}-{n}" for n in range(size)] for v, size in sizes.items()}, seed=7)
    assert check.by_cluster == {"a": 1, "b": 1, "c": 2, "d": 200, "e": 200, "f": 200, "g": 200, "h": 0}
    assert check.clusters == tuple(sizes.items())
    assert check.of == 8_012
    assert check.by_channel == {"in person": 804}
    assert all(pick.household.startswith(f"{pick.cluster}-") for pick in check.picks)


def test_a10_a_draw_is_the_same_on_every_python() -> None:
    """These picks are what they are, everywhere and for ever; the ranks are plain SHA-256."""
    ids = ["h-1", "h-2", "h-3", "赵家沟-1", "赵家沟-2", "é", "h-10", "H-1", "x:y", "0"]
    check = spot_check(ids, seed=2016, share=Fraction(1, 2))
    assert [(pick.household, pick.channel) for pick in check.picks] == [
        ("h-1", "telephone"),
        ("é", "in person"),
        ("h-3", "telephone"),
        ("0", "telephone"),
        ("h-2", "in person"),
    ]
    ranks = {id: sha256(b"2016:" + id.encode("utf-8")).hexdigest() for id in ids}
    assert ranks["h-1"] == "1989c7320ff60a93d3d6ff5ee753a13a029b73f63dc38d889da4fbd249703fb8"
    assert households(check) == sorted(ids, key=ranks.__getitem__)[:5]


@MANY
@given(HOUSEHOLDS, SEED, SHARE, WEIGHTS)
def test_a10_a_spot_check_is_exact_in_size(
    ids: list[str], seed: int, share: Fraction, channels: dict[str, int]
) -> None:
    """As many are drawn as the share says, rounded up, each once, and the channels have them in proportion."""
    check = spot_check(ids, seed=seed, share=share, channels=channels)
    assert len(check.picks) == rounded_up(len(ids), share)
    assert len(set(households(check))) == len(check.picks)
    assert set(households(check)) <= set(ids)
    in_order = [channel for channel in CHANNELS if channel in channels]
    seats = apportion(len(check.picks), [channels[channel] for channel in in_order])
    assert check.by_channel == {channel: n for channel, n in zip(in_order, seats, strict=True) if n}


@MANY
@given(HOUSEHOLDS, SEED, SHARE, WEIGHTS, st.randoms(use_true_random=False))
def test_a10_a_spot_check_is_independent_of_the_order_of_rows(
    ids: list[str], seed: int, share: Fraction, channels: dict[str, int], random: Any
) -> None:
    """The same seed draws the same, in whatever order households and channels come, once or again."""
    check = spot_check(ids, seed=seed, share=share, channels=channels)
    shuffled = random.sample(ids, len(ids))
    turned = dict(reversed(channels.items()))
    assert spot_check(iter(shuffled), seed=seed, share=share, channels=turned) == check
    assert spot_check(set(ids), seed=seed, share=share, channels=channels) == check


@MANY
@given(HOUSEHOLDS, SEED, SHARE, SHARE, WEIGHTS)
def test_a_larger_share_begins_with_the_smaller_one(
    ids: list[str], seed: int, share: Fraction, other: Fraction, channels: dict[str, int]
) -> None:
    """With the same seed and weights more are drawn after the same ones, and nobody changes the channel."""
    less, more = (spot_check(ids, seed=seed, share=s, channels=channels).picks for s in sorted((share, other)))
    assert more[: len(less)] == less


@MANY
@given(HOUSEHOLDS, IDS, SEED)
def test_who_comes_leaves_the_order_of_the_others(ids: list[str], new: str, seed: int) -> None:
    """A household more stands somewhere among the others, who stay in their order."""
    assume(new not in ids)
    before, after = (households(spot_check(i, seed=seed, share=Fraction(1))) for i in (ids, [*ids, new]))
    assert [id for id in after if id != new] == before


def test_every_household_is_drawn_about_as_often() -> None:
    """Over 2,000 seeds each of 20 households is drawn near 500 times, and each two together near 105 times."""
    ids = [f"h-{n}" for n in range(20)]
    draws = [frozenset(households(spot_check(ids, seed=seed, share=Fraction(1, 4)))) for seed in range(2_000)]
    assert all(400 < sum(id in draw for draw in draws) < 600 for id in ids)
    assert all(60 < sum(pair <= draw for draw in draws) < 160 for pair in map(frozenset, combinations(ids, 2)))


def test_seed_and_id_do_not_run_together() -> None:
    """Seed 1 with the id 2x is not seed 12 with the id x."""
    ends = [f"x{n}" for n in range(50)]
    one, twelve = spot_check([f"2{end}" for end in ends], seed=1), spot_check(ends, seed=12)
    assert [id.removeprefix("2") for id in households(one)] != households(twelve)


@MANY
@given(
    st.dictionaries(IDS, st.integers(0, 30), max_size=6),
    SEED,
    SHARE,
    st.integers(1, 12),
    WEIGHTS,
    st.randoms(use_true_random=False),
)
def test_a10_clusters_have_their_share_and_never_more_than_the_cap(
    sizes: dict[str, int], seed: int, share: Fraction, at_most: int, channels: dict[str, int], random: Any
) -> None:
    """Each cluster has its share, rounded up, up to the cap; channels add up; the order of rows does not matter."""
    villages = {cluster: [f"{cluster}/{n}" for n in range(size)] for cluster, size in sizes.items()}
    check = cluster_check(villages, seed=seed, share=share, at_most=at_most, channels=channels)
    expected = {cluster: min(at_most, rounded_up(size, share)) for cluster, size in sizes.items()}
    assert check.by_cluster == expected
    assert check.of == sum(sizes.values())
    in_order = [channel for channel in CHANNELS if channel in channels]
    seats = apportion(len(check.picks), [channels[channel] for channel in in_order])
    assert check.by_channel == {channel: n for channel, n in zip(in_order, seats, strict=True) if n}
    for cluster, ids in villages.items():
        alone = households(spot_check(ids, seed=seed, share=share))[:at_most]
        assert [pick.household for pick in check.picks if pick.cluster == cluster] == alone
    shuffled = {cluster: random.sample(villages[cluster], sizes[cluster]) for cluster in reversed(villages)}
    assert cluster_check(shuffled, seed=seed, share=share, at_most=at_most, channels=channels) == check


def test_of_nobody_nobody_is_drawn() -> None:
    """Without households there is a check, of none."""
    empty = spot_check([], seed=1)
    assert (empty.of, empty.picks, empty.by_channel) == (0, (), {})
    assert repr(empty) == "SpotCheck(seed=1, 0 of 0)"
    assert cluster_check({}, seed=1) == SpotCheck(1, 0, ())
    assert str(outcome(empty, {})) == (
        "together: 0 of 0 checked; between 0 and 0 of 0 at 95%; 0 not reached, 0 not checked yet"
    )
    assert outcome(cluster_check({}, seed=1), {}).clusters == ()


def test_a_draw_prints_in_a_few_lines() -> None:
    """A draw of 60 villages tells fifty of them, and how many there are more; its repr is one line."""
    check = cluster_check({f"v-{n:02}": [f"{n}-{k}" for k in range(8)] for n in range(60)}, seed=1)
    lines = str(check).splitlines()
    assert lines[:3] == ["spot check, seed 1: 120 of 480 households", "  in person 120", "  v-00: 2 of 8"]
    assert (len(lines), lines[-1]) == (53, "  … and 10 clusters more, in .by_cluster")
    assert repr(check) == "SpotCheck(seed=1, 120 of 480, in person 120, 60 clusters)"
    found = str(outcome(check, {})).splitlines()
    assert (len(found), found[-1]) == (53, "  … and 10 clusters more, in .by_cluster")


SEED_FAULT = "seed: wanted a whole number of at most 100 digits, got"
SHARE_FAULT = "share: wanted a Fraction above 0 and up to 1, such as Fraction(1, 10); got"
KEY_FAULT = "wanted a text that can be printed, without spaces around it, got"
CHANNEL_FAULT = "wanted one of in person, telephone, message, letter, card, leaflet; got"

DRAW_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"seed": True}, f"{SEED_FAULT} True [bad-number]"),
    ({"seed": "2016"}, f"{SEED_FAULT} '2016' [bad-number]"),
    ({"seed": 1.0}, f"{SEED_FAULT} 1.0 [bad-number]"),
    ({"seed": 10**100}, f"{SEED_FAULT} a very large number [bad-number]"),
    ({"share": 0.1}, f"{SHARE_FAULT} 0.1 [bad-number]"),
    ({"share": "10%"}, f"{SHARE_FAULT} text of 3 characters [bad-number]"),
    ({"share": 1}, f"{SHARE_FAULT} 1 [bad-number]"),
    ({"share": Fraction(0)}, f"{SHARE_FAULT} 0 [bad-number]"),
    ({"share": Fraction(11, 10)}, f"{SHARE_FAULT} 11/10 [bad-number]"),
    ({"share": Fraction(-1, 10)}, f"{SHARE_FAULT} -1/10 [bad-number]"),
    ({"channels": {}}, "channels: wanted at least one channel, got none [no-channels]"),
    (
        {"channels": ["telephone"]},
        "channels: wanted a mapping of channels to weights, got a value of type list [bad-type]",
    ),
    ({"channels": {"fax": 1}}, f"row 0, channels: {CHANNEL_FAULT} 'fax' [unknown-channel]"),
    ({"channels": {None: 1}}, f"row 0, channels: {CHANNEL_FAULT} nothing [unknown-channel]"),
    *(
        (
            {"channels": {"letter": 1, "card": weight}},
            f"row 1, channels: wanted a whole number from 1 as a weight, got {text} [bad-number]",
        )
        for weight, text in ((0, "0"), (-1, "-1"), (True, "True"), (1.5, "1.5"), (None, "nothing"))
    ),
]


@pytest.mark.parametrize(("changes", "text"), DRAW_FAULTS, ids=[text for _, text in DRAW_FAULTS])
def test_each_fault_of_a_draw_is_told(changes: dict[str, Any], text: str) -> None:
    """Seed, share and channels are refused alike by both draws, with what was wanted."""
    assert fault(lambda: spot_check(["a"], **({"seed": 1} | changes))) == text
    assert fault(lambda: cluster_check({"v": ["a"]}, **({"seed": 1} | changes))) == text


ID_FAULTS: list[tuple[Any, str]] = [
    (None, "households{}: wanted the ids of households, got nothing [bad-type]"),
    ("h-1", "households{}: wanted the ids of households, got 'h-1' [bad-type]"),
    (b"h-1", "households{}: wanted the ids of households, got a value of type bytes [bad-type]"),
    (["a", 5], f"row 1, households{{}}: {KEY_FAULT} 5 [bad-key]"),
    ([None], f"row 0, households{{}}: {KEY_FAULT} nothing [bad-key]"),
    ([""], f"row 0, households{{}}: {KEY_FAULT} nothing [bad-key]"),
    ([" a"], f"row 0, households{{}}: {KEY_FAULT} text of 2 characters [bad-key]"),
    (["\ud800"], f"row 0, households{{}}: {KEY_FAULT} text of 1 character [bad-key]"),
    ([["a"]], f"row 0, households{{}}: {KEY_FAULT} a value of type list [bad-key]"),
    (["a", "b", "a"], "row 2, households{}: wanted each household once, got 'a' again [duplicate-id]"),
    (
        [NUMBER],
        "row 0, households{}: wanted a key of your own, got an identity number [identity-number]",
    ),
]


@pytest.mark.parametrize(("ids", "text"), ID_FAULTS, ids=[text for _, text in ID_FAULTS])
def test_each_fault_of_ids_is_told(ids: Any, text: str) -> None:
    """Ids that no household may have are refused alike by both draws, with their row."""
    assert fault(lambda: spot_check(ids, seed=1)) == text.format("")
    assert fault(lambda: cluster_check({"v": ids}, seed=1)) == text.format("['v']")


def test_households_by_village_are_not_taken_for_households() -> None:
    """A mapping would be a draw of villages: it is refused, and the right function named; and the other way."""
    assert fault(lambda: spot_check({"v": ["a"]}, seed=1)) == (
        "households: wanted the ids of households, got a mapping; households by village are for cluster_check "
        "[bad-type]"
    )
    assert fault(lambda: cluster_check(["a"], seed=1)) == (  # type: ignore[arg-type]
        "households: wanted a mapping of clusters to ids of households, got a value of type list [bad-type]"
    )


def test_faults_of_clusters_are_told() -> None:
    """A household in two clusters, a cluster without a key, and a cap that is none are refused, all at once."""
    villages: Any = {"v": ["a", "b"], "w": ["b"], 5: ["c"], NUMBER: None}
    assert fault(lambda: cluster_check(villages, seed=1, at_most=0)) == (
        "arguments: 5 problems\n"
        "at_most: wanted a whole number from 1, got 0 [bad-number]\n"
        "row 0, households['w']: wanted each household once, got 'b' again [duplicate-id]\n"
        f"row 2, households: {KEY_FAULT} 5 [bad-key]\n"
        "row 3, households: wanted a key of your own, got an identity number [identity-number]\n"
        "households[text of 18 characters]: wanted the ids of households, got nothing [bad-type]"
    )


def test_all_faults_of_a_draw_are_told_at_once() -> None:
    """One error has whatever is wrong with the seed, the share, the channels and the ids."""
    with pytest.raises(ArgumentError) as caught:
        spot_check(["a", "a", 5], seed="x", share=0.1, channels={"fax": 0})  # type: ignore[arg-type, list-item]
    assert [(problem.field, problem.row, problem.code) for problem in caught.value.problems] == [
        ("seed", None, "bad-number"),
        ("share", None, "bad-number"),
        ("channels", 0, "unknown-channel"),
        ("channels", 0, "bad-number"),
        ("households", 1, "duplicate-id"),
        ("households", 2, "bad-key"),
    ]


# --- rates


def chances(of: int, bad: int, checked: int) -> dict[int, Fraction]:
    """Return the probability of each number of wrong ones, by looking at every draw there is."""
    draws = list(combinations(range(of), checked))
    found = [sum(n < bad for n in draw) for draw in draws]
    return {wrong: Fraction(found.count(wrong), len(draws)) for wrong in set(found)}


TINY = [(of, checked) for of in range(9) for checked in range(of + 1)]


@pytest.mark.parametrize("confidence", [Fraction(1, 2), Fraction(4, 5), Fraction(19, 20), Fraction(2, 3)], ids=str)
def test_the_interval_has_the_true_number_in_it_as_often_as_it_says(confidence: Fraction) -> None:
    """For every population and draw of up to eight, the interval has the true number at least with the confidence."""
    for of, checked in TINY:
        rates = [error_rate(wrong, checked, of, confidence=confidence) for wrong in range(checked + 1)]
        for bad in range(of + 1):
            held = (
                p for wrong, p in chances(of, bad, checked).items() if rates[wrong].least <= bad <= rates[wrong].most
            )
            assert sum(held, Fraction(0)) >= confidence


@pytest.mark.parametrize("confidence", [Fraction(1, 2), Fraction(4, 5), Fraction(19, 20), Fraction(2, 3)], ids=str)
def test_the_interval_inverts_both_one_sided_tests(confidence: Fraction) -> None:
    """For every draw of up to eight, the numbers in it are those that neither test rejects, and no others."""
    unlikely = (1 - confidence) / 2
    for of, checked in TINY:
        table = [chances(of, bad, checked) for bad in range(of + 1)]
        for wrong in range(checked + 1):
            kept = [
                bad
                for bad, chance in enumerate(table)
                if sum(p for k, p in chance.items() if k <= wrong) > unlikely
                and sum(p for k, p in chance.items() if k >= wrong) > unlikely
            ]
            rate = error_rate(wrong, checked, of, confidence=confidence)
            assert list(range(rate.least, rate.most + 1)) == kept


@MANY
@given(st.data(), st.integers(1, 300), CONFIDENCE)
def test_the_interval_is_that_of_exact_sums(data: Any, of: int, confidence: Fraction) -> None:
    """Bounds agree with binomial coefficients that are added up, on each side of each bound."""
    checked = data.draw(st.integers(0, of))
    wrong = data.draw(st.integers(0, checked))
    rate = error_rate(wrong, checked, of, confidence=confidence)

    def likely(bad: int, found: range) -> bool:
        ways = sum(comb(bad, k) * comb(of - bad, checked - k) for k in found if checked - k <= of - bad)
        return Fraction(ways, comb(of, checked)) > (1 - confidence) / 2

    upward, downward = range(wrong, checked + 1), range(wrong + 1)
    assert likely(rate.least, upward)
    assert likely(rate.most, downward)
    assert rate.least == 0 or not likely(rate.least - 1, upward)
    assert rate.most == of or not likely(rate.most + 1, downward)


@MANY
@given(st.data(), st.integers(2, 200))
def test_a_bound_is_exact_to_the_last_digit(data: Any, of: int) -> None:
    """A number with just the probability that is unlikely is left out; with 10^-200 more it is in."""
    checked = data.draw(st.integers(1, of - 1))
    wrong = data.draw(st.integers(0, checked - 1))
    bad = data.draw(st.integers(wrong + 1, of - (checked - wrong)))
    ways = sum(comb(bad, k) * comb(of - bad, checked - k) for k in range(wrong + 1) if checked - k <= of - bad)
    chance, hair = Fraction(ways, comb(of, checked)), Fraction(1, 10**200)
    assume(hair < chance < Fraction(1, 2))
    assert error_rate(wrong, checked, of, confidence=1 - 2 * chance).most == bad - 1
    assert error_rate(wrong, checked, of, confidence=1 - 2 * (chance - hair)).most == bad


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(1, 200_000), st.sampled_from([Fraction(9, 10), Fraction(19, 20), Fraction(99, 100)]))
def test_the_interval_agrees_with_scipy(data: Any, of: int, confidence: Fraction) -> None:
    """At any size the tails of `scipy.stats.hypergeom` are likely at the bounds and unlikely beyond, but for floats."""
    checked = data.draw(st.integers(0, of))
    wrong = data.draw(st.integers(0, checked) | st.integers(0, min(50, checked)))
    rate = error_rate(wrong, checked, of, confidence=confidence)
    unlikely, slack = float(1 - confidence) / 2, 1e-7
    assert wrong <= rate.least <= rate.most <= of - (checked - wrong)
    assert hypergeom.sf(wrong - 1, of, rate.least, checked) > unlikely - slack
    assert hypergeom.cdf(wrong, of, rate.most, checked) > unlikely - slack
    if rate.least > wrong:
        assert hypergeom.sf(wrong - 1, of, rate.least - 1, checked) < unlikely + slack
    if rate.most < of - (checked - wrong):
        assert hypergeom.cdf(wrong, of, rate.most + 1, checked) < unlikely + slack


@MANY
@given(st.data(), st.integers(0, 60), CONFIDENCE)
def test_wrong_and_right_are_mirrored(data: Any, of: int, confidence: Fraction) -> None:
    """What is said of the wrong ones says the same of the right ones; and more confidence never says more."""
    checked = data.draw(st.integers(0, of))
    wrong = data.draw(st.integers(0, checked))
    rate = error_rate(wrong, checked, of, confidence=confidence)
    right = error_rate(checked - wrong, checked, of, confidence=confidence)
    assert (right.least, right.most) == (of - rate.most, of - rate.least)
    surer = error_rate(wrong, checked, of, confidence=(1 + confidence) / 2)
    assert surer.least <= rate.least <= rate.most <= surer.most


@pytest.mark.parametrize(
    ("wrong", "checked", "of", "least", "most"),
    [
        (1, 1, 40, 2, 40),
        (1, 50_000, 2_000_000, 2, 220),
        (1, 25_000_000, 10**9, 2, 220),
        (49_999, 50_000, 2_000_000, 1_999_780, 1_999_998),
    ],
)
def test_a_probability_of_just_2_5_percent_is_unlikely(
    wrong: int, checked: int, of: int, least: int, most: int
) -> None:
    """Where one bad household would be found with a probability of just 1/40, one is left out at 95%, at any size."""
    rate = error_rate(wrong, checked, of)
    assert (rate.least, rate.most) == (least, most)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (error_rate(12, 1_600, 16_000), "12 of 1,600 checked (0.8%); between 65 and 204 of 16,000 at 95%"),
        (error_rate(0, 0, 5), "0 of 0 checked; between 0 and 5 of 5 at 95%"),
        (error_rate(0, 0, 0), "0 of 0 checked; between 0 and 0 of 0 at 95%"),
        (error_rate(5, 5, 5), "5 of 5 checked (100.0%); between 5 and 5 of 5 at 95%"),
        (error_rate(1, 2_000, 2_000), "1 of 2,000 checked (0.1%); between 1 and 1 of 2,000 at 95%"),
        (
            error_rate(0, 10, 20, confidence=Fraction(2, 3)),
            "0 of 10 checked (0.0%); between 0 and 2 of 20 at 2/3",
        ),
        (
            error_rate(0, 10, 20, confidence=Fraction(995, 1000)),
            "0 of 10 checked (0.0%); between 0 and 6 of 20 at 99.5%",
        ),
    ],
)
def test_rule_34_a_rate_names_its_numerator_and_denominator(rate: ErrorRate, text: str) -> None:
    """A rate is told with both numbers, rounded up, so that 0.0% is said of none alone, and with its interval."""
    assert str(rate) == text


BAD_RATES: list[tuple[tuple[Any, Any, Any], dict[str, Any], str]] = [
    ((3, 2, 9), {}, "wrong: wanted a whole number from 0 to checked, 2; got 3 [bad-number]"),
    ((3, 10, 9), {}, "checked: wanted a whole number from 0 to of, 9; got 10 [bad-number]"),
    ((-1, 2, 9), {}, "wrong: wanted a whole number from 0 to checked, 2; got -1 [bad-number]"),
    ((0, True, 9), {}, "checked: wanted a whole number from 0 to of, 9; got True [bad-number]"),
    ((0, 0, 1.0), {}, "of: wanted a whole number from 0 to 1,000,000,000; got 1.0 [bad-number]"),
    ((0, 0, POPULATION + 1), {}, "of: wanted a whole number from 0 to 1,000,000,000; got 1000000001 [bad-number]"),
    *(
        (
            (0, 1, 2),
            {"confidence": value},
            f"confidence: wanted a Fraction between 0 and 1, such as Fraction(95, 100); got {text} [bad-number]",
        )
        for value, text in ((0.95, "0.95"), (95, "95"), (Fraction(0), "0"), (Fraction(1), "1"), (None, "nothing"))
    ),
]


@pytest.mark.parametrize(("numbers", "more", "text"), BAD_RATES, ids=[text for _, _, text in BAD_RATES])
def test_each_fault_of_a_rate_is_told(numbers: tuple[Any, Any, Any], more: dict[str, Any], text: str) -> None:
    """Numbers that cannot be, and floats, are refused, with the bound that they break."""
    assert fault(lambda: error_rate(*numbers, **more)) == text


@given(st.tuples(*[st.none() | st.integers() | st.floats() | st.text() | st.booleans()] * 3), st.none() | st.floats())
def test_whatever_is_wrong_with_a_rate_is_an_error_of_ours(numbers: tuple[Any, Any, Any], confidence: Any) -> None:
    """Bad numbers in any mixture raise an ArgumentError that names the confidence too."""
    with pytest.raises(ArgumentError) as caught:
        error_rate(*numbers, confidence=confidence)
    assert caught.value.problems[-1].field == "confidence"


# --- results


def counted(check: SpotCheck, results: Mapping[str, str], **only: str) -> list[int]:
    """Return how many are wrong, checked, not reached and waiting, household by household."""
    picks = [pick for pick in check.picks if all(getattr(pick, name) == value for name, value in only.items())]
    came_to = [results.get(pick.household, "waiting") for pick in picks]
    wrong = came_to.count("wrong")
    return [wrong, wrong + came_to.count("fine"), came_to.count("not reached"), came_to.count("waiting")]


def told(tally: Any) -> list[int]:
    assert tally.drawn == tally.rate.checked + tally.not_reached + tally.waiting
    return [tally.rate.wrong, tally.rate.checked, tally.not_reached, tally.waiting]


RESULT = st.sampled_from([*RESULTS, None])


@MANY
@given(HOUSEHOLDS, SEED, SHARE, WEIGHTS, CONFIDENCE, st.data())
def test_an_outcome_counts_what_was_found(
    ids: list[str], seed: int, share: Fraction, channels: dict[str, int], confidence: Fraction, data: Any
) -> None:
    """By channel and together each household of the draw is counted once, and each rate is that of a draw from all."""
    check = spot_check(ids, seed=seed, share=share, channels=channels)
    drawn = {id: data.draw(RESULT) for id in households(check)}
    results = {id: result for id, result in drawn.items() if result is not None}
    found = outcome(check, results, confidence=confidence)
    assert told(found.together) == counted(check, results)
    assert list(found.by_channel) == list(check.by_channel)
    for channel, tally in found.by_channel.items():
        assert told(tally) == counted(check, results, channel=channel)
        assert tally.drawn == check.by_channel[channel]
    for tally in (found.together, *found.channels):
        assert tally.rate == error_rate(tally.rate.wrong, tally.rate.checked, check.of, confidence=confidence)
    assert found.clusters == ()


@MANY
@given(st.dictionaries(IDS, st.integers(0, 20), min_size=1, max_size=4), SEED, WEIGHTS, CONFIDENCE, st.data())
def test_an_outcome_of_clusters_adds_up(
    sizes: dict[str, int], seed: int, channels: dict[str, int], confidence: Fraction, data: Any
) -> None:
    """Each cluster has the rate of its own draw; together the bounds are the sums of surer ones, channels likewise."""
    villages = {cluster: [f"{cluster}/{n}" for n in range(size)] for cluster, size in sizes.items()}
    check = cluster_check(villages, seed=seed, share=Fraction(1, 2), at_most=5, channels=channels)
    drawn = {id: data.draw(RESULT) for id in households(check)}
    results = {id: result for id, result in drawn.items() if result is not None}
    found = outcome(check, results, confidence=confidence)
    sure = 1 - (1 - confidence) / len(sizes)
    assert list(found.by_cluster) == sorted(sizes)
    for cluster, tally in found.by_cluster.items():
        assert told(tally) == counted(check, results, cluster=cluster)
        assert tally.rate == error_rate(tally.rate.wrong, tally.rate.checked, sizes[cluster], confidence=confidence)
    for tally, only in [(found.together, {}), *((t, {"channel": t.name}) for t in found.channels)]:
        assert told(tally) == counted(check, results, **only)
        each = []
        for cluster, size in sizes.items():
            wrong, checked, *_ = counted(check, results, cluster=cluster, **only)
            each.append(error_rate(wrong, checked, size, confidence=sure))
        assert (tally.rate.least, tally.rate.most) == (sum(r.least for r in each), sum(r.most for r in each))
        assert (tally.rate.of, tally.rate.confidence) == (check.of, confidence)


def test_the_interval_over_clusters_has_the_true_number_as_often_as_it_says() -> None:
    """For two villages, with every number of bad households in each, their sum lies inside as often as it says."""
    villages = {"v": [f"v{n}" for n in range(4)], "w": [f"w{n}" for n in range(6)]}
    check = cluster_check(villages, seed=1, share=Fraction(1, 2), at_most=2)
    by_cluster = {c: [pick.household for pick in check.picks if pick.cluster == c] for c in villages}
    confidence = Fraction(4, 5)
    for bad in product(range(5), range(7)):
        held = Fraction(0)
        for (one, p), (two, q) in product(chances(4, bad[0], 2).items(), chances(6, bad[1], 2).items()):
            results = dict.fromkeys(households(check), "fine")
            results |= dict.fromkeys(by_cluster["v"][:one] + by_cluster["w"][:two], "wrong")
            rate = outcome(check, results, confidence=confidence).together.rate
            held += p * q if rate.least <= sum(bad) <= rate.most else 0
        assert held >= confidence


def test_missing_is_not_zero() -> None:
    """Who was not reached, or has no result, is told and is not in the denominator."""
    check = spot_check([f"h-{n}" for n in range(50)], seed=3)
    first, second, third, *_ = households(check)
    found = outcome(check, {first: "wrong", second: "fine", third: "not reached"})
    assert told(found.together) == [1, 2, 1, 2]
    assert str(found).splitlines()[0] == (
        "together: 1 of 2 checked (50.0%); between 1 and 49 of 50 at 95%; 1 not reached, 2 not checked yet"
    )
    assert repr(found) == f"Outcome({found.together})"


def test_each_fault_of_results_is_told() -> None:
    """A household that was not drawn, and a result that is none, are refused; no name is shown."""
    check = spot_check(["a", "b"], seed=1, share=Fraction(1))
    results: Any = {"a": "good", "王小明": "fine", None: None}
    assert fault(lambda: outcome(check, results)) == (
        "arguments: 4 problems\n"
        "row 0, results: wanted one of fine, wrong, not reached; got 'good' [unknown-result]\n"
        "row 1, results: wanted a household of the draw, got text of 3 characters [not-drawn]\n"
        "row 2, results: wanted a household of the draw, got nothing [not-drawn]\n"
        "row 2, results: wanted one of fine, wrong, not reached; got nothing [unknown-result]"
    )
    assert fault(lambda: outcome(None, ["a"], confidence=0.9)) == (  # type: ignore[arg-type]
        "arguments: 3 problems\n"
        "confidence: wanted a Fraction between 0 and 1, such as Fraction(95, 100); got 0.9 [bad-number]\n"
        "check: wanted a SpotCheck, got nothing [bad-type]\n"
        "results: wanted a mapping of households to results, got a value of type list [bad-type]"
    )


def test_values_are_values() -> None:
    """Draws and outcomes are equal, hashable and survive pickling; an identity number in them is never shown."""
    check = cluster_check({"v": ["a", "b"], "w": ["c"]}, seed=1)
    found = outcome(check, {"c": "fine"})
    for value in (check, found):
        again = pickle.loads(pickle.dumps(value))
        assert (again, hash(again)) == (value, hash(value))
    bad = SpotCheck(1, 1, check.picks[:1], ((NUMBER, 1),))
    assert NUMBER not in str(bad) + repr(bad)
    assert isinstance(found, Outcome)


def test_all_wrong_is_said_of_all_alone() -> None:
    """One of 2,000 who was fine is not rounded away."""
    assert str(error_rate(1_999, 2_000, 16_000)).startswith("1,999 of 2,000 checked (99.9%)")
    assert str(error_rate(2_000, 2_000, 16_000)).startswith("2,000 of 2,000 checked (100.0%)")
