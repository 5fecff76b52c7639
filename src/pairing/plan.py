"""What is proposed: pairings, what is short, and the proof of it."""

from attrs import field, frozen

from pairing.dates import Span
from pairing.errors import key

__all__ = ["Pairing"]


@frozen(order=True)
class Pairing:
    """A helper is responsible for a household, in a role, on the days of a span.

    >>> Pairing("c-17", "h-204")
    Pairing(helper='c-17', household='h-204', role='lead')
    """

    helper: str = field(repr=key)
    household: str = field(repr=key)
    role: str = "lead"
    span: Span | None = field(default=None, repr=False)
