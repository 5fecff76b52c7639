"""What a policy may not say, though every value in it is fine by itself; and what it may well say."""

from datetime import date
from typing import Any

import pytest

from pairing.criteria import Criterion, HardestToHighest, SkillToNeed
from pairing.errors import PolicyError
from pairing.people import Ladder
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.rules import Cumulative, HelperRule, HouseholdRule

DAY = date(2012, 2, 8)


def faults(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the path and the code of each fault of a policy."""
    try:
        Policy.from_dict({"name": "ours", "helpers": [{"floor": 1}]} | data)
    except PolicyError as error:
        return [(problem.field, problem.code) for problem in error.problems]
    return []


def linking(*helpers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return ({"helpers": list(helpers)} if helpers else {}) | {"linking": keys}


def over(year: dict[str, int], **several: int) -> dict[str, Any]:
    return {"effective": "2012-02-08", "helpers": [{**year, "over": several}]}


def versions(*rows: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"versions": list(rows), **top}


def visits(*rules: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"visits": {"rules": [{"name": f"rule {n}", **rule} for n, rule in enumerate(rules)], **keys}}


def appraisal(*items: dict[str, Any], parts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    rows = [{"name": f"item {n}", "what": "exits", "points": 9, "each": 3} | row for n, row in enumerate(items)]
    shares = [{"name": f"part {n}"} | row for n, row in enumerate(parts or [])]
    return {"appraisal": {"items": rows, "parts": shares}}


FIRST, SECOND = {"effective": "1994-09-01"}, {"effective": "1995-03-01"}
LEADERS = {"ranks": ["province"], "floor": 1}
CRITERIA_FAULTS: list[tuple[list[dict[str, Any]], str, str]] = [
    ([{"name": "kin"}, {"name": "kin"}], "criteria[1]", "duplicate-criterion"),
    ([{"name": "earlier-tie"}, {"name": "earlier-tie", "weight": 9}], "criteria[1]", "duplicate-criterion"),
    ([{"name": "class-to-class", "exclude": True}], "criteria[0]", "excludes-everybody"),
    (
        [{"name": "class-to-class", "exclude": True, "kinds": ["team"], "weight": 3}],
        "criteria[0].weight",
        "weight-of-excluded",
    ),
    (
        [
            {"name": "class-to-class", "kinds": ["team"], "difficulty": 2},
            {"name": "class-to-class", "kinds": ["team", "group"], "exclude": True},
        ],
        "criteria[0]",
        "never-holds",
    ),
    ([{"name": "same-hamlet", "neighbours": [["v", "一社"]]}], "criteria[0].neighbours[0]", "bad-neighbours"),
    ([{"name": "same-hamlet", "neighbours": [["v", "一社", "一社"]]}], "criteria[0].neighbours[0]", "bad-neighbours"),
]
CONTRADICTIONS: list[tuple[dict[str, Any], str, str]] = [
    *(({"criteria": rows}, path, code) for rows, path, code in CRITERIA_FAULTS),
    ({"helpers": [{}, {"ranks": ["staff"]}]}, "helpers[1]", "never-holds"),
    ({"helpers": [{"ranks": ["staff", "clerk"]}, {}, {"kinds": ["team"]}]}, "helpers[2]", "never-holds"),
    ({"households": [{"floor": 1}, {"difficulty": 3, "floor": 2}]}, "households[1]", "never-holds"),
    ({"households": [{"role": "", "ceiling": 1}, {}]}, "households[0].role", "missing-key"),
    ({"households": [{"floor": 1}, {"role": "visit", "floor": 1}]}, "households[1].role", "role-without-helpers"),
    ({"helpers": [{"ceiling": 0}]}, "households[0].role", "role-without-helpers"),
    ({"households": [{"ceiling": 0}]}, "helpers[0].floor", "no-room"),
    ({"effective": "2012-02-08", "until": "2012-02-08"}, "until", "dates-order"),
    (over({"floor": 1}, years=0, floor=2), "helpers[0].over.years", "bad-number"),
    (over({"floor": 1}, years=2), "helpers[0].over", "missing-key"),
    (over({"ceiling": 4}, years=2, floor=9), "helpers[0].over.floor", "floor-above-ceiling"),
    (over({"floor": 5}, years=2, ceiling=9), "helpers[0].over.ceiling", "floor-above-ceiling"),
    ({"helpers": [{"over": {"years": 2, "floor": 2}}]}, "effective", "missing-key"),
    (linking(leaders=[{}, {"ranks": ["staff"]}]), "linking.leaders[1]", "never-holds"),
    (linking(leaders=[{"counties": {"ceiling": 0}}]), "linking.leaders[0].counties.ceiling", "no-county"),
    (linking(leaders=[{}], teams=["team"]), "linking.leaders[0]", "leaders-and-teams"),
    (
        linking(leaders=[{"kinds": ["cadre", "team"]}], teams=["team"]),
        "linking.leaders[0].kinds[1]",
        "leaders-and-teams",
    ),
    (linking({"kinds": ["cadre"], "floor": 1}, teams=["team"]), "linking.teams[0]", "no-helper-rule"),
    (
        linking({"unit_levels": ["county"], "floor": 1}, gathered=["county", "village"]),
        "linking.gathered[1]",
        "no-helper-rule",
    ),
    (linking({"ranks": ["staff"]}, leaders=[{"ranks": ["province"]}]), "linking.leaders[0]", "no-helper-rule"),
    (
        linking({**LEADERS, "ceiling": 4}, {}, leaders=[{"ranks": ["province"]}]),
        "linking.leaders[0].households",
        "floor-above-ceiling",
    ),
    (linking({"ceiling": 3}, share="duty"), "linking.share", "no-duty"),
    ({"handover": {"ladder": ["volunteer", "unit", "neighbour"]}}, "handover.ladder[2]", "unknown-rung"),
    ({"handover": {"ladder": ["unit", "linked", "unit"]}}, "handover.ladder[2]", "duplicate-rung"),
    ({"handover": {"jointly": 0}}, "handover.jointly", "bad-number"),
    ({"handover": {"transfer": "stay"}}, "handover.transfer", "unknown-transfer"),
    ({"handover": {"after_exit": "hand over"}}, "handover.after_exit", "unknown-after-exit"),
    ({"retirement": [{"age": 0}]}, "retirement[0].age", "bad-number"),
    ({"retirement": [{"age": 720}, {"age": 660, "sexes": ["f"]}]}, "retirement[1]", "never-holds"),
    (
        {"retirement": [{"age": 720, "sexes": ["m", "f"]}, {"age": 660, "sexes": ["f"], "ranks": ["staff"]}]},
        "retirement[1]",
        "never-holds",
    ),
    ({"retirement": [{"age": 720, "kinds": ["firm"]}]}, "retirement[0].kinds[0]", "unknown-kind"),
    ({"retirement": [{"age": 720, "ranks": ["boss"]}]}, "retirement[0].ranks[0]", "unknown-rank"),
    ({"retirement": [{"age": 720, "sexes": ["f", "w"]}]}, "retirement[0].sexes[1]", "unknown-sex"),
    ({"visits": {"silence": 0}}, "visits.silence", "bad-number"),
    (visits({"festivals": ["lantern"], "before": 0, "days": 1}), "visits.rules[0]", "one-period"),
    (visits({}), "visits.rules[0]", "one-period"),
    (visits({"months": 1}, {"name": "rule 0", "days": 1}), "visits.rules[1].name", "duplicate-rule"),
    (visits({"months": 1, "times": 0}), "visits.rules[0].times", "bad-number"),
    (visits({"months": 1, "channels": []}), "visits.rules[0].channels", "missing-key"),
    (visits({"months": 1, "channels": ["card", "fax"]}), "visits.rules[0].channels[1]", "unknown-channel"),
    (visits({"months": 1, "channels": ["card", "card"]}), "visits.rules[0].channels[1]", "duplicate-channel"),
    (visits({"months": 1, "statuses": ["none", "none"]}), "visits.rules[0].statuses[1]", "duplicate-status"),
    (visits({"months": 1, "before": 0}), "visits.rules[0].before", "no-festival"),
    (visits({"seasons": ["03-15/05-15"], "after": 1}), "visits.rules[0].after", "no-festival"),
    (visits({"festivals": ["qixi"]}), "visits.rules[0].festivals[0]", "unknown-festival"),
    (visits({"festivals": ["lantern", "lantern"]}), "visits.rules[0].festivals[1]", "duplicate-festival"),
    (visits({"festivals": ["new-year", "spring-festival"], "before": 20}), "visits.rules[0].before", "windows-overlap"),
    (visits({"festivals": ["mid-autumn"], "after": 400}), "visits.rules[0].before", "windows-overlap"),
    (visits({"seasons": ["3-15/5-15"]}), "visits.rules[0].seasons[0]", "bad-season"),
    (visits({"seasons": ["03-15/05-15", "04-31/05-15"]}), "visits.rules[0].seasons[1]", "bad-season"),
    (visits({"seasons": ["12-01/01-31", "01-31/02-10"]}), "visits.rules[0].seasons", "windows-overlap"),
    (visits({"seasons": ["02-29/02-28"]}), "visits.rules[0].seasons", "windows-overlap"),
    (appraisal({"what": "visits missed"}), "appraisal.items[0].what", "no-visit-rule"),
    (appraisal({}, {"name": "item 0"}), "appraisal.items[1].name", "duplicate-item"),
    (appraisal({}, {"name": ""}), "appraisal.items[1].name", "missing-key"),
    (appraisal({"what": "zeal"}), "appraisal.items[0].what", "unknown-count"),
    (appraisal({"points": 0}), "appraisal.items[0].points", "bad-number"),
    (appraisal(parts=[{"weight": 100}]), "appraisal.items", "missing-key"),
    (appraisal({}, parts=[{"weight": 30}, {"weight": 80}]), "appraisal.parts", "weights-sum"),
    (appraisal({}, parts=[{"weight": 100, "first": 7, "last": 6}]), "appraisal.parts[0].last", "dates-order"),
    (appraisal({}, parts=[{"weight": 100, "first": 13}]), "appraisal.parts[0].first", "bad-number"),
    (
        versions(FIRST | appraisal({"what": "visits missed"}), SECOND | visits({"months": 1})),
        "versions[0].appraisal.items[0].what",
        "no-visit-rule",
    ),
    (versions(FIRST | {"handover": {"jointly": 0}}, SECOND), "versions[0].handover.jointly", "bad-number"),
    (versions(FIRST, SECOND, retirement=[{"age": 0}]), "retirement[0].age", "bad-number"),
    (versions(FIRST, SECOND | {"visits": {"silence": 0}}), "versions[1].visits.silence", "bad-number"),
    (versions(FIRST, {}), "versions[1].effective", "missing-key"),
    (versions({}, {}, effective="1994-09-01"), "versions[1].effective", "missing-key"),
    (versions(FIRST, FIRST), "versions[1].effective", "dates-order"),
    (versions(FIRST | {"until": "1995-02-28"}, SECOND), "versions[0].until", "dates-order"),
    (versions(FIRST, SECOND, until="1995-01-01"), "until", "dates-order"),
    (versions(FIRST, SECOND, effective="1990-01-01"), "effective", "never-holds"),
    (versions(FIRST | {"aims": ["coverage", "floors"]}, aims=["floors", "coverage"]), "aims", "never-holds"),
    (versions(FIRST, SECOND | {"helpers": [{}, {}]}), "versions[1].helpers[1]", "never-holds"),
    (versions(FIRST | {"linking": {"teams": ["firm"]}}, SECOND), "versions[0].linking.teams[0]", "unknown-kind"),
    (versions(FIRST, SECOND, helpers=[{}, {}]), "helpers[1]", "never-holds"),
    (
        versions(FIRST, SECOND | {"criteria": [{"name": "kin"}, {"name": "kin"}]}),
        "versions[1].criteria[1]",
        "duplicate-criterion",
    ),
]


@pytest.mark.parametrize(("data", "path", "code"), CONTRADICTIONS, ids=[f"{p} {c}" for _, p, c in CONTRADICTIONS])
def test_a_contradiction_is_told_at_its_place(data: dict[str, Any], path: str, code: str) -> None:
    """Each contradiction is told once, with the path to the culprit, and nothing is told besides."""
    assert faults(data) == [(path, code)]


SENSIBLE: list[dict[str, Any]] = [
    {"helpers": [{"ranks": ["staff"]}, {}]},
    {"helpers": [{"kinds": ["team"]}, {"ranks": ["staff"]}, {"kinds": ["team", "cadre"]}]},
    {"helpers": [{"kinds": ["owner"], "ceiling": 0}, {"floor": 1}]},
    {"helpers": [{"ceiling": 0, "soft": True}]},
    {"households": [{"difficulty": 4, "floor": 2}, {"floor": 1}]},
    {"households": [{"difficulty": 4, "ceiling": 0}, {"floor": 1}]},
    {"households": [{"floor": 1}, {"role": "visit"}]},
    {"households": [{"role": "lead", "floor": 1}, {"role": "visit", "difficulty": 9, "ceiling": 0}]},
    {"until": "2015-12-31"},
    over({"floor": 5, "ceiling": 5}, years=2, floor=10, ceiling=10),
    over({}, years=3, ceiling=2),
    {"criteria": [{"name": "shared-language", "required": True}, {"name": "shared-language", "weight": 3}]},
    {"criteria": [{"name": "class-to-class", "exclude": True, "difficulty": 5}]},
    {
        "criteria": [
            {"name": "class-to-class", "kinds": ["team", "group"], "weight": 2},
            {"name": "class-to-class", "kinds": ["team"], "exclude": True},
        ]
    },
    {"criteria": [{"name": "same-hamlet", "weight": 0}], "aims": ["coverage", "floors"]},
    linking(leaders=[{"ranks": ["province"]}, {}], gathered=["village"]),
    linking({**LEADERS, "ceiling": 4, "soft": True}, {}, leaders=[{"ranks": ["province"]}]),
    linking({**LEADERS, "unit_levels": ["county"], "ceiling": 4}, {}, leaders=[{"ranks": ["province"]}]),
    linking({"kinds": ["team"], "floor": 1}, {"kinds": ["cadre"]}, teams=["team"], share="duty"),
    {"handover": {}, "retirement": [], "visits": {}},
    visits({"months": 1}, {"days": 15}, {"festivals": ["lantern"]}, {"seasons": ["03-15/05-15"]}, source="ours"),
    visits({"months": 3, "times": 90, "statuses": ["exited", "watched"], "channels": ["card", "leaflet"]}),
    visits({"months": 3, "before": 7, "after": 0}),
    visits({"festivals": ["spring-festival", "lantern"], "before": 13}),
    visits({"festivals": ["new-year", "spring-festival"], "before": 3, "after": 16}),
    visits({"seasons": ["03-15/05-15", "05-16/05-16", "12-01/02-29", "03-01/03-14"]}),
    visits({"seasons": ["01-01/12-31"]}, {"seasons": ["03-01/02-29"]}),
    versions(FIRST | visits({"months": 1}), SECOND | visits({"days": 30})),
    {"appraisal": {}},
    appraisal({"what": "visits missed"}) | visits({"months": 1}),
    appraisal({"points": 1, "each": 90}, {"what": "exits", "per": 7}),
    appraisal({}, parts=[{"weight": 30, "last": 6}, {"weight": 70}]),
    appraisal({}, parts=[{"weight": 1, "first": 12}, {"weight": 99, "first": 1, "last": 1}]),
    {"handover": {"ladder": [], "overlap": 0, "deadline": 0, "soon": 0, "absence": 0, "notice": 0, "watch": 0}},
    {"handover": {"ladder": ["superior", "volunteer"], "overlap": 60, "deadline": 30}},
    {"retirement": [{"age": 660, "sexes": ["f"]}, {"age": 720}]},
    {"retirement": [{"age": 720, "sexes": ["f", "m"]}, {"age": 660}]},
    {"retirement": [{"age": 720, "ranks": ["staff"]}, {"age": 660, "kinds": ["cadre"]}]},
    versions({}, SECOND, effective="1994-09-01"),
    versions({}, SECOND),
    versions(FIRST | {"until": "1995-03-01"}, SECOND),
    versions(FIRST | {"source": "a", "title": "b"}, SECOND | {"source": "c", "title": "d"}, source="e", title="f"),
    versions(FIRST, SECOND, until="1996-12-31"),
    versions(effective="1994-09-01"),
]


@pytest.mark.parametrize("data", SENSIBLE, ids=map(str, SENSIBLE))
def test_what_is_sensible_is_not_refused(data: dict[str, Any]) -> None:
    """What only looks like a contradiction makes a policy."""
    assert faults(data) == []


UNREAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"helpers": [{"ranks": "staff"}, {}]}, ["helpers[0].ranks"]),
    ({"helpers": [{"role": 5}]}, ["helpers[0].role"]),
    ({"helpers": [{"role": "visit"}]}, ["helpers[0].role"]),
    ({"helpers": [{"ceiling": "0"}], "households": [{"floor": 1}]}, ["helpers[0].ceiling"]),
    ({"households": 5, "helpers": [{"role": "visit"}]}, ["households"]),
    ({"households": [{"role": 5}], "helpers": [{"role": "visit"}]}, ["households[0].role"]),
    ({"households": [{"difficulty": "x"}, {}]}, ["households[0].difficulty"]),
    ({"ranks": [{"id": 5}], "helpers": [{"ranks": ["boss"]}]}, ["ranks[0].id"]),
    ({"ranks": [], "helpers": [{"ranks": ["boss"]}]}, ["ranks"]),
    ({"ranks": [5]}, ["ranks[0]"]),
    ({"criteria": [{"name": "kim"}, {"name": "kin"}, {"name": "kin"}]}, ["criteria[0].name", "criteria[2]"]),
    ({"criteria": [{"name": "kim"}, {"name": "kim"}]}, ["criteria[0].name", "criteria[1].name"]),
    ({"effective": 5, "helpers": [{"over": {"years": 2, "floor": 1}}]}, ["effective"]),
    (over({"floor": 1}, years="2", floor=-1), ["helpers[0].over.years", "helpers[0].over.floor"]),  # type: ignore[arg-type]
    (linking({"kinds": "x"}, teams=["team"], share="duty"), ["helpers[0].kinds"]),
    (linking({"ceiling": 2}, leaders=[{"households": "x"}]), ["linking.leaders[0].households"]),
    ({"handover": {"ladder": "unit", "jointly": "0"}}, ["handover.ladder", "handover.jointly"]),
    ({"retirement": [{"sexes": "f", "age": 720}, {"age": 660}]}, ["retirement[0].sexes"]),
    ({"retirement": [{"age": 720}, {"age": 660, "kinds": 5}]}, ["retirement[1].kinds"]),
    ({"retirement": [{"age": 720, "ranks": ["boss"]}], "ranks": 5}, ["ranks"]),
    ({"retirement": 5, "visits": 5, "handover": []}, ["retirement", "visits", "handover"]),
    (visits({"months": "3"}), ["visits.rules[0].months"]),
    (visits({"festivals": "lantern", "before": 3}), ["visits.rules[0].festivals"]),
    (visits({"festivals": ["lantern"], "after": 900, "before": "x"}), ["visits.rules[0].before"]),
    (visits({"months": 1, "channels": "card"}), ["visits.rules[0].channels"]),
    (visits({"days": 1, "name": 5}, {"days": 1, "name": ""}), ["visits.rules[0].name", "visits.rules[1].name"]),
    ({"visits": {"rules": 5}}, ["visits.rules"]),
    (appraisal({"what": "visits missed"}) | {"visits": {"rules": 5}}, ["visits.rules"]),
    ({"appraisal": {"items": 5, "parts": [{"name": "a", "weight": 100}]}}, ["appraisal.items"]),
    (appraisal({}, parts=[{"weight": "30"}, {"weight": 60}]), ["appraisal.parts[0].weight"]),
    (appraisal({}, parts=[{"weight": 100, "first": "7", "last": 6}]), ["appraisal.parts[0].first"]),
    (versions({"effective": 5}, SECOND), ["versions[0].effective"]),
    (versions(FIRST, {"effective": 5}), ["versions[1].effective"]),
    (versions(FIRST, 5), ["versions[1]"]),  # type: ignore[arg-type]
    ({"versions": 5, "helpers": 5}, ["versions", "helpers"]),
]


@pytest.mark.parametrize(("data", "paths"), UNREAD, ids=[str(paths) for _, paths in UNREAD])
def test_nothing_is_said_of_what_could_not_be_read(data: dict[str, Any], paths: list[str]) -> None:
    """Where a value cannot be read, that is told, and no contradiction that hangs on it."""
    assert sorted(path for path, _ in faults(data)) == sorted(paths)


def test_faults_of_all_versions_are_told_at_once() -> None:
    """Each fault stands in its own version, or at the top where all versions have it; each path once."""
    first = {"effective": "1994-09-01", "colour": 1, "helpers": [{"ranks": ["boss"]}, {"floor": "x"}]}
    second = {"effective": "1993-01-01", "criteria": [{"name": "kin"}, {"name": "kim"}]}
    data = versions(first, second, households=[{"floor": 2, "ceiling": 1}], respread="no", helpers=[{"role": "visit"}])
    assert sorted(faults(data)) == [
        ("helpers[0].role", "unknown-role"),
        ("households[0].ceiling", "floor-above-ceiling"),
        ("respread", "bad-type"),
        ("versions[0].colour", "unknown-key"),
        ("versions[0].helpers[0].ranks[0]", "unknown-rank"),
        ("versions[0].helpers[1].floor", "bad-number"),
        ("versions[1].criteria[1].name", "unknown-criterion"),
        ("versions[1].effective", "dates-order"),
    ]


def test_a_version_of_another_policy_is_refused() -> None:
    """Versions of one policy have one name; and what they have is told below `earlier`."""
    first = Policy("theirs", (HelperRule(Quota(1)),), effective=DAY, until=date(2012, 3, 1))
    with pytest.raises(PolicyError) as caught:
        Policy("ours", (HelperRule(Quota(1)),), effective=date(2013, 1, 1), earlier=first)
    assert [problem.field for problem in caught.value.problems] == ["earlier.name", "earlier.until"]


def test_a_ladder_of_a_criterion_is_that_of_the_policy() -> None:
    """Heights on another ladder would mean nothing; a policy file gives its own ladder by itself."""
    ladder = Ladder(["chief", "hand"])
    with pytest.raises(PolicyError) as caught:
        Policy("ours", (HelperRule(Quota(1)),), ladder=ladder, criteria=[HardestToHighest()])
    assert caught.value.problems[0].field == "criteria[0].ladder"
    policy = Policy("ours", (HelperRule(Quota(1)),), ladder=ladder, criteria=[HardestToHighest(ladder=ladder)])
    assert Policy.from_dict(policy.to_dict()) == policy


def test_a_skill_is_listed_once() -> None:
    """Needs by skill are a table: a skill that stands there twice could not be written down."""
    twice = SkillToNeed((("water", ("dry",)), ("water", ("wet",))))
    with pytest.raises(PolicyError) as caught:
        Policy("ours", (HelperRule(Quota(1)),), criteria=[twice])
    assert str(caught.value) == (
        "criteria[0].meets: wanted texts, each once, with texts, got a value of type tuple [bad-type]"
    )


def test_own_criteria_are_alike_only_if_they_are_the_same() -> None:
    """Two criteria of one name may stand beside each other; one and the same may not stand there twice."""
    one, other = (Criterion("near", lambda h: 0, lambda p: 0, lambda a, b: 0) for _ in range(2))
    assert Policy("ours", (HelperRule(Quota(1)),), criteria=[one, other]).criteria == (one, other)
    with pytest.raises(PolicyError) as caught:
        Policy("ours", (HelperRule(Quota(1)),), criteria=[one, other, one])
    assert caught.value.problems[0].field == "criteria[2]"


def test_programme_years_are_counted_from_the_oldest_version() -> None:
    """A version that takes effect in the middle of a programme year does not begin a new one."""
    rule = HelperRule(Quota(0, 5), over=Cumulative(2, Quota(10, 10)))
    first = Policy("ours", (HelperRule(Quota(1)),), effective=DAY)
    second = Policy("ours", (rule,), (HouseholdRule(Quota(1)),), effective=date(2013, 8, 1), earlier=first)
    assert second.start == DAY
