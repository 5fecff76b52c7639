"""What is short, said as a county office would say it: the places, what they have, and who could carry how much."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from pairing.terms import Terms

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

    def of(self, side: str, role: str, members: Sequence[int], wanted: int, available: int) -> str:
        """Return the sentence for a violating set: helpers by position, or slots, and what they want and can have."""
        about = f"for the role {role}: " if len(self.terms.policy.roles) > 1 else ""
        write = self._of_households if side == "households" else self._of_helpers
        return about + write(role, members, wanted, available)

    def _of_households(self, role: str, members: Sequence[int], wanted: int, available: int) -> str:
        roster = self.roster
        villages = sorted({self.terms.household(slot).village for slot in members})
        units = sorted({unit for village in villages for unit in roster.units_of(village)})
        total = sum(self._households[village, role] for village in villages)
        text = f"{_named('village', [roster.areas[village].name or village for village in villages])} "
        text += f"{_s(villages, 'has', 'have')} {_count(total, 'household')}"
        if len(members) < total:
            text += f", {len(members):,} of them due {_count(wanted, 'helper')}"
        elif wanted != total:
            text += f", which {_s(members, 'is', 'are')} due {_count(wanted, 'helper')}"
        linked = _linked("unit", [roster.unit(unit).name or unit for unit in units], villages)
        if not units:
            return f"{text}; {linked}: {wanted:,} left over"
        these = " for them" if len(members) < total else ""
        carry = f"can carry {available:,}{these}" if available else f"{_s(units, 'has', 'have')} nobody free for them"
        return f"{text}; {linked}, {carry}: {wanted - available:,} left over"

    def _of_helpers(self, role: str, members: Sequence[int], wanted: int, available: int) -> str:
        roster = self.roster
        units = sorted({roster.helpers[n].unit for n in members})
        villages = sorted({village for unit in units for village in roster.villages_of(unit)})
        text = f"{_named('unit', [roster.unit(unit).name or unit for unit in units])} {_s(units, 'has', 'have')} "
        text += f"{_count(len(members), 'helper')} who {_s(members, 'is', 'are')} to have {_count(wanted, 'household')}"
        linked = _linked("village", [roster.areas[village].name or village for village in villages], units)
        if not villages:
            return f"{text}; {linked}: {wanted:,} missing"
        carry = f"{_s(villages, 'has', 'have')} room for {available:,}"
        return f"{text}; {linked}, {carry}: {wanted - available:,} missing"


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
