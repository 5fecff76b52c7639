"""The rules of a policy as values: for helpers, for households, and for linking units and leaders to villages."""

from collections.abc import Collection, Iterable

from attrs import field, frozen

from pairing.areas import as_tuple
from pairing.people import Helper, Household, Unit
from pairing.quotas import Quota

__all__ = ["METHODS", "SHARES", "Cumulative", "HelperRule", "HouseholdRule", "LeaderRule", "LinkingRules", "covers"]

METHODS = ("webster", "largest-remainder")
"""The methods by which shares become whole numbers."""

SHARES = ("headcount", "duty")
"""What a unit's share is in proportion to: how many helpers it has, or the sum of their floors."""


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
