"""What the files of a folder are read as, what is told of bad ones, and that nothing is half written."""

import csv
import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pairing import sheets, sources, titles
from pairing.areas import LEVELS, Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError, PairingError, Problem, RosterError
from pairing.journal import ENTRY_WORDS
from pairing.people import (
    KINDS,
    RULES,
    SEXES,
    Helper,
    Household,
    Ladder,
    Link,
    NamedPair,
    OwnLink,
    Pairing,
    Rank,
    Unit,
    Village,
)
from pairing.roster import Roster
from pairing.tables import TITLES, put, read_pairings, read_roster, write_pairings, write_roster
from pairing.titles import WORDS

FILES = (
    "areas.csv",
    "units.csv",
    "helpers.csv",
    "households.csv",
    "links.csv",
    "pairs.csv",
    "own_links.csv",
    "villages.csv",
)

GOOD = {
    "areas.csv": "code,name,level,parent\n62,甘肃省,province,\n6201,兰州市,prefecture,62\nv,上坪村,village,6201\n",
    "units.csv": "id,name,level,area,parent\nu,财政局,county,6201,\n",
    "helpers.csv": "id,name,unit,rank\nann,王小明,u,section\nbo,李大山,u,staff\n",
    "households.csv": "id,name,village\nx,赵铁柱,v\ny,钱二嫂,v\n",
    "links.csv": "unit,village\nu,v\n",
    "pairs.csv": "helper,household,rule\nann,x,locked\n",
    "own_links.csv": "helper,area\nann,v\n",
    "villages.csv": "code,households,remoteness\nv,412,3\n",
}


