"""Pictures of books and figures (extra `charts`): what a county office hangs on the wall, as Altair charts.

Each function returns an Altair chart, which is shown by the browser, with its fonts, and which a caller can change
further.  The chart holds the figures it shows as whole numbers, days and labels; names of persons never stand in one.
The colours are told apart by the colour-blind (after M. Okabe and K. Ito, Color universal design, 2008).  They are
legible on light and dark pages, as the background is transparent.

What is too much for a picture raises `ArgumentError`, which says what to narrow; where there is nothing to show, the
picture has its title and its axes, and nothing else.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate, cycle
from typing import Any, TypeVar

from pairing.areas import LEVELS
from pairing.dates import Span, to_date
from pairing.deeds import CHANNELS, Visited
from pairing.errors import ArgumentError, bare, masked, needed, shown
from pairing.evenness import Effort, in_decimals
from pairing.figures import Share
from pairing.memory import no_collection
from pairing.muster import Muster
from pairing.plan import Plan
from pairing.register import Register
from pairing.reporting import LANGUAGES
from pairing.results import Key, Table
from pairing.roster import Roster
from pairing.titles import WORDS
from pairing.views import View

__all__ = [
    "coverage_by_area",
    "flows_to_villages",
    "loads_by_rank",
    "lorenz_curve",
    "responsible_over_time",
    "visit_calendar",
]

_MOST = {"areas": 200, "villages": 60, "units": 60, "lines": 100, "months": 36, "points": 5_000}
"""How much of what one picture holds at most."""

_INK, _FAINT = "#777777", "#888888"
_BLUE, _RED = "#0072B2", "#C04A00"
_OTHERS = ("#00765A", "#7A5195", "#8C5A00")
_GREY = "#6B6B6B"
_WIDTH = 640
_SCALE = ("#A9CCE3", "#0A4A80")

_Id = TypeVar("_Id", str, Key)


@cache
def _words(language: str) -> Mapping[str, str]:
    """Return how words are said in a language: kinds of helpers, and the words of reports and of charts."""
    if language == "en":
        return {}
    found = {english: chinese for chinese, english in WORDS["kind"].items()}
    for name in ("reports.toml", "charts.toml"):
        found |= tomllib.loads((files("pairing") / "data" / name).read_text("utf-8"))["words"]
    return found


def _said(language: object) -> Callable[[str], str]:
    if not isinstance(language, str) or language not in LANGUAGES:
        message = f"wanted one of {', '.join(LANGUAGES)}; got {shown(language)}"
        raise ArgumentError("unknown-language", message, "language")
    words = _words(language)
    return lambda word: words.get(word, word)


def _altair() -> Any:
    return needed("altair", "charts")


def _narrow(what: str, count: int, how: str, field: str) -> None:
    if count > _MOST[what]:
        message = f"wanted at most {_MOST[what]:,} {what} in one picture, got {count:,}; {how}"
        raise ArgumentError("too-much", message, field)


def _wanted(value: object, kind: type[Any], field: str) -> None:
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise ArgumentError("bad-type", f"wanted {article} {kind.__name__}, got {shown(value)}", field)


def _ended(during: object) -> tuple[date, date]:
    if not isinstance(during, Span) or during.end is None:
        raise ArgumentError("bad-span", f"wanted a Span that has an end, got {shown(during)}", "during")
    return during.start, during.end


def _days(say: Callable[[str], str], during: Span) -> str:
    return say("{} to {}").format(during.start, during.end - timedelta(days=1)) if during.end else f"{during.start} .."


def _labels(names: Mapping[_Id, str]) -> dict[_Id, str]:
    """Return what each is called: its name, with its key where the name is not its own."""
    names = {key: masked(name) for key, name in names.items()}
    told = Counter(names.values())
    codes = {key: bare(masked(key if isinstance(key, str) else key[-1])) for key in names}
    return {
        key: name if name and told[name] == 1 else f"{name} {codes[key]}".strip() or "-" for key, name in names.items()
    }


def _finished(chart: Any, title: str, subtitle: str = "") -> Any:
    """Return a chart with its title, on a transparent ground, in inks that are legible on light and dark pages."""
    alt, ink = _altair(), {"labelColor": _INK, "titleColor": _INK}
    lines = {"domainColor": _INK, "tickColor": _INK, "gridColor": _FAINT, "gridOpacity": 0.25}
    heading = alt.TitleParams(title, subtitle=subtitle) if subtitle else alt.TitleParams(title)
    return chart.properties(title=heading, background="transparent").configure(
        axis={**ink, **lines, "labelLimit": 320, "titleFontWeight": "normal"},
        axisBand={"domain": False, "ticks": False, "labelPadding": 6},
        header=ink,
        legend={**ink, "labelLimit": 320, "titleFontWeight": "normal"},
        text={"color": _INK},
        title={"color": _INK, "subtitleColor": _INK, "anchor": "start", "offset": 12},
        view={"stroke": None},
    )


def _matrix(alt: Any, data: Any, count: str, shade: str, most: int, number: str = "", legend: Any = None) -> Any:
    """Return tiles with numbers in them: the larger the shade, the darker; where the count is 0, the tile is empty."""
    fill = alt.Color(f"{shade}:Q", scale=alt.Scale(domain=[0, max(1, most)], range=list(_SCALE)), legend=legend)
    empty, dark = f"datum.{count} == 0", f"3 * datum.{shade} > 2 * {max(1, most)}"
    tile = alt.Chart(data)
    tiles = tile.mark_rect(stroke=_FAINT, strokeOpacity=0.35).encode(
        color=alt.condition(empty, alt.value("transparent"), fill)
    )
    numbers = tile.mark_text().encode(
        text=alt.Text(f"{number or count}:Q", format=","),
        color=alt.when(empty).then(alt.value(_INK)).when(dark).then(alt.value("white")).otherwise(alt.value("black")),
    )
    return alt.layer(tiles, numbers)


def _steps(alt: Any, count: int, step: int) -> Any:
    """Return so many steps as a width or a height; where there are none, there is room for the title all the same."""
    return alt.Step(step) if count else 40


def _tips(alt: Any, say: Callable[[str], str], **titles: str) -> list[Any]:
    return [alt.Tooltip(f"{name}:N", title=say(title)) for name, title in titles.items()]


# --- coverage


def coverage_by_area(table: Table, *, column: str = "with a helper", language: str = "en") -> Any:
    """Return a bar for each area: which share is covered, with how many of how many beside it.

    The table is one of `coverage` by areas: by "county", by ("county", "township"), and so on.  `column` is one that
    holds shares, such as "persons with a helper" or "villages with a helper".  Where nobody is to be covered there is
    no bar; a share that is withheld is "…".  Below the title stands the share of all areas.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.entries import Paired
    >>> from pairing.people import Household
    >>> from pairing.standings import coverage
    >>> areas = AreaTree([Area("v", "上坪村", "village")])
    >>> roster = Roster(areas, households=[Household("x", "v"), Household("y", "v")])
    >>> register = Register().record(Paired("ann", "x", on=date(2012, 2, 8)))
    >>> chart = coverage_by_area(coverage(register, roster, on=date(2012, 12, 31), by="village"), language="zh")
    >>> print(chart.title.text, chart.title.subtitle, chart.data["values"])
    覆盖情况：有帮扶人 2012-12-31 总计：1/2 (50.0%) [{'area': '上坪村', 'part': 1, 'whole': 2, 'share': '1/2 (50.0%)'}]

    Raises `ArgumentError` for what is no table by areas, for columns that hold no shares, and for more than 200 areas.
    """
    alt, say = _altair(), _said(language)
    _wanted(table, Table, "table")
    if not table.by or not set(table.by) <= set(LEVELS):
        by = ", ".join(table.by) or "nothing"
        raise ArgumentError("unknown-group", f"wanted a table by {', '.join(LEVELS)}; got one by {by}", "table")
    cells = table.column(column)
    shares = [c.name for c, cell in zip(table.columns, table.total, strict=True) if isinstance(cell, Share)]
    if column not in shares:
        message = f"wanted a column of shares ({', '.join(shares)}), got {shown(column)}"
        raise ArgumentError("no-share", message, "column")
    _narrow("areas", len(cells), "count by larger areas, or for fewer of them", "table")
    names = {key: [table.names.get(part) or bare(masked(part)) or "-" for part in key] for key in cells}
    labels = _labels({key: " · ".join(parts) for key, parts in names.items()})

    def text(cell: object) -> str:
        return "-" if cell is None else str(cell).replace(" of ", say("/") if language == "zh" else " of ")

    rows = [
        {
            "area": labels[key],
            "part": cell.part if isinstance(cell, Share) else None,
            "whole": cell.whole if isinstance(cell, Share) else None,
            "share": text(cell),
        }
        for key, cell in cells.items()
    ]
    chart = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("area:N", sort=None, title=None),
        tooltip=_tips(alt, say, area="area", share=column),
    )
    bars = chart.transform_filter("datum.whole > 0").transform_calculate(portion="datum.part / datum.whole")
    along = alt.X("portion:Q", scale=alt.Scale(domain=[0, 1]), title=None, axis=alt.Axis(format="%", tickCount=5))
    track = bars.mark_bar(color=_FAINT, opacity=0.2).encode(x=alt.datum(0), x2=alt.datum(1))
    told = chart.mark_text(align="left", dx=8).encode(x=alt.datum(1), text="share:N")
    layers = alt.layer(track, bars.mark_bar(color=_BLUE).encode(x=along), told, data=alt.InlineData(values=rows))
    total = table[None, column]
    colon = "：" if language == "zh" else ": "
    return _finished(
        layers.properties(width=360, height=_steps(alt, len(rows), 22)),
        f"{say('coverage')}{colon}{say(column)}",
        f"{table.on or ''} {say('all')}{colon}{text(total)}".strip(),
    )


# --- who is responsible on a day


def _standing(book: object, roster: object, on: object) -> tuple[Muster, list[tuple[str, str]]]:
    """Return who there is on a day, and helper and household of each pairing."""
    if isinstance(book, Plan):
        if roster is not None or on is not None:
            raise ArgumentError("of-its-own", "wanted a plan alone, as it has roster and day, got more", "book")
        pairs = [(pairing.helper, pairing.household) for pairing in book.pairings]
        return Muster(book.roster, Register().view(on=book.on)), pairs
    if not isinstance(book, Register):
        raise ArgumentError("bad-type", f"wanted a Plan or a Register, got {shown(book)}", "book")
    if not isinstance(roster, Roster):
        raise ArgumentError("bad-type", f"wanted a Roster, got {shown(roster)}", "roster")
    view = book.view(on=to_date(on, "on"))
    return Muster(roster, view), list(view.held())


@no_collection()
def loads_by_rank(
    book: Plan | Register, roster: Roster | None = None, *, on: date | None = None, language: str = "en"
) -> Any:
    """Return how many helpers of each rank have how many households: ranks from the top, who has no rank by kind.

    The book is a plan, which stands for itself, or a register with a roster and a day.  Counted are the helpers who
    take part in the plan, or who serve on the day, and whoever is responsible though not in service; nobody is left out
    for having no household.  Where loads are large, they are put together, such as 1–5, 6–10; 0 always stands alone.
    The darker a tile, the larger a share of the rank it is.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.entries import Paired
    >>> from pairing.people import Helper, Unit
    >>> helpers = [Helper("ann", "u", "section"), Helper("bo", "u", "staff"), Helper("cy", "u", "staff")]
    >>> roster = Roster(AreaTree([Area("v", "上坪村", "village")]), [Unit("u", "county", "v")], helpers)
    >>> register = Register().record(*(Paired("bo", household, on=date(2012, 2, 8)) for household in ("x", "y")))
    >>> for tile in loads_by_rank(register, roster, on=date(2012, 12, 31)).data["values"]:
    ...     print(tile)
    {'rank': 'section', 'load': '0', 'helpers': 1, 'of': 1}
    {'rank': 'staff', 'load': '0', 'helpers': 1, 'of': 2}
    {'rank': 'staff', 'load': '2', 'helpers': 1, 'of': 2}

    Raises `ArgumentError` for what is no book, a plan with a roster or a day, and a register without.
    """
    alt, say = _altair(), _said(language)
    muster, pairs = _standing(book, roster, on)
    loads = Counter(helper for helper, _ in set(pairs))
    known = {helper.id: helper for helper in muster.base.helpers}
    if isinstance(book, Plan):
        ids = {*book.loads, *loads}
    else:
        service = ((id, muster.helper(id).service) for id in known)
        ids = {id for id, span in service if span is None or muster.view.on in span} | set(loads)
    ladder = muster.base.ladder
    titles = {rank.id: rank.title for rank in ladder if rank.title} if language == "zh" else {}
    groups: dict[tuple[int, str], Counter[int]] = {}
    most = max((loads[id] for id in ids), default=0)
    step = next(step for step in _widths() if -(-most // step) <= 20)
    for id in ids:
        helper = muster.helper(id) if id in known else None
        rank = helper.rank if helper else None
        who = (rank or helper.kind) if helper else ""
        group = groups.setdefault((ladder.position(rank), who), Counter())
        group[-(-loads[id] // step)] += 1
    labels = _labels({who: titles.get(who) or say(who) for _, who in sorted(groups)})
    rows = [
        {"rank": labels[who], "load": _bin(n, step), "helpers": count, "of": counts.total()}
        for (_, who), counts in sorted(groups.items())
        for n, count in sorted(counts.items())
    ]
    across = [_bin(n, step) for n in range(-(-most // step) + 1)] if rows else []
    widest = max([*map(len, across), *(len(f"{row['helpers']:,}") for row in rows)], default=1)
    per, chart = say("households per helper"), _matrix(alt, alt.InlineData(values=rows), "helpers", "portion", 1)
    chart = chart.transform_calculate(portion="datum.helpers / datum.of").encode(
        x=alt.X("load:N", scale=alt.Scale(domain=across), title=per, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("rank:N", sort=list(labels.values()), title=None),
        tooltip=_tips(alt, say, rank="rank", load="households per helper", helpers="helpers", of="of the rank"),
    )
    chart = chart.properties(width=_steps(alt, len(across), 8 * widest + 10), height=_steps(alt, len(labels), 22))
    return _finished(chart, say("households per helper, by rank"), str(muster.view.on))


def _widths() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50 and so on."""
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _bin(n: int, step: int) -> str:
    return str(n) if step == 1 or not n else f"{(n - 1) * step + 1}–{n * step}"


