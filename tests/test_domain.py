"""Days, areas, quotas and the roster: what they hold, and what they say when something is wrong."""

import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import LEVELS, Area, AreaTree, loops
from pairing.dates import Span, month, periods, to_date, year
from pairing.errors import ArgumentError, PairingError, Problem, RosterError, is_identity_number, key, shown
from pairing.figures import Share
from pairing.people import LADDER, Helper, Household, Ladder, Link, NamedPair, OwnLink, Pairing, Rank, Unit, Village
from pairing.plan import Load
from pairing.quotas import Quota
from pairing.roster import Roster

DAY = date(2012, 2, 8)
NUMBER = "11010519491231002X"
"""A resident identity number that is made up, but well formed."""
NAMES = ("王小明", "欧阳 建国", "Ivan Petrov")

COUNTY = Area("c", "岷县", "county")
VILLAGE = Area("v", "上坪村", "village", "c")
AREAS = AreaTree([COUNTY, VILLAGE])
UNIT = Unit("u", "county", "c")
HELPER = Helper("ann", "u", "staff")
HOUSEHOLD = Household("x", "v")
LINK = Link("u", "v")
RANKS = (
    "province, deputy-province, bureau, deputy-bureau, division, deputy-division, section, deputy-section, staff, clerk"
)


class NotATime(datetime):
    """Like the missing time of a data frame: `isinstance` takes it for a day, and it is none."""


NOT_A_TIME = NotATime(1, 1, 1)


def roster(
    units: Any = (UNIT,),
    helpers: Any = (HELPER,),
    households: Any = (HOUSEHOLD,),
    links: Any = (LINK,),
    named: Any = (),
    **more: Any,
) -> Roster:
    return Roster(AREAS, units, helpers, households, links, named, **more)


def fault(build: Callable[[], object], kind: type[PairingError] = RosterError) -> str:
    """Return the full text of the error that is raised."""
    with pytest.raises(PairingError) as caught:
        build()
    assert type(caught.value) is kind
    return str(caught.value)


# --- days


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (datetime(2012, 2, 8), "a value of type datetime"),
        (NOT_A_TIME, "a value of type NotATime"),
        ("2024-W01-1", "'2024-W01-1'"),
        ("20240101", "'20240101'"),
        ("2024-1-1", "'2024-1-1'"),
        ("２０２４-０１-０１", "text of 10 characters"),
        ("2024-02-30", "'2024-02-30'"),
        ("0000-01-01", "'0000-01-01'"),
        ("2024-01-01\n", "text of 11 characters"),
        (" 2024-01-01", "text of 11 characters"),
        ("2024-01-01T00:00", "'2024-01-01T00:00'"),
        ("2024年1月1日", "text of 9 characters"),
        ("NaT", "'NaT'"),
        ("", "nothing"),
        (None, "nothing"),
        (20240101, "20240101"),
        (True, "True"),
        (float("nan"), "nan"),
    ],
)
def test_a_day_is_a_date_or_a_text_of_the_one_form(value: object, got: str) -> None:
    """Whatever is not a plain date, or written YYYY-MM-DD in the digits 0 to 9, is refused with its place."""
    text = fault(lambda: to_date(value, "born"), ArgumentError)
    assert text == f"born: wanted a day as YYYY-MM-DD, got {got} [bad-date]"


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    """The text of a day, and the day itself, give that day; its datetime does not."""
    assert to_date(day.isoformat()) == to_date(day) == day
    with pytest.raises(ArgumentError):
        to_date(datetime(day.year, day.month, day.day))


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_an_error_of_ours(text: str) -> None:
    """No text raises anything foreign, and only texts of ten characters are days."""
    try:
        day = to_date(text).isoformat()
    except ArgumentError:
        day = None
    assert day in (None, text)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, 4000), st.integers(-5, 4005))
def test_a_span_is_half_open(start: date, days: int, offset: int) -> None:
    """A span has its first day and not its end, and as many days as lie between the two."""
    span = Span(start, start + timedelta(days=days))
    assert span.days == days
    if start.toordinal() + offset >= 1:
        assert (start + timedelta(days=offset) in span) == (0 <= offset < days)
    assert (start + timedelta(days=days + offset) in Span(start)) == (days + offset >= 0)
    assert Span(start).days is None


@pytest.mark.parametrize("end", [DAY, DAY - timedelta(days=1)])
def test_a_span_is_never_empty(end: date) -> None:
    """An end on the first day or before it is refused."""
    assert fault(lambda: Span(DAY, end), ArgumentError) == (
        f"span: wanted an end after 2012-02-08, got {end} [empty-span]"
    )


@pytest.mark.parametrize("value", [datetime(2012, 2, 8), NOT_A_TIME, "2012-02-08", 0, True])
def test_the_bounds_of_a_span_are_dates(value: Any) -> None:
    """A datetime, a text or a number is neither start nor end of a span."""
    expected = f"span: wanted a datetime.date, got {shown(value)} [bad-date]"
    assert fault(lambda: Span(value), ArgumentError) == expected
    assert fault(lambda: Span(DAY, value), ArgumentError) == expected
    assert fault(lambda: Span(None), ArgumentError) == (  # type: ignore[arg-type]
        "span: wanted a datetime.date, got nothing [bad-date]"
    )


SPANS = st.tuples(st.integers(0, 9), st.none() | st.integers(1, 9)).map(
    lambda pair: Span(DAY + timedelta(days=pair[0]), None if pair[1] is None else DAY + timedelta(days=sum(pair)))  # type: ignore[arg-type]
)


@given(SPANS, SPANS)
def test_the_overlap_of_spans_has_the_days_of_both(one: Span, other: Span) -> None:
    """A day lies in the overlap exactly when it lies in both spans; without such a day there is none."""
    both = one.overlap(other)
    days = [DAY + timedelta(days=n) for n in range(25)]
    assert [day for day in days if both is not None and day in both] == [
        day for day in days if day in one and day in other
    ]
    assert both == other.overlap(one)


def test_spans_are_ordered_and_one_line() -> None:
    """A span is told in one line, with two dots for an end that is open."""
    assert repr(Span(DAY, date(2013, 6, 30))) == "Span(2012-02-08 .. 2013-06-30)"
    assert repr(Span(DAY)) == "Span(2012-02-08 ..)"


