"""Hypothesis strategies for what a programme asks for: criteria, and whole policies without contradictions."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from operator import attrgetter
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from pairing.areas import LEVELS
from pairing.criteria import (
    ClassToClass,
    Criterion,
    EarlierTie,
    HardestToHighest,
    Kin,
    SameHamlet,
    Scores,
    SharedLanguage,
    SkillToNeed,
)
from pairing.deeds import CHANNELS
from pairing.errors import PolicyError, Problem
from pairing.people import KINDS, LADDER, SEXES, Ladder, Rank
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.rules import (
    ADDED_FOR,
    AFTER_EXIT,
    DEDUCTED_FOR,
    METHODS,
    RUNGS,
    SHARES,
    TRANSFERS,
    AppraisalItem,
    AppraisalPart,
    AppraisalRules,
    Cumulative,
    HandoverRules,
    HelperRule,
    HouseholdRule,
    LeaderRule,
    LinkingRules,
    RetirementRule,
    VisitRule,
    VisitRules,
)
from pairing.testing.strategies import DAY, WORDS, Fields, full, plain, some_of, whole_number

__all__ = ["RULES", "criteria", "of_kind", "own_criteria", "policies", "visit_rules"]

SOURCES = ("", "县里的规定", "chosen")
RANKS = [rank.id for rank in reversed(LADDER.ranks)]
QUOTAS = [Quota(1, 1), *(Quota(a, None if b is None else a + b) for a in range(4) for b in (0, 1, 2, None))]
TIED_VILLAGES = ("v1", "v2", "v3")


LONGER = Ladder((*LADDER.ranks, Rank("village-cadre", "村干部")))


def _rows(texts: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(sorted(some)) for some in some_of(texts)]


# --- criteria

_WEIGHT = (1, 2, 5, 0)
_CRITERIA: Mapping[type[Any], Fields] = {
    HardestToHighest: {"weight": _WEIGHT, "ladder": (LADDER, LONGER)},
    Kin: {},
    EarlierTie: {"weight": _WEIGHT},
    SkillToNeed: {
        "meets": ((), {WORDS.skills[0]: (WORDS.needs[0],)}, dict.fromkeys(WORDS.skills, WORDS.needs)),
        "weight": _WEIGHT,
    },
    SharedLanguage: {"weight": _WEIGHT, "required": (False, True)},
    SameHamlet: {"weight": _WEIGHT, "neighbours": ((), (("v1", *WORDS.hamlets),), (("v2", *WORDS.hamlets),))},
    ClassToClass: {
        "ranks": _rows(RANKS[:3]),
        "kinds": _rows(KINDS[:2]),
        "posts": _rows(WORDS.posts),
        "statuses": _rows(WORDS.statuses),
        "needs": _rows(WORDS.needs),
        "difficulty": range(4),
        "weight": _WEIGHT,
        "exclude": (False, True),
    },
}


def criteria() -> st.SearchStrategy[Scores]:
    """Return a strategy of the criteria that come with the library, of each kind, with any terms.

    >>> from hypothesis import find
    >>> find(criteria(), lambda criterion: criterion.name == "same-hamlet")
    SameHamlet(weight=1, neighbours=())
    """
    return st.one_of([of_kind(kind) for kind in _CRITERIA])


def of_kind(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of the library's criteria of one kind, or of rules of one kind."""
    return full(kind, _CRITERIA[kind] if kind in _CRITERIA else RULES[kind])


def own_criteria() -> st.SearchStrategy[Criterion]:
    """Return a strategy of criteria as three small functions: each reads one thing on either side.

    >>> from hypothesis import find
    >>> find(own_criteria(), lambda criterion: criterion.link is not None)
    Criterion('ours')
    """
    return full(
        _own,
        {
            "name": ("ours", "我们的标准"),
            "helper": ("post", "rank", "skills", "fit"),
            "household": ("difficulty", "needs", "status"),
            "link": (None, "level", "area"),
            "weight": (1, 3, None),
        },
    )


def _own(name: str, helper: str, household: str, link: str | None, weight: int | None) -> Criterion:
    read = None if link is None else partial(_unit_only, attrgetter(link))
    return Criterion(name, attrgetter(helper), attrgetter(household), partial(_worth, weight), read)


def _unit_only(read: Any, unit: object, village: object) -> Any:
    return read(unit)


def _worth(weight: int | None, mine: object, theirs: object, place: object = "") -> int | None:
    return weight if mine and theirs else 0


# --- rules

