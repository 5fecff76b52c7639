"""Made-up populations of the four real programmes: the villages are real, the persons are invented.

The area tree, the figures and the words lie in `data/`.  Nothing here is drawn from a register of persons.
"""

import csv
import gzip
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError, shown
from pairing.memory import no_collection
from pairing.people import LADDER, Helper, Household, Link, Unit, Village
from pairing.roster import Roster

__all__ = ["NEEDS", "PROGRAMMES", "SKILLS", "population"]

PROGRAMMES = ("gansu-2012", "hubei-2011", "liaoyang-1994", "panjin-2010")
"""The programmes of which `population` knows the figures."""

NEEDS = ("water", "road", "housing", "schooling", "illness", "work", "market", "skills-training")
"""What an invented household may need."""

SKILLS = ("water-works", "road-building", "building", "teaching", "medicine", "job-placement", "trade", "farming")
"""What an invented helper may know, in the order of the needs that it meets."""

_HANDFUL = {
    "villages": 2,
    "units": 3,
    "helpers": 24,
    "households": 24,
    "first_helpers": 4,
    "first_households": 4,
    "members": 120,
}

_OLDEST = {"f": 55, "m": 60}
"""The age at which women and men retire under the presets: whoever begins is younger."""

_WOMEN = 30
"""Of a hundred helpers."""

_YOUNGEST = {
    "bureau": 45,
    "deputy-bureau": 42,
    "division": 38,
    "deputy-division": 35,
    "section": 31,
    "deputy-section": 28,
    "staff": 24,
}
"""From which age a rank is held; any other from 22."""

_AGES = ((22, 30, 18), (30, 40, 30), (40, 50, 33), (50, 55, 13), (55, 60, 9))
"""Of how many years of age (from, up to) there are how many helpers."""

_DIVISIONS = {"province": "处", "prefecture": "科", "county": "股", "township": "组"}
_SECTIONS = ("综合", "人事", "财务", "业务", "法规", "督查", "宣传", "信息", "规划", "后勤", "项目", "档案")
"""The divisions of a unit (科室), as many as it is large: each has about eight cadres."""

_Thing = TypeVar("_Thing")
_Draw = Callable[[], float]


@frozen
class _Programme:
    """The figures of a programme at full size, and what is told of them in `data/invented.toml`."""

    counties: list[str]
    villages: int
    helpers: int
    households: int
    levels: dict[str, int]
    registered: date
    units: int = 0
    members: int = 0
    until: date | None = None
    hamlet: str = ""
    communities: int = 0
    as_villages: list[str] = field(factory=list)
    first_helpers: int = 0
    first_households: int = 0

    def scaled(self, what: str, size: Fraction) -> int:
        """Return one of the figures for a population of that size, at least a handful."""
        count: int = getattr(self, what)
        return max(round(count * size), _HANDFUL[what])


@frozen
class _Office:
    """A unit before it has its superior."""

    id: str
    level: str
    area: str
    organ: str
    name: str
    heads: int


@frozen
class _County:
    """The chosen villages with their numbers of households, and the units, in the row in which they are linked."""

    villages: list[str]
    sizes: list[int]
    row: list[_Office]


