"""Criteria: what is read of a helper and of a household, and how well the two readings go together.

Helpers with equal readings are interchangeable, and so are households: that is what keeps a province fast.  A score
is a whole number, the larger the better; a score of None means that the pair must not be made.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, ClassVar, Protocol

from attrs import field, frozen

from pairing.areas import Area, as_tuple
from pairing.errors import ArgumentError, masked, shown
from pairing.people import LADDER, Helper, Household, Ladder, Unit
from pairing.plain import Lists, Table

__all__ = [
    "CRITERIA",
    "ClassToClass",
    "Criterion",
    "EarlierTie",
    "HardestToHighest",
    "Kin",
    "Reading",
    "SameHamlet",
    "Scores",
    "Scoring",
    "SharedLanguage",
    "SkillToNeed",
]

Reading = Hashable


class Scores(Protocol):
    """What every criterion is: a name, two readings and a score of them; see `Criterion`."""

    @property
    def name(self) -> str:
        """What the criterion is called."""
        ...

    @property
    def helper(self) -> Callable[[Helper], Reading]:
        """How a helper is read."""
        ...

    @property
    def household(self) -> Callable[[Household], Reading]:
        """How a household is read."""
        ...

    @property
    def link(self) -> Callable[[Unit, Area], Reading] | None:
        """How the unit of the helper and the village of the household are read, or None."""
        ...

    @property
    def score(self) -> Callable[..., int | None]:
        """How well the readings go together; None excludes the pair."""
        ...


@frozen
class Criterion:
    """A criterion of your own, as three small functions.

    `helper` and `household` return what is read (any hashable value; the fewer different ones, the faster), and
    `score` takes the two readings and returns a whole number, or None where the pair must not be made.  With `link`,
    which takes the unit and the area of the village, `score` takes its reading as the third argument.

    The same readings must always give the same score.

    >>> near = Criterion("party member to party branch", lambda h: h.post == "secretary", lambda p: p.difficulty > 3,
    ...                  lambda leads, hard: 5 if leads and hard else 0)
    >>> near
    Criterion('party member to party branch')
    """

    name: str
    helper: Callable[[Helper], Reading] = field(repr=False)
    household: Callable[[Household], Reading] = field(repr=False)
    score: Callable[..., int | None] = field(repr=False)
    link: Callable[[Unit, Area], Reading] | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ArgumentError("bad-type", f"wanted a name, got {shown(self.name)}", "name")
        for what in ("helper", "household", "score"):
            if not callable(getattr(self, what)):
                raise ArgumentError("bad-type", f"wanted a function, got {shown(getattr(self, what))}", what)
        if self.link is not None and not callable(self.link):
            raise ArgumentError("bad-type", f"wanted a function or None, got {shown(self.link)}", "link")

    def __repr__(self) -> str:
        return f"Criterion({self.name!r})"


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(texts)


def _lists(lists: Iterable[Iterable[str]]) -> Lists:
    listed: Any = as_tuple(lists)
    return tuple(map(as_tuple, listed)) if isinstance(listed, tuple) else listed


def _table(table: Mapping[str, Iterable[str]] | Table) -> Table:
    if isinstance(table, Mapping):
        return tuple((word, as_tuple(words)) for word, words in table.items())
    return as_tuple(table)


@frozen
class SkillToNeed:
    """Each need of the household that a skill of the helper meets is worth the weight; `meets` has needs by skill.

    Without `meets`, a skill meets the need of the same name.

    >>> medicine = SkillToNeed({"medicine": ["illness"]}, weight=3)
    >>> medicine.score(medicine.helper(Helper("c", "u", skills=frozenset({"medicine"}))), frozenset({"illness"}))
    3
    """

    name: ClassVar[str] = "skill-to-need"
    link: ClassVar[None] = None
    meets: Table = field(default=(), converter=_table)
    weight: int = 1

    def helper(self, helper: Helper) -> frozenset[str]:
        """Read the needs that the helper can meet."""
        if not self.meets:
            return helper.skills
        return frozenset(need for skill, needs in self.meets if skill in helper.skills for need in needs)

    def household(self, household: Household) -> frozenset[str]:
        """Read the needs."""
        return household.needs

    def score(self, met: frozenset[str], needs: frozenset[str]) -> int:
        """Count the needs that are met."""
        return self.weight * len(met & needs)


@frozen
class SameHamlet:
    """A helper who lives in the household's hamlet is worth twice the weight, one from a neighbouring hamlet once.

    `neighbours` lists [village, hamlet, hamlet].

    >>> near = SameHamlet(neighbours=[["v", "east", "west"]])
    >>> near.score(("v", "west"), ("v", "west")), near.score(("v", "west"), ("v", "east"))
    (2, 1)
    """

    name: ClassVar[str] = "same-hamlet"
    link: ClassVar[None] = None
    weight: int = 1
    neighbours: Lists = field(default=(), converter=_lists)

    def helper(self, helper: Helper) -> tuple[str, str]:
        """Read where the helper lives; who has no hamlet is near nobody."""
        return (helper.home, helper.hamlet) if helper.home and helper.hamlet else ("", "")

    def household(self, household: Household) -> tuple[str, str]:
        """Read where the household lives."""
        return (household.village, household.hamlet) if household.hamlet else ("", "")

    def score(self, home: tuple[str, str], place: tuple[str, str]) -> int:
        """Compare the two places."""
        if home[0] != place[0] or not home[1]:
            return 0
        if home == place:
            return 2 * self.weight
        near = (place[0], home[1], place[1]), (place[0], place[1], home[1])
        return self.weight if any(way in self.neighbours for way in near) else 0


@frozen
class SharedLanguage:
    """A language that both speak is worth the weight; where it is `required`, pairs without one are not made.

    A household for which no language is noted speaks with everybody, and so does such a helper.
    """

    name: ClassVar[str] = "shared-language"
    link: ClassVar[None] = None
    weight: int = 1
    required: bool = False

    def helper(self, helper: Helper) -> frozenset[str]:
        """Read the languages."""
        return helper.languages

    def household(self, household: Household) -> frozenset[str]:
        """Read the languages."""
        return household.languages

    def score(self, mine: frozenset[str], theirs: frozenset[str]) -> int | None:
        """Look for a language in common."""
        if not mine or not theirs:
            return 0
        if mine & theirs:
            return self.weight
        return None if self.required else 0


@frozen
class EarlierTie:
    """A helper who has lived or served in the household's village before (`Helper.ties`) is worth the weight."""

    name: ClassVar[str] = "earlier-tie"
    link: ClassVar[None] = None
    weight: int = 1

    def helper(self, helper: Helper) -> frozenset[str]:
        """Read the areas of earlier ties."""
        return helper.ties

    def household(self, household: Household) -> str:
        """Read the village."""
        return household.village

    def score(self, ties: frozenset[str], village: str) -> int:
        """Look whether the village is among the ties."""
        return self.weight if village in ties else 0


