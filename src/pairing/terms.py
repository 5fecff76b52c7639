"""The terms of a day: who takes part, who may be paired with whom, and what each further partner costs, aim by aim.

The engine solves these terms, and the checker holds its answer against them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from attrs import frozen

from pairing.errors import Problem, RosterError, key, shown
from pairing.people import Household, Link
from pairing.policy import HelperRule, HouseholdRule, Policy
from pairing.quotas import Quota
from pairing.roster import Roster

__all__ = ["Place", "Terms", "terms"]

Vector = tuple[int, ...]

_PLACES = {
    "coverage": ("households uncovered", "order of households"),
    "floors": ("floors of helpers",),
    "even": ("pairs", "loads", "helpers of a household"),
    "preference": ("preference",),
}
_IN_PRINCIPLE = ("soft ceilings", "soft floors")


class Place(NamedTuple):
    """Where people stand in the terms: everybody in one place is interchangeable.

    `home` is what links name: a unit or a village, or somebody about whom a pair is named, alone.  `role` and `quota`
    are what the policy gives, `held` is how many locked partners count in it already, `reach` how many more are
    allowed; `soft` as in the policy.  `members` are positions in the roster's helpers, or numbers of slots.
    """

    home: int
    role: str
    quota: Quota
    held: int
    reach: int
    soft: bool
    members: tuple[int, ...]

    @property
    def floor(self) -> int:
        """How many partners are still due to each member, hard and not yet held."""
        return 0 if self.soft else max(0, self.quota.floor - self.held)

    @property
    def room(self) -> int:
        """How many more partners each member may take."""
        if self.quota.ceiling is None or self.soft:
            return self.reach
        return max(0, min(self.quota.ceiling - self.held, self.reach))


@frozen(repr=False, eq=False)
class Terms:
    """Who takes part on a day, and under which terms; made by `terms`.

    What a household is due in one role is a slot; slots are numbered by household, then by role.
    """

    policy: Policy
    roster: Roster
    helper_places: tuple[Place, ...]
    slot_places: tuple[Place, ...]
    links: dict[tuple[int, int], int]
    """What homes of helpers and of slots are linked, with the preference for a pair on the link."""
    locked: tuple[tuple[int, int], ...]
    """The helpers and slots that are paired already."""

    def __repr__(self) -> str:
        helpers, slots = (sum(len(p.members) for p in places) for places in (self.helper_places, self.slot_places))
        return f"Terms({helpers} helpers, {slots} slots, {len(self.links)} links)"

    def household(self, slot: int) -> Household:
        """Return the household of a slot."""
        return self.roster.households[slot // len(self.policy.roles)]

    def role(self, slot: int) -> str:
        """Return the role of a slot."""
        return self.policy.roles[slot % len(self.policy.roles)]

    def slot_id(self, household: str, role: str) -> str | tuple[str, str]:
        """Return what a slot is known by: the id of its household, and its role where there are several."""
        return household if len(self.policy.roles) == 1 else (household, role)

    def slot_ids(self, place: Place) -> Iterable[str | tuple[str, str]]:
        """Return what the slots of a place are known by, in the order of its members."""
        households, roles = self.roster.households, len(self.policy.roles)
        if roles == 1:
            return [households[n].id for n in place.members]
        return [(households[n // roles].id, place.role) for n in place.members]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The names of the places of a cost vector, the most important first."""
        aims = self.policy.aims
        names = [*_PLACES[aims[0]], *_PLACES[aims[1]], *_IN_PRINCIPLE]
        for aim in aims[2:]:
            names.extend(_PLACES[aim])
        if "even" not in aims:
            names.append("pairs")
        return tuple(names)

    def vector(self, **values: int) -> Vector:
        """Return a cost vector with the values named, and 0 elsewhere."""
        return tuple(values.get(name.replace(" ", "_"), 0) for name in self.places)

    def helper_costs(self, place: Place) -> tuple[Vector, ...]:
        """Return what each further household costs a helper in that place."""
        floor, ceiling = place.quota.floor, place.quota.ceiling
        return tuple(
            self.vector(
                floors_of_helpers=-(not place.soft and k <= floor),
                soft_ceilings=int(place.soft and ceiling is not None and k > ceiling),
                soft_floors=-(place.soft and k <= floor),
                pairs=1,
                loads=2 * k - 1,
            )
            for k in range(place.held + 1, place.held + place.room + 1)
        )

    def slot_costs(self, place: Place) -> tuple[Vector, ...]:
        """Return what each further helper costs a household in that place, whatever its place in the order."""
        return tuple(
            self.vector(households_uncovered=-(k <= place.quota.floor), helpers_of_a_household=2 * k - 1)
            for k in range(place.held + 1, place.held + place.room + 1)
        )

    def ordered_costs(self, place: Place) -> Iterator[tuple[Vector, ...]]:
        """Yield the same for each slot of a place, with its own place in the order of households.

        Where not all can be had, a first helper counts more than a second, a harder household more than an easier one,
        and last an earlier id more than a later one.
        """
        at = self.places.index("order of households")
        costs = self.slot_costs(place)
        most, count, roles = self._floors, len(self._standings), len(self.policy.roles)
        for slot in place.members:
            standing = count - self._standings[slot // roles]
            yield tuple(
                (*cost[:at], -((most - k) * count + standing), *cost[at + 1 :]) if k <= place.quota.floor else cost
                for k, cost in enumerate(costs, place.held + 1)
            )

    @cached_property
    def _floors(self) -> int:
        return max((place.quota.floor for place in self.slot_places), default=0)

    @cached_property
    def _standings(self) -> dict[int, int]:
        """The place of each household in the order, by its position in the roster."""
        roles = len(self.policy.roles)
        households = self.roster.households
        active = {slot // roles for place in self.slot_places for slot in place.members}
        ranked = sorted(active, key=lambda n: (-households[n].difficulty, n))
        return {n: standing for standing, n in enumerate(ranked)}

    def pair_cost(self, preference: int) -> Vector:
        """Return what a pair costs by itself."""
        return self.vector(preference=-preference)


def terms(policy: Policy, roster: Roster, on: date) -> Terms:
    """Return the terms under which people are paired on a day.

    Takes part whoever serves, or is registered, on that day, and for whom the policy has a rule.  Raises `RosterError`
    for ranks that the policy's ladder does not have, and for locked pairs that the rules do not allow.
    """
    return _Build(policy, roster, on).terms()


class _Build:
    """Gathers the terms from the groups of people that the roster has indexed."""

    def __init__(self, policy: Policy, roster: Roster, on: date) -> None:
        self.policy = policy
        self.roster = roster
        self.on = on
        self.problems: list[Problem] = []
        self.links: dict[tuple[int, int], int] = {}

    def terms(self) -> Terms:
        self._check_ranks()
        alone, laid_down, locked = self._take_named()
        held = (Counter(n for n, _ in locked), Counter(m for _, m in locked))
        left, right = _Homes(alone[0], held[0]), _Homes(alone[1], held[1])
        for members, rule in self._helper_groups():
            left.add(self.roster.helpers[members[0]].unit, rule, self.policy.helpers[rule], members)
        for members, rule in self._slot_groups():
            village = self.roster.households[members[0] // len(self.policy.roles)].village
            right.add(village, rule, self.policy.households[rule], members)
        for link in self.roster.links:
            for role in self.policy.roles:
                for here in left.at(link.unit, role):
                    for there in right.at(link.village, role):
                        self.links[here, there] = 0
        for (n, m), score in laid_down.items():
            pair = (left.alone[n], right.alone[m])
            if pair in self.links:
                if score:
                    self.links[pair] = score
                else:
                    del self.links[pair]
        helper_places = left.places(_reach(self.links, right.size, 0))
        slot_places = right.places(_reach(self.links, left.size, 1))
        result = Terms(self.policy, self.roster, helper_places, slot_places, self.links, tuple(locked))
        self._check_locked(result)
        if self.problems:
            raise RosterError(self.problems)
        return result

    def _check_ranks(self) -> None:
        used = {self.roster.helpers[group[0]].rank for group in self.roster.helper_groups} - {None}
        wanted = ", ".join(rank.id for rank in self.policy.ladder)
        for rank in sorted(str(rank) for rank in used):
            if rank not in self.policy.ladder:
                message = f"wanted a rank of the policy's ladder ({wanted}), got {shown(rank)}"
                self.problems.append(Problem("unknown-rank", message, "helpers", field="rank"))

    def _helper_groups(self) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the helpers who take part, group by group, with the rule that holds for them."""
        known: dict[tuple[str | None, str, str | None, str], int | None] = {}
        for group in self.roster.helper_groups:
            helper = self.roster.helpers[group[0]]
            if helper.service is None or self.on in helper.service:
                unit = self.roster.unit(helper.unit)
                alike = (helper.rank, helper.kind, helper.post, unit.level)
                if alike not in known:
                    known[alike] = self.policy.helper_rule(helper, unit)
                rule = known[alike]
                if rule is not None:
                    yield group, rule

    def _slot_groups(self) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the slots that are to be filled, group by group, with the rule that holds for them."""
        roles = self.policy.roles
        known: dict[int, list[int | None]] = {}
        for group in self.roster.household_groups:
            household = self.roster.households[group[0]]
            if household.registered is None or self.on in household.registered:
                if household.difficulty not in known:
                    known[household.difficulty] = [self.policy.household_rule(household, role) for role in roles]
                for at, rule in enumerate(known[household.difficulty]):
                    if rule is not None:
                        yield group if len(roles) == 1 else tuple(n * len(roles) + at for n in group), rule

    def _take_named(self) -> tuple[tuple[set[int], set[int]], dict[tuple[int, int], int], list[tuple[int, int]]]:
        """Return the helpers and slots that stand alone, what is laid down for their pairs, and the locked pairs.

        Laid down is a score, or 0 where the pair cannot be chosen.
        """
        alone: tuple[set[int], set[int]] = (set(), set())
        laid_down: dict[tuple[int, int], int] = {}
        locked: list[tuple[int, int]] = []
        if not self.roster.named:
            return alone, laid_down, locked
        roles = self.policy.roles
        role_of = {n: self.policy.helpers[rule].role for group, rule in self._helper_groups() for n in group}
        slots = {n for group, _ in self._slot_groups() for n in group}
        helper_at = {helper.id: n for n, helper in enumerate(self.roster.helpers)}
        household_at = {household.id: n for n, household in enumerate(self.roster.households)}
        for pair in self.roster.named:
            if pair.rule == "preferred" and "preference" not in self.policy.aims:
                continue
            n, at = helper_at[pair.helper], household_at[pair.household]
            m = at * len(roles) + roles.index(role_of[n]) if n in role_of else -1
            if m in slots:
                alone[0].add(n)
                alone[1].add(m)
                laid_down[n, m] = pair.score if pair.rule == "preferred" else 0
                if pair.rule == "locked":
                    locked.append((n, m))
            elif pair.rule == "locked" and self._on_the_day(n, at):
                message = f"{key(pair.helper)} and {key(pair.household)} are locked, but no rule of the policy fits"
                self.problems.append(Problem("locked-without-rule", message, "pairs"))
        return alone, laid_down, locked

    def _on_the_day(self, helper: int, household: int) -> bool:
        spans = (self.roster.helpers[helper].service, self.roster.households[household].registered)
        return all(span is None or self.on in span for span in spans)

    def _check_locked(self, found: Terms) -> None:
        linked = set(self.roster.links)
        for n, m in found.locked:
            helper, household = self.roster.helpers[n], found.household(m)
            if Link(helper.unit, household.village) not in linked:
                message = (
                    f"{key(helper.id)} and {key(household.id)} are locked, but unit {key(helper.unit)} is not linked "
                    f"to village {key(household.village)}"
                )
                self.problems.append(Problem("locked-outside-links", message, "pairs"))
        for who, places in (("helper", found.helper_places), ("household", found.slot_places)):
            for place in places:
                if place.quota.ceiling is None or place.held <= place.quota.ceiling or place.soft:
                    continue
                for n in place.members:
                    id = self.roster.helpers[n].id if who == "helper" else found.household(n).id
                    message = f"{who} {key(id)}: wanted at most {place.quota.ceiling} to be locked, got {place.held}"
                    self.problems.append(Problem("locked-above-ceiling", message, "pairs"))


class _Homes:
    """Homes on one side: one for each unit or village and role, and one for each who stands alone."""

    def __init__(self, alone: Collection[int], held: Mapping[int, int]) -> None:
        self.alone: dict[int, int] = dict.fromkeys(alone, -1)
        self.size: list[int] = []
        self._held = held
        self._at: dict[tuple[str, str], list[int]] = {}
        self._shared: dict[tuple[str, str], int] = {}
        self._people: dict[tuple[int, int, int], tuple[HelperRule | HouseholdRule, list[int]]] = {}

    def add(self, where: str, number: int, rule: HelperRule | HouseholdRule, members: tuple[int, ...]) -> None:
        """Give a group of people, for whom one rule holds, a home in a unit or village."""
        place = (where, rule.role)
        together: Sequence[int] = members
        if self.alone:
            together = [n for n in members if n not in self.alone]
            for n in members:
                if n in self.alone:
                    self.alone[n] = self._new(place)
                    self._people[self.alone[n], number, self._held.get(n, 0)] = (rule, [n])
                    self.size[-1] = 1
        if together:
            home = self._shared.get(place)
            if home is None:
                home = self._shared[place] = self._new(place)
            self._people.setdefault((home, number, 0), (rule, []))[1].extend(together)
            self.size[home] += len(together)

    def _new(self, place: tuple[str, str]) -> int:
        self.size.append(0)
        self._at.setdefault(place, []).append(len(self.size) - 1)
        return len(self.size) - 1

    def at(self, where: str, role: str) -> Sequence[int]:
        """Return all homes in a unit or village, of those who are paired in a role."""
        return self._at.get((where, role), ())

    def places(self, reach: Mapping[int, int]) -> tuple[Place, ...]:
        """Return the places of everybody who was added."""
        return tuple(
            Place(
                home,
                rule.role,
                rule.quota,
                held,
                reach.get(home, 0),
                isinstance(rule, HelperRule) and rule.soft,
                tuple(sorted(members)),
            )
            for (home, _, held), (rule, members) in self._people.items()
        )


def _reach(links: Iterable[tuple[int, int]], sizes: list[int], side: int) -> dict[int, int]:
    """Return how many partners the people of each home of a side are allowed."""
    found: dict[int, int] = {}
    for link in links:
        found[link[side]] = found.get(link[side], 0) + sizes[link[1 - side]]
    return found
