"""A quota: at least so many partners, at most so many."""

from attrs import frozen

from pairing.errors import ArgumentError, shown

__all__ = ["LARGEST", "Quota"]

LARGEST = 10**100
"""A floor or a ceiling lies below this, so that what it adds up to can still be printed."""


@frozen
class Quota:
    """A floor and a ceiling on the number of partners; no ceiling means as many as there are.

    >>> Quota(1, 3)
    Quota(floor=1, ceiling=3)
    >>> Quota(2, 1)
    Traceback (most recent call last):
    pairing.errors.ArgumentError: ceiling: wanted at least the floor, 2, got 1 [floor-above-ceiling]
    """

    floor: int = 0
    ceiling: int | None = None

    def __attrs_post_init__(self) -> None:
        for name, value in (("floor", self.floor), ("ceiling", self.ceiling)):
            if name == "ceiling" and value is None:
                continue
            if type(value) is not int or not 0 <= value < LARGEST:
                raise ArgumentError("bad-number", f"wanted a whole number from 0, got {shown(value)}", name)
        if self.ceiling is not None and self.floor > self.ceiling:
            message = f"wanted at least the floor, {shown(self.floor)}, got {shown(self.ceiling)}"
            raise ArgumentError("floor-above-ceiling", message, "ceiling")
