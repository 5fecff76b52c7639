"""Scenes in which households pass on, and the checks of relays and of ways of pairing that are built on them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st

import pairing as pr
from pairing import testing
from pairing.deeds import RECORDED
from pairing.entries import Entry, Refill
from pairing.errors import ArgumentError
from pairing.testing import CounterExample, Scene, check_pairing, check_policy, check_relay
from pairing.testing.recorded import CHANGES
from pairing.testing.relay_laws import faults_of_relay

QUICK = settings(
    database=None, deadline=None, phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck)
)
DAY = date(2012, 2, 8)
LEFT = date(2012, 3, 9)
ROSTER = pr.Roster(
    pr.AreaTree([pr.Area("v1", "上坪村", "village"), pr.Area("v2", "下坪村", "village")]),
    [pr.Unit("u1", "county", "v1"), pr.Unit("u2", "county", "v1"), pr.Unit("u3", "county", "v1")],
    [pr.Helper(f"h{n}", f"u{1 + n % 2}", "clerk") for n in range(1, 5)],
    [pr.Household(f"p{n}", f"v{1 + n % 2}") for n in range(1, 7)],
    [pr.Link("u1", "v1"), pr.Link("u2", "v1"), pr.Link("u2", "v2")],
)


def drawn(strategy: st.SearchStrategy[Any], many: int) -> list[Any]:
    """Return what a strategy gives from each of four seeds, always the same."""
    found: list[Any] = []

    @settings(QUICK, max_examples=many)
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    for number in (1, 2, 3, 4):
        seed(number)(take)()
    return found


# --- strategies


def test_every_kind_of_entry_comes_up_in_registers() -> None:
    """Among some hundreds of registers of a roster each kind of entry that there is has been recorded."""
    kinds = Counter(type(entry) for register in drawn(testing.registers(roster=ROSTER), 60) for entry in register)
    assert set(kinds) == RECORDED


def test_households_change_hands_in_scenes() -> None:
    """Among some hundreds of scenes each kind of change comes up, and relays pass on households in many ways."""
    kinds: Counter[type[Entry]] = Counter()
    seen: Counter[str] = Counter()
    for scene in drawn(testing.scenes(), 60):
        kinds.update({type(change) for change in scene.changes})
        handover = pr.relay(*scene)
        scene.register.record(*handover.entries())
        seen["passings"] += bool(handover.passings)
        seen["vacancies"] += bool(handover.vacancies)
        seen["duties"] += bool(handover.duties)
        seen["changes"] += bool(handover.values["changes"])
        seen["volunteers"] += bool(handover.values["volunteers"])
        seen.update({passing.why for passing in handover.passings})
        seen.update({type(entry).__name__ for entry in handover.entries()})
    assert set(kinds) == set(CHANGES)
    assert min(seen["passings"], seen["vacancies"]) >= 30
    assert seen["duties"] >= 10
    assert min(seen["changes"], seen["volunteers"], seen["Retirement"], seen["Relapse"], seen["Split"]) >= 1
    assert min(seen["HandedOver"], seen["VacancyOpened"], seen["Released"], seen["DutyOpened"], seen["Merger"]) >= 2


def test_some_take_over_jointly_in_scenes() -> None:
    """Where a household may have two helpers, some households go to two who have asked for them."""
    relays = [pr.relay(*scene) for scene in drawn(testing.scenes(policy=OURS, max_batches=0, max_changes=1), 25)]
    assert sum(any(len(passing.takers) > 1 for passing in handover.passings) for handover in relays) >= 2


def test_a_scene_in_which_somebody_hands_over_shrinks_to_a_tiny_one() -> None:
    """The smallest scene with a handover has a household, somebody who retires, and one colleague."""
    found = find(testing.scenes(), lambda scene: len(pr.relay(*scene).passings) > 0, settings=QUICK)
    assert repr(found.roster) == "Roster(1 areas, 1 units, 2 helpers, 1 households, 1 links, 0 named pairs)"
    assert repr(list(found.register)) == "[Paired('h1', 'p1', on=2012-02-08)]"
    assert repr(found.changes) == "(Retirement('h1', on=2012-03-09),)"


# --- relays

Answering = Callable[[Entry, Scene], Iterable[Entry]]


def answering(change: Answering) -> Callable[..., tuple[Entry, ...]]:
    """Return the library's relay, each of whose entries is made into others."""

    def ours(*scene: Any) -> tuple[Entry, ...]:
        return tuple(other for line in pr.relay(*scene).entries() for other in change(line, Scene(*scene)))

    return ours


