"""What was done, by example: visits, aid, loans, measures, exits, checks; by groups, and as a stream."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from pairing.areas import Area, AreaTree
from pairing.dates import Span, month, year
from pairing.deeds import AID, CHANNELS, Aided, Checked, Lent, Observed, PaidIn, Repaid, Visited, WrittenOff
from pairing.entries import (
    Correction,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Exit,
    HandedOver,
    Merger,
    Move,
    Paired,
    RankChange,
    Relapse,
    Released,
    Retirement,
    Transfer,
    VacancyOpened,
)
from pairing.errors import ArgumentError
from pairing.figures import Amount, Distinct, NotAdditive, Share
from pairing.people import Helper, Household, Unit, Village
from pairing.register import Register
from pairing.results import Key, Table
from pairing.roster import Roster
from pairing.tallies import totals

ROSTER = Roster(
    AreaTree(
        [
            Area("F", "定西市", "prefecture"),
            Area("C", "岷县", "county", "F"),
            Area("D", "漳县", "county", "F"),
            Area("v", "上坪村", "village", "C"),
            Area("w", "下坪村", "village", "D"),
        ]
    ),
    [
        Unit("bank", "prefecture", "F"),
        Unit("court", "county", "C", "bank", name="县法院"),
        Unit("school", "county", "D"),
    ],
    [
        Helper("ann", "court", "section", "director"),
        Helper("bo", "court", "staff"),
        Helper("cy", "school", "staff"),
        Helper("team", "bank", kind="team", members=5),
    ],
    [Household("x", "v", persons=3), Household("y", "v", persons=2), Household("z", "w", persons=4)],
    villages=[Village("w", households=40)],
)
D = date(2013, 2, 8)
"""A day like any other."""
OF_2013 = year(2013)


def told(*entries: Any, by: Any = (), during: Span = OF_2013) -> Table:
    """Return what entries come to that are recorded as one batch."""
    return totals(Register().record(*entries), ROSTER, during=during, by=by)


def told_numbers(table: Table, *names: str) -> dict[Key | None, tuple[int, ...]]:
    """Return the numbers of some columns, by row; None for all rows."""
    found: dict[Key | None, tuple[int, ...]] = {}
    for key in (None, *table.rows):
        cells = [table[key, name] for name in names]
        found[key] = tuple(cell.value for cell in cells if isinstance(cell, Amount | Distinct))
    return found


VISITS = ("person-visits", "household-visits", "households visited", "contacts", "households reached")

# --- visits


def test_two_cadres_who_call_together_are_two_one_and_one() -> None:
    """Person-visits (人次), household-visits (户次) and households visited (户数) are three different counts."""
    table = told(Visited("x", ["ann", "bo"], on=D))
    assert told_numbers(table, *VISITS)[None] == (2, 1, 1, 0, 1)
    again = told(Visited("x", ["ann", "bo"], on=D), Visited("x", ["bo"], on=date(2013, 9, 1)))
    assert told_numbers(again, *VISITS)[None] == (3, 2, 1, 0, 1)


def test_what_several_did_together_counts_once_in_the_group_of_each() -> None:
    """By rank each has one's own person-visit, and the household-visit is that of both: it refuses to be added."""
    table = told(Visited("x", ["ann", "bo"], on=D), by="rank")
    assert told_numbers(table, *VISITS) == {
        None: (2, 1, 1, 0, 1),
        ("section",): (1, 1, 1, 0, 1),
        ("staff",): (1, 1, 1, 0, 1),
        ("",): (0, 0, 0, 0, 0),
    }
    assert table.sum("person-visits") == Amount(2, "person-visits")
    for name in ("household-visits", "households visited"):
        with pytest.raises(NotAdditive):
            table.sum(name)
    both = told(Visited("x", ["ann", "bo"], on=D), by="unit")
    assert told_numbers(both, *VISITS)["court",] == (2, 1, 1, 0, 1)


def test_a_team_counts_as_one_helper() -> None:
    """A team of five comes as one: members are no helpers."""
    assert told(Visited("x", ["team"], on=D))[None, "person-visits"] == Amount(1, "person-visits")


