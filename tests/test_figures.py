"""Figures and tables of them: what adds up and what refuses to, and how they are shown and given away."""

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pairing.dates import Span, year
from pairing.deeds import AID, MARKS, Visited
from pairing.entries import Entry
from pairing.errors import ArgumentError
from pairing.figures import Amount, Distinct, NotAdditive, Share, Withheld, fen, joined_mark
from pairing.results import Cell, Column, Key, Table, laid_out, stacked
from pairing.titles import unescaped

IDENTITY = "11010519491231002X"

units = st.sampled_from(sorted({*AID.values(), "visits", "households"}))
marks = st.sampled_from(MARKS)
amounts = st.builds(Amount, st.integers(-(10**12), 10**12), units, marks)
of_kg = st.builds(Amount, st.integers(0, 10**6), st.just("kg"), marks)
shares = st.integers(0, 10**6).flatmap(lambda whole: st.builds(Share, st.integers(0, whole), st.just(whole)))
members = st.sets(st.sampled_from([f"h-{n}" for n in range(6)]))
unions = members.map(lambda found: Distinct.of_members(found, "households"))

VISITS = Column("visits", "visits")
HELPED = Column("helped", "households", over_rows=False, over_time=False)
MONEY = Column("money", "fen")
COVERAGE = Column("coverage", "households", over_rows=False, over_time=False)
SPRING, SUMMER = Span(date(2012, 1, 1), date(2012, 4, 1)), Span(date(2012, 4, 1), date(2012, 7, 1))


def one(*cells: Cell, columns: tuple[Column, ...] = (VISITS,), **more: Any) -> Table:
    """Return a table of one county, whose total is its row."""
    return Table("figures", ("county",), columns, {("盘山县",): cells}, cells, **more)


# --- laws


@given(unions, unions, amounts, shares)
def test_a2_unions(union: Distinct, other: Distinct, amount: Amount, share: Share) -> None:
    """Households helped is a union, not a sum; its type refuses `+`."""
    refused: list[tuple[Any, Any]] = [(union, other), (union, amount), (amount, union), (union, 0), (0, union)]
    for first, second in [*refused, (union, share)]:
        with pytest.raises(NotAdditive):
            first + second
    with pytest.raises(NotAdditive):
        sum([union, other])
    assert union.members is not None
    assert other.members is not None
    joined = union | other
    assert joined == Distinct(len(union.members | other.members), "households")
    assert max(union.value, other.value) <= joined.value <= union.value + other.value


@given(st.lists(members, min_size=1, max_size=4), members)
def test_a2_unions_in_tables(groups: list[set[str]], everybody: set[str]) -> None:
    """Households helped is a union, not a sum; its type refuses `+`: neither over rows nor over time does a table."""
    rows: dict[Key, list[Cell]] = {
        (f"k{n}",): [Distinct.of_members(group, "households")] for n, group in enumerate(groups)
    }
    table = Table("helped", ("kind",), (HELPED,), rows, [Distinct.of_members(everybody, "households")], during=SPRING)
    with pytest.raises(NotAdditive):
        table.sum("helped")
    with pytest.raises(NotAdditive):
        table + evolve(table, during=SUMMER)
    assert stacked({"a": table, "b": table})[None, "helped"] is None


@given(shares, shares)
def test_a5_shares(share: Share, other: Share) -> None:
    """Ratios keep numerator and denominator; no mean of means."""
    assert Share(share.part, share.whole) == share
    twice = Share(2 * share.part, 2 * share.whole)
    assert (twice == share) == (share.whole == 0)
    pair: list[Any] = [share, other]
    wrongs: list[Callable[[], object]] = [lambda: pair[0] + pair[1], lambda: sum(pair), lambda: pair[0] / 2]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            wrong()
    table = one(share, columns=(COVERAGE,))
    assert table.records() == [{"county": "盘山县", "coverage": share.part, "coverage of": share.whole}]
    assert stacked({"a": table, "b": one(other, columns=(COVERAGE,))})[None, "coverage"] is None