def nobody(line: Entry, scene: Scene) -> Iterable[Entry]:
    """Nobody takes over."""
    if isinstance(line, pr.HandedOver):
        unit = scene.roster.helper(line.giver).unit
        yield pr.VacancyOpened(line.household, "chosen", unit, line.giver, line.role, on=line.on)
    else:
        yield line


def test_a_relay_that_leaves_vacancies_is_found() -> None:
    """A relay that asks nobody is told with the smallest scene: one retires, and one colleague has room."""
    with pytest.raises(CounterExample) as caught:
        check_relay(answering(nobody))
    assert str(caught.value) == (
        "ours on 2012-03-09: wanted no vacancy, got 1: p1\n"
        "  HelperRule(Quota(floor=0, ceiling=2))\n"
        "  Unit('u1', 'village', 'v1')\n"
        "  Helper('h1', 'u1', 'clerk')\n"
        "  Helper('h2', 'u1', 'clerk')\n"
        "  Household('p1', 'v1')\n"
        "  Link('u1', 'v1')\n"
        "  Paired('h1', 'p1', on=2012-02-08)\n"
        "  then Retirement('h1', on=2012-03-09) [relay-L1]"
    )


def test_the_relay_of_the_library_passes() -> None:
    """No counterexample is found to the library's own relay, under the policies at hand and under a programme."""
    check_relay(max_examples=40)
    check_relay(pr.relay, policy=pr.programme("panjin-2010"), max_examples=8, seed=3)


COUNTS = iter(range(10_000))


def again(line: Entry, scene: Scene) -> Iterable[Entry]:
    """Each answer is another."""
    yield line
    if isinstance(line, pr.Retirement):
        yield pr.Offer("h3", on=line.on, id=str(next(COUNTS)))


def first(line: Entry, scene: Scene) -> Iterable[Entry]:
    """The same helper takes over everything."""
    yield evolve(line, takers=("h2",)) if isinstance(line, pr.HandedOver) else line


def far(line: Entry, scene: Scene) -> Iterable[Entry]:
    """Somebody takes over who has no link."""
    yield evolve(line, takers=("h4",)) if isinstance(line, pr.HandedOver) else line


def gap(line: Entry, scene: Scene) -> Iterable[Entry]:
    """The giver is released, and nobody follows."""
    if isinstance(line, pr.HandedOver):
        yield pr.Released(line.giver, line.household, "gone", line.role, "gone", on=line.on)
    else:
        yield line


def longer(line: Entry, scene: Scene) -> Iterable[Entry]:
    """The giver stays on for a month."""
    yield evolve(line, until=line.on + timedelta(30)) if isinstance(line, pr.HandedOver) else line


def one_later(line: Entry, scene: Scene) -> Iterable[Entry]:
    """Of several takers the second begins a week later."""
    if isinstance(line, pr.HandedOver):
        line, *others = (evolve(line, takers=(taker,)) for taker in line.takers)
        yield from (pr.Paired(it.takers[0], it.household, it.role, on=it.on + timedelta(7)) for it in others)
    yield line


def no_duties(line: Entry, scene: Scene) -> Iterable[Entry]:
    """Duties stay with the giver."""
    if not isinstance(line, pr.DutyPassed):
        yield line


def others(line: Entry, scene: Scene) -> Iterable[Entry]:
    """A household of somebody else changes hands as well."""
    yield line
    if isinstance(line, pr.HandedOver):
        yield pr.HandedOver("p2", "h2", ("h3",), on=line.on)


def more(line: Entry, scene: Scene) -> Iterable[Entry]:
    """A unit gets a new name by the way."""
    yield line
    if isinstance(line, pr.Retirement):
        yield pr.Renaming("u1", "new", on=line.on)


RULES = (pr.HelperRule(pr.Quota(0, 2)),)
OURS = pr.Policy("ours", RULES, (pr.HouseholdRule(pr.Quota(1, 2)),))
OLD = pr.Helper("h3", "u1", "clerk", service=pr.Span(date(2000, 1, 1), date(2012, 12, 1)))


