"""The terms of a day: who takes part, who may be paired with whom, and what each further partner costs, aim by aim.

The engine solves these terms, and the checker holds its answer against them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from attrs import frozen

from pairing.criteria import Scoring
from pairing.errors import Problem, RosterError, key, shown
from pairing.owing import Quotas
from pairing.people import Household, Pairing
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.roster import Roster

__all__ = ["Place", "Terms", "terms"]

Vector = tuple[int, ...]

_PLACES = {
    "coverage": ("households uncovered", "order of households"),
    "floors": ("floors of helpers",),
    "keep": ("changes",),
    "even": ("pairs", "loads", "helpers of a household"),
    "preference": ("preference",),
}
_IN_PRINCIPLE = ("soft ceilings", "soft floors")


class Place(NamedTuple):
    """Where people stand in the terms: everybody in one place is interchangeable.

    `home` is what links name: the people of a unit or of a village who are read alike by all criteria.  `role` and
    `quota` are what the policy gives for the day, `held` is how many locked partners count in it already, `reach` how
    many more are allowed; `soft` as in the policy.  `members` are positions in the roster's helpers, or numbers of
    slots; whoever has named pairs has a place alone.
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
    on: date
    helper_places: tuple[Place, ...]
    slot_places: tuple[Place, ...]
    links: dict[int, dict[int, int]]
    """The homes of slots to which a home of helpers is linked, each with the score of a pair."""
    locked: tuple[tuple[int, int], ...]
    """The helpers and slots that are paired already."""
    named: dict[int, dict[int, tuple[int, bool] | None]]
    """What is laid down for a helper and a slot, where it is not what the link says: the score, and whether the book
    has the pair; or None, where it is not to be chosen."""
    keeps: bool
    """Whether there is a book to keep to, so that every new pair is a change."""

    def __repr__(self) -> str:
        helpers, slots = (sum(len(p.members) for p in places) for places in (self.helper_places, self.slot_places))
        return f"Terms({helpers} helpers, {slots} slots, {sum(map(len, self.links.values()))} links)"

    @cached_property
    def named_slots(self) -> frozenset[int]:
        """The slots for which something is laid down."""
        return frozenset(m for row in self.named.values() for m in row)

    @cached_property
    def known_costs(self) -> dict[tuple[object, ...], tuple[Vector, ...]]:
        """What was computed once, so that equal places share it."""
        return {}

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

    def pair_cost(self, score: int, kept: bool = False) -> Vector:
        """Return what a pair costs by itself."""
        if score and "preference" not in self.policy.aims:
            score = 0
        return self.vector(preference=-score, changes=(-1 if kept else 1) if self.keeps else 0)


def terms(policy: Policy, roster: Roster, on: date, book: Sequence[Pairing] = ()) -> Terms:
    """Return the terms under which people are paired on a day.

    Takes part whoever serves and is fit, or is registered, on that day, and for whom the policy has a rule.  `policy`
    is the version in force, `book` has the pairings that there are.  Raises `RosterError` for ranks that the policy's
    ladder does not have, and for locked pairs that the rules do not allow; `ArgumentError` for faulty criteria.
    """
    return _Build(policy, roster, on, book).terms()


