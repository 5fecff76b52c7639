"""Cells of one table into things, and things into cells: the same for files, sheets of a workbook and data frames.

What is wrong is told with its row and column, all of it.  Where a cell is no text, as in a workbook or a frame, it
counts as the text that a file would have in its place: 12.0 as 12, a day as YYYY-MM-DD, true as yes.  What stands for
nothing (None, NaN, NaT) is empty.  A fault is whatever would be a guess: in a text a number with a fraction, or one of
15 digits or more, as spreadsheets keep no more; a time of day in a day; an error of the spreadsheet.
"""

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from operator import attrgetter
from typing import Any

import attrs

from pairing.areas import Area
from pairing.dates import Span
from pairing.errors import Problem, shown
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Pairing, Unit, Village
from pairing.roster import Roster
from pairing.titles import (
    BAD,
    CALLED,
    STAND_INS,
    TITLES,
    WANTED,
    WORDS,
    cell_of,
    escaped,
    field_of,
    joined,
    kind_of,
    title_of,
    unescaped,
    value_of,
)

__all__ = [
    "ADDED",
    "CLASSES",
    "IDS",
    "OPTIONAL",
    "ROSTER",
    "ErrorCell",
    "Fault",
    "Sheet",
    "Short",
    "cells_of",
    "columns_of",
    "header",
    "is_blank",
    "is_unfit",
    "read_cells",
    "table_called",
    "tables_of",
    "text_of",
    "texts_of",
    "things_of",
]


@attrs.frozen
class Short:
    """A shortfall as a row: who is short (of the violating set), and why."""

    side: str
    missing: int
    wanted: int
    available: int
    short: frozenset[str]
    sentence: str = ""


_THINGS = (Area, Unit, Helper, Household, Link, NamedPair, OwnLink, Village, Pairing, Short)
CLASSES: Mapping[str, Any] = dict(zip(TITLES, _THINGS, strict=True))
"""By table, what a row of it is."""

IDS = ("code", "id")
"""The columns that other tables refer to."""

ROSTER = ("areas", "units", "helpers", "households", "links", "pairs", "own_links", "villages")
"""The tables of a roster."""

OPTIONAL = ("pairs", "own_links", "villages")
"""The tables of a roster that may be missing."""

ADDED = ("row", "error")
"""The columns that `write_faults` adds; they are passed over, so that what was mended can be read as it is."""

_UNLIKE = (*IDS, "name", "helper", "household")  # hardly any two cells are equal, so there is nothing to share
_TEXTS = ("text", "key", "word")
_UNFIT = re.compile(r"[\0\ud800-\udfff]")
_BRACKETS = re.compile(r"[(（].+[)）]", re.DOTALL)
_MOST_DIGITS = 10**14
_MISSING = {"NaTType", "NAType"}
_COMMON = frozenset({int, float, date, datetime, bool, type(None)})


@attrs.define
class Sheet:
    """One table as it is read: what it holds, what is wrong with it, and what need not be told a second time.

    - `plain`: its texts are as they are, as in a frame: no apostrophe is taken away.
    - `keeps`: `titles` and `body` are kept, the rows as they were given; `called` is what the source calls it.
    - `lettered`: its columns are told by letters, as a workbook shows them, not by numbers.
    - `words`: by column, the words that are read in place of others, beside those of `WORDS`.
    - `columns`: what it may have, each with other titles; `required` those that must be there.
    """

    name: str
    file: str
    columns: Mapping[str, tuple[str, ...]] = attrs.field(kw_only=True)
    required: Set[str] = attrs.field(kw_only=True)
    plain: bool = attrs.field(default=False, kw_only=True)
    keeps: bool = attrs.field(default=False, kw_only=True)
    called: str = attrs.field(default="", kw_only=True)
    lettered: bool = attrs.field(default=False, kw_only=True)
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, kw_only=True)
    problems: list[Problem] = attrs.Factory(list)
    things: Sequence[Any] = ()
    rows: Sequence[int] = ()
    told_rows: set[int] = attrs.Factory(set)
    told_columns: set[str] = attrs.Factory(set)
    told_cells: set[tuple[int | None, str]] = attrs.Factory(set)
    whole: bool = True
    titles: Sequence[Any] = ()
    body: Mapping[int, Sequence[Any]] = attrs.Factory(dict)

    @columns.default
    def _columns_of_its_file(self) -> Mapping[str, tuple[str, ...]]:
        return TITLES[self.name]

    @required.default
    def _without_default(self) -> Set[str]:
        return {column for column in self.columns if _default(self.name, column) is attrs.NOTHING}

    def tell(self, code: str, message: str, row: int | None = None, column: str = "") -> None:
        """Tell of a fault."""
        self.problems.append(Problem(code, message, self.file, row, column))

    def column_at(self, place: int) -> str:
        """Return how a column is called by its place, from 0: by a number from 1, or by its letters."""
        if not self.lettered:
            return str(place + 1)
        letters, left = "", place + 1
        while left:
            left, letter = divmod(left - 1, 26)
            letters = chr(65 + letter) + letters
        return letters

    def told(self, row: int | None, column: str) -> bool:
        """Whether what would be told of a cell follows from something that was told already."""
        return row in self.told_rows or column in self.told_columns or (row, column) in self.told_cells

    def in_order(self) -> list[Problem]:
        """Return the problems in the order of rows and columns."""
        places = {column: place for place, column in enumerate(self.columns)}
        return sorted(self.problems, key=lambda told: (told.row or 0, places.get(told.field, -1)))


