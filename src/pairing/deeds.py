"""What was done and what became of it: visits, aid, loans of a revolving fund, observations, results of spot checks.

These entries are lines of a register like those of `entries`.  Amounts are whole numbers, each kind in its own unit;
money is in fen (1/100 yuan).
"""

import sys
from collections.abc import Iterable
from datetime import date
from types import MappingProxyType

from attrs import field, frozen

from pairing.entries import (
    AMOUNT,
    ID,
    IDS,
    OPTIONAL_AMOUNT,
    OPTIONAL_DAY,
    OPTIONAL_TEXT,
    TEXT,
    Change,
    Entry,
    Refill,
    as_ids,
    day_shown,
    keys_shown,
    one_of,
    texts_shown,
    word,
)
from pairing.errors import key, shown

__all__ = [
    "AID",
    "CHANNELS",
    "MARKS",
    "OBSERVED",
    "RECORDED",
    "RESULTS",
    "Aided",
    "Checked",
    "Lent",
    "Observed",
    "PaidIn",
    "PaidOut",
    "Repaid",
    "Visited",
    "WrittenOff",
]

CHANNELS = ("in person", "telephone", "message", "letter", "card", "leaflet")
"""How a household was reached."""

AID = MappingProxyType(
    {
        "money": "fen",
        "food": "kg",
        "materials": "kg",
        "clothing": "pieces",
        "goods": "pieces",
        "housing": "rooms",
        "treatment": "patients",
        "project": "projects",
        "job": "jobs",
        "schooling": "pupils",
    }
)
"""The kinds of aid, each with what it is counted in; materials are seed, fertiliser, feed and the like."""

MARKS = ("exact", "over", "nearly", "about")
"""How an amount is known: to the last one, as a number that it lies above, below, or beside."""

OBSERVED = MappingProxyType({"income": "fen", "debt": "fen", "persons": "persons"})
"""What is observed of a household: income a head a year, debt, how many live in it."""

RESULTS = ("fine", "wrong", "not reached")
"""What a spot check of a household may find."""


@frozen(repr=False)
class Visited(Entry):
    """Helpers, one or several together, or a team, reached a household on a day, through one of `CHANNELS`.

    `tasks` says what it was about, in words of the programme's own.

    >>> Visited("h-204", ["c-17", "c-18"], tasks=["policy"], on=date(2012, 3, 1))
    Visited('h-204', ('c-17', 'c-18'), tasks=('policy',), on=2012-03-01)

    Source: Hubei 2011, each channel counts and is told apart; Gansu 2012, six tasks of a visit.
    """

    household: str = field(repr=key, metadata=ID)
    helpers: tuple[str, ...] = field(repr=keys_shown, converter=as_ids, metadata=IDS)
    channel: str = field(default="in person", repr=one_of(CHANNELS), metadata=word(CHANNELS))
    tasks: tuple[str, ...] = field(default=(), repr=texts_shown, converter=as_ids, metadata=IDS)


@frozen(repr=False)
class Aided(Entry):
    """A helper, or a unit, gave a household something: one of `AID`, so much of it.

    - `amount` counts what `AID` says: money in fen, food in kg, housing in rooms, treatment in patients.
    - `what` says more closely what it was, such as "rice"; `value` is what goods are worth, in fen, and is never added
      to money that was given.
    - `mark` is one of `MARKS`: an amount that is only known to lie above a number says so; `value_mark` says so of the
      value.

    >>> Aided("h-204", "c-17", "food", 50, what="rice", value=18_000, on=date(1995, 1, 20))
    Aided('h-204', 'c-17', 'food', 50, what='rice', value=18000, on=1995-01-20)

    Source: Liaoyang 1994, money, food, clothing, housing, treatment, projects, jobs, schooling.
    """

    household: str = field(repr=key, metadata=ID)
    giver: str = field(repr=key, metadata=ID)
    aid: str = field(repr=one_of(tuple(AID)), metadata=word(tuple(AID)))
    amount: int = field(repr=shown, metadata=AMOUNT)
    what: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)
    value: int = field(default=0, repr=shown, metadata=OPTIONAL_AMOUNT)
    mark: str = field(default="exact", repr=one_of(MARKS), metadata=word(MARKS))
    value_mark: str = field(default="exact", repr=one_of(MARKS), metadata=word(MARKS))


