"""Why a plan is as it is: why this helper for this household, what bound, and what the next best would have cost."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from pairing.altering import Counties, County
from pairing.errors import ArgumentError, masked, shown
from pairing.people import Helper, Household, NamedPair, Pairing
from pairing.proof import Shortfall
from pairing.reasons import Explanation, NextBest, PairReason, Standing, WhyNot, due
from pairing.rules import HelperRule, HouseholdRule
from pairing.terms import Terms
from pairing.worth import book_of, counted, listed

__all__ = ["Explainer"]

_Thing = TypeVar("_Thing")


class Explainer:
    """Explains a plan, which is given by its terms, pairings, shortfalls and book."""

    def __init__(
        self, terms: Terms, pairings: Sequence[Pairing], shortfalls: Sequence[Shortfall], book: Iterable[Pairing]
    ) -> None:
        self.terms = terms
        self.roster = terms.roster
        self.policy = terms.policy
        self.shortfalls = shortfalls
        self.pairings = pairings
        self.book = book_of(terms, book)
        self.counties = Counties(terms, pairings, self.book)

    def explain(self, id: str) -> Explanation:
        """Return why a helper, a household, a unit or a village stands in the plan as it does."""
        if helper := _found(self.roster.helper, id):
            return self._of_helper(helper)
        if household := _found(self.roster.household, id):
            return self._of_household(household)
        if _found(self.roster.unit, id):
            return self._of_unit(id)
        if isinstance(id, str) and id in self.roster.areas and self.roster.areas[id].level == "village":
            return self._of_village(id)
        message = f"wanted the id of a helper, a household, a unit or a village of the roster, got {shown(id)}"
        raise ArgumentError("unknown-id", message, "id")

    # --- helpers and households

    def _of_helper(self, helper: Helper) -> Explanation:
        n = self._helper_at(helper.id)
        county = self.counties.of(0, n)
        head = f"helper {helper.id} ({helper.rank or helper.kind}) of unit {self._unit(helper.unit)}"
        if county is None:
            return Explanation(helper.id, "helper", text=f"{head} takes no part: {self._absent_helper(helper)[1]}")
        at = self.policy.helper_rule(helper, self.roster.unit(helper.unit))
        standing = self._standing(county, 0, n, f"helpers[{at}]", self.policy.helpers[at or 0])
        reasons = tuple(self._pair(county, n, m) for m in county.partners[0].get(n, ()))
        shortfalls = self._shortfalls("helpers", helper.id, {standing.role})
        principle = " in principle" if standing.soft else ""
        lines = [
            f"{head} takes on {_due(standing, 'household')}{principle}{self._role(standing.role)} "
            f"({standing.rule}{_source(standing)}) and has {standing.has:,}: {_bound(standing)}",
            f"{counted(standing.allowed, 'household')} may be paired with {helper.id}; {_full(standing, 'helpers')}",
        ]
        for reason in reasons:
            village = self._village(reason.village)
            lines.append(f"- {reason.household} in village {village}, {reason.role}: {self._because(reason)}")
            lines += _next_lines(reason, reason.next.households if reason.next else ())
        lines += _shortfall_lines(shortfalls, helper.id)
        return Explanation(helper.id, "helper", (standing,), reasons, {}, shortfalls, "\n".join(lines))

    def _of_household(self, household: Household) -> Explanation:
        difficulty = f", difficulty {household.difficulty:,}" if household.difficulty else ""
        head = f"household {household.id} in village {self._village(household.village)}{difficulty}"
        standings: list[Standing] = []
        reasons: list[PairReason] = []
        lines: list[str] = []
        for m, role in enumerate(self.policy.roles, self._slot_at(household.id)):
            county = self.counties.of(1, m)
            if county is None:
                continue
            at = self.policy.household_rule(household, role)
            standing = self._standing(county, 1, m, f"households[{at}]", self.policy.households[at or 0])
            standings.append(standing)
            lines += [
                f"{head} is due {_due(standing, 'helper')}{self._role(role)} "
                f"({standing.rule}{_source(standing)}) and has {standing.has:,}: {_bound(standing)}",
                f"{counted(standing.allowed, 'helper')} may be paired with it; {_full(standing, 'households')}",
            ]
            for n in county.partners[1].get(m, ()):
                reason = self._pair(county, n, m)
                reasons.append(reason)
                who = f"{reason.helper} ({reason.rank or self.roster.helper(reason.helper).kind})"
                lines.append(f"- {who} of unit {self._unit(reason.unit)}, {reason.role}: {self._because(reason)}")
                lines += _next_lines(reason, reason.next.helpers if reason.next else ())
        if not standings:
            absent = self._absent_household(household)[1]
            return Explanation(household.id, "household", text=f"{head} takes no part: {absent}")
        shortfalls = self._shortfalls("households", household.id, {standing.role for standing in standings})
        lines += _shortfall_lines(shortfalls, household.id)
        text = "\n".join(lines)
        return Explanation(household.id, "household", tuple(standings), tuple(reasons), {}, shortfalls, text)

    def _standing(self, county: County, side: int, i: int, path: str, rule: HelperRule | HouseholdRule) -> Standing:
        place = county.place(side, i)
        allowed = list(county.allowed(side, i))
        full = sum(county.full(1 - side, other) for other in allowed)
        has = county.has(side, i)
        return Standing(place.role, place.quota, place.soft, path, rule.source, has, len(allowed), full)

    def _pair(self, county: County, n: int, m: int) -> PairReason:
        helper, household = self.roster.helpers[n], self.terms.household(m)
        locked = (n, m) in county.locked
        following = None
        if not locked:
            cost, after = county.without(n, m)
            helpers = sorted({a for a, slot in after if slot == m}.difference(county.partners[1][m]))
            slots = sorted({slot for a, slot in after if a == n}.difference(county.partners[0][n]))
            following = NextBest(
                cost,
                tuple(self.roster.helpers[a].id for a in helpers),
                tuple(self.terms.household(slot).id for slot in slots),
            )
        return PairReason(
            helper.id,
            household.id,
            county.pairs[n, m],
            helper.rank,
            helper.unit,
            household.village,
            "own" if self.roster.own_villages(helper.id) else "unit",
            locked,
            (helper.id, household.id) in self.book,
            self._scores(helper, household),
            1 if locked else county.alike(n, m),
            following,
        )

    def _scores(self, helper: Helper, household: Household) -> tuple[tuple[str, int], ...]:
        """Return what each criterion gives a pair, zeros left out, and what the named pair gives."""
        found = [(name, score or 0) for name, score in self._criteria(helper, household)]
        named = self._named(helper.id, household.id)
        if named is not None:
            found.append(("preferred", named.score))
        return tuple((name, score) for name, score in found if score)

    def _criteria(self, helper: Helper, household: Household) -> Iterator[tuple[str, int | None]]:
        unit, village = self.roster.unit(helper.unit), self.roster.areas[household.village]
        for criterion in self.policy.criteria:
            readings = [criterion.helper(helper), criterion.household(household)]
            if criterion.link is not None:
                readings.append(criterion.link(unit, village))
            yield criterion.name, criterion.score(*readings)

    def _named(self, helper: str, household: str) -> NamedPair | None:
        named = self.roster.named
        at = bisect_left(named, (helper, household), key=lambda pair: (pair.helper, pair.household))
        found = named[at] if at < len(named) else None
        return found if found and (found.helper, found.household) == (helper, household) else None

    def _because(self, reason: PairReason) -> str:
        """Say why a pair is made: the link, what is laid down, what it scores, and whether ids decided."""
        parts = ["an own link of the helper" if reason.link == "own" else "the unit is linked to the village"]
        parts += ["locked: it stays"] * reason.locked + ["in the book"] * reason.kept
        parts += [f"{name} {score:,}" for name, score in reason.scores]
        if reason.alike > 1:
            parts.append(f"{reason.alike:,} helpers are interchangeable here, the order of ids decided among them")
        return "; ".join(parts)

    def _shortfalls(self, side: str, id: str, roles: set[str]) -> tuple[Shortfall, ...]:
        return tuple(
            shortfall
            for shortfall in self.shortfalls
            if shortfall.role in roles and id in (shortfall.needing if shortfall.side == side else shortfall.holding)
        )

    # --- units and villages

    def _of_unit(self, id: str) -> Explanation:
        members = [self._helper_at(helper.id) for helper in self.roster.helpers_of(id)]
        parts = [(county, n) for n in members if (county := self.counties.of(0, n))]
        villages = {v for _, n in parts for v in self.roster.may_go_to(self.roster.helpers[n])}
        slots = {m for county, n in parts for m in county.allowed(0, n)}
        loads = [county.has(0, n) for county, n in parts]
        places = [county.place(0, n) for county, n in parts]
        hard = [max(0, p.quota.floor - load) for p, load in zip(places, loads, strict=True) if not p.soft]
        figures = {
            "helpers": len(parts),
            "helpers fulfilled": sum(load >= p.quota.floor for p, load in zip(places, loads, strict=True)),
            "villages": len(villages),
            "households that may be paired": len({self.terms.household(m).id for m in slots}),
            "pairings": sum(loads),
            "fewest": min(loads, default=0),
            "most": max(loads, default=0),
            "floors together": sum(p.quota.floor for p in places),
            "room left": _room([None if p.soft else p.quota.ceiling for p in places], loads),
            "households missing": sum(hard),
        }
        shortfalls = self._all_shortfalls("helpers", {self.roster.helpers[n].id for _, n in parts})
        head = f"unit {self._unit(id)}, linked to {counted(len(villages), 'village')}"
        if villages:
            head += f": {listed([self._village(v) for v in sorted(villages)])}"
        text = "\n".join([head, *_figure_lines(figures), *_shortfall_lines(shortfalls)])
        return Explanation(id, "unit", (), (), figures, shortfalls, text)

    def _of_village(self, id: str) -> Explanation:
        roles = len(self.policy.roles)
        firsts = [self._slot_at(household.id) for household in self.roster.households_in(id)]
        parts = [(county, m) for at in firsts for m in range(at, at + roles) if (county := self.counties.of(1, m))]
        counts = [county.has(1, m) for county, m in parts]
        places = [county.place(1, m) for county, m in parts]
        missing = [max(0, p.quota.floor - count) for p, count in zip(places, counts, strict=True)]
        helpers = {n: county for county, m in parts for n in county.allowed(1, m)}
        seats = [county.place(0, n) for n, county in helpers.items()]
        room = _room(
            [None if p.soft else p.quota.ceiling for p in seats], [county.has(0, n) for n, county in helpers.items()]
        )
        households = {m // roles for _, m in parts}
        short = {m // roles for (_, m), count in zip(parts, missing, strict=True) if count}
        here = {n for county, m in parts for n in county.partners[1].get(m, ())}
        units = self.roster.units_of(id)
        figures = {
            "households": len(households),
            "households covered": len(households - short),
            "units": len(units),
            "helpers who may be paired": len(helpers),
            "helpers paired": len(here),
            "pairings": sum(counts),
            "floors together": sum(p.quota.floor for p in places),
            "room left with those helpers": room,
            "helpers missing": sum(missing),
        }
        ids = {self.terms.household(m).id for _, m in parts}
        shortfalls = self._all_shortfalls("households", ids)
        head = f"village {self._village(id)}, linked to {counted(len(units), 'unit')}"
        if units:
            head += f": {listed([self._unit(unit) for unit in units])}"
        text = "\n".join([head, *_figure_lines(figures), *_shortfall_lines(shortfalls)])
        return Explanation(id, "village", (), (), figures, shortfalls, text)

    def _all_shortfalls(self, side: str, ids: set[str]) -> tuple[Shortfall, ...]:
        return tuple(
            shortfall
            for shortfall in self.shortfalls
            if not ids.isdisjoint(shortfall.needing if shortfall.side == side else shortfall.holding)
        )

    # --- why not

    def why_not(self, helper_id: str, household_id: str) -> WhyNot:
        """Return why a helper and a household are not paired, and what it would cost."""
        helper, household = self.roster.helper(helper_id), self.roster.household(household_id)
        reason, sentence = self._ruled_out(helper, household)
        if reason:
            return WhyNot(helper.id, household.id, reason, None, sentence)
        n = self._helper_at(helper.id)
        county = self.counties.of(0, n)
        assert county is not None
        m = self._slot_at(household.id) + self.policy.roles.index(county.place(0, n).role)
        if (n, m) in county.pairs:
            role = county.pairs[n, m]
            return WhyNot(
                helper.id, household.id, "paired", None, f"{helper.id} is paired with {household.id}, as {role}"
            )
        for side, i, id in ((0, n, helper.id), (1, m, household.id)):
            place = county.place(side, i)
            if not place.soft and place.quota.ceiling is not None and place.held >= place.quota.ceiling:
                text = f"{id} may be paired with {place.quota.ceiling:,} at most"
                text += f", and {_s(place.held, 'is', 'are')} locked with {place.held:,}" if place.held else ""
                return WhyNot(helper.id, household.id, "ceiling", None, text)
        cost = county.with_pair(n, m)
        if cost.nothing:
            text = f"{helper.id} with {household.id} would cost nothing: the order of ids decided"
            return WhyNot(helper.id, household.id, "order of ids", cost, text)
        text = f"{helper.id} with {household.id} is allowed, and would cost: {cost}"
        return WhyNot(helper.id, household.id, "price", cost, text)

    def _ruled_out(self, helper: Helper, household: Household) -> tuple[str, str]:
        """Return why a pair is not allowed; nothing where it is, or is made."""
        n, first = self._helper_at(helper.id), self._slot_at(household.id)
        county = self.counties.of(0, n)
        if county is None:
            return self._absent_helper(helper)
        role = county.place(0, n).role
        if self.counties.of(1, first + self.policy.roles.index(role)) is None:
            absent = self._absent_household(household)
            if absent[0] == "role":
                return "role", f"{helper.id} serves in the role {role}, in which no rule gives {household.id} helpers"
            return absent
        if (n, first + self.policy.roles.index(role)) in county.pairs:
            return "", ""
        if household.village not in self.roster.may_go_to(helper):
            village = self._village(household.village)
            if self.roster.own_villages(helper.id):
                return "no link", f"{helper.id} has own links, and none to village {village}"
            return "no link", f"unit {self._unit(helper.unit)} is not linked to village {village}"
        named = self._named(helper.id, household.id)
        if named is not None and named.rule == "excluded":
            reason = f": {masked(named.reason)}" if named.reason else " by name"
            return "excluded", f"{helper.id} and {household.id} are excluded{reason}"
        for name, score in self._criteria(helper, household):
            if score is None:
                return "criterion", f"the criterion {name} excludes {helper.id} with {household.id}"
        m = first + self.policy.roles.index(role)
        if self.terms.named.get(n, {}).get(m, ()) is None:
            return "earlier year", f"{helper.id} took on {household.id} in an earlier year that the quota counts"
        return "", ""

    def _absent_helper(self, helper: Helper) -> tuple[str, str]:
        """Return why a helper takes no part."""
        if helper.service is not None and self.terms.on not in helper.service:
            return "not serving", f"{helper.id} does not serve on {self.terms.on}"
        if not helper.fit:
            return "not fit", f"{helper.id} is not fit"
        return "no rule", f"no rule of the policy fits {helper.id}"

    def _absent_household(self, household: Household) -> tuple[str, str]:
        """Return why a household takes no part in a role."""
        if household.registered is not None and self.terms.on not in household.registered:
            return "not registered", f"{household.id} is not registered on {self.terms.on}"
        if all(self.policy.household_rule(household, role) is None for role in self.policy.roles):
            return "no rule", f"no rule of the policy fits {household.id}"
        return "role", f"no rule of the policy gives {household.id} helpers in that role"

    # --- who and where

    def _helper_at(self, id: str) -> int:
        return bisect_left(self.roster.helpers, id, key=lambda helper: helper.id)

    def _slot_at(self, id: str) -> int:
        """Return the first slot of a household."""
        at = bisect_left(self.roster.households, id, key=lambda household: household.id)
        return at * len(self.policy.roles)

    def _unit(self, id: str) -> str:
        return self.roster.unit(id).name or id

    def _village(self, code: str) -> str:
        return self.roster.areas[code].name or code

    def _role(self, role: str) -> str:
        return f" in the role {role}" if len(self.policy.roles) > 1 else ""


def _found(get: Callable[[str], _Thing], id: str) -> _Thing | None:
    try:
        return get(id)
    except ArgumentError:
        return None


def _s(number: int, one: str, more: str) -> str:
    return one if number == 1 else more


def _due(standing: Standing, noun: str) -> str:
    quota = standing.quota
    most = quota.floor if quota.ceiling is None else quota.ceiling
    return f"{due(quota)} {_s(most, noun, noun + 's')}"


def _source(standing: Standing) -> str:
    return f": {standing.source}" if standing.source else ""


def _bound(standing: Standing) -> str:
    """Say what kept somebody from more, or from fewer."""
    missing = standing.quota.floor - standing.has
    return {
        "below the floor": f"{missing:,} below the floor",
        "between": "between floor and ceiling" if standing.quota.ceiling is not None else "above the floor",
        "everybody allowed": "that is all with whom a pair is allowed",
        "above the ceiling": "above the ceiling, which holds in principle",
    }.get(standing.bound, standing.bound)


def _full(standing: Standing, what: str) -> str:
    if not standing.full:
        return f"none of them has as many {what} as allowed"
    return f"{standing.full:,} of them {_s(standing.full, 'has', 'have')} as many {what} as allowed"


def _next_lines(reason: PairReason, instead: Sequence[str]) -> list[str]:
    if reason.next is None:
        return []
    cost = "at no cost" if reason.next.price.nothing else f"at the cost of {reason.next.price}"
    return [f"  without this pair: {listed(instead)} instead, {cost}"]


def _figure_lines(figures: dict[str, int | None]) -> list[str]:
    return [f"  {name:<32}{'without end' if value is None else format(value, ',')}" for name, value in figures.items()]


def _shortfall_lines(shortfalls: Iterable[Shortfall], id: str | None = None) -> list[str]:
    lines = []
    for shortfall in shortfalls:
        missing = dict(shortfall.short).get(id, 0) if id is not None else 0
        part = f"short of {missing:,}: " if missing else "part of a bottleneck: "
        lines.append(f"- {part}{shortfall}")
    return lines


def _room(ceilings: Sequence[int | None], loads: Sequence[int]) -> int | None:
    """Return how many more all together may take; None where somebody has no ceiling."""
    if None in ceilings:
        return None
    return sum(max(0, (ceiling or 0) - load) for ceiling, load in zip(ceilings, loads, strict=True))
