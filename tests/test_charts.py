"""Charts show exactly what is counted otherwise, in light and dark, and never a person's name."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import vl_convert
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import pairing as pr
from pairing.areas import Area, AreaTree
from pairing.charts import (
    coverage_by_area,
    flows_to_villages,
    loads_by_rank,
    lorenz_curve,
    responsible_over_time,
    visit_calendar,
)
from pairing.dates import Span, month, year
from pairing.deeds import Visited
from pairing.entries import Entry, HandedOver, Paired, Transfer, VacancyClosed, VacancyOpened
from pairing.errors import ArgumentError, MissingExtra
from pairing.evenness import Effort, effort, lorenz
from pairing.figures import Amount, Withheld
from pairing.people import Helper, Household, Ladder, Link, Rank, Unit
from pairing.plan import Plan
from pairing.register import Register
from pairing.results import Column, Table
from pairing.roster import Roster
from pairing.standings import coverage
from stories import told

DAY = date(2012, 2, 8)
ON = date(2016, 12, 1)
NOBODY = Roster(AreaTree())
Held = set[tuple[str, str]]


def panjin() -> tuple[Roster, Register]:
    book = told("panjin-2010", "0.02")
    return book.roster, book.register


def planned() -> Plan:
    return pr.pair(pr.programme("panjin-2010"), panjin()[0], on=date(2010, 12, 1))


def held(entries: Register, on: date) -> Held:
    """Return helper and household of all pairings on a day: every entry is read, day by day, whatever ends first."""
    moves: list[tuple[date, int, str, str]] = []
    for e in entries:
        if isinstance(e, Paired):
            moves.append((e.on, 1, e.helper, e.household))
        elif isinstance(e, HandedOver):
            moves.append((e.until or e.on, 0, e.giver, e.household))
            moves += [(e.on, 1, taker, e.household) for taker in e.takers]
        elif isinstance(e, VacancyOpened) and e.giver:
            moves.append((e.on, 0, e.giver, e.household))
        elif isinstance(e, VacancyClosed):
            moves += [(e.on, 1, taker, e.household) for taker in e.takers]
    found: Held = set()
    for day, begins, helper, household in sorted(moves):
        if day <= on:
            (found.add if begins else found.discard)((helper, household))
    return found


def rows(chart: Any) -> list[dict[str, Any]]:
    """Return the figures that a chart holds."""
    found: list[dict[str, Any]] = chart.data["values"]
    return found


def domain(chart: Any, axis: str) -> list[str]:
    """Return the words along an axis, in their order."""
    spec = chart.to_dict(validate=False)
    encoding = spec.get("encoding") or spec["layer"][0]["encoding"]
    found: list[str] = encoding[axis]["scale"]["domain"]
    return found


def everything(roster: Roster, register: Register, language: str) -> dict[str, Any]:
    """Return a chart of each kind."""
    household = next(e.household for e in register if isinstance(e, HandedOver | Paired))
    of_helpers = effort(register, roster, during=year(2013))
    return {
        "coverage": coverage_by_area(coverage(register, roster, on=ON, by="township"), language=language),
        "loads": loads_by_rank(register, roster, on=ON, language=language),
        "flows": flows_to_villages(register, roster, on=ON, language=language),
        "responsible": responsible_over_time(register, household, during=year(2013), language=language),
        "calendar": visit_calendar(register, during=year(2013), language=language),
        "lorenz": lorenz_curve(of_helpers, language=language),
    }


# --- the figures are those that are counted otherwise


def test_the_bars_are_the_shares_of_each_area() -> None:
    """Of each township: how many households have a helper, by reading every entry."""
    roster, register = panjin()
    helped = {household for _, household in held(register, ON)}
    expected = {}
    for town in (area for area in roster.areas if area.level == "township"):
        those = [h.id for h in roster.households if roster.areas[h.village].parent == town.code]
        if those:
            expected[town.name] = (sum(id in helped for id in those), len(those))
    chart = coverage_by_area(coverage(register, roster, on=ON, by="township"))
    found = {row["area"]: (row["part"], row["whole"]) for row in rows(chart) if row["whole"]}
    assert found == expected
    assert chart.title.subtitle == f"2016-12-01 all: {coverage(register, roster, on=ON)[None, 'with a helper']}"


def test_the_tiles_are_the_helpers_of_each_rank_by_load() -> None:
    """Of each rank, from the top: how many who serve have no, one, two households."""
    roster, register = panjin()
    loads = Counter(helper for helper, _ in held(register, ON))
    over = {e.helper: e.on for e in register if type(e).__name__ == "Retirement"}  # type: ignore[attr-defined]
    ranks = {helper.id: helper.rank or "" for helper in roster.helpers}
    ranks |= {e.helper: e.rank for e in register if isinstance(e, Transfer) and e.rank}
    serving = [helper.id for helper in roster.helpers if over.get(helper.id, date.max) > ON]
    expected = Counter((ranks[id], str(loads[id])) for id in serving)
    found = rows(loads_by_rank(register, roster, on=ON))
    assert {(row["rank"], row["load"]): row["helpers"] for row in found} == expected
    order = [rank.id for rank in roster.ladder]
    assert [order.index(row["rank"]) for row in found] == sorted(order.index(row["rank"]) for row in found)
    assert all(row["of"] == sum(ranks[id] == row["rank"] for id in serving) for row in found)


def test_a_plan_stands_for_itself() -> None:
    """The loads of a plan are the plan's own."""
    plan = planned()
    expected = Counter((plan.roster.helper(id).rank, str(load)) for id, load in plan.loads.items())
    found = rows(loads_by_rank(plan))
    assert {(row["rank"], row["load"]): row["helpers"] for row in found} == expected


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 150), min_size=1, max_size=5))
def test_large_loads_are_put_together(counts: list[int]) -> None:
    """Every helper is in one tile that contains the load, 0 stands alone, and there are at most 21 columns."""
    helpers = [Helper(f"c-{n}", "u", "staff") for n in range(len(counts))]
    roster = Roster(AreaTree([Area("v", "", "village")]), [Unit("u", "county", "v")], helpers)
    register = Register().record(
        *(Paired(f"c-{n}", f"h-{n}-{k}", on=DAY) for n, count in enumerate(counts) for k in range(count))
    )
    chart = loads_by_rank(register, roster, on=DAY)
    found = {tuple(map(int, row["load"].split("–"))): row["helpers"] for row in rows(chart)}
    for load, number in found.items():
        assert number == sum(load[0] <= count <= load[-1] for count in counts)
    assert sum(found.values()) == len(counts)
    assert len(domain(chart, "x")) <= 21
    assert (0,) in found or 0 not in counts


