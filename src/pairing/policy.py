"""What a programme asks for, as data: who helps how many households, what a household is due, and what counts first.

What a policy says stands in `Draft`, what it may not say in `contradictions`; here it is checked, asked, read and
written.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import attrs
from attrs import field, frozen

from pairing.contradictions import AIMS, Draft, contradictions
from pairing.criteria import CRITERIA, Criterion, HardestToHighest, Scores
from pairing.dates import to_date
from pairing.errors import ArgumentError, PolicyError, Problem, masked, shown
from pairing.people import LADDER, Helper, Household, Ladder, Rank, Unit
from pairing.plain import Reader, keys_of, to_plain, type_problems
from pairing.rules import (
    AppraisalRules,
    HandoverRules,
    HelperRule,
    HouseholdRule,
    LinkingRules,
    RetirementRule,
    VisitRules,
)

__all__ = ["AIMS", "Policy"]


@frozen
class Policy(Draft):
    """The rules of a programme; for each helper, and for each household and role, the first rule that fits holds.

    A helper whom no rule fits takes on nobody.  `ladder` has the ranks that the rules may name, `aims` what is
    reached first, second and so on: "coverage" and "floors" come before the others.

    - `effective`, `until`: the policy is in force from a day on, and up to, but not including, another.
    - `earlier`: the version that this one replaces; `at` gives the one that is in force on a day.
    - `criteria`: what makes one pair better than another, and what excludes a pair.
    - `linking`: how units are linked to villages where the roster has no links.
    - `respread`: the share of a member who is not fit is spread over the colleagues of the unit.
    - `handover`: how households pass from one helper to the next, and what follows when they have left poverty.
    - `retirement`: at which age helpers retire; the first rule that fits a helper holds.
    - `visits`: when visits are due, and after which silence there is an alarm.
    - `appraisal`: what the yearly appraisal of helpers and units counts.

    >>> from pairing.quotas import Quota
    >>> Policy("ours", helpers=(HelperRule(Quota(1, 3)),), households=(HouseholdRule(Quota(1, 1)),))
    Policy('ours', 1 helper rules, 1 household rules, coverage > floors > keep > even > preference)

    Raises `PolicyError` with every fault at once, each with the path to the culprit.
    """

    earlier: "Policy | None" = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if problems := _type_problems(self) or contradictions(self):
            raise PolicyError(problems)

    def __repr__(self) -> str:
        more = f", version of {self.effective}" if self.earlier else ""
        return (
            f"Policy({self.name!r}, {len(self.helpers)} helper rules, {len(self.households)} household rules, "
            f"{' > '.join(self.aims)}{more})"
        )

    @property
    def versions(self) -> tuple["Policy", ...]:
        """All versions, the oldest first, this one last."""
        found = [self]
        while found[-1].earlier is not None:
            found.append(found[-1].earlier)
        return tuple(reversed(found))

    def at(self, on: date) -> "Policy":
        """Return the version that is in force on a day: the newest that takes effect no later.

        >>> from pairing.quotas import Quota
        >>> first = Policy("ours", (HelperRule(Quota(1)),), effective=date(1994, 9, 1))
        >>> second = Policy("ours", (HelperRule(Quota(2)),), effective=date(1995, 3, 1), earlier=first)
        >>> second.at(date(1994, 12, 31)) is first, second.at(date(1995, 3, 1)) is second
        (True, True)

        Raises `ArgumentError` for a day before the first version takes effect, or after the policy has ended.
        """
        on = to_date(on, "on")
        for version in reversed(self.versions):
            if version.effective is None or version.effective <= on:
                if version.until is not None and on >= version.until:
                    message = f"wanted a day before {version.until}, when the policy {self.name} ends, got {on}"
                    raise ArgumentError("not-in-force", message, "on")
                return version
        message = f"wanted a day from {self.versions[0].effective}, when the policy {self.name} takes effect, got {on}"
        raise ArgumentError("not-in-force", message, "on")

    def helper_rule(self, helper: Helper, unit: Unit) -> int | None:
        """Return the position of the rule that holds for a helper, or None where no rule fits."""
        return next((n for n, rule in enumerate(self.helpers) if rule.fits(helper, unit)), None)

    def household_rule(self, household: Household, role: str) -> int | None:
        """Return the position of the rule that holds for a household in a role, or None where no rule fits."""
        rules = enumerate(self.households)
        return next((n for n, rule in rules if rule.role == role and rule.fits(household)), None)

    def retires(self, helper: Helper) -> date | None:
        """Return the first day on which a helper is out of the service by age, or None where nothing is known of it.

        The first rule that fits the helper holds; nothing is known where none fits, or without a date of birth.

        >>> from pairing.quotas import Quota
        >>> men = RetirementRule(720, sexes=("m",))
        >>> policy = Policy("ours", helpers=(HelperRule(Quota(1)),), retirement=(men,))
        >>> policy.retires(Helper("c-1", "court", "section", birth=date(1952, 2, 29), sex="m"))
        datetime.date(2012, 3, 1)
        >>> policy.retires(Helper("c-2", "court", "section", birth=date(1952, 2, 29)))
        """
        rule = next((rule for rule in self.retirement if rule.fits(helper)), None)
        return rule.day(helper.birth) if rule and helper.birth else None

    def to_dict(self) -> dict[str, Any]:
        """Return the policy as plain data, in the shape of a policy file: `Policy.from_dict` is its inverse.

        >>> from pairing.quotas import Quota
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
        if handover := to_plain(self.handover):
            data["handover"] = handover
        if self.retirement:
            data["retirement"] = [to_plain(rule) for rule in self.retirement]
        if visits := to_plain(self.visits):
            data["visits"] = visits
        if appraisal := to_plain(self.appraisal):
            data["appraisal"] = appraisal
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
        message = f"wanted a criterion of the library's, as code is not data; got {masked(criterion.name)!r}"
        raise ArgumentError("own-criterion", message, f"criteria[{n}]")
    return {"name": criterion.name} | to_plain(criterion)


