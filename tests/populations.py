"""Small made-up programmes for property tests, and what a plan is worth, counted person by person.

Everything is counted here in the slowest and plainest way, from the tables alone: nothing of the engine is used.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple, TypeVar

import attrs
import networkx as nx
import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from pairing.areas import Area, AreaTree
from pairing.criteria import (
    ClassToClass,
    EarlierTie,
    HardestToHighest,
    Kin,
    SameHamlet,
    Scores,
    SharedLanguage,
    SkillToNeed,
)
from pairing.dates import Span
from pairing.errors import PolicyError
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Pairing, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import Cumulative, HelperRule, HouseholdRule

DAY = date(2012, 2, 8)
RANKS = ("bureau", "division", "section", "staff")
EPOCHS = (
    Span(DAY),
    Span(DAY - timedelta(days=9), DAY + timedelta(days=1)),
    Span(DAY - timedelta(days=9), DAY),
    Span(DAY + timedelta(days=1)),
)
"""Spans about the day: the first two have it, the last two just miss it."""

_APART = ClassToClass(kinds=["team"], difficulty=1, exclude=True)
_T = TypeVar("_T")
_Rule = TypeVar("_Rule", HelperRule, HouseholdRule)
Slot = tuple[str, str]
Pair = tuple[str, Slot]


class Case(NamedTuple):
    """A policy, a roster to which it is applied, and the book that there was before."""

    policy: Policy
    roster: Roster
    book: tuple[Pairing, ...] = ()

    def __repr__(self) -> str:
        """Return all that there is, so that a failing example can be read."""
        policy, roster = self.policy, self.roster
        parts: list[object] = [*policy.helpers, *policy.households, *policy.criteria, policy.aims]
        parts += [*map(attrs.asdict, roster.helpers), *map(attrs.asdict, roster.households)]
        parts += [*roster.links, *roster.own_links, *roster.named, *self.book]
        return "\n".join(map(repr, parts))


# --- problems of `match`


class Problem(NamedTuple):
    """Two sides with their quotas, and the weights of the allowed pairs."""

    left: dict[Any, Quota]
    right: dict[Any, Quota]
    weights: dict[tuple[Any, Any], int]

    def value(self, pairs: Collection[tuple[Any, Any]]) -> tuple[int, int, int]:
        """Return (unmet floors, minus the weight, the number of pairs): the less, the better."""
        unmet = sum(n for side in self.unmet(pairs) for n in side.values())
        return unmet, -sum(self.weights[pair] for pair in pairs), len(pairs)

    def unmet(self, pairs: Collection[tuple[Any, Any]]) -> tuple[dict[Any, int], dict[Any, int]]:
        """Return by how much each floor on the left, and on the right, is missed."""
        counts = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
        left, right = (
            {id: quota.floor - count[id] for id, quota in side.items() if quota.floor > count[id]}
            for side, count in zip((self.left, self.right), counts, strict=True)
        )
        return left, right

    def legal(self, pairs: Collection[tuple[Any, Any]]) -> bool:
        """Whether the pairs are allowed, taken once, and within the ceilings."""
        counts = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
        return set(pairs) <= self.weights.keys() and all(
            quota.ceiling is None or count[id] <= quota.ceiling
            for side, count in zip((self.left, self.right), counts, strict=True)
            for id, quota in side.items()
        )

    def answers(self) -> Iterator[list[tuple[Any, Any]]]:
        """Yield every legal set of pairs."""
        return filter(self.legal, subsets(self.weights))


def quotas(floors: tuple[int, ...] = (0, 0, 1, 1, 2, 4)) -> st.SearchStrategy[Quota]:
    """Return a strategy of quotas, with a ceiling or without."""
    more = st.sampled_from((0, 1, 2, None))
    pairs = st.tuples(st.sampled_from(floors), more)
    return pairs.map(lambda pair: Quota(pair[0], None if pair[1] is None else pair[0] + pair[1]))


@st.composite
def problems(
    draw: st.DrawFn, *, sizes: int = 4, most: int = 9, weights: st.SearchStrategy[int] | None = None
) -> Problem:
    """Return a small problem; ids of the left are even numbers, and those of the right odd ones."""
    left = {2 * n: draw(quotas()) for n in range(draw(st.integers(1, sizes)))}
    right = {2 * n + 1: draw(quotas()) for n in range(draw(st.integers(1, sizes)))}
    all_pairs = [(a, b) for a in left for b in right]
    pairs = draw(st.lists(st.sampled_from(all_pairs), max_size=min(most, len(all_pairs)), unique=True))
    numbers = st.integers(-5, 9) if weights is None else weights
    return Problem(left, right, {pair: draw(numbers) for pair in pairs})


# --- programmes


def made_up(random: Random, *, named: bool = True, roles: int = 2, largest: int = 8) -> Case:
    """Return a small case: one to three counties, their villages and units, links, helpers, households, rules."""
    areas: list[Area] = []
    units: list[Unit] = []
    helpers: list[Helper] = []
    households: list[Household] = []
    links: list[Link] = []
    counties = random.choice((1, 1, 2, 3))
    for c in range(counties):
        areas.append(Area(f"c{c}", f"county {c}", "county"))
        villages = [f"c{c}v{v}" for v in range(random.choice((1, 2, 3)))]
        areas += [Area(code, f"village {code}", "village", f"c{c}") for code in villages]
        for u in range(random.choice((1, 2, 3))):
            unit = Unit(f"c{c}u{u}", random.choice(("county", "township")), f"c{c}", name=f"unit {c}{u}")
            units.append(unit)
            links += [Link(unit.id, village) for village in villages if random.random() < 0.7]
            if c and random.random() < 0.2:
                links.append(Link(unit.id, "c0v0"))
            for _ in range(random.choice((1, 1, 2, 3, largest) if counties == 1 else (0, 1, 2))):
                helpers.append(_helper(random, f"h{len(helpers):02}", unit.id))
        for village in villages:
            for _ in range(random.choice((1, 2, 3, 5) if counties == 1 else (0, 1, 2))):
                households.append(_household(random, f"p{len(households):02}", village))
    policy = _policy(random, roles)
    villages = [area.code for area in areas if area.level == "village"]
    own = [OwnLink(one.id, random.choice(villages)) for one in helpers if counties == 1 and random.random() < 0.08]
    bare = Roster(AreaTree(areas), units, helpers, households, links, own_links=own)
    case = Case(policy, _with_named(random, policy, bare) if named else bare)
    return case._replace(book=_book(random, case.roster)) if named and random.random() < 0.5 else case


def _book(random: Random, roster: Roster) -> tuple[Pairing, ...]:
    """Return some pairings of before, most of them within the links, some of them over."""
    found = []
    for helper in roster.helpers:
        villages = roster.may_go_to(helper)
        for household in roster.households:
            if random.random() < (0.3 if household.village in villages else 0.03):
                span = random.choice((None, None, *EPOCHS, Span(date(2011, 1, 15))))
                found.append(Pairing(helper.id, household.id, "lead", span))
    return tuple(found)


def _helper(random: Random, id: str, unit: str) -> Helper:
    kind = random.choice(("cadre", "cadre", "cadre", "team"))
    service = random.choice(EPOCHS) if random.random() < 0.2 else None
    rank = random.choice(RANKS) if kind == "cadre" else None
    return Helper(
        id,
        unit,
        rank,
        random.choice((None, None, "secretary")),
        kind,
        service,
        skills=_some(random, ("water", "illness")),
        languages=_some(random, ("汉语", "藏语")),
        home=random.choice(("", "c0v0", "c0v1")),
        hamlet=random.choice(("", "一社", "二社")),
        ties=_some(random, ("c0v0", "c1v0")),
        kin=_some(random, ("k1", "k2")),
        fit=random.random() < 0.9,
    )


def _some(random: Random, words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if random.random() < 0.4)


def _household(random: Random, id: str, village: str) -> Household:
    registered = random.choice(EPOCHS) if random.random() < 0.2 else None
    return Household(
        id,
        village,
        random.choice((0, 0, 1, 2)),
        registered=registered,
        hamlet=random.choice(("", "一社", "二社")),
        needs=_some(random, ("water", "illness")),
        languages=_some(random, ("汉语", "藏语")),
        kin=_some(random, ("k1", "k2")),
    )


def _policy(random: Random, most_roles: int) -> Policy:
    while True:
        with suppress(PolicyError):  # what contradicts itself is drawn again
            return _any_policy(random, most_roles)


def _any_policy(random: Random, most_roles: int) -> Policy:
    roles = ("lead", "visit")[: random.choice((1, 1, most_roles))]
    helpers = []
    for _ in range(random.choice((0, 1, 2, 3))):
        ranks = tuple(rank for rank in RANKS if random.random() < 0.4)
        kinds = random.choice(((), (), ("cadre",), ("team",)))
        levels = random.choice(((), (), ("county",)))
        helpers.append(_helper_rule(random, random.choice(roles), ranks, kinds, levels))
    if not helpers or random.random() < 0.7:
        helpers.append(_helper_rule(random, random.choice(roles)))
    households = []
    for role in roles:
        others = random.choice(("support", "", role))
        if random.random() < 0.3:
            households.append(HouseholdRule(_quota(random, (1, 2, 3)), role, others, random.choice((1, 2))))
        households.append(HouseholdRule(_quota(random, (0, 1, 1, 1, 2)), role, others, random.choice((0, 0, 0, 1))))
    if {rule.role for rule in without_shadows(helpers)} < set(roles):
        helpers[:0] = [_helper_rule(random, role, kinds=("cadre",) if role == "lead" else ("team",)) for role in roles]
    first = random.choice((("coverage", "floors"), ("coverage", "floors"), ("floors", "coverage")))
    later = [aim for aim in ("keep", "even", "preference") if random.random() < 0.6]
    random.shuffle(later)
    if random.random() < 0.2:
        helpers = [attrs.evolve(rule, over=_over(random, rule.quota)) for rule in helpers]
    rules = without_shadows(helpers), without_shadows(households)
    return Policy(
        "ours",
        *rules,
        (*first, *later),
        effective=date(2011, 1, 10),
        criteria=_criteria(random),
        respread=random.random() < 0.3,
    )


def _over(random: Random, quota: Quota) -> Cumulative | None:
    if random.random() < 0.3:
        return None
    floor = 2 * quota.floor + random.choice((0, 1))
    return Cumulative(2, Quota(floor, random.choice((None, floor, floor + 2))))


def _criteria(random: Random) -> list[Scores]:
    if random.random() < 0.6:
        return []
    known: list[Scores] = [
        SkillToNeed(weight=random.choice((1, 3))),
        SharedLanguage(weight=2, required=random.random() < 0.5),
        Kin(),
        HardestToHighest(),
        random.choice((_APART, ClassToClass(kinds=["team"], difficulty=1, weight=2))),
        EarlierTie(weight=4),
        SameHamlet(),
    ]
    return random.sample(known, random.choice((1, 2, 3)))


def without_shadows(rules: list[_Rule]) -> tuple[_Rule, ...]:
    """Leave out the rules that never hold, as an earlier one comes first."""
    return tuple(rule for n, rule in enumerate(rules) if not any(before.covers(rule) for before in rules[:n]))


def _helper_rule(
    random: Random, role: str, ranks: tuple[str, ...] = (), kinds: tuple[str, ...] = (), levels: tuple[str, ...] = ()
) -> HelperRule:
    quota = _quota(random, (0, 1, 1, 2, 3))
    return HelperRule(quota, ranks, kinds, unit_levels=levels, role=role, soft=random.random() < 0.35)


def _quota(random: Random, floors: tuple[int, ...]) -> Quota:
    floor = random.choice(floors)
    return Quota(floor, random.choice((floor, floor + 1, floor + 2, max(1, floor), None)))


def _with_named(random: Random, policy: Policy, roster: Roster) -> Roster:
    """Return the roster with a few named pairs; what is locked keeps to links and ceilings."""
    world = World(policy, roster)
    ids = [(helper.id, household.id) for helper in roster.helpers for household in roster.households]
    named = []
    loads: Counter[object] = Counter()
    for helper, household in random.sample(ids, min(len(ids), random.choice((0, 0, 1, 2, 4, 6)))):
        rule = random.choice(("locked", "locked", "excluded", "preferred", "preferred"))
        if rule == "locked":
            slot = (household, world.helpers[helper].role) if helper in world.helpers else None
            if slot is None or (helper, slot) not in world.free:
                rule = "excluded"
            elif loads[helper] >= world.helpers[helper].most or loads[slot] >= world.slots[slot].most:
                rule = "preferred"
            else:
                loads.update((helper, slot))
        score = random.choice((1, 2, 5)) if rule == "preferred" else 0
        named.append(NamedPair(helper, household, rule, score))
    return attrs.evolve(roster, named=named)


def cases(*, named: bool = True, roles: int = 2, largest: int = 8) -> st.SearchStrategy[Case]:
    """Return a strategy of small cases."""
    randoms = st.randoms(use_true_random=False)
    return randoms.map(lambda random: made_up(random, named=named, roles=roles, largest=largest))


# --- what a plan is worth


class Terms(NamedTuple):
    """What holds for one person: floor, ceiling (as many as are allowed where there is none), soft or not, the role."""

    floor: int
    ceiling: int
    soft: bool
    role: str

    @property
    def most(self) -> int:
        """How many partners at most: a ceiling in principle does not bind."""
        return 10**6 if self.soft else self.ceiling


class World:
    """A case on a day, person by person."""

    def __init__(self, policy: Policy, roster: Roster, book: Iterable[Pairing] = (), on: date = DAY) -> None:
        self.policy = policy
        self.roster = roster
        levels = {unit.id: unit.level for unit in roster.units}
        self.helpers: dict[str, Terms] = {}
        owed: Counter[tuple[str, str]] = Counter()
        locked = {(pair.helper, pair.household) for pair in roster.named if pair.rule == "locked"}
        former = {(p.helper, p.household) for p in book if p.span and p.span.start < date(2012, 1, 10)} - locked
        over: set[str] = set()  # those whom several years bind
        for helper in roster.helpers:
            for rule in policy.helpers:
                if (
                    helper.rank in (rule.ranks or [helper.rank])
                    and helper.kind in (rule.kinds or [helper.kind])
                    and helper.post in (rule.posts or [helper.post])
                    and levels[helper.unit] in (rule.unit_levels or [levels[helper.unit]])
                ):
                    quota = rule.quota
                    if rule.over:  # it is the second of two years
                        over.add(helper.id)
                        quota = _of_second_year(quota, rule.over.quota, sum(id == helper.id for id, _ in former))
                    if helper.fit and _has(helper.service, on):
                        self.helpers[helper.id] = _terms(quota, rule.soft, rule.role)
                    elif _has(helper.service, on):
                        owed[helper.unit, rule.role] += quota.floor
                    break
        if policy.respread:
            self._spread(owed)
        self.former = {pair for pair in former if pair[0] in over}
        """The pairs of an earlier year, which several years forbid to make again."""
        self.slots: dict[Slot, Terms] = {}
        for household in roster.households:
            for role in dict.fromkeys(rule.role for rule in policy.households):
                for household_rule in policy.households:
                    if household_rule.role == role and household_rule.difficulty <= household.difficulty:
                        if _has(household.registered, on):
                            self.slots[household.id, role] = _terms(household_rule.quota, False, role)
                        break
        linked = {(link.unit, link.village) for link in roster.links}
        own = {link.helper: link.area for link in roster.own_links}
        by_id = {helper.id: helper for helper in roster.helpers}
        homes = {household.id: household for household in roster.households}
        self.free: dict[Pair, int] = {}
        for id, terms in self.helpers.items():
            for slot in self.slots:
                helper, home = by_id[id], homes[slot[0]]
                near = own[id] == home.village if id in own else (helper.unit, home.village) in linked
                if near and terms.role == slot[1] and (id, slot[0]) not in self.former:
                    scores = [c.score(c.helper(helper), c.household(home)) for c in policy.criteria]
                    if None not in scores:
                        self.free[id, slot] = sum(filter(None, scores))
        self.locked: list[Pair] = []
        self.excluded: set[Pair] = set()
        for pair in roster.named:
            if pair.helper not in self.helpers:
                continue
            at = pair.helper, (pair.household, self.helpers[pair.helper].role)
            if pair.rule == "preferred" and at in self.free:
                self.free[at] += pair.score
            elif pair.rule != "preferred" and at in self.free:
                del self.free[at]
                (self.locked.append if pair.rule == "locked" else self.excluded.add)(at)
        self.book: set[Pair] = set()
        self.keeps = bool(tuple(book)) and "keep" in policy.aims
        for pairing in book:
            if pairing.helper in self.helpers and _has(pairing.span, on):
                self.book.add((pairing.helper, (pairing.household, self.helpers[pairing.helper].role)))
        hardness = {household.id: household.difficulty for household in roster.households}
        wants = [(k, -hardness[slot[0]], slot) for slot, terms in self.slots.items() for k in range(terms.floor)]
        self.order = [(slot, k + 1) for k, _, slot in sorted(wants)]
        """First helpers before second ones, the harder households first, then by id."""

    def _spread(self, owed: Mapping[tuple[str, str], int]) -> None:
        """Give the floors of the unfit to colleagues, one household at a time."""
        for (unit, role), floors in owed.items():
            colleagues = [one.id for one in self.roster.helpers if one.unit == unit and one.id in self.helpers]
            left = floors
            while left:
                before = left
                for id in colleagues:
                    terms = self.helpers[id]
                    if left and terms.role == role and terms.floor < terms.ceiling:
                        self.helpers[id] = terms._replace(floor=terms.floor + 1)
                        left -= 1
                if left == before:
                    break

    @property
    def aims(self) -> tuple[str, ...]:
        """The aims one by one, the most important first."""
        aims: list[str] = []
        parts = {
            "coverage": ["helpers missing", "order"],
            "floors": ["households missing"],
            "keep": ["changes"],
            "even": ["pairs", "squares of helpers", "squares of slots"],
            "preference": ["preference"],
        }
        for n, aim in enumerate(self.policy.aims):
            aims += parts[aim]
            if n == 1:
                aims += ["soft ceilings", "soft floors"]
        return (*aims, *(["pairs"] if "even" not in self.policy.aims else []))

    def value(self, pairs: Collection[Pair]) -> dict[str, int]:
        """Return what a set of pairs is worth, aim by aim; the less, the better."""
        taken = Counter(helper for helper, _ in pairs)
        have = Counter(slot for _, slot in pairs)
        soft = [(taken[id], terms) for id, terms in self.helpers.items() if terms.soft]
        rank = len(self.order)
        values = {
            "helpers missing": sum(max(0, terms.floor - have[slot]) for slot, terms in self.slots.items()),
            "order": -sum(rank - n for n, (slot, k) in enumerate(self.order) if have[slot] >= k),
            "households missing": sum(self.unmet(pairs)["helpers"].values()),
            "soft ceilings": sum(max(0, load - terms.ceiling) for load, terms in soft),
            "soft floors": sum(max(0, terms.floor - load) for load, terms in soft),
            "changes": self.keeps * sum(-1 if pair in self.book else 1 for pair in pairs if pair in self.free),
            "pairs": len(pairs),
            "squares of helpers": sum(load**2 for load in taken.values()),
            "squares of slots": sum(load**2 for load in have.values()),
            "preference": -sum(self.free.get(pair, 0) for pair in pairs),
        }
        return {aim: values[aim] for aim in self.aims}

    def unmet(self, pairs: Collection[Pair]) -> dict[str, dict[object, int]]:
        """Return who has fewer than the floor, and how many are missing."""
        taken = Counter(helper for helper, _ in pairs)
        have = Counter(slot for _, slot in pairs)
        hard = {id: terms.floor - taken[id] for id, terms in self.helpers.items() if not terms.soft}
        slots = {slot: terms.floor - have[slot] for slot, terms in self.slots.items()}
        return {
            "helpers": {id: missing for id, missing in hard.items() if missing > 0},
            "households": {slot: missing for slot, missing in slots.items() if missing > 0},
        }

    def legal(self, pairs: Collection[Pair]) -> bool:
        """Whether a set of pairs keeps to the ceilings, the links and what is laid down."""
        taken = Counter(helper for helper, _ in pairs)
        have = Counter(slot for _, slot in pairs)
        return (
            len(set(pairs)) == len(pairs)
            and all(taken[id] <= terms.most for id, terms in self.helpers.items())
            and all(have[slot] <= terms.most for slot, terms in self.slots.items())
            and set(self.locked) <= set(pairs) <= self.free.keys() | set(self.locked)
        )

    def pairs(self, plan: Plan) -> list[Pair]:
        """Return the pairs of a plan with their slots, in its order."""
        return [(p.helper, (p.household, self.helpers[p.helper].role)) for p in plan.pairings]

    def best(self) -> dict[str, int]:
        """Return the least value of every aim, one after the other: each a mixed-integer problem of its own."""
        if not self.free:
            return self.value(self.locked)
        return _Program(self).solve()

    def greedy(self) -> dict[Slot, int]:
        """Return how far each slot is filled, its floor at most, when one want after the other is granted if it can be.

        A want is granted when a greatest flow through the persons can fill it beside all that were granted before.
        """
        graph = nx.DiGraph()
        used = Counter(helper for helper, _ in self.locked)
        have = Counter(slot for _, slot in self.locked)
        for id, terms in self.helpers.items():
            graph.add_edge("source", id, capacity=max(0, terms.most - used[id]))
        graph.add_edges_from([(id, slot, {"capacity": 1}) for id, slot in self.free])
        graph.add_node("sink")
        granted = {slot: min(have[slot], terms.floor) for slot, terms in self.slots.items()}
        total = 0
        for slot, k in self.order:
            if k <= have[slot]:
                continue
            graph.add_edge(slot, "sink", capacity=k - have[slot])
            total += 1
            flow = nx.maximum_flow_value(graph, "source", "sink") if "source" in graph else 0
            if granted[slot] == k - 1 and flow == total:
                granted[slot] = k
            else:
                total -= 1
                graph.edges[slot, "sink"]["capacity"] = granted[slot] - have[slot]
        return granted


def _has(span: Span | None, day: date) -> bool:
    return span is None or (span.start <= day and (span.end is None or day < span.end))


def _of_second_year(quota: Quota, over: Quota, used: int) -> Quota:
    floor, ceiling = max(quota.floor, over.floor - used), 10**6 if quota.ceiling is None else quota.ceiling
    ceiling = min(ceiling, max(0, (10**6 if over.ceiling is None else over.ceiling) - used))
    return Quota(min(floor, ceiling), None if ceiling == 10**6 else ceiling)


def _terms(quota: Quota, soft: bool, role: str) -> Terms:
    return Terms(quota.floor, 10**6 if quota.ceiling is None else quota.ceiling, soft, role)


class _Program:
    """The case as a mixed-integer program: one variable a pair, and one for the k-th partner of each person."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.free = list(world.free)
        reach: Counter[object] = Counter(end for pair in [*self.free, *world.locked] for end in pair)
        held: Counter[object] = Counter(end for pair in world.locked for end in pair)
        people: list[tuple[object, Terms]] = [*world.helpers.items(), *world.slots.items()]
        self.steps: dict[tuple[object, int], int] = {}  # (person, k): the variable "has at least k partners"
        for id, terms in people:
            for k in range(1, min(reach[id], terms.most) + 1):
                self.steps[id, k] = len(self.free) + len(self.steps)
        self.width = len(self.free) + len(self.steps)
        self.rows: list[tuple[dict[int, int], float, float]] = []
        for id, terms in people:
            columns = [self.steps[id, k] for k in range(1, min(reach[id], terms.most) + 1)]
            mine = {n: 1 for n, pair in enumerate(self.free) if id in pair}
            self.rows.append((mine | dict.fromkeys(columns, -1), -held[id], -held[id]))
            self.rows += [({a: 1, b: -1}, 0, 1) for a, b in pairwise(columns)]

    def solve(self) -> dict[str, int]:
        found = {}
        for aim in self.world.aims:
            weights, constant = self.objective(aim)
            if weights:
                least = self.least(weights)
                self.rows.append((weights, -np.inf, least))
                constant += least
            found[aim] = constant
        return found

    def least(self, weights: Mapping[int, int]) -> int:
        matrix = np.zeros((len(self.rows), self.width))
        for n, (row, _, _) in enumerate(self.rows):
            matrix[n, list(row)] = list(row.values())
        cost = np.zeros(self.width)
        cost[list(weights)] = list(weights.values())
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        result = milp(cost, constraints=limits, integrality=np.ones(self.width), bounds=Bounds(0, 1))
        assert result.success, result.message
        least: float = result.fun
        return round(least)

    def objective(self, aim: str) -> tuple[dict[int, int], int]:
        """Return the weight of each variable, and what no answer can change."""
        world = self.world
        if aim == "preference":
            return {n: -world.free[pair] for n, pair in enumerate(self.free) if world.free[pair]}, 0
        if aim == "changes":
            return {n: -1 if pair in world.book else 1 for n, pair in enumerate(self.free) if world.keeps}, 0
        if aim == "pairs":
            return dict.fromkeys(range(len(self.free)), 1), len(world.locked)
        if aim == "order":
            rank = len(world.order)
            weights = {self.steps[want]: n - rank for n, want in enumerate(world.order) if want in self.steps}
            return weights, 0
        if aim in ("squares of helpers", "squares of slots"):
            people: Collection[object] = (world.helpers if aim == "squares of helpers" else world.slots).keys()
            return {at: 2 * k - 1 for (id, k), at in self.steps.items() if id in people}, 0
        if aim == "soft ceilings":
            soft: dict[object, Terms] = {id: terms for id, terms in world.helpers.items() if terms.soft}
            return {at: 1 for (id, k), at in self.steps.items() if id in soft and k > soft[id].ceiling}, 0
        floors: dict[object, int] = {
            "helpers missing": {slot: terms.floor for slot, terms in world.slots.items()},
            "households missing": {id: terms.floor for id, terms in world.helpers.items() if not terms.soft},
            "soft floors": {id: terms.floor for id, terms in world.helpers.items() if terms.soft},
        }[aim]  # type: ignore[assignment]
        return {at: -1 for (id, k), at in self.steps.items() if k <= floors.get(id, 0)}, sum(floors.values())


def subsets(pairs: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield every subset of pairs."""
    listed = list(pairs)
    for mask in range(1 << len(listed)):
        yield [pair for n, pair in enumerate(listed) if mask >> n & 1]
