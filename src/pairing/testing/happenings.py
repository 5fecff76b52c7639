"""What can happen to those of a roster on a day after all that is recorded, and registers that grow by it.

A register is drawn step by step: on each day something happens that can happen, and what cannot be recorded after all
is left out.  So every register is valid, and shrinks by leaving out what happened.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import permutations, product
from typing import Any, TypeVar

from hypothesis import strategies as st

from pairing.caseload import COVER
from pairing.dates import Span
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
    Refill,
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
from pairing.people import LADDER, Household, Pairing
from pairing.register import Register
from pairing.roster import Roster
from pairing.testing.recorded import REASONS
from pairing.testing.strategies import (
    DAY,
    of_type,
    rosters,
    whole_number,
)

__all__ = ["HAPPENING", "Today", "batches", "before", "begun", "grown", "possible", "recorded", "registers"]

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

    def _open(self, span: Span | None) -> bool:
        return span is None or (self.on in span and span.end is None)

    def one(self, things: Iterable[_T]) -> _T | None:
        """Draw one of some things; None where there is none."""
        listed = list(things)
        return self.draw(st.sampled_from(listed)) if listed else None

    def word(self, *words: Any) -> Any:
        """Draw one of some words, the simplest first."""
        return self.draw(st.sampled_from(words))

    def stays(self) -> list[Pairing]:
        """Who is responsible, and goes on being so."""
        return [p for p in self.view.pairings if p.span is not None and p.span.end is None]

    def free_homes(self) -> list[Household]:
        """Households for which somebody may become responsible: registered, and for good."""
        return [it for it in self.homes if self._open(it.registered)]

    def colleague(self, household: str, *besides: str) -> str | None:
        """Draw somebody who may take over a household."""
        village = self.roster.household(household).village
        held = {p.helper for p in self.view.helpers_of(household)} | set(besides)
        near = [h.id for h in self.serving if h.id not in held and village in self.roster.may_go_to(h)]
        return self.one(near or [h.id for h in self.serving if h.id not in held])

    def units(self) -> list[str]:
        """Units that have not ended."""
        gone = {e.unit for e in self.register if isinstance(e, Merger | Dissolution)}
        return [unit.id for unit in self.roster.units if unit.id not in gone]

    def unit(self) -> str:
        """Draw a unit."""
        return str(self.word(*[unit.id for unit in self.roster.units]))


_Batch = list[Entry]
_Move = Callable[[Today], _Batch]


def _paired(now: Today) -> _Batch:
    home = now.one(now.free_homes())
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
    how = now.word("aid", "observation", "check", "offer")
    if how == "aid":
        return [Aided(stay.household, stay.helper, now.word("money", "food", "job"), now.word(1, 50), on=now.on)]
    if how == "observation":
        return [Observed(stay.household, now.word("income", "persons"), now.word(0, 3), on=now.on)]
    if how == "check":
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
    vacancy, batch = now.one(now.view.vacancies), before(now, Refill)
    if vacancy is None and batch:
        (opened,) = batch
        assert isinstance(opened, VacancyOpened)
        taker = now.colleague(opened.household, str(opened.giver))
        later = now.on + timedelta(5)
        return [opened, VacancyClosed(opened.household, (taker,), opened.role, on=later)] if taker else [opened]
    found = now.colleague(vacancy.household) if vacancy else None
    return [VacancyClosed(vacancy.household, (found,), vacancy.role, on=now.on)] if vacancy and found else []


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
    paid = PaidIn("city", 100, now.word("", "donations"), on=now.on)
    if stay is None or fund.left:
        return [PaidOut("city", now.word(1, fund.left), "given back", on=now.on)] if fund.left else [paid]
    loan, amount = f"l-{len(now.register)}", now.word(1, 100)
    lent: _Batch = [paid, Lent(loan, stay.household, stay.helper, amount, "city", on=now.on)]
    later, ends = now.on + timedelta(5), now.word(0, 1, 2)
    repaid = Repaid(loan, stay.household, amount, on=later)
    written_off = WrittenOff(loan, stay.household, amount, "the household has died out", on=later)
    return [*lent, *([], [repaid], [written_off])[ends]]


def _corrected(now: Today) -> _Batch:
    entry = now.one([e for e in now.register if e in now.register][-5:])
    return [Correction(entry, now.word(*REASONS))] if entry is not None else []


# --- changes


def possible(now: Today, kind: type[Change]) -> list[Change]:
    """Return the changes of a kind that can happen on a day; those about who is responsible, or has somebody, first."""
    busy = {stay.helper for stay in now.stays()}
    ids = [it.id for it in now.serving if it.id in busy] + [it.id for it in now.serving]
    if kind in _OF_HELPERS:
        return [change for id in ids for change in _OF_HELPERS[kind](now, id)]
    if kind in _OF_UNITS:
        return list(_OF_UNITS[kind](now))
    held = list(dict.fromkeys(stay.household for stay in now.stays()))
    return [change for id in held or [it.id for it in now.homes] for change in _OF_HOUSEHOLDS[kind](now, id)]


_Of = Callable[[Today, str], Iterable[Change]]


def _leaves(now: Today, id: str) -> Iterator[Change]:
    if not now.view.is_absent(id):
        yield from (Leave(id, until, on=now.on) for until in (None, now.on + timedelta(40), now.on + timedelta(9)))


def _ranks(now: Today, id: str) -> Iterator[Change]:
    own, ladder = now.roster.helper(id).rank, now.roster.ladder
    yield from (
        RankChange(id, rank.id, on=now.on) for rank in ladder.ranks[-4:] if rank.id in LADDER and rank.id != own
    )


def _recoveries(now: Today, id: str) -> Iterator[Change]:
    fit = now.view.is_fit(id)
    if not (now.roster.helper(id).fit if fit is None else fit):
        yield Recovery(id, on=now.on)


_OF_HELPERS: Mapping[type[Change], _Of] = {
    Retirement: lambda now, id: [Retirement(id, on=now.on)],
    Transfer: lambda now, id: (
        Transfer(id, unit, on=now.on) for unit in now.units() if unit != now.roster.helper(id).unit
    ),
    Death: lambda now, id: [Death(id, on=now.on)],
    Departure: lambda now, id: [Departure(id, on=now.on)],
    Unfitness: lambda now, id: [Unfitness(id, on=now.on)] if now.view.is_fit(id) is not False else [],
    Leave: _leaves,
    RankChange: _ranks,
    Return: lambda now, id: [Return(id, on=now.on)] if now.view.is_absent(id) else [],
    Recovery: _recoveries,
}


def _linked(now: Today) -> set[tuple[str, str]]:
    """Return which units are linked to which villages."""
    links = {(link.unit, link.village) for link in now.roster.links}
    for entry in sorted((e for e in now.register if isinstance(e, Linked | Unlinked)), key=lambda e: e.on):
        (links.add if isinstance(entry, Linked) else links.discard)((entry.unit, entry.village))
    return links


def _new_links(now: Today) -> Iterator[Change]:
    villages = [area.code for area in now.roster.areas if area.level == "village"]
    there = _linked(now)
    yield from (Linked(*both, on=now.on) for both in product(now.units(), villages) if both not in there)


_OF_UNITS: Mapping[type[Change], Callable[[Today], Iterable[Change]]] = {
    Unlinked: lambda now: (Unlinked(*both, "by plan", on=now.on) for both in sorted(_linked(now))),
    Merger: lambda now: (Merger(*both, on=now.on) for both in permutations(now.units(), 2)),
    Dissolution: lambda now: (Dissolution(id, on=now.on) for id in now.units()),
    Linked: _new_links,
    Renaming: lambda now: (Renaming(id, name, on=now.on) for id in now.units() for name in ("县水利局", "new name")),
    Relapse: lambda now: (Relapse(it.id, why, on=now.on) for it in now.homes if now.view.exit(it.id)
                          for why in ("", "illness")),
    Refill: lambda now: (Refill(vacancy.household, on=now.on) for vacancy in now.view.vacancies),
}  # fmt: skip
"""Those of units, and those of households that have nobody."""


def _exits(now: Today, id: str) -> Iterator[Change]:
    if now.view.exit(id) is None:
        yield from (Exit(id, notified, on=now.on) for notified in (None, now.on - timedelta(9)))


def _moves(now: Today, id: str) -> Iterator[Change]:
    villages = [area.code for area in now.roster.areas if area.level == "village"]
    yield from (Move(id, code, on=now.on) for code in villages if code != now.roster.household(id).village)


def _splits(now: Today, id: str) -> Iterator[Change]:
    unheard = [it.id for it in now.homes if it.id != id and not now.view.about("households", it.id)]
    if unheard:
        yield Split(id, unheard[:2], on=now.on)


_OF_HOUSEHOLDS: Mapping[type[Change], _Of] = {
    Exit: _exits,
    Move: _moves,
    Split: _splits,
    HouseholdMerger: lambda now, id: (HouseholdMerger(id, it.id, on=now.on) for it in now.homes if it.id != id),
    StruckOff: lambda now, id: [StruckOff(id, "entered by mistake", on=now.on)],
}

HAPPENING: tuple[type[Change], ...] = (
    Retirement, Transfer, Departure, Death, Unfitness, Leave, Exit, Dissolution, Split, Merger, Relapse, Return,
    RankChange, Unlinked, Refill, Recovery, Move, Linked, HouseholdMerger, StruckOff, Renaming,
)  # fmt: skip
"""All kinds of changes, the plainest first."""


def before(now: Today, kind: type[Change]) -> _Batch:
    """Return what happens first, so that a change of a kind can follow: who is to return goes on leave, and so on."""
    if possible(now, kind):
        return []
    stay = now.one(now.stays())
    if stay is None:
        return []
    taker = now.colleague(stay.household, stay.helper)
    passed: _Batch = [VacancyOpened(stay.household, REASONS[0], now.unit(), stay.helper, stay.role, on=now.on)]
    if kind is Refill:
        return passed if len(now.view.helpers_of(stay.household)) == 1 else []
    if kind is Recovery:
        return [Unfitness(stay.helper, on=now.on)]
    if kind is Return:
        cover = [HandedOver(stay.household, stay.helper, (taker,), stay.role, reason=COVER, on=now.on)] if taker else []
        return [Leave(stay.helper, on=now.on), *cover]
    if kind is Relapse:
        duty = DutyOpened(f"r-{len(now.register)}", stay.household, stay.helper, "revisit", on=now.on)
        waiver = "nobody else is in need"
        out = Released(stay.helper, stay.household, "exited", stay.role, waiver=waiver, on=now.on)
        return [Exit(stay.household, on=now.on), duty, out]
    return []


def _changed(now: Today) -> _Batch:
    """Draw a change that can happen, with what answers it in the plainest way."""
    kinds = {kind: found for kind in HAPPENING if kind is not Refill and (found := possible(now, kind))}
    rare = [kind for kind in kinds if kind in (Relapse, Return, Recovery, Leave, Unfitness, Dissolution)]
    change = now.one(kinds[now.word(*kinds, *rare, *rare)]) if kinds else None
    later = now.on + timedelta(5)
    if isinstance(change, Leave) and now.word(False, True):
        return [change, Return(change.helper, on=later)]
    if isinstance(change, Unfitness) and now.word(False, True):
        return [change, Recovery(change.helper, on=later)]
    if isinstance(change, Retirement | Death | Departure):
        return [change, *_left(now, change.helper)]
    if isinstance(change, Dissolution):
        there = [it.id for it in now.serving if it.unit == change.unit]
        gone: _Batch = [Departure(id, "the unit has been dissolved", on=now.on) for id in there]
        return [change, *gone, *(entry for id in there for entry in _left(now, id, there))]
    if isinstance(change, Split):
        return [change, *(VacancyOpened(id, REASONS[0], now.unit(), on=now.on) for id in change.into)]
    if isinstance(change, Relapse) and not now.view.helpers_of(change.household):
        return [change, VacancyOpened(change.household, now.word(*REASONS), now.unit(), on=now.on)]
    return [change] if change is not None else _paired(now)


def _left(now: Today, helper: str, others: Collection[str] = ()) -> _Batch:
    """What answers that somebody, beside others, leaves the service: all is handed on, or said to be vacant."""
    batch: _Batch = []
    for stay in now.stays():
        if stay.helper != helper:
            continue
        taker = now.colleague(stay.household, helper, *others)
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


# --- registers

_MOVES: tuple[_Move, ...] = (
    _paired, _changed, _visited, _handed_over, _aided, _changed, _exited, _lent, _filled, _owed, _released,
    _changed, _lent, _corrected, _changed,
)  # fmt: skip


def begun(now: Today) -> _Batch:
    """Return who is responsible for whom in the beginning; some of them owe something."""
    batch: _Batch = []
    for home in now.free_homes():
        excluded = {it.helper for it in now.roster.named if it.rule == "excluded" and it.household == home.id}
        helper = now.word(*(it.id for it in now.serving if it.id not in excluded), None)
        if helper is not None:
            batch.append(Paired(helper, home.id, on=now.on))
            if now.word(False, False, True):
                batch.append(DutyOpened("d-0", home.id, helper, now.word("measure", "guarantee"), on=now.on))
    return batch


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


def registers(*, roster: Roster | None = None, on: date = DAY, max_batches: int = 12) -> st.SearchStrategy[Register]:
    """Return a strategy of registers, valid, of what may have happened to those of a roster (None: of any).

    Each kind of entry that a register takes comes up; there are so many batches at most.

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
    first = recorded(Register(), begun(Today(draw, roster, Register(), on))) if most else Register()
    return grown(draw, roster, on, max(0, most - 1), first)[0]


def grown(draw: st.DrawFn, roster: Roster, on: date, most: int, register: Register) -> tuple[Register, date]:
    """Return a register to which so many batches at most were added from a day on, and the last day."""
    weeks = st.lists(st.sampled_from((1, 0, 9, 40)), max_size=4)
    for days in [days for week in draw(st.lists(weeks, max_size=-(-most // 2))) for days in week][:most]:
        on += timedelta(days)
        register = recorded(register, draw(_batches(roster, register, on)))
    return register, on


def recorded(register: Register, batch: Iterable[Entry]) -> Register:
    """Return the register with a batch, or as it was where that cannot happen after all."""
    try:
        return register.record(*batch)
    except RegisterError:
        return register
