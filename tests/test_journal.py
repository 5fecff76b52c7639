"""Entries as rows of a table: what is read and written, and what is told of bad rows."""

import gzip
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pandas as pd
import polars as pl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.deeds import RECORDED, Aided, Lent, Visited
from pairing.entries import (
    Change,
    Correction,
    Entry,
    Exit,
    HandedOver,
    Leave,
    Paired,
    RankChange,
    Released,
    Retirement,
    Transfer,
)
from pairing.errors import ArgumentError, RegisterError, RosterError
from pairing.journal import ENTRY_KINDS, ENTRY_TITLES, ENTRY_WORDS, read_journal, write_journal
from pairing.register import Register
from test_tables import ODD, everything_in

days = st.dates(date(1, 1, 1), date(9999, 12, 31))
signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff")
odd = st.sampled_from(ODD) | st.text(signs, max_size=6)
some = st.text(st.sampled_from("ab0'=+-@;\\王；.#"), min_size=1, max_size=4)
ids = (some | st.sampled_from(["0012", "a b", "'", "'="])).filter(lambda text: text == text.strip())
HELD = {
    "id": ids,
    "optional id": st.none() | ids,
    "ids": st.lists(ids, max_size=3).map(tuple),
    "text": odd.filter(str.strip),
    "optional text": odd,
    "optional": st.none() | odd,
    "day": days,
    "optional day": st.none() | days,
    "flag": st.booleans(),
    "amount": st.integers(1, 10**12 - 1),
    "optional amount": st.integers(0, 10**12 - 1),
}


def of_kind(kind: type[Entry]) -> st.SearchStrategy[Any]:
    fields = {
        at.name: st.sampled_from(at.metadata["choices"]) if at.metadata["kind"] == "word" else HELD[at.metadata["kind"]]
        for at in attrs.fields(kind)
    }
    return st.builds(kind, **fields)


plain = st.sampled_from(sorted(RECORDED - {Correction}, key=lambda kind: kind.__name__)).flatmap(of_kind)
entries = st.recursive(plain, lambda below: st.builds(Correction, below, odd.filter(str.strip), id=odd), max_leaves=3)


def told(source: Any) -> list[str]:
    with pytest.raises(RegisterError) as caught:
        read_journal(source)
    assert caught.value.__context__ is None
    return [str(problem) for problem in caught.value.problems]


def table(tmp_path: Path, text: str, name: str = "j.csv") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


@settings(deadline=None, max_examples=120)
@given(st.lists(entries, max_size=4))
def test_written_entries_are_read_back(lines: list[Entry]) -> None:
    """`read(write(entries)) == entries`: every kind of entry, in its order, corrections of corrections too."""
    with tempfile.TemporaryDirectory() as top:
        path = Path(top, "j.csv")
        write_journal(lines, path)
        assert read_journal(path) == tuple(lines)


@settings(deadline=None, max_examples=30)
@given(st.lists(entries, max_size=6))
def test_entries_in_a_workbook_are_read_back(lines: list[Entry]) -> None:
    """`read(write(entries)) == entries` for workbooks, or the text that no workbook gives back is told."""
    with tempfile.TemporaryDirectory() as top:
        path = Path(top, "j.xlsx")
        write_journal(lines, path)
        assert read_journal(path) == tuple(lines)


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_any_cells_give_entries_or_problems_with_a_place(data: st.DataObject) -> None:
    """Any cells give entries, or problems with file and row; and no name is ever told."""
    columns = data.draw(st.lists(st.sampled_from([*ENTRY_TITLES, "x"]), max_size=6))
    kinds = st.sampled_from([*ENTRY_KINDS, "退休", "nope"])
    cell = st.sampled_from(["", "2013-01-01", "c-17", "王小明", "a;b", ";", "\\", "'", "-1", "Paired;Exit"]) | odd
    rows = data.draw(st.lists(st.tuples(kinds, st.just("2013-01-01") | cell, *[cell] * len(columns)), max_size=3))
    frame = pl.DataFrame(
        [list(row) for row in rows] or [["", "", *columns]],
        schema=[f"{n}" for n in range(len(columns) + 2)],
        orient="row",
    )
    with tempfile.TemporaryDirectory() as top:
        path = Path(top, "j.csv")
        frame.write_csv(path, include_header=False)
        path.write_bytes(",".join(["kind", "on", *columns]).encode() + b"\n" + path.read_bytes())
        try:
            found = read_journal(path)
        except RegisterError as error:
            texts = list(everything_in(error))
            places = [(problem.file, problem.row) for problem in error.problems]
        else:
            texts, places = [], []
            assert all(type(entry) in RECORDED for entry in found)
        assert all(file == "j.csv" and row for file, row in places)
        assert not [text for text in texts if "王小明" in text]


