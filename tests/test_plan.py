"""What a plan says: its shares, its page, its sentences on what is short, and its refusals."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import attrs
import pytest

from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.errors import ArgumentError, CertificateError, PairingError, PolicyError, RosterError
from pairing.figures import Share
from pairing.people import Helper, Household, Ladder, Link, NamedPair, Pairing, Rank, Unit
from pairing.plan import Load, Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule

DAY = date(2012, 2, 8)
NUMBER = "11010519491231002X"

UNITS = {"p": "县水务局", "q": "县农业局", "r": "县教育局", "s": "县卫生局", "t": "t"}
VILLAGES = {"a": "上坪村", "b": "下坪村", "c": "中坪村", "d": "北坪村", "e": ""}


def world(helpers: dict[str, int], households: dict[str, int], links: str, named: Any = ()) -> Roster:
    """Return a roster with so many helpers in each unit and so many households in each village.

    Links are written as unit and village, "pa pb"; the unit t and the village e have no name.
    """
    return Roster(
        AreaTree([Area("z", "县", "county"), *(Area(code, name, "village", "z") for code, name in VILLAGES.items())]),
        [Unit(id, "county", "z", name="" if name == id else name) for id, name in UNITS.items()],
        [Helper(f"{unit}{n}", unit, "staff") for unit, count in helpers.items() for n in range(count)],
        [Household(f"{village}{n:02}", village) for village, count in households.items() for n in range(count)],
        [Link(*link) for link in links.split()],
        named,
    )


def rules(carry: int = 1, due: int = 1, owe: int = 0, *, soft: bool = False) -> Policy:
    """Return a policy by which helpers owe and carry so many households, and households are due so many helpers."""
    return Policy("ours", (HelperRule(Quota(owe, carry), soft=soft),), (HouseholdRule(Quota(due, due)),))


def proposed(policy: Policy, roster: Roster) -> Plan:
    plan = pair(policy, roster, on=DAY)
    assert plan.verify()
    return plan


# --- sentences

SENTENCES: list[tuple[str, Policy, Roster, list[str]]] = [
    (
        "one village, one unit",
        rules(),
        world({"p": 2}, {"a": 3}, "pa"),
        ["village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 2: 1 left over"],
    ),
    (
        "two villages, one unit",
        rules(),
        world({"p": 61}, {"a": 40, "b": 39}, "pa pb"),
        [
            "villages 上坪村 and 下坪村 have 79 households; the only unit linked to them, 县水务局, can carry 61: "
            "18 left over"
        ],
    ),
    (
        "one village, two units",
        rules(2),
        world({"p": 1, "q": 2}, {"a": 9}, "pa qa"),
        ["village 上坪村 has 9 households; the 2 units linked to it, 县水务局 and 县农业局, can carry 6: 3 left over"],
    ),
    (
        "three villages, three units",
        rules(),
        world({"p": 1, "q": 1, "r": 1}, {"a": 3, "b": 1, "c": 1}, "pa pb pc qa qb qc ra rb rc"),
        [
            "villages 上坪村, 下坪村 and 中坪村 have 5 households; the 3 units linked to them, 县水务局, 县农业局 and "
            "县教育局, can carry 3: 2 left over"
        ],
    ),
    (
        "more than three of each",
        rules(),
        world(dict.fromkeys("pqrst", 1), dict.fromkeys("abcde", 2), " ".join(u + v for u in "pqrst" for v in "abcde")),
        [
            "villages 上坪村, 下坪村, 中坪村 and 2 more have 10 households; the 5 units linked to them, 县水务局, "
            "县农业局, 县教育局 and 2 more, can carry 5: 5 left over"
        ],
    ),
    (
        "no unit linked",
        rules(),
        world({"p": 1}, {"a": 3}, ""),
        ["village 上坪村 has 3 households; no unit is linked to it: 3 left over"],
    ),
    (
        "no unit linked to either",
        rules(),
        world({}, {"a": 1, "b": 2}, ""),
        [
            "village 上坪村 has 1 household; no unit is linked to it: 1 left over",
            "village 下坪村 has 2 households; no unit is linked to it: 2 left over",
        ],
    ),
    (
        "a unit without helpers",
        rules(),
        world({"q": 1}, {"a": 3}, "pa"),
        [
            "village 上坪村 has 3 households; the only unit linked to it, 县水务局, has no helper who may be paired "
            "with them: 3 left over"
        ],
    ),
    (
        "two units without helpers",
        rules(),
        world({}, {"a": 3}, "pa qa"),
        [
            "village 上坪村 has 3 households; the 2 units linked to it, 县水务局 and 县农业局, have no helper "
            "who may be paired with them: 3 left over"
        ],
    ),
    (
        "without names, by key",
        rules(),
        world({"t": 1}, {"e": 2}, "te"),
        ["village e has 2 households; the only unit linked to it, t, can carry 1: 1 left over"],
    ),
    (
        "due two helpers each",
        rules(2, due=2),
        world({"p": 1, "q": 1}, {"a": 3}, "pa qa"),
        [
            "village 上坪村 has 3 households, which are due 6 helpers; the 2 units linked to it, 县水务局 and "
            "县农业局, can give them 4: 2 helpers missing"
        ],
    ),
    (
        "over a thousand",
        rules(),
        world({"p": 100}, {"a": 1300}, "pa"),
        ["village 上坪村 has 1,300 households; the only unit linked to it, 县水务局, can carry 100: 1,200 left over"],
    ),
    (
        "two places apart",
        rules(),
        world({"p": 1, "q": 1}, {"a": 2, "b": 3}, "pa qb"),
        [
            "village 上坪村 has 2 households; the only unit linked to it, 县水务局, can carry 1: 1 left over",
            "village 下坪村 has 3 households; the only unit linked to it, 县农业局, can carry 1: 2 left over",
        ],
    ),
    (
        "a village that another place could help stays out",
        rules(),
        world({"p": 1, "q": 5}, {"a": 3, "b": 2}, "pa pb qb"),
        ["village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 1: 2 left over"],
    ),
    (
        "helpers of one unit in one village",
        rules(3, owe=1),
        world({"p": 3}, {"a": 1}, "pa"),
        [
            "unit 县水务局 has 3 helpers who are to have 3 households; the only village linked to it, 上坪村, has "
            "room for 1: 2 missing"
        ],
    ),
    (
        "helpers with floors above one",
        rules(3, owe=2),
        world({"p": 2, "q": 1}, {"a": 2, "b": 2}, "pa pb qa qb"),
        [
            "units 县水务局 and 县农业局 have 3 helpers who are to have 6 households; the 2 villages linked to them, "
            "上坪村 and 下坪村, have room for 4: 2 missing"
        ],
    ),
    (
        "helpers without a village",
        rules(3, owe=1),
        world({"p": 2}, {}, ""),
        ["unit 县水务局 has 2 helpers who are to have 2 households; no village is linked to it: 2 missing"],
    ),
    (
        "helpers with an empty village",
        rules(3, owe=1),
        world({"p": 2}, {}, "pa"),
        [
            "unit 县水务局 has 2 helpers who are to have 2 households; the only village linked to it, 上坪村, has "
            "no household that may be paired with them: 2 missing"
        ],
    ),
    (
        "more than three units",
        rules(3, owe=1),
        world(dict.fromkeys("pqrs", 2), {"a": 1}, "pa qa ra sa"),
        [
            "units 县水务局, 县农业局, 县教育局 and 1 more have 8 helpers who are to have 8 households; the only "
            "village linked to them, 上坪村, has room for 1: 7 missing"
        ],
    ),
    (
        "both sides at once, households first",
        rules(1, owe=1),
        world({"p": 1, "q": 2}, {"a": 2, "b": 1}, "pa qb"),
        [
            "village 上坪村 has 2 households; the only unit linked to it, 县水务局, can carry 1: 1 left over",
            "unit 县农业局 has 2 helpers who are to have 2 households; the only village linked to it, 下坪村, has "
            "room for 1: 1 missing",
        ],
    ),
    (
        "an excluded pair",
        rules(),
        world({"p": 1}, {"a": 1}, "pa", [NamedPair("p0", "a00", "excluded")]),
        [
            "village 上坪村 has 1 household; the only unit linked to it, 县水务局, has no helper who may be paired "
            "with it: 1 left over"
        ],
    ),
    (
        "one household due two helpers",
        rules(2, due=2),
        world({"p": 1}, {"a": 1}, "pa"),
        [
            "village 上坪村 has 1 household, which is due 2 helpers; the only unit linked to it, 县水务局, can give "
            "it 1: 1 helper missing"
        ],
    ),
    (
        "one of three has its helper",
        rules(2),
        world({"p": 1}, {"a": 3}, "pa", [NamedPair("p0", "a01", "locked")]),
        [
            "village 上坪村 has 3 households, 2 of them due 2 helpers, beside 1 locked pair; the only unit linked to "
            "it, 县水务局, can give them 1: 1 helper missing"
        ],
    ),
    (
        "one of two has the only helper",
        rules(),
        world({"p": 1}, {"a": 2}, "pa", [NamedPair("p0", "a01", "locked")]),
        [
            "village 上坪村 has 2 households, 1 of them due 1 helper, beside 1 locked pair; the only unit linked to "
            "it, 县水务局, has nobody free for it: 1 helper missing"
        ],
    ),
    (
        "one helper with a floor above one",
        rules(3, owe=2),
        world({"p": 1}, {"a": 1}, "pa"),
        [
            "unit 县水务局 has 1 helper who is to have 2 households; the only village linked to it, 上坪村, has room "
            "for 1: 1 missing"
        ],
    ),
]


@pytest.mark.parametrize(
    ("policy", "roster", "expected"), [case[1:] for case in SENTENCES], ids=[case[0] for case in SENTENCES]
)
def test_what_is_short_is_said_in_a_sentence(policy: Policy, roster: Roster, expected: list[str]) -> None:
    """Each bottleneck has one sentence: the places, what they have, who could carry how much, and what is left."""
    assert [str(shortfall) for shortfall in proposed(policy, roster).shortfalls] == expected


def test_no_sentence_names_a_person() -> None:
    """A sentence names places and units, never a helper or a household, by name or by key."""
    roster = world({"p": 1}, {"a": 3}, "pa")
    named = attrs.evolve(
        roster,
        helpers=[attrs.evolve(helper, name="王小明") for helper in roster.helpers],
        households=[attrs.evolve(household, name="李大山") for household in roster.households],
    )
    plan = proposed(rules(), named)
    text = plan.summary() + plan._repr_html_() + repr(plan) + repr(plan.shortfalls) + repr(plan.pairings)
    assert "王小明" not in text
    assert "李大山" not in text
    assert "a02" not in plan.summary()


def test_a_shortfall_of_a_plan_carries_its_proof() -> None:
    """A shortfall has who is short and who is full, and these are as many as its figures say."""
    (shortfall,) = proposed(rules(2), world({"p": 1, "q": 2}, {"a": 9}, "pa qa")).shortfalls
    assert (shortfall.side, shortfall.role) == ("households", "lead")
    assert shortfall.short == (("a06", 1), ("a07", 1), ("a08", 1))
    assert shortfall.needing == tuple(f"a0{n}" for n in range(9))
    assert shortfall.holding == ("p0", "q0", "q1")
    assert (shortfall.wanted, shortfall.available, shortfall.missing) == (9, 6, 3)
    assert (shortfall.apart, shortfall.unlinked) == (0, 0)
    assert repr(shortfall) == "Shortfall(households: 3 missing, 9 want 9, room for 6)"


def test_a_shortfall_without_links_is_all_unlinked() -> None:
    """Where nobody may help, what is missing would be missing with any ceiling."""
    (shortfall,) = proposed(rules(2), world({"p": 1}, {"a": 2}, "")).shortfalls
    assert (shortfall.missing, shortfall.unlinked, shortfall.holding) == (2, 2, ())


# --- the page


def small() -> Plan:
    """Return a plan of five helpers of three kinds for six households, in which both sides are short."""
    areas = AreaTree([Area("a", "上坪村", "village"), Area("b", "下坪村", "village"), Area("c", "中坪村", "village")])
    units = [Unit("p", "county", "a", name="县水务局"), Unit("q", "township", "b", name="镇<政府>")]
    helpers = [
        Helper("p0", "p", "division"),
        Helper("p1", "p", "staff"),
        Helper("p2", "p", kind="owner"),
        Helper("q0", "q", "staff"),
        Helper("q1", "q", "staff"),
    ]
    households = [Household(f"a{n}", "a") for n in range(5)] + [Household("c0", "c")]
    policy = Policy(
        "ours & theirs",
        (
            HelperRule(Quota(2, 2), ranks=("division",)),
            HelperRule(Quota(1, 1), kinds=("cadre",)),
            HelperRule(Quota(0, 1)),
        ),
        title="<联村联户>",
    )
    return proposed(policy, Roster(areas, units, helpers, households, [Link("p", "a"), Link("q", "b")]))


PAGE = """\
ours & theirs · <联村联户> · 2012-02-08
  households with the helpers they are due  4 of 6 (66.6%)
  helpers with the households they owe      3 of 5 (60.0%)
  villages with a helper                    1 of 2 (50.0%)
  units with a household                    1 of 2 (50.0%)
  pairings                                  4

  rank or kind           helpers  households  fewest  most
  division                     1           2       2     2
  staff                        3           1       0     1
  owner                        1           1       1     1

  short of 2 helpers for households and 2 households for helpers; bottlenecks: 3
  - village 上坪村 has 5 households; the only unit linked to it, 县水务局, can carry 4: 1 left over
  - village 中坪村 has 1 household; no unit is linked to it: 1 left over
  - unit 镇<政府> has 2 helpers who are to have 2 households; the only village linked to it, 下坪村, has no \