def table_called(name: object, tables: Iterable[str]) -> str | None:
    """Return which of the tables a sheet or a frame is, by its name in English or Chinese, or None.

    >>> table_called(" Helpers", ROSTER), table_called("贫困户", ROSTER), table_called("Sheet1", ROSTER)
    ('helpers', 'households', None)
    """
    title = title_of(name)
    return next((table for table in tables if title == table or title in CALLED[table]), None)


# --- reading


def header(sheet: Sheet, row: int | None, titles: Sequence[str], body: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Return the place of each column; tell what is unknown, doubled or missing."""
    names = {title: column for column, others in sheet.columns.items() for title in (column, *others)}
    cleaned = list(map(title_of, titles))
    found: dict[str, int] = {}
    for place, title in enumerate(cleaned):
        column = names.get(title)
        if column in found:
            both = f"{sheet.column_at(found[column])} and {sheet.column_at(place)}"
            message = f"wanted each column once, got this in columns {both}"
            sheet.tell("duplicate-column", message, row, column)
            sheet.told_columns.add(column)
        elif column is not None:
            found[column] = place
    if not found:
        got = "none of them" if titles else "an empty file"
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if any(mark in title for title in titles):
                got += f". Maybe the cells are put apart by {name}, and should be by commas"
        sheet.tell("missing-header", f"wanted the titles {', '.join(sheet.columns)}; got {got}", row)
        return found
    filled = set() if all(cleaned) else {at for record in body for at, cell in enumerate(record) if not is_blank(cell)}
    for place, title in enumerate(cleaned):
        # Spreadsheets like to add empty columns on the right.
        if title not in names and title not in ADDED and not _BRACKETS.fullmatch(title) and (title or place in filled):
            near = get_close_matches(title[:50], names, 1)
            maybe = f". Maybe {names[near[0]]!r}?" if near else ""
            wanted = f"the title of a column of {sheet.name}, or one in round brackets, which is passed over"
            message = f"wanted {wanted}; got {shown(titles[place])}{maybe}"
            sheet.tell("unknown-column", message, row, f"column {sheet.column_at(place)}")
    for column, others in sheet.columns.items():
        if column in sheet.required and column not in found:
            message = f"wanted a column {column!r} (or {', '.join(others)}), got none"
            sheet.tell("missing-column", message, row, column)
            sheet.told_columns.add(column)
            sheet.whole = sheet.whole and column not in IDS
    return found


def _default(name: str, column: str) -> Any:
    return attrs.fields_dict(CLASSES[name])[field_of(column)].default


def things_of(sheet: Sheet, cells: Mapping[str, Sequence[str]], apostrophes: bool) -> list[Any]:
    """Return one thing a row; where a cell cannot be read, which is told, the thing has a value that is in order."""
    values: dict[str, Sequence[Any]] = {}
    for column in TITLES[sheet.name]:
        kind, default = kind_of(column), _default(sheet.name, column)
        empty = "" if default is attrs.NOTHING else default
        if not any(cells.get(column, ())):
            values[column] = [empty] * len(sheet.rows)
        elif kind in _TEXTS:
            values[column] = _texts(sheet, column, cells[column], empty, apostrophes)
        else:
            values[column] = _converted(sheet, column, cells[column], empty)
    make = CLASSES[sheet.name]
    parts: list[Sequence[Any]] = []
    named: dict[str, Sequence[Any]] = {}
    for part in attrs.fields(make):
        prefix = "" if part.name == "span" else f"{part.name}_"
        if part.name not in values:
            parts.append(_spans(sheet, f"{prefix}start", f"{prefix}end", values))
        elif not part.kw_only:
            parts.append(values[part.name])
        elif values[part.name].count(part.default) < len(sheet.rows):  # what all have by default need not be given
            named[part.name] = values[part.name]
    if not named:
        return list(map(make, *parts))
    rows = zip(*parts, strict=True)
    if named.keys() == {"name"}:  # as most often, and faster
        return [make(*row, name=name) for row, name in zip(rows, named["name"], strict=True)]
    others = zip(*named.values(), strict=True)
    return [make(*row, **dict(zip(named, other, strict=True))) for row, other in zip(rows, others, strict=True)]


def _texts(
    sheet: Sheet, column: str, cells: Sequence[str], empty: str | None, apostrophes: bool
) -> Sequence[str | None]:
    free = kind_of(column) == "text"
    if not apostrophes and column in _UNLIKE:
        return cells if free else list(map(str.strip, cells))
    words, values = sheet.words.get(column) or WORDS.get(column, {}), {}
    for cell in set(cells):
        text = unescaped(cell) if free else unescaped(cell.strip()).strip()
        values[cell] = text if free else words.get(text, text) or empty
    values[""] = empty
    return list(map(values.__getitem__, cells))


def _converted(sheet: Sheet, column: str, cells: Sequence[str], empty: Any) -> list[Any]:
    """Convert each distinct cell once, so that equal cells share one value; tell those that cannot be converted."""
    kind = kind_of(column)
    values = {cell: value_of(kind, cell) if cell.strip() else empty for cell in set(cells)}
    bad = {cell for cell, value in values.items() if value is BAD}
    for row, cell in zip(sheet.rows, cells, strict=True) if bad else ():
        if cell in bad and row not in sheet.told_rows:
            code, wanted = WANTED[kind]
            sheet.tell(code, f"wanted {wanted}, got {shown(cell.strip())}", row, column)
    values.update(dict.fromkeys(bad, STAND_INS.get(kind)))
    return list(map(values.__getitem__, cells))


def _spans(sheet: Sheet, start: str, end: str, values: Mapping[str, Sequence[Any]]) -> list[Span | None]:
    """Join two columns of days; a start or an end that could not be read is None by now, and was told."""
    both = list(zip(values[start], values[end], strict=True))
    told = {(problem.row, problem.field) for problem in sheet.problems}
    spans: dict[tuple[date | None, date | None], Span | None] = {}
    for first, last in set(both):
        spans[first, last] = Span(first, last) if first is not None and (last is None or last > first) else None
    bad = {days for days, span in spans.items() if span is None and days[1] is not None}
    for row, (first, last) in zip(sheet.rows, both, strict=True) if bad else ():
        if (first, last) not in bad or row in sheet.told_rows:
            continue
        if first is not None:
            sheet.tell("empty-span", f"wanted the first day after the span, later than {first}; got {last}", row, end)
        elif (row, start) not in told:
            sheet.tell("bad-span", f"wanted a start, as there is an end, {last}; got nothing", row, start)
    return list(map(spans.__getitem__, both))


# --- cells that are no texts


@attrs.frozen
class ErrorCell:
    """A cell in which the spreadsheet has an error, such as #N/A, in place of a value."""

    text: str


@attrs.frozen
class Fault:
    """Why a cell cannot be read."""

    code: str
    message: str


def is_blank(cell: object) -> bool:
    """Whether a cell has nothing in it, or spaces alone.

    >>> is_blank(float("nan")), is_blank("　"), is_blank(0)
    (True, True, False)
    """
    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, float | Decimal):
        return cell.is_nan() if isinstance(cell, Decimal) else math.isnan(cell)
    return cell is None or type(cell).__name__ in _MISSING