def test_every_kind_and_field_has_a_place() -> None:
    """The kinds and columns are those of the entries of a register, and every one can be read in Chinese."""
    assert set(ENTRY_KINDS) == {kind.__name__ for kind in RECORDED}
    fields = {at.name for kind in RECORDED for at in attrs.fields(kind)}
    assert set(ENTRY_TITLES) - fields == {"kind", "of_id", "of_reason"}
    assert fields <= set(ENTRY_TITLES)
    for names in (ENTRY_TITLES, ENTRY_KINDS):
        others = [other for more in names.values() for other in more]
        assert all(names.values())
        assert len(others) == len(set(others))
    for kind in RECORDED:
        for at in attrs.fields(kind):
            words = ENTRY_WORDS.get(at.name.removeprefix("value_"), {}) if at.metadata["kind"] == "word" else {}
            assert set(at.metadata.get("choices", ())) <= set(words.values())


CHINESE = """\
种类,日期,帮扶人,贫困户,单位,职级,移交人,接手人,走访人,走访方式,帮扶款物,数量,约数,公示日期,特批,原因
退休,2013-06-30,c-17,,,,,,,,,,,,,
调动,2013-07-01,c-18,,u2,section,,,,,,,,,,
交接,2013-07-01,,h-1,,,c-18,c-19；c-20,,,,,,,,调动
走访,2013-07-02,,h-1,,,,,c-19;c-20,电话,,,,,,
脱贫,2013-08-01,,h-1,,,,,,,,,,2013-07-01,,
捐助,2013-08-02,,h-1,,,c-19,,,,现金,20000,超过,,,
解除结对,2013-09-01,c-19,h-1,,,,,,,,,,,已搬走,搬迁
"""


def test_chinese_titles_kinds_and_words(tmp_path: Path) -> None:
    """A table that is all Chinese reads as the English one; blank rows are passed over, gzipped files read too."""
    lines = (
        Retirement("c-17", on=date(2013, 6, 30)),
        Transfer("c-18", "u2", "section", on=date(2013, 7, 1)),
        HandedOver("h-1", "c-18", ["c-19", "c-20"], reason="调动", on=date(2013, 7, 1)),
        Visited("h-1", ["c-19", "c-20"], "telephone", on=date(2013, 7, 2)),
        Exit("h-1", date(2013, 7, 1), on=date(2013, 8, 1)),
        Aided("h-1", "c-19", "money", 20_000, mark="over", on=date(2013, 8, 2)),
        Released("c-19", "h-1", "搬迁", override="已搬走", on=date(2013, 9, 1)),
    )
    assert read_journal(table(tmp_path, CHINESE)) == lines
    (tmp_path / "j.csv.gz").write_bytes(gzip.compress(CHINESE.encode("gb18030")))
    assert read_journal(tmp_path / "j.csv.gz") == lines


