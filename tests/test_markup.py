"""Pages for notebooks: one way to make tables, everything escaped, nothing cut silently, nobody's name."""

import re
from collections import Counter
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import pairing as pr
from pairing.areas import Area, AreaTree
from pairing.entries import DutyOpened, Paired, Released, Retirement
from pairing.errors import bare, masked
from pairing.figures import Amount
from pairing.handover import Handover
from pairing.markup import html_lines, html_list, html_page, html_table, html_text
from pairing.people import Helper, Household, Link, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.results import Cell, Column, Key, Table
from pairing.roster import Roster
from pairing.rules import HelperRule
from stories import told

DAY, LATER = date(2012, 2, 8), date(2013, 6, 30)
SECRET, NUMBER = "诸葛秘密", "11010519491231002X"
POLICY = Policy("ours", (HelperRule(Quota(1, 2)),), title="<试点>")


class Page(HTMLParser):
    """Reads a page: its tables, cell by cell, its lines, and whether every element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []
        self.scopes: Counter[str | None] = Counter()
        self.lines: list[str] = []
        self.aligned: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        told = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            if tag == "th":
                self.scopes[told.get("scope")] += 1
            self.aligned.append(told.get("class") or told.get("scope") or "figure")
        elif tag == "caption":
            self.captions.append("")
        elif tag in ("p", "li"):
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] == "caption":
            self.captions[-1] += data
        elif self.open and self.open[-1] in ("p", "li"):
            self.lines[-1] += data


def small() -> Roster:
    """Return a village with four households, a court with a director and two judges, and names of persons."""
    return Roster(
        AreaTree([Area("c", "盘山县", "county"), Area("v", "上坪村", "village", "c")]),
        [Unit("u", "county", "c", name="县<法院>")],
        [
            Helper("ann", "u", "section", name=SECRET, division="civil"),
            Helper("bo", "u", "staff", name=SECRET, division="civil"),
            Helper("biz", "u", kind="owner", name=SECRET),
        ],
        [Household(f"h{n}", "v", persons=n, name=SECRET) for n in range(1, 5)],
        [Link("u", "v")],
    )


def planned() -> Plan:
    return pr.pair(POLICY, small(), on=DAY)


def handed() -> Handover:
    """Return a relay that has a passing with an open duty, and vacancies, as there is no room for all."""
    register = Register().record(
        Paired("ann", "h1", on=DAY),
        Paired("ann", "h2", on=DAY),
        Paired("bo", "h3", on=DAY),
        Paired("biz", "h4", on=DAY),
        *(DutyOpened("d", household, "ann", "measure", on=DAY) for household in ("h1", "h2")),
    )
    return pr.relay(POLICY, small(), register, [Retirement("ann", on=LATER), Retirement("biz", on=LATER)])


# --- tables


cells = st.one_of(
    st.none(), st.integers(), st.text(max_size=6), st.sampled_from(["<b>", "&amp;", '"', "赵家沟", NUMBER])
)
whole = st.lists(st.tuples(st.text(max_size=4), cells, cells), max_size=8)


def as_shown(cell: object) -> str:
    text = "-" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)
    return bare(masked(text)).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


@given(whole, st.integers(0, 9))
def test_what_is_read_from_a_table_is_what_was_written(rows: list[tuple[str, object, object]], most: int) -> None:
    """Every cell comes back as the text that it was, but for identity numbers; what is cut is told in a line."""
    html = html_table(
        ["<who>", "much & more", ""], rows, caption="a < b", foot=["all", 1234, None], words=(2,), most=most
    )
    page = Page(html)
    head, *body, foot = [[plain(cell) for cell in row] for row in page.tables[0]]
    assert head == ["<who>", "much & more", ""]
    assert body == [[as_shown(cell) for cell in row] for row in rows[:most]]
    assert foot == ["all", "1,234", "-"]
    assert page.captions == ["a < b"]
    assert page.lines == ([f"… and {len(rows) - most:,} more"] if len(rows) > most else [])
    assert page.scopes == {"col": 3, "row": len(body) + 1}
    assert page.aligned[3:-3] == ["row", "figure", "words"] * len(body)


def test_a_table_can_be_named_by_two_columns() -> None:
    """The first two cells say what a row is about; the foot has one name over both."""
    html = html_table(["county", "rank", "visits"], [["盘山县", "staff", 3]], foot=["all", 3], named=2)
    assert '<th scope="row">盘山县</th><th scope="row">staff</th><td>3</td>' in html
    assert '<tfoot><tr><th scope="row" colspan="2">all</th><td>3</td></tr></tfoot>' in html


def test_a_long_table_of_figures_says_how_many_rows_follow() -> None:
    """Fifty rows are shown; the rest is told in a line, in the words of the table's language."""
    rows: dict[Key, list[Cell]] = {(f"v{n:04}",): [Amount(n, "visits")] for n in range(1_284)}
    table = Table("visits", ("village",), (Column("visits", "visits"),), rows, [Amount(1, "visits")], on=DAY)
    page = Page(table._repr_html_())
    assert len(page.tables[0]) == 1 + 50 + 1
    assert page.lines == ["… and 1,234 more"]
    assert Page(table.html({"… and {} more": "另有{}行"})).lines == ["另有1,234行"]


