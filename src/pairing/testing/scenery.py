"""Hypothesis strategies for scenes, in which households change hands, and for plans."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from attrs import evolve
from hypothesis import strategies as st

from pairing.entries import (
    Change,
    Dissolution,
    Entry,
    HandedOver,
    Linked,
    Merger,
    Offer,
    Paired,
    Return,
    Split,
    Transfer,
    Unlinked,
)
from pairing.people import Link
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HandoverRules, HelperRule, HouseholdRule, RetirementRule
from pairing.testing.drafts import RULES, policies
from pairing.testing.happenings import HAPPENING, Today, before, begun, grown, possible, recorded
from pairing.testing.strategies import DAY, of_type, pairings, plain, rosters, whole_number

__all__ = ["Scene", "plans", "scenes"]


class Scene(NamedTuple):
    """A policy, a roster, a register that belongs to it, and changes that a relay is to answer."""

    policy: Policy
    roster: Roster
    register: Register
    changes: tuple[Change, ...]


def scenes(
    *,
    policy: Policy | None = None,
    on: date = DAY,
    max_helpers: int = 4,
    max_households: int = 4,
    max_batches: int = 3,
    max_changes: int = 3,
) -> st.SearchStrategy[Scene]:
    """Return a strategy of scenes: a policy (None: any), a roster, a register that belongs to it, and some changes.

    All kinds of changes come up.  They can happen after all that is recorded, and one beside the other, so that a relay
    answers them.  Most helpers are responsible for households, and many of these pass on; some owe something, some
    have room, and some have asked to take over.

    >>> from hypothesis import Phase, find, settings
    >>> from pairing.handover import relay
    >>> quick = settings(phases=[Phase.generate, Phase.shrink], derandomize=True, database=None)
    >>> scene = find(scenes(), lambda scene: len(relay(*scene).passings) > 0, settings=quick)
    >>> scene.changes, list(scene.register)
    ((Retirement('h1', on=2012-03-09),), [Paired('h1', 'p1', on=2012-02-08)])
    """
    if policy is not None:
        of_type("policy", policy, Policy)
    many = whole_number("max_helpers", max_helpers, 2), whole_number("max_households", max_households, 1)
    most = whole_number("max_batches", max_batches), whole_number("max_changes", max_changes)
    return _scenes(policy, of_type("on", on, date), many, *most)


def _relayed() -> st.SearchStrategy[Policy]:
    """Policies under which most helpers may take over."""
    quotas = [Quota(0, 2), Quota(0, 1), Quota(1, 3), Quota(0, None)]
    return st.builds(
        lambda quota, soft, most, rules, retiring: Policy(
            "ours",
            (HelperRule(quota, soft=soft),),
            (HouseholdRule(Quota(1, most)),),
            handover=rules,
            retirement=(RetirementRule(720),) if retiring else (),
        ),
        st.sampled_from(quotas),
        st.sampled_from((False, False, True)),
        st.sampled_from((2, 1)),
        plain(HandoverRules, ("transfer", "after_exit"), RULES[HandoverRules]),
        st.booleans(),
    )


@cache
def _any_policy() -> st.SearchStrategy[Policy]:
    return st.one_of([_relayed(), _relayed(), policies(max_rules=2)])


@st.composite
def _scenes(draw: st.DrawFn, policy: Policy | None, on: date, sizes: tuple[int, int], most: int, many: int) -> Scene:
    policy = draw(_any_policy()) if policy is None else policy
    # few people, or as many as there may be: with few, nobody can take over jointly, and nobody else makes room
    least = draw(st.sampled_from(((2, 1), sizes)))
    people = rosters(
        policy=policy,
        on=on,
        min_helpers=least[0],
        max_helpers=sizes[0],
        min_households=least[1],
        max_households=sizes[1],
    )
    roster = draw(people)
    register = recorded(Register(), begun(Today(draw, roster, Register(), on)))
    roster = _linked(roster, register, draw(st.sampled_from(("drawn", "all", "chain", "all"))))
    register, last = grown(draw, roster, on, most, register)
    kinds = draw(st.lists(st.sampled_from(HAPPENING + HAPPENING[:3]), min_size=min(1, many), max_size=many))
    for kind in kinds:
        register = recorded(register, before(Today(draw, roster, register, last + timedelta(9)), kind))
    found: list[Change] = []
    for kind in kinds:
        now = Today(draw, roster, register, last + timedelta(30 + draw(st.sampled_from((0, 0, 10)))))
        change = now.one(possible(now, kind))
        if change is not None and not any(_clash(now, change, other) for other in found):
            found.append(change)
    asking = Today(draw, roster, register, last + timedelta(10))
    register = recorded(register, (offer for change in found for offer in _offers(asking, change)))
    return Scene(policy, roster, register, tuple(found))


def _linked(roster: Roster, register: Register, how: str) -> Roster:
    """Return the roster with links to wherever somebody is responsible, and more.

    With "all" links all units may help out; with a "chain", where each unit shares a village with the next, it may take
    several who change hands until one has room.
    """
    held = {(roster.helper(e.helper), roster.household(e.household).village) for e in register if isinstance(e, Paired)}
    wanted = {(helper.unit, village) for helper, village in held if village not in roster.may_go_to(helper)}
    units, villages = [unit.id for unit in roster.units], [a.code for a in roster.areas if a.level == "village"]
    if how == "all":
        wanted.update(product(units, {village for _, village in held}))
    elif how == "chain":
        wanted = {(unit, villages[n % len(villages)]) for n, unit in enumerate(units)} | wanted
        wanted |= {(unit, villages[(n + 1) % len(villages)]) for n, unit in enumerate(units)}
        return evolve(roster, links=[Link(*both) for both in sorted(wanted)])
    more = sorted(wanted - {(link.unit, link.village) for link in roster.links})
    return evolve(roster, links=[*roster.links, *(Link(*both) for both in more)])


def _clash(now: Today, one: Change, other: Change) -> bool:
    """Whether two changes cannot happen beside one another: to the same people, or to a unit that ends."""
    if _ids(now, one) & _ids(now, other):
        return True
    ends = isinstance(one, Merger | Dissolution) or isinstance(other, Merger | Dissolution)
    return ends and bool(_places(now, one) & _places(now, other))


def _ids(now: Today, change: Any) -> set[str]:
    """Return the helpers and households that a change names; of a link, both of its ends."""
    if isinstance(change, Linked | Unlinked):
        return {f"{change.unit} {change.village}"}
    into = change.into if isinstance(change, Split) else [getattr(change, "into", None)]
    ids = {str(id) for id in (getattr(change, "helper", None), getattr(change, "household", None), *into) if id}
    if isinstance(change, Return):  # the household that exits on the day of a return has no one answer
        ids |= {e.household for e in now.register if isinstance(e, HandedOver) and e.giver == change.helper}
    return ids


def _places(now: Today, change: Any) -> set[str]:
    """Return the units that a change names, or from which somebody leaves."""
    ids = {getattr(change, "unit", None), change.into if isinstance(change, Merger) else None}
    if hasattr(change, "helper"):
        moves = [e.unit for e in now.view.personnel(change.helper) if isinstance(e, Transfer)]
        ids.update((now.roster.helper(change.helper).unit, *moves))
    return {id for id in ids if id is not None}


def _offers(now: Today, change: Any) -> Iterator[Entry]:
    """Draw who asks to take over what somebody leaves: those who may go there first."""
    if hasattr(change, "helper"):
        held = now.view.households_of(change.helper)
        villages = {now.roster.household(pairing.household).village for pairing in held}
        others = sorted((not villages.issubset(now.roster.may_go_to(it)), it.id) for it in now.serving)
        asking = [id for _, id in others if id != change.helper]
        yield from (Offer(id, None, change.helper, on=now.on) for id in asking[: now.word(0, 2, 3)])


def plans(*, policy: Policy | None = None, on: date = DAY) -> st.SearchStrategy[Plan]:
    """Return a strategy of plans under a policy (None: any), from a day on, some of them with a book to keep to."""
    if policy is not None:
        of_type("policy", policy, Policy)
    return _plans(policy, of_type("on", on, date))


@st.composite
def _plans(draw: st.DrawFn, policy: Policy | None, on: date) -> Plan:
    policy = draw(policies()) if policy is None else policy
    on += timedelta(draw(st.sampled_from((0, 1, 300))))
    roster = draw(rosters(policy=policy, on=on, min_helpers=1, min_households=1))
    ids = [helper.id for helper in roster.helpers], [household.id for household in roster.households]
    book = draw(st.lists(pairings(helpers=ids[0], households=ids[1], on=on), max_size=2))
    return pair(policy, roster, on=on, book=book)
