"""The years of a programme: fixed figures at a small scale, no day without helper or vacancy, and who counts them."""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.__main__ import main
from pairing.dates import Span
from pairing.entries import (
    Correction,
    Death,
    Departure,
    Entry,
    Exit,
    HandedOver,
    Paired,
    Relapse,
    Released,
    Retirement,
    Split,
    StruckOff,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import ArgumentError
from pairing.register import Register
from pairing.years import STARTS, Gap, HouseholdDays, Lifetime, household_days, live_through

ANN = Paired("ann", "h", on=date(2012, 1, 1))
END = date(2013, 1, 1)
ROWS = [(120, 78, 336, 0), (116, 75, 309, 10), (113, 73, 285, 19), (110, 71, 264, 27), (106, 69, 245, 34)]
"""Of five years of a hundredth of Gansu: leavers, transfers, exits, relapses."""


@pytest.fixture(scope="module")
def gansu() -> Lifetime:
    return live_through("gansu-2012", years=5, scale=0.01)


@pytest.fixture(scope="module")
def panjin() -> Lifetime:
    return live_through("panjin-2010", years=3, scale=0.02)


def day(number: int) -> date:
    return date(2012, 1, 1) + timedelta(days=number)


def counted(*entries: Entry) -> tuple[int, int, int]:
    found = household_days(entries, END)
    return found.helper, found.vacancy, found.neither


# --- who counts the days


@pytest.mark.parametrize(
    ("entries", "helper", "vacancy", "neither"),
    [
        ([], 0, 0, 0),
        ([ANN], 366, 0, 0),
        ([ANN, HandedOver("h", "ann", ["bo"], on=day(100))], 366, 0, 0),
        ([ANN, HandedOver("h", "ann", ["bo"], until=day(110), on=day(100))], 366, 0, 0),
        ([ANN, VacancyOpened("h", "none", "u", "ann", on=day(100))], 100, 266, 0),
        ([ANN, VacancyOpened("h", "no", "u", "ann", on=day(9)), VacancyClosed("h", ["bo"], on=day(19))], 356, 10, 0),
        ([ANN, Retirement("ann", on=day(100))], 100, 0, 266),
        ([ANN, Death("ann", on=day(100)), HandedOver("h", "ann", ["bo"], on=day(101))], 365, 0, 1),
        ([ANN, Departure("ann", on=day(100)), Paired("bo", "h", on=day(90))], 366, 0, 0),
        ([ANN, Released("ann", "h", "a mistake", override="by order", on=day(100))], 100, 0, 0),
        ([ANN, Exit("h", on=day(100)), Released("ann", "h", "exited", waiver="none", on=day(100))], 100, 0, 0),
        ([ANN, Exit("h", on=day(100))], 366, 0, 0),
        ([ANN, VacancyOpened("h", "no", "u", "ann", on=day(100)), Exit("h", on=day(200))], 100, 100, 0),
        ([ANN, StruckOff("h", "moved away", on=day(100))], 100, 0, 0),
        ([ANN, Split("h", ["i", "j"], on=day(100)), Paired("ann", "i", on=day(100))], 366, 0, 266),
        ([Relapse("h", on=day(300))], 0, 0, 66),
        ([Relapse("h", on=day(300)), Paired("bo", "h", on=day(310))], 56, 0, 10),
        ([ANN, Paired("bo", "i", on=day(366))], 366, 0, 0),
        ([ANN, Paired("bo", "h", "support", on=day(5)), Released("bo", "h", "x", "support", on=day(9))], 366, 0, 0),
    ],
)
def test_days_counted_by_hand(entries: Sequence[Entry], helper: int, vacancy: int, neither: int) -> None:
    """Small histories, counted by hand over the 366 days of 2012, in whatever order the entries come."""
    assert counted(*entries) == (helper, vacancy, neither)
    assert counted(*reversed(entries)) == (helper, vacancy, neither)


def test_what_is_taken_back_does_not_count() -> None:
    """An entry that is taken back counts no longer, unless the correction is taken back as well."""
    over = HandedOver("h", "ann", ["bo"], on=day(100))
    out = Retirement("bo", on=day(200))
    back = Correction(over, "another was meant")
    assert counted(ANN, over, out) == (200, 0, 166)
    assert counted(ANN, over, out, back) == (366, 0, 0)
    assert counted(ANN, over, out, back, Correction(back, "it was right")) == (200, 0, 166)


def test_the_first_ten_gaps_are_kept() -> None:
    """All days are counted, and ten of the gaps are named, by household."""
    entries = [Paired("ann", f"h-{n:02d}", on=day(0)) for n in range(15)] + [Death("ann", on=day(10))]
    found = household_days(entries, END)
    assert found == HouseholdDays(150, 0, 15 * 356, found.gaps)
    assert found.all == 15 * 366
    assert found.gaps == tuple(Gap(f"h-{n:02d}", Span(day(10), END)) for n in range(10))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_planted_gap_is_found(panjin: Lifetime, data: st.DataObject) -> None:
    """Take any handover or pairing out of the entries of a sound register: where somebody depended on it, there are
    days with neither; and the days of all other households are the same."""
    entries = list(panjin.register)
    end = panjin.years[-1].span.end or date.max
    sound = household_days(entries, end)
    assert sound.neither == 0
    retired = {e.helper for e in entries if isinstance(e, Retirement | Death | Departure)}
    handed = [e for e in entries if isinstance(e, HandedOver) and e.giver in retired and e.reason != "leave"]
    gone = data.draw(st.sampled_from([e for e in handed if e.on in {x.on for x in entries if isinstance(x, Death)}]))
    found = household_days([e for e in entries if e != gone], end)
    assert found.neither > 0
    assert {gap.household for gap in found.gaps} == {gone.household}
    assert found.gaps[0].span.start == gone.on


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30), st.booleans()), min_size=1, max_size=4))
def test_the_days_are_those_of_a_day_by_day_count(stays: list[tuple[int, int, bool]]) -> None:
    """Counted day by day, from pairings one after the other with vacancies between, the days are the same."""
    entries: list[Entry] = []
    at, wanted = 0, {"helper": 0, "vacancy": 0}
    for n, (gap, length, dies) in enumerate(stays):
        helper = f"c-{n}"
        if entries and gap:
            entries.append(VacancyOpened("h", "no", "u", f"c-{n - 1}", on=day(at)))
            wanted["vacancy"] += gap
        elif entries:
            entries.append(HandedOver("h", f"c-{n - 1}", [helper], on=day(at)))
        if not entries or gap:
            at += gap
            entries.append(Paired(helper, "h", on=day(at)))
        at += length
        wanted["helper"] += length
        if dies:
            entries.append(Death(helper, on=day(at)))
    found = household_days(entries, day(at))
    assert (found.helper, found.vacancy, found.neither) == (wanted["helper"], wanted["vacancy"], 0)


