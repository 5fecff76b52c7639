"""The laws of linking, on many small made-up provinces, and by hand."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, permutations, product
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairing as pr
from pairing.apportioning import apportion
from pairing.areas import LEVELS, Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError, CertificateError
from pairing.linking import Linking, link_villages
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Unit, Village
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, LeaderRule, LinkingRules
from pairing.synthetic import population

DAY = date(2012, 2, 8)
RANKS = ("bureau", "division", "section", "staff")
LEADERS = (LeaderRule(ranks=("bureau",), counties=Quota(1, 2), households=2),)
GONE, HERE = Span(DAY - timedelta(days=9), DAY), Span(DAY - timedelta(days=9), DAY + timedelta(days=1))
MANY = settings(deadline=None, max_examples=200)
SOME = settings(deadline=None, max_examples=80)


def policy(rules: LinkingRules | None = None) -> Policy:
    """Bureau rank at least three households, division two, section and staff one; clerks have no rule."""
    return Policy(
        "ours",
        (
            HelperRule(Quota(3, 6), ranks=("bureau",)),
            HelperRule(Quota(2, 4), ranks=("division",)),
            HelperRule(Quota(1, 3), ranks=("section", "staff")),
            HelperRule(Quota(1, None), kinds=("team",)),
        ),
        linking=rules or LinkingRules(),
    )


def made_up(random: Random, locked: bool = True, leaders: bool = True) -> Roster:
    """A small province, or one without a province; some townships and prefectures are left out."""
    areas: list[Area] = []
    tops = random.choice((("province", 1), ("prefecture", 2), ("county", 3)))
    waiting: list[tuple[str | None, int]] = [(None, LEVELS.index(tops[0]))]
    while waiting:
        parent, level = waiting.pop()
        count = tops[1] if parent is None else random.randint(1, 3 if level > 2 else 2)
        for n in range(count):
            code = f"{parent or 't'}{n}"
            areas.append(Area(code, code, LEVELS[level], parent))
            if level < 4:
                waiting.append((code, 4 if level == 2 and random.random() < 0.3 else level + 1))
    villages = [area.code for area in areas if area.level == "village"]
    units, helpers = [], []
    for n in range(random.randint(1, 12)):
        area = random.choice(areas)
        own = area.level if random.random() < 0.8 else random.choice(LEVELS)
        units.append(Unit(f"u{n}", own, area.code))
        for m in range(random.choice((0, 1, 1, 2, 3, 5))):
            ranks = RANKS if leaders else RANKS[1:]
            service = random.choice((None, None, HERE, GONE))
            rank, fit = random.choice(ranks), random.random() < 0.9
            helpers.append(Helper(f"{units[-1].id}.{m}", units[-1].id, rank, None, "cadre", service, fit=fit))
    households = [
        Household(f"h{village}.{n}", village, random.randint(0, 3), registered=random.choice((None, None, HERE, GONE)))
        for village in villages
        for n in range(random.choice((0, 1, 2, 3, 7)))
    ]
    facts = [
        Village(v, random.choice((0, 0, 4)), random.randint(0, 3), random.randint(0, 3))
        for v in villages
        if random.random() < 0.5
    ]
    pairs = [(unit.id, village) for unit in units for village in villages]
    links = [Link(*pair) for pair in pairs if locked and random.random() < 0.08]
    leading = [helper.id for helper in helpers if helper.rank == "bureau"]
    spots = [area.code for area in areas if area.level in ("county", "village")]
    personal = {OwnLink(random.choice(leading), random.choice(spots)) for _ in range(random.randint(0, 2)) if leading}
    return Roster(
        AreaTree(areas), units, helpers, households, links, own_links=personal if locked else (), villages=facts
    )


def with_teams(random: Random, roster: Roster) -> Roster:
    """Teams in place of the cadres."""
    teams = [
        Helper(
            f"{unit.id}.t{n}", unit.id, random.choice((None, "division")), None, "team", members=random.randint(1, 9)
        )
        for unit in roster.units
        for n in range(random.randint(0, 3))
    ]
    own = [
        OwnLink(t.id, a.code) for t in teams for a in roster.areas if a.level == "village" and random.random() < 0.03
    ]
    return attrs.evolve(roster, helpers=teams, own_links=own)


@st.composite
def rosters(draw: st.DrawFn, locked: bool = True, leaders: bool = True) -> Roster:
    return made_up(Random(draw(st.integers(0, 10**9))), locked, leaders)


RULES = st.builds(
    LinkingRules,
    method=st.sampled_from(("webster", "largest-remainder")),
    share=st.sampled_from(("headcount", "duty")),
    gathered=st.sampled_from(((), ("county",), ("township", "village"), LEVELS)),
    leaders=st.sampled_from(((), LEADERS)),
)
PLAIN = st.builds(
    LinkingRules,
    method=st.sampled_from(("webster", "largest-remainder")),
    share=st.sampled_from(("headcount", "duty")),
)


def linked(rules: LinkingRules, roster: Roster) -> Linking:
    return link_villages(policy(rules), roster, on=DAY)


def poor(roster: Roster) -> dict[str, int]:
    """How many households each poor village has, counted plainly."""
    found: Counter[str] = Counter()
    for household in roster.households:
        if household.registered is None or DAY in household.registered:
            found[household.village] += 1
    for village in roster.villages:
        found[village.code] += village.households
    return {village: count for village, count in found.items() if count}


def shares_of(roster: Roster, rules: LinkingRules, owners: Iterable[str] = ()) -> dict[str, int]:
    """What each unit's share is in proportion to, counted plainly."""
    floors = {"bureau": 3, "division": 2, "section": 1, "staff": 1}
    found: Counter[str] = Counter()
    for helper in roster.helpers:
        serves = helper.fit and (helper.service is None or DAY in helper.service)
        if serves and helper.kind == "cadre" and helper.id not in set(owners):
            found[helper.unit] += 1 if rules.share == "headcount" else floors[str(helper.rank)]
    return dict(found)


