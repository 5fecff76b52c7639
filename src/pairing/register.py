"""The register (登记簿): lines are only ever added, and from them follows who was responsible on any day.

Two axes of time: the day on which something holds (`on`), and the position at which it was recorded (`known`).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from operator import itemgetter
from typing import Any

import attrs
from attrs import field, frozen

from pairing.dates import Span, to_date
from pairing.deeds import RECORDED, Lent, PaidIn, Repaid, Visited
from pairing.entries import (
    DEEPEST,
    Correction,
    Dissolution,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HouseholdMerger,
    Linked,
    Merger,
    Move,
    Paired,
    RankChange,
    Recovery,
    Relapse,
    Released,
    Renaming,
    Split,
    StruckOff,
    Transfer,
    Unfitness,
)
from pairing.errors import ArgumentError, Problem, RegisterError, bare, is_identity_number, key, shown
from pairing.funds import fund_faults
from pairing.histories import (
    OpenDuty,
    absences,
    closed,
    end_of_service,
    household_faults,
    in_turn,
    left_programme,
    links,
    opened,
    personnel_faults,
    stays,
    vacancies,
)
from pairing.lines import Lines, root, subjects
from pairing.markup import html_page, html_table
from pairing.memory import no_collection
from pairing.quotas import LARGEST
from pairing.views import View

__all__ = ["History", "Register", "Stretch", "check_fields", "unit_faults"]


@frozen
class Stretch:
    """A part of a history: what held on the days of a span, and with whom.

    >>> print(Stretch(Span(date(2012, 2, 8), date(2013, 6, 30)), "responsible", "c-17", "lead"))
    2012-02-08 .. 2013-06-30 c-17 (lead)
    """

    span: Span
    what: str
    who: str = field(default="", repr=key)
    role: str = ""

    def __str__(self) -> str:
        days = f"{self.span.start} .. {self.span.end or ''}".rstrip()
        who = bare(self.who)
        if self.what == "responsible":
            return f"{days} {who} ({self.role})"
        return f"{days} {self.what}{f' {who}' if who else ''}"


@frozen
class History:
    """What became of a household, a helper, a unit or a village: spans of days, by start; printed as one line."""

    of: str
    id: str = field(repr=key)
    stretches: tuple[Stretch, ...]

    def __str__(self) -> str:
        return f"{self.of} {bare(self.id)}: {'; '.join(map(str, self.stretches)) or 'nothing recorded'}"

    def _repr_html_(self) -> str:
        rows = [(one.span.start, one.span.end, one.what, one.who, one.role) for one in self.stretches]
        heads, caption = ("from", "until", "what", "who", "role"), f"{self.of} {bare(self.id)}"
        return html_page(html_table(heads, rows, caption=caption, words=(1, 2, 3, 4)))


class Register:
    """Entries in the order in which they were recorded; a value: `record` gives a new register.

    >>> register = Register().record(Paired("c-17", "h-204", on=date(2012, 2, 8)))
    >>> later = register.record(
    ...     Released("c-17", "h-204", "moved abroad", override="by order of the county", on=date(2013, 6, 30))
    ... )
    >>> register, later
    (Register(1 entries), Register(2 entries))
    >>> later.view(on=date(2013, 1, 1)).pairings
    (Pairing(helper='c-17', household='h-204', role='lead'),)
    >>> print(later.history("h-204"))
    household h-204: 2012-02-08 .. 2013-06-30 c-17 (lead)

    Registers that grow out of one another share their lines: recording one entry costs the same whether there are ten
    before it or a million.  Only recording on a register that has already grown otherwise copies its lines.
    """

    __slots__ = ("_length", "_lines")

    def __init__(self) -> None:
        self._lines = Lines()
        self._length = 0

    def __repr__(self) -> str:
        return f"Register({self._length:,} entries)"

    def _repr_html_(self) -> str:
        days: dict[type[Entry], list[date]] = {}
        for entry in self._lines.entries[: self._length]:
            days.setdefault(type(entry), []).append(entry.on)
        rows = [(kind.__name__, len(on), min(on), max(on)) for kind, on in days.items()]
        rows.sort(key=lambda row: (-row[1], row[0]))
        households, helpers = (len(self._lines.ids(table, self._length)) for table in ("households", "held"))
        caption = f"register: {self._length:,} entries, of {households:,} households and {helpers:,} helpers"
        return html_page(html_table(["entries", "how many", "first day", "last day"], rows, caption=caption))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Entry]:
        entries = self._lines.entries
        return (entries[n] for n in range(self._length))

    def __getitem__(self, position: int) -> Entry:
        """Return the entry that was recorded at a position, from 0."""
        if type(position) is not int or not 0 <= position < self._length:
            message = f"wanted a position from 0 to {self._length - 1}, got {shown(position)}"
            raise ArgumentError("unknown-position", message, "position")
        return self._lines.entries[position]

    def __contains__(self, entry: Any) -> bool:
        """Whether an entry was recorded, and counts."""
        position = self._lines.position(entry, self._length) if _could_be_recorded(entry) else None
        return position is not None and self._lines.counts(position, self._length)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Register):
            return NotImplemented
        if self._length != other._length:
            return False
        return self._lines is other._lines or list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:  # pickled are its own entries, not those of others that share its lines
        return _of_batches, (tuple(self._lines.batches_until(self._length)),)

    # --- writing

    def record(self, *entries: Entry) -> "Register":
        """Return a register with a batch of entries added: all of them, or, where something is wrong, none.

        The order within a batch does not matter.  An entry that is there already is not added again.  Nobody is
        dropped: from its first pairing until it is released, a household has on every day a helper or a vacancy, or
        the batch is refused; what is to follow one another belongs into one batch.

        Raises `RegisterError` with every problem at once; `row` is the position in the batch.
        """
        lines, known = self._lines, self._length
        with lines.lock, no_collection():
            problems: list[Problem] = []
            batch = _checked(entries, lines, known, problems)
            if problems:
                raise RegisterError(sorted(problems, key=_row))
            if not batch:
                return self
            if len(lines.entries) != known:
                lines = lines.copy(known)
            lines.append(list(batch))
            try:
                problems = _faults(View(lines, date.min, len(lines.entries)), batch)
            except BaseException:
                lines.retract()
                raise
            if problems:
                lines.retract()
                raise RegisterError(sorted(problems, key=_row))
        other = Register()
        other._lines, other._length = lines, len(lines.entries)
        return other

    def apart(self) -> "Register":
        """Return an equal register with lines of its own: what is tried on it is never added to the lines of this one.

        >>> register = Register().record(Paired("c-17", "h-204", on=date(2012, 2, 8)))
        >>> register.apart() == register
        True
        """
        other = Register()
        other._lines, other._length = self._lines.copy(self._length), self._length
        return other

    # --- reading

    @property
    def batches(self) -> tuple[int, ...]:
        """The positions at which the batches end that were recorded, one after the other.

        >>> Register().record(Paired("c-17", "h-204", on=date(2012, 2, 8))).batches
        (1,)
        """
        ends = self._lines.batches
        return tuple(ends[: bisect_right(ends, self._length)])

    def view(self, *, on: date, known: int | None = None) -> View:
        """Return what the register says of a day, by what was known up to a position (None: by all that it has).

        `known` counts entries: `view(on=day, known=len(earlier))` is what the earlier register said of the day.  A
        position within a batch stands for the end of the batch before.
        """
        return View(self._lines, to_date(on, "on"), self._known(known))

    def _known(self, known: int | None) -> int:
        if known is None:
            return self._length
        if type(known) is not int or not 0 <= known <= self._length:
            message = f"wanted a number of entries from 0 to {self._length}, got {shown(known)}"
            raise ArgumentError("unknown-position", message, "known")
        return self._lines.whole_batches(known)

    def entries_about(self, id: str, *, known: int | None = None) -> tuple[Entry, ...]:
        """Return all entries about a helper, household, unit or village that count, by the day from which they hold.

        Entries of one day come in the order in which they were recorded.
        """
        until = self._known(known)
        if not isinstance(id, str):
            raise ArgumentError("bad-key", f"wanted a text, got {shown(id)}", "id")
        found: dict[Entry, None] = {}
        for table in self._lines.tables():
            found.update(dict.fromkeys(self._lines.about(table, id, until)))
        return tuple(sorted(found, key=lambda entry: (entry.on, self._lines.position(entry, until) or 0)))

    def history(self, id: str, *, known: int | None = None) -> History:
        """Return what became of a household, a helper, a unit or a village.

        Where one id is that of several, the helper comes first, then the household, then the unit.  Of whom nothing is
        recorded, the history is empty.
        """
        if not isinstance(id, str):
            raise ArgumentError("bad-key", f"wanted a text, got {shown(id)}", "id")
        view = View(self._lines, date.max, self._known(known))
        for of, tables, tell in _HISTORIES:
            if any(view.about(table, id) for table in tables):
                stretches = tuple(sorted(tell(view, id), key=lambda s: (s.span, s.what, s.who, s.role)))
                return History(of, id, stretches)
        return History("nobody", id, ())


def _of_batches(batches: Iterable[list[Entry]]) -> Register:
    """Return a register of batches that were recorded before, and are not checked again."""
    register = Register()
    for batch in batches:
        register._lines.append(batch)
    register._length = len(register._lines.entries)
    return register


# --- histories


def _of_helper(view: View, id: str) -> Iterator[Stretch]:
    for household in view.ever_held(id):
        for stay in view.stays(household):
            if stay.helper == id:
                yield Stretch(Span(stay.start, stay.end), "responsible", household, stay.role)
    entries = view.personnel(id)
    over = end_of_service(entries)
    if over is not None:
        yield Stretch(Span(over), "out of service")
    for span in absences(entries):
        yield Stretch(span, "on leave")
    for e, days in in_turn(entries, Transfer):
        yield Stretch(days, "in unit", e.unit)
    for e, days in in_turn(entries, RankChange):
        yield Stretch(days, "of rank", e.rank)
    for e, days in in_turn(entries, Unfitness, Recovery):
        if isinstance(e, Unfitness):
            yield Stretch(days, "unfit")


def _of_household(view: View, id: str) -> Iterator[Stretch]:
    entries = view.about("households", id)
    held = stays(id, entries)
    for stay in held:
        yield Stretch(Span(stay.start, stay.end), "responsible", stay.helper, stay.role)
    for vacancy in vacancies(id, entries, held):
        yield Stretch(vacancy.span, "vacancy, seen to by", vacancy.unit)
    for e, days in in_turn(entries, Exit, Relapse):
        yield Stretch(days, "exited" if isinstance(e, Exit) else "fallen back")
    for e, days in in_turn(entries, Move):
        yield Stretch(days, "in village", e.village)
    over = left_programme(id, entries)
    if over is not None:
        yield Stretch(Span(over), "out of the programme")


def _of_unit(view: View, id: str) -> Iterator[Stretch]:
    entries = view.about("units", id)
    for village, spans in links([e for e in entries if not isinstance(e, Merger)], lambda e: e.village).items():
        yield from (Stretch(span, "linked to", village) for span in spans)
    for e in entries:
        if isinstance(e, Merger) and e.unit == id:
            yield Stretch(Span(e.on), "part of", e.into)
        elif isinstance(e, Dissolution):
            yield Stretch(Span(e.on), "dissolved")
        elif isinstance(e, Renaming):
            yield Stretch(Span(e.on), "renamed")
    for household in sorted({e.household for e in view.about("vacant", id)}):  # type: ignore[attr-defined]
        about = view.about("households", household)
        for vacancy in vacancies(household, about, view.stays(household)):
            if vacancy.unit == id:
                yield Stretch(vacancy.span, "sees to the vacancy of", household)


def _of_village(view: View, id: str) -> Iterator[Stretch]:
    for unit, spans in links(view.about("villages", id), lambda e: e.unit).items():
        yield from (Stretch(span, "linked to", unit) for span in spans)


_HISTORIES: tuple[tuple[str, tuple[str, ...], Callable[[View, str], Iterator[Stretch]]], ...] = (
    ("helper", ("held", "helpers"), _of_helper),
    ("household", ("households",), _of_household),
    ("unit", ("units", "vacant"), _of_unit),
    ("village", ("villages",), _of_village),
)


# --- what is wrong with a batch


def _row(problem: Problem) -> int:
    return problem.row or 0


def _fine_id(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value == value.strip() and value.isprintable()


_FINE: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": (_fine_id, "a text without spaces around it"),
    "optional id": (lambda value: value is None or _fine_id(value), "a text without spaces around it, or None"),
    "ids": (lambda value: isinstance(value, tuple) and all(map(_fine_id, value)), "texts without spaces around them"),
    "text": (lambda value: isinstance(value, str) and bool(value.strip()), "a text"),
    "optional text": (lambda value: isinstance(value, str), "a text"),
    "optional": (lambda value: value is None or isinstance(value, str), "a text or None"),
    "day": (lambda value: type(value) is date, "a datetime.date"),
    "optional day": (lambda value: value is None or type(value) is date, "a datetime.date or None"),
    "flag": (lambda value: isinstance(value, bool), "True or False"),
    "amount": (lambda value: type(value) is int and 0 < value < LARGEST, "a whole number from 1"),
    "optional amount": (lambda value: type(value) is int and 0 <= value < LARGEST, "a whole number from 0"),
    "entry": (lambda value: isinstance(value, Entry), "an entry"),
}


def _checked(entries: Iterable[Entry], lines: Lines, known: int, problems: list[Problem]) -> dict[Entry, int]:
    """Return the entries of a batch that are new, with their rows, and add what is wrong with single ones."""
    batch: dict[Entry, int] = {}
    keyed: dict[str, Entry] = {}

    def tell(row: int, code: str, message: str, field: str = "") -> None:
        problems.append(Problem(code, message, "entries", row, field))

    for row, entry in enumerate(entries):
        if type(entry) not in RECORDED:
            tell(row, "bad-type", f"wanted an entry to record, got {shown(entry)}")
            continue
        if type(entry) is Paired and type(entry.on) is date and _plain(entry):
            fine = True
        else:
            fine = check_fields(entry, row, tell)
        if not fine:
            continue
        if entry.id:
            other = keyed.setdefault(entry.id, entry)
            other = lines.keyed(entry.id, known) or other
            if other != entry:
                tell(
                    row, "other-body", f"wanted the entry that has the id {shown(entry.id)} already, got another", "id"
                )
                continue
        position = lines.position(entry, known)
        if position is None:
            batch.setdefault(entry, row)
        elif not lines.counts(position, known):
            message = (
                f"wanted an entry that is not taken back, got that of position {position}; "
                f"take the correction back, or give the entry an id of its own"
            )
            tell(row, "taken-back", message)
    for entry, row in batch.items():
        if isinstance(entry, Visited) and not entry.helpers:
            tell(row, "bad-visit", "wanted one helper at least, got none", "helpers")
        if isinstance(entry, Correction):
            position = lines.position(entry.of, known)
            if position is None and entry.of not in batch:
                tell(
                    row, "not-recorded", "wanted an entry of the register to be corrected, got one that it lacks", "of"
                )
            elif position is None:
                tell(row, "not-recorded", "wanted an entry of an earlier batch to be corrected, got one of this", "of")
            elif not lines.counts(position, known):
                tell(row, "taken-back", f"wanted an entry that counts, got that of position {position}", "of")
    targets: dict[Entry, int] = {}
    for entry, row in batch.items():
        if isinstance(entry, Correction) and targets.setdefault(entry.of, row) != row:
            tell(row, "taken-back", f"wanted one correction of an entry, got another in row {targets[entry.of]}", "of")
    return batch


_PLAIN_ID = re.compile(r"[A-Za-z0-9_.:-]{1,60}", re.ASCII)


def _plain(entry: Paired) -> bool:
    helper, household = entry.helper, entry.household
    if not (type(helper) is str and type(household) is str and entry.role == "lead" and not entry.id):
        return False
    fine = _PLAIN_ID.fullmatch
    return bool(fine(helper) and fine(household)) and len(helper) != 18 != len(household)


def _could_be_recorded(entry: Any) -> bool:
    return type(entry) in RECORDED and check_fields(entry, 0, lambda *_: None)


_CODES = {"day": "bad-date", "id": "bad-key", "amount": "bad-number"}
"""The codes of fields that hold what they may not, by a part of what they hold."""


def check_fields(entry: Entry, row: int, tell: Callable[[int, str, str, str], None]) -> bool:
    """Whether each field of an entry holds what it may; what does not is told, with the row and the field."""
    fine, of, depth = True, entry, 0
    while isinstance(of, Correction):
        of, depth = of.of, depth + 1
        if depth > DEEPEST:
            tell(row, "too-deep", f"wanted at most {DEEPEST} corrections one upon the other, got more", "of")
            return False
    if isinstance(entry, Correction) and not _could_be_recorded(entry.of):
        tell(row, "not-recorded", "wanted an entry of the register to be corrected, got what is none", "of")
        return False
    for at in attrs.fields(type(entry)):
        kind, value = at.metadata["kind"], getattr(entry, at.name)
        if kind == "word":
            if not isinstance(value, str) or value not in at.metadata["choices"]:
                choices = ", ".join(at.metadata["choices"])
                tell(row, "unknown-word", f"wanted one of {choices}; got {shown(value)}", at.name)
                fine = False
            continue
        good, wanted = _FINE[kind]
        if not good(value):
            code = next((code for part, code in _CODES.items() if part in kind), "bad-type")
            tell(row, code, f"wanted {wanted}, got {shown(value)}", at.name)
            fine = False
        elif kind.endswith("id") or kind == "ids":
            for id in value if isinstance(value, tuple) else (value,):
                if id is not None and len(id) == 18 and is_identity_number(id):
                    tell(row, "identity-number", "wanted a key of your own, got an identity number", at.name)
                    fine = False
    return fine


def _faults(view: View, batch: Mapping[Entry, int]) -> list[Problem]:
    """Return in what the histories of those whom a batch is about contradict themselves, now that it is added."""
    households: dict[str, int] = {}
    helpers: dict[str, int] = {}
    units: dict[str, int] = {}
    funds: dict[str, int] = {}
    reopened: set[str] = set()
    repaying: set[str] = set()
    for entry, row in batch.items():
        if type(entry) is Paired:
            households.setdefault(entry.household, row)
            helpers.setdefault(entry.helper, row)
            continue
        meant = root(entry)
        if isinstance(meant, Repaid) and isinstance(entry, Correction):
            repaying.add(meant.household)
        elif isinstance(meant, StruckOff | Split | HouseholdMerger):
            reopened.add(meant.household)
        for table, id in subjects(meant):
            if table in ("households", "steps"):
                households.setdefault(id, row)
            elif table in ("held", "helpers", "owed"):
                helpers.setdefault(id, row)
            elif table == "units":
                units.setdefault(id, row)
            elif table == "funds" and not isinstance(entry, PaidIn):  # what comes in takes from nobody
                funds.setdefault(id, row)
    problems: list[Problem] = []
    told: set[str] = set()

    def tell(row: int, code: str, message: str) -> None:
        if message not in told:
            told.add(message)
            problems.append(Problem(code, message, "entries", row))

    for household, row in households.items():
        entries = view.about("households", household)
        for code, message in household_faults(household, entries):
            tell(row, code, message)
        for entry in entries:  # whoever is released, or bears a duty to the household, is looked at as well
            if isinstance(entry, Released):
                helpers.setdefault(entry.helper, row)
            elif isinstance(entry, DutyOpened | DutyPassed):
                helpers.setdefault(entry.bearer, row)
            elif isinstance(entry, Lent):
                helpers.setdefault(entry.guarantor, row)
                if household in repaying:
                    funds.setdefault(entry.fund, row)
        if household in reopened:  # it is in the programme again: so are the helpers
            for stay in view.stays(household):
                helpers.setdefault(stay.helper, row)
    for helper, row in helpers.items():
        personnel = view.about("helpers", helper)
        if personnel:
            held = [(id, stay) for id in view.ever_held(helper) for stay in view.stays(id) if stay.helper == helper]
            for code, message in personnel_faults(helper, personnel, held, _owed(view, helper)):
                tell(row, code, message)
        for code, message in _instead(view, helper):
            tell(row, code, message)
    for unit, row in units.items():
        for code, message, those in unit_faults(unit, view.about("units", unit)):
            tell(next((batch[e] for e in those if e in batch), row), code, message)
    for fund, row in funds.items():
        for code, message in fund_faults(fund, view.about_fund(fund)):
            tell(row, code, message)
    return problems


def unit_faults(unit: str, entries: Iterable[Entry]) -> Iterator[tuple[str, str, tuple[Entry, ...]]]:
    """Yield in what the history of a unit contradicts itself: codes, sentences, and the entries that do not agree.

    >>> ends, comes = Dissolution("court", on=date(2013, 1, 1)), Transfer("ann", "court", on=date(2014, 1, 1))
    >>> [message for _, message, _ in unit_faults("court", [ends, comes])]
    ["helper 'ann': wanted a unit that there is on 2014-01-01, got 'court', which was dissolved on 2013-01-01"]
    """
    entries = sorted(entries, key=lambda e: e.on)
    ends = [e for e in entries if isinstance(e, Merger | Dissolution) and e.unit == unit]
    if len(ends) > 1:
        yield "contradiction", f"unit {key(unit)}: wanted one end, got {len(ends)}", tuple(ends)
    into_itself = tuple(e for e in ends if isinstance(e, Merger) and e.into == unit)
    if into_itself:
        message = f"unit {key(unit)}: wanted it to become a part of another unit, got itself"
        yield "contradiction", message, into_itself
    if not ends:
        return
    end = ends[0]
    how = f"became a part of {key(end.into)}" if isinstance(end, Merger) else "was dissolved"
    for e in entries:
        if e.on < end.on or e in ends:
            continue
        if isinstance(e, Merger):
            who = f"unit {key(e.unit)}"
        elif isinstance(e, Transfer):
            who = f"helper {key(e.helper)}"
        elif isinstance(e, Linked):
            who = f"village {key(e.village)}"
        else:
            continue
        message = f"{who}: wanted a unit that there is on {e.on}, got {key(unit)}, which {how} on {end.on}"
        yield "unit-ended", message, (e, end)


def _owed(view: View, helper: str) -> Iterator[tuple[OpenDuty, date | None]]:
    """Yield the duties that a helper ever bears, each with the day on which it passes or is closed."""
    for household in {e.household for e in view.about("owed", helper)}:  # type: ignore[attr-defined]
        entries = view.about("households", household)
        over = closed(entries)
        for duty in opened(entries):
            turns = [(duty.opened, duty.bearer)]
            turns += [(e.on, e.bearer) for e in entries if isinstance(e, DutyPassed) and e.duty == duty.duty]
            turns.sort(key=itemgetter(0))
            for (since, bearer), after in zip(turns, [*turns[1:], None], strict=True):
                ends = (over.get(duty.duty), after and after[0])
                until = min((day for day in ends if day is not None), default=None)
                if bearer == helper and (until is None or until > since):
                    yield attrs.evolve(duty, bearer=helper), until


def _instead(view: View, helper: str) -> Iterator[tuple[str, str]]:
    """Whoever is released after an exit, and says to have taken on another household, is responsible for it."""
    for e in view.about("held", helper):
        if not isinstance(e, Released) or e.helper != helper or e.instead is None or e.override:
            continue
        if not any(stay.helper == helper and stay.on(e.on) for stay in view.stays(e.instead)):
            message = (
                f"helper {key(helper)}: wanted household {key(e.instead)} to be taken on by {e.on}, got no pairing"
            )
            yield "no-new-household", message
