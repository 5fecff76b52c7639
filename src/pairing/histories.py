"""What entries come to: the history of one household, one helper, one unit, folded from the entries about it.

A fold takes entries in any order; on one day whatever ends, ends first.  The functions named `…_faults` say in what a
history contradicts itself, and are asked when something is recorded: so whoever reads may take histories as sound.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from attrs import evolve, field, frozen

from pairing.dates import Span
from pairing.deeds import Lent, Repaid, WrittenOff
from pairing.entries import (
    Death,
    Departure,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Move,
    Paired,
    RankChange,
    Recovery,
    Relapse,
    Released,
    Retirement,
    Return,
    Split,
    StruckOff,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import key, shown

__all__ = [
    "OpenDuty",
    "Stay",
    "Vacancy",
    "absences",
    "closed",
    "duties",
    "end_of_service",
    "fit_on",
    "goal_met",
    "household_faults",
    "in_turn",
    "left_programme",
    "links",
    "opened",
    "personnel_faults",
    "stays",
    "vacancies",
]

Fault = tuple[str, str]
"""The code of what is wrong, and the sentence."""

_ENDS_OF_SERVICE = (Retirement, Death, Departure)


class Stay(NamedTuple):
    """A helper is responsible for a household, in a role, from a day up to, but not including, another (None: open)."""

    helper: str
    role: str
    start: date
    end: date | None

    def on(self, day: date) -> bool:
        """Whether the helper is responsible on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@frozen(order=True)
class Vacancy:
    """A household has nobody on the days of a span; `unit` sees to it meanwhile.

    `giver` is the helper whose time ended, if there was one.

    >>> Vacancy("h-204", Span(date(2013, 6, 30)), "no colleague has room", "county-court")
    Vacancy(household='h-204', span=Span(2013-06-30 ..), unit='county-court')
    """

    household: str = field(repr=key)
    span: Span
    reason: str = field(repr=False)
    unit: str
    role: str = field(default="lead", repr=False)
    giver: str | None = field(default=None, repr=False, order=lambda giver: giver or "")


@frozen
class OpenDuty:
    """Something that is owed to a household from a day on, and who bears it: a helper, or a unit."""

    duty: str = field(repr=key)
    household: str = field(repr=key)
    bearer: str = field(repr=key)
    what: str
    opened: date = field(repr=str)
    due: date | None = field(repr=str)


def in_turn(entries: Iterable[Entry], *kinds: type[Any]) -> Iterator[tuple[Any, Span]]:
    """Yield the entries of some kinds by day, each with the days up to the next of them.

    >>> for move, days in in_turn([Move("h", "w", on=date(2013, 1, 1)), Move("h", "v", on=date(2012, 1, 1))], Move):
    ...     print(days, move.village)
    Span(2012-01-01 .. 2013-01-01) v
    Span(2013-01-01 ..) w
    """
    ours = sorted((e for e in entries if isinstance(e, kinds)), key=lambda e: e.on)
    for n, e in enumerate(ours):
        after = next((later.on for later in ours[n + 1 :] if later.on > e.on), None)
        yield e, Span(e.on, after)


# --- households


_Move = tuple[date, int, str, str]
"""A day, 0 where a stay ends on it and 1 where one begins, the helper, the role."""


def _moves(household: str, entries: Iterable[Entry]) -> list[_Move]:
    """Return where stays at a household begin and end, day by day; on one day the ends come first."""
    found: list[_Move] = []
    for e in entries:
        if isinstance(e, Paired):
            found.append((e.on, 1, e.helper, e.role))
        elif isinstance(e, HandedOver):
            found.append((e.until or e.on, 0, e.giver, e.role))
            found.extend((e.on, 1, taker, e.role) for taker in e.takers)
        elif isinstance(e, Released):
            if e.household == household:  # not where the household is the one taken on instead
                found.append((e.on, 0, e.helper, e.role))
        elif isinstance(e, VacancyOpened):
            if e.giver is not None:
                found.append((e.on, 0, e.giver, e.role))
        elif isinstance(e, VacancyClosed):
            found.extend((e.on, 1, taker, e.role) for taker in e.takers)
    found.sort()
    return found


