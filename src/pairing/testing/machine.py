"""A stateful machine for registers: what may happen to a roster is recorded step by step, and the laws are looked at.

An application subclasses it, so that its own keeping is driven beside the library's `Register`.
"""

from datetime import date, timedelta
from itertools import product, zip_longest
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pairing.entries import Change, Correction, Entry, Exit, HouseholdMerger, Released, Split, StruckOff
from pairing.errors import ArgumentError, Problem, RegisterError, key, shown
from pairing.handover import relay
from pairing.lines import root
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule
from pairing.testing.happenings import HAPPENING, Today, batches, possible
from pairing.testing.laws import CounterExample, lines_of
from pairing.testing.recorded import entries
from pairing.testing.relay_laws import dropped
from pairing.testing.strategies import DAY, rosters

__all__ = ["RegisterMachine"]

_ENDS = (Released, Exit, StruckOff, Split, HouseholdMerger)
"""Kinds of entries after which a household may have nobody, and no vacancy."""


_NAMING = ("helper", "helpers", "household", "unit", "village", "giver", "takers", "bearer", "into", "instead")


def _ids(entry: Entry) -> set[str]:
    """Return all ids of people, households, units and villages that an entry names."""
    values = [getattr(entry, name, None) for name in _NAMING]
    return {id for value in values if value is not None for id in (value if isinstance(value, tuple) else (value,))}


