"""Made-up populations: their exact figures, their structure, and that the programmes' rules can be met in them."""

import gzip
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python.max_flow import SimpleMaxFlow

import pairing.programmes
import pairing.synthetic
from pairing.errors import ArgumentError
from pairing.people import Helper, Household, Unit
from pairing.roster import Roster
from pairing.synthetic import NEEDS, PROGRAMMES, SKILLS, population

DATA = Path(pairing.synthetic.__file__).parent / "data"
CHINESE = re.compile("[\u4e00-\u9fff]+")
BUREAU, DIVISION = ("bureau", "deputy-bureau"), ("division", "deputy-division")
START, END = date(1994, 10, 1), date(1996, 12, 31)

LIUPAN = CHINESE.findall(
    "永登县 皋兰县 榆中县 靖远县 会宁县 景泰县 麦积区 清水县 秦安县 甘谷县 武山县 张家川回族自治县 "
    "古浪县 崆峒区 泾川县 灵台县 庄浪县 静宁县 庆城县 环县 华池县 合水县 正宁县 宁县 "
    "镇原县 安定区 通渭县 陇西县 渭源县 临洮县 漳县 岷县 临夏市 临夏县 康乐县 永靖县 "
    "广河县 和政县 东乡族自治县 积石山保安族东乡族撒拉族自治县"
)
QINBA = CHINESE.findall("武都区 成县 文县 宕昌县 康县 西和县 礼县 徽县 两当县")
TIBETAN = CHINESE.findall("合作市 临潭县 卓尼县 舟曲县 迭部县 玛曲县 碌曲县 夏河县 天祝藏族自治县")
FIELDS = (
    ("areas", ("code", "name", "level", "parent")),
    ("units", ("id", "level", "area", "parent", "name")),
    ("helpers", ("id", "unit", "rank", "post", "kind", "service", "members", "skills", "name")),
    ("households", ("id", "village", "difficulty", "persons", "hamlet", "needs", "registered", "name")),
    ("links", ("unit", "village")),
    ("villages", ("code", "households", "remoteness", "difficulty")),
)
LIVES = (("helpers", ("id", "division", "birth", "sex")),)
LISTED = tuple(name for name in PROGRAMMES if name != "hubei-2011")
"""The programmes in whose populations households are listed one by one, and units are linked."""


@pytest.fixture(scope="module")
def gansu() -> Roster:
    return population("gansu-2012")


@pytest.fixture(scope="module")
def hubei() -> Roster:
    return population("hubei-2011")


@pytest.fixture(scope="module")
def liaoyang() -> Roster:
    return population("liaoyang-1994")


@pytest.fixture(scope="module")
def panjin() -> Roster:
    return population("panjin-2010")


def levels(roster: Roster) -> Counter[str]:
    return Counter(area.level for area in roster.areas)


def bounds_2012(helper: Helper) -> tuple[int, int]:
    return (3, 6) if helper.rank in BUREAU else (2, 4) if helper.rank in DIVISION else (1, 3)


def always(low: int, high: int) -> Callable[[Helper], tuple[int, int]]:
    return lambda helper: (low, high)


def circulates(arcs: Iterable[tuple[Any, Any, int, int]]) -> bool:
    """Whether flow can go from "source" to "sink" with each arc (tail, head, low, high) within its bounds."""
    number: dict[Any, int] = defaultdict(lambda: len(number))
    flow = SimpleMaxFlow()
    excess: Counter[Any] = Counter()
    for tail, head, low, high in arcs:
        flow.add_arc_with_capacity(number[tail], number[head], high - low)
        excess[head] += low
        excess[tail] -= low
    flow.add_arc_with_capacity(number["sink"], number["source"], 10**9)
    for node, amount in excess.items():
        if amount > 0:
            flow.add_arc_with_capacity(number["super-source"], number[node], amount)
        elif amount < 0:
            flow.add_arc_with_capacity(number[node], number["super-sink"], -amount)
    assert flow.solve(number["super-source"], number["super-sink"]) == flow.OPTIMAL
    return bool(flow.optimal_flow() == sum(amount for amount in excess.values() if amount > 0))


def present(roster: Roster, on: date | None) -> tuple[list[Helper], list[Household]]:
    helpers = [one for one in roster.helpers if on is None or one.service is None or on in one.service]
    households = [one for one in roster.households if on is None or one.registered is None or on in one.registered]
    return helpers, households


