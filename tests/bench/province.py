"""Pairs Gansu at 1 %, 10 % and 100 %, and lets OR-Tools find the same optimum: time, memory, ratio, growth.

    python tests/bench/province.py [SHARE ...]

Each run has a process of its own, so that its memory is its own.  Reading (building the population) is not counted.
OR-Tools gets the clever model: a node for each person, units and villages as hubs, all aims in one integer cost; only
building and solving are counted, no pairs are read out of it.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import date
from typing import Any

ON = date(2012, 2, 8)


def aims(plan_loads: list[tuple[int, int]], household_loads: list[tuple[int, int]]) -> list[int]:
    """Return what the aims come to, from (floor, load) of each helper and of each household."""
    return [
        sum(max(0, floor - load) for floor, load in household_loads),
        sum(max(0, floor - load) for floor, load in plan_loads),
        sum(load for _, load in plan_loads),
        sum(load * load for _, load in plan_loads),
        sum(load * load for _, load in household_loads),
    ]


def ours(share: float) -> dict[str, Any]:
    """Pair, and verify."""
    import pairing as pr
    from pairing.synthetic import population

    policy, roster = pr.programme("gansu-2012"), population("gansu-2012", scale=share)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    plan = pr.pair(policy, roster, on=ON)
    paired = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    plan.verify()
    verified = time.perf_counter()
    carried: dict[str, int] = {}
    for pairing in plan.pairings:
        carried[pairing.helper] = carried.get(pairing.helper, 0) + 1
        carried[pairing.household] = carried.get(pairing.household, 0) + 1
    rules = {h.id: policy.helper_rule(h, roster.unit(h.unit)) for h in roster.helpers}
    helpers = [(policy.helpers[rule].quota.floor, carried.get(id, 0)) for id, rule in rules.items() if rule is not None]
    return {
        "helpers": len(roster.helpers),
        "households": len(roster.households),
        "seconds": paired - start,
        "verify": verified - paired,
        "MB": memory / 1024,
        "MB of the roster": before / 1024,
        "aims": aims(helpers, [(1, carried.get(h.id, 0)) for h in roster.households]),
    }


def peer(share: float) -> dict[str, Any]:
    """Solve the same problem with OR-Tools, person by person."""
    from ortools.graph.python import min_cost_flow

    import pairing as pr
    from pairing.synthetic import population

    policy, roster = pr.programme("gansu-2012"), population("gansu-2012", scale=share)
    quotas = []
    for helper in roster.helpers:
        rule = policy.helper_rule(helper, roster.unit(helper.unit))
        assert rule is not None
        quotas.append(policy.helpers[rule].quota)
    least = policy.households[0].quota
    start = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    people = len(roster.helpers)
    hub = {unit.id: 1 + people + n for n, unit in enumerate(roster.units)}
    top = 1 + people + len(roster.units)
    village = {code: top + n for n, code in enumerate(sorted({link.village for link in roster.links}))}
    top += len(village)
    tails, heads, room, cost = [], [], [], []

    def arc(tail: int, head: int, capacity: int, price: int) -> None:
        tails.append(tail)
        heads.append(head)
        room.append(capacity)
        cost.append(price)

    big = len(roster.households) * 3
    uncovered, unmet, pair, load, spread = 1 << 24, 1 << 19, 1 << 14, 1 << 5, 1
    for n, (helper, quota) in enumerate(zip(roster.helpers, quotas, strict=True), 1):
        assert quota.ceiling is not None
        for k in range(1, quota.ceiling + 1):
            arc(0, n, 1, pair + load * (2 * k - 1) - unmet * (k <= quota.floor))
        arc(n, hub[helper.unit], quota.ceiling, 0)
    for link in roster.links:
        arc(hub[link.unit], village[link.village], big, 0)
    assert least.ceiling is not None
    last = len(tails)
    for n, household in enumerate(roster.households, top):
        arc(village[household.village], n, least.ceiling, 0)
        for k in range(1, least.ceiling + 1):
            arc(n, 0, 1, spread * (2 * k - 1) - uncovered * (k <= least.floor))
    import numpy as np

    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        *(np.array(values, dtype=np.int64) for values in (tails, heads, room, cost))
    )
    built = time.perf_counter()
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("the peer found no optimum")
    solved = time.perf_counter()
    flows = flow.flows(arcs).tolist()
    loads = [0] * (people + 1)
    for head, value in zip(heads[:last], flows[:last], strict=True):
        if head <= people:
            loads[head] += value
    households = [0] * len(roster.households)
    for tail, head, value in zip(tails[last:], heads[last:], flows[last:], strict=True):
        if head == 0:
            households[tail - top] += value
    return {
        "seconds": solved - start,
        "build": built - start,
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "aims": aims(
            [(q.floor, n) for q, n in zip(quotas, loads[1:], strict=True)], [(least.floor, n) for n in households]
        ),
    }


def main(shares: list[str]) -> None:
    """Print one row for each share."""
    print(f"{'helpers':>9} {'households':>11} {'ours s':>8} {'verify s':>9} {'ours MB':>8} {'(roster)':>9}", end="")
    print(f" {'OR-Tools s':>11} {'MB':>6} {'ratio':>6} {'µs/person':>10}  optimum")
    for share in shares or ["0.01", "0.1", "1"]:
        runs = []
        for who in ("ours", "peer"):
            done = subprocess.run([sys.executable, __file__, who, share], check=True, capture_output=True, text=True)
            runs.append(json.loads(done.stdout))
        mine, other = runs
        people = mine["helpers"] + mine["households"]
        same = "the same" if mine["aims"] == other["aims"] else f"DIFFERS: {mine['aims']} {other['aims']}"
        print(
            f"{mine['helpers']:>9,} {mine['households']:>11,} {mine['seconds']:>8.2f} {mine['verify']:>9.2f} "
            f"{mine['MB']:>8.0f} {mine['MB of the roster']:>9.0f} {other['seconds']:>11.2f} {other['MB']:>6.0f} "
            f"{mine['seconds'] / other['seconds']:>6.2f} {1e6 * mine['seconds'] / people:>10.2f}  {same}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["peer"]):
        print(json.dumps({"ours": ours, "peer": peer}[sys.argv[1]](float(sys.argv[2]))))
    else:
        main(sys.argv[1:])
