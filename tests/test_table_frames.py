"""Rosters and pairings from data frames, and as data frames."""

import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError, RosterError
from pairing.faults import write_faults
from pairing.framing import BACKENDS, pairings_frame, roster_frames
from pairing.people import Helper, Household, Pairing, Village
from pairing.roster import Roster
from pairing.tables import read_pairings, read_roster
from pairing.titles import CALLED, TITLES
from test_tables import GOOD, LADDER, everything_in, folder_with, keys, rosters, small, spans
from test_workbooks import DAY, LOST, NUMBER

COLUMNS = {
    name.removesuffix(".csv"): dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))
    for name, content in GOOD.items()
    for rows in [[line.split(",") for line in content.splitlines()]]
}


def frames(**others: Any) -> dict[str, Any]:
    return {**{name: pl.DataFrame(columns) for name, columns in COLUMNS.items()}, **others}


def told(source: Mapping[str, Any]) -> list[str]:
    with pytest.raises(RosterError) as caught:
        read_roster(source)
    assert caught.value.__context__ is None
    return [str(problem) for problem in caught.value.problems]


@settings(deadline=None, max_examples=40)
@given(rosters(), st.sampled_from(BACKENDS))
def test_frames_of_a_roster_are_read_back(roster: Roster, backend: str) -> None:
    """`load(dump(x)) == x` for the frames of every library, with the names of people."""
    assert read_roster(roster_frames(roster, backend, names=True), ladder=LADDER) == roster


@settings(deadline=None, max_examples=40)
@given(st.lists(st.builds(Pairing, keys, keys, keys, spans), max_size=4), st.sampled_from(BACKENDS))
def test_frames_of_pairings_are_read_back(pairings: list[Pairing], backend: str) -> None:
    """Pairings come back from a frame as they were, in their order."""
    assert read_pairings({"pairings": pairings_frame(pairings, backend)}) == tuple(pairings)


@pytest.mark.parametrize("backend", BACKENDS)
def test_names_are_left_out(backend: str) -> None:
    """No frame has the name of a helper or a household unless it is asked for; areas and units keep theirs."""
    without, whole = roster_frames(small(), backend), roster_frames(small(), backend, names=True)
    for name, frame in without.items():
        left_out = ["name"] if name in ("helpers", "households") else []
        assert [*_titles(whole[name])] == list(TITLES[name])
        assert [*_titles(frame)] == [column for column in TITLES[name] if column not in left_out]
    assert "王小明" not in "".join(map(str, without.values()))
    assert read_roster(without) == small("")


def _titles(frame: Any) -> list[str]:
    return list(getattr(frame, "column_names", None) or frame.columns)


def test_what_frames_hold() -> None:
    """Ids are texts, numbers whole, days days, yes and no true and false; large numbers are texts, empty is missing."""
    roster = Roster(
        AreaTree([Area("v", "=1", "village")]),
        small().units,
        [Helper("-5", "u", "staff", "", members=10**20, service=Span(date(2012, 2, 8)), skills=frozenset("ab"))],
        villages=[Village("v", 412)],
    )
    row = roster_frames(roster, "polars")["helpers"].row(0, named=True)
    assert {name: cell for name, cell in row.items() if cell is not None} == {
        "id": "-5",
        "unit": "u",
        "rank": "staff",
        "post": "",
        "kind": "cadre",
        "service_start": date(2012, 2, 8),
        "members": "1" + "0" * 20,
        "skills": "a;b",
        "fit": True,
        "hardship": False,
    }
    of_pandas = roster_frames(roster)
    assert of_pandas["areas"]["name"].tolist() == ["=1"]
    assert str(of_pandas["villages"]["households"].dtype) == "Int64"
    assert str(of_pandas["helpers"]["service_end"].dtype) == "datetime64[s]"
    assert read_roster(of_pandas) == roster


@pytest.mark.parametrize("place", range(2))
@pytest.mark.parametrize(
    "make",
    [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table, lambda data: duckdb.sql("select * from data_of_duck")],
    ids=["pandas", "polars", "lazy", "pyarrow", "duckdb"],
)
def test_frames_of_every_library_are_read(tmp_path: Path, make: Any, place: int) -> None:
    """Frames of every library, lazy ones too, under English or Chinese names, read as the folder with these cells."""
    given_ = {}
    for name, columns in COLUMNS.items():
        data_of_duck = pa.table(columns)
        frame = make(columns) if "lambda" not in make.__name__ else duckdb.from_arrow(data_of_duck)
        given_[(name, *CALLED[name])[place]] = frame
    assert read_roster(given_) == read_roster(folder_with(tmp_path / "f", {}))


