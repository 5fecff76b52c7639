"""The years ahead: small outlooks worked out by hand, and the same figures from relays done one by one."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.dates import Span, periods
from pairing.entries import Change, Death, Offer, Paired, Retirement
from pairing.errors import ArgumentError
from pairing.foreseeing import Outlook, UnitAhead, YearAhead, foresee
from pairing.handover import relay
from pairing.people import Helper, Household, Link, Unit
from pairing.policy import Policy
from pairing.programmes import programme
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule, RetirementRule
from pairing.synthetic import population
from pairing.years import household_days

START = date(2013, 1, 1)
POLICY = Policy("ours", (HelperRule(Quota(0, 1)),), retirement=[RetirementRule(720)])
YOUNG = date(1985, 1, 1)


def roster(*helpers: Helper, households: str = "xy") -> Roster:
    return Roster(
        areas=AreaTree([Area("v", "上坪村", "village")]),
        units=[Unit("court", "county", "v"), Unit("finance", "county", "v")],
        helpers=helpers,
        households=[Household(id, "v") for id in households],
        links=[Link("court", "v"), Link("finance", "v")],
    )


ANN = Helper("ann", "court", "staff", birth=date(1953, 5, 5))  # out from 2013-06-01
BO = Helper("bo", "court", "staff", birth=date(1954, 8, 8))  # out from 2014-09-01
CY = Helper("cy", "court", "staff", birth=date(1955, 2, 10))  # out from 2015-03-01
DAN = Helper("dan", "finance", "staff", birth=YOUNG)
EVE = Helper("eve", "finance", "staff", service=Span(date(2000, 1, 1), date(2014, 4, 1)))
PEOPLE = roster(ANN, BO, CY, DAN, EVE)
BOOK = Register().record(Paired("ann", "x", on=date(2012, 2, 8)), Paired("bo", "y", on=date(2012, 2, 8)))


def figures(outlook: Outlook) -> list[tuple[int, int, int, int]]:
    return [(year.leavers, year.households, year.to_other_units, year.vacancies) for year in outlook.years]


def test_three_years_worked_out_by_hand() -> None:
    """In 2013 ann's household goes to cy; in 2014 bo's to the finance office, as cy is full, and eve leaves with none;
    in 2015 cy retires, and nobody is left: the court runs out of room in September 2014."""
    outlook = foresee(POLICY, PEOPLE, BOOK, start=START, years=3)
    assert figures(outlook) == [(1, 1, 0, 0), (2, 1, 1, 0), (1, 0, 0, 1)]
    assert [year.span for year in outlook.years] == [
        Span(date(year, 1, 1), date(year + 1, 1, 1)) for year in (2013, 2014, 2015)
    ]
    assert outlook.units == (UnitAhead("court", date(2014, 9, 1), 1, 1),)
    assert outlook.of("court") == outlook.units[0]
    assert outlook.of("finance") is None
    assert (outlook.leavers, outlook.households, outlook.vacancies) == (4, 2, 1)


def test_the_pages() -> None:
    """A repr is one line; the page has a line for each year and for each unit without room; a notebook has tables."""
    outlook = foresee(POLICY, PEOPLE, BOOK, start=START, years=3)
    line = "Outlook('ours', 2013-01-01 .. 2016-01-01, 4 leavers, 2 households, 1 vacancies, 1 units without room)"
    assert repr(outlook) == line
    assert str(outlook) == outlook.summary()
    assert str(outlook).splitlines() == [
        line,
        "",
        "  year from     leavers  pass on  elsewhere  vacancies",
        "  2013-01-01          1        1          0          0",
        "  2014-01-01          2        1          1          0",
        "  2015-01-01          1        0          0          1",
        "",
        "  unit                 no room from  elsewhere  vacancies",
        "  court                  2014-09-01          1          1",
    ]
    page = outlook._repr_html_()
    assert page.count("<tr>") == 2 + 3 + 1
    assert '<th scope="row">court</th><td>2014-09-01</td><td>1</td><td>1</td>' in page
    many = evolve(outlook, units=tuple(UnitAhead(f"u-{n}", START, 1, 0) for n in range(23)))
    assert str(many).splitlines()[-2:] == [
        "  u-19                   2013-01-01          1          0",
        "  … and 3 more units",
    ]
    calm = foresee(POLICY, roster(DAN), Register(), start=START, years=1)
    assert str(calm).splitlines()[-1] == "  every unit has room for the households of its own"
    assert calm.units == ()


def test_the_register_is_not_changed() -> None:
    """The register passed in has the same entries and views as before, and grows on as if nobody had looked ahead."""
    book = Register().record(*BOOK)
    lines = book._lines
    before = list(book), book.view(on=date(2020, 1, 1)).pairings
    foresee(POLICY, PEOPLE, book, start=START, years=3)
    assert (list(book), book.view(on=date(2020, 1, 1)).pairings) == before
    assert len(lines.entries) == 2
    later = book.record(Paired("dan", "y", on=date(2013, 1, 1)))
    assert later._lines is lines
    assert len(later) == 3


def test_what_is_recorded_already_is_not_relayed_again() -> None:
    """Who is known to leave counts as a leaver in the year in which it is, and passes on what the register says."""
    ahead = BOOK.record(*relay(POLICY, PEOPLE, BOOK, [Death("ann", on=date(2013, 3, 3))]).entries())
    outlook = foresee(POLICY, PEOPLE, ahead, start=START, years=2)
    assert figures(outlook) == [(1, 0, 0, 0), (2, 1, 1, 0)]
    assert figures(foresee(POLICY, PEOPLE, ahead, start=date(2014, 1, 1), years=1)) == [(2, 1, 1, 0)]


def test_who_should_have_left_leaves_on_the_first_day() -> None:
    """Whoever is past the age, and still responsible, leaves on the first day; who is not has left already."""
    old = evolve(ANN, birth=date(1950, 5, 5))
    idle = Helper("zoe", "court", "staff", birth=date(1940, 1, 1))
    outlook = foresee(POLICY, roster(old, CY, idle), BOOK, start=START, years=1)
    assert figures(outlook) == [(1, 1, 0, 0)]
    ended = evolve(ANN, birth=YOUNG, service=Span(date(2000, 1, 1), date(2012, 12, 1)))
    assert figures(foresee(POLICY, roster(ended, CY), BOOK, start=START, years=1)) == [(1, 1, 0, 0)]


def test_who_is_paired_on_the_first_day_leaves_on_the_next() -> None:
    """A responsibility that begins on the first day lasts a day, whatever the age; one that begins later is kept."""
    old = evolve(ANN, birth=date(1950, 5, 5))
    book = Register().record(Paired("ann", "x", on=START))
    outlook = foresee(POLICY, roster(old, CY), book, start=START, years=1)
    assert figures(outlook) == [(1, 1, 0, 0)]
    alone = foresee(POLICY, roster(old), book, start=START, years=1)
    assert alone.units == (UnitAhead("court", date(2013, 1, 2), 0, 1),)
    late = Register().record(Paired("ann", "x", on=date(2014, 5, 1)))
    assert figures(foresee(POLICY, roster(old, CY), late, start=START, years=2)) == [(0, 0, 0, 0), (1, 1, 0, 0)]


def test_nobody_leaves_before_beginning() -> None:
    """Whose service begins after the age of retirement is not reckoned with, nor who has no birth date."""
    late = evolve(ANN, service=Span(date(2020, 1, 1)))
    nobody = Helper("gus", "court", "staff")
    outlook = foresee(POLICY, roster(late, nobody), Register(), start=START, years=2)
    assert figures(outlook) == [(0, 0, 0, 0)] * 2


def test_volunteers_of_another_unit_show_no_want_of_room() -> None:
    """A volunteer from elsewhere goes before colleagues who have room: the unit has not run out."""
    book = BOOK.record(Offer("dan", giver="ann", on=date(2012, 6, 1)))
    policy = evolve(POLICY, handover=evolve(POLICY.handover, ladder=("volunteer", "unit", "linked")))
    outlook = foresee(policy, PEOPLE, book, start=START, years=1)
    assert figures(outlook) == [(1, 1, 0, 0)]
    assert outlook.units == ()


@settings(deadline=None, max_examples=6)
@given(st.sampled_from(["panjin-2010", "liaoyang-1994", "gansu-2012"]), st.integers(0, 10**6))
def test_the_years_are_the_relays_of_the_leavers(name: str, seed: int) -> None:
    """The years come to what the relays of the leavers come to, done one by one, each recorded; and no household has
    a day with neither helper nor vacancy."""
    on = {"panjin-2010": date(2010, 12, 1), "liaoyang-1994": date(1996, 12, 31), "gansu-2012": date(2012, 2, 8)}[name]
    policy = programme(name)
    plan = pair(policy, population(name, scale=0.01, seed=seed), on=on)
    people, register = plan.roster, Register().record(*plan.entries())
    start = date(on.year + 1, on.month, 1)
    outlook = foresee(policy, people, register, start=start, years=3)
    passed, vacant, gone = [], [], set[str]()
    for span, _ in zip(periods(start, 12), range(3), strict=False):
        changes: list[Change] = []
        for helper in people.helpers:
            day = policy.at(span.start).retires(helper)
            held = register.view(on=span.start).households_of(helper.id)
            if day is None or day >= (span.end or date.max) or helper.id in gone or (day < span.start and not held):
                continue
            gone.add(helper.id)
            changes.append(Retirement(helper.id, on=max(day, span.start)))
        handover = relay(policy, people, register, changes)
        register = register.record(*handover.entries())
        passed.append(len(handover.passings))
        vacant.append(len(handover.vacancies))
    assert [year.households for year in outlook.years] == passed
    assert [year.vacancies for year in outlook.years] == vacant
    assert outlook.leavers == len(gone)
    assert sum(year.to_other_units for year in outlook.years) == sum(unit.to_other_units for unit in outlook.units)
    assert sum(unit.vacancies for unit in outlook.units) == outlook.vacancies
    assert household_days(register, outlook.years[-1].span.end or date.max).neither == 0


@pytest.mark.parametrize("years", [0, -1, True, 1.0, "2", None])
def test_years_are_a_number(years: Any) -> None:
    """Years are a whole number from 1 on."""
    with pytest.raises(ArgumentError) as caught:
        foresee(POLICY, PEOPLE, BOOK, start=START, years=years)
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [("bad-number", "years")]


def test_wrong_arguments_are_told_at_once() -> None:
    """Arguments of other types are all told; so is a day that is none, and a span beyond the calendar."""
    wrong: Any = None
    with pytest.raises(ArgumentError) as caught:
        foresee(wrong, wrong, wrong, start=START, years=0)
    assert [problem.field for problem in caught.value.problems] == ["policy", "roster", "register", "years"]
    with pytest.raises(ArgumentError) as caught:
        foresee(POLICY, PEOPLE, BOOK, start=wrong, years=1)
    assert caught.value.code == "bad-date"
    with pytest.raises(ArgumentError) as caught:
        foresee(POLICY, PEOPLE, BOOK, start=date(9998, 1, 1), years=5)
    assert (caught.value.code, caught.value.problems[0].field) == ("bad-number", "years")


def test_values() -> None:
    """A year and a unit are values, and a unit hides an identity number."""
    span = Span(START, date(2014, 1, 1))
    assert YearAhead(span, 1, 1, 0, 0) == foresee(POLICY, PEOPLE, BOOK, start=START, years=1).years[0]
    assert "11010519491231002X" not in repr(UnitAhead("11010519491231002X", START, 1, 0))