@frozen
class HardestToHighest:
    """The hardest households go to the highest ranks: the weight counts by difficulty times height of the rank.

    The lowest rank of the ladder has height 1, whoever has no rank 0.  The greatest sum pairs the highest with the
    hardest (Hardy, Littlewood and Pólya, Inequalities, 1934, theorem 368).
    """

    name: ClassVar[str] = "hardest-to-highest"
    link: ClassVar[None] = None
    weight: int = 1
    ladder: Ladder = field(default=LADDER, repr=False)

    def helper(self, helper: Helper) -> int:
        """Read the height of the rank."""
        return len(self.ladder.ranks) - self.ladder.position(helper.rank)

    def household(self, household: Household) -> int:
        """Read the difficulty."""
        return household.difficulty

    def score(self, height: int, difficulty: int) -> int:
        """Multiply the two."""
        return self.weight * height * difficulty


@frozen
class ClassToClass:
    """A class of helpers is paired with a class of households: that is worth the weight, or must not be (`exclude`).

    Empty selectors fit everybody; a household is of the class when it has one of the needs that are listed, and at
    least the difficulty.

    >>> exited = ClassToClass(kinds=["cadre"], posts=["village-cadre"], statuses=["exited"], weight=2)
    >>> exited.score(True, True), exited.score(True, False)
    (2, 0)
    """

    name: ClassVar[str] = "class-to-class"
    link: ClassVar[None] = None
    ranks: tuple[str, ...] = field(default=(), converter=_texts)
    kinds: tuple[str, ...] = field(default=(), converter=_texts)
    posts: tuple[str, ...] = field(default=(), converter=_texts)
    statuses: tuple[str, ...] = field(default=(), converter=_texts)
    needs: tuple[str, ...] = field(default=(), converter=_texts)
    difficulty: int = 0
    weight: int = 1
    exclude: bool = False

    @property
    def selectors(self) -> tuple[tuple[str, ...], ...]:
        """Ranks, kinds, posts, statuses and needs, in this order."""
        return self.ranks, self.kinds, self.posts, self.statuses, self.needs

    def covers(self, other: "ClassToClass") -> bool:
        """Whether every pair of the other's classes is a pair of these."""
        both = zip(self.selectors, other.selectors, strict=True)
        return self.difficulty <= other.difficulty and all(
            not mine or (bool(theirs) and set(theirs) <= set(mine)) for mine, theirs in both
        )

    def helper(self, helper: Helper) -> bool:
        """Read whether the helper is of the class."""
        return (
            (not self.ranks or helper.rank in self.ranks)
            and (not self.kinds or helper.kind in self.kinds)
            and (not self.posts or helper.post in self.posts)
        )

    def household(self, household: Household) -> bool:
        """Read whether the household is of the class."""
        return (
            (not self.statuses or household.status in self.statuses)
            and (not self.needs or not household.needs.isdisjoint(self.needs))
            and household.difficulty >= self.difficulty
        )

    def score(self, helper: bool, household: bool) -> int | None:
        """Look whether both are."""
        if not (helper and household):
            return 0
        return None if self.exclude else self.weight


