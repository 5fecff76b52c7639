"""What can happen to those of a roster on a day after all that is recorded, and registers that grow by it.

A register is drawn step by step: on each day something happens that can happen, and what cannot be recorded after all
is left out.  So every register is valid, and shrinks by leaving out what happened.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from pairing.deeds import (
    Aided,
    Checked,
    Lent,
    Observed,
    PaidIn,
    PaidOut,
    Repaid,
    Visited,
    WrittenOff,
)
from pairing.entries import (
    Change,
    Correction,
    Death,
    Departure,
    Dissolution,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Merger,
    Move,
    Offer,
    Paired,
    RankChange,
    Recovery,
    Relapse,
    Released,
    Renaming,
    Retirement,
    Return,
    Split,
    Step,
    StruckOff,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyClosed,
    VacancyOpened,
)
from pairing.errors import RegisterError
from pairing.people import LADDER
from pairing.register import Register
from pairing.roster import Roster
from pairing.testing.recorded import REASONS
from pairing.testing.strategies import (
    DAY,
    of_type,
    rosters,
    whole_number,
)

__all__ = ["Today", "batches", "begun", "grown", "registers"]

_T = TypeVar("_T")


# --- what can happen on a day


class Today:
    """What there is on a day: whom the roster has, and what the register says of them."""

    def __init__(
        self, draw: Callable[[st.SearchStrategy[Any]], Any], roster: Roster, register: Register, on: date
    ) -> None:
        self.draw = draw
        self.roster = roster
        self.register = register
        self.on = on
        self.view = register.view(on=on)
        self.homes = [it for it in roster.households if self.view.left_programme(it.id) is None]
        self.serving = [
            it for it in roster.helpers if self.view.end_of_service(it.id) is None and self._open(it.service)
        ]

    def _open(self, span: Any) -> bool:
        return span is None or (self.on in span and span.end is None)

    def one(self, things: Iterable[_T]) -> _T | None:
        """Draw one of some things; None where there is none."""
        listed = list(things)
        return self.draw(st.sampled_from(listed)) if listed else None

    def word(self, *words: Any) -> Any:
        return self.draw(st.sampled_from(words))

    def stays(self) -> list[Any]:
        """Who is responsible, and goes on being so."""
        return [p for p in self.view.pairings if p.span is not None and p.span.end is None]

    def colleague(self, household: str, *besides: str) -> str | None:
        """Draw somebody who may take over a household."""
        village = self.roster.household(household).village
        held = {p.helper for p in self.view.helpers_of(household)} | set(besides)
        near = [h.id for h in self.serving if h.id not in held and village in self.roster.may_go_to(h)]
        return self.one(near or [h.id for h in self.serving if h.id not in held])

    def unit(self) -> str:
        """Draw a unit."""
        return str(self.word(*[unit.id for unit in self.roster.units]))


_Batch = list[Entry]
_Move = Callable[[Today], _Batch]


def _paired(now: Today) -> _Batch:
    home = now.one(
        it for it in now.homes if it.registered is None or (now.on in it.registered and it.registered.end is None)
    )
    helper = home and now.colleague(home.id)
    if not home or not helper:
        return []
    role = "support" if now.view.helpers_of(home.id) else "lead"
    return [Paired(helper, home.id, role, on=now.on, id=now.word("", f"line-{len(now.register)}"))]


def _visited(now: Today) -> _Batch:
    stay = now.one(now.stays())
    if stay is None:
        return []
    channel, tasks = now.word("in person", "telephone", "letter"), now.word((), ("policy",))
    return [Visited(stay.household, (stay.helper,), channel, tasks, on=now.on)]


def _aided(now: Today) -> _Batch:
    stay = now.one(now.stays())
    if stay is None:
        return []
    how = now.word(0, 1, 2, 3)
    if how == 0:
        return [Aided(stay.household, stay.helper, now.word("money", "food", "job"), now.word(1, 50), on=now.on)]
    if how == 1:
        return [Observed(stay.household, now.word("income", "persons"), now.word(0, 3), on=now.on)]
    if how == 2:
        return [Checked(stay.household, "telephone", now.word("fine", "wrong"), on=now.on)]
    return [Offer(stay.helper, now.word(None, stay.household), None, on=now.on)]


def _handed_over(now: Today) -> _Batch:
    stay = now.one(now.stays())
    if stay is None:
        return []
    taker = now.colleague(stay.household, stay.helper)
    if taker is None:
        return [VacancyOpened(stay.household, now.word(*REASONS), now.unit(), stay.helper, stay.role, on=now.on)]
    steps = [Step(stay.household, now.word("proposed", "completed"), (taker,), stay.helper, on=now.on)]
    until = now.word(None, now.on + timedelta(7))
    return [HandedOver(stay.household, stay.helper, (taker,), stay.role, until, on=now.on), *steps[: now.word(0, 1)]]


def _filled(now: Today) -> _Batch:
    vacancy = now.one(now.view.vacancies)
    taker = vacancy and now.colleague(vacancy.household)
    return [VacancyClosed(vacancy.household, (taker,), vacancy.role, on=now.on)] if vacancy and taker else []


def _exited(now: Today) -> _Batch:
    stay = now.one(now.stays())
    if stay is None:
        return []
    goal = (
        []
        if now.view.exit(stay.household)
        else [Exit(stay.household, now.word(None, now.on - timedelta(9)), on=now.on)]
    )
    if goal and now.word(True, False):
        return [*goal]
    bearer = now.word(stay.helper, now.unit())
    duty = DutyOpened(f"r-{len(now.register)}", stay.household, bearer, "revisit", now.on + timedelta(90), on=now.on)
    waiver = "nobody else is in need"
    return [*goal, duty, Released(stay.helper, stay.household, "exited", stay.role, waiver=waiver, on=now.on)]


def _released(now: Today) -> _Batch:
    stay = now.one(now.stays())
    override = "by order of the county"
    return [Released(stay.helper, stay.household, now.word(*REASONS), stay.role, override, on=now.on)] if stay else []


def _fell_back(now: Today) -> _Batch:
    home = now.one(it for it in now.homes if now.view.exit(it.id))
    if home is None:
        return []
    relapse: _Batch = [Relapse(home.id, now.word("", "illness"), on=now.on)]
    if now.view.helpers_of(home.id):
        return relapse
    return [*relapse, VacancyOpened(home.id, now.word(*REASONS), now.unit(), on=now.on)]


def _owed(now: Today) -> _Batch:
    duty = now.one(now.view.duties)
    stay = now.one(now.stays())
    if duty is not None and now.word(True, False):
        heir = now.one([*(it.id for it in now.serving if it.id != duty.bearer), now.unit()])
        return [DutyPassed(duty.duty, duty.household, str(heir), on=now.on)]
    if duty is not None:
        return [DutyClosed(duty.duty, duty.household, "done", now.word(True, False), on=now.on)]
    if stay is None:
        return []
    return [DutyOpened(f"d-{len(now.register)}", stay.household, stay.helper, "measure", on=now.on)]


def _lent(now: Today) -> _Batch:
    fund, stay = now.view.fund("city"), now.one(now.stays())
    loan = now.one(loan for loan in fund.loans if loan.outstanding)
    if loan is not None:
        if now.word(True, False):
            return [Repaid(loan.loan, loan.household, now.word(1, loan.outstanding), on=now.on)]
        return [WrittenOff(loan.loan, loan.household, loan.outstanding, "the household has died out", on=now.on)]
    if fund.left and stay is not None and now.word(True, False):
        return [Lent(f"l-{len(now.register)}", stay.household, stay.helper, now.word(1, fund.left), "city", on=now.on)]
    if fund.left and now.word(True, False):
        return [PaidOut("city", now.word(1, fund.left), "given back", on=now.on)]
    return [PaidIn("city", now.word(100, 500), now.word("", "donations"), on=now.on)]


def _of_helpers(now: Today) -> _Batch:
    helper = now.one(now.serving)
    if helper is None:
        return []
    change = now.draw(_changes_of_helper(now, helper.id))
    return [change, *(_left(now, helper.id) if isinstance(change, Retirement | Death | Departure) else ())]


def _changes_of_helper(now: Today, id: str) -> st.SearchStrategy[Change]:
    on, ranks = now.on, [rank.id for rank in now.roster.ladder.ranks if rank.id in LADDER]
    found: list[Change] = [Retirement(id, on=on), Death(id, on=on), Departure(id, on=on)]
    found += (
        [Return(id, on=on)]
        if now.view.is_absent(id)
        else [Leave(id, until, on=on) for until in (None, on + timedelta(40))]
    )
    found += [Recovery(id, on=on) if now.view.is_fit(id) is False else Unfitness(id, on=on)]
    found += [Transfer(id, unit.id, on=on) for unit in now.roster.units]
    found += [RankChange(id, rank, on=on) for rank in ranks[-2:]]
    return st.sampled_from(found)


def _left(now: Today, helper: str) -> _Batch:
    """What answers that somebody leaves the service: all is handed on, or said to be vacant."""
    batch: _Batch = []
    for stay in now.stays():
        if stay.helper != helper:
            continue
        taker = now.colleague(stay.household, helper)
        if taker is not None:
            batch.append(HandedOver(stay.household, helper, (taker,), stay.role, on=now.on))
        elif len(now.view.helpers_of(stay.household)) > 1:
            batch.append(Released(helper, stay.household, "others stay", stay.role, "others stay", on=now.on))
        else:
            unit = now.roster.helper(helper).unit
            batch.append(VacancyOpened(stay.household, REASONS[0], unit, helper, stay.role, on=now.on))
    for duty in now.view.duties_of(helper):
        batch.append(DutyPassed(duty.duty, duty.household, now.roster.helper(helper).unit, on=now.on))
    return batch


def _of_households(now: Today) -> _Batch:
    change = now.draw(_changes_of_households(now))
    if isinstance(change, Split):
        return [change, *(VacancyOpened(id, REASONS[0], now.unit(), on=now.on) for id in change.into)]
    return [change] if change is not None else []


def _changes_of_households(now: Today) -> st.SearchStrategy[Change | None]:
    on = now.on
    found: list[Change | None] = [None]
    unheard = [it.id for it in now.homes if not now.register.entries_about(it.id)]
    for home in {stay.household: None for stay in now.stays()}:
        found += [Move(home, area.code, on=on) for area in now.roster.areas if area.level == "village"]
        found += [StruckOff(home, "entered by mistake", on=on)]
        found += [HouseholdMerger(home, it.id, on=on) for it in now.homes if it.id != home][:1]
        found += [Split(home, unheard[:2], on=on)] if len(unheard) > 1 else []
    return st.sampled_from(found)


def _of_units(now: Today) -> _Batch:
    return [now.draw(_changes_of_units(now))]


def _changes_of_units(now: Today) -> st.SearchStrategy[Change]:
    on = now.on
    links = {(e.unit, e.village) for e in now.register if isinstance(e, Linked)}
    found: list[Change] = [
        Renaming(unit.id, name, on=on) for unit in now.roster.units for name in ("县水利局", "new name")
    ]
    for link in now.roster.links:
        both = link.unit, link.village
        found.append(Unlinked(*both, "by plan", on=on) if both in links else Linked(*both, on=on))
    gone = {e.unit for e in now.register if isinstance(e, Merger | Dissolution)}
    left = [unit.id for unit in now.roster.units if unit.id not in gone]
    if len(left) > 1:
        found.append(Merger(left[-1], left[0], on=on))
    found += [Dissolution(id, on=on) for id in left if not now.roster.helpers_of(id)]
    return st.sampled_from(found)


def _corrected(now: Today) -> _Batch:
    entry = now.one([e for e in now.register if e in now.register][-5:])
    return [Correction(entry, now.word(*REASONS))] if entry is not None else []


_MOVES: tuple[_Move, ...] = (
    _paired,
    _visited,
    _paired,
    _handed_over,
    _aided,
    _exited,
    _of_helpers,
    _filled,
    _released,
    _fell_back,
    _owed,
    _lent,
    _of_households,
    _of_units,
    _corrected,
)


def batches(*, roster: Roster, register: Register, on: date) -> st.SearchStrategy[tuple[Entry, ...]]:
    """Return a strategy of what may happen on a day after all that is recorded; mostly it can be recorded."""
    of_type("roster", roster, Roster)
    of_type("register", register, Register)
    return _batches(roster, register, of_type("on", on, date))


@st.composite
def _batches(draw: st.DrawFn, roster: Roster, register: Register, on: date) -> tuple[Entry, ...]:
    move = draw(st.sampled_from(_MOVES))
    now = Today(draw, roster, register, on)
    return tuple(move(now) or _paired(now))


def registers(*, roster: Roster | None = None, on: date = DAY, max_batches: int = 8) -> st.SearchStrategy[Register]:
    """Return a strategy of registers, valid, of what may have happened to those of a roster (None: of any).

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None)
    ... @given(registers())
    ... def test_recording_all_of_it_again_adds_nothing(register):
    ...     assert register.record(*(entry for entry in register if entry in register)) == register
    >>> test_recording_all_of_it_again_adds_nothing()
    """
    if roster is not None:
        of_type("roster", roster, Roster)
    return _registers(roster, of_type("on", on, date), whole_number("max_batches", max_batches))


@st.composite
def _registers(draw: st.DrawFn, roster: Roster | None, on: date, most: int) -> Register:
    if roster is None:
        roster = draw(rosters(on=on, min_helpers=1, min_households=1))
    return grown(draw, roster, on, most)[0]


def grown(draw: st.DrawFn, roster: Roster, on: date, most: int) -> tuple[Register, date]:
    register = Register()
    for days in draw(st.lists(st.sampled_from((0, 1, 9, 40)), max_size=most)):
        on += timedelta(days)
        batch = draw(_batches(roster, register, on))
        try:
            register = register.record(*batch)
        except RegisterError:
            continue  # it cannot happen after all
    return register, on
