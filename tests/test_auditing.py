"""What an audit finds in a book: every code with its sentence, and that it agrees with the plans of the engine."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from random import Random
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.areas import Area, AreaTree
from pairing.auditing import CODES, Finding, audit
from pairing.criteria import Kin
from pairing.dates import Span
from pairing.errors import ArgumentError
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Pairing, Unit
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.programmes import programme
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.roster import Roster
from pairing.rules import HelperRule, HouseholdRule
from pairing.synthetic import population
from populations import DAY as CASE_DAY
from populations import Case, cases

DAY = date(2012, 3, 1)
ONE = Policy("one", (HelperRule(Quota(1, 2)),))
UNTIL_MAY, FROM_MAY = Span(date(2012, 1, 1), date(2012, 5, 1)), Span(date(2012, 5, 1))
ENDED, GOING_ON = Span(date(2011, 1, 1), date(2012, 1, 1)), Span(date(2012, 1, 1))
DUE = HelperRule(Quota(1, 2))


def roster(
    helpers: Iterable[Helper | str] = "a",
    households: Iterable[Household | str] = "x",
    named: Iterable[NamedPair] = (),
    links: Iterable[Link] = (Link("u", "v"),),
) -> Roster:
    """Unit u is linked to village v; there are unit t and village w too. A letter is somebody of u or v."""
    return Roster(
        areas=AreaTree([Area("v", "上坪村", "village"), Area("w", "下坪村", "village")]),
        units=[Unit("u", "county", "v"), Unit("t", "county", "w")],
        helpers=[Helper(one, "u", "staff") if isinstance(one, str) else one for one in helpers],
        households=[Household(one, "v") if isinstance(one, str) else one for one in households],
        links=links,
        named=named,
    )


def book(*pairs: str) -> list[Pairing]:
    return [Pairing(one[0], one[1], one[3:] or "lead") for one in pairs]


def helper(service: Span | None = None, **other: Any) -> Helper:
    return Helper("a", "u", "staff", service=service, **other)


def of_rules(floor: int, ceiling: int | None, soft: bool = False) -> Policy:
    return Policy("p", (HelperRule(Quota(floor, ceiling), soft=soft),), (HouseholdRule(Quota(0)),))


def per_household(floor: int, ceiling: int) -> Policy:
    return Policy("p", (HelperRule(Quota(0, 9)),), (HouseholdRule(Quota(floor, ceiling)),))


CASES: list[tuple[str, str, int | None, Policy, Roster, list[Pairing]]] = [
    (
        "household-without-helper",
        "household 'y': wanted at least 1 helper, got none",
        None,
        ONE,
        roster("a", "xy"),
        book("ax"),
    ),
    (
        "household-below-floor",
        "household 'x': wanted at least 2 helpers in the role 'lead', got 1",
        None,
        per_household(2, 3),
        roster(),
        book("ax"),
    ),
    (
        "household-above-ceiling",
        "household 'x': wanted at most 1 helper in the role 'lead', got 2",
        None,
        per_household(1, 1),
        roster("ab"),
        book("ax", "bx support"),
    ),
    (
        "helper-without-household",
        "helper 'b': wanted at least 1 household, got none",
        None,
        ONE,
        roster("ab"),
        book("ax"),
    ),
    (
        "below-floor",
        "helper 'a': wanted at least 2 households, got 1",
        None,
        of_rules(2, 3),
        roster("a", "xy"),
        book("ax"),
    ),
    (
        "above-ceiling",
        "helper 'a': wanted at most 1 household, got 2",
        None,
        of_rules(1, 1),
        roster("a", "xy"),
        book("ax", "ay"),
    ),
    (
        "below-floor-in-principle",
        "helper 'a': wanted in principle at least 2 households, got none",
        None,
        of_rules(2, 3, soft=True),
        roster(),
        [],
    ),
    (
        "above-ceiling-in-principle",
        "helper 'a': wanted in principle at most 1 household, got 2",
        None,
        of_rules(1, 1, soft=True),
        roster("a", "xy"),
        book("ax", "ay"),
    ),
    (
        "no-rule",
        "helper 'a': wanted no household, as no rule of the policy is for this helper; got 1",
        None,
        Policy("p", (HelperRule(Quota(1), ranks=("bureau",)),)),
        roster(),
        book("ax"),
    ),
    (
        "wrong-role",
        "helper 'a', household 'x': wanted the role 'lead' or 'support', got 'boss'",
        0,
        ONE,
        roster(),
        book("ax boss"),
    ),
    (
        "wrong-role",
        "household 'x': wanted exactly 1 helper who bears the role 'lead', got none",
        None,
        ONE,
        roster(),
        book("ax support"),
    ),
    (
        "wrong-role",
        "household 'x': wanted exactly 1 helper who bears the role 'lead', got 2",
        None,
        per_household(1, 2),
        roster("ab"),
        book("ax", "bx"),
    ),
    (
        "wrong-role",
        "helper 'a', household 'x': wanted the role none, as no rule is for the household, got 'lead'",
        0,
        Policy("p", (DUE,), (HouseholdRule(Quota(1), difficulty=2),)),
        roster(),
        book("ax"),
    ),
    (
        "recorded-twice",
        "helper 'a', household 'x': wanted one record, got two on 2012-01-01 .. 2012-05-01",
        1,
        ONE,
        roster(),
        [Pairing("a", "x"), Pairing("a", "x", span=UNTIL_MAY)],
    ),
    (
        "recorded-twice",
        "helper 'a', household 'x': wanted one record, got two on all days",
        1,
        ONE,
        roster(),
        book("ax", "ax"),
    ),
    (
        "gap",
        "household 'x': wanted a helper on every day, got none on 2012-01-01 .. 2012-02-01",
        None,
        ONE,
        roster(),
        [Pairing("a", "x", span=ENDED), Pairing("a", "x", span=Span(date(2012, 2, 1)))],
    ),
    (
        "unknown-helper",
        "helper 'nobody', household 'x': wanted a helper of the roster, got an id that is not in it",
        0,
        ONE,
        roster(""),
        [Pairing("nobody", "x")],
    ),
    (
        "unknown-household",
        "helper 'a', household text of 3 characters: wanted a household of the roster, got an id that is not in it",
        0,
        ONE,
        roster("a", ""),
        [Pairing("a", "李大山")],
    ),
    (
        "helper-left",
        "helper 'a', household 'x': wanted service on 2012-03-01, got service 2011-01-01 .. 2012-01-01",
        0,
        ONE,
        roster([helper(ENDED)]),
        book("ax"),
    ),
    (
        "household-not-registered",
        "helper 'a', household 'x': wanted registration on 2012-03-01, got registration 2012-05-01 ..",
        0,
        ONE,
        roster("a", [Household("x", "v", registered=FROM_MAY)]),
        book("ax"),
    ),
    (
        "span-outside-service",
        "helper 'a', household 'x': wanted days within 2012-01-01 .. 2012-05-01, got 2012-01-01 .. 2013-01-01",
        0,
        ONE,
        roster([helper(UNTIL_MAY)]),
        [Pairing("a", "x", span=Span(date(2012, 1, 1), date(2013, 1, 1)))],
    ),
    (
        "span-outside-registration",
        "helper 'a', household 'x': wanted days within 2012-01-01 .., got 2011-12-31 ..",
        0,
        ONE,
        roster("a", [Household("x", "v", registered=GOING_ON)]),
        [Pairing("a", "x", span=Span(date(2011, 12, 31)))],
    ),
    (
        "outside-links",
        "helper 'a', household 'x': wanted unit 'u' linked to village 'v', got no link",
        0,
        ONE,
        roster(links=[Link("u", "w")]),
        book("ax"),
    ),
    (
        "excluded-pair",
        "helper 'a', household 'x': wanted no pairing, as the pair is excluded, got a pairing",
        0,
        ONE,
        roster(named=[NamedPair("a", "x", "excluded")]),
        book("ax"),
    ),
    (
        "locked-pair-missing",
        "helper 'a', household 'x': wanted a pairing, as the pair is locked, got none on 2012-03-01",
        None,
        ONE,
        roster("ab", "xy", [NamedPair("a", "x", "locked")]),
        book("ay", "bx"),
    ),
    (
        "same-name",
        "helper 'b': wanted a name of its own in unit 'u', got that of helper 'a'",
        None,
        per_household(1, 3),
        roster([Helper("a", "u", "staff", name="王小明"), Helper("b", "u", "staff", name="王小明 ")]),
        book("ax", "bx support"),
    ),
    (
        "same-name",
        "household '户二': wanted a name of its own in village 'v', got that of household '户一'",
        None,
        ONE,
        roster("a", [Household("户一", "v", name="李大山"), Household("户二", "v", name="李大山")]),
        [Pairing("a", "户一"), Pairing("a", "户二")],
    ),
]


@pytest.mark.parametrize(("code", "sentence", "row", "policy", "who", "rows"), CASES)
def test_every_code_is_told_in_one_sentence_and_alone(
    code: str, sentence: str, row: int | None, policy: Policy, who: Roster, rows: list[Pairing]
) -> None:
    """Each fault is one finding, told word for word, and brings no other findings with it."""
    (finding,) = audit(policy, who, rows, on=DAY)
    assert (finding.code, str(finding), finding.row) == (code, sentence, row)
    assert "\n" not in repr(finding)
    assert repr(finding).startswith(f"Finding({code!r}, ")


OF_REGISTERS = {
    "vacancy",
    "in-name-only",
    "unfit-helper",
    "former-helper",
    "stranger",
    "visit-too-early",
    "handover-late",
    "duty-overdue",
    "exit-without-notice",
}
"""The codes that only a register can have."""


def test_there_is_a_case_for_every_code() -> None:
    """No code that a list of pairings can have is without a case above."""
    assert {case[0] for case in CASES} == set(CODES) - OF_REGISTERS


def codes(*arguments: Any, on: date = DAY) -> list[str]:
    return [finding.code for finding in audit(*arguments, on=on)]


def test_wanted_and_got_are_numbers_where_they_are_counted() -> None:
    """A program reads the numbers from the finding, never from the sentence."""
    (finding,) = audit(of_rules(2, 3), roster("a", "xy"), book("ax"), on=DAY)
    assert (finding.helper, finding.household, finding.wanted, finding.got) == ("a", None, 2, 1)


def test_a_pair_recorded_twice_fills_no_floor() -> None:
    """A pair counts once, however often it is recorded."""
    found = audit(of_rules(2, 3), roster("a", "xy"), book("ax", "ax"), on=DAY)
    assert [finding.code for finding in found] == ["below-floor", "recorded-twice"]


def test_days_that_only_touch_do_not_overlap() -> None:
    """A pairing that begins on the day on which the one before ends is neither recorded twice nor a gap."""
    rows = [Pairing("a", "x", span=ENDED), Pairing("a", "x", span=GOING_ON)]
    assert codes(ONE, roster(), rows) == []


def test_a_former_helper_counts_no_longer() -> None:
    """Who has had a household, but has none on the day, is without one; and the days since then are a gap."""
    found = codes(ONE, roster(), [Pairing("a", "x", span=ENDED)])
    assert found == ["household-without-helper", "helper-without-household", "gap"]


def test_no_gap_stands_beside_an_open_pairing() -> None:
    """While one pairing goes on, the end of another leaves no gap."""
    short = Pairing("b", "x", "support", Span(date(2012, 1, 10), date(2012, 2, 1)))
    for span in (None, GOING_ON):
        assert "gap" not in codes(ONE, roster("ab"), [Pairing("a", "x", span=span), short])


def test_a_gap_is_told_only_for_days_of_registration() -> None:
    """A household that is registered later has no gap before; of a longer gap the registered days are told."""
    rows = [Pairing("a", "x", span=ENDED), Pairing("a", "x", span=Span(date(2012, 2, 1)))]
    for start, texts in ((date(2012, 2, 1), []), (date(2012, 1, 20), ["none on 2012-01-20 .. 2012-02-01"])):
        who = roster("a", [Household("x", "v", registered=Span(start))])
        assert [finding.got for finding in audit(ONE, who, rows, on=DAY) if finding.code == "gap"] == texts


def test_a_pairing_without_end_may_stand_while_the_service_lasts() -> None:
    """An open pairing is not outside a service that ends later; once the service is over, the helper has left."""
    who = roster([helper(UNTIL_MAY)])
    rows = [Pairing("a", "x", span=GOING_ON)]
    assert codes(ONE, who, rows) == []
    assert codes(ONE, who, rows, on=date(2012, 5, 1)) == ["helper-left"]


def test_who_is_not_fit_has_not_left() -> None:
    """A helper who is not fit is still in the service, whose days are laid down."""
    assert codes(ONE, roster([helper(GOING_ON, fit=False)]), book("ax")) == []


def test_who_takes_no_part_has_no_quota() -> None:
    """A helper not in service and a household not registered are not missed."""
    assert codes(ONE, roster([helper(FROM_MAY)], [Household("x", "v", registered=FROM_MAY)]), []) == []


ROLES = Policy(
    "roles",
    (HelperRule(Quota(1, 2), kinds=("cadre",)), HelperRule(Quota(0, 5), kinds=("team",), role="doctor")),
    (HouseholdRule(Quota(1, 2)), HouseholdRule(Quota(1, 1), role="doctor", others="", difficulty=2)),
)


def test_each_role_has_its_own_quota() -> None:
    """A household that has a lead and no doctor is below the floor of that role; an easier one is due no doctor."""
    who = roster(
        [Helper("a", "u", "staff"), Helper("d", "u", kind="team")], [Household("x", "v", 2), Household("y", "v")]
    )
    found = audit(ROLES, who, book("ax", "ay", "dy doctor"), on=DAY)
    assert [(finding.code, str(finding)) for finding in found] == [
        ("household-below-floor", "household 'x': wanted at least 1 helper in the role 'doctor', got none"),
        ("wrong-role", "helper 'd', household 'y': wanted the role 'lead' or 'support', got 'doctor'"),
    ]
    assert codes(ROLES, who, book("ax", "ay", "dx doctor")) == []


def test_wrong_arguments_are_told_all_at_once() -> None:
    """Each argument of a wrong type is one problem of one error."""
    arguments: tuple[Any, Any, Any, Any] = (None, "r", 7, datetime(2012, 3, 1, 12))
    with pytest.raises(ArgumentError) as caught:
        audit(*arguments[:3], on=arguments[3])
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [
        ("policy", "bad-type"),
        ("roster", "bad-type"),
        ("on", "bad-date"),
        ("book", "bad-type"),
    ]


def test_whatever_is_odd_inside_a_book_is_told_with_its_row() -> None:
    """Items that are no pairings, and pairings with wrong parts, are refused together; no name is shown."""
    wrong: list[Any] = ["王小明", Pairing("a", "x"), Pairing(7, "", None, "today"), None]  # type: ignore[arg-type]
    with pytest.raises(ArgumentError) as caught:
        audit(ONE, roster(), iter(wrong), on=DAY)
    assert [(p.file, p.row, p.field, p.code) for p in caught.value.problems] == [
        ("book", 0, "", "bad-type"),
        ("book", 2, "helper", "bad-key"),
        ("book", 2, "household", "bad-key"),
        ("book", 2, "role", "bad-key"),
        ("book", 2, "span", "bad-span"),
        ("book", 3, "", "bad-type"),
    ]
    assert "王小明" not in str(caught.value)


def without_names(findings: Iterable[Finding]) -> list[Finding]:
    aside = ("same-name", "below-floor-in-principle", "above-ceiling-in-principle")
    return [finding for finding in findings if finding.code not in aside]


def random_case(random: Random) -> tuple[Policy, Roster]:
    spans = (None, None, None, ENDED, GOING_ON, UNTIL_MAY, FROM_MAY)
    units, villages = ["u", "t"], ["v", "w"]
    ranks = ["division", "section", "staff"]
    links = [Link(unit, village) for unit in units for village in villages if random.random() < 0.7]
    helpers = [
        Helper(f"干部{n}", random.choice(units), random.choice(ranks), service=random.choice(spans), name="王小明")
        for n in range(random.randint(0, 8))
    ]
    households = [
        Household(f"户{n}", random.choice(villages), random.randint(0, 2), registered=random.choice(spans))
        for n in range(random.randint(0, 8))
    ]
    linked = [(h, o) for h in helpers for o in households if Link(h.unit, o.village) in links]
    named = [
        NamedPair(h.id, o.id, random.choice(("excluded", "preferred")), 1)
        for h, o in random.sample(linked, min(len(linked), random.randint(0, 3)))
    ]
    if linked and random.random() < 0.3:
        h, o = random.choice(linked)
        named = [*(n for n in named if (n.helper, n.household) != (h.id, o.id)), NamedPair(h.id, o.id, "locked")]
    floor = random.randint(0, 2)
    rules = (
        HelperRule(Quota(random.randint(1, 3), random.choice((3, 4, None))), ranks=("division",)),
        HelperRule(Quota(1, 2), ranks=("section",), soft=random.random() < 0.5),
        HelperRule(Quota(floor, floor + 1), ranks=("staff",) if random.random() < 0.8 else ("bureau",)),
    )
    due = [
        HouseholdRule(Quota(1, 3), others="", difficulty=1),
        HouseholdRule(Quota(random.randint(0, 2), 2), others=""),
    ]
    if random.random() < 0.5:
        due = [HouseholdRule(Quota(2, 3), difficulty=1), HouseholdRule(Quota(1, random.randint(1, 2)))]
    return Policy("random", rules, tuple(due)), roster(helpers, households, named, links)


def expected(plan: Plan) -> Counter[tuple[str, str, int]]:
    """What an audit must find in a plan, from its shortfalls alone: code, id, and how many are missing."""
    loads = Counter(pairing.helper for pairing in plan.pairings)
    loads += Counter(pairing.household for pairing in plan.pairings)
    found: Counter[tuple[str, str, int]] = Counter()
    for shortfall in plan.shortfalls:
        for id, missing in shortfall.short:
            if shortfall.side == "helpers":
                found["below-floor" if loads[id] else "helper-without-household", id, missing] += 1
            else:
                found["household-below-floor" if loads[id] else "household-without-helper", id, missing] += 1
    return found


def test_an_audit_of_a_plan_finds_what_is_short_and_nothing_else() -> None:
    """For 300 rosters the findings are the shortfalls of the plan, one for one; without shortfalls there are none."""
    seen: Counter[bool] = Counter()
    tried = 0
    for seed in range(400):
        policy, who = random_case(Random(seed))
        try:
            plan = pair(policy, who, on=DAY)
        except ValueError:
            continue  # the locked pair broke a rule
        tried += 1
        found = without_names(audit(policy, who, plan, on=DAY))
        told = [(f.code, f.helper or f.household or "", int(f.wanted or 0) - int(f.got or 0)) for f in found]
        assert Counter(told) == expected(plan), seed
        seen[bool(found)] += 1
    assert tried >= 300
    assert min(seen.values()) >= 10


@pytest.fixture(scope="module")
def gansu() -> tuple[Policy, Roster, Plan]:
    who = population("gansu-2012", scale=0.01)
    policy = programme("gansu-2012")
    return policy, who, pair(policy, who, on=DAY)


def test_a_plan_for_a_population_of_gansu_has_no_findings(gansu: tuple[Policy, Roster, Plan]) -> None:
    """Where everybody's floor can be met, the audit agrees, and so it does when the pairings come as a mere list."""
    policy, who, plan = gansu
    assert not plan.shortfalls
    assert without_names(audit(policy, who, plan, on=DAY)) == []
    assert audit(policy, who, list(plan.pairings), on=DAY) == audit(policy, who, plan, on=DAY)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_corrupted_in_a_good_plan_is_found(gansu: tuple[Policy, Roster, Plan], seed: int) -> None:
    """A pair dropped, doubled, moved outside the links, renamed, put out of service or out of time is each found."""
    policy, who, plan = gansu
    random = Random(seed)
    good = list(plan.pairings)
    count = Counter(pairing.household for pairing in good)
    row = random.choice([n for n, pairing in enumerate(good) if count[pairing.household] == 1])
    bad = good[row]
    unit = who.helper(bad.helper).unit
    linked = set(who.villages_of(unit))
    far = random.choice([one for one in who.households if one.village not in linked]).id
    stranger = random.choice([one for one in who.helpers if not set(who.villages_of(one.unit)) & linked]).id
    before = Span(date(2000, 1, 1), date(2001, 1, 1))

    def found(rows: list[Pairing], roster: Roster = who) -> set[tuple[str, str | None, str | None]]:
        return {(f.code, f.helper, f.household) for f in without_names(audit(policy, roster, rows, on=DAY))}

    def changed(**parts: Any) -> list[Pairing]:
        return [*good[:row], evolve(bad, **parts), *good[row + 1 :]]

    none = ("household-without-helper", None, bad.household)
    both = (bad.helper, bad.household)
    assert none in found(good[:row] + good[row + 1 :])
    assert found([*good, bad]) == {("recorded-twice", *both)}
    assert {none, ("outside-links", bad.helper, far)} <= found(changed(household=far))
    assert ("outside-links", stranger, bad.household) in found(changed(helper=stranger))
    assert ("unknown-helper", "nobody", bad.household) in found(changed(helper="nobody"))
    assert {none, ("unknown-household", bad.helper, "nobody")} <= found(changed(household="nobody"))
    assert found(changed(role="boss")) == {("wrong-role", *both)}
    assert found(changed(role="support")) == {("wrong-role", None, bad.household)}
    assert {none, ("gap", None, bad.household)} <= found(changed(span=before))
    helpers = [evolve(one, service=before) if one.id == bad.helper else one for one in who.helpers]
    assert ("helper-left", *both) in found(good, evolve(who, helpers=helpers))
    households = [evolve(one, registered=before) if one.id == bad.household else one for one in who.households]
    left = {("household-not-registered", *both), ("span-outside-registration", *both)}
    assert found(good, evolve(who, households=households)) == left
    assert found(good, evolve(who, named=[NamedPair(*both, "excluded")])) == {("excluded-pair", *both)}
    assert found(good, evolve(who, named=[NamedPair(bad.helper, far, "locked")])) == {
        ("locked-pair-missing", bad.helper, far)
    }
    ceiling = policy.helpers[-1].quota.ceiling
    assert ceiling == 3
    for one in who.households[: 2 * ceiling]:
        good.append(Pairing(bad.helper, one.id, "support"))
    assert ("above-ceiling", bad.helper, None) in found(good)


