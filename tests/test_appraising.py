"""The yearly appraisal: weights, deductions with floors, caps; each mark with its reasons."""

import tomllib
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairing.appraising import Mark, Reason, appraise
from pairing.areas import Area, AreaTree
from pairing.dates import Span, year
from pairing.deeds import Aided, Checked, Visited
from pairing.entries import (
    Correction,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    HandedOver,
    Paired,
    Released,
    Retirement,
    Step,
    Transfer,
    VacancyOpened,
)
from pairing.errors import ArgumentError, RegisterError
from pairing.figures import Amount
from pairing.people import Helper, Household, Unit
from pairing.policy import Policy
from pairing.programmes import programme
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import (
    ADDED_FOR,
    DEDUCTED_FOR,
    AppraisalItem,
    AppraisalPart,
    AppraisalRules,
    HandoverRules,
    HelperRule,
    VisitRule,
    VisitRules,
)
from pairing.tallies import totals
from pairing.visiting import DueVisit, Silence

AREAS = AreaTree([Area("v", "东村", "village")])
UNITS = [Unit("court", "county", "v"), Unit("bank", "county", "v")]
MEMBERS = (("ann", "court"), ("bo", "court"), ("cy", "bank"), ("di", "bank"))
ROSTER = Roster(
    AREAS, UNITS, [Helper(id, unit, "staff") for id, unit in MEMBERS], [Household(id, "v") for id in "wxyz"]
)
BEGUN = date(2012, 1, 1)
MONTHLY = VisitRule("visit", months=1)
HALVES = (AppraisalPart("half-year", 30, last=6), AppraisalPart("year-end", 70, first=7))
MISSED = AppraisalItem("visits", "visits missed", points=60, each=5)
AX = Paired("ann", "x", on=BEGUN)


def on(month: int, day: int = 1, year: int = 2012) -> date:
    return date(year, month, day)


def policy(*items: AppraisalItem, parts: Any = (), **more: Any) -> Policy:
    keys: dict[str, Any] = {"effective": BEGUN, "visits": VisitRules(6, [MONTHLY])} | more
    return Policy("ours", (HelperRule(Quota(1)),), appraisal=AppraisalRules(items, parts), **keys)


def book(*entries: Entry) -> Register:
    return Register().record(AX, *entries)


def monthly(helper: str, *months: int, household: str = "x", year: int = 2012) -> list[Entry]:
    return [Visited(household, [helper], on=date(year, month, 5)) for month in months]


def marks(of_policy: Policy, register: Register, **more: Any) -> dict[str, Mark]:
    return {mark.id: mark for mark in appraise(of_policy, ROSTER, register, **{"year": 2012} | more)}


def moves(mark: Mark) -> list[tuple[int | Fraction, int | Fraction, str]]:
    """Return what was moved, the mark and the bound of each item of the only part."""
    (part,) = mark.parts
    return [(reason.moved, reason.mark, reason.bound) for reason in part.reasons]


def counts(mark: Mark) -> list[list[int]]:
    """Return what was counted, item by item, in each part."""
    return [[reason.count.value for reason in part.reasons] for part in mark.parts]


def days(mark: Mark) -> list[tuple[date, date | None]]:
    return [(span.start, span.end) for part in mark.parts for span in part.service.spans]


# --- the rule


TOML = """
name = "ours"
effective = 2012-01-01
[[helpers]]
floor = 1
[[visits.rules]]
name = "home visit"
months = 1
"""


def test_rule_35_the_half_year_weighs_30_and_the_year_end_70() -> None:
    """By weights: 80 in the half-year and 90 at the year's end make 30% of 80 and 70% of 90, which is 87."""
    ours = Policy.from_dict(
        tomllib.loads(
            TOML
            + """
[[appraisal.items]]
name = "visits"
what = "visits missed"
points = 100
each = 10
[[appraisal.parts]]
name = "half-year"
weight = 30
last = 6
[[appraisal.parts]]
name = "year-end"
weight = 70
first = 7
"""
        )
    )
    mark = marks(ours, book(*monthly("ann", 1, 2, 3, 4, 7, 8, 9, 10, 11)))["ann"]
    assert {part.part.weight: str(part.mark) for part in mark.parts} == {30: "80", 70: "90"}
    assert mark.mark == 87
    assert mark.full == 100


