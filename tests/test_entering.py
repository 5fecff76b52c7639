"""A plan, or a book, is entered in a register, and the register says what the plan, or the book, says."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.auditing import audit
from pairing.dates import Span
from pairing.entering import book_entries
from pairing.entries import HandedOver, Linked, Paired, Released, Retirement, StruckOff, VacancyClosed, VacancyOpened
from pairing.errors import ArgumentError, RosterError
from pairing.handover import relay
from pairing.people import Helper, Household, Link, Pairing, Unit
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


# --- a book that was kept by hand

DAYS = [date(2012, 2, 25) + timedelta(n) for n in range(10)]
"""The days on which pairings of made-up books begin and end: over the end of a February of 29 days."""
CALENDAR = [DAYS[0] + timedelta(n) for n in range(-1, 12)]
X_ENDS = DAYS[6]
"""The first day on which the household "x" is registered no longer; "y" is always."""

OURS = village(
    [Helper(id, "u", "staff") for id in ("ann", "bo", "cy")],
    [Household("x", "v", registered=Span(date(2000, 1, 1), X_ENDS)), Household("y", "v")],
)

SPANS = st.one_of(
    st.none(),
    st.builds(Span, st.sampled_from(DAYS[:8])),
    st.builds(
        lambda start, days: Span(start, start + timedelta(days)), st.sampled_from(DAYS[:8]), st.sampled_from([1, 2, 4])
    ),
)
BOOKS = st.lists(
    st.builds(
        Pairing,
        st.sampled_from(["ann", "bo", "cy"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["lead", "support"]),
        SPANS,
    ),
    max_size=7,
)


def during(helper: str, household: str, start: int, end: int | None = None, role: str = "lead") -> Pairing:
    """A pairing from one of the days up to another."""
    return Pairing(helper, household, role, Span(DAYS[start], None if end is None else DAYS[end]))


def nobody(book: list[Pairing], household: str, on: date, day: date) -> bool:
    """Whether the book once had somebody for a household that is registered, and on the day has nobody."""
    spans = [pairing.span or Span(on) for pairing in book if pairing.household == household]
    ended = [span.end for span in spans if span.end is not None and span.end <= day]
    if not ended or any(day in span for span in spans):
        return False
    if household == "y":
        return True
    return max(ended) < X_ENDS and (day < X_ENDS or any(span.end is None or span.end > X_ENDS for span in spans))


@settings(max_examples=400, deadline=None)
@given(BOOKS, st.sampled_from(DAYS))
def test_a_register_of_a_book_has_on_every_day_what_holds_in_the_book(book: list[Pairing], on: date) -> None:
    """Every book is accepted, and on every day the view has its pairings that hold, and a vacancy where none does."""
    register = Register().record(*book_entries(book, OURS, on=on))
    for day in CALENDAR:
        view = register.view(on=day)
        holding = {(p.helper, p.household, p.role) for p in book if day in (p.span or Span(on))}
        assert {(p.helper, p.household, p.role) for p in view.pairings} == holding
        assert len(view.pairings) == len(holding)
        vacant = [household for household in ("x", "y") if nobody(book, household, on, day)]
        assert [vacancy.household for vacancy in view.vacancies] == vacant
    for entry in register:
        event(type(entry).__name__)


@settings(max_examples=100, deadline=None)
@given(BOOKS, st.sampled_from(DAYS), st.data())
def test_what_is_entered_of_a_book_does_not_depend_on_the_order_of_its_rows(
    book: list[Pairing], on: date, data: st.DataObject
) -> None:
    """Rows in another order, and rows that stand there twice, give the same entries."""
    entries = book_entries(book, OURS, on=on)
    assert book_entries(data.draw(st.permutations([*book, *book])), OURS, on=on) == entries


@settings(max_examples=100, deadline=None)
@given(cases(roles=2))
def test_the_pairings_of_a_plan_are_a_book_that_says_the_same(case: Case) -> None:
    """A plan that went out as a spreadsheet and comes back as a book has the same views as the plan's own entries."""
    try:
        plan = pair(case.policy, case.roster, on=DAY)
    except RosterError:
        assume(False)
    ours = Register().record(*plan.entries())
    theirs = Register().record(*book_entries(plan.pairings, plan.roster, on=DAY))
    days = {DAY} | {p.span.end for p in plan.pairings if p.span is not None and p.span.end is not None}
    for day in days:
        assert theirs.view(on=day).pairings == ours.view(on=day).pairings
        assert [v.household for v in theirs.view(on=day).vacancies] == [
            v.household for v in ours.view(on=day).vacancies
        ]


