"""Policies from files: your own, and those of the programmes that come with the library."""

import os
import tomllib
from importlib.resources import files
from typing import Any

from pairing.errors import ArgumentError, PolicyError, Problem, shown
from pairing.policy import Policy

__all__ = ["PROGRAMMES", "load_policy", "programme"]

PROGRAMMES = ("gansu-2012", "hubei-2011", "liaoyang-1994", "panjin-2010")
"""The names that `programme` knows."""


def programme(name: str) -> Policy:
    """Return the policy of a programme.

    >>> programme("gansu-2012")
    Policy('gansu-2012', 4 helper rules, 1 household rules, coverage > floors > keep > even)
    >>> programme("gansu-2012").helpers[1].quota
    Quota(floor=3, ceiling=6)

    Raises `ArgumentError` for an unknown name.
    """
    if name not in PROGRAMMES:
        message = f"wanted one of {', '.join(PROGRAMMES)}; got {shown(name)}"
        raise ArgumentError("unknown-programme", message, "programme")
    return Policy.from_dict(tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")))


def load_policy(path: str | os.PathLike[str]) -> Policy:
    """Return the policy that a TOML file describes; `docs/policy.md` explains every key.

    Raises `PolicyError` with every fault at once, each with the file and the path to the culprit.
    """
    where = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(where, str) or not where or "\0" in where:
        raise ArgumentError("bad-type", f"wanted the path of a policy file, got {shown(path)}", "path")
    name = os.path.basename(where)
    problem, found = _read(path, name)
    if found is not None:
        try:
            return Policy.from_dict(found)
        except PolicyError as error:
            problems = tuple(Problem(p.code, p.message, name, p.row, p.field) for p in error.problems)
    else:
        problems = (problem,)
    raise PolicyError(problems)


def _read(path: str | os.PathLike[str], name: str) -> tuple[Problem, dict[str, Any] | None]:
    """Return the content of a TOML file, or the problem with it."""
    problem = Problem("", "")
    try:
        with open(path, "rb") as file:
            return problem, tomllib.loads(file.read().decode("utf-8-sig"))
    except FileNotFoundError:
        problem = Problem("missing-file", "wanted a policy file, found none", name)
    except OSError as error:
        problem = Problem("unreadable-file", f"cannot be read: {error.strerror}", name)
    except UnicodeDecodeError as error:
        problem = Problem("bad-encoding", f"wanted UTF-8, byte {error.start} is not", name)
    except (ValueError, RecursionError):
        problem = Problem("bad-toml", "wanted a TOML file; its syntax is broken", name)
    return problem, None
