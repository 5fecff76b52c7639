"""Who there is on a day (当日名册): the roster as it stands once what the register tells of people has come to pass.

The roster has everybody who ever was: helpers who are to come, households that are to be made by a split.  The
register says what became of them.  A roster that is newer than an entry is not changed by it, so both may tell it.
"""

from collections.abc import Iterable, Sequence, Set
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from attrs import evolve

from pairing.dates import Span
from pairing.entries import (
    Dissolution,
    Linked,
    Merger,
    Move,
    Paired,
    RankChange,
    Relapse,
    Renaming,
    Transfer,
    Unlinked,
)
from pairing.histories import in_turn
from pairing.people import Helper, Household, Link, Unit
from pairing.policy import Policy
from pairing.roster import Roster
from pairing.rules import RetirementRule
from pairing.views import View

__all__ = ["Muster"]


_NEVER = Span(date.min, date.min + timedelta(days=1))
"""The days of whoever is gone on the very day on which service, or registration, begins."""


class Muster:
    """A roster as it stands on the day of a view; whatever it is asked for is looked up when it is asked."""

    def __init__(self, roster: Roster, view: View) -> None:
        self.base = roster
        self.view = view
        self._ends: dict[str, Merger | Dissolution | None] = {}
        self._helpers: dict[str, Helper] = {}
        self._members: dict[str, tuple[Helper, ...]] = {}
        self._villages: dict[str, tuple[str, ...]] = {}
        self._units: dict[str, tuple[str, ...]] = {}
        self._retirement: dict[tuple[str | None, ...], RetirementRule | None] = {}
        self._units_change = bool(view.ids("units"))

    def __repr__(self) -> str:
        return f"Muster({self.base}, {self.view.on})"

    # --- units

    @cached_property
    def _ending(self) -> frozenset[str]:
        """The units that end on some day, past or to come."""
        if not self._units_change:
            return frozenset()
        entries = (e for id in self.view.ids("units") for e in self.view.about("units", id))
        return frozenset(e.unit for e in entries if isinstance(e, Merger | Dissolution))

    def end_of_unit(self, unit: str) -> Merger | Dissolution | None:
        """Return what ends a unit on the day or before, or None."""
        if not self._units_change:
            return None
        if unit not in self._ends:
            found = [
                e
                for e in self.view.about("units", unit)
                if isinstance(e, Merger | Dissolution) and e.unit == unit and e.on <= self.view.on
            ]
            self._ends[unit] = min(found, key=lambda e: e.on, default=None)
        return self._ends[unit]

    def unit(self, id: str) -> Unit:
        """Return a unit as it stands on the day."""
        unit = self.base.unit(id)
        if self._units_change:
            for e, _ in in_turn(self.view.about("units", id), Renaming):
                if e.on <= self.view.on:
                    unit = evolve(unit, name=e.name)
        return unit

    def villages_of(self, unit: str) -> tuple[str, ...]:
        """Return the villages to which a unit is linked on the day, by code."""
        found = self._villages.get(unit)
        if found is None:
            found = self.base.villages_of(unit)
            if self._units_change and (entries := self.view.about("units", unit)):
                found = self._linked(found, ((e.village, e) for e in entries if isinstance(e, Linked | Unlinked)))
            self._villages[unit] = found
        return found

    def units_of(self, village: str) -> tuple[str, ...]:
        """Return the units that are linked to a village on the day, by id."""
        found = self._units.get(village)
        if found is None:
            found = self.base.units_of(village)
            if self._units_change and (entries := self.view.about("villages", village)):
                found = self._linked(found, ((e.unit, e) for e in entries if isinstance(e, Linked | Unlinked)))
            self._units[village] = found
        return found

    def _linked(self, found: Sequence[str], entries: Iterable[tuple[str, Linked | Unlinked]]) -> tuple[str, ...]:
        """Return ids to which there are links, when entries, each about one of them, have come to pass."""
        ids = set(found)
        for id, e in sorted(entries, key=lambda pair: (pair[1].on, isinstance(pair[1], Linked))):
            if e.on <= self.view.on:
                (ids.add if isinstance(e, Linked) else ids.discard)(id)
        return tuple(sorted(ids))

    # --- helpers

    def helper(self, id: str) -> Helper:
        """Return a helper as he or she stands on the day: unit, division, rank, post, service, fitness.

        Who is on leave is not fit for the time being.
        """
        found = self._helpers.get(id)
        if found is None:
            found = self._helpers[id] = self._now(self.base.helper(id))
        return found

    def _now(self, helper: Helper) -> Helper:
        return helper if self.is_as_listed(helper) else self._as_it_stands(helper)

    def is_as_listed(self, helper: Helper) -> bool:
        """Whether nothing is told of a helper of the roster, nor of the end of the unit."""
        return not self.view.tells_of("helpers", helper.id) and helper.unit not in self._ending

    def _as_it_stands(self, helper: Helper) -> Helper:
        entries = self.view.personnel(helper.id)
        if not entries and self.end_of_unit(helper.unit) is None:
            return helper
        on = self.view.on
        transfers = [(e, days) for e, days in in_turn(entries, Transfer) if e.on <= on]
        first = transfers[0][0].on if transfers else None
        unit, over = self._followed(helper.unit, first)
        changes: dict[str, Any] = {}
        for e, days in transfers:
            unit, over = self._followed(e.unit, days.end if days.end is not None and days.end <= on else None)
            changes["division"] = e.division
        ranks = [e for e in entries if isinstance(e, Transfer | RankChange) and e.on <= on]
        for e in sorted(ranks, key=lambda e: (e.on, isinstance(e, RankChange))):
            changes |= {name: value for name in ("rank", "post") if (value := getattr(e, name)) is not None}
        fit = self.view.is_fit(helper.id)
        if self.view.is_absent(helper.id):
            fit = False
        if fit is not None:
            changes["fit"] = fit
        ends = [day for day in (self.view.end_of_service(helper.id), over) if day is not None]
        if ends:
            start = helper.service.start if helper.service else date.min
            end = min([*ends, *([helper.service.end] if helper.service and helper.service.end else [])])
            changes["service"] = Span(start, end) if end > start else _NEVER
        return evolve(helper, unit=unit, **changes)

    def _followed(self, unit: str, until: date | None) -> tuple[str, date | None]:
        """Return the unit that a unit has become, up to a day, and the day on which it was dissolved, if it was."""
        seen = {unit}
        while (end := self.end_of_unit(unit)) is not None and (until is None or end.on < until):
            if isinstance(end, Dissolution) or end.into in seen:
                return unit, end.on
            unit = end.into
            seen.add(unit)
        return unit, None

    def helpers_of(self, unit: str, without: Set[str] = frozenset()) -> tuple[Helper, ...]:
        """Return the helpers who belong to a unit on the day, serving or not, by id; without some."""
        found = self._members.get(unit)
        if found is None:
            entries = self.view.about("units", unit) if self._units_change else ()
            if not any(isinstance(e, Transfer | Merger | Dissolution) for e in entries):
                tells_of = self.view.tells_of
                members = [helper for helper in self.base.helpers_of(unit) if helper.id not in without]
                now = [self.helper(h.id) if tells_of("helpers", h.id) else h for h in members]
                found = tuple([helper for helper in now if helper.unit == unit])
                if not without:
                    self._members[unit] = found
                return found
            ids = {helper.id for helper in self.base.helpers_of(unit)}
            pending, seen = [unit], {unit}
            while self._units_change and pending:
                for e in self.view.about("units", pending.pop()):
                    if isinstance(e, Transfer):
                        ids.add(e.helper)
                    elif isinstance(e, Merger) and e.unit not in seen:
                        seen.add(e.unit)
                        pending.append(e.unit)
                        ids.update(helper.id for helper in self.base.helpers_of(e.unit))
            known = self.base
            helpers = [self.helper(id) for id in sorted(ids) if id in known]
            found = self._members[unit] = tuple(helper for helper in helpers if helper.unit == unit)
        return tuple([helper for helper in found if helper.id not in without]) if without else found

    def may_go_to(self, helper: Helper) -> tuple[str, ...]:
        """Return the villages in which a helper may be paired on the day: the own ones, or else those of the unit."""
        return self.base.own_villages(helper.id) or self.villages_of(helper.unit)

    def leaves(self, helper: Helper, policy: Policy, until: date = date.max) -> date | None:
        """Return the first day on which a helper is out of the service, where it is known and not after another day.

        Known is what is laid down in the roster or the register, and what is to be expected from the birth date and
        the policy's rules of retirement.
        """
        day = helper.service.end if helper.service is not None else None
        if self.view.tells_of("helpers", helper.id):
            day = min(filter(None, (day, self.view.end_of_service(helper.id))), default=None)
        if policy.retirement and helper.birth is not None:
            alike = (helper.rank, helper.kind, helper.sex)
            if alike not in self._retirement:
                self._retirement[alike] = next((rule for rule in policy.retirement if rule.fits(helper)), None)
            rule = self._retirement[alike]
            # most are years away from their retirement: that is seen without a date
            if rule is not None and 12 * helper.birth.year + helper.birth.month + rule.age <= 12 * until.year + 12:
                day = min(filter(None, (day, rule.day(helper.birth))), default=None)
        return day if day is not None and day <= until else None

    # --- households

    def household(self, id: str) -> Household:
        """Return a household as it stands on the day: village, persons, registration, "exited" or "fallen back"."""
        household = self.base.household(id)
        entries = self.view.about("households", id)
        if len(entries) == 1 and type(entries[0]) is Paired and not self.view.tells_of("observed", id):
            return household  # nearly all are such
        changes: dict[str, Any] = {}
        if self.view.tells_of("observed", id) and (persons := self.view.observed(id, "persons")) is not None:
            changes["persons"] = persons.amount
        if not entries:
            return evolve(household, **changes) if changes else household
        for e, _ in in_turn(entries, Move):
            if e.on <= self.view.on:
                changes["village"] = e.village
        if self.view.exit(id) is not None:
            changes["status"] = "exited"
        elif any(isinstance(e, Relapse) and e.on <= self.view.on for e in entries):
            changes["status"] = "fallen back"
        over = self.view.left_programme(id)
        if over is not None:
            start = household.registered.start if household.registered else date.min
            changes["registered"] = Span(start, over) if over > start else _NEVER
        return evolve(household, **changes) if changes else household

    # --- all of them

    def roster(self) -> Roster:
        """Return the whole roster as it stands on the day."""
        helpers = tuple(self.helper(helper.id) for helper in self.base.helpers)
        households = tuple(self.household(household.id) for household in self.base.households)
        if any(not household.persons for household in households):  # a roster has no household of nobody
            households = tuple(h if h.persons else evolve(h, persons=1) for h in households)
        units = tuple(self.unit(unit.id) for unit in self.base.units)
        links = self.base.links
        if self._units_change:
            links = tuple(Link(unit.id, village) for unit in units for village in self.villages_of(unit.id))
        now = (helpers, households, units, links)
        if now == (self.base.helpers, self.base.households, self.base.units, self.base.links):
            return self.base
        return evolve(self.base, helpers=helpers, households=households, units=units, links=links)
