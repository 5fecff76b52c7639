"""Small cells are withheld from a table that is published, and as many others as it takes that they cannot be told.

A table is read as a network (Gusfield, "A graph theoretic approach to data security", SIAM J. Computing 17, 1988):
every sum is a node, every cell an arc between the sums that it is part of, and the total leads back.  Tables that a
reader may take for the true one are the flows that agree with it on every published arc; how far a withheld cell can
rise or fall among them is a maximum flow, in whole numbers, and so exactly known.
"""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import count, product

from attrs import define, evolve, field, frozen

from pairing.entries import Entry
from pairing.errors import ArgumentError, shown
from pairing.figures import Amount, Distinct, Share, Withheld
from pairing.results import Cell, Key, Table

__all__ = ["withhold"]

Place = tuple[str | None, ...]
"""A row by its key, or a sum over rows: None stands for everything in that dimension."""
_Moves = tuple[tuple[int, int], ...]
"""Up (1) or down (-1), and how far; any one of them will do."""


def withhold(table: Table, k: int, *, of: tuple[str, ...] = ("households", "persons")) -> Table:
    """Return the table for publication: what tells of fewer than k is withheld, and what that could be told from.

    `of` is what is counted, the larger units first; a column counts it where its `of` says so.

    - A count from 1 to k - 1 is withheld (threshold rule).  A zero is not: it tells of nobody.
    - A share is withheld where its part, or the rest of its whole, is from 1 to k - 1.
    - Beside a withheld count, every other cell of the row is withheld too (the money of 2 households is their secret),
      but not the counts of the same or of larger units.

    Then other cells are withheld until no withheld cell can be worked out by a reader who knows all published cells,
    that columns add up to their totals, that counts are whole numbers from 0 on, the wholes of shares, and, of a table
    by two dimensions, the two tables by one of them alone, published under the same rule.  What such a reader still
    holds possible:

    - of a withheld count below k: k, or more; so nobody can even be sure that it is below k;
    - of every other withheld cell: at least two values; of an amount about so few, nothing at all or twice as much.
      In two dimensions the sums over the rows may tell such a cell, or nearly, by themselves, whatever this table
      shows: it is withheld all the same.

    Columns that do not add up over rows, as unions, are treated as if they did: a reader knows less of them.

    >>> from pairing.results import Column
    >>> columns = Column("households", "households"), Column("money", "fen")
    >>> rows = {(name,): [Amount(n, "households"), Amount(fen, "fen")]
    ...         for name, n, fen in [("a", 2, 90_000), ("b", 40, 880_000), ("c", 25, 410_000)]}
    >>> total = [Amount(67, "households"), Amount(1_380_000, "fen")]
    >>> print(withhold(Table("aid", ("village",), columns, rows, total), 3))
    aid
    village     households           money
    a                    …               …
    b        40 households   8,800.00 yuan
    c                    …               …
    all      67 households  13,800.00 yuan

    Exact: that what is withheld is safe, in both cases; and for one dimension, that no smaller number of counts would
    do.  Heuristic: which cells go along in two dimensions, as the fewest are NP-hard to find; each time the cheapest
    path is taken (fewest cells, then smallest).  A combination of keys that has no row is a zero; where it takes one,
    it gets a row.

    Not meant: a reader who reckons with the choice itself, who sets one column against another (other than shares
    against their wholes), or who holds tables of other days.  A dimension each of whose keys has one row alone, such as
    the village in a table by county and village, is none of its own: do not publish the table by it besides.

    No entries can be asked of the result, and unions have forgotten their members.

    Raises `ArgumentError` where k is below 2, where no column counts anything of `of`, where cells are withheld
    already, and for more than two dimensions, where the question what a reader holds possible is itself NP-hard.

    Sources: Hundepool et al., "Statistical Disclosure Control", Wiley 2012, ch. 4; Cox, "Suppression methodology and
    statistical disclosure control", JASA 75, 1980; Fischetti and Salazar, "Models and algorithms for optimizing cell
    suppression in tabular data with linear constraints", JASA 95, 2000; Castro, "A shortest-paths heuristic for
    statistical data protection in positive tables", INFORMS J. Computing 19, 2007 (the paths).
    """
    _check(table, k, of)
    shape = _Shape(tuple(table.rows), len(table.by))
    figures = _figures(table, shape, of)
    for figure in figures:
        figure.hidden.update(figure.few(k))
    few = _few(table, shape, figures, k, of)
    before = -1
    while before < (before := sum(len(figure.hidden) for figure in figures)):
        for figure in figures:
            _carry(figure, figures, few, of)
            _close(figure, k, few)
    return _published(table, shape, {figure.at: figure.hidden for figure in figures if figure.at is not None})