def test_periods_step_from_the_anchor() -> None:
    """Monthly periods from 31 January end on the last day of short months and come back to the 31st."""
    assert list(islice(periods(date(2011, 1, 31), 1), 4)) == [
        Span(date(2011, 1, 31), date(2011, 2, 28)),
        Span(date(2011, 2, 28), date(2011, 3, 31)),
        Span(date(2011, 3, 31), date(2011, 4, 30)),
        Span(date(2011, 4, 30), date(2011, 5, 31)),
    ]


def test_years_step_from_a_leap_day() -> None:
    """Yearly periods from 29 February fall on the 28th, and in the next leap year on the 29th again."""
    starts = [span.start for span in islice(periods(date(2012, 2, 29), 12), 5)]
    assert starts == [date(2012, 2, 29), *(date(y, 2, 28) for y in (2013, 2014, 2015)), date(2016, 2, 29)]


@given(st.dates(), st.integers(1, 60))
def test_periods_leave_no_day_out(anchor: date, months: int) -> None:
    """Each period begins where the last one ends, the first at the anchor."""
    found = list(islice(periods(anchor, months), 6))
    assert all(one.end == other.start for one, other in pairwise(found))
    assert not found or found[0].start == anchor


def test_periods_end_with_the_calendar() -> None:
    """Where the next bound would lie after the year 9999, there is no further period."""
    assert list(periods(date(9999, 11, 30), 1)) == [Span(date(9999, 11, 30), date(9999, 12, 30))]
    assert list(periods(DAY, 10**30)) == []


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        (DAY, 0, "months: wanted a number of months from 1, got 0 [bad-number]"),
        (DAY, True, "months: wanted a number of months from 1, got True [bad-number]"),
        (DAY, 1.0, "months: wanted a number of months from 1, got 1.0 [bad-number]"),
        (DAY, None, "months: wanted a number of months from 1, got nothing [bad-number]"),
        (datetime(2012, 2, 8), 1, "anchor: wanted a day as YYYY-MM-DD, got a value of type datetime [bad-date]"),
        (None, 1, "anchor: wanted a day as YYYY-MM-DD, got nothing [bad-date]"),
    ],
)
def test_periods_want_a_day_and_a_number(anchor: Any, months: Any, expected: str) -> None:
    """Another anchor than a day, or another number than a whole one from 1, is refused."""
    assert fault(lambda: next(periods(anchor, months)), ArgumentError) == expected


def test_periods_read_an_anchor_as_days_are_read() -> None:
    """An anchor that is written YYYY-MM-DD gives the periods of that day."""
    assert next(periods("2012-01-31", 1)) == next(periods(date(2012, 1, 31), 1))  # type: ignore[arg-type]


def test_years_and_months() -> None:
    """Twelve months make the year, without gaps; a leap year has 366 days."""
    months = [month(2012, n) for n in range(1, 13)]
    assert all(one.end == other.start for one, other in pairwise(months))
    assert Span(months[0].start, months[-1].end) == year(2012)
    assert (year(2012).days, year(2013).days, month(2012, 12)) == (
        366,
        365,
        Span(date(2012, 12, 1), date(2013, 1, 1)),
    )


@pytest.mark.parametrize(
    ("of_year", "number"),
    [(0, 1), (9999, 1), (2012, 0), (2012, 13), (True, 1), (2012, True), (2012.0, 1), ("2012", 1), (2012, None)],
)
def test_a_month_wants_numbers_in_range(of_year: Any, number: Any) -> None:
    """A year or month out of range, or of another type, is refused, True for 1 among them."""
    assert fault(lambda: month(of_year, number), ArgumentError) == (
        f"span: wanted a year and a month, got {shown(of_year)} and {shown(number)} [bad-date]"
    )


# --- quotas and shares


@pytest.mark.parametrize("value", [-1, True, False, 1.0, float("nan"), "1", [1], datetime(2012, 1, 1)])
def test_a_quota_has_whole_numbers_from_0(value: Any) -> None:
    """A floor or ceiling that is negative, or no int, is refused; True is not 1."""
    wanted = f"wanted a whole number from 0, got {shown(value)} [bad-number]"
    assert fault(lambda: Quota(value), ArgumentError) == f"floor: {wanted}"
    assert fault(lambda: Quota(0, value), ArgumentError) == f"ceiling: {wanted}"


def test_only_a_ceiling_may_be_left_open() -> None:
    """None is no floor, but as a ceiling it stands for no limit."""
    text = fault(lambda: Quota(None), ArgumentError)  # type: ignore[arg-type]
    assert text == "floor: wanted a whole number from 0, got nothing [bad-number]"
    assert repr(Quota()) == "Quota(floor=0, ceiling=None)"


def test_a_floor_lies_not_above_the_ceiling() -> None:
    """A floor above its ceiling is refused; equal ones are exact numbers."""
    text = fault(lambda: Quota(2, 1), ArgumentError)
    assert text == "ceiling: wanted at least the floor, 2, got 1 [floor-above-ceiling]"
    assert Quota(2, 2) == Quota(2, 2) != Quota(2, 3)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Share(0, 0), "0 of 0"),
        (Share(0, 7), "0 of 7 (0.0%)"),
        (Share(3, 8), "3 of 8 (37.5%)"),
        (Share(2, 3), "2 of 3 (66.6%)"),
        (Share(7, 7), "7 of 7 (100.0%)"),
        (Share(399_999, 400_000), "399,999 of 400,000 (99.9%)"),
    ],
)
def test_a_share_keeps_its_denominator(share: Share, text: str) -> None:
    """A share is told with both numbers, its rate rounded down, so that 100.0% is said of all alone."""
    assert str(share) == text


# --- what a message may show


@pytest.mark.parametrize("name", [*NAMES, NUMBER, NUMBER[:17] + "x", NUMBER[:17], "1" * 15, "x" * 41])
def test_what_may_be_personal_is_described(name: str) -> None:
    """A name, a text with a long number in it, or a long text is described by its length alone."""
    assert shown(name) == f"text of {len(name)} characters"


