"""Holds a proposal against the terms of its day: legal, optimal, and short only where that is proved."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from pairing.certificate import Stance, faults, shortage
from pairing.proof import Certificate, Shortfall
from pairing.terms import Place, Terms

__all__ = ["faults_of_plan"]


def faults_of_plan(
    terms: Terms,
    pairings: Sequence[tuple[str, str, str]],
    shortfalls: Sequence[Shortfall],
    certificate: Certificate,
) -> Iterator[str]:
    """Yield what is wrong with pairings (helper, household, role) and with their proofs; nothing when all is well."""
    here: dict[Any, int] = {}
    there: dict[Any, int] = {}
    for at, place in enumerate(terms.helper_places):
        here.update(dict.fromkeys([terms.roster.helpers[n].id for n in place.members], at))
    for at, place in enumerate(terms.slot_places):
        there.update(dict.fromkeys(terms.slot_ids(place), at))
    helpers = {id: terms.helper_places[at] for id, at in here.items()}
    slots = {id: terms.slot_places[at] for id, at in there.items()}
    if certificate.places != terms.places:
        yield "the potentials are for other aims"
        return
    if not set(here.values()) <= certificate.left.keys() or not set(there.values()) <= certificate.right.keys():
        yield "wanted a potential for everybody"
        return
    pairs = [(i, terms.slot_id(j, helpers[i].role if i in helpers else "")) for i, j, _ in pairings]
    strangers = sum(i not in helpers or slot not in slots for i, slot in pairs)
    if strangers:
        yield f"{strangers} pairings are of people who do not take part"
        return
    locked = {
        (terms.roster.helpers[n].id, terms.slot_id(terms.household(m).id, terms.role(m))) for n, m in terms.locked
    }
    stays = Counter(pair for pair in pairs if pair in locked)
    if len(stays) < len(locked):
        yield "a locked pair is missing"
    if any(count > 1 for count in stays.values()):
        yield "a pair is taken twice"
    have = (Counter(i for i, _ in pairs), Counter(slot for _, slot in pairs))
    stances = [
        Stance(place.home, terms.helper_costs(place), certificate.left[at])
        for at, place in enumerate(terms.helper_places)
    ]
    left = {id: stances[at] for id, at in here.items()}
    right = dict(_slot_stances(terms, certificate, all(have[1][id] >= p.quota.floor for id, p in slots.items())))
    prices = {score: terms.pair_cost(score) for row in terms.links.values() for score in set(row.values())}
    links = {(here, there): prices[score] for here, row in terms.links.items() for there, score in row.items()}
    named = {pair: None if said is None else terms.pair_cost(*said) for pair, said in _named(terms)}
    yield from faults(left, right, links, [pair for pair in pairs if pair not in locked], named)
    yield from _role_faults(terms, slots, pairs, [role for _, _, role in pairings])
    yield from _shortfall_faults(terms, helpers, slots, have, shortfalls)


def _named(terms: Terms) -> Iterator[tuple[tuple[Any, Any], tuple[int, bool] | None]]:
    """Yield the pairs of which more is laid down than links say, as (helper, slot)."""
    for n, row in terms.named.items():
        for m, said in row.items():
            yield (terms.roster.helpers[n].id, terms.slot_id(terms.household(m).id, terms.role(m))), said


def _slot_stances(terms: Terms, certificate: Certificate, covered: bool) -> Iterator[tuple[Any, Stance]]:
    """Yield the stance of each slot; where every floor is met, the order of households does not matter."""
    for at, place in enumerate(terms.slot_places):
        stance = Stance(place.home, terms.slot_costs(place), certificate.right[at])
        if covered:
            yield from zip(terms.slot_ids(place), repeat(stance), strict=False)
        else:
            stances = (stance._replace(costs=costs) for costs in terms.ordered_costs(place))
            yield from zip(terms.slot_ids(place), stances, strict=True)


def _role_faults(
    terms: Terms, slots: Mapping[Any, Place], pairs: Iterable[tuple[str, Any]], roles: list[str]
) -> Iterator[str]:
    """In each role of a household one helper bears its name, and the others that of the others."""
    leads: Counter[Any] = Counter()
    wrong = 0
    others = {role: terms.policy.others(role) for role in terms.policy.roles}
    for (_, slot), role in zip(pairs, roles, strict=True):
        name = slots[slot].role
        leads[slot] += role == name
        wrong += role not in (name, others[name])
    wrong += sum(count != 1 for slot, count in leads.items() if others[slots[slot].role] != slots[slot].role)
    if wrong:
        yield f"{wrong} roles are not as the policy says"


class _Side:
    """One side of the terms, looked at from its homes."""

    def __init__(
        self, places: Mapping[Any, Place], links: Iterable[tuple[int, int]], barred: Iterable[tuple[Any, Any]]
    ) -> None:
        self.places = places
        self.barred: dict[Any, list[Any]] = {}
        for id, other in barred:
            self.barred.setdefault(id, []).append(other)
        self.at_home: dict[int, list[Any]] = {}
        for id, place in places.items():
            self.at_home.setdefault(place.home, []).append(id)
        self.links: dict[int, list[int]] = {}
        for home, there in links:
            self.links.setdefault(home, []).append(there)


def _shortfall_faults(
    terms: Terms,
    helpers: Mapping[Any, Place],
    slots: Mapping[Any, Place],
    have: tuple[Mapping[Any, int], Mapping[Any, int]],
    shortfalls: Sequence[Shortfall],
) -> Iterator[str]:
    """The shortfalls name exactly those who are short, each once and by how much, and each is proved by its set."""
    for side, places, counts in (("helpers", helpers, have[0]), ("households", slots, have[1])):
        floors = ((id, 0 if place.soft else place.quota.floor) for id, place in places.items())
        unmet = {id: floor - counts.get(id, 0) for id, floor in floors if floor > counts.get(id, 0)}
        told = [
            (id if side == "helpers" else terms.slot_id(id, shortfall.role), count)
            for shortfall in shortfalls
            if shortfall.side == side
            for id, count in shortfall.short
        ]
        if dict(told) != unmet or len(told) != len(unmet):
            yield f"the shortfalls do not name exactly the {side} that are short"
    if not shortfalls:
        return
    barred = [pair for pair, said in _named(terms) if said is None]
    links = [(here, there) for here, row in terms.links.items() for there in row]
    of_helpers = _Side(helpers, links, barred)
    of_slots = _Side(slots, ((there, here) for here, there in links), ((slot, i) for i, slot in barred))
    for shortfall in shortfalls:
        as_slots = [terms.slot_id(id, shortfall.role) for id in _of_households(shortfall)]
        if shortfall.side == "helpers":
            proved = _is_proved(shortfall, (of_helpers, of_slots), shortfall.needing, as_slots)
        else:
            proved = _is_proved(shortfall, (of_slots, of_helpers), as_slots, shortfall.holding)
        if not proved:
            yield "a shortfall is not proved by its violating set"


def _of_households(shortfall: Shortfall) -> Sequence[str]:
    return shortfall.holding if shortfall.side == "helpers" else shortfall.needing


def _is_proved(
    shortfall: Shortfall, sides: tuple[_Side, _Side], needing: Sequence[Any], holding: Sequence[Any]
) -> bool:
    """Whether the figures of a shortfall are those of its violating set, counted anew."""
    mine, other = sides
    if not (set(needing) <= mine.places.keys() and set(holding) <= other.places.keys()):
        return False
    places = [mine.places[id] for id in needing]
    if {place.role for place in places} != {shortfall.role}:
        return False
    room = {id: other.places[id].room for id in holding}
    inside = Counter(place.home for place in places)
    near = [(home, there) for home in inside for there in mine.links.get(home, ())]
    others = {id: home for home in {there for _, there in near} for id in other.at_home.get(home, ())}
    outside = Counter(home for id, home in others.items() if id not in room)
    barred = [(id, other) for id in needing for other in mine.barred.get(id, ()) if other in others]
    wants = {id: (place.home, place.floor) for id, place in zip(needing, places, strict=True)}
    apart = sum(inside[home] * outside[there] for home, there in near) - sum(other not in room for _, other in barred)
    unlinked = sum(max(0, place.floor - place.reach) for place in places)
    short = {shortfall.needing[at]: want for at, want in enumerate(wants.values())}
    return shortfall.says(short, sum(room.values()), apart, unlinked, shortage(wants, room, others, near, barred))
