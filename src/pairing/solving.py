"""From the terms of a day to the answer: one county after the other, classes, flow, and at last the persons.

Whoever has pairs of their own (named ones, or those of the book) is not interchangeable and is a class alone.  In a
county where many are, arcs between all of them would be too many; so such people reach the others through the hub of
their home.  A hub forgets who is who, and might make a pair twice: so the flow through hubs is a relaxation.  It is
then realised person by person (a flow among those whom it leaves unsettled, over pairs that the potentials allow);
where that cannot be done, the homes concerned get arcs of their own, and the county is solved again.  Either way the
potentials prove the answer optimal, person by person.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from attrs import frozen

from pairing.classes import Peers, Vector, deal, flow, schedule, tight_sets
from pairing.network import circulate
from pairing.people import Pairing
from pairing.proof import Certificate, Shortfall
from pairing.sentences import Sentences
from pairing.terms import Place, Terms

__all__ = ["Answer", "answer"]


@frozen
class Answer:
    """Who is paired with whom under some terms, what is short and why, and the potentials that prove it."""

    pairings: tuple[Pairing, ...]
    shortfalls: tuple[Shortfall, ...]
    certificate: Certificate


def answer(terms: Terms, progress: Callable[[int, int], None] | None = None) -> Answer:
    """Return the best pairings under the terms of a day, exactly; see `pairing.proposing.pair` for what is best."""
    sentences = Sentences(terms)
    width = max(1, len(terms.roster.households) * len(terms.policy.roles))
    codes: list[int] = []
    potentials: tuple[dict[int, Vector], dict[int, Vector]] = ({}, {})
    short: list[Shortfall] = []
    near = [household.hamlet for household in terms.roster.households]
    counties = list(_counties(terms))
    for done, places in enumerate(counties, 1):
        county = _County(terms, places, near)
        county.solve()
        codes += [n * width + m for n, m in county.pairs()]
        for side, those in zip(potentials, county.potentials(), strict=True):
            side.update(those)
        short += county.shortfalls(sentences)
        if progress is not None:
            progress(done, len(counties))
    codes += [n * width + m for n, m in terms.locked]
    codes.sort()
    short.sort(key=lambda shortfall: shortfall.side, reverse=True)  # those of households first
    return Answer(
        _pairings(terms, [code // width for code in codes], [code % width for code in codes]),
        tuple(short),
        Certificate(terms.places, *(dict(sorted(side.items())) for side in potentials)),
    )


def _counties(terms: Terms) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of helpers and of slots that links hold together, in order of the first place of helpers."""
    joined: dict[int, int] = {}  # union-find over the homes of helpers

    def find(a: int) -> int:
        while joined[a] != a:
            joined[a] = a = joined[joined[a]]
        return a

    label: dict[int, int] = {}  # of a home of slots: the home of helpers that met it last
    for here, row in terms.links.items():
        joined[here] = here
        for other in {find(a) for a in set(map(label.get, row)) if a is not None}:
            joined[other] = here
        label.update(dict.fromkeys(row, here))
    parts: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
    for n, place in enumerate(terms.helper_places):
        root = ("linked", find(place.home)) if place.home in joined else ("helpers", place.home)
        parts.setdefault(root, ([], []))[0].append(n)
    for m, place in enumerate(terms.slot_places):
        root = ("linked", find(label[place.home])) if place.home in label else ("slots", place.home)
        parts.setdefault(root, ([], []))[1].append(m)
    yield from parts.values()


