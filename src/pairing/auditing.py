"""What is wrong with a book: `audit` reads a register, any plan or list, made by the engine or by hand, and tells all.

What may be wrong stands in `findings`.  Nothing here comes from the engine, so that its plans can be held against the
rules by somebody else.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, compress
from operator import itemgetter
from typing import NamedTuple

from attrs import evolve

from pairing.criteria import Scoring
from pairing.dates import Span, to_date
from pairing.errors import ArgumentError, Problem, key, shown
from pairing.findings import CODES, Finding, Recorded, Teller, Who, amount, bounds, counted, days, unknown
from pairing.memory import no_collection
from pairing.owing import Quotas
from pairing.people import Helper, Household, Pairing
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule

__all__ = ["CODES", "Finding", "audit"]


def audit(
    policy: Policy, roster: Roster, book: Register | Plan | Iterable[Pairing], *, on: date
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a book on a day, and namesakes who may be taken for one.

    A book that keeps every rule has no findings but those of "same-name", which are about the roster.

    The book is a register, a plan, or any pairings, by whomever they were made.  `CODES` lists what is looked for, and
    in this order findings come, then by ids: the order of the book's rows shows in `Finding.row` alone.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.quotas import Quota
    >>> from pairing.people import Helper, Household, Link, Unit
    >>> roster = Roster(
    ...     areas=AreaTree([Area("v", "上坪村", "village"), Area("w", "下坪村", "village")]),
    ...     units=[Unit("u", "county", "v")],
    ...     helpers=[Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     households=[Household("x", "v"), Household("y", "v"), Household("z", "w")],
    ...     links=[Link("u", "v")],
    ... )
    >>> policy = Policy("ours", (HelperRule(Quota(1, 2)),))
    >>> for finding in audit(policy, roster, [Pairing("ann", "x"), Pairing("ann", "z")], on=date(2012, 2, 8)):
    ...     print(finding.code, "-", finding)
    household-without-helper - household 'y': wanted at least 1 helper, got none
    helper-without-household - helper 'bo': wanted at least 1 household, got none
    outside-links - helper 'ann', household 'z': wanted unit 'u' linked to village 'w', got no link

    - Counted are the pairings whose days contain the day (no days laid down: always), each pair once.  They alone are
      held against rules, roles, links and named pairs; ids and days are looked at in every row.
    - A pairing counts even if something else is wrong with it, say that the helper has left: one fault, one finding.
    - Quotas are for those who take part: a helper not in service or not fit, or a household not registered, on the day
      has none.  They are those of the version of the policy that is in force on the day.
    - A pairing without an end is not said to outlast a service or registration; once either is over, it is told as
      helper-left or household-not-registered.  Gaps are told up to the day, not including it.
    - A helper whose role has the name that the policy gives to further helpers counts in the helper's own role.

    A register tells more, and so more is told of it, as far as it is known of days up to this one:

    - Who there is, and which links there are, is taken from the roster and what the register says of people and units.
    - A household with a vacancy, or that has exited, is due nobody; a vacancy is told as such.  What is not a vacancy
      and not a gap was refused when it was recorded, or somebody has said why (a release by an override).
    - Takers who took over jointly count as one where ceilings and the role's own name are looked at; so do giver and
      taker in an overlap.
    - Visits are looked at where there are any at all: who has made none in person for so many months, though
      responsible, is one in name only.  A former helper may call who bears a duty to the household, or belongs to the
      unit that bears one or sees to its vacancy, and whoever takes part in the joint visit of a handover.
    - A leave is too long where it lasts for more days than the policy allows, or nobody knows how long.
    - For the notice before an exit holds the version of the policy of that day.

    >>> from pairing.deeds import Visited
    >>> from pairing.entries import HandedOver, Paired
    >>> register = Register().record(
    ...     Paired("ann", "x", on=date(2012, 2, 8)),
    ...     Paired("bo", "y", on=date(2012, 2, 8)),
    ...     HandedOver("y", "bo", ["ann"], on=date(2012, 5, 1)),
    ...     Visited("y", ["bo"], on=date(2012, 6, 1)),
    ... )
    >>> for finding in audit(policy, roster, register, on=date(2012, 7, 1)):
    ...     print(finding.code, "-", finding)
    household-without-helper - household 'z': wanted at least 1 helper, got none
    helper-without-household - helper 'bo': wanted at least 1 household, got none
    former-helper - helper 'bo', household 'y': wanted no visit from 2012-05-01, when the helper's time ended, \
got one on 2012-06-01

    Raises `ArgumentError` for arguments of other types, and, with all problems at once and their rows, for a book in
    which not all are pairings with texts for ids and role, and a span or None; `RosterError` for a register that moves
    people to units, villages or ranks which the roster does not have.

    Source: what audits of such books have found: households with nobody, helpers in name only, pairs recorded twice,
    helpers who had left, pairs outside the links, gaps, and two persons of one name taken for one.
    """
    problems = [
        Problem("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", field=name)
        for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster))
        if not isinstance(value, kind)
    ]
    try:
        on = to_date(on, "on")
    except ArgumentError as error:
        problems += error.problems
    rows = () if isinstance(book, Register) else _rows(book, problems)
    if problems:
        raise ArgumentError(problems)
    in_force = policy.at(on)
    with no_collection():
        recorded = Recorded(in_force, roster, book, on) if isinstance(book, Register) else None
        if recorded is not None:
            roster, rows = recorded.roster, recorded.rows
        found = list(_Audit(in_force, roster, rows, on, recorded).findings())
    if recorded is not None:  # two lines may be at fault in one way
        found = list(dict.fromkeys(found))
    found.sort(key=_standing)
    return tuple(found)