@settings(max_examples=100, deadline=None)
@given(BOOKS, st.lists(st.sampled_from(["ann", "bo", "cy"]), unique=True))
def test_a_plan_over_a_book_is_recorded_after_the_book(book: list[Pairing], fit: list[str]) -> None:
    """Once the book is in the register, what is different in the plan is accepted, and then the register says the plan.

    So it is for all books in which nothing is laid down for later than the day of the plan.
    """
    day = CALENDAR[-1]
    roster = evolve(
        OURS,
        helpers=[evolve(helper, fit=helper.id in fit) for helper in OURS.helpers],
        households=[evolve(household, registered=None) for household in OURS.households],
    )
    register = Register().record(*book_entries(book, roster, on=DAYS[0]))
    plan = pair(POLICY, roster, on=day, book=[evolve(p, span=p.span or Span(DAYS[0])) for p in book])
    after = register.record(*plan.entries()).view(on=day)
    assert {(p.helper, p.household) for p in after.pairings} == {(p.helper, p.household) for p in plan.pairings}


def test_who_follows_on_the_day_takes_over_one_or_several() -> None:
    """One giver hands over to all who begin in the role; who begins in another role is paired."""
    book = [during("ann", "y", 0, 3), during("bo", "y", 3), during("cy", "y", 3), during("ann", "y", 3, 4, "support")]
    assert book_entries(book, OURS, on=DAY) == (
        Paired("ann", "y", on=DAYS[0]),
        HandedOver("y", "ann", ["bo", "cy"], on=DAYS[3]),
        Paired("ann", "y", "support", on=DAYS[3]),
        Released("ann", "y", "the book has an end", "support", "others are responsible", on=DAYS[4]),
    )


def test_of_several_who_end_on_a_day_each_hands_over_to_another_as_far_as_there_are_takers() -> None:
    """The first giver has the first taker; who has none is released, as others are responsible."""
    book = [during("ann", "y", 0, 3), during("bo", "y", 1, 3), during("cy", "y", 3)]
    assert book_entries(book, OURS, on=DAY)[2:] == (
        HandedOver("y", "ann", ["cy"], on=DAYS[3]),
        Released("bo", "y", "the book has an end", "lead", "others are responsible", on=DAYS[3]),
    )


def test_a_gap_is_a_vacancy_that_the_unit_of_the_last_helper_sees_to() -> None:
    """It is opened on the day of the end, says that the book names nobody, and is closed by whoever begins next."""
    book = [during("ann", "y", 0, 3), during("bo", "y", 5), during("cy", "y", 5)]
    assert book_entries(book, OURS, on=DAY) == (
        Paired("ann", "y", on=DAYS[0]),
        VacancyOpened("y", "the book names nobody", "u", "ann", on=DAYS[3]),
        VacancyClosed("y", ["bo", "cy"], on=DAYS[5]),
    )


def test_of_several_after_whom_nobody_follows_the_one_who_was_there_longest_leaves_the_vacancy() -> None:
    """The others are released on that day."""
    book = [during("bo", "y", 0, 3), during("ann", "y", 1, 3)]
    assert book_entries(book, OURS, on=DAY)[2:] == (
        VacancyOpened("y", "the book names nobody", "u", "bo", on=DAYS[3]),
        Released("ann", "y", "the book has an end", "lead", "the book names nobody", on=DAYS[3]),
    )


def test_a_household_whose_registration_ends_with_the_book_is_struck_off() -> None:
    """From that day there is no vacancy, as the household is in the programme no longer."""
    book = [during("ann", "x", 0, 4)]
    assert book_entries(book, OURS, on=DAY)[1:] == (
        VacancyOpened("x", "the book names nobody", "u", "ann", on=DAYS[4]),
        StruckOff("x", "the registration ends", on=X_ENDS),
    )
    book = [during("ann", "x", 0, 6), during("bo", "x", 0, 6)]
    assert book_entries(book, OURS, on=DAY)[2:] == (StruckOff("x", "the registration ends", on=X_ENDS),)


