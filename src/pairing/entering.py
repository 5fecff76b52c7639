"""What of a plan is to be entered in a register: who becomes responsible, and what of the book is over."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pairing.entries import Entry, HandedOver, Linked, Paired, Released, StruckOff, VacancyOpened
from pairing.people import Pairing
from pairing.roster import Roster

__all__ = ["entries_of_plan"]


def entries_of_plan(roster: Roster, on: date, pairings: Sequence[Pairing], book: Iterable[Pairing]) -> Iterator[Entry]:
    """Yield the entries that make a register say what a plan says, where it says what the book says.

    Of the book counts what holds on the day.  A pair that stays is not touched, whatever its role.
    """
    held = [pairing for pairing in book if pairing.span is None or on in pairing.span]
    if not held:
        yield from (Linked(link.unit, link.village, on=on) for link in roster.links)
        yield from (Paired(pairing.helper, pairing.household, pairing.role, on=on) for pairing in pairings)
    else:
        yield from _differences(on, pairings, held)
    yield from _ends(roster, pairings, {(pairing.helper, pairing.household) for pairing in held})


def _differences(on: date, pairings: Sequence[Pairing], held: Sequence[Pairing]) -> Iterator[Entry]:
    """Yield what is different from the book, household by household."""
    kept = {(p.helper, p.household) for p in pairings} & {(p.helper, p.household) for p in held}
    new: dict[str, list[Pairing]] = defaultdict(list)
    lost: dict[str, list[Pairing]] = defaultdict(list)
    for found, rows in ((new, pairings), (lost, held)):
        for pairing in rows:
            if (pairing.helper, pairing.household) not in kept:
                found[pairing.household].append(pairing)
    for household in sorted(new.keys() | lost.keys()):
        takers, givers = sorted(new[household]), sorted(lost[household])
        for giver in givers:
            taker = next((taker for taker in takers if taker.role == giver.role), None)
            if taker is None:
                reason, override = "planned anew", f"by the plan of {on}"
                yield Released(giver.helper, household, reason, giver.role, override, on=on)
            else:
                takers.remove(taker)
                yield HandedOver(household, giver.helper, (taker.helper,), giver.role, None, "planned anew", on=on)
        yield from (Paired(taker.helper, household, taker.role, on=on) for taker in takers)


def _ends(roster: Roster, pairings: Sequence[Pairing], known: set[tuple[str, str]]) -> Iterator[Entry]:
    """Yield what happens on the days on which a service or a registration ends, as far as that is laid down."""
    ending = {p.household for p in pairings if p.span is not None and p.span.end is not None}
    groups: dict[str, list[Pairing]] = defaultdict(list)
    if ending:
        for pairing in pairings:
            if pairing.household in ending:
                groups[pairing.household].append(pairing)
    for household, group in sorted(groups.items()):
        registered = roster.household(household).registered
        over = registered.end if registered else None
        ends = sorted((_end(p), p.helper, p) for p in group)
        for n, (end, helper, pairing) in enumerate(ends):
            if end == date.max or (over is not None and end >= over) or (helper, household) in known:
                continue
            reason = "the service ends"
            if n + 1 < len(ends):
                others = f"{reason}: others stay responsible"
                yield Released(helper, household, reason, pairing.role, others, on=end)
            else:
                unit = roster.helper(helper).unit
                yield VacancyOpened(household, reason, unit, helper, pairing.role, on=end)
        if over is not None and not all((p.helper, household) in known for p in group):
            yield StruckOff(household, "the registration ends", on=over)


def _end(pairing: Pairing) -> date:
    return date.max if pairing.span is None or pairing.span.end is None else pairing.span.end
