"""The years of a programme, lived through: invented people retire, are transferred, leave poverty and fall back.

Each year's changes are one relay, and what it answers is recorded; then a pass of its own over the entries, which
shares nothing with the register's reading of them, counts every day of every household.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from hashlib import sha256
from random import Random
from typing import TypeVar

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from pairing.dates import Span, periods
from pairing.entries import (
    Change,
    Correction,
    Death,
    Departure,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Merger,
    Paired,
    RankChange,
    Refill,
    Relapse,
    Released,
    Retirement,
    Return,
    Split,
    StruckOff,
    Transfer,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import ArgumentError, bare, key, shown
from pairing.handover import Handover, relay
from pairing.markup import html_page, html_text
from pairing.memory import no_collection
from pairing.people import Helper, Unit
from pairing.policy import Policy
from pairing.programmes import programme as preset
from pairing.proposing import pair
from pairing.register import Register
from pairing.roster import Roster
from pairing.synthetic import population

__all__ = ["STARTS", "Gap", "HouseholdDays", "Lifetime", "YearFigures", "household_days", "live_through"]

STARTS = {
    "gansu-2012": date(2012, 2, 8),
    "liaoyang-1994": date(1996, 12, 31),
    "panjin-2010": date(2010, 12, 1),
}
"""The programmes that can be lived through, each with the day of the first pairings."""

LEAVERS, TRANSFERS, EXITS, RELAPSES = Fraction(3, 100), Fraction(2, 100), Fraction(8, 100), Fraction(3, 100)
"""Of a hundred: of those in service leave it, change unit; of the households helped exit, of those exited fall back."""

LEAVES, PROMOTIONS = Fraction(2, 1000), Fraction(1, 100)
"""Of those in service: go on leave for some months, are promoted."""

_Thing = TypeVar("_Thing")


# --- every day of every household


@frozen
class Gap:
    """A household that should have somebody, and has neither a helper nor a vacancy, on the days of a span.

    >>> Gap("h-204", Span(date(2013, 6, 30), date(2013, 7, 1)))
    Gap(household='h-204', span=Span(2013-06-30 .. 2013-07-01))
    """

    household: str = field(repr=key)
    span: Span


@frozen
class HouseholdDays:
    """How many days households had, from the first pairing to the release: with a helper, with a vacancy, or neither.

    `gaps` has the first ten of the spans in which they had neither.

    >>> HouseholdDays(365, 10, 0)
    HouseholdDays(helper=365, vacancy=10, neither=0)
    """

    helper: int
    vacancy: int
    neither: int
    gaps: tuple[Gap, ...] = field(default=(), repr=False)

    @property
    def all(self) -> int:
        """All days, with somebody and without."""
        return self.helper + self.vacancy + self.neither


def household_days(entries: Iterable[Entry], until: date) -> HouseholdDays:
    """Count every day of every household up to, but not including, a day, from nothing but the entries.

    A household is due a helper from the first pairing until the last helper is released, or it leaves the programme;
    and again from a relapse on.  Who has left the service is no helper any longer, whatever else is recorded.

    >>> ann = Paired("ann", "h", on=date(2012, 2, 8))
    >>> household_days([ann, HandedOver("h", "ann", ["bo"], on=date(2013, 6, 30))], date(2014, 1, 1))
    HouseholdDays(helper=693, vacancy=0, neither=0)
    >>> household_days([ann, Retirement("ann", on=date(2013, 6, 30))], date(2014, 1, 1)).gaps
    (Gap(household='h', span=Span(2013-06-30 .. 2014-01-01)),)
    """
    about: dict[str, list[Entry]] = defaultdict(list)
    out: dict[str, date] = {}
    for entry in _counting(entries):
        if isinstance(entry, Retirement | Death | Departure):
            out[entry.helper] = min(entry.on, out.get(entry.helper, entry.on))
        elif isinstance(entry, Split):
            for id in (entry.household, *entry.into):
                about[id].append(entry)
        elif isinstance(entry, _OF_HOUSEHOLDS):
            about[entry.household].append(entry)
    helper = vacancy = neither = 0
    gaps: list[Gap] = []
    for household in sorted(about):
        for start, end, what in _stretches(household, about[household], out, until):
            days = (end - start).days
            if what == "helper":
                helper += days
            elif what == "vacancy":
                vacancy += days
            else:
                neither += days
                gaps.append(Gap(household, Span(start, end)))
    return HouseholdDays(helper, vacancy, neither, tuple(gaps[:10]))


_OF_HOUSEHOLDS = (
    Paired | Released | HandedOver | VacancyOpened | VacancyClosed | Exit | Relapse | StruckOff | HouseholdMerger
)


def _counting(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that are not taken back; the last correction is looked at first."""
    kept: list[Entry] = []
    taken_back: set[Entry] = set()
    for entry in reversed(list(entries)):
        if entry in taken_back:
            continue
        if isinstance(entry, Correction):
            taken_back.add(entry.of)
        else:
            kept.append(entry)
    return kept


