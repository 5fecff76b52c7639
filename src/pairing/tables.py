"""Rosters and pairings as CSV files in a folder, to and from; all that is wrong in all files is told at once.

A roster is a folder with areas.csv, units.csv, helpers.csv, households.csv, links.csv and, where there is anything to
say in them, pairs.csv, own_links.csv and villages.csv; what is proposed is pairings.csv.  Each file may be gzipped
instead (helpers.csv.gz).  What a file may hold:

- The first row has the titles, in any order: the English ones, or the others of `TITLES`.  Blank rows are skipped,
  but counted: the row that a problem tells is the one that a spreadsheet shows.
- An empty cell, or a column that is not there, stands for the default of the field.
- Spaces around a cell, full-width ones too, are dropped, except in the free texts: name, post, hamlet, reason.
- Keys are text (0012 stays 0012), numbers whole in the digits 0 to 9, days YYYY-MM-DD.  A span of days has two
  columns, and its end is the first day after it.
- Levels, kinds, sexes and rules are read in Chinese too (县, 干部, 女, 锁定), and yes and no also as 是 and 否, true
  and false, 1 and 0.
- Skills, needs and the like are put apart by ";" or "；", and spaces around each are dropped.  In a cell with a
  backslash spaces stay, and it takes the character after it as it is.
- Text is UTF-8, with or without a byte order mark, or GB18030.  Written is UTF-8 with the mark, and CRLF, as
  spreadsheet programs want it.  What they would take for a formula gets an apostrophe before it, which reading takes
  away again; and a post that is empty, but not missing, is a lone apostrophe.
"""

import csv
import gzip
import io
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

import attrs

from pairing.areas import LEVELS, Area, AreaTree, area_problems
from pairing.dates import Span
from pairing.errors import ArgumentError, Problem, RosterError, shown
from pairing.memory import no_collection
from pairing.people import (
    LADDER,
    Helper,
    Household,
    Ladder,
    Link,
    NamedPair,
    OwnLink,
    Pairing,
    Unit,
    Village,
)
from pairing.plan import Plan
from pairing.roster import Roster, roster_problems
from pairing.titles import (
    BAD,
    STAND_INS,
    TITLES,
    WANTED,
    WORDS,
    cell_of,
    field_of,
    kind_of,
    unescaped,
    value_of,
)

__all__ = ["TITLES", "read_pairings", "read_roster", "write_pairings", "write_plan", "write_roster"]


@attrs.frozen
class _Short:
    """A shortfall as a row: who is short (of the violating set), and why."""

    side: str
    missing: int
    wanted: int
    available: int
    short: frozenset[str]
    sentence: str = ""


_THINGS = (Area, Unit, Helper, Household, Link, NamedPair, OwnLink, Village, Pairing, _Short)
_CLASSES: Mapping[str, Any] = dict(zip(TITLES, _THINGS, strict=True))
_IDS = ("code", "id")
_UNLIKE = (*_IDS, "name", "helper", "household")  # hardly any two cells are equal, so there is nothing to share
_ROSTER = ("areas", "units", "helpers", "households", "links", "pairs", "own_links", "villages")
_OPTIONAL = ("pairs", "own_links", "villages")
_LARGEST = 1 << 30
_UNFIT = re.compile(r"[\0\ud800-\udfff]")


