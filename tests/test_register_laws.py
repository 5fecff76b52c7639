"""The laws of the register: R1 to R11, against a slow book, and each on its own."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from books import (
    CALENDAR,
    DAYS,
    FUNDS,
    HELPERS,
    HOUSEHOLDS,
    IDENTITY,
    KINDS,
    ODD_SCENES,
    SCENES,
    UNITS,
    VILLAGES,
    Batch,
    Book,
    Clerk,
    mentioned,
)
from pairing import deeds, entries
from pairing.deeds import OBSERVED, Visited
from pairing.entries import (
    DEEPEST,
    Correction,
    Entry,
    Exit,
    HouseholdMerger,
    Paired,
    Refill,
    Relapse,
    Released,
    Split,
    StruckOff,
    VacancyOpened,
)
from pairing.errors import Problem, RegisterError
from pairing.lines import root
from pairing.register import Register
from pairing.views import View

READ = CALENDAR[:-2]
"""The days of which a register is asked."""
SMALL = settings(deadline=None, max_examples=15)
LARGE = settings(deadline=None, max_examples=40)
HOWS = ("accepted", "contradicts", "not new", "ill-formed")
"""An entry can be recorded; or it cannot, as it contradicts others, is there already, or is none."""
NOT_NEW = {"other-body", "taken-back", "not-recorded"}
ILL_FORMED = {"bad-visit"}
NEVER_CONTRADICT = {
    "Aided",
    "Checked",
    "Observed",
    "Offer",
    "PaidIn",
    "Renaming",
    "Step",
    "Unlinked",
    "Visited",
}
"""Kinds that nothing else in a register forbids."""
WAYS = [*SCENES, *ODD_SCENES, *["entry", "variant", "variant", "same_key", "spoiled"] * 3]
SEEDS = st.integers(0, 2**20)

# --- the register and the book


def agree(register: Register, book: Book, known: int | None = None) -> None:
    """What a register says of every day is what the book says."""
    entries = book.in_force(known)
    for day in READ:
        view = register.view(on=day, known=known)
        pairings = book.pairings(day, known)
        assert list(view.pairings) == pairings
        assert [pairing.span for pairing in view.pairings] == [pairing.span for pairing in pairings]
        vacancies = [book.vacancy(id, day, known) for id in HOUSEHOLDS]
        assert [view.vacancy(id) for id in HOUSEHOLDS] == vacancies
        assert list(view.vacancies) == [vacancy for vacancy in vacancies if vacancy is not None]
        assert list(view.duties) == [duty for id in HOUSEHOLDS for duty in book.duties_to(id, day, known)]
        loads = {id: len({p.household for p in pairings if p.helper == id}) for id in HELPERS}
        assert view.loads(HELPERS) == loads
        visits = book.visits(day, known)
        for id in HOUSEHOLDS:
            now = book.household(id, known)[day]
            held = [pairing for pairing in pairings if pairing.household == id]
            assert list(view.helpers_of(id)) == sorted(held)
            assert view.somebody_due(id) == bool(now.holding or now.vacancy)
            assert view.exit(id) == now.exit
            assert view.left_programme(id) == now.gone
            assert list(view.duties_to(id)) == book.duties_to(id, day, known)
            assert set(view.steps(id)) == set(book.steps(id, day, known))
            assert set(view.visits_to(id)) == {visit for visit in visits if visit.household == id}
            aid, checks = book.aid_to(id, day, known), book.checks(id, day, known)
            assert (set(view.aid_to(id)), set(view.checks(id))) == (set(aid), set(checks))
            assert (len(view.aid_to(id)), len(view.checks(id))) == (len(aid), len(checks))
            for what in OBSERVED:
                assert view.observed(id, what) == book.observed(id, what, day, known)
            for giver in (None, *HELPERS[:2]):
                assert list(view.offers(id, giver)) == book.offers(id, giver, day, known)
        for id in HELPERS:
            known_of = book.helper(id, known)[day]
            held = [pairing for pairing in pairings if pairing.helper == id]
            assert list(view.households_of(id)) == sorted(held, key=lambda pairing: pairing.household)
            assert view.end_of_service(id) == book.end_of_service(id, known)
            assert (view.is_absent(id), view.is_fit(id)) == (known_of.absent, known_of.fit)
            assert set(view.calls_of(id)) == {visit for visit in visits if id in visit.helpers}
        for id in (*HELPERS, *UNITS):
            assert list(view.duties_of(id)) == book.duties_of(id, day, known)
        for id in FUNDS:
            fund, there = view.fund(id), book.fund(id, known)[day]
            assert (fund.fund, fund.on) == (id, day)
            assert (fund.paid_in, fund.paid_out, fund.left) == (there.paid_in, there.paid_out, there.left)
            assert fund.loans == there.loans
            assert fund.on_loan == sum(loan.outstanding for loan in there.loans)
            late = [loan for loan in there.loans if loan.outstanding and loan.due and loan.due < day]
            assert (list(fund.arrears), fund.late) == (late, sum(loan.outstanding for loan in late))
    for ids, says in (
        (HOUSEHOLDS, book.says_of_household),
        (HELPERS, book.says_of_helper),
        (UNITS, book.says_of_unit),
        (VILLAGES, book.says_of_village),
    ):
        for id in ids:
            stretches = register.history(id, known=known).stretches
            for day in READ:
                told = {(s.what, s.who, s.role) for s in stretches if day in s.span}
                assert told == says(id, day, known), (id, day)
    for id in (*HOUSEHOLDS, *HELPERS, *UNITS, *VILLAGES):
        about = register.entries_about(id, known=known)
        assert all(entry in entries for entry in about)
        assert [entry.on for entry in about] == sorted(entry.on for entry in about)


def said(register: Register, known: int | None = None) -> list[Any]:
    """All that a register says: of every day, and in every history."""
    found: list[Any] = []
    for day in READ:
        view = register.view(on=day, known=known)
        found.append([(pairing, pairing.span) for pairing in view.pairings])
        found.append((view.vacancies, view.duties))
        for id in HOUSEHOLDS:
            found.append((view.exit(id), view.left_programme(id), view.steps(id), view.visits_to(id)))
            found.append([view.offers(id, giver) for giver in (None, *HELPERS)])
            found.append((view.aid_to(id), view.checks(id), [view.observed(id, what) for what in OBSERVED]))
        found.append([view.fund(id) for id in FUNDS])
        for id in HELPERS:
            found.append((view.end_of_service(id), view.is_absent(id), view.is_fit(id), view.calls_of(id)))
    found.extend(told(register, known).values())
    return found


def told(register: Register, known: int | None = None) -> dict[str, str]:
    """All histories of a register."""
    return {id: str(register.history(id, known=known)) for id in (*HOUSEHOLDS, *HELPERS, *UNITS, *VILLAGES)}


def tried(register: Register, batch: Batch) -> tuple[Register, tuple[Problem, ...]]:
    """The register with a batch; or the register as it was, and what is wrong with the batch."""
    try:
        return register.record(*batch), ()
    except RegisterError as error:
        return register, error.problems


def grown(seed: int, steps: int = 14) -> list[tuple[Register, Batch]]:
    """A register after each of its batches, the first of them empty; whatever it refuses is left out."""
    random, book, register = Random(seed), Book(), Register()
    found: list[tuple[Register, Batch]] = [(register, [])]
    for _ in range(steps):
        batch = Clerk(random, book).batch()
        later, _ = tried(register, batch)
        if later is not register:
            new = list(later)[len(register) :]
            register, book = later, book.with_batch(new)
            found.append((register, new))
    return found


class Keeping(RuleBasedStateMachine):
    """A register and a book are kept side by side, batch by batch."""

    counts: ClassVar[Counter[tuple[str, str]]] = Counter()
    reads = True
    """Whether everything is read after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.register, self.book = Register(), Book()
        self.past = [(self.register, self.book)]

    def keep(self, batch: Batch, spoiled: bool = False) -> None:
        """Record a batch in both: they agree whether it can be, and if not, nothing has changed."""
        wrong = set() if spoiled else self.book.refuses(batch)
        before = said(self.register) if (wrong or spoiled) and self.reads else []
        lines = list(self.register)
        register, problems = tried(self.register, batch)
        if problems:
            codes = {problem.code for problem in problems}
            assert spoiled or wrong & codes, (wrong, codes, batch)
            assert list(self.register) == lines
            assert not before or said(self.register) == before
            how = "not new" if wrong & NOT_NEW else "contradicts"
            how = "ill-formed" if spoiled or wrong & ILL_FORMED else how
            if len(batch) == 1:
                self.counts[type(batch[0]).__name__, how] += 1
        else:
            assert not wrong, (wrong, batch)
            assert not spoiled, batch
            self.register = register
            book = self.book.with_batch(batch)
            for entry in book.lines[len(self.book.lines) :]:
                self.counts[type(entry).__name__, "accepted"] += 1
            self.book = book
            self.past.append((self.register, book))
        assert list(self.register) == self.book.lines

    @rule(way=st.sampled_from(WAYS), kind=st.sampled_from(KINDS), seed=SEEDS)
    def record(self, way: str, kind: type[Entry], seed: int) -> None:
        """Record a batch that is made up in some way."""
        clerk = Clerk(Random(f"{seed} {len(self.book.lines)}"), self.book)
        if way in SCENES or way in ODD_SCENES:
            self.keep(getattr(clerk, way)())
        else:
            self.keep([getattr(clerk, way)(kind)], spoiled=way == "spoiled")

    @rule(seed=st.integers(0, 2**64))
    def record_several(self, seed: int) -> None:
        """Record some batches one after the other, each made up in some way."""
        random = Random(seed)
        for _ in range(5):
            self.record(random.choice(WAYS), random.choice(KINDS), random.randrange(2**20))

    @rule(n=st.integers(0, 99))
    def fork(self, n: int) -> None:
        """From now on an earlier register is kept, beside those that grew out of it."""
        self.register, self.book = self.past[n % len(self.past)]

    @invariant()
    def of_every_day_both_say_the_same(self) -> None:
        if self.reads:
            agree(self.register, self.book)

    def teardown(self) -> None:
        """Every register there ever was says what its book says; the last one does so at every position."""
        if self.reads:
            for register, book in self.past:
                agree(register, book)
            for known in self.book.ends:
                agree(self.register, self.book, known)