def test_what_a_journal_looks_like(tmp_path: Path) -> None:
    """Columns are those that are filled; a correction has the fields of what it takes back, and its own reason."""
    wrong = Paired("c-17", "=h", id="a;1", on=date(2012, 2, 8))
    first = Correction(wrong, "another household", id="k")
    lines = [wrong, first, Correction(first, "it was right"), Lent("l-1", "h", "c", 500, "city", on=date(2013, 1, 1))]
    write_journal(lines, tmp_path / "j.csv")
    assert (tmp_path / "j.csv").read_bytes().decode() == (
        "\ufeffkind,on,id,household,helper,reason,amount,fund,loan,guarantor,of,of_id,of_reason\r\n"
        "Paired,2012-02-08,a;1,'=h,c-17,,,,,,,,\r\n"
        "Correction,2012-02-08,k,'=h,c-17,another household,,,,,Paired,a\\;1,\r\n"
        "Correction,2012-02-08,,'=h,c-17,it was right,,,,,Correction;Paired,k;a\\;1,another household;\r\n"
        "Lent,2013-01-01,,h,,,500,city,l-1,c,,,\r\n"
    )
    write_journal(lines, tmp_path / "j.xlsx")
    rows = python_calamine.load_workbook(str(tmp_path / "j.xlsx")).get_sheet_by_name("journal").to_python()
    assert rows[4] == ["Lent", date(2013, 1, 1), "", "h", "", "", 500.0, "city", "l-1", "c", "", "", ""]
    write_journal([], tmp_path / "j.csv")
    assert read_journal(tmp_path / "j.csv") == ()


