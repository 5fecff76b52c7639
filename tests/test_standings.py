"""How things stand on a day, by example: who has a helper, who has a household, who fulfils the quota."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.deeds import Observed
from pairing.entries import (
    DutyOpened,
    Exit,
    HandedOver,
    Leave,
    Move,
    Paired,
    RankChange,
    Relapse,
    Released,
    Retirement,
    StruckOff,
    Transfer,
    VacancyOpened,
)
from pairing.errors import ArgumentError
from pairing.figures import Amount, Distinct, NotAdditive, Share
from pairing.people import Helper, Household, Unit
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.results import Table
from pairing.roster import Roster
from pairing.rules import HelperRule
from pairing.standings import coverage, fulfilment

FIRST, LATER = date(2012, 2, 8), date(2013, 6, 30)
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
    [Unit("bank", "prefecture", "F"), Unit("court", "county", "C", "bank"), Unit("school", "county", "D")],
    [
        Helper("ann", "court", "section"),
        Helper("bo", "court", "staff"),
        Helper("cy", "school", "staff"),
        Helper("di", "bank", "staff", service=Span(date(2013, 1, 1))),
    ],
    [
        Household("x", "v", persons=3),
        Household("y", "v", persons=2),
        Household("z", "w", persons=4, registered=Span(date(2012, 1, 1))),
        Household("new", "w", registered=Span(date(2014, 1, 1))),
    ],
)
POLICY = Policy("ours", (HelperRule(Quota(2, 3), ranks=("section",)), HelperRule(Quota(1, 1))))


def stands(*entries: Any, by: Any = (), on: date = LATER) -> Table:
    """Return how things stand by entries that are recorded as one batch."""
    return coverage(Register().record(*entries), ROSTER, on=on, by=by)


# --- coverage


def test_coverage_is_told_both_ways() -> None:
    """Households with a helper of those to be helped, and helpers with a household of those who serve."""
    table = stands(Paired("ann", "x", on=FIRST), Paired("ann", "y", on=FIRST), Paired("cy", "z", on=FIRST))
    assert table[None, "with a helper"] == Share(3, 3)
    assert table[None, "with a household"] == Share(2, 4)
    assert table[None, "units with a household"] == Share(2, 3)
    assert table[None, "villages with a helper"] == Share(2, 2)
    before = stands(Paired("ann", "x", on=FIRST), on=date(2012, 2, 7))
    assert before[None, "with a helper"] == Share(0, 3)
    assert before[None, "with a household"] == Share(0, 3)


def test_rule_34_the_rate_of_all_is_no_mean_of_rates() -> None:
    """One of one here and none of two there is one of three in all."""
    table = stands(Paired("cy", "z", on=FIRST), by="county")
    assert (table["C", "with a helper"], table["D", "with a helper"]) == (Share(0, 2), Share(1, 1))
    assert table[None, "with a helper"] == Share(1, 3)
    with pytest.raises(NotAdditive):
        table.sum("with a helper")


def test_rule_36_the_stock_is_told_in_households_and_in_persons() -> None:
    """On a day so many households, and so many persons in them, as was last observed by then."""
    entries = [Paired("ann", "x", on=FIRST), Observed("x", "persons", 5, on=LATER)]
    table = stands(*entries)
    assert (table[None, "households"], table[None, "persons"]) == (Amount(3, "households"), Amount(11, "persons"))
    assert (table[None, "with a helper"], table[None, "persons with a helper"]) == (Share(1, 3), Share(5, 11))
    assert stands(*entries, on=date(2013, 6, 29))[None, "persons with a helper"] == Share(3, 9)


def test_households_that_are_not_in_the_programme_are_not_counted() -> None:
    """Neither before their registration nor after they are struck off; who moves is counted in the new village."""
    entries = [StruckOff("y", "died out", on=LATER), Move("x", "w", on=LATER)]
    table = stands(*entries, by="village")
    assert {key[0]: row[0] for key, row in table.rows.items() if row[0] != Amount(0, "households")} == {
        "w": Amount(2, "households")
    }
    assert stands(*entries, on=date(2014, 1, 1))[None, "households"] == Amount(3, "households")
    assert stands(*entries, on=date(2013, 6, 29), by="village")["v", "households"] == Amount(2, "households")


def test_who_has_left_poverty_is_counted_while_somebody_stays() -> None:
    """After an exit with a helper who stays a household is to be helped; once released it is told as exited alone."""
    revisit = DutyOpened("r", "y", "court", "revisit", on=LATER)
    released = Released("bo", "y", "out of poverty", waiver="nobody else is in need", on=LATER)
    pairs = [Paired("ann", "x", on=FIRST), Paired("bo", "y", on=FIRST)]
    table = stands(*pairs, Exit("x", on=LATER), Exit("y", on=LATER), revisit, released, by="status")
    assert table["exited", "households"] == Amount(1, "households")
    assert table["exited", "exited"] == Amount(2, "households")
    assert table[None, "with a helper"] == Share(1, 2)
    back = Relapse("x", on=date(2013, 8, 1))
    later = stands(*pairs, Exit("x", on=LATER), back, by="status", on=date(2013, 8, 1))
    assert later["fallen back", "with a helper"] == Share(1, 1)
    assert later[None, "exited"] == Amount(0, "households")


def test_a_vacancy_is_told_apart_from_nobody() -> None:
    """A household with a vacancy is not one of which nothing is said."""
    table = stands(Paired("ann", "x", on=FIRST), VacancyOpened("x", "retired", "court", "ann", on=LATER))
    assert (table[None, "with a vacancy"], table[None, "with nobody"]) == (
        Amount(1, "households"),
        Amount(2, "households"),
    )


def test_a2_two_who_help_one_household_are_a_union() -> None:
    """By unit, a household with helpers of two units is in the row of each, once in all; pairings add up."""
    table = stands(Paired("ann", "x", on=FIRST), Paired("cy", "x", "partner", on=FIRST), by="unit")
    for key in ("court", "school", None):
        assert table[key, "households helped"] == Distinct(1, "households")
    assert table[None, "pairings"] == table.sum("pairings") == Amount(2, "pairings")
    with pytest.raises(NotAdditive):
        table.sum("households helped")


def test_helpers_stand_in_the_area_of_their_unit() -> None:
    """By county, helpers are those of units that belong to it; those of units above stand under a dash."""
    table = stands(Paired("di", "x", on=date(2013, 1, 1)), by="county")
    assert [table[key, "helpers"] for key in ("C", "D", "")] == [Amount(n, "helpers") for n in (2, 1, 1)]
    assert table["", "with a household"] == Share(1, 1)
    assert table["C", "with a helper"] == Share(1, 2)


def test_a_helper_in_a_unit_that_nobody_knows_stands_under_a_dash() -> None:
    """A transfer out of the roster's units leaves figures that can be told."""
    gone = Transfer("cy", "elsewhere", on=LATER)
    for by in ("county", "unit level", "county unit"):
        assert stands(gone, by=by)["", "helpers"] != Amount(0, "helpers")
    assert stands(gone, by="unit")["elsewhere", "helpers"] == Amount(1, "helpers")


