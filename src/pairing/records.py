"""Everything as plain dicts and as JSON Lines, to and from, with a schema and a version: how applications keep it.

A file of records has a header, `{"format": "pairing", "version": 1}`, and then one value a line.  Two kinds of values
take many lines: a roster is a line that says how many areas, units, ... follow, and then one line for each; a register
is a line for each batch, which says from which position and how many entries follow, and then one line for each.  So
nothing needs to be held whole twice, a file of a register can be continued by adding lines, and what was cut off in the
middle is noticed.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NoReturn

import attrs

from pairing.answering import Passing, Unfilled
from pairing.appraising import Mark, PartMark, Reason
from pairing.areas import Area, AreaTree
from pairing.counties import CountyHandover, CountyHandovers, CountyPlan, CountyPlans
from pairing.dates import Span
from pairing.deeds import RECORDED
from pairing.entries import Correction, Entry, Refill
from pairing.errors import ArgumentError, PairingError, PolicyError, Problem, shown
from pairing.evenness import Effort
from pairing.figures import Amount, Distinct, Share, Withheld
from pairing.findings import Finding
from pairing.foreseeing import Outlook, UnitAhead, YearAhead
from pairing.forms import TYPE, Faults, Form, Forms
from pairing.funds import FundBook, Loan
from pairing.handover import Handover, HandoverFile, relay
from pairing.histories import OpenDuty, Vacancy
from pairing.linking import Linking
from pairing.matching import Match
from pairing.memory import no_collection
from pairing.owing import Contribution, Duty
from pairing.people import Helper, Household, Ladder, Link, NamedPair, OwnLink, Pairing, Rank, Unit, Village
from pairing.placing import fault_of
from pairing.plan import Load, Plan
from pairing.policy import Policy
from pairing.proof import Certificate, Shortfall
from pairing.quotas import Quota
from pairing.reasons import Explanation, NextBest, PairReason, Standing, WhyNot
from pairing.register import History, Register, Stretch
from pairing.repairing import Excess, Relaxation, Repair
from pairing.reporting import Report, Sentence
from pairing.results import Column, Table
from pairing.roster import Roster
from pairing.sampling import ErrorRate, Outcome, Pick, SpotCheck, Tally
from pairing.scenarios import WhatIf
from pairing.steps import Progress
from pairing.terms import terms
from pairing.visiting import DueTally, DueVisit, Silence
from pairing.worth import Comparison, Price, RoleChange

__all__ = [
    "RECORD_TYPES",
    "VERSION",
    "RecordError",
    "from_dict",
    "read_records",
    "record_schema",
    "to_dict",
    "write_records",
]

VERSION = 1
"""The version of the schema: it changes when what is written now could not be read by an earlier library."""

_HEADER = {"format": "pairing", "version": VERSION}
_PARTS: Mapping[str, type[Any]] = {
    "areas": Area,
    "units": Unit,
    "helpers": Helper,
    "households": Household,
    "links": Link,
    "named": NamedPair,
    "own_links": OwnLink,
    "villages": Village,
}
"""What follows the line of a roster, in this order."""

RECORD_TYPES: tuple[type[Any], ...] = (
    *(Span, Quota, Problem),
    *(Area, AreaTree, Rank, Ladder, Unit, Helper, Household, Village, Link, OwnLink, NamedPair, Pairing, Roster),
    *(Policy, Plan, Linking, Load, Certificate, Shortfall, Match),
    *(Explanation, Standing, PairReason, NextBest, WhyNot, Price, Comparison, RoleChange),
    *(Repair, Relaxation, Excess, Contribution, Duty, WhatIf),
    *sorted((*RECORDED, Refill), key=lambda kind: kind.__name__),
    *(Register, History, Stretch, Vacancy, OpenDuty, Loan, FundBook),
    *(Handover, HandoverFile, Passing, Unfilled, Progress, Outlook, YearAhead, UnitAhead, Finding),
    *(Amount, Distinct, Share, Withheld, Column, Table, Effort, Report, Sentence),
    *(CountyPlan, CountyPlans, CountyHandover, CountyHandovers),
    *(DueVisit, DueTally, Silence, Pick, SpotCheck, ErrorRate, Tally, Outcome, Mark, PartMark, Reason),
)
"""The types of which a record may be."""


class RecordError(PairingError):
    """Records cannot be read or written; `row` is the line of the file, the header being line 1."""

    title = "records"


def to_dict(value: Any, *, names: bool = False) -> dict[str, Any]:
    """Return a value as a plain dict, of texts, whole numbers, lists and dicts alone, as JSON has them.

    >>> to_dict(Pairing("c-17", "h-204", span=Span(date(2012, 2, 8))))
    {'type': 'Pairing', 'helper': 'c-17', 'household': 'h-204', 'span': {'start': '2012-02-08'}}

    What is as it would be without being said is left out.  Names of helpers and households are left out too, and
    identity numbers in texts, unless `names` are asked for: without them, the value that is read again is without them.

    Raises `ArgumentError` for a value of a type that is not among `RECORD_TYPES`, for criteria of your own in a policy
    (code is not data), and for a match whose ids are neither texts nor whole numbers.
    """
    written: dict[str, Any] = _forms(_flag(names)).any.write(value)
    return written


def from_dict(data: Mapping[str, Any]) -> Any:
    """Return the value that a plain dict describes: `from_dict(to_dict(value, names=True)) == value`.

    >>> from_dict({"type": "Pairing", "helper": "c-17", "household": "h-204"})
    Pairing(helper='c-17', household='h-204', role='lead')

    A plan is read with its proof, which `Plan.verify` checks; a handover is found anew, and must be the one described.
    What stands behind the cells of a table and the reasons of a mark is not read: ask the register.

    Raises `RecordError` with everything that is wrong, each with the path to it as its field.
    """
    try:
        return _forms(True).any.read(data)
    except Faults as faults:
        raise RecordError(faults.problems) from None
    except RecursionError:
        raise RecordError([Problem("too-deep", _TOO_DEEP)]) from None


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record; the library has it as `data/records.schema.json`.

    >>> record_schema()["$defs"]["Link"]["required"]
    ['type', 'unit', 'village']
    """
    forms = _forms(True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A record of pairing, version {VERSION}",
        **forms.any.schema,
        "$defs": forms.definitions,
    }