RULES: Mapping[type[Any], Fields] = {
    Cumulative: {"years": (2, 1, 3), "quota": QUOTAS},
    HelperRule: {
        "quota": QUOTAS,
        "ranks": _rows(RANKS[:4]),
        "kinds": _rows(KINDS),
        "posts": _rows(WORDS.posts),
        "unit_levels": _rows(LEVELS),
        "role": ("lead", "visit"),
        "soft": (False, True),
        "source": SOURCES,
        "over": (None, Cumulative(2, Quota(2, 4)), Cumulative(3, Quota(0, 5))),
        "contribution": (0, 20_000),
    },
    HouseholdRule: {
        "quota": [quota for quota in QUOTAS if quota.ceiling != 0],
        "role": ("lead", "visit"),
        "others": ("support", ""),
        "difficulty": range(4),
        "source": SOURCES,
    },
    LeaderRule: {
        "ranks": _rows(RANKS[-2:]),
        "kinds": _rows(KINDS[:2]),
        "posts": _rows(WORDS.posts),
        "counties": [Quota(1, 2), Quota(1, 1), Quota(0, None)],
        "households": (1, 0, 5),
        "source": SOURCES,
    },
    LinkingRules: {
        "method": METHODS,
        "share": SHARES,
        "gathered": _rows(LEVELS[2:]),
        "leaders": ((), (LeaderRule(ranks=("province",), households=1),), (LeaderRule(posts=("院长",), households=0),)),
        "teams": _rows(KINDS[1:]),
        "source": SOURCES,
    },
    HandoverRules: {
        "ladder": (RUNGS, RUNGS[:-1], ("unit",), ("division", "linked"), ()),
        "jointly": (2, 1, 3),
        "overlap": (0, 7),
        "deadline": (30, 0, 90),
        "soon": (365, 0),
        "absence": (30, 0, 90),
        "transfer": TRANSFERS,
        "after_exit": AFTER_EXIT,
        "notice": (0, 7),
        "watch": (12, 0, 24),
        "source": SOURCES,
    },
    RetirementRule: {
        "age": (720, 660, 600),
        "ranks": _rows(RANKS[:2]),
        "kinds": _rows(KINDS[:1]),
        "sexes": _rows(SEXES),
        "source": SOURCES,
    },
    VisitRule: {
        "name": ("contact", "节日走访", "revisit"),
        "times": (1, 2),
        "months": (3, 1, 6),
        "channels": (("in person",), CHANNELS[:2], CHANNELS),
        "statuses": ((), ("exited",), ("none", "fallen back")),
        "source": SOURCES,
        "window": ("months", "days", "festivals", "seasons"),
        "before": (7, 0, 3),
        "after": (0, 2),
    },
    VisitRules: {"silence": (6, 1, 3), "rules": ((), (VisitRule("contact", months=3),)), "source": SOURCES},
    AppraisalItem: {
        "name": ("visits", "慰问", "exits"),
        "what": ("handovers late", *DEDUCTED_FOR, *ADDED_FOR),
        "points": (60, 40, 10),
        "each": (5, 1, 60),
        "per": (1, 10_000),
        "source": SOURCES,
    },
    AppraisalPart: {"name": ("year", "上半年"), "weight": (100, 30, 70), "first": (1, 7), "last": (12, 7)},
    AppraisalRules: {
        "items": ((), (AppraisalItem("visits", "handovers late", 60, 5),)),
        "parts": ((), (AppraisalPart("half-year", 30, last=6), AppraisalPart("year-end", 70))),
        "source": SOURCES,
    },
}
"""The values that each field of a rule may have, the simplest first; not all of them go together in a policy."""


def _visit_rule(window: str, months: int, before: int, after: int, **fields: Any) -> VisitRule:
    """A rule for visits has exactly one kind of windows."""
    if window == "festivals":
        return VisitRule(festivals=("spring-festival", "mid-autumn"), before=before, after=after, **fields)
    if window == "seasons":
        return VisitRule(seasons=("03-15/05-15", "09-01/10-31"), **fields)
    if window == "days":
        return VisitRule(days=10 * months, **fields)
    return VisitRule(months=months, **fields)


def visit_rules() -> st.SearchStrategy[VisitRule]:
    """Return a strategy of rules for visits."""
    return full(_visit_rule, RULES[VisitRule])


# --- policies


def policies(*, max_rules: int = 3, criteria: bool = True) -> st.SearchStrategy[Policy]:
    """Return a strategy of whole policies, without contradictions, some of several versions.

    Their ranks are those of `LADDER`, and sometimes one below; with `criteria`, some have criteria of the library's.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None)
    ... @given(policies())
    ... def test_reading_gives_back_what_was_written(policy):
    ...     assert Policy.from_dict(policy.to_dict()) == policy
    >>> test_reading_gives_back_what_was_written()

    Raises `ArgumentError` where no rule is allowed.
    """
    return _policies(whole_number("max_rules", max_rules, 1), bool(criteria))


