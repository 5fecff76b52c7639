"""Who takes over: all cases of a relay as one exact problem, with the proof.

It is solved exactly, without looking at all that is allowed:

1. Each case is offered to its best rung alone.  Where everybody gets a successor so, within all ceilings, nothing can
   be better in any place that comes before evenness; and evenness is exact, as every optimum uses best rungs alone.
2. A case for which that does not do, or whose place with the best others would pay for, is offered to its whole ladder,
   and what hangs together with it is solved again; until no such case is left.
3. Where somebody would still be without a helper, households of others may change hands as well.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import frozen

from pairing.caseload import Case, Caseload
from pairing.certificate import Stance, faults
from pairing.classes import Peers, Solution, deal, schedule, solve, tight_sets
from pairing.successors import LOW, PLACE, WIDTH, ZERO, Group, Successors, Want, vector

__all__ = ["Outcome", "found_successors", "proof_faults"]

Vector = tuple[int, ...]
_Arc = tuple[int, Group, Vector]
_NONE: Mapping[int, Vector] = {}
_CHANGE = vector(changes=-1)[:LOW]
"""The potential of a case that is worth one change, in the places before evenness."""


@frozen(repr=False)
class Outcome:
    """What came out of one problem: takers by case, potentials by case and by helper, and why some have none.

    `short` has, for each case without a taker, the cases that compete with it and the helpers who are full.
    """

    takers: dict[int, tuple[str, ...]]
    left: dict[int, Vector]
    right: dict[str, Vector]
    short: dict[int, tuple[tuple[int, ...], tuple[str, ...]]]


class _Problem:
    """Some of the cases, with the arcs along which they may pass: classes, flows, and who is dealt what."""

    def __init__(
        self, of: Successors, wants: Sequence[int], arcs: Iterable[_Arc], shifts: Mapping[int, Vector] = _NONE
    ) -> None:
        """With a shift, what each taker costs a case stands with the case, and not with the arcs."""
        self.of = of
        self.wants = list(wants)
        at = {n: a for a, n in enumerate(self.wants)}
        numbers: dict[int, int] = {}
        self.groups: list[Group] = []
        costs: dict[tuple[int, int], Vector] = {}
        volunteers = [0] * len(self.wants)
        for n, group, cost in arcs:
            b = numbers.get(id(group))
            if b is None:
                b = numbers[id(group)] = len(self.groups)
                self.groups.append(group)
            costs[at[n], b] = _less(cost, shifts[n]) if n in shifts else cost
            volunteers[at[n]] += len(group.ids) if group.ids[0] in of.wants[n].volunteers else 0
        self.arcs = sorted(costs)
        self.costs = [costs[arc] for arc in self.arcs]
        self.giving = [of.giving(of.wants[n], volunteers[a]) for a, n in enumerate(self.wants)]
        for a, n in enumerate(self.wants):
            if n in shifts:
                self.giving[a] = tuple(_sum(cost, shifts[n]) for cost in self.giving[a])
        self.taking = [of.taking(group) for group in self.groups]
        self.left: list[Peers] = []
        position = 0
        for a, n in enumerate(self.wants):
            size = len(of.wants[n].cases)
            self.left.append(Peers(tuple(range(position, position + size)), schedule(self.giving[a], size)))
            position += size
        self.right: list[Peers] = []
        position = 0
        for b, group in enumerate(self.groups):
            size = len(group.ids)
            self.right.append(Peers(tuple(range(position, position + size)), schedule(self.taking[b], size)))
            position += size

    @cached_property
    def solution(self) -> Solution:
        """The cheapest flow, with potentials."""
        return solve(self.left, self.right, self.arcs, self.costs, WIDTH)

    @cached_property
    def base(self) -> int:
        """A number larger than any sum of potentials in the place where evenness begins."""
        most = [abs(v[LOW]) for side in (self.solution.left, self.solution.right) for v in side]
        return 8 + 4 * max(most, default=0)

    def outcome(self) -> Outcome:
        """Deal the flows out to single cases and helpers."""
        of, solution = self.of, self.solution
        numbers = [n for want in self.wants for n in of.wants[want].cases]
        ids = [id for group in self.groups for id in group.ids]
        takers: dict[int, list[str]] = {n: [] for n in numbers}
        for m, i in deal(self.left, self.right, self.arcs, solution.flows):
            takers[numbers[m]].append(ids[i])
        left = {n: solution.left[a] for a, want in enumerate(self.wants) for n in of.wants[want].cases}
        right = {id: solution.right[b] for b, group in enumerate(self.groups) for id in group.ids}
        return Outcome({n: tuple(sorted(found)) for n, found in takers.items()}, left, right, self._short(takers))

    def _short(self, takers: Mapping[int, Sequence[str]]) -> dict[int, tuple[tuple[int, ...], tuple[str, ...]]]:
        """Return, for each case without a taker, the violating set that it is a part of."""
        wants = self.of.wants
        short = [
            a
            for a, n in enumerate(self.wants)
            if any(not takers[m] and not self.of.cases[m].left for m in wants[n].cases)
        ]
        found: dict[int, tuple[tuple[int, ...], tuple[str, ...]]] = {}
        if short:
            for needing, holding in tight_sets(short, (self.left, self.right), self.arcs, self.solution.flows):
                cases = tuple(sorted(m for a in needing for m in wants[self.wants[a]].cases))
                full = tuple(sorted(id for b in holding for id in self.groups[b].ids))
                found.update((m, (cases, full)) for m in cases if not takers[m])
        return found


def _solved(asked: Successors) -> Outcome:
    """Return the answer: takers for every case, with potentials."""
    search = _Search(asked)
    while search.open:
        search.step()
    return search.outcome


class _Search:
    """Looks for the optimum with the best rungs alone, and lets in whole ladders where they may matter.

    With what the best rung of a case costs laid upon the case itself, the arcs that are left out cost more than nothing
    before evenness.  So they can matter only for a case whose potential is below nothing there.
    """

    def __init__(self, asked: Successors) -> None:
        self.asked = asked
        self.outcome = Outcome({}, {}, {}, {})
        self.arcs: dict[int, list[_Arc]] = {}
        self.shifts: dict[int, Vector] = {}
        self.whole: set[int] = set()
        """The cases that are offered to their whole ladder."""
        for n, want in enumerate(asked.wants):
            mine = [] if want.moves or want.case.keeper is not None else _best_of(asked, n, want)
            if not mine or _more_volunteers(asked, want, mine):
                self._let_in(n)
            else:
                self.arcs[n] = mine
                self.shifts[n] = mine[0][2][:LOW] + (0,) * (WIDTH - LOW)
        self.open = set(self.arcs)

    def _let_in(self, n: int) -> None:
        """Offer a case to its whole ladder."""
        self.whole.add(n)
        self.arcs[n] = list(self.asked.arcs([n]))
        best = min((cost[:LOW] for _, _, cost in self.arcs[n]), default=())
        self.shifts[n] = (*best, *[0] * (WIDTH - len(best)))

    def _parts(self) -> list[list[int]]:
        """Return the cases that hang together by those who may take them over, where some are open."""
        by_group: dict[int, list[int]] = defaultdict(list)
        for n, arcs in self.arcs.items():
            for _, group, _ in arcs:
                by_group[id(group)].append(n)
        parts, seen = [], set()
        for start in sorted(self.open):
            if start in seen:
                continue
            seen.add(start)
            part = [start]
            for n in part:
                for _, group, _ in self.arcs[n]:
                    for other in by_group.pop(id(group), ()):
                        if other not in seen:
                            seen.add(other)
                            part.append(other)
            parts.append(sorted(part))
        return parts

    def step(self) -> None:
        """Solve whatever is open; what then is beyond doubt is the answer, the rest stays open."""
        parts = [part for part in self._parts() if len(part) > 1 or not self._stands_alone(part[0])]
        self.open = set()
        if not parts:
            return
        wants = sorted(n for part in parts for n in part)
        arcs = (arc for n in wants for arc in self.arcs[n])
        problem = _Problem(self.asked, wants, arcs, self.shifts)
        solution, found = problem.solution, problem.outcome()
        at = {n: a for a, n in enumerate(wants)}
        given, loads = [0] * len(wants), [0] * len(problem.groups)
        groups: dict[int, list[int]] = defaultdict(list)
        for (a, b), flow in zip(problem.arcs, solution.flows, strict=True):
            groups[a].append(b)
            given[a] += flow
            loads[b] += flow
        for part in parts:
            mine = {b for n in part for b in groups[at[n]]}
            settled = (
                self.whole.isdisjoint(part)
                and all(given[at[n]] == problem.left[at[n]].room for n in part)
                and not any(_above(problem.right[b], loads[b]) for b in mine)
            )
            doubtful = [n for n in part if n not in self.whole and solution.left[at[n]][:LOW] < ZERO[:LOW]]
            if settled or not doubtful:
                self._answer(problem, found, [at[n] for n in part], mine, loads, settled)
                continue
            for n in doubtful:
                self._let_in(n)
            self.open.update(part)

    def _stands_alone(self, n: int) -> bool:
        """Answer a case with which no other competes, where that needs no network: most cases of a year are such.

        Of its best rung the one is taken for whom one household more costs least; where several are alike in that, the
        first by id.
        """
        want, (case, *others) = self.asked.wants[n], self.asked.wants[n].cases
        if n in self.whole or others or want.volunteers or len(want.case.roles) > 1:
            return False
        prices: dict[int, Vector] = {}
        best: tuple[Vector, str] | None = None
        for at, (_, group, cost) in enumerate(self.arcs[n]):
            taking = self.asked.taking(group)
            prices[at] = tuple(-i for i in taking[0]) if taking else vector(vacancies=-3)
            if taking and not any(taking[0][:LOW]):
                found = (_sum(cost, taking[0]), group.ids[0])
                best = found if best is None else min(best, found)
        if best is None:
            return False
        self.outcome.takers[case] = (best[1],)
        self.outcome.left[case] = tuple(-i for i in best[0])
        for at, (_, group, _) in enumerate(self.arcs[n]):
            self.outcome.right.update(dict.fromkeys(group.ids, prices[at]))
        return True

    def _answer(
        self, problem: _Problem, found: Outcome, wants: Sequence[int], groups: Iterable[int], loads: Sequence[int],
        settled: bool,
    ) -> None:  # fmt: skip
        """Note the takers and potentials of a part, by the positions of its cases and groups in the problem."""
        outcome, solution = self.outcome, problem.solution
        for a in wants:
            n = problem.wants[a]
            potential = _lowered(solution.left[a], problem.base) if settled else solution.left[a]
            for case in self.asked.wants[n].cases:
                outcome.takers[case] = found.takers[case]
                outcome.left[case] = _less(potential, self.shifts[n])
                if case in found.short:
                    outcome.short[case] = found.short[case]
        for b in groups:
            potential = _lowered(solution.right[b], problem.base) if settled else solution.right[b]
            if not loads[b]:  # nobody asks at so high a price
                costs = problem.taking[b]
                potential = tuple(-i for i in costs[0]) if costs else vector(vacancies=-3)
            outcome.right.update(dict.fromkeys(problem.groups[b].ids, potential))


def _vacant(asked: Successors, outcome: Outcome) -> int:
    """Return how many cases nobody takes, whose household has nobody else in the role."""
    return sum(not takers and not asked.cases[n].left for n, takers in outcome.takers.items())


def _changes(asked: Successors, outcome: Outcome) -> int:
    """Return how many households of others change hands."""
    return sum(takers != (asked.cases[n].keeper,) for n, takers in outcome.takers.items() if n >= asked.given)


def _in_demand(asked: Successors, outcome: Outcome) -> set[str]:
    """Return who has no room for a case that would pay for a change: they may give others up.

    By duality nobody else can make a difference.  A household that moves costs one change at least, and before evenness
    whoever takes it over has a price of nothing or more.  So it stays, for the price that its helper has by what the
    cases bid, unless one of them bids a change or more.
    """
    found: set[str] = set()
    taken = Counter(taker for takers in outcome.takers.values() for taker in takers)
    for n, want in enumerate(asked.wants):
        worth = outcome.left[want.cases[0]][:LOW]
        if worth[:2] > _CHANGE[:2]:
            continue
        for _, group, cost in asked.arcs([n]):
            if _sum(cost[:LOW], worth) <= _CHANGE:
                room = len(asked.taking(group))
                found.update(
                    id for id in group.ids
                    if taken[id] >= room and not all(id in outcome.takers[case] for case in want.cases)
                )  # fmt: skip
    return found


def _problem(asked: Successors) -> _Problem:
    """Return the whole problem, with all that is allowed."""
    every = range(len(asked.wants))
    return _Problem(asked, every, asked.arcs(every))


def _best_of(asked: Successors, n: int, want: Want) -> list[_Arc]:
    """Return the arcs of a case that are best in all that counts before evenness."""
    mine: list[_Arc] = []
    high: Vector | None = None
    for unit in asked.units(want):
        if high is not None and unit != want.case.unit and _unbeaten(asked, want, high):
            break
        for group in asked.pool(unit):
            cost = asked.cost(want, group)
            if cost is None:
                continue
            if high is None or cost[:LOW] < high:
                high, mine = cost[:LOW], [(n, group, cost)]
            elif cost[:LOW] == high:
                mine.append((n, group, cost))
    return mine


def _more_volunteers(asked: Successors, want: Want, mine: Sequence[_Arc]) -> bool:
    """Whether volunteers who are not the best may take a case over beside those who are."""
    most = len(want.case.roles)
    here = sum(len(group.ids) for _, group, _ in mine if group.ids[0] in want.volunteers)
    return len(want.volunteers) > here and min(asked.rules.jointly, len(want.volunteers)) > most


def _unbeaten(asked: Successors, want: Want, high: Vector) -> bool:
    """Whether nobody of another unit can be better than what a case was found in the unit of its giver."""
    others = [asked.rungs[rung] for rung in ("linked", "superior") if rung in asked.rungs]
    rung = high[PLACE["ladder"]]
    return not want.volunteers and high == vector(ladder=rung)[:LOW] and rung < min(others, default=rung + 1)


def _less(one: Vector, other: Vector) -> Vector:
    return tuple(i - j for i, j in zip(one, other, strict=True))


def _above(peers: Peers, load: int) -> bool:
    """Whether so many households of a class include some that cost more than evenness."""
    for cost, count in peers.costs:
        if load <= 0:
            return False
        if any(cost[:LOW]):
            return True
        load -= count
    return False


def _lowered(potential: Vector, base: int) -> Vector:
    """Return a potential whose first place counts so much in the place of floors instead.

    Where everybody has a taker, the worth of the first one only says that there must be one; so it may be any large
    number in the place where evenness begins, and all places before it are free for what the best rung costs.
    """
    weight = 0
    for place in potential[:LOW]:
        weight = weight * base + place
    return (0,) * LOW + (weight * base + potential[LOW], *potential[LOW + 1 :])


def found_successors(load: Caseload, cases: Sequence[Case]) -> tuple[Successors, Outcome]:
    """Return the problem of some cases and its answer: fewest vacancies, then fewest other households that move.

    Households of others move only where somebody would have nobody otherwise.  Each vacancy that is filled so takes one
    change at least; where more are needed, or somebody still has nobody, more helpers are let in, until there are none
    left who could make a difference.
    """
    asked = Successors(load, cases)
    outcome = _solved(asked)
    vacant = _vacant(asked, outcome)
    movable: set[str] = set()
    while True:
        full = {id for _, holding in outcome.short.values() for id in holding}
        if asked.movable and _changes(asked, outcome) > vacant - _vacant(asked, outcome):
            full |= _in_demand(asked, outcome)
        if full <= movable:
            return asked, outcome
        movable |= full
        asked = Successors(load, cases, movable)
        outcome = _solved(asked)


def proof_faults(asked: Successors, outcome: Outcome) -> Iterator[str]:
    """Yield what is wrong with an answer, by the independent checker; nothing when it is the best there is."""
    problem = _problem(asked)
    left = {
        n: Stance(a, problem.giving[a], outcome.left.get(n, ZERO))
        for a, want in enumerate(asked.wants)
        for n in want.cases
    }
    links = dict(zip(problem.arcs, problem.costs, strict=True))
    back: dict[int, list[tuple[int, Vector]]] = defaultdict(list)
    for (a, b), cost in links.items():
        back[b].append((a, cost))
    right: dict[str, Stance] = {}
    for b, group in enumerate(problem.groups):
        costs = problem.taking[b]
        # whoever was never asked takes nobody: then any price is a proof that keeps all cases away
        ends = [_sum(cost, outcome.left.get(n, ZERO)) for a, cost in back[b] for n in asked.wants[a].cases[:1]]
        price = tuple(-i for i in costs[0]) if costs else min(ends)
        right.update((id, Stance(b, costs, outcome.right.get(id, price))) for id in group.ids)
    pairs = [(n, taker) for n, takers in outcome.takers.items() for taker in takers]
    yield from faults(left, right, links, pairs)
    if _vacant(asked, outcome) and not {id for _, full in outcome.short.values() for id in full} <= set(asked.movable):
        yield "somebody has nobody, though households of others were not looked at"


def _sum(one: Vector, other: Vector) -> Vector:
    return tuple(i + j for i, j in zip(one, other, strict=True))