def _check(table: Table, k: int, of: object) -> None:
    if not isinstance(table, Table):
        raise ArgumentError("bad-table", f"wanted a Table, got {shown(table)}", "table")
    if type(k) is not int or k < 2:
        raise ArgumentError("bad-number", f"wanted a whole number from 2, got {shown(k)}", "k")
    if not isinstance(of, tuple) or not of or not all(isinstance(unit, str) for unit in of):
        raise ArgumentError("bad-units", f"wanted a tuple of what is counted, got {shown(of)}", "of")
    if len(table.by) > 2:
        raise ArgumentError("too-many-dimensions", f"wanted a table by 2 at most, got one by {len(table.by)}", "table")
    if not any(column.of in of for column in table.columns):
        counted = ", ".join(dict.fromkeys(shown(column.of) for column in table.columns)) or "no column"
        raise ArgumentError("no-counts", f"wanted a column of {' or '.join(map(shown, of))}, got {counted}", "table")
    if any(isinstance(cell, Withheld) for cells in (*table.rows.values(), table.total) for cell in cells):
        raise ArgumentError("withheld", "wanted a table in full, got one with withheld cells", "table")


def _no_entries(key: Key | None, column: str) -> tuple[Entry, ...]:
    message = "wanted a table in full, got one for publication, which has no entries behind it"
    raise ArgumentError("withheld", message, "table")


def _published(table: Table, shape: "_Shape", hidden: dict[int, set[Place]]) -> Table:
    def cells(place: Place, row: Iterable[Cell]) -> list[Cell]:
        return [
            Withheld()
            if cell is not None and place in hidden[n]
            else Distinct(cell.value, cell.of)
            if isinstance(cell, Distinct)
            else cell
            for n, cell in enumerate(row)
        ]

    rows = {key: cells(key, row) for key, row in table.rows.items()}
    for key in shape.rows_of(set().union(*hidden.values())) - rows.keys():
        rows[key] = cells(key, map(_nothing, table.total))
    if len(rows) > len(table.rows):  # in the order of the keys, so that nobody can tell which were added
        rows = dict(sorted(rows.items()))
    parts = {part for key in rows for part in key}
    names = {part: name for part, name in table.names.items() if part in parts}
    return evolve(table, rows=rows, total=cells(shape.total, table.total), names=names, behind=_no_entries)


def _nothing(like: Cell) -> Cell:
    if isinstance(like, Share):
        return Share(0, 0)
    return None if like is None or isinstance(like, Withheld) else type(like)(0, like.of)


# --- what is told


