"""What there was, what came in, what went out, and what there is (流量): households, pairings, helpers, by groups.

In every row, what there was at the start, and what came in, less what went out, is what there is at the end.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from attrs import field, frozen

from pairing.dates import Span
from pairing.entries import Entry, Exit, Relapse
from pairing.errors import ArgumentError, shown
from pairing.figures import Amount
from pairing.grouping import HELPERS, HOUSEHOLDS, Groups, WhoIsWho, dimensions
from pairing.histories import in_turn
from pairing.memory import no_collection
from pairing.register import Register
from pairing.results import Cell, Column, Key, Table
from pairing.roster import Roster

__all__ = ["flows"]

_STOCKS = (
    ("households", "households"),
    ("households with a helper", "households"),
    ("exited households", "households"),
    ("pairings", "pairings"),
    ("helpers", "helpers"),
)
_TURNS = ("at the start", "in", "out", "at the end")
_DAYS = (
    Column("household-days with a helper", "household-days"),
    Column("household-days vacant", "household-days"),
)
_Stretches = list[tuple[date, date]]


@frozen
class _Stock:
    """The days on which somebody belonged to a group, by group and id; a day is out from `end` on."""

    of: dict[tuple[Key, str], _Stretches] = field(factory=dict)

    def add(self, key: Key, id: str, start: date, end: date) -> None:
        if start < end:
            self.of.setdefault((key, id), []).append((start, end))

    def merged(self) -> Iterator[tuple[Key, _Stretches]]:
        """Yield the days of each, those that meet or overlap in one stretch."""
        for (key, _), stretches in self.of.items():
            found: _Stretches = []
            for start, end in sorted(stretches):
                if found and start <= found[-1][1]:
                    found[-1] = (found[-1][0], max(end, found[-1][1]))
                else:
                    found.append((start, end))
            yield key, found


@no_collection()
def flows(
    book: Register, roster: Roster, *, during: Span, by: str | Iterable[str] = (), known: int | None = None
) -> Table:
    """Return what there was at the start of a span of days, what came in, what went out, and what there is at its end.

    Counted are `households` in the programme, `households with a helper`, `exited households`, `pairings`, and
    `helpers` who serve, each in four columns: "households at the start" (on the day before the span), "households in",
    "households out", "households at the end" (on its last day).  At the start + in - out = at the end, in every row.
    Who moves to another village or unit goes out of one group and comes into another, though neither out nor in where
    all are counted together: what came in, and what went out, does not add up over rows.  `household-days with a
    helper` and `household-days vacant` count days of households.

    `by` names areas and "status", or what helpers belong to; not both.  By areas there are no columns of `helpers`.  By
    what helpers belong to, those of `households` in the programme, `exited households` and vacant days are left out,
    and a household with a helper is counted in the group of each of its helpers, so that rows do not add up.

    Raises `ArgumentError` as `coverage` does, for spans without an end, and for groups of both sides.
    """
    words = dimensions(by, HOUSEHOLDS + HELPERS)
    if not isinstance(during, Span) or during.end is None:
        raise ArgumentError("bad-span", f"wanted a Span that has an end, got {shown(during)}", "during")
    for name, value, kind in (("book", book, Register), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    who = WhoIsWho(roster, book, known)
    groups = Groups(words, who)
    if groups.of_household and groups.of_helper:
        raise ArgumentError("mixed-groups", "wanted groups of households, or of helpers; got both", "by")
    start, end = during.start, during.end
    stocks, days = _stocks(who, groups)
    everybody, all_days = _stocks(who, Groups((), who)) if words else (stocks, days)
    shared = bool(groups.of_helper)
    columns = (
        *(
            Column(f"{name} {turn}", of, not (moves or (shared and "households" in name)), turn in ("in", "out"))
            for name, of in _STOCKS
            for turn, moves in zip(_TURNS, (False, bool(words), bool(words), False), strict=True)
        ),
        *(Column(column.name, column.of, not shared) for column in _DAYS),
    )
    rows = _turned(stocks, days, start, end, columns)
    total = _turned(everybody, all_days, start, end, columns)[()]
    if words:
        rows.pop((), None)
        for key in groups.expected(end - timedelta(days=1)):
            rows.setdefault(key, _turned([], [], start, end, columns)[()])

    def behind(key: Key | None, column: str) -> tuple[Entry, ...]:
        told = [each.name for each in _DAYS]
        name = next((name for name, _ in _STOCKS for turn in _TURNS if column == f"{name} {turn}"), "")
        if column in told:
            stock = (all_days if key is None else days)[told.index(column)]
        else:
            stock = (everybody if key is None else stocks)[[name for name, _ in _STOCKS].index(name)]
        ids = {id.partition("\n")[0] for group, id in stock.of if key is None or group == key}
        if name == "helpers":
            those = {h.id for h in roster.helpers if key is None or groups.helper(h.id, date.min) == key}
            return who.told((), ids | those)
        if groups.of_helper:
            return who.told(ids, {stay.helper for id in ids for stay in who.view.stays(id)})
        there = {h.id for h in roster.households if key is None or groups.household(h.id, date.min) == key}
        return who.told(ids | there)

    table = Table(
        "flows",
        words,
        columns,
        {key: rows[key] for key in groups.in_order(rows)} if words else {(): total},
        total,
        during=during,
        known=who.view.known,
        names=groups.names(rows),
        behind=behind,
    )
    left_out = {f"{name} {turn}" for name in _not_of(groups) for turn in (*_TURNS, "vacant")}
    return table.only(*(column.name for column in columns if column.name not in left_out)) if left_out else table


def _not_of(groups: Groups) -> tuple[str, ...]:
    """Return what does not belong to the groups: helpers to no area, households without a helper to no helper."""
    if groups.of_household:
        return ("helpers",)
    return ("households", "exited households", "household-days") if groups.of_helper else ()


def _turned(
    stocks: Sequence[_Stock], days: Sequence[_Stock], start: date, end: date, columns: Sequence[Column]
) -> dict[Key, list[Cell]]:
    counts: dict[Key, list[int]] = {(): [0] * len(columns)}
    before = start - timedelta(days=1) if start > date.min else start
    for n, stock in enumerate(stocks):
        for key, stretches in stock.merged():
            row = counts.setdefault(key, [0] * len(columns))
            for since, until in stretches:
                row[4 * n] += since <= before < until and before < start
                row[4 * n + 1] += start <= since < end
                row[4 * n + 2] += start <= until < end
                row[4 * n + 3] += since < end <= until
    for n, stock in enumerate(days, len(columns) - len(_DAYS)):
        for key, stretches in stock.merged():
            row = counts.setdefault(key, [0] * len(columns))
            row[n] += sum(max(0, (min(until, end) - max(since, start)).days) for since, until in stretches)
    return {key: [Amount(n, column.of) for n, column in zip(row, columns, strict=True)] for key, row in counts.items()}


def _stocks(who: WhoIsWho, groups: Groups) -> tuple[list[_Stock], list[_Stock]]:
    """Return who belonged to each stock, and when; and the days with a helper and without."""
    programme, helped, exited, pairings, helpers = (_Stock() for _ in _STOCKS)
    vacant = _Stock()
    view, roster = who.view, who.roster
    listed = {household.id for household in roster.households}
    for id in sorted(listed | set(view.ids("households"))):
        changes, held = who.household_days(id), view.stays(id)
        if not groups.of_helper:
            for since, until, gone in _in_programme(who, id) if id in listed else ():
                for key, one, other in _split(groups, id, changes, since, until):
                    (exited if gone else programme).add(key, id, one, other)
            for vacancy in view.vacancies_of(id):
                for key, one, other in _split(groups, id, changes, vacancy.span.start, vacancy.span.end or date.max):
                    vacant.add(key, id, one, other)
        for stay in held:
            until = stay.end or date.max
            if groups.of_helper:
                parts: Iterable[tuple[Key, date, date]] = _of_helper(who, groups, stay.helper, stay.start, until)
            else:
                parts = _split(groups, id, changes, stay.start, until)
            for key, one, other in parts:
                helped.add(key, id, one, other)
                pairings.add(key, f"{id}\n{stay.helper}\n{stay.role}", one, other)
    if not groups.of_household:
        for helper in roster.helpers:
            for n, (one, other) in enumerate(pairwise([date.min, *who.helper_days(helper.id), date.max])):
                now = who.helper(helper.id, one) if n else helper  # a unit may be dissolved, and left later
                service = now.service if now is not None else None
                since, until = (service.start, service.end or date.max) if service else (one, other)
                helpers.add(groups.helper(helper.id, one), helper.id, max(one, since), min(other, until))
    return [programme, helped, exited, pairings, helpers], [helped, vacant]


def _in_programme(who: WhoIsWho, id: str) -> Iterator[tuple[date, date, bool]]:
    """Yield the days on which a household is in the programme, and (True) those of them on which it is exited."""
    household = who.roster.household(id)
    registered, over = household.registered, who.view.left_programme(id)
    start = registered.start if registered is not None else date.min
    end = min((registered.end if registered is not None else None) or date.max, over or date.max)
    yield start, end, False
    turns = list(in_turn(who.view.about("households", id), Exit, Relapse))
    gone = [(turn.start, turn.end or date.max) for e, turn in turns if isinstance(e, Exit)]
    if household.status == "exited":
        gone.append((date.min, turns[0][1].start if turns else date.max))
    for since, until in gone:
        yield max(since, start), min(until, end), True


def _split(
    groups: Groups, id: str, changes: Sequence[date], since: date, until: date
) -> Iterator[tuple[Key, date, date]]:
    """Yield the groups of a household on the days of a span, each with its days."""
    for one, other in pairwise([since, *(day for day in changes if since < day < until), until]):
        yield groups.household(id, one), one, other


def _of_helper(who: WhoIsWho, groups: Groups, id: str, since: date, until: date) -> Iterator[tuple[Key, date, date]]:
    edges = [since, *(day for day in who.helper_days(id) if since < day < until), until]
    for one, other in pairwise(edges):
        yield groups.helper(id, one), one, other
