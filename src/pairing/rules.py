"""The rules of a policy as values: who helps whom, how links are made, how households are handed over, who retires,
when visits are due, what is appraised.
"""

import re
from calendar import isleap
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import count

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from pairing.areas import as_tuple
from pairing.dates import Span
from pairing.errors import ArgumentError, shown
from pairing.festivals import festival
from pairing.people import Helper, Household, Unit
from pairing.quotas import Quota

__all__ = [
    "ADDED_FOR",
    "AFTER_EXIT",
    "COUNTED_FROM",
    "DEDUCTED_FOR",
    "METHODS",
    "PERIODS",
    "RUNGS",
    "SHARES",
    "TRANSFERS",
    "AppraisalItem",
    "AppraisalPart",
    "AppraisalRules",
    "Cumulative",
    "HandoverRules",
    "HelperRule",
    "HouseholdRule",
    "LeaderRule",
    "LinkingRules",
    "RetirementRule",
    "VisitRule",
    "VisitRules",
    "covers",
    "season",
]

METHODS = ("webster", "largest-remainder")
"""The methods by which shares become whole numbers."""

SHARES = ("headcount", "duty")
"""What a unit's share is in proportion to: how many helpers it has, or the sum of their floors."""

RUNGS = ("volunteer", "division", "unit", "linked", "superior")
"""Who may take over a household, in the order in which a policy may ask them.

Who offered to; who is of the same division (科室) of the same unit; who is of the same unit; who is of another unit
that is linked to the village; who is of the superior unit.
"""

TRANSFERS = ("hand over", "keep")
"""What a transferred helper does with the households: hands them over, or keeps those that the new unit may have."""

AFTER_EXIT = ("new household", "stay")
"""What a helper does after the exit of a household: takes on a new one and keeps revisiting the old, or stays."""

PERIODS = ("months", "days", "festivals", "seasons")
"""What says when visits are due under a rule: each so many months or days, about festivals, in windows of the year."""

DEDUCTED_FOR = ("visits missed", "households silent", "measures not kept", "handovers late", "checked wrong")
"""What points are deducted for; each belongs to one day, and is told of whoever had to see to it on that day.

- "visits missed": visits that were due and not made validly; on the last day of their window.
- "households silent": households that nobody came to see for as long as the policy says; on the last day that counts.
- "measures not kept": promised to a household, and not kept on the day by which they were due, or given up before.
- "handovers late": takers had a household to take over, and it was still under way at the end of the deadline.
- "checked wrong": spot checks that found something wrong.
"""

ADDED_FOR = ("person-visits", "household-visits", "money given", "measures kept", "exits")
"""What points are added for: columns of `tallies.totals`; money is in fen (1/100 yuan)."""

COUNTED_FROM = date(1900, 1, 1)
"""Where a policy says no day on which it takes effect, months and days are counted from here: a Monday."""


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(texts)


def covers(selector: Collection[str], other: Collection[str]) -> bool:
    """Whether whoever fits the other selector fits this one too; an empty selector fits everybody.

    >>> covers((), ("bureau",)), covers(("bureau",), ()), covers(("bureau", "division"), ("bureau",))
    (True, False, True)
    """
    return not selector or (bool(other) and set(other) <= set(selector))


@frozen
class Cumulative:
    """How many households a helper takes on over so many programme years, beside what is taken on in each of them.

    Programme years are counted from the day on which the policy takes effect, that of its oldest version; the cycles
    of so many years follow one another from there.

    >>> Cumulative(2, Quota(10, 10))
    Cumulative(years=2, quota=Quota(floor=10, ceiling=10))
    """

    years: int
    quota: Quota