def folder_with(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in {**GOOD, **files}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(RosterError) as caught:
        read_roster(folder)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return caught.value.problems


def error_of(read: Callable[[Path], object], folder: Path) -> RosterError | None:
    try:
        read(folder)
    except RosterError as error:
        return error
    return None


def told(tmp_path: Path, **files: str | bytes) -> list[str]:
    """Return the full texts of what is wrong with a folder that is good but for the given files."""
    named = {f"{name}.csv": content for name, content in files.items()}
    return [str(problem) for problem in problems_of(folder_with(tmp_path / "told", named))]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# Rosters of all kinds of text.

ODD = [
    "=1+1",
    "+86",
    "-1",
    "@x",
    "\t=x",
    "\r",
    "'",
    "''",
    "'=1",
    "'王",
    "王;李",
    "王\\",
    '"',
    'a"b',
    "a,b",
    "a\r\nb",
    "a\nb",
    "水；路",
    "；",
    "\\；",
    "王；\\；;",
    "县",
    "干部",
    "是",
    "no",
]
ODD += [" ", "　", " 王 ", "\ufeff", "㛃䶮𬱖", "０１２", "1e3", "NaN", "\u2028", "\x85", "\x1c", ";", "\\;", "\\ ", ""]
texts = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
ids = st.text(
    st.sampled_from("ab0'=+-@;\\王䶮𬱖\",~.") | st.characters(categories=["Lo", "Nd"]), min_size=1, max_size=6
)
keys = (ids | st.sampled_from(["0012", "'", "''", "'=", "=1+1", "a b"])).filter(lambda text: text == text.strip())
words = texts.filter(lambda text: text == text.strip())
items = st.frozensets(texts.filter(bool), max_size=3)
days = st.dates(date(1, 1, 1), date(9999, 12, 1))
spans = st.none() | st.builds(
    lambda start, days: Span(start, min(date.max, start + timedelta(days)) if days else None),
    st.dates(date(1, 1, 1), date(9990, 1, 1)),
    st.integers(0, 3000),
)
LADDER = Ladder(["section", "staff", "'@", "科 级"])


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    codes = draw(st.lists(keys, min_size=2, max_size=5, unique=True))
    areas = [Area(codes[0], draw(texts), "county")]
    areas += [Area(code, draw(texts), "village", draw(st.sampled_from([None, codes[0]]))) for code in codes[1:]]
    villages = st.sampled_from(codes[1:])
    unit_ids = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
    units = [Unit(id, "county", draw(st.sampled_from(codes)), name=draw(texts)) for id in unit_ids]
    units += [Unit("sub", "township", codes[0], unit_ids[0])] if "sub" not in unit_ids else []
    helpers = [
        Helper(
            id,
            draw(st.sampled_from(unit_ids)),
            draw(st.sampled_from([rank.id for rank in LADDER])),
            draw(st.none() | texts),
            draw(st.sampled_from(KINDS)),
            draw(spans),
            draw(st.integers(1, 10**99)),
            draw(items),
            languages=draw(items),
            home=draw(words | villages),
            hamlet=draw(texts),
            ties=draw(items),
            kin=draw(items),
            fit=draw(st.booleans()),
            hardship=draw(st.booleans()),
            division=draw(words),
            birth=draw(st.none() | days),
            sex=draw(st.sampled_from(["", *SEXES])),
            name=draw(texts),
        )
        for id in draw(st.lists(keys, max_size=3, unique=True))
    ]
    households = [
        Household(
            id,
            draw(villages),
            draw(st.integers(0, 9)),
            draw(st.integers(1, 9)),
            draw(texts),
            draw(items),
            draw(spans),
            languages=draw(items),
            kin=draw(items),
            status=draw(words),
            name=draw(texts),
        )
        for id in draw(st.lists(keys, max_size=3, unique=True))
    ]
    linked = draw(st.lists(st.tuples(st.sampled_from(unit_ids), villages), max_size=3, unique=True))
    both = [(helper.id, household.id) for helper in helpers for household in households]
    named = [
        NamedPair(helper, household, rule, 7 if rule == "preferred" else 0, draw(texts))
        for helper, household in (draw(st.lists(st.sampled_from(both), max_size=3, unique=True)) if both else [])
        for rule in [draw(st.sampled_from(RULES))]
    ]
    both = [(helper.id, code) for helper in helpers for code in codes]
    own = draw(st.lists(st.sampled_from(both), max_size=3, unique=True)) if both else []
    counts = st.integers(0, 10**99)
    known = [
        Village(code, draw(counts), draw(counts), draw(counts))
        for code in draw(st.lists(villages, max_size=3, unique=True))
    ]
    return Roster(
        AreaTree(draw(st.permutations(areas))),
        units,
        helpers,
        households,
        [Link(*link) for link in linked],
        named,
        LADDER,
        [OwnLink(*link) for link in own],
        known,
    )


@settings(deadline=None, max_examples=120)
@given(rosters())
def test_what_is_written_is_read_back(roster: Roster) -> None:
    """`load(dump(x)) == x`, the order of areas included; and writing what was read gives the same bytes."""
    with tempfile.TemporaryDirectory() as top:
        first, second = Path(top, "first"), Path(top, "second")
        write_roster(roster, first)
        read = read_roster(first, ladder=LADDER)
        assert read == roster
        write_roster(read, second)
        assert bytes_of(first) == bytes_of(second)


@settings(deadline=None, max_examples=60)
@given(rosters(), st.randoms(use_true_random=False))
def test_columns_may_stand_in_any_order(roster: Roster, random: Any) -> None:
    """Shuffled columns, and gzipped files, read as the same roster."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "roster")
        write_roster(roster, folder)
        for path in folder.iterdir():
            with path.open(encoding="utf-8-sig", newline="") as stream:
                columns = list(zip(*csv.reader(stream, strict=True), strict=True))
            random.shuffle(columns)
            with gzip.open(f"{path}.gz", "wt", encoding="utf-8", newline="") as zipped:
                csv.writer(zipped).writerows(zip(*columns, strict=True))
            path.unlink()
        assert read_roster(folder, ladder=LADDER) == roster


@settings(deadline=None, max_examples=80)
@given(st.lists(st.builds(Pairing, keys, keys, keys, spans)))
def test_written_pairings_are_read_back(pairings: list[Pairing]) -> None:
    """Pairings are read back as they were, in their order, and as often as they stood there."""
    with tempfile.TemporaryDirectory() as top:
        write_pairings(iter(pairings), top)
        assert read_pairings(top) == tuple(pairings)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="'=+-@\t\r;；\\ a", max_size=6), max_size=40))
@example(["", "'", "''", "'=", "\\", "\\;", " ", "a ", " a", ";", "；", "\\；", "；;", "a；"])
def test_escapes_undo_each_other(texts: list[str]) -> None:
    """Every text comes back from the file, however it mixes apostrophes, formula signs, backslashes and spaces."""
    areas = AreaTree([Area("v", "上坪村", "village")])
    households = [
        Household(f"x{at}", "v", hamlet=text, needs=frozenset({text, "b"} - {""}), status=text.strip(), name=text)
        for at, text in enumerate(texts)
    ]
    helpers = [
        Helper(f"y{at}", "u", kind="team", post=text, hamlet=text, kin=frozenset({text, "a；b"} - {""}))
        for at, text in enumerate(texts)
    ]
    roster = Roster(areas, [Unit("u", "county", "v")], helpers, households)
    with tempfile.TemporaryDirectory() as top:
        write_roster(roster, top)
        assert read_roster(top) == roster


# Bad bytes.

chunks = st.sampled_from(
    [
        *[line.encode() for content in GOOD.values() for line in content.splitlines()],
        *[
            b",",
            b"\n",
            b"\r",
            b"\r\n",
            b'"',
            b"\0",
            b"\xef\xbb\xbf",
            b"\xff",
            b"ann",
            b"u",
            b"x",
            b"v",
            b"1e3",
            b"'",
            b";",
            "；".encode(),
            "是,".encode(),
            "乡镇".encode(),
        ],
        *[b"id", b"helper,household,rule,score,reason\n", b"id,unit,service_start,service_end,members,skills\n"],
        *[b"id,unit,rank,division,birth,sex\n", b"1952-02-29", "女".encode()],
        *[b"id,unit,fit,hardship,home,kin\n", b"helper,area\n", b"code,households,remoteness,difficulty\n"],
        *[
            b"2012-02-30",
            b"2012-01-01",
            "姓名,编号".encode("gb18030"),
            b"\x1f\x8b\x08\0",
            b"\xfe\xff",
            b"=cmd|' /C'!A0",
        ],
    ]
)
bad_bytes = st.binary(max_size=40) | st.lists(chunks | st.binary(max_size=3), max_size=12).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(FILES), bad_bytes, max_size=len(FILES)), st.booleans(), st.data())
def test_any_bytes_give_a_roster_or_problems_with_a_file(
    files: dict[str, bytes], zipped: bool, data: st.DataObject
) -> None:
    """Any input, however bad, gives an answer or an error of ours that says where; nothing foreign."""
    with tempfile.TemporaryDirectory() as top:
        folder = folder_with(Path(top, "f"), files)
        (folder / "pairings.csv").write_bytes(files.get("pairs.csv", b""))
        if zipped:
            name = data.draw(st.sampled_from(FILES))
            content = (folder / name).read_bytes()
            (folder / name).unlink()
            (folder / f"{name}.gz").write_bytes(data.draw(st.sampled_from([content, gzip.compress(content)])))
        for error in (error_of(read_roster, folder), error_of(read_pairings, folder)):
            if error is not None:
                assert error.problems
                assert all(problem.file and problem.code and problem.message for problem in error.problems)
                assert error.__context__ is None
                files_in_order = [*FILES, "pairings.csv"]
                places = [files_in_order.index(problem.file.removesuffix(".gz")) for problem in error.problems]
                order = [(place, problem.row or 0) for place, problem in zip(places, error.problems, strict=True)]
                assert order == sorted(order)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A folder with faults of many kinds is told in one error: file, row, column and code of each, in order."""
    folder = folder_with(
        tmp_path / "faults",
        {
            "areas.csv": "code,name,level,parent\n62,甘,province,\nv,上坪村,village,62\n\nv,下坪村,village,62\n"
            "w,西,hamlet,62\nq,东,village,nowhere\np,北,province,v\n",
            "units.csv": "编号,name,level,area,parent,prent\nu,财政局,county,62,,\nu1,粮食局,city,62,u2,\n"
            "u2,教育局,county,99,u1,\n",
            "helpers.csv": "id,name,unit,rank,post,kind,service_start,service_end,members,skills,fit,hardship\n"
            "ann,王一,u,section,,,,,１２,,,\n"
            "bo,王二,u,boss,,,2012/2/8,,1,,y,2\n"
            ",,,,,,,,,,,\n"
            'cy,"王\n三",u,staff,,robot,2012-02-30,2013-01-01,1_000,,YES,否\n'
            "di,王四,u,staff,,,2013-01-01,2013-01-01,1,,,\n"
            "ed,王五,u,staff,,,,2013-01-01,1e3,,,有\n"
            "fi,王六,u9,staff\n"
            "11010519491231002X,王七,u,staff,,,,,1,,,\n"
            "ann,王八,u,staff,,,,,0,,,\n"
            '"go"x,王九,u,staff,,,,,1,,,\n',
            "households.csv": "id,name,village,difficulty,persons,difficulty\n x ,赵,v,1,1,\n"
            "x,钱,w,1,+1,\nz,孙,62,-1,1.0,\n"
            "n\0n,李,v,1,1,1\ny,周,v,NaN,NaN,,,\n",
            "links.csv": "unit,village\nu,v\nu,v\nu,nowhere\n",
            "pairs.csv": "helper,household,rule,score\nann,x,locked,0\nfi,y,preferred,0\ngo,nn,sometimes,\n"
            "ann,x,locked,5\nann,nobody,locked,\n",
            "own_links.csv": "helper,area\nann,v\nann,62\nzoe,v\nbo,nowhere\nann,v\nann,v,v\n,v\n",
            "villages.csv": "code,households,remoteness,difficulty,persons\nv,1.5,-1,二,\nv,,,,\n62,,,,\n",
        },
    )
    assert [(problem.file, problem.row, problem.field, problem.code) for problem in problems_of(folder)] == [
        ("areas.csv", 5, "code", "duplicate-id"),
        ("areas.csv", 6, "level", "unknown-level"),
        ("areas.csv", 7, "parent", "unknown-area"),
        ("areas.csv", 8, "parent", "level-order"),
        ("units.csv", 1, "column 6", "unknown-column"),
        ("units.csv", 3, "level", "unknown-level"),
        ("units.csv", 3, "parent", "cycle"),
        ("units.csv", 4, "area", "unknown-area"),
        ("helpers.csv", 2, "members", "bad-number"),
        ("helpers.csv", 3, "rank", "unknown-rank"),
        ("helpers.csv", 3, "service_start", "bad-date"),
        ("helpers.csv", 3, "fit", "bad-yes-no"),
        ("helpers.csv", 3, "hardship", "bad-yes-no"),
        ("helpers.csv", 5, "kind", "unknown-kind"),
        ("helpers.csv", 5, "service_start", "bad-date"),
        ("helpers.csv", 5, "members", "bad-number"),
        ("helpers.csv", 6, "service_end", "empty-span"),
        ("helpers.csv", 7, "service_start", "bad-span"),
        ("helpers.csv", 7, "members", "bad-number"),
        ("helpers.csv", 7, "hardship", "bad-yes-no"),
        ("helpers.csv", 8, "", "cell-count"),
        ("helpers.csv", 9, "id", "identity-number"),
        ("helpers.csv", 10, "id", "duplicate-id"),
        ("helpers.csv", 10, "members", "bad-number"),
        ("helpers.csv", 11, "", "bad-quotes"),
        ("households.csv", 1, "difficulty", "duplicate-column"),
        ("households.csv", 3, "id", "duplicate-id"),
        ("households.csv", 3, "persons", "bad-number"),
        ("households.csv", 4, "village", "unknown-village"),
        ("households.csv", 4, "persons", "bad-number"),
        ("households.csv", 5, "", "nul"),
        ("households.csv", 6, "", "cell-count"),
        ("links.csv", 3, "unit", "duplicate-link"),
        ("links.csv", 4, "village", "unknown-village"),
        ("pairs.csv", 3, "score", "bad-number"),
        ("pairs.csv", 4, "rule", "unknown-rule"),
        ("pairs.csv", 5, "helper", "duplicate-pair"),
        ("pairs.csv", 6, "household", "unknown-household"),
        ("own_links.csv", 3, "area", "unknown-county-or-village"),
        ("own_links.csv", 5, "area", "unknown-county-or-village"),
        ("own_links.csv", 6, "helper", "duplicate-link"),
        ("own_links.csv", 7, "", "cell-count"),
        ("villages.csv", 1, "column 5", "unknown-column"),
        ("villages.csv", 2, "households", "bad-number"),
        ("villages.csv", 2, "remoteness", "bad-number"),
        ("villages.csv", 2, "difficulty", "bad-number"),
        ("villages.csv", 3, "code", "duplicate-id"),
        ("villages.csv", 4, "code", "unknown-village"),
    ]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (
            "units",
            "id,name,level,area,prent,\nu,局,county,6201,,\n",
            "units.csv, row 1, column 5: wanted the title of a column of units, or one in round brackets, "
            "which is passed over; got 'prent'. Maybe 'parent'? "
            "[unknown-column]",
        ),
        (
            "units",
            "id,level,area,电话\nu,county,6201,\n",
            "units.csv, row 1, column 4: wanted the title of a column of units, or one in round brackets, "
            "which is passed over; got text of 2 characters "
            "[unknown-column]",
        ),
        (
            "units",
            "id,level,area,\nu,county,6201,王小明\n",
            "units.csv, row 1, column 4: wanted the title of a column of units, or one in round brackets, "
            "which is passed over; got nothing [unknown-column]",
        ),
        (
            "units",
            "id,level,area,编号\nu,county,6201,u\n",
            "units.csv, row 1, id: wanted each column once, got this in columns 1 and 4 [duplicate-column]",
        ),
        (
            "units",
            "id,area\nu,6201\n",
            "units.csv, row 1, level: wanted a column 'level' (or 级别, 层级), got none [missing-column]",
        ),
        (
            "units",
            "level,area\ncounty,6201\n",
            "units.csv, row 1, id: wanted a column 'id' (or 编号), got none [missing-column]",
        ),
        (
            "units",
            "",
            "units.csv, row 1: wanted the titles id, name, level, area, parent; got an empty file [missing-header]",
        ),
        (
            "units",
            "\n  ,\n",
            "units.csv, row 1: wanted the titles id, name, level, area, parent; got an empty file [missing-header]",
        ),
        (
            "units",
            "\nu,财政局,county,6201,\n1,2\n",
            "units.csv, row 2: wanted the titles id, name, level, area, parent; got none of them [missing-header]",
        ),
        (
            "units",
            "id,level,area\n\nu,county\n",
            "units.csv, row 3: wanted 3 cells, as in the header, got 2 [cell-count]",
        ),
        (
            "units",
            "id,level,area\nu,county,6201,,王小明\n",
            "units.csv, row 2: wanted 3 cells, as in the header, got 5 [cell-count]",
        ),
        (
            "units",
            "id,level,area\nu,county,6201\n\0,county,6201\n",
            "units.csv, row 3: wanted text, got a NUL character in column 1 [nul]",
        ),
        (
            "units",
            'id,name,level,area\nu,"王"小明,county,6201\n',
            "units.csv, row 2: wanted quotes around a whole cell, and each one within it doubled; got others "
            "[bad-quotes]",
        ),
        (
            "units",
            '"id,name,level,area\nu,王小明,county,6201\n',
            "units.csv, row 1: wanted quotes around a whole cell, and each one within it doubled; got others "
            "[bad-quotes]",
        ),
        (
            "units",
            f"id,name,level,area\nu,{'王' * 131_073},county,6201\n",
            "units.csv, row 2: wanted cells of at most 131,072 characters, got a longer one. Maybe a quote is "
            "left open? [long-cell]",
        ),
        (
            "units",
            "id,name,level,area\nu,王小明,county,6201\n".encode("utf-16"),
            "units.csv: wanted UTF-8 or GB18030; counted from 0, byte 0 is not UTF-8 and byte 0 is not GB18030 "
            "[bad-encoding]",
        ),
        (
            "units",
            "id,name,level,area\nu,王小明,county,6201\n".encode().replace(b"\xe5", b"\xff"),
            "units.csv: wanted UTF-8 or GB18030; counted from 0, byte 24 is not UTF-8 [bad-encoding]",
        ),
        (
            "units",
            b"\xef\xbb\xbf" + "id,name,level,area\nu,王小明,county,6201\n".encode("gb18030"),
            "units.csv: wanted UTF-8 or GB18030; counted from 0, byte 24 is not UTF-8 [bad-encoding]",
        ),
        (
            "helpers",
            "id,unit,rank,members\nann,u,staff,１２\nbo,u,staff,3\n",
            "helpers.csv, row 2, members: wanted a whole number, in at most 100 of the digits 0 to 9, "
            "got text of 2 characters [bad-number]",
        ),
        (
            "helpers",
            "id,unit,rank,members\nann,u,staff,0\nbo,u,staff,\n",
            "helpers.csv, row 2, members: wanted a whole number from 1, got 0 [bad-number]",
        ),
        (
            "helpers",
            "id,unit,rank,service_start\nann,u,staff,2012-02-30\nbo,u,staff,\n",
            "helpers.csv, row 2, service_start: wanted a day that exists, as YYYY-MM-DD, got '2012-02-30' [bad-date]",
        ),
        (
            "helpers",
            "id,unit,rank,service_start,service_end\nann,u,staff,2012-02-08,2012-02-08\nbo,u,staff,,\n",
            "helpers.csv, row 2, service_end: wanted the first day after the span, later than 2012-02-08; "
            "got 2012-02-08 [empty-span]",
        ),
        (
            "helpers",
            "id,unit,rank,service_end\nann,u,staff,2012-02-08\nbo,u,staff,\n",
            "helpers.csv, row 2, service_start: wanted a start, as there is an end, 2012-02-08; got nothing [bad-span]",
        ),
        (
            "helpers",
            "id,unit,rank\nann,u,staff\n\n\nbo,u,staff\n\nann,u,staff\n",
            "helpers.csv, row 7, id: 'ann' stands already in row 2; give each its own id [duplicate-id]",
        ),
        (
            "helpers",
            "id,unit,rank\nann,u,staff\n王小明,u,staff\n王小明,u,staff\n",
            "helpers.csv, row 4, id: text of 3 characters stands already in row 3; give each its own id [duplicate-id]",
        ),
        (
            "units",
            "id,level,area,parent\n\nu,county,6201,王小明\n王小明,county,6201,u\n",
            "units.csv, row 3, parent: 'u' is its own superior, by way of its parents [cycle]",
        ),
        (
            "areas",
            "code,name,level,parent\n6201,,county,\n\nv,,village,\nv,,village,\n",
            "areas.csv, row 5, code: 'v' stands already in row 4; wanted one row each [duplicate-id]",
        ),
        (
            "areas",
            "code,name,level,parent\n6201,,county,v\n\nv,,county,6201\nv2,,village,\n",
            "areas.csv, row 2, parent: '6201' lies in itself, by way of its parents [cycle]",
        ),
        (
            "links",
            "unit,village\n\nu,v\n\n\nu,v\n",
            "links.csv, row 6, unit: 'u' and 'v' are linked already in row 3; keep one of the two [duplicate-link]",
        ),
        (
            "pairs",
            "helper,household,rule\n\nann,x,locked\nann,x,locked\n",
            "pairs.csv, row 4, helper: 'ann' and 'x' are named already in row 3; keep one of the two [duplicate-pair]",
        ),
        (
            "helpers",
            "id,unit,rank,fit\nann,u,staff,maybe\nbo,u,staff,no\n",
            "helpers.csv, row 2, fit: wanted yes or no (or 是 or 否, true or false, 1 or 0), got 'maybe' [bad-yes-no]",
        ),
        (
            "helpers",
            "编号,单位,职级,困难\nann,u,staff,王小明\nbo,u,staff,\n",
            "helpers.csv, row 2, hardship: wanted yes or no (or 是 or 否, true or false, 1 or 0), "
            "got text of 3 characters [bad-yes-no]",
        ),
        (
            "helpers",
            "id,unit,rank,kind\nann,u,staff,干部\nbo,u,staff,司机\n",
            "helpers.csv, row 3, kind: wanted one of cadre, team, group, owner; got text of 2 characters "
            "[unknown-kind]",
        ),
        (
            "helpers",
            "编号,单位,职级,性别\nann,u,staff,女\nbo,u,staff,不详\n",
            "helpers.csv, row 3, sex: wanted one of f, m; got text of 2 characters [unknown-sex]",
        ),
        (
            "helpers",
            "id,unit,rank,birth\nann,u,staff,1952-02-30\nbo,u,staff,\n",
            "helpers.csv, row 2, birth: wanted a day that exists, as YYYY-MM-DD, got '1952-02-30' [bad-date]",
        ),
        (
            "helpers",
            "编号,单位,职级,出生日期\nann,u,staff,一九五二年\nbo,u,staff,\n",
            "helpers.csv, row 2, birth: wanted a day that exists, as YYYY-MM-DD, got text of 5 characters [bad-date]",
        ),
        (
            "own_links",
            "helper,area\n\nann,v\n\nann,v\n",
            "own_links.csv, row 5, helper: 'ann' and 'v' are linked already in row 3; keep one of the two "
            "[duplicate-link]",
        ),
        (
            "own_links",
            "帮扶人,联系点\nann,6201\n",
            "own_links.csv, row 2, area: wanted the key of an area of level county or village, got '6201' "
            "[unknown-county-or-village]",
        ),
        (
            "own_links",
            "helper,area\n王小明,v\n",
            "own_links.csv, row 2, helper: wanted the key of a helper, got text of 3 characters [unknown-helper]",
        ),
        (
            "own_links",
            "helper\nann\n",
            "own_links.csv, row 1, area: wanted a column 'area' (or 联系点), got none [missing-column]",
        ),
        (
            "own_links",
            "",
            "own_links.csv, row 1: wanted the titles helper, area; got an empty file [missing-header]",
        ),
        (
            "villages",
            "户数\n412\n",
            "villages.csv, row 1, code: wanted a column 'code' (or 编号, 代码), got none [missing-column]",
        ),
        (
            "villages",
            "code,households\nv,约四百\n",
            "villages.csv, row 2, households: wanted a whole number, in at most 100 of the digits 0 to 9, "
            "got text of 3 characters [bad-number]",
        ),
        (
            "villages",
            "code,remoteness\n\nv,-1\n",
            "villages.csv, row 3, remoteness: wanted a whole number from 0, got -1 [bad-number]",
        ),
        (
            "villages",
            "code,remoteness\n6201,1\n",
            "villages.csv, row 2, code: wanted the key of an area of level village, got '6201' [unknown-village]",
        ),
        (
            "villages",
            "code\nv\n\nv\n",
            "villages.csv, row 4, code: 'v' stands already in row 2; keep one of the two [duplicate-id]",
        ),
    ],
)
def test_each_message_in_full(tmp_path: Path, file: str, content: str | bytes, message: str) -> None:
    """Each message says what was wanted, what was got, and where a spreadsheet shows it."""
    assert message in told(tmp_path, **{file: content})