_AIMS = [
    (*first, *later)
    for later in ((), ("even",), ("keep", "even"), ("preference", "keep"), ("keep", "even", "preference"))
    for first in (("coverage", "floors"), ("floors", "coverage"))
]


@cache
def _policies(most: int, with_criteria: bool) -> st.SearchStrategy[Policy]:
    own = st.lists(criteria(), max_size=2 if with_criteria else 0)
    visits = st.lists(plain(_visit_rule, ("window",), RULES[VisitRule]), max_size=2)
    items = st.lists(plain(AppraisalItem, ("name",), RULES[AppraisalItem]), max_size=2)
    parts = st.fixed_dictionaries(
        {
            "name": st.sampled_from(("ours", "结对帮扶")),
            "helpers": st.lists(plain(HelperRule, ("quota",), RULES[HelperRule]), min_size=1, max_size=most),
            "households": st.lists(plain(HouseholdRule, ("quota",), RULES[HouseholdRule]), min_size=1, max_size=most),
            "aims": st.sampled_from(_AIMS),
            "ladder": st.sampled_from((LADDER, LONGER)),
            "title": st.sampled_from(("", "联村联户、为民富民")),
            "effective": st.sampled_from((None, date(2012, 1, 1), DAY)),
            "until": st.sampled_from((None, date(2020, 1, 1))),
            "source": st.sampled_from(SOURCES),
            "criteria": own,
            "linking": st.none() | plain(LinkingRules, (), RULES[LinkingRules]),
            "respread": st.booleans(),
            "handover": plain(HandoverRules, (), RULES[HandoverRules]),
            "retirement": st.lists(plain(RetirementRule, ("age",), RULES[RetirementRule]), max_size=2),
            "visits": st.builds(lambda few, rules: evolve(few, rules=rules), _visits(), visits),
            "appraisal": st.builds(lambda few, items: evolve(few, items=items), _appraisals(), items),
        }
    )
    newer = st.none() | st.tuples(st.sampled_from((Quota(1, 2), Quota(0, None))), st.booleans())
    return st.builds(_of_versions, parts.map(_without_contradictions), newer)


def _visits() -> st.SearchStrategy[VisitRules]:
    return plain(VisitRules, (), RULES[VisitRules])


def _appraisals() -> st.SearchStrategy[AppraisalRules]:
    return plain(AppraisalRules, (), RULES[AppraisalRules])


_FIRST: Mapping[str, Any] = {"helpers": (HelperRule(Quota(1, 1)),), "households": (HouseholdRule(Quota(1, 1)),)}
_DEFAULTS: Mapping[str, Any] = {
    "linking": None,
    "handover": HandoverRules(),
    "visits": VisitRules(),
    "appraisal": AppraisalRules(),
}


def _without_contradictions(parts: dict[str, Any]) -> Policy:
    """Return the policy that parts make, without those of them that contradict others."""
    parts["criteria"] = [
        evolve(it, ladder=parts["ladder"]) if isinstance(it, HardestToHighest) else it for it in parts["criteria"]
    ]
    asked = {rule.role for rule in parts["helpers"]} - {rule.role for rule in parts["households"]}
    parts["households"] = [*parts["households"], *(HouseholdRule(Quota(1, 2), role) for role in sorted(asked))]
    for _ in range(9):
        try:
            return Policy(**parts)
        except PolicyError as error:
            for name in sorted({_part(problem) for problem in error.problems}):
                rows = {_row(problem) for problem in error.problems if _part(problem) == name}
                parts[name] = _less(name, parts[name], rows)
    return Policy(parts["name"], **_FIRST, aims=parts["aims"], ladder=parts["ladder"], title=parts["title"])


def _part(problem: Problem) -> str:
    return re.split(r"[.\[]", problem.field)[0]


def _row(problem: Problem) -> int | None:
    found = re.match(r"[a-z]+\[([0-9]+)\]", problem.field)
    return int(found[1]) if found else None


def _less(name: str, part: Any, rows: set[int | None]) -> Any:
    """Return a part of a policy without the rows that are at fault; without any, as simple as can be."""
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    if name == "effective":
        return DAY
    left = [it for n, it in enumerate(part) if n not in rows] if None not in rows else []
    if name in _FIRST and len(left) in (0, len(part)):
        return _FIRST[name]
    return left


def _of_versions(policy: Policy, newer: tuple[Quota, bool] | None) -> Policy:
    """Return a policy, or a version of it that follows a year later."""
    if newer is None or policy.until is not None:
        return policy
    quota, wider = newer
    later = HelperRule(quota, role=policy.helpers[-1].role)
    start = date(2012, 9, 1) if wider else date(2013, 1, 1)
    try:
        return evolve(policy, helpers=(later,), effective=start, earlier=policy)
    except PolicyError:
        return policy
