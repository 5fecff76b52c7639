"""Strategies, checks and the machine for developers who test their own rules."""

import itertools
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

import pairing as pr
from pairing import testing
from pairing.criteria import CRITERIA
from pairing.entries import Entry
from pairing.errors import ArgumentError
from pairing.testing import CounterExample, RegisterMachine, check_criterion, check_pairing, check_policy
from pairing.testing.by_type import register_types
from pairing.testing.drafts import RULES
from pairing.testing.finding import MAKER_OF, strategy_of
from pairing.testing.recorded import KINDS

QUICK = settings(
    database=None, deadline=None, phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck)
)
DAY = date(2012, 2, 8)


def drawn(strategy: st.SearchStrategy[Any], many: int = 100) -> list[Any]:
    """Return what a strategy gives, always the same."""
    found: list[Any] = []

    @seed(7)
    @settings(QUICK, max_examples=many)
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    take()
    return found


# --- strategies

PLAIN = [
    "area_trees", "areas", "helpers", "households", "ladders", "links", "named_pairs", "own_links", "pairings", "plans",
    "policies", "quotas", "ranks", "rosters", "scenes", "spans", "units", "villages",
]  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_every_field_takes_more_than_one_value(name: str) -> None:
    """Whatever a strategy gives, each field varies, those with defaults too."""
    found = drawn(getattr(testing, name)(), 100 if name == "policies" else 40)
    names = getattr(found[0], "_fields", None) or [at.name for at in attrs.fields(type(found[0]))]
    values: defaultdict[str, set[str]] = defaultdict(set)
    for value in found:
        for field in names:
            values[field].add(repr(getattr(value, field)))
    assert {field for field in names if len(values[field]) < 2} == set()


def codes_of(entry: Entry) -> set[str]:
    """Return the codes of what a register says is wrong with an entry that stands alone."""
    try:
        pr.Register().record(entry)
    except pr.RegisterError as error:
        return {problem.code for problem in error.problems}
    return set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_entry_is_drawn_with_every_field(kind: type[Entry]) -> None:
    """Each kind of entry that a register takes is well-formed, and each of its fields varies."""
    found = drawn(testing.entries(kinds=[kind]), 15)
    for at in attrs.fields(kind):
        assert len({repr(getattr(entry, at.name)) for entry in found}) > 1, at.name
    wrong = {"bad-type", "bad-key", "bad-date", "bad-number", "unknown-word", "bad-visit"}
    for entry in found:
        assert not wrong & codes_of(entry)


@pytest.mark.parametrize("kind", [*CRITERIA.values(), *RULES])
def test_every_field_of_criteria_and_rules_varies(kind: type[Any]) -> None:
    """Each kind of criterion and of rule is drawn by its type, and each of its fields varies."""
    strategy = strategy_of(kind)
    assert strategy is not None
    found = drawn(strategy)
    assert {at.name for at in attrs.fields(kind) if len({repr(getattr(it, at.name)) for it in found}) < 2} == set()


def test_registers_are_full_of_things() -> None:
    """Most registers of made-up rosters have entries, and among them there are many kinds."""
    found = drawn(testing.registers(), 40)
    assert sum(len(register) > 0 for register in found) > 20
    assert len({type(entry) for register in found for entry in register}) >= 15


def test_rosters_shrink_to_tiny_ones() -> None:
    """The smallest roster of two helpers with a link has two plain helpers, a unit and a village."""
    found = find(testing.rosters(), lambda it: len(it.helpers) > 1 and len(it.links) > 0, settings=QUICK)
    assert repr(found) == "Roster(1 areas, 1 units, 2 helpers, 0 households, 1 links, 0 named pairs)"
    assert found.helpers == (pr.Helper("h1", "u1", "clerk"), pr.Helper("h2", "u1", "clerk"))


