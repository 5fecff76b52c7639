"""Holds a proposal against the terms of its day: legal, optimal, and short only where that is proved."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    here = {terms.roster.helpers[n].id: at for at, place in enumerate(terms.helper_places) for n in place.members}
    there = {terms.slot_id(n): at for at, place in enumerate(terms.slot_places) for n in place.members}
    helpers = {id: terms.helper_places[at] for id, at in here.items()}
    slots = {id: terms.slot_places[at] for id, at in there.items()}
    if certificate.places != terms.places:
        yield "the potentials are for other aims"
        return
    if not set(here.values()) <= certificate.left.keys() or not set(there.values()) <= certificate.right.keys():
        yield "wanted a potential for everybody"
        return
    strangers = sum((j, helpers[i].role) not in slots if i in helpers else True for i, j, _ in pairings)
    if strangers:
        yield f"{strangers} pairings are of people who do not take part"
        return
    pairs = [(i, (j, helpers[i].role)) for i, j, _ in pairings]
    if len(set(pairs)) < len(pairs):
        yield "a pair is taken twice"
    locked = {(terms.roster.helpers[n].id, terms.slot_id(m)) for n, m in terms.locked}
    if not locked <= set(pairs):
        yield "a locked pair is missing"
    have = (Counter(i for i, _ in pairs), Counter(slot for _, slot in pairs))
    stances = [
        Stance(place.home, terms.helper_costs(place), certificate.left[at])
        for at, place in enumerate(terms.helper_places)
    ]
    left = {id: stances[at] for id, at in here.items()}
    right = dict(_slot_stances(terms, certificate, all(have[1][id] >= p.quota.floor for id, p in slots.items())))
    prices = {score: terms.pair_cost(score) for score in set(terms.links.values())}
    links = {link: prices[score] for link, score in terms.links.items()}
    yield from faults(left, right, links, [pair for pair in pairs if pair not in locked])
    yield from _role_faults(terms, pairs, [role for _, _, role in pairings])
    needs = {id: 0 if place.soft else place.quota.floor for id, place in helpers.items()}
    yield from _unmet_faults("helpers", needs, have[0], shortfalls)
    yield from _unmet_faults("households", {id: p.quota.floor for id, p in slots.items()}, have[1], shortfalls)
    for shortfall in shortfalls:
        yield from _shortfall_faults(shortfall, terms, helpers, slots)


def _slot_stances(terms: Terms, certificate: Certificate, covered: bool) -> Iterator[tuple[tuple[str, str], Stance]]:
    """Yield the stance of each slot; where every floor is met, the order of households does not matter."""
    for at, place in enumerate(terms.slot_places):
        stance = Stance(place.home, terms.slot_costs(place), certificate.right[at])
        for n in place.members:
            yield terms.slot_id(n), stance if covered else stance._replace(costs=terms.ordered_costs(place, n))


def _role_faults(terms: Terms, pairs: Iterable[tuple[str, tuple[str, str]]], roles: list[str]) -> Iterator[str]:
    """In each role of a household one helper bears its name, and the others that of the others."""
    named: Counter[tuple[tuple[str, str], str]] = Counter()
    for (_, slot), role in zip(pairs, roles, strict=True):
        named[slot, role] += 1
    others = {role: terms.policy.others(role) for role in terms.policy.roles}
    wrong = sum(
        (role not in (slot[1], others[slot[1]])) or (role == slot[1] != others[slot[1]] and count > 1)
        for (slot, role), count in named.items()
    )
    leaderless = sum(named[slot, slot[1]] == 0 for slot, _ in named)
    if wrong or leaderless:
        yield f"the roles of {wrong + leaderless} households are not as the policy says"


def _unmet_faults(
    side: str, needs: Mapping[Any, int], have: Mapping[Any, int], shortfalls: Sequence[Shortfall]
) -> Iterator[str]:
    """The shortfalls of a side name exactly those who are short, each once, and by how much."""
    unmet = {id: floor - have.get(id, 0) for id, floor in needs.items() if floor > have.get(id, 0)}
    told = [entry for shortfall in shortfalls if shortfall.side == side for entry in shortfall.short]
    if dict(told) != unmet or len(told) != len(unmet):
        yield f"the shortfalls do not name exactly the {side} that are short"


def _shortfall_faults(
    shortfall: Shortfall, terms: Terms, helpers: Mapping[Any, Place], slots: Mapping[Any, Place]
) -> Iterator[str]:
    """What is missing is proved by the violating set."""
    if shortfall.side == "helpers":
        needers, holders = helpers, slots
        links: Iterable[tuple[int, int]] = terms.links.keys()
    else:
        needers, holders = slots, helpers
        links = [(there, here) for here, there in terms.links]
    if not set(shortfall.needing) <= needers.keys() or not set(shortfall.holding) <= holders.keys():
        yield "a shortfall names somebody who does not take part"
        return
    needing = {id: (needers[id].home, needers[id].floor) for id in shortfall.needing}
    holding = {id: holders[id].room for id in shortfall.holding}
    homes = {place.home for place in (needers[id] for id in shortfall.needing)}
    near = [link for link in links if link[0] in homes]
    outside = Counter(place.home for id, place in holders.items() if id not in holding)
    inside = Counter(needers[id].home for id in shortfall.needing)
    apart = sum(inside[home] * outside[other] for home, other in near)
    unlinked = sum(max(0, needers[id].floor - needers[id].reach) for id in shortfall.needing)
    proved = shortage(needing, holding, {id: place.home for id, place in holders.items()}, near)
    if not shortfall.says(needing, sum(holding.values()), apart, unlinked, proved):
        yield "a shortfall is not proved by its violating set"
