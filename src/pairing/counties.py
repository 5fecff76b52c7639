"""County by county, on as many processors or machines as there are: pairing, relays and figures.

One task for each county.  A county is given by a key, or by the path of its files, and is read where it is worked on;
what comes back are ids and numbers, as moving the people there and back costs more than pairing them.
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import date
from functools import partial
from pickle import PicklingError
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from pairing.areas import AreaTree
from pairing.dates import Span, to_date
from pairing.entries import Change, Entry
from pairing.errors import ArgumentError, PairingError, Problem, bare, key, masked, shown
from pairing.figures import Amount, Distinct, Share
from pairing.grouping import Groups, WhoIsWho
from pairing.handover import relay
from pairing.people import LADDER, Ladder, Pairing
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.register import Register
from pairing.results import Cell, Key, Table
from pairing.roster import Roster
from pairing.standings import coverage
from pairing.tables import read_roster
from pairing.tallies import totals

__all__ = [
    "CountyHandover",
    "CountyHandovers",
    "CountyPlan",
    "CountyPlans",
    "cover_counties",
    "each_county",
    "pair_counties",
    "relay_counties",
    "total_counties",
]

Counties = Iterable[str | os.PathLike[str]]
Book = Register | Iterable[Entry]
Told = Callable[[int, int], None]

_Done = TypeVar("_Done")
_Attempt = tuple[tuple[Problem, ...], Any]
"""What is wrong with a county; or nothing, and what came of it."""


# --- one task for each county


def each_county(
    work: Callable[[str], _Done],
    counties: Counties,
    *,
    executor: Executor | None = None,
    ahead: int = 64,
    progress: Told | None = None,
) -> Iterator[tuple[str, _Done]]:
    """Yield each county with what `work` makes of its key, in the order of the counties, whatever is finished first.

    `executor` is any of `concurrent.futures`, or of a library that has such (loky, dask, mpi4py); None works in this
    process.  At most `ahead` counties are under way, or done and not yet taken: more machines than that want a larger
    number.  Whoever forgets what was yielded has never more than that in memory.

    Another process gets `work` by its name: it must stand at the top level of a module, or be a `functools.partial` of
    what does; what it returns should be ids and numbers.  `progress` is called with (done, all).

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     list(each_county(len, ["620102", "6211"], executor=pool))
    [('620102', 6), ('6211', 4)]

    Every county is tried; where any fails, `PairingError` is raised after the last, with all problems, each with the
    key of its county as the file (or before the name of the file): those that the library tells, and "failed" for any
    other error, of which the type and the place are told, and never the text.  Raised at once is "not-sent" for what
    cannot be pickled, and "broken-pool" for an executor that was shut down, or whose worker died.  `ArgumentError`
    for counties that are no texts or paths, or come twice, and for arguments of other types.
    """
    keys = _keys(counties)
    if not callable(work):
        raise ArgumentError("bad-type", f"wanted a function of a key, got {shown(work)}", "work")
    if executor is not None and not isinstance(executor, Executor):
        wanted = "wanted an executor as concurrent.futures has it, or None"
        raise ArgumentError("bad-type", f"{wanted}; got {shown(executor)}", "executor")
    if type(ahead) is not int or ahead < 1:
        raise ArgumentError("bad-number", f"wanted a whole number from 1, got {shown(ahead)}", "ahead")
    return _each(work, keys, executor, ahead, progress)


def _keys(counties: Counties) -> list[str]:
    """Return the keys of counties, paths as texts."""
    if not isinstance(counties, Iterable) or isinstance(counties, str | bytes):
        raise ArgumentError("bad-type", f"wanted keys or paths of counties, got {shown(counties)}", "counties")
    problems: list[Problem] = []
    rows: dict[str, int] = {}
    for row, county in enumerate(counties):
        name = os.fspath(county) if isinstance(county, str | os.PathLike) else None
        if not isinstance(name, str) or not name:
            problems.append(Problem("bad-key", f"wanted a key or a path, got {shown(county)}", "counties", row))
        elif rows.setdefault(name, row) != row:
            message = f"{key(name)} stands already in row {rows[name]}; give each county once"
            problems.append(Problem("duplicate-county", message, "counties", row))
    if problems:
        raise ArgumentError(problems)
    return list(rows)


def _each(
    work: Callable[[str], _Done], keys: Sequence[str], executor: Executor | None, ahead: int, progress: Told | None
) -> Iterator[tuple[str, _Done]]:
    problems: list[Problem] = []
    under_way: deque[Future[_Attempt]] = deque()
    following = iter(keys)
    try:
        for done, name in enumerate(keys, 1):
            if executor is None:
                wrong, made = _attempt(work, name)
            else:
                fault: Problem | None = None
                try:
                    while len(under_way) < ahead and (further := next(following, None)) is not None:
                        under_way.append(executor.submit(_attempt, work, further))
                    wrong, made = under_way.popleft().result()
                except Exception as error:  # `_attempt` raises none: the executor did
                    fault = _fault(error, name)
                if fault is not None:  # raised here, so that it drags no foreign error along
                    raise PairingError([*problems, fault])
            problems += wrong
            if progress is not None:
                progress(done, len(keys))
            if not wrong:
                yield name, made
    finally:
        for future in under_way:
            future.cancel()
    if problems:
        raise PairingError(problems)


def _attempt(work: Callable[[str], Any], name: str) -> _Attempt:
    """Return what comes of a county; of an error only what may leave the process, and surely can."""
    try:
        return (), work(name)
    except PairingError as error:
        problems = tuple(
            evolve(problem, file=f"{bare(name)}/{problem.file}" if problem.file else bare(name))
            for problem in error.problems
        )
        return problems or (_failed(error, name),), None
    except Exception as error:
        return (_failed(error, name),), None


def _failed(error: Exception, name: str) -> Problem:
    """Tell a foreign error without its text, which may have a person's name in it."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" in {place.tb_frame.f_code.co_name}, line {place.tb_lineno}"
    return Problem("failed", f"wanted the county to be worked out, got {type(error).__name__}{where}", bare(name))