def reach(roster: Roster, unit: Unit) -> str:
    """The area in which a unit may go."""
    wanted = min(LEVELS.index(unit.level), 2)
    within = [area.code for area in roster.areas.chain(unit.area) if LEVELS.index(area.level) >= wanted]
    return within[-1] if within else unit.area


def may_go(roster: Roster, unit: Unit) -> set[str]:
    """The villages that lie where a unit may go."""
    area = reach(roster, unit)
    return {code for code in (area, *roster.areas.under(area)) if roster.areas[code].level == "village"}


def owners_of(linking: Linking) -> set[str]:
    """Who has villages of their own."""
    areas = linking.roster.areas
    return {link.helper for link in linking.own_links if areas[link.area].level == "village"}


# --- the laws


def test_the_cases_are_of_every_kind() -> None:
    """Among two hundred cases each thing that a law speaks of occurs, and often enough."""
    seen: Counter[str] = Counter()
    for seed in range(200):
        roster = made_up(Random(seed))
        linking = linked(LinkingRules(gathered=("county",), leaders=LEADERS), roster)
        plain = linked(LinkingRules(), roster)
        teams = with_teams(Random(seed), roster)
        led = linked(LinkingRules(teams=("team",)), teams)
        villages_of = Counter(link.helper for link in led.own_links)
        teams_of = Counter(link.area for link in led.own_links)
        facts = {
            "locked": bool(roster.links),
            "unlinked": bool(plain.unlinked),
            "idle": bool(plain.idle),
            "several links of a unit": max(Counter(link.unit for link in plain.links).values(), default=0) > 1,
            "several links of a village": max(Counter(link.village for link in plain.links).values(), default=0) > 1,
            "a link that carries nothing": 0 in plain.loads.values(),
            "leaders": bool(set(linking.own_links) - set(roster.own_links)),
            "leaders without": any(id not in {unit.id for unit in roster.units} for id, _ in linking.idle),
            "more links than the bound": len(plain.links) > plain.bound,
            "a team of several villages": max(villages_of.values(), default=0) > 1,
            "a village of several teams": max(teams_of.values(), default=0) > 1,
        }
        seen.update(fact for fact, holds in facts.items() if holds)
        seen.update(dict.fromkeys(facts, 0))
    assert min(seen.values()) >= 8, seen


@MANY
@given(RULES, rosters())
def test_every_answer_is_verified(rules: LinkingRules, roster: Roster) -> None:
    """The check accepts every answer."""
    linking = linked(rules, roster)
    assert linking.verify()
    assert "\n" not in repr(linking)
    assert str(linking.villages) in linking.summary()
    event("unlinked" if linking.unlinked else "all linked")


@MANY
@given(RULES, rosters())
def test_every_poor_village_is_linked_where_somebody_may_go(rules: LinkingRules, roster: Roster) -> None:
    """A poor village has a unit, unless only gathered units or none may go there: then it is named with the reason."""
    linking = linked(rules, roster)
    weights = shares_of(roster, rules, owners_of(linking))
    has = {link.village for link in linking.links if link.unit in weights}
    free = [unit for unit in roster.units if unit.id in weights and unit.level not in rules.gathered]
    reachable = {village for unit in free for village in may_go(roster, unit)}
    named = dict(linking.unlinked)
    for village in poor(roster):
        assert (village in has) != (village in named)
        assert village in has or village not in reachable
    assert linking.villages == pr.Share(len(poor(roster)) - len(named), len(poor(roster)))