def test_rule_35_no_item_falls_below_0() -> None:
    """By deduction: 12 missed visits at 5 points cost 60 of 40, and take nothing from the other item."""
    text = """
[[appraisal.items]]
name = "visits"
what = "visits missed"
points = 40
each = 5
[[appraisal.items]]
name = "spot checks"
what = "checked wrong"
points = 60
each = 20
"""
    register = book(Checked("x", "telephone", "wrong", on=on(3)), Checked("x", "in person", "fine", on=on(4)))
    mark = marks(Policy.from_dict(tomllib.loads(TOML + text)), register)["ann"]
    assert moves(mark) == [(60, 0, "floor"), (20, 40, "")]
    assert mark.mark == 40


def test_rule_35_what_is_added_has_a_cap() -> None:
    """By caps: 3 visits in person at 2 points, and 1,250 yuan at 1 point for each 100, are 6 and 10 of 10."""
    text = """
[[appraisal.items]]
name = "visits"
what = "person-visits"
points = 90
each = 2
[[appraisal.items]]
name = "gifts"
what = "money given"
points = 10
each = 1
per = 10_000
"""
    ours = Policy.from_dict(tomllib.loads(TOML + text))
    gift = Aided("x", "ann", "money", 125_000, on=on(2))
    register = book(*monthly("ann", 1, 2, 3), gift)
    assert moves(marks(ours, register)["ann"]) == [(6, 6, ""), (Fraction(25, 2), 10, "cap")]
    less = evolve(gift, amount=25_000)
    assert marks(ours, book(less))["ann"].mark == Fraction(5, 2)


def test_rule_35_one_is_enough_to_lose_all() -> None:
    """Where each is as much as the points, one wrong check takes them all (一票否决)."""
    ours = policy(AppraisalItem("spot checks", "checked wrong", points=30, each=30))
    wrong = Checked("x", "telephone", "wrong", on=on(3))
    assert marks(ours, book())["ann"].mark == 30
    assert marks(ours, book(wrong))["ann"].mark == 0


def test_how_the_presets_appraise() -> None:
    """Panjin and Gansu count the record, by their sources; the points are said to be chosen; the others say nothing."""
    for name, words in (("panjin-2010", "appraisal of the unit"), ("gansu-2012", "leading groups and cadres")):
        rules = programme(name).appraisal
        assert words in rules.source
        assert "chosen" in rules.source
        assert sum(item.points for item in rules.items) == 100
    assert not any(programme(name).appraisal.items for name in ("hubei-2011", "liaoyang-1994"))


# --- who is credited


def test_who_retires_is_appraised_for_what_happened_until_then() -> None:
    """The giver's visits and misses are the giver's, and the taker's the taker's, whatever comes later."""
    handed = Retirement("ann", on=on(5, 10)), HandedOver("x", "ann", ["bo"], on=on(5, 10))
    register = book(*handed, *monthly("ann", 1, 2), *monthly("bo", 6, 7))
    found = marks(policy(MISSED, parts=HALVES), register)
    assert counts(found["ann"]) == [[2]]  # March and April; May ends with bo
    assert counts(found["bo"]) == [[1], [5]]
    assert days(found["ann"]) == [(BEGUN, on(5, 10))]
    assert days(found["bo"]) == [(on(5, 10), on(7)), (on(7), on(1, 1, 2013))]
    assert found["ann"].mark == 50  # there is no mark of the second half: missing is not zero
    assert str(found["ann"]) == (
        "helper ann, 2012: 50 of 60\n"
        "  half-year, 2012-01-01 .. 2012-06-30, weight 30, served 2012-01-01 .. 2012-05-09: 50 of 60\n"
        "    visits: 2 visits missed, 10 deducted: 50 of 60"
    )