def scene_of(change: pr.Change, *register: Entry, aged: bool = False) -> Scene:
    """Return a scene with three colleagues, and one of another unit that has no link."""
    young = pr.Helper("h3", "u1", "clerk")
    helpers = [pr.Helper("h1", "u1", "clerk"), pr.Helper("h2", "u1", "clerk"), OLD if aged else young,
               pr.Helper("h4", "u3", "clerk")]  # fmt: skip
    homes = [pr.Household(f"p{n}", "v1") for n in (1, 2, 3)]
    roster = pr.Roster(ROSTER.areas, ROSTER.units, helpers, homes, [pr.Link("u1", "v1")])
    held = (pr.Paired("h1", "p1", on=DAY), pr.Paired("h2", "p2", on=DAY))
    return Scene(OURS, roster, pr.Register().record(*held, *register), (change,))


RETIRES, MOVES = pr.Retirement("h1", on=LEFT), pr.Transfer("h1", "u2", on=LEFT)
OFFERS = pr.Offer("h2", None, "h1", on=DAY), pr.Offer("h3", None, "h1", on=DAY)
OWES = pr.DutyOpened("d-1", "p1", "h1", "measure", on=DAY)

PLANTED = [
    (again, scene_of(RETIRES), "relay-unstable: wanted the same entries twice, got others"),
    (no_duties, scene_of(RETIRES, OWES),
     "relay-R1: wanted entries that the register accepts, got duty-left: helper 'h1': wanted duty 'd-1' to household "
     "'p1' passed on or closed by 2012-03-09, when the service ends, got it open"),
    (first, scene_of(RETIRES, pr.Paired("h2", "p3", on=DAY)),
     "relay-E1: helper 'h2': wanted at most 2 households, got 3"),
    (far, scene_of(RETIRES), "relay-E1: helper 'h4', household 'p1': wanted a taker within the links, got one in 'v1'"),
    (nobody, scene_of(RETIRES), "relay-L1: wanted no vacancy, got 1: p1"),
    (others, scene_of(RETIRES), "relay-L1: wanted no household of others to change hands, got 1: p2"),
    (gap, scene_of(MOVES), "relay-L2: household 'p1' on 2012-03-09: wanted a helper or a vacancy, got neither"),
    (longer, scene_of(MOVES), "relay-L2: household 'p1': wanted the giver to stay on for 0 days at most, got 30"),
    (one_later, scene_of(RETIRES, *OFFERS),
     "relay-L3: household 'p1': wanted all who take over to begin on one day, got 2012-03-09 and 2012-03-16"),
    (no_duties, scene_of(MOVES, OWES),
     "relay-L4: duty 'd-1' to household 'p1': wanted it to pass on with the household, got helper 'h1' still"),
    (more, scene_of(pr.Retirement("h4", on=LEFT)),
     "relay-L6: wanted nothing but the changes, as nobody has to be handed over, got Renaming('u1', 'new', "
     "on=2012-03-09)"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "scene", "told"), PLANTED)
def test_a_planted_fault_of_a_relay_breaks_its_law(fault: Answering, scene: Scene, told: str) -> None:
    """Each kind of fault breaks the law that it is about; without it, no law is broken."""
    assert list(faults_of_relay(pr.relay, scene)) == []
    assert ": ".join(next(faults_of_relay(answering(fault), scene))) == told


def test_a_taker_who_leaves_soon_is_told() -> None:
    """Where a colleague stays in the service, nobody is to take over who leaves soon."""
    scene = scene_of(RETIRES, aged=True)

    def late(policy: pr.Policy, roster: pr.Roster, register: pr.Register, changes: Any) -> Any:
        lines = pr.relay(policy, roster, register, changes).entries()
        return [evolve(line, takers=("h3",)) if isinstance(line, pr.HandedOver) else line for line in lines]

    assert list(faults_of_relay(pr.relay, scene)) == []
    wanted = "household 'p1': wanted a taker who stays in the service, got helper 'h3', who leaves soon"
    assert list(faults_of_relay(late, scene)) == [("relay-L7", wanted)]