def text_of(kind: str, cell: Any) -> str | Fault:
    """Return what a file would have in place of a cell, in a column of a kind, or why there is no such text.

    >>> text_of("key", 12.0), text_of("flag", True), text_of("day", datetime(2012, 2, 8)), text_of("key", None)
    ('12', 'yes', '2012-02-08', '')
    >>> text_of("key", 2.1e17).message
    'wanted a text, as a spreadsheet loses digits of long numbers; got a number of 18 digits'
    """
    if isinstance(cell, str):
        return str(cell)
    if is_blank(cell):
        return ""
    if type(cell).__module__ == "numpy" and not hasattr(cell, "__len__"):
        cell = cell.item()
    code, wanted = ("bad-type", "a text") if kind in (*_TEXTS, "items") else WANTED[kind]
    if isinstance(cell, ErrorCell):
        return Fault("error-cell", f"wanted {wanted}, got an error of the spreadsheet, {cell.text}")
    if isinstance(cell, bool):
        if kind == "flag":
            return "yes" if cell else "no"
        return Fault(code, f"wanted {wanted}, got {'true' if cell else 'false'}")
    if isinstance(cell, int | float | Decimal):
        return _digits(kind, cell, code, wanted)
    if isinstance(cell, date):
        return _day(kind, cell, code, wanted)
    if isinstance(cell, time | timedelta):
        return Fault(code, f"wanted {wanted}, got a time of day")
    items = cell.tolist() if hasattr(cell, "tolist") else cell
    if kind == "items" and isinstance(items, list | tuple | set | frozenset):
        if all(isinstance(item, str) and item for item in items):
            return joined(items if isinstance(items, list | tuple) else sorted(items))
        return Fault(code, "wanted texts, got a list with other things in it")
    return Fault(code, f"wanted {wanted}, got {shown(cell)}")