@pytest.mark.parametrize(
    "cell",
    ["１２", "1_000", "+1", "1.0", "NaN", "inf", "1e3", "0x1", "1,0", "1 0", "٣", "--1", "1" * 101, "真", "True"],
)
def test_only_ascii_digits_make_a_number(tmp_path: Path, cell: str) -> None:
    """What is not a whole number in the digits 0 to 9 is refused."""
    content = f'id,village,difficulty\nx,v,"{cell}"\ny,v,\n'
    assert [p.code for p in problems_of(folder_with(tmp_path / "n", {"households.csv": content}))] == ["bad-number"]


@pytest.mark.parametrize(
    "cell",
    ["2012/2/8", "20120208", "2012-02-30", "2012-2-8", "2012-W06-3", "２０１２-02-08", "2012-02-08T00:00", "40947"],
)
def test_only_iso_days_are_days(tmp_path: Path, cell: str) -> None:
    """What is not a day of the calendar, as YYYY-MM-DD, is refused."""
    content = f"id,village,registered_start\nx,v,{cell}\ny,v,\n"
    assert [p.code for p in problems_of(folder_with(tmp_path / "d", {"households.csv": content}))] == ["bad-date"]


@pytest.mark.parametrize(
    "cell", ["y", "n", "2", "01", "1.0", "yes no", "ｙｅｓ", "１", "对", "有", "√", "None", "'yes", "-"]
)
@pytest.mark.parametrize("column", ["fit", "hardship"])
def test_only_few_words_are_yes_or_no(tmp_path: Path, cell: str, column: str) -> None:
    """What is none of the words for yes and no is refused, never guessed."""
    content = f"id,unit,rank,{column}\nann,u,staff,{cell}\nbo,u,staff,\n"
    assert [p.code for p in problems_of(folder_with(tmp_path / "y", {"helpers.csv": content}))] == ["bad-yes-no"]


