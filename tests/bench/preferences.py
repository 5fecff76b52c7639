"""Pairs Gansu with preferences, and lets OR-Tools find the same optimum county by county: time, memory, ratio.

    python tests/bench/preferences.py [SHARE ...]

Each helper has one skill of eight, each household one need, and each pair a score by a table.  The links are those of
the population, which stand beside each other like two rows; and then random ones within each county besides.  Helpers
of the same villages, quota and skill are one class, and so are households of the same units and need.

Counted is, for us, all of `pair`, from the roster to the plan with its pairings and proof; for OR-Tools, the making and
the solving of the networks of classes, one for each connected component, without any pairings.  The population is not
counted.  Each run has a process of its own, so that its memory is its own.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import date
from typing import Any, NamedTuple

SCORES = [[10 if skill == need else (3 * skill + 5 * need) % 5 for need in range(8)] for skill in range(8)]
ROOM = 3  # helpers of a household, the first of whom is due
ON = date(2012, 2, 8)
KINDS = ("path-like", "random")


class People(NamedTuple):
    """Who there is: (unit, floor, ceiling, skill) of helpers, (village, need) of households, and (unit, village)."""

    helpers: list[tuple[str, int, int, int]]
    households: list[tuple[str, int]]
    links: list[tuple[str, str]]


class Answer(NamedTuple):
    """What a run found: the aims, the size of the network, and the time."""

    aims: list[int]
    nodes: int
    arcs: int
    seconds: float


def people(share: float, kind: str) -> People:
    """Read the tables."""
    import pairing as pr
    from pairing.synthetic import NEEDS, SKILLS, population

    policy, roster = pr.programme("gansu-2012"), population("gansu-2012", scale=share)
    units = {unit.id: unit for unit in roster.units}
    helpers = []
    for helper in roster.helpers:
        quota = quota_of(policy, helper, units[helper.unit])
        assert quota.ceiling is not None
        helpers.append((helper.unit, quota.floor, quota.ceiling, SKILLS.index(min(helper.skills))))
    households = [(household.village, NEEDS.index(min(household.needs))) for household in roster.households]
    links = [(link.unit, link.village) for link in roster.links]
    return People(helpers, households, links if kind == "path-like" else anew(links))


def quota_of(policy: Any, helper: Any, unit: Any) -> Any:
    """Return the quota of a helper."""
    rule = policy.helper_rule(helper, unit)
    assert rule is not None
    return policy.helpers[rule].quota


def anew(links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Link every other unit to one more village of its county, at random: so the two rows are torn apart."""
    counties: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for unit, village in links:
        counties[village[:6]][0].add(unit)
        counties[village[:6]][1].add(village)
    found = set(links)
    for code, (units, villages) in sorted(counties.items()):
        rng, choices = random.Random(code), sorted(villages)
        found.update((unit, rng.choice(choices)) for unit in sorted(units)[::2])
    return sorted(found)


