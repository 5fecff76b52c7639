"""Figures that say what they count: amounts that add up, unions that do not, and shares of a whole.

An amount adds to amounts of the same unit alone; a number of different households is a union, and refuses `+`; a share
keeps its numerator and its denominator.  "Over" and "nearly" stay marked through sums.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from pairing.errors import ArgumentError, shown

__all__ = ["Amount", "Distinct", "NotAdditive", "Share", "Withheld", "fen", "joined_mark"]

_YUAN = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]+(?:\.[0-9]{1,2})?", re.ASCII)
_DIGITS = 40


class NotAdditive(ArgumentError, TypeError):
    """Two figures were added whose sum would be no figure: a union, or two units."""


def fen(yuan: int | str | Decimal) -> int:
    """Return an amount of yuan in fen (1/100 yuan), exactly; floats are refused, as they are not exact.

    >>> fen("1,190,000"), fen(Decimal("12.50")), fen(3)
    (119000000, 1250, 300)
    >>> fen(12.5)
    Traceback (most recent call last):
    pairing.errors.ArgumentError: yuan: wanted yuan as a whole number, a Decimal or a text with two places at most, \
got 12.5 [bad-number]
    """
    amount = Fraction(-1)
    if type(yuan) is int:
        amount = Fraction(yuan)
    elif type(yuan) is Decimal and yuan.is_finite() and -_DIGITS < yuan.adjusted() < _DIGITS:
        amount = Fraction(yuan)  # arithmetic with decimals would round
    elif isinstance(yuan, str) and _YUAN.fullmatch(yuan):
        amount = Fraction(yuan.replace(",", ""))
    if amount >= 0 and (amount * 100).denominator == 1:
        return int(amount * 100)
    wanted = "wanted yuan as a whole number, a Decimal or a text with two places at most"
    raise ArgumentError("bad-number", f"{wanted}, got {shown(yuan)}", "yuan")


def joined_mark(marks: Iterable[str]) -> str:
    """Return how a sum is known, from how its parts are: one "over" makes it "over"; over and nearly make "about".

    >>> joined_mark(["exact", "over"]), joined_mark(["over", "nearly"]), joined_mark([])
    ('over', 'about', 'exact')
    """
    found = set(marks) - {"exact"}
    return found.pop() if len(found) == 1 else "about" if found else "exact"


@frozen(repr=False)
class Amount:
    """So much of something: a whole number in one unit; money is kept in fen, and printed in yuan.

    `mark` is one of `deeds.MARKS`: "over" means that it lies above the number.

    >>> Amount(119_000_000, "fen", "over") + Amount(5_000, "fen")
    Amount(over 1,190,050.00 yuan)
    >>> Amount(3, "kg") + Amount(4, "pieces")
    Traceback (most recent call last):
    pairing.figures.NotAdditive: wanted two amounts of one unit, got kg and pieces [mixed-units]
    """

    value: int
    of: str
    mark: str = "exact"

    def __add__(self, other: object) -> "Amount":
        if other == 0 and type(other) is int:  # so that sum() works
            return self
        if not isinstance(other, Amount):
            raise NotAdditive("mixed-units", f"wanted two amounts of one unit, got {self.of} and {_named(other)}")
        if other.of != self.of:
            raise NotAdditive("mixed-units", f"wanted two amounts of one unit, got {self.of} and {other.of}")
        return Amount(self.value + other.value, self.of, joined_mark((self.mark, other.mark)))

    __radd__ = __add__

    def __str__(self) -> str:
        number, of = f"{self.value:,}", self.of
        if of == "fen":
            sign, value = "-" * (self.value < 0), abs(self.value)
            number, of = f"{sign}{value // 100:,}.{value % 100:02}", "yuan"
        return f"{'' if self.mark == 'exact' else f'{self.mark} '}{number} {of}"

    def __repr__(self) -> str:
        return f"Amount({self})"


@frozen(repr=False)
class Distinct:
    """How many different ones there are: a union, so that it refuses `+`; `|` joins two whose members are known.

    >>> one, other = Distinct.of_members({"h-1", "h-2"}, "households"), Distinct.of_members({"h-2"}, "households")
    >>> one | other
    Distinct(2 households)
    >>> one + other
    Traceback (most recent call last):
    pairing.figures.NotAdditive: wanted a union, as some may be in both; got the sum of 2 households and 1 households \
[not-additive]
    """

    value: int
    of: str
    members: frozenset[str] | None = field(default=None, eq=False)

    @classmethod
    def of_members(cls, members: Iterable[str], of: str) -> "Distinct":
        """Return the number of different members."""
        found = frozenset(members)
        return cls(len(found), of, found)

    def __add__(self, other: object) -> "Distinct":
        got = f"{self} and {other}" if isinstance(other, Amount | Distinct) else f"{self} and {_named(other)}"
        raise NotAdditive("not-additive", f"wanted a union, as some may be in both; got the sum of {got}")

    __radd__ = __add__

    def __or__(self, other: object) -> "Distinct":
        if not isinstance(other, Distinct):
            return NotImplemented
        if other.of != self.of or self.members is None or other.members is None:
            raise NotAdditive("not-additive", f"wanted two unions of known {self.of}, got {self} and {other}")
        return Distinct.of_members(self.members | other.members, self.of)

    def __str__(self) -> str:
        return f"{self.value:,} {self.of}"

    def __repr__(self) -> str:
        return f"Distinct({self})"


@frozen
class Share:
    """So many of so many: a rate that keeps its denominator.

    >>> print(Share(3, 8))
    3 of 8 (37.5%)
    >>> print(Share(0, 0))
    0 of 0
    """

    part: int
    whole: int

    def __str__(self) -> str:
        text = f"{self.part:,} of {self.whole:,}"
        if not self.whole:
            return text
        permille = 1000 * self.part // self.whole  # rounded down: 100.0% is said of all alone
        return f"{text} ({permille // 10}.{permille % 10}%)"


@frozen
class Withheld:
    """A cell that is not published, so that nobody can be told from it."""

    def __str__(self) -> str:
        return "…"


def _named(other: object) -> str:
    return str(other) if isinstance(other, Distinct | Amount) else shown(other)
