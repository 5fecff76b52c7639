"""What there was, what came in, what went out, and what there is, by example."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pairing.areas import Area, AreaTree
from pairing.dates import Span, month, year
from pairing.entries import (
    Dissolution,
    Exit,
    HandedOver,
    Move,
    Paired,
    Relapse,
    Released,
    Retirement,
    StruckOff,
    Transfer,
    VacancyOpened,
)
from pairing.errors import ArgumentError
from pairing.figures import Amount, NotAdditive
from pairing.people import Helper, Household, Unit
from pairing.register import Register
from pairing.results import Key, Table
from pairing.roster import Roster
from pairing.standings import coverage
from pairing.turnover import flows

FIRST, LATER = date(2012, 2, 8), date(2013, 6, 30)
ROSTER = Roster(
    AreaTree(
        [
            Area("C", "岷县", "county"),
            Area("v", "上坪村", "village", "C"),
            Area("w", "下坪村", "village", "C"),
        ]
    ),
    [Unit("court", "county", "C"), Unit("school", "county", "C")],
    [Helper("ann", "court", "section"), Helper("bo", "court", "staff"), Helper("cy", "school", "staff")],
    [
        Household("x", "v"),
        Household("y", "v"),
        Household("z", "w", registered=Span(date(2013, 1, 1), date(2014, 1, 1))),
    ],
)
TURNS = ("at the start", "in", "out", "at the end")
OF_2013 = year(2013)


def told(*entries: Any, by: Any = (), during: Span = OF_2013) -> Table:
    """Return the flows of entries that are recorded as one batch."""
    return flows(Register().record(*entries), ROSTER, during=during, by=by)


def turns(table: Table, stock: str, key: str | Key | None = None) -> tuple[int, ...]:
    """Return what there was, came in, went out, and is there."""
    cells = [table[key, f"{stock} {turn}"] for turn in TURNS]
    return tuple(cell.value for cell in cells if isinstance(cell, Amount))


def test_rule_36_what_is_new_in_a_span_leads_from_stock_to_stock() -> None:
    """The stock at the start, what came in and went out, and the stock at the end, which is that of the last day."""
    table = told(StruckOff("y", "died out", on=LATER))
    assert turns(table, "households") == (2, 1, 1, 2)
    assert turns(told(during=year(2012)), "households") == (2, 0, 0, 2)
    assert turns(told(during=year(2014)), "households") == (3, 0, 1, 2)
    assert turns(told(during=Span(date.min, date(2012, 1, 1))), "households") == (0, 2, 0, 2)


def test_a_move_goes_out_of_one_village_and_comes_into_another() -> None:
    """Of all villages together nobody came or went: so what came in does not add up over the rows."""
    table = told(Move("x", "w", on=LATER), Paired("ann", "x", on=FIRST), by="village")
    assert turns(table, "households", "v") == (2, 0, 1, 1)
    assert turns(table, "households", "w") == (0, 2, 0, 2)
    assert turns(table, "households") == (2, 1, 0, 3)
    assert turns(table, "pairings", "w") == (0, 1, 0, 1)
    assert turns(table, "pairings") == (1, 0, 0, 1)
    with pytest.raises(NotAdditive):
        table.sum("households in")
    assert table.sum("households at the end") == table[None, "households at the end"]


def test_a_handover_changes_the_pairings_and_not_the_households_with_a_helper() -> None:
    """A household that passes from one helper to the next had somebody all the time."""
    table = told(Paired("ann", "x", on=FIRST), HandedOver("x", "ann", ["bo", "cy"], on=LATER))
    assert turns(table, "households with a helper") == (1, 0, 0, 1)
    assert turns(table, "pairings") == (1, 2, 1, 2)
    assert table[None, "household-days with a helper"] == Amount(365, "household-days")


def test_by_unit_a_household_is_counted_in_that_of_each_helper() -> None:
    """Two of one unit are one household there; it goes out of a unit with the last of its helpers."""
    entries = [
        Paired("ann", "x", on=FIRST),
        Paired("bo", "x", "partner", on=FIRST),
        HandedOver("x", "ann", ["cy"], on=date(2013, 3, 1)),
        HandedOver("x", "bo", ["cy"], "partner", on=date(2013, 5, 1)),
    ]
    table = told(*entries, by="unit")
    assert turns(table, "households with a helper", "court") == (1, 0, 1, 0)
    assert turns(table, "households with a helper", "school") == (0, 1, 0, 1)
    assert turns(table, "pairings", "court") == (2, 0, 2, 0)
    days = [table[key, "household-days with a helper"] for key in ("court", "school", None)]
    assert days == [Amount(n, "household-days") for n in (31 + 28 + 31 + 30, 31 + 30 + 184 + 61, 365)]


def test_a_transfer_takes_the_pairings_along() -> None:
    """Who goes to another unit with the households goes out of one row and comes into another, as these do."""
    table = told(Paired("bo", "x", on=FIRST), Transfer("bo", "school", on=LATER), by="unit")
    assert turns(table, "helpers", "court") == (2, 0, 1, 1)
    assert turns(table, "helpers", "school") == (1, 1, 0, 2)
    assert turns(table, "pairings", "school") == (0, 1, 0, 1)
    assert turns(table, "helpers") == (3, 0, 0, 3)


def test_helpers_come_and_go_with_their_service() -> None:
    """A retirement takes a helper out; between the end of the own unit and a transfer a helper is out as well."""
    assert turns(told(Retirement("ann", on=LATER)), "helpers") == (3, 0, 1, 2)
    entries = [Dissolution("school", on=date(2013, 3, 1)), Transfer("cy", "court", on=date(2013, 3, 11))]
    assert turns(told(*entries), "helpers") == (3, 1, 1, 3)
    assert turns(told(*entries, during=Span(date(2013, 3, 1), date(2013, 3, 11))), "helpers") == (3, 0, 1, 2)
    register = Register().record(*entries)
    for day, there in ((date(2013, 2, 28), 3), (date(2013, 3, 1), 2), (date(2013, 3, 10), 2), (date(2013, 3, 11), 3)):
        assert coverage(register, ROSTER, on=day)[None, "helpers"] == Amount(there, "helpers")


def test_exits_and_relapses_are_flows_of_households() -> None:
    """An exit comes into the exited households, a relapse goes out of them."""
    entries = [
        Paired("ann", "x", on=FIRST),
        Exit("x", on=date(2013, 3, 1)),
        Relapse("x", on=date(2013, 9, 1)),
        Exit("y", on=date(2012, 9, 1)),
    ]
    assert turns(told(*entries), "exited households") == (1, 1, 1, 1)
    table = told(*entries, by="status")
    assert turns(table, "households", "exited") == (1, 1, 1, 1)
    assert turns(table, "households", "fallen back") == (0, 1, 0, 1)


def test_a_household_that_the_roster_says_is_exited_is_so_until_it_falls_back() -> None:
    """A roster that is newer than the register is believed, as `coverage` believes it."""
    roster = Roster(ROSTER.areas, ROSTER.units, ROSTER.helpers, [Household("x", "v", status="exited")])
    table = flows(Register(), roster, during=OF_2013)
    assert turns(table, "exited households") == (1, 0, 0, 1)
    assert coverage(Register(), roster, on=LATER)[None, "exited"] == Amount(1, "households")


def test_the_end_of_a_registration_holds_though_a_later_day_is_told() -> None:
    """A household that is registered for a year is out after it, also where it was struck off later still."""
    table = told(StruckOff("z", "moved away", on=date(2014, 6, 1)), during=year(2014))
    assert turns(table, "households") == (3, 0, 1, 2)
    assert turns(told(StruckOff("z", "moved away", on=date(2014, 6, 1))), "households") == (2, 1, 0, 3)


def test_a4_household_days_are_counted_within_the_span() -> None:
    """Days with a helper and vacant days, from the first day of the span to its last."""
    entries = [
        Paired("ann", "x", on=date(2013, 2, 20)),
        VacancyOpened("x", "no colleague has room", "court", "ann", on=date(2013, 3, 5)),
        Paired("bo", "y", on=date(2013, 2, 27)),
        Released("bo", "y", "lent to us", override="by order", on=date(2013, 3, 2)),
    ]
    table = told(*entries, by="village", during=month(2013, 3))
    assert table["v", "household-days with a helper"] == Amount(4 + 1, "household-days")
    assert table["v", "household-days vacant"] == Amount(27, "household-days")


def test_what_does_not_belong_to_the_groups_has_no_column() -> None:
    """Missing is not zero: by village there are no columns of helpers, by unit none of households without a helper."""
    names = [column.name for column in told(by="village").columns]
    assert not any(name.startswith("helpers") for name in names)
    names = [column.name for column in told(by="unit").columns]
    assert "helpers in" in names
    assert not {"households in", "exited households in", "household-days vacant"} & set(names)
    assert "households with a helper in" in names


def test_spans_follow_one_another() -> None:
    """What came in and went out adds up over months; what there is at the end of one begins the next."""
    entries = [Paired("ann", "x", on=date(2013, 1, 10)), HandedOver("x", "ann", ["bo"], on=date(2013, 2, 10))]
    january, february = (told(*entries, during=month(2013, n)) for n in (1, 2))
    both = told(*entries, during=Span(date(2013, 1, 1), date(2013, 3, 1)))
    names = ("pairings in", "pairings out", "household-days with a helper")
    assert january.only(*names) + february.only(*names) == both.only(*names)
    assert january[None, "pairings at the end"] == february[None, "pairings at the start"]
    with pytest.raises(NotAdditive) as caught:
        january.only("pairings at the end", "pairings in") + february.only("pairings at the end", "pairings in")
    assert str(caught.value) == (
        "table: wanted columns that add up over time, got pairings at the end; "
        "leave them out with `only` [not-additive]"
    )


def test_a8_flows_are_told_as_they_were_known() -> None:
    """A table carries its position, and gives again what an earlier register gave."""
    register = Register().record(Paired("ann", "x", on=FIRST))
    later = register.record(Move("x", "w", on=LATER))
    table = flows(later, ROSTER, during=OF_2013, by="village", known=1)
    assert table == flows(register, ROSTER, during=OF_2013, by="village")
    assert table.known == 1


REGISTER = Register()
HOUSEHOLDS = "province, prefecture, county, township, village, household, status"
HELPERS = "helper, unit, province unit, prefecture unit, county unit, township unit, unit level, rank, kind, post"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda: flows(REGISTER, ROSTER, during=OF_2013, by="month"),
            f"by: wanted one of {HOUSEHOLDS}, {HELPERS}; got 'month' [unknown-group]",
        ),
        (
            lambda: flows(REGISTER, ROSTER, during=OF_2013, by=("rank", "rank")),
            "by: wanted each once, got rank twice [duplicate-group]",
        ),
        (
            lambda: flows(REGISTER, ROSTER, during=OF_2013, by=("county", "unit")),
            "by: wanted groups of households, or of helpers; got both [mixed-groups]",
        ),
        (
            lambda: flows(REGISTER, ROSTER, during=Span(FIRST)),
            "during: wanted a Span that has an end, got a value of type Span [bad-span]",
        ),
        (
            lambda: flows([], ROSTER, during=OF_2013),  # type: ignore[arg-type]
            "book: wanted a Register, got a value of type list [bad-type]",
        ),
        (
            lambda: flows(REGISTER, [], during=OF_2013),  # type: ignore[arg-type]
            "roster: wanted a Roster, got a value of type list [bad-type]",
        ),
        (
            lambda: flows(REGISTER, ROSTER, during=OF_2013, known=7),
            "known: wanted a number of entries from 0 to 0, got 7 [unknown-position]",
        ),
    ],
)
def test_what_is_refused(wrong: Callable[[], object], message: str) -> None:
    """A wrong argument raises, and the message says what was wanted and what came."""
    with pytest.raises(ArgumentError) as caught:
        wrong()
    assert str(caught.value) == message
