"""What is published of a table with small cells, held against a reader who reckons with all that is known.

The reader (`Reader`) knows nothing of how cells were chosen: every cell is a variable, what is published is an
equation, and the linear programme of scipy says between which values a withheld cell may lie.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations, product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pairing.entries import Entry
from pairing.errors import ArgumentError
from pairing.figures import Amount, Distinct, Share, Withheld
from pairing.results import Cell, Column, Key, Table, stacked
from pairing.withholding import withhold

HOUSEHOLDS = Column("households", "households")
HELPED = Column("helped", "households", over_rows=False)
PERSONS = Column("persons", "persons")
MONEY = Column("money", "fen")
COVERAGE = Column("coverage", "households")

numbers = st.one_of(st.integers(0, 6), st.integers(0, 40))
floors = st.integers(2, 5)


def summed(cells: Iterable[Cell]) -> Cell:
    """Return the cell of all rows, where they do not overlap; None where there is nothing to be known."""
    total: Cell = None
    for cell in cells:
        if total is None or cell is None:
            total = total or cell
        elif isinstance(total, Share) and isinstance(cell, Share):
            total = Share(total.part + cell.part, total.whole + cell.whole)
        elif isinstance(total, Distinct) and isinstance(cell, Distinct):
            total = Distinct(total.value + cell.value, total.of)
        elif isinstance(total, Amount) and isinstance(cell, Amount):
            total += cell
    return total


def value(table: Table, key: Key | str | None, column: str) -> int:
    """Return the number of a cell."""
    cell = table[key, column]
    assert isinstance(cell, Amount | Distinct)
    return cell.value


def table_of(by: Sequence[str], columns: Sequence[Column], rows: dict[Key, list[Cell]], **more: Any) -> Table:
    total = more.pop("total", None) or [summed(row[n] for row in rows.values()) for n in range(len(columns))]
    return Table("figures", tuple(by), tuple(columns), rows, total, **more)


def one_column(values: Sequence[int], column: Column = HOUSEHOLDS) -> Table:
    return table_of(["village"], [column], {(f"v{n}",): [Amount(v, column.of)] for n, v in enumerate(values)})


def by_one(table: Table, n: int) -> Table:
    """Return the table by one of the dimensions alone, as an office would publish it besides."""
    groups: dict[Key, list[list[Cell]]] = {}
    for key, row in table.rows.items():
        groups.setdefault((key[n],), []).append(list(row))
    rows = {key: [summed(cells) for cells in zip(*found, strict=True)] for key, found in groups.items()}
    return evolve(table, by=(table.by[n],), rows=rows)


def withheld(table: Table, column: str) -> list[Key | None]:
    """Return the keys of the cells of a column that are withheld, None for the total."""
    found: list[Key | None] = [key for key in table if table[key, column] == Withheld()]
    return [*found, None] if table[None, column] == Withheld() else found


class Reader:
    """Somebody who knows all that is published and reckons what the rest may be.

    `parts` of a cell: one number of an amount, two of a share (its part, and the rest of the whole).
    """

    def __init__(self) -> None:
        self.variables: dict[Any, int] = {}
        self.equal: list[tuple[dict[int, int], int]] = []
        self.at_most: list[tuple[dict[int, int], int]] = []

    def variable(self, name: Any) -> int:
        return self.variables.setdefault(name, len(self.variables))

    def knows(self, terms: dict[Any, int], value: int) -> None:
        self.equal.append(({self.variable(name): times for name, times in terms.items()}, value))

    def knows_at_most(self, terms: dict[Any, int], value: int) -> None:
        self.at_most.append(({self.variable(name): times for name, times in terms.items()}, value))

    def reads(self, table: Table, column: str, what: str = "value") -> None:
        """Take in one column of a published table, and that it adds up."""
        cells: list[tuple[Any, Cell]] = [(key, table[key, column]) for key in table]
        cells.append((None, table[None, column]))
        for key, cell in cells:
            name = (table.by, key, what)
            self.variable(name)
            if isinstance(cell, Share):
                self.knows({name: 1}, cell.part if what == "part" else cell.whole - cell.part)
            elif isinstance(cell, Amount | Distinct):
                self.knows({name: 1}, cell.value)
        self.knows({((), None, what): 1, (table.by, None, what): -1}, 0)
        self.knows({(table.by, None, what): 1} | {(table.by, key, what): -1 for key in table}, 0)

    def joins(self, table: Table, n: int, what: str = "value") -> None:
        """See that a table by one dimension has the sums of this one."""
        for part in {key[n] for key in table}:
            terms = {(table.by, key, what): 1 for key in table if key[n] == part}
            self.knows(terms | {((table.by[n],), (part,), what): -1}, 0)

    def bounds(self, name: Any) -> tuple[int, int | None]:
        """Return between which values a variable may lie; None is without end."""
        found: list[int | None] = []
        for sign in (1, -1):
            costs = [0] * len(self.variables)
            costs[self.variables[name]] = sign
            done = linprog(
                costs,
                A_ub=self.matrix(self.at_most),
                b_ub=[value for _, value in self.at_most] or None,
                A_eq=self.matrix(self.equal),
                b_eq=[value for _, value in self.equal] or None,
            )
            assert done.status in (0, 3), done.message
            found.append(None if done.status == 3 else round(sign * done.fun))
        assert found[0] is not None
        return found[0], found[1]

    def matrix(self, lines: list[tuple[dict[int, int], int]]) -> list[list[int]] | None:
        return [[terms.get(n, 0) for n in range(len(self.variables))] for terms, _ in lines] or None


def reader_of(table: Table, column: str, k: int, what: str = "value") -> Reader:
    """Return a reader of the table, and of those by one of its dimensions that are other tables than it."""
    reader = Reader()
    published = withhold(table, k)
    reader.reads(published, column, what)
    for n in range(len(table.by) if len(table.by) > 1 else 0):
        if len({key[n] for key in table}) < len(table):
            reader.reads(withhold(by_one(table, n), k), column, what)
            reader.joins(published, n, what)
    return reader


# --- one dimension


@settings(max_examples=50, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=8), floors)
def test_nobody_can_be_sure_that_a_withheld_count_is_small(values: list[int], k: int) -> None:
    """Each count from 1 to k - 1 is withheld, and may as well be k for all that is published."""
    table = one_column(values)
    published = withhold(table, k)
    reader = reader_of(table, "households", k)
    for key in (*table, None):
        number = value(table, key, "households")
        if 0 < number < k:
            assert published[key, "households"] == Withheld()
        if published[key, "households"] == Withheld():
            low, high = reader.bounds((table.by, key, "value"))
            assert high is None or high > low
            assert number >= k or high is None or high >= k


def is_safe(values: Sequence[int], hidden: set[int], k: int) -> bool:
    """Whether no hidden number is certain, nor certainly below k, among all numbers with the same sum: try each."""
    total = sum(values)
    rows = [range(total + 1) if n in hidden else (value,) for n, value in enumerate(values)]
    possible = [found for found in product(*rows) if sum(found) == total]
    return all(
        len({found[n] for found in possible}) > 1
        and (not 0 < values[n] < k or max(found[n] for found in possible) >= k)
        for n in hidden
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=4), st.integers(2, 4))
def test_in_one_dimension_no_smaller_number_of_cells_would_do(values: list[int], k: int) -> None:
    """Of all sets of rows that may be withheld, the one that is taken is safe, and none with fewer rows is."""
    table = one_column(values)
    published = withhold(table, k)
    small = {n for n, value in enumerate(values) if 0 < value < k}
    found = {int(key[0][1:]) for key in withheld(published, "households") if key is not None}
    if published[None, "households"] == Withheld():
        assert sum(values) < k
        assert found == small
        return
    assert is_safe(values, found, k)
    others = [n for n in range(len(values)) if n not in small]
    for size in range(len(found) - len(small)):
        assert not any(is_safe(values, small | set(more), k) for more in combinations(others, size))


def test_the_smallest_others_go_along() -> None:
    """One village of 2 households takes the smallest other one with it; two of 2 need none, where k is 4."""
    assert withheld(withhold(one_column([2, 40, 25, 60]), 3), "households") == [("v0",), ("v2",)]
    assert withheld(withhold(one_column([2, 40, 25, 2]), 4), "households") == [("v0",), ("v3",)]
    assert withheld(withhold(one_column([1, 40, 25, 1]), 4), "households") == [("v0",), ("v2",), ("v3",)]


def test_a_total_of_few_is_withheld_with_its_rows() -> None:
    """Where there are 2 households in all, neither the row nor the total tells of them; the zeros stay."""
    published = withhold(one_column([0, 2, 0]), 3)
    assert withheld(published, "households") == [("v1",), None]
    assert published["v0", "households"] == Amount(0, "households")


def test_a_table_of_no_groups_has_one_figure() -> None:
    """Without groups a figure of few is withheld in the row and in the total, and one of many is not."""
    few, many = (
        Table("all", (), (HOUSEHOLDS,), {(): [Amount(n, "households")]}, [Amount(n, "households")]) for n in (2, 3)
    )
    assert withheld(withhold(few, 3), "households") == [(), None]
    assert withhold(many, 3) == many


# --- two dimensions


def tables_by_two(values: st.SearchStrategy[int]) -> st.SearchStrategy[Table]:
    """Return tables by county and kind, some combinations of which have no row."""

    def made(found: tuple[int, int, list[int | None]]) -> Table:
        counties, kinds, cells = found
        keys = [(f"c{n}", f"k{m}") for n in range(counties) for m in range(kinds)]
        rows: dict[Key, list[Cell]] = {
            key: [Amount(value, "households")] for key, value in zip(keys, cells, strict=False) if value is not None
        }
        rows = rows or {("c0", "k0"): [Amount(3, "households")]}
        return table_of(["county", "kind"], [HOUSEHOLDS], rows)

    cells = st.lists(st.one_of(values, values, values, st.none()), min_size=16, max_size=16)
    return st.tuples(st.integers(1, 4), st.integers(1, 4), cells).map(made)


@settings(max_examples=60, deadline=None)
@given(tables_by_two(numbers), floors)
def test_neither_can_a_reader_of_the_tables_by_each_dimension(table: Table, k: int) -> None:
    """The same holds by two dimensions, for a reader who has the tables by one of them as well."""
    published = withhold(table, k)
    reader = reader_of(table, "households", k)
    for key in (*published, None):
        cell = table[key, "households"] if key is None or key in table.rows else Amount(0, "households")
        assert isinstance(cell, Amount)
        if 0 < cell.value < k:
            assert published[key, "households"] == Withheld()
        if published[key, "households"] == Withheld():
            low, high = reader.bounds((table.by, key, "value"))
            assert high is None or high > low
            assert cell.value >= k or cell.value == 0 or high is None or high >= k
        else:
            assert published[key, "households"] == cell


def test_a_combination_without_a_row_gets_one_where_it_takes_one() -> None:
    """Where the sums tell a cell as long as a combination has no row, the combination is withheld like others."""
    rows: dict[Key, list[Cell]] = {
        ("b", "x"): [Amount(2, "households")],
        ("b", "y"): [Amount(10, "households")],
        ("a", "x"): [Amount(10, "households")],
    }
    published = withhold(table_of(["county", "kind"], [HOUSEHOLDS], rows), 3)
    assert list(published) == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    assert withheld(published, "households") == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]


def test_villages_of_counties_hide_within_their_county() -> None:
    """Where each village lies in one county, the sums of the counties are known: another of its villages goes along."""
    sizes = {("a", "v1"): 2, ("a", "v2"): 30, ("a", "v3"): 20, ("b", "v4"): 5, ("b", "v5"): 9}
    rows: dict[Key, list[Cell]] = {key: [Amount(n, "households")] for key, n in sizes.items()}
    published = withhold(table_of(["county", "village"], [HOUSEHOLDS], rows), 3)
    assert withheld(published, "households") == [("a", "v1"), ("a", "v3")]


# --- what stands beside a small count


@st.composite
def tables_with_more(draw: st.DrawFn, dimensions: int = 1) -> Table:
    """Return a table of households, those helped, coverage, persons and money."""
    keys: list[Key] = [(f"v{n}",) for n in range(draw(st.integers(1, 6)))]
    if dimensions == 2:
        size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
        keys = [(f"c{n}", f"k{m}") for n in range(size[0]) for m in range(size[1])]
    rows: dict[Key, list[Cell]] = {}
    for key in keys:
        whole = draw(numbers)
        part = draw(st.one_of(st.just(whole), st.integers(0, whole)))
        persons = draw(st.integers(whole, 4 * whole))
        money = draw(st.sampled_from([0, 1, 50, 1000])) * bool(whole)
        rows[key] = [
            Amount(whole, "households"),
            Distinct(part, "households"),
            Share(part, whole),
            Amount(persons, "persons"),
            Amount(money, "fen"),
        ]
    by = ["county", "kind"] if dimensions == 2 else ["village"]
    return table_of(by, [HOUSEHOLDS, HELPED, COVERAGE, PERSONS, MONEY], rows)


@settings(deadline=None)
@given(tables_with_more(), floors)
def test_every_other_figure_about_few_households_is_withheld(table: Table, k: int) -> None:
    """Beside a count of few households, persons and money are withheld, unless it is published that there are none."""
    published = withhold(table, k)
    for key in (*table, None):
        counts = [value(table, key, name) for name in ("households", "helped")]
        if any(0 < count < k for count in counts):
            for name in ("persons", "money"):
                nothing = published[None, name] == Amount(0, "persons" if name == "persons" else "fen")
                assert published[key, name] == (table[key, name] if nothing else Withheld())


@settings(max_examples=50, deadline=None)
@given(tables_with_more(), floors)
def test_what_is_withheld_of_money_is_not_told_by_the_sum(table: Table, k: int) -> None:
    """A withheld amount may have been another, by as much as itself where it is about few."""
    published = withhold(table, k)
    reader = reader_of(table, "money", k)
    for key in withheld(published, "money"):
        low, high = reader.bounds((table.by, key, "value"))
        few = any(0 < value(table, key, name) < k for name in ("households", "helped"))
        assert high is None or high - low >= max(1, value(table, key, "money") if few else 1)


@settings(max_examples=60, deadline=None)
@given(tables_with_more(2), floors, st.sampled_from(["money", "persons"]))
def test_other_figures_are_told_by_two_tables_only_where_they_need_no_third(table: Table, k: int, column: str) -> None:
    """By two dimensions a withheld amount is certain only where the sums over the rows make it so by themselves."""
    published = withhold(table, k)
    reader = reader_of(table, column, k)
    sums = Reader()
    for n in range(2):
        if len({key[n] for key in table}) < len(table):
            sums.reads(by_one(table, n), column)
            sums.joins(table, n)
    for key in withheld(published, column):
        if key is not None:
            low, high = reader.bounds((table.by, key, "value"))
            if high == low:
                assert sums.bounds((table.by, key, "value")) == (low, high)


def test_money_of_few_households_is_not_told_nearly_either() -> None:
    """Four cells would leave open 5.99 to 6.01 yuan alone: two more are withheld, and it may be nothing at all."""
    money = {("a", "x"): 600, ("a", "y"): 1, ("a", "z"): 0, ("b", "x"): 700, ("b", "y"): 1, ("b", "z"): 700}
    rows: dict[Key, list[Cell]] = {
        key: [Amount(2 if key == ("a", "x") else 5 if key[1] != "z" else 9, "households"), Amount(fen, "fen")]
        for key, fen in money.items()
    }
    table = table_of(["county", "kind"], [HOUSEHOLDS, MONEY], rows)
    assert len(withheld(withhold(table, 3), "households")) == 4
    assert len(withheld(withhold(table, 3), "money")) == 6
    assert reader_of(table, "money", 3).bounds((table.by, ("a", "x"), "value")) == (0, 601)


def test_zeros_of_money_beside_few_households_are_withheld() -> None:
    """That 2 households were given nothing is their secret too, as long as others were given something."""
    for given_in_b, hidden in [(500, [("a",), ("b",)]), (0, [("a",), ("b",), ("c",)])]:
        rows: dict[Key, list[Cell]] = {
            (name,): [Amount(n, "households"), Amount(fen, "fen")]
            for name, n, fen in [("a", 2, 0), ("b", 40, given_in_b), ("c", 50, 700), ("d", 60, 900)]
        }
        published = withhold(table_of(["village"], [HOUSEHOLDS, MONEY], rows), 3)
        assert withheld(published, "households") == [("a",), ("b",)]
        assert withheld(published, "money") == hidden


def test_money_of_few_households_hides_among_that_of_enough() -> None:
    """Two villages of one household each do not hide one another's money: one of the two knows its own."""
    rows: dict[Key, list[Cell]] = {
        (name,): [Amount(n, "households"), Amount(fen, "fen")]
        for name, n, fen in [("a", 1, 700), ("b", 1, 800), ("c", 50, 900_000), ("d", 60, 1)]
    }
    published = withhold(table_of(["village"], [HOUSEHOLDS, MONEY], rows), 3)
    assert withheld(published, "households") == [("a",), ("b",), ("c",)]
    assert withheld(published, "money") == [("a",), ("b",), ("c",)]


