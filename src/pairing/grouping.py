"""What figures are grouped by: areas, units, ranks, kinds, channels, periods; each as it was on the day of the deed.

A household belongs to the village where it lived on that day, a helper to the unit and rank held on that day, whatever
happened later.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import field, frozen

from pairing.areas import LEVELS
from pairing.deeds import AID, CHANNELS, Aided, Observed, Visited
from pairing.entries import (
    Dissolution,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Merger,
    Move,
    Paired,
    Relapse,
    Released,
    Split,
    StruckOff,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import ArgumentError, shown
from pairing.histories import opened
from pairing.muster import Muster
from pairing.people import Helper, Household
from pairing.register import Register
from pairing.results import Key
from pairing.roster import Roster

__all__ = ["CHANGING", "DEEDS", "HELPERS", "HOUSEHOLDS", "PERIODS", "Groups", "WhoIsWho", "dimensions"]

HOUSEHOLDS = (*LEVELS, "household", "status")
"""What a household belongs to: areas, by code; itself; "exited" or "fallen back"."""

HELPERS = ("helper", "unit", *(f"{level} unit" for level in LEVELS[:-1]), "unit level", "rank", "kind", "post")
"""What a helper belongs to: a "county unit" is the own unit or the superior of it that is of the county's level."""

PERIODS = ("year", "quarter", "month")
"""The calendar year, quarter or month of a day, as in 2013, 2013-Q2, 2013-05."""

DEEDS = ("channel", "task", "aid", "what")
"""What a deed itself says: the channel and the tasks of a visit, the kind of aid and what it was."""

CHANGING = (Move, Exit, Relapse, StruckOff, Split, HouseholdMerger, Observed)
"""What changes a household: where it lives, how it stands, whether it is in the programme, how many it has."""

_RESPONSIBLE = (Paired, Released, HandedOver, VacancyOpened, VacancyClosed)


