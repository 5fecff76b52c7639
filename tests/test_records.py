"""Values as plain dicts and JSON Lines: what is written is read again, and whatever is read is refused or right."""

import json
import os
import subprocess
import sys
import types
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairing as pr
from pairing.entries import Correction
from pairing.records import (
    RECORD_TYPES,
    RecordError,
    from_dict,
    read_records,
    record_schema,
    to_dict,
    write_records,
)
from pairing.synthetic import population
from stories import told

DAY = date(2012, 2, 8)
IDENTITY = "11010519491231002X"
COMPOSED = {pr.AreaTree, pr.Ladder, pr.Roster, pr.Policy, pr.Plan, pr.Linking, pr.Match, pr.WhatIf, pr.Register}
COMPOSED |= {pr.Handover, pr.Table, pr.Outlook, pr.Report}
"""Values that cannot be put together from any parts; they are tested as the library makes them."""

UNWRITTEN = {
    *(pr.Entry, pr.Change, pr.Criterion, pr.ClassToClass, pr.EarlierTie, pr.HardestToHighest, pr.Kin, pr.SameHamlet),
    *(pr.SharedLanguage, pr.SkillToNeed),
    *(pr.HelperRule, pr.HouseholdRule, pr.HandoverRules, pr.RetirementRule, pr.LinkingRules, pr.LeaderRule),
    *(pr.VisitRule, pr.VisitRules, pr.AppraisalItem, pr.AppraisalPart, pr.AppraisalRules, pr.Cumulative),
}
"""Public classes that are no records: kinds of others, and what stands within a policy."""


# --- all types


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for what a field of a type holds."""
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(max_size=6),
        int: st.integers(-(10**30), 10**30),
        bool: st.booleans(),
        date: st.dates(),
        Fraction: st.fractions(),
        Any: st.text(max_size=3) | st.integers(),
        types.NoneType: st.none(),
    }
    if hint in plain:
        return plain[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return st.one_of(list(map(any_of, inner)))
    if origin is tuple and inner[1:] == (...,):
        return st.lists(any_of(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(any_of, inner))
    if origin is frozenset:
        return st.frozensets(any_of(inner[0]), max_size=3)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(any_of(inner[0]), any_of(inner[1]), max_size=2)
    if hint is pr.Span:
        days = st.lists(st.dates(), min_size=2, max_size=2, unique=True).map(sorted)
        return st.builds(lambda two, open: pr.Span(two[0], None if open else two[1]), days, st.booleans())
    if hint is pr.Quota:
        floors = st.integers(0, 9)
        return st.builds(
            lambda low, more: pr.Quota(low, None if more is None else low + more), floors, st.none() | floors
        )
    if hint is pr.Entry:
        return value_of(pr.Visited) | value_of(pr.Paired)
    if hint is pr.Correction:
        return st.builds(pr.Correction, any_of(pr.Entry), st.text(max_size=3), id=st.text(max_size=3))
    return value_of(hint)


def value_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for values of a class, each field taking any value of its type."""
    if kind in (pr.Span, pr.Quota, pr.Correction):
        return any_of(kind)
    hints = get_type_hints(kind)
    fields = {
        at.alias: any_of(hints[at.name])
        for at in attrs.fields(kind)
        if at.init and get_origin(hints[at.name]) is not Callable and not str(at.alias).startswith("behind")
    }

    def make(**parts: Any) -> Any:
        try:
            return kind(**parts)
        except pr.PairingError:
            return None

    return st.builds(make, **fields).filter(lambda value: value is not None)


@pytest.mark.parametrize("kind", sorted(set(RECORD_TYPES) - COMPOSED, key=str))
def test_what_is_written_is_read_again(kind: type[Any]) -> None:
    """Law B1: `load(dump(x)) == x`, for values of every type, whatever stands in their fields."""

    @settings(max_examples=25, deadline=None)
    @given(value_of(kind))
    def law(value: Any) -> None:
        data = to_dict(value, names=True)
        text = json.dumps(data, ensure_ascii=False)
        assert from_dict(json.loads(text)) == value
        assert type(from_dict(data)) is kind
        VALIDATOR.validate(data)

    law()


