"""People who are interchangeable, solved as one: classes, connected components, and the dealing out to persons.

Two helpers with the same quota and the same allowed households can be exchanged in any answer, and so can two such
households.  So the network has one node for a class of them, and an arc between two classes carries at most the
product of their sizes.  An optimum of the classes is one of the persons: dealing the flow of each class in turn to
its members, like cards, gives members loads that differ by one at most, and no pair twice (`deal`).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from attrs import frozen

from pairing.network import circulate

__all__ = ["Peers", "Solution", "TightSet", "Vector", "deal", "flow", "schedule", "solve", "tight_sets"]

Vector = tuple[int, ...]
"""A cost with one place for each aim, compared from the left."""


@frozen
class Peers:
    """Interchangeable members of one side, by their positions in canonical order.

    `costs` says what the partners of the class cost all together: so many at a cost, then so many at the next, never
    falling; their sum is the ceiling of the class.
    """

    members: tuple[int, ...]
    costs: tuple[tuple[Vector, int], ...]

    @property
    def room(self) -> int:
        """The ceiling of the class: the sum over its members."""
        return sum(count for _, count in self.costs)


def schedule(costs: Iterable[Vector], members: int) -> tuple[tuple[Vector, int], ...]:
    """Return the costs of a class from those of one member's first partner, second partner and so on.

    >>> schedule([(-1,), (0,), (0,)], members=4)
    (((-1,), 4), ((0,), 8))
    """
    return tuple((cost, members * len(list(run))) for cost, run in groupby(costs))


class Solution(NamedTuple):
    """The flow on each arc, and the potential of each class on the left and on the right."""

    flows: list[int]
    left: list[Vector]
    right: list[Vector]


def solve(
    left: Sequence[Peers], right: Sequence[Peers], arcs: Sequence[tuple[int, int]], costs: Sequence[Vector], width: int
) -> Solution:
    """Return the cheapest flow between classes, cost vectors compared from the left, with potentials that prove it.

    `arcs` has the positions of a class on the left and of one on the right, no two alike, in order; `costs` what a
    pair on that arc costs, `width` how many places a cost has.  Each connected component is solved on its own,
    exactly, by `network.circulate`.

    >>> ann, bo = Peers((0,), (((0,), 2),)), Peers((1,), (((0,), 1),))
    >>> x = Peers((0, 1), (((-1,), 2),))
    >>> solve([ann, bo], [x], [(0, 0), (1, 0)], [(0,), (3,)], 1)
    Solution(flows=[2, 0], left=[(0,), (-3,)], right=[(0,)])
    """
    zero = (0,) * width
    # whoever stands alone takes nobody: the cost of a first partner is then a valid potential
    alone = [peers.costs[0][0] if peers.costs else zero for peers in left]
    alone_right = [tuple(-i for i in peers.costs[0][0]) if peers.costs else zero for peers in right]
    solution = Solution([0] * len(arcs), alone, alone_right)
    live: Sequence[int] = range(len(arcs))
    dead: list[int] = []
    if not all(peers.costs for side in (left, right) for peers in side):
        live = [n for n, (a, b) in enumerate(arcs) if left[a].costs and right[b].costs]
        dead = sorted(set(range(len(arcs))).difference(live))
    for component in _components(arcs, live):
        _solve_component(left, right, arcs, costs, component, solution)
    _settle_dead_ends(left, right, [(*arcs[arc], costs[arc]) for arc in dead], solution)
    return solution


def _components(arcs: Sequence[tuple[int, int]], live: Sequence[int]) -> Iterator[list[int]]:
    """Yield the arcs of each connected component, in order of its first class on the left."""
    label: dict[int, int] = {}  # of a class on the right: the class on the left that met it last
    joined: dict[int, int] = {}  # union-find over the classes on the left

    def find(a: int) -> int:
        while joined[a] != a:
            joined[a] = a = joined[joined[a]]
        return a

    rows: dict[int, list[int]] = {}
    for arc in live:
        rows.setdefault(arcs[arc][0], []).append(arc)
    for a, row in rows.items():
        partners = [arcs[arc][1] for arc in row]
        met = {find(b) for b in set(map(label.get, partners)) if b is not None}
        joined[a] = a
        joined.update(dict.fromkeys(met, a))
        label.update(dict.fromkeys(partners, a))
    parts: dict[int, list[int]] = {}
    for a, row in rows.items():
        parts.setdefault(find(a), []).extend(row)
    yield from parts.values()


def _solve_component(
    left: Sequence[Peers],
    right: Sequence[Peers],
    arcs: Sequence[tuple[int, int]],
    costs: Sequence[Vector],
    component: list[int],
    solution: Solution,
) -> None:
    """Solve one component, and write its flows and potentials into the solution."""
    ends = [arcs[arc] for arc in component]
    here, there = (sorted(set(side)) for side in zip(*ends, strict=True))
    node_here = {a: n for n, a in enumerate(here)}
    node_there = {b: n for n, b in enumerate(there, len(here))}
    size_here = {a: len(left[a].members) for a in here}
    size_there = {b: len(right[b].members) for b in there}
    flows, potentials = flow(
        [left[a] for a in here],
        [right[b] for b in there],
        [node_here[a] for a, _ in ends],
        [node_there[b] for _, b in ends],
        [size_here[a] * size_there[b] for a, b in ends],
        [costs[arc] for arc in component],
    )
    for arc, amount in zip(component, flows, strict=True):
        solution.flows[arc] = amount
    for a, potential in zip(here, potentials, strict=False):
        solution.left[a] = potential
    for b, potential in zip(there, potentials[len(here) :], strict=True):
        solution.right[b] = potential


def flow(
    left: Sequence[Peers | None],
    right: Sequence[Peers | None],
    tails: Sequence[int],
    heads: Sequence[int],
    rooms: Sequence[int | None],
    costs: Sequence[Vector],
) -> tuple[list[int], list[Vector]]:
    """Return the cheapest flow from classes on the left to classes on the right, and the potential of each node.

    Nodes are numbered through, those on the left first.  One that is None is a hub: it passes on what it gets.  A room
    of None is unbounded.  Every class has room, and a way from the left to the right.

    >>> ann, x = Peers((0,), (((0,), 2),)), Peers((0, 1), (((-1,), 2),))
    >>> flow([ann, None], [x], [0, 1], [1, 2], [None, None], [(0,), (0,)])
    ([2, 2], [(0,), (0,), (0,)])
    """
    enter = [(n, count, cost) for n, peers in enumerate(left, 1) if peers for cost, count in peers.costs]
    leave = [(n, count, cost) for n, peers in enumerate(right, len(left) + 1) if peers for cost, count in peers.costs]
    vectors = [cost for _, _, cost in enter], costs, [cost for _, _, cost in leave]
    packing = _Packing([*vectors[0], *vectors[2]], costs, 2 * min(len(left), len(right)) + 2)
    unbounded = 1 + sum(count for _, count, _ in enter)
    flows, potentials = circulate(
        1 + len(left) + len(right),
        [0] * len(enter) + [n + 1 for n in tails] + [node for node, _, _ in leave],
        [node for node, _, _ in enter] + [n + 1 for n in heads] + [0] * len(leave),
        [n for _, n, _ in enter] + [unbounded if room is None else room for room in rooms] + [n for _, n, _ in leave],
        packing.pack(vectors[0]) + packing.pack(costs) + packing.pack(vectors[2]),
    )
    return flows[len(enter) : len(enter) + len(tails)], [packing.unpack(potential) for potential in potentials[1:]]


class _Packing:
    """Cost vectors as single integers that add and compare alike.

    A cycle or a path of the network passes the root once and each class once, so it has at most `longest` arcs between
    classes: no place of the sum along it can grow beyond a known bound, and digits wide enough never overflow into one
    another.  Wide enough is also meant for the difference of two such sums, so that a search which only compares them
    takes the same course in any packing.
    """

    def __init__(self, on_classes: Sequence[Vector], on_arcs: Sequence[Vector], longest: int) -> None:
        sides = [zip(*{id(cost): cost for cost in costs}.values(), strict=True) for costs in (on_classes, on_arcs)]
        most = (
            2 * max(map(abs, of_classes)) + longest * max(map(abs, of_arcs))
            for of_classes, of_arcs in zip(*sides, strict=True)
        )
        self.bases = [8 * bound + 1 for bound in most]

    def pack(self, costs: Sequence[Vector]) -> list[int]:
        """Return the vectors as integers; one that stands there many times over is packed once."""
        distinct = {id(cost): cost for cost in costs}
        packed = dict.fromkeys(distinct, 0)
        for at, cost in distinct.items():
            whole = cost[0]
            for base, place in zip(self.bases[1:], cost[1:], strict=True):
                whole = whole * base + place
            packed[at] = whole
        return [packed[id(cost)] for cost in costs]

    def unpack(self, packed: int) -> Vector:
        """Return an integer as the vector that it is."""
        places = []
        for base in reversed(self.bases[1:]):
            half = base // 2
            place = (packed + half) % base - half
            places.append(place)
            packed = (packed - place) // base
        return (packed, *reversed(places))


def _settle_dead_ends(
    left: Sequence[Peers], right: Sequence[Peers], arcs: list[tuple[int, int, Vector]], solution: Solution
) -> None:
    """Give a class without any room the potential by which no pair with it is wanted."""
    by_right: dict[int, list[Vector]] = {}
    by_left: dict[int, list[Vector]] = {}
    for a, b, cost in arcs:
        if left[a].costs and not right[b].costs:
            by_right.setdefault(b, []).append(_sum(cost, solution.left[a], 1))
    for b, most in by_right.items():
        solution.right[b] = min(most)
    for a, b, cost in arcs:
        if not left[a].costs:
            by_left.setdefault(a, []).append(_sum(solution.right[b], cost, -1))
    for a, least in by_left.items():
        solution.left[a] = max(least)


def _sum(one: Vector, other: Vector, sign: int) -> Vector:
    return tuple(i + sign * j for i, j in zip(one, other, strict=True))


def deal(
    left: Sequence[Peers], right: Sequence[Peers], arcs: Sequence[tuple[int, int]], flows: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of members that carry the flow between the classes.

    Each class is dealt out in turn, without a break from one arc to the next: so the loads within a class differ by
    one at most, the first members having more.  On one arc a member gets a run of partners that is no longer than
    their class, so that no pair comes twice.

    >>> two, three = Peers((0, 1), (((0,), 6),)), Peers((0, 1, 2), (((0,), 6),))
    >>> list(deal([two], [three], [(0, 0)], [5]))
    [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    """
    next_left = [0] * len(left)
    next_right = [0] * len(right)
    for (a, b), flow in zip(arcs, flows, strict=True):
        if not flow:
            continue
        members, partners = left[a].members, right[b].members
        here, there = next_left[a], next_right[b]
        each, more = divmod(flow, len(members))
        turn = members[here:] + members[:here] if here else members
        stubs = [m for n, m in enumerate(turn) for _ in range(each + (n < more))] if each else turn[:more]
        laps = (there + flow) // len(partners) + 1
        yield from zip(stubs, (partners * laps)[there : there + flow], strict=True)
        next_left[a] = (here + more) % len(members)
        next_right[b] = (there + flow) % len(partners)