@no_collection()
def population(programme: str, *, scale: float | Fraction = 1, seed: int = 0) -> Roster:
    """Return an invented population of a real programme: real areas, invented units and persons.

    The same programme, scale and seed give an equal roster everywhere.  At scale 1:

    | | gansu-2012 | hubei-2011 | liaoyang-1994 | panjin-2010 |
    |---|---|---|---|---|
    | counties | 58 | 97 | 7 | 4 |
    | villages and communities | 8,790 | 21,469 | 714 | 492 |
    | units | 14,649 | 9,371 | 480 | 500 |
    | helpers | 400,017 | 18,700 | 9,273 | 10,000 |
    | households | 419,989 | 10,012,345 | 6,684 | 16,000 |
    | links | 23,381 | 0 | 1,187 | 988 |

    - Where there are links, the units of each county stand in a row, and so do the villages, and both rows are of the
      same length: the one measured in helpers, the other in households.  A unit is linked to the villages beside which
      it stands.  Hence there are always as many links as units and villages, less the number of counties, and every
      unit has about as many households to each helper as any other.
    - gansu-2012: all can be paired so that a cadre of bureau rank has 3 to 6 households, one of division rank 2 to 4,
      any other 1 to 3, and a household 1 to 3 helpers.
    - hubei-2011: the helpers are work teams of organs of four levels, 102,911 cadres together, from March to June 2011;
      a team that is led by a leader has the leader's rank.  Households are not listed but counted, village by village
      (`Roster.villages`), and there are no links.  Of the about 26,000 villages of 2011 the later area tree has 21,469.
    - liaoyang-1994: on 1994-10-01 there serve 1,031 cadres, all of deputy-division rank or above, and 1,029
      households are registered: one to one, but that two households have two cadres each.  On 1996-12-31 there are
      9,273 helpers (cadres, groups and owners) and 6,684 households: one household each, and 1 to 3 helpers.
    - Whoever is one person has a sex and a birth date: between 22 and 59 years old when the programme, or the own
      service, begins, the higher the rank the older, and nobody past the age of retirement (women 55, men 60).  Units
      of 16 or more have divisions, of about eight cadres each; directors and party secretaries stand above them.
    - panjin-2010: all can be paired so that a household has one helper, and a cadre one or two households.  The later
      area tree has 299 of the 309 villages; ten communities that bear villages' names stand for the others.

    A smaller scale takes that share of every figure, but never less than a handful, in the first counties of a fixed
    order: their number is rounded, and is raised where these counties have too few villages.

    >>> roster = population("gansu-2012", scale=0.02)
    >>> roster
    Roster(207 areas, 293 units, 8000 helpers, 8400 households, 468 links, 0 named pairs)
    >>> roster == population("gansu-2012", scale=Fraction(1, 50))
    True
    >>> population("gansu")
    Traceback (most recent call last):
    pairing.errors.ArgumentError: programme: wanted one of gansu-2012, hubei-2011, liaoyang-1994, panjin-2010; got \
'gansu' [unknown-programme]

    Raises `ArgumentError`: `unknown-programme`; `bad-number` for a scale that is not an int, a float or a Fraction
    above 0 and up to 1, or for a seed that is not an int.

    Sources: the statistical division codes in `data/` (see the README there); the 58 counties from the list of
    counties in contiguous poor areas (State Council Leading Group Office of Poverty Alleviation and Development, 14
    June 2012); the numbers of counties, villages, helpers and households from the programmes' own reports, sharpened
    where these say "over 400,000" (or 100,000, or 10 million).  The numbers of units and links are invented.
    """
    size = _size(scale)
    if not isinstance(programme, str) or programme not in PROGRAMMES:
        message = f"wanted one of {', '.join(PROGRAMMES)}; got {shown(programme)}"
        raise ArgumentError("unknown-programme", message, "programme")
    if type(seed) is not int:
        raise ArgumentError("bad-number", f"wanted a whole number, got {shown(seed)}", "seed")
    facts = _programme(programme)
    counties = _counties(programme, facts, size, seed)
    offices = [office for county in counties for office in sorted(county.row, key=lambda office: office.id)]
    tree = _all_areas()
    codes = {code for county in counties for village in county.villages for code in _up(village, tree)}
    areas, units = AreaTree(tree[code] for code in sorted(codes)), _units(offices, tree)
    if facts.members:
        teams = _teams(facts, offices, facts.scaled("members", size), _draws(programme, seed, "teams"))
        return Roster(areas, units, teams, villages=_villages(counties, _draws(programme, seed, "villages")))
    lives = _draws(programme, seed, "lives")
    helpers = _helpers(offices, facts.registered, _draws(programme, seed, "helpers"), lives)
    households = _households(facts, counties, _draws(programme, seed, "households"))
    if facts.first_helpers:
        first, homes = (facts.scaled(what, size) for what in ("first_helpers", "first_households"))
        draw = _draws(programme, seed, "steps")
        helpers = _serving_in_steps(helpers, offices, first, draw)
        households = _registered_in_steps(households, helpers, counties, first - homes, draw)
    return Roster(areas, units, helpers, households, [link for county in counties for link in _links(county)])


def _size(scale: object) -> Fraction:
    if isinstance(scale, int | float | Fraction) and not isinstance(scale, bool) and 0 < scale <= 1:
        return Fraction(str(float(scale))) if isinstance(scale, float) else Fraction(scale)
    raise ArgumentError("bad-number", f"wanted a number above 0, and up to 1, got {shown(scale)}", "scale")


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("pairing") / "data" / "invented.toml").read_text("utf-8"))