household that may be paired with them: 2 missing"""


def test_the_page_of_a_plan() -> None:
    """The page has the shares of both sides with their denominators, the loads by rank, and every bottleneck."""
    assert small().summary() == PAGE


def test_the_page_of_a_plan_in_which_nothing_is_short() -> None:
    """A page without a shortfall says so, and has no title where the policy has none; so does a notebook."""
    assert proposed(rules(), world({"p": 1}, {"a": 1}, "pa")).summary() == (
        "ours · 2012-02-08\n"
        "  households with the helpers they are due  1 of 1 (100.0%)\n"
        "  helpers with the households they owe      1 of 1 (100.0%)\n"
        "  villages with a helper                    1 of 1 (100.0%)\n"
        "  units with a household                    1 of 1 (100.0%)\n"
        "  pairings                                  1\n"
        "\n"
        "  rank or kind           helpers  households  fewest  most\n"
        "  staff                        1           1       1     1\n"
        "\n"
        "  nothing is short"
    )
    html = proposed(rules(), world({"p": 1}, {"a": 1}, "pa"))._repr_html_()
    assert "<p>nothing is short</p>" in html
    assert "<li>" not in html


def test_one_bottleneck_is_in_one_place() -> None:
    """The page counts the places in the singular where there is one, as the notebook does."""
    plan = proposed(rules(), world({"p": 1}, {"a": 3}, "pa"))
    assert plan.summary().splitlines()[-2] == "  short of 2 helpers for households; bottlenecks: 1"
    assert "<p>short of 2 helpers for households; bottlenecks: 1</p>" in plan._repr_html_()


def test_the_page_names_twenty_bottlenecks() -> None:
    """Of more than twenty bottlenecks the page has the first twenty and the number of the others."""
    villages = [f"v{n:02}" for n in range(23)]
    roster = Roster(
        AreaTree([Area(code, "", "village") for code in villages]),
        households=[Household(f"{code}-{n}", code) for code in villages for n in range(2)],
    )
    plan = proposed(rules(), roster)
    lines = plan.summary().splitlines()
    assert lines[-22] == "  short of 46 helpers for households; bottlenecks: 23"
    assert lines[-2:] == [
        "  - village v19 has 2 households; no unit is linked to it: 2 left over",
        "  - … and 3 more",
    ]
    html = plan._repr_html_()
    assert html.count("<li>") == 20 + 1
    assert html.endswith("<li>… and 3 more</li></ul></div>")


def test_a_plan_in_a_notebook_escapes_every_text() -> None:
    """Names of policies, units and ranks are escaped, and the page has the same figures as the text."""
    html = small()._repr_html_()
    assert "<caption>ours &amp; theirs &lt;联村联户&gt; · 2012-02-08</caption>" in html
    assert "unit 镇&lt;政府&gt; has 2 helpers" in html
    assert "镇<政府>" not in html
    assert '<th scope="row">households with the helpers they are due</th><td>4 of 6 (66.6%)</td>' in html
    assert '<tr><th scope="row">staff</th><td>3</td><td>1</td><td>0</td><td>1</td></tr>' in html
    assert html.count("<li>") == 3
    head = "<p>short of 2 helpers for households and 2 households for helpers; bottlenecks: 3</p>"
    assert f"{head}<ul><li>village 上坪村 has 5 households; " in html
    assert "- " not in html.split("</style>")[1]
    ladder = Ladder([Rank("<i>")])
    roster = attrs.evolve(
        world({}, {"a": 1}, "pa"), units=[Unit("p", "county", "z")], helpers=[Helper("p0", "p", "<i>")], ladder=ladder
    )
    html = proposed(attrs.evolve(rules(), ladder=ladder), roster)._repr_html_()
    assert '<th scope="row">&lt;i&gt;</th>' in html
    assert "<i>" not in html


def test_a_plan_is_told_in_one_line() -> None:
    """The repr of a plan has the policy, the day and both shares."""
    assert repr(small()) == (
        "Plan('ours & theirs', 2012-02-08, 4 pairings, households 4 of 6 (66.6%), helpers 3 of 5 (60.0%))"
    )


# --- figures


def test_the_shares_of_a_plan_keep_their_denominators() -> None:
    """Households, helpers, villages and units each have a share of those who take part."""
    plan = small()
    assert (plan.coverage, plan.fulfilment) == (Share(4, 6), Share(3, 5))
    assert (plan.villages, plan.units) == (Share(1, 2), Share(1, 2))


def test_loads_are_of_those_who_take_part() -> None:
    """Each helper with a rule who serves on the day has a load, 0 among them; nobody else has one."""
    roster = world({"p": 3}, {"a": 1}, "pa")
    gone = attrs.evolve(roster.helpers[2], service=Span(date(2011, 1, 1), DAY))
    team = Helper("p9", "p", kind="team")
    plan = proposed(
        Policy("ours", (HelperRule(Quota(0, 1), kinds=("cadre",)),)),
        attrs.evolve(roster, helpers=[*roster.helpers[:2], gone, team]),
    )
    assert plan.loads == {"p0": 1, "p1": 0}
    assert plan.loads_by_rank == (Load("staff", 2, 1, 0, 1),)


def test_loads_by_rank_come_from_the_top() -> None:
    """Ranks stand in the order of the ladder, and those without a rank last, by kind."""
    assert [load.who for load in small().loads_by_rank] == ["division", "staff", "owner"]
    assert small().loads_by_rank[1] == Load("staff", 3, 1, 0, 1)


def test_pairings_are_looked_up_both_ways() -> None:
    """`of` gives the pairings of a helper or of a household, and nothing for whom it does not know."""
    plan = small()
    assert [pairing.household for pairing in plan.of("p0")] == ["a0", "a1"]
    assert [pairing.helper for pairing in plan.of("a0")] == ["p0"]
    assert (plan.of("q0"), plan.of("nobody")) == ((), ())
    assert sorted(pairing for helper in plan.loads for pairing in plan.of(helper)) == sorted(plan.pairings)


def test_pairings_hold_from_the_day() -> None:
    """Each pairing of a plan has a span that begins on its day and goes on; they come by helper, then household."""
    plan = small()
    assert {pairing.span for pairing in plan.pairings} == {Span(DAY)}
    assert list(plan.pairings) == sorted(plan.pairings, key=lambda pairing: (pairing.helper, pairing.household))


@pytest.mark.parametrize("order", [("bureau", "division", "staff"), ("staff", "division", "bureau")])
def test_the_highest_rank_leads(order: tuple[str, ...]) -> None:
    """Of a household's helpers the one of the highest rank bears the role's name, whatever the ids; others support."""
    roster = world({}, {"a": 1}, "pa")
    helpers = [Helper(f"p{n}", "p", rank) for n, rank in enumerate(order)]
    plan = proposed(rules(1, due=3), attrs.evolve(roster, helpers=helpers))
    roles = {roster_rank(helpers, pairing): pairing.role for pairing in plan.pairings}
    assert roles == {"bureau": "lead", "division": "support", "staff": "support"}


def roster_rank(helpers: list[Helper], pairing: Pairing) -> str | None:
    return next(helper.rank for helper in helpers if helper.id == pairing.helper)


def test_of_equal_rank_the_first_leads() -> None:
    """Of helpers of one rank the first by id leads, and who has no rank stands below all."""
    roster = world({"p": 2}, {"a": 1}, "pa")
    helpers = [Helper("a-team", "p", kind="team"), *roster.helpers]
    plan = proposed(rules(1, due=3), attrs.evolve(roster, helpers=helpers))
    assert [(pairing.helper, pairing.role) for pairing in plan.pairings] == [
        ("a-team", "support"),
        ("p0", "lead"),
        ("p1", "support"),
    ]


def test_a_locked_helper_keeps_the_lead() -> None:
    """Whoever is locked to a household leads it, even where a higher rank joins."""
    roster = world({}, {"a": 1}, "pa", [])
    helpers = [Helper("p0", "p", "bureau"), Helper("p1", "p", "staff")]
    named = [NamedPair("p1", "a00", "locked")]
    plan = proposed(rules(1, due=2), attrs.evolve(roster, helpers=helpers, named=named))
    assert [(pairing.helper, pairing.role) for pairing in plan.pairings] == [("p0", "support"), ("p1", "lead")]


def test_all_may_bear_the_same_name() -> None:
    """A policy with `others` empty gives every helper of a household the role's own name."""
    policy = Policy("ours", (HelperRule(Quota(0, 1)),), (HouseholdRule(Quota(2, 2), others=""),))
    plan = proposed(policy, world({"p": 2}, {"a": 1}, "pa"))
    assert [pairing.role for pairing in plan.pairings] == ["lead", "lead"]


