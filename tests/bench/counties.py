"""Pairs Gansu county by county: one process beside two, over the standard pool and loky, and what moving things costs.

    python tests/bench/counties.py [SHARE]

The population is cut into its counties, each is written as a folder, and each run has a process of its own.  Every
plan is verified in every run.  "whole" reads and pairs the province in one piece; "here" is county by county in one
process; "processes" and "loky" are two workers, which get a path and give back columns; "objects" is the naive way:
rosters are read here and sent to two workers as they are, and pairings come back as objects.

- wall: seconds from the first to the last county, without the start of the workers, which stands beside.
- work: the seconds of a processor inside the tasks, added up; with two processors half of that is what is possible.
- sent, moving: how many MB go through the pool, and the seconds of a processor to pickle and unpickle that once.
"""

import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import date
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from attrs import evolve

import pairing as pr
from pairing.counties import CountyPlan, each_county, pair_counties
from pairing.people import Pairing
from pairing.roster import Roster
from pairing.synthetic import population

ON = date(2012, 2, 8)
WORKERS = 2


def cut(share: float, folder: Path) -> list[str]:
    """Write a share of Gansu as a whole and county by county; return the keys of the counties."""
    roster = population("gansu-2012", scale=share)
    pr.write_roster(roster, folder / "whole")
    keys = sorted({household.village[:6] for household in roster.households})
    for county in keys:
        units = {unit.id for unit in roster.units if unit.id[2:8] == county}
        part = Roster(
            roster.areas,
            [
                evolve(unit, parent=unit.parent if unit.parent in units else None)
                for unit in roster.units
                if unit.id in units
            ],
            [helper for helper in roster.helpers if helper.unit in units],
            [household for household in roster.households if household.village.startswith(county)],
            [link for link in roster.links if link.unit in units],
        )
        above = {code for village in part.areas for code in [village.code] if code[:6] == county or len(code) < 6}
        needed = above | {unit.area for unit in part.units}
        tree = pr.AreaTree([area for area in part.areas if area.code in needed])
        pr.write_roster(evolve(part, areas=tree), folder / county)
    return keys


def timed(work: Callable[[str], Any], name: str) -> tuple[Any, float]:
    """Return what a task makes, and the seconds of a processor that it takes."""
    start = time.process_time()
    done = work(name)
    return done, time.process_time() - start


def warm(seconds: float) -> None:
    """Load all that pairing needs, and leave the other tasks to the other workers for a while."""
    pr.pair(pr.programme("gansu-2012"), pr.Roster(pr.AreaTree(())), on=ON).verify()
    time.sleep(seconds)


def planned(policy: pr.Policy, folder: str) -> CountyPlan:
    """Read, pair and verify one county, as `pair_counties` does."""
    return pair_counties(policy, [folder], on=ON).counties[0]


def objects(policy: pr.Policy, roster: Roster) -> tuple[tuple[Pairing, ...], float]:
    """Pair and verify a roster that was sent; give back the pairings as they are."""
    start = time.process_time()
    plan = pr.pair(policy, roster, on=ON)
    plan.verify()
    return plan.pairings, time.process_time() - start


def opened(kind: str) -> tuple[Executor | None, float]:
    """Return an executor whose workers are there and have loaded what they need, and the seconds that this took."""
    if kind == "here":
        return None, 0.0
    start = time.perf_counter()
    if kind == "loky":
        pool: Executor = import_module("loky").ProcessPoolExecutor(WORKERS)
    else:
        pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))
    for future in [pool.submit(warm, 1) for _ in range(WORKERS)]:
        future.result()
    return pool, time.perf_counter() - start - 1


def moving(things: list[Any]) -> tuple[float, float]:
    """Return how many MB the things are when pickled, and the seconds of a processor to pickle and unpickle them."""
    start = time.process_time()
    size = 0
    for thing in things:
        packed = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
        pickle.loads(packed)
        size += len(packed)
    return size / 1e6, time.process_time() - start


