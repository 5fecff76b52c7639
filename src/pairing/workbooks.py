"""Excel workbooks: the cells of their sheets to and from, and tables of figures as sheets.

It needs the extra `excel`: python-calamine reads xlsx, xlsm, xls and ods, XlsxWriter writes xlsx.  Nothing of it is
loaded before a function is called.  Nothing is ever written as a formula, but for errors that stay errors, and
texts as texts, so that ids keep their zeros.
"""

import os
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import chain, islice
from typing import Any
from unicodedata import east_asian_width
from xml.etree import ElementTree

from attrs import frozen

from pairing.errors import ArgumentError, Problem, RosterError, bare, masked, needed, shown
from pairing.figures import Amount, Distinct, Share, Withheld
from pairing.findings import Finding
from pairing.placing import fault_of, saved
from pairing.results import Table, bare_number
from pairing.sheets import ErrorCell

__all__ = [
    "FIRST_DAY",
    "LONGEST",
    "SUFFIXES",
    "Fen",
    "Grid",
    "Workbook",
    "cell_in",
    "is_workbook",
    "opened",
    "unfit",
    "workbook_of",
    "write_tables",
]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
"""How the name of a workbook ends."""

LONGEST = 32_767
"""So many characters a cell may have."""

FIRST_DAY = date(1900, 3, 1)
"""The days before are one off, as spreadsheets know a 29 February 1900."""

_LARGEST = 1 << 30
_MOST_ROWS = 1_048_575
_MOST_CELLS = 50_000_000
_DIGITS = 10**15
_WIDEST, _NARROWEST, _LOOKED_AT = 40, 6, 500
_ERRORS = "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"

# XlsxWriter writes some characters as _x0001_, and a text that looks like that as _x005F_x0001_; where two of them
# share an underscore, readers differ.  U+FFFE and U+FFFF are no XML at all.
_UNFIT = re.compile(r"[\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}(?=_x|[\0-\x08\x0b-\x1f])")
_PLAIN = re.compile(r"[^\0-\x1f_\ud800-\udfff\ufffe\uffff]*")
_BAD_NAME = re.compile(r"[\[\]:*?/\\]|\A'|'\Z|[\0-\x1f\ud800-\udfff\ufffe\uffff]")
_ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*?\bt=[\"']e[\"'][^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_AT = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})</")
# These look at every cell of a sheet.  Each begins with plain characters, as `re` seeks such many times faster than
# what may begin at any word; what must stand before them is looked at afterwards.
_FAR = re.compile(rb"r=(?<=\br=)[\"']([A-Z]{2,3})[0-9]")
_DEEP = re.compile(rb"r=(?<=\br=)[\"'][A-Z]{1,3}([0-9]{6,7})[\"']")
_ROW = re.compile(rb"<row\b[^>]*?\br=[\"']([0-9]{1,7})[\"']")
_NAMED_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']([0-9]{1,7})[\"']")
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@frozen
class Grid:
    """The cells of a sheet, row 1 first, all rows of one length; and which of them are merged, top left to bottom
    right, each as row and column from 0."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def is_workbook(path: str) -> bool:
    """Whether a path is that of a workbook: its name ends so, and it is no folder.

    >>> is_workbook("county.XLSX"), is_workbook("county")
    (True, False)
    """
    return path.lower().endswith(SUFFIXES) and not os.path.isdir(path)


# --- reading


class Workbook:
    """A workbook that is open to be read: the names of its sheets, and the cells of each."""

    def __init__(self, path: str, book: Any) -> None:
        self.path = path
        self.names: tuple[str, ...] = tuple(book.sheet_names)
        self._book = book
        self._parts = _parts(path)

    def grid(self, name: str) -> Grid | str:
        """Return the cells of a sheet, or why they cannot be read."""
        errors: dict[tuple[int, int], str] = {}
        if name in self._parts:
            told = _scanned(self.path, self._parts[name], errors)
            if told:
                return told
        failed = ""
        try:
            sheet = self._book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > _MOST_CELLS:
                return f"more than {_MOST_CELLS:,} cells"
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or ()
        except Exception as error:
            failed = fault_of(error)
        if failed:
            return failed
        for (row, column), text in errors.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = ErrorCell(text)
        if self.path.lower().endswith(".ods"):  # errors come as their texts
            for record in rows:
                for place, cell in enumerate(record):
                    if type(cell) is str and (cell in _ERRORS or re.fullmatch(r"Err:[0-9]+", cell)):
                        record[place] = ErrorCell(cell)
        return Grid(name, rows, tuple(merged))


def opened(path: str) -> Workbook | Problem:
    """Return a workbook, open to be read, or why it cannot be."""
    calamine = needed("python_calamine", "excel")
    code, wanted, got = "unreadable-file", "a workbook that can be read", ""
    try:
        if not os.path.lexists(path):
            code, wanted, got = "missing-file", "a workbook", "none"
        elif not os.path.isfile(path):
            got = "a folder" if os.path.isdir(path) else "something else"
        elif os.path.getsize(path) > _LARGEST or _unzipped(path) > _LARGEST:
            got = f"more than {_LARGEST:,} bytes"
        else:
            return Workbook(path, calamine.load_workbook(path))
    except calamine.PasswordError:
        got = "one that a password locks"
    except OSError as error:
        got = fault_of(error)
    except Exception:
        got = "one that is no workbook, or damaged"
    return Problem(code, f"wanted {wanted}, got {got}", os.path.basename(path))


def _unzipped(path: str) -> int:
    """Return how large the parts of a zipped file are together, 0 for others."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as file:
        return sum(part.file_size for part in file.infolist())