# What is read.


@pytest.mark.parametrize("cell", ["yes", "Yes", " YES ", "是", "　是", "true", "TRUE", "True", "1"])
def test_words_for_yes(tmp_path: Path, cell: str) -> None:
    """Yes is yes, 是, true or 1, in any case and with spaces around it."""
    content = f"id,unit,rank,fit,hardship\nann,u,staff,{cell},{cell}\nbo,u,staff,,\n"
    ann, bo = read_roster(folder_with(tmp_path / "y", {"helpers.csv": content})).helpers
    assert ((ann.fit, ann.hardship), (bo.fit, bo.hardship)) == ((True, True), (True, False))


@pytest.mark.parametrize("cell", ["no", "No", " NO ", "否", "否　", "false", "FALSE", "False", "0"])
def test_words_for_no(tmp_path: Path, cell: str) -> None:
    """No is no, 否, false or 0, in any case and with spaces around it."""
    content = f"id,unit,rank,fit,hardship\nann,u,staff,{cell},{cell}\nbo,u,staff,,\n"
    ann, bo = read_roster(folder_with(tmp_path / "n", {"helpers.csv": content})).helpers
    assert ((ann.fit, ann.hardship), (bo.fit, bo.hardship)) == ((False, False), (True, False))


CHINESE = {
    "areas.csv": "编号,名称,级别,上级\n62,甘肃省,省,\n6201,兰州市, 市 ,62\n620121,永登县,县,6201\n"
    "a,上乡,乡,620121\nb,下镇,镇,620121\nc,中,乡镇,620121\nv,上坪村,村,a\nw,河湾,社区,b\n",
    "units.csv": "编号,名称,级别,所在地\nu,财政局,市,6201\nu2,水务局,县,620121\nu3,所,乡镇,c\n",
    "helpers.csv": "编号,姓名,单位,职级,类别,语言,住村,村民小组,旧缘,亲属,健康,困难,科室,出生日期,性别\n"
    "ann,王小明,u,section,干部,普通话；藏语,v,一社,v；w,王家,是,否, 预算科 ,1952-02-29,女\n"
    "bo,李大山,u2,,工作队,,,,,,否,是,,, 男\ncy,善会,u2,,社会团体,,,,,,,,,,\ndi,马老板,u3,,业主,,,,,,,,,,\n",
    "households.csv": "编号,户主,村,语言,亲属,状态\nx,赵铁柱,v,藏语,王家；赵家, exited \ny,钱二嫂,w,,,\n",
    "links.csv": "单位,村\nu,v\n",
    "pairs.csv": "帮扶人,贫困户,规则,分值\nann,x,锁定,\nbo,x,回避,\nbo,y,优先,2\n",
    "own_links.csv": "帮扶人,联系点\nbo,620121\nann,w\n",
    "villages.csv": "代码,户数,偏远程度,困难程度\nw,412,3,2\n",
}
ENGLISH = {
    "areas.csv": "code,name,level,parent\n62,甘肃省,province,\n6201,兰州市,prefecture,62\n620121,永登县,county,6201\n"
    "a,上乡,township,620121\nb,下镇,township,620121\nc,中,township,620121\n"
    "v,上坪村,village,a\nw,河湾,village,b\n",
    "units.csv": "id,name,level,area\nu,财政局,prefecture,6201\nu2,水务局,county,620121\nu3,所,township,c\n",
    "helpers.csv": "id,name,unit,rank,kind,languages,home,hamlet,ties,kin,fit,hardship,division,birth,sex\n"
    "ann,王小明,u,section,cadre,普通话;藏语,v,一社,v;w,王家,yes,no,预算科,1952-02-29,f\n"
    "bo,李大山,u2,,team,,,,,,no,yes,,,m\ncy,善会,u2,,group,,,,,,yes,no,,,\ndi,马老板,u3,,owner,,,,,,yes,no,,,\n",
    "households.csv": "id,name,village,languages,kin,status\nx,赵铁柱,v,藏语,王家;赵家,exited\ny,钱二嫂,w,,,\n",
    "links.csv": "unit,village\nu,v\n",
    "pairs.csv": "helper,household,rule,score\nann,x,locked,0\nbo,x,excluded,0\nbo,y,preferred,2\n",
    "own_links.csv": "helper,area\nann,w\nbo,620121\n",
    "villages.csv": "code,households,remoteness,difficulty\nw,412,3,2\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_titles_and_words(tmp_path: Path, encoding: str) -> None:
    """Files whose titles and words are all Chinese read as the same roster as the English ones, and are written so."""
    chinese = {file: content.encode(encoding) for file, content in CHINESE.items()}
    theirs, ours = (
        read_roster(folder_with(tmp_path / name, files)) for name, files in (("c", chinese), ("e", ENGLISH))
    )
    assert theirs == ours
    assert theirs.helper("ann") == Helper(
        "ann",
        "u",
        "section",
        languages=frozenset({"普通话", "藏语"}),
        home="v",
        hamlet="一社",
        ties=frozenset({"v", "w"}),
        kin=frozenset({"王家"}),
        division="预算科",
        birth=date(1952, 2, 29),
        sex="f",
        name="王小明",
    )
    assert (theirs.helper("bo").fit, theirs.helper("bo").hardship) == (False, True)
    assert theirs.household("x") == Household(
        "x",
        "v",
        languages=frozenset({"藏语"}),
        kin=frozenset({"王家", "赵家"}),
        status="exited",
        name="赵铁柱",
    )
    assert theirs.own_links == (OwnLink("ann", "w"), OwnLink("bo", "620121"))
    assert theirs.villages == (Village("w", 412, 3, 2),)
    write_roster(theirs, tmp_path / "w")
    written = b"".join(bytes_of(tmp_path / "w").values()).decode()
    assert not {word for words in titles.WORDS.values() for word in words} & set(re.split(r"[,\r\n]+", written))


@pytest.mark.parametrize("apostrophe", ["", "'=小明"])
@pytest.mark.parametrize(("word", "level"), titles.WORDS["level"].items())
def test_words_for_levels(tmp_path: Path, word: str, level: str, apostrophe: str) -> None:
    """A level is read in Chinese, also where a cell of the file has an apostrophe."""
    content = f"id,level,area,name\nu,　{word} ,6201,{apostrophe}\n"
    assert read_roster(folder_with(tmp_path / "l", {"units.csv": content})).unit("u").level == level


def test_each_word_has_a_chinese_one() -> None:
    """Every level, kind, rule and sex there is can be read in Chinese, and both roles that have words of their own."""
    assert {column: set(words.values()) for column, words in titles.WORDS.items()} == {
        "level": set(LEVELS),
        "kind": set(KINDS),
        "rule": set(RULES),
        "sex": set(SEXES),
        "role": {"lead", "support"},
    }


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("水;路", {"水", "路"}),
        ("水；路", {"水", "路"}),
        (" 水 ； 路;屋；；", {"水", "路", "屋"}),
        ("水\\；路", {"水；路"}),
        ("水\\；路；屋", {"水；路", "屋"}),
        ("水\\;路；\\\\;屋", {"水;路", "\\", "屋"}),
        ("'=水；=路", {"=水", "=路"}),
        ("水,路、屋", {"水,路、屋"}),
        ("；", set()),
        ("水；水;水", {"水"}),
    ],
)
def test_items_are_put_apart_by_semicolons(tmp_path: Path, cell: str, items: set[str]) -> None:
    """Items are put apart by semicolons, full-width ones too; a backslash keeps either within an item."""
    content = f'id,village,needs,languages,kin\nx,v,"{cell}","{cell}","{cell}"\ny,v,,,\n'
    household = read_roster(folder_with(tmp_path / "s", {"households.csv": content})).household("x")
    assert household.needs == household.languages == household.kin == items


