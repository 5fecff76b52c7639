"""What the sheets of a workbook are read as, what is told of bad ones, and what is written."""

import csv
import os
import tempfile
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pairing import errors, workbooks
from pairing.areas import Area, AreaTree
from pairing.dates import Span, year
from pairing.errors import ArgumentError, MissingExtra, Problem, RosterError
from pairing.faults import write_faults
from pairing.figures import Amount, Distinct, Share, Withheld
from pairing.findings import Finding
from pairing.people import Helper, Household, Pairing
from pairing.results import Cell, Column, Table
from pairing.roster import Roster
from pairing.sheets import Fault, Sheet, Short, columns_of, text_of, texts_of
from pairing.tables import read_pairings, read_roster, write_pairings, write_roster
from pairing.titles import CALLED, TITLES, kind_of
from pairing.workbooks import write_tables
from test_tables import GOOD, LADDER, bytes_of, error_of, folder_with, keys, rosters, small, spans, texts

SHEETS: dict[str, list[list[Any]]] = {
    name.removesuffix(".csv"): [line.split(",") for line in content.splitlines()] for name, content in GOOD.items()
}


LOST = "wanted a text, as a spreadsheet loses digits of long numbers; got"
NUMBER = "wanted a whole number, in at most 100 of the digits 0 to 9, got"
DAY = "wanted a day that exists, as YYYY-MM-DD, got"


class Formula(str):
    """A formula with the value that the spreadsheet program had worked out, or its error."""


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], **more: Sequence[Sequence[Any]]) -> Path:
    """Write a workbook as an office might: numbers are numbers, days are days, a `Formula` has an error."""
    written = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False})
    day = written.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in {**sheets, **more}.items():
        sheet = written.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, Formula):
                    sheet.write_formula(at, place, "=NA()", None, str(cell))
                elif isinstance(cell, date | time):
                    sheet.write_datetime(at, place, cell, day)
                elif cell is not None and cell != "":
                    sheet.write(at, place, cell)
    written.close()
    return path


def told(path: Path) -> list[str]:
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    assert caught.value.__context__ is None
    return [str(problem) for problem in caught.value.problems]


def grid(path: Path, sheet: str) -> list[list[Any]]:
    return python_calamine.load_workbook(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


# Reading.


@settings(deadline=None, max_examples=40)
@given(rosters())
def test_what_is_written_to_a_workbook_is_read_back(roster: Roster) -> None:
    """`load(dump(x)) == x`, and the same roster gives the same bytes; what no workbook gives back is refused."""
    with tempfile.TemporaryDirectory() as top:
        path, again = Path(top, "county.xlsx"), Path(top, "again.xlsx")
        refused = error_of(partial(write_roster, roster), path)
        if refused is not None:
            assert {problem.code for problem in refused.problems} == {"unwritable"}
            assert not path.exists()
            return
        read = read_roster(path, ladder=LADDER)
        assert read == roster
        write_roster(read, again)
        assert path.read_bytes() == again.read_bytes()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.builds(Pairing, keys, keys, keys, spans), max_size=5))
def test_pairings_in_a_workbook_are_read_back(pairings: list[Pairing]) -> None:
    """Pairings are read back from a workbook as they were, days before 1900 too, and whatever the sheet is called."""
    with tempfile.TemporaryDirectory() as top:
        path = Path(top, "p.xlsx")
        write_pairings(pairings, path)
        assert read_pairings(path) == tuple(pairings)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.text(st.sampled_from("_x0041F5\1\r\n\t'=;\ufffe ")) | texts | st.sampled_from(["_x0041_", "_x005F_x0041_"]),
        max_size=30,
    )
)
@example(["_x005F_x0041_", "_x0041\1", "\uffff", "_x005F_", "_x0041_", "\r", "_x000D_"])
def test_a_text_is_read_back_or_refused(names: list[str]) -> None:
    """A text comes back from a workbook as it is, however like the escapes of the format it looks; or it is refused."""
    roster = Roster(
        AreaTree([Area("v", "", "village")]),
        households=[Household(f"x{n:02}", "v", name=t) for n, t in enumerate(names)],
    )
    with tempfile.TemporaryDirectory() as top:
        path = Path(top, "t.xlsx")
        refused = error_of(partial(write_roster, roster), path)
        if refused is None:
            assert read_roster(path) == roster
            return
        bad = [names[problem.row - 2] for problem in refused.problems if problem.row]
        assert all("_x" in name or set(name) & {"\ufffe", "\uffff"} for name in bad)


def test_a_workbook_reads_as_the_folder(tmp_path: Path) -> None:
    """A workbook with the same cells as a folder gives the same roster; other sheets are not looked at."""
    path = book(tmp_path / "county.xlsx", SHEETS, notes=[["anything"]], Sheet1=[])
    assert read_roster(path) == read_roster(folder_with(tmp_path / "f", {})) == read_roster(str(path))


