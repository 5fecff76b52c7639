"""Data frames in and out: their cells as those of a table, and tables as frames of pandas, polars or pyarrow.

It needs the extra `frames` (narwhals), and the library whose frames are given or wanted.  Nothing of it is loaded
before a function is called.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pairing.errors import ArgumentError, Problem, RosterError, masked, needed, shown
from pairing.people import Pairing
from pairing.roster import Roster
from pairing.sheets import columns_of, tables_of
from pairing.titles import kind_of, unescaped

__all__ = ["BACKENDS", "cells_in", "made", "narwhals", "pairings_frame", "roster_frames"]

BACKENDS = ("pandas", "polars", "pyarrow")
"""The libraries in whose frames an answer can be given."""


_DIGITS = 18
"""So many digits, the sign among them, fit into 64 bits for sure."""


def narwhals() -> Any:
    """Return the library through which all frames are read alike."""
    return needed("narwhals", "frames")


def cells_in(frame: object) -> tuple[list[Any], list[Sequence[Any]]] | str:
    """Return the titles of a frame and the cells of each column, or why there are none.

    A frame is one of pandas, polars, pyarrow or DuckDB, or of another library that narwhals knows; a lazy one is
    worked out.
    """
    nw = narwhals()
    told = ""
    try:
        there = nw.from_native(frame)
        eager = there.collect() if isinstance(there, nw.LazyFrame) else there
        return list(eager.columns), [eager[name].to_list() for name in eager.columns]
    except nw.exceptions.DuplicateError:
        told = "a frame with two columns of one name"
    except TypeError:
        told = f"a value of type {type(frame).__name__}"
    except Exception as error:  # what an engine raises while it works out a lazy frame is of its own kind
        told = f"the error {type(error).__name__!r} of its library"
    return told


def roster_frames(roster: Roster, backend: str = "pandas", *, names: bool = False) -> dict[str, Any]:
    """Return the tables of a roster as frames, by their names: areas, units, helpers and so on.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Household
    >>> roster = Roster(AreaTree([Area("v", "上坪村", "village")]), households=[Household("0012", "v", name="王小明")])
    >>> frames = roster_frames(roster, "polars")
    >>> frames["households"].select("id", "village", "persons").rows(), "name" in frames["households"].columns
    ([('0012', 'v', 1)], False)
    >>> roster_frames(roster, "polars", names=True)["households"]["name"].to_list()
    ['王小明']

    Columns are those of the files.  Ids and words are texts, numbers whole (texts, where one has more than 64 bits),
    days are days (in pandas datetimes at midnight), and yes or no is true or false; skills, needs and the like are one
    text, put apart by ";".  What is empty is missing.  The names of helpers and households, and identity numbers in
    texts, are left out unless `names` is true: with them, `read_roster` gives the roster again.  `backend` is one of
    `BACKENDS`.

    Raises `ArgumentError` for what is no roster, and for backends that are unknown or missing; `RosterError` for what
    could not be read back, such as spaces around a key.
    """
    if not isinstance(roster, Roster):
        raise ArgumentError("bad-type", f"wanted a Roster, got {shown(roster)}", "roster")
    if type(names) is not bool:
        raise ArgumentError("bad-type", f"wanted True or False, got {shown(names)}", "names")
    tables = tables_of(roster).items()
    return {name: _frame(name, things, backend, names) for name, things in tables}


def pairings_frame(pairings: Iterable[Pairing], backend: str = "pandas") -> Any:
    """Return pairings as a frame, in the order in which they come: helper, household, role, start and end.

    >>> from pairing.dates import Span
    >>> pairings_frame([Pairing("c-17", "h-204", span=Span(date(2012, 2, 8)))], "polars").rows()
    [('c-17', 'h-204', 'lead', datetime.date(2012, 2, 8), None)]

    Raises `ArgumentError` for what is no pairing, and for backends that are unknown or missing.
    """
    things = list(pairings) if isinstance(pairings, Iterable) and not isinstance(pairings, str) else [pairings]
    if wrong := [thing for thing in things if not isinstance(thing, Pairing)]:
        raise ArgumentError("bad-type", f"wanted pairings, got {shown(wrong[0])}", "pairings")
    return _frame("pairings", things, backend, names=True)


def _frame(name: str, things: Sequence[Any], backend: str, names: bool) -> Any:
    problems: list[Problem] = []
    columns = columns_of(name, things, problems, name, first=0)
    if not names:
        left_out = ("name",) if name in ("helpers", "households") else ()
        columns = [[masked(cell) for cell in column] for column in columns if column[0] not in left_out]
    if problems:
        raise RosterError(problems)
    types, data = {}, []
    for title, *texts in columns:
        kind = kind_of(title)
        cells: list[Any] = [None if text == "" else text for text in texts]
        if kind == "day":
            cells = [None if cell is None else date.fromisoformat(cell) for cell in cells]
        elif kind == "flag":
            cells = [cell == "yes" for cell in cells]
        elif kind == "number" and max((len(cell) for cell in texts), default=0) <= _DIGITS:
            cells = [None if cell is None else int(cell) for cell in cells]
        else:
            kind, cells = "text", [None if cell is None else unescaped(cell) for cell in cells]
        types[title] = kind
        data.append(cells)
    return made(list(zip(*data, strict=True)), types, backend)


def made(rows: Sequence[Sequence[Any]], columns: Mapping[str, str], backend: str) -> Any:
    """Return a frame of texts ("text", "word"), days ("day"), yes or no ("flag"), and whole numbers (any other)."""
    nw = narwhals()
    if backend not in BACKENDS:
        raise ArgumentError("unknown-word", f"wanted one of {', '.join(BACKENDS)}; got {shown(backend)}", "backend")
    library = needed(backend)
    parts = zip(*rows, strict=True) if rows else ((),) * len(columns)
    data: dict[str, Any] = {name: list(part) for name, part in zip(columns, parts, strict=True)}
    if backend == "pandas":  # it has no type of days, and of whole numbers that may be missing only one of its own
        for name, holds in columns.items():
            if holds == "day":
                data[name] = library.Series(map(_midnight, data[name]), dtype="datetime64[s]")
            elif holds in ("text", "word"):
                data[name] = library.Series(data[name], dtype="str")
            elif holds == "flag":
                data[name] = library.Series(data[name], dtype="bool")
            else:
                data[name] = library.array(data[name], dtype="Int64")
        return library.DataFrame(data)
    types = {"day": nw.Date, "text": nw.String, "word": nw.String, "flag": nw.Boolean}
    schema = {name: types.get(holds, nw.Int64) for name, holds in columns.items()}
    return nw.from_dict(data, schema=schema, backend=backend).to_native()


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day)