# --- the years


def test_five_years_of_gansu(gansu: Lifetime) -> None:
    """At a hundredth of its size: 3 % leave, 2 % change unit, 8 % exit, 3 % of the exited fall back, each year."""
    assert (gansu.helpers, gansu.households) == (4000, 4200)
    rows = [(y.leavers, y.transfers, y.exits, y.relapses) for y in gansu.years]
    assert rows == ROWS
    assert [y.span.start for y in gansu.years] == [date(2012 + n, 2, 8) for n in range(5)]
    assert all(y.changed >= y.leavers for y in gansu.years), "whoever leaves has somebody, nearly always"


def test_no_day_without_helper_or_vacancy(gansu: Lifetime, panjin: Lifetime) -> None:
    """From the first pairing to the release no household has a day with neither helper nor vacancy."""
    for lifetime in (gansu, panjin):
        assert lifetime.days.neither == 0
        assert lifetime.days.gaps == ()
        assert lifetime.days.helper > 0
        assert [y.days.neither for y in lifetime.years] == [0] * len(lifetime.years)
        assert [y.days.all for y in lifetime.years] == sorted(y.days.all for y in lifetime.years)
        assert [y.entries for y in lifetime.years][-1] == len(lifetime.register)


def test_the_days_are_those_of_the_register(panjin: Lifetime) -> None:
    """On some days the households with a helper and those with a vacancy are as many as the register says."""
    entries = list(panjin.register)
    for on in (date(2011, 3, 1), date(2012, 8, 15), date(2013, 11, 30)):
        before, after = (household_days(entries, on + timedelta(days=n)) for n in (0, 1))
        view = panjin.register.view(on=on)
        assert after.helper - before.helper == len({pairing.household for pairing in view.pairings})
        assert after.vacancy - before.vacancy == len(view.vacancies)


def test_the_same_arguments_give_the_same_years(panjin: Lifetime) -> None:
    """Years, seeds and scales are all that counts; a longer life begins like a shorter one; seconds do not count."""
    again = live_through("panjin-2010", years=4, scale=Fraction(1, 50))
    assert again.years[:3] == panjin.years
    assert list(again.register)[: len(panjin.register)] == list(panjin.register)
    other = live_through("panjin-2010", years=3, scale=0.02, seed=1)
    assert other.years != panjin.years
    slower = attrs.evolve(panjin.years[0], relay_seconds=9.0, record_seconds=9.0, check_seconds=9.0)
    assert slower == panjin.years[0]


@pytest.mark.parametrize("programme", sorted(STARTS))
@pytest.mark.parametrize("seed", [1, 2])
def test_every_programme_can_be_lived_through(programme: str, seed: int) -> None:
    """Of every programme whose households are listed, and for other fates, the years close without a gap."""
    lifetime = live_through(programme, years=3, scale=0.005, seed=seed)
    assert lifetime.days.neither == 0
    assert len(lifetime.years) == 3