@pytest.mark.parametrize("of_plan", [True, False])
def test_the_flows_are_the_pairings_of_units_and_villages(of_plan: bool) -> None:
    """Each pairing counts in the tile of the helper's unit on the day and the household's village; a bare link is 0."""
    roster, register = panjin()
    plan = planned()
    pairs = {(p.helper, p.household) for p in plan.pairings} if of_plan else held(register, ON)
    units = {helper.id: helper.unit for helper in roster.helpers}
    if not of_plan:
        units |= {e.helper: e.unit for e in register if isinstance(e, Transfer)}
    called = {unit.id: unit.name for unit in roster.units}
    expected = Counter((called[units[a]], roster.areas[roster.household(b).village].name) for a, b in pairs)
    for link in roster.links:
        expected[called[link.unit], roster.areas[link.village].name] += 0
    chart = flows_to_villages(plan) if of_plan else flows_to_villages(register, roster, on=ON)
    assert {(row["unit"], row["village"]): row["pairings"] for row in rows(chart)} == dict(expected)
    assert sum(expected.values()) == len(pairs)


def test_flows_can_be_of_one_area() -> None:
    """The villages of a township alone: the same tiles as in the whole picture."""
    roster, register = panjin()
    town = next(area.code for area in roster.areas if area.level == "township" and roster.areas.under(area.code))
    names = {roster.areas[code].name for code in roster.areas.under(town)}
    whole = [row for row in rows(flows_to_villages(register, roster, on=ON)) if row["village"] in names]
    chart = flows_to_villages(register, roster, on=ON, area=town)
    assert rows(chart) == whole
    assert chart.title.text.endswith(roster.areas[town].name)