def test_few_persons_leave_the_households_as_they_are() -> None:
    """Where few persons are told of, households that are many stay; where few households are, persons go."""
    sick = {"a": (60, 2), "b": (2, 9), "c": (40, 30), "d": (50, 45)}
    rows: dict[Key, list[Cell]] = {
        (name,): [Amount(n, "households"), Amount(m, "persons")] for name, (n, m) in sick.items()
    }
    published = withhold(table_of(["village"], [HOUSEHOLDS, PERSONS], rows), 3)
    assert withheld(published, "households") == [("b",), ("c",)]
    assert withheld(published, "persons") == [("a",), ("b",), ("c",)]


def test_helpers_are_counted_only_if_one_says_so() -> None:
    """Helpers are public servants: that a village has 1 is published, unless `of` names them."""
    columns = [HOUSEHOLDS, Column("helpers", "helpers")]
    rows: dict[Key, list[Cell]] = {
        (name,): [Amount(30, "households"), Amount(n, "helpers")] for name, n in [("a", 1), ("b", 6), ("c", 8)]
    }
    table = table_of(["village"], columns, rows)
    assert withhold(table, 3) == table
    assert withheld(withhold(table, 3, of=("households", "helpers")), "helpers") == [("a",), ("b",)]


def test_where_no_count_is_known_money_may_be_about_few() -> None:
    """Missing is not zero: the money of a village whose households are not known is withheld."""
    rows: dict[Key, list[Cell]] = {
        (name,): [None if n is None else Amount(n, "households"), Amount(100, "fen")]
        for name, n in [("a", None), ("b", 30), ("c", 40)]
    }
    published = withhold(table_of(["village"], [HOUSEHOLDS, MONEY], rows), 3)
    assert published["a", "households"] is None
    assert withheld(published, "money") == [("a",), ("b",)]