@given(shares)
def test_a_percentage_is_never_above_the_share(share: Share) -> None:
    """The percentage is rounded down, by less than a tenth: 100.0% is said of all alone."""
    if share.whole:
        percent = Fraction(str(share).rpartition("(")[2].rstrip("%)"))
        assert 0 <= Fraction(100 * share.part, share.whole) - percent < Fraction(1, 10)
        assert (percent == 100) == (share.part == share.whole)


@given(amounts, amounts)
def test_a6_units(amount: Amount, other: Amount) -> None:
    """Units never mix: kg, pieces, yuan; a guarantee is not a gift."""
    if amount.of == other.of:
        assert (amount + other).value == amount.value + other.value
        assert (amount + other).of == amount.of
    else:
        with pytest.raises(NotAdditive):
            amount + other
        with pytest.raises(NotAdditive):
            sum([amount, other])
        tables = {name: one(cell, columns=(Column("aid", amount.of),)) for name, cell in (("a", amount), ("b", other))}
        with pytest.raises(NotAdditive):
            stacked(tables)
        with pytest.raises(NotAdditive):
            evolve(tables["a"], during=SPRING) + evolve(tables["b"], during=SUMMER)
        with pytest.raises(NotAdditive):
            tables["b"].sum("aid")


@given(st.lists(of_kg, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a7_marks(parts: list[Amount], random: Any) -> None:
    """'Over' and 'nearly' stay marked through sums."""
    total = sum(parts, Amount(0, "kg"))
    found = {part.mark for part in parts}
    assert total.value == sum(part.value for part in parts)
    assert (total.mark == "exact") == (found == {"exact"})
    assert (total.mark == "over") == (found - {"exact"} == {"over"})
    assert (total.mark == "nearly") == (found - {"exact"} == {"nearly"})
    random.shuffle(parts)
    middle = random.randrange(len(parts) + 1)
    assert sum(parts[:middle], Amount(0, "kg")) + sum(parts[middle:], Amount(0, "kg")) == total
    rows: dict[Key, list[Cell]] = {(f"c{n}",): [part] for n, part in enumerate(parts)}
    assert Table("aid", ("county",), (Column("food", "kg"),), rows, [total]).sum("food") == total


@pytest.mark.parametrize(
    ("true", "kinds"),
    [([10, 10], ["exact", "exact"]), ([11, 10], ["over", "exact"]), ([9, 9], ["nearly"] * 2), ([11, 12], ["over"] * 2)],
)
def test_a_mark_says_on_which_side_the_truth_lies(true: list[int], kinds: list[str]) -> None:
    """Two tens, of which what is marked lies above or below: so does the sum, and 20 is told with that mark."""
    told = Amount(10, "kg", kinds[0]) + Amount(10, "kg", kinds[1])
    assert told.mark == ("exact" if sum(true) == 20 else "over" if sum(true) > 20 else "nearly")
    assert joined_mark(["over", "nearly"]) == joined_mark(["about", "exact"]) == "about"


# --- figures


@given(st.integers(0, 10**40))
def test_fen_is_a_hundredth_of_a_yuan_exactly(number: int) -> None:
    """A text, a whole number and a Decimal of any length give the same fen, to the last one."""
    yuan, rest = divmod(number, 100)
    assert fen(f"{yuan}.{rest:02}") == fen(f"{yuan:,}.{rest:02}") == number
    assert fen(yuan) == fen(str(yuan)) == yuan * 100
    if yuan < 10**39:
        assert fen(Decimal(f"{yuan}.{rest:02}")) == fen(Decimal(f"{yuan}.{rest:02}000")) == number


@pytest.mark.parametrize(
    "yuan",
    [
        *(12.5, True, None, "", "1.234", "-1", "1,19", "１２", "1e3", " 1", -1, Decimal("0.001"), Decimal("NaN")),
        *(Decimal("Infinity"), Decimal("sNaN"), Decimal("1." + "0" * 40 + "1"), Decimal("1E+999999"), Decimal(-1)),
    ],
)
def test_what_is_no_exact_amount_of_yuan_is_refused(yuan: Any) -> None:
    """Floats, thirds places, signs, other digits and numbers without end are refused, and nothing is rounded."""
    with pytest.raises(ArgumentError) as caught:
        fen(yuan)
    assert caught.value.code == "bad-number"


def test_figures_tell_what_they_count() -> None:
    """Money is printed in yuan, a mark stands before the number, and no repr has the members."""
    union = Distinct.of_members({"h-1", IDENTITY}, "households")
    found = [
        Amount(119_000_001, "fen", "over"),
        Amount(-5, "fen"),
        Amount(1234, "kg"),
        union,
        Share(29, 30),
        Withheld(),
    ]
    assert list(map(str, found)) == [
        "over 1,190,000.01 yuan",
        "-0.05 yuan",
        "1,234 kg",
        "2 households",
        "29 of 30 (96.6%)",
        "…",
    ]
    assert [repr(cell) for cell in found[2:4]] == ["Amount(1,234 kg)", "Distinct(2 households)"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda: Amount(3, "kg") + Amount(4, "pieces"),
            "wanted two amounts of one unit, got kg and pieces [mixed-units]",
        ),
        (
            lambda: Amount(3, "kg") + 4,
            "wanted two amounts of one unit, got kg and 4 [mixed-units]",
        ),
        (
            lambda: Amount(3, "kg") + IDENTITY,
            "wanted two amounts of one unit, got kg and text of 18 characters [mixed-units]",
        ),
        (
            lambda: Distinct(3, "households") + Distinct(4, "households"),
            "wanted a union, as some may be in both; got the sum of 3 households and 4 households [not-additive]",
        ),
        (
            lambda: Distinct(3, "households") | Distinct(4, "households"),
            "wanted two unions of known households, got 3 households and 4 households [not-additive]",
        ),
    ],
)
def test_a_sum_that_is_no_figure_says_why(wrong: Callable[[], object], message: str) -> None:
    """What cannot be added says which two figures they were."""
    with pytest.raises(NotAdditive) as caught:
        wrong()
    assert str(caught.value) == message


