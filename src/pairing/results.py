"""Tables of figures as values: they print, show in a notebook, go to plain data and CSV, and add only where that is
honest; every cell can name the entries behind it."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from io import StringIO
from types import MappingProxyType
from typing import Any
from unicodedata import east_asian_width

from attrs import evolve, field, frozen

from pairing.dates import Span
from pairing.entries import Entry
from pairing.errors import ArgumentError, bare, is_identity_number, masked, shown
from pairing.figures import Amount, Distinct, NotAdditive, Share, Withheld
from pairing.markup import html_page, html_table
from pairing.titles import cell_of

__all__ = ["Cell", "Column", "Key", "Table", "bare_number", "laid_out", "stacked"]

Key = tuple[str, ...]
Cell = Amount | Distinct | Share | Withheld | None
"""A figure; None where nothing is known, which is not zero."""
Behind = Callable[[Key | None, str], tuple[Entry, ...]]


@frozen
class Column:
    """A column of a table: its name, what its figures count, and over what they may be added up.

    - `of`: "households", "fen", "kg", …
    - `over_rows`: whether the rows of one table add up to the whole; `over_time`: whether disjoint spans of days do.
    """

    name: str
    of: str
    over_rows: bool = True
    over_time: bool = True


def _no_entries(key: Key | None, column: str) -> tuple[Entry, ...]:
    message = "wanted a table of a register, got one of a stream, of frames, or one that was put together"
    raise ArgumentError("no-entries", message, "table")


def _left_behind(key: Key | None, column: str) -> tuple[Entry, ...]:
    message = "wanted a table that was counted in this process, got one that was pickled, without the entries"
    raise ArgumentError("no-entries", message, "table")


def _cells(rows: Mapping[Key, Iterable[Cell]]) -> Mapping[Key, tuple[Cell, ...]]:
    return MappingProxyType({key: tuple(cells) for key, cells in rows.items()})


def _row(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(cells)


@frozen(repr=False, hash=False)
class Table:
    """Figures by groups: one row for each group, one column for each thing that is counted.

    - `by`: what the rows are grouped by; `rows` has the cells of each group, by its key, one text for each of `by`.
    - `total`: the same figures of all groups together, each counted once.
    - `on`: the day of which a stock is told; or `during`, the days in which something happened.
    - `known`: the position in the register up to which it was looked at.
    - `names`: what a key stands for, where it is no word by itself: the name of an area, say.

    >>> visits = Column("visits", "visits")
    >>> spring = Table("visits", ("county",), (visits,), {("a",): [Amount(3, "visits")]}, [Amount(3, "visits")],
    ...                during=Span(date(2012, 1, 1), date(2012, 4, 1)))
    >>> summer = evolve(spring, during=Span(date(2012, 4, 1), date(2012, 7, 1)))
    >>> print(spring + summer)
    visits, 2012-01-01 to 2012-06-30
    county    visits
    a       6 visits
    all     6 visits
    """

    title: str
    by: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Mapping[Key, tuple[Cell, ...]] = field(converter=_cells)
    total: tuple[Cell, ...] = field(converter=_row)
    on: date | None = field(default=None, kw_only=True)
    during: Span | None = field(default=None, kw_only=True)
    known: int | None = field(default=None, kw_only=True)
    names: Mapping[str, str] = field(factory=dict, kw_only=True, eq=False)
    behind: Behind = field(default=_no_entries, kw_only=True, eq=False)

    def __repr__(self) -> str:
        return f"Table({self.title!r} by {self.by}, {len(self.rows):,} rows, {len(self.columns)} columns)"

    def __reduce__(self) -> tuple[Any, ...]:  # pickled are the figures: the entries behind them are a whole register
        told: dict[str, Any] = {"on": self.on, "during": self.during, "known": self.known, "names": dict(self.names)}
        figures = (self.title, self.by, self.columns, dict(self.rows), self.total)
        return partial(Table, **told, behind=_left_behind), figures

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.rows)

    def __getitem__(self, at: tuple[str | Key | None, str]) -> Cell:
        """Return a cell: `table["621126", "visits"]`, `table[("621126", "cadre"), "visits"]`; None is all rows."""
        try:
            key, name = at
            key = (key,) if isinstance(key, str) else key
            is_row = key is None or key in self.rows
        except (TypeError, ValueError):
            raise ArgumentError("unknown-cell", f"wanted a key and a column, got {shown(at)}", "table") from None
        if not is_row:
            raise ArgumentError("unknown-row", f"wanted the key of a row, got {_shown_key(key)}", "table")
        return (self.total if key is None else self.rows[key])[self._at(name)]

    def _at(self, name: object) -> int:
        for n, column in enumerate(self.columns):
            if column.name == name:
                return n
        names = ", ".join(column.name for column in self.columns)
        raise ArgumentError("unknown-column", f"wanted one of {names}; got {shown(name)}", "table")

    def column(self, name: str) -> dict[Key, Cell]:
        """Return one column by the keys of the rows."""
        n = self._at(name)
        return {key: cells[n] for key, cells in self.rows.items()}

    def only(self, *names: str) -> "Table":
        """Return the table with some of its columns alone, in that order."""
        at = [self._at(name) for name in names]
        rows = {key: tuple(cells[n] for n in at) for key, cells in self.rows.items()}
        return evolve(self, columns=tuple(self.columns[n] for n in at), rows=rows, total=[self.total[n] for n in at])

    def entries(self, key: str | Key | None, column: str) -> tuple[Entry, ...]:
        """Return the entries behind a cell, in the order of the register; None for the cell of all rows.

        Counted again from them alone, the figure is the same.
        """
        self[key, column]
        return self.behind((key,) if isinstance(key, str) else key, column)

    def sum(self, column: str) -> Amount:
        """Return the sum of a column over the rows.

        Raises `NotAdditive` where the rows overlap, and where a cell is not known or withheld: missing is not zero.
        """
        n = self._at(column)
        if not self.columns[n].over_rows:
            raise NotAdditive("not-additive", f"wanted a column that adds up over rows, got {column}", "column")
        found = Amount(0, self.columns[n].of)
        for cell in self.column(column).values():
            if not isinstance(cell, Amount):
                raise NotAdditive("not-additive", f"wanted an amount in every row of {column}, got others", "column")
            found += cell
        return found

    def __add__(self, other: object) -> "Table":
        """Return the table of two disjoint spans of days together: every column must add up over time."""
        if not isinstance(other, Table):
            return NotImplemented
        if (self.by, self.columns, self.title) != (other.by, other.columns, other.title):
            raise NotAdditive("not-additive", "wanted two tables of the same columns and groups, got others", "table")
        if self.during is None or other.during is None or self.during.overlap(other.during) is not None:
            raise NotAdditive("not-additive", "wanted two tables of disjoint spans of days, got others", "table")
        unions = [column.name for column in self.columns if not column.over_time]
        if unions:
            message = f"wanted columns that add up over time, got {', '.join(unions)}; leave them out with `only`"
            raise NotAdditive("not-additive", message, "table")
        first, then = sorted((self.during, other.during))
        rows = {key: _added(self.rows.get(key), other.rows.get(key)) for key in sorted({*self.rows, *other.rows})}
        during = Span(first.start, then.end) if first.end == then.start else None
        known = self.known if self.known == other.known else None
        total = _added(self.total, other.total)
        names = {**self.names, **other.names}
        return evolve(self, rows=rows, total=total, during=during, known=known, names=names, behind=_no_entries)

    def rolled_up(self, *by: str) -> "Table":
        """Return the table by fewer groups: what adds up is added up, and of unions the union is taken.

        Columns whose figures cannot be told from the rows (shares, unions whose members are not known) are left out.
        """
        at = [self.by.index(word) if word in self.by else -1 for word in by]
        if -1 in at:
            message = f"wanted words of {', '.join(self.by) or 'none'}; got {', '.join(map(shown, by))}"
            raise ArgumentError("unknown-group", message, "by")
        if not by:
            return evolve(self, by=(), rows={(): self.total}, behind=lambda key, column: self.behind(None, column))
        parts: dict[Key, list[Key]] = {}
        for key in self.rows:
            parts.setdefault(tuple(key[n] for n in at), []).append(key)
        kept = [n for n, column in enumerate(self.columns) if _rolls(column, [row[n] for row in self.rows.values()])]
        rows = {key: [_joined([self.rows[k][n] for k in parts[key]]) for n in kept] for key in parts}

        def behind(key: Key | None, column: str) -> tuple[Entry, ...]:
            if key is None:
                return self.behind(None, column)
            return tuple(dict.fromkeys(entry for part in parts[key] for entry in self.behind(part, column)))

        columns, total = tuple(self.columns[n] for n in kept), [self.total[n] for n in kept]
        return evolve(self, by=tuple(by), columns=columns, rows=rows, total=total, behind=behind)

    def __str__(self) -> str:
        return self.text()

    def text(self, words: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the table as text; `words` says how titles, heads and units are called in another language."""
        when = self._when(words)
        heads = [words.get(name, name) for name in (*(self.by or ("",)), *self._names())]
        lines = [heads]
        for key, cells in self.rows.items():
            if self.by:
                called = [words.get(part, part) for part in self._called(key)]
                lines.append([*called, *(_text(cell, words) for cell in cells)])
        whole = [words.get("all", "all"), *[""] * (len(self.by) - 1)]
        lines.append([*whole, *(_text(cell, words) for cell in self.total)])
        title = words.get(self.title, self.title)
        return f"{title}{f', {when}' if when else ''}\n{laid_out(lines, max(1, len(self.by)))}"

    def _when(self, words: Mapping[str, str]) -> str:
        """Return the day of a stock, or the first and the last day of what was done."""
        if self.during is None:
            return "" if self.on is None else str(self.on)
        start, end = self.during.start, self.during.end
        if end is None:
            return words.get("from {}", "from {}").format(start)
        return words.get("{} to {}", "{} to {}").format(start, end - timedelta(days=1))

    def _names(self) -> list[str]:
        return [column.name for column in self.columns]

    def _called(self, key: Key) -> list[str]:
        return [bare(masked(part)) + (f" {name}" if (name := self.names.get(part)) else "") or "-" for part in key]

    def _repr_html_(self) -> str:
        return self.html()

    def html(self, words: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the table as HTML, a long one cut with the number of rows that follow; `words` as in `text`."""
        heads = [words.get(name, name) for name in (*(self.by or ("",)), *self._names())]
        rows = (
            [*(words.get(part, part) for part in self._called(key)), *(_text(cell, words) for cell in row)]
            for key, row in (self.rows.items() if self.by else ())
        )
        foot = [words.get("all", "all"), *(_text(cell, words) for cell in self.total)]
        caption = f"{words.get(self.title, self.title)} {self._when(words)}".rstrip()
        more, named = words.get("… and {} more", "… and {} more"), max(1, len(self.by))
        return html_page(html_table(heads, rows, caption=caption, foot=foot, named=named, more=more))

    def records(self) -> list[dict[str, Any]]:
        """Return one plain dict for each row: the key by what it is grouped by, and numbers.

        Money is in fen, under the name of the column with " (fen)"; a share gives two numbers, the second under the
        name with " of"; a mark that is not "exact" stands under the name with " mark".  None is what is not known or
        withheld.  Identity numbers are left out.
        """
        return [self._record(dict(zip(self.by, key, strict=True)), cells) for key, cells in self.rows.items()]

    def _record(self, row: dict[str, Any], cells: Sequence[Cell]) -> dict[str, Any]:
        row = {name: "" if is_identity_number(part) else masked(part) for name, part in row.items()}
        for column, cell in zip(self.columns, cells, strict=True):
            name = f"{column.name} (fen)" if column.of == "fen" else column.name
            row[name] = None if cell is None or isinstance(cell, Withheld) else _number(cell)
            if isinstance(cell, Share):
                row[f"{name} of"] = cell.whole
            elif isinstance(cell, Amount) and cell.mark != "exact":
                row[f"{name} mark"] = cell.mark
        return row

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data: title, days, `known`, columns, rows and total."""
        return {
            "title": self.title,
            "by": list(self.by),
            "on": self.on and self.on.isoformat(),
            "during": self.during and [self.during.start.isoformat(), self.during.end and self.during.end.isoformat()],
            "known": self.known,
            "columns": [{"name": column.name, "of": column.of} for column in self.columns],
            "rows": self.records(),
            "total": self._record({}, self.total),
        }

    def to_csv(self) -> str:
        """Return the rows as CSV text, with a header.

        What would be taken for a formula gets an apostrophe, as in the tables of a roster; lines end as there.
        """
        records = self.records()
        heads = list(dict.fromkeys(name for record in records for name in record)) or list(self.by)
        text = StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(heads)
        for record in records:
            cells = [record.get(name) for name in heads]
            writer.writerow([cell_of("text", "", True, c) if isinstance(c, str) and c else c for c in cells])
        return text.getvalue()


def _shown_key(key: object) -> str:
    return f"({', '.join(map(shown, key))})" if isinstance(key, tuple) else shown(key)


def _number(cell: Amount | Distinct | Share) -> int:
    return cell.part if isinstance(cell, Share) else cell.value


def _text(cell: Cell, words: Mapping[str, str] = MappingProxyType({})) -> str:
    if cell is None:
        return "-"
    if words and isinstance(cell, Amount | Distinct):
        known = cell.mark if isinstance(cell, Amount) else "exact"
        mark = "" if known == "exact" else words.get(known, f"{known} ")
        of = "yuan" if cell.of == "fen" else cell.of
        return f"{mark}{bare_number(cell)}{words.get(f'of {cell.of}', f' {of}')}"
    if words and isinstance(cell, Share):
        return str(cell).replace(" of ", words.get("/", "/"))
    return str(cell)


def bare_number(cell: Amount | Distinct) -> str:
    """Return the number of a figure, money in yuan, without its unit.

    >>> bare_number(Amount(119_000_000, "fen", "over")), bare_number(Amount(1250, "fen"))
    ('1,190,000', '12.50')
    """
    if cell.of != "fen":
        return f"{cell.value:,}"
    sign, value = "-" * (cell.value < 0), abs(cell.value)
    return f"{sign}{value // 100:,}" + (f".{value % 100:02}" if value % 100 else "")


def _rolls(column: Column, cells: Sequence[Cell]) -> bool:
    amounts = column.over_rows and all(isinstance(cell, Amount) for cell in cells)
    return amounts or all(isinstance(cell, Distinct) and cell.members is not None for cell in cells)


def _joined(cells: Sequence[Cell]) -> Cell:
    first = cells[0]
    if isinstance(first, Distinct):
        members = [cell.members for cell in cells if isinstance(cell, Distinct) and cell.members is not None]
        return Distinct.of_members(frozenset().union(*members), first.of)
    amounts = [cell for cell in cells if isinstance(cell, Amount)]
    return sum(amounts[1:], amounts[0])


def _added(one: Sequence[Cell] | None, other: Sequence[Cell] | None) -> tuple[Cell, ...]:
    if one is None or other is None:
        return tuple(one or other or ())
    return tuple(map(_sum, one, other))


def _sum(one: Cell, other: Cell) -> Cell:
    if isinstance(one, Amount) and isinstance(other, Amount):
        return one + other
    if isinstance(one, Distinct) and isinstance(other, Distinct) and one.of == other.of:
        return Distinct(one.value + other.value, one.of)  # of two times: what happened in one did not in the other
    return None


def stacked(tables: Mapping[str, Table], by: str = "programme") -> Table:
    """Return the tables of several programmes, say, in one, each row under the name of its table.

    What adds up is added up in the total; what is a union is not known there, as a household may be in two of them.

    >>> table = Table("visits", (), (Column("visits", "visits"),), {(): [Amount(3, "visits")]}, [Amount(3, "visits")])
    >>> print(stacked({"panjin-2010": table, "gansu-2012": table}))
    visits
    programme      visits
    panjin-2010  3 visits
    gansu-2012   3 visits
    all          6 visits

    Raises `ArgumentError` where the tables have other groups or columns, or are grouped by that word already.
    """
    if not isinstance(tables, Mapping) or not all(isinstance(table, Table) for table in tables.values()):
        raise ArgumentError("bad-type", f"wanted tables by name, got {shown(tables)}", "tables")
    if not isinstance(by, str) or not by or any(by in table.by for table in tables.values()):
        raise ArgumentError("duplicate-group", f"wanted a word that no table is grouped by, got {shown(by)}", "by")
    if not tables or len({(table.by, table.columns, table.title) for table in tables.values()}) > 1:
        raise ArgumentError("other-columns", "wanted tables of the same columns and groups, got others", "tables")
    first = next(iter(tables.values()))
    rows = {(name, *key): cells for name, table in tables.items() for key, cells in table.rows.items()}
    total = [_pooled(column, [table.total[n] for table in tables.values()]) for n, column in enumerate(first.columns)]
    same = {
        name: getattr(first, name) for name in ("on", "during") if len({getattr(t, name) for t in tables.values()}) == 1
    }
    names = {key: name for table in tables.values() for key, name in table.names.items()}

    def behind(key: Key | None, column: str) -> tuple[Entry, ...]:
        if key is not None:
            return tables[key[0]].behind(key[1:], column)
        return tuple(entry for table in tables.values() for entry in table.behind(None, column))

    return Table(first.title, (by, *first.by), first.columns, rows, total, names=names, behind=behind, **same)


def _pooled(column: Column, cells: Sequence[Cell]) -> Cell:
    amounts = [cell for cell in cells if isinstance(cell, Amount)]
    return sum(amounts, Amount(0, column.of)) if len(amounts) == len(cells) else None


# --- text


def _width(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two.

    >>> _width("方案 A")
    6
    """
    return sum(1 + (east_asian_width(character) in "WF") for character in text)


def laid_out(lines: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return lines of cells as text: the first columns to the left, the others, which are figures, to the right.

    >>> print(laid_out([["", "有"], ["盘山县", "12"]]))
            有
    盘山县  12
    """
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    found = []
    for line in lines:
        cells = []
        for n, (cell, width) in enumerate(zip(line, widths, strict=True)):
            spaces = " " * (width - _width(cell))
            cells.append(cell + spaces if n < left else spaces + cell)
        found.append("  ".join(cells).rstrip())
    return "\n".join(found)