def table(counts: Counter[tuple[str, str]]) -> str:
    """How often each kind of entry was accepted, in a batch of any size, and how often it was refused alone."""
    rows = [f"{kind.__name__:16}" + "".join(f"{counts[kind.__name__, how]:13}" for how in HOWS) for kind in KINDS]
    return "\n".join(["", f"{'kind':16}" + "".join(f"{how:>13}" for how in HOWS), *rows])


class TestKeeping(Keeping.TestCase):  # type: ignore[valid-type,misc]
    settings = settings(deadline=None, max_examples=10, stateful_step_count=12)

    @classmethod
    def tearDownClass(cls) -> None:
        print(table(Keeping.counts))


class Counting(Keeping):
    """The same, but only whether batches can be recorded is compared."""

    counts: ClassVar[Counter[tuple[str, str]]] = Counter()
    reads = False


def test_every_kind_of_entry_was_accepted_and_refused() -> None:
    """In thousands of steps, always the same, each kind is accepted, and refused for every possible reason."""
    assert {kind.__name__ for kind in KINDS} == recordable()
    Counting.counts.clear()
    for seed in range(100):
        machine = Counting()
        for part in range(8):
            machine.record_several(8 * seed + part)
    print(table(Counting.counts))
    never = {(kind, how) for kind in recordable() for how in HOWS if not Counting.counts[kind, how]}
    assert never == {(kind, "contradicts") for kind in NEVER_CONTRADICT}