@frozen
class _Shape:
    """The dimensions of a table, and the sums that its rows are part of.

    A dimension each of whose keys has one row alone is none of its own: the table by it would be this very table.
    """

    keys: tuple[Key, ...]
    width: int
    own: tuple[int, ...] = field(init=False)

    @own.default
    def _own(self) -> tuple[int, ...]:
        if self.width < 2:
            return ()
        return tuple(n for n in range(self.width) if len({key[n] for key in self.keys}) < len(self.keys))

    @property
    def total(self) -> Place:
        return (None,) * self.width

    def sums(self, key: Place) -> list[Place]:
        """Return the sums over rows that a row is part of, other than the total."""
        return [tuple(part if at == n else None for at, part in enumerate(key)) for n in self.own]

    def rows_of(self, places: Iterable[Place]) -> set[Key]:
        return {tuple(map(str, place)) for place in places if None not in place}

    def ends(self, place: Place) -> tuple[Place | str, Place | str]:
        """Return the nodes of the network between which a row, or a sum over rows, is an arc."""
        if place == self.total:
            return "out", "in"
        if None in place:
            return ("in", place) if place[0] is not None else (place, "out")
        sums = self.sums(place)
        tails = [each for each in sums if each[0] is not None]
        heads = [each for each in sums if each[0] is None]
        return tails[0] if tails else "in", heads[0] if heads else "out"

    def missing(self) -> Iterator[Key]:
        """Yield the combinations of keys that have no row, where there are two dimensions."""
        if len(self.own) == 2:
            present = set(self.keys)
            yield from (
                key for key in product(*(sorted({key[n] for key in self.keys}) for n in range(2))) if key not in present
            )


@define(eq=False)
class _Figure:
    """One column as numbers, by place; of a share its parts, and the rest of its wholes.

    `at` is the column of the table, or None: the wholes and the parts of shares are counts by themselves.
    """

    kind: str
    of: str
    at: int | None
    flow: dict[Place, int]
    rest: dict[Place, int] | None
    shape: _Shape
    told: tuple[int, int] | None
    """The total as the table has it: of a union, or where something is not known, it is not the sum of the rows."""
    whole: "_Figure | None" = None
    """Of shares: the count that has their wholes."""
    shares: "list[_Figure]" = field(factory=list)
    """Of a column of counts: the shares whose parts, or the rest of whose wholes, it has."""
    hidden: set[Place] = field(factory=set)
    signed: bool = field(init=False)

    @signed.default
    def _signed(self) -> bool:
        return any(number < 0 for number in self.flow.values())

    def few(self, k: int) -> set[Place]:
        """Return the places that tell of fewer than k, and of more than none."""
        return set() if self.kind == "amount" else {place for place in self.flow if self.is_few(place, k)}

    def is_few(self, place: Place, k: int) -> bool:
        number, rest = self.flow[place], self.rest[place] if self.rest is not None else 0
        if place == self.shape.total and self.told is not None:
            number, rest = self.told
        return 0 < abs(number) < k or 0 < abs(rest) < k

    def add(self, place: Place) -> None:
        """Withhold a place; a combination of keys that has no row is a zero."""
        self.hidden.add(place)
        self.flow.setdefault(place, 0)
        if self.rest is not None:
            self.rest.setdefault(place, 0)

    def is_told_by_a_zero(self, place: Place) -> bool:
        """Whether the place is nothing, as a sum of nothing says that it is part of, and that is published."""
        if self.flow.get(place) or self.signed or (self.rest is not None and self.rest.get(place)):
            return False
        sums = self.shape.sums(place) if None not in place else []
        sums = [each for each in (*sums, self.shape.total) if each != place and each not in self.hidden]
        return any(self.flow[each] == 0 for each in sums)


