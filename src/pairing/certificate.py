"""The stand-alone checker: is an answer legal, is it the best there is, is a shortage proved?  Imports nothing of ours.

A *side* maps each id to a `Stance(home, costs, potential)`.  `costs` has the cost of the first partner, the second and
so on, never falling; there are no more partners than costs.  A link between two homes allows every pair of their
people, at the cost of the link.  Costs and potentials are vectors of integers, one place for each aim, compared from
the left: such vectors add and compare as integers do, and so linear programming duality holds for them (Ahuja,
Magnanti and Orlin, Network Flows, 1993, theorem 9.4).  An answer is optimal when potentials p (left) and q (right) have

1. cost of the last partner taken <= p <= cost of the next one, for each on the left; the same with -q on the right;
2. cost + p - q <= 0 for every pair that is taken, and >= 0 for every allowed pair that is not.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

__all__ = ["Stance", "faults", "shortage"]

Vector = tuple[int, ...]
Links = Mapping[Any, Vector]


class Stance(NamedTuple):
    """Where somebody stands: the home that links name, what each further partner costs, and the potential."""

    home: Hashable
    costs: tuple[Vector, ...]
    potential: Vector


Side = Mapping[Any, Stance]


def faults(left: Side, right: Side, links: Links, pairs: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Yield what is wrong with an answer or its proof; nothing when it is legal and optimal.

    >>> a, x = Stance("a", ((0,),), (5,)), Stance("x", ((0,),), (0,))
    >>> list(faults({"a": a}, {"x": x}, {("a", "x"): (-5,)}, [("a", "x")]))
    []
    >>> list(faults({"a": a}, {"x": x}, {("a", "x"): (-5,)}, []))
    ["'a': the cost of the next partner lies below its potential"]
    """
    taken = list(pairs)
    if len(set(taken)) < len(taken):
        yield "a pair is taken twice"
    schedules = {s.costs for side in (left, right) for s in side.values()}
    vectors = {s.potential for side in (left, right) for s in side.values()} | set(links.values())
    vectors.update(cost for costs in schedules for cost in costs)
    if len({len(v) for v in vectors}) > 1 or any(type(i) is not int for v in vectors for i in v):
        yield "wanted vectors of integers, all of one length"
        return
    if any(cost > after for costs in schedules for cost, after in pairwise(costs)):
        yield "wanted costs that never fall"
    degree = (Counter(a for a, _ in taken), Counter(b for _, b in taken))
    for side, count, sign in ((left, degree[0], 1), (right, degree[1], -1)):
        for id, (_, costs, potential) in side.items():
            d, price = count[id], tuple(sign * i for i in potential)
            if d > len(costs):
                yield f"{id!r}: {d} partners, at most {len(costs)} allowed"
            elif d and costs[d - 1] > price:
                yield f"{id!r}: the cost of the last partner lies above its potential"
            elif d < len(costs) and costs[d] < price:
                yield f"{id!r}: the cost of the next partner lies below its potential"
    reduced: dict[tuple[Vector, Vector, Vector], int] = {}  # the sign of cost + p - q
    must = 0  # taken pairs that would have to be taken; the allowed ones are counted below
    for a, b in taken:
        cost = links.get((left[a].home, right[b].home)) if a in left and b in right else None
        if cost is None:
            yield f"({a!r}, {b!r}): not an allowed pair"
            continue
        sign = _sign(reduced, cost, left[a].potential, right[b].potential)
        must += sign < 0
        if sign > 0:
            yield f"({a!r}, {b!r}): taken, though the proof says that it costs too much"
    homes = tuple(defaultdict[Hashable, Counter[Vector]](Counter) for _ in "ab")
    for side, home in zip((left, right), homes, strict=True):
        for s in side.values():
            home[s.home][s.potential] += 1
    for (h, k), cost in links.items():
        for p, m in homes[0].get(h, Counter()).items():
            for q, n in homes[1].get(k, Counter()).items():
                must -= m * n * (_sign(reduced, cost, p, q) < 0)
    if must:
        yield "a pair is left out, though the proof says that it has to be taken"


def _sign(known: dict[tuple[Vector, Vector, Vector], int], cost: Vector, p: Vector, q: Vector) -> int:
    if (cost, p, q) not in known:
        value, zero = tuple(c + i - j for c, i, j in zip(cost, p, q, strict=True)), (0,) * len(cost)
        known[cost, p, q] = (value > zero) - (value < zero)
    return known[cost, p, q]


def shortage(
    needing: Mapping[Any, tuple[Hashable, int]],
    holding: Mapping[Any, int],
    others: Mapping[Any, Hashable],
    links: Collection[tuple[Hashable, Hashable]],
) -> int:
    """Return how much of the floors of one side must go unmet, whoever is paired with whom.

    Those in `needing` (id: home, floor) can get at most the ceilings of those in `holding`, and one pair each with
    everybody else who is allowed to them (`others`, id: home).  That is the condition of Hall (1935) and Hoffman
    (1960).

    >>> shortage({"x": ("v", 1), "y": ("v", 1), "z": ("v", 1)}, {"ann": 2}, {}, {("v", "u")})
    1
    """
    inside = Counter(home for home, _ in needing.values())
    outside = Counter(home for id, home in others.items() if id not in holding)
    room = sum(holding.values()) + sum(inside[h] * outside[k] for h, k in links)
    return sum(floor for _, floor in needing.values()) - room
