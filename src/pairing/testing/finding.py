"""Which strategy gives the values of which type."""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.criteria import CRITERIA, Criterion
from pairing.dates import Span
from pairing.entries import Change, Entry, Refill
from pairing.people import Helper, Household, Ladder, Link, NamedPair, OwnLink, Pairing, Rank, Unit, Village
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import VisitRule
from pairing.testing import drafts, happenings, recorded, scenery, strategies

__all__ = ["strategy_of"]

_BY_TYPE: Mapping[object, Callable[[], st.SearchStrategy[Any]]] = {
    Area: strategies.areas,
    AreaTree: strategies.area_trees,
    Change: recorded.changes,
    Criterion: drafts.own_criteria,
    Entry: recorded.entries,
    Helper: strategies.helpers,
    Household: strategies.households,
    Ladder: strategies.ladders,
    Link: strategies.links,
    NamedPair: strategies.named_pairs,
    OwnLink: strategies.own_links,
    Pairing: strategies.pairings,
    Plan: scenery.plans,
    Policy: drafts.policies,
    Quota: strategies.quotas,
    Rank: strategies.ranks,
    Register: happenings.registers,
    Roster: strategies.rosters,
    scenery.Scene: scenery.scenes,
    Span: strategies.spans,
    Unit: strategies.units,
    Village: strategies.villages,
}


def strategy_of(thing: object) -> st.SearchStrategy[Any] | None:
    """Return the strategy of a type of this library, or None where it has none.

    >>> strategy_of(Helper) is None, strategy_of(int) is None
    (False, True)
    """
    if thing in _BY_TYPE:
        return _BY_TYPE[thing]()
    if isinstance(thing, type) and (thing in recorded.KINDS or thing is Refill):
        return recorded.entries(kinds=[thing])
    if thing in CRITERIA.values() or (thing in drafts.RULES and thing is not VisitRule):
        return drafts.of_kind(thing)  # type: ignore[arg-type]
    return drafts.visit_rules() if thing is VisitRule else None