@no_collection()
def flows_to_villages(
    book: Plan | Register,
    roster: Roster | None = None,
    *,
    on: date | None = None,
    area: str | None = None,
    language: str = "en",
) -> Any:
    """Return how many pairings go from each unit to each village: units down, villages across.

    The book is a plan, which stands for itself, or a register with a roster and a day.  A helper belongs to the unit,
    and a household to the village, of that day; who is not in the roster is under "-".  A unit that is linked to a
    village and has no pairing there is an empty tile with 0.  `area` is the code of an area: the villages in it alone.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Link, Unit
    >>> areas, units = AreaTree([Area("v", "上坪村", "village")]), [Unit("u", "county", "v", name="县法院")]
    >>> roster = Roster(areas, units, links=[Link("u", "v")])
    >>> flows_to_villages(Register(), roster, on=date(2012, 2, 8)).data["values"]
    [{'unit': '县法院', 'village': '上坪村', 'pairings': 0}]

    Raises `ArgumentError` as `loads_by_rank` does, for unknown areas, and for more than 60 villages or units.
    """
    alt, say = _altair(), _said(language)
    muster, pairs = _standing(book, roster, on)
    base = muster.base
    if area is not None:
        _ = base.areas[area]  # raises for a code that there is not
    within = None if area is None else {area, *base.areas.under(area)}
    helpers, households = ({thing.id for thing in things} for things in (base.helpers, base.households))
    flows: Counter[tuple[str, str]] = Counter()
    for helper, household in pairs:
        village = muster.household(household).village if household in households else ""
        if within is None or village in within:
            flows[muster.helper(helper).unit if helper in helpers else "", village] += 1
    for unit in base.units:
        for village in muster.villages_of(unit.id):
            if within is None or village in within:
                flows[unit.id, village] += 0
    units, villages = (sorted({key[n] for key in flows}) for n in (0, 1))
    for what, those in (("villages", villages), ("units", units)):
        _narrow(what, len(those), "ask for one area, such as a township, with `area`", "area")
    listed = {unit.id for unit in base.units}
    unit_called = _labels({id: muster.unit(id).name if id in listed else "" for id in units})
    village_called = _labels({code: base.areas[code].name if code in base.areas else "" for code in villages})
    rows = [
        {"unit": unit_called[unit], "village": village_called[village], "pairings": count}
        for (unit, village), count in sorted(flows.items())
    ]
    most = max(flows.values(), default=0)
    across, down = (alt.Axis(labelAngle=angle, grid=True, zindex=0) for angle in (-40, 0))
    chart = _matrix(alt, alt.InlineData(values=rows), "pairings", "pairings", most).encode(
        x=alt.X("village:N", sort=list(village_called.values()), title=None, axis=across),
        y=alt.Y("unit:N", sort=list(unit_called.values()), title=None, axis=down),
        tooltip=_tips(alt, say, unit="unit", village="village", pairings="pairings"),
    )
    width = _steps(alt, len(villages), max(26, 8 * len(f"{most:,}") + 10))
    chart = chart.properties(width=width, height=_steps(alt, len(units), 22))
    where = f" · {masked(base.areas[area].name)}" if area is not None else ""
    told = f"{flows.total():,}{say('of pairings') if language == 'zh' else ' pairings'}"
    return _finished(chart, say("pairings from unit to village") + where, f"{muster.view.on} · {told}")


