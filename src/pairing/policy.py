"""What a programme asks for, as data: who helps how many households, what a household is due, and what counts first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
from attrs import field, frozen

from pairing.areas import LEVELS, as_tuple
from pairing.criteria import CRITERIA, HardestToHighest, Scores
from pairing.errors import ArgumentError, PolicyError, Problem, shown
from pairing.people import KINDS, LADDER, Helper, Household, Ladder, Rank, Unit
from pairing.plain import Reader, to_plain, type_problems
from pairing.quotas import Quota
from pairing.rules import METHODS, SHARES, HelperRule, HouseholdRule, LinkingRules

__all__ = ["AIMS", "Policy"]

AIMS = ("coverage", "floors", "keep", "even", "preference")
"""The aims that a policy may list; each is reached as far as it can be before the next is looked at."""

FIRST_AIMS = ("coverage", "floors")


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(texts)


def _helper_rules(rules: Iterable[HelperRule]) -> tuple[HelperRule, ...]:
    return as_tuple(rules)


def _household_rules(rules: Iterable[HouseholdRule]) -> tuple[HouseholdRule, ...]:
    return as_tuple(rules)


def _criteria(criteria: Iterable[Scores]) -> tuple[Scores, ...]:
    return as_tuple(criteria)


@frozen
class Policy:
    """The rules of a programme; for each helper, and for each household and role, the first rule that fits holds.

    A helper whom no rule fits takes on nobody.  `ladder` has the ranks that the rules may name, `aims` what is
    reached first, second and so on: "coverage" and "floors" come before the others.

    - `effective`, `until`: the policy is in force from a day on, and up to, but not including, another.
    - `earlier`: the version that this one replaces; `at` gives the one that is in force on a day.
    - `criteria`: what makes one pair better than another, and what excludes a pair.
    - `linking`: how units are linked to villages where the roster has no links.
    - `respread`: the share of a member who is not fit is spread over the colleagues of the unit.

    >>> Policy("ours", helpers=(HelperRule(Quota(1, 3)),), households=(HouseholdRule(Quota(1, 1)),))
    Policy('ours', 1 helper rules, 1 household rules, coverage > floors > keep > even > preference)

    Raises `PolicyError` with every fault at once, each with the path to the culprit.
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
    earlier: "Policy | None" = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if problems := _type_problems(self) or _policy_problems(self):
            raise PolicyError(problems)

    def __repr__(self) -> str:
        more = f", version of {self.effective}" if self.earlier else ""
        return (
            f"Policy({self.name!r}, {len(self.helpers)} helper rules, {len(self.households)} household rules, "
            f"{' > '.join(self.aims)}{more})"
        )

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles in which households are due helpers, in the order of the rules."""
        return tuple(dict.fromkeys(rule.role for rule in self.households))

    @property
    def versions(self) -> tuple["Policy", ...]:
        """All versions, the oldest first, this one last."""
        found = [self]
        while found[-1].earlier is not None:
            found.append(found[-1].earlier)
        return tuple(reversed(found))

    def at(self, on: date) -> "Policy":
        """Return the version that is in force on a day: the newest that takes effect no later.

        >>> first = Policy("ours", (HelperRule(Quota(1)),), effective=date(1994, 9, 1))
        >>> second = Policy("ours", (HelperRule(Quota(2)),), effective=date(1995, 3, 1), earlier=first)
        >>> second.at(date(1994, 12, 31)) is first, second.at(date(1995, 3, 1)) is second
        (True, True)

        Raises `ArgumentError` for a day before the first version takes effect, or after the policy has ended.
        """
        for version in reversed(self.versions):
            if version.effective is None or version.effective <= on:
                if version.until is not None and on >= version.until:
                    message = f"wanted a day before {version.until}, when the policy {self.name} ends, got {on}"
                    raise ArgumentError("not-in-force", message, "on")
                return version
        message = f"wanted a day from {self.versions[0].effective}, when the policy {self.name} takes effect, got {on}"
        raise ArgumentError("not-in-force", message, "on")

    def others(self, role: str) -> str:
        """Return what further helpers of a household in a role are called."""
        return next((rule.others or role for rule in self.households if rule.role == role), role)

    def helper_rule(self, helper: Helper, unit: Unit) -> int | None:
        """Return the position of the rule that holds for a helper, or None where no rule fits."""
        return next((n for n, rule in enumerate(self.helpers) if rule.fits(helper, unit)), None)

    def household_rule(self, household: Household, role: str) -> int | None:
        """Return the position of the rule that holds for a household in a role, or None where no rule fits."""
        rules = enumerate(self.households)
        return next((n for n, rule in rules if rule.role == role and rule.fits(household)), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the policy as plain data, in the shape of a policy file: `Policy.from_dict` is its inverse.

        >>> policy = Policy("ours", helpers=(HelperRule(Quota(1, 3), ranks=("staff",)),))
        >>> policy.to_dict()["helpers"]
        [{'floor': 1, 'ceiling': 3, 'ranks': ['staff']}]
        >>> Policy.from_dict(policy.to_dict()) == policy
        True

        Raises `ArgumentError` for criteria of your own: code is not data.
        """
        if self.earlier is not None:
            return {"name": self.name, "versions": [version._keys() for version in self.versions]}
        return {"name": self.name} | self._keys()

    def _keys(self) -> dict[str, Any]:
        """Return all keys but the name and the versions."""
        data: dict[str, Any] = {}
        for name in ("title", "effective", "until", "source"):
            if value := getattr(self, name):
                data[name] = value.isoformat() if isinstance(value, date) else value
        data["aims"] = list(self.aims)
        if self.ladder != LADDER:
            data["ranks"] = [attrs.asdict(rank) for rank in self.ladder]
        if self.respread:
            data["respread"] = True
        data["helpers"] = [to_plain(rule) for rule in self.helpers]
        data["households"] = [to_plain(rule) for rule in self.households]
        if self.criteria:
            data["criteria"] = [_criterion_to_plain(n, criterion) for n, criterion in enumerate(self.criteria)]
        if self.linking is not None:
            data["linking"] = to_plain(self.linking)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Policy":
        """Return the policy that plain data describes; see `docs/policy.md` for every key.

        Raises `PolicyError` with every fault at once: unknown keys, wrong types, floors above ceilings, unknown
        ranks, kinds, levels and aims, rules that contradict each other.
        """
        reader = Reader()
        policy = _read(reader, data)
        if policy is None or reader.problems:
            raise PolicyError(reader.problems)
        return policy


