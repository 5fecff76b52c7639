"""What in a policy contradicts itself: rules that never hold, numbers that cannot be met, names that nobody bears."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs
from attrs import field, frozen

from pairing.areas import LEVELS, as_tuple
from pairing.criteria import CRITERIA, ClassToClass, Criterion, HardestToHighest, SameHamlet, Scores
from pairing.dates import Span
from pairing.deeds import CHANNELS
from pairing.errors import Problem, shown
from pairing.festivals import FESTIVALS, YEARS, festival
from pairing.people import KINDS, LADDER, SEXES, Ladder
from pairing.quotas import Quota
from pairing.rules import (
    ADDED_FOR,
    AFTER_EXIT,
    DEDUCTED_FOR,
    METHODS,
    PERIODS,
    RUNGS,
    SHARES,
    TRANSFERS,
    AppraisalPart,
    AppraisalRules,
    HandoverRules,
    HelperRule,
    HouseholdRule,
    LeaderRule,
    LinkingRules,
    RetirementRule,
    VisitRule,
    VisitRules,
    covers,
    season,
)

__all__ = ["AIMS", "Draft", "contradictions"]

AIMS = ("coverage", "floors", "keep", "even", "preference")
"""The aims that a policy may list; each is reached as far as it can be before the next is looked at."""

FIRST_AIMS = ("coverage", "floors")


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(texts)


def _helper_rules(rules: Iterable[HelperRule]) -> tuple[HelperRule, ...]:
    return as_tuple(rules)


def _household_rules(rules: Iterable[HouseholdRule]) -> tuple[HouseholdRule, ...]:
    return as_tuple(rules)


def _retirement_rules(rules: Iterable[RetirementRule]) -> tuple[RetirementRule, ...]:
    return as_tuple(rules)


def _criteria(criteria: Iterable[Scores]) -> tuple[Scores, ...]:
    return as_tuple(criteria)


@frozen
class Draft:
    """What a policy says, not yet checked: a `Policy` is a draft without contradictions.

    >>> Draft("ours", helpers=(HelperRule(Quota(1, 3)),)).roles
    ('lead',)
    """

    name: str
    helpers: tuple[HelperRule, ...] = field(converter=_helper_rules)
    households: tuple[HouseholdRule, ...] = field(default=(HouseholdRule(Quota(1, 1)),), converter=_household_rules)
    aims: tuple[str, ...] = field(default=AIMS, converter=_texts)
    ladder: Ladder = LADDER
    title: str = ""
    effective: date | None = None
    source: str = ""
    until: date | None = field(default=None, kw_only=True)
    criteria: tuple[Scores, ...] = field(default=(), converter=_criteria, kw_only=True)
    linking: LinkingRules | None = field(default=None, kw_only=True)
    respread: bool = field(default=False, kw_only=True)
    handover: HandoverRules = field(default=HandoverRules(), kw_only=True)
    retirement: tuple[RetirementRule, ...] = field(default=(), converter=_retirement_rules, kw_only=True)
    visits: VisitRules = field(default=VisitRules(), kw_only=True)
    appraisal: AppraisalRules = field(default=AppraisalRules(), kw_only=True)
    earlier: "Draft | None" = field(default=None, kw_only=True)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles in which households are due helpers, in the order of the rules."""
        return tuple(dict.fromkeys(rule.role for rule in self.households))

    @cached_property
    def start(self) -> date | None:
        """The day from which programme years are counted: on which the oldest version that has a day takes effect."""
        found, version = self.effective, self.earlier
        while version is not None:
            found, version = version.effective or found, version.earlier
        return found

    def others(self, role: str) -> str:
        """Return what further helpers of a household in a role are called."""
        return next((rule.others or role for rule in self.households if rule.role == role), role)


