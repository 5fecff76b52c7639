"""Policies: as data and as files, what they say when something is wrong, and what each rule does to a plan."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pairing.areas import LEVELS, Area, AreaTree
from pairing.auditing import audit
from pairing.contradictions import Draft, contradictions
from pairing.criteria import (
    CRITERIA,
    ClassToClass,
    EarlierTie,
    HardestToHighest,
    Kin,
    SameHamlet,
    SharedLanguage,
    SkillToNeed,
)
from pairing.deeds import CHANNELS
from pairing.errors import PairingError, PolicyError
from pairing.festivals import FESTIVALS
from pairing.figures import Share
from pairing.owing import Contribution, Duty, contributions, duties
from pairing.people import (
    KINDS,
    LADDER,
    SEXES,
    Helper,
    Household,
    Ladder,
    Link,
    NamedPair,
    OwnLink,
    Pairing,
    Rank,
    Unit,
)
from pairing.plain import keys_of
from pairing.plan import Plan
from pairing.policy import AIMS, Policy
from pairing.programmes import PROGRAMMES, load_policy, programme
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import (
    ADDED_FOR,
    AFTER_EXIT,
    DEDUCTED_FOR,
    METHODS,
    PERIODS,
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

DAY = date(2012, 2, 8)
NUMBER = "11010519491231002X"
RANKS = ", ".join(rank.id for rank in LADDER)
AIM_NAMES = ", ".join(AIMS)
HELPER_KEYS = "floor, ceiling, ranks, kinds, posts, unit_levels, role, soft, source, over, contribution"
HOUSEHOLD_KEYS = "floor, ceiling, role, others, difficulty, source"
CRITERION_NAMES = ", ".join(CRITERIA)
VERSION_KEYS = (
    "title, effective, until, source, aims, ranks, respread, helpers, households, criteria, linking, handover, "
    "retirement, visits, appraisal"
)
POLICY_KEYS = f"name, {VERSION_KEYS}, versions"
LINKING_KEYS = "method, share, gathered, leaders, teams, source"
LEADER_KEYS = "ranks, kinds, posts, counties, households, source"
DAYS = ("overlap", "deadline", "soon", "absence", "notice")
HANDOVER_KEYS = "ladder, jointly, overlap, deadline, soon, absence, transfer, after_exit, notice, watch, source"
RETIREMENT_KEYS = "age, ranks, kinds, sexes, source"
VISIT_KEYS = "silence, rules, source"
APPRAISAL_KEYS, ITEM_KEYS = "items, parts, source", "name, what, points, each, per, source"
PART_KEYS = "name, weight, first, last"
VISIT_RULE_KEYS = "name, times, months, days, festivals, before, after, seasons, channels, statuses, source"


def refused(data: Any) -> list[str]:
    """Return the lines of the error with which plain data are refused."""
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict(data)
    return [str(problem) for problem in caught.value.problems]


# --- as data

WORDS = st.text(max_size=8)
NOT_EMPTY = st.text(min_size=1, max_size=8)
QUOTAS = st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)).map(
    lambda pair: Quota(pair[0], None if pair[1] is None else sum(pair))  # type: ignore[arg-type]
)


def some(choices: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices), max_size=3, unique=True).map(tuple)


def unlike(rules: list[Any]) -> list[Any]:
    """Leave out the rules that would never hold, as one before them takes all."""
    return [rule for n, rule in enumerate(rules) if not any(before.covers(rule) for before in rules[:n])]


@st.composite
def cumulative(draw: st.DrawFn, year: Quota) -> Cumulative:
    """Return a quota over several years that goes with that of a year."""
    years = draw(st.integers(1, 4))
    floor = draw(st.integers(1, 9))
    floor = floor if year.ceiling is None else min(floor, years * year.ceiling)
    more = draw(st.none() | st.integers(0, 9))
    return Cumulative(
        years, Quota(floor, None if more is None and floor else max(floor, years * year.floor) + (more or 0))
    )


def criteria(ladder: Ladder) -> st.SearchStrategy[list[Any]]:
    """Return a strategy of lists of the library's criteria, each kind once."""
    ranks, weights = some(tuple(rank.id for rank in ladder)), st.integers(0, 5)
    tables = st.dictionaries(NOT_EMPTY, st.lists(NOT_EMPTY, max_size=2), max_size=2)
    near = st.lists(st.lists(NOT_EMPTY, min_size=3, max_size=3, unique=True), max_size=2)
    names = st.lists(NOT_EMPTY, max_size=2)
    kinds: list[st.SearchStrategy[Any]] = [
        st.builds(SkillToNeed, tables, weights),
        st.builds(SameHamlet, weights, near),
        st.builds(SharedLanguage, weights, st.booleans()),
        st.builds(EarlierTie, weights),
        st.builds(HardestToHighest, weights, st.just(ladder)),
        st.builds(ClassToClass, ranks, some(KINDS), names, names, names, st.integers(0, 4), weights),
        st.builds(ClassToClass, ranks, some(KINDS), names, names, names, st.integers(1, 4), exclude=st.just(True)),
        st.builds(Kin),
    ]
    return st.lists(st.one_of(kinds), max_size=4, unique_by=type)


@st.composite
def linkings(draw: st.DrawFn, ladder: Ladder) -> LinkingRules:
    """Return rules for links."""
    rule = st.builds(LeaderRule, some(tuple(rank.id for rank in ladder)), some(("cadre", "owner")), counties=COUNTIES)
    leaders = unlike(draw(st.lists(rule, max_size=2)))
    teams = () if any(not any(leader.selectors) for leader in leaders) else draw(some(("team", "group")))
    return LinkingRules(
        draw(st.sampled_from(METHODS)), draw(st.sampled_from(SHARES)), draw(some(LEVELS)), leaders, teams, draw(WORDS)
    )


HANDOVERS = st.builds(
    HandoverRules,
    st.lists(st.sampled_from(RUNGS), unique=True),
    st.integers(1, 4),
    transfer=st.sampled_from(TRANSFERS),
    after_exit=st.sampled_from(AFTER_EXIT),
    source=WORDS,
    **{name: st.integers(0, 999) for name in (*DAYS, "watch")},
)


def retirements(ladder: Ladder) -> st.SearchStrategy[list[Any]]:
    """Return a strategy of rules of retirement, none of which another one covers."""
    ranks = some(tuple(rank.id for rank in ladder))
    rule = st.builds(RetirementRule, st.integers(1, 10**9), ranks, some(KINDS), some(SEXES), WORDS)
    return st.lists(rule, max_size=3).map(unlike)


def visit_rules() -> st.SearchStrategy[VisitRules]:
    """Return a strategy of rules for visits, of every kind of window."""
    windows: st.SearchStrategy[dict[str, Any]] = st.one_of(
        st.fixed_dictionaries({"months": st.integers(1, 10**9)}),
        st.fixed_dictionaries({"days": st.integers(1, 10**9)}),
        st.fixed_dictionaries(
            {"festivals": some(FESTIVALS).filter(any), "before": st.integers(0, 6), "after": st.integers(0, 6)}
        ),
        st.fixed_dictionaries({"seasons": some(("03-15/05-15", "09-01/10-31", "12-20/01-20")).filter(any)}),
    )
    rule = st.builds(
        lambda name, times, window, channels, statuses, source: VisitRule(
            name, times, channels=channels, statuses=statuses, source=source, **window
        ),
        NOT_EMPTY,
        st.integers(1, 9),
        windows,
        some(CHANNELS).filter(any),
        st.lists(NOT_EMPTY, max_size=2, unique=True),
        WORDS,
    )
    return st.builds(VisitRules, st.integers(1, 99), st.lists(rule, max_size=3, unique_by=lambda r: r.name), WORDS)


@st.composite
def appraisals(draw: st.DrawFn, visits: VisitRules) -> AppraisalRules:
    """Return rules of appraisal, of one part or several."""
    counts = [what for what in (*DEDUCTED_FOR, *ADDED_FOR) if visits.rules or what != "visits missed"]
    numbers = st.integers(1, 99)
    item = st.builds(AppraisalItem, NOT_EMPTY, st.sampled_from(counts), numbers, numbers, numbers, WORDS)
    items = draw(st.lists(item, min_size=1, max_size=3, unique_by=lambda item: item.name))
    cuts = [0, *sorted(draw(st.lists(st.integers(1, 99), max_size=2, unique=True))), 100]
    parts = []
    for n, (before, after) in enumerate(pairwise(cuts)):
        first = draw(st.integers(1, 12))
        parts.append(AppraisalPart(f"part {n}", after - before, first, draw(st.integers(first, 12))))
    return AppraisalRules(items, draw(st.sampled_from([parts, []])), draw(WORDS))