def _criterion_to_plain(n: int, criterion: Scores) -> dict[str, Any]:
    if type(criterion) not in CRITERIA.values():
        message = f"wanted a criterion of the library's, as code is not data; got {shown(criterion.name)}"
        raise ArgumentError("own-criterion", message, f"criteria[{n}]")
    return {"name": criterion.name} | to_plain(criterion)


_TYPED = ("name", "title", "effective", "until", "source", "aims", "respread")


def _type_problems(policy: Policy) -> list[Problem]:
    """Return which parts of a policy are of wrong types; told by their paths."""
    others = [at.name for at in attrs.fields(Policy) if at.name not in _TYPED]
    problems = type_problems(policy, "", leave_out=others)
    for name, value, kind in (
        ("ladder", policy.ladder, Ladder),
        ("linking", policy.linking, LinkingRules | None),
        ("earlier", policy.earlier, Policy | None),
    ):
        if not isinstance(value, kind):
            wanted = (
                "a Policy or None" if name == "earlier" else f"a {'Ladder' if name == 'ladder' else 'LinkingRules'}"
            )
            problems.append(Problem("bad-type", f"wanted {wanted}, got {shown(value)}", field=name))
    if isinstance(policy.linking, LinkingRules):
        problems += type_problems(policy.linking, "linking.")
    for name, rule_kind in (("helpers", HelperRule), ("households", HouseholdRule)):
        rules = getattr(policy, name)
        if not isinstance(rules, tuple):
            problems.append(Problem("bad-type", f"wanted rules, got {shown(rules)}", field=name))
            continue
        for n, rule in enumerate(rules):
            if isinstance(rule, rule_kind):
                problems += type_problems(rule, f"{name}[{n}].")
            else:
                message = f"wanted a {rule_kind.__name__}, got {shown(rule)}"
                problems.append(Problem("bad-type", message, field=f"{name}[{n}]"))
    if not isinstance(policy.criteria, tuple):
        return [*problems, Problem("bad-type", f"wanted criteria, got {shown(policy.criteria)}", field="criteria")]
    for n, criterion in enumerate(policy.criteria):
        reads = [getattr(criterion, what, None) for what in ("helper", "household", "score")]
        if isinstance(criterion, type) or not all(map(callable, reads)) or not hasattr(criterion, "link"):
            message = f"wanted a criterion, got {shown(criterion)}"
            problems.append(Problem("bad-type", message, field=f"criteria[{n}]"))
        elif attrs.has(type(criterion)):
            problems += type_problems(criterion, f"criteria[{n}].")
    return problems