def test_the_total_of_unions_that_is_not_known_is_at_least_the_largest() -> None:
    """Of stacked unions no total is known, but there are at least as many as in one: the money of all stays."""
    rows: dict[Key, list[Cell]] = {(): [Distinct(30, "households"), Amount(100, "fen")]}
    one = table_of([], [HELPED, MONEY], rows)
    both = stacked({"gansu-2012": one, "panjin-2010": one})
    assert both[None, "helped"] is None
    assert withhold(both, 3) == both
    assert withheld(withhold(both, 31), "money") == [("gansu-2012",), ("panjin-2010",), None]


def test_amounts_may_be_negative() -> None:
    """A balance may lie below zero, so that two zeros hide one another, though their sum is nothing."""
    rows: dict[Key, list[Cell]] = {
        (name,): [Amount(n, "households"), Amount(fen, "fen")]
        for name, n, fen in [("a", 2, 0), ("b", 20, 0), ("c", 25, -100), ("d", 40, 300)]
    }
    published = withhold(table_of(["village"], [HOUSEHOLDS, MONEY], rows), 3)
    assert withheld(published, "money") == [("a",), ("b",)]


# --- shares


@settings(max_examples=50, deadline=None)
@given(tables_with_more(), floors)
def test_a_share_with_few_inside_or_outside_cannot_be_told(table: Table, k: int) -> None:
    """A share is withheld where its part or the rest is from 1 to k - 1; beside the wholes it may have been another.

    Where the whole is published, the few may as well be k.
    """
    published = withhold(table, k)
    reader = Reader()
    for what in ("part", "rest"):
        reader.reads(published, "coverage", what)
    reader.reads(published, "households", "whole")
    reader.reads(published, "helped", "part of all")
    for key in (*table, None):
        reader.knows({(table.by, key, "part"): 1, (table.by, key, "rest"): 1, (table.by, key, "whole"): -1}, 0)
        reader.knows({(table.by, key, "part"): 1, (table.by, key, "part of all"): -1}, 0)
    for key in (*table, None):
        share = table[key, "coverage"]
        assert isinstance(share, Share)
        part, rest = share.part, share.whole - share.part
        if 0 < part < k or 0 < rest < k:
            assert published[key, "coverage"] == Withheld()
        if published[key, "coverage"] == Withheld():
            low, high = zip(*(reader.bounds((table.by, key, what)) for what in ("part", "rest")), strict=True)
            assert low != high
            if published[key, "households"] != Withheld():
                assert not 0 < part < k or high[0] is None or high[0] >= k
                assert not 0 < rest < k or high[1] is None or high[1] >= k