class _Side:
    """The classes of one side of a county: people under the same quota with the same links are of one class."""

    def __init__(
        self,
        places: Sequence[Place],
        those: Sequence[int],
        alone: Container[int],
        links: Mapping[int, Mapping[int, int]],
    ) -> None:
        profiles: dict[int, int] = {}  # of a home: the number of what it is linked to, at which scores
        numbers_of: dict[tuple[tuple[int, int], ...], int] = {}
        by_terms: dict[tuple[object, ...], list[int]] = {}
        for n in those:
            place = places[n]
            home = place.home
            if home not in profiles:  # who has no links shares no bottleneck
                row = tuple(links.get(home, {}).items())
                profiles[home] = numbers_of.setdefault(row, len(numbers_of)) if row else -1 - home
            if len(place.members) == 1 and place.members[0] in alone:
                by_terms[(n,)] = [n]
            else:
                alike = (profiles[home], place.role, place.quota, place.held, place.soft)
                by_terms.setdefault(alike, []).append(n)
        self.numbers = list(by_terms.values())  # of the places of each class
        self.places = [places[numbers[0]] for numbers in self.numbers]  # one for each class
        self.members = [[places[n].members for n in numbers] for numbers in self.numbers]
        self.peers: list[Peers] = []
        self.at_home: dict[int, list[int]] = {}  # classes of those who are interchangeable, by home
        self.alone_at: dict[int, list[int]] = {}  # classes of those who stand alone, by home
        self.person: dict[int, int] = {}  # who stands alone in a class
        self.class_of: dict[int, int] = {}  # and the other way
        for a, numbers in enumerate(self.numbers):
            first = self.places[a]
            if len(first.members) == 1 and first.members[0] in alone:
                self.alone_at.setdefault(first.home, []).append(a)
                self.person[a] = first.members[0]
                self.class_of[first.members[0]] = a
            else:
                for home in dict.fromkeys(places[n].home for n in numbers):
                    self.at_home.setdefault(home, []).append(a)

    def live(self, those: Iterable[int]) -> list[int]:
        """Return those of the classes that have room."""
        return [a for a in those if self.peers[a].costs]

    def due(self, a: int) -> int:
        """Return what the floors of a class still ask for."""
        return self.places[a].floor * len(self.peers[a].members)


_Cell = tuple[int, int]


