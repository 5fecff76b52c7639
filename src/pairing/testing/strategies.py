"""Hypothesis strategies for whoever and whatever can be in a roster, and for whole rosters.

Each strategy bears the plural of the name of its type.  All its arguments are bounds, with defaults, and by keyword;
what it gives varies in every field, and shrinks to something tiny.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import combinations, product
from typing import Any, TypeVar

from attrs import evolve, field, frozen
from hypothesis import strategies as st

from pairing.areas import LEVELS, Area, AreaTree
from pairing.criteria import ClassToClass, SkillToNeed
from pairing.dates import Span
from pairing.errors import ArgumentError, RosterError, shown
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
    Village,
)
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.terms import terms

__all__ = [
    "DAY", "Fields", "Words", "area_trees", "areas", "full", "helpers", "households",
    "ladders", "links", "named_pairs", "of_type", "one_of", "own_links", "pairings", "plain",
    "plainest", "quotas", "ranks", "rosters", "some_days", "some_of", "spans", "texts_in", "units",
    "villages", "whole_number", "words_of",
]  # fmt: skip

_T = TypeVar("_T")

DAY = date(2012, 2, 8)
"""The day about which services and registrations begin and end, where no other is asked for."""

PEOPLE = ("", "王秀英", "李国强", "张桂兰", "欧阳建华", "阿依古丽·买买提", "扎西卓玛", "马㛃")
"""Names of persons, invented: of two to eight characters, one of them rare."""

PLACES = {
    "province": ("甘肃省", "辽宁省", "湖北省"),
    "prefecture": ("兰州市", "临夏回族自治州", "盘锦市"),
    "county": ("城关区", "积石山保安族东乡族撒拉族自治县", "盘山县"),
    "township": ("草场街街道", "别藏镇", "沙岭镇"),
    "village": ("上坪村", "草场街社区居委会", "阿山村", "李家沟村"),
}
"""Names of areas, by level."""

LETTERS = {"province": "s", "prefecture": "f", "county": "c", "township": "t", "village": "v"}
"""What the codes of areas begin with, by level."""

ORGANS = ("", "县水务局", "县人民法院", "第一中学", "农村信用合作联社")

BIRTHS = (None, date(1990, 1, 1), date(1952, 2, 29), date(1952, 12, 31), date(1957, 6, 15), date(1970, 10, 1))

HELPER_IDS = ("h1", "h2", "h3", "干部-4")
HOUSEHOLD_IDS = ("p1", "p2", "p3", "赵家沟-4")
UNIT_IDS = ("u1", "u2", "水务局")
VILLAGE_CODES = ("v1", "v2", "上坪")


@frozen
class Words:
    """The texts that persons are described with: posts, skills and so on."""

    posts: tuple[str, ...] = ("secretary", "院长")
    skills: tuple[str, ...] = ("medicine", "种植")
    needs: tuple[str, ...] = ("illness", "schooling")
    languages: tuple[str, ...] = ("汉语", "藏语")
    statuses: tuple[str, ...] = ("exited", "fallen back")
    hamlets: tuple[str, ...] = ("一社", "二社")
    kin: tuple[str, ...] = ("k1", "k2")
    divisions: tuple[str, ...] = ("d1", "民事审判庭")
    ladder: Ladder = field(default=LADDER)


WORDS = Words()


# --- wrong arguments


def whole_number(name: str, value: int, least: int = 0) -> int:
    """Return a whole number that an argument asks for, or refuse it."""
    if type(value) is not int or value < least:
        raise ArgumentError("bad-number", f"wanted a whole number from {least}, got {shown(value)}", name)
    return value


def bounds_of(name: str, least: int, most: int, lowest: int = 0) -> tuple[int, int]:
    whole_number(f"min_{name}", least, lowest)
    whole_number(f"max_{name}", most, lowest)
    if most < least:
        raise ArgumentError("bad-bounds", f"wanted at least min_{name}, {least}, got {most}", f"max_{name}")
    return least, most


def texts_in(name: str, texts: Collection[str]) -> tuple[str, ...]:
    """Return texts that an argument gives to choose from, or refuse them."""
    fine = isinstance(texts, Collection) and not isinstance(texts, str | bytes) and len(texts) > 0
    if not fine or not all(isinstance(text, str) and text for text in texts):
        raise ArgumentError("bad-type", f"wanted one text at least, in a collection, got {shown(texts)}", name)
    return tuple(texts) if isinstance(texts, Sequence) else tuple(sorted(texts))


def of_type(name: str, value: _T, kind: type) -> _T:
    """Return an argument of a type, or refuse it."""
    if not isinstance(value, kind) or (kind is date and type(value) is not date):
        raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    return value


def some_days(min_day: date, max_day: date) -> st.SearchStrategy[date]:
    """Return a strategy of days from one to another, both included, or refuse them."""
    of_type("min_day", min_day, date)
    of_type("max_day", max_day, date)
    if max_day < min_day:
        raise ArgumentError("bad-bounds", f"wanted no day before min_day, {min_day}, got {max_day}", "max_day")
    return st.dates(min_day, max_day)


# --- small values


Fields = Mapping[str, Sequence[Any]]
"""The values that each field may have, the simplest first."""


def one_of(texts: Sequence[str]) -> tuple[str, ...]:
    """A text, or none."""
    return "", *texts


def some_of(texts: Sequence[str]) -> list[frozenset[str]]:
    """Some of the texts, three at most."""
    return [frozenset(some) for size in range(4) for some in combinations(texts, size)]


def full(make: Callable[..., _T], fields: Fields) -> st.SearchStrategy[_T]:
    """Return a strategy of things each of whose fields is drawn."""
    return st.builds(make, **{name: st.sampled_from(values) for name, values in fields.items()})


def plain(make: Callable[..., _T], drawn: Collection[str], fields: Fields) -> st.SearchStrategy[_T]:
    """Return a strategy of things that are as simple as can be but for some fields that are `drawn`, and a few others.

    A whole roster of them shrinks a hundred times faster than one in which each field is drawn.
    """
    simple = {name: values[0] for name, values in fields.items()}
    others = [(name, value) for name, values in fields.items() if name not in drawn for value in values[1:]]
    always = st.fixed_dictionaries({name: st.sampled_from(fields[name]) for name in drawn})
    few = st.lists(st.sampled_from(others), max_size=6)
    return st.tuples(always, few).map(lambda both: make(**simple | both[0] | dict(both[1])))


def spans(*, min_day: date = DAY - timedelta(400), max_day: date = DAY + timedelta(400)) -> st.SearchStrategy[Span]:
    """Return a strategy of spans that begin and end between two days, both included; many have no end.

    >>> from hypothesis import find
    >>> find(spans(min_day=date(2012, 2, 8)), lambda span: True)
    Span(2012-02-08 ..)

    Raises `ArgumentError` where there is no day between.
    """
    days = some_days(min_day, max_day)
    if max_day == min_day:
        return st.just(Span(min_day))
    both = st.lists(days, min_size=2, max_size=2, unique=True).map(lambda two: Span(min(two), max(two)))
    return st.builds(Span, days) | both


def quotas(*, max_floor: int = 3, max_room: int = 3) -> st.SearchStrategy[Quota]:
    """Return a strategy of quotas, with a ceiling of at most so much above the floor, or without one.

    >>> from hypothesis import find
    >>> find(quotas(), lambda quota: quota.floor > 1)
    Quota(floor=2, ceiling=2)
    """
    whole_number("max_floor", max_floor)
    whole_number("max_room", max_room)
    rooms = st.sampled_from((*range(max_room + 1), None))
    both = st.tuples(st.integers(0, max_floor), rooms)
    return both.map(lambda it: Quota(it[0], None if it[1] is None else it[0] + it[1]))


def ranks() -> st.SearchStrategy[Rank]:
    """Return a strategy of ranks, with a title or without."""
    return st.builds(
        Rank, st.sampled_from([rank.id for rank in reversed(LADDER.ranks)]), st.sampled_from(("", "县处级正职", "科员"))
    )


def ladders(*, min_ranks: int = 1, max_ranks: int = 5) -> st.SearchStrategy[Ladder]:
    """Return a strategy of ladders of ranks, each rank once."""
    least, most = bounds_of("ranks", min_ranks, max_ranks, 1)
    if most > len(LADDER.ranks):
        message = f"wanted at most {len(LADDER.ranks)}, as many as there are, got {most}"
        raise ArgumentError("bad-bounds", message, "max_ranks")
    return st.lists(ranks(), min_size=least, max_size=most, unique_by=lambda rank: rank.id).map(Ladder)


# --- areas


def areas(*, levels: Collection[str] = LEVELS) -> st.SearchStrategy[Area]:
    """Return a strategy of single areas of these levels; for areas that lie in one another, see `area_trees`."""
    chosen = texts_in("levels", levels)
    if wrong := [level for level in chosen if level not in LEVELS]:
        message = f"wanted some of {', '.join(LEVELS)}; got {shown(wrong[0])}"
        raise ArgumentError("unknown-level", message, "levels")
    return _areas(tuple(reversed(chosen)))


@cache
def _areas(levels: tuple[str, ...]) -> st.SearchStrategy[Area]:
    rows = st.tuples(st.sampled_from(levels), st.integers(0, 3), st.sampled_from((None, "62", "6201")))

    def area(code: str, row: tuple[str, int, str | None]) -> Area:
        level, n, parent = row
        return Area(code, PLACES[level][n % len(PLACES[level])], level, None if level == LEVELS[0] else parent)

    return st.builds(area, st.sampled_from(VILLAGE_CODES), rows)


def area_trees(*, min_villages: int = 1, max_villages: int = 3) -> st.SearchStrategy[AreaTree]:
    """Return a strategy of trees of areas, with so many villages, and up to two areas of each level above.

    >>> from hypothesis import find
    >>> list(find(area_trees(), lambda tree: True))
    [Area(code='v1', name='上坪村', level='village', parent=None)]
    """
    return _area_trees(*bounds_of("villages", min_villages, max_villages))


@cache
def _area_trees(least: int, most: int) -> st.SearchStrategy[AreaTree]:
    sizes = {level: (least, most) if level == "village" else (0, 2) for level in reversed(LEVELS)}
    rows = [
        st.lists(st.sampled_from([*product(PLACES[level], (0, 1))]), min_size=fewest, max_size=largest)
        for level, (fewest, largest) in sizes.items()
    ]
    return st.tuples(*rows).map(lambda rows: _tree(dict(zip(sizes, rows, strict=True))))


def _tree(rows: Mapping[str, Sequence[tuple[str, int]]]) -> AreaTree:
    """Put the areas of each level below those of the level above that is there."""
    found: list[Area] = []
    above: list[str | None] = [None]
    for level in LEVELS:
        here = [
            Area(f"{LETTERS[level]}{n}", name, level, above[at % len(above)])
            for n, (name, at) in enumerate(rows[level], start=1)
        ]
        found += here
        above = [area.code for area in here] or above
    return AreaTree(found)


# --- units and people


def units(*, areas: Collection[str] = VILLAGE_CODES, superiors: Collection[str] = UNIT_IDS) -> st.SearchStrategy[Unit]:
    """Return a strategy of single units in these areas; some have one of these superior units."""
    return full(_unit, _units(texts_in("areas", areas), texts_in("superiors", superiors)))


def _units(areas: tuple[str, ...], superiors: tuple[str, ...]) -> Fields:
    return {
        "id": UNIT_IDS,
        "level": LEVELS[::-1],
        "area": areas,
        "parent": (None, *superiors),
        "name": ORGANS,
    }


def _unit(id: str, parent: str | None, **fields: Any) -> Unit:
    return Unit(id, parent=None if parent == id else parent, **fields)


def helpers(
    *, units: Collection[str] = UNIT_IDS, villages: Collection[str] = VILLAGE_CODES, on: date = DAY
) -> st.SearchStrategy[Helper]:
    """Return a strategy of single helpers of these units, of all kinds, with homes and ties in these villages.

    Services begin and end about a day, `on`.

    >>> from hypothesis import find
    >>> find(helpers(), lambda helper: helper.kind == "team" and helper.members > 1)
    Helper(id='h1', unit='u1', rank=None, post=None, kind='team')
    """
    fields = _helpers(WORDS, texts_in("units", units), texts_in("villages", villages), of_type("on", on, date))
    return full(_helper, fields)


def _helpers(words: Words, units: tuple[str, ...], villages: tuple[str, ...], on: date) -> Fields:
    return {
        "id": HELPER_IDS,
        "unit": units,
        "rank": [rank.id for rank in reversed(words.ladder.ranks)],
        "ranked": (False, True),
        "post": (None, *words.posts),
        "kind": KINDS,
        "service": _terms_of(on),
        "members": (1, 2, 5, 9, 40, 150),
        "skills": some_of(words.skills),
        "languages": some_of(words.languages),
        "home": one_of(villages),
        "hamlet": one_of(words.hamlets),
        "ties": some_of(villages),
        "kin": some_of(words.kin),
        "fit": (True, False),
        "hardship": (False, True),
        "division": one_of(words.divisions),
        "birth": BIRTHS,
        "sex": one_of(SEXES),
        "name": PEOPLE,
    }


def _helper(kind: str, rank: str, ranked: bool, members: int, **fields: Any) -> Helper:
    """A cadre has a rank, and stands for one person; others may have a rank, and stand for several."""
    if kind == "cadre":
        return Helper(kind=kind, rank=rank, **fields)
    return Helper(kind=kind, rank=rank if ranked else None, members=members, **fields)


def _terms_of(on: date) -> list[Span | None]:
    """How long somebody is there: always, or for a span that has the day, or that just misses it."""
    bounds = ((0, None), (-700, None), (-9, 1), (-9, 0), (1, None), (-400, 300), (30, 60), (0, 700))
    return [None, *(Span(on + timedelta(start), None if end is None else on + timedelta(end)) for start, end in bounds)]


def households(*, villages: Collection[str] = VILLAGE_CODES, on: date = DAY) -> st.SearchStrategy[Household]:
    """Return a strategy of single households in these villages; registrations begin and end about a day, `on`.

    >>> from hypothesis import find
    >>> find(households(), lambda household: household.difficulty > 1)
    Household(id='p1', village='v1', difficulty=2, persons=1)
    """
    return full(Household, _households(WORDS, texts_in("villages", villages), of_type("on", on, date)))


def _households(words: Words, villages: tuple[str, ...], on: date) -> Fields:
    return {
        "id": HOUSEHOLD_IDS,
        "village": villages,
        "difficulty": (*range(9), 12, 99, 150, 1000),
        "persons": (*range(1, 9), 12, 150),
        "hamlet": one_of(words.hamlets),
        "needs": some_of(words.needs),
        "registered": _terms_of(on),
        "languages": some_of(words.languages),
        "kin": some_of(words.kin),
        "status": one_of(words.statuses),
        "name": PEOPLE,
    }


def plainest(kind: type[Any]) -> list[Any]:
    """Return helpers or households that are as simple as can be but for one field, the simplest first."""
    make: Any = _helper if kind is Helper else Household
    homes = _households(WORDS, VILLAGE_CODES, DAY)
    values = _helpers(WORDS, UNIT_IDS, VILLAGE_CODES, DAY) if kind is Helper else homes
    simple = {name: some[0] for name, some in values.items()}
    few = [simple, *(simple | {name: it} for name, some in values.items() for it in some[1:])]
    return [make(**it) for it in few]


def villages(*, codes: Collection[str] = VILLAGE_CODES) -> st.SearchStrategy[Village]:
    """Return a strategy of what is known of these villages."""
    return full(Village, _villages(texts_in("codes", codes)))


def _villages(codes: tuple[str, ...]) -> Fields:
    return {"code": codes, "households": (0, 1, 40, 412), "remoteness": range(5), "difficulty": range(5)}


# --- links and pairs


def links(*, units: Collection[str] = UNIT_IDS, villages: Collection[str] = VILLAGE_CODES) -> st.SearchStrategy[Link]:
    """Return a strategy of links between these units and villages."""
    return st.builds(Link, st.sampled_from(texts_in("units", units)), st.sampled_from(texts_in("villages", villages)))


def own_links(
    *, helpers: Collection[str] = HELPER_IDS, areas: Collection[str] = VILLAGE_CODES
) -> st.SearchStrategy[OwnLink]:
    """Return a strategy of links of these helpers to these counties and villages."""
    return st.builds(OwnLink, st.sampled_from(texts_in("helpers", helpers)), st.sampled_from(texts_in("areas", areas)))


def named_pairs(
    *, helpers: Collection[str] = HELPER_IDS, households: Collection[str] = HOUSEHOLD_IDS
) -> st.SearchStrategy[NamedPair]:
    """Return a strategy of named pairs of these helpers and households: excluded, preferred and locked."""
    return full(_named_pair, _named_pairs(texts_in("helpers", helpers), texts_in("households", households)))


def _named_pairs(helpers: tuple[str, ...], households: tuple[str, ...]) -> Fields:
    return {
        "helper": helpers,
        "household": households,
        "rule": ("excluded", "preferred", "locked"),
        "score": range(1, 6),
        "reason": ("", "kin", "同乡"),
    }


def _named_pair(rule: str, score: int, **fields: Any) -> NamedPair:
    return NamedPair(rule=rule, score=score if rule == "preferred" else 0, **fields)


def pairings(
    *, helpers: Collection[str] = HELPER_IDS, households: Collection[str] = HOUSEHOLD_IDS, on: date = DAY
) -> st.SearchStrategy[Pairing]:
    """Return a strategy of pairings of these helpers and households, with spans about a day, `on`, or without."""
    return st.builds(
        Pairing,
        st.sampled_from(texts_in("helpers", helpers)),
        st.sampled_from(texts_in("households", households)),
        st.sampled_from(("lead", "support")),
        st.sampled_from(_terms_of(of_type("on", on, date))),
    )


# --- rosters


def rosters(
    *,
    policy: Policy | None = None,
    on: date = DAY,
    min_helpers: int = 0,
    max_helpers: int = 4,
    min_households: int = 0,
    max_households: int = 4,
    max_units: int = 3,
    max_villages: int = 3,
) -> st.SearchStrategy[Roster]:
    """Return a strategy of whole rosters, valid, with so many people.

    With a `policy`, the roster can be paired under it on the day: ranks are on its ladder, locked pairs keep to its
    rules, and posts, skills, needs and statuses are those that it names.

    >>> from hypothesis import Phase, find, settings
    >>> quick = settings(phases=[Phase.generate, Phase.shrink])
    >>> find(rosters(min_helpers=1, min_households=1), lambda roster: True, settings=quick)
    Roster(1 areas, 1 units, 1 helpers, 1 households, 0 links, 0 named pairs)

    Raises `ArgumentError` for bounds between which there is nothing.
    """
    if policy is not None:
        of_type("policy", policy, Policy)
    sizes = (
        bounds_of("helpers", min_helpers, max_helpers),
        bounds_of("households", min_households, max_households),
        whole_number("max_units", max_units, 1),
        whole_number("max_villages", max_villages, 1),
    )
    of_type("on", on, date)
    if policy is None:
        return _parts(WORDS, on, sizes)
    return _parts(words_of(policy), on, sizes).map(lambda roster: _fitting(policy, roster, on))


_Sizes = tuple[tuple[int, int], tuple[int, int], int, int]


@cache
def _parts(words: Words, on: date, sizes: _Sizes) -> st.SearchStrategy[Roster]:
    """Whole rosters: the parts are drawn apart, each as if all else were there, and put together by `_whole`."""
    (fewest, most), (least, largest), most_units, most_villages = sizes
    codes, ids = (
        tuple(f"{letter}{n + 1}" for n in range(size)) for letter, size in (("v", most_villages), ("u", most_units))
    )
    who, homes = (
        tuple(f"{letter}{n + 1}" for n in range(max(1, size))) for letter, size in (("h", most), ("p", largest))
    )
    units = plain(_unit, ("area",), _units((*codes, "c1", "s1"), ("u1",)))
    helpers = plain(_helper, ("unit", "rank"), _helpers(words, ids, codes, on))
    households = plain(Household, ("village", "difficulty"), _households(words, codes, on))
    return st.builds(
        _whole,
        st.just(words.ladder),
        _area_trees(1, most_villages),
        st.lists(units, min_size=1, max_size=most_units),
        st.lists(helpers, min_size=fewest, max_size=most),
        st.lists(households, min_size=least, max_size=largest),
        st.lists(st.sampled_from([Link(*both) for both in product(ids, codes)])),
        st.lists(st.sampled_from([OwnLink(*both) for both in product(who, (*codes, "c1"))]), max_size=2),
        st.lists(plain(_named_pair, ("helper", "household", "rule"), _named_pairs(who, homes)), max_size=2),
        st.lists(plain(Village, ("code",), _villages(codes)), max_size=2),
        st.booleans(),
    )


def _whole(
    ladder: Ladder,
    tree: AreaTree,
    units: Sequence[Unit],
    helpers: Sequence[Helper],
    households: Sequence[Household],
    links: Sequence[Link],
    own_links: Sequence[OwnLink],
    named: Sequence[NamedPair],
    villages: Sequence[Village],
    longer: bool,
) -> Roster:
    """Put the parts of a roster together: each is numbered, and what it names that is not there is another that is."""
    sizes = {
        "v": sum(area.level == "village" for area in tree),
        "u": len(units),
        "h": len(helpers),
        "p": len(households),
    }

    def there(id: str) -> str:
        return f"{id[0]}{(int(id[1:]) - 1) % sizes[id[0]] + 1}" if id[0] in sizes else id if id in tree else "v1"

    offices = [
        # a unit is below one that stands before it, so that no unit is its own superior
        evolve(unit, id=f"u{n + 1}", area=there(unit.area), parent=unit.parent and (f"u{n}" if n else None))
        for n, unit in enumerate(units)
    ]
    who = [
        evolve(
            helper,
            id=f"h{n + 1}",
            unit=there(helper.unit),
            home=helper.home and there(helper.home),
            ties=frozenset(map(there, helper.ties)),
        )
        for n, helper in enumerate(helpers)
    ]
    homes = [evolve(it, id=f"p{n + 1}", village=there(it.village)) for n, it in enumerate(households)]
    linked = {(there(link.unit), there(link.village)): None for link in links}
    own = {(there(it.helper), there(it.area)): None for it in own_links if who}
    pairs = {(there(it.helper), there(it.household)): it for it in named if who and homes}
    if longer and "village-cadre" not in ladder:
        ladder = Ladder((*ladder.ranks, Rank("village-cadre", "村干部")))
    return Roster(
        tree,
        offices,
        who,
        homes,
        [Link(*both) for both in linked],
        [evolve(it, helper=helper, household=household) for (helper, household), it in pairs.items()],
        ladder,
        [OwnLink(*both) for both in own],
        list({there(it.code): evolve(it, code=there(it.code)) for it in villages}.values()),
    )


def _fitting(policy: Policy, roster: Roster, on: date) -> Roster:
    """Return the roster, without its locked pairs where they break the policy's rules."""
    locked = [pair for pair in roster.named if pair.rule == "locked"]
    if locked:
        try:
            terms(policy.at(on), roster, on, ())
        except RosterError:
            return evolve(roster, named=[pair for pair in roster.named if pair not in locked])
    return roster


def words_of(policy: Policy) -> Words:
    """Return the texts that a policy names, beside some that it does not."""
    rules: list[Any] = [*policy.helpers, *(policy.linking.leaders if policy.linking else ())]
    classes = [it for it in policy.criteria if isinstance(it, ClassToClass)]
    meets = [row for it in policy.criteria if isinstance(it, SkillToNeed) for row in it.meets]
    return Words(
        _merged((post for it in (*rules, *classes) for post in it.posts), WORDS.posts),
        _merged((skill for skill, _ in meets), WORDS.skills),
        _merged(
            (*(need for _, row in meets for need in row), *(need for it in classes for need in it.needs)), WORDS.needs
        ),
        statuses=_merged((status for it in classes for status in it.statuses), WORDS.statuses),
        ladder=policy.ladder,
    )


def _merged(some: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(text for text in some if text), *more)))