@frozen
class Kin:
    """Kin are not paired (亲属回避): a helper and a household that share a key of `kin`."""

    name: ClassVar[str] = "kin"
    link: ClassVar[None] = None

    def helper(self, helper: Helper) -> frozenset[str]:
        """Read the keys of families."""
        return helper.kin

    def household(self, household: Household) -> frozenset[str]:
        """Read the keys of families."""
        return household.kin

    def score(self, mine: frozenset[str], theirs: frozenset[str]) -> int | None:
        """Look for a family in common."""
        return 0 if mine.isdisjoint(theirs) else None


CRITERIA: Mapping[str, type[Any]] = {
    kind.name: kind
    for kind in (SkillToNeed, SameHamlet, SharedLanguage, EarlierTie, HardestToHighest, ClassToClass, Kin)
}
"""The criteria that come with the library, by the name that a policy file uses."""


_KEPT = "wanted a {} to be read as a value that can be hashed and compared"


class Scoring:
    """Reads people by all criteria of a policy, and scores what was read; each different reading is scored once.

    Raises `ArgumentError` with the criterion that raises, that cannot be kept as a reading, that scores anything but a
    whole number or None, or that does not read or score the same twice.  What was read is never shown, nor what was
    raised: either may be a name.
    """

    def __init__(self, criteria: Iterable[Scores]) -> None:
        self.criteria = tuple(criteria)
        self._sides: dict[str, dict[tuple[Reading, ...], int]] = {"helper": {}, "household": {}, "link": {}}
        self._first: dict[str, list[tuple[tuple[Any, ...], tuple[Reading, ...]]]] = {side: [] for side in self._sides}
        self._known: dict[tuple[int, int, int], int | None] = {}
        self._rows: dict[tuple[int, tuple[int, ...], int], tuple[int | None, ...]] = {}
        self._parts: list[dict[tuple[Reading, ...], int | None]] = [{} for _ in self.criteria]
        self._reads_links = any(criterion.link is not None for criterion in self.criteria)

    def of_helper(self, helper: Helper) -> int:
        """Return the number of what is read of a helper: equal readings have equal numbers."""
        return self._number("helper", (helper,))

    def of_household(self, household: Household) -> int:
        """Return the number of what is read of a household."""
        return self._number("household", (household,))

    def of_link(self, unit: Unit, village: Area) -> int:
        """Return the number of what is read of a unit and a village."""
        return self._number("link", (unit, village)) if self._reads_links else 0

    def scores(self, helper: int, households: tuple[int, ...], link: int = 0) -> tuple[int | None, ...]:
        """Return the sum of the scores of a helper's reading with each household's; None where one of them is None."""
        row = (helper, households, link)
        if row not in self._rows:
            self._rows[row] = tuple([self._sum_of(helper, household, link) for household in households])
        return self._rows[row]

    def _sum_of(self, helper: int, household: int, link: int) -> int | None:
        at = (helper, household, link)
        if at not in self._known:
            firsts = [self._first[side] for side in self._sides]
            readings = [first[n][1] if first else () for first, n in zip(firsts, at, strict=True)]
            scores = [self._score(n, *readings) for n in range(len(self.criteria))]
            self._known[at] = None if None in scores else sum(score for score in scores if score is not None)
        return self._known[at]

    def check_readings(self) -> None:
        """Read the first person of each different reading again, and see that it is read the same."""
        for side, firsts in self._first.items():
            for things, before in firsts:
                for n, reading in enumerate(self._read(side, things)):
                    if not _equal(reading, reading):
                        self._refuse(n, "criterion-reading", _KEPT.format(side))
                    if not _equal(reading, before[n]):
                        self._refuse(n, "criterion-unstable", f"wanted the same {side} to be read the same twice")

    def _number(self, side: str, things: tuple[Any, ...]) -> int:
        numbers = self._sides[side]
        readings = self._read(side, things)
        try:
            number = numbers.setdefault(readings, len(numbers))
        except Exception:
            number = -1
        if number < 0:
            faulty = (n for n, reading in enumerate(readings) if not _equal(reading, reading))
            self._refuse(next(faulty, 0), "criterion-reading", _KEPT.format(side))
        if number == len(self._first[side]):
            self._first[side].append((things, readings))
        return number

    def _read(self, side: str, things: tuple[Any, ...]) -> tuple[Reading, ...]:
        readings: list[Reading] = []
        raised = ""
        try:
            for criterion in self.criteria:
                read = getattr(criterion, side)
                readings.append(read(*things) if read is not None else None)
        except Exception as error:
            raised = type(error).__name__
        if raised:
            self._refuse(len(readings), "criterion-raised", f"reading a {side} raised {raised}")
        return tuple(readings)

    def _score(self, n: int, *sides: tuple[Reading, ...]) -> int | None:
        criterion = self.criteria[n]
        used = sides if criterion.link is not None else sides[:2]
        readings = tuple(side[n] for side in used)
        known = self._parts[n]
        if readings not in known:
            raised, scores = "", []
            try:
                scores = [criterion.score(*readings), criterion.score(*readings)]
            except Exception as error:
                raised = type(error).__name__
            if raised:
                self._refuse(n, "criterion-raised", f"scoring two readings raised {raised}")
            for score in scores:
                if score is not None and type(score) is not int:
                    message = f"wanted a whole number or None as a score, got a value of type {type(score).__name__}"
                    self._refuse(n, "criterion-score", message)
            if scores[0] != scores[1]:
                self._refuse(n, "criterion-unstable", "wanted the same readings to be scored the same twice")
            known[readings] = scores[0]
        return known[readings]

    def _refuse(self, n: int, code: str, what: str) -> None:
        name = masked(str(self.criteria[n].name))
        raise ArgumentError(code, f"criterion {name!r}: {what}", f"criteria[{n}]")


def _equal(one: Reading, other: Reading) -> bool:
    """Whether two readings are equal and can be kept; never raises."""
    try:
        return hash(one) == hash(other) and bool(one == other)
    except Exception:
        return False