@given(st.text() | st.integers() | st.floats() | st.binary() | st.dates() | st.lists(st.text()))
def test_whatever_is_shown_is_short_and_one_line(value: object) -> None:
    """Any value is told in less than 60 characters on one line, with no long number and nothing outside ASCII."""
    text = shown(value)
    assert len(text) < 60
    assert text.isprintable()
    assert text.isascii()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NUMBER, True),
        (NUMBER.lower(), True),
        ("110105194912310021", False),
        (NUMBER[:17] + "Ｘ", True),
        ("１" + NUMBER[1:], True),
        ("110105194913310022", False),
        (NUMBER[:17], False),
        (f" {NUMBER}", False),
        ("", False),
    ],
)
def test_an_identity_number_is_known_by_its_check_character(text: str, expected: bool) -> None:
    """18 characters, a day that can be and the right check character make an identity number."""
    assert is_identity_number(text) is expected
    assert key(text) == ("<identity number>" if expected else repr(text))


def test_an_error_tells_fifty_problems_and_keeps_all() -> None:
    """The text has the number of problems, the first fifty and how many follow; `problems` has them all."""
    error = RosterError(Problem("bad-number", "no", "helpers", n, "members") for n in range(1_234))
    lines = str(error).splitlines()
    assert (lines[0], lines[1], lines[-1]) == (
        "roster: 1,234 problems",
        "helpers, row 0, members: no [bad-number]",
        "… and 1,184 more, in .problems",
    )
    assert (len(lines), len(error.problems), error.code) == (52, 1_234, "bad-number")


