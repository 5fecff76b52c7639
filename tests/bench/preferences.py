"""Pairs Gansu with preferences, county by county, and lets OR-Tools find the same optimum: time, memory, ratio.

    python tests/bench/preferences.py [SHARE ...]

Each helper has one skill of eight, each household one need, and each pair a score by a table.  The links are those of
the population, which stand beside each other like two rows, and then random ones within each county.  Helpers of the
same villages, quota and skill are one class, and so are households of the same units and need.  Both solve the network
of these classes, a connected component at a time; classes, arcs and solution are counted, the population is not.
Each run has a process of its own, so that its memory is its own.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from typing import Any, NamedTuple

SCORES = [[10 if skill == need else (3 * skill + 5 * need) % 5 for need in range(8)] for skill in range(8)]
ROOM = 3  # helpers of a household, the first of whom is due
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
    quotas: dict[tuple[object, ...], tuple[int, int]] = {}
    helpers = []
    for helper in roster.helpers:
        unit = units[helper.unit]
        alike = (helper.rank, helper.kind, helper.post, unit.level)
        if alike not in quotas:
            rule = policy.helper_rule(helper, unit)
            assert rule is not None
            quota = policy.helpers[rule].quota
            assert quota.ceiling is not None
            quotas[alike] = (quota.floor, quota.ceiling)
        helpers.append((helper.unit, *quotas[alike], SKILLS.index(min(helper.skills))))
    households = [(household.village, NEEDS.index(min(household.needs))) for household in roster.households]
    links = [(link.unit, link.village) for link in roster.links]
    return People(helpers, households, links if kind == "path-like" else anew(links))


def anew(links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Link each unit to one to three random villages of its county, and each village at least once."""
    counties: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for unit, village in links:
        counties[village[:6]][0].add(unit)
        counties[village[:6]][1].add(village)
    found = set()
    for code, sides in sorted(counties.items()):
        rng, units, villages = random.Random(code), sorted(sides[0]), sorted(sides[1])
        for n, village in enumerate(rng.sample(villages, len(villages))):
            found.add((units[n % len(units)], village))
        for unit in units:
            found.update((unit, village) for village in rng.sample(villages, min(len(villages), rng.randint(1, 3))))
    return sorted(found)


