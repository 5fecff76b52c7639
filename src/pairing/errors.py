"""What a caller got wrong: one root, a stable code, the place, and never a personal value.

A wrong argument raises one of the errors below; an unmet rule does not: it is a value in the answer.
Everything that is wrong is told at once: an error carries one `Problem` for each fault.
"""

import re
import unicodedata
from collections.abc import Iterable
from importlib import import_module
from typing import Any, ClassVar

from attrs import frozen

__all__ = [
    "ArgumentError",
    "CertificateError",
    "MissingExtra",
    "PairingError",
    "PolicyError",
    "Problem",
    "RegisterError",
    "RosterError",
    "bare",
    "is_identity_number",
    "key",
    "masked",
    "needed",
    "shown",
]

_SHOWN_IN_FULL = 50
_PLAIN = re.compile(r"[A-Za-z0-9_.:/+\-]{0,40}", re.ASCII)
_LONG_NUMBER = re.compile(r"[0-9]{15}")
_IDENTITY = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]")
_LIKE_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@frozen
class Problem:
    """One fault, with its place.

    `code` never changes between versions, so that a program can tell faults apart.
    `row` is the line of the file (the header is line 1), or the position in a tuple, from 0, where there is no file.

    >>> print(Problem("unknown-rank", "wanted a rank of the ladder, got 'boss'", "helpers.csv", 7, "rank"))
    helpers.csv, row 7, rank: wanted a rank of the ladder, got 'boss' [unknown-rank]
    """

    code: str
    message: str
    file: str = ""
    row: int | None = None
    field: str = ""

    def __str__(self) -> str:
        row = None if self.row is None else f"row {self.row}"
        where = ", ".join(part for part in (self.file, row, self.field) if part)
        return f"{where}: {self.message} [{self.code}]" if where else f"{self.message} [{self.code}]"


class PairingError(ValueError):
    """The root of all errors of this library; `problems` has every fault, in the order of their places."""

    problems: tuple[Problem, ...]
    title: ClassVar[str] = "input"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code if self.problems else ""

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN_IN_FULL]]
        if count > _SHOWN_IN_FULL:
            lines.append(f"… and {count - _SHOWN_IN_FULL:,} more, in .problems")
        if count == 1:
            return lines[0]
        return "\n".join([f"{self.title}: {count:,} problems", *lines])


class ArgumentError(PairingError):
    """An argument is of the wrong type or out of its range."""

    title = "arguments"

    def __init__(self, problems: Iterable[Problem] | str, message: str = "", field: str = "") -> None:
        if isinstance(problems, str):
            problems = (Problem(problems, message, field=field),)
        super().__init__(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


class RosterError(PairingError):
    """A roster, or the files that it is read from, has faults."""

    title = "roster"


class PolicyError(PairingError):
    """A policy has faults; the field is the path to the culprit, as in `helpers[2].floor`."""

    title = "policy"


class RegisterError(PairingError):
    """Entries cannot be recorded: none of the batch is; the row is the position in the batch, from 0."""

    title = "register"


class CertificateError(PairingError):
    """The independent checker does not accept an answer or its proof."""

    title = "certificate"


class MissingExtra(PairingError, ImportError):
    """A library that an extra brings is not installed; the message says which extra to install."""

    title = "extras"


def needed(module: str, extra: str = "") -> Any:
    """Return a module that an extra brings, or that stands for itself; it is loaded only when it is needed.

    >>> needed("no_such_charts", "charts")
    Traceback (most recent call last):
    ...
    pairing.errors.MissingExtra: wanted the extra charts (pip install 'pairing[charts]'), got no module \
no_such_charts [missing-extra]
    """
    try:
        return import_module(module)
    except ImportError:
        wanted = f"the extra {extra} (pip install 'pairing[{extra}]')" if extra else f"{module} (pip install {module})"
        message = f"wanted {wanted}, got no module {module}"
        raise MissingExtra([Problem("missing-extra", message)]) from None


def is_identity_number(text: str) -> bool:
    """Whether the text is a resident identity number (GB 11643-1999: 18 characters, the last a check character).

    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021"), is_identity_number("c-17")
    (True, False, False)
    """
    text = unicodedata.normalize("NFKC", text) if len(text) == 18 and not text.isascii() else text
    if len(text) != 18 or not _IDENTITY.fullmatch(text):
        return False
    check = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False)) % 11
    return "10X98765432"[check] == text[17].upper()


def shown(value: object) -> str:
    """Return a value that came from outside, as a message may show it: short, and never a name or an identity number.

    Keys, codes and numbers are shown; whatever could be a person's name or number is only described.

    >>> shown("boss"), shown(3.5), shown("王小明"), shown("11010519491231002X"), shown("x" * 99), shown(None)
    ("'boss'", '3.5', 'text of 3 characters', 'text of 18 characters', 'text of 99 characters', 'nothing')
    """
    if value is None or (isinstance(value, str) and not value):
        return "nothing"
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and not _LONG_NUMBER.search(value):
            return repr(value)
        return f"text of {len(value)} character{'' if len(value) == 1 else 's'}"
    if isinstance(value, bool | int | float):
        text = repr(value) if not isinstance(value, int) or value.bit_length() < 100 else "a very large number"
        return f"a number of {len(text)} characters" if _LONG_NUMBER.search(text) else text
    return f"a value of type {type(value).__name__}"


def masked(text: str) -> str:
    """Return a sentence with whatever could be an identity number taken out.

    >>> masked("'11010519491231002X': 2 partners")
    "'<identity number>': 2 partners"
    """
    return _LIKE_IDENTITY.sub("<identity number>", text)


def key(id: object) -> str:
    """Return an id as a repr or a message may show it: as it is, unless it is an identity number.

    >>> key("赵家沟-17"), key("11010519491231002X")
    ("'赵家沟-17'", '<identity number>')
    """
    return "<identity number>" if isinstance(id, str) and is_identity_number(id) else repr(id)


def bare(id: str) -> str:
    """Return an id as a page shows it: without quotes, and never an identity number.

    >>> bare("赵家沟-17"), bare("11010519491231002X")
    ('赵家沟-17', '<identity number>')
    """
    return "<identity number>" if is_identity_number(id) else id
