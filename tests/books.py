"""A slow, obvious register to hold the real one against, and entries made up at random.

`Book` keeps the plain list of its lines.  Whatever it is asked, it reads all that counts from the start, day by day:
on each day first ends what ends, then begins what begins, and then it is said what is wrong.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import attrs
from attrs import define, field

from pairing.dates import Span
from pairing.deeds import (
    AID,
    CHANNELS,
    OBSERVED,
    RECORDED,
    RESULTS,
    Aided,
    Checked,
    Lent,
    Observed,
    PaidIn,
    PaidOut,
    Repaid,
    Visited,
    WrittenOff,
)
from pairing.entries import (
    DUTIES,
    STEPS,
    Correction,
    Death,
    Departure,
    Dissolution,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Merger,
    Move,
    Offer,
    Paired,
    RankChange,
    Recovery,
    Relapse,
    Released,
    Renaming,
    Retirement,
    Return,
    Split,
    Step,
    StruckOff,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)
from pairing.funds import Loan
from pairing.histories import OpenDuty, Vacancy
from pairing.people import Pairing

DAYS = [date(2012, 2, 25) + timedelta(n) for n in range(12)]
"""The days on which something may happen: over the end of a February of 29 days."""
CALENDAR = [DAYS[0] + timedelta(n) for n in range(-1, 18)]
"""The days that are read: the last ones lie after every day that an entry names."""

IDENTITY = "11010519491231002X"
"""A valid number: whoever it belongs to was born on the last day of 1949."""

HELPERS = ["ann", "bo", "cy", "di", "ed", "赵"]
UNITS = ["court", "school", "bank"]
VILLAGES = ["east", "west"]
HOUSEHOLDS = ["h1", "h2", "h3", "h4", "h5", "h6"]
ROLES = ["lead", "partner"]
FUNDS = ["city", "town"]
TASKS = ["policy", "opinion"]
KINDS = sorted(RECORDED, key=lambda kind: kind.__name__)

Batch = list[Entry]
Who = tuple[str, str]


# --- the slow register


@define
class HouseholdDay:
    """What held of a household at the end of a day."""

    holding: dict[Who, date]
    """Who is responsible, and in which role, since when."""
    vacancy: VacancyOpened | None
    exit: Exit | None
    fallen: bool
    village: str | None
    gone: date | None
    duties: dict[str, tuple[str, DutyOpened]]
    """The bearer of each open duty; the guarantee of a loan is one."""


@define
class HelperDay:
    """What held of a helper at the end of a day."""

    out: bool = False
    absent: bool = False
    fit: bool | None = None
    unit: str | None = None
    rank: str | None = None


@define
class FundDay:
    """What held of a revolving fund at the end of a day: amounts since the beginning, but for `left`."""

    paid_in: int = 0
    paid_out: int = 0
    left: int = 0
    loans: tuple[Loan, ...] = ()


@define
class Book:
    """A register that is slow, and obviously right.  It is never changed: `with_batch` gives another one."""

    lines: list[Entry] = field(factory=list)
    ends: list[int] = field(factory=lambda: [0])
    """The positions at which a batch ends."""
    _read: dict[Any, Any] = field(factory=dict, eq=False)

    def with_batch(self, batch: Iterable[Entry]) -> "Book":
        """Return a book with those lines of a batch that are new; nothing is checked."""
        new = [entry for entry in dict.fromkeys(batch) if entry not in self.lines]
        ends = [*self.ends, len(self.lines) + len(new)] if new else self.ends
        return Book([*self.lines, *new], ends)

    def counts(self, entry: Entry, known: int) -> bool:
        """Whether an entry counts: no correction of it that itself counts was known."""
        lines = [line for line in self.lines[:known] if isinstance(line, Correction) and line.of == entry]
        return not any(self.counts(line, known) for line in lines)

    def in_force(self, known: int | None = None) -> list[Entry]:
        """Return all entries that count, but the corrections."""
        until = len(self.lines) if known is None else known
        found: Batch = self._once(
            ("in force", known),
            lambda: [e for e in self.lines[:until] if not isinstance(e, Correction) and self.counts(e, until)],
        )
        return found

    def _once(self, key: Any, read: Callable[[], Any]) -> Any:
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def household(self, id: str, known: int | None = None) -> dict[date, HouseholdDay]:
        """Return what held of a household, day by day."""
        days: dict[date, HouseholdDay]
        days, _ = self._once((id, known), lambda: read_household(id, self.in_force(known)))
        return days

    def helper(self, id: str, known: int | None = None) -> dict[date, HelperDay]:
        """Return what held of a helper, day by day."""
        days: dict[date, HelperDay]
        days, _ = self._once(("helper", id, known), lambda: read_helper(id, self.in_force(known)))
        return days

    def fund(self, id: str, known: int | None = None) -> dict[date, FundDay]:
        """Return what held of a revolving fund, day by day."""
        days: dict[date, FundDay]
        days, _ = self._once(("fund", id, known), lambda: self._read_fund(id, known))
        return days

    def _read_fund(self, id: str, known: int | None) -> tuple[dict[date, FundDay], set[str]]:
        """Read what came into a fund and left it, from the first day to the last, and when it was not enough."""
        wrong: set[str] = set()
        days: dict[date, FundDay] = {}
        now = FundDay()
        lent: dict[tuple[str, str], Loan] = {}
        for day in CALENDAR:
            today = [e for e in self.in_force(known) if e.on == day]
            for e in today:
                if isinstance(e, PaidIn) and e.fund == id:
                    now.paid_in += e.amount
                    now.left += e.amount
                elif isinstance(e, PaidOut) and e.fund == id:
                    now.paid_out += e.amount
                    now.left -= e.amount
                elif isinstance(e, Lent) and e.fund == id:
                    lent[e.household, e.loan] = Loan(e.household, e.loan, e.amount, day, e.due)
                    now.left -= e.amount
            for e in today:
                if isinstance(e, Repaid | WrittenOff) and (e.household, e.loan) in lent:
                    loan = lent[e.household, e.loan]
                    if isinstance(e, Repaid):
                        now.left += e.amount
                        loan = attrs.evolve(loan, repaid=loan.repaid + e.amount)
                    else:
                        loan = attrs.evolve(loan, written_off=loan.written_off + e.amount)
                    lent[e.household, e.loan] = loan
            if now.left < 0:
                wrong.add("no-funds")
            for (household, key), loan in lent.items():
                guarantor, _ = self.household(household, known)[day].duties.get(key, ("", None))
                lent[household, key] = attrs.evolve(loan, guarantor=guarantor)
            days[day] = attrs.evolve(now, loans=tuple(lent[at] for at in sorted(lent)))
        return days, wrong

    # --- what is refused

    def refuses(self, batch: Sequence[Entry]) -> set[str]:
        """Return the codes of what is wrong with a batch; none where it can be recorded."""
        wrong = set()
        known = len(self.lines)
        new: Batch = []
        for entry in batch:
            if entry.id and any(other.id == entry.id and other != entry for other in [*self.lines, *batch]):
                wrong.add("other-body")
            if entry in self.lines:
                if not self.counts(entry, known):
                    wrong.add("taken-back")
            elif entry not in new:
                new.append(entry)
        if any(isinstance(entry, Visited) and not entry.helpers for entry in new):
            wrong.add("bad-visit")
        corrected = [entry.of for entry in new if isinstance(entry, Correction)]
        for entry in corrected:
            if entry not in self.lines:
                wrong.add("not-recorded")
            elif not self.counts(entry, known) or corrected.count(entry) > 1:
                wrong.add("taken-back")
        return wrong or self.with_batch(new).faults()

    def faults(self) -> set[str]:
        """Return the codes of all that contradicts itself."""
        entries = self.in_force()
        wrong: set[str] = set()
        households = mentioned(entries, "household", "instead", "into")
        for household in households:
            self.household(household)
            wrong |= self._read[household, None][1]
        for helper in mentioned(entries, "helper", "giver", "takers", "bearer", "guarantor"):
            days = self.helper(helper)
            wrong |= self._read["helper", helper, None][1]
            for day, state in days.items():
                if not state.out:
                    continue
                now = [self.household(household)[day] for household in households]
                if any(helper in {who for who, _ in one.holding} for one in now):
                    wrong.add("out-of-service")
                if any(helper == bearer for one in now for bearer, _ in one.duties.values()):
                    wrong.add("duty-left")
        for e in entries:
            if isinstance(e, Released) and e.instead is not None and not e.override:
                there = self.household(e.instead)[e.on].holding
                if not any(helper == e.helper for helper, _ in there):
                    wrong.add("no-new-household")
        for fund in mentioned(entries, "fund"):
            self.fund(fund)
            wrong |= self._read["fund", fund, None][1]
        gone = [e.unit for e in entries if isinstance(e, Merger | Dissolution)]
        itself = [e for e in entries if isinstance(e, Merger) and e.unit == e.into]
        if len(set(gone)) < len(gone) or itself:
            wrong.add("contradiction")
        for end in [e for e in entries if isinstance(e, Merger | Dissolution)]:
            for e in entries:
                comes = isinstance(e, Transfer | Linked) and e.unit == end.unit
                comes = comes or (isinstance(e, Merger) and e.into == end.unit != e.unit)
                if comes and e.on >= end.on:
                    wrong.add("unit-ended")
        return wrong

    # --- what is asked of a day

    def span(self, household: str, who: Who, day: date, known: int | None = None) -> Span:
        """Return since when, and until when, somebody who is responsible on a day is so."""
        days = self.household(household, known)
        start = days[day].holding[who]
        later = [d for d in CALENDAR if d > day and days[d].holding.get(who) != start]
        return Span(start, later[0] if later else None)

    def helpers_of(self, household: str, day: date, known: int | None = None) -> list[Pairing]:
        """Return who is responsible."""
        holding = self.household(household, known)[day].holding
        return sorted(Pairing(who[0], household, who[1], self.span(household, who, day, known)) for who in holding)

    def households_of(self, helper: str, day: date, known: int | None = None) -> list[Pairing]:
        """Return for whom somebody is responsible."""
        return [pairing for pairing in self.pairings(day, known) if pairing.helper == helper]

    def pairings(self, day: date, known: int | None = None) -> list[Pairing]:
        """Return who is responsible for whom."""
        households = mentioned(self.in_force(known), "household")
        return sorted(
            (pairing for household in households for pairing in self.helpers_of(household, day, known)),
            key=lambda pairing: (pairing.helper, pairing.household, pairing.role),
        )

    def vacancy(self, household: str, day: date, known: int | None = None) -> Vacancy | None:
        """Return the vacancy of a household."""
        days = self.household(household, known)
        opened = days[day].vacancy
        if opened is None:
            return None
        later = [d for d in CALENDAR if d > day and days[d].vacancy is not opened]
        span = Span(opened.on, later[0] if later else None)
        return Vacancy(household, span, opened.reason, opened.unit, opened.role, opened.giver)

    def duties_to(self, household: str, day: date, known: int | None = None) -> list[OpenDuty]:
        """Return what is owed to a household."""
        open = self.household(household, known)[day].duties
        return [OpenDuty(duty, household, open[duty][0], e.what, e.on, e.due) for duty, (_, e) in sorted(open.items())]

    def duties_of(self, bearer: str, day: date, known: int | None = None) -> list[OpenDuty]:
        """Return what somebody owes."""
        households = sorted(mentioned(self.in_force(known), "household"))
        return [duty for id in households for duty in self.duties_to(id, day, known) if duty.bearer == bearer]

    def ever_paired(self, household: str) -> bool:
        """Whether anybody was, is or will be responsible for a household."""
        return any(state.holding or state.vacancy for state in self.household(household).values())

    def visits(self, day: date, known: int | None = None) -> list[Visited]:
        """Return all visits up to a day."""
        return [e for e in self.in_force(known) if isinstance(e, Visited) and e.on <= day]

    def aid_to(self, household: str, day: date, known: int | None = None) -> list[Aided]:
        """Return what a household was given up to a day."""
        return [e for e in self.in_force(known) if isinstance(e, Aided) and e.household == household and e.on <= day]

    def observed(self, household: str, what: str, day: date, known: int | None = None) -> Observed | None:
        """Return what was last observed of a household; of what was observed on one day, the largest amount."""
        for past in reversed(CALENDAR[: CALENDAR.index(day) + 1]):
            today = [e for e in self.in_force(known) if isinstance(e, Observed) and e.on == past]
            today = [e for e in today if e.household == household and e.what == what]
            if today:
                return sorted(today, key=lambda e: (e.amount, e.mark, e.id))[-1]
        return None

    def checks(self, household: str, day: date, known: int | None = None) -> list[Checked]:
        """Return the spot checks of a household up to a day."""
        return [e for e in self.in_force(known) if isinstance(e, Checked) and e.household == household and e.on <= day]

    def steps(self, household: str, day: date, known: int | None = None) -> list[Step]:
        """Return the steps of handovers up to a day."""
        steps = (e for e in self.in_force(known) if isinstance(e, Step))
        return [e for e in steps if e.household == household and e.on <= day]

    def offers(self, household: str, giver: str | None, day: date, known: int | None = None) -> list[str]:
        """Return who has asked up to a day to take over a household: it alone, or all of its giver."""
        offers = [e for e in self.in_force(known) if isinstance(e, Offer) and e.on <= day]
        own = {e.helper for e in offers if e.household == household}
        return sorted(own | {e.helper for e in offers if giver and e.giver == giver and e.household is None})

    def links(self, day: date, known: int | None = None) -> set[tuple[str, str]]:
        """Return which unit is linked to which village."""
        linked: set[tuple[str, str]] = set()
        for past in CALENDAR[: CALENDAR.index(day) + 1]:
            today = [e for e in self.in_force(known) if e.on == past]
            linked -= {(e.unit, e.village) for e in today if isinstance(e, Unlinked)}
            linked |= {(e.unit, e.village) for e in today if isinstance(e, Linked)}
        return linked

    # --- what a history says of a day: what, with whom, in which role

    def says_of_household(self, id: str, day: date, known: int | None = None) -> set[tuple[str, str, str]]:
        """Return what the history of a household says of a day."""
        now = self.household(id, known)[day]
        says = {("responsible", helper, role) for helper, role in now.holding}
        if now.vacancy is not None:
            says.add(("vacancy, seen to by", now.vacancy.unit, ""))
        if now.exit is not None or now.fallen:
            says.add(("fallen back" if now.exit is None else "exited", "", ""))
        if now.village is not None:
            says.add(("in village", now.village, ""))
        if now.gone is not None:
            says.add(("out of the programme", "", ""))
        return says

    def says_of_helper(self, id: str, day: date, known: int | None = None) -> set[tuple[str, str, str]]:
        """Return what the history of a helper says of a day."""
        now = self.helper(id, known)[day]
        says = {("responsible", each.household, each.role) for each in self.households_of(id, day, known)}
        states = {"out of service": now.out, "on leave": now.absent, "unfit": now.fit is False}
        says |= {(what, "", "") for what, holds in states.items() if holds}
        says |= {(what, who, "") for what, who in (("in unit", now.unit), ("of rank", now.rank)) if who}
        return says

    def says_of_unit(self, id: str, day: date, known: int | None = None) -> set[tuple[str, str, str]]:
        """Return what the history of a unit says of a day."""
        says = {("linked to", village, "") for unit, village in self.links(day, known) if unit == id}
        for e in self.in_force(known):
            if isinstance(e, Merger | Dissolution | Renaming) and e.unit == id and e.on <= day:
                what = {Merger: "part of", Dissolution: "dissolved", Renaming: "renamed"}[type(e)]
                says.add((what, e.into if isinstance(e, Merger) else "", ""))
        for household in mentioned(self.in_force(known), "household"):
            vacancy = self.vacancy(household, day, known)
            if vacancy is not None and vacancy.unit == id:
                says.add(("sees to the vacancy of", household, ""))
        return says

    def says_of_village(self, id: str, day: date, known: int | None = None) -> set[tuple[str, str, str]]:
        """Return what the history of a village says of a day."""
        return {("linked to", unit, "") for unit, village in self.links(day, known) if village == id}

    def end_of_service(self, helper: str, known: int | None = None) -> date | None:
        """Return the first day out of the service."""
        return next((day for day, state in self.helper(helper, known).items() if state.out), None)


def mentioned(entries: Iterable[Entry], *names: str) -> list[str]:
    """Return the ids in some fields of the entries; of `into`, those of households."""
    found: set[str] = set()
    for e in entries:
        for name in names:
            value = getattr(e, name, None)
            if value is not None and not isinstance(e, Merger):
                found.update(value if isinstance(value, tuple) else (value,))
    return sorted(found)


def read_household(id: str, entries: Sequence[Entry]) -> tuple[dict[date, HouseholdDay], set[str]]:
    """Read what became of a household, from the first day to the last, and what contradicts itself on the way."""
    wrong: set[str] = set()
    days: dict[date, HouseholdDay] = {}
    holding: dict[Who, date] = {}
    staying: dict[HandedOver, date] = {}
    vacancy: VacancyOpened | None = None
    exit: Exit | None = None
    fallen, village, gone = False, None, None
    duties: dict[str, tuple[str, DutyOpened]] = {}
    keys: set[str] = set()
    closed: set[str] = set()
    rest: dict[str, int] = {}
    ours = [e for e in entries if getattr(e, "household", None) == id]
    births = [e.on for e in entries if isinstance(e, Split) and id in e.into]
    for day in CALENDAR:
        today = [e for e in ours if e.on == day]
        born = day in births
        somebody_yesterday = bool(holding) or vacancy is not None
        for kinds in ((Exit, Relapse), (Move,), (StruckOff, Split, HouseholdMerger), (VacancyOpened,)):
            if len([e for e in today if isinstance(e, kinds)]) > 1:
                wrong.add("contradiction")
        # the programme ends
        for e in today:
            if isinstance(e, StruckOff | Split | HouseholdMerger):
                if gone is not None:
                    wrong.add("left-programme")
                if not e.into if isinstance(e, Split) else False:
                    wrong.add("contradiction")
                if not isinstance(e, StruckOff) and id in e.into and (isinstance(e, Split) or id == e.into):
                    wrong.add("contradiction")
                gone = gone or day
        if gone and any(isinstance(e, Exit | Relapse | Move | VacancyOpened) for e in today):
            wrong.add("left-programme")
        # the goal, the village
        for e in today:
            if isinstance(e, Exit):
                if exit is not None:
                    wrong.add("exited-already")
                if e.notified is not None and e.notified > day:
                    wrong.add("dates-out-of-order")
                exit, fallen = e, False
            elif isinstance(e, Relapse):
                if exit is None:
                    wrong.add("no-exit")
                exit, fallen = None, True
            elif isinstance(e, Move):
                village = e.village
        # whose time ends
        for e in ours:
            if isinstance(e, HandedOver) and e.until is not None and e.on == day:
                if e.until <= day:
                    wrong.add("empty-span")
                if (e.giver, e.role) in holding:
                    staying[e] = holding[e.giver, e.role]
            ends: Who | None = None
            if isinstance(e, HandedOver) and (e.until or e.on) == day:
                ends = e.giver, e.role
                if e.until is not None and staying.get(e) != holding.get(ends):
                    wrong.add("not-responsible")  # not without a break since the day of the handover
            elif isinstance(e, Released) and e.on == day:
                ends = e.helper, e.role
            elif isinstance(e, VacancyOpened) and e.on == day and e.giver is not None:
                ends = e.giver, e.role
            if ends is not None and holding.pop(ends, None) is None:
                wrong.add("not-responsible")
        # nobody is there, and it is said so
        for e in today:
            if isinstance(e, VacancyOpened):
                if holding:
                    wrong.add("not-vacant")
                if vacancy is not None:
                    wrong.add("vacant-already")
                vacancy = e
        # whose time begins
        for e in today:
            starts: list[Who] = []
            if isinstance(e, Paired):
                starts = [(e.helper, e.role)]
            elif isinstance(e, HandedOver | VacancyClosed):
                starts = [(taker, e.role) for taker in e.takers]
                if not starts or len(set(starts)) < len(starts):
                    wrong.add("bad-takers")
                if isinstance(e, HandedOver) and e.giver in e.takers:
                    wrong.add("bad-takers")
                if isinstance(e, VacancyClosed) and vacancy is None:
                    wrong.add("no-vacancy")
            for who in starts:
                if who in holding:
                    wrong.add("overlap")
                if gone:
                    wrong.add("left-programme")
                holding[who] = day
        if holding or (exit is not None and exit.on == day and vacancy is not None and vacancy.on < day):
            vacancy = None
        # duties: a loan is the duty of its guarantor
        for e in today:
            if isinstance(e, Lent):
                rest[e.loan] = e.amount
                opened = DutyOpened(e.loan, id, e.guarantor, "guarantee", e.due, on=day)
            elif isinstance(e, DutyOpened):
                opened = e
            else:
                continue
            if opened.duty in keys:
                wrong.add("duplicate-duty")
            if opened.due is not None and opened.due < day:
                wrong.add("dates-out-of-order")
            keys.add(opened.duty)
            duties[opened.duty] = opened.bearer, opened
        passed: set[str] = set()
        for e in today:
            if isinstance(e, DutyPassed):
                if e.duty in passed:
                    wrong.add("contradiction")
                if e.duty in duties:
                    duties[e.duty] = e.bearer, duties[e.duty][1]
                elif rest.get(e.duty) != 0 or e.duty in closed:  # else it came back meanwhile, and nothing passes
                    wrong.add("unknown-duty")
                passed.add(e.duty)
        for e in today:
            if isinstance(e, DutyClosed):
                there = duties.pop(e.duty, None) is not None or rest.get(e.duty) == 0
                if not there or e.duty in passed or e.duty in closed:
                    wrong.add("contradiction" if e.duty in closed else "unknown-duty")
                closed.add(e.duty)
        # what comes back of a loan, or never will
        for e in today:
            if isinstance(e, Repaid | WrittenOff):
                if e.loan not in rest:
                    wrong.add("unknown-loan")
                    continue
                rest[e.loan] -= e.amount
                if rest[e.loan] < 0:
                    wrong.add("repaid-too-much")
                if rest[e.loan] == 0:
                    duties.pop(e.loan, None)
        # was anybody dropped?
        freed = False
        for e in today:
            if isinstance(e, Released):
                if e.override:
                    freed = True
                elif exit is None:
                    wrong.add("goal-not-met")
                else:
                    freed = True
                    if not e.waiver and e.instead is None:
                        wrong.add("no-new-household")
                    if not any(opened.what == "revisit" for _, opened in duties.values()):
                        wrong.add("no-revisit")
        if not gone and not holding and vacancy is None:
            held_yesterday = day > CALENDAR[0] and bool(days[day - timedelta(1)].holding)
            claimed = held_yesterday if exit is not None and exit.on == day else somebody_yesterday
            if born or any(isinstance(e, Relapse) for e in today) or (claimed and not freed):
                wrong.add("dropped")
        days[day] = HouseholdDay(
            {} if gone else dict(holding), None if gone else vacancy, exit, fallen, village, gone, dict(duties)
        )
    return days, wrong


def read_helper(id: str, entries: Sequence[Entry]) -> tuple[dict[date, HelperDay], set[str]]:
    """Read what became of a helper, from the first day to the last, and what contradicts itself on the way."""
    wrong: set[str] = set()
    days: dict[date, HelperDay] = {}
    now = HelperDay()
    leave: Leave | None = None
    ours = [e for e in entries if getattr(e, "helper", None) == id]
    ends = (Retirement, Death, Departure)
    for day in CALENDAR:
        today = [e for e in ours if e.on == day]
        for kinds in ((Transfer,), (RankChange,), (Leave,), (Return,), (Unfitness, Recovery), ends):
            if len([e for e in today if isinstance(e, kinds)]) > 1:
                wrong.add("contradiction")
        for e in today:
            if isinstance(e, Return):
                if leave is None:
                    wrong.add("not-absent")
                leave = None
        for e in today:
            if isinstance(e, Leave):
                leave = e
                if e.until is not None and e.until <= day:
                    wrong.add("empty-span")
            elif isinstance(e, ends):
                now.out = True
            elif isinstance(e, Transfer):
                now.unit = e.unit
            elif isinstance(e, RankChange):
                now.rank = e.rank
            elif isinstance(e, Unfitness | Recovery):
                now.fit = isinstance(e, Recovery)
        # a leave lasts as long as was said, or until the return, sooner or later
        later = sorted((e.on, isinstance(e, Leave)) for e in ours if isinstance(e, Leave | Return) and e.on > day)
        returns = bool(later) and not later[0][1]
        now.absent = leave is not None and (leave.until is None or day < leave.until or returns)
        days[day] = attrs.evolve(now)
    return days, wrong


# --- entries made up at random


@define
class Clerk:
    """Makes up batches for a book: most of them can be recorded, many cannot."""

    random: Random
    book: Book

    def day(self) -> date:
        """Return a day."""
        return self.random.choice(DAYS)

    def pick(self, things: Iterable[Any]) -> Any:
        """Return one of some things, or None where there is none."""
        listed = list(things)
        return self.random.choice(listed) if listed else None

    def chance(self, of_ten: int) -> bool:
        """Return True in so many of ten cases."""
        return self.random.randrange(10) < of_ten

    def id(self) -> str:
        """Return a key for a line, mostly none."""
        return self.random.choice(["", "", "", "", "k1", "k2", "k3"])

    def fresh(self) -> str:
        """Return a key for a duty, or a loan, that is not there yet."""
        used = set(mentioned(self.book.lines, "duty", "loan"))
        return next(f"d{n}" for n in range(999) if f"d{n}" not in used)

    def helpers(self, besides: Iterable[str] = ()) -> list[str]:
        """Return who is not known to leave the service, shuffled."""
        found = [id for id in HELPERS if id not in set(besides) and self.book.end_of_service(id) is None]
        self.random.shuffle(found)
        return found

    def held(self) -> Any:
        """Return a household with somebody who is responsible, and a later day on which that is still so."""
        found = []
        for household in HOUSEHOLDS:
            days = self.book.household(household)
            for day in DAYS[1:]:
                for who, start in days[day - timedelta(1)].holding.items():
                    for_good = all(who in days[later].holding for later in CALENDAR if later >= day)
                    if days[day].holding.get(who) == start and (for_good or self.chance(2)):
                        found.append((household, who, day))
        return self.pick(found)

    def holders(self, household: str, day: date) -> list[Who]:
        """Return who is responsible on the day before."""
        days = self.book.household(household)
        return [who for who in days[day - timedelta(1)].holding if who in days[day].holding]

    def somebody(self, household: str, day: date, giver: str | None = None, role: str = "lead") -> Batch:
        """Return what brings a household without a helper to one or two, or to a vacancy."""
        takers = tuple(self.helpers([giver] if giver else [])[: self.random.choice([1, 1, 2])])
        if self.chance(3) or not takers:
            return [VacancyOpened(household, "no colleague has room", self.pick(UNITS), giver, role, on=day)]
        if giver is not None:
            return [HandedOver(household, giver, takers, role, on=day)]
        return [Paired(taker, household, role, on=day) for taker in takers]

    def paired(self) -> Batch:
        """Somebody becomes responsible; often for a household that has nobody yet."""
        household = self.pick(HOUSEHOLDS)
        free = [id for id in HOUSEHOLDS if not self.book.ever_paired(id)]
        if free and self.chance(8):
            household = self.pick(free)
        day = self.pick(DAYS[: self.random.choice([2, 12])])
        helper = self.pick(self.helpers()) or self.pick(HELPERS)
        return [Paired(helper, household, self.pick(["lead", *ROLES]), on=day, id=self.id())]

    def handed_over(self) -> Batch:
        """A household passes on, sometimes to two jointly, and sometimes the giver stays on for a while."""
        held = self.held()
        if held is None:
            return self.paired()
        household, (giver, role), day = held
        takers = tuple(self.helpers([giver])[: self.random.choice([1, 1, 2])])
        until = day + timedelta(self.random.randrange(0, 4)) if self.chance(3) else None
        return [HandedOver(household, giver, takers, role, until, self.pick(["", "so it was wished"]), on=day)]

    def vacancy_opened(self) -> Batch:
        """A household has nobody from a day on, and sometimes somebody again, on that day or another."""
        held = self.held()
        if held is None:
            return self.paired()
        household, _, day = held
        givers = self.holders(household, day)
        if self.chance(2):  # beside somebody who stays: that cannot be
            other = self.pick(self.helpers()) or self.pick(HELPERS)
            return [VacancyOpened(household, "posts are cut", "bank", on=day), Paired(other, household, on=day)]
        batch: Batch = [
            Released(helper, household, "lent to us", role, override="the loan is over", on=day)
            for helper, role in givers[1:]
        ]
        batch.append(VacancyOpened(household, "posts are cut", self.pick(UNITS), givers[0][0], givers[0][1], on=day))
        if self.chance(4):
            later = self.pick([day, *(d for d in DAYS if d > day)])
            batch.append(VacancyClosed(household, tuple(self.helpers([givers[0][0]])[:1]), on=later))
        return batch

    def vacancy_closed(self) -> Batch:
        """A vacancy is closed, on a day on which there is one, or on any other."""
        found = [(id, d) for id in HOUSEHOLDS for d in DAYS if (v := self.book.vacancy(id, d)) and v.span.start < d]
        if not found:
            return self.vacancy_opened()
        household, day = self.pick(found)
        day = day if self.chance(8) else self.day()
        takers = self.helpers()[: self.random.choice([0, 1, 1, 1, 2])]
        return [VacancyClosed(household, tuple(takers), on=day)]

    def exited(self) -> Batch:
        """A household reaches the goal; a helper is often released, owes visits, and takes on another household."""
        held = self.held()
        if held is None:
            return self.paired()
        household, (helper, role), day = held
        if self.book.household(household)[day].exit is not None and self.chance(8):
            return self.released()
        notified = day - timedelta(self.random.randrange(0, 3)) if self.chance(5) else None
        batch: Batch = [Exit(household, notified, day + timedelta(30), on=day)]
        if self.chance(5):
            batch += self.released_after(household, day, [(helper, role)])
        return batch

    def released(self) -> Batch:
        """Whoever is responsible is released, after the exit or by an override."""
        found = [
            (id, d)
            for id in HOUSEHOLDS
            for d in DAYS[1:]
            if self.book.household(id)[d].exit is not None and self.holders(id, d)
        ]
        if found and self.chance(8):
            household, day = self.pick(found)
            whose = self.holders(household, day)
            return self.released_after(household, day, whose if self.chance(7) else whose[:1])
        held = self.held()
        if held is None:
            return self.paired()
        household, (helper, role), day = held
        override = self.pick(["", "by order of the county"])
        return [Released(helper, household, "moved abroad", role, override, on=day)]

    def released_after(self, household: str, day: date, whose: list[Who]) -> Batch:
        """After an exit: a duty to revisit, and a new household or a waiver; sometimes one of them lacks."""
        batch: Batch = []
        if not any(duty.what == "revisit" for duty in self.book.duties_to(household, day)) and self.chance(9):
            batch.append(DutyOpened(self.fresh(), household, self.pick([whose[0][0], *UNITS]), "revisit", on=day))
        for helper, role in whose:
            others = [id for id in HOUSEHOLDS if id != household and not self.book.household(id)[day].gone]
            other = self.pick(others)
            instead = other if other and self.chance(5) else None
            waiver = "nobody else is in need" if instead is None and self.chance(9) else ""
            batch.append(Released(helper, household, "out of poverty", role, "", instead, waiver, on=day))
            if instead and helper not in {who for who, _ in self.holders(instead, day)} and self.chance(9):
                batch.append(Paired(helper, instead, on=day))
        return batch

    def relapsed(self) -> Batch:
        """A household falls back; somebody is responsible, or there is a vacancy."""
        found = [(id, d) for id in HOUSEHOLDS for d in DAYS[1:] if self.book.household(id)[d - timedelta(1)].exit]
        household, day = self.pick(found) or (self.pick(HOUSEHOLDS), self.day())
        batch: Batch = [Relapse(household, self.pick(["", "the roof fell in"]), on=day)]
        if not self.holders(household, day) and self.chance(8):
            batch += self.somebody(household, day)
        return batch

    def gone(self) -> Batch:
        """A household leaves the programme: struck off, split into several, or merged into another."""
        household = self.pick([*HOUSEHOLDS, *HOUSEHOLDS, *mentioned(self.book.in_force(), "household")])
        day = self.pick(DAYS[4:])
        how = self.random.randrange(3)
        if how == 0:
            return [StruckOff(household, "entered by mistake", on=day)]
        new = [id for id in HOUSEHOLDS if not self.book.ever_paired(id) and id != household]
        self.random.shuffle(new)
        into = tuple(new[:2] if self.chance(9) else [household][: self.random.randrange(2)])
        if how == 1:
            parts = into if self.chance(9) else into[:-1]
            return [Split(household, into, on=day), *(e for id in parts for e in self.somebody(id, day))]
        return [HouseholdMerger(household, self.pick(HOUSEHOLDS), on=day)]

    def moved(self) -> Batch:
        """A household moves."""
        return [Move(self.pick(HOUSEHOLDS), self.pick(VILLAGES), on=self.day(), id=self.id())]

    def owed(self) -> Batch:
        """A duty is opened, passed on, or closed."""
        open = [(id, d, duty) for id in HOUSEHOLDS for d in DAYS for duty in self.book.duties_to(id, d)]
        if not open or self.chance(4):
            day = self.day()
            due = day + timedelta(self.random.randrange(-1, 9)) if self.chance(5) else None
            bearer = self.pick([*self.helpers(), *UNITS])
            duty = self.fresh() if self.chance(9) else "d0"
            return [DutyOpened(duty, self.pick(HOUSEHOLDS), bearer, self.pick(DUTIES), due, on=day)]
        household, day, duty = self.pick(open)
        if self.chance(1):
            day = self.day()
        if self.chance(5):
            return [DutyPassed(duty.duty, household, self.pick([*self.helpers(), *UNITS]), on=day)]
        return [DutyClosed(duty.duty, household, "done", on=day)]

    def came_by(self) -> Batch:
        """Visits, offers and steps of handovers."""
        household, day, helpers = self.pick(HOUSEHOLDS), self.day(), tuple(self.helpers()[:2])
        giver = self.pick([None, *HELPERS])
        return [
            self.pick(
                [
                    Visited(
                        household,
                        helpers or (HELPERS[0],),
                        self.pick(CHANNELS),
                        TASKS[: self.random.randrange(3)],
                        on=day,
                        id=self.id(),
                    ),
                    Offer(self.pick(HELPERS), self.pick([None, household]), giver, on=day),
                    Step(household, self.pick(STEPS), helpers, giver, on=day),
                ]
            )
        ]

    def fared(self) -> Batch:
        """A household is given something, is observed, or is checked."""
        household, day, amount = self.pick(HOUSEHOLDS), self.day(), 10 * self.random.randrange(1, 4)
        value = self.pick([0, 500])
        return [
            self.pick(
                [
                    Aided(household, self.pick([*HELPERS, *UNITS]), self.pick(AID), amount, value=value, on=day),
                    Observed(household, self.pick(OBSERVED), self.pick([0, amount]), on=day, id=self.id()),
                    Checked(household, self.pick(CHANNELS), self.pick(RESULTS), self.pick(["", "2012"]), on=day),
                ]
            )
        ]

    def paid(self) -> Batch:
        """Money comes into a revolving fund, or leaves it."""
        fund, amount = self.pick(FUNDS), 10 * self.random.randrange(1, 9)
        if self.chance(6):
            return [PaidIn(fund, amount, on=self.pick(DAYS[: self.random.choice([3, 12])]), id=self.id())]
        return [PaidOut(fund, self.pick([10, amount]), "given back to the city", on=self.day(), id=self.id())]

    def lent(self) -> Batch:
        """A household gets a loan: mostly of what is there, and not wanted for another one later."""
        fund = self.pick(FUNDS)
        days = self.book.fund(fund)
        rest = [(day, min(days[d].left for d in DAYS if d >= day)) for day in DAYS]
        rest = [(day, left) for day, left in rest if left > 0]
        if not rest or self.chance(1):
            return self.paid()
        day, left = self.pick(rest)
        amount = self.pick([left, left, max(left // 2, 1), 10, left + 1])
        due = day + timedelta(self.random.randrange(-1, 5)) if self.chance(5) else None
        loan = self.fresh() if self.chance(9) else "d0"
        guarantor = self.pick(self.helpers()) or HELPERS[0]
        return [Lent(loan, self.pick(HOUSEHOLDS), guarantor, amount, fund, due, on=day)]

    def came_back(self) -> Batch:
        """A loan, or a part of it, is repaid, or written off; sometimes more than was lent, or before it was."""
        loans = [loan for fund in FUNDS for loan in self.book.fund(fund)[CALENDAR[-1]].loans if loan.outstanding > 0]
        if not loans:
            return self.lent()
        loan = self.pick(loans)
        rest = loan.outstanding
        day = self.pick([day for day in DAYS if day >= loan.lent]) if self.chance(9) else self.day()
        amount = self.pick([rest, rest, max(rest // 2, 1), rest + 1 if self.chance(2) else rest])
        if self.chance(7):
            return [Repaid(loan.loan, loan.household, amount, on=day, id=self.id())]
        return [WrittenOff(loan.loan, loan.household, amount, "the household has died out", on=day, id=self.id())]

    def personnel(self) -> Batch:
        """Something happens to a helper who stays in the service."""
        helper, day = self.pick(HELPERS), self.day()
        kind = self.random.randrange(8)
        if kind == 0:
            return [Transfer(helper, self.pick(UNITS), on=day)]
        if kind == 1:
            return [RankChange(helper, self.pick(["staff", "division"]), on=day)]
        if kind == 2:
            return [self.pick([Unfitness, Recovery])(helper, on=day)]
        if kind < 6 and self.chance(7):
            return [Leave(helper, self.pick([None, day + timedelta(self.random.randrange(0, 4))]), on=day)]
        away = [e for e in self.book.in_force() if isinstance(e, Leave) and e.on < DAYS[-1]]
        leave = self.pick(away)
        if leave is None or self.chance(2):
            return [Return(helper, on=day)]
        return [Return(leave.helper, on=self.pick(d for d in DAYS if d > leave.on))]

    def leaves_service(self) -> Batch:
        """A helper leaves the service; mostly all is handed over on that day."""
        helper = self.pick(self.helpers()) or HELPERS[0]
        starts = {
            e.on for e in self.book.in_force() if helper in mentioned([e], "helper", "takers", "bearer", "guarantor")
        }
        day = self.pick([d for d in DAYS[3:] if not starts or d > max(starts)]) or DAYS[-1]
        kind = self.pick([Retirement, Retirement, Death, Departure])
        batch: Batch = [kind(helper, on=day)]
        if self.chance(9):
            for pairing in self.book.households_of(helper, day):
                others = [who for who in self.holders(pairing.household, day) if who[0] != helper]
                if others:
                    override = "others are there"
                    batch.append(Released(helper, pairing.household, "retired", pairing.role, override, on=day))
                else:
                    batch += self.somebody(pairing.household, day, helper, pairing.role)
            for duty in self.book.duties_of(helper, day):
                heir = self.pick([*self.helpers([helper]), *UNITS])
                if self.chance(9):
                    batch.append(DutyPassed(duty.duty, duty.household, heir, on=day))
        return batch

    def units(self) -> Batch:
        """Something happens to a unit, or to its links."""
        unit, day = self.pick(UNITS), self.day()
        kind = self.random.randrange(10)
        if kind < 4:
            return [Linked(unit, self.pick(VILLAGES), on=day)]
        if kind < 7:
            return [Unlinked(unit, self.pick(VILLAGES), "the plan of the year", on=day)]
        if kind == 7:
            return [Renaming(unit, self.pick(["县法院", "县一中"]), on=day)]
        if kind == 8:
            return [Merger(unit, self.pick(UNITS), on=day)]
        return [Dissolution(unit, on=day)]

    def corrected(self) -> Batch:
        """An entry is taken back, or a correction; sometimes what is right is recorded beside it."""
        lines = self.book.lines
        counting = [e for e in lines if self.book.counts(e, len(lines))]
        corrections = [e for e in counting if isinstance(e, Correction)]
        wrong = self.pick(corrections if corrections and self.chance(4) else counting[-6:] if self.chance(6) else lines)
        if wrong is None or self.chance(1):
            wrong = Paired("nobody", "h1", on=DAYS[0])
        batch: Batch = [Correction(wrong, self.pick(["another was meant", "it never happened"]), id=self.id())]
        if isinstance(wrong, Paired) and self.chance(5):
            batch.append(attrs.evolve(wrong, helper=self.pick(HELPERS), id=""))
        elif self.chance(2):
            batch.append(Correction(self.pick(lines or [wrong]), "so was this"))
        return batch

    def again(self) -> Batch:
        """Lines that are there already, some of them taken back, beside a new one that comes twice."""
        known = self.random.sample(self.book.lines, min(len(self.book.lines), 2))
        new = self.plain()
        return [*known, *new, *new]

    def other_body(self) -> Batch:
        """An id that is there already, with another body."""
        keyed = [e for e in self.book.lines if e.id]
        batch = self.plain()
        if not keyed or isinstance(batch[0], Correction):
            return batch
        return [attrs.evolve(batch[0], id=self.pick(keyed).id), *batch[1:]]

    def anything(self) -> Batch:
        """An entry of any kind, its fields drawn from the hat."""
        return [self.entry(self.pick(KINDS))]

    def entry(self, kind: type[Entry]) -> Entry:
        """Return an entry of a kind, its fields drawn from the hat."""
        if kind is Correction:
            return Correction(self.pick(self.book.lines or [Paired("ann", "h1", on=DAYS[0])]), "wrong", id=self.id())
        values: dict[str, Any] = {}
        for at in attrs.fields(kind):
            if at.name == "on":
                values["on"] = self.day()
            elif at.name == "id":
                values["id"] = self.id()
            elif at.default is attrs.NOTHING or self.chance(5):
                values[at.name] = self._value(kind, at.name, at.metadata)
        return kind(**values)

    def _value(self, kind: type[Entry], name: str, metadata: Any) -> Any:
        if name == "into":
            into = self.random.sample(HOUSEHOLDS, self.random.randrange(3))
            return self.pick(UNITS) if kind is Merger else into if kind is Split else self.pick(HOUSEHOLDS)
        if name in ("takers", "helpers"):
            return self.random.sample(HELPERS, self.random.randrange(3))
        if name == "tasks":
            return self.random.sample(TASKS, self.random.randrange(3))
        if metadata["kind"] in ("amount", "optional amount"):
            return 10 * self.random.randrange(metadata["kind"] == "amount", 9)
        if metadata["kind"] == "flag":
            return self.chance(5)
        if metadata["kind"] == "word":
            return self.pick(metadata["choices"])
        if metadata["kind"] == "optional day":
            return self.day()
        ids = {
            "helper": HELPERS,
            "giver": HELPERS,
            "bearer": [*HELPERS, *UNITS],
            "household": HOUSEHOLDS,
            "instead": HOUSEHOLDS,
            "unit": UNITS,
            "village": VILLAGES,
            "role": ROLES,
            "duty": ["d0", "d1", "d2"],
            "loan": ["d0", "d1", "d2"],
            "guarantor": HELPERS,
            "fund": FUNDS,
        }
        return self.pick(ids.get(name, ["x", "y"]))

    def taken_back(self) -> Batch:
        """A line that is there, and was taken back."""
        known = len(self.book.lines)
        gone = [e for e in self.book.lines if not self.book.counts(e, known)]
        return [self.pick(gone)] if gone else self.corrected()

    def variant(self, kind: type[Entry]) -> Entry:
        """Return a line that is there already, rather one of a kind, with one field changed, or another key."""
        there = [e for e in self.book.lines if type(e) is kind] or self.book.lines
        entry = self.pick(there) or self.entry(kind)
        kind = type(entry)
        other = self.entry(kind)
        if isinstance(entry, Correction):
            return Correction(entry.of, "it was so after all", id=self.id())
        name = self.pick(at.name for at in attrs.fields(kind) if at.name != "id")
        if self.chance(5):
            return attrs.evolve(entry, id=f"v{len(self.book.lines)}")
        return attrs.evolve(entry, id="", **{name: getattr(other, name)})

    def same_key(self, kind: type[Entry]) -> Entry:
        """Return an entry of a kind that has the key of another line."""
        keys = [e.id for e in self.book.lines if e.id]
        entry = self.entry(kind)
        if not keys:
            return entry
        if isinstance(entry, Correction):
            return Correction(entry.of, "it has the key of another", id=self.pick(keys))
        return attrs.evolve(entry, id=self.pick(keys))

    def spoiled(self, kind: type[Entry]) -> Entry:
        """Return an entry of a kind with one field that cannot be: of another type, empty, or no word of the list."""
        entry = self.entry(kind)
        if isinstance(entry, Correction):
            of, reason = self.pick([(None, "wrong"), (entry.of, ""), ("ann", "wrong"), (entry.of, 17)])
            return Correction(of, reason)
        at: Any = self.pick(at for at in attrs.fields(kind) if at.metadata["kind"] not in ("optional", "optional text"))
        bad: dict[str, list[Any]] = {
            "day": [None, "2012-03-01", datetime(2012, 3, 1), IDENTITY],
            "optional day": ["2012-03-01", datetime(2012, 3, 1), 20120301],
            "id": ["", " ann", "a\n", None, 17, ["ann"], IDENTITY],
            "optional id": ["", " ann", 17, ["ann"], IDENTITY],
            "ids": ["ann", ["ann", ""], 17, None, [None], [IDENTITY]],
            "word": ["fax", "", None, ["in person"], IDENTITY],
            "text": ["", " ", None, 17],
            "flag": [None, 0, 1, "yes", IDENTITY],
            "amount": [0, -1, True, 1.0, "5", None, IDENTITY],
            "optional amount": [-1, False, 2.5, "5", None, IDENTITY],
        }
        return attrs.evolve(entry, **{at.name: self.pick(bad[at.metadata["kind"]])})

    def plain(self) -> Batch:
        """A batch that says one thing."""
        made: Batch = getattr(self, self.pick(SCENES))()
        return made

    def both(self) -> Batch:
        """A batch that says two things, its rows shuffled."""
        batch = [*self.plain(), *self.plain()]
        self.random.shuffle(batch)
        return batch

    def batch(self) -> Batch:
        """Return a batch of any sort."""
        scene = self.pick([*SCENES, *SCENES, *ODD_SCENES, "anything"])
        made: Batch = getattr(self, scene)()
        return made


ODD_SCENES = ["corrected", "both", "both", "again", "taken_back", "other_body"]
SCENES = [
    "paired",
    "paired",
    "paired",
    "handed_over",
    "handed_over",
    "vacancy_opened",
    "vacancy_closed",
    "exited",
    "released",
    "relapsed",
    "gone",
    "moved",
    "owed",
    "owed",
    "came_by",
    "fared",
    "paid",
    "lent",
    "lent",
    "lent",
    "came_back",
    "came_back",
    "came_back",
    "personnel",
    "personnel",
    "leaves_service",
    "units",
    "corrected",
]


def made_up(seed: int, batches: int = 12) -> list[Batch]:
    """Return batches that can be recorded one after the other, made up from a seed."""
    random, book = Random(seed), Book()
    found: list[Batch] = []
    while len(found) < batches:
        batch = Clerk(random, book).batch()
        if not book.refuses(batch):
            found.append(batch)
            book = book.with_batch(batch)
    return found


def book_of(batches: Iterable[Batch]) -> Book:
    """Return the book of some batches."""
    book = Book()
    for batch in batches:
        book = book.with_batch(batch)
    return book
