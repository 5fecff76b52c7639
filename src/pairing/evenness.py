"""How evenly the effort is spread: who never goes, the Lorenz curve (Lorenz 1905), the Gini coefficient (Gini 1912).

M. O. Lorenz, Methods of measuring the concentration of wealth, Publications of the American Statistical Association 9
(1905), 209-219; C. Gini, Variabilità e mutabilità, Bologna 1912.  Both are exact here: Fractions of whole numbers.

Source: Liaoyang 1994, in its own account: uneven effort, some visit seldom.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from pairing.dates import Span
from pairing.entries import DutyOpened, DutyPassed
from pairing.errors import ArgumentError, bare, shown
from pairing.figures import Amount, Share
from pairing.grouping import Groups, WhoIsWho
from pairing.histories import closed, opened, vacancies
from pairing.markup import html_lines, html_page
from pairing.memory import no_collection
from pairing.quotas import LARGEST
from pairing.register import Register
from pairing.roster import Roster
from pairing.tallies import totals

__all__ = ["OF", "Effort", "Service", "effort", "gini", "in_decimals", "lorenz", "services"]

OF = ("helper", "household", "unit")
"""Over whom effort is spread."""

_SHOWN_IN_FULL = 20
_NOTHING = Fraction(0)


def _sorted(values: Iterable[int]) -> list[int]:
    found = list(values) if isinstance(values, Iterable) else [values]
    for value in found:
        if type(value) is not int or not 0 <= value < LARGEST:
            raise ArgumentError("bad-number", f"wanted whole numbers from 0, got {shown(value)}", "values")
    return sorted(found)


def gini(values: Iterable[int]) -> Fraction:
    """Return the Gini coefficient of whole numbers from 0: 0 where all are equal, (n - 1)/n where one of n has all.

    With the values x in rising order, i being the rank from 1 to n, it is 2 Σ i·x / (n Σ x) - (n + 1)/n.  Where there
    is nothing to spread, or nobody, it is 0 by convention.

    >>> gini([4, 4, 4]), gini([0, 0, 12]), gini([1, 2, 3]), gini([])
    (Fraction(0, 1), Fraction(2, 3), Fraction(2, 9), Fraction(0, 1))

    Raises `ArgumentError` for what is no whole number from 0.
    """
    ranked = _sorted(values)
    n, whole = len(ranked), sum(ranked)
    if not whole:
        return _NOTHING
    return Fraction(2 * sum(rank * x for rank, x in enumerate(ranked, 1)) - (n + 1) * whole, n * whole)


def lorenz(values: Iterable[int]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Return the Lorenz curve of whole numbers from 0: which part of all those who do least do, from (0, 0) to (1, 1).

    Each point is a share of people, least first, and the share of the whole that is theirs.  Where there is nothing to
    spread, the curve is the diagonal by convention.  1 - 2 × the area below it is the Gini coefficient.

    >>> for people, part in lorenz([3, 0, 1]):
    ...     print(people, part)
    0 0
    1/3 0
    2/3 1/4
    1 1

    Raises `ArgumentError` for what is no whole number from 0.
    """
    ranked = _sorted(values)
    if not any(ranked):
        ranked = [1] * max(1, len(ranked))
    n, whole = len(ranked), sum(ranked)
    return tuple((Fraction(k, n), Fraction(part, whole)) for k, part in enumerate(accumulate(ranked, initial=0)))