def test_the_calendar_has_every_day_with_its_visits() -> None:
    """Visits in person, what several do together once; days without one are there with 0."""
    _, register = panjin()
    during = Span(date(2012, 11, 20), date(2013, 3, 4))
    for channel in ("in person", "telephone"):
        expected = Counter(str(e.on) for e in register if isinstance(e, Visited) and e.channel == channel)
        days = [str(during.start + timedelta(days=n)) for n in range(during.days or 0)]
        chart = visit_calendar(register, during=during, channel=channel)
        assert {row["day"]: row["visits"] for row in rows(chart)} == {day: expected[day] for day in days}
    places = {(row["month"], row["weekday"], row["week"]): row["day"] for row in rows(chart)}
    assert len(places) == len(days)
    assert places["2013-02", "Fri", 1] == "2013-02-01"
    assert places["2013-02", "Mon", 2] == "2013-02-04"
    assert places["2012-12", "Sun", 1] == "2012-12-02"


@pytest.mark.parametrize(
    ("most", "ticks"),
    [(1, [0, 1]), (2, [0, 1, 2]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]), (36, [0, 10, 20, 30])],
)
def test_the_key_of_a_calendar_says_whole_numbers_of_visits_each_once(most: int, ticks: list[int]) -> None:
    """From 0 on, at equal steps, and no more than six of them."""
    visits = [Visited(f"h-{n}", ["ann"], on=date(2012, 2, 8)) for n in range(most)]
    chart = visit_calendar(Register().record(*visits), during=Span(date(2012, 2, 1), date(2012, 3, 1)))
    picture = vl_convert.vegalite_to_svg(chart.to_dict())
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture[picture.index("role-legend-label") :])
    assert texts[: len(ticks) + 1] == [*map(str, ticks), "visits"]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 9), max_size=12))
def test_the_curve_is_the_lorenz_curve(values: list[int]) -> None:
    """Every point of the Lorenz curve lies on the line through the corners, and every corner is such a point."""
    whole = Amount(sum(values), "person-visits")
    found = Effort("person-visits", "helper", year(2013), {f"c-{n:02}": v for n, v in enumerate(values)}, whole, 0)
    chart = lorenz_curve(found)
    corners = [
        (Fraction(row["people"], row["of"]), Fraction(row["part"], row["whole"]))
        for row in chart.layer[1].data["values"]
    ]
    if not values:
        assert corners == []
        return
    points = lorenz(values)
    assert set(corners) <= set(points)
    for x, y in points:
        (a, b), (c, d) = next(pair for pair in pairwise(corners) if pair[0][0] <= x <= pair[1][0])
        assert y == b + (d - b) * (x - a) / (c - a)


def test_the_title_says_the_gini() -> None:
    """The coefficient is that of the effort, with two places."""
    roster, register = panjin()
    found = effort(register, roster, during=year(2013))
    assert (
        lorenz_curve(found, language="zh").title.text
        == f"人次的洛伦兹曲线（按帮扶人）：基尼系数{float(found.gini):.2f}"
    )


# --- who was responsible


moves = st.lists(st.tuples(st.integers(1, 40), st.sampled_from("hvj"), st.integers(0, 9)), max_size=6)