VALIDATOR = jsonschema.Draft202012Validator(record_schema())


def test_every_public_value_is_a_record() -> None:
    """Each public class of values has a plain form, but for kinds of others and what stands within a policy."""
    public = {thing for name in pr.__all__ if isinstance(thing := getattr(pr, name), type) and attrs.has(thing)}
    assert public - UNWRITTEN <= set(RECORD_TYPES)
    assert not UNWRITTEN & set(RECORD_TYPES)
    assert len(set(RECORD_TYPES)) == len(RECORD_TYPES)


def composed() -> list[Any]:
    """Return one of each value that only the library puts together."""
    policy, roster = pr.programme("panjin-2010"), population("panjin-2010", scale=0.005)
    plan = pr.pair(policy, roster, on=date(2010, 12, 1))
    register = pr.Register().record(*plan.entries())
    change = pr.Retirement(plan.pairings[0].helper, on=date(2013, 6, 30))
    handover = pr.relay(policy, roster, register, [change])
    later = register.record(*handover.entries())
    one = attrs.evolve(policy, helpers=(pr.HelperRule(pr.Quota(1, 1)),))
    book = told("panjin-2010", "1/50")
    gansu = population("gansu-2012", scale=0.005)
    match = pr.match({"ann": pr.Quota(1, 2), 7: pr.Quota(0, 3)}, {"x": pr.Quota(1, 1)}, {("ann", "x"): 5, (7, "x"): 4})
    return [
        *(roster.areas, pr.Ladder(["bureau", pr.Rank("staff", "科员")]), roster, policy, plan, match),
        pr.pair(one, roster, on=date(2010, 12, 1), book=plan),
        pr.link_villages(pr.programme("gansu-2012"), gansu.linked((), ()), on=DAY),
        pr.what_if({"as it is": policy, "one each": one}, roster, on=date(2010, 12, 1)),
        *(register, later, pr.Register(), handover),
        pr.coverage(later, roster, on=date(2013, 12, 31), by="county"),
        pr.totals(later, roster, during=pr.year(2013), by=("county", "kind")),
        pr.foresee(policy, roster, later, start=date(2014, 1, 1), years=2),
        pr.report(book.policy, book.roster, book.register, on=book.on, language="zh"),
        pr.Correction(pr.Correction(register[0], "twice"), "once"),
    ]


def test_what_the_library_puts_together_is_read_again(tmp_path: Path) -> None:
    """Law B1 for rosters, policies, plans, registers, handovers and tables, as dicts and as lines of a file."""
    values = composed()
    assert {type(value) for value in values} >= COMPOSED
    for value in values:
        data = to_dict(value, names=True)
        assert from_dict(json.loads(json.dumps(data))) == value
        VALIDATOR.validate(data)
    path = tmp_path / "all.jsonl"
    write_records(iter(values), path, names=True)
    assert read_records(path) == tuple(values)
    registers = [value for value in read_records(path) if isinstance(value, pr.Register)]
    assert [register.batches for register in registers] == [
        value.batches for value in values if isinstance(value, pr.Register)
    ]


def test_a_plan_and_a_handover_are_read_with_their_proofs() -> None:
    """What was proved is proved again from what was read, and a handover that does not follow is refused."""
    values = composed()
    plan, handover = (next(v for v in values if isinstance(v, kind)) for kind in (pr.Plan, pr.Handover))
    assert from_dict(to_dict(plan, names=True)).verify()
    data = to_dict(handover, names=True)
    assert from_dict(data).verify()
    data["lines"] = data["lines"][:-1]
    with pytest.raises(RecordError, match="wanted the handover that follows from the policy"):
        from_dict(data)
    worse = to_dict(plan, names=True)
    del worse["pairings"][0]
    with pytest.raises(pr.CertificateError):
        from_dict(worse).verify()