EMPTY = world({}, {}, "")


@pytest.mark.parametrize(
    ("what", "roster"),
    [
        ("an empty roster", Roster(AreaTree())),
        ("nobody on either side", EMPTY),
        (
            "nobody in service",
            attrs.evolve(EMPTY, helpers=[Helper("p0", "p", "staff", service=Span(date(2013, 1, 1)))]),
        ),
        (
            "nobody registered",
            attrs.evolve(EMPTY, households=[Household("a0", "a", registered=Span(date(2011, 1, 1), DAY))]),
        ),
        (
            "nobody on the day, and a locked pair",
            attrs.evolve(
                world({}, {"a": 0}, "pa"),
                helpers=[Helper("p0", "p", "staff", service=Span(date(2013, 1, 1)))],
                households=[Household("a0", "a", registered=Span(date(2013, 1, 1)))],
                named=[NamedPair("p0", "a0", "locked")],
            ),
        ),
    ],
)
def test_a_day_on_which_nobody_takes_part(what: str, roster: Roster) -> None:
    """Where nobody takes part the plan is empty, nothing is short, and the proof holds."""
    plan = proposed(rules(owe=1), roster)
    assert (plan.pairings, plan.shortfalls, dict(plan.loads), plan.loads_by_rank) == ((), (), {}, ()), what
    assert [str(share) for share in (plan.coverage, plan.fulfilment, plan.villages, plan.units)] == ["0 of 0"] * 4