def recordable() -> set[str]:
    """The names of the kinds that a register takes: all classes of the rooms of entries and deeds, but three."""
    found = {name for room in (entries, deeds) for name in room.__all__ if isinstance(getattr(room, name), type)}
    return found - {"Entry", "Change", "Refill"}


# --- each law on its own


def some_household_days(register: Register) -> Iterator[tuple[str, date, View]]:
    for day in READ:
        view = register.view(on=day)
        for household in HOUSEHOLDS:
            yield household, day, view


def counting(register: Register) -> list[Entry]:
    """The entries of a register that count."""
    return [entry for entry in register if entry in register]


@LARGE
@given(SEEDS)
def test_r1_nobody_is_dropped(seed: int) -> None:
    """From a household's first pairing to its release, every day has exactly one of: at least one active helper; one
    explicit vacancy."""
    register = grown(seed, 24)[-1][0]
    entries = counting(register)
    due: dict[str, bool] = {}
    for household, day, view in some_household_days(register):
        helpers, vacancy = view.helpers_of(household), view.vacancy(household)
        assert not (helpers and vacancy)
        if not helpers and vacancy is None and due.get(household):
            ends = (Released, Exit, StruckOff, Split, HouseholdMerger)
            assert [e for e in entries if isinstance(e, ends) and e.household == household and e.on == day]
            event("released, or gone")
        due[household] = bool(helpers or vacancy)
        assert view.somebody_due(household) == due[household]
        assert [each for each in view.vacancies if each.household == household] == [vacancy] * (vacancy is not None)


