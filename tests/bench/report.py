"""The report of Panjin: 16,000 households, 336,000 visits and calls, six years; beside one query of polars.

    python tests/bench/report.py [SCALE ...]

Prints, for each scale, seconds to record the book, to tell the report (the first time, and the median of five), and to
count the totals by county, year and channel alone; polars' seconds for the same figures of visits, from frames that are
there already; the ratio of these two; and microseconds of the report for one visit.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars

from pairing import Amount, Distinct, Register, Span, Table, Visited, report, totals
from pairing.chronicles import Chronicle, chronicle


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long a piece of work takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def batches(register: Register) -> list[list[Any]]:
    """The entries of a register, in batches of a year or so, as they were recorded."""
    ends = register._lines.batches
    entries = list(register)
    return [entries[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def polars_query(register: Register, book: Chronicle) -> Callable[[], polars.DataFrame]:
    """The same counts by county, year and channel, from frames that are there already."""
    visits = [entry for entry in register if isinstance(entry, Visited)]
    frame = polars.DataFrame(
        {
            "on": [visit.on for visit in visits],
            "channel": [visit.channel for visit in visits],
            "household": [visit.household for visit in visits],
            "helpers": [len(visit.helpers) for visit in visits],
        }
    )
    homes = polars.DataFrame(
        {
            "household": [household.id for household in book.roster.households],
            "county": [book.roster.areas.at(h.village, "county") for h in book.roster.households],
        }
    )

    def query() -> polars.DataFrame:
        joined = frame.join(homes, on="household", how="left").with_columns(year=polars.col("on").dt.year())
        return joined.group_by("channel", "county", "year").agg(
            polars.len().alias("visits"), polars.col("helpers").sum(), polars.col("household").n_unique()
        )

    return query


def equal(table: Table, frame: polars.DataFrame) -> bool:
    """Whether both have the same figures."""
    for row in frame.to_dicts():
        key, in_person = (row["channel"], row["county"], str(row["year"])), row["channel"] == "in person"
        told = [table[key, name] for name in ("household-visits", "contacts", "person-visits", "households reached")]
        wanted = [row["visits"] * in_person, row["visits"] * (not in_person), row["helpers"] * in_person]
        if [figure.value for figure in told if isinstance(figure, Amount | Distinct)] != [*wanted, row["household"]]:
            return False
    return True


def measured(scale: float) -> str:
    """One line of the table."""
    book = chronicle("panjin-2010", scale=scale)
    on, roster = book.on, book.roster

    def record() -> Register:
        again = Register()
        for batch in batches(book.register):
            again = again.record(*batch)
        return again

    took, register = seconds(record)
    during = Span(book.policy.versions[0].effective or on, on + timedelta(days=1))

    def tell() -> object:
        return report(book.policy, roster, register, on=on)

    def count() -> Table:
        return totals(register, roster, during=during, by=("channel", "county", "year"))

    query = polars_query(register, book)
    first, _ = seconds(tell)
    assert equal(count(), query())
    told, counted, asked = (statistics.median(seconds(work)[0] for _ in range(5)) for work in (tell, count, query))
    visits = sum(isinstance(entry, Visited) for entry in register)
    figures = f"{took:>9.2f}{first:>8.2f}{told:>8.3f}{counted:>8.3f}{asked:>8.3f}"
    return f"{scale:>6}{visits:>9,}{figures}{counted / asked:>7.1f}{1e6 * told / visits:>7.2f}"


def main() -> None:
    """Run the benchmark."""
    print(
        f"{'scale':>6}{'visits':>9}{'record':>9}{'first':>8}{'report':>8}{'totals':>8}{'polars':>8}{'ratio':>7}{'µs':>7}"
    )
    for scale in map(float, sys.argv[1:] or ["0.1", "1"]):
        print(measured(scale), flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