def test_what_happens_later_does_not_change_earlier_marks() -> None:
    """A11: what happens in the next year leaves the marks of this one as they are, for helpers and for units."""
    items = [AppraisalItem(what, what, 50, 3) for what in (*DEDUCTED_FOR, *ADDED_FOR)]
    promise = DutyOpened("m", "x", "ann", "measure", on(12, 31), on=on(3))
    step = Step("y", "proposed", ["ann"], "bo", on=on(12, 1))
    before = book(*monthly("ann", 1, 2), promise, step, Paired("bo", "y", on=BEGUN))
    day = on(1, 1, 2013)
    later = before.record(
        Retirement("ann", on=day),
        HandedOver("x", "ann", ["di"], on=day),
        DutyPassed("m", "x", "di", on=day),
        DutyClosed("m", "x", "done at last", on=on(1, 2, 2013)),
        Step("y", "completed", ["ann"], "bo", "at last", on=day),
        Transfer("bo", "bank", on=day),
        Checked("x", "telephone", "wrong", on=day),
        *monthly("di", 1, 2, year=2013),
    )
    for of in ("helper", "unit"):
        first, second = (marks(policy(*items, parts=HALVES), register, of=of) for register in (before, later))
        assert first.keys() == second.keys()
        assert [(mark.parts, mark.mark) for mark in first.values()] == [(m.parts, m.mark) for m in second.values()]


def test_what_was_known_then_gives_the_same_marks() -> None:
    """R4: at an earlier position the marks are those of the earlier register, of visits, silence and all."""
    items = [AppraisalItem(what, what, 50, 3) for what in (*DEDUCTED_FOR, *ADDED_FOR)]
    visits = monthly("ann", 1, 2, 9)
    first = book(*visits).record(Correction(visits[0], "nobody came"))
    then = first.record(Correction(visits[2], "nobody came"), *monthly("ann", 10, 11), Paired("bo", "y", on=BEGUN))
    ours = policy(*items, visits=VisitRules(2, [MONTHLY]))
    for of in ("helper", "unit"):
        assert marks(ours, then, known=len(first), of=of) == marks(ours, first, of=of)
        assert marks(ours, then, of=of) != marks(ours, first, of=of)


def test_of_what_two_are_responsible_for_each_has_the_whole() -> None:
    """A visit that was missed is missed by both joint helpers, and once by their unit."""
    register = book(HandedOver("x", "ann", ["bo", "di"], on=on(2)), *monthly("ann", 1), *monthly("bo", 3))
    ours = policy(MISSED)
    assert [counts(mark) for mark in marks(ours, register).values()] == [[[0]], [[10]], [[10]]]
    units = marks(ours, register, of="unit")
    assert counts(units["court"]) == counts(units["bank"]) == [[10]]
    both = book(Paired("bo", "x", "second", on=BEGUN))
    assert counts(marks(ours, both, of="unit")["court"]) == [[12]]


def test_a_unit_is_measured_by_the_sums_of_its_members_shared_by_them() -> None:
    """Two members of whom one misses 12 visits and one none have 12 shared by 2, and not the mean of 0 and 60."""
    everybody = Paired("bo", "y", on=BEGUN), *monthly("bo", *range(1, 13), household="y")
    ours = policy(MISSED, AppraisalItem("gifts", "money given", 40, 1, 1_000))
    found = marks(ours, book(*everybody, Aided("x", "ann", "money", 9_000, on=on(2))), of="unit")
    (part,) = found["court"].parts
    assert [str(reason) for reason in part.reasons] == [
        "visits: 12 visits missed shared by 2, 30 deducted: 30 of 60",
        "gifts: 90.00 yuan shared by 2, 4.5 added: 4.5 of 40",
    ]
    assert found.keys() == {"court"}
    assert found["court"].mark == Fraction(69, 2)