def read_roster(folder: str | os.PathLike[str], *, ladder: Ladder = LADDER) -> Roster:
    """Return the roster that the files of a folder hold.

    >>> import tempfile
    >>> roster = Roster(AreaTree([Area("0012", "=1+1", "village")]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_roster(roster, folder)
    ...     read_roster(folder) == roster
    True

    The ladder is not in the files: give the one that their ranks are of.  A folder without pairs.csv names no pairs,
    one without own_links.csv has no own links, and one without villages.csv says nothing more of its villages.

    Raises `RosterError` with everything that is wrong in all files, each with its file, row and column; `ArgumentError`
    where the folder is not a path or the ladder not a ladder.
    """
    if not isinstance(ladder, Ladder):
        raise ArgumentError("bad-type", f"wanted a Ladder, got {shown(ladder)}", "ladder")
    with no_collection():
        sheets = _sheets(folder, _ROSTER)
        areas, units, helpers, households, links, named, own_links, villages = _tables(sheets)
        with suppress(RosterError):
            if not any(sheet.problems for sheet in sheets.values()):
                return Roster(AreaTree(areas), units, helpers, households, links, named, ladder, own_links, villages)
    raise RosterError(_all_problems(sheets, ladder))


def write_roster(roster: Roster, folder: str | os.PathLike[str]) -> None:
    """Write a roster as the eight files of a folder, which is made if it is not there; other files in it stay.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_roster(Roster(AreaTree([Area("v", "上坪村", "village")])), folder)
    ...     print(*sorted(os.listdir(folder)))
    areas.csv helpers.csv households.csv links.csv own_links.csv pairs.csv units.csv villages.csv

    All is written or nothing: the files are finished aside, then moved into place; gzipped ones of the same names go.
    The same roster gives the same bytes.  The ladder is not written.

    Raises `RosterError` where something could not be read back as it is (half of a surrogate pair, a NUL, spaces around
    a key, more than the `csv` module reads) or where writing fails; `ArgumentError` for arguments of other types.
    """
    if not isinstance(roster, Roster):
        raise ArgumentError("bad-type", f"wanted a Roster, got {shown(roster)}", "roster")
    tables = (roster.areas.areas, roster.units, roster.helpers, roster.households, roster.links, roster.named)
    _write(folder, dict(zip(_ROSTER, (*tables, roster.own_links, roster.villages), strict=True)))


def read_pairings(folder: str | os.PathLike[str]) -> tuple[Pairing, ...]:
    """Return the pairings that pairings.csv in a folder holds, in the order of its rows.

    >>> import tempfile
    >>> pairing = Pairing("c-17", "h-204", span=Span(date(2012, 2, 8)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_pairings([pairing], folder)
    ...     read_pairings(folder) == (pairing,)
    True

    Whether a roster has them is not asked.  Raises `RosterError` with everything that is wrong in the file;
    `ArgumentError` where the folder is not a path.
    """
    with no_collection():
        sheet = _sheets(folder, ("pairings",))["pairings"]
    for row, pairing in zip(sheet.rows, sheet.things, strict=True):
        for column in ("helper", "household"):
            if not getattr(pairing, column) and not sheet.told(row, column):
                sheet.tell("bad-key", "wanted a key, got nothing", row, column)
    if sheet.problems:
        raise RosterError(sheet.in_order())
    return tuple(sheet.things)


def write_pairings(pairings: Iterable[Pairing], folder: str | os.PathLike[str]) -> None:
    """Write pairings as pairings.csv in a folder, in the order in which they come.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_pairings([Pairing("c-17", "h-204")], folder)
    ...     with open(os.path.join(folder, "pairings.csv"), encoding="utf-8-sig") as file:
    ...         print(file.read().strip())
    helper,household,role,start,end
    c-17,h-204,lead,,

    As with `write_roster`, all is written or nothing, and the same errors are raised.
    """
    things = list(pairings) if isinstance(pairings, Iterable) else [pairings]
    if wrong := [thing for thing in things if not isinstance(thing, Pairing)]:
        raise ArgumentError("bad-type", f"wanted pairings, got {shown(wrong[0])}", "pairings")
    _write(folder, {"pairings": things})