def test_cells_of_pandas() -> None:
    """NaN, NaT, NA and None are empty, a Timestamp at midnight is a day, 12.0 is 12, and "0012" stays."""
    helpers = pd.DataFrame(
        {
            "id": pd.Series([12.0, "0012", "ann", "bo"], dtype=object),
            "unit": ["u"] * 4,
            "rank": pd.Categorical(["staff"] * 4),
            "name": ["王", None, float("nan"), "李"],
            "birth": pd.to_datetime(["1952-02-29", None, None, None]),
            "service_start": pd.Series([date(2012, 2, 8), pd.NaT, pd.NA, datetime(2012, 2, 8)], dtype=object),
            "members": pd.array([3, None, 1, 1], dtype="Int64"),
            "fit": pd.Series([True, None, np.bool_(False), "是"], dtype=object),
            "skills": pd.Series([["a", "b;c"], np.array(["d"]), None, "e;f"], dtype=object),
            "post": pd.Series(["", None, "'=", Decimal("7")], dtype=object),
            "kin": pd.Series([np.int64(5), Decimal("NaN"), None, None], dtype=object),
        }
    )
    found = {helper.id: helper for helper in read_roster(frames(helpers=helpers)).helpers}
    since = Span(date(2012, 2, 8))
    assert found["12"] == Helper(
        "12",
        "u",
        "staff",
        "",
        service=since,
        members=3,
        skills=frozenset({"a", "b;c"}),
        kin=frozenset("5"),
        birth=date(1952, 2, 29),
        name="王",
    )
    assert found["0012"] == Helper("0012", "u", "staff", skills=frozenset("d"))
    assert found["ann"] == Helper("ann", "u", "staff", "'=", fit=False)
    assert found["bo"] == Helper("bo", "u", "staff", "7", service=since, skills=frozenset("ef"), name="李")


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        (
            "id",
            [110105194912310021, 1],
            f"{LOST} a number of 18 digits [lost-digits]",
        ),
        (
            "id",
            [2.1e17, 1.0],
            f"{LOST} a number of 18 digits [lost-digits]",
        ),
        ("id", ["a\0b", "c"], "wanted text, got a NUL character [nul]"),
        (
            "birth",
            [datetime(1952, 3, 1, 12), None],
            f"{DAY} a time of day [bad-date]",
        ),
        (
            "birth",
            pd.to_datetime(["1952-03-01", None], utc=True),
            f"{DAY} a time in a time zone [bad-date]",
        ),
        ("birth", [timedelta(3), None], f"{DAY} a time of day [bad-date]"),
        (
            "members",
            [float("inf"), 1],
            f"{NUMBER} 'inf' [bad-number]",
        ),
        (
            "members",
            [[1], 1],
            f"{NUMBER} a value of type list [bad-number]",
        ),
        ("skills", [["a", 3], None], "wanted texts, got a list with other things in it [bad-type]"),
        ("name", [b"x", None], "wanted a text, got a value of type bytes [bad-type]"),
        ("hamlet", [float("-inf"), None], "wanted a text or a whole number, got '-inf' [bad-type]"),
    ],
)
def test_each_bad_cell_of_a_frame(column: str, cells: Any, message: str) -> None:
    """A bad cell is told once, with the frame, the row from 0, and the column."""
    data = {"id": ["ann", "bo"], "unit": ["u", "u"], "rank": ["staff", "staff"], column: cells}
    empty = {"pairs": pl.DataFrame({"helper": [], "household": [], "rule": []})}
    empty["own_links"] = pl.DataFrame({"helper": [], "area": []})
    assert told(frames(helpers=pd.DataFrame(data), **empty)) == [f"helpers, row 0, {column}: {message}"]


