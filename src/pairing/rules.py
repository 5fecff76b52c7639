"""The rules of a policy as values: who helps whom, how links are made, how households are handed over, who retires."""

from collections.abc import Collection, Iterable
from datetime import date

from attrs import field, frozen

from pairing.areas import as_tuple
from pairing.people import Helper, Household, Unit
from pairing.quotas import Quota

__all__ = [
    "AFTER_EXIT",
    "METHODS",
    "RUNGS",
    "SHARES",
    "TRANSFERS",
    "Cumulative",
    "HandoverRules",
    "HelperRule",
    "HouseholdRule",
    "LeaderRule",
    "LinkingRules",
    "RetirementRule",
    "VisitRules",
    "covers",
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


@frozen
class VisitRules:
    """After how many months without a visit a helper is one in name only (挂名).

    Source: the number is chosen.

    >>> VisitRules()
    VisitRules(silence=6)
    """

    silence: int = 6
    source: str = field(default="", repr=False)