@pytest.mark.parametrize("error", [RosterError([Problem("a", "b")]), ArgumentError("a", "b", "c")])
def test_an_error_survives_pickling(error: PairingError) -> None:
    """An error that comes back from another process has its type and its problems."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again)) == (type(error), error.problems, str(error))


# --- areas


AREA_FAULTS: list[tuple[list[Any], str]] = [
    ([None], "areas, row 0: wanted an Area, got nothing [bad-type]"),
    (["甘肃省"], "areas, row 0: wanted an Area, got text of 3 characters [bad-type]"),
    ([Area("", "n", "county")], "areas, row 0, code: wanted a text that is not empty, got nothing [bad-key]"),
    ([Area(62, "n", "county")], "areas, row 0, code: wanted a text that is not empty, got 62 [bad-key]"),  # type: ignore[arg-type]
    (
        [Area("c", "n", "county"), Area("c", "m", "county")],
        "areas, row 1, code: c stands already in row 0; wanted one row each [duplicate-id]",
    ),
    ([Area("c", None, "county")], "areas, row 0, name: wanted a text, got nothing [bad-type]"),  # type: ignore[arg-type]
    (
        [Area("c", "n", "hamlet")],
        "areas, row 0, level: wanted one of province, prefecture, county, township, village, got 'hamlet' "
        "[unknown-level]",
    ),
    (
        [Area("c", "n", ["county"])],  # type: ignore[arg-type]
        "areas, row 0, level: wanted one of province, prefecture, county, township, village, "
        "got a value of type list [unknown-level]",
    ),
    ([Area("c", "n", "county", "p")], "areas, row 0, parent: wanted the code of an area, got 'p' [unknown-area]"),
    ([Area("c", "n", "county", "")], "areas, row 0, parent: wanted the code of an area, got nothing [unknown-area]"),
    (
        [Area("c", "n", "county", 62)],  # type: ignore[arg-type]
        "areas, row 0, parent: wanted the code of an area, got 62 [unknown-area]",
    ),
    (
        [Area("v", "n", "village"), Area("c", "n", "county", "v")],
        "areas, row 1, parent: a county wants a parent above it, got a village [level-order]",
    ),
    (
        [Area("a", "n", "county"), Area("b", "n", "county", "a")],
        "areas, row 1, parent: a county wants a parent above it, got a county [level-order]",
    ),
]


@pytest.mark.parametrize(("areas", "expected"), AREA_FAULTS, ids=[text for _, text in AREA_FAULTS])
def test_each_fault_of_areas_is_told(areas: list[Any], expected: str) -> None:
    """Every fault of the area tree is told with its row, its field and its code, and nothing besides."""
    assert fault(lambda: AreaTree(areas)) == expected


def test_a_loop_of_areas_is_told_once() -> None:
    """Areas that lie in one another are told at the first of them, beside the levels that do not fit."""
    areas = [Area("b", "n", "county", "a"), Area("a", "n", "prefecture", "b")]
    assert fault(lambda: AreaTree(areas)) == (
        "roster: 2 problems\n"
        "areas, row 1, parent: a prefecture wants a parent above it, got a county [level-order]\n"
        "areas, row 1, parent: a lies in itself, by way of its parents [cycle]"
    )


def test_all_faults_of_areas_are_told_at_once() -> None:
    """Many faulty areas give one error that has the problem of each."""
    good = {"c": COUNTY, "a": Area("a", "n", "county"), "v": Area("v", "n", "village")}
    areas = [*good.values(), None, Area("d", "n", "x"), Area("c", "n", "county"), Area("e", "n", "village", "q")]
    with pytest.raises(RosterError) as caught:
        AreaTree(areas)  # type: ignore[arg-type]
    assert [(problem.row, problem.field, problem.code) for problem in caught.value.problems] == [
        (3, "", "bad-type"),
        (4, "level", "unknown-level"),
        (5, "code", "duplicate-id"),
        (6, "parent", "unknown-area"),
    ]


def test_a_chain_of_5_000_areas_does_not_recurse() -> None:
    """A loop of 5,000 areas is found, and a line of as many units is read, without deep recursion."""
    areas = [Area(f"{n:04}", "n", "county", f"{(n + 1) % 5000:04}") for n in range(5000)]
    with pytest.raises(RosterError) as caught:
        AreaTree(areas)
    cycles = [problem for problem in caught.value.problems if problem.code == "cycle"]
    assert [problem.message for problem in cycles] == ["0000 lies in itself, by way of its parents"]
    line = [Unit(f"{n:04}", "county", "c", None if n == 4999 else f"{n + 1:04}") for n in range(5000)]
    assert len(roster(units=[*line, UNIT]).units) == 5001


def test_a_loop_of_5_000_units_does_not_recurse() -> None:
    """A loop of 5,000 superior units is told once, at the first of them."""
    units = [Unit(f"{n:04}", "county", "c", f"{(n + 1) % 5000:04}") for n in reversed(range(5000))]
    assert fault(lambda: roster(units=[*units, UNIT])) == (
        "units, row 4999, parent: '0000' is its own superior, by way of its parents [cycle]"
    )


@given(st.lists(st.none() | st.integers(0, 7), min_size=8, max_size=8))
def test_loops_are_found_once_each(parents: list[int | None]) -> None:
    """A key is on a loop when its parents lead back to it; of each loop the first key is told."""
    up = {str(n): None if parent is None else str(parent) for n, parent in enumerate(parents)}

    def loop(key: str) -> frozenset[str]:
        seen = []
        at: str | None = up[key]
        while at is not None and at != key and at not in seen:
            seen.append(at)
            at = up[at]
        return frozenset([*seen, key]) if at == key else frozenset()

    assert loops(up) == sorted({min(loop(key)) for key in up if loop(key)})


def test_an_area_tree_is_walked_both_ways() -> None:
    """From an area the tree leads to those above it, by level, and to all below it, parents first."""
    codes = ("62", "6201", "620102", "620102001", "620102001001")
    tree = AreaTree(
        [
            Area(code, "", level, codes[n - 1] if n else None)
            for n, (code, level) in enumerate(zip(codes, LEVELS, strict=True))
        ]
        + [Area("6202", "", "prefecture", "62")]
    )
    assert [area.code for area in tree.chain(codes[-1])] == list(reversed(codes))
    assert [tree.at(codes[-1], level) for level in LEVELS] == list(codes)
    assert tree.at("6202", "county") is None
    assert tree.under("62") == (*codes[1:], "6202")
    assert (tree.children(None), tree.children("62"), tree.children("6202")) == (("62",), ("6201", "6202"), ())
    assert len(list(tree)) == len(tree) == 6
    assert ("6202" in tree, "6203" in tree, tree["6202"].level) == (True, False, "prefecture")


# --- ladders


@pytest.mark.parametrize("ranks", [[], ["a", "a"], [""], ["a", ""], [Rank("a"), "a"], [Rank(5)]])  # type: ignore[arg-type]
def test_a_ladder_has_every_rank_once(ranks: Any) -> None:
    """No rank at all, an empty id, or one that stands twice makes no ladder."""
    text = fault(lambda: Ladder(ranks), ArgumentError)
    assert text == "ladder: wanted at least one rank, each id a text and once [bad-ladder]"


def test_a_ladder_has_an_order() -> None:
    """Ranks count from the top; whoever has none of them stands below all."""
    ladder = Ladder(["bureau", Rank("division", "县处级正职"), "staff"])
    assert [ladder.position(rank) for rank in ("bureau", "division", "staff", "clerk", None)] == [0, 1, 2, 3, 3]
    assert ("staff" in ladder, "clerk" in ladder, None in ladder) == (True, False, False)
    assert repr(ladder) == "Ladder('bureau' > 'division' > 'staff')"
    assert [rank.id for rank in LADDER] == RANKS.split(", ")


# --- the roster


def of(thing: Any, **changes: Any) -> Any:
    return attrs.evolve(thing, **changes)


WHOLE = "wanted a whole number from"
KINDS = "wanted one of cadre, team, group, owner; got"
RULES = "wanted one of locked, excluded, preferred; got"
ITEMS = "wanted a frozenset of texts, got"
PAIR = NamedPair("ann", "x", "excluded")
OWN = OwnLink("ann", "v")

FAULTS: list[tuple[str, list[Any], str]] = [
    ("units", [UNIT, None], "units, row 1: wanted a Unit, got nothing [bad-type]"),
    ("units", [UNIT, HELPER], "units, row 1: wanted a Unit, got a value of type Helper [bad-type]"),
    *(
        (
            "units",
            [UNIT, of(UNIT, id=id)],
            f"units, row 1, id: wanted a text without spaces around it, got {shown(id)} [bad-key]",
        )
        for id in ("", " u", "u\u3000", "u\n", None, 7, True, ["u"], float("nan"))
    ),
    (
        "units",
        [UNIT, of(UNIT, id="a\tb")],
        "units, row 1, id: wanted characters that can be printed, got another in text of 3 characters [bad-key]",
    ),
    ("units", [UNIT, UNIT], "units, row 1, id: 'u' stands already in row 0; give each its own id [duplicate-id]"),
    (
        "units",
        [UNIT, of(UNIT, id="w", level="hamlet")],
        "units, row 1, level: wanted one of province, prefecture, county, township, village; got 'hamlet' "
        "[unknown-level]",
    ),
    *(
        (
            "units",
            [UNIT, of(UNIT, id="w", area=area)],
            f"units, row 1, area: wanted the key of an area, got {got} [unknown-area]",
        )
        for area, got in (("q", "'q'"), (None, "nothing"), (1, "1"), (["c"], "a value of type list"))
    ),
    *(
        (
            "units",
            [UNIT, of(UNIT, id="w", parent=parent)],
            f"units, row 1, parent: wanted the key of a unit, got {got} [unknown-unit]",
        )
        for parent, got in (("q", "'q'"), ("", "nothing"), (1, "1"))
    ),
    ("units", [of(UNIT, name=None)], "units, row 0, name: wanted a text, got nothing [bad-type]"),
    (
        "units",
        [UNIT, of(UNIT, id="w", parent="w")],
        "units, row 1, parent: 'w' is its own superior, by way of its parents [cycle]",
    ),
    ("helpers", [HELPER, "王小明"], "helpers, row 1: wanted a Helper, got text of 3 characters [bad-type]"),
    (
        "helpers",
        [HELPER, HELPER],
        "helpers, row 1, id: 'ann' stands already in row 0; give each its own id [duplicate-id]",
    ),
    (
        "helpers",
        [HELPER, of(HELPER, id=NUMBER)],
        "helpers, row 1, id: wanted a key of your own, got an identity number; keep those out of the roster "
        "[identity-number]",
    ),
    ("helpers", [of(HELPER, unit="q")], "helpers, row 0, unit: wanted the key of a unit, got 'q' [unknown-unit]"),
    ("helpers", [of(HELPER, unit=None)], "helpers, row 0, unit: wanted the key of a unit, got nothing [unknown-unit]"),
    *(
        ("helpers", [of(HELPER, rank=rank)], f"helpers, row 0, rank: wanted one of {RANKS}; got {got} [unknown-rank]")
        for rank, got in (("boss", "'boss'"), (None, "nothing"), (1, "1"), ("王小明", "text of 3 characters"))
    ),
    (
        "helpers",
        [of(HELPER, kind="team", rank="boss")],
        f"helpers, row 0, rank: wanted one of {RANKS}; got 'boss' [unknown-rank]",
    ),
    ("helpers", [of(HELPER, kind="firm")], f"helpers, row 0, kind: {KINDS} 'firm' [unknown-kind]"),
    ("helpers", [of(HELPER, kind=None)], f"helpers, row 0, kind: {KINDS} nothing [unknown-kind]"),
    ("helpers", [of(HELPER, post=5)], "helpers, row 0, post: wanted a text, got 5 [bad-type]"),
    ("helpers", [of(HELPER, name=None)], "helpers, row 0, name: wanted a text, got nothing [bad-type]"),
    *(
        ("helpers", [of(HELPER, members=n)], f"helpers, row 0, members: {WHOLE} 1, got {shown(n)} [bad-number]")
        for n in (0, -1, True, 1.0, "1", None)
    ),
    *(
        (
            "helpers",
            [of(HELPER, service=s)],
            f"helpers, row 0, service: wanted a Span or None, got {shown(s)} [bad-span]",
        )
        for s in (DAY, "2012-02-08", (DAY, None), True)
    ),
    *(
        (
            "helpers",
            [of(HELPER, skills=s)],
            f"helpers, row 0, skills: wanted a frozenset of texts, got {shown(s)} [bad-type]",
        )
        for s in ({"a"}, ("a",), "a", None, frozenset([1]), frozenset([""]))
    ),
    ("households", [HOUSEHOLD, 5], "households, row 1: wanted a Household, got 5 [bad-type]"),
    (
        "households",
        [HOUSEHOLD, HOUSEHOLD],
        "households, row 1, id: 'x' stands already in row 0; give each its own id [duplicate-id]",
    ),
    (
        "households",
        [HOUSEHOLD, of(HOUSEHOLD, id=NUMBER.lower())],
        "households, row 1, id: wanted a key of your own, got an identity number; keep those out of the roster "
        "[identity-number]",
    ),
    *(
        (
            "households",
            [of(HOUSEHOLD, village=v)],
            f"households, row 0, village: wanted the key of an area of level village, got {got} [unknown-village]",
        )
        for v, got in (("q", "'q'"), ("c", "'c'"), (None, "nothing"), ("李大山", "text of 3 characters"))
    ),
    *(
        (
            "households",
            [of(HOUSEHOLD, difficulty=n)],
            f"households, row 0, difficulty: {WHOLE} 0, got {shown(n)} [bad-number]",
        )
        for n in (-1, True, 1.5, float("nan"), "3", None)
    ),
    *(
        (
            "households",
            [of(HOUSEHOLD, persons=n)],
            f"households, row 0, persons: {WHOLE} 1, got {shown(n)} [bad-number]",
        )
        for n in (0, True, 2.0, None)
    ),
    ("households", [of(HOUSEHOLD, hamlet=None)], "households, row 0, hamlet: wanted a text, got nothing [bad-type]"),
    ("households", [of(HOUSEHOLD, name=3)], "households, row 0, name: wanted a text, got 3 [bad-type]"),
    (
        "households",
        [of(HOUSEHOLD, registered=2012)],
        "households, row 0, registered: wanted a Span or None, got 2012 [bad-span]",
    ),
    (
        "households",
        [of(HOUSEHOLD, needs=["a"])],
        "households, row 0, needs: wanted a frozenset of texts, got a value of type list [bad-type]",
    ),
    ("links", [("u", "v")], "links, row 0: wanted a Link, got a value of type tuple [bad-type]"),
    ("links", [Link("q", "v")], "links, row 0, unit: wanted the key of a unit, got 'q' [unknown-unit]"),
    (
        "links",
        [Link("u", "c")],
        "links, row 0, village: wanted the key of an area of level village, got 'c' [unknown-village]",
    ),
    (
        "links",
        [of(LINK, unit=["u"])],
        "links, row 0, unit: wanted the key of a unit, got a value of type list [unknown-unit]",
    ),
    (
        "links",
        [Link("u", "v"), Link("u", "v")],
        "links, row 1, unit: 'u' and 'v' are linked already in row 0; keep one of the two [duplicate-link]",
    ),
    ("named", [("ann", "x")], "pairs, row 0: wanted a NamedPair, got a value of type tuple [bad-type]"),
    ("named", [of(PAIR, helper="q")], "pairs, row 0, helper: wanted the key of a helper, got 'q' [unknown-helper]"),
    ("named", [of(PAIR, helper=1)], "pairs, row 0, helper: wanted the key of a helper, got 1 [unknown-helper]"),
    (
        "named",
        [of(PAIR, household=NUMBER)],
        "pairs, row 0, household: wanted the key of a household, got text of 18 characters [unknown-household]",
    ),
    ("named", [of(PAIR, rule="kept")], f"pairs, row 0, rule: {RULES} 'kept' [unknown-rule]"),
    ("named", [of(PAIR, rule=None)], f"pairs, row 0, rule: {RULES} nothing [unknown-rule]"),
    ("named", [of(PAIR, score=-1)], f"pairs, row 0, score: {WHOLE} 0, got -1 [bad-number]"),
    ("named", [of(PAIR, score=True)], f"pairs, row 0, score: {WHOLE} 0, got True [bad-number]"),
    ("named", [of(PAIR, rule="preferred")], f"pairs, row 0, score: {WHOLE} 1, got 0 [bad-number]"),
    ("named", [of(PAIR, reason=None)], "pairs, row 0, reason: wanted a text, got nothing [bad-type]"),
    (
        "named",
        [PAIR, of(PAIR, rule="locked")],
        "pairs, row 1, helper: 'ann' and 'x' are named already in row 0; keep one of the two [duplicate-pair]",
    ),
    *(
        ("helpers", [of(HELPER, **{name: ("a",)})], f"helpers, row 0, {name}: {ITEMS} a value of type tuple [bad-type]")
        for name in ("languages", "ties", "kin")
    ),
    *(
        ("helpers", [of(HELPER, **{name: None})], f"helpers, row 0, {name}: wanted a text, got nothing [bad-type]")
        for name in ("home", "hamlet", "division")
    ),
    *(
        ("helpers", [of(HELPER, **{name: 1})], f"helpers, row 0, {name}: wanted True or False, got 1 [bad-type]")
        for name in ("fit", "hardship")
    ),
    *(
        (
            "helpers",
            [of(HELPER, birth=value)],
            f"helpers, row 0, birth: wanted a datetime.date or None, got {got} [bad-date]",
        )
        for value, got in (
            ("1952-02-29", "'1952-02-29'"),
            (datetime(1952, 2, 29), "a value of type datetime"),
            (0, "0"),
        )
    ),
    *(
        ("helpers", [of(HELPER, sex=value)], f"helpers, row 0, sex: wanted one of f, m; got {got} [unknown-sex]")
        for value, got in (
            ("x", "'x'"),
            ("男", "text of 1 character"),
            (None, "nothing"),
            (["f"], "a value of type list"),
        )
    ),
    *(
        ("households", [of(HOUSEHOLD, **{name: "a"})], f"households, row 0, {name}: {ITEMS} 'a' [bad-type]")
        for name in ("languages", "kin")
    ),
    ("households", [of(HOUSEHOLD, status=5)], "households, row 0, status: wanted a text, got 5 [bad-type]"),
    ("own_links", [LINK], "own_links, row 0: wanted an OwnLink, got a value of type Link [bad-type]"),
    (
        "own_links",
        [of(OWN, helper="q")],
        "own_links, row 0, helper: wanted the key of a helper, got 'q' [unknown-helper]",
    ),
    (
        "own_links",
        [OwnLink("ann", "q")],
        "own_links, row 0, area: wanted the key of an area of level county or village, got 'q' "
        "[unknown-county-or-village]",
    ),
    (
        "own_links",
        [OWN, OWN],
        "own_links, row 1, helper: 'ann' and 'v' are linked already in row 0; keep one of the two [duplicate-link]",
    ),
    ("villages", [5], "villages, row 0: wanted a Village, got 5 [bad-type]"),
    (
        "villages",
        [Village("c")],
        "villages, row 0, code: wanted the key of an area of level village, got 'c' [unknown-village]",
    ),
    (
        "villages",
        [Village("v"), Village("v", 5)],
        "villages, row 1, code: 'v' stands already in row 0; keep one of the two [duplicate-id]",
    ),
    *(
        (
            "villages",
            [of(Village("v"), **{name: -1})],
            f"villages, row 0, {name}: {WHOLE} 0, got -1 [bad-number]",
        )
        for name in ("households", "remoteness", "difficulty")
    ),
]


@pytest.mark.parametrize(("table", "things", "expected"), FAULTS, ids=[text for _, _, text in FAULTS])
def test_each_fault_of_a_roster_is_told(table: str, things: list[Any], expected: str) -> None:
    """Every fault of a roster is told with its table, row, field and code, and nothing besides."""
    assert fault(lambda: roster(**{table: things})) == expected


def test_every_field_of_the_roster_has_a_fault_in_the_table() -> None:
    """No field of any class of the roster goes without a test of a wrong value."""
    classes = {
        "units": Unit,
        "helpers": Helper,
        "households": Household,
        "links": Link,
        "pairs": NamedPair,
        "own_links": OwnLink,
        "villages": Village,
    }
    told = {tuple(text.partition(":")[0].split(", ")[::2]) for _, _, text in FAULTS}
    assert {(table, field.name) for table, kind in classes.items() for field in attrs.fields(kind)} <= told


def test_the_parts_of_a_roster_have_their_types() -> None:
    """Areas that are no tree, and ranks that are no ladder, are refused before anything else."""
    text = fault(lambda: Roster([COUNTY]))  # type: ignore[arg-type]
    assert text == "areas: wanted an AreaTree, got a value of type list [bad-type]"
    assert fault(lambda: roster(ladder=["staff"])) == "ladder: wanted a Ladder, got a value of type list [bad-type]"


def test_all_faults_of_a_roster_are_told_at_once() -> None:
    """Faults in all tables give one error, in the order of tables and rows, each with its place."""
    text = fault(
        lambda: roster(
            units=[UNIT, of(UNIT, id="w", level="x", area="y")],
            helpers=[of(HELPER, unit="q", members=0), HELPER],
            households=[HOUSEHOLD, of(HOUSEHOLD, id="y", persons=0)],
            links=[Link("u", "v"), Link("u", "nowhere")],
            named=[PAIR],
        )
    )
    assert text.splitlines() == [
        "roster: 7 problems",
        "units, row 1, level: wanted one of province, prefecture, county, township, village; got 'x' [unknown-level]",
        "units, row 1, area: wanted the key of an area, got 'y' [unknown-area]",
        "helpers, row 0, unit: wanted the key of a unit, got 'q' [unknown-unit]",
        "helpers, row 0, members: wanted a whole number from 1, got 0 [bad-number]",
        "helpers, row 1, id: 'ann' stands already in row 0; give each its own id [duplicate-id]",
        "households, row 1, persons: wanted a whole number from 1, got 0 [bad-number]",
        "links, row 1, village: wanted the key of an area of level village, got 'nowhere' [unknown-village]",
    ]


NAMED_HELPER = Helper("ann", "u", "staff", name="王小明")
NAMED_HOUSEHOLD = Household("x", "v", name="李大山")
SECRETS = ("王小明", "李大山", NUMBER)


def everything_shown(error: BaseException | None) -> str:
    """Return all texts by which an error, and whatever it came from, could show a value."""
    parts: list[str] = []
    while error is not None:
        parts += [str(error), repr(error), repr(error.args), repr(vars(error))]
        error = error.__context__ or error.__cause__
    return "\n".join(parts)


LEAKS: list[tuple[str, Callable[[], object]]] = [
    ("a helper twice", lambda: roster(helpers=[NAMED_HELPER, NAMED_HELPER])),
    ("a household twice", lambda: roster(households=[NAMED_HOUSEHOLD, NAMED_HOUSEHOLD])),
    ("a name for a rank", lambda: roster(helpers=[of(NAMED_HELPER, rank="王小明")])),
    ("a name for a unit", lambda: roster(helpers=[of(NAMED_HELPER, unit="王小明")])),
    ("a name for a village", lambda: roster(households=[of(NAMED_HOUSEHOLD, village="李大山")])),
    ("a name for a number", lambda: roster(households=[of(NAMED_HOUSEHOLD, persons="李大山")])),
    ("a name for a span", lambda: roster(helpers=[of(NAMED_HELPER, service="王小明")])),
    ("a name for a division", lambda: roster(helpers=[of(NAMED_HELPER, division=["王小明"])])),
    ("a name for a birth", lambda: roster(helpers=[of(NAMED_HELPER, birth="王小明")])),
    ("a name for a sex", lambda: roster(helpers=[of(NAMED_HELPER, sex="王小明")])),
    ("a name for a skill", lambda: roster(helpers=[of(NAMED_HELPER, skills=["王小明"])])),
    ("a name in a pair", lambda: roster(named=[NamedPair("王小明", "李大山", "kin")])),
    ("a name for a helper", lambda: roster(helpers=["王小明"])),
    ("a helper's number twice", lambda: roster(helpers=[of(NAMED_HELPER, id=NUMBER)] * 2)),
    ("a number for a household", lambda: roster(households=[of(NAMED_HOUSEHOLD, id=NUMBER)])),
    ("a number for a loop of units", lambda: roster(units=[UNIT, Unit(NUMBER, "county", "c", NUMBER)])),
    ("a number in a link twice", lambda: roster(units=[UNIT, of(UNIT, id=NUMBER)], links=[Link(NUMBER, "v")] * 2)),
    ("a name in a link twice", lambda: roster(links=[Link("王小明", "v")] * 2)),
    ("a name in a pair twice", lambda: roster(named=[NamedPair("王小明", "李大山", "excluded")] * 2)),
    ("a number for an area twice", lambda: AreaTree([of(VILLAGE, code=NUMBER, parent=None)] * 2)),
    ("a number for a loop of areas", lambda: AreaTree([of(VILLAGE, code=NUMBER, parent=NUMBER)])),
    ("a number looked up", lambda: roster().helper(NUMBER)),
    ("a name looked up", lambda: roster().household("李大山")),
    ("a name for a day", lambda: to_date("王小明")),
    ("a name for a quota", lambda: Quota("王小明")),  # type: ignore[arg-type]
    ("a name for a rank of a ladder", lambda: Ladder(["王小明", "王小明"])),
]


@pytest.mark.parametrize("build", [build for _, build in LEAKS], ids=[what for what, _ in LEAKS])
def test_no_error_shows_a_name_or_an_identity_number(build: Callable[[], object]) -> None:
    """Neither text, repr, arguments nor what an error came from has a name or an identity number."""
    with pytest.raises(PairingError) as caught:
        build()
    text = everything_shown(caught.value)
    assert not [secret for secret in SECRETS if secret in text]


def test_no_repr_shows_a_name_or_an_identity_number() -> None:
    """Nobody's name is in the repr of a helper, a household or the roster, nor is an identity number."""
    things = [NAMED_HELPER, NAMED_HOUSEHOLD, roster(helpers=[NAMED_HELPER], households=[NAMED_HOUSEHOLD])]
    things += [Helper(NUMBER, "u"), Household(NUMBER, "v"), NamedPair(NUMBER, NUMBER, "locked")]
    things += [Pairing(NUMBER, NUMBER)]
    assert not [secret for secret in SECRETS if secret in repr(things)]