def in_decimals(number: Fraction) -> str:
    """Return a number from 0 as print has it: with two places at most, half rounded up.

    >>> in_decimals(Fraction(2, 3)), in_decimals(Fraction(1, 200)), in_decimals(Fraction(5, 2))
    ('0.67', '0.01', '2.5')
    """
    whole, places = divmod((200 * number.numerator + number.denominator) // (2 * number.denominator), 100)
    return f"{whole:,}.{places:02}".rstrip("0").rstrip(".")


# --- who serves


@frozen
class Service:
    """When somebody served within a span of days, and who did: the helper, or those of a unit or a household.

    `spans` follow one another, with a gap between each two.
    """

    spans: tuple[Span, ...]
    helpers: frozenset[str] = field(repr=False)


def services(who: WhoIsWho, during: Span, of: str) -> Mapping[str, Service]:
    """Return who serves in a span of days, by id: helpers, units, or the households that are served; `of` says which.

    A helper serves while responsible for a household, or while owing one a revisit or a measure; a unit, while a helper
    who belongs to it does, or while it sees to a household in a vacancy itself; a household is served while anybody
    serves it.  Whoever belongs to another unit later belongs to each of them for those days.
    """
    groups, roster = Groups((of,), who), who.roster
    pieces: dict[str, list[Span]] = {}
    helpers: dict[str, set[str]] = {}
    for household, id, span in _held(who):
        part = span.overlap(during)
        if part is None:
            continue
        is_helper = not _is_unit(roster, id)
        if of == "household":
            keyed = [(household, part)]
        elif of == "helper":
            keyed = [(id, part)] if is_helper else []
        else:
            keyed = [(groups.helper(id, each.start)[0], each) for each in _cut(part, who.helper_days(id))]
        for key, each in keyed:
            if key:
                pieces.setdefault(key, []).append(each)
                if is_helper:
                    helpers.setdefault(key, set()).add(id)
    return {key: Service(_joined(spans), frozenset(helpers.get(key, ()))) for key, spans in sorted(pieces.items())}


def _held(who: WhoIsWho) -> Iterable[tuple[str, str, Span]]:
    """Yield each household with who serves it, a helper or a unit, and the days."""
    view = who.view
    for household in view.ids("households"):
        entries, held = view.about("households", household), view.stays(household)
        for stay in held:
            yield household, stay.helper, Span(stay.start, stay.end)
        if len(entries) == 1:
            continue
        for vacancy in vacancies(household, entries, held):
            yield household, vacancy.unit, vacancy.span
        if not any(isinstance(e, DutyOpened) and e.what != "guarantee" for e in entries):
            continue
        over = closed(entries)
        for duty in opened(entries):
            if duty.what == "guarantee":
                continue
            turns = [(duty.opened, duty.bearer)]
            turns += sorted((e.on, e.bearer) for e in entries if isinstance(e, DutyPassed) and e.duty == duty.duty)
            for (start, bearer), (end, _) in pairwise([*turns, (over.get(duty.duty, date.max), "")]):
                if start < end:
                    yield household, bearer, Span(start, None if end == date.max else end)


def _cut(span: Span, days: Iterable[date]) -> list[Span]:
    """Return a span, cut at some days."""
    inner = [day for day in sorted(set(days)) if day in span and day != span.start]
    return [Span(start, end) for start, end in pairwise([span.start, *inner, span.end])]  # type: ignore[arg-type]


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans as those that follow one another with gaps."""
    found: list[Span] = []
    for span in sorted(spans):
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end < span.start):
            found.append(span)
        elif last.end is not None and (span.end is None or span.end > last.end):
            found[-1] = Span(last.start, span.end)
    return tuple(found)


def _is_unit(roster: Roster, id: str) -> bool:
    """Whether an id is that of a unit, and of no helper."""
    return not _has(roster.helper, id) and _has(roster.unit, id)


def _has(find: Callable[[str], object], id: str) -> bool:
    try:
        find(id)
    except ArgumentError:
        return False
    return True


# --- effort


def _values(values: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType({id: values[id] for id in sorted(values)})


@frozen(repr=False, hash=False)
class Effort:
    """How much each of those who served did in a span of days; made by `effort`.

    - `values`: how much, by id; who did nothing stands there with 0, who did not serve does not stand there.
    - `whole`: the sum of all, in its unit.
    - `known`: the position in the register up to which it was looked at.
    """

    what: str
    of: str
    during: Span
    values: Mapping[str, int] = field(converter=_values)
    whole: Amount
    known: int

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy cannot be pickled
        return Effort, (self.what, self.of, self.during, dict(self.values), self.whole, self.known)

    @cached_property
    def gini(self) -> Fraction:
        """The Gini coefficient of the values."""
        return gini(self.values.values())

    @cached_property
    def lorenz(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The Lorenz curve of the values."""
        return lorenz(self.values.values())

    @cached_property
    def never(self) -> tuple[str, ...]:
        """Those who did nothing, by id."""
        return tuple(id for id, value in self.values.items() if not value)

    @cached_property
    def top_tenth(self) -> Share:
        """What the tenth who do most do, of what all do; where a tenth is no whole number, one more."""
        most = sorted(self.values.values(), reverse=True)[: -(-len(self.values) // 10)]
        return Share(sum(most), self.whole.value)

    def __repr__(self) -> str:
        number, spread = f"{len(self.values):,} {self.of}s", in_decimals(self.gini)
        return f"Effort({self.what!r} of {number}, {self.during}, gini {spread}, {len(self.never):,} never)"

    def __str__(self) -> str:
        number, never = len(self.values), self.never
        names = ", ".join(map(bare, never[:_SHOWN_IN_FULL])) or "nobody"
        more = f" … and {len(never) - _SHOWN_IN_FULL:,} more, in .never" if len(never) > _SHOWN_IN_FULL else ""
        most = Amount(self.top_tenth.part, self.whole.of)
        return (
            f"{self.what} by {self.of}, {self.during}: {self.whole}, {number:,} {self.of}s\n"
            f"  Gini {in_decimals(self.gini)}; the top tenth, {-(-number // 10):,}: {most}\n"
            f"  never, {len(never):,}: {names}{more}"
        )

    def _repr_html_(self) -> str:
        return html_page(html_lines(str(self)))


def effort(
    register: Register,
    roster: Roster,
    *,
    during: Span,
    of: str = "helper",
    what: str = "person-visits",
    known: int | None = None,
) -> Effort:
    """Return how evenly what was done in a span of days is spread over those who served: one of `OF`.

    `what` is a column of `totals` that adds up over them, such as "person-visits" or "money given" (in fen); it is
    credited as there: to whoever served on that day.

    Who served, and did nothing, counts with 0: that is the point.  Who did not serve on any day of the span is not in:
    missing is not zero.  A helper serves while responsible for a household, or while owing one a revisit or a measure;
    a unit while its helpers do, or while it sees to a household itself; a household while anybody serves it.  Whoever
    did something is in as well.  Units are not of one size: what their helpers did is added up, and not divided.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.dates import year
    >>> from pairing.deeds import Visited
    >>> from pairing.entries import Paired
    >>> from pairing.people import Helper, Household, Unit
    >>> roster = Roster(
    ...     AreaTree([Area("v", "上坪村", "village")]),
    ...     [Unit("u", "county", "v")],
    ...     [Helper(id, "u", "staff") for id in ("ann", "bo", "cy", "di")],
    ...     [Household(id, "v") for id in "xyz"],
    ... )
    >>> register = Register().record(
    ...     *(Paired(*pair, on=date(2012, 2, 8)) for pair in (("ann", "x"), ("bo", "y"), ("cy", "z"))),
    ...     *(Visited("x", ["ann"], on=date(2013, month, 1)) for month in range(1, 6)),
    ...     Visited("y", ["bo"], on=date(2013, 2, 1)),
    ... )
    >>> found = effort(register, roster, during=year(2013))       # di serves nobody, and is not in
    >>> found
    Effort('person-visits' of 3 helpers, Span(2013-01-01 .. 2014-01-01), gini 0.56, 1 never)
    >>> print(found)
    person-visits by helper, Span(2013-01-01 .. 2014-01-01): 6 person-visits, 3 helpers
      Gini 0.56; the top tenth, 1: 5 person-visits
      never, 1: cy

    Raises `ArgumentError` for words that are none of these, columns that do not add up (different households are a
    union; what several do together is no sum over them), and as `totals` does.
    """
    if of not in OF:
        raise ArgumentError("unknown-group", f"wanted one of {', '.join(OF)}; got {shown(of)}", "of")
    if not isinstance(register, Register):
        raise ArgumentError("bad-type", f"wanted a Register, got {shown(register)}", "register")
    table = totals(register, roster, during=during, by=of, known=known)
    names = [column.name for column in table.columns if column.over_rows]
    if what not in names:
        raise ArgumentError("not-additive", f"wanted one of {', '.join(names)}; got {shown(what)}", "what")
    with no_collection():
        ids: Collection[str] = services(WhoIsWho(roster, register, known), during, of)
    values, whole = dict.fromkeys(ids, 0), Amount(0, next(c.of for c in table.columns if c.name == what))
    for (id,), cell in table.column(what).items():
        if not isinstance(cell, Amount) or not id or (of == "helper" and _is_unit(roster, id)):
            continue
        if cell.value or id in values:
            values[id] = cell.value
            whole += cell
    return Effort(what, of, during, values, whole, table.known or 0)
