"""A register in a database: what recording costs beside recording in memory; and a writer that is killed over and over.

    python tests/bench/store.py [LIVES]

First SQLite, then PostgreSQL where it is installed.  Columns: recording 1,000 batches of eight entries, in memory and
in the database, with the ratio; reading them again; entries a second.  Then a writer of 1,000 batches is killed so
many times (default: 100), at moments drawn at random, most of them within the writing, and each time the register is
read and held against what it must be.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pairing as pr
from databases import postgresql, programs
from pairing.store import KeptRegister
from recording import batch

BATCHES = 1_000
WRITER = Path(__file__).resolve().parent.parent / "recording.py"


def timed(work: object) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


def recording(url: str, name: str) -> None:
    """Record in memory and in the database, and read again."""
    batches = [batch(n) for n in range(BATCHES)]

    def in_memory() -> None:
        register = pr.Register()
        for entries in batches:
            register = register.record(*entries)

    def in_database() -> None:
        with KeptRegister(url, "timed") as kept:
            for entries in batches:
                kept.record(*entries)

    memory, database = timed(in_memory), timed(in_database)
    again = timed(lambda: KeptRegister(url, "timed").close())
    count = sum(map(len, batches))
    print(
        f"{name:<12}{memory:10.2f} s{database:10.2f} s{database / memory:8.1f}{again:10.2f} s{count / database:12,.0f}"
    )


def killing(url: str, name: str, lives: int) -> None:
    """Kill a writer over and over, and hold what is kept against what it was told."""
    random, expected, killed, rounds = Random(2012), pr.Register(), 0, 0
    reader = KeptRegister(url, f"killed {rounds}")
    while killed < lives:
        command = [sys.executable, str(WRITER), url, reader.name, str(BATCHES)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            time.sleep(0.3 * random.random())
            killed += writer.poll() is None
            os.kill(writer.pid, signal.SIGKILL)
            lines = [first, *writer.stdout.read().splitlines(keepends=True)]
        told = max((int(line) for line in lines if line.endswith("\n")), default=0)
        register = reader.refresh()
        for n in range(len(expected.batches), len(register.batches)):
            expected = expected.record(*batch(n))
        assert len(register.batches) >= told, "a batch was lost that was said to be recorded"
        assert list(register) == list(expected), "there is something else than what was recorded"
        assert register.batches == expected.batches, "a batch is there in part"
        if len(register.batches) == BATCHES:
            reader.close()
            rounds, expected = rounds + 1, pr.Register()
            reader = KeptRegister(url, f"killed {rounds}")
    reader.close()
    batches = rounds * BATCHES + len(expected.batches)
    print(f"{name}: killed {killed:,} times in {batches:,} batches, nothing lost or in part")


def main(lives: int) -> None:
    """Print what each database does."""
    print(f"{'':<12}{'in memory':>12}{'database':>12}{'ratio':>8}{'read again':>12}{'entries a second':>12}")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/book.db"
        recording(url, "SQLite")
        killing(url, "SQLite", lives)
    if programs() is None:
        print("PostgreSQL is not installed")
        return
    with postgresql() as url:
        recording(url, "PostgreSQL")
        killing(url, "PostgreSQL", lives)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
