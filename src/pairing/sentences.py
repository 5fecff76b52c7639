"""What is short, said as a county office would say it: the places, what they have, and who could carry how much."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from pairing.terms import Place, Terms

__all__ = ["Sentences"]


class Sentences:
    """Writes the sentences of shortfalls under the terms of a day."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.roster = terms.roster

    @cached_property
    def _households(self) -> Counter[tuple[str, str]]:
        """How many households of a village are due helpers, by role."""
        counts: Counter[tuple[str, str]] = Counter()
        for place in self.terms.slot_places:
            counts[self.terms.household(place.members[0]).village, place.role] += len(place.members)
        return counts

    @cached_property
    def _units_of_own_links(self) -> dict[str, list[str]]:
        """The units whose helpers are linked to a village personally."""
        units: dict[str, list[str]] = {}
        for link in self.roster.own_links:
            units.setdefault(link.area, []).append(self.roster.helper(link.helper).unit)
        return units

    def of(
        self, side: str, places: Sequence[Place], members: Sequence[int], wanted: int, room: int, locked: int
    ) -> str:
        """Return the sentence for a violating set.

        `places` and `members` are of those who want `wanted` partners, beyond the `locked` pairs that they and the
        full ones on the other side have already; there is `room` for so many.
        """
        about = f"for the role {places[0].role}: " if len(self.terms.policy.roles) > 1 else ""
        beside = f", beside {_count(locked, 'locked pair')}" if locked else ""
        alone = not any(place.reach for place in places)
        if side == "households":
            return about + self._of_households(places[0].role, members, (wanted, room), beside, alone)
        return about + self._of_helpers(members, (wanted, room), beside, alone)

    def _of_households(
        self, role: str, members: Sequence[int], figures: tuple[int, int], beside: str, alone: bool
    ) -> str:
        roster = self.roster
        wanted, room = figures
        villages = sorted({self.terms.household(slot).village for slot in members})
        units = sorted({unit for v in villages for unit in (*roster.units_of(v), *self._units_of_own_links.get(v, ()))})
        total = sum(self._households[village, role] for village in villages)
        text = f"{_named('village', [roster.areas[village].name or village for village in villages])} "
        text += f"{_s(villages, 'has', 'have')} {_count(total, 'household')}"
        plain = not beside and len(members) == total == wanted
        if len(members) < total:
            text += f", {len(members):,} of them due {_count(wanted, 'helper')}{beside}"
        elif not plain:
            text += f", which {_s(members, 'is', 'are')} due {_count(wanted, 'helper')}{beside}"
        linked = _linked("unit", [roster.unit(unit).name or unit for unit in units], villages)
        end = f"{wanted - room:,} left over" if plain else f"{_count(wanted - room, 'helper')} missing"
        if not units:
            return f"{text}; {linked}: {end}"
        them = _s(members, "it", "them")
        if alone:
            carry = f"{_s(units, 'has', 'have')} no helper who may be paired with {them}"
        elif not room:
            carry = f"{_s(units, 'has', 'have')} nobody free for {them}"
        else:
            carry = f"can carry {room:,}" if plain else f"can give {them} {room:,}"
        return f"{text}; {linked}, {carry}: {end}"

    def _of_helpers(self, members: Sequence[int], figures: tuple[int, int], beside: str, alone: bool) -> str:
        roster = self.roster
        wanted, room = figures
        units = sorted({roster.helpers[n].unit for n in members})
        villages = sorted({village for n in members for village in roster.may_go_to(roster.helpers[n])})
        text = f"{_named('unit', [roster.unit(unit).name or unit for unit in units])} {_s(units, 'has', 'have')} "
        text += f"{_count(len(members), 'helper')} who {_s(members, 'is', 'are')} to have {_count(wanted, 'household')}"
        linked = _linked("village", [roster.areas[village].name or village for village in villages], units)
        end = f"{_count(wanted - room, 'household')} missing" if beside else f"{wanted - room:,} missing"
        if not villages:
            return f"{text}{beside}; {linked}: {end}"
        them = _s(members, "that helper", "them")
        carry = f"{_s(villages, 'has', 'have')} room for {room:,}"
        if alone:
            carry = f"{_s(villages, 'has', 'have')} no household that may be paired with {them}"
        return f"{text}{beside}; {linked}, {carry}: {end}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _s(things: Sequence[object], one: str, more: str) -> str:
    return one if len(things) == 1 else more


def _named(noun: str, names: Sequence[str], most: int = 3) -> str:
    """Return the names of places or units with their noun: the first few, and how many more."""
    if len(names) > most:
        return f"{noun}s {', '.join(names[:most])} and {len(names) - most:,} more"
    if len(names) > 1:
        return f"{noun}s {', '.join(names[:-1])} and {names[-1]}"
    return f"{noun} {names[0]}"


def _linked(noun: str, names: Sequence[str], to: Sequence[object]) -> str:
    them = _s(to, "it", "them")
    if not names:
        return f"no {noun} is linked to {them}"
    if len(names) == 1:
        return f"the only {noun} linked to {them}, {names[0]}"
    listed = _named(noun, names).removeprefix(f"{noun}s ")
    return f"the {len(names):,} {noun}s linked to {them}, {listed}"