class _Build:
    """Gathers the terms from the groups of people that the roster has indexed."""

    def __init__(self, policy: Policy, roster: Roster, on: date, book: Sequence[Pairing]) -> None:
        self.policy = policy
        self.roster = roster
        self.on = on
        self.book = book
        self.problems: list[Problem] = []
        self.scoring = Scoring(policy.criteria)

    def terms(self) -> Terms:
        """Return the terms, or raise with everything that is wrong."""
        self._check_ranks()
        quotas = Quotas(self.policy, self.roster, self.on, self.book)
        helper_groups, slot_groups = list(self._helper_groups()), list(self._slot_groups())
        laid_down, locked = self._laid_down(helper_groups, slot_groups, quotas)
        held = (Counter(n for n, _ in locked), Counter(m for _, m in locked))
        left = _Homes({n for n, _ in laid_down}, held[0])
        right = _Homes({m for _, m in laid_down}, held[1])
        self._settle_helpers(left, helper_groups, quotas)
        self._settle_slots(right, slot_groups)
        links = self._links(left, right)
        self.scoring.check_readings()
        named: dict[int, dict[int, tuple[int, bool] | None]] = {}
        barred: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
        for (n, m), said in laid_down.items():
            score = links.get(left.home_of[n], {}).get(right.home_of[m])
            if score is not None:
                named.setdefault(n, {})[m] = None if said is None else (score + said[0], said[1])
                if said is None:
                    barred[0][n] += 1
                    barred[1][m] += 1
        helper_places = left.places(
            {here: sum(right.size[there] for there in row) for here, row in links.items()}, barred[0]
        )
        back: dict[int, int] = {}
        for here, row in links.items():
            for there in row:
                back[there] = back.get(there, 0) + left.size[here]
        slot_places = right.places(back, barred[1])
        keeps = bool(self.book) and "keep" in self.policy.aims
        result = Terms(
            self.policy, self.roster, self.on, helper_places, slot_places, links, tuple(locked), named, keeps
        )
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
            if helper.fit and (helper.service is None or self.on in helper.service):
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

    def _settle_helpers(self, homes: "_Homes", groups: Iterable[tuple[tuple[int, ...], int]], quotas: Quotas) -> None:
        """Give all helpers homes: by unit (or the villages of their own), role, and what the criteria read."""
        roster, scoring = self.roster, self.scoring
        for group, at in groups:
            rule, unit = self.policy.helpers[at], roster.helpers[group[0]].unit
            for quota, members in quotas.of(group, at):
                found: dict[tuple[tuple[str, ...], int], list[int]] = {}
                if roster.own_links or scoring.criteria:
                    for n in members:
                        helper = roster.helpers[n]
                        villages = roster.own_villages(helper.id) if roster.own_links else ()
                        reading = scoring.of_helper(helper) if scoring.criteria else 0
                        found.setdefault((villages, reading), []).append(n)
                else:
                    found[(), 0] = list(members)
                for (villages, reading), those in found.items():
                    homes.add((unit, villages), rule.role, reading, quota, rule.soft, those)

    def _settle_slots(self, homes: "_Homes", groups: Iterable[tuple[tuple[int, ...], int]]) -> None:
        """Give all slots homes: by village, role, and what the criteria read."""
        households, roles, scoring = self.roster.households, len(self.policy.roles), self.scoring
        for group, at in groups:
            rule, village = self.policy.households[at], households[group[0] // roles].village
            found: dict[int, list[int]] = {}
            if scoring.criteria:
                for m in group:
                    found.setdefault(scoring.of_household(households[m // roles]), []).append(m)
            else:
                found[0] = list(group)
            for reading, those in found.items():
                homes.add((village, ()), rule.role, reading, rule.quota, False, those)

    def _links(self, left: "_Homes", right: "_Homes") -> dict[int, dict[int, int]]:
        """Return which homes are linked, with the score of a pair; a pair that a criterion excludes has no link."""
        roster, scoring = self.roster, self.scoring
        found: dict[int, dict[int, int]] = {}
        for (unit, own), role in left.wheres():
            ahead = left.at((unit, own), role)
            for village in own or roster.villages_of(unit):
                behind = right.at((village, ()), role)
                if not behind:
                    continue
                homes, theirs = zip(*behind, strict=True)
                if not scoring.criteria:
                    for here, _ in ahead:
                        found.setdefault(here, {}).update(dict.fromkeys(homes, 0))
                    continue
                link = scoring.of_link(roster.unit(unit), roster.areas[village])
                for here, mine in ahead:
                    scores = scoring.scores(mine, theirs, link)
                    row = zip(homes, scores, strict=True)
                    found.setdefault(here, {}).update((there, score) for there, score in row if score is not None)
        return {here: row for here, row in found.items() if row}

    def _laid_down(
        self,
        helper_groups: Iterable[tuple[tuple[int, ...], int]],
        slot_groups: Iterable[tuple[tuple[int, ...], int]],
        quotas: Quotas,
    ) -> tuple[dict[tuple[int, int], tuple[int, bool] | None], list[tuple[int, int]]]:
        """Return what is laid down for single pairs of helper and slot, and the locked ones among them.

        Laid down is a score beside that of the link, and whether the book has the pair; or None where it is not chosen.
        """
        found: dict[tuple[int, int], tuple[int, bool] | None] = {}
        locked: list[tuple[int, int]] = []
        keeps = "keep" in self.policy.aims
        kept = [p for p in self.book if p.span is None or self.on in p.span] if keeps else []
        if not self.roster.named and not kept and not quotas.barred:
            return found, locked
        roles = self.policy.roles
        role_of = {n: self.policy.helpers[rule].role for group, rule in helper_groups for n in group}
        slots = {n for group, _ in slot_groups for n in group}
        helper_at = {helper.id: n for n, helper in enumerate(self.roster.helpers)}
        household_at = {household.id: n for n, household in enumerate(self.roster.households)}

        def place(helper: str, household: str) -> tuple[int, int] | None:
            n, at = helper_at.get(helper, -1), household_at.get(household, -1)
            m = at * len(roles) + roles.index(role_of[n]) if n in role_of and at >= 0 else -1
            return (n, m) if m in slots else None

        for pairing in kept:
            if at := place(pairing.helper, pairing.household):
                found[at] = (0, True)
        for pair in self.roster.named:
            at = place(pair.helper, pair.household)
            if at and pair.rule == "preferred":
                if "preference" in self.policy.aims:
                    found[at] = (pair.score, found.get(at) is not None)
            elif at:
                found[at] = None
                if pair.rule == "locked":
                    locked.append(at)
            elif pair.rule == "locked" and self._on_the_day(helper_at[pair.helper], household_at[pair.household]):
                message = f"{key(pair.helper)} and {key(pair.household)} are locked, but no rule of the policy fits"
                self.problems.append(Problem("locked-without-rule", message, "pairs"))
        for helper, household in sorted(quotas.barred):
            at = place(helper, household)
            if at and at not in locked:
                found[at] = None
        return found, locked

    def _on_the_day(self, helper: int, household: int) -> bool:
        spans = (self.roster.helpers[helper].service, self.roster.households[household].registered)
        return all(span is None or self.on in span for span in spans)

    def _check_locked(self, found: Terms) -> None:
        for n, m in found.locked:
            helper, household = self.roster.helpers[n], found.household(m)
            if household.village not in self.roster.may_go_to(helper):
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


_Where = tuple[str, tuple[str, ...]]


class _Homes:
    """Homes on one side: for each unit or village, role and reading; and the places of those who live there."""

    def __init__(self, alone: Collection[int], held: Mapping[int, int]) -> None:
        self.home_of: dict[int, int] = dict.fromkeys(alone, -1)
        self.size: list[int] = []
        self._held = held
        self._at: dict[tuple[_Where, str], dict[int, int]] = {}  # by reading
        self._roles: list[str] = []
        self._people: dict[
            tuple[int, Quota, bool, int], list[int]
        ] = {}  # the last is the member who stands alone, or -1

    def add(self, where: _Where, role: str, reading: int, quota: Quota, soft: bool, members: Sequence[int]) -> None:
        """Give people for whom one quota holds, and who are read alike, a home."""
        readings = self._at.setdefault((where, role), {})
        home = readings.get(reading)
        if home is None:
            home = readings[reading] = len(self.size)
            self.size.append(0)
            self._roles.append(role)
        self.size[home] += len(members)
        together: Sequence[int] = members
        if self.home_of:
            together = [n for n in members if n not in self.home_of]
            for n in members:
                if n in self.home_of:
                    self.home_of[n] = home
                    self._people[home, quota, soft, n] = [n]
        if together:
            self._people.setdefault((home, quota, soft, -1), []).extend(together)

    def wheres(self) -> Iterable[tuple[_Where, str]]:
        """Return all units or villages, with role, in which there are homes."""
        return self._at

    def at(self, where: _Where, role: str) -> Sequence[tuple[int, int]]:
        """Return the homes in a unit or village, of those who are paired in a role, each with its reading."""
        return [(home, reading) for reading, home in self._at.get((where, role), {}).items()]

    def places(self, reach: Mapping[int, int], barred: Mapping[int, int]) -> tuple[Place, ...]:
        """Return the places of everybody who was added."""
        return tuple(
            Place(
                home,
                self._roles[home],
                quota,
                self._held.get(alone, 0),
                reach.get(home, 0) - barred.get(alone, 0),
                soft,
                tuple(sorted(members)),
            )
            for (home, quota, soft, alone), members in self._people.items()
        )
