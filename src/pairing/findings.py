"""What may be wrong with a book: the codes and sentences of findings, and those that only a register gives.

A register tells more than who is responsible: vacancies, visits, duties, exits, steps of handovers, leaves.
"""

from collections import Counter
from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain, count, groupby
from types import MappingProxyType

from attrs import frozen
from dateutil.relativedelta import relativedelta

from pairing.dates import Span
from pairing.deeds import Visited
from pairing.entries import DutyClosed, Entry, Exit, HandedOver, Paired, Split, VacancyClosed
from pairing.errors import ArgumentError, key, shown
from pairing.histories import Stay, absences, duties, goal_met, vacancies
from pairing.muster import Muster
from pairing.people import Helper, Household, Pairing
from pairing.policy import Policy
from pairing.register import Register
from pairing.roster import Roster
from pairing.steps import late_handovers

__all__ = ["CODES", "Finding", "Recorded", "Teller", "amount", "bounds", "counted", "days", "unknown"]

CODES: Mapping[str, str] = MappingProxyType(
    {
        "household-without-helper": "a registered household is due a helper and has nobody",
        "vacancy": "a household has nobody, and the register says so: since when, and which unit sees to it",
        "household-below-floor": "a household has helpers, but in a role fewer than it is due",
        "household-above-ceiling": "a household has more helpers in a role than it may have",
        "helper-without-household": "a helper in service is to have households and has none",
        "in-name-only": "a helper has been responsible for months, and has not been to see the household in them",
        "below-floor": "a helper has households, but fewer than the floor",
        "above-ceiling": "a helper has more households than the ceiling",
        "below-floor-in-principle": "the same where the rule holds in principle only; also for a helper with none",
        "above-ceiling-in-principle": "the same where the rule holds in principle only",
        "no-rule": "a helper has households, though the policy has no rule for this helper",
        "wrong-role": "a role that the rules do not have here; or not exactly one helper bears the role's own name",
        "recorded-twice": "the same helper and household stand twice on the same days",
        "gap": "a household had a helper, and then nobody for some days while it was registered",
        "unknown-helper": "the id of a helper is not in the roster",
        "unknown-household": "the id of a household is not in the roster",
        "helper-left": "a pairing holds on the day, but the helper does not serve on it: no longer, or not yet",
        "unfit-helper": "a helper who is not fit, or on leave for longer than the policy allows, has households",
        "household-not-registered": "a pairing holds on the day, but the household is not registered on it",
        "span-outside-service": "a pairing begins outside the helper's service, or is to end after it",
        "span-outside-registration": "a pairing begins outside the household's registration, or is to end after it",
        "outside-links": "a helper's unit is not linked to the village of the household",
        "excluded-pair": "a pair is excluded by name, and paired",
        "locked-pair-missing": "a pair is locked by name, both take part on the day, and they are not paired",
        "former-helper": "a visit is recorded by a helper after the handover, who owes the household nothing any more",
        "stranger": "a visit is recorded by a helper who never had anything to do with the household",
        "visit-too-early": "a visit is recorded before the helper's, or the household's, time has begun",
        "handover-late": "a handover was proposed, and within the deadline neither completed nor declined",
        "duty-overdue": "something that is owed to a household was due on an earlier day, and is still open",
        "exit-without-notice": "a household has exited sooner after its notification than the policy allows",
        "same-name": "two helpers of one unit, or two households of one village, bear one name",
    }
)
"""The codes of findings with their meanings, in the order in which findings come; a code never changes its meaning."""


@frozen(repr=False)
class Finding:
    """One thing that is wrong with a book: which rule, who, what was wanted and what is there.

    `code` is one of `CODES`, `row` the position in a book of pairings, from 0, where one line of it is at fault, and
    `message` the sentence for people.  The sentence has ids and no names.  An id that is not in the roster is `shown`
    only where the book is a list, as it may be a name; that of a register is told, with the day of the entry.  What
    a register says of whom a finding is about, `Register.history` and `Register.entries_about` tell.

    >>> Finding("below-floor", "helper 'c-17': wanted at least 2 households, got 1", "c-17", wanted=2, got=1)
    Finding('below-floor', "helper 'c-17': wanted at least 2 households, got 1")
    """

    code: str
    message: str
    helper: str | None = None
    household: str | None = None
    wanted: int | str | None = None
    got: int | str | None = None
    row: int | None = None

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        row = "" if self.row is None else f", row={self.row}"
        return f"Finding({self.code!r}, {self.message!r}{row})"