def test_a_helper_who_is_named_twice_came_once() -> None:
    """One helper twice in one visit is one person-visit, in a register and in a stream, at any household."""
    for household in ("x", "w/7"):
        visit = Visited(household, ["ann", "ann"], on=D)
        for book in (Register().record(visit), [visit]):
            for by in ((), "county", "helper"):
                table = totals(book, ROSTER, during=OF_2013, by=by)
                assert table[None, "person-visits"] == Amount(1, "person-visits")


@pytest.mark.parametrize("channel", CHANNELS[1:])
def test_rule_26_other_channels_count_as_reached_and_never_as_a_visit(channel: str) -> None:
    """Telephone, message, letter, card and leaflet each reach a household; none is a visit, or a person-visit."""
    table = told(Visited("x", ["ann"], channel, on=D), Visited("y", ["ann"], on=D), by="channel")
    assert told_numbers(table, *VISITS)[channel,] == (0, 0, 0, 1, 1)
    assert told_numbers(table, *VISITS)["in person",] == (1, 1, 1, 0, 1)
    assert told_numbers(table, *VISITS)[None] == (1, 1, 1, 1, 2)


def test_rule_26_each_channel_is_told_apart() -> None:
    """By channel there is a row for each, in the order in which they are listed, also where nothing went through it."""
    table = told(Visited("x", ["ann"], "card", on=D), Visited("x", ["ann"], "leaflet", on=D), by="channel")
    assert list(table.rows) == [(channel,) for channel in CHANNELS]
    assert [cell.value for cell in table.column("contacts").values() if isinstance(cell, Amount)] == [0, 0, 0, 0, 1, 1]
    assert table[None, "households reached"] == Distinct(1, "households")


def test_rule_26_a_contact_is_no_check() -> None:
    """A telephone call by a helper is no spot check, and a spot check by telephone is no contact."""
    table = told(Visited("x", ["ann"], "telephone", on=D), Checked("y", "telephone", "fine", on=D))
    assert told_numbers(table, "contacts", "checked", "households reached")[None] == (1, 1, 1)


def test_by_task_a_visit_counts_for_each_of_its_tasks() -> None:
    """A visit for two tasks stands in the rows of both, once in all; money has no task, and adds up with its mark."""
    table = told(
        Visited("x", ["ann"], tasks=["policy", "opinion"], on=D),
        Visited("y", ["ann"], on=D),
        Aided("x", "ann", "money", 5_000, mark="over", on=D),
        by="task",
    )
    assert told_numbers(table, "person-visits") == {None: (2,), ("policy",): (1,), ("opinion",): (1,), ("",): (1,)}
    with pytest.raises(NotAdditive):
        table.sum("person-visits")
    assert table.sum("money given") == table["", "money given"] == Amount(5_000, "fen", "over")


def test_visits_stay_with_the_unit_and_village_of_the_day() -> None:
    """After a transfer, a promotion, a merger of units and a move, what was done before stays where it was done."""
    entries = [
        Visited("x", ["bo"], on=D),
        Transfer("bo", "school", on=date(2013, 3, 1)),
        RankChange("bo", "section", on=date(2013, 3, 1)),
        Move("x", "w", on=date(2013, 3, 1)),
        Visited("x", ["bo"], on=date(2013, 3, 1)),
        Merger("school", "bank", on=date(2013, 6, 1)),
        Visited("x", ["bo"], on=date(2013, 6, 1)),
    ]
    for by, counts in (
        ("unit", {"court": 1, "school": 1, "bank": 1}),
        ("rank", {"staff": 1, "section": 2, "": 0}),
        ("county", {"C": 1, "D": 2}),
    ):
        table = told(*entries, by=by)
        assert {key[0]: cell.value for key, cell in table.column("household-visits").items() if cell} == counts  # type: ignore[union-attr]
    table = told(*entries, by=("county", "unit", "quarter"))
    assert list(table.rows) == [
        ("C", "court", "2013-Q1"),
        ("D", "bank", "2013-Q2"),
        ("D", "school", "2013-Q1"),
    ]