def test_a_list_says_how_many_lines_follow() -> None:
    """Twenty lines are shown, and one that tells of the rest; of nothing there is no list."""
    assert Page(html_list(f"<{n}>" for n in range(1_250))).lines == [*(f"<{n}>" for n in range(20)), "… and 1,230 more"]
    assert html_list([]) == ""


@given(st.lists(st.sampled_from(["a", "b  c", "- d", "  e", "", "<f>"])))
def test_a_text_keeps_its_lines_as_paragraphs_and_lists(lines: list[str]) -> None:
    """Every line stands on the page, in the order of the text; those of a list without their marks."""
    html = html_lines("\n".join(lines))
    words = [re.sub("<[^>]*>", "", part) for part in re.findall("<(?:p|li)>.*?</", html)]
    assert [unescape(word.removesuffix("</")) for word in words] == [
        line.strip().removeprefix("- ") for line in "\n".join(lines).splitlines()
    ]
    assert html.count("<li>") == sum(line.startswith(("- ", " ")) for line in lines)


def test_a_history_shows_its_days_as_a_table() -> None:
    """A row for each part of it: since when, until when, what held, and with whom."""
    register = Register().record(Paired("ann", "h1", on=DAY))
    register = register.record(Released("ann", "h1", "moved", override="by order of the county", on=LATER))
    page = Page(register.history("h1")._repr_html_())
    assert page.captions == ["household h1"]
    assert page.tables == [
        [["from", "until", "what", "who", "role"], [str(DAY), str(LATER), "responsible", "ann", "lead"]]
    ]
    going_on = Register().record(Paired("ann", "h1", on=DAY)).history("h1")
    assert Page(going_on._repr_html_()).tables[0][1][:2] == [str(DAY), "-"]


def test_what_is_told_in_sentences_shows_them() -> None:
    """Explanations, answers, repairs and the spread of an effort show on a page what they print."""
    plan = planned()
    register = Register().record(*plan.entries())
    told_in_lines = (
        plan.explain("ann"),
        plan.explain("h1"),
        plan.why_not("ann", "h1"),
        plan.repair(),
        pr.effort(register, small(), during=pr.year(2013)),
    )
    for thing in told_in_lines:
        assert str(thing)
        assert thing._repr_html_() == html_page(html_lines(str(thing)))


def test_a_page_takes_its_colours_from_where_it_stands() -> None:
    """No ground and no ink is fixed, and pages in a page share one style."""
    style = html_page().split("</style>")[0]
    assert "background" not in style
    assert "color:#" not in style
    assert style.count("color:") == 1
    assert "color:inherit" in style
    page = html_page(html_text("a"), html_page(html_text("b"), html_page(html_text("c"))))
    assert page.count("<style>") == page.count("<div") == 1
    assert Page(page).lines == ["a", "b", "c"]


# --- what is shown of each thing


def test_a_roster_shows_who_there_is() -> None:
    """Counts of all there is, and the helpers of each rank from the top, who has none by kind."""
    page = Page(small()._repr_html_())
    assert page.captions == ["roster", "helpers by rank and kind"]
    assert [row[1] for row in page.tables[0]] == ["how many", "1", "1", "1", "3", "4", "10", "1", "1", "0", "0"]
    assert page.tables[1][1:] == [
        ["section", "乡科级正职", "cadre", "1"],
        ["staff", "科员", "cadre", "1"],
        ["-", "", "owner", "1"],
    ]


def test_a_register_shows_its_entries_by_kind() -> None:
    """Of each kind, the most frequent first: how many there are, and first and last day; as far as is known."""
    book = told("panjin-2010", "0.02")
    register = book.register
    days: dict[str, list[date]] = {}
    for entry in register:
        days.setdefault(type(entry).__name__, []).append(entry.on)
    page = Page(register._repr_html_())
    assert {tuple(row) for row in page.tables[0][1:]} == {
        (kind, f"{len(on):,}", str(min(on)), str(max(on))) for kind, on in days.items()
    }
    counts = [int(row[1].replace(",", "")) for row in page.tables[0][1:]]
    assert counts == sorted(counts, reverse=True)
    assert page.captions == [f"register: {len(register):,} entries, of 320 households and 200 helpers"]
    short = Register().record(Paired("ann", "x", on=DAY))
    _ = short.record(Paired("bo", "y", on=LATER))
    assert Page(short._repr_html_()).captions == ["register: 1 entries, of 1 households and 1 helpers"]
    assert Page(Register()._repr_html_()).tables == [[["entries", "how many", "first day", "last day"]]]