@MANY
@given(RULES, rosters())
def test_every_unit_with_a_share_has_a_village(rules: LinkingRules, roster: Roster) -> None:
    """A unit with helpers who count has a village, if there is a poor one where it may go; else it is named."""
    linking = linked(rules, roster)
    weights = shares_of(roster, rules, owners_of(linking))
    assert set(linking.shares) == set(weights)
    has = {link.unit for link in linking.links if link.village in poor(roster)}
    for unit in roster.units:
        if unit.id in weights:
            assert unit.id in has or not may_go(roster, unit) & poor(roster).keys()
            assert (unit.id in has) != (unit.id in idle(linking))


@MANY
@given(RULES, rosters())
def test_e6_shares_add_up(rules: LinkingRules, roster: Roster) -> None:
    """The loads of a village's links add up to its households, and those of a unit's links to its share."""
    linking = linked(rules, roster)
    by_village: Counter[str] = Counter()
    by_unit: Counter[str] = Counter()
    for link, load in linking.loads.items():
        assert load >= 0
        by_village[link.village] += load
        by_unit[link.unit] += load
    gone = dict(linking.unlinked)
    assert +by_village == {village: count for village, count in poor(roster).items() if village not in gone}
    assert +by_unit == +Counter(linking.shares)


@MANY
@given(RULES, rosters())
def test_new_links_lie_where_the_unit_may_go_and_locked_ones_stay(rules: LinkingRules, roster: Roster) -> None:
    """What is laid down stays, and every other link lies within the jurisdiction of its unit."""
    linking = linked(rules, roster)
    assert set(roster.links) <= set(linking.links)
    assert set(roster.own_links) <= set(linking.own_links)
    for link in set(linking.links) - set(roster.links):
        assert link.village in may_go(roster, roster.unit(link.unit))


@MANY
@given(PLAIN, rosters(locked=False))
def test_links_are_few(rules: LinkingRules, roster: Roster) -> None:
    """Beside those that carry nothing there are fewer links than units and villages, and never fewer than the bound."""
    linking = linked(rules, roster)
    loaded = [link for link, load in linking.loads.items() if load]
    units, villages = {link.unit for link in loaded}, {link.village for link in loaded}
    assert len(loaded) <= max(0, len(units) + len(villages) - 1)
    without = linking.shares.keys() - units - idle(linking)
    assert len(linking.links) - len(loaded) == len(without)
    working = len(linking.shares) - len(linking.shares.keys() & idle(linking))
    assert max(working, linking.villages.part if working else 0) <= len(linking.links)
    assert working <= linking.bound <= len(linking.links)


def idle(linking: Linking) -> set[str]:
    return {id for id, _ in linking.idle}


@SOME
@given(RULES, rosters(), st.randoms(use_true_random=False))
def test_the_order_of_rows_shows_nowhere(rules: LinkingRules, roster: Roster, random: Any) -> None:
    """Shuffled tables give the same links, shares and reasons."""
    tables = ("units", "helpers", "households", "links", "own_links", "villages")
    parts: dict[str, Any] = {name: list(getattr(roster, name)) for name in tables}
    for part in parts.values():
        random.shuffle(part)
    areas = list(roster.areas)
    random.shuffle(areas)
    other = linked(rules, attrs.evolve(roster, areas=AreaTree(areas), **parts))
    assert other == linked(rules, roster)


@SOME
@given(PLAIN, rosters(locked=False))
def test_linking_what_is_linked_changes_nothing(rules: LinkingRules, roster: Roster) -> None:
    """With all links laid down, the same links come out, and the same loads."""
    first = linked(rules, roster)
    again = linked(rules, roster.linked(first.links, first.own_links))
    assert again == first


@MANY
@given(rosters(), st.sampled_from((("county",), LEVELS, ("township", "village"))))
def test_gathered_units_have_one_village(roster: Roster, gathered: tuple[str, ...]) -> None:
    """A unit of a gathered level has one village, or those that are laid down."""
    linking = linked(LinkingRules(gathered=gathered), roster)
    for unit in linking.shares:
        if roster.unit(unit).level in gathered:
            mine = {link.village for link in linking.links if link.unit == unit and link.village in poor(roster)}
            assert len(mine) <= 1 or mine <= set(roster.villages_of(unit))


@MANY
@given(rosters())
def test_leaders_are_nested(roster: Roster) -> None:
    """A leader has counties within the quota, one village in one of them, and there are households enough for all."""
    linking = linked(LinkingRules(leaders=LEADERS), roster)
    areas, named = roster.areas, idle(linking)
    room: Counter[str] = Counter()
    for leader in roster.helpers:
        fits = leader.rank == "bureau" and leader.fit and (leader.service is None or DAY in leader.service)
        mine = [link.area for link in linking.own_links if link.helper == leader.id]
        before = roster.own_areas(leader.id)
        if not fits:
            assert set(mine) == set(before)
            continue
        counties = [area for area in mine if areas[area].level == "county"]
        villages = [area for area in mine if areas[area].level == "village"]
        old = {areas.at(area, "county") for area in before}
        assert len(counties) <= max(2, len(old))
        assert all(areas.at(village, "county") in counties for village in villages)
        assert len(villages) == 1 or leader.id in named or set(villages) <= set(before)
        for village in set(villages) - set(before):
            room[village] += 2
    listed = Counter(h.village for h in roster.households if h.registered is None or DAY in h.registered)
    assert all(room[village] <= listed[village] for village in room)