def test_what_the_book_has_beyond_a_registration_is_entered_as_it_is() -> None:
    """Who ends after the registration is released, and leaves no vacancy: an audit tells the days beyond."""
    assert book_entries([during("ann", "x", 0, 7)], OURS, on=DAY)[1:] == (
        Released("ann", "x", "the book has an end", "lead", "the registration ends", on=DAYS[7]),
    )


def test_a_pairing_without_a_span_holds_from_the_day_and_overlaps_are_one() -> None:
    """The day is that of the caller; spans of one helper in one role that overlap, or follow at once, are joined."""
    assert book_entries([Pairing("ann", "y")], OURS, on=DAYS[2]) == (Paired("ann", "y", on=DAYS[2]),)
    book = [during("ann", "y", 2, 4), during("ann", "y", 0, 3), during("ann", "y", 4, 6), Pairing("ann", "y")]
    assert book_entries(book, OURS, on=DAYS[5]) == (Paired("ann", "y", on=DAYS[0]),)


def test_what_cannot_be_entered_is_told_at_once_with_its_row_and_the_rest_is_entered_without_it() -> None:
    """Each problem has the place in the book, as findings of an audit have: whoever leaves those rows out goes on."""
    book = [
        Pairing("ann", "y"),
        Pairing("di", "z"),
        Pairing("bo", "y", " lead"),
        Pairing("bo", "y", "11010519491231002X"),
        Pairing("bo", "y"),
        "cy",
        Pairing("cy", "y", span=DAY),  # type: ignore[arg-type]
    ]
    with pytest.raises(ArgumentError) as caught:
        book_entries(book, OURS, on=DAY)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "arguments: 6 problems\n"
        "book, row 1, helper: wanted the key of a helper, got 'di' [unknown-helper]\n"
        "book, row 1, household: wanted the key of a household, got 'z' [unknown-household]\n"
        "book, row 2, role: wanted a text without spaces around it, got text of 5 characters [bad-key]\n"
        "book, row 3, role: wanted a key of your own, got an identity number [identity-number]\n"
        "book, row 5: wanted a Pairing, got 'cy' [bad-type]\n"
        "book, row 6, span: wanted a Span or None, got a value of type date [bad-span]"
    )
    wrong = {problem.row for problem in caught.value.problems}
    sound: Any = [pairing for row, pairing in enumerate(book) if row not in wrong]
    assert book_entries(sound, OURS, on=DAY) == (Paired("ann", "y", on=DAY), Paired("bo", "y", on=DAY))
    strangers = [Pairing("ann", "y"), Pairing("di", "y"), Pairing("ann", "z")]
    with pytest.raises(ArgumentError) as caught:
        book_entries(strangers, OURS, on=DAY)
    found = {finding.row for finding in audit(POLICY, OURS, strangers, on=DAY) if finding.code.startswith("unknown")}
    assert found == {problem.row for problem in caught.value.problems}


def test_arguments_of_other_types_are_told_at_once() -> None:
    """A book, a roster and a day are wanted."""
    wrong: Any = 5
    with pytest.raises(ArgumentError) as caught:
        book_entries(wrong, wrong, on=wrong)
    assert str(caught.value) == (
        "arguments: 3 problems\n"
        "roster: wanted a Roster, got 5 [bad-type]\n"
        "book: wanted pairings, got 5 [bad-type]\n"
        "on: wanted a day as YYYY-MM-DD, got 5 [bad-date]"
    )


def test_a_pair_that_stands_twice_in_the_book_of_a_plan_ends_once() -> None:
    """What a plan is to change is entered once, however often the book has it."""
    roster = evolve(OURS, helpers=[evolve(OURS.helpers[0], fit=False), *OURS.helpers[1:]])
    book = [during("ann", "y", 0), during("ann", "y", 1)]
    register = Register().record(*book_entries(book, OURS, on=DAY))
    plan = pair(POLICY, roster, on=DAYS[5], book=book)
    ended = [entry for entry in plan.entries() if isinstance(entry, HandedOver | Released)]
    assert ended == [HandedOver("y", "ann", ["cy"], "lead", None, "planned anew", on=DAYS[5])]
    assert len(register.record(*plan.entries()).view(on=DAYS[5]).helpers_of("y")) == 1