def _parts(path: str) -> dict[str, str]:
    """Return where in the file the sheets of an xlsx are, by their names; nothing for other workbooks."""
    broken = (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, NotImplementedError, RuntimeError)
    with suppress(*broken), zipfile.ZipFile(path) as file:
        related = ElementTree.fromstring(file.read("xl/_rels/workbook.xml.rels"))
        targets = {part.get("Id"): part.get("Target", "") for part in related}
        sheets = ElementTree.fromstring(file.read("xl/workbook.xml")).iter()
        found = {sheet.get("name", ""): targets.get(sheet.get(_RELATED), "") for sheet in sheets}
        named = {name: at.lstrip("/") if at.startswith("/") else f"xl/{at}" for name, at in found.items() if at}
        return {name: at for name, at in named.items() if at in file.namelist()}
    return {}


def _scanned(path: str, part: str, errors: dict[tuple[int, int], str]) -> str:
    """Find the cells of a sheet that have errors, which the reader gives as empty; return why it is too large, if so.

    The reader makes room for all cells up to the last one, however far away that is.
    """
    failed = ""
    try:
        with zipfile.ZipFile(path) as file:
            data = file.read(part)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        failed = fault_of(error)
    except Exception:  # zlib.error, lzma.LZMAError and the like
        failed = "one that is damaged"
    if failed:
        return failed
    columns = max((_column(letters) for letters in set(_FAR.findall(data))), default=26)
    numbered = _NAMED_ROW if b":row" in data else _ROW
    rows = max(map(int, {*numbered.findall(data), *_DEEP.findall(data)}), default=1)
    if max(columns, 1) * rows > _MOST_CELLS:
        return f"more than {_MOST_CELLS:,} cells"
    for head, body in _ERROR.findall(data) if b't="e"' in data or b"t='e'" in data else ():
        at, value = _AT.search(head), _VALUE.search(body)
        if at:
            text = value.group(1).decode("ascii", "replace") if value else ""
            errors[int(at.group(2)) - 1, _column(at.group(1)) - 1] = text if text in _ERRORS else "such as #N/A"
    return ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


# --- writing