def test_shares_of_what_is_no_unit_are_withheld_too() -> None:
    """Few visits in time of many tell as well; one and two of them are not enough to hide each other, where k is 4."""
    rows: dict[Key, list[Cell]] = {
        (name,): [Amount(30, "households"), Share(part, 50)] for name, part in [("a", 1), ("b", 2), ("c", 20), ("d", 9)]
    }
    published = withhold(table_of(["county"], [HOUSEHOLDS, Column("in time", "visits")], rows), 4)
    assert withheld(published, "in time") == [("a",), ("b",), ("d",)]
    assert withheld(published, "households") == []


def test_full_coverage_and_none_are_published() -> None:
    """That all households are reached, or none, is a figure that a programme has to tell; 48 of 50 tells of 2."""
    rows: dict[Key, list[Cell]] = {
        (name,): [Share(part, 50)] for name, part in [("a", 50), ("b", 0), ("c", 48), ("d", 30), ("e", 25)]
    }
    published = withhold(table_of(["county"], [COVERAGE], rows), 3)
    assert withheld(published, "coverage") == [("c",), ("e",)]


def test_what_has_the_parts_of_a_share_is_withheld_with_it() -> None:
    """Beside the households, the number of those that were helped is as good as the share."""
    rows: dict[Key, list[Cell]] = {
        (name,): [Amount(50, "households"), Distinct(part, "households"), Share(part, 50)]
        for name, part in [("a", 48), ("b", 30), ("c", 20)]
    }
    published = withhold(table_of(["county"], [HOUSEHOLDS, HELPED, COVERAGE], rows), 3)
    assert withheld(published, "households") == []
    assert withheld(published, "helped") == withheld(published, "coverage") == [("a",), ("c",)]


