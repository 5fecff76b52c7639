"""The laws of figures, A1 to A11, over registers made up at random; and every figure against a slow recount."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import attrs
import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from books import CALENDAR, DAYS, HELPERS, HOUSEHOLDS, UNITS
from counting import (
    EVENTS,
    OF_HELPERS,
    OF_HOUSEHOLDS,
    OF_VISITS,
    SUMS,
    TURNS,
    UNIONS,
    WORDS,
    Case,
    case_of,
    differences,
    number,
    only,
)
from pairing.areas import LEVELS
from pairing.dates import Span, days_after
from pairing.deeds import Aided, Checked, Lent, Repaid, Visited, WrittenOff
from pairing.entries import Correction, Move, RankChange, Transfer
from pairing.errors import RegisterError
from pairing.figures import Amount, Distinct, NotAdditive, Share, joined_mark
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.results import Cell, Key, Table
from pairing.rules import HelperRule
from pairing.standings import coverage, fulfilment
from pairing.tallies import totals
from pairing.turnover import flows

SEEDS = st.integers(0, 2**20)
SMALL = settings(deadline=None, max_examples=12)
LARGE = settings(deadline=None, max_examples=40)
STOCKS = ("households", "households with a helper", "exited households", "pairings", "helpers")
OF_VISITS_AND_AID = (
    *(column for column in SUMS[:12]),
    *("household-visits", "contacts", *UNIONS, "lent", "checked", "checked wrong", "not reached"),
)
QUOTAS = {"division": (2, 3), "section": (1, 1), "staff": (0, 2)}
POLICY = Policy("ours", tuple(HelperRule(Quota(*quota), ranks=(rank,)) for rank, quota in QUOTAS.items()))


@frozen
class Question:
    """A made-up register, and what is asked of it."""

    case: Case
    random: Random
    known: int | None
    on: date
    during: Span

    def words(self, among: tuple[str, ...], most: int = 3) -> tuple[str, ...]:
        """Return some words to group by."""
        return tuple(self.random.sample(among, self.random.randrange(most + 1)))

    def totals(self, *by: str, during: Span | None = None) -> Table:
        """Return what was done."""
        return totals(self.case.register, self.case.roster, during=during or self.during, by=by, known=self.known)

    def coverage(self, *by: str, on: date | None = None) -> Table:
        """Return how things stand."""
        return coverage(self.case.register, self.case.roster, on=on or self.on, by=by, known=self.known)

    def fulfilment(self, *by: str) -> Table:
        """Return how quotas are fulfilled."""
        return fulfilment(POLICY, self.case.register, self.case.roster, on=self.on, by=by, known=self.known)

    def flows(self, *by: str, during: Span | None = None) -> Table:
        """Return what came in and went out."""
        return flows(self.case.register, self.case.roster, during=during or self.during, by=by, known=self.known)


def question(seed: int) -> Question:
    """Return what is asked, by a seed."""
    case, random = case_of(seed), Random(seed + 1)
    known = random.choice([None, None, random.choice(case.ends)])
    start = random.choice(DAYS)
    end = random.choice([day for day in CALENDAR if day > start])
    return Question(case, random, known, random.choice(DAYS), Span(start, end))


def halves(during: Span, random: Random) -> list[Span]:
    """Return a span of days cut in two, or whole where it has one day."""
    assert during.end is not None
    cuts = [day for day in CALENDAR if during.start < day < during.end]
    if not cuts:
        return [during]
    cut = random.choice(cuts)
    return [Span(during.start, cut), Span(cut, during.end)]


def cells(table: Table) -> Iterator[tuple[Key | None, str]]:
    """Yield every cell of a table, those of the total too."""
    for key in (None, *table.rows):
        for column in table.columns:
            yield key, column.name


def added_up(table: Table) -> None:
    """Every column that says that its rows add up gives its total, and no other can be added."""
    for n, column in enumerate(table.columns):
        if column.over_rows:
            assert table.sum(column.name) == table.total[n], column.name
        else:
            with pytest.raises(NotAdditive):
                table.sum(column.name)


# --- the slow recount


@LARGE
@given(SEEDS)
def test_totals_are_those_of_the_slow_recount(seed: int) -> None:
    """Every cell of `totals`, by up to three words, for open spans too, is what is counted entry by entry."""
    asked = question(seed)
    for _ in range(3):
        by = asked.words(WORDS)
        during = asked.random.choice([asked.during, Span(asked.during.start)])
        assert differences(asked.totals(*by, during=during), asked.case.recount(asked.known).totals(during, by)) == []


@LARGE
@given(SEEDS)
def test_coverage_is_that_of_the_slow_recount(seed: int) -> None:
    """Every cell of `coverage` is what is counted household by household, and helper by helper, on that day."""
    asked = question(seed)
    for _ in range(3):
        by = asked.words(asked.random.choice([OF_HOUSEHOLDS, OF_HELPERS, LEVELS, OF_HOUSEHOLDS + OF_HELPERS]))
        assert differences(asked.coverage(*by), asked.case.recount(asked.known).coverage(asked.on, by)) == []


@SMALL
@given(SEEDS)
def test_flows_are_those_of_the_slow_recount(seed: int) -> None:
    """Every cell of `flows` is what is counted day by day: who is there and was not yesterday, and who no longer is."""
    asked = question(seed)
    for among in (OF_HOUSEHOLDS, OF_HELPERS):
        by = asked.words(among, 2)
        assert differences(asked.flows(*by), asked.case.recount(asked.known).flows(asked.during, by)) == []


@LARGE
@given(SEEDS)
def test_fulfilment_is_that_of_the_slow_recount(seed: int) -> None:
    """Every cell of `fulfilment` is what is counted helper by helper: a household in two roles is one household."""
    asked = question(seed)
    by = asked.words(OF_HELPERS, 2)
    found = asked.case.recount(asked.known).fulfilment(QUOTAS, asked.on, by)
    assert differences(asked.fulfilment(*by), found) == []


# --- A1 to A11


@LARGE
@given(SEEDS)
def test_a1_rows_add_up_to_the_total(seed: int) -> None:
    """A1 Counts of events and amounts add up over disjoint parts: areas, units, ranks, channels, months."""
    asked = question(seed)
    words = (*LEVELS, "unit", "rank", "kind", "channel", "month", "aid", "what", "status", "county unit")
    for word in asked.random.sample(words, 3):
        table = asked.totals(word)
        added_up(table)
        assert table.total == asked.totals().total
        assert all(table.columns[n].over_rows for n in range(len(table.columns)) if table.columns[n].name in SUMS)
    added_up(asked.totals(*asked.words(WORDS)))
    added_up(asked.coverage(*asked.words(LEVELS, 2)))
    added_up(asked.coverage(*asked.words(OF_HELPERS, 2)))
    added_up(asked.fulfilment(*asked.words(OF_HELPERS, 2)))
    added_up(asked.flows(*asked.words(OF_HOUSEHOLDS, 1)))
    added_up(asked.flows(*asked.words(OF_HELPERS, 1)))


@LARGE
@given(SEEDS)
def test_a1_a_finer_table_adds_up_to_a_coarser_one(seed: int) -> None:
    """A1 What is counted by two words and added up over one of them is what is counted by the other alone."""
    asked = question(seed)
    one, other = asked.random.sample([word for word in WORDS if word != "task"], 2)
    fine, coarse = asked.totals(one, other), asked.totals(one)
    for n, column in enumerate(fine.columns):
        if column.over_rows:
            for key in coarse.rows:
                parts = [row[n] for (first, _), row in fine.rows.items() if first == key[0]]
                whole = coarse.rows[key][n]
                assert isinstance(whole, Amount)
                assert sum([part for part in parts if isinstance(part, Amount)], Amount(0, column.of)) == whole


@LARGE
@given(SEEDS)
def test_a1_tables_of_disjoint_days_add_up_to_that_of_all_days(seed: int) -> None:
    """A1 Tables of two spans of days, one after the other, add up to the table of both; unions have to be left out."""
    asked = question(seed)
    parts = halves(asked.during, asked.random)
    by = asked.words(tuple(word for word in WORDS if word not in OF_HELPERS and word != "task"), 2)
    tables = [asked.totals(*by, during=part) for part in parts]
    if len(parts) == 1:
        return
    with pytest.raises(NotAdditive):
        tables[0] + tables[1]
    found = tables[0].only(*SUMS, *EVENTS) + tables[1].only(*SUMS, *EVENTS)
    whole = asked.totals(*by).only(*SUMS, *EVENTS)
    assert (found.total, found.during, found.known) == (whole.total, whole.during, whole.known)
    nothing = tuple(Amount(0, column.of) for column in whole.columns)
    for key in {*found.rows, *whole.rows}:
        assert found.rows.get(key, nothing) == whole.rows.get(key, nothing)
    added_up(found)


@LARGE
@given(SEEDS)
def test_a1_tables_by_helpers_add_up_over_days(seed: int) -> None:
    """A1 By unit and by rank, too, the tables of two spans add up: no visit is of two days, whoever made it."""
    asked = question(seed)
    parts = halves(asked.during, asked.random)
    if len(parts) == 1:
        return
    by = asked.words(OF_HELPERS, 2)
    one, other = (asked.totals(*by, during=part).only(*SUMS, *EVENTS) for part in parts)
    found, whole = one + other, asked.totals(*by).only(*SUMS, *EVENTS)
    assert found.total == whole.total
    for key in whole.rows:
        for name in (*SUMS, *EVENTS):
            assert found[key, name] == whole[key, name]


@LARGE
@given(SEEDS)
def test_a1_what_came_in_and_went_out_adds_up_over_days(seed: int) -> None:
    """A1 What came in and went out, and the days with a helper, add up over spans; what there is on a day does not."""
    asked = question(seed)
    parts = halves(asked.during, asked.random)
    if len(parts) == 1:
        return
    by = asked.words(OF_HOUSEHOLDS, 2)
    one, other = (asked.flows(*by, during=part) for part in parts)
    with pytest.raises(NotAdditive):
        one + other
    names = [column.name for column in one.columns if column.over_time]
    assert all(name.endswith((" in", " out", "with a helper", "vacant")) for name in names)
    found, whole = one.only(*names) + other.only(*names), asked.flows(*by).only(*names)
    nothing = tuple(Amount(0, column.of) for column in whole.columns)
    assert found.total == whole.total
    for key in {*found.rows, *whole.rows}:
        assert found.rows.get(key, nothing) == whole.rows.get(key, nothing)


@LARGE
@given(SEEDS)
def test_a2_households_are_a_union(seed: int) -> None:
    """A2 Households helped is a union, not a sum; its type refuses `+`."""
    asked = question(seed)
    by = asked.words(WORDS)
    table = asked.totals(*by)
    helped = asked.coverage(*asked.words(OF_HELPERS, 2))
    unions = [(table, name) for name in UNIONS] + [(helped, "households helped")] * ("households helped" in str(helped))
    for each, name in unions:
        members: set[str] = set()
        for key in (None, *each.rows):
            cell = each[key, name]
            assert isinstance(cell, Distinct)
            with pytest.raises(NotAdditive):
                cell + cell
            with pytest.raises(NotAdditive):
                sum([cell, cell])
            if key is not None and cell.members is not None:
                members |= cell.members
        whole = each[None, name]
        assert isinstance(whole, Distinct)
        if whole.members is not None:
            assert members == whole.members
        assert whole.value <= sum(cell.value for cell in each.column(name).values() if isinstance(cell, Distinct))


@LARGE
@given(SEEDS)
def test_a3_opening_and_in_less_out_is_closing(seed: int) -> None:
    """A3 Opening + in − out = closing, for every unit and span."""
    asked = question(seed)
    for among in (OF_HOUSEHOLDS, OF_HELPERS):
        by = asked.words(among, 2)
        table = asked.flows(*by)
        names = [column.name for column in table.columns]
        for key in (None, *table.rows):
            for stock in STOCKS:
                if f"{stock} in" in names:
                    start, came, went, end = (number(table[key, f"{stock} {turn}"])[0] for turn in TURNS)
                    assert start + came - went == end
    parts = halves(asked.during, asked.random)
    before, after = asked.flows(during=parts[0]), asked.flows(during=parts[-1])
    if len(parts) == 2:
        for stock in STOCKS:
            assert before[None, f"{stock} at the end"] == after[None, f"{stock} at the start"]


@LARGE
@given(SEEDS)
def test_a4_household_days_are_counted_alike_by_spans_and_by_days(seed: int) -> None:
    """A4 Household-days equal the sum of spans and the count day by day."""
    asked = question(seed)
    register, known = asked.case.register, asked.known
    assert asked.during.end is not None
    ids = {*HOUSEHOLDS, *(household.id for household in asked.case.roster.households)}
    helped = vacant = 0
    for n in range((asked.during.end - asked.during.start).days):
        view = register.view(on=asked.during.start + timedelta(n), known=known)
        helped += sum(bool(view.helpers_of(id)) for id in ids)
        vacant += len(view.vacancies)
    table = asked.flows()
    assert table[None, "household-days with a helper"] == Amount(helped, "household-days")
    assert table[None, "household-days vacant"] == Amount(vacant, "household-days")
    spans = 0
    view = register.view(on=asked.on, known=known)
    for id in ids:
        for vacancy in view.vacancies_of(id):
            within = vacancy.span.overlap(asked.during)
            spans += within.days or 0 if within is not None else 0
    assert spans == vacant


@LARGE
@given(SEEDS)
def test_a5_shares_are_pooled(seed: int) -> None:
    """A5 Ratios keep numerator and denominator; no mean of means."""
    asked = question(seed)
    tables = (
        asked.coverage(*asked.words(LEVELS, 1)),
        asked.coverage(*asked.words(OF_HELPERS, 1)),
        asked.fulfilment(*asked.words(OF_HELPERS, 1)),
    )
    for table in tables:
        for n, column in enumerate(table.columns):
            shares = [row[n] for row in table.rows.values() if isinstance(row[n], Share)]
            total = table.total[n]
            if not isinstance(total, Share):
                continue
            assert 0 <= total.part <= total.whole
            if column.of in ("households", "persons", "helpers"):  # a unit may be in two groups, and so may a village
                parts = [share for share in shares if isinstance(share, Share)]
                assert total == Share(sum(one.part for one in parts), sum(one.whole for one in parts)), column.name


@LARGE
@given(SEEDS)
def test_a6_units_never_mix(seed: int) -> None:
    """A6 Units never mix: kg, pieces, yuan; a guarantee is not a gift."""
    asked = question(seed)
    table = asked.totals()
    for one, other in combinations([cell for cell in table.total if isinstance(cell, Amount)], 2):
        if one.of == other.of:
            assert (one + other).of == one.of
        else:
            with pytest.raises(NotAdditive):
                one + other
    gifts = [e for e in table.entries(None, "money given") if isinstance(e, Aided)]
    assert table[None, "money given"] == sum([Amount(e.amount, "fen", e.mark) for e in gifts], Amount(0, "fen"))
    assert {e.aid for e in gifts} <= {"money"}
    assert all(isinstance(e, Lent) for e in table.entries(None, "lent"))
    for column in table.columns:
        for e in table.entries(None, column.name):
            if isinstance(e, Lent | Repaid | WrittenOff):
                assert column.name in ("lent", "repaid", "written off")


@LARGE
@given(SEEDS)
def test_a7_marks_stay_through_groups_and_sums(seed: int) -> None:
    """A7 "Over" and "nearly" stay marked through sums."""
    asked = question(seed)
    for table in (asked.totals(), asked.totals(asked.random.choice(WORDS)), asked.totals(*asked.words(WORDS))):
        for key, name in cells(table):
            if name in SUMS[1:12]:
                aid = [e for e in table.entries(key, name) if isinstance(e, Aided)]
                marks = [e.value_mark if name == "value of goods" else e.mark for e in aid]
                assert number(table[key, name])[1] == joined_mark(marks), (key, name)


@LARGE
@given(SEEDS)
def test_a8_missing_is_not_zero(seed: int) -> None:
    """A8 Missing is not zero; every coverage carries its denominator and its v and k."""
    asked = question(seed)
    earlier = Register()
    for batch, end in zip(asked.case.batches, asked.case.ends[1:], strict=True):
        if end <= (len(asked.case.register) if asked.known is None else asked.known):
            earlier = earlier.record(*batch)
    roster, on, during = asked.case.roster, asked.on, asked.during
    by, of_helpers = asked.words(OF_HOUSEHOLDS), asked.words(OF_HELPERS)
    table = asked.coverage(*by)
    assert (table.on, table.known) == (on, len(earlier))
    for key, name in cells(table):
        if name.startswith(("with a helper", "persons with", "villages with", "with a household", "units with")):
            assert isinstance(table[key, name], Share)
    assert table == coverage(earlier, roster, on=on, by=by)
    assert asked.fulfilment(*of_helpers) == fulfilment(POLICY, earlier, roster, on=on, by=of_helpers)
    assert asked.flows(*by) == flows(earlier, roster, during=during, by=by)
    mixed = asked.words(WORDS)
    assert asked.totals(*mixed) == totals(earlier, roster, during=during, by=mixed)
    within = asked.random.randrange(len(asked.case.register) + 1)
    end = max(position for position in asked.case.ends if position <= within)
    assert coverage(asked.case.register, roster, on=on, by=by, known=within).known == end


@settings(deadline=None, max_examples=25)
@given(SEEDS)
def test_a9_figures_follow_from_the_entries_behind_them(seed: int) -> None:
    """A9 Every figure can name the entries behind it; recomputing from them gives the figure."""
    asked = question(seed)
    roster, register = asked.case.roster, asked.case.register
    tables: list[Table] = [asked.totals(*asked.words(WORDS, 2))]
    tables += [asked.coverage(*asked.words(among, 2)) for among in (OF_HOUSEHOLDS, OF_HELPERS, LEVELS)]
    tables += [asked.flows(*asked.words(among, 1)) for among in (OF_HOUSEHOLDS, OF_HELPERS)]
    tables += [asked.fulfilment(*asked.words(OF_HELPERS, 1))]
    for table in tables:
        for key, name in cells(table):
            entries = table.entries(key, name)
            order = [e for e in register.view(on=asked.on, known=asked.known) if e in set(entries)]
            assert list(entries) == order
            again: Table
            if table.title == "totals":
                again = totals(entries, roster, during=asked.during, by=table.by, register=register, known=asked.known)
            elif table.title == "coverage":
                again = coverage(only(entries), roster, on=asked.on, by=table.by)
            elif table.title == "flows":
                again = flows(only(entries), roster, during=asked.during, by=table.by)
            else:
                again = fulfilment(POLICY, only(entries), roster, on=asked.on, by=table.by)
            found: Cell = again[key, name] if key is None or key in again.rows else None
            if found is None:
                assert number(table[key, name])[0] == 0, (table.title, table.by, key, name)
            else:
                assert number(found) == number(table[key, name]), (table.title, table.by, key, name)


@LARGE
@given(SEEDS)
def test_a11_what_was_done_stays_with_whoever_served_on_that_day(seed: int) -> None:
    """A11 Visits and aid are credited to whoever served on that day, whatever happened later."""
    asked = question(seed)
    case, end = asked.case, asked.during.end
    assert end is not None
    register = case.register
    for helper in HELPERS:
        for day in (end, days_after(end, 3)):
            changes = [RankChange(helper, "bureau", on=day), Transfer(helper, asked.random.choice(UNITS), on=day)]
            for change in changes:
                try:
                    register = register.record(change)
                except RegisterError:  # a second one of that day
                    continue
    for household in HOUSEHOLDS:
        try:
            register = register.record(Move(household, "north", on=end))
        except RegisterError:
            continue
    for _ in range(3):
        by = asked.words(WORDS)
        before = totals(case.register, case.roster, during=asked.during, by=by)
        after = totals(register, case.roster, during=asked.during, by=by)
        assert before.total == after.total
        nothing = dict.fromkeys(before.rows.keys() ^ after.rows.keys())
        assert before.rows.keys() - nothing.keys() == after.rows.keys() - nothing.keys()
        for key in before.rows.keys() & after.rows.keys():
            assert before.rows[key] == after.rows[key]
        for key in nothing:  # a group that nothing was done in
            row = before.rows.get(key) or after.rows[key]
            assert not any(number(cell)[0] for cell in row)


# --- ways to the same figures


@LARGE
@given(SEEDS)
def test_a_stream_gives_the_figures_of_the_register(seed: int) -> None:
    """The entries that count, as a stream in any order, give the figures of visits, aid, loans and checks."""
    asked = question(seed)
    case, by = asked.case, asked.words(WORDS)
    entries = list(case.register.view(on=asked.on, known=asked.known))
    asked.random.shuffle(entries)
    stream = totals(iter(entries), case.roster, during=asked.during, by=by, register=case.register, known=asked.known)
    assert stream.known is None
    of_register = asked.totals(*by)
    assert attrs.evolve(stream, known=of_register.known) == of_register
    deeds = [e for e in entries if isinstance(e, Visited | Aided | Lent | Checked)]
    alone = totals(deeds, case.roster, during=asked.during, by=by, register=case.register, known=asked.known)
    for name in OF_VISITS_AND_AID:
        for key in (None, *of_register.rows):
            found = alone[key, name] if key is None or key in alone.rows else None
            assert number(of_register[key, name]) == (number(found) if found is not None else (0, "exact"))


@LARGE
@given(SEEDS)
def test_the_order_within_a_batch_shows_in_no_figure(seed: int) -> None:
    """Batches whose lines are shuffled give the same tables."""
    asked = question(seed)
    register = Register()
    for batch in asked.case.batches:
        register = register.record(*asked.random.sample(batch, len(batch)))
    other = attrs.evolve(asked, case=attrs.evolve(asked.case))
    other.case.register = register
    by, areas, helpers = asked.words(WORDS), asked.words(OF_HOUSEHOLDS), asked.words(OF_HELPERS)
    assert other.totals(*by) == asked.totals(*by)
    assert other.coverage(*areas) == asked.coverage(*areas)
    assert other.flows(*areas) == asked.flows(*areas)
    assert other.flows(*helpers) == asked.flows(*helpers)
    assert other.fulfilment(*helpers) == asked.fulfilment(*helpers)


@LARGE
@given(SEEDS)
def test_what_is_taken_back_is_counted_no_longer(seed: int) -> None:
    """A correction takes a visit out of every figure, and a correction of the correction brings it back."""
    asked = question(seed)
    case, by = asked.case, asked.words(WORDS)
    register = case.register
    visits = [e for e in register.view(on=asked.on) if isinstance(e, Visited) and e.on in asked.during]
    if not visits:
        return
    visit = asked.random.choice(visits)
    wrong = Correction(visit, "it was another household")
    without, again = register.record(wrong), register.record(wrong).record(Correction(wrong, "it was so"))
    tables = [
        totals(each, case.roster, during=asked.during, by=by).only(*OF_VISITS) for each in (register, without, again)
    ]
    assert tables[0].rows == tables[2].rows
    assert tables[0].total == tables[2].total
    column = "household-visits" if visit.channel == "in person" else "contacts"
    assert number(tables[1][None, column])[0] == number(tables[0][None, column])[0] - 1
    assert visit in tables[0].entries(None, column)
    assert visit not in tables[1].entries(None, column)
    left = {e for e in register.view(on=asked.on) if e != visit}
    alone = totals(left, case.roster, during=asked.during, by=by, register=register).only(*OF_VISITS)
    assert alone.total == tables[1].total


DIGEST = """
import sys
sys.path.insert(0, sys.argv[1])
from counting import case_of
from pairing.dates import Span
from pairing.standings import coverage
from pairing.tallies import totals
from pairing.turnover import flows
from books import DAYS
import hashlib
text = ""
for seed in range(3):
    case = case_of(seed)
    for by in ("unit", ("rank", "task"), "village", ()):
        table = totals(case.register, case.roster, during=Span(DAYS[0]), by=by)
        text += str(table) + table.to_csv() + repr([table.entries(None, c.name) for c in table.columns])
    for by in ("status", "kind"):
        text += str(coverage(case.register, case.roster, on=DAYS[7], by=by))
        text += str(flows(case.register, case.roster, during=Span(DAYS[2], DAYS[9]), by=by))
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_hash_seed_shows_in_no_figure() -> None:
    """Tables, their CSV and the entries behind them are the same under every hash seed."""
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        run = subprocess.run(
            [sys.executable, "-c", DIGEST, str(Path(__file__).parent)],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        digests.add(run.stdout.strip())
    assert [len(digest) for digest in digests] == [64]