def _stretches(
    household: str, entries: Sequence[Entry], out: dict[str, date], until: date
) -> Iterator[tuple[date, date, str]]:
    """Yield the stretches of days on which a household is due somebody, and what it has."""
    ends: dict[date, set[tuple[str, str]]] = defaultdict(set)
    begins: dict[date, set[tuple[str, str]]] = defaultdict(set)
    opened: set[date] = set()
    released: set[date] = set()
    exits: set[date] = set()
    due_again: set[date] = set()
    over = until
    for e in entries:
        if isinstance(e, Paired):
            begins[e.on].add((e.helper, e.role))
        elif isinstance(e, HandedOver):
            ends[e.until or e.on].add((e.giver, e.role))
            begins[e.on].update((taker, e.role) for taker in e.takers)
        elif isinstance(e, VacancyClosed):
            begins[e.on].update((taker, e.role) for taker in e.takers)
        elif isinstance(e, VacancyOpened):
            opened.add(e.on)
            if e.giver is not None:
                ends[e.on].add((e.giver, e.role))
        elif isinstance(e, Released):
            released.add(e.on)
            ends[e.on].add((e.helper, e.role))
        elif isinstance(e, Exit):
            exits.add(e.on)
        elif isinstance(e, Relapse) or (isinstance(e, Split) and e.household != household):
            due_again.add(e.on)
        elif isinstance(e, StruckOff | HouseholdMerger | Split):
            over = min(over, e.on)
    for day, those in list(begins.items()):
        for helper, role in those:
            if helper in out:  # out of the service is out, whatever else is recorded
                ends[max(out[helper], day)].add((helper, role))
    days = sorted({*ends, *begins, *opened, *exits, *due_again})
    here: set[tuple[str, str]] = set()
    due = vacant = False
    for day, after in zip(days, [*days[1:], over], strict=True):
        if day >= over:
            return
        going = here & ends[day] if day in ends else set()
        here -= going
        if day in begins:
            here |= {who for who in begins[day] if out.get(who[0], date.max) > day}
        if day in opened:
            vacant = True
        elif day in exits and vacant:
            due = vacant = False
        if here:
            due, vacant = True, False
        elif vacant or day in due_again:
            due = True
        elif day in released and going:
            due = False
        if due and min(after, over) > day:
            yield day, min(after, over), "helper" if here else "vacancy" if vacant else "neither"


# --- the years


@frozen
class YearFigures:
    """What came to pass in one year of a programme.

    - `leavers`, `transfers`, `exits`, `relapses`: how many changes of these kinds there were.
    - `changed`: households with another helper than before; `moved` those of them that made room for others.
    - `refilled`: vacancies of the year before for which somebody was found; `vacancies` those at the year's end.
    - `entries`: lines of the register at the year's end; `days`: all household-days up to then.
    """

    span: Span
    leavers: int
    transfers: int
    exits: int
    relapses: int
    changed: int
    moved: int
    refilled: int
    vacancies: int
    entries: int
    days: HouseholdDays
    relay_seconds: float = field(eq=False)
    record_seconds: float = field(eq=False)
    check_seconds: float = field(eq=False)