def relayed(stories: dict[str, list[tuple[int, str, int]]]) -> Register:
    """Return a register of handovers, joint ones, with overlaps, and of vacancies."""
    register = Register()
    for household, story in stories.items():
        day, now = DAY, ["a"]
        register = register.record(Paired("a", household, on=day))
        for n, (days, what, overlap) in enumerate(story):
            day += timedelta(days=days)
            giver, takers = now[0] if now else "", [f"t{n}", f"s{n}"][: 2 if what == "j" else 1]
            if len(now) > 1:
                break  # two who serve jointly stay to the end
            batch: Entry
            if not now:
                batch, now = VacancyClosed(household, takers, on=day), takers
            elif what == "v":
                batch, now = VacancyOpened(household, "nobody has room", "court", giver, on=day), []
            else:
                until = day + timedelta(days=overlap) if overlap else None
                batch, now = HandedOver(household, giver, takers, until=until, on=day), takers
                day = until or day
            register = register.record(batch)
    return register


@settings(deadline=None, max_examples=25)
@given(st.dictionaries(st.sampled_from("xyz"), moves, min_size=1), st.integers(0, 60), st.integers(1, 60))
def test_the_bars_of_a_day_are_who_is_responsible_on_it(
    stories: dict[str, list[tuple[int, str, int]]], after: int, length: int
) -> None:
    """On each day the bars over it are those who are responsible, or one vacancy; no two bars of a line overlap."""
    register = relayed(stories)
    start = DAY + timedelta(days=after)
    chart = responsible_over_time(register, sorted(stories), during=Span(start, start + timedelta(days=length)))
    found = rows(chart)
    for n in range(length):
        day = start + timedelta(days=n)
        over = [row for row in found if row["start"] <= str(day) < row["end"]]
        assert {(row["who"], row["household"]) for row in over if row["what"] != "vacancy"} == held(register, day)
        vacant = {v.household for v in register.view(on=day).vacancies}
        assert {row["household"] for row in over if row["what"] == "vacancy"} == vacant
        assert len({row["line"] for row in over}) == len(over)
    assert {row["line"] for row in found} <= set(domain(chart, "y"))


def test_a_helper_has_the_own_households_and_others_are_grey() -> None:
    """Asked for a helper: the households ever held in those days, with who came before and after as another helper."""
    register = relayed({"x": [(10, "h", 0)], "y": [(10, "v", 0), (5, "h", 0)], "z": []})
    during = Span(DAY, DAY + timedelta(days=30))
    found = {
        (row["household"], row["who"], row["what"])
        for row in rows(responsible_over_time(register, "t0", during=during))
    }
    assert found == {("x", "a", "another helper"), ("x", "t0", "lead")}
    both = responsible_over_time(register, ["t0", "x", "t1"], during=during)
    assert {(row["household"], row["who"], row["what"]) for row in rows(both)} == {
        ("x", "a", "lead"),
        ("x", "t0", "lead"),
        ("y", "a", "another helper"),
        ("y", "court", "vacancy"),
        ("y", "t1", "lead"),
    }
    later = Span(DAY + timedelta(days=10), DAY + timedelta(days=12))
    assert {row["household"] for row in rows(responsible_over_time(register, "a", during=later))} == {"z"}


def test_bars_say_their_first_day_and_whether_they_go_on() -> None:
    """A bar is cut at the span of days; its own days are told beside it, and what does not fit is not written."""
    register = relayed({"x": [(10, "h", 0)]})
    first, then = rows(
        responsible_over_time(register, "x", during=Span(date(2012, 2, 17), date(2013, 1, 1)), language="zh")
    )
    assert first == {
        "line": "x",
        "household": "x",
        "who": "a",
        "what": "责任人",
        "start": "2012-02-17",
        "end": "2012-02-18",
        "from": "2012-02-08",
        "until": "2012-02-18",
        "label": "",
    }
    assert (then["start"], then["end"], then["until"], then["label"]) == ("2012-02-18", "2013-01-01", "至今", "t0")


