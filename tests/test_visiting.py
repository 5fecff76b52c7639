"""When visits are due, what was made and what counts of it, what is overdue, and where nobody came."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.deeds import CHANNELS, Visited
from pairing.entries import (
    Correction,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    Merger,
    Move,
    Paired,
    Relapse,
    Released,
    Retirement,
    StruckOff,
    Transfer,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import ArgumentError, RegisterError
from pairing.festivals import FESTIVALS, festival
from pairing.muster import Muster
from pairing.people import Helper, Household, Unit
from pairing.policy import Policy
from pairing.programmes import programme
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule, VisitRule, VisitRules
from pairing.visiting import DueTally, DueVisit, Silence, due_visits, overdue, silent, tally_due

AREAS = AreaTree([Area("v", "东村", "village"), Area("w", "西村", "village")])
UNITS = [Unit("court", "county", "v"), Unit("bank", "county", "v")]
HELPERS = [Helper(id, unit, "staff") for id, unit in (("ann", "court"), ("bo", "court"), ("cy", "bank"))]
BEGUN = date(2012, 1, 1)
NEVER = "nobody"


def on(month: int, day: int = 1, year: int = 2012) -> date:
    return date(year, month, day)


def roster(*households: Household) -> Roster:
    return Roster(AREAS, UNITS, HELPERS, households or [Household("x", "v"), Household("y", "w")])


def policy(*rules: VisitRule, silence: int = 6, effective: date | None = BEGUN, **more: Any) -> Policy:
    visits = VisitRules(silence, rules)
    return Policy("ours", (HelperRule(Quota(1)),), effective=effective, visits=visits, **more)


def register(*entries: Entry) -> Register:
    return Register().record(*entries)


def counts(rows: Sequence[DueVisit]) -> list[tuple[str, date, int, int, int]]:
    """Return household, first day of the window, due, made and valid of each occasion."""
    return [(row.household, row.window.start, row.due, row.made, row.valid) for row in rows]


AX = Paired("ann", "x", on=BEGUN)
YEAR = Span(BEGUN, date(2013, 1, 1))
QUARTER = VisitRule("home visit", months=3)
CALL = VisitRule("call", months=1, channels=["telephone"])


# --- the rules of programmes


def test_rule_24_visits_by_channel_and_period() -> None:
    """At least 4 home visits a year and a call a month: calls are no home visits, and home visits no calls."""
    rules = VisitRule("home visit", 4, months=12), CALL
    visits = [Visited("x", ["ann"], on=on(month, 10)) for month in (2, 5, 8)]
    calls = [Visited("x", ["ann"], "telephone", on=on(month, 3)) for month in range(1, 12)]
    rows = due_visits(policy(*rules), roster(), register(AX, *visits, *calls), during=YEAR)
    assert tally_due(rows) == (DueTally("call", 12, 12, 14, 11, 1), DueTally("home visit", 1, 4, 14, 3, 1))
    assert [row.window.start for row in rows if row.missing] == [on(12), on(1)]


def test_rule_24_weekly_contact_and_a_visit_every_half_month() -> None:
    """Weeks and fortnights are counted from the day on which the policy takes effect."""
    contact = VisitRule("contact", days=7, channels=["in person", "telephone", "message"])
    visit = VisitRule("visit", days=15)
    january = Span(BEGUN, on(2))
    entries = AX, Visited("x", ["ann"], on=on(1, 15)), Visited("x", ["ann"], "message", on=on(1, 22))
    rows = due_visits(policy(contact, visit), roster(), register(*entries), during=january)
    assert [(row.rule, row.window.start.day, row.valid) for row in rows] == [
        ("contact", 1, 0),
        ("contact", 8, 0),
        ("visit", 1, 1),
        ("contact", 15, 1),
        ("contact", 22, 1),
        ("visit", 16, 0),
    ]


def test_rule_24_visits_by_status() -> None:
    """Exited households are visited every quarter, others every month, and those that fell back every half month."""
    rules = [
        VisitRule("exited", months=3, statuses=["exited"]),
        VisitRule("poor", months=1, statuses=["none"]),
        VisitRule("fallen back", days=15, statuses=["fallen back"]),
    ]
    entries = AX, Exit("x", on=on(3, 15)), Relapse("x", on=on(11, 5))
    rows = due_visits(policy(*rules), roster(), register(*entries), during=YEAR)
    assert [(row.rule, row.window.start) for row in rows] == [
        ("poor", on(1)),
        ("poor", on(2)),
        ("exited", on(4)),
        ("exited", on(7)),
        ("fallen back", on(11, 11)),
        ("fallen back", on(11, 26)),
        ("fallen back", on(12, 11)),
    ]


def test_rule_24_who_left_poverty_is_revisited_by_who_has_the_duty() -> None:
    """After the release only rules that name the status hold, for whoever has the duty to revisit the household."""
    rules = [VisitRule("revisit", months=3, statuses=["exited"]), VisitRule("ordinary", months=3)]
    left = Released("ann", "x", "goal met", waiver="no household is left", on=on(3, 1))
    entries = AX, Exit("x", on=on(3, 1)), DutyOpened("r", "x", "ann", "revisit", on=on(3, 1)), left
    visit, other = Visited("x", ["ann"], on=on(5)), Visited("x", ["bo"], on=on(6))
    passed, done = DutyPassed("r", "x", "bo", on=on(7)), DutyClosed("r", "x", "watch over", on=on(11, 30))
    late = Visited("x", ["bo"], on=on(8))
    rows = due_visits(policy(*rules), roster(), register(*entries, visit, other, passed, late, done), during=YEAR)
    assert [(row.rule, row.window.start, row.helpers, row.made, row.valid) for row in rows] == [
        ("revisit", on(4), ("ann",), 2, 1),
        ("revisit", on(7), ("bo",), 1, 1),
    ]


def test_rule_25_visits_are_due_at_festivals_by_the_lunar_calendar() -> None:
    """Before Spring Festival, Dragon Boat and Mid-Autumn, on the days that these have in the year."""
    rule = VisitRule("festival", festivals=["spring-festival", "dragon-boat", "mid-autumn"], before=7)
    visits = [Visited("x", ["ann"], on=day) for day in (on(1, 15), on(1, 16), on(6, 23), on(10, 1))]
    rows = due_visits(policy(rule), roster(), register(AX, *visits), during=YEAR)
    assert [(str(row.window), row.made) for row in rows] == [
        ("Span(2012-01-16 .. 2012-01-24)", 1),
        ("Span(2012-06-16 .. 2012-06-24)", 1),
        ("Span(2012-09-23 .. 2012-10-01)", 0),
    ]


def test_rule_25_visits_are_due_in_farming_seasons() -> None:
    """Spring ploughing and autumn harvest are windows of days, both ends within; one may run over New Year."""
    rule = VisitRule("season", seasons=["03-15/05-15", "12-20/01-10"])
    visits = [Visited("x", ["ann"], on=day) for day in (on(3, 14), on(5, 15), on(5, 16), date(2013, 1, 10))]
    rows = due_visits(policy(rule), roster(), register(AX, *visits), during=Span(BEGUN, date(2013, 2, 1)))
    assert [(str(row.window), row.made) for row in rows] == [
        ("Span(2012-03-15 .. 2012-05-16)", 1),
        ("Span(2012-12-20 .. 2013-01-11)", 1),
    ]


@pytest.mark.parametrize("channel", CHANNELS[1:])
def test_rule_26_other_channels_count_as_reached_but_never_as_a_home_visit(channel: str) -> None:
    """A household that was reached otherwise is reached; no visit in person was made, and the silence goes on."""
    anyhow = VisitRule("reached", months=12, channels=CHANNELS)
    home = VisitRule("home visit", months=12)
    entries = register(AX, Visited("x", ["ann"], channel, on=on(12, 1)))
    rows = due_visits(policy(anyhow, home), roster(), entries, during=YEAR)
    assert {row.rule: (row.made, row.valid, row.missing) for row in rows} == {
        "reached": (1, 1, 0),
        "home visit": (1, 0, 1),
    }
    assert silent(policy(), roster(), entries, on=date(2013, 1, 1)) == (
        Silence("x", 12, None, on(12, 1), ("ann",), "v"),
    )


def test_rule_27_an_alarm_where_nobody_came_for_half_a_year() -> None:
    """Half a year to the day after the last visit there is none yet, and on the day after there is."""
    book = register(
        AX, Paired("bo", "y", on=on(1)), Visited("x", ["ann"], on=on(3, 10)), Visited("y", ["bo"], on=on(9))
    )
    assert silent(policy(), roster(), book, on=on(9, 10)) == ()
    (alarm,) = silent(policy(), roster(), book, on=on(9, 11))
    assert alarm == Silence("x", 6, on(3, 10), on(3, 10), ("ann",), "v")
    assert silent(policy(silence=7), roster(), book, on=on(9, 11)) == ()


def test_rule_28_due_made_and_valid_are_three_counts() -> None:
    """Due by the rule, made by anybody through any channel, valid by who was responsible through one that counts."""
    made = [
        Visited("x", ["ann"], on=on(1, 5)),
        Visited("x", ["ann", "bo"], on=on(1, 6)),
        Visited("x", ["bo"], on=on(1, 7)),
        Visited("x", ["ann"], "leaflet", on=on(1, 8)),
        Visited("x", ["ann"], on=on(4, 1)),
    ]
    (row,) = due_visits(
        policy(VisitRule("home visit", 3, months=3)), roster(), register(AX, *made), during=Span(on(3), on(5))
    )
    assert (row.due, row.made, row.valid, row.missing) == (3, 4, 2, 1)
    assert repr(row) == (
        "DueVisit(household='x', rule='home visit', window=Span(2012-01-01 .. 2012-04-01), due=3, made=4, valid=2, "
        "helpers=('ann',))"
    )


# --- windows


def test_months_are_counted_from_the_day_on_which_the_policy_takes_effect() -> None:
    """A bound is that day plus so many months, so that the 31st comes back after February; the first is the day."""
    ours = policy(VisitRule("visit", months=1), effective=on(1, 31))
    entries = register(Paired("ann", "x", on=date(2011, 1, 1)))
    rows = due_visits(ours, roster(), entries, during=Span(date(2011, 6, 1), on(5, 1)))
    assert [row.window.start for row in rows] == [on(1, 31), on(2, 29), on(3, 31)]


def test_without_such_a_day_they_are_counted_from_a_monday_in_1900() -> None:
    """Then months are those of the calendar, and weeks begin on Mondays."""
    ours = policy(VisitRule("month", months=1), VisitRule("week", days=7), effective=None)
    rows = due_visits(ours, roster(), register(AX), during=Span(on(3), on(4)))
    assert [row.window for row in rows if row.rule == "month"] == [Span(on(3), on(4))]
    weeks = [row.window for row in rows if row.rule == "week"]
    assert {window.start.weekday() for window in weeks} == {0}
    assert (len(weeks), weeks[0].end, weeks[-1].end) == (4, on(3, 5), on(3, 26))


RULES = st.one_of(
    st.builds(lambda n: VisitRule("r", months=n), st.integers(1, 30)),
    st.builds(lambda n: VisitRule("r", days=n), st.integers(1, 500)),
    st.builds(
        lambda names, before, after: VisitRule("r", festivals=names, before=before, after=after),
        st.lists(st.sampled_from(FESTIVALS), min_size=1, unique=True),
        st.integers(0, 6),
        st.integers(0, 6),
    ),
    st.builds(
        lambda seasons: VisitRule("r", seasons=seasons),
        st.lists(
            st.sampled_from(("03-15/05-15", "05-16/05-16", "09-01/11-01", "12-20/02-29")), min_size=1, unique=True
        ),
    ),
)
DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))


def window_of(rule: VisitRule, last: date, start: date) -> Span | None:
    """Return the window of a rule whose last day is a day, found by going from day to day; or None."""
    after = last + timedelta(1)
    if rule.months or rule.days:
        first = bounds(rule.months, rule.days, start).get(after)
        return None if first is None else Span(first, after)
    for name in rule.festivals:
        day = last - timedelta(rule.after)
        if festival(name, day.year) == day:
            return Span(day - timedelta(rule.before), after)
    for text in rule.seasons:
        opens, closes = (part.replace("02-29", last_of_february(last.year)) for part in text.split("/"))
        if f"{last:%m-%d}" == closes:
            first = last
            while f"{first:%m-%d}" != opens:
                first -= timedelta(1)
            return Span(first, after)
    return None


@cache
def bounds(months: int, days: int, start: date) -> dict[date, date]:
    """Return the windows of so many months or days, by end, for 150 years before a day and after."""
    length = relativedelta(months=months) if months else timedelta(days)
    many = 150 * 365 // (30 * months + days)
    return dict(pairwise([start + length * n for n in range(many, -many, -1)]))


def last_of_february(year: int) -> str:
    return f"{date(year, 3, 1) - timedelta(1):%m-%d}"


@settings(deadline=None, max_examples=60)
@given(RULES, DAYS, DAYS, st.integers(1, 800))
def test_the_windows_of_a_rule_are_found_by_looking_at_every_day(
    rule: VisitRule, start: date, first: date, length: int
) -> None:
    """A span has the windows whose last day lies in it, in order, and none that overlap."""
    length = min(length, 60) if rule.days or rule.months else length
    during = Span(first, first + timedelta(length))
    found = rule.windows(during, start)
    assert list(found) == [
        window for n in range(length) if (window := window_of(rule, first + timedelta(n), start)) is not None
    ]
    assert all(one.end is not None and one.end <= other.start for one, other in pairwise(found))


@settings(deadline=None)
@given(RULES, DAYS, st.lists(DAYS, min_size=2, max_size=5, unique=True).map(sorted))
def test_windows_add_up_over_parts_of_time(rule: VisitRule, start: date, days: list[date]) -> None:
    """A1: the windows of spans that follow one another are those of the whole."""
    parts = [window for one, other in pairwise(days) for window in rule.windows(Span(one, other), start)]
    assert tuple(parts) == rule.windows(Span(days[0], days[-1]), start)


def test_windows_at_the_ends_of_the_calendar() -> None:
    """What would lie beyond the calendar is no window; nothing foreign is raised."""
    whole = Span(date.min, date.max)
    assert VisitRule("r", months=10**9).windows(whole) == VisitRule("r", days=10**12).windows(whole) == ()
    assert len(VisitRule("r", months=12 * 9).windows(whole, date(2, 1, 1))) == 1110
    assert VisitRule("r", days=2_000_000).windows(whole, date.min) == (Span(date.min, date.min + timedelta(2_000_000)),)
    assert len(VisitRule("r", seasons=["12-31/01-01"]).windows(whole)) == 9998
    assert VisitRule("r").windows(whole) == ()
    assert VisitRule("r", festivals=["new-year"], before=10**9, after=1).windows(Span(on(1), on(2))) == (
        Span(date.min, on(1, 3)),
    )


def test_a_rule_of_windows_that_there_are_not_is_refused() -> None:
    """A span without an end, a season that is none and a year without a table are wrong arguments."""
    for rule, during, text in (
        (QUARTER, Span(BEGUN), "during: wanted a span with an end, got a value of type Span [bad-span]"),
        (QUARTER, None, "during: wanted a span with an end, got nothing [bad-span]"),
        (VisitRule("r", seasons=["春"]), YEAR, "seasons: wanted MM-DD/MM-DD, got text of 1 character [bad-season]"),
        (
            VisitRule("r", festivals=["lantern"]),
            Span(date(2101, 1, 1), date(2101, 2, 1)),
            "year: wanted a year from 1900 to 2100, got 2101 [unknown-year]",
        ),
    ):
        with pytest.raises(ArgumentError) as caught:
            rule.windows(during)  # type: ignore[arg-type]
        assert str(caught.value) == text


# --- what is due


def test_who_is_paired_in_the_middle_of_a_window_is_asked_from_the_next_one() -> None:
    """An occasion is there for whom somebody sees to on the first day of the window and on the last."""
    for day, first in ((on(1), on(1)), (on(1, 2), on(4)), (on(3, 31), on(4)), (on(4), on(4)), (on(4, 2), on(7))):
        rows = due_visits(policy(QUARTER), roster(), register(Paired("ann", "x", on=day)), during=YEAR)
        assert rows[0].window.start == first


def test_nothing_is_due_to_a_household_that_has_left() -> None:
    """Whoever is struck off, released or registered no longer on the last day of a window is not asked for."""
    struck = register(AX, StruckOff("x", "moved abroad", on=on(6, 30)))
    released = register(AX, Released("ann", "x", "moved", override="by order", on=on(6, 30)))
    assert len(due_visits(policy(QUARTER), roster(), struck, during=YEAR)) == 1
    assert len(due_visits(policy(QUARTER), roster(), released, during=YEAR)) == 1
    for span, windows in ((Span(on(1, 2)), 3), (Span(BEGUN, on(7)), 2), (Span(BEGUN, on(6, 30)), 1)):
        people = roster(Household("x", "v", registered=span))
        assert len(due_visits(policy(QUARTER), people, register(AX), during=YEAR)) == windows
    assert due_visits(policy(QUARTER), roster(Household("y", "v")), register(AX), during=YEAR) == ()


def test_in_a_vacancy_visits_are_due_from_the_unit_that_sees_to_it() -> None:
    """Whoever is of that unit on the day makes a valid visit; others make one that does not count."""
    vacant = VacancyOpened("x", "nobody has room", "bank", "ann", on=on(3))
    visits = Visited("x", ["bo"], on=on(5)), Visited("x", ["cy"], on=on(5, 2)), Visited("x", [NEVER], on=on(5, 3))
    moves = Transfer("cy", "court", on=on(6)), Visited("x", ["cy"], on=on(6, 1)), VacancyClosed("x", ["bo"], on=on(8))
    rows = due_visits(policy(QUARTER), roster(), register(AX, vacant, *visits, *moves), during=YEAR)
    assert [(row.helpers, row.unit, row.made, row.valid) for row in rows] == [
        ((), "bank", 0, 0),
        ((), "bank", 4, 1),
        (("bo",), None, 0, 0),
        (("bo",), None, 0, 0),
    ]
    of_bank = due_visits(policy(QUARTER), roster(), register(AX, vacant, *visits, *moves), during=YEAR, of="bank")
    assert of_bank == rows[:2]


def test_a_revisit_on_the_day_on_which_the_duty_is_closed_is_one() -> None:
    """The duty was done on that day; on the day after, whoever had it is a stranger."""
    left = Released("ann", "x", "goal met", waiver="no household is left", on=on(3, 1))
    entries = AX, Exit("x", on=on(3, 1)), DutyOpened("r", "x", "bank", "revisit", on=on(3, 1)), left
    closed = DutyClosed("r", "x", "done", on=on(7))
    rule = VisitRule("revisit", months=3, statuses=["exited"])
    visits = [Visited("x", ["cy"], on=day) for day in (on(6, 30), on(7), on(7, 2))]
    rows = due_visits(policy(rule), roster(), register(*entries, *visits), during=YEAR)
    assert [(row.helpers, row.unit, row.made, row.valid) for row in rows] == [
        ((), "bank", 1, 1),
        ((), "bank", 2, 2),
        ((), "bank", 0, 0),
    ]
    rows = due_visits(policy(rule), roster(), register(*entries, *visits, closed), during=YEAR)
    assert [(row.made, row.valid) for row in rows] == [(1, 1)]
    wide = policy(VisitRule("revisit", months=4, statuses=["none"]))
    back = Relapse("x", on=on(7, 2)), Paired("bo", "x", on=on(7, 2))
    (first, *_) = due_visits(
        policy(VisitRule("all", months=12)), roster(), register(*entries, *visits, closed, *back), during=YEAR
    )
    assert (first.made, first.valid) == (3, 2)
    assert due_visits(wide, roster(), register(*entries, *visits, closed, *back), during=YEAR) == ()


def test_a_visit_counts_for_several_rules() -> None:
    """A visit before a festival is one of the quarter as well; rules are tallied one by one."""
    rules = VisitRule("festival", festivals=["spring-festival"]), QUARTER
    rows = due_visits(
        policy(*rules), roster(), register(AX, Visited("x", ["ann"], on=on(1, 20))), during=Span(BEGUN, on(4))
    )
    assert tally_due(rows) == (DueTally("festival", 1, 1, 1, 1, 0), DueTally("home visit", 1, 1, 1, 1, 0))
    assert tally_due([]) == ()


def test_too_many_visits_of_one_household_do_not_make_up_for_another() -> None:
    """Missing is counted occasion by occasion."""
    book = register(AX, Paired("ann", "y", on=BEGUN), *(Visited("x", ["ann"], on=on(2, n)) for n in (1, 2)))
    rows = due_visits(policy(QUARTER), roster(), book, during=Span(BEGUN, on(4)))
    assert tally_due(rows) == (DueTally("home visit", 2, 2, 2, 2, 1),)


def test_the_version_that_is_in_force_on_the_last_day_says_what_is_due() -> None:
    """A rule goes on in the next version if it has its name and its windows; a new one begins with its version."""
    first = policy(QUARTER, VisitRule("call", days=15))
    rules = VisitRule("home visit", 2, months=3), VisitRule("call", days=20), VisitRule("new", months=3)
    ours = policy(*rules, effective=on(5, 1), earlier=first, until=on(10, 15))
    rows = due_visits(ours, roster(), register(AX), during=Span(date(2011, 1, 1), date(2014, 1, 1)))
    assert [(row.window.start, row.due) for row in rows if row.rule == "home visit"] == [
        (on(1), 1),
        (on(4), 2),
        (on(7), 2),
    ]
    assert [row.window.start for row in rows if row.rule == "new"] == [on(7)]
    calls = [row.window for row in rows if row.rule == "call"]
    assert [call.days for call in calls] == [15] * 8 + [20] * 7
    assert (calls[7].end, calls[8].start, calls[-1].end) == (on(4, 30), on(5, 20), on(10, 7))


def test_programmes_say_when_visits_are_due() -> None:
    """Panjin's festivals and seasons, Hubei's one window of four months, Liaoyang's revisits, Gansu's quarters."""
    windows = {}
    for name, year in (("panjin-2010", 2012), ("hubei-2011", 2011), ("liaoyang-1994", 1997), ("gansu-2012", 2013)):
        begun = programme(name).versions[0].effective
        assert begun is not None
        entries: list[Entry] = [Paired("ann", "x", on=begun)]
        if name == "liaoyang-1994":
            entries += [Exit("x", on=date(1996, 5, 1))]
        during = Span(date(year, 1, 1), date(year + 1, 1, 1))
        rows = due_visits(programme(name), roster(), register(*entries), during=during)
        windows[name] = [f"{row.rule} {row.window.start} {row.window.end}" for row in rows]
    assert windows == {
        "panjin-2010": [
            "festival 2012-01-16 2012-01-24",
            "ordinary visit 2011-12-01 2012-03-01",
            "farming season 2012-04-01 2012-06-01",
            "ordinary visit 2012-03-01 2012-06-01",
            "festival 2012-06-16 2012-06-24",
            "ordinary visit 2012-06-01 2012-09-01",
            "festival 2012-09-23 2012-10-01",
            "farming season 2012-09-15 2012-11-01",
            "ordinary visit 2012-09-01 2012-12-01",
        ],
        "hubei-2011": ["campaign 2011-03-01 2011-07-01"],
        "liaoyang-1994": ["revisit 1996-09-01 1997-03-01", "revisit 1997-03-01 1997-09-01"],
        "gansu-2012": [
            "contact 2012-11-08 2013-02-08",
            "contact 2013-02-08 2013-05-08",
            "contact 2013-05-08 2013-08-08",
            "contact 2013-08-08 2013-11-08",
        ],
    }


# --- what is overdue, and where nobody came


HANDED = HandedOver("x", "ann", ["bo"], on=on(5))


def test_what_is_overdue_is_a_list_for_who_sees_to_the_household_now() -> None:
    """The first quarter was missed by ann and is on bo's list since; the court has both, the village lost one."""
    book = register(AX, Paired("cy", "y", on=BEGUN), HANDED, Visited("y", ["cy"], on=on(2)), Move("x", "w", on=on(6)))
    ours = policy(QUARTER)

    def starts(day: date, of: str | None, since: date = BEGUN) -> list[tuple[str, date]]:
        rows = overdue(ours, roster(), book, on=day, since=since, of=of)
        return [(row.household, row.window.start) for row in rows]

    assert starts(on(3, 31), None) == []
    assert starts(on(4), None) == starts(on(4), "ann") == starts(on(4), "court") == starts(on(4), "v") == [("x", on(1))]
    assert starts(on(4), "x") == [("x", on(1))]
    assert starts(on(4), "bo") == starts(on(4), "bank") == starts(on(4), "w") == starts(on(4), "y") == []
    assert starts(on(7), "bo") == starts(on(7), "court") == [("x", on(1)), ("x", on(4))]
    assert starts(on(7), "ann") == starts(on(7), "v") == []
    assert starts(on(7), "w") == [("x", on(1)), ("x", on(4)), ("y", on(4))]
    assert starts(on(7), None, since=on(3, 31)) == starts(on(7), "w")
    assert starts(on(7), None, since=on(4)) == [("x", on(4)), ("y", on(4))]


