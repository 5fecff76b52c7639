"""County by county, over any executor: the same values as in one process, and the figures of the whole."""

import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairing.counties
from county_books import (
    POLICY,
    book_of,
    book_of_the_province,
    changes_of,
    entries_of,
    faulty,
    of_the_province,
    roster_of,
)
from pairing.areas import Area, AreaTree
from pairing.counties import (
    CountyPlans,
    cover_counties,
    each_county,
    pair_counties,
    relay_counties,
    total_counties,
)
from pairing.criteria import Criterion
from pairing.dates import Span, year
from pairing.entries import Entry, Paired, Retirement, Transfer
from pairing.errors import ArgumentError, CertificateError, PairingError, Problem
from pairing.evenness import effort
from pairing.figures import Distinct
from pairing.handover import Handover, relay
from pairing.people import Helper, Ladder, Unit
from pairing.plan import Plan
from pairing.proposing import pair
from pairing.register import Register
from pairing.reporting import report
from pairing.roster import Roster
from pairing.standings import coverage
from pairing.tables import write_roster
from pairing.tallies import totals
from populations import DAY, Case, cases
from stories import told

KEYS = ("620102", "620121", "621126", "621202")
COUNTERS = ("", "county", "rank", "unit", "month", "channel", "status", ("county", "kind"), "task")


def whole_of(keys: tuple[str, ...]) -> tuple[Roster, tuple[Entry, ...]]:
    """Return the roster of several counties together, and what is told of them."""
    parts = [roster_of(key) for key in keys]
    areas = {area.code: area for part in parts for area in part.areas}
    roster = Roster(
        AreaTree(areas.values()),
        [unit for part in parts for unit in part.units],
        [helper for part in parts for helper in part.helpers],
        [household for part in parts for household in part.households],
        [link for part in parts for link in part.links],
    )
    return roster, tuple(entry for key in keys for entry in entries_of(key))