@MANY
@given(rosters(locked=False), st.randoms(use_true_random=False))
def test_teams_have_whole_villages(roster: Roster, random: Any) -> None:
    """Every poor village where a team may go has one, and every team has a village, if there is one where it may go."""
    roster = with_teams(random, roster)
    linking = linked(LinkingRules(teams=("team",)), roster)
    assert linking.verify()
    assert not linking.links
    own = defaultdict(set)
    for link in linking.own_links:
        own[link.helper].add(link.area)
    villages = poor(roster).keys()
    near = {team.id: may_go(roster, roster.unit(team.unit)) & villages for team in roster.helpers}
    for team in roster.helpers:
        assert own[team.id] or not near[team.id]
        assert own[team.id] <= near[team.id] | set(roster.own_areas(team.id))
    taken = set().union(*own.values())
    for village in villages:
        assert village in taken or all(village not in within for within in near.values())
    assert dict(linking.unlinked).keys() == villages - taken


# --- against counting through everything


def county_of(*villages: tuple[str, int], units: Iterable[Unit] = (), helpers: Iterable[Helper] = ()) -> Roster:
    """One county, with villages and how many households they have; a village "v" lies in the township "t" if told."""
    areas = [Area("c", "c", "county"), Area("t", "t", "township", "c"), Area("s", "s", "township", "c")]
    areas += [Area(code, code, "village", "s" if code.startswith("s-") else "t") for code, _ in villages]
    households = [Household(f"{code}.{n}", code) for code, count in villages for n in range(count)]
    return Roster(AreaTree(areas), units, helpers, households)


def staff(unit: str, count: int, rank: str = "staff") -> list[Helper]:
    return [Helper(f"{unit}.{rank}.{n}", unit, rank) for n in range(count)]


def test_shares_are_in_proportion_to_heads_or_duty() -> None:
    """Ten households for two units: three and two helpers, of whom one has to take three households."""
    units = [Unit("u", "county", "c"), Unit("v", "county", "c")]
    helpers = [*staff("u", 3), *staff("v", 1), *staff("v", 1, "bureau")]
    roster = county_of(("x", 5), ("y", 5), units=units, helpers=helpers)
    assert dict(linked(LinkingRules(), roster).shares) == {"u": 6, "v": 4}
    assert dict(linked(LinkingRules(share="duty"), roster).shares) == {"u": 4, "v": 6}


def test_the_own_township_comes_first_and_what_fits_just_before_a_row() -> None:
    """Each unit of a township goes to its own village, and one whose share is just a village's has that alone."""
    units = [Unit("a", "county", "c"), Unit("b", "township", "s"), Unit("d", "township", "t")]
    helpers = [*staff("a", 5), *staff("b", 2), *staff("d", 3)]
    roster = county_of(("s-1", 2), ("x", 5), ("y", 3), units=units, helpers=helpers)
    linking = linked(LinkingRules(), roster)
    assert dict(linking.loads) == {Link("a", "x"): 5, Link("b", "s-1"): 2, Link("d", "y"): 3}
    assert len(linking.links) == linking.bound == 3


def test_a_full_county_leaves_the_rest_to_the_province() -> None:
    """Where the county's own helpers have less than others, the province's unit goes there and not to the other one."""
    areas = [Area("p", "p", "province"), Area("a", "a", "county", "p"), Area("b", "b", "county", "p")]
    areas += [Area("av", "av", "village", "a"), Area("bv", "bv", "village", "b")]
    units = [Unit("p", "province", "p"), Unit("a", "county", "a"), Unit("b", "county", "b")]
    helpers = [*staff("p", 2), *staff("a", 5), *staff("b", 1)]
    households = [Household(f"a{n}", "av") for n in range(5)] + [Household(f"b{n}", "bv") for n in range(9)]
    linking = linked(LinkingRules(), Roster(AreaTree(areas), units, helpers, households))
    assert dict(linking.shares) == {"a": 5, "b": 3, "p": 6}
    assert [link.village for link in linking.links] == ["av", "bv", "bv"]