@frozen
class HelperRule:
    """How many households a kind of helper takes on, and in which role; an empty selector fits everybody.

    `soft` means "in principle" (原则上): the floor yields to every hard floor and is no shortfall when it is missed,
    and the ceiling yields where a household would have fewer helpers than it is due, or a hard floor would be missed.

    With `over` the quota is for a programme year, and `over` says how many it may come to in several.
    `contribution` is what the helper gives in a calendar year, in fen (1/100 yuan).

    >>> rule = HelperRule(Quota(3, 6), ranks=("bureau", "deputy-bureau"))
    >>> rule.fits(Helper("c-1", "u", "bureau"), Unit("u", "province", "62"))
    True
    """

    quota: Quota
    ranks: tuple[str, ...] = field(default=(), converter=_texts)
    kinds: tuple[str, ...] = field(default=(), converter=_texts)
    posts: tuple[str, ...] = field(default=(), converter=_texts)
    unit_levels: tuple[str, ...] = field(default=(), converter=_texts)
    role: str = "lead"
    soft: bool = False
    source: str = field(default="", repr=False)
    over: Cumulative | None = field(default=None, repr=False, kw_only=True)
    contribution: int = field(default=0, repr=False, kw_only=True)

    def fits(self, helper: Helper, unit: Unit) -> bool:
        """Whether the rule is for this helper, who belongs to this unit."""
        return (
            (not self.ranks or helper.rank in self.ranks)
            and (not self.kinds or helper.kind in self.kinds)
            and (not self.posts or helper.post in self.posts)
            and (not self.unit_levels or unit.level in self.unit_levels)
        )

    def covers(self, other: "HelperRule") -> bool:
        """Whether the rule fits everybody whom the other one fits, so that the other, coming later, never holds.

        >>> HelperRule(Quota(1)).covers(HelperRule(Quota(3), ranks=("bureau",)))
        True
        """
        return all(covers(*both) for both in zip(self.selectors, other.selectors, strict=True))

    @property
    def selectors(self) -> tuple[tuple[str, ...], ...]:
        """Ranks, kinds, posts and levels of units, in this order."""
        return self.ranks, self.kinds, self.posts, self.unit_levels


@frozen
class HouseholdRule:
    """How many helpers a household is due in a role; it is for households of at least that difficulty.

    In each role the first helper bears the name of the role and further ones the name in `others`: one person
    answers for the household (责任到人), the others support.

    >>> HouseholdRule(Quota(1, 3))
    HouseholdRule(quota=Quota(floor=1, ceiling=3), role='lead', others='support', difficulty=0)
    """

    quota: Quota
    role: str = "lead"
    others: str = "support"
    difficulty: int = 0
    source: str = field(default="", repr=False)

    def fits(self, household: Household) -> bool:
        """Whether the rule is for this household."""
        return household.difficulty >= self.difficulty

    def covers(self, other: "HouseholdRule") -> bool:
        """Whether the rule fits every household that the other one fits: then the other, coming later, never holds."""
        return self.role == other.role and self.difficulty <= other.difficulty


@frozen
class LeaderRule:
    """Leaders are linked to counties, to one village in one of them, and to at least so many households there.

    Source: Gansu 2012, provincial leaders: 1 to 2 poor counties each, in the linked county 1 poor village, and at
    least 5 households.

    >>> LeaderRule(ranks=("province", "deputy-province"))
    LeaderRule(ranks=('province', 'deputy-province'), kinds=(), posts=(), counties=Quota(floor=1, ceiling=2), \
households=5)
    """

    ranks: tuple[str, ...] = field(default=(), converter=_texts)
    kinds: tuple[str, ...] = field(default=(), converter=_texts)
    posts: tuple[str, ...] = field(default=(), converter=_texts)
    counties: Quota = field(default=Quota(1, 2))
    households: int = 5
    source: str = field(default="", repr=False)

    def fits(self, helper: Helper) -> bool:
        """Whether the rule is for this helper."""
        return (
            (not self.ranks or helper.rank in self.ranks)
            and (not self.kinds or helper.kind in self.kinds)
            and (not self.posts or helper.post in self.posts)
        )

    @property
    def selectors(self) -> tuple[tuple[str, ...], ...]:
        """Ranks, kinds and posts, in this order."""
        return self.ranks, self.kinds, self.posts

    def covers(self, other: "LeaderRule") -> bool:
        """Whether the rule fits everybody whom the other one fits, so that the other, coming later, never holds."""
        return all(covers(*both) for both in zip(self.selectors, other.selectors, strict=True))


