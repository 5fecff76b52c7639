"""Keeping to a book: as few changes as coverage and floors allow; and people with pairs of their own, through hubs."""

from collections.abc import Iterable
from datetime import date
from random import Random

import attrs
import pytest
from hypothesis import event, given, settings

from pairing import solving
from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError
from pairing.people import Helper, Household, Link, NamedPair, Pairing, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from populations import DAY, Case, World, cases, made_up

POLICY = Policy("ours", (HelperRule(Quota(1, 3)),), (HouseholdRule(Quota(1, 2)),))


def county(units: int, cadres: int, villages: int, households: int) -> Roster:
    """A county in which each unit is linked to two villages."""
    areas = [Area("c", "岷县", "county"), *(Area(f"v{v:02}", f"{v}村", "village", "c") for v in range(villages))]
    return Roster(
        AreaTree(areas),
        [Unit(f"u{u:02}", "county", "c") for u in range(units)],
        [Helper(f"c-{n:04}", f"u{n % units:02}", "staff") for n in range(cadres)],
        [Household(f"h-{n:04}", f"v{n % villages:02}", n % 4) for n in range(households)],
        {Link(f"u{u:02}", f"v{(u + step) % villages:02}") for u in range(units) for step in (0, 7)},
    )


def pairs_of(plan: Plan) -> set[tuple[str, str]]:
    return {(pairing.helper, pairing.household) for pairing in plan.pairings}


@pytest.mark.parametrize("leaver", ["c-0000", "c-0650", "c-1299"])
def test_one_of_1300_cadres_leaves_and_nobody_else_changes_hands(leaver: str) -> None:
    """A county of 1,300 cadres and 1,860 pairs is paired again: only the leaver's households change hands."""
    roster = county(50, 1300, 30, 1860)
    plan = pair(POLICY, roster, on=DAY)
    assert len(plan.pairings) == 1860
    left = attrs.evolve(roster, helpers=[helper for helper in roster.helpers if helper.id != leaver])
    again = pair(POLICY, left, on=DAY, book=plan)
    assert again.verify()
    lost, new = pairs_of(plan) - pairs_of(again), pairs_of(again) - pairs_of(plan)
    assert lost == {(pairing.helper, pairing.household) for pairing in plan.of(leaver)}
    assert {household for _, household in new} == {household for _, household in lost}
    assert 1 <= len(lost) == len(new) <= 2
    assert again.coverage.part == again.coverage.whole == 1860
    assert again.fulfilment.part == again.fulfilment.whole == 1299


def test_without_a_book_many_would_change_hands() -> None:
    """Pairing afresh is as good in every other aim, but it takes many households from the helpers they know."""
    roster = county(50, 1300, 30, 1860)
    plan = pair(POLICY, roster, on=DAY)
    left = attrs.evolve(roster, helpers=roster.helpers[1:])
    afresh = pair(POLICY, left, on=DAY)
    assert len(pairs_of(plan) - pairs_of(afresh)) > 10


@settings(deadline=None, max_examples=60)
@given(cases())
def test_a_plan_keeps_to_itself(case: Case) -> None:
    """With its own pairings as the book a plan stays what it is, down to the last pair, where keep comes first."""
    later = [aim for aim in case.policy.aims if aim not in ("coverage", "floors", "keep")]
    policy = attrs.evolve(case.policy, aims=("coverage", "floors", "keep", *later))
    plan = pair(policy, case.roster, on=DAY)
    again = pair(policy, case.roster, on=DAY, book=plan)
    assert again.verify()
    before, after = (len(each.shortfalls) for each in (plan, again))
    assert (before == 0) == (after == 0)
    world = World(policy, case.roster, plan.pairings)
    # soft rules come before keep, so they may not be bettered by changing anything
    assert pairs_of(again) == pairs_of(plan) or world.value(world.pairs(again)) != world.value(world.pairs(plan))
    if not any(rule.soft for rule in policy.helpers):
        assert pairs_of(again) >= pairs_of(plan) or pairs_of(again) <= pairs_of(plan)
    event("kept all" if pairs_of(again) == pairs_of(plan) else "changed")


def test_what_has_ended_is_not_kept() -> None:
    """Pairs of the book whose days do not contain the day, and pairs outside the links, are no reason for anything."""
    roster = county(2, 4, 2, 4)
    over = Pairing("c-0000", "h-0001", span=Span(date(2011, 1, 1), DAY))
    plan = pair(POLICY, roster, on=DAY)
    assert pairs_of(pair(POLICY, roster, on=DAY, book=[over])) == pairs_of(plan)
    assert pairs_of(pair(POLICY, roster, on=DAY, book=[Pairing("nobody", "h-0001")])) == pairs_of(plan)


def test_a_book_is_pairings() -> None:
    """Anything else is refused."""
    for book in (5, [("c-1", "h-1")]):
        with pytest.raises(ArgumentError, match=r"book: wanted"):
            pair(POLICY, county(2, 2, 9, 9), on=DAY, book=book)  # type: ignore[arg-type]


def named(roster: Roster, pairs: Iterable[tuple[str, str]], rule: str) -> Roster:
    return attrs.evolve(roster, named=[NamedPair(*ids, rule, int(rule == "preferred")) for ids in pairs])


def test_a_hub_makes_no_pair_twice() -> None:
    """A helper who is to have two households where there is one has one, though a hub would carry both."""
    roster = named(county(1, 1, 1, 1), [("c-0000", "h-0000")], "preferred")
    plan = pair(Policy("ours", (HelperRule(Quota(2, 2)),), (HouseholdRule(Quota(0, 2)),)), roster, on=DAY)
    assert pairs_of(plan) == {("c-0000", "h-0000")}
    assert [shortfall.missing for shortfall in plan.shortfalls] == [1]
    assert plan.verify()


def test_what_is_excluded_does_not_come_about_through_a_hub() -> None:
    """Two helpers and two households, each excluded from one: the others are paired."""
    pairs = [("c-0000", "h-0000"), ("c-0001", "h-0001")]
    plan = pair(POLICY, named(county(1, 2, 1, 2), pairs, "excluded"), on=DAY)
    assert pairs_of(plan) == {("c-0000", "h-0001"), ("c-0001", "h-0000")}
    assert plan.verify()


def test_hubs_are_realised_at_once_or_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among two hundred cases the flow through hubs is realised at once in many, and some need arcs of their own."""
    counts = {True: 0, False: 0}
    attempt = solving._County._attempt

    def counted(self: solving._County, apart: tuple[set[int], set[int]]) -> bool:
        done = attempt(self, apart)
        if self.left.person and self.right.person:
            counts[done] += 1
        return done

    monkeypatch.setattr(solving._County, "_attempt", counted)
    for seed in range(200):
        case = made_up(Random(seed))
        pair(case.policy, case.roster, on=DAY, book=case.book)
    assert counts[True] > 50
    assert counts[False] > 1