COUNTIES = st.sampled_from((Quota(0, 1), Quota(1, 2), Quota(2), Quota(1)))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Return any policy that does not contradict itself, of one to three versions."""
    name, policy = draw(NOT_EMPTY), None
    days = sorted(draw(st.lists(st.dates(), min_size=1, max_size=3, unique=True)))
    for n, day in enumerate(days):
        ladder = draw(
            st.just(LADDER)
            | st.lists(st.builds(Rank, NOT_EMPTY, WORDS), min_size=1, max_size=4, unique_by=lambda rank: rank.id).map(
                Ladder
            )
        )
        others = draw(st.dictionaries(NOT_EMPTY, WORDS, min_size=1, max_size=3))
        others = {role: role if name in others else name for role, name in others.items()}
        roles = st.sampled_from(sorted(others))
        households = []
        for role in draw(st.lists(roles, min_size=1, max_size=4)):
            households.append(HouseholdRule(draw(QUOTAS), role, others[role], draw(st.integers(0, 4)), draw(WORDS)))
        households = unlike(households)
        helpers = []
        known = st.sampled_from(sorted({rule.role for rule in households}))
        for _ in range(draw(st.integers(1, 4))):
            rule = HelperRule(
                draw(QUOTAS),
                draw(some(tuple(rank.id for rank in ladder))),
                draw(some(KINDS)),
                draw(st.lists(NOT_EMPTY, max_size=2)),
                draw(some(LEVELS)),
                draw(known),
                draw(st.booleans()),
                draw(WORDS),
                contribution=draw(st.integers(0, 9)),
            )
            over = draw(st.none() | cumulative(rule.quota))
            helpers.append(attrs.evolve(rule, over=over))
        aims = [*draw(st.permutations(AIMS[:2])), *draw(st.permutations(AIMS[2:]))[: draw(st.integers(0, 3))]]
        visits = draw(st.just(VisitRules()) | visit_rules())
        draft = Draft(
            name,
            unlike(helpers),
            households,
            aims,
            ladder,
            draw(WORDS),
            day if n or any(rule.over for rule in helpers) else draw(st.sampled_from((None, day))),
            draw(WORDS),
            until=draw(st.sampled_from((None, date.max))) if day < date.max else None,
            criteria=draw(criteria(ladder)),
            linking=draw(st.none() | linkings(ladder)),
            respread=draw(st.booleans()),
            handover=draw(st.just(HandoverRules()) | HANDOVERS),
            retirement=draw(retirements(ladder)),
            visits=visits,
            appraisal=draw(st.just(AppraisalRules()) | appraisals(visits)),
            earlier=policy,
        )
        if {problem.field.partition(".")[0] for problem in contradictions(draft)} == {"linking"}:
            draft = attrs.evolve(draft, linking=None)
        assume(not contradictions(draft))
        policy = Policy(**{at.name: getattr(draft, at.name) for at in attrs.fields(Draft)})
    assert policy is not None
    return policy


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(policies())
def test_a_policy_survives_the_way_through_plain_data(policy: Policy) -> None:
    """`from_dict(to_dict())` gives an equal policy; the data are nothing but texts, numbers, lists and dicts."""
    data = policy.to_dict()
    assert Policy.from_dict(data) == policy
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        assert type(value) in (str, int, bool, list, dict)
        waiting += [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield every value that is no table and no list, as its path, what it lies in, and the key or index there."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        at = f"{path}[{key}]" if isinstance(data, list) else f"{path}.{key}".removeprefix(".")
        if isinstance(value, dict | list):
            yield from leaves(value, at)
        else:
            yield at, data, key


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(policies(), st.data())
def test_one_wrong_value_is_told_at_its_place_and_nothing_besides(policy: Policy, data: st.DataObject) -> None:
    """Whatever value of a sound policy is of a wrong type, it alone is told: at its path, or that of its list."""
    plain = policy.to_dict()
    path, owner, key = data.draw(st.sampled_from(sorted(leaves(plain), key=lambda leaf: leaf[0])))
    owner[key] = 1.5
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict(plain)
    (problem,) = caught.value.problems
    assert path == problem.field or re.fullmatch(r"([.\[].*)", path.removeprefix(problem.field))
    assert "got 1.5" in problem.message or "got a value of type" in problem.message


def test_what_is_left_out_has_its_default() -> None:
    """The shortest policy has one helper a household, the ladder of the law, and all aims in their usual order."""
    policy = Policy.from_dict({"name": "ours", "helpers": [{}]})
    assert policy == Policy("ours", (HelperRule(Quota()),))
    assert (policy.households, policy.aims) == (
        (HouseholdRule(Quota(1, 1)),),
        AIMS,
    )
    assert (policy.ladder, policy.effective, policy.roles) == (LADDER, None, ("lead",))
    assert (policy.handover, policy.retirement, policy.visits) == (HandoverRules(), (), VisitRules())
    assert policy.appraisal == AppraisalRules()
    assert policy.handover.ladder == RUNGS
    assert policy.to_dict() == {
        "name": "ours",
        "aims": ["coverage", "floors", "keep", "even", "preference"],
        "helpers": [{"floor": 0}],
        "households": [{"floor": 1, "ceiling": 1}],
    }


def test_reading_leaves_the_data_as_they_were() -> None:
    """`from_dict` changes nothing in the data it is given, and changing them later does not change the policy."""
    data: dict[str, Any] = {
        "name": "ours",
        "helpers": [{"ranks": ["staff"], "floor": 1}],
        "aims": ["coverage", "floors"],
    }
    policy = Policy.from_dict(data)
    assert data == {"name": "ours", "helpers": [{"ranks": ["staff"], "floor": 1}], "aims": ["coverage", "floors"]}
    data["helpers"][0]["ranks"].append("clerk")
    data["aims"].clear()
    assert (policy.helpers[0].ranks, policy.aims) == (("staff",), ("coverage", "floors"))


@pytest.mark.parametrize("day", [DAY, "2012-02-08"])
def test_a_policy_carries_the_day_it_takes_effect(day: object) -> None:
    """The day may be a date, as TOML has it, or a text."""
    assert Policy.from_dict({"name": "ours", "helpers": [{}], "effective": day}).effective == DAY


def test_a_policy_is_told_in_one_line() -> None:
    """The repr of a policy has its name, how many rules it has, and its aims."""
    policy = Policy("ours", (HelperRule(Quota(1)),), aims=("floors", "coverage", "preference"))
    assert repr(policy) == "Policy('ours', 1 helper rules, 1 household rules, floors > coverage > preference)"
    assert repr(policy.helpers[0]) == (
        "HelperRule(quota=Quota(floor=1, ceiling=None), ranks=(), kinds=(), posts=(), unit_levels=(), role='lead', "
        "soft=False)"
    )
    assert repr(VisitRule("home visit", 4, months=12, source="王小明")) == (
        "VisitRule(name='home visit', times=4, months=12, days=0, festivals=(), before=7, after=0, seasons=(), "
        "channels=('in person',), statuses=())"
    )
    assert [repr(rules) for rules in (policy.handover, policy.visits, RetirementRule(720, sexes=["m"]))] == [
        "HandoverRules(ladder=('volunteer', 'division', 'unit', 'linked', 'superior'), jointly=2, overlap=0, "
        "deadline=30, soon=365, absence=30, transfer='hand over', after_exit='new household', notice=0, watch=12)",
        "VisitRules(silence=6, rules=())",
        "RetirementRule(age=720, ranks=(), kinds=(), sexes=('m',))",
    ]


HANDOVER: dict[str, Any] = {
    "ladder": ["division", "unit"],
    "jointly": 1,
    "overlap": 14,
    "deadline": 10,
    "soon": 180,
    "absence": 60,
    "transfer": "keep",
    "after_exit": "stay",
    "notice": 7,
    "watch": 24,
    "source": "ours",
}
RETIREMENT: list[dict[str, Any]] = [
    {"age": 780, "ranks": ["province"], "kinds": ["cadre"], "source": "theirs"},
    {"age": 660, "sexes": ["f"]},
]
VISITS: dict[str, Any] = {
    "silence": 3,
    "rules": [
        {
            "name": "festival",
            "times": 2,
            "festivals": ["lantern", "double-ninth"],
            "before": 3,
            "after": 1,
            "channels": ["in person", "card"],
            "statuses": ["none", "fallen back"],
            "source": "theirs",
        },
        {"name": "call", "months": 1, "channels": ["telephone"]},
        {"name": "week", "days": 7},
        {"name": "ploughing", "seasons": ["03-15/05-15"]},
    ],
    "source": "ours",
}


def test_what_is_said_of_handovers_is_data() -> None:
    """Every key of handovers, retirement and visits is read into its field, and written again as it was."""
    parts = {"handover": HANDOVER, "retirement": RETIREMENT, "visits": VISITS}
    policy = Policy.from_dict({"name": "ours", "helpers": [{}], **parts})
    assert policy.handover == HandoverRules(("division", "unit"), 1, 14, 10, 180, 60, "keep", "stay", 7, 24, "ours")
    assert policy.retirement == (
        RetirementRule(780, ("province",), ("cadre",), source="theirs"),
        RetirementRule(660, sexes=("f",)),
    )
    festival = VisitRule(
        "festival",
        2,
        festivals=("lantern", "double-ninth"),
        before=3,
        after=1,
        channels=("in person", "card"),
        statuses=("none", "fallen back"),
        source="theirs",
    )
    call, week = VisitRule("call", months=1, channels=("telephone",)), VisitRule("week", days=7)
    ploughing = VisitRule("ploughing", seasons=("03-15/05-15",))
    assert policy.visits == VisitRules(3, (festival, call, week, ploughing), "ours")
    assert {key: policy.to_dict()[key] for key in parts} == parts


def test_what_is_said_of_appraisal_is_data() -> None:
    """Every key of appraisal is read into its field, and written again as it was; each version has its own."""
    appraisal = {
        "items": [
            {"name": "promises", "what": "measures not kept", "points": 90, "each": 15, "source": "theirs"},
            {"name": "gifts", "what": "money given", "points": 10, "each": 1, "per": 10_000},
        ],
        "parts": [
            {"name": "half-year", "weight": 30, "last": 6},
            {"name": "year-end", "weight": 70, "first": 7},
        ],
        "source": "ours",
    }
    items = (
        AppraisalItem("promises", "measures not kept", 90, 15, source="theirs"),
        AppraisalItem("gifts", "money given", 10, 1, 10_000),
    )
    parts = (AppraisalPart("half-year", 30, last=6), AppraisalPart("year-end", 70, first=7))
    policy = Policy.from_dict({"name": "ours", "helpers": [{}], "appraisal": appraisal})
    assert policy.appraisal == AppraisalRules(items, parts, "ours")
    assert policy.to_dict()["appraisal"] == appraisal
    rows = [{"effective": "1994-09-01"}, {"effective": "1995-03-01", "appraisal": {"items": appraisal["items"]}}]
    policy = Policy.from_dict({"name": "ours", "helpers": [{}], "appraisal": appraisal, "versions": rows})
    assert [version.appraisal for version in policy.versions] == [
        AppraisalRules(items, parts, "ours"),
        AppraisalRules(items),
    ]
    assert Policy.from_dict(policy.to_dict()) == policy


def test_a_key_of_handovers_that_is_left_out_has_its_default() -> None:
    """Only what is unlike the default is written; a ladder that is empty is one on which nobody is asked."""
    data = {"name": "ours", "helpers": [{}], "handover": {"ladder": [], "jointly": 2}, "visits": {"silence": 6}}
    policy = Policy.from_dict(data)
    assert policy.handover == HandoverRules(ladder=())
    assert policy.to_dict().keys() == {"name", "aims", "helpers", "households", "handover"}
    assert policy.to_dict()["handover"] == {"ladder": []}


def test_each_version_has_its_own_handovers() -> None:
    """What is said of handovers, retirement and visits at the top holds in each version that says nothing else."""
    data = {
        "name": "ours",
        "helpers": [{}],
        "handover": {"overlap": 5, "watch": 6},
        "retirement": RETIREMENT,
        "visits": {"silence": 3},
        "versions": [
            {"effective": "1994-09-01"},
            {"effective": "1995-03-01", "handover": {"overlap": 9}, "retirement": [], "visits": {}},
        ],
    }
    policy = Policy.from_dict(data)
    first, second = policy.versions
    assert (first.handover, len(first.retirement), first.visits) == (
        HandoverRules(overlap=5, watch=6),
        2,
        VisitRules(3),
    )
    assert (second.handover, second.retirement, second.visits) == (HandoverRules(overlap=9), (), VisitRules())
    assert Policy.from_dict(policy.to_dict()) == policy


# --- retirement


@pytest.mark.parametrize(
    ("birth", "age", "first_day_out"),
    [
        (date(1952, 1, 31), 720, date(2012, 2, 1)),
        (date(1952, 2, 1), 720, date(2012, 3, 1)),
        (date(1952, 2, 29), 720, date(2012, 3, 1)),
        (date(1952, 2, 29), 660, date(2007, 3, 1)),
        (date(1952, 11, 30), 720, date(2012, 12, 1)),
        (date(1952, 12, 1), 720, date(2013, 1, 1)),
        (date(1952, 8, 31), 666, date(2008, 3, 1)),
        (date(9999, 1, 1), 720, date.max),
        (date(1952, 1, 1), 10**99, date.max),
    ],
)
def test_the_first_day_out_of_the_service(birth: date, age: int, first_day_out: date) -> None:
    """It is the first of the month after the one in which the age is reached, or the last day of the calendar."""
    assert RetirementRule(age).day(birth) == first_day_out


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 1200))
def test_who_is_born_in_one_month_retires_on_one_day(birth: date, age: int) -> None:
    """The day of the month of a birth makes no difference, and the months between are the age and one."""
    day = RetirementRule(age).day(birth)
    assert day.day == 1
    assert (day.year - birth.year) * 12 + day.month - birth.month == age + 1


def test_the_first_rule_of_retirement_that_fits_holds() -> None:
    """Ranks, kinds and sexes must all fit; who has no known sex, or no known birth, is not guessed about."""
    birth = date(1952, 2, 8)
    rules = (
        RetirementRule(780, ranks=["province"]),
        RetirementRule(720, kinds=["cadre"], sexes=["m"]),
        RetirementRule(660, kinds=["cadre"], sexes=["f"]),
    )
    policy = Policy("ours", (HelperRule(Quota(1)),), retirement=rules)

    def retires(rank: str = "staff", sex: str = "", kind: str = "cadre", birth: date | None = birth) -> date | None:
        return policy.retires(Helper("ann", "u", rank, kind=kind, sex=sex, birth=birth))

    assert retires("province", "f") == retires("province") == date(2017, 3, 1)
    assert (retires(sex="m"), retires(sex="f")) == (date(2012, 3, 1), date(2007, 3, 1))
    assert (retires(), retires(sex="m", kind="owner"), retires(sex="m", birth=None)) == (None, None, None)
    assert Policy("ours", (HelperRule(Quota(1)),)).retires(Helper("ann", "u", "staff", birth=birth, sex="m")) is None


def test_how_each_preset_hands_over() -> None:
    """Each preset says of handovers what its source says, with the source beside it."""
    gansu, hubei, liaoyang, panjin = (programme(name) for name in sorted(PROGRAMMES))
    assert (panjin.handover.ladder, panjin.handover.jointly) == (RUNGS, 2)
    assert "younger judge of the same division" in panjin.handover.source
    assert [version.handover.after_exit for version in liaoyang.versions] == ["new household"] * 4
    assert all("回访" in version.handover.source for version in liaoyang.versions)
    assert "no unlinking before the goal is met" in gansu.handover.source
    assert hubei.handover == HandoverRules()


def test_cadres_of_the_presets_retire() -> None:
    """Men retire at 60 and women at 55, by the law of all these years; teams, of which Hubei's is, do not."""
    man, woman = (Helper("ann", "u", "staff", birth=date(1952, 2, 29), sex=sex) for sex in ("m", "f"))
    for name in PROGRAMMES:
        for version in programme(name).versions:
            days = [version.retires(helper) for helper in (man, woman, attrs.evolve(man, kind="team"))]
            assert days == [*([None] * 2 if name == "hubei-2011" else [date(2012, 3, 1), date(2007, 3, 1)]), None]
            assert all("State Council 1978, No. 104" in rule.source for rule in version.retirement)


# --- faults


def with_helper(**rule: Any) -> dict[str, Any]:
    return {"name": "ours", "helpers": [{"kinds": ["owner"]}, rule]}


def with_over(**over: Any) -> dict[str, Any]:
    return with_helper(over=over) | {"effective": DAY}


def with_household(**rule: Any) -> dict[str, Any]:
    return {"name": "ours", "helpers": [{}], "households": [{"difficulty": 3}, rule]}


def with_top(**keys: Any) -> dict[str, Any]:
    return {"name": "ours", "helpers": [{}], **keys}


def with_retirement(**rule: Any) -> dict[str, Any]:
    return with_top(retirement=[{"age": 780, "ranks": ["province"]}, {"age": 720, **rule}])


def with_visits(**rule: Any) -> dict[str, Any]:
    return with_top(visits={"rules": [rule]})


def with_item(**keys: Any) -> dict[str, Any]:
    return with_top(appraisal={"items": [{"name": "a", "what": "exits", "points": 9, "each": 3} | keys]})


def with_part(**keys: Any) -> dict[str, Any]:
    parts = [{"name": "a", "weight": 30}, {"name": "b", "weight": 70} | keys]
    return with_top(appraisal={"items": [{"name": "a", "what": "exits", "points": 9, "each": 3}], "parts": parts})


COUNTED = ", ".join((*DEDUCTED_FOR, *ADDED_FOR))
PERIOD_NAMES = ", ".join(PERIODS)
A_TEXT, TEXTS = "wanted a text, got", "wanted a list of texts, got"
WHOLE = "wanted a whole number from 0, got"
LEVEL_NAMES = ", ".join(LEVELS)

