"""The yearly appraisal (考核) of helpers and units by the policy: each mark with its reasons.

Everything is credited to whoever served on that day, whatever happened later: who retired in May is appraised for what
happened until then, and what the successor did is the successor's.  Marks are exact: Fractions, rounded only in print.

Sources: Panjin 2010, the year's record counts in the yearly appraisal of the unit; Gansu 2012, counted in the yearly
appraisal of leading groups and cadres; published rules weigh the half-year 30 and the year-end 70, and deduct by item.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from attrs import field, frozen

from pairing.dates import Span, days_after, month
from pairing.entries import DutyClosed, DutyOpened
from pairing.errors import ArgumentError, bare, key, shown
from pairing.evenness import Service, in_decimals, services
from pairing.figures import Amount, Distinct
from pairing.grouping import Groups, WhoIsWho
from pairing.memory import no_collection
from pairing.policy import Policy
from pairing.register import Register
from pairing.results import Table
from pairing.roster import Roster
from pairing.rules import ADDED_FOR, AppraisalItem, AppraisalPart
from pairing.steps import progress
from pairing.tallies import totals
from pairing.visiting import due_visits, silent

__all__ = ["Mark", "PartMark", "Reason", "appraise"]

OF = ("helper", "unit")
"""Who is appraised."""

Behind = Callable[[], tuple[object, ...]]


@frozen
class Reason:
    """What one item came to: how many there were, how many points that moved, and the mark, from 0 to its points.

    `members` shares the count out: of a unit, how many of its helpers served; of a helper, 1.

    >>> reason = Reason(AppraisalItem("visits", "visits missed", points=60, each=5), Amount(13, "visits missed"))
    >>> print(reason)
    visits: 13 visits missed, 65 deducted: 0 of 60 (floor)
    """

    item: AppraisalItem
    count: Amount
    members: int = 1
    _behind: Behind = field(default=tuple, eq=False, repr=False)

    @property
    def moved(self) -> Fraction:
        """The points that are deducted, or added, before floor and cap."""
        return self.item.moved(self.count.value, self.members)

    @property
    def mark(self) -> Fraction:
        """The points of the item."""
        return self.item.mark(self.count.value, self.members)

    @property
    def bound(self) -> str:
        """Which bound cut off points: "floor" where more than all would be deducted, "cap" where more would be added.

        "" is none.
        """
        return "" if self.moved <= self.item.points else "floor" if self.item.deducts else "cap"

    @property
    def behind(self) -> tuple[object, ...]:
        """What stands behind the count, from which it can be counted again.

        A `DueVisit` for visits missed, a `Silence` for a household silent, where it is just that there are no entries;
        otherwise entries of the register: visits, aid, duties opened (not kept on the day) and closed, exits, spot
        checks, proposals of handovers.
        """
        return self._behind()

    def __str__(self) -> str:
        shared = f" shared by {self.members:,}" if self.members > 1 else ""
        moved = f"{in_decimals(self.moved)} {'deducted' if self.item.deducts else 'added'}"
        bound = f" ({self.bound})" if self.bound else ""
        text = f"{self.item.name}: {self.count}{shared}, {moved}"
        return f"{text}: {in_decimals(self.mark)} of {self.item.points:,}{bound}"


@frozen
class PartMark:
    """The mark of a part of the year: the sum of its items.

    `span` are the days of the part on which the policy is in force, `service` those on which the helper, or anybody of
    the unit, served.
    """

    part: AppraisalPart
    span: Span
    service: Service
    reasons: tuple[Reason, ...]

    @property
    def mark(self) -> Fraction:
        """The sum of the marks of the items."""
        return sum((reason.mark for reason in self.reasons), Fraction(0))

    def __str__(self) -> str:
        spans = self.service.spans
        only = "" if spans == (self.span,) else f", served {', '.join(_days(span) for span in spans)}"
        full = sum(reason.item.points for reason in self.reasons)
        when = f"{self.part.name}, {_days(self.span)}, weight {self.part.weight}{only}"
        head = f"{when}: {in_decimals(self.mark)} of {full:,}"
        return "\n  ".join([head, *map(str, self.reasons)])


@frozen
class Mark:
    """The mark of a helper or a unit for a year: its parts by their weights.

    A part in which nobody served, or in which the policy was not in force, has no mark, and does not weigh: missing is
    not zero.

    - `known`: the position in the register up to which it was looked at.
    """

    of: str
    id: str = field(repr=key)
    year: int
    known: int
    parts: tuple[PartMark, ...] = field(repr=False)

    @property
    def mark(self) -> Fraction:
        """The mark: the marks of the parts by their weights, out of `full`."""
        weights = sum(each.part.weight for each in self.parts)
        return sum((each.part.weight * each.mark for each in self.parts), Fraction(0)) / weights

    @property
    def full(self) -> int:
        """The points of all items together."""
        return sum(reason.item.points for reason in self.parts[0].reasons)

    def __str__(self) -> str:
        head = f"{self.of} {bare(self.id)}, {self.year}: {in_decimals(self.mark)} of {self.full:,}"
        return "\n".join([head, *(f"  {each}".replace("\n", "\n  ") for each in self.parts)])


def _days(span: Span) -> str:
    """Return a span of days as a page has it, with the last day in it."""
    return f"{span.start} .. {'' if span.end is None else span.end - _DAY}".rstrip()


_DAY = timedelta(1)


def appraise(
    policy: Policy, roster: Roster, register: Register, *, year: int, of: str = "helper", known: int | None = None
) -> tuple[Mark, ...]:
    """Return the marks of all helpers, or units, who served in a calendar year, by id, each with its reasons.

    The version of the policy that is in force on the last day of the year, or of its own, says what counts
    (`policy.appraisal`).  Who serves is said by `services`: whoever is responsible for a household, or owes one a
    revisit or a measure.  Nobody else is appraised, though all that is done counts for the unit of whoever did it.

    - A helper's mark is by what is credited to the helper.  Of what several are responsible for together, each has the
      whole: a visit that was missed is missed by both.
    - A unit's mark is by the sums of what its members did, or did not, on days on which they belonged to it, shared by
      how many of them served: so units of all sizes are measured alike.  It is not the mean of their marks.  What
      several members share, a visit or a household, counts once, as in `totals`.
    - `known`: by what the register had up to a position; None: by all that it has.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.deeds import Visited
    >>> from pairing.entries import HandedOver, Paired
    >>> from pairing.people import Helper, Household, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import AppraisalRules, HelperRule, VisitRule, VisitRules
    >>> areas, units = AreaTree([Area("v", "上坪村", "village")]), [Unit("u", "county", "v")]
    >>> roster = Roster(areas, units, [Helper(id, "u", "staff") for id in ("ann", "bo")], [Household("x", "v")])
    >>> items = [AppraisalItem("visits", "visits missed", points=100, each=5)]
    >>> parts = [AppraisalPart("half-year", 30, last=6), AppraisalPart("year-end", 70, first=7)]
    >>> policy = Policy(
    ...     "ours",
    ...     (HelperRule(Quota(1)),),
    ...     effective=date(2012, 1, 1),
    ...     visits=VisitRules(rules=[VisitRule("visit", months=1)]),
    ...     appraisal=AppraisalRules(items, parts),
    ... )
    >>> register = Register().record(
    ...     Paired("ann", "x", on=date(2012, 1, 1)),
    ...     HandedOver("x", "ann", ["bo"], on=date(2013, 5, 10)),
    ...     *(Visited("x", ["ann"], on=date(2013, month, 1)) for month in (1, 2, 3, 4, 5)),
    ...     *(Visited("x", ["bo"], on=date(2013, month, 1)) for month in range(6, 11)),
    ... )
    >>> for mark in appraise(policy, roster, register, year=2013):
    ...     print(mark)
    helper ann, 2013: 100 of 100
      half-year, 2013-01-01 .. 2013-06-30, weight 30, served 2013-01-01 .. 2013-05-09: 100 of 100
        visits: 0 visits missed, 0 deducted: 100 of 100
    helper bo, 2013: 93 of 100
      half-year, 2013-01-01 .. 2013-06-30, weight 30, served 2013-05-10 .. 2013-06-30: 100 of 100
        visits: 0 visits missed, 0 deducted: 100 of 100
      year-end, 2013-07-01 .. 2013-12-31, weight 70: 90 of 100
        visits: 2 visits missed, 10 deducted: 90 of 100

    Raises `ArgumentError` for arguments of other types, a policy that appraises nothing, a year in which it is not in
    force, positions that the register lacks, and years whose festivals are not known.
    """
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster), ("register", register, Register)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    if of not in OF:
        raise ArgumentError("unknown-group", f"wanted one of {', '.join(OF)}; got {shown(of)}", "of")
    items, spans = _laid_down(policy, year)
    looked_at = register.view(on=date.max, known=known).known
    found: dict[str, list[PartMark]] = {}
    with no_collection():
        counts = _Counts(policy, roster, register, of, looked_at)
        for part, span in spans:
            serve = services(counts.who, span, of)
            tables = [counts.of_item(item, span) for item in items]
            for id, service in serve.items():
                members = max(1, len(service.helpers))
                reasons = [
                    Reason(item, *_told(item, table, id, members)) for item, table in zip(items, tables, strict=True)
                ]
                found.setdefault(id, []).append(PartMark(part, span, service, tuple(reasons)))
    return tuple(Mark(of, id, year, looked_at, tuple(parts)) for id, parts in sorted(found.items()))


def _laid_down(policy: Policy, year: int) -> tuple[Sequence[AppraisalItem], list[tuple[AppraisalPart, Span]]]:
    """Return the items that hold for a year, and its parts, each with its days."""
    if type(year) is not int or not 1 <= year < date.max.year:
        raise ArgumentError("bad-number", f"wanted a year as a whole number, got {shown(year)}", "year")
    in_force = Span(policy.versions[0].effective or date.min, policy.until)
    days = Span(month(year, 1).start, month(year, 12).end).overlap(in_force)
    if days is None or days.end is None:
        message = f"wanted a year in which the policy {policy.name} is in force, got {year}"
        raise ArgumentError("not-in-force", message, "year")
    rules = policy.at(days.end - _DAY).appraisal
    if not rules.items:
        message = f"wanted a policy with items of appraisal in {year}, got {policy.name}, which has none"
        raise ArgumentError("no-appraisal", message, "policy")
    found = []
    for part in rules.parts or (AppraisalPart("year", 100),):
        span = Span(month(year, part.first).start, month(year, part.last).end).overlap(in_force)
        if span is not None:
            found.append((part, span))
    if not found:
        message = f"wanted a year in parts of which the policy {policy.name} is in force, got {year}"
        raise ArgumentError("not-in-force", message, "year")
    return rules.items, found


# --- what is counted

_Found = Mapping[str, list[tuple[int, object]]]
"""Of each who is credited: how many, and what stands behind that."""


def _told(item: AppraisalItem, counted: "Table | _Found", id: str, members: int) -> tuple[Amount, int, Behind]:
    """Return what was counted for somebody, the members who share it, and what stands behind it."""
    if isinstance(counted, Table):
        cell = counted[id, item.what] if (id,) in counted.rows else None
        if isinstance(cell, Distinct):
            cell = Amount(cell.value, cell.of)
        of = next(column.of for column in counted.columns if column.name == item.what)
        amount = cell if isinstance(cell, Amount) else Amount(0, of)
        behind: Behind = partial(counted.entries, (id,), item.what) if amount.value else tuple
    else:
        rows = counted.get(id, [])
        amount = Amount(sum(count for count, _ in rows), item.what)
        behind = partial(tuple, [thing for _, thing in rows])
    return (amount if amount.of == "fen" else Amount(amount.value, item.what, amount.mark)), members, behind


class _Counts:
    """A policy, a roster and a register, as they are asked for what is appraised."""

    def __init__(self, policy: Policy, roster: Roster, register: Register, of: str, known: int) -> None:
        self.policy = policy
        self.roster = roster
        self.register = register
        self.known = known
        self.of = of
        self.who = WhoIsWho(roster, register, known)
        self.view = self.who.view
        self._groups = Groups((of,), self.who)
        self._tables: dict[Span, Table] = {}

    def of_item(self, item: AppraisalItem, span: Span) -> "Table | _Found":
        """Return what an item counts in a span of days, for all who are credited with something."""
        if item.what in (*ADDED_FOR, "checked wrong"):
            if span not in self._tables:
                self._tables[span] = totals(self.register, self.roster, during=span, by=self.of, known=self.known)
            return self._tables[span]
        found: dict[str, list[tuple[int, object]]] = {}
        for ids, day, count, thing in _EVENTS[item.what](self, span):
            for id in sorted({self._groups.helper(id, day)[0] for id in ids} - {""}):
                found.setdefault(id, []).append((count, thing))
        return found

    def missed(self, span: Span) -> Iterator["_Event"]:
        for row in due_visits(self.policy, self.roster, self.register, during=span, known=self.known):
            if row.missing and row.window.end is not None:
                yield _seeing(row.helpers, row.unit), row.window.end - _DAY, row.missing, row

    def silence(self, span: Span) -> Iterator["_Event"]:
        assert span.end is not None
        day = span.end - _DAY
        for row in silent(self.policy, self.roster, self.register, on=day, known=self.known):
            yield _seeing(row.helpers, row.unit), day, 1, row

    def not_kept(self, span: Span) -> Iterator["_Event"]:
        view = self.view
        ids = {e.household for id in view.ids("owed") for e in view.about("owed", id)}  # type: ignore[attr-defined]
        for household in sorted(ids):
            entries = view.about("households", household)
            closings = sorted((e for e in entries if isinstance(e, DutyClosed)), key=lambda e: e.on)
            for e in entries:
                if not isinstance(e, DutyOpened) or e.what != "measure":
                    continue
                over = next((closing for closing in closings if closing.duty == e.duty), None)
                in_time = over is not None and (e.due is None or over.on <= e.due)
                day = e.due if over is None or not in_time else None if over.kept else over.on
                if day is not None and day in span:
                    yield self.who.bearer(household, e.duty, day), day, 1, over if in_time else e

    def late(self, span: Span) -> Iterator["_Event"]:
        for household in sorted(self.view.ids("steps")):
            told: set[date] = set()
            for step in self.view.steps(household):
                version = self._version(step.on)
                day = days_after(step.on, version.handover.deadline)
                if step.step != "proposed" or day not in span or day in told:
                    continue
                now = progress(version, self.register.view(on=day, known=self.known), household)
                if now.deadline == day and now.takers == step.takers:
                    told.add(day)
                    yield step.takers, day, 1, step

    def _version(self, on: date) -> Policy:
        """Return the version that is in force on a day, or the oldest."""
        versions = self.policy.versions
        return next((v for v in reversed(versions) if v.effective is None or v.effective <= on), versions[0])


_Event = tuple[Iterable[str], date, int, object]
"""Who is credited, on which day, with how many, and what stands behind that."""


def _seeing(helpers: tuple[str, ...], unit: str | None) -> tuple[str, ...]:
    return helpers if unit is None else (*helpers, unit)


_EVENTS: Mapping[str, Callable[[_Counts, Span], Iterator[_Event]]] = {
    "visits missed": _Counts.missed,
    "households silent": _Counts.silence,
    "measures not kept": _Counts.not_kept,
    "handovers late": _Counts.late,
}
