"""Why a plan is as it is, as values: what somebody is due and has, why a pair is made, and why another is not."""

from collections.abc import Mapping

from attrs import field, frozen

from pairing.errors import key
from pairing.markup import html_lines, html_page
from pairing.proof import Shortfall
from pairing.quotas import Quota
from pairing.worth import Price

__all__ = ["Explanation", "NextBest", "PairReason", "Standing", "WhyNot", "due"]


@frozen(repr=False)
class Standing:
    """What somebody owes or is due in a role, has, and may have.

    - `quota`, `soft`: as they hold on the day; `rule` is the path of the rule in the policy, `source` its source.
    - `has`: how many partners there are in the plan; `allowed`: with how many a pair is allowed at all; `full`: how
      many of those have as many partners as their ceiling allows.

    >>> Standing("lead", Quota(1, 3), False, "helpers[3]", "", has=1, allowed=7, full=0)
    Standing(lead: 1 of 1 to 3, at the floor)
    """

    role: str
    quota: Quota
    soft: bool
    rule: str
    source: str
    has: int
    allowed: int
    full: int

    def __repr__(self) -> str:
        return f"Standing({self.role}: {self.has} of {due(self.quota)}, {self.bound})"

    @property
    def bound(self) -> str:
        """What kept it from more, or from fewer.

        One of "below the floor", "at the floor", "between", "at the ceiling", "above the ceiling" (only in principle),
        "everybody allowed".
        """
        floor, ceiling = self.quota.floor, self.quota.ceiling
        if self.has < floor:
            return "below the floor"
        if ceiling is not None and self.has >= ceiling:
            return "above the ceiling" if self.has > ceiling else "at the ceiling"
        if self.has >= self.allowed:
            return "everybody allowed"
        return "at the floor" if self.has == floor else "between"


def due(quota: Quota) -> str:
    """Return a quota in words.

    >>> due(Quota(1, 3)), due(Quota(2, 2)), due(Quota(1))
    ('1 to 3', '2', 'at least 1')
    """
    if quota.ceiling is None:
        return f"at least {quota.floor:,}"
    return f"{quota.floor:,}" if quota.floor == quota.ceiling else f"{quota.floor:,} to {quota.ceiling:,}"


@frozen(repr=False)
class NextBest:
    """The best plan without a pair: what it costs, and who would be paired instead.

    `helpers` are those whom the household would have instead, `households` those whom the helper would have.
    """

    price: Price
    helpers: tuple[str, ...]
    households: tuple[str, ...]

    def __repr__(self) -> str:
        others = [
            f"{name}={', '.join(map(key, ids))}"
            for name, ids in (("helpers", self.helpers), ("households", self.households))
            if ids
        ]
        return f"NextBest({', '.join([repr(self.price), *others])})"


@frozen
class PairReason:
    """Why a helper and a household are paired.

    - `link`: "unit" where the unit is linked to the village, "own" where the helper is.
    - `locked`, `kept`: whether the pair is laid down, and whether the book has it.
    - `scores`: what each criterion gives the pair, by name, with "preferred" for a preferred pair; zeros left out.
    - `alike`: how many helpers are interchangeable for the household, this one among them; the ids decided.
    - `next`: the best plan without the pair; None for a locked pair, which stays.
    """

    helper: str = field(repr=key)
    household: str = field(repr=key)
    role: str
    rank: str | None
    unit: str
    village: str
    link: str
    locked: bool
    kept: bool
    scores: tuple[tuple[str, int], ...]
    alike: int
    next: NextBest | None


@frozen(repr=False)
class Explanation:
    """Why somebody, or a place, stands in a plan as it does; `str` gives it in sentences.

    - `kind`: "helper", "household", "unit" or "village".
    - `standings`: of a helper one, of a household one for each role; none for who takes no part.
    - `pairs`: why each of the pairings is made.
    - `figures`: of a unit or a village, numbers by name; None is "without a ceiling".
    - `shortfalls`: those in whose proof it stands.
    """

    id: str
    kind: str
    standings: tuple[Standing, ...] = ()
    pairs: tuple[PairReason, ...] = ()
    figures: Mapping[str, int | None] = field(factory=dict, hash=False)
    shortfalls: tuple[Shortfall, ...] = ()
    text: str = field(default="", eq=False)

    def __repr__(self) -> str:
        told = [*map(repr, self.standings), *(f"{name}: {value}" for name, value in self.figures.items())]
        return f"Explanation({self.kind} {key(self.id)}: {', '.join(told) or 'takes no part'})"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return html_page(html_lines(self.text))


@frozen(repr=False)
class WhyNot:
    """Why a helper and a household are not paired; `str` gives it as a sentence.

    - `reason`: "paired" (they are), "not serving", "not fit", "no rule", "not registered", "role", "no link",
      "excluded", "criterion", "earlier year", "ceiling" (locked pairs fill it), "price" or "order of ids".
    - `price`: for the last two, what the best plan with the pair costs more; nothing where the order of ids decided.
    """

    helper: str
    household: str
    reason: str
    price: Price | None = None
    sentence: str = field(default="", eq=False)

    def __repr__(self) -> str:
        cost = f", {self.price!r}" if self.price else ""
        return f"WhyNot({key(self.helper)}, {key(self.household)}: {self.reason}{cost})"

    def __str__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return html_page(html_lines(self.sentence))