def left_programme(household: str, entries: Iterable[Entry]) -> date | None:
    """Return the day from which a household is in the programme no longer, or None."""
    over = None
    for e in entries:
        if isinstance(e, StruckOff | Split | HouseholdMerger) and e.household == household:
            over = e.on if over is None else min(over, e.on)
    return over


def stays(household: str, entries: Sequence[Entry]) -> list[Stay]:
    """Return who was, is and will be responsible for a household, and when; by start, helper and role.

    >>> stays("h", [HandedOver("h", "ann", ["bo"], on=date(2013, 6, 30)), Paired("ann", "h", on=date(2012, 2, 8))])
    [Stay(helper='ann', role='lead', start=datetime.date(2012, 2, 8), end=datetime.date(2013, 6, 30)), \
Stay(helper='bo', role='lead', start=datetime.date(2013, 6, 30), end=None)]
    """
    if len(entries) == 1 and isinstance(one := entries[0], Paired):
        return [Stay(one.helper, one.role, one.on, None)]
    if len(entries) == 2 and isinstance(one := entries[0], Paired) and isinstance(then := entries[1], HandedOver):
        plain = then.until is None and one.on < then.on and then.household == household
        if plain and (one.helper, one.role) == (then.giver, then.role) and len(then.takers) == 1:
            (taker,) = then.takers
            return [Stay(one.helper, one.role, one.on, then.on), Stay(taker, then.role, then.on, None)]
    begun: dict[tuple[str, str], date] = {}
    found: list[Stay] = []
    for day, begins, helper, role in _moves(household, entries):
        if begins:
            begun[helper, role] = day
        elif (helper, role) in begun:
            found.append(Stay(helper, role, begun.pop((helper, role)), day))
    found.extend([Stay(*who, day, None) for who, day in begun.items()])
    over = left_programme(household, entries)
    if over is not None:
        found = [stay if stay.end and stay.end <= over else stay._replace(end=over) for stay in found]
        found = [stay for stay in found if stay.start < over]
    if len(found) > 1:
        found.sort(key=_by_start)
    return found


def _by_start(stay: Stay) -> tuple[date, str, str]:
    return stay.start, stay.helper, stay.role


def vacancies(household: str, entries: Sequence[Entry], held: Sequence[Stay]) -> list[Vacancy]:
    """Return when a household had nobody, and it was said so.  `held` is what `stays` returns of the same entries."""
    found = []
    over = left_programme(household, entries)
    for e in entries:
        if isinstance(e, VacancyOpened) and not any(stay.on(e.on) for stay in held) and (over is None or e.on < over):
            ends = [stay.start for stay in held if stay.start > e.on]
            ends += [exit.on for exit in entries if isinstance(exit, Exit) and exit.on > e.on]
            end = min([*ends, *([over] if over else [])], default=None)
            found.append(Vacancy(household, Span(e.on, end), e.reason, e.unit, e.role, e.giver))
    return sorted(found)


def goal_met(entries: Iterable[Entry], on: date) -> Exit | None:
    """Return the exit of a household that is in force on a day, or None where the goal is not met."""
    found = [e for e in entries if isinstance(e, Exit | Relapse) and e.on <= on]
    last = max(found, key=lambda e: e.on, default=None)
    return last if isinstance(last, Exit) else None


def duties(entries: Iterable[Entry], on: date) -> list[OpenDuty]:
    """Return what is owed to a household on a day, by key.

    >>> opened = DutyOpened("g-1", "h", "ann", "guarantee", on=date(2012, 5, 1))
    >>> duties([DutyPassed("g-1", "h", "bo", on=date(2013, 6, 30)), opened], date(2013, 6, 30))
    [OpenDuty(duty='g-1', household='h', bearer='bo', what='guarantee', opened=2012-05-01, due=None)]
    """
    entries = [e for e in entries if isinstance(e, _ON_DUTIES)]
    if not entries:
        return []
    found = {duty.duty: duty for duty in opened(entries) if duty.opened <= on}
    bearers: dict[str, str] = {}
    for e in sorted(entries, key=lambda e: e.on):
        if isinstance(e, DutyPassed) and e.on <= on:
            bearers[e.duty] = e.bearer
    for id, day in closed(entries).items():
        if day <= on:
            found.pop(id, None)
    return [evolve(duty, bearer=bearers[id]) if id in bearers else duty for id, duty in sorted(found.items())]


