"""What helpers and units owe on a day: quotas by programme year, a unit's duty and its spreading, contributions."""

from collections import Counter
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


def duties(policy: Policy, roster: Roster, *, on: date, book: Iterable[Pairing] = ()) -> tuple[Duty, ...]:
    """Return the duty of each unit that has any: the sum of the floors of its members who serve on a day, fit or not.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Unit
    >>> from pairing.rules import HelperRule
    >>> helpers = [Helper("ann", "u", "staff"), Helper("bo", "u", "staff", fit=False), Helper("cy", "u", "staff")]
    >>> roster = Roster(AreaTree([Area("c", "岷县", "county")]), [Unit("u", "county", "c")], helpers)
    >>> duties(Policy("ours", (HelperRule(Quota(2, 3)),), respread=True), roster, on=date(2012, 2, 8))
    (Duty(unit='u', households=6, spread=2, left=0),)

    Without `respread` in the policy, the share of a member who is not fit is left.  `book` has the pairings of earlier
    years, which count where a quota is over several.  Raises `ArgumentError` for arguments of other types, and for a
    day on which the policy is not in force.
    """
    policy, on = _in_force(policy, roster, on)
    quotas = Quotas(policy, roster, on, _pairings(book))
    owed: Counter[str] = Counter()
    unfit: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for helper, rule in _serving(policy, roster, on):
        floor = quotas.of_year(helper.id, rule).floor
        owed[helper.unit] += floor
        spread[helper.unit] += quotas.more.get(helper.id, 0)
        if not helper.fit:
            unfit[helper.unit] += floor
    return tuple(
        Duty(unit, owed[unit], spread[unit], unfit[unit] - spread[unit]) for unit in sorted(owed) if owed[unit]
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


def _pairings(book: Iterable[Pairing]) -> tuple[Pairing, ...]:
    if not isinstance(book, Iterable):
        raise ArgumentError("bad-type", f"wanted pairings, got {shown(book)}", "book")
    pairings = tuple(book)
    for pairing in pairings:
        if not isinstance(pairing, Pairing):
            raise ArgumentError("bad-type", f"wanted pairings, got {shown(pairing)}", "book")
    return pairings


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
        self.used: Counter[str] = Counter()
        if any(rule.over for rule in policy.helpers):
            self._count(book)
        self.more: dict[str, int] = self._spread() if policy.respread else {}

    def of(self, members: Sequence[int], rule: int) -> Iterator[tuple[Quota, Sequence[int]]]:
        """Yield the members, positions in the roster, by their quota."""
        if not self.policy.helpers[rule].over and not self.more:
            yield self.policy.helpers[rule].quota, members
            return
        found: dict[tuple[int, int], list[int]] = {}
        for n in members:
            id = self.roster.helpers[n].id
            found.setdefault((self.used[id], self.more.get(id, 0)), []).append(n)
        for (_, more), those in sorted(found.items()):
            quota = self.of_year(self.roster.helpers[those[0]].id, rule)
            yield Quota(quota.floor + more, quota.ceiling), those

    def of_year(self, helper: str, rule: int) -> Quota:
        """Return the quota of a helper under a rule, by its position, in the programme year that the day lies in.

        Over several years, the floor is what must be taken on now, as the ceilings of the years that are left would
        not suffice for it.
        """
        quota, over = self.policy.helpers[rule].quota, self.policy.helpers[rule].over
        if over is None:
            return quota
        used, floor, ceiling = self.used[helper], quota.floor, quota.ceiling
        left = over.years - 1 - self._year_of(self.on) % over.years
        if not left or ceiling is not None:
            floor = max(floor, over.quota.floor - used - left * (ceiling or 0))
        if over.quota.ceiling is not None:
            room = max(0, over.quota.ceiling - used)
            ceiling = room if ceiling is None else min(room, ceiling)
        return Quota(floor if ceiling is None else min(floor, ceiling), ceiling)

    def _year_of(self, day: date) -> int:
        """Return in which programme year a day lies, 0 for the first; see `Cumulative`."""
        start = self.policy.start or self.on
        return relativedelta(day, start).years if day >= start else -1

    def _count(self, book: Iterable[Pairing]) -> None:
        """Count the households that helpers took on in earlier years of the same cycle; what is locked is of today."""
        year = self._year_of(self.on)
        rules = {helper.id: self.policy.helpers[at].over for helper, at in _serving(self.policy, self.roster, self.on)}
        locked = {(pair.helper, pair.household) for pair in self.roster.named if pair.rule == "locked"}
        for pairing in book:
            over, pair = rules.get(pairing.helper), (pairing.helper, pairing.household)
            if over is not None and pairing.span is not None and pair not in locked:
                taken = self._year_of(pairing.span.start)
                if year - year % over.years <= taken < year:
                    self.barred.add(pair)
        self.used.update(helper for helper, _ in self.barred)

    def _spread(self) -> dict[str, int]:
        """Give the floors of those who are not fit to colleagues of the same role: one each in turn, while they can."""
        owed: Counter[tuple[str, str]] = Counter()
        colleagues: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
        for helper, at in _serving(self.policy, self.roster, self.on):
            quota, where = self.of_year(helper.id, at), (helper.unit, self.policy.helpers[at].role)
            if helper.fit:
                room = None if quota.ceiling is None else quota.ceiling - quota.floor
                colleagues.setdefault(where, []).append((helper.id, room))
            else:
                owed[where] += quota.floor
        more: Counter[str] = Counter()
        for where, floors in owed.items():
            left, able = floors, sorted(colleagues.get(where, ()), key=lambda one: one[0])
            while left and (able := [(id, room) for id, room in able if room is None or room > more[id]]):
                # As many whole rounds at once as everybody can take, then one each for the first.
                rounds = max(1, min([left // len(able), *(room - more[id] for id, room in able if room is not None)]))
                for id, _ in able[:left]:
                    more[id] += rounds
                left -= rounds * min(left, len(able))
        return dict(more)