def test_a_visit_that_was_taken_back_is_not_counted() -> None:
    """A correction takes a visit out, and what was known before it stays as it was."""
    register = Register().record(Visited("x", ["ann"], on=D), Visited("x", ["bo"], on=D))
    later = register.record(Correction(Visited("x", ["ann"], on=D), "it was another household"))
    for by in ((), "unit", "helper", "village"):
        assert totals(later, ROSTER, during=OF_2013, by=by)[None, "person-visits"] == Amount(1, "person-visits")
        earlier = totals(later, ROSTER, during=OF_2013, by=by, known=2)
        assert earlier == totals(register, ROSTER, during=OF_2013, by=by)
        assert earlier.known == 2


# --- households that are counted, not listed


def test_households_that_are_counted_are_told_apart_by_their_numbers() -> None:
    """ "w/7" is the seventh household of village w: it is in the village's areas, and is one household in every way."""
    visits = [
        Visited("w/7", ["ann"], on=D),
        Visited("w/7", ["ann", "cy"], on=D),
        Visited("w/12", ["cy"], "card", on=D),
        Visited("z", ["cy"], on=D),
    ]
    for by in ((), "county", "helper", "unit", ("county", "rank"), "status", "task", "household"):
        for table in (told(*visits, by=by), totals(iter(visits), ROSTER, during=OF_2013, by=by)):
            assert told_numbers(table, *VISITS)[None] == (4, 3, 2, 1, 3)
    assert told_numbers(told(*visits, by="county"), *VISITS)["D",] == (4, 3, 2, 1, 3)


@pytest.mark.parametrize("id", ["w/07", "w/７", "w/", "w/a", "n/7", "w/1234567"])
def test_what_is_no_number_is_another_household(id: str) -> None:
    """Ids that only look like the seventh household of a village, to a program, are those of other households."""
    visits = [Visited(id, ["ann"], on=D), Visited("w/7", ["ann"], on=D)]
    for by in ((), "village", "helper"):
        for table in (told(*visits, by=by), totals(iter(visits), ROSTER, during=OF_2013, by=by)):
            assert table[None, "households visited"] == Distinct(2, "households")


def test_a_listed_household_is_where_it_lives_whatever_its_id() -> None:
    """Where the id of a listed household begins with the code of a village, it still belongs to where it moved."""
    roster = Roster(ROSTER.areas, ROSTER.units, ROSTER.helpers, [Household("v/1", "v"), Household("v/2", "v")])
    entries = [Move("v/1", "w", on=date(2013, 1, 5)), Visited("v/1", ["ann"], on=D), Visited("v/2", ["ann"], on=D)]
    register = Register().record(*entries)
    stream = entries[1:]
    for by in ("village", ("village", "status")):
        for book, more in ((register, None), (stream, register)):
            table = totals(book, roster, during=OF_2013, by=by, register=more)
            assert [key[0] for key, cell in table.column("household-visits").items() if cell.value] == ["v", "w"]  # type: ignore[union-attr]


# --- rates


def test_rule_34_rates_keep_numerator_and_denominator() -> None:
    """Wrong ones of those checked: both are counted, by group and in all; a rate of all is no mean of rates."""
    found = [Checked(f"w/{n}", "telephone", "wrong" if n < 1 else "fine", on=D) for n in range(10)]
    found += [Checked("x", "in person", "wrong", on=D), Checked("y", "in person", "not reached", on=D)]
    table = told(*found, by="county")
    numbers = told_numbers(table, "checked wrong", "checked", "not reached")
    assert numbers == {None: (2, 11, 1), ("C",): (1, 1, 1), ("D",): (1, 10, 0)}
    rates = {key: Share(wrong, checked) for key, (wrong, checked, _) in numbers.items()}
    assert str(rates[None]) == "2 of 11 (18.1%)"
    mean = (Fraction(rates["C",].part, rates["C",].whole) + Fraction(rates["D",].part, rates["D",].whole)) / 2
    assert Fraction(rates[None].part, rates[None].whole) != mean


# --- households and persons; stock, new, cumulative


