"""What is wrong with a book of pairings: `audit` reads any plan or list, made by the engine or by hand, and tells all.

Nothing here comes from the engine, so that its plans can be held against the rules by somebody else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, compress
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from attrs import evolve, frozen

from pairing.criteria import Scoring
from pairing.dates import Span, to_date
from pairing.errors import ArgumentError, Problem, key, shown
from pairing.owing import Quotas
from pairing.people import Helper, Household, Pairing
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule

__all__ = ["CODES", "Finding", "audit"]

CODES: Mapping[str, str] = MappingProxyType(
    {
        "household-without-helper": "a registered household is due a helper and has nobody",
        "household-below-floor": "a household has helpers, but in a role fewer than it is due",
        "household-above-ceiling": "a household has more helpers in a role than it may have",
        "helper-without-household": "a helper in service is to have households and has none",
        "below-floor": "a helper has households, but fewer than the floor",
        "above-ceiling": "a helper has more households than the ceiling",
        "below-floor-in-principle": "the same where the rule holds in principle only; also for a helper with none",
        "above-ceiling-in-principle": "the same where the rule holds in principle only",
        "no-rule": "a helper has households, though the policy has no rule for this helper",
        "wrong-role": "a role that the rules do not have here; or not exactly one helper bears the role's own name",
        "recorded-twice": "the same helper and household stand twice on the same days",
        "gap": "a household had a helper, and then nobody for some days while it was registered",
        "unknown-helper": "the id of a helper is not in the roster",
        "unknown-household": "the id of a household is not in the roster",
        "helper-left": "a pairing holds on the day, but the helper does not serve on it: no longer, or not yet",
        "household-not-registered": "a pairing holds on the day, but the household is not registered on it",
        "span-outside-service": "a pairing begins outside the helper's service, or is to end after it",
        "span-outside-registration": "a pairing begins outside the household's registration, or is to end after it",
        "outside-links": "a helper's unit is not linked to the village of the household",
        "excluded-pair": "a pair is excluded by name, and paired",
        "locked-pair-missing": "a pair is locked by name, both take part on the day, and they are not paired",
        "same-name": "two helpers of one unit, or two households of one village, bear one name",
    }
)
"""The codes of findings with their meanings, in the order in which findings come; a code never changes its meaning."""


@frozen(repr=False)
class Finding:
    """One thing that is wrong with a book: which rule, who, what was wanted and what is there.

    `code` is one of `CODES`, `row` the position in the book, from 0, where one line of it is at fault, and `message`
    the sentence for people.  The sentence has ids and no names; an id that is not in the roster is `shown` only.

    >>> Finding("below-floor", "helper 'c-17': wanted at least 2 households, got 1", "c-17", wanted=2, got=1)
    Finding('below-floor', "helper 'c-17': wanted at least 2 households, got 1")
    """

    code: str
    message: str
    helper: str | None = None
    household: str | None = None
    wanted: int | str | None = None
    got: int | str | None = None
    row: int | None = None

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        row = "" if self.row is None else f", row={self.row}"
        return f"Finding({self.code!r}, {self.message!r}{row})"


def audit(policy: Policy, roster: Roster, book: Plan | Iterable[Pairing], *, on: date) -> tuple[Finding, ...]:
    """Return everything that is wrong with a book of pairings on a day, and namesakes who may be taken for one.

    A book that keeps every rule has no findings but those of "same-name", which are about the roster.

    The book is a plan or any pairings, by whomever they were made.  `CODES` lists what is looked for, and in this
    order findings come, then by ids: the order of the book's rows shows in `Finding.row` alone.

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

    Raises `ArgumentError` for arguments of other types, and, with all problems at once and their rows, for a book in
    which not all are pairings with texts for ids and role, and a span or None.

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
    rows = _rows(book, problems)
    if problems:
        raise ArgumentError(problems)
    found = list(_Audit(policy.at(on), roster, rows, on).findings())
    found.sort(key=_standing)
    return tuple(found)


