"""Small made-up programmes in which somebody leaves, and what a relay comes to, counted person by person.

Who may take over is read here in the slowest and plainest way, from policy, roster and register; nothing of the engine
of the relay is used.  There are two oracles: one looks at everything that can be done, the other is an integer program.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from random import Random
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from pairing.areas import Area, AreaTree
from pairing.criteria import Kin
from pairing.dates import Span
from pairing.deeds import Visited
from pairing.entries import (
    Change,
    Death,
    Departure,
    Dissolution,
    DutyOpened,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Merger,
    Move,
    Offer,
    Paired,
    RankChange,
    Recovery,
    Refill,
    Relapse,
    Released,
    Renaming,
    Retirement,
    Return,
    Split,
    StruckOff,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyOpened,
)
from pairing.handover import Handover, relay
from pairing.histories import Stay
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Unit
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import RUNGS, HandoverRules, HelperRule, HouseholdRule, RetirementRule

DAY = date(2013, 6, 30)
LATER = (0, 0, 0, 10, 40)
"""How many days after the first a change may come."""
PLACES = (
    "vacancies",
    "changes",
    "above ceilings",
    "above ceilings in principle",
    "not handed on",
    "about to leave",
    "volunteers",
    "ladder",
    "floors",
    "loads",
)
"""What a relay keeps small, the first before the second and so on; of volunteers it has many."""
Worth = tuple[int, ...]
Takers = tuple[frozenset[str], ...]


class Scene(NamedTuple):
    """A policy, a roster, a register, and what happens."""

    policy: Policy
    roster: Roster
    register: Register
    changes: tuple[Change, ...]

    def __repr__(self) -> str:
        """Return all that there is, so that a failing example can be read."""
        roster = self.roster
        parts: list[object] = [*self.policy.helpers, *self.policy.households, self.policy.handover]
        parts += [*self.policy.retirement, *self.policy.criteria]
        for helper in roster.helpers:
            more = f"fit={helper.fit} birth={helper.birth} division={helper.division!r} kin={set(helper.kin)}"
            parts.append(f"{helper!r} {more} {helper.service}")
        parts += [*roster.units, *roster.households, *roster.links, *roster.own_links, *roster.named]
        return "\n".join(map(str, [*parts, *self.register, "changes:", *self.changes]))

    def relay(self) -> Handover:
        """Ask for the relay."""
        return relay(self.policy, self.roster, self.register, self.changes)


# --- made-up worlds


class _Maker:
    """Makes up a world piece by piece."""

    def __init__(self, random: Random, large: bool) -> None:
        self.random = random
        self.large = large
        self.villages = [f"v{n}" for n in range(random.choice((3, 4, 5)) if large else random.choice((1, 2, 2, 3)))]
        self.units = [f"u{n}" for n in range(random.choice((4, 6, 8)) if large else random.choice((1, 2, 3)))]
        self.used: set[str] = set()
        self.day = DAY

    def some(self, words: Sequence[str], chance: float) -> list[str]:
        return [word for word in words if self.random.random() < chance]

    def policy(self) -> Policy:
        random = self.random
        high = Quota(random.choice((1, 2)), random.choice((2, 3)))
        low = Quota(random.choice((0, 1)), random.choice((1, 2, 2, 3)))
        soft = random.random() < 0.15
        rules = [HelperRule(high, ranks=("section",)), HelperRule(low, soft=soft)]
        if random.random() < 0.2:
            rules = rules[:1]
        ladder = random.choice((RUNGS, RUNGS, RUNGS[:-1], ("volunteer", "unit", "linked"), ("division", "unit")))
        handover = HandoverRules(
            ladder=ladder,
            jointly=random.choice((1, 2, 2, 3)),
            overlap=random.choice((0, 0, 7)),
            soon=random.choice((0, 365)),
            absence=random.choice((0, 30)),
            transfer=random.choice(("hand over", "keep")),
            after_exit=random.choice(("new household", "stay")),
        )
        retirement = (RetirementRule(720),) if random.random() < 0.5 else ()
        criteria = (Kin(),) if random.random() < 0.3 else ()
        most = random.choice((1, 2, 3))
        return Policy(
            "ours", tuple(rules), (HouseholdRule(Quota(1, most)),), criteria=criteria, handover=handover,
            retirement=retirement,
        )  # fmt: skip

    def roster(self) -> Roster:
        random = self.random
        areas = [Area("c", "county", "county"), *(Area(code, code, "village", "c") for code in self.villages)]
        units = [Unit("top", "county", "c")]
        units += [Unit(id, "township", "c", random.choice(("top", None))) for id in self.units]
        links = [Link(unit, village) for unit in self.units for village in self.some(self.villages, 0.6)]
        links += [Link("top", village) for village in self.some(self.villages, 0.15)]
        helpers: list[Helper] = []
        for unit in ("top", *self.units):
            sizes = (4, 6, 8) if self.large else (0, 1) if unit == "top" else (1, 2, 2, 3)
            for _ in range(random.choice(sizes)):
                helpers.append(self._helper(f"h{len(helpers):02}", unit))
        room = 2 * len(helpers) if self.large else min(7, 2 * len(helpers))
        households = [
            Household(
                f"p{n:02}",
                random.choice(self.villages),
                random.choice((0, 1, 2)),
                kin=frozenset(self.some(("k1", "k2"), 0.3)),
            )
            for n in range(random.randint(max(1, room * 2 // 3), room))
        ]
        own = [OwnLink(one.id, random.choice(self.villages)) for one in helpers if random.random() < 0.06]
        named = [
            NamedPair(one.id, household.id, "excluded")
            for one in helpers
            for household in households
            if random.random() < 0.03
        ]
        return Roster(AreaTree(areas), units, helpers, households, links, named, own_links=own)

    def _helper(self, id: str, unit: str) -> Helper:
        random = self.random
        born = random.choice((None, date(1953, 8, 3), date(1954, 3, 9), date(1970, 1, 1)))
        end = DAY + timedelta(days=random.choice((20, 200, 900)))
        return Helper(
            id,
            unit,
            random.choice(("section", "staff", "staff")),
            service=Span(date(2000, 1, 1), end) if random.random() < 0.1 else None,
            division=random.choice(("", "d1", "d1", "d2")),
            birth=born,
            kin=frozenset(self.some(("k1", "k2"), 0.2)),
            fit=random.random() < 0.95,
        )

    def register(self, policy: Policy, roster: Roster) -> Register:
        """Return a register within links and ceilings; somebody may have nobody, and somebody is out of poverty."""
        random = self.random
        room: dict[str, int] = {}
        for helper in roster.helpers:
            rule = next((rule for rule in policy.helpers if rule.fits(helper, roster.unit(helper.unit))), None)
            room[helper.id] = 0 if rule is None or not helper.fit else (rule.quota.ceiling or 0)
        entries: list[Entry] = []
        start = date(2012, 2, 8)
        most = policy.households[0].quota.ceiling or 1
        for household in roster.households:
            able = [
                helper.id
                for helper in roster.helpers
                if room[helper.id] > 0
                and household.village in roster.may_go_to(helper)
                and _allowed(policy, roster, helper, household)
            ]
            many = random.choice((1, 1, 1, 2, 3)) if random.random() < 0.93 else 0
            mine = random.sample(able, min(len(able), many, most))
            for n, id in enumerate(mine):
                room[id] -= 1
                entries.append(Paired(id, household.id, "support" if n else "lead", on=start))
                if random.random() < 0.2:
                    what = random.choice(("guarantee", "measure"))
                    entries.append(DutyOpened(f"d{n}", household.id, id, what, on=start))
            if mine and random.random() < 0.2:
                entries.append(Visited(household.id, mine[:1], on=date(2013, 1, 5)))
            if not mine and random.random() < 0.5:
                unit = random.choice(self.units)
                entries.append(VacancyOpened(household.id, "nobody has room", unit, on=date(2012, 5, 1)))
            elif mine and random.random() < 0.08:
                entries += self._out(household.id, mine)
                for id in mine:
                    room[id] += 1
        for helper in roster.helpers:
            if random.random() < 0.5:
                entries.append(self._offer(helper.id, roster))
        held = [e.helper for e in entries if isinstance(e, Paired)]
        for giver in random.sample(held, min(len(held), 2)):  # colleagues who ask together
            for colleague in roster.helpers_of(roster.helper(giver).unit):
                if colleague.id != giver and random.random() < 0.6:
                    entries.append(Offer(colleague.id, None, giver, on=date(2013, 5, 2)))
        return Register().record(*dict.fromkeys(entries))

    def _out(self, household: str, holders: Sequence[str]) -> Iterator[Entry]:
        day = date(2012, 12, 1)
        yield Exit(household, on=day)
        yield DutyOpened("r", household, holders[0], "revisit", on=day)
        for n, helper in enumerate(holders):
            yield Released(helper, household, "exited", "support" if n else "lead", waiver="none", on=day)

    def _offer(self, helper: str, roster: Roster) -> Offer:
        if self.random.random() < 0.5:
            return Offer(helper, self.random.choice(roster.households).id, on=date(2013, 5, 1))
        colleagues = roster.helpers_of(roster.helper(helper).unit)
        giver = self.random.choice(colleagues if self.random.random() < 0.7 else roster.helpers).id
        return Offer(helper, None, giver, on=date(2013, 5, 1))

    # --- what happens

    def changes(self, world: Scene, many: int, kinds: Sequence[str]) -> Iterator[Change]:
        found: list[Entry] = list(world.register)
        for _ in range(many):
            day = self.day + timedelta(days=self.random.choice(LATER))
            change = getattr(self, "_" + self.random.choice(kinds))(world, day)
            if change is not None and not comes_too_late([*found, change]):
                found.append(change)
                yield change

    def _one(self, ids: Collection[str], again: bool = False) -> str | None:
        """Return somebody to whom nothing has happened yet."""
        left = sorted(ids if again else set(ids) - self.used)
        if not left:
            return None
        found = self.random.choice(left)
        self.used.add(found)
        return found

    def _leaver(self, world: Scene, day: date) -> Change | None:
        view = world.register.view(on=self.day)
        busy = [helper.id for helper in world.roster.helpers if view.households_of(helper.id)]
        id = self._one(busy or [helper.id for helper in world.roster.helpers])
        if id is None:
            return None
        kind = self.random.choice((Retirement, Retirement, Death, Departure, Unfitness))
        return kind(id, on=day)

    def _transfer(self, world: Scene, day: date) -> Change | None:
        id = self._one([helper.id for helper in world.roster.helpers])
        unit = self.random.choice(world.roster.units).id
        rank = self.random.choice((None, None, "section", "staff"))
        return Transfer(id, unit, rank, division=self.random.choice(("", "d1")), on=day) if id else None

    def _absence(self, world: Scene, day: date) -> Change | None:
        id = self._one([helper.id for helper in world.roster.helpers])
        until = self.random.choice((None, day + timedelta(days=10), day + timedelta(days=300)))
        return Leave(id, until, on=day) if id else None

    def _return(self, world: Scene, day: date) -> Change | None:
        view = world.register.view(on=self.day)
        id = self._one([helper.id for helper in world.roster.helpers if view.is_absent(helper.id)])
        return Return(id, on=self.day) if id else None

    def _rank(self, world: Scene, day: date) -> Change | None:
        view = world.register.view(on=self.day)
        id = self._one([helper.id for helper in world.roster.helpers if view.households_of(helper.id)])
        if id is None:
            return None
        return RankChange(id, "staff" if world.roster.helper(id).rank == "section" else "section", on=day)

    def _unlinking(self, world: Scene, day: date) -> Change | None:
        links = [link for link in world.roster.links if not {link.unit, f"{link}"} & self.used]
        if not links:
            return None
        link = self.random.choice(links)
        self.used.add(f"{link}")
        return Unlinked(link.unit, link.village, "by plan", on=day)

    def _link(self, world: Scene, day: date) -> Change | None:
        link = Link(self.random.choice(self.units), self.random.choice(self.villages))
        if link in world.roster.links or {link.unit, f"{link}"} & self.used:
            return None
        self.used.add(f"{link}")
        return Linked(link.unit, link.village, on=day)

    def _merger(self, world: Scene, day: date) -> Change | None:
        touched = {id for id in self.units for used in self.used if f"'{id}'" in used}
        ids = [id for id in self.units if id not in touched]
        one, other = self._one(ids), self._one(ids)
        return Merger(one, other, on=day) if one and other else None

    def _dissolution(self, world: Scene, day: date) -> Change | None:
        touched = {id for id in self.units for used in self.used if f"'{id}'" in used}
        id = self._one([id for id in self.units if id not in touched])
        members = {helper.id for helper in world.roster.helpers_of(id)} if id else set()
        if id is None or members & self.used:
            return None
        self.used |= members
        return Dissolution(id, on=day)

    def _household(self, world: Scene, held: bool) -> str | None:
        view = world.register.view(on=self.day)
        ids = [h.id for h in world.roster.households if bool(view.helpers_of(h.id)) == held and not view.exit(h.id)]
        return self._one(ids)

    def _move(self, world: Scene, day: date) -> Change | None:
        id = self._household(world, True)
        return Move(id, self.random.choice(self.villages), on=day) if id else None

    def _split(self, world: Scene, day: date) -> Change | None:
        view = world.register.view(on=self.day)
        free = [h.id for h in world.roster.households if not view.about("households", h.id)]
        id = self._household(world, True)
        parts = [part for _ in range(2) if (part := self._one(free))]
        return Split(id, parts, on=day) if id and parts else None

    def _union(self, world: Scene, day: date) -> Change | None:
        one, other = self._household(world, True), self._household(world, True)
        return HouseholdMerger(one, other, on=day) if one and other else None

    def _struck(self, world: Scene, day: date) -> Change | None:
        id = self._household(world, True)
        return StruckOff(id, "moved away", on=day) if id else None

    def _exit(self, world: Scene, day: date) -> Change | None:
        id = self._household(world, True)
        return Exit(id, on=day) if id else None

    def _relapse(self, world: Scene, day: date) -> Change | None:
        view = world.register.view(on=self.day)
        id = self._one([h.id for h in world.roster.households if view.exit(h.id)])
        return Relapse(id, on=day) if id else None

    def _refill(self, world: Scene, day: date) -> Change | None:
        view = world.register.view(on=self.day)
        id = self._one([vacancy.household for vacancy in view.vacancies])
        return Refill(id, on=day) if id else None

    def _renaming(self, world: Scene, day: date) -> Change | None:
        return Renaming(self.random.choice(self.units), "new name", on=day)

    def _recovery(self, world: Scene, day: date) -> Change | None:
        id = self._one([helper.id for helper in world.roster.helpers if not helper.fit])
        return Recovery(id, on=day) if id else None


COUNTED = (
    *("leaver",) * 6,
    *("transfer", "rank", "unlinking", "merger", "dissolution", "refill") * 2,
    *("absence", "link", "move", "split", "relapse", "struck", "recovery", "renaming"),
)
"""The kinds of changes that the oracles know."""
ALL = (*COUNTED, *("exit",) * 3, "union", *("absence", "return") * 3)
"""All kinds of changes."""


def comes_too_late(entries: Sequence[Entry]) -> bool:
    """Whether somebody comes to a unit that has ended."""
    ends = {e.unit: e.on for e in entries if isinstance(e, Merger | Dissolution)}
    comes = [(e.into, e.on) for e in entries if isinstance(e, Merger)]
    comes += [(e.unit, e.on) for e in entries if isinstance(e, Transfer | Linked)]
    return any(unit in ends and ends[unit] <= day for unit, day in comes)


def made_up(random: Random, *, large: bool = False, kinds: Sequence[str] = COUNTED, many: int = 0) -> Scene:
    """Return a world in which something happens."""
    maker = _Maker(random, large)
    policy, roster = maker.policy(), maker.roster()
    scene = Scene(policy, roster, maker.register(policy, roster), ())
    number = many or random.choice((4, 6, 8) if large else (1, 1, 2, 3))
    return scene._replace(changes=tuple(maker.changes(scene, number, kinds)))


def stories(random: Random) -> Iterator[Scene]:
    """Yield one relay after the other, each upon what the one before has left; in between some days go by."""
    maker = _Maker(random, False)
    policy, roster = maker.policy(), maker.roster()
    register = maker.register(policy, roster)
    for _ in range(random.choice((2, 3, 4))):
        scene = Scene(policy, roster, register, ())
        scene = scene._replace(changes=tuple(dict.fromkeys(maker.changes(scene, random.choice((1, 2)), ALL))))
        yield scene
        register = register.record(*scene.relay().entries())
        gone = {helper.id for helper in roster.helpers if register.view(on=DAY).end_of_service(helper.id)}
        maker.used = gone | {h.id for h in roster.households if register.view(on=date.max).left_programme(h.id)}
        maker.used |= {e.unit for e in register if isinstance(e, Merger | Dissolution)}
        maker.used |= {e.into for e in register if isinstance(e, Merger)}
        maker.used |= {f"{Link(e.unit, e.village)}" for e in register if isinstance(e, Linked | Unlinked)}
        maker.day += timedelta(days=random.choice((41, 60, 400)))


def scenes(*, large: bool = False, kinds: Sequence[str] = COUNTED, many: int = 0) -> st.SearchStrategy[Scene]:
    """Return a strategy of worlds in which something happens."""
    seeds = st.integers(0, 2**32)
    return seeds.map(lambda seed: made_up(Random(seed), large=large, kinds=kinds, many=many))


# --- who may take over, read slowly


def _allowed(policy: Policy, roster: Roster, helper: Helper, household: Household) -> bool:
    if any(p.rule == "excluded" and (p.helper, p.household) == (helper.id, household.id) for p in roster.named):
        return False
    return not (policy.criteria and helper.kin & household.kin)


class Demand(NamedTuple):
    """A household for which somebody is sought in some roles, and who may take it, at which rung.

    `keeper` is the helper who may keep it; `other` says that it is a household of others, which makes room.
    """

    household: str
    roles: tuple[str, ...]
    on: date
    givers: tuple[str, ...]
    others: int
    first: frozenset[str]
    keeper: str | None
    other: bool
    rungs: dict[str, int]
    volunteers: frozenset[str]
    soon: frozenset[str]
    most: int


class _Ask(NamedTuple):
    role: str
    giver: str | None
    on: date
    keeper: str | None
    first: tuple[str, ...]


class Asked:
    """What changes ask for, and what an answer is worth; everybody's other households may change hands."""

    def __init__(self, scene: Scene) -> None:
        self.policy, self.roster, self.register, changes = scene
        self.rules = self.policy.handover
        self.last = max(change.on for change in changes)
        self.villages = sorted(area.code for area in self.roster.areas if area.level == "village")
        self.told = [e for e in self.register if isinstance(e, Change)]
        self.changes = list(self._brought(sorted(changes, key=lambda change: change.on)))
        self.now = self.register.view(on=self.last)
        self.absent = self._absent()
        self.asks: dict[tuple[str, str], list[_Ask]] = defaultdict(list)
        for change in self.changes:
            self._ask_for(change)
        self.members = [helper for helper in self.roster.helpers if self._can_be_asked(helper)]
        groups = self._joined()
        self.going: dict[str, set[str]] = defaultdict(set)
        for (household, _), asks in groups.items():
            self.going[household] |= {ask.giver for ask in asks if ask.giver and ask.keeper is None}
        self.demands = [self._demand(household, asks) for (household, _), asks in sorted(groups.items())]
        self.demands += list(self._others())
        given = {(giver, demand.household) for demand in self.demands for giver in demand.givers}
        held = {(p.helper, p.household) for p in self.now.pairings if self.in_programme(p.household, self.last)}
        self.fixed = Counter(helper for helper, _ in held - given)
        self.kept = Counter(demand.keeper for demand in self.demands if demand.keeper)

    # --- what holds on a day

    def _brought(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Yield the changes and what they bring with them."""
        self.changes = list(changes)
        moved = {change.helper for change in changes if isinstance(change, Transfer)}
        for change in changes:
            yield change
            if not isinstance(change, Merger | Dissolution):
                continue
            eve = change.on - timedelta(days=1)
            villages = {v for v in self.villages if self.linked(change.unit, v, eve, known=self.told)}
            yield from (Unlinked(change.unit, village, "ended", on=change.on) for village in villages)
            if isinstance(change, Merger):
                for village in villages:
                    if not self.linked(change.into, village, eve, known=self.told):
                        yield Linked(change.into, village, on=change.on)
                continue
            for helper in self.roster.helpers_of(change.unit):
                if helper.id not in moved:
                    yield Departure(helper.id, on=change.on)

    def linked(self, unit: str, village: str, day: date, known: Iterable[Change] | None = None) -> bool:
        """Whether a unit is linked to a village on a day."""
        found = Link(unit, village) in self.roster.links
        entries = [*self.told, *self.changes] if known is None else known
        mine = [e for e in entries if isinstance(e, Linked | Unlinked) and (e.unit, e.village) == (unit, village)]
        for e in sorted(mine, key=lambda e: (e.on, isinstance(e, Linked))):
            if e.on <= day:
                found = isinstance(e, Linked)
        return found

    def unit_of(self, helper: Helper, day: date, known: Iterable[Change] | None = None) -> str:
        """Return the unit to which a helper belongs on a day."""
        entries = [e for e in ([*self.told, *self.changes] if known is None else known) if e.on <= day]
        unit = helper.unit
        for e in sorted(entries, key=lambda e: (e.on, isinstance(e, Merger))):
            if isinstance(e, Transfer) and e.helper == helper.id:
                unit = e.unit
            for end in entries:
                if isinstance(end, Merger) and end.unit == unit and isinstance(e, Transfer | Merger):
                    unit = end.into if isinstance(e, Transfer) or end is e else unit
        return unit

    def division_of(self, helper: Helper, day: date, known: Iterable[Change] | None = None) -> str:
        entries = [*self.told, *self.changes] if known is None else known
        mine = [e for e in entries if isinstance(e, Transfer) and e.helper == helper.id and e.on <= day]
        return max(mine, key=lambda e: e.on).division if mine else helper.division

    def rank_of(self, helper: Helper) -> str | None:
        """Return the rank that a helper has in the end."""
        mine = [
            e
            for e in [*self.told, *self.changes]
            if isinstance(e, RankChange | Transfer) and e.helper == helper.id and e.rank is not None
        ]
        return max(mine, key=lambda e: e.on).rank if mine else helper.rank

    def village_of(self, household: str) -> str:
        moves = [e for e in self.changes if isinstance(e, Move) and e.household == household]
        return moves[-1].village if moves else self.roster.household(household).village

    def in_programme(self, household: str, day: date) -> bool:
        ends = (e for e in self.changes if isinstance(e, StruckOff | Split | HouseholdMerger))
        return not any(e.household == household and e.on <= day for e in ends)

    def rule_of(self, helper: Helper) -> HelperRule | None:
        """Return the rule that holds for a helper in the end."""
        unit, rank = self.roster.unit(self.unit_of(helper, self.last)), self.rank_of(helper)
        for rule in self.policy.helpers:
            if (not rule.ranks or rank in rule.ranks) and (not rule.unit_levels or unit.level in rule.unit_levels):
                return rule
        return None

    def duty(self, role: str) -> str:
        return "lead" if role == "support" else role

    def own(self, helper: Helper) -> set[str]:
        return {link.area for link in self.roster.own_links if link.helper == helper.id}

    def may_go(self, helper: Helper, village: str) -> bool:
        own = self.own(helper)
        return village in own if own else self.linked(self.unit_of(helper, self.last), village, self.last)

    def _absent(self) -> set[str]:
        """Who leaves, falls ill, or goes on leave: they take over nobody."""
        kinds = Retirement | Death | Departure | Unfitness | Leave
        return {e.helper for e in self.changes if isinstance(e, kinds)}

    def _can_be_asked(self, helper: Helper) -> bool:
        recovered = any(isinstance(e, Recovery) and e.helper == helper.id for e in self.changes)
        if helper.id in self.absent or not (helper.fit or recovered) or self.rule_of(helper) is None:
            return False
        return helper.service is None or helper.service.end is None or self.last < helper.service.end

    def leaves(self, helper: Helper) -> date:
        """Return when a helper leaves the service, as far as is known."""
        days = [date.max]
        if helper.service is not None and helper.service.end is not None:
            days.append(helper.service.end)
        if self.policy.retirement and helper.birth is not None:
            after = helper.birth.year * 12 + helper.birth.month - 1 + self.policy.retirement[0].age + 1
            days.append(date(after // 12, after % 12 + 1, 1))
        return min(days)

    # --- what changes ask for

    def _held(self, helper: str, day: date) -> Iterator[tuple[str, Stay]]:
        for pairing in self.now.households_of(helper):
            if self.in_programme(pairing.household, day):
                stays = self.now.stays(pairing.household)
                yield pairing.household, next(s for s in stays if s.helper == helper and s.on(self.last))

    def _give(self, helper: str, day: date, keeps: Any = lambda household: False, keeper: str | None = None) -> None:
        for household, stay in self._held(helper, day):
            if not keeps(household):
                self.asks[household, stay.role].append(_Ask(stay.role, helper, day, keeper, ()))

    def _ask_for(self, change: Change) -> None:
        if isinstance(change, Retirement | Death | Departure | Unfitness):
            self._give(change.helper, change.on)
        elif isinstance(change, Leave):
            if change.until is None or (change.until - change.on).days > self.rules.absence:
                self._give(change.helper, change.on)
        elif isinstance(change, Transfer):
            helper = self.roster.helper(change.helper)
            if self.unit_of(helper, change.on - timedelta(days=1), self.told) != change.unit:
                keep = self.rules.transfer == "keep"
                here = self.own(helper) or {v for v in self.villages if self.linked(change.unit, v, self.last)}
                self._give(helper.id, change.on, lambda household: keep and self.village_of(household) in here)
        elif isinstance(change, RankChange):
            rule, held = self.rule_of(self.roster.helper(change.helper)), list(self._held(change.helper, change.on))
            if rule is not None and not rule.soft and len(held) > (rule.quota.ceiling or 10**6):
                self._give(change.helper, change.on, keeper=change.helper)
        elif isinstance(change, Unlinked):
            for helper in self.roster.helpers:
                there = self.unit_of(helper, change.on - timedelta(days=1), self.told) == change.unit
                if there and not self.own(helper) and not self.may_go(helper, change.village):
                    self._give(helper.id, change.on, lambda id: self.village_of(id) != change.village)
        elif isinstance(change, Move):
            for pairing in self.now.helpers_of(change.household):
                helper = self.roster.helper(pairing.helper)
                if not self.may_go(helper, change.village):
                    self._give(helper.id, change.on, lambda household: household != change.household)
        else:
            self._ask_for_household(change)

    def _ask_for_household(self, change: Change) -> None:
        if isinstance(change, Split):
            for pairing in self.now.helpers_of(change.household):
                for part in change.into:
                    self._seek(part, pairing.role, change.on, pairing.helper)
        elif isinstance(change, Relapse):
            ended = [s for s in self.now.stays(change.household) if s.end is not None]
            for stay in ended:
                self._seek(change.household, stay.role, change.on, stay.helper)
            if not ended:
                self._seek(change.household, "lead", change.on)
        elif isinstance(change, Refill):
            self._seek(change.household, "lead", change.on)

    def _seek(self, household: str, role: str, day: date, *first: str) -> None:
        self.asks[household, role].append(_Ask(role, None, day, None, first))

    # --- who may take over

    def _joined(self) -> dict[tuple[str, str], list[_Ask]]:
        """Return what is asked for a household, that of all who have to leave it together."""
        found: dict[tuple[str, str], list[_Ask]] = defaultdict(list)
        for (household, role), asks in self.asks.items():
            firm = [ask for ask in asks if ask.keeper is None]
            if firm:
                found[household, ""] += firm
            else:
                found[household, role].append(min(asks, key=lambda ask: (ask.on, ask.keeper or "")))
        return found

    def _demand(self, household: str, asks: Sequence[_Ask], other: bool = False) -> Demand:
        on = min(ask.on for ask in asks)
        turns = sorted({(ask.on, ask.giver) for ask in asks if ask.giver})
        givers = tuple(dict.fromkeys(giver for _, giver in turns))
        keeper = asks[0].keeper
        if keeper is not None and keeper not in {helper.id for helper in self.members}:
            keeper = None
        first = frozenset(id for ask in asks for id in ask.first)
        days = {giver: min(day for day, id in turns if id == giver) for giver in givers}
        held_as = {ask.giver: ask.role for ask in asks}
        chief = min(givers, key=lambda giver: (held_as[giver] != "lead", days[giver], giver)) if givers else None
        roles = tuple(held_as[giver] for giver in givers) if givers else tuple(sorted({ask.role for ask in asks}))
        role = "lead" if "lead" in roles else roles[0]
        staying = [s for s in self.now.stays(household) if s.on(self.last) and s.helper not in givers]
        others = sum(s.helper not in self.going[household] for s in staying)
        barred = {s.helper for s in staying} | set(givers)
        offered = set(first)
        if not other:
            for e in self.register:
                if isinstance(e, Offer) and e.on <= self.last and "volunteer" in self.rules.ladder:
                    mine = e.household == household or (e.household is None and e.giver is not None)
                    if mine and (e.giver is None or e.giver in givers):
                        offered.add(e.helper)
        rungs: dict[str, int] = {}
        for helper in self.members:
            rung = self._rung(helper, household, role, on, (chief, other), first, offered)
            if rung is not None and helper.id not in barred:
                rungs[helper.id] = rung
        soon = on + timedelta(days=self.rules.soon)
        about = frozenset(id for id in rungs if self.leaves(self.roster.helper(id)) <= soon)
        volunteers = frozenset(offered) & rungs.keys()
        most = max(len(roles), min(self.rules.jointly, len(volunteers)))
        return Demand(
            household, roles, on, givers, others, first, keeper, other, rungs, volunteers, about, most
        )  # fmt: skip

    def _rung(
        self,
        helper: Helper,
        household: str,
        role: str,
        on: date,
        left: tuple[str | None, bool],
        first: Collection[str],
        offered: Collection[str],
    ) -> int | None:
        rule, ladder = self.rule_of(helper), self.rules.ladder
        if rule is None or rule.role != self.duty(role):
            return None
        if not _allowed(self.policy, self.roster, helper, self.roster.household(household)):
            return None
        came = [e.on for e in self.changes if isinstance(e, Transfer) and e.helper == helper.id]
        start = helper.service.start if helper.service else date.min
        if max([start, *came]) > on or self.leaves(helper) <= on:
            return None
        village, unit = self.village_of(household), self.unit_of(helper, self.last)
        own = self.own(helper)
        if own and village not in own:
            return None
        reached = bool(own) or all(self.linked(unit, village, day) for day in (on, self.last))
        where, division, superior = "", "", None
        chief, other = left
        if chief is not None:  # where others make room, they stand where they stand in the end
            giver, day = self.roster.helper(chief), self.last if other else on - timedelta(days=1)
            known = None if other else self.told
            where, division = self.unit_of(giver, day, known), self.division_of(giver, day, known)
            superior = self.roster.unit(where).parent
        found: list[int] = []
        if reached and helper.id in offered:
            return 0 if helper.id in first else ladder.index("volunteer") + 1
        if reached:
            names = ["linked"]
            if unit == where:
                names = ["unit"] if "unit" in ladder else ["linked"]
                if division and self.division_of(helper, self.last) == division:
                    names.append("division")
            found += [ladder.index(name) + 1 for name in names if name in ladder]
        if superior is not None and unit == superior and "superior" in ladder:
            found.append(ladder.index("superior") + 1)
        return min(found, default=None)

    def _others(self) -> Iterator[Demand]:
        for helper in self.members:
            for household, stay in self._held(helper.id, self.last):
                if (household, stay.role) not in self.asks:
                    ask = _Ask(stay.role, helper.id, self.last, helper.id, ())
                    yield self._demand(household, [ask], other=True)

    # --- what an answer is worth

    def choices(self, demand: Demand) -> Iterator[frozenset[str]]:
        """Yield who may take a household over, together."""
        ids = sorted({*demand.rungs, *([demand.keeper] if demand.keeper else [])})
        for size in range(demand.most + 1):
            yield from map(frozenset, combinations(ids, size))

    def room(self, helper: Helper) -> int:
        """Return how many of the demands a helper may take at most."""
        rule = self.rule_of(helper)
        if rule is None or rule.soft or rule.quota.ceiling is None:
            return 10**6
        return max(rule.quota.ceiling - self.fixed[helper.id], self.kept[helper.id])

    def is_legal(self, takers: Sequence[Collection[str]]) -> bool:
        """Whether everybody may take what is taken, and has room."""
        for demand, mine in zip(self.demands, takers, strict=True):
            if len(mine) > demand.most or not set(mine) <= demand.rungs.keys() | {demand.keeper}:
                return False
        taken = Counter(id for mine in takers for id in mine)
        return all(taken[helper.id] <= self.room(helper) for helper in self.members)

    def worth(self, takers: Sequence[Collection[str]]) -> Worth:
        """Return what an answer is worth, place by place: the less, the better."""
        places = dict.fromkeys(PLACES, 0)
        taken: Counter[str] = Counter()
        for demand, mine in zip(self.demands, takers, strict=True):
            taken.update(mine)
            missing = len(demand.roles) - len(mine)
            if not mine:
                stays = demand.others and demand.keeper is None
                places["not handed on" if stays else "vacancies"] += 1
                places["changes"] += demand.keeper is not None
                missing -= 1
            places["not handed on"] += max(0, missing)
            for taker in mine:
                if taker == demand.keeper:
                    continue
                places["changes"] += demand.other
                places["about to leave"] += taker in demand.soon
                places["volunteers"] -= taker in demand.volunteers
                places["ladder"] += demand.rungs[taker]
        for helper in self.members:
            rule = self.rule_of(helper)
            assert rule is not None
            load, ceiling = self.fixed[helper.id] + taken[helper.id], rule.quota.ceiling
            above = max(0, load - ceiling) if ceiling is not None else 0
            places["above ceilings in principle" if rule.soft else "above ceilings"] += above
            places["floors"] += max(0, rule.quota.floor - load)
            places["loads"] += load**2
        return tuple(places[place] for place in PLACES)

    def answer(self, lines: Sequence[Entry]) -> Takers:
        """Return who takes what over, by the entries of a relay."""
        after = self.register.record(*lines).view(on=self.last)
        given = {(e.household, e.giver, e.role): e.takers for e in lines if isinstance(e, HandedOver)}
        found = []
        for demand in self.demands:
            ends = [e.on for e in self.changes if not self.in_programme(demand.household, e.on)]
            day = min([self.last, *(end - timedelta(days=1) for end in ends)])
            before = {(s.helper, s.role) for s in self.now.stays(demand.household) if s.on(day)}
            here = [s for s in after.stays(demand.household) if s.role in demand.roles and s.on(day)]
            mine = {s.helper for s in here if (s.helper, s.role) not in before}
            if demand.keeper is not None:
                kept = any(s.helper == demand.keeper and s.end is None for s in here)
                passed = given.get((demand.household, demand.keeper, demand.roles[0]), ())
                mine = {demand.keeper} if kept else set(passed)
            found.append(frozenset(mine))
        return tuple(found)


# --- the oracles


def exhaustive(asked: Asked, most: int = 40_000) -> Worth | None:
    """Return the best worth that there is, having looked at every answer; None where there are too many."""
    choices = [list(asked.choices(demand)) for demand in asked.demands]
    number = 1
    for each in choices:
        number *= len(each)
    if number > most:
        return None
    return min(asked.worth(takers) for takers in product(*choices) if asked.is_legal(takers))


_STAGES = (("vacancies",), ("changes",), ("above ceilings", "above ceilings in principle", "not handed on"),
           ("about to leave", "volunteers"), ("ladder",), ("floors",), ("loads",))  # fmt: skip
"""Places that are made small together, as one weighted sum; each stage keeps what the ones before have reached."""


def programme(asked: Asked) -> Worth:
    """Return the best worth that there is, by an integer program, solved stage by stage."""
    columns: list[dict[str, int]] = []
    rows: list[dict[int, int]] = []
    bounds: list[tuple[float, float]] = []
    of_helper: dict[str, list[int]] = defaultdict(list)
    pairs: list[tuple[int, str, int]] = []
    for n, demand in enumerate(asked.demands):
        mine = []
        for id in sorted({*demand.rungs, *([demand.keeper] if demand.keeper else [])}):
            column: dict[str, int] = {}
            if id != demand.keeper:
                column = {"changes": int(demand.other), "about to leave": int(id in demand.soon)}
                column |= {"volunteers": -int(id in demand.volunteers), "ladder": demand.rungs[id]}
            mine.append(len(columns))
            of_helper[id].append(len(columns))
            pairs.append((n, id, len(columns)))
            columns.append(column)
        first = "not handed on" if demand.others and demand.keeper is None else "vacancies"
        steps: list[tuple[str, ...]] = [(first,), *[("not handed on",)] * (len(demand.roles) - 1)]
        steps += [()] * (demand.most - len(steps))
        if demand.keeper is not None:
            steps[0] = ("vacancies", "changes")
        row = dict.fromkeys(mine, 1)
        for step in steps:
            row[len(columns)] = -1
            columns.append(dict.fromkeys(step, -1))
        rows.append(row)
        bounds.append((0, 0))
    for helper in asked.members:
        rule = asked.rule_of(helper)
        assert rule is not None
        here = of_helper[helper.id]
        row = dict.fromkeys(here, 1)
        fixed, ceiling = asked.fixed[helper.id], rule.quota.ceiling
        for k in range(fixed + 1, fixed + min(asked.room(helper), len(here)) + 1):
            above = int(ceiling is not None and k > ceiling)
            name = "above ceilings in principle" if rule.soft else "above ceilings"
            row[len(columns)] = -1
            columns.append({name: above, "floors": -int(k <= rule.quota.floor), "loads": 2 * k - 1})
        rows.append(row)
        bounds.append((0, 0))
    if not columns:
        return asked.worth([frozenset()] * len(asked.demands))
    x = None
    for stage in _STAGES:
        cost = np.zeros(len(columns))
        for weight, place in zip((1_000_000, 1_000, 1), stage, strict=False):
            cost += [weight * column.get(place, 0) for column in columns]
        x = _solved(cost, rows, bounds, len(columns))
        total = float(np.dot(cost, x))
        rows.append({n: int(c) for n, c in enumerate(cost) if c})
        bounds.append((total, total))
    assert x is not None
    takers: list[set[str]] = [set() for _ in asked.demands]
    for n, id, column_of in pairs:
        if x[column_of] > 0.5:
            takers[n].add(id)
    assert asked.is_legal(takers)
    return asked.worth(takers)


def _solved(cost: Any, rows: Sequence[dict[int, int]], bounds: Sequence[tuple[float, float]], width: int) -> Any:
    data = [value for row in rows for value in row.values()]
    at = [n for n, row in enumerate(rows) for _ in row]
    matrix = csr_matrix((data, (at, [column for row in rows for column in row])), (len(rows), width))
    limits = LinearConstraint(matrix, [low for low, _ in bounds], [high for _, high in bounds])
    found = milp(cost, constraints=limits, integrality=np.ones(width), bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    assert found.success, found.message
    return np.round(found.x)