def write_plan(plan: Plan, folder: str | os.PathLike[str]) -> None:
    """Write a plan: its pairings as pairings.csv, what is short as shortfalls.csv, a row for each bottleneck.

    The links of its roster are written beside, as links.csv and own_links.csv, also those that were made for it.
    `read_pairings` reads the pairings again.  All is written or nothing, and the same errors are raised as by
    `write_roster`.
    """
    if not isinstance(plan, Plan):
        raise ArgumentError("bad-type", f"wanted a Plan, got {shown(plan)}", "plan")
    rows = [
        _Short(s.side, s.missing, s.wanted, s.available, frozenset(dict(s.short)), s.sentence) for s in plan.shortfalls
    ]
    links = {"links": plan.roster.links, "own_links": plan.roster.own_links}
    _write(folder, {"pairings": plan.pairings, "shortfalls": rows, **links})


def _path(folder: object) -> str:
    path = os.fspath(folder) if isinstance(folder, str | os.PathLike) else None
    if not isinstance(path, str) or not path or "\0" in path:
        raise ArgumentError("bad-type", f"wanted the path of a folder, got {shown(folder)}", "folder")
    return path


@attrs.define
class _Sheet:
    """One file as it is read: what it holds, what is wrong with it, and what need not be told a second time."""

    name: str
    file: str
    problems: list[Problem] = attrs.Factory(list)
    things: Sequence[Any] = ()
    rows: Sequence[int] = ()
    told_rows: set[int] = attrs.Factory(set)
    told_columns: set[str] = attrs.Factory(set)
    whole: bool = True

    def tell(self, code: str, message: str, row: int | None = None, column: str = "") -> None:
        self.problems.append(Problem(code, message, self.file, row, column))

    def told(self, row: int | None, column: str) -> bool:
        return row in self.told_rows or column in self.told_columns

    def in_order(self) -> list[Problem]:
        places = {column: place for place, column in enumerate(TITLES[self.name])}
        return sorted(self.problems, key=lambda told: (told.row or 0, places.get(told.field, -1)))


def _sheets(folder: object, names: tuple[str, ...]) -> dict[str, _Sheet]:
    path = _path(folder)
    if not os.path.isdir(path):
        raise RosterError([Problem("missing-folder", f"wanted a folder with {names[0]}.csv; got none", path)])
    return {name: _read(path, name) for name in names}


def _read(folder: str, name: str) -> _Sheet:
    sheet = _Sheet(name, f"{name}.csv")
    data = _bytes(sheet, folder)
    encoding = _encoding(sheet, data) if data is not None else None
    cells = _cells(sheet, data, encoding) if data is not None and encoding else None
    if data is None or cells is None:
        sheet.rows, sheet.whole = (), False
    else:
        sheet.things = _things(sheet, cells, b"'" in data)
    return sheet


def _bytes(sheet: _Sheet, folder: str) -> bytes | None:
    both = (sheet.file, f"{sheet.file}.gz")
    found = [file for file in both if os.path.lexists(os.path.join(folder, file))]
    if len(found) != 1:
        code, got = ("two-files", "both") if found else ("missing-file", "neither")
        if found or sheet.name not in _OPTIONAL:
            sheet.tell(code, f"wanted either {both[0]} or {both[1]}, got {got}")
        return None
    sheet.file = found[0]
    path, zipped = os.path.join(folder, sheet.file), sheet.file == both[1]
    data, fault = b"", ""
    try:
        # What is neither file nor folder, such as a named pipe, might never end.
        if os.path.isfile(path):
            with gzip.open(path) if zipped else open(path, "rb") as stream:
                data = stream.read(_LARGEST + 1)
        else:
            fault = "a folder" if os.path.isdir(path) else "something else"
    except (EOFError, zlib.error, gzip.BadGzipFile):
        fault = "one that is not gzipped, or damaged"
    except OSError as error:
        fault = _system(error)
    if len(data) > _LARGEST:
        fault = f"more than {_LARGEST:,} bytes"
    if fault:
        sheet.tell("unreadable-file", f"wanted a {'gzipped ' if zipped else ''}file that can be read, got {fault}")
        return None
    return data