@LARGE
@given(SEEDS)
def test_r2_nobody_is_responsible_out_of_service(seed: int) -> None:
    """A helper's span lies within the helper's service and the household's registration."""
    register = grown(seed, 24)[-1][0]
    for day in READ:
        view = register.view(on=day)
        for pairing in view.pairings:
            over = view.end_of_service(pairing.helper)
            assert pairing.span is not None
            assert over is None or (pairing.span.end is not None and pairing.span.end <= over)
            gone = register.view(on=READ[-1]).left_programme(pairing.household)
            assert gone is None or (pairing.span.end is not None and pairing.span.end <= gone)
            event("before an end" if over or gone else "no end")


@LARGE
@given(SEEDS)
def test_r3_no_overlap(seed: int) -> None:
    """No two overlapping spans of the same helper, household and role. Joint helpers are legal and explicit."""
    register = grown(seed, 24)[-1][0]
    for id in (*HELPERS, *HOUSEHOLDS):
        stretches = [s for s in register.history(id).stretches if s.what == "responsible"]
        for one, other in combinations(stretches, 2):
            same = (one.who, one.role) == (other.who, other.role)
            assert not (same and one.span.overlap(other.span))
            if id in HOUSEHOLDS and one.span.overlap(other.span):
                event("joint helpers")


@SMALL
@given(SEEDS)
def test_r4_what_was_known_stays(seed: int) -> None:
    """What was known at k about v never changes by entries recorded after k. (What is known *now* about v may: that is
    a correction.)"""
    random = Random(seed)
    steps = grown(seed)
    snapshots = [(len(register), said(register)) for register, _ in steps]
    last = steps[-1][0]
    for (known, snapshot), (register, _) in zip(snapshots, steps, strict=True):
        assert said(last, known) == snapshot == said(register)
    (start, snapshot), (end, _) = random.choice(list(pairwise(snapshots)) or [(snapshots[0],) * 2])
    assert said(last, random.randrange(start, max(end, start + 1))) == snapshot


@SMALL
@given(SEEDS)
def test_r5_folding_in_parts_gives_the_same(seed: int) -> None:
    """Folding the entries gives the state; folding a prefix and then the rest gives the same."""
    random = Random(seed)
    steps = grown(seed)
    last = steps[-1][0]
    groups: list[Batch] = []
    for _, batch in steps[1:]:
        corrects = any(isinstance(entry, Correction) for entry in batch)
        if not groups or corrects or random.random() < 0.2:
            groups.append([])
        groups[-1] += batch
    together = Register()
    for group in groups:
        together = together.record(*group)
    assert said(together) == said(last)
    assert list(together) == list(last)
    parts = Register()
    for _, batch in steps[1:]:
        cut = random.randrange(len(batch) + 1)
        for rows in ([batch[:cut], batch[cut:]], [[entry] for entry in batch]):
            try:
                part = parts.record(*rows[0])
                for row in rows[1:]:
                    part = part.record(*row)
            except RegisterError:
                event("only in one batch")
                continue
            event("in several batches" if len(batch) > 1 else "one row")
            assert said(part) == said(parts.record(*batch))
        parts = parts.record(*batch)
    assert said(parts) == said(last)


