"""What every command has to do: read what it is given, say how far it is, tell pages or data, in English or Chinese."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import ModuleType
from typing import Any, TypeVar

import attrs

from pairing.dates import to_date
from pairing.entries import Entry
from pairing.errors import PairingError, Problem
from pairing.journal import entries_by_row
from pairing.people import LADDER, Pairing
from pairing.policy import Policy
from pairing.programmes import load_policy, programme
from pairing.records import RecordError, read_records, write_records
from pairing.register import Register
from pairing.results import laid_out
from pairing.roster import Roster
from pairing.store import ConflictError, KeptRegister
from pairing.tables import read_pairings, read_roster
from pairing.wording import told, worded

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None

__all__ = ["Book", "Desk", "Stages", "attempt", "gathered"]

_Result = TypeVar("_Result")

_WIDTH = 24
"""How wide a bar is."""

_COLUMN = 44
"""How wide the column of stages is."""


class Stages:
    """Runs one stage after the other, says which, and notes how long each took; on a terminal, with a bar."""

    def __init__(self, language: str = "en") -> None:
        self.seconds: dict[str, float] = {}
        self._language = language
        self._name = ""

    def run(self, name: str, work: Callable[[], _Result]) -> _Result:
        """Do something under a name."""
        self._name = name
        print(f"{worded(name, self._language)} …", end="", file=sys.stderr, flush=True)
        start = time.perf_counter()
        try:
            result = work()
        finally:
            self.seconds[name] = time.perf_counter() - start
            print(f" {self._time(self.seconds[name])}", file=sys.stderr, flush=True)
        return result

    def note(self, name: str, seconds: float) -> None:
        """Say that a stage is done which ran elsewhere, and how long it took."""
        self.seconds[name] = seconds
        print(f"{worded(name, self._language)} … {self._time(seconds)}", file=sys.stderr, flush=True)

    def progress(self, done: int, all: int) -> None:
        """Show how far the stage is, where somebody is looking."""
        if sys.stderr.isatty():
            bar = "█" * (_WIDTH * done // all)
            name = worded(self._name, self._language)
            print(f"\r{name} … {bar:·<{_WIDTH}} {done:,}/{all:,}", end="", file=sys.stderr, flush=True)

    def __str__(self) -> str:
        named = [(f"  {worded(name, self._language)}", self._time(seconds)) for name, seconds in self.seconds.items()]
        lines = laid_out([(" " * _COLUMN, ""), *named]).split("\n")[1:]
        return "\n".join([f"  {worded('where the time went', self._language)}", *lines])

    def _time(self, seconds: float) -> str:
        return worded(f"{seconds:.2f} s", self._language)


class Desk:
    """One command at work: its options, its stages, and what it tells."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.language: str = options.language
        self.stages = Stages(options.language)
        self._rows: tuple[str, list[int]] = ("", [])

    def tell(self, pages: Sequence[str], data: dict[str, Any] | list[dict[str, Any]]) -> None:
        """Print data, or pages and where the time went."""
        if self.options.json:
            seconds = {"seconds": self.stages.seconds}
            whole = data | seconds if isinstance(data, dict) else [each | seconds for each in data]
            print(json.dumps(whole, ensure_ascii=False, indent=2))
        else:
            print(*(self.worded(page) for page in pages), self.stages, sep="\n")

    def worded(self, text: str) -> str:
        """Return a text in the language of the command."""
        return worded(text, self.language)

    def refuse(self, error: PairingError) -> int:
        """Tell what is wrong with the input, and return the exit code that says so."""
        if self.options.json:
            problems = [attrs.asdict(problem) for problem in error.problems]
            print(json.dumps({"problems": problems}, ensure_ascii=False, indent=2))
        else:
            print(told(error, self.language), file=sys.stderr)
        return 2

    # --- what is given

    def policy_and_roster(self) -> tuple[date, Policy, Roster]:
        """Return the day, the policy and the roster; or raise with all that is wrong with them."""
        problems: list[Problem] = []
        on = attempt(lambda: to_date(self.options.on, "--on"), problems)
        policy = attempt(self.policy, problems)
        of_roster: list[Problem] = []
        roster = attempt(lambda: self.roster(policy), of_roster)
        # the ranks of a policy that cannot be read are not known
        problems += [problem for problem in of_roster if policy or problem.code != "unknown-rank"]
        if on is None or policy is None or roster is None:
            raise PairingError(problems)
        return on, policy, roster

    def policy(self) -> Policy:
        """Return the policy that is named: a programme's, or that of a file."""
        given = self.options.policy
        named = not os.path.exists(given) and not given.endswith(".toml")
        return programme(given) if named else load_policy(given)

    def roster(self, policy: Policy | None = None) -> Roster:
        """Return the roster of a folder, a workbook or a file of records."""
        source = self.options.roster
        if _is_records(source):
            return self.stages.run("reading", lambda: _the(Roster, _records(source), source))
        ladder = policy.ladder if policy else LADDER
        return self.stages.run("reading", lambda: read_roster(source, ladder=ladder))

    def book(self, missing: bool = False) -> "Book":
        """Return the book that is named; `missing` lets it begin, where it is not there yet."""
        return self.stages.run("reading the book", lambda: Book(self.options.book, missing))

    def entries(self, source: str, name: str) -> tuple[Entry, ...]:
        """Return the entries of a file of records, or of the rows of a spreadsheet."""
        if _is_records(source):
            return self.stages.run(name, lambda: _entries(source))
        rows = self.stages.run(name, lambda: entries_by_row(source))
        self._rows = (os.path.basename(source), [row for row, _ in rows])
        return tuple(entry for _, entry in rows)

    def placed(self, work: Callable[[], _Result]) -> _Result:
        """Do something with the entries of a spreadsheet; what is wrong with one is told with its row there."""
        try:
            return work()
        except PairingError as error:
            file, rows = self._rows
            error.problems = tuple(
                attrs.evolve(problem, file=file, row=rows[problem.row])
                if problem.file in ("entries", "changes") and problem.row is not None and problem.row < len(rows)
                else problem
                for problem in error.problems
            )
            raise


