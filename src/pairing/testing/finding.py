"""Which strategy gives the values of which type, and which types are only ever made by the library."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NoReturn, Protocol

from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.criteria import CRITERIA, Criterion, Scores
from pairing.dates import Span
from pairing.entries import Change, Entry, Refill
from pairing.errors import ArgumentError, Problem
from pairing.handover import Handover, relay
from pairing.people import Helper, Household, Ladder, Link, NamedPair, OwnLink, Pairing, Rank, Unit, Village
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import VisitRule
from pairing.testing import drafts, happenings, recorded, scenery, strategies
from pairing.views import View

__all__ = ["MAKER_OF", "strategy_of"]

_BY_TYPE: Mapping[object, Callable[[], st.SearchStrategy[Any]]] = {
    Area: strategies.areas,
    AreaTree: strategies.area_trees,
    Change: recorded.changes,
    Criterion: drafts.own_criteria,
    Entry: recorded.entries,
    Handover: lambda: scenery.scenes().map(lambda scene: relay(*scene)),
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
    Scores: drafts.criteria,
    Span: strategies.spans,
    Unit: strategies.units,
    View: lambda: happenings.registers().map(lambda register: register.view(on=strategies.DAY + timedelta(40))),
    Village: strategies.villages,
}

_MAKERS = """
pair: Certificate Load Shortfall
Plan.explain: Explanation NextBest PairReason Standing
Plan.why_not: WhyNot
Plan.compare: Comparison Price RoleChange
what_if: WhatIf
Plan.repair: Excess Relaxation Repair
match: Match
link_villages: Linking
relay: HandoverFile Passing Unfilled
pair_counties: CountyPlan CountyPlans
relay_counties: CountyHandover CountyHandovers
progress: Progress
foresee: Outlook UnitAhead YearAhead
audit: Finding
appraise: Mark PartMark Reason
effort: Effort
contributions: Contribution
duties: Duty
report: Report Sentence
totals: Column Table
due_visits: DueVisit
tally_due: DueTally
silent: Silence
spot_check: Pick SpotCheck
outcome: Outcome
error_rate: ErrorRate
Register.history: History Stretch
"""
"""By what makes them, results that cannot be made up; others are made by the library in several places."""

MAKER_OF = {name: row.split(":")[0] for row in _MAKERS.split("\n") if row for name in row.split(": ")[1].split()}


def strategy_of(thing: object) -> st.SearchStrategy[Any] | None:
    """Return the strategy of a type of this library, or None where it has none.

    A result that only the library makes has one that refuses to draw: put together from its fields it is nonsense.

    >>> strategy_of(Helper) is None, strategy_of(int) is None
    (False, True)
    """
    if thing in _BY_TYPE:
        return _BY_TYPE[thing]()
    if isinstance(thing, type) and (thing in recorded.KINDS or thing is Refill):
        return recorded.entries(kinds=[thing])
    if thing in CRITERIA.values() or (thing in drafts.RULES and thing is not VisitRule):
        return drafts.of_kind(thing)  # type: ignore[arg-type]
    if thing is VisitRule:
        return drafts.visit_rules()
    return st.just(thing).map(_refuse) if isinstance(thing, type) and _is_result(thing) else None


def _is_result(kind: type) -> bool:
    free = (Exception, Problem)
    inside = kind.__module__.startswith("pairing.") and not kind.__module__.startswith("pairing.testing")
    return inside and not issubclass(kind, free) and Protocol not in kind.__mro__[1:2]


def _refuse(kind: type) -> NoReturn:
    maker = MAKER_OF.get(kind.__name__, "the library")
    message = f"wanted a type that can be made up, got {kind.__name__}, which is made by {maker}"
    raise ArgumentError("made-by-library", message)