def test_service_and_registration_are_half_open() -> None:
    """Who serves up to the day takes no part in it, who serves from it does; so it is with households."""
    roster = world({}, {}, "pa")
    until, since = Span(date(2011, 1, 1), DAY), Span(DAY)
    plan = proposed(
        rules(),
        attrs.evolve(
            roster,
            helpers=[Helper("p0", "p", "staff", service=until), Helper("p1", "p", "staff", service=since)],
            households=[Household("a0", "a", registered=until), Household("a1", "a", registered=since)],
        ),
    )
    assert [(pairing.helper, pairing.household) for pairing in plan.pairings] == [("p1", "a1")]


def test_a_plan_that_is_tampered_with_is_not_proved() -> None:
    """A plan without one of its pairings, or without its shortfalls, is refused by the checker."""
    plan = small()
    for worse in (attrs.evolve(plan, pairings=plan.pairings[1:]), attrs.evolve(plan, shortfalls=())):
        with pytest.raises(CertificateError) as caught:
            worse.verify()
        assert caught.value.code == "not-proved"


# --- refusals


def locked(*pairs: str) -> list[NamedPair]:
    return [NamedPair(helper, household, "locked") for helper, household in map(str.split, pairs)]


ONE_EACH = rules(1)
REFUSALS: list[tuple[Policy, Roster, str]] = [
    (
        ONE_EACH,
        world({"p": 1}, {"a": 2}, "pa", locked("p0 a00", "p0 a01")),
        "helper 'p0': wanted at most 1 to be locked, got 2 [locked-above-ceiling]",
    ),
    (
        ONE_EACH,
        world({"p": 2}, {"a": 1}, "pa", locked("p0 a00", "p1 a00")),
        "household 'a00': wanted at most 1 to be locked, got 2 [locked-above-ceiling]",
    ),
    (
        ONE_EACH,
        world({"p": 1}, {"a": 1, "b": 1}, "pa", locked("p0 b00")),
        "'p0' and 'b00' are locked, but unit 'p' is not linked to village 'b' [locked-outside-links]",
    ),
    (
        Policy("ours", (HelperRule(Quota(0, 1), ranks=("bureau",)),)),
        world({"p": 1}, {"a": 1}, "pa", locked("p0 a00")),
        "'p0' and 'a00' are locked, but no rule of the policy fits [locked-without-rule]",
    ),
    (
        Policy("ours", (HelperRule(Quota(0, 1)),), (HouseholdRule(Quota(1, 1), difficulty=3),)),
        world({"p": 1}, {"a": 1}, "pa", locked("p0 a00")),
        "'p0' and 'a00' are locked, but no rule of the policy fits [locked-without-rule]",
    ),
    (
        attrs.evolve(ONE_EACH, ladder=Ladder(["chief", "hand"])),
        world({"p": 1}, {"a": 1}, "pa"),
        "rank: wanted a rank of the policy's ladder (chief, hand), got 'staff' [unknown-rank]",
    ),
]