def dimensions(by: str | Iterable[str], allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is to be grouped by, as a tuple; raises `ArgumentError` for words that are not allowed.

    >>> dimensions("county", HOUSEHOLDS), dimensions(("county", "kind"), HOUSEHOLDS + HELPERS)
    (('county',), ('county', 'kind'))
    """
    found = (by,) if isinstance(by, str) else tuple(by) if isinstance(by, Iterable) else (by,)
    for n, word in enumerate(found):
        if word not in allowed:
            message = f"wanted one of {', '.join(allowed)}; got {shown(word)}"
            raise ArgumentError("unknown-group", message, "by")
        if word in found[:n]:
            raise ArgumentError("duplicate-group", f"wanted each once, got {word} twice", "by")
    return found


@frozen
class _Line:
    """The values of one helper or household by days: `days` are those on which it may have changed."""

    days: tuple[date, ...]
    values: dict[int, Key] = field(factory=dict)


class WhoIsWho:
    """The roster as it stands on any day, by what a register tells of people; each looked up once between changes."""

    def __init__(self, roster: Roster, register: Register, known: int | None) -> None:
        self.roster = roster
        self.view = register.view(on=date.max, known=known)
        self._register = register
        self._known = known
        self._musters: dict[date, Muster] = {}
        ends = (e for id in self.view.ids("units") for e in self.view.about("units", id))
        self._unit_days = {e.on for e in ends if isinstance(e, Merger | Dissolution)}

    @cached_property
    def listed(self) -> frozenset[str]:
        """The ids of households of the roster that look like those of households that are counted, not listed."""
        return frozenset(household.id for household in self.roster.households if "/" in household.id)

    def muster(self, on: date) -> Muster:
        """Return the roster as it stands on a day."""
        found = self._musters.get(on)
        if found is None:
            found = self._musters[on] = Muster(self.roster, self._register.view(on=on, known=self._known))
        return found

    def household_days(self, id: str) -> tuple[date, ...]:
        """Return the days on which a household may have changed."""
        if not self.view.tells_of("changed", id):
            return ()
        return tuple(sorted({e.on for e in self.view.about("changed", id)}))

    @cached_property
    def homes(self) -> dict[str, str]:
        """The village of each household of the roster."""
        return {household.id: household.village for household in self.roster.households}

    def helper_days(self, id: str) -> tuple[date, ...]:
        """Return the days on which a helper, or the units of all, may have changed."""
        tells = self.view.tells_of("helpers", id)
        if not tells and not self._unit_days:
            return ()
        return tuple(sorted(self._unit_days | ({e.on for e in self.view.personnel(id)} if tells else set())))

    def household(self, id: str, on: date | None) -> Household | None:
        """Return a household as it stands on a day, or (None) as it is in the roster.

        One that is counted, not listed, has its village; of one that is not known, there is None.
        """
        try:
            return self.roster.household(id) if on is None else self.muster(on).household(id)
        except ArgumentError:
            village, _, number = id.rpartition("/")
            return Household(id, village) if number.isdecimal() and village in self.roster.areas else None

    def helper(self, id: str, on: date | None) -> Helper | None:
        """Return a helper as he or she stands on a day, or (None) in the roster; a unit as one of the kind "unit"."""
        helper = self.roster.helper if on is None else self.muster(on).helper
        for look in (helper, lambda id: Helper(self.roster.unit(id).id, id, kind="unit")):
            try:
                return look(id)
            except ArgumentError:
                continue
        return None

    def told(self, households: Iterable[str], helpers: Iterable[str] = (), until: date = date.max) -> tuple[Entry, ...]:
        """Return what is told of households up to a day, and of helpers, in the order of the register.

        That is who is responsible, and what changes where they belong; for helpers, the ends of units too.
        """
        found: set[Entry] = set()
        for id in households:
            for table in ("households", "observed"):
                found |= {e for e in self.view.about(table, id) if isinstance(e, _RESPONSIBLE + CHANGING)}
        found = {e for e in found if e.on <= until}
        those = tuple(helpers)
        for id in those:
            found.update(self.view.about("helpers", id))
        for id in self.view.ids("units") if those else ():
            found |= {e for e in self.view.about("units", id) if isinstance(e, Merger | Dissolution)}
        return tuple(e for e in self.view if e in found)

    def bearer(self, household: str, duty: str, on: date) -> tuple[str, ...]:
        """Return who bears a duty on a day, or bore it to the end; nobody where there is no such duty."""
        entries = self.view.about("households", household)
        turns = [(each.opened, each.bearer) for each in opened(entries) if each.duty == duty and each.opened <= on]
        turns += [(e.on, e.bearer) for e in entries if isinstance(e, DutyPassed) and e.duty == duty and e.on <= on]
        turns.sort(key=lambda turn: turn[0])  # on one day, whoever it passed to comes last
        return (turns[-1][1],) if turns else ()


class Groups:
    """To which group each deed belongs, by what is asked for."""

    def __init__(self, by: tuple[str, ...], who: WhoIsWho) -> None:
        self.by = by
        self.who = who
        self.of_household = tuple(word for word in by if word in HOUSEHOLDS)
        self.of_helper = tuple(word for word in by if word in HELPERS)
        self.of_deed = tuple(word for word in by if word in PERIODS + DEEDS)
        order = (*self.of_household, *self.of_helper, *self.of_deed)
        self._order = tuple(order.index(word) for word in by)
        self._in_order = order == by
        self._households: dict[str, _Line] = {}
        self._helpers: dict[str, _Line] = {}
        self._areas: dict[str, Key] = {}
        self._levels = tuple(word for word in self.of_household if word in LEVELS)

    def key(self, household: Key, helper: Key, deed: Key) -> Key:
        """Return the key of a row from its parts."""
        parts = household + helper + deed
        return parts if self._in_order else tuple([parts[n] for n in self._order])

    # --- households

    def household(self, id: str, on: date) -> Key:
        """Return what a household belongs to on a day."""
        if not self.of_household:
            return ()
        village, slash, number = id.rpartition("/")
        if slash and number.isdecimal() and self.is_of_areas(village) and id not in self.who.listed:
            return self._of_village(village)  # counted, not listed: nothing is kept of it
        if self.of_household == self._levels and id in self.who.homes and not self.who.view.tells_of("changed", id):
            return self._of_village(self.who.homes[id])
        return self._at(self._of(self._households, id, self.who.household_days), id, on, self._household)

    def settled(self, id: str) -> Key | None:
        """Return what a household belongs to on every day, or None where that changes."""
        if not self.of_household:
            return ()
        who = self.who
        if self.of_household == self._levels and id in who.homes and not who.view.tells_of("changed", id):
            return self._of_village(who.homes[id])  # nearly all are such
        line = self._of(self._households, id, who.household_days)
        return None if line.days else self._at(line, id, date.min, self._household)

    def is_always_the_same(self, helper: str) -> bool:
        """Whether a helper belongs to the same on every day."""
        return not self._of(self._helpers, helper, self.who.helper_days).days

    def is_of_areas(self, village: str) -> bool:
        """Whether nothing but areas is asked of households, and this is a village: nothing else need be known."""
        return self.of_household == self._levels and village in self.who.roster.areas

    @staticmethod
    def _of(lines: dict[str, _Line], id: str, days: Callable[[str], tuple[date, ...]]) -> _Line:
        line = lines.get(id)
        if line is None:
            line = lines[id] = _Line(days(id))
        return line

    def _household(self, id: str, on: date | None) -> Key:
        if on is None and self.of_household == self._levels and id in self.who.homes:
            return self._of_village(self.who.homes[id])
        household = self.who.household(id, on)
        if household is None:
            return tuple(id if word == "household" else "" for word in self.of_household)
        areas = dict(zip(self._levels, self._of_village(household.village), strict=True))
        return tuple(areas.get(word, id if word == "household" else household.status) for word in self.of_household)

    def _of_village(self, village: str) -> Key:
        found = self._areas.get(village)
        if found is None:
            areas = self.who.roster.areas
            known = village in areas
            found = tuple((areas.at(village, level) or "") if known else "" for level in self._levels)
            self._areas[village] = found
        return found

    # --- helpers

    def helper(self, id: str, on: date) -> Key:
        """Return what a helper, or a unit, belongs to on a day."""
        if not self.of_helper:
            return ()
        return self._at(self._of(self._helpers, id, self.who.helper_days), id, on, self._helper)

    def _helper(self, id: str, on: date | None) -> Key:
        helper = self.who.helper(id, on)
        if helper is None:
            return tuple(id if word == "helper" else "" for word in self.of_helper)
        return tuple(self._of_helper(word, helper) for word in self.of_helper)

    def _of_helper(self, word: str, helper: Helper) -> str:
        if word == "helper":
            return helper.id
        if word in ("unit", "rank", "kind", "post"):
            return getattr(helper, word) or ""
        units = self.who.roster
        try:
            unit = units.unit(helper.unit)
        except ArgumentError:
            return ""
        if word == "unit level":
            return unit.level
        level = word.removesuffix(" unit")
        while unit.level != level and unit.parent is not None:
            unit = units.unit(unit.parent)
        return unit.id if unit.level == level else ""

    @staticmethod
    def _at(line: _Line, id: str, on: date, state: Callable[[str, date | None], Key]) -> Key:
        n = bisect_right(line.days, on) if line.days else 0
        found = line.values.get(n)
        if found is None:
            found = line.values[n] = state(id, line.days[n - 1] if n else None)
        return found

    # --- deeds

    def deeds(self, entry: Any) -> tuple[Key, ...]:
        """Return what a deed belongs to by itself: its period, channel, kind of aid; one key for each of its tasks."""
        if not self.of_deed:
            return ((),)
        keys: list[Key] = [()]
        for word in self.of_deed:
            if word == "task":
                tasks = dict.fromkeys(entry.tasks) if isinstance(entry, Visited) else ()
                keys = [(*key, task) for key in keys for task in (tasks or ("",))]
            else:
                keys = [(*key, _said(word, entry)) for key in keys]
        return tuple(keys)

    # --- rows that are there though nothing happened

    def expected(self, on: date) -> set[Key]:
        """Return the keys of all groups that there are on a day, where nothing but households, or helpers, is asked."""
        roster = self.who.roster
        if self.of_household == self.by:
            found = {self.household(household.id, on) for household in roster.households}
            if self.of_household == self._levels:
                found |= {self._of_village(village.code) for village in roster.villages}
            return found
        if self.of_helper == self.by:
            return {self.helper(helper.id, on) for helper in roster.helpers}
        words = {"channel": CHANNELS, "aid": tuple(AID)}
        return {(word,) for word in words.get(self.by[0], ())} if len(self.by) == 1 else set()

    def in_order(self, keys: Iterable[Key]) -> list[Key]:
        """Return keys in the order of their words: ranks from the highest, channels and aid as they are listed."""
        ranks = {rank.id: n for n, rank in enumerate(self.who.roster.ladder)}
        words: Mapping[str, Mapping[str, int]] = {
            "rank": ranks,
            "channel": {channel: n for n, channel in enumerate(CHANNELS)},
            "aid": {aid: n for n, aid in enumerate(AID)},
        }
        places = [words.get(word, {}) for word in self.by]
        return sorted(
            keys, key=lambda key: [(at.get(part, len(at)), part) for at, part in zip(places, key, strict=True)]
        )

    def names(self, keys: Iterable[Key]) -> dict[str, str]:
        """Return the names of the areas and units in some keys."""
        roster, found = self.who.roster, {}
        units: Mapping[str, str] = {unit.id: unit.name for unit in roster.units}
        of_units = ("unit", *(word for word in HELPERS if word.endswith(" unit")))
        for n, word in enumerate(self.by):
            for part in {key[n] for key in keys}:
                if word in LEVELS and part in roster.areas:
                    found[part] = roster.areas[part].name
                elif word in of_units and units.get(part):
                    found[part] = units[part]
        return found


def _said(word: str, entry: Any) -> str:
    day: date = entry.on
    if word == "year":
        return f"{day.year:04}"
    if word == "month":
        return f"{day.year:04}-{day.month:02}"
    if word == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    if word == "channel":
        return getattr(entry, "channel", "")
    if isinstance(entry, Aided):
        return entry.aid if word == "aid" else entry.what
    return ""
