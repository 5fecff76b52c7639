"""On which day a festival falls: New Year by the solar calendar, the others by the lunar one (农历).

The days are facts, and stand in `data/festivals.csv`, one row a year.  Source: GB/T 33661-2017, the compilation and
promulgation of the Chinese calendar (农历的编算和颁行); computed with lunar_python 1.4.8, and held against the table of
borax 4.1.3.  The two agree in 1,004 of 1,005 days: for Mid-Autumn of 2089 the other has the day after.
"""

from datetime import date
from functools import cache
from importlib.resources import files

from pairing.errors import ArgumentError, shown

__all__ = ["FESTIVALS", "YEARS", "festival"]

FESTIVALS = ("new-year", "spring-festival", "lantern", "dragon-boat", "mid-autumn", "double-ninth")
"""元旦 (1 January), 春节 (正月初一), 元宵 (正月十五), 端午 (五月初五), 中秋 (八月十五), 重阳 (九月初九)."""

YEARS = range(1900, 2101)
"""The years whose festivals are known."""


def festival(name: str, year: int) -> date:
    """Return the day of a festival in a solar year: each falls once in every year.

    >>> festival("spring-festival", 2013), festival("mid-autumn", 2012)
    (datetime.date(2013, 2, 10), datetime.date(2012, 9, 30))
    >>> festival("spring-festival", 2101)
    Traceback (most recent call last):
    pairing.errors.ArgumentError: year: wanted a year from 1900 to 2100, got 2101 [unknown-year]

    A leap month follows the month whose number it bears, and has no festivals.  Raises `ArgumentError` for a name that
    is none of `FESTIVALS`, and for a year that is none of `YEARS`.
    """
    if not isinstance(name, str) or name not in FESTIVALS:
        message = f"wanted one of {', '.join(FESTIVALS)}; got {shown(name)}"
        raise ArgumentError("unknown-festival", message, "festival")
    if type(year) is not int or year not in YEARS:
        message = f"wanted a year from {YEARS[0]} to {YEARS[-1]}, got {shown(year)}"
        raise ArgumentError("unknown-year", message, "year")
    return date(year, 1, 1) if name == "new-year" else _lunar()[name][year - YEARS[0]]


@cache
def _lunar() -> dict[str, tuple[date, ...]]:
    """Return the days of the festivals of the lunar calendar, year by year."""
    text = files("pairing").joinpath("data", "festivals.csv").read_text(encoding="utf-8")
    title, *lines = [line.split(",") for line in text.splitlines()]
    days = [[date.fromisoformat(f"{line[0]}-{day}") for day in line[1:]] for line in lines]
    return dict(zip(title[1:], zip(*days, strict=True), strict=True))