def test_frames_that_are_missing_or_none() -> None:
    """A frame that is missing, doubled, no frame, or has a column twice is told; an unknown name is an error."""
    twice = pd.DataFrame([["u", "v", "v"]], columns=["unit", "village", "village"])
    given_ = frames(links=twice, pairs=[1], helpers=pl.DataFrame({"id": ["ann"], "x": ["b"], "rank": ["staff"]}))
    del given_["areas"]
    assert told(given_) == [
        "areas: wanted a frame 'areas', got none [missing-frame]",
        "helpers, column 2: wanted the title of a column of helpers, or one in round brackets, "
        "which is passed over; got 'x' [unknown-column]",
        "helpers, unit: wanted a column 'unit' (or 单位), got none [missing-column]",
        "links: wanted a data frame that can be read, got a frame with two columns of one name [unreadable-frame]",
        "pairs: wanted a data frame that can be read, got a value of type list [unreadable-frame]",
    ]
    message = r"^source: wanted frames by the names areas, .*, each once; got .* \[unknown-table\]$"
    empty = pl.DataFrame()
    wrongs: list[dict[Any, Any]] = [{"house": empty}, {"areas": empty, "地区": empty}, {3: empty}]
    for wrong in wrongs:
        with pytest.raises(ArgumentError, match=message):
            read_roster(wrong)
    lazy = pl.LazyFrame({"unit": ["u"]}).select(pl.col("unit").cast(pl.Int64))
    got = "got the error 'InvalidOperationError' of its library [unreadable-frame]"
    assert f"links: wanted a data frame that can be read, {got}" in told(frames(links=lazy))


MISSING = [pd.NaT, pd.NA, Decimal("sNaN"), Decimal("1e999")]
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.binary(max_size=3),
    st.sampled_from(["u", "v", "ann", "", "county", "王小明", "11010519491231002X", "a;b", "'", *MISSING]),
    st.lists(st.text(max_size=2), max_size=2),
)


@settings(deadline=None, max_examples=120)
@given(st.data())
def test_any_frame_gives_a_roster_or_problems_with_a_place(data: st.DataObject) -> None:
    """Any values in a frame give a roster or problems with frame and row; and no name or number is ever told."""
    name = data.draw(st.sampled_from(sorted(COLUMNS)))
    rows = data.draw(st.lists(st.lists(values, min_size=len(TITLES[name]), max_size=len(TITLES[name])), max_size=3))
    frame = pd.DataFrame(rows, columns=list(TITLES[name]), dtype=object)
    try:
        read_roster(frames(**{name: frame}))
    except RosterError as error:
        texts, problems = list(everything_in(error)), error.problems
    else:
        texts, problems = [], ()
    assert all(problem.file in COLUMNS and problem.row is not None for problem in problems)
    assert not [text for text in texts if "王小明" in text or "11010519491231002X" in text]


def test_faults_of_frames_can_be_mended() -> None:
    """Bad rows of frames go to a workbook, with the row from 0 and texts that read back as they were."""
    bad = pl.DataFrame({"id": ["x", "y"], "village": ["v", "w"], "name": ["'=", "'="]})
    with tempfile.TemporaryDirectory() as top:
        problems = write_faults(frames(households=bad), Path(top, "f.xlsx"))
        sheet = python_calamine.load_workbook(str(Path(top, "f.xlsx"))).get_sheet_by_name("households")
        assert [problem.row for problem in problems] == [1]
        assert sheet.to_python() == [
            ["row", "id", "village", "name", "error"],
            [1.0, "y", "w", "''=", "village: wanted the key of an area of level village, got 'w' [unknown-village]"],
        ]


def test_arguments_of_other_types() -> None:
    """What is no roster, no pairings, no such library, and what no frame gives back, is refused."""
    wrong: Any = "x"
    for call, message in (
        (lambda: roster_frames(wrong), "roster: wanted a Roster, got 'x' [bad-type]"),
        (lambda: roster_frames(small(), names=wrong), "names: wanted True or False, got 'x' [bad-type]"),
        (lambda: pairings_frame(wrong), "pairings: wanted pairings, got 'x' [bad-type]"),
        (lambda: pairings_frame([], wrong), "backend: wanted one of pandas, polars, pyarrow; got 'x' [unknown-word]"),
    ):
        with pytest.raises(ArgumentError) as caught:
            call()
        assert str(caught.value) == message
    roster = Roster(AreaTree([Area("v", "", "village")]), households=[Household("x", "v", status="a ")])
    with pytest.raises(RosterError, match=r"households, row 0, status: wanted a text that has no spaces around it"):
        roster_frames(roster)