@pytest.fixture(scope="module", params=["threads", "processes", "loky", "dask"])
def pool(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """Yield an executor of each kind, made once."""
    if request.param == "threads":
        with ThreadPoolExecutor(3) as threads:
            yield threads
    elif request.param == "processes":
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
            yield processes
    elif request.param == "loky":
        loky = pytest.importorskip("loky").ProcessPoolExecutor(2)
        yield loky
        loky.shutdown(wait=True)
    else:
        cluster: Any = pytest.importorskip("distributed").Client
        with cluster(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:
            yield client.get_executor()


# --- one value, whoever works


def test_every_executor_gives_the_value_of_one_process(pool: Executor) -> None:
    """Plans, relays, totals and coverage are the same in this process, over threads, processes, loky and dask."""
    shuffled = (*KEYS[2:], *KEYS[:2])
    plans = pair_counties(POLICY, KEYS, on=DAY, read=roster_of)
    assert pair_counties(POLICY, shuffled, on=DAY, read=roster_of, executor=pool) == plans
    relays = relay_counties(POLICY, KEYS, read=changes_of)
    assert relay_counties(POLICY, shuffled, read=changes_of, executor=pool) == relays
    done = total_counties(KEYS, read=book_of, during=year(2012), by=("county", "rank"))
    again = total_counties(shuffled, read=book_of, during=year(2012), by=iter(("county", "rank")), executor=pool)
    assert (again, list(again), again.names) == (done, list(done), done.names)
    stand = cover_counties(KEYS, read=book_of, on=DAY, by="county")
    assert cover_counties(shuffled, read=book_of, on=DAY, by="county", executor=pool) == stand


def test_counties_come_in_their_own_order_whatever_is_finished_first() -> None:
    """The first county is yielded first, though it waits for the second to be finished."""
    second_done = Event()

    def work(key: str) -> str:
        if key == "slow":
            assert second_done.wait(10)
        else:
            second_done.set()
        return key.upper()

    with ThreadPoolExecutor(2) as threads:
        assert list(each_county(work, ["slow", "quick"], executor=threads)) == [("slow", "SLOW"), ("quick", "QUICK")]


def test_folders_are_read_where_they_are_worked_on(tmp_path: Path, pool: Executor) -> None:
    """A county given by its path, as a text or a Path, is read from its files; its key is the path as a text."""
    for key in KEYS:
        write_roster(roster_of(key), tmp_path / key)
    done = pair_counties(POLICY, [tmp_path / key for key in KEYS], on=DAY, executor=pool)
    assert done == pair_counties(POLICY, [str(tmp_path / key) for key in KEYS], on=DAY)
    plan = pair(POLICY, roster_of(KEYS[0]), on=DAY)
    assert done[str(tmp_path / KEYS[0])].pairings == plan.pairings
    assert [each.county for each in done] == sorted(str(tmp_path / key) for key in KEYS)


def test_what_comes_back_of_a_county_names_nobody() -> None:
    """A plan by county holds ids and numbers, and no names; its repr has the key and figures alone."""
    done = pair_counties(POLICY, KEYS[:1], on=DAY, read=roster_of)
    moved = pickle.dumps(done)
    assert "王小明".encode() not in moved
    assert "李大山".encode() not in moved
    plan = pair(POLICY, roster_of(KEYS[0]), on=DAY)
    figures = f"{len(plan.pairings)} pairings, households {plan.coverage}, helpers {plan.fulfilment})"
    assert repr(done[KEYS[0]]) == f"CountyPlan('620102', {figures}"
    assert repr(done) == f"CountyPlans('ours', 2012-02-08, 1 counties, {figures}"
    assert done[KEYS[0]].shortfalls == tuple(map(str, plan.shortfalls))


# --- the whole is what its counties are


def parts_of(case: Case) -> tuple[Roster, dict[str, Roster]]:
    """Return a roster without what goes beyond counties, and the roster of each county of it."""
    roster = case.roster
    links = [link for link in roster.links if link.unit[:2] == link.village[:2]]
    named = [p for p in roster.named if roster.helper(p.helper).unit[:2] == roster.household(p.household).village[:2]]
    whole = attrs.evolve(roster, links=links, named=named)
    counties = [area.code for area in roster.areas if area.level == "county"]
    return whole, {
        county: attrs.evolve(
            whole,
            helpers=[helper for helper in whole.helpers if helper.unit.startswith(county)],
            households=[one for one in whole.households if one.village.startswith(county)],
            links=[link for link in links if link.unit.startswith(county)],
            named=[p for p in named if roster.helper(p.helper).unit.startswith(county)],
            own_links=[link for link in whole.own_links if roster.helper(link.helper).unit.startswith(county)],
        )
        for county in counties
    }


@settings(deadline=None, max_examples=40)
@given(cases())
def test_e5_counties_paired_apart_have_the_pairings_of_the_whole(case: Case) -> None:
    """Where no unit is linked to two counties, pairing each county alone gives the pairs of the whole."""
    roster, parts = parts_of(case)
    assume(len(parts) > 1 and not roster.own_links)
    whole = pair(case.policy, roster, on=DAY)
    with ThreadPoolExecutor(2) as threads:
        done = pair_counties(case.policy, parts, on=DAY, read=parts.__getitem__, executor=threads)
    assert tuple(sorted(pairing for plan in done for pairing in plan.pairings)) == whole.pairings
    assert (done.coverage, done.fulfilment) == (whole.coverage, whole.fulfilment)
    assert sorted(line for plan in done for line in plan.shortfalls) == sorted(map(str, whole.shortfalls))
    assert (done.pairings, done.shared) == (len(whole.pairings), ())
    event("short" if whole.shortfalls else "none short")


some_keys = st.sets(st.integers(0, 99), min_size=1, max_size=4).map(
    lambda numbers: tuple(f"62{number:02}26" for number in sorted(numbers))
)


@settings(deadline=None, max_examples=20)
@given(some_keys)
def test_relays_of_counties_are_the_relay_of_the_whole(keys: tuple[str, ...]) -> None:
    """Where no unit is linked to two counties, the entries, the vacancies and the values are those of one relay."""
    roster, entries = whole_of(keys)
    changes = [change for key in keys for change in changes_of(key)[2]]
    whole = relay(POLICY, roster, Register().record(*entries), changes)
    done = relay_counties(POLICY, keys, read=changes_of)
    assert {entry for each in done for entry in each.entries} == set(whole.entries())
    assert sum(each.households for each in done) == len(whole.passings)
    assert sum(each.takers for each in done) == len({taker for p in whole.passings for taker in p.takers})
    assert sorted(line for each in done for line in each.vacancies) == sorted(
        f"{v.on} household {v.household}: vacancy, seen to by {v.unit}; {v.reason}; {v.repair}" for v in whole.vacancies
    )
    assert done.values == dict(whole.values)
    for key in keys:
        book_of(key)[1].record(*done[key].entries)
    event("vacancies" if whole.vacancies else "no vacancies")


@settings(deadline=None, max_examples=30)
@given(some_keys, st.sampled_from(COUNTERS))
def test_totals_of_counties_are_the_totals_of_the_whole(keys: tuple[str, ...], by: Any) -> None:
    """Sums are added up, and unions too, as no household is in two counties: every cell is that of the whole."""
    roster, entries = whole_of(keys)
    whole = totals(Register().record(*entries), roster, during=year(2012), by=by or ())
    done = total_counties(keys, read=book_of, during=year(2012), by=by or ())
    assert done == attrs.evolve(whole, known=None)
    assert (list(done), dict(done.names)) == (list(whole), dict(whole.names))


@settings(deadline=None, max_examples=30)
@given(some_keys, st.sampled_from(["", "county", "village", "rank", "unit", ("kind", "rank"), "status"]))
def test_coverage_of_counties_is_the_coverage_of_the_whole(keys: tuple[str, ...], by: Any) -> None:
    """Shares are added up by numerators and denominators: every cell is that of the whole."""
    roster, entries = whole_of(keys)
    whole = coverage(Register().record(*entries), roster, on=date(2012, 12, 31), by=by or ())
    done = cover_counties(keys, read=book_of, on=date(2012, 12, 31), by=by or ())
    assert done == attrs.evolve(whole, known=None)
    assert list(done) == list(whole)


def test_rows_by_rank_are_in_the_order_of_the_ladder_of_the_counties() -> None:
    """A ladder of one's own orders the rows as it does in one county, and not the alphabet."""
    ladder = Ladder(["chief", "aide"])

    def read(key: str) -> tuple[Roster, Register]:
        areas, units = AreaTree([Area(key, "村", "village")]), [Unit(f"u-{key}", "county", key)]
        helpers = [Helper(f"{rank}-{key}", f"u-{key}", rank) for rank in ("aide", "chief")]
        return Roster(areas, units, helpers, ladder=ladder), Register()

    assert list(cover_counties(KEYS, read=read, on=DAY, by="rank")) == [("chief",), ("aide",)]


def test_a_table_of_counties_keeps_no_ids_of_households() -> None:
    """A union of households is a number alone, and the entries behind it stay where they were counted."""
    done = total_counties(KEYS, read=book_of, during=year(2012), by="county")
    for visited in (done[None, "households visited"], done[KEYS[0], "households visited"]):
        assert isinstance(visited, Distinct)
        assert visited.value > 0
        assert visited.members is None
    with pytest.raises(ArgumentError) as caught:
        done.entries(None, "households visited")
    assert caught.value.code == "no-entries"


def test_no_county_at_all_is_a_value() -> None:
    """Of no county there are no pairings and no relays, and every figure is none of none."""
    plans = pair_counties(POLICY, [], on=DAY)
    assert (plans.pairings, str(plans.coverage), list(plans)) == (0, "0 of 0", [])
    assert repr(relay_counties(POLICY, [], read=changes_of)) == "CountyHandovers('ours', 0 counties)"
    nobody = Roster(AreaTree(()))
    assert total_counties([], read=book_of, during=year(2012)) == attrs.evolve(
        totals(Register(), nobody, during=year(2012)), known=None
    )


# --- what is shared by two counties


def test_a_helper_of_two_counties_is_named() -> None:
    """Who stands in two rosters may be given households in both, and `shared` has the id."""
    done = pair_counties(POLICY, KEYS[:2], on=DAY, read=of_the_province)
    assert done.shared == ("ann",)


def test_helpers_are_not_counted_where_a_unit_stands_in_two_counties() -> None:
    """What cannot be told is left out: the columns of helpers and units; those of households stay exact."""
    one = cover_counties(KEYS[:1], read=book_of_the_province, on=DAY)
    two = cover_counties(KEYS[:2], read=book_of_the_province, on=DAY)
    gone = {column.name for column in one.columns} - {column.name for column in two.columns}
    assert gone == {"helpers", "with a household", "units with a household"}
    assert str(two[None, "with a helper"]) == "2 of 2 (100.0%)"


def test_units_without_helpers_may_stand_in_two_counties() -> None:
    """A superior unit that has no helpers of its own is in nobody's way: helpers are counted."""

    def read(key: str) -> tuple[Roster, Register]:
        roster, register = book_of(key)
        return attrs.evolve(roster, units=[*roster.units, Unit("government", "province", "62")]), register

    done = cover_counties(KEYS, read=read, on=DAY)
    assert done == cover_counties(KEYS, read=book_of, on=DAY)
    assert "helpers" in [column.name for column in done.columns]


# --- a bounded number in flight


class Counted(Executor):
    """Works when it is asked for a result, and counts what is under way."""

    def __init__(self) -> None:
        self.submitted: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return a future that is done at once."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        self.submitted.append(future)
        return future


def test_at_most_so_many_counties_are_ahead() -> None:
    """A county is submitted only when fewer than `ahead` are under way or wait to be taken."""
    executor, taken, most = Counted(), 0, 0
    for _ in each_county(len, map(str, range(20)), executor=executor, ahead=3):
        taken += 1
        most = max(most, len(executor.submitted) - taken)
    assert (taken, most) == (20, 2)  # and one is in the hands of the caller


def test_nothing_is_submitted_before_the_first_is_asked_for() -> None:
    """The counties are checked at once, and worked on as they are taken."""
    executor = Counted()
    found = each_county(len, KEYS, executor=executor)
    assert executor.submitted == []
    assert next(found) == ("620102", 6)


def test_whoever_stops_early_cancels_the_rest() -> None:
    """Counties that were not begun when the caller goes away are never begun."""
    begun, go_on = [], Event()

    def work(key: str) -> None:
        begun.append(key)
        assert key == KEYS[0] or go_on.wait(10)

    with ThreadPoolExecutor(1) as threads:
        found = each_county(work, KEYS, executor=threads)
        next(found)
        found.close()  # type: ignore[attr-defined]
        go_on.set()
    assert set(begun) <= set(KEYS[:2])


def test_progress_is_told_county_by_county() -> None:
    """`progress` is called with how many are done, of how many, failed ones too."""
    said: list[tuple[int, int]] = []
    with pytest.raises(PairingError):
        list(each_county(int, ["1", "x", "3"], progress=lambda done, every: said.append((done, every))))
    assert said == [(1, 3), (2, 3), (3, 3)]


# --- errors


def test_every_county_is_tried_and_all_problems_come_at_once(pool: Executor) -> None:
    """Each problem has the key of its county as the file; of a foreign error nothing is told but type and place."""
    found = each_county(faulty, ["foreign", KEYS[0], "ours", KEYS[1]], executor=pool)
    assert [next(found)[0], next(found)[0]] == [KEYS[0], KEYS[1]]
    with pytest.raises(PairingError) as caught:
        next(found)
    line = faulty.__code__.co_firstlineno + 3
    assert str(caught.value) == (
        "input: 2 problems\n"
        f"foreign: wanted the county to be worked out, got KeyError in faulty, line {line} [failed]\n"
        "ours/units, row 0, area: wanted the key of an area, got 'nowhere' [unknown-area]"
    )
    assert "王小明" not in repr(caught.value.args)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_folder_that_is_not_there_names_the_county(tmp_path: Path) -> None:
    """What is wrong with files is told with the path of the county before the name of the file."""
    write_roster(roster_of(KEYS[0]), tmp_path / "one")
    (tmp_path / "one" / "links.csv").unlink()
    with pytest.raises(PairingError) as caught:
        pair_counties(POLICY, [tmp_path / "one"], on=DAY)
    assert [problem.file for problem in caught.value.problems] == [f"{tmp_path}/one/links.csv"]


def test_a_key_that_is_an_identity_number_is_not_told() -> None:
    """A key is told as it is, unless it is an identity number."""
    with pytest.raises(PairingError) as caught:
        list(each_county(int, ["11010519491231002X"]))
    assert [problem.file for problem in caught.value.problems] == ["<identity number>"]


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (Plan, partial(pair_counties, POLICY, KEYS[:1], on=DAY, read=roster_of)),
        (Handover, partial(relay_counties, POLICY, KEYS[:1], read=changes_of)),
    ],
)
def test_what_is_not_proved_does_not_come_back(kind: type, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans and relays are verified where they are made: one that is not accepted is a problem of its county."""

    def refuse(self: object) -> bool:
        raise CertificateError([Problem("not-proved", "wanted the best")])

    monkeypatch.setattr(kind, "verify", refuse)
    with pytest.raises(PairingError, match=r"^620102: wanted the best \[not-proved\]$"):
        call()


def test_an_error_without_a_problem_is_told_all_the_same() -> None:
    """A county that fails never counts as done, though its error says nothing."""

    def work(key: str) -> None:
        raise PairingError(())

    with pytest.raises(PairingError, match="a: wanted the county to be worked out, got PairingError in work, line"):
        list(each_county(work, ["a"]))


def test_what_cannot_be_sent_says_what_to_do() -> None:
    """A policy with a criterion that has no name in a module works over threads, and not over processes."""
    own = Criterion("own", lambda helper: helper.rank, lambda household: household.difficulty, lambda rank, hard: 1)
    policy = attrs.evolve(POLICY, criteria=(own,))
    with ThreadPoolExecutor(1) as threads:
        assert pair_counties(policy, KEYS[:1], on=DAY, read=roster_of, executor=threads).pairings
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes, pytest.raises(PairingError) as caught:
        pair_counties(policy, KEYS, on=DAY, read=roster_of, executor=processes)
    assert str(caught.value) == (
        "620102: wanted functions at the top level of a module, also as criteria, and results that can be pickled; got "
        "what cannot be sent to another process [not-sent]"
    )


class Broken(Executor):
    """Breaks with the second county, as a pool whose worker dies, or that is shut down by somebody else."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.count = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return a future with the error; without one, a cancelled future."""
        self.count += 1
        future: Future[Any] = Future()
        if self.count == 1:
            future.set_result(fn(*args, **kwargs))
        elif self.error is None:
            future.cancel()
        else:
            future.set_exception(self.error)
        return future


@pytest.mark.parametrize("error", [BrokenProcessPool("a process died"), None, OSError("no such machine")])
def test_a_pool_that_breaks_is_told_with_what_went_wrong_before(error: Exception | None) -> None:
    """A broken or cancelled executor ends the run at once; problems of counties before it are told too."""
    with pytest.raises(PairingError) as caught:
        list(each_county(int, ["x", "2", "3"], executor=Broken(error)))
    assert [problem.code for problem in caught.value.problems] == ["failed", "broken-pool"]
    name = type(error).__name__ if error else "CancelledError"
    assert str(caught.value.problems[1]) == (
        f"2: wanted an executor that works to the end, got {name}: it was shut down, or a worker died (short of "
        "memory, or unable to import a function that was sent) [broken-pool]"
    )
    assert caught.value.__context__ is None


def test_a_pool_that_is_closed_is_told() -> None:
    """An executor that was shut down before is an error of the first county."""
    with ThreadPoolExecutor(1) as threads:
        pass
    with pytest.raises(PairingError, match="a: wanted an executor that works to the end, got RuntimeError: "):
        list(each_county(len, ["a"], executor=threads))


room: Any = pairing.counties  # for what type checkers refuse


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: room.each_county(len, "620102"),
            "counties: wanted keys or paths of counties, got '620102' [bad-type]",
        ),
        (lambda: room.each_county(len, [""]), "counties, row 0: wanted a key or a path, got nothing [bad-key]"),
        (lambda: room.each_county(len, ["a", 7]), "counties, row 1: wanted a key or a path, got 7 [bad-key]"),
        (
            lambda: room.each_county(len, ["a", Path("a")]),
            "counties, row 1: 'a' stands already in row 0; give each county once [duplicate-county]",
        ),
        (lambda: room.each_county(7, ["a"]), "work: wanted a function of a key, got 7 [bad-type]"),
        (
            lambda: room.each_county(len, ["a"], executor=2),
            "executor: wanted an executor as concurrent.futures has it, or None; got 2 [bad-type]",
        ),
        (lambda: room.each_county(len, ["a"], ahead=0), "ahead: wanted a whole number from 1, got 0 [bad-number]"),
        (
            lambda: room.each_county(len, ["a"], ahead=True),
            "ahead: wanted a whole number from 1, got True [bad-number]",
        ),
        (lambda: room.pair_counties("x", ["a"], on=DAY), "policy: wanted a Policy, got 'x' [bad-type]"),
        (lambda: room.relay_counties(None, ["a"], read=len), "policy: wanted a Policy, got nothing [bad-type]"),
        (
            lambda: room.relay_counties(POLICY, ["a"], read=len),
            "a: read: wanted a roster, a register and changes, got 1 [bad-type]",
        ),
        (
            lambda: room.total_counties(["a"], read=roster_of, during=year(2012)),
            "a: read: wanted a roster and a register, got a value of type Roster [bad-type]",
        ),
        (
            lambda: room.pair_counties(POLICY, [], on=DAY)["a"],
            "county: wanted the key of a county, got 'a' [unknown-county]",
        ),
    ],
)
def test_wrong_arguments_are_told(call: Any, message: str) -> None:
    """What the caller got wrong is told before anything is worked on, and what `read` returns with its county."""
    with pytest.raises(PairingError) as caught:
        call()
    assert str(caught.value).replace("a, read:", "a: read:") == message


