"""The real programmes, at the figures that their sources print."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
from attrs import evolve

from pairing.areas import Area, AreaTree
from pairing.auditing import audit
from pairing.errors import ArgumentError
from pairing.figures import Share
from pairing.linking import Linking, link_villages
from pairing.people import LADDER, Helper, Household, Unit, Village
from pairing.plan import Plan
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
def linking(name: str, on: date) -> Linking:
    return link_villages(programme(name), roster(name).linked((), ()), on=on)


@cache
def plan(name: str, on: date) -> Plan:
    """Return the plan of a day, for Gansu on links that the library makes."""
    if name != "gansu-2012":
        return pair(programme(name), roster(name), on=on)
    found = linking(name, on)
    return pair(programme(name), found.roster.linked(found.links, found.own_links), on=on)


class Figure(NamedTuple):
    """A figure, what it is read off, and the sentence of the source."""

    programme: str
    on: date
    expected: Any
    measured: Callable[[Any], Any]
    source: str


FIRST, LAST = date(1994, 10, 1), date(1996, 12, 31)
PANJIN, HUBEI, GANSU = date(2010, 12, 1), date(2011, 3, 1), date(2012, 2, 8)


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


def hardest_to_highest(plan: Plan) -> bool:
    """Whether in each unit nobody has an easier household than anybody of lower rank: else the two would be swapped."""
    found: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for pairing in plan.pairings:
        helper = plan.roster.helper(pairing.helper)
        difficulty = plan.roster.household(pairing.household).difficulty
        found[helper.unit][LADDER.position(helper.rank)].add(difficulty)
    return all(
        min(ranks[high]) >= max(ranks[low]) for ranks in found.values() for high in ranks for low in ranks if high < low
    )


def off_their_shares(linking: Linking) -> int:
    """Return how many units have a share that is one or more away from that in proportion to their cadres."""
    heads = {unit: len(linking.roster.helpers_of(unit)) for unit in linking.shares}
    rate = Fraction(sum(linking.shares.values()), sum(heads.values()))
    return sum(abs(linking.shares[unit] - rate * heads[unit]) >= 1 for unit in heads)


def villages_of_teams(linking: Linking) -> tuple[int, int]:
    counts = Counter(link.helper for link in linking.own_links).values()
    return min(counts), max(counts)


def remoteness(linking: Linking) -> list[Fraction]:
    """Return the mean remoteness of the villages of teams that leaders lead, and of others; by level of the leader."""
    found: dict[int, list[int]] = defaultdict(list)
    for link in linking.own_links:
        rank = linking.roster.helper(link.helper).rank
        found[LADDER.position(rank) // 2].append(linking.roster.village(link.area).remoteness)
    return [Fraction(sum(found[step]), len(found[step])) for step in sorted(found)]


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
    Figure("panjin-2010", PANJIN, True, hardest_to_highest, "the hardest families are helped by the leaders"),
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
TEAMS = "over 100,000 cadres of four levels in 18,700 work teams"
EVERYWHERE = "over 10 million farm households, every administrative village"
FIGURES_OF_LINKS = [
    Figure("hubei-2011", HUBEI, 18_700, lambda found: len({link.helper for link in found.own_links}), TEAMS),
    Figure("hubei-2011", HUBEI, 102_911, lambda found: sum(team.members for team in found.roster.helpers), TEAMS),
    Figure("hubei-2011", HUBEI, 4, lambda found: len({unit.level for unit in found.roster.units}), "four levels"),
    Figure("hubei-2011", HUBEI, Share(21_469, 21_469), lambda found: found.villages, EVERYWHERE),
    Figure("hubei-2011", HUBEI, 21_469, lambda found: len({link.area for link in found.own_links}), EVERYWHERE),
    Figure(
        "hubei-2011",
        HUBEI,
        10_012_345,
        lambda found: sum(found.roster.village(link.area).households for link in found.own_links),
        EVERYWHERE,
    ),
    Figure("hubei-2011", HUBEI, (1, 2), villages_of_teams, "a team, responsible for whole villages"),
    Figure("hubei-2011", HUBEI, ((), (), ()), lambda found: (found.links, found.unlinked, found.idle), "full coverage"),
    Figure(
        "hubei-2011",
        HUBEI,
        True,
        lambda found: remoteness(found) == sorted(remoteness(found), reverse=True) and len(remoteness(found)) == 4,
        "leaders take the remotest villages",
    ),
    Figure("gansu-2012", GANSU, ((), ()), lambda found: (found.unlinked, found.idle), ALL),
    Figure("gansu-2012", GANSU, 0, off_their_shares, "villages in proportion to its cadres"),
    Figure("liaoyang-1994", LAST, ((), ()), lambda found: (found.unlinked, found.idle), "link one household"),
    Figure(
        "liaoyang-1994",
        LAST,
        {1},
        lambda found: set(
            Counter(link.unit for link in found.links if found.roster.unit(link.unit).level == "prefecture").values()
        ),
        "a unit's cadres are gathered on one village",
    ),
    Figure(
        "liaoyang-1994",
        LAST,
        {"bureau", "deputy-bureau"},
        lambda found: {found.roster.helper(link.helper).rank for link in found.own_links},
        "leaders of deputy-city level and above",
    ),
]
DAYS = sorted({(figure.programme, figure.on) for figure in FIGURES})


@pytest.mark.parametrize("figure", FIGURES, ids=[f"{f.programme}-{f.on}-{f.source}" for f in FIGURES])
def test_a_plan_comes_out_at_the_figure_of_its_source(figure: Figure) -> None:
    """What the source says of the programme is what the plan of that day has."""
    assert figure.measured(plan(figure.programme, figure.on)) == figure.expected


@pytest.mark.parametrize("figure", FIGURES_OF_LINKS, ids=[f"{f.programme}-{f.on}-{f.source}" for f in FIGURES_OF_LINKS])
def test_links_come_out_at_the_figure_of_their_source(figure: Figure) -> None:
    """What the source says of who is linked to which village is what the links that are made have."""
    assert figure.measured(linking(figure.programme, figure.on)) == figure.expected


@pytest.mark.parametrize(("name", "on"), sorted({(figure.programme, figure.on) for figure in FIGURES_OF_LINKS}))
def test_the_links_of_a_programme_keep_every_rule(name: str, on: date) -> None:
    """The links are counted again, and accepted."""
    assert linking(name, on).verify()


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


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("gansu-2012", GANSU, None),
        ("hubei-2011", HUBEI, date(2011, 6, 30)),
        ("liaoyang-1994", date(1994, 9, 1), None),
        ("panjin-2010", PANJIN, None),
    ],
)
def test_a_programme_is_in_force_on_its_days(name: str, first: date, last: date | None) -> None:
    """A programme holds from its first day on, Hubei's to the last of June; on other days it is refused."""
    found = programme(name)
    assert found.at(first).name == name
    assert found.at(last or date(2030, 1, 1)).name == name
    for day in [first - timedelta(1), *([last + timedelta(1)] if last else [])]:
        with pytest.raises(ArgumentError, match="not-in-force"):
            found.at(day)