def _digits(kind: str, number: Any, code: str, wanted: str) -> str | Fault:
    """Return the digits of a whole number; of others what shows that they are none."""
    is_finite = isinstance(number, int) or math.isfinite(number)
    if not is_finite or number != int(number):
        text = str(number)
    elif isinstance(number, float) and abs(number) > _MOST_DIGITS * 10:
        text = str(number)  # its last digits are lost
    else:
        text = str(int(number)) if abs(number) < 10**200 else "1e200"
    if kind not in (*_TEXTS, "items"):
        return text
    if is_finite and abs(number) >= _MOST_DIGITS:
        many = f"{len(str(abs(int(number))))} digits" if abs(number) < 10**200 else "very many digits"
        message = f"wanted a text, as a spreadsheet loses digits of long numbers; got a number of {many}"
        return Fault("lost-digits", message)
    if not text.lstrip("-").isdigit():
        return Fault(code, f"wanted a text or a whole number, got {shown(number if is_finite else text)}")
    return text


def _day(kind: str, day: date, code: str, wanted: str) -> str | Fault:
    if kind != "day":
        return Fault(code, f"wanted {wanted}, got a day")
    if isinstance(day, datetime):
        if day.tzinfo is not None:
            return Fault(code, f"wanted {wanted}, got a time in a time zone")
        if day.time() != time.min or (hasattr(day, "nanosecond") and day.nanosecond):
            return Fault(code, f"wanted {wanted}, got a time of day")
    return date(day.year, day.month, day.day).isoformat()


def texts_of(sheet: Sheet, column: str, cells: Sequence[Any]) -> Sequence[str]:
    """Return the cells of a column as a file would have them; tell of those that no file could have."""
    kind = kind_of(column)
    if sheet.plain and kind in (*_TEXTS, "items"):
        nothing = "'" if kind == "text" and _default(sheet.name, column) is None else ""
        cells = [(escaped(cell) or nothing) if isinstance(cell, str) else cell for cell in cells]
    texts: list[Any] = list(cells) if set(map(type, cells)) <= {str} else _texts_of_any(kind, cells)
    faults: dict[int, Fault] = {}
    if Fault in set(map(type, texts)):
        faults = {place: text for place, text in enumerate(texts) if type(text) is Fault}
    if "\0" in "".join(texts if not faults else (text for text in texts if type(text) is str)):
        nul = Fault("nul", "wanted text, got a NUL character")
        faults |= {place: nul for place, text in enumerate(texts) if type(text) is str and "\0" in text}
    for place, fault in faults.items():
        row = sheet.rows[place]
        sheet.tell(fault.code, fault.message, row, column)
        sheet.told_cells.add((row, column))
        sheet.whole = sheet.whole and column not in IDS
        # What stands in its place is like nothing else, so that nothing is wrong with it a second time.
        texts[place] = f"\0{row}" if kind in _TEXTS else ""
    return texts