@pytest.mark.parametrize(("policy", "roster", "expected"), REFUSALS, ids=[text for *_, text in REFUSALS])
def test_a_roster_that_the_policy_cannot_take_is_refused(policy: Policy, roster: Roster, expected: str) -> None:
    """Locked pairs beyond a ceiling, outside the links or without a rule, and ranks of another ladder, are refused."""
    with pytest.raises(RosterError) as caught:
        pair(policy, roster, on=DAY)
    (problem,) = caught.value.problems
    assert problem.file == ("helpers" if problem.code == "unknown-rank" else "pairs")
    assert str(problem) == f"{problem.file}{',' if problem.field else ':'} {expected}"


def test_all_refusals_are_told_at_once() -> None:
    """A roster with several locked pairs that cannot be has one error with all of them."""
    roster = world({"p": 2}, {"a": 2, "b": 1}, "pa", locked("p0 a00", "p0 a01", "p1 b00"))
    with pytest.raises(RosterError) as caught:
        pair(ONE_EACH, roster, on=DAY)
    assert {problem.code for problem in caught.value.problems} == {"locked-above-ceiling", "locked-outside-links"}


def test_a_soft_ceiling_takes_any_number_of_locked_pairs() -> None:
    """A ceiling in principle yields to locked pairs."""
    plan = proposed(rules(1, soft=True), world({"p": 1}, {"a": 2}, "pa", locked("p0 a00", "p0 a01")))
    assert (plan.loads, plan.shortfalls) == ({"p0": 2}, ())