STEPS = (date(1994, 9, 1), date(1995, 3, 1), date(1996, 1, 1), date(1996, 7, 1))
"""The days on which the versions of Liaoyang take effect; but for the first, they are invented."""


@pytest.mark.parametrize(
    ("helper", "step"),
    [
        (Helper("x", "u", "bureau"), 0),
        (Helper("x", "u", "deputy-division"), 0),
        (Helper("x", "u", "section"), 1),
        (Helper("x", "u", "deputy-section"), 1),
        (Helper("x", "u", "staff", "enterprise-leader"), 1),
        (Helper("x", "u", "staff"), 2),
        (Helper("x", "u", "clerk"), 2),
        (Helper("x", "u", kind="group", members=20), 2),
        (Helper("x", "u", kind="owner"), 3),
        (Helper("x", "u", kind="team"), 4),
    ],
)
def test_who_may_help_in_liaoyang_widens_with_time(helper: Helper, step: int) -> None:
    """Whoever may help from a day on may not on the day before, and may on every later one; teams never may."""
    unit, found = Unit("u", "county", "v"), programme("liaoyang-1994")
    days = [day for first in STEPS for day in (first - timedelta(1), first)][1:]
    for day in [*days, LAST]:
        may = found.at(day).helper_rule(helper, unit) is not None
        assert may == (step < 4 and day >= STEPS[step])


def test_the_population_of_liaoyang_follows_its_steps() -> None:
    """On the day of each step those who take part are of the ranks and kinds that may; all are covered."""
    takes_part = [{"cadre"}, {"cadre"}, {"cadre", "group"}, {"cadre", "group", "owner"}]
    sizes = []
    for day, who in zip(STEPS, takes_part, strict=True):
        found = plan("liaoyang-1994", day)
        assert kinds(found) == who
        assert ("clerk" in ranks(found)) == (day >= STEPS[2])
        sizes.append(len(found.loads))
    assert sizes == sorted(sizes)


def test_before_the_fourth_step_owners_stand_aside() -> None:
    """An owner who serves already is not paired before owners may help, and is from that day on."""
    tree = AreaTree([Area("v", "上坪村", "village")])
    helpers = [Helper("ann", "u", "staff"), Helper("boss", "u", kind="owner")]
    small = Roster(tree, [Unit("u", "county", "v")], helpers, [Household("x", "v"), Household("y", "v")])
    for day, busy in ((STEPS[3] - timedelta(1), {"ann"}), (STEPS[3], {"ann", "boss"})):
        found = pair(programme("liaoyang-1994"), small, on=day)
        assert {pairing.helper for pairing in found.pairings} == busy
        assert found.coverage == Share(2, 2)