FAULTS: list[tuple[Any, str]] = [
    ({"helpers": [{}], "name": ""}, "name: wanted a name, got nothing [missing-key]"),
    ({"helpers": [{}]}, "name: wanted a value, got nothing [missing-key]"),
    ({"name": "ours"}, "helpers: wanted a value, got nothing [missing-key]"),
    ({"name": "ours", "helpers": []}, "helpers: wanted at least one rule, got none [missing-key]"),
    (with_top(households=[]), "households: wanted at least one rule, got none [missing-key]"),
    (with_top(title=5), f"title: {A_TEXT} 5 [bad-type]"),
    (with_top(source=["a"]), f"source: {A_TEXT} a value of type list [bad-type]"),
    (with_top(quota=5), f"quota: wanted one of {POLICY_KEYS} [unknown-key]"),
    (with_top(effective="2012-2-8"), "effective: wanted a day as YYYY-MM-DD, got '2012-2-8' [bad-date]"),
    (with_top(effective=2012), "effective: wanted a day as YYYY-MM-DD, got 2012 [bad-date]"),
    (
        with_top(effective=datetime(2012, 2, 8)),
        "effective: wanted a day as YYYY-MM-DD, got a value of type datetime [bad-date]",
    ),
    (
        with_top(aims=["coverage", "floors", "speed"]),
        f"aims[2]: wanted one of {AIM_NAMES}; got 'speed' [unknown-aim]",
    ),
    (
        with_top(aims=["coverage", "floors", "even", "even"]),
        "aims[3]: 'even' is listed twice; wanted each aim once [duplicate-aim]",
    ),
    (
        with_top(aims=["coverage", "even", "floors"]),
        "aims: wanted coverage and floors first, in either order [aims-order]",
    ),
    (with_top(until="2012"), "until: wanted a day as YYYY-MM-DD, got '2012' [bad-date]"),
    (with_top(respread=1), "respread: wanted true or false, got 1 [bad-type]"),
    (with_top(versions={}), "versions: wanted a list of tables, got a value of type dict [bad-type]"),
    (with_top(linking=[]), "linking: wanted a table, got a value of type list [bad-type]"),
    (with_top(criteria={}), "criteria: wanted a list of tables, got a value of type dict [bad-type]"),
    (with_top(criteria=["kin"]), "criteria[0]: wanted a table, got 'kin' [bad-type]"),
    (with_top(criteria=[{}]), f"criteria[0].name: wanted one of {CRITERION_NAMES}; got nothing [unknown-criterion]"),
    (
        with_top(criteria=[{"name": ["kin"]}]),
        f"criteria[0].name: wanted one of {CRITERION_NAMES}; got a value of type list [unknown-criterion]",
    ),
    (
        with_top(criteria=[{"name": "kin", "weight": 2}]),
        "criteria[0].weight: wanted one of name [unknown-key]",
    ),
    (with_top(aims=[]), "aims: wanted coverage and floors first, in either order [aims-order]"),
    (with_top(aims=["coverage"]), "aims: wanted coverage and floors first, in either order [aims-order]"),
    (with_top(ranks=[]), "ranks: wanted at least one rank, each id a text and once [bad-ladder]"),
    (
        with_top(ranks=[{"id": "a"}, {"id": "a"}]),
        "ranks: wanted at least one rank, each id a text and once [bad-ladder]",
    ),
    (with_top(ranks=[{"id": "a", "title": 1}]), f"ranks[0].title: {A_TEXT} 1 [bad-type]"),
    (with_top(ranks=[{"id": "a", "name": "b"}]), "ranks[0].name: wanted one of id, title [unknown-key]"),
    (with_top(ranks={"id": "a"}), "ranks: wanted a list of tables, got a value of type dict [bad-type]"),
    ({"name": "ours", "helpers": [{}, 5]}, "helpers[1]: wanted a table, got 5 [bad-type]"),
    ({"name": "ours", "helpers": {}}, "helpers: wanted a list of tables, got a value of type dict [bad-type]"),
    (with_helper(quota=1), f"helpers[1].quota: wanted one of {HELPER_KEYS} [unknown-key]"),
    *(
        (with_helper(floor=value), f"helpers[1].floor: {WHOLE} {got} [bad-number]")
        for value, got in ((-1, "-1"), (True, "True"), (1.0, "1.0"), ("1", "'1'"), ([1], "a value of type list"))
    ),
    (with_helper(ceiling=float("nan")), f"helpers[1].ceiling: {WHOLE} nan [bad-number]"),
    (
        with_helper(floor=3, ceiling=2),
        "helpers[1].ceiling: wanted at least the floor, 3, got 2 [floor-above-ceiling]",
    ),
    (
        with_helper(floor=10**99, ceiling=2),
        "helpers[1].ceiling: wanted at least the floor, a very large number, got 2 [floor-above-ceiling]",
    ),
    (with_helper(floor=10**5000, ceiling=2), f"helpers[1].floor: {WHOLE} a very large number [bad-number]"),
    (with_helper(floor=10**100), f"helpers[1].floor: {WHOLE} a very large number [bad-number]"),
    (with_helper(ceiling=10**100), f"helpers[1].ceiling: {WHOLE} a very large number [bad-number]"),
    (with_helper(ranks=["staff", "boss"]), f"helpers[1].ranks[1]: wanted one of {RANKS}; got 'boss' [unknown-rank]"),
    (with_helper(ranks="staff"), f"helpers[1].ranks: {TEXTS} 'staff' [bad-type]"),
    (with_helper(posts=[5]), f"helpers[1].posts: {TEXTS} a value of type list [bad-type]"),
    (with_helper(posts=[""]), f"helpers[1].posts: {TEXTS} a value of type list [bad-type]"),
    (
        with_helper(kinds=["firm"]),
        "helpers[1].kinds[0]: wanted one of cadre, team, group, owner; got 'firm' [unknown-kind]",
    ),
    (
        with_helper(unit_levels=["hamlet"]),
        f"helpers[1].unit_levels[0]: wanted one of {LEVEL_NAMES}; got 'hamlet' [unknown-level]",
    ),
    (with_helper(role="visit"), "helpers[1].role: wanted one of lead; got 'visit' [unknown-role]"),
    (with_helper(role=5), f"helpers[1].role: {A_TEXT} 5 [bad-type]"),
    (with_helper(soft="yes"), "helpers[1].soft: wanted true or false, got 'yes' [bad-type]"),
    (with_helper(soft=1), "helpers[1].soft: wanted true or false, got 1 [bad-type]"),
    (with_helper(source=5), f"helpers[1].source: {A_TEXT} 5 [bad-type]"),
    (with_helper(contribution=-5), f"helpers[1].contribution: {WHOLE} -5 [bad-number]"),
    (with_helper(over=2), "helpers[1].over: wanted a table, got 2 [bad-type]"),
    (with_over(floor=3), "helpers[1].over.years: wanted a value, got nothing [missing-key]"),
    (with_over(years="2", floor=3), f"helpers[1].over.years: {WHOLE} '2' [bad-number]"),
    (with_over(years=2, floor=-1), f"helpers[1].over.floor: {WHOLE} -1 [bad-number]"),
    (with_over(years=2, ceiling=1.5), f"helpers[1].over.ceiling: {WHOLE} 1.5 [bad-number]"),
    (with_over(years=2, floor=1, span=1), "helpers[1].over.span: wanted one of years, floor, ceiling [unknown-key]"),
    *(
        (with_top(linking={key: value}), f"linking.{key}{text}")
        for key, value, text in (
            ("method", 5, f": {A_TEXT} 5 [bad-type]"),
            ("method", "d-hondt", ": wanted one of webster, largest-remainder; got 'd-hondt' [unknown-method]"),
            ("share", "size", ": wanted one of headcount, duty; got 'size' [unknown-share]"),
            ("gathered", ["hamlet"], f"[0]: wanted one of {LEVEL_NAMES}; got 'hamlet' [unknown-level]"),
            ("teams", ["firm"], "[0]: wanted one of cadre, team, group, owner; got 'firm' [unknown-kind]"),
            ("source", 5, f": {A_TEXT} 5 [bad-type]"),
            ("by", 5, f": wanted one of {LINKING_KEYS} [unknown-key]"),
            ("leaders", 5, ": wanted a list of tables, got 5 [bad-type]"),
            ("leaders", [5], "[0]: wanted a table, got 5 [bad-type]"),
            ("leaders", [{"ranks": ["boss"]}], f"[0].ranks[0]: wanted one of {RANKS}; got 'boss' [unknown-rank]"),
            ("leaders", [{"kinds": 5}], f"[0].kinds: {TEXTS} 5 [bad-type]"),
            ("leaders", [{"posts": 5}], f"[0].posts: {TEXTS} 5 [bad-type]"),
            ("leaders", [{"counties": 2}], "[0].counties: wanted a table, got 2 [bad-type]"),
            ("leaders", [{"counties": {"floor": "1"}}], f"[0].counties.floor: {WHOLE} '1' [bad-number]"),
            (
                "leaders",
                [{"counties": {"floor": 2, "ceiling": 1}}],
                "[0].counties.ceiling: wanted at least the floor, 2, got 1 [floor-above-ceiling]",
            ),
            ("leaders", [{"households": None}], f"[0].households: {WHOLE} nothing [bad-number]"),
            ("leaders", [{"source": 5}], f"[0].source: {A_TEXT} 5 [bad-type]"),
            ("leaders", [{"county": 5}], f"[0].county: wanted one of {LEADER_KEYS} [unknown-key]"),
        )
    ),
    (with_top(handover=5), "handover: wanted a table, got 5 [bad-type]"),
    (with_top(retirement={}), "retirement: wanted a list of tables, got a value of type dict [bad-type]"),
    (with_top(visits=5), "visits: wanted a table, got 5 [bad-type]"),
    *(
        (with_top(handover={key: value}), f"handover.{key}{text}")
        for key, value, text in (
            ("ladder", "unit", f": {TEXTS} 'unit' [bad-type]"),
            ("ladder", ["unit", "boss"], f"[1]: wanted one of {', '.join(RUNGS)}; got 'boss' [unknown-rung]"),
            ("ladder", ["unit", "unit"], "[1]: 'unit' is listed twice; wanted each rung once [duplicate-rung]"),
            ("jointly", 0, ": wanted a whole number from 1, got 0 [bad-number]"),
            ("jointly", -1, f": {WHOLE} -1 [bad-number]"),
            *((name, "x", f": {WHOLE} 'x' [bad-number]") for name in DAYS),
            ("watch", 1.5, f": {WHOLE} 1.5 [bad-number]"),
            ("transfer", 5, f": {A_TEXT} 5 [bad-type]"),
            ("transfer", "stay", ": wanted one of hand over, keep; got 'stay' [unknown-transfer]"),
            ("after_exit", "keep", ": wanted one of new household, stay; got 'keep' [unknown-after-exit]"),
            ("source", 5, f": {A_TEXT} 5 [bad-type]"),
            ("days", 5, f": wanted one of {HANDOVER_KEYS} [unknown-key]"),
        )
    ),
    (with_top(appraisal=5), "appraisal: wanted a table, got 5 [bad-type]"),
    (
        with_top(appraisal={"items": {}}),
        "appraisal.items: wanted a list of tables, got a value of type dict [bad-type]",
    ),
    (with_top(appraisal={"parts": 5}), "appraisal.parts: wanted a list of tables, got 5 [bad-type]"),
    (with_top(appraisal={"source": 5}), f"appraisal.source: {A_TEXT} 5 [bad-type]"),
    (with_top(appraisal={"item": []}), f"appraisal.item: wanted one of {APPRAISAL_KEYS} [unknown-key]"),
    (
        with_top(appraisal={"parts": [{"name": "a", "weight": 100}]}),
        "appraisal.items: wanted at least one item, as there are parts, got none [missing-key]",
    ),
    (with_item(name=""), "appraisal.items[0].name: wanted a name, got nothing [missing-key]"),
    (with_item(what="zeal"), f"appraisal.items[0].what: wanted one of {COUNTED}; got 'zeal' [unknown-count]"),
    (
        with_item(what="visits missed"),
        "appraisal.items[0].what: wanted rules for visits in the policy, as no visit is due without them "
        "[no-visit-rule]",
    ),
    *(
        (with_item(**{name: 0}), f"appraisal.items[0].{name}: wanted a whole number from 1, got 0 [bad-number]")
        for name in ("points", "each", "per")
    ),
    (with_item(each=0.5), f"appraisal.items[0].each: {WHOLE} 0.5 [bad-number]"),
    (with_item(source=5), f"appraisal.items[0].source: {A_TEXT} 5 [bad-type]"),
    (with_item(cap=5), f"appraisal.items[0].cap: wanted one of {ITEM_KEYS} [unknown-key]"),
    (with_part(name="a"), "appraisal.parts[1].name: 'a' stands there twice; wanted each part once [duplicate-part]"),
    (with_part(weight=60), "appraisal.parts: wanted weights that come to 100, got 90 [weights-sum]"),
    (with_part(weight=0), "appraisal.parts[1].weight: wanted a whole number from 1, got 0 [bad-number]"),
    (with_part(weight="70"), f"appraisal.parts[1].weight: {WHOLE} '70' [bad-number]"),
    (with_part(first=0), "appraisal.parts[1].first: wanted a month from 1 to 12, got 0 [bad-number]"),
    (with_part(last=13), "appraisal.parts[1].last: wanted a month from 1 to 12, got 13 [bad-number]"),
    (with_part(first=7, last=6), "appraisal.parts[1].last: wanted a month from 7, the first one, got 6 [dates-order]"),
    (with_part(months=6), f"appraisal.parts[1].months: wanted one of {PART_KEYS} [unknown-key]"),
    (with_top(retirement=[{}]), "retirement[0].age: wanted a value, got nothing [missing-key]"),
    (with_retirement(age=0), "retirement[1].age: wanted a whole number from 1, got 0 [bad-number]"),
    (with_retirement(age="60"), f"retirement[1].age: {WHOLE} '60' [bad-number]"),
    (with_retirement(ranks=["boss"]), f"retirement[1].ranks[0]: wanted one of {RANKS}; got 'boss' [unknown-rank]"),
    (
        with_retirement(kinds=["firm"]),
        "retirement[1].kinds[0]: wanted one of cadre, team, group, owner; got 'firm' [unknown-kind]",
    ),
    (
        with_retirement(sexes=["男"]),
        "retirement[1].sexes[0]: wanted one of f, m; got text of 1 character [unknown-sex]",
    ),
    (with_retirement(sexes="f"), f"retirement[1].sexes: {TEXTS} 'f' [bad-type]"),
    (with_retirement(source=5), f"retirement[1].source: {A_TEXT} 5 [bad-type]"),
    (with_retirement(posts=["a"]), f"retirement[1].posts: wanted one of {RETIREMENT_KEYS} [unknown-key]"),
    (
        with_retirement(ranks=["province"], sexes=["f"]),
        "retirement[1]: never holds: retirement[0] comes first, and fits everybody whom this one fits [never-holds]",
    ),
    (with_top(visits={"silence": 0}), "visits.silence: wanted a whole number from 1, got 0 [bad-number]"),
    (with_top(visits={"silence": "6"}), f"visits.silence: {WHOLE} '6' [bad-number]"),
    (with_top(visits={"source": 5}), f"visits.source: {A_TEXT} 5 [bad-type]"),
    (with_top(visits={"months": 5}), f"visits.months: wanted one of {VISIT_KEYS} [unknown-key]"),
    (with_top(visits={"rules": {}}), "visits.rules: wanted a list of tables, got a value of type dict [bad-type]"),
    (with_top(visits={"rules": [5]}), "visits.rules[0]: wanted a table, got 5 [bad-type]"),
    (with_top(visits={"rules": [{"days": 7}]}), "visits.rules[0].name: wanted a value, got nothing [missing-key]"),
    *(
        (with_visits(**{"days": 7, "name": "ours", **row}), f"visits.rules[0]{text}")
        for row, text in (
            ({"name": ""}, ".name: wanted a name, got nothing [missing-key]"),
            ({"name": 5}, f".name: {A_TEXT} 5 [bad-type]"),
            ({"times": 0}, ".times: wanted a whole number from 1, got 0 [bad-number]"),
            ({"times": "4"}, f".times: {WHOLE} '4' [bad-number]"),
            ({"months": -1}, f".months: {WHOLE} -1 [bad-number]"),
            ({"days": 1.5}, f".days: {WHOLE} 1.5 [bad-number]"),
            ({"days": 0}, f": wanted exactly one of {PERIOD_NAMES}; got none [one-period]"),
            ({"months": 1}, f": wanted exactly one of {PERIOD_NAMES}; got months and days [one-period]"),
            (
                {"seasons": ["03-15/05-15"]},
                f": wanted exactly one of {PERIOD_NAMES}; got days and seasons [one-period]",
            ),
            ({"festivals": "lantern"}, f".festivals: {TEXTS} 'lantern' [bad-type]"),
            (
                {"days": 0, "festivals": ["lantern", "春节"]},
                f".festivals[1]: wanted one of {', '.join(FESTIVALS)}; got text of 2 characters [unknown-festival]",
            ),
            (
                {"days": 0, "festivals": ["lantern", "lantern"]},
                ".festivals[1]: 'lantern' is listed twice; wanted each festival once [duplicate-festival]",
            ),
            ({"before": "7"}, f".before: {WHOLE} '7' [bad-number]"),
            ({"before": 3}, ".before: wanted none, as the rule names no festivals, got 3 [no-festival]"),
            ({"after": 3}, ".after: wanted none, as the rule names no festivals, got 3 [no-festival]"),
            (
                {"days": 0, "festivals": ["spring-festival", "lantern"], "after": 7},
                ".before: wanted at most 13 days before and after together, so that no windows overlap, got 14 "
                "[windows-overlap]",
            ),
            (
                {"days": 0, "seasons": ["03-15/05-32"]},
                ".seasons[0]: wanted the first day and the last as MM-DD/MM-DD, got '03-15/05-32' [bad-season]",
            ),
            (
                {"days": 0, "seasons": ["03-15/05-15", "05-15/06-15"]},
                ".seasons: wanted windows that do not overlap, got some that do [windows-overlap]",
            ),
            ({"channels": []}, ".channels: wanted at least one channel, got none [missing-key]"),
            (
                {"channels": ["fax"]},
                f".channels[0]: wanted one of {', '.join(CHANNELS)}; got 'fax' [unknown-channel]",
            ),
            (
                {"channels": ["card", "card"]},
                ".channels[1]: 'card' is listed twice; wanted each channel once [duplicate-channel]",
            ),
            ({"statuses": "exited"}, f".statuses: {TEXTS} 'exited' [bad-type]"),
            (
                {"statuses": ["exited", "exited"]},
                ".statuses[1]: 'exited' is listed twice; wanted each status once [duplicate-status]",
            ),
            ({"source": 5}, f".source: {A_TEXT} 5 [bad-type]"),
            ({"weeks": 2}, f".weeks: wanted one of {VISIT_RULE_KEYS} [unknown-key]"),
        )
    ),
    (
        with_top(visits={"rules": [{"name": "call", "days": 7}, {"name": "call", "months": 1}]}),
        "visits.rules[1].name: 'call' stands there twice; wanted each rule once [duplicate-rule]",
    ),
    *(
        (with_top(criteria=[{"name": name, key: value}]), f"criteria[0].{key}{text}")
        for name, key, value, text in (
            *((name, "weight", "x", f": {WHOLE} 'x' [bad-number]") for name in CRITERIA if name != "kin"),
            (
                "skill-to-need",
                "meets",
                ["a"],
                ": wanted a table of lists of texts, got a value of type list [bad-type]",
            ),
            (
                "skill-to-need",
                "meets",
                {"a": "b"},
                ": wanted a table of lists of texts, got a value of type dict [bad-type]",
            ),
            ("same-hamlet", "neighbours", "v", ": wanted a list of lists of texts, got 'v' [bad-type]"),
            ("shared-language", "required", 1, ": wanted true or false, got 1 [bad-type]"),
            ("hardest-to-highest", "ladder", [], ": wanted one of name, weight [unknown-key]"),
            ("class-to-class", "ranks", ["boss"], f"[0]: wanted one of {RANKS}; got 'boss' [unknown-rank]"),
            (
                "class-to-class",
                "kinds",
                ["firm"],
                "[0]: wanted one of cadre, team, group, owner; got 'firm' [unknown-kind]",
            ),
            ("class-to-class", "posts", 5, f": {TEXTS} 5 [bad-type]"),
            ("class-to-class", "statuses", 5, f": {TEXTS} 5 [bad-type]"),
            ("class-to-class", "needs", 5, f": {TEXTS} 5 [bad-type]"),
            ("class-to-class", "difficulty", True, f": {WHOLE} True [bad-number]"),
            ("class-to-class", "exclude", 1, ": wanted true or false, got 1 [bad-type]"),
        )
    ),
    (with_household(soft=True), f"households[1].soft: wanted one of {HOUSEHOLD_KEYS} [unknown-key]"),
    (with_household(difficulty=-1), f"households[1].difficulty: {WHOLE} -1 [bad-number]"),
    (with_household(difficulty=True), f"households[1].difficulty: {WHOLE} True [bad-number]"),
    (with_household(difficulty=10**100), f"households[1].difficulty: {WHOLE} a very large number [bad-number]"),
    (
        with_household(floor=1, ceiling=0),
        "households[1].ceiling: wanted at least the floor, 1, got 0 [floor-above-ceiling]",
    ),
    (with_household(others=5), f"households[1].others: {A_TEXT} 5 [bad-type]"),
    (
        with_household(others="second"),
        "households[1].others: wanted 'support', as in the first rule for the role 'lead', got 'second' "
        "[unlike-others]",
    ),
    (
        with_household(role="sponsor", others="lead"),
        "households[1].others: wanted a name that is no role of the policy, got 'lead' [others-is-a-role]",
    ),
    (
        with_top(households=[{}, {"role": "support"}]),
        "households[0].others: wanted a name that is no role of the policy, got 'support' [others-is-a-role]",
    ),
    (with_household(source=5), f"households[1].source: {A_TEXT} 5 [bad-type]"),
    (with_top(王小明=5), f"<key 3>: wanted one of {POLICY_KEYS} [unknown-key]"),
    (with_helper(**{NUMBER: 5}), f"helpers[1].<key 1>: wanted one of {HELPER_KEYS} [unknown-key]"),
    (
        with_household(**{"li dashan": 5}),
        f"households[1].<key 1>: wanted one of {HOUSEHOLD_KEYS} [unknown-key]",
    ),
    (
        with_top(ranks=[{"id": "a", "厅级干部": 1}]),
        "ranks[0].<key 2>: wanted one of id, title [unknown-key]",
    ),
]


