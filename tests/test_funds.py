"""The revolving fund by example, such as Liaoyang's of 1994, and the laws of its balance."""

from datetime import date
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairing as pr
from books import CALENDAR, DAYS, FUNDS, HELPERS, HOUSEHOLDS, Batch, Book, Clerk
from pairing.deeds import Lent, PaidIn, PaidOut, Repaid, WrittenOff
from pairing.entries import Correction, DutyClosed, Entry, Leave, Paired, Retirement
from pairing.errors import RegisterError
from pairing.funds import FundBook, Loan, fund_book, fund_faults
from pairing.register import Register

LARGE = settings(deadline=None, max_examples=30)
SEEDS = st.integers(0, 2**20)
YUAN = 100
"""In fen."""
PAYMENTS = (PaidIn, PaidOut, Lent, Repaid, WrittenOff)
WAYS = (
    *("paid", "paid", "lent", "lent", "lent", "lent", "came_back", "came_back", "came_back"),
    *("owed", "corrected", "corrected", "leaves_service", "both"),
)


def d(year: int, month: int, day: int = 1) -> date:
    return date(year, month, day)


# --- by example


def liaoyang() -> Register:
    """A fund of a little over 1 million yuan: 180 loans of 5,000 yuan, which come back after a year but for four, and
    then 32 more: 1.06 million yuan lent in all."""
    fund = [PaidIn("city", 1_000_000 * YUAN, on=d(1994, 9)), PaidIn("city", 20_000 * YUAN, "donated", on=d(1995, 1))]
    first = [
        Lent("l-1", f"h-{n}", f"c-{n}", 5_000 * YUAN, "city", due=d(1995, 10), on=d(1994, 10)) for n in range(1, 181)
    ]
    back = [Repaid("l-1", f"h-{n}", 5_000 * YUAN, on=d(1995, 9, 30)) for n in range(5, 181)]
    part = [Repaid("l-1", "h-1", 2_000 * YUAN, on=d(1995, 10)), Repaid("l-1", "h-1", 3_000 * YUAN, on=d(1996, 3))]
    lost = [
        Repaid("l-1", "h-2", 1_000 * YUAN, on=d(1995, 10)),
        WrittenOff("l-1", "h-2", 4_000 * YUAN, "the household has died out", on=d(1996, 1)),
    ]
    again = [
        Lent("l-2", f"h-{n}", f"c-{n}", 5_000 * YUAN, "city", due=d(1996, 11), on=d(1995, 11)) for n in range(11, 43)
    ]
    return Register().record(*fund).record(*first).record(*back, *part, *lost).record(*again)