class Halfway:
    """A criterion that is not finished."""

    name, link = "halfway", None

    def helper(self, helper: pr.Helper) -> str:
        return helper.unit


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: testing.rosters(min_helpers=3, max_helpers=2),
         "max_helpers: wanted at least min_helpers, 3, got 2 [bad-bounds]"),
        (lambda: testing.rosters(max_units=0), "max_units: wanted a whole number from 1, got 0 [bad-number]"),
        (lambda: testing.rosters(policy=5), "policy: wanted a Policy, got 5 [bad-type]"),  # type: ignore[arg-type]
        (lambda: testing.ladders(max_ranks=11),
         "max_ranks: wanted at most 10, as many as there are, got 11 [bad-bounds]"),
        (lambda: testing.helpers(units=()),
         "units: wanted one text at least, in a collection, got a value of type tuple [bad-type]"),
        (lambda: testing.helpers(units=st.just("u1")),  # type: ignore[arg-type]
         "units: wanted one text at least, in a collection, got a value of type JustStrategy [bad-type]"),
        (lambda: testing.areas(levels=["town"]),
         "levels: wanted some of province, prefecture, county, township, village; got 'town' [unknown-level]"),
        (lambda: testing.spans(min_day=DAY, max_day=date(2012, 1, 1)),
         "max_day: wanted no day before min_day, 2012-02-08, got 2012-01-01 [bad-bounds]"),
        (lambda: testing.entries(kinds=[int]),  # type: ignore[list-item]
         "kinds: wanted kinds of entries, got int [bad-type]"),
        (lambda: testing.policies(max_rules=True), "max_rules: wanted a whole number from 1, got True [bad-number]"),
        (lambda: check_criterion(5), "criterion: wanted a criterion, got 5 [bad-type]"),  # type: ignore[arg-type]
        (lambda: check_criterion(Halfway()),  # type: ignore[arg-type]
         "criterion: wanted a criterion, got a value of type Halfway, without household, score [bad-type]"),
        (lambda: check_criterion(pr.Kin),  # type: ignore[arg-type]
         "criterion: wanted a criterion, got the class Kin itself [bad-type]"),
        (lambda: check_policy("ours"), "policy: wanted a Policy, got 'ours' [bad-type]"),  # type: ignore[arg-type]
        (lambda: check_pairing(None), "pairing: wanted a function, got nothing [bad-type]"),  # type: ignore[arg-type]
        (lambda: check_criterion(pr.Kin(), max_examples=0),
         "max_examples: wanted a whole number from 1, got 0 [bad-number]"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused(call: Callable[[], object], text: str) -> None:
    """A wrong argument of a strategy or a check raises an ArgumentError, at once."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == text


# --- checks


@pytest.mark.parametrize("kind", CRITERIA.values())
def test_the_criteria_of_the_library_pass(kind: type[Any]) -> None:
    """No counterexample is found to a criterion that comes with the library."""
    check_criterion(kind(), max_examples=15)


COUNTER = itertools.count()


def by_post(helper: pr.Helper) -> bool:
    """Read a post that may be None."""
    return helper.post.startswith("s")  # type: ignore[union-attr]


def _plus_one(mine: object, theirs: object) -> int:
    return next(COUNTER)


FAULTS = [
    (pr.Criterion("f", lambda h: h.name.startswith("王"), lambda p: 0, lambda a, b: int(a)),
     "wanted no name or id of a person to be read, got the name of the helper\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-names]"),
    (pr.Criterion("f", lambda h: 0, lambda p: p.id == "h-204", lambda a, b: int(b)),
     "wanted no name or id of a person to be read, got the id of the household\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-names]"),
    (pr.Criterion("f", lambda h: next(iter(h.skills), ""), lambda p: p.needs, lambda a, b: int(a in b)),
     "wanted the helper to be read the same in whatever order its sets come, got two different readings\n"
     "  Helper('h1', 'u1', 'clerk', skills={'medicine', '种植'})\n  Household('p1', 'v1') [criterion-order]"),
    (pr.Criterion("f", lambda h: 0, lambda p: p.needs, lambda a, b: len(next(iter(b), ""))),
     "wanted the same score in whatever order sets come, got another\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1', needs={'illness', 'schooling'}) [criterion-order]"),
    (pr.Criterion("f", lambda h: h.fit, lambda p: p.difficulty, lambda a, b: 0.5 if b == 5 and not a else 2),  # type: ignore[arg-type,return-value]
     "wanted a whole number or None as a score, got 0.5\n"
     "  Helper('h1', 'u1', 'clerk', fit=False)\n  Household('p1', 'v1', difficulty=5) [criterion-score]"),
    (pr.Criterion("f", by_post, lambda p: 0, lambda a, b: 0),
     f"wanted a reading of the helper, got AttributeError at line {by_post.__code__.co_firstlineno + 2} of "
     "test_testing.py\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-raised]"),
    (pr.Criterion("f", lambda h: next(COUNTER), lambda p: 0, lambda a, b: 0),
     "wanted the helper to be read the same twice, got two different readings\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-unstable]"),
    (pr.Criterion("f", lambda h: 0, lambda p: 0, _plus_one),
     "wanted the same readings to be scored the same twice, got two scores\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-unstable]"),
    (pr.Criterion("f", lambda h: 0, lambda p: p.needs, lambda a, b: next(COUNTER) // 4),
     "wanted the same readings to be scored the same twice, got two scores\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-unstable]"),
    (pr.Criterion("f", lambda h: h.rank, lambda p: p.difficulty, lambda a, b: 0.5 if (a, b) == ("staff", 7) else 2),  # type: ignore[arg-type,return-value]
     "wanted a whole number or None as a score, got 0.5\n"
     "  Helper('h1', 'u1', 'staff')\n  Household('p1', 'v1', difficulty=7) [criterion-score]"),
    (pr.Criterion("f", lambda h: 0, lambda p: p.difficulty, lambda a, b: 0.5 if b > 100 else 2),  # type: ignore[arg-type,return-value]
     "wanted a whole number or None as a score, got 0.5\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1', difficulty=150) [criterion-score]"),
    (pr.Criterion("f", lambda h: [h.rank], lambda p: 0, lambda a, b: 0),  # type: ignore[arg-type,return-value]
     "wanted the helper to be read as a value that can be hashed and compared, got a value of type list\n"
     "  Helper('h1', 'u1', 'clerk')\n  Household('p1', 'v1') [criterion-reading]"),
    (pr.Criterion("f", lambda h: 1 if h.fit else True, lambda p: 0, lambda a, b: 2 if a is True else 1),
     "wanted one score where helpers are read alike, got two\n"
     "  Helper('h1', 'u1', 'clerk')\n  Helper('h1', 'u1', 'clerk', fit=False)\n"
     "  Household('p1', 'v1')\n  Household('p1', 'v1') [criterion-interchangeable]"),
]  # fmt: skip


@pytest.mark.parametrize(("criterion", "text"), FAULTS)
def test_a_planted_fault_of_a_criterion_is_found(criterion: pr.Criterion, text: str) -> None:
    """Of each kind of fault the smallest counterexample is told, word for word, and without any name."""
    with pytest.raises(CounterExample) as caught:
        check_criterion(criterion)
    assert str(caught.value) == f"criterion 'f': {text}"
    assert isinstance(caught.value, AssertionError)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize("name", ["panjin-2010", "gansu-2012", "hubei-2011", "liaoyang-1994"])
def test_the_programmes_pass(name: str) -> None:
    """No counterexample is found to a policy that comes with the library."""
    check_policy(pr.programme(name), max_examples=5)


def test_a_policy_with_a_bad_criterion_is_found() -> None:
    """A policy under which a roster cannot be paired is told with the roster."""
    bad = pr.Criterion("by post", lambda h: h.post.startswith("s"), lambda p: 0, lambda a, b: 0)  # type: ignore[union-attr]
    with pytest.raises(CounterExample) as caught:
        check_policy(pr.Policy("ours", (pr.HelperRule(pr.Quota(1, 1)),), criteria=(bad,)))
    assert caught.value.code == "policy-raised"
    assert "criterion 'by post': reading a helper raised AttributeError" in str(caught.value)


def test_pair_passes() -> None:
    """No counterexample is found to the library's own way of pairing."""
    check_pairing(pr.pair, max_examples=25)


ONE = pr.Policy("ours", (pr.HelperRule(pr.Quota(0, 1)),))


def within_links(policy: pr.Policy, roster: pr.Roster, *, on: date) -> list[pr.Pairing]:
    """Pair everybody with everybody within the links who is there: too many."""
    return [
        pr.Pairing(helper.id, household.id)
        for helper in roster.helpers
        for household in roster.households
        if household.village in roster.may_go_to(helper)
        and helper.fit
        and not any(pair.rule == "excluded" for pair in roster.named)
        and all(span is None or on in span for span in (helper.service, household.registered))
    ]


@pytest.mark.parametrize(
    ("pairing", "code"),
    [
        (within_links, "pairing-above-ceiling"),
        (lambda policy, roster, on: [pr.Pairing("h99", "p99")], "pairing-unknown"),
        (lambda policy, roster, on: roster.helpers[0].name[5], "pairing-raised"),
    ],
)  # fmt: skip
def test_a_planted_fault_of_a_pairing_function_is_found(pairing: Callable[..., Any], code: str) -> None:
    """Each kind of fault is found by its law."""
    with pytest.raises(CounterExample) as caught:
        check_pairing(pairing, policy=ONE)
    assert caught.value.code == code


# --- the machine

FEW = settings(QUICK, max_examples=12, stateful_step_count=10, print_blob=False)


class TestTheMachine(RegisterMachine.TestCase):  # type: ignore[valid-type,misc]
    settings = FEW


class Forgetful(RegisterMachine):
    """Keeps nothing after the third entry."""

    def record(self, entries: tuple[Entry, ...]) -> None:
        if len(self.read()) < 3:
            super().record(entries)


class Lenient(RegisterMachine):
    """Refuses nothing."""

    refusals: ClassVar[tuple[type[Exception], ...]] = (KeyError,)

    def record(self, entries: tuple[Entry, ...]) -> None:
        try:
            super().record(entries)
        except pr.RegisterError:
            return


class InOrder(RegisterMachine):
    """Reads the entries in the order of their days."""

    def read(self) -> pr.Register:
        register = pr.Register()
        for entry in sorted(self._own, key=lambda entry: entry.on):
            register = register.record(entry)
        return register


class OneByOne(RegisterMachine):
    """Records the entries of a batch one by one."""

    def record(self, entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            super().record((entry,))


ROSTER = pr.Roster(
    pr.AreaTree([pr.Area("v1", "上坪村", "village")]),
    [pr.Unit("u1", "county", "v1")],
    [pr.Helper("h1", "u1", "clerk"), pr.Helper("h2", "u1", "clerk")],
    [pr.Household("p1", "v1"), pr.Household("p2", "v1")],
    [pr.Link("u1", "v1")],
)


@pytest.mark.parametrize("machine", [Forgetful, Lenient, InOrder, OneByOne])
def test_a_planted_fault_of_a_keeping_is_found(machine: type[RegisterMachine]) -> None:
    """A keeping that loses lines, refuses nothing, sorts what it reads, or splits batches is found out."""
    plain = settings(FEW, max_examples=60, stateful_step_count=6, phases=(Phase.generate,), report_multiple_bugs=False)
    with pytest.raises((CounterExample, pr.RegisterError)):
        run_state_machine_as_test(type("Ours", (machine,), {"roster": ROSTER}), settings=plain)


PAIRED, RENAMED = pr.Paired("h1", "p1", on=DAY), pr.Renaming("u1", "new", on=DAY)


def kept_as(*entries: Entry) -> RegisterMachine:
    """Return a machine that was given two entries, and has kept others."""

    class Other(RegisterMachine):
        def read(self) -> pr.Register:
            return pr.Register().record(*entries)

    machine = Other()
    machine._write((PAIRED, RENAMED))
    return machine


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ((RENAMED, PAIRED), "wanted Paired('h1', 'p1', on=2012-02-08) at position 0, got Renaming('u1', 'new', "
                            "on=2012-02-08) [register-R9]"),
        ((PAIRED,), "wanted Renaming('u1', 'new', on=2012-02-08) at position 1, got no entry [register-R9]"),
        ((PAIRED, RENAMED, pr.Paired("h2", "p2", on=DAY)),
         "wanted no entry at position 2, got Paired('h2', 'p2', on=2012-02-08) [register-R9]"),
    ],
)  # fmt: skip
def test_the_first_entry_that_differs_is_told(entries: tuple[Entry, ...], text: str) -> None:
    """Where something else was kept, the first position that differs is told, with both entries."""
    with pytest.raises(CounterExample) as caught:
        kept_as(*entries).laws_hold()
    assert str(caught.value) == text