def test_an_excluded_pair_may_leave_both_short() -> None:
    """Where the only pair is excluded, household and helper are both short, and the proof names nobody as full."""
    plan = proposed(rules(1, owe=1), world({"p": 1}, {"a": 1}, "pa", [NamedPair("p0", "a00", "excluded")]))
    assert plan.pairings == ()
    assert [(s.side, s.short, s.holding, s.unlinked) for s in plan.shortfalls] == [
        ("households", (("a00", 1),), (), 1),
        ("helpers", (("p0", 1),), (), 1),
    ]


FINE = world({"p": 1}, {"a": 1}, "pa")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: pair(None, FINE, on=DAY), "policy: wanted a Policy, got nothing [bad-type]"),  # type: ignore[arg-type]
        (lambda: pair("gansu-2012", FINE, on=DAY), "policy: wanted a Policy, got 'gansu-2012' [bad-type]"),  # type: ignore[arg-type]
        (lambda: pair(FINE, ONE_EACH, on=DAY), "policy: wanted a Policy, got a value of type Roster [bad-type]"),  # type: ignore[arg-type]
        (lambda: pair(ONE_EACH, [], on=DAY), "roster: wanted a Roster, got a value of type list [bad-type]"),  # type: ignore[arg-type]
        (lambda: pair(ONE_EACH, FINE, on=None), "on: wanted a day as YYYY-MM-DD, got nothing [bad-date]"),  # type: ignore[arg-type]
        (lambda: pair(ONE_EACH, FINE, on="8/2/2012"), "on: wanted a day as YYYY-MM-DD, got '8/2/2012' [bad-date]"),  # type: ignore[arg-type]
        (
            lambda: pair(ONE_EACH, FINE, on=datetime(2012, 2, 8)),
            "on: wanted a day as YYYY-MM-DD, got a value of type datetime [bad-date]",
        ),
    ],
)
def test_pair_refuses_arguments_of_other_types(call: Callable[[], Plan], expected: str) -> None:
    """A wrong argument of `pair` is told by its name, with what was wanted."""
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == expected