Who = tuple[str | None, str | None]
"""A helper and a household, either of which may be left out."""


class Teller:
    """Makes findings: each sentence begins with who it is about, by ids that the roster has, or else only described.

    Without a roster's ids to hold them against, all are shown: those of a register are ids, and no names.
    """

    def __init__(self, helpers: Container[str] | None, households: Container[str] | None) -> None:
        self.tables = (("helper", helpers), ("household", households))

    def __call__(
        self, code: str, who: Who, wanted: int | str, got: int | str, sentence: str = "", row: int | None = None
    ) -> Finding:
        """Return a finding; the sentence, if it is not the plain one, without whom it is about."""
        ids = [
            f"{noun} {key(id) if table is None or id in table else shown(id)}"
            for (noun, table), id in zip(self.tables, who, strict=True)
            if id is not None
        ]
        return Finding(code, f"{', '.join(ids)}: {sentence or f'wanted {wanted}, got {got}'}", *who, wanted, got, row)


def unknown(noun: str, where: str = "") -> tuple[str, str, str]:
    """Return the code, and what was wanted and what is there, where the roster lacks a helper or a household."""
    return f"unknown-{noun}", f"a {noun} of the roster", f"an id that is not in it{where}"


def bounds(span: Span | None) -> tuple[date, date]:
    """Return the bounds of a span as days that can be compared; no bound is the first or the last day there is."""
    return (date.min, date.max) if span is None else (span.start, span.end or date.max)


def days(span: Span) -> str:
    """Return a span as a sentence has it."""
    start, end = (None if day in (date.min, date.max) else day for day in bounds(span))
    return f"{start or ''} .. {end or ''}".strip() if start or end else "all days"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def amount(number: int) -> str:
    """Return a number as a sentence has it, where it may be none."""
    return f"{number:,}" if number else "none"