@pytest.mark.parametrize("place", range(3))
def test_sheets_may_have_chinese_names(tmp_path: Path, place: int) -> None:
    """Each sheet may be called as `CALLED` says, with spaces, hidden characters and capitals."""
    called = {name: f" {(name.title(), *CALLED[name])[min(place, len(CALLED[name]))]}\u200b" for name in SHEETS}
    path = book(tmp_path / "c.xlsx", {called[name]: rows for name, rows in SHEETS.items()})
    assert read_roster(path) == read_roster(folder_with(tmp_path / "f", {}))


def test_cells_that_are_no_texts(tmp_path: Path) -> None:
    """Whole numbers are ids without a point, days are days, true is yes; leading zeros of texts stay."""
    helpers: list[list[Any]] = [
        ["编号", "单位", "职级", "任职\n开始", "人数", "在岗", "姓名", "出生日期", "特长"],
        [12.0, "u", "staff", date(2012, 2, 8), 3, True, 7, "1952-02-29", 5],
        ["0012", "u", "staff", datetime(2012, 2, 8), "3", False, None, date(1952, 2, 29), "a;b"],
        [None] * 9,
        ["13", "u", "staff", None, None, None, None, date(1900, 3, 1), None],
    ]
    rest = {"pairs": [["helper", "household", "rule"]], "own_links": [["helper", "area"]]}
    read = read_roster(book(tmp_path / "c.xlsx", {**SHEETS, **rest, "helpers": helpers}))
    since = Span(date(2012, 2, 8))
    born = date(1952, 2, 29)
    assert read.helpers == (
        Helper("0012", "u", "staff", service=since, members=3, skills=frozenset("ab"), fit=False, birth=born),
        Helper("12", "u", "staff", service=since, members=3, skills=frozenset("5"), birth=born, name="7"),
        Helper("13", "u", "staff", birth=date(1900, 3, 1)),
    )


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        (
            "id",
            123456789012345,
            f"{LOST} a number of 15 digits [lost-digits]",
        ),
        (
            "id",
            2.1e17,
            f"{LOST} a number of 18 digits [lost-digits]",
        ),
        (
            "name",
            -1e300,
            f"{LOST} a number of very many digits [lost-digits]",
        ),
        ("id", 1.1, "wanted a text or a whole number, got 1.1 [bad-type]"),
        ("id", True, "wanted a text, got true [bad-type]"),
        ("rank", date(2012, 2, 8), "wanted a text, got a day [bad-type]"),
        ("post", time(12, 30), "wanted a text, got a time of day [bad-type]"),
        ("unit", Formula("#N/A"), "wanted a text, got an error of the spreadsheet, #N/A [error-cell]"),
        (
            "members",
            Formula("#DIV/0!"),
            f"{NUMBER} an error of the spreadsheet, #DIV/0! [error-cell]",
        ),
        ("members", 1.5, f"{NUMBER} '1.5' [bad-number]"),
        ("members", 1e16, f"{NUMBER} '1e+16' [bad-number]"),
        ("members", True, f"{NUMBER} true [bad-number]"),
        (
            "members",
            date(2012, 2, 8),
            f"{NUMBER} a day [bad-number]",
        ),
        ("birth", 19052, f"{DAY} '19052' [bad-date]"),
        ("birth", datetime(1952, 3, 1, 12), f"{DAY} a time of day [bad-date]"),
        (
            "birth",
            Formula("#VALUE!"),
            f"{DAY} an error of the spreadsheet, #VALUE! [error-cell]",
        ),
        ("fit", 2, "wanted yes or no (or 是 or 否, true or false, 1 or 0), got '2' [bad-yes-no]"),
        ("skills", False, "wanted a text, got false [bad-type]"),
    ],
)
def test_each_bad_cell_is_told_once(tmp_path: Path, column: str, cell: Any, message: str) -> None:
    """A cell that would have to be guessed is told once, with sheet, row and column, and not what follows from it."""
    columns = ["id", "name", "unit", "rank", "post", "members", "birth", "fit", "skills"]
    bad = {"id": "cy", "unit": "u", "rank": "staff", column: cell}
    rows: list[list[Any]] = [columns, ["ann", "", "u", "section"], ["bo", "", "u", "staff"], []]
    rows.append([bad.get(name) for name in columns])
    path = book(
        tmp_path / "c.xlsx", {**SHEETS, "helpers": rows}, pairs=[["helper", "household", "rule"], ["cy", "x", "优先"]]
    )
    found = [text for text in told(path) if "score" not in text]
    assert found == [f"c.xlsx, sheet helpers, row 5, {column}: {message}"]


def test_errors_of_keys_do_not_multiply(tmp_path: Path) -> None:
    """Rows whose keys are errors are told for that alone: not as doubled, nor as leading nowhere."""
    links: list[list[Any]] = [
        ["unit", "village"],
        ["u", Formula("#REF!")],
        ["u", Formula("#REF!")],
        [Formula("#NAME?"), "v"],
    ]
    path = book(tmp_path / "c.xlsx", {**SHEETS, "links": links})
    assert [text.rpartition("[")[2] for text in told(path)] == ["error-cell]"] * 3


