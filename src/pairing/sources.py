"""Where the tables of a roster come from: CSV files in a folder, sheets of a workbook, or data frames."""

import csv
import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from pairing.areas import LEVELS, Area, AreaTree, area_problems
from pairing.errors import ArgumentError, Problem, RosterError, shown
from pairing.framing import cells_in
from pairing.people import LADDER, Ladder
from pairing.placing import fault_of
from pairing.roster import roster_problems
from pairing.sheets import (
    IDS,
    OPTIONAL,
    ROSTER,
    Sheet,
    cells_of,
    header,
    is_blank,
    read_cells,
    table_called,
    things_of,
)
from pairing.titles import CALLED, title_of
from pairing.workbooks import Grid, Workbook, is_workbook, opened

__all__ = ["Source", "all_problems", "file_cells", "path_of", "sheet_cells", "sheets_of"]

Source = str | os.PathLike[str] | Mapping[str, Any]
"""A folder of CSV files, a workbook, or data frames by the names of the tables."""

_LARGEST = 1 << 30


def path_of(given: object, field: str = "source") -> str:
    """Return the path of a source, or of a target, a workbook or a folder; what is none is a wrong argument."""
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(path, str) or not path or "\0" in path:
        wanted = "the path of a folder or a workbook" + (", or frames by name" if field == "source" else "")
        raise ArgumentError("bad-type", f"wanted {wanted}, got {shown(given)}", field)
    if field == "target" and is_workbook(path) and not path.lower().endswith(".xlsx"):
        raise ArgumentError("bad-type", "wanted the path of a workbook to end in .xlsx, got another ending", field)
    return path


def sheets_of(source: object, names: Sequence[str], keeps: bool = False, ladder: Ladder = LADDER) -> dict[str, Sheet]:
    """Return the tables of a source, by name, with what is wrong in each; what cannot be opened at all is an error."""
    words = {"rank": _titles_of(ladder)}
    if isinstance(source, Mapping):
        return _of_frames(
            source, {name: Sheet(name, name, plain=True, keeps=keeps, called=name, words=words) for name in names}
        )
    path = path_of(source)
    if is_workbook(path):
        file = os.path.basename(path)
        sheets = {name: Sheet(name, f"{file}, sheet {name}", keeps=keeps, called=name, words=words) for name in names}
        return _of_workbook(path, sheets)
    if len(names) == 1 and path.endswith((".csv", ".csv.gz")) and not os.path.isdir(path):
        return {names[0]: _read_file(path, Sheet(names[0], os.path.basename(path), keeps=keeps, words=words))}
    if not os.path.isdir(path):
        raise RosterError([Problem("missing-folder", f"wanted a folder with {names[0]}.csv; got none", path)])
    return {name: _read(path, Sheet(name, f"{name}.csv", keeps=keeps, called=name, words=words)) for name in names}


def _titles_of(ladder: Ladder) -> dict[str, str]:
    """Return the ids of the ranks of a ladder by their titles; a title that is an id, or that two have, is none."""
    titles = [rank.title.strip() if isinstance(rank.title, str) else "" for rank in ladder]
    return {
        title: rank.id
        for title, rank in zip(titles, ladder, strict=True)
        if title and title not in ladder and titles.count(title) == 1
    }