def contradictions(draft: Draft, unread: Callable[[str], bool] = lambda path: False) -> list[Problem]:
    """Return what is wrong with a policy whose parts have the right types, each with the path to it.

    `unread` says of a path whether nothing is known of what stands there, as it could not be read: then nothing is
    said that depends on it.

    >>> print(*contradictions(Draft("ours", helpers=[HelperRule(Quota(1)), HelperRule(Quota(2), ranks=["boss"])])))
    helpers[1].ranks[0]: wanted one of province, deputy-province, bureau, deputy-bureau, division, deputy-division, \
section, deputy-section, staff, clerk; got 'boss' [unknown-rank] helpers[1]: never holds: helpers[0] comes first, and \
fits everybody whom this one fits [never-holds]
    """
    checks = _Checks(draft, unread)
    checks.top()
    checks.helpers()
    checks.households()
    checks.criteria()
    if draft.linking is not None:
        checks.linking(draft.linking)
    checks.handover(draft.handover)
    checks.retirement()
    checks.visits(draft.visits)
    checks.appraisal(draft.appraisal)
    if draft.earlier is not None:
        checks.versions(draft.earlier)
    return list(checks.problems.values())


class _Checks:
    """Collects contradictions, one for each path."""

    def __init__(self, draft: Draft, unread: Callable[[str], bool]) -> None:
        self.draft = draft
        self.problems: dict[str, Problem] = {}
        self._unread = unread
        self.ranks = [rank.id for rank in draft.ladder]

    def tell(self, path: str, code: str, message: str) -> None:
        self.problems.setdefault(path, Problem(code, message, field=path))

    def known(self, path: str, *names: str) -> bool:
        """Whether all that is named at a path could be read."""
        return not any(self._unread(f"{path}.{name}" if path else name) for name in names)

    def choice(self, path: str, value: str, choices: Sequence[str], code: str) -> None:
        if value not in choices:
            self.tell(path, code, f"wanted one of {', '.join(choices)}; got {shown(value)}")

    def choices(self, path: str, values: Sequence[str], choices: Sequence[str], code: str) -> None:
        for m, value in enumerate(values):
            self.choice(f"{path}[{m}]", value, choices, code)

    def once(self, path: str, values: Sequence[str], code: str, what: str) -> None:
        for m, value in enumerate(values):
            if value in values[:m]:
                self.tell(f"{path}[{m}]", code, f"{shown(value)} is listed twice; wanted each {what} once")

    def at_least_one(self, path: str, number: int) -> None:
        if not number:
            self.tell(path, "bad-number", "wanted a whole number from 1, got 0")

    def selectors(self, path: str, thing: Any) -> None:
        """Tell the ranks and kinds that there are not."""
        if self.known("", "ranks"):
            self.choices(f"{path}.ranks", thing.ranks, self.ranks, "unknown-rank")
        self.choices(f"{path}.kinds", thing.kinds, KINDS, "unknown-kind")

    def shadow(self, name: str, rules: Sequence[Any], n: int, selectors: Sequence[str], whom: str) -> None:
        """Tell that a rule never holds, as one before it takes all whom it fits."""
        if not self.known(f"{name}[{n}]", *selectors):
            return
        for m in range(n):
            if rules[m].covers(rules[n]) and self.known(f"{name}[{m}]", *selectors):
                message = f"never holds: {name}[{m}] comes first, and fits {whom} this one fits"
                self.tell(f"{name}[{n}]", "never-holds", message)
                return

    # --- the parts

    def top(self) -> None:
        draft = self.draft
        if not draft.name:
            self.tell("name", "missing-key", "wanted a name, got nothing")
        self.choices("aims", draft.aims, AIMS, "unknown-aim")
        self.once("aims", draft.aims, "duplicate-aim", "aim")
        if set(draft.aims[:2]) != set(FIRST_AIMS):
            self.tell("aims", "aims-order", "wanted coverage and floors first, in either order")
        for name in ("helpers", "households"):
            if not getattr(draft, name):
                self.tell(name, "missing-key", "wanted at least one rule, got none")
        if draft.effective and draft.until and draft.until <= draft.effective:
            message = f"wanted a day after {draft.effective}, when the policy takes effect, got {draft.until}"
            self.tell("until", "dates-order", message)

    def helpers(self) -> None:
        rules = self.draft.helpers
        for n, rule in enumerate(rules):
            path = f"helpers[{n}]"
            self.selectors(path, rule)
            self.choices(f"{path}.unit_levels", rule.unit_levels, LEVELS, "unknown-level")
            if self._roles_are_known and self.draft.roles:
                self.choice(f"{path}.role", rule.role, self.draft.roles, "unknown-role")
            if rule.over is not None:
                self.cumulative(rule, f"{path}.over")
            self.shadow("helpers", rules, n, ("ranks", "kinds", "posts", "unit_levels"), "everybody whom")
            wanted = [m for m, other in enumerate(self.draft.households) if other.role == rule.role]
            sure = self._roles_are_known and all(self.known(f"households[{m}]", "ceiling") for m in wanted)
            closed = wanted and all(self.draft.households[m].quota.ceiling == 0 for m in wanted)
            if rule.quota.floor and closed and sure and self.known(path, "role"):
                message = f"wanted 0, as no household takes on a helper in that role, got {shown(rule.quota.floor)}"
                self.tell(f"{path}.floor", "no-room", message)

    @property
    def _roles_are_known(self) -> bool:
        return all(self.known(f"households[{m}]", "role") for m in range(len(self.draft.households)))

    def cumulative(self, rule: HelperRule, path: str) -> None:
        """Tell what is impossible in a quota over several years, beside that of one year."""
        over, year = rule.over, rule.quota
        assert over is not None
        there = self.known(path, "years") or self.known(path, "floor")
        if there and self.draft.start is None and self.known("", "effective"):
            message = "wanted the day on which the policy takes effect, as programme years are counted from it"
            self.tell("effective", "missing-key", message)
        self.at_least_one(f"{path}.years", over.years)
        if not over.years:
            return
        owner = path.removesuffix(".over")
        if not self.known(path, "years", "floor", "ceiling") or not self.known(owner, "floor", "ceiling"):
            return
        if over.quota == Quota():
            self.tell(path, "missing-key", "wanted a floor or a ceiling, or both, got neither")
        if year.ceiling is not None and over.quota.floor > over.years * year.ceiling:
            most = f"{over.years} years of at most {shown(year.ceiling)} come to {shown(over.years * year.ceiling)}"
            message = f"{most}, wanted at least {shown(over.quota.floor)}"
            self.tell(f"{path}.floor", "floor-above-ceiling", message)
        if over.quota.ceiling is not None and year.floor * over.years > over.quota.ceiling:
            least = f"{over.years} years of at least {shown(year.floor)} come to {shown(over.years * year.floor)}"
            message = f"{least}, wanted at most {shown(over.quota.ceiling)}"
            self.tell(f"{path}.ceiling", "floor-above-ceiling", message)

    def households(self) -> None:
        draft = self.draft
        rules = draft.households
        for n, rule in enumerate(rules):
            path = f"households[{n}]"
            if not rule.role and self.known(path, "role"):
                self.tell(f"{path}.role", "missing-key", "wanted a name, got nothing")
            first = next(m for m, other in enumerate(rules) if other.role == rule.role)
            sure = all(self.known(f"households[{m}]", "role", "others") for m in (first, n))
            if sure and (rule.others or rule.role) != draft.others(rule.role):
                wanted = f"wanted {shown(draft.others(rule.role))}, as in the first rule for the role"
                self.tell(f"{path}.others", "unlike-others", f"{wanted} {shown(rule.role)}, got {shown(rule.others)}")
            elif sure and rule.others != rule.role and rule.others in draft.roles and self._roles_are_known:
                message = f"wanted a name that is no role of the policy, got {shown(rule.others)}"
                self.tell(f"{path}.others", "others-is-a-role", message)
            if self.known(path, "role"):
                self.shadow("households", rules, n, ("role", "difficulty"), "every household that")
            if rule.quota.floor and self.known(path, "role") and self._nobody_helps_in(rule.role):
                message = f"wanted a rule for helpers in the role {shown(rule.role)}, in which helpers are due"
                self.tell(f"{path}.role", "role-without-helpers", message)

    def _nobody_helps_in(self, role: str) -> bool:
        """Whether there are rules for helpers, but none under which a helper takes on a household in that role.

        Where one names an unknown role, that alone is told.
        """
        rules = self.draft.helpers
        return bool(rules) and all(
            (rule.role != role or (rule.quota.ceiling == 0 and not rule.soft))
            and rule.role in self.draft.roles
            and self.known(f"helpers[{n}]", "role", "ceiling", "soft")
            for n, rule in enumerate(rules)
        )

    def criteria(self) -> None:
        known = [(n, it) for n, it in enumerate(self.draft.criteria) if self.known("", f"criteria[{n}]")]
        for n, criterion in known:
            path = f"criteria[{n}]"
            if twin := next((m for m, other in known if m < n and _alike(criterion, other)), None) is not None:
                message = f"{shown(criterion.name)} stands there twice with the same terms; wanted it once"
                self.tell(path, "duplicate-criterion", message)
            if isinstance(criterion, HardestToHighest) and criterion.ladder != self.draft.ladder:
                self.tell(f"{path}.ladder", "unlike-ladder", "wanted the ladder of the policy, got another")
            if isinstance(criterion, SameHamlet):
                for m, row in enumerate(criterion.neighbours):
                    if len(row) != 3 or row[1] == row[2]:
                        message = "wanted a village and two of its hamlets"
                        self.tell(f"{path}.neighbours[{m}]", "bad-neighbours", message)
            if isinstance(criterion, ClassToClass):
                self.selectors(path, criterion)
                self._class_to_class(path, criterion, [] if twin else known)

    def _class_to_class(self, path: str, one: ClassToClass, others: Sequence[tuple[int, Scores]]) -> None:
        if one.exclude and one.weight != 1:
            message = f"wanted none, as pairs that must not be made are worth nothing, got {shown(one.weight)}"
            self.tell(f"{path}.weight", "weight-of-excluded", message)
        if one.exclude and not any(one.selectors) and not one.difficulty:
            self.tell(path, "excludes-everybody", "wanted a class of helpers or of households; no pair at all is left")
        for m, other in others:
            if isinstance(other, ClassToClass) and other.exclude and not one.exclude and other.covers(one):
                message = f"never counts: criteria[{m}] excludes every pair that this one prefers"
                self.tell(path, "never-holds", message)

    def linking(self, rules: LinkingRules) -> None:
        self.choice("linking.method", rules.method, METHODS, "unknown-method")
        self.choice("linking.share", rules.share, SHARES, "unknown-share")
        self.choices("linking.gathered", rules.gathered, LEVELS, "unknown-level")
        self.choices("linking.teams", rules.teams, KINDS, "unknown-kind")
        helpers = self.draft.helpers
        fields = ("ranks", "kinds", "posts", "unit_levels", "floor", "ceiling", "soft")
        sure = bool(helpers) and all(self.known(f"helpers[{n}]", *fields) for n in range(len(helpers)))
        for n, leaders in enumerate(rules.leaders):
            path = f"linking.leaders[{n}]"
            self.selectors(path, leaders)
            self.shadow("linking.leaders", rules.leaders, n, ("ranks", "kinds", "posts"), "everybody whom")
            if leaders.counties.ceiling == 0:
                message = "wanted at least 1, as the village lies in one of the counties, got 0"
                self.tell(f"{path}.counties.ceiling", "no-county", message)
            if not any(leaders.selectors) and rules.teams and self.known(path, "ranks", "kinds", "posts"):
                message = "fits everybody, teams too, who take whole villages; wanted ranks, kinds or posts"
                self.tell(path, "leaders-and-teams", message)
            for m, kind in enumerate(leaders.kinds):
                if kind in rules.teams:
                    message = f"wanted a kind that takes no whole villages by linking.teams, got {shown(kind)}"
                    self.tell(f"{path}.kinds[{m}]", "leaders-and-teams", message)
            if sure and self.known(path, "ranks", "kinds", "posts", "households"):
                self._leaders(path, leaders)
        if not sure:
            return
        for n, kind in enumerate(rules.teams):
            if kind in KINDS and not any(covers(rule.kinds, (kind,)) for rule in helpers):
                self.tell(f"linking.teams[{n}]", "no-helper-rule", f"wanted a rule for helpers that fits a {kind}")
        for n, level in enumerate(rules.gathered):
            if level in LEVELS and not any(covers(rule.unit_levels, (level,)) for rule in helpers):
                message = f"wanted a rule for helpers that fits units of the level {level}"
                self.tell(f"linking.gathered[{n}]", "no-helper-rule", message)
        if rules.share == "duty" and not any(rule.quota.floor for rule in helpers):
            message = "wanted headcount, as no rule for helpers has a floor, and so no unit has a duty"
            self.tell("linking.share", "no-duty", message)

    def _leaders(self, path: str, leaders: LeaderRule) -> None:
        """Tell that no rule for helpers fits leaders, or none that lets them have their households."""
        found: list[int] = []
        for n, rule in enumerate(self.draft.helpers):
            both = list(zip(leaders.selectors, rule.selectors[:3], strict=True))
            if all(not mine or not theirs or set(mine) & set(theirs) for mine, theirs in both):
                found.append(n)
            if not rule.unit_levels and all(covers(theirs, mine) for mine, theirs in both):
                break  # no later rule can hold for them
        if not found:
            self.tell(path, "no-helper-rule", "wanted a rule for helpers that fits these leaders")
            return
        most = [None if rule.soft else rule.quota.ceiling for rule in map(self.draft.helpers.__getitem__, found)]
        if all(ceiling is not None and ceiling < leaders.households for ceiling in most):
            where = " and ".join(f"helpers[{n}]" for n in found)
            ceiling = shown(max(n for n in most if n is not None))
            message = f"wanted at most {ceiling}, the ceiling of {where}, got {shown(leaders.households)}"
            self.tell(f"{path}.households", "floor-above-ceiling", message)

    def handover(self, rules: HandoverRules) -> None:
        self.choices("handover.ladder", rules.ladder, RUNGS, "unknown-rung")
        self.once("handover.ladder", rules.ladder, "duplicate-rung", "rung")
        self.at_least_one("handover.jointly", rules.jointly)
        self.choice("handover.transfer", rules.transfer, TRANSFERS, "unknown-transfer")
        self.choice("handover.after_exit", rules.after_exit, AFTER_EXIT, "unknown-after-exit")

    def retirement(self) -> None:
        rules = self.draft.retirement
        for n, rule in enumerate(rules):
            path = f"retirement[{n}]"
            self.at_least_one(f"{path}.age", rule.age)
            self.selectors(path, rule)
            self.choices(f"{path}.sexes", rule.sexes, SEXES, "unknown-sex")
            self.shadow("retirement", rules, n, ("ranks", "kinds", "sexes"), "everybody whom")

    def visits(self, rules: VisitRules) -> None:
        self.at_least_one("visits.silence", rules.silence)
        names = [rule.name for rule in rules.rules]
        for n, rule in enumerate(rules.rules):
            path = f"visits.rules[{n}]"
            if not rule.name and self.known(path, "name"):
                self.tell(f"{path}.name", "missing-key", "wanted a name, got nothing")
            elif rule.name and rule.name in names[:n]:
                message = f"{shown(rule.name)} stands there twice; wanted each rule once"
                self.tell(f"{path}.name", "duplicate-rule", message)
            self.at_least_one(f"{path}.times", rule.times)
            self.choices(f"{path}.festivals", rule.festivals, FESTIVALS, "unknown-festival")
            self.choices(f"{path}.channels", rule.channels, CHANNELS, "unknown-channel")
            for m, text in enumerate(rule.seasons):
                if season(text) is None:
                    message = f"wanted the first day and the last as MM-DD/MM-DD, got {shown(text)}"
                    self.tell(f"{path}.seasons[{m}]", "bad-season", message)
            for key, what in (("festivals", "festival"), ("channels", "channel"), ("statuses", "status")):
                self.once(f"{path}.{key}", getattr(rule, key), f"duplicate-{what}", what)
            if not rule.channels and self.known(path, "channels"):
                self.tell(f"{path}.channels", "missing-key", "wanted at least one channel, got none")
            if self.known(path, *PERIODS):
                self._windows(path, rule)

    def _windows(self, path: str, rule: VisitRule) -> None:
        """Tell what is wrong with the windows of a rule for visits."""
        given = [name for name in PERIODS if getattr(rule, name)]
        if len(given) != 1:
            got = " and ".join(given) or "none"
            self.tell(path, "one-period", f"wanted exactly one of {', '.join(PERIODS)}; got {got}")
        for name, default in (("before", 7), ("after", 0)):
            if not rule.festivals and getattr(rule, name) != default and self.known(path, name):
                message = f"wanted none, as the rule names no festivals, got {shown(getattr(rule, name))}"
                self.tell(f"{path}.{name}", "no-festival", message)
        if rule.festivals and set(rule.festivals) <= set(FESTIVALS) and self.known(path, "before", "after"):
            days = sorted({festival(name, year) for name in rule.festivals for year in YEARS})
            most = min((after - before).days for before, after in pairwise(days)) - 1
            if rule.before + rule.after > most:
                wanted = f"wanted at most {most} days before and after together, so that no windows overlap"
                self.tell(f"{path}.before", "windows-overlap", f"{wanted}, got {shown(rule.before + rule.after)}")
        if rule.seasons and all(map(season, rule.seasons)) and not any(getattr(rule, name) for name in PERIODS[:3]):
            windows = rule.windows(Span(date(2000, 1, 1), date(2010, 1, 1)))
            if any(after.start < before.end for before, after in pairwise(windows) if before.end):
                message = "wanted windows that do not overlap, got some that do"
                self.tell(f"{path}.seasons", "windows-overlap", message)

    def appraisal(self, rules: AppraisalRules) -> None:
        for key, what, rows in (("items", "item", rules.items), ("parts", "part", rules.parts)):
            names = [row.name for row in rows]
            for n, name in enumerate(names):
                if not name:
                    self.tell(f"appraisal.{key}[{n}].name", "missing-key", "wanted a name, got nothing")
                elif name in names[:n]:
                    message = f"{shown(name)} stands there twice; wanted each {what} once"
                    self.tell(f"appraisal.{key}[{n}].name", f"duplicate-{what}", message)
        for n, item in enumerate(rules.items):
            path = f"appraisal.items[{n}]"
            self.choice(f"{path}.what", item.what, (*DEDUCTED_FOR, *ADDED_FOR), "unknown-count")
            for name in ("points", "each", "per"):
                self.at_least_one(f"{path}.{name}", getattr(item, name))
            if item.what == "visits missed" and not self.draft.visits.rules and self.known("visits", "rules"):
                message = "wanted rules for visits in the policy, as no visit is due without them"
                self.tell(f"{path}.what", "no-visit-rule", message)
        if rules.parts and not rules.items:
            self.tell("appraisal.items", "missing-key", "wanted at least one item, as there are parts, got none")
        self._parts(rules.parts)

    def _parts(self, parts: Sequence[AppraisalPart]) -> None:
        """Tell what is wrong with the weights and the months of the parts of an appraisal."""
        for n, part in enumerate(parts):
            path = f"appraisal.parts[{n}]"
            self.at_least_one(f"{path}.weight", part.weight)
            fine = True
            for name in ("first", "last"):
                if not 1 <= getattr(part, name) <= 12:
                    fine = False
                    message = f"wanted a month from 1 to 12, got {shown(getattr(part, name))}"
                    self.tell(f"{path}.{name}", "bad-number", message)
            if fine and part.last < part.first:
                message = f"wanted a month from {part.first}, the first one, got {part.last}"
                self.tell(f"{path}.last", "dates-order", message)
        weights = [part.weight for part in parts]
        if parts and all(weights) and sum(weights) != 100 and self.known("", "appraisal.parts"):
            self.tell("appraisal.parts", "weights-sum", f"wanted weights that come to 100, got {shown(sum(weights))}")

    def versions(self, earlier: Draft) -> None:
        draft = self.draft
        if earlier.name != draft.name:
            message = f"wanted a version of {shown(draft.name)}, got one of {shown(earlier.name)}"
            self.tell("earlier.name", "unlike-names", message)
        if draft.effective is None:
            if self.known("", "effective"):
                self.tell("effective", "missing-key", "wanted the day on which the version takes effect, got nothing")
            return
        if earlier.effective is not None and earlier.effective >= draft.effective:
            before = f"wanted a day after {earlier.effective}, when the version before takes effect"
            self.tell("effective", "dates-order", f"{before}, got {draft.effective}")
        elif earlier.until is not None and earlier.until < draft.effective:
            message = f"wanted no day before {draft.effective}, when the next version takes effect, got {earlier.until}"
            self.tell("earlier.until", "dates-order", message)


def _alike(one: Scores, other: Scores) -> bool:
    """Whether two criteria are the same, but for their weight."""
    if type(one) is not type(other) or type(one) not in (*CRITERIA.values(), Criterion):
        return one is other
    kind: Any = type(one)
    names = [at.name for at in attrs.fields(kind) if at.name != "weight"]
    return all(getattr(one, name) == getattr(other, name) for name in names)