def _figures(table: Table, shape: _Shape, of: tuple[str, ...]) -> list[_Figure]:
    """Return the columns as numbers: counts first, larger units before smaller, then shares, then amounts."""
    found: list[_Figure] = []
    for n, column in enumerate(table.columns):
        cells = [row[n] for row in table.rows.values()]
        kind = "count" if column.of in of else "amount"
        if any(isinstance(cell, Share) for cell in (*cells, table.total[n])):
            kind = "share"
        pairs = {key: pair for key, cell in zip(table.rows, cells, strict=True) if (pair := _pair(cell)) is not None}
        flow, rest = ({key: pair[m] for key, pair in pairs.items()} for m in (0, 1))
        found.append(_figure(kind, column.of, n, shape, flow, rest if kind == "share" else None, _pair(table.total[n])))
    counts = [figure for figure in found if figure.kind == "count"]
    for share in [figure for figure in found if figure.kind == "share" and figure.of in of]:
        rests = share.rest or {}
        wholes = {place: part + rests[place] for place, part in share.flow.items()}
        share.whole = _counted(wholes, share.told and (sum(share.told), 0), share, found)
        _counted(dict(share.flow), share.told and (share.told[0], 0), share, found)
        for figure in counts:
            if figure.of == share.of and figure.flow in (share.flow, rests):
                figure.shares.append(share)
    order = ("count", "share", "amount")
    return sorted(found, key=lambda figure: (order.index(figure.kind), of.index(figure.of) if figure.of in of else 0))


def _counted(
    numbers: dict[Place, int], told: tuple[int, int] | None, share: _Figure, figures: list[_Figure]
) -> _Figure:
    """Return the column of counts that has these numbers of the shares; where the table has none, add one."""
    for figure in figures:
        if figure.kind == "count" and figure.of == share.of and figure.flow == numbers:
            return figure
    figures.append(_Figure("count", share.of, None, numbers, None, share.shape, told))
    return figures[-1]


def _pair(cell: Cell) -> tuple[int, int] | None:
    """Return a figure as a number, and the rest of the whole where it is a share."""
    if isinstance(cell, Share):
        return cell.part, cell.whole - cell.part
    return (cell.value, 0) if isinstance(cell, Amount | Distinct) else None


def _figure(
    kind: str,
    of: str,
    at: int | None,
    shape: _Shape,
    flow: dict[Key, int],
    rest: dict[Key, int] | None,
    told: tuple[int, int] | None,
) -> _Figure:
    sums = _summed(flow, shape), None if rest is None else _summed(rest, shape)
    return _Figure(kind, of, at, *sums, shape, told)


def _summed(numbers: dict[Key, int], shape: _Shape) -> dict[Place, int]:
    found: dict[Place, int] = {place: 0 for key in shape.keys for place in shape.sums(key)}
    found[shape.total] = 0
    for key, number in numbers.items():
        found[key] = number
        for place in {*shape.sums(key), shape.total} - {key}:
            found[place] += number
    return found


def _few(table: Table, shape: _Shape, figures: list[_Figure], k: int, of: tuple[str, ...]) -> set[Place]:
    """Return the places whose other figures are about so few, or may be, as none of their counts is known."""
    counts = [figure for figure in figures if figure.kind == "count"]
    few = {place for figure in counts for place in figure.few(k)}
    few.update(key for key in table.rows if not any(key in figure.flow for figure in counts))
    if all(figure.told is None for figure in counts):  # a union has at least as many as each of its parts
        largest = max(
            (abs(figure.flow[key]) for figure in counts for key in table.rows if key in figure.flow), default=0
        )
        if largest < k:
            few.add(shape.total)
    return few


# --- which cells go along


def _carry(figure: _Figure, figures: list[_Figure], few: set[Place], of: tuple[str, ...]) -> None:
    """Withhold what the places that are withheld in other columns would tell in this one."""
    places = set() if figure.kind == "count" else set(few)
    for other in figures:
        if other.kind == "count" and (figure.kind != "count" or of.index(figure.of) > of.index(other.of)):
            places |= other.hidden
    for share in figure.shares:  # beside the wholes, parts are as good as the shares
        places |= share.hidden
    rows = set(figure.shape.keys)
    for place in sorted(places - figure.hidden, key=_order, reverse=True):  # sums first
        is_known = place in figure.flow or (None not in place and place not in rows)
        if is_known and not figure.is_told_by_a_zero(place):
            figure.add(place)


