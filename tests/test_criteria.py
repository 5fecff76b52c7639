"""Criteria: what each reads and scores, your own ones, and those that do not do what a criterion must."""

import logging
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.criteria import (
    CRITERIA,
    ClassToClass,
    Criterion,
    EarlierTie,
    HardestToHighest,
    Kin,
    SameHamlet,
    Scores,
    Scoring,
    SharedLanguage,
    SkillToNeed,
)
from pairing.errors import ArgumentError, PairingError
from pairing.people import LADDER, Helper, Household, Ladder, Link, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from populations import World, made_up

DAY = date(2012, 2, 8)
NUMBER = "11010519491231002X"
NAME = "王小明"


def scored(criterion: Scores, helper: dict[str, Any], household: dict[str, Any]) -> int | None:
    """Return what a criterion scores a helper and a household."""
    one = Helper("a", "u", **{"rank": "staff"} | {k: words(v) for k, v in helper.items()})
    other = Household("x", "v", **{key: words(value) for key, value in household.items()})
    score: int | None = criterion.score(criterion.helper(one), criterion.household(other))
    return score


def words(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


NEIGHBOURS = SameHamlet(3, [["v", "一社", "二社"], ["w", "一社", "三社"]])
TEAM = {"rank": None, "kind": "team"}
MEDICINE = SkillToNeed({"medicine": ["illness", "age"], "water": ["drought"]}, 2)
EXITED = ClassToClass(ranks=["staff"], kinds=["cadre"], posts=["village-cadre"], statuses=["exited"], weight=4)
SCORES: list[tuple[Scores, dict[str, Any], dict[str, Any], int | None]] = [
    (SkillToNeed(), {}, {}, 0),
    (SkillToNeed(), {"skills": ["water"]}, {}, 0),
    (SkillToNeed(), {}, {"needs": ["water"]}, 0),
    (SkillToNeed(weight=3), {"skills": ["water", "roads"]}, {"needs": ["water", "roads", "school"]}, 6),
    (MEDICINE, {"skills": ["medicine"]}, {"needs": ["illness", "age", "drought"]}, 4),
    (MEDICINE, {"skills": ["illness"]}, {"needs": ["illness"]}, 0),
    (MEDICINE, {"skills": ["medicine", "water"]}, {"needs": ["drought"]}, 2),
    (SkillToNeed({"a": ["x"], "b": ["x"]}), {"skills": ["a", "b"]}, {"needs": ["x"]}, 1),
    (SameHamlet(), {}, {}, 0),
    (SameHamlet(), {"home": "v"}, {"hamlet": ""}, 0),
    (SameHamlet(), {"home": "v", "hamlet": "一社"}, {}, 0),
    (SameHamlet(), {"hamlet": "一社"}, {"hamlet": "一社"}, 0),
    (SameHamlet(), {"home": "w", "hamlet": "一社"}, {"hamlet": "一社"}, 0),
    (SameHamlet(), {"home": "v", "hamlet": "一社"}, {"hamlet": "一社"}, 2),
    (SameHamlet(), {"home": "v", "hamlet": "一社"}, {"hamlet": "二社"}, 0),
    (NEIGHBOURS, {"home": "v", "hamlet": "一社"}, {"hamlet": "二社"}, 3),
    (NEIGHBOURS, {"home": "v", "hamlet": "二社"}, {"hamlet": "一社"}, 3),
    (NEIGHBOURS, {"home": "v", "hamlet": "一社"}, {"hamlet": "三社"}, 0),
    (NEIGHBOURS, {"home": "v", "hamlet": "一社"}, {"hamlet": "一社"}, 6),
    (SharedLanguage(), {}, {}, 0),
    (SharedLanguage(required=True), {"languages": ["汉语"]}, {}, 0),
    (SharedLanguage(required=True), {}, {"languages": ["藏语"]}, 0),
    (SharedLanguage(5), {"languages": ["汉语", "藏语"]}, {"languages": ["汉语", "藏语"]}, 5),
    (SharedLanguage(5), {"languages": ["汉语"]}, {"languages": ["藏语"]}, 0),
    (SharedLanguage(required=True), {"languages": ["汉语"]}, {"languages": ["藏语"]}, None),
    (EarlierTie(), {}, {}, 0),
    (EarlierTie(), {"ties": ["w"]}, {}, 0),
    (EarlierTie(7), {"ties": ["v", "w"]}, {}, 7),
    (HardestToHighest(), {}, {}, 0),
    (HardestToHighest(), {"rank": "clerk"}, {"difficulty": 3}, 3),
    (HardestToHighest(2), {"rank": "province"}, {"difficulty": 3}, 2 * 10 * 3),
    (HardestToHighest(), TEAM, {"difficulty": 3}, 0),
    (HardestToHighest(ladder=Ladder(["boss", "hand"])), {"rank": "boss"}, {"difficulty": 1}, 2),
    (EXITED, {"post": "village-cadre"}, {"status": "exited"}, 4),
    (EXITED, {"post": "driver"}, {"status": "exited"}, 0),
    (EXITED, {"post": "village-cadre", "rank": "clerk"}, {"status": "exited"}, 0),
    (EXITED, {"post": "village-cadre", **TEAM}, {"status": "exited"}, 0),
    (EXITED, {"post": "village-cadre"}, {"status": ""}, 0),
    (ClassToClass(needs=["a", "b"], difficulty=2), {}, {"needs": ["b"], "difficulty": 2}, 1),
    (ClassToClass(needs=["a", "b"], difficulty=2), {}, {"needs": ["b"], "difficulty": 1}, 0),
    (ClassToClass(needs=["a", "b"]), {}, {}, 0),
    (ClassToClass(kinds=["team"], exclude=True), TEAM, {}, None),
    (ClassToClass(kinds=["team"], exclude=True), {}, {}, 0),
    (Kin(), {}, {}, 0),
    (Kin(), {"kin": ["k1"]}, {"kin": ["k2"]}, 0),
    (Kin(), {"kin": ["k1", "k2"]}, {"kin": ["k2", "k3"]}, None),
]


@pytest.mark.parametrize(("criterion", "helper", "household", "score"), SCORES)
def test_what_a_criterion_scores(
    criterion: Scores, helper: dict[str, Any], household: dict[str, Any], score: int | None
) -> None:
    """Each criterion of the library reads what it says, and scores it; what is empty is near nobody."""
    assert scored(criterion, helper, household) == score


def test_every_criterion_is_in_the_table() -> None:
    """No criterion of the library goes without a test, and each is found by its name."""
    assert {type(criterion) for criterion, *_ in SCORES} == set(CRITERIA.values())
    assert {name: kind.name for name, kind in CRITERIA.items()} == {name: name for name in CRITERIA}


def test_who_has_no_hamlet_is_read_alike() -> None:
    """Helpers of many villages, but of no hamlet, are interchangeable: so there are fewer readings."""
    near = SameHamlet()
    assert near.helper(Helper("a", "u", home="v")) == near.helper(Helper("b", "u", hamlet="一社"))
    assert near.household(Household("x", "v")) == near.household(Household("y", "w"))


def test_the_hardest_go_to_the_highest_by_the_law_of_rearrangement() -> None:
    """Of all ways to pair ranks with difficulties, like with like has the greatest sum."""
    ranks = [rank.id for rank in LADDER][:4]
    both = [
        [scored(HardestToHighest(), {"rank": rank}, {"difficulty": d}) or 0 for d in (4, 3, 2, 1)] for rank in ranks
    ]
    straight = sum(both[n][n] for n in range(4))
    assert straight > both[0][1] + both[1][0] + both[2][2] + both[3][3]
    assert straight > sum(both[n][3 - n] for n in range(4))


# --- your own

AREAS = AreaTree([Area("v", "东村", "village"), Area("w", "西村", "village")])
UNITS = (Unit("u", "county", "v"), Unit("t", "township", "v"))
LINKS = [Link("u", "v"), Link("u", "w"), Link("t", "v"), Link("t", "w")]
HELPERS = [
    Helper("a", "u", "staff", "secretary", name=NAME),
    Helper("b", "t", "staff", skills=frozenset({NUMBER}), name="Li Dashan"),
]
HOUSEHOLDS = [Household("x", "v", 2, name=NAME), Household("y", "w", 5, needs=frozenset({NUMBER}))]
ONE_EACH = ((HelperRule(Quota(1, 1)),), (HouseholdRule(Quota(1, 1)),))


def planned(*criteria: Scores) -> Plan:
    roster = Roster(AREAS, UNITS, HELPERS, HOUSEHOLDS, LINKS)
    plan = pair(Policy("ours", *ONE_EACH, criteria=criteria), roster, on=DAY)
    assert plan.verify()
    return plan


def pairs(plan: Plan) -> set[tuple[str, str]]:
    return {(pairing.helper, pairing.household) for pairing in plan.pairings}


def test_a_criterion_of_your_own_is_three_small_functions() -> None:
    """Secretaries rather go to the hardest households."""
    hard = Criterion("hard", lambda h: h.post == "secretary", lambda p: p.difficulty, lambda s, d: d if s else 0)
    assert pairs(planned(hard)) == {("a", "y"), ("b", "x")}
    soft = Criterion("soft", hard.helper, hard.household, lambda s, d: -d if s else 0)
    assert pairs(planned(soft)) == {("a", "x"), ("b", "y")}


@pytest.mark.parametrize("far", ["v", "w"])
def test_a_criterion_of_your_own_may_read_the_link(far: str) -> None:
    """With `link`, the score has the reading of unit and village as a third argument."""
    near = Criterion(
        "townships nearby",
        lambda h: None,
        lambda p: None,
        lambda one, other, link: 1 if link == ("township", far) else 0,
        link=lambda unit, village: (unit.level, village.code),
    )
    assert pairs(planned(near)) == {("b", "x" if far == "v" else "y"), ("a", "y" if far == "v" else "x")}
    kin = Criterion("no", lambda h: h.id, lambda p: p.id, lambda a, p: None if (a, p) == ("b", "x") else 0)
    assert pairs(planned(near, kin)) == {("a", "x"), ("b", "y")}


def test_a_score_of_none_excludes() -> None:
    """A pair that one criterion excludes is never made, whatever the others score; nor is it explained away."""
    never = Criterion("never", lambda h: h.id, lambda p: p.id, lambda a, p: None if a == "a" else 0)
    good = Criterion("good", lambda h: h.id, lambda p: p.id, lambda a, p: 10**9)
    plan = planned(never, good)
    assert pairs(plan) <= {("b", "x"), ("b", "y")}
    assert {shortfall.side: shortfall.missing for shortfall in plan.shortfalls} == {"households": 1, "helpers": 1}


@attrs.frozen
class Nearby:
    """A criterion may be a class of your own."""

    weight: int = 2
    name: str = "nearby"
    link: None = None

    def helper(self, helper: Helper) -> str:
        return helper.unit

    def household(self, household: Household) -> str:
        return household.village

    def score(self, unit: str, village: str) -> int:
        return self.weight * ((unit, village) == ("t", "v"))


def test_a_criterion_may_be_a_class_of_your_own() -> None:
    """Whatever has the name and the functions is a criterion; but code is not data."""
    assert pairs(planned(Nearby())) == {("a", "y"), ("b", "x")}
    policy = Policy("ours", *ONE_EACH, criteria=[Kin(), Nearby()])
    with pytest.raises(ArgumentError) as caught:
        policy.to_dict()
    assert (caught.value.code, caught.value.problems[0].field) == ("own-criterion", "criteria[1]")
    assert "'nearby'" in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"helper": 5}, "helper"),
        ({"household": None}, "household"),
        ({"score": "x"}, "score"),
        ({"link": 5}, "link"),
    ],
)
def test_a_criterion_that_is_none_is_refused(arguments: dict[str, Any], field: str) -> None:
    """The name is a text, and the rest are functions."""
    fine: dict[str, Any] = {"name": "x", "helper": id, "household": id, "score": id}
    with pytest.raises(ArgumentError) as caught:
        Criterion(**fine | arguments)
    assert caught.value.problems[0].field == field


