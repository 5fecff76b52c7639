"""Laws that a rule of your own must keep: each check takes the rule, and finds the smallest counterexample there is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

import attrs
from attrs import evolve
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from pairing.areas import Area
from pairing.auditing import audit
from pairing.criteria import CRITERIA, Kin, Scores
from pairing.errors import ArgumentError, PairingError, Problem, key, masked, shown
from pairing.people import Helper, Household, OwnLink, Pairing, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from pairing.testing.strategies import DAY, areas, helpers, households, plainest, rosters, units, whole_number

__all__ = [
    "CounterExample",
    "Fault",
    "check_criterion",
    "check_pairing",
    "check_policy",
    "counterexample",
    "lines_of",
    "smallest",
    "told",
]

_T = TypeVar("_T")
Fault = tuple[str, str]
"""The code of a law, and what was wanted and got."""


class CounterExample(PairingError, AssertionError):
    """A rule breaks a law; the message says which, on the smallest example that was found."""

    title = "laws"


# --- looking for the smallest example


def smallest(
    examples: st.SearchStrategy[_T], faults: Callable[[_T], Iterator[Fault]], max_examples: int, seed: int
) -> tuple[Fault, _T] | None:
    """Return the first law that is broken, with the smallest example that was found, or None.

    While the example is made smaller, it has to break the same law.
    """
    whole_number("max_examples", max_examples, 1)
    whole_number("seed", seed)
    seen: list[tuple[Fault, _T]] = []

    def breaks(example: _T) -> bool:
        found = next((fault for fault in faults(example) if not seen or fault[0] == seen[0][0][0]), None)
        if found is not None:
            seen.append((found, example))
        return found is not None

    quiet = settings(
        max_examples=max_examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    with suppress(NoSuchExample, Flaky):  # what is broken by chance only was seen, and is told
        find(examples, breaks, settings=quiet, random=Random(seed))
    return seen[-1] if seen else None


def told(thing: Any) -> str:
    """Return a value with all fields that are not their defaults; never a name.

    >>> told(Helper("h1", "u1", "clerk", skills=frozenset({"medicine"}), name="王秀英"))
    "Helper('h1', 'u1', 'clerk', skills={'medicine'})"
    """
    parts = []
    for at in attrs.fields(type(thing)):
        value = getattr(thing, at.name)
        if at.name == "name" or value == at.default:
            continue
        text = key(value) if at.name == "id" else _text(value)
        parts.append(text if at.default is attrs.NOTHING or at.name == "rank" else f"{at.name}={text}")
    return f"{type(thing).__name__}({', '.join(parts)})"


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return f"{{{', '.join(repr(item) for item in sorted(value))}}}"
    return str(value) if isinstance(value, date) else repr(value)


def counterexample(who: str, fault: Fault, lines: Iterable[str]) -> CounterExample:
    """Return the error that tells a broken law, with the example, line by line."""
    code, what = fault
    return CounterExample([Problem(code, "\n  ".join([f"{who}: {what}", *lines]))])


# --- criteria


class _Meeting(NamedTuple):
    """Two helpers and two households, as a criterion may meet them, and where."""

    helper: Helper
    household: Household
    other_helper: Helper
    other_household: Household
    unit: Unit
    village: Area

    def lines(self, code: str) -> Iterator[str]:
        """Tell whom the law is about."""
        two = code == "criterion-interchangeable"
        yield from map(told, (self.helper, self.other_helper)[: 1 + two])
        yield from map(told, (self.household, self.other_household)[: 1 + two])


class _Turned(frozenset[Any]):
    """The same set, whose items come in the opposite order."""

    def __iter__(self) -> Iterator[Any]:
        return iter(list(super().__iter__())[::-1])

    def _as_turned(name: str) -> Any:  # type: ignore[misc]  # noqa: N805
        def turned(self: "_Turned", *others: Any) -> Any:
            found = getattr(frozenset, name)(self, *others)
            return _Turned(found) if isinstance(found, frozenset) else found

        return turned

    __and__, __rand__, __or__, __ror__ = map(_as_turned, ("__and__", "__rand__", "__or__", "__ror__"))
    __sub__, __xor__ = map(_as_turned, ("__sub__", "__xor__"))
    intersection, union, difference = map(_as_turned, ("intersection", "union", "difference"))


def _turned(thing: _T) -> _T:
    """Return the same helper or household, each of whose sets comes in the opposite order."""
    some: Any = thing
    sets = {at.name: getattr(some, at.name) for at in attrs.fields(type(some))}
    found: _T = evolve(some, **{name: _Turned(value) for name, value in sets.items() if isinstance(value, frozenset)})
    return found


_read: list[str] = []
"""Which of the names and ids were read while a criterion was watched."""


class _WatchedHelper(Helper):
    def __getattribute__(self, name: str) -> Any:
        if name in ("name", "id"):
            _read.append(f"the {name} of the helper")
        return super().__getattribute__(name)


class _WatchedHousehold(Household):
    def __getattribute__(self, name: str) -> Any:
        if name in ("name", "id"):
            _read.append(f"the {name} of the household")
        return super().__getattribute__(name)


def _watched(thing: Any, kind: type[Any]) -> Any:
    return kind(**{at.name: getattr(thing, at.name) for at in attrs.fields(type(thing))})


class _Broken(Exception):
    """A law is broken; never seen outside."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(code, what)
        self.fault = code, what


