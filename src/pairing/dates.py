"""Days: half-open spans, strict reading, and periods counted from an anchor.

Nothing here, or anywhere in the core, asks for today: the day is always an argument.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from pairing.errors import ArgumentError, shown

__all__ = ["Span", "days_after", "month", "periods", "to_date", "year"]

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def to_date(value: object, field: str = "date") -> date:
    """Return a day, from a `datetime.date` or a text of the form YYYY-MM-DD; anything else is refused.

    A `datetime`, a pandas `Timestamp` or `NaT` is not a day, though `isinstance` takes each for one.

    >>> to_date("2012-02-08")
    datetime.date(2012, 2, 8)
    >>> to_date("2012-W06-3")
    Traceback (most recent call last):
    pairing.errors.ArgumentError: date: wanted a day as YYYY-MM-DD, got '2012-W06-3' [bad-date]
    """
    if type(value) is date:
        return value
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        raise ArgumentError("bad-date", f"wanted a day as YYYY-MM-DD, got {shown(value)}", field)
    return day


def parse_date(text: str) -> date | None:
    """Return the day that a text of the form YYYY-MM-DD names, or None where it names none."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


@frozen(order=True)
class Span:
    """The days from `start` up to, but not including, `end`; no end means that it goes on. Never empty.

    >>> service = Span(date(2012, 2, 8), date(2013, 6, 30))
    >>> date(2012, 2, 8) in service, date(2013, 6, 30) in service
    (True, False)
    >>> Span(date(2012, 2, 8))
    Span(2012-02-08 ..)
    """

    start: date
    end: date | None = field(default=None, order=lambda end: end or date.max)

    def __attrs_post_init__(self) -> None:
        if type(self.start) is not date or (self.end is not None and type(self.end) is not date):
            wrong = self.start if type(self.start) is not date else self.end
            raise ArgumentError("bad-date", f"wanted a datetime.date, got {shown(wrong)}", "span")
        if self.end is not None and self.end <= self.start:
            raise ArgumentError("empty-span", f"wanted an end after {self.start}, got {self.end}", "span")

    def __contains__(self, day: date) -> bool:
        if type(day) is not date:
            raise ArgumentError("bad-date", f"wanted a datetime.date, got {shown(day)}", "day")
        return self.start <= day and (self.end is None or day < self.end)

    def __repr__(self) -> str:
        return f"Span({self.start} .. {self.end})" if self.end else f"Span({self.start} ..)"

    @property
    def days(self) -> int | None:
        """The number of days, or None where there is no end."""
        return None if self.end is None else (self.end - self.start).days

    def overlap(self, other: "Span") -> "Span | None":
        """Return the days that both have, or None.

        >>> year(2012).overlap(Span(date(2012, 12, 1)))
        Span(2012-12-01 .. 2013-01-01)
        """
        if not isinstance(other, Span):
            raise ArgumentError("bad-span", f"wanted a Span, got {shown(other)}", "other")
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else Span(start, end)


def days_after(day: date, days: int) -> date:
    """Return the day so many days later; what lies beyond the calendar comes to its last day.

    >>> days_after(date(2013, 6, 30), 30), days_after(date(2013, 6, 30), 10**9)
    (datetime.date(2013, 7, 30), datetime.date(9999, 12, 31))
    """
    return day + timedelta(days=days) if days <= (date.max - day).days else date.max


def year(number: int) -> Span:
    """Return the days of a calendar year.

    >>> year(2013)
    Span(2013-01-01 .. 2014-01-01)
    """
    return _months(number, 1, 12)


def month(of_year: int, number: int) -> Span:
    """Return the days of a calendar month.

    >>> month(2012, 2).days
    29
    """
    return _months(of_year, number, 1)


def _months(of_year: int, first: int, length: int) -> Span:
    if type(of_year) is not int or type(first) is not int or not 1 <= of_year < 9999 or not 1 <= first <= 12:
        raise ArgumentError("bad-date", f"wanted a year and a month, got {shown(of_year)} and {shown(first)}", "span")
    start = date(of_year, first, 1)
    return Span(start, start + relativedelta(months=length))


def periods(anchor: date, months: int) -> Iterator[Span]:
    """Yield one period after the other, each of so many months, counted from the anchor.

    Each bound is the anchor plus n × months, never the last bound plus months: so the 31st comes back after a short
    month.  The iterator ends with the calendar.

    >>> from itertools import islice
    >>> list(islice(periods(date(2012, 1, 31), 1), 2))
    [Span(2012-01-31 .. 2012-02-29), Span(2012-02-29 .. 2012-03-31)]
    """
    anchor = to_date(anchor, "anchor")
    if type(months) is not int or months < 1:
        raise ArgumentError("bad-number", f"wanted a number of months from 1, got {shown(months)}", "months")
    start = anchor
    for n in count(1):
        try:
            end = anchor + relativedelta(months=n * months)
        except (ValueError, OverflowError):
            return
        yield Span(start, end)
        start = end
