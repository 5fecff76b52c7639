"""What a register says of a day: who is responsible for whom, who has nobody, what is owed, what was done."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain

from pairing.dates import Span
from pairing.deeds import OBSERVED, Aided, Checked, Lent, Observed, Repaid, Visited, WrittenOff
from pairing.entries import (
    STEPS,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    Offer,
    Paired,
    Step,
)
from pairing.errors import ArgumentError, shown
from pairing.funds import FundBook, fund_book
from pairing.histories import (
    OpenDuty,
    Stay,
    Vacancy,
    absences,
    duties,
    end_of_service,
    fit_on,
    goal_met,
    left_programme,
    stays,
    vacancies,
)
from pairing.lines import Lines, VisitColumns, index
from pairing.memory import no_collection
from pairing.people import Pairing

__all__ = ["View"]


class View:
    """A register as it stands on a day, by the entries that were known at a position.

    Made by `Register.view`.  Nothing is read before it is asked for: one household costs microseconds, and all
    pairings of a province about a second.

    `more` are entries that hold beside those of the register, as if they were recorded: a relay looks ahead with them.
    """

    def __init__(self, lines: Lines, on: date, known: int, more: Iterable[Entry] = ()) -> None:
        self.on = on
        self.known = known
        self._lines = lines
        self._more: Mapping[tuple[str, str], list[Entry]] = index(more)
        self._stays: dict[str, list[Stay]] = {}

    def __repr__(self) -> str:
        return f"View({self.on}, known={self.known})"

    def with_more(self, entries: Iterable[Entry], on: date | None = None) -> "View":
        """Return the view as it would be if entries were recorded, and these alone beside those of the register."""
        return View(self._lines, on or self.on, self.known, entries)

    def about(self, table: str, id: str) -> Sequence[Entry]:
        """Return the entries about somebody that count, in the order of positions; `lines.TABLES` has the tables."""
        found = self._lines.about(table, id, self.known)
        more = self._more.get((table, id)) if self._more else None
        return [*found, *(e for e in more if e not in found)] if more else found

    def ids(self, table: str) -> Collection[str]:
        """Return the ids of all about whom there are entries in a table."""
        found = self._lines.ids(table, self.known)
        return found if not self._more else {*found, *(id for at, id in self._more if at == table)}

    def tells_of(self, table: str, id: str) -> bool:
        """Whether there may be entries about somebody in a table; quick."""
        return self._lines.tells_of(table, id) or (bool(self._more) and (table, id) in self._more)

    @property
    def visit_columns(self) -> tuple[VisitColumns, int]:
        """All visits as columns, those taken back too, and how many of them were known."""
        visits = self._lines.visits
        return visits, bisect_left(visits.positions, self.known)

    def entry(self, position: int) -> Entry:
        """Return the entry that was recorded at a position."""
        return self._lines.entries[position]

    @property
    def corrected(self) -> Iterator[Entry]:
        """The entries that a correction is about."""
        return self._lines.corrected(self.known)

    def __iter__(self) -> Iterator[Entry]:
        """Yield all entries that count, whatever day they hold from, in the order of the register."""
        return chain(self._lines.counting(self.known), *self._more.values())

    def others(self) -> Iterator[Entry]:
        """Yield all entries that count, but pairings and visits, of which there are most."""
        positions = self._lines.others
        return self._lines.counting(self.known, positions[: bisect_left(positions, self.known)])

    # --- who is responsible

    def stays(self, household: str) -> Sequence[Stay]:
        """Return who was, is and will be responsible for a household, as far as it is known, by the day of start."""
        found = self._stays.get(household)
        if found is None:
            found = self._stays[household] = stays(household, self.about("households", household))
        return found

    def helpers_of(self, household: str) -> tuple[Pairing, ...]:
        """Return who is responsible for a household on the day, by helper."""
        here = [stay for stay in self.stays(household) if stay.on(self.on)]
        return tuple(sorted(_pairing(household, stay) for stay in here))

    def households_of(self, helper: str) -> tuple[Pairing, ...]:
        """Return the households for which a helper is responsible on the day, by household."""
        return tuple(
            sorted(
                _pairing(household, stay)
                for household in self.ever_held(helper)
                for stay in self.stays(household)
                if stay.helper == helper and stay.on(self.on)
            )
        )

    def ever_held(self, helper: str) -> Collection[str]:
        """Return the households for which a helper was, is or will be responsible."""
        found = dict.fromkeys(e.household for e in self.about("held", helper))  # type: ignore[attr-defined]
        return found.keys()

    def of(self, id: str) -> tuple[Pairing, ...]:
        """Return the pairings of a helper or of a household on the day."""
        return self.households_of(id) or self.helpers_of(id)

    def loads(self, helpers: Iterable[str]) -> dict[str, int]:
        """Return for how many households each of those helpers is responsible on the day."""
        found: dict[str, int] = {}
        on, known, single, more = self.on, self.known, self._lines.single, self._more
        for helper in helpers:
            one = single(helper, known)
            if one is not None and ("held", helper) not in more and ("households", one.household) not in more:
                found[helper] = int(one.on <= on)
                continue
            load = 0
            for household in self.ever_held(helper):
                for stay in self.stays(household):
                    if stay.helper == helper and stay.start <= on and (stay.end is None or on < stay.end):
                        load += 1
                        break
            found[helper] = load
        return found

    @cached_property
    def pairings(self) -> tuple[Pairing, ...]:
        """All pairings that hold on the day, by helper and household, each with the days from start to end."""
        with no_collection():
            rows = sorted(self._rows())
            spans: dict[tuple[date, date | None], Span] = {}
            for _, _, _, start, end in rows:
                if (start, end) not in spans:
                    spans[start, end] = Span(start, end)
            return tuple(
                [Pairing(helper, household, role, spans[start, end]) for helper, household, role, start, end in rows]
            )

    def held(self) -> Iterator[tuple[str, str]]:
        """Yield helper and household of all pairings that hold on the day, in no order."""
        return ((helper, household) for helper, household, _, _, _ in self._rows())

    def _rows(self) -> Iterator[tuple[str, str, str, date, date | None]]:
        """Yield helper, household, role and days of all pairings that hold on the day."""
        on, known = self.on, self._stays
        groups: Iterable[tuple[str, Sequence[Entry]]] = self._lines.groups("households", self.known)
        if self._more:
            groups = ((id, self.about("households", id)) for id in self.ids("households"))
        for household, entries in groups:
            if len(entries) == 1 and type(one := entries[0]) is Paired:  # nearly all are such
                if one.on <= on:
                    yield one.helper, household, one.role, one.on, None
                continue
            held = known.get(household) or stays(household, entries)
            for helper, role, start, end in held:
                if start <= on and (end is None or on < end):
                    yield helper, household, role, start, end

    def vacancy(self, household: str) -> Vacancy | None:
        """Return the vacancy of a household on the day, or None."""
        return next((vacancy for vacancy in self.vacancies_of(household) if self.on in vacancy.span), None)

    def vacancies_of(self, household: str) -> Sequence[Vacancy]:
        """Return when a household had, has and will have nobody, as far as it is known, by the day of start."""
        return vacancies(household, self.about("households", household), self.stays(household))

    @cached_property
    def vacancies(self) -> tuple[Vacancy, ...]:
        """All vacancies on the day, by household."""
        candidates = {e.household for id in self.ids("vacant") for e in self.about("vacant", id)}  # type: ignore[attr-defined]
        found = (self.vacancy(household) for household in sorted(candidates))
        return tuple(vacancy for vacancy in found if vacancy is not None)

    def somebody_due(self, household: str) -> bool:
        """Whether somebody has to be responsible for a household on the day, or a vacancy: it was paired once, and is
        neither released nor out of the programme."""
        return bool(self.helpers_of(household)) or self.vacancy(household) is not None

    # --- what is owed, what was done

    def exit(self, household: str) -> Exit | None:
        """Return the exit of a household that is in force on the day, or None."""
        return goal_met(self.about("households", household), self.on)

    def left_programme(self, household: str) -> date | None:
        """Return the day from which a household is in the programme no longer, where it is the day or before."""
        over = left_programme(household, self.about("households", household))
        return over if over is not None and over <= self.on else None

    def duties_to(self, household: str) -> tuple[OpenDuty, ...]:
        """Return what is owed to a household on the day, by key."""
        return tuple(duties(self.about("households", household), self.on))

    def duties_of(self, bearer: str) -> tuple[OpenDuty, ...]:
        """Return what a helper, or a unit, owes on the day, by household and key."""
        households = sorted({e.household for e in self.about("owed", bearer)})  # type: ignore[attr-defined]
        return tuple(duty for household in households for duty in self.duties_to(household) if duty.bearer == bearer)

    @cached_property
    def duties(self) -> tuple[OpenDuty, ...]:
        """All that is owed on the day, by household and key."""
        kinds = (DutyOpened, DutyPassed, DutyClosed, Lent)
        ids = {e.household for id in self.ids("owed") for e in self.about("owed", id) if isinstance(e, kinds)}
        return tuple(duty for household in sorted(ids) for duty in self.duties_to(household))

    def about_fund(self, fund: str) -> list[Entry]:
        """Return the entries about a revolving fund that count: payments, its loans, and what came back of them."""
        found = list(self.about("funds", fund))
        loans = {(e.household, e.loan) for e in found if isinstance(e, Lent)}
        for household in sorted({household for household, _ in loans}):
            found += [
                e
                for e in self.about("households", household)
                if isinstance(e, Repaid | WrittenOff) and (household, e.loan) in loans
            ]
        return found

    def fund(self, fund: str) -> FundBook:
        """Return a revolving fund as it stands on the day; of a fund of which nothing is recorded, an empty one."""
        entries = self.about_fund(fund)
        households = {e.household for e in entries if isinstance(e, Lent)}
        owed = {(duty.household, duty.duty): duty.bearer for id in households for duty in self.duties_to(id)}
        return fund_book(fund, entries, self.on, owed)

    def visits_to(self, household: str) -> tuple[Visited, ...]:
        """Return the visits to a household up to the day, the last one first."""
        found = [e for e in self.about("visits", household) if isinstance(e, Visited) and e.on <= self.on]
        return tuple(sorted(found, key=lambda e: (e.on, e.helpers, e.channel, e.tasks, e.id), reverse=True))

    def calls_of(self, helper: str) -> tuple[Visited, ...]:
        """Return the visits that a helper made up to the day, the last one first."""
        found = [e for e in self.about("calls", helper) if isinstance(e, Visited) and e.on <= self.on]
        return tuple(
            sorted(found, key=lambda e: (e.on, e.household, e.helpers, e.channel, e.tasks, e.id), reverse=True)
        )

    def aid_to(self, household: str) -> tuple[Aided, ...]:
        """Return what a household was given up to the day, the last first."""
        found = [e for e in self.about("aid", household) if isinstance(e, Aided) and e.on <= self.on]
        return tuple(sorted(found, key=_aid_in_turn, reverse=True))

    def observed(self, household: str, what: str) -> Observed | None:
        """Return what was last observed of a household up to the day, or None: missing is not zero.

        `what` is one of `OBSERVED`; of several observations of one day, the largest amount is returned.
        """
        if what not in tuple(OBSERVED):
            raise ArgumentError("unknown-word", f"wanted one of {', '.join(OBSERVED)}; got {shown(what)}", "what")
        found = [
            e
            for e in self.about("observed", household)
            if isinstance(e, Observed) and e.what == what and e.on <= self.on
        ]
        return max(found, key=lambda e: (e.on, e.amount, e.mark, e.id), default=None)

    def checks(self, household: str) -> tuple[Checked, ...]:
        """Return the spot checks of a household up to the day, the last one first."""
        found = [e for e in self.about("checks", household) if isinstance(e, Checked) and e.on <= self.on]
        return tuple(sorted(found, key=lambda e: (e.on, e.check, e.channel, e.result, e.id), reverse=True))

    def offers(self, household: str, giver: str | None) -> tuple[str, ...]:
        """Return who has asked, up to the day, to take over a household, or all households of its giver."""
        found = {e.helper for e in self.about("offers", household) if isinstance(e, Offer) and e.on <= self.on}
        if giver is not None:
            for e in self.about("offers", giver):
                if isinstance(e, Offer) and e.on <= self.on and e.household in (None, household):
                    found.add(e.helper)
        return tuple(sorted(found))

    def steps(self, household: str) -> tuple[Step, ...]:
        """Return the steps of handovers of a household up to the day, by day; those of one day as `STEPS` has them."""
        found = [e for e in self.about("steps", household) if isinstance(e, Step) and e.on <= self.on]
        return tuple(sorted(found, key=lambda e: (e.on, STEPS.index(e.step), e.takers, e.giver or "", e.reason, e.id)))

    # --- helpers, as far as the register tells

    def personnel(self, helper: str) -> Sequence[Entry]:
        """Return what has happened to a helper up to the day, and what is known to happen later."""
        return self.about("helpers", helper)

    def end_of_service(self, helper: str) -> date | None:
        """Return the first day on which a helper is out of the service, past or to come, or None."""
        entries = self.personnel(helper)
        return end_of_service(entries) if entries else None

    def is_absent(self, helper: str) -> bool:
        """Whether a helper is on leave on the day."""
        entries = self.personnel(helper)
        return bool(entries) and any(self.on in span for span in absences(entries))

    def is_fit(self, helper: str) -> bool | None:
        """Whether a helper is fit on the day; None where the register says nothing of it."""
        entries = self.personnel(helper)
        return fit_on(entries, self.on) if entries else None


def _aid_in_turn(e: Aided) -> tuple[object, ...]:
    return e.on, e.giver, e.aid, e.what, e.amount, e.value, e.mark, e.id


def _pairing(household: str, stay: Stay) -> Pairing:
    return Pairing(stay.helper, household, stay.role, Span(stay.start, stay.end))