# --- tables


def aid() -> Table:
    """Return aid by village and kind: with Chinese keys, names, a mark, an unknown cell and one that is withheld."""
    rows: dict[Key, list[Cell]] = {
        ("210123", "双低保户"): [Amount(12, "visits"), Amount(119_000, "fen", "over"), Share(3, 8)],
        ("210124", "=cmd()"): [Amount(3, "visits"), None, Withheld()],
    }
    total: list[Cell] = [Amount(15, "visits"), Amount(119_000, "fen", "over"), Share(9, 20)]
    names = {"210123": "赵家沟", "210124": "<b>"}
    return Table(
        "aid", ("village", "kind"), (VISITS, MONEY, COVERAGE), rows, total, during=year(2012), known=77, names=names
    )


def test_a_table_prints_in_columns() -> None:
    """Chinese characters take two columns; the total stands below; figures are to the right."""
    assert str(aid()) == (
        "aid, 2012-01-01 to 2012-12-31\n"
        "village        kind         visits               money         coverage\n"
        "210123 赵家沟  双低保户  12 visits  over 1,190.00 yuan   3 of 8 (37.5%)\n"
        "210124 <b>     =cmd()     3 visits                   -                …\n"
        "all                      15 visits  over 1,190.00 yuan  9 of 20 (45.0%)"
    )
    assert repr(aid()) == "Table('aid' by ('village', 'kind'), 2 rows, 3 columns)"
    assert (len(aid()), list(aid())) == (2, [("210123", "双低保户"), ("210124", "=cmd()")])