def test_stages_are_told() -> None:
    """Whoever wants to know is told each stage and how long it took."""
    told: list[tuple[str, float]] = []
    live_through("panjin-2010", years=1, scale=0.01, tell=lambda what, seconds: told.append((what, seconds)))
    assert [what for what, _ in told] == [
        "building the population",
        "pairing",
        "recording the plan",
        *(f"year 1: {what}" for what in ("inventing", "relay", "recording") * 2),
        "year 1: checking",
    ]
    assert all(seconds >= 0 for _, seconds in told)


def test_the_pages(panjin: Lifetime) -> None:
    """A repr is one line; the page has a line for each year and the household-days at the end."""
    assert "\n" not in repr(panjin)
    assert repr(panjin).startswith("Lifetime('panjin-2010', 3 years, 200 helpers, 320 households, ")
    lines = str(panjin).splitlines()
    assert lines[0] == "panjin-2010: 200 helpers, 320 households"
    assert [line.split()[0] for line in lines[3:6]] == ["2010-12-01", "2011-12-01", "2012-12-01"]
    assert lines[-2].split() == ["with", "neither", "0"]
    heads = ["year from", "leavers", "transfers", "exits", "relapses", "changed", "moved", "refilled", "vacant"]
    assert re.split(" {2,}", lines[2].strip())[:9] == heads, "two spaces at least part one head from the next"
    assert {len(line) for line in lines[2:6]} == {len(lines[2])}, "counts stand below their heads"
    assert panjin._repr_html_().endswith(f"</style><pre>{panjin.summary()}</pre></div>")
    lacking = attrs.evolve(panjin.years[-1], days=HouseholdDays(1, 2, 1, (Gap("h", Span(day(0), day(1))),)))
    broken = attrs.evolve(panjin, years=(lacking,))
    assert str(broken).splitlines()[-1] == "  gap: household h, Span(2012-01-01 .. 2012-01-02)"


@pytest.mark.parametrize(
    ("programme", "years", "code"),
    [
        ("hubei-2011", 1, "unknown-programme"),
        (None, 1, "unknown-programme"),
        ("panjin-2010", 0, "bad-number"),
        ("panjin-2010", True, "bad-number"),
        ("panjin-2010", 101, "bad-number"),
    ],
)
def test_wrong_arguments(programme: Any, years: Any, code: str) -> None:
    """A programme without listed households, and years that are no number from 1 to 100, are refused."""
    with pytest.raises(ArgumentError) as caught:
        live_through(programme, years=years, scale=0.01)
    assert caught.value.code == code


# --- the command


def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """`years` prints the page, tells its stages on standard error, and ends with 0 where there is no gap."""
    assert main(["years", "panjin-2010", "--years", "2", "--scale", "0.01"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("panjin-2010: 100 helpers, 160 households\n")
    assert "  with neither                                           0\n" in out
    assert err.splitlines()[0].startswith("building the population … ")
    assert len(err.splitlines()) == 3 + 2 * 7


def test_the_command_prints_data(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json standard output has the same figures as data."""
    assert main(["years", "panjin-2010", "--years", "3", "--scale", "0.02", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    wanted = live_through("panjin-2010", years=3, scale=0.02)
    assert (data["programme"], data["helpers"], data["households"]) == ("panjin-2010", 200, 320)
    assert data["household_days"]["all"] == wanted.days.all
    assert data["household_days"]["neither"] == 0
    assert [year["leavers"] for year in data["years"]] == [year.leavers for year in wanted.years]
    assert [year["from"] for year in data["years"]] == ["2010-12-01", "2011-12-01", "2012-12-01"]
    assert data["years"][0]["relay_seconds"] >= 0


def test_the_command_tells_a_gap(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is a day with neither helper nor vacancy, the command says which, and ends with 1."""
    gap = HouseholdDays(9, 0, 1, (Gap("h-1", Span(day(0), day(1))),))
    monkeypatch.setattr("pairing.years.household_days", lambda entries, until: gap)
    assert main(["years", "panjin-2010", "--years", "1", "--scale", "0.01"]) == 1
    assert "\n  gap: household h-1, Span(2012-01-01 .. 2012-01-02)\n" in capsys.readouterr().out


def test_the_command_refuses_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    """A number of years that is none ends with 2."""
    assert main(["years", "panjin-2010", "--years", "0", "--scale", "0.01", "--json"]) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(problem["code"], problem["field"]) for problem in problems] == [("bad-number", "years")]


def test_a_register_is_an_iterable_of_entries() -> None:
    """A register can be counted as it is."""
    register = Register().record(ANN)
    assert household_days(register, END).helper == 366