def test_what_was_due_to_a_household_that_has_left_is_on_nobodys_list() -> None:
    """Nobody can make it good; it stays in the counts."""
    book = register(AX, StruckOff("x", "moved abroad", on=on(6)))
    assert overdue(policy(QUARTER), roster(), book, on=on(7), since=BEGUN) == ()
    assert len(due_visits(policy(QUARTER), roster(), book, during=YEAR)) == 1


def test_a_campaign_that_is_over_still_has_what_was_missed() -> None:
    """After the end of the policy nothing more is due, and what was missed in its last window is told."""
    ours = policy(VisitRule("campaign", months=4, channels=CHANNELS), until=on(5))
    book = register(AX, Paired("bo", "y", on=BEGUN), Visited("x", ["ann"], "card", on=on(4, 30)))
    assert [row.household for row in overdue(ours, roster(), book, on=on(12), since=BEGUN)] == ["y"]


def test_a_relay_does_not_end_a_silence_nor_begin_one() -> None:
    """Months are those of the household: it had somebody all the time, or a vacancy, whoever it was."""
    vacant = VacancyOpened("x", "nobody has room", "bank", "ann", on=on(3))
    closed = VacancyClosed("x", ["bo"], on=on(5))
    book = register(AX, vacant, closed)
    assert silent(policy(), roster(), book, on=on(6, 30)) == ()
    assert silent(policy(), roster(), book, on=on(7)) == (Silence("x", 6, None, None, ("bo",), "v"),)
    assert silent(policy(silence=4), roster(), book, on=on(5, 1)) == (Silence("x", 4, None, None, ("bo",), "v"),)
    assert silent(policy(silence=3), roster(), book, on=on(4, 1)) == (Silence("x", 3, None, None, (), "v", "bank"),)
    anybody = register(AX, vacant, closed, Visited("x", [NEVER], on=on(4)))
    assert silent(policy(), roster(), anybody, on=on(10)) == ()
    assert [each.months for each in silent(policy(), roster(), anybody, on=on(10, 2))] == [6]
    assert repr(silent(policy(), roster(), book, on=on(7))[0]) == (
        "Silence(household='x', months=6, last=None, reached=None, helpers=('bo',))"
    )