def test_chinese_titles_in_gb18030(tmp_path: Path) -> None:
    """A file with Chinese titles, in GB18030, reads as the same roster as the English one."""
    chinese = (
        "编号,姓名,单位,职级,职务,类别,任职开始,任职结束,人数,特长\n"
        "ann,㛃䶮𬱖,u,section,科长,,2012-01-01,,,种植; 养殖 \n"
    )
    english = (
        "id,name,unit,rank,post,kind,service_start,service_end,members,skills\n"
        "ann,㛃䶮𬱖,u,section,科长,cadre,2012-01-01,,1,养殖;种植\n"
    )
    ours = read_roster(folder_with(tmp_path / "a", {"helpers.csv": english, "pairs.csv": GOOD["pairs.csv"]}))
    theirs = read_roster(folder_with(tmp_path / "b", {"helpers.csv": chinese.encode("gb18030")}))
    assert ours == theirs
    assert theirs.helper("ann") == Helper(
        "ann", "u", "section", "科长", service=Span(date(2012, 1, 1)), skills=frozenset({"种植", "养殖"}), name="㛃䶮𬱖"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n,,,\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
def test_line_ends_marks_and_blank_rows(tmp_path: Path, end: str, mark: str) -> None:
    """Any line end, a byte order mark and blank rows make no difference."""
    content = mark + GOOD["areas.csv"].replace("\n", end)
    assert read_roster(folder_with(tmp_path / "e", {"areas.csv": content})) == read_roster(
        folder_with(tmp_path / "g", {})
    )


def test_spaces_around_cells(tmp_path: Path) -> None:
    """Spaces around keys, words, numbers and days are dropped, full-width ones too; free texts are taken as is."""
    content = " ID ,Name,village, persons,registered_start,hamlet,needs\n"
    content += " x, 赵 ,　v　,\t2, 2012-01-01 , 一组,水 ; 路;;\ny,,v,,,,\n"
    household = read_roster(folder_with(tmp_path / "s", {"households.csv": content})).household("x")
    assert household == Household("x", "v", 0, 2, " 一组", frozenset({"水", "路"}), Span(date(2012, 1, 1)), name=" 赵 ")


def test_empty_cells_and_missing_columns_are_defaults(tmp_path: Path) -> None:
    """An empty cell, or a column that is not there, gives the default of the field; a lone apostrophe an empty post."""
    full = (
        "id,unit,rank,kind,post,members,skills,service_start,service_end,name,languages,home,hamlet,ties,kin,fit,"
        "hardship,division,birth,sex\nann,u,,team,,,,,,,,,,,,,,,,\nbo,u,,team,',,,,,,,,,,, ,　,　, ,　\n"
    )
    helpers = read_roster(folder_with(tmp_path / "d", {"helpers.csv": full})).helpers
    assert helpers == (Helper("ann", "u", kind="team"), Helper("bo", "u", post="", kind="team"))


def test_ids_stay_text(tmp_path: Path) -> None:
    """0012 is not 12, and an id may look like a number, a day or a formula."""
    content = "id,village\n0012,v\n12,v\n1e3,v\n2012-01-01,v\n-5,v\n'=x,v\n'\tz,v\nx,v\n"
    read = read_roster(folder_with(tmp_path / "i", {"households.csv": content}))
    assert {household.id for household in read.households} == {"0012", "12", "1e3", "2012-01-01", "-5", "=x", "z", "x"}


def test_pairs_own_links_and_villages_may_be_missing(tmp_path: Path) -> None:
    """A folder without pairs.csv names no pairs, and so on; empty columns without a title are no fault."""
    folder = folder_with(tmp_path / "p", {"links.csv": "unit,village,,\nu,v,,\n"})
    whole = read_roster(folder)
    assert (whole.own_areas("ann"), whole.village("v")) == (("v",), Village("v", 412, 3))
    for name, table in (("pairs", "named"), ("own_links", "own_links"), ("villages", "villages")):
        assert len(getattr(read_roster(folder), table)) == 1
        (folder / f"{name}.csv").unlink()
        assert getattr(read_roster(folder), table) == ()


def test_writing_empties_what_is_no_longer_so(tmp_path: Path) -> None:
    """Where nothing is left to say, files with titles alone replace the old ones, zipped or not."""
    folder = folder_with(tmp_path / "p", {})
    (folder / "own_links.csv").rename(folder / "own_links.csv.gz")
    write_roster(Roster(AreaTree([Area("v", "上坪村", "village")])), folder)
    assert read_roster(folder) == Roster(AreaTree([Area("v", "上坪村", "village")]))
    assert sorted(bytes_of(folder)) == sorted(FILES)
    assert (folder / "own_links.csv").read_text(encoding="utf-8-sig") == "helper,area\n"
    assert (folder / "villages.csv").read_text(encoding="utf-8-sig") == "code,households,remoteness,difficulty\n"


def test_what_follows_from_a_fault_is_not_told(tmp_path: Path) -> None:
    """What refers to a row with another bad cell, or to a file that cannot be read, is not told as leading nowhere."""
    assert told(tmp_path, areas=b"\xff", units="id,level,area\nu,county,6201\n") == [
        "areas.csv: wanted UTF-8 or GB18030; counted from 0, byte 0 is not UTF-8 and byte 0 is not GB18030 "
        "[bad-encoding]"
    ]
    helpers = "id,unit,rank,members\nann,u,section,x\nbo,u,boss\n"
    assert [
        text.rpartition("[")[2]
        for text in told(tmp_path, helpers=helpers, pairs="helper,household,rule\nbo,x,locked\n")
    ] == [
        "bad-number]",
        "cell-count]",
    ]
    helpers = "unit,rank,id\nu,section,ann\nu,staff\n"
    assert [
        text.rpartition("[")[2]
        for text in told(tmp_path, helpers=helpers, pairs="helper,household,rule\nbo,x,locked\n")
    ] == ["cell-count]"]
    own = "helper,area\nbo,v\nbo,6201\n"
    assert [text.rpartition("[")[2] for text in told(tmp_path, helpers=helpers, own_links=own)] == [
        "cell-count]",
        "unknown-county-or-village]",
    ]
    own = "area,helper\nv,cy\n6201\n"
    assert [text.rpartition("[")[2] for text in told(tmp_path, own_links=own)] == ["unknown-helper]", "cell-count]"]
    lost = {"own_links": "helper,area\nann,w\n", "villages": "code\nw\n"}
    assert len(told(tmp_path, areas=b"\xff", units="id,level,area\nu,county,6201\n", **lost)) == 1
    areas = "code,name,level,parent\n6201,兰州市,prefecture,\nv,上坪村,vilage,6201\n"
    assert [text.rpartition("[")[2] for text in told(tmp_path, areas=areas)] == ["unknown-level]"]


def test_pairings_with_faults(tmp_path: Path) -> None:
    """All that is wrong with pairings is told at once."""
    content = "household,helper,role,start,end\nx,,lead,2012-01-01,2011-01-01\n,ann,,x,\ny,bo\nz,ann,,,\n"
    (tmp_path / "pairings.csv").write_text(content, encoding="utf-8")
    with pytest.raises(RosterError) as caught:
        read_pairings(tmp_path)
    assert str(caught.value).splitlines() == [
        "roster: 5 problems",
        "pairings.csv, row 2, helper: wanted a key, got nothing [bad-key]",
        "pairings.csv, row 2, end: wanted the first day after the span, later than 2012-01-01; got 2011-01-01 "
        "[empty-span]",
        "pairings.csv, row 3, household: wanted a key, got nothing [bad-key]",
        "pairings.csv, row 3, start: wanted a day that exists, as YYYY-MM-DD, got 'x' [bad-date]",
        "pairings.csv, row 4: wanted 5 cells, as in the header, got 2 [cell-count]",
    ]
    (tmp_path / "pairings.csv").write_text("helper,household\nann,x\n", encoding="utf-8")
    assert read_pairings(tmp_path) == (Pairing("ann", "x"),)


# Files that cannot be read.


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is missing, doubled, a folder, no gzip, a pipe, too large or locked is told, all in one error."""
    folder = folder_with(tmp_path / "f", {"helpers.csv.gz": b"", "links.csv.gz": b"\x1f\x8bno"})
    for name in ("areas.csv", "units.csv", "links.csv", "households.csv", "pairs.csv"):
        (folder / name).unlink()
    (folder / "units.csv").mkdir()
    os.mkfifo(folder / "households.csv")
    (folder / "pairs.csv").write_bytes(b"helper" * 20)
    (folder / "own_links.csv.gz").write_bytes(b"")
    (folder / "villages.csv").unlink()
    (folder / "villages.csv").mkdir()
    monkeypatch.setattr(sources, "_LARGEST", 100)
    assert [str(problem) for problem in problems_of(folder)] == [
        "areas.csv: wanted either areas.csv or areas.csv.gz, got neither [missing-file]",
        "units.csv: wanted a file that can be read, got a folder [unreadable-file]",
        "helpers.csv: wanted either helpers.csv or helpers.csv.gz, got both [two-files]",
        "households.csv: wanted a file that can be read, got something else [unreadable-file]",
        "links.csv.gz: wanted a gzipped file that can be read, got one that is not gzipped, or damaged "
        "[unreadable-file]",
        "pairs.csv: wanted a file that can be read, got more than 100 bytes [unreadable-file]",
        "own_links.csv: wanted either own_links.csv or own_links.csv.gz, got both [two-files]",
        "villages.csv: wanted a file that can be read, got a folder [unreadable-file]",
    ]


def test_a_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system does not open is told with the system's reason."""
    folder = folder_with(tmp_path / "f", {})

    def refuse(path: str, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("builtins.open", refuse)
    problems = problems_of(folder)
    monkeypatch.undo()
    assert str(problems[0]) == (
        "areas.csv: wanted a file that can be read, got the error 'Permission denied' [unreadable-file]"
    )
    assert [problem.file for problem in problems] == list(FILES)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A folder that does not exist, or is a file, is told."""
    (tmp_path / "file").write_bytes(b"")
    for name in ("none", "file"):
        path = str(tmp_path / name)
        with pytest.raises(RosterError) as caught:
            read_roster(path)
        assert str(caught.value) == f"{path}: wanted a folder with areas.csv; got none [missing-folder]"
        assert caught.value.__context__ is None
        with pytest.raises(RosterError, match=r"wanted a folder with pairings\.csv; got none"):
            read_pairings(path)


@pytest.mark.parametrize("folder", [None, 3, b"bytes", "", "a\0b"])
def test_a_folder_that_is_no_path(folder: Any) -> None:
    """A folder that is no path is a wrong argument."""
    calls: list[Callable[[], object]] = [lambda: read_roster(folder), lambda: write_roster(Roster(AreaTree()), folder)]
    calls += [lambda: read_pairings(folder), lambda: write_pairings([], folder)]
    for call in calls:
        wanted = (
            r"^(source|target): wanted the path of a folder or a workbook(, or frames by name)?, got .* \[bad-type\]$"
        )
        with pytest.raises(ArgumentError, match=wanted):
            call()


def test_arguments_of_other_types(tmp_path: Path) -> None:
    """What is not a roster, a ladder or a pairing is a wrong argument, told in full."""
    wrong: Any = "x"
    with pytest.raises(ArgumentError) as caught:
        read_roster(tmp_path, ladder=wrong)
    assert str(caught.value) == "ladder: wanted a Ladder, got 'x' [bad-type]"
    with pytest.raises(ArgumentError) as caught:
        write_roster(wrong, tmp_path)
    assert str(caught.value) == "roster: wanted a Roster, got 'x' [bad-type]"
    bad: list[Any] = [wrong, 3, [Pairing("a", "b"), 3]]
    for pairings in bad:
        with pytest.raises(ArgumentError, match=r"^pairings: wanted pairings, got ('x'|3) \[bad-type\]$"):
            write_pairings(pairings, tmp_path)
    assert list(tmp_path.iterdir()) == []


# Names stay out of errors.

NAMES = ("王小明", "李大山", "赵铁柱", "钱二嫂", "欧阳娜娜", "11010519491231002X", "110105194912310021")


def everything_in(error: BaseException) -> Iterable[str]:
    yield from (str(error), repr(error), repr(error.args))
    if isinstance(error, PairingError):
        yield from map(repr, error.problems)
    for other in (error.__context__, error.__cause__):
        if other is not None:
            yield from everything_in(other)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_names_never_show(data: st.DataObject) -> None:
    """A name or an identity number never appears in a message, an exception's arguments or context, however shifted."""
    cells = st.sampled_from([*NAMES, "u", "v", "x", "ann", "", "1", "2012-01-01", '"', "county", "village"])
    files = {}
    for file in FILES:
        if data.draw(st.booleans()):
            columns = data.draw(st.permutations([*TITLES[file[:-4]], data.draw(st.sampled_from(["", *NAMES]))]))
            many = st.lists(cells, min_size=len(columns) - 1, max_size=len(columns) + 1)
            rows = data.draw(st.lists(many, max_size=4))
            header = data.draw(st.sampled_from([[columns], []]))
            files[file] = "\n".join(",".join(row) for row in [*header, *rows])
    with tempfile.TemporaryDirectory() as top:
        folder = folder_with(Path(top, "f"), files)
        (folder / "pairings.csv").write_text(files.get("pairs.csv", ""), encoding="utf-8")
        for error in (error_of(read_roster, folder), error_of(read_pairings, folder)):
            assert error is None or not [name for name in NAMES for text in everything_in(error) if name in text]


# Writing.


def small(name: str = "王小明") -> Roster:
    return Roster(
        AreaTree([Area("v", "上坪村", "village")]),
        [Unit("u", "county", "v")],
        [Helper("ann", "u", "staff", skills=frozenset({"种植", "养殖", "教育", "法律"}), name=name)],
        [Household("x", "v")],
        [Link("u", "v")],
        [NamedPair("ann", "x", "preferred", 3, "-")],
        own_links=[OwnLink("ann", "v")],
        villages=[Village("v", 412, 3, 2)],
    )


def test_what_the_files_look_like(tmp_path: Path) -> None:
    """Files begin with a byte order mark, lines end with CRLF, sets are sorted, formulas have an apostrophe."""
    write_roster(small("=王"), tmp_path / "r")
    written = bytes_of(tmp_path / "r")
    assert sorted(written) == sorted(FILES)
    assert written["helpers.csv"].decode() == (
        "\ufeffid,name,unit,rank,post,kind,service_start,service_end,members,skills,languages,home,hamlet,ties,kin,fit,"
        "hardship,division,birth,sex\r\nann,'=王,u,staff,,cadre,,,1,养殖;教育;法律;种植,,,,,,yes,no,,,\r\n"
    )
    assert written["own_links.csv"].decode() == "\ufeffhelper,area\r\nann,v\r\n"
    assert written["villages.csv"].decode() == "\ufeffcode,households,remoteness,difficulty\r\nv,412,3,2\r\n"
    assert written["pairs.csv"].decode() == "\ufeffhelper,household,rule,score,reason\r\nann,x,preferred,3,'-\r\n"


def test_division_birth_and_sex_are_written_as_they_are_read(tmp_path: Path) -> None:
    """A division is a word, a birth a day, a sex one letter; what is not known is an empty cell."""
    helpers = [
        Helper("ann", "u", "staff", division="=刑庭", birth=date(1952, 2, 29), sex="f"),
        Helper("bo", "u", "staff"),
    ]
    write_roster(attrs.evolve(small(), helpers=helpers), tmp_path / "r")
    rows = bytes_of(tmp_path / "r")["helpers.csv"].decode().splitlines()
    assert [row.split(",")[-3:] for row in rows] == [
        ["division", "birth", "sex"],
        ["'=刑庭", "1952-02-29", "f"],
        ["", "", ""],
    ]
    assert read_roster(tmp_path / "r").helpers == tuple(helpers)


def test_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """The same roster gives the same bytes under every hash seed."""
    program = (
        "import sys; from pairing.tables import *; from pairing.areas import *\n"
        "from pairing.people import *; from pairing.roster import *\n"
        "needs = frozenset(f'n{i}' for i in range(50))\n"
        "roster = Roster(AreaTree([Area('v', '村', 'village')]), households=[Household('x', 'v', needs=needs)])\n"
        "write_roster(roster, sys.argv[1])"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / seed)], check=True, env=environment)
    assert bytes_of(tmp_path / "1") == bytes_of(tmp_path / "2")