def test_rule_36_new_and_cumulative_are_two_spans() -> None:
    """New in a month is counted over the month, cumulative from the beginning on; the first adds up to the second."""
    register = Register().record(*(Visited("x", ["ann"], on=date(2013, n, 1)) for n in range(1, 7)))
    months = [totals(register, ROSTER, during=month(2013, n)).only("household-visits") for n in range(1, 7)]
    whole = totals(register, ROSTER, during=Span(date(2013, 1, 1), date(2013, 7, 1))).only("household-visits")
    added = months[0]
    for each in months[1:]:
        added = added + each
    assert added == whole
    assert whole[None, "household-visits"] == Amount(6, "household-visits")


def test_rule_36_exits_are_told_in_households_and_in_persons() -> None:
    """An exit counts one household, and as many persons as live there on that day, as was last observed."""
    register = Register().record(
        Exit("x", on=D),
        Exit("z", on=D),
        Observed("z", "persons", 6, on=date(2013, 1, 1)),
        Observed("z", "persons", 9, on=date(2013, 12, 1)),
        Relapse("x", on=date(2013, 5, 1)),
        Paired("ann", "x", on=date(2013, 5, 1)),
    )
    table = totals(register, ROSTER, during=OF_2013, by="county")
    assert told_numbers(table, "exits", "persons exited", "relapses") == {
        None: (2, 9, 1),
        ("C",): (1, 3, 1),
        ("D",): (1, 6, 0),
    }


def test_an_exit_is_credited_to_those_who_led_to_it() -> None:
    """Who is released with the exit, or hands over on that day, has led the household there; who begins has not."""
    revisit = DutyOpened("r", "x", "court", "revisit", on=D)
    entries = [
        Paired("ann", "x", on=date(2012, 2, 8)),
        Exit("x", on=D),
        revisit,
        Released("ann", "x", "out of poverty", waiver="nobody else is in need", on=D),
        Paired("bo", "y", on=date(2012, 2, 8)),
        HandedOver("y", "bo", ["cy"], on=D),
        Exit("y", on=D),
        Paired("cy", "z", on=D),
        Exit("z", on=D),
    ]
    table = told(*entries, by="helper")
    counts = {key[0]: cell.value for key, cell in table.column("exits").items() if cell.value}  # type: ignore[union-attr]
    assert counts == {"ann": 1, "bo": 1, "cy": 1}
    assert table.entries("ann", "exits") == (Exit("x", on=D),)


# --- aid


def test_rule_37_each_kind_of_aid_has_its_own_unit() -> None:
    """Money in yuan, food in kg, clothing in pieces, rooms, patients, projects, jobs, pupils: no two are added."""
    table = told(*(Aided("x", "ann", aid, 10 + n, on=D) for n, aid in enumerate(AID)))
    names = {"money": "money given", "project": "projects", "job": "jobs"}
    for n, (aid, of) in enumerate(AID.items()):
        assert table[None, names.get(aid, aid)] == Amount(10 + n, of)
    with pytest.raises(NotAdditive, match="kg and pieces"):
        table[None, "food"] + table[None, "clothing"]  # type: ignore[operator]
    assert table[None, "households aided"] == Distinct(1, "households")


def test_rule_37_a_value_in_yuan_is_kept_apart_from_the_goods_and_from_money() -> None:
    """What goods are worth is no money that was given, and each is marked by itself."""
    table = told(
        Aided("x", "ann", "food", 50, "rice", 18_000, "nearly", "about", on=D),
        Aided("x", "ann", "money", 20_000, on=D),
    )
    assert table[None, "food"] == Amount(50, "kg", "nearly")
    assert table[None, "value of goods"] == Amount(18_000, "fen", "about")
    assert table[None, "money given"] == Amount(20_000, "fen")


def test_rule_37_a_guarantee_is_no_gift() -> None:
    """Yuan lent under a guarantee, repaid and written off are credited to whoever answered for the loan on that day."""
    entries = [
        PaidIn("city", 100_000, on=date(2012, 1, 1)),
        Lent("l", "x", "ann", 60_000, "city", on=date(2013, 1, 1)),
        DutyPassed("l", "x", "cy", on=D),
        Repaid("l", "x", 50_000, on=D),
        WrittenOff("l", "x", 10_000, "died out", on=date(2013, 9, 1)),
    ]
    table = told(*entries, by="helper")
    numbers = told_numbers(table, "lent", "repaid", "written off", "money given")
    assert numbers[None] == (60_000, 50_000, 10_000, 0)
    assert numbers["ann",] == (60_000, 0, 0, 0)
    assert numbers["cy",] == (0, 50_000, 10_000, 0)