def test_of_whom_nothing_is_recorded_the_line_is_empty() -> None:
    """The line is there, with no bar in it."""
    chart = responsible_over_time(relayed({"x": []}), ["nobody", "x"], during=year(2013))
    assert domain(chart, "y") == ["nobody", "x"]
    assert {row["household"] for row in rows(chart)} == {"x"}


# --- how they look


def test_every_chart_is_drawn_on_a_transparent_ground() -> None:
    """Each is valid, holds its figures, is drawn with its title, and has no ground and no black ink."""
    roster, register = panjin()
    for name, chart in everything(roster, register, "zh").items():
        spec = chart.to_dict()  # held against the schema of Vega-Lite
        picture = vl_convert.vegalite_to_svg(spec)
        figures = chart.layer[1].data["values"] if name == "lorenz" else rows(chart)
        assert figures in spec["datasets"].values()
        assert spec["background"] == "transparent"
        assert spec["config"]["title"]["color"] == "#777777"
        assert 'fill="#000"' not in picture
        assert chart.title.text in picture


def test_titles_are_in_english_or_chinese() -> None:
    """The title of each chart is in the language that is asked for."""
    roster, register = panjin()
    for language in ("en", "zh"):
        for chart in everything(roster, register, language).values():
            assert any("一" <= letter <= "鿿" for letter in chart.title.text) == (language == "zh")


def test_charts_can_be_changed_further() -> None:
    """They are Altair charts: another title, another width."""
    roster, register = panjin()
    chart = coverage_by_area(coverage(register, roster, on=ON, by="township"))
    changed = chart.properties(title="ours", width=200)
    assert changed.to_dict()["title"] == "ours"
    assert rows(changed) == rows(chart)


def test_where_there_is_nothing_there_is_an_empty_chart_with_a_title() -> None:
    """Nobody in the roster, nothing in the register: a title and no figures."""
    empty: dict[str, Callable[[], Any]] = {
        "coverage: with a helper": lambda: coverage_by_area(coverage(Register(), NOBODY, on=DAY, by="county")),
        "households per helper, by rank": lambda: loads_by_rank(Register(), NOBODY, on=DAY),
        "pairings from unit to village": lambda: flows_to_villages(Register(), NOBODY, on=DAY),
        "who was responsible": lambda: responsible_over_time(Register(), [], during=year(2013)),
        "Lorenz curve of person-visits by helper: Gini 0": lambda: lorenz_curve(
            effort(Register(), NOBODY, during=year(2013))
        ),
    }
    for title, make in empty.items():
        chart = make()
        assert chart.title.text == title
        assert chart.to_dict()["title"]["text"] == title
        if "Lorenz" not in title:
            assert rows(chart) == []
    calendar = rows(visit_calendar(Register(), during=month(2012, 2)))
    assert [row["visits"] for row in calendar] == [0] * 29


def test_areas_of_one_name_stay_apart() -> None:
    """Two villages of one name have their codes beside it; so have units, and ranks of one title."""
    areas = AreaTree(
        [
            Area("c", "盘山县", "county"),
            *(Area(code, "前进村", "village", "c") for code in ("v", "w")),
            Area("x", "", "village", "c"),
        ]
    )
    roster = Roster(
        areas,
        [Unit("p", "county", "c", name="法院"), Unit("q", "county", "c", name="法院")],
        [Helper("ann", "p", "one"), Helper("bo", "q", "two"), Helper("team", "q", kind="team")],
        [Household("h1", "v"), Household("h2", "w"), Household("h3", "x")],
        [Link("p", "v"), Link("q", "w"), Link("q", "x")],
        ladder=Ladder([Rank("one", "干事"), Rank("two", "干事")]),
    )
    register = Register().record(Paired("ann", "h1", on=DAY), Paired("gone", "h9", on=DAY))
    table = coverage(register, roster, on=DAY, by=("county", "village"))
    assert [row["area"] for row in rows(coverage_by_area(table)) if row["whole"]] == [
        "盘山县 · 前进村 v",
        "盘山县 · 前进村 w",
        "盘山县 · x",
    ]
    assert {
        (row["unit"], row["village"], row["pairings"]) for row in rows(flows_to_villages(register, roster, on=DAY))
    } == {
        ("法院 p", "前进村 v", 1),
        ("法院 q", "前进村 w", 0),
        ("法院 q", "x", 0),
        ("-", "-", 1),
    }
    found = rows(loads_by_rank(register, roster, on=DAY, language="zh"))
    assert [(row["rank"], row["load"]) for row in found] == [
        ("干事 one", "1"),
        ("干事 two", "0"),
        ("-", "1"),
        ("工作队", "0"),
    ]