@SMALL
@given(SEEDS)
def test_r6_taking_back_restores(seed: int) -> None:
    """Taking an entry back restores the view; the record only grows; other households' histories are identical."""
    (before, _), *rest = grown(seed)
    for after, batch in rest:
        back = after.record(*(Correction(entry, "it was not so") for entry in batch))
        assert said(back) == said(before)
        assert list(back)[: len(after)] == list(after)
        assert len(back) == len(after) + len(batch)
        assert not any(entry in back for entry in batch)
        again = back.record(*(Correction(entry, "it was so") for entry in list(back)[len(after) :]))
        assert said(again) == said(after)
        assert all(entry in again for entry in batch)
        meant = set(mentioned(map(root, batch), "household", "instead", "into"))
        for household in {*HOUSEHOLDS} - meant:
            assert str(back.history(household)) == str(after.history(household)) == str(before.history(household))
        before = after


@LARGE
@given(SEEDS)
def test_r7_the_same_entry_twice_is_one_entry(seed: int) -> None:
    """The same entry twice is one entry; the same id with another body is an error."""
    (before, _), *rest = grown(seed)
    for after, batch in rest:
        assert after.record(*batch) is after
        assert list(before.record(*batch, *reversed(batch))) == list(after)
        before = after
    key = {entry.id: entry for entry in before if entry.id}
    for id, entry in key.items():
        assert before.record(entry) is before if entry in before else True
        other = Visited("h1", ("ann",), "letter", on=DAYS[0], id=id)
        _, problems = tried(before, [Visited("h2", ("ann",), on=DAYS[0]), other])
        assert [(problem.code, problem.row, problem.field) for problem in problems] == [("other-body", 1, "id")]


@SMALL
@given(SEEDS)
def test_r8_shuffled_rows(seed: int) -> None:
    """Same-day order is total and documented; shuffled input rows give the same state."""
    random = Random(seed)
    steps = grown(seed)
    shuffled = Register()
    for register, batch in steps[1:]:
        random.shuffle(batch)
        shuffled = shuffled.record(*batch)
        assert said(shuffled) == said(register)
    rows = counting(steps[-1][0])
    plain = [entry for entry in rows if not isinstance(entry, Correction)]
    random.shuffle(plain)
    assert said(Register().record(*plain)) == said(steps[-1][0])


@LARGE
@given(SEEDS)
def test_r9_a_call_that_fails_changes_nothing(seed: int) -> None:
    """A call that fails leaves everything as it was."""
    random = Random(seed)
    steps = grown(seed, 6)
    register = steps[-1][0]
    lines, before = list(register), said(register)
    clerk = Clerk(random, Book(lines))
    for _ in range(5):
        rows: list[tuple[Any, bool]] = [(clerk.spoiled(random.choice(KINDS)), True) for _ in range(3)]
        rows += [(random.choice([None, 5, "ann", [], Entry(on=DAYS[0]), Refill("h1", on=DAYS[0])]), True)]
        rows += [(Visited(f"n{n}", ("ann",), on=DAYS[n]), False) for n in range(3)]
        random.shuffle(rows)
        with pytest.raises(RegisterError) as caught:
            register.record(*(row for row, _ in rows))
        told = {problem.row for problem in caught.value.problems}
        assert told == {n for n, (_, bad) in enumerate(rows) if bad}
        for text in (str(caught.value), repr(caught.value), repr([row for row, _ in rows])):
            assert IDENTITY not in text
        assert caught.value.__context__ is None
    with pytest.raises(RegisterError) as caught:  # what two households contradict is told at once
        register.record(Relapse("n1", on=DAYS[0]), VacancyOpened("n2", "x", "bank", "bo", on=DAYS[0]))
    told_at_once = [(problem.code, problem.row) for problem in caught.value.problems]
    assert told_at_once == [("no-exit", 0), ("dropped", 0), ("not-responsible", 1)]
    assert list(register) == lines
    assert said(register) == before
    assert len(register.record(Visited("h1", ("bo",), on=DAYS[0], id="new"))) == len(lines) + 1