def _fault(error: Exception, name: str) -> Problem:
    """Tell an error of the executor itself."""
    if isinstance(error, PicklingError | AttributeError | TypeError):
        message = (
            "wanted functions at the top level of a module, also as criteria, and results that can be pickled; "
            "got what cannot be sent to another process"
        )
        return Problem("not-sent", message, bare(name))
    message = (
        f"wanted an executor that works to the end, got {type(error).__name__}: it was shut down, or a worker died "
        "(short of memory, or unable to import a function that was sent)"
    )
    return Problem("broken-pool", message, bare(name))


# --- pairing


@frozen(repr=False)
class CountyPlan:
    """The plan of one county in columns: ids and numbers, and nothing of the people.

    - `county`: its key; `helpers`, `households`, `roles`, `spans`: of each pairing, in the order of the plan.
    - `coverage`, `fulfilment`: as those of a plan; `shortfalls`: the sentences.
    """

    county: str
    helpers: tuple[str, ...]
    households: tuple[str, ...]
    roles: tuple[str, ...]
    spans: tuple[Span | None, ...]
    coverage: Share
    fulfilment: Share
    shortfalls: tuple[str, ...]

    def __repr__(self) -> str:
        number = len(self.helpers)
        return (
            f"CountyPlan({key(self.county)}, {number:,} pairings, households {self.coverage}, "
            f"helpers {self.fulfilment})"
        )

    @property
    def pairings(self) -> tuple[Pairing, ...]:
        """The pairings of the plan, made anew from the columns."""
        return tuple(map(Pairing, self.helpers, self.households, self.roles, self.spans))


def _by_key(counties: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(counties, key=lambda one: one.county))


def _found(counties: Iterable[Any], name: str) -> Any:
    for one in counties:
        if one.county == name:
            return one
    raise ArgumentError("unknown-county", f"wanted the key of a county, got {shown(name)}", "county")


@frozen(repr=False)
class CountyPlans:
    """The plans of many counties, in the order of their keys; made by `pair_counties`."""

    policy: str
    on: date
    counties: tuple[CountyPlan, ...] = field(converter=_by_key)

    def __repr__(self) -> str:
        return (
            f"CountyPlans({self.policy!r}, {self.on}, {len(self.counties):,} counties, {self.pairings:,} pairings, "
            f"households {self.coverage}, helpers {self.fulfilment})"
        )

    def __iter__(self) -> Iterator[CountyPlan]:
        return iter(self.counties)

    def __getitem__(self, county: str) -> CountyPlan:
        """Return the plan of a county, by its key."""
        plan: CountyPlan = _found(self.counties, county)
        return plan

    @property
    def pairings(self) -> int:
        """How many pairings there are in all counties."""
        return sum(len(plan.helpers) for plan in self.counties)

    @property
    def coverage(self) -> Share:
        """How many of the households of all counties have the helpers that they are due."""
        return _whole(plan.coverage for plan in self.counties)

    @property
    def fulfilment(self) -> Share:
        """How many of the helpers of all counties have the households that they owe."""
        return _whole(plan.fulfilment for plan in self.counties)

    @property
    def shared(self) -> tuple[str, ...]:
        """The ids of helpers who were given households in more than one county, each county knowing its own alone.

        Where ids are those of the whole province, and each unit is linked within one county, there are none.
        """
        counties_of = Counter(id for plan in self.counties for id in set(plan.helpers))
        return tuple(sorted(id for id, count in counties_of.items() if count > 1))


