"""The rows of a roster's tables that are wrong, as tables to be mended."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pairing.errors import ArgumentError, Problem, shown
from pairing.memory import no_collection
from pairing.people import LADDER, Ladder
from pairing.sheets import ADDED, ROSTER, ErrorCell, Fault, Sheet, is_blank, text_of
from pairing.sources import Source, all_problems, path_of, sheets_of
from pairing.tables import put
from pairing.titles import BAD, escaped, kind_of, title_of, value_of
from pairing.workbooks import FIRST_DAY, is_workbook

__all__ = ["write_faults"]

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def write_faults(source: Source, target: str | os.PathLike[str], *, ladder: Ladder = LADDER) -> tuple[Problem, ...]:
    r"""Write all rows of a roster's tables that are wrong, as they were given, each with what is wrong; return that.

    >>> import tempfile
    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.roster import Roster
    >>> from pairing.tables import write_roster
    >>> with tempfile.TemporaryDirectory() as top:
    ...     write_roster(Roster(AreaTree([Area("v", "上坪村", "village")])), f"{top}/county")
    ...     with open(f"{top}/county/links.csv", "a") as file:
    ...         _ = file.write("u,v\n")
    ...     for problem in write_faults(f"{top}/county", f"{top}/faults"):
    ...         print(problem)
    ...     with open(f"{top}/faults/links.csv", encoding="utf-8-sig") as file:
    ...         print(file.read().strip())
    links.csv, row 2, unit: wanted the key of a unit, got 'u' [unknown-unit]
    row,unit,village,error
    2,u,v,"unit: wanted the key of a unit, got 'u' [unknown-unit]"

    `source` is as in `read_roster`, `target` a workbook (.xlsx), or a folder of CSV files, that is not the source.
    There, a column `row` tells where a row stood and a column `error` what is wrong with it; titles and cells in
    between are as they were given, the names of people too.  An office can mend the rows and send them back: the two
    columns are passed over as they are read.  What was refused is refused again until it is mended: in a workbook
    numbers, days and errors stay what they are; in files, which have texts alone, a cell is empty where its text could
    be taken for a right one (a number that lost digits, an error, in a column of texts).  What no row is to blame for,
    a column that is missing say, stands in a sheet `problems`; rows that are right are left out.  Where nothing is
    wrong, nothing is written.

    The problems are those that `read_roster` raises.  Raises `RosterError` where writing fails, or where a cell is
    longer than a workbook takes; and `ArgumentError` as `read_roster` does, and where target and source are the same.
    """
    path = path_of(target, "target")
    if not isinstance(source, Mapping) and os.path.realpath(path_of(source)) == os.path.realpath(path):
        raise ArgumentError("same-path", "wanted another path than that of the source, got the same", "target")
    if not isinstance(ladder, Ladder):
        raise ArgumentError("bad-type", f"wanted a Ladder, got {shown(ladder)}", "ladder")
    with no_collection():
        sheets = sheets_of(source, ROSTER, True, ladder)
        problems = tuple(all_problems(sheets, ladder))
    if problems:
        put(path, _tables(sheets, problems, is_workbook(path)))
    return problems


def _tables(sheets: Mapping[str, Sheet], problems: Iterable[Problem], in_workbook: bool) -> dict[str, list[list[Any]]]:
    """Return the columns of the tables of faults, by their names; as files also those without any: no old one stays."""
    others: list[Problem] = []
    told: dict[str, dict[int, list[str]]] = {sheet.file: {} for sheet in sheets.values()}
    bodies = {sheet.file: sheet.body for sheet in sheets.values()}
    for problem in problems:
        if problem.row is None or problem.row not in bodies.get(problem.file, ()):
            others.append(problem)
        else:
            where = f"{problem.field}: " if problem.field else ""
            told[problem.file].setdefault(problem.row, []).append(f"{where}{problem.message} [{problem.code}]")
    tables = {
        sheet.called if in_workbook else sheet.name: _columns(sheet, told[sheet.file], in_workbook)
        for sheet in sheets.values()
        if told[sheet.file] or not in_workbook
    }
    if others or not in_workbook:
        parts = [(p.file, "" if p.row is None else str(p.row), p.field, f"{p.message} [{p.code}]") for p in others]
        heads = ("file", "row", "column", "error")
        tables["problems"] = [[head, *(part[at] for part in parts)] for at, head in enumerate(heads)]
    return tables


def _columns(sheet: Sheet, told: Mapping[int, Sequence[str]], in_workbook: bool) -> list[list[Any]]:
    given = [sheet.body[row] for row in told]
    rows: list[Any] = list(told) if in_workbook else list(map(str, told))
    columns: list[list[Any]] = [["row", *rows]]
    known = {title: column for column, others in sheet.columns.items() for title in (column, *others)}
    for place in range(max([len(sheet.titles), *map(len, given)])):
        title = sheet.titles[place] if place < len(sheet.titles) else ""
        if title_of(title) not in ADDED:
            column = known.get(title_of(title))
            kind = kind_of(column) if column else "text"
            cells = (record[place] if place < len(record) else None for record in given)
            columns.append([_text(title), *(_cell(cell, kind, sheet.plain, in_workbook) for cell in cells)])
    return [*columns, ["error", *map("; ".join, told.values())]]


def _text(cell: Any) -> str:
    """Return a cell of any type as text."""
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime) and cell.time() == time.min and cell.tzinfo is None and not is_blank(cell):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= 10**15:
        return str(int(cell))
    return cell if isinstance(cell, str) else "" if is_blank(cell) else str(cell)


def _cell(cell: Any, kind: str, plain: bool, in_workbook: bool) -> Any:
    """Return a cell as it was given: texts so that none is taken for a formula, and all are read again as they were.

    What is no text, and was refused, is refused again: in a workbook as what it is, else as a text that is refused too,
    or else as an error; a file has no errors, so there it is empty.
    """
    if isinstance(cell, str):
        is_safe = cell[:1] == "'" or _NUMBER.fullmatch(cell)
        return escaped(cell) if plain or not (in_workbook or is_safe) else cell
    if is_blank(cell):
        return ""
    if type(cell).__module__ == "numpy" and not hasattr(cell, "__len__"):
        cell = cell.item()
    was_refused = isinstance(text_of(kind, cell), Fault)
    found = _in_workbook(cell) if in_workbook else None
    if found is not None and isinstance(text_of(kind, found), Fault) == was_refused:
        return found
    text = _text(cell)
    if not was_refused or (kind in ("number", "day", "flag") and value_of(kind, text) is BAD):
        return text
    return ErrorCell("#VALUE!") if in_workbook else ""


def _in_workbook(cell: Any) -> Any:
    """Return a cell that is no text as a workbook keeps it, or None where it does not."""
    if isinstance(cell, bool | ErrorCell):
        return cell
    if isinstance(cell, int | float | Decimal):
        if not -(10**300) < cell < 10**300:
            return None
        number = float(f"{float(cell):.16G}")  # as many digits as the format has
        if number.is_integer():
            return None if cell % 1 else int(number) if abs(number) < 10**15 else number
        return number
    if isinstance(cell, datetime):
        if cell.tzinfo is not None or cell.date() < FIRST_DAY:
            return None
        seconds = datetime.combine(cell.date(), cell.time().replace(microsecond=0))
        return seconds if seconds.time() != time.min else cell.date() if cell == seconds else None
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day) if cell >= FIRST_DAY else None
    if isinstance(cell, time):
        return cell.replace(microsecond=0, tzinfo=None)
    return cell if isinstance(cell, timedelta) and cell >= timedelta() else None
