"""What is written in a register of who is responsible: one class for each kind of entry, with the day from which it
holds.  What was done for households, and what became of them, stands in `deeds`.

*Changes* are what happens in the world (`Retirement`, `Exit`, `Merger`): nouns, and what a relay is asked to answer.
The other entries are the book's own lines: who is responsible, vacancies, links, duties, corrections.

Where two entries hold from one day, their order does not matter: on any day whatever ends, ends first, and then
begins what begins.  So the rows of a day may come in any order, and no span of days is ever empty.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar

import attrs
from attrs import field, frozen

from pairing.areas import as_tuple
from pairing.errors import key, shown

__all__ = [
    "DEEPEST",
    "DUTIES",
    "STEPS",
    "Change",
    "Correction",
    "Death",
    "Departure",
    "Dissolution",
    "DutyClosed",
    "DutyOpened",
    "DutyPassed",
    "Entry",
    "Exit",
    "HandedOver",
    "HouseholdMerger",
    "Leave",
    "Linked",
    "Merger",
    "Move",
    "Offer",
    "Paired",
    "RankChange",
    "Recovery",
    "Refill",
    "Relapse",
    "Released",
    "Renaming",
    "Retirement",
    "Return",
    "Split",
    "Step",
    "StruckOff",
    "Transfer",
    "Unfitness",
    "Unlinked",
    "VacancyClosed",
    "VacancyOpened",
]

DUTIES = ("revisit", "guarantee", "measure")
"""What somebody can owe a household: to call again after its exit, to answer for a loan, to do what was promised."""

STEPS = ("proposed", "accepted", "declined", "visited", "completed", "lapsed")
"""The steps of a handover: "visited" is the joint visit of giver and taker."""

DEEPEST = 50
"""So many corrections may follow one another, each taking back the one before."""


def as_ids(ids: Iterable[str]) -> tuple[str, ...]:
    return ids if type(ids) is tuple else as_tuple(ids)


def keys_shown(ids: object) -> str:
    if not isinstance(ids, tuple):
        return shown(ids)
    return f"({', '.join(map(key, ids))}{',' * (len(ids) == 1)})"


def texts_shown(texts: object) -> str:
    """Return texts that people write as a repr may show them."""
    if not isinstance(texts, tuple):
        return shown(texts)
    return f"({', '.join(map(shown, texts))}{',' * (len(texts) == 1)})"


def day_shown(day: object) -> str:
    return str(day) if type(day) is date else shown(day)


def _corrected(of: object) -> str:
    below, depth = of, 0
    while isinstance(below, Correction):
        below, depth = below.of, depth + 1
    if depth > DEEPEST:
        return f"a correction of {depth:,} others"
    return repr(of) if isinstance(of, Entry) else shown(of)


# What the fields of entries hold; `register.check_fields` checks it.  The room of deeds has the same.
ID = {"kind": "id"}
OTHER_ID = {"kind": "optional id"}
IDS = {"kind": "ids"}
OPTIONAL_DAY = {"kind": "optional day"}
TEXT = {"kind": "text"}
"""A text that people write: a repr only describes it, as it may hold a name."""
OPTIONAL_TEXT = {"kind": "optional text"}
NEW = {"kind": "optional"}
FLAG = {"kind": "flag"}
AMOUNT = {"kind": "amount"}
OPTIONAL_AMOUNT = {"kind": "optional amount"}


def word(choices: tuple[str, ...]) -> dict[str, Any]:
    return {"kind": "word", "choices": choices}


def one_of(choices: tuple[str, ...]) -> Callable[[object], str]:
    return lambda word: repr(word) if word in choices else shown(word)


@frozen(repr=False)
class Entry:
    """One line of a register.

    - `on`: the day from which it holds; it may lie before or after the day on which it is recorded.
    - `id`: a key of your own, where two lines that say the same are not one.  Without it, the same entry twice is one.
    """

    on: date = field(kw_only=True, metadata={"kind": "day"})
    id: str = field(default="", kw_only=True, metadata={"kind": "optional text"})

    after: ClassVar[tuple[str, ...]] = ("on", "id")
    """The fields that a repr names last."""

    def __repr__(self) -> str:
        parts = []
        for at in attrs.fields(type(self)):
            value = getattr(self, at.name)
            if at.name in Entry.after or value == at.default:
                continue
            text = at.repr(value) if callable(at.repr) else repr(value) if isinstance(value, str) else str(value)
            parts.append(text if at.default is attrs.NOTHING else f"{at.name}={text}")
        parts.append(f"on={day_shown(self.on)}")
        if self.id:
            parts.append(f"id={shown(self.id)}")
        return f"{type(self).__name__}({', '.join(parts)})"


@frozen(repr=False)
class Change(Entry):
    """Something that happens in the world, and that a relay may have to answer."""


# --- who is responsible


@frozen(repr=False)
class Paired(Entry):
    """A helper becomes responsible for a household.  A vacancy, if there is one, is over.

    >>> Paired("c-17", "h-204", on=date(2012, 2, 8))
    Paired('c-17', 'h-204', on=2012-02-08)
    """

    helper: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    role: str = field(default="lead", repr=key, metadata=ID)


@frozen(repr=False)
class Released(Entry):
    """A helper is responsible for a household no longer, and nobody follows.

    Before the household's goal is met (an `Exit` in force on that day) only with an `override` that says why.  After
    an exit the helper takes on another household from that day, `instead`, or there is a `waiver` that says why not;
    and somebody has the duty to revisit the household.

    Source: Gansu 2012, no unlinking before the goal is met; Liaoyang 1994, the cadre of a household that is out of
    poverty takes on a new one and keeps revisiting the old one.
    """

    helper: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    reason: str = field(repr=shown, metadata=TEXT)
    role: str = field(default="lead", repr=key, metadata=ID)
    override: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)
    instead: str | None = field(default=None, repr=key, metadata=OTHER_ID)
    waiver: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


@frozen(repr=False)
class HandedOver(Entry):
    """A household passes from one helper to the next, or to several jointly, all from the same day.

    With `until` the giver stays on beside the takers, up to, but not including, that day.

    >>> HandedOver("h-204", "c-17", ["c-18", "c-19"], on=date(2013, 6, 30))
    HandedOver('h-204', 'c-17', ('c-18', 'c-19'), on=2013-06-30)
    """

    household: str = field(repr=key, metadata=ID)
    giver: str = field(repr=key, metadata=ID)
    takers: tuple[str, ...] = field(repr=keys_shown, converter=as_ids, metadata=IDS)
    role: str = field(default="lead", repr=key, metadata=ID)
    until: date | None = field(default=None, repr=day_shown, metadata=OPTIONAL_DAY)
    reason: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


@frozen(repr=False)
class VacancyOpened(Entry):
    """A household has nobody from a day on, and it is said so: why, and which unit sees to it meanwhile.

    `giver` is the helper whose time ends with that day, if there was one.  The vacancy lasts until somebody is
    responsible again (`VacancyClosed`, `Paired`), or until the household exits or leaves the programme.
    """

    household: str = field(repr=key, metadata=ID)
    reason: str = field(repr=shown, metadata=TEXT)
    unit: str = field(repr=key, metadata=ID)
    giver: str | None = field(default=None, repr=key, metadata=OTHER_ID)
    role: str = field(default="lead", repr=key, metadata=ID)


@frozen(repr=False)
class VacancyClosed(Entry):
    """A household that had nobody gets one helper, or several jointly.

    Opened and closed on one day, a vacancy has no day, and shows nowhere but in the lines of the register.
    """

    household: str = field(repr=key, metadata=ID)
    takers: tuple[str, ...] = field(repr=keys_shown, converter=as_ids, metadata=IDS)
    role: str = field(default="lead", repr=key, metadata=ID)


@frozen(repr=False)
class Step(Entry):
    """A step in the handover of a household from a giver to takers: one of `STEPS`; it moves nobody by itself.

    `giver` is None where the household had nobody.
    """

    household: str = field(repr=key, metadata=ID)
    step: str = field(repr=one_of(STEPS), metadata=word(STEPS))
    takers: tuple[str, ...] = field(repr=keys_shown, converter=as_ids, metadata=IDS)
    giver: str | None = field(default=None, repr=key, metadata=OTHER_ID)
    reason: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


# --- links


@frozen(repr=False)
class Linked(Change):
    """A unit is linked to a village."""

    unit: str = field(repr=key, metadata=ID)
    village: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Unlinked(Change):
    """A unit is linked to a village no longer; its helpers' households there are to be handed over."""

    unit: str = field(repr=key, metadata=ID)
    village: str = field(repr=key, metadata=ID)
    reason: str = field(repr=shown, metadata=TEXT)