def opened(entries: Iterable[Entry]) -> list[OpenDuty]:
    """Return every duty to a household that ever was, with its first bearer: a loan is a guarantee that is owed."""
    found = []
    for e in entries:
        if isinstance(e, DutyOpened):
            found.append(OpenDuty(e.duty, e.household, e.bearer, e.what, e.on, e.due))
        elif isinstance(e, Lent):
            found.append(OpenDuty(e.loan, e.household, e.guarantor, "guarantee", e.on, e.due))
    return found


def closed(entries: Sequence[Entry]) -> dict[str, date]:
    """Return the day from which each duty to a household is over, where it is: a guarantee when its loan is settled."""
    days = {e.duty: e.on for e in sorted(entries, key=lambda e: e.on, reverse=True) if isinstance(e, DutyClosed)}
    for e in entries:
        if isinstance(e, Lent) and (settled := _settled(e, entries)) is not None:
            days[e.loan] = min(settled, days.get(e.loan, settled))
    return days


def _settled(loan: Lent, entries: Iterable[Entry]) -> date | None:
    """Return the day on which a loan is repaid or written off in full, or None."""
    rest = loan.amount
    back = (e for e in entries if isinstance(e, Repaid | WrittenOff) and e.loan == loan.loan)
    for e in sorted(back, key=lambda e: e.on):
        rest -= e.amount
        if rest <= 0:
            return e.on
    return None


_ON_DUTIES = (DutyOpened, DutyPassed, DutyClosed, Lent, Repaid, WrittenOff)


def household_faults(household: str, entries: Sequence[Entry]) -> list[Fault]:
    """Return in what the history of a household contradicts itself; nothing when it is sound."""
    if len(entries) == 1 and type(entries[0]) is Paired:
        return []
    return list(_HouseholdChecks(household, entries).faults())