@pytest.mark.parametrize(
    ("function", "fails_at"),
    [
        ("os.mkdir", 1),
        *[(name, at) for name in ("os.replace", "os.fsync", "shutil.copy2", "csv.writer") for at in (1, 2, 6)],
    ],
)
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failing_write_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, fails_at: int, failure: BaseException
) -> None:
    """A write that fails leaves everything as it was, and nothing beside it."""
    folder = tmp_path / "r"
    write_roster(small(), folder)
    (folder / "pairs.csv").rename(folder / "pairs.csv.gz")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    before = bytes_of(folder)
    module, name = function.split(".")
    real = getattr(sys.modules[module], name)
    calls = 0

    def failing(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise failure
        return real(*args, **kwargs)

    monkeypatch.setattr(sys.modules[module], name, failing)
    with pytest.raises((RosterError, KeyboardInterrupt)) as caught:
        write_roster(small("李"), folder)
    monkeypatch.undo()
    assert bytes_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    if isinstance(caught.value, RosterError):
        assert caught.value.__context__ is None
        assert str(caught.value) == (
            f"{folder}: wanted to write areas.csv, units.csv, helpers.csv, households.csv, links.csv, pairs.csv, "
            "own_links.csv, villages.csv; got the error 'No space left on device' [cannot-write]"
        )


def test_writing_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Writing over a folder replaces its files and their gzipped forms, and leaves all others."""
    folder = folder_with(tmp_path / "r", {"notes.txt": "mine", "areas.csv.gz": b"old", "pairs.csv.gz": b"old"})
    write_roster(small(), folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, "notes.txt"])
    assert read_roster(folder) == small()
    write_pairings([Pairing("ann", "x")], folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, "notes.txt", "pairings.csv"])
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


@pytest.mark.parametrize("target", ["file", "none/deeper", "taken", "\ud800"])
def test_a_place_that_cannot_be_written(tmp_path: Path, target: str) -> None:
    """Where no folder can be, or one stands in place of a file, writing fails with our error and leaves nothing."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "taken" / "units.csv").mkdir(parents=True)
    with pytest.raises(RosterError, match="cannot-write"):
        write_roster(small(), tmp_path / target)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "file",
        "taken",
        "taken/units.csv",
    ]