class _County:
    """People whom links hold together: their classes, the flow between them, and what follows from it."""

    def __init__(self, terms: Terms, places: tuple[list[int], list[int]], near: Sequence[str]) -> None:
        self.terms = terms
        self.links = {h: terms.links[h] for n in places[0] if (h := terms.helper_places[n].home) in terms.links}
        self.back: dict[int, dict[int, int]] = {}
        for home, row in self.links.items():
            for there, score in row.items():
                self.back.setdefault(there, {})[home] = score
        self.left = _Side(terms.helper_places, places[0], terms.named, self.links)
        self.right = _Side(terms.slot_places, places[1], terms.named_slots, self.back)
        scores = {score for row in self.links.values() for score in row.values()}
        self.price = {score: terms.pair_cost(score) for score in scores}
        self.named: dict[_Cell, Vector | None] = {}
        for a, n in self.left.person.items():
            for m, said in terms.named[n].items():
                if m in self.right.class_of:
                    self.named[a, self.right.class_of[m]] = None if said is None else terms.pair_cost(*said)
        self.left.peers = [
            Peers(tuple(sorted(chain.from_iterable(members))), self._schedule(terms.helper_costs, place, members))
            for place, members in zip(self.left.places, self.left.members, strict=True)
        ]
        roles = len(terms.policy.roles)

        def hamlet(m: int) -> str:
            return near[m // roles]

        # A class is dealt out in runs: so whoever lives near each other stands side by side.  A heuristic for helpers'
        # households in one hamlet, which costs no aim anything.
        self.right.peers = [
            Peers(
                tuple(chain.from_iterable(sorted(those, key=hamlet) for those in members)),
                self._schedule(terms.slot_costs, place, members),
            )
            for place, members in zip(self.right.places, self.right.members, strict=True)
        ]
        self.cells: list[_Cell] = []
        self.flows: list[int] = []
        self.found: tuple[dict[int, Vector], dict[int, Vector]] = ({}, {})

    def _schedule(
        self, costs: Callable[[Place], tuple[Vector, ...]], place: Place, members: Sequence[Sequence[int]]
    ) -> tuple[tuple[Vector, int], ...]:
        shape = (costs.__name__, place.quota, place.held, place.room, place.soft)
        known = self.terms.known_costs
        if shape not in known:
            known[shape] = costs(place)
        return schedule(known[shape], sum(map(len, members)))

    def solve(self) -> None:
        """Find the best flow; where households are short, again, each household with its own place in the order.

        The sets of households that can be covered form a matroid, so the greedy order and the greatest sum of falling
        weights are one (Edmonds, 1971); and a helper more never uncovers anybody (Shapley, 1962).
        """
        self._flow()
        if any(place.floor for place in self.right.places) and self._short(1):
            self.right.peers = [
                self._ordered(peers, place) for peers, place in zip(self.right.peers, self.right.places, strict=True)
            ]
            self._flow()

    def _ordered(self, peers: Peers, place: Place) -> Peers:
        """Return a class whose members each have their own cost up to the floor, the first in the order first."""
        members = sorted(peers.members, key=lambda m: (-self.terms.household(m).difficulty, m))
        each = list(self.terms.ordered_costs(place._replace(members=tuple(members))))
        costs: list[tuple[Vector, int]] = []
        for k in range(place.room):
            costs += [(cost[k], 1) for cost in each] if k < place.floor else [(each[0][k], len(members))]
        return Peers(tuple(members), tuple(costs))

    def _flow(self) -> None:
        apart: tuple[set[int], set[int]] = (set(), set())  # homes whose people get arcs of their own
        while not self._attempt(apart):
            pass

    def _attempt(self, apart: tuple[set[int], set[int]]) -> bool:
        """Solve with hubs for those who stand alone, and realise it; or, where that fails, set more homes apart."""
        network = _Network(self, apart)
        self.found = network.potentials
        self.cells, self.flows = network.cells, network.flows
        if not any(network.through[0].values()):
            return True
        more = _realised(self, network)
        given = (Counter[int](), Counter[int]())
        for (a, b), amount in more.items():
            given[0][a] += amount
            given[1][b] += amount
        if given[0] == +network.through[0] and given[1] == +network.through[1]:
            cells = dict(zip(self.cells, self.flows, strict=True))
            for cell, amount in more.items():
                cells[cell] = cells.get(cell, 0) + amount
            self.cells = sorted(cells)
            self.flows = [cells[cell] for cell in self.cells]
            return True
        fresh = False
        for side, kin in ((0, self.left), (1, self.right)):
            for a, amount in network.through[side].items():
                if a in kin.person and given[side][a] < amount and kin.places[a].home not in apart[side]:
                    apart[side].add(kin.places[a].home)
                    fresh = True
        if not fresh:
            apart[0].update(self.left.alone_at)
            apart[1].update(self.right.alone_at)
        return False

    def every_cell(self) -> Iterator[tuple[_Cell, Vector]]:
        """Yield all allowed pairs of classes, each with what a pair costs."""
        for home, row in self.links.items():
            mine = [*self.left.at_home.get(home, ()), *self.left.alone_at.get(home, ())]
            for there, score in row.items():
                price = self.price[score]
                for a in mine:
                    for b in chain(self.right.at_home.get(there, ()), self.right.alone_at.get(there, ())):
                        cost = self.named.get((a, b), price)
                        if cost is not None:
                            yield (a, b), cost

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Deal the classes out to persons."""
        return deal(self.left.peers, self.right.peers, self.cells, self.flows)

    def potentials(self) -> tuple[dict[int, Vector], dict[int, Vector]]:
        """Return the potential of each place, by number."""
        self._settle_dead_ends()
        left = {n: self.found[0][a] for a, numbers in enumerate(self.left.numbers) for n in numbers}
        return left, {m: self.found[1][b] for b, numbers in enumerate(self.right.numbers) for m in numbers}

    def _settle_dead_ends(self) -> None:
        """Give those who are not in the network potentials: nobody wants a pair with them."""
        left, right = self.found
        zero = (0,) * len(self.terms.places)
        for a, peers in enumerate(self.left.peers):
            if a not in left and peers.costs:
                left[a] = peers.costs[0][0]
        for b, peers in enumerate(self.right.peers):
            if b not in right and peers.costs:
                right[b] = tuple(-i for i in peers.costs[0][0])
        special: tuple[dict[int, list[_Cell]], dict[int, list[_Cell]]] = ({}, {})
        for cell, cost in self.named.items():
            if cost is not None:
                special[0].setdefault(cell[0], []).append(cell)
                special[1].setdefault(cell[1], []).append(cell)
        least = _by_home(self.left, left, min)
        for b in range(len(self.right.peers)):
            if b not in right:
                row = self.back.get(self.right.places[b].home, {})
                ends = [_sum(least[h], self.price[score], 1) for h, score in row.items() if h in least]
                ends += [_sum(left[a], self.named[a, b] or zero, 1) for a, _ in special[1].get(b, ()) if a in left]
                right[b] = min(ends, default=zero)
        most = _by_home(self.right, right, max)
        for a in range(len(self.left.peers)):
            if a not in left:
                row = self.links.get(self.left.places[a].home, {})
                ends = [_sum(most[h], self.price[score], -1) for h, score in row.items() if h in most]
                ends += [_sum(right[b], self.named[a, b] or zero, -1) for _, b in special[0].get(a, ())]
                left[a] = max(ends, default=zero)

    def _loads(self, side: int) -> list[int]:
        loads = [0] * len((self.left, self.right)[side].peers)
        for cell, amount in zip(self.cells, self.flows, strict=True):
            loads[cell[side]] += amount
        return loads

    def _short(self, side: int) -> list[int]:
        """Return the classes of a side that have less than their floors ask for."""
        kin = (self.left, self.right)[side]
        return [a for a, load in enumerate(self._loads(side)) if load < kin.due(a)]

    def shortfalls(self, sentences: Sentences) -> Iterator[Shortfall]:
        """Yield one shortfall for each bottleneck."""
        flows: dict[_Cell, int] = {}
        for side in (1, 0):
            if short := self._short(side):
                if not flows:
                    flows = dict.fromkeys(sorted(cell for cell, _ in self.every_cell()), 0)
                    flows.update(zip(self.cells, self.flows, strict=True))
                cells = list(flows) if side == 0 else [(b, a) for a, b in flows]
                yield from self._short_side(side, short, cells, list(flows.values()), sentences)

    def _short_side(
        self, side: int, short: list[int], cells: list[_Cell], flows: list[int], sentences: Sentences
    ) -> Iterator[Shortfall]:
        mine, other = (self.left, self.right) if side == 0 else (self.right, self.left)
        loads = self._loads(side)
        partners: dict[int, list[int]] = {}
        for n, m in cells:
            partners.setdefault(n, []).append(m)
        names = ("helpers", "households")
        for needing, holding in tight_sets(short, (mine.peers, other.peers), cells, flows):
            full = set(holding)
            room = sum(other.peers[m].room for m in holding)
            apart = sum(
                len(mine.peers[n].members) * len(other.peers[m].members)
                for n in needing
                for m in partners.get(n, ())
                if m not in full
            )
            wanted = sum(mine.due(n) for n in needing)
            unlinked = sum(max(0, mine.due(n) - mine.places[n].reach * len(mine.peers[n].members)) for n in needing)
            members = sorted(i for n in needing for i in mine.peers[n].members)
            holders = sorted(i for m in holding for i in other.peers[m].members)
            locked = sum(mine.places[n].held * len(mine.peers[n].members) for n in needing)
            locked = locked or sum(other.places[m].held * len(other.peers[m].members) for m in holding)
            yield Shortfall(
                names[side],
                tuple(sorted(self._missing(side, needing, loads))),
                wanted - room - apart,
                wanted,
                room + apart,
                tuple(self._id(side, i) for i in members),
                tuple(self._id(1 - side, i) for i in holders),
                apart,
                unlinked,
                mine.places[needing[0]].role,
                sentences.of(names[side], [mine.places[n] for n in needing], members, wanted, room + apart, locked),
            )

    def _missing(self, side: int, needing: list[int], loads: list[int]) -> Iterator[tuple[str, int]]:
        """Yield who is short in the answer, and by how much: in a class the last ones have less."""
        kin = (self.left, self.right)[side]
        for n in needing:
            members = kin.peers[n].members
            each, more = divmod(loads[n], len(members))
            for position, i in enumerate(members):
                missing = kin.places[n].floor - each - (position < more)
                if missing > 0:
                    yield self._id(side, i), missing

    def _id(self, side: int, i: int) -> str:
        return self.terms.roster.helpers[i].id if side == 0 else self.terms.household(i).id


class _Network:
    """The classes of a county, the hubs, the arcs between them, and the flow that was found on them."""

    def __init__(self, county: _County, apart: tuple[set[int], set[int]]) -> None:
        self.county = county
        left, right = county.left, county.right
        alone = [
            {home: live for home, those in kin.alone_at.items() if (live := kin.live(those))} for kin in (left, right)
        ]
        classes = [
            {home: live for home, those in kin.at_home.items() if (live := kin.live(those))} for kin in (left, right)
        ]
        to_hubs: dict[_Cell, Vector] = {}  # a class on the left, a home on the right
        from_hubs: dict[_Cell, Vector] = {}  # a home on the left, a class on the right
        between: dict[_Cell, Vector] = {}  # two homes
        own: dict[int, list[int]] = {}  # with whom those who stand alone have pairs of their own
        for a, b in county.named:
            own.setdefault(a, []).append(b)
        prices, live = county.price, [bool(peers.costs) for peers in right.peers]
        self.cells: list[_Cell] = []
        direct: list[tuple[Vector, int]] = []
        for a, peers in enumerate(left.peers):
            home = left.places[a].home
            if not peers.costs or home not in county.links:
                continue
            row: dict[int, Vector | None] = {}
            single = a in left.person
            for there, score in county.links[home].items():
                price = prices[score]
                theirs, others = classes[1].get(there, ()), alone[1].get(there, ())
                if not single or home in apart[0]:
                    for b in theirs:
                        row[b] = price
                elif theirs:
                    from_hubs.update(((home, b), price) for b in theirs)
                if others:
                    if there in apart[1] or (single and home in apart[0]):
                        for b in others:
                            row[b] = price
                    elif single:
                        between[home, there] = price
                    else:
                        to_hubs[a, there] = price
            if single:
                row.update((b, county.named[a, b]) for b in own.get(a, ()) if live[b])
            size = len(peers.members)
            for b in sorted(row):
                cost = row[b]
                if cost is not None:
                    self.cells.append((a, b))
                    direct.append((cost, size * len(right.peers[b].members)))
        hubs = (
            sorted({home for home, _ in chain(from_hubs, between)}),
            sorted({home for _, home in chain(to_hubs, between)}),
        )
        into = [(a, home) for home in hubs[0] for a in alone[0][home]]
        out = [(home, b) for home in hubs[1] for b in alone[1][home]]
        here = sorted({a for a, _ in chain(self.cells, to_hubs, into)})
        there_ = sorted({b for _, b in chain(self.cells, from_hubs, out)})
        node_here = {a: n for n, a in enumerate(here)}
        hub_here = {home: n for n, home in enumerate(hubs[0], len(here))}
        first = len(here) + len(hubs[0])
        node_there = {b: n for n, b in enumerate(there_, first)}
        hub_there = {home: n for n, home in enumerate(hubs[1], first + len(there_))}
        zero = (0,) * len(county.terms.places)
        arcs: list[tuple[int, int, int | None, Vector]] = []
        arcs += [(node_here[a], hub_here[home], None, zero) for a, home in into]
        arcs += [(node_here[a], hub_there[home], None, cost) for (a, home), cost in to_hubs.items()]
        arcs += [(hub_here[home], node_there[b], None, cost) for (home, b), cost in from_hubs.items()]
        arcs += [(hub_here[h], hub_there[k], None, cost) for (h, k), cost in between.items()]
        arcs += [(hub_there[home], node_there[b], None, zero) for home, b in out]
        self.through: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
        """What each class gives to hubs, and gets from them."""
        self.flows: list[int] = []
        self.potentials: tuple[dict[int, Vector], dict[int, Vector]] = ({}, {})
        if not here:
            return
        flows, potentials = flow(
            [*(left.peers[a] for a in here), *(None for _ in hubs[0])],
            [*(right.peers[b] for b in there_), *(None for _ in hubs[1])],
            [node_here[a] for a, _ in self.cells] + [tail for tail, _, _, _ in arcs],
            [node_there[b] for _, b in self.cells] + [head for _, head, _, _ in arcs],
            [room for _, room in direct] + [room for _, _, room, _ in arcs],
            [cost for cost, _ in direct] + [cost for _, _, _, cost in arcs],
        )
        self.flows = flows[: len(self.cells)]
        at = len(self.cells) + len(into) + len(to_hubs)
        for (a, _), amount in zip(chain(into, to_hubs), flows[len(self.cells) : at], strict=True):
            self.through[0][a] += amount
        for (_, b), amount in zip(from_hubs, flows[at : at + len(from_hubs)], strict=True):
            self.through[1][b] += amount
        for (_, b), amount in zip(out, flows[len(flows) - len(out) :], strict=True):
            self.through[1][b] += amount
        self.potentials = (
            {a: potentials[n] for a, n in node_here.items()},
            {b: potentials[n] for b, n in node_there.items()},
        )


def _realised(county: _County, network: _Network) -> dict[_Cell, int]:
    """Return as much as can be had of what went through hubs, pair by pair, each pair once at most.

    Only pairs of reduced cost zero may carry it, and so whatever carries all of it is as good as the relaxation.
    """
    left, right = county.left, county.right
    gives, gets = (+through for through in network.through)
    cells: list[tuple[int, int, int]] = []
    for a in sorted(gives):
        mine, size = network.potentials[0][a], len(left.peers[a].members)
        for there, score in county.links[left.places[a].home].items():
            least = _sum(mine, county.price[score], 1)
            those = [b for b in right.alone_at.get(there, ()) if b in gets]
            if a in left.person:
                those += [b for b in right.at_home.get(there, ()) if b in gets]
            for b in those:
                if (a, b) not in county.named and network.potentials[1][b] == least:
                    cells.append((a, b, size * len(right.peers[b].members)))
    cells = sorted(set(cells))
    node_here = {a: n for n, a in enumerate(sorted(gives), 1)}
    node_there = {b: n for n, b in enumerate(sorted(gets), 1 + len(gives))}
    flows, _ = circulate(
        1 + len(gives) + len(gets),
        [0] * len(gives) + [node_here[a] for a, _, _ in cells] + list(node_there.values()),
        list(node_here.values()) + [node_there[b] for _, b, _ in cells] + [0] * len(gets),
        [gives[a] for a in node_here] + [most for _, _, most in cells] + [gets[b] for b in node_there],
        [-1] * len(gives) + [0] * (len(cells) + len(gets)),
    )
    return {(a, b): amount for (a, b, _), amount in zip(cells, flows[len(gives) :], strict=False) if amount}


def _by_home(
    kin: _Side, potentials: Mapping[int, Vector], best: Callable[[Iterable[Vector]], Vector]
) -> dict[int, Vector]:
    """Return the least or greatest potential of the classes at each home."""
    found: dict[int, list[Vector]] = {}
    for table in (kin.at_home, kin.alone_at):
        for home, those in table.items():
            found.setdefault(home, []).extend(potentials[a] for a in those if a in potentials)
    return {home: best(those) for home, those in found.items() if those}


def _sum(one: Vector, other: Vector, sign: int) -> Vector:
    return tuple(i + sign * j for i, j in zip(one, other, strict=True))


def _pairings(terms: Terms, at_helper: list[int], at_slot: list[int]) -> tuple[Pairing, ...]:
    """Return the pairings of helpers and slots, each with its role: the highest rank of a household bears its name."""
    helpers, households, roles = terms.roster.helpers, terms.roster.households, terms.policy.roles
    locked = frozenset(terms.locked)

    def standing(n: int, m: int) -> tuple[bool, int, int]:
        return ((n, m) not in locked, terms.policy.ladder.position(helpers[n].rank), n)

    in_order = sorted(at_slot)
    shared = {m for m, after in pairwise(in_order) if m == after}
    first: dict[int, int] = {}
    for n, m in zip(at_helper, at_slot, strict=True) if shared else ():
        if m in shared and (m not in first or standing(n, m) < standing(first[m], m)):
            first[m] = n
    names = [(role, terms.policy.others(role)) for role in roles]
    of_helper = [helpers[n].id for n in at_helper]
    of_household = [households[m // len(roles)].id for m in at_slot]
    bears = [names[m % len(roles)][m in shared and first[m] != n] for n, m in zip(at_helper, at_slot, strict=True)]
    days = terms.roster.days_from(terms.on, of_helper, of_household)
    return tuple(map(Pairing, of_helper, of_household, bears, days))