def test_a_unit_has_what_was_done_while_its_members_belonged_to_it() -> None:
    """After a transfer visits are the new unit's, and misses too, from the window in which the transfer lies."""
    register = book(Transfer("ann", "bank", on=on(7, 15)), *monthly("ann", 1, 2, 3, 8))
    found = marks(policy(MISSED, AppraisalItem("done", "person-visits", 40, 1)), register, of="unit")
    assert {id: counts(mark) for id, mark in found.items()} == {"bank": [[5, 1]], "court": [[3, 3]]}
    assert days(found["court"]) == [(BEGUN, on(7, 15))]
    assert days(found["bank"]) == [(on(7, 15), on(1, 1, 2013))]
    end = book(Transfer("ann", "bank", on=on(7, 31)), *monthly("ann", 1, 2, 3, 8))
    assert marks(policy(MISSED), end, of="unit")["bank"].mark == marks(policy(MISSED), register, of="unit")["bank"].mark


def test_in_a_vacancy_visits_are_missed_by_the_unit() -> None:
    """Where a unit sees to a household itself, nobody but the unit is appraised for it."""
    register = book(VacancyOpened("x", "nobody has room", "bank", "ann", on=on(3)))
    assert counts(marks(policy(MISSED), register)["ann"]) == [[2]]
    assert counts(marks(policy(MISSED), register, of="unit")["bank"]) == [[10]]
    assert marks(policy(MISSED), register, of="unit")["bank"].parts[0].reasons[0].members == 1


def test_who_serves_nobody_has_no_mark() -> None:
    """A colleague who only comes along is not appraised, but counts for the unit."""
    done = AppraisalItem("done", "person-visits", 40, 1)
    register = book(Visited("x", ["ann", "bo"], on=on(2)))
    assert {id: counts(mark) for id, mark in marks(policy(done), register).items()} == {"ann": [[1]]}
    assert counts(marks(policy(done), register, of="unit")["court"]) == [[2]]
    assert marks(policy(done), Register()) == {}


# --- what is counted


def test_a_household_is_silent_on_the_last_day() -> None:
    """Silence is that of the last day of each part, and of whoever sees to the household then."""
    ours = policy(AppraisalItem("silence", "households silent", 40, 10), parts=HALVES)
    register = book(*monthly("ann", 1, 2), HandedOver("x", "ann", ["bo"], on=on(10)))
    found = marks(ours, register)
    assert (counts(found["ann"]), counts(found["bo"])) == ([[0], [0]], [[1]])
    (silence,) = found["bo"].parts[0].reasons[0].behind
    assert isinstance(silence, Silence)
    assert silence.household == "x"


@pytest.mark.parametrize(
    ("due", "closing", "helper", "behind"),
    [
        (on(6, 30), None, "ann", DutyOpened),
        (on(6, 30), DutyClosed("m", "x", "done", on=on(7, 2)), "ann", DutyOpened),
        (on(6, 30), DutyClosed("m", "x", "done", on=on(6, 30)), None, None),
        (on(6, 30), DutyClosed("m", "x", "no money", kept=False, on=on(6)), "ann", DutyClosed),
        (on(6, 30), DutyClosed("m", "x", "no money", kept=False, on=on(8)), "ann", DutyOpened),
        (None, DutyClosed("m", "x", "no money", kept=False, on=on(8)), "bo", DutyClosed),
        (None, None, None, None),
        (on(8), None, "bo", DutyOpened),
        (on(2, 1, 2013), None, None, None),
        (on(2, 1, 2013), DutyClosed("m", "x", "no", kept=False, on=on(1, 5, 2013)), None, None),
    ],
)
def test_a_measure_is_not_kept_on_the_day_by_which_it_was_due(
    due: date | None, closing: DutyClosed | None, helper: str | None, behind: Any
) -> None:
    """It counts once, on the day it was due, or was given up before; for whoever owed it on that day."""
    promise = DutyOpened("m", "x", "ann", "measure", due, on=on(2))
    handed = HandedOver("x", "ann", ["bo"], on=on(7)), DutyPassed("m", "x", "bo", on=on(7))
    entries = [promise, *handed, *([closing] if closing else [])]
    if closing is not None and closing.on < on(7):
        entries.remove(handed[1])
    found = marks(policy(AppraisalItem("promises", "measures not kept", 40, 10)), book(*entries))
    told = {id: mark.parts[0].reasons[0].behind for id, mark in found.items() if mark.mark != 40}
    assert {id: [type(thing) for thing in things] for id, things in told.items()} == (
        {helper: [behind]} if helper else {}
    )


