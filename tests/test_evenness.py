"""How evenly effort is spread: Gini and Lorenz are exact, and whoever never goes is seen."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.dates import Span, year
from pairing.deeds import Aided, Lent, PaidIn, Visited
from pairing.entries import (
    Correction,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    Merger,
    Paired,
    Released,
    Retirement,
    Transfer,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import ArgumentError
from pairing.evenness import Effort, Service, effort, gini, in_decimals, lorenz, services
from pairing.figures import Amount, Share
from pairing.grouping import WhoIsWho
from pairing.people import Helper, Household, Unit
from pairing.register import Register
from pairing.roster import Roster
from pairing.tallies import totals

AREAS = AreaTree([Area("v", "东村", "village")])
UNITS = [Unit("court", "county", "v"), Unit("bank", "county", "v")]
MEMBERS = (("ann", "court"), ("bo", "court"), ("cy", "bank"), ("di", "bank"))
ROSTER = Roster(
    AREAS, UNITS, [Helper(id, unit, "staff") for id, unit in MEMBERS], [Household(id, "v") for id in "wxyz"]
)
BEGUN = date(2012, 1, 1)
YEAR = year(2012)
PAIRED = [Paired(*pair, on=BEGUN) for pair in (("ann", "x"), ("bo", "y"), ("cy", "z"))]


def on(month: int, day: int = 1) -> date:
    return date(2012, month, day)


def book(*entries: Entry) -> Register:
    return Register().record(*PAIRED, *entries)


def spread(register: Register, during: Span = YEAR, **more: Any) -> Effort:
    return effort(register, ROSTER, during=during, **more)


# --- Gini and Lorenz

CORNERS = (Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))
VALUES = st.lists(st.integers(0, 30), max_size=12)


def slow_gini(values: list[int]) -> Fraction:
    """Return half the mean difference of all pairs, as a share of the mean: Gini's own definition."""
    if not sum(values):
        return Fraction(0)
    return Fraction(sum(abs(a - b) for a in values for b in values), 2 * len(values) * sum(values))


@given(VALUES)
def test_gini_is_half_the_mean_difference_by_the_mean(values: list[int]) -> None:
    """Gini of whole numbers is the mean difference of all pairs, by twice the mean."""
    assert gini(values) == slow_gini(values)


@given(VALUES)
def test_gini_lies_between_0_and_what_one_who_has_all_gives(values: list[int]) -> None:
    """Gini of n values is at least 0 and at most (n - 1)/n, and 0 if and only if all are equal."""
    found = gini(values)
    assert 0 <= found <= Fraction(max(0, len(values) - 1), max(1, len(values)))
    assert (found == 0) == (len(set(values)) <= 1)


@given(st.integers(1, 50), st.integers(1, 99))
def test_gini_is_largest_where_one_has_all(n: int, whole: int) -> None:
    """Where one of n has all, Gini is (n - 1)/n."""
    assert gini([whole] + [0] * (n - 1)) == Fraction(n - 1, n)


@given(VALUES, st.randoms(use_true_random=False), st.integers(1, 10**30))
def test_gini_does_not_depend_on_order_or_scale(values: list[int], random: Any, factor: int) -> None:
    """Shuffled, or all multiplied by one number, or each taken twice, the values have the same Gini."""
    shuffled = list(values)
    random.shuffle(shuffled)
    assert gini(values) == gini(shuffled) == gini(factor * value for value in values) == gini(values * 2)


@given(VALUES)
def test_a_gift_from_who_does_more_to_who_does_less_makes_gini_smaller(values: list[int]) -> None:
    """Where one who does most does one less, and one who does least one more, Gini falls (Pigou, Dalton)."""
    ranked = sorted(values)
    if len(ranked) > 1 and ranked[-1] - ranked[0] >= 2:
        assert gini([ranked[0] + 1, *ranked[1:-1], ranked[-1] - 1]) < gini(ranked)


