"""The cheapest repair is the cheapest: held against a mixed-integer program over all pairs of persons."""

from collections import Counter
from itertools import product
from typing import Any

import attrs
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
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from populations import DAY, Case, Pair, World, cases


def planned(case: Case) -> Plan:
    return pair(case.policy, case.roster, on=DAY, book=case.book)


def outside(case: Case, world: World) -> set[Pair]:
    """The pairs that could be made outside the links: in one role, and excluded neither by name nor by a criterion."""
    helpers = {helper.id: helper for helper in case.roster.helpers}
    households = {one.id: one for one in case.roster.households}
    excluded = {(p.helper, p.household) for p in case.roster.named if p.rule == "excluded"}
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
    """With the ceilings raised by as much as it says, and its pairs allowed, all floors are met but for what is left."""
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
