"""`match` against oracles that have nothing in common with it."""

import copy
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from random import Random
from typing import Any

import attrs
import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linear_sum_assignment

from pairing.errors import ArgumentError
from pairing.matching import Match, match
from pairing.proof import Shortfall
from pairing.quotas import Quota
from populations import Problem, problems

SMALL = settings(deadline=None, max_examples=150)
ONE, UP_TO_ONE = Quota(1, 1), Quota(0, 1)


def solved(problem: Problem, **options: str) -> Match:
    return match(problem.left, problem.right, problem.weights, **options)


def value(found: Match) -> tuple[int, int, int]:
    return found.unmet, -found.weight, len(found.pairs)


def shuffled(problem: Problem, random: Random) -> Problem:
    parts: list[list[tuple[Any, Any]]] = [list(part.items()) for part in problem]
    for part in parts:
        random.shuffle(part)
    return Problem(*map(dict, parts))


def renamed(problem: Problem, name: Callable[[Any], Any]) -> Problem:
    return Problem(
        {name(a): quota for a, quota in problem.left.items()},
        {name(b): quota for b, quota in problem.right.items()},
        {(name(a), name(b)): weight for (a, b), weight in problem.weights.items()},
    )


def random_problem(seed: int, lefts: int, rights: int, density: float, weight: int) -> Problem:
    """A problem of middle size, floors and ceilings on both sides, some of them out of reach."""
    random = Random(seed)

    def quota(most: int) -> Quota:
        floor = random.randint(0, most)
        return Quota(floor, random.choice((floor, floor + 1, floor + 3, None)))

    left = {f"a{n}": quota(4) for n in range(lefts)}
    right = {f"b{n}": quota(3) for n in range(rights)}
    pairs = {(a, b): random.randint(-weight, weight) for a in left for b in right if random.random() < density}
    return Problem(left, right, pairs)


def flow_value(problem: Problem) -> tuple[int, int, int]:
    """The least (unmet, -weight, pairs) by a flow of OR-Tools, one node a person, in 64-bit integers."""
    pair_unit = len(problem.weights) + 1
    weight_unit = 2 * (sum(abs(weight) for weight in problem.weights.values()) + 1) * pair_unit
    flow = SimpleMinCostFlow()
    node = {id: n for n, id in enumerate([*problem.left, *problem.right], 1)}
    many = len(problem.weights)
    for side, turned in ((problem.left, False), (problem.right, True)):
        for id, quota in side.items():
            ends = (node[id], 0) if turned else (0, node[id])
            ceiling = many if quota.ceiling is None else quota.ceiling
            flow.add_arc_with_capacity_and_unit_cost(*ends, min(quota.floor, ceiling), -weight_unit)
            flow.add_arc_with_capacity_and_unit_cost(*ends, ceiling - min(quota.floor, ceiling), 0)
    arcs = {
        flow.add_arc_with_capacity_and_unit_cost(node[a], node[b], 1, 1 - weight * pair_unit): (a, b)
        for (a, b), weight in problem.weights.items()
    }
    assert flow.solve() == flow.OPTIMAL
    return problem.value([pair for arc, pair in arcs.items() if flow.flow(arc)])


def hoffman(problem: Problem, shortfall: Shortfall) -> int:
    """What the set that a shortfall names proves to be missing, counted by hand; its figures are checked by the way."""
    sides: list[Mapping[Any, Quota]] = [problem.left, problem.right]
    mine = 0 if shortfall.side == "left" else 1
    needers, holders = sides[mine], sides[1 - mine]
    assert shortfall.side in ("left", "right")
    room = apart = 0
    for id in shortfall.holding:
        partners = sum(pair[1 - mine] == id for pair in problem.weights)
        ceiling = holders[id].ceiling
        room += partners if ceiling is None else min(ceiling, partners)
    for pair in problem.weights:
        apart += pair[mine] in shortfall.needing and pair[1 - mine] not in shortfall.holding
    unlinked = 0
    for id in shortfall.needing:
        unlinked += max(0, needers[id].floor - sum(pair[mine] == id for pair in problem.weights))
    wanted = sum(needers[id].floor for id in shortfall.needing)
    assert (shortfall.wanted, shortfall.available) == (wanted, room + apart)
    assert (shortfall.apart, shortfall.unlinked) == (apart, unlinked)
    return wanted - room - apart