def test_who_has_left_the_service_is_no_helper() -> None:
    """From the first day out of the service a helper is not counted; the household passed on before."""
    entries = [Paired("ann", "x", on=FIRST), HandedOver("x", "ann", ["bo"], on=LATER), Retirement("ann", on=LATER)]
    assert stands(*entries, on=date(2013, 6, 29), by="helper")["ann", "with a household"] == Share(1, 1)
    table = stands(*entries, by="helper")
    assert ("ann",) not in table.rows
    assert table["bo", "with a household"] == Share(1, 1)


def test_a8_coverage_says_of_which_day_it_is_and_what_was_known() -> None:
    """A table carries its day and its position, and gives again what an earlier register gave."""
    register = Register().record(Paired("ann", "x", on=FIRST))
    later = register.record(Paired("bo", "y", on=FIRST))
    table = coverage(later, ROSTER, on=LATER, by="county", known=1)
    assert (table.on, table.known) == (LATER, 1)
    assert table == coverage(register, ROSTER, on=LATER, by="county")
    assert coverage(later, ROSTER, on=LATER)[None, "with a helper"] == Share(2, 3)


def test_a9_a_share_names_its_entries() -> None:
    """Those about the households of the cell: who is responsible, and what changed; nothing of other days or others."""
    pairs = [Paired("ann", "x", on=FIRST), Paired("cy", "z", on=FIRST)]
    passing = HandedOver("x", "ann", ["bo"], on=LATER)
    table = stands(*pairs, passing, DutyOpened("m", "x", "bo", "measure", on=LATER), by="county", on=FIRST)
    assert table.entries("C", "with a helper") == (pairs[0],)
    assert table.entries(None, "with a helper") == tuple(pairs)
    assert table.entries("D", "with a household") == (pairs[1],)


# --- quotas


def test_fulfilment_tells_who_is_short() -> None:
    """Floors met, households missing to the floors, and who is above the ceiling, by rank."""
    register = Register().record(
        Paired("ann", "x", on=FIRST), Paired("bo", "y", on=FIRST), Paired("bo", "z", "partner", on=FIRST)
    )
    table = fulfilment(POLICY, register, ROSTER, on=LATER, by="rank")
    assert table["section", "floor met"] == Share(0, 1)
    assert table["section", "households missing"] == Amount(1, "households")
    assert table["staff", "floor met"] == Share(1, 3)
    assert table["staff", "above the ceiling"] == Amount(1, "helpers")
    assert table[None, "floor met"] == Share(1, 4)