def _policy_problems(policy: Policy) -> list[Problem]:
    """Return what is wrong with a policy whose parts have the right types; told by their paths."""
    problems: list[Problem] = []

    def tell(path: str, code: str, message: str) -> None:
        problems.append(Problem(code, message, field=path))

    def choice(path: str, value: str, choices: Sequence[str], code: str) -> None:
        if value not in choices:
            tell(path, code, f"wanted one of {', '.join(choices)}; got {shown(value)}")

    def choices(path: str, values: Sequence[str], known: Sequence[str], code: str) -> None:
        for m, value in enumerate(values):
            choice(f"{path}[{m}]", value, known, code)

    if not policy.name:
        tell("name", "missing-key", "wanted a name, got nothing")
    for n, aim in enumerate(policy.aims):
        choice(f"aims[{n}]", aim, AIMS, "unknown-aim")
        if aim in policy.aims[:n]:
            tell(f"aims[{n}]", "duplicate-aim", f"{aim} is listed twice; wanted each aim once")
    if set(policy.aims[:2]) != set(FIRST_AIMS):
        tell("aims", "aims-order", "wanted coverage and floors first, in either order")
    ranks = [rank.id for rank in policy.ladder]
    for n, rule in enumerate(policy.helpers):
        choices(f"helpers[{n}].ranks", rule.ranks, ranks, "unknown-rank")
        choices(f"helpers[{n}].kinds", rule.kinds, KINDS, "unknown-kind")
        choices(f"helpers[{n}].unit_levels", rule.unit_levels, LEVELS, "unknown-level")
        if policy.roles:
            choice(f"helpers[{n}].role", rule.role, policy.roles, "unknown-role")
        if rule.over is not None:
            _tell_cumulative(rule, f"helpers[{n}].over", policy, tell)
        _tell_shadow(n, policy.helpers, "helpers", "everybody", tell)
    for n, household_rule in enumerate(policy.households):
        if (household_rule.others or household_rule.role) != policy.others(household_rule.role):
            wanted = policy.others(household_rule.role)
            message = f"wanted {wanted}, as in the first rule for the role {household_rule.role}"
            tell(f"households[{n}].others", "unlike-others", message)
        elif household_rule.others != household_rule.role and household_rule.others in policy.roles:
            message = f"wanted a name that is no role of the policy, got {shown(household_rule.others)}"
            tell(f"households[{n}].others", "others-is-a-role", message)
        _tell_shadow(n, policy.households, "households", "every household", tell)
        if household_rule.quota.floor and policy.helpers and all(r.role != household_rule.role for r in policy.helpers):
            message = f"wanted a rule for helpers in the role {shown(household_rule.role)}, in which {shown(household_rule.quota.floor)} are due"
            tell(f"households[{n}].role", "role-without-helpers", message)
    if not policy.helpers:
        tell("helpers", "missing-key", "wanted at least one rule, got none")
    if not policy.households:
        tell("households", "missing-key", "wanted at least one rule, got none")
    names = [criterion.name for criterion in policy.criteria]
    for n, criterion in enumerate(policy.criteria):
        if criterion in policy.criteria[:n]:
            tell(f"criteria[{n}]", "duplicate-criterion", f"{shown(names[n])} stands there twice; wanted it once")
        choices(f"criteria[{n}].ranks", getattr(criterion, "ranks", ()), ranks, "unknown-rank")
        choices(f"criteria[{n}].kinds", getattr(criterion, "kinds", ()), KINDS, "unknown-kind")
    if policy.linking is not None:
        choice("linking.method", policy.linking.method, METHODS, "unknown-method")
        choice("linking.share", policy.linking.share, SHARES, "unknown-share")
        choices("linking.gathered", policy.linking.gathered, LEVELS, "unknown-level")
        choices("linking.teams", policy.linking.teams, KINDS, "unknown-kind")
        for n, leaders in enumerate(policy.linking.leaders):
            choices(f"linking.leaders[{n}].ranks", leaders.ranks, ranks, "unknown-rank")
            choices(f"linking.leaders[{n}].kinds", leaders.kinds, KINDS, "unknown-kind")
            if leaders.counties.ceiling == 0:
                message = "wanted at least one county, as the village lies in one of them, got at most 0"
                tell(f"linking.leaders[{n}].counties.ceiling", "no-county", message)
    if policy.effective and policy.until and policy.until <= policy.effective:
        tell("until", "dates-order", f"wanted a day after {policy.effective}, when the policy takes effect")
    if policy.earlier is not None:
        _tell_versions(policy, policy.earlier, tell)
    return problems


