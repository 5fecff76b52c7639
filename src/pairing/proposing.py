"""Who is to help whom: `pair` applies a policy to a roster, exactly, and gives a plan with its proof."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pairing.classes import Peers, Solution, Vector, deal, schedule, solve, tight_sets
from pairing.dates import to_date
from pairing.errors import ArgumentError, shown
from pairing.memory import no_collection
from pairing.plan import Pairing, Plan
from pairing.policy import Policy
from pairing.proof import Certificate, Shortfall
from pairing.roster import Roster
from pairing.sentences import Sentences
from pairing.terms import Place, Terms, terms

__all__ = ["pair"]


def pair(policy: Policy, roster: Roster, *, on: date) -> Plan:
    """Pair helpers with households on a day, within the links of their units, under the quotas of a policy.

    Exact, one aim after the other in the policy's order:

    - coverage: the fewest helpers missing that households are due; where some must be missing, first helpers count
      more than second ones, harder households more than easier ones, and then the order of ids decides;
    - floors: the fewest households missing that helpers are to have;
    - floors and ceilings "in principle" are kept where that costs nothing of the two;
    - even: no pair that is not needed, then loads as even as possible (the least sum of squares), then as evenly
      spread over the households;
    - preference: the greatest sum of the scores of preferred pairs.

    The last tie is broken in the order of ids, so the answer depends neither on the order of rows nor on a seed.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.policy import HelperRule, HouseholdRule
    >>> from pairing.quotas import Quota
    >>> from pairing.people import Helper, Household, Link, Unit
    >>> roster = Roster(
    ...     areas=AreaTree([Area("v", "上坪村", "village")]),
    ...     units=[Unit("u", "county", "v", name="县水务局")],
    ...     helpers=[Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     households=[Household("x", "v"), Household("y", "v"), Household("z", "v", difficulty=2)],
    ...     links=[Link("u", "v")],
    ... )
    >>> plan = pair(Policy("ours", (HelperRule(Quota(1, 1)),)), roster, on=date(2012, 2, 8))
    >>> plan
    Plan('ours', 2012-02-08, 2 pairings, households 2 of 3 (66.6%), helpers 2 of 2 (100.0%))
    >>> plan.pairings[0], plan.verify()
    (Pairing(helper='ann', household='z', role='lead'), True)
    >>> print(plan.shortfalls[0])
    village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 2: 1 left over

    Who does not serve, or is not registered, on that day takes no part, nor does a helper for whom the policy has no
    rule.  A pairing begins on the day, and ends when the service or the registration does, where that is laid down.

    Raises `ArgumentError` for arguments of other types, and `RosterError` where locked pairs break the rules or a rank
    is not on the policy's ladder.  An unmet rule is never an error: see `Plan.shortfalls`.

    Rules: the programmes of Liaoyang 1994, Panjin 2010 and Gansu 2012 (`pairing.programmes`).  The engine is the
    network simplex method on classes of interchangeable people; see `network` and `classes`.
    """
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    on = to_date(on, "on")
    with no_collection():
        return _Proposal(terms(policy, roster, on), on).plan()


class _Kin(NamedTuple):
    """The classes of one side: the peers, the terms of each, and the class of each place."""

    peers: list[Peers]
    places: list[Place]
    class_of: list[int]

    def due(self, n: int) -> int:
        """Return what the floors of a class still ask for."""
        return self.places[n].floor * len(self.peers[n].members)


class _Proposal:
    """The way from the terms to a plan: classes, arcs, the solution, the order of households, and the persons."""

    def __init__(self, terms: Terms, on: date) -> None:
        self.terms = terms
        self.policy = terms.policy
        self.roster = terms.roster
        self.on = on
        self.sentences = Sentences(terms)
        ahead: dict[int, list[tuple[int, int]]] = {}
        back: dict[int, list[tuple[int, int]]] = {}
        for (here, there), score in terms.links.items():
            ahead.setdefault(here, []).append((there, score))
            back.setdefault(there, []).append((here, score))
        self.left = _classes(terms.helper_places, ahead, terms.helper_costs)
        self.right = _classes(terms.slot_places, back, terms.slot_costs)
        at_home: dict[int, dict[int, None]] = {}
        for n, place in enumerate(terms.slot_places):
            at_home.setdefault(place.home, {})[self.right.class_of[n]] = None
        arcs: dict[tuple[int, int], int] = {}
        for a, place in enumerate(self.left.places):
            for there, score in ahead.get(place.home, ()):
                for b in at_home.get(there, ()):
                    arcs[a, b] = score
        self.arcs = sorted(arcs)
        price = {score: terms.pair_cost(score) for score in set(arcs.values())}
        self.prices = [price[arcs[arc]] for arc in self.arcs]

    def plan(self) -> Plan:
        solution = solve(self.left.peers, self.right.peers, self.arcs, self.prices, len(self.terms.places))
        loads = _loads(self.right, self.arcs, solution.flows, 1)
        short = [b for b, load in enumerate(loads) if load < self.right.due(b)]
        if short:
            self._settle_order(short, solution)
        certificate = Certificate(
            self.terms.places,
            {n: solution.left[a] for n, a in enumerate(self.left.class_of)},
            {n: solution.right[b] for n, b in enumerate(self.right.class_of)},
        )
        return Plan(
            self.policy,
            self.roster,
            self.on,
            self._pairings(solution),
            self._shortfalls(solution),
            certificate,
            self.terms,
        )

    def _settle_order(self, short: list[int], solution: Solution) -> None:
        """Solve the components with short households again, each household now with its own place in the order.

        The sets of households that can be covered form a matroid, so the greedy order and the greatest sum of falling
        weights are one (Edmonds, 1971); and a helper more never uncovers anybody (Shapley, 1962).
        """
        lefts, rights = _connected(short, self.arcs)
        arcs = [n for n, (a, _) in enumerate(self.arcs) if a in lefts]
        here, there = sorted(lefts), sorted(rights)
        at_left = {a: n for n, a in enumerate(here)}
        at_right = {b: n for n, b in enumerate(there)}
        for b in there:
            self.right.peers[b] = self._ordered(self.right.peers[b], self.right.places[b])
        found = solve(
            [self.left.peers[a] for a in here],
            [self.right.peers[b] for b in there],
            [(at_left[self.arcs[n][0]], at_right[self.arcs[n][1]]) for n in arcs],
            [self.prices[n] for n in arcs],
            len(self.terms.places),
        )
        for n, flow in zip(arcs, found.flows, strict=True):
            solution.flows[n] = flow
        for a, potential in zip(here, found.left, strict=True):
            solution.left[a] = potential
        for b, potential in zip(there, found.right, strict=True):
            solution.right[b] = potential

    def _ordered(self, peers: Peers, place: Place) -> Peers:
        """Return a class whose members each have their own cost up to the floor, the first in the order first."""
        members = sorted(peers.members, key=lambda n: (-self.terms.household(n).difficulty, n))
        each = list(self.terms.ordered_costs(place._replace(members=tuple(members))))
        costs: list[tuple[Vector, int]] = []
        for k in range(place.room):
            costs += [(cost[k], 1) for cost in each] if k < place.floor else [(each[0][k], len(members))]
        return Peers(tuple(members), tuple(costs))

    def _pairings(self, solution: Solution) -> tuple[Pairing, ...]:
        """Deal the classes out to persons, add the locked pairs, and give each its role."""
        helpers, households, roles = self.roster.helpers, self.roster.households, self.policy.roles
        width = max(1, len(households) * len(roles))
        codes = [n * width + m for n, m in deal(self.left.peers, self.right.peers, self.arcs, solution.flows)]
        codes += [n * width + m for n, m in self.terms.locked]
        codes.sort()
        locked = frozenset(self.terms.locked)

        def standing(n: int, m: int) -> tuple[bool, int, int]:
            return ((n, m) not in locked, self.policy.ladder.position(helpers[n].rank), n)

        at_helper = [code // width for code in codes]
        at_slot = [code % width for code in codes]
        in_order = sorted(at_slot)
        shared = {m for m, after in pairwise(in_order) if m == after}
        first: dict[int, int] = {}
        for n, m in zip(at_helper, at_slot, strict=True) if shared else ():
            if m in shared and (m not in first or standing(n, m) < standing(first[m], m)):
                first[m] = n
        names = [(role, self.policy.others(role)) for role in roles]
        of_helper = [helpers[n].id for n in at_helper]
        of_household = [households[m // len(roles)].id for m in at_slot]
        bears = [names[m % len(roles)][m in shared and first[m] != n] for n, m in zip(at_helper, at_slot, strict=True)]
        days = self.roster.days_from(self.on, of_helper, of_household)
        return tuple(map(Pairing, of_helper, of_household, bears, days))

    def _shortfalls(self, solution: Solution) -> tuple[Shortfall, ...]:
        """Return one shortfall for each bottleneck, those of households first."""
        flows = solution.flows
        back = [(b, a) for a, b in self.arcs]
        return (
            *self._short_side("households", (self.right, self.left), back, flows),
            *self._short_side("helpers", (self.left, self.right), self.arcs, flows),
        )

    def _short_side(
        self, side: str, kins: tuple[_Kin, _Kin], arcs: Sequence[tuple[int, int]], flows: Sequence[int]
    ) -> Iterable[Shortfall]:
        mine, other = kins
        loads = _loads(mine, arcs, flows, 0)
        dues = [mine.due(n) for n in range(len(mine.peers))]
        short = [n for n, due in enumerate(dues) if loads[n] < due]
        if not short:
            return
        partners: dict[int, list[int]] = {}
        for n, m in arcs:
            partners.setdefault(n, []).append(m)
        for needing, holding in tight_sets(short, (mine.peers, other.peers), arcs, flows):
            full = set(holding)
            room = sum(other.peers[m].room for m in holding)
            apart = sum(
                len(mine.peers[n].members) * len(other.peers[m].members)
                for n in needing
                for m in partners.get(n, ())
                if m not in full
            )
            wanted = sum(dues[n] for n in needing)
            unlinked = sum(max(0, dues[n] - mine.places[n].reach * len(mine.peers[n].members)) for n in needing)
            members = sorted(i for n in needing for i in mine.peers[n].members)
            yield Shortfall(
                side,
                tuple(sorted(self._missing(mine, side, needing, loads))),
                wanted - room - apart,
                wanted,
                room + apart,
                tuple(self._id(side, i) for i in members),
                tuple(self._id(_OTHER[side], i) for i in sorted(i for m in holding for i in other.peers[m].members)),
                apart,
                unlinked,
                mine.places[needing[0]].role,
                self.sentences.of(
                    side,
                    [mine.places[n] for n in needing],
                    members,
                    wanted,
                    room + apart,
                    sum(mine.places[n].held * len(mine.peers[n].members) for n in needing)
                    or sum(other.places[m].held * len(other.peers[m].members) for m in holding),
                ),
            )

    def _missing(self, kin: _Kin, side: str, needing: list[int], loads: list[int]) -> Iterable[tuple[str, int]]:
        """Yield who is short in the answer, and by how much: in a class the last ones have less."""
        for n in needing:
            members = kin.peers[n].members
            each, more = divmod(loads[n], len(members))
            for position, i in enumerate(members):
                missing = kin.places[n].floor - each - (position < more)
                if missing > 0:
                    yield self._id(side, i), missing

    def _id(self, side: str, i: int) -> str:
        return self.roster.helpers[i].id if side == "helpers" else self.terms.household(i).id


_OTHER = {"households": "helpers", "helpers": "households"}


def _classes(
    places: Sequence[Place],
    links: dict[int, list[tuple[int, int]]],
    costs: Callable[[Place], tuple[Vector, ...]],
) -> _Kin:
    """Return the classes of a side: people under the same quota with the same links are of one class."""
    by_terms: dict[tuple[object, ...], list[int]] = {}
    for n, place in enumerate(places):
        linked = tuple(sorted(links.get(place.home, ()))) or place.home  # who has no links shares no bottleneck
        alike = (linked, place.role, place.quota, place.held, place.soft)
        by_terms.setdefault(alike, []).append(n)
    kin = _Kin([], [], [0] * len(places))
    known: dict[tuple[object, ...], tuple[Vector, ...]] = {}
    for together in by_terms.values():
        place = places[together[0]]
        for n in together:
            kin.class_of[n] = len(kin.peers)
        shape = (place.quota, place.held, place.room, place.soft)
        if shape not in known:
            known[shape] = costs(place)
        members = place.members
        if len(together) > 1:
            members = tuple(sorted(i for n in together for i in places[n].members))
        kin.peers.append(Peers(members, schedule(known[shape], len(members))))
        kin.places.append(place)
    return kin


def _loads(kin: _Kin, arcs: Sequence[tuple[int, int]], flows: Sequence[int], side: int) -> list[int]:
    loads = [0] * len(kin.peers)
    for arc, flow in zip(arcs, flows, strict=True):
        loads[arc[side]] += flow
    return loads


def _connected(rights: Iterable[int], arcs: Sequence[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """Return the classes of both sides that can be reached from classes on the right."""
    by_left: dict[int, list[int]] = {}
    by_right: dict[int, list[int]] = {}
    for a, b in arcs:
        by_left.setdefault(a, []).append(b)
        by_right.setdefault(b, []).append(a)
    found: tuple[set[int], set[int]] = (set(), set(rights))
    waiting = list(found[1])
    while waiting:
        for a in by_right.get(waiting.pop(), ()):
            if a not in found[0]:
                found[0].add(a)
                fresh = [b for b in by_left[a] if b not in found[1]]
                found[1].update(fresh)
                waiting.extend(fresh)
    return found
