"""The tree of areas: province, prefecture, county, township, and village or community."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from attrs import field, frozen

from pairing.errors import ArgumentError, Problem, RosterError, masked, shown

__all__ = ["LEVELS", "Area", "AreaTree", "area_problems", "as_tuple", "loops"]

LEVELS = ("province", "prefecture", "county", "township", "village")
"""The levels of areas, and of the units that belong to them, from the top."""


@frozen
class Area:
    """A province, prefecture, county, township, or village (行政区划); a community (社区) counts as a village.

    `code` is the key, for instance the statistical division code; `parent` is the code of the area that it lies in.

    >>> Area("620102001001", "草场街社区居委会", "village", parent="620102001")
    Area(code='620102001001', name='草场街社区居委会', level='village', parent='620102001')
    """

    code: str
    name: str
    level: str
    parent: str | None = None


_Thing = TypeVar("_Thing")


def as_tuple(things: Iterable[_Thing]) -> tuple[_Thing, ...]:
    """Return things as a tuple; what has no things in it stays as it is, to be told by the checks."""
    whole: Any = tuple(things) if isinstance(things, Iterable) and not isinstance(things, str | bytes) else things
    return cast("tuple[_Thing, ...]", whole)


def _areas(areas: Iterable[Area]) -> tuple[Area, ...]:
    return as_tuple(areas)


@frozen(repr=False)
class AreaTree:
    """Areas by their codes, checked as a whole, and kept in the order of the codes.

    >>> tree = AreaTree([Area("62", "甘肃省", "province"), Area("6201", "兰州市", "prefecture", "62")])
    >>> tree
    AreaTree(2 areas)
    >>> tree.at("6201", "province"), tree.at("62", "prefecture")
    ('62', None)

    Raises `RosterError` with all problems at once: see `area_problems`.
    """

    areas: tuple[Area, ...] = field(default=(), converter=_areas)

    def __attrs_post_init__(self) -> None:
        if problems := area_problems(self.areas):
            raise RosterError(problems)
        object.__setattr__(self, "areas", tuple(sorted(self.areas, key=lambda area: area.code)))

    def __repr__(self) -> str:
        return f"AreaTree({len(self.areas)} areas)"

    def __len__(self) -> int:
        return len(self.areas)

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code in self._by_code

    def __getitem__(self, code: str) -> Area:
        if code not in self:
            raise ArgumentError("unknown-area", f"wanted the code of an area, got {shown(code)}", "code")
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    @cached_property
    def _children(self) -> dict[str | None, list[str]]:
        children: dict[str | None, list[str]] = {}
        for area in self.areas:
            children.setdefault(area.parent, []).append(area.code)
        return children

    def children(self, code: str | None) -> tuple[str, ...]:
        """Return the codes of the areas directly below; below None stand the tops."""
        return tuple(self._children.get(code, ()))

    def chain(self, code: str) -> tuple[Area, ...]:
        """Return the area itself, then the one it lies in, and so on to the top."""
        found = []
        up: str | None = code
        while up is not None:
            found.append(self[up])
            up = found[-1].parent
        return tuple(found)

    def at(self, code: str, level: str) -> str | None:
        """Return the code of the area of that level in which the area lies (or which it is), or None."""
        up: str | None = code
        while up is not None:
            area = self[up]
            if area.level == level:
                return up
            up = area.parent
        return None

    def under(self, code: str) -> tuple[str, ...]:
        """Return the codes of all areas below, each before its own children."""
        found: list[str] = []
        waiting = list(reversed(self.children(code)))
        while waiting:
            found.append(waiting.pop())
            waiting.extend(reversed(self.children(found[-1])))
        return tuple(found)


def loops(parents: Mapping[str, str | None]) -> list[str]:
    """Return one key of each loop in a map from keys to parents: the first in canonical order.

    >>> loops({"a": "b", "b": "a", "c": None, "d": "a"})
    ['a']
    """
    done: set[str] = set()
    found = []
    for key in parents:
        path: dict[str, None] = {}
        at: str | None = key
        while at is not None and at in parents and at not in done and at not in path:
            path[at] = None
            at = parents[at]
        if at is not None and at in path:
            on_path = list(path)
            found.append(min(on_path[on_path.index(at) :]))
        done.update(path)
    return sorted(found)


def area_problems(areas: Iterable[Area], lines: Sequence[int] | None = None) -> list[Problem]:
    """Return what is wrong with areas: types, duplicate codes, unknown levels or parents, order of levels, loops.

    Where the areas were read from a file, `lines` has the row of each, and is what a problem tells; then a code is
    `shown` only, as a cell of a shifted row may hold anything.
    """
    problems: list[Problem] = []
    by_code: dict[str, Area] = {}
    rows: dict[str, int] = {}
    name_of = masked if lines is None else shown

    def at(row: int) -> int:
        return row if lines is None else lines[row]

    def tell(row: int, name: str, code: str, message: str) -> None:
        problems.append(Problem(code, message, "areas", at(row), name))

    if not isinstance(areas, Iterable):
        return [Problem("bad-type", f"wanted areas, got {shown(areas)}", "areas")]
    areas = tuple(areas)
    those = [(row, area) for row, area in enumerate(areas) if isinstance(area, Area)]
    for row, area in enumerate(areas):
        if not isinstance(area, Area):
            tell(row, "", "bad-type", f"wanted an Area, got {shown(area)}")
    for row, area in those:
        if not isinstance(area.code, str) or not area.code:
            tell(row, "code", "bad-key", f"wanted a text that is not empty, got {shown(area.code)}")
        elif area.code in by_code:
            first = at(rows[area.code])
            message = f"{name_of(area.code)} stands already in row {first}; wanted one row each"
            tell(row, "code", "duplicate-id", message)
        else:
            by_code[area.code] = area
            rows[area.code] = row
        if not isinstance(area.name, str):
            tell(row, "name", "bad-type", f"wanted a text, got {shown(area.name)}")
        if area.level not in LEVELS:
            tell(row, "level", "unknown-level", f"wanted one of {', '.join(LEVELS)}, got {shown(area.level)}")
    for row, area in those:
        if area.parent is None:
            continue
        parent = by_code.get(area.parent) if isinstance(area.parent, str) else None
        if parent is None:
            tell(row, "parent", "unknown-area", f"wanted the code of an area, got {shown(area.parent)}")
        elif area.level in LEVELS and parent.level in LEVELS and LEVELS.index(parent.level) >= LEVELS.index(area.level):
            tell(row, "parent", "level-order", f"a {area.level} wants a parent above it, got a {parent.level}")
    for code in loops({code: area.parent for code, area in by_code.items() if isinstance(area.parent, str)}):
        tell(rows[code], "parent", "cycle", f"{name_of(code)} lies in itself, by way of its parents")
    return problems
