"""The lines of a register: kept in the order in which they were recorded, found by whom they are about.

Lines are only ever added, in batches.  Whoever reads says up to which position, so that one store serves every
register that grew out of another: a longer one does not disturb a shorter one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from threading import RLock

import attrs

from pairing.deeds import Aided, Checked, Lent, Observed, PaidIn, PaidOut, Visited
from pairing.entries import (
    Correction,
    Dissolution,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Linked,
    Merger,
    Move,
    Offer,
    Paired,
    Relapse,
    Released,
    Renaming,
    Split,
    Step,
    StruckOff,
    Transfer,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)

__all__ = ["Lines", "VisitColumns", "root", "subjects"]

_Plan = tuple[tuple[str, str], ...]

_HELD = "held"
_PLANS: dict[type[Entry], _Plan] = {
    Paired: (("households", "household"), (_HELD, "helper")),
    Released: (("households", "household"), (_HELD, "helper"), ("households", "instead")),
    HandedOver: (("households", "household"), (_HELD, "giver"), (_HELD, "takers")),
    VacancyOpened: (("households", "household"), (_HELD, "giver"), ("vacant", "unit")),
    VacancyClosed: (("households", "household"), (_HELD, "takers")),
    Step: (("steps", "household"),),
    Linked: (("units", "unit"), ("villages", "village")),
    Unlinked: (("units", "unit"), ("villages", "village")),
    DutyOpened: (("households", "household"), ("owed", "bearer")),
    DutyPassed: (("households", "household"), ("owed", "bearer")),
    DutyClosed: (("households", "household"),),
    Visited: (("visits", "household"), ("calls", "helpers")),
    Aided: (("aid", "household"), ("given", "giver")),
    Lent: (("households", "household"), ("owed", "guarantor"), ("funds", "fund")),
    PaidIn: (("funds", "fund"),),
    PaidOut: (("funds", "fund"),),
    Observed: (("observed", "household"), ("changed", "household")),
    Checked: (("checks", "household"),),
    Offer: (("offers", "household"), ("offers", "giver"), ("offered", "helper")),
    Transfer: (("helpers", "helper"), ("units", "unit")),
    Merger: (("units", "unit"), ("units", "into")),
    Dissolution: (("units", "unit"),),
    Renaming: (("units", "unit"),),
    Move: (("households", "household"), ("villages", "village"), ("changed", "household")),
    Exit: (("households", "household"), ("changed", "household")),
    Relapse: (("households", "household"), ("changed", "household")),
    StruckOff: (("households", "household"), ("changed", "household")),
    Split: (("households", "household"), ("households", "into"), ("changed", "household")),
    HouseholdMerger: (("households", "household"), ("households", "into"), ("changed", "household")),
}
"""Of each kind of entry: the tables in which it is found, each by one of its fields.

Of households that are "changed" more is told than who is responsible.
"""

TABLES = tuple(dict.fromkeys([table for plan in _PLANS.values() for table, _ in plan] + ["helpers"]))


def _plan(kind: type[Entry]) -> _Plan:
    plan = _PLANS.get(kind)
    if plan is None:
        names = {at.name for at in attrs.fields(kind)}
        plan = (("helpers", "helper"),) if "helper" in names else (("households", "household"),)
        plan = _PLANS[kind] = plan if names & {"helper", "household"} else ()
    return plan


def subjects(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the tables in which an entry is found, each with the id of whom it is about.

    >>> from datetime import date
    >>> list(subjects(HandedOver("h", "ann", ["bo", "cy"], on=date(2013, 6, 30))))
    [('households', 'h'), ('held', 'ann'), ('held', 'bo'), ('held', 'cy')]
    """
    for table, name in _plan(type(entry)):
        value = getattr(entry, name)
        if isinstance(value, tuple):
            for id in value:
                yield table, id
        elif value is not None:
            yield table, value


def root(entry: Entry) -> Entry:
    """Return the entry that a correction is about in the end, whatever was corrected in between."""
    while isinstance(entry, Correction):
        entry = entry.of
    return entry


