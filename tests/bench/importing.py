"""How long importing takes: the package, and then what is loaded when it is first used.

    python tests/bench/importing.py [TIMES]

Each line is the median over so many fresh processes (default: 15), less that of a process which imports nothing.
"""

import statistics
import subprocess
import sys
import time

CASES = (
    ("import pairing", "import pairing"),
    ("the engine: pairing.match", "import pairing; pairing.match"),
    ("pairing.pair", "import pairing; pairing.pair"),
    ("pairing.relay and pairing.Register", "import pairing; pairing.relay, pairing.Register"),
    ("every public name", "from pairing import *"),
    ("attrs alone", "import attrs"),
)


def median(code: str, times: int) -> float:
    """Return how long a process with some code takes, in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found)


def main(times: int) -> None:
    """Print one line for each case."""
    nothing = median("pass", times)
    print(f"{'a process that imports nothing':<40}{nothing:8.0f} ms")
    for name, code in CASES:
        print(f"{name:<40}{median(code, times) - nothing:8.0f} ms more")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