def test_a_table_shows_in_a_notebook() -> None:
    """The same cells, each text escaped."""
    html = aid()._repr_html_()
    assert html.endswith(
        "<table><caption>aid 2012-01-01 to 2012-12-31</caption><thead><tr>"
        '<th scope="col" class="words">village</th><th scope="col" class="words">kind</th>'
        '<th scope="col">visits</th><th scope="col">money</th><th scope="col">coverage</th></tr></thead>'
        '<tbody><tr><th scope="row">210123 赵家沟</th><th scope="row">双低保户</th>'
        "<td>12 visits</td><td>over 1,190.00 yuan</td><td>3 of 8 (37.5%)</td></tr>"
        '<tr><th scope="row">210124 &lt;b&gt;</th><th scope="row">=cmd()</th><td>3 visits</td><td>-</td><td>…</td></tr>'
        '</tbody><tfoot><tr><th scope="row" colspan="2">all</th>'
        "<td>15 visits</td><td>over 1,190.00 yuan</td><td>9 of 20 (45.0%)</td></tr></tfoot></table></div>"
    )


def test_a_table_goes_to_plain_data() -> None:
    """Numbers, under names that say what they are; what is not known or withheld is None, and never zero."""
    rows = [
        {
            "village": "210123",
            "kind": "双低保户",
            "visits": 12,
            "money (fen)": 119_000,
            "money (fen) mark": "over",
            "coverage": 3,
            "coverage of": 8,
        },
        {"village": "210124", "kind": "=cmd()", "visits": 3, "money (fen)": None, "coverage": None},
    ]
    assert aid().records() == rows
    assert aid().to_dict() == {
        "title": "aid",
        "by": ["village", "kind"],
        "on": None,
        "during": ["2012-01-01", "2013-01-01"],
        "known": 77,
        "columns": [
            {"name": "visits", "of": "visits"},
            {"name": "money", "of": "fen"},
            {"name": "coverage", "of": "households"},
        ],
        "rows": rows,
        "total": {
            "visits": 15,
            "money (fen)": 119_000,
            "money (fen) mark": "over",
            "coverage": 9,
            "coverage of": 20,
        },
    }
    stock = evolve(aid(), during=None, on=date(2012, 3, 1)).to_dict()
    assert (stock["on"], stock["during"]) == ("2012-03-01", None)
    assert evolve(aid(), during=Span(date(2012, 3, 1))).to_dict()["during"] == ["2012-03-01", None]


def test_a_table_goes_to_csv() -> None:
    """One line for each row; a key that a spreadsheet would take for a formula gets an apostrophe."""
    assert aid().to_csv() == (
        "village,kind,visits,money (fen),money (fen) mark,coverage,coverage of\r\n"
        "210123,双低保户,12,119000,over,3,8\r\n"
        "210124,'=cmd(),3,,,,\r\n"
    )
    assert evolve(aid(), rows={}).to_csv() == "village,kind\r\n"


starts = st.sampled_from(["", "'", "=", "''=", "-", "@", "\r", "\n", "\t", "＝", '"', ",", "赵"])


@given(st.lists(st.builds(str.__add__, starts, st.text(max_size=4)), min_size=1, max_size=4, unique=True))
def test_the_apostrophe_can_be_taken_away_again(keys: list[str]) -> None:
    """No cell of a CSV file begins like a formula, and each key can be told from its cell."""
    rows: dict[Key, list[Cell]] = {(key,): [Amount(1, "visits")] for key in keys}
    table = Table("figures", ("group",), (VISITS,), rows, [Amount(len(keys), "visits")])
    lines = list(csv.reader(StringIO(table.to_csv(), newline="")))
    assert lines[0] == ["group", "visits"]
    assert [unescaped(line[0]) for line in lines[1:]] == keys
    assert not any(line[0].startswith(tuple("=+-@\t\r\n＝＋－＠")) for line in lines)