def test_a_fund_of_a_million_lends_more_than_a_million() -> None:
    """Liaoyang 1994: a fund of a little over 1 million yuan lends 1.06 million, recovered at term and lent again."""
    register = liaoyang()
    fund = register.view(on=d(1996, 9, 30)).fund("city")
    yuan = [amount // YUAN for amount in (fund.paid_in, fund.lent, fund.repaid, fund.written_off, fund.paid_out)]
    assert yuan == [1_020_000, 1_060_000, 886_000, 4_000, 0]
    assert repr(fund) == (
        "FundBook('city', 1996-09-30: 846,000.00 yuan left, 170,000.00 on loan, 10,000.00 of it late)"
    )
    assert fund.left + fund.on_loan == fund.paid_in - fund.paid_out - fund.written_off
    assert fund.arrears == tuple(
        Loan(f"h-{n}", "l-1", 5_000 * YUAN, d(1994, 10), d(1995, 10), guarantor=f"c-{n}") for n in (3, 4)
    )
    assert len(fund.loans) == 212
    settled = [loan for loan in fund.loans if not loan.outstanding]
    assert (len(settled), {loan.guarantor for loan in settled}) == (178, {""})


@pytest.mark.parametrize(
    ("on", "left", "on_loan", "late"),
    [
        (d(1994, 8, 31), 0, 0, 0),
        (d(1994, 9), 1_000_000, 0, 0),
        (d(1994, 10), 100_000, 900_000, 0),
        (d(1995, 1), 120_000, 900_000, 0),
        (d(1995, 9, 30), 1_000_000, 20_000, 0),
        (d(1995, 10), 1_003_000, 17_000, 0),
        (d(1995, 10, 2), 1_003_000, 17_000, 17_000),
        (d(1995, 11), 843_000, 177_000, 17_000),
        (d(1996, 1), 843_000, 173_000, 13_000),
        (d(1996, 3), 846_000, 170_000, 10_000),
        (d(1996, 11, 1), 846_000, 170_000, 10_000),
        (d(1996, 11, 2), 846_000, 170_000, 170_000),
    ],
)
def test_a_fund_day_by_day(on: date, left: int, on_loan: int, late: int) -> None:
    """What is left, on loan and late holds from the day of the payment; a loan is late after the day it was due."""
    fund = liaoyang().view(on=on).fund("city")
    assert [amount // YUAN for amount in (fund.left, fund.on_loan, fund.late)] == [left, on_loan, late]


def test_a_fund_of_which_nothing_is_recorded() -> None:
    """Of a fund of which nothing is recorded, and of one loan of another fund, the book is empty."""
    for register in (Register(), liaoyang()):
        fund = register.view(on=d(1996, 9, 30)).fund("county")
        assert fund == FundBook("county", d(1996, 9, 30))
        assert (fund.left, fund.on_loan, fund.late, fund.arrears) == (0, 0, 0, ())
        assert repr(fund) == "FundBook('county', 1996-09-30: 0.00 yuan left, 0.00 on loan, 0.00 of it late)"


def test_fen_are_not_lost() -> None:
    """Amounts are whole fen, to the last one, and a loan without a day by which it is due is never late."""
    register = Register().record(
        PaidIn("city", 100_001, on=d(1994, 9)),
        Lent("l-1", "h-1", "c-1", 33_334, "city", on=d(1994, 10)),
        Repaid("l-1", "h-1", 11_111, on=d(1995, 1)),
        Repaid("l-1", "h-1", 11_111, on=d(1995, 1), id="the other half"),
        PaidOut("city", 5, "stamps", on=d(1995, 2)),
    )
    fund = register.view(on=d(2099, 1)).fund("city")
    assert repr(fund) == "FundBook('city', 2099-01-01: 888.84 yuan left, 111.12 on loan, 0.00 of it late)"


def test_two_funds_are_apart() -> None:
    """A household may have loans of two funds: what comes back goes to the fund that had lent it."""
    register = Register().record(
        PaidIn("city", 500, on=d(1994, 9)),
        PaidIn("town", 500, on=d(1994, 9)),
        Lent("l-1", "h-1", "c-1", 400, "city", on=d(1994, 10)),
        Lent("l-2", "h-1", "c-1", 300, "town", on=d(1994, 10)),
        Repaid("l-2", "h-1", 300, on=d(1995, 1)),
    )
    view = register.view(on=d(1995, 1))
    assert [(view.fund(id).left, view.fund(id).on_loan) for id in ("city", "town")] == [(100, 400), (500, 0)]
    with pytest.raises(RegisterError, match="fund 'city': wanted 100 fen more to be there on 1995-01-02"):
        register.record(Lent("l-3", "h-2", "c-1", 200, "city", on=d(1995, 1, 2)))


def test_on_one_day_what_comes_in_comes_first() -> None:
    """What comes back on a day can be lent again on that day; nothing can be lent that comes back a day later."""
    register = Register().record(
        Lent("l-1", "h-1", "c-1", 500, "city", on=d(1994, 9)),
        PaidIn("city", 500, on=d(1994, 9)),
        Repaid("l-1", "h-1", 500, on=d(1995, 9)),
    )
    again = Lent("l-2", "h-2", "c-1", 500, "city", on=d(1995, 9))
    assert register.record(again).view(on=d(1995, 9)).fund("city").on_loan == 500
    sooner = Lent("l-2", "h-2", "c-1", 500, "city", on=d(1995, 8, 31))
    with pytest.raises(RegisterError, match="no-funds"):
        register.record(sooner)


def test_a_loan_on_an_earlier_day_leaves_enough_for_the_later_ones() -> None:
    """What is recorded later for an earlier day must not take what was lent since."""
    register = Register().record(
        PaidIn("city", 500, on=d(1994, 9)), Lent("l-1", "h-1", "c-1", 400, "city", on=d(1995, 9))
    )
    with pytest.raises(RegisterError, match="fund 'city': wanted 50 fen more to be there on 1995-09-01"):
        register.record(Lent("l-2", "h-2", "c-1", 150, "city", on=d(1994, 10)))
    back = Repaid("l-2", "h-2", 150, on=d(1995, 8))
    assert len(register.record(Lent("l-2", "h-2", "c-1", 150, "city", on=d(1994, 10)), back)) == 4


def test_a_correction_of_a_repayment_is_checked_again() -> None:
    """A repayment that a later loan relied on is taken back only with the loan, or if money came from elsewhere."""
    back = Repaid("l-1", "h-1", 500, on=d(1995, 9))
    again = Lent("l-2", "h-2", "c-2", 500, "city", on=d(1995, 10))
    register = Register().record(
        PaidIn("city", 500, on=d(1994, 9)), Lent("l-1", "h-1", "c-1", 500, "city", due=d(1995, 9), on=d(1994, 10))
    )
    register = register.record(back).record(again)
    wrong = Correction(back, "it was another household's")
    with pytest.raises(RegisterError) as caught:
        register.record(wrong)
    assert str(caught.value) == (
        "entries, row 0: fund 'city': wanted 500 fen more to be there on 1995-10-01 [no-funds]"
    )
    found = []
    for more in (
        Correction(again, "nor was it lent"),
        PaidIn("city", 500, on=d(1995, 10)),
        Repaid("l-1", "h-1", 500, on=d(1995, 10)),
    ):
        mended = register.record(wrong, more)
        found.append(mended.view(on=d(1995, 10)).fund("city"))
        assert mended.view(on=d(1995, 10), known=4).fund("city") == register.view(on=d(1995, 10)).fund("city")
    assert [(fund.left, fund.on_loan, fund.late) for fund in found] == [(0, 500, 500), (0, 1000, 500), (0, 500, 0)]
    with pytest.raises(RegisterError, match="no-funds"):  # the correction is taken back, and then the repayment again
        register.record(wrong, PaidIn("city", 500, on=d(1995, 10), id="p")).record(
            Correction(PaidIn("city", 500, on=d(1995, 10), id="p"), "it never came")
        )


# --- the guarantee passes on


def county(*households: int) -> tuple[pr.Roster, Register]:
    """A unit whose three helpers have a household each, and loans that the first of them guarantees."""
    roster = pr.Roster(
        pr.AreaTree([pr.Area("v", "下王家村", "village")]),
        units=[pr.Unit("bank", "county", "v")],
        helpers=[pr.Helper(id, "bank", "section") for id in ("ann", "bo", "cy")],
        households=[pr.Household(f"h-{n}", "v") for n in range(1, 4)],
        links=[pr.Link("bank", "v")],
    )
    register = Register().record(
        *(Paired(id, f"h-{n}", on=d(1994, 9)) for n, id in enumerate(("ann", "bo", "cy"), 1)),
        PaidIn("city", 10_000 * YUAN, on=d(1994, 9)),
    )
    loans = [Lent("l-1", f"h-{n}", "ann", 1_000 * YUAN, "city", due=d(1995, 10), on=d(1994, 10)) for n in households]
    return roster, register.record(*loans)


@pytest.mark.parametrize("change", [pr.Retirement, pr.Death, pr.Departure])
def test_a_guarantee_passes_on_when_the_guarantor_leaves(change: type[pr.Retirement]) -> None:
    """Whoever takes over the household answers for its loan from that day; loans of other households pass on too, and
    nobody out of service answers for any."""
    roster, register = county(1, 2)
    register = register.record(Repaid("l-1", "h-1", 400 * YUAN, on=d(1995, 2)))
    leaves = change("ann", on=d(1995, 6))
    with pytest.raises(RegisterError, match="out-of-service"):
        register.record(leaves)
    handover = pr.relay(pr.programme("liaoyang-1994"), roster, register, [leaves])
    assert handover.verify()
    after = register.record(*handover.entries())
    (taker,) = handover.passings[0].takers
    before, now = (after.view(on=day).fund("city") for day in (d(1995, 5, 31), d(1995, 6)))
    assert [loan.guarantor for loan in before.loans] == ["ann", "ann"]
    assert taker in {"bo", "cy"}
    assert now.loans[0].guarantor == taker
    assert {loan.guarantor for loan in now.loans} <= {"bo", "cy"}
    assert (now.left, now.on_loan) == (before.left, before.on_loan) == (8_400 * YUAN, 1_600 * YUAN)
    assert after.view(on=d(1995, 6)).duties_of("ann") == ()
    late = after.view(on=d(1995, 12)).fund("city").arrears
    assert [(loan.household, loan.outstanding // YUAN) for loan in late] == [("h-1", 600), ("h-2", 1_000)]
    assert all(loan.guarantor != "ann" for loan in late)
    done = after.record(*(Repaid("l-1", loan.household, loan.outstanding, on=d(1996, 1)) for loan in late))
    assert done.view(on=d(1996, 1)).duties == ()
    assert done.view(on=d(1996, 1)).fund("city").left == 10_000 * YUAN


def test_a_guarantee_passes_on_with_a_transfer_and_comes_back_after_a_leave() -> None:
    """Who covers for a leave answers for the loan of the household meanwhile, and gives it back with the household."""
    roster, register = county(1)
    policy = pr.programme("liaoyang-1994")
    away = pr.relay(policy, roster, register, [Leave("ann", d(1995, 12), on=d(1995, 3))])
    register = register.record(*away.entries())
    (cover,) = away.passings[0].takers
    back = pr.relay(policy, roster, register, [pr.Return("ann", on=d(1995, 8))])
    register = register.record(*back.entries())
    guarantors = [register.view(on=day).fund("city").loans[0].guarantor for day in (d(1995, 3), d(1995, 8))]
    assert guarantors == [cover, "ann"]


def test_a_debt_that_is_settled_holds_nobody_back() -> None:
    """A guarantor whose loans have come back, or were written off, leaves without passing anything on."""
    _, register = county(1, 2, 3)
    register = register.record(pr.HandedOver("h-1", "ann", ["bo"], on=d(1995, 1)))
    with pytest.raises(RegisterError) as caught:
        register.record(Retirement("ann", on=d(1995, 6)))
    assert [problem.code for problem in caught.value.problems] == ["duty-left"] * 3
    settled = register.record(
        Repaid("l-1", "h-1", 1_000 * YUAN, on=d(1995, 6)),
        WrittenOff("l-1", "h-2", 1_000 * YUAN, "the flood", on=d(1995, 6)),
        DutyClosed("l-1", "h-3", "the village answers for it", kept=False, on=d(1995, 6)),
        Retirement("ann", on=d(1995, 6)),
    )
    fund = settled.view(on=d(1995, 6)).fund("city")
    assert [(loan.outstanding // YUAN, loan.guarantor) for loan in fund.loans] == [(0, ""), (0, ""), (1_000, "")]
    with pytest.raises(RegisterError, match="duty-left"):  # it had not come back: somebody is to answer for it
        settled.record(Correction(Repaid("l-1", "h-1", 1_000 * YUAN, on=d(1995, 6)), "it never came"))


# --- laws


def kept(seed: int, steps: int = 25) -> list[tuple[Register, Batch]]:
    """A register of funds after each of its batches; what it refuses is left out."""
    random, book, register = Random(seed), Book(), Register().record(PaidIn("city", 100, on=DAYS[0]))
    book = book.with_batch(register)
    found: list[tuple[Register, Batch]] = [(register, list(register))]
    for _ in range(steps):
        batch = getattr(Clerk(random, book), random.choice(WAYS))()
        if book.refuses(batch):
            continue
        later = register.record(*batch)
        if later is not register:
            new = list(later)[len(register) :]
            register, book = later, book.with_batch(new)
            found.append((register, new))
    return found


def funds(register: Register) -> list[FundBook]:
    """All funds of a register on all days."""
    return [register.view(on=day).fund(id) for day in CALENDAR for id in FUNDS]


def counting(register: Register) -> list[Entry]:
    """The entries of a register that count, but the corrections."""
    return [entry for entry in register if entry in register and not isinstance(entry, Correction)]


def payments(entries: list[Entry], fund: str) -> list[Entry]:
    """The entries about a fund and its loans, found one by one."""
    loans = {(e.household, e.loan) for e in entries if isinstance(e, Lent) and e.fund == fund}
    return [
        e
        for e in entries
        if (isinstance(e, PaidIn | PaidOut | Lent) and e.fund == fund)
        or (isinstance(e, Repaid | WrittenOff) and (e.household, e.loan) in loans)
    ]


def total(entries: list[Entry], *kinds: type[Entry]) -> int:
    """The amounts of the entries of some kinds, added up."""
    return sum(getattr(e, "amount", 0) for e in entries if isinstance(e, kinds))


@LARGE
@given(SEEDS)
def test_the_balance_always_adds_up(seed: int) -> None:
    """On every day what is left and what is on loan add up to what was paid in, less what was paid out and written
    off; and no fund, and no loan, is ever below zero."""
    for fund in funds(kept(seed)[-1][0]):
        assert fund.left + fund.on_loan == fund.paid_in - fund.paid_out - fund.written_off
        assert fund.left >= 0
        assert fund.on_loan == sum(loan.outstanding for loan in fund.loans) >= fund.late >= 0
        for loan in fund.loans:
            assert loan.amount == loan.outstanding + loan.repaid + loan.written_off
            assert 0 <= loan.outstanding <= loan.amount
            event("written off" if loan.written_off else "repaid" if loan.repaid else "on loan")
            event("late" if loan in fund.arrears else "in time")


@LARGE
@given(SEEDS)
def test_a3_opening_and_closing_of_a_fund(seed: int) -> None:
    """Opening + in − out = closing, for every fund and span: of what is left, and of what is on loan."""
    register = kept(seed)[-1][0]
    entries = counting(register)
    for id in FUNDS:
        books = {day: register.view(on=day).fund(id) for day in CALENDAR}
        ours = payments(entries, id)
        for opening in CALENDAR:
            for closing in (day for day in CALENDAR if day >= opening):
                span = [e for e in ours if opening < e.on <= closing]
                one, other = books[opening], books[closing]
                assert one.left + total(span, PaidIn, Repaid) - total(span, PaidOut, Lent) == other.left
                assert one.on_loan + total(span, Lent) - total(span, Repaid, WrittenOff) == other.on_loan
                event("something happens" if span else "nothing happens")


@LARGE
@given(SEEDS)
def test_amounts_of_payments_add_up_over_days(seed: int) -> None:
    """The payments of all days up to one are what was paid in, paid out, lent, repaid and written off by then."""
    register = kept(seed)[-1][0]
    entries = counting(register)
    for fund in funds(register):
        ours = [e for e in payments(entries, fund.fund) if e.on <= fund.on]
        amounts = (fund.paid_in, fund.paid_out, fund.lent, fund.repaid, fund.written_off)
        assert amounts == tuple(total(ours, kind) for kind in PAYMENTS)
        assert fund == fund_book(fund.fund, ours, fund.on, {(n.household, n.loan): n.guarantor for n in fund.loans})
        assert fund_book(fund.fund, ours[::-1], fund.on).loans == fund_book(fund.fund, ours, fund.on).loans


@LARGE
@given(SEEDS)
def test_who_answers_for_a_loan_is_in_service(seed: int) -> None:
    """On every day somebody in service, or a unit, answers for what is on loan, unless the guarantee was closed; and
    nobody answers for what was settled."""
    register = kept(seed)[-1][0]
    closed = {(e.household, e.duty): e.on for e in counting(register) if isinstance(e, DutyClosed)}
    for day in CALENDAR:
        view = register.view(on=day)
        for loan in (loan for id in FUNDS for loan in view.fund(id).loans):
            owed = [duty.bearer for duty in view.duties_to(loan.household) if duty.duty == loan.loan]
            assert owed == ([loan.guarantor] if loan.guarantor else [])
            over = closed.get((loan.household, loan.loan), date.max) <= day
            assert bool(loan.guarantor) == (loan.outstanding > 0 and not over)
            end = view.end_of_service(loan.guarantor) if loan.guarantor in HELPERS else None
            assert end is None or day < end
            event("before the end of service" if end else "no end of service")


@LARGE
@given(SEEDS)
def test_a_batch_that_fails_changes_no_fund(seed: int) -> None:
    """A batch that is refused leaves every fund, and every line, as it was."""
    steps = kept(seed, 12)
    register = steps[-1][0]
    lines, before = list(register), funds(register)
    clerk = Clerk(Random(seed), Book(lines))
    for household in HOUSEHOLDS[:2]:
        fine = PaidIn("city", 10, on=DAYS[0], id="fine")
        for bad in (
            Repaid("nothing", household, 5, on=DAYS[3]),
            Lent("l", household, "ann", 10**6, "city", on=DAYS[3]),
            PaidOut("city", 10**6, "too much", on=DAYS[3]),
            PaidIn("town", 0, on=DAYS[3]),
            clerk.spoiled(Lent),
        ):
            for batch in ((fine, bad), (bad, fine)):
                with pytest.raises(RegisterError) as caught:
                    register.record(*batch)
                assert {problem.row for problem in caught.value.problems} == {batch.index(bad)}
    assert list(register) == lines
    assert funds(register) == before
    assert funds(steps[0][0]) == funds(Register().record(*steps[0][1]))


@LARGE
@given(SEEDS)
def test_corrections_of_payments_are_checked_again(seed: int) -> None:
    """A payment that is taken back never happened: if then a fund had less than was taken from it, or something came
    back that was not lent, the correction is refused, and else the funds are as if it had never been recorded."""
    register = kept(seed)[-1][0]
    entries = counting(register)
    for entry in entries:
        if not isinstance(entry, PAYMENTS):
            continue
        rest = [e for e in entries if e is not entry]
        codes: set[str] = set()
        after = register
        try:
            after = register.record(Correction(entry, "it was not so"))
        except RegisterError as error:
            codes = {problem.code for problem in error.problems}
        short = [id for id in FUNDS for day in DAYS if balance(payments(rest, id), day) < 0]
        assert ("no-funds" in codes) == bool(short)
        event(f"{type(entry).__name__}: {'refused' if codes else 'taken back'}")
        if not codes:
            assert funds(after) == funds(Register().record(*rest))
        if isinstance(entry, PaidIn | PaidOut):
            assert codes <= {"no-funds"}
            assert codes == set() or isinstance(entry, PaidIn)
        elif isinstance(entry, Repaid | WrittenOff):
            assert codes <= {"no-funds", "duty-left"}


def balance(entries: list[Entry], day: date) -> int:
    """What is left of a fund at the end of a day."""
    until = [e for e in entries if e.on <= day]
    return total(until, PaidIn, Repaid) - total(until, PaidOut, Lent)


@LARGE
@given(SEEDS)
def test_the_order_of_payments_does_not_matter(seed: int) -> None:
    """The rows of a batch in any order, and all that counts in one batch in any order, make the same funds."""
    random = Random(seed)
    steps = kept(seed)
    shuffled = Register()
    for register, batch in steps:
        random.shuffle(batch)
        shuffled = shuffled.record(*batch)
        assert funds(shuffled) == funds(register)
    rows = counting(steps[-1][0])
    random.shuffle(rows)
    assert funds(Register().record(*rows)) == funds(steps[-1][0])


@LARGE
@given(SEEDS)
def test_what_was_known_of_a_fund_stays(seed: int) -> None:
    """What was known of a fund at a position never changes by payments that are recorded after it."""
    steps = kept(seed, 15)
    last = steps[-1][0]
    for register, _ in steps:
        for day in DAYS:
            known = last.view(on=day, known=len(register))
            assert [known.fund(id) for id in FUNDS] == [register.view(on=day).fund(id) for id in FUNDS]


@LARGE
@given(st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from([*range(-9, 0), *range(1, 10)])), max_size=12))
def test_a_fund_is_short_on_the_first_day_below_zero(turns: list[tuple[date, int]]) -> None:
    """A fund is short where more has left it, at the end of a day, than had come in; the first such day is told."""
    entries: list[Entry] = [
        PaidIn("city", amount, on=day) if amount > 0 else PaidOut("city", -amount, "x", on=day) for day, amount in turns
    ]
    left = {day: sum(amount for on, amount in turns if on <= day) for day in DAYS}
    days = [day for day in DAYS if left[day] < 0]
    told = [("no-funds", f"fund 'city': wanted {-left[day]} fen more to be there on {day}") for day in days[:1]]
    assert fund_faults("city", entries) == told
    event("short" if told else "enough")