def _system(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return f"the error {os.strerror(number) if number else type(error).__name__!r}"


def _encoding(sheet: _Sheet, data: bytes) -> str | None:
    faults = []
    for encoding, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030")):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            faults.append(f"byte {error.start:,} is not {name}")
        else:
            return "utf-8-sig" if encoding == "utf-8" else encoding
        # GB18030 read as UTF-8 is nearly all faults; where most Chinese characters are in order, it is damaged UTF-8.
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        if text.startswith("\ufeff") or 3 * (sum(map("\u0800".__le__, text)) - bad) > bad:
            break
    sheet.tell("bad-encoding", f"wanted UTF-8 or GB18030; counted from 0, {' and '.join(faults)}")
    return None


def _records(sheet: _Sheet, data: bytes, encoding: str) -> list[list[str]]:
    """Return the cells of each record, the first being row 1; a record that cannot be read is told, and empty."""
    records: list[list[str]] = []
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), strict=True)
    while True:
        code, message = "bad-quotes", "wanted quotes around a whole cell, and each one within it doubled; got others"
        try:
            for record in reader:
                records.append(record)
            return records
        except csv.Error as error:
            if "limit" in str(error):
                wanted = f"wanted cells of at most {csv.field_size_limit():,} characters"
                code, message = "long-cell", f"{wanted}, got a longer one. Maybe a quote is left open?"
        records.append([])
        sheet.tell(code, message, len(records))
        sheet.told_rows.add(len(records))
        sheet.whole = False


def _cells(sheet: _Sheet, data: bytes, encoding: str) -> dict[str, Sequence[str]] | None:
    """Return the cells of each column, by its English title, or None where there is no header."""
    records = _records(sheet, data, encoding)
    start = next((place for place, record in enumerate(records) if "".join(record).strip()), len(records))
    if sheet.told_rows and min(sheet.told_rows) <= start:
        return None
    titles = records[start] if records[start:] else []
    body, width = records[start + 1 :], len(titles)
    sheet.rows = range(start + 2, len(records) + 1)
    even = not set(map(len, body)) - {width}
    if not even or not all(map(str.strip, map(itemgetter(0), body))):
        sheet.rows = [row for row, record in zip(sheet.rows, body, strict=True) if "".join(record).strip()]
        body = [records[row - 1] for row in sheet.rows]
    found = _header(sheet, start + 1 if titles else 1, titles, body)
    if not found:
        return None
    for row, record in zip(sheet.rows, body, strict=True) if not even or b"\0" in data else ():
        if len(record) != width:
            sheet.tell("cell-count", f"wanted {width:,} cells, as in the header, got {len(record):,}", row)
            sheet.told_rows.add(row)
            sheet.whole = sheet.whole and all(found.get(key, 0) < len(record) for key in _IDS)
        for place, cell in enumerate(record):
            if "\0" in cell:
                sheet.tell("nul", f"wanted text, got a NUL character in column {place + 1}", row)
                sheet.told_rows.add(row)
                record[place] = cell.replace("\0", "")
    if even and body:
        columns = list(zip(*body, strict=True))
        return {column: columns[place] for column, place in found.items()}
    return {column: ["".join(record[at : at + 1]) for record in body] for column, at in found.items()}