def test_provincial_leaders_of_gansu() -> None:
    """A provincial leader has one or two counties, one village in them, and at least five households there."""
    small = population("gansu-2012", scale=0.05)
    organ = next(unit.id for unit in small.units if unit.level == "province" and len(small.helpers_of(unit.id)) > 5)
    led = [helper.id for helper in small.helpers_of(organ)[:3]]
    helpers = [evolve(helper, rank="deputy-province") if helper.id in led else helper for helper in small.helpers]
    found = pair(programme("gansu-2012"), Roster(small.areas, small.units, helpers, small.households), on=GANSU)
    assert found.verify()
    assert found.shortfalls == ()
    for id in led:
        areas = [found.roster.areas[code] for code in found.roster.own_areas(id)]
        counties = [area.code for area in areas if area.level == "county"]
        (village,) = (area.code for area in areas if area.level == "village")
        assert 1 <= len(counties) <= 2
        assert found.roster.areas.at(village, "county") in counties
        homes = [found.roster.household(pairing.household).village for pairing in found.of(id)]
        assert len(homes) >= 5
        assert set(homes) == {village}


def test_a_household_of_hubei_has_the_team_of_its_village() -> None:
    """Where households are listed each has one team; the team of a leader has the remotest village."""
    tree = AreaTree([Area("c", "某县", "county"), *(Area(code, f"{code}村", "village", "c") for code in "pqr")])
    small = Roster(
        tree,
        [Unit("u", "county", "c")],
        [Helper("led", "u", "division", kind="team", members=4), Helper("other", "u", kind="team", members=9)],
        [Household(f"{code}{n}", code) for code in "pqr" for n in range(3)],
        villages=[Village("p", remoteness=1), Village("q", remoteness=5), Village("r")],
    )
    found = pair(programme("hubei-2011"), small, on=HUBEI)
    assert found.verify()
    assert {(p.helper, found.roster.household(p.household).village) for p in found.pairings} == {
        ("led", "q"),
        ("other", "p"),
        ("other", "r"),
    }
    assert (found.coverage, found.shortfalls) == (Share(9, 9), ())


# --- the presets


def data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("pairing.programmes").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def test_every_policy_file_is_a_programme() -> None:
    """The names that are known are those of the files, sorted."""
    found = [file.name.removesuffix(".toml") for file in files("pairing.programmes").iterdir()]
    assert sorted(name for name in found if not name.startswith("__")) == list(PROGRAMMES)


def tables(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a policy's tables: itself, its rules, how to link, and all of these of its versions; no criteria."""
    yield raw
    for name in ("helpers", "households", "retirement", "versions"):
        for row in raw.get(name, ()):
            yield from tables(row)
    yield from (raw[name] for name in ("handover", "visits") if name in raw)
    if "linking" in raw:
        yield raw["linking"]
        yield from raw["linking"].get("leaders", ())


@pytest.mark.parametrize("name", PROGRAMMES)
def test_beside_every_number_stands_its_source(name: str) -> None:
    """Each rule of a preset says where its numbers come from, and so does the preset, with its title and its day."""
    raw = data(name)
    for table in tables(raw):
        assert len(table["source"].strip()) > 10
    assert raw["name"] == name
    assert raw["title"].strip()
    first = programme(name).versions[0].effective
    assert first is not None
    assert str(first.year) == name[-4:]
    assert all(
        version.source and version.aims[:3] == ("coverage", "floors", "keep") for version in programme(name).versions
    )


def test_the_days_of_liaoyang_are_told_to_be_invented() -> None:
    """The versions take effect one after the other, and each says that its day is not in the sources."""
    versions = programme("liaoyang-1994").versions
    assert tuple(version.effective for version in versions) == STEPS
    assert all("the day is invented" in version.source for version in versions)


def test_how_each_preset_links() -> None:
    """Gansu shares out by headcount, with leaders; Hubei by teams; Liaoyang gathers municipal units from 1996 on."""
    gansu, hubei, panjin = (programme(name).linking for name in ("gansu-2012", "hubei-2011", "panjin-2010"))
    assert gansu is not None
    assert hubei is not None
    assert panjin is not None
    assert (gansu.share, gansu.gathered, gansu.teams) == ("headcount", (), ())
    (leaders,) = gansu.leaders
    assert (leaders.ranks, leaders.counties, leaders.households) == (("province", "deputy-province"), Quota(1, 2), 5)
    assert (hubei.teams, hubei.leaders) == (("team",), ())
    assert (panjin.share, panjin.leaders, panjin.teams) == ("headcount", (), ())
    found = [version.linking for version in programme("liaoyang-1994").versions]
    assert [rules and rules.gathered for rules in found] == [(), (), ("prefecture",), ("prefecture",)]
    for rules in found[2:]:
        assert rules is not None
        assert [leaders.ranks for leaders in rules.leaders] == [("bureau", "deputy-bureau")]


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


def test_the_quotas_of_hubei() -> None:
    """No single person has a quota of households, and a household has one team."""
    hubei = programme("hubei-2011")
    assert [(rule.kinds, rule.quota) for rule in hubei.helpers] == [(("team",), Quota(0))]
    assert [rule.quota for rule in hubei.households] == [Quota(1, 1)]


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
        f"programme: wanted one of gansu-2012, hubei-2011, liaoyang-1994, panjin-2010; got {got} [unknown-programme]"
    )