def test_an_identity_number_as_a_key_is_never_shown() -> None:
    """Where somebody's id is an identity number, no text, page, record or file has it, and no message either."""
    table = Table("visits", ("helper",), (VISITS,), {(IDENTITY,): [Amount(3, "visits")]}, [Amount(3, "visits")])
    texts = [str(table), repr(table), table._repr_html_(), str(table.records()), str(table.to_dict()), table.to_csv()]
    with pytest.raises(ArgumentError) as caught:
        evolve(table, rows={})[IDENTITY, "visits"]
    texts += [str(caught.value), repr(caught.value)]
    assert not any(IDENTITY in text for text in texts)
    assert table[IDENTITY, "visits"] == Amount(3, "visits")


def test_a_table_of_no_groups_prints_its_figures_once() -> None:
    """Without groups the one row is the total."""
    table = Table("visits", (), (VISITS,), {(): [Amount(3, "visits")]}, [Amount(3, "visits")], on=date(2012, 3, 1))
    assert str(table) == "visits, 2012-03-01\n       visits\nall  3 visits"
    assert table._repr_html_().endswith(
        '<table><caption>visits 2012-03-01</caption><thead><tr><th scope="col" class="words"></th>'
        '<th scope="col">visits</th></tr></thead><tbody></tbody>'
        '<tfoot><tr><th scope="row">all</th><td>3 visits</td></tr></tfoot></table></div>'
    )
    assert table.to_csv() == "visits\r\n3\r\n"


def test_a_cell_is_found_by_key_and_column() -> None:
    """A key of one part may be given as that part; None is all rows."""
    table = aid()
    assert table[("210123", "双低保户"), "visits"] == Amount(12, "visits")
    assert table[None, "coverage"] == Share(9, 20)
    assert table.column("visits") == dict(zip(table, (Amount(12, "visits"), Amount(3, "visits")), strict=True))
    assert one(Amount(3, "visits"))["盘山县", "visits"] == Amount(3, "visits")


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (("210123", "visits"), "table: wanted the key of a row, got ('210123') [unknown-row]"),
        ((("赵家沟",), "visits"), "table: wanted the key of a row, got (text of 3 characters) [unknown-row]"),
        ((None, "vists"), "table: wanted one of visits, money, coverage; got 'vists' [unknown-column]"),
        (("a", "b", "c"), "table: wanted a key and a column, got a value of type tuple [unknown-cell]"),
        ((["a"], "visits"), "table: wanted a key and a column, got a value of type tuple [unknown-cell]"),
        (7, "table: wanted a key and a column, got 7 [unknown-cell]"),
    ],
)
def test_a_cell_that_is_not_there_is_refused(at: Any, message: str) -> None:
    """The message says what was wanted, and shows no name."""
    with pytest.raises(ArgumentError) as caught:
        aid()[at]
    assert str(caught.value) == message


def test_some_columns_alone() -> None:
    """`only` gives the columns that are named, in that order; the rest of the table is as it was."""
    table = aid().only("coverage", "visits")
    assert [column.name for column in table.columns] == ["coverage", "visits"]
    assert table.total == (Share(9, 20), Amount(15, "visits"))
    assert table.rows["210124", "=cmd()"] == (Withheld(), Amount(3, "visits"))
    assert (table.title, table.during, table.known, table.names) == (
        "aid",
        year(2012),
        77,
        {"210123": "赵家沟", "210124": "<b>"},
    )
    with pytest.raises(ArgumentError):
        aid().only("visits", "kg")


@pytest.mark.parametrize("column", ["money", "coverage"])
def test_a_column_with_a_gap_has_no_sum(column: str) -> None:
    """A cell that is not known, withheld, or a share is not zero: the sum over the rows is refused."""
    assert aid().sum("visits") == Amount(15, "visits")
    with pytest.raises(NotAdditive):
        aid().sum(column)
    with pytest.raises(NotAdditive) as caught:
        one(None, columns=(MONEY,)).sum("money")
    assert str(caught.value) == "column: wanted an amount in every row of money, got others [not-additive]"