def test_nobody_is_silent_who_has_nobody() -> None:
    """A household that was released and is only revisited, or has left, gives no alarm."""
    left = Released("ann", "x", "goal met", waiver="no household is left", on=on(3, 1))
    entries = AX, Exit("x", on=on(3, 1)), DutyOpened("r", "x", "ann", "revisit", on=on(3, 1)), left
    assert silent(policy(), roster(), register(*entries), on=on(12)) == ()
    again = register(*entries, Relapse("x", on=on(8)), Paired("bo", "x", on=on(8)))
    assert silent(policy(), roster(), again, on=on(12)) == ()
    assert [each.months for each in silent(policy(silence=4), roster(), again, on=on(12))] == [4]
    assert silent(policy(silence=10**6), roster(), register(AX), on=on(12)) == ()


# --- arguments

HOUSE = "wanted the id of a helper, a household, a unit or a village of the roster, got"
WRONG: list[tuple[Any, dict[str, Any], str]] = [
    (due_visits, {"policy": 5}, "policy: wanted a Policy, got 5 [bad-type]"),
    (due_visits, {"roster": None}, "roster: wanted a Roster, got nothing [bad-type]"),
    (due_visits, {"register": []}, "register: wanted a Register, got a value of type list [bad-type]"),
    (due_visits, {"during": None}, "during: wanted a span with an end, got nothing [bad-span]"),
    (due_visits, {"during": Span(BEGUN)}, "during: wanted a span with an end, got a value of type Span [bad-span]"),
    (due_visits, {"known": 9}, "known: wanted a number of entries from 0 to 1, got 9 [unknown-position]"),
    (due_visits, {"of": 5}, "of: wanted a text or None, got 5 [bad-key]"),
    (due_visits, {"of": "王小明"}, f"of: {HOUSE} text of 3 characters [unknown-id]"),
    (overdue, {"of": "z"}, f"of: {HOUSE} 'z' [unknown-id]"),
    (overdue, {"policy": 5}, "policy: wanted a Policy, got 5 [bad-type]"),
    (overdue, {"on": "2012-W06-3"}, "on: wanted a day as YYYY-MM-DD, got '2012-W06-3' [bad-date]"),
    (
        overdue,
        {"since": datetime(2012, 1, 1)},
        "since: wanted a day as YYYY-MM-DD, got a value of type datetime [bad-date]",
    ),
    (overdue, {"since": on(6)}, "since: wanted a day before 2012-06-01, got 2012-06-01 [dates-order]"),
    (silent, {"roster": 5}, "roster: wanted a Roster, got 5 [bad-type]"),
    (silent, {"on": None}, "on: wanted a day as YYYY-MM-DD, got nothing [bad-date]"),
    (
        silent,
        {"on": date(2011, 12, 31)},
        "on: wanted a day from 2012-01-01, when the policy ours takes effect, got 2011-12-31 [not-in-force]",
    ),
    (tally_due, {"occasions": [5]}, "occasions: wanted a DueVisit, got 5 [bad-type]"),
]


