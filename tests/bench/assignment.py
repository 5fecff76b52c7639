"""Matches n × n assignment problems, and lets SciPy and OR-Tools do the same: time, ratio, growth.

python tests/bench/assignment.py [N ...]
"""

import random
import sys
import time

import numpy as np
from ortools.graph.python import linear_sum_assignment as ortools_assignment
from scipy.optimize import linear_sum_assignment

import pairing as pr


def main(sizes: list[int]) -> None:
    """Print one row for each size and kind of weights."""
    print(
        f"{'n':>5} {'weights':>14} {'ours s':>8} {'verify s':>9} {'SciPy s':>8} {'OR-Tools s':>11} {'ratio':>7} optimum"
    )
    for n in sizes:
        rng = random.Random(n)
        kinds = {
            "1 .. 100": [[rng.randint(1, 100) for _ in range(n)] for _ in range(n)],
            "1 .. 10**6": [[rng.randint(1, 10**6) for _ in range(n)] for _ in range(n)],
            "all 7": [[7] * n for _ in range(n)],
            "i × j": [[(i + 1) * (j + 1) for j in range(n)] for i in range(n)],
        }
        for kind, costs in kinds.items():
            one = pr.Quota(1, 1)
            start = time.perf_counter()
            m = pr.match(
                dict.fromkeys(range(n), one),
                dict.fromkeys(range(n), one),
                {(i, j): -cost for i, row in enumerate(costs) for j, cost in enumerate(row)},
            )
            matched = time.perf_counter()
            m.verify()
            verified = time.perf_counter()
            matrix = np.array(costs)
            rows, columns = linear_sum_assignment(matrix)
            scipy_done = time.perf_counter()
            solver = ortools_assignment.SimpleLinearSumAssignment()
            left, right = np.divmod(np.arange(n * n), n)
            solver.add_arcs_with_cost(left, right, matrix.reshape(-1))
            solver.solve()
            ortools_done = time.perf_counter()
            best = int(matrix[rows, columns].sum())
            same = "the same" if -m.weight == best == solver.optimal_cost() and not m.unmet else "DIFFERS"
            print(
                f"{n:>5} {kind:>14} {matched - start:>8.2f} {verified - matched:>9.2f} {scipy_done - verified:>8.3f} "
                f"{ortools_done - scipy_done:>11.3f} {(matched - start) / (ortools_done - scipy_done):>7.1f}  {same}"
            )


if __name__ == "__main__":
    main([int(n) for n in sys.argv[1:]] or [100, 300, 700])