def _whole(shares: Iterable[Share]) -> Share:
    """Return so many of so many, of parts that share nobody."""
    part = whole = 0
    for share in shares:
        part += share.part
        whole += share.whole
    return Share(part, whole)


def pair_counties(
    policy: Policy,
    counties: Counties,
    *,
    on: date,
    read: Callable[[str], Roster] = read_roster,
    executor: Executor | None = None,
    progress: Told | None = None,
) -> CountyPlans:
    """Pair each county by itself, as `pair` does, over an executor; back come ids and numbers.

    `counties` are the folders of their files, or keys from which `read` makes a roster, where the county is worked on.
    Each plan is verified there, as its proof does not come back.

    Where no unit is linked beyond its county, the pairings are those of the whole.  A helper who stands in the rosters
    of two counties may be given households in both: see `CountyPlans.shared`.

    >>> import tempfile
    >>> from pairing import programme, write_roster
    >>> from pairing.synthetic import population
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_roster(population("panjin-2010", scale=0.01), f"{folder}/211122")
    ...     done = pair_counties(programme("panjin-2010"), [f"{folder}/211122"], on=date(2010, 12, 1))
    >>> done
    CountyPlans('panjin-2010', 2010-12-01, 1 counties, 160 pairings, households 160 of 160 (100.0%), helpers 100 of \
100 (100.0%))

    The executor, `progress` and the errors are those of `each_county`; `ArgumentError` also for a day on which the
    policy is not in force.  For so many pairings that they do not fit into memory, let `each_county` do what is to be
    done with each plan.
    """
    on = to_date(on, "on")
    if not isinstance(policy, Policy):
        raise ArgumentError("bad-type", f"wanted a Policy, got {shown(policy)}", "policy")
    policy.at(on)
    work = partial(_plan_of, policy, on, read)
    return CountyPlans(
        policy.name, on, (plan for _, plan in each_county(work, counties, executor=executor, progress=progress))
    )


def _plan_of(policy: Policy, on: date, read: Callable[[str], Roster], name: str) -> CountyPlan:
    plan = pair(policy, read(name), on=on)
    plan.verify()
    pairings = plan.pairings
    return CountyPlan(
        name,
        tuple([pairing.helper for pairing in pairings]),
        tuple([pairing.household for pairing in pairings]),
        tuple([pairing.role for pairing in pairings]),
        tuple([pairing.span for pairing in pairings]),
        plan.coverage,
        plan.fulfilment,
        tuple(map(str, plan.shortfalls)),
    )


# --- the relay


@frozen(repr=False, hash=False)
class CountyHandover:
    """The relay of one county.

    - `county`: its key; `entries`: what is to be recorded in its register, all in one batch.
    - `households`: how many pass on; `takers`: to how many; `vacancies`: a sentence for each that stays vacant.
    - `values`: what the relay comes to, as in `Handover.values`.
    """

    county: str
    entries: tuple[Entry, ...]
    households: int
    takers: int
    vacancies: tuple[str, ...]
    values: Mapping[str, int]

    def __repr__(self) -> str:
        return (
            f"CountyHandover({key(self.county)}, {self.households:,} households to {self.takers:,} takers, "
            f"{len(self.vacancies):,} vacancies, {len(self.entries):,} entries)"
        )


@frozen(repr=False)
class CountyHandovers:
    """The relays of many counties, in the order of their keys; made by `relay_counties`."""

    policy: str
    counties: tuple[CountyHandover, ...] = field(converter=_by_key)

    def __repr__(self) -> str:
        values = ", ".join(f"{value:,} {name}" for name, value in self.values.items())
        return f"CountyHandovers({self.policy!r}, {len(self.counties):,} counties{f', {values}' if values else ''})"

    def __iter__(self) -> Iterator[CountyHandover]:
        return iter(self.counties)

    def __getitem__(self, county: str) -> CountyHandover:
        """Return the relay of a county, by its key."""
        handover: CountyHandover = _found(self.counties, county)
        return handover

    @property
    def values(self) -> Mapping[str, int]:
        """What the relays of all counties come to, added up."""
        found: dict[str, int] = {}
        for handover in self.counties:
            for name, value in handover.values.items():
                found[name] = found.get(name, 0) + value
        return found