def test_a_duty_that_passes_on_the_day_on_which_it_begins_is_the_taker_s() -> None:
    """As the register says of that day: whoever it passed to bears it."""
    opened = DutyOpened("m", "x", "ann", "measure", on=D)
    entries = [opened, DutyPassed("m", "x", "bo", on=D), DutyClosed("m", "x", "done", on=date(2013, 9, 1))]
    register = Register().record(*entries)
    assert register.view(on=D).duties_of("bo")
    table = totals(register, ROSTER, during=OF_2013, by="helper")
    assert table["ann", "measures promised"] == Amount(1, "measures")
    assert table["bo", "measures kept"] == Amount(1, "measures")


def test_measures_are_promised_kept_or_given_up() -> None:
    """Measures alone are counted, not revisits or guarantees that are over."""
    entries = [
        DutyOpened("m", "x", "ann", "measure", on=D),
        DutyOpened("n", "x", "ann", "measure", on=D),
        DutyOpened("r", "x", "ann", "revisit", on=D),
        *(DutyClosed(duty, "x", "as it went", duty != "n", on=date(2013, 9, 1)) for duty in "mnr"),
    ]
    table = told(*entries)
    assert told_numbers(table, "measures promised", "measures kept", "measures given up")[None] == (2, 1, 1)


def test_a_unit_that_gives_is_in_the_row_of_the_unit() -> None:
    """A unit as giver is of the kind "unit", at its own level, and belongs to its superior of the level asked for."""
    gift = Aided("x", "court", "money", 5_000, on=D)
    for by, key in (
        ("unit", "court"),
        ("kind", "unit"),
        ("prefecture unit", "bank"),
        ("helper", "court"),
        ("rank", ""),
    ):
        assert told(gift, by=by)[key, "money given"] == Amount(5_000, "fen")
    assert told(gift, by="unit level")["county", "money given"] == Amount(5_000, "fen")


def test_handovers_and_vacancies_are_the_giver_s() -> None:
    """Whose time ends is told; a vacancy without a giver is that of the unit that sees to it."""
    entries = [
        *(Paired("ann", household, on=date(2012, 2, 8)) for household in "xy"),
        HandedOver("x", "ann", ["bo", "cy"], on=D),
        VacancyOpened("y", "no colleague has room", "court", "ann", on=D),
        VacancyOpened("z", "just entered", "school", on=D),
        Retirement("ann", on=D),
    ]
    table = told(*entries, by=("unit", "helper"))
    numbers = told_numbers(table, "handovers", "vacancies")
    some = {key: counts for key, counts in numbers.items() if any(counts)}
    assert some == {None: (1, 2), ("court", "ann"): (1, 1), ("school", "school"): (0, 1)}


# --- groups


def test_groups_in_which_nothing_happened_have_a_row() -> None:
    """Every area and every unit with somebody is there with zeros: nothing done is not the same as not known."""
    for by, keys in (
        ("village", [("v",), ("w",)]),
        ("county", [("C",), ("D",)]),
        ("unit", [("bank",), ("court",), ("school",)]),
        ("rank", [("section",), ("staff",), ("",)]),
        ("channel", [(channel,) for channel in CHANNELS]),
        ("aid", [(aid,) for aid in AID]),
        ("household", [("x",), ("y",), ("z",)]),
    ):
        table = told(Visited("x", ["ann"], on=date(2012, 1, 1)), by=by)
        assert list(table.rows) == keys
        assert all(
            cell.value == 0 for row in table.rows.values() for cell in row if isinstance(cell, Amount | Distinct)
        )