def workbook_of(sheets: Mapping[str, Sequence[Sequence[Any]]], titles: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a workbook with some sheets, each given by its columns, the title of each on top.

    Cells are texts, numbers, days, times, flags, errors (`ErrorCell`), amounts of fen (`Fen`) or None.  `titles` are
    what stands above the pages of a sheet when it is printed.
    """
    writer = needed("xlsxwriter", "excel")
    data = BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = writer.Workbook(data, safe)
    book.set_properties({"created": datetime(2000, 1, 1)})  # so that the same cells give the same bytes
    head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    formats = {
        str: book.add_format({"num_format": "@"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        int: book.add_format({"num_format": "0"}),
        Fen: book.add_format({"num_format": "#,##0.00"}),
    }
    times = {
        datetime: book.add_format({"num_format": 22}),  # day and time, as the program has them
        time: book.add_format({"num_format": "hh:mm:ss"}),
        timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
    }
    bare_format = book.add_format()  # without one a cell would have that of its column
    for name, columns in sheets.items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        if titles and titles.get(name):
            page.set_header("&L" + titles[name].replace("&", "&&")[:200])
        for place, (title, *cells) in enumerate(columns):
            kind = next((type(cell) for cell in cells if cell is not None and cell != ""), str)
            page.set_column(place, place, _wide(title, cells), formats.get(kind, formats[str]))
            page.write_string(0, place, title, head)
            for row, cell in enumerate(cells, 1):
                if type(cell) is str:
                    if cell:
                        page.write_string(row, place, cell, formats[str])
                elif type(cell) is int:
                    page.write_number(row, place, cell, formats[int])
                elif type(cell) is Fen:
                    page.write_number(row, place, cell.fen / 100, formats[Fen])
                elif type(cell) is float:
                    page.write_number(row, place, cell, bare_format)
                elif type(cell) is date:
                    page.write_datetime(row, place, datetime.combine(cell, time.min), formats[date])
                elif type(cell) in times:
                    page.write_datetime(row, place, cell, times[type(cell)])
                elif type(cell) is bool:
                    page.write_boolean(row, place, cell)
                elif type(cell) is ErrorCell:  # of all formulas the one that is nothing but an error
                    text = cell.text if cell.text in _ERRORS else "#N/A"
                    page.write_formula(row, place, f"={text}", None, text)
    book.close()
    return data.getvalue()


@frozen
class Fen:
    """An amount of money, to be shown in yuan."""

    fen: int


def _wide(title: str, cells: Sequence[Any]) -> int:
    texts = (cell if type(cell) is str else " " * 10 if type(cell) is date else str(cell) for cell in cells)
    looked_at = (text[:_WIDEST] for text in islice(chain([title], texts), _LOOKED_AT))
    widths = (sum(1 + (east_asian_width(sign) in "WF") for sign in text) for text in looked_at)
    return min(_WIDEST, max(_NARROWEST, *widths) + 2)


def cell_in(kind: str, text: str) -> Any:
    """Return the cell of a workbook for the text that a file would have: a number and a day as what they are.

    >>> cell_in("number", "12"), cell_in("key", "0012"), cell_in("day", "2012-02-08"), cell_in("day", "1899-01-01")
    (12, '0012', datetime.date(2012, 2, 8), '1899-01-01')
    """
    if kind == "number" and text and -_DIGITS < int(text) < _DIGITS:
        return int(text)
    if kind == "day" and text and (day := date.fromisoformat(text)) >= FIRST_DAY:
        return day
    return text


def unfit(file: str, columns: Sequence[Sequence[Any]]) -> list[Problem]:
    """Return which cells of a sheet, given by its columns, no workbook would give back as they are."""
    rows = max(map(len, columns)) - 1
    if rows > _MOST_ROWS:
        return [Problem("too-many-rows", f"wanted at most {_MOST_ROWS:,} rows in a sheet, got {rows:,}", file)]
    wanted = f"wanted a text that a workbook gives back, of at most {LONGEST:,} characters"
    return [
        Problem("unwritable", f"{wanted}; got one of {len(cell):,}", file, row, title)
        for title, *cells in columns
        if not _are_plain([cell for cell in cells if type(cell) is str])
        for row, cell in enumerate(cells, 2)
        if type(cell) is str and not _is_fit(cell)
    ]


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether some texts have so few characters, and such common ones, that no cell need be looked at by itself."""
    return max(map(len, texts), default=0) < LONGEST // 2 and _PLAIN.fullmatch("".join(texts)) is not None


def _is_fit(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST and not _UNFIT.search(text)


# --- figures and findings


def write_tables(tables: Mapping[str, Table | Iterable[Finding]], path: str | os.PathLike[str]) -> None:
    """Write tables of figures, and findings of audits, as the sheets of one workbook (xlsx), by their names.

    >>> import tempfile
    >>> from pairing.results import Column
    >>> visits = Table("visits", ("county",), (Column("visits", "visits"),), {("a",): [Amount(3, "visits")]}, [None])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_tables({"visits": visits}, os.path.join(folder, "report.xlsx"))
    ...     print(*os.listdir(folder))
    report.xlsx

    Figures are numbers, and what they count stands in the title of the column; money is in yuan.  A share has two
    columns, the second what it is a share of; a column of marks follows where an amount is not exact.  What is not
    known is empty, what is withheld "…", and all rows together are the last row.  Findings have a row each: code,
    helper, household, what was wanted and what is there, the row of the book, and the sentence.  Ids are texts, and
    identity numbers are left out.

    Raises `ArgumentError` for what is no table and no findings, for names that no sheet can have, and for paths that
    do not end in .xlsx; `RosterError` where the file cannot be written, and then nothing is.
    """
    if not isinstance(tables, Mapping) or not tables:
        raise ArgumentError("bad-type", f"wanted tables by the names of their sheets, got {shown(tables)}", "tables")
    target = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(target, str) or "\0" in target or not target.lower().endswith(".xlsx"):
        raise ArgumentError("bad-type", f"wanted the path of a workbook, ending in .xlsx, got {shown(path)}", "path")
    sheets: dict[str, list[list[Any]]] = {}
    titles: dict[str, str] = {}
    taken: set[str] = set()
    for name, table in tables.items():
        if not isinstance(name, str) or not 0 < len(name) <= 31 or _BAD_NAME.search(name) or name.lower() in taken:
            wanted = "names of sheets, of at most 31 characters, without []:*?/\\ and each once"
            raise ArgumentError("bad-key", f"wanted {wanted}; got {shown(name)}", "tables")
        taken.add(name.lower())
        if isinstance(table, Table):
            sheets[name], titles[name] = _columns_of_table(table), str(table).partition("\n")[0]
        else:
            sheets[name] = _columns_of_findings(table)
    if fault := saved(os.path.abspath(target), workbook_of(sheets, titles)):
        raise RosterError([Problem("cannot-write", f"wanted to write a workbook; got {fault}", target)])


def _plain(value: object) -> Any:
    """Return a cell of a key, a sentence or a number, without identity numbers and what no cell can hold."""
    if type(value) is int and -_DIGITS < value < _DIGITS:
        return value
    text = "" if value is None else masked(bare(str(value)))
    return text[: LONGEST // 2] if _is_fit(text[: LONGEST // 2]) else _UNFIT.sub("", text)[: LONGEST // 2]


def _columns_of_findings(findings: object) -> list[list[Any]]:
    listed = list(findings) if isinstance(findings, Iterable) and not isinstance(findings, str) else [findings]
    if wrong := [finding for finding in listed if not isinstance(finding, Finding)]:
        raise ArgumentError("bad-type", f"wanted a Table or findings, got {shown(wrong[0])}", "tables")
    names = ("code", "helper", "household", "wanted", "got", "row", "message")
    return [[name, *(_plain(getattr(finding, name)) for finding in listed)] for name in names]


def _columns_of_table(table: Table) -> list[list[Any]]:
    keys = [*table.rows] if table.by else []
    rows = [*(table.rows[key] for key in keys), table.total]
    columns: list[list[Any]] = []
    for place, name in enumerate(table.by):
        columns.append([name, *(_plain(key[place]) for key in keys), "" if place else "all"])
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in rows]
        of = "yuan" if column.of == "fen" else column.of
        columns.append([f"{column.name} ({of})", *map(_number, cells)])
        if any(isinstance(cell, Share) for cell in cells):
            wholes = (_plain(cell.whole) if isinstance(cell, Share) else None for cell in cells)
            columns.append([f"{column.name}, of ({of})", *wholes])
        if any(isinstance(cell, Amount) and cell.mark != "exact" for cell in cells):
            marks = (cell.mark if isinstance(cell, Amount) else None for cell in cells)
            columns.append([f"{column.name}, mark", *marks])
    return columns


def _number(cell: Amount | Distinct | Share | Withheld | None) -> Any:
    if isinstance(cell, Amount | Distinct):
        if cell.of == "fen":
            return Fen(cell.value) if -_DIGITS < cell.value < _DIGITS else bare_number(cell)
        return _plain(cell.value)
    return _plain(cell.part) if isinstance(cell, Share) else None if cell is None else str(cell)
