"""What changes leave behind: the households for which somebody else is to be responsible, and from which day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from pairing.entries import (
    Change,
    Correction,
    Death,
    Departure,
    Dissolution,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    Leave,
    Linked,
    Merger,
    Move,
    Paired,
    RankChange,
    Refill,
    Relapse,
    Retirement,
    Return,
    Split,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)
from pairing.histories import Stay
from pairing.muster import Muster
from pairing.owing import Quotas
from pairing.people import Helper
from pairing.policy import Policy
from pairing.register import Register
from pairing.roster import Roster
from pairing.views import View

__all__ = ["COVER", "Case", "Caseload"]


class Case(NamedTuple):
    """A household for which, in a role, somebody else is to be responsible.

    - `role`: the first role that is left; `duty` the role of the policy that it comes under, as "support" under "lead".
    - `givers`: who leaves it, each with the day; empty where it has nobody.  `on` is the first of the days.
    - `roles`: what each giver is to it; where it has nobody, the roles in which it had somebody.
    - `left`: how many others stay responsible for it; where all leave, this is 1 for all of its cases but one.
    - `unit`, `division`: where the first giver belonged; "" where there is none.
    - `first`: who is asked before all others, as the household was theirs before; `busy`: who cannot take it over.
    - `keeper`: the giver who may as well keep it, where only some of several households have to go.
    - `why`: the change that it follows from.
    """

    household: str
    role: str
    duty: str
    on: date
    givers: tuple[tuple[str, date], ...]
    roles: tuple[str, ...]
    left: int
    village: str
    unit: str
    division: str
    first: tuple[str, ...]
    busy: frozenset[str]
    keeper: str | None
    why: str


_Part = tuple[str | None, date, str, str | None, tuple[str, ...]]
"""Giver, day, why, who may as well keep the household, who is asked first."""
_Leaving = Retirement | Death | Departure | Unfitness | Leave | Transfer


class Caseload:
    """The cases that changes ask for, and what is to be recorded about them in any event.

    - `entries`: the changes themselves, and what follows from them without choice.
    - `leaving`: from which day helpers take over nobody; `since`: from which day they may, if not from the first.
    - `linked`: from which day a unit is linked to a village, or until which, where a change says so.
    - `exits`: the exits of households, whose helpers are to have others.
    """

    def __init__(self, policy: Policy, roster: Roster, register: Register, changes: Sequence[Change]) -> None:
        self.policy = policy
        self.rules = policy.handover
        self.roster = roster
        self.register = register
        self.last = max(change.on for change in changes)
        self.now = register.view(on=self.last)
        """What the register says without the changes."""
        self.entries: list[Entry] = []
        self.leaving: dict[str, date] = {}
        self.since: dict[str, date] = {}
        self.links_from: dict[tuple[str, str], date] = {}
        self.exits: list[Exit] = []
        self.backs: list[tuple[Return, HandedOver]] = []
        self.roles_before: dict[tuple[str, str], str] = {}
        """What each of those who are asked first was to the household."""
        self.undone: set[tuple[str, str, date]] = set()
        """Household, helper and start of the stays that were planned, and are taken back."""
        self._views: dict[date, Muster] = {}
        self._rules: dict[tuple[str | None, ...], int | None] = {}
        self._cases: dict[tuple[str, str], list[_Part]] = {}
        expanded = list(self._expanded(changes))
        self.after = Muster(roster, register.view(on=self.last).with_more(expanded))
        """Who there is when all changes have come to pass."""
        self.exiting = {e.household: e.on for e in expanded if isinstance(e, Exit)}
        """From which day households have left poverty, and their helpers are released."""
        if self.rules.after_exit == "stay":
            self.exiting = {}
        for change in expanded:
            if not isinstance(change, Refill):
                self.entries.append(change)
            handle = _HANDLERS.get(type(change))
            if handle is not None:
                handle(self, change)
        self.backs = [back for back in self.backs if self._goes_back(*back)]

    def before(self, day: date) -> Muster:
        """Return who there was on the eve of a day, without the changes."""
        if day not in self._views:
            eve = day - timedelta(days=1) if day > date.min else day
            self._views[day] = Muster(self.roster, self.register.view(on=eve))
        return self._views[day]

    @property
    def view(self) -> View:
        """What the register says of the last day, with the changes recorded."""
        return self.after.view

    def cases(self) -> list[Case]:
        """Return the cases, by household and role.

        Whatever has to pass in a household is one case for each duty, so that nobody takes it over twice.
        """
        groups: dict[tuple[str, str, str], list[tuple[str, _Part]]] = {}
        going: dict[str, set[str]] = {}
        """Who leaves each household for certain, in any role."""
        for (household, role), asked in sorted(self._cases.items()):
            for part in _settled(asked):
                giver, _, _, keeper, _ = part
                at = (household, self.role_of(role), role if keeper is not None else "")
                groups.setdefault(at, []).append((role, part))
                if giver is not None and keeper is None:
                    going.setdefault(household, set()).add(giver)
        return self._one_vacancy_each([self._case(*at[:2], parts, going) for at, parts in groups.items()])

    def _case(self, household: str, duty: str, parts: Sequence[tuple[str, _Part]], going: dict[str, set[str]]) -> Case:
        """Return the case of parts, each with the role."""

        def turn(part: tuple[str, _Part]) -> tuple[Any, ...]:
            role, (giver, day, *_) = part
            return day, role in self.policy.roles, role, giver or ""

        parts = sorted(parts, key=turn)
        leavers = {part[0]: (role, part[1]) for role, part in parts if part[0] is not None}
        chief = next((role for role, _ in parts if role in self.policy.roles), parts[0][0])
        roles = [role for role, _ in leavers.values()] or sorted(
            {role for role, _ in parts}, key=lambda r: (r != chief, r)
        )
        on = parts[0][1][1]
        last = parts[-1][1][1]
        keeper = next((part[3] for _, part in parts if part[3] is not None), None)
        first = tuple(dict.fromkeys(id for _, part in parts for id in part[4]))
        self.roles_before.update(((household, id), role) for role, part in parts for id in part[4])
        held = [stay for stay in self.view.stays(household) if (household, stay.helper, stay.start) not in self.undone]
        rest = [stay for stay in held if stay.helper not in leavers and (stay.end is None or stay.end > on)]
        gone = going.get(household, set())
        unit = division = ""
        who = next(((id, day) for id, (role, day) in leavers.items() if role == chief), None)
        helper = self._giver(*who) if who is not None else None
        if helper is not None:
            unit, division = helper.unit, helper.division
        return Case(
            household,
            chief,
            duty,
            on,
            tuple((giver, day) for giver, (_, day) in leavers.items()),
            tuple(roles),
            sum(stay.helper not in gone and stay.on(last) for stay in rest),
            self.after.household(household).village,
            unit,
            division,
            first,
            frozenset(stay.helper for stay in rest) | frozenset(leavers.keys() - {keeper}),
            keeper,
            next(part[2] for _, part in parts if part[1] == on),
        )

    def _one_vacancy_each(self, cases: Sequence[Case]) -> list[Case]:
        """Return the cases so that, where all helpers of a household leave it, one case alone can become a vacancy.

        It is that of whoever leaves last; there are several only where the policy has several roles.
        """
        chief: dict[str, tuple[Any, ...]] = {}
        for case in cases:
            if not case.left and case.keeper is None:
                chief[case.household] = max(chief.get(case.household, ()), _last_of_all(case))
        return [
            case if case.left or case.keeper is not None or _last_of_all(case) == chief[case.household]
            else case._replace(left=1)
            for case in cases
        ]  # fmt: skip

    def _giver(self, id: str, day: date) -> Helper | None:
        return self.before(day).helper(id) if id in self.roster else None

    # --- changes that follow from changes

    def _expanded(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Yield the changes, and after each what it brings with it: links that go over, people who leave."""
        moved = {change.helper for change in changes if isinstance(change, Transfer)}
        for change in changes:
            yield change
            if isinstance(change, Merger | Dissolution):
                muster = self.before(change.on)
                villages = muster.villages_of(change.unit)
                reason = "the unit has ended"
                yield from (Unlinked(change.unit, village, reason, on=change.on) for village in villages)
                if isinstance(change, Merger):
                    there = muster.villages_of(change.into)
                    new = (village for village in villages if village not in there)
                    yield from (Linked(change.into, village, on=change.on) for village in new)
                else:
                    for helper in muster.helpers_of(change.unit):
                        if helper.id not in moved and muster.view.end_of_service(helper.id) is None:
                            yield Departure(helper.id, "the unit has been dissolved", on=change.on)

    # --- what each change asks for

    def _leaves(self, change: Any) -> None:
        helper, day = change.helper, change.on
        if isinstance(change, Leave):
            days = None if change.until is None else (change.until - day).days
            self.leaving[helper] = min(day, self.leaving.get(helper, day))
            if days is not None and days <= self.rules.absence:
                return
        elif isinstance(change, Transfer):
            self.since[helper] = max(day, self.since.get(helper, day))
        else:
            self.leaving[helper] = min(day, self.leaving.get(helper, day))
        keeps: Callable[[str], bool] = self._kept_by(change) if isinstance(change, Transfer) else _nothing
        for household, stay in self._held(helper, day):
            if not keeps(household):
                self._give(household, stay, day, type(change).__name__)

    def _kept_by(self, change: Transfer) -> Callable[[str], bool]:
        """Return which households a transferred helper keeps."""
        before = self._giver(change.helper, change.on)
        if before is not None and before.unit == change.unit:
            return lambda household: True
        if self.rules.transfer != "keep" or change.helper not in self.roster:
            return _nothing
        allowed = self.roster.own_villages(change.helper) or self.after.villages_of(change.unit)
        return lambda household: self.after.household(household).village in allowed

    def _held(self, helper: str, day: date) -> Iterator[tuple[str, Stay]]:
        """Yield the households that a helper would be responsible for on a day or later, each with the stay."""
        for household in self.now.ever_held(helper):
            for stay in self.now.stays(household):
                if stay.helper == helper and (stay.end is None or stay.end >= day):
                    yield household, stay

    def _is_over(self, household: str, day: date) -> bool:
        """Whether a household asks for nobody from a day on: it has left the programme, or its helpers are released."""
        over = self.after.view.left_programme(household)
        return (over is not None and over <= day) or self.exiting.get(household, date.max) <= day

    def _give(self, household: str, stay: Stay, day: date, why: str, keeper: str | None = None) -> None:
        """Ask for a successor of somebody who is responsible for a household until a day."""
        if self._is_over(household, day):
            return
        if stay.start >= day:
            self._planned_otherwise(household, stay, why)
            return
        if stay.end is not None and not self._taken_back(household, stay, day):
            return
        self._cases.setdefault((household, stay.role), []).append((stay.helper, day, why, keeper, ()))

    def _taken_back(self, household: str, stay: Stay, day: date) -> bool:
        """Take back what was planned for the end of a stay, as it ends otherwise; False where nothing is left to do."""
        for entry in self.now.about("households", household):
            if isinstance(entry, VacancyOpened) and entry.giver == stay.helper and entry.on == stay.end:
                if entry.on > day:
                    self._take_back(entry)
                return True  # where it is this day's, it is closed on the same day
            ours = isinstance(entry, HandedOver) and entry.giver == stay.helper
            if isinstance(entry, HandedOver) and ours and stay.end == (entry.until or entry.on) > day:
                self._take_back(entry, planned=entry.on > day)
                if entry.on > day:
                    return True
                until = day if entry.on < day else None
                again = (entry.household, entry.giver, entry.takers, entry.role, until, entry.reason)
                self.entries.append(HandedOver(*again, on=entry.on))
                return False
        return False

    def _planned_otherwise(self, household: str, stay: Stay, why: str) -> None:
        """Ask anew for what was planned, as somebody leaves before the stay begins."""
        for entry in self.now.about("households", household):
            if isinstance(entry, HandedOver | VacancyClosed) and entry.on == stay.start and stay.helper in entry.takers:
                giver = entry.giver if isinstance(entry, HandedOver) else None
            elif isinstance(entry, Paired) and entry.on == stay.start and entry.helper == stay.helper:
                giver = None
            else:
                continue
            self._take_back(entry)
            self._cases.setdefault((household, stay.role), []).append((giver, entry.on, why, None, ()))

    def _take_back(self, entry: HandedOver | VacancyOpened | VacancyClosed | Paired, planned: bool = True) -> None:
        """Take back an entry; where its day is still to come, the stays and the duties that were to pass as well."""
        reason = "the helper leaves sooner than was expected"
        self.entries.append(Correction(entry, reason))
        takers = getattr(entry, "takers", (entry.helper,) if isinstance(entry, Paired) else ())
        if planned and takers:
            self.undone.update((entry.household, taker, entry.on) for taker in takers)
            for e in self.now.about("households", entry.household):
                if isinstance(e, DutyPassed) and e.on == entry.on and e.bearer in takers:
                    self.entries.append(Correction(e, reason))

    def _returns(self, change: Any) -> None:
        """Whoever covered gives back, where the household is still theirs and nobody else's."""
        self.since[change.helper] = max(change.on, self.since.get(change.helper, change.on))
        view = self.register.view(on=change.on)
        for entry in view.about("held", change.helper):
            if isinstance(entry, HandedOver) and entry.giver == change.helper and entry.reason == COVER:
                here = [stay for stay in view.stays(entry.household) if stay.on(change.on) and stay.start < change.on]
                taker = next((stay for stay in here if stay.helper in entry.takers and stay.role == entry.role), None)
                gone = self.after.view.left_programme(entry.household)
                since = max((stay.start for stay in here if stay.helper in entry.takers), default=None)
                if taker is not None and gone is None and since == entry.on:
                    self.backs.append((change, entry))

    def _goes_back(self, change: Return, cover: HandedOver) -> bool:
        """Whether a household goes back: whoever covered leaves it no other way, and who returns stays."""
        at = cover.household, cover.role
        parts = self._cases.get(at, [])
        if change.helper in self.leaving or any(p[0] in cover.takers and p[1] < change.on for p in parts):
            return False
        rest = [part for part in parts if part[0] not in cover.takers]
        if len(rest) < len(parts):
            self._cases[at] = rest
            if not rest:
                del self._cases[at]
        return True

    def _changes_rank(self, change: Any) -> None:
        """Whoever may have fewer households than before gives some of them up: any of them."""
        if change.helper not in self.roster:
            return
        quota = self.quota(self.after.helper(change.helper))
        held = [
            (id, stay)
            for id, stay in self._held(change.helper, change.on)
            if stay.end is None and not self._is_over(id, change.on)
        ]
        if quota is not None and quota[1] is not None and not quota[2] and len(held) > quota[1]:
            for household, stay in held:
                self._give(household, stay, change.on, type(change).__name__, change.helper)

    def _unlinks(self, change: Any) -> None:
        """The helpers of a unit leave a village, but for those with villages of their own, or in a merger."""
        self.links_from[change.unit, change.village] = change.on
        muster = self.before(change.on)
        for helper in muster.helpers_of(change.unit):
            there = self.after.helper(helper.id)
            if self.roster.own_villages(helper.id) or change.village in self.after.villages_of(there.unit):
                continue
            for household, stay in self._held(helper.id, change.on):
                if self.after.household(household).village == change.village:
                    self._give(household, stay, change.on, type(change).__name__)

    def _links(self, change: Any) -> None:
        self.links_from[change.unit, change.village] = change.on

    def _exits(self, change: Any) -> None:
        self.exits.append(change)

    def _falls_back(self, change: Any) -> None:
        """A household that fell back gets its former helper again, if that is possible."""
        view = self.register.view(on=change.on)
        if view.helpers_of(change.household) or view.vacancy(change.household) is not None:
            return
        former = [stay for stay in view.stays(change.household) if stay.start < change.on]
        last = max((stay.end for stay in former if stay.end is not None), default=None)
        those = [stay for stay in former if stay.end == last] or [None]  # type: ignore[list-item]
        for role in dict.fromkeys(stay.role if stay else self.policy.roles[0] for stay in those):
            ids = tuple(stay.helper for stay in those if stay and stay.role == role)
            self._ask(change.household, role, change.on, type(change).__name__, ids)

    def _moves(self, change: Any) -> None:
        """A household that moved keeps its helpers where these may go to the new village."""
        view = self.register.view(on=change.on)
        for stay in view.stays(change.household):
            if (stay.end is None or stay.end > change.on) and stay.helper in self.roster:
                helper = self.after.helper(stay.helper)
                if change.village not in self.after.may_go_to(helper):
                    self._give(change.household, stay, change.on, type(change).__name__)

    def _splits(self, change: Any) -> None:
        """Each part gets the helpers of the whole, as far as these have room."""
        view = self.register.view(on=change.on)
        held = [stay for stay in view.stays(change.household) if stay.end is None or stay.end > change.on]
        for role in dict.fromkeys(stay.role for stay in held) or self.policy.roles[:1]:
            ids = tuple(stay.helper for stay in held if stay.role == role)
            for part in change.into:
                self._ask(part, role, change.on, type(change).__name__, ids)

    def _is_sought(self, change: Any) -> None:
        """Somebody is sought again for a household with a vacancy."""
        vacancy = self.register.view(on=change.on).vacancy(change.household)
        if vacancy is not None:
            self._ask(change.household, vacancy.role, change.on, type(change).__name__, ())

    def _ask(self, household: str, role: str, day: date, why: str, first: tuple[str, ...]) -> None:
        self._cases.setdefault((household, role), []).append((None, day, why, None, first))

    # --- quotas

    def role_of(self, name: str) -> str:
        """Return the role of the policy that a name stands for, as "support" stands for "lead" where it says so."""
        if name in self.policy.roles:
            return name
        return next((role for role in self.policy.roles if self.policy.others(role) == name), name)

    def quota(self, helper: Helper) -> tuple[int, int | None, bool, str] | None:
        """Return floor, ceiling, whether they hold in principle only, and the role; None where no rule fits."""
        alike = (helper.rank, helper.kind, helper.post, self.roster.unit(helper.unit).level)
        if alike not in self._rules:
            self._rules[alike] = self.policy.helper_rule(helper, self.roster.unit(helper.unit))
        at = self._rules[alike]
        if at is None:
            return None
        rule, quota, more = self.policy.helpers[at], self.policy.helpers[at].quota, 0
        if self._quotas is not None:
            quota, more = self._quotas.of_year(helper.id, at), self._quotas.more.get(helper.id, 0)
        return quota.floor + more, quota.ceiling, rule.soft, rule.role

    @cached_property
    def has_own_quotas(self) -> bool:
        """Whether quotas differ between those for whom one rule holds: over several years, or with spread shares."""
        return self.policy.respread or any(rule.over for rule in self.policy.helpers)

    @cached_property
    def _quotas(self) -> Quotas | None:
        """The quotas over several years, or with shares that are spread, where the policy has such."""
        if not self.has_own_quotas:
            return None
        return Quotas(self.policy, self.roster, self.last, self.register.view(on=self.last).pairings)