def test_headings_above_the_titles(tmp_path: Path) -> None:
    """Rows with one filled cell above the titles, merged or not, are passed over, but counted."""
    path = tmp_path / "m.xlsx"
    written = xlsxwriter.Workbook(str(path))
    for name, rows in SHEETS.items():
        sheet = written.add_worksheet(name)
        sheet.merge_range(0, 0, 0, 3, "二〇一二年结对帮扶名册")
        sheet.write(2, 1, "填表单位：县扶贫办")
        for at, row in enumerate(rows):
            sheet.write_row(at + 3, 0, row)
    written.close()
    assert read_roster(path) == read_roster(folder_with(tmp_path / "f", {}))
    bad: list[list[Any]] = [["标题"], [], ["unit", "village"], ["u", "nowhere"]]
    assert told(book(tmp_path / "b.xlsx", {**SHEETS, "links": bad})) == [
        "b.xlsx, sheet links, row 4, village: wanted the key of an area of level village, got 'nowhere' "
        "[unknown-village]"
    ]


def test_merged_cells_below_the_titles_are_a_fault(tmp_path: Path) -> None:
    """Cells that are merged over rows have a value in the first row alone: that is told, and never guessed."""
    path = tmp_path / "m.xlsx"
    written = xlsxwriter.Workbook(str(path))
    for name, rows in SHEETS.items():
        sheet = written.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if name == "helpers":
            sheet.merge_range(1, 2, 2, 2, "u")
    written.close()
    assert (
        "m.xlsx, sheet helpers, row 2, column C: wanted each cell by itself, got cells of rows 2 to 3 that are merged "
        "[merged-cells]"
    ) in told(path)


def test_sheets_that_are_missing_doubled_or_empty(tmp_path: Path) -> None:
    """A sheet that is missing, stands twice under names of both languages, or is empty, is told."""
    sheets = {name: rows for name, rows in SHEETS.items() if name not in ("areas", "pairs", "own_links", "villages")}
    path = book(tmp_path / "c.xlsx", {**sheets, "帮扶人": SHEETS["helpers"], "links": [], "结对": []})
    assert told(path) == [
        "c.xlsx, sheet areas: wanted a sheet areas (or 地区, 行政区划), got none [missing-sheet]",
        "c.xlsx, sheet helpers: wanted one sheet helpers, got 2 that are called so [two-sheets]",
        "c.xlsx, sheet links, row 1: wanted the titles unit, village; got an empty file [missing-header]",
    ]
    both = book(tmp_path / "p.xlsx", {"pairings": [], "结对": []})
    with pytest.raises(RosterError, match=r"wanted one sheet pairings, got 2 that are called so \[two-sheets\]"):
        read_pairings(both)


def test_the_only_sheet_may_have_any_name(tmp_path: Path) -> None:
    """Pairings are read from the only sheet of a workbook, whatever its name; the name, if not ours, is never told."""
    path = book(tmp_path / "p.xlsx", {"王小明": [["帮扶人", "贫困户"], ["c-17", "h-204"]]})
    assert read_pairings(path) == (Pairing("c-17", "h-204"),)
    bad = book(tmp_path / "b.xlsx", {"王小明": [["帮扶人", "贫困户"], ["c-17", None]]})
    with pytest.raises(RosterError) as caught:
        read_pairings(bad)
    assert str(caught.value) == "b.xlsx, sheet pairings, row 2, household: wanted a key, got nothing [bad-key]"


BROKEN = {
    "empty": b"",
    "a csv": GOOD["helpers.csv"].encode(),
    "a zip": b"PK\x03\x04aaaa",
    "a shell": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
}


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".xls", ".ods"])
@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_workbook(tmp_path: Path, data: bytes, suffix: str) -> None:
    """A file that only bears the name of a workbook is told as such."""
    path = tmp_path / f"county{suffix}"
    path.write_bytes(data)
    assert told(path) == [
        f"county{suffix}: wanted a workbook that can be read, got one that is no workbook, or damaged [unreadable-file]"
    ]