def run(kind: str, folder: Path, keys: list[str]) -> dict[str, Any]:
    """Pair all counties in one of the ways."""
    warm(0)
    policy, start, used = pr.programme("gansu-2012"), time.perf_counter(), time.process_time()
    if kind == "whole":
        plan = pr.pair(policy, pr.read_roster(folder / "whole"), on=ON)
        plan.verify()
        wall, used = time.perf_counter() - start, time.process_time() - used
        pairs = hash_of((pairing.helper, pairing.household) for pairing in plan.pairings)
        return {"wall": wall, "work": used, "start": 0, "MB": megabytes(), "sent": 0, "moving": 0, "pairs": pairs}
    folders = [str(folder / county) for county in keys]
    executor, opening = opened("processes" if kind == "objects" else kind)
    start, used = time.perf_counter(), time.process_time()
    pairs_of: list[tuple[str, str]] = []
    there: list[Any]
    if kind == "objects":
        assert executor is not None
        rosters = [pr.read_roster(each) for each in folders]
        reading = time.process_time() - used
        done = list(executor.map(partial(objects, policy), rosters))
        wall, seconds = time.perf_counter() - start, reading + sum(spent for _, spent in done)
        pairs_of = [(pairing.helper, pairing.household) for pairings, _ in done for pairing in pairings]
        there = [*rosters, *(pairings for pairings, _ in done)]
    else:
        found = [plan for _, plan in each_county(partial(timed, partial(planned, policy)), folders, executor=executor)]
        wall, seconds = time.perf_counter() - start, sum(spent for _, spent in found)
        for plan, _ in found:
            pairs_of += zip(plan.helpers, plan.households, strict=True)
        there = [plan for plan, _ in found] + [policy] * len(found)
    sent, spent = moving(there) if executor is not None else (0.0, 0.0)
    memory = megabytes()
    if executor is not None:
        executor.shutdown(wait=True)
    pairs = hash_of(pairs_of)
    return {
        "wall": wall, "work": seconds, "start": opening, "MB": memory, "sent": sent, "moving": spent, "pairs": pairs
    }  # fmt: skip


def hash_of(pairs: Any) -> list[int]:
    """Return what tells whether two runs gave the same pairs."""
    from hashlib import sha256

    listed = sorted(pairs)
    return [len(listed), int.from_bytes(sha256(repr(listed).encode()).digest()[:6], "big")]


def megabytes() -> float:
    """Return the most memory that this process, or any of its workers, has had."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main(share: str) -> None:
    """Print one row for each way."""
    with tempfile.TemporaryDirectory() as name:
        made = [sys.executable, __file__, "cut", share, name]  # apart, as a process begins with its parent's peak
        keys = subprocess.run(made, check=True, capture_output=True, text=True).stdout.split()
        print(f"Gansu at {share}: {len(keys)} counties, {WORKERS} workers")
        print(f"{'':<10}{'wall s':>8}{'work s':>8}{'start s':>9}{'÷ here':>8}{'sent MB':>9}{'moving s':>10}", end="")
        print(f"{'of work':>9}{'MB here':>9}  pairs")
        rows: dict[str, dict[str, Any]] = {}
        for kind in ("whole", "here", "processes", "loky", "objects"):
            arguments = [sys.executable, __file__, "run", kind, name, *keys]
            done = subprocess.run(arguments, check=True, capture_output=True, text=True)
            row = rows[kind] = json.loads(done.stdout)
            against = row["wall"] / rows.get("here", row)["wall"]
            same = "the same" if row["pairs"] == rows["whole"]["pairs"] else f"DIFFERS: {row['pairs']}"
            print(
                f"{kind:<10}{row['wall']:>8.2f}{row['work']:>8.2f}{row['start']:>9.2f}{against:>8.2f}{row['sent']:>9.1f}"
                f"{row['moving']:>10.2f}{row['moving'] / row['work']:>9.1%}"
                f"{row['MB']:>9.0f}  {row['pairs'][0]:,}, {same}"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        print(json.dumps(run(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])))
    elif sys.argv[1:2] == ["cut"]:
        print(*cut(float(sys.argv[2]), Path(sys.argv[3])))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "1")