# --- what helpers owe


@frozen(repr=False)
class DutyOpened(Entry):
    """Somebody owes a household something: `what` is one of `DUTIES`, `due` the day by which (None: not laid down).

    `duty` is its key within the household, `bearer` a helper, or a unit where no helper can.

    >>> DutyOpened("r-1", "h-204", "c-17", "revisit", due=date(2015, 1, 1), on=date(2014, 1, 1))
    DutyOpened('r-1', 'h-204', 'c-17', 'revisit', due=2015-01-01, on=2014-01-01)
    """

    duty: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    bearer: str = field(repr=key, metadata=ID)
    what: str = field(repr=one_of(DUTIES), metadata=word(DUTIES))
    due: date | None = field(default=None, repr=day_shown, metadata=OPTIONAL_DAY)


@frozen(repr=False)
class DutyPassed(Entry):
    """A duty passes to somebody else: a helper, or a unit where no helper can."""

    duty: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    bearer: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class DutyClosed(Entry):
    """A duty is over: done, or, where it was not `kept`, given up; and why."""

    duty: str = field(repr=key, metadata=ID)
    household: str = field(repr=key, metadata=ID)
    reason: str = field(repr=shown, metadata=TEXT)
    kept: bool = field(default=True, repr=shown, metadata=FLAG)


