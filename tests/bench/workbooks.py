"""A roster as a workbook: written beside XlsxWriter alone, and read beside python-calamine alone and beside CSV files.

    python tests/bench/workbooks.py [SHARE]

The roster is that share of Gansu's (default: 0.25, of 100,004 helpers and 104,997 households).  XlsxWriter writes the
same cells, of the same types, and nothing else: no formats but that of days, no widths, no titles that stay.
python-calamine reads all cells of the same file, and makes nothing of them.  What is printed is processor time, as the
peers and we use one core each; every two that are compared run one after the other.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from pairing.sheets import ROSTER
from pairing.synthetic import population
from pairing.tables import read_roster, write_roster
from pairing.workbooks import Workbook, opened


def timed(name: str, work: Callable[[], Any]) -> tuple[float, Any]:
    """Print and return how long a piece of work takes, and what comes of it."""
    start = time.process_time()
    found = work()
    seconds = time.process_time() - start
    print(f"{name:<44}{seconds:8.1f} s", flush=True)
    return seconds, found


def cells(path: str) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the rows of each sheet, with whole numbers for those that a reader gives with a point."""
    book = opened(path)
    assert isinstance(book, Workbook)
    for name in ROSTER:
        grid = book.grid(name)
        assert not isinstance(grid, str)
        yield name, [[int(cell) if type(cell) is float else cell for cell in row] for row in grid.rows]


def write_alone(sheets: list[tuple[str, list[list[Any]]]], path: str) -> None:
    """Write rows with XlsxWriter."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for row, record in enumerate(rows):
            for column, cell in enumerate(record):
                if type(cell) is str:
                    if cell:
                        page.write_string(row, column, cell)
                elif type(cell) is int:
                    page.write_number(row, column, cell)
                elif type(cell) is date:
                    page.write_datetime(row, column, cell, day)
    book.close()


def read_alone(path: str) -> int:
    """Read all cells with python-calamine; return how many rows there are."""
    import python_calamine

    book = python_calamine.load_workbook(path)
    return sum(len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names)


def main(share: float) -> None:
    """Print our times and those of the peers."""
    roster = population("gansu-2012", scale=share)
    print(f"{len(roster.helpers):,} helpers, {len(roster.households):,} households")
    with tempfile.TemporaryDirectory() as folder:
        ours, alone, files = (os.path.join(folder, name) for name in ("ours.xlsx", "alone.xlsx", "files"))
        timed("CSV files written", lambda: write_roster(roster, files))
        written, _ = timed("workbook written", lambda: write_roster(roster, ours))
        sheets = list(cells(ours))
        filled = sum(cell != "" for _, rows in sheets for row in rows for cell in row)
        peer, _ = timed(f"XlsxWriter alone, {filled:,} cells", lambda: write_alone(sheets, alone))
        print(f"{'ratio':<44}{written / peer:8.2f}")
        as_files, from_files = timed("CSV files read", lambda: read_roster(files))
        read, from_workbook = timed("workbook read", lambda: read_roster(ours))
        peer, rows = timed("python-calamine alone", lambda: read_alone(ours))
        assert roster == from_files == from_workbook
        print(f"{'ratio to twice calamine and the CSV files':<44}{read / (2 * peer + as_files):8.2f}")
        print(f"{rows:,} rows")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.25)