class Broken:
    """Something whose attributes raise."""

    name = "broken"
    link = None
    household = score = staticmethod(lambda *things: 0)

    @property
    def helper(self) -> Any:
        raise KeyError(NAME)


@pytest.mark.parametrize(
    "thing", [5, None, "kin", Kin, Broken(), type("Nameless", (), {"helper": id, "household": id, "score": id})()]
)
def test_what_is_no_criterion_is_refused_by_the_policy(thing: Any) -> None:
    """Anything without a name and the functions is told with its place; a class is not one of its values."""
    with pytest.raises(PairingError) as caught:
        Policy("ours", *ONE_EACH, criteria=[Kin(), thing])
    assert [problem.field for problem in caught.value.problems] == ["criteria[1]"]
    assert caught.value.__context__ is None


# --- those that do not do what a criterion must


class Unequal:
    """Something that can be hashed, but not compared."""

    def __hash__(self) -> int:
        return 5

    def __eq__(self, other: object) -> bool:
        raise ValueError(NAME)


class Unhashable:
    """Something whose hash raises what nobody expects."""

    def __hash__(self) -> int:
        raise KeyError(NAME, NUMBER)


def raising(*things: Any) -> Any:
    raise KeyError(NAME, NUMBER, *(thing.name for thing in things if hasattr(thing, "name")))