# --- the revolving fund


@frozen(repr=False)
class PaidIn(Entry):
    """Money comes into a revolving fund, in fen."""

    fund: str = field(repr=key, metadata=ID)
    amount: int = field(repr=shown, metadata=AMOUNT)
    source: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


@frozen(repr=False)
class PaidOut(Entry):
    """Money leaves a revolving fund, other than as a loan, in fen."""

    fund: str = field(repr=key, metadata=ID)
    amount: int = field(repr=shown, metadata=AMOUNT)
    reason: str = field(repr=shown, metadata=TEXT)


@frozen(repr=False)
class Lent(Entry):
    """A household gets a loan out of a revolving fund, in fen, without interest, under a helper's guarantee.

    `loan` is its key within the household.  From that day the guarantor has a duty of that key, a "guarantee", until
    the loan is repaid or written off; it passes to a successor as other duties do.

    >>> Lent("l-1", "h-204", "c-17", 50_000, "city", due=date(1996, 5, 1), on=date(1995, 5, 1))
    Lent('l-1', 'h-204', 'c-17', 50000, 'city', due=1996-05-01, on=1995-05-01)

    Source: Liaoyang 1994, loans guaranteed by cadres out of the revolving fund (扶贫周转金).
    """

    loan: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    guarantor: str = field(repr=key, metadata=ID)
    amount: int = field(repr=shown, metadata=AMOUNT)
    fund: str = field(repr=key, metadata=ID)
    due: date | None = field(default=None, repr=day_shown, metadata=OPTIONAL_DAY)


@frozen(repr=False)
class Repaid(Entry):
    """A household pays back a loan, or a part of it, in fen; the fund can lend it again."""

    loan: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    amount: int = field(repr=shown, metadata=AMOUNT)


@frozen(repr=False)
class WrittenOff(Entry):
    """A loan, or a part of it, will not come back, in fen; and why."""

    loan: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    amount: int = field(repr=shown, metadata=AMOUNT)
    reason: str = field(repr=shown, metadata=TEXT)


# --- what became of a household


@frozen(repr=False)
class Observed(Entry):
    """What a household has, or is, on a day: one of `OBSERVED`; it holds until the next observation.

    >>> Observed("h-204", "income", 30_000, on=date(1994, 9, 1))
    Observed('h-204', 'income', 30000, on=1994-09-01)
    """

    household: str = field(repr=key, metadata=ID)
    what: str = field(repr=one_of(tuple(OBSERVED)), metadata=word(tuple(OBSERVED)))
    amount: int = field(repr=shown, metadata=OPTIONAL_AMOUNT)
    mark: str = field(default="exact", repr=one_of(MARKS), metadata=word(MARKS))


@frozen(repr=False)
class Checked(Entry):
    """A household was spot-checked through a channel; `check` is the key of the check that it belongs to.

    Source: Panjin 2010, every year 10% of households, by telephone and at home.
    """

    household: str = field(repr=key, metadata=ID)
    channel: str = field(repr=one_of(CHANNELS), metadata=word(CHANNELS))
    result: str = field(repr=one_of(RESULTS), metadata=word(RESULTS))
    check: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


def _kinds(room: Iterable[object]) -> frozenset[type[Entry]]:
    return frozenset(kind for kind in room if isinstance(kind, type) and issubclass(kind, Entry))


_ROOMS = (sys.modules[Entry.__module__], sys.modules[__name__])
RECORDED = frozenset().union(*(_kinds(vars(room).values()) for room in _ROOMS)) - {Entry, Change, Refill}
"""The kinds of entries that a register takes; a `Refill` is only asked of a relay."""
