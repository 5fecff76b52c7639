"""What would have to be relaxed, and by how much, so that nobody is short: the cheapest repair, exactly.

An exception is one household more than a helper's ceiling, one helper more than a household's ceiling, or one pair
outside the links.  The fewest exceptions are a minimum-cost flow: ceilings yield at a cost, and everybody reaches
everybody of the same role through a hub, at a cost.  The hub forgets who is who; so what went through it is dealt out
to pairs that may be made, and where that cannot be done, households leave the hub for arcs of their own.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from attrs import evolve, field, frozen

from pairing.classes import Peers, Vector, deal, flow
from pairing.errors import key
from pairing.markup import html_lines, html_page
from pairing.network import circulate
from pairing.owing import Quotas
from pairing.people import Pairing
from pairing.proof import Shortfall
from pairing.terms import Place, Terms
from pairing.worth import counted

__all__ = ["Excess", "Relaxation", "Repair", "repaired"]


@frozen
class Excess:
    """By how many partners somebody is above the ceiling, or short, in a role.

    >>> Excess("c-17", "lead", 2)
    Excess(id='c-17', role='lead', more=2)
    """

    id: str = field(repr=key)
    role: str
    more: int


@frozen(repr=False)
class Relaxation:
    """What mends one shortfall, of a repair that mends all: ceilings to exceed, and pairs outside the links.

    - `helpers`, `households`: whose ceilings.
    - `links`: unit, village, and how many pairs between the two.
    """

    shortfall: Shortfall
    helpers: tuple[Excess, ...]
    households: tuple[Excess, ...]
    links: tuple[tuple[str, str, int], ...]

    def __repr__(self) -> str:
        ceilings = ", ".join(f"{key(excess.id)} +{excess.more}" for excess in (*self.helpers, *self.households))
        links = ", ".join(f"{unit}-{village}: {pairs}" for unit, village, pairs in self.links)
        return f"Relaxation({'; '.join(part for part in (ceilings, links) if part) or 'nothing'})"


@frozen(repr=False)
class Repair:
    """The fewest exceptions after which nobody is short; of as many, those with the fewest pairs outside the links.

    - `helpers`, `households`: whose ceilings are exceeded, and by how much.
    - `pairs`: the pairs outside the links, by id of helper and household; `links` sums them up by unit and village.
    - `left`: who is short still, and by how much, as there are too few with whom a pair could be made at all.
    - `relaxations`: the same for each shortfall; an exception may serve several.
    """

    helpers: tuple[Excess, ...] = ()
    households: tuple[Excess, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, int], ...] = ()
    left: tuple[Excess, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    text: str = field(default="", eq=False)

    @property
    def exceptions(self) -> int:
        """How many exceptions there are."""
        return _sum((*self.helpers, *self.households)) + len(self.pairs)

    def __repr__(self) -> str:
        return (
            f"Repair({counted(self.exceptions, 'exception')}: {_sum(self.helpers)} above ceilings of helpers, "
            f"{_sum(self.households)} above ceilings of households, {len(self.pairs)} outside the links)"
        )

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return html_page(html_lines(self.text))


def _sum(excesses: Iterable[Excess]) -> int:
    return sum(excess.more for excess in excesses)


def repaired(terms: Terms, shortfalls: Sequence[Shortfall], book: Sequence[Pairing]) -> Repair:
    """Return the cheapest repair of shortfalls under the terms of a day."""
    found = _Found(terms)
    for role in terms.policy.roles:
        mine = [shortfall for shortfall in shortfalls if shortfall.role == role]
        if mine:
            _Role(terms, role, mine, book).solve(found)
    return found.repair(shortfalls)


class _Found:
    """Gathers what is to be relaxed, role by role."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.excesses: tuple[list[Excess], list[Excess]] = ([], [])
        self.pairs: list[tuple[str, str]] = []
        self.left: list[Excess] = []

    def repair(self, shortfalls: Sequence[Shortfall]) -> Repair:
        """Return the repair."""
        helpers, households, left = (tuple(sorted(them, key=_by_id)) for them in (*self.excesses, self.left))
        made = Repair(helpers, households, tuple(sorted(self.pairs)), self._links(sorted(self.pairs)), left)
        relaxations = [self._relaxation(made, shortfall) for shortfall in shortfalls]
        aside = tuple(
            {*them} - {excess for relaxation in relaxations for excess in (*relaxation.helpers, *relaxation.households)}
            for them in (helpers, households)
        )
        if any(aside):  # somebody makes way for a pair outside the links
            relaxations = [self._with(relaxation, aside) for relaxation in relaxations]
        return evolve(made, relaxations=tuple(relaxations), text=_page(list(_lines(self.terms, made))))

    def _links(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
        roster = self.terms.roster
        ends = Counter((roster.helper(h).unit, roster.household(one).village) for h, one in pairs)
        return tuple((unit, village, ends[unit, village]) for unit, village in sorted(ends))

    def _relaxation(self, made: Repair, shortfall: Shortfall) -> Relaxation:
        """Return what stands in the proof of a shortfall, and the far ends of its pairs outside the links."""
        side = 0 if shortfall.side == "helpers" else 1
        needing = set(shortfall.needing)
        pairs = [pair for pair in made.pairs if pair[side] in needing]
        ids: tuple[set[str], set[str]] = ({h for h, _ in pairs}, {one for _, one in pairs})
        ids[1 - side].update(shortfall.holding)
        helpers, households = (
            tuple(excess for excess in them if excess.id in those and excess.role == shortfall.role)
            for them, those in zip((made.helpers, made.households), ids, strict=True)
        )
        return Relaxation(shortfall, helpers, households, self._links(pairs))

    def _with(self, relaxation: Relaxation, aside: Sequence[Collection[Excess]]) -> Relaxation:
        """Return a relaxation that needs pairs outside the links with those who make way for them."""
        if not relaxation.links:
            return relaxation
        helpers, households = (
            tuple(sorted({*them, *(excess for excess in more if excess.role == relaxation.shortfall.role)}, key=_by_id))
            for them, more in zip((relaxation.helpers, relaxation.households), aside, strict=True)
        )
        return evolve(relaxation, helpers=helpers, households=households)


def _by_id(excess: Excess) -> tuple[str, str]:
    return excess.id, excess.role


def _page(lines: Sequence[str], most: int = 40) -> str:
    return "\n".join([*lines[:most], *([f"- … and {len(lines) - most:,} more"] if len(lines) > most else [])])


def _lines(terms: Terms, made: Repair) -> Iterator[str]:
    roster, several = terms.roster, len(terms.policy.roles) > 1

    def role(excess: Excess) -> str:
        return f" in the role {excess.role}" if several else ""

    if not made.exceptions and not made.left:
        yield "nobody is short: there is nothing to repair"
        return
    still = _sum(made.left)
    after = "nobody is short" if not still else f"{counted(still, 'partner')} {'is' if still == 1 else 'are'} missing"
    if made.exceptions:
        yield f"the cheapest repair: {counted(made.exceptions, 'exception')}, after which {after}"
    else:
        yield f"no exception repairs it: {after}"
    for one in made.helpers:
        unit = roster.unit(roster.helper(one.id).unit)
        more = counted(one.more, "household")
        yield f"- helper {one.id} of unit {unit.name or unit.id}: {more} above the ceiling{role(one)}"
    for one in made.households:
        village = roster.areas[roster.household(one.id).village]
        more = counted(one.more, "helper")
        yield f"- household {one.id} in village {village.name or village.code}: {more} above the ceiling{role(one)}"
    for unit_id, code, pairs in made.links:
        names = roster.unit(unit_id).name or unit_id, roster.areas[code].name or code
        yield f"- unit {names[0]} and village {names[1]}: {counted(pairs, 'pair')} outside the links"
    for one in made.left:
        yield f"- {one.id} stays short of {one.more:,}{role(one)}: there are too few for a pair"


_Cell = tuple[int, int]


class _Role:
    """The flow of one role, with ceilings that yield and, where they are needed, pairs outside the links."""

    def __init__(self, terms: Terms, role: str, shortfalls: Sequence[Shortfall], book: Sequence[Pairing]) -> None:
        self.terms = terms
        self.book = book
        sides = {shortfall.side for shortfall in shortfalls}
        # With one side short for want of room alone, each exception mends one floor, and ceilings are enough.
        self.beyond = len(sides) > 1 or any(shortfall.unlinked for shortfall in shortfalls)
        homes = None if self.beyond else self._homes(shortfalls)
        self.places: list[list[Place]] = []
        for side, places in enumerate((terms.helper_places, terms.slot_places)):
            those = (p for p in places if p.role == role and (homes is None or p.home in homes[side]))
            self.places.append(self._merged(side, those))
        self.due = tuple(sum(p.floor * len(p.members) for p in places) for places in self.places)
        first = 0 if terms.policy.aims[0] == "floors" else 1
        self.peers = [
            [self._peers(side, place, 0 if side == first else 1) for place in places]
            for side, places in enumerate(self.places)
        ]

    def _homes(self, shortfalls: Sequence[Shortfall]) -> tuple[set[int], set[int]]:
        """Return the homes of those whom links hold together with anybody short."""
        terms, ids = self.terms, (set[str](), set[str]())
        for shortfall in shortfalls:
            ids[0 if shortfall.side == "helpers" else 1].update(id for id, _ in shortfall.short)
        homes: tuple[set[int], set[int]] = (
            {p.home for p in terms.helper_places if any(terms.roster.helpers[n].id in ids[0] for n in p.members)},
            {p.home for p in terms.slot_places if any(terms.household(m).id in ids[1] for m in p.members)},
        )
        back: dict[int, list[int]] = {}
        for home, row in terms.links.items():
            for there in row:
                back.setdefault(there, []).append(home)
        todo = [(side, home) for side in (0, 1) for home in sorted(homes[side])]
        for side, home in todo:
            for other in terms.links.get(home, ()) if side == 0 else back.get(home, ()):
                if other not in homes[1 - side]:
                    homes[1 - side].add(other)
                    todo.append((1 - side, other))
        return homes

    @cached_property
    def excluded(self) -> frozenset[tuple[str, str]]:
        """The pairs that are never made, as ids: excluded by name, or made in earlier years that a quota counts."""
        terms = self.terms
        by_name = {(pair.helper, pair.household) for pair in terms.roster.named if pair.rule == "excluded"}
        return frozenset(by_name | Quotas(terms.policy, terms.roster, terms.on, self.book).barred)

    @cached_property
    def alone(self) -> tuple[frozenset[int], frozenset[int]]:
        """Helpers and slots about whom it is laid down with whom they are not to be paired, or are already."""
        terms, roles = self.terms, len(self.terms.policy.roles)
        never = [(n, m) for n, row in terms.named.items() for m, said in row.items() if said is None]
        ids = {h for h, _ in self.excluded}, {one for _, one in self.excluded}
        helpers = (
            {n for place in terms.helper_places for n in place.members if terms.roster.helpers[n].id in ids[0]}
            if ids[0]
            else set()
        )
        households = {at for at, one in enumerate(terms.roster.households) if one.id in ids[1]} if ids[1] else set()
        slots = {at * roles + role for at in households for role in range(roles)}
        return frozenset(helpers.union(n for n, _ in never)), frozenset(slots.union(m for _, m in never))

    def _merged(self, side: int, places: Iterable[Place]) -> list[Place]:
        """Return places anew: only whom something forbids stands alone, as preferences do not count here."""
        found: dict[tuple[object, ...], Place] = {}
        for place in places:
            apart = place.members[0] if len(place.members) == 1 and place.members[0] in self.alone[side] else -1
            alike = (place.home, place.quota, place.held, place.soft, apart)
            known = found.get(alike)
            found[alike] = place._replace(members=known.members + place.members) if known else place
        return list(found.values())

    def _peers(self, side: int, place: Place, at: int) -> Peers:
        """Return a class whose members may have more than their ceiling, each further one as an exception.

        A cost has a place for the floors of each side, for exceptions, for pairs outside the links, and for pairs.
        """
        most = place.floor + self.due[1 - side]
        ceiling = None if place.soft else place.quota.ceiling
        room = most if ceiling is None else min(most, max(0, ceiling - place.held))
        pairs = 1 - side
        met = (-1, 0, 0, 0, pairs) if at == 0 else (0, -1, 0, 0, pairs)
        steps = ((met, place.floor), ((0, 0, 0, 0, pairs), room - place.floor), ((0, 0, 1, 0, pairs), most - room))
        members = tuple(sorted(place.members))
        return Peers(members, tuple((cost, each * len(members)) for cost, each in steps if each > 0))

    def solve(self, found: "_Found") -> None:
        """Find the flow, and add what it relaxes."""
        apart: set[int] = set()
        while (flows := self._attempt(apart)) is None:
            pass
        cells = sorted(flows)
        terms = self.terms
        had = [Counter({i: place.held for place in places for i in place.members}) for places in self.places]
        for cell, (n, m) in self._dealt(cells, [flows[cell] for cell in cells]):
            had[0][n] += 1
            had[1][m] += 1
            if cell not in self._inside:
                found.pairs.append((terms.roster.helpers[n].id, terms.household(m).id))
        for side, places in enumerate(self.places):
            for place in places:
                for i in place.members:
                    id = terms.roster.helpers[i].id if side == 0 else terms.household(i).id
                    if place.soft:
                        continue
                    if place.quota.ceiling is not None and had[side][i] > place.quota.ceiling:
                        found.excesses[side].append(Excess(id, place.role, had[side][i] - place.quota.ceiling))
                    if had[side][i] < place.quota.floor:
                        found.left.append(Excess(id, place.role, place.quota.floor - had[side][i]))

    def _dealt(self, cells: Sequence[_Cell], flows: Sequence[int]) -> Iterator[tuple[_Cell, tuple[int, int]]]:
        """Deal the classes out to persons; yield the pairs, each with its cell."""
        of_cell = (cell for cell, amount in zip(cells, flows, strict=True) for _ in range(amount))
        yield from zip(of_cell, deal(self.peers[0], self.peers[1], cells, flows), strict=True)

    @cached_property
    def _inside(self) -> frozenset[_Cell]:
        """The allowed pairs of classes within the links."""
        at_home: dict[int, list[int]] = {}
        for b, place in enumerate(self.places[1]):
            at_home.setdefault(place.home, []).append(b)
        found = set()
        for a, place in enumerate(self.places[0]):
            row = self.terms.named.get(place.members[0], {}) if place.members[0] in self.alone[0] else {}
            for there in self.terms.links.get(place.home, ()):
                for b in at_home.get(there, ()):
                    other = self.places[1][b]
                    if row.get(other.members[0], ()) is not None:
                        found.add((a, b))
        return frozenset(found)

    def _attempt(self, apart: set[int]) -> dict[_Cell, int] | None:
        """Solve with a hub for pairs outside the links; or, where that cannot be realised, set more slots apart."""
        left, right = self.peers
        mine = [a for a, peers in enumerate(left) if peers.costs]
        theirs = [b for b, peers in enumerate(right) if peers.costs]
        here, there = ({a: n for n, a in enumerate(those)} for those in (mine, theirs))
        cells = [cell for cell in sorted(self._inside) if cell[0] in here and cell[1] in there]
        costs: list[Vector] = [(0, 0, 0, 0, 0)] * len(cells)
        own = [(a, b) for b in sorted(apart) for a in mine if b in there and self._may(a, b)]
        cells += own
        costs += [(0, 0, 1, 1, 0)] * len(own)
        rooms: list[int | None] = [len(left[a].members) * len(right[b].members) for a, b in cells]
        hub, first = len(mine), len(mine) + 1
        tails, heads = [here[a] for a, _ in cells], [first + there[b] for _, b in cells]
        through = [b for b in theirs if b not in apart] if self.beyond and mine else []
        if through:
            tails += [*range(len(mine)), *[hub] * len(through)]
            heads += [*[hub] * len(mine), *(first + there[b] for b in through)]
            rooms += [None] * (len(mine) + len(through))
            costs += [(0, 0, 1, 1, 0)] * len(mine) + [(0, 0, 0, 0, 0)] * len(through)
        if not tails:
            return {}
        flows, _ = flow([*(left[a] for a in mine), None], [right[b] for b in theirs], tails, heads, rooms, costs)
        found = {cell: amount for cell, amount in zip(cells, flows, strict=False) if amount}
        at = len(cells)
        gives = {a: amount for a, amount in zip(mine, flows[at:], strict=False) if amount and through}
        gets = {b: amount for b, amount in zip(through, flows[at + len(mine) :], strict=False) if amount}
        made = self._realised(gives, gets)
        had: Counter[int] = Counter()
        for (_, b), amount in made.items():
            had[b] += amount
        failed = {b for b, amount in gets.items() if had[b] < amount}
        if failed:
            apart |= failed
            return None
        return found | made

    def _realised(self, gives: dict[int, int], gets: dict[int, int]) -> dict[_Cell, int]:
        """Return as much as can be had of what went through the hub, each pair once, none within the links."""
        cells = [(a, b) for a in gives for b in gets if self._may(a, b)]
        if not cells:
            return {}
        here = {a: n for n, a in enumerate(gives, 1)}
        there = {b: n for n, b in enumerate(gets, 1 + len(gives))}
        flows, _ = circulate(
            1 + len(gives) + len(gets),
            [0] * len(gives) + [here[a] for a, _ in cells] + list(there.values()),
            list(here.values()) + [there[b] for _, b in cells] + [0] * len(gets),
            [
                *gives.values(),
                *(len(self.peers[0][a].members) * len(self.peers[1][b].members) for a, b in cells),
                *gets.values(),
            ],
            [-1] * len(gives) + [0] * (len(cells) + len(gets)),
        )
        return {cell: amount for cell, amount in zip(cells, flows[len(gives) :], strict=False) if amount}

    def _may(self, a: int, b: int) -> bool:
        """Whether people of two classes may be paired outside the links."""
        terms, one, other = self.terms, self.places[0][a], self.places[1][b]
        helper, household = terms.roster.helpers[one.members[0]], terms.household(other.members[0])
        if household.village in terms.roster.may_go_to(helper):
            return False
        if one.members[0] in self.alone[0] and (helper.id, household.id) in self.excluded:
            return False
        return self._scored(one.home, other.home, one.members[0], other.members[0])

    def _scored(self, here: int, there: int, n: int, m: int) -> bool:
        """Whether no criterion excludes the people of two homes."""
        terms = self.terms
        if not terms.policy.criteria:
            return True
        known = self._known
        if (here, there) not in known:
            helper, household = terms.roster.helpers[n], terms.household(m)
            unit, village = terms.roster.unit(helper.unit), terms.roster.areas[household.village]
            known[here, there] = not any(
                criterion.score(
                    criterion.helper(helper),
                    criterion.household(household),
                    *([criterion.link(unit, village)] if criterion.link is not None else []),
                )
                is None
                for criterion in terms.policy.criteria
            )
        return known[here, there]

    @cached_property
    def _known(self) -> dict[tuple[int, int], bool]:
        return {}