@pytest.mark.parametrize(("call", "wrong", "text"), WRONG, ids=[f"{c.__name__} {list(w)}" for c, w, _ in WRONG])
def test_a_wrong_argument_is_refused(call: Any, wrong: dict[str, Any], text: str) -> None:
    """What is asked wrongly raises, with the name of the argument."""
    right: dict[Any, dict[str, Any]] = {
        due_visits: {"during": YEAR},
        overdue: {"on": on(6), "since": BEGUN},
        silent: {"on": on(6)},
        tally_due: {},
    }
    things = {} if call is tally_due else {"policy": policy(), "roster": roster(), "register": register(AX)}
    with pytest.raises(ArgumentError) as caught:
        call(**things | right[call] | wrong)
    assert str(caught.value) == text


def test_no_repr_shows_a_person() -> None:
    """An identity number that serves as an id is not shown."""
    number = "11010519491231002X"
    row = DueVisit(number, "home visit", YEAR, 1, 0, 0, (number,), "v")
    alarm = Silence(number, 6, None, None, (number,), "v")
    assert number not in f"{row!r} {alarm!r} {row} {alarm}"


# --- laws, on registers made up at random

HOUSEHOLDS = ("x", "y", "z")
PEOPLE = ("ann", "bo", "cy")
DAY_0, DAY_N = date(2012, 1, 20), date(2013, 3, 1)