# --- who was responsible


def responsible_over_time(register: Register, ids: str | Iterable[str], *, during: Span, language: str = "en") -> Any:
    """Return who was responsible for households, as bars along the days: the relay, with vacancies as such.

    `ids` are households, or helpers: for a helper, the households that were ever hers or his in those days, where all
    others are grey.  A bar begins on the first day and ends before the day on which it is over; what goes on is cut at
    the end of `during`.  Those who are responsible at once (jointly, or in an overlap) stand one below the other.  Of
    whom nothing is recorded, the line is empty.

    >>> from pairing.dates import year
    >>> from pairing.entries import HandedOver, Paired
    >>> register = Register().record(
    ...     Paired("ann", "x", on=date(2012, 2, 8)), HandedOver("x", "ann", ["bo"], on=date(2012, 6, 30)))
    >>> for bar in responsible_over_time(register, "x", during=year(2012)).data["values"]:
    ...     print(bar["line"], bar["who"], bar["what"], bar["start"], bar["end"])
    x ann lead 2012-02-08 2012-06-30
    x bo lead 2012-06-30 2013-01-01

    Raises `ArgumentError` for what is no register, ids that are no texts, spans without an end, and for more than 100
    lines.
    """
    alt, say = _altair(), _said(language)
    _wanted(register, Register, "register")
    start, end = _ended(during)
    view = register.view(on=date.max)
    lines: list[str] = []
    bars: list[tuple[str, str, str, str, date, date | None]] = []
    for household, helpers in _asked(view, ids, during).items():
        found = [(stay.start, stay.end, stay.helper, stay.role) for stay in view.stays(household)]
        found += [(v.span.start, v.span.end, v.unit, "vacancy") for v in view.vacancies_of(household)]
        free: list[date] = []
        for first, over, who, role in sorted(found, key=lambda bar: (bar[0], bar[2])):
            if first >= end or (over is not None and over <= start):
                continue
            lane = next((n for n, day in enumerate(free) if day <= first), len(free))
            free[lane : lane + 1] = [over or end]
            is_asked = not helpers or who in helpers or role == "vacancy"
            bars.append((_line(household, lane), household, who, role if is_asked else "another helper", first, over))
        lines += [_line(household, lane) for lane in range(max(1, len(free)))]
    _narrow("lines", len(lines), "ask for fewer households or helpers", "ids")
    rows = [
        {
            "line": line,
            "household": bare(household),
            "who": bare(who),
            "what": say(what),
            "start": str(max(first, start)),
            "end": str(min(over or end, end)),
            "from": str(first),
            "until": str(over) if over else say("goes on"),
            "label": _fitting(say("vacancy") if what == "vacancy" else bare(who), max(first, start), over, during),
        }
        for line, household, who, what, first, over in bars
    ]
    palette, more = {"lead": _BLUE, "vacancy": _RED, "another helper": _GREY}, cycle(_OTHERS)
    ranges = {what: palette.get(what) or next(more) for what in sorted({bar[3] for bar in bars}, key=_in_order)}
    days = "%Y-%m" if (end - start).days > 200 else "%Y-%m-%d"
    axis = alt.Axis(format=days, tickCount=6, labelFlush=False, labelOverlap="greedy")
    edges = [alt.DateTime(year=d.year, month=d.month, date=d.day, utc=True) for d in (start, end)]
    titles = {"household": "household", "who": "responsible", "what": "as", "from": "from", "until": "until"}
    key = alt.Scale(domain=list(map(say, ranges)), range=list(ranges.values()))
    chart = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("start:T", scale=alt.Scale(type="utc", domain=edges), title=None, axis=axis),
        y=alt.Y("line:N", scale=alt.Scale(domain=lines or [""]), sort=None, title=None),
        tooltip=_tips(alt, say, **titles),
    )
    drawn = chart.mark_bar(stroke=_FAINT, strokeWidth=1).encode(
        x2="end:T",
        color=alt.Color("what:N", scale=key, legend=alt.Legend(title=None, orient="bottom") if rows else None),
    )
    names = chart.mark_text(align="left", dx=4, color="white").encode(text="label:N")
    layers = alt.layer(drawn, names).properties(width=_WIDTH, height=alt.Step(24))
    return _finished(layers, say("who was responsible"), _days(say, during))