@pytest.mark.parametrize(("got", "told"), [([], "a value of type list"), (None, "nothing")])
def test_reading_something_else_than_a_register_is_refused(got: Any, told: str) -> None:
    """A `read` that returns no Register is told so."""

    class Other(RegisterMachine):
        def read(self) -> pr.Register:
            return got  # type: ignore[no-any-return]

    with pytest.raises(ArgumentError) as caught:
        Other().laws_hold()
    assert str(caught.value) == f"read: wanted a Register from read, got {told} [bad-type]"


# --- by type


def test_nothing_in_the_library_imports_it() -> None:
    """No room outside the package names it."""
    rooms = [path for path in Path(pr.__file__).parent.rglob("*.py") if path.parent.name != "testing"]
    assert len(rooms) > 50
    assert not [path for path in rooms if "pairing.testing" in path.read_text("utf-8")]


def test_types_are_found_without_an_import() -> None:
    """After the entry point has run, `from_type` gives what the strategies give; before, no room is loaded."""
    code = (
        "import sys; from pairing.testing.by_type import register_types; register_types();"
        "loaded = sorted(name for name in sys.modules if name.startswith('pairing'));"
        "from hypothesis import find, strategies as st; import pairing as pr;"
        "print(loaded, find(st.from_type(pr.Helper), lambda helper: helper.kind == 'team'))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == (
        "['pairing', 'pairing.testing', 'pairing.testing.by_type'] "
        "Helper(id='h1', unit='u1', rank=None, post=None, kind='team')\n"
    )


