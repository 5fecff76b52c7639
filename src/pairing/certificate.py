"""The stand-alone checker: is an answer legal, is it the best there is, is a shortage proved?  Imports nothing of ours.

A *side* maps each id to a `Stance(home, costs, potential)`.  `costs` has the cost of the first partner, the second and
so on, never falling; there are no more partners than costs.  A link between two homes allows every pair of their
people, at the cost of the link; pairs that are `named` have a cost of their own, or None where they are not allowed.
Costs and potentials are vectors of integers, one place for each aim, compared from
the left: such vectors add and compare as integers do, and so linear programming duality holds for them (Ahuja,
Magnanti and Orlin, Network Flows, 1993, theorem 9.4).  An answer is optimal when potentials p (left) and q (right) have

1. cost of the last partner taken <= p <= cost of the next one, for each on the left; the same with -q on the right;
2. cost + p - q <= 0 for every pair that is taken, and >= 0 for every allowed pair that is not.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import pairwise, repeat
from operator import add
from typing import Any, NamedTuple

__all__ = ["Stance", "faults", "shortage"]

Vector = tuple[int, ...]
Pairs = Collection[tuple[Any, Any]]
Homes = Mapping[Any, Hashable]
Floors = Mapping[Any, tuple[Hashable, int]]
_NONE: Mapping[Any, Any] = {}


class Stance(NamedTuple):
    """Where somebody stands: the home that links name, what each further partner costs, and the potential."""

    home: Hashable
    costs: tuple[Vector, ...]
    potential: Vector


Side = Mapping[Any, Stance]


def faults(
    left: Side, right: Side, links: Mapping[Any, Vector], pairs: Pairs, named: Mapping[Any, Vector | None] = _NONE
) -> Iterator[str]:
    """Yield what is wrong with an answer or its proof; nothing when it is legal and optimal.

    >>> a, x = Stance("a", ((0,),), (5,)), Stance("x", ((0,),), (0,))
    >>> list(faults({"a": a}, {"x": x}, {("a", "x"): (-5,)}, [("a", "x")]))
    []
    >>> list(faults({"a": a}, {"x": x}, {("a", "x"): (-5,)}, []))
    ["'a': the cost of the next partner lies below its potential"]
    """
    if len(set(pairs)) < len(pairs):
        yield "a pair is taken twice"
    distinct = [{id(stance): stance for stance in side.values()} for side in (left, right)]
    stances = [*distinct[0].values(), *distinct[1].values()]
    alone = {pair: cost for pair, cost in named.items() if (left[pair[0]].home, right[pair[1]].home) in links}
    prices = [cost for cost in (*links.values(), *alone.values()) if cost is not None]
    vectors = [*prices, *(s.potential for s in stances), *(cost for s in stances for cost in s.costs)]
    if len({len(v) for v in vectors}) > 1 or any(type(i) is not int for v in vectors for i in v):
        yield "wanted vectors of integers, all of one length"
        return
    if any(cost > after for s in stances for cost, after in pairwise(s.costs)):
        yield "wanted costs that never fall"
    degrees = (Counter(a for a, _ in pairs), Counter(b for _, b in pairs))
    for side, known, degree, turn in ((left, distinct[0], degrees[0], 1), (right, distinct[1], degrees[1], -1)):
        cases = list(zip(map(id, side.values()), map(degree.get, side, repeat(0)), strict=False))
        said = {(at, d): _misfit(known[at], d, turn) for at, d in set(cases)}
        yield from (f"{who!r}: {said[case]}" for who, case in zip(side, cases, strict=True) if said[case])
    meetings = [(a, b) if (a, b) in alone else (id(left.get(a)), id(right.get(b))) for a, b in pairs]
    counts = Counter(meetings)
    signs = {(one, two): _sign(distinct[0].get(one), distinct[1].get(two), links) for one, two in counts.keys() - alone}
    signs |= {(a, b): _sign(left[a], right[b], {(left[a].home, right[b].home): cost}) for (a, b), cost in alone.items()}
    for (a, b), meeting in zip(pairs, meetings, strict=True):
        if signs[meeting] is None:
            yield f"({a!r}, {b!r}): not an allowed pair"
        elif signs[meeting] == 1:
            yield f"({a!r}, {b!r}): taken, though the proof says that it costs too much"
    # pairs that the proof says must be taken, less those that are
    wanted = -sum(count for meeting, count in counts.items() if signs[meeting] == -1)
    homes: tuple[dict[Hashable, Counter[Vector]], ...] = ({}, {})
    for side, home, known in zip((left, right), homes, distinct, strict=True):
        for at, count in Counter(map(id, side.values())).items():
            home.setdefault(known[at].home, Counter())[known[at].potential] += count
    for (here, there), cost in links.items():
        for p, m in homes[0].get(here, _NONE).items():
            most = tuple(map(add, cost, p))
            wanted += sum(m * n for q, n in homes[1].get(there, _NONE).items() if most < q)
    wanted += sum((signs[a, b] == -1) - (_sign(left[a], right[b], links) == -1) for a, b in alone)
    if wanted:
        yield "a pair is left out, though the proof says that it has to be taken"


def _misfit(stance: Stance, d: int, turn: int) -> str:
    """Say what is wrong with so many partners in a stance, or nothing."""
    costs, price = stance.costs, tuple(turn * i for i in stance.potential)
    if d > len(costs):
        return f"{d} partners, at most {len(costs)} allowed"
    if d and costs[d - 1] > price:
        return "the cost of the last partner lies above its potential"
    if d < len(costs) and costs[d] < price:
        return "the cost of the next partner lies below its potential"
    return ""


def _sign(one: Stance | None, two: Stance | None, links: Mapping[Any, Vector | None]) -> int | None:
    """Return the sign of cost + p - q for a pair, or None where it is not allowed."""
    cost = links.get((one.home, two.home)) if one and two else None
    if cost is None or not one or not two:
        return None
    most = tuple(map(add, cost, one.potential))
    return (most > two.potential) - (most < two.potential)


def shortage(needing: Floors, holding: Mapping[Any, int], others: Homes, links: Pairs, barred: Pairs = ()) -> int:
    """Return how much of the floors of one side must go unmet, whoever is paired with whom.

    Those in `needing` (id: home, floor) can get at most the ceilings of those in `holding`, and one pair each with
    everybody else who is allowed to them (`others`, id: home), but for `barred` pairs.  That is the condition of Hall
    (1935) and Hoffman (1960).

    >>> shortage({"x": ("v", 1), "y": ("v", 1), "z": ("v", 1)}, {"ann": 2}, {}, {("v", "u")})
    1
    """
    inside = Counter(home for home, _ in needing.values())
    outside = Counter(home for id, home in others.items() if id not in holding)
    room = sum(holding.values()) + sum(inside[h] * outside[k] for h, k in links)
    room -= sum(a in needing and b in others and b not in holding for a, b in set(barred))
    return sum(floor for _, floor in needing.values()) - room