def aims(left: list[tuple[int, int, int]], right: list[tuple[int, int, int]], preference: int) -> list[int]:
    """Return what the aims come to, from (members, floor, load) of each class."""

    def missing(side: list[tuple[int, int, int]]) -> int:
        return sum(max(0, members * floor - load) for members, floor, load in side)

    def squares(side: list[tuple[int, int, int]]) -> int:
        return sum(load + (load // size) * (2 * load - size * (load // size + 1)) for size, _, load in side)

    return [missing(right), missing(left), sum(load for _, _, load in left), squares(left), squares(right), preference]


def ours(share: float, kind: str) -> Answer:
    """Pair the people themselves, with a criterion for the scores; counted is all from the roster to the plan."""
    import attrs

    import pairing as pr
    from pairing.synthetic import NEEDS, SKILLS, population

    skills, needs = ({word: n for n, word in enumerate(words)} for words in (SKILLS, NEEDS))
    criterion = pr.Criterion(
        "skill and need",
        lambda helper: skills[min(helper.skills)],
        lambda household: needs[min(household.needs)],
        lambda skill, need: SCORES[skill][need],
    )
    roster = population("gansu-2012", scale=share)
    if kind == "random":
        links = anew([(link.unit, link.village) for link in roster.links])
        roster = roster.linked([pr.Link(*link) for link in links], ())
    aims_of = ("coverage", "floors", "even", "preference")
    policy = attrs.evolve(pr.programme("gansu-2012"), aims=aims_of, criteria=(criterion,), linking=None)
    start = time.perf_counter()
    plan = pr.pair(policy, roster, on=ON)
    seconds = time.perf_counter() - start
    helpers, households = {h.id: h for h in roster.helpers}, {h.id: h for h in roster.households}
    carried = Counter(pairing.helper for pairing in plan.pairings)
    had = Counter(pairing.household for pairing in plan.pairings)
    preference = sum(
        SCORES[skills[min(helpers[p.helper].skills)]][needs[min(households[p.household].needs)]] for p in plan.pairings
    )
    floors = [
        (1, quota_of(policy, helper, roster.unit(helper.unit)).floor, carried[id]) for id, helper in helpers.items()
    ]
    return Answer(aims(floors, [(1, 1, had[id]) for id in households], preference), 0, 0, seconds)


def peer(given: People) -> Answer:
    """Let OR-Tools solve the same, each component with SimpleMinCostFlow, all aims in one integer cost."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    uncovered, unmet, pair, load, spread = 1 << 38, 1 << 32, 1 << 26, 1 << 20, 1 << 14
    start = time.perf_counter()
    villages_of, units_of = defaultdict(set), defaultdict(set)
    joined: dict[str, str] = {}

    def find(x: str) -> str:
        while joined.setdefault(x, x) != x:
            joined[x] = x = joined[joined[x]]
        return x

    for unit, village in given.links:
        villages_of[unit].add(village)
        units_of[village].add(unit)
        joined[find(unit)] = find(village)
    reach = {unit: frozenset(villages) for unit, villages in villages_of.items()}
    served = {village: frozenset(units) for village, units in units_of.items()}
    counts: dict[str, tuple[dict[Any, int], dict[Any, int]]] = defaultdict(lambda: (defaultdict(int), defaultdict(int)))
    for unit, floor, ceiling, skill in given.helpers:
        counts[find(unit)][0][reach[unit], floor, ceiling, skill] += 1
    for village, need in given.households:
        counts[find(village)][1][served[village], need] += 1
    nodes = arcs = preference = 0
    left, right = [], []
    for helpers, households in counts.values():
        flow = min_cost_flow.SimpleMinCostFlow()
        tails, heads, room, cost, worth = [], [], [], [], []
        at = defaultdict(list)
        for m, ((units, need), size) in enumerate(households.items(), 1 + len(helpers)):
            at[units].append((m, need, size))
        for n, ((villages, floor, ceiling, skill), size) in enumerate(helpers.items(), 1):
            for k in range(1, ceiling + 1):
                tails.append(0)
                heads.append(n)
                room.append(size)
                cost.append(pair + load * (2 * k - 1) - unmet * (k <= floor))
                worth.append(0)
            for units in {served[village] for village in villages}:
                for m, need, other in at[units]:
                    tails.append(n)
                    heads.append(m)
                    room.append(size * other)
                    cost.append(-SCORES[skill][need])
                    worth.append(SCORES[skill][need])
        for m, size in enumerate(households.values(), 1 + len(helpers)):
            for k in range(1, ROOM + 1):
                tails.append(m)
                heads.append(0)
                room.append(size)
                cost.append(spread * (2 * k - 1) - uncovered * (k == 1))
                worth.append(0)
        added = flow.add_arcs_with_capacity_and_unit_cost(
            *(np.array(values, dtype=np.int64) for values in (tails, heads, room, cost))
        )
        if flow.solve() != flow.OPTIMAL:
            raise SystemExit("the peer found no optimum")
        flows = flow.flows(added)
        loads = np.zeros(1 + len(helpers) + len(households), dtype=np.int64)
        np.add.at(loads, np.array(heads), flows)
        preference += int(np.dot(flows, np.array(worth)))
        carried = loads.tolist()
        left += [(size, key[1], carried[n]) for n, (key, size) in enumerate(helpers.items(), 1)]
        right += [(size, 1, carried[m]) for m, size in enumerate(households.values(), 1 + len(helpers))]
        nodes += len(carried)
        arcs += len(tails)
    seconds = time.perf_counter() - start
    return Answer(aims(left, right, preference), nodes, arcs, seconds)


def main(shares: list[str]) -> None:
    """Print one row for each share and kind of links."""
    print(f"{'share':>6} {'links':>10} {'nodes':>8} {'arcs':>10} {'ours s':>8} {'MB':>6}", end="")
    print(f" {'OR-Tools s':>11} {'MB':>6} {'ratio':>6}  optimum")
    for share in shares or ["0.1", "1"]:
        for kind in KINDS:
            runs = []
            for who in ("ours", "peer"):
                command = [sys.executable, __file__, who, share, kind]
                runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
            mine, other = runs
            same = "the same" if mine["aims"] == other["aims"] else f"DIFFERS: {mine['aims']} {other['aims']}"
            print(
                f"{share:>6} {kind:>10} {other['nodes']:>8,} {other['arcs']:>10,} {mine['seconds']:>8.2f} "
                f"{mine['MB']:>6.0f} {other['seconds']:>11.2f} {other['MB']:>6.0f} "
                f"{mine['seconds'] / other['seconds']:>6.2f}  {same}",
                flush=True,
            )


def run(who: str, share: float, kind: str) -> dict[str, Any]:
    """Read the tables, solve, and tell what it took."""
    answer = ours(share, kind) if who == "ours" else peer(people(share, kind))
    return {**answer._asdict(), "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["peer"]):
        print(json.dumps(run(sys.argv[1], float(sys.argv[2]), sys.argv[3])))
    else:
        main(sys.argv[1:])