def satisfiable(
    roster: Roster, of_helper: Callable[[Helper], tuple[int, int]], least: int, most: int, on: date | None = None
) -> bool:
    """Whether all floors and ceilings can be met, with units and villages for nodes.

    That is exact while no helper takes more households than a village has: within a village each helper takes the
    next ones, round and round, so that none comes twice and loads differ by one at most.
    """
    helpers, households = present(roster, on)
    of_units: dict[str, list[int]] = {}
    for helper in helpers:
        total = of_units.setdefault(helper.unit, [0, 0])
        low, high = of_helper(helper)
        total[0] += low
        total[1] += high
    of_villages = Counter(household.village for household in households)
    arcs: list[tuple[Any, Any, int, int]] = [("source", unit, low, high) for unit, (low, high) in of_units.items()]
    arcs += [(link.unit, link.village, 0, 10**6) for link in roster.links if link.village in of_villages]
    arcs += [(village, "sink", count * least, count * most) for village, count in of_villages.items()]
    return circulates(arcs)


def satisfiable_by_persons(
    roster: Roster, of_helper: Callable[[Helper], tuple[int, int]], least: int, most: int, on: date | None = None
) -> bool:
    """Whether all floors and ceilings can be met, with each helper and household a node and each allowed pair once."""
    helpers, households = present(roster, on)
    homes: dict[str, list[str]] = defaultdict(list)
    for household in households:
        homes[household.village].append(household.id)
    arcs: list[tuple[Any, Any, int, int]] = [("source", helper.id, *of_helper(helper)) for helper in helpers]
    for helper in helpers:
        arcs += [(helper.id, home, 0, 1) for village in roster.villages_of(helper.unit) for home in homes[village]]
    arcs += [(household.id, "sink", least, most) for household in households]
    return circulates(arcs)


def assert_linked_in_rows(roster: Roster) -> None:
    """Assert that in each county the linked villages of a unit are those beside which its share of households lies."""
    order = {village: i for i, village in enumerate(sorted(a.code for a in roster.areas if a.level == "village"))}
    rows: dict[str | None, list[tuple[int, int, str]]] = defaultdict(list)
    for unit in roster.units:
        villages = roster.villages_of(unit.id)
        counties = {roster.areas.at(village, "county") for village in villages}
        assert len(counties) == 1
        county = counties.pop()
        assert roster.areas[unit.area].level == unit.level
        assert county in (unit.area, roster.areas.at(unit.area, "county")) or str(county).startswith(unit.area)
        places = [order[village] for village in villages]
        rows[county].append((min(places), max(places), unit.id))
    assert len(rows) == levels(roster)["county"]
    for county, row in rows.items():
        villages = tuple(code for code in roster.areas.under(str(county)) if code in order)
        sizes = [len(roster.households_in(village)) for village in villages]
        heads = [len(roster.helpers_of(id)) for *_, id in sorted(row)]
        assert min(sizes) >= 1
        assert min(heads) >= 1
        ends = [0]
        for size in sizes:
            ends.append(ends[-1] + size * sum(heads))
        spans = dict(zip(villages, pairwise(ends), strict=True))
        start, cut = 0, set()
        for (*_, id), count in zip(sorted(row), heads, strict=True):
            end = start + count * sum(sizes)
            assert set(roster.villages_of(id)) == {
                v for v, (first, last) in spans.items() if first < end and start < last
            }
            cut.add(end)
            start = end
        assert cut & set(ends) == {ends[-1]}


def assert_whole(roster: Roster) -> None:
    """Assert what holds at every scale: ids, names, links, superiors, and ranges."""
    assert len({helper.id for helper in roster.helpers}) == len(roster.helpers)
    assert len({household.id for household in roster.households}) == len(roster.households)
    assert len({unit.id for unit in roster.units}) == len(roster.units)
    assert len({unit.name for unit in roster.units}) == len(roster.units)
    number = levels(roster)
    assert len(roster.links) == len(roster.units) + number["village"] - number["county"]
    assert len({link.village for link in roster.links}) == number["village"]
    assert len({household.village for household in roster.households}) == number["village"]
    tables: tuple[Iterable[Unit | Helper | Household], ...] = (roster.units, roster.helpers, roster.households)
    for table in tables:
        assert all(CHINESE.fullmatch(thing.name) for thing in table)
    for household in roster.households:
        assert 1 <= household.difficulty <= 5
        assert 1 <= household.persons <= 9
        assert household.needs
        assert household.needs <= set(NEEDS)
        assert re.fullmatch("[一二三四五六七八][社组]", household.hamlet)
        assert re.fullmatch(rf"h-{household.village}-\d{{3}}", household.id)
    for helper in roster.helpers:
        assert helper.skills
        assert helper.skills <= set(SKILLS)
        assert re.fullmatch(r"c-\d{6}", helper.id)