def aims(left: list[tuple[int, int, int]], right: list[tuple[int, int, int]], preference: int) -> list[int]:
    """Return what the aims come to, from (members, floor, load) of each class."""

    def missing(side: list[tuple[int, int, int]]) -> int:
        return sum(max(0, members * floor - load) for members, floor, load in side)

    def squares(side: list[tuple[int, int, int]]) -> int:
        return sum(load + (load // size) * (2 * load - size * (load // size + 1)) for size, _, load in side)

    return [missing(right), missing(left), sum(load for _, _, load in left), squares(left), squares(right), preference]


def ours(given: People) -> Answer:
    """Let the network simplex solve one component after the other."""
    from pairing.classes import _Packing
    from pairing.memory import no_collection
    from pairing.network import circulate

    with no_collection():
        start = time.perf_counter()
        villages_of: dict[str, list[str]] = {}
        units_of: dict[str, list[str]] = {}
        for unit, village in given.links:
            villages_of.setdefault(unit, []).append(village)
            units_of.setdefault(village, []).append(unit)
        reach = {unit: tuple(villages) for unit, villages in villages_of.items()}
        served = {village: tuple(units) for village, units in units_of.items()}
        sizes: dict[tuple[tuple[str, ...], int, int, int], int] = {}
        for unit, floor, ceiling, skill in given.helpers:
            key = (reach[unit], floor, ceiling, skill)
            sizes[key] = sizes.get(key, 0) + 1
        homes: dict[tuple[str, ...], dict[int, int]] = {}
        for village, need in given.households:
            of_need = homes.setdefault(served[village], {})
            of_need[need] = of_need.get(need, 0) + 1
        nodes = arcs = preference = 0
        left: list[tuple[int, int, int]] = []
        right: list[tuple[int, int, int]] = []
        by_reach: dict[tuple[str, ...], list[tuple[int, int, int, int]]] = {}
        for (villages, floor, ceiling, skill), size in sizes.items():
            by_reach.setdefault(villages, []).append((size, floor, ceiling, skill))
        done: set[tuple[str, ...]] = set()
        for first in by_reach:
            if first in done:
                continue
            done.add(first)
            rows, places = [first], dict.fromkeys(served[village] for village in first)
            for villages in rows:  # breadth first
                for village in villages:
                    for unit in served[village]:
                        if reach[unit] not in done and reach[unit] in by_reach:
                            done.add(reach[unit])
                            rows.append(reach[unit])
                            places.update(dict.fromkeys(served[v] for v in reach[unit]))
            here = [(villages, *kin) for villages in rows for kin in by_reach[villages]]
            there = [(units, need, size) for units in places for need, size in homes.get(units, {}).items()]
            at: dict[tuple[str, ...], list[tuple[int, int, int]]] = {}
            for node, (units, need, size) in enumerate(there, 1 + len(here)):
                at.setdefault(units, []).append((node, need, size))
            gains = [
                (n, size, (0, -(k <= floor), 1, 2 * k - 1, 0, 0))
                for n, (_, size, floor, ceiling, _) in enumerate(here, 1)
                for k in range(1, ceiling + 1)
            ]
            exits = [
                (n, size, (-(k == 1), 0, 0, 0, 2 * k - 1, 0))
                for n, (_, _, size) in enumerate(there, 1 + len(here))
                for k in range(1, ROOM + 1)
            ]
            scores = [(0, 0, 0, 0, 0, -score) for score in range(11)]
            hubs = [cost for _, _, cost in gains] + [cost for _, _, cost in exits]
            packing = _Packing(hubs, scores, 2 * min(len(here), len(there)) + 2)
            price = packing.pack(scores)
            tails = [0] * len(gains)
            heads = [node for node, _, _ in gains]
            room = [size for _, size, _ in gains]
            across: list[int] = []
            partners: dict[tuple[str, ...], list[tuple[int, int, int]]] = {}
            widths: dict[tuple[tuple[str, ...], int], list[int]] = {}
            prices: dict[tuple[tuple[str, ...], int], list[int]] = {}
            for n, (villages, size, _, _, skill) in enumerate(here, 1):
                if villages not in partners:
                    partners[villages] = sorted({p for v in villages for p in at.get(served[v], ())})
                row = partners[villages]
                if (villages, size) not in widths:
                    widths[villages, size] = [size * other for _, _, other in row]
                if (villages, skill) not in prices:
                    prices[villages, skill] = [price[SCORES[skill][need]] for _, need, _ in row]
                tails += [n] * len(row)
                heads += [node for node, _, _ in row]
                room += widths[villages, size]
                across += prices[villages, skill]
            of_hubs = packing.pack(hubs)
            flows, _ = circulate(
                1 + len(here) + len(there),
                tails + [node for node, _, _ in exits],
                heads + [0] * len(exits),
                room + [size for _, size, _ in exits],
                of_hubs[: len(gains)] + across + of_hubs[len(gains) :],
            )
            loads = [0] * (1 + len(here) + len(there))
            value = {cost: score for score, cost in enumerate(price)}
            for tail, head, flow, cost in zip(
                tails[len(gains) :], heads[len(gains) :], flows[len(gains) : len(tails)], across, strict=True
            ):
                if flow:
                    loads[tail] += flow
                    loads[head] += flow
                    preference += flow * value[cost]
            left += [(size, floor, loads[n]) for n, (_, size, floor, _, _) in enumerate(here, 1)]
            right += [(size, 1, loads[n]) for n, (_, _, size) in enumerate(there, 1 + len(here))]
            nodes += len(loads)
            arcs += len(flows)
        seconds = time.perf_counter() - start
    return Answer(aims(left, right, preference), nodes, arcs, seconds)


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
    print(f"{'share':>6} {'links':>10} {'nodes':>8} {'arcs':>10} {'ours s':>8} {'MB':>6} {'(tables)':>8}", end="")
    print(f" {'OR-Tools s':>11} {'MB':>6} {'ratio':>6}  optimum")
    for share in shares or ["0.1", "1"]:
        for kind in KINDS:
            runs = []
            for who in ("ours", "peer"):
                command = [sys.executable, __file__, who, share, kind]
                runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
            mine, other = runs
            same = "the same" if mine["aims"] == other["aims"] else f"DIFFERS: {mine['aims']} {other['aims']}"
            if (mine["nodes"], mine["arcs"]) != (other["nodes"], other["arcs"]):
                same += f", but not the network: {other['nodes']} nodes, {other['arcs']} arcs"
            print(
                f"{share:>6} {kind:>10} {mine['nodes']:>8,} {mine['arcs']:>10,} {mine['seconds']:>8.2f} "
                f"{mine['MB']:>6.0f} {mine['MB of the tables']:>8.0f} {other['seconds']:>11.2f} {other['MB']:>6.0f} "
                f"{mine['seconds'] / other['seconds']:>6.2f}  {same}",
                flush=True,
            )


def run(who: str, share: float, kind: str) -> dict[str, Any]:
    """Read the tables, solve, and tell what it took."""
    given = people(share, kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = {"ours": ours, "peer": peer}[who](given)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**answer._asdict(), "MB": after / 1024, "MB of the tables": before / 1024}


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["peer"]):
        print(json.dumps(run(sys.argv[1], float(sys.argv[2]), sys.argv[3])))
    else:
        main(sys.argv[1:])
