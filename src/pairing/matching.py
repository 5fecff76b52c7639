"""Matching under floors and ceilings: `match`, which knows nothing of cadres."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from math import isfinite
from operator import itemgetter
from typing import Any

from attrs import frozen

from pairing.certificate import Stance, faults, shortage
from pairing.classes import Peers, Solution, Vector, schedule, solve, tight_sets
from pairing.errors import ArgumentError, CertificateError, Problem, key, masked, shown
from pairing.memory import no_collection
from pairing.proof import Certificate, Shortfall
from pairing.quotas import LARGEST, Quota

__all__ = ["Match", "match"]

PRIORITIES = ("both", "left", "right")


@frozen(repr=False)
class Match:
    """What `match` answers.

    - `pairs`: the pairs taken, (left id, right id), in canonical order.
    - `weight`: the sum of their weights.
    - `unmet`: the sum of the floors that are not met.
    - `shortfalls`: why, with the proof; empty when nothing is unmet.
    - `certificate`: the proof that nothing better exists.
    """

    pairs: tuple[tuple[Any, Any], ...]
    weight: int
    unmet: int
    shortfalls: tuple[Shortfall, ...]
    certificate: Certificate
    left: Mapping[Any, Quota]
    right: Mapping[Any, Quota]
    allowed: Mapping[tuple[Any, Any], int]

    def __repr__(self) -> str:
        weight = self.weight if abs(self.weight) < LARGEST else "beyond printing"
        return f"Match({len(self.pairs)} pairs, weight {weight}, unmet {self.unmet})"

    def verify(self) -> bool:
        """Return True when the independent checker accepts the answer, its figures and its proofs; raise otherwise.

        Raises `CertificateError` with every fault.
        """
        wrong = list(self._faults())
        if wrong:
            raise CertificateError(Problem("not-proved", masked(text)) for text in wrong)
        return True

    def _faults(self) -> Iterable[str]:
        reach = _reach(self.allowed)
        sides = []
        for quotas, partners, potentials in (
            (self.left, reach[0], self.certificate.left),
            (self.right, reach[1], self.certificate.right),
        ):
            if potentials.keys() != quotas.keys():
                yield "wanted a potential for every id"
                return
            costs = _costs(quotas, partners)
            sides.append({id: Stance(id, costs[id], potentials[id]) for id in quotas})
        prices = {pair: (0, -weight, 1) for pair, weight in self.allowed.items()}
        yield from faults(sides[0], sides[1], prices, self.pairs)
        if self.weight != sum(self.allowed.get(pair, 0) for pair in self.pairs):
            yield "the weight is not the sum of the weights of the pairs"
        unmet = _unmet(self.left, [a for a, _ in self.pairs]) | _unmet(self.right, [b for _, b in self.pairs], 1)
        if self.unmet != sum(unmet.values()):
            yield "unmet is not the sum of the floors that are not met"
        told = {(n, id): count for s in self.shortfalls for n, id, count in _told(s)}
        if told != unmet or len(told) != sum(len(s.short) for s in self.shortfalls):
            yield "the shortfalls do not name exactly those who are short"
        for shortfall in self.shortfalls:
            yield from self._shortfall_faults(shortfall)

    def _shortfall_faults(self, shortfall: Shortfall) -> Iterable[str]:
        mirrored = shortfall.side == "left"
        needers, holders = (self.left, self.right) if mirrored else (self.right, self.left)
        if not set(shortfall.needing) <= needers.keys() or not set(shortfall.holding) <= holders.keys():
            yield "a shortfall names an unknown id"
            return
        links = set(self.allowed) if mirrored else {(b, a) for a, b in self.allowed}
        partners, reach = _reach(dict.fromkeys(links))
        needing = {id: (id, needers[id].floor) for id in shortfall.needing}
        holding = {id: _ceiling(holders[id], reach[id]) for id in shortfall.holding}
        apart = sum(a in needing and b not in holding for a, b in links)
        unlinked = sum(max(0, floor - partners[id]) for id, floor in needing.values())
        proved = shortage(needing, holding, {id: id for id in holders}, links)
        if not shortfall.says(needing, sum(holding.values()), apart, unlinked, proved):
            yield "a shortfall is not proved by its violating set"


def match(
    left: Mapping[Any, Quota],
    right: Mapping[Any, Quota],
    pairs: Mapping[tuple[Any, Any], int] | Iterable[tuple[Any, Any]],
    *,
    priority: str = "both",
) -> Match:
    """Match two sides under floors and ceilings, exactly, with the proof.

    Each allowed pair is taken at most once and no ceiling is exceeded.  Then, one after the other: the sum of unmet
    floors is the smallest possible; the total weight is the largest possible; the pairs are as few as possible; the
    last tie is broken in the canonical order of the ids, so that the order of the arguments shows nowhere.

    So a pair beyond the floors is taken when its weight is positive, and one of negative weight only where a floor
    needs it.  Weights are integers of any size; pairs that come without weights weigh 1.

    >>> m = match(
    ...     left={"ann": Quota(1, 2), "bo": Quota(0, 3)},
    ...     right={"x": Quota(1, 1), "y": Quota(1, 2)},
    ...     pairs={("ann", "x"): 5, ("ann", "y"): 2, ("bo", "y"): 4},
    ... )
    >>> m
    Match(3 pairs, weight 11, unmet 0)
    >>> m.pairs, m.verify()
    ((('ann', 'x'), ('ann', 'y'), ('bo', 'y')), True)

    What cannot be met is in the answer, with a violating set that proves it:

    >>> short = match({"ann": Quota(0, 1)}, {"x": Quota(1, 1), "y": Quota(1, 1)}, [("ann", "x"), ("ann", "y")])
    >>> print(short.shortfalls[0])
    'x', 'y' (right) want 2, but there is room for 1: 1 missing

    `priority` says whose unmet floors count first, "both", "left" or "right".  The least of one side never costs the
    other anything (Mendelsohn and Dulmage, 1958): so the answer is the same for all three.

    Ids are any hashable, orderable or not; the canonical order is by value for numbers, texts, bytes, days and tuples
    of these, by repr for others.  Raises `ArgumentError` for a quota that is not a `Quota`, a pair of unknown ids, or
    a weight that is a bool, a float or no number.

    The engine is the network simplex method; see `network`.
    """
    with no_collection():
        return _matched(left, right, _checked(left, right, pairs, priority))


def _matched(left: Mapping[Any, Quota], right: Mapping[Any, Quota], prices: dict[tuple[Any, Any], int]) -> Match:
    ids = (canonical(left), canonical(right))
    positions = [{id: n for n, id in enumerate(side)} for side in ids]
    width = len(ids[1])
    here, there = positions
    order = sorted(zip([here[a] * width + there[b] for a, b in prices], prices.values(), strict=True))
    arcs = [divmod(code, width) for code, _ in order]
    reach = _reach(prices)
    sides = []
    for side, quotas, partners in ((ids[0], left, reach[0]), (ids[1], right, reach[1])):
        costs = _costs(quotas, partners)
        sides.append([Peers((n,), schedule(costs[id], 1)) for n, id in enumerate(side)])
    solution = solve(sides[0], sides[1], arcs, [(0, -weight, 1) for _, weight in order], width=3)
    taken = [arc for arc, flow in enumerate(solution.flows) if flow]
    found = tuple((ids[0][arcs[arc][0]], ids[1][arcs[arc][1]]) for arc in taken)
    shortfalls = _shortfalls(ids, (left, right), (sides[0], sides[1]), arcs, solution)
    return Match(
        found,
        sum(order[arc][1] for arc in taken),
        sum(shortfall.missing for shortfall in shortfalls),
        shortfalls,
        Certificate(
            ("unmet floors", "weight", "pairs"),
            dict(zip(ids[0], solution.left, strict=True)),
            dict(zip(ids[1], solution.right, strict=True)),
        ),
        dict(left),
        dict(right),
        prices,
    )


def _checked(
    left: Mapping[Any, Quota],
    right: Mapping[Any, Quota],
    pairs: Mapping[tuple[Any, Any], int] | Iterable[tuple[Any, Any]],
    priority: str,
) -> dict[tuple[Any, Any], int]:
    """Return the allowed pairs with their weights, or raise with all that is wrong with the arguments."""
    problems: list[Problem] = []
    for name, side in (("left", left), ("right", right)):
        if not isinstance(side, Mapping):
            raise ArgumentError("bad-type", f"wanted a mapping from ids to quotas, got {shown(side)}", name)
        problems += [
            Problem("bad-quota", f"{_who(id)}: wanted a Quota, got {shown(quota)}", field=name)
            for id, quota in side.items()
            if not isinstance(quota, Quota)
        ]
    if priority not in PRIORITIES:
        problems.append(
            Problem("bad-priority", f"wanted one of {', '.join(PRIORITIES)}; got {shown(priority)}", field="priority")
        )
    if not isinstance(pairs, Iterable):
        raise ArgumentError("bad-type", f"wanted a mapping or an iterable of pairs, got {shown(pairs)}", "pairs")
    prices: dict[tuple[Any, Any], int] = {}
    mapped = isinstance(pairs, Mapping)  # so the pairs have hashes
    weights = pairs.items() if isinstance(pairs, Mapping) else zip(pairs, repeat(1), strict=False)
    for n, (pair, weight) in enumerate(weights):
        plain = type(pair) is tuple and len(pair) == 2 and type(weight) is int and (mapped or _hashable(pair))
        if plain and pair[0] in left and pair[1] in right:
            prices[pair] = weight
            continue
        if not isinstance(pair, tuple) or len(pair) != 2:
            problems.append(Problem("bad-pair", f"wanted (left id, right id), got {shown(pair)}", row=n, field="pairs"))
            continue
        unknown = [
            Problem("unknown-id", f"wanted an id of the {name}, got {_who(id)}", row=n, field="pairs")
            for id, name, side in ((pair[0], "left", left), (pair[1], "right", right))
            if not _hashable(id) or id not in side
        ]
        problems += unknown
        whole = None if isinstance(weight, bool) else getattr(weight, "__index__", None)
        if whole is None:
            message = f"({_who(pair[0])}, {_who(pair[1])}): wanted an integer weight, got {shown(weight)}"
            problems.append(Problem("bad-weight", message, row=n, field="pairs"))
        elif not unknown:
            prices[pair] = int(whole())
    if problems:
        raise ArgumentError(problems)
    return prices


def _hashable(thing: object) -> bool:
    try:
        hash(thing)
    except TypeError:
        return False
    return True


def _who(id: object) -> str:
    return key(id) if isinstance(id, str | int) else shown(id)


def _reach(allowed: Mapping[tuple[Any, Any], object]) -> tuple[Counter[Any], Counter[Any]]:
    """Return how many partners each id on the left and on the right is allowed."""
    return Counter(map(itemgetter(0), allowed)), Counter(map(itemgetter(1), allowed))


def _ceiling(quota: Quota, partners: int) -> int:
    return partners if quota.ceiling is None else min(quota.ceiling, partners)


def _costs(quotas: Mapping[Any, Quota], partners: Mapping[Any, int]) -> dict[Any, tuple[Vector, ...]]:
    """Return what each further partner of an id costs: (unmet floors, weight, pairs)."""
    known: dict[tuple[int, int], tuple[Vector, ...]] = {}
    found = {}
    for id, quota in quotas.items():
        shape = (quota.floor, _ceiling(quota, partners.get(id, 0)))
        if shape not in known:
            floor, ceiling = shape
            known[shape] = ((-1, 0, 0),) * min(floor, ceiling) + ((0, 0, 0),) * max(0, ceiling - floor)
        found[id] = known[shape]
    return found


def _unmet(quotas: Mapping[Any, Quota], partners: Iterable[Any], side: int = 0) -> dict[tuple[int, Any], int]:
    counts = Counter(partners)
    return {(side, id): quota.floor - counts[id] for id, quota in quotas.items() if quota.floor > counts[id]}


def _told(shortfall: Shortfall) -> Iterable[tuple[int, Any, int]]:
    return ((int(shortfall.side == "right"), id, count) for id, count in shortfall.short)


def _shortfalls(
    ids: tuple[list[Any], list[Any]],
    quotas: tuple[Mapping[Any, Quota], Mapping[Any, Quota]],
    sides: tuple[Sequence[Peers], Sequence[Peers]],
    arcs: Sequence[tuple[int, int]],
    solution: Solution,
) -> tuple[Shortfall, ...]:
    """Return one shortfall for each bottleneck, the left side's first."""
    found = []
    for mine, name in ((0, "left"), (1, "right")):
        other = 1 - mine
        loads = [0] * len(ids[mine])
        for arc, flow in zip(arcs, solution.flows, strict=True):
            loads[arc[mine]] += flow
        floors = [quotas[mine][id].floor for id in ids[mine]]
        short = [n for n, load in enumerate(loads) if load < floors[n]]
        if not short:
            continue
        turned = arcs if mine == 0 else [(b, a) for a, b in arcs]
        partners: dict[int, list[int]] = {}
        for a, b in turned:
            partners.setdefault(a, []).append(b)
        for needing, holding in tight_sets(short, (sides[mine], sides[other]), turned, solution.flows):
            full = set(holding)
            room = sum(sides[other][n].room for n in holding)
            apart = sum(b not in full for a in needing for b in partners.get(a, ()))
            wanted = sum(floors[n] for n in needing)
            missing = wanted - room - apart
            who = _listed([ids[mine][n] for n in needing])
            found.append(
                Shortfall(
                    name,
                    tuple((ids[mine][n], floors[n] - loads[n]) for n in needing if loads[n] < floors[n]),
                    missing,
                    wanted,
                    room + apart,
                    tuple(ids[mine][n] for n in needing),
                    tuple(ids[other][n] for n in holding),
                    apart,
                    sum(max(0, floors[n] - len(partners.get(n, ()))) for n in needing),
                    "",
                    f"{who} ({name}) want {wanted}, but there is room for {room + apart}: {missing} missing",
                )
            )
    return tuple(found)