def test_what_is_read_can_be_recorded(tmp_path: Path) -> None:
    """Entries that come from a table are taken by a register as if they had been made in a program."""
    path = table(tmp_path, "kind,on,helper,household\nPaired,2012-02-08,c-17,h-1\n")
    register = Register().record(*read_journal(path))
    assert [pairing.helper for pairing in register.view(on=date(2012, 3, 1)).helpers_of("h-1")] == ["c-17"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Each fault is told once, with file, row and column, in their order."""
    text = (
        "kind,on,helper,household,takers,amount,kept,channel,helpers,of,of_id,of_reason,reason,salary\n"
        "Retired,2013-01-01,c,,,,,,,,,,,\n"
        "Retirement,2013-02-30,c,,,,,,,,,,,\n"
        "Retirement,,,h,,,,,,,,,,\n"
        "\n"
        "Visited,2013-01-01,,h,,,,by car,c;d,,,,,\n"
        "Lent,2013-01-01,,h,,1,,,,,,,,\n"
        "DutyClosed,2013-01-01,,h,,,maybe,,,,,,done,\n"
        "Retirement,2013-01-01,11010519491231002X,,,,,,,,,,,\n"
        "Correction,2013-01-01,c,,,,,,,,,,wrong,\n"
        "Correction,2013-01-01,c,,,,,,,Paired;Retirement,,,wrong,\n"
        "Correction,2013-01-01,c,,,,,,,Retirement,a;b,,wrong,\n"
        "Correction,2013-01-01,c,,,,,,,Retirement,,no,,\n"
        "Retirement,2013-01-01,c\n"
        "走访,2013-01-01,,,,,,上门,c;d,,,,,\n"
    )
    assert told(table(tmp_path, text)) == [
        "j.csv, row 1, column 14: wanted the title of a column of journal, or one in round brackets, "
        "which is passed over; got 'salary' [unknown-column]",
        "j.csv, row 2, kind: wanted a kind of entries, such as Paired (结对), got 'Retired' [unknown-kind]",
        "j.csv, row 3, on: wanted a day that exists, as YYYY-MM-DD, got '2013-02-30' [bad-date]",
        "j.csv, row 4, on: wanted a day that exists, as YYYY-MM-DD, got nothing [bad-date]",
        "j.csv, row 4, household: wanted nothing, as Retirement has no household, got a cell [other-column]",
        "j.csv, row 4, helper: wanted a text, got nothing [bad-key]",
        "j.csv, row 6, channel: wanted one of in person, telephone, message, letter, card, leaflet; got text of 6 "
        "characters [unknown-word]",
        "j.csv, row 7, fund: wanted a text, got nothing [bad-key]",
        "j.csv, row 7, loan: wanted a text, got nothing [bad-key]",
        "j.csv, row 7, guarantor: wanted a text, got nothing [bad-key]",
        "j.csv, row 8, duty: wanted a text, got nothing [bad-key]",
        "j.csv, row 8, kept: wanted yes or no (or 是 or 否, true or false, 1 or 0), got 'maybe' [bad-yes-no]",
        "j.csv, row 9, helper: wanted a key of your own, got an identity number [identity-number]",
        "j.csv, row 10, of: wanted a kind of entries, such as Paired (结对), got nothing [unknown-kind]",
        "j.csv, row 11, of: wanted at most 49 corrections down to an entry that is none, got others [bad-correction]",
        "j.csv, row 12, of_id: wanted 1 texts, one for each kind in of, got 2 [bad-correction]",
        "j.csv, row 13, reason: wanted a text, got nothing [bad-type]",
        "j.csv, row 13, of_reason: wanted nothing, as Retirement has no reason, got a cell [other-column]",
        "j.csv, row 14: wanted 14 cells, as in the header, got 3 [cell-count]",
        "j.csv, row 15, household: wanted a text, got nothing [bad-key]",
        "j.csv, row 15, channel: wanted one of in person, telephone, message, letter, card, leaflet; got text of 2 "
        "characters [unknown-word]",
    ]


def test_corrections_that_are_too_deep() -> None:
    """As many corrections upon another as a register takes are written and read, and one more is refused."""
    deep: Entry = Retirement("c", on=date(2013, 1, 1))
    with tempfile.TemporaryDirectory() as top:
        path = Path(top, "j.csv")
        for _ in range(50):
            deep = Correction(deep, "wrong")
        write_journal([deep], path)
        assert read_journal(path) == (deep,)
        with pytest.raises(RegisterError) as caught:
            write_journal([Correction(deep, "wrong")], path)
        assert str(caught.value) == (
            "j.csv, row 2, of: wanted at most 50 corrections one upon the other, got more [too-deep]"
        )
        text = path.read_text(encoding="utf-8-sig").replace("Correction;", "Correction;Correction;", 1)
        assert [problem.rpartition("[")[2] for problem in told(table(Path(top), text))] == ["bad-correction]"]


def test_workbooks_and_their_sheets(tmp_path: Path) -> None:
    """The only sheet is read whatever its name, else the one called journal; numbers, days and errors as elsewhere."""

    def book(**sheets: list[list[Any]]) -> Path:
        written = xlsxwriter.Workbook(str(tmp_path / "j.xlsx"))
        day = written.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(at, place, cell, day if isinstance(cell, date) else None)
        written.close()
        return tmp_path / "j.xlsx"

    rows: list[list[Any]] = [
        ["台账"],
        [],
        ["种类", "日期", "帮扶人", "截止日期"],
        ["请假", date(2013, 1, 1), 17, date(2013, 2, 1)],
    ]
    leave = (Leave("17", date(2013, 2, 1), on=date(2013, 1, 1)),)
    assert read_journal(book(Sheet1=rows)) == leave
    assert read_journal(book(Sheet1=[], 登记簿=rows)) == leave
    assert told(book(a=[], b=[])) == ["j.xlsx: wanted one sheet journal (or 台账, 登记簿), got none [missing-sheet]"]
    assert told(book(journal=[], 台账=[])) == [
        "j.xlsx: wanted one sheet journal (or 台账, 登记簿), got 2 that are called so [two-sheets]"
    ]
    bad: list[list[Any]] = [["kind", "on", "helper"], ["Retirement", 41275, 2.1e17], [True, date(2013, 1, 1), "c"]]
    assert told(book(journal=bad)) == [
        "j.xlsx, row 2, on: wanted a day that exists, as YYYY-MM-DD, got '41275' [bad-date]",
        "j.xlsx, row 2, helper: wanted a text, as a spreadsheet loses digits of long numbers; got a number of 18 "
        "digits [lost-digits]",
        "j.xlsx, row 3, kind: wanted a kind of entries, such as Paired (结对), got True [unknown-kind]",
    ]
    (tmp_path / "no.xlsx").write_bytes(b"kind,on\n")
    assert told(tmp_path / "no.xlsx") == [
        "no.xlsx: wanted a workbook that can be read, got one that is no workbook, or damaged [unreadable-file]"
    ]


def test_frames_are_read() -> None:
    """A frame of any library is read as a table; its rows are counted from 0, and its texts are as they are."""
    data = {
        "kind": ["Retirement", "RankChange"],
        "on": [date(2013, 1, 1), date(2013, 2, 1)],
        "helper": ["'=c", "d"],
        "rank": [None, "staff"],
        "post": [None, "=1"],
    }
    lines = (Retirement("'=c", on=date(2013, 1, 1)), RankChange("d", "staff", "=1", on=date(2013, 2, 1)))
    assert read_journal(pl.DataFrame(data)) == lines
    assert read_journal(pd.DataFrame(data).assign(on=pd.to_datetime(data["on"]))) == lines
    assert told(pl.DataFrame({"kind": ["Death"], "on": [None]})) == [
        "journal, row 0, on: wanted a day that exists, as YYYY-MM-DD, got nothing [bad-date]",
        "journal, row 0, helper: wanted a text, got nothing [bad-key]",
    ]


def test_journals_that_are_not_there(tmp_path: Path) -> None:
    """A file that is missing, empty or without the titles is told; what is no path and no frame is a wrong argument."""
    assert told(tmp_path / "no.csv") == ["no.csv: wanted a file, got none [missing-file]"]
    assert told(tmp_path)[0].endswith("wanted a file that can be read, got a folder [unreadable-file]")
    assert told(table(tmp_path, ""))[0].startswith("j.csv, row 1: wanted the titles kind, on, id, ")
    assert told(table(tmp_path, "kind,helper\nDeath,c\n")) == [
        "j.csv, row 1, on: wanted a column 'on' (or 日期, 生效日期), got none [missing-column]"
    ]
    wrong: Any = 3
    with pytest.raises(ArgumentError) as caught:
        read_journal(wrong)
    assert str(caught.value) == ("source: wanted the path of a file, or a frame, got a value of type int [bad-type]")
    with pytest.raises(ArgumentError, match=r"wanted the path of a file, or a frame, got nothing"):
        read_journal("")


def test_entries_that_cannot_be_written(tmp_path: Path) -> None:
    """What is no entry of a register, or could not be read back, is told with its row, and nothing is written."""
    day = date(2013, 1, 1)
    wrong: Any = 3
    lines: list[Any] = [
        wrong,
        Change(on=day),
        Retirement(wrong, on=day),
        Released("c", "h", "a\0b", on=day),
        Correction(wrong, "x"),
        Retirement("110105194912310021", on=day),
        Retirement("c", on=day, id="\ud800"),
        Retirement("11010519491231002X", on=day),
    ]
    with pytest.raises(RegisterError) as caught:
        write_journal(lines, tmp_path / "j.csv")
    assert [(p.file, p.row, p.field, p.code) for p in caught.value.problems] == [
        ("j.csv", 2, "", "bad-type"),
        ("j.csv", 3, "", "bad-type"),
        ("j.csv", 4, "helper", "bad-key"),
        ("j.csv", 5, "reason", "unwritable"),
        ("j.csv", 6, "of", "not-recorded"),
        ("j.csv", 8, "id", "unwritable"),
        ("j.csv", 9, "helper", "identity-number"),
    ]
    assert str(caught.value.problems[3]) == (
        "j.csv, row 5, reason: wanted no NUL and no half of a surrogate pair, and not as long, got 3 characters "
        "[unwritable]"
    )
    with pytest.raises(ArgumentError) as bad:
        write_journal([], tmp_path / "j.txt")
    assert str(bad.value).startswith("path: wanted a path ending in .csv or .xlsx, got ")
    with pytest.raises(ArgumentError) as bad:
        write_journal(wrong, tmp_path / "j.csv")
    assert str(bad.value) == "entries: wanted entries, got 3 [bad-type]"
    with pytest.raises(RosterError, match=r"wanted to write a file; got the error 'No such file or directory'"):
        write_journal([], tmp_path / "none" / "j.csv")
    assert list(tmp_path.iterdir()) == []