class VisitColumns:
    """The visits once more, as columns of numbers: there may be millions of them, and they are counted again and again.

    - `positions`: where each stands in the register; `households` and `helpers`: whom it was to and who made it, as
      numbers (-1 for several helpers together); `kinds`: day, channel and how many came, as a number.
    - `household_ids`, `helper_ids`, `kind_ids`: what the numbers stand for, in their order.
    """

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.households: list[int] = []
        self.helpers: list[int] = []
        self.kinds: list[int] = []
        self.household_ids: dict[str, int] = {}
        self.helper_ids: dict[str, int] = {}
        self.kind_ids: dict[tuple[date, str, int], int] = {}

    def append(self, position: int, visit: Visited) -> None:
        """Add a visit."""
        helpers, ids = visit.helpers, self.helper_ids
        if len(helpers) == 1:
            self.helpers.append(ids.setdefault(helpers[0], len(ids)))
            kind = (visit.on, visit.channel, 1)
        else:
            self.helpers.append(-1)
            kind = (visit.on, visit.channel, len(set(helpers)))
        self.positions.append(position)
        self.households.append(self.household_ids.setdefault(visit.household, len(self.household_ids)))
        self.kinds.append(self.kind_ids.setdefault(kind, len(self.kind_ids)))

    def cut(self, position: int) -> None:
        """Take out the visits from a position on."""
        at = bisect_left(self.positions, position)
        for column in (self.positions, self.households, self.helpers, self.kinds):
            del column[at:]