class _HouseholdChecks:
    """What must hold of the history of one household."""

    def __init__(self, household: str, entries: Sequence[Entry]) -> None:
        self.who = f"household {key(household)}"
        self.household = household
        self.entries = entries
        self.held = stays(household, entries)
        self.over = left_programme(household, entries)

    def faults(self) -> Iterator[Fault]:
        yield from self._one_a_day()
        yield from self._ends_and_starts()
        yield from self._after_the_end()
        yield from self._releases()
        yield from self._somebody_every_day()
        yield from self._duties()

    def _one_a_day(self) -> Iterator[Fault]:
        """Two entries that cannot both hold from one day."""
        groups: tuple[tuple[str, tuple[type[Entry], ...]], ...] = (
            ("exits and relapses", (Exit, Relapse)),
            ("moves", (Move,)),
            ("ends in the programme", (StruckOff, Split, HouseholdMerger)),
            ("vacancies", (VacancyOpened,)),
        )
        for what, kinds in groups:
            days = sorted(e.on for e in self.entries if isinstance(e, kinds) and e.household == self.household)  # type: ignore[attr-defined]
            for one, other in pairwise(days):
                if one == other:
                    yield "contradiction", f"{self.who}: wanted one of its {what} on {one}, got several"

        for e in self.entries:
            if isinstance(e, Split | HouseholdMerger) and e.household == self.household:
                others = e.into if isinstance(e, Split) else (e.into,)
                if not others or self.household in others:
                    got = "itself" if others else "none"
                    yield "contradiction", f"{self.who}: wanted other households to come of it on {e.on}, got {got}"

    def _ends_and_starts(self) -> Iterator[Fault]:
        """Who begins is not responsible yet; who ends is, and since an earlier day."""
        begun: dict[tuple[str, str], date] = {}
        handed = {(e.until, e.giver, e.role): e.on for e in self.entries if isinstance(e, HandedOver) and e.until}
        for day, begins, helper, role in _moves(self.household, self.entries):
            who = f"{self.who}, helper {key(helper)}"
            first = min(handed.get((day, helper, role), day), day)  # of the handover, where the giver stays on
            if begins and (helper, role) in begun:
                yield (
                    "overlap",
                    f"{who}: wanted a start while not responsible as {key(role)}, got {day}, \
responsible since {begun[helper, role]}",
                )
            elif begins:
                begun[helper, role] = day
            elif begun.get((helper, role), day) >= first:
                since = f"since {begun[helper, role]}" if (helper, role) in begun else "not responsible"
                yield "not-responsible", f"{who}: wanted an end after a start as {key(role)}, got {first}, {since}"
                begun.pop((helper, role), None)
            else:
                del begun[helper, role]
        for e in self.entries:
            if isinstance(e, HandedOver) and e.until is not None and e.until <= e.on:
                yield "empty-span", f"{self.who}: wanted the giver to stay on after {e.on}, got until {e.until}"
            takers = getattr(e, "takers", ())
            if len(set(takers)) < len(takers) or (isinstance(e, HandedOver) and e.giver in takers):
                yield "bad-takers", f"{self.who}: wanted takers who are different people, and not the giver, on {e.on}"
            if isinstance(e, HandedOver | VacancyClosed) and not takers:
                yield "bad-takers", f"{self.who}: wanted one taker at least on {e.on}, got none"

    def _after_the_end(self) -> Iterator[Fault]:
        if self.over is None:
            return
        for day, begins, _, _ in _moves(self.household, self.entries):
            if begins and day >= self.over:
                yield (
                    "left-programme",
                    f"{self.who}: wanted no pairing from {self.over}, when it left the \
programme, got one on {day}",
                )
        for e in self.entries:
            ends = isinstance(e, StruckOff | Split | HouseholdMerger) and e.household == self.household
            if (ends and e.on > self.over) or (
                isinstance(e, Exit | Relapse | Move | VacancyOpened) and e.on >= self.over
            ):
                yield (
                    "left-programme",
                    f"{self.who}: wanted nothing from {self.over}, when it left the programme, \
got {type(e).__name__} on {e.on}",
                )

    def _releases(self) -> Iterator[Fault]:
        """No release before the goal, unless an override says why; after it, a new household and a duty to revisit."""
        previous: Entry | None = None
        for e, _ in in_turn(self.entries, Exit, Relapse):
            if isinstance(e, Relapse) and not isinstance(previous, Exit):
                yield "no-exit", f"{self.who}: wanted an exit before it falls back on {e.on}, got none"
            if isinstance(e, Exit) and isinstance(previous, Exit):
                yield "exited-already", f"{self.who}: wanted one exit, got {previous.on} and {e.on}"
            if isinstance(e, Exit) and e.notified is not None and e.notified > e.on:
                yield "dates-out-of-order", f"{self.who}: wanted it to be notified before {e.on}, got {e.notified}"
            previous = e
        for e in self.entries:
            if not isinstance(e, Released) or e.override or e.household != self.household:
                continue
            if goal_met(self.entries, e.on) is None:
                yield (
                    "goal-not-met",
                    f"{self.who}, helper {key(e.helper)}: wanted the goal to be met, or an override \
that says why, for a release on {e.on}, got neither",
                )
                continue
            if not e.waiver and e.instead is None:
                yield (
                    "no-new-household",
                    f"{self.who}, helper {key(e.helper)}: wanted a new household or a waiver \
for a release on {e.on}, got neither",
                )
            if not any(duty.what == "revisit" for duty in duties(self.entries, e.on)):
                yield (
                    "no-revisit",
                    f"{self.who}: wanted a duty to revisit it from {e.on}, when it is released, got none",
                )

    def _somebody_every_day(self) -> Iterator[Fault]:
        """From the first pairing to the release there is, on every day, a helper or a vacancy."""
        openings = {e.on: e for e in self.entries if isinstance(e, VacancyOpened)}
        must = {e.on for e in self.entries if isinstance(e, Relapse)}
        must |= {e.on for e in self.entries if isinstance(e, Split) and self.household in e.into}
        free = {
            e.on
            for e in self.entries
            if isinstance(e, Released)
            and e.household == self.household
            and (e.override or goal_met(self.entries, e.on))
        }
        exits = {e.on for e in self.entries if isinstance(e, Exit)}
        days = {day for stay in self.held for day in (stay.start, stay.end) if day is not None}
        days |= openings.keys() | must | exits
        closings = {e.on for e in self.entries if isinstance(e, VacancyClosed)}
        claimed = vacant = False
        for day in sorted(days):
            if self.over is not None and day >= self.over:
                return
            before = vacant
            if any(stay.on(day) for stay in self.held):
                if day in openings and any(stay.on(day) and stay.start < day for stay in self.held):
                    yield "not-vacant", f"{self.who}: wanted a vacancy while nobody is responsible, got one on {day}"
                if day in closings and not (vacant or day in openings):
                    yield "no-vacancy", f"{self.who}: wanted a vacancy to be closed on {day}, got none"
                claimed, vacant = True, False
            elif day in openings:
                claimed, vacant = True, True
            elif vacant:
                claimed = vacant = day not in exits
            elif day in must or (claimed and day not in free):
                yield "dropped", f"{self.who}: wanted a helper or a vacancy from {day}, got nobody"
                claimed = False  # told once
            else:
                claimed = False
            if before and day in openings:
                yield "vacant-already", f"{self.who}: wanted one vacancy at a time, got another on {day}"

    def _duties(self) -> Iterator[Fault]:
        begun: dict[str, OpenDuty] = {}
        for duty in opened(self.entries):
            if duty.duty in begun:
                yield (
                    "duplicate-duty",
                    f"{self.who}: wanted a key of its own for each duty, got {key(duty.duty)} twice",
                )
            if duty.due is not None and duty.due < duty.opened:
                yield (
                    "dates-out-of-order",
                    f"{self.who}: wanted duty {key(duty.duty)} to be due from {duty.opened}, got {duty.due}",
                )
            begun[duty.duty] = duty
        last: dict[tuple[str, date], int] = {}
        over: dict[str, date] = {}
        for e in self.entries:
            if isinstance(e, DutyPassed | DutyClosed):
                first = begun.get(e.duty)
                if first is None or e.on < first.opened:
                    yield "unknown-duty", f"{self.who}: wanted a duty that is open on {e.on}, got {key(e.duty)}"
            if isinstance(e, DutyPassed):
                last[e.duty, e.on] = last.get((e.duty, e.on), 0) + 1
            elif isinstance(e, DutyClosed):
                if e.duty in over:
                    yield "contradiction", f"{self.who}: wanted duty {key(e.duty)} closed once, got twice"
                over[e.duty] = e.on
        for (id, day), times in last.items():
            if times > 1:
                yield "contradiction", f"{self.who}: wanted duty {key(id)} to pass once on {day}, got {times} times"
            if id in over and over[id] <= day:
                yield "unknown-duty", f"{self.who}: wanted a duty that is open on {day}, got {key(id)}"
        yield from self._loans()

    def _loans(self) -> Iterator[Fault]:
        """What comes back of a loan comes after it was lent, and is no more than was lent."""
        lent = {e.loan: e for e in self.entries if isinstance(e, Lent)}
        back: dict[str, int] = {}
        for e in self.entries:
            if isinstance(e, Repaid | WrittenOff):
                loan = lent.get(e.loan)
                if loan is None or e.on < loan.on:
                    yield "unknown-loan", f"{self.who}: wanted a loan that was lent by {e.on}, got {key(e.loan)}"
                back[e.loan] = back.get(e.loan, 0) + e.amount
        for id, amount in back.items():
            if id in lent and amount > lent[id].amount:
                wanted = f"at most {shown(lent[id].amount)} fen back of loan {key(id)}"
                yield "repaid-too-much", f"{self.who}: wanted {wanted}, got {shown(amount)}"