def relay_counties(
    policy: Policy,
    counties: Counties,
    *,
    read: Callable[[str], tuple[Roster, Register, Iterable[Change]]],
    executor: Executor | None = None,
    progress: Told | None = None,
) -> CountyHandovers:
    """Find successors in each county by itself, as `relay` does, over an executor; what is to be recorded comes back.

    `read` makes roster, register and changes from the key of a county, where it is worked on.  Each relay is verified
    there.  A county without changes passes nothing on.

    >>> from pairing.areas import Area
    >>> from pairing.entries import Paired, Retirement
    >>> from pairing.people import Helper, Household, Link, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule
    >>> def books(county):
    ...     areas, units = AreaTree([Area("v", "上坪村", "village")]), [Unit("court", "county", "v")]
    ...     helpers = [Helper(id, "court", "staff") for id in ("ann", "bo")]
    ...     roster = Roster(areas, units, helpers, [Household("x", "v")], [Link("court", "v")])
    ...     register = Register().record(Paired("ann", "x", on=date(2012, 2, 8)))
    ...     return roster, register, [Retirement("ann", on=date(2013, 6, 30))]
    >>> done = relay_counties(Policy("ours", (HelperRule(Quota(0, 2)),)), ["620102"], read=books)
    >>> done["620102"]
    CountyHandover('620102', 1 households to 1 takers, 0 vacancies, 2 entries)
    >>> done["620102"].entries[-1]
    HandedOver('x', 'ann', ('bo',), reason='Retirement', on=2013-06-30)

    The executor, `progress` and the errors are those of `each_county`.
    """
    if not isinstance(policy, Policy):
        raise ArgumentError("bad-type", f"wanted a Policy, got {shown(policy)}", "policy")
    work = partial(_handover_of, policy, read)
    relays = each_county(work, counties, executor=executor, progress=progress)
    return CountyHandovers(policy.name, (handover for _, handover in relays))


def _handover_of(policy: Policy, read: Callable[[str], Any], name: str) -> CountyHandover:
    roster, register, changes = _parts(read(name), "a roster, a register and changes", 3)
    handover = relay(policy, roster, register, changes)
    handover.verify()
    vacancies = [
        f"{v.on} household {bare(v.household)}: vacancy, seen to by {bare(v.unit)}; {v.reason}; {v.repair}"
        for v in handover.vacancies
    ]
    takers = {taker for passing in handover.passings for taker in passing.takers}
    return CountyHandover(
        name,
        handover.entries(),
        len(handover.passings),
        len(takers),
        tuple(map(masked, vacancies)),
        dict(handover.values),
    )


def _parts(found: Any, wanted: str, count: int) -> tuple[Any, ...]:
    if not isinstance(found, tuple) or len(found) != count:
        raise ArgumentError("bad-type", f"wanted {wanted}, got {shown(found)}", "read")
    return found


# --- figures


def total_counties(
    counties: Counties,
    *,
    read: Callable[[str], tuple[Roster, Book]],
    during: Span,
    by: str | Iterable[str] = (),
    executor: Executor | None = None,
    progress: Told | None = None,
) -> Table:
    """Return what was done in all counties in a span of days: the tables that `totals` makes of each, added up.

    `read` makes the roster and the book (a register, or a stream of entries) from the key of a county, where it is
    worked on.  An id, and the key of a group, means the same in every county.

    All figures are exact: a household belongs to one county, so that households visited here and there are different
    ones.  Their ids stay there, and so do the entries behind a figure.

    >>> from pairing.areas import Area
    >>> from pairing.dates import year
    >>> from pairing.deeds import Visited
    >>> from pairing.people import Helper, Household, Unit
    >>> def books(county):
    ...     village, unit = f"{county}103204", f"u-{county}"
    ...     areas, units = AreaTree([Area(village, "上坪村", "village")]), [Unit(unit, "county", village)]
    ...     roster = Roster(areas, units, [Helper("ann", unit, "staff")], [Household("x", village)])
    ...     return roster, [Visited("x", ["ann"], on=date(2013, 2, 1))]
    >>> table = total_counties(["620102", "621126"], read=books, during=year(2013), by="rank")
    >>> print(table.only("person-visits", "households visited"))
    totals, 2013-01-01 to 2013-12-31
    rank     person-visits  households visited
    staff  2 person-visits        2 households
    all    2 person-visits        2 households

    The executor, `progress` and the errors are those of `each_county`, and those of `totals`.
    """
    return _added_up(partial(totals, during=during), by, read, counties, executor, progress)


