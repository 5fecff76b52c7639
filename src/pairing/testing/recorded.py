"""Hypothesis strategies for single entries of every kind, and for changes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import attrs
from hypothesis import strategies as st

from pairing.deeds import (
    RECORDED,
    Aided,
)
from pairing.entries import (
    Change,
    Correction,
    Entry,
    HouseholdMerger,
    Refill,
    Split,
)
from pairing.errors import ArgumentError, shown
from pairing.people import LADDER
from pairing.testing.strategies import (
    DAY,
    HELPER_IDS,
    HOUSEHOLD_IDS,
    UNIT_IDS,
    VILLAGE_CODES,
    of_type,
    texts_in,
)

__all__ = ["CHANGES", "KINDS", "REASONS", "changes", "entries"]

KINDS: tuple[type[Entry], ...] = tuple(sorted(RECORDED, key=lambda kind: kind.__name__))
CHANGES: tuple[type[Entry], ...] = (Refill, *(kind for kind in KINDS if issubclass(kind, Change)))
REASONS = ("no colleague has room", "调往外地", "chosen")


class _Ids(NamedTuple):
    helpers: tuple[str, ...]
    households: tuple[str, ...]
    units: tuple[str, ...]
    villages: tuple[str, ...]


def entries(
    *,
    kinds: Collection[type[Entry]] = KINDS,
    helpers: Collection[str] = HELPER_IDS,
    households: Collection[str] = HOUSEHOLD_IDS,
    units: Collection[str] = UNIT_IDS,
    villages: Collection[str] = VILLAGE_CODES,
    on: date = DAY,
) -> st.SearchStrategy[Entry]:
    """Return a strategy of single entries of these kinds, about these ids, from a day on.

    Each is well-formed; whether a register takes it depends on what was recorded before: see `registers`.

    >>> from hypothesis import find
    >>> from pairing.entries import Retirement
    >>> find(entries(kinds=[Retirement]), lambda entry: True)
    Retirement('h1', on=2012-02-08)

    Raises `ArgumentError` for kinds that are none of entries.
    """
    if not isinstance(kinds, Collection) or not kinds:
        raise ArgumentError("bad-type", f"wanted one kind of entries at least, got {shown(kinds)}", "kinds")
    for kind in kinds:
        if kind not in KINDS and kind is not Refill:
            got = kind.__name__ if isinstance(kind, type) else shown(kind)
            raise ArgumentError("bad-type", f"wanted kinds of entries, got {got}", "kinds")
    chosen: list[Any] = sorted(kinds, key=lambda kind: kind.__name__)
    ids = _Ids(
        texts_in("helpers", helpers),
        texts_in("households", households),
        texts_in("units", units),
        texts_in("villages", villages),
    )
    of_type("on", on, date)
    return st.one_of([_of_kind(kind, ids, on) for kind in chosen])


def changes(
    *,
    helpers: Collection[str] = HELPER_IDS,
    households: Collection[str] = HOUSEHOLD_IDS,
    units: Collection[str] = UNIT_IDS,
    villages: Collection[str] = VILLAGE_CODES,
    on: date = DAY,
) -> st.SearchStrategy[Change]:
    """Return a strategy of single changes, such as a relay is asked to answer, about these ids, from a day on.

    Changes that can happen after all that is recorded come with `scenes`.
    """
    found: Any = entries(kinds=CHANGES, helpers=helpers, households=households, units=units, villages=villages, on=on)
    return found  # type: ignore[no-any-return]


@st.composite
def _days(draw: st.DrawFn, on: date) -> date:
    return on + timedelta(draw(st.integers(0, 60)))  # not mapped: so Hypothesis tells the day, not how it was made


@cache
def _of_kind(kind: Any, ids: _Ids, on: date) -> st.SearchStrategy[Entry]:
    keys = st.sampled_from(("", "k-1", "k-2"))
    if kind is Correction:
        plain: list[Any] = [other for other in KINDS if other is not Correction]
        others = st.one_of([_of_kind(other, ids, on) for other in plain])
        return st.builds(lambda of, reason, id: Correction(of, reason, id=id), others, st.sampled_from(REASONS), keys)
    names = [at.name for at in attrs.fields(kind) if at.name not in ("on", "id")]
    values = {at.name: _values(kind, at.name, at.metadata, ids, on) for at in attrs.fields(kind) if at.name in names}
    days = _days(on)
    return st.builds(kind, **values, on=days, id=keys)


def _values(kind: type[Entry], name: str, metadata: Mapping[str, Any], ids: _Ids, on: date) -> st.SearchStrategy[Any]:
    """The values that a field may have, by what it holds."""
    holds = metadata["kind"]
    if name in ("takers", "helpers") or (name == "into" and kind is Split):
        return st.lists(
            st.sampled_from(ids.households if kind is Split else ids.helpers), min_size=1, max_size=2, unique=True
        )
    known: dict[str, Sequence[str]] = {
        "helper": ids.helpers,
        "giver": (*ids.helpers, *ids.units) if kind is Aided else ids.helpers,
        "guarantor": ids.helpers,
        "bearer": (*ids.helpers, *ids.units),
        "household": ids.households,
        "instead": ids.households,
        "into": ids.households if kind is HouseholdMerger else ids.units,
        "unit": ids.units,
        "village": ids.villages,
        "rank": [rank.id for rank in reversed(LADDER.ranks)],
        "role": ("lead", "support"),
        "duty": ("d1", "d2"),
        "loan": ("l1", "l2"),
        "fund": ("city", "周转金"),
        "tasks": ("policy", "民情"),
        "post": ("secretary", "院长"),
        "division": ("d1", "民事审判庭"),
        "name": ("县水务局", "县水利局"),
        "check": ("2012", "2013"),
        "what": metadata.get("choices", ("rice", "种子")),
    }
    if name == "tasks":
        return st.lists(st.sampled_from(known["tasks"]), max_size=2, unique=True)
    words = st.sampled_from(metadata.get("choices") or known.get(name, REASONS))
    # an earlier day where something was notified, a later one where it is due or lasts until
    later = st.integers(1, 90).map(lambda n: on + timedelta(-n if name == "notified" else 60 + n))
    return {
        "optional id": st.none() | words,
        "optional text": st.just("") | words,
        "optional": st.none() | words,
        "optional day": st.none() | later,
        "flag": st.sampled_from((True, False)),
        "amount": st.integers(1, 500),
        "optional amount": st.integers(0, 500),
    }.get(holds, words)