def assert_campaign(roster: Roster) -> None:
    """Assert what holds of the population of Hubei at every scale: of teams, of their units, of villages."""
    assert len({unit.name for unit in roster.units}) == len(roster.units)
    assert len({team.name for team in roster.helpers}) == len(roster.helpers)
    assert (roster.households, roster.links, roster.own_links) == ((), (), ())
    assert [village.code for village in roster.villages] == [a.code for a in roster.areas if a.level == "village"]
    for unit in roster.units:
        assert CHINESE.fullmatch(unit.name)
        assert roster.areas[unit.area].level == unit.level
        assert roster.helpers_of(unit.id)
    for team in roster.helpers:
        assert re.fullmatch(r"t-\d{5}", team.id)
        assert re.fullmatch(rf"{roster.unit(team.unit).name}第[一二三四五六七八九十]+工作队", team.name)
        assert (team.kind, team.post, str(team.service)) == ("team", None, "Span(2011-03-01 .. 2011-07-01)")
        assert team.members >= 3
    for village in roster.villages:
        assert village.households >= 1
        assert 0 <= village.remoteness <= 5
        assert 1 <= village.difficulty <= 5


def fingerprint(roster: Roster, tables: Iterable[tuple[str, tuple[str, ...]]] = FIELDS) -> str:
    """Return a digest of everything in a roster that does not depend on how sets or tables are kept."""
    digest = hashlib.sha256()
    for table, fields in tables:
        lines = []
        for thing in getattr(roster, table):
            values = (getattr(thing, name) for name in fields)
            lines.append("|".join(str(sorted(v) if isinstance(v, frozenset) else v) for v in values))
        digest.update("\n".join(sorted(lines)).encode())
    return digest.hexdigest()