def _tell_shadow(n: int, rules: Sequence[Any], name: str, whom: str, tell: Any) -> None:
    """Tell that a rule never holds, as one before it takes all whom it fits."""
    first = next((m for m in range(n) if rules[m].covers(rules[n])), None)
    if first is not None:
        message = f"never holds: {name}[{first}] comes first, and fits {whom} whom this one fits"
        tell(
            f"{name}[{n}]",
            "never-holds",
            message.replace("whom this", "that this") if name == "households" else message,
        )


def _tell_cumulative(rule: HelperRule, path: str, policy: Policy, tell: Any) -> None:
    over = rule.over
    assert over is not None
    if policy.effective is None:
        tell(path, "missing-key", "wanted the day on which the policy takes effect, as years are counted from it")
    if over.years < 1:
        tell(f"{path}.years", "bad-number", f"wanted a whole number from 1, got {over.years}")
    elif rule.quota.ceiling is not None and over.quota.floor > over.years * rule.quota.ceiling:
        most = over.years * rule.quota.ceiling
        message = (
            f"wanted at most {most}, as {over.years} years of at most {rule.quota.ceiling} give, got {over.quota.floor}"
        )
        tell(f"{path}.floor", "floor-above-ceiling", message)
    elif over.quota.ceiling is not None and rule.quota.floor * over.years > over.quota.ceiling:
        least = rule.quota.floor * over.years
        message = f"wanted at least {least}, as {over.years} years of at least {rule.quota.floor} give, got {over.quota.ceiling}"
        tell(f"{path}.ceiling", "floor-above-ceiling", message)


def _tell_versions(policy: Policy, earlier: Policy, tell: Any) -> None:
    if earlier.name != policy.name:
        tell(
            "earlier.name",
            "unlike-names",
            f"wanted a version of {shown(policy.name)}, got one of {shown(earlier.name)}",
        )
    if policy.effective is None:
        tell("effective", "missing-key", "wanted the day on which the version takes effect, got nothing")
    elif earlier.effective is not None and earlier.effective >= policy.effective:
        message = (
            f"wanted a day after {earlier.effective}, when the version before takes effect, got {policy.effective}"
        )
        tell("effective", "dates-order", message)