@pytest.mark.parametrize(("data", "expected"), FAULTS, ids=[text for _, text in FAULTS])
def test_each_fault_of_a_policy_is_told(data: Any, expected: str) -> None:
    """Every fault of a policy is told with the path to it and its code, once, and nothing is told besides."""
    assert refused(data) == [expected]


def test_a_role_may_give_its_own_name_to_all() -> None:
    """`others` equal to the rule's own role is no clash with a role, nor is a name that is left empty."""
    rows = [{"role": "lead", "others": ""}, {"role": "support", "others": "support", "difficulty": 1}]
    policy = Policy.from_dict(with_top(households=[*rows, {"role": "support"}]))
    assert [policy.others(role) for role in policy.roles] == ["lead", "support"]


@pytest.mark.parametrize("key", ["王小明", NUMBER, "li dashan", "x" * 99, "", 5, None, (1, 2)])
def test_no_path_shows_an_unknown_key_that_may_be_a_name(key: Any) -> None:
    """A key that is no plain English word is only described in the path."""
    (line,) = refused({"name": "ours", "helpers": [{"kinds": ["owner"]}, {key: 1}]})
    assert line == f"helpers[1].<key 1>: wanted one of {HELPER_KEYS} [unknown-key]"
    assert not any(name in line for name in ("王小明", NUMBER, "li dashan"))


@pytest.mark.parametrize(
    ("data", "got"), [(None, "nothing"), ([], "a value of type list"), ("name", "'name'"), (5, "5")]
)
def test_a_policy_is_a_table(data: Any, got: str) -> None:
    """Data that are no table are refused as a whole."""
    assert refused(data) == [f"wanted a table, got {got} [bad-type]"]


def test_every_key_of_a_policy_has_a_fault_in_the_table() -> None:
    """No key goes without a test of a wrong value."""
    told = {re.sub(r"\[[0-9]\]$", "", text.partition(": ")[0]) for _, text in FAULTS}
    places = [("", POLICY_KEYS), ("helpers[1].", HELPER_KEYS), ("households[1].", HOUSEHOLD_KEYS)]
    places += [("helpers[1].over.", "years, floor, ceiling"), ("linking.", LINKING_KEYS)]
    places += [("handover.", HANDOVER_KEYS), ("retirement[1].", RETIREMENT_KEYS), ("visits.", VISIT_KEYS)]
    places += [("visits.rules[0].", VISIT_RULE_KEYS)]
    places += [("appraisal.", APPRAISAL_KEYS), ("appraisal.items[0].", ITEM_KEYS), ("appraisal.parts[1].", PART_KEYS)]
    places += [
        ("linking.leaders[0].", LEADER_KEYS),
        *(("criteria[0].", ", ".join(keys_of(c))) for c in CRITERIA.values()),
    ]
    for place, keys in places:
        for name in filter(None, keys.split(", ")):
            beneath = any(path.startswith(f"{place}{name}.") for path in told)
            assert f"{place}{name}" in told or beneath or name in ("floor", "role"), f"{place}{name}"


def test_all_faults_of_a_policy_are_told_at_once() -> None:
    """Faults all over a policy give one error with the path to each."""
    data = {
        "name": "ours",
        "colour": "red",
        "aims": ["coverage", "floors", "speed"],
        "helpers": [{"posts": ["a"]}, {"floor": "x", "kinds": ["firm"]}, {"ranks": ["boss"], "floor": 2, "ceiling": 1}],
        "households": [{"others": "a"}, {"others": "b", "difficulty": 1.5}],
    }
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict(data)
    assert {(problem.field, problem.code) for problem in caught.value.problems} == {
        ("colour", "unknown-key"),
        ("aims[2]", "unknown-aim"),
        ("helpers[1].floor", "bad-number"),
        ("helpers[1].kinds[0]", "unknown-kind"),
        ("helpers[2].ranks[0]", "unknown-rank"),
        ("helpers[2].ceiling", "floor-above-ceiling"),
        ("households[1].others", "unlike-others"),
        ("households[1].difficulty", "bad-number"),
    }
    assert len(caught.value.problems) == 8
    assert str(caught.value).startswith("policy: 8 problems\n")


