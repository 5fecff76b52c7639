"""The cheapest repair is the cheapest: held against a mixed-integer program over all pairs of persons."""

from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from scipy.optimize import Bounds, LinearConstraint, milp

from pairing.areas import Area, AreaTree
from pairing.people import Helper, Household, Link, NamedPair, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.repairing import Excess
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from populations import DAY, Case, Pair, World, cases


def planned(case: Case) -> Plan:
    return pair(case.policy, case.roster, on=DAY, book=case.book)


def outside(case: Case, world: World) -> set[Pair]:
    """The pairs that could be made outside the links: in one role, not of an earlier year, and excluded by nothing."""
    helpers = {helper.id: helper for helper in case.roster.helpers}
    households = {one.id: one for one in case.roster.households}
    excluded = world.former | {(p.helper, p.household) for p in case.roster.named if p.rule == "excluded"}
    found = set()
    for (id, terms), slot in product(world.helpers.items(), world.slots):
        one = households[slot[0]]
        scores = [c.score(c.helper(helpers[id]), c.household(one)) for c in case.policy.criteria]
        if terms.role == slot[1] and None not in scores and (id, slot[0]) not in excluded:
            found.add((id, slot))
    return found - world.free.keys() - set(world.locked)


def cheapest(case: Case) -> tuple[int, int, int, int]:
    """Return the fewest missing to the floors of the first and second aim, exceptions, and pairs outside the links."""
    world = World(*case)
    beyond = sorted(outside(case, world))
    pairs = [*world.free, *beyond]
    people: list[tuple[Any, Any]] = [*world.helpers.items(), *world.slots.items()]
    # variables: the pairs; then what each person misses; then by how much each exceeds the ceiling
    count, many = len(pairs), len(people)
    width = count + 2 * many
    held = Counter(end for locked in world.locked for end in locked)
    rows, low, high = [], [], []
    for n, (id, terms) in enumerate(people):
        row = np.zeros(width)
        for at, one in enumerate(pairs):
            row[at] = id in one
        if not terms.soft:
            floor = row.copy()
            floor[count + n] = 1
            rows.append(floor)
            low.append(terms.floor - held[id])
            high.append(np.inf)
            if terms.ceiling < 10**6:
                ceiling = row.copy()
                ceiling[count + many + n] = -1
                rows.append(ceiling)
                low.append(-np.inf)
                high.append(terms.ceiling - held[id])
    top = np.concatenate([np.ones(count), np.full(2 * many, np.inf)])
    costs = []
    for side in ("helpers", "households"):
        of_side = world.helpers if side == "helpers" else world.slots
        cost = np.zeros(width)
        cost[count : count + many] = [id in of_side for id, _ in people]
        costs.append(cost)
    if case.policy.aims[0] == "coverage":
        costs.reverse()
    exceptions, far = np.zeros(width), np.zeros(width)
    exceptions[count + many :] = 1
    far[len(world.free) : count] = 1
    costs += [exceptions + far, far]
    found: list[int] = []
    if not width:
        return 0, 0, 0, 0
    for cost in costs:
        limits = LinearConstraint(np.array(rows), low, high) if rows else ()
        result = milp(cost, constraints=limits, integrality=np.ones(width), bounds=Bounds(0, top))
        assert result.success, result.message
        found.append(round(float(result.fun)))
        rows.append(cost)
        low.append(-np.inf)
        high.append(found[-1])
    return found[0], found[1], found[2], found[3]


def repaired(case: Case, plan: Plan) -> dict[str, int]:
    """Who is short when the repair is applied, and only it: ceilings raised by that much, and those pairs allowed."""
    world = World(*case)
    repair = plan.repair()
    for one in repair.helpers:
        terms = world.helpers[one.id]
        assert terms.role == one.role
        world.helpers[one.id] = terms._replace(ceiling=terms.ceiling + one.more)
    for one in repair.households:
        terms = world.slots[one.id, one.role]
        world.slots[one.id, one.role] = terms._replace(ceiling=terms.ceiling + one.more)
    for helper, household in repair.pairs:
        at = helper, (household, world.helpers[helper].role)
        assert at in outside(case, World(*case))
        world.free[at] = 0
    value = world.best()
    return {aim: value[aim] for aim in ("helpers missing", "households missing")}


@settings(deadline=None, max_examples=250)
@given(cases())
def test_the_cheapest_repair_is_the_cheapest(case: Case) -> None:
    """No fewer exceptions leave as few short; of as many, none has fewer pairs outside the links."""
    plan = planned(case)
    repair = plan.repair()
    first, second, exceptions, far = cheapest(case)
    assert sum(one.more for one in repair.left) == first + second
    assert (repair.exceptions, len(repair.pairs)) == (exceptions, far)
    assert bool(plan.shortfalls) == bool(repair.exceptions or repair.left)
    assert [r.shortfall for r in repair.relaxations] == list(plan.shortfalls)
    event("nobody short" if not plan.shortfalls else "links" if far else "ceilings" if exceptions else "no way")
    event("some left" if repair.left else "none left")


