"""Rosters and pairings as tables, to and from: CSV files in a folder, sheets of a workbook, or data frames; all that is
wrong in all tables is told at once.

A roster is a folder with areas.csv, units.csv, helpers.csv, households.csv, links.csv and, where there is anything to
say in them, pairs.csv, own_links.csv and villages.csv; what is proposed is pairings.csv.  Each file may be gzipped
instead (helpers.csv.gz).  A workbook has sheets of these names, or of the others of `CALLED`.  What a table may hold:

- The first row has the titles, in any order: the English ones, or the others of `TITLES`.  Blank rows are skipped,
  but counted: the row that a problem tells is the one that a spreadsheet shows.
- An empty cell, or a column that is not there, stands for the default of the field.
- Spaces around a cell, full-width ones too, are dropped, except in the free texts: name, post, hamlet, reason.
- Keys are text (0012 stays 0012), numbers whole in the digits 0 to 9, days YYYY-MM-DD.  A span of days has two
  columns, and its end is the first day after it.
- Levels, kinds, sexes, rules and roles are read in Chinese too (县, 干部, 女, 锁定, 责任人), ranks by their titles, and
  yes and no also as 是 and 否, true and false, 1 and 0.
- Skills, needs and the like are put apart by ";" or "；", and spaces around each are dropped.  In a cell with a
  backslash spaces stay, and it takes the character after it as it is.
- Text is UTF-8, with or without a byte order mark, or GB18030.  Written is UTF-8 with the mark, and CRLF, as
  spreadsheet programs want it.  What they would take for a formula gets an apostrophe before it, which reading takes
  away again; and a post that is empty, but not missing, is a lone apostrophe.  A workbook has the same texts, so that
  it can be saved as CSV; in a frame texts are as they are.
- Cells of a workbook or a frame that are no texts are read as `sheets` says.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from pairing.areas import AreaTree
from pairing.errors import ArgumentError, Problem, RosterError, shown
from pairing.memory import no_collection
from pairing.people import LADDER, Ladder, Pairing
from pairing.placing import placed, saved
from pairing.plan import Plan
from pairing.roster import Roster
from pairing.sheets import ROSTER, Short, columns_of, tables_of
from pairing.sources import Source, all_problems, path_of, sheets_of
from pairing.titles import TITLES, kind_of
from pairing.workbooks import cell_in, is_workbook, unfit, workbook_of

__all__ = ["TITLES", "put", "read_pairings", "read_roster", "write_pairings", "write_plan", "write_roster"]


def read_roster(source: Source, *, ladder: Ladder = LADDER) -> Roster:
    """Return the roster that a folder of CSV files, a workbook, or some data frames hold.

    >>> import tempfile
    >>> from pairing.areas import Area
    >>> roster = Roster(AreaTree([Area("0012", "=1+1", "village")]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_roster(roster, folder)
    ...     read_roster(folder) == roster
    True

    `source` is a folder with areas.csv, units.csv and so on; or a workbook (.xlsx, .xlsm, .xls, .ods; extra `excel`)
    whose sheets are named so, in English or Chinese (地区, 单位, 帮扶人, 贫困户, 联系, …); or frames of pandas, polars,
    pyarrow or DuckDB by these names (extra `frames`).  Other files and sheets are not looked at.  In a sheet, rows
    above the titles with one filled cell alone are passed over.

    The ladder is not in the tables: give the one that their ranks are of; a rank is read by its id or its title (科员).
    Without a table `pairs` no pairs are named,
    without `own_links` there are none, and without `villages` nothing more is known of them.

    Raises `RosterError` with everything that is wrong in all tables, each with its file (and sheet), row and column; in
    frames rows are counted from 0.  Raises `ArgumentError` where the source is no path and no frames, or the ladder not
    a ladder, and `MissingExtra` where an extra is not installed.
    """
    if not isinstance(ladder, Ladder):
        raise ArgumentError("bad-type", f"wanted a Ladder, got {shown(ladder)}", "ladder")
    with no_collection():
        sheets = sheets_of(source, ROSTER, ladder=ladder)
        areas, units, helpers, households, links, named, own_links, villages = (sheets[name].things for name in ROSTER)
        with suppress(RosterError):
            if not any(sheet.problems for sheet in sheets.values()):
                return Roster(AreaTree(areas), units, helpers, households, links, named, ladder, own_links, villages)
    raise RosterError(all_problems(sheets, ladder))


def write_roster(roster: Roster, target: str | os.PathLike[str]) -> None:
    """Write a roster as the eight files of a folder, which is made if it is not there; or as a workbook (.xlsx).

    >>> import tempfile
    >>> from pairing.areas import Area
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_roster(Roster(AreaTree([Area("v", "上坪村", "village")])), folder)
    ...     print(*sorted(os.listdir(folder)))
    areas.csv helpers.csv households.csv links.csv own_links.csv pairs.csv units.csv villages.csv

    Either is the roster's own kept form, and holds the names of people.  All is written or nothing: the files are
    finished aside, then moved into place; other files in a folder stay, gzipped ones of the same names go.  The same
    roster gives the same bytes.  The ladder is not written.  In a workbook (extra `excel`) ids are texts, numbers and
    days are what they are, and nothing is a formula; numbers of more than 15 digits, and days before 1 March 1900, are
    texts.

    Raises `RosterError` where something could not be read back as it is (half of a surrogate pair, a NUL, spaces around
    a key, more than the `csv` module reads, or than the 32,767 characters of a cell of a workbook) or where writing
    fails; `ArgumentError` for arguments of other types.
    """
    if not isinstance(roster, Roster):
        raise ArgumentError("bad-type", f"wanted a Roster, got {shown(roster)}", "roster")
    _write(target, tables_of(roster))


def read_pairings(source: Source) -> tuple[Pairing, ...]:
    """Return the pairings that pairings.csv in a folder, or such a sheet or frame, holds, in the order of its rows.

    >>> import tempfile
    >>> from datetime import date
    >>> from pairing.dates import Span
    >>> pairing = Pairing("c-17", "h-204", span=Span(date(2012, 2, 8)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_pairings([pairing], folder)
    ...     read_pairings(folder) == (pairing,)
    True

    `source` is as in `read_roster`, or the path of the file itself (.csv, .csv.gz), whatever it is called; a sheet that
    is the only one of its workbook may have any name.  Whether a roster has the helpers and households is not asked.
    The same errors are raised as by `read_roster`.
    """
    with no_collection():
        sheet = sheets_of(source, ("pairings",))["pairings"]
    for row, pairing in zip(sheet.rows, sheet.things, strict=True):
        for column in ("helper", "household"):
            if not getattr(pairing, column) and not sheet.told(row, column):
                sheet.tell("bad-key", "wanted a key, got nothing", row, column)
    if sheet.problems:
        raise RosterError(sheet.in_order())
    return tuple(sheet.things)


def write_pairings(pairings: Iterable[Pairing], target: str | os.PathLike[str]) -> None:
    """Write pairings, in the order in which they come, as pairings.csv in a folder, or as a workbook (.xlsx).

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
    _write(target, {"pairings": things})


def write_plan(plan: Plan, target: str | os.PathLike[str]) -> None:
    """Write a plan: its pairings as pairings.csv, what is short as shortfalls.csv, a row for each bottleneck.

    The links of its roster are written beside, as links.csv and own_links.csv, also those that were made for it; in a
    workbook (.xlsx) all of these are sheets.  `read_pairings` reads the pairings again.  All is written or nothing, and
    the same errors are raised as by `write_roster`.
    """
    if not isinstance(plan, Plan):
        raise ArgumentError("bad-type", f"wanted a Plan, got {shown(plan)}", "plan")
    rows = [
        Short(s.side, s.missing, s.wanted, s.available, frozenset(dict(s.short)), s.sentence) for s in plan.shortfalls
    ]
    links = {"links": plan.roster.links, "own_links": plan.roster.own_links}
    _write(target, {"pairings": plan.pairings, "shortfalls": rows, **links})


def _write(target: object, tables: Mapping[str, Sequence[Any]]) -> None:
    path = path_of(target, "target")
    in_workbook = is_workbook(path)
    problems: list[Problem] = []
    sheets: dict[str, list[list[Any]]] = {}
    with no_collection():
        for name, things in tables.items():
            file = f"{os.path.basename(path)}, sheet {name}" if in_workbook else f"{name}.csv"
            sheets[name] = columns_of(name, things, problems, file)
            if in_workbook:
                for column in sheets[name]:
                    if (kind := kind_of(column[0])) in ("number", "day"):
                        known = {text: cell_in(kind, text) for text in set(column[1:])}
                        column[1:] = map(known.__getitem__, column[1:])
    if problems:
        raise RosterError(problems)
    put(path, sheets)


@no_collection()
def put(path: str, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write tables, given by their columns with the titles on top, as a workbook or as the files of a folder.

    Raises `RosterError` where a cell is none of a workbook, or writing fails; and then nothing is written.
    """
    problems: list[Problem] = []
    if is_workbook(path):
        wanted, file = "a workbook", os.path.basename(path)
        problems = list(chain.from_iterable(unfit(f"{file}, sheet {name}", sheets[name]) for name in sheets))
        fault = "" if problems else saved(os.path.abspath(path), workbook_of(sheets))
    else:
        files = {f"{name}.csv": columns for name, columns in sheets.items()}
        wanted, fault = ", ".join(files), placed(os.path.abspath(path), files)
    if fault:
        problems = [Problem("cannot-write", f"wanted to write {wanted}; got {fault}", path)]
    if problems:
        raise RosterError(problems)