def test_a_household_in_two_roles_is_one_household() -> None:
    """Whoever is lead and partner of one household has one household, and two pairings."""
    pairs = [Paired("bo", "x", on=FIRST), Paired("bo", "x", "partner", on=FIRST)]
    table = fulfilment(POLICY, Register().record(*pairs), ROSTER, on=LATER)
    assert table[None, "above the ceiling"] == Amount(0, "helpers")
    assert stands(*pairs)[None, "pairings"] == Amount(2, "pairings")


def test_the_quota_is_that_of_the_day() -> None:
    """A promotion brings the floor of the new rank; who is on leave or not in service owes nothing."""
    register = Register().record(
        RankChange("bo", "section", on=LATER), Leave("cy", date(2014, 1, 1), on=LATER), Paired("cy", "z", on=FIRST)
    )
    before = fulfilment(POLICY, register, ROSTER, on=date(2013, 6, 29), by="unit")
    assert (before["court", "households missing"], before[None, "helpers"]) == (
        Amount(3, "households"),
        Amount(4, "helpers"),
    )
    table = fulfilment(POLICY, register, ROSTER, on=LATER, by="unit")
    assert table["court", "households missing"] == Amount(4, "households")
    assert ("school",) not in table.rows
    assert table.known == 3
    assert table.entries("court", "floor met") == (RankChange("bo", "section", on=LATER),)


def test_fulfilment_of_nobody_is_a_table_of_zeros() -> None:
    """Where no rule fits anybody there are no rows by unit, and a total of 0 of 0."""
    table = fulfilment(
        Policy("none", (HelperRule(Quota(1), kinds=("team",)),)), Register(), ROSTER, on=LATER, by="unit"
    )
    assert table[None, "floor met"] == Share(0, 0)


def test_observed_persons_of_nobody_do_not_stop_the_figures() -> None:
    """A household of which nobody lives there any more has 0 persons, and the figures can be told."""
    register = Register().record(Observed("x", "persons", 0, on=FIRST), RankChange("bo", "unheard-of", on=FIRST))
    assert coverage(register, ROSTER, on=LATER)[None, "persons"] == Amount(6, "persons")
    assert fulfilment(POLICY, register, ROSTER, on=LATER)[None, "helpers"] == Amount(4, "helpers")


# --- what is refused

REGISTER = Register()
HOUSEHOLDS = "province, prefecture, county, township, village, household, status"
HELPERS = "helper, unit, province unit, prefecture unit, county unit, township unit, unit level, rank, kind, post"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda: coverage(REGISTER, ROSTER, on=LATER, by="channel"),
            f"by: wanted one of {HOUSEHOLDS}, {HELPERS}; got 'channel' [unknown-group]",
        ),
        (
            lambda: coverage(REGISTER, ROSTER, on=LATER, by=("unit", "unit")),
            "by: wanted each once, got unit twice [duplicate-group]",
        ),
        (
            lambda: coverage(REGISTER, ROSTER, on=datetime(2013, 6, 30)),
            "on: wanted a day as YYYY-MM-DD, got a value of type datetime [bad-date]",
        ),
        (
            lambda: coverage([], ROSTER, on=LATER),  # type: ignore[arg-type]
            "book: wanted a Register, got a value of type list [bad-type]",
        ),
        (
            lambda: coverage(REGISTER, None, on=LATER),  # type: ignore[arg-type]
            "roster: wanted a Roster, got nothing [bad-type]",
        ),
        (
            lambda: coverage(REGISTER, ROSTER, on=LATER, known=-1),
            "known: wanted a number of entries from 0 to 0, got -1 [unknown-position]",
        ),
        (
            lambda: fulfilment(POLICY, REGISTER, ROSTER, on=LATER, by="county"),
            f"by: wanted one of {HELPERS}; got 'county' [unknown-group]",
        ),
        (
            lambda: fulfilment("ours", REGISTER, ROSTER, on=LATER),  # type: ignore[arg-type]
            "policy: wanted a Policy, got 'ours' [bad-type]",
        ),
        (
            lambda: fulfilment(Policy("ours", POLICY.helpers, effective=LATER), REGISTER, ROSTER, on=FIRST),
            "on: wanted a day from 2013-06-30, when the policy ours takes effect, got 2012-02-08 [not-in-force]",
        ),
    ],
)
def test_what_is_refused(wrong: Callable[[], object], message: str) -> None:
    """A wrong argument raises, and the message says what was wanted and what came."""
    with pytest.raises(ArgumentError) as caught:
        wrong()
    assert str(caught.value) == message


def test_where_there_is_nobody_there_are_no_rows() -> None:
    """By rank, of an empty roster, a table has no rows, and prints."""
    nobody = Roster(AreaTree([]))
    for table in (
        coverage(Register(), nobody, on=FIRST, by="rank"),
        fulfilment(POLICY, Register(), nobody, on=FIRST, by="rank"),
    ):
        assert len(table) == 0
        assert str(table).splitlines()[1].startswith("rank")
        assert table.records() == []