class Book:
    """A book at its place: a file of records, a database, or (to be read only) pairings in tables.

    - `where`: a path ending in .jsonl, "-" for standard input, the URL of a database, or what `read_pairings` reads.
    """

    def __init__(self, where: str, missing: bool = False) -> None:
        self._where = where
        self._kept: KeptRegister | None = None
        self.pairings: tuple[Pairing, ...] | None = None
        self.register = Register()
        self._state = _state(where)
        if "://" in where:
            self._kept = KeptRegister(where)
            self.register = self._kept.register
        elif not _is_records(where):
            self.pairings = read_pairings(where)
        elif not missing or where == "-" or os.path.lexists(where):
            self.register = _the(Register, _records(where), where)

    @property
    def held(self) -> Register | tuple[Pairing, ...]:
        """What an audit reads: the register, or the pairings."""
        return self.register if self.pairings is None else self.pairings

    def whole(self) -> Register:
        """Return the register; pairings in tables are none."""
        if self.pairings is not None:
            message = "wanted a register (a file ending in .jsonl, or the URL of a database), got a table of pairings"
            raise PairingError([Problem("bad-book", message, field="--book")])
        return self.register

    def record(self, entries: Iterable[Entry]) -> int:
        """Record entries where the book is, and return how many of them are new."""
        before = self.whole()
        if self._where == "-":
            message = "wanted a book that can be written, got standard input"
            raise PairingError([Problem("bad-book", message, field="--book")])
        if self._kept is not None:
            self.register = self._kept.record(*entries, known=len(before))
        else:
            after = before.record(*entries)
            with _alone(self._where):
                if _state(self._where) != self._state:
                    message = (
                        f"wanted the book as it was read, of {len(before):,} entries, but others have written it since"
                    )
                    raise ConflictError([Problem("conflict", message, os.path.basename(self._where))])
                if after is not before:
                    write_records([after], self._where, names=True)
            self.register = after
        return len(self.register) - len(before)


def _state(path: str) -> tuple[int, ...]:
    """Return what tells one writing of a file from the next."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def _alone(path: str) -> Iterator[None]:
    """Let no other command write to the folder of a file meanwhile, where the system has locks of that kind."""
    try:
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
    except OSError:
        yield  # what cannot be written is told by who writes
        return
    try:
        if fcntl is not None:
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def attempt(work: Callable[[], _Result], problems: list[Problem]) -> _Result | None:
    """Do something and return the result; or keep what is wrong, so that all of it can be told at once."""
    try:
        return work()
    except PairingError as error:
        problems += error.problems
        return None


def gathered(*works: Callable[[], Any]) -> list[Any]:
    """Do several things and return their results; or raise with what is wrong with all of them."""
    problems: list[Problem] = []
    found = [attempt(work, problems) for work in works]
    if problems:
        raise PairingError(problems)
    return found


def _is_records(source: str) -> bool:
    return source == "-" or source.endswith(".jsonl")


def _records(source: str) -> tuple[Any, ...]:
    try:
        return read_records(sys.stdin.buffer if source == "-" else source)
    except RecordError as error:
        if source != "-":
            raise
        raise RecordError(attrs.evolve(problem, file=source) for problem in error.problems) from None


def _the(kind: type[_Result], values: Iterable[Any], source: str) -> _Result:
    found = [value for value in values if isinstance(value, kind)]
    if len(found) != 1:
        message = f"wanted one {kind.__name__} in the file, got {len(found)}"
        raise RecordError([Problem("bad-records", message, os.path.basename(source))])
    return found[0]


def _entries(source: str) -> tuple[Entry, ...]:
    values: list[Entry] = []
    for n, value in enumerate(_records(source)):
        if isinstance(value, Register):
            values += value
        elif isinstance(value, Entry):
            values.append(value)
        else:
            message = f"wanted entries, got a {type(value).__name__} as value {n + 1}"
            raise RecordError([Problem("bad-records", message, os.path.basename(source))])
    return tuple(values)