# --- against oracles


@SMALL
@given(problems())
def test_no_set_of_pairs_is_better(problem: Problem) -> None:
    """Of all legal sets of pairs, none has less unmet, then a greater weight, then fewer pairs."""
    found = solved(problem)
    assert problem.legal(found.pairs)
    assert len(set(found.pairs)) == len(found.pairs)
    assert value(found) == problem.value(found.pairs) == min(map(problem.value, problem.answers()))
    event("short" if found.unmet else "all met")
    event("negative weight taken" if any(problem.weights[pair] < 0 for pair in found.pairs) else "none negative")


@SMALL
@given(problems(sizes=5, most=14))
def test_a_shortfall_is_a_true_shortage(problem: Problem) -> None:
    """Each violating set, counted by hand, proves exactly what is missing, and the sets share out all that is short."""
    found = solved(problem)
    left, right = problem.unmet(found.pairs)
    told: dict[str, dict[Any, int]] = {"left": {}, "right": {}}
    for shortfall in found.shortfalls:
        assert hoffman(problem, shortfall) == shortfall.missing == sum(count for _, count in shortfall.short) > 0
        assert {id for id, _ in shortfall.short} <= set(shortfall.needing)
        told[shortfall.side].update(shortfall.short)
    assert told == {"left": left, "right": right}
    assert sum(len(shortfall.short) for shortfall in found.shortfalls) == len(left) + len(right)
    assert found.unmet == sum(shortfall.missing for shortfall in found.shortfalls)
    event(f"{len(found.shortfalls)} shortfalls")