def test_all_faults_of_handovers_are_told_at_once() -> None:
    """Faults in handovers, retirement and visits give one error with the path to each, in versions too."""
    parts = {
        "handover": {"ladder": ["unit", "boss", "unit"], "jointly": 0, "transfer": "", "after_exit": "", "soon": None},
        "retirement": [{"age": 0, "sexes": ["x"]}, {"ranks": ["boss"]}, {"age": 720}, {"age": 660, "kinds": ["cadre"]}],
        "visits": {"silence": 0, "rules": [{"name": "a", "channels": ["fax"]}, {"name": "a", "days": 7, "times": 0}]},
    }
    wanted = {
        ("handover.ladder[1]", "unknown-rung"),
        ("handover.ladder[2]", "duplicate-rung"),
        ("handover.jointly", "bad-number"),
        ("handover.transfer", "unknown-transfer"),
        ("handover.after_exit", "unknown-after-exit"),
        ("handover.soon", "bad-number"),
        ("retirement[0].age", "bad-number"),
        ("retirement[0].sexes[0]", "unknown-sex"),
        ("retirement[1].age", "missing-key"),
        ("retirement[1].ranks[0]", "unknown-rank"),
        ("retirement[3]", "never-holds"),
        ("visits.silence", "bad-number"),
        ("visits.rules[0]", "one-period"),
        ("visits.rules[0].channels[0]", "unknown-channel"),
        ("visits.rules[1].name", "duplicate-rule"),
        ("visits.rules[1].times", "bad-number"),
    }
    versions = [{"effective": "1994-09-01"}, {"effective": "1995-03-01", **parts}]
    for data, at in (({"name": "ours", "helpers": [{}], **parts}, ""), (with_top(versions=versions), "versions[1].")):
        with pytest.raises(PolicyError) as caught:
            Policy.from_dict(data)
        assert {(problem.field, problem.code) for problem in caught.value.problems} == {
            (at + path, code) for path, code in wanted
        }


def test_a_policy_of_objects_is_checked_too() -> None:
    """A policy that is built of rules is refused for the same contradictions as one that is read."""
    with pytest.raises(PolicyError) as caught:
        Policy("", (HelperRule(Quota(1), ranks=("boss",), role="visit"),), aims=("even",))
    assert [problem.field for problem in caught.value.problems] == [
        "name",
        "aims",
        "helpers[0].ranks[0]",
        "helpers[0].role",
    ]


RULE = HelperRule(Quota(1))
WRONG: Any = 5
"""Something of a wrong type, whatever is wanted."""


@pytest.mark.parametrize(
    "build",
    [
        lambda: Policy(WRONG, (RULE,)),
        lambda: Policy("ours", WRONG),
        lambda: Policy("ours", (WRONG,)),
        lambda: Policy("ours", (RULE,), WRONG),
        lambda: Policy("ours", (RULE,), aims=WRONG),
        lambda: Policy("ours", (RULE,), ladder=WRONG),
        lambda: Policy("ours", (RULE,), effective=WRONG),
        lambda: Policy("ours", (RULE,), effective=datetime(2012, 2, 8)),
        lambda: Policy("ours", (RULE,), until=WRONG),
        lambda: Policy("ours", (RULE,), respread=WRONG),
        lambda: Policy("ours", (RULE,), earlier=WRONG),
        lambda: Policy("ours", (RULE,), earlier=Draft("ours", (RULE,)), effective=DAY),  # type: ignore[arg-type]
        lambda: Policy("ours", (RULE,), linking=WRONG),
        lambda: Policy("ours", (RULE,), linking=LinkingRules(leaders=WRONG)),
        lambda: Policy("ours", (RULE,), linking=LinkingRules(leaders=(WRONG,))),
        lambda: Policy("ours", (RULE,), linking=LinkingRules(leaders=(LeaderRule(counties=WRONG),))),
        lambda: Policy("ours", (RULE,), handover=WRONG),
        lambda: Policy("ours", (RULE,), handover=None),  # type: ignore[arg-type]
        lambda: Policy("ours", (RULE,), handover=HandoverRules(ladder=WRONG)),
        lambda: Policy("ours", (RULE,), handover=HandoverRules(ladder=("boss",))),
        lambda: Policy("ours", (RULE,), handover=HandoverRules(jointly=0)),
        lambda: Policy("ours", (RULE,), handover=HandoverRules(watch=-1)),
        lambda: Policy("ours", (RULE,), handover=HandoverRules(transfer=WRONG)),
        lambda: Policy("ours", (RULE,), retirement=WRONG),
        lambda: Policy("ours", (RULE,), retirement=(WRONG,)),
        lambda: Policy("ours", (RULE,), retirement=(RetirementRule(0),)),
        lambda: Policy("ours", (RULE,), retirement=(RetirementRule(720, sexes=WRONG),)),
        lambda: Policy("ours", (RULE,), visits=WRONG),
        lambda: Policy("ours", (RULE,), visits=None),  # type: ignore[arg-type]
        lambda: Policy("ours", (RULE,), visits=VisitRules(True)),
        lambda: Policy("ours", (RULE,), appraisal=WRONG),
        lambda: Policy("ours", (RULE,), appraisal=AppraisalRules([AppraisalItem("a", "exits", 5, WRONG, per=0)])),
        lambda: Policy("ours", (RULE,), criteria=WRONG),
        lambda: Policy("ours", (RULE,), criteria=(WRONG,)),
        lambda: Policy("ours", (RULE,), criteria=(Kin,)),  # type: ignore[arg-type]
        lambda: Policy("ours", (RULE,), criteria=(EarlierTie(weight="x"),)),  # type: ignore[arg-type]
        lambda: Policy("ours", (RULE,), criteria=(SkillToNeed(WRONG),)),
        lambda: Policy("ours", (RULE,), criteria=(SameHamlet(neighbours=WRONG),)),
        lambda: Policy("ours", (RULE,), criteria=(SameHamlet(neighbours=(WRONG,)),)),
        lambda: Policy("ours", (RULE,), criteria=(HardestToHighest(ladder=WRONG),)),
        lambda: Policy("ours", (HelperRule(Quota(1), over=WRONG),)),
        lambda: Policy("ours", (HelperRule(Quota(1), over=Cumulative(WRONG, WRONG)),), effective=DAY),
        lambda: Policy("ours", (HelperRule(Quota(1), contribution=True),)),
        lambda: Policy("ours", (HelperRule(WRONG),)),
        lambda: Policy("ours", (HelperRule(Quota(1), posts=WRONG),)),
        lambda: Policy("ours", (HelperRule(Quota(1), posts=("",)),)),
        lambda: Policy("ours", (HelperRule(Quota(1), soft=WRONG),)),
        lambda: Policy("ours", (RULE,), (HouseholdRule(Quota(1), difficulty="x"),)),  # type: ignore[arg-type]
    ],
)
def test_a_policy_of_objects_of_wrong_types_is_refused(build: Callable[[], Policy]) -> None:
    """What a policy file would be refused for, a policy that is built of rules is refused for too."""
    with pytest.raises(PairingError):
        build()


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"linking": WRONG}, "linking: wanted LinkingRules or None, got 5 [bad-type]"),
        ({"handover": WRONG}, "handover: wanted HandoverRules, got 5 [bad-type]"),
        ({"handover": None}, "handover: wanted HandoverRules, got nothing [bad-type]"),
        (
            {"handover": HandoverRules(soon=WRONG, notice=-1)},
            "handover.notice: wanted a whole number from 0, got -1 [bad-type]",
        ),
        ({"retirement": WRONG}, "retirement: wanted rules, got 5 [bad-type]"),
        ({"retirement": [WRONG]}, "retirement[0]: wanted a RetirementRule, got 5 [bad-type]"),
        ({"visits": WRONG}, "visits: wanted VisitRules, got 5 [bad-type]"),
        ({"appraisal": None}, "appraisal: wanted AppraisalRules, got nothing [bad-type]"),
        (
            {"appraisal": AppraisalRules(parts=[WRONG])},
            "appraisal.parts[0]: wanted a AppraisalPart, got 5 [bad-type]",
        ),
        ({"visits": VisitRules(rules=[WRONG])}, "visits.rules[0]: wanted a VisitRule, got 5 [bad-type]"),
        (
            {"visits": VisitRules(rules=[VisitRule("a", days=True)])},
            "visits.rules[0].days: wanted a whole number from 0, got True [bad-type]",
        ),
    ],
)
def test_a_part_of_a_wrong_type_is_told_at_its_path(parts: dict[str, Any], expected: str) -> None:
    """What stands where rules are wanted is told by the name of the part."""
    with pytest.raises(PolicyError) as caught:
        Policy("ours", (RULE,), **parts)
    assert [str(problem) for problem in caught.value.problems] == [expected]


def test_lists_do_where_tuples_are_kept() -> None:
    """A policy that is built of lists equals the one that is built of tuples, and survives the way through data."""
    rule = HelperRule(Quota(1), ranks=["staff"])
    policy = Policy("ours", [rule], aims=["coverage", "floors"])
    assert policy == Policy("ours", (HelperRule(Quota(1), ranks=("staff",)),), aims=("coverage", "floors"))
    assert Policy.from_dict(policy.to_dict()) == policy


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


def keyed(keys: str, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of tables that have the right keys, with right and wrong values."""
    return st.fixed_dictionaries({}, optional={name: PLAIN | values.get(name, PLAIN) for name in keys.split(", ")})


NEAR_CRITERIA = st.sampled_from(sorted(CRITERIA)).flatmap(
    lambda name: keyed(", ".join(("weight", *keys_of(CRITERIA[name]))), weight=st.integers(0, 3)).map(
        lambda row: row | {"name": name}
    )
)
NEAR_OVER = keyed("years, floor, ceiling", years=st.integers(0, 3), floor=st.integers(0, 9))
NEAR_LEADER = keyed(LEADER_KEYS, ranks=some(("staff",)), households=st.integers(0, 9), counties=keyed("floor, ceiling"))
NEAR_VISITS = keyed(
    VISIT_RULE_KEYS,
    name=st.sampled_from(("a", "b")),
    months=st.integers(0, 9),
    festivals=some(FESTIVALS),
    before=st.integers(0, 40),
    after=st.integers(0, 400),
    seasons=some(("03-15/05-15", "02-29/03-15", "12-01/01-31", "13-01/01-31")),
    channels=some(CHANNELS),
)
NEAR_ITEM = keyed(
    ITEM_KEYS, name=st.sampled_from(("a", "b")), what=st.sampled_from(DEDUCTED_FOR), points=st.integers(0, 9)
)
NEAR_PART = keyed(PART_KEYS, weight=st.sampled_from((0, 50, 100)), first=st.integers(0, 13), last=st.integers(0, 13))
NEAR_PARTS: dict[str, st.SearchStrategy[Any]] = {
    "effective": st.dates(),
    "until": st.dates(),
    "aims": st.lists(st.sampled_from(AIMS), max_size=4),
    "ranks": st.lists(keyed("id, title", id=WORDS), max_size=2),
    "helpers": st.lists(
        keyed(HELPER_KEYS, floor=st.integers(0, 3), ranks=some(("staff",)), role=WORDS, over=NEAR_OVER), max_size=2
    ),
    "households": st.lists(keyed(HOUSEHOLD_KEYS, ceiling=st.integers(0, 3), role=WORDS), max_size=2),
    "criteria": st.lists(NEAR_CRITERIA, max_size=2),
    "linking": keyed(LINKING_KEYS, teams=some(KINDS), leaders=st.lists(NEAR_LEADER, max_size=2)),
    "handover": keyed(
        HANDOVER_KEYS, ladder=st.lists(st.sampled_from(RUNGS), max_size=3), transfer=st.sampled_from(TRANSFERS)
    ),
    "retirement": st.lists(
        keyed(RETIREMENT_KEYS, age=st.integers(0, 3), ranks=some(("staff",)), sexes=some(SEXES)), max_size=2
    ),
    "visits": keyed(VISIT_KEYS, silence=st.integers(0, 3), rules=st.lists(NEAR_VISITS, max_size=2)),
    "appraisal": keyed(APPRAISAL_KEYS, items=st.lists(NEAR_ITEM, max_size=2), parts=st.lists(NEAR_PART, max_size=2)),
}
NEAR = keyed(
    POLICY_KEYS,
    name=st.just("ours"),
    versions=st.lists(keyed(VERSION_KEYS, **NEAR_PARTS), max_size=3),
    **NEAR_PARTS,
)


@settings(deadline=None, max_examples=150)
@given(PLAIN | NEAR)
def test_any_plain_data_are_a_policy_or_an_error_of_ours(data: Any) -> None:
    """Whatever nests in lists and tables gives a policy that survives, or a PolicyError that tells where."""
    try:
        policy = Policy.from_dict(data)
    except PolicyError as error:
        problems = [(problem.code, str(problem)) for problem in error.problems]
    else:
        problems = [("fine", "")]
        assert Policy.from_dict(policy.to_dict()) == policy
    assert problems
    assert all(code for code, _ in problems)


@settings(deadline=None, max_examples=100)
@given(NEAR)
def test_no_path_is_told_twice(data: Any) -> None:
    """However many faults a table has, there is one problem for each path."""
    try:
        Policy.from_dict(data)
    except PolicyError as error:
        paths = [problem.field for problem in error.problems]
        assert len(paths) == len(set(paths))


# --- as files

OURS = 'name = "ours"\ntitle = "联村联户"\n\n[[helpers]]\nposts = ["a"]\nfloor = 1\nceiling = 3\n'


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str | bytes], Policy]:
    """Return how a policy file with some content is loaded."""

    def load(content: str | bytes) -> Policy:
        path = tmp_path / "ours.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_policy(path)

    return load


Load = Callable[[str | bytes], Policy]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_policy_file_may_have_a_byte_order_mark(load: Load, mark: bytes, newline: str) -> None:
    """A file gives the same policy with a mark or without, and with the line ends of any system."""
    policy = load(mark + OURS.replace("\n", newline).encode())
    assert (policy.title, policy.helpers) == ("联村联户", (HelperRule(Quota(1, 3), posts=("a",)),))


FILE_FAULTS: list[tuple[str | bytes, str]] = [
    (b"", "ours.toml, name: wanted a value, got nothing [missing-key]"),
    ('name = "ours\n', "ours.toml: wanted a TOML file; its syntax is broken [bad-toml]"),
    ('name = "a"\nname = "b"\n', "ours.toml: wanted a TOML file; its syntax is broken [bad-toml]"),
    ("effective = 2012-02-30\n", "ours.toml: wanted a TOML file; its syntax is broken [bad-toml]"),
    ("a = " + "[" * 5000, "ours.toml: wanted a TOML file; its syntax is broken [bad-toml]"),
    (f"floor = {'9' * 5000}\n", "ours.toml: wanted a TOML file; its syntax is broken [bad-toml]"),
    (
        "[[helpers]]\nfloor = 1_0.0\n",
        "ours.toml, helpers[0].floor: wanted a whole number from 0, got 10.0 [bad-number]",
    ),
    (OURS.encode("gb18030"), "ours.toml: wanted UTF-8, byte 23 is not [bad-encoding]"),
    (OURS.encode("utf-16"), "ours.toml: wanted UTF-8, byte 0 is not [bad-encoding]"),
    (OURS + "floor = 2\n", "ours.toml: wanted a TOML file; its syntax is broken [bad-toml]"),
    (
        OURS + "ranks = ['staff', 'boss']\n",
        f"ours.toml, helpers[0].ranks[1]: wanted one of {RANKS}; got 'boss' [unknown-rank]",
    ),
    (OURS + "celing = 2\n", f"ours.toml, helpers[0].celing: wanted one of {HELPER_KEYS} [unknown-key]"),
]


@pytest.mark.parametrize(("content", "expected"), FILE_FAULTS, ids=[text for _, text in FILE_FAULTS])
def test_each_fault_of_a_policy_file_is_told(load: Load, content: str | bytes, expected: str) -> None:
    """A file that cannot be read as a policy is told by its name, with the path to the fault where there is one."""
    with pytest.raises(PolicyError) as caught:
        load(content)
    assert expected in [str(problem) for problem in caught.value.problems]


def test_a_huge_number_is_a_number(load: Load) -> None:
    """A floor below 10**100 is as good as any other; thousands of hexadecimal digits are refused with their path."""
    assert load(OURS + f"[[helpers]]\nfloor = {10**100 - 1}\n").helpers[1].quota.floor == 10**100 - 1
    for digits in (f"{10**100}", "0x" + "f" * 6000):
        with pytest.raises(PolicyError) as caught:
            load(OURS + f"[[helpers]]\nfloor = {digits}\n")
        assert str(caught.value) == f"ours.toml, helpers[1].floor: {WHOLE} a very large number [bad-number]"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file and a folder are refused, each with its name alone, not with the whole way to it."""
    with pytest.raises(PolicyError) as missing:
        load_policy(tmp_path / "none.toml")
    assert str(missing.value) == "none.toml: wanted a policy file, found none [missing-file]"
    (tmp_path / "folder").mkdir()
    with pytest.raises(PolicyError) as folder:
        load_policy(str(tmp_path / "folder"))
    assert (folder.value.code, folder.value.problems[0].file) == ("unreadable-file", "folder")
    assert str(tmp_path) not in str(folder.value)
    assert missing.value.__context__ is folder.value.__context__ is None


@pytest.mark.parametrize("path", [None, 5, b"none.toml", ["none.toml"], "", "none\0.toml"])
def test_a_path_is_a_text_or_a_path(path: Any) -> None:
    """Something else than a path is refused with an error that can be printed."""
    with pytest.raises(PairingError) as caught:
        load_policy(path)
    assert str(caught.value)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | st.binary(max_size=9).map(OURS.encode().__add__))