def _close(figure: _Figure, k: int, few: set[Place]) -> None:
    """Withhold other places of the column until no withheld one can be worked out.

    First in each of the two tables by one dimension, which are sums here; then, these being given, in the table.
    """
    total = figure.shape.total
    for n in (*figure.shape.own, None):
        inside = [place for place in figure.flow if n is None or place == total or _is_sum(place, n)]
        inside.sort(key=_order)
        net = _Net(figure, inside, rows=n is None)
        for place in inside:
            if place in figure.hidden and (figure.whole is None or place not in figure.whole.hidden):
                _leave_open(net, place, _wanted(figure, place, k, few))
        for place in net.hidden():
            figure.add(place)


def _is_sum(place: Place, n: int) -> bool:
    return place[n] is not None and None in place


def _order(place: Place) -> tuple[tuple[bool, str], ...]:
    return tuple((part is None, part or "") for part in place)


def _wanted(figure: _Figure, place: Place, k: int, few: set[Place]) -> list[_Moves]:
    """Return how far a place is to rise or fall among the tables that a reader holds possible."""
    number = figure.flow[place]
    if figure.kind == "count":
        return [((1, k - number),)] if number < k and figure.is_few(place, k) else [_AT_ALL]
    if figure.kind == "share" and figure.rest is not None:
        rest = figure.rest[place]
        rises: list[_Moves] = [((1, k - number),)] if 0 < number < k <= number + rest else []
        return rises + ([((-1, k - rest),)] if 0 < rest < k <= number + rest else []) or [_AT_ALL]
    return [((-1, abs(number)), (1, abs(number)))] if place in few and number else [_AT_ALL]


def _leave_open(net: "_Net", place: Place, wanted: list[_Moves]) -> None:
    """Withhold what it takes that the place can move so far; where the sums do not leave that open, at all."""

    def can(moves: _Moves) -> bool:
        return any(net.moves(place, sign, amount, through) for through in _LENGTHS for sign, amount in moves)

    reached = [can(moves) for moves in wanted]
    if not all(reached):
        can(_AT_ALL)


_AT_ALL: _Moves = ((-1, 1), (1, 1))
_LENGTHS = ("withheld", "published", "missing")
"""Through which cells a path may go: those that are withheld; published ones too; combinations without a row too."""


