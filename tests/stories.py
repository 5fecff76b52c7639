"""The made-up books of the programmes, each made once."""

from fractions import Fraction
from functools import cache

from pairing.chronicles import Chronicle, chronicle


@cache
def _book(programme: str, scale: str) -> Chronicle:
    return chronicle(programme, scale=Fraction(scale))


def told(programme: str, scale: str = "1") -> Chronicle:
    """Return the book of a programme, at a scale that is given as a text."""
    return _book(programme, scale)