def test_workbooks_that_are_not_there_locked_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook that is missing, a pipe, locked by a password, or too large is told."""
    assert told(tmp_path / "no.xlsx") == ["no.xlsx: wanted a workbook, got none [missing-file]"]
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert told(tmp_path / "pipe.xlsx") == [
        "pipe.xlsx: wanted a workbook that can be read, got something else [unreadable-file]"
    ]
    path = book(tmp_path / "c.xlsx", SHEETS)

    def locked(*_: object) -> None:
        raise python_calamine.PasswordError("secret")

    with monkeypatch.context() as patch:
        patch.setattr(python_calamine, "load_workbook", locked)
        assert told(path) == [
            "c.xlsx: wanted a workbook that can be read, got one that a password locks [unreadable-file]"
        ]
    monkeypatch.setattr(workbooks, "_LARGEST", 1000)
    assert told(path) == ["c.xlsx: wanted a workbook that can be read, got more than 1,000 bytes [unreadable-file]"]


def test_a_cell_far_away_takes_no_room(tmp_path: Path) -> None:
    """A sheet with a cell in its last corner is refused before room is made for all cells before it."""
    path = tmp_path / "far.xlsx"
    written = xlsxwriter.Workbook(str(path))
    for name, rows in SHEETS.items():
        sheet = written.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if name == "villages":
            sheet.write(1_048_575, 16_383, "x")
    written.close()
    assert told(path) == [
        "far.xlsx, sheet villages: wanted a sheet that can be read, got more than 50,000,000 cells [unreadable-sheet]"
    ]


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ('<row r="1048576">', '<c r="XFD1048576">'),
        ("<row\nspans='1:1'\tr='1048576'>", "<c s='1' r='AAA1048576'>"),
        ('<x:row r="1048576">', '<x:c r="XFD1048576">'),
        ("<row>", '<c r="XFD1048576">'),
        ('<row r="99999">', '<c r="XFD99999">'),
    ],
)
def test_a_cell_far_away_is_seen_however_a_sheet_is_spelled(tmp_path: Path, row: str, cell: str) -> None:
    """What a sheet would need is counted with either quotes, with named elements, and by cells or rows alone."""
    path = book(tmp_path / "far.xlsx", SHEETS)
    with zipfile.ZipFile(path) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    name = f"xl/worksheets/sheet{[*SHEETS].index('villages') + 1}.xml"
    more = row + cell + "".join(f"</{end.split()[0][1:].rstrip('>')}>" for end in (cell, row))
    parts[name] = parts[name].replace(b"</sheetData>", f"{more}</sheetData>".encode())
    with zipfile.ZipFile(path, "w") as file:
        for part, data in parts.items():
            file.writestr(part, data)
    assert told(path) == [
        "far.xlsx, sheet villages: wanted a sheet that can be read, got more than 50,000,000 cells [unreadable-sheet]"
    ]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_workbook_gives_a_roster_or_our_error(data: st.DataObject) -> None:
    """Any bytes, however damaged the workbook, give an answer or an error of ours that names the file."""
    whole = data.draw(st.sampled_from([_whole(), _whole("links")]))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(0, 20))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + cut :]
    _answers(damaged)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["xl/worksheets/sheet3.xml", "xl/workbook.xml", "xl/sharedStrings.xml"]), st.data())
def test_a_workbook_with_a_damaged_part_gives_a_roster_or_our_error(part: str, data: st.DataObject) -> None:
    """Whatever stands in a part of the file, the answer is a roster, or an error of ours that names the file."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(_whole())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                at = data.draw(st.integers(0, len(content)))
                odd = st.sampled_from(
                    [b'<c r="A0" t="e"><v>#N/A</v></c>', b'<c r="ZZZ9" t="e"/>', b"<row>", b'"', b"&x;"]
                )
                content = (
                    content[:at] + data.draw(odd | st.binary(max_size=6)) + content[at + data.draw(st.integers(0, 9)) :]
                )
            new.writestr(name, content)
    _answers(out.getvalue())


_WHOLE: dict[str, bytes] = {}


def _whole(without: str = "") -> bytes:
    if without not in _WHOLE:
        with tempfile.TemporaryDirectory() as top:
            sheets = {name: rows for name, rows in SHEETS.items() if name != without}
            _WHOLE[without] = book(Path(top, "w.xlsx"), sheets).read_bytes()
    return _WHOLE[without]


def _answers(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as top, warnings.catch_warnings():
        path = Path(top, "w.xlsx")
        path.write_bytes(content)
        error = error_of(read_roster, path)
        if error is not None:
            assert error.problems
            assert all(problem.file.startswith("w.xlsx") for problem in error.problems)
            assert error.__context__ is None


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**20), 10**20),
    st.dates(date(1900, 1, 1)),
    st.sampled_from(
        ["u", "v", "x", "ann", "county", "是", "'", "=1", "#N/A", "王小明", Formula("#N/A"), Formula("#NUM!")]
    ),
)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_cells_give_a_roster_or_problems_with_a_place(data: st.DataObject) -> None:
    """Any cells, of any types, give a roster or problems with sheet and row; and no name or number is ever told."""
    name = data.draw(st.sampled_from(sorted(SHEETS)))
    titles = data.draw(st.permutations([*TITLES[name]]))
    rows = data.draw(st.lists(st.lists(cells, min_size=len(titles), max_size=len(titles)), max_size=4))
    with tempfile.TemporaryDirectory() as top:
        path = book(Path(top, "c.xlsx"), {**SHEETS, name: [titles, *rows]})
        error = error_of(read_roster, path)
        if error is not None:
            assert all(problem.file.startswith("c.xlsx, sheet ") and problem.row for problem in error.problems)
            assert "王小明" not in repr(error)


@pytest.mark.parametrize("column", ["difficulty", "name", "village", "registered_start", "needs"])
@given(many=st.lists(st.one_of(cells, st.sampled_from([1, 1.0, True, 0, 0.0, -0.0, False, float("nan")])), max_size=12))
def test_a_cell_is_read_as_if_it_stood_alone(column: str, many: list[Any]) -> None:
    """Whatever else stands in a column, equal cells of other types too, each cell has the text it would have alone."""
    sheet = Sheet("households", "households")
    sheet.rows = range(len(many))
    read = texts_of(sheet, column, many)
    alone = [text_of(kind_of(column), cell) for cell in many]
    assert [text for text, one in zip(read, alone, strict=True) if not isinstance(one, Fault)] == [
        one for one in alone if not isinstance(one, Fault)
    ]
    assert [(told.row, told.code, told.message) for told in sheet.problems] == [
        (row, one.code, one.message) for row, one in enumerate(alone) if isinstance(one, Fault)
    ]


