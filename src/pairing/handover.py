"""The relay (接力): who takes over when somebody leaves.  A relay proposes; the register accepts what is recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

from attrs import field, frozen

from pairing.answering import Answer, Passing, Unfilled
from pairing.caseload import Caseload
from pairing.dates import to_date
from pairing.deeds import RECORDED, Visited
from pairing.entries import (
    Change,
    DutyPassed,
    Entry,
    Exit,
    HouseholdMerger,
    Refill,
    Split,
    Step,
)
from pairing.errors import ArgumentError, CertificateError, Problem, bare, key, masked, shown
from pairing.histories import OpenDuty
from pairing.lines import subjects
from pairing.markup import MOST_LINES, html_page, html_table, html_text
from pairing.memory import no_collection
from pairing.policy import Policy
from pairing.register import Register, check_fields, unit_faults
from pairing.roster import Roster
from pairing.succession import Outcome, found_successors, proof_faults
from pairing.successors import Successors

__all__ = ["Handover", "HandoverFile", "relay"]


@frozen
class HandoverFile:
    """What goes with a household when it is handed over (交接单)."""

    household: str = field(repr=key)
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    duties: tuple[OpenDuty, ...]
    visits: tuple[Visited, ...]
    needs: tuple[str, ...]
    difficulty: int
    persons: int


@frozen(repr=False)
class Handover:
    """What a relay proposes: who passes on what to whom, what stays vacant, and which open duties go along.

    - `passings`: by household; `vacancies`: by household.
    - `outcome`: with the potentials that prove that nothing better exists; see `verify`.
    """

    policy: Policy
    roster: Roster
    register: Register
    changes: tuple[Change, ...]
    passings: tuple[Passing, ...]
    vacancies: tuple[Unfilled, ...]
    lines: tuple[Entry, ...]
    asked: Successors | None = field(eq=False)
    outcome: Outcome | None = field(eq=False)

    def __repr__(self) -> str:
        on = f", {min(change.on for change in self.changes)}" if self.changes else ""
        takers = {taker for passing in self.passings for taker in passing.takers}
        return (
            f"Handover({self.policy.name!r}{on}, {len(self.passings)} households to {len(takers)} takers, "
            f"{len(self.vacancies)} vacancies, {len(self.duties)} open duties)"
        )

    def entries(self) -> tuple[Entry, ...]:
        """Return what is to be recorded, all in one batch: the changes, and what answers them."""
        return self.lines

    def proposals(self, *, on: date) -> tuple[Step, ...]:
        """Return the steps that propose the takers, where they are to be asked before anything is recorded.

        Once all have accepted, `entries` are recorded.  After somebody has declined, and that is recorded, another
        `relay` of the same changes asks the next best.  See `progress` for what follows.
        """
        found: dict[str, list[Passing]] = {}
        for passing in self.passings:
            found.setdefault(passing.household, []).append(passing)
        return tuple(
            Step(
                household,
                "proposed",
                tuple(dict.fromkeys(taker for passing in those for taker in passing.takers)),
                next((giver for passing in those for giver in passing.givers), None),
                on=to_date(on, "on"),
            )
            for household, those in sorted(found.items())
        )

    @property
    def duties(self) -> tuple[DutyPassed, ...]:
        """The open duties that pass to somebody else."""
        return tuple(entry for entry in self.lines if isinstance(entry, DutyPassed))

    @cached_property
    def values(self) -> Mapping[str, int]:
        """What the relay comes to, in the order in which it was kept small.

        - "vacancies": households that are left with nobody; "changes": households of others that change hands.
        - "about to leave": takers who leave the service soon; "ladder": the rungs of all takers, added up.
        """
        return MappingProxyType(
            {
                "vacancies": len(self.vacancies),
                "changes": sum(not passing.why for passing in self.passings),
                "about to leave": self._about_to_leave,
                "volunteers": self._volunteers,
                "ladder": sum(self._rung(rung) for p in self.passings if p.why != Exit.__name__ for rung in p.rungs),
            }
        )

    def _rung(self, name: str) -> int:
        return 0 if name == "former" else self.policy.handover.ladder.index(name) + 1

    @cached_property
    def _volunteers(self) -> int:
        if self.asked is None or self.outcome is None:
            return 0
        return sum(len(self.asked.volunteers(n).intersection(ids)) for n, ids in self.outcome.takers.items())

    @cached_property
    def _about_to_leave(self) -> int:
        if self.asked is None:
            return 0
        soon = timedelta(days=self.policy.handover.soon)
        muster, found = self.asked.muster, 0
        for passing in self.passings:
            for taker in passing.takers:
                leaves = muster.leaves(muster.helper(taker), self.policy)
                found += leaves is not None and leaves <= passing.on + soon
        return found

    def of(self, id: str) -> tuple[Passing, ...]:
        """Return the passings of a household, or those from or to a helper."""
        return tuple(p for p in self.passings if id == p.household or id in p.givers or id in p.takers)

    def file(self, household: str) -> HandoverFile:
        """Return what goes with a household: open duties, the last visits, what it needs.

        Raises `ArgumentError` for a household that does not pass on.
        """
        passing = next((passing for passing in self.passings if passing.household == household), None)
        if passing is None:
            raise ArgumentError("unknown-id", f"wanted a household that passes on, got {shown(household)}", "household")
        view = self.register.view(on=passing.on)
        who = self.roster.household(household)
        return HandoverFile(
            household,
            passing.givers,
            passing.takers,
            view.duties_to(household),
            view.visits_to(household)[:3],
            tuple(sorted(who.needs)),
            who.difficulty,
            who.persons,
        )

    def verify(self) -> bool:
        """Return True when the independent checker accepts the relay as the best there is; raise otherwise.

        The problem is made anew from policy, roster, register and changes, and held against takers and potentials by
        `certificate`, which imports nothing of the engine.  Raises `CertificateError` with every fault.
        """
        if not self.changes or self.asked is None or self.outcome is None:
            return True
        load = Caseload(self.policy, self.roster, self.register, self.changes)
        cases = load.cases()
        asked = Successors(load, cases, self.asked.movable)
        with no_collection():
            wrong = list(proof_faults(asked, self.outcome))
        if wrong:
            raise CertificateError(Problem("not-proved", masked(text)) for text in wrong)
        return True

    def summary(self) -> str:
        """Return the relay as a page of plain text."""
        lines = [repr(self), ""]
        for passing in self.passings:
            givers = " and ".join(map(bare, passing.givers)) or "nobody"
            takers = " and ".join(f"{bare(t)} ({r})" for t, r in zip(passing.takers, passing.rungs, strict=True))
            jointly = ", jointly" if len(passing.takers) > 1 else ""
            why = f": {passing.why}" if passing.why else ": to make room"
            lines.append(f"  {passing.on} household {bare(passing.household)}: {givers} → {takers}{jointly}{why}")
        for vacancy in self.vacancies:
            lines.append(f"  {vacancy.on} household {bare(vacancy.household)}: vacancy, seen to by {vacancy.unit}")
            lines.append(f"    {vacancy.reason}; {vacancy.repair}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        def joined(ids: Iterable[str]) -> str:
            return ", ".join(map(bare, ids))

        passings = (
            (bare(p.household), joined(p.givers), joined(p.takers), p.on, ", ".join(p.rungs), p.why or "to make room")
            for p in self.passings
        )
        vacancies = ((bare(v.household), v.on, bare(v.unit), v.reason, v.repair) for v in self.vacancies)
        duties = ((bare(e.household), bare(e.duty), bare(e.bearer), e.on) for e in self.duties)
        heads = ("household", "giver", "takers", "from", "rungs", "why")
        vacant = ("household", "from", "seen to by", "reason", "what would help")
        owed = ("household", "duty", "passes to", "from")
        return html_page(
            html_text(repr(self)),
            html_table(heads, passings, caption="passed on", words=(1, 2, 4, 5)),
            html_table(vacant, vacancies, caption="vacancies", words=(2, 3, 4), most=MOST_LINES)
            if self.vacancies
            else "",
            html_table(owed, duties, caption="open duties", words=(1, 2)) if self.duties else "",
        )


def relay(policy: Policy, roster: Roster, register: Register, changes: Iterable[Change]) -> Handover:
    """Find successors for all who leave, exactly; nobody is dropped, and whatever stays vacant is said so.

    One or many changes are one problem.  First there are the fewest vacancies; then the fewest households of others
    change hands; then, as far as may be, nobody takes over who leaves the service soon; volunteers come first; then
    the rungs of the policy's ladder are the lowest; then those below their floor come first, and loads are even; then
    the criteria decide, and last the order of ids.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.entries import Paired, Retirement
    >>> from pairing.people import Helper, Household, Link, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule
    >>> roster = Roster(
    ...     areas=AreaTree([Area("v", "上坪村", "village")]),
    ...     units=[Unit("court", "county", "v")],
    ...     helpers=[Helper("ann", "court", "section"), Helper("bo", "court", "staff"), Helper("cy", "court", "staff")],
    ...     households=[Household("x", "v"), Household("y", "v")],
    ...     links=[Link("court", "v")],
    ... )
    >>> policy = Policy("ours", (HelperRule(Quota(1, 2)),))
    >>> register = Register().record(Paired("ann", "x", on=date(2012, 2, 8)), Paired("bo", "y", on=date(2012, 2, 8)))
    >>> handover = relay(policy, roster, register, [Retirement("ann", on=date(2013, 6, 30))])
    >>> handover
    Handover('ours', 2013-06-30, 1 households to 1 takers, 0 vacancies, 0 open duties)
    >>> handover.passings[0], handover.verify()
    (Passing(household='x', givers=('ann',), takers=('cy',), on=2013-06-30, rungs=('unit',)), True)
    >>> register = register.record(*handover.entries())
    >>> print(register.history("x"))
    household x: 2012-02-08 .. 2013-06-30 ann (lead); 2013-06-30 .. cy (lead)

    Of the policy holds the version in force on the last of the days.  Who leaves in the same relay takes over nobody.
    The relay of nothing is nothing.

    Raises `ArgumentError` for arguments of other types, for changes that name people whom the roster does not have, and
    for changes of units that the register refuses: a second end of a unit, or somebody who comes to it after its end.

    Rules 19 to 23 and 29 to 32: Panjin's relay (爱心接力), Gansu's full coverage, Liaoyang's new household after an
    exit.  The engine is the network simplex method on classes; see `successors`.
    """
    changes = _checked(policy, roster, register, changes)
    if not changes:
        return Handover(policy, roster, register, (), (), (), (), None, None)
    in_force = policy.at(max(change.on for change in changes))
    with no_collection():
        load = Caseload(in_force, roster, register, changes)
        asked, outcome = found_successors(load, load.cases())
        answer = Answer(load, asked, outcome)
        answer.write()
    return Handover(
        in_force,
        roster,
        register,
        changes,
        tuple(sorted(answer.passings, key=lambda p: (p.household, p.on, p.role))),
        tuple(sorted(answer.unfilled, key=lambda v: (v.household, v.on, v.role))),
        tuple(answer.entries),
        asked,
        outcome,
    )


_CHANGES = {kind for kind in RECORDED if issubclass(kind, Change)} | {Refill}


def _checked(policy: Policy, roster: Roster, register: Register, changes: Iterable[Change]) -> tuple[Change, ...]:
    wanted: tuple[tuple[str, object, type], ...] = (
        ("policy", policy, Policy),
        ("roster", roster, Roster),
        ("register", register, Register),
    )
    problems = [
        Problem("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", field=name)
        for name, value, kind in wanted
        if not isinstance(value, kind)
    ]
    if not isinstance(changes, Iterable):
        problems.append(Problem("bad-type", f"wanted changes, got {shown(changes)}", field="changes"))
        raise ArgumentError(problems)
    listed = list(changes)

    def tell(row: int, code: str, message: str, field: str) -> None:
        problems.append(Problem(code, message, "changes", row, field))

    for row, change in enumerate(listed):
        if type(change) not in _CHANGES:
            problems.append(Problem("bad-type", f"wanted a change, got {shown(change)}", "changes", row))
        elif check_fields(change, row, tell) and isinstance(roster, Roster):
            problems += _unknown(roster, change, row)
    if not problems:
        problems += sorted(_ended(register, listed), key=lambda problem: problem.row or 0)
    if problems:
        raise ArgumentError(problems)
    return tuple(sorted(dict.fromkeys(listed), key=lambda change: (change.on, type(change).__name__, repr(change))))


def _unknown(roster: Roster, change: Change, row: int) -> Iterator[Problem]:
    """Tell ids of a change that the roster does not have."""
    tables = {
        "helper": lambda id: _knows(roster.helper, id),
        "household": lambda id: _knows(roster.household, id),
        "unit": lambda id: _knows(roster.unit, id),
        "village": lambda id: id in roster.areas and roster.areas[id].level == "village",
    }
    into = "household" if isinstance(change, Split | HouseholdMerger) else "unit"
    for name in ("helper", "household", "unit", "village", "into"):
        value = getattr(change, name, None)
        table = into if name == "into" else name
        for id in value if isinstance(value, tuple) else (value,) if value is not None else ():
            if not isinstance(id, str) or not tables[table](id):
                message = f"wanted the id of a {table} of the roster, got {shown(id)}"
                yield Problem("unknown-id", message, "changes", row, name)


def _ended(register: Register, changes: Iterable[Change]) -> Iterator[Problem]:
    """Tell changes of units that end twice, or in themselves, or that others come to after the end.

    The register would refuse them, and what a relay makes of such units is void.
    """
    rows: dict[Entry, int] = {}
    units: dict[str, int] = {}
    for row, change in enumerate(changes):
        if rows.setdefault(change, row) == row:
            for table, id in subjects(change):
                if table == "units":
                    units.setdefault(id, row)
    if not units:
        return
    view = register.view(on=date.max).with_more(rows)
    for unit, row in units.items():
        for code, message, those in unit_faults(unit, dict.fromkeys(view.about("units", unit))):
            yield Problem(code, message, "changes", next((rows[e] for e in those if e in rows), row))


def _knows(find: Callable[[str], object], id: str) -> bool:
    try:
        find(id)
    except ArgumentError:
        return False
    return True