def test_any_bytes_are_a_policy_or_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever bytes a file has, it gives a policy or a PolicyError that names the file."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    try:
        files = {load_policy(path).name and "any.toml"}
    except PolicyError as error:
        files = {problem.file for problem in error.problems}
    assert files == {"any.toml"}


# --- what the rules do


AREAS = AreaTree(
    [
        Area("c1", "东县", "county"),
        Area("t1", "东镇", "township", "c1"),
        Area("t2", "西镇", "township", "c1"),
        Area("v1", "东村", "village", "t1"),
        Area("v2", "西村", "village", "t2"),
    ]
)


def village(*households: int | Household, code: str = "v1") -> list[Household]:
    """Return households of a village; a number stands for as many plain ones."""
    found: list[Household] = []
    for item in households:
        found += [Household(f"{code}-{n:03}", code) for n in range(item)] if isinstance(item, int) else [item]
    return found


def paired(
    rules: str,
    helpers: list[Helper],
    households: list[Household],
    named: tuple[NamedPair, ...] = (),
    links: tuple[tuple[str, str], ...] = (("u", "v1"),),
    units: tuple[Unit, ...] = (Unit("u", "county", "t1"),),
    *,
    own: tuple[OwnLink, ...] = (),
    on: date = DAY,
    book: Plan | tuple[Pairing, ...] = (),
) -> Plan:
    """Return the plan of a policy that is written as in a policy file; the independent checker has accepted it."""
    roster = Roster(AREAS, units, helpers, households, [Link(*link) for link in links], named, own_links=own)
    plan = pair(policy_of(rules), roster, on=on, book=book)
    assert plan.verify()
    return plan


def policy_of(rules: str) -> Policy:
    """Return a policy that is written as in a policy file; what is written is what is kept."""
    policy = Policy.from_dict(tomllib.loads(f'name = "ours"\n{rules}'))
    assert Policy.from_dict(policy.to_dict()) == policy
    return policy


def staff(count: int) -> list[Helper]:
    """Return so many helpers: a0, a1, ..."""
    return [Helper(f"a{n}", "u", "staff") for n in range(count)]


def helpers_of(plan: Plan) -> Mapping[str, int]:
    """Return how many helpers each household has."""
    return Counter(pairing.household for pairing in plan.pairings)


def pairs_of(plan: Plan) -> set[tuple[str, str]]:
    return {(pairing.helper, pairing.household) for pairing in plan.pairings}


BY_RANK = """
[[helpers]]
ranks = ["bureau", "deputy-bureau"]
floor = 3
[[helpers]]
ranks = ["division", "deputy-division"]
floor = 2
[[helpers]]
floor = 1
"""


def test_rule_1_floors_fall_with_the_rank_within_the_links() -> None:
    """Bureau, division and other cadres take 3, 2 and 1 households, all in the villages that their own unit links."""
    units = (Unit("u", "county", "t1"), Unit("w", "county", "t2"))
    helpers = [Helper(f"{u}-{rank}", u, rank) for u in "uw" for rank in ("deputy-bureau", "division", "clerk")]
    plan = paired(BY_RANK, helpers, village(6) + village(6, code="v2"), links=(("u", "v1"), ("w", "v2")), units=units)
    assert plan.loads == {
        f"{u}-{rank}": n for u in "uw" for rank, n in (("deputy-bureau", 3), ("division", 2), ("clerk", 1))
    }
    assert {(p.helper[0], p.household[:2]) for p in plan.pairings} == {("u", "v1"), ("w", "v2")}
    assert plan.shortfalls == ()


def test_rule_1_a_household_outside_the_links_counts_for_nobody() -> None:
    """A bureau cadre whose unit links a village of two has two households, though the next village needs somebody."""
    plan = paired(BY_RANK, [Helper("a", "u", "bureau")], village(2) + village(1, code="v2"))
    assert plan.loads == {"a": 2}
    assert [(shortfall.side, shortfall.missing) for shortfall in plan.shortfalls] == [("households", 1), ("helpers", 1)]


NESTED = """
[[helpers]]
ranks = ["province", "deputy-province"]
floor = 5
ceiling = 6
[[helpers]]
floor = 1
[[households]]
floor = 1
ceiling = 2
[linking]
[[linking.leaders]]
ranks = ["province", "deputy-province"]
counties = {floor = 1, ceiling = 2}
households = 5
"""


def test_rule_2_a_leader_has_counties_a_village_in_one_of_them_and_households_there() -> None:
    """A provincial leader who is linked to a county and a village of it has five households, all of that village."""
    (leaders,) = policy_of(NESTED).linking.leaders  # type: ignore[union-attr]
    assert (leaders.counties, leaders.households) == (Quota(1, 2), 5)
    own = (OwnLink("a", "c1"), OwnLink("a", "v2"))
    helpers = [Helper("a", "u", "deputy-province"), Helper("b", "u", "staff")]
    plan = paired(NESTED, helpers, village(3) + village(5, code="v2"), own=own)
    assert plan.loads == {"a": 5, "b": 3}
    assert {household[:2] for helper, household in pairs_of(plan) if helper == "a"} == {"v2"}
    assert plan.shortfalls == ()


def test_rule_2_a_floor_counts_in_the_own_village_alone() -> None:
    """Where the leader's village has four households, one is missing, though the unit's village has more."""
    helpers = [Helper("a", "u", "province"), Helper("b", "u", "staff")]
    plan = paired(NESTED, helpers, village(3) + village(4, code="v2"), own=(OwnLink("a", "v2"),))
    assert plan.loads == {"a": 4, "b": 3}
    assert [(shortfall.side, shortfall.short) for shortfall in plan.shortfalls] == [("helpers", (("a", 1),))]


PROPORTIONAL = """
[[helpers]]
floor = 1
ceiling = 3
[linking]
method = "largest-remainder"
share = "headcount"
"""


def test_rule_3_units_link_villages_in_proportion_to_their_headcount() -> None:
    """The policy names the method and the share; with links in that proportion everybody has as many households."""
    linking = policy_of(PROPORTIONAL).linking
    assert linking == LinkingRules(method="largest-remainder", share="headcount")
    assert policy_of(PROPORTIONAL.replace("largest-remainder", "webster")).linking == LinkingRules()
    units = (Unit("u", "county", "c1"), Unit("w", "county", "c1"))
    helpers = [*staff(4), Helper("b0", "w", "staff"), Helper("b1", "w", "staff")]
    links = (("u", "v1"), ("w", "v2"))
    plan = paired(PROPORTIONAL, helpers, village(8) + village(4, code="v2"), links=links, units=units)
    assert set(plan.loads.values()) == {2}


BY_LEVEL = "\n".join(
    f'[[helpers]]\nunit_levels = ["{level}"]\nranks = ["{rank}"]\nfloor = {number}\nceiling = {number}'
    for level, numbers in (("county", (8, 7, 6, 5, 4)), ("prefecture", (5, 4, 3, 2, 1)))
    for rank, number in zip(("division", "deputy-division", "section", "deputy-section", "staff"), numbers, strict=True)
)


def test_rule_4_exact_numbers_by_unit_level_and_rank() -> None:
    """County units take 8/7/6/5/4 households by rank and city units 5/4/3/2/1, no more and no less."""
    ranks = ("division", "deputy-division", "section", "deputy-section", "staff")
    units = (Unit("u", "county", "t1"), Unit("w", "prefecture", "t1"))
    helpers = [Helper(f"{unit.id}{n}", unit.id, rank) for unit in units for n, rank in enumerate(ranks)]
    plan = paired(BY_LEVEL, helpers, village(45), links=(("u", "v1"), ("w", "v1")), units=units)
    assert list(plan.loads.values()) == [8, 7, 6, 5, 4, 5, 4, 3, 2, 1]
    assert plan.shortfalls == ()
    more = paired(BY_LEVEL, helpers, village(46), links=(("u", "v1"), ("w", "v1")), units=units)
    assert more.loads == plan.loads
    assert [(shortfall.wanted, shortfall.available) for shortfall in more.shortfalls] == [(46, 45)]


YEARLY = """
effective = 2012-01-01
aims = ["coverage", "floors", "even"]
[[helpers]]
ranks = ["division"]
floor = 5
ceiling = 5
over = {years = 2, floor = 10, ceiling = 10}
[[helpers]]
ranks = ["section"]
floor = 4
ceiling = 4
over = {years = 2, floor = 8, ceiling = 8}
[[helpers]]
floor = 3
ceiling = 3
over = {years = 2, floor = 6, ceiling = 6}
[[households]]
ceiling = 1
"""
THREE_RANKS = [Helper(rank, "u", rank) for rank in ("division", "section", "staff")]


def test_rule_5_numbers_a_year_and_over_two_years() -> None:
    """5/4/3 households a year, 10/8/6 over two years: in the second year everybody takes on as many others."""
    first = paired(YEARLY, THREE_RANKS, village(24))
    assert first.loads == {"division": 5, "section": 4, "staff": 3}
    second = paired(YEARLY, THREE_RANKS, village(24), on=date(2013, 2, 8), book=first)
    assert second.loads == first.loads
    assert not pairs_of(first) & pairs_of(second)
    assert len(pairs_of(first) | pairs_of(second)) == 10 + 8 + 6


def test_rule_5_what_is_left_of_two_years_binds() -> None:
    """Up to 5 a year and 6 over two years: who had 5 in the first year has 1 in the second; the third begins anew."""
    rules = (
        YEARLY.partition("[[helpers]]")[0]
        + """
    [[helpers]]
    ceiling = 5
    over = {years = 2, ceiling = 6}
    """
    )
    one = [Helper("a", "u", "staff")]
    first = paired(rules, one, village(9))
    assert first.loads == {"a": 5}
    second = paired(rules, one, village(9), on=date(2013, 12, 31), book=first)
    assert second.loads == {"a": 1}
    third = paired(rules, one, village(9), on=date(2014, 1, 1), book=(*first.pairings, *second.pairings))
    assert third.loads == {"a": 5}