@LARGE
@given(SEEDS)
def test_r10_no_unlinking_before_the_goal(seed: int) -> None:
    """No unlinking before the goal, unless an override carries a reason."""
    register = grown(seed, 24)[-1][0]
    for entry in counting(register):
        if isinstance(entry, Released):
            assert entry.override or register.view(on=entry.on).exit(entry.household)
            event("by an override" if entry.override else "after an exit")
    for day in DAYS[1:]:
        for pairing in register.view(on=day).pairings:
            who = pairing.helper, pairing.household, "moved abroad", pairing.role
            codes = [
                {problem.code for problem in tried(register, [Released(*who, override, on=day, waiver="-")])[1]}
                for override in ("", "by order of the county")
            ]
            assert ("goal-not-met" in codes[0]) == (register.view(on=day).exit(pairing.household) is None)
            assert "goal-not-met" not in codes[1]


@LARGE
@given(SEEDS)
def test_r11_an_exit_leaves_a_duty(seed: int) -> None:
    """Exit leaves a duty to revisit, and a new pairing or a recorded waiver."""
    register = grown(seed, 24)[-1][0]
    for entry in counting(register):
        if isinstance(entry, Released) and not entry.override:
            view = register.view(on=entry.on)
            assert [duty for duty in view.duties_to(entry.household) if duty.what == "revisit"]
            if entry.instead is not None:
                assert entry.instead in {pairing.household for pairing in view.households_of(entry.helper)}
                event("a new pairing")
            else:
                assert entry.waiver
                event("a waiver")
    for day in DAYS[1:]:
        view = register.view(on=day)
        for pairing in view.pairings:
            if view.exit(pairing.household):
                release = Released(pairing.helper, pairing.household, "out of poverty", pairing.role, on=day)
                codes = {problem.code for problem in tried(register, [release])[1]}
                assert "no-new-household" in codes
                owed = any(duty.what == "revisit" for duty in view.duties_to(pairing.household))
                assert ("no-revisit" in codes) != owed


# --- registers that grow out of one another


@SMALL
@given(SEEDS)
def test_forks_are_independent(seed: int) -> None:
    """Two registers that grow out of one are as if each had been recorded alone."""
    random = Random(seed)
    steps = grown(seed)
    middle, _ = random.choice(steps)
    last = steps[-1][0]
    before = said(last), said(middle)
    clerk = Clerk(random, Book(list(middle)))
    fork = middle
    for _ in range(4):
        fork, _ = tried(fork, clerk.batch())
    alone, mark = Register(), 0
    for register, batch in steps[1:]:
        if len(register) <= len(middle):
            alone, mark = alone.record(*batch), len(register)
    assert mark == len(middle)
    assert alone == middle
    if fork is not middle:
        event("it grew twice")
        assert said(fork, len(middle)) == before[1]
        assert said(Register().record(*fork) if plain(fork) else fork) == said(fork)
    assert (said(last), said(middle)) == before
    assert list(fork)[: len(middle)] == list(middle)


def plain(register: Register) -> bool:
    """Whether nothing was corrected."""
    return not any(isinstance(entry, Correction) for entry in register)


def test_deep_corrections_are_refused() -> None:
    """So many corrections upon one another as are allowed are recorded; more are refused, however many they are."""
    entry: Entry = Paired("ann", "h1", on=DAYS[0])
    register = Register().record(entry)
    for depth in range(1, DEEPEST + 1):
        entry = Correction(entry, "wrong")
        register = register.record(entry)
        assert len(register.view(on=DAYS[0]).pairings) == (depth + 1) % 2
    for more in (1, 10_000):
        for _ in range(more):
            entry = Correction(entry, "wrong")
        _, problems = tried(register, [entry])
        assert [problem.code for problem in problems] == ["too-deep"]
        assert entry not in register
        assert len(repr(entry)) < 70 * DEEPEST
    assert len(register) == DEEPEST + 1
