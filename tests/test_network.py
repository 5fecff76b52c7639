"""The circulation solver: its own proof of optimality, and agreement with independent solvers."""

from __future__ import annotations

import random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

from pairing.network import circulate


class Problem(NamedTuple):
    nodes: int
    tails: list[int]
    heads: list[int]
    capacities: list[int]
    costs: list[int]


def total(problem: Problem, flow: list[int]) -> int:
    return sum(f * c for f, c in zip(flow, problem.costs, strict=True))


def proved(problem: Problem) -> list[int]:
    """Solve, check feasibility and complementary slackness on every arc, and return the flow."""
    flow, potential = circulate(*problem)
    assert len(flow) == len(problem.tails)
    assert len(potential) == problem.nodes
    assert potential[0] == 0
    balance = [0] * problem.nodes
    for arc, carried in enumerate(flow):
        tail, head, room = problem.tails[arc], problem.heads[arc], problem.capacities[arc]
        assert 0 <= carried <= room
        balance[tail] -= carried
        balance[head] += carried
        reduced = problem.costs[arc] + potential[tail] - potential[head]
        assert carried == room or reduced >= 0
        assert carried == 0 or reduced <= 0
    assert not any(balance)
    return flow


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    nodes = draw(st.integers(1, 7))
    node = st.integers(0, nodes - 1)
    room = draw(st.sampled_from([st.integers(0, 1), st.integers(0, 6), st.integers(0, 2**70)]))
    size = draw(st.sampled_from([0, 2, 50, 2**65, 2**120]))
    cost = st.integers(-size, size)
    arcs = draw(st.lists(st.tuples(node, node, room, cost), max_size=24))
    return Problem(nodes, [a[0] for a in arcs], [a[1] for a in arcs], [a[2] for a in arcs], [a[3] for a in arcs])


def bipartite(seed: int, lefts: int, rights: int, base: int) -> Problem:
    """Make a root, left and right nodes, convex parallel root arcs, and a random half of the pairs."""
    rng = random.Random(seed)
    arcs: list[tuple[int, int, int, int]] = []
    for node in range(1, lefts + rights + 1):
        ends = (0, node) if node <= lefts else (node, 0)
        cost = -rng.randint(0, base)
        for _ in range(rng.randint(1, 6)):
            arcs.append((*ends, rng.randint(0, 9), cost))
            cost += rng.randint(0, base // 2)
    for left in range(1, lefts + 1):
        for right in range(lefts + 1, lefts + rights + 1):
            if rng.random() < 0.5:
                arcs.append((left, right, rng.choice([1, 5, 100]), rng.choice([0, rng.randint(0, base)])))
    tails, heads, rooms, costs = (list(column) for column in zip(*arcs, strict=True))
    return Problem(lefts + rights + 1, tails, heads, rooms, costs)


def assignment(weights: list[list[int]], start: int) -> Problem:
    """Make the circulation of an assignment problem whose every used row earns ``start``."""
    size = len(weights)
    rows, columns = range(1, size + 1), range(size + 1, 2 * size + 1)
    return Problem(
        2 * size + 1,
        [0] * size + list(columns) + [row for row in rows for _ in columns],
        [*rows] + [0] * size + [*columns] * size,
        [1] * (2 * size + size * size),
        [-start] * size + [0] * size + [weight for line in weights for weight in line],
    )


@settings(max_examples=400, deadline=None)
@given(problems())
def test_every_answer_carries_its_proof(problem: Problem) -> None:
    """Flow is conserved and within capacity, and every arc meets the potential conditions."""
    proved(problem)


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(2, 2**80))
def test_scaling_all_costs_leaves_the_flow_unchanged(problem: Problem, factor: int) -> None:
    """Only comparisons of reduced costs decide, so a common factor changes nothing."""
    scaled = problem._replace(costs=[cost * factor for cost in problem.costs])
    assert circulate(*scaled)[0] == circulate(*problem)[0]