class World(NamedTuple):
    """A policy, a roster and a register."""

    policy: Policy
    roster: Roster
    register: Register


def some_rules(draw: Random) -> list[VisitRule]:
    windows: list[dict[str, Any]] = [
        {"months": draw.choice((1, 2, 3))},
        {"days": draw.choice((7, 30, 45))},
        {"festivals": draw.sample(FESTIVALS, 2), "before": draw.randrange(7), "after": draw.randrange(5)},
        {"seasons": draw.sample(("03-15/05-15", "06-01/06-20", "12-10/02-29"), 2)},
    ]
    return [
        VisitRule(
            f"rule {n}",
            draw.choice((1, 1, 2)),
            channels=draw.sample(CHANNELS, draw.choice((1, 2, 6))),
            statuses=draw.choice(((), (), ("exited",), ("none", "fallen back"))),
            **window,
        )
        for n, window in enumerate(draw.sample(windows, draw.randint(1, 3)))
    ]


def some_batch(draw: Random, first: date, last: date) -> list[Entry]:
    """Return entries that may be recorded together."""
    h, day = draw.choice(HOUSEHOLDS), first + timedelta(draw.randrange((last - first).days))
    a, b = draw.sample(PEOPLE, 2)
    until = draw.choice((None, None, day + timedelta(20)))
    releases: list[Entry] = [
        DutyOpened("r", h, draw.choice((a, "bank")), "revisit", on=day),
        Released(a, h, "goal met", waiver="none is left", on=day),
    ]
    batches: list[list[Entry]] = [
        [Paired(a, h, on=day)],
        [Paired(a, h, on=first)],
        [Paired(a, h, "partner", on=day)],
        [HandedOver(h, a, draw.choice(([b], [b], [p for p in PEOPLE if p != a])), until=until, on=day)],
        [VacancyOpened(h, "nobody", draw.choice(("court", "bank")), a, on=day)],
        [VacancyClosed(h, [a], on=day)],
        [Exit(h, on=day)],
        [Exit(h, on=day), *releases],
        releases,
        [Relapse(h, on=day), Paired(a, h, on=day)],
        [Relapse(h, on=day)],
        [DutyPassed("r", h, b, on=day)],
        [DutyClosed("r", h, "done", on=day), *draw.choice(([], [Visited(h, [a], on=day)]))],
        [Move(h, draw.choice("vw"), on=day)],
        [StruckOff(h, "moved", on=day)] if draw.random() < 0.2 else [],
        [Transfer(a, draw.choice(("court", "bank")), on=day)],
        [Retirement(a, on=day)] if draw.random() < 0.2 else [],
        [Merger("bank", "court", on=day)] if draw.random() < 0.1 else [],
    ]
    calls = [a, b][: draw.choice((1, 1, 2))]
    visits: list[Entry] = [Visited(h, calls, draw.choice(("in person", *CHANNELS)), on=day)]
    return draw.choice(batches) if draw.random() < 0.5 else visits


