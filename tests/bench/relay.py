"""Relays in a register of Gansu: one leaver, and all leavers of a year at once, beside OR-Tools on the same problem.

    python tests/bench/relay.py [SHARE ...]

Each share has a process of its own.  One leaver: the median and the worst of 20, after one to warm up.  A year: 3 % of
the helpers retire on days of 2013, in one relay.  The peer is one minimum cost flow in OR-Tools with a node for each
household that passes on and for each helper who may be asked, and an arc for each pair; the aims of the relay are its
integer costs, one aim above the other by weights that no county can make up for.  Who may be asked is read before the
clock starts: only building the arrays, solving, and reading the answer count.  Both must come to the same vacancies,
takers about to leave, rungs, households below floors, and evenness.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from pairing import Register, pair, programme
from pairing.entries import Retirement
from pairing.handover import Handover, relay
from pairing.people import Helper
from pairing.policy import Policy
from pairing.roster import Roster
from pairing.synthetic import population

ON = date(2012, 2, 8)
LOADS, FLOORS, LADDER, SOON, VACANT = 1, 1 << 13, 1 << 22, 1 << 33, 1 << 41
"""What each aim weighs: so much that the households of a county, some hundreds, cannot outweigh it with lower aims."""


class Given(NamedTuple):
    """A register of the province, and who leaves in a year."""

    policy: Policy
    roster: Roster
    register: Register
    leavers: list[Retirement]


def given(share: float) -> Given:
    """Pair a share of Gansu, record it, and draw those who leave in 2013, one at most of the helpers of a household."""
    policy, roster = programme("gansu-2012"), population("gansu-2012", scale=share)
    plan = pair(policy, roster, on=ON)
    register = Register().record(*plan.entries())
    households: dict[str, list[str]] = defaultdict(list)
    for pairing in plan.pairings:
        households[pairing.helper].append(pairing.household)
    draw = Random(1).random
    leavers: list[Retirement] = []
    passing: set[str] = set()
    for helper in roster.helpers:
        leaves, day = draw() < 0.03, date(2013, 1, 1) + timedelta(days=int(365 * draw()))
        mine = households[helper.id]
        if leaves and (policy.retires(helper) or date.max) > day and passing.isdisjoint(mine):
            passing.update(mine)
            leavers.append(Retirement(helper.id, on=day))
    return Given(policy, plan.roster, register, leavers)


def loads(these: Given) -> Counter[str]:
    """Return for how many households each helper is responsible."""
    return Counter(pairing.helper for pairing in these.register.view(on=date(2014, 1, 1)).pairings)


def evenness(quotas: dict[str, tuple[int, int]], before: Counter[str], taken: Counter[str]) -> tuple[int, int]:
    """Return how many of the households taken over help a taker to the floor, and the cost of uneven loads."""
    floors = even = 0
    for helper, count in taken.items():
        for k in range(before[helper] + 1, before[helper] + count + 1):
            floors += k <= quotas[helper][0]
            even += 2 * k - 1
    return floors, even


def quotas_of(these: Given) -> dict[str, tuple[int, int]]:
    """Return the floor and the ceiling of each helper."""
    found = {}
    for helper in these.roster.helpers:
        at = these.policy.helper_rule(helper, these.roster.unit(helper.unit))
        assert at is not None
        quota = these.policy.helpers[at].quota
        assert quota.ceiling is not None
        found[helper.id] = quota.floor, quota.ceiling
    return found


def askable(these: Given, before: Counter[str]) -> tuple[list[date], list[tuple[int, str, int, bool]]]:
    """Return the days on which households pass on, and who may be asked for each, at which rung, whether soon gone."""
    roster, rules = these.roster, these.policy.handover
    rung = {name: n for n, name in enumerate(rules.ladder, 1)}
    out = {change.helper: change.on for change in these.leavers}
    ceilings = quotas_of(these)
    free: dict[str, list[tuple[Helper, date]]] = defaultdict(list)
    for helper in roster.helpers:
        if helper.id not in out and before[helper.id] < ceilings[helper.id][1]:
            free[helper.unit].append((helper, these.policy.retires(helper) or date.max))
    days: list[date] = []
    found: list[tuple[int, str, int, bool]] = []
    for pairing in these.register.view(on=date(2014, 1, 1)).pairings:
        if pairing.helper not in out:
            continue
        giver, village = roster.helper(pairing.helper), roster.household(pairing.household).village
        day, case = out[giver.id], len(days)
        days.append(day)
        linked = roster.units_of(village)
        superior = roster.unit(giver.unit).parent
        for unit in dict.fromkeys([giver.unit, *linked, *([superior] if superior else [])]):
            for helper, leaves in free.get(unit, ()):
                if leaves <= day:
                    continue
                at = rung["superior"] if unit == superior else 99
                if unit in linked:
                    at = min(at, rung["unit" if unit == giver.unit else "linked"])
                    if unit == giver.unit and giver.division and helper.division == giver.division:
                        at = min(at, rung["division"])
                if at < 99:
                    found.append((case, helper.id, at, leaves <= day + timedelta(days=rules.soon)))
    return days, found


def peer(these: Given) -> dict[str, Any]:
    """Solve the year with OR-Tools, person by person."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    before, quotas = loads(these), quotas_of(these)
    days, pairs = askable(these, before)
    start = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    node = {id: n for n, id in enumerate(dict.fromkeys(id for _, id, _, _ in pairs), 1 + len(days))}
    sink = 1 + len(days) + len(node)

    def arcs() -> Iterator[tuple[int, int, int, int]]:
        for case, id, at, soon in pairs:
            yield 1 + case, node[id], 1, LADDER * at + SOON * soon
        for case in range(len(days)):
            yield 0, 1 + case, 1, 0
            yield 1 + case, sink, 1, VACANT
        for id, n in node.items():
            floor, ceiling = quotas[id]
            for k in range(before[id] + 1, ceiling + 1):
                yield n, sink, 1, LOADS * (2 * k - 1) - FLOORS * (k <= floor)

    columns = np.array(list(arcs()), dtype=np.int64).T
    numbers = flow.add_arcs_with_capacity_and_unit_cost(*columns)
    flow.set_nodes_supplies(np.array([0, sink]), np.array([len(days), -len(days)]))
    built = time.perf_counter()
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("the peer found no optimum")
    flows = flow.flows(numbers)
    used = [pairs[n] for n in np.nonzero(flows[: len(pairs)])[0]]
    end = time.perf_counter()
    floors, even = evenness(quotas, before, Counter(id for _, id, _, _ in used))
    return {
        "seconds": end - start,
        "build": built - start,
        "arcs": int(columns.shape[1]),
        "values": [len(days) - len(used), sum(s for *_, s in used), sum(at for _, _, at, _ in used), floors, even],
    }