@given(st.lists(st.sampled_from([1, 2, True, 1.0, None, "1"]), min_size=1, max_size=6))
def test_a_value_is_written_as_if_it_stood_alone(values: list[Any]) -> None:
    """Equal values of other types do not stand for each other: each that is no whole number is told, with its row."""
    problems: list[Problem] = []
    things = [Short("helpers", value, 1, 1, frozenset()) for value in values]
    (missing,) = [column for column in columns_of("shortfalls", things, problems, "f") if column[0] == "missing"]
    assert missing[1:] == [str(value) if type(value) is int else "" for value in values]
    assert [told.row for told in problems] == [row for row, value in enumerate(values, 2) if type(value) is not int]


def test_without_the_extra_a_workbook_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a library is missing, reading and writing say which extra to install; folders need none."""
    path = book(tmp_path / "c.xlsx", SHEETS)

    def missing(module: str) -> None:
        raise ImportError(module)

    monkeypatch.setattr(errors, "import_module", missing)
    for call in (lambda: read_roster(path), lambda: write_roster(small(), path)):
        with pytest.raises(
            MissingExtra, match=r"wanted the extra excel \(pip install 'pairing\[excel\]'\), got no module"
        ):
            call()
    assert read_roster(folder_with(tmp_path / "f", {})).helpers


# Writing.


def test_what_a_workbook_looks_like(tmp_path: Path) -> None:
    """Ids are texts, numbers and days what they are, and what looks like a formula is a text with an apostrophe."""
    helper = Helper("0012", "u", "staff", service=Span(date(2012, 2, 8)), birth=date(1899, 5, 1), name="=1+1")
    roster = Roster(AreaTree([Area("v", "上坪村", "village")]), small().units, [helper])
    write_roster(roster, tmp_path / "c.xlsx")
    titles, cells = grid(tmp_path / "c.xlsx", "helpers")
    assert dict(zip(titles, cells, strict=True)) | {"x": ""} == {
        **dict.fromkeys([*TITLES["helpers"], "x"], ""),
        "id": "0012",
        "name": "'=1+1",
        "unit": "u",
        "rank": "staff",
        "kind": "cadre",
        "service_start": date(2012, 2, 8),
        "members": 1.0,
        "fit": "yes",
        "hardship": "no",
        "birth": "1899-05-01",
    }
    parts = zipfile.ZipFile(tmp_path / "c.xlsx")
    sheet = parts.read("xl/worksheets/sheet3.xml").decode()
    assert '<pane ySplit="1" topLeftCell="A2"' in sheet
    assert "<f>" not in "".join(parts.read(name).decode() for name in parts.namelist() if "sheet" in name)
    assert grid(tmp_path / "c.xlsx", "links")[0] == ["unit", "village"]


def test_what_no_workbook_gives_back_is_not_written(tmp_path: Path) -> None:
    """A text that is too long for a cell, or that the format would change, is told, and nothing is written."""
    wanted = "wanted a text that a workbook gives back, of at most 32,767 characters"
    for name, many in (("王" * 32_768, "32,768"), ("𬱖" * 16_384, "16,384"), ("\ufffe", "1"), ("_x005F_x0041_", "13")):
        with pytest.raises(RosterError) as caught:
            write_roster(small(name), tmp_path / "c.xlsx")
        assert str(caught.value) == f"c.xlsx, sheet helpers, row 2, name: {wanted}; got one of {many} [unwritable]"
    assert list(tmp_path.iterdir()) == []
    write_roster(small("王" * 32_767), tmp_path / "c.xlsx")
    assert read_roster(tmp_path / "c.xlsx") == small("王" * 32_767)


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of more rows than a sheet may have is told, and nothing is written."""
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 1)
    with pytest.raises(RosterError) as caught:
        write_pairings([Pairing("a", "x"), Pairing("b", "x")], tmp_path / "p.xlsx")
    assert str(caught.value) == ("p.xlsx, sheet pairings: wanted at most 1 rows in a sheet, got 2 [too-many-rows]")
    assert list(tmp_path.iterdir()) == []