def test_what_is_withheld_is_no_bar() -> None:
    """A share that is not published, or not known, has no part and no whole."""
    table = coverage(
        Register(),
        Roster(AreaTree([Area("v", "村", "village")]), households=[Household("h", "v")]),
        on=DAY,
        by="village",
    )
    for cell, text in ((Withheld(), "…"), (None, "-")):
        at = [column.name for column in table.columns].index("with a helper")
        cells = [cell if n == at else other for n, other in enumerate(table.rows["v",])]
        chart = coverage_by_area(evolve(table, rows={("v",): cells}))
        assert rows(chart) == [{"area": "村", "part": None, "whole": None, "share": text}]


# --- nobody's name


SECRET, NUMBER = "诸葛秘密", "11010519491231002X"


def test_no_name_of_a_person_stands_in_a_chart() -> None:
    """Helpers and households have names, an area and a unit are called by an identity number: no chart tells any."""
    roster, register = panjin()
    areas = AreaTree(
        [evolve(area, name=f"{area.name}{NUMBER}") if area.level != "county" else area for area in roster.areas]
    )
    roster = evolve(
        roster,
        areas=areas,
        helpers=[evolve(helper, name=SECRET) for helper in roster.helpers],
        households=[evolve(household, name=SECRET) for household in roster.households],
        units=[evolve(unit, name=f"{unit.name}{NUMBER}") for unit in roster.units],
    )
    plan = evolve(planned(), roster=roster)
    charts = {
        **everything(roster, register, "zh"),
        "of a plan": flows_to_villages(plan),
        "its loads": loads_by_rank(plan),
    }
    for chart in charts.values():
        text = chart.to_json(ensure_ascii=False)
        assert SECRET not in text
        assert NUMBER not in text
    assert "<identity number>" in charts["flows"].to_json()


# --- what is refused


def areas_of(number: int) -> Table:
    share = pr.Share(1, 2)
    column = Column("with a helper", "households", over_rows=False)
    return Table("coverage", ("village",), (column,), {(f"v{n}",): [share] for n in range(number)}, [share], on=DAY)


def linked(number: int) -> Roster:
    areas = AreaTree([Area(f"v{n:02}", "", "village") for n in range(number)])
    return Roster(areas, [Unit("u", "county", "v00")], links=[Link("u", area.code) for area in areas])