_ORDER = {code: n for n, code in enumerate(CODES)}
_Rule = HelperRule | HouseholdRule
_Who = tuple[str | None, str | None]  # a helper and a household, either of which may be left out


def _standing(finding: Finding) -> tuple[int, str, str, str, int]:
    row = -1 if finding.row is None else finding.row
    return _ORDER[finding.code], finding.helper or "", finding.household or "", finding.message, row


def _rows(book: object, problems: list[Problem]) -> tuple[Pairing, ...]:
    """Return the pairings of a book of any kind, and add what is wrong with its items to the problems."""
    if isinstance(book, Plan):
        book = book.pairings
    if not isinstance(book, Iterable) or isinstance(book, str | bytes):
        problems.append(Problem("bad-type", f"wanted a Plan or pairings, got {shown(book)}", field="book"))
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

    def __init__(self, policy: Policy, roster: Roster, rows: tuple[Pairing, ...], on: date) -> None:
        self.policy = policy
        self.roster = roster
        self.rows = rows
        self.on = on
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

    def findings(self) -> Iterator[Finding]:
        """Yield all findings, in no order."""
        people = chain(self._of_helpers(), self._of_households(), self._locked(), self._same_names())
        return chain(self._of_rows(), self._recorded_twice(), people)

    def _tell(
        self, code: str, who: _Who, wanted: int | str, got: int | str, sentence: str = "", row: int | None = None
    ) -> Finding:
        tables = (("helper", self.helpers, who[0]), ("household", self.households, who[1]))
        ids = [f"{noun} {key(id) if id in table else shown(id)}" for noun, table, id in tables if id is not None]
        return Finding(code, f"{', '.join(ids)}: {sentence or f'wanted {wanted}, got {got}'}", *who, wanted, got, row)

    def _of_rows(self) -> Iterator[Finding]:
        linked = {(link.unit, link.village) for link in self.roster.links}
        own = {link.helper: self.roster.own_villages(link.helper) for link in self.roster.own_links}
        scoring = Scoring(self.policy.criteria)
        excluded = {(named.helper, named.household) for named in self.roster.named if named.rule == "excluded"}
        for row, (pair, active) in enumerate(zip(self.pairs, self.active, strict=True)):
            helpers, households = self.helpers.get(pair[0]), self.households.get(pair[1])
            found: list[tuple[str, str, str]] = []
            if helpers is None or helpers.days is not None:
                found += self._of_days(row, helpers, ("helper", "service", "helper-left"))
            if households is None or households.days is not None:
                found += self._of_days(row, households, ("household", "registration", "household-not-registered"))
            if active and helpers and households:
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
            yield f"unknown-{noun}", f"a {noun} of the roster", "an id that is not in it"
        elif kind.days is not None:
            span = self.rows[row].span
            if self.active[row] and not kind.present:
                yield code, f"{what} on {self.on}", f"{what} {_days(kind.days)}"
            if span is not None and _outside(span, kind.days):
                yield f"span-outside-{what}", f"days within {_days(kind.days)}", _days(span)

    def _recorded_twice(self) -> Iterator[Finding]:
        rows_of: dict[tuple[str, str], list[int]] = {}
        if len(set(self.pairs)) < len(self.pairs):
            for row, pair in enumerate(self.pairs):
                rows_of.setdefault(pair, []).append(row)
        for pair, rows in rows_of.items():
            reach = date.min
            for start, end, _, row in sorted((*_bounds(self.rows[n].span), self.rows[n].role, n) for n in rows):
                if start < reach:
                    both = _days(Span(start, min(end, reach)))
                    yield self._tell("recorded-twice", pair, "one record", f"two on {both}", row=row)
                reach = max(reach, end)

    def _of_quota(self, who: _Who, quota: Quota, count: int, soft: bool = False, role: str = "") -> Iterator[Finding]:
        if _keeps(quota, count):
            return
        number, noun = quota.floor, "helper" if who[0] is None else "household"
        code, bound = f"{'household-' * (who[0] is None)}below-floor", "at least"
        if count > number:
            number, code, bound = quota.ceiling or 0, code.replace("below-floor", "above-ceiling"), "at most"
        elif not (count or role or soft):
            code = "household-without-helper" if who[0] is None else "helper-without-household"
        limit = f"{'in principle ' * soft}{bound} {_count(number, noun)}{role and f' in the role {role!r}'}"
        sentence = f"wanted {limit}, got {_amount(count)}"
        yield self._tell(f"{code}{'-in-principle' * soft}", who, number, count, sentence)

    def _of_helpers(self) -> Iterator[Finding]:
        loads = Counter(map(itemgetter(0), self.active_pairs))
        for id, kind in self.helpers.items():
            load = loads.get(id, 0)
            if load and not kind.rules:
                sentence = f"wanted no household, as no rule of the policy is for this helper; got {load:,}"
                yield self._tell("no-rule", (id, None), 0, load, sentence)
            for rule in kind.rules.values():
                if kind.present and not _keeps(rule.quota, load):
                    yield from self._of_quota((id, None), rule.quota, load, isinstance(rule, HelperRule) and rule.soft)

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
            if id in idle_at:
                yield from self._gaps(id, kind.days, [*rows, *idle_at[id]])
            if not kind.present or (len(rows) == 1 and self._is_plain(rows[0], kind)):
                continue
            if rows:
                yield from self._roles(id, kind.rules, rows)
            else:
                yield from self._of_quota((None, id), Quota(sum(rule.quota.floor for rule in kind.rules.values())), 0)

    def _is_plain(self, row: int, kind: _Kind) -> bool:
        """Whether the only helper of a household is all that is due, under the right name."""
        role, helpers = self.rows[row].role, self.helpers.get(self.rows[row].helper)
        return helpers is not None and role in helpers.rules and role in kind.alone

    def _gaps(self, id: str, registered: Span | None, rows: Sequence[int]) -> Iterator[Finding]:
        reach: date | None = None
        for start, end in sorted([*(_bounds(self.rows[row].span) for row in rows), (self.on, date.max)]):
            gap = Span(reach, min(start, self.on)) if reach and reach < min(start, self.on) else None
            if gap and registered:
                gap = gap.overlap(registered)
            if gap:
                yield self._tell("gap", (None, id), "a helper on every day", f"none on {_days(gap)}")
            reach = max(reach or end, end)

    def _roles(self, id: str, rules: Mapping[str, _Rule], rows: Sequence[int]) -> Iterator[Finding]:
        """Yield what is wrong with the numbers and the names of the helpers whom a household has, role by role."""
        bearing: dict[str, dict[str, bool]] = {}
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
            bears = bearing.setdefault(role, {})
            bears[helper] = name == role or bears.get(helper, False)
        for role, rule in rules.items():
            bears = bearing.get(role, {})
            yield from self._of_quota((None, id), rule.quota, len(bears), role=role)
            heads = sum(bears.values())
            if bears and heads != 1 and self.names[role][1] != role and role not in odd:
                sentence = f"wanted exactly 1 helper who bears the role {role!r}, got {_amount(heads)}"
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


def _bounds(span: Span | None) -> tuple[date, date]:
    """Return the bounds of a span as days that can be compared; no bound is the first or the last day there is."""
    return (date.min, date.max) if span is None else (span.start, span.end or date.max)


def _outside(span: Span, days: Span) -> bool:
    """Whether a span begins outside the days, or has an end that lies beyond theirs."""
    return span.start not in days or (days.end is not None and span.end is not None and span.end > days.end)


def _days(span: Span) -> str:
    start, end = (None if day in (date.min, date.max) else day for day in _bounds(span))
    return f"{start or ''} .. {end or ''}".strip() if start or end else "all days"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _amount(number: int) -> str:
    return f"{number:,}" if number else "none"