def test_pair_takes_the_day_as_it_is_written() -> None:
    """A day that is written YYYY-MM-DD gives the plan of that day."""
    plan = pair(ONE_EACH, FINE, on="2012-02-08")  # type: ignore[arg-type]
    assert plan == pair(ONE_EACH, FINE, on=DAY)
    assert plan.on == DAY


def test_no_refusal_shows_an_identity_number() -> None:
    """A unit or a village that bears an identity number for a key is not shown in an error on locked pairs."""
    areas = AreaTree([Area(NUMBER, "", "village"), Area("a", "", "village")])
    roster = Roster(
        areas,
        [Unit("p", "county", "a")],
        [Helper("p0", "p", "staff")],
        [Household("x", NUMBER)],
        named=locked("p0 x"),
    )
    with pytest.raises(PairingError) as caught:
        pair(ONE_EACH, roster, on=DAY)
    assert str(caught.value) == (
        "pairs: 'p0' and 'x' are locked, but unit 'p' is not linked to village <identity number> [locked-outside-links]"
    )


# --- at the edges


def test_a_floor_of_any_size_is_told_or_refused() -> None:
    """A floor of a hundred digits is told in the shortfall; one that could not be printed is refused by us."""
    (shortfall,) = proposed(Policy("ours", (HelperRule(Quota(10**99)),)), FINE).shortfalls
    assert (shortfall.side, shortfall.short, shortfall.wanted) == ("helpers", (("p0", 10**99 - 1),), 10**99)
    assert str(shortfall) == (
        f"unit 县水务局 has 1 helper who is to have {10**99:,} households; the only village linked to it, 上坪村, has "
        f"room for 1: {10**99 - 1:,} missing"
    )
    refused = "floor: wanted a whole number from 0, got a very large number [bad-number]"
    with pytest.raises(ArgumentError) as built:
        Quota(10**5000)
    assert str(built.value) == refused
    with pytest.raises(PolicyError) as read:
        Policy.from_dict({"name": "ours", "helpers": [{"floor": 10**5000}]})
    assert str(read.value) == f"helpers[0].{refused}"


