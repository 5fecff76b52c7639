"""The real programmes, at the figures that their sources print."""

import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pytest

from pairing.auditing import audit
from pairing.errors import ArgumentError
from pairing.plan import Plan, Share
from pairing.programmes import PROGRAMMES, load_policy, programme
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.synthetic import population

COVERAGE = {
    "household-without-helper",
    "household-below-floor",
    "household-above-ceiling",
    "helper-without-household",
    "below-floor",
    "above-ceiling",
    "outside-links",
    "wrong-role",
    "recorded-twice",
}
"""What an audit must not find in a plan that covers everybody both ways."""

LEADERS = ("province", "deputy-province", "bureau", "deputy-bureau", "division", "deputy-division")


@cache
def roster(name: str) -> Roster:
    """Return the population of a programme: whole, but for Gansu, of which one part in fifty is taken."""
    return population(name, scale=0.02 if name == "gansu-2012" else 1)


@cache
def plan(name: str, on: date) -> Plan:
    return pair(programme(name), roster(name), on=on)


class Figure(NamedTuple):
    """A figure, what it is read off, and the sentence of the source."""

    programme: str
    on: date
    expected: Any
    measured: Callable[[Plan], Any]
    source: str


FIRST, LAST = date(1994, 10, 1), date(1996, 12, 31)
PANJIN, GANSU = date(2010, 12, 1), date(2012, 2, 8)


def served(plan: Plan) -> int:
    return sum(helper.service is None or plan.on in helper.service for helper in plan.roster.helpers)


def registered(plan: Plan) -> int:
    return sum(household.registered is None or plan.on in household.registered for household in plan.roster.households)


def ranks(plan: Plan) -> set[str | None]:
    return {plan.roster.helper(id).rank for id in plan.loads}


def kinds(plan: Plan) -> set[str]:
    return {plan.roster.helper(id).kind for id in plan.loads}


def helpers_a_household(plan: Plan) -> tuple[int, int]:
    counts = Counter(pairing.household for pairing in plan.pairings).values()
    return min(counts), max(counts)


def fewest(plan: Plan) -> dict[str, int]:
    return {load.who: load.fewest for load in plan.loads_by_rank}


def at_least(rank: str, floor: int) -> Callable[[Plan], bool]:
    return lambda plan: fewest(plan)[rank] >= floor


def levels(plan: Plan) -> Counter[str]:
    return Counter(area.level for area in plan.roster.areas)


def within_links(plan: Plan) -> bool:
    links = {(link.unit, link.village) for link in plan.roster.links}
    units = {helper.id: helper.unit for helper in plan.roster.helpers}
    villages = {household.id: household.village for household in plan.roster.households}
    return all((units[pairing.helper], villages[pairing.household]) in links for pairing in plan.pairings)


ONCE = "1994: 1,031 cadres of deputy-county rank and above help 1,029 households"
THEN = "by the end of 1996: 9,273 cadres of all levels or social groups help 6,684 households"
ALL = "full coverage, both ways: every unit and cadre, and every poor village and household"
KIN = "16,000 households, about 10,000 cadres, one to one"
LINKS = "cadres, within the villages that their own unit links"
FIGURES = [
    Figure("liaoyang-1994", FIRST, 1_031, served, ONCE),
    Figure("liaoyang-1994", FIRST, 1_029, registered, ONCE),
    Figure("liaoyang-1994", FIRST, Share(1_029, 1_029), lambda plan: plan.coverage, ONCE),
    Figure("liaoyang-1994", FIRST, Share(1_031, 1_031), lambda plan: plan.fulfilment, ONCE),
    Figure("liaoyang-1994", FIRST, 1_031, lambda plan: len(plan.pairings), ONCE),
    Figure("liaoyang-1994", FIRST, True, lambda plan: ranks(plan) <= set(LEADERS), "deputy-county rank and above"),
    Figure("liaoyang-1994", FIRST, {"cadre"}, kinds, "party and government organs, institutions"),
    Figure("liaoyang-1994", LAST, 9_273, served, THEN),
    Figure("liaoyang-1994", LAST, 6_684, registered, THEN),
    Figure("liaoyang-1994", LAST, Share(6_684, 6_684), lambda plan: plan.coverage, THEN),
    Figure("liaoyang-1994", LAST, Share(9_273, 9_273), lambda plan: plan.fulfilment, THEN),
    Figure("liaoyang-1994", LAST, {"cadre", "group", "owner"}, kinds, "then social groups; then private owners"),
    Figure("liaoyang-1994", LAST, True, lambda plan: helpers_a_household(plan)[1] > 1, THEN),
    Figure("panjin-2010", PANJIN, 10_000, served, KIN),
    Figure("panjin-2010", PANJIN, 16_000, registered, KIN),
    Figure("panjin-2010", PANJIN, Share(16_000, 16_000), lambda plan: plan.coverage, "all 低保 families covered"),
    Figure("panjin-2010", PANJIN, Share(10_000, 10_000), lambda plan: plan.fulfilment, KIN),
    Figure("panjin-2010", PANJIN, (1, 1), helpers_a_household, "one to one"),
    Figure("panjin-2010", PANJIN, 309 + 183, lambda plan: levels(plan)["village"], "309 villages, 183 communities"),
    Figure("gansu-2012", GANSU, 8_000, served, "over 400,000 cadres; here one in fifty"),
    Figure("gansu-2012", GANSU, Share(8_400, 8_400), lambda plan: plan.coverage, ALL),
    Figure("gansu-2012", GANSU, Share(8_000, 8_000), lambda plan: plan.fulfilment, ALL),
    Figure("gansu-2012", GANSU, True, lambda plan: plan.units.part == plan.units.whole > 0, ALL),
    Figure("gansu-2012", GANSU, True, lambda plan: plan.villages.part == plan.villages.whole > 0, ALL),
    Figure("gansu-2012", GANSU, True, within_links, LINKS),
    *(
        Figure("gansu-2012", GANSU, True, at_least(rank, floor), source)
        for rank, floor, source in (
            ("bureau", 3, "bureau level at least 3 households"),
            ("deputy-bureau", 3, "bureau level at least 3 households"),
            ("division", 2, "county/division level at least 2"),
            ("deputy-division", 2, "county/division level at least 2"),
            ("section", 1, "every other cadre at least 1"),
            ("deputy-section", 1, "every other cadre at least 1"),
            ("staff", 1, "every other cadre at least 1"),
            ("clerk", 1, "every other cadre at least 1"),
        )
    ),
]
DAYS = sorted({(figure.programme, figure.on) for figure in FIGURES})