# --- files


def write_records(values: Iterable[Any], path: str | os.PathLike[str], *, names: bool = False) -> None:
    """Write values as JSON Lines, in UTF-8; all or nothing, in place of what was there.

    >>> import tempfile
    >>> from pairing.entries import Paired
    >>> register = Register().record(Paired("c-17", "h-204", on=date(2012, 2, 8)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "book.jsonl")
    ...     write_records([register], path)
    ...     with open(path, encoding="utf-8") as file:
    ...         print(file.read().strip())
    ...     read_records(path) == (register,)
    {"format": "pairing", "version": 1}
    {"type": "Register", "from": 0, "entries": 1}
    {"type": "Paired", "on": "2012-02-08", "helper": "c-17", "household": "h-204"}
    True

    The same values give the same bytes.  `names` as in `to_dict`.  Raises `RecordError` where writing fails, or a text
    has half of a surrogate pair; `ArgumentError` as `to_dict` does.
    """
    target, names = _path(path), _flag(names)
    if not isinstance(values, Iterable) or isinstance(values, Register | Mapping | str):
        raise ArgumentError("bad-type", f"wanted values, as a list, got {shown(values)}", "values")
    file_name, aside = os.path.basename(target), f"{target}.{secrets.token_hex(4)}.part"
    with no_collection():
        try:
            with open(aside, "wb") as file:
                file.write(_line(_HEADER))
                for value in values:
                    file.writelines(map(_line, _lines(value, names)))
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, target)
        except OSError as error:
            message = f"wanted to write records, got {fault_of(error)}"
            raise RecordError([Problem("cannot-write", message, file_name)]) from None
        except UnicodeEncodeError:
            raise RecordError([Problem("unwritable", _HALF, file_name)]) from None
        finally:
            if os.path.isfile(aside):
                os.unlink(aside)