def _header(sheet: _Sheet, row: int, titles: list[str], body: list[list[str]]) -> dict[str, int]:
    """Return the place of each column; tell what is unknown, doubled or missing."""
    names = {title: column for column, others in TITLES[sheet.name].items() for title in (column, *others)}
    cleaned = [title.strip("\ufeff").strip().casefold() for title in titles]
    found: dict[str, int] = {}
    for place, title in enumerate(cleaned):
        column = names.get(title)
        if column in found:
            message = f"wanted each column once, got this in columns {found[column] + 1} and {place + 1}"
            sheet.tell("duplicate-column", message, row, column)
            sheet.told_columns.add(column)
        elif column is not None:
            found[column] = place
    if not found:
        got = "none of them" if titles else "an empty file"
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if any(mark in title for title in titles):
                got += f". Maybe the cells are put apart by {name}, and should be by commas"
        sheet.tell("missing-header", f"wanted the titles {', '.join(TITLES[sheet.name])}; got {got}", row)
        return found
    filled = set() if all(cleaned) else {place for record in body for place, cell in enumerate(record) if cell.strip()}
    for place, title in enumerate(cleaned):
        # Spreadsheets like to add empty columns on the right.
        if title not in names and (title or place in filled):
            near = get_close_matches(title[:50], names, 1)
            maybe = f". Maybe {names[near[0]]!r}?" if near else ""
            message = f"wanted the title of a column of {sheet.name}, got {shown(titles[place])}{maybe}"
            sheet.tell("unknown-column", message, row, f"column {place + 1}")
    for column, others in TITLES[sheet.name].items():
        if column not in found and _default(sheet.name, column) is attrs.NOTHING:
            message = f"wanted a column {column!r} (or {', '.join(others)}), got none"
            sheet.tell("missing-column", message, row, column)
            sheet.told_columns.add(column)
            sheet.whole = sheet.whole and column not in _IDS
    return found


def _default(name: str, column: str) -> Any:
    return attrs.fields_dict(_CLASSES[name])[field_of(column)].default


def _things(sheet: _Sheet, cells: Mapping[str, Sequence[str]], apostrophes: bool) -> list[Any]:
    """Return one thing a row; where a cell cannot be read, which is told, the thing has a value that is in order."""
    values: dict[str, Sequence[Any]] = {}
    for column in TITLES[sheet.name]:
        kind, default = kind_of(column), _default(sheet.name, column)
        empty = "" if default is attrs.NOTHING else default
        if not any(cells.get(column, ())):
            values[column] = [empty] * len(sheet.rows)
        elif kind in ("text", "key", "word"):
            values[column] = _texts(column, cells[column], empty, apostrophes)
        else:
            values[column] = _converted(sheet, column, cells[column], empty)
    make = _CLASSES[sheet.name]
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


def _texts(column: str, cells: Sequence[str], empty: str | None, apostrophes: bool) -> Sequence[str | None]:
    free = kind_of(column) == "text"
    if not apostrophes and column in _UNLIKE:
        return cells if free else list(map(str.strip, cells))
    words, values = WORDS.get(column, {}), {}
    for cell in set(cells):
        text = unescaped(cell) if free else unescaped(cell.strip()).strip()
        values[cell] = text if free else words.get(text, text) or empty
    values[""] = empty
    return list(map(values.__getitem__, cells))


def _converted(sheet: _Sheet, column: str, cells: Sequence[str], empty: Any) -> list[Any]:
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


def _spans(sheet: _Sheet, start: str, end: str, values: Mapping[str, Sequence[Any]]) -> list[Span | None]:
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


def _tables(sheets: Mapping[str, _Sheet]) -> list[Sequence[Any]]:
    return [sheets[name].things for name in _ROSTER]


def _all_problems(sheets: Mapping[str, _Sheet], ladder: Ladder) -> list[Problem]:
    """Return what is wrong in the files and between them, without what only follows from something told already."""
    areas, units, helpers, households, links, named, own_links, villages = _tables(sheets)
    lines = {name: sheet.rows for name, sheet in sheets.items()}
    # To what refers to areas, every code counts that is there, however wrong the rest of its row may be.
    levels = {area.code: area.level if area.level in LEVELS else "village" for area in areas if area.code}
    tree = AreaTree(Area(code, "", level) for code, level in levels.items())
    found = area_problems(areas, lines["areas"])
    found += roster_problems(
        tree, units, helpers, households, links, named, ladder, lines, own_links=own_links, villages=villages
    )
    for problem in found:
        # A code such as "unknown-unit" names the table that it misses something in; villages are areas.
        table = "areas" if problem.code.endswith("village") else problem.code.removeprefix("unknown-") + "s"
        sheet, told_of = sheets[problem.file], sheets.get(table)
        if not sheet.told(problem.row, problem.field) and (told_of is None or told_of.whole):
            sheet.tell(problem.code, problem.message, problem.row, problem.field)
    return list(chain.from_iterable(sheets[name].in_order() for name in _ROSTER))