@pytest.mark.parametrize(
    ("roster", "message"),
    [
        (
            small("a\0b"),
            "helpers.csv, row 2, name: wanted no NUL, no half of a surrogate pair, and at most 131,072 characters, "
            "got 3 [unwritable]",
        ),
        (
            small("\ud800"),
            "helpers.csv, row 2, name: wanted no NUL, no half of a surrogate pair, and at most 131,072 characters, "
            "got 1 [unwritable]",
        ),
        (
            small("王" * 131_073),
            "helpers.csv, row 2, name: wanted no NUL, no half of a surrogate pair, and at most 131,072 characters, "
            "got 131,073 [unwritable]",
        ),
        (
            Roster(AreaTree([Area("v ", "", "village")])),
            "areas.csv, row 2, code: wanted a text that is not empty and has no spaces around it, "
            "got text of 2 characters [bad-key]",
        ),
        (
            Roster(AreaTree([Area("v", "", "village")]), households=[Household("x", "v", 10**100)]),
            "households.csv, row 2, difficulty: wanted a whole number, in at most 100 of the digits 0 to 9, "
            "got a very large number [bad-number]",
        ),
        (
            Roster(AreaTree([Area("v", "", "village")]), villages=[Village("v", remoteness=10**100)]),
            "villages.csv, row 2, remoteness: wanted a whole number, in at most 100 of the digits 0 to 9, "
            "got a very large number [bad-number]",
        ),
        (
            attrs.evolve(small(), helpers=[Helper("ann", "u", "staff", home=" v")]),
            "helpers.csv, row 2, home: wanted a text that has no spaces around it, got text of 2 characters [bad-key]",
        ),
        (
            attrs.evolve(small(), helpers=[Helper("ann", "u", "staff", division=" a")]),
            "helpers.csv, row 2, division: wanted a text that has no spaces around it, got text of 2 characters "
            "[bad-key]",
        ),
        (
            attrs.evolve(small(), households=[Household("x", "v", status="王小明 ")]),
            "households.csv, row 2, status: wanted a text that has no spaces around it, got text of 4 characters "
            "[bad-key]",
        ),
        (
            attrs.evolve(small(), helpers=[Helper("ann", "u", "staff", kin=frozenset({"王", "王\0"}))]),
            "helpers.csv, row 2, kin: wanted no NUL, no half of a surrogate pair, and at most 131,072 characters, "
            "got 4 [unwritable]",
        ),
    ],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path: Path, roster: Roster, message: str) -> None:
    """What no file gives back as it is, is refused before anything is written."""
    with pytest.raises(RosterError) as caught:
        write_roster(roster, tmp_path / "r")
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_a_cell_of_the_largest_size_is_read_back(tmp_path: Path) -> None:
    """As many characters as the csv module reads are written, and read."""
    write_roster(small("王" * 131_072), tmp_path)
    assert read_roster(tmp_path) == small("王" * 131_072)