@frozen(repr=False)
class Lifetime:
    """Some years of a programme; made by `live_through`."""

    programme: str
    helpers: int
    households: int
    years: tuple[YearFigures, ...]
    register: Register = field(eq=False)

    def __repr__(self) -> str:
        days = self.days
        return (
            f"Lifetime({self.programme!r}, {len(self.years)} years, {self.helpers:,} helpers, "
            f"{self.households:,} households, {days.all:,} household-days: {days.helper:,} with a helper, "
            f"{days.vacancy:,} with a vacancy, {days.neither:,} with neither)"
        )

    @property
    def days(self) -> HouseholdDays:
        """All household-days from the first pairing to the end of the last year."""
        return self.years[-1].days

    def summary(self) -> str:
        """Return the years as a page of plain text."""
        heads = ("year from", "leavers", "transfers", "exits", "relapses", "changed", "moved", "refilled", "vacant")
        times = ("relay s", "record s", "check s")
        lines = [
            f"{self.programme}: {self.helpers:,} helpers, {self.households:,} households",
            "",
            f"  {heads[0]:<12}{''.join(f'{head:>11}' for head in heads[1:])}{''.join(f'{t:>10}' for t in times)}",
        ]
        for y in self.years:
            counts = (y.leavers, y.transfers, y.exits, y.relapses, y.changed, y.moved, y.refilled, y.vacancies)
            seconds = (y.relay_seconds, y.record_seconds, y.check_seconds)
            row = "".join(f"{count:>11,}" for count in counts) + "".join(f"{s:>8.2f} s" for s in seconds)
            lines.append(f"  {y.span.start!s:<12}{row}")
        days = self.days
        lines += [
            "",
            f"  {'household-days, first pairing to release':<42}{days.all:>14,}",
            f"  {'with a helper':<42}{days.helper:>14,}",
            f"  {'with a vacancy':<42}{days.vacancy:>14,}",
            f"  {'with neither':<42}{days.neither:>14,}",
            f"  {'lines of the register':<42}{len(self.register):>14,}",
        ]
        lines += [f"  gap: household {bare(gap.household)}, {gap.span}" for gap in days.gaps]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return html_page(html_text(self.summary(), "pre"))


def live_through(
    programme: str,
    *,
    years: int = 5,
    scale: float | Fraction = 1,
    seed: int = 0,
    tell: Callable[[str, float], None] = lambda what, seconds: None,
) -> Lifetime:
    """Pair the invented population of a programme, and live through so many years from the first pairings on.

    In each year 3 % of those in service leave it, by age first, 2 % change unit within their county or prefecture,
    1 % are promoted, 0.2 % are away for some months; 8 % of the households that have a helper leave poverty, 3 % of
    those that left it before fall back; in each county a unit becomes a part of another, a unit is linked to a village
    and one is unlinked.  All of this is one relay; before it goes another, on the second day of the year, in which who
    was away comes back, and somebody is sought again for each vacancy.

    The same arguments give equal answers everywhere, but for the seconds.  `tell` is called with the name of each stage
    and its seconds.

    >>> lifetime = live_through("panjin-2010", years=2, scale=0.02)
    >>> lifetime.helpers, lifetime.households, lifetime.days.neither
    (200, 320, 0)

    Raises `ArgumentError` for another programme, and for years that are no number from 1 on; and what `population`
    raises.
    """
    if not isinstance(programme, str) or programme not in STARTS:
        message = f"wanted one of {', '.join(STARTS)}; got {shown(programme)}"
        raise ArgumentError("unknown-programme", message, "programme")
    if type(years) is not int or not 1 <= years <= 100:
        raise ArgumentError("bad-number", f"wanted a number of years from 1 to 100, got {shown(years)}", "years")
    clock = _Clock(tell)
    policy, start = preset(programme), STARTS[programme]
    roster = clock.run("building the population", lambda: population(programme, scale=scale, seed=seed))
    plan = clock.run("pairing", lambda: pair(policy, roster, on=start))
    roster = plan.roster
    register = clock.run("recording the plan", lambda: Register().record(*plan.entries()))
    people = _People(policy, roster, f"{programme}/{seed}")
    found: list[YearFigures] = []
    for number, (span, _) in enumerate(zip(periods(start, 12), range(years), strict=False), 1):
        clock.prefix = f"year {number}: "
        clock.seconds.clear()
        changes: list[Change] = []
        handovers: list[Handover] = []
        for invent in (people.first_day, people.changes):
            some = clock.run("inventing", partial(invent, register, span))
            handover = clock.run("relay", partial(relay, policy, roster, register, some))
            register = clock.run("recording", partial(register.record, *handover.entries()))
            changes += some
            handovers.append(handover)
        end = span.end or date.max
        days = clock.run("checking", partial(household_days, register, end))
        vacancies = len(register.view(on=end - timedelta(days=1)).vacancies)
        found.append(_figures(span, changes, handovers, vacancies, len(register), days, clock.seconds))
    return Lifetime(programme, len(roster.helpers), len(roster.households), tuple(found), register)


class _Clock:
    """Runs one stage after the other, and tells how long each took."""

    def __init__(self, tell: Callable[[str, float], None]) -> None:
        self.tell = tell
        self.prefix = ""
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def run(self, name: str, work: Callable[[], _Thing]) -> _Thing:
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        self.seconds[name] += seconds
        self.tell(self.prefix + name, seconds)
        return result