def test_units_with_tiny_shares_and_villages_with_tiny_loads_have_a_link() -> None:
    """Four units and one household: all are linked there; one unit and four villages of one household: all are."""
    many = [Unit(f"u{n}", "county", "c") for n in range(4)]
    one = county_of(("x", 1), units=many, helpers=[helper for unit in many for helper in staff(unit.id, 2)])
    assert {link.village for link in linked(LinkingRules(), one).links} == {"x"}
    assert len(linked(LinkingRules(), one).links) == 4
    tiny = county_of(*((f"x{n}", 1) for n in range(4)), units=many[:1], helpers=staff("u0", 1))
    assert [link.village for link in linked(LinkingRules(), tiny).links] == ["x0", "x1", "x2", "x3"]


def test_a_locked_link_counts() -> None:
    """Who carries a village already by a locked link takes on nothing elsewhere."""
    units = [Unit("u", "county", "c"), Unit("v", "county", "c")]
    roster = county_of(("x", 4), ("y", 4), units=units, helpers=[*staff("u", 2), *staff("v", 2)])
    assert dict(linked(LinkingRules(), roster).loads) == {Link("u", "x"): 4, Link("v", "y"): 4}
    linking = linked(LinkingRules(), roster.linked([Link("u", "y")], []))
    assert dict(linking.loads) == {Link("u", "y"): 4, Link("v", "x"): 4}


def test_who_does_not_serve_or_has_a_village_of_its_own_does_not_count() -> None:
    """Unfit, gone, without a rule, or linked personally: none of them is a helper who counts for the unit."""
    helpers = [
        *staff("u", 1),
        Helper("gone", "u", "staff", service=GONE),
        Helper("unfit", "u", "staff", fit=False),
        Helper("own", "u", "staff"),
        Helper("no-rule", "u", "clerk"),
        *staff("v", 1),
    ]
    units = [Unit("u", "county", "c"), Unit("v", "county", "c"), Unit("w", "county", "c")]
    roster = county_of(("x", 4), ("y", 4), units=units, helpers=helpers).linked([], [OwnLink("own", "y")])
    linking = linked(LinkingRules(), roster)
    assert dict(linking.shares) == {"u": 4, "v": 4}
    assert linking.idle == (("w", "none of its helpers takes on households on that day"),)


def test_a_village_where_nobody_may_go_is_named() -> None:
    """A county without a unit is unlinked, and its villages are told with the reason."""
    areas = [Area("c", "c", "county"), Area("d", "d", "county"), Area("x", "x", "village", "c")]
    areas += [Area("y", "y", "village", "d")]
    households = [Household("1", "x"), Household("2", "y")]
    roster = Roster(AreaTree(areas), [Unit("u", "township", "c")], staff("u", 1), households)
    linking = linked(LinkingRules(), roster)
    assert linking.unlinked == (("y", "no unit that has a share may go there"),)
    assert linking.villages == pr.Share(1, 2)
    assert linking.verify()
    assert "not linked: 1 (no unit that has a share may go there)" in linking.summary()


@pytest.mark.parametrize("households", [1, 10, 1_000, 99_999])
def test_the_columns_of_the_page_stay_apart(households: int) -> None:
    """Each level has a row of five cells below as many heads, however many households there are for each helper."""
    roster = Roster(
        AreaTree([Area("v", "上坪村", "village")]),
        [Unit("u", "county", "v")],
        [Helper("a", "u", "staff")],
        villages=[Village("v", households=households)],
    )
    heads, row = link_villages(policy(), roster, on=DAY).summary().splitlines()[-2:]
    assert re.split("  +", heads.strip()) == ["level", "units", "helpers", "households", "for each helper"]
    rate = f"{households}.00"
    told = ["county", "1", "1", f"{households:,}", f"{rate} to {rate}, {rate} in all"]
    assert re.split("  +", row.strip()) == told


def test_the_larger_unit_is_gathered_on_the_larger_village() -> None:
    """With levels gathered, one village each, the largest unit where most is to be carried; others carry the rest."""
    units = [Unit("a", "county", "c"), Unit("b", "county", "c"), Unit("t", "township", "t")]
    helpers = [*staff("a", 2), *staff("b", 6), *staff("t", 2)]
    roster = county_of(("x", 3), ("y", 6), ("z", 1), units=units, helpers=helpers)
    linking = linked(LinkingRules(gathered=("county",)), roster)
    assert dict(linking.loads) == {Link("a", "x"): 2, Link("b", "y"): 6, Link("t", "x"): 1, Link("t", "z"): 1}
    alone = linked(LinkingRules(gathered=LEVELS), roster.linked([], []))
    assert {link.village for link in alone.links} == {"x", "y", "z"}


