"""What a programme asks for, as data: who helps how many households, what a household is due, and what counts first."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
from attrs import field, frozen

from pairing.areas import LEVELS, as_tuple
from pairing.dates import parse_date
from pairing.errors import ArgumentError, PolicyError, Problem, shown
from pairing.people import KINDS, LADDER, Helper, Household, Ladder, Rank, Unit
from pairing.quotas import LARGEST, Quota

__all__ = ["AIMS", "HelperRule", "HouseholdRule", "Policy"]

AIMS = ("coverage", "floors", "even", "preference")
"""The aims that a policy may list; each is reached as far as it can be before the next is looked at."""

FIRST_AIMS = ("coverage", "floors")


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(texts)


@frozen
class HelperRule:
    """How many households a kind of helper takes on, and in which role; an empty selector fits everybody.

    `soft` means "in principle" (原则上): the floor yields to every hard floor and is no shortfall when it is missed,
    and the ceiling yields where a household would have fewer helpers than it is due, or a hard floor would be missed.

    >>> rule = HelperRule(Quota(3, 6), ranks=("bureau", "deputy-bureau"))
    >>> rule.fits(Helper("c-1", "u", "bureau"), Unit("u", "province", "62"))
    True
    """

    quota: Quota
    ranks: tuple[str, ...] = field(default=(), converter=_texts)
    kinds: tuple[str, ...] = field(default=(), converter=_texts)
    posts: tuple[str, ...] = field(default=(), converter=_texts)
    unit_levels: tuple[str, ...] = field(default=(), converter=_texts)
    role: str = "lead"
    soft: bool = False
    source: str = field(default="", repr=False)

    def fits(self, helper: Helper, unit: Unit) -> bool:
        """Whether the rule is for this helper, who belongs to this unit."""
        return (
            (not self.ranks or helper.rank in self.ranks)
            and (not self.kinds or helper.kind in self.kinds)
            and (not self.posts or helper.post in self.posts)
            and (not self.unit_levels or unit.level in self.unit_levels)
        )


@frozen
class HouseholdRule:
    """How many helpers a household is due in a role; it is for households of at least that difficulty.

    In each role the first helper bears the name of the role and further ones the name in `others`: one person
    answers for the household (责任到人), the others support.

    >>> HouseholdRule(Quota(1, 3))
    HouseholdRule(quota=Quota(floor=1, ceiling=3), role='lead', others='support', difficulty=0)
    """

    quota: Quota
    role: str = "lead"
    others: str = "support"
    difficulty: int = 0
    source: str = field(default="", repr=False)

    def fits(self, household: Household) -> bool:
        """Whether the rule is for this household."""
        return household.difficulty >= self.difficulty


def _helper_rules(rules: Iterable[HelperRule]) -> tuple[HelperRule, ...]:
    return as_tuple(rules)


def _household_rules(rules: Iterable[HouseholdRule]) -> tuple[HouseholdRule, ...]:
    return as_tuple(rules)


@frozen
class Policy:
    """The rules of a programme; for each helper, and for each household and role, the first rule that fits holds.

    A helper whom no rule fits takes on nobody.  `ladder` has the ranks that the rules may name, `aims` what is
    reached first, second and so on: "coverage" and "floors" come before the others.

    >>> Policy("ours", helpers=(HelperRule(Quota(1, 3)),), households=(HouseholdRule(Quota(1, 1)),))
    Policy('ours', 1 helper rules, 1 household rules, coverage > floors > even > preference)

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

    def __attrs_post_init__(self) -> None:
        if problems := _type_problems(self) or _policy_problems(self):
            raise PolicyError(problems)

    def __repr__(self) -> str:
        return (
            f"Policy({self.name!r}, {len(self.helpers)} helper rules, {len(self.households)} household rules, "
            f"{' > '.join(self.aims)})"
        )

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles in which households are due helpers, in the order of the rules."""
        return tuple(dict.fromkeys(rule.role for rule in self.households))

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
        """
        data: dict[str, Any] = {"name": self.name}
        if self.title:
            data["title"] = self.title
        if self.effective:
            data["effective"] = self.effective.isoformat()
        if self.source:
            data["source"] = self.source
        data["aims"] = list(self.aims)
        if self.ladder != LADDER:
            data["ranks"] = [attrs.asdict(rank) for rank in self.ladder]
        data["helpers"] = [_rule_to_dict(rule) for rule in self.helpers]
        data["households"] = [_rule_to_dict(rule) for rule in self.households]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Policy":
        """Return the policy that plain data describes; see `docs/policy.md` for every key.

        Raises `PolicyError` with every fault at once: unknown keys, wrong types, floors above ceilings, unknown
        ranks, kinds, levels and aims.
        """
        reader = _Reader()
        policy = reader.policy(data)
        if policy is None or reader.problems:
            raise PolicyError(reader.problems)
        return policy