def grown(draw: Random, register: Register, size: int, first: date, last: date) -> Register:
    """Return a register with random batches added; what is refused is left out."""
    for _ in range(size):
        batch = some_batch(draw, first, last)
        if len(register) and draw.random() < 0.05:
            batch = [Correction(register[draw.randrange(len(register))], "wrong")]
            if batch[0].on < first:
                continue
        try:
            register = register.record(*batch)
        except RegisterError:
            continue
    return register


@cache
def world(seed: int) -> World:
    draw = Random(seed)
    spans = (None, None, Span(DAY_0, DAY_0 + timedelta(300)), Span(DAY_0 + timedelta(9)))
    status = draw.choice(("", "", "exited"))
    people = [Household(id, draw.choice("vw"), registered=draw.choice(spans), status=status) for id in HOUSEHOLDS]
    ours = policy(*some_rules(draw), effective=draw.choice((None, DAY_0)), silence=draw.randint(1, 4))
    if draw.random() < 0.5:
        until = draw.choice((None, DAY_N - timedelta(50)))
        again = draw.choice((ours.visits.rules, some_rules(draw)))
        ours = policy(*again, effective=date(2012, 7, 10), earlier=ours, until=until)
    opening = register(*(Paired(draw.choice(PEOPLE), id, on=DAY_0) for id in HOUSEHOLDS[: draw.randint(1, 3)]))
    return World(ours, roster(*people), grown(draw, opening, draw.choice((20, 80)), DAY_0, DAY_N))