def test_what_is_wrong_for_all_counties_is_told_once() -> None:
    """A day without a policy, or a word that is no group, is no problem of each county."""
    later = attrs.evolve(POLICY, effective=date(2015, 1, 1))
    for call in (
        partial(pair_counties, later, KEYS, on=DAY, read=roster_of),
        partial(total_counties, KEYS, read=book_of, during=year(2012), by="colour"),
        partial(room.cover_counties, KEYS, read=book_of, on="today"),
    ):
        with pytest.raises(ArgumentError) as caught:
            call()
        assert len(caught.value.problems) == 1


# --- what can be pickled


def test_a_pickled_table_has_its_figures_and_no_entries() -> None:
    """A table goes to another process and back; the entries behind its cells stay with the register."""
    roster, register = book_of(KEYS[0])
    table = totals(register, roster, during=year(2012), by=("county", "rank"))
    again = pickle.loads(pickle.dumps(table))
    assert (again, str(again)) == (table, str(table))
    assert again.to_dict() == table.to_dict()
    with pytest.raises(ArgumentError) as caught:
        again.entries(None, "person-visits")
    assert str(caught.value) == (
        "table: wanted a table that was counted in this process, got one that was pickled, without the entries "
        "[no-entries]"
    )


def test_a_pickled_register_is_equal_and_goes_on() -> None:
    """A register has the same entries, batches and views afterwards, and takes further entries."""
    roster, register = book_of(KEYS[0])
    register = register.record(Transfer(roster.helpers[0].id, roster.units[0].id, on=date(2014, 1, 1)))
    again = pickle.loads(pickle.dumps(register))
    assert again == register
    first = len(entries_of(KEYS[0]))
    assert len(again.view(on=DAY, known=first + 1).personnel(roster.helpers[0].id)) == 1
    assert len(again.view(on=DAY, known=first).personnel(roster.helpers[0].id)) == 0
    gone = Retirement(roster.helpers[0].id, on=date(2015, 1, 1))
    changed = relay(POLICY, roster, register, [gone])
    assert again.record(*changed.entries()) == register.record(*changed.entries())