@settings(deadline=None, max_examples=150)
@given(cases())
def test_when_the_repair_is_applied_nobody_is_short(case: Case) -> None:
    """With ceilings raised by as much as it says, and its pairs allowed, all floors are met but for what is left."""
    plan = planned(case)
    value = repaired(case, plan)
    assert sum(value.values()) == sum(one.more for one in plan.repair().left)


@settings(deadline=None, max_examples=150)
@given(cases())
def test_every_exception_of_a_repair_serves_a_shortfall(case: Case) -> None:
    """What is relaxed for the shortfalls is, together, what the repair relaxes."""
    repair = planned(case).repair()
    helpers = {one for r in repair.relaxations for one in r.helpers}
    households = {one for r in repair.relaxations for one in r.households}
    links = {(unit, village) for r in repair.relaxations for unit, village, _ in r.links}
    assert helpers == set(repair.helpers)
    assert households == set(repair.households)
    assert links == {(unit, village) for unit, village, _ in repair.links}
    assert sum(more for *_, more in repair.links) == len(repair.pairs)


# --- in words

AREAS = AreaTree([Area("z", "县", "county"), *(Area(v, f"{v}村", "village", "z") for v in "甲乙")])
UNITS = [Unit("p", "county", "z", name="县水务局"), Unit("q", "county", "z", name="县农业局")]


def plan_of(
    policy: Policy, helpers: dict[str, int], households: dict[str, int], links: str, named: tuple[NamedPair, ...] = ()
) -> Plan:
    """Return the plan for so many helpers in each unit and so many households in each village."""
    roster = Roster(
        AREAS,
        UNITS,
        [Helper(f"{unit}{n}", unit, "staff") for unit, count in helpers.items() for n in range(count)],
        [Household(f"{village}{n}", village) for village, count in households.items() for n in range(count)],
        [Link(*link) for link in links.split()],
        named,
    )
    return pair(policy, roster, on=DAY)


def rules(carry: int, due: int = 1, owe: int = 0) -> Policy:
    return Policy("ours", (HelperRule(Quota(owe, carry)),), (HouseholdRule(Quota(due, due)),))


CASES: list[tuple[str, Plan, list[str]]] = [
    ("nothing", plan_of(rules(2), {"p": 1}, {"甲": 2}, "p甲"), ["nobody is short: there is nothing to repair"]),
    (
        "ceilings of helpers",
        plan_of(rules(1), {"p": 2}, {"甲": 5}, "p甲"),
        [
            "the cheapest repair: 3 exceptions, after which nobody is short",
            "- helper p0 of unit 县水务局: 2 households above the ceiling",
            "- helper p1 of unit 县水务局: 1 household above the ceiling",
        ],
    ),
    (
        "ceilings of households",
        plan_of(rules(1, owe=1), {"p": 3}, {"甲": 2}, "p甲"),
        [
            "the cheapest repair: 1 exception, after which nobody is short",
            "- household 甲0 in village 甲村: 1 helper above the ceiling",
        ],
    ),
    (
        "links, which mend both sides at once",
        plan_of(rules(1, owe=1), {"p": 2}, {"甲": 2}, ""),
        [
            "the cheapest repair: 2 exceptions, after which nobody is short",
            "- unit 县水务局 and village 甲村: 2 pairs outside the links",
        ],
    ),
    (
        "a pair outside the links rather than two ceilings",
        plan_of(rules(1, owe=1), {"p": 1, "q": 2}, {"甲": 2, "乙": 1}, "p甲 q乙"),
        [
            "the cheapest repair: 1 exception, after which nobody is short",
            "- unit 县农业局 and village 甲村: 1 pair outside the links",
        ],
    ),
    (
        "too few",
        plan_of(rules(9, due=2), {"p": 1}, {"甲": 1}, "p甲"),
        ["no exception repairs it: 1 partner is missing", "- 甲0 stays short of 1: there are too few for a pair"],
    ),
    (
        "excluded stays excluded",
        plan_of(rules(1), {"p": 1}, {"甲": 1}, "p甲", (NamedPair("p0", "甲0", "excluded"),)),
        ["no exception repairs it: 1 partner is missing", "- 甲0 stays short of 1: there are too few for a pair"],
    ),
]


@pytest.mark.parametrize(("plan", "lines"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_repair_in_words(plan: Plan, lines: list[str]) -> None:
    """Each kind of repair, word for word."""
    assert str(plan.repair()).split("\n") == lines


def test_reprs_fit_a_line() -> None:
    """A repr says how many exceptions there are, and for a shortfall which."""
    repair = CASES[1][1].repair()
    text = "Repair(3 exceptions: 3 above ceilings of helpers, 0 above ceilings of households, 0 outside the links)"
    assert repr(repair) == text
    assert repr(repair.relaxations) == "(Relaxation('p0' +2, 'p1' +1),)"
    assert repair.helpers[0] == Excess("p0", "lead", 2)
    assert repr(CASES[3][1].repair().relaxations[0]) == "Relaxation(p-甲: 2)"
