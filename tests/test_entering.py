"""A plan is entered in a register, and the register says what the plan says."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import assume, event, given, settings

from pairing.areas import Area, AreaTree
from pairing.auditing import audit
from pairing.dates import Span
from pairing.entries import HandedOver, Linked, Paired, Released, Retirement, StruckOff, VacancyOpened
from pairing.errors import RosterError
from pairing.handover import relay
from pairing.people import Helper, Household, Link, Unit
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from populations import DAY, Case, cases

POLICY = Policy("ours", (HelperRule(Quota(0, 2)),), (HouseholdRule(Quota(1, 2)),))
LATER = date(2013, 6, 30)


def village(helpers: list[Helper], households: list[Household]) -> Roster:
    """One village, to which one unit is linked."""
    areas = AreaTree([Area("v", "上坪村", "village")])
    return Roster(areas, [Unit("u", "county", "v", name="县法院")], helpers, households, [Link("u", "v")])


@settings(max_examples=150, deadline=None)
@given(cases(roles=2))
def test_a_register_into_which_a_plan_is_entered_says_what_the_plan_says(case: Case) -> None:
    """The view of the day has the pairings of the plan, with their roles and days, whatever ends later."""
    try:
        plan = pair(case.policy, case.roster, on=DAY)
    except RosterError:
        assume(False)
    register = Register().record(*plan.entries())
    assert register.view(on=DAY).pairings == plan.pairings
    assert register.record(*plan.entries()) == register
    ends = any(pairing.span and pairing.span.end for pairing in plan.pairings)
    event(f"something ends: {ends}")


@settings(max_examples=100, deadline=None)
@given(cases(roles=1))
def test_a_plan_over_a_register_is_entered_as_what_is_different(case: Case) -> None:
    """Where nothing is laid down to end, a second plan, made with the view as its book, makes the register say it."""
    roster = evolve(
        case.roster,
        helpers=[evolve(helper, service=None) for helper in case.roster.helpers],
        households=[evolve(household, registered=None) for household in case.roster.households],
    )
    try:
        first = pair(case.policy, roster, on=DAY)
    except RosterError:
        assume(False)
    register = Register().record(*first.entries())
    some = {helper.id for n, helper in enumerate(roster.helpers) if n % 3}
    fewer = evolve(
        roster,
        helpers=[helper if helper.id in some else evolve(helper, fit=False) for helper in roster.helpers],
        named=[pair for pair in roster.named if pair.rule != "locked"],
    )
    day = date(DAY.year + 1, DAY.month, 1)
    second = pair(case.policy, fewer, on=day, book=register.view(on=day).pairings)
    lost = {p.household for p in first.pairings} - {p.household for p in second.pairings}
    event(f"households that would have nobody: {bool(lost)}")
    register = register.record(*second.entries())
    pairs = {(pairing.helper, pairing.household) for pairing in register.view(on=day).pairings}
    assert pairs == {(pairing.helper, pairing.household) for pairing in second.pairings}


def test_the_first_plan_is_entered_with_its_links() -> None:
    """Without a book the links are entered, and who becomes responsible for whom."""
    plan = pair(POLICY, village([Helper("ann", "u", "staff")], [Household("x", "v")]), on=DAY)
    assert plan.entries() == (Linked("u", "v", on=DAY), Paired("ann", "x", on=DAY))


def test_a_service_that_ends_leaves_a_vacancy_behind_that_is_entered_in_advance() -> None:
    """The household has nobody from the day on which the service ends; the unit of the helper sees to it."""
    ann = Helper("ann", "u", "staff", service=Span(date(2000, 1, 1), LATER))
    plan = pair(POLICY, village([ann], [Household("x", "v")]), on=DAY)
    assert plan.entries()[2:] == (VacancyOpened("x", "the service ends", "u", "ann", on=LATER),)
    register = Register().record(*plan.entries())
    assert str(register.history("x")) == (
        f"household x: {DAY} .. 2013-06-30 ann (lead); 2013-06-30 .. vacancy, seen to by u"
    )


def test_of_two_helpers_whose_services_end_the_last_one_leaves_the_vacancy() -> None:
    """The first to leave is released, as somebody else stays responsible."""
    ann = Helper("ann", "u", "staff", service=Span(date(2000, 1, 1), LATER))
    bo = Helper("bo", "u", "staff", service=Span(date(2000, 1, 1), date(2014, 1, 1)))
    both = Policy("ours", (HelperRule(Quota(1, 1)),), (HouseholdRule(Quota(2, 2)),))
    plan = pair(both, village([ann, bo], [Household("x", "v")]), on=DAY)
    assert plan.entries()[3:] == (
        Released("ann", "x", "the service ends", "lead", "the service ends: others stay responsible", on=LATER),
        VacancyOpened("x", "the service ends", "u", "bo", "support", on=date(2014, 1, 1)),
    )


def test_a_registration_that_ends_takes_the_household_out_of_the_programme() -> None:
    """From that day on the household has nobody, and needs nobody."""
    x = Household("x", "v", registered=Span(date(2000, 1, 1), LATER))
    plan = pair(POLICY, village([Helper("ann", "u", "staff")], [x]), on=DAY)
    assert plan.entries()[2:] == (StruckOff("x", "the registration ends", on=LATER),)


def test_what_is_planned_anew_is_handed_over_within_the_household() -> None:
    """With the view as the book, a household that changes hands is handed over, and nothing else is entered."""
    roster = village([Helper("ann", "u", "staff"), Helper("bo", "u", "staff")], [Household("x", "v")])
    register = Register().record(Paired("ann", "x", on=DAY))
    unfit = evolve(roster, helpers=[evolve(roster.helpers[0], fit=False), roster.helpers[1]])
    plan = pair(POLICY, unfit, on=LATER, book=register.view(on=LATER).pairings)
    assert plan.entries() == (HandedOver("x", "ann", ["bo"], "lead", None, "planned anew", on=LATER),)


@pytest.mark.parametrize("on", [DAY, LATER])
def test_a_plan_that_changes_nothing_has_nothing_to_enter(on: date) -> None:
    """A plan that keeps to the view of a register adds no line."""
    roster = village([Helper("ann", "u", "staff")], [Household("x", "v")])
    register = Register().record(*pair(POLICY, roster, on=DAY).entries())
    assert pair(POLICY, roster, on=on, book=register.view(on=on).pairings).entries() == ()


def test_an_old_register_is_read_under_a_newer_policy() -> None:
    """What was recorded under one version is audited and relayed under the version that is in force on the day."""
    roster = village(
        [Helper("ann", "u", "section"), Helper("bo", "u", "staff"), Helper("cy", "u", "staff")],
        [Household("x", "v"), Household("y", "v")],
    )
    old = Policy("ours", (HelperRule(Quota(1, 2), ranks=("section",)),), effective=date(2012, 1, 1))
    new = evolve(old, helpers=(HelperRule(Quota(1, 1)),), effective=date(2013, 1, 1), earlier=old)
    register = Register().record(*pair(new, roster, on=DAY).entries())
    assert [pairing.helper for pairing in register.view(on=LATER).pairings] == ["ann", "ann"]
    assert [finding.code for finding in audit(new, roster, register, on=date(2012, 12, 31))] == []
    assert [finding.code for finding in audit(new, roster, register, on=LATER)] == [
        "helper-without-household",
        "helper-without-household",
        "above-ceiling",
    ]
    handover = relay(new, roster, register, [Retirement("ann", on=LATER)])
    assert [passing.takers for passing in handover.passings] == [("bo",), ("cy",)]
    register = register.record(*handover.entries())
    assert audit(new, roster, register, on=LATER) == ()