def leaders_world(random: Random) -> tuple[Roster, list[Helper]]:
    """A province of a few counties, each with villages of some households; up to four leaders."""
    areas, households, facts = [Area("p", "p", "province")], [], []
    for county in "abc"[: random.randint(1, 3)]:
        areas.append(Area(county, county, "county", "p"))
        for n in range(random.randint(1, 3)):
            village = f"{county}{n}"
            areas.append(Area(village, village, "village", county))
            facts.append(Village(village, 0, random.randint(0, 4)))
            count = random.choice((1, 2, 3, 5))
            households += [Household(f"{village}.{m}", village, random.randint(0, 3)) for m in range(count)]
    leaders = [Helper(f"l{n}", "u", random.choice(RANKS)) for n in range(random.randint(1, 4))]
    return Roster(AreaTree(areas), [Unit("u", "province", "p")], leaders, households, villages=facts), leaders


def leading_value(roster: Roster, counties: dict[str, tuple[str, ...]]) -> tuple[Any, ...]:
    """What is made small in giving counties: too few, uneven numbers, rank × place of the county negatively."""
    rank = {helper.id: 11 - pr.LADDER.position(helper.rank) for helper in roster.helpers}
    hard: dict[str, list[int]] = defaultdict(list)
    for household in roster.households:
        hard[household.village[0]].append(household.difficulty)
    rates = {county: Fraction(sum(all_), len(all_)) for county, all_ in hard.items()}
    order = {rate: place for place, rate in enumerate(sorted(set(rates.values())), 1)}
    count = Counter(county for mine in counties.values() for county in mine)
    return (
        -len(count) - sum(bool(mine) for mine in counties.values()),
        sum(len(mine) ** 2 for mine in counties.values()),
        sum(n * n for n in count.values()),
        -sum(rank[leader] * order[rates[county]] for leader, mine in counties.items() for county in mine),
    )


@SOME
@given(st.integers(0, 10**9))
def test_leaders_are_given_the_best_counties_and_villages(seed: int) -> None:
    """Nothing better is found by counting through all counties for leaders, and then all villages in these."""
    roster, leaders = leaders_world(Random(seed))
    linking = linked(LinkingRules(leaders=(LeaderRule(counties=Quota(1, 2), households=2),)), roster)
    assert linking.verify()
    mine: dict[str, list[str]] = {leader.id: [] for leader in leaders}
    villages: dict[str, str] = {}
    for link in linking.own_links:
        if len(link.area) == 1:
            mine[link.helper].append(link.area)
        else:
            villages[link.helper] = link.area
    size = Counter(household.village for household in roster.households)
    fine = sorted({village[0] for village in size if size[village] >= 2})
    choices = [(), *((county,) for county in fine), *combinations(fine, 2)]
    ids = [leader.id for leader in leaders]
    best = min(leading_value(roster, dict(zip(ids, all_, strict=True))) for all_ in product(choices, repeat=len(ids)))
    assert leading_value(roster, {leader: tuple(found) for leader, found in mine.items()}) == best
    rank = {helper.id: 11 - pr.LADDER.position(helper.rank) for helper in leaders}
    hardness = {
        village: roster.village(village).remoteness
        + Fraction(sum(h.difficulty for h in roster.households_in(village)), size[village])
        for village in size
    }

    def worth(given: dict[str, str]) -> tuple[int, Fraction]:
        return len(given), sum((rank[leader] * hardness[village] for leader, village in given.items()), Fraction(0))

    most = (0, Fraction(0))
    for all_ in product(["", *sorted(size)], repeat=len(ids)):
        given_ = {leader: village for leader, village in zip(ids, all_, strict=True) if village}
        room = Counter(given_.values())
        legal = all(village[0] in mine[leader] for leader, village in given_.items())
        if legal and all(2 * count <= size[village] for village, count in room.items()):
            most = max(most, worth(given_))
    assert worth(villages) == most


def test_provincial_leaders_of_gansu() -> None:
    """Two leaders and three counties: one or two counties each, one village, and the harder for the higher."""
    areas = [Area("p", "p", "province")]
    households, facts = [], []
    for place, county in enumerate("abc"):
        areas += [Area(county, county, "county", "p"), Area(f"{county}1", "v", "village", county)]
        areas.append(Area(f"{county}2", "v", "village", county))
        households += [Household(f"{county}.{n}", f"{county}{1 + n % 2}", place) for n in range(12)]
        facts.append(Village(f"{county}2", remoteness=3))
    leaders = [Helper("first", "u", "province"), Helper("second", "u", "deputy-province")]
    unit = Unit("u", "province", "p")
    cadres = [Helper(f"c{n}", "w", "staff") for n in range(9)]
    roster = Roster(
        AreaTree(areas), [unit, Unit("w", "province", "p")], [*leaders, *cadres], households, villages=facts
    )
    ours = attrs.evolve(
        pr.programme("gansu-2012"), linking=LinkingRules(leaders=(LeaderRule(ranks=("province", "deputy-province")),))
    )
    linking = link_villages(ours, roster, on=DAY)
    assert linking.verify()
    own = defaultdict(list)
    for link in linking.own_links:
        own[link.helper].append(link.area)
    assert own == {"first": ["b", "c", "c2"], "second": ["a", "a2"]}
    assert {link.village for link in linking.links} == {area.code for area in areas if area.level == "village"}
    plan = pr.pair(ours, roster.linked(linking.links, linking.own_links), on=DAY)
    assert plan.coverage.part == plan.coverage.whole