def _rule_to_dict(rule: HelperRule | HouseholdRule) -> dict[str, Any]:
    data: dict[str, Any] = {"floor": rule.quota.floor}
    if rule.quota.ceiling is not None:
        data["ceiling"] = rule.quota.ceiling
    for attribute in attrs.fields(type(rule)):
        value = getattr(rule, attribute.name)
        if attribute.name != "quota" and value != attribute.default:
            data[attribute.name] = list(value) if isinstance(value, tuple) else value
    return data


_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "quota": (lambda value: isinstance(value, Quota), "a Quota"),
    "ladder": (lambda value: isinstance(value, Ladder), "a Ladder"),
    "effective": (lambda value: value is None or type(value) is date, "a datetime.date or None"),
    "difficulty": (lambda value: type(value) is int and 0 <= value < LARGEST, "a whole number from 0"),
    "soft": (lambda value: isinstance(value, bool), "True or False"),
    **dict.fromkeys(
        ("ranks", "kinds", "posts", "unit_levels", "aims"),
        (lambda value: isinstance(value, tuple) and all(isinstance(i, str) and i for i in value), "texts"),
    ),
}
_TEXT: tuple[Callable[[Any], bool], str] = (lambda value: isinstance(value, str), "a text")


def _type_problems(policy: Policy) -> list[Problem]:
    """Return which parts of a policy are of wrong types; told by their paths."""
    problems: list[Problem] = []

    def look(thing: Policy | HelperRule | HouseholdRule, path: str) -> None:
        for attribute in attrs.fields(type(thing)):
            if attribute.name in ("helpers", "households"):
                continue
            value = getattr(thing, attribute.name)
            fine, wanted = _TYPES.get(attribute.name, _TEXT)
            if not fine(value):
                message = f"wanted {wanted}, got {shown(value)}"
                problems.append(Problem("bad-type", message, field=f"{path}{attribute.name}"))

    look(policy, "")
    for name, kind in (("helpers", HelperRule), ("households", HouseholdRule)):
        rules = getattr(policy, name)
        if not isinstance(rules, tuple):
            problems.append(Problem("bad-type", f"wanted rules, got {shown(rules)}", field=name))
            continue
        for n, rule in enumerate(rules):
            if isinstance(rule, kind):
                look(rule, f"{name}[{n}].")
            else:
                message = f"wanted a {kind.__name__}, got {shown(rule)}"
                problems.append(Problem("bad-type", message, field=f"{name}[{n}]"))
    return problems


def _policy_problems(policy: Policy) -> list[Problem]:
    """Return what is wrong with a policy whose parts have the right types; told by their paths."""
    problems: list[Problem] = []

    def tell(path: str, code: str, message: str) -> None:
        problems.append(Problem(code, message, field=path))

    def choice(path: str, value: str, choices: Sequence[str], code: str) -> None:
        if value not in choices:
            tell(path, code, f"wanted one of {', '.join(choices)}; got {shown(value)}")

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
        for m, rank in enumerate(rule.ranks):
            choice(f"helpers[{n}].ranks[{m}]", rank, ranks, "unknown-rank")
        for m, kind in enumerate(rule.kinds):
            choice(f"helpers[{n}].kinds[{m}]", kind, KINDS, "unknown-kind")
        for m, level in enumerate(rule.unit_levels):
            choice(f"helpers[{n}].unit_levels[{m}]", level, LEVELS, "unknown-level")
        if policy.roles:
            choice(f"helpers[{n}].role", rule.role, policy.roles, "unknown-role")
    for n, household_rule in enumerate(policy.households):
        if (household_rule.others or household_rule.role) != policy.others(household_rule.role):
            wanted = policy.others(household_rule.role)
            message = f"wanted {wanted}, as in the first rule for the role {household_rule.role}"
            tell(f"households[{n}].others", "unlike-others", message)
        elif household_rule.others != household_rule.role and household_rule.others in policy.roles:
            message = f"wanted a name that is no role of the policy, got {shown(household_rule.others)}"
            tell(f"households[{n}].others", "others-is-a-role", message)
    if not policy.helpers:
        tell("helpers", "missing-key", "wanted at least one rule, got none")
    if not policy.households:
        tell("households", "missing-key", "wanted at least one rule, got none")
    return problems


_PLAIN_KEY = re.compile(r"[A-Za-z_-]{1,30}", re.ASCII)
_KEYS = {
    "policy": ("name", "title", "effective", "source", "aims", "ranks", "helpers", "households"),
    "helpers": ("floor", "ceiling", "ranks", "kinds", "posts", "unit_levels", "role", "soft", "source"),
    "households": ("floor", "ceiling", "role", "others", "difficulty", "source"),
    "ranks": ("id", "title"),
}