# --- files


def test_the_same_values_give_the_same_bytes() -> None:
    """Law B1: the same bytes whatever the hash seed."""
    code = (
        "import sys, hashlib, tempfile, os, pairing as pr;"
        "from pairing.records import write_records; from pairing.synthetic import population;"
        "r = population('panjin-2010', scale=0.02); path = os.path.join(tempfile.mkdtemp(), 'x');"
        "h = pr.Helper('a', 'u', skills=frozenset('abcdefgh'));"
        "write_records([r, h, pr.pair(pr.programme('panjin-2010'), r, on=pr.to_date('2010-12-01', 'on'))], path);"
        "print(hashlib.sha256(open(path, 'rb').read()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(found) == 1


def lines(tmp_path: Path, *rows: str | bytes) -> Path:
    path = tmp_path / "book.jsonl"
    path.write_bytes(b"\n".join(row.encode() if isinstance(row, str) else row for row in rows))
    return path


HEADER = '{"format": "pairing", "version": 1}'
PAIRED = '{"type": "Paired", "on": "2012-02-08", "helper": "c-17", "household": "h-204"}'
BATCH = '{"type": "Register", "from": 0, "entries": 1}'


def test_a_register_is_continued_by_adding_lines(tmp_path: Path) -> None:
    """A batch is a line that says from where and how many, and then its entries; a byte order mark does no harm."""
    more = ['{"type": "Register", "from": 1, "entries": 1}', PAIRED.replace("204", "205")]
    path = lines(tmp_path, b"\xef\xbb\xbf" + HEADER.encode(), BATCH, PAIRED, *more)
    (register,) = read_records(path)
    assert register.batches == (1, 2)
    path = lines(tmp_path, HEADER, BATCH, PAIRED, BATCH, PAIRED)
    assert [len(register) for register in read_records(path)] == [1, 1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((), 'row 1: wanted {"format": "pairing", "version": 1}; got an empty file [missing-header]'),
        ((PAIRED,), 'row 1: wanted {"format": "pairing", "version": 1}; got another first line [missing-header]'),
        (
            ('{"format": "pairing", "version": 2}',),
            "row 1: wanted version 1, and nothing else; got version 2 [unknown-version]",
        ),
        (
            (HEADER, "{"),
            "row 2: wanted one object of JSON, on a line of its own; got something else [bad-json]",
        ),
        ((HEADER, "[1]"), "row 2: wanted an object, got a value of type list [bad-type]"),
        ((HEADER, '{"type": NaN}'), "row 2: wanted whole numbers, got another number [bad-json]"),
        ((HEADER, '{"type": 1.5}'), "row 2: wanted whole numbers, got another number [bad-json]"),
        ((HEADER, '{"type": 1' + "0" * 5000 + "}"), "row 2: wanted one object of JSON, on a line of its own"),
        ((HEADER, '{"a": 1, "a": 2}'), "row 2: wanted each key of an object once, got one twice [bad-json]"),
        ((HEADER, b'{"type": "\xff"}'), "row 2: wanted UTF-8; counted from 0, byte 10 is not [bad-encoding]"),
        ((HEADER, "[" * 100_000), "row 2: wanted values that lie within each other a few levels deep, got hundreds"),
        ((HEADER, "{}"), "row 2, type: wanted the name of a type, got nothing [unknown-type]"),
        (
            (HEADER, '{"type": "Retire"}'),
            "row 2, type: wanted the name of a type, got 'Retire'. Maybe 'Retirement'? [unknown-type]",
        ),
        (
            (HEADER, '{"type": "Link", "unit": "\\ud800", "village": "v"}'),
            "row 2: wanted texts without half of a surrogate pair, got one with it [unwritable]",
        ),
        (
            (HEADER, '{"type": "Link", "unit": 7, "vilage": "v"}'),
            "records: 3 problems\n"
            "row 2, unit: wanted a text, got 7 [bad-type]\n"
            "row 2: wanted one of unit, village; got 'vilage' [unknown-key]\n"
            "row 2, village: wanted a value, got nothing [missing-key]",
        ),
        (
            (HEADER, '{"type": "Span", "start": "2012-02-08", "end": "2012-02-30"}'),
            "row 2, end: wanted a day as YYYY-MM-DD, got '2012-02-30' [bad-date]",
        ),
        (
            (HEADER, '{"type": "Quota", "floor": 3, "ceiling": 1}'),
            "row 2, ceiling: wanted at least the floor, 3, got 1 [floor-above-ceiling]",
        ),
        (
            (HEADER, '{"type": "Helper", "id": "c", "unit": "u", "skills": ["a", 1, "a"], "fit": 1}'),
            "records: 2 problems\n"
            "row 2, skills[1]: wanted a text, got 1 [bad-type]\n"
            "row 2, fit: wanted true or false, got 1 [bad-type]",
        ),
        (
            (HEADER, '{"type": "Helper", "id": "c", "unit": "u", "skills": ["a", "a"]}'),
            "row 2, skills: wanted each item once, got one twice [duplicate-key]",
        ),
        (
            (HEADER, BATCH),
            "row 2: wanted 1 more lines, as line 2 says; got the end of the file [cut-off]",
        ),
        (
            (HEADER, BATCH, '{"type": "Link", "unit": "u", "village": "v"}'),
            "row 3: wanted one of entries, of which 1 more are to follow; got another value [other-type]",
        ),
        (
            (HEADER, BATCH, PAIRED, '{"type": "Register", "from": 5, "entries": 1}', PAIRED),
            "row 4, from: wanted a batch from position 1 on, got one from 5 [unknown-position]",
        ),
        (
            (HEADER, BATCH, PAIRED, '{"type": "Register", "from": 1, "entries": 1}', PAIRED),
            "row 5: wanted entries that are not in the register yet, got one that is [recorded-twice]",
        ),
        (
            (HEADER, BATCH, '{"type": "Retirement", "on": "2012-02-08", "helper": " "}'),
            "row 3, helper: wanted a text without spaces around it, got text of 1 character [bad-key]",
        ),
        (
            (HEADER, '{"type": "Register", "from": -1, "entries": true}'),
            "row 2, from: wanted a whole number from 0, got -1 [bad-number]",
        ),
        (
            (HEADER, '{"type": "Roster", "areas": 1, "links": 1}', '{"type": "Area", "code": "v", "name": "村", '
             '"level": "village"}', '{"type": "Link", "unit": "u", "village": "v"}'),
            "row 4, unit: wanted the key of a unit, got 'u' [unknown-unit]",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, rows: tuple[str | bytes, ...], message: str) -> None:
    """Law B3: a file that cannot be read says which line, which field, what was wanted and what came."""
    with pytest.raises(RecordError) as caught:
        read_records(lines(tmp_path, *rows))
    assert all(problem.file == "book.jsonl" for problem in caught.value.problems)
    assert str(caught.value).replace("book.jsonl, ", "").startswith(message)


def test_a_file_that_is_not_there_and_one_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    """The system's error is told in its words; what was there before stays as it was."""
    with pytest.raises(
        RecordError, match="none: wanted a file that can be read, got the error 'No such file or directory'"
    ):
        read_records(tmp_path / "none")
    with pytest.raises(RecordError, match="x: wanted to write records, got the error 'No such file or directory'"):
        write_records([], tmp_path / "none" / "x")
    path = lines(tmp_path, HEADER)
    with pytest.raises(RecordError, match="wanted texts without half of a surrogate pair, got one with it"):
        write_records([pr.Link("u", "\ud800")], path)
    with pytest.raises(pr.ArgumentError, match="wanted a value that has a plain form, got a value of type object"):
        write_records([object()], path)
    assert path.read_text(encoding="utf-8") == HEADER
    assert os.listdir(tmp_path) == ["book.jsonl"]


@pytest.mark.parametrize("values", [None, 7, "text", {"a": 1}, pr.Register()])
def test_values_come_as_a_list(tmp_path: Path, values: Any) -> None:
    """A register by itself is refused: its entries one by one would be something else."""
    with pytest.raises(pr.ArgumentError, match="wanted values, as a list"):
        write_records(values, tmp_path / "x")


atoms = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("2012-02-08")
keys = st.text(max_size=5) | st.just("type")
anything = st.recursive(
    atoms, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_input_gives_a_value_or_an_error_of_ours(data: st.DataObject) -> None:
    """Law B3: any plain data, however bad, gives a value or an error that says where; nothing foreign."""
    kind = data.draw(st.sampled_from(RECORD_TYPES))
    fields = [at.name for at in attrs.fields(kind)] if attrs.has(kind) else []
    raw = data.draw(st.dictionaries(st.sampled_from([*fields, "x"]), anything, max_size=5) | anything)
    if isinstance(raw, dict):
        raw["type"] = kind.__name__
    problems: tuple[pr.Problem, ...] = ()
    found: Any = None
    try:
        found = from_dict(raw)  # type: ignore[arg-type]
    except RecordError as error:
        problems = error.problems
    assert type(found) is kind or problems
    assert all(problem.code and problem.message for problem in problems)


# --- what is personal


@pytest.mark.parametrize("names", [True, False])
def test_ids_that_json_has_not_are_refused(names: bool) -> None:
    """A match may have any ids; as plain data it has texts and whole numbers, with names and without."""
    match = pr.match({("a", 1): pr.Quota(0, 1)}, {"x": pr.Quota(0, 1)}, [(("a", 1), "x")])
    with pytest.raises(pr.ArgumentError, match="wanted ids that are texts or whole numbers, got a value of type tuple"):
        to_dict(match, names=names)


def test_names_and_identity_numbers_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    """Law B2: by default no name of a helper or household is written, and no identity number that stands in a text."""
    helper = pr.Helper("c-1", "u", name="王小明")
    household = pr.Household("h-1", "v", name="李大山")
    entry = pr.StruckOff("h-1", f"belongs to {IDENTITY}", on=DAY)
    unit = pr.Unit("u", "county", "v", name="县水务局")
    values = [helper, household, entry, unit]
    write_records(values, tmp_path / "x")
    text = (tmp_path / "x").read_text(encoding="utf-8")
    assert not {"王小明", "李大山", IDENTITY} & {part for part in ("王小明", "李大山", IDENTITY) if part in text}
    assert "县水务局" in text
    without = [attrs.evolve(helper, name=""), attrs.evolve(household, name="")]
    assert read_records(tmp_path / "x")[:2] == tuple(without)
    write_records(values, tmp_path / "x", names=True)
    assert read_records(tmp_path / "x") == tuple(values)
    with pytest.raises(pr.ArgumentError, match="names: wanted True or False, got 1"):
        to_dict(helper, names=1)  # type: ignore[arg-type]


# --- the schema


def test_the_schema_in_the_package_is_that_of_the_library() -> None:
    """`data/records.schema.json` says what is written and read."""
    path = Path(pr.__file__).parent / "data" / "records.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == record_schema()
    jsonschema.Draft202012Validator.check_schema(record_schema())


def test_the_schema_refuses_what_cannot_be_read() -> None:
    """What has an unknown type, an unknown key or a missing one, the schema refuses too."""
    good = to_dict(pr.Link("u", "v"))
    VALIDATOR.validate(good)
    for bad in (good | {"type": "Lnk"}, good | {"x": 1}, {"type": "Link", "unit": "u"}, good | {"unit": 1}):
        assert not VALIDATOR.is_valid(bad)


def test_a_correction_of_corrections_is_written_within_itself() -> None:
    """An entry within an entry says of which type it is."""
    entry = pr.Paired("c-17", "h-204", on=DAY)
    assert to_dict(Correction(entry, "another household"))["of"] == to_dict(entry)