def test_a_revisit_is_no_measure() -> None:
    """Only what was promised counts as a promise."""
    register = book(DutyOpened("r", "x", "ann", "revisit", on(6), on=on(2)))
    assert marks(policy(AppraisalItem("promises", "measures not kept", 40, 10)), register)["ann"].mark == 40


@pytest.mark.parametrize(
    ("steps", "late"),
    [
        ((), 1),
        ((("accepted", on(5, 3)),), 1),
        ((("accepted", on(5, 3)), ("completed", on(5, 11))), 0),
        ((("accepted", on(5, 3)), ("completed", on(5, 12))), 1),
        ((("declined", on(5, 3)),), 0),
        ((("lapsed", on(5, 12)),), 1),
        ((("declined", on(5, 3)), ("proposed", on(5, 4))), 1),
    ],
)
def test_a_handover_is_late_that_is_under_way_at_the_end_of_its_deadline(
    steps: tuple[tuple[str, date], ...], late: int
) -> None:
    """It counts on the day of the deadline, for the takers; what is declined and proposed again has a new deadline."""
    rules = HandoverRules(deadline=10)
    ours = policy(AppraisalItem("handovers", "handovers late", 40, 10), handover=rules)
    entries = [Step("x", "proposed", ["bo"], "ann", on=on(5, 1))]
    entries += [Step("x", step, ["bo"], "ann", "so", on=day) for step, day in steps]
    found = marks(ours, book(Paired("bo", "y", on=BEGUN), *entries))
    assert (counts(found["ann"]), counts(found["bo"])) == ([[0]], [[late]])
    if late:
        (step,) = found["bo"].parts[0].reasons[0].behind
        assert step == (entries[0] if len(steps) < 2 or steps[1][0] != "proposed" else entries[2])


def test_a_handover_that_was_proposed_twice_on_a_day_is_late_once() -> None:
    """Who declined on that day is not asked any more; a proposal that stands there twice is one."""
    rules = HandoverRules(deadline=10)
    ours = policy(AppraisalItem("handovers", "handovers late", 40, 10), handover=rules)
    asked = [Step("x", "proposed", [id], "ann", on=on(5, 1)) for id in ("bo", "cy")]
    serve = Paired("bo", "y", on=BEGUN), Paired("cy", "z", on=BEGUN)
    declined = Step("x", "declined", ["bo"], "ann", "ill", on=on(5, 1))
    found = marks(ours, book(*serve, *asked, declined))
    assert {id: counts(mark) for id, mark in found.items()} == {"ann": [[0]], "bo": [[0]], "cy": [[1]]}
    assert found["cy"].parts[0].reasons[0].behind == (asked[1],)
    again = evolve(asked[0], reason="asked again")
    assert counts(marks(ours, book(*serve, asked[0], again))["bo"]) == [[1]]


def test_the_deadline_is_that_of_the_version_in_which_it_was_proposed() -> None:
    """A later version does not shorten or lengthen what is under way."""
    item = AppraisalItem("handovers", "handovers late", 40, 10)
    first = policy(item, handover=HandoverRules(deadline=250))
    second = policy(item, handover=HandoverRules(deadline=10), effective=on(5, 5), earlier=first)
    register = book(Paired("bo", "y", on=BEGUN), Step("x", "proposed", ["bo"], "ann", on=on(5, 1)))
    assert counts(marks(second, register)["bo"]) == [[0]]
    assert counts(marks(second, register, year=2013)["bo"]) == [[1]]


# --- which rules hold


def test_the_version_at_the_end_of_the_year_says_what_counts() -> None:
    """Items and parts are those in force on the last day of the year; visits are due by the version of their day."""
    first = policy(AppraisalItem("old", "person-visits", 10, 1))
    second = policy(MISSED, effective=on(12, 31), earlier=first)
    assert counts(marks(second, book())["ann"]) == [[12]]
    assert [m.full for m in marks(second, book()).values()] == [60]
    third = policy(AppraisalItem("new", "exits", 10, 1), effective=on(1, 1, 2013), earlier=second)
    assert marks(third, book()) == marks(second, book())
    ended = evolve(second, until=on(5, 1, 2013))
    (part,) = marks(ended, book(), year=2013)["ann"].parts
    assert part.span == Span(on(1, 1, 2013), on(5, 1, 2013))
    assert part.reasons[0].count == Amount(4, "visits missed")


