"""Who may take over: the cases of a relay, the helpers who can be asked, and what each pair of them costs.

Cases that are alike are one want, helpers who are alike one group; `succession` solves the problem that they make.
Cost vectors have one place for each aim of a relay, compared from the left.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from pairing.caseload import Case, Caseload
from pairing.criteria import Scoring
from pairing.people import Helper, Household

__all__ = ["AIMS_OF_A_RELAY", "LOW", "PLACE", "WIDTH", "ZERO", "Group", "Successors", "Want", "vector"]

AIMS_OF_A_RELAY = (
    "vacancies",
    "changes",
    "above ceilings",
    "above ceilings in principle",
    "not handed on",
    "about to leave",
    "volunteers",
    "ladder",
    "floors",
    "loads",
    "preference",
)
"""What a relay keeps as small as it can be, the first before the second and so on; "volunteers" and "preference" count
against it: of them more is better."""

Vector = tuple[int, ...]
WIDTH = len(AIMS_OF_A_RELAY)
PLACE = {name.replace(" ", "_"): n for n, name in enumerate(AIMS_OF_A_RELAY)}
LOW = PLACE["floors"]
"""The places from here on are the evenness of loads, and preference."""


def vector(**values: int) -> Vector:
    """Return a cost vector with the values named, and 0 elsewhere."""
    places = [0] * WIDTH
    for name, value in values.items():
        places[PLACE[name]] = value
    return tuple(places)


ZERO = vector()


class Group(NamedTuple):
    """Helpers of a unit who are alike: in the role and quota, in how many households they have, in what is read.

    `since` is the day from which they may take over, `leaves` that on which they leave the service, as far as known;
    `kept` how many of their households are cases that they may keep.
    """

    ids: tuple[str, ...]
    unit: str
    division: str
    role: str
    floor: int
    ceiling: int | None
    soft: bool
    load: int
    kept: int
    since: date | None
    leaves: date | None
    own: tuple[str, ...]
    reading: int


class Want(NamedTuple):
    """Cases that are alike, by number; `moves` where they are households of others, which need not change hands."""

    cases: tuple[int, ...]
    case: Case
    superior: str | None
    volunteers: frozenset[str]
    excluded: frozenset[str]
    reading: int
    moves: bool


class Successors:
    """The problem of a relay, and its answer.

    `movable` are helpers whose other households may change hands as well; the answer finds out which have to be.
    """

    def __init__(self, load: Caseload, cases: Sequence[Case], movable: Iterable[str] = ()) -> None:
        self.load = load
        self.rules = load.rules
        self.muster = load.after
        self.scoring = Scoring(load.policy.criteria if "preference" in load.policy.aims else ())
        self.barring = Scoring(load.policy.criteria)
        self.given = len(cases)
        self.movable = tuple(sorted(movable))
        self.cases = [*cases, *self._of_others(cases)]
        self._pools: dict[str, list[Group]] = {}
        self.rungs = {rung: n for n, rung in enumerate(self.rules.ladder, 1)}
        self._soon = timedelta(days=self.rules.soon)

    def _of_others(self, cases: Sequence[Case]) -> Iterator[Case]:
        """Yield the households of those who may give some up, as cases that they may keep."""
        given = {(case.household, role) for case in cases for role in case.roles}
        view, on = self.muster.view, self.load.last
        settled = self.load.exiting.keys() | {cover.household for _, cover in self.load.backs}
        for helper in self.movable:
            who = self.muster.helper(helper)
            for household in sorted(set(view.ever_held(helper)) - settled):
                for stay in view.stays(household):
                    if stay.helper != helper or not stay.on(on) or stay.end is not None:
                        continue
                    if (household, stay.role) in given or stay.start >= on:
                        continue
                    rest = [s for s in view.stays(household) if s.on(on) and s.helper != helper]
                    duty = self.load.role_of(stay.role)
                    left = sum(self.load.role_of(s.role) == duty for s in rest)
                    village = self.muster.household(household).village
                    busy = frozenset(s.helper for s in rest)
                    giver = ((helper, on),)
                    yield Case(
                        household,
                        stay.role,
                        duty,
                        on,
                        giver,
                        (stay.role,),
                        left,
                        village,
                        who.unit,
                        who.division,
                        (),
                        busy,
                        helper,
                        "",
                    )

    # --- the cases, class by class

    @cached_property
    def wants(self) -> list[Want]:
        """The cases, those that are alike together."""
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        parts: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        excluded = self._excluded
        offers = bool(self.muster.view.ids("offers")) and "volunteer" in self.rungs
        leaving = self.load.leaving
        for n, case in enumerate(self.cases):
            giver = case.givers[0][0] if case.givers else None
            volunteers: set[str] = set(case.first)
            if offers and n < self.given:
                volunteers |= {id for g, _ in case.givers or ((giver, None),) for id in self._offers(case, g)}
            volunteers.discard(case.keeper or "")
            barred = excluded.get(case.household, frozenset()) | {id for id in case.busy if id not in leaving}
            barred |= self._declined(case.household) if n < self.given else frozenset()
            reading = 0
            if self.barring.criteria:
                reading = self.barring.of_household(self.muster.household(case.household))
            alone = n if volunteers or barred or case.keeper else -1
            at = (case.village, case.role, case.unit, case.division, case.on, len(case.roles), case.left > 0)
            found[*at, reading, alone].append(n)
            parts[*at, reading, alone] = (frozenset(volunteers), barred, reading, n >= self.given)
        wants = []
        for at, numbers in found.items():
            volunteers_, barred_, reading_, moves = parts[at]
            case = self.cases[numbers[0]]
            superior = self.load.roster.unit(case.unit).parent if case.unit else None
            wants.append(Want(tuple(numbers), case, superior, volunteers_, barred_, reading_, moves))
        return wants

    def _offers(self, case: Case, giver: str | None) -> Iterator[str]:
        for id in self.muster.view.offers(case.household, giver):
            if id in self.load.roster:
                yield id

    def _declined(self, household: str) -> frozenset[str]:
        """Who has declined to take over a household since its last handover was completed or lapsed."""
        view = self.muster.view
        if not view.tells_of("steps", household):
            return frozenset()
        steps = view.steps(household)
        since = max((step.on for step in steps if step.step in ("completed", "lapsed")), default=date.min)
        return frozenset(id for step in steps if step.step == "declined" and step.on >= since for id in step.takers)

    @cached_property
    def _excluded(self) -> dict[str, frozenset[str]]:
        """Whom a named pair excludes, by household."""
        found: dict[str, set[str]] = {}
        for pair in self.load.roster.named:
            if pair.rule == "excluded":
                found.setdefault(pair.household, set()).add(pair.helper)
        return {household: frozenset(ids) for household, ids in found.items()}

    # --- the helpers, class by class

    @cached_property
    def _special(self) -> set[str]:
        """Who is named in a case, and so is like nobody else."""
        found: set[str] = set()
        for want in self.wants:
            found |= want.volunteers | want.excluded
            found.update(id for n in want.cases if (id := self.cases[n].keeper) is not None)
        return found

    @cached_property
    def _kept(self) -> dict[str, int]:
        """How many cases each helper may keep."""
        found: dict[str, int] = {}
        for case in self.cases:
            if case.keeper is not None:
                found[case.keeper] = found.get(case.keeper, 0) + 1
        return found

    @cached_property
    def _given_up(self) -> dict[str, int]:
        """How many households each helper is to give up, or may."""
        found: dict[str, int] = {}
        last = self.load.last
        given = {(giver, case.household) for case in self.cases for giver, _ in case.givers}
        for giver, household in given:
            if any(stay.helper == giver and stay.on(last) for stay in self.muster.view.stays(household)):
                found[giver] = found.get(giver, 0) + 1
        if self.rules.after_exit != "stay":
            for exit in self.load.exits:
                for stay in self.muster.view.stays(exit.household):
                    if stay.on(self.load.last):
                        found[stay.helper] = found.get(stay.helper, 0) + 1
        return found

    def pool(self, unit: str) -> list[Group]:
        """Return those of a unit who may take over, those who are alike together."""
        pool = self._pools.get(unit)
        if pool is None:
            pool = self._pools[unit] = list(self._groups(unit))
        return pool

    def _groups(self, unit: str) -> Iterator[Group]:
        load, special, on = self.load, self._special, self.load.last
        muster, kept, given_up, roster = self.muster, self._kept, self._given_up, load.roster
        gone = load.leaving.keys() - kept.keys() if kept else load.leaving.keys()
        members = [
            helper
            for helper in muster.helpers_of(unit, gone)
            if helper.fit and (helper.service is None or helper.service.end is None or on < helper.service.end)
        ]
        loads = muster.view.loads([helper.id for helper in members])
        quotas: dict[tuple[str | None, ...], tuple[int, int | None, bool, str] | None] = {}
        simple, all_since, reads = not load.has_own_quotas, load.since, bool(self.barring.criteria)
        last, told, has_own = on + self._soon, muster.view.tells_of, bool(roster.own_links)
        found: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for helper in members:
            id, service, birth = helper.id, helper.service, helper.birth
            alike = (helper.rank, helper.kind, helper.post, "" if simple else id)
            if alike not in quotas:
                quotas[alike] = load.quota(helper)
            quota = quotas[alike]
            if quota is None:
                continue
            since = all_since.get(id)
            if service is not None and service.start > date.min:
                since = max(service.start, since or date.min)
            leaves = None
            if service is not None or (birth is not None and birth < self._old) or told("helpers", id):
                leaves = muster.leaves(helper, load.policy, last)
            own = roster.own_villages(id) if has_own else ()
            reading = self.barring.of_helper(helper) if reads else 0
            held = max(0, loads[id] - given_up.get(id, 0))
            alone = id if id in special else ""
            found[helper.division, quota, held, kept.get(id, 0), since, leaves, own, reading, alone].append(id)
        for (division, quota, held, keeps, since, leaves, own, reading, _), ids in found.items():
            floor, ceiling, soft, role = quota
            yield Group(
                tuple(ids), unit, division, role, floor, ceiling, soft, held, keeps, since, leaves, own, reading
            )

    @cached_property
    def _old(self) -> date:
        """Who was born on that day or later does not retire so soon that it matters, by whatever rule."""
        ages = [rule.age for rule in self.load.policy.retirement]
        year = (self.load.last + self._soon).year + 1 - min(ages, default=0) // 12
        return date(min(max(year, 1), date.max.year), 1, 1) if ages else date.min

    def units(self, want: Want) -> Iterable[str]:
        """Return the units among whose helpers a successor may be found."""
        case = want.case
        units = dict.fromkeys([case.unit] if case.unit else [])
        if case.keeper is not None:
            units[self.muster.helper(case.keeper).unit] = None
        units.update(dict.fromkeys(self.muster.units_of(case.village)))
        if want.superior is not None and "superior" in self.rungs:
            units[want.superior] = None
        units.update(dict.fromkeys(self._own_units.get(case.village, ())))
        return units

    @cached_property
    def _own_units(self) -> dict[str, list[str]]:
        """The units whose helpers are linked to a village personally."""
        found: dict[str, list[str]] = {}
        for link in self.load.roster.own_links:
            found.setdefault(link.area, []).append(self.muster.helper(link.helper).unit)
        return found

    # --- what a pair costs

    def cost(self, want: Want, group: Group) -> Vector | None:
        """Return what it costs that one of a group takes over one of some cases, or None where it cannot be."""
        case = want.case
        one = group.ids[0]
        if one == case.keeper:
            return ZERO
        if group.role != case.duty or one in want.excluded or one in self.load.leaving:
            return None
        if group.since is not None and group.since > case.on:
            return None
        if group.leaves is not None and group.leaves <= case.on:
            return None
        linked = case.village in self.muster.villages_of(group.unit)
        if self.load.links_from.get((group.unit, case.village), case.on) > case.on:
            linked = False
        if group.own and case.village not in group.own:
            return None
        reached = linked or bool(group.own)
        rung = self._rung(want, group, one, reached)
        if rung is None:
            return None
        score = self._score(want, group)
        if score is None:
            return None
        places = [0] * WIDTH
        places[PLACE["changes"]] = int(want.moves)
        places[PLACE["about_to_leave"]] = int(group.leaves is not None and group.leaves <= case.on + self._soon)
        places[PLACE["volunteers"]] = -int(one in want.volunteers)
        places[PLACE["ladder"]] = rung
        places[PLACE["preference"]] = -score
        return tuple(places)

    def _rung(self, want: Want, group: Group, one: str, reached: bool) -> int | None:
        """Return at which rung of the ladder somebody stands, 0 for whose household it was before."""
        case, rungs = want.case, self.rungs
        if reached and one in want.volunteers:
            return 0 if one in case.first else rungs["volunteer"]
        found = []
        if reached:
            same = bool(case.unit) and group.unit == case.unit
            if same and case.division and group.division == case.division:
                found.append("division")
            found.append("unit" if same else "linked")
            if same and "unit" not in rungs:
                found.append("linked")
        if want.superior is not None and group.unit == want.superior:
            found.append("superior")
        return min((rungs[rung] for rung in found if rung in rungs), default=None)

    def _score(self, want: Want, group: Group) -> int | None:
        if not self.barring.criteria:
            return 0
        roster = self.load.roster
        link = self.barring.of_link(roster.unit(group.unit), roster.areas[want.case.village])
        score = self.barring.scores(group.reading, (want.reading,), link)[0]
        return score if score is None or self.scoring.criteria else 0

    @cached_property
    def _reach(self) -> dict[str, int]:
        """How many cases may turn to each unit."""
        found: dict[str, int] = {}
        for want in self.wants:
            for unit in self.units(want):
                found[unit] = found.get(unit, 0) + len(want.cases)
        return found

    def taking(self, group: Group) -> tuple[Vector, ...]:
        """Return what each further household costs one of a group."""
        ceiling, room = group.ceiling, self._reach.get(group.unit, 0)
        if ceiling is not None and not group.soft:
            room = min(room, max(ceiling - group.load, group.kept))
        return tuple(
            vector(
                above_ceilings=int(ceiling is not None and not group.soft and k > ceiling),
                above_ceilings_in_principle=int(ceiling is not None and group.soft and k > ceiling),
                floors=-int(k <= group.floor),
                loads=2 * k - 1,
            )
            for k in range(group.load + 1, group.load + room + 1)
        )

    def giving(self, want: Want, volunteers: int) -> tuple[Vector, ...]:
        """Return what each taker is worth to a case: the first keeps it from a vacancy."""
        case = want.case
        first = vector(not_handed_on=-1) if case.left else vector(vacancies=-1)
        if case.keeper is not None:  # a household that need not go is never left without its helper
            first = vector(vacancies=-1, changes=-1)
        more = len(case.roles) - 1
        jointly = min(self.rules.jointly, volunteers) - len(case.roles)
        return (first, *[vector(not_handed_on=-1)] * more, *[ZERO] * max(0, jointly))

    # --- one case, one helper

    @cached_property
    def _want_of(self) -> dict[int, Want]:
        return {n: want for want in self.wants for n in want.cases}

    def rung(self, case: int, taker: str) -> int:
        """Return at which rung of the ladder a taker stands for a case, from 1; 0 for whose it was before."""
        unit = self.muster.helper(taker).unit
        group = next(group for group in self.pool(unit) if taker in group.ids)
        cost = self.cost(self._want_of[case], group)
        return cost[PLACE["ladder"]] if cost is not None else 0

    def volunteers(self, case: int) -> frozenset[str]:
        """Return who asked to take a case over, or had the household before."""
        return self._want_of[case].volunteers

    def has_room(self, helper: str, taken: int) -> bool:
        """Whether a helper may take on one more household beside those taken over."""
        quota = self.load.quota(self.muster.helper(helper))
        if quota is None:
            return False
        held = self.muster.view.loads([helper])[helper] - self._given_up.get(helper, 0)
        return quota[1] is None or quota[2] or held + taken < quota[1]

    def may_take(self, helper: Helper, household: Household, role: str) -> bool:
        """Whether nothing excludes that a helper takes on a household in a role."""
        quota = self.load.quota(helper)
        if quota is None or quota[3] != self.load.role_of(role) or helper.id in self._excluded.get(household.id, ()):
            return False
        if not helper.fit or not self.barring.criteria:
            return helper.fit
        roster, barring = self.load.roster, self.barring
        link = barring.of_link(roster.unit(helper.unit), roster.areas[household.village])
        reading = barring.of_household(household)
        return barring.scores(barring.of_helper(helper), (reading,), link)[0] is not None

    def arcs(self, wants: Iterable[int]) -> Iterator[tuple[int, Group, Vector]]:
        """Yield, for some of the wants by number, who may take over, and what it costs."""
        for n in wants:
            want = self.wants[n]
            for unit in self.units(want):
                for group in self.pool(unit):
                    cost = self.cost(want, group)
                    if cost is not None:
                        yield n, group, cost