def test_no_repr_shows_birth_sex_or_division() -> None:
    """What handovers and retirement read of a helper is personal: it is not in the repr."""
    helper = of(HELPER, division="刑庭", birth=date(1952, 2, 29), sex="f")
    assert repr(helper) == repr(HELPER)
    assert roster(helpers=[helper]).helper("ann") == helper != HELPER


def test_who_differs_in_division_birth_or_sex_alone_is_alike() -> None:
    """Pairing reads none of the three, so helpers who differ in nothing else stand in one group."""
    others = [
        of(HELPER, id="bo", division="刑庭"),
        of(HELPER, id="cy", birth=date(1952, 2, 29)),
        of(HELPER, id="di", sex="m"),
    ]
    assert roster(helpers=[HELPER, *others]).helper_groups == ((0, 1, 2, 3),)


def test_every_repr_is_one_line() -> None:
    """What stands in a roster is told in one line, short and with all that rules read."""
    assert [repr(thing) for thing in (UNIT, HELPER, HOUSEHOLD, PAIR, Link("u", "v"), Rank("staff", "科员"))] == [
        "Unit(id='u', level='county', area='c', parent=None, name='')",
        "Helper(id='ann', unit='u', rank='staff', post=None, kind='cadre')",
        "Household(id='x', village='v', difficulty=0, persons=1)",
        "NamedPair(helper='ann', household='x', rule='excluded', score=0, reason='')",
        "Link(unit='u', village='v')",
        "Rank(id='staff', title='科员')",
    ]
    assert [repr(thing) for thing in (roster(named=[PAIR]), AREAS, Load("staff", 2, 3, 1, 2))] == [
        "Roster(2 areas, 1 units, 1 helpers, 1 households, 1 links, 1 named pairs)",
        "AreaTree(2 areas)",
        "Load(who='staff', helpers=2, households=3, fewest=1, most=2)",
    ]


