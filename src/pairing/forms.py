"""Values as plain data: what a field holds says how it is written, how it is read, and what a schema says of it.

A value is an object with its `type` and one key for each field; what is as it would be without being said is left out.
Days are YYYY-MM-DD, fractions "1/3", sets lists in order, and mappings whose keys are no texts lists of pairs.
"""

import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, cached_property
from itertools import repeat
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from pairing.dates import parse_date
from pairing.errors import ArgumentError, PairingError, Problem, masked, shown

__all__ = ["Faults", "Form", "Forms"]

TYPE = "type"
"""The key that says of which type a value is."""


class Faults(Exception):
    """What is wrong with plain data: problems whose fields are paths below the place where it was read."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @classmethod
    def one(cls, code: str, message: str, field: str = "") -> "Faults":
        """Return what is wrong, where it is one thing."""
        return cls([Problem(code, message, field=field)])

    def below(self, place: str) -> list[Problem]:
        """Return the problems, their fields led on from a place."""
        found = []
        for problem in self.problems:
            dot = "." if problem.field and not problem.field.startswith("[") else ""
            found.append(attrs.evolve(problem, field=f"{place}{dot}{problem.field}"))
        return found


@attrs.frozen
class Form:
    """How something is written as plain data, how it is read (or `Faults` are raised), and what a schema says of it."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    schema: Mapping[str, Any]


