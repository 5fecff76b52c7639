"""The handover itself: proposed, accepted or declined, visited together, completed, or lapsed."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.entries import STEPS, Offer, Paired, Retirement, Step
from pairing.errors import ArgumentError
from pairing.handover import relay
from pairing.people import Helper, Household, Link, Unit
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HandoverRules, HelperRule
from pairing.steps import NEXT, Progress, late_handovers, progress

POLICY = Policy("ours", (HelperRule(Quota(0, 2)),), handover=HandoverRules(deadline=10))
DAY = date(2013, 6, 30)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def at(register: Register, day: date, household: str = "h") -> Progress:
    return progress(POLICY, register.view(on=day), household)


def test_a_handover_goes_from_its_proposal_to_its_completion() -> None:
    """Proposed, accepted, visited together, completed: each step is recorded, and moves nobody by itself."""
    register = Register().record(Paired("ann", "h", on=date(2012, 2, 8)))
    register = register.record(at(register, DAY).propose(["bo", "cy"], giver="ann", on=DAY))
    register = register.record(at(register, after(1)).accept(on=after(1)))
    register = register.record(at(register, after(2)).visit(on=after(2)))
    register = register.record(at(register, after(3)).complete(on=after(3)))
    assert [entry.step for entry in register.view(on=after(3)).steps("h")] == [
        "proposed",
        "accepted",
        "visited",
        "completed",
    ]
    now = at(register, after(3))
    assert (now.step, now.since, now.deadline, now.takers) == ("completed", after(3), None, ("bo", "cy"))
    assert [pairing.helper for pairing in register.view(on=after(3)).helpers_of("h")] == ["ann"]


def test_a_handover_that_is_not_completed_in_time_lapses() -> None:
    """Ten days after the proposal it is late; then it lapses, and takers may be proposed anew."""
    register = Register().record(at(Register(), DAY).propose(["bo"], on=DAY))
    register = register.record(at(register, after(1)).accept(on=after(1)))
    assert late_handovers(POLICY, register.view(on=after(10))) == ()
    (late,) = late_handovers(POLICY, register.view(on=after(11)))
    assert late == Progress("h", "accepted", after(1), after(10), None, ("bo",))
    register = register.record(late.lapse(on=after(11)))
    assert late_handovers(POLICY, register.view(on=after(30))) == ()
    assert at(register, after(12)).propose(["cy"], on=after(12)).takers == ("cy",)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda now: now.visit(on=after(1)),
            "step: household 'h': wanted one of accepted, declined, lapsed after proposed, got visited [bad-step]",
        ),
        (
            lambda now: now.accept(on=after(-1)),
            "on: household 'h': wanted a day from 2013-06-30, when it was proposed, got 2013-06-29 "
            "[dates-out-of-order]",
        ),
        (
            lambda now: now.accept(on=after(11)),
            "on: household 'h': wanted a day up to the deadline, 2013-07-10, got 2013-07-11 [past-deadline]",
        ),
        (
            lambda now: now.lapse(on=after(10)),
            "on: household 'h': wanted a day after the deadline, 2013-07-10, got 2013-07-10 [not-late]",
        ),
        (
            lambda now: now.decline("dai", on=after(1), reason="ill"),
            "takers: household 'h': wanted takers who were asked, got others [not-asked]",
        ),
    ],
)
def test_a_step_that_may_not_follow_is_refused(make: object, told: str) -> None:
    """The message names the household, what may follow, and what came."""
    register = Register().record(Step("h", "proposed", ["bo"], "ann", on=DAY))
    with pytest.raises(ArgumentError) as caught:
        make(at(register, after(11)))  # type: ignore[operator]
    assert str(caught.value) == told


def test_without_a_joint_visit_a_handover_is_completed_with_a_reason_only() -> None:
    """Where the giver cannot come any more, that is the reason; where nobody gave, none is needed."""
    accepted = Progress("h", "accepted", DAY, after(10), "ann", ("bo",))
    with pytest.raises(ArgumentError) as caught:
        accepted.complete(on=DAY)
    assert str(caught.value) == (
        "reason: household 'h': wanted a joint visit before the handover is completed, or a reason, got neither "
        "[no-joint-visit]"
    )
    assert accepted.complete(on=DAY, reason="the giver has died").step == "completed"
    assert Progress("h", "accepted", DAY, after(10), None, ("bo",)).complete(on=DAY).step == "completed"


def test_the_steps_of_one_day_may_come_in_any_order() -> None:
    """Rows of one day are read as they may follow one another, however they are shuffled."""
    words = ("proposed", "declined", "proposed", "accepted", "visited", "completed")
    steps = [Step("h", word, ["bo" if n < 2 else "cy"], "ann", on=DAY) for n, word in enumerate(words)]
    found = {repr(at(Register().record(*order), DAY)) for order in permutations(steps)}
    assert found == {"Progress(household='h', step='completed', since=2013-06-30, deadline=None)"}


@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_whatever_follows_is_one_of_the_steps_that_may_follow(words: list[str]) -> None:
    """A handover comes as far as its steps may follow one another, one each day, and no farther."""
    register, last = Register(), ""
    refused: list[tuple[str, bool, str]] = []
    for n, word in enumerate(words):
        now = at(register, after(n))
        assert now.step == last
        fine = word in NEXT[last]
        try:
            entry = {
                "proposed": lambda now=now, n=n: now.propose(["bo"], on=after(n)),
                "accepted": lambda now=now, n=n: now.accept(on=after(n)),
                "declined": lambda now=now, n=n: now.decline(on=after(n), reason="ill"),
                "visited": lambda now=now, n=n: now.visit(on=after(n)),
                "completed": lambda now=now, n=n: now.complete(on=after(n)),
                "lapsed": lambda now=now, n=n: now.lapse(on=after(n)),
            }[word]()
        except ArgumentError as error:
            refused.append((word, fine, error.code))
            continue
        assert fine
        register, last = register.record(entry), word
    assert all(code == ("not-late" if word == "lapsed" else "bad-step") for word, _, code in refused)
    assert all(word == "lapsed" or not fine for word, fine, _ in refused)


def test_who_declines_is_followed_by_the_next_best() -> None:
    """The volunteer declines: then the colleague of the division is asked, and nobody twice."""
    roster = Roster(
        AreaTree([Area("v", "上坪村", "village")]),
        [Unit("court", "county", "v", name="县法院")],
        [
            Helper("ann", "court", "section", division="民一庭"),
            Helper("bo", "court", "staff"),
            Helper("cy", "court", "staff", division="民一庭"),
            Helper("dai", "court", "staff"),
        ],
        [Household("h", "v")],
        [Link("court", "v")],
    )
    register = Register().record(Paired("ann", "h", on=date(2012, 2, 8)), Offer("bo", "h", on=date(2013, 6, 1)))
    changes = [Retirement("ann", on=DAY)]
    asked = []
    for n in range(3):
        handover = relay(POLICY, roster, register, changes)
        assert handover.verify()
        register = register.record(*handover.proposals(on=after(2 * n - 9)))
        now = at(register, after(2 * n - 9))
        asked.append((now.takers, handover.passings[0].rungs))
        register = register.record(now.decline(on=after(2 * n - 8), reason="ill"))
    assert asked == [(("bo",), ("volunteer",)), (("cy",), ("division",)), (("dai",), ("unit",))]
    last = relay(POLICY, roster, register, changes)
    assert last.passings == ()
    assert last.vacancies[0].reason == (
        "nobody whom the ladder (volunteer, division, unit, linked, superior) names may take it over"
    )