def larger() -> dict[str, list[Any]]:
    spans = (None, Span(DAY), Span(DAY, date(2013, 1, 1)))
    return {
        "units": [Unit(f"u{n}", LEVELS[n % 5], "c") for n in range(6)],
        "helpers": [
            Helper(f"h{n:02}", f"u{n % 3}", ("staff", "bureau")[n % 2], service=spans[n % 3]) for n in range(20)
        ],
        "households": [Household(f"p{n:02}", "v", n % 4, registered=spans[n % 2]) for n in range(20)],
        "links": [Link(f"u{n}", "v") for n in range(6)],
        "named": [NamedPair(f"h{n:02}", f"p{n:02}", "excluded") for n in range(9)],
    }


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_shows_nowhere(random: Random) -> None:
    """Shuffled rows give an equal roster, its tables in the order of ids, and the same groups."""
    parts = larger()
    straight = roster(**parts)
    for part in parts.values():
        random.shuffle(part)
    other = roster(**parts)
    assert other == straight
    assert hash(other) == hash(straight)
    assert [helper.id for helper in other.helpers] == sorted(helper.id for helper in parts["helpers"])
    assert (other.households, other.links, other.named) == (straight.households, straight.links, straight.named)
    assert (other.helper_groups, other.household_groups) == (straight.helper_groups, straight.household_groups)


