"""The laws of linking, on many small made-up provinces, and by hand."""

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
from pairing.areas import LEVELS, Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError, CertificateError
from pairing.linking import Linking, link_villages
from pairing.people import Helper, Household, Link, OwnLink, Unit, Village
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
    """Bureau rank at least three households, division two, everybody else one; who has the post "guest" has no rule."""
    posts = (None, "guest")
    assert posts
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
        level = area.level if random.random() < 0.8 else random.choice(LEVELS)
        units.append(Unit(f"u{n}", level, area.code))
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
    own = {OwnLink(random.choice(leading), random.choice(spots)) for _ in range(random.randint(0, 2)) if leading}
    return Roster(
        AreaTree(areas), units, helpers, households, links, own_links=own if locked else (), villages=facts
    )


def with_teams(random: Random, roster: Roster) -> Roster:
    """Teams in place of the cadres."""
    teams = [
        Helper(f"{unit.id}.t{n}", unit.id, random.choice((None, "division")), None, "team", members=random.randint(1, 9))
        for unit in roster.units
        for n in range(random.randint(0, 3))
    ]
    own = [OwnLink(t.id, a.code) for t in teams for a in roster.areas if a.level == "village" and random.random() < 0.03]
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


def may_go(roster: Roster, unit: Unit) -> set[str]:
    """The villages that lie where a unit may go."""
    wanted = min(LEVELS.index(unit.level), 2)
    chain = roster.areas.chain(unit.area)
    reach = [area.code for area in chain if LEVELS.index(area.level) >= wanted] or [unit.area]
    return {code for code in (reach[-1], *roster.areas.under(reach[-1])) if roster.areas[code].level == "village"}


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
    """Of one area there are fewer links than units and villages, beside those that carry nothing; not below the bound."""
    linking = linked(rules, roster)
    loaded = [link for link, load in linking.loads.items() if load]
    units, villages = {link.unit for link in loaded}, {link.village for link in loaded}
    assert len(loaded) <= max(0, len(units) + len(villages) - 1)
    assert len(linking.links) >= linking.bound
    unlinked = dict(linking.unlinked)
    count = [len({link.unit for link in linking.links}), len(poor(roster)) - len(unlinked)]
    assert linking.bound >= max(0, count[0])
    assert sum(not load for load in linking.loads.values()) == len(linking.shares.keys() - units - idle(linking))


def idle(linking: Linking) -> set[str]:
    return {id for id, _ in linking.idle}


@SOME
@given(RULES, rosters(), st.randoms(use_true_random=False))
def test_the_order_of_rows_shows_nowhere(rules: LinkingRules, roster: Roster, random: Any) -> None:
    """Shuffled tables give the same links, shares and reasons."""
    tables = ("units", "helpers", "households", "links", "own_links", "villages")
    parts = {name: list(getattr(roster, name)) for name in tables}
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
    reach = {team.id: may_go(roster, roster.unit(team.unit)) & villages for team in roster.helpers}
    for team in roster.helpers:
        assert own[team.id] or not reach[team.id]
        assert own[team.id] <= reach[team.id] | set(roster.own_areas(team.id))
    taken = set().union(*own.values())
    for village in villages:
        assert village in taken or all(village not in within for within in reach.values())
    assert dict(linking.unlinked).keys() == villages - taken