def test_a_quota_lies_below_a_bound() -> None:
    """The largest floor and ceiling have a hundred digits; one more is refused on either side."""
    assert Quota(10**100 - 1, 10**100 - 1).floor == 10**100 - 1
    for name, floor, ceiling in (("floor", 10**100, None), ("ceiling", 0, 10**100)):
        with pytest.raises(ArgumentError) as caught:
            Quota(floor, ceiling)
        assert str(caught.value) == f"{name}: wanted a whole number from 0, got a very large number [bad-number]"


def test_a_helper_and_a_household_may_share_an_id() -> None:
    """A pairing of two who bear one id is found once, and the pairings of both who bear it are found."""
    roster = attrs.evolve(FINE, helpers=[Helper("x", "p", "staff")], households=[Household("x", "a")])
    plan = proposed(ONE_EACH, roster)
    assert plan.of("x") == plan.pairings
    assert len(plan.pairings) == 1
    both = [Helper("x", "p", "staff"), Helper("y", "p", "staff")]
    roster = attrs.evolve(FINE, helpers=both, households=[Household("x", "a"), Household("z", "a")])
    crossed = proposed(ONE_EACH, attrs.evolve(roster, named=locked("x z")))
    assert [(pairing.helper, pairing.household) for pairing in crossed.of("x")] == [("x", "z"), ("y", "x")]


def test_a_sentence_counts_all_households_of_its_village() -> None:
    """Where one of three households is locked to a helper already, the village still has three."""
    named = [NamedPair("p0", "a01", "locked")]
    (shortfall,) = proposed(rules(2), world({"p": 1}, {"a": 3}, "pa", named)).shortfalls
    assert str(shortfall).startswith("village 上坪村 has 3 households")


def test_a_sentence_says_the_role() -> None:
    """Where only helpers in a further role are short, the sentence says so: in the first role nobody is missing."""
    policy = Policy(
        "ours",
        (HelperRule(Quota(0, 9), kinds=("cadre",)), HelperRule(Quota(0, 1), role="sponsor")),
        (HouseholdRule(Quota(1, 1)), HouseholdRule(Quota(1, 1), role="sponsor")),
    )
    roster = attrs.evolve(
        world({}, {"a": 3}, "pa"), helpers=[Helper("p0", "p", "staff"), Helper("p1", "p", kind="owner")]
    )
    (shortfall,) = proposed(policy, roster).shortfalls
    assert (shortfall.role, shortfall.missing) == ("sponsor", 2)
    assert str(shortfall) == (
        "for the role sponsor: village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 1: "
        "2 left over"
    )


def test_a_sentence_on_helpers_says_the_role() -> None:
    """Where helpers of a further role have too few households, their sentence says the role as well."""
    policy = Policy(
        "ours",
        (HelperRule(Quota(0, 9), kinds=("cadre",)), HelperRule(Quota(2, 3), role="sponsor")),
        (HouseholdRule(Quota(1, 1)), HouseholdRule(Quota(0, 1), role="sponsor")),
    )
    roster = attrs.evolve(
        world({}, {"a": 1}, "pa"), helpers=[Helper("p0", "p", "staff"), Helper("p1", "p", kind="owner")]
    )
    (shortfall,) = proposed(policy, roster).shortfalls
    assert (shortfall.side, shortfall.role, shortfall.missing) == ("helpers", "sponsor", 1)
    assert str(shortfall) == (
        "for the role sponsor: unit 县水务局 has 1 helper who is to have 2 households; the only village linked to it, "
        "上坪村, has room for 1: 1 missing"
    )