@given(VALUES)
def test_the_lorenz_curve_is_convex_and_ends_in_the_corner(values: list[int]) -> None:
    """Lorenz goes from (0, 0) to (1, 1), never falls, is nowhere above the diagonal, and its slopes never fall."""
    points = lorenz(values)
    assert (points[0], points[-1]) == CORNERS
    assert len(points) == max(1, len(values)) + 1
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    assert slopes[0] >= 0
    assert slopes == sorted(slopes)
    assert all(part <= people for people, part in points)


@given(VALUES)
def test_gini_is_1_less_twice_the_area_below_the_lorenz_curve(values: list[int]) -> None:
    """The area below the curve, trapezium by trapezium, gives Gini exactly."""
    area = sum(((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(lorenz(values))), Fraction(0))
    assert gini(values) == 1 - 2 * area


def test_nothing_is_spread_evenly_by_convention() -> None:
    """Of zeros alone, and of nobody, Gini is 0 and the curve is the diagonal."""
    assert gini([]) == gini([0, 0]) == 0
    assert lorenz([]) == CORNERS
    assert lorenz([0, 0]) == (CORNERS[0], (Fraction(1, 2), Fraction(1, 2)), CORNERS[1])


@pytest.mark.parametrize("value", [-1, True, 1.0, "1", None, 10**100])
@pytest.mark.parametrize("measure", [gini, lorenz])
def test_only_whole_numbers_are_measured(measure: Any, value: Any) -> None:
    """Anything but a whole number from 0 is a wrong argument."""
    with pytest.raises(ArgumentError) as caught:
        measure([1, value])
    assert str(caught.value).startswith("values: wanted whole numbers from 0, got ")
    assert caught.value.code == "bad-number"


def test_what_is_no_list_is_no_value() -> None:
    """A single number, or nothing, is told as what it is."""
    with pytest.raises(ArgumentError) as caught:
        gini(None)  # type: ignore[arg-type]
    assert str(caught.value) == "values: wanted whole numbers from 0, got nothing [bad-number]"


@given(st.integers(0, 10**9))
def test_decimals_are_rounded_half_up(hundredths: int) -> None:
    """What has two places is printed as it is; half of the last place goes up, less goes down."""
    number = Fraction(hundredths, 100)
    text = in_decimals(number)
    assert Fraction(text.replace(",", "")) == number
    assert in_decimals(number + Fraction(1, 201)) == text
    assert in_decimals(number - Fraction(1, 200) if hundredths else number) == text


# --- effort


def test_who_never_goes_counts_with_nothing() -> None:
    """Who serves and does nothing stands there with 0; who serves nobody is not in: missing is not zero."""
    found = spread(book(*(Visited("x", ["ann"], on=on(month)) for month in (1, 2, 3))))
    assert dict(found.values) == {"ann": 3, "bo": 0, "cy": 0}
    assert found.never == ("bo", "cy")
    assert (found.gini, found.top_tenth, found.whole) == (Fraction(2, 3), Share(3, 3), Amount(3, "person-visits"))
    assert found.lorenz == lorenz([0, 0, 3])
    assert repr(found) == ("Effort('person-visits' of 3 helpers, Span(2012-01-01 .. 2013-01-01), gini 0.67, 2 never)")
    assert str(found) == (
        "person-visits by helper, Span(2012-01-01 .. 2013-01-01): 3 person-visits, 3 helpers\n"
        "  Gini 0.67; the top tenth, 1: 3 person-visits\n"
        "  never, 2: bo, cy"
    )


def test_who_does_something_is_in_without_a_household() -> None:
    """A colleague who only comes along has done something; telephone calls are none of it."""
    found = spread(book(Visited("x", ["ann", "di"], on=on(2)), Visited("y", ["bo"], "telephone", on=on(2))))
    assert dict(found.values) == {"ann": 1, "bo": 0, "cy": 0, "di": 1}


def test_effort_over_households_shows_who_is_never_visited() -> None:
    """Each household that somebody serves is in, with the visits to it, whoever made them."""
    found = spread(
        book(Visited("x", ["ann"], on=on(2)), Visited("x", ["bo", "di"], on=on(3))),
        of="household",
        what="household-visits",
    )
    assert dict(found.values) == {"x": 2, "y": 0, "z": 0}


def test_effort_over_units_is_that_of_their_helpers_on_that_day() -> None:
    """What was done before a transfer is the old unit's, and what comes after it the new one's."""
    entries = Transfer("ann", "bank", on=on(6)), *(Visited("x", ["ann"], on=on(month)) for month in (5, 6, 7))
    found = spread(book(*entries), of="unit")
    assert dict(found.values) == {"bank": 2, "court": 1}
    merged = spread(book(*entries, Merger("court", "bank", on=on(5, 15))), Span(on(5, 15), on(12)), of="unit")
    assert dict(merged.values) == {"bank": 2}


def test_money_is_spread_too() -> None:
    """Any column that adds up can be asked for; a mark of an amount stays marked, and a unit is no helper."""
    gifts = Aided("x", "ann", "money", 5_000, mark="over", on=on(2)), Aided("x", "court", "money", 900, on=on(2))
    found = spread(book(*gifts), what="money given")
    assert dict(found.values) == {"ann": 5_000, "bo": 0, "cy": 0}
    assert str(found.whole) == "over 50.00 yuan"
    assert dict(spread(book(*gifts), what="money given", of="unit").values) == {"bank": 0, "court": 5_900}


def test_the_top_tenth_is_rounded_up() -> None:
    """Of 11 helpers the two who do most are the top tenth."""
    helpers = [f"c{n:02}" for n in range(11)]
    roster = Roster(AREAS, UNITS, [Helper(id, "court", "staff") for id in helpers], [Household(id, "v") for id in "x"])
    register = Register().record(
        *(Visited("x", helpers[n:], on=on(1, n + 1)) for n in range(11)),
    )
    found = effort(register, roster, during=YEAR)
    assert found.top_tenth == Share(11 + 10, 66)
    assert spread(Register()).top_tenth == Share(0, 0)


def test_many_who_never_go_are_not_all_printed() -> None:
    """The page names twenty, and says how many more there are."""
    helpers = [f"c{n:02}" for n in range(25)]
    roster = Roster(AREAS, UNITS, [Helper(id, "court", "staff") for id in helpers], [Household("x", "v")])
    register = Register().record(*(Paired(id, "x", on=BEGUN) for id in helpers))
    text = str(effort(register, roster, during=YEAR))
    assert text.endswith("c19 … and 5 more, in .never")
    assert str(spread(Register())).endswith("  Gini 0; the top tenth, 0: 0 person-visits\n  never, 0: nobody")


def test_an_identity_number_is_not_printed() -> None:
    """Neither the page nor the line shows an identity number."""
    number = "11010519491231002X"
    found = Effort("person-visits", "helper", YEAR, {number: 0}, Amount(0, "person-visits"), 0)
    assert found.never == (number,)
    assert number not in str(found) + repr(found)


def test_what_happens_later_does_not_change_the_effort_of_a_year() -> None:
    """A11: visits are credited to whoever served on that day; the successor is not in before taking over."""
    visits = [Visited("x", ["ann"], on=on(month)) for month in (2, 3)]
    before = book(*visits)
    later = before.record(
        Retirement("ann", on=date(2013, 5, 1)),
        HandedOver("x", "ann", ["di"], on=date(2013, 5, 1)),
        Visited("x", ["di"], on=date(2013, 6, 1)),
    )
    assert dict(spread(before).values) == dict(spread(later).values) == {"ann": 2, "bo": 0, "cy": 0}
    assert dict(spread(later, year(2013)).values) == {"ann": 0, "bo": 0, "cy": 0, "di": 1}
    assert dict(spread(later, Span(date(2014, 1, 1))).values) == {"bo": 0, "cy": 0, "di": 0}


def test_what_was_known_then_is_told_again() -> None:
    """R4: what was recorded, or taken back, later does not count at the earlier position."""
    first = book(Visited("x", ["ann"], on=on(2)))
    more = Visited("y", ["bo"], on=on(4)), Paired("di", "w", on=on(5))
    then = first.record(Correction(first[len(first) - 1], "nobody came"), *more)
    assert dict(spread(then).values) == {"ann": 0, "bo": 1, "cy": 0, "di": 0}
    earlier = spread(then, known=len(first))
    assert earlier.known == len(first)
    assert earlier == spread(first)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(("ann", "bo", "cy", "di")), st.integers(1, 28))),
    st.sampled_from(("helper", "household", "unit")),
)
def test_the_values_add_up_to_the_total(visits: list[tuple[str, str, int]], of: str) -> None:
    """A1: over helpers, households or units, the values come to the number of all person-visits."""
    register = book(*(Visited(household, [helper], on=on(2, day)) for household, helper, day in visits))
    found = spread(register, of=of)
    assert sum(found.values.values()) == found.whole.value
    assert totals(register, ROSTER, during=YEAR)[None, "person-visits"] == found.whole


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"of": "village"}, "of: wanted one of helper, household, unit; got 'village' [unknown-group]"),
        ({"register": None}, "register: wanted a Register, got nothing [bad-type]"),
        ({"roster": 5}, "roster: wanted a Roster, got 5 [bad-type]"),
        ({"during": 2012}, "during: wanted a Span, got 2012 [bad-span]"),
        ({"known": 99}, "known: wanted a number of entries from 0 to 3, got 99 [unknown-position]"),
    ],
)
def test_wrong_arguments_of_effort_are_told(more: dict[str, Any], text: str) -> None:
    """Each wrong argument is told, with what was wanted."""
    arguments: dict[str, Any] = {"register": book(), "roster": ROSTER, "during": YEAR}
    with pytest.raises(ArgumentError) as caught:
        effort(**arguments | more)
    assert str(caught.value) == text