def test_a_pickled_register_has_its_own_entries_alone() -> None:
    """What a later register recorded on the same lines does not go along."""
    early = Register().record(Paired("ann", "x", on=DAY))
    later = early.record(Paired("bo", "y", on=DAY))
    assert b"bo" not in pickle.dumps(early)
    assert pickle.loads(pickle.dumps(later)) == later


def test_efforts_and_reports_can_be_pickled() -> None:
    """How evenly effort is spread, and a whole report, are equal after they were sent."""
    roster, register = book_of(KEYS[0])
    spread = effort(register, roster, during=year(2012))
    assert pickle.loads(pickle.dumps(spread)) == spread
    assert str(pickle.loads(pickle.dumps(spread))) == str(spread)
    book = told("liaoyang-1994", "0.02")
    page = report(book.policy, book.roster, book.register, on=book.on)
    again = pickle.loads(pickle.dumps(page))
    assert (again, str(again)) == (page, str(page))


def test_plans_of_counties_can_be_kept() -> None:
    """The value that comes back can be pickled itself, and is equal after it."""
    done = pair_counties(POLICY, KEYS, on=DAY, read=roster_of)
    again: CountyPlans = pickle.loads(pickle.dumps(done))
    assert again == done
    assert again[KEYS[0]].spans[0] == Span(DAY)
