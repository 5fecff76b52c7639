"""The same figures from data frames: visits and aid, one row each, counted by the engine that holds them.

It needs the extra `frames` (narwhals), and the library whose frames are given: pandas, polars, pyarrow or DuckDB.
Nothing of it is loaded before a function is called.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from pairing.areas import LEVELS
from pairing.dates import Span
from pairing.deeds import AID, CHANNELS, MARKS, Aided, Visited
from pairing.entries import Entry
from pairing.errors import ArgumentError, Problem, needed, shown
from pairing.figures import Amount, Distinct, joined_mark
from pairing.framing import BACKENDS, made, narwhals
from pairing.grouping import HELPERS, HOUSEHOLDS, PERIODS, Groups, WhoIsWho, dimensions
from pairing.register import Register
from pairing.results import Cell, Column, Key, Table
from pairing.roster import Roster
from pairing.tallies import totals

__all__ = ["AID_COLUMNS", "BACKENDS", "VISIT_COLUMNS", "aid_frame", "frame_of", "frame_totals", "visits_frame"]

VISIT_COLUMNS = MappingProxyType({"visit": "id", "on": "day", "household": "text", "helper": "text", "channel": "word"})
"""The columns of a frame of visits, each with what it holds: one row for each visit and helper."""

AID_COLUMNS = MappingProxyType(
    {
        "on": "day",
        "household": "text",
        "giver": "text",
        "aid": "word",
        "amount": "amount",
        "value": "optional amount",
        "mark": "word",
        "value_mark": "word",
    }
)
"""The columns of a frame of aid, each with what it holds: one row for each time that something was given."""

_WORDS = {"channel": CHANNELS, "aid": tuple(AID), "mark": MARKS, "value_mark": MARKS}
_WANTED = {
    "id": "texts or whole numbers",
    "day": "days, or datetimes at midnight without a time zone",
    "text": "texts",
    "word": "texts",
    "amount": "whole numbers of 64 bits at most",
    "optional amount": "whole numbers of 64 bits at most",
}
_HALF = 10**9
"""Amounts are added up in two parts, the thousand millions and the rest, so that no sum grows beyond 64 bits."""
_AFTER_ALL = 10**8

_Figures = dict[Key | None, dict[str, tuple[int, str]]]
"""By the key of a group (None: all of them) and the name of a column: how much, and how that is known."""
_Faults = list[tuple[str, str, str, Any]]
"""Column, code, message, and the expression that is true of the rows with that fault."""


def frame_totals(
    visits: Any,
    roster: Roster,
    *,
    during: Span,
    by: str | Iterable[str] = (),
    aid: Any = None,
    known: int | None = None,
    register: Register | None = None,
) -> Table:
    """Return what was done in a span of days, by groups, from frames: the table that `totals` gives of the entries.

    `visits` is a frame of pandas, polars, pyarrow or DuckDB, a polars `LazyFrame` too, with the columns
    `VISIT_COLUMNS`: one row for each visit and each helper who took part.  `visit` is any id that tells visits apart.
    `aid`, where it is given, has the columns `AID_COLUMNS`: money and values in fen.  Other columns are not looked at.

    `by` names what to group by, as for `totals`; by task, and by what was given, frames tell nothing.  `register` tells
    who was who on which day, up to the position `known` (None: all of it; without a register, the roster alone).

    The columns are those of visits, and with `aid` those of aid.  The engine counts; what leaves it is one row for
    each group, and each household, village or helper once, to be looked up in the roster.

    >>> import polars as pl
    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.dates import year
    >>> from pairing.people import Helper, Household, Unit
    >>> roster = Roster(
    ...     AreaTree([Area("v", "上坪村", "village")]),
    ...     [Unit("u", "county", "v")],
    ...     [Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     [Household("x", "v"), Household("y", "v")],
    ... )
    >>> visits = pl.DataFrame({
    ...     "visit": [1, 1, 2],
    ...     "on": [date(2013, 2, 1), date(2013, 2, 1), date(2013, 5, 1)],
    ...     "household": ["x", "x", "y"],
    ...     "helper": ["ann", "bo", "ann"],
    ...     "channel": ["in person", "in person", "telephone"],
    ... })
    >>> table = frame_totals(visits, roster, during=year(2013), by="rank")
    >>> print(table.only("person-visits", "household-visits", "households reached"))
    totals, 2013-01-01 to 2013-12-31
    rank       person-visits    household-visits  households reached
    section  1 person-visits  1 household-visits        2 households
    staff    1 person-visits  1 household-visits        1 households
    all      2 person-visits  1 household-visits        2 households

    Raises `ArgumentError` for what `totals` refuses; for columns that are missing or of other types; and for cells that
    are empty or no day, word or amount, visits of several days, households or channels, and helpers who stand twice at
    one visit: everything at once, with the first row, from 0, where a frame has an order of rows.
    """
    words = dimensions(by, (*HOUSEHOLDS, *HELPERS, *PERIODS, "channel", "aid"))
    if register is not None and not isinstance(register, Register):
        raise ArgumentError("bad-type", f"wanted a Register, got {shown(register)}", "register")
    blank = totals((), roster, during=during, by=words, known=known, register=register)
    groups = Groups(words, WhoIsWho(roster, Register() if register is None else register, known))
    names = [column.name for column in blank.columns]
    of_visits, of_aid, more = names[:5], dict(zip(AID, names[5:], strict=False)), names[5 + len(AID) : 7 + len(AID)]
    problems: list[Problem] = []
    frames = [_read(visits, "visits", VISIT_COLUMNS, problems)]
    if aid is not None:
        frames.append(_read(aid, "aid", AID_COLUMNS, problems))
    if problems:
        raise ArgumentError(problems)
    figures: _Figures = defaultdict(dict)
    _count_visits(_Rows.of(frames[0], groups, during, "helper"), figures, of_visits)
    if aid is not None:
        _count_aid(_Rows.of(frames[1], groups, during, "giver"), figures, of_aid, more)
    return _table(blank.only(*of_visits, *([] if aid is None else [*of_aid.values(), *more])), groups, figures)


# --- reading frames


@frozen
class _Frame:
    """A frame whose columns were found to be right: days are whole numbers such as 20130201."""

    lazy: Any
    is_eager: bool
    columns: Mapping[str, str]
    is_single: bool = False
    """Whether each visit has one row."""
    has_slashes: bool = False
    """Whether there are ids as those of households that are counted, not listed, have."""

    def kept(self, lazy: Any) -> Any:
        """Return rows so that they are not worked out anew for each figure; what came lazily stays in its engine."""
        return lazy.collect().lazy() if self.is_eager else lazy


def _read(data: object, name: str, columns: Mapping[str, str], problems: list[Problem]) -> _Frame:
    """Return a frame with the columns that are wanted; what is wrong with it is told."""
    nw = narwhals()
    none = _Frame(None, False, columns)
    try:
        frame = nw.from_native(data)
        schema = frame.collect_schema()
    except nw.exceptions.DuplicateError:
        problems.append(Problem("duplicate-column", "wanted each column once, got one twice", name))
        return none
    except TypeError:
        problems.append(Problem("bad-type", f"wanted a data frame, got a value of type {type(data).__name__}", name))
        return none
    is_eager, kind = isinstance(frame, nw.DataFrame), frame.implementation
    if not (is_eager or kind.is_polars() or kind.is_duckdb()):
        message = f"wanted a frame of pandas, polars, pyarrow or DuckDB, got one of {kind.value}"
        problems.append(Problem("bad-type", message, name))
        return none
    before = len(problems)
    for column, holds in columns.items():
        if column not in schema:
            problems.append(Problem("missing-column", f"wanted a column {column!r}, got none", name, field=column))
        elif not _fits(schema[column], holds):
            message = f"wanted {_WANTED[holds]}; got {_named(schema[column])}"
            problems.append(Problem("bad-type", message, name, field=column))
    if len(problems) > before:
        return none
    texts = [column for column in columns if schema[column] in (nw.String, nw.Categorical, nw.Enum)]
    # Arrow has several types of texts, which it does not join with each other
    cast = [column for column in texts if kind.is_pyarrow() or schema[column] != nw.String]
    frame = frame.select(*columns)
    if cast:
        frame = frame.with_columns(nw.col(*cast).cast(nw.String))
    sums = _told(frame, name, columns, schema, problems)
    if len(problems) > before:
        return none
    day = nw.col("on").dt
    on = day.year().cast(nw.Int32) * 10_000 + day.month().cast(nw.Int32) * 100 + day.day().cast(nw.Int32)
    amounts = [nw.col(column).cast(nw.Int64) for column, holds in columns.items() if holds.endswith("amount")]
    lazy = frame.lazy().with_columns(on.alias("on"), *amounts)
    is_single = "visit" not in columns or sums["visits"] == sums["rows"]
    if not is_single:
        _tell_of_visits(lazy, name, sums, problems)
    return _Frame(lazy, is_eager, columns, is_single, bool(sums["slashes"]))


def _fits(dtype: Any, holds: str) -> bool:
    nw = narwhals()
    is_text = dtype in (nw.String, nw.Categorical, nw.Enum)
    is_number = dtype.is_integer() and dtype not in (nw.UInt64, nw.Int128, nw.UInt128)
    if holds == "id":
        return is_text or dtype.is_integer()
    if holds == "day":
        return dtype == nw.Date or (dtype == nw.Datetime and dtype.time_zone is None)
    return is_number if holds.endswith("amount") else is_text


def _named(dtype: Any) -> str:
    """Return the name of a type alone: the type of a column of words has all of them."""
    zone = getattr(dtype, "time_zone", None)
    return f"{dtype.base_type().__name__}{' with a time zone' if zone else ''}"


def _faults(columns: Mapping[str, str], schema: Any) -> _Faults:
    nw = narwhals()
    found: _Faults = []
    for column, holds in columns.items():
        of, dtype = nw.col(column), schema[column]
        empty = of.is_null()
        if holds in ("text", "word") or (holds == "id" and not dtype.is_integer()):
            found.append((column, "bad-key", "wanted a text, got nothing", empty | (of == "")))
        elif holds == "id":
            found.append((column, "bad-key", "wanted a whole number, got nothing", empty))
        if holds == "word":
            words = _WORDS[column]
            other = ~empty & (of != "") & ~of.is_in(words)
            found.append((column, "unknown-word", f"wanted one of {', '.join(words)}; got another", other))
        if holds == "day":
            found.append((column, "bad-date", "wanted a day, got nothing", empty))
            beyond = ~empty & ~of.dt.year().is_between(1, 9999).fill_null(False)
            found.append((column, "bad-date", "wanted a day of the years 1 to 9999, got another", beyond))
            if dtype == nw.Datetime:
                timed = ~empty & (of != of.dt.truncate("1d"))
                found.append((column, "bad-date", "wanted a day, got a time of day", timed))
        if holds.endswith("amount"):
            least = 1 if holds == "amount" else 0
            found.append((column, "bad-number", f"wanted a whole number from {least}, got nothing", empty))
            found.append((column, "bad-number", f"wanted a whole number from {least}, got less", ~empty & (of < least)))
    return found


def _told(frame: Any, name: str, columns: Mapping[str, str], schema: Any, problems: list[Problem]) -> Mapping[str, int]:
    """Tell which cells of a frame are wrong; return how many rows and visits it has, and ids with a slash."""
    nw = narwhals()
    faults = _faults(columns, schema)
    sums = [fault.sum().alias(f"fault {n}") for n, (_, _, _, fault) in enumerate(faults)]
    sums += [nw.len().alias("rows"), nw.col("household").str.contains("/", literal=True).sum().alias("slashes")]
    if "visit" in columns:
        sums.append(nw.col("visit").n_unique().alias("visits"))
    row = frame.lazy().select(*sums).collect().rows(named=True)[0]
    counts = {of: int(count or 0) for of, count in row.items()}
    for n, (column, code, message, fault) in enumerate(faults):
        if count := counts[f"fault {n}"]:
            first = None
            if isinstance(frame, nw.DataFrame):
                first = int(frame.with_row_index("row").filter(fault)["row"].min())
            many = f", in {count:,} rows" if count > 1 else ""
            problems.append(Problem(code, message + many, name, first, column))
    return counts


def _tell_of_visits(lazy: Any, name: str, sums: Mapping[str, int], problems: list[Problem]) -> None:
    """Tell of visits whose rows contradict each other."""

    def different(*columns: str) -> int:
        return int(lazy.select(*columns).unique().select(narwhals().len()).collect().item())

    if (more := different("visit", "on", "household", "channel") - sums["visits"]) > 0:
        message = f"wanted one day, household and channel for each visit, got {more:,} more"
        problems.append(Problem("other-body", message, name, field="visit"))
    if (more := sums["rows"] - different("visit", "helper")) > 0:
        message = f"wanted one row for each visit and helper, got {more:,} more"
        problems.append(Problem("duplicate-id", message, name, field="helper"))


# --- which row belongs to which group


@frozen
class _Rows:
    """The rows of a frame that lie within the days, with the numbers of what their households and helpers belong to."""

    frame: _Frame
    lazy: Any
    groups: Groups
    columns: tuple[str, ...]
    """The columns that tell groups apart."""
    households: Sequence[Key]
    helpers: Sequence[Key]

    @classmethod
    def of(cls, frame: _Frame, groups: Groups, during: Span, helper: str) -> "_Rows":
        on, who = narwhals().col("on"), groups.who
        lazy = frame.lazy.filter(on >= _number(during.start), on < _number(during.end))
        households: Sequence[Key] = ()
        helpers: Sequence[Key] = ()
        columns: list[str] = []
        if groups.of_household:
            lazy, ids, counted = _with_places(frame, lazy, groups)

            def days_of(id: str) -> tuple[date, ...]:
                return () if id in counted else who.household_days(id)

            lazy, households = _numbered(lazy, "place", ids, "household group", days_of, groups.household)
            columns.append("household group")
        if groups.of_helper:
            ids = _different(lazy, helper)
            lazy, helpers = _numbered(lazy, helper, ids, "helper group", who.helper_days, groups.helper)
            columns.append("helper group")
        if any(word in PERIODS for word in groups.by):
            lazy = lazy.with_columns(_period(groups.by).alias("period"))
            columns.append("period")
        columns += [word for word in ("channel", "aid") if word in groups.by and word in frame.columns]
        return cls(frame, frame.kept(lazy), groups, tuple(columns), households, helpers)

    def counted(
        self, figures: Mapping[str, Any], is_whole: bool, within: Sequence[str] = (), lazy: Any = None
    ) -> Iterator[tuple[Key | None, dict[str, Any]]]:
        """Yield figures by the keys of the groups, or of all rows under None; `within` divides them further."""
        lazy = self.lazy if lazy is None else lazy
        columns = list(dict.fromkeys([*(() if is_whole else self.columns), *within]))
        wanted = [narwhals().len().alias("rows"), *(figure.alias(name) for name, figure in figures.items())]
        found = lazy.group_by(columns).agg(*wanted) if columns else lazy.select(*wanted)
        for row in found.collect().rows(named=True):
            if row["rows"]:
                yield None if is_whole else self._key(row), row

    def _key(self, row: Mapping[str, Any]) -> Key:
        groups = self.groups
        household = self.households[row["household group"]] if groups.of_household else ()
        helper = self.helpers[row["helper group"]] if groups.of_helper else ()
        year, month = divmod(int(row.get("period", 101)), 100)
        on = date(year, month, 1)
        deed: Entry = Visited("", (), row.get("channel", CHANNELS[0]), on=on)
        if "aid" in self.frame.columns:
            deed = Aided("", "", row.get("aid", "money"), 1, on=on)
        return groups.key(household, helper, groups.deeds(deed)[0])


def _number(day: date | None) -> int:
    return _AFTER_ALL if day is None else 10_000 * day.year + 100 * day.month + day.day


def _period(by: tuple[str, ...]) -> Any:
    """Return the first month of the shortest period that is asked for, as in 201304."""
    on = narwhals().col("on")
    if "month" in by:
        return on // 100
    if "quarter" in by:
        return on // 10_000 * 100 + (on // 100 % 100 - 1) // 3 * 3 + 1
    return on // 10_000 * 100 + 1


def _different(lazy: Any, column: str) -> list[str]:
    found: list[str] = lazy.select(column).unique().collect()[column].to_list()
    return found


def _with_places(frame: _Frame, lazy: Any, groups: Groups) -> tuple[Any, list[str], Set[str]]:
    """Return the rows with a place: the household; of those that are counted, not listed, one of the same village.

    Beside them stand all places, and those that are one for a whole village.  If nothing but areas is asked for, no
    more need be known of the households of a village, which may be millions in all.
    """
    nw = narwhals()
    household, place = nw.col("household"), nw.col("place")
    if not frame.has_slashes or not set(groups.of_household) <= set(LEVELS):
        lazy = frame.kept(lazy.with_columns(household.alias("place")))
        return lazy, _different(lazy, "place"), set()
    lazy = frame.kept(lazy.with_columns(household.str.replace_all("/[0-9]+$", "/0").alias("place")))
    places = _different(lazy, "place")
    listed = {id.rpartition("/")[0] for id in groups.who.listed}
    ones = {id: id.removesuffix("/0") for id in places if id.endswith("/0")}
    counted = {id for id, village in ones.items() if groups.is_of_areas(village) and village not in listed}
    if others := [id for id in ones if id not in counted]:
        whole = nw.when(place.is_in(others)).then(household).otherwise(place)
        lazy = frame.kept(lazy.with_columns(whole.alias("place")))
        places = _different(lazy, "place")
    return lazy, places, counted


def _numbered(
    lazy: Any,
    column: str,
    ids: Iterable[str],
    name: str,
    days_of: Callable[[str], tuple[date, ...]],
    key_of: Callable[[str, date], Key],
) -> tuple[Any, list[Key]]:
    """Return the rows with the number of what each belongs to on its day, and the keys in the order of the numbers.

    An id whose key changes has a row in the small frame for each stretch of days.
    """
    numbers: dict[Key, int] = {}
    stretches: list[tuple[str, int, int, int]] = []
    changes = False
    for id in ids:
        days = days_of(id)
        for start, end in zip((date.min, *days), (*days, None), strict=True):
            number = numbers.setdefault(key_of(id, start), len(numbers))
            stretches.append((id, number, _number(start), _number(end)))
        changes = changes or bool(days)
    nw = narwhals()
    id_column, *others = (list(part) for part in zip(*stretches, strict=True)) if stretches else ([], [], [], [])
    data = {column: id_column, name: others[0]} | ({"since": others[1], "until": others[2]} if changes else {})
    lazy = lazy.join(_beside(lazy, data, column), on=column, how="inner")
    if changes:
        lazy = lazy.filter(nw.col("since") <= nw.col("on"), nw.col("on") < nw.col("until")).drop("since", "until")
    return lazy, list(numbers)


def _beside(lazy: Any, data: Mapping[str, list[Any]], text: str) -> Any:
    """Return a small frame that the engine of another can join with it; one column has texts, the others numbers."""
    nw = narwhals()
    if lazy.implementation.is_duckdb():
        arrow = needed("pyarrow")
        types = arrow.schema([(name, arrow.string() if name == text else arrow.int64()) for name in data])
        pairing_small = arrow.table(data, schema=types)  # noqa: F841 - the query finds it by its name
        # a relation can be joined with those of its own connection alone, so it is asked for the other one
        return nw.from_native(nw.to_native(lazy).query("pairing_rows", "select * from pairing_small"))
    schema = {name: nw.String if name == text else nw.Int64 for name in data}
    return nw.from_dict(data, schema=schema, backend=lazy.implementation).lazy()


# --- counting


def _count_visits(rows: _Rows, figures: _Figures, names: Sequence[str]) -> None:
    nw = narwhals()
    wanted = {"households": nw.col("household").n_unique()}
    visits = "rows" if rows.frame.is_single else "visits"
    if not rows.frame.is_single:
        wanted["visits"] = nw.col("visit").n_unique()
    face_to_face = rows.lazy.filter(nw.col("channel") == "in person")
    for is_whole in (False, True) if rows.groups.by else (True,):
        reached = dict(rows.counted(wanted, is_whole))
        if "channel" in rows.columns and not is_whole:
            visited = {key: row for key, row in reached.items() if row["channel"] == "in person"}
        else:
            visited = dict(rows.counted(wanted, is_whole, lazy=face_to_face))
        nobody = dict.fromkeys(("rows", "visits", "households"), 0)
        for key, all_ in reached.items():
            came = visited.get(key, nobody)
            found = (came["rows"], came[visits], came["households"], all_[visits] - came[visits], all_["households"])
            figures[key] = {name: (int(count), "exact") for name, count in zip(names, found, strict=True)}


def _count_aid(rows: _Rows, figures: _Figures, of_aid: Mapping[str, str], more: Sequence[str]) -> None:
    nw = narwhals()
    value_of_goods, aided = more
    halves: dict[str, Any] = {}
    for name in ("amount", "value"):
        halves |= {f"{name} high": nw.col(name) // _HALF, f"{name} low": nw.col(name) % _HALF}
    lazy = rows.frame.kept(rows.lazy.with_columns(half.alias(name) for name, half in halves.items()))
    sums = {name: nw.col(name).sum() for name in halves}
    for is_whole in (False, True) if rows.groups.by else (True,):
        for key, row in rows.counted({"households": nw.col("household").n_unique()}, is_whole):
            figures[key][aided] = (int(row["households"]), "exact")
        for key, row in rows.counted(sums, is_whole, ("aid", "mark", "value_mark"), lazy):
            for column, name, mark in ((of_aid[row["aid"]], "amount", "mark"), (value_of_goods, "value", "value_mark")):
                if found := _HALF * int(row[f"{name} high"]) + int(row[f"{name} low"]):
                    before, known = figures[key].get(column, (0, row[mark]))
                    figures[key][column] = (before + found, joined_mark((known, row[mark])))


def _table(blank: Table, groups: Groups, figures: _Figures) -> Table:
    """Return the table of the figures: as the one of nothing at all, but for them."""

    def cells(found: Mapping[str, tuple[int, str]], adds_up: Callable[[Column], bool]) -> list[Cell]:
        made: list[Cell] = []
        for column in blank.columns:
            value, mark = found.get(column.name, (0, "exact"))
            made.append(Amount(value, column.of, mark) if adds_up(column) else Distinct(value, column.of))
        return made

    total = cells(figures.pop(None, {}), lambda column: column.over_time)
    keys = groups.in_order({*blank.rows, *(key for key in figures if key is not None)})
    rows: dict[Key, list[Cell]] = {(): total}
    if groups.by:
        rows = {key: cells(figures.get(key, {}), lambda column: column.over_rows) for key in keys}
    return Table(blank.title, blank.by, blank.columns, rows, total, during=blank.during, names=groups.names(rows))


# --- entries and answers as frames


def visits_frame(entries: Iterable[Entry], backend: str) -> Any:
    """Return the visits among some entries as a frame with `VISIT_COLUMNS`, one row for each visit and helper.

    `visit` is the place among the entries, from 0; in pandas the days are datetimes at midnight.  `backend` is one of
    `BACKENDS`.

    >>> visits_frame([Visited("x", ["ann", "bo"], on=date(2013, 2, 1))], "polars").rows()
    [(0, datetime.date(2013, 2, 1), 'x', 'ann', 'in person'), (0, datetime.date(2013, 2, 1), 'x', 'bo', 'in person')]

    Raises `ArgumentError` for what is no entry, for visits of nobody, and for backends that are unknown or missing.
    """
    rows: list[tuple[Any, ...]] = []
    for n, e in enumerate(_entries(entries)):
        if isinstance(e, Visited):
            if not e.helpers:
                raise ArgumentError([Problem("bad-visit", "wanted one helper at least, got none", "", n, "helpers")])
            rows += [(n, e.on, e.household, helper, e.channel) for helper in dict.fromkeys(e.helpers)]
    return made(rows, VISIT_COLUMNS, backend)


def aid_frame(entries: Iterable[Entry], backend: str) -> Any:
    """Return the aid among some entries as a frame with `AID_COLUMNS`; what was given is left out.

    >>> aid_frame([Aided("x", "ann", "money", 20_000, on=date(2013, 2, 1))], "polars").rows()
    [(datetime.date(2013, 2, 1), 'x', 'ann', 'money', 20000, 0, 'exact', 'exact')]

    Raises `ArgumentError` as `visits_frame` does.
    """
    aid = [e for e in _entries(entries) if isinstance(e, Aided)]
    rows = [(e.on, e.household, e.giver, e.aid, e.amount, e.value, e.mark, e.value_mark) for e in aid]
    return made(rows, AID_COLUMNS, backend)


def _entries(entries: Iterable[Entry]) -> Iterator[Entry]:
    if not isinstance(entries, Iterable) or isinstance(entries, str):
        raise ArgumentError("bad-type", f"wanted entries, got {shown(entries)}", "entries")
    for e in entries:
        if not isinstance(e, Entry):
            raise ArgumentError("bad-type", f"wanted entries, got {shown(e)}", "entries")
        yield e


def frame_of(table: Table, backend: str) -> Any:
    """Return the rows of a table of figures as a frame: the columns of `Table.records`, figures as whole numbers.

    What is not known or withheld is missing; in pandas, figures have the type `Int64`, which can miss.  The total is no
    row of it, so that nothing is counted twice.  `backend` is one of `BACKENDS`.

    >>> table = Table("visits", ("county",), (Column("visits", "visits"),), {("a",): [Amount(3, "visits")]}, [None])
    >>> frame_of(table, "polars").to_dict(as_series=False)
    {'county': ['a'], 'visits': [3]}

    Raises `ArgumentError` for what is no table, and for backends that are unknown or missing.
    """
    if not isinstance(table, Table):
        raise ArgumentError("bad-type", f"wanted a Table, got {shown(table)}", "table")
    records = table.records()
    # a table without rows has the columns of its total
    heads = records or evolve(table, rows={("",) * len(table.by): table.total}).records()
    names = list(dict.fromkeys(name for record in heads for name in record))
    texts = {*table.by, *(f"{column.name} mark" for column in table.columns)}
    texts |= {f"{column.name} (fen) mark" for column in table.columns}
    columns = {name: "text" if name in texts else "amount" for name in names}
    return made([tuple(record.get(name) for name in names) for record in records], columns, backend)