_ORDER = {code: n for n, code in enumerate(CODES)}
_Rule = HelperRule | HouseholdRule


def _standing(finding: Finding) -> tuple[int, str, str, str, int]:
    row = -1 if finding.row is None else finding.row
    return _ORDER[finding.code], finding.helper or "", finding.household or "", finding.message, row


def _rows(book: object, problems: list[Problem]) -> tuple[Pairing, ...]:
    """Return the pairings of a book of any kind, and add what is wrong with its items to the problems."""
    if isinstance(book, Plan):
        book = book.pairings
    if not isinstance(book, Iterable) or isinstance(book, str | bytes):
        problems.append(Problem("bad-type", f"wanted a Register, a Plan or pairings, got {shown(book)}", field="book"))
        return ()
    rows = tuple(book)
    for row, item in enumerate(rows):
        if not isinstance(item, Pairing):
            problems.append(Problem("bad-type", f"wanted a Pairing, got {shown(item)}", "book", row))
            continue
        texts = (item.helper, item.household, item.role)
        if not (type(texts[0]) is type(texts[1]) is type(texts[2]) is str and all(texts)):
            for name, value in zip(("helper", "household", "role"), texts, strict=True):
                if not isinstance(value, str) or not value:
                    message = f"wanted a text that is not empty, got {shown(value)}"
                    problems.append(Problem("bad-key", message, "book", row, name))
        if item.span is not None and not isinstance(item.span, Span):
            problems.append(Problem("bad-span", f"wanted a Span or None, got {shown(item.span)}", "book", row, "span"))
    return rows


class _Kind(NamedTuple):
    """What those of a group of the roster have in common: unit or village, days, and the rules for them by role.

    `alone` are the roles in which one partner is all that is due.
    """

    place: str
    days: Span | None
    present: bool
    rules: dict[str, _Rule]
    alone: frozenset[str]


def _by_role(rules: Sequence[_Rule]) -> tuple[dict[str, _Rule], frozenset[str]]:
    alone = frozenset(one.role for one in rules if all(_keeps(rule.quota, int(rule is one)) for rule in rules))
    return {rule.role: rule for rule in rules}, alone


