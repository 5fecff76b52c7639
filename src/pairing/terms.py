"""The terms of a day: who takes part, who may be paired with whom, and what each further partner costs, aim by aim.

The engine solves these terms, and the checker holds its answer against them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from attrs import frozen

from pairing.errors import Problem, RosterError, key, shown
from pairing.policy import HelperRule, HouseholdRule, Policy
from pairing.quotas import Quota
from pairing.roster import Helper, Household, Link, Roster

__all__ = ["Place", "Slot", "Terms", "terms"]

Vector = tuple[int, ...]

_PLACES = {
    "coverage": ("households uncovered", "order of households"),
    "floors": ("floors of helpers",),
    "even": ("pairs", "loads", "helpers of a household"),
    "preference": ("preference",),
}
_IN_PRINCIPLE = ("soft ceilings", "soft floors")


class Slot(NamedTuple):
    """What a household is due in one role."""

    household: Household
    role: str


class Place(NamedTuple):
    """Where somebody stands in the terms.

    `home` is what links name: a unit or a village, or somebody about whom a pair is named, alone.  `role` and `quota`
    are what the policy gives, `held` is how many locked partners count in it already, `reach` how many more are
    allowed; `soft` as in the policy.
    """

    home: int
    role: str
    quota: Quota
    held: int
    reach: int
    soft: bool


@frozen(repr=False, eq=False)
class Terms:
    """Who takes part on a day, in canonical order, and under which terms; made by `terms`."""

    policy: Policy
    helpers: tuple[Helper, ...]
    helper_kinds: tuple[int, ...]
    """For each helper the position of its place in `helper_places`."""
    helper_places: tuple[Place, ...]
    slots: tuple[Slot, ...]
    slot_kinds: tuple[int, ...]
    """For each slot the position of its place in `slot_places`."""
    slot_places: tuple[Place, ...]
    links: dict[tuple[int, int], int]
    """What homes of helpers and of slots are linked, with the preference for a pair on the link."""
    locked: tuple[tuple[int, int], ...]
    """The positions of helpers and slots that are paired already."""

    def __repr__(self) -> str:
        return f"Terms({len(self.helpers)} helpers, {len(self.slots)} slots, {len(self.links)} links)"

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
        most = place.held + place.reach
        if ceiling is not None and not place.soft:
            most = min(most, ceiling)
        return tuple(
            self.vector(
                floors_of_helpers=-(not place.soft and k <= floor),
                soft_ceilings=int(place.soft and ceiling is not None and k > ceiling),
                soft_floors=-(place.soft and k <= floor),
                pairs=1,
                loads=2 * k - 1,
            )
            for k in range(place.held + 1, most + 1)
        )

    def slot_costs(self, place: Place) -> tuple[Vector, ...]:
        """Return what each further helper costs a household in that place, whatever its place in the order."""
        floor, ceiling = place.quota.floor, place.quota.ceiling
        most = place.held + place.reach
        if ceiling is not None:
            most = min(most, ceiling)
        return tuple(
            self.vector(households_uncovered=-(k <= floor), helpers_of_a_household=2 * k - 1)
            for k in range(place.held + 1, most + 1)
        )

    def all_slot_costs(self) -> Iterator[tuple[Vector, ...]]:
        """Yield the costs of each slot, with its own place in the order of households."""
        by_kind = [self.slot_costs(place) for place in self.slot_places]
        at = self.places.index("order of households")
        for orders, kind in zip(self.orders, self.slot_kinds, strict=True):
            held = self.slot_places[kind].held
            yield (
                tuple(
                    (*cost[:at], -order, *cost[at + 1 :])
                    for cost, order in zip(by_kind[kind], orders[held:], strict=False)
                )
                + by_kind[kind][max(0, len(orders) - held) :]
            )

    def pair_cost(self, preference: int) -> Vector:
        """Return what a pair costs by itself."""
        return self.vector(preference=-preference)

    @cached_property
    def orders(self) -> list[tuple[int, ...]]:
        """How much each helper that is due to a slot counts, where not all can be had.

        A first helper counts more than a second, a harder household more than an easier one, and last an earlier id
        more than a later one.
        """
        count = len(self.slots)
        most = max((place.quota.floor for place in self.slot_places), default=0)
        ranked = sorted(range(count), key=lambda n: (-self.slots[n].household.difficulty, n))
        found: list[tuple[int, ...]] = [()] * count
        for position, n in enumerate(ranked):
            floor = self.slot_places[self.slot_kinds[n]].quota.floor
            found[n] = tuple((most - k) * count + count - position for k in range(floor))
        return found


def terms(policy: Policy, roster: Roster, on: date) -> Terms:
    """Return the terms under which people are paired on a day.

    Takes part whoever serves, or is registered, on that day, and for whom the policy has a rule.  Raises `RosterError`
    for ranks that the policy's ladder does not have, and for locked pairs that the rules do not allow.
    """
    return _Build(policy, roster, on).terms()


class _Build:
    """Gathers the terms; people of one unit or village under one rule are looked up once, and then counted."""

    def __init__(self, policy: Policy, roster: Roster, on: date) -> None:
        self.policy = policy
        self.roster = roster
        self.on = on
        self.problems: list[Problem] = []
        self.helpers: list[Helper] = []
        self.helper_rules: list[int] = []
        self.slots: list[Slot] = []
        self.slot_rules: list[int] = []
        self.links: dict[tuple[int, int], int] = {}

    def terms(self) -> Terms:
        self._check_ranks()
        self._take_helpers()
        self._take_slots()
        named, locked = self._take_named()
        roles = [rule.role for rule in self.policy.helpers]
        left, right = _Homes(), _Homes()
        for n, (helper, rule) in enumerate(zip(self.helpers, self.helper_rules, strict=True)):
            left.add((helper.unit, roles[rule]), alone=n in named[0])
        for n, (household, role) in enumerate(self.slots):
            right.add((household.village, role), alone=n in named[1])
        for link in self.roster.links:
            for role in self.policy.roles:
                for here in left.at((link.unit, role)):
                    for there in right.at((link.village, role)):
                        self.links[here, there] = 0
        for (n, m), score in named[2].items():
            pair = (left.home[n], right.home[m])
            if pair not in self.links:
                continue
            if score:
                self.links[pair] = score
            else:
                del self.links[pair]
        held = (_counted(n for n, _ in locked), _counted(m for _, m in locked))
        reach = (_reach(self.links, right.size, 0), _reach(self.links, left.size, 1))
        helper_kinds, helper_places = _places(self.policy.helpers, self.helper_rules, left, held[0], reach[0])
        slot_kinds, slot_places = _places(self.policy.households, self.slot_rules, right, held[1], reach[1])
        self._check_locked(
            locked, [helper_places[kind] for kind in helper_kinds], [slot_places[kind] for kind in slot_kinds]
        )
        if self.problems:
            raise RosterError(self.problems)
        return Terms(
            self.policy,
            tuple(self.helpers),
            helper_kinds,
            helper_places,
            tuple(self.slots),
            slot_kinds,
            slot_places,
            self.links,
            tuple(locked),
        )

    def _check_ranks(self) -> None:
        used = {helper.rank for helper in self.roster.helpers if helper.rank is not None}
        wanted = ", ".join(rank.id for rank in self.policy.ladder)
        for rank in sorted(used):
            if rank not in self.policy.ladder:
                message = f"wanted a rank of the policy's ladder ({wanted}), got {shown(rank)}"
                self.problems.append(Problem("unknown-rank", message, "helpers", field="rank"))

    def _take_helpers(self) -> None:
        known: dict[tuple[str, str | None, str, str | None], int | None] = {}
        on = self.on
        for helper in self.roster.helpers:
            if helper.service is not None and on not in helper.service:
                continue
            kind = (helper.unit, helper.rank, helper.kind, helper.post)
            if kind in known:
                rule = known[kind]
            else:
                rule = known[kind] = self.policy.helper_rule(helper, self.roster.unit(helper.unit))
            if rule is not None:
                self.helpers.append(helper)
                self.helper_rules.append(rule)

    def _take_slots(self) -> None:
        known: dict[int, list[tuple[str, int]]] = {}
        on = self.on
        for household in self.roster.households:
            if household.registered is not None and on not in household.registered:
                continue
            due = known.get(household.difficulty)
            if due is None:
                rules = ((role, self.policy.household_rule(household, role)) for role in self.policy.roles)
                due = known[household.difficulty] = [(role, rule) for role, rule in rules if rule is not None]
            for role, rule in due:
                self.slots.append(Slot(household, role))
                self.slot_rules.append(rule)

    def _take_named(self) -> tuple[tuple[set[int], set[int], dict[tuple[int, int], int]], list[tuple[int, int]]]:
        """Return the helpers and slots that stand alone, what is laid down for their pairs, and the locked pairs.

        Laid down is a score, or 0 where the pair cannot be chosen.
        """
        alone: tuple[set[int], set[int], dict[tuple[int, int], int]] = (set(), set(), {})
        locked: list[tuple[int, int]] = []
        if not self.roster.named:
            return alone, locked
        helper_at = {helper.id: n for n, helper in enumerate(self.helpers)}
        slot_at = {(household.id, role): n for n, (household, role) in enumerate(self.slots)}
        active = helper_at.keys() | self._on_the_day()
        for pair in self.roster.named:
            n = helper_at.get(pair.helper)
            role = "" if n is None else self.policy.helpers[self.helper_rules[n]].role
            m = slot_at.get((pair.household, role))
            if n is not None and m is not None:
                alone[0].add(n)
                alone[1].add(m)
                alone[2][n, m] = pair.score if pair.rule == "preferred" else 0
                if pair.rule == "locked":
                    locked.append((n, m))
            elif pair.rule == "locked" and pair.helper in active and pair.household in active:
                message = (
                    f"{key(pair.helper)} and {key(pair.household)} are locked, but no rule of the policy pairs them"
                )
                self.problems.append(Problem("locked-without-rule", message, "pairs"))
        return alone, locked

    def _on_the_day(self) -> set[str]:
        helpers = {h.id for h in self.roster.helpers if h.service is None or self.on in h.service}
        return helpers | {h.id for h in self.roster.households if h.registered is None or self.on in h.registered}

    def _check_locked(
        self, locked: list[tuple[int, int]], helper_places: Sequence[Place], slot_places: Sequence[Place]
    ) -> None:
        linked = set(self.roster.links)
        for n, m in locked:
            helper, household = self.helpers[n], self.slots[m].household
            if Link(helper.unit, household.village) not in linked:
                message = (
                    f"{key(helper.id)} and {key(household.id)} are locked, but unit {key(helper.unit)} is not linked "
                    f"to village {key(household.village)}"
                )
                self.problems.append(Problem("locked-outside-links", message, "pairs"))
        for who, places, ids in (
            ("helper", helper_places, [self.helpers[n].id for n, _ in locked]),
            ("household", slot_places, [self.slots[m].household.id for _, m in locked]),
        ):
            at = [n for n, _ in locked] if who == "helper" else [m for _, m in locked]
            for n, id in dict(zip(at, ids, strict=True)).items():
                ceiling, held = places[n].quota.ceiling, places[n].held
                if ceiling is not None and held > ceiling and not places[n].soft:
                    message = f"{who} {key(id)}: wanted at most {ceiling} locked pairs, its ceiling, got {held}"
                    self.problems.append(Problem("locked-above-ceiling", message, "pairs"))


def _places(
    rules: Sequence[HelperRule | HouseholdRule],
    chosen: list[int],
    homes: "_Homes",
    held: dict[int, int],
    reach: dict[int, int],
) -> tuple[tuple[int, ...], tuple[Place, ...]]:
    """Return the kind of each person, and the place of each kind."""
    kinds: dict[tuple[int, int, int], int] = {}
    of_each = tuple(
        kinds.setdefault((home, rule, held.get(n, 0)), len(kinds))
        for n, (home, rule) in enumerate(zip(homes.home, chosen, strict=True))
    )
    places = tuple(
        Place(
            home, rules[rule].role, rules[rule].quota, paired, reach.get(home, 0), getattr(rules[rule], "soft", False)
        )
        for home, rule, paired in kinds
    )
    return of_each, places


class _Homes:
    """Homes on one side: one for each unit or village and role, and one for each who stands alone."""

    def __init__(self) -> None:
        self.home: list[int] = []
        self.size: list[int] = []
        self._shared: dict[tuple[str, str], int] = {}
        self._alone: dict[tuple[str, str], list[int]] = {}

    def add(self, place: tuple[str, str], alone: bool) -> None:
        """Give the next person a home in a unit or village."""
        home = None if alone else self._shared.get(place)
        if home is None:
            home = len(self.size)
            self.size.append(0)
            if alone:
                self._alone.setdefault(place, []).append(home)
            else:
                self._shared[place] = home
        self.size[home] += 1
        self.home.append(home)

    def at(self, place: tuple[str, str]) -> list[int]:
        """Return all homes in a unit or village."""
        shared = [self._shared[place]] if place in self._shared else []
        return shared + self._alone.get(place, [])


def _counted(positions: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for n in positions:
        counts[n] = counts.get(n, 0) + 1
    return counts


def _reach(links: Iterable[tuple[int, int]], sizes: list[int], side: int) -> dict[int, int]:
    """Return how many partners the people of each home of a side are allowed."""
    found: dict[int, int] = {}
    for link in links:
        found[link[side]] = found.get(link[side], 0) + sizes[link[1 - side]]
    return found
