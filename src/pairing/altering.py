"""What would be otherwise: the county of a pair, solved again, exactly, under the same terms but for that pair."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

import attrs

from pairing.people import Pairing
from pairing.solving import answer
from pairing.terms import Place, Terms
from pairing.worth import Pair, Positions, Price, price

__all__ = ["Counties", "County"]


class Counties:
    """The counties of some terms: people whom links hold together, each county found when it is asked for."""

    def __init__(self, terms: Terms, pairings: Sequence[Pairing], book: Collection[tuple[str, str]]) -> None:
        self.terms = terms
        self.pairings = pairings
        self.book = book
        self._sides = (terms.helper_places, terms.slot_places)
        self._found: tuple[dict[int, County], dict[int, County]] = ({}, {})  # of helpers and of slots

    @cached_property
    def _places_at(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """The numbers of the places at each home, on both sides."""
        found: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for side, places in enumerate(self._sides):
            for at, place in enumerate(places):
                found[side].setdefault(place.home, []).append(at)
        return found

    @cached_property
    def _back(self) -> dict[int, list[int]]:
        return _turned(self.terms)

    def of(self, side: int, i: int) -> "County | None":
        """Return the county of a helper (side 0) or of a slot (side 1); None for who takes no part."""
        if i not in self._found[side]:
            home = next((place.home for place in self._sides[side] if i in place.members), None)
            if home is None:
                return None
            homes: tuple[set[int], set[int]] = (set(), set())
            homes[side].add(home)
            todo = [(side, home)]
            for here, one in todo:
                for other in self.terms.links.get(one, ()) if here == 0 else self._back.get(one, ()):
                    if other not in homes[1 - here]:
                        homes[1 - here].add(other)
                        todo.append((1 - here, other))
            county = County(self._part(homes), self.pairings, self.book)
            for found, members in zip(self._found, county.members, strict=True):
                found.update(dict.fromkeys(members, county))
        return self._found[side][i]

    def _part(self, homes: tuple[set[int], set[int]]) -> Terms:
        """Return the terms of those at some homes, with everything in the same order."""
        helpers, slots = (
            tuple(places[n] for n in sorted(n for home in homes[side] for n in self._places_at[side].get(home, ())))
            for side, places in enumerate(self._sides)
        )
        members = {n for place in helpers for n in place.members}
        return attrs.evolve(
            self.terms,
            helper_places=helpers,
            slot_places=slots,
            links={home: row for home, row in self.terms.links.items() if home in homes[0]},
            locked=tuple((n, m) for n, m in self.terms.locked if n in members),
            named={n: row for n, row in self.terms.named.items() if n in members},
        )


class County:
    """The people whom links hold together: their terms, and the pairs that a plan gives them."""

    def __init__(self, terms: Terms, pairings: Iterable[Pairing], book: Collection[tuple[str, str]]) -> None:
        self.terms = terms
        self.book = book
        self.positions = Positions(terms)
        self.pairs = dict(self.positions.pairs(pairings))
        """The pairs, each with the role that the helper bears."""
        self.locked = frozenset(terms.locked)
        self._sides = (terms.helper_places, terms.slot_places)
        self._at = tuple({i: at for at, place in enumerate(places) for i in place.members} for places in self._sides)
        self.members = tuple(at.keys() for at in self._at)
        """Helpers, and slots."""
        self._homes: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for side, places in enumerate(self._sides):
            for place in places:
                self._homes[side].setdefault(place.home, []).extend(place.members)
        self.partners: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for n, m in sorted(self.pairs):
            self.partners[0].setdefault(n, []).append(m)
            self.partners[1].setdefault(m, []).append(n)
        self._known: dict[Pair, tuple[Price, frozenset[Pair]]] = {}
        self._typical: dict[Pair, tuple[Pair, tuple[Price, frozenset[Pair]]]] = {}  # by the numbers of two places

    def place(self, side: int, i: int) -> Place:
        """Return the place of a helper (side 0) or a slot (side 1)."""
        return self._sides[side][self._at[side][i]]

    def has(self, side: int, i: int) -> int:
        """Return how many partners somebody has."""
        return len(self.partners[side].get(i, ()))

    def full(self, side: int, i: int) -> bool:
        """Whether somebody has as many partners as the ceiling allows."""
        place = self.place(side, i)
        return not place.soft and place.quota.ceiling is not None and self.has(side, i) >= place.quota.ceiling

    @cached_property
    def _back(self) -> dict[int, list[int]]:
        return _turned(self.terms)

    def allowed(self, side: int, i: int) -> Iterator[int]:
        """Yield everybody with whom somebody may be paired, or is locked."""
        home = self.place(side, i).home
        ways: Iterable[int] = self.terms.links.get(home, ()) if side == 0 else self._back.get(home, ())
        for there in ways:
            for other in self._homes[1 - side].get(there, ()):
                n, m = (i, other) if side == 0 else (other, i)
                if self.terms.named.get(n, {}).get(m, ()) is not None or (n, m) in self.locked:
                    yield other

    def alike(self, n: int, m: int) -> int:
        """Return how many helpers are interchangeable with one, itself among them, but for others that the slot has."""
        mine = self.place(0, n)
        if self._alone(mine):
            return 1
        links = self.terms.links.get(mine.home)
        taken = set(self.partners[1].get(m, ())) - {n}
        return sum(
            one not in taken
            for place in self.terms.helper_places
            if (place.role, place.quota, place.soft, place.held) == (mine.role, mine.quota, mine.soft, mine.held)
            and self.terms.links.get(place.home) == links
            and not self._alone(place)
            for one in place.members
        )

    def _alone(self, place: Place) -> bool:
        return len(place.members) == 1 and place.members[0] in self.terms.named

    def without(self, n: int, m: int) -> tuple[Price, frozenset[Pair]]:
        """Return what the best plan without a pair costs, and its pairs."""
        if (n, m) not in self._known:
            swapped = self._swapped(n, m)
            self._known[n, m] = (Price(), swapped) if swapped else self._without(n, m)
        return self._known[n, m]

    def _without(self, n: int, m: int) -> tuple[Price, frozenset[Pair]]:
        """Solve the county without a pair; or, where one between the same two places was left out, turn that about.

        Who stands in one place is interchangeable, but for the order of households; so that must not matter.
        """
        at = self._at[0][n], self._at[1][m]
        if at in self._typical:
            (one, slot), (cost, pairs) = self._typical[at]
            turn, turn_slot = {one: n, n: one}, {slot: m, m: slot}
            return cost, frozenset((turn.get(a, a), turn_slot.get(b, b)) for a, b in pairs)
        found = self._solved(_altered(self.terms, n, m, held=0))
        if not found[0].short and not self.short:
            self._typical[at] = (n, m), found
        return found

    @cached_property
    def short(self) -> bool:
        """Whether a household is short of helpers."""
        return any(self.has(1, m) < place.quota.floor for place in self.terms.slot_places for m in place.members)

    def with_pair(self, n: int, m: int) -> Price:
        """Return what the best plan with an allowed pair costs."""
        return self._solved(_altered(self.terms, n, m, held=1))[0]

    def _solved(self, terms: Terms) -> tuple[Price, frozenset[Pair]]:
        after = frozenset(pair for pair, _ in self.positions.pairs(answer(terms).pairings))
        return price(self.terms, self.pairs.keys(), after, self.book), after

    def _swapped(self, n: int, m: int) -> frozenset[Pair] | None:
        """Return pairs worth the same without one of them, where somebody in the same place takes over, or swaps."""
        mine, theirs = self.place(0, n), self.place(1, m)
        if len(mine.members) == 1:
            return None
        slots = frozenset(theirs.members) if len(theirs.members) > 1 else frozenset()
        for other in mine.members:
            if other == n or (other, m) in self.pairs:
                continue
            if self.has(0, other) == self.has(0, n) - 1:
                return frozenset(self.pairs) - {(n, m)} | {(other, m)}
            for slot in self.partners[0].get(other, ()):
                if slot in slots and (n, slot) not in self.pairs:
                    return frozenset(self.pairs) - {(n, m), (other, slot)} | {(other, m), (n, slot)}
        return None


def _turned(terms: Terms) -> dict[int, list[int]]:
    """Return the homes of helpers that are linked to each home of slots."""
    back: dict[int, list[int]] = {}
    for home, row in terms.links.items():
        for there in row:
            back.setdefault(there, []).append(home)
    return back


def _altered(terms: Terms, n: int, m: int, *, held: int) -> Terms:
    """Return the terms with an allowed pair excluded, or (`held` 1) locked."""
    named = dict(terms.named)
    named[n] = {**named.get(n, {}), m: None}
    return attrs.evolve(
        terms,
        helper_places=_set_apart(terms.helper_places, n, held),
        slot_places=_set_apart(terms.slot_places, m, held),
        named=named,
        locked=(*terms.locked, (n, m)) if held else terms.locked,
    )


def _set_apart(places: Sequence[Place], i: int, held: int) -> tuple[Place, ...]:
    """Return places in which one person stands alone, with one pair less to choose, and so many more locked ones."""
    at = next(at for at, place in enumerate(places) if i in place.members)
    place, found = places[at], list(places)
    found[at] = place._replace(members=(i,), reach=place.reach - 1, held=place.held + held)
    if len(place.members) > 1:
        found.insert(at, place._replace(members=tuple(one for one in place.members if one != i)))
    return tuple(found)