class _Told:
    """A roster, or a batch, that Hypothesis tells line by line: it would tell how it was drawn, with all defaults."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        rows = lines_of(self.value) if isinstance(self.value, Roster) else map(repr, self.value)
        return "\n  ".join(["", *rows])


@st.composite
def _told(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> _Told:
    return _Told(draw(values))


class RegisterMachine(RuleBasedStateMachine):
    """Records entries, corrections and nonsense; after each step the laws of the register must hold of what is kept.

    Override `record` and `read` to drive a keeping of your own: a database, a web application.  What the library's
    register refuses, `record` must refuse too, with one of `refusals`, and then leave everything as it was.

    - `register` is what should be kept, `roster` the people (None in the class: drawn), `start` the first day.
    - `policy` is what relays are asked for under; override `relay` to drive an endpoint of your own.

    >>> from hypothesis.stateful import run_state_machine_as_test
    >>> from hypothesis import settings
    >>> class Kept(RegisterMachine):
    ...     def open(self):
    ...         self.rows = [()]
    ...     def record(self, entries):
    ...         self.read().record(*entries)  # refuses what contradicts itself
    ...         self.rows.append(entries)
    ...     def read(self):
    ...         register = Register()
    ...         for batch in self.rows:
    ...             register = register.record(*batch)
    ...         return register
    >>> run_state_machine_as_test(Kept, settings=settings(max_examples=3, stateful_step_count=6, deadline=None))
    """

    roster: Roster | None = None
    policy: ClassVar[Policy] = Policy("ours", (HelperRule(Quota(0, 2)),))
    start: ClassVar[date] = DAY
    refusals: ClassVar[tuple[type[Exception], ...]] = (RegisterError,)

    def __init__(self) -> None:
        super().__init__()
        self.register = Register()
        self.on = self.start
        self._before: list[tuple[int, date, object]] = []
        self._looked_at: Register | None = None
        self.open()

    # --- to be overridden

    def open(self) -> None:
        """Begin with an empty keeping; it is called once in each run."""
        self._own = Register()

    def record(self, entries: tuple[Entry, ...]) -> None:
        """Keep a batch of entries, all or none."""
        self._own = self._own.record(*entries)

    def read(self) -> Register:
        """Return what is kept, as a register."""
        return self._own

    def relay(self, changes: tuple[Change, ...]) -> tuple[Entry, ...]:
        """Return what is to be recorded where changes happen: the changes, and what answers them.

        What it returns goes to `record`.  An endpoint that proposes and records in one call is called here, and then
        `record` has nothing more to do with these entries: recorded twice, they are recorded once.
        """
        assert self.roster is not None
        return relay(self.policy, self.roster, self._kept(), changes).entries()

    # --- what happens

    @initialize(data=st.data())
    def people(self, data: Any) -> None:
        """Draw the roster, where the class has none."""
        if self.roster is None:
            drawn = rosters(
                on=self.start, min_helpers=2, max_helpers=3, min_households=1, max_households=3, max_units=2
            )
            self.roster = data.draw(_told(drawn), label="roster").value

    @rule(data=st.data(), days=st.sampled_from((0, 1, 30)))
    def something_happens(self, data: Any, days: int) -> None:
        """Record what may happen on a day after all others."""
        assert self.roster is not None
        self.on += timedelta(days)
        batch = data.draw(_told(batches(roster=self.roster, register=self.register, on=self.on)), label="batch").value
        self._write(batch)

    @rule(data=st.data())
    def somebody_leaves(self, data: Any) -> None:
        """Ask for the relay of a change, and record it: it is accepted, and nobody is dropped (laws R1 and L2)."""
        assert self.roster is not None
        now = Today(data.draw, self.roster, self.register, self.on + timedelta(10))
        change = now.one(possible(now, data.draw(st.sampled_from(HAPPENING), label="kind")))
        if change is None or not self._known():
            return
        self.on, before = now.on, self.register
        lines = self.relay((change,))
        self._holds(self._write(lines), "R1", f"entries that answer {change!r} and are accepted", "a refusal")
        for home, day in dropped(before, self._kept(), sorted({line.on for line in lines} | {self.on})):
            self._holds(False, "L2", f"household {key(home)} on {day}: a helper or a vacancy", "neither")

    @rule(batch=st.lists(entries(), min_size=1, max_size=2))
    def anything(self, batch: list[Entry]) -> None:
        """Try to record entries about anybody, most of which contradict what is there."""
        self._write(tuple(batch))

    @precondition(lambda self: len(self.register) > 0)
    @rule(data=st.data())
    def taken_back(self, data: Any) -> None:
        """Take an entry back, and take the correction back: the views are as before (law R6)."""
        entry = data.draw(st.sampled_from(list(self.register)), label="entry")
        before = self._said(self.register, self.on)
        correction = Correction(entry, "it was not so")
        if self._write((correction,)) and self._write((Correction(correction, "it was so"),)):
            self._holds(self._said(self._kept(), self.on) == before, "R6", "the view of before", "another")

    @precondition(lambda self: len(self.register) > 0)
    @rule(data=st.data())
    def again(self, data: Any) -> None:
        """Record an entry that is there already: nothing is added (law R7)."""
        counting = [entry for entry in self.register if entry in self.register]
        if counting:
            before = len(self._kept())
            self._write((data.draw(st.sampled_from(counting), label="entry"),))
            now = len(self._kept())
            self._holds(now == before, "R7", f"{before} entries", f"{now}")

    # --- the laws

    @invariant()
    def laws_hold(self) -> None:
        """What is kept is what was recorded (R6 and R9), nobody is dropped (R1, R3), what was known stays (R4)."""
        kept = self._kept()
        self._as_recorded(kept)
        if self._looked_at is None or kept != self._looked_at:  # of the same register the rest holds still
            self._nobody_dropped(kept)
            for known, day, said in self._before[-5:]:
                now = self._said(kept, day, known)
                self._holds(now == said, "R4", f"what was known at position {known} of {day}", "something else")
            self._looked_at = kept

    # --- how

    def _kept(self) -> Register:
        kept = self.read()
        if not isinstance(kept, Register):
            raise ArgumentError("bad-type", f"wanted a Register from read, got {shown(kept)}", "read")
        return kept

    def _as_recorded(self, kept: Register) -> None:
        """What is kept is what was recorded, line by line; a batch that was refused left nothing."""
        if kept == self.register:
            return
        rows = enumerate(zip_longest(self.register, kept))
        at, (meant, got) = next((at, both) for at, both in rows if both[0] != both[1])
        wanted, found = (f"{it!r}" if it is not None else "no entry" for it in (meant, got))
        self._holds(False, "R9", f"{wanted} at position {at}", found)

    def _nobody_dropped(self, kept: Register) -> None:
        """From the first pairing to the release there is a helper, or a vacancy, and never both."""
        days = sorted({day for entry in kept for day in (entry.on, entry.on + timedelta(1))})
        homes = sorted({id for entry in kept if (id := getattr(entry, "household", None)) is not None})
        due: dict[str, bool] = {}
        for view, home in product([kept.view(on=day) for day in days], homes):
            helpers, vacancy = view.helpers_of(home), view.vacancy(home)
            who = f"household {key(home)} on {view.on}: "
            self._holds(not (helpers and vacancy), "R1", f"{who}a helper or a vacancy", "both")
            if not helpers and vacancy is None and due.get(home):
                over = [e for e in kept if isinstance(e, _ENDS) and e.household == home and e.on <= view.on]
                self._holds(bool(over), "R1", f"{who}a helper or a vacancy", "neither")
            due[home] = bool(helpers or vacancy)
            pairs = [(p.helper, p.role) for p in helpers]
            self._holds(len(set(pairs)) == len(pairs), "R3", f"{who}each helper and role once", "one of them twice")

    def _known(self) -> bool:
        """Whether all whom the register tells of are in the roster, and none of it is still to come."""
        assert self.roster is not None
        ids = {it.id for it in self.roster.helpers} | {it.id for it in self.roster.households}
        ids |= {it.id for it in self.roster.units}
        ids |= {area.code for area in self.roster.areas}
        return all(e.on <= self.on + timedelta(10) and ids.issuperset(_ids(root(e))) for e in self.register)

    def _write(self, batch: tuple[Entry, ...]) -> bool:
        """Record a batch in both; whether it was recorded."""
        try:
            meant = self.register.record(*batch)
        except RegisterError as error:
            self._refused(batch, error)
            return False
        self.record(batch)
        self.register = meant
        self._before.append((len(meant), self.on, self._said(meant, self.on)))
        return True

    def _refused(self, batch: tuple[Entry, ...], error: RegisterError) -> None:
        try:
            self.record(batch)
        except self.refusals:
            return
        self._holds(False, "R9", f"a batch to be refused, as {error.problems[0].message}", "no refusal")

    @staticmethod
    def _said(register: Register, on: date, known: int | None = None) -> object:
        view = register.view(on=on, known=known)
        return view.pairings, tuple(view.vacancies), tuple(view.duties)

    @staticmethod
    def _holds(holds: bool, law: str, wanted: str, got: str) -> None:
        if not holds:
            raise CounterExample([Problem(f"register-{law}", f"wanted {wanted}, got {got}")])