@pytest.mark.parametrize(("of", "what"), [("helper", "household-visits"), ("household", "households visited")])
def test_what_does_not_add_up_is_no_effort(of: str, what: str) -> None:
    """What several do together is no sum over helpers, and different households are none over anything."""
    with pytest.raises(ArgumentError) as caught:
        spread(book(), of=of, what=what)
    names, got = str(caught.value).removeprefix("what: wanted one of ").split("; ")
    assert {"person-visits", "money given", "measures kept"} <= set(names.split(", "))
    assert not {what, "households visited", "households aided"} & set(names.split(", "))
    assert got in ("got 'household-visits' [not-additive]", "got text of 18 characters [not-additive]")


# --- who serves


def serving(register: Register, of: str, during: Span = YEAR) -> dict[str, Service]:
    return dict(services(WhoIsWho(ROSTER, register, None), during, of))


def test_days_of_service_follow_the_pairings() -> None:
    """Days that touch are one span; a gap is a gap; who has left serves no longer."""
    register = book(
        HandedOver("x", "ann", ["di"], on=on(3)),
        HandedOver("x", "di", ["ann"], on=on(5)),
        HandedOver("y", "bo", ["di"], on=on(5)),
        HandedOver("y", "di", ["bo"], on=on(6)),
    )
    found = serving(register, "helper")
    assert found["ann"] == Service((Span(BEGUN, on(3)), Span(on(5), YEAR.end)), frozenset({"ann"}))
    assert found["di"].spans == (Span(on(3), on(6)),)
    assert found["bo"].spans == (Span(BEGUN, on(5)), Span(on(6), YEAR.end))
    both = register.record(HandedOver("z", "cy", ["bo"], on=on(2)), HandedOver("z", "bo", ["cy"], on=on(4)))
    assert serving(both, "helper")["bo"].spans == found["bo"].spans
    assert serving(register, "helper", Span(on(4), on(5))).keys() == {"bo", "cy", "di"}
    assert serving(register, "unit")["court"] == Service((YEAR,), frozenset({"ann", "bo"}))
    assert serving(register, "unit")["bank"].helpers == {"cy", "di"}
    assert serving(register, "household")["x"] == Service((YEAR,), frozenset({"ann", "di"}))
    assert "w" not in serving(register, "household")