def test_teams_in_proportion_to_members_the_hardest_for_the_highest() -> None:
    """Six villages for teams of four and two members: four and two; the team of higher rank has the hardest."""
    areas = [Area("c", "c", "county"), *(Area(f"v{n}", "v", "village", "c") for n in range(6))]
    facts = [Village(f"v{n}", households=100, remoteness=n) for n in range(6)]
    teams = [
        Helper("one", "u", kind="team", members=4),
        Helper("two", "u", "division", kind="team", members=2),
    ]
    roster = Roster(AreaTree(areas), [Unit("u", "county", "c")], teams, villages=facts)
    linking = linked(LinkingRules(teams=("team",)), roster)
    assert [(link.helper, link.area) for link in linking.own_links] == [
        *(("one", f"v{n}") for n in range(4)),
        ("two", "v4"),
        ("two", "v5"),
    ]
    assert (linking.links, linking.unlinked, linking.idle, linking.bound) == ((), (), (), 0)


def test_several_teams_share_a_village_in_proportion_to_households() -> None:
    """Six teams and two villages, of 300 and 100 households: four or five teams for the larger one."""
    areas = [Area("c", "c", "county"), Area("v", "v", "village", "c"), Area("w", "w", "village", "c")]
    facts = [Village("v", households=300), Village("w", households=100)]
    teams = [Helper(f"t{n}", "u", kind="team") for n in range(8)]
    linking = linked(
        LinkingRules(teams=("team",)), Roster(AreaTree(areas), [Unit("u", "county", "c")], teams, villages=facts)
    )
    assert Counter(link.area for link in linking.own_links) == {"v": 6, "w": 2}