# --- helpers


def end_of_service(entries: Iterable[Entry]) -> date | None:
    """Return the first day on which a helper is out of the service, or None."""
    return min((e.on for e in entries if isinstance(e, _ENDS_OF_SERVICE)), default=None)


def absences(entries: Iterable[Entry]) -> list[Span]:
    """Return the days on which a helper is on leave: a return ends a leave, sooner or later than was said."""
    ours = sorted((e for e in entries if isinstance(e, Leave | Return)), key=lambda e: (e.on, isinstance(e, Leave)))
    found: list[Span] = []
    since: Leave | None = None
    for e in ours:
        if since is not None and e.on > since.on:
            until = since.until if isinstance(e, Leave) and since.until is not None else e.on
            found.append(Span(since.on, min(until, e.on) if isinstance(e, Leave) else e.on))
        since = e if isinstance(e, Leave) else None
    if since is not None:
        found.append(Span(since.on, since.until))
    return found


def fit_on(entries: Iterable[Entry], on: date) -> bool | None:
    """Return whether entries say that a helper is fit on a day, and None where they say nothing."""
    found = [e for e in entries if isinstance(e, Unfitness | Recovery) and e.on <= on]
    last = max(found, key=lambda e: e.on, default=None)
    return None if last is None else isinstance(last, Recovery)


