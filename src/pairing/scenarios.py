"""What if: the same roster under several policies, or several rosters under one, side by side in one table."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from attrs import field, frozen

from pairing.errors import ArgumentError, shown
from pairing.figures import Share
from pairing.markup import html_page, html_table
from pairing.people import Pairing
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.results import laid_out
from pairing.roster import Roster

__all__ = ["WhatIf", "what_if"]

_Thing = TypeVar("_Thing", Policy, Roster)
Cell = Share | int | None


@frozen(repr=False)
class WhatIf:
    """Plans of several scenarios side by side; made by `what_if`.

    - `plans`: the plan of each scenario, by name, in the order given.
    - `rows`: name and values of each figure, a value for each scenario; None where the policy does not aim at it.
    """

    plans: Mapping[str, Plan] = field(hash=False)

    def __repr__(self) -> str:
        return f"WhatIf({len(self.plans)} scenarios)"

    @property
    def rows(self) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
        """The figures, each with its values."""
        columns = [_figures(plan) for plan in self.plans.values()]
        return tuple((name, tuple(column[name] for column in columns)) for name in columns[0]) if columns else ()

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return the table as plain data: for each scenario its figures, a share as part and whole."""

        def plain(cell: Cell) -> Any:
            return {"part": cell.part, "whole": cell.whole} if isinstance(cell, Share) else cell

        return {
            name: {figure: plain(cell) for figure, cell in _figures(plan).items()} for name, plan in self.plans.items()
        }

    def __str__(self) -> str:
        lines = [["", *self.plans], *([name, *map(_text, cells)] for name, cells in self.rows)]
        return laid_out(lines)

    def _repr_html_(self) -> str:
        rows = ([name, *map(_text, cells)] for name, cells in self.rows)
        return html_page(html_table(["", *self.plans], rows))


def _figures(plan: Plan) -> dict[str, Cell]:
    loads = plan.loads.values()
    return {
        "households covered": plan.coverage,
        "helpers fulfilled": plan.fulfilment,
        "villages with a helper": plan.villages,
        "units with a household": plan.units,
        "pairings": len(plan.pairings),
        "helpers missing": plan.values["helpers missing"],
        "households missing": plan.values["households missing"],
        "changes": plan.values.get("changes"),
        "fewest households of a helper": min(loads, default=0),
        "most households of a helper": max(loads, default=0),
        "preference": plan.values.get("preference"),
        "bottlenecks": len(plan.shortfalls),
    }


def _text(cell: Cell) -> str:
    if isinstance(cell, Share):
        return str(cell)
    return "-" if cell is None else f"{cell:,}"


def what_if(
    policies: Policy | Mapping[str, Policy],
    rosters: Roster | Mapping[str, Roster],
    *,
    on: date,
    book: Plan | Iterable[Pairing] = (),
) -> WhatIf:
    """Return the plans of several policies, several rosters, or every combination of both, side by side.

    Each is one policy (roster), or several by name.  A scenario is called after whatever varies; where both do, it is
    "policy · roster".

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Helper, Household, Link, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule
    >>> roster = Roster(
    ...     AreaTree([Area("v", "上坪村", "village")]),
    ...     [Unit("u", "county", "v")],
    ...     [Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     [Household("x", "v"), Household("y", "v"), Household("z", "v")],
    ...     [Link("u", "v")],
    ... )
    >>> policies = {f"至多{most}户": Policy("ours", (HelperRule(Quota(1, most)),)) for most in (1, 2)}
    >>> table = what_if(policies, roster, on=date(2012, 2, 8))
    >>> print(table)
                                           至多1户          至多2户
    households covered              2 of 3 (66.6%)  3 of 3 (100.0%)
    helpers fulfilled              2 of 2 (100.0%)  2 of 2 (100.0%)
    villages with a helper         1 of 1 (100.0%)  1 of 1 (100.0%)
    units with a household         1 of 1 (100.0%)  1 of 1 (100.0%)
    pairings                                     2                3
    helpers missing                              1                0
    households missing                           0                0
    changes                                      -                -
    fewest households of a helper                1                1
    most households of a helper                  1                2
    preference                                   0                0
    bottlenecks                                  1                0
    >>> table.plans["至多1户"].repair()
    Repair(1 exception: 1 above ceilings of helpers, 0 above ceilings of households, 0 outside the links)

    Raises what `pair` raises, and `ArgumentError` for arguments of other types, an empty mapping, names that are no
    texts, and names that give two scenarios one name.
    """
    several = (isinstance(policies, Mapping), isinstance(rosters, Mapping))
    named_policies = _by_name(policies, Policy, "policies")
    named_rosters = _by_name(rosters, Roster, "rosters")
    if not isinstance(book, Plan) and isinstance(book, Iterable):
        book = tuple(book)
    plans: dict[str, Plan] = {}
    for policy_name, policy in named_policies.items():
        for roster_name, roster in named_rosters.items():
            name = f"{policy_name} · {roster_name}" if all(several) else roster_name if several[1] else policy_name
            if name in plans:
                raise ArgumentError(
                    "duplicate-name", "two scenarios have one name; give policies or rosters others", "policies"
                )
            plans[name] = pair(policy, roster, on=on, book=book)
    return WhatIf(plans)


def _by_name(given: _Thing | Mapping[str, _Thing], kind: type[_Thing], what: str) -> Mapping[str, _Thing]:
    if isinstance(given, kind):
        return {given.name if isinstance(given, Policy) else "": given}
    if not isinstance(given, Mapping) or not given:
        message = f"wanted a {kind.__name__}, or several by name, got {shown(given) if given != {} else 'none'}"
        raise ArgumentError("bad-type", message, what)
    for name, thing in given.items():
        if not isinstance(name, str) or not isinstance(thing, kind):
            wrong = thing if isinstance(name, str) else name
            raise ArgumentError("bad-type", f"wanted names, each with a {kind.__name__}, got {shown(wrong)}", what)
    return given
