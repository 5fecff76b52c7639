"""What helpers and units owe on a day: quotas by programme year, a unit's duty and its spreading, contributions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from pairing.dates import to_date
from pairing.errors import ArgumentError, key, shown
from pairing.people import Helper, Pairing
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import Cumulative

__all__ = ["Contribution", "Duty", "Quotas", "contributions", "duties"]


@frozen
class Duty:
    """What a unit owes: the sum of its members' floors, in households.

    `spread` of them are owed by members who are not fit, and were taken over by colleagues; for `left` of those no
    colleague has room.

    >>> Duty("u", households=12, spread=2)
    Duty(unit='u', households=12, spread=2, left=0)
    """

    unit: str
    households: int
    spread: int = 0
    left: int = 0


@frozen
class Contribution:
    """What a helper gives in a year, in fen (1/100 yuan).

    >>> Contribution("c-17", 20000)
    Contribution(helper='c-17', fen=20000)
    """

    helper: str = field(repr=key)
    fen: int


def duties(policy: Policy, roster: Roster, *, on: date) -> tuple[Duty, ...]:
    """Return the duty of each unit that has any: the sum of the floors of its members who serve on a day, fit or not.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Unit
    >>> from pairing.rules import HelperRule
    >>> helpers = [Helper("ann", "u", "staff"), Helper("bo", "u", "staff", fit=False), Helper("cy", "u", "staff")]
    >>> roster = Roster(AreaTree([Area("c", "岷县", "county")]), [Unit("u", "county", "c")], helpers)
    >>> duties(Policy("ours", (HelperRule(Quota(2, 3)),), respread=True), roster, on=date(2012, 2, 8))
    (Duty(unit='u', households=6, spread=2, left=0),)

    Without `respread` in the policy, the share of a member who is not fit is left.  Raises `ArgumentError` for
    arguments of other types, and for a day on which the policy is not in force.
    """
    policy, on = _in_force(policy, roster, on)
    quotas = Quotas(policy, roster, on, ())
    owed: dict[str, int] = {}
    unfit: dict[str, int] = {}
    for helper, rule in _serving(policy, roster, on):
        floor = policy.helpers[rule].quota.floor
        owed[helper.unit] = owed.get(helper.unit, 0) + floor
        if not helper.fit:
            unfit[helper.unit] = unfit.get(helper.unit, 0) + floor
    spread: dict[str, int] = {}
    for id, more in quotas.more.items():
        unit = roster.helper(id).unit
        spread[unit] = spread.get(unit, 0) + more
    return tuple(
        Duty(unit, owed[unit], spread.get(unit, 0), unfit.get(unit, 0) - spread.get(unit, 0))
        for unit in sorted(owed)
        if owed[unit]
    )


def contributions(policy: Policy, roster: Roster, *, on: date) -> tuple[Contribution, ...]:
    """Return what each helper who serves on a day gives in that year, by the rule that fits: in fen, by id.

    Stated hardship halves it, rounded down to a fen.  Who owes nothing is left out.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Unit
    >>> from pairing.rules import HelperRule
    >>> helpers = [Helper("ann", "u", "division"), Helper("bo", "u", "division", hardship=True)]
    >>> roster = Roster(AreaTree([Area("c", "岷县", "county")]), [Unit("u", "county", "c")], helpers)
    >>> policy = Policy("ours", (HelperRule(Quota(1), contribution=50001),))
    >>> contributions(policy, roster, on=date(2012, 2, 8))
    (Contribution(helper='ann', fen=50001), Contribution(helper='bo', fen=25000))

    Raises `ArgumentError` as `duties` does.
    """
    policy, on = _in_force(policy, roster, on)
    found = []
    for helper, rule in _serving(policy, roster, on):
        fen = policy.helpers[rule].contribution
        if fen := fen // 2 if helper.hardship else fen:
            found.append(Contribution(helper.id, fen))
    return tuple(sorted(found, key=lambda contribution: contribution.helper))


def _in_force(policy: Policy, roster: Roster, on: date) -> tuple[Policy, date]:
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    on = to_date(on, "on")
    return policy.at(on), on


def _serving(policy: Policy, roster: Roster, on: date) -> Iterator[tuple[Helper, int]]:
    """Yield the helpers who serve on a day, fit or not, each with the rule that fits."""
    for group in roster.helper_groups:
        first = roster.helpers[group[0]]
        if first.service is None or on in first.service:
            rule = policy.helper_rule(first, roster.unit(first.unit))
            if rule is not None:
                yield from ((roster.helpers[n], rule) for n in group)


class Quotas:
    """The quotas of helpers on a day, where they are not simply those of the rule.

    `more` has what helpers, by id, take over from colleagues who are not fit; `barred` the pairs that were made in
    earlier programme years of a cumulative quota, and are not made again.
    """

    def __init__(self, policy: Policy, roster: Roster, on: date, book: Iterable[Pairing]) -> None:
        self.policy = policy
        self.roster = roster
        self.on = on
        self.barred: set[tuple[str, str]] = set()
        self.used: dict[str, int] = {}
        self.more: dict[str, int] = self._spread() if policy.respread else {}
        if any(rule.over for rule in policy.helpers):
            self._count(book)

    def of(self, members: Sequence[int], rule: int) -> Iterator[tuple[Quota, Sequence[int]]]:
        """Yield the members, positions in the roster, by their quota."""
        quota, over = self.policy.helpers[rule].quota, self.policy.helpers[rule].over
        if not over and not self.more:
            yield quota, members
            return
        found: dict[tuple[int, int], list[int]] = {}
        for n in members:
            id = self.roster.helpers[n].id
            found.setdefault((self.used.get(id, 0), self.more.get(id, 0)), []).append(n)
        for (used, more), those in sorted(found.items()):
            at_hand = self._of_year(quota, over, used) if over else quota
            yield Quota(at_hand.floor + more, at_hand.ceiling), those

    def _of_year(self, quota: Quota, over: Cumulative, used: int) -> Quota:
        """Return what is left of a quota over several years, in the programme year that the day lies in."""
        ceilings = [quota.ceiling] if quota.ceiling is not None else []
        if over.quota.ceiling is not None:
            ceilings.append(max(0, over.quota.ceiling - used))
        last = self._year_of(self.on) % over.years == over.years - 1
        floor = max(quota.floor, over.quota.floor - used) if last else quota.floor
        return Quota(min([floor, *ceilings]), min(ceilings) if ceilings else None)

    def _year_of(self, day: date) -> int:
        """Return in which programme year a day lies, 0 for the first; years are counted from the day of effect."""
        start = self.policy.effective or self.on
        return relativedelta(day, start).years if day >= start else -1

    def _count(self, book: Iterable[Pairing]) -> None:
        """Count the households that helpers took on in earlier years of the same cycle."""
        year = self._year_of(self.on)
        rules = {helper.id: self.policy.helpers[at].over for helper, at in _serving(self.policy, self.roster, self.on)}
        for pairing in book:
            over = rules.get(pairing.helper)
            if over is not None and pairing.span is not None:
                taken = self._year_of(pairing.span.start)
                if year - year % over.years <= taken < year:
                    self.barred.add((pairing.helper, pairing.household))
        for helper, _ in self.barred:
            self.used[helper] = self.used.get(helper, 0) + 1

    def _spread(self) -> dict[str, int]:
        """Give the floors of those who are not fit to colleagues in the same role: one each in turn, while room lasts."""
        owed: dict[tuple[str, str], int] = {}
        colleagues: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
        for helper, at in _serving(self.policy, self.roster, self.on):
            rule = self.policy.helpers[at]
            where = (helper.unit, rule.role)
            if helper.fit:
                room = None if rule.quota.ceiling is None else rule.quota.ceiling - rule.quota.floor
                colleagues.setdefault(where, []).append((helper.id, room))
            else:
                owed[where] = owed.get(where, 0) + rule.quota.floor
        more: dict[str, int] = {}
        for where, left in owed.items():
            able = [(id, room) for id, room in sorted(colleagues.get(where, ()), key=lambda one: one[0]) if room != 0]
            turn = 0
            while left and able:
                turn += 1
                for id, _ in able[:left]:
                    more[id] = turn
                left -= min(left, len(able))
                able = [(id, room) for id, room in able if room is None or room > turn]
        return more