@cache
def _programme(name: str) -> _Programme:
    return _Programme(**_words()["programmes"][name])


@cache
def _all_areas() -> dict[str, Area]:
    packed = (files("pairing") / "data" / "areas.csv.gz").read_bytes()
    rows = csv.reader(gzip.decompress(packed).decode().splitlines())
    next(rows)
    return {code: Area(code, name, level, parent or None) for code, level, parent, name in rows}


def _up(code: str, tree: dict[str, Area]) -> Iterator[str]:
    up: str | None = code
    while up is not None:
        yield up
        up = tree[up].parent


def _draws(*key: object) -> _Draw:
    """Return a source of numbers in [0, 1) that depends on nothing but the key."""
    digest = sha256("/".join(map(str, key)).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big")).random


def _shuffled(things: Sequence[_Thing], draw: _Draw) -> list[_Thing]:
    keys = [draw() for _ in things]
    return [things[i] for i in sorted(range(len(things)), key=keys.__getitem__)]


def _apportion(total: int, weights: Sequence[int], least: int = 0) -> list[int]:
    """Give the least to each, and share out the rest of the total by weights, by the largest remainder."""
    rest, whole = total - least * len(weights), sum(weights)
    parts = [least + rest * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(rest * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _is_village(area: Area) -> bool:
    """Whether it is a village (村) and no community (社区): the code tells, and the name must not deny it."""
    return area.code[9] in "23" and not any(word in area.name for word in ("社区", "居委", "居民"))


@cache
def _places(programme: str) -> dict[str, list[str]]:
    """Return, for each county of a programme, the villages and communities that may take part."""
    facts = _programme(programme)
    villages: dict[str, list[str]] = {county: [] for county in facts.counties}
    communities = []
    for area in _all_areas().values():
        if area.level == "village" and area.code[:6] in villages:
            if _is_village(area) or area.code in facts.as_villages:
                villages[area.code[:6]].append(area.code)
            elif area.code[9] in "01":
                communities.append(area.code)
    for code in _shuffled(sorted(communities), _draws(programme, "communities"))[: facts.communities]:
        villages[code[:6]].append(code)
    return {county: sorted(codes) for county, codes in villages.items()}


def _counties(programme: str, facts: _Programme, size: Fraction, seed: int) -> list[_County]:
    """Make as many counties as the size wants and the villages need, in proportion to their villages."""
    villages = facts.scaled("villages", size)
    wanted = max(1, round(len(facts.counties) * size))
    pools: list[tuple[str, list[str]]] = []
    for county, pool in _places(programme).items():
        if len(pools) < wanted or sum(len(pool) for _, pool in pools) < villages:
            pools.append((county, pool))
    of_villages = _apportion(villages, [len(pool) for _, pool in pools])
    helpers, households = (_apportion(facts.scaled(what, size), of_villages) for what in ("helpers", "households"))
    if facts.units:
        units = _apportion(facts.scaled("units", size), of_villages)
    else:  # a unit sends two teams
        units = [(count + 1) // 2 for count in helpers]
    opened: dict[str, int] = {}
    return [
        _county(facts, county, pool, of_county, opened, _draws(programme, seed, county))
        for (county, pool), *of_county in zip(pools, of_villages, units, helpers, households, strict=True)
    ]


def _county(
    facts: _Programme, county: str, pool: list[str], figures: Sequence[int], opened: dict[str, int], draw: _Draw
) -> _County:
    """Choose the villages of a county, and invent its units; `opened` counts those that each area has already."""
    count, units, helpers, households = figures
    villages = sorted(_shuffled(pool, draw)[:count])
    sizes = _apportion(households, [400 + int(1200 * draw()) for _ in villages], least=min(4, households // count))
    townships = sorted({code[:9] for code in villages})
    where = {"province": [county[:2]], "prefecture": [county[:4]], "county": [county], "township": townships}
    levels = dict(facts.levels)
    if county[2:4] == "90":  # it stands directly under the province
        levels["county"] += levels.pop("prefecture")
    seats = [
        (level, where[level][i % len(where[level])])
        for level, number in zip(levels, _apportion(units, list(levels.values())), strict=True)
        for i in range(number)
    ]
    usual = _words()["heads"]
    draws = [draw() for _ in seats]  # most are small, a few are large
    weights = [usual[level] * int(100 + 3600 * r * r * r) for (level, _), r in zip(seats, draws, strict=True)]
    offices = []
    for i, ((level, area), heads) in enumerate(zip(seats, _apportion(helpers, weights, least=1), strict=True), 1):
        number = opened[area] = opened.get(area, -1) + 1
        organ, name = _named(level, area, number)
        offices.append(_Office(f"u-{county}-{i:03d}", level, area, organ, name, heads))
    row = _shuffled(offices, draw)
    _set_apart([office.heads for office in row], sizes)
    return _County(villages, sizes, row)


def _named(level: str, area: str, number: int) -> tuple[str, str]:
    """Return the organ that comes at that number in an area, and its whole name."""
    words = _words()["organs"]
    organs = words[level]
    place = _all_areas()[area].name
    if level == "township":
        place = _all_areas()[area[:6]].name + place.partition("（")[0]
    if number < len(organs):
        organ = organs[number]
    else:
        body, of = divmod(number - len(organs), len(words["fields"]))
        organ = words["fields"][of] + words["bodies"][body % len(words["bodies"])]
    if organ == "党委":
        return organ, f"中共{place}委员会"
    if organ == "人民政府" and place.endswith(("开发区", "管理区")) and level == "county":
        return organ, place + "管理委员会"
    if organ == "人民政府" and level == "township" and not place.endswith(("镇", "乡")):
        return organ, place + ("办事处" if place.endswith("街道") else "" if place.endswith("委员会") else "管理委员会")
    return organ, place + organ


def _set_apart(heads: Sequence[int], sizes: list[int]) -> None:
    """Move single households between neighbouring villages, so that no unit ends exactly where a village ends."""
    ends = set(accumulate(heads))
    helpers, households = sum(heads), sum(sizes)
    so_far = 0
    for i in range(len(sizes) - 1):
        so_far += sizes[i]
        while so_far * helpers % households == 0 and so_far * helpers // households in ends:
            so_far += 1
            sizes[i] += 1
            sizes[i + 1] -= 1


def _links(county: _County) -> Iterator[Link]:
    """Yield the links of units and villages that stand beside each other in two rows, stretched to the same length."""
    heads, sizes = [office.heads for office in county.row], county.sizes
    helpers, households = sum(heads), sum(sizes)
    unit = village = 0
    unit_end, village_end = heads[0] * households, sizes[0] * helpers
    while True:
        yield Link(county.row[unit].id, county.villages[village])
        if unit_end < village_end:
            unit += 1
            unit_end += heads[unit] * households
        elif village_end < unit_end:
            village += 1
            village_end += sizes[village] * helpers
        else:
            return


def _units(offices: Iterable[_Office], tree: dict[str, Area]) -> list[Unit]:
    """Return the units: the superior of each is the government of its area, or of the next one above that has one."""
    offices = list(offices)
    governments = {office.area: office.id for office in offices if office.organ == "人民政府"}
    units = []
    for office in offices:
        above = (governments[code] for code in _up(office.area, tree) if governments.get(code, office.id) != office.id)
        units.append(Unit(office.id, office.level, office.area, next(above, None), name=office.name))
    return units


def _of_level(office: _Office, table: str) -> list[Any]:
    """Return what a table of the words has for the units of that level, or for its leading organs."""
    leads = office.organ in _words()["organs"]["leading"]
    found: list[Any] = _words()[table][f"leading-{office.level}" if leads else office.level]
    return found


def _ranks(office: _Office) -> list[str]:
    table = _of_level(office, "ranks")
    ranks = [rank for rank, always, share in table for _ in range(always + office.heads * share // 100)]
    return (ranks + ["clerk"] * office.heads)[: office.heads]


def _posts(heads: int) -> list[str | None]:
    leaders: list[str | None] = ["director", "party-secretary"] if heads >= 10 else ["director"]
    leaders += ["deputy-director"] * (heads // 20 + (heads >= 5))
    return leaders + [None] * (heads - len(leaders))


@cache
def _choices(kinds: tuple[str, ...], most: int) -> list[frozenset[str]]:
    """Return 64 choices of one to so many of the kinds."""
    draw = _draws("choices", *kinds)
    return [frozenset(_shuffled(kinds, draw)[: 1 + i * most // 64]) for i in range(64)]


@cache
def _names() -> tuple[str, list[str]]:
    """Return the surnames, and the given names of one or two characters."""
    words = _words()["persons"]
    return words["surnames"], [first + second for first in [*words["first"], *[""] * 8] for second in words["second"]]


@cache
def _births(sex: str, youngest: int, start: date) -> list[date]:
    """Return 4,096 days of birth of those who begin at an age of so many years or more."""
    ages = [(max(low, youngest), min(high, _OLDEST[sex]), high - low, share) for low, high, share in _AGES]
    spans = [(low, high, share * (high - low) / years) for low, high, years, share in ages if low < high]
    whole = sum(share for *_, share in spans)
    found = []
    for n in range(4096):
        at = (n + 0.5) * whole / 4096
        for low, high, share in spans:
            if at <= share or (low, high, share) == spans[-1]:
                youngest_day = date(start.year - low, start.month, 1)
                days = (youngest_day - date(start.year - high, start.month, 1)).days - 31
                found.append(youngest_day - timedelta(days=int(at / share * days)))
                break
            at -= share
    return found


def _divisions(office: _Office) -> list[str]:
    """Return the division of each head of a unit: leaders have none, deputies and all others follow in turn."""
    count = min(office.heads // 8, len(_SECTIONS))
    if count < 2:
        return [""] * office.heads
    ending = _DIVISIONS[office.level]
    return ["", "", *(_SECTIONS[i % count] + ending for i in range(office.heads - 2))]


def _helpers(offices: Iterable[_Office], start: date, draw: _Draw, lives: _Draw) -> list[Helper]:
    skills, (surnames, given) = _choices(SKILLS, 2), _names()
    born = {(sex, age): _births(sex, age, start) for sex in _OLDEST for age in (22, *_YOUNGEST.values())}
    helpers: list[Helper] = []
    for office in offices:
        for rank, post, division in zip(_ranks(office), _posts(office.heads), _divisions(office), strict=True):
            number, surname = divmod(int(draw() * 2**50), len(surnames))
            id, skill = f"c-{len(helpers) + 1:06d}", skills[number & 63]
            name = surnames[surname] + given[(number >> 6) % len(given)]
            day, of_hundred = divmod(int(lives() * 409_600), 100)
            sex = "f" if of_hundred < _WOMEN else "m"
            birth = born[sex, _YOUNGEST.get(rank, 22)][day]
            helper = Helper(
                id, office.id, rank, post, "cadre", None, 1, skill, division=division, birth=birth, sex=sex, name=name
            )
            helpers.append(helper)
    return helpers


def _teams(facts: _Programme, offices: Iterable[_Office], members: int, draw: _Draw) -> list[Helper]:
    """Return the work teams that units send, of three members at least; leaders lead the first ones of a unit."""
    offices = list(offices)
    sizes = iter(_apportion(members, [1 + int(6 * draw()) for office in offices for _ in range(office.heads)], least=3))
    skills, service = _choices(SKILLS, 2), Span(facts.registered, facts.until)
    teams: list[Helper] = []
    for office in offices:
        leaders = _of_level(office, "leaders")
        for i in range(office.heads):
            id, rank = f"t-{len(teams) + 1:05d}", leaders[i] if i < len(leaders) else None
            skill, name = skills[int(64 * draw())], f"{office.name}第{_numeral(i + 1)}工作队"
            teams.append(Helper(id, office.id, rank, None, "team", service, next(sizes), skill, name=name))
    return teams


def _numeral(number: int) -> str:
    """Return a number below a hundred in Chinese."""
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return ((digits[tens] if tens > 1 else "") + "十" * (tens > 0) + digits[ones]).strip()


def _villages(counties: Iterable[_County], draw: _Draw) -> list[Village]:
    """Return what is known of the villages; those of subdistricts are nearest, those of townships (乡) remotest."""
    difficulties = [i for i, share in enumerate(_words()["persons"]["difficulties"], 1) for _ in range(share)]
    found = []
    for county in counties:
        for village, size in zip(county.villages, county.sizes, strict=True):
            near = min(int(village[6]), 2)
            remoteness = near + int(draw() * (2, 3, 4)[near])
            found.append(Village(village, size, remoteness, difficulties[int(draw() * len(difficulties))]))
    return found


def _households(facts: _Programme, counties: Iterable[_County], draw: _Draw) -> list[Household]:
    words = _words()["persons"]
    persons = [i for i, share in enumerate(words["sizes"], 1) for _ in range(share)]
    difficulties = [i for i, share in enumerate(words["difficulties"], 1) for _ in range(share)]
    hamlets = [numeral + facts.hamlet for numeral in words["numerals"]]
    needs, (surnames, given), registered = _choices(NEEDS, 3), _names(), Span(facts.registered)
    households = []
    for county in counties:
        for village, size in zip(county.villages, county.sizes, strict=True):
            inhabited = 1 + int(draw() * len(hamlets))
            for i in range(size):
                number, of_persons = divmod(int(draw() * 2**50), len(persons))
                number, of_difficulty = divmod(number, len(difficulties))
                number, surname = divmod(number, len(surnames))
                household = Household(
                    f"h-{village}-{i + 1:03d}",
                    village,
                    difficulties[of_difficulty],
                    persons[of_persons],
                    hamlets[i * inhabited // size],
                    needs[number & 63],
                    registered,
                    name=surnames[surname] + given[(number >> 6) % len(given)],
                )
                households.append(household)
    return households


def _serving_in_steps(helpers: list[Helper], offices: Iterable[_Office], first: int, draw: _Draw) -> list[Helper]:
    """Let so many leading cadres serve from September 1994, and all others, groups and owners too, from later days.

    Of no unit more than half serve at first: so there is a household for each within the villages of the unit.
    """
    kinds = {office.id: {"工商业联合会": "owner", "总工会": "group"}.get(office.organ, "cadre") for office in offices}
    room = {office.id: office.heads // 2 for office in offices if kinds[office.id] == "cadre"}
    leaders: set[str] = set()
    for helper in sorted(_shuffled(helpers, draw), key=lambda helper: LADDER.position(helper.rank)):
        if len(leaders) < first and room.get(helper.unit):
            room[helper.unit] -= 1
            leaders.add(helper.id)
    lowest = LADDER.position("deputy-division")
    groups = _words()["persons"]["groups"]
    found = []
    for helper in helpers:
        kind, number = kinds[helper.unit], int(draw() * 2**20)
        high = LADDER.position(helper.rank) <= lowest
        if helper.id in leaders:
            rank = helper.rank if high else "deputy-division"
            found.append(evolve(helper, rank=rank, service=Span(date(1994, 9, 1))))
        elif kind == "cadre":
            service = _from_month(1995, 3 + number % 16)
            rank, birth = "section" if high else helper.rank, _later(helper, service)
            found.append(evolve(helper, rank=rank, service=service, birth=birth))
        elif kind == "group":
            service, members = _from_month(1996, 1 + number % 9), 5 + number % 36
            name = helper.name[1:] + groups[number % len(groups)]
            group = evolve(helper, rank=None, post=None, kind=kind, service=service, members=members, name=name)
            found.append(evolve(group, division="", birth=None, sex=""))
        else:
            service = _from_month(1996, 7 + number % 6)
            birth = _later(helper, service)
            found.append(
                evolve(helper, rank=None, post="manager", kind=kind, service=service, division="", birth=birth)
            )
    return found


def _later(helper: Helper, service: Span) -> date | None:
    """Return the birth date of somebody who is as old when the service begins as was said of September 1994."""
    return helper.birth and helper.birth + (service.start - date(1994, 9, 1))


def _from_month(year: int, month: int) -> Span:
    return Span(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1))


def _registered_in_steps(
    households: list[Household], helpers: Iterable[Helper], counties: Iterable[_County], shared: int, draw: _Draw
) -> list[Household]:
    """Register a household for each leading cadre of 1994, but for so many who share, the others on later days.

    The cadres stand evenly beside the households of their unit, and each has the one that it stands at.
    """
    leaders: dict[str, int] = {}
    for helper in helpers:
        if helper.service is not None and helper.service.start.year == 1994:
            leaders[helper.unit] = leaders.get(helper.unit, 0) + 1
    first: set[int] = set()
    before = 0
    for county in counties:
        length, width = sum(county.sizes), sum(office.heads for office in county.row)
        passed = 0
        for office in county.row:
            own = leaders.get(office.id, 0)
            for i in range(own):
                if i == 1 and shared:
                    shared -= 1
                    continue
                first.add(before + (2 * own * passed + (2 * i + 1) * office.heads) * length // (2 * own * width))
            passed += office.heads
        before += length
    return [
        household if i in first else evolve(household, registered=_from_month(1995, 1 + int(draw() * 24)))
        for i, household in enumerate(households)
    ]
