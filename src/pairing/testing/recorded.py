"""Hypothesis strategies for what is recorded: entries of every kind, changes, registers that belong to a roster, plans.

A register is drawn step by step: on each day something happens that can happen, and what cannot be recorded after all
is left out.  So every register is valid, and shrinks by leaving out what happened.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeVar

import attrs
from hypothesis import strategies as st

from pairing.deeds import (
    RECORDED,
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
from pairing.errors import ArgumentError, RegisterError, shown
from pairing.people import LADDER
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.register import Register
from pairing.roster import Roster
from pairing.testing.drafts import policies
from pairing.testing.strategies import (
    DAY,
    HELPER_IDS,
    HOUSEHOLD_IDS,
    UNIT_IDS,
    VILLAGE_CODES,
    of_type,
    pairings,
    rosters,
    texts_in,
    whole_number,
)

__all__ = ["Scene", "batches", "changes", "entries", "plans", "registers", "scenes"]

_T = TypeVar("_T")

KINDS: tuple[type[Entry], ...] = tuple(sorted(RECORDED, key=lambda kind: kind.__name__))
CHANGES: tuple[type[Entry], ...] = (Refill, *(kind for kind in KINDS if issubclass(kind, Change)))
REASONS = ("no colleague has room", "调往外地", "chosen")


class Scene(NamedTuple):
    """A policy, a roster, a register that belongs to it, and changes that a relay is to answer."""

    policy: Policy
    roster: Roster
    register: Register
    changes: tuple[Change, ...]


# --- single entries


class _Ids(NamedTuple):
    helpers: tuple[str, ...]
    households: tuple[str, ...]
    units: tuple[str, ...]
    villages: tuple[str, ...]


def entries(
    *,
    kinds: Collection[type[Entry]] = KINDS,
    helpers: Collection[str] = HELPER_IDS,
    households: Collection[str] = HOUSEHOLD_IDS,
    units: Collection[str] = UNIT_IDS,
    villages: Collection[str] = VILLAGE_CODES,
    on: date = DAY,
) -> st.SearchStrategy[Entry]:
    """Return a strategy of single entries of these kinds, about these ids, from a day on.

    Each is well-formed; whether a register takes it depends on what was recorded before: see `registers`.

    >>> from hypothesis import find
    >>> find(entries(kinds=[Retirement]), lambda entry: True)
    Retirement('h1', on=2012-02-08)

    Raises `ArgumentError` for kinds that are none of entries.
    """
    if not isinstance(kinds, Collection) or not kinds:
        raise ArgumentError("bad-type", f"wanted one kind of entries at least, got {shown(kinds)}", "kinds")
    for kind in kinds:
        if kind not in KINDS and kind is not Refill:
            got = kind.__name__ if isinstance(kind, type) else shown(kind)
            raise ArgumentError("bad-type", f"wanted kinds of entries, got {got}", "kinds")
    chosen: list[Any] = sorted(kinds, key=lambda kind: kind.__name__)
    ids = _Ids(
        texts_in("helpers", helpers),
        texts_in("households", households),
        texts_in("units", units),
        texts_in("villages", villages),
    )
    of_type("on", on, date)
    return st.one_of([_of_kind(kind, ids, on) for kind in chosen])


def changes(
    *,
    helpers: Collection[str] = HELPER_IDS,
    households: Collection[str] = HOUSEHOLD_IDS,
    units: Collection[str] = UNIT_IDS,
    villages: Collection[str] = VILLAGE_CODES,
    on: date = DAY,
) -> st.SearchStrategy[Change]:
    """Return a strategy of single changes, such as a relay is asked to answer, about these ids, from a day on.

    Changes that can happen after all that is recorded come with `scenes`.
    """
    found: Any = entries(kinds=CHANGES, helpers=helpers, households=households, units=units, villages=villages, on=on)
    return found  # type: ignore[no-any-return]


@cache
def _of_kind(kind: Any, ids: _Ids, on: date) -> st.SearchStrategy[Entry]:
    keys = st.sampled_from(("", "k-1", "k-2"))
    if kind is Correction:
        plain: list[Any] = [other for other in KINDS if other is not Correction]
        others = st.one_of([_of_kind(other, ids, on) for other in plain])
        return st.builds(lambda of, reason, id: Correction(of, reason, id=id), others, st.sampled_from(REASONS), keys)
    names = [at.name for at in attrs.fields(kind) if at.name not in ("on", "id")]
    values = {at.name: _values(kind, at.name, at.metadata, ids, on) for at in attrs.fields(kind) if at.name in names}
    days = st.integers(0, 60).map(lambda n: on + timedelta(n))
    return st.builds(kind, **values, on=days, id=keys)


def _values(kind: type[Entry], name: str, metadata: Mapping[str, Any], ids: _Ids, on: date) -> st.SearchStrategy[Any]:
    """The values that a field may have, by what it holds."""
    holds = metadata["kind"]
    if name in ("takers", "helpers") or (name == "into" and kind is Split):
        return st.lists(
            st.sampled_from(ids.households if kind is Split else ids.helpers), min_size=1, max_size=2, unique=True
        )
    known: dict[str, Sequence[str]] = {
        "helper": ids.helpers,
        "giver": (*ids.helpers, *ids.units) if kind is Aided else ids.helpers,
        "guarantor": ids.helpers,
        "bearer": (*ids.helpers, *ids.units),
        "household": ids.households,
        "instead": ids.households,
        "into": ids.households if kind is HouseholdMerger else ids.units,
        "unit": ids.units,
        "village": ids.villages,
        "rank": [rank.id for rank in reversed(LADDER.ranks)],
        "role": ("lead", "support"),
        "duty": ("d1", "d2"),
        "loan": ("l1", "l2"),
        "fund": ("city", "周转金"),
        "tasks": ("policy", "民情"),
        "post": ("secretary", "院长"),
        "division": ("d1", "民事审判庭"),
        "name": ("县水务局", "县水利局"),
        "check": ("2012", "2013"),
        "what": metadata.get("choices", ("rice", "种子")),
    }
    if name == "tasks":
        return st.lists(st.sampled_from(known["tasks"]), max_size=2, unique=True)
    words = st.sampled_from(metadata.get("choices") or known.get(name, REASONS))
    # an earlier day where something was notified, a later one where it is due or lasts until
    later = st.integers(1, 90).map(lambda n: on + timedelta(-n if name == "notified" else 60 + n))
    return {
        "optional id": st.none() | words,
        "optional text": st.just("") | words,
        "optional": st.none() | words,
        "optional day": st.none() | later,
        "flag": st.sampled_from((True, False)),
        "amount": st.integers(1, 500),
        "optional amount": st.integers(0, 500),
    }.get(holds, words)


# --- what can happen on a day


class _Today:
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
_Move = Callable[[_Today], _Batch]


def _paired(now: _Today) -> _Batch:
    home = now.one(
        it for it in now.homes if it.registered is None or (now.on in it.registered and it.registered.end is None)
    )
    helper = home and now.colleague(home.id)
    if not home or not helper:
        return []
    role = "support" if now.view.helpers_of(home.id) else "lead"
    return [Paired(helper, home.id, role, on=now.on, id=now.word("", f"line-{len(now.register)}"))]


def _visited(now: _Today) -> _Batch:
    stay = now.one(now.stays())
    if stay is None:
        return []
    channel, tasks = now.word("in person", "telephone", "letter"), now.word((), ("policy",))
    return [Visited(stay.household, (stay.helper,), channel, tasks, on=now.on)]


def _aided(now: _Today) -> _Batch:
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


def _handed_over(now: _Today) -> _Batch:
    stay = now.one(now.stays())
    if stay is None:
        return []
    taker = now.colleague(stay.household, stay.helper)
    if taker is None:
        return [VacancyOpened(stay.household, now.word(*REASONS), now.unit(), stay.helper, stay.role, on=now.on)]
    steps = [Step(stay.household, now.word("proposed", "completed"), (taker,), stay.helper, on=now.on)]
    until = now.word(None, now.on + timedelta(7))
    return [HandedOver(stay.household, stay.helper, (taker,), stay.role, until, on=now.on), *steps[: now.word(0, 1)]]


def _filled(now: _Today) -> _Batch:
    vacancy = now.one(now.view.vacancies)
    taker = vacancy and now.colleague(vacancy.household)
    return [VacancyClosed(vacancy.household, (taker,), vacancy.role, on=now.on)] if vacancy and taker else []


def _exited(now: _Today) -> _Batch:
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


def _released(now: _Today) -> _Batch:
    stay = now.one(now.stays())
    override = "by order of the county"
    return [Released(stay.helper, stay.household, now.word(*REASONS), stay.role, override, on=now.on)] if stay else []


def _fell_back(now: _Today) -> _Batch:
    home = now.one(it for it in now.homes if now.view.exit(it.id))
    if home is None:
        return []
    relapse: _Batch = [Relapse(home.id, now.word("", "illness"), on=now.on)]
    if now.view.helpers_of(home.id):
        return relapse
    return [*relapse, VacancyOpened(home.id, now.word(*REASONS), now.unit(), on=now.on)]


def _owed(now: _Today) -> _Batch:
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


def _lent(now: _Today) -> _Batch:
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


def _of_helpers(now: _Today) -> _Batch:
    helper = now.one(now.serving)
    if helper is None:
        return []
    change = now.draw(_changes_of_helper(now, helper.id))
    return [change, *(_left(now, helper.id) if isinstance(change, Retirement | Death | Departure) else ())]


def _changes_of_helper(now: _Today, id: str) -> st.SearchStrategy[Change]:
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


def _left(now: _Today, helper: str) -> _Batch:
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


def _of_households(now: _Today) -> _Batch:
    change = now.draw(_changes_of_households(now))
    if isinstance(change, Split):
        return [change, *(VacancyOpened(id, REASONS[0], now.unit(), on=now.on) for id in change.into)]
    return [change] if change is not None else []


def _changes_of_households(now: _Today) -> st.SearchStrategy[Change | None]:
    on = now.on
    found: list[Change | None] = [None]
    unheard = [it.id for it in now.homes if not now.register.entries_about(it.id)]
    for home in {stay.household: None for stay in now.stays()}:
        found += [Move(home, area.code, on=on) for area in now.roster.areas if area.level == "village"]
        found += [StruckOff(home, "entered by mistake", on=on)]
        found += [HouseholdMerger(home, it.id, on=on) for it in now.homes if it.id != home][:1]
        found += [Split(home, unheard[:2], on=on)] if len(unheard) > 1 else []
    return st.sampled_from(found)


def _of_units(now: _Today) -> _Batch:
    return [now.draw(_changes_of_units(now))]


def _changes_of_units(now: _Today) -> st.SearchStrategy[Change]:
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


def _corrected(now: _Today) -> _Batch:
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
    now = _Today(draw, roster, register, on)
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
    return _grown(draw, roster, on, most)[0]


def _grown(draw: st.DrawFn, roster: Roster, on: date, most: int) -> tuple[Register, date]:
    register = Register()
    for days in draw(st.lists(st.sampled_from((0, 1, 9, 40)), max_size=most)):
        on += timedelta(days)
        batch = draw(_batches(roster, register, on))
        try:
            register = register.record(*batch)
        except RegisterError:
            continue  # it cannot happen after all
    return register, on


def scenes(
    *, policy: Policy | None = None, on: date = DAY, max_batches: int = 6, max_changes: int = 2
) -> st.SearchStrategy[Scene]:
    """Return a strategy of scenes: a policy (None: any), a roster, a register that belongs to it, and some changes.

    The changes can happen after all that is recorded, so that a relay answers them.
    """
    if policy is not None:
        of_type("policy", policy, Policy)
    sizes = whole_number("max_batches", max_batches), whole_number("max_changes", max_changes)
    return _scenes(policy, of_type("on", on, date), *sizes)


@st.composite
def _scenes(draw: st.DrawFn, policy: Policy | None, on: date, most: int, many: int) -> Scene:
    policy = draw(policies(max_rules=2)) if policy is None else policy
    roster = draw(rosters(policy=policy, on=on, min_helpers=1, min_households=1))
    register, last = _grown(draw, roster, on, most)
    now = _Today(draw, roster, register, last + timedelta(30))
    found: dict[str, Change] = {}
    for _ in range(draw(st.integers(0, many))):
        change = _change(now)
        if change is not None:
            ids = {getattr(change, name, None) for name in ("helper", "household", "unit", "into")}
            found.setdefault(str(sorted(str(id) for id in ids)), change)
    taken: set[str] = set()
    for text in list(found):
        if taken & set(text.split("'")) - {"[", "]", ", ", "None"}:
            del found[text]
        taken |= set(text.split("'"))
    return Scene(policy, roster, register, tuple(found.values()))


def _change(now: _Today) -> Change | None:
    how = now.word("helper", "vacancy", "household")
    if how == "helper":
        helper = now.one(now.serving)
        return now.draw(_changes_of_helper(now, helper.id)) if helper else None
    if how == "vacancy":
        vacancy = now.one(now.view.vacancies)
        return Refill(vacancy.household, on=now.on) if vacancy else None
    found: Change | None = now.draw(_changes_of_households(now))
    return found if isinstance(found, StruckOff | Move) else None


def plans(*, policy: Policy | None = None, on: date = DAY) -> st.SearchStrategy[Plan]:
    """Return a strategy of plans under a policy (None: any), from a day on, some of them with a book to keep to."""
    if policy is not None:
        of_type("policy", policy, Policy)
    return _plans(policy, of_type("on", on, date))


@st.composite
def _plans(draw: st.DrawFn, policy: Policy | None, on: date) -> Plan:
    policy = draw(policies()) if policy is None else policy
    on += timedelta(draw(st.sampled_from((0, 1, 300))))
    roster = draw(rosters(policy=policy, on=on, min_helpers=1, min_households=1))
    ids = [helper.id for helper in roster.helpers], [household.id for household in roster.households]
    book = draw(st.lists(pairings(helpers=ids[0], households=ids[1], on=on), max_size=2))
    return pair(policy, roster, on=on, book=book)