counted = st.dictionaries(st.sampled_from(["a", "b", "赵"]), st.integers(0, 99), max_size=3)


@given(counted, counted)
def test_tables_of_two_spans_add_up(first: dict[str, int], then: dict[str, int]) -> None:
    """Row by row, and in the total; a group of one span alone stays as it is; either order gives the same."""

    def table(found: dict[str, int], during: Span) -> Table:
        rows: dict[Key, list[Cell]] = {(name,): [Amount(n, "visits")] for name, n in found.items()}
        return Table("visits", ("county",), (VISITS,), rows, [Amount(sum(found.values()), "visits")], during=during)

    spring, summer = table(first, SPRING), table(then, SUMMER)
    both = spring + summer
    assert both == summer + spring
    assert both.during == Span(SPRING.start, SUMMER.end)
    numbers = {name: first.get(name, 0) + then.get(name, 0) for name in {*first, *then}}
    assert both.column("visits") == {(name,): Amount(n, "visits") for name, n in numbers.items()}
    assert both[None, "visits"] == both.sum("visits")


def test_tables_are_added_only_where_that_is_honest() -> None:
    """Not over spans with common days, nor of other columns or groups, nor of unions, nor to anything else."""
    spring = one(Amount(3, "visits"), during=SPRING, known=5)
    summer = evolve(spring, during=SUMMER)
    assert (spring + evolve(summer, known=6)).known is None
    assert (spring + summer).known == 5
    autumn = evolve(spring, during=Span(date(2012, 9, 1), date(2012, 10, 1)))
    assert (spring + autumn).during is None
    assert (spring + evolve(summer, rows={("盘山县",): [None]}))["盘山县", "visits"] is None
    others = [spring, evolve(summer, during=None), evolve(summer, title="x"), evolve(summer, by=("unit",))]
    for other in others:
        with pytest.raises(NotAdditive):
            spring + other
    with pytest.raises(TypeError):
        spring + 1
    helped = one(Distinct(3, "households"), columns=(HELPED,), during=SPRING)
    with pytest.raises(NotAdditive) as caught:
        helped + evolve(helped, during=SUMMER)
    assert str(caught.value) == (
        "table: wanted columns that add up over time, got helped; leave them out with `only` [not-additive]"
    )


def test_tables_of_programmes_are_stacked() -> None:
    """Each row stands under its programme; amounts add up in the total with their marks, unions and shares do not."""
    columns = (VISITS, MONEY, HELPED, COVERAGE)
    cells: list[Cell] = [Amount(3, "visits"), Amount(500, "fen", "over"), Distinct(2, "households"), Share(2, 9)]
    more: list[Cell] = [Amount(4, "visits"), Amount(700, "fen"), Distinct(5, "households"), Share(5, 9)]
    one_, other = one(*cells, columns=columns, on=date(2012, 3, 1)), one(*more, columns=columns, on=date(2012, 3, 1))
    both = stacked({"gansu-2012": one_, "panjin-2010": other})
    assert both.by == ("programme", "county")
    assert both.on == date(2012, 3, 1)
    assert both[("panjin-2010", "盘山县"), "visits"] == Amount(4, "visits")
    assert both.total == (Amount(7, "visits"), Amount(1200, "fen", "over"), None, None)
    assert stacked({"a": one_, "b": evolve(other, on=date(2013, 3, 1))}, by="year").on is None
    for wrong in ({}, {"a": one_, "b": other.only("visits")}):
        with pytest.raises(ArgumentError) as caught:
            stacked(wrong)
        assert str(caught.value) == "tables: wanted tables of the same columns and groups, got others [other-columns]"