@pytest.mark.parametrize("base", [3, 40, 2**70])
@pytest.mark.parametrize("seed", range(12))
def test_bipartite_problems_with_convex_costs_are_proved(seed: int, base: int) -> None:
    """Segments in parallel between the root and both sides are solved to proven optimality."""
    proved(bipartite(seed, 15, 9, base))


@pytest.mark.parametrize("seed", range(20))
def test_cost_equals_that_of_ortools(seed: int) -> None:
    """The optimal cost is the one OR-Tools finds."""
    problem = bipartite(seed, 14, 8, 30)
    oracle = min_cost_flow.SimpleMinCostFlow()
    for arc in range(len(problem.tails)):
        oracle.add_arc_with_capacity_and_unit_cost(
            problem.tails[arc] + problem.nodes if problem.tails[arc] == 0 else problem.tails[arc],
            problem.heads[arc],
            problem.capacities[arc],
            problem.costs[arc],
        )
    supply = sum(problem.capacities)
    oracle.add_arc_with_capacity_and_unit_cost(problem.nodes, 0, supply, 0)
    oracle.set_node_supply(problem.nodes, supply)
    oracle.set_node_supply(0, -supply)
    assert oracle.solve() == oracle.OPTIMAL
    assert total(problem, proved(problem)) == oracle.optimal_cost()


@pytest.mark.parametrize("top", [1, 100, 10**6])
@pytest.mark.parametrize("start", [0, 10**9])
def test_assignment_equals_that_of_scipy(top: int, start: int) -> None:
    """A 60 by 60 assignment costs what ``linear_sum_assignment`` finds, as a gain and when forced."""
    rng = random.Random(top)
    sign = 1 if start else -1
    weights = [[sign * rng.randint(1, top) for _ in range(60)] for _ in range(60)]
    problem = assignment(weights, start)
    rows, columns = linear_sum_assignment(weights)
    best = sum(weights[row][column] for row, column in zip(rows, columns, strict=True))
    assert total(problem, proved(problem)) == best - 60 * start


def test_products_as_weights_pair_like_with_like() -> None:
    """With weights i * j the largest total pairs row i with column i, as rearrangement demands."""
    size = 40
    problem = assignment([[-(i + 1) * (j + 1) for j in range(size)] for i in range(size)], 0)
    flow = proved(problem)[2 * size :]
    assert [flow[i * size + i] for i in range(size)] == [1] * size


def test_the_same_input_gives_the_same_answer() -> None:
    """Two runs agree in every flow and every potential."""
    problem = bipartite(1, 30, 20, 5)
    assert circulate(*problem) == circulate(*problem)


def test_long_chains_need_no_recursion() -> None:
    """A cycle through 5,000 nodes is filled."""
    size = 5000
    problem = Problem(size, list(range(size)), [*range(1, size), 0], [3] * size, [0] * (size - 1) + [-1])
    assert proved(problem) == [3] * size


@pytest.mark.parametrize(
    ("problem", "flow"),
    [
        pytest.param(Problem(1, [], [], [], []), [], id="one node"),
        pytest.param(Problem(3, [], [], [], []), [], id="no arcs"),
        pytest.param(Problem(2, [0, 1], [1, 0], [0, 5], [-9, -9]), [0, 0], id="zero capacity"),
        pytest.param(Problem(2, [1, 1, 0], [1, 1, 0], [4, 4, 2], [-1, 1, -1]), [4, 0, 2], id="self-loops"),
        pytest.param(Problem(3, [1, 2], [2, 1], [4, 7], [-3, 2]), [4, 4], id="negative cycle off the root"),
        pytest.param(Problem(4, [0, 1, 2], [1, 2, 1], [5, 5, 5], [-9, 1, 1]), [0, 0, 0], id="dead end"),
        pytest.param(
            Problem(2, [0, 0, 0, 1], [1, 1, 1, 0], [2, 2, 2, 5], [-1, -3, -3, 1]), [0, 2, 2, 4], id="parallel"
        ),
    ],
)
def test_edge_cases(problem: Problem, flow: list[int]) -> None:
    """Degenerate networks have the circulation that can be read off them."""
    assert proved(problem) == flow