def test_a_plan_shows_coverage_loads_and_what_is_short() -> None:
    """Coverage both ways, the loads of each rank, and each bottleneck in its sentence."""
    plan = planned()
    page = Page(plan._repr_html_())
    assert page.captions == ["ours <试点> · 2012-02-08", "loads"]
    assert page.tables[0][1] == ["households with the helpers they are due", str(plan.coverage)]
    assert page.tables[1][1:] == [
        [load.who, str(load.helpers), str(load.households), str(load.fewest), str(load.most)]
        for load in plan.loads_by_rank
    ]
    assert page.lines == ["nothing is short"]
    tight = pr.pair(evolve(POLICY, helpers=(HelperRule(Quota(1, 1)),)), small(), on=DAY)
    page = Page(tight._repr_html_())
    assert page.lines == ["short of 1 helper for households; bottlenecks: 1", str(tight.shortfalls[0])]


def test_a_handover_shows_who_passes_on_what_stays_vacant_and_which_duties_go_along() -> None:
    """Household, giver, takers, day, rung and reason; vacancies with what would help; open duties with their bearer."""
    handover = handed()
    page = Page(handover._repr_html_())
    assert page.captions == ["passed on", "vacancies", "open duties"]
    assert page.tables[0][1:] == [
        [p.household, ", ".join(p.givers), ", ".join(p.takers), str(p.on), ", ".join(p.rungs), p.why]
        for p in handover.passings
    ]
    assert page.tables[1][1:] == [[v.household, str(v.on), v.unit, v.reason, v.repair] for v in handover.vacancies]
    assert page.tables[2][1:] == [[d.household, "d", d.bearer, str(d.on)] for d in handover.duties]
    assert len(handover.passings) == 1
    assert len(handover.vacancies) == len(handover.duties) == 2
    nothing = pr.relay(POLICY, small(), Register(), [])
    assert Page(nothing._repr_html_()).captions == ["passed on"]


def pages() -> dict[str, Any]:
    """Return one of each thing that has a page."""
    plan, handover = planned(), handed()
    register = Register().record(*plan.entries())
    return {
        "roster": small(),
        "register": register,
        "plan": plan,
        "handover": handover,
        "table": pr.coverage(register, small(), on=LATER, by=("county", "village")),
        "totals": pr.totals(register, small(), during=pr.year(2013), by="household"),
        "outlook": pr.foresee(POLICY, small(), register, start=LATER, years=2),
        "report": pr.report(POLICY, small(), register, on=LATER, language="zh"),
        "what if": pr.what_if({"<a>": POLICY}, small(), on=DAY),
        "comparison": plan.compare(plan),
        "history": register.history("h1"),
        "explanation": plan.explain("ann"),
        "why not": plan.why_not("ann", "h1"),
        "repair": plan.repair(),
        "effort": pr.effort(register, small(), during=pr.year(2013)),
    }


@pytest.mark.parametrize("name", sorted(pages()))
def test_every_page_is_well_formed_and_has_nobodys_name(name: str) -> None:
    """Each element is closed, every head says what it stands for, there is one style, and no person is named."""
    html = pages()[name]._repr_html_()
    page = Page(html)
    assert html.count("<style>") == 1
    assert None not in page.scopes
    assert SECRET not in html
    assert "<法院>" not in html
    assert "<试点>" not in html


def test_an_identity_number_never_stands_on_a_page() -> None:
    """Where an area or a unit is called by one, it is taken out."""
    roster = small()
    areas = AreaTree([evolve(area, name=f"{area.name}{NUMBER}") for area in roster.areas])
    roster = evolve(roster, areas=areas, units=[evolve(unit, name=NUMBER) for unit in roster.units])
    register = Register().record(Paired("ann", "h1", on=DAY))
    table = pr.coverage(register, roster, on=LATER, by="village")
    tight = pr.pair(evolve(POLICY, helpers=(HelperRule(Quota(1, 1)),)), roster, on=DAY)
    for thing in (roster, register, table, tight):
        assert NUMBER not in thing._repr_html_()
    assert "&lt;identity number&gt;" in table._repr_html_()