_TYPED = ("name", "title", "effective", "until", "source", "aims", "respread")
"""The keys whose values are no tables."""

_RULES: tuple[tuple[str, type[Any]], ...] = (
    ("helpers", HelperRule),
    ("households", HouseholdRule),
    ("retirement", RetirementRule),
)
"""The keys whose values are lists of tables, each a rule."""

_PARTS: tuple[tuple[str, type[Any]], ...] = (
    ("linking", LinkingRules),
    ("handover", HandoverRules),
    ("visits", VisitRules),
    ("appraisal", AppraisalRules),
)
"""The keys whose values are single tables."""


def _type_problems(policy: Policy) -> list[Problem]:
    """Return which parts of a policy are of wrong types; told by their paths."""
    problems = type_problems(policy, "", leave_out=[at.name for at in attrs.fields(Policy) if at.name not in _TYPED])

    def tell(wanted: str, got: object, path: str) -> None:
        problems.append(Problem("bad-type", f"wanted {wanted}, got {shown(got)}", field=path))

    if not isinstance(policy.ladder, Ladder):
        tell("a Ladder", policy.ladder, "ladder")
    if not isinstance(policy.earlier, Policy | None):
        tell("a Policy or None", policy.earlier, "earlier")
    for name, kind in _PARTS:
        part = getattr(policy, name)
        if isinstance(part, kind):
            problems += type_problems(part, f"{name}.")
        elif part is not None or name != "linking":
            tell(f"{kind.__name__}{' or None' * (name == 'linking')}", part, name)
    for name, kind in _RULES:
        rules = getattr(policy, name)
        if not isinstance(rules, tuple):
            tell("rules", rules, name)
            continue
        for n, rule in enumerate(rules):
            if isinstance(rule, kind):
                problems += type_problems(rule, f"{name}[{n}].")
            else:
                tell(f"a {kind.__name__}", rule, f"{name}[{n}]")
    if not isinstance(policy.criteria, tuple):
        tell("criteria", policy.criteria, "criteria")
        return problems
    for n, criterion in enumerate(policy.criteria):
        if not _is_criterion(criterion):
            tell("a criterion", criterion, f"criteria[{n}]")
        elif type(criterion) in CRITERIA.values():
            problems += type_problems(criterion, f"criteria[{n}].")
    return problems


def _is_criterion(thing: Any) -> bool:
    """Whether something has a name and the functions of a criterion; never raises."""
    if isinstance(thing, type):
        return False
    try:
        name, link, others = thing.name, thing.link, (thing.helper, thing.household, thing.score)
    except Exception:
        return False
    return isinstance(name, str) and (link is None or callable(link)) and all(map(callable, others))


# --- from plain data

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
    "handover",
    "retirement",
    "visits",
    "appraisal",
)
_KEYS = ("name", *_VERSION_KEYS, "versions")