def read_records(source: str | os.PathLike[str] | Iterable[bytes]) -> tuple[Any, ...]:
    """Return the values that a file of records holds, in their order; a register of several batches is one value.

    `source` is a path, or the lines themselves, such as a file that was opened as bytes.

    Raises `RecordError` with everything that is wrong in the file, each with its line and the path within it.
    """
    with no_collection():
        try:
            if not isinstance(source, str | os.PathLike):
                return _read(source)
            path = _path(source)
            name = os.path.basename(path)
            with open(path, "rb") as file:
                return _read(file, name)
        except OSError as error:
            message = f"wanted a file that can be read, got {fault_of(error)}"
            raise RecordError([Problem("unreadable-file", message, name)]) from None


def _read(lines: Iterable[bytes], name: str = "") -> tuple[Any, ...]:
    if not isinstance(lines, Iterable) or isinstance(lines, bytes):
        raise ArgumentError("bad-type", f"wanted a path, or lines of bytes, got {shown(lines)}", "source")
    reader = _Reader(name)
    for n, line in enumerate(lines, 1):
        if not isinstance(line, bytes):
            raise ArgumentError("bad-type", f"wanted lines of bytes, got {shown(line)}", "source")
        reader.read(n, line)
    return reader.close()


def _path(path: object) -> str:
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(text, str) or not text or "\0" in text:
        raise ArgumentError("bad-type", f"wanted the path of a file, got {shown(path)}", "path")
    return text


def _flag(names: object) -> bool:
    if not isinstance(names, bool):
        raise ArgumentError("bad-type", f"wanted True or False, got {shown(names)}", "names")
    return names


def _line(data: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(data, ensure_ascii=False)}\n".encode()


def _lines(value: Any, names: bool) -> Iterator[dict[str, Any]]:
    """Yield the lines of a value, as plain data."""
    of = _forms(names)
    if isinstance(value, Roster):
        tables = {part: value.areas.areas if part == "areas" else getattr(value, part) for part in _PARTS}
        head = {part: len(table) for part, table in tables.items() if table}
        yield {TYPE: "Roster", "ladder": of.record(Ladder).write(value.ladder)["ranks"], **head}
        for part, table in tables.items():
            write = of.record(_PARTS[part]).write
            yield from ({TYPE: _PARTS[part].__name__, **write(thing)} for thing in table)
    elif isinstance(value, Register):
        write, start = of.any.write, 0
        for end in value.batches or (0,):
            yield {TYPE: "Register", "from": start, "entries": end - start}
            yield from (write(value[n]) for n in range(start, end))
            start = end
    else:
        yield of.any.write(value)