def _called(what: str, function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except Exception as error:
        raise _Broken("criterion-raised", f"wanted {what}, got {type(error).__name__}{_where(error)}") from None


def _where(error: Exception) -> str:
    """Return the line of the function that was called, where it is known; never what the error says."""
    step = error.__traceback__ and error.__traceback__.tb_next
    if not step:
        return ""
    file = step.tb_frame.f_code.co_filename
    return f" at line {step.tb_lineno}" + ("" if file.startswith("<") else f" of {Path(file).name}")


def _readings(criterion: Scores, helper: Helper, household: Household, unit: Unit, village: Area) -> tuple[Any, ...]:
    found = [
        _called("a reading of the helper", criterion.helper, helper),
        _called("a reading of the household", criterion.household, household),
    ]
    if criterion.link is not None:
        found.append(_called("a reading of unit and village", criterion.link, unit, village))
    return tuple(found)


_SIDES = ("helper", "household", "unit and village")


def _equal(one: Any, other: Any) -> bool:
    try:
        return hash(one) == hash(other) and bool(one == other)
    except Exception:
        return False


def _same(code: str, how: str, one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    for side, before, after in zip(_SIDES, one, other, strict=False):
        if not _equal(before, after):
            raise _Broken(code, f"wanted the {side} to be read the same {how}, got two different readings")


def _scored(criterion: Scores, readings: tuple[Any, ...]) -> int | None:
    score = _called("a score", criterion.score, *readings)
    if score is not None and type(score) is not int:
        raise _Broken("criterion-score", f"wanted a whole number or None as a score, got {shown(score)}")
    return score


def _steady(criterion: Scores, readings: tuple[Any, ...], score: int | None) -> None:
    if _scored(criterion, readings) != score:
        raise _Broken("criterion-unstable", "wanted the same readings to be scored the same twice, got two scores")


def _hashed(readings: tuple[Any, ...]) -> None:
    for side, reading in zip(_SIDES, readings, strict=False):
        if not _equal(reading, reading):
            wanted = f"wanted the {side} to be read as a value that can be hashed and compared"
            raise _Broken("criterion-reading", f"{wanted}, got {shown(reading)}")


def _faults_of_criterion(criterion: Scores, meeting: _Meeting) -> Iterator[Fault]:
    """Yield the first law that a criterion breaks on a meeting."""
    helper, household, other_helper, other_household, unit, village = meeting
    place = unit, village
    try:
        readings = _readings(criterion, helper, household, *place)
        _hashed(readings)
        _same("criterion-unstable", "twice", readings, _readings(criterion, helper, household, *place))
        score = _scored(criterion, readings)
        _steady(criterion, readings, score)
        others = _readings(criterion, other_helper, other_household, *place)
        with suppress(Exception):  # another example has them first, and is told of
            criterion.score(*others)
        _steady(criterion, readings, score)
        turned = _readings(criterion, _turned(helper), _turned(household), *place)
        _same("criterion-order", "in whatever order its sets come", readings, turned)
        if _scored(criterion, turned) != score:
            _steady(criterion, readings, score)  # what changes with each call is no matter of order
            raise _Broken("criterion-order", "wanted the same score in whatever order sets come, got another")
        for n, (mine, theirs) in enumerate(zip(readings[:2], others[:2], strict=True)):
            if _equal(mine, theirs) and _scored(criterion, (*readings[:n], theirs, *readings[n + 1 :])) != score:
                _steady(criterion, readings, score)
                raise _Broken(
                    "criterion-interchangeable", f"wanted one score where {_SIDES[n]}s are read alike, got two"
                )
        _read.clear()
        watched = _watched(helper, _WatchedHelper), _watched(household, _WatchedHousehold)
        _read.clear()
        _scored(criterion, _readings(criterion, *watched, *place))
        if _read:
            raise _Broken("criterion-names", f"wanted no name or id of a person to be read, got {_read[0]}")
    except _Broken as broken:
        yield broken.fault


def _fault_of_two(criterion: Scores) -> tuple[Fault, _Meeting] | None:
    """Return what is wrong where one field of the helper, and one of the household, is not as simple as can be.

    All pairs of their values are tried, so that what goes wrong for one pair only is not left to chance.
    """
    (someone, *_), (home, *_) = sides = plainest(Helper), plainest(Household)
    place = Unit("u1", "village", "v1"), Area("v1", "上坪村", "village")
    firsts: dict[Any, Helper] = {}
    seconds: dict[Any, Household] = {}
    pair_ = someone, home
    try:
        for pair_ in [*((it, home) for it in sides[0]), *((someone, it) for it in sides[1])]:
            readings = _readings(criterion, *pair_, *place)
            _hashed(readings)
            firsts.setdefault(readings[0], pair_[0])
            seconds.setdefault(readings[1], pair_[1])
        for mine, theirs in product(firsts, seconds):
            pair_ = firsts[mine], seconds[theirs]
            _scored(criterion, (mine, theirs, *readings[2:]))
    except _Broken as broken:
        return broken.fault, _Meeting(*pair_, *pair_, *place)
    return None


def check_criterion(criterion: Scores, *, max_examples: int = 200, seed: int = 0) -> None:
    """Look for people on whom a criterion breaks a law, and raise `CounterExample` with the smallest that was found.

    - "criterion-raised": reading and scoring never raise; the error's type is told, and the line, not what it says.
    - "criterion-reading": a reading can be hashed, and is equal to itself.
    - "criterion-unstable": the same person is read the same twice, and the same readings are scored the same.
    - "criterion-order": the order in which the items of a set come, which is another in each run, changes nothing.
    - "criterion-score": a score is a whole number or None.
    - "criterion-interchangeable": whoever is read alike is scored alike.
    - "criterion-names": neither name nor id of a person is read, so that renaming somebody changes nothing (law E3).

    The same seed gives the same examples.

    >>> from pairing.criteria import Criterion, SharedLanguage
    >>> check_criterion(SharedLanguage(weight=2), max_examples=50)
    >>> half = Criterion("half", lambda h: h.fit, lambda p: p.difficulty, lambda fit, hard: 0.5 if hard > 3 else 1)
    >>> check_criterion(half)
    Traceback (most recent call last):
    pairing.testing.laws.CounterExample: criterion 'half': wanted a whole number or None as a score, got 0.5
      Helper('h1', 'u1', 'clerk')
      Household('p1', 'v1', difficulty=4) [criterion-score]

    Raises `ArgumentError` for what is no criterion.
    """
    if isinstance(criterion, type):
        raise ArgumentError("bad-type", f"wanted a criterion, got the class {criterion.__name__} itself", "criterion")
    functions = {name: callable(getattr(criterion, name, None)) for name in ("helper", "household", "score")}
    lacking = [name for name in ("name", *functions, "link") if not functions.get(name, hasattr(criterion, name))]
    if lacking:
        without = f", without {', '.join(lacking)}" if len(lacking) < len(functions) + 2 else ""
        raise ArgumentError("bad-type", f"wanted a criterion, got {shown(criterion)}{without}", "criterion")
    meetings = st.builds(_Meeting, helpers(), households(), helpers(), households(), units(), areas(levels=["village"]))
    found = smallest(meetings, lambda it: _faults_of_criterion(criterion, it), max_examples, seed)
    found = found or _fault_of_two(criterion)
    if found is not None:
        fault, meeting = found
        who = f"criterion {masked(str(criterion.name))!r}"
        raise counterexample(who, fault, meeting.lines(fault[0])) from None


# --- policies, and pairing functions


def lines_of(roster: Roster) -> Iterator[str]:
    """Tell a roster: people, links, and pairs that are named."""
    for thing in (*roster.units, *roster.helpers, *roster.households, *roster.links, *roster.own_links, *roster.named):
        yield told(thing)


def _renamed(roster: Roster) -> Roster:
    """Return the roster with new ids and names for all persons, in the order of the old ids."""
    return evolve(
        roster,
        helpers=[evolve(it, id=f"x{it.id}", name="") for it in roster.helpers],
        households=[evolve(it, id=f"x{it.id}", name="") for it in roster.households],
        own_links=[evolve(it, helper=f"x{it.helper}") for it in roster.own_links],
        named=[evolve(it, helper=f"x{it.helper}", household=f"x{it.household}") for it in roster.named],
    )


def _pairs(pairings: Iterable[Pairing]) -> list[tuple[str, str]]:
    return sorted((pairing.helper, pairing.household) for pairing in pairings)


def _illegal(policy: Policy, roster: Roster, on: date, pairs: list[tuple[str, str]]) -> Iterator[Fault]:
    """Yield where pairs break law E1, read from policy and roster in the plainest way."""
    people, homes = {it.id: it for it in roster.helpers}, {it.id: it for it in roster.households}
    excluded = {(it.helper, it.household) for it in roster.named if it.rule == "excluded"}
    for pair_, times in Counter(pairs).items():
        who = f"helper {key(pair_[0])}, household {key(pair_[1])}"
        helper, household = people.get(pair_[0]), homes.get(pair_[1])
        if helper is None or household is None:
            yield "pairing-unknown", f"{who}: wanted ids of the roster, got another"
            continue
        if times > 1:
            yield "pairing-twice", f"{who}: wanted the pair once, got it {times} times"
        if household.village not in roster.may_go_to(helper):
            yield "pairing-outside-links", f"{who}: wanted a pair within the links, got one in {key(household.village)}"
        if pair_ in excluded:
            yield "pairing-excluded", f"{who}: wanted no pair, as it is excluded, got one"
        for what, span in (("service", helper.service), ("registration", household.registered)):
            if span is not None and on not in span:
                yield "pairing-absent", f"{who}: wanted a day of the {what}, got {on}"
        if not helper.fit:
            yield "pairing-unfit", f"{who}: wanted a helper who is fit, got one who is not"
    for id, load in Counter(helper for helper, _ in set(pairs)).items():
        if id not in people:
            continue
        at = policy.helper_rule(people[id], roster.unit(people[id].unit))
        rule = None if at is None else policy.helpers[at]
        most = 0 if rule is None else rule.quota.ceiling
        if most is not None and load > most and not (rule and rule.soft):
            yield "pairing-above-ceiling", f"helper {key(id)}: wanted at most {most} households, got {load}"


def _faults_of_pairing(pairing: Any, policy: Policy, roster: Roster, on: date) -> Iterator[Fault]:
    """Yield which laws a pairing function breaks."""
    try:
        first, again = ([*_rows_of(pairing(policy, roster, on=on))] for _ in range(2))
        other = [*_rows_of(pairing(policy, _renamed(roster), on=on))]
    except Exception as error:
        yield "pairing-raised", f"wanted pairings, got {type(error).__name__}"
        return
    illegal = list(_illegal(policy, roster, on, _pairs(first)))
    yield from illegal
    if _pairs(first) != _pairs(again):
        yield "pairing-unstable", "wanted the same pairings twice, got others"
    if _pairs(other) != [(f"x{helper}", f"x{household}") for helper, household in _pairs(first)]:
        yield "pairing-names", "wanted the same pairings after all are renamed in the same order, got others"
    if not illegal:
        yield from _short(policy, roster, on, _pairs(first))


def _short(policy: Policy, roster: Roster, on: date, pairs: list[tuple[str, str]]) -> Iterator[Fault]:
    """Yield where pairs leave more to be wished for than a plan that is proved to be the best (law E2)."""
    best = pair(policy, roster, on=on)
    best.verify()
    rules = [(it, policy.helper_rule(it, roster.unit(it.unit))) for it in roster.helpers]
    roles = {it.id: policy.helpers[at].role for it, at in rules if at is not None}
    locked = {(it.helper, it.household) for it in roster.named if it.rule == "locked"}
    for id, household in sorted(locked - set(pairs)):
        if (id, household) in _pairs(best.pairings):
            yield "pairing-locked", f"helper {key(id)}, household {key(household)}: wanted the locked pair, got none"
            return
    mine = evolve(best, pairings=tuple(Pairing(*both, roles[both[0]]) for both in pairs)).values
    wanted = {name: most for name, most in best.values.items() if name in _MISSING}
    for name, most in wanted.items():
        if mine[name] != most:
            few = f"at most {most}" if most else "none"
            yield "pairing-short", f"wanted {few} of the {_MISSING[name]} to be missing, got {mine[name]}"
            return


_MISSING = {
    "helpers missing": "helpers that are due to households",
    "households missing": "households that are due to helpers",
}


_POLICIES = (
    Policy("one each", (HelperRule(Quota(1, 1)),)),
    Policy("up to three", (HelperRule(Quota(2, 3)),), (HouseholdRule(Quota(1, 2)),)),
    Policy("in principle", (HelperRule(Quota(1, 1), soft=True),)),
    Policy("by rank", (HelperRule(Quota(3), ranks=("bureau",)), HelperRule(Quota(0, 2))), criteria=(Kin(),)),
)
"""Under which a pairing function is tried, where no policy is given: a few, so that what is found is small at once."""


def _rows_of(found: Plan | Iterable[Pairing]) -> Iterable[Pairing]:
    return found.pairings if isinstance(found, Plan) else found


def check_pairing(
    pairing: Callable[..., Plan | Iterable[Pairing]],
    *,
    policy: Policy | None = None,
    max_examples: int = 60,
    seed: int = 0,
) -> None:
    """Look for a roster on which a pairing function of your own breaks a law, and raise `CounterExample` with it.

    The function takes policy, roster and `on`, as `pair` does, and returns a plan or pairings.  Without a `policy` it
    is tried under several.

    - "pairing-raised", "pairing-unknown", "pairing-unstable": it gives pairings of the roster, twice the same.
    - Law E1: "pairing-twice", "pairing-outside-links", "pairing-above-ceiling", "pairing-excluded", "pairing-absent"
      and "pairing-unfit".
    - Law E2: "pairing-short", where fewer helpers or households could be missing, in the order of the policy's aims;
      "pairing-locked", where a locked pair is left out.  Held against the library's plan, whose proof is verified.
    - Law E3: "pairing-names", where the persons get new names in the order of the old.

    >>> from pairing.proposing import pair
    >>> check_pairing(pair, max_examples=5)
    """
    if not callable(pairing):
        raise ArgumentError("bad-type", f"wanted a function, got {shown(pairing)}", "pairing")
    asked = st.sampled_from(_POLICIES) if policy is None else st.just(_policy(policy))
    cases = asked.flatmap(_cases)
    found = smallest(cases, lambda it: _faults_of_pairing(pairing, *it), max_examples, seed)
    if found is not None:
        fault, (under, roster, on) = found
        rules = (told(rule) for rule in under.helpers)
        name = masked(getattr(pairing, "__name__", "pairing"))
        raise counterexample(f"{name} on {on}", fault, [*rules, *lines_of(roster)]) from None


def _policy(policy: Policy) -> Policy:
    if not isinstance(policy, Policy):
        raise ArgumentError("bad-type", f"wanted a Policy, got {shown(policy)}", "policy")
    return policy


def _cases(policy: Policy) -> st.SearchStrategy[tuple[Policy, Roster, date]]:
    """A policy, a roster, and a day on which the policy is in force."""
    days = [version.effective or DAY for version in policy.versions]
    days += [day + timedelta(200) for day in days]
    last = policy.versions[-1].until
    inside = [day for day in days if last is None or day < last]
    days_of = st.sampled_from(inside or [(last or DAY) - timedelta(1)])
    return days_of.flatmap(lambda on: st.tuples(st.just(policy.at(on)), _rosters_of(policy, on), st.just(on)))


def _rosters_of(policy: Policy, on: date) -> st.SearchStrategy[Roster]:
    """Rosters, in half of which each helper may go to fewer villages than the one before.

    There whoever is paired without looking ahead takes the only household that somebody else may have.
    """
    return rosters(policy=policy, on=on) | rosters(policy=policy, on=on, min_helpers=2, min_households=2).map(_nested)


def _nested(roster: Roster) -> Roster:
    villages = [area.code for area in roster.areas if area.level == "village"]
    if any(it.rule == "locked" for it in roster.named):
        return roster
    own = [
        OwnLink(it.id, code) for n, it in enumerate(roster.helpers) for code in villages[: max(1, len(villages) - n)]
    ]
    homes = [evolve(it, village=villages[n % len(villages)]) for n, it in enumerate(roster.households)]
    return evolve(roster, households=homes, own_links=own)


_SHORT = {
    "households": {"household-without-helper", "household-below-floor"},
    "helpers": {"helper-without-household", "below-floor"},
}
_NOT_SHORT = {"below-floor-in-principle", "above-ceiling-in-principle", "same-name"}


def _faults_of_policy(policy: Policy, roster: Roster, on: date) -> Iterator[Fault]:
    """Yield which laws a policy breaks on a roster."""
    try:
        plan = pair(policy, roster, on=on)
    except PairingError as error:
        yield "policy-raised", f"wanted a plan, got {error.code}: {error.problems[0].message}"
        return
    try:
        plan.verify()
    except PairingError as error:
        yield "policy-not-proved", f"wanted a plan that the checker accepts, got {error.problems[0].message}"
    yield from _illegal(plan.policy, plan.roster, on, _pairs(plan.pairings))
    codes = {finding.code for finding in audit(policy, plan.roster, plan, on=on)} - _NOT_SHORT
    said = {code for shortfall in plan.shortfalls for code in _SHORT[shortfall.side]}
    if codes - said:
        yield (
            "policy-audit",
            f"wanted no finding but what the plan says is short, got {', '.join(sorted(codes - said))}",
        )
    other = pair(policy, _renamed(roster), on=on)
    if _pairs(other.pairings) != [(f"x{helper}", f"x{household}") for helper, household in _pairs(plan.pairings)]:
        yield "policy-names", "wanted the same pairings after all are renamed in the same order, got others"


def check_policy(policy: Policy, *, max_examples: int = 60, seed: int = 0) -> None:
    """Look for a roster on which a policy breaks a law, and raise `CounterExample` with the smallest that was found.

    The rosters have the ranks, posts, skills, needs and statuses that the policy names, and are of days on which a
    version of it is in force.

    - "policy-raised": everybody can be paired under it; a criterion that is no function of what it reads shows here.
    - "policy-not-proved": each plan is accepted by the independent checker (law E2).
    - "pairing-...": each plan is legal (law E1), as `check_pairing` says.
    - "policy-audit": an audit finds nothing but what the plan says is short.
    - "policy-names": renaming all in the same order changes nothing (law E3).
    - "policy-dict": `Policy.from_dict` gives back what `to_dict` gave (law B1); not for criteria of your own, which
      are code.

    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule
    >>> check_policy(Policy("ours", (HelperRule(Quota(1, 3)),)), max_examples=10)
    """
    _policy(policy)
    ours = all(type(it) in CRITERIA.values() for version in policy.versions for it in version.criteria)
    if ours and Policy.from_dict(policy.to_dict()) != policy:
        fault = "policy-dict", "wanted the same policy from what to_dict gives, got another"
        raise counterexample(f"policy {policy.name!r}", fault, ())
    found = smallest(_cases(policy), lambda it: _faults_of_policy(*it), max_examples, seed)
    if found is not None:
        fault, (_, roster, on) = found
        raise counterexample(f"policy {policy.name!r} on {on}", fault, lines_of(roster)) from None