class TestGansu:
    def test_figures(self, gansu: Roster) -> None:
        """The population of Gansu has exactly the figures that are told of it."""
        assert levels(gansu)["village"] == 8_790
        assert len(gansu.units) == 14_649
        assert len(gansu.helpers) == 400_017
        assert len(gansu.households) == 419_989
        assert len(gansu.links) == 23_381

    def test_counties(self, gansu: Roster) -> None:
        """Its counties are the 58 of the Liupan mountains, the Qinba mountains and the Tibetan areas."""
        names = sorted(area.name for area in gansu.areas if area.level == "county")
        assert (len(LIUPAN), len(QINBA), len(TIBETAN)) == (40, 9, 9)
        assert names == sorted([*LIUPAN, *QINBA, *TIBETAN])

    def test_villages_are_real(self, gansu: Roster) -> None:
        """Its areas are those of the area tree, and its villages are no communities."""
        text = gzip.decompress((DATA / "areas.csv.gz").read_bytes()).decode()
        real = {tuple(line.split(",")) for line in text.splitlines()}
        for area in gansu.areas:
            assert (area.code, area.level, area.parent or "", area.name) in real
            assert area.level != "village" or not re.search("社区|居委会|居民委员会", area.name)

    def test_villages_in_proportion(self, gansu: Roster) -> None:
        """Each county has its share of villages, of those it really has, and of units, cadres and households."""
        text = gzip.decompress((DATA / "areas.csv.gz").read_bytes()).decode()
        rows = [line.split(",") for line in text.splitlines()]
        counties = {area.code for area in gansu.areas if area.level == "county"}
        real = Counter(
            code[:6]
            for code, level, _, name in rows
            if level == "village" and code[:6] in counties and code[9] in "23" and not re.search("社区|居委|居民", name)
        )
        villages = Counter(area.code[:6] for area in gansu.areas if area.level == "village")
        county = {link.unit: link.village[:6] for link in gansu.links}
        cadres = Counter(county[helper.unit] for helper in gansu.helpers)
        homes = Counter(household.village[:6] for household in gansu.households)
        units = Counter(county.values())
        for code in counties:
            assert abs(villages[code] - Fraction(8_790 * real[code], real.total())) < 1
            assert abs(units[code] - Fraction(14_649 * villages[code], 8_790)) < 1
            assert abs(cadres[code] - Fraction(400_017 * villages[code], 8_790)) < 1
            assert abs(homes[code] - Fraction(419_989 * villages[code], 8_790)) < 1

    def test_whole(self, gansu: Roster) -> None:
        """Ids are unique, names are Chinese, every village is linked and lived in, everything is in its range."""
        assert_whole(gansu)

    def test_links(self, gansu: Roster) -> None:
        """In each county the units lie along the villages in proportion to their cadres, and none ends with one."""
        assert_linked_in_rows(gansu)

    def test_ranks(self, gansu: Roster) -> None:
        """About 0.5% are of bureau rank, none below the prefecture; about 7% of division rank; each unit has a head."""
        level = {unit.id: unit.level for unit in gansu.units}
        ranks = Counter(helper.rank for helper in gansu.helpers)
        assert 0.004 < sum(ranks[rank] for rank in BUREAU) / 400_017 < 0.006
        assert 0.06 < sum(ranks[rank] for rank in DIVISION) / 400_017 < 0.08
        assert {level[one.unit] for one in gansu.helpers if one.rank in BUREAU} == {"province", "prefecture"}
        assert {helper.unit for helper in gansu.helpers if helper.post == "director"} == set(level)
        assert sum(bounds_2012(helper)[0] for helper in gansu.helpers) < 1.08 * 400_017
        assert {(helper.kind, helper.service) for helper in gansu.helpers} == {("cadre", None)}

    def test_spread(self, gansu: Roster) -> None:
        """Most units are small and a few large; a household has about 4.2 persons; a harder life is rarer."""
        heads = sorted(len(gansu.helpers_of(unit.id)) for unit in gansu.units)
        assert heads[len(heads) // 2] < 20
        assert heads[-1] > 150
        assert abs(sum(household.persons for household in gansu.households) / 419_989 - 4.2) < 0.05
        counts = Counter(household.difficulty for household in gansu.households)
        assert [count for _, count in sorted(counts.items())] == sorted(counts.values(), reverse=True)
        assert {str(household.registered) for household in gansu.households} == {"Span(2012-01-01 ..)"}

    def test_superiors(self, gansu: Roster) -> None:
        """Only the government of the province has no superior; that of all others is one of their level or above."""
        order = ("province", "prefecture", "county", "township")
        assert [unit.name for unit in gansu.units if unit.parent is None] == ["甘肃省人民政府"]
        for unit in gansu.units:
            if unit.parent is not None:
                above = gansu.unit(unit.parent)
                assert order.index(above.level) <= order.index(unit.level)
                assert above.area in {area.code for area in gansu.areas.chain(unit.area)}
        by_name = {unit.name: unit for unit in gansu.units}
        for name, above_name in (("会宁县水务局", "会宁县人民政府"), ("会宁县人民政府", "白银市人民政府")):
            assert gansu.unit(str(by_name[name].parent)).name == above_name

    def test_satisfiable(self, gansu: Roster) -> None:
        """Floors of 3, 2 and 1, ceilings of 6, 4 and 3, and 1 to 3 helpers a household can be met; floors of 4 not."""
        assert min(len(gansu.households_in(link.village)) for link in gansu.links) >= 6
        assert satisfiable(gansu, bounds_2012, 1, 3)
        assert not satisfiable(gansu, always(4, 6), 1, 3)

    def test_satisfiable_by_persons(self) -> None:
        """At a small scale the same is so with every person on their own."""
        assert satisfiable_by_persons(population("gansu-2012", scale=0.003), bounds_2012, 1, 3)


class TestHubei:
    def test_figures(self, hubei: Roster) -> None:
        """18,700 teams of 102,911 cadres stand before 10,012,345 households in 21,469 villages, none of them listed."""
        assert len(hubei.helpers) == 18_700
        assert sum(team.members for team in hubei.helpers) == 102_911
        assert sum(village.households for village in hubei.villages) == 10_012_345
        assert len(hubei.villages) == levels(hubei)["village"] == 21_469
        assert (len(hubei.units), levels(hubei)["county"], levels(hubei)["province"]) == (9_371, 97, 1)

    def test_every_village(self, hubei: Roster) -> None:
        """All villages of Hubei that the tree has take part, and no communities."""
        text = gzip.decompress((DATA / "areas.csv.gz").read_bytes()).decode()
        rows = [line.split(",") for line in text.splitlines()]
        real = {
            code
            for code, level, _, name in rows
            if level == "village" and code[:2] == "42" and code[9] in "23" and not re.search("社区|居委|居民", name)
        }
        assert {village.code for village in hubei.villages} == real

    def test_whole(self, hubei: Roster) -> None:
        """Names are Chinese and unique, teams have three members or more, everything is in its range."""
        assert_campaign(hubei)

    def test_levels(self, hubei: Roster) -> None:
        """Teams come from four levels; nothing bears the name of the counties directly under the province."""
        counts = Counter(hubei.unit(team.unit).level for team in hubei.helpers)
        assert set(counts) == {"province", "prefecture", "county", "township"}
        assert min(counts.values()) > 500
        assert all(unit.area != "4290" and "省直辖" not in unit.name for unit in hubei.units)
        assert [unit.name for unit in hubei.units if unit.parent is None] == ["湖北省人民政府"]
        assert all("开发区人民政府" not in unit.name and "管理区人民政府" not in unit.name for unit in hubei.units)

    def test_leaders(self, hubei: Roster) -> None:
        """About one team in six is led by a leader; those of provincial rank come from the leading organs alone."""
        ranks = Counter(team.rank for team in hubei.helpers)
        assert set(ranks) == {"province", "deputy-province", *BUREAU, *DIVISION, None}
        assert 0.1 < 1 - ranks[None] / 18_700 < 0.2
        leading = {hubei.unit(t.unit).name for t in hubei.helpers if t.rank in ("province", "deputy-province")}
        assert leading == {"湖北省人民政府", "中共湖北省委员会", "湖北省人大常委会", "湖北省政协委员会"}

    def test_remoteness(self, hubei: Roster) -> None:
        """Villages of subdistricts are the nearest, then those of towns, then those of townships."""
        of = {"街道": (0, 1), "镇": (1, 3), "乡": (2, 5)}
        found: dict[str, set[int]] = defaultdict(set)
        for village in hubei.villages:
            name = hubei.areas[village.code[:9]].name
            for ending in of:
                if name.endswith(ending) and village.code[6] == {"街道": "0", "镇": "1", "乡": "2"}[ending]:
                    found[ending].add(village.remoteness)
        assert {ending: (min(seen), max(seen)) for ending, seen in found.items()} == of


class TestLiaoyang:
    def test_first_batch(self, liaoyang: Roster) -> None:
        """On 1994-10-01 there serve 1,031 cadres of deputy-division rank or above; 1,029 households are registered."""
        helpers, households = present(liaoyang, START)
        assert (len(helpers), len(households)) == (1_031, 1_029)
        assert {helper.rank for helper in helpers} == {*BUREAU, *DIVISION}
        assert {helper.kind for helper in helpers} == {"cadre"}

    def test_end_of_1996(self, liaoyang: Roster) -> None:
        """On 1996-12-31 there serve 9,273 cadres, groups and owners; 6,684 households are registered."""
        helpers, households = present(liaoyang, END)
        assert (len(helpers), len(households)) == (9_273, 6_684)
        assert (len(liaoyang.helpers), len(liaoyang.households)) == (9_273, 6_684)
        kinds = Counter(helper.kind for helper in helpers)
        assert kinds["cadre"] > 0.9 * 9_273
        assert min(kinds["group"], kinds["owner"]) > 50

    def test_days(self, liaoyang: Roster) -> None:
        """The first serve from 1994-09-01, the others from days in 1995 and 1996: cadres, then groups, then owners."""
        starts: dict[str, set[date]] = defaultdict(set)
        for helper in liaoyang.helpers:
            assert helper.service is not None
            assert helper.service.end is None
            starts[helper.kind].add(helper.service.start)
        assert {day.year for day in starts["cadre"] - {date(1994, 9, 1)}} == {1995, 1996}
        assert min(starts["cadre"]) == date(1994, 9, 1)
        assert min(starts["group"]) == date(1996, 1, 1)
        assert min(starts["owner"]) == date(1996, 7, 1)
        days = {household.registered.start for household in liaoyang.households if household.registered}
        assert (min(days), max(days)) == (date(1994, 9, 1), date(1996, 12, 1))

    def test_kinds(self, liaoyang: Roster) -> None:
        """A group has members and no rank; an owner has no rank; a cadre has one."""
        for helper in liaoyang.helpers:
            assert (helper.rank is None) == (helper.kind != "cadre")
            assert (helper.members > 1) == (helper.kind == "group")

    def test_whole(self, liaoyang: Roster) -> None:
        """Its 714 villages and communities in 7 counties are linked and lived in, as in every population."""
        assert (levels(liaoyang)["county"], levels(liaoyang)["village"]) == (7, 714)
        assert_whole(liaoyang)
        assert_linked_in_rows(liaoyang)

    def test_satisfiable_in_1994(self, liaoyang: Roster) -> None:
        """In 1994 each cadre can have one household and each household one cadre, or two; never one each for all."""
        assert satisfiable_by_persons(liaoyang, always(1, 1), 1, 2, START)
        assert not satisfiable(liaoyang, always(1, 1), 1, 1, START)

    def test_satisfiable_in_1996(self, liaoyang: Roster) -> None:
        """In 1996 each helper can have one household, and each household 1 to 3 helpers."""
        assert satisfiable(liaoyang, always(1, 1), 1, 3, END)
        assert satisfiable_by_persons(liaoyang, always(1, 1), 1, 3, END)


class TestPanjin:
    def test_figures(self, panjin: Roster) -> None:
        """There are 10,000 cadres, 16,000 households, and 492 villages and communities in all of Panjin."""
        assert (len(panjin.helpers), len(panjin.households)) == (10_000, 16_000)
        assert (levels(panjin)["county"], levels(panjin)["village"]) == (4, 309 + 183)
        names = [area.name for area in panjin.areas if area.level == "township"]
        assert Counter(name[-2:] == "街道" for name in names) == {True: 27, False: 21}

    def test_villages_and_communities(self, panjin: Roster) -> None:
        """All 299 villages that the tree has take part, with 193 communities, of which ten stand for villages."""
        names = [area.name for area in panjin.areas if area.level == "village"]
        assert sum(bool(re.search("社区|居委会|居民委员会", name)) for name in names) == 193
        assert sum(name.endswith(("村委会", "村民委员会", "村")) for name in names) == 299
        text = gzip.decompress((DATA / "areas.csv.gz").read_bytes()).decode()
        assert len(re.findall(r"^2111\d{5}[23]\d\d,village", text, re.MULTILINE)) == 299

    def test_days(self, panjin: Roster) -> None:
        """The households are registered from 2010-12-01; all helpers are cadres, and serve always."""
        assert {str(household.registered) for household in panjin.households} == {"Span(2010-12-01 ..)"}
        assert {(helper.kind, helper.service) for helper in panjin.helpers} == {("cadre", None)}

    def test_whole(self, panjin: Roster) -> None:
        """Every village is linked and lived in, as in every population."""
        assert_whole(panjin)
        assert_linked_in_rows(panjin)

    def test_satisfiable(self, panjin: Roster) -> None:
        """Each household can have exactly one helper, and each cadre one or two households."""
        assert satisfiable(panjin, always(1, 2), 1, 1)
        assert satisfiable_by_persons(population("panjin-2010", scale=0.2), always(1, 2), 1, 1)


class TestScale:
    @given(st.sampled_from(PROGRAMMES), st.fractions(Fraction(1, 10**6), Fraction(1, 40)), st.integers())
    @settings(max_examples=30, deadline=None)
    def test_any(self, programme: str, scale: Fraction, seed: int) -> None:
        """At any scale and seed the population has the structure of the whole, and its rules can be met."""
        roster = population(programme, scale=scale, seed=seed)
        if programme == "hubei-2011":
            assert_campaign(roster)
            return
        assert_whole(roster)
        assert_linked_in_rows(roster)
        if programme == "gansu-2012":
            assert satisfiable(roster, bounds_2012, 1, 3)
        elif programme == "panjin-2010":
            assert satisfiable(roster, always(1, 2), 1, 1)
        else:
            assert satisfiable_by_persons(roster, always(1, 1), 1, 2, START)
            assert satisfiable(roster, always(1, 1), 1, 3, END)

    @pytest.mark.parametrize("seed", range(8))
    def test_liaoyang_with_other_seeds(self, seed: int) -> None:
        """The story of Liaoyang comes out with every seed."""
        roster = population("liaoyang-1994", seed=seed)
        helpers, households = present(roster, START)
        assert (len(helpers), len(households)) == (1_031, 1_029)
        assert satisfiable_by_persons(roster, always(1, 1), 1, 2, START)
        assert satisfiable(roster, always(1, 1), 1, 3, END)

    @pytest.mark.parametrize("scale", [0.1, Fraction(1, 10)])
    def test_a_tenth(self, scale: float | Fraction) -> None:
        """A tenth of Gansu has a tenth of every figure, in six counties, and a float means what it shows."""
        roster = population("gansu-2012", scale=scale)
        assert (levels(roster)["county"], levels(roster)["village"]) == (6, 879)
        assert (len(roster.units), len(roster.helpers), len(roster.households)) == (1_465, 40_002, 41_999)
        assert len(roster.links) == 1_465 + 879 - 6

    def test_counties_grow(self) -> None:
        """A larger scale keeps the counties of a smaller one, and takes as many as it rounds to."""
        before: set[str] = set()
        for percent in (1, 2, 3, 5, 8, 12):
            roster = population("gansu-2012", scale=Fraction(percent, 100))
            counties = {area.code for area in roster.areas if area.level == "county"}
            assert before <= counties
            assert len(counties) == max(1, round(Fraction(58 * percent, 100)))
            before = counties

    def test_a_tenth_of_hubei(self) -> None:
        """A tenth of Hubei has a tenth of the teams, cadres, villages and households, in ten counties."""
        roster = population("hubei-2011", scale=0.1)
        assert (levels(roster)["county"], len(roster.villages), len(roster.helpers)) == (10, 2_147, 1_870)
        assert sum(team.members for team in roster.helpers) == 10_291
        assert sum(village.households for village in roster.villages) == 1_001_234

    @pytest.mark.parametrize("programme", PROGRAMMES)
    def test_counties_suffice(self, programme: str) -> None:
        """At every scale there are as many villages as the scale wants; a province never needs a county more for it."""
        facts = pairing.synthetic._programme(programme)
        places = [len(codes) for codes in pairing.synthetic._places(programme).values()]
        assert sum(places) >= facts.villages
        for permille in range(1, 1001):
            size = Fraction(permille, 1000)
            wanted = max(1, round(len(places) * size))
            if programme in ("gansu-2012", "hubei-2011"):
                assert sum(places[:wanted]) >= round(facts.villages * size)

    @pytest.mark.parametrize("programme", LISTED)
    def test_handful(self, programme: str) -> None:
        """However small the scale, a handful of everything is left."""
        roster = population(programme, scale=1e-300)
        assert (len(roster.units), len(roster.helpers), len(roster.households), len(roster.links)) == (3, 24, 24, 4)
        assert all(len(people) >= 4 for people in present(roster, END if programme == "liaoyang-1994" else None))

    def test_a_handful_of_teams(self) -> None:
        """However small the scale, there are teams, units, villages and households of Hubei."""
        roster = population("hubei-2011", scale=1e-300)
        assert (len(roster.units), len(roster.helpers), len(roster.villages)) == (12, 24, 2)
        assert sum(team.members for team in roster.helpers) == 120
        assert sum(village.households for village in roster.villages) == 24

    @pytest.mark.parametrize(
        ("number", "text"), [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")]
    )
    def test_numerals(self, number: int, text: str) -> None:
        """The teams of a unit are counted in Chinese."""
        assert pairing.synthetic._numeral(number) == text


class TestSame:
    @pytest.mark.parametrize(
        ("programme", "expected"),
        [
            ("gansu-2012", "104dd70e0aeab907a26ee25b83bf0c6075319df33df7da378e75fa772feccbde"),
            ("hubei-2011", "5f0147ee49f39609f06e8fe40504900e6290b9a01f3a54397d32955e02c59cfd"),
            ("liaoyang-1994", "a18833f75452e7c5037293d350f6e4b9aee951d1c52a7a11c6d7005674f1485b"),
            ("panjin-2010", "d4d03130f6cdbb9000d1570756410858c820e68b008d7a3cab08bea379c6ba57"),
        ],
    )
    def test_everywhere(self, programme: str, expected: str) -> None:
        """The population of a programme, scale and seed is the same on every machine and version."""
        assert fingerprint(population(programme, scale=0.05, seed=7)) == expected

    @pytest.mark.parametrize("programme", PROGRAMMES)
    def test_hash_seed(self, programme: str) -> None:
        """The order of sets shows nowhere: every hash seed gives an equal population."""
        script = (
            "import sys; from importlib.util import module_from_spec, spec_from_file_location\n"
            "spec = spec_from_file_location('checks', sys.argv[1]); checks = module_from_spec(spec)\n"
            "spec.loader.exec_module(checks)\n"
            "print(checks.fingerprint(checks.population(sys.argv[2], scale=0.02, seed=3)))"
        )
        found = set()
        for hash_seed in ("0", "4242"):
            env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            command = [sys.executable, "-c", script, __file__, programme]
            found.add(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.strip())
        assert found == {fingerprint(population(programme, scale=0.02, seed=3))}

    def test_equal_and_not(self) -> None:
        """The same arguments give an equal roster, another seed another one, of the same figures and counties."""
        first, again, other = (population("gansu-2012", scale=0.01, seed=seed) for seed in (1, 1, 2))
        assert first == again
        assert first != other
        assert repr(first)[-80:].split(" areas")[-1] == repr(other)[-80:].split(" areas")[-1]
        assert {a.code for a in first.areas if a.level == "county"} == {
            a.code for a in other.areas if a.level == "county"
        }


class TestLives:
    """Birth dates, sex and divisions, which handovers read."""

    @pytest.mark.parametrize("programme", LISTED)
    def test_nobody_is_too_old(self, programme: str) -> None:
        """When programme and service begin, a person is 22 to 59 years old, and no retirement rule of the preset has
        come to pass."""
        roster, policy = population(programme, scale=0.1), pairing.programmes.programme(programme)
        start = pairing.synthetic._programme(programme).registered
        ages: Counter[int] = Counter()
        for helper in roster.helpers:
            if helper.kind == "group":
                assert (helper.birth, helper.sex, helper.division) == (None, "", "")
                continue
            begins = max(start, helper.service.start) if helper.service else start
            assert helper.birth is not None
            assert helper.sex in ("f", "m")
            age = relativedelta(begins, helper.birth).years
            assert 22 <= age <= 59
            ages[age // 10] += 1
            retires = policy.retires(helper)
            assert (retires is None) == (helper.kind == "owner")
            assert retires is None or retires > begins
        assert all(ages[decade] * 20 > sum(ages.values()) for decade in (2, 3, 4, 5)), "every decade has its share"

    def test_ranks_come_with_age(self, gansu: Roster) -> None:
        """The leaders are older than the clerks, and about three in ten helpers are women."""
        mean = {
            rank: sum(helper.birth.toordinal() for helper in found if helper.birth) / len(found)
            for rank in ("division", "section", "clerk")
            for found in [[helper for helper in gansu.helpers if helper.rank == rank]]
        }
        assert mean["division"] < mean["section"] < mean["clerk"]
        women = sum(helper.sex == "f" for helper in gansu.helpers)
        assert 29 * len(gansu.helpers) < 100 * women < 31 * len(gansu.helpers)

    def test_retirements_of_a_year(self, gansu: Roster) -> None:
        """Of a thousand cadres of Gansu 17 to 30 retire in a year."""
        policy = pairing.programmes.programme("gansu-2012")
        some = gansu.helpers[::40]
        years = Counter(day.year for helper in some if (day := policy.retires(helper)))
        for year in range(2013, 2017):
            assert 17 * len(some) < 1000 * years[year] < 30 * len(some)

    def test_divisions(self, gansu: Roster) -> None:
        """Units of 16 or more have divisions of 6 to 16, and a head and a secretary above them; others have none."""
        for unit in gansu.units[::7]:
            members = gansu.helpers_of(unit.id)
            sizes = Counter(helper.division for helper in members)
            if len(members) < 16:
                assert set(sizes) == {""}
                continue
            assert [helper.post for helper in members if not helper.division] == ["director", "party-secretary"]
            del sizes[""]
            assert len(sizes) == min(12, len(members) // 8)
            assert max(sizes.values()) - min(sizes.values()) <= 1
            assert all(CHINESE.fullmatch(division) for division in sizes)

    @pytest.mark.parametrize(
        ("programme", "expected"),
        [
            ("gansu-2012", "e02422460d43345bcbe0b18aa4e86528eec339bcaeed9dd4776a43e2f738cbc7"),
            ("liaoyang-1994", "350160f05538aad5ff4d0f6da8a66a00553e7cb548c485af98440c729f2b6287"),
            ("panjin-2010", "733801ce8fa516fca13898d9ae8819f1ffb5caaac4e00c52b987643c2cfafbd6"),
        ],
    )
    def test_everywhere(self, programme: str, expected: str) -> None:
        """Lives, too, are the same on every machine and version, and others for another seed."""
        assert fingerprint(population(programme, scale=0.05, seed=7), LIVES) == expected
        assert fingerprint(population(programme, scale=0.05, seed=8), LIVES) != expected


class TestWrongArguments:
    @pytest.mark.parametrize("programme", ["gansu", "", "hubei", None, 3, ["gansu-2012"]])
    def test_programme(self, programme: Any) -> None:
        """A programme that is not known is told as such, with those that are."""
        with pytest.raises(ArgumentError, match="gansu-2012, hubei-2011, liaoyang-1994, panjin-2010") as caught:
            population(programme)
        assert caught.value.code == "unknown-programme"

    @pytest.mark.parametrize("scale", [0, -0.5, 1.01, 2, True, "1", None, float("nan"), float("inf"), 1j])
    def test_scale(self, scale: Any) -> None:
        """A scale is an int, a float or a Fraction above 0 and up to 1."""
        with pytest.raises(ArgumentError, match="above 0, and up to 1") as caught:
            population("panjin-2010", scale=scale)
        assert (caught.value.code, caught.value.problems[0].field) == ("bad-number", "scale")

    @pytest.mark.parametrize("seed", [1.0, "1", None, True])
    def test_seed(self, seed: Any) -> None:
        """A seed is a whole number."""
        with pytest.raises(ArgumentError) as caught:
            population("panjin-2010", scale=0.01, seed=seed)
        assert (caught.value.code, caught.value.problems[0].field) == ("bad-number", "seed")


class TestData:
    def test_small_and_reproducible(self) -> None:
        """The data stay below 700 kB, and the packed table bears no time of packing."""
        assert sum(file.stat().st_size for file in DATA.iterdir()) < 700_000
        assert (DATA / "areas.csv.gz").read_bytes()[4:8] == bytes(4)

    def test_source_and_licence(self) -> None:
        """The README beside the data names their source and licence."""
        text = (DATA / "README.md").read_text("utf-8")
        assert "china-division" in text
        assert "2.7.0" in text
        assert "WTFPL" in text

    def test_programmes(self) -> None:
        """The programmes that are offered are those of which the figures are kept."""
        assert tuple(pairing.synthetic._words()["programmes"]) == PROGRAMMES