def test_writing_a_workbook_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails leaves the old workbook, and nothing beside it."""
    path = tmp_path / "c.xlsx"
    write_roster(small(), path)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(RosterError) as caught:
            write_roster(small("李"), path)
    assert (
        str(caught.value)
        == f"{path}: wanted to write a workbook; got the error 'No space left on device' [cannot-write]"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["c.xlsx"]
    assert read_roster(path) == small()


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".xlsm", ".XLS"])
def test_other_workbooks_are_not_written(tmp_path: Path, suffix: str) -> None:
    """Only xlsx is written: a path with the ending of another workbook is a wrong argument."""
    with pytest.raises(ArgumentError) as caught:
        write_roster(small(), tmp_path / f"c{suffix}")
    assert str(caught.value) == ("target: wanted the path of a workbook to end in .xlsx, got another ending [bad-type]")


# Faults.


BAD: dict[str, list[list[Any]]] = {
    **SHEETS,
    "helpers": [
        ["编号", "姓名", "单位", "职级", "出生日期"],
        ["ann", "王小明", "u", "section", None],
        ["bo", "=李", "u", "boss", date(1952, 3, 1)],
        [],
        [2.1e17, None, "nowhere", "staff", Formula("#N/A")],
        [15, True, "u", "staff", datetime(1952, 3, 1, 12)],
    ],
    "links": [["unit", "village", "extra"], ["u", "v", "a"]],
}


def test_all_bad_rows_are_written_with_what_is_wrong(tmp_path: Path) -> None:
    """Bad rows are written as they were given, each with its row and all its faults; good ones are left out."""
    sheets = {("帮扶人" if name == "helpers" else name): rows for name, rows in BAD.items()}
    path, out = book(tmp_path / "c.xlsx", sheets), tmp_path / "f.xlsx"
    problems = write_faults(path, out)
    assert [str(problem) for problem in problems] == told(path)
    assert python_calamine.load_workbook(str(out)).sheet_names == ["帮扶人", "problems"]
    rows = grid(out, "帮扶人")
    assert rows[0] == ["row", "编号", "姓名", "单位", "职级", "出生日期", "error"]
    assert [row[:6] for row in rows[1:]] == [
        [3.0, "bo", "=李", "u", "boss", date(1952, 3, 1)],
        [5.0, 2.1e17, "", "nowhere", "staff", ""],  # the error is one still, which this reader gives as nothing
        [6.0, 15.0, True, "u", "staff", datetime(1952, 3, 1, 12)],
    ]
    again = [(problem.field, problem.code) for problem in problems if problem.file.endswith("帮扶人")]
    assert [(told.field, told.code) for told in refused(out, "帮扶人")] == [at for at in again if at[0] != "unit"]
    assert rows[1][6].startswith("rank: wanted one of province, ")
    assert rows[2][6] == (
        f"id: {LOST} a number of 18 digits [lost-digits]; "
        "unit: wanted the key of a unit, got 'nowhere' [unknown-unit]; "
        f"birth: {DAY} an error of the spreadsheet, #N/A [error-cell]"
    )
    assert grid(out, "problems") == [
        ["file", "row", "column", "error"],
        [
            "c.xlsx, sheet links",
            "1",
            "column C",
            "wanted the title of a column of links, or one in round brackets, "
            "which is passed over; got 'extra' [unknown-column]",
        ],
    ]


def refused(source: Any, table: str = "helpers") -> list[Problem]:
    """Return what is told of a table, but for what it misses in others."""
    with pytest.raises(RosterError) as caught:
        read_roster(source)
    return [told for told in caught.value.problems if table in told.file and not told.code.startswith("unknown-unit")]


CELLS = st.sampled_from(
    [
        *(1, 1.5, 123456789012345678, 2.1e17, 2**53 + 0.5, 0.1, 12.0, -3, True, False, None, ""),
        *(Formula("#N/A"), Formula("#REF!"), "u", "#N/A", "=1", "'=1", "staff", "2012-02-08", "x;y"),
        *(date(2012, 2, 8), date(1950, 1, 1), datetime(2012, 2, 8, 9, 30), time(8, 30)),
    ]
)
OF_FRAMES = st.sampled_from(
    [
        *(datetime(2012, 2, 8, tzinfo=UTC), datetime(2012, 2, 8, 0, 0, 0, 7), datetime(1850, 1, 1), date(1850, 1, 1)),
        *(float("inf"), float("nan"), Decimal("1.000000000000000000001"), Decimal(12), Decimal("Infinity"), b"u"),
        *(10**17, 10**320, 1e-320, 2.9999999999999996, time(0, 0, 0, 5), timedelta(-1), timedelta(2), [1, 2], ["a"]),
    ]
)
TYPED = ["id", "unit", "rank", "post", "name", "birth", "members", "fit", "skills", "division"]


@settings(deadline=None, max_examples=30)
@given(st.data(), st.booleans())
def test_what_was_refused_is_refused_again(data: st.DataObject, in_frame: bool) -> None:
    """Reading the faults as they stand tells the same problems of the same rows and columns as reading their source;
    in files, which have texts alone, the cell is empty where no text would be refused."""
    cells = CELLS.filter(lambda cell: not isinstance(cell, Formula)) | OF_FRAMES if in_frame else CELLS
    rows = data.draw(st.lists(st.lists(cells, min_size=10, max_size=10), max_size=3))
    with tempfile.TemporaryDirectory() as top:
        source: Any = {name: pl.DataFrame(rest[1:], rest[0], orient="row") for name, rest in SHEETS.items()}
        if in_frame:
            columns = zip(TYPED, *rows, strict=True)
            source["helpers"] = pd.DataFrame({title: pd.Series(many, dtype=object) for title, *many in columns})
        else:
            source = book(Path(top, "c.xlsx"), {**SHEETS, "helpers": [TYPED, *rows]})
        problems = write_faults(source, Path(top, "f.xlsx"))
        assert write_faults(source, Path(top, "f")) == problems
        told = {(p.row, p.field, p.code) for p in problems if "helpers" in p.file and p.code not in BETWEEN}
        if told:
            at = {place: int(row[0]) for place, row in enumerate(grid(Path(top, "f.xlsx"), "helpers")[1:], 2)}
            again = {(at.get(p.row or 0), p.field, p.code) for p in refused(Path(top, "f.xlsx"))}
            # What no workbook has, such as a time zone, is an error in it.
            assert {place[: 2 if in_frame else 3] for place in told} <= {
                place[: 2 if in_frame else 3] for place in again
            }
            lines = list(csv.DictReader(Path(top, "f", "helpers.csv").read_text("utf-8-sig").splitlines()))
            in_file = {(int(lines[p.row - 2]["row"]), p.field) for p in refused(Path(top, "f")) if p.row}
            empty = {(int(line["row"]), title) for line in lines for title in TYPED if line[title] == ""}
            assert {place[:2] for place in told} <= in_file | empty


BETWEEN = ("unknown-unit", "duplicate-id")
"""Codes of what is between rows, and so is not told of a few of them."""


def test_no_digits_are_invented_and_no_error_becomes_a_text(tmp_path: Path) -> None:
    """An id that is a long number and a post that is an error are refused again; a file has nothing in their place."""
    rows: list[list[Any]] = [["id", "unit", "rank", "post"], [123456789012345678, "u", "staff", Formula("#N/A")]]
    problems = write_faults(book(tmp_path / "c.xlsx", {**SHEETS, "helpers": rows}), tmp_path / "f.xlsx")
    assert [(told.field, told.code) for told in problems] == [("id", "lost-digits"), ("post", "error-cell")]
    assert [(told.row, told.field, told.message) for told in refused(tmp_path / "f.xlsx")] == [
        (2, told.field, told.message) for told in problems
    ]
    write_faults(tmp_path / "c.xlsx", tmp_path / "f")
    assert (tmp_path / "f" / "helpers.csv").read_text("utf-8-sig").splitlines() == [
        "row,id,unit,rank,post,error",
        f'2,,u,staff,,"{"; ".join(f"{told.field}: {told.message} [{told.code}]" for told in problems)}"',
    ]


def test_faults_of_files_are_files(tmp_path: Path) -> None:
    """As files, a table without faults has its titles alone, broken rows come as they are, and no formula stands."""
    helpers = (
        'id,name,unit,rank\nann,=cmd,nowhere,staff\nbo,李,u,staff\n"go"x,王,u,staff\ncy,-1,u\ndi,"a,b",u,boss,x,y\n'
    )
    folder = folder_with(tmp_path / "county", {"helpers.csv": helpers})
    problems = write_faults(folder, tmp_path / "out")
    assert len(problems) == 4
    assert (tmp_path / "out" / "helpers.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "row,id,name,unit,rank,,,error",
        "2,ann,'=cmd,nowhere,staff,,,\"unit: wanted the key of a unit, got 'nowhere' [unknown-unit]\"",
        '4,"""go""x,王,u,staff",,,,,,"wanted quotes around a whole cell, and each one within it doubled; got others '
        '[bad-quotes]"',
        '5,cy,-1,u,,,,"wanted 4 cells, as in the header, got 3 [cell-count]"',
        '6,di,"a,b",u,boss,x,y,"wanted 4 cells, as in the header, got 6 [cell-count]"',
    ]
    assert (tmp_path / "out" / "areas.csv").read_text(encoding="utf-8-sig") == "row,code,name,level,parent,error\n"