def _leader_rules(rules: Iterable[LeaderRule]) -> tuple[LeaderRule, ...]:
    return as_tuple(rules)


@frozen
class LinkingRules:
    """How units, leaders and teams are linked to villages, where the links are not laid down.

    - `method`: how shares become whole numbers, one of `METHODS`.
    - `share`: what a unit's share of the households is in proportion to, one of `SHARES`.
    - `gathered`: levels of units whose cadres are gathered on one village each ("link one household, lead one
      village", 联一户带一村).
    - `leaders`: who is linked to counties and a village personally.
    - `teams`: kinds of helpers who take whole villages, the remotest and hardest for the highest.

    >>> LinkingRules(share="duty")
    LinkingRules(method='webster', share='duty', gathered=(), leaders=(), teams=())
    """

    method: str = "webster"
    share: str = "headcount"
    gathered: tuple[str, ...] = field(default=(), converter=_texts)
    leaders: tuple[LeaderRule, ...] = field(default=(), converter=_leader_rules)
    teams: tuple[str, ...] = field(default=(), converter=_texts)
    source: str = field(default="", repr=False)


@frozen
class HandoverRules:
    """How households pass from one helper to the next, and what follows when they have left poverty.

    - `ladder`: who is asked to take over, one of `RUNGS` after the other; who is left out is never asked.
    - `jointly`: at most so many volunteers take over one household together.
    - `overlap`: days for which the old helper stays on beside the new one, where the old one still serves.
    - `deadline`: days in which a handover that was proposed is to be completed.
    - `soon`: days; who leaves the service within so many after a handover takes over only when nobody else can.
    - `absence`: days; a leave of more is a reason to hand over.
    - `transfer`: what a transferred helper does with the households, one of `TRANSFERS`: "keep" is for those in
      villages that the new unit is linked to.
    - `after_exit`: what a helper does after the exit of a household, one of `AFTER_EXIT`.
    - `notice`: at least so many days lie between the notification of an exit and the exit.
    - `watch`: months for which a household is watched and revisited after its exit.

    Sources: the relay of Panjin (爱心接力), where a judge retires and a younger judge of the same division asks to take
    over, another is transferred and two colleagues of the same division take over jointly; the revisits of Liaoyang
    (回访), where who has helped a household out of poverty takes on another and keeps going to see the first.  They
    stand for rules 19 to 21, 29 and 30; the periods are chosen.

    >>> HandoverRules(ladder=["division", "unit"]).ladder, HandoverRules().ladder == RUNGS
    (('division', 'unit'), True)
    >>> HandoverRules(ladder=["unit"], transfer="keep")
    HandoverRules(ladder=('unit',), jointly=2, overlap=0, deadline=30, soon=365, absence=30, transfer='keep', \
after_exit='new household', notice=0, watch=12)
    """

    ladder: tuple[str, ...] = field(default=RUNGS, converter=_texts)
    jointly: int = 2
    overlap: int = 0
    deadline: int = 30
    soon: int = 365
    absence: int = 30
    transfer: str = "hand over"
    after_exit: str = "new household"
    notice: int = 0
    watch: int = 12
    source: str = field(default="", repr=False)