class _Reader:
    """Reads the lines of a file, one after the other, and keeps what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.values: list[Any] = []
        self.form = _forms(True).any
        self.row = 0
        self.wanted: list[tuple[str, type[Any], int]] = []
        """What the line of a roster or a batch says is still to follow: the name of the part, the class, how many."""
        self.parts: dict[str, list[tuple[int, Any]]] = {}
        self.head: dict[str, Any] = {}
        self.register = Register()
        self.known = False
        """Whether a register is being read, which the next batch may continue."""

    def tell(self, code: str, message: str, row: int | None = None, field: str = "") -> None:
        self.problems.append(Problem(code, message, "", row or self.row, field))

    def read(self, row: int, line: bytes) -> None:
        """Read a line."""
        self.row = row
        data = self._parsed(line.removeprefix(b"\xef\xbb\xbf") if row == 1 else line)
        if row == 1:
            self._header(data)
        elif data is None:
            self._take(None)
        elif self.wanted:
            self._take(self._value(data))
        elif data.get(TYPE) in ("Roster", "Register"):
            self._begin(data)
        else:
            value = self._value(data)
            self._end_of_register()
            self.values.append(value)

    def _parsed(self, line: bytes) -> dict[str, Any] | None:
        try:
            data = json.loads(line.decode(), **_STRICT)
        except UnicodeDecodeError as error:
            self.tell("bad-encoding", f"wanted UTF-8; counted from 0, byte {error.start:,} is not")
        except RecursionError:
            self.tell("too-deep", _TOO_DEEP)
        except _NotPlain as error:
            self.tell("bad-json", str(error))
        except ValueError:
            self.tell("bad-json", "wanted one object of JSON, on a line of its own; got something else")
        else:
            if isinstance(data, dict):
                if b"\\ud" in line.lower() and not _is_writable(data):
                    self.tell("unwritable", _HALF)
                    return None
                return data
            self.tell("bad-type", f"wanted an object, got {shown(data)}")
        return None

    def _header(self, data: dict[str, Any] | None) -> None:
        if data is None or data.get("format") != "pairing":
            if data is not None:
                self.tell("missing-header", f"wanted {json.dumps(_HEADER)}; got another first line")
        elif data != _HEADER:
            got = shown(data.get("version"))
            self.tell("unknown-version", f"wanted version {VERSION}, and nothing else; got version {got}")

    def _value(self, data: dict[str, Any]) -> Any:
        try:
            return self.form.read(data)
        except Faults as faults:
            self.problems += [attrs.evolve(problem, row=self.row) for problem in faults.problems]
        except RecursionError:
            self.tell("too-deep", _TOO_DEEP)
        return None

    # --- rosters and registers, which have many lines

    def _begin(self, data: dict[str, Any]) -> None:
        counts = ("from", "entries") if data[TYPE] == "Register" else tuple(_PARTS)
        keys = counts if data[TYPE] == "Register" else ("ladder", *counts)
        for key in data:
            if key not in (TYPE, *keys):
                self.tell("unknown-key", f"wanted one of {', '.join(keys)}; got {shown(key)}")
        for key in counts:
            if type(data.get(key, 0)) is not int or data.get(key, 0) < 0:
                self.tell("bad-number", f"wanted a whole number from 0, got {shown(data[key])}", field=key)
                return
        if data[TYPE] == "Roster":
            self._end_of_register()
            self.wanted = [(part, kind, data.get(part, 0)) for part, kind in _PARTS.items()]
        else:
            start = data.get("from", 0)
            if start == 0:
                self._end_of_register()
            self.known = True
            if start != len(self.register) and not self.problems:
                message = f"wanted a batch from position {len(self.register)} on, got one from {start}"
                self.tell("unknown-position", message, field="from")
            self.wanted = [("entries", Entry, data.get("entries", 0))]
        self.parts = {part: [] for part, *_ in self.wanted}
        self.head = {**data, "row": self.row}
        self._skip()

    def _take(self, value: Any) -> None:
        """Take the value of a line as the next one that is to follow; None is what could not be read."""
        if not self.wanted:
            return
        part, kind, left = self.wanted[0]
        if value is not None and not isinstance(value, kind):
            self.tell("other-type", f"wanted one of {part}, of which {left:,} more are to follow; got another value")
        self.parts[part].append((self.row, value))
        self.wanted[0] = (part, kind, left - 1)
        self._skip()

    def _skip(self) -> None:
        """Go on to the next part of which something is to follow; or make what is whole now."""
        while self.wanted and not self.wanted[0][2]:
            self.wanted.pop(0)
        if self.wanted or self.problems:
            return
        things = {part: [thing for _, thing in rows] for part, rows in self.parts.items()}
        rows = {part: [row for row, _ in rows] for part, rows in self.parts.items()}
        try:
            if self.head[TYPE] == "Register":
                self.register = self.register.record(*things["entries"])
                if len(self.register) != self.head["from"] + self.head["entries"]:
                    self.tell("recorded-twice", "wanted entries that are not in the register yet, got one that is")
            else:
                parts: dict[str, Any] = dict(things)
                if "ladder" in self.head:
                    parts["ladder"] = Ladder(_RANKS.read(self.head["ladder"]))
                parts["areas"] = AreaTree(things["areas"])
                self.values.append(Roster(**parts))
        except Faults as faults:
            self.problems += [attrs.evolve(p, row=self.head["row"]) for p in faults.problems]
        except PairingError as error:
            for p in error.problems:
                lines = rows.get("named" if p.file == "pairs" else p.file)
                row = lines[p.row] if lines and p.row is not None else self.head["row"]
                self.problems.append(Problem(p.code, p.message, "", row, p.field))

    def _end_of_register(self) -> None:
        if self.known:
            self.values.append(self.register)
            self.register, self.known = Register(), False

    def close(self) -> tuple[Any, ...]:
        """Return all values, or raise with everything that is wrong."""
        if not self.row:
            self.tell("missing-header", f"wanted {json.dumps(_HEADER)}; got an empty file", 1)
        if self.wanted and not self.problems:
            left = sum(count for *_, count in self.wanted)
            self.tell(
                "cut-off", f"wanted {left:,} more lines, as line {self.head['row']} says; got the end of the file"
            )
        self._end_of_register()
        if self.problems:
            raise RecordError(attrs.evolve(problem, file=self.file) for problem in self.problems)
        return tuple(self.values)


class _NotPlain(ValueError):
    """What JSON can say and records cannot."""


def _refuse(text: str) -> NoReturn:
    raise _NotPlain("wanted whole numbers, got another number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotPlain("wanted each key of an object once, got one twice")
    return found


def _is_writable(data: dict[str, Any]) -> bool:
    try:
        _line(data)
    except UnicodeEncodeError:
        return False
    return True


_HALF = "wanted texts without half of a surrogate pair, got one with it"
_STRICT: dict[str, Any] = {"parse_float": _refuse, "parse_constant": _refuse, "object_pairs_hook": _object}
_TOO_DEEP = "wanted values that lie within each other a few levels deep, got hundreds"


# --- values that have forms of their own


def _policy_form(forms: Forms) -> Form:
    def read(data: Any) -> Policy:
        try:
            return Policy.from_dict(data)
        except PolicyError as error:
            raise Faults(error.problems) from None

    return Form(Policy.to_dict, read, {"type": "object", "required": ["name"]})


def _register_form(forms: Forms) -> Form:
    batches = forms.of(tuple[tuple[Entry, ...], ...])

    def write(register: Register) -> dict[str, Any]:
        ends = register.batches
        spans = zip((0, *ends), ends, strict=False)
        return {"batches": batches.write(tuple(tuple(map(register.__getitem__, range(*span))) for span in spans))}

    def read(data: Any) -> Register:
        if type(data) is not dict or data.keys() != {"batches"}:
            raise Faults.one("missing-key", "wanted batches, and nothing else; got something else", "batches")
        try:
            read = batches.read(data["batches"])
        except Faults as faults:
            raise Faults(faults.below("batches")) from None
        register = Register()
        for n, batch in enumerate(read):
            try:
                register = register.record(*batch)
            except PairingError as error:
                told = [
                    attrs.evolve(p, file="", row=None, field=f"batches[{n}][{p.row}].{p.field}") for p in error.problems
                ]
                raise Faults(told) from None
        return register

    schema = {"type": "object", "properties": {"batches": batches.schema}, "required": ["batches"]}
    return Form(write, read, schema | {"additionalProperties": False})


def _plan(policy: Policy, roster: Roster, on: date, book: tuple[Pairing, ...] = (), **parts: Any) -> Plan:
    return Plan(policy, roster, on, terms=terms(policy.at(on), roster, on, book), book=book, **parts)


def _handover(
    policy: Policy, roster: Roster, register: Register, changes: tuple[Any, ...], lines: tuple[Entry, ...], **parts: Any
) -> Handover:
    found = relay(policy, roster, register, changes)
    if found.lines != lines or any(getattr(found, name) != part for name, part in parts.items()):
        message = (
            "wanted the handover that follows from the policy, the roster, the register and the changes, got another"
        )
        raise ArgumentError("other-handover", message, "lines")
    return found


@cache
def _forms(names: bool) -> Forms:
    return Forms(
        RECORD_TYPES,
        names=names,
        left_out={Plan: ("terms",), Handover: ("asked", "outcome"), Correction: ("on",)},
        makers={Plan: _plan, Handover: _handover},
        special={Policy: _policy_form, Register: _register_form},
    )


_RANKS = _forms(True).of(tuple[Rank, ...])