@given(st.dictionaries(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), st.tuples(of_kg, members)))
def test_a_table_is_rolled_up_to_fewer_groups(found: dict[Key, tuple[Amount, set[str]]]) -> None:
    """What adds up is added up, of unions the union is taken; shares are left out; the total stays."""
    rows: dict[Key, list[Cell]] = {
        key: [food, Distinct.of_members(group, "households"), Share(1, 2)] for key, (food, group) in found.items()
    }
    everybody = set().union(*(group for _, group in found.values()))
    food = sum((food for food, _ in found.values()), Amount(0, "kg"))
    total: list[Cell] = [food, Distinct.of_members(everybody, "households"), Share(1, 2)]
    table = Table("aid", ("county", "kind"), (Column("food", "kg"), HELPED, COVERAGE), rows, total)
    counties = table.rolled_up("county")
    for name in {key[0] for key in found}:
        inside = [each for key, each in found.items() if key[0] == name]
        assert counties[name, "food"] == sum((food for food, _ in inside), Amount(0, "kg"))
        assert counties[name, "helped"] == Distinct(len(set().union(*(group for _, group in inside))), "households")
    assert len(counties) == len({key[0] for key in found})
    assert counties[None, "food"] == table[None, "food"] == table.rolled_up()[(), "food"]
    assert "coverage" not in [column.name for column in counties.columns] or not found
    with pytest.raises(ArgumentError) as caught:
        table.rolled_up("month")
    assert str(caught.value) == "by: wanted words of county, kind; got 'month' [unknown-group]"


def visit(day: int) -> Entry:
    return Visited("h-1", ["c-1"], on=date(2012, 3, day))


def test_every_cell_names_its_entries() -> None:
    """A cell names the entries behind it, also in a table of several programmes and with some of its columns."""

    def behind(key: Key | None, column: str) -> tuple[Entry, ...]:
        return (visit(1),) if column == "visits" else ()

    table = one(Amount(1, "visits"), Amount(0, "fen"), columns=(VISITS, MONEY), behind=behind)
    assert table.entries("盘山县", "visits") == table.entries(None, "visits") == (visit(1),)
    assert table.only("money").entries("盘山县", "money") == ()
    both = stacked({"a": table, "b": table})
    assert both.entries(("b", "盘山县"), "visits") == (visit(1),)
    assert both.entries(None, "visits") == (visit(1), visit(1))
    with pytest.raises(ArgumentError) as caught:
        table.entries("海城市", "visits")
    assert caught.value.code == "unknown-row"


def test_a_table_that_was_put_together_names_no_entries() -> None:
    """Without a register there is nothing to name; nor is there behind a sum of tables."""
    table = one(Amount(1, "visits"), during=SPRING, behind=lambda key, column: (visit(1),))
    for other in (one(Amount(1, "visits")), table + evolve(table, during=SUMMER)):
        with pytest.raises(ArgumentError) as caught:
            other.entries(None, "visits")
        assert str(caught.value) == (
            "table: wanted a table of a register, got one of a stream, of frames, or one that was put together"
            " [no-entries]"
        )


def test_text_is_laid_out_by_width() -> None:
    """A full-width character takes two columns; the first columns are to the left, and no line ends in spaces."""
    assert laid_out([["方案", "a"], ["x", "１2"]]) == "方案    a\nx     １2"
    assert laid_out([["a", "b", "1"], ["cc", "", "22"]], 2) == "a   b   1\ncc     22"


def test_tables_are_stacked_by_a_word_of_its_own() -> None:
    """A word by which the tables are grouped already is refused, and so is what is no table."""
    table = Table(
        "visits", ("village",), (Column("visits", "visits"),), {("v",): [Amount(3, "visits")]}, [Amount(3, "visits")]
    )
    with pytest.raises(ArgumentError) as caught:
        stacked({"a": table}, by="village")
    assert str(caught.value) == "by: wanted a word that no table is grouped by, got 'village' [duplicate-group]"
    with pytest.raises(ArgumentError) as caught:
        stacked({"a": None})  # type: ignore[dict-item]
    assert str(caught.value) == "tables: wanted tables by name, got a value of type dict [bad-type]"
