"""What a relay writes: who passes on what to whom, what stays vacant, and the entries that say so."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from pairing.caseload import COVER, Case, Caseload
from pairing.deeds import Lent
from pairing.entries import (
    Correction,
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
    Paired,
    Relapse,
    Released,
    Retirement,
    Split,
    StruckOff,
    Unfitness,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import bare, key
from pairing.histories import OpenDuty, duties
from pairing.matching import match
from pairing.people import Household
from pairing.quotas import Quota
from pairing.succession import Outcome
from pairing.successors import Successors

__all__ = ["Answer", "Passing", "Unfilled"]


@frozen
class Passing:
    """A household passes on: from whom, to whom, from which day, and why they.

    `givers` is empty where it had nobody.  `until` is the day up to which the giver stays on beside the takers.
    `rungs` says of each taker at which rung of the policy's ladder: "former" is whoever had the household before.
    `why` is the change that it follows from; it is "" where the household makes room for others.

    >>> Passing("h-204", "lead", ("c-17",), ("c-18",), date(2013, 6, 30), ("division",), "Retirement")
    Passing(household='h-204', givers=('c-17',), takers=('c-18',), on=2013-06-30, rungs=('division',))
    """

    household: str = field(repr=key)
    role: str = field(repr=False)
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    on: date = field(repr=str)
    rungs: tuple[str, ...]
    why: str = field(default="", repr=False)
    until: date | None = field(default=None, repr=False)


@frozen
class Unfilled:
    """A household for which nobody can be found: a vacancy, with its reason.

    `unit` sees to it meanwhile.  `competing` are the households that the helpers in `full` would have to take as well:
    all of these have no room, and nobody else may be asked.  `repair` says what would help.
    """

    household: str = field(repr=key)
    role: str = field(repr=False)
    giver: str | None
    on: date = field(repr=str)
    unit: str
    reason: str
    competing: tuple[str, ...] = field(repr=False)
    full: tuple[str, ...] = field(repr=False)
    repair: str = field(repr=False)


_OUT = Retirement | Death | Departure | Unfitness
"""After these changes a helper can bear no duty any longer."""


def _roles(case: Case) -> dict[str, str]:
    """Return what each giver is to a household."""
    return {giver: role for (giver, _), role in zip(case.givers, case.roles, strict=True)}


class Answer:
    """Writes what a relay proposes as entries."""

    def __init__(self, load: Caseload, asked: Successors, outcome: Outcome) -> None:
        self.load = load
        self.rules = load.rules
        self.asked = asked
        self.outcome = outcome
        self.muster = load.after
        self.view = load.register.view(on=load.last)
        self.entries: list[Entry] = list(dict.fromkeys(load.entries))
        self.passings: list[Passing] = []
        self.unfilled: list[Unfilled] = []
        self.duties: list[tuple[date, str, str, str, bool]] = []
        """When, of which household, from whom, to whom: the open duties that pass; at last, whether rather to somebody
        who is still responsible."""
        self.heir: dict[str, str] = {}
        """To whom the duties pass that a giver has towards others."""
        self._about: dict[str, list[Entry]] = {}
        self._indexed = 0
        self._nobody: dict[str, list[tuple[Household, date]]] = {}
        """Of each village: the households that may be without anybody, each with the day from which it is so."""
        self._first = min((exit.on for exit in load.exits), default=date.max)
        self._gone = {exit.household for exit in load.exits}
        self._back = {e.household: e.on for e in load.entries if isinstance(e, Relapse)}
        self._short: dict[str, date] = {}
        """From which day households are vacant in this relay."""
        self._passed: set[str] = set()
        """Which households pass on in this relay."""
        self._out_from: dict[str, date] = {}
        for e in load.entries:
            if isinstance(e, _OUT):
                self._out_from[e.helper] = min(e.on, self._out_from.get(e.helper, e.on))
        self.filled = {asked.cases[n].household for n, takers in outcome.takers.items() if takers}
        """Which households somebody takes over, or keeps."""
        self.taken: Counter[str] = Counter()
        self.new: dict[str, list[tuple[str, date]]] = {}
        """Which households each helper takes on, and when."""

    def write(self) -> None:
        """Write all entries."""
        for n, case in enumerate(self.asked.cases):
            takers = self.outcome.takers.get(n, ())
            if case.keeper is not None and takers == (case.keeper,):
                continue
            self._pass_on(n, case, takers)
        for change, cover in self.load.backs:
            self._give_back(change.on, cover)
        self._exits()
        self._ended()
        self._pass_duties()

    # --- a household passes on

    def _pass_on(self, n: int, case: Case, takers: tuple[str, ...]) -> None:
        rungs = {taker: self._rung(n, taker) for taker in takers}
        takers = tuple(sorted(takers, key=lambda taker: (rungs[taker][0], taker)))
        for taker in takers:
            self.taken[taker] += 1
            if rungs[taker][1] == "superior":
                self._link(taker, case)
        names = tuple(rungs[taker][1] for taker in takers)
        if not takers:
            if case.left or case.household in self.filled:
                for giver, day in case.givers:
                    self._release(case, giver, day)
            else:
                self._leave_vacant(n, case)
            return
        if not case.givers:
            self._begin(case, takers)
            self._takes_on(case, case.on, takers)
            self.passings.append(Passing(case.household, case.role, (), takers, case.on, names, case.why))
            return
        roles = _roles(case)
        spare = max(0, len(case.givers) - len(takers))
        for giver, day in case.givers[:spare]:
            self._release(case, giver, day)
        rest = case.givers[spare:]
        for m, (giver, day) in enumerate(rest):
            mine = (takers[0], *takers[len(rest) :]) if m == len(rest) - 1 else takers[m + 1 : m + 2]
            until = self._hand_over(case, giver, day, mine)
            self._takes_on(case, day, mine)
            rung = tuple(rungs[taker][1] for taker in mine)
            self.passings.append(Passing(case.household, roles[giver], (giver,), mine, day, rung, case.why, until))
            self.duties.append((day, case.household, giver, mine[0], False))
            self.heir.setdefault(giver, mine[0])

    def _takes_on(self, case: Case, day: date, takers: Sequence[str]) -> None:
        for taker in takers:
            self.new.setdefault(taker, []).append((case.household, day))

    def _hand_over(self, case: Case, giver: str, day: date, takers: tuple[str, ...]) -> date | None:
        """Write that a giver hands over; return until when the giver stays on, if so."""
        planned, role = self._planned(case.household, giver, day), _roles(case)[giver]
        if planned:
            self.entries.append(VacancyClosed(case.household, takers, role, on=day))
            return None
        until = None
        stays = not (giver in self.load.leaving and self.load.leaving[giver] <= day)
        if self.rules.overlap and stays and case.why:
            until = day + timedelta(days=self.rules.overlap)
        reason = COVER if case.why == Leave.__name__ else case.why or "to make room"
        self.entries.append(HandedOver(case.household, giver, takers, role, until, reason, on=day))
        return until

    def _planned(self, household: str, giver: str, day: date) -> bool:
        """Whether the register says already that a household is vacant from the day on which a giver leaves."""
        about = self.view.about("households", household)
        return any(isinstance(e, VacancyOpened) and e.giver == giver and e.on == day for e in about)

    def _begin(self, case: Case, takers: tuple[str, ...]) -> None:
        if self.load.register.view(on=case.on).vacancy(case.household) is not None:
            self.entries.append(VacancyClosed(case.household, takers, case.role, on=case.on))
        else:
            before, left = self.load.roles_before, list(case.roles)
            by_role: dict[str, list[str]] = defaultdict(list)
            for taker in sorted(takers, key=lambda taker: (case.household, taker) not in before):
                role = before.get((case.household, taker), left[0])
                if len(left) > 1 and role in left:
                    left.remove(role)
                by_role[role].append(taker)
            opened = False
            for role, those in by_role.items():
                if len(those) == 1:
                    self.entries.append(Paired(those[0], case.household, role, on=case.on))
                    continue
                # jointly is said by one entry: the vacancy that it closes has no day
                why = f"{case.why}: several take over jointly"
                if not opened:
                    self.entries.append(VacancyOpened(case.household, why, self._unit(case), None, role, on=case.on))
                self.entries.append(VacancyClosed(case.household, tuple(those), role, on=case.on))
                opened = True

    def _release(self, case: Case, giver: str, day: date) -> None:
        """Write that one of several helpers leaves, and nobody follows."""
        why = case.why or "no room"
        role = _roles(case)[giver]
        self.entries.append(Released(giver, case.household, why, role, f"{why}: others stay responsible", on=day))
        self.duties.append((day, case.household, giver, self._unit(case), True))

    def _link(self, taker: str, case: Case) -> None:
        unit = self.muster.helper(taker).unit
        link = Linked(unit, case.village, on=case.on)
        if case.village not in self.muster.villages_of(unit) and link not in self.entries:
            self.entries.append(link)

    def _rung(self, n: int, taker: str) -> tuple[int, str]:
        place = self.asked.rung(n, taker)
        return place, "former" if place == 0 else self.rules.ladder[place - 1]

    def _give_back(self, day: date, cover: HandedOver) -> None:
        """Write that whoever covered during a leave gives a household back."""
        here = [stay for stay in self.view.stays(cover.household) if stay.on(day) and stay.helper in cover.takers]
        those = tuple(stay.helper for stay in here)
        for giver in those[1:]:
            why = "the helper who was on leave is back"
            self.entries.append(Released(giver, cover.household, "Return", cover.role, why, on=day))
        taker = (cover.giver,)
        self.entries.append(HandedOver(cover.household, those[0], taker, cover.role, None, "return", on=day))
        self.passings.append(Passing(cover.household, cover.role, those, taker, day, ("former",), "Return"))
        self.duties += [(day, cover.household, giver, cover.giver, False) for giver in those]

    # --- nobody can be found

    def _leave_vacant(self, n: int, case: Case) -> None:
        unit = self._unit(case)
        competing, full = self.outcome.short.get(n, ((n,), ()))
        reason, repair = self._why_nobody(n, case, competing, full)
        giver = case.givers[-1][0] if case.givers else None
        day = case.givers[-1][1] if case.givers else case.on
        role = case.roles[-1] if case.givers else case.role
        for other, earlier in case.givers[:-1]:
            self._release(case, other, earlier)
        vacant = self.load.register.view(on=day).vacancy(case.household) is not None
        if not (vacant or (giver is not None and self._planned(case.household, giver, day))):
            self.entries.append(VacancyOpened(case.household, reason, unit, giver, role, on=day))
        households = tuple(sorted({self.asked.cases[m].household for m in competing}))
        self.unfilled.append(Unfilled(case.household, role, giver, day, unit, reason, households, full, repair))
        if giver is not None:
            self.duties.append((day, case.household, giver, unit, False))

    def _unit(self, case: Case) -> str:
        """Return the unit that sees to a household meanwhile."""
        muster, roster = self.muster, self.load.roster
        superior = roster.unit(case.unit).parent if case.unit else None
        linked = muster.units_of(case.village)
        for unit in (case.unit, *linked, superior):
            if unit and muster.end_of_unit(unit) is None:
                return unit
        near = {area.code: n for n, area in enumerate(roster.areas.chain(case.village))}
        around = sorted((near[unit.area], unit.id) for unit in roster.units if unit.area in near)
        # of the village, township or county itself, where none of those is any more
        still = (id for _, id in around if muster.end_of_unit(id) is None)
        return next(still, None) or case.unit or next(iter(linked), roster.units[0].id)

    def _why_nobody(self, n: int, case: Case, competing: Sequence[int], full: Sequence[str]) -> tuple[str, str]:
        """Return why nobody takes a household over, and what would help."""
        ladder = ", ".join(self.rules.ladder)
        if not full:
            return (
                f"nobody whom the ladder ({ladder}) names may take it over",
                "a link of another unit to the village would help, or another rung of the ladder",
            )
        people = f"{len(full)} helper{'s' * (len(full) != 1)}"
        households = len({self.asked.cases[m].household for m in competing})
        reason = (
            f"{households} household{'s' * (households != 1)} can go to {people} only, who "
            f"{'have' if len(full) != 1 else 'has'} no room for all"
        )
        named = ", ".join(map(bare, full[:3])) + (f" or {len(full) - 3} others" if len(full) > 3 else "")
        return reason, f"one household more for {named} would help, or a link of another unit to the village"

    # --- exits

    def _exits(self) -> None:
        """After an exit there is a duty to revisit, and a new household for the helper, or a waiver."""
        freed: list[tuple[str, Exit, str]] = []
        for exit in self.load.exits:
            due = exit.watch or exit.on + relativedelta(months=self.rules.watch)
            holders = self._holders(exit.household, exit.on)
            vacancy = self.load.register.view(on=exit.on).vacancy(exit.household)
            bearers = [self._able(helper, exit.on) for helper, _ in holders] or ([vacancy.unit] if vacancy else [])
            for m, bearer in enumerate(dict.fromkeys(bearers)):
                duty = f"revisit-{exit.on}" + (f"-{m + 1}" if m else "")
                self.entries.append(DutyOpened(duty, exit.household, bearer, "revisit", due, on=exit.on))
            if self.rules.after_exit == "new household":
                freed += [(helper, exit, role) for helper, role in holders]
        found = self._new_households(freed)
        for helper, exit, role in freed:
            instead = found.get((helper, exit.household))
            leaves = "the helper leaves or is away" if helper in self.load.leaving else ""
            waiver = "" if instead else leaves or "no household that the helper may go to is without anybody"
            self.entries.append(Released(helper, exit.household, "exited", role, "", instead, waiver, on=exit.on))

    def _able(self, helper: str, day: date) -> str:
        """Return who is to bear a duty from a day on: a helper, or the unit of one who has left by then."""
        out = self._out_from.get(helper, date.max) <= day
        return self.load.before(day).helper(helper).unit if out else helper

    def _holders(self, household: str, day: date) -> list[tuple[str, str]]:
        """Return who is responsible for a household on a day, once the relay is recorded; with the role.

        Whoever stays comes before those who stay on beside a successor only.
        """
        for e in self.entries[self._indexed :]:
            if not isinstance(e, Correction) and (id := getattr(e, "household", None)) is not None:
                self._about.setdefault(id, []).append(e)
        self._indexed = len(self.entries)
        view = self.load.register.view(on=day).with_more(self._about.get(household, ()), day)
        here = sorted(
            view.helpers_of(household), key=lambda pairing: pairing.span is None or pairing.span.end is not None
        )
        return [(pairing.helper, pairing.role) for pairing in here]

    def _new_households(self, freed: Sequence[tuple[str, Exit, str]]) -> dict[tuple[str, str], str]:
        """Return the new household of each helper whose household has left poverty, exactly: as many as can be had,
        and of as many the hardest."""
        found: dict[tuple[str, str], str] = {}
        left: dict[tuple[str, str], Quota] = {}
        pairs: dict[tuple[tuple[str, str], str], int] = {}
        days: dict[tuple[str, str], date] = {}
        named: dict[str, set[str]] = defaultdict(set)
        more: Counter[str] = Counter()
        self._short = {v.household: v.on for v in self.unfilled}
        self._passed = {p.household for p in self.passings}
        for helper, exit, role in freed:
            if helper in self.load.leaving:
                continue
            at = (helper, exit.household)
            mine = [id for id, day in self.new.get(helper, ()) if day <= exit.on and id not in self._gone]
            mine = [id for id in mine if id not in named[helper]]
            if mine:
                found[at] = mine[0]
                named[helper].add(mine[0])
                continue
            if not self.asked.has_room(helper, self.taken[helper] + more[helper]):
                continue
            unhelped = list(self._unhelped(helper, role, exit.on))
            for household in unhelped:
                pairs[at, household] = self.load.roster.household(household).difficulty
            if unhelped:
                more[helper] += 1
                left[at], days[at] = Quota(0, 1), exit.on
        if not pairs:
            return found
        most = 1 + sum(pairs.values())
        right = {household: Quota(0, 1) for _, household in pairs}
        matched = match(left, right, {pair: most + difficulty for pair, difficulty in pairs.items()})
        role_at = {(helper, exit.household): role for helper, exit, role in freed}
        for at, household in matched.pairs:
            found[at] = household
            day, role = days[at], role_at[at]
            vacant = self.load.register.view(on=day).vacancy(household) is not None
            vacant = vacant or self._short.get(household, date.max) <= day
            if vacant:
                self.entries.append(VacancyClosed(household, (at[0],), role, on=day))
            else:
                self.entries.append(Paired(at[0], household, role, on=day))
            self.unfilled = [v for v in self.unfilled if v.household != household or v.on < day]
            self.passings.append(Passing(household, role, (), (at[0],), day, ("linked",), Exit.__name__))
        return found

    def _unhelped(self, helper: str, role: str, day: date) -> Iterator[str]:
        """Yield the households that have nobody on a day, and to which a helper may go."""
        who = self.muster.helper(helper)
        for village in self.muster.may_go_to(who):
            if village not in self._nobody:
                self._nobody[village] = list(self._without(village))
            for household, since in self._nobody[village]:
                there = household.registered is None or day in household.registered
                helped = household.id not in self._short and any(s.on(day) for s in self.view.stays(household.id))
                if since <= day and there and not helped and self.asked.may_take(who, household, role):
                    yield household.id

    def _without(self, village: str) -> Iterator[tuple[Household, date]]:
        """Yield the households of a village that may be without anybody, each with the day from which it is so."""
        for base in self.load.roster.households_in(village):
            id = base.id
            if id in self._gone or (id not in self._short and id in self._passed):
                continue
            held = self.view.stays(id)
            if id not in self._short and any(stay.start <= self._first and stay.end is None for stay in held):
                continue
            household = self.muster.household(id)
            if household.village == village and household.status != "exited":
                yield household, max(self._short.get(id, date.min), self._back.get(id, date.min))

    # --- what else ends with a household

    def _ended(self) -> None:
        """Duties to a household that has ceased to be are closed, and, where there is an heir, opened anew."""
        for change in self.load.entries:
            if not isinstance(change, StruckOff | Split | HouseholdMerger | Relapse):
                continue
            view = self.load.register.view(on=change.on)
            open_ = view.duties_to(change.household)
            loans = {e.loan for e in view.about("households", change.household) if isinstance(e, Lent)}
            for duty in open_:
                if duty.duty in loans:
                    continue  # what was lent is still to come back, whatever became of the household
                if isinstance(change, Relapse):
                    if duty.what == "revisit":
                        self._close(duty, "fallen back", change.on)
                    continue
                self._close(duty, type(change).__name__, change.on)
                heir = change.into[0] if isinstance(change, Split) else getattr(change, "into", None)
                if heir is not None and duty.what != "revisit":
                    bearers = [helper for helper, _ in self._holders(heir, change.on)]
                    bearer = duty.bearer if duty.bearer in bearers or not bearers else bearers[0]
                    bearer = self._able(bearer, change.on)
                    self.entries.append(
                        DutyOpened(
                            f"{duty.duty}-of-{change.household}", heir, bearer, duty.what, duty.due, on=change.on
                        )
                    )

    def _close(self, duty: OpenDuty, reason: str, day: date) -> None:
        self.entries.append(DutyClosed(duty.duty, duty.household, reason, on=day))

    def _pass_duties(self) -> None:
        """Open duties go along with the household; whoever leaves the service passes on all others as well."""
        register = self.load.register
        closed = {(e.household, e.duty): e.on for e in self.entries if isinstance(e, DutyClosed)}
        opened: dict[str, list[DutyOpened]] = {}
        anew: dict[str, list[DutyOpened]] = {}
        """By bearer, and by household: the duties that this relay itself opens."""
        for e in self.entries:
            if isinstance(e, DutyOpened):
                opened.setdefault(e.bearer, []).append(e)
                anew.setdefault(e.household, []).append(e)
        borne: dict[str, list[tuple[str, str]]] = {}
        bearers: dict[tuple[str, str], str] = {}
        """Of each duty that has passed, who bears it."""
        passed: set[tuple[str, str, date]] = set()

        withdrawn = {e.of for e in self.entries if isinstance(e, Correction)}

        def open_to(household: str, day: date) -> Sequence[OpenDuty]:
            view = register.view(on=day)
            return duties([e for e in view.about("households", household) if e not in withdrawn], day)

        def move(day: date, duty: str, household: str, bearer: str) -> None:
            over = closed.get((household, duty))
            if (over is not None and over <= day) or (household, duty, day) in passed:
                return
            passed.add((household, duty, day))
            bearers[household, duty] = bearer
            borne.setdefault(bearer, []).append((household, duty))
            about = register.view(on=day).about("households", household)
            later = [e for e in about if isinstance(e, DutyPassed) and e.duty == duty and e.on >= day]
            for planned in sorted((e for e in later if e not in withdrawn), key=lambda e: e.on)[:1]:
                withdrawn.add(planned)
                self.entries.append(Correction(planned, "the duty passes sooner than was expected"))
            self.entries.append(DutyPassed(duty, household, bearer, on=day))

        leaving = [(e.on, 1, e.helper, e) for e in self.load.entries if isinstance(e, _OUT)]
        turns = [(turn[0], 0, turn[1], turn) for turn in self.duties]
        for day, _, _, turn in sorted([*turns, *leaving], key=lambda turn: turn[:2]):
            if isinstance(turn, tuple):
                _, household, giver, bearer, rather = turn
                there = [(duty.duty, duty.bearer) for duty in open_to(household, day) if duty.opened < day]
                there += [(e.duty, e.bearer) for e in anew.get(household, ()) if e.on < day]
                mine = [duty for duty, first in there if bearers.get((household, duty), first) == giver]
                if mine and rather:
                    bearer = next((id for id, _ in self._holders(household, day)), bearer)
                for duty in mine:
                    move(day, duty, household, bearer)
                continue
            helper = turn.helper
            bearer = self.heir.get(helper, self.load.before(day).helper(helper).unit)
            for household, duty in [at for at, id in bearers.items() if id == helper]:
                move(day, duty, household, bearer)
            owed = register.view(on=day).about("owed", helper)
            for household in sorted({e.household for e in owed}):  # type: ignore[attr-defined]
                for duty_ in open_to(household, day):
                    if duty_.bearer == helper and (household, duty_.duty) not in bearers:
                        move(day, duty_.duty, household, bearer)
            for e in owed:
                if isinstance(e, DutyPassed) and e.bearer == helper and e.on > day and e not in withdrawn:
                    move(e.on, e.duty, e.household, bearer)
            for e in opened.get(helper, ()):
                if e.on < day:
                    move(day, e.duty, e.household, bearer)