def _asked(view: View, ids: object, during: Span) -> dict[str, set[str]]:
    """Return the households that are asked for, each with the helpers for whom it is; without, it is asked itself."""
    found: dict[str, set[str]] = {}
    asked = [ids] if isinstance(ids, str) or not isinstance(ids, Iterable) else list(ids)
    for id in asked:
        if not isinstance(id, str):
            raise ArgumentError("bad-key", f"wanted a text, got {shown(id)}", "ids")
        held = view.ever_held(id)
        for household in sorted(held):
            stays = (Span(stay.start, stay.end) for stay in view.stays(household) if stay.helper == id)
            if any(span.overlap(during) for span in stays):
                found.setdefault(household, set()).add(id)
        if not held:
            found.setdefault(id, set())
    return {id: set() if id in asked else helpers for id, helpers in found.items()}


def _line(household: str, lane: int) -> str:
    return f"{bare(household)}\u2003{lane + 1}" if lane else bare(household)


def _in_order(role: str) -> tuple[int, str]:
    return {"lead": 0, "another helper": 2, "vacancy": 3}.get(role, 1), role


def _fitting(label: str, first: date, over: date | None, during: Span) -> str:
    """Return what is written in a bar; nothing where there is no room."""
    start, end = _ended(during)
    room = sum(7 if character.isascii() else 12 for character in label) + 8
    return label if room * (end - start).days <= (min(over or end, end) - first).days * _WIDTH else ""


