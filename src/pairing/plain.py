"""Values as plain data: tables, lists, texts and whole numbers, as a policy file has them; read and written.

What a field of a rule may hold follows from its type, and so do its reading, its writing and its check: a rule gets a
new key by getting a new field.  Reading keeps every fault, with the path to it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

import attrs

from pairing.dates import parse_date
from pairing.errors import Problem, shown
from pairing.quotas import LARGEST, Quota

__all__ = ["Lists", "Reader", "Table", "keys_of", "to_plain", "type_problems"]

Lists = tuple[tuple[str, ...], ...]
Table = tuple[tuple[str, tuple[str, ...]], ...]

_Record = TypeVar("_Record")
_PLAIN_KEY = re.compile(r"[A-Za-z_-]{1,30}", re.ASCII)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return type(value) is int and 0 <= value < LARGEST


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(item, str) and item for item in value)


def _are_lists(value: object) -> bool:
    return isinstance(value, tuple | list) and all(map(_are_texts, value))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and all(_is_text(word) and _are_texts(words) for word, words in value.items())


def _are_rows(value: object) -> bool:
    if not isinstance(value, tuple):
        return False
    fine = all(isinstance(row, tuple) and len(row) == 2 and _is_text(row[0]) and _are_texts(row[1]) for row in value)
    return fine and len({word for word, _ in value}) == len(value)


@attrs.frozen
class _Kind:
    """What a field of some type holds: as a value of an object, and as plain data."""

    held: Callable[[Any], bool]
    wanted: str
    plain: Callable[[Any], bool]
    wanted_plain: str
    make: Callable[[Any], Any]
    write: Callable[[Any], Any]
    code: str = "bad-type"


def _same(value: Any) -> Any:
    return value


_KINDS: dict[Any, _Kind] = {
    str: _Kind(_is_text, "a text", _is_text, "a text", str, _same),
    bool: _Kind(_is_flag, "True or False", _is_flag, "true or false", bool, _same),
    int: _Kind(_is_whole, "a whole number from 0", _is_whole, "a whole number from 0", _same, _same, "bad-number"),
    date | None: _Kind(
        lambda value: value is None or type(value) is date,
        "a datetime.date or None",
        lambda value: type(value) is date or (isinstance(value, str) and parse_date(value) is not None),
        "a day as YYYY-MM-DD",
        lambda value: value if type(value) is date else parse_date(value),
        lambda value: value.isoformat(),
        "bad-date",
    ),
    tuple[str, ...]: _Kind(
        lambda value: isinstance(value, tuple) and _are_texts(value),
        "texts",
        _are_texts,
        "a list of texts",
        tuple,
        list,
    ),
    Lists: _Kind(
        lambda value: isinstance(value, tuple) and all(isinstance(row, tuple) and _are_texts(row) for row in value),
        "lists of texts",
        _are_lists,
        "a list of lists of texts",
        lambda value: tuple(map(tuple, value)),
        lambda value: list(map(list, value)),
    ),
    Table: _Kind(
        _are_rows,
        "texts, each once, with texts",
        _is_table,
        "a table of lists of texts",
        lambda value: tuple((word, tuple(words)) for word, words in value.items()),
        lambda value: {word: list(words) for word, words in value},
    ),
}
"""Of each type of field, what it holds."""

_MISSING: dict[Any, Any] = {int: 1, str: ""}
"""What stands for a value that must be there and is not, so that the rest can be looked at."""


def type_problems(thing: Any, path: str, leave_out: Iterable[str] = ()) -> list[Problem]:
    """Return which fields of an attrs value are of wrong types, those of the values in it too; told by their paths.

    >>> from pairing.rules import HelperRule
    >>> print(type_problems(HelperRule(Quota(1), soft="yes"), "helpers[0].")[0])
    helpers[0].soft: wanted True or False, got 'yes' [bad-type]
    """
    problems: list[Problem] = []

    def tell(wanted: str, got: object, at: str) -> None:
        problems.append(Problem("bad-type", f"wanted {wanted}, got {shown(got)}", field=at))

    for attribute in attrs.fields(type(thing)):
        if attribute.name in leave_out:
            continue
        value, at = getattr(thing, attribute.name), f"{path}{attribute.name}"
        kind, listed = _nested(attribute.type)
        if attribute.type is Quota:
            if not isinstance(value, Quota):
                tell("a Quota", value, at)
        elif attribute.type in _KINDS:
            if not _KINDS[attribute.type].held(value):
                tell(_KINDS[attribute.type].wanted, value, at)
        elif listed and not isinstance(value, tuple):
            tell("values", value, at)
        elif kind is not None:
            for row, where in [(row, f"{at}[{n}]") for n, row in enumerate(value)] if listed else [(value, at)]:
                if isinstance(row, kind):
                    problems += type_problems(row, f"{where}.")
                elif listed or row is not None:
                    tell(f"a {kind.__name__}", row, where)
    return problems


def _nested(kind: Any) -> tuple[Any, bool]:
    """Return the class of records that a field holds, and whether it holds a list of them; or (None, False)."""
    if get_origin(kind) is tuple and attrs.has(get_args(kind)[0]):
        return get_args(kind)[0], True
    if isinstance(kind, UnionType) and attrs.has(get_args(kind)[0]):
        return get_args(kind)[0], False
    return None, False


def keys_of(kind: type[Any]) -> tuple[str, ...]:
    """Return the keys that a record of plain data may have.

    >>> from pairing.rules import HouseholdRule
    >>> keys_of(HouseholdRule)
    ('floor', 'ceiling', 'role', 'others', 'difficulty', 'source')
    """
    fields = attrs.fields(kind)
    names = [at.name for at in fields if at.type is Quota or at.type in _KINDS or _nested(at.type)[0] is not None]
    return tuple(key for name in names for key in (("floor", "ceiling") if name == "quota" else (name,)))


def to_plain(thing: Any) -> dict[str, Any]:
    """Return an attrs value as plain data, leaving out what is as it would be without being said.

    >>> from pairing.rules import HelperRule
    >>> to_plain(HelperRule(Quota(1, 3), ranks=("staff",)))
    {'floor': 1, 'ceiling': 3, 'ranks': ['staff']}
    """
    data: dict[str, Any] = {}
    for attribute in attrs.fields(type(thing)):
        value, name = getattr(thing, attribute.name), attribute.name
        if name == "quota":
            data.update(_quota_to_plain(value))
        elif value == attribute.default:
            continue
        elif attribute.type is Quota:
            data[name] = _quota_to_plain(value)
        elif attribute.type in _KINDS:
            data[name] = _KINDS[attribute.type].write(value)
        elif _nested(attribute.type)[1]:
            data[name] = list(map(to_plain, value))
        elif _nested(attribute.type)[0] is not None:
            data[name] = to_plain(value)
    return data


def _quota_to_plain(quota: Quota) -> dict[str, int]:
    return {"floor": quota.floor} | ({} if quota.ceiling is None else {"ceiling": quota.ceiling})


class Reader:
    """Reads plain data into attrs values and keeps every problem, with the path to it.

    What cannot be read is told, and has its default, so that the rest is looked at too; `unread` says where.

    >>> from pairing.rules import HouseholdRule
    >>> reader = Reader()
    >>> reader.record(HouseholdRule, {"floor": "x", "difficulty": 2}, "households[0]").difficulty
    2
    >>> print(reader.problems[0], reader.unread("households[0].floor"), reader.unread("households[0].role"))
    households[0].floor: wanted a whole number from 0, got 'x' [bad-number] True False
    """

    def __init__(self) -> None:
        self._told: dict[str, Problem] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, in the order in which it was found."""
        return tuple(self._told.values())

    def tell(self, path: str, code: str, message: str) -> None:
        """Keep a problem: the first at each path, and none below what is of a wrong type altogether."""
        above = (self._told.get(path[: mark.start()]) for mark in re.finditer(r"^|[.\[]", path))
        if path not in self._told and not any(problem and problem.code == "bad-type" for problem in above):
            self._told[path] = Problem(code, message, field=path)

    def unread(self, path: str) -> bool:
        """Whether what stands at a path, above it or below it could not be read, so that nothing is known of it."""
        return any(_within(path, told) or _within(told, path) for told in self._told)

    def table(self, data: object, path: str, keys: Iterable[str]) -> dict[str, Any]:
        """Return the known keys of a table, telling the unknown ones."""
        if not isinstance(data, Mapping):
            self.tell(path, "bad-type", f"wanted a table, got {shown(data)}")
            return {}
        keys = tuple(keys)
        for n, name in enumerate(data, 1):
            if name not in keys:
                title = name if isinstance(name, str) and _PLAIN_KEY.fullmatch(name) else f"<key {n}>"
                where = f"{path}.{title}" if path else title
                self.tell(where, "unknown-key", f"wanted one of {', '.join(keys)}")
        return {name: data[name] for name in keys if name in data}

    def rows(self, value: object, path: str) -> list[tuple[str, Any]]:
        """Return the rows of a list of tables, each with its path."""
        if not isinstance(value, list | tuple):
            self.tell(path, "bad-type", f"wanted a list of tables, got {shown(value)}")
            return []
        return [(f"{path}[{n}]", row) for n, row in enumerate(value)]

    def record(self, kind: type[_Record], raw: object, path: str, **given: Any) -> _Record:
        """Return the attrs value that a table describes; what is wrong in it is told, and has its default."""
        data = self.table(raw, path, [key for key in keys_of(kind) if key not in given])
        at = f"{path}." if path else ""
        parts: dict[str, Any] = dict(given)
        for attribute in attrs.fields(kind):  # type: ignore[arg-type]
            name = attribute.name
            if name in given:
                continue
            value = None
            if name == "quota":
                value = self.quota(data, at)
            elif name in data:
                value = self.value(attribute.type, data[name], f"{at}{name}")
            elif attribute.default is attrs.NOTHING:
                self.tell(f"{at}{name}", "missing-key", "wanted a value, got nothing")
            if value is not None:
                parts[name] = value
            elif attribute.default is attrs.NOTHING:
                parts[name] = _MISSING[attribute.type]
        return kind(**parts)

    def value(self, kind: Any, value: Any, path: str) -> Any:
        """Return what a cell of that type of field holds, or None where it is wrong, and told."""
        record, listed = _nested(kind)
        if listed:
            return tuple(self.record(record, row, at) for at, row in self.rows(value, path))
        if record is not None:
            return self.record(record, value, path)
        if kind is Quota:
            return self.quota(self.table(value, path, ("floor", "ceiling")), f"{path}.")
        wanted = _KINDS[kind]
        if wanted.plain(value):
            return wanted.make(value)
        self.tell(path, wanted.code, f"wanted {wanted.wanted_plain}, got {shown(value)}")
        return None

    def quota(self, data: Mapping[str, Any], at: str) -> Quota:
        """Return the quota that `floor` and `ceiling` of a table make."""
        ends: list[int | None] = []
        for name in ("floor", "ceiling"):
            value = data.get(name)
            if name in data and not _is_whole(value):
                self.tell(f"{at}{name}", "bad-number", f"wanted a whole number from 0, got {shown(value)}")
                value = None
            ends.append(value)
        floor, ceiling = ends[0] or 0, ends[1]
        if ceiling is not None and floor > ceiling:
            message = f"wanted at least the floor, {shown(floor)}, got {shown(ceiling)}"
            self.tell(f"{at}ceiling", "floor-above-ceiling", message)
            return Quota(floor)
        return Quota(floor, ceiling)


def _within(path: str, other: str) -> bool:
    """Whether a path is another one, or leads on below it."""
    return path == other or (path.startswith(other) and path[len(other)] in ".[")