class _Reader:
    """Reads plain data into a policy and keeps every problem, with the path to it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def tell(self, path: str, code: str, message: str) -> None:
        if all(problem.field != path for problem in self.problems):
            self.problems.append(Problem(code, message, field=path))

    def table(self, data: object, path: str, kind: str) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.tell(path, "bad-type", f"wanted a table, got {shown(data)}")
            return {}
        for n, name in enumerate(data, 1):
            if name not in _KEYS[kind]:
                title = name if isinstance(name, str) and _PLAIN_KEY.fullmatch(name) else f"<key {n}>"
                where = f"{path}.{title}" if path else title
                self.tell(where, "unknown-key", f"wanted one of {', '.join(_KEYS[kind])}")
        return {name: data[name] for name in _KEYS[kind] if name in data}

    def text(self, data: Mapping[str, Any], path: str, name: str, default: str) -> str:
        value = data.get(name, default)
        if not isinstance(value, str):
            self.tell(f"{path}{name}", "bad-type", f"wanted a text, got {shown(value)}")
            return default
        return value

    def whole(self, data: Mapping[str, Any], path: str, name: str) -> int | None:
        value = data.get(name)
        if value is not None and (type(value) is not int or not 0 <= value < LARGEST):
            self.tell(f"{path}{name}", "bad-number", f"wanted a whole number from 0, got {shown(value)}")
            return None
        return value

    def texts(self, data: Mapping[str, Any], path: str, name: str) -> tuple[str, ...]:
        value = data.get(name, [])
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
            self.tell(f"{path}{name}", "bad-type", f"wanted a list of texts, got {shown(value)}")
            return ()
        return tuple(value)

    def rows(self, data: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
        value = data.get(name, [])
        if not isinstance(value, list | tuple):
            self.tell(name, "bad-type", f"wanted a list of tables, got {shown(value)}")
            return []
        return [(f"{name}[{n}].", self.table(row, f"{name}[{n}]", name)) for n, row in enumerate(value)]

    def quota(self, data: Mapping[str, Any], path: str) -> Quota:
        floor, ceiling = self.whole(data, path, "floor") or 0, self.whole(data, path, "ceiling")
        if ceiling is not None and floor > ceiling:
            self.tell(
                f"{path}ceiling",
                "floor-above-ceiling",
                f"wanted at least the floor, {shown(floor)}, got {shown(ceiling)}",
            )
            return Quota(floor)
        return Quota(floor, ceiling)

    def soft(self, data: Mapping[str, Any], path: str) -> bool:
        value = data.get("soft", False)
        if not isinstance(value, bool):
            self.tell(f"{path}soft", "bad-type", f"wanted true or false, got {shown(value)}")
        return value is True

    def effective(self, data: Mapping[str, Any]) -> date | None:
        value = data.get("effective")
        day = parse_date(value) if isinstance(value, str) else value
        if value is not None and type(day) is not date:
            self.tell("effective", "bad-date", f"wanted a day as YYYY-MM-DD, got {shown(value)}")
            return None
        return day

    def ladder(self, data: Mapping[str, Any]) -> Ladder:
        if "ranks" not in data:
            return LADDER
        ranks = [
            Rank(self.text(row, path, "id", ""), self.text(row, path, "title", ""))
            for path, row in self.rows(data, "ranks")
        ]
        try:
            return Ladder(ranks)
        except ArgumentError:
            self.tell("ranks", "bad-ladder", "wanted at least one rank, each id a text and once")
            return LADDER

    def policy(self, raw: object) -> Policy | None:
        data = self.table(raw, "", "policy")
        for name in ("name", "helpers"):
            if name not in data:
                self.tell(name, "missing-key", "wanted a value, got nothing")
        helpers = tuple(
            HelperRule(
                self.quota(row, path),
                self.texts(row, path, "ranks"),
                self.texts(row, path, "kinds"),
                self.texts(row, path, "posts"),
                self.texts(row, path, "unit_levels"),
                self.text(row, path, "role", "lead"),
                self.soft(row, path),
                self.text(row, path, "source", ""),
            )
            for path, row in self.rows(data, "helpers")
        )
        households = tuple(
            HouseholdRule(
                self.quota(row, path),
                self.text(row, path, "role", "lead"),
                self.text(row, path, "others", "support"),
                self.whole(row, path, "difficulty") or 0,
                self.text(row, path, "source", ""),
            )
            for path, row in self.rows(data, "households")
        )
        parts: dict[str, Any] = {
            "name": self.text(data, "", "name", ""),
            "helpers": helpers,
            "households": households if "households" in data else attrs.fields(Policy).households.default,
            "aims": self.texts(data, "", "aims") if "aims" in data else attrs.fields(Policy).aims.default,
            "ladder": self.ladder(data),
            "title": self.text(data, "", "title", ""),
            "effective": self.effective(data),
            "source": self.text(data, "", "source", ""),
        }
        found = None
        try:
            found = Policy(**parts)
        except PolicyError as error:
            for problem in error.problems:
                self.tell(problem.field, problem.code, problem.message)
        return found