# --- visits


@no_collection()
def visit_calendar(register: Register, *, during: Span, channel: str = "in person", language: str = "en") -> Any:
    """Return a calendar of the visits: a tile for each day with its number, darker the more visits there were.

    Months stand side by side, weeks from Monday one below the other.  What several do together is one visit; `channel`
    is one of `CHANNELS`.  A day without a visit is an empty tile.

    >>> from pairing.dates import month
    >>> visits = [Visited(id, ["ann"], on=date(2012, 2, 8)) for id in ("x", "y")]
    >>> register = Register().record(*visits)
    >>> calendar = visit_calendar(register, during=month(2012, 2))
    >>> [tile for tile in calendar.data["values"] if tile["visits"]]
    [{'day': '2012-02-08', 'month': '2012-02', 'weekday': 'Wed', 'week': 2, 'number': 8, 'visits': 2}]
    >>> calendar.title.subtitle
    '2012-02-01 to 2012-02-29 · visits: 2; days with visits: 1; most on one day: 2'

    Raises `ArgumentError` for what is no register, spans without an end, more than 36 months, and other channels.
    """
    alt, say = _altair(), _said(language)
    _wanted(register, Register, "register")
    start, end = _ended(during)
    if not isinstance(channel, str) or channel not in CHANNELS:
        raise ArgumentError("unknown-word", f"wanted one of {', '.join(CHANNELS)}; got {shown(channel)}", "channel")
    last = end - timedelta(days=1)
    months = 12 * (last.year - start.year) + last.month - start.month + 1
    _narrow("months", months, "ask for a shorter span of days", "during")
    visits = Counter(
        entry.on
        for entry in register.view(on=last)
        if isinstance(entry, Visited) and entry.channel == channel and start <= entry.on < end
    )
    weekdays = list("一二三四五六日") if language == "zh" else ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    rows = [
        {
            "day": str(day),
            "month": str(day)[:7],
            "weekday": weekdays[day.weekday()],
            "week": (day.replace(day=1).weekday() + day.day - 1) // 7 + 1,
            "number": day.day,
            "visits": visits[day],
        }
        for day in (start + timedelta(days=n) for n in range((end - start).days))
    ]
    most = max(visits.values(), default=0)
    bar = alt.Legend(title=say("visits"), orient="bottom", gradientLength=160, values=_ticks(most), format="d")
    tiles = _matrix(alt, alt.Undefined, "visits", "visits", most, "number", bar if most else None)
    tiles = tiles.properties(width=alt.Step(24), height=alt.Step(21)).encode(
        x=alt.X("weekday:N", scale=alt.Scale(domain=weekdays), title=None, axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("week:O", title=None, axis=None),
        tooltip=_tips(alt, say, day="day", visits="visits"),
    )
    months_of = alt.Facet("month:N", title=None, sort=None)
    chart = tiles.facet(facet=months_of, columns=4, data=alt.InlineData(values=rows)).resolve_axis(x="independent")
    counts = (f"{count:,}" for count in (visits.total(), len(visits), most))
    told = say("visits: {}; days with visits: {}; most on one day: {}").format(*counts)
    return _finished(chart, f"{say('visits by day')} · {say(channel)}", f"{_days(say, during)} · {told}")


def _ticks(most: int) -> list[int]:
    """Return at most six whole numbers up to the most, evenly spaced from 0, each once."""
    step = next(step for step in _widths() if most <= 5 * step)
    return list(range(0, most + 1, step))


# --- how evenly


def lorenz_curve(effort: Effort, *, language: str = "en") -> Any:
    """Return the Lorenz curve of an effort, below the line on which all would be equal; the title says the Gini.

    Each point is a share of those who served, least first, and the share of the whole that is theirs (see `lorenz`).
    A point that lies on the line between its neighbours is left out: the curve is the same.

    >>> from pairing.dates import year
    >>> from pairing.figures import Amount
    >>> values, whole = {"ann": 5, "bo": 1, "cy": 0}, Amount(6, "person-visits")
    >>> effort = Effort("person-visits", "helper", year(2013), values, whole, 9)
    >>> chart = lorenz_curve(effort)
    >>> chart.title.text
    'Lorenz curve of person-visits by helper: Gini 0.56'
    >>> [(point["people"], point["part"]) for point in chart.layer[1].data["values"]]
    [(0, 0), (1, 0), (2, 1), (3, 6)]

    Raises `ArgumentError` for what is no effort, and for a curve of more than 5,000 corners.
    """
    alt, say = _altair(), _said(language)
    _wanted(effort, Effort, "effort")
    values = sorted(effort.values.values())
    if not any(values):
        values = [1] * max(1, len(values))
    sums = list(accumulate(values, initial=0))
    n, whole = len(values), sums[-1]
    corners = [k for k in range(n + 1) if k in (0, n) or values[k - 1] != values[k]]
    _narrow("points", len(corners), "ask for the effort of fewer of them, such as of one county's register", "effort")
    rows = [{"people": k, "of": n, "part": sums[k], "whole": whole} for k in corners] if effort.values else []
    people, part = say("share of those who served, least first"), say("share of the whole")
    percent = {"scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format="%")}
    x, y = alt.X("x:Q", title=people, **percent), alt.Y("y:Q", title=part, **percent)
    ends = alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])
    equal = alt.Chart(ends).mark_line(color=_FAINT, strokeDash=[4, 4]).encode(x=x, y=y)
    curve = (
        alt.Chart(alt.InlineData(values=rows))
        .transform_calculate(x="datum.people / datum.of", y="datum.part / datum.whole")
        .mark_line(color=_BLUE, strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            tooltip=[alt.Tooltip("x:Q", format=".1%", title=people), alt.Tooltip("y:Q", format=".1%", title=part)],
        )
    )
    title = say("Lorenz curve of {what} by {of}: Gini {gini}")
    number, never = (f"{len(those):,}" for those in (effort.values, effort.never))
    told = say("{number} in all, {never} of them with 0").format(number=number, never=never)
    return _finished(
        alt.layer(equal, curve).properties(width=340, height=340),
        title.format(what=say(effort.what), of=say(effort.of), gini=in_decimals(effort.gini)),
        f"{_days(say, effort.during)} · {told}",
    )
