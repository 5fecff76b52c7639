"""Explanations are true: every price is that of the best plan, person by person; and how their sentences read."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.criteria import SharedLanguage, SkillToNeed
from pairing.dates import Span
from pairing.errors import ArgumentError
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Pairing, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import Cumulative, HelperRule, HouseholdRule
from pairing.worth import Price, phrase
from populations import DAY, EPOCHS, Case, World, cases

SMALL = settings(deadline=None, max_examples=60)
SECRET = "萬寶路"

IN_WORLD = {
    "helpers missing": "helpers missing",
    "order": "order of households",
    "households missing": "households missing",
    "soft ceilings": "above ceilings in principle",
    "soft floors": "below floors in principle",
    "changes": "changes",
    "pairs": "pairs",
    "squares of helpers": "squares of loads",
    "squares of slots": "squares of helpers",
    "preference": "preference",
}
"""What the aims of the world are called in a plan."""


def planned(case: Case) -> Plan:
    return pair(case.policy, case.roster, on=DAY, book=case.book)


def laid_down(case: Case, helper: str, household: str, rule: str) -> Case:
    """The case with one pair locked or excluded."""
    others = [p for p in case.roster.named if (p.helper, p.household) != (helper, household)]
    roster = attrs.evolve(case.roster, named=[*others, NamedPair(helper, household, rule)])
    return case._replace(roster=roster)


def differences(before: dict[str, int], after: dict[str, int], world: World) -> dict[str, int]:
    """What is different, in the words of a plan; of the order only whether it is, where as many are missing."""
    found = {}
    for aim in world.aims:
        more = after[aim] - before[aim]
        if aim == "preference":
            more = -more
        if aim == "order":
            more = int(more > 0 and after["helpers missing"] == before["helpers missing"])
        if more and (aim != "changes" or world.keeps):
            found[IN_WORLD[aim]] = more
    return found


def told(price: Price) -> dict[str, int]:
    return {name: 1 if name == "order of households" else more for name, more in price.differences}


# --- values


@SMALL
@given(cases())
def test_the_values_of_a_plan_are_those_counted_person_by_person(case: Case) -> None:
    """Each value is what one counts by hand from the pairs, in the order of the aims."""
    world, plan = World(*case), planned(case)
    pairs = world.pairs(plan)
    value = world.value(pairs)
    value["preference"] = -value.get("preference", 0)
    book = {(p.helper, p.household) for p in case.book if p.span is None or DAY in p.span}
    value["changes"] = len(book ^ {(p.helper, p.household) for p in plan.pairings})
    wanted = [aim for aim in world.aims if aim != "order" and (aim != "changes" or world.keeps)]
    assert dict(plan.values) == {IN_WORLD[aim]: value[aim] for aim in wanted}
    assert list(plan.values) == [IN_WORLD[aim] for aim in wanted]
    event("with a book" if world.keeps else "without a book")


# --- explain


@settings(deadline=None, max_examples=120)
@given(cases())
def test_the_next_best_is_the_best_without_the_pair(case: Case) -> None:
    """What a plan without a pair is said to cost is what the best plan costs, person by person, with it excluded."""
    world, plan = World(*case), planned(case)
    before = world.value(world.pairs(plan))
    found = 0
    for household in {p.household for p in plan.pairings}:
        for reason in plan.explain(household).pairs:
            if reason.locked:
                assert reason.next is None
                assert any((reason.helper, reason.household) == (h, slot[0]) for h, slot in world.locked)
                continue
            found += 1
            assume(found < 9)
            without = World(*laid_down(case, reason.helper, household, "excluded"))
            assert reason.next is not None
            assert told(reason.next.price) == differences(before, without.best(), world)
            assert reason.helper not in reason.next.helpers
            event("costs nothing" if reason.next.price.nothing else f"because of {reason.next.price.because}")


@SMALL
@given(cases())
def test_both_sides_tell_the_same_of_a_pair(case: Case) -> None:
    """The reasons told of a helper are those told of the households, and all pairings have one."""
    plan = planned(case)
    by_helper = [r for id in {p.helper for p in plan.pairings} for r in plan.explain(id).pairs]
    by_household = [r for id in {p.household for p in plan.pairings} for r in plan.explain(id).pairs]
    assert Counter(by_helper) == Counter(by_household)
    assert sorted((r.helper, r.household, r.role) for r in by_helper) == [
        (p.helper, p.household, p.role) for p in plan.pairings
    ]


@SMALL
@given(cases())
def test_what_is_told_of_people_is_counted_right(case: Case) -> None:
    """Quota, partners, allowed pairs, full ones, scores, book: all as one counts them in the tables."""
    world, plan = World(*case), planned(case)
    pairs = world.pairs(plan)
    loads, have = Counter(h for h, _ in pairs), Counter(slot for _, slot in pairs)
    allowed = {*world.free, *world.locked}
    for helper in case.roster.helpers:
        explanation = plan.explain(helper.id)
        assert bool(explanation.standings) == (helper.id in world.helpers)
        for standing in explanation.standings:
            terms = world.helpers[helper.id]
            mine = [slot for h, slot in allowed if h == helper.id]
            assert (standing.role, standing.quota.floor, standing.soft) == (terms.role, terms.floor, terms.soft)
            assert (standing.has, standing.allowed) == (loads[helper.id], len(mine))
            assert standing.full == sum(have[slot] >= world.slots[slot].ceiling for slot in mine)
            assert standing.rule == f"helpers[{case.policy.helper_rule(helper, case.roster.unit(helper.unit))}]"
        for reason in explanation.pairs:
            slot = (reason.household, world.helpers[helper.id].role)
            free = world.free.get((helper.id, slot))
            assert free is None or sum(score for _, score in reason.scores) == free
            assert reason.kept == any(
                (p.helper, p.household) == (reason.helper, reason.household) and (p.span is None or DAY in p.span)
                for p in case.book
            )
    for one in case.roster.households:
        for standing in plan.explain(one.id).standings:
            slot = (one.id, standing.role)
            mine_too = [h for h, other in allowed if other == slot]
            assert (standing.has, standing.allowed) == (have[slot], len(mine_too))
            assert standing.full == sum(
                not world.helpers[h].soft and loads[h] >= world.helpers[h].ceiling for h in mine_too
            )


@SMALL
@given(cases())
def test_who_is_short_is_told_which_shortfall_it_belongs_to(case: Case) -> None:
    """A household that is short has its shortfall; so has a helper; who takes no part has none."""
    plan = planned(case)
    for shortfall in plan.shortfalls:
        for id, _ in shortfall.short:
            assert shortfall in plan.explain(id).shortfalls
            assert str(shortfall) in str(plan.explain(id))
        places = (
            {case.roster.household(id).village for id in shortfall.needing} if shortfall.side == "households" else ()
        )
        for village in places:
            assert shortfall in plan.explain(village).shortfalls


@SMALL
@given(cases())
def test_figures_of_places_add_up(case: Case) -> None:
    """What is told of villages, and of units, sums up to what the plan says of the whole."""
    world, plan = World(*case), planned(case)
    villages = [plan.explain(area.code).figures for area in case.roster.areas if area.level == "village"]
    units = [plan.explain(unit.id).figures for unit in case.roster.units]

    def total(places: Iterable[Any], name: str) -> int:
        return sum(figures[name] for figures in places)

    assert total(villages, "pairings") == total(units, "pairings") == len(plan.pairings)
    assert total(villages, "households") == plan.coverage.whole
    assert total(villages, "households covered") == plan.coverage.part
    assert total(villages, "helpers missing") == plan.values["helpers missing"]
    assert total(units, "helpers") == len(world.helpers)
    assert total(units, "helpers fulfilled") == plan.fulfilment.part
    assert total(units, "households missing") == plan.values["households missing"]


# --- why not


@settings(deadline=None, max_examples=120)
@given(cases(), st.randoms(use_true_random=False))
def test_why_not_costs_what_the_best_plan_with_the_pair_costs(case: Case, random: Random) -> None:
    """The price of a pair is that of the best plan, person by person, with it locked; or else why it is ruled out."""
    world, plan = World(*case), planned(case)
    pairs = world.pairs(plan)
    before = world.value(pairs)
    everybody = [(h.id, one.id) for h in case.roster.helpers for one in case.roster.households]
    tried = random.sample(everybody, min(6, len(everybody)))
    tried += [(h, slot[0]) for h, slot in sorted(world.free.keys() - set(pairs))[:4]]
    for helper, household in tried:
        found = plan.why_not(helper, household)
        event(found.reason)
        role = world.helpers[helper].role if helper in world.helpers else ""
        at = (helper, (household, role))
        assert (found.reason == "paired") == (at in pairs)
        if at not in world.free or at in pairs:
            assert found.price is None
            assert found.reason not in ("price", "order of ids")
            continue
        if found.reason == "ceiling":
            held = Counter(end for locked in world.locked for end in locked)
            assert held[helper] >= world.helpers[helper].most or held[at[1]] >= world.slots[at[1]].most
            continue
        after = World(*laid_down(case, helper, household, "locked")).best()
        if "preference" in after:
            after["preference"] -= world.free[at]
        if "changes" in after:
            after["changes"] += world.keeps * (-1 if at in world.book else 1)
        assert found.price is not None
        assert told(found.price) == differences(before, after, world)
        assert (found.reason == "order of ids") == found.price.nothing
        assert found.price.because == next(iter(told(found.price)), "")


ROSTER = Roster(
    AreaTree([Area("z", "县", "county"), Area("a", "上坪村", "village", "z"), Area("b", "下坪村", "village", "z")]),
    [Unit("p", "county", "z", name="县水务局"), Unit("q", "county", "z", name="县农业局")],
    [
        Helper("ann", "p", "section", languages=frozenset({"汉语"}), skills=frozenset({"water"})),
        Helper("bo", "p", "staff"),
        Helper("cy", "p", "staff"),
        Helper("dee", "p", "staff", service=Span(DAY.replace(year=2013))),
        Helper("eve", "p", "staff", fit=False),
        Helper("fay", "p", kind="team"),
        Helper("gil", "q", "staff"),
    ],
    [
        Household("x1", "a", needs=frozenset({"water"})),
        Household("x2", "a", difficulty=2, languages=frozenset({"藏语"})),
        Household("x3", "a"),
        Household("x4", "a", registered=EPOCHS[3]),
        Household("y1", "b"),
    ],
    [Link("p", "a"), Link("q", "b")],
    [NamedPair("bo", "x1", "excluded", reason="kin")],
)
POLICY = Policy(
    "ours",
    (HelperRule(Quota(1, 1), ranks=("section", "staff"), source="§ 3"),),
    criteria=[SkillToNeed(weight=2), SharedLanguage(required=True)],
)


@pytest.mark.parametrize(
    ("helper", "household", "reason", "sentence"),
    [
        ("ann", "x1", "paired", "ann is paired with x1, as lead"),
        ("dee", "x1", "not serving", "dee does not serve on 2012-02-08"),
        ("eve", "x1", "not fit", "eve is not fit"),
        ("fay", "x1", "no rule", "no rule of the policy fits fay"),
        ("bo", "x4", "not registered", "x4 is not registered on 2012-02-08"),
        ("bo", "y1", "no link", "unit 县水务局 is not linked to village 下坪村"),
        ("bo", "x1", "excluded", "bo and x1 are excluded: kin"),
        ("ann", "x2", "criterion", "the criterion shared-language excludes ann with x2"),
        ("cy", "x3", "order of ids", "cy with x3 would cost nothing: the order of ids decided"),
        ("ann", "x3", "price", "ann with x3 is allowed, and would cost: preference lower by 2"),
    ],
)
def test_why_not_in_words(helper: str, household: str, reason: str, sentence: str) -> None:
    """Each reason has its sentence."""
    plan = pair(POLICY, ROSTER, on=DAY)
    found = plan.why_not(helper, household)
    assert (found.reason, str(found)) == (reason, sentence)


def test_why_not_of_own_links_roles_earlier_years_and_full_ceilings() -> None:
    """The rarer reasons have their sentences too."""
    own = attrs.evolve(ROSTER, own_links=[OwnLink("bo", "b")], named=())
    assert str(pair(POLICY, own, on=DAY).why_not("bo", "x1")) == "bo has own links, and none to village 上坪村"
    locked = attrs.evolve(ROSTER, named=[NamedPair("bo", "x1", "locked")])
    found = pair(POLICY, locked, on=DAY)
    assert str(found.why_not("bo", "x3")) == "bo may be paired with 1 at most, and is locked with 1"
    assert str(found.why_not("cy", "x1")) == "x1 may be paired with 1 at most, and is locked with 1"
    roles = Policy(
        "ours",
        (HelperRule(Quota(1), kinds=("team",), role="visit"), HelperRule(Quota(1))),
        (HouseholdRule(Quota(1)), HouseholdRule(Quota(1), "visit", difficulty=1)),
    )
    text = "fay serves in the role visit, in which no rule gives x3 helpers"
    assert str(pair(roles, ROSTER, on=DAY).why_not("fay", "x3")) == text
    years = Policy(
        "ours", (HelperRule(Quota(1, 2), over=Cumulative(3, Quota(1, 6))),), effective=DAY.replace(year=2011)
    )
    before = Pairing("bo", "x3", span=Span(DAY.replace(year=2011), DAY))
    text = "bo took on x3 in an earlier year that the quota counts"
    assert str(pair(years, ROSTER, on=DAY, book=[before]).why_not("bo", "x3")) == text
    nobody = Policy("ours", (HelperRule(Quota(1)),), (HouseholdRule(Quota(1), difficulty=1),))
    assert str(pair(nobody, ROSTER, on=DAY).why_not("bo", "x3")) == "no rule of the policy fits x3"


@pytest.mark.parametrize("id", ["nobody", "z", "", None, 3, "11010519491231002X"])
def test_an_unknown_id_is_refused(id: Any) -> None:
    """Only helpers, households, units and villages are explained; what was asked for shows only when it is plain."""
    plan = pair(POLICY, ROSTER, on=DAY)
    for call in (lambda: plan.explain(id), lambda: plan.why_not(id, "x1"), lambda: plan.why_not("ann", id)):
        with pytest.raises(ArgumentError) as caught:
            call()
        assert caught.value.code == "unknown-id"
        assert "11010519491231002X" not in str(caught.value)


EXPLAINED = {
    "ann": [
        "helper ann (section) of unit 县水务局 takes on 1 household (helpers[0]: § 3) and has 1: at the ceiling",
        "2 households may be paired with ann; 2 of them have as many helpers as allowed",
        "- x1 in village 上坪村, lead: the unit is linked to the village; skill-to-need 2",
        "  without this pair: x3 instead, at the cost of preference lower by 2",
    ],
    "dee": ["helper dee (staff) of unit 县水务局 takes no part: dee does not serve on 2012-02-08"],
    "fay": ["helper fay (team) of unit 县水务局 takes no part: no rule of the policy fits fay"],
    "x4": ["household x4 in village 上坪村 takes no part: x4 is not registered on 2012-02-08"],
    "y1": [
        "household y1 in village 下坪村 is due 1 helper (households[0]) and has 1: at the ceiling",
        "1 helper may be paired with it; 1 of them has as many households as allowed",
        "- gil (staff) of unit 县农业局, lead: the unit is linked to the village",
        "  without this pair: nobody instead, at the cost of 1 more helper missing, 1 more household missing to a "
        "helper, 1 pair fewer, loads of helpers more even (squares 1 less), helpers spread more evenly over "
        "households (squares 1 less) (short then: y1)",
    ],
    "q": [
        "unit 县农业局, linked to 1 village: 下坪村",
        "  helpers                         1",
        "  helpers fulfilled               1",
        "  villages                        1",
        "  households that may be paired   1",
        "  pairings                        1",
        "  fewest                          1",
        "  most                            1",
        "  floors together                 1",
        "  room left                       0",
        "  households missing              0",
    ],
    "a": [
        "village 上坪村, linked to 1 unit: 县水务局",
        "  households                      3",
        "  households covered              3",
        "  units                           1",
        "  helpers who may be paired       3",
        "  helpers paired                  3",
        "  pairings                        3",
        "  floors together                 3",
        "  room left with those helpers    0",
        "  helpers missing                 0",
    ],
}


@pytest.mark.parametrize("id", EXPLAINED)
def test_an_explanation_in_words(id: str) -> None:
    """People, a unit and a village, word for word."""
    assert str(pair(POLICY, ROSTER, on=DAY).explain(id)).split("\n") == EXPLAINED[id]


def test_reprs_fit_a_line() -> None:
    """A repr says who and how much in a line."""
    plan = pair(POLICY, ROSTER, on=DAY)
    assert repr(plan.explain("ann")) == "Explanation(helper 'ann': Standing(lead: 1 of 1, at the ceiling))"
    assert repr(plan.explain("dee")) == "Explanation(helper 'dee': takes no part)"
    assert repr(plan.why_not("ann", "x3")) == "WhyNot('ann', 'x3': price, Price(preference: -2))"
    following = "NextBest(Price(preference: -2), helpers='cy', households='x3')"
    assert repr(plan.explain("ann").pairs[0].next) == following
    assert repr(plan.compare(plan)) == "Comparison(0 lost, 0 new, 0 in another role: no value changes)"


# --- compare


@SMALL
@given(cases())
def test_a_plan_compared_with_itself_is_no_change(case: Case) -> None:
    """Nothing is lost, new or otherwise, and nothing was bought."""
    plan = planned(case)
    found = plan.compare(planned(case))
    assert not found
    assert (found.lost, found.new, found.roles, found.differences) == ((), (), (), ())
    assert found.before == found.after == plan.values


@SMALL
@given(cases(), st.randoms(use_true_random=False))
def test_a_comparison_is_counted_pair_by_pair(case: Case, random: Random) -> None:
    """What is lost and new, and who came and went, is what the two plans differ in; the same the other way."""
    gone = {helper.id for helper in case.roster.helpers if random.random() < 0.3}
    roster = attrs.evolve(
        case.roster,
        helpers=[helper for helper in case.roster.helpers if helper.id not in gone],
        named=[p for p in case.roster.named if p.helper not in gone],
        own_links=[link for link in case.roster.own_links if link.helper not in gone],
    )
    one, other = planned(case), planned(case._replace(roster=roster))
    found, back = one.compare(other), other.compare(one)
    pairs = [{(p.helper, p.household) for p in plan.pairings} for plan in (one, other)]
    assert {(p.helper, p.household) for p in found.lost} == pairs[0] - pairs[1]
    assert {(p.helper, p.household) for p in found.new} == pairs[1] - pairs[0]
    assert set(found.helpers_gone) == World(*case).helpers.keys() - World(case.policy, roster).helpers.keys()
    assert (found.lost, found.new, found.helpers_gone) == (back.new, back.lost, back.helpers_come)
    assert dict(found.differences) == {name: -more for name, more in back.differences}
    assert all(other.values[name] - one.values[name] == more for name, more in found.differences)


def test_a_comparison_in_words() -> None:
    """The page says what changed, both values, and what it bought."""
    less = attrs.evolve(ROSTER, helpers=[helper for helper in ROSTER.helpers if helper.id != "ann"])
    found = pair(POLICY, ROSTER, on=DAY).compare(pair(POLICY, less, on=DAY))
    assert str(found).split("\n") == [
        "pairs lost                                       3",
        "pairs new                                        2",
        "pairs in another role                            0",
        "helpers who no longer take part                  1",
        "",
        "                                            before       after",
        "helpers missing                                  0           1",
        "households missing                               0           0",
        "above ceilings in principle                      0           0",
        "below floors in principle                        0           0",
        "pairs                                            4           3",
        "squares of loads                                 4           3",
        "squares of helpers                               4           3",
        "preference                                       2           0",
        "",
        "1 more helper missing, 1 pair fewer, loads of helpers more even (squares 1 less), helpers spread more evenly "
        "over households (squares 1 less), preference lower by 2",
        "- lost: ann with x1, lead",
        "- lost: bo with x3, lead",
        "- lost: cy with x2, lead",
        "- new: bo with x2, lead",
        "- new: cy with x1, lead",
    ]
    assert "<table>" in found._repr_html_()
    with pytest.raises(ArgumentError, match="wanted a Plan"):
        pair(POLICY, ROSTER, on=DAY).compare("other")  # type: ignore[arg-type]


def test_differences_in_words() -> None:
    """Each value that may differ has its words, one and several, more and fewer."""
    names = [name for name in IN_WORLD.values() if name != "order of households"]
    texts = [phrase(name, more) for name in names for more in (1, 2000, -1, -2000)]
    assert len(set(texts)) == len(texts)
    assert all("2,000" in phrase(name, more) for name in names for more in (2000, -2000))


# --- B2


@SMALL
@given(cases())
def test_b2_no_name_shows_in_an_explanation(case: Case) -> None:
    """No name of a helper or a household is in anything that explains, compares or repairs."""
    roster = attrs.evolve(
        case.roster,
        helpers=[attrs.evolve(helper, name=SECRET) for helper in case.roster.helpers],
        households=[attrs.evolve(one, name=SECRET, hamlet=SECRET) for one in case.roster.households],
    )
    plan = pair(case.policy, roster, on=DAY, book=case.book)
    ids = [helper.id for helper in roster.helpers] + [one.id for one in roster.households]
    ids += [unit.id for unit in roster.units] + [a.code for a in roster.areas if a.level == "village"]
    things: list[object] = [plan.explain(id) for id in ids[:6] + ids[-6:]]
    things += [plan.why_not(h.id, one.id) for h in roster.helpers[:3] for one in roster.households[:3]]
    found = plan.compare(pair(case.policy, roster, on=DAY))
    things += [found, plan.repair(), *plan.repair().relaxations, dict(plan.values)]
    texts = [text for thing in things for text in (repr(thing), str(thing))]
    assert SECRET not in "\n".join([*texts, found._repr_html_()])