def test_rosters_differ_when_anything_does() -> None:
    """One other field, or one row less, makes another roster."""
    assert roster() == roster()
    assert roster() != roster(helpers=[of(HELPER, name="王小明")])
    assert roster() != roster(links=[])
    assert roster() != roster(ladder=Ladder(["staff"]))


def test_a_roster_cannot_be_changed() -> None:
    """Neither a table of a roster nor a field of what stands in it can be set; the lists it came from may change."""
    helpers = [HELPER]
    made = roster(helpers=helpers)
    helpers.clear()
    assert made.helpers == (HELPER,)
    for thing, name in ((made, "helpers"), (HELPER, "rank"), (HOUSEHOLD, "village"), (UNIT, "area")):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(thing, name, None)


def test_who_is_alike_stands_in_one_group() -> None:
    """Helpers are grouped by unit, rank, kind, post and service; households by village, difficulty, registration."""
    made = roster(**larger())
    assert sorted(n for group in made.helper_groups for n in group) == list(range(20))
    for group in made.helper_groups:
        told = {(h.unit, h.rank, h.kind, h.post, h.service) for h in (made.helpers[n] for n in group)}
        assert len(told) == 1
    assert len(made.helper_groups) == len({(h.unit, h.rank, h.service) for h in made.helpers})
    assert len(made.household_groups) == len({(h.difficulty, h.registered) for h in made.households})