_VERSION_KEYS = (
    "title",
    "effective",
    "until",
    "source",
    "aims",
    "ranks",
    "respread",
    "helpers",
    "households",
    "criteria",
    "linking",
)
_KEYS = ("name", *_VERSION_KEYS, "versions")


def _read(reader: Reader, raw: object) -> Policy | None:
    """Return the policy that plain data describe: its newest version, with the earlier ones behind it."""
    data = reader.table(raw, "", _KEYS)
    versions = reader.rows(data.pop("versions", []), "versions") or [("", {})]
    if "name" not in data:
        reader.tell("name", "missing-key", "wanted a value, got nothing")
    policy = None
    for path, row in versions:
        own = reader.table(row, path, _VERSION_KEYS) if path else {}
        if "helpers" not in data | own:
            reader.tell(f"{path}.helpers" if path else "helpers", "missing-key", "wanted a value, got nothing")
        policy = _read_version(reader, data | own, {name: f"{path}." for name in own}, policy, path)
    return policy


def _read_version(
    reader: Reader, data: Mapping[str, Any], at: Mapping[str, str], earlier: Policy | None, path: str
) -> Policy | None:
    """Return one version of a policy; `at` says of each key where it stands, if not at the top."""

    def where(name: str) -> str:
        return at.get(name, "") + name

    parts: dict[str, Any] = {"name": "", "helpers": (), "earlier": earlier}
    for attribute in attrs.fields(Policy):
        name = attribute.name
        if name in _TYPED and name in data:
            value = reader.value(attribute.type, data[name], where(name))
            if value is not None:
                parts[name] = value
    for name, kind in (("helpers", HelperRule), ("households", HouseholdRule)):
        if name in data:
            rows = reader.rows(data[name], where(name))
            parts[name] = tuple(reader.record(kind, row, to) for to, row in rows)
    if "linking" in data:
        parts["linking"] = reader.record(LinkingRules, data["linking"], where("linking"))
    if "ranks" in data:
        parts["ladder"] = _read_ladder(reader, data["ranks"], where("ranks"))
    if "criteria" in data:
        rows = reader.rows(data["criteria"], where("criteria"))
        found = [_read_criterion(reader, row, to, parts.get("ladder", LADDER)) for to, row in rows]
        parts["criteria"] = tuple(criterion for criterion in found if criterion is not None)
    try:
        return Policy(**parts)
    except PolicyError as error:
        for problem in error.problems:
            top, dot, _ = problem.field.partition(".")
            owner = top.partition("[")[0]
            reader.tell(
                at.get(owner, f"{path}." if path and not (dot or "[" in top) else "") + problem.field,
                problem.code,
                problem.message,
            )
    return None


def _read_ladder(reader: Reader, raw: object, path: str) -> Ladder:
    ranks = [reader.record(Rank, row, at) for at, row in reader.rows(raw, path)]
    try:
        return Ladder(ranks)
    except ArgumentError:
        reader.tell(path, "bad-ladder", "wanted at least one rank, each id a text and once")
        return LADDER


def _read_criterion(reader: Reader, raw: object, path: str, ladder: Ladder) -> Scores | None:
    if not isinstance(raw, Mapping):
        reader.tell(path, "bad-type", f"wanted a table, got {shown(raw)}")
        return None
    name = raw.get("name")
    kind = CRITERIA.get(name) if isinstance(name, str) else None
    if kind is None:
        reader.tell(f"{path}.name", "unknown-criterion", f"wanted one of {', '.join(CRITERIA)}; got {shown(name)}")
        return None
    given = {"ladder": ladder} if kind is HardestToHighest else {}
    row = {key: value for key, value in raw.items() if key != "name"}
    criterion: Scores = reader.record(kind, row, path, **given)
    return criterion