@frozen
class RetirementRule:
    """At which age, in months, helpers retire; an empty selector fits everybody.

    Who has no known sex fits only a rule that names none.

    Source: State Council 1978, No. 104: men retire at 60, women cadres at 55.

    >>> men, women = RetirementRule(720, sexes=["m"]), RetirementRule(660, kinds=["cadre"], sexes=["f"])
    >>> men
    RetirementRule(age=720, ranks=(), kinds=(), sexes=('m',))
    >>> judge = Helper("c-1", "court", "section", birth=date(1952, 2, 29), sex="f")
    >>> men.fits(judge), women.fits(judge), women.day(judge.birth)
    (False, True, datetime.date(2007, 3, 1))
    """

    age: int
    ranks: tuple[str, ...] = field(default=(), converter=_texts)
    kinds: tuple[str, ...] = field(default=(), converter=_texts)
    sexes: tuple[str, ...] = field(default=(), converter=_texts)
    source: str = field(default="", repr=False)

    def fits(self, helper: Helper) -> bool:
        """Whether the rule is for this helper."""
        return (
            (not self.ranks or helper.rank in self.ranks)
            and (not self.kinds or helper.kind in self.kinds)
            and (not self.sexes or helper.sex in self.sexes)
        )

    def day(self, birth: date) -> date:
        """Return the first day out of the service: of the month after the one in which the age is reached.

        The months are whole ones from the day of birth on; whoever is born on 29 February reaches an age, in a year
        that has no such day, on the 28th.  What lies beyond the calendar comes to its last day.

        >>> RetirementRule(720).day(date(1952, 1, 31)), RetirementRule(720).day(date(1952, 12, 1))
        (datetime.date(2012, 2, 1), datetime.date(2013, 1, 1))
        """
        year, month = divmod(12 * birth.year + birth.month + self.age, 12)  # a month later than the age, from 0
        return date(year, month + 1, 1) if year <= date.max.year else date.max

    @property
    def selectors(self) -> tuple[tuple[str, ...], ...]:
        """Ranks, kinds and sexes, in this order."""
        return self.ranks, self.kinds, self.sexes

    def covers(self, other: "RetirementRule") -> bool:
        """Whether the rule fits everybody whom the other one fits, so that the other, coming later, never holds.

        >>> RetirementRule(720).covers(RetirementRule(660, sexes=["f"]))
        True
        """
        return all(covers(*both) for both in zip(self.selectors, other.selectors, strict=True))


_SEASON = re.compile(r"([0-9]{2})-([0-9]{2})/([0-9]{2})-([0-9]{2})", re.ASCII)


