"""When visits are due (应访), and which were made: due, made and valid; what is overdue; where nobody came for long.

The rules of the policy give windows of days (`VisitRule`).  An *occasion* is a household, a rule and a window: it
belongs to one day, the last of its window, so that the occasions of days that follow one another add up.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from pairing.dates import Span, to_date
from pairing.deeds import Visited
from pairing.entries import (
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    Merger,
    Move,
    Relapse,
    Transfer,
    VacancyOpened,
    keys_shown,
)
from pairing.errors import ArgumentError, key, shown
from pairing.histories import duties, left_programme, vacancies
from pairing.memory import no_collection
from pairing.muster import Muster
from pairing.policy import Policy
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import COUNTED_FROM, VisitRule

__all__ = ["DueTally", "DueVisit", "Silence", "due_visits", "overdue", "silent", "tally_due"]

IN_PERSON = "in person"
"""The channel of a home visit."""

REVISIT = "revisit"
"""The duty to call again on a household after its exit."""


@frozen
class DueVisit:
    """An occasion: the visits that a rule asks for to a household in a window of days, and those that there were.

    - `due`: how many the rule asks for.
    - `made`: all visits to the household in the window, by whomever, through whatever channel.
    - `valid`: those of them that count: through a channel of the rule, by somebody who saw to the household on the day
      of the visit.
    - `helpers`: who sees to the household on the last day of the window; `unit` does where no helper is responsible.
    - `village`: where the household lives on that day.

    One entry is one visit, however many helpers came along.

    >>> DueVisit("h-204", "festival", Span(date(2013, 2, 3), date(2013, 2, 11)), 1, 2, 0, ("c-17",), "v").missing
    1
    """

    household: str = field(repr=key)
    rule: str
    window: Span
    due: int
    made: int
    valid: int
    helpers: tuple[str, ...] = field(repr=keys_shown)
    village: str = field(repr=False)
    unit: str | None = field(default=None, repr=False)

    @property
    def missing(self) -> int:
        """How many valid visits are missing."""
        return max(0, self.due - self.valid)


@frozen
class DueTally:
    """The visits of all occasions of a rule: due, made, valid, and missing; `occasions` is how many there are.

    More valid visits than are due to one household do not make up for another, so `missing` is a count of its own.
    """

    rule: str
    occasions: int
    due: int
    made: int
    valid: int
    missing: int


@frozen
class Silence:
    """A household that somebody has been responsible for all the time, and whom nobody came to see for months.

    - `months`: whole months since the last visit in person, or since somebody became responsible.
    - `last`: the day of the last visit in person; None where none is recorded.
    - `reached`: the last day on which the household was reached through any channel, or None.
    - `helpers`, `unit`, `village`: as they are on the day, as in a `DueVisit`.
    """

    household: str = field(repr=key)
    months: int
    last: date | None = field(repr=str)
    reached: date | None = field(repr=str)
    helpers: tuple[str, ...] = field(repr=keys_shown)
    village: str = field(repr=False)
    unit: str | None = field(default=None, repr=False)


def due_visits(
    policy: Policy, roster: Roster, register: Register, *, during: Span, known: int | None = None, of: str | None = None
) -> tuple[DueVisit, ...]:
    """Return the occasions whose windows end within a span of days: by last day, household and rule.

    What is due on a day is said by the version of the policy that is in force on it.  The windows of a rule begin no
    sooner than the rule takes effect; as long as the versions that follow one another have a rule of the same name and
    windows, it is the same.  Months and days are counted from the day on which the oldest version takes effect.

    An occasion is there for a household that comes under the rule on the first day of the window and on its last: the
    household is registered, its status is one of the rule's, and somebody sees to it.  Somebody sees to it who is
    responsible for it; in a vacancy the unit that the register names does; and after a release, whoever has the duty
    to revisit it, but then the rule must name the status.  So who comes under a rule in the middle of a window is asked
    from the next window on.  Households that the roster lacks are left out: `audit` tells them.

    A visit counts for the window in which its day lies: for several rules, but for one occasion of each rule at most.

    - `known`: by what the register had up to a position; None: by all that it has.
    - `of`: only the occasions of a helper or a unit that sees to the household on the last day of the window, of a
      unit to which such a helper belongs on that day, of a village in which the household lives on that day, or of a
      household.  Where one id is that of several, the helper comes first, then the household, then the unit.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.entries import Paired
    >>> from pairing.people import Helper, Household, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule, VisitRules
    >>> tree = AreaTree([Area("v", "上坪村", "village")])
    >>> roster = Roster(tree, [Unit("u", "county", "v")], [Helper("c-17", "u", "staff")], [Household("h-204", "v")])
    >>> rule = VisitRule("festival", festivals=["spring-festival", "mid-autumn"])
    >>> policy = Policy("ours", (HelperRule(Quota(1)),), visits=VisitRules(rules=[rule]))
    >>> register = Register().record(
    ...     Paired("c-17", "h-204", on=date(2012, 2, 8)),
    ...     Visited("h-204", ["c-17"], on=date(2013, 2, 5)),
    ...     Visited("h-204", ["c-17"], "telephone", on=date(2013, 9, 19)),
    ... )
    >>> for occasion in due_visits(policy, roster, register, during=Span(date(2013, 1, 1), date(2014, 1, 1))):
    ...     print(occasion)
    DueVisit(household='h-204', rule='festival', window=Span(2013-02-03 .. 2013-02-11), due=1, made=1, valid=1, \
helpers=('c-17',))
    DueVisit(household='h-204', rule='festival', window=Span(2013-09-12 .. 2013-09-20), due=1, made=1, valid=0, \
helpers=('c-17',))

    Raises `ArgumentError` for arguments of other types, a span without an end, an id that the roster lacks, a position
    that the register lacks, and years whose festivals are not known.
    """
    _check(policy, roster, register)
    if not isinstance(during, Span) or during.end is None:
        raise ArgumentError("bad-span", f"wanted a span with an end, got {shown(during)}", "during")
    reading = _Reading(roster, register, known)
    scope = _scope(reading, of)
    with no_collection():
        occasions = _occasions(policy, during)
        return _by_last_day(
            row for id in scope.households for row in _rows(reading.household(id), occasions, scope.holds)
        )


def overdue(
    policy: Policy, roster: Roster, register: Register, *, on: date, since: date, of: str | None = None
) -> tuple[DueVisit, ...]:
    """Return the occasions that are over on a day and miss something: by last day, household and rule.

    It looks back to the windows that ended on `since` or later.  The list is for those who see to a household on the
    day `on`, whoever did before; households to which nobody sees any more are left out.  `of` is a helper, a unit, a
    village or a household as in `due_visits`, each as of the day `on`.

    Raises `ArgumentError` as `due_visits` does, and where `since` is not before `on`.
    """
    _check(policy, roster, register)
    on, since = to_date(on, "on"), to_date(since, "since")
    if since >= on:
        raise ArgumentError("dates-order", f"wanted a day before {on}, got {since}", "since")
    reading = _Reading(roster, register, None)
    scope = _scope(reading, of)
    found: list[DueVisit] = []
    with no_collection():
        occasions = _occasions(policy, Span(since, on))
        for id in scope.households:
            household = reading.household(id)
            now = household.standing(on)
            if now is not None and scope.holds(now, on):
                found += [row for row in _rows(household, occasions, _everybody) if row.missing]
        return _by_last_day(found)


def silent(
    policy: Policy, roster: Roster, register: Register, *, on: date, known: int | None = None
) -> tuple[Silence, ...]:
    """Return the households to which nobody came in person for so many months as the policy says; by household.

    `visits.silence` of the version that is in force on the day says how many.  Somebody has been responsible for all of
    them, or there was a vacancy, without a break; who it was may have changed.  Any visit in person up to the day ends
    the silence, whoever came; one on the day so many months before still does.

    Where a register keeps no visits at all, everybody is silent: ask it only of registers that keep them.  `known` is a
    position in the register, as in `due_visits`.

    Raises `ArgumentError` for arguments of other types, a position that the register lacks, and for a day on which the
    policy is not in force.
    """
    _check(policy, roster, register)
    on = to_date(on, "on")
    silence = policy.at(on).visits.silence
    try:
        since = on - relativedelta(months=silence)
    except (ValueError, OverflowError):
        return ()  # nobody can have been responsible for so long
    reading = _Reading(roster, register, known)
    found = []
    for id in _scope(reading, None).households:
        household = reading.household(id)
        now = household.standing(on)
        if now is None or now.revisited or household.began(on) > since:
            continue
        visits = [visit for visit in household.visits if visit.on <= on]
        last = next((visit.on for visit in reversed(visits) if visit.channel == IN_PERSON), None)
        if last is None or last < since:
            passed = relativedelta(on, max(last or date.min, household.began(on)))
            reached = visits[-1].on if visits else None
            months = 12 * passed.years + passed.months
            found.append(Silence(id, months, last, reached, now.helpers, now.village, now.unit))
    return tuple(found)


def tally_due(occasions: Iterable[DueVisit]) -> tuple[DueTally, ...]:
    """Return the three counts, due, made and valid, of each rule, by its name.

    Within a rule each visit is counted once.  Rules are not added up, as one visit may count for several.

    >>> week = Span(date(2013, 2, 3), date(2013, 2, 11))
    >>> one = DueVisit("x", "festival", week, due=1, made=3, valid=2, helpers=("c-17",), village="v")
    >>> other = DueVisit("y", "festival", week, due=1, made=0, valid=0, helpers=("c-17",), village="v")
    >>> tally_due([one, other])
    (DueTally(rule='festival', occasions=2, due=2, made=3, valid=2, missing=1),)
    """
    if not isinstance(occasions, Iterable):
        raise ArgumentError("bad-type", f"wanted occasions, got {shown(occasions)}", "occasions")
    found: dict[str, list[int]] = {}
    for row in occasions:
        if not isinstance(row, DueVisit):
            raise ArgumentError("bad-type", f"wanted a DueVisit, got {shown(row)}", "occasions")
        counts = found.setdefault(row.rule, [0] * 5)
        for n, count in enumerate((1, row.due, row.made, row.valid, row.missing)):
            counts[n] += count
    return tuple(DueTally(rule, *found[rule]) for rule in sorted(found))


def _check(policy: Policy, roster: Roster, register: Register) -> None:
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster), ("register", register, Register)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)


def _by_last_day(rows: Iterable[DueVisit]) -> tuple[DueVisit, ...]:
    """Return rows, which come household by household, by last day."""
    return tuple(sorted(rows, key=lambda row: row.window.end or date.max))


# --- what the policy asks for


class _Occasion(NamedTuple):
    """A rule and a window of it; `last` is its last day."""

    end: date
    name: str
    rule: VisitRule
    window: Span
    last: date


def _occasions(policy: Policy, during: Span) -> list[_Occasion]:
    """Return the windows that end within a span of days, by last day and rule."""
    found: list[_Occasion] = []
    start = policy.start or COUNTED_FROM
    versions = policy.versions
    began: dict[Hashable, date] = {}
    for version, after in zip(versions, [*versions[1:], None], strict=True):
        in_force = Span(version.effective or date.min, after.effective if after else version.until)
        began = {_same(rule): began.get(_same(rule), in_force.start) for rule in version.visits.rules}
        part = during.overlap(in_force)
        for rule in version.visits.rules if part else ():
            for window in rule.windows(part, start):  # type: ignore[arg-type]
                if window.start >= began[_same(rule)]:
                    end = window.end or date.max
                    found.append(_Occasion(end, rule.name, rule, window, end - _DAY))
    return sorted(found, key=lambda occasion: occasion[:2])


_DAY = timedelta(1)


def _same(rule: VisitRule) -> Hashable:
    """Return what two versions of a rule have in common: its name and its windows."""
    return rule.name, rule.months, rule.days, rule.festivals, rule.before, rule.after, rule.seasons


# --- what the register tells


class _Standing(NamedTuple):
    """Who sees to a household on a day: helpers, or a unit; `revisited` where only the duty to revisit is left."""

    helpers: tuple[str, ...]
    unit: str | None
    revisited: bool
    village: str
    status: str


class _Household:
    """What became of a household, as it is asked for visits; between two changes nothing is read twice."""

    def __init__(self, reading: "_Reading", id: str) -> None:
        self.reading = reading
        self.id = id
        self.entries = reading.view.about("households", id)
        self.held = reading.view.stays(id)
        self.there = reading.roster.household(id)
        days = {e.on for e in self.entries}
        days.update(e.until for e in self.entries if isinstance(e, HandedOver) and e.until is not None)
        if (registered := self.there.registered) is not None:
            days.update(day for day in (registered.start, registered.end) if day is not None)
        self._changes = sorted(days)
        self._standings: dict[int, _Standing | None] = {}

    def standing(self, day: date) -> _Standing | None:
        """Return who sees to the household on a day, or None where nobody does, or it is not in the programme."""
        at = bisect_right(self._changes, day)
        if at not in self._standings:
            self._standings[at] = self._read(day)
        return self._standings[at]

    def _read(self, day: date) -> _Standing | None:
        over, there = self._over, self.there
        if (there.registered is not None and day not in there.registered) or (over is not None and over <= day):
            return None
        helpers = tuple(sorted({stay.helper for stay in self.held if stay.on(day)}))
        unit, revisited = None, False
        if not helpers:
            unit = next((vacancy.unit for vacancy in self._vacancies if day in vacancy.span), None)
            if unit is None:
                bearers = self._bearers(self.entries, day)
                if not bearers:
                    return None
                revisited = True
                helpers = tuple(sorted(filter(self.reading.is_helper, bearers)))
                unit = next((bearer for bearer in sorted(bearers) if bearer not in helpers), None)
        if self._changed:
            there = self.reading.muster(day).household(self.id)
        return _Standing(helpers, unit, revisited, there.village, there.status)

    @cached_property
    def _over(self) -> date | None:
        return left_programme(self.id, self.entries)

    @cached_property
    def _changed(self) -> bool:
        return any(isinstance(e, Exit | Relapse | Move) for e in self.entries)

    @cached_property
    def _vacancies(self) -> Collection[Any]:
        if not any(isinstance(e, VacancyOpened) for e in self.entries):
            return ()
        return vacancies(self.id, self.entries, self.held)

    @cached_property
    def _is_owed(self) -> bool:
        return any(isinstance(e, DutyOpened) and e.what == REVISIT for e in self.entries)

    def _bearers(self, entries: Iterable[Entry], day: date) -> set[str]:
        """Return who has the duty to revisit the household on a day."""
        if not self._is_owed:
            return set()
        return {duty.bearer for duty in duties(entries, day) if duty.what == REVISIT}

    def began(self, day: date) -> date:
        """Return since when, without a break, somebody has been responsible on a day, or there was a vacancy."""
        spans = [(stay.start, stay.end) for stay in self.held]
        spans += [(vacancy.span.start, vacancy.span.end) for vacancy in self._vacancies]
        began = day
        for start, end in sorted(spans, key=lambda span: span[1] or date.max, reverse=True):
            if start < began and (end is None or end >= began):
                began = start
        return began

    @cached_property
    def visits(self) -> list[Visited]:
        """The visits to the household, by day."""
        view = self.reading.view
        if not view.tells_of("visits", self.id):
            return []
        return sorted((e for e in view.about("visits", self.id) if isinstance(e, Visited)), key=lambda e: e.on)

    def credited(self, visit: Visited) -> bool:
        """Whether somebody came who saw to the household on the day of the visit.

        A duty that is closed on the day was done on it.
        """
        day = visit.on
        if any(stay.helper in visit.helpers and stay.on(day) for stay in self.held):
            return True
        who = set()
        if self._is_owed:
            who = self._bearers([e for e in self.entries if not (isinstance(e, DutyClosed) and e.on == day)], day)
        if not who.isdisjoint(visit.helpers):
            return True
        who.update(vacancy.unit for vacancy in self._vacancies if day in vacancy.span)
        return bool(who) and any(self.reading.unit_of(helper, day) in who for helper in visit.helpers)


class _Reading:
    """A roster and a register, as they are asked for visits."""

    def __init__(self, roster: Roster, register: Register, known: int | None) -> None:
        self.roster = roster
        self.register = register
        self.known = known
        self.view = register.view(on=date.max, known=known)
        self._musters: dict[date, Muster] = {}

    def household(self, id: str) -> _Household:
        return _Household(self, id)

    def muster(self, day: date) -> Muster:
        """Return who there is on a day."""
        if day not in self._musters:
            self._musters[day] = Muster(self.roster, self.register.view(on=day, known=self.known))
        return self._musters[day]

    def is_helper(self, id: str) -> bool:
        return _has(self.roster.helper, id)

    def unit_of(self, helper: str, day: date) -> str | None:
        """Return the unit in which a helper serves on a day, or None."""
        if not self.is_helper(helper):
            return None
        person = self.muster(day).helper(helper)
        return person.unit if person.service is None or day in person.service else None

    def held_by(self, helper: str) -> set[str]:
        """Return the households that a helper ever saw to."""
        return {*self.view.ever_held(helper), *self._owed_by(helper)}

    def held_by_unit(self, unit: str) -> set[str]:
        """Return the households to which a unit, or anybody who ever belonged to it, ever saw."""
        helpers: set[str] = set()
        units = [unit]
        for each in units:
            helpers.update(helper.id for helper in self.roster.helpers_of(each))
            for e in self.view.about("units", each):
                if isinstance(e, Transfer):
                    helpers.add(e.helper)
                elif isinstance(e, Merger) and e.unit not in units:
                    units.append(e.unit)
        vacant = {e.household for e in self.view.about("vacant", unit) if isinstance(e, VacancyOpened)}
        return vacant.union(self._owed_by(unit), *map(self.held_by, helpers))

    def _owed_by(self, bearer: str) -> Iterator[str]:
        return (e.household for e in self.view.about("owed", bearer) if isinstance(e, DutyOpened | DutyPassed))

    def ever_in(self, village: str) -> set[str]:
        """Return the households that ever lived in a village."""
        moved = {e.household for e in self.view.about("villages", village) if isinstance(e, Move)}
        return moved.union(household.id for household in self.roster.households_in(village))


def _has(find: Callable[[str], object], id: str) -> bool:
    try:
        find(id)
    except ArgumentError:
        return False
    return True


_Holds = Callable[[_Standing, date], bool]


class _Scope(NamedTuple):
    """Whose occasions are asked for: the households among which they are found, by id, and which of those belong."""

    households: list[str]
    holds: _Holds


def _everybody(standing: _Standing, day: date) -> bool:
    return True


def _scope(reading: _Reading, of: str | None) -> _Scope:
    """Return whose occasions an id stands for."""
    roster = reading.roster
    candidates: Collection[str]
    holds: _Holds = _everybody
    if of is None:
        candidates = reading.view.ids("households")
    elif not isinstance(of, str):
        raise ArgumentError("bad-key", f"wanted a text or None, got {shown(of)}", "of")
    elif _has(roster.helper, of):
        candidates = reading.held_by(of)

        def holds(standing: _Standing, day: date) -> bool:
            return of in standing.helpers
    elif _has(roster.household, of):
        candidates = [of]
    elif _has(roster.unit, of):
        candidates = reading.held_by_unit(of)

        def holds(standing: _Standing, day: date) -> bool:
            return standing.unit == of or any(
                reading.is_helper(helper) and reading.muster(day).helper(helper).unit == of
                for helper in standing.helpers
            )
    elif of in roster.areas and roster.areas[of].level == "village":
        candidates = reading.ever_in(of)

        def holds(standing: _Standing, day: date) -> bool:
            return standing.village == of
    else:
        message = f"wanted the id of a helper, a household, a unit or a village of the roster, got {shown(of)}"
        raise ArgumentError("unknown-id", message, "of")
    return _Scope(sorted(id for id in candidates if _has(roster.household, id)), holds)


def _rows(household: _Household, occasions: Iterable[_Occasion], holds: _Holds) -> Iterator[DueVisit]:
    """Yield the occasions of a household, of those that hold on the last day of their window."""
    days = [visit.on for visit in household.visits]
    counted: dict[tuple[str, ...], list[date]] = {}
    standing = household.standing
    for end, name, rule, window, last in occasions:
        first = standing(window.start)
        now = standing(last) if first is not None else None
        if first is None or now is None or not _comes_under(rule, now) or not holds(now, last):
            continue
        if first is not now and not _comes_under(rule, first):
            continue
        made = valid = 0
        if days:
            made = bisect_left(days, end) - bisect_left(days, window.start)
        if made:
            ours = counted.get(rule.channels)
            if ours is None:
                visits = (visit for visit in household.visits if visit.channel in rule.channels)
                ours = counted[rule.channels] = [visit.on for visit in visits if household.credited(visit)]
            valid = bisect_left(ours, end) - bisect_left(ours, window.start)
        yield DueVisit(household.id, name, window, rule.times, made, valid, now.helpers, now.village, now.unit)


def _comes_under(rule: VisitRule, standing: _Standing) -> bool:
    """Whether a household that stands so comes under a rule; one that is only revisited, where the rule names it."""
    return rule.fits(standing.status) and (bool(rule.statuses) or not standing.revisited)