IDS = ("a", "b", "户一", "x", "李大山", "110105194912310" + "02X")
SPANS = (None, ENDED, GOING_ON, UNTIL_MAY, FROM_MAY)
ROWS = st.lists(
    st.builds(
        Pairing,
        st.sampled_from(IDS),
        st.sampled_from(IDS),
        st.sampled_from(("lead", "support", "doctor", "王小明")),
        st.sampled_from(SPANS),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(rows=ROWS, data=st.data(), service=st.sampled_from(SPANS), registered=st.sampled_from(SPANS))
def test_the_order_of_rows_shows_in_the_row_alone_and_names_nowhere(
    rows: list[Pairing], data: st.DataObject, service: Span | None, registered: Span | None
) -> None:
    """Shuffled rows give the same findings, each with its row; no name or identity number is in any text."""
    who = roster(
        [helper(service, name="王小明"), Helper("b", "u", kind="team", name="王小明")],
        [Household("x", "v", 2, registered=registered, name="李大山"), Household("户一", "v", name="李大山")],
        [NamedPair("a", "x", "locked"), NamedPair("b", "x", "excluded")],
    )
    order = data.draw(st.permutations(range(len(rows))))
    shuffled = [rows[n] for n in order]
    here, there = audit(ROLES, who, rows, on=DAY), audit(ROLES, who, shuffled, on=DAY)
    assert [evolve(f, row=None) for f in here] == [evolve(f, row=None) for f in there]
    for found, source in ((here, rows), (there, shuffled)):
        for finding in found:
            if finding.row is not None:
                assert (source[finding.row].helper, source[finding.row].household) == (
                    finding.helper,
                    finding.household,
                )
            text = f"{finding!r} {finding} {finding.wanted} {finding.got}"
            assert not any(name in text for name in ("王小明", "李大山", "1949"))
            assert text.isprintable()
    assert [f.code for f in here] == sorted((f.code for f in here), key=list(CODES).index)


# --- own links, fitness, criteria, versions


def told(policy: Policy, given: Roster, pairings: list[Pairing], on: date = DAY) -> list[tuple[str, str]]:
    return [(finding.code, str(finding)) for finding in audit(policy, given, pairings, on=on)]


def test_own_links_bound_where_a_helper_goes() -> None:
    """Who is linked to a village personally is at home there, and outside the links in the unit's village."""
    both = roster("a", [Household("x", "v"), Household("y", "w")])
    own = both.linked(both.links, [OwnLink("a", "w")])
    assert told(of_rules(0, 2), own, book("ay")) == []
    assert told(of_rules(0, 2), own, book("ax")) == [
        (
            "outside-links",
            "helper 'a', household 'x': wanted a household in a village to which the helper is linked personally, "
            "got one in village 'v'",
        )
    ]


def test_who_is_not_fit_owes_nothing() -> None:
    """A helper who is not fit has no floor; where the policy spreads the share, colleagues have it on top of theirs."""
    given = roster([Helper("a", "u", "staff", fit=False), Helper("b", "u", "staff")], "xy")
    policy = Policy("p", (HelperRule(Quota(1, 2)),), (HouseholdRule(Quota(0)),))
    assert told(policy, given, book("bx")) == []
    assert told(attrs.evolve(policy, respread=True), given, book("bx")) == [
        ("below-floor", "helper 'b': wanted at least 2 households, got 1")
    ]
    assert told(attrs.evolve(policy, respread=True), given, book("bx", "by")) == []


def test_what_a_criterion_excludes_is_told() -> None:
    """A pair that a criterion of the policy excludes is told, as one that is excluded by name is."""
    given = roster([Helper("a", "u", "staff", kin=frozenset({"k"}))], [Household("x", "v", kin=frozenset({"k"})), "y"])
    policy = attrs.evolve(of_rules(0, 2), criteria=(Kin(),))
    assert told(policy, given, book("ax", "ay")) == [
        (
            "excluded-pair",
            "helper 'a', household 'x': wanted no pairing, as a criterion excludes the pair, got a pairing",
        )
    ]


def test_the_version_of_the_day_counts() -> None:
    """An old book is held against the rules of its day, and a day without any is refused."""
    first = attrs.evolve(of_rules(1, 1), effective=date(2011, 1, 1))
    policy = attrs.evolve(of_rules(2, 2), effective=DAY, earlier=first)
    assert told(policy, roster("a", "xy"), book("ax"), date(2012, 2, 29)) == []
    assert [code for code, _ in told(policy, roster("a", "xy"), book("ax"))] == ["below-floor"]
    with pytest.raises(ArgumentError, match="not-in-force"):
        audit(policy, roster(), [], on=date(2010, 12, 31))


@settings(deadline=None, max_examples=60)
@given(cases())
def test_a_plan_breaks_no_rule(case: Case) -> None:
    """An audit of a plan finds nothing but what the plan itself says is short, or short in principle."""
    plan = pair(case.policy, case.roster, on=CASE_DAY, book=case.book)
    codes = {finding.code for finding in audit(case.policy, case.roster, plan, on=CASE_DAY)}
    codes -= {"below-floor-in-principle", "above-ceiling-in-principle", "same-name"}
    short = {"households": {"household-without-helper", "household-below-floor"}}
    short["helpers"] = {"helper-without-household", "below-floor"}
    assert codes <= {code for shortfall in plan.shortfalls for code in short[shortfall.side]}
    assert {shortfall.side for shortfall in plan.shortfalls} == {side for side in short if short[side] & codes}
