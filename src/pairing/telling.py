"""How a made-up book is told: what is drawn depends on nothing but a key, and what is shared out adds up exactly."""

import tomllib
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate, groupby
from random import Random
from typing import Any, TypeVar

from attrs import frozen

from pairing.apportioning import apportion
from pairing.entries import Entry
from pairing.policy import Policy
from pairing.register import Register
from pairing.roster import Roster

__all__ = ["Chronicle", "Days", "Draw", "Teller", "draws", "facts_of", "fraction", "parts", "shuffled", "spread"]

_HANDFUL = 4

_Thing = TypeVar("_Thing")
Draw = Callable[[], float]
"""Gives the next number in [0, 1)."""


@frozen(repr=False)
class Chronicle:
    """A programme with its people and its whole book, told up to and with a day."""

    policy: Policy
    roster: Roster
    register: Register
    on: date

    def __repr__(self) -> str:
        helpers, households = len(self.roster.helpers), len(self.roster.households)
        return (
            f"Chronicle({self.policy.name!r}, {self.on}, {helpers:,} helpers, {households:,} households, "
            f"{len(self.register):,} entries)"
        )


# --- drawing


def fraction(scale: float | Fraction) -> Fraction:
    """Return a scale as the number that it is written as."""
    return Fraction(str(scale)) if isinstance(scale, float) else Fraction(scale)


@cache
def facts_of(programme: str) -> dict[str, Any]:
    """Return the figures of a programme, and what is chosen beside them."""
    text = (files("pairing") / "data" / "chronicles.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)[programme]
    return found


def draws(*key: object) -> Draw:
    """Return a source of numbers in [0, 1) that depends on nothing but the key."""
    digest = sha256("/".join(map(str, key)).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big")).random


def shuffled(things: Sequence[_Thing], draw: Draw) -> list[_Thing]:
    """Return the things in an order that is drawn."""
    keys = [draw() for _ in things]
    return [things[i] for i in sorted(range(len(things)), key=keys.__getitem__)]


def spread(things: Sequence[_Thing], count: int) -> list[_Thing]:
    """Return so many of the things, or all where there are fewer, evenly from the first to the last."""
    count = min(count, len(things))
    return [things[n * len(things) // count] for n in range(count)]


def parts(total: int, weights: Sequence[int], step: int = 1) -> list[int]:
    """Share out a total by weights in whole steps, one at least; what is less than a step goes to the first."""
    whole, rest = divmod(total, step)
    found = [part * step for part in apportion(whole, weights, "largest-remainder", least=1)]
    found[0] += rest
    return found


class Days:
    """Days with weights, of which one is drawn."""

    def __init__(self, first: date, last: date, weight: Callable[[date], int]) -> None:
        self.first = first
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.before = [0, *accumulate(weight(day) for day in days)]

    def weight(self, first: date, last: date) -> int:
        """Return what the days from the first to the last weigh together."""
        return self.before[(last - self.first).days + 1] - self.before[(first - self.first).days]

    def between(self, first: date, last: date, draw: float) -> date:
        """Return one of the days from the first to the last."""
        low = self.before[(first - self.first).days]
        high = low + self.weight(first, last)
        return self.first + timedelta(days=bisect_right(self.before, low + int(draw * (high - low))) - 1)


class Teller(ABC):
    """What the books of all programmes have in common."""

    def __init__(self, policy: Policy, roster: Roster, size: Fraction, seed: int) -> None:
        self.policy = policy
        self.roster = roster
        self.seed = seed
        self.facts = facts_of(policy.name)
        whole = self.facts["households"]
        few = round(size * whole) < len(roster.households)  # a handful, and more than its share
        self.size = Fraction(len(roster.households), whole) if few else size
        self.last: date = self.facts["last"]
        self.lines: list[Entry] = []

    @abstractmethod
    def told(self) -> Chronicle:
        """Return the whole book."""

    def draws(self, key: str) -> Draw:
        """Return a source of numbers of its own for a part of the book."""
        return draws(self.policy.name, self.seed, "chronicle", key)

    def scaled(self, figure: int) -> int:
        """Return the share of a figure, and at least a handful of what there is."""
        return max(round(figure * self.size), min(figure, _HANDFUL))

    def recorded(self) -> Chronicle:
        """Record all lines, year by year."""
        register = Register()
        for _, lines in groupby(sorted(self.lines, key=lambda line: line.on), key=lambda line: line.on.year):
            register = register.record(*lines)
        return Chronicle(self.policy, self.roster, register, self.last)
