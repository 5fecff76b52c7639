"""Who there is: areas, units, helpers, households, villages, links and named pairs, indexed and checked as a whole.

A roster is immutable and indexed, and it checks itself: `roster_problems` tells everything that is wrong at once.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from attrs import field, frozen

from pairing.areas import LEVELS, AreaTree, as_tuple, loops
from pairing.dates import Span
from pairing.errors import ArgumentError, Problem, RosterError, is_identity_number, key, shown
from pairing.markup import html_page, html_table
from pairing.people import (
    KINDS,
    LADDER,
    RULES,
    SEXES,
    Helper,
    Household,
    Ladder,
    Link,
    NamedPair,
    OwnLink,
    Unit,
    Village,
)

__all__ = ["Roster", "roster_problems"]

_Thing = TypeVar("_Thing", "Unit", "Helper", "Household")


# A converter for each table, so that a type checker knows what may be given.
def _units(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return as_tuple(units)


def _helpers(helpers: Iterable[Helper]) -> tuple[Helper, ...]:
    return as_tuple(helpers)


def _households(households: Iterable[Household]) -> tuple[Household, ...]:
    return as_tuple(households)


def _links(links: Iterable[Link]) -> tuple[Link, ...]:
    return as_tuple(links)


def _named(named: Iterable[NamedPair]) -> tuple[NamedPair, ...]:
    return as_tuple(named)


def _own_links(links: Iterable[OwnLink]) -> tuple[OwnLink, ...]:
    return as_tuple(links)


def _villages(villages: Iterable[Village]) -> tuple[Village, ...]:
    return as_tuple(villages)


@frozen(repr=False)
class Roster:
    """Areas, units, helpers, households, links and named pairs, checked as a whole.

    `own_links` are the links of single helpers, `villages` what is known of villages.  Each table is kept in the order
    of its ids, so the order in which it is given shows nowhere.  Raises `RosterError` with every problem at once.

    >>> from pairing.areas import Area
    >>> roster = Roster(
    ...     areas=AreaTree([Area("v", "上坪村", "village")]),
    ...     units=[Unit("u", "county", "v")],
    ...     helpers=[Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     households=[Household("x", "v"), Household("y", "v", difficulty=2)],
    ...     links=[Link("u", "v")],
    ... )
    >>> roster
    Roster(1 areas, 1 units, 2 helpers, 2 households, 1 links, 0 named pairs)
    >>> [helper.id for helper in roster.helpers_of("u")]
    ['ann', 'bo']
    """

    areas: AreaTree
    units: tuple[Unit, ...] = field(default=(), converter=_units)
    helpers: tuple[Helper, ...] = field(default=(), converter=_helpers)
    households: tuple[Household, ...] = field(default=(), converter=_households)
    links: tuple[Link, ...] = field(default=(), converter=_links)
    named: tuple[NamedPair, ...] = field(default=(), converter=_named)
    ladder: Ladder = LADDER
    own_links: tuple[OwnLink, ...] = field(default=(), converter=_own_links)
    villages: tuple[Village, ...] = field(default=(), converter=_villages)

    def __attrs_post_init__(self) -> None:
        problems = roster_problems(
            self.areas,
            self.units,
            self.helpers,
            self.households,
            self.links,
            self.named,
            self.ladder,
            own_links=self.own_links,
            villages=self.villages,
        )
        if problems:
            raise RosterError(problems)
        for table in ("units", "helpers", "households"):
            object.__setattr__(self, table, tuple(sorted(getattr(self, table), key=_id)))
        object.__setattr__(self, "villages", tuple(sorted(self.villages, key=lambda village: village.code)))
        for table in ("links", "own_links"):
            object.__setattr__(self, table, tuple(sorted(getattr(self, table))))
        object.__setattr__(self, "named", tuple(sorted(self.named, key=lambda pair: (pair.helper, pair.household))))
        _ = self.helper_groups, self.household_groups  # indexed once, while it is read

    def __repr__(self) -> str:
        return (
            f"Roster({len(self.areas)} areas, {len(self.units)} units, {len(self.helpers)} helpers, "
            f"{len(self.households)} households, {len(self.links)} links, {len(self.named)} named pairs)"
        )

    def _repr_html_(self) -> str:
        areas = Counter(area.level for area in self.areas)
        things = {
            **{f"areas: {level}": areas[level] for level in LEVELS if areas[level]},
            "units": len(self.units),
            "helpers": len(self.helpers),
            "households": len(self.households),
            "persons in them": sum(household.persons for household in self.households),
            "villages with households": len(self._households_in),
            "links": len(self.links),
            "own links": len(self.own_links),
            "named pairs": len(self.named),
        }
        titles = {rank.id: rank.title for rank in self.ladder}
        kinds = Counter((self.ladder.position(h.rank), h.rank or "", h.kind) for h in self.helpers)
        ranks = ([rank or "-", titles.get(rank, ""), kind, count] for (_, rank, kind), count in sorted(kinds.items()))
        return html_page(
            html_table(["", "how many"], things.items(), caption="roster"),
            html_table(["rank", "", "kind", "helpers"], ranks, caption="helpers by rank and kind", words=(1, 2)),
        )

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _helpers(self) -> dict[str, Helper]:
        return {helper.id: helper for helper in self.helpers}

    @cached_property
    def _households(self) -> dict[str, Household]:
        return {household.id: household for household in self.households}

    @cached_property
    def _helpers_of(self) -> dict[str, tuple[Helper, ...]]:
        return _gathered(self.helpers, lambda helper: helper.unit)

    @cached_property
    def _households_in(self) -> dict[str, tuple[Household, ...]]:
        return _gathered(self.households, lambda household: household.village)

    @cached_property
    def helper_groups(self) -> tuple[tuple[int, ...], ...]:
        """The positions of helpers who are alike in unit, rank, kind, post, service and fitness: what a rule reads."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for n, helper in enumerate(self.helpers):
            service = helper.service
            days = service and (service.start, service.end)
            alike = (helper.unit, helper.rank, helper.kind, helper.post, days, helper.fit)
            groups.setdefault(alike, []).append(n)
        return tuple(map(tuple, groups.values()))

    @cached_property
    def household_groups(self) -> tuple[tuple[int, ...], ...]:
        """The positions of households that are alike in village, difficulty and registration."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for n, household in enumerate(self.households):
            registered = household.registered
            alike = (household.village, household.difficulty, registered and (registered.start, registered.end))
            groups.setdefault(alike, []).append(n)
        return tuple(map(tuple, groups.values()))

    @cached_property
    def _ends(self) -> tuple[dict[str, date], dict[str, date]]:
        """The end of the service of each helper, and of the registration of each household, that has one; by id."""
        ends: tuple[dict[str, date], dict[str, date]] = ({}, {})
        for group in self.helper_groups:
            service = self.helpers[group[0]].service
            if service and service.end:
                ends[0].update(dict.fromkeys([self.helpers[n].id for n in group], service.end))
        for group in self.household_groups:
            registered = self.households[group[0]].registered
            if registered and registered.end:
                ends[1].update(dict.fromkeys([self.households[n].id for n in group], registered.end))
        return ends

    def days_from(self, on: date, helpers: Iterable[str], households: Iterable[str]) -> Iterator[Span]:
        """Yield, for helpers and households by id, the days from one on until the service or registration ends."""
        unending = Span(on)
        if not any(self._ends):
            yield from (unending for _ in helpers)
            return
        for helper, household in zip(helpers, households, strict=True):
            ends = [end for end in (self._ends[0].get(helper), self._ends[1].get(household)) if end]
            yield Span(on, min(ends)) if ends else unending

    @cached_property
    def _villages_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for link in self.links:
            found.setdefault(link.unit, []).append(link.village)
        return {unit: tuple(villages) for unit, villages in found.items()}

    @cached_property
    def _units_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for link in self.links:
            found.setdefault(link.village, []).append(link.unit)
        return {village: tuple(units) for village, units in found.items()}

    @cached_property
    def _own_areas(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for link in self.own_links:
            found.setdefault(link.helper, []).append(link.area)
        return {helper: tuple(areas) for helper, areas in found.items()}

    @cached_property
    def _facts(self) -> dict[str, Village]:
        return {village.code: village for village in self.villages}

    def own_areas(self, helper: str) -> tuple[str, ...]:
        """Return the counties and villages that a helper is linked to by own links, by code."""
        return self._own_areas.get(helper, ())

    def own_villages(self, helper: str) -> tuple[str, ...]:
        """Return the villages that a helper is linked to by own links, by code."""
        return tuple(area for area in self.own_areas(helper) if self.areas[area].level == "village")

    def may_go_to(self, helper: Helper) -> tuple[str, ...]:
        """Return the villages in which a helper may be paired: the helper's own ones, or else those of the unit."""
        return self.own_villages(helper.id) or self.villages_of(helper.unit)

    def village(self, code: str) -> Village:
        """Return what is known of a village; where nothing is, a village with nothing but its code."""
        return self._facts.get(code) or Village(code)

    def linked(self, links: Iterable[Link], own_links: Iterable[OwnLink]) -> "Roster":
        """Return the roster with other links in place of its own.

        Raises `RosterError` as the making of a roster does; everybody else is not looked at again.
        """
        links, own_links = _links(links), _own_links(own_links)
        problems: list[Problem] = []
        _check_all_links(problems, None, self.areas, self._units, self._helpers, links, own_links)
        if problems:
            raise RosterError(problems)
        other = copy(self)
        for table, things in (("links", links), ("own_links", own_links)):
            object.__setattr__(other, table, tuple(sorted(things)))
        for index in ("_units", "_helpers", "_households", "helper_groups", "household_groups"):
            object.__setattr__(other, index, getattr(self, index))
        return other

    def unit(self, id: str) -> Unit:
        """Return the unit of that id."""
        return _found(self._units, id, "unit")

    def helper(self, id: str) -> Helper:
        """Return the helper of that id."""
        return _found(self._helpers, id, "helper")

    def household(self, id: str) -> Household:
        """Return the household of that id."""
        return _found(self._households, id, "household")

    def __contains__(self, id: object) -> bool:
        """Whether a helper or a household has that id."""
        return isinstance(id, str) and (id in self._helpers or id in self._households)

    def helpers_of(self, unit: str) -> tuple[Helper, ...]:
        """Return the helpers of a unit, by id."""
        return self._helpers_of.get(unit, ())

    def households_in(self, village: str) -> tuple[Household, ...]:
        """Return the households of a village, by id."""
        return self._households_in.get(village, ())

    def villages_of(self, unit: str) -> tuple[str, ...]:
        """Return the villages that a unit is linked to, by code."""
        return self._villages_of.get(unit, ())

    def units_of(self, village: str) -> tuple[str, ...]:
        """Return the units that a village is linked to, by id."""
        return self._units_of.get(village, ())


def _found(table: Mapping[str, _Thing], id: str, what: str) -> _Thing:
    thing = table.get(id) if isinstance(id, str) else None
    if thing is None:
        raise ArgumentError("unknown-id", f"wanted the id of a {what} of the roster, got {shown(id)}", what)
    return thing


def _id(thing: Unit | Helper | Household) -> str:
    return thing.id


def _gathered(things: tuple[_Thing, ...], place: Callable[[_Thing], str]) -> dict[str, tuple[_Thing, ...]]:
    found: dict[str, list[_Thing]] = {}
    for thing in things:
        found.setdefault(place(thing), []).append(thing)
    return {at: tuple(found[at]) for at in sorted(found)}


_Rows = list[tuple[int, Any]]


class _Checks:
    """Collects problems of one table: what every table is asked in the same way stands here once."""

    def __init__(self, table: str, problems: list[Problem], lines: Mapping[str, Sequence[int]] | None) -> None:
        self.table = table
        self.all_problems = problems
        self.problems: list[Problem] = []
        self.lines = None if lines is None else lines[table]
        self.key = key if lines is None else shown

    def at(self, row: int) -> int:
        return row if self.lines is None else self.lines[row]

    def tell(self, row: int, field: str, code: str, message: str) -> None:
        self.problems.append(Problem(code, message, self.table, self.at(row), field))

    def of_kind(self, things: Iterable[Any], kind: type[Any]) -> _Rows:
        """Return (row, thing), leaving out, and telling, what is something else."""
        rows = list(enumerate(things))
        if set(map(type, (thing for _, thing in rows))) <= {kind}:
            return rows
        for row, thing in rows:
            if not isinstance(thing, kind):
                article = "an" if kind is OwnLink else "a"
                self.tell(row, "", "bad-type", f"wanted {article} {kind.__name__}, got {shown(thing)}")
        return [(row, thing) for row, thing in rows if isinstance(thing, kind)]

    def keyed(self, things: Iterable[Any], kind: type[Any]) -> tuple[dict[str, tuple[int, Any]], _Rows]:
        """Return (row, thing) by id, telling what has no key of its own; and all rows, with it."""
        found: dict[str, tuple[int, Any]] = {}
        rows = self.of_kind(things, kind)
        for row, thing in rows:
            id = thing.id
            if not isinstance(id, str) or not id or id != id.strip():
                self.tell(row, "id", "bad-key", f"wanted a text without spaces around it, got {shown(id)}")
            elif not id.isprintable():
                message = f"wanted characters that can be printed, got another in {shown(id)}"
                self.tell(row, "id", "bad-key", message)
            elif id in found:
                first = self.at(found[id][0])
                message = f"{self.key(id)} stands already in row {first}; give each its own id"
                self.tell(row, "id", "duplicate-id", message)
            else:
                if len(id) == 18 and is_identity_number(id):
                    message = "wanted a key of your own, got an identity number; keep those out of the roster"
                    self.tell(row, "id", "identity-number", message)
                found[id] = (row, thing)
        return found, rows

    def once(self, rows: _Rows, ends: Mapping[str, Collection[Any]], code: str, verb: str) -> None:
        """Tell a pair of ids that stands there for a second time; `ends` has the keys there are, by field."""
        one, other = ends
        seen: dict[tuple[str, str], int] = {}
        for row, thing in rows:
            both = (getattr(thing, one), getattr(thing, other))
            if all(isinstance(id, str) for id in both) and seen.setdefault(both, row) != row:
                first = self.at(seen[both])
                names = [
                    self.key(id) if id in keys else shown(id) for id, keys in zip(both, ends.values(), strict=True)
                ]
                message = f"{names[0]} and {names[1]} are {verb} already in row {first}; keep one of the two"
                self.tell(row, one, code, message)

    def column(self, rows: _Rows, field: str, fine: Callable[[Any], bool], code: str, wanted: str) -> None:
        """Tell every value of a column that is not fine; equal values of one type are looked at once."""
        values = [getattr(thing, field) for _, thing in rows]
        try:
            alike = len(set(map(type, values)) - {type(None)}) <= 1
            if alike and all(map(fine, set(values))):
                return
        except TypeError:
            pass  # something has no hash: each is looked at
        for (row, _), value in zip(rows, values, strict=True):
            if not fine(value):
                self.tell(row, field, code, f"wanted {wanted} got {shown(value)}")

    def known(self, rows: _Rows, field: str, table: Any, what: str) -> None:
        def fine(id: Any) -> bool:
            return isinstance(id, str) and id in table

        self.column(rows, field, fine, f"unknown-{what}", f"the key of {_A[what]},")

    def one_of(self, rows: _Rows, field: str, choices: Collection[str], code: str) -> None:
        def fine(value: Any) -> bool:
            return isinstance(value, str) and value in choices

        self.column(rows, field, fine, code, f"one of {', '.join(choices)};")

    def at_least(self, rows: _Rows, field: str, least: int) -> None:
        def fine(value: Any) -> bool:
            return type(value) is int and value >= least

        self.column(rows, field, fine, "bad-number", f"a whole number from {least},")

    def optional_span(self, rows: _Rows, field: str) -> None:
        self.column(rows, field, lambda span: span is None or isinstance(span, Span), "bad-span", "a Span or None,")

    def items(self, rows: _Rows, field: str) -> None:
        self.column(rows, field, _is_items, "bad-type", "a frozenset of texts,")

    def text(self, rows: _Rows, field: str, optional: bool = False) -> None:
        def fine(value: Any) -> bool:
            return isinstance(value, str) or (optional and value is None)

        self.column(rows, field, fine, "bad-type", "a text,")

    def done(self) -> None:
        """Hand over what was found, row by row."""
        self.all_problems += sorted(self.problems, key=lambda problem: -1 if problem.row is None else problem.row)


def _is_items(value: Any) -> bool:
    return isinstance(value, frozenset) and all(isinstance(item, str) and item for item in value)


_A = {
    "unit": "a unit",
    "area": "an area",
    "village": "an area of level village",
    "county-or-village": "an area of level county or village",
    "helper": "a helper",
    "household": "a household",
}


def roster_problems(
    areas: AreaTree,
    units: Iterable[Unit],
    helpers: Iterable[Helper],
    households: Iterable[Household],
    links: Iterable[Link],
    named: Iterable[NamedPair],
    ladder: Ladder = LADDER,
    lines: Mapping[str, Sequence[int]] | None = None,
    *,
    own_links: Iterable[OwnLink] = (),
    villages: Iterable[Village] = (),
) -> list[Problem]:
    """Return everything that is wrong with the parts of a roster, in the order of tables and rows.

    Found are wrong types, ids that are missing, doubled or identity numbers, references that lead nowhere, loops of
    superior units, unknown levels, kinds, ranks and rules, links and named pairs that stand twice.  `file` is the
    name of the table, `row` the position in it, from 0.

    Where the parts were read from files, `lines` has, by table, the row of each thing, and is what a problem tells;
    then a key is `shown` only, as a cell of a shifted row may hold anything.
    """
    if not isinstance(areas, AreaTree):
        return [Problem("bad-type", f"wanted an AreaTree, got {shown(areas)}", "areas")]
    if not isinstance(ladder, Ladder):
        return [Problem("bad-type", f"wanted a Ladder, got {shown(ladder)}", "ladder")]
    tables = {
        "units": units,
        "helpers": helpers,
        "households": households,
        "links": links,
        "pairs": named,
        "own_links": own_links,
        "villages": villages,
    }
    problems = [
        Problem("bad-type", f"wanted {name}, got {shown(things)}", name)
        for name, things in tables.items()
        if not isinstance(things, Iterable)
    ]
    if problems:
        return problems
    codes = _villages_in(areas)
    known_units = _check_units(_Checks("units", problems, lines), areas, units)
    known_helpers = _check_helpers(_Checks("helpers", problems, lines), known_units, helpers, ladder)
    known_households = _check_households(_Checks("households", problems, lines), codes, households)
    _check_villages(_Checks("villages", problems, lines), codes, villages)
    _check_all_links(problems, lines, areas, known_units, known_helpers, links, own_links)
    _check_named(_Checks("pairs", problems, lines), known_helpers, known_households, named)
    return problems


def _villages_in(areas: AreaTree) -> set[str]:
    return {area.code for area in areas if area.level == "village"}


def _check_all_links(
    problems: list[Problem],
    lines: Mapping[str, Sequence[int]] | None,
    areas: AreaTree,
    units: Mapping[str, object],
    helpers: Mapping[str, object],
    links: Iterable[Link],
    own_links: Iterable[OwnLink],
) -> None:
    _check_links(_Checks("links", problems, lines), units, _villages_in(areas), links)
    ends = {area.code for area in areas if area.level in ("county", "village")}
    _check_own_links(_Checks("own_links", problems, lines), helpers, ends, own_links)


def _check_units(checks: _Checks, areas: AreaTree, units: Iterable[Unit]) -> Mapping[str, object]:
    known, rows = checks.keyed(units, Unit)
    checks.one_of(rows, "level", LEVELS, "unknown-level")
    checks.known(rows, "area", areas, "area")
    checks.text(rows, "name")
    checks.known([(row, unit) for row, unit in rows if unit.parent is not None], "parent", known, "unit")
    for id in loops({id: unit.parent for id, (_, unit) in known.items() if isinstance(unit.parent, str)}):
        checks.tell(known[id][0], "parent", "cycle", f"{checks.key(id)} is its own superior, by way of its parents")
    checks.done()
    return known


def _check_helpers(
    checks: _Checks, units: Mapping[str, object], helpers: Iterable[Helper], ladder: Ladder
) -> Mapping[str, object]:
    known, rows = checks.keyed(helpers, Helper)
    ranked = [(row, helper) for row, helper in rows if helper.rank is not None or helper.kind == "cadre"]
    checks.known(rows, "unit", units, "unit")
    checks.one_of(rows, "kind", KINDS, "unknown-kind")
    checks.one_of(ranked, "rank", [rank.id for rank in ladder], "unknown-rank")
    checks.text(rows, "post", optional=True)
    checks.at_least(rows, "members", 1)
    checks.optional_span(rows, "service")
    for name in ("skills", "languages", "ties", "kin"):
        checks.items(rows, name)
    for name in ("home", "hamlet", "division", "name"):
        checks.text(rows, name)
    for name in ("fit", "hardship"):
        checks.column(rows, name, lambda value: isinstance(value, bool), "bad-type", "True or False,")
    checks.column(rows, "birth", lambda day: day is None or type(day) is date, "bad-date", "a datetime.date or None,")
    checks.one_of([(row, helper) for row, helper in rows if helper.sex != ""], "sex", SEXES, "unknown-sex")
    checks.done()
    return known


def _check_households(checks: _Checks, villages: set[str], households: Iterable[Household]) -> Mapping[str, object]:
    known, rows = checks.keyed(households, Household)
    checks.known(rows, "village", villages, "village")
    checks.at_least(rows, "difficulty", 0)
    checks.at_least(rows, "persons", 1)
    checks.text(rows, "hamlet")
    checks.optional_span(rows, "registered")
    for name in ("needs", "languages", "kin"):
        checks.items(rows, name)
    for name in ("status", "name"):
        checks.text(rows, name)
    checks.done()
    return known


def _check_villages(checks: _Checks, codes: set[str], villages: Iterable[Village]) -> None:
    rows = checks.of_kind(villages, Village)
    checks.known(rows, "code", codes, "village")
    seen: dict[str, int] = {}
    for row, village in rows:
        if isinstance(village.code, str) and seen.setdefault(village.code, row) != row:
            first = checks.at(seen[village.code])
            message = f"{shown(village.code)} stands already in row {first}; keep one of the two"
            checks.tell(row, "code", "duplicate-id", message)
    for name in ("households", "remoteness", "difficulty"):
        checks.at_least(rows, name, 0)
    checks.done()


def _check_links(checks: _Checks, units: Mapping[str, object], villages: set[str], links: Iterable[Link]) -> None:
    rows = checks.of_kind(links, Link)
    checks.known(rows, "unit", units, "unit")
    checks.known(rows, "village", villages, "village")
    checks.once(rows, {"unit": units, "village": villages}, "duplicate-link", "linked")
    checks.done()


def _check_own_links(
    checks: _Checks, helpers: Mapping[str, object], areas: Collection[str], own_links: Iterable[OwnLink]
) -> None:
    rows = checks.of_kind(own_links, OwnLink)
    checks.known(rows, "helper", helpers, "helper")
    checks.known(rows, "area", areas, "county-or-village")
    checks.once(rows, {"helper": helpers, "area": areas}, "duplicate-link", "linked")
    checks.done()


def _check_named(
    checks: _Checks, helpers: Mapping[str, object], households: Mapping[str, object], named: Iterable[NamedPair]
) -> None:
    rows = checks.of_kind(named, NamedPair)
    preferred = [(row, pair) for row, pair in rows if pair.rule == "preferred"]
    checks.known(rows, "helper", helpers, "helper")
    checks.known(rows, "household", households, "household")
    checks.one_of(rows, "rule", RULES, "unknown-rule")
    checks.at_least(preferred, "score", 1)
    checks.at_least([(row, pair) for row, pair in rows if pair.rule != "preferred"], "score", 0)
    checks.text(rows, "reason")
    checks.once(rows, {"helper": helpers, "household": households}, "duplicate-pair", "named")
    checks.done()