class Recorded:
    """What a register says up to a day: pairings past and present, who is due nobody, and its own findings.

    - `roster`: who there is on the day; `policy` is the version in force.
    - `rows`: the pairings that hold on the day, and those that are over.
    - `excused`: the households that are due no helper: vacant, exited, or not there yet, as they come of a split.
    - `jointly`: by household, helper and role, the place that somebody shares with others.  A place is handed on, be it
      to one or to several jointly, and in an overlap both giver and taker have it; it counts once.
    - `going`: who has handed over which household, and stays on beside the takers in an overlap.
    """

    def __init__(self, policy: Policy, roster: Roster, register: Register, on: date) -> None:
        self.policy = policy
        self.base = roster
        self.register = register
        self.on = on
        self.view = register.view(on=on)
        self.roster = Muster(roster, self.view).roster()
        self.exits: list[Exit] = []
        self.excused = {vacancy.household for vacancy in self.view.vacancies}
        self.jointly: dict[tuple[str, str, str], int] = {}
        self.going: set[tuple[str, str]] = set()
        self._past: list[Pairing] = []
        self._musters: dict[date, Muster] = {}
        for id in self.view.ids("households"):
            entries = self.view.about("households", id)
            if len(entries) != 1 or type(entries[0]) is not Paired:
                self._read(id, entries)
        self.rows = (*self.view.pairings, *self._past)

    def _read(self, id: str, entries: Sequence[Entry]) -> None:
        """Note what there is of a household beside one pairing that goes on."""
        held, on = self.view.stays(id), self.on
        over = [stay for stay in held if stay.end is not None and stay.end <= on]
        self._past += [Pairing(stay.helper, id, stay.role, Span(stay.start, stay.end)) for stay in over]
        self.exits += [e for e in entries if isinstance(e, Exit) and e.on <= on]
        to_come = any(isinstance(e, Split) and id in e.into and e.on > on for e in entries)
        if goal_met(entries, on) is not None or (to_come and not any(stay.start <= on for stay in held)):
            self.excused.add(id)
        here = [(stay.helper, stay.role) for stay in held if stay.on(on)]
        overlaps = (e for e in entries if isinstance(e, HandedOver) and e.until is not None and e.on <= on < e.until)
        self.going |= {(e.giver, id) for e in overlaps if (e.giver, e.role) in here}
        if len(here) > 1:
            places = _places(entries, on)
            shared = Counter(places[who] for who in here)
            self.jointly |= {(id, *who): places[who] for who in here if shared[places[who]] > 1}

    def place(self, household: str, helper: str, role: str) -> Hashable:
        """Return the place that a helper has with a household: it counts once, however many share it."""
        return self.jointly.get((household, helper, role), helper)

    @cached_property
    def _helpers(self) -> dict[str, Helper]:
        return {helper.id: helper for helper in self.roster.helpers}

    @cached_property
    def _households(self) -> dict[str, Household]:
        return {household.id: household for household in self.roster.households}

    def findings(self, tell: Teller) -> Iterator[Finding]:
        """Yield the findings that are not about single pairings or quotas, in no order."""
        return chain(
            self._vacancies(tell),
            self._visits(tell),
            self._unfit(tell),
            self._handovers(tell),
            self._duties(tell),
            self._exits(tell),
        )

    def _unit(self, id: str) -> str:
        return f"unit {key(id)}"

    def _vacancies(self, tell: Teller) -> Iterator[Finding]:
        for vacancy in self.view.vacancies:
            household = self._households.get(vacancy.household)
            if household is None or household.registered is None or self.on in household.registered:
                got = f"a vacancy since {vacancy.span.start}, seen to by {self._unit(vacancy.unit)}"
                yield tell("vacancy", (None, vacancy.household), "a helper", got)

    # --- visits

    def _visits(self, tell: Teller) -> Iterator[Finding]:
        """Yield which visits ought not to be, and who has made none."""
        last: dict[tuple[str, str], date] = {}
        any_at_all = False
        for id in self.view.ids("visits"):
            held = self.view.stays(id)
            found: dict[tuple[str, date | None], Finding] = {}
            for visit in self.view.visits_to(id):  # the last one first
                any_at_all, day = True, visit.on
                for helper in dict.fromkeys(visit.helpers):
                    if visit.channel == "in person":
                        last.setdefault((helper, id), day)
                    if not any(stay.helper == helper and stay.on(day) for stay in held):
                        for finding in self._odd_visit(tell, visit, helper, held):
                            found[helper, None if finding.code.startswith("unknown") else day] = finding
            yield from found.values()
        if any_at_all:
            yield from self._in_name_only(tell, last)

    def _in_name_only(self, tell: Teller, last: Mapping[tuple[str, str], date]) -> Iterator[Finding]:
        try:
            since = self.on - relativedelta(months=self.policy.visits.silence)
        except (ValueError, OverflowError):
            return  # nobody can have been responsible for so long
        for pairing in self.view.pairings:
            who = pairing.helper, pairing.household
            visited = last.get(who)
            if (visited is None or visited < since) and self._began(pairing) <= since:
                got = "none" if visited is None else f"the last one on {visited}"
                yield tell("in-name-only", who, f"a visit in person since {since}", got)

    def _began(self, pairing: Pairing) -> date:
        """Return since when a helper has been responsible without a break, in whatever role."""
        began, _ = bounds(pairing.span)
        for stay in reversed(self.view.stays(pairing.household)):
            if stay.helper == pairing.helper and stay.start < began <= (stay.end or date.max):
                began = stay.start
        return began

    def _odd_visit(self, tell: Teller, visit: Visited, helper: str, held: Sequence[Stay]) -> Iterator[Finding]:
        """Yield what is wrong with a visit of a helper who was not responsible on the day."""
        who, day, got = (helper, visit.household), visit.on, f"one on {visit.on}"
        person, household = self._helpers.get(helper), self._households.get(visit.household)
        if person is None or household is None:
            code, wanted, got = unknown("helper" if person is None else "household", f", first in a visit on {day}")
            yield tell(code, who, wanted, got)
            return
        if self._may_come(visit, helper, held):
            return
        mine = [stay for stay in held if stay.helper == helper]
        ended = [stay.end for stay in mine if stay.end is not None and stay.end <= day]
        starts = [
            ("the helper's service begins", bounds(person.service)[0]),
            ("the household is registered", bounds(household.registered)[0]),
            *(("the helper becomes responsible", stay.start) for stay in mine),
        ]
        start, why = next(((start, why) for why, start in starts if start > day), (None, ""))
        if ended:
            wanted = f"no visit from {max(ended)}, when the helper's time ended"
            yield tell("former-helper", who, wanted, got)
        elif start is not None:
            yield tell("visit-too-early", who, f"no visit before {start}, when {why}", got)
        else:
            yield tell("stranger", who, "no visit of a helper who never was responsible", got)

    def _may_come(self, visit: Visited, helper: str, held: Sequence[Stay]) -> bool:
        """Whether somebody who is not responsible comes for a reason: owes something, also as one of a unit that owes
        it or sees to a vacancy, or takes part in the joint visit of a handover."""
        day, id = visit.on, visit.household
        joint = (step for step in self.view.steps(id) if step.step == "visited" and step.on == day)
        if any(helper == step.giver or helper in step.takers for step in joint):
            return True
        entries = self.view.about("households", id)
        open_ = [e for e in entries if not (isinstance(e, DutyClosed) and e.on == day)]
        bearers = {duty.bearer for duty in duties(open_, day)}
        units = bearers | {vacancy.unit for vacancy in vacancies(id, entries, held) if day in vacancy.span}
        if helper in bearers or not units:
            return helper in bearers
        if day not in self._musters:
            self._musters[day] = Muster(self.base, self.register.view(on=day))
        person = self._musters[day].helper(helper)
        return person.unit in units and (person.service is None or day in person.service)

    # --- helpers, handovers, duties, exits

    def _unfit(self, tell: Teller) -> Iterator[Finding]:
        for helper in self.roster.helpers:
            if helper.fit or (helper.service is not None and self.on not in helper.service):
                continue
            load = self.view.loads([helper.id])[helper.id]
            why = self._why_unfit(helper.id) if load else ""
            if why:
                yield tell("unfit-helper", (helper.id, None), 0, load, f"wanted no household while {why}, got {load:,}")

    def _why_unfit(self, id: str) -> str:
        """Return why somebody is to have no household: unfit, or on a leave of too many days."""
        fit = self.view.is_fit(id)
        if not (self.base.helper(id).fit if fit is None else fit):
            return "unfit"
        leave = next((span for span in absences(self.view.personnel(id)) if self.on in span), None)
        short = leave is None or (leave.days is not None and leave.days <= self.policy.handover.absence)
        return "" if leave is None or short else f"on leave {days(leave)}"

    def _handovers(self, tell: Teller) -> Iterator[Finding]:
        """Yield handovers that are under way past the deadline, though nobody new is responsible since the proposal."""
        for late in late_handovers(self.policy, self.view):
            id = late.household
            if late.deadline is None or self.view.left_programme(id) is not None:
                continue
            proposed = late.deadline - timedelta(days=self.policy.handover.deadline)
            if not any(proposed <= stay.start <= self.on for stay in self.view.stays(id)):
                wanted = f"the handover that was proposed on {proposed} completed or declined by {late.deadline}"
                yield tell("handover-late", (late.giver, id), wanted, f"{late.step} on {late.since}")

    def _duties(self, tell: Teller) -> Iterator[Finding]:
        for duty in self.view.duties:
            if duty.due is None or duty.due >= self.on:
                continue
            sentence = f"wanted duty {shown(duty.duty)}, {duty.what}, done by {duty.due}, got it open"
            helper = duty.bearer if duty.bearer in self._helpers else None
            if helper is None:
                sentence += f", borne by {self._unit(duty.bearer)}"
            yield tell("duty-overdue", (helper, duty.household), f"done by {duty.due}", "open", sentence)

    def _exits(self, tell: Teller) -> Iterator[Finding]:
        """Yield exits too soon after their notification, by the version of the policy of their day."""
        for e in self.exits:
            try:
                notice = self.policy.at(e.on).handover.notice
            except ArgumentError:
                continue  # the policy was not in force yet
            given = None if e.notified is None else (e.on - e.notified).days
            if notice and (given is None or given < notice):
                wanted = f"{counted(notice, 'day')} of notice at least before the exit on {e.on}"
                got = "no notification" if given is None else amount(given)
                yield tell("exit-without-notice", (None, e.household), wanted, got)


def _places(entries: Sequence[Entry], on: date) -> dict[tuple[str, str], int]:
    """Return the places that helpers got up to a day, by helper and role: takers get the place of the giver."""
    found: dict[tuple[str, str], int] = {}
    fresh = count()
    starts = sorted(
        (e for e in entries if isinstance(e, Paired | HandedOver | VacancyClosed) and e.on <= on), key=lambda e: e.on
    )
    for _, those in groupby(starts, key=lambda e: e.on):
        new: dict[tuple[str, str], int] = {}
        for e in those:
            if isinstance(e, Paired):
                new[e.helper, e.role] = next(fresh)
                continue
            place = found.get((e.giver, e.role)) if isinstance(e, HandedOver) else None
            place = next(fresh) if place is None else place
            new.update(((taker, e.role), place) for taker in e.takers)
        found |= new
    return found