def cover_counties(
    counties: Counties,
    *,
    read: Callable[[str], tuple[Roster, Register]],
    on: date,
    by: str | Iterable[str] = (),
    executor: Executor | None = None,
    progress: Told | None = None,
) -> Table:
    """Return who has a helper, and who has a household, in all counties: the tables of `coverage`, added up.

    As `total_counties`.  Where a unit stands in the rosters of two counties, its helpers may be counted twice: then the
    columns that count helpers or units are left out.

    >>> from pairing.areas import Area
    >>> from pairing.entries import Paired
    >>> from pairing.people import Helper, Household, Unit
    >>> def books(county):
    ...     village = f"{county}103204"
    ...     areas, units = AreaTree([Area(village, "上坪村", "village")]), [Unit("u", "province", village)]
    ...     roster = Roster(areas, units, [Helper("ann", "u", "staff")], [Household("x", village)])
    ...     return roster, Register().record(Paired("ann", "x", on=date(2012, 2, 8)))
    >>> table = cover_counties(["620102", "621126"], read=books, on=date(2012, 12, 31))
    >>> table[None, "with a helper"]
    Share(part=2, whole=2)
    >>> "with a household" in [column.name for column in table.columns]
    False

    The executor, `progress` and the errors are those of `each_county`, and those of `coverage`.
    """
    return _added_up(partial(coverage, on=on), by, read, counties, executor, progress)


_Figures = tuple[Table, Ladder, tuple[str, ...]]
"""The table of a county, its ranks, and its units that have helpers."""


def _figures_of(count: Callable[[Any, Roster], Table], read: Callable[[str], Any], name: str) -> _Figures:
    roster, book = _parts(read(name), "a roster and a register", 2)
    table = count(book, roster)
    rows = {row: [_lean(cell) for cell in cells] for row, cells in table.rows.items()}
    total = [_lean(cell) for cell in table.total]
    lean = Table(table.title, table.by, table.columns, rows, total, names=table.names)
    return lean, roster.ladder, tuple(unit.id for unit in roster.units if roster.helpers_of(unit.id))


def _lean(cell: Cell) -> Cell:
    """Return a figure without the ids of those whom it counts."""
    return Distinct(cell.value, cell.of) if isinstance(cell, Distinct) else cell


def _added_up(
    count: Callable[..., Table],
    by: Any,
    read: Callable[[str], Any],
    counties: Counties,
    executor: Executor | None,
    progress: Told | None,
) -> Table:
    """Return the tables of counties, which share no household, as one."""
    count = partial(count, by=tuple(by) if isinstance(by, Iterable) and not isinstance(by, str) else by)
    nobody = Roster(AreaTree(()))
    blank = count(Register(), nobody)  # raises for what is wrong with the arguments, before anything is sent
    rows: dict[Key, list[Cell]] = {row: list(cells) for row, cells in blank.rows.items()}
    total, names = list(blank.total), dict[str, str]()
    ladder, units = LADDER, Counter[str]()
    work = partial(_figures_of, count, read)
    for _, (table, ranks, seats) in each_county(work, counties, executor=executor, progress=progress):
        for row, cells in table.rows.items():
            rows[row] = list(map(_sum, rows[row], cells)) if row in rows else list(cells)
        total = list(map(_sum, total, table.total))
        names |= table.names
        ladder = ranks
        units.update(seats)
    twice = any(number > 1 for number in units.values())
    kept = [n for n, column in enumerate(blank.columns) if not (twice and column.of in ("helpers", "units"))]
    who = WhoIsWho(evolve(nobody, ladder=ladder), Register(), None)
    return Table(
        blank.title,
        blank.by,
        tuple(blank.columns[n] for n in kept),
        {row: [rows[row][n] for n in kept] for row in Groups(blank.by, who).in_order(rows)},
        [total[n] for n in kept],
        on=blank.on,
        during=blank.during,
        names=names,
    )


def _sum(one: Cell, other: Cell) -> Cell:
    """Return a figure of two counties from those of each: nothing is in both."""
    if isinstance(one, Amount) and isinstance(other, Amount):
        return one + other
    if isinstance(one, Share) and isinstance(other, Share):
        return _whole((one, other))
    if isinstance(one, Distinct) and isinstance(other, Distinct):
        return Distinct(one.value + other.value, one.of)
    return None