def _texts_of_any(kind: str, cells: Sequence[Any]) -> list[str | Fault]:
    """Return the texts of cells of any types: equal ones of the common types are asked for once."""
    distinct = {cell for cell in zip(map(type, cells), cells, strict=True) if cell[0] in _COMMON}
    known = {at: text_of(kind, at[1]) for at in distinct}
    return [
        cell if type(cell) is str else known[type(cell), cell] if type(cell) in _COMMON else text_of(kind, cell)
        for cell in cells
    ]


def cells_of(
    sheet: Sheet, row: int | None, titles: Sequence[Any], rows: Sequence[int], body: Sequence[Any]
) -> dict[str, Sequence[Any]] | None:
    """Return the cells of each column, of any types, by its English title, or None where there are no titles.

    `row` is that of the titles (None: it is no row, as in a frame), `rows` those of the body; all are of one length.
    """
    sheet.rows = rows
    if any(all(map(is_blank, record)) for record in body):
        kept = [place for place, record in enumerate(body) if not all(map(is_blank, record))]
        sheet.rows, body = [rows[place] for place in kept], [body[place] for place in kept]
    if sheet.keeps:
        sheet.titles, sheet.body = titles, dict(zip(sheet.rows, body, strict=True))
    texts = [title if isinstance(title, str) else "" if is_blank(title) else str(title) for title in titles]
    found = header(sheet, row, texts, body)
    columns = list(zip(*body, strict=True)) if body else [()] * len(titles)
    return {column: columns[place] for column, place in found.items()} or None


def read_cells(sheet: Sheet, cells: Mapping[str, Sequence[Any]] | None) -> None:
    """Read the things of a table from cells of any types; tell what is wrong."""
    if cells is None:
        sheet.rows, sheet.whole = (), False
        return
    texts = {column: texts_of(sheet, column, given) for column, given in cells.items()}
    sheet.things = things_of(sheet, texts, any("'" in "".join(column) for column in texts.values()))


# --- writing


def tables_of(roster: Roster) -> dict[str, Sequence[Any]]:
    """Return the things of a roster, by the names of the tables."""
    tables = (roster.areas.areas, roster.units, roster.helpers, roster.households, roster.links, roster.named)
    return dict(zip(ROSTER, (*tables, roster.own_links, roster.villages), strict=True))


def is_unfit(text: str) -> bool:
    """Whether no file gives a text back as it is: half of a surrogate pair, a NUL, or too long for the `csv` module."""
    return len(text) > csv.field_size_limit() or _UNFIT.search(text) is not None


def _are_alike(values: Sequence[Any]) -> bool:
    """Whether values are all of one type, or None, and equal ones have equal cells: then each is written once."""
    types = set(map(type, values)) - {type(None)}
    return len(types) <= 1 and types <= {str, int, bool, date, frozenset, Span}


def columns_of(name: str, things: Sequence[Any], problems: list[Problem], file: str, first: int = 2) -> list[list[Any]]:
    """Return the cells of each column, its title on top; tell what could not be read back as it is.

    `first` is the row of the first thing.
    """
    limit = csv.field_size_limit()
    unfit = f"wanted no NUL, no half of a surrogate pair, and at most {limit:,} characters"
    columns: list[list[Any]] = []
    for column in TITLES[name]:
        kind, optional = kind_of(column), _default(name, column) is None
        values = list(map(attrgetter(field_of(column)), things))
        if column in _UNLIKE or not _are_alike(values):
            cells = [cell_of(kind, column, optional, value) for value in values]
        else:
            known = {value: cell_of(kind, column, optional, value) for value in set(values)}
            cells = list(map(known.__getitem__, values))
        written = [cell or "" for cell in cells]
        if None in cells or _UNFIT.search("".join(written)) or max(map(len, written), default=0) > limit:
            for row, (value, cell) in enumerate(zip(values, cells, strict=True), first):
                if cell is None:
                    code, wanted = WANTED[kind]
                    problems.append(Problem(code, f"wanted {wanted}, got {shown(value)}", file, row, column))
                elif _UNFIT.search(cell) or len(cell) > limit:
                    problems.append(Problem("unwritable", f"{unfit}, got {len(cell):,}", file, row, column))
        columns.append([column, *written])
    return columns