class Lines:
    """All entries by position, and, by table and id, the positions of those about somebody."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.batches: list[int] = []
        """The position after the last entry of each batch."""
        self.lock = RLock()
        self.visits = VisitColumns()
        self.others: list[int] = []
        """The positions of all entries but pairings and visits, of which there are most."""
        self._at: dict[Entry, int] = {}
        self._keyed: dict[str, int] = {}
        self._tables: dict[str, dict[str, list[int]]] = {table: {} for table in TABLES}
        self._corrections: dict[int, list[int]] = {}

    def append(self, batch: Sequence[Entry]) -> None:
        """Add a batch; nothing is checked."""
        at, tables = self._at, self._tables
        households, held = tables["households"], tables[_HELD]
        for n, entry in enumerate(batch, len(self.entries)):
            at[entry] = n
            if type(entry) is Paired:  # nearly all lines of a large batch
                households.setdefault(entry.household, []).append(n)
                held.setdefault(entry.helper, []).append(n)
            else:
                for table, id in subjects(entry):
                    positions = tables[table].setdefault(id, [])
                    if not positions or positions[-1] != n:
                        positions.append(n)
                if type(entry) is Visited:
                    self.visits.append(n, entry)
                else:
                    self.others.append(n)
            if entry.id:
                self._keyed[entry.id] = n
            if isinstance(entry, Correction):
                self._corrections.setdefault(at[entry.of], []).append(n)
        self.entries.extend(batch)
        self.batches.append(len(self.entries))

    def retract(self) -> None:
        """Take the last batch out again, as it was refused."""
        self.batches.pop()
        start = self.batches[-1] if self.batches else 0
        for n in range(len(self.entries) - 1, start - 1, -1):
            entry = self.entries[n]
            for table, id in subjects(entry):
                positions = self._tables[table].get(id, [])
                if positions and positions[-1] == n:
                    positions.pop()
                    if not positions:
                        del self._tables[table][id]
            if isinstance(entry, Correction):
                corrections = self._corrections[self._at[entry.of]]
                corrections.pop()
                if not corrections:
                    del self._corrections[self._at[entry.of]]
            if entry.id:
                del self._keyed[entry.id]
            del self._at[entry]
        del self.entries[start:]
        self.visits.cut(start)
        del self.others[bisect_left(self.others, start) :]

    def copy(self, known: int) -> "Lines":
        """Return lines of their own with the entries up to a position."""
        other = Lines()
        for batch in self.batches_until(known):
            other.append(batch)
        return other

    def batches_until(self, known: int) -> Iterator[list[Entry]]:
        """Yield the entries of each batch that ends at a position, or before it."""
        start = 0
        for end in self.batches:
            if end <= known:
                yield self.entries[start:end]
                start = end

    def whole_batches(self, known: int) -> int:
        """Return the last position up to the one named at which a batch ends."""
        n = bisect_right(self.batches, known)
        return self.batches[n - 1] if n else 0

    def position(self, entry: Entry, known: int) -> int | None:
        """Return the position of an entry, or None where it was not recorded by then."""
        n = self._at.get(entry)
        return n if n is not None and n < known else None

    def keyed(self, id: str, known: int) -> Entry | None:
        """Return the entry with a key of its own, or None where it was not recorded by then."""
        n = self._keyed.get(id)
        return self.entries[n] if n is not None and n < known else None

    def counts(self, position: int, known: int) -> bool:
        """Whether an entry counts: it was not taken back by then, or the correction was itself taken back."""
        if position not in self._corrections:
            return True
        found, order = {position}, [position]
        for n in order:
            for correction in self._corrections.get(n, ()):
                if correction < known and correction not in found:
                    found.add(correction)
                    order.append(correction)
        holds: dict[int, bool] = {}
        for n in sorted(order, reverse=True):  # a correction comes after what it corrects
            holds[n] = not any(holds[c] for c in self._corrections.get(n, ()) if c < known)
        return holds[position]

    def about(self, table: str, id: str, known: int) -> list[Entry]:
        """Return the entries about somebody that count, as known up to a position."""
        positions = self._tables[table].get(id)
        if not positions:
            return []
        if positions[-1] >= known:
            positions = positions[: bisect_left(positions, known)]
        entries = self.entries
        if self._corrections and not self._corrections.keys().isdisjoint(positions):
            positions = [n for n in positions if self.counts(n, known)]
        if len(positions) == 1:
            return [entries[positions[0]]]
        return [entries[n] for n in positions]

    def single(self, helper: str, known: int) -> Paired | None:
        """Return the pairing of a helper who has one entry alone, for a household that has no other entry; else None.

        Most helpers are such, and quickly told.
        """
        held, entries = self._tables[_HELD].get(helper), self.entries
        if held is None or len(held) > 1 or held[0] >= known or held[0] in self._corrections:
            return None
        entry = entries[held[0]]
        if type(entry) is Paired and len(self._tables["households"][entry.household]) == 1:
            return entry
        return None

    def tells_of(self, table: str, id: str) -> bool:
        """Whether there are entries about somebody, whenever they became known."""
        return id in self._tables[table]

    def groups(self, table: str, known: int) -> Iterator[tuple[str, list[Entry]]]:
        """Yield everybody in a table with the entries about them, as `about` does one by one."""
        entries, corrections = self.entries, self._corrections
        for id, positions in self._tables[table].items():
            if len(positions) == 1 and positions[0] not in corrections:
                if positions[0] < known:
                    yield id, [entries[positions[0]]]
            elif found := self.about(table, id, known):
                yield id, found

    def corrected(self, known: int) -> Iterator[Entry]:
        """Yield the entries that were taken back by then, whether or not the correction still counts."""
        return (self.entries[n] for n in self._corrections if n < known)

    def counting(self, known: int, positions: Iterable[int] | None = None) -> Iterator[Entry]:
        """Yield the entries that count, as known up to a position, but no corrections: all, or those of positions."""
        corrected = self._corrections
        for n in range(known) if positions is None else positions:
            entry = self.entries[n]
            if type(entry) is not Correction and (n not in corrected or self.counts(n, known)):
                yield entry

    def ids(self, table: str, known: int) -> Collection[str]:
        """Return everybody about whom there are entries in a table, as known up to a position."""
        if known >= len(self.entries):
            return self._tables[table].keys()
        return [id for id, positions in self._tables[table].items() if positions[0] < known]

    def tables(self) -> Collection[str]:
        """Return the names of all tables."""
        return self._tables.keys()


def index(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """Return entries by table and id, as `Lines` finds them."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        for at in subjects(entry):
            found.setdefault(at, []).append(entry)
    return found
