"""The ground on which links are made: who serves on a day, which villages are poor, and who may go where."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from heapq import heapify, heapreplace

from pairing.areas import LEVELS, AreaTree
from pairing.people import Helper, Link, OwnLink
from pairing.policy import Policy
from pairing.roster import Roster

__all__ = ["GATHERED", "NOBODY", "Choice", "Day", "Nest"]

NOBODY = "no unit that has a share may go there"
GATHERED = "only units that are gathered on one village each may go there"


class Day:
    """What policy and roster say of a day."""

    def __init__(self, policy: Policy, roster: Roster, on: date) -> None:
        self.policy, self.roster, self.on = policy, roster, on
        self.listed: Counter[str] = Counter()
        hardness: Counter[str] = Counter()
        for group in roster.household_groups:
            household = roster.households[group[0]]
            if household.registered is None or on in household.registered:
                self.listed[household.village] += len(group)
                hardness[household.village] += len(group) * household.difficulty
        loads = Counter(self.listed)
        for village in roster.villages:
            loads[village.code] += village.households
            hardness[village.code] += village.households * village.difficulty
        self.loads = {code: loads[code] for code in sorted(loads) if loads[code]}
        self.difficulty = {code: hardness[code] for code in self.loads}
        self._reach: dict[tuple[str, str], str] = {}

    def serving(self) -> Iterator[tuple[Sequence[int], int]]:
        """Yield the helpers who serve on the day and are fit, group by group, with the rule that holds for them."""
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

    def helpers(self, fits: Callable[[Helper], bool]) -> list[Helper]:
        """Return the helpers who serve, and whom something fits that is alike in a group; by id."""
        found = [n for group, _ in self.serving() if fits(self.roster.helpers[group[0]]) for n in group]
        return [self.roster.helpers[n] for n in sorted(found)]

    def height(self, helper: Helper) -> int:
        """Return how high a helper stands on the policy's ladder; 1 is below all ranks."""
        ladder = self.policy.ladder
        return len(ladder.ranks) + 1 - ladder.position(helper.rank)

    def owners(self, own_links: Iterable[OwnLink]) -> dict[str, list[str]]:
        """Return the own villages of the helpers who have some."""
        found: dict[str, list[str]] = {}
        for link in own_links:
            if self.roster.areas[link.area].level == "village":
                found.setdefault(link.helper, []).append(link.area)
        return found

    def weights(self, share: str, owners: Mapping[str, object]) -> dict[str, int]:
        """Return what the share of each unit is in proportion to; without those who have villages of their own."""
        found: Counter[str] = Counter()
        for group, rule in self.serving():
            each = 1 if share == "headcount" else self.policy.helpers[rule].quota.floor
            count = sum(self.roster.helpers[n].id not in owners for n in group) if owners else len(group)
            found[self.roster.helpers[group[0]].unit] += each * count
        return {unit: found[unit] for unit in sorted(found) if found[unit]}

    def heads(self, owners: Mapping[str, object]) -> dict[str, int]:
        """Return how many helpers of each unit count."""
        return self.weights("headcount", owners)

    def reach(self, unit: str) -> str:
        """Return the area in which a unit may go.

        That is its county for a unit of a village, township or county, else its prefecture or its province; where the
        tree has none at that level, the next below; and its own area where that is higher.
        """
        asked = self.roster.unit(unit)
        place = (asked.area, asked.level)
        if place not in self._reach:
            wanted = min(LEVELS.index(asked.level), LEVELS.index("county"))
            first, *above = self.roster.areas.chain(asked.area)
            within = [area.code for area in above if LEVELS.index(area.level) >= wanted]
            self._reach[place] = within[-1] if within else first.code
        return self._reach[place]

    def within(self, link: Link) -> bool:
        """Whether a unit may go to a village."""
        reach = self.reach(link.unit)
        return any(area.code == reach for area in self.roster.areas.chain(link.village))

    def depth(self, unit: str) -> int:
        """Return the level of a unit, 0 for the highest."""
        return LEVELS.index(self.roster.unit(unit).level)

    def why(self, village: str, weights: Mapping[str, int]) -> str:
        """Return why nobody is linked to a village."""
        above = {area.code for area in self.roster.areas.chain(village)}
        return GATHERED if any(self.reach(unit) in above for unit in weights) else NOBODY

    def hardness(self, village: str) -> Fraction:
        """Return how hard it is to help in a village: how remote it is, and the mean difficulty of its households."""
        return self.roster.village(village).remoteness + Fraction(self.difficulty[village], self.loads[village])


class Nest:
    """The areas in which some may go, one in another, and the one that is the closest around each village."""

    def __init__(self, areas: AreaTree, reaches: Iterable[str]) -> None:
        self._areas = areas
        self._around: dict[str, str | None] = {code: code for code in sorted(set(reaches))}
        self.parents = {code: self.around(areas[code].parent) for code in list(self._around)}

    def around(self, code: str | None) -> str | None:
        """Return the closest of these areas that an area lies in, or is; None where there is none."""
        passed = []
        while code is not None and code not in self._around:
            passed.append(code)
            code = self._areas[code].parent
        found = None if code is None else self._around[code]
        self._around.update(dict.fromkeys(passed, found))
        return found

    def totals(self, loads: Mapping[str, int]) -> dict[str, int]:
        """Return the sum of the loads of villages that lie in each area itself, and in no smaller one of these."""
        found: Counter[str] = Counter()
        for village, load in loads.items():
            around = self.around(village)
            if around is not None:
                found[around] += load
        return dict(found)

    def upwards(self) -> list[str]:
        """Return the areas in order, each after all that lie in it."""
        depth = {area: len(self._areas.chain(area)) for area in self.parents}
        return sorted(self.parents, key=lambda area: (-depth[area], area))

    def up(self, code: str | None) -> Iterator[str]:
        """Yield the areas around an area, from the closest."""
        at = self.around(code)
        while at is not None:
            yield at
            at = self.parents[at]


class Choice:
    """Villages of which the first in an order is taken again and again; to be taken moves a village backwards only."""

    def __init__(self, nest: Nest, villages: Iterable[str], place: Callable[[str], tuple[object, ...]]) -> None:
        self._place = place
        self._heaps: dict[str, list[tuple[tuple[object, ...], str]]] = defaultdict(list)
        for village in villages:
            for area in nest.up(village):
                self._heaps[area].append((place(village), village))
        for heap in self._heaps.values():
            heapify(heap)

    def first(self, area: str) -> str | None:
        """Return the first village in an area."""
        heap = self._heaps.get(area)
        if not heap:
            return None
        while (now := self._place(heap[0][1])) != heap[0][0]:
            heapreplace(heap, (now, heap[0][1]))
        return heap[0][1]