def test_what_is_no_answer_at_all_is_told() -> None:
    """A relay that raises, one that answers where nothing happens, and one that forgets the change are told."""
    scene = scene_of(RETIRES)
    raising = ("relay-raised", "wanted entries, got ZeroDivisionError")
    assert list(faults_of_relay(lambda *_: 1 // 0, scene)) == [raising]
    always = [pr.Renaming("u1", "new", on=LEFT), *pr.relay(*scene).entries()]
    nothing = ("relay-L6", f"wanted no entries where nothing happens, got {len(always)}")
    assert next(faults_of_relay(lambda *_: always, scene)) == nothing
    lacking = ("relay-R1", "wanted the change to be among the entries, got all but Retirement('h1', on=2012-03-09)")
    assert list(faults_of_relay(lambda *_: (), scene)) == [lacking]
    assert Refill in CHANGES


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: check_relay(5), "relaying: wanted a function, got 5 [bad-type]"),  # type: ignore[arg-type]
        (lambda: check_relay(policy="ours"), "policy: wanted a Policy, got 'ours' [bad-type]"),  # type: ignore[arg-type]
        (lambda: testing.scenes(max_helpers=1), "max_helpers: wanted a whole number from 2, got 1 [bad-number]"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused(call: Callable[[], object], text: str) -> None:
    """A wrong argument raises an ArgumentError, at once."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == text


# --- pairings, against what is counted by hand

ONE = pr.Policy("one each", (pr.HelperRule(pr.Quota(0, 1)),))


def allowed(roster: pr.Roster, on: date) -> list[tuple[str, str]]:
    """Return all pairs that may be made, the plainest way."""
    excluded = {(it.helper, it.household) for it in roster.named if it.rule == "excluded"}
    return [
        (helper.id, home.id)
        for helper in roster.helpers
        for home in roster.households
        if helper.fit
        and home.village in roster.may_go_to(helper)
        and (helper.id, home.id) not in excluded
        and all(span is None or on in span for span in (helper.service, home.registered))
    ]


def greedy(policy: pr.Policy, roster: pr.Roster, *, on: date) -> list[pr.Pairing]:
    """Give each helper the first household that is left."""
    found: dict[str, str] = {}
    for helper, home in allowed(roster, on):
        if helper not in found and home not in found.values():
            found[helper] = home
    return [pr.Pairing(*both) for both in found.items()]


def exact(policy: pr.Policy, roster: pr.Roster, *, on: date) -> list[pr.Pairing]:
    """Look at all sets of pairs in which nobody is twice, and take one of the largest, with the most locked pairs."""
    locked = {(it.helper, it.household) for it in roster.named if it.rule == "locked"}
    pairs = allowed(roster, on)
    for size in range(min(len(roster.helpers), len(roster.households)), 0, -1):
        sets = [
            some
            for some in combinations(pairs, size)
            if all(len(set(side)) == size for side in zip(*some, strict=True))
        ]
        if sets:
            return [pr.Pairing(*both) for both in max(sets, key=lambda some: len(locked & set(some)))]
    return []


def test_a_pairing_that_does_not_look_ahead_is_found() -> None:
    """Whoever takes the first household that is left leaves another without a helper: the smallest roster is told."""
    with pytest.raises(CounterExample) as caught:
        check_pairing(greedy, policy=ONE, max_examples=100)
    assert str(caught.value) == (
        "greedy on 2012-02-08: wanted none of the helpers that are due to households to be missing, got 1\n"
        "  HelperRule(Quota(floor=0, ceiling=1))\n"
        "  Unit('u1', 'village', 'v1')\n"
        "  Helper('h1', 'u1', 'clerk')\n"
        "  Helper('h2', 'u1', 'clerk')\n"
        "  Household('p1', 'v1')\n"
        "  Household('p2', 'v2')\n"
        "  OwnLink('h1', 'v1')\n"
        "  OwnLink('h1', 'v2')\n"
        "  OwnLink('h2', 'v1') [pairing-short]"
    )


def test_a_pairing_that_looks_at_everything_passes() -> None:
    """No counterexample is found to a search of all sets of pairs."""
    check_pairing(exact, policy=ONE, max_examples=30)


def test_a_policy_that_cannot_be_paired_is_told_in_full() -> None:
    """A policy whose criterion fails is told with the roster that shows it, and no name."""
    bad = pr.Criterion("by post", lambda h: h.post.startswith("s"), lambda p: 0, lambda a, b: 0)  # type: ignore[union-attr]
    with pytest.raises(CounterExample) as caught:
        check_policy(pr.Policy("ours", (pr.HelperRule(pr.Quota(1, 1)),), criteria=(bad,)))
    assert str(caught.value) == (
        "policy 'ours' on 2012-02-08: wanted a plan, got criterion-raised: "
        "criterion 'by post': reading a helper raised AttributeError\n"
        "  Unit('u1', 'village', 'v1')\n"
        "  Helper('h1', 'u1', 'clerk') [policy-raised]"
    )