class TightSet(NamedTuple):
    """Classes of one side that are short, or whose partners the short ones would need, and the full other side."""

    needing: list[int]
    holding: list[int]


def tight_sets(
    short: Sequence[int],
    sizes: tuple[Sequence[Peers], Sequence[Peers]],
    arcs: Sequence[tuple[int, int]],
    flows: Sequence[int],
) -> list[TightSet]:
    """Return the smallest sets that prove why classes of the side `sizes[0]` are short, one for each bottleneck.

    From a short class one goes to every class that could still give it a pair, and from there to those that have its
    pairs now.  In an optimum all classes met on the other side are full, and what they have goes only to classes met:
    that is a violating set in the sense of Hall (1935) and Hoffman (1960).  `arcs` name the side of `sizes[0]` first.
    """
    needers, holders = sizes
    could_give: dict[int, list[int]] = {}
    has_given: dict[int, list[int]] = {}
    for (b, a), flow in zip(arcs, flows, strict=True):
        if flow < len(needers[b].members) * len(holders[a].members):
            could_give.setdefault(b, []).append(a)
        if flow:
            has_given.setdefault(a, []).append(b)
    group: dict[int, int] = {}  # the bottleneck that each class met belongs to
    held: dict[int, int] = {}
    sets: dict[int, TightSet] = {}
    for start in short:
        if start in group:
            continue
        sets[start] = found = TightSet([start], [])
        group[start] = start
        for b in found.needing:
            for a in could_give.get(b, ()):
                if held.get(a) == start:
                    continue
                if a in held:
                    _absorb(sets, group, held, held[a], start)
                    continue
                held[a] = start
                found.holding.append(a)
                for c in has_given.get(a, ()):
                    if c not in group:
                        group[c] = start
                        found.needing.append(c)
                    elif group[c] != start:
                        _absorb(sets, group, held, group[c], start)
    return [TightSet(sorted(needing), sorted(holding)) for needing, holding in sets.values()]


def _absorb(sets: dict[int, TightSet], group: dict[int, int], held: dict[int, int], other: int, into: int) -> None:
    """Move a bottleneck that was found earlier into the one that reaches it."""
    needing, holding = sets.pop(other)
    group.update(dict.fromkeys(needing, into))
    held.update(dict.fromkeys(holding, into))
    sets[into].needing.extend(needing)
    sets[into].holding.extend(holding)