def test_rule_5_what_the_years_that_are_left_cannot_hold_is_due_now() -> None:
    """Ten over three years, four a year at most: after none in the first year, four are due in each of the others."""
    rules = """
    effective = 2012-01-01
    [[helpers]]
    ceiling = 4
    over = {years = 3, floor = 8}
    [[households]]
    ceiling = 1
    """
    one = [Helper("a", "u", "staff")]
    assert paired(rules, one, village(9)).loads == {"a": 0}
    second = paired(rules, one, village(9), on=date(2013, 2, 8))
    assert second.loads == {"a": 4}
    third = paired(rules, one, village(9), on=date(2014, 2, 8), book=second)
    assert third.loads == {"a": 4}
    short = paired(rules, one, village(6), on=date(2014, 2, 8), book=second)
    assert [(shortfall.side, shortfall.missing) for shortfall in short.shortfalls] == [("helpers", 2)]


def test_rule_6_a_post_comes_before_a_rank() -> None:
    """The first rule that fits holds: a party secretary of staff rank takes four, not what staff take."""
    rules = """
    [[helpers]]
    posts = ["party-secretary"]
    floor = 4
    ceiling = 4
    [[helpers]]
    ranks = ["staff"]
    floor = 1
    ceiling = 1
    """
    helpers = [
        Helper("a", "u", "staff", "party-secretary"),
        Helper("b", "u", "staff", "driver"),
        Helper("c", "u", "staff"),
    ]
    assert paired(rules, helpers, village(6)).loads == {"a": 4, "b": 1, "c": 1}


def floors(soft: str, ceiling: int = 9) -> str:
    return f"""
    [[helpers]]
    posts = ["secretary"]
    floor = 2
    ceiling = {ceiling}
    soft = {soft}
    [[helpers]]
    floor = 1
    """


SECRETARY = [Helper("a", "u", "staff", "secretary"), Helper("b", "u", "staff")]


def test_rule_6_a_floor_in_principle_yields() -> None:
    """With two households a soft floor of two yields to the hard floor of one and is no shortfall; a hard one is."""
    soft = paired(floors("true"), SECRETARY, village(2))
    assert (soft.loads, soft.shortfalls, soft.fulfilment) == ({"a": 1, "b": 1}, (), Share(1, 2))
    hard = paired(floors("false"), SECRETARY, village(2))
    assert [(shortfall.side, shortfall.missing) for shortfall in hard.shortfalls] == [("helpers", 1)]


def test_rule_6_a_floor_in_principle_is_kept_where_it_costs_nothing() -> None:
    """With three households the soft floor of two is kept, though 2 and 1 for the other way round is as even."""
    assert paired(floors("true"), SECRETARY, village(3)).loads == {"a": 2, "b": 1}
    turned = [Helper("a", "u", "staff"), Helper("b", "u", "staff", "secretary")]
    assert paired(floors("true"), turned, village(3)).loads == {"a": 1, "b": 2}


def ceilings(soft: str, due: int = 1) -> str:
    return f"""
    [[helpers]]
    posts = ["secretary"]
    ceiling = 1
    soft = {soft}
    [[helpers]]
    ceiling = 3
    [[households]]
    floor = {due}
    ceiling = {due}
    """


def test_rule_6_a_ceiling_in_principle_yields_to_coverage() -> None:
    """A soft ceiling of one is exceeded where a household would have nobody, and not where another has room."""
    assert paired(ceilings("true"), SECRETARY, village(4)).loads == {"a": 1, "b": 3}
    five = paired(ceilings("true"), SECRETARY, village(5))
    assert (five.loads, five.shortfalls) == ({"a": 2, "b": 3}, ())
    hard = paired(ceilings("false"), SECRETARY, village(5))
    assert (hard.loads, [shortfall.missing for shortfall in hard.shortfalls]) == ({"a": 1, "b": 3}, [1])


def test_rule_6_a_ceiling_in_principle_yields_to_a_hard_floor() -> None:
    """Where each household is due two helpers, the soft ceiling of one yields for the second helper too."""
    plan = paired(ceilings("true", due=2), SECRETARY, village(3))
    assert (plan.loads, plan.shortfalls) == ({"a": 3, "b": 3}, ())


def test_rule_7_floors_need_not_fall_with_the_rank() -> None:
    """A division leader takes one household, section level and below at least two."""
    rules = """
    [[helpers]]
    ranks = ["division"]
    floor = 1
    ceiling = 1
    [[helpers]]
    floor = 2
    """
    helpers = [Helper(rank, "u", rank) for rank in ("division", "section", "staff", "clerk")]
    assert paired(rules, helpers, village(8)).loads == {"clerk": 3, "division": 1, "section": 2, "staff": 2}


ROLES = """
[[helpers]]
posts = ["assistant"]
role = "secondary"
ceiling = 5
[[helpers]]
role = "primary"
ceiling = 3
[[households]]
role = "primary"
floor = 1
ceiling = 1
[[households]]
role = "secondary"
floor = 1
"""


def test_rule_8_one_primary_helper_and_secondary_ones_with_five_at_most() -> None:
    """Each household has one primary helper, and no secondary helper has more than five households."""
    helpers = [Helper(f"p{n}", "u", "staff") for n in range(4)]
    helpers += [Helper(f"s{n}", "u", "staff", "assistant") for n in range(2)]
    plan = paired(ROLES, helpers, village(11))
    primary = Counter(pairing.household for pairing in plan.pairings if pairing.role == "primary")
    assert set(primary.values()) == {1}
    assert len(primary) == 11
    assert {pairing.helper[0] for pairing in plan.pairings if pairing.role == "primary"} == {"p"}
    assert (plan.loads["s0"], plan.loads["s1"]) == (5, 5)
    assert [(shortfall.role, shortfall.short) for shortfall in plan.shortfalls] == [("secondary", (("v1-010", 1),))]
    assert plan.coverage == Share(10, 11)


ONE_TO_THREE = """
[[helpers]]
kinds = ["cadre"]
floor = 1
ceiling = 2
[[helpers]]
kinds = ["team", "group", "owner"]
ceiling = 4
[[households]]
floor = 1
ceiling = 3
"""


def test_rule_9_one_to_three_helpers_a_household() -> None:
    """Nine cadres share three households three by three, one of them the lead; a tenth finds none."""
    plan = paired(ONE_TO_THREE, [Helper(f"a{n}", "u", "staff") for n in range(9)], village(3))
    assert set(helpers_of(plan).values()) == {3}
    assert Counter(pairing.role for pairing in plan.pairings) == {"lead": 3, "support": 6}
    ten = paired(ONE_TO_THREE, [Helper(f"a{n}", "u", "staff") for n in range(10)], village(3))
    assert [(shortfall.side, shortfall.missing) for shortfall in ten.shortfalls] == [("helpers", 1)]


@pytest.mark.parametrize("kind", ["team", "group", "owner"])
def test_rule_9_a_helper_may_be_a_team_a_group_or_an_owner(kind: str) -> None:
    """Helpers without a rank take households under the rule for their kind, four at most."""
    plan = paired(ONE_TO_THREE, [Helper("a", "u", "staff"), Helper("b", "u", kind=kind, members=7)], village(6))
    assert (plan.loads, plan.shortfalls) == ({"a": 2, "b": 4}, ())
    assert [load.who for load in plan.loads_by_rank] == ["staff", kind]


MONEY = """
[[versions]]
effective = 2012-01-01
[[versions.helpers]]
ranks = ["division"]
contribution = 50_000
[[versions.helpers]]
ranks = ["section", "staff"]
contribution = 20_001
[[versions.helpers]]
[[versions]]
effective = 2013-01-01
[[versions.helpers]]
ranks = ["division"]
contribution = 60_000
[[versions.helpers]]
"""


def test_rule_10_contributions_by_rank_and_year() -> None:
    """500 yuan of division level and 200.01 of others in 2012, 600 and nothing in 2013; stated hardship halves it."""
    helpers = [*THREE_RANKS, Helper("poor", "u", "staff", hardship=True), Helper("clerk", "u", "clerk")]
    roster = Roster(AREAS, [Unit("u", "county", "t1")], helpers)
    policy = policy_of(MONEY)
    first = {"division": 50_000, "poor": 10_000, "section": 20_001, "staff": 20_001}
    assert contributions(policy, roster, on=DAY) == tuple(Contribution(id, fen) for id, fen in first.items())
    assert contributions(policy, roster, on=date(2013, 2, 8)) == (Contribution("division", 60_000),)


SPREAD = """
respread = true
[[helpers]]
floor = 2
ceiling = 3
"""


def test_rule_11_the_share_of_who_is_unfit_is_spread_over_colleagues() -> None:
    """The unit owes eight; the two of the member who is unfit go to colleagues, one each, and are due from them."""
    helpers = [*staff(3), Helper("ill", "u", "staff", fit=False)]
    roster = Roster(AREAS, [Unit("u", "county", "t1")], helpers)
    assert duties(policy_of(SPREAD), roster, on=DAY) == (Duty("u", households=8, spread=2, left=0),)
    plan = paired(SPREAD, helpers, village(8))
    assert plan.loads == {"a0": 3, "a1": 3, "a2": 2}
    less = paired(SPREAD, helpers, village(7))
    assert [(shortfall.side, shortfall.wanted, shortfall.missing) for shortfall in less.shortfalls] == [
        ("helpers", 8, 1)
    ]
    alone = paired(SPREAD.replace("true", "false"), helpers, village(7))
    assert alone.shortfalls == ()


WIDENING = """
[[households]]
floor = 1
ceiling = 3

[[versions]]
effective = 1994-09-01
[[versions.helpers]]
ranks = ["province", "deputy-province", "bureau", "deputy-bureau", "division", "deputy-division"]
floor = 1

[[versions]]
effective = 1995-01-01
[[versions.helpers]]
kinds = ["cadre"]
floor = 1

[[versions]]
effective = 1996-01-01
[[versions.helpers]]
kinds = ["cadre", "group"]
floor = 1

[[versions]]
effective = 1996-07-01
[[versions.helpers]]
floor = 1
"""


def test_rule_12_who_may_help_widens_with_time() -> None:
    """Liaoyang: cadres of deputy-county rank and above, then all cadres, then groups, then owners of businesses."""
    helpers = [
        Helper("a", "u", "deputy-division"),
        Helper("b", "u", "staff"),
        Helper("c", "u", kind="group"),
        Helper("d", "u", kind="owner"),
    ]
    days = (date(1994, 9, 1), date(1994, 12, 31), date(1995, 1, 1), date(1996, 6, 30), date(1996, 12, 31))
    found = ["".join(paired(WIDENING, helpers, village(4), on=day).loads) for day in days]
    assert found == ["a", "a", "ab", "abc", "abcd"]
    policy = policy_of(WIDENING)
    assert [version.effective for version in policy.versions][:2] == [date(1994, 9, 1), date(1995, 1, 1)]
    assert policy.at(days[1]) is policy.versions[0]
    assert {version.households for version in policy.versions} == {(HouseholdRule(Quota(1, 3)),)}
    with pytest.raises(PairingError) as caught:
        paired(WIDENING, helpers, village(4), on=date(1994, 8, 31))
    assert caught.value.code == "not-in-force"


ONE_EACH = """
aims = ["coverage", "floors", "even", "preference"]
[[helpers]]
ceiling = 1
[[households]]
ceiling = 1
"""


ALL_DUE = ONE_EACH.replace("[[households]]", "[[households]]\nfloor = 1")


def test_rule_13_the_hardest_households_go_to_the_highest_ranks() -> None:
    """Three ranks and three households that are ever harder: the higher the rank, the harder the household."""
    people = [Household(f"h{n}", "v1", n) for n in (1, 2, 3)]
    rules = ALL_DUE + '[[criteria]]\nname = "hardest-to-highest"'
    assert pairs_of(paired(rules, THREE_RANKS, people)) == {("division", "h3"), ("section", "h2"), ("staff", "h1")}
    turned = [attrs.evolve(household, difficulty=4 - household.difficulty) for household in people]
    assert pairs_of(paired(rules, THREE_RANKS, turned)) == {("division", "h1"), ("section", "h2"), ("staff", "h3")}


def test_rule_14_a_class_of_households_to_a_class_of_helpers() -> None:
    """The exited go to village cadres, where there are any; and with `exclude` teams never go to them."""
    people = [Household(f"h{n}", "v1", status="exited" if n > 1 else "") for n in range(4)]
    helpers = [Helper("a", "u", "staff", "village-cadre"), Helper("b", "u", "staff", "village-cadre"), *TEAMS]
    prefer = '[[criteria]]\nname = "class-to-class"\nposts = ["village-cadre"]\nstatuses = ["exited"]\n'
    assert {h for a, h in pairs_of(paired(ALL_DUE + prefer, helpers, people)) if a in "ab"} == {"h2", "h3"}
    never = '[[criteria]]\nname = "class-to-class"\nkinds = ["team"]\nstatuses = ["exited"]\nexclude = true\n'
    plan = paired(ALL_DUE + never, TEAMS, people)
    assert {household for _, household in pairs_of(plan)} == {"h0", "h1"}
    assert [shortfall.missing for shortfall in plan.shortfalls] == [2]