class Forms:
    """The forms of some types of values, and of all that stands in their fields.

    - `kinds`: the classes of which a value may be by itself, or where a field holds one of several classes.
    - `names`: whether what names people is written: the fields that are marked as such, and identity numbers in texts.
    - `left_out`: fields that are not written, by class; `makers`: what makes a value of its fields, where it is not the
      class itself; `special`: the forms of classes that have forms of their own.
    """

    def __init__(
        self,
        kinds: Iterable[type[Any]],
        *,
        names: bool,
        left_out: Mapping[type[Any], tuple[str, ...]],
        makers: Mapping[type[Any], Callable[..., Any]],
        special: Mapping[type[Any], Callable[["Forms"], Form]],
    ) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._names = names
        self._left_out = left_out
        self._makers = makers
        self._special = special
        self._records: dict[type[Any], Form] = {}
        self.of = cache(self._of)

    @cached_property
    def any(self) -> Form:
        """The form of a value of any type, which says of which it is."""
        return self.one_of(self._kinds.values(), "a value that has a plain form")

    def one_of(self, kinds: Iterable[type[Any]], wanted: str = "") -> Form:
        """Return the form of a value of one of some types, which says of which it is."""
        known = {kind.__name__: kind for kind in kinds}
        wanted = wanted or f"one of {', '.join(known)}"

        def write(value: Any) -> Any:
            kind = type(value)
            if known.get(kind.__name__) is not kind:
                raise ArgumentError("bad-type", f"wanted {wanted}, got {shown(value)}", "value")
            return {TYPE: kind.__name__, **self.record(kind).write(value)}

        def read(data: Any) -> Any:
            if type(data) is not dict:
                raise Faults.one("bad-type", f"wanted an object, got {shown(data)}")
            name = data.get(TYPE)
            if not isinstance(name, str) or name not in known:
                near = get_close_matches(name[:50], known, 1) if isinstance(name, str) else []
                maybe = f". Maybe {near[0]!r}?" if near else ""
                raise Faults.one("unknown-type", f"wanted the name of a type, got {shown(name)}{maybe}", TYPE)
            return self.record(known[name]).read({key: part for key, part in data.items() if key != TYPE})

        refs = [self._ref(name) for name in known]
        return Form(write, read, {"oneOf": refs})

    @property
    def definitions(self) -> dict[str, Any]:
        """What a schema says of each type of value, by name."""
        found: dict[str, Any] = {}
        for name, kind in self._kinds.items():
            schema = dict(self.record(kind).schema)
            schema["properties"] = {TYPE: {"const": name}, **schema.get("properties", {})}
            schema["required"] = [TYPE, *schema.get("required", [])]
            found[name] = schema
        return dict(sorted(found.items()))

    @staticmethod
    def _ref(name: str) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{name}"}

    def record(self, kind: type[Any]) -> Form:
        """Return the form of the fields of a class, without the type."""
        if kind not in self._records:

            def write(value: Any) -> Any:
                return self._records[kind].write(value)

            def read(data: Any) -> Any:
                return self._records[kind].read(data)

            # a class may hold values of its own type, so it has a form before that is whole
            self._records[kind] = Form(write, read, {"type": "object"})
            self._records[kind] = self._special[kind](self) if kind in self._special else self._record(kind)
        return self._records[kind]

    def _record(self, kind: type[Any]) -> Form:
        hints = get_type_hints(kind)
        out = self._left_out.get(kind, ())
        fields = [at for at in attrs.fields(kind) if at.name not in out and not _is_function(hints[at.name])]
        forms = {at.name: self.of(hints[at.name]) for at in fields}
        defaults = {at.name: _default(at) for at in fields}
        hidden = {at.name for at in fields if at.metadata.get("personal")} if not self._names else set()
        writers = [(name, form.write, defaults[name]) for name, form in forms.items() if name not in hidden]
        readers = {name: form.read for name, form in forms.items()}
        needed = [name for name, default in defaults.items() if default is attrs.NOTHING]
        make = self._makers.get(kind, kind)

        def write(value: Any) -> dict[str, Any]:
            data = {}
            for name, of, default in writers:
                part = getattr(value, name)
                if default is attrs.NOTHING or part != default:
                    data[name] = of(part)
            return data

        def read(data: Any) -> Any:
            if type(data) is not dict:
                raise Faults.one("bad-type", f"wanted an object, got {shown(data)}")
            problems: list[Problem] = []
            parts: dict[str, Any] = {}
            for name, raw in data.items():
                reader = readers.get(name)
                if reader is None:
                    message = f"wanted one of {', '.join(readers) or 'none'}; got {shown(name)}"
                    problems.append(Problem("unknown-key", message))
                    continue
                try:
                    parts[name] = reader(raw)
                except Faults as faults:
                    problems += faults.below(name)
            missing = [name for name in needed if name not in data]
            problems += [Problem("missing-key", "wanted a value, got nothing", field=name) for name in missing]
            if problems:
                raise Faults(problems)
            try:
                return make(**parts)
            except PairingError as error:
                raise Faults(_placed(error, forms)) from None

        schema = {
            "type": "object",
            "properties": {name: form.schema for name, form in forms.items()},
            "required": needed,
            "additionalProperties": False,
        }
        return Form(write, read, schema)

    # --- fields

    def _of(self, hint: Any) -> Form:
        """Return the form of what a field of that type holds."""
        if hint in _PLAIN:
            plain = _PLAIN[hint]
            if self._names or hint not in (str, Any):
                return plain
            return attrs.evolve(plain, write=lambda value: _without_numbers(plain.write(value)))
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self._union(inner)
        if origin is tuple and inner[1:] == (...,):
            return _list(self.of(inner[0]), tuple)
        if origin is tuple:
            return _row([self.of(one) for one in inner])
        if origin is frozenset:
            return _list(self.of(inner[0]), frozenset)
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(*inner)
        if self._is_single(hint):
            return self.record(hint)
        return self.one_of([kind for kind in self._kinds.values() if issubclass(kind, hint)])

    def _is_single(self, hint: Any) -> bool:
        """Whether a field of that type holds values of one class, so that the type need not be said."""
        return not any(issubclass(kind, hint) and kind is not hint for kind in self._kinds.values())

    def _union(self, hints: tuple[Any, ...]) -> Form:
        others = [hint for hint in hints if hint is not types.NoneType]
        if all(hint in _PLAIN for hint in others):
            form = _either([self.of(hint) for hint in others])
        elif len(others) == 1:
            form = self.of(others[0])
        else:
            form = self.one_of(others)
        if len(others) == len(hints):
            return form
        schema = {"anyOf": [{"type": "null"}, form.schema]}
        return Form(
            lambda value: None if value is None else form.write(value),
            lambda data: None if data is None else form.read(data),
            schema,
        )

    def _mapping(self, key: Any, value: Any) -> Form:
        form = self.of(value)
        if key is not str:
            pairs = _list(_row([self.of(key), form]), tuple)
            return Form(lambda held: pairs.write(held.items()), lambda data: _mapped(pairs.read(data)), pairs.schema)

        def read(data: Any) -> dict[str, Any]:
            if type(data) is not dict:
                raise Faults.one("bad-type", f"wanted an object, got {shown(data)}")
            return dict(zip(data, _each(repeat(form.read), data.values()), strict=True))

        return Form(
            lambda held: {name: form.write(part) for name, part in held.items()},
            read,
            {"type": "object", "additionalProperties": form.schema},
        )


def _is_function(hint: Any) -> bool:
    return get_origin(hint) is Callable or hint is Callable


def _default(attribute: Any) -> Any:
    default = attribute.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]