COVER = "leave"
"""The reason of a handover for the time of a leave: it is given back on return."""


def _nothing(household: str) -> bool:
    return False


def _last_of_all(case: Case) -> tuple[Any, ...]:
    return max((day for _, day in case.givers), default=case.on), case.role


def _settled(parts: Sequence[_Part]) -> list[_Part]:
    """Return what is asked for one household in one role, each giver once: on the first day on which he or she goes.

    Where somebody has to go, nobody else goes who may as well keep it; and one at most is asked who may.
    """
    firm = [part for part in parts if part[3] is None]
    found: dict[str | None, _Part] = {}
    for part in sorted(firm or parts, key=lambda part: (part[1], part[0] or "")):
        found.setdefault(part[0], part)
    if not firm:
        return list(found.values())[:1]
    return [part for part in firm if part[0] is None or found[part[0]] is part]


_HANDLERS: dict[type[Change], Callable[[Caseload, Any], None]] = {
    Retirement: Caseload._leaves,
    Death: Caseload._leaves,
    Departure: Caseload._leaves,
    Unfitness: Caseload._leaves,
    Leave: Caseload._leaves,
    Transfer: Caseload._leaves,
    Return: Caseload._returns,
    RankChange: Caseload._changes_rank,
    Linked: Caseload._links,
    Unlinked: Caseload._unlinks,
    Exit: Caseload._exits,
    Relapse: Caseload._falls_back,
    Move: Caseload._moves,
    Split: Caseload._splits,
    Refill: Caseload._is_sought,
}
"""What each kind of change asks for.  A recovery, a new name, a merger of units or households ask for nothing more."""