LONG = Span(date(2012, 1, 1), date(2015, 2, 1))
MANY = Effort("money given", "helper", year(2013), {f"c-{n:05}": n for n in range(5_001)}, Amount(12_502_500, "fen"), 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: loads_by_rank(Register(), NOBODY, on=DAY, language="fr"),
            "language: wanted one of en, zh; got 'fr' [unknown-language]",
        ),
        (lambda: coverage_by_area(None), "table: wanted a Table, got nothing [bad-type]"),  # type: ignore[arg-type]
        (
            lambda: coverage_by_area(coverage(Register(), NOBODY, on=DAY, by="unit")),
            "table: wanted a table by province, prefecture, county, township, village; got one by unit [unknown-group]",
        ),
        (
            lambda: coverage_by_area(areas_of(1), column="households"),
            "table: wanted one of with a helper; got 'households' [unknown-column]",
        ),
        (
            lambda: coverage_by_area(coverage(Register(), NOBODY, on=DAY, by="county"), column="households"),
            "column: wanted a column of shares (with a helper, persons with a helper, villages with a helper, with a "
            "household, units with a household), got 'households' [no-share]",
        ),
        (
            lambda: coverage_by_area(areas_of(201)),
            "table: wanted at most 200 areas in one picture, got 201; count by larger areas, or for fewer of them "
            "[too-much]",
        ),
        (
            lambda: loads_by_rank(planned(), NOBODY),
            "book: wanted a plan alone, as it has roster and day, got more [of-its-own]",
        ),
        (
            lambda: loads_by_rank([]),  # type: ignore[arg-type]
            "book: wanted a Plan or a Register, got a value of type list [bad-type]",
        ),
        (lambda: loads_by_rank(Register(), on=DAY), "roster: wanted a Roster, got nothing [bad-type]"),
        (lambda: loads_by_rank(Register(), NOBODY), "on: wanted a day as YYYY-MM-DD, got nothing [bad-date]"),
        (
            lambda: flows_to_villages(Register(), NOBODY, on=DAY, area="v"),
            "code: wanted the code of an area, got 'v' [unknown-area]",
        ),
        (
            lambda: flows_to_villages(Register(), linked(61), on=DAY),
            "area: wanted at most 60 villages in one picture, got 61; ask for one area, such as a township, with "
            "`area` [too-much]",
        ),
        (
            lambda: responsible_over_time(None, "x", during=year(2013)),  # type: ignore[arg-type]
            "register: wanted a Register, got nothing [bad-type]",
        ),
        (
            lambda: responsible_over_time(Register(), [3], during=year(2013)),  # type: ignore[list-item]
            "ids: wanted a text, got 3 [bad-key]",
        ),
        (
            lambda: responsible_over_time(Register(), "x", during=Span(DAY)),
            "during: wanted a Span that has an end, got a value of type Span [bad-span]",
        ),
        (
            lambda: responsible_over_time(Register(), map(str, range(101)), during=year(2013)),
            "ids: wanted at most 100 lines in one picture, got 101; ask for fewer households or helpers [too-much]",
        ),
        (
            lambda: visit_calendar(Register(), during=LONG),
            "during: wanted at most 36 months in one picture, got 37; ask for a shorter span of days [too-much]",
        ),
        (
            lambda: visit_calendar(Register(), during=year(2013), channel="pigeon"),
            "channel: wanted one of in person, telephone, message, letter, card, leaflet; got 'pigeon' [unknown-word]",
        ),
        (lambda: lorenz_curve([1, 2]), "effort: wanted an Effort, got a value of type list [bad-type]"),  # type: ignore[arg-type]
        (
            lambda: lorenz_curve(MANY),
            "effort: wanted at most 5,000 points in one picture, got 5,002; ask for the effort of fewer of them, such "
            "as of one county's register [too-much]",
        ),
    ],
)
def test_a_wrong_argument_is_told_in_full(make: Callable[[], Any], message: str) -> None:
    """What is wrong raises, with what was wanted and what was got; what is too much says what to narrow."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_without_the_extra_it_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Altair is not there, every chart says so in one sentence."""
    monkeypatch.setitem(sys.modules, "altair", None)
    charts: list[Callable[[], Any]] = [
        lambda: coverage_by_area(areas_of(1)),
        lambda: loads_by_rank(Register(), NOBODY, on=DAY),
        lambda: flows_to_villages(Register(), NOBODY, on=DAY),
        lambda: responsible_over_time(Register(), "x", during=year(2013)),
        lambda: visit_calendar(Register(), during=year(2013)),
        lambda: lorenz_curve(MANY),
    ]
    for make in charts:
        with pytest.raises(MissingExtra) as caught:
            make()
        assert str(caught.value) == (
            "wanted the extra charts (pip install 'pairing[charts]'), got no module altair [missing-extra]"
        )