def _read(reader: Reader, raw: object) -> Policy | None:
    """Return the policy that plain data describe: its newest version, with the earlier ones behind it."""
    top = reader.table(raw, "", _KEYS)
    rows = reader.rows(top.pop("versions", []), "versions")
    own = [reader.table(row, path, _VERSION_KEYS) for path, row in rows]
    for key in sorted(top.keys() - {"name", "title", "source"}):
        if own and all(key in keys for keys in own):
            reader.tell(key, "never-holds", "never holds: each version has its own, and the top is no version")
    versions: list[_Version] = []
    for n, keys in enumerate(own or [{}]):
        version = _Version(reader, top, keys, rows[n][0] if rows else "", first=not n)
        version.read(versions[-1] if versions else None)
        versions.append(version)
    told = [version.problems() for version in versions]  # before any of them is told
    for version, problems in zip(versions, told, strict=True):
        version.tell(problems)
    if reader.problems:
        return None
    policy = None
    for version in versions:
        policy = Policy(**version.parts | {"earlier": policy})
    return policy


class _Version:
    """One version of a policy in plain data: its own keys hold, and beside them those at the top."""

    def __init__(self, reader: Reader, top: Mapping[str, Any], own: Mapping[str, Any], path: str, first: bool) -> None:
        self.reader = reader
        self.path = path
        self.at = {key: f"{path}." if path and (key in own or key not in top) else "" for key in _VERSION_KEYS}
        self.data = dict(top) | dict(own)
        self.parts: dict[str, Any] = {"name": "", "helpers": ()}
        self.before: _Version | None = None
        if not first and "effective" not in own:
            self.data.pop("effective", None)
            self.at["effective"] = f"{path}."

    def where(self, path: str) -> str:
        """Return where in the data stands what a path of the policy leads to."""
        key = path.replace("[", ".").partition(".")[0]
        return self.at.get(key, "") + path

    def read(self, earlier: "_Version | None") -> None:
        """Read all keys; what is wrong is told, and has its default."""
        reader, data, where = self.reader, self.data, self.where
        self.before = earlier
        for key in ("name", "helpers"):
            if key not in data:
                reader.tell(where(key), "missing-key", "wanted a value, got nothing")
        for attribute in attrs.fields(Policy):
            name = attribute.name
            if name in _TYPED and name in data:
                value = reader.value(attribute.type, data[name], where(name))
                if value is not None:
                    self.parts[name] = value
        for name, kind in _RULES:
            if name in data:
                rows = reader.rows(data[name], where(name))
                self.parts[name] = tuple(reader.record(kind, row, at) for at, row in rows)
        for name, kind in _PARTS:
            if name in data:
                self.parts[name] = reader.record(kind, data[name], where(name))
        if "ranks" in data:
            self.parts["ladder"] = _read_ladder(reader, data["ranks"], where("ranks"))
        if "criteria" in data:
            rows = reader.rows(data["criteria"], where("criteria"))
            ladder = self.parts.get("ladder", LADDER)
            self.parts["criteria"] = tuple(_read_criterion(reader, row, at, ladder) for at, row in rows)

    @cached_property
    def draft(self) -> Draft:
        """What was read."""
        return Draft(**self.parts | {"earlier": self.before and self.before.draft})

    def problems(self) -> list[Problem]:
        """Return what contradicts itself, beside what cannot be read."""
        return contradictions(self.draft, lambda path: self.reader.unread(self.where(path)))

    def tell(self, problems: list[Problem]) -> None:
        """Tell problems at their places in the data."""
        for problem in problems:
            path = problem.field
            owner = self
            while path.startswith("earlier.") and owner.before is not None:
                path, owner = path.removeprefix("earlier."), owner.before
            self.reader.tell(owner.where(path), problem.code, problem.message)


def _read_ladder(reader: Reader, raw: object, path: str) -> Ladder:
    ranks = [reader.record(Rank, row, at) for at, row in reader.rows(raw, path)]
    try:
        return Ladder(ranks)
    except ArgumentError:
        fine = not reader.unread(path)
    if fine:
        reader.tell(path, "bad-ladder", "wanted at least one rank, each id a text and once")
    return LADDER


_UNKNOWN = Criterion("unknown", lambda helper: None, lambda household: None, lambda one, other: 0)
"""What stands for a criterion that cannot be read."""


def _read_criterion(reader: Reader, raw: object, path: str, ladder: Ladder) -> Scores:
    if not isinstance(raw, Mapping):
        reader.tell(path, "bad-type", f"wanted a table, got {shown(raw)}")
        return _UNKNOWN
    name = raw.get("name")
    kind = CRITERIA.get(name) if isinstance(name, str) else None
    if kind is None:
        reader.tell(f"{path}.name", "unknown-criterion", f"wanted one of {', '.join(CRITERIA)}; got {shown(name)}")
        return _UNKNOWN
    given = {"ladder": ladder} if kind is HardestToHighest else {}
    row = reader.table(raw, path, ("name", *(key for key in keys_of(kind) if key not in given)))
    del row["name"]
    criterion: Scores = reader.record(kind, row, path, **given)
    return criterion
