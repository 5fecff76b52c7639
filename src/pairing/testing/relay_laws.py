"""Laws that a relay of your own must keep: `check_relay` takes it, and finds the smallest counterexample there is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from pairing.caseload import Caseload
from pairing.entries import (
    Change,
    Death,
    Departure,
    Dissolution,
    DutyClosed,
    DutyOpened,
    Entry,
    HandedOver,
    Merger,
    Paired,
    Refill,
    Relapse,
    Released,
    Retirement,
    Return,
    Split,
    Unlinked,
    VacancyClosed,
)
from pairing.errors import ArgumentError, PairingError, RegisterError, bare, key, masked, shown
from pairing.handover import Handover, relay
from pairing.histories import Stay
from pairing.people import Helper
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.rules import HandoverRules, HelperRule, HouseholdRule, RetirementRule
from pairing.testing.laws import Fault, counterexample, lines_of, smallest, told
from pairing.testing.scenery import Scene, scenes
from pairing.testing.strategies import of_type

__all__ = ["check_relay", "dropped", "faults_of_relay"]

_JOINT = (HouseholdRule(Quota(1, 2)),)
_POLICIES = (
    Policy("up to two", (HelperRule(Quota(0, 2)),)),
    Policy("one each", (HelperRule(Quota(0, 1)),), _JOINT, handover=HandoverRules(overlap=7)),
    Policy("keeps", (HelperRule(Quota(0, 2)),), _JOINT, handover=HandoverRules(transfer="keep", after_exit="stay")),
    Policy("retires", (HelperRule(Quota(0, 3)),), _JOINT, retirement=(RetirementRule(720),)),
)
"""Under which a relay is tried, where no policy is given: a few, so that what is found is small at once."""

_LATE = timedelta(120)
"""After so many days all that a relay has begun is over: overlaps, and whatever a register had planned."""

_TAKING = HandedOver | VacancyClosed | Paired


def _entries_of(found: Handover | Iterable[Entry]) -> tuple[Entry, ...]:
    return found.entries() if isinstance(found, Handover) else tuple(found)


def _takers(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, HandedOver | VacancyClosed):
        return entry.takers
    return (entry.helper,) if isinstance(entry, Paired) else ()


class _Told(NamedTuple):
    """What the entries of a relay come to.

    - `vacant`: households that have nobody now, and had somebody before or are to have; `others`: households of those
      about whom nothing happened, that changed hands nevertheless; `soon`: takers who leave the service soon.
    """

    vacant: tuple[str, ...]
    others: tuple[str, ...]
    soon: tuple[tuple[str, str], ...]


class _Answered:
    """A scene with the entries that answer it."""

    def __init__(self, scene: Scene, lines: tuple[Entry, ...], load: Caseload) -> None:
        self.scene = scene
        self.load = load
        """Who there is when all changes have come to pass, as the library reads it."""
        self.lines = lines
        self.first = min(change.on for change in scene.changes)
        self.last = max(change.on for change in scene.changes)
        self.register = scene.register
        self.after = scene.register.record(*lines)
        self.homes = [household.id for household in scene.roster.households]

    def began(self, household: str) -> list[Stay]:
        """Return the stays that the relay has brought, by start."""
        eve = self.register.view(on=self.last)
        before = {(stay.helper, stay.role, stay.start) for stay in eve.stays(household)}
        found = self.after.view(on=self.last).stays(household)
        return [stay for stay in found if stay[:3] not in before]

    def left(self, household: str) -> list[Stay]:
        """Return the stays that the relay has brought to an end."""
        after = {(s.helper, s.role, s.start): s.end for s in self.after.view(on=self.last).stays(household)}
        eve = self.register.view(on=self.first).stays(household)
        return [s for s in eve if s.end is None and after.get((s.helper, s.role, s.start)) is not None]

    def told(self, concerned: set[str]) -> _Told:
        """Return what the answer comes to, where some households are concerned by the changes themselves."""
        before, after = self.register.view(on=self.last), self.after.view(on=self.last)
        sought: set[str] = set()
        for change in self.scene.changes:
            sought.update(change.into if isinstance(change, Split) else ())
            sought.update([change.household] if isinstance(change, Refill | Relapse) else ())
        vacant = [id for id in self.homes if after.vacancy(id) and (id in sought or not before.vacancy(id))]
        others = [
            id
            for id in self.homes
            if id not in concerned
            and {(p.helper, p.role) for p in before.helpers_of(id)}
            != {(p.helper, p.role) for p in after.helpers_of(id)}
        ]
        soon = timedelta(self.load.rules.soon)
        leaving = []
        for line in self.lines:
            for taker in _takers(line):
                leaves = self.load.after.leaves(self.helper(taker), self.load.policy)
                if leaves is not None and line.on < leaves <= line.on + soon:
                    leaving.append((taker, str(getattr(line, "household", ""))))
        return _Told(tuple(vacant), tuple(others), tuple(leaving))

    def helper(self, id: str) -> Helper:
        """Return a helper when all changes have come to pass."""
        return self.load.after.helper(id)


def _concerned(scene: Scene, handover: Handover) -> set[str]:
    """Return the households that changes are about: those they name, and those of whom they name."""
    found = {passing.household for passing in handover.passings if passing.why}
    found |= {vacancy.household for vacancy in handover.vacancies}
    for change in scene.changes:
        some: Any = change
        view = scene.register.view(on=change.on - timedelta(1))
        into = some.into if isinstance(change, Split) else (getattr(change, "into", None),)
        found |= {id for id in (getattr(change, "household", None), *into) if id is not None}
        helpers = {some.helper} if hasattr(change, "helper") else set()
        if isinstance(change, Merger | Dissolution | Unlinked):
            helpers = {helper.id for helper in scene.roster.helpers}
        found |= {p.household for id in helpers for p in view.households_of(id)}
    return found


# --- the laws


def dropped(register: Register, after: Register, days: Iterable[date]) -> Iterator[tuple[str, date]]:
    """Yield the households that have neither helper nor vacancy on one of the days, though they had before (law L2)."""
    for day in days:
        before, now = register.view(on=day), after.view(on=day)
        held = {p.household for p in before.pairings} | {vacancy.household for vacancy in before.vacancies}
        for id in sorted(held):
            gone = now.left_programme(id) is not None or now.exit(id) is not None
            if not gone and not now.helpers_of(id) and now.vacancy(id) is None:
                yield id, day


def _gaps(answered: _Answered) -> Iterator[Fault]:
    """Yield where a relay leaves a gap (law L2)."""
    days = sorted({line.on for line in answered.lines} | {answered.last + _LATE})
    for id, day in dropped(answered.register, answered.after, days):
        yield "relay-L2", f"household {key(id)} on {day}: wanted a helper or a vacancy, got neither"
    overlap = answered.load.rules.overlap
    for line in answered.lines:
        if isinstance(line, HandedOver) and line.until is not None and line.until > line.on + timedelta(overlap):
            wanted = f"wanted the giver to stay on for {overlap} days at most"
            yield "relay-L2", f"household {key(line.household)}: {wanted}, got {(line.until - line.on).days}"


def _not_joint(answered: _Answered) -> Iterator[Fault]:
    """Yield households that one helper leaves, and that several take over from different days (law L3)."""
    for id in answered.homes:
        givers, takers = answered.left(id), answered.began(id)
        starts = sorted({taker.start for taker in takers})
        if len(givers) == 1 and len(takers) > 1 and len(starts) > 1:
            wanted = "wanted all who take over to begin on one day"
            yield "relay-L3", f"household {key(id)}: {wanted}, got {' and '.join(map(str, starts))}"


def _duties(answered: _Answered) -> Iterator[Fault]:
    """Yield duties that vanish, or stay with those who leave (law L4)."""
    end = answered.last + _LATE
    closed = {(e.household, e.duty) for e in answered.lines if isinstance(e, DutyClosed)}
    opened = {(e.household, e.duty) for e in answered.lines if isinstance(e, DutyOpened)}
    view = answered.after.view(on=end)
    before = {(duty.household, duty.duty) for duty in answered.register.view(on=end).duties}
    there = {(duty.household, duty.duty) for duty in view.duties}
    for household, duty in sorted((before | opened) - closed - there):
        yield (
            "relay-L4",
            f"duty {key(duty)} to household {key(household)}: wanted it to pass on or be closed, got nothing",
        )
    there_still = [id for id in answered.homes if view.left_programme(id) is None]
    gone = {(stay.helper, id) for id in there_still for stay in answered.left(id)}
    released = {(e.helper, e.household) for e in answered.lines if isinstance(e, Released)}
    for owed in view.duties:
        who = f"duty {key(owed.duty)} to household {key(owed.household)}"
        if owed.opened < answered.first and (owed.bearer, owed.household) in gone - released:
            yield "relay-L4", f"{who}: wanted it to pass on with the household, got helper {key(owed.bearer)} still"
        elif owed.bearer in answered.scene.roster and view.end_of_service(owed.bearer) is not None:
            yield "relay-L4", f"{who}: wanted somebody who serves, got helper {key(owed.bearer)}, who has left"


def _illegal(answered: _Answered) -> Iterator[Fault]:
    """Yield takers who cannot take over, read from who there is in the plainest way (law E1)."""
    scene, load = answered.scene, answered.load
    end = answered.last + _LATE
    after, before = answered.after.view(on=end), answered.register.view(on=end)
    back = {change.helper for change in scene.changes if isinstance(change, Return)}
    linked = {(e.unit, e.village) for e in answered.lines if hasattr(e, "unit") and hasattr(e, "village")}
    excluded = {(it.helper, it.household) for it in scene.roster.named if it.rule == "excluded"}
    taking: dict[str, list[str]] = {}
    for line in answered.lines:
        for id in _takers(line):
            taking.setdefault(id, []).append(str(getattr(line, "household", "")))
    for id, households in sorted(taking.items()):
        if id in back:  # what was theirs before the leave is theirs again, as it was
            continue
        if id not in scene.roster or not all(home in answered.homes for home in households):
            yield "relay-E1", f"helper {key(id)}: wanted people of the roster, got others"
            continue
        helper = answered.helper(id)
        for home in households:
            who = f"helper {key(id)}, household {key(home)}"
            village = load.after.household(home).village
            if not helper.fit or (helper.service is not None and answered.last not in helper.service):
                yield (
                    "relay-E1",
                    f"{who}: wanted somebody who is fit and serves on {answered.last}, got one who does not",
                )
            elif village not in load.after.may_go_to(helper) and (helper.unit, village) not in linked:
                yield "relay-E1", f"{who}: wanted a taker within the links, got one in {key(village)}"
            elif (id, home) in excluded:
                yield "relay-E1", f"{who}: wanted no pair, as it is excluded, got one"
        quota = load.quota(helper)
        ceiling = 0 if quota is None else None if quota[2] else quota[1]
        held = after.loads([id])[id]
        if ceiling is not None and held > max(ceiling, before.loads([id])[id]):
            yield "relay-E1", f"helper {key(id)}: wanted at most {ceiling} households, got {held}"


def _not_best(answered: _Answered, best: Handover) -> Iterator[Fault]:
    """Yield what a relay that is proved to be the best does better (laws L1 and L7)."""
    concerned = _concerned(answered.scene, best)
    mine = answered.told(concerned)
    other = _Answered(answered.scene, best.entries(), answered.load).told(concerned)
    many = len(other.vacant)
    if len(mine.vacant) > many:
        yield "relay-L1", f"wanted {_counted(many, 'vacancy', 'vacancies')}, got {_named(mine.vacant)}"
    elif len(mine.vacant) == many and len(mine.others) > len(other.others):
        most = _counted(len(other.others), "household", "households")
        yield "relay-L1", f"wanted {most} of others to change hands, got {_named(mine.others)}"
    elif len(mine.vacant) == many and len(mine.others) == len(other.others) and len(mine.soon) > len(other.soon):
        taker, home = next(iter(pair for pair in mine.soon if pair not in other.soon))
        who = f"household {key(home)}"
        yield "relay-L7", f"{who}: wanted a taker who stays in the service, got helper {key(taker)}, who leaves soon"


def _counted(many: int, one: str, more: str) -> str:
    return f"no {one}" if not many else f"{many} {one if many == 1 else more} at most"


def _named(ids: Sequence[str]) -> str:
    return f"{len(ids)}: {', '.join(map(bare, ids))}"


def faults_of_relay(relaying: Callable[..., Any], scene: Scene) -> Iterator[Fault]:
    """Yield which laws a relay breaks on a scene."""
    policy, roster, register, changes = scene
    try:
        nothing = _entries_of(relaying(policy, roster, register, ()))
        lines = _entries_of(relaying(policy, roster, register, changes))
        again = _entries_of(relaying(policy, roster, register, changes))
    except Exception as error:
        yield "relay-raised", f"wanted entries, got {type(error).__name__}"
        return
    if nothing:
        yield "relay-L6", f"wanted no entries where nothing happens, got {len(nothing)}"
    if not changes:
        return
    if lines != again:
        yield "relay-unstable", "wanted the same entries twice, got others"
    if missing := [change for change in changes if not isinstance(change, Refill) and change not in lines]:
        yield "relay-R1", f"wanted the change to be among the entries, got all but {missing[0]!r}"
        return
    try:
        register.record(*lines)
    except RegisterError as error:
        yield "relay-R1", f"wanted entries that the register accepts, got {error.code}: {error.problems[0].message}"
        return
    more = [line for line in lines if line not in changes]
    if more and all(_idle(scene, change) for change in changes):
        yield "relay-L6", f"wanted nothing but the changes, as nobody has to be handed over, got {more[0]!r}"
    in_force = policy.at(max(change.on for change in changes))
    answered = _Answered(scene, lines, Caseload(in_force, roster, register, tuple(sorted(changes, key=_turn))))
    yield from _gaps(answered)
    yield from _not_joint(answered)
    yield from _duties(answered)
    illegal = list(_illegal(answered))
    if illegal:
        yield from illegal
        return
    best = relay(policy, roster, register, changes)
    try:
        best.verify()
        register.record(*best.entries())
    except PairingError:  # then nothing is known of the best
        return
    yield from _not_best(answered, best)


def _turn(change: Change) -> tuple[object, ...]:
    return change.on, type(change).__name__, repr(change)


def _idle(scene: Scene, change: Change) -> bool:
    """Whether a change is that somebody leaves who has, and owes, nothing."""
    if not isinstance(change, Retirement | Death | Departure):
        return False
    end = scene.register.view(on=date.max)
    view = scene.register.view(on=change.on)
    held = [id for id in end.ever_held(change.helper) for s in end.stays(id) if s.helper == change.helper]
    return not held and not view.duties_of(change.helper)


# --- the check


def check_relay(
    relaying: Callable[..., Handover | Iterable[Entry]] = relay,
    *,
    policy: Policy | None = None,
    max_examples: int = 100,
    seed: int = 0,
) -> None:
    """Look for a scene in which a relay of your own breaks a law, and raise `CounterExample` with the smallest found.

    The function takes policy, roster, register and changes, as `relay` does, and returns a handover, or the entries
    that are to be recorded.  Without a `policy` it is tried under several; without a function the library's own relay
    is held against your policy.  Whoever proposes takers elsewhere gives a function that asks, and writes the answer as
    entries.

    - "relay-raised", "relay-unstable": it gives entries, twice the same.
    - Law R1, "relay-R1": the register accepts the entries, and the changes are among them.
    - Law E1, "relay-E1": takers are fit and serve, within links and ceilings, and none of them is excluded.
    - Law L1, "relay-L1": no more vacancies, and no more households of others that change hands, than there have to be:
      none, where successors have room.  Held against the library's relay, whose proof is verified.
    - Law L2, "relay-L2": nobody is without a helper and without a vacancy; givers stay on no longer than the overlap.
    - Law L3, "relay-L3": those who take over from one helper begin on the same day.
    - Law L4, "relay-L4": open duties pass on with the household, or are closed; none vanishes, or stays behind.
    - Law L6, "relay-L6": where nothing happens, or who leaves has nothing, nothing is handed over.
    - Law L7, "relay-L7": nobody who leaves soon takes over where others can.

    >>> from pairing.handover import relay
    >>> check_relay(max_examples=10)
    >>> check_relay(lambda policy, roster, register, changes: changes, max_examples=40)
    Traceback (most recent call last):
    pairing.testing.laws.CounterExample: <lambda> on 2012-03-09: ...

    Raises `ArgumentError` for what is no function, and no policy.
    """
    if not callable(relaying):
        raise ArgumentError("bad-type", f"wanted a function, got {shown(relaying)}", "relaying")
    asked = st.sampled_from(_POLICIES) if policy is None else st.just(of_type("policy", policy, Policy))
    few = asked.flatmap(lambda it: scenes(policy=it, max_helpers=3, max_households=3, max_batches=2, max_changes=2))
    found = smallest(few, lambda scene: faults_of_relay(relaying, scene), max_examples, seed)
    if found is not None:
        fault, scene = found
        name = masked(getattr(relaying, "__name__", "relay"))
        on = min((change.on for change in scene.changes), default=None)
        raise counterexample(f"{name} on {on}" if on else name, fault, _lines_of(scene)) from None


def _lines_of(scene: Scene) -> Iterator[str]:
    """Tell a scene: the rules that are not as plain as can be, the roster, what is recorded, what happens."""
    policy = scene.policy
    yield from map(told, policy.helpers)
    yield from (told(rule) for rule in policy.households if rule.quota != Quota(1, 1))
    yield from (told(rule) for rule in (policy.handover, *policy.retirement) if rule != HandoverRules())
    yield from lines_of(scene.roster)
    yield from map(repr, scene.register)
    yield from (f"then {change!r}" for change in scene.changes)