@pytest.mark.parametrize("seed", range(24))
def test_the_optimum_is_that_of_a_flow_of_persons(seed: int) -> None:
    """With floors and ceilings on both sides the answer is worth what a flow through single persons is worth."""
    sizes = ((6, 9), (12, 12), (25, 15), (40, 60))[seed % 4]
    problem = random_problem(seed, *sizes, density=(0.1, 0.3, 0.7)[seed % 3], weight=(0, 3, 100)[seed // 8])
    found = solved(problem)
    assert value(found) == problem.value(found.pairs) == flow_value(problem)
    assert found.verify()


@pytest.mark.parametrize("seed", range(3))
def test_the_assignment_problem_is_solved(seed: int) -> None:
    """Sixty are assigned to sixty at the cost, or for the gain, that the Hungarian method finds."""
    weights = np.random.default_rng(seed).integers(1, 101, (60, 60))
    table = {(a, b): int(weights[a, b]) for a in range(60) for b in range(60)}
    forced = match(dict.fromkeys(range(60), ONE), dict.fromkeys(range(60), ONE), {p: -w for p, w in table.items()})
    assert (forced.unmet, len(forced.pairs)) == (0, 60)
    assert forced.weight == -weights[linear_sum_assignment(weights)].sum()
    assert forced.verify()
    free = match(dict.fromkeys(range(60), UP_TO_ONE), dict.fromkeys(range(60), UP_TO_ONE), table)
    assert free.weight == weights[linear_sum_assignment(weights, maximize=True)].sum()
    assert free.verify()


def test_a_large_assignment_problem_is_solved() -> None:
    """Seven hundred are assigned to seven hundred at the cost that the Hungarian method finds."""
    size = 700
    weights = np.random.default_rng(700).integers(1, 101, (size, size))
    rows = weights.tolist()
    pairs = {(a, b): -rows[a][b] for a in range(size) for b in range(size)}
    found = match(dict.fromkeys(range(size), ONE), dict.fromkeys(range(size), ONE), pairs)
    assert {a for a, _ in found.pairs} == {b for _, b in found.pairs} == set(range(size))
    assert found.weight == -weights[linear_sum_assignment(weights)].sum()


@pytest.mark.parametrize("seed", range(8))
def test_the_heaviest_matching_is_found(seed: int) -> None:
    """Where everybody may have one partner, the weight is that of a heaviest matching of the bipartite graph."""
    random = Random(seed)
    pairs = {
        (f"a{a}", f"b{b}"): random.randint(-20, 100) for a in range(15) for b in range(20) if random.random() < 0.25
    }
    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in pairs.items())
    heaviest = nx.max_weight_matching(graph)
    sides = ({f"a{a}": UP_TO_ONE for a in range(15)}, {f"b{b}": UP_TO_ONE for b in range(20)})
    assert match(*sides, pairs).weight == sum(graph.edges[edge]["weight"] for edge in heaviest) > 0


@SMALL
@given(problems(sizes=6, most=20))
def test_pairs_without_weights_weigh_one(problem: Problem) -> None:
    """Of pairs that come without weights as many are taken as the ceilings allow beside the fewest unmet floors."""
    bare = match(problem.left, problem.right, list(problem.weights))
    ones = problem._replace(weights=dict.fromkeys(problem.weights, 1))
    assert value(bare) == flow_value(ones)
    assert bare.weight == len(bare.pairs)
    assert bare.pairs == solved(ones).pairs == match(problem.left, problem.right, iter(problem.weights)).pairs


# --- what is short


SHORT: list[tuple[str, dict[Any, Quota], dict[Any, Quota], dict[tuple[Any, Any], int], list[Shortfall]]] = [
    (
        "Hall: three want one of two",
        {"x": ONE, "y": ONE, "z": ONE},
        {"p": UP_TO_ONE, "q": UP_TO_ONE},
        {(a, b): 1 + (a != "z") for a in "xyz" for b in "pq"},
        [Shortfall("left", (("z", 1),), 1, 3, 2, ("x", "y", "z"), ("p", "q"))],
    ),
    (
        "a floor above the number of partners that are allowed",
        {"a": Quota(5)},
        {"x": Quota(), "y": Quota()},
        {("a", "x"): 1, ("a", "y"): 1},
        [Shortfall("left", (("a", 3),), 3, 5, 2, ("a",), (), apart=2, unlinked=3)],
    ),
    (
        "nobody is allowed",
        {"a": Quota(0, 3)},
        {"x": Quota(2, 2), "y": UP_TO_ONE},
        {("a", "y"): 1},
        [Shortfall("right", (("x", 2),), 2, 2, 0, ("x",), (), unlinked=2)],
    ),
    (
        "a ceiling of nothing",
        {"a": Quota(0, 0)},
        {"x": ONE},
        {("a", "x"): 1},
        [Shortfall("right", (("x", 1),), 1, 1, 0, ("x",), ("a",))],
    ),
    (
        "two bottlenecks, one on each side",
        {"a": Quota(2), "b": UP_TO_ONE},
        {"x": UP_TO_ONE, "y": ONE, "z": ONE},
        {("a", "x"): 1, ("b", "y"): 2, ("b", "z"): 1},
        [
            Shortfall("left", (("a", 1),), 1, 2, 1, ("a",), (), apart=1, unlinked=1),
            Shortfall("right", (("z", 1),), 1, 2, 1, ("y", "z"), ("b",)),
        ],
    ),
    (
        "Hoffman: each of two may help each of three once only",
        {"a": Quota(0, 3), "b": Quota(0, 1)},
        {"x": Quota(2), "y": Quota(2), "z": Quota(2)},
        {(a, b): 1 + (b == "x") for a in "ab" for b in "xyz"},
        [Shortfall("right", (("y", 1), ("z", 1)), 2, 6, 4, ("x", "y", "z"), ("b",), apart=3)],
    ),
]


@pytest.mark.parametrize(("left", "right", "pairs", "expected"), [c[1:] for c in SHORT], ids=[c[0] for c in SHORT])
def test_what_is_short_is_told_with_its_set(
    left: dict[Any, Quota], right: dict[Any, Quota], pairs: dict[tuple[Any, Any], int], expected: list[Shortfall]
) -> None:
    """A shortage that can be seen at a glance comes with the violating set that one sees."""
    found = match(left, right, pairs)
    assert list(found.shortfalls) == expected
    assert found.unmet == sum(shortfall.missing for shortfall in expected)
    assert found.verify()


def test_a_shortfall_is_told_in_a_sentence() -> None:
    """Who wants how much, and what room there is; long lists are cut, and ids that may be personal are hidden."""
    ids = ["11010519491231002X", *range(6), ("t", 1)]
    found = match({"p": Quota(0, 2)}, dict.fromkeys(ids, ONE), [("p", id) for id in ids])
    assert [str(shortfall) for shortfall in found.shortfalls] == [
        "0, 1, 2, 3, 4 and 3 more (right) want 8, but there is room for 2: 6 missing"
    ]
    few = match({"11010519491231002X": ONE, ("t", 1): ONE}, {}, [])
    assert [str(shortfall) for shortfall in few.shortfalls] == [
        "<identity number> (left) want 1, but there is room for 0: 1 missing",
        "a value of type tuple (left) want 1, but there is room for 0: 1 missing",
    ]
    assert repr(few.shortfalls[0]) == "Shortfall(left: 1 missing, 1 want 1, room for 0)"


# --- weights and quotas at the edge


def test_weights_may_be_of_any_size() -> None:
    """Weights far beyond any machine number are compared exactly, down to the last unit."""
    huge = 10**40
    pairs = {("a", "x"): huge, ("a", "y"): huge + 1, ("b", "x"): huge - 1, ("b", "y"): huge - 2}
    found = match({"a": UP_TO_ONE, "b": UP_TO_ONE}, {"x": UP_TO_ONE, "y": UP_TO_ONE}, pairs)
    assert (found.pairs, found.weight) == ((("a", "y"), ("b", "x")), 2 * huge)
    assert found.verify()
    lost = match({"a": ONE}, {"x": Quota(), "y": Quota()}, {("a", "x"): -huge, ("a", "y"): -huge - 1})
    assert (lost.pairs, lost.unmet) == ((("a", "x"),), 0)
    assert lost.verify()


@SMALL
@given(problems(weights=st.sampled_from((-(10**40), -1, 0, 1, 10**20, 10**40, 10**40 + 1))))
def test_huge_weights_never_spill_over(problem: Problem) -> None:
    """No weight, however large, outweighs a floor, and none is lost beside a larger one."""
    found = solved(problem)
    assert value(found) == min(map(problem.value, problem.answers()))
    assert found.verify()


def test_a_negative_pair_is_taken_only_for_a_floor() -> None:
    """A pair of negative weight is taken where a floor needs it, and nowhere else."""
    pairs = {("a", "x"): -5, ("a", "y"): -4, ("b", "x"): -9}
    found = match({"a": ONE, "b": Quota(0)}, {"x": Quota(), "y": Quota()}, pairs)
    assert (found.pairs, found.weight) == ((("a", "y"),), -4)


def test_a_pair_of_no_weight_is_taken_only_for_a_floor() -> None:
    """Pairs are as few as possible: one of weight 0 is taken where a floor needs it, and nowhere else."""
    found = match({"a": ONE, "b": Quota(0)}, {"x": Quota()}, {("a", "x"): 0, ("b", "x"): 0})
    assert found.pairs == (("a", "x"),)


def test_fewer_pairs_win_a_tie_of_weights() -> None:
    """One pair of weight 2 comes before two pairs of weight 1."""
    pairs = {("a", "x"): 1, ("a", "y"): 2, ("b", "y"): 1}
    assert match(dict.fromkeys("ab", UP_TO_ONE), dict.fromkeys("xy", UP_TO_ONE), pairs).pairs == (("a", "y"),)


def test_no_ceiling_means_all_that_are_allowed() -> None:
    """Where there is no ceiling, every pair of positive weight is taken."""
    pairs = [(a, b) for a in range(3) for b in range(4)]
    assert match(dict.fromkeys(range(3), Quota()), dict.fromkeys(range(4), Quota()), pairs).pairs == tuple(pairs)


def test_nothing_is_matched_with_nothing() -> None:
    """An empty problem has an empty answer, and it is proved."""
    for left, right in (({}, {}), ({"a": Quota(0, 2)}, {}), ({}, {"x": Quota()})):
        found = match(left, right, [])
        assert (found.pairs, found.unmet, found.shortfalls, found.verify()) == ((), 0, (), True)


def test_weights_may_be_numbers_of_other_libraries() -> None:
    """Whatever counts as an index is a weight, and comes back as a plain integer."""
    found = match({"a": ONE}, {"x": ONE}, {("a", "x"): np.int64(7)})
    assert found.weight == 7
    assert type(found.weight) is type(found.allowed["a", "x"]) is int


# --- the order of the arguments and the names


@SMALL
@given(problems(sizes=5, most=16, weights=st.integers(0, 2)), st.randoms(use_true_random=False))
def test_the_order_of_the_arguments_shows_nowhere(problem: Problem, random: Random) -> None:
    """Shuffled arguments give the same answer, the same proof and the same words."""
    one, other = solved(problem), solved(shuffled(problem, random))
    assert one == other
    assert list(map(str, one.shortfalls)) == list(map(str, other.shortfalls))
    assert list(one.certificate.left) == list(other.certificate.left)
    event("ties" if len(set(problem.weights.values())) < len(problem.weights) else "no ties")


class Person:
    """An id that cannot be ordered."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"Person({self.number:03})"


class Colour(Enum):
    """Ids of an enumeration."""

    RED = 1
    BLUE = 2


PEOPLE = [Person(n) for n in range(20)]
MIXED = [
    None, -1, True, 2.5, Decimal("2.75"), Fraction(31, 10), 10**400, "", "a", "Z", "赵家沟", b"", b"a",
    date(2012, 2, 8), (), (1,), (1, "a"), ("a", (None, 2)), frozenset({1, "a"}), frozenset({frozenset(), None}),
    *Colour, *PEOPLE, float("inf"), 1j, range(3),
]  # fmt: skip
KINDS: dict[str, Callable[[int], Any]] = {
    "negative numbers": lambda n: n - 100,
    "texts": lambda n: f"人{n:03}",
    "bytes": lambda n: bytes([n]),
    "fractions": lambda n: Fraction(n, 7),
    "days": lambda n: date(2012, 2, 28) + timedelta(days=n),
    "tuples": lambda n: ("x", None, (n,)),
    "frozensets": lambda n: frozenset({0, n + 1}),
    "persons without an order": lambda n: PEOPLE[n],
    "of several types": lambda n: (n, Decimal(n), str(n), (n,), PEOPLE[n])[n // 4],
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(deadline=None, max_examples=25)
@given(problem=problems(sizes=5, most=16, weights=st.integers(0, 2)))
def test_names_in_the_same_order_give_the_same_pairs(kind: Callable[[int], Any], problem: Problem) -> None:
    """Where new names, of any kind, keep the order of the old, the pairs correspond."""
    one, other = solved(problem), solved(renamed(problem, kind))
    assert other.pairs == tuple((kind(a), kind(b)) for a, b in one.pairs)
    assert [s.needing for s in other.shortfalls] == [tuple(map(kind, s.needing)) for s in one.shortfalls]


@SMALL
@given(problems(sizes=5, most=12), st.permutations(MIXED), st.randoms(use_true_random=False))
def test_ids_are_of_any_hashable_kind(problem: Problem, ids: list[Any], random: Random) -> None:
    """Ids of all kinds side by side keep what the answer is worth, and its independence of the order of arguments."""
    strange = renamed(problem, lambda n: ids[n])
    found = solved(strange)
    assert value(found) == value(solved(problem))
    assert found.pairs == solved(shuffled(strange, random)).pairs
    assert found.verify()


@SMALL
@given(problems(sizes=5, most=16), st.permutations(range(10)))
def test_new_names_keep_what_the_answer_is_worth(problem: Problem, order: list[int]) -> None:
    """Whatever the names are, weight, unmet floors and the number of pairs stay."""
    assert value(solved(renamed(problem, lambda n: order[n]))) == value(solved(problem))


def test_both_sides_may_bear_the_same_ids() -> None:
    """An id of the left is somebody else than the same id of the right."""
    quotas = {1: ONE, 2: ONE}
    assert match(quotas, quotas, {(1, 2): 3, (2, 1): 1, (1, 1): 1, (2, 2): 1}).pairs == ((1, 2), (2, 1))


# --- laws


@SMALL
@given(problems(sizes=5, most=16))
def test_the_priority_changes_nothing(problem: Problem) -> None:
    """The least unmet on one side and the least on the other go together (Mendelsohn and Dulmage, 1958)."""
    both = solved(problem)
    assert both == solved(problem, priority="left") == solved(problem, priority="right")
    left, right = (sum(side.values()) for side in problem.unmet(both.pairs))
    assert left == flow_value(problem._replace(right={b: Quota(0, q.ceiling) for b, q in problem.right.items()}))[0]
    assert right == flow_value(problem._replace(left={a: Quota(0, q.ceiling) for a, q in problem.left.items()}))[0]
    event("short on both sides" if left and right else "not on both")


@SMALL
@given(problems(sizes=6, most=20, weights=st.integers(-3, 3)), st.sampled_from((2, 1000, 10**30)))
def test_doubling_all_weights_keeps_the_pairs(problem: Problem, times: int) -> None:
    """Weights that are all so many times as large give the same pairs."""
    larger = problem._replace(weights={pair: times * weight for pair, weight in problem.weights.items()})
    assert solved(larger).pairs == solved(problem).pairs


@SMALL
@given(problems(sizes=5, weights=st.integers(-2, 2)), problems(sizes=5), st.booleans())
def test_disjoint_problems_are_solved_apart(one: Problem, other: Problem, interleaved: bool) -> None:
    """Two problems that share nobody, put together, have the answers of both."""
    first = renamed(one, lambda n: 2 * n if interleaved else n)
    second = renamed(other, lambda n: 2 * n + 1 if interleaved else n + 1000)
    both = match(first.left | second.left, first.right | second.right, first.weights | second.weights)
    a, b = solved(first), solved(second)
    assert both.pairs == tuple(sorted(a.pairs + b.pairs))
    assert (both.weight, both.unmet) == (a.weight + b.weight, a.unmet + b.unmet)
    assert {s.needing for s in both.shortfalls} == {s.needing for s in a.shortfalls + b.shortfalls}


@SMALL
@given(problems(sizes=5, most=16), st.data())
def test_removing_an_allowed_pair_never_helps(problem: Problem, data: st.DataObject) -> None:
    """With a pair less the answer is worth as much or less; and as much where the pair was not taken."""
    assume(problem.weights)
    gone = data.draw(st.sampled_from(sorted(problem.weights)))
    before = solved(problem)
    after = solved(problem._replace(weights={p: w for p, w in problem.weights.items() if p != gone}))
    assert value(after) >= value(before)
    if gone not in before.pairs:
        assert value(after) == value(before)


@SMALL
@given(problems(sizes=5, most=16))
def test_the_arguments_stay_as_they_were(problem: Problem) -> None:
    """No call, failed or not, changes its arguments; and what is changed afterwards does not reach the answer."""
    before = copy.deepcopy(problem)
    found = solved(problem)
    with pytest.raises(ArgumentError):
        match(problem.left, problem.right, {**problem.weights, ("nobody", "no one"): 1})
    assert problem == before
    kept = attrs.asdict(found, recurse=False)
    for part in problem:
        part.clear()
    assert attrs.asdict(found, recurse=False) == kept
    assert found.verify()


# --- wrong arguments

NAN = float("nan")
SIDES: tuple[dict[Any, Quota], dict[Any, Quota]] = ({"a": Quota(0, 2)}, {"x": Quota(0, 2)})
WRONG: list[tuple[str, Callable[[], object], str]] = [
    ("floor above ceiling", lambda: Quota(3, 2), "ceiling: wanted at least the floor, 3, got 2 [floor-above-ceiling]"),
    ("bool floor", lambda: Quota(True), "floor: wanted a whole number from 0, got True [bad-number]"),
    ("float floor", lambda: Quota(1.0), "floor: wanted a whole number from 0, got 1.0 [bad-number]"),  # type: ignore[arg-type]
    ("text floor", lambda: Quota("1"), "floor: wanted a whole number from 0, got '1' [bad-number]"),  # type: ignore[arg-type]
    ("negative floor", lambda: Quota(-1), "floor: wanted a whole number from 0, got -1 [bad-number]"),
    ("no floor", lambda: Quota(None), "floor: wanted a whole number from 0, got nothing [bad-number]"),  # type: ignore[arg-type]
    ("bool ceiling", lambda: Quota(0, False), "ceiling: wanted a whole number from 0, got False [bad-number]"),
    ("float ceiling", lambda: Quota(0, NAN), "ceiling: wanted a whole number from 0, got nan [bad-number]"),  # type: ignore[arg-type]
    (
        "floor of endless digits above ceiling",
        lambda: Quota(10**5000, 2),
        "floor: wanted a whole number from 0, got a very large number [bad-number]",
    ),
    (
        "no mapping",
        lambda: match(["a"], {}, []),  # type: ignore[arg-type]
        "left: wanted a mapping from ids to quotas, got a value of type list [bad-type]",
    ),
    (
        "no mapping on the right",
        lambda: match({}, None, []),  # type: ignore[arg-type]
        "right: wanted a mapping from ids to quotas, got nothing [bad-type]",
    ),
    (
        "no quota",
        lambda: match({"a": 1}, {"x": (0, 1), "y": ONE}, []),  # type: ignore[dict-item]
        "arguments: 2 problems\n"
        "left: 'a': wanted a Quota, got 1 [bad-quota]\n"
        "right: 'x': wanted a Quota, got a value of type tuple [bad-quota]",
    ),
    (
        "no pairs",
        lambda: match(*SIDES, 7),  # type: ignore[arg-type]
        "pairs: wanted a mapping or an iterable of pairs, got 7 [bad-type]",
    ),
    (
        "bad pairs",
        lambda: match(*SIDES, ["ax", ("a",), ("a", "x", 5), None]),  # type: ignore[list-item]
        "arguments: 4 problems\n"
        "row 0, pairs: wanted (left id, right id), got 'ax' [bad-pair]\n"
        "row 1, pairs: wanted (left id, right id), got a value of type tuple [bad-pair]\n"
        "row 2, pairs: wanted (left id, right id), got a value of type tuple [bad-pair]\n"
        "row 3, pairs: wanted (left id, right id), got nothing [bad-pair]",
    ),
    (
        "unknown ids",
        lambda: match(*SIDES, [("a", "x"), ("x", "a"), ("11010519491231002X", ("t",))]),
        "arguments: 4 problems\n"
        "row 1, pairs: wanted an id of the left, got 'x' [unknown-id]\n"
        "row 1, pairs: wanted an id of the right, got 'a' [unknown-id]\n"
        "row 2, pairs: wanted an id of the left, got <identity number> [unknown-id]\n"
        "row 2, pairs: wanted an id of the right, got a value of type tuple [unknown-id]",
    ),
    (
        "unhashable id",
        lambda: match(*SIDES, [([], "x")]),
        "row 0, pairs: wanted an id of the left, got a value of type list [unknown-id]",
    ),
    (
        "unhashable id within a tuple",
        lambda: match(*SIDES, [("a", ("x", []))]),
        "row 0, pairs: wanted an id of the right, got a value of type tuple [unknown-id]",
    ),
    (
        "bad priority",
        lambda: match(*SIDES, [], priority="middle"),
        "priority: wanted one of both, left, right; got 'middle' [bad-priority]",
    ),
    (
        "no priority",
        lambda: match(*SIDES, [], priority=["left"]),  # type: ignore[arg-type]
        "priority: wanted one of both, left, right; got a value of type list [bad-priority]",
    ),
]
WEIGHTS = {
    "True": True,
    "1.0": 1.0,
    "nan": NAN,
    "'1'": "1",
    "nothing": None,
    "a value of type Decimal": Decimal(1),
    "text of 3 characters": "王小明",
}


@pytest.mark.parametrize(("call", "message"), [c[1:] for c in WRONG], ids=[c[0] for c in WRONG])
def test_a_wrong_argument_is_told_in_full(call: Callable[[], object], message: str) -> None:
    """A wrong argument raises an error of the library, whose text says where and what."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize(("shown", "weight"), WEIGHTS.items(), ids=WEIGHTS)
def test_a_weight_that_is_no_integer_is_told_in_full(shown: str, weight: Any) -> None:
    """A weight is an integer: no bool, no float, no text, no decimal."""
    with pytest.raises(ArgumentError) as caught:
        match(*SIDES, {("a", "x"): weight})
    assert str(caught.value) == f"row 0, pairs: ('a', 'x'): wanted an integer weight, got {shown} [bad-weight]"


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=2) | st.just(ONE),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=1), inner),
    max_leaves=6,
)


@settings(deadline=None, max_examples=200)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_nothing_foreign_is_raised(left: Any, right: Any, pairs: Any, priority: Any) -> None:
    """Whatever comes in, an answer or an error of the library comes out."""
    sides = {"a": ONE, 0: Quota()}
    for arguments in ((left, right, pairs), (sides, sides, pairs), (sides, sides, [("a", left), (right, 0)])):
        try:
            found = match(*arguments, priority=priority if left else "both")
        except ArgumentError:
            event("refused")
        else:
            event("answered")
            assert found.verify()