TEAMS = [Helper("x", "u", kind="team"), Helper("y", "u", kind="team")]
TWO_EACH = ALL_DUE.replace("ceiling = 1", "floor = 2\nceiling = 2", 1)
HAMLETS = [Household(f"h{n}", "v1", hamlet=("东", "西")[n % 2]) for n in range(4)]


def test_rule_15_households_in_the_same_or_a_neighbouring_hamlet() -> None:
    """Who lives in a hamlet has households there; who lives next to it comes before who lives elsewhere."""
    near = '[[criteria]]\nname = "same-hamlet"\nneighbours = [["v1", "南", "西"]]\n'
    helpers = [Helper("a", "u", "staff", home="v1", hamlet="西"), Helper("b", "u", "staff", home="v1", hamlet="东")]
    assert pairs_of(paired(TWO_EACH + near, helpers, HAMLETS)) == {("a", "h1"), ("a", "h3"), ("b", "h0"), ("b", "h2")}
    helpers = [Helper("a", "u", "staff"), Helper("b", "u", "staff", home="v1", hamlet="南")]
    assert pairs_of(paired(TWO_EACH + near, helpers, HAMLETS)) == {("b", "h1"), ("b", "h3"), ("a", "h0"), ("a", "h2")}


def test_rule_15_among_equals_the_households_of_a_helper_lie_in_one_hamlet() -> None:
    """Where no criterion says who, households are dealt out hamlet by hamlet."""
    plan = paired(TWO_EACH, staff(2), HAMLETS)
    hamlets = {household.id: household.hamlet for household in HAMLETS}
    assert all(len({hamlets[h] for a, h in pairs_of(plan) if a == helper}) == 1 for helper in ("a0", "a1"))


def test_whom_no_rule_fits_takes_on_nobody() -> None:
    """A helper without a rule has no household, counts nowhere, and is no shortfall."""
    rules = '[[helpers]]\nkinds = ["cadre"]\nfloor = 1\n'
    plan = paired(rules, [Helper("a", "u", "staff"), Helper("b", "u", kind="owner")], village(2))
    assert (plan.loads, plan.fulfilment) == ({"a": 2}, Share(1, 1))


def test_harder_households_may_be_due_more() -> None:
    """The first rule that fits a household holds: two helpers from difficulty 4, else one."""
    rules = """
    [[helpers]]
    ceiling = 2
    [[households]]
    difficulty = 4
    floor = 2
    [[households]]
    floor = 1
    """
    people = [Household("x", "v1", 4), Household("y", "v1", 3), Household("z", "v1", 5)]
    plan = paired(rules, [Helper(f"a{n}", "u", "staff") for n in range(3)], people)
    assert helpers_of(plan) == {"x": 2, "y": 1, "z": 2}


def test_a_ladder_of_its_own_orders_the_ranks() -> None:
    """A policy may bring its ranks: the highest of them leads, and ranks of the law are then unknown."""
    rules = """
    ranks = [{id = "chief"}, {id = "hand", title = "工人"}]
    [[helpers]]
    ranks = ["hand", "chief"]
    floor = 1
    [[households]]
    floor = 1
    ceiling = 2
    """
    policy = Policy.from_dict(tomllib.loads(f'name = "ours"\n{rules}'))
    unit = Unit("u", "county", "t1")
    helpers = [Helper("a", "u", "hand"), Helper("b", "u", "chief")]
    roster = Roster(AREAS, [unit], helpers, village(1), [Link("u", "v1")], ladder=policy.ladder)
    assert [(p.helper, p.role) for p in pair(policy, roster, on=DAY).pairings] == [("a", "support"), ("b", "lead")]
    with pytest.raises(PairingError) as caught:
        paired(rules, [Helper("a", "u", "staff")], village(1))
    assert str(caught.value) == (
        "helpers, rank: wanted a rank of the policy's ladder (chief, hand), got 'staff' [unknown-rank]"
    )


UP_TO_THREE = "[[helpers]]\nfloor = 1\nceiling = 3\n[[households]]\nfloor = 1\nceiling = 3\n"


def test_rule_16_what_is_locked_stays() -> None:
    """Locked pairs are in the plan, though others would be chosen without them, and count in the quotas."""
    helpers = [Helper("a", "u", "staff"), Helper("b", "u", "staff")]
    locked = tuple(NamedPair("b", f"v1-{n:03}", "locked") for n in range(3))
    free = paired(UP_TO_THREE, helpers, village(4))
    assert free.loads == {"a": 2, "b": 2}
    plan = paired(UP_TO_THREE, helpers, village(4), locked)
    assert plan.loads == {"a": 1, "b": 3}
    assert {("b", f"v1-{n:03}") for n in range(3)} <= pairs_of(plan)
    assert helpers_of(plan) == dict.fromkeys((f"v1-{n:03}" for n in range(4)), 1)


@pytest.mark.parametrize(("count", "fewest", "most"), [(4, 1, 1), (6, 1, 2), (8, 2, 2), (10, 2, 3), (12, 3, 3)])
def test_rule_16_helpers_are_spread_evenly(count: int, fewest: int, most: int) -> None:
    """No household has two helpers more than another that can be reached; so townships have them in equal measure."""
    links = (("u", "v1"), ("u", "v2"))
    helpers = [Helper(f"a{n:02}", "u", "staff") for n in range(count)]
    plan = paired(UP_TO_THREE, helpers, village(1) + village(3, code="v2"), links=links)
    loads = helpers_of(plan)
    assert (min(loads.values()), max(loads.values()), sum(loads.values())) == (fewest, most, count)
    assert fewest <= loads["v1-000"] <= most


def test_rule_17_full_coverage_both_ways() -> None:
    """Where it can be had, every household has a helper, every helper, village and unit a household; it is proved."""
    units = (Unit("u", "county", "t1"), Unit("w", "county", "t2"))
    helpers = [Helper("a", "u", "staff"), Helper("b", "u", "staff"), Helper("c", "w", "staff")]
    links = (("u", "v1"), ("w", "v1"), ("w", "v2"))
    plan = paired(UP_TO_THREE, helpers, village(2) + village(1, code="v2"), links=links, units=units)
    assert (plan.coverage, plan.fulfilment) == (Share(3, 3), Share(3, 3))
    assert (plan.villages, plan.units, plan.shortfalls) == (Share(2, 2), Share(2, 2), ())
    assert audit(plan.policy, plan.roster, plan, on=DAY) == ()


def test_rule_17_what_is_short_is_proved_both_ways() -> None:
    """Where it cannot be had, the plan says who is short, of how much, and which full partners prove it."""
    units = (Unit("u", "county", "t1"), Unit("w", "county", "t2"))
    helpers = [Helper("a", "u", "staff"), *(Helper(f"b{n}", "w", "staff") for n in range(5))]
    links = (("u", "v1"), ("w", "v2"))
    plan = paired(UP_TO_THREE, helpers, village(5) + village(1, code="v2"), links=links, units=units)
    households, helper_side = plan.shortfalls
    assert (households.side, households.missing, households.wanted, households.available) == ("households", 2, 5, 3)
    assert (households.short, households.holding) == ((("v1-003", 1), ("v1-004", 1)), ("a",))
    assert (helper_side.side, helper_side.missing, helper_side.wanted, helper_side.available) == ("helpers", 2, 5, 3)
    assert (helper_side.needing, helper_side.holding) == (tuple(f"b{n}" for n in range(5)), ("v2-000",))


@pytest.mark.parametrize("first", ["coverage", "floors"])
def test_rule_17_either_side_may_come_first(first: str) -> None:
    """Coverage and floors may stand in either order; each is reached as far as it can be."""
    aims = ["coverage", "floors"] if first == "coverage" else ["floors", "coverage"]
    plan = paired(f"aims = {aims}\n{UP_TO_THREE}", [Helper("a", "u", "staff"), Helper("b", "u", "staff")], village(6))
    assert (plan.loads, plan.shortfalls) == ({"a": 3, "b": 3}, ())


def test_rule_18_an_excluded_pair_is_never_made() -> None:
    """Kin are not paired, even where the household then has nobody."""
    kin = NamedPair("a", "v1-000", "excluded", reason="kin")
    two = paired(UP_TO_THREE, [Helper("a", "u", "staff"), Helper("b", "u", "staff")], village(2), (kin,))
    assert pairs_of(two) == {("a", "v1-001"), ("b", "v1-000")}
    alone = paired(UP_TO_THREE, [Helper("a", "u", "staff")], village(2), (kin,))
    assert pairs_of(alone) == {("a", "v1-001")}
    assert [shortfall.missing for shortfall in alone.shortfalls] == [1]


PREFERENCE = 'aims = ["coverage", "floors", "even", "preference"]\n'
LIKED = tuple(NamedPair("b", f"v1-{n:03}", "preferred", score) for n, score in ((0, 2), (1, 5), (2, 1)))


def test_rule_18_a_preferred_pair_is_taken_where_it_costs_nothing() -> None:
    """Of three preferred households the helper has as many as an even share allows, those of the greatest score."""
    helpers = [Helper("a", "u", "staff"), Helper("b", "u", "staff")]
    plan = paired(PREFERENCE + UP_TO_THREE, helpers, village(4), LIKED)
    assert plan.loads == {"a": 2, "b": 2}
    assert {household for helper, household in pairs_of(plan) if helper == "b"} == {"v1-000", "v1-001"}


def test_rule_18_preference_may_come_before_evenness_but_not_before_floors() -> None:
    """With preference before even the helper has all three; the other's floor, and coverage, still come first."""
    aims = 'aims = ["coverage", "floors", "preference", "even"]\n'
    helpers = [Helper("a", "u", "staff"), Helper("b", "u", "staff")]
    plan = paired(aims + UP_TO_THREE, helpers, village(4), LIKED)
    assert plan.loads == {"a": 1, "b": 3}
    one_each = UP_TO_THREE.rpartition("ceiling = 3")[0] + "ceiling = 1\n"
    three = paired(aims + one_each, helpers, village(3), LIKED)
    assert (three.loads, three.shortfalls) == ({"a": 1, "b": 2}, ())
    assert {household for helper, household in pairs_of(three) if helper == "b"} == {"v1-000", "v1-001"}


def test_rule_18_without_the_aim_scores_do_not_count() -> None:
    """A policy that does not list preference gives the same plan whatever the scores are."""
    helpers = [Helper("a", "u", "staff"), Helper("b", "u", "staff")]
    rules = 'aims = ["coverage", "floors", "even"]\n' + UP_TO_THREE
    light = paired(rules, helpers, village(4), LIKED)
    ones = tuple(NamedPair(liked.helper, liked.household, "preferred", 1) for liked in LIKED)
    assert pairs_of(light) == pairs_of(paired(rules, helpers, village(4), ones))


def test_rule_18_kin_are_not_paired() -> None:
    """With the criterion, who shares a key of a family with a household is never paired with it, whoever is short."""
    rules = ALL_DUE + '[[criteria]]\nname = "kin"\n'
    helpers = [Helper("a", "u", "staff", kin=frozenset({"王"})), Helper("b", "u", "staff")]
    people = [Household("x", "v1", kin=frozenset({"王", "李"})), Household("y", "v1")]
    assert pairs_of(paired(rules, helpers, people)) == {("a", "y"), ("b", "x")}
    assert pairs_of(paired(rules, helpers[:1], people[:1])) == set()


def test_rule_18_a_skill_meets_a_need() -> None:
    """A doctor goes where somebody is ill, the one who knows about water where it is dry."""
    rules = (
        ALL_DUE
        + """
    [[criteria]]
    name = "skill-to-need"
    meets = {medicine = ["illness"], water = ["drought", "floods"]}
    weight = 3
    """
    )
    helpers = [Helper(f"a-{skill}", "u", "staff", skills=frozenset({skill})) for skill in ("medicine", "water")]
    people = [Household("x", "v1", needs=frozenset({"drought"})), Household("y", "v1", needs=frozenset({"illness"}))]
    assert pairs_of(paired(rules, helpers, people)) == {("a-medicine", "y"), ("a-water", "x")}


@pytest.mark.parametrize(("required", "missing"), [("false", 0), ("true", 1)])
def test_rule_18_a_language_in_common(required: str, missing: int) -> None:
    """Who speaks a language goes where it is spoken; where it is required, others are not paired with them at all."""
    rules = ALL_DUE + f'[[criteria]]\nname = "shared-language"\nrequired = {required}\n'
    helpers = [Helper("a", "u", "staff", languages=frozenset({"汉语"})), Helper("b", "u", "staff")]
    helpers[1] = attrs.evolve(helpers[1], languages=frozenset({"藏语", "汉语"}))
    people = [Household("x", "v1", languages=frozenset({"藏语"})), Household("y", "v1", languages=frozenset({"汉语"}))]
    assert pairs_of(paired(rules, helpers, people)) == {("a", "y"), ("b", "x")}
    plan = paired(rules, helpers[:1], people[:1])
    assert sum(shortfall.missing for shortfall in plan.shortfalls) == missing


def test_rule_18_an_earlier_tie_is_taken_up_again() -> None:
    """Who has lived or served in a village before goes there."""
    rules = ALL_DUE + '[[criteria]]\nname = "earlier-tie"\n'
    helpers = [Helper("a", "u", "staff", ties=frozenset({"v2"})), Helper("b", "u", "staff", ties=frozenset({"v1"}))]
    plan = paired(rules, helpers, village(1) + village(1, code="v2"), links=(("u", "v1"), ("u", "v2")))
    assert pairs_of(plan) == {("a", "v2-000"), ("b", "v1-000")}