def test_every_type_has_a_strategy() -> None:
    """Each domain type is drawn by its type."""
    register_types()
    for kind in (pr.Area, pr.AreaTree, pr.Change, pr.Criterion, pr.Entry, pr.Helper, pr.Policy, pr.Quota, pr.Refill,
                 pr.Register, pr.Roster, pr.Span, pr.Unit, pr.Visited, pr.VisitRule, pr.Kin):  # fmt: skip
        assert isinstance(drawn(st.from_type(kind), 1)[0], kind)
    assert strategy_of(pr.Problem) is None


MADE_UP = (pr.Handover, pr.Plan, pr.View)


def test_a_result_is_made_as_the_library_makes_it() -> None:
    """Plans, handovers and views are drawn by their types."""
    register_types()
    for kind in MADE_UP:
        assert all(isinstance(value, kind) for value in drawn(st.from_type(kind), 5))


@pytest.mark.parametrize(
    ("kind", "maker"),
    [(pr.Shortfall, "pair"), (pr.Explanation, "Plan.explain"), (pr.Muster, "the library")],
)  # fmt: skip
def test_a_result_that_cannot_be_made_up_is_refused(kind: type[Any], maker: str) -> None:
    """A result that only the library makes is refused when it is drawn, with what makes it."""
    register_types()
    with pytest.raises(ArgumentError) as caught:
        drawn(st.from_type(kind), 1)
    message = f"wanted a type that can be made up, got {kind.__name__}, which is made by {maker}"
    assert str(caught.value) == f"{message} [made-by-library]"


def test_every_public_type_is_drawn_or_refused() -> None:
    """No type of the library but errors is put together from its fields; who makes a result is a public name."""
    kinds = [getattr(pr, name) for name in pr.__all__ if isinstance(getattr(pr, name), type)]
    lacking = {kind for kind in kinds if strategy_of(kind) is None and not issubclass(kind, Exception)}
    assert lacking == {pr.Problem}
    assert set(MAKER_OF) <= set(pr.__all__)
    for maker in MAKER_OF.values():
        attrgetter(maker)(pr)


def test_without_hypothesis_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Hypothesis is not installed, asking for a name says which extra brings it."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(pr.MissingExtra) as caught:
        from pairing.testing import check_policy as _  # noqa: F401
    message = "wanted the extra testing (pip install 'pairing[testing]'), got no module hypothesis [missing-extra]"
    assert str(caught.value) == message
