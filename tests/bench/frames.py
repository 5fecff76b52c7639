"""Ten million visits: counted from a frame, beside a query that is written by hand, and from a stream of entries.

    python tests/bench/frames.py [VISITS]

Both are by county and channel, on the villages of Hubei.  Each measurement has a process of its own, so that the most
memory it has had is its own.  The query by hand is what somebody who knows polars would write for these figures alone;
the function also checks every row.  Of the stream, "made" is the time of the same entries when nobody counts them.
"""

import json
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Any

from pairing.dates import Span
from pairing.deeds import CHANNELS
from pairing.roster import Roster

DURING = Span(date(2011, 3, 1), date(2012, 1, 1))
FIGURES = ("person-visits", "household-visits", "households visited", "contacts", "households reached")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a piece of work takes, and what comes of it."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def megabytes() -> float:
    """Return the most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- frames


def visits_of(roster: Roster, count: int) -> Any:
    """Return so many visits as a polars frame: household after household, and then again from the first."""
    import numpy as np
    import polars as pl

    households = np.array([village.households for village in roster.villages])
    of_village = np.repeat(np.arange(len(households)), households)
    first = np.concatenate([[0], households.cumsum()[:-1]])
    n = np.arange(count) % len(of_village)
    villages = of_village[n]
    codes = pl.Series([village.code for village in roster.villages])
    # eight of ten visits are in person, and every twentieth household is seen once more in place of another
    return pl.DataFrame(
        {"visit": np.arange(count), "n": n - first[villages] + 1, "day": np.arange(count) % 300}
    ).select(
        "visit",
        on=pl.date(2011, 3, 1) + pl.duration(days=pl.col("day")),
        household=codes[villages] + "/" + pl.col("n").cast(pl.String),
        helper=pl.format("t-{}", pl.Series(villages // 3)),
        channel=pl.Series(["in person"] * 8 + list(CHANNELS[1:3]))[np.arange(count) * 7 % 10],
    )


def by_hand(visits: Any, roster: Roster) -> dict[tuple[str, str] | None, tuple[int, ...]]:
    """Return the same figures by a query for them alone."""
    import polars as pl

    areas = pl.LazyFrame(
        {
            "village": [village.code for village in roster.villages],
            "county": [roster.areas.at(village.code, "county") for village in roster.villages],
        }
    )
    rows = (
        visits.lazy()
        .filter(pl.col("on").is_between(DURING.start, DURING.end, closed="left"))
        .with_columns(village=pl.col("household").str.split("/").list.first())
        .join(areas, on="village")
    )
    figures = (pl.len(), pl.col("visit").n_unique().alias("visits"), pl.col("household").n_unique().alias("households"))
    groups, all_, seen = pl.collect_all(
        [
            rows.group_by("county", "channel").agg(*figures),
            rows.select(*figures),
            rows.filter(pl.col("channel") == "in person").select(*figures),
        ]
    )
    found: dict[tuple[str, str] | None, tuple[int, ...]] = {}
    for county, channel, persons, times, households in groups.rows():
        in_person = channel == "in person"
        found[county, channel] = (
            persons * in_person,
            times * in_person,
            households * in_person,
            times * (not in_person),
            households,
        )
    (_, times, reached), (persons, in_person, visited) = all_.row(0), seen.row(0)
    found[None] = (persons, in_person, visited, times - in_person, reached)
    return found


def measure_frames(count: int, how: str) -> dict[str, Any]:
    """Count a frame in one of the two ways, or only make it."""
    from pairing.synthetic import population

    roster = population("hubei-2011")
    visits = visits_of(roster, count)
    given = megabytes()
    found: dict[Any, tuple[int, ...]] = {}
    seconds = 0.0
    if how == "hand":
        seconds, found = timed(lambda: by_hand(visits, roster))
    elif how in ("ours", "ours, lazily"):
        from pairing.frames import frame_totals

        frame = visits.lazy() if how == "ours, lazily" else visits
        seconds, table = timed(lambda: frame_totals(frame, roster, during=DURING, by=("county", "channel")))
        found = {key: tuple(cell.value for cell in cells) for key, cells in [*table.rows.items(), (None, table.total)]}
    rows = sorted((str(key), cells) for key, cells in found.items())
    return {"seconds": seconds, "MB": megabytes(), "MB given": given, "rows": rows}


# --- the stream


def measure_stream(count: int, how: str) -> dict[str, Any]:
    """Count a stream of entries, or only make it."""
    from pairing.chronicles import campaign
    from pairing.tallies import totals

    _, roster, visits = campaign()
    given = megabytes()
    stream = islice(visits, count)
    if how == "made":
        seconds, _ = timed(lambda: deque(stream, maxlen=0))
        return {"seconds": seconds, "MB": megabytes(), "MB given": given}
    seconds, table = timed(lambda: totals(stream, roster, during=DURING, by=("county", "channel")))
    cells = {name: table[None, name].value for name in FIGURES}
    return {"seconds": seconds, "MB": megabytes(), "MB given": given, "cells": cells, "rows": len(table)}


def measured(what: str, count: int, how: str) -> dict[str, Any]:
    """Return what a process of its own has measured."""
    done = subprocess.run([sys.executable, __file__, what, str(count), how], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(count: int) -> None:
    """Print the times and the memory of the frames, then of the stream."""
    print(f"{count:,} visits by county and channel", flush=True)
    hand = measured("frames", count, "hand")
    print(f"  by hand         {hand['seconds']:6.2f} s  {hand['MB']:6,.0f} MB (the frame: {hand['MB given']:,.0f} MB)")
    for how in ("ours", "ours, lazily"):
        ours = measured("frames", count, how)
        same = "the same figures" if ours["rows"] == hand["rows"] else "OTHER FIGURES"
        ratio = ours["seconds"] / hand["seconds"]
        name = "frame_totals" + how.removeprefix("ours")
        print(f"  {name:21} {ours['seconds']:6.2f} s  {ours['MB']:6,.0f} MB, × {ratio:.2f}, {same}", flush=True)
    made, stream = (measured("stream", count, how) for how in ("made", "counted"))
    done = stream["cells"]["household-visits"] + stream["cells"]["contacts"]
    print(f"  a stream of {done:,}: {stream['seconds']:.1f} s, of which making it {made['seconds']:.1f} s; ", end="")
    print(
        f"{1e6 * stream['seconds'] / done:.2f} µs a visit, {stream['MB']:,.0f} MB (before: {stream['MB given']:,.0f})"
    )
    for name, figure in stream["cells"].items():
        print(f"    {name} {figure:,}")


if __name__ == "__main__":
    if sys.argv[1:2] in (["frames"], ["stream"]):
        measure = {"frames": measure_frames, "stream": measure_stream}[sys.argv[1]]
        print(json.dumps(measure(int(sys.argv[2]), sys.argv[3])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