def personnel_faults(
    helper: str,
    entries: Sequence[Entry],
    held: Iterable[tuple[str, Stay]],
    owed: Iterable[tuple[OpenDuty, date | None]],
) -> list[Fault]:
    """Return in what the history of a helper contradicts itself.

    `held` has the households of the helper's stays, `owed` the duties that the helper bears, each with the day on
    which it passes or is closed.
    """
    found: list[Fault] = []
    who = f"helper {key(helper)}"
    groups: tuple[tuple[str, tuple[type[Entry], ...]], ...] = (
        ("transfers", (Transfer,)),
        ("changes of rank", (RankChange,)),
        ("leaves", (Leave,)),
        ("returns", (Return,)),
        ("changes of fitness", (Unfitness, Recovery)),
        ("ends of service", _ENDS_OF_SERVICE),
    )
    for what, kinds in groups:
        days = sorted(e.on for e in entries if isinstance(e, kinds))
        for one, other in pairwise(days):
            if one == other:
                found.append(("contradiction", f"{who}: wanted one of the {what} on {one}, got several"))
    away: date | None = None
    for e in sorted((e for e in entries if isinstance(e, Leave | Return)), key=lambda e: (e.on, isinstance(e, Leave))):
        if isinstance(e, Return):
            if away is None:
                found.append(("not-absent", f"{who}: wanted a leave before the return on {e.on}, got none"))
            away = None
        else:
            away = e.on
            if e.until is not None and e.until <= e.on:
                found.append(("empty-span", f"{who}: wanted a leave that ends after {e.on}, got {e.until}"))
    end = end_of_service(entries)
    if end is not None:
        late = sorted(
            {household for household, stay in held if stay.start >= end or stay.end is None or stay.end > end}
        )
        if late:
            several = f" and {len(late) - 3} more" if len(late) > 3 else ""
            found.append(
                (
                    "out-of-service",
                    f"{who}: wanted no household from {end}, when the service ends, got "
                    f"{', '.join(map(key, late[:3]))}{several}",
                )
            )
        for duty, until in owed:
            if until is None or until > end:
                found.append(
                    (
                        "duty-left",
                        f"{who}: wanted duty {key(duty.duty)} to household {key(duty.household)} passed on or closed "
                        f"by {end}, when the service ends, got it open",
                    )
                )
    return found


# --- links


def links(entries: Iterable[Entry], other: Callable[[Linked | Unlinked], str]) -> dict[str, list[Span]]:
    """Return the days on which a unit was linked to each village, or a village to each unit.

    A link that is not said to have begun, and ends, has no days here.
    """
    ours = sorted((e for e in entries if isinstance(e, Linked | Unlinked)), key=lambda e: (e.on, isinstance(e, Linked)))
    begun: dict[str, date] = {}
    found: dict[str, list[Span]] = {}
    for e in ours:
        at = other(e)
        if isinstance(e, Linked):
            begun.setdefault(at, e.on)
        elif begun.get(at, e.on) < e.on:
            found.setdefault(at, []).append(Span(begun.pop(at), e.on))
    for at, start in begun.items():
        found.setdefault(at, []).append(Span(start))
    return found