def nothing(*things: Any) -> Any:
    return None


def ever_new() -> Callable[..., int]:
    numbers: Iterator[int] = count()
    return lambda *things: next(numbers)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("criterion-raised", {"helper": raising}, "reading a helper raised KeyError"),
    ("criterion-raised", {"household": raising}, "reading a household raised KeyError"),
    ("criterion-raised", {"link": raising}, "reading a link raised KeyError"),
    ("criterion-raised", {"score": raising}, "scoring two readings raised KeyError"),
    ("criterion-raised", {"score": lambda one: 1}, "scoring two readings raised TypeError"),
    ("criterion-raised", {"helper": lambda: 1}, "reading a helper raised TypeError"),
    ("criterion-raised", {"helper": lambda h: h.salary}, "reading a helper raised AttributeError"),
    *(
        ("criterion-score", {"score": lambda *those, value=value: value}, f"got a value of type {kind}")
        for value, kind in ((1.5, "float"), (True, "bool"), (NAME, "str"), ("Wang", "str"), ((1,), "tuple"))
    ),
    *(
        (
            "criterion-reading",
            {side: lambda *those, value=value: value},
            f"wanted a {side} to be read as a value that can be hashed and compared",
        )
        for side in ("helper", "household", "link")
        for value in ([NAME], {NAME: 1}, {NAME}, Unhashable(), Unequal())
    ),
    ("criterion-unstable", {"helper": ever_new}, "wanted the same helper to be read the same twice"),
    ("criterion-unstable", {"household": ever_new}, "wanted the same household to be read the same twice"),
    ("criterion-unstable", {"link": ever_new}, "wanted the same link to be read the same twice"),
    ("criterion-unstable", {"score": ever_new}, "wanted the same readings to be scored the same twice"),
    (
        "criterion-reading",
        {"helper": lambda h: float("nan")},
        "wanted a helper to be read as a value that can be hashed and compared",
    ),
]


