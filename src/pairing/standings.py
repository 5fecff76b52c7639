"""How things stand on a day (存量): who has a helper, who has a household, who fulfils the quota; by groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from pairing.dates import to_date
from pairing.entries import Entry
from pairing.errors import ArgumentError, shown
from pairing.figures import Amount, Distinct, Share
from pairing.grouping import HELPERS, HOUSEHOLDS, Groups, WhoIsWho, dimensions
from pairing.memory import no_collection
from pairing.muster import Muster
from pairing.owing import Quotas
from pairing.people import Helper, Household
from pairing.policy import Policy
from pairing.register import Register
from pairing.results import Cell, Column, Key, Table
from pairing.roster import Roster

__all__ = ["coverage", "fulfilment"]

_AREAS = HOUSEHOLDS[:5]


# --- coverage

_OF_HOUSEHOLDS = (
    Column("households", "households", over_time=False),
    Column("with a helper", "households", over_rows=False, over_time=False),
    Column("persons", "persons", over_time=False),
    Column("persons with a helper", "persons", over_rows=False, over_time=False),
    Column("with a vacancy", "households", over_time=False),
    Column("with nobody", "households", over_time=False),
    Column("exited", "households", over_time=False),
    Column("pairings", "pairings", over_time=False),
    Column("villages with a helper", "villages", over_rows=False, over_time=False),
)
_OF_HELPERS = (
    Column("helpers", "helpers", over_time=False),
    Column("with a household", "helpers", over_rows=False, over_time=False),
    Column("units with a household", "units", over_rows=False, over_time=False),
)
_HELPED = (
    Column("households helped", "households", over_rows=False, over_time=False),
    Column("pairings", "pairings", over_time=False),
)


@frozen
class _Standing:
    """Who there is on a day, and who is responsible for whom."""

    on: date
    who: WhoIsWho
    muster: Muster
    households: tuple[Household, ...]
    """Those in the programme, as they stand on the day, but who has left poverty and is released."""
    helpers: tuple[Helper, ...]
    """Those who serve, as they stand on the day."""
    held: tuple[tuple[str, str], ...]
    """Helper and household of each pairing."""
    of_household: Mapping[str, Sequence[str]]
    of_helper: Mapping[str, Sequence[str]]
    exited: frozenset[str]


def _standing(book: Register, roster: Roster, on: date, known: int | None) -> _Standing:
    for name, value, kind in (("book", book, Register), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    who = WhoIsWho(roster, book, known)
    muster = who.muster(on)
    view = muster.view
    of_household: dict[str, list[str]] = {}
    of_helper: dict[str, list[str]] = {}
    held = tuple(view.held())
    for helper, id in held:
        of_household.setdefault(id, []).append(helper)
        of_helper.setdefault(helper, []).append(id)
    households, exited = [], []
    for household in roster.households:
        now = muster.household(household.id) if who.household_days(household.id) else household
        if now.registered is not None and on not in now.registered:
            continue
        if now.status == "exited":
            exited.append(now.id)
            if now.id not in of_household:
                continue
        households.append(now)
    helpers = [helper if muster.is_as_listed(helper) else muster.helper(helper.id) for helper in roster.helpers]
    serving = [helper for helper in helpers if helper.service is None or on in helper.service]
    return _Standing(
        on, who, muster, tuple(households), tuple(serving), held, of_household, of_helper, frozenset(exited)
    )


@no_collection()
def coverage(
    book: Register, roster: Roster, *, on: date, by: str | Iterable[str] = (), known: int | None = None
) -> Table:
    """Return who has a helper, and who has a household, on a day: coverage both ways, by groups.

    `by` names areas ("county", …), "status", or what helpers belong to ("unit", "rank", "kind", …), as in `totals`.

    - Of households: `households` that are to be helped (in the programme, and not released after an exit), `with a
      helper` of them; `persons` in them; `with a vacancy`; `with nobody` (neither helper nor vacancy); `exited`;
      `pairings`; `villages with a helper` of those that have households.
    - Of helpers: `helpers` who serve, `with a household` of them, and `units with a household`.  By area, those are
      the helpers of units that belong to the area; units above it stand under "-".
    - By unit, rank or kind: the helpers' columns, and the `households helped`: a union, as two may help one.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.entries import Paired
    >>> from pairing.people import Unit
    >>> roster = Roster(
    ...     AreaTree([Area("v", "上坪村", "village")]),
    ...     [Unit("u", "county", "v")],
    ...     [Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     [Household("x", "v", persons=3), Household("y", "v", persons=2)],
    ... )
    >>> register = Register().record(Paired("ann", "x", on=date(2012, 2, 8)))
    >>> table = coverage(register, roster, on=date(2012, 12, 31), by="village")
    >>> print(table.only("with a helper", "persons with a helper", "with nobody"))
    coverage, 2012-12-31
    village    with a helper  persons with a helper   with nobody
    v 上坪村  1 of 2 (50.0%)         3 of 5 (60.0%)  1 households
    all       1 of 2 (50.0%)         3 of 5 (60.0%)  1 households
    >>> coverage(register, roster, on=date(2012, 12, 31))[None, "with a household"]
    Share(part=1, whole=2)

    Raises `ArgumentError` for words that are no group, days that are none, positions that do not exist.
    """
    words = dimensions(by, HOUSEHOLDS + HELPERS)
    standing = _standing(book, roster, to_date(on, "on"), known)
    groups = Groups(words, standing.who)
    sides: list[tuple[tuple[Column, ...], Callable[[_Standing, Groups], dict[Key | None, list[Cell]]]]] = []
    if not groups.of_helper:
        sides.append((_OF_HOUSEHOLDS, _by_household))
    if not groups.of_household or set(words) <= set(_AREAS):
        sides.append((_OF_HELPERS, _by_helper))
    if groups.of_helper:
        sides.append((_HELPED, _by_pairing))
    columns = tuple(column for side, _ in sides for column in side)
    told = [count(standing, groups) for _, count in sides]
    keys = groups.in_order({key for side in told for key in side if key is not None})
    blank: dict[int, list[Cell]] = {n: [_nothing(column) for column in side] for n, (side, _) in enumerate(sides)}
    rows = {key: [cell for n, side in enumerate(told) for cell in side.get(key, blank[n])] for key in keys}
    total = [cell for side in told for cell in side[None]]

    def behind(key: Key | None, column: str) -> tuple[Entry, ...]:
        return _behind(standing, groups, key, column)

    return Table(
        "coverage",
        words,
        columns,
        rows if words else {(): total},
        total,
        on=standing.on,
        known=standing.who.view.known,
        names=groups.names(rows),
        behind=behind,
    )


def _nothing(column: Column) -> Cell:
    if column.name == "households helped":
        return Distinct.of_members((), column.of)
    return Amount(0, column.of) if column.over_rows else Share(0, 0)


def _gathered(things: Iterable[Any], key: Callable[[Any], Key], groups: Groups) -> dict[Key | None, list[Any]]:
    """Return things by their groups, and all of them under None."""
    found: dict[Key | None, list[Any]] = {None: list(things)}
    if groups.by:
        for thing in found[None]:
            found.setdefault(key(thing), []).append(thing)
    return found


def _of(groups: Groups, standing: _Standing) -> Callable[[Household], Key]:
    return lambda household: groups.household(household.id, standing.on)


def _seat(groups: Groups, standing: _Standing) -> Callable[[Helper, date], Key]:
    """Return what tells the group of a helper on a day: its own, or the area to which its unit belongs."""
    if groups.of_helper:
        return lambda helper, on: groups.helper(helper.id, on)
    roster, seats = standing.who.roster, dict[str, Key]()
    areas = {unit.id: unit.area for unit in roster.units}

    def seat(helper: Helper, on: date) -> Key:
        if helper.unit not in seats:
            area = areas.get(helper.unit)
            at = (area and roster.areas.at(area, level) for level in groups.of_household)
            seats[helper.unit] = tuple(code or "" for code in at)
        return seats[helper.unit]

    return seat


def _by_household(standing: _Standing, groups: Groups) -> dict[Key | None, list[Cell]]:
    found: dict[Key | None, list[Cell]] = {}
    helped = standing.of_household
    for key, those in _gathered(standing.households, _of(groups, standing), groups).items():
        with_helper = [household for household in those if household.id in helped]
        without = [household.id for household in those if household.id not in helped]
        vacant = sum(standing.muster.view.vacancy(id) is not None for id in without)
        found[key] = [
            Amount(len(those), "households"),
            Share(len(with_helper), len(those)),
            Amount(sum(household.persons for household in those), "persons"),
            Share(sum(h.persons for h in with_helper), sum(household.persons for household in those)),
            Amount(vacant, "households"),
            Amount(len(without) - vacant, "households"),
            Amount(sum(household.id in standing.exited for household in those), "households"),
            Amount(sum(len(helped[household.id]) for household in with_helper), "pairings"),
            Share(len({h.village for h in with_helper}), len({h.village for h in those})),
        ]
    released = [standing.who.roster.household(id) for id in standing.exited if id not in helped]
    for key, those in _gathered(released, _of(groups, standing), groups).items():
        cells = found.setdefault(key, [_nothing(column) for column in _OF_HOUSEHOLDS])
        exited = cells[6]
        assert isinstance(exited, Amount)
        cells[6] = exited + Amount(len(those), "households")
    return found


def _by_helper(standing: _Standing, groups: Groups) -> dict[Key | None, list[Cell]]:
    found: dict[Key | None, list[Cell]] = {}
    seat = _seat(groups, standing)
    for key, those in _gathered(standing.helpers, lambda helper: seat(helper, standing.on), groups).items():
        busy = [helper for helper in those if helper.id in standing.of_helper]
        found[key] = [
            Amount(len(those), "helpers"),
            Share(len(busy), len(those)),
            Share(len({helper.unit for helper in busy}), len({helper.unit for helper in those})),
        ]
    return found


def _by_pairing(standing: _Standing, groups: Groups) -> dict[Key | None, list[Cell]]:
    def key(pair: tuple[str, str]) -> Key:
        helper, household = pair
        return groups.key(groups.household(household, standing.on), groups.helper(helper, standing.on), ())

    return {
        group: [
            Distinct.of_members({household for _, household in those}, "households"),
            Amount(len(those), "pairings"),
        ]
        for group, those in _gathered(standing.held, key, groups).items()
    }


def _behind(standing: _Standing, groups: Groups, key: Key | None, column: str) -> tuple[Entry, ...]:
    """Return the entries from which a cell follows: about those in it, and those who would be in it but for them."""
    on, who = standing.on, standing.who
    if column in {each.name for each in _OF_HOUSEHOLDS} and not groups.of_helper:
        of, households = groups.household, [household.id for household in who.roster.households]
        return who.told([id for id in households if key in (None, of(id, date.min), of(id, on))], until=on)
    if column in {each.name for each in _OF_HELPERS}:
        seat, now = _seat(groups, standing), standing.muster.helper
        ours = [h.id for h in who.roster.helpers if key in (None, seat(h, date.min), seat(now(h.id), on))]
        return who.told([id for helper in ours for id in standing.of_helper.get(helper, ())], ours, until=on)
    held = [
        household
        for helper, household in standing.held
        if key is None or groups.key(groups.household(household, on), groups.helper(helper, on), ()) == key
    ]
    return who.told(held, {helper for household in held for helper in standing.of_household[household]}, until=on)


# --- quotas

_QUOTAS = (
    Column("helpers", "helpers", over_time=False),
    Column("floor met", "helpers", over_rows=False, over_time=False),
    Column("households missing", "households", over_time=False),
    Column("above the ceiling", "helpers", over_time=False),
)


@no_collection()
def fulfilment(
    policy: Policy,
    book: Register,
    roster: Roster,
    *,
    on: date,
    by: str | Iterable[str] = (),
    known: int | None = None,
) -> Table:
    """Return how far helpers fulfil their quotas on a day, by what they belong to ("unit", "rank", "kind", …).

    `helpers` who serve, are fit and have a quota; `floor met` of them; `households missing` to their floors in all;
    helpers `above the ceiling`.  The quotas are those of the version of the policy that is in force on the day.

    Raises `ArgumentError` as `coverage` does, and for a day on which the policy is not in force.
    """
    words = dimensions(by, HELPERS)
    on = to_date(on, "on")
    if not isinstance(policy, Policy):
        raise ArgumentError("bad-type", f"wanted a Policy, got {shown(policy)}", "policy")
    standing = _standing(book, roster, on, known)
    version = policy.at(on)
    groups = Groups(words, standing.who)
    cumulative = any(rule.over for rule in version.helpers)
    now = standing.muster.roster() if cumulative or version.respread else roster  # else quotas are those of the rules
    quotas = Quotas(version, now, on, standing.muster.view.pairings if cumulative else ())
    owed: list[tuple[Helper, int, int | None]] = []
    for helper in standing.helpers:
        rule = version.helper_rule(helper, standing.muster.unit(helper.unit)) if helper.fit else None
        if rule is not None:
            quota = quotas.of_year(helper.id, rule)
            owed.append((helper, quota.floor + quotas.more.get(helper.id, 0), quota.ceiling))
    rows: dict[Key | None, list[Cell]] = {None: _quota_cells(standing, [])}
    for key, those in _gathered(owed, lambda one: groups.helper(one[0].id, on), groups).items():
        rows[key] = _quota_cells(standing, those)
    total = rows.pop(None)
    named = {key: rows[key] for key in groups.in_order(key for key in rows if key is not None)}

    def behind(key: Key | None, column: str) -> tuple[Entry, ...]:
        who, everybody = standing.who, [helper.id for helper in roster.helpers]
        those = [id for id in everybody if key in (None, groups.helper(id, date.min), groups.helper(id, on))]
        held = [id for helper in those for id in who.view.ever_held(helper)]
        return who.told(held, everybody if version.respread else those, until=on)

    return Table(
        "quotas",
        words,
        _QUOTAS,
        named if words else {(): total},
        total,
        on=on,
        known=standing.who.view.known,
        names=groups.names(named),
        behind=behind,
    )


def _quota_cells(standing: _Standing, owed: Sequence[tuple[Helper, int, int | None]]) -> list[Cell]:
    loads = [(len({*standing.of_helper.get(helper.id, ())}), floor, ceiling) for helper, floor, ceiling in owed]
    return [
        Amount(len(loads), "helpers"),
        Share(sum(load >= floor for load, floor, _ in loads), len(loads)),
        Amount(sum(max(0, floor - load) for load, floor, _ in loads), "households"),
        Amount(sum(ceiling is not None and load > ceiling for load, _, ceiling in loads), "helpers"),
    ]