def test_in_a_vacancy_the_unit_serves() -> None:
    """The unit that sees to a household serves; no helper of it does for that alone."""
    vacancy = VacancyOpened("x", "nobody has room", "bank", "ann", on=on(3)), VacancyClosed("x", ["bo"], on=on(4))
    register = Register().record(Paired("ann", "x", on=BEGUN), *vacancy)
    assert serving(register, "unit", Span(on(3), on(4))) == {"bank": Service((Span(on(3), on(4)),), frozenset())}
    assert serving(register, "helper", Span(on(3), on(4))) == {}
    assert serving(register, "household", Span(on(3), on(4))).keys() == {"x"}


def test_who_owes_a_revisit_serves_and_who_only_guarantees_does_not() -> None:
    """After the release the duty to revisit goes on, passes, and is over; a guarantee asks nobody to go anywhere."""
    register = Register().record(
        Paired("ann", "x", on=BEGUN),
        PaidIn("fund", 9_000, on=BEGUN),
        Lent("l", "x", "cy", 500, "fund", on=on(2)),
        Exit("x", on=on(3)),
        DutyOpened("r", "x", "ann", "revisit", on=on(3)),
        Released("ann", "x", "goal met", waiver="no household is left", on=on(3)),
        DutyPassed("r", "x", "bo", on=on(5)),
        DutyPassed("r", "x", "court", on=on(8)),
        DutyClosed("r", "x", "watch over", on=on(10)),
    )
    found = serving(register, "helper")
    assert {id: service.spans for id, service in found.items()} == {
        "ann": (Span(BEGUN, on(5)),),
        "bo": (Span(on(5), on(8)),),
    }
    assert serving(register, "unit") == {"court": Service((Span(BEGUN, on(10)),), frozenset({"ann", "bo"}))}
    assert serving(register, "household")["x"].spans == (Span(BEGUN, on(10)),)