def _figures(
    span: Span,
    changes: Sequence[Change],
    handovers: Sequence[Handover],
    vacancies: int,
    entries: int,
    days: HouseholdDays,
    seconds: Mapping[str, float],
) -> YearFigures:
    kinds = Counter(type(change) for change in changes)
    passings = [passing for handover in handovers for passing in handover.passings]
    changed = {passing.household for passing in passings if passing.givers}
    moved = {passing.household for passing in passings if not passing.why}
    refilled = {passing.household for passing in passings if passing.why == Refill.__name__}
    return YearFigures(
        span,
        kinds[Retirement] + kinds[Death] + kinds[Departure],
        kinds[Transfer],
        kinds[Exit],
        kinds[Relapse],
        len(changed),
        len(moved),
        len(refilled),
        vacancies,
        entries,
        days,
        seconds["relay"],
        seconds["recording"],
        seconds["checking"],
    )


class _People:
    """What happens to the people of a programme: who serves where, who is away, kept from year to year."""

    def __init__(self, policy: Policy, roster: Roster, key: str) -> None:
        self.policy = policy
        self.roster = roster
        self.key = key
        self.units = {unit.id: unit for unit in roster.units}
        self.unit_of = {helper.id: helper.unit for helper in roster.helpers}
        self.rank_of = {helper.id: helper.rank for helper in roster.helpers}
        self.serving = {helper.id: helper for helper in roster.helpers}
        self.away: set[str] = set()
        self.exited: dict[str, None] = {}
        self.links: dict[str, set[str]] = defaultdict(set)
        for link in roster.links:
            self.links[link.unit].add(link.village)

    @no_collection()
    def changes(self, register: Register, span: Span) -> list[Change]:
        """Return the changes of a year, and keep in mind what they come to; after those of its first day.

        Nobody, no household and no unit has more than one of them, but for who comes back on the first day.
        """
        self.draw = _draws(self.key, span.start)
        self.first, self.length = span.start + timedelta(days=2), (span.days or 365) - 2
        busy: set[str] = set()
        ended = list(self._units(busy))
        found: list[Change] = [*ended, *self._leavers(span, busy)]
        found += self._transfers(busy, {change.unit for change in ended if isinstance(change, Merger)})
        found += self._promotions(busy)
        found += self._leaves(busy, span)
        found += self._households(register, span, busy)
        for change in ended:
            if isinstance(change, Merger):
                self._merged(change)
        return found

    # --- drawing

    def _day(self) -> date:
        return self.first + timedelta(days=int(self.draw() * self.length))

    def _some(self, things: Sequence[_Thing], count: int, not_those: Collection[object] = ()) -> list[_Thing]:
        """Return so many different ones, or as many as there are, in the order of drawing."""
        count = min(count, len(things))
        seen: set[int] = set()
        found: list[_Thing] = []
        for _ in range(20 * count):
            if len(found) == count:
                break
            at = int(self.draw() * len(things))
            if at not in seen:
                seen.add(at)
                if things[at] not in not_those:
                    found.append(things[at])
        return found

    def _share(self, share: Fraction, count: int) -> int:
        return round(share * count)

    # --- units

    def _units(self, busy: set[str]) -> Iterator[Change]:
        """In each county two units become one, one is linked to a village more, one to a village less."""
        counties: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            if len(unit.area) >= 6:
                counties[unit.area[:6]].append(unit)
        parents = {unit.parent for unit in self.units.values()}
        linked_by = Counter(village for villages in self.links.values() for village in villages)
        for _, units in sorted(counties.items()):
            pair_ = self._some([unit for unit in units if unit.id not in parents], 2)
            if len(units) < 4 or len(pair_) < 2:
                continue
            unit, into = sorted(pair_, key=lambda unit: unit.id)
            busy |= {unit.id, into.id}
            yield Merger(unit.id, into.id, on=self._day())
            rest = [unit for unit in units if unit.id not in busy and len(self.links[unit.id]) > 1]
            for unit in self._some(rest, 1):
                villages = sorted(village for village in self.links[unit.id] if linked_by[village] > 1)
                for village in self._some(villages, 1):
                    busy.add(unit.id)
                    self.links[unit.id].discard(village)
                    linked_by[village] -= 1
                    yield Unlinked(unit.id, village, "another unit is nearer", on=self._day())
            villages = sorted({village for unit in units for village in self.links[unit.id]})
            for unit in self._some([unit for unit in units if unit.id not in busy], 1):
                for village in self._some(villages, 1, self.links[unit.id]):
                    busy.add(unit.id)
                    self.links[unit.id].add(village)
                    yield Linked(unit.id, village, on=self._day())

    def _merged(self, change: Merger) -> None:
        del self.units[change.unit]
        self.links[change.into] |= self.links.pop(change.unit, set())
        for id in self.serving:
            if self.unit_of[id] == change.unit:
                self.unit_of[id] = change.into

    # --- helpers

    def first_day(self, register: Register, span: Span) -> list[Change]:
        """Return the changes of the first day of a year: who was on leave is back, and vacancies are sought again."""
        on = span.start + timedelta(days=1)
        found: list[Change] = [Return(id, on=on) for id in sorted(self.away)]
        self.away.clear()
        return [*found, *(Refill(vacancy.household, on=on) for vacancy in register.view(on=span.start).vacancies)]

    def _leavers(self, span: Span, busy: set[str]) -> Iterator[Change]:
        end = span.end or date.max
        ages: dict[tuple[object, ...], date | None] = {}
        by_age: list[tuple[date, str]] = []
        policy = self.policy.at(span.start)
        for helper in self.serving.values():
            alike = (helper.birth, helper.rank, helper.kind, helper.sex)
            if alike not in ages:
                ages[alike] = policy.retires(helper)
            day = ages[alike]
            if day is not None and day < end and helper.id not in busy:
                by_age.append((max(day, self.first), helper.id))
        wanted = self._share(LEAVERS, len(self._in_service(span.start)))
        for day, id in sorted(by_age):
            busy.add(id)
            del self.serving[id]
            yield Retirement(id, on=day)
        for n, id in enumerate(self._some(list(self.serving), wanted - len(by_age), busy)):
            busy.add(id)
            day = self._day()
            if self._begins(self.serving[id]) >= day:
                continue
            del self.serving[id]
            yield Death(id, on=day) if n % 2 else Departure(id, "another employer", on=day)

    def _in_service(self, on: date) -> list[str]:
        return [id for id, helper in self.serving.items() if self._begins(helper) <= on]

    def _begins(self, helper: Helper) -> date:
        return helper.service.start if helper.service else date.min

    def _transfers(self, busy: set[str], ended: Collection[str]) -> Iterator[Change]:
        near: dict[str, list[str]] = defaultdict(list)
        for unit in sorted(self.units.values(), key=lambda unit: unit.id):
            if unit.id not in ended:
                near[unit.area[:6] if len(unit.area) >= 6 else unit.area[:4]].append(unit.id)
        serving = self._in_service(self.first)
        for id in self._some(serving, self._share(TRANSFERS, len(serving)), busy):
            area = self.units[self.unit_of[id]].area
            county = area[:6] if len(area) >= 6 else area[:4]
            places = [there for there in near[county] if there != self.unit_of[id]]
            for there in self._some(places, 1):
                busy.add(id)
                self.unit_of[id] = there
                yield Transfer(id, there, on=self._day())

    def _promotions(self, busy: set[str]) -> Iterator[Change]:
        ranks = [rank.id for rank in self.policy.ladder]
        serving = self._in_service(self.first)
        for id in self._some(serving, self._share(PROMOTIONS, len(serving)), busy):
            rank = self.rank_of[id]
            if rank in ranks[3:]:
                busy.add(id)
                self.rank_of[id] = higher = ranks[ranks.index(rank) - 1]
                yield RankChange(id, higher, on=self._day())

    def _leaves(self, busy: set[str], span: Span) -> Iterator[Change]:
        """Some go on leave late in the year, and come back when the next begins."""
        serving = self._in_service(self.first)
        end = span.end or date.max
        for id in self._some(serving, self._share(LEAVES, len(serving)), busy):
            busy.add(id)
            self.away.add(id)
            yield Leave(id, end + timedelta(days=1), on=end - timedelta(days=31 + int(self.draw() * 120)))

    # --- households

    def _households(self, register: Register, span: Span, busy: set[str]) -> Iterator[Change]:
        rules = self.policy.at(span.start).handover
        view = register.view(on=self.first)
        helped = list(dict.fromkeys(pairing.household for pairing in view.pairings))
        helped = sorted(id for id in helped if id not in self.exited)
        before = list(self.exited)
        for id in self._some(helped, self._share(EXITS, len(helped)), busy):
            busy.add(id)
            self.exited[id] = None
            day = self._day()
            notified = day - timedelta(days=max(rules.notice, 30))
            yield Exit(id, notified, day + relativedelta(months=rules.watch), on=day)
        for id in self._some(before, self._share(RELAPSES, len(before)), busy):
            busy.add(id)
            del self.exited[id]
            yield Relapse(id, "illness", on=self._day())


def _draws(*parts: object) -> Callable[[], float]:
    """Return a source of numbers in [0, 1) that depends on nothing but the key."""
    digest = sha256("/".join(map(str, parts)).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big")).random