def test_mended_rows_are_read_as_they_are(tmp_path: Path) -> None:
    """A file of faults that was mended is read with its two columns; and faults of it again have them once."""
    mended = {
        name: [["row", *rows[0], "ERROR"], *([n, *row, "mended"] for n, row in enumerate(rows[1:]))]
        for name, rows in SHEETS.items()
    }
    assert read_roster(book(tmp_path / "m.xlsx", mended)) == read_roster(folder_with(tmp_path / "f", {}))
    mended["links"][1][1] = "nobody"
    write_faults(book(tmp_path / "n.xlsx", mended), tmp_path / "out.xlsx")
    assert grid(tmp_path / "out.xlsx", "links")[0] == ["row", "unit", "village", "error"]


def test_where_nothing_is_wrong_nothing_is_written(tmp_path: Path) -> None:
    """A roster without faults gives no problems and no file."""
    assert write_faults(folder_with(tmp_path / "f", {}), tmp_path / "out.xlsx") == ()
    assert not (tmp_path / "out.xlsx").exists()


def test_faults_never_replace_their_source(tmp_path: Path) -> None:
    """The source itself is refused as the target, also by another path."""
    folder = folder_with(tmp_path / "f", {"links.csv": "unit,village\nu,w\n"})
    before = bytes_of(folder)
    (tmp_path / "same").symlink_to(folder)
    with pytest.raises(ArgumentError) as caught:
        write_faults(folder, tmp_path / "same")
    assert str(caught.value) == "target: wanted another path than that of the source, got the same [same-path]"
    assert bytes_of(folder) == before


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_no_bad_row_is_lost(data: st.DataObject) -> None:
    """The rows of the faults are those of the problems, each once, with all of its cells."""
    words = st.sampled_from(["u", "v", "x", "ann", "section", "county", "a b", "王", "1", "2012-01-01", ""])
    rows = data.draw(st.lists(st.lists(words, min_size=4, max_size=4), max_size=6))
    with tempfile.TemporaryDirectory() as top:
        path = book(Path(top, "c.xlsx"), {**SHEETS, "helpers": [SHEETS["helpers"][0], *rows]})
        problems = write_faults(path, Path(top, "f.xlsx"))
        bad = sorted({p.row for p in problems if p.row and p.row > 1 and p.file.endswith("helpers")})
        written = grid(Path(top, "f.xlsx"), "helpers")[1:] if bad else []
        assert [row[0] for row in written] == bad
        assert [row[1:5] for row in written] == [rows[row - 2] for row in bad]