class _Net:
    """The network of one column: which flows agree with what is published.

    The flow is changed along cycles from the true one, and put back; every flow on the way is a table that a reader
    holds possible.
    """

    def __init__(self, figure: _Figure, places: Iterable[Place], rows: bool) -> None:
        self.figure = figure
        self.rows = rows
        self.signed = figure.signed
        self.places: list[Place] = []
        self.ends: list[tuple[int, int]] = []
        self.flow: list[int] = []
        self.costs: list[int] = []
        self.at: dict[Place, int] = {}
        self.nodes: dict[Place | str, int] = {}
        self.withheld: list[list[int]] = []
        self.all: list[list[int]] = []
        self.free: list[bool] = []
        self.has_missing = False
        places = list(places)
        self.unit = 1 + sum(abs(figure.flow[place]) for place in places)
        for place in places:
            self._add(place, figure.flow[place])

    def hidden(self) -> set[Place]:
        return {place for place, free in zip(self.places, self.free, strict=True) if free}

    def _add(self, place: Place, number: int) -> None:
        shape, arc = self.figure.shape, len(self.places)
        total = place == shape.total
        free = place in self.figure.hidden
        if self.rows and shape.own and None in place and not free:
            return  # known from a table by one dimension
        ends = shape.ends(place) if total or self.rows else ("in", "out")
        tail, head = (self.nodes.setdefault(node, len(self.nodes)) for node in ends)
        while len(self.all) < len(self.nodes):
            self.all.append([])
            self.withheld.append([])
        self.places.append(place)
        self.at[place] = arc
        self.ends.append((tail, head))
        self.flow.append(number)
        self.free.append(free)
        self.costs.append(self.unit * (len(self.figure.flow) if total else 1 if number else 2) + abs(number))
        for node in (tail, head):
            self.all[node].append(arc)
            if free:
                self.withheld[node].append(arc)

    def _room(self, arc: int, sign: int, moved: int) -> int | None:
        """Return how far the flow of an arc can still change, having been changed so far; None is without end."""
        if sign < 0:
            return None if self.signed else self.flow[arc] + moved
        rest = self.figure.rest
        return None if rest is None else rest[self.places[arc]] - moved

    def moves(self, place: Place, sign: int, amount: int, through: str) -> bool:
        """Whether the place can rise (or fall) so far; what it takes through published cells is withheld then."""
        if through == "missing" and not self.has_missing:
            if not self.rows or self.figure.kind == "share":
                return False
            self.has_missing = True
            for key in self.figure.shape.missing():
                if key not in self.at:
                    self._add(key, 0)
                    self.costs[-1] = 4 * self.unit
        own = self.at[place]
        room = self._room(own, sign, 0)
        if room is not None and room < amount:
            return False
        tail, head = self.ends[own]
        start, end = (head, tail) if sign > 0 else (tail, head)
        moved: dict[int, int] = {}
        opened: list[int] = []
        done = 0
        while done < amount:
            path = self._shortest(start, end, own, moved, through)
            if path is None:
                for arc in opened:
                    self._close(arc)
                return False
            rooms = [self._room(arc, way, moved.get(arc, 0)) for arc, way in path]
            push = min([amount - done, *(each for each in rooms if each is not None)])
            for arc, way in path:
                moved[arc] = moved.get(arc, 0) + way * push
                if not self.free[arc]:
                    opened.append(arc)
                    self._open(arc)
            done += push
        return True

    def _open(self, arc: int) -> None:
        self.free[arc] = True
        for node in self.ends[arc]:
            self.withheld[node].append(arc)

    def _close(self, arc: int) -> None:
        self.free[arc] = False
        for node in self.ends[arc]:
            self.withheld[node].remove(arc)

    def _shortest(
        self, start: int, end: int, own: int, moved: dict[int, int], through: str
    ) -> list[tuple[int, int]] | None:
        """Return the arcs of a path, each with the way its flow changes: through withheld cells, else the cheapest."""
        if start == end:
            return []
        found = self._search(start, end, own, moved, self.withheld)
        if found is None and through != "withheld":
            found = self._search(start, end, own, moved, self.all)
        return found

    def _search(
        self,
        start: int,
        end: int,
        own: int,
        moved: dict[int, int],
        arcs: list[list[int]],
    ) -> list[tuple[int, int]] | None:
        ends, free, costs = self.ends, self.free, self.costs
        best = {start: 0}
        came: dict[int, tuple[int, int, int]] = {}
        ticket = count()
        heap = [(0, next(ticket), start)]
        while heap:
            so_far, _, node = heappop(heap)
            if node == end:
                return _path(came, start, end)
            if so_far > best[node]:
                continue
            for arc in arcs[node]:
                tail, head = ends[arc]
                way, other = (1, head) if node == tail else (-1, tail)
                known = best.get(other)
                if arc == own or (known is not None and known <= so_far):
                    continue
                price = so_far + (0 if free[arc] else costs[arc])
                if (known is not None and known <= price) or self._room(arc, way, moved.get(arc, 0)) == 0:
                    continue
                best[other] = price
                came[other] = (node, arc, way)
                if other == end and price == so_far:  # nothing that is still to come is nearer
                    return _path(came, start, end)
                heappush(heap, (price, next(ticket), other))
        return None


def _path(came: dict[int, tuple[int, int, int]], start: int, end: int) -> list[tuple[int, int]]:
    path, node = [], end
    while node != start:
        node, arc, way = came[node]
        path.append((arc, way))
    return path
