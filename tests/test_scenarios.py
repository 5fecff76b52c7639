"""What-if tables: each column is the plan that `pair` gives, whatever varies; and the table stands in line."""

from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from pairing.areas import AreaTree
from pairing.errors import ArgumentError
from pairing.figures import Share
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule
from pairing.scenarios import what_if
from populations import DAY, Case, cases

OTHER = Policy("other", (HelperRule(Quota(1, 2)),))


@settings(deadline=None, max_examples=30)
@given(cases())
def test_every_scenario_is_the_plan_that_pair_gives(case: Case) -> None:
    """Policies, rosters or both may vary; each plan is that of `pair`, and its figures are those of the plan."""
    policy, roster, book = case
    roster = attrs.evolve(roster, named=[p for p in roster.named if p.rule != "locked"])
    fewer = attrs.evolve(roster, links=roster.links[1:], named=(), own_links=())
    policies, rosters = {"甲": policy, "乙": OTHER}, {"all": roster, "fewer": fewer}
    wanted: dict[str, Any] = {
        f"{a} · {b}": pair(rules, people, on=DAY, book=book)
        for a, rules in policies.items()
        for b, people in rosters.items()
    }
    table = what_if(policies, rosters, on=DAY, book=iter(book))
    assert list(table.plans) == list(wanted)
    assert all(table.plans[name].pairings == plan.pairings for name, plan in wanted.items())
    rows = dict(table.rows)
    assert rows["households covered"] == tuple(plan.coverage for plan in wanted.values())
    assert rows["pairings"] == tuple(len(plan.pairings) for plan in wanted.values())
    assert rows["bottlenecks"] == tuple(len(plan.shortfalls) for plan in wanted.values())
    assert list(what_if(policies, roster, on=DAY).plans) == ["甲", "乙"]
    assert list(what_if(policy, rosters, on=DAY).plans) == ["all", "fewer"]
    assert list(what_if(policy, roster, on=DAY).plans) == ["ours"]


def wide(line: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in line)


@settings(deadline=None, max_examples=20)
@given(cases())
def test_the_table_stands_in_line(case: Case) -> None:
    """All lines are equally wide where a Chinese character takes two columns, whatever the names."""
    roster = attrs.evolve(case.roster, named=[p for p in case.roster.named if p.rule != "locked"])
    table = what_if({"现行办法": case.policy, "b": OTHER}, roster, on=DAY)
    lines = str(table).split("\n")
    assert len({wide(line) for line in lines}) == 1
    assert len(lines) == 1 + len(table.rows)
    assert table._repr_html_().count("<tr>") == len(lines)
    plain = table.to_dict()
    assert list(plain) == ["现行办法", "b"]
    share = table.plans["b"].coverage
    assert plain["b"]["households covered"] == {"part": share.part, "whole": share.whole}
    assert repr(table) == "WhatIf(2 scenarios)"
    assert isinstance(table.rows[0][1][0], Share)


@pytest.mark.parametrize("wrong", [None, {}, 3, {"a": 3}, {3: OTHER}, [OTHER]])
def test_wrong_arguments_are_refused(wrong: Any) -> None:
    """Anything but a policy, or policies by name, is refused; so are rosters."""
    roster = Roster(AreaTree([]))
    with pytest.raises(ArgumentError):
        what_if(wrong, roster, on=DAY)
    with pytest.raises(ArgumentError):
        what_if(OTHER, wrong, on=DAY)


def test_scenarios_of_one_name_are_refused() -> None:
    """A name that two scenarios would have is refused, as one would hide the other."""
    rosters = {"c": Roster(AreaTree([])), "b · c": Roster(AreaTree([]))}
    with pytest.raises(ArgumentError, match="one name"):
        what_if({"a": OTHER, "a · b": OTHER}, rosters, on=DAY)
