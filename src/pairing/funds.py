"""The revolving fund (扶贫周转金): what was paid in, lent, paid back and lent again, and what is left of it.

On every day what is in the fund and what is on loan add up to what was paid in, less what was paid out and written off.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import field, frozen

from pairing.deeds import Lent, PaidIn, PaidOut, Repaid, WrittenOff
from pairing.entries import Entry
from pairing.errors import key, shown

__all__ = ["FundBook", "Loan", "fund_book", "fund_faults"]


@frozen(order=True)
class Loan:
    """A loan as it stands on a day, without interest; amounts in fen.  `guarantor` answers for it on that day."""

    household: str = field(repr=key)
    loan: str = field(repr=key)
    amount: int
    lent: date = field(repr=str)
    due: date | None = field(repr=str, order=lambda due: due or date.max)
    repaid: int = 0
    written_off: int = 0
    guarantor: str = field(default="", repr=key)

    @property
    def outstanding(self) -> int:
        """What is still to come back, in fen."""
        return self.amount - self.repaid - self.written_off

    def is_late(self, on: date) -> bool:
        """Whether something is still to come back after the day by which it was due."""
        return self.outstanding > 0 and self.due is not None and self.due < on


@frozen(repr=False)
class FundBook:
    """A revolving fund as it stands on a day: amounts in fen, from its beginning up to and with that day.

    >>> book = fund_book("city", [
    ...     PaidIn("city", 100_000, on=date(1994, 9, 1)),
    ...     Lent("l-1", "h-1", "c-17", 80_000, "city", due=date(1995, 9, 1), on=date(1994, 10, 1)),
    ...     Repaid("l-1", "h-1", 50_000, on=date(1995, 8, 1)),
    ... ], date(1995, 12, 31))
    >>> book
    FundBook('city', 1995-12-31: 700.00 yuan left, 300.00 on loan, 300.00 of it late)
    >>> book.left + book.on_loan == book.paid_in - book.paid_out - book.written_off
    True

    Source: Liaoyang 1994, recovered at term, lent again.
    """

    fund: str
    on: date
    paid_in: int = 0
    paid_out: int = 0
    loans: tuple[Loan, ...] = ()

    def __repr__(self) -> str:
        amounts = (f"{amount // 100:,}.{amount % 100:02}" for amount in (self.left, self.on_loan, self.late))
        left, on_loan, late = amounts
        return f"FundBook({key(self.fund)}, {self.on}: {left} yuan left, {on_loan} on loan, {late} of it late)"

    @property
    def lent(self) -> int:
        """All that was ever lent; what came back and was lent again counts again."""
        return sum(loan.amount for loan in self.loans)

    @property
    def repaid(self) -> int:
        """All that ever came back."""
        return sum(loan.repaid for loan in self.loans)

    @property
    def written_off(self) -> int:
        """All that will not come back."""
        return sum(loan.written_off for loan in self.loans)

    @property
    def left(self) -> int:
        """What is in the fund, and can be lent."""
        return self.paid_in - self.paid_out - self.lent + self.repaid

    @property
    def on_loan(self) -> int:
        """What is still to come back."""
        return self.lent - self.repaid - self.written_off

    @property
    def late(self) -> int:
        """What is still to come back after the day by which it was due."""
        return sum(loan.outstanding for loan in self.arrears)

    @property
    def arrears(self) -> tuple[Loan, ...]:
        """The loans that are late, by household and key."""
        return tuple(loan for loan in self.loans if loan.is_late(self.on))


def fund_book(
    fund: str, entries: Iterable[Entry], on: date, guarantors: Mapping[tuple[str, str], str] | None = None
) -> FundBook:
    """Return a fund as it stands on a day, from the entries about it and its loans; `Register.view` finds them.

    `guarantors` has, by household and loan, who answers for it; without it, that is whoever did at the beginning.
    """
    entries = [e for e in entries if e.on <= on]
    back: dict[tuple[str, str], tuple[int, int]] = {}
    for e in entries:
        if isinstance(e, Repaid | WrittenOff):
            repaid, written_off = back.get((e.household, e.loan), (0, 0))
            if isinstance(e, Repaid):
                repaid += e.amount
            else:
                written_off += e.amount
            back[e.household, e.loan] = repaid, written_off
    loans = []
    for e in entries:
        if isinstance(e, Lent):
            at = (e.household, e.loan)
            guarantor = e.guarantor if guarantors is None else guarantors.get(at, "")
            repaid, written_off = back.get(at, (0, 0))
            loans.append(Loan(e.household, e.loan, e.amount, e.on, e.due, repaid, written_off, guarantor))
    paid_in = sum(e.amount for e in entries if isinstance(e, PaidIn))
    paid_out = sum(e.amount for e in entries if isinstance(e, PaidOut))
    return FundBook(fund, on, paid_in, paid_out, tuple(sorted(loans, key=lambda loan: (loan.household, loan.loan))))


def fund_faults(fund: str, entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Return that more left a fund than was in it, code and sentence; of the first such day alone.

    On one day what comes in comes first, so what counts is what is there at the end of the day.
    """
    days: dict[date, int] = {}
    for e in entries:
        if isinstance(e, PaidIn | Repaid):
            days[e.on] = days.get(e.on, 0) + e.amount
        elif isinstance(e, PaidOut | Lent):
            days[e.on] = days.get(e.on, 0) - e.amount
    left = 0
    for day in sorted(days):
        left += days[day]
        if left < 0:
            return [("no-funds", f"fund {key(fund)}: wanted {shown(-left)} fen more to be there on {day}")]
    return []