class _Audit:
    """Goes once through the rows, once through the helpers and once through the households."""

    def __init__(
        self, policy: Policy, roster: Roster, rows: tuple[Pairing, ...], on: date, recorded: Recorded | None
    ) -> None:
        self.policy = policy
        self.roster = roster
        self.rows = rows
        self.on = on
        self.recorded = recorded
        self.pairs = [(pairing.helper, pairing.household) for pairing in rows]
        self.active = [pairing.span is None or on in pairing.span for pairing in rows]
        self.active_pairs = set(compress(self.pairs, self.active))
        self.names = {role: (role, policy.others(role)) for role in policy.roles}
        self.role_named = {others: role for role, (_, others) in reversed(self.names.items())}
        self.role_named |= {role: role for role in policy.roles}
        self.helpers: dict[str, _Kind] = {}
        quotas = Quotas(policy, roster, on, rows)
        for group in roster.helper_groups:
            helper = roster.helpers[group[0]]
            at, days = policy.helper_rule(helper, roster.unit(helper.unit)), helper.service
            for quota, members in quotas.of(group, at) if at is not None else [(None, group)]:
                rules = [] if at is None or quota is None else [evolve(policy.helpers[at], quota=quota)]
                kind = _Kind(helper.unit, days, helper.fit and (days is None or on in days), *_by_role(rules))
                for n in members:
                    self.helpers[roster.helpers[n].id] = kind
        known: dict[tuple[int | None, ...], tuple[dict[str, _Rule], frozenset[str]]] = {}
        self.households: dict[str, _Kind] = {}
        for group in roster.household_groups:
            household = roster.households[group[0]]
            numbers, days = tuple(policy.household_rule(household, role) for role in policy.roles), household.registered
            if numbers not in known:
                known[numbers] = _by_role([policy.households[n] for n in numbers if n is not None])
            kind = _Kind(household.village, days, days is None or on in days, *known[numbers])
            for n in group:
                self.households[roster.households[n].id] = kind
        self._teller = Teller(None, None) if recorded else Teller(self.helpers, self.households)

    def findings(self) -> Iterator[Finding]:
        """Yield all findings, in no order."""
        people = chain(self._of_helpers(), self._of_households(), self._locked(), self._same_names())
        more = self.recorded.findings(self._teller) if self.recorded else ()
        return chain(self._of_rows(), self._recorded_twice(), people, more)

    def _tell(
        self, code: str, who: Who, wanted: int | str, got: int | str, sentence: str = "", row: int | None = None
    ) -> Finding:
        return self._teller(code, who, wanted, got, sentence, None if self.recorded else row)

    def _of_rows(self) -> Iterator[Finding]:
        linked = {(link.unit, link.village) for link in self.roster.links}
        own = {link.helper: self.roster.own_villages(link.helper) for link in self.roster.own_links}
        scoring = Scoring(self.policy.criteria)
        going = self.recorded.going if self.recorded else ()
        excluded = {(named.helper, named.household) for named in self.roster.named if named.rule == "excluded"}
        for row, (pair, active) in enumerate(zip(self.pairs, self.active, strict=True)):
            helpers, households = self.helpers.get(pair[0]), self.households.get(pair[1])
            found: list[tuple[str, str, str]] = []
            if helpers is None or helpers.days is not None:
                found += self._of_days(row, helpers, ("helper", "service", "helper-left"))
            if households is None or households.days is not None:
                found += self._of_days(row, households, ("household", "registration", "household-not-registered"))
            if active and helpers and households and pair not in going:
                if own.get(pair[0]):
                    if households.place not in own[pair[0]]:
                        wanted = "a household in a village to which the helper is linked personally"
                        found.append(("outside-links", wanted, f"one in village {key(households.place)}"))
                elif (helpers.place, households.place) not in linked:
                    wanted = f"unit {key(helpers.place)} linked to village {key(households.place)}"
                    found.append(("outside-links", wanted, "no link"))
                if scoring.criteria and self._is_excluded(scoring, pair):
                    found.append(("excluded-pair", "no pairing, as a criterion excludes the pair", "a pairing"))
            if active and excluded and pair in excluded:
                found.append(("excluded-pair", "no pairing, as the pair is excluded", "a pairing"))
            for code, wanted, got in found:
                yield self._tell(code, pair, wanted, got, row=row)

    def _is_excluded(self, scoring: Scoring, pair: tuple[str, str]) -> bool:
        """Whether a criterion of the policy says that a pair must not be."""
        helper, household = self.roster.helper(pair[0]), self.roster.household(pair[1])
        link = scoring.of_link(self.roster.unit(helper.unit), self.roster.areas[household.village])
        readings = scoring.of_helper(helper), (scoring.of_household(household),)
        return scoring.scores(*readings, link) == (None,)

    def _of_days(self, row: int, kind: _Kind | None, words: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
        """Yield what is wrong with a row whose helper or household is unknown, or takes part on some days only."""
        noun, what, code = words
        if kind is None:
            start, _ = bounds(self.rows[row].span)
            yield unknown(noun, f", in a pairing from {start}" if self.recorded else "")
        elif kind.days is not None:
            span = self.rows[row].span
            if self.active[row] and self.on not in kind.days:
                yield code, f"{what} on {self.on}", f"{what} {days(kind.days)}"
            if span is not None and _outside(span, kind.days):
                yield f"span-outside-{what}", f"days within {days(kind.days)}", days(span)

    def _recorded_twice(self) -> Iterator[Finding]:
        rows_of: dict[tuple[str, str], list[int]] = {}
        if len(set(self.pairs)) < len(self.pairs):
            for row, pair in enumerate(self.pairs):
                rows_of.setdefault(pair, []).append(row)
        for pair, rows in rows_of.items():
            reach = date.min
            for start, end, _, row in sorted((*bounds(self.rows[n].span), self.rows[n].role, n) for n in rows):
                if start < reach:
                    both = days(Span(start, min(end, reach)))
                    yield self._tell("recorded-twice", pair, "one record", f"two on {both}", row=row)
                reach = max(reach, end)

    def _of_quota(self, who: Who, quota: Quota, count: int, soft: bool = False, role: str = "") -> Iterator[Finding]:
        if _keeps(quota, count):
            return
        number, noun = quota.floor, "helper" if who[0] is None else "household"
        code, bound = f"{'household-' * (who[0] is None)}below-floor", "at least"
        if count > number:
            number, code, bound = quota.ceiling or 0, code.replace("below-floor", "above-ceiling"), "at most"
        elif not (count or role or soft):
            code = "household-without-helper" if who[0] is None else "helper-without-household"
        limit = f"{'in principle ' * soft}{bound} {counted(number, noun)}{role and f' in the role {role!r}'}"
        sentence = f"wanted {limit}, got {amount(count)}"
        yield self._tell(f"{code}{'-in-principle' * soft}", who, number, count, sentence)

    def _of_helpers(self) -> Iterator[Finding]:
        loads = Counter(map(itemgetter(0), self.active_pairs))
        going = Counter(map(itemgetter(0), self.recorded.going if self.recorded else ()))
        for id, kind in self.helpers.items():
            both = loads.get(id, 0)
            load = both - going[id] if going else both  # who stays on in an overlap has one household less to come
            if load and not kind.rules:
                sentence = f"wanted no household, as no rule of the policy is for this helper; got {load:,}"
                yield self._tell("no-rule", (id, None), 0, load, sentence)
            for rule in kind.rules.values():
                count = load if load == both else max(load, min(both, rule.quota.floor))
                if kind.present and not _keeps(rule.quota, count):
                    yield from self._of_quota((id, None), rule.quota, count, isinstance(rule, HelperRule) and rule.soft)

    def _of_households(self) -> Iterator[Finding]:
        first_at: dict[str, int] = {}
        more_at: dict[str, list[int]] = {}  # few have more, so there is not a list for each
        idle_at: dict[str, list[int]] = {}
        for row, ((_, id), active) in enumerate(zip(self.pairs, self.active, strict=True)):
            if not active:
                idle_at.setdefault(id, []).append(row)
            elif first_at.setdefault(id, row) != row:
                more_at.setdefault(id, []).append(row)
        for id, kind in self.households.items():
            rows = [first_at[id], *more_at.get(id, ())] if id in first_at else []
            if id in idle_at and not self.recorded:
                yield from self._gaps(id, kind.days, [*rows, *idle_at[id]])
            if not kind.present or (len(rows) == 1 and self._is_plain(rows[0], kind)):
                continue
            due = self.recorded is None or id not in self.recorded.excused
            if rows:
                yield from self._roles(id, kind.rules, rows, due)
            elif due:
                yield from self._of_quota((None, id), Quota(sum(rule.quota.floor for rule in kind.rules.values())), 0)

    def _is_plain(self, row: int, kind: _Kind) -> bool:
        """Whether the only helper of a household is all that is due, under the right name."""
        role, helpers = self.rows[row].role, self.helpers.get(self.rows[row].helper)
        return helpers is not None and role in helpers.rules and role in kind.alone

    def _gaps(self, id: str, registered: Span | None, rows: Sequence[int]) -> Iterator[Finding]:
        reach: date | None = None
        for start, end in sorted([*(bounds(self.rows[row].span) for row in rows), (self.on, date.max)]):
            gap = Span(reach, min(start, self.on)) if reach and reach < min(start, self.on) else None
            if gap and registered:
                gap = gap.overlap(registered)
            if gap:
                yield self._tell("gap", (None, id), "a helper on every day", f"none on {days(gap)}")
            reach = max(reach or end, end)

    def _roles(self, id: str, rules: Mapping[str, _Rule], rows: Sequence[int], due: bool) -> Iterator[Finding]:
        """Yield what is wrong with the numbers and the names of the helpers whom a household has, role by role."""
        bearing: dict[str, dict[Hashable, bool]] = {}  # by role and place
        people: dict[str, set[str]] = {}
        odd: set[str] = set()
        for row in rows:
            helper, name = self.rows[row].helper, self.rows[row].role
            kind = self.helpers.get(helper)
            role = next(iter(kind.rules if kind else ()), "")
            known: Iterable[str] = self.names[role] if role else self.role_named
            role = role or self.role_named.get(name, self.policy.roles[0])
            if name not in known or role not in rules:
                odd.add(role)
                if role not in rules:
                    known = (one for due in rules for one in self.names[due])
                wanted = " or ".join(dict.fromkeys(map(repr, known))) or "none, as no rule is for the household"
                got = repr(name) if name in self.role_named else shown(name)
                yield self._tell("wrong-role", (helper, id), wanted, got, f"wanted the role {wanted}, got {got}", row)
            place = self.recorded.place(id, helper, name) if self.recorded else helper
            bears = bearing.setdefault(role, {})
            bears[place] = name == role or bears.get(place, False)
            people.setdefault(role, set()).add(helper)
        for role, rule in rules.items():
            bears = bearing.get(role, {})
            least = min(rule.quota.floor, len(people.get(role, ()))) if due else rule.quota.floor
            yield from self._of_quota((None, id), rule.quota, max(least, len(bears)), role=role)
            heads = sum(bears.values())
            if bears and heads != 1 and (due or heads) and self.names[role][1] != role and role not in odd:
                sentence = f"wanted exactly 1 helper who bears the role {role!r}, got {amount(heads)}"
                yield self._tell("wrong-role", (None, id), 1, heads, sentence)

    def _locked(self) -> Iterator[Finding]:
        for named in self.roster.named:
            pair = named.helper, named.household
            both = self.helpers[pair[0]].present and self.households[pair[1]].present
            if named.rule == "locked" and both and pair not in self.active_pairs:
                yield self._tell("locked-pair-missing", pair, "a pairing, as the pair is locked", f"none on {self.on}")

    def _same_names(self) -> Iterator[Finding]:
        for unit in self.roster.units:
            for id, before in _alike(self.roster.helpers_of(unit.id)):
                sentence = f"wanted a name of its own in unit {key(unit.id)}, got that of helper {key(before)}"
                yield self._tell("same-name", (id, None), "a name of its own", before, sentence)
        for area in self.roster.areas:
            for id, before in _alike(self.roster.households_in(area.code)):
                sentence = f"wanted a name of its own in village {key(area.code)}, got that of household {key(before)}"
                yield self._tell("same-name", (None, id), "a name of its own", before, sentence)


def _alike(people: Sequence[Helper | Household]) -> Iterator[tuple[str, str]]:
    """Yield the id of each who bears the name of somebody before, and the id of the first of that name."""
    names = [one.name.strip() for one in people]
    if len(set(names)) < len(names):
        first: dict[str, str] = {}
        for one, name in zip(people, names, strict=True):
            if name and first.setdefault(name, one.id) != one.id:
                yield one.id, first[name]


def _keeps(quota: Quota, count: int) -> bool:
    return quota.floor <= count and (quota.ceiling is None or count <= quota.ceiling)


def _outside(span: Span, days: Span) -> bool:
    """Whether a span begins outside the days, or has an end that lies beyond theirs."""
    return span.start not in days or (days.end is not None and span.end is not None and span.end > days.end)