def test_a_part_before_the_policy_does_not_weigh() -> None:
    """A policy that takes effect in September has a year-end alone; parts may overlap."""
    ours = policy(MISSED, parts=HALVES, effective=on(9), visits=VisitRules(6, [VisitRule("visit", months=1)]))
    mark = marks(ours, book())["ann"]
    assert [part.span for part in mark.parts] == [Span(on(9), on(1, 1, 2013))]
    assert mark.mark == 60 - 4 * 5
    whole = AppraisalPart("year-end", 70)
    mark = marks(policy(MISSED, parts=(HALVES[0], whole)), book(*monthly("ann", *range(1, 7))))["ann"]
    assert counts(mark) == [[0], [6]]
    assert mark.mark == Fraction(30 * 60 + 70 * 30, 100)


REGISTER = book()
NOTHING = Policy("ours", (HelperRule(Quota(1)),), effective=BEGUN)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"policy": None}, "policy: wanted a Policy, got nothing [bad-type]"),
        ({"roster": 5}, "roster: wanted a Roster, got 5 [bad-type]"),
        ({"register": ()}, "register: wanted a Register, got a value of type tuple [bad-type]"),
        ({"of": "household"}, "of: wanted one of helper, unit; got 'household' [unknown-group]"),
        ({"year": "2012"}, "year: wanted a year as a whole number, got '2012' [bad-number]"),
        ({"year": True}, "year: wanted a year as a whole number, got True [bad-number]"),
        ({"year": 9999}, "year: wanted a year as a whole number, got 9999 [bad-number]"),
        ({"year": 2011}, "year: wanted a year in which the policy ours is in force, got 2011 [not-in-force]"),
        ({"known": 5}, "known: wanted a number of entries from 0 to 1, got 5 [unknown-position]"),
        (
            {"policy": NOTHING},
            "policy: wanted a policy with items of appraisal in 2012, got ours, which has none [no-appraisal]",
        ),
        (
            {"policy": policy(MISSED, parts=[AppraisalPart("spring", 100, 3, 5)], effective=on(9))},
            "year: wanted a year in parts of which the policy ours is in force, got 2012 [not-in-force]",
        ),
    ],
)
def test_wrong_arguments_are_told(more: dict[str, Any], text: str) -> None:
    """Each wrong argument is told, with what was wanted."""
    arguments: dict[str, Any] = {"policy": policy(MISSED), "roster": ROSTER, "register": REGISTER, "year": 2012}
    with pytest.raises(ArgumentError) as caught:
        appraise(**arguments | more)
    assert str(caught.value) == text


# --- laws

