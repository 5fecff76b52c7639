"""The days of the festivals, held against a program that computes the calendar."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from lunar_python import LunarYear, Solar

from pairing.errors import ArgumentError
from pairing.festivals import FESTIVALS, YEARS, festival

LUNAR = {
    (1, 1): "spring-festival",
    (1, 15): "lantern",
    (5, 5): "dragon-boat",
    (8, 15): "mid-autumn",
    (9, 9): "double-ninth",
}
"""Month and day in the lunar calendar; leap months have negative numbers."""


def festivals_of(days: Iterator[tuple[int, int, date]]) -> set[tuple[str, date]]:
    """Return the festivals among days, each with its month and day in the lunar calendar."""
    found = set()
    for month, number, day in days:
        if (month, number) in LUNAR:
            found.add((LUNAR[month, number], day))
        if (day.month, day.day) == (1, 1):
            found.add(("new-year", day))
    return found


def month_by_month(years: range) -> Iterator[tuple[int, int, date]]:
    """Yield every day of some years, by the months of the lunar calendar; those of the year before run into them."""
    for year in range(years[0] - 1, years[-1] + 1):
        for month in LunarYear.fromYear(year).getMonths():
            first = Solar.fromJulianDay(month.getFirstJulianDay())
            start = date(first.getYear(), first.getMonth(), first.getDay())
            for number in range(month.getDayCount()):
                if (day := start + timedelta(number)).year in years:
                    yield month.getMonth(), number + 1, day


def test_every_day_of_two_centuries_is_a_festival_or_none_as_the_calendar_says() -> None:
    """Of all days from 1900 to 2100, those that the lunar calendar gives the date of a festival are its days."""
    all_days = list(month_by_month(YEARS))
    assert len({day for _, _, day in all_days}) == (date(2101, 1, 1) - date(1900, 1, 1)).days
    found = festivals_of(iter(all_days))
    assert found == {(name, festival(name, year)) for name in FESTIVALS for year in YEARS}
    assert len(found) == 6 * 201


@pytest.mark.parametrize("year", [1900, 1995, 2009, 2014, 2033, 2089, 2100])
def test_a_year_day_by_day(year: int) -> None:
    """Each day by itself is converted: also in years with a leap month 5, 8 or 9, whose days are no festivals."""
    days = (date(year, 1, 1) + timedelta(n) for n in range(365 + isleap(year)))
    lunar = ((day, Solar.fromYmd(day.year, day.month, day.day).getLunar()) for day in days)
    found = festivals_of((each.getMonth(), each.getDay(), day) for day, each in lunar)
    assert found == {(name, festival(name, year)) for name in FESTIVALS}


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("new-year", date(2012, 1, 1)),
        ("spring-festival", date(2012, 1, 23)),
        ("lantern", date(2012, 2, 6)),
        ("dragon-boat", date(2012, 6, 23)),
        ("mid-autumn", date(2012, 9, 30)),
        ("double-ninth", date(2012, 10, 23)),
        ("dragon-boat", date(2009, 5, 28)),
        ("spring-festival", date(2034, 2, 19)),
    ],
)
def test_days_as_they_were_kept(name: str, day: date) -> None:
    """Days of public calendars; 2009 had a leap month 5, whose fifth day is no festival, 2033 a leap month 11."""
    assert festival(name, day.year) == day


NAMES = ", ".join(FESTIVALS)


@pytest.mark.parametrize(
    ("name", "year", "text"),
    [
        ("qixi", 2012, f"festival: wanted one of {NAMES}; got 'qixi' [unknown-festival]"),
        ("春节", 2012, f"festival: wanted one of {NAMES}; got text of 2 characters [unknown-festival]"),
        (None, 2012, f"festival: wanted one of {NAMES}; got nothing [unknown-festival]"),
        (["lantern"], 2012, f"festival: wanted one of {NAMES}; got a value of type list [unknown-festival]"),
        ("lantern", 1899, "year: wanted a year from 1900 to 2100, got 1899 [unknown-year]"),
        ("new-year", 2101, "year: wanted a year from 1900 to 2100, got 2101 [unknown-year]"),
        ("lantern", True, "year: wanted a year from 1900 to 2100, got True [unknown-year]"),
        ("lantern", 2012.0, "year: wanted a year from 1900 to 2100, got 2012.0 [unknown-year]"),
    ],
)
def test_what_is_not_known_is_refused(name: Any, year: Any, text: str) -> None:
    """A festival or a year that the table lacks is a wrong argument."""
    with pytest.raises(ArgumentError) as caught:
        festival(name, year)
    assert str(caught.value) == text