def test_who_is_not_known_stands_under_a_dash() -> None:
    """What nobody of the roster did, or did for nobody of it, is counted, in a row of its own."""
    table = told(Visited("new", ["stranger"], on=D), by=("village", "unit"))
    assert list(table.rows) == [("", "")]
    assert "-        -" in str(table.only("household-visits"))
    assert list(told(Visited("new", ["stranger"], on=D), by=("household", "helper")).rows) == [("new", "stranger")]


def test_periods_are_those_of_the_calendar() -> None:
    """A day belongs to its year, quarter and month, and a table has as many as something happened in."""
    visits = [Visited("x", ["ann"], on=day) for day in (date(2012, 12, 31), date(2013, 1, 1), date(2013, 6, 30))]
    for by, keys in (
        ("year", ["2012", "2013"]),
        ("quarter", ["2012-Q4", "2013-Q1", "2013-Q2"]),
        ("month", ["2012-12", "2013-01", "2013-06"]),
    ):
        assert list(told(*visits, by=by, during=Span(date(2012, 1, 1))).rows) == [(key,) for key in keys]


def test_names_say_what_a_code_stands_for() -> None:
    """Areas and units are told by code and name."""
    text = str(told(Visited("x", ["ann"], on=D), by=("county", "unit")).only("household-visits"))
    assert "C 岷县  court 县法院" in text


def test_the_last_day_is_out_and_an_open_span_goes_on() -> None:
    """A span is half-open: what happened on its end is not in it; without an end everything later is."""
    visits = [Visited("x", ["ann"], on=date(2013, 1, 1)), Visited("x", ["ann"], on=date(2013, 2, 1))]
    assert told(*visits, during=month(2013, 1))[None, "household-visits"] == Amount(1, "household-visits")
    assert told(*visits, during=Span(date(2013, 1, 1)))[None, "household-visits"] == Amount(2, "household-visits")
    assert told(Visited("x", ["ann"], on=date.max), during=Span(date.max))[None, "contacts"] == Amount(0, "contacts")


# --- streams


def test_a_stream_is_counted_as_often_as_it_says() -> None:
    """Of a stream nothing is kept: the same line twice counts twice, where a register has one line."""
    visit = Visited("x", ["ann"], on=D)
    assert told(visit, visit)[None, "household-visits"] == Amount(1, "household-visits")
    stream = totals([visit, visit], ROSTER, during=OF_2013)
    assert stream[None, "household-visits"] == Amount(2, "household-visits")
    assert stream[None, "households visited"] == Distinct(1, "households")
    assert stream.known is None


def test_a_register_tells_a_stream_who_was_who() -> None:
    """Visits that are kept elsewhere are credited by what the register says of that day; without it, by the roster."""
    register = Register().record(Transfer("bo", "school", on=date(2013, 1, 1)), Move("x", "w", on=D))
    visits = [Visited("x", ["bo"], on=D)]
    with_it = totals(iter(visits), ROSTER, during=OF_2013, by=("village", "unit"), register=register)
    assert list(with_it.rows) == [("w", "school")]
    assert list(totals(iter(visits), ROSTER, during=OF_2013, by=("village", "unit")).rows) == [("v", "court")]
    before = totals(iter(visits), ROSTER, during=OF_2013, by=("village", "unit"), register=register, known=0)
    assert list(before.rows) == [("v", "court")]


# --- what is refused

