"""A register of ten thousand, a hundred thousand and a million entries: recording, a view, a history; time and memory.

    python tests/bench/register.py [ENTRIES ...]

Each size has a process of its own.  The entries are pairings, and for every tenth household a handover of a year later.
Columns: recording all in one batch; then, on top of it, one entry (median of 200), a batch of a thousand; all pairings
of a day (a view that has not been asked yet), the households of one helper, the history of one household (medians of
200).  The last lines have what each costs against the size before: 1.0 is "the same", 10 is "in proportion".
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

from pairing import Register
from pairing.deeds import Visited
from pairing.entries import Entry, HandedOver, Paired

FIRST, LATER, VISIT = date(2012, 2, 8), date(2013, 2, 8), date(2013, 6, 30)
TIMES = 200


def entries(size: int) -> list[Entry]:
    """Return so many entries: ten pairings, then a handover of the tenth household."""
    found: list[Entry] = []
    household = 0
    while len(found) < size:
        household += 1
        found.append(Paired(f"c-{household}", f"h-{household}", on=FIRST))
        if household % 10 == 0 and len(found) < size:
            found.append(HandedOver(f"h-{household}", f"c-{household}", (f"c-{household - 1}",), on=LATER))
    return found


def timed(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def megabytes() -> float:
    """Return the most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(size: int) -> dict[str, Any]:
    """Fill a register and take the time of whatever it is asked."""
    batch = entries(size)
    given = megabytes()
    found: dict[str, Any] = {"entries": size, "MB of the entries": given}
    start = time.perf_counter()
    register = Register().record(*batch)
    found["all"] = time.perf_counter() - start
    found["MB"] = megabytes()
    ones = []
    for n in range(TIMES):
        visit = Visited(f"h-{1 + n * 37 % (size // 2)}", (f"c-{n + 1}",), id=f"v-{n}", on=VISIT)
        start = time.perf_counter()
        register = register.record(visit)
        ones.append(time.perf_counter() - start)
    found["one"] = statistics.median(ones)
    found["one, worst"] = max(ones)
    more = [Paired(f"d-{n}", f"i-{n}", on=LATER) for n in range(1000)]
    start = time.perf_counter()
    register = register.record(*more)
    found["thousand"] = time.perf_counter() - start
    found["view"] = timed(lambda: len(register.view(on=VISIT).pairings))
    ids = [str(1 + n * 7919 % (size // 2)) for n in range(TIMES)]
    found["of one"] = statistics.median(timed(lambda id=id: register.view(on=VISIT).of(f"c-{id}")) for id in ids)  # type: ignore[misc]
    found["history"] = statistics.median(timed(lambda id=id: register.history(f"h-{id}")) for id in ids)  # type: ignore[misc]
    found["MB at the end"] = megabytes()
    return found


MEASURED = ("all", "one", "thousand", "view", "of one", "history")


def main(sizes: list[str]) -> None:
    """Print one row for each size, then how each figure grows."""
    print(f"{'entries':>10} {'all s':>8} {'one µs':>8} {'worst µs':>9} {'1,000 ms':>9} {'view s':>8}", end="")
    print(f" {'of one µs':>10} {'history µs':>11} {'MB':>6} {'(entries)':>10} {'bytes/entry':>12}")
    rows = []
    for size in sizes or ["10000", "100000", "1000000"]:
        done = subprocess.run([sys.executable, __file__, "measure", size], check=True, capture_output=True, text=True)
        row = json.loads(done.stdout)
        rows.append(row)
        bytes_each = (row["MB"] - row["MB of the entries"]) * 2**20 / row["entries"]
        print(
            f"{row['entries']:>10,} {row['all']:>8.2f} {1e6 * row['one']:>8.0f} {1e6 * row['one, worst']:>9.0f} "
            f"{1e3 * row['thousand']:>9.1f} {row['view']:>8.3f} {1e6 * row['of one']:>10.0f} "
            f"{1e6 * row['history']:>11.0f} {row['MB']:>6.0f} {row['MB of the entries']:>10.0f} {bytes_each:>12.0f}"
        )
    for before, after in pairwise(rows):
        growth = "  ".join(f"{name} × {after[name] / before[name]:.1f}" for name in MEASURED)
        print(f"{before['entries']:,} → {after['entries']:,}: {growth}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main(sys.argv[1:])
