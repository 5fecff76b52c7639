"""Duties, contributions, quotas by programme year and the spreading of what somebody who is unfit owes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError
from pairing.owing import Contribution, Duty, Quotas, contributions, duties
from pairing.people import Helper, Household, Link, NamedPair, Pairing, Unit
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import Cumulative, HelperRule, HouseholdRule

DAY = date(2012, 2, 8)
AREAS = AreaTree([Area("v", "东村", "village")])
UNITS = (Unit("u", "county", "v"), Unit("w", "county", "v"))


def roster(*helpers: Helper, households: int = 0, named: tuple[NamedPair, ...] = ()) -> Roster:
    people = [Household(f"h{n:02}", "v") for n in range(households)]
    return Roster(AREAS, UNITS, helpers, people, [Link("u", "v"), Link("w", "v")], named)


def staff(id: str, unit: str = "u", fit: bool = True, **more: Any) -> Helper:
    return Helper(id, unit, "staff", fit=fit, **more)


def policy(*rules: HelperRule, **more: Any) -> Policy:
    return Policy("ours", rules, (HouseholdRule(Quota(0, 1)),), effective=date(2012, 1, 1), **more)


# --- duties


def test_a_duty_is_the_sum_of_the_floors_of_who_serves() -> None:
    """Who does not serve on the day, whom no rule fits, and units that owe nothing do not count."""
    span = Span(date(2011, 1, 1), DAY)
    people = roster(staff("a"), staff("b", service=span), Helper("c", "u", kind="team"), Helper("d", "w", "clerk"))
    rules = HelperRule(Quota(3, 5), ranks=("staff",)), HelperRule(Quota(0, 2), ranks=("clerk",))
    assert duties(policy(*rules), people, on=DAY) == (Duty("u", 3),)
    assert duties(policy(*rules), people, on=date(2012, 2, 7)) == (Duty("u", 6),)
    assert duties(policy(*rules), roster(), on=DAY) == ()


def test_a_share_that_nobody_has_room_for_is_left() -> None:
    """Two of three households of who is unfit are spread, as colleagues have room for one each; one is left."""
    people = roster(staff("a"), staff("b"), staff("ill", fit=False), staff("far", "w"))
    rule = HelperRule(Quota(3, 4))
    assert duties(policy(rule, respread=True), people, on=DAY) == (Duty("u", 9, spread=2, left=1), Duty("w", 3))
    assert duties(policy(rule), people, on=DAY) == (Duty("u", 9, spread=0, left=3), Duty("w", 3))


def test_a_share_goes_to_colleagues_of_the_same_role_alone() -> None:
    """Whoever serves in another role takes over nothing."""
    rules = HelperRule(Quota(2), kinds=("team",), role="visit"), HelperRule(Quota(1))
    households = HouseholdRule(Quota(1)), HouseholdRule(Quota(0), role="visit")
    ours = Policy("ours", rules, households, respread=True)
    people = roster(staff("a"), Helper("b", "u", kind="team", fit=False))
    assert duties(ours, people, on=DAY) == (Duty("u", 3, spread=0, left=2),)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, 4), st.booleans()), max_size=6),
    st.integers(0, 1),
)
def test_nothing_is_lost_in_spreading(those: list[tuple[int, int | None, bool]], huge: int) -> None:
    """What is spread and what is left is what the unfit owe; nobody is above a ceiling; the shares are even."""
    size = 10**60 if huge else 1
    rules = [
        HelperRule(Quota(floor * size, None if more is None else (floor + more) * size), posts=(f"p{n}",))
        for n, (floor, more, _) in enumerate(those)
    ]
    if not rules:
        return
    helpers = [Helper(f"a{n}", "u", "staff", f"p{n}", fit=fit) for n, (_, _, fit) in enumerate(those)]
    ours = policy(*rules, respread=True)
    quotas = Quotas(ours, roster(*helpers), DAY, ())
    owed = sum(floor for floor, _, fit in those if not fit) * size
    room = [None if more is None else more * size for _, more, fit in those if fit]
    spread = owed if None in room else min(owed, sum(more for more in room if more is not None))
    assert sum(quotas.more.values()) == spread
    got = {n: quotas.more.get(f"a{n}", 0) for n, (_, _, fit) in enumerate(those) if fit}
    assert set(quotas.more) <= {f"a{n}" for n in got}
    for n, more in got.items():
        most = those[n][1]
        assert most is None or more <= most * size
        if most is None or more < most * size:
            assert all(other <= more + 1 for other in got.values())
    left = owed - spread
    expected = () if not sum(t[0] for t in those) else (Duty("u", sum(t[0] for t in those) * size, spread, left),)
    assert duties(ours, roster(*helpers), on=DAY) == expected


# --- contributions


def test_hardship_halves_a_contribution_and_what_is_nothing_is_left_out() -> None:
    """Half of an odd number of fen is rounded down; half of one fen is nothing; the unfit contribute too."""
    rule = HelperRule(Quota(1), posts=("x",), contribution=1), HelperRule(Quota(1), contribution=333)
    people = roster(
        staff("c", hardship=True), staff("b", fit=False), staff("a"), Helper("d", "u", "staff", "x", hardship=True)
    )
    found = contributions(policy(*rule), people, on=DAY)
    assert found == (Contribution("a", 333), Contribution("b", 333), Contribution("c", 166))


@pytest.mark.parametrize("figure", [duties, contributions])
@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"policy": 5}, "policy"),
        ({"roster": 5}, "roster"),
        ({"on": "x"}, "on"),
        ({"on": date(2011, 12, 31)}, "on"),
    ],
)
def test_a_wrong_argument_is_refused(figure: Any, arguments: dict[str, Any], field: str) -> None:
    """Arguments of other types, and days on which the policy is not in force, are told by their names."""
    given = {"policy": policy(HelperRule(Quota(1))), "roster": roster(), "on": DAY} | arguments
    with pytest.raises(ArgumentError) as caught:
        figure(given.pop("policy"), given.pop("roster"), **given)
    assert caught.value.problems[0].field == field


@pytest.mark.parametrize("book", [5, [5], "book"])
def test_a_book_that_is_none_is_refused(book: Any) -> None:
    """The book has pairings, and nothing else."""
    with pytest.raises(ArgumentError) as caught:
        duties(policy(HelperRule(Quota(1))), roster(), on=DAY, book=book)
    assert caught.value.problems[0].field == "book"


# --- several years

TWO = HelperRule(Quota(0, 5), over=Cumulative(2, Quota(8, 8)))


def taken(count: int, start: date, helper: str = "a", first: int = 0) -> tuple[Pairing, ...]:
    return tuple(Pairing(helper, f"h{n:02}", "lead", Span(start)) for n in range(first, first + count))


@pytest.mark.parametrize(
    ("on", "book", "quota"),
    [
        (date(2012, 1, 1), (), Quota(3, 5)),
        (date(2012, 12, 31), (), Quota(3, 5)),
        (date(2013, 1, 1), (), Quota(5, 5)),
        (date(2013, 1, 1), taken(3, DAY), Quota(5, 5)),
        (date(2013, 12, 31), taken(5, DAY), Quota(3, 3)),
        (date(2013, 1, 1), taken(9, DAY), Quota(0, 0)),
        (date(2013, 1, 1), taken(2, date(2013, 1, 1)), Quota(5, 5)),
        (date(2013, 1, 1), taken(4, date(2011, 12, 31)), Quota(5, 5)),
        (date(2013, 1, 1), taken(4, DAY, "b"), Quota(5, 5)),
        (date(2013, 1, 1), taken(5, DAY) + taken(5, date(2012, 6, 1)), Quota(3, 3)),
        (date(2013, 1, 1), (Pairing("a", "h00"),), Quota(5, 5)),
        (date(2014, 1, 1), taken(5, DAY), Quota(3, 5)),
    ],
)
def test_the_quota_of_a_programme_year(on: date, book: tuple[Pairing, ...], quota: Quota) -> None:
    """Up to five a year, eight over two: households of earlier years of the two count, each once, and no others do."""
    ours = policy(TWO)
    quotas = Quotas(ours, roster(staff("a"), staff("b"), households=9), on, book)
    assert quotas.of_year("a", 0) == quota


def test_a_version_in_between_does_not_begin_the_years_anew() -> None:
    """Programme years go on from the day of the oldest version, and what was taken on under it counts."""
    ours = policy(TWO)
    later = Policy("ours", (TWO,), ours.households, effective=date(2012, 7, 1), earlier=ours)
    quotas = Quotas(later.at(date(2013, 2, 8)), roster(staff("a")), date(2013, 2, 8), taken(5, DAY))
    assert quotas.of_year("a", 0) == Quota(3, 3)


def test_a_spread_share_keeps_to_the_ceiling_of_the_year() -> None:
    """Who has had nearly all of the two years takes over no more than is left of them."""
    ours = policy(TWO, respread=True)
    people = roster(staff("a"), staff("b"), staff("ill", fit=False), households=9)
    on = date(2013, 2, 8)
    quotas = Quotas(ours, people, on, taken(7, DAY) + taken(2, DAY, "ill", 7))
    assert [quotas.of_year(id, 0) for id in ("a", "b", "ill")] == [Quota(1, 1), Quota(5, 5), Quota(5, 5)]
    assert quotas.more == {}
    assert duties(ours, people, on=on, book=taken(7, DAY)) == (Duty("u", 1 + 5 + 5, spread=0, left=5),)


def test_a_locked_pair_of_an_earlier_year_counts_once() -> None:
    """A household that is locked goes on: it is of this year, and leaves room for all the others."""
    ours = policy(TWO)
    named = (NamedPair("a", "h00", "locked"),)
    book = taken(5, DAY)
    plan = pair(ours, roster(staff("a"), households=12, named=named), on=date(2013, 2, 8), book=book)
    assert plan.loads == {"a": 4}
    assert len({p.household for p in (*book, *plan.pairings)}) == 8
    assert plan.verify()


def test_what_was_taken_on_in_an_earlier_year_is_not_taken_on_again() -> None:
    """With keep among the aims, too, a household of the first year is none of the second."""
    people = roster(staff("a"), households=9)
    first = pair(policy(HelperRule(Quota(4, 4), over=Cumulative(2, Quota(8, 8)))), people, on=DAY)
    second = pair(first.policy, people, on=date(2013, 2, 8), book=first)
    assert not {p.household for p in first.pairings} & {p.household for p in second.pairings}
    assert (len(first.pairings), len(second.pairings)) == (4, 4)


def test_the_figures_show_no_identity_number() -> None:
    """A contribution shows whose it is by a key alone."""
    assert "11010519491231002X" not in repr(Contribution("11010519491231002X", 5))
