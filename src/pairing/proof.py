"""What an answer carries with it: the potentials that prove it optimal, and the sets that prove what is short."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

__all__ = ["Certificate", "Shortfall"]


@frozen(repr=False)
class Shortfall:
    """One bottleneck: the floors of `needing` ask for `wanted`, but there is room for `available` only.

    Both are counted beyond the pairs that are locked.

    - `side`: "left" or "right"; in a plan "helpers" or "households": whose floors are not met.
    - `short`: the ids that are short in the answer, each with what is missing; together `missing`.
    - `needing`: the ids of the violating set, the short ones among them; any of them might be short instead.
    - `holding`: the ids on the other side that are full, and serve nobody but `needing`.
    - `apart`: how many pairs those in `needing` have with others, one for each pair that is allowed.
    - `unlinked`: how much would be missing even without any ceiling, as too few partners are allowed.
    - `role`: in a plan, the role that it is about.
    - `sentence`: the same for people.

    What would repair it: `missing - unlinked` more room among those in `holding` (where they are allowed to more
    partners than they may take), and `unlinked` more allowed pairs.
    """

    side: str
    short: tuple[tuple[Any, int], ...]
    missing: int
    wanted: int
    available: int
    needing: tuple[Any, ...]
    holding: tuple[Any, ...]
    apart: int = 0
    unlinked: int = 0
    role: str = ""
    sentence: str = field(default="", eq=False)

    def says(self, needing: Mapping[Any, tuple[Any, int]], room: int, apart: int, unlinked: int, missing: int) -> bool:
        """Whether the figures are those that were counted again, from `needing` (id: home, floor) and the rest."""
        short = dict(self.short)
        return (
            self.wanted == sum(floor for _, floor in needing.values())
            and self.available == room + apart
            and (self.apart, self.unlinked) == (apart, unlinked)
            and self.missing == missing == self.wanted - self.available == sum(short.values())
            and short.keys() <= needing.keys()
        )

    def __repr__(self) -> str:
        return (
            f"Shortfall({self.side}: {self.missing} missing, {len(self.needing)} want {self.wanted}, "
            f"room for {self.available})"
        )

    def __str__(self) -> str:
        return self.sentence


@frozen(repr=False)
class Certificate:
    """Potentials that prove an answer optimal: for each id a vector with one integer for each aim.

    See `certificate` for what they must satisfy; `places` names the aims, the first the most important.
    """

    places: tuple[str, ...]
    left: Mapping[Any, tuple[int, ...]]
    right: Mapping[Any, tuple[int, ...]]

    def __repr__(self) -> str:
        return f"Certificate({len(self.left)} + {len(self.right)} potentials: {' > '.join(self.places)})"