def test_pairings_that_cannot_be_written(tmp_path: Path) -> None:
    """A pairing whose fields no file could give back is refused, with its row."""
    wrong: Any = 3
    with pytest.raises(RosterError) as caught:
        write_pairings([Pairing("ann", "x"), Pairing(" a", wrong, "", wrong)], tmp_path)
    assert [(problem.row, problem.field, problem.code) for problem in caught.value.problems] == [
        (3, "helper", "bad-key"),
        (3, "household", "bad-key"),
        (3, "role", "bad-key"),
        (3, "start", "bad-date"),
        (3, "end", "bad-date"),
    ]
    assert str(caught.value.problems[3]) == (
        "pairings.csv, row 3, start: wanted a day that exists, as YYYY-MM-DD, got 3 [bad-date]"
    )
    assert list(tmp_path.iterdir()) == []


def test_titles_are_the_fields() -> None:
    """The English titles are the fields of the classes, a span as two; no other title stands for two columns."""
    for name, columns in TITLES.items():
        fields = {attribute.name for attribute in attrs.fields(sheets.CLASSES[name])}
        assert {titles.field_of(column) for column in columns} == fields
        called = [title for column, others in columns.items() for title in (column, *others)]
        assert len(called) == len(set(called))
        assert all(re.fullmatch(r"\w+", title) for title in called)


def test_wide_and_crooked_files_cost_no_more_than_their_size(tmp_path: Path) -> None:
    """Many columns and many short rows do not multiply."""
    content = "id,village" + ",x" * 20_000 + "\n" + "x\n" * 20_000
    assert len(problems_of(folder_with(tmp_path / "w", {"households.csv": content}))) == 40_000


def test_the_collector_is_left_as_it_was(tmp_path: Path) -> None:
    """The garbage collector is on again after reading, also after an error."""
    import gc

    with suppress(RosterError):
        read_roster(folder_with(tmp_path / "g", {"units.csv": "x"}))
    assert gc.isenabled()


def test_a_first_write_that_fails_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there was no folder, there is none after a write that fails."""

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(RosterError, match="Input/output error"):
        write_roster(small(), tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_cells_that_are_put_apart_by_semicolons_are_guessed(tmp_path: Path) -> None:
    """A file without any title of ours, but with semicolons or tabs in the first row, is told with a guess."""
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        (tmp_path / "pairings.csv").write_text(mark.join(("helper", "household")) + "\n", encoding="utf-8")
        with pytest.raises(RosterError) as caught:
            read_pairings(tmp_path)
        assert str(caught.value) == (
            "pairings.csv, row 1: wanted the titles helper, household, role, start, end; got none of them. "
            f"Maybe the cells are put apart by {name}, and should be by commas [missing-header]"
        )


# Words of the field.


NOBODY = {"pairs.csv": "helper,household,rule\n", "own_links.csv": "helper,area\n"}


@pytest.mark.parametrize("kind", ["folder", "workbook", "frames"])
def test_ranks_are_read_by_their_titles(tmp_path: Path, kind: str) -> None:
    """The titles of the ladder's ranks stand for their ids, in files, workbooks and frames; short forms are refused."""
    helpers = "编号,单位,职级\na,u,科员\nb,u, 办事员 \nc,u,乡科级正职\nd,u,县处级正职\ne,u,deputy-section\n"
    folder = folder_with(tmp_path / "f", {**NOBODY, "helpers.csv": helpers})
    source: Any = folder
    if kind != "folder":
        tables = {
            path.stem: [line.split(",") for line in path.read_text("utf-8").splitlines()] for path in folder.iterdir()
        }
        source = {name: pl.DataFrame(rows[1:], rows[0], orient="row") for name, rows in tables.items()}
    if kind == "workbook":
        put(str(tmp_path / "c.xlsx"), {name: list(zip(*rows, strict=True)) for name, rows in tables.items()})
        source = tmp_path / "c.xlsx"
    assert [helper.rank for helper in read_roster(source).helpers] == [
        *("staff", "clerk", "section", "division", "deputy-section")
    ]
    folder_with(folder, {**NOBODY, "helpers.csv": "编号,单位,职级\na,u,正科\nb,u,处级\n"})
    assert [(told.row, told.code) for told in problems_of(folder)] == [
        (2, "unknown-rank"),
        (3, "unknown-rank"),
    ]


def test_titles_of_ranks_are_those_of_the_given_ladder(tmp_path: Path) -> None:
    """An id comes before a title that is the same, and a title that two ranks have stands for neither."""
    ladder = Ladder((Rank("a", "b"), Rank("b", "一级"), Rank("c", "二级"), Rank("d", "二级")))
    for rank, read in (("a", "a"), ("b", "b"), ("一级", "b")):
        folder = folder_with(tmp_path / "f", {**NOBODY, "helpers.csv": f"id,unit,rank\nx,u,{rank}\n"})
        assert [helper.rank for helper in read_roster(folder, ladder=ladder).helpers] == [read]
    for rank in ("二级", "科员"):
        folder_with(tmp_path / "f", {**NOBODY, "helpers.csv": f"id,unit,rank\nx,u,{rank}\n"})
        with pytest.raises(RosterError, match="unknown-rank"):
            read_roster(tmp_path / "f", ladder=ladder)


def test_roles_are_read_in_chinese(tmp_path: Path) -> None:
    """责任人 and 协助 are the roles lead and support, in pairings as in a journal: there is one list of words."""
    (tmp_path / "pairings.csv").write_text("帮扶人,贫困户,责任\na,x,责任人\nb,x,协助\nc,x,\nd,x,包户\n", "utf-8")
    assert [pairing.role for pairing in read_pairings(tmp_path)] == ["lead", "support", "lead", "包户"]
    assert ENTRY_WORDS["role"] is WORDS["role"]


def test_a_column_in_round_brackets_is_passed_over(tmp_path: Path) -> None:
    """A column that is no column of ours is told, by letter in a workbook; in brackets it is passed over, ours too."""
    helpers = [["id", "unit", "rank", "电话", "备" * 21], ["a", "u", "staff", "1", "2"]]
    folder = folder_with(tmp_path / "f", {**NOBODY, "helpers.csv": "\n".join(map(",".join, helpers))})
    wanted = "wanted the title of a column of helpers, or one in round brackets, which is passed over; got"
    assert [str(told) for told in problems_of(folder)] == [
        f"helpers.csv, row 1, column 4: {wanted} text of 2 characters [unknown-column]",
        f"helpers.csv, row 1, column 5: {wanted} text of 21 characters [unknown-column]",
    ]
    put(
        str(tmp_path / "c.xlsx"),
        {"pairings": [["helper", "a"], ["household", "x"], *[["开始", ""]] * 25, ["电话", "1"]]},
    )
    with pytest.raises(RosterError) as caught:
        read_pairings(tmp_path / "c.xlsx")
    assert "column AB" in [told.field for told in caught.value.problems]
    assert str(caught.value).count("got this in columns C and AA [duplicate-column]") == 1
    helpers[0][3:] = ["(电话)", "（post）"]
    folder_with(folder, {**NOBODY, "helpers.csv": "\n".join(map(",".join, helpers))})
    assert [(helper.id, helper.post) for helper in read_roster(folder).helpers] == [("a", None)]


@pytest.mark.parametrize("name", ["pairings.csv", "2013年.csv", "pairings.csv.gz"])
def test_pairings_are_read_from_the_file_itself(tmp_path: Path, name: str) -> None:
    """The path of a file of pairings is read as its folder is, whatever it is called, gzipped too; faults name it."""
    for text, read in (("a,x", "a"), ("b,y", "b")):
        data = f"helper,household\n{text}\n".encode()
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        assert read_pairings(tmp_path / name) == (Pairing(read, text[-1]),)
    data = b"helper,household\n,x\n"
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    with pytest.raises(RosterError) as caught:
        read_pairings(tmp_path / name)
    assert str(caught.value) == f"{name}, row 2, helper: wanted a key, got nothing [bad-key]"
    (tmp_path / name).unlink()
    with pytest.raises(RosterError) as caught:
        read_pairings(tmp_path / name)
    assert str(caught.value) == f"{name}: wanted a file, got none [missing-file]"
