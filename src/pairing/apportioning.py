"""Sharing out whole things in proportion: seats to parties, households to units, villages to teams.

`apportion` shares a total out to all alike; `apportion_nested` does so where each may carry only within its own area,
and areas lie in one another.  Everything is exact: whole numbers and Fractions, no floats.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heapreplace
from math import floor, lcm
from typing import Any, NamedTuple, TypeVar, overload

from pairing.errors import ArgumentError, Problem, shown

__all__ = ["METHODS", "Claim", "apportion", "apportion_nested", "crowds", "water_levels"]

METHODS = ("webster", "largest-remainder")
"""The methods by which shares become whole numbers."""

_Id = TypeVar("_Id", bound=Hashable)
_Weight = int | Fraction


@overload
def apportion(
    total: int, weights: Mapping[_Id, _Weight], method: str = "webster", least: int = 0
) -> dict[_Id, int]: ...


@overload
def apportion(total: int, weights: Sequence[_Weight], method: str = "webster", least: int = 0) -> tuple[int, ...]: ...


def apportion(
    total: int,
    weights: Mapping[_Id, _Weight] | Sequence[_Weight],
    method: str = "webster",
    least: int = 0,
) -> dict[_Id, int] | tuple[int, ...]:
    """Share a total out in proportion to weights, in whole numbers that add up to it exactly.

    - "webster" (Webster 1832, Sainte-Laguë 1910): the next one goes where weight / (2 × seats + 1) is largest.  When
      the total grows nobody ever loses, but a share may be off by one or more from the exact one.
    - "largest-remainder" (Hamilton 1792): everybody gets the whole part of the exact share, and what is left goes to
      the largest remainders.  Every share is the exact one rounded up or down, but when the total grows somebody may
      lose (the Alabama paradox).  No method has both (Balinski and Young 1982).

    >>> apportion(7, {"finance": 60, "schools": 25, "water": 5})
    {'finance': 5, 'schools': 2, 'water': 0}

    With the largest remainder the third loses when there is one more:

    >>> apportion(10, [6, 6, 2], "largest-remainder"), apportion(11, [6, 6, 2], "largest-remainder")
    ((4, 4, 2), (5, 5, 1))

    Webster's can leave the quota: of these two the first ought to have just one, and gets both.

    >>> apportion(2, [4, 1, 1, 1, 1]), apportion(2, [4, 1, 1, 1, 1], "largest-remainder")
    ((2, 0, 0, 0, 0), (1, 1, 0, 0, 0))

    Nobody gets fewer than `least`, and a weight of zero gets just that; the others share the rest, so that more is
    given only to whom more is due (Balinski and Young's minimum requirements).  Where there is not enough, each gets
    a first one, then each a second one and so on, the heavier first.

    >>> apportion(10, [9, 1, 0], least=2), apportion(2, [1, 5, 3], least=1)
    ((6, 2, 2), (0, 1, 1))

    Ties fall to the earlier one: by position, or for a mapping by id.  The time grows as n log n.

    Raises `ArgumentError` with everything that is wrong: a total, a weight or a least that is no whole number from 0
    (a weight may be a Fraction), an unknown method, or nobody with a weight to take the total.
    """
    ids, values = _checked(total, weights, method, least)
    if total <= least * len(values):
        each, more = divmod(total, len(values) or 1)
        heavier = sorted(range(len(values)), key=lambda n: -values[n])[:more]
        seats = [each] * len(values)
        for n in heavier:
            seats[n] += 1
    else:
        share = _webster if method == "webster" else _largest_remainder
        seats = share(values, total, least)
    if ids is None:
        return tuple(seats)
    return dict(zip(ids, seats, strict=True))


def _due(values: Sequence[int], total: int, least: int) -> tuple[list[int], int, int]:
    """Return who is due more than the least, in order, and what they share: so much, by so much weight."""
    rest, whole = total, sum(values)
    order = sorted(range(len(values)), key=values.__getitem__)
    for place, n in enumerate(order):
        if values[n] * rest > least * whole:
            return sorted(order[place:]), rest, whole
        rest -= least
        whole -= values[n]
    return [], 0, 1


def _largest_remainder(values: Sequence[int], total: int, least: int) -> list[int]:
    due, rest, whole = _due(values, total, least)
    seats = [least] * len(values)
    for n in due:
        seats[n] = rest * values[n] // whole
    by_remainder = sorted(due, key=lambda n: -(rest * values[n] % whole))
    for n in by_remainder[: total - sum(seats)]:
        seats[n] += 1
    return seats


def _webster(values: Sequence[int], total: int, least: int) -> list[int]:
    """Round what is due, and then add or take single seats in the order in which Webster's method gives them."""
    due, rest, whole = _due(values, total, least)
    seats = [least] * len(values)
    for n in due:
        seats[n] = max(least, (2 * rest * values[n] + whole) // (2 * whole))
    missing = total - sum(seats)
    if missing > 0:
        heap = [(Fraction(2 * seats[n] + 1, value), n) for n, value in enumerate(values) if value]
        heapify(heap)
        for _ in range(missing):
            n = heap[0][1]
            seats[n] += 1
            heapreplace(heap, (Fraction(2 * seats[n] + 1, values[n]), n))
    elif missing < 0:
        heap = [(Fraction(1 - 2 * seats[n], values[n]), -n) for n in due if seats[n] > least]
        heapify(heap)
        for _ in range(-missing):
            n = -heap[0][1]
            seats[n] -= 1
            heapreplace(heap, (Fraction(1 - 2 * seats[n], values[n]) if seats[n] > least else Fraction(1), -n))
    return seats


def _checked(total: object, weights: object, method: object, least: object) -> tuple[list[Any] | None, list[int]]:
    """Return the ids in order, or None for positions, and whole weights in proportion; or raise with all faults."""
    problems: list[Problem] = []
    for name, number in (("total", total), ("least", least)):
        if type(number) is not int or number < 0:
            problems.append(Problem("bad-number", f"wanted a whole number from 0, got {shown(number)}", field=name))
    if method not in METHODS:
        message = f"wanted one of {', '.join(METHODS)}; got {shown(method)}"
        problems.append(Problem("unknown-method", message, field="method"))
    ids: list[Any] | None = None
    values: list[Any] = []
    if isinstance(weights, Mapping):
        ids = _in_order(weights)
        values = [weights[id] for id in ids]
    elif isinstance(weights, Sequence) and not isinstance(weights, str | bytes):
        values = list(weights)
    else:
        message = f"wanted a mapping or a sequence of weights, got {shown(weights)}"
        problems.append(Problem("bad-type", message, field="weights"))
    for row, value in enumerate(values):
        if type(value) not in (int, Fraction) or value < 0:
            message = f"wanted a whole number or a Fraction from 0, got {shown(value)}"
            problems.append(Problem("bad-number", message, row=row, field="weights"))
    whole = not problems and isinstance(total, int) and isinstance(least, int) and total > least * len(values)
    if whole and not any(values):
        message = "wanted somebody with a weight to take what is left, got none"
        problems.append(Problem("no-weights", message, field="weights"))
    if problems:
        raise ArgumentError(problems)
    scale = lcm(*(value.denominator for value in values))
    return ids, [int(value * scale) for value in values] if scale > 1 else [int(value) for value in values]


def _in_order(ids: Iterable[Any]) -> list[Any]:
    """Return ids in an order that depends on nothing but their values."""
    listed = list(ids)
    try:
        return sorted(listed)
    except TypeError:
        return sorted(listed, key=lambda id: (type(id).__qualname__, repr(id)))


class Claim(NamedTuple):
    """One who carries a share in proportion to a weight, of what lies in or below the area `at`.

    It carries already what it `has`, which counts, and is to get at least so much beside, where there is enough.
    """

    at: str
    weight: _Weight
    has: _Weight = 0
    least: int = 0


def _tree(parents: Mapping[str, str | None]) -> list[str]:
    """Return areas from the top: each before what lies in it, and all that lies in it in one run."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for area in sorted(parents, reverse=True):
        children[parents[area]].append(area)
    order: list[str] = []
    waiting = children[None]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(children.get(order[-1], ()))
    return order


def crowds(parents: Mapping[str, str | None], loads: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, str]:
    """Return the areas where there are more claims than things to carry, so that not each can have its own.

    Counted are the claims that may not go beyond the area, and the things in it; who is in a crowd takes all that
    there is, and counts no more further up.  Each area in a crowd is given with the area of the crowd.

    >>> crowds({"county": None, "a": "county", "b": "county"}, {"a": 1, "b": 5}, {"a": 2, "county": 4})
    {'a': 'a'}
    """
    left = {area: (counts.get(area, 0), loads.get(area, 0)) for area in parents}
    tops = []
    order = _tree(parents)
    for area in reversed(order):
        claims, things = left[area]
        if claims > things:
            tops.append(area)
            claims = things = 0
        up = parents[area]
        if up is not None:
            left[up] = (left[up][0] + claims, left[up][1] + things)
    found = {area: area for area in tops}
    for area in order:
        up = parents[area]
        if area not in found and up is not None and up in found:
            found[area] = found[up]
    return found


def water_levels(
    parents: Mapping[str, str | None], loads: Mapping[str, int], claims: Iterable[Claim]
) -> dict[str, Fraction]:
    """Return how much for each unit of weight the claims at each area carry, as even as the areas allow.

    `parents` names the area in which each area lies (None: in none), `loads` what is to be carried in an area itself.
    A claim carries max(least, weight × level - has) beside what it has.  All that is to be carried is, as far as
    anybody may go there; and no other way to carry it has a smaller sum of (share)² / weight, or a more even one in
    any other convex measure (the bounds on nested areas form a polymatroid: Fujishige 1980).

    It is done like filling vessels that hang in one another: the level rises for all alike, and what lies in an area
    that is full rises no more.  Here the two of the county have full hands with 2 for each helper, so the province's
    unit takes the rest of both counties.

    >>> levels = water_levels(
    ...     {"province": None, "a": "province", "b": "province"},
    ...     {"a": 20, "b": 70},
    ...     [Claim("a", 10), Claim("b", 5), Claim("province", 10)],
    ... )
    >>> {area: str(level) for area, level in levels.items()}
    {'province': '14/3', 'a': '2', 'b': '14/3'}

    Areas with no claim at or above them are not in the answer.
    """
    claims = _where_enough(parents, loads, claims)
    below: dict[str, dict[tuple[Fraction, Fraction | None], _Weight]] = {area: {} for area in parents}
    left = {area: loads.get(area, 0) for area in parents}
    for (at, weight, has, least), count in Counter(claims).items():
        left[at] -= least * count
        if weight:
            kind = (Fraction(has + least) / weight, None)
            below[at][kind] = below[at].get(kind, 0) + weight * count
    full: dict[str, Fraction | None] = {}
    order = _tree(parents)
    for area in reversed(order):
        items, up = below.pop(area), parents[area]
        full[area] = level = _level(items, left[area])
        if up is None:
            continue
        left[up] += left[area]
        for (start, end), weight in items.items():
            stop = end if level is None or (end is not None and end <= level) else level
            if stop is None or stop > start:
                below[up][start, stop] = below[up].get((start, stop), 0) + weight
    levels: dict[str, Fraction] = {}
    for area in order:
        above = levels.get(parents[area] or "")
        own = full[area]
        if own is not None or above is not None:
            levels[area] = min(level for level in (own, above) if level is not None)
    return levels


def _where_enough(parents: Mapping[str, str | None], loads: Mapping[str, int], claims: Iterable[Claim]) -> list[Claim]:
    """Return claims in their order, without a least where there is not enough for each."""
    claims = list(claims)
    wanted: Counter[str] = Counter()
    for claim in claims:
        wanted[claim.at] += claim.least
    crowded = crowds(parents, loads, wanted)
    return [claim._replace(least=0) if claim.at in crowded else claim for claim in claims] if crowded else claims


def _level(items: Mapping[tuple[Fraction, Fraction | None], _Weight], amount: int) -> Fraction | None:
    """Return the lowest level at which items carry an amount, weight × (level - start) each, up to their ends.

    None where they never do.
    """
    turns: dict[Fraction, _Weight] = {}
    for (start, end), weight in items.items():
        turns[start] = turns.get(start, 0) + weight
        if end is not None:
            turns[end] = turns.get(end, 0) - weight
    carried, slope, at = Fraction(0), Fraction(0), Fraction(0)
    for turn in sorted(turns):
        gain = slope * (turn - at)
        if slope and carried + gain >= amount:
            return at + (amount - carried) / slope
        carried, slope, at = carried + gain, slope + turns[turn], turn
    return at + (amount - carried) / slope if slope else None


def apportion_nested(
    parents: Mapping[str, str | None],
    loads: Mapping[str, int],
    claims: Mapping[_Id, Claim],
    method: str = "webster",
) -> dict[_Id, int]:
    """Share out what lies in nested areas, in whole numbers: each claim carries within its own area alone.

    The exact shares are those of `water_levels`.  The claims at one area are a pool: first the pools are rounded, so
    that no area is given more than lies in it (sums along the tree are rounded down, and differences taken); then
    each pool is apportioned by the method.  All that is to be carried is, as far as anybody may go there.

    >>> apportion_nested(
    ...     {"province": None, "a": "province", "b": "province"},
    ...     {"a": 20, "b": 70},
    ...     {"u": Claim("a", 6), "v": Claim("a", 4), "w": Claim("b", 5), "x": Claim("province", 10)},
    ... )
    {'u': 12, 'v': 8, 'w': 24, 'x': 46}

    The `least` of claims holds where there is enough for each: see `crowds`.
    """
    held = dict(zip(claims, _where_enough(parents, loads, claims.values()), strict=True))
    levels = water_levels(parents, loads, held.values())
    pools: dict[str, list[_Id]] = {}
    for id in _in_order(held):
        pools.setdefault(held[id].at, []).append(id)
    found: dict[_Id, int] = {}
    exact = Fraction(0)
    given = 0
    for area in _tree(parents):
        if area not in pools:
            continue
        pool = {id: held[id] for id in pools[area]}
        counted = Counter(pool.values())
        exact += sum((_share(claim, levels[area]) * count for claim, count in counted.items()), Fraction(0))
        total = floor(exact) - given
        given += total
        if len({(claim.has, claim.least) for claim in counted}) == 1 and not next(iter(counted)).has:
            least = next(iter(counted)).least
            found.update(apportion(total, {id: claim.weight for id, claim in pool.items()}, method, least))
            continue
        total -= sum(claim.least for claim in pool.values())
        beyond = {id: _share(claim, levels[area]) - claim.least for id, claim in pool.items()}
        more = apportion(total, beyond, method)
        found.update({id: claim.least + more[id] for id, claim in pool.items()})
    return {id: found[id] for id in claims}


def _share(claim: Claim, level: Fraction) -> Fraction:
    return max(Fraction(claim.least), claim.weight * level - claim.has)
