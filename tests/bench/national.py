"""The whole country by simulation, county by county over two processes: made, linked, paired, verified, counted.

    python tests/bench/national.py [SHARE]

832 counties with 29.5 million poor households, 35,457 in each but for one; helpers to households as in Gansu's
programme (400,017 to 419,989), and villages and units to a county as there (8,790 and 14,649 to 58).  Every county is
made from its number alone, where it is worked on; what comes back are figures, which are added up and forgotten.
SHARE of the counties is measured (0.1 unless told); the rest is extrapolated, every county being of the same size.

The policy is Gansu's: quotas by rank, units linked to villages in proportion to their cadres.
"""

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from random import Random
from typing import NamedTuple

import pairing as pr
from pairing.counties import each_county

ON = date(2012, 2, 8)
WORKERS = 2
COUNTIES, HOUSEHOLDS = 832, 29_500_000
VILLAGES, UNITS = 8_790 // 58, 14_649 // 58
HELPERS, TO_HOUSEHOLDS = 400_017, 419_989


class Done(NamedTuple):
    """The figures of one county: how many there are, what came of it, and what it took."""

    helpers: int
    households: int
    links: int
    pairings: int
    covered: int
    due: int
    fulfilled: int
    owing: int
    short: int
    make: float
    pair: float
    verify: float
    megabytes: float


def county(number: int) -> pr.Roster:
    """Make a county from its number: villages and units of unlike sizes, and nobody linked as yet."""
    random = Random(f"county {number}")
    code = f"{number:06}"
    homes = HOUSEHOLDS // COUNTIES + (number <= HOUSEHOLDS % COUNTIES)
    heads = homes * HELPERS // TO_HOUSEHOLDS
    villages = [f"{code}{n:06}" for n in range(VILLAGES)]
    areas = [pr.Area("00", "", "province"), pr.Area(code, "", "county", "00")]
    areas += [pr.Area(village, "", "village", code) for village in villages]
    units = [pr.Unit(f"u-{code}-{n:03}", "county", code) for n in range(UNITS)]
    sizes = shared(heads, [100 + int(3600 * random.random() ** 3) for _ in units])
    helpers: list[pr.Helper] = []
    for unit, size in zip(units, sizes, strict=True):
        for n in range(size):  # of a hundred, one of bureau rank where the unit is that large, six of division rank
            rank = "bureau" if n % 100 == 99 else "division" if n % 16 == 0 else "staff"
            helpers.append(pr.Helper(f"c-{code}-{len(helpers):05}", unit.id, rank))
    households: list[pr.Household] = []
    for village, size in zip(
        villages, shared(homes, [400 + int(1200 * random.random()) for _ in villages]), strict=True
    ):
        for _ in range(size):
            id = f"h-{code}-{len(households):05}"
            households.append(pr.Household(id, village, int(4 * random.random()), 1 + int(6 * random.random())))
    return pr.Roster(pr.AreaTree(areas), units, helpers, households)


def shared(total: int, weights: list[int]) -> list[int]:
    """Share out a whole number by weights: each has what lies between two points of a line."""
    whole, passed, found = sum(weights), 0, []
    for weight in weights:
        found.append(total * (passed + weight) // whole - total * passed // whole)
        passed += weight
    return found


def done(policy: pr.Policy, key: str) -> Done:
    """Make a county, link its units to villages, pair it, verify it, and count."""
    start = time.process_time()
    roster = county(int(key))
    made = time.process_time()
    plan = pr.pair(policy, roster, on=ON)  # which links first, as there are no links
    paired = time.process_time()
    plan.verify()
    verified = time.process_time()
    covered, fulfilled = plan.coverage, plan.fulfilment
    return Done(
        len(roster.helpers),
        len(roster.households),
        len(plan.roster.links),
        len(plan.pairings),
        covered.part,
        covered.whole,
        fulfilled.part,
        fulfilled.whole,
        sum(shortfall.missing for shortfall in plan.shortfalls),
        made - start,
        paired - made,
        verified - paired,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def tell(now: int, every: int) -> None:
    """Say how far it is."""
    if now % 10 == 0:
        print(f"  {now} of {every} counties", file=sys.stderr, flush=True)


def main(share: float) -> None:
    """Print what was measured, and what that is for the whole country."""
    number = max(1, round(COUNTIES * share))
    keys = [str(1 + n * COUNTIES // number) for n in range(number)]
    policy = pr.programme("gansu-2012")
    sums, largest, first = [0.0] * len(Done._fields), 0.0, 0.0
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        start = time.perf_counter()
        for _, figures in each_county(partial(done, policy), keys, executor=pool, progress=tell):
            first = first or figures.megabytes
            sums = [one + other for one, other in zip(sums, figures, strict=True)]
            largest = max(largest, figures.megabytes)
        wall = time.perf_counter() - start
    got = dict(zip(Done._fields, sums, strict=True))
    times = COUNTIES / number
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':<34}{'measured':>16}{'the country':>18}")
    print(f"{'counties':<34}{number:>16,}{COUNTIES:>18,}")
    for name in ("households", "helpers", "links", "pairings", "short"):
        print(f"{name:<34}{round(got[name]):>16,}{round(got[name] * times):>18,}")
    for name, part, whole in (("coverage", "covered", "due"), ("fulfilment", "fulfilled", "owing")):
        print(f"{name:<34}{got[part] / got[whole]:>16.4%}{'the same':>18}")
    print(f"{'wall, two processes (s)':<34}{wall:>16,.0f}{wall * times:>18,.0f}")
    for name in ("make", "pair", "verify"):
        of = "link and pair" if name == "pair" else name
        print(f"{f'{of} (s of a processor)':<34}{got[name]:>16,.0f}{got[name] * times:>18,.0f}")
    used = sum(got[name] for name in ("make", "pair", "verify"))
    print(f"{'two free processors, at least (s)':<34}{used / WORKERS:>16,.0f}{used / WORKERS * times:>18,.0f}")
    print(f"{'a county (s of a processor)':<34}{used / number:>16.2f}")
    print(f"{'peak of a worker (MB)':<34}{largest:>16.0f}{'the same':>18}")
    print(f"{'peak after the first county (MB)':<34}{first:>16.0f}{'the same':>18}")
    print(f"{'peak of the process that asks (MB)':<34}{own:>16.0f}{'the same':>18}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.1)