class Stands(NamedTuple):
    """Who sees to a household on a day."""

    helpers: tuple[str, ...]
    units: tuple[str, ...]
    revisited: bool
    village: str
    status: str


def bearers(book: Register, id: str, day: date, closed_today: bool = False) -> set[str]:
    """Return who has a duty to revisit a household on a day; closed on the day, it may count as open."""
    entries = book.entries_about(id)
    opened = [e for e in entries if isinstance(e, DutyOpened) and e.what == "revisit" and e.on <= day]
    closes = [
        e.duty for e in entries if isinstance(e, DutyClosed) and (e.on < day or (e.on == day and not closed_today))
    ]
    found = set()
    for duty in opened:
        passed = [e for e in entries if isinstance(e, DutyPassed) and e.duty == duty.duty and e.on <= day]
        if duty.duty not in closes:
            found.add(max(passed, key=lambda e: e.on).bearer if passed else duty.bearer)
    return found


def stands(now: World, id: str, day: date) -> Stands | None:
    """Return how a household stands on a day, by what a view of that day says."""
    view = now.register.view(on=day)
    household = Muster(now.roster, view).household(id)
    if (household.registered is not None and day not in household.registered) or view.left_programme(id) is not None:
        return None
    helpers = tuple(sorted({pairing.helper for pairing in view.helpers_of(id)}))
    vacancy = view.vacancy(id)
    units: tuple[str, ...] = () if vacancy is None else (vacancy.unit,)
    revisited = not helpers and not units
    if revisited:
        owed = bearers(now.register, id, day)
        if not owed:
            return None
        helpers, units = tuple(sorted(owed & set(PEOPLE))), tuple(sorted(owed - set(PEOPLE)))
    return Stands(helpers, units, revisited, household.village, household.status)


def is_credited(now: World, visit: Visited) -> bool:
    """Whether a visit was made by somebody who saw to the household on its day."""
    view = now.register.view(on=visit.on)
    muster = Muster(now.roster, view)
    vacancy = view.vacancy(visit.household)
    those = {pairing.helper for pairing in view.helpers_of(visit.household)}
    those |= bearers(now.register, visit.household, visit.on, closed_today=True)
    those |= set() if vacancy is None else {vacancy.unit}
    for id in visit.helpers:
        helper = muster.helper(id)
        serves = helper.service is None or visit.on in helper.service
        if id in those or (serves and helper.unit in those):
            return True
    return False


def recount(now: World, during: Span) -> Iterator[DueVisit]:
    """Count what is due, made and valid by going from day to day, and looking at everything on each."""
    day = during.start
    while day != during.end:
        yield from recounted(now, day)
        day += timedelta(1)


def recounted(now: World, last: date) -> list[DueVisit]:
    found: list[DueVisit] = []
    try:
        version = now.policy.at(last)
    except ArgumentError:
        return found
    for rule in version.visits.rules:
        window = window_of(rule, last, now.policy.start or date(1900, 1, 1))
        if window is None:
            continue
        since = version.effective or date.min
        before = version.earlier
        while before is not None and any(is_same(rule, other) for other in before.visits.rules):
            since, before = before.effective or date.min, before.earlier
        if window.start < since:
            continue
        for id in HOUSEHOLDS:
            first, then = stands(now, id, window.start), stands(now, id, last)
            if first is None or then is None:
                continue
            if any(not rule.fits(one.status) or (one.revisited and not rule.statuses) for one in (first, then)):
                continue
            visits = [e for e in now.register.entries_about(id) if isinstance(e, Visited) and e.on in window]
            valid = [visit for visit in visits if visit.channel in rule.channels and is_credited(now, visit)]
            unit = then.units[0] if then.units else None
            sums = rule.times, len(visits), len(valid)
            found.append(DueVisit(id, rule.name, window, *sums, then.helpers, then.village, unit))
    return sorted(found, key=lambda row: (row.household, row.rule))


def is_same(one: VisitRule, other: VisitRule) -> bool:
    names = ("name", "months", "days", "festivals", "before", "after", "seasons")
    return all(getattr(one, name) == getattr(other, name) for name in names)


WORLDS = st.integers(0, 10**6).map(world)
LAST = DAY_N + timedelta(60)
ALL_DAYS = Span(DAY_0 - timedelta(20), LAST)
LAWS = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@LAWS
@given(WORLDS)
def test_the_counts_are_those_of_a_recount_day_by_day(now: World) -> None:
    """Going from day to day, household by household and visit by visit, one finds the same occasions and counts."""
    assert due_visits(*now, during=ALL_DAYS) == tuple(recount(now, ALL_DAYS))


@LAWS
@given(WORLDS, st.lists(st.integers(1, 480), max_size=5, unique=True).map(sorted))
def test_due_visits_add_up_over_parts_of_time(now: World, cuts: list[int]) -> None:
    """A1: the occasions of spans that follow one another are those of the whole, each once."""
    days = [ALL_DAYS.start, *(ALL_DAYS.start + timedelta(n) for n in cuts if n < (ALL_DAYS.days or 0))]
    spans = [Span(one, other) for one, other in pairwise([*days, LAST])]
    parts = [row for span in spans for row in due_visits(*now, during=span)]
    assert tuple(parts) == due_visits(*now, during=ALL_DAYS)