def season(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return month and day of the first and of the last day that a text MM-DD/MM-DD names, or None where it is none.

    >>> season("03-15/05-15"), season("03-15/05-32")
    (((3, 15), (5, 15)), None)
    """
    found = _SEASON.fullmatch(text)
    if found is None:
        return None
    from_month, from_day, to_month, to_day = map(int, found.groups())
    try:
        date(2000, from_month, from_day), date(2000, to_month, to_day)
    except ValueError:
        return None
    return (from_month, from_day), (to_month, to_day)


@frozen
class VisitRule:
    """So many visits are due to each household in each window of days; the windows of a rule never overlap.

    The windows are said by exactly one of `PERIODS`:

    - `months`, `days`: one after the other, each so long, from the day on which the policy takes effect.
    - `festivals`: about each of these festivals, from so many days `before` it to so many days `after` it.
    - `seasons`: each year, texts MM-DD/MM-DD with the first day and the last; over New Year, where the last comes
      before the first.  02-29 is the last day of February.

    `channels` are those through which a visit counts.  `statuses` are the households for which the rule holds: "none"
    (no status), "exited", "fallen back", or as the roster has it; empty means all.

    Sources: the households of Panjin are visited at Dragon Boat, Mid-Autumn and Spring Festival, and in spring
    ploughing and autumn harvest; later rules ask for at least 4 home visits a year and a call a month, or for weekly
    contact and a visit every half month.  The days before a festival are chosen.

    >>> rule = VisitRule("festival", festivals=["spring-festival", "mid-autumn"], before=7)
    >>> rule.windows(Span(date(2013, 1, 1), date(2014, 1, 1)))
    (Span(2013-02-03 .. 2013-02-11), Span(2013-09-12 .. 2013-09-20))
    """

    name: str
    times: int = 1
    months: int = field(default=0, kw_only=True)
    days: int = field(default=0, kw_only=True)
    festivals: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    before: int = field(default=7, kw_only=True)
    after: int = field(default=0, kw_only=True)
    seasons: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    channels: tuple[str, ...] = field(default=("in person",), converter=_texts, kw_only=True)
    statuses: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    source: str = field(default="", repr=False, kw_only=True)

    def fits(self, status: str) -> bool:
        """Whether the rule holds for households of a status; "" is none.

        >>> VisitRule("revisit", months=3, statuses=["exited", "none"]).fits("")
        True
        """
        return not self.statuses or (status or "none") in self.statuses

    def windows(self, during: Span, start: date = COUNTED_FROM) -> tuple[Span, ...]:
        """Return the windows whose last day lies in a span that has an end, by day.

        So each window belongs to one of several spans that follow one another.  Months and days are counted from
        `start`, on both sides of it: each bound is that day plus n times so many, so that the 31st comes back after a
        short month.

        >>> VisitRule("home visit", months=3).windows(Span(date(2012, 1, 1), date(2012, 7, 1)), date(2011, 11, 30))
        (Span(2011-11-30 .. 2012-02-29), Span(2012-02-29 .. 2012-05-30))

        Raises `ArgumentError` where the span has no end, and for years whose festivals are not known.
        """
        if not isinstance(during, Span) or during.end is None:
            raise ArgumentError("bad-span", f"wanted a span with an end, got {shown(during)}", "during")
        found: Iterable[tuple[date, date]] = ()
        if self.months:
            found = self._by_months(during.start, during.end, start)
        elif self.days:
            found = self._by_days(during.start, during.end, start)
        elif self.festivals:
            found = self._about_festivals(during.start, during.end)
        elif self.seasons:
            found = self._in_seasons(during.start, during.end)
        ours = ((first, end) for first, end in found if first < end and during.start < end <= during.end)
        return tuple(Span(*bounds) for bounds in sorted(ours))

    def _by_months(self, since: date, until: date, start: date) -> Iterator[tuple[date, date]]:
        passed = 12 * (since.year - start.year) + since.month - start.month
        for n in count(passed // self.months - 1):
            first, end = (_months_after(start, k * self.months) for k in (n, n + 1))
            if end > until or end == date.max:
                return
            if first > date.min:
                yield first, end

    def _by_days(self, since: date, until: date, start: date) -> Iterator[tuple[date, date]]:
        first = start.toordinal() + (since - start).days // self.days * self.days
        for at in range(first, until.toordinal() - self.days + 1, self.days):
            if at >= 1:
                yield date.fromordinal(at), date.fromordinal(at + self.days)

    def _about_festivals(self, since: date, until: date) -> Iterator[tuple[date, date]]:
        earliest, latest = (_days_later(day, -self.after) for day in (since, until - timedelta(1)))
        for year in range(earliest.year, latest.year + 1):
            for name in self.festivals:
                day = festival(name, year)
                yield _days_later(day, -self.before), _days_later(day, self.after + 1)

    def _in_seasons(self, since: date, until: date) -> Iterator[tuple[date, date]]:
        for text in self.seasons:
            found = season(text)
            if found is None:
                raise ArgumentError("bad-season", f"wanted MM-DD/MM-DD, got {shown(text)}", "seasons")
            first, last = found
            for year in range(max(1, since.year - 1), min(until.year, date.max.year - 1) + 1):
                yield _day_of(year, *first), _day_of(year + (last < first), *last) + timedelta(1)


def _months_after(day: date, months: int) -> date:
    """Return the day so many months later; what lies beyond the calendar comes to its first or last day."""
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError):
        return date.max if months > 0 else date.min


def _days_later(day: date, days: int) -> date:
    """Return the day so many days later; what lies beyond the calendar comes to its first or last day."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, 28 if (month, day) == (2, 29) and not isleap(year) else day)


def _visit_rules(rules: Iterable[VisitRule]) -> tuple[VisitRule, ...]:
    return as_tuple(rules)


@frozen
class VisitRules:
    """When visits are due, and after how many months without one in person there is an alarm (挂名, in name only).

    - `silence`: so many months without a visit in person make a helper one in name only, and a household silent.
    - `rules`: when visits are due; a household may be due visits under each of them.

    Source: an alarm where nobody came for half a year.

    >>> VisitRules()
    VisitRules(silence=6, rules=())
    """

    silence: int = 6
    rules: tuple[VisitRule, ...] = field(default=(), converter=_visit_rules)
    source: str = field(default="", repr=False)


@frozen
class AppraisalItem:
    """What one item of the appraisal counts (`what`), and how many points that comes to.

    - Of what is in `DEDUCTED_FOR`, an item begins with all its `points`: `each` are deducted for each one, and no item
      falls below 0.  Where `each` is as much as `points`, one is enough to lose them all (一票否决).
    - Of what is in `ADDED_FOR`, an item begins with 0: `each` are added for each one, up to `points`, which is the cap.
    - With `per`, it is for each so many: 1 point for each 10,000 fen.  What is left over counts in proportion.

    Source: published rules of appraisal deduct for each visit that was missed, with a floor of 0 for each item, and cap
    what can be added.

    >>> item = AppraisalItem("visits", "visits missed", points=60, each=5)
    >>> item.mark(3), item.mark(13), AppraisalItem("gifts", "money given", points=10, each=1, per=10_000).mark(25_000)
    (Fraction(45, 1), Fraction(0, 1), Fraction(5, 2))
    """

    name: str
    what: str
    points: int
    each: int
    per: int = 1
    source: str = field(default="", repr=False)

    @property
    def deducts(self) -> bool:
        """Whether points are deducted; otherwise they are added."""
        return self.what in DEDUCTED_FOR

    def moved(self, count: int, members: int = 1) -> Fraction:
        """Return the points that are deducted, or added, for so many, shared by so many members: without any bound."""
        return Fraction(self.each * count, self.per * members)

    def mark(self, count: int, members: int = 1) -> Fraction:
        """Return the points of the item, from 0 to `points`, for so many, shared by so many members."""
        moved = self.moved(count, members)
        return max(Fraction(0), self.points - moved) if self.deducts else min(Fraction(self.points), moved)


@frozen
class AppraisalPart:
    """A part of the yearly appraisal: the months that it looks at, both included, and its weight in the year.

    Source: half-year 30, year-end 70.

    >>> AppraisalPart("half-year", 30, last=6)
    AppraisalPart(name='half-year', weight=30, first=1, last=6)
    """

    name: str
    weight: int
    first: int = 1
    last: int = 12


def _appraisal_items(items: Iterable[AppraisalItem]) -> tuple[AppraisalItem, ...]:
    return as_tuple(items)


def _appraisal_parts(parts: Iterable[AppraisalPart]) -> tuple[AppraisalPart, ...]:
    return as_tuple(parts)


@frozen
class AppraisalRules:
    """What the yearly appraisal counts, and in which parts; without parts, the year is looked at as a whole.

    - `items`: the points of all items together are the full mark.
    - `parts`: all items are appraised in each of them; the weights come to 100.

    >>> AppraisalRules()
    AppraisalRules(items=(), parts=())
    """

    items: tuple[AppraisalItem, ...] = field(default=(), converter=_appraisal_items)
    parts: tuple[AppraisalPart, ...] = field(default=(), converter=_appraisal_parts)
    source: str = field(default="", repr=False)