# --- unions


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(0, 8)), min_size=1, max_size=5), floors)
def test_of_unions_nobody_can_be_sure_either(groups: list[set[int]], k: int) -> None:
    """A union is at least the largest of its parts and at most their sum: a withheld part may be k for all of that."""
    rows: dict[Key, list[Cell]] = {
        (f"k{n}",): [Distinct.of_members({f"h{m}" for m in group}, "households")] for n, group in enumerate(groups)
    }
    total = [Distinct.of_members({f"h{m}" for group in groups for m in group}, "households")]
    table = table_of(["kind"], [HELPED], rows, total=total)
    published = withhold(table, k)
    reader = Reader()
    for key in (*published, None):
        cell = published[key, "helped"]
        reader.variable(key)
        if isinstance(cell, Distinct):
            reader.knows({key: 1}, cell.value)
        if key is not None:
            reader.knows_at_most({key: 1, None: -1}, 0)
    reader.knows_at_most({None: 1} | dict.fromkeys(published, -1), 0)
    for key in (*published, None):
        number = value(table, key, "helped")
        if 0 < number < k:
            assert published[key, "helped"] == Withheld()
        if published[key, "helped"] == Withheld():
            low, high = reader.bounds(key)
            assert high is None or high > low
            assert number >= k or high is None or high >= k