@LAWS
@given(WORLDS)
def test_due_visits_add_up_over_villages_households_and_helpers(now: World) -> None:
    """A1: the villages, and the households, divide the occasions; a helper's and a unit's are those they see to."""
    whole = due_visits(*now, during=ALL_DAYS)
    for ids, of in ((("v", "w"), "village"), (HOUSEHOLDS, "household")):
        parts = {id: due_visits(*now, during=ALL_DAYS, of=id) for id in ids}
        assert all(parts[id] == tuple(row for row in whole if getattr(row, of) == id) for id in ids)
        assert sum(map(len, parts.values())) == len(whole)
        for n, tally in enumerate(tally_due(whole)):
            sums = [found for id in ids for found in tally_due(parts[id]) if found.rule == tally.rule]
            for count in ("occasions", "due", "made", "valid", "missing"):
                assert sum(getattr(found, count) for found in sums) == getattr(tally_due(whole)[n], count)
    for helper in PEOPLE:
        found = due_visits(*now, during=ALL_DAYS, of=helper)
        assert found == tuple(row for row in whole if helper in row.helpers)
    for unit in ("court", "bank"):

        def of_unit(row: DueVisit, unit: str = unit) -> bool:
            assert row.window.end is not None
            muster = Muster(now.roster, now.register.view(on=row.window.end - timedelta(1)))
            return row.unit == unit or any(muster.helper(helper).unit == unit for helper in row.helpers)

        assert due_visits(*now, during=ALL_DAYS, of=unit) == tuple(filter(of_unit, whole))


@LAWS
@given(WORLDS, st.integers(0, 400), st.integers(0, 10**6))
def test_whatever_happens_later_changes_no_count(now: World, days: int, seed: int) -> None:
    """A11: visits are credited to who served on that day; what holds from a later day on changes nothing before it."""
    day = DAY_0 + timedelta(days)
    later = grown(Random(seed), now.register, 40, day, DAY_N + timedelta(9))
    during = Span(ALL_DAYS.start, day)
    assert due_visits(now.policy, now.roster, later, during=during) == due_visits(*now, during=during)
    assert due_visits(now.policy, now.roster, later, during=ALL_DAYS, known=len(now.register)) == due_visits(
        *now, during=ALL_DAYS
    )


def test_a_relay_after_the_visit_leaves_it_to_who_made_it() -> None:
    """A11: ann's visit is valid though bo has the household on the last day; one of ann's after the relay is not."""
    early, late = Visited("x", ["ann"], on=on(4, 30)), Visited("x", ["ann"], on=on(5))
    (_, row, *_) = due_visits(policy(QUARTER), roster(), register(AX, early, late, HANDED), during=YEAR)
    assert (row.helpers, row.made, row.valid) == (("bo",), 2, 1)


@LAWS
@given(WORLDS, st.integers(1, 460), st.integers(1, 300))
def test_what_is_overdue_is_what_was_missed_of_who_is_seen_to_now(now: World, days: int, back: int) -> None:
    """The list has the occasions of the span that miss something, of households that somebody sees to on the day."""
    day = DAY_0 + timedelta(days)
    since = day - timedelta(back)
    whole = due_visits(*now, during=Span(since, day))
    then = {id: stands(now, id, day) for id in HOUSEHOLDS}
    found = overdue(*now, on=day, since=since)
    assert found == tuple(row for row in whole if row.valid < row.due and then[row.household] is not None)
    muster = Muster(now.roster, now.register.view(on=day))
    for of in (*PEOPLE, "court", "bank", "v", "w", *HOUSEHOLDS):
        ours = set()
        for id, one in then.items():
            if one is not None:
                units = {*one.units, *(muster.helper(helper).unit for helper in one.helpers)}
                ours |= {id} if of in (id, *one.helpers, *units, one.village) else set()
        assert overdue(*now, on=day, since=since, of=of) == tuple(row for row in found if row.household in ours)


@LAWS
@given(WORLDS, st.integers(0, 400))
def test_a_silence_is_one_of_every_day(now: World, days: int) -> None:
    """On each day of the months somebody was responsible, or there was a vacancy, and on none did anybody come."""
    day = DAY_0 + timedelta(days)
    try:
        since = day - relativedelta(months=now.policy.at(day).visits.silence)
    except ArgumentError:
        return
    found = {alarm.household: alarm for alarm in silent(*now, on=day)}
    assert list(found) == sorted(found)
    for id in HOUSEHOLDS:
        visits = [e for e in now.register.entries_about(id) if isinstance(e, Visited) and e.on <= day]
        came = [e.on for e in visits if e.channel == "in person"]
        each = [since + timedelta(n) for n in range((day - since).days + 1)]
        seen_to = [now.register.view(on=one).somebody_due(id) for one in each]
        alarm, now_stands = found.get(id), stands(now, id, day)
        quiet = now_stands is not None and all(seen_to) and not any(one >= since for one in came)
        assert (alarm is not None) == quiet
        if alarm is not None and now_stands is not None:
            assert (alarm.last, alarm.reached) == (max(came, default=None), max((e.on for e in visits), default=None))
            assert (alarm.helpers, alarm.village) == (now_stands.helpers, now_stands.village)
            assert alarm.months >= now.policy.at(day).visits.silence


def test_the_worlds_are_no_empty_ones() -> None:
    """Among the registers made up are vacancies, revisits, transfers, and visits that count and do not."""
    rows = [row for seed in range(60) for row in due_visits(*world(seed), during=ALL_DAYS)]
    assert len(rows) > 300
    assert any(row.unit and not row.helpers for row in rows)
    assert any(0 < row.valid < row.made for row in rows)
    assert any(row.missing for row in rows)
    assert any(len(row.helpers) > 1 for row in rows)
    kinds = {type(entry) for seed in range(60) for entry in world(seed).register}
    assert {HandedOver, VacancyOpened, Released, DutyPassed, DutyClosed, Transfer, Correction, Merger, Move} <= kinds


def test_what_is_no_list_of_occasions_is_refused() -> None:
    """Only occasions are tallied."""
    with pytest.raises(ArgumentError) as caught:
        tally_due(None)  # type: ignore[arg-type]
    assert str(caught.value) == "occasions: wanted occasions, got nothing [bad-type]"