@pytest.mark.parametrize("figure", FIGURES, ids=[f"{f.programme}-{f.on}-{f.source}" for f in FIGURES])
def test_a_plan_comes_out_at_the_figure_of_its_source(figure: Figure) -> None:
    """What the source says of the programme is what the plan of that day has."""
    assert figure.measured(plan(figure.programme, figure.on)) == figure.expected


@pytest.mark.parametrize(("name", "on"), DAYS)
def test_the_plan_of_a_programme_is_proved(name: str, on: date) -> None:
    """The independent checker accepts the plan, and nothing is short."""
    found = plan(name, on)
    assert found.verify()
    assert found.shortfalls == ()


@pytest.mark.parametrize(("name", "on"), DAYS)
def test_an_audit_finds_nothing_in_the_plan_of_a_programme(name: str, on: date) -> None:
    """An audit finds nobody uncovered, beyond a quota or outside the links; at most namesakes, as in life."""
    found = plan(name, on)
    codes = {finding.code for finding in audit(found.policy, found.roster, found, on=on)}
    assert codes <= {"same-name"}
    assert not codes & COVERAGE


def test_nobody_takes_part_before_the_day() -> None:
    """Years before the first batch of Liaoyang nobody serves and nobody is registered: the plan is empty."""
    found = plan("liaoyang-1994", date(1990, 1, 1))
    assert (found.pairings, found.shortfalls, found.coverage) == ((), (), Share(0, 0))
    assert found.verify()


# --- the presets


def data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("pairing.programmes").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def test_every_policy_file_is_a_programme() -> None:
    """The names that are known are those of the files, sorted."""
    found = [file.name.removesuffix(".toml") for file in files("pairing.programmes").iterdir()]
    assert sorted(name for name in found if not name.startswith("__")) == list(PROGRAMMES)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_beside_every_number_stands_its_source(name: str) -> None:
    """Each rule of a preset says where its numbers come from, and so does the preset, with its title and its day."""
    raw = data(name)
    for rule in [raw, *raw["helpers"], *raw["households"]]:
        assert len(rule["source"].strip()) > 10
    assert raw["name"] == name
    assert raw["title"].strip()
    policy = programme(name)
    assert policy.effective == raw["effective"]
    assert str(raw["effective"].year) == name[-4:]


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_preset_is_a_policy_like_any_other(name: str, tmp_path: Any) -> None:
    """A preset's file loads like one's own, and survives the way through plain data."""
    policy = programme(name)
    path = tmp_path / "own.toml"
    path.write_bytes(files("pairing.programmes").joinpath(f"{name}.toml").read_bytes())
    assert load_policy(path) == policy
    assert type(policy).from_dict(policy.to_dict()) == policy


def test_the_quotas_of_gansu() -> None:
    """A provincial leader has at least 5 households, bureau, division and other cadres 3, 2 and 1."""
    found = {rule.ranks: rule.quota.floor for rule in programme("gansu-2012").helpers}
    assert found == {
        ("province", "deputy-province"): 5,
        ("bureau", "deputy-bureau"): 3,
        ("division", "deputy-division"): 2,
        (): 1,
    }


def test_the_quotas_of_panjin_and_liaoyang() -> None:
    """In Panjin a household has exactly one cadre; in Liaoyang it has one to three helpers of three kinds."""
    assert [rule.quota for rule in programme("panjin-2010").households] == [Quota(1, 1)]
    liaoyang = programme("liaoyang-1994")
    assert [rule.quota for rule in liaoyang.households] == [Quota(1, 3)]
    assert {kind for rule in liaoyang.helpers for kind in rule.kinds} == {"cadre", "group", "owner"}


@pytest.mark.parametrize(
    ("name", "got"), [("gansu", "'gansu'"), (None, "nothing"), (["gansu-2012"], "a value of type list"), (2012, "2012")]
)
def test_an_unknown_programme_is_refused(name: Any, got: str) -> None:
    """Another name than those that are known raises an error that lists them."""
    with pytest.raises(ArgumentError) as caught:
        programme(name)
    assert str(caught.value) == (
        f"programme: wanted one of gansu-2012, liaoyang-1994, panjin-2010; got {got} [unknown-programme]"
    )