def _of_frames(frames: Mapping[Any, Any], sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    names = tuple(sheets)
    given: dict[str, Any] = {}
    for key, frame in frames.items():
        name = table_called(key, names)
        if name is None or name in given:
            wanted = f"frames by the names {', '.join(names)}, each once"
            raise ArgumentError("unknown-table", f"wanted {wanted}; got {shown(key)}", "source")
        given[name] = frame
    for name, sheet in sheets.items():
        sheet.whole = name in given
        if name not in given:
            if name not in OPTIONAL:
                sheet.tell("missing-frame", f"wanted a frame {name!r}, got none")
            continue
        cells = cells_in(given[name])
        if isinstance(cells, str):
            sheet.tell("unreadable-frame", f"wanted a data frame that can be read, got {cells}")
            sheet.whole = False
            continue
        titles, columns = cells
        body = list(zip(*columns, strict=True))
        read_cells(sheet, cells_of(sheet, None, titles, range(len(body)), body))
    return sheets


def _of_workbook(path: str, sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    book = opened(path)
    if isinstance(book, Problem):
        raise RosterError([book])
    file, names = os.path.basename(path), tuple(sheets)
    found: dict[str, list[str]] = {name: [] for name in names}
    for called in book.names:
        name = names[0] if len(names) == len(book.names) == 1 else table_called(called, names)
        if name is not None:
            found[name].append(called)
    for name, sheet in sheets.items():
        sheet.whole = len(found[name]) == 1
        if len(found[name]) == 1:
            sheet.called = found[name][0]
            if table_called(sheet.called, names):
                sheet.file = f"{file}, sheet {sheet.called.strip()}"
            read_cells(sheet, sheet_cells(sheet, book))
        elif found[name]:
            sheet.tell("two-sheets", f"wanted one sheet {name}, got {len(found[name])} that are called so")
        elif name not in OPTIONAL:
            sheet.tell("missing-sheet", f"wanted a sheet {name} (or {', '.join(CALLED[name])}), got none")
    return sheets


def sheet_cells(sheet: Sheet, book: Workbook) -> dict[str, Sequence[Any]] | None:
    """Return the cells of each column of the sheet of a workbook, by its English title; None where there are none."""
    sheet.lettered = True
    grid = book.grid(sheet.called)
    if not isinstance(grid, Grid):
        sheet.tell("unreadable-sheet", f"wanted a sheet that can be read, got {grid}")
        return None
    known = {title for column, others in sheet.columns.items() for title in (column, *others)}
    start = 0
    for place, record in enumerate(grid.rows):
        start, filled = place, [cell for cell in record if not is_blank(cell)]
        # Above the titles there may be a heading, in one cell or in several that are merged.
        if len(filled) > 1 or any(title_of(cell) in known for cell in filled):
            break
    rows = grid.rows[start:]
    for (top, left), (bottom, _) in grid.merged:
        if bottom > start and top != bottom:
            message = f"wanted each cell by itself, got cells of rows {top + 1} to {bottom + 1} that are merged"
            sheet.tell("merged-cells", message, top + 1, f"column {sheet.column_at(left)}")
    titles = rows[0] if rows else []
    return cells_of(sheet, start + 1, titles, range(start + 2, start + len(rows) + 1), rows[1:])


def _read(folder: str, sheet: Sheet) -> Sheet:
    both = (sheet.file, f"{sheet.file}.gz")
    found = [file for file in both if os.path.lexists(os.path.join(folder, file))]
    if len(found) != 1:
        code, got = ("two-files", "both") if found else ("missing-file", "neither")
        if found or sheet.name not in OPTIONAL:
            sheet.tell(code, f"wanted either {both[0]} or {both[1]}, got {got}")
        sheet.rows, sheet.whole = (), False
        return sheet
    sheet.file = found[0]
    return _read_file(os.path.join(folder, sheet.file), sheet)


def _read_file(path: str, sheet: Sheet) -> Sheet:
    data, cells = b"", None
    if os.path.lexists(path):
        data, cells = file_cells(sheet, path)
    else:
        sheet.tell("missing-file", "wanted a file, got none")
    if cells is None:
        sheet.rows, sheet.whole = (), False
    else:
        sheet.things = things_of(sheet, cells, b"'" in data)
    return sheet


def file_cells(sheet: Sheet, path: str) -> tuple[bytes, dict[str, Sequence[str]] | None]:
    """Return the bytes of a file, and the cells of each column by its English title; None where there are none."""
    data = _bytes(sheet, path)
    encoding = _encoding(sheet, data) if data is not None else None
    return data or b"", _cells(sheet, data, encoding) if data is not None and encoding else None


def _bytes(sheet: Sheet, path: str) -> bytes | None:
    zipped = path.endswith(".gz")
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
        fault = fault_of(error)
    if len(data) > _LARGEST:
        fault = f"more than {_LARGEST:,} bytes"
    if fault:
        sheet.tell("unreadable-file", f"wanted a {'gzipped ' if zipped else ''}file that can be read, got {fault}")
        return None
    return data


def _encoding(sheet: Sheet, data: bytes) -> str | None:
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


def _records(sheet: Sheet, data: bytes, encoding: str) -> list[list[str]]:
    """Return the cells of each record, the first being row 1; a record that cannot be read is told, and empty."""
    records: list[list[str]] = []
    lines: Iterable[str] = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    since: list[str] = []
    reader = csv.reader(_noted(lines, since) if sheet.keeps else lines, strict=True)
    while True:
        code, message = "bad-quotes", "wanted quotes around a whole cell, and each one within it doubled; got others"
        try:
            for record in reader:
                records.append(record)
                since.clear()
            return records
        except csv.Error as error:
            if "limit" in str(error):
                wanted = f"wanted cells of at most {csv.field_size_limit():,} characters"
                code, message = "long-cell", f"{wanted}, got a longer one. Maybe a quote is left open?"
        records.append([])
        sheet.tell(code, message, len(records))
        sheet.told_rows.add(len(records))
        sheet.whole = False
        if sheet.keeps:
            sheet.body = {**sheet.body, len(records): ["".join(since).rstrip("\r\n")]}
            since.clear()


def _noted(lines: Iterable[str], since: list[str]) -> Iterator[str]:
    for line in lines:
        since.append(line)
        yield line


def _cells(sheet: Sheet, data: bytes, encoding: str) -> dict[str, Sequence[str]] | None:
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
    if sheet.keeps:
        sheet.titles = titles
        sheet.body = {**{row: list(record) for row, record in zip(sheet.rows, body, strict=True)}, **sheet.body}
    found = header(sheet, start + 1 if titles else 1, titles, body)
    if not found:
        return None
    for row, record in zip(sheet.rows, body, strict=True) if not even or b"\0" in data else ():
        if len(record) != width:
            sheet.tell("cell-count", f"wanted {width:,} cells, as in the header, got {len(record):,}", row)
            sheet.told_rows.add(row)
            sheet.whole = sheet.whole and all(found.get(key, 0) < len(record) for key in IDS)
        for place, cell in enumerate(record):
            if "\0" in cell:
                sheet.tell("nul", f"wanted text, got a NUL character in column {place + 1}", row)
                sheet.told_rows.add(row)
                record[place] = cell.replace("\0", "")
    if even and body:
        columns = list(zip(*body, strict=True))
        return {column: columns[place] for column, place in found.items()}
    return {column: ["".join(record[at : at + 1]) for record in body] for column, at in found.items()}


def all_problems(sheets: Mapping[str, Sheet], ladder: Ladder) -> list[Problem]:
    """Return what is wrong in the files and between them, without what only follows from something told already."""
    areas, units, helpers, households, links, named, own_links, villages = (sheets[name].things for name in ROSTER)
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
    return list(chain.from_iterable(sheets[name].in_order() for name in ROSTER))