def test_who_belongs_to_another_unit_serves_for_each_on_its_days() -> None:
    """Days are cut at a transfer."""
    register = Register().record(Paired("ann", "x", on=BEGUN), Transfer("ann", "bank", on=on(6)))
    assert serving(register, "unit") == {
        "bank": Service((Span(on(6), YEAR.end),), frozenset({"ann"})),
        "court": Service((Span(BEGUN, on(6)),), frozenset({"ann"})),
    }
    assert serving(register, "unit", Span(on(7)))["bank"].spans == (Span(on(7)),)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 364), st.sampled_from(("ann", "bo", "cy", "di"))), max_size=5), st.data())
def test_days_of_service_are_those_of_the_views(changes: list[tuple[int, str]], data: st.DataObject) -> None:
    """On each day those serve who are responsible on it, and nobody else."""
    holder, entries = "ann", [Paired("ann", "x", on=BEGUN)]
    steps: list[Entry] = list(entries)
    for days, taker in sorted(dict(changes).items()):
        if taker != holder:
            steps.append(HandedOver("x", holder, [taker], on=date.fromordinal(BEGUN.toordinal() + days)))
            holder = taker
    register = Register().record(*steps)
    day = date.fromordinal(BEGUN.toordinal() + data.draw(st.integers(0, 365)))
    found = {id for id, service in serving(register, "helper").items() if any(day in span for span in service.spans)}
    assert found == {pairing.helper for pairing in register.view(on=day).pairings}