# Tables of figures.


def test_figures_and_findings_are_sheets(tmp_path: Path) -> None:
    """Figures are numbers with units in the titles, shares have two columns, and identity numbers are left out."""
    columns = [
        Column("visits", "visits"),
        Column("money", "fen"),
        Column("reached", "households"),
        Column("rate", "households"),
    ]
    rows: dict[tuple[str, ...], list[Cell]] = {
        ("a",): [Amount(3, "visits"), Amount(1250, "fen", "over"), Distinct(2, "households"), Share(3, 8)],
        ("11010519491231002X",): [None, Amount(10**17, "fen"), Withheld(), None],
    }
    total = [Amount(3, "visits"), None, None, Share(3, 8)]
    table = Table("visits & aid", ("county",), tuple(columns), rows, total, during=year(2013))
    finding = Finding("below-floor", "helper '=1': wanted 2, got 1", "=1", None, 2, 1, 0)
    write_tables({"figures": table, "findings": [finding]}, tmp_path / "r.xlsx")
    assert grid(tmp_path / "r.xlsx", "figures") == [
        [
            "county",
            "visits (visits)",
            "money (yuan)",
            "money, mark",
            "reached (households)",
            "rate (households)",
            "rate, of (households)",
        ],
        ["a", 3.0, 12.5, "over", 2.0, 3.0, 8.0],
        ["<identity number>", "", "1,000,000,000,000,000", "exact", "…", "", ""],
        ["all", 3.0, "", "", "", 3.0, 8.0],
    ]
    assert grid(tmp_path / "r.xlsx", "findings") == [
        ["code", "helper", "household", "wanted", "got", "row", "message"],
        ["below-floor", "=1", "", 2.0, 1.0, 0.0, "helper '=1': wanted 2, got 1"],
    ]
    assert b"&amp;&amp; aid, 2013-01-01 to 2013-12-31" in zipfile.ZipFile(tmp_path / "r.xlsx").read(
        "xl/worksheets/sheet1.xml"
    )


@pytest.mark.parametrize("name", ["", "a" * 32, "a/b", "a:b", "'a", "History\0", 3])
def test_names_that_no_sheet_can_have(tmp_path: Path, name: Any) -> None:
    """A name that no sheet can have is a wrong argument, and so are two that differ in capitals alone."""
    message = (
        r"wanted names of sheets, of at most 31 characters, without \[\]:\*\?/\\ and each once; got .* \[bad-key\]$"
    )
    wrongs: list[dict[Any, list[Finding]]] = [{name: []}, {"a": [], "A": []}]
    for tables in wrongs:
        with pytest.raises(ArgumentError, match=message):
            write_tables(tables, tmp_path / "r.xlsx")


def test_tables_of_other_types(tmp_path: Path) -> None:
    """What is no table and no findings, no tables at all, and a path of another ending are wrong arguments."""
    wrong: Any = {"a": [3]}
    with pytest.raises(ArgumentError) as caught:
        write_tables(wrong, tmp_path / "r.xlsx")
    assert str(caught.value) == "tables: wanted a Table or findings, got 3 [bad-type]"
    with pytest.raises(ArgumentError) as caught:
        write_tables({}, tmp_path / "r.xlsx")
    assert str(caught.value) == (
        "tables: wanted tables by the names of their sheets, got a value of type dict [bad-type]"
    )
    with pytest.raises(ArgumentError) as caught:
        write_tables({"a": []}, "r.csv")
    assert str(caught.value) == "path: wanted the path of a workbook, ending in .xlsx, got 'r.csv' [bad-type]"
    with pytest.raises(RosterError) as broken:
        write_tables({"a": []}, tmp_path / "none" / "r.xlsx")
    assert str(broken.value) == (
        f"{tmp_path / 'none' / 'r.xlsx'}: wanted to write a workbook; got the error 'No such file or directory' "
        "[cannot-write]"
    )