def values(these: Given, handover: Handover) -> list[int]:
    """Return what a relay comes to, counted from its passings."""
    got = handover.values
    taken = Counter(taker for passing in handover.passings for taker in passing.takers)
    floors, even = evenness(quotas_of(these), loads(these), taken)
    return [got["vacancies"], got["about to leave"], got["ladder"], floors, even]


def megabytes() -> float:
    """Return the most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(share: float) -> dict[str, Any]:
    """Relay one leaver 21 times, then a year, then let the peer do the same year."""
    these = given(share)
    found: dict[str, Any] = {"helpers": len(these.roster.helpers), "MB before": megabytes()}
    arguments = these.policy, these.roster, these.register
    ones = []
    for change in these.leavers[:: max(1, len(these.leavers) // 21)][:21]:
        start = time.perf_counter()
        relay(*arguments, [change])
        ones.append(time.perf_counter() - start)
    found["first"], found["one"], found["worst"] = ones[0], statistics.median(ones[1:]), max(ones[1:])
    start = time.perf_counter()
    handover = relay(*arguments, these.leavers)
    found["year"] = time.perf_counter() - start
    found["MB"] = megabytes()
    found["leavers"], found["households"] = len(these.leavers), len(handover.passings) + len(handover.vacancies)
    start = time.perf_counter()
    handover.verify()
    found["verify"] = time.perf_counter() - start
    start = time.perf_counter()
    these.register.record(*handover.entries())
    found["record"] = time.perf_counter() - start
    found["values"] = values(these, handover)
    found["peer"] = peer(these)
    return found


def main(shares: list[str]) -> None:
    """Print one row for each share, then how the times grow."""
    print(f"{'helpers':>9} {'one ms':>7} {'worst':>6} {'first':>6} {'leavers':>8} {'pass on':>8} {'year s':>7}", end="")
    print(
        f" {'verify s':>9} {'record s':>9} {'MB':>6} {'(before)':>9} {'OR-Tools s':>11} {'arcs':>10} {'ratio':>6}  ",
        end="",
    )
    print("optimum")
    rows = []
    for share in shares or ["0.01", "0.1", "1"]:
        done = subprocess.run([sys.executable, __file__, "measure", share], check=True, capture_output=True, text=True)
        row = json.loads(done.stdout)
        rows.append(row)
        other = row["peer"]
        same = "the same" if row["values"] == other["values"] else f"DIFFERS: {row['values']} {other['values']}"
        print(
            f"{row['helpers']:>9,} {1e3 * row['one']:>7.2f} {1e3 * row['worst']:>6.1f} {1e3 * row['first']:>6.0f} "
            f"{row['leavers']:>8,} {row['households']:>8,} {row['year']:>7.2f} {row['verify']:>9.2f} "
            f"{row['record']:>9.2f} {row['MB']:>6.0f} {row['MB before']:>9.0f} {other['seconds']:>11.2f} "
            f"{other['arcs']:>10,} {row['year'] / other['seconds']:>6.2f}  {same}"
        )
    for before, after in pairwise(rows):
        growth = "  ".join(f"{name} × {after[name] / before[name]:.1f}" for name in ("one", "year", "verify", "record"))
        print(f"{before['helpers']:,} → {after['helpers']:,} helpers: {growth}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(float(sys.argv[2]))))
    else:
        main(sys.argv[1:])