@no_collection()
def _write(folder: object, tables: Mapping[str, Sequence[Any]]) -> None:
    path = _path(folder)
    problems: list[Problem] = []
    files = {f"{name}.csv": _columns(name, things, problems) for name, things in tables.items()}
    if not problems and (fault := _placed(os.path.abspath(path), files)):
        problems.append(Problem("cannot-write", f"wanted to write {', '.join(files)}; got {fault}", path))
    if problems:
        raise RosterError(problems)


def _columns(name: str, things: Sequence[Any], problems: list[Problem]) -> list[list[str]]:
    """Return the cells of each column, its title on top; tell what could not be read back as it is."""
    limit = csv.field_size_limit()
    unfit = f"wanted no NUL, no half of a surrogate pair, and at most {limit:,} characters"
    columns = []
    for column in TITLES[name]:
        kind, optional = kind_of(column), _default(name, column) is None
        values = list(map(attrgetter(field_of(column)), things))
        cells = [cell_of(kind, column, optional, value) for value in values]
        written = [cell or "" for cell in cells]
        if None in cells or _UNFIT.search("".join(written)) or max(map(len, written), default=0) > limit:
            for row, (value, cell) in enumerate(zip(values, cells, strict=True), 2):
                if cell is None:
                    code, wanted = WANTED[kind]
                    problems.append(Problem(code, f"wanted {wanted}, got {shown(value)}", f"{name}.csv", row, column))
                elif _UNFIT.search(cell) or len(cell) > limit:
                    problems.append(Problem("unwritable", f"{unfit}, got {len(cell):,}", f"{name}.csv", row, column))
        columns.append([column, *written])
    return columns


def _placed(folder: str, files: Mapping[str, list[list[str]]]) -> str:
    """Write the files and move them into the folder, all or none; return what failed, or nothing."""
    fresh = not os.path.lexists(folder)
    # Within the folder, if there is one: so both are on one file system even where the folder is a mount point.
    aside = os.path.join(os.path.dirname(folder) if fresh else folder, f".pairing-{secrets.token_hex(8)}")
    undo: list[tuple[str, str]] = []
    fault, done = "", False
    try:
        os.mkdir(aside)
        for file, columns in files.items():
            with open(os.path.join(aside, file), "w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream, lineterminator="\r\n").writerows(zip(*columns, strict=True))
                stream.flush()
                os.fsync(stream.fileno())
        _flush(aside)
        if fresh:
            os.rename(aside, folder)
        for file in () if fresh else chain.from_iterable((file, f"{file}.gz") for file in files):
            new, target, old = (os.path.join(*at) for at in ((aside, file), (folder, file), (aside, f"old-{file}")))
            if os.path.lexists(target):
                shutil.copy2(target, old, follow_symlinks=False)
            undo.append((target, old))
            if os.path.lexists(new):
                os.replace(new, target)
            elif os.path.lexists(target):
                os.unlink(target)
        done = True
    except (OSError, ValueError) as error:
        fault = _system(error)
    finally:
        for target, old in () if done else reversed(undo):
            with suppress(OSError):
                os.replace(old, target) if os.path.lexists(old) else os.unlink(target)
        shutil.rmtree(aside, ignore_errors=True)
    _flush(os.path.dirname(folder) if fresh else folder)
    return fault


def _flush(folder: str) -> None:
    with suppress(OSError):  # not every system opens folders
        opened = os.open(folder, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(opened)
        os.close(opened)