def _listed(ids: Sequence[object], most: int = 5) -> str:
    """Return ids as a sentence names them: the first few, and how many more."""
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(_who(id) for id in ids[:most]) + more


def canonical(ids: Iterable[Any]) -> list[Any]:
    """Return ids in an order that depends on nothing but their values.

    >>> canonical([(2, "b"), "b", 3, None, "a", 2.5])
    [None, 2.5, 3, 'a', 'b', (2, 'b')]
    """
    listed = list(ids)
    if len({type(id) for id in listed}) == 1 and type(listed[0]) in (str, int):
        return sorted(listed)
    return sorted(listed, key=_place)


def _place(id: Any) -> tuple[Any, ...]:
    """Return what an id is sorted by: the group of its type, then its value."""
    if id is None:
        return (0,)
    if type(id) in (bool, int, Fraction) or (type(id) in (float, Decimal) and isfinite(id)):
        return (1, Fraction(id))
    if type(id) is str:
        return (2, id)
    if type(id) is bytes:
        return (3, id)
    if type(id) is date:
        return (4, id)
    if type(id) is tuple:
        return (5, tuple(_place(item) for item in id))
    if type(id) is frozenset:
        return (6, tuple(sorted(_place(item) for item in id)))
    return (7, f"{type(id).__module__}.{type(id).__qualname__}", repr(id))