@SOME
@given(st.lists(st.sampled_from(RANKS), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_within_a_pool_the_hardest_villages_go_to_the_highest_teams(ranks: list[str], random: Any) -> None:
    """No other way to deal the same numbers of villages has a greater sum of rank × hardness."""
    count = random.randint(len(ranks), 6)
    areas = [Area("c", "c", "county"), *(Area(f"v{n}", "v", "village", "c") for n in range(count))]
    facts = [Village(f"v{n}", 10, random.randint(0, 3), random.randint(0, 3)) for n in range(count)]
    teams = [Helper(f"t{n}", "u", rank, kind="team", members=random.randint(1, 3)) for n, rank in enumerate(ranks)]
    roster = Roster(AreaTree(areas), [Unit("u", "county", "c")], teams, villages=facts)
    linking = linked(LinkingRules(teams=("team",)), roster)
    height = {team.id: 11 - pr.LADDER.position(team.rank) for team in teams}
    hard = [fact.remoteness + fact.difficulty for fact in facts]
    found = sum(height[link.helper] * hard[int(link.area[1:])] for link in linking.own_links)
    slots = [height[link.helper] for link in linking.own_links]
    assert found == max(sum(a * b for a, b in zip(slots, order, strict=True)) for order in permutations(hard))


@MANY
@given(PLAIN, rosters(locked=False))
def test_e6_units_of_one_jurisdiction_have_what_the_method_gives(rules: LinkingRules, roster: Roster) -> None:
    """Units that may go to the same places share by the named method, one each first where there is enough."""
    linking = linked(rules, roster)
    weights = shares_of(roster, rules)
    pools: dict[str, list[str]] = defaultdict(list)
    for unit in linking.shares:
        pools[reach(roster, roster.unit(unit))].append(unit)
    for pool in pools.values():
        found = {unit: linking.shares[unit] for unit in pool}
        wanted = {unit: weights[unit] for unit in pool}
        ways = [apportion(sum(found.values()), wanted, rules.method, least) for least in (0, 1)]
        assert found in ways


def test_a_hundredth_of_gansu() -> None:
    """With headcount and with duty alike, all are covered both ways after linking, and the proof holds."""
    roster = population("gansu-2012", scale=0.01).linked([], [])
    for share in ("headcount", "duty"):
        ours = attrs.evolve(pr.programme("gansu-2012"), linking=LinkingRules(share=share))
        linking = link_villages(ours, roster, on=DAY)
        assert linking.verify()
        assert linking.villages == pr.Share(88, 88)
        assert len(linking.links) < len(roster.units) + 88
        plan = pr.pair(ours, roster.linked(linking.links, linking.own_links), on=DAY)
        assert not plan.shortfalls
        assert plan.units.part == plan.units.whole == len(roster.units)


# --- the check, and wrong arguments


@MANY
@given(RULES, rosters(), st.integers(0, 11))
def test_the_check_tells_what_is_wrong(rules: LinkingRules, roster: Roster, fault: int) -> None:
    """A link taken away, added elsewhere, or loads, shares and counts that were changed are not accepted."""
    linking = linked(rules, roster)
    parts: dict[str, Any] = {}
    if fault == 0 and linking.links:
        parts = {"links": linking.links[:-1]}
    elif fault == 1 and linking.loads:
        first = linking.links[0]
        parts = {"loads": {**linking.loads, first: linking.loads[first] + 1}}
    elif fault == 2 and linking.shares:
        first_unit = next(iter(linking.shares))
        parts = {"shares": {**linking.shares, first_unit: linking.shares[first_unit] + 1}}
    elif fault == 3:
        parts = {"villages": pr.Share(linking.villages.part + 1, linking.villages.whole)}
    elif fault == 4 and linking.unlinked:
        parts = {"unlinked": linking.unlinked[1:]}
    elif fault == 5 and len(linking.links) > 1:
        turned = linking.links[::-1]
        parts = {"links": turned, "loads": {link: linking.loads[link] for link in turned}}
    elif fault == 6:
        parts = {"bound": linking.bound + len(linking.links) + 1}
    elif fault == 7:
        beyond = [
            Link(unit.id, village)
            for unit in roster.units
            for village in sorted(poor(roster).keys() - may_go(roster, unit))
            if Link(unit.id, village) not in linking.links
        ]
        if beyond:
            loads = {**linking.loads, beyond[0]: 0}
            parts = {"links": tuple(sorted(loads)), "loads": {link: loads[link] for link in sorted(loads)}}
    elif fault == 8 and roster.links:
        gone = roster.links[0]
        loads = {link: load for link, load in linking.loads.items() if link != gone}
        parts = {"links": tuple(loads), "loads": loads}
    elif fault == 9 and rules.leaders:
        new = [
            link
            for link in linking.own_links
            if link not in roster.own_links and roster.areas[link.area].level == "village"
        ]
        if new:
            parts = {"own_links": tuple(link for link in linking.own_links if link != new[0])}
    elif fault == 10 and roster.own_links:
        parts = {"own_links": tuple(link for link in linking.own_links if link != roster.own_links[0])}
    elif fault == 11 and linking.unlinked == () and poor(roster):
        parts = {"unlinked": ((min(poor(roster)), "lost"),)}
    if parts:
        event(f"fault {fault}")
        with pytest.raises(CertificateError):
            attrs.evolve(linking, **parts).verify()


def test_wrong_arguments() -> None:
    """Arguments of other types, and a policy that does not say how to link, are told."""
    roster = county_of(("x", 1))
    with pytest.raises(ArgumentError, match="bad-type"):
        link_villages("policy", roster, on=DAY)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="bad-type"):
        link_villages(policy(), None, on=DAY)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="bad-date"):
        link_villages(policy(), roster, on=2012)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="no-linking"):
        link_villages(attrs.evolve(policy(), linking=None), roster, on=DAY)


def test_an_empty_roster() -> None:
    """Nobody and nothing: no links, and it is verified."""
    linking = linked(LinkingRules(leaders=LEADERS, teams=("team",)), Roster(AreaTree()))
    assert (linking.links, linking.own_links, linking.villages) == ((), (), pr.Share(0, 0))
    assert linking.verify()


def test_a_locked_pair_brings_its_link() -> None:
    """A pair that is locked has the link that it needs, whatever the proportions say; a leader's is an own link."""
    areas = AreaTree(
        [Area("c", "岷县", "county"), Area("v", "上坪村", "village", "c"), Area("w", "下坪村", "village", "c")]
    )
    roster = Roster(
        areas,
        [Unit("u", "county", "c"), Unit("w", "county", "c")],
        [Helper("ann", "u", "staff"), Helper("bo", "w", "staff"), Helper("cy", "w", "province")],
        [Household(f"h{n}", "v" if n < 5 else "w") for n in range(10)],
        named=[NamedPair("ann", "h0", "locked"), NamedPair("bo", "h9", "locked"), NamedPair("cy", "h1", "locked")],
    )
    rules = LinkingRules(leaders=(LeaderRule(ranks=("province",), counties=Quota(1, 1), households=1),))
    policy = Policy("ours", (HelperRule(Quota(1, 9)),), linking=rules)
    linking = link_villages(policy, roster, on=date(2012, 2, 8))
    assert {Link("u", "v"), Link("w", "w")} <= set(linking.links)
    assert OwnLink("cy", "v") in linking.own_links
    assert linking.verify()
    plan = pr.pair(policy, roster, on=date(2012, 2, 8))
    assert {("ann", "h0"), ("bo", "h9"), ("cy", "h1")} <= {(p.helper, p.household) for p in plan.pairings}
    assert plan.verify()