@pytest.mark.parametrize(
    ("code", "functions", "message"), BAD, ids=[f"{n}-{code}" for n, (code, _, _) in enumerate(BAD)]
)
def test_a_criterion_that_misbehaves_is_refused_by_its_name(
    code: str, functions: dict[str, Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The error names the criterion and its place; nothing of what was read, scored or raised is in it anywhere."""
    functions = {key: function() if function is ever_new else function for key, function in functions.items()}
    fine: dict[str, Any] = {"helper": nothing, "household": nothing, "score": lambda *those: 0}
    bad = Criterion("语言 and more", **fine | functions)
    with caplog.at_level(logging.DEBUG), pytest.raises(ArgumentError) as caught:
        planned(Kin(), bad)
    error = caught.value
    assert str(error).startswith("criteria[1]: criterion '语言 and more': ")
    assert message in str(error)
    assert error.code == code
    assert error.__context__ is error.__cause__ is None
    shown = f"{error} {error!r} {error.args!r} {caplog.text}"
    assert not any(secret in shown for secret in (NAME, NUMBER, "Wang", "Li Dashan"))


def test_an_identity_number_in_the_name_of_a_criterion_is_not_shown() -> None:
    """What could be an identity number is taken out of the name."""
    with pytest.raises(ArgumentError) as caught:
        planned(Criterion(f"as {NUMBER}", raising, nothing, nothing))
    assert NUMBER not in str(caught.value)


def test_a_keyboard_interrupt_is_not_held_up() -> None:
    """What is no error of the criterion goes through."""

    def interrupted(helper: Helper) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        planned(Criterion("x", interrupted, nothing, nothing))


# --- scoring by classes


def test_each_different_reading_is_scored_once_and_again_for_comparison() -> None:
    """A thousand people of two kinds are read one by one, and scored by what was read."""
    calls: list[tuple[int, int]] = []

    def score(one: int, other: int) -> int:
        calls.append((one, other))
        return one * other

    scoring = Scoring([Criterion("x", lambda h: h.members % 2, lambda p: p.persons % 2, score)])
    helpers = [Helper(f"a{n}", "u", members=n + 1) for n in range(1000)]
    households = [Household(f"x{n}", "v", persons=n + 1) for n in range(10)]
    read = tuple(map(scoring.of_household, households))
    for helper in helpers:
        expected = tuple((helper.members % 2) * (household.persons % 2) for household in households)
        assert scoring.scores(scoring.of_helper(helper), read) == expected
    assert sorted(calls) == sorted(2 * [(0, 0), (0, 1), (1, 0), (1, 1)])
    scoring.check_readings()


def test_scores_are_as_large_as_you_like() -> None:
    """A whole number is a whole number: sums far beyond a machine's word are exact."""
    big = Criterion("big", lambda h: h.id, lambda p: p.id, lambda a, p: 10**40 + (a + p == "ay"))
    assert pairs(planned(big)) == {("a", "y"), ("b", "x")}


def own_criteria(random: Random) -> tuple[Criterion, Criterion]:
    """Return two criteria that score alike: one reads the link, the other unit and village of the people."""
    table: dict[Any, int | None] = {}

    def worth(*key: Any) -> int | None:
        if key not in table:
            table[key] = random.choice((0, 0, 1, 2, -1, None))
        return table[key]

    linked = Criterion(
        "linked",
        lambda h: h.hamlet,
        lambda p: p.hamlet,
        lambda one, other, link: worth(one, other, *link),
        link=lambda unit, village: (unit.id, village.code),
    )
    plain = Criterion(
        "plain",
        lambda h: (h.hamlet, h.unit),
        lambda p: (p.hamlet, p.village),
        lambda one, other: worth(one[0], other[0], one[1], other[1]),
    )
    return linked, plain


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_scoring_by_classes_is_as_good_as_person_by_person(random: Random) -> None:
    """Whatever a criterion reads, of people or of links, the plan is the best there is, counted person by person."""
    case = made_up(random, largest=4)
    linked, plain = own_criteria(random)
    policy, by_person = (attrs.evolve(case.policy, criteria=[*case.policy.criteria, c]) for c in (linked, plain))
    roster = attrs.evolve(case.roster, named=[pair for pair in case.roster.named if pair.rule != "locked"])
    plan = pair(policy, roster, on=DAY, book=case.book)
    world = World(by_person, roster, case.book)
    made = world.pairs(plan)
    assert plan.verify()
    assert world.legal(made)
    assert world.value(made) == world.best()
