"""The programmes whose rules come with the library, each a policy file with the source beside each number."""

import tomllib
from importlib.resources import files

from pairing.errors import ArgumentError, shown
from pairing.policy import Policy

__all__ = ["PROGRAMMES", "programme"]

PROGRAMMES = ("gansu-2012", "liaoyang-1994", "panjin-2010")
"""The names that `programme` knows."""


def programme(name: str) -> Policy:
    """Return the policy of a programme.

    >>> programme("gansu-2012")
    Policy('gansu-2012', 4 helper rules, 1 household rules, coverage > floors > even)
    >>> programme("gansu-2012").helpers[1].quota
    Quota(floor=3, ceiling=6)

    Raises `ArgumentError` for an unknown name.
    """
    if name not in PROGRAMMES:
        message = f"wanted one of {', '.join(PROGRAMMES)}; got {shown(name)}"
        raise ArgumentError("unknown-programme", message, "programme")
    text = files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return Policy.from_dict(tomllib.loads(text))