def test_a_roster_is_looked_up_both_ways() -> None:
    """A roster leads from units to helpers and villages and back, in the order of ids, and knows all its people."""
    made = roster(**larger())
    assert [helper.id for helper in made.helpers_of("u1")] == ["h01", "h04", "h07", "h10", "h13", "h16", "h19"]
    assert (made.helpers_of("u5"), made.villages_of("u5"), made.villages_of("?")) == ((), ("v",), ())
    assert made.units_of("v") == tuple(f"u{n}" for n in range(6))
    assert made.households_in("v") == made.households
    assert (made.helper("h03").id, made.household("p03").id, made.unit("u3").id) == ("h03", "p03", "u3")
    assert ("h03" in made, "p03" in made, "u3" in made) == (True, True, False)


def test_who_has_villages_of_their_own_goes_there() -> None:
    """A helper goes to the villages of the unit, or, where own links lead to villages, to those alone."""
    made = roster(own_links=[OwnLink("ann", "c")])
    assert (made.own_areas("ann"), made.own_villages("ann"), made.may_go_to(HELPER)) == (("c",), (), ("v",))
    made = roster(links=[], own_links=[OwnLink("ann", "c"), OWN])
    assert (made.own_areas("ann"), made.may_go_to(HELPER)) == (("c", "v"), ("v",))
    assert (made.own_areas("nobody"), made.village("v"), made.village("?")) == ((), Village("v"), Village("?"))
    assert roster(villages=[Village("v", 9)]).village("v").households == 9


def test_a_roster_may_be_linked_anew() -> None:
    """Other links make another roster, of the same people and as if it had been made so; what is wrong is told."""
    made = roster(**larger())
    bare = made.linked([], [])
    assert bare == roster(**{**larger(), "links": []})
    assert (bare.villages_of("u1"), bare.units_of("v"), made.villages_of("u1")) == ((), (), ("v",))
    assert bare.linked(made.links, [OwnLink("h01", "v")]) == roster(**larger(), own_links=[OwnLink("h01", "v")])
    assert bare.linked(reversed(made.links), []) == made
    assert hash(bare.linked(made.links, [])) == hash(made)
    assert fault(lambda: made.linked(made.links, [OwnLink("q", "v")])) == (
        "own_links, row 0, helper: wanted the key of a helper, got 'q' [unknown-helper]"
    )


@pytest.mark.parametrize("what", ["unit", "helper", "household"])
def test_an_unknown_id_is_told(what: str) -> None:
    """Looking up whom the roster does not have raises an error that says what was looked for."""
    text = fault(lambda: getattr(roster(), what)("q"), ArgumentError)
    assert text == f"{what}: wanted the id of a {what} of the roster, got 'q' [unknown-id]"


def foreign(calls: list[tuple[str, Callable[[], object]]]) -> dict[str, str]:
    """Return the calls that raise anything but an error of this library, each with the type of what it raises."""
    found = {}
    for what, call in calls:
        try:
            call()
        except PairingError:
            continue
        except Exception as error:
            found[what] = type(error).__name__
    return found


WRONG: Any = 5
"""Something of a wrong type, whatever is wanted."""


def test_parts_of_wrong_types_raise_errors_of_ours() -> None:
    """A ladder, an area tree or a roster of something that has no parts is refused like any other fault."""
    wrong: list[tuple[str, Callable[[], object]]] = [
        ("no ranks", lambda: Ladder(WRONG)),
        ("a number for a rank", lambda: Ladder([WRONG])),
        ("a list for the id of a rank", lambda: Ladder([Rank([WRONG])])),  # type: ignore[arg-type]
        ("no areas", lambda: AreaTree(WRONG)),
        ("no units", lambda: roster(units=WRONG)),
        ("no helpers", lambda: roster(helpers=None)),
        ("no pairs", lambda: roster(named=WRONG)),
    ]
    assert foreign(wrong) == {}


def test_look_ups_of_wrong_types_raise_errors_of_ours() -> None:
    """Asking for what cannot be there gives no, or an error that says what was wanted."""
    asked: list[tuple[str, Callable[[], object]]] = [
        ("a datetime in a span", lambda: datetime(2012, 2, 8) in Span(DAY)),
        ("a text in a span", lambda: "2012-02-08" in Span(DAY)),  # type: ignore[operator]
        ("an overlap with a number", lambda: Span(DAY).overlap(WRONG)),
        ("a list in a roster", lambda: ["ann"] in roster()),
        ("a list in a tree", lambda: ["c"] in AREAS),
        ("a helper by a list", lambda: roster().helper(["ann"])),  # type: ignore[arg-type]
        ("an unknown area", lambda: AREAS["q"]),
        ("the chain of an unknown area", lambda: AREAS.chain("q")),
        ("the county of an unknown area", lambda: AREAS.at("q", "county")),
    ]
    assert foreign(asked) == {}


def test_the_order_of_areas_shows_nowhere() -> None:
    """Areas in another order give an equal tree and an equal roster."""
    turned = AreaTree([VILLAGE, COUNTY])
    assert Roster(turned, [UNIT]) == Roster(AREAS, [UNIT])
    assert turned == AREAS