REGISTER = Register()
ALLOWED = (
    "province, prefecture, county, township, village, household, status, helper, unit, province unit, "
    "prefecture unit, county unit, township unit, unit level, rank, kind, post, year, quarter, month, channel, task, "
    "aid, what"
)
STREAM = totals([], ROSTER, during=OF_2013)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda: totals(REGISTER, ROSTER, during=OF_2013, by="hamlet"),
            f"by: wanted one of {ALLOWED}; got 'hamlet' [unknown-group]",
        ),
        (
            lambda: totals(REGISTER, ROSTER, during=OF_2013, by=["unit", 17]),  # type: ignore[list-item]
            f"by: wanted one of {ALLOWED}; got 17 [unknown-group]",
        ),
        (
            lambda: totals(REGISTER, ROSTER, during=OF_2013, by=["unit", "unit"]),
            "by: wanted each once, got unit twice [duplicate-group]",
        ),
        (
            lambda: totals(REGISTER, ROSTER, during=datetime(2013, 1, 1)),  # type: ignore[arg-type]
            "during: wanted a Span, got a value of type datetime [bad-span]",
        ),
        (
            lambda: totals(REGISTER, [ROSTER], during=OF_2013),  # type: ignore[arg-type]
            "roster: wanted a Roster, got a value of type list [bad-type]",
        ),
        (
            lambda: totals("visits.csv", ROSTER, during=OF_2013),  # type: ignore[arg-type]
            "book: wanted a Register or entries, got 'visits.csv' [bad-type]",
        ),
        (
            lambda: totals([], ROSTER, during=OF_2013, register=[]),  # type: ignore[arg-type]
            "register: wanted a Register, got a value of type list [bad-type]",
        ),
        (
            lambda: totals(["x"], ROSTER, during=OF_2013),  # type: ignore[list-item]
            "book, row 0: wanted entries that count, got 'x' [bad-type]",
        ),
        (
            lambda: totals([Correction(Visited("x", ["ann"], on=D), "wrong")], ROSTER, during=OF_2013),
            "book, row 0: wanted entries that count, got a value of type Correction [bad-type]",
        ),
        (
            lambda: totals(REGISTER, ROSTER, during=OF_2013, known=1),
            "known: wanted a number of entries from 0 to 0, got 1 [unknown-position]",
        ),
        (
            lambda: STREAM.entries(None, "exits"),
            "table: wanted a table of a register, got one of a stream [no-entries]",
        ),
    ],
)
def test_what_is_refused(wrong: Callable[[], object], message: str) -> None:
    """A wrong argument raises, and the message says what was wanted and what came."""
    with pytest.raises(ArgumentError) as caught:
        wrong()
    assert str(caught.value) == message


# --- streams are held against what a register would take

D = date(2013, 2, 1)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Visited("x", "ann", on=D), "helpers: wanted texts without spaces around them, got 'ann' [bad-key]"),
        (Visited("x", (), on=D), "helpers: wanted one helper at least, got none [bad-visit]"),
        (Visited("x", [["ann"]], on=D), "helpers: wanted texts without spaces around them, got a value of type tuple"),  # type: ignore[list-item]
        (Visited(None, ["ann"], on=D), "household: wanted a text without spaces around it, got nothing [bad-key]"),  # type: ignore[arg-type]
        (Visited("x", ["ann"], on=None), "on: wanted a datetime.date, got nothing [bad-date]"),  # type: ignore[arg-type]
        (Visited("x", ["ann"], "fax", on=D), "channel: wanted one of in person, telephone, message,"),
        (Aided("x", "ann", "gold", 1, on=D), "aid: wanted one of money, food, materials,"),
        (Aided("x", "ann", "money", -5, on=D), "amount: wanted a whole number from 1, got -5 [bad-number]"),
        (Aided("x", "ann", "money", 1.5, on=D), "amount: wanted a whole number from 1, got 1.5 [bad-number]"),  # type: ignore[arg-type]
    ],
)
def test_an_entry_of_a_stream_that_a_register_would_refuse_is_refused(entry: Any, message: str) -> None:
    """What a stream has is checked field by field, and told by its row."""
    with pytest.raises(ArgumentError) as caught:
        totals([Visited("x", ["ann"], on=D), entry], ROSTER, during=year(2013))
    assert str(caught.value).startswith(f"book, row 1, {message}")


def test_identity_numbers_in_what_people_wrote_are_not_shown() -> None:
    """By what was given, and by task, an identity number within a text does not stand in a table, nor in a repr."""
    ward = "11010519491231002X"
    visit = Visited("x", ["ann"], tasks=[f"看望 {ward}"], on=D)
    aid = Aided("x", "ann", "food", 5, what=f"大米 {ward}", on=D)
    for by in ("task", "what"):
        table = totals([visit, aid], ROSTER, during=year(2013), by=by)
        assert ward not in f"{table} {table._repr_html_()} {table.to_csv()} {table.to_dict()} {visit!r} {aid!r}"
