"""The handover itself, step by step: proposed, accepted or declined, visited together, completed, or lapsed.

Steps are entries, and move nobody: who is responsible changes when the entries of the relay are recorded.  What may
come next follows from the steps that the register has; whatever comes next is an entry again.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from attrs import field, frozen

from pairing.dates import days_after, to_date
from pairing.entries import STEPS, Step
from pairing.errors import ArgumentError, key, shown
from pairing.policy import Policy
from pairing.views import View

__all__ = ["NEXT", "Progress", "late_handovers", "progress"]

NEXT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": ("proposed",),
        "proposed": ("accepted", "declined", "lapsed"),
        "accepted": ("visited", "completed", "lapsed"),
        "visited": ("completed", "lapsed"),
        "declined": ("proposed",),
        "lapsed": ("proposed",),
        "completed": ("proposed",),
    }
)
"""Which steps may follow each step; "" stands for a household of which nothing was proposed yet."""

OPEN = ("proposed", "accepted", "visited")
"""After these steps a handover is under way."""


@frozen
class Progress:
    """How far the handover of a household is: the last step, and the day by which it is to be completed.

    Each method returns the next step as an entry that is to be recorded; nothing is changed by it.  Raises
    `ArgumentError` for a step that may not follow, for one before the last, and for one after the deadline.
    """

    household: str = field(repr=key)
    step: str
    since: date | None = field(repr=str)
    deadline: date | None = field(repr=str)
    giver: str | None = field(default=None, repr=False)
    takers: tuple[str, ...] = field(default=(), repr=False)

    def is_late(self, on: date) -> bool:
        """Whether a day lies past the deadline of a handover that is still under way."""
        return self.step in OPEN and self.deadline is not None and to_date(on, "on") > self.deadline

    def propose(self, takers: Iterable[str], *, on: date, giver: str | None = None) -> Step:
        """Return the entry that proposes takers."""
        return self._next("proposed", on, tuple(takers), giver)

    def accept(self, *, on: date) -> Step:
        """Return the entry by which the takers accept."""
        return self._next("accepted", on, self.takers, self.giver)

    def decline(self, *takers: str, on: date, reason: str) -> Step:
        """Return the entry by which some of the takers, or all, decline: a relay then asks the next best."""
        those = takers or self.takers
        if not set(those) <= set(self.takers):
            raise ArgumentError("not-asked", f"{self._who}: wanted takers who were asked, got others", "takers")
        return self._next("declined", on, those, self.giver, reason)

    def visit(self, *, on: date) -> Step:
        """Return the entry that giver and takers have called on the household together."""
        return self._next("visited", on, self.takers, self.giver)

    def complete(self, *, on: date, reason: str = "") -> Step:
        """Return the entry that the handover is completed; without a joint visit only with a reason."""
        if self.step == "accepted" and self.giver is not None and not reason:
            message = f"{self._who}: wanted a joint visit before the handover is completed, or a reason, got neither"
            raise ArgumentError("no-joint-visit", message, "reason")
        return self._next("completed", on, self.takers, self.giver, reason)

    def lapse(self, *, on: date) -> Step:
        """Return the entry that the deadline has passed without completion."""
        if not self.is_late(on):
            message = f"{self._who}: wanted a day after the deadline, {self.deadline}, got {on}"
            raise ArgumentError("not-late", message, "on")
        return self._next("lapsed", on, self.takers, self.giver)

    @property
    def _who(self) -> str:
        return f"household {key(self.household)}"

    def _next(self, step: str, on: date, takers: tuple[str, ...], giver: str | None, reason: str = "") -> Step:
        on = to_date(on, "on")
        if step not in NEXT[self.step]:
            last = self.step or "nothing"
            message = f"{self._who}: wanted one of {', '.join(NEXT[self.step])} after {last}, got {step}"
            raise ArgumentError("bad-step", message, "step")
        if self.since is not None and on < self.since:
            message = f"{self._who}: wanted a day from {self.since}, when it was {self.step}, got {on}"
            raise ArgumentError("dates-out-of-order", message, "on")
        if step in ("accepted", "visited", "completed") and self.is_late(on):
            message = f"{self._who}: wanted a day up to the deadline, {self.deadline}, got {on}"
            raise ArgumentError("past-deadline", message, "on")
        return Step(self.household, step, takers, giver, reason, on=on)


def progress(policy: Policy, view: View, household: str) -> Progress:
    """Return how far the handover of a household is on the day of a view.

    The deadline is so many days after the proposal as the policy says (`handover.deadline`).

    >>> from pairing.quotas import Quota
    >>> from pairing.register import Register
    >>> from pairing.rules import HelperRule
    >>> policy = Policy("ours", (HelperRule(Quota(1, 2)),))
    >>> register = Register().record(Step("h-204", "proposed", ["c-18"], "c-17", on=date(2013, 6, 30)))
    >>> now = progress(policy, register.view(on=date(2013, 7, 1)), "h-204")
    >>> now
    Progress(household='h-204', step='proposed', since=2013-06-30, deadline=2013-07-30)
    >>> now.accept(on=date(2013, 7, 3))
    Step('h-204', 'accepted', ('c-18',), giver='c-17', on=2013-07-03)

    Raises `ArgumentError` for arguments of other types.
    """
    if not isinstance(policy, Policy) or not isinstance(view, View):
        wrong, wanted = (policy, "Policy") if not isinstance(policy, Policy) else (view, "View")
        raise ArgumentError("bad-type", f"wanted a {wanted}, got {shown(wrong)}", wanted.lower())
    steps = _in_order(view.steps(household))
    if not steps:
        return Progress(household, "", None, None)
    last = steps[-1]
    proposed = [step for step in steps if step.step == "proposed"]
    deadline = None
    if proposed and last.step in OPEN:
        deadline = days_after(proposed[-1].on, policy.handover.deadline)
    takers = proposed[-1].takers if proposed and last.step in OPEN else last.takers
    return Progress(household, last.step, last.on, deadline, last.giver, takers)


def _in_order(steps: Iterable[Step]) -> list[Step]:
    """Return steps by day, and on one day as they may follow one another, those of the same takers together."""
    left = sorted(steps, key=lambda step: (step.on, STEPS.index(step.step), step.takers, step.id))
    ordered: list[Step] = []
    while left:
        last, takers = (ordered[-1].step, set(ordered[-1].takers)) if ordered else ("", set())
        today = [step for step in left if step.on == left[0].on]
        may_follow = [step for step in today if step.step in NEXT[last]] or today[:1]
        ordered.append(next((step for step in may_follow if takers & set(step.takers)), may_follow[0]))
        left.remove(ordered[-1])
    return ordered


def late_handovers(policy: Policy, view: View) -> tuple[Progress, ...]:
    """Return the handovers that are under way past their deadline on the day of a view, by household."""
    found = (progress(policy, view, household) for household in sorted(view.ids("steps")))
    return tuple(one for one in found if one.is_late(view.on))