# --- what is published


@given(tables_with_more(), st.integers(2, 5))
def test_a_table_without_small_cells_is_published_as_it_is(table: Table, k: int) -> None:
    """Where nothing tells of few, nothing is withheld; and what is not withheld is never changed."""
    published = withhold(table, k)
    assert list(published) == list(table)
    small = False
    for key in (*table, None):
        for column in table.columns:
            cell = table[key, column.name]
            pair = isinstance(cell, Share) and [cell.part, cell.whole - cell.part]
            told = pair or [value(table, key, column.name)]
            small |= column.name != "money" and any(0 < number < k for number in told)
            assert published[key, column.name] in (cell, Withheld())
    if not small:
        assert published == table


@settings(deadline=None)
@given(tables_with_more(2), st.integers(2, 5), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_who_asks_again_change_nothing(table: Table, k: int, random: Any) -> None:
    """Shuffled rows have the same cells withheld, and so has the same table a second time."""
    keys = list(table)
    random.shuffle(keys)
    shuffled = evolve(table, rows={key: table.rows[key] for key in keys})
    assert withhold(shuffled, k) == withhold(table, k) == withhold(table, k)


def small_table() -> Table:
    """Return a table whose small row is about 17 households of a village that nobody else has, and of 7,177 yuan."""
    names = {"赵家沟": "zhao", "b": "bei", "elsewhere": "x"}
    rows: dict[Key, list[Cell]] = {
        ("赵家沟",): [Distinct.of_members({"h-17", "h-18"}, "households"), Amount(717_717, "fen", "nearly")],
        ("b",): [Distinct.of_members({f"g-{n}" for n in range(55)}, "households"), Amount(400_000, "fen")],
        ("c",): [Distinct.of_members({f"c-{n}" for n in range(90)}, "households"), Amount(990_000, "fen", "over")],
    }
    total: list[Cell] = [Distinct(147, "households"), Amount(2_107_717, "fen", "about")]
    return table_of(["village"], [HELPED, MONEY], rows, total=total, names=names, on=date(2012, 3, 1), known=77)


def test_what_is_withheld_is_nowhere_to_be_found() -> None:
    """Text, notebook, plain data and CSV show the ellipsis or nothing; marks and members are gone with the number."""
    published = withhold(small_table(), 3)
    assert withheld(published, "helped") == withheld(published, "money") == [("赵家沟",), ("b",)]
    assert str(published) == (
        "figures, 2012-03-01\n"
        "village              helped                 money\n"
        "赵家沟 zhao               …                     …\n"
        "b bei                     …                     …\n"
        "c             90 households    over 9,900.00 yuan\n"
        "all          147 households  about 21,077.17 yuan"
    )
    assert published.records()[:2] == [
        {"village": "赵家沟", "helped": None, "money (fen)": None},
        {"village": "b", "helped": None, "money (fen)": None},
    ]
    assert published.to_csv().splitlines()[:3] == ["village,helped,money (fen),money (fen) mark", "赵家沟,,,", "b,,,"]
    for text in (
        str(published),
        repr(published),
        published._repr_html_(),
        published.to_csv(),
        str(published.to_dict()),
    ):
        assert not any(
            secret in text for secret in ("717,7", "717_7", "717717", "7,177", "nearly", "55", "400", "h-17")
        )
    assert all(cell.members is None for row in published.rows.values() for cell in row if isinstance(cell, Distinct))


def test_title_days_and_position_stay_and_names_of_other_keys_go() -> None:
    """What was counted when is published; of the names those of the rows."""
    table = small_table()
    published = withhold(table, 3)
    assert (published.title, published.on, published.known) == (table.title, table.on, 77)
    assert dict(published.names) == {"赵家沟": "zhao", "b": "bei"}


def entries_of(key: Key | None, column: str) -> tuple[Entry, ...]:
    return ()


def test_no_entries_can_be_asked_of_what_is_published() -> None:
    """Neither a withheld cell nor any other one names its entries: they could be counted."""
    table = evolve(small_table(), behind=entries_of)
    assert table.entries("b", "helped") == ()
    for key in ("赵家沟", "c", None):
        with pytest.raises(ArgumentError) as caught:
            withhold(table, 3).entries(key, "helped")
        assert str(caught.value) == (
            "table: wanted a table in full, got one for publication, which has no entries behind it [withheld]"
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"table": "figures"}, "table: wanted a Table, got 'figures' [bad-table]"),
        ({"k": 1}, "k: wanted a whole number from 2, got 1 [bad-number]"),
        ({"k": True}, "k: wanted a whole number from 2, got True [bad-number]"),
        ({"of": "households"}, "of: wanted a tuple of what is counted, got 'households' [bad-units]"),
        ({"of": ()}, "of: wanted a tuple of what is counted, got a value of type tuple [bad-units]"),
        (
            {"of": ("persons", "jobs")},
            "table: wanted a column of 'persons' or 'jobs', got 'households', 'fen' [no-counts]",
        ),
        (
            {"table": table_of(["a", "b", "c"], [HOUSEHOLDS], {("x", "y", "z"): [Amount(5, "households")]})},
            "table: wanted a table by 2 at most, got one by 3 [too-many-dimensions]",
        ),
        (
            {"table": table_of(["village"], [HOUSEHOLDS], {("x",): [Withheld()]}, total=[None])},
            "table: wanted a table in full, got one with withheld cells [withheld]",
        ),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    """A wrong argument raises at once, and says what was wanted."""
    asked: dict[str, Any] = {"table": small_table(), "k": 3, "of": ("households", "persons")} | change
    with pytest.raises(ArgumentError) as caught:
        withhold(asked["table"], asked["k"], of=asked["of"])
    assert str(caught.value) == message