def _placed(error: PairingError, forms: Mapping[str, Form]) -> list[Problem]:
    """Return the problems of an error with the places that they name, as paths below the value."""
    found = []
    for problem in error.problems:
        row = "" if problem.row is None else f"[{problem.row}]"
        parts = [part for part in (f"{problem.file}{row}", problem.field) if part]
        known = problem.file in forms or not problem.file
        found.append(Problem(problem.code, problem.message, field=".".join(parts) if known else problem.field))
    return found


def _mapped(pairs: tuple[tuple[Any, Any], ...]) -> dict[Any, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Faults.one("duplicate-key", "wanted each key once, got one twice")
    return found


def _each(reads: Iterable[Callable[[Any], Any]], items: Iterable[Any]) -> list[Any]:
    """Read item after item, each in its own way, and raise what is wrong with all of them."""
    found: list[Any] = []
    problems: list[Problem] = []
    for n, (read, item) in enumerate(zip(reads, items, strict=False)):
        try:
            found.append(read(item))
        except Faults as faults:
            problems += faults.below(f"[{n}]")
    if problems:
        raise Faults(problems)
    return found


def _list(form: Form, make: type[Any]) -> Form:
    """Return the form of a tuple or a set of values."""

    def write(values: Iterable[Any]) -> list[Any]:
        return list(map(form.write, sorted(values) if make is frozenset else values))

    def read(data: Any) -> Any:
        if type(data) is not list:
            raise Faults.one("bad-type", f"wanted a list, got {shown(data)}")
        found = make(_each(repeat(form.read), data))
        if len(found) < len(data):
            raise Faults.one("duplicate-key", "wanted each item once, got one twice")
        return found

    schema = {"type": "array", "items": form.schema} | ({"uniqueItems": True} if make is frozenset else {})
    return Form(write, read, schema)


def _row(forms: list[Form]) -> Form:
    """Return the form of a tuple of so many values, each of a form of its own."""

    def write(values: Any) -> list[Any]:
        return [form.write(value) for form, value in zip(forms, values, strict=True)]

    def read(data: Any) -> Any:
        if type(data) is not list or len(data) != len(forms):
            raise Faults.one("bad-type", f"wanted a list of {len(forms)}, got {shown(data)}")
        return tuple(_each([form.read for form in forms], data))

    schema = {"type": "array", "prefixItems": [form.schema for form in forms], "items": False}
    return Form(write, read, schema | {"minItems": len(forms)})


def _either(forms: list[Form]) -> Form:
    """Return the form of a text or a number: the first that reads it."""
    if len(forms) == 1:
        return forms[0]

    def read(data: Any) -> Any:
        for form in forms[:-1]:
            try:
                return form.read(data)
            except Faults:
                continue
        return forms[-1].read(data)

    return Form(_same, read, {"anyOf": [form.schema for form in forms]})


def _is(kind: type[Any], wanted: str) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if type(data) is kind:
            return data
        raise Faults.one("bad-type", f"wanted {wanted}, got {shown(data)}")

    return read


def _same(value: Any) -> Any:
    return value


def _without_numbers(value: Any) -> Any:
    return masked(value) if type(value) is str else value


def _read_day(data: Any) -> date:
    day = parse_date(data) if type(data) is str else None
    if day is None:
        raise Faults.one("bad-date", f"wanted a day as YYYY-MM-DD, got {shown(data)}")
    return day


def _read_fraction(data: Any) -> Fraction:
    above, _, below = data.partition("/") if type(data) is str else ("", "", "")
    digits = above.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and below.isascii() and below.isdigit() and below.strip("0")):
        raise Faults.one("bad-number", f"wanted a fraction as 1/3, got {shown(data)}")
    return Fraction(int(above), int(below))


def _write_id(value: Any) -> Any:
    if type(value) not in (str, int):
        raise ArgumentError("bad-key", f"wanted ids that are texts or whole numbers, got {shown(value)}", "value")
    return value


def _read_id(data: Any) -> Any:
    if type(data) not in (str, int):
        raise Faults.one("bad-key", f"wanted a text or a whole number, got {shown(data)}")
    return data


_PLAIN: dict[Any, Form] = {
    str: Form(_same, _is(str, "a text"), {"type": "string"}),
    bool: Form(_same, _is(bool, "true or false"), {"type": "boolean"}),
    int: Form(_same, _is(int, "a whole number"), {"type": "integer"}),
    date: Form(date.isoformat, _read_day, {"type": "string", "format": "date"}),
    Fraction: Form(
        lambda value: f"{value.numerator}/{value.denominator}",
        _read_fraction,
        {"type": "string", "pattern": "^-?[0-9]+/[0-9]+$"},
    ),
    Any: Form(_write_id, _read_id, {"type": ["string", "integer"]}),
}
"""The forms of what is no value with fields; of `Any` are ids, which an engine takes as they are."""