@frozen(repr=False)
class Offer(Entry):
    """A helper asks to take over: one household, or all households of a giver (a volunteer, 主动认领).

    Source: Panjin, a younger judge of the same division asks to take over.
    """

    helper: str = field(repr=key, metadata=ID)
    household: str | None = field(default=None, repr=key, metadata=OTHER_ID)
    giver: str | None = field(default=None, repr=key, metadata=OTHER_ID)


# --- what happens to helpers


@frozen(repr=False)
class Retirement(Change):
    """A helper retires: `on` is the first day out of the service.

    >>> Retirement("c-17", on=date(2013, 6, 30))
    Retirement('c-17', on=2013-06-30)
    """

    helper: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Death(Change):
    """A helper has died."""

    helper: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Departure(Change):
    """A helper leaves the service for another reason."""

    helper: str = field(repr=key, metadata=ID)
    reason: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


@frozen(repr=False)
class Transfer(Change):
    """A helper goes to another unit; `rank`, `post` and `division` are the new ones (None: as before)."""

    helper: str = field(repr=key, metadata=ID)
    unit: str = field(repr=key, metadata=ID)
    rank: str | None = field(default=None, repr=key, metadata=OTHER_ID)
    post: str | None = field(default=None, repr=shown, metadata=NEW)
    division: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


@frozen(repr=False)
class Leave(Change):
    """A helper is absent up to, but not including, a day (None: it is not known for how long).

    A `Return` ends the leave, sooner or later than was said.
    """

    helper: str = field(repr=key, metadata=ID)
    until: date | None = field(default=None, repr=day_shown, metadata=OPTIONAL_DAY)


@frozen(repr=False)
class Return(Change):
    """A helper is back from a leave; whoever covered gives the households back."""

    helper: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Unfitness(Change):
    """A helper can take care of nobody for the time being."""

    helper: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Recovery(Change):
    """A helper is fit again."""

    helper: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class RankChange(Change):
    """A helper is promoted or demoted; the quota follows the rank."""

    helper: str = field(repr=key, metadata=ID)
    rank: str = field(repr=key, metadata=ID)
    post: str | None = field(default=None, repr=shown, metadata=NEW)


# --- what happens to units


@frozen(repr=False)
class Merger(Change):
    """A unit becomes a part of another: its helpers, its links and its caseload go there, as one."""

    unit: str = field(repr=key, metadata=ID)
    into: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Dissolution(Change):
    """A unit ceases to be; whoever of its helpers is not transferred leaves the service."""

    unit: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Renaming(Change):
    """A unit has a new name."""

    unit: str = field(repr=key, metadata=ID)
    name: str = field(repr=shown, metadata=TEXT)


# --- what happens to households


@frozen(repr=False)
class Exit(Change):
    """A household has reached the goal: it was `notified` on a day before, and is watched up to a day (`watch`).

    Whoever is responsible stays so until released.  A vacancy, if there is one from an earlier day, is over.
    """

    household: str = field(repr=key, metadata=ID)
    notified: date | None = field(default=None, repr=day_shown, metadata=OPTIONAL_DAY)
    watch: date | None = field(default=None, repr=day_shown, metadata=OPTIONAL_DAY)


@frozen(repr=False)
class Relapse(Change):
    """A household has fallen back: the goal is no longer met, and somebody is responsible, or there is a vacancy."""

    household: str = field(repr=key, metadata=ID)
    reason: str = field(default="", repr=shown, metadata=OPTIONAL_TEXT)


@frozen(repr=False)
class Move(Change):
    """A household lives in another village."""

    household: str = field(repr=key, metadata=ID)
    village: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class Split(Change):
    """A household becomes several: it leaves the programme, and each of the new ones has somebody from that day on."""

    household: str = field(repr=key, metadata=ID)
    into: tuple[str, ...] = field(repr=keys_shown, converter=as_ids, metadata=IDS)


@frozen(repr=False)
class HouseholdMerger(Change):
    """A household becomes a part of another one, and leaves the programme."""

    household: str = field(repr=key, metadata=ID)
    into: str = field(repr=key, metadata=ID)


@frozen(repr=False)
class StruckOff(Change):
    """A household leaves the programme for good: died out, moved away, entered by mistake."""

    household: str = field(repr=key, metadata=ID)
    reason: str = field(repr=shown, metadata=TEXT)


@frozen(repr=False)
class Refill(Change):
    """A helper is sought again for a household with a vacancy."""

    household: str = field(repr=key, metadata=ID)


# --- what was wrong


@frozen(repr=False, init=False)
class Correction(Entry):
    """An entry is taken back, as it was wrong: it stays in the register, and counts no longer.

    What is right instead is recorded beside it.  A correction that was itself wrong is taken back in the same way.

    >>> Correction(Paired("c-17", "h-205", on=date(2012, 2, 8)), reason="another household was meant")
    Correction(Paired('c-17', 'h-205', on=2012-02-08), text of 27 characters, on=2012-02-08)
    """

    of: Entry = field(repr=_corrected, metadata={"kind": "entry"})
    reason: str = field(repr=shown, metadata=TEXT)

    def __init__(self, of: Entry, reason: str, *, id: str = "") -> None:
        self.__attrs_init__(of, reason, on=of.on if isinstance(of, Entry) else of, id=id)
