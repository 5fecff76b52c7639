"""Who can be in a roster: ranks, units, helpers, households, villages, links, pairs that are named; and pairings."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from attrs import field, frozen

from pairing.areas import as_tuple
from pairing.dates import Span
from pairing.errors import ArgumentError, key, shown

__all__ = [
    "KINDS",
    "LADDER",
    "RULES",
    "SEXES",
    "Helper",
    "Household",
    "Ladder",
    "Link",
    "NamedPair",
    "OwnLink",
    "Pairing",
    "Rank",
    "Unit",
    "Village",
]

KINDS = ("cadre", "team", "group", "owner")
"""The kinds of helpers: a public servant, a work team, a social group, the owner of a business."""

RULES = ("locked", "excluded", "preferred")
"""What a named pair may be: it stays, it never happens, or it is rather taken than others."""

SEXES = ("f", "m")
"""Women and men, where it is known: some rules of retirement tell them apart."""

PERSONAL = {"personal": True}
"""Marks a field that names a person: it is left out wherever names are not asked for."""


@frozen
class Rank:
    """One rung of a ladder of ranks, such as `Rank("division", "县处级正职")`."""

    id: str
    title: str = ""


def _ranks(ranks: Iterable[Rank | str]) -> tuple[Rank, ...]:
    listed = as_tuple(ranks)
    if not isinstance(listed, tuple):
        return listed
    return tuple(Rank(rank) if isinstance(rank, str) else rank for rank in listed)


@frozen(repr=False)
class Ladder:
    """Ranks in order, the highest first.

    >>> ladder = Ladder(["bureau", "division", "other"])
    >>> ladder
    Ladder('bureau' > 'division' > 'other')
    >>> ladder.position("division"), "clerk" in ladder
    (1, False)
    """

    ranks: tuple[Rank, ...] = field(converter=_ranks)

    def __attrs_post_init__(self) -> None:
        ranks = self.ranks if isinstance(self.ranks, tuple) else ()
        ids = [rank.id for rank in ranks if isinstance(rank, Rank) and isinstance(rank.id, str) and rank.id]
        if not ids or len(set(ids)) < len(ranks):
            raise ArgumentError("bad-ladder", "wanted at least one rank, each id a text and once", "ladder")

    def __repr__(self) -> str:
        return f"Ladder({' > '.join(repr(rank.id) for rank in self.ranks)})"

    def __iter__(self) -> Iterator[Rank]:
        return iter(self.ranks)

    def __contains__(self, rank: object) -> bool:
        return isinstance(rank, str) and rank in self._positions

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {rank.id: position for position, rank in enumerate(self.ranks)}

    def position(self, rank: str | None) -> int:
        """Return the place of a rank, 0 for the highest; whoever has no rank of this ladder stands below all."""
        return self._positions.get(rank, len(self.ranks)) if rank is not None else len(self.ranks)


LADDER = Ladder(
    (
        Rank("province", "省部级正职"),
        Rank("deputy-province", "省部级副职"),
        Rank("bureau", "厅局级正职"),
        Rank("deputy-bureau", "厅局级副职"),
        Rank("division", "县处级正职"),
        Rank("deputy-division", "县处级副职"),
        Rank("section", "乡科级正职"),
        Rank("deputy-section", "乡科级副职"),
        Rank("staff", "科员"),
        Rank("clerk", "办事员"),
    )
)
"""The ranks of the Civil Servant Law of 2006 (articles 16 to 19), below the national level."""


@frozen
class Unit:
    """An organ, institution or enterprise (单位), at a level of the area tree; `parent` is its superior unit."""

    id: str
    level: str
    area: str
    parent: str | None = None
    name: str = field(default="", kw_only=True)


@frozen
class Helper:
    """Whoever can be made responsible for households (帮扶人): a cadre, a team, a group or an owner.

    `rank` is one of the ladder's (a cadre has one), `post` is free, `service` the days on which the helper serves
    (None: always), `members` how many people stand behind it.  What criteria may read: `skills`, `languages`, the
    `home` village and `hamlet`, `ties` (areas lived or served in before) and `kin` (keys of families).  Who is not
    `fit` takes on nobody for the time being; `hardship` (own, stated) halves a contribution in money.  What handovers
    may read: the `division` of the unit (科室), and `birth` and `sex` (one of `SEXES`, "" if not known) for retirement.

    >>> Helper("c-17", "county-finance", "division", name="王小明")
    Helper(id='c-17', unit='county-finance', rank='division', post=None, kind='cadre')
    """

    id: str = field(repr=key)
    unit: str
    rank: str | None = None
    post: str | None = None
    kind: str = "cadre"
    service: Span | None = field(default=None, repr=False)
    members: int = field(default=1, repr=False)
    skills: frozenset[str] = field(default=frozenset(), repr=False)
    languages: frozenset[str] = field(default=frozenset(), repr=False, kw_only=True)
    home: str = field(default="", repr=False, kw_only=True)
    hamlet: str = field(default="", repr=False, kw_only=True)
    ties: frozenset[str] = field(default=frozenset(), repr=False, kw_only=True)
    kin: frozenset[str] = field(default=frozenset(), repr=False, kw_only=True)
    fit: bool = field(default=True, repr=False, kw_only=True)
    hardship: bool = field(default=False, repr=False, kw_only=True)
    division: str = field(default="", repr=False, kw_only=True)
    birth: date | None = field(default=None, repr=False, kw_only=True)
    sex: str = field(default="", repr=False, kw_only=True)
    name: str = field(default="", repr=False, kw_only=True, metadata=PERSONAL)


@frozen
class Household:
    """A poor household (贫困户) in a village; a larger `difficulty` is a harder life.

    `persons` is how many live in it, `registered` the days on which it is in the programme (None: always).  What
    criteria may read besides: `hamlet`, `needs`, `languages`, `kin` (keys of families) and `status`, such as "exited".

    >>> Household("h-204", "621126103204", difficulty=3, name="李大山")
    Household(id='h-204', village='621126103204', difficulty=3, persons=1)
    """

    id: str = field(repr=key)
    village: str
    difficulty: int = 0
    persons: int = 1
    hamlet: str = field(default="", repr=False)
    needs: frozenset[str] = field(default=frozenset(), repr=False)
    registered: Span | None = field(default=None, repr=False)
    languages: frozenset[str] = field(default=frozenset(), repr=False, kw_only=True)
    kin: frozenset[str] = field(default=frozenset(), repr=False, kw_only=True)
    status: str = field(default="", repr=False, kw_only=True)
    name: str = field(default="", repr=False, kw_only=True, metadata=PERSONAL)


@frozen
class Village:
    """What is known of a village (村情): how many households it has where they are not listed, and how remote it is.

    `households` counts those that are not in the roster one by one, `remoteness` and `difficulty` are larger where the
    way is longer and life is harder.

    >>> Village("420528203201", households=412, remoteness=3)
    Village(code='420528203201', households=412, remoteness=3, difficulty=0)
    """

    code: str
    households: int = 0
    remoteness: int = 0
    difficulty: int = 0


@frozen(order=True)
class Link:
    """A unit is linked to a village (联村): its helpers may be paired with the households there, and nowhere else."""

    unit: str
    village: str


@frozen(order=True)
class OwnLink:
    """A helper's own link to a county or a village (联系点), as leaders and work teams have.

    Who has villages of their own may be paired with the households there, and not in those that the unit links.

    >>> OwnLink("c-1", "621126103204")
    OwnLink(helper='c-1', area='621126103204')
    """

    helper: str = field(repr=key)
    area: str


@frozen
class NamedPair:
    """A helper and a household about whom something is laid down: `locked`, `excluded` or `preferred`.

    `score` is for preferred pairs alone: how much it is worth, from 1.

    >>> NamedPair("c-17", "h-204", "excluded", reason="kin")
    NamedPair(helper='c-17', household='h-204', rule='excluded', score=0, reason='kin')
    """

    helper: str = field(repr=key)
    household: str = field(repr=key)
    rule: str
    score: int = 0
    reason: str = field(default="", repr=lambda text: shown(text) if text else "''")


@frozen(order=True)
class Pairing:
    """A helper is responsible for a household, in a role, on the days of a span (None: not laid down).

    >>> Pairing("c-17", "h-204")
    Pairing(helper='c-17', household='h-204', role='lead')
    """

    helper: str = field(repr=key)
    household: str = field(repr=key)
    role: str = "lead"
    span: Span | None = field(default=None, repr=False, order=lambda span: () if span is None else (span,))
