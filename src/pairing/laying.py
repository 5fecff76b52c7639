"""Which villages units, leaders and teams are given: shares laid along villages, counties and whole villages."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from pairing.apportioning import Claim, apportion, apportion_nested, crowds, water_levels
from pairing.areas import LEVELS
from pairing.classes import Peers, deal, schedule, solve
from pairing.grounds import Choice, Day, Nest
from pairing.matching import match
from pairing.people import Helper, Link, OwnLink
from pairing.quotas import Quota
from pairing.rules import LeaderRule, LinkingRules

__all__ = ["NO_COUNTY", "NO_ROOM", "NO_VILLAGE", "Laying", "Leading", "fewest_links", "team_villages"]

NO_VILLAGE = "no poor village lies where it may go"
NO_COUNTY = "no county where it may go has a village with so many households"
NO_ROOM = "no village of its counties has so many households for it"


class Laying:
    """Gives each unit its share and lays it along the villages; the links are the keys of `loads`."""

    def __init__(self, day: Day, rules: LinkingRules, weights: dict[str, int]) -> None:
        self.day, self.rules, self.weights = day, rules, weights
        self.loads: dict[Link, int] = {}
        self.open = dict(day.loads)
        self.reach = {unit: day.reach(unit) for unit in weights}
        gathered = {unit for unit in weights if day.roster.unit(unit).level in rules.gathered}
        self.free = [unit for unit in weights if unit not in gathered]
        nest = Nest(day.roster.areas, self.reach.values())
        totals = nest.totals(self.open)
        claims = {unit: Claim(self.reach[unit], weight, 0, 1) for unit, weight in weights.items()}
        self.rest = apportion_nested(nest.parents, totals, claims, rules.method)
        laid_down = [link for link in day.roster.links if link.unit in weights]
        if laid_down or gathered:
            levels = water_levels(nest.parents, totals, claims.values())
            self._lay_down(laid_down)
            self._gather(sorted(gathered))
            self._share_again(levels)
        self._lay_in_rows()
        self._add_to_gathered()
        self._attach()

    def _put(self, unit: str, village: str, load: int) -> None:
        link = Link(unit, village)
        self.loads[link] = self.loads.get(link, 0) + load
        self.rest[unit] -= load
        self.open[village] -= load

    def _lay_down(self, links: Iterable[Link]) -> None:
        """Lay shares along the links that are there, as far as they go.

        Whoever has only one link left uses that one; so nothing is lost where the links form no circle, as those that
        are made here.  In a circle the first link is used first, a heuristic.
        """
        ends: dict[tuple[str, str], dict[tuple[str, str], None]] = defaultdict(dict)
        pairs = [(("unit", link.unit), ("village", link.village)) for link in links if link.village in self.open]
        for unit, village in pairs:
            self._put(unit[1], village[1], 0)
            ends[unit][village] = ends[village][unit] = None
        single = [end for end in ends if len(ends[end]) == 1]

        def use(unit: tuple[str, str], village: tuple[str, str]) -> None:
            self._put(unit[1], village[1], min(self.rest[unit[1]], self.open[village[1]]))
            del ends[unit][village], ends[village][unit]
            single.extend(end for end in (unit, village) if len(ends[end]) == 1)

        for pair in pairs:
            while single:
                end = single.pop()
                for other in list(ends[end]):
                    use(*sorted((end, other)))
            if pair[1] in ends[pair[0]]:
                use(*pair)
        while single:
            end = single.pop()
            for other in list(ends[end]):
                use(*sorted((end, other)))

    def _gather(self, units: Sequence[str]) -> None:
        """Give each of the units, if it has none, the village with the most still to carry, the largest share first.

        Where that leaves a village to nobody, as only these units may go there, it is done over again: lower areas
        first, and such villages before all others.
        """
        has = {link.unit for link in self.loads}
        units = [unit for unit in units if unit not in has]
        others = Nest(self.day.roster.areas, [self.reach[unit] for unit in self.free])
        linked = {link.village for link in self.loads}
        lost = [village for village in self.open if others.around(village) is None and village not in linked]
        found = self._gathered(units, ())
        if not set(lost) <= set(found.values()):
            found = self._gathered(units, lost)
        for unit, village in found.items():
            self._put(unit, village, min(self.rest[unit], self.open[village]))

    def _gathered(self, units: Sequence[str], first: Iterable[str]) -> dict[str, str]:
        """Return the village of each unit; those that come first are given before others, by units of lower areas."""
        burden, waiting = dict(self.open), set(first)

        def place(village: str) -> tuple[object, ...]:
            return village not in waiting, -burden[village], village

        nest = Nest(self.day.roster.areas, [self.reach[unit] for unit in units])
        choice = Choice(nest, self.open, place)
        turn = {area: n if waiting else 0 for n, area in enumerate(nest.upwards())}
        found = {}
        for unit in sorted(units, key=lambda unit: (turn[self.reach[unit]], -self.rest[unit], unit)):
            village = choice.first(self.reach[unit])
            if village is not None:
                found[unit] = village
                burden[village] -= self.rest[unit]
                waiting.discard(village)
        return found

    def _share_again(self, levels: Mapping[str, Fraction]) -> None:
        """Share out anew what is left to carry, among the units that are not gathered.

        What a unit has is what it carries, moved by what its first share was rounded up or down: so whoever carries
        just that share has nothing more to take, unless there is more for all.
        """
        before = self.rest
        self.rest = dict.fromkeys(before, 0)
        if not any(self.open.values()):
            return
        nest = Nest(self.day.roster.areas, [self.reach[unit] for unit in self.free])
        claims = {}
        for unit in self.free:
            area, weight = self.reach[unit], self.weights[unit]
            claims[unit] = Claim(area, weight, weight * levels[area] - before[unit])
        self.rest.update(apportion_nested(nest.parents, nest.totals(self.open), claims, self.rules.method))

    def _lay_in_rows(self) -> None:
        """Lay shares along villages, area by area from below: the own township comes before the own county."""
        areas, unit_of = self.day.roster.areas, self.day.roster.unit
        units: dict[str, list[str]] = defaultdict(list)
        villages: dict[str, list[str]] = defaultdict(list)
        for unit in self.free:
            if self.rest[unit]:
                low = LEVELS.index(unit_of(unit).level) >= LEVELS.index("county")
                units[unit_of(unit).area if low else self.reach[unit]].append(unit)
        for village, load in self.open.items():
            if load:
                villages[village].append(village)
        for area in reversed([code for top in areas.children(None) for code in (top, *areas.under(top))]):
            row, along = sorted(units.pop(area, ())), sorted(villages.pop(area, ()))
            self._lay(row, along)
            up = areas[area].parent
            if up is not None:
                units[up] += [unit for unit in row if self.rest[unit]]
                villages[up] += [village for village in along if self.open[village]]

    def _lay(self, units: Iterable[str], villages: Sequence[str]) -> None:
        """Lay shares along villages in a row, after those that fit just."""
        alike: dict[int, list[str]] = defaultdict(list)
        for village in reversed(villages):
            alike[self.open[village]].append(village)
        for unit in units:
            if alike.get(self.rest[unit]):
                self._put(unit, alike[self.rest[unit]].pop(), self.rest[unit])
        row = [village for village in reversed(villages) if self.open[village]]
        for unit in units:
            while self.rest[unit] and row:
                self._put(unit, row[-1], min(self.rest[unit], self.open[row[-1]]))
                if not self.open[row[-1]]:
                    row.pop()

    def _add_to_gathered(self) -> None:
        """Let the gathered units of a village carry what nobody else may."""
        units: dict[str, list[str]] = defaultdict(list)
        for link in self.loads:
            units[link.village].append(link.unit)
        for village, load in self.open.items():
            if load and village in units:
                for unit, more in apportion(load, {unit: self.weights[unit] for unit in units[village]}).items():
                    self._put(unit, village, more)

    def _attach(self) -> None:
        """Link units that are left without any share to the village that has most households for each link."""
        count = Counter(link.village for link in self.loads)
        done = {link.unit for link in self.loads}
        alone = [unit for unit in self.free if unit not in done]
        if not alone:
            return

        def place(village: str) -> tuple[object, ...]:
            return Fraction(-self.day.loads[village], 1 + count[village]), village

        choice = Choice(Nest(self.day.roster.areas, self.reach.values()), self.open, place)
        for unit in alone:
            first = choice.first(self.reach[unit])
            if first is not None:
                count[first] += 1
                self.loads[Link(unit, first)] = 0


def fewest_links(day: Day, units: Iterable[str], gathered: Sequence[str]) -> int:
    """Return how many links there must be: one for each unit, and more for the villages that these cannot reach.

    Only villages count where a unit may go that is not gathered, since another may have to stay without a link, and
    none that a unit from beyond is linked to already.
    """
    units = list(units)
    count = Counter(day.reach(unit) for unit in units)
    nest = Nest(day.roster.areas, count)
    free = Nest(day.roster.areas, [day.reach(unit) for unit in units if day.roster.unit(unit).level not in gathered])
    some = nest.totals(day.loads)
    beyond = {link.village for link in day.roster.links if not day.within(link)}
    counted = [village for village in day.loads if free.around(village) is not None and village not in beyond]
    left = nest.totals(dict.fromkeys(counted, 1))
    links = 0
    for area in nest.upwards():
        above = nest.parents[area]
        links += count[area] if some.get(area) else 0
        more = max(0, left.get(area, 0) - count[area])
        if above is None:
            links += more
        else:
            left[above] = left.get(above, 0) + more
            some[above] = some.get(above, 0) + some.get(area, 0)
    return links


class Leading:
    """Gives leaders their counties, and a village in one of them."""

    def __init__(self, day: Day, rules: Sequence[LeaderRule]) -> None:
        self.day = day
        self.links: list[OwnLink] = []
        self.idle: list[tuple[str, str]] = []
        self.counties: dict[str, list[str]] = {}
        areas = day.roster.areas
        self._in: dict[str, list[str]] = defaultdict(list)
        for village in day.loads:
            county = areas.at(village, "county")
            if county is not None and day.listed[village]:
                self._in[county].append(village)
        totals = {county: sum(day.loads[village] for village in inside) for county, inside in self._in.items()}
        hard = {
            county: Fraction(sum(day.difficulty[village] for village in inside), totals[county])
            for county, inside in self._in.items()
        }
        order = {rate: place for place, rate in enumerate(sorted(set(hard.values())), 1)}
        self._order = {county: order[rate] for county, rate in hard.items()}
        wanted: dict[str, int] = {}
        leaders: dict[int, list[Helper]] = {n: [] for n in range(len(rules))}
        for leader in day.helpers(lambda helper: any(rule.fits(helper) for rule in rules)):
            leaders[next(n for n, rule in enumerate(rules) if rule.fits(leader))].append(leader)
        for n, rule in enumerate(rules):
            wanted.update((leader.id, rule.households) for leader in leaders[n])
            self._give_counties(leaders[n], rule)
        self._give_villages(wanted)

    def _give_counties(self, leaders: Sequence[Helper], rule: LeaderRule) -> None:
        """Give leaders counties: as many counties as possible one, then evenly, then the harder to the higher ranks.

        Exact, by a flow whose costs are compared from the left: floors of leaders and counties without a leader,
        squares of the numbers of leaders, squares of those of counties, and rank × place in the order of hardness.
        """
        day, areas, order = self.day, self.day.roster.areas, sorted(self._in)
        enough = [c for c in order if any(day.listed[v] >= rule.households for v in self._in[c])]
        column = {county: n for n, county in enumerate(order)}
        held: Counter[str] = Counter()
        alike: dict[tuple[int, str, tuple[str, ...]], list[int]] = {}
        for n, leader in enumerate(leaders):
            own = {areas.at(area, "county") for area in day.roster.own_areas(leader.id)}
            mine = self.counties[leader.id] = sorted(county for county in own if county is not None)
            held.update(mine)
            seat = day.roster.unit(leader.unit).area
            alike.setdefault((day.height(leader), areas.at(seat, "county") or seat, tuple(mine)), []).append(n)
        arcs, costs, left, right = [], [], [], []
        for at, ((height, within, has), members) in enumerate(alike.items()):
            inside = {within, *areas.under(within)}
            may = [county for county in enough if county not in has and county in inside]
            arcs += [(at, column[county]) for county in may]
            costs += [(0, 0, 0, -height * self._order[county]) for county in may]
            floor, most = rule.counties.floor, len(may) + len(has)
            ceiling = most if rule.counties.ceiling is None else min(most, rule.counties.ceiling)
            each = [(-(k <= floor), 2 * k - 1, 0, 0) for k in range(len(has) + 1, ceiling + 1)]
            left.append(Peers(tuple(members), schedule(each, len(members))))
        for at, county in enumerate(order):
            each = [(-(k == 1), 0, 2 * k - 1, 0) for k in range(held[county] + 1, held[county] + len(leaders) + 1)]
            right.append(Peers((at,), schedule(each, 1)))
        if arcs:
            for n, at in deal(left, right, arcs, solve(left, right, arcs, costs, 4).flows):
                self.counties[leaders[n].id].append(order[at])
        for leader in leaders:
            self.links += [OwnLink(leader.id, county) for county in sorted(self.counties[leader.id])]
            if not self.counties[leader.id]:
                self.idle.append((leader.id, NO_COUNTY))

    def _give_villages(self, wanted: Mapping[str, int]) -> None:
        """Give each leader a village in one of the counties: the sum of rank × hardness is the largest possible.

        Exact, by `match`.  Of a county only as many of the hardest villages are looked at as leaders may want one
        there, as each has room for one; a village has room for as many as its households allow by the greatest number
        that a leader wants there.
        """
        day = self.day
        taken: Counter[str] = Counter()
        seeking: dict[str, list[str]] = defaultdict(list)
        for leader, households in wanted.items():
            own = day.roster.own_villages(leader)
            taken.update(dict.fromkeys(own, households))
            for county in self.counties[leader] if not own else ():
                seeking[county].append(leader)
        rooms: dict[str, int] = {}
        choices: dict[str, list[str]] = {}
        for county, leaders in seeking.items():
            most = max(1, *(wanted[leader] for leader in leaders))
            room = {village: (day.listed[village] - taken[village]) // most for village in self._in[county]}
            fine = [village for village in room if room[village] > 0]
            choices[county] = sorted(fine, key=lambda village: (-day.hardness(village), village))[: len(leaders)]
            rooms.update((village, room[village]) for village in choices[county])
        scale = lcm(*(day.hardness(village).denominator for village in rooms))
        worth = {village: int(day.hardness(village) * scale) for village in rooms}
        height = {leader: day.height(day.roster.helper(leader)) for leader in wanted}
        pairs = {
            (leader, village): height[leader] * worth[village]
            for county, leaders in seeking.items()
            for leader in leaders
            for village in choices[county]
        }
        seekers = sorted({leader for leaders in seeking.values() for leader in leaders})
        found = match(
            dict.fromkeys(seekers, Quota(1, 1)), {village: Quota(0, room) for village, room in rooms.items()}, pairs
        )
        self.links += [OwnLink(leader, village) for leader, village in found.pairs]
        housed = {leader for leader, _ in found.pairs}
        self.idle += [(leader, NO_ROOM) for leader in seekers if leader not in housed]


def team_villages(day: Day, rules: LinkingRules) -> tuple[list[OwnLink], list[tuple[str, str]]]:
    """Give teams whole villages of their own: the new links, and the teams that can have none.

    Where there are more teams than villages, each takes one, that with the most households for each team.
    """
    if not rules.teams:
        return [], []
    teams = {team.id: team for team in day.helpers(lambda helper: helper.kind in rules.teams)}
    hardness = {village: day.hardness(village) for village in day.loads}
    own = day.owners(day.roster.own_links)
    count = Counter(village for id in teams for village in own.get(id, ()))
    reach = {id: day.reach(team.unit) for id, team in teams.items()}
    nest = Nest(day.roster.areas, reach.values())
    within = nest.totals({village: 1 for village in day.loads if not count[village]})
    crowd = crowds(nest.parents, within, Counter(reach[id] for id in teams if id not in own))
    claims = {
        id: Claim(reach[id], team.members, len(own.get(id, ())), int(id not in own))
        for id, team in teams.items()
        if reach[id] not in crowd
    }
    open_within = {area: n for area, n in within.items() if area not in crowd}
    numbers = apportion_nested(nest.parents, open_within, claims, rules.method)
    numbers.update((id, int(id not in own)) for id in teams if reach[id] in crowd)
    pools: dict[str, list[str]] = defaultdict(list)
    for id in sorted(teams, key=lambda id: (-day.height(teams[id]), day.depth(teams[id].unit), id)):
        pools[reach[id]].append(id)
    inside: dict[str | None, list[str]] = defaultdict(list)
    for village in day.loads:
        if not count[village]:
            inside[nest.around(village)].append(village)

    def place(village: str) -> tuple[object, ...]:
        return count[village] > 0, Fraction(-day.loads[village], 2 * count[village] + 1), village

    choice = Choice(nest, day.loads if crowd else (), place)
    links: list[OwnLink] = []
    for area in nest.upwards():
        pool = [id for id in pools[area] for _ in range(numbers[id])]
        if area in crowd:
            slots = []
            for _ in pool:
                first = choice.first(area)
                if first is not None:
                    count[first] += 1
                    slots.append(first)
        else:
            easiest = sorted(inside[area], key=lambda village: (hardness[village], village))
            slots = easiest[: len(pool)]
            inside[nest.parents[area]] += easiest[len(pool) :]
        slots.sort(key=lambda village: (-hardness[village], village))
        links += map(OwnLink, pool, slots)
    busy = {link.helper for link in links}
    return links, [(id, NO_VILLAGE) for id in sorted(teams) if id not in busy and id not in own]