HOUSEHOLDS, HELPERS = ("w", "x", "y", "z"), ("ann", "bo", "cy", "di")
DAYS = st.integers(0, 365).map(lambda n: BEGUN + timedelta(n))
ITEMS = st.lists(
    st.builds(
        AppraisalItem,
        st.just("item"),
        st.sampled_from((*DEDUCTED_FOR, *ADDED_FOR)),
        st.integers(1, 30),
        st.integers(1, 9),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=5,
).map(lambda items: [evolve(item, name=f"item {n}") for n, item in enumerate(items)])


@st.composite
def books(draw: st.DrawFn) -> Register:
    """Return a register of a year in which anything that is appraised may happen."""
    register = Register()
    for household in HOUSEHOLDS:
        holder = draw(st.sampled_from(HELPERS))
        register = register.record(Paired(holder, household, on=draw(DAYS)))
        for n, (day, taker) in enumerate(sorted(draw(st.lists(st.tuples(DAYS, st.sampled_from(HELPERS)), max_size=2)))):
            entry = HandedOver(household, holder, [taker], on=day, id=f"{household} {n}")
            try:
                register, holder = register.record(entry), taker
            except RegisterError:
                continue
    deeds: list[Entry] = []
    for n in range(draw(st.integers(0, 12))):
        household, helper, day = draw(st.sampled_from(HOUSEHOLDS)), draw(st.sampled_from(HELPERS)), draw(DAYS)
        choices: list[list[Entry]] = [
            [Visited(household, sorted({helper, draw(st.sampled_from(HELPERS))}), on=day)],
            [Aided(household, helper, "money", draw(st.integers(1, 99)), on=day)],
            [Checked(household, "telephone", draw(st.sampled_from(("wrong", "fine", "not reached"))), on=day)],
            [DutyOpened(f"m{n}", household, helper, "measure", day + timedelta(draw(st.integers(0, 40))), on=day)],
            [
                DutyOpened(f"m{n}", household, helper, "measure", on=day),
                DutyClosed(
                    f"m{n}", household, "over", draw(st.booleans()), on=day + timedelta(draw(st.integers(1, 9)))
                ),
            ],
            [Step(household, "proposed", [helper], on=day, id=f"step {n}")],
        ]
        deeds += draw(st.sampled_from(choices))
    for helper in draw(st.sets(st.sampled_from(HELPERS), max_size=2)):
        deeds.append(Transfer(helper, draw(st.sampled_from(("court", "bank"))), on=draw(DAYS)))
    return register.record(*deeds)


def recount(reason: Reason, id: str) -> int:
    """Return how many there are, by what stands behind a reason alone."""
    found = 0
    for thing in reason.behind:
        if isinstance(thing, DueVisit):
            found += thing.due - thing.valid
        elif isinstance(thing, Visited) and reason.item.what == "person-visits":
            found += thing.helpers.count(id)
        elif isinstance(thing, Aided):
            found += thing.amount
        else:
            found += 1
    return found


ANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@ANY
@given(books(), ITEMS, st.sampled_from(("helper", "unit")), st.sampled_from(((), HALVES)))
def test_a_mark_is_the_sum_of_its_items_by_the_weights(
    register: Register, items: list[AppraisalItem], of: str, parts: Any
) -> None:
    """Each item lies between 0 and its points, a part is the sum of its items, the mark the parts by their weights."""
    for mark in appraise(policy(*items, parts=parts), ROSTER, register, year=2012, of=of):
        for part in mark.parts:
            assert [reason.item for reason in part.reasons] == items
            for reason in part.reasons:
                item = reason.item
                points = Fraction(item.each * reason.count.value, item.per * reason.members)
                wanted = item.points - points if item.what in DEDUCTED_FOR else points
                assert reason.mark == min(max(wanted, Fraction(0)), Fraction(item.points))
                assert reason.bound in ("", "floor" if item.deducts else "cap")
                assert bool(reason.bound) == (wanted < 0 or wanted > item.points)
            assert part.mark == sum(reason.mark for reason in part.reasons)
            assert 0 <= part.mark <= mark.full
        weights = {part.part.weight: part.mark for part in mark.parts}
        assert mark.mark * sum(weights) == sum(weight * value for weight, value in weights.items())
        assert 0 <= mark.mark <= mark.full == sum(item.points for item in items)


@ANY
@given(books(), ITEMS)
def test_the_reasons_of_helpers_recount_to_their_marks(register: Register, items: list[AppraisalItem]) -> None:
    """A9: what stands behind a reason, counted again, gives its count, and so its mark."""
    for mark in appraise(policy(*items, parts=HALVES), ROSTER, register, year=2012):
        for part in mark.parts:
            for reason in part.reasons:
                assert recount(reason, mark.id) == reason.count.value


@ANY
@given(books(), ITEMS)
def test_halves_add_up_to_the_year(register: Register, items: list[AppraisalItem]) -> None:
    """A1: but for silence, which is that of a day, what two halves count comes to what the year counts."""
    items = [item for item in items if item.what != "households silent"] or [MISSED]
    for of in ("helper", "unit"):
        halves = marks(policy(*items, parts=HALVES), register, of=of)
        whole = marks(policy(*items), register, of=of)
        assert halves.keys() == whole.keys()
        for id, mark in halves.items():
            added = [sum(row) for row in zip(*counts(mark), strict=True)]
            if len(mark.parts) == 2:
                assert added == counts(whole[id])[0]
            else:
                assert all(one <= two for one, two in zip(added, counts(whole[id])[0], strict=True))


@ANY
@given(books())
def test_marks_count_what_the_figures_count(register: Register) -> None:
    """What points are added for is the figure of `totals`, of helpers and of units."""
    items = [AppraisalItem(what, what, 50, 1) for what in ADDED_FOR]
    for of in ("helper", "unit"):
        table = totals(register, ROSTER, during=year(2012), by=of)
        for id, mark in marks(policy(*items), register, of=of).items():
            cells = [table[id, what] if (id,) in table.rows else Amount(0, what) for what in ADDED_FOR]
            assert counts(mark) == [[getattr(cell, "value", None) for cell in cells]]


@ANY
@given(books(), ITEMS, st.data())
def test_more_faults_never_make_a_mark_better(register: Register, items: list[AppraisalItem], data: Any) -> None:
    """Another wrong check lowers no other mark, and raises none; another visit in person lowers none."""
    for household, holder in ((p.household, p.helper) for p in register.view(on=on(12, 31)).pairings):
        later = register.record(
            Checked(household, "telephone", "wrong", "again", on=on(12, 31)),
        )
        visited = register.record(Visited(household, [holder], on=on(12, 31), id="again"))
        ours = policy(*items, parts=HALVES)
        now, worse, better = (marks(ours, book) for book in (register, later, visited))
        holders = {p.helper for p in register.view(on=on(12, 31)).helpers_of(household)}
        for id, mark in now.items():
            assert worse[id].mark <= mark.mark <= better[id].mark
            assert id in holders or worse[id].mark == mark.mark
        break


def test_every_pair_of_items_stands_by_itself() -> None:
    """What one item counts does not depend on which others are asked."""
    register = book(*monthly("ann", 1, 2), Checked("x", "telephone", "wrong", on=on(2)))
    items = [AppraisalItem(what, what, 50, 1) for what in (*DEDUCTED_FOR, *ADDED_FOR)]
    alone = {item.what: counts(marks(policy(item), register)["ann"])[0][0] for item in items}
    for one, other in combinations(items, 2):
        assert counts(marks(policy(one, other), register)["ann"]) == [[alone[one.what], alone[other.what]]]


# --- in print


def test_a_mark_is_printed_with_its_reasons_and_no_names() -> None:
    """The id stands there, rounded points, the bounds; a repr is one line; the name of nobody is in either."""
    people = Roster(
        AREAS, UNITS, [Helper("ann", "court", "staff", name="王小明")], [Household("x", "v", name="李大山")]
    )
    items = MISSED, AppraisalItem("gifts", "money given", 1, 1, 30_000), AppraisalItem("done", "person-visits", 1, 1)
    gift = Aided("x", "ann", "money", 20_000, mark="over", on=on(2))
    (mark,) = appraise(policy(*items), people, book(gift, *monthly("ann", 2, 3)), year=2012)
    assert str(mark) == (
        "helper ann, 2012: 11.67 of 62\n"
        "  year, 2012-01-01 .. 2012-12-31, weight 100: 11.67 of 62\n"
        "    visits: 10 visits missed, 50 deducted: 10 of 60\n"
        "    gifts: over 200.00 yuan, 0.67 added: 0.67 of 1\n"
        "    done: 2 person-visits, 2 added: 1 of 1 (cap)"
    )
    assert repr(mark) == "Mark(of='helper', id='ann', year=2012, known=4)"
    assert "\n" not in repr(mark.parts[0])
    assert not {*"王小明李大山"} & {*str(mark), *repr(mark), *repr(mark.parts)}


def test_a_helper_released_at_the_end_of_the_year_was_there() -> None:
    """Whoever served on a single day of a part has a mark for it."""
    register = book(Released("ann", "x", "moved", override="by order", on=on(7, 2)))
    assert days(marks(policy(MISSED, parts=HALVES), register)["ann"]) == [(BEGUN, on(7)), (on(7), on(7, 2))]
