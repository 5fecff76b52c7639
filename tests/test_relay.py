"""The relay: who takes over when somebody leaves, in stories with their figures and full texts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from pairing.answering import Passing
from pairing.areas import Area, AreaTree
from pairing.dates import Span
from pairing.deeds import Visited
from pairing.entries import (
    Change,
    Correction,
    Death,
    Departure,
    Dissolution,
    DutyClosed,
    DutyOpened,
    DutyPassed,
    Entry,
    Exit,
    HandedOver,
    HouseholdMerger,
    Leave,
    Linked,
    Merger,
    Move,
    Offer,
    Paired,
    RankChange,
    Recovery,
    Refill,
    Relapse,
    Released,
    Renaming,
    Retirement,
    Return,
    Split,
    StruckOff,
    Transfer,
    Unfitness,
    Unlinked,
    VacancyClosed,
)
from pairing.errors import ArgumentError, CertificateError, RegisterError
from pairing.handover import Handover, relay
from pairing.people import Helper, Household, Link, NamedPair, OwnLink, Unit
from pairing.policy import Policy
from pairing.programmes import programme
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HandoverRules, HelperRule, HouseholdRule, RetirementRule

START = date(2012, 2, 8)
DAY = date(2013, 6, 30)
LADDER = "volunteer, division, unit, linked, superior"


def court(*helpers: Helper, households: Sequence[Household] = (), links: Sequence[Link] = (), **more: Any) -> Roster:
    """A court with a civil and a criminal division, a county bureau, and the city's court above; two villages."""
    return Roster(
        areas=AreaTree(
            [Area("c", "大洼县", "county"), Area("v", "上坪村", "village", "c"), Area("w", "下坪村", "village", "c")]
        ),
        units=[
            Unit("city-court", "prefecture", "c"),
            Unit("court", "county", "c", "city-court", name="法院"),
            Unit("bureau", "county", "c"),
        ],
        helpers=helpers,
        households=households or [Household("x", "v"), Household("y", "v"), Household("z", "v")],
        links=links or [Link("court", "v")],
        **more,
    )  # fmt: skip


def judge(id: str, division: str = "", unit: str = "court", **more: Any) -> Helper:
    return Helper(id, unit, more.pop("rank", "staff"), division=division, **more)


def ours(ceiling: int | None = 2, floor: int = 1, most: int = 2, **rules: Any) -> Policy:
    return Policy(
        "ours", (HelperRule(Quota(floor, ceiling)),), (HouseholdRule(Quota(1, most)),), handover=HandoverRules(**rules)
    )


def book(*pairs: str, more: Sequence[Entry] = ()) -> Register:
    """A register in which "ann:x" is a pairing, "ann:x:support" one in another role."""
    entries = [Paired(*pair.split(":"), on=START) for pair in pairs]
    return Register().record(*entries, *more)


def recorded(register: Register, handover: Handover) -> Register:
    """The register with a relay recorded; what is recorded was proved."""
    assert handover.verify()
    return register.record(*handover.entries())


def helpers_of(register: Register, household: str, day: date) -> list[str]:
    return [pairing.helper for pairing in register.view(on=day).helpers_of(household)]


# --- rule 19: Panjin's relay


def test_rule_19_a_retired_judges_household_goes_to_the_younger_volunteer_of_the_same_division() -> None:
    """A judge retires on 1 July 2013, at 60; a younger judge of the same division asks to take over, and does."""
    old = judge("old", "civil", rank="section", birth=date(1953, 6, 12), sex="m")
    young = judge("young", "civil", birth=date(1982, 4, 2), sex="m")
    idle = judge("idle", "civil", birth=date(1979, 9, 9), sex="f")
    roster = court(old, young, idle, judge("clerk", "criminal"), households=[Household("x", "v", 2)])
    policy = programme("panjin-2010")
    assert policy.retires(old) == date(2013, 7, 1)
    register = book("old:x", more=[Offer("young", giver="old", on=date(2013, 5, 20))])
    handover = relay(policy, roster, register, [Retirement("old", on=date(2013, 7, 1))])
    assert handover.summary() == (
        "Handover('panjin-2010', 2013-07-01, 1 households to 1 takers, 0 vacancies, 0 open duties)\n\n"
        "  2013-07-01 household x: old → young (volunteer): Retirement"
    )
    assert handover.entries() == (
        Retirement("old", on=date(2013, 7, 1)),
        HandedOver("x", "old", ["young"], reason="Retirement", on=date(2013, 7, 1)),
    )
    after = recorded(register, handover)
    assert str(after.history("x")) == ("household x: 2012-02-08 .. 2013-07-01 old (lead); 2013-07-01 .. young (lead)")


def test_rule_19_a_transferred_judges_household_goes_to_two_colleagues_jointly() -> None:
    """A judge is transferred; two colleagues of the same division want the household, and take over on one day."""
    roster = court(judge("gone", "civil"), judge("one", "civil"), judge("two", "civil"), judge("idle", "civil"))
    offers = [Offer(id, giver="gone", on=date(2013, 6, 1)) for id in ("one", "two")]
    register = book("gone:x", more=offers)
    handover = relay(programme("panjin-2010"), roster, register, [Transfer("gone", "bureau", on=DAY)])
    assert handover.passings == (
        Passing("x", "lead", ("gone",), ("one", "two"), DAY, ("volunteer", "volunteer"), "Transfer"),
    )
    assert handover.summary().endswith(
        "  2013-06-30 household x: gone → one (volunteer) and two (volunteer), jointly: Transfer"
    )
    assert str(recorded(register, handover).history("x")) == (
        "household x: 2012-02-08 .. 2013-06-30 gone (lead); 2013-06-30 .. one (lead); 2013-06-30 .. two (lead)"
    )


def test_rule_19_at_most_so_many_volunteers_take_over_together() -> None:
    """Of three volunteers two take over; with `jointly = 1` it is one, with 3 all of them."""
    roster = court(judge("gone"), judge("one"), judge("two"), judge("three"))
    register = book("gone:x", more=[Offer(id, "x", on=START) for id in ("one", "two", "three")])
    for jointly, takers in ((1, ("one",)), (2, ("one", "three")), (3, ("one", "three", "two"))):
        handover = relay(ours(jointly=jointly), roster, register, [Death("gone", on=DAY)])
        assert handover.passings[0].takers == takers
        assert handover.verify()
        assert handover.values["volunteers"] == jointly


@pytest.mark.parametrize(
    ("there", "taker", "rung"),
    [
        (("same", "other", "near", "above"), "same", "division"),
        (("other", "near", "above"), "other", "unit"),
        (("near", "above"), "near", "linked"),
        (("above",), "above", "superior"),
    ],
)
def test_rule_19_the_ladder(there: tuple[str, ...], taker: str, rung: str) -> None:
    """First the same division, then the same unit, then other units that are linked, at last the superior unit."""
    everybody = {
        "same": judge("same", "civil"),
        "other": judge("other", "criminal"),
        "near": judge("near", "civil", "bureau"),
        "above": judge("above", "civil", "city-court"),
    }
    helpers = [everybody[id] for id in there]
    roster = court(judge("gone", "civil"), *helpers, links=[Link("court", "v"), Link("bureau", "v")])
    handover = relay(ours(), roster, book("gone:x"), [Retirement("gone", on=DAY)])
    assert [(p.takers, p.rungs) for p in handover.passings] == [((taker,), (rung,))]
    assert dict(handover.values) == {
        "vacancies": 0,
        "changes": 0,
        "about to leave": 0,
        "volunteers": 0,
        "ladder": handover.policy.handover.ladder.index(rung) + 1,
    }
    linked = [entry for entry in handover.entries() if isinstance(entry, Linked)]
    assert linked == ([Linked("city-court", "v", on=DAY)] if rung == "superior" else [])
    recorded(book("gone:x"), handover)


def test_rule_19_who_is_not_on_the_ladder_is_never_asked() -> None:
    """With the division alone on the ladder, a colleague of another division is no successor."""
    roster = court(judge("gone", "civil"), judge("other", "criminal"))
    handover = relay(ours(ladder=["division"]), roster, book("gone:x"), [Retirement("gone", on=DAY)])
    assert handover.vacancies[0].reason == "nobody whom the ladder (division) names may take it over"


def test_rule_19_nobody_stands_without_a_helper() -> None:
    """Where nobody can take over there is a vacancy: with its reason, who sees to it, and what would help."""
    roster = court(judge("gone", "civil"), judge("full", "civil"), households=[Household(id, "v") for id in "xyz"])
    register = book("gone:x", "gone:y", "full:z")
    handover = relay(ours(2), roster, register, [Retirement("gone", on=DAY)])
    assert handover.summary() == (
        "Handover('ours', 2013-06-30, 1 households to 1 takers, 1 vacancies, 0 open duties)\n\n"
        "  2013-06-30 household x: gone → full (division): Retirement\n"
        "  2013-06-30 household y: vacancy, seen to by court\n"
        "    3 households can go to 1 helper only, who has no room for all; "
        "one household more for full would help, or a link of another unit to the village"
    )
    vacancy = handover.vacancies[0]
    assert (vacancy.competing, vacancy.full, vacancy.giver) == (("x", "y", "z"), ("full",), "gone")
    after = recorded(register, handover)
    assert after.view(on=DAY).vacancies[0].unit == "court"
    # the repair is true: with one household more for "full" there is none
    assert not relay(ours(3), roster, register, [Retirement("gone", on=DAY)]).vacancies
    assert handover.changes == (Retirement("gone", on=DAY),)


def test_rule_19_households_of_others_make_room() -> None:
    """A household moves on to a helper who can go nowhere else with it, so that nobody is without a helper."""
    helpers = [judge("gone"), judge("full"), judge("far", unit="bureau")]
    households = [Household("x", "v"), Household("y", "w"), Household("z", "w")]
    links = [Link("court", "v"), Link("court", "w"), Link("bureau", "w")]
    roster = court(*helpers, households=households, links=links)
    register = book("gone:x", "full:y")
    handover = relay(ours(1), roster, register, [Retirement("gone", on=DAY)])
    assert handover.summary() == (
        "Handover('ours', 2013-06-30, 2 households to 2 takers, 0 vacancies, 0 open duties)\n\n"
        "  2013-06-30 household x: gone → full (unit): Retirement\n"
        "  2013-06-30 household y: full → far (linked): to make room"
    )
    assert handover.values["changes"] == 1
    recorded(register, handover)


def test_a_successor_who_is_about_to_retire_comes_last() -> None:
    """A colleague who retires within a year takes over only when nobody else can, though the division is nearer."""
    soon = judge("soon", "civil", birth=date(1953, 9, 1))
    policy = attrs.evolve(ours(), retirement=(RetirementRule(720),))
    roster = court(judge("gone", "civil"), soon, judge("other", "criminal"))
    handover = relay(policy, roster, book("gone:x"), [Retirement("gone", on=DAY)])
    assert (handover.passings[0].takers, handover.values["about to leave"]) == (("other",), 0)
    alone = court(judge("gone", "civil"), soon)
    handover = relay(policy, alone, book("gone:x"), [Retirement("gone", on=DAY)])
    assert (handover.passings[0].takers, handover.values["about to leave"]) == (("soon",), 1)


def test_loads_are_even_and_floors_come_first() -> None:
    """Of three colleagues, those who have nobody come first, and four households are spread two, two and one."""
    roster = court(judge("gone"), *(judge(id) for id in "abc"), households=[Household(f"h{n}", "v") for n in range(5)])
    register = book("gone:h0", "gone:h1", "gone:h2", "gone:h3", "a:h4")
    handover = relay(ours(4), roster, register, [Retirement("gone", on=DAY)])
    after = recorded(register, handover).view(on=DAY)
    assert after.loads("abc") == {"a": 2, "b": 2, "c": 1} or after.loads("abc") == {"a": 1, "b": 2, "c": 2}


# --- rule 20: overlap


def test_rule_20_the_old_helper_stays_on_beside_the_new_one() -> None:
    """Transferred, the old helper stays for 14 days beside the new one; a death or a retirement leaves no such days."""
    roster = court(judge("old"), judge("new"))
    register = book("old:x")
    handover = relay(ours(overlap=14), roster, register, [Transfer("old", "bureau", on=DAY)])
    assert handover.passings[0].until == date(2013, 7, 14)
    after = recorded(register, handover)
    assert str(after.history("x")) == ("household x: 2012-02-08 .. 2013-07-14 old (lead); 2013-06-30 .. new (lead)")
    for change in (Retirement("old", on=DAY), Death("old", on=DAY), Departure("old", on=DAY), Unfitness("old", on=DAY)):
        handover = relay(ours(overlap=14), roster, register, [change])
        assert handover.passings[0].until is None
        assert helpers_of(recorded(register, handover), "x", DAY) == ["new"]


# --- rule 21: absence


def test_rule_21_a_long_leave_has_a_cover_and_a_return() -> None:
    """For a leave of 60 days a colleague covers; on return the household goes back, and so does what is owed to it."""
    roster = court(judge("away"), judge("cover"))
    promise = DutyOpened("m-1", "x", "away", "measure", on=START)
    register = book("away:x", more=[promise])
    leave = Leave("away", DAY + timedelta(days=60), on=DAY)
    handover = relay(ours(), roster, register, [leave])
    assert handover.summary().splitlines()[2] == "  2013-06-30 household x: away → cover (unit): Leave"
    register = recorded(register, handover)
    assert register.view(on=DAY).duties_of("cover")[0].duty == "m-1"
    back = date(2013, 8, 20)
    handover = relay(ours(), roster, register, [Return("away", on=back)])
    assert handover.summary().splitlines()[2] == "  2013-08-20 household x: cover → away (former): Return"
    register = recorded(register, handover)
    assert str(register.history("x")) == (
        "household x: 2012-02-08 .. 2013-06-30 away (lead); 2013-06-30 .. 2013-08-20 cover (lead); "
        "2013-08-20 .. away (lead)"
    )
    assert register.view(on=back).duties_of("away")[0].duty == "m-1"


def test_rule_21_a_short_leave_asks_for_nothing() -> None:
    """A leave of 30 days changes nothing where 30 are allowed; 31 are a reason to hand over, and so is no end."""
    roster = court(judge("away"), judge("cover"))
    for days, passings in ((30, 0), (31, 1), (None, 1)):
        leave = Leave("away", None if days is None else DAY + timedelta(days=days), on=DAY)
        handover = relay(ours(absence=30), roster, book("away:x"), [leave])
        assert (len(handover.passings), handover.entries()[0]) == (passings, leave)
        recorded(book("away:x"), handover)


def test_rule_21_who_is_on_leave_takes_over_nobody() -> None:
    """A colleague who is away, though not for long, is not asked."""
    roster = court(judge("gone"), judge("away"))
    changes = [Leave("away", DAY + timedelta(days=5), on=DAY), Retirement("gone", on=DAY)]
    assert len(relay(ours(), roster, book("gone:x"), changes).vacancies) == 1


def test_rule_21_the_unfit_hand_over_and_may_recover() -> None:
    """Who is unfit hands over; recovered, he or she may take over again, but nothing is given back."""
    roster = court(judge("ill"), judge("cover"), households=[Household("x", "v"), Household("y", "v")])
    register = book("ill:x")
    register = recorded(register, relay(ours(1), roster, register, [Unfitness("ill", on=DAY)]))
    assert helpers_of(register, "x", DAY) == ["cover"]
    later = date(2014, 1, 1)
    register = recorded(register, relay(ours(1), roster, register, [Recovery("ill", on=later)]))
    assert helpers_of(register, "x", later) == ["cover"]
    register = recorded(register, relay(ours(1), roster, register, [Retirement("cover", on=date(2014, 2, 1))]))
    assert helpers_of(register, "x", date(2014, 2, 1)) == ["ill"]


# --- rule 22: history is only added to


def test_rule_22_history_is_only_added_to_and_a_former_helper_may_come_back() -> None:
    """The household goes from one to another and back; no line is changed, and the first days stay as they were."""
    roster = court(judge("ann"), judge("bo"))
    register = book("ann:x")
    lines = list(register)
    register = recorded(register, relay(ours(), roster, register, [Unfitness("ann", on=DAY)]))
    changes: list[Change] = [Recovery("ann", on=date(2014, 1, 1)), Retirement("bo", on=date(2014, 1, 2))]
    register = recorded(register, relay(ours(), roster, register, changes))
    assert list(register)[:1] == lines
    assert str(register.history("x")) == (
        "household x: 2012-02-08 .. 2013-06-30 ann (lead); 2013-06-30 .. 2014-01-02 bo (lead); 2014-01-02 .. ann (lead)"
    )


# --- rule 23: a whole unit


def both(**more: Any) -> Roster:
    helpers = [judge("a"), judge("b"), judge("p", unit="bureau"), judge("q", unit="bureau")]
    households = [Household("x", "v"), Household("y", "v"), Household("z", "w")]
    return court(*helpers, households=households, links=[Link("court", "v"), Link("bureau", "w")], **more)


def test_rule_23_a_unit_that_is_merged_takes_its_caseload_along() -> None:
    """The helpers keep their households, as the links go over with them: nothing changes hands."""
    register = book("a:x", "b:y", "p:z")
    handover = relay(ours(), both(), register, [Merger("court", "bureau", on=DAY)])
    assert handover.passings == ()
    assert handover.entries() == (
        Merger("court", "bureau", on=DAY),
        Unlinked("court", "v", "the unit has ended", on=DAY),
        Linked("bureau", "v", on=DAY),
    )
    after = recorded(register, handover)
    # whoever leaves later is followed by colleagues of the unit that is one now
    later = relay(ours(), both(), after, [Retirement("a", on=date(2014, 1, 1))])
    assert [(p.takers, p.rungs) for p in later.passings] == [(("q",), ("unit",))]
    assert len(after.record(*later.entries()).view(on=date(2014, 1, 1)).pairings) == 3


def test_rule_23_a_unit_that_is_dissolved_hands_over_all_its_households() -> None:
    """Its helpers leave the service; other units that are linked take over, as one operation."""
    roster = attrs.evolve(both(), links=[Link("court", "v"), Link("bureau", "v"), Link("bureau", "w")])
    register = book("a:x", "b:y", "p:z")
    handover = relay(ours(), roster, register, [Dissolution("court", on=DAY)])
    assert handover.summary() == (
        "Handover('ours', 2013-06-30, 2 households to 2 takers, 0 vacancies, 0 open duties)\n\n"
        "  2013-06-30 household x: a → p (linked): Unlinked\n"
        "  2013-06-30 household y: b → q (linked): Unlinked"
    )
    assert [type(entry).__name__ for entry in handover.entries()[:4]] == [
        "Dissolution", "Unlinked", "Departure", "Departure",
    ]  # fmt: skip
    after = recorded(register, handover)
    assert after.view(on=DAY).end_of_service("a") == DAY


def test_rule_23_who_is_transferred_from_a_dissolved_unit_stays_in_the_service() -> None:
    """One judge goes to the bureau on the same day, and takes over what the other one leaves."""
    roster = attrs.evolve(both(), links=[Link("court", "v"), Link("bureau", "v")], helpers=both().helpers[:2])
    register = book("a:x", "b:y")
    changes = [Dissolution("court", on=DAY), Transfer("b", "bureau", on=DAY)]
    handover = relay(ours(transfer="keep"), roster, register, changes)
    assert [(p.household, p.takers, p.rungs) for p in handover.passings] == [("x", ("b",), ("linked",))]
    assert recorded(register, handover).view(on=DAY).loads("ab") == {"a": 0, "b": 2}


def test_rule_23_a_unit_that_is_linked_otherwise_moves_as_one() -> None:
    """The court goes from one village to another: its households pass to the unit that is linked in its stead."""
    register = book("a:x", "b:y", "p:z")
    changes = [Unlinked("court", "v", "by plan", on=DAY), Linked("court", "w", on=DAY), Linked("bureau", "v", on=DAY)]
    handover = relay(ours(3), both(), register, changes)
    assert [(p.household, p.takers, p.why) for p in handover.passings] == [
        ("x", ("q",), "Unlinked"),
        ("y", ("p",), "Unlinked"),
    ]
    recorded(register, handover)


def test_rule_23_own_links_outlast_those_of_the_unit() -> None:
    """Who is linked to the village personally keeps the household when the unit is linked to it no longer."""
    roster = both(own_links=[OwnLink("a", "v")])
    handover = relay(ours(), roster, book("a:x", "b:y"), [Unlinked("court", "v", "by plan", on=DAY)])
    assert [p.household for p in handover.passings] == ["y"]
    assert handover.passings[0].takers == ("a",)


def test_a_new_name_asks_for_nothing() -> None:
    """A unit that is renamed stays what it is."""
    handover = relay(ours(), both(), book("a:x"), [Renaming("court", "新法院", on=DAY)])
    assert (handover.passings, len(handover.entries())) == ((), 1)


# --- promotion, demotion, transfer


RANKS = Policy(
    "ours",
    (HelperRule(Quota(1, 3), ranks=("section",)), HelperRule(Quota(0, 1))),
    (HouseholdRule(Quota(1, 1)),),
)


def test_a_demoted_helper_gives_up_what_exceeds_the_quota() -> None:
    """From three households to one: two of them go to colleagues who have none."""
    roster = court(judge("down", rank="section"), judge("a"), judge("b"))
    register = book("down:x", "down:y", "down:z")
    handover = relay(RANKS, roster, register, [RankChange("down", "staff", on=DAY)])
    assert sorted(taker for p in handover.passings for taker in p.takers) == ["a", "b"]
    assert recorded(register, handover).view(on=DAY).loads(["down", "a", "b"]) == {"down": 1, "a": 1, "b": 1}


def test_a_demoted_helper_keeps_what_nobody_can_take() -> None:
    """Nobody is dropped to keep to a quota: with one colleague free, two of three households stay."""
    roster = court(judge("down", rank="section"), judge("a"))
    register = book("down:x", "down:y", "down:z")
    handover = relay(RANKS, roster, register, [RankChange("down", "staff", on=DAY)])
    assert (len(handover.passings), handover.vacancies) == (1, ())
    assert recorded(register, handover).view(on=DAY).loads(["down", "a"]) == {"down": 2, "a": 1}


def test_the_quota_follows_a_promotion() -> None:
    """A promoted colleague has room for three on the same day."""
    roster = court(judge("gone", rank="section"), judge("up"))
    register = book("gone:x", "gone:y", "gone:z")
    gone = Retirement("gone", on=DAY)
    assert len(relay(RANKS, roster, register, [gone]).vacancies) == 2
    handover = relay(RANKS, roster, register, [gone, RankChange("up", "section", on=DAY)])
    assert handover.vacancies == ()
    assert recorded(register, handover).view(on=DAY).loads(["up"]) == {"up": 3}


def test_a_transferred_helper_may_keep_what_the_new_unit_is_linked_to() -> None:
    """Where the policy says "keep", only the household in the other village changes hands."""
    roster = attrs.evolve(both(), links=[Link("court", "v"), Link("court", "w"), Link("bureau", "w")])
    register = book("a:x", "a:z")
    change = Transfer("a", "bureau", on=DAY)
    keeps = relay(ours(transfer="keep"), roster, register, [change])
    assert [p.household for p in keeps.passings] == ["x"]
    assert [p.household for p in relay(ours(), roster, register, [change]).passings] == ["x", "z"]
    recorded(register, keeps)


def test_whoever_goes_twice_hands_over_once() -> None:
    """Transferred on one day and retired on a later one, or demoted and retired: the household passes once."""
    roster = court(judge("gone", rank="section"), judge("a", rank="section"))
    register = book("gone:x", "gone:y")
    later = date(2013, 8, 1)
    first: Change
    for first, day in ((Transfer("gone", "bureau", on=DAY), DAY), (RankChange("gone", "staff", on=DAY), later)):
        handover = relay(RANKS, roster, register, [first, Retirement("gone", on=later)])
        assert [(p.household, p.takers, p.on) for p in handover.passings] == [("x", ("a",), day), ("y", ("a",), day)]
        recorded(register, handover)


# --- rules 29 to 32: households


def test_rule_29_no_release_before_the_goal() -> None:
    """A relay releases nobody whose household has not reached the goal: the register would refuse it."""
    roster = court(judge("gone"))
    handover = relay(ours(), roster, book("gone:x"), [Retirement("gone", on=DAY)])
    assert not any(isinstance(entry, Released) for entry in handover.entries())
    with pytest.raises(RegisterError, match="goal-not-met"):
        book("gone:x").record(Released("gone", "x", "retired", on=DAY))


def test_rule_30_after_an_exit_there_is_a_new_household_and_a_duty_to_revisit() -> None:
    """The helper takes on the hardest household that has nobody, and owes the old one revisits for a year."""
    roster = court(judge("ann"), households=[Household("x", "v"), Household("y", "v", 1), Household("z", "v", 3)])
    register = book("ann:x")
    handover = relay(ours(), roster, register, [Exit("x", on=DAY)])
    assert handover.entries() == (
        Exit("x", on=DAY),
        DutyOpened("revisit-2013-06-30", "x", "ann", "revisit", date(2014, 6, 30), on=DAY),
        Paired("ann", "z", on=DAY),
        Released("ann", "x", "exited", instead="z", on=DAY),
    )
    assert handover.summary().splitlines()[2] == "  2013-06-30 household z: nobody → ann (linked): Exit"
    after = recorded(register, handover)
    assert str(after.history("x")) == "household x: 2012-02-08 .. 2013-06-30 ann (lead); 2013-06-30 .. exited"


def test_rule_30_without_a_household_there_is_a_waiver() -> None:
    """Where no household is without anybody, it is said so; who leaves the service takes on nobody either."""
    roster = court(judge("ann"), judge("bo"), households=[Household("x", "v"), Household("y", "v")])
    register = book("ann:x", "bo:y")
    handover = relay(ours(), roster, register, [Exit("x", on=DAY)])
    released = [entry for entry in handover.entries() if isinstance(entry, Released)]
    assert [entry.waiver for entry in released] == ["no household that the helper may go to is without anybody"]
    recorded(register, handover)
    both_changes: list[Change] = [Exit("x", on=DAY), Retirement("ann", on=DAY)]
    handover = relay(ours(), roster, register, both_changes)
    released = [entry for entry in handover.entries() if isinstance(entry, Released)]
    assert [entry.waiver for entry in released] == ["the helper leaves or is away"]
    assert recorded(register, handover).view(on=DAY).duties_to("x")[0].bearer == "court"


def test_rule_30_the_helper_may_stay() -> None:
    """Where the policy says "stay", the helper stays responsible, with the duty to revisit."""
    handover = relay(ours(after_exit="stay", watch=24), court(judge("ann")), book("ann:x"), [Exit("x", on=DAY)])
    after = recorded(book("ann:x"), handover)
    assert helpers_of(after, "x", DAY) == ["ann"]
    assert after.view(on=DAY).duties_to("x")[0].due == date(2015, 6, 30)


def test_rule_31_a_household_that_falls_back_goes_to_its_former_helper() -> None:
    """It falls back after a year: the former helper has room, and it comes back; the duty to revisit is closed."""
    roster = court(judge("ann"), judge("bo"))
    register = book("ann:x")
    register = recorded(register, relay(ours(), roster, register, [Exit("x", on=DAY)]))
    later = date(2014, 3, 1)
    handover = relay(ours(), roster, register, [Relapse("x", on=later)])
    assert [(p.takers, p.rungs, p.why) for p in handover.passings] == [(("ann",), ("former",), "Relapse")]
    assert DutyClosed("revisit-2013-06-30", "x", "fallen back", on=later) in handover.entries()
    assert helpers_of(recorded(register, handover), "x", later) == ["ann"]


def test_rule_31_where_the_former_helper_is_gone_another_one_is_found() -> None:
    """The former helper has retired: a colleague of a linked unit follows."""
    roster = court(judge("ann"), judge("bo"), households=[Household("x", "v")])
    register = book("ann:x")
    register = recorded(register, relay(ours(), roster, register, [Exit("x", on=DAY)]))
    register = recorded(register, relay(ours(), roster, register, [Retirement("ann", on=date(2014, 1, 1))]))
    handover = relay(ours(), roster, register, [Relapse("x", on=date(2014, 3, 1))])
    assert [(p.takers, p.rungs) for p in handover.passings] == [(("bo",), ("linked",))]
    recorded(register, handover)


def test_rule_32_a_household_that_splits_stays_with_its_helper() -> None:
    """Each part goes to the helper of the whole as far as there is room, the other one to a colleague."""
    households = [Household(id, "v") for id in ("x", "x1", "x2")]
    roster = court(judge("ann"), judge("bo"), households=households)
    register = book("ann:x", more=[DutyOpened("m-1", "x", "ann", "measure", on=START)])
    handover = relay(ours(2), roster, register, [Split("x", ["x1", "x2"], on=DAY)])
    assert [(p.takers, p.rungs) for p in handover.passings] == [(("ann",), ("former",))] * 2
    after = recorded(register, handover)
    assert after.view(on=DAY).duties_to("x1")[0].duty == "m-1-of-x"
    tight = relay(ours(1), roster, register, [Split("x", ["x1", "x2"], on=DAY)])
    assert sorted(p.takers for p in tight.passings) == [("ann",), ("bo",)]
    recorded(register, tight)


def test_rule_32_a_part_of_a_household_with_two_helpers_is_vacant_once() -> None:
    """Both helpers of a household are full or gone: each of its parts has one vacancy, not one for each role."""
    households = [Household(id, "v" if id == "x" else "w") for id in ("x", "x1", "x2")]
    roster = court(judge("ann"), judge("bo"), households=households)
    register = book("ann:x", "bo:x:support")
    handover = relay(ours(), roster, register, [Split("x", ["x1", "x2"], on=DAY)])
    assert [vacancy.household for vacancy in handover.vacancies] == ["x1", "x2"]
    assert len(recorded(register, handover).view(on=DAY).vacancies) == 2


def test_rule_32_households_that_merge() -> None:
    """The household that becomes part of another leaves the programme; its helper is free, what is owed goes along."""
    roster = court(judge("ann"), judge("bo"))
    register = book("ann:x", "bo:y", more=[DutyOpened("g-1", "x", "ann", "guarantee", on=START)])
    handover = relay(ours(), roster, register, [HouseholdMerger("x", "y", on=DAY)])
    assert handover.passings == ()
    after = recorded(register, handover)
    assert after.view(on=DAY).loads(["ann", "bo"]) == {"ann": 0, "bo": 1}
    duty = after.view(on=DAY).duties_to("y")[0]
    assert (duty.duty, duty.bearer, duty.what) == ("g-1-of-x", "bo", "guarantee")


def test_rule_32_a_household_that_moves_keeps_its_helper_where_that_can_be() -> None:
    """In another village of the same unit nothing changes; where another unit is linked, its helpers take over."""
    register = book("a:x", "p:z")
    handover = relay(ours(), both(), register, [Move("x", "w", on=DAY)])
    assert [(p.takers, p.rungs, p.why) for p in handover.passings] == [(("q",), ("linked",), "Move")]
    recorded(register, handover)
    roster = attrs.evolve(both(), links=[Link("court", "v"), Link("court", "w")])
    assert relay(ours(), roster, register, [Move("x", "w", on=DAY)]).passings == ()


def test_rule_32_a_household_that_is_struck_off_asks_for_nobody() -> None:
    """Died out, it has nobody from that day on, and its duties are closed."""
    register = book("a:x", more=[DutyOpened("g-1", "x", "a", "guarantee", on=START)])
    handover = relay(ours(), both(), register, [StruckOff("x", "died out", on=DAY)])
    assert handover.entries() == (
        StruckOff("x", "died out", on=DAY),
        DutyClosed("g-1", "x", "StruckOff", on=DAY),
    )
    assert helpers_of(recorded(register, handover), "x", DAY) == []


# --- vacancies


def test_a_vacancy_is_filled_later() -> None:
    """Nobody could take over; a year later a new colleague has come, and a refill finds her."""
    new = judge("new", service=Span(date(2014, 1, 1)))
    roster = court(judge("gone"), new, households=[Household("x", "v")])
    register = book("gone:x")
    register = recorded(register, relay(ours(), roster, register, [Retirement("gone", on=DAY)]))
    assert register.view(on=DAY).vacancy("x") is not None
    again = relay(ours(), roster, register, [Refill("x", on=date(2013, 9, 1))])
    assert (len(again.vacancies), again.entries()) == (1, ())
    handover = relay(ours(), roster, register, [Refill("x", on=date(2014, 1, 2))])
    assert handover.entries() == (VacancyClosed("x", ["new"], on=date(2014, 1, 2)),)
    assert str(recorded(register, handover).history("x")) == (
        "household x: 2012-02-08 .. 2013-06-30 gone (lead); 2013-06-30 .. 2014-01-02 vacancy, seen to by court; "
        "2014-01-02 .. new (lead)"
    )


# --- duties


def test_open_duties_pass_to_the_successor() -> None:
    """A revisit, a guarantee and a measure go along with the household, and those to others as well."""
    roster = court(judge("gone", "civil"), judge("heir", "civil"))
    owed = [DutyOpened(what, "x", "gone", what, on=START) for what in ("revisit", "guarantee", "measure")]
    register = book("gone:x", more=[*owed, DutyOpened("old", "y", "gone", "revisit", on=START)])
    handover = relay(ours(), roster, register, [Retirement("gone", on=DAY)])
    assert handover.duties == (
        DutyPassed("guarantee", "x", "heir", on=DAY),
        DutyPassed("measure", "x", "heir", on=DAY),
        DutyPassed("revisit", "x", "heir", on=DAY),
        DutyPassed("old", "y", "heir", on=DAY),
    )
    after = recorded(register, handover).view(on=DAY)
    assert (len(after.duties_of("heir")), after.duties_of("gone")) == (4, ())


def test_open_duties_pass_to_the_unit_where_nobody_takes_over() -> None:
    """With a vacancy the unit bears them, until somebody comes."""
    register = book("gone:x", more=[DutyOpened("g-1", "x", "gone", "guarantee", on=START)])
    handover = relay(ours(), court(judge("gone")), register, [Retirement("gone", on=DAY)])
    assert handover.duties == (DutyPassed("g-1", "x", "court", on=DAY),)
    recorded(register, handover)


def test_what_goes_with_a_household() -> None:
    """Its file has the open duties, the last three visits, its needs; a household that stays has none."""
    households = [Household("x", "v", 2, 4, needs=frozenset({"water", "illness"})), Household("y", "v")]
    roster = court(judge("gone"), judge("heir"), households=households)
    visits = [Visited("x", ["gone"], on=date(2013, n, 1)) for n in (1, 2, 3, 4)]
    register = book("gone:x", more=[*visits, DutyOpened("g-1", "x", "gone", "guarantee", on=START)])
    handover = relay(ours(), roster, register, [Retirement("gone", on=DAY)])
    file = handover.file("x")
    assert (file.givers, file.takers, file.needs, file.difficulty, file.persons) == (
        ("gone",), ("heir",), ("illness", "water"), 2, 4,
    )  # fmt: skip
    assert [visit.on.month for visit in file.visits] == [4, 3, 2]
    assert [duty.duty for duty in file.duties] == ["g-1"]
    with pytest.raises(ArgumentError) as caught:
        handover.file("y")
    assert str(caught.value) == "household: wanted a household that passes on, got 'y' [unknown-id]"


# --- planned, joint


def test_a_retirement_recorded_in_advance_may_come_sooner() -> None:
    """What was planned for August is taken back when it is June; the household passes once."""
    roster = court(judge("gone"), judge("heir"))
    register = book("gone:x")
    planned = relay(ours(), roster, register, [Retirement("gone", on=date(2013, 8, 1))])
    register = recorded(register, planned)
    assert helpers_of(register, "x", DAY) == ["gone"]
    handover = relay(ours(), roster, register, [Departure("gone", on=DAY)])
    assert [entry for entry in handover.entries() if isinstance(entry, Correction)] == [
        Correction(HandedOver("x", "gone", ["heir"], reason="Retirement", on=date(2013, 8, 1)),
                   "the helper leaves sooner than was expected"),
    ]  # fmt: skip
    after = recorded(register, handover)
    assert str(after.history("x")) == "household x: 2012-02-08 .. 2013-06-30 gone (lead); 2013-06-30 .. heir (lead)"


def test_duties_that_were_to_pass_later_pass_sooner() -> None:
    """What was to pass in August to one colleague passes in June to another, and stays there in August."""
    roster = court(judge("gone"), judge("heir"), judge("other"))
    register = book("gone:x", more=[DutyOpened("g-1", "x", "gone", "guarantee", on=START)])
    later = date(2013, 8, 1)
    register = recorded(register, relay(ours(), roster, register, [Retirement("gone", on=later)]))
    assert register.view(on=later).duties_of("heir") != ()
    changes = [Departure("gone", on=DAY), Leave("heir", on=DAY)]
    after = recorded(register, relay(ours(), roster, register, changes))
    for day in (DAY, later):
        assert helpers_of(after, "x", day) == ["other"]
        assert [duty.duty for duty in after.view(on=day).duties_of("other")] == ["g-1"]


def test_a_successor_who_was_planned_and_leaves_before_is_replaced() -> None:
    """In August one colleague was to follow; she retires in June: from August on it is another one."""
    roster = court(judge("gone"), judge("heir"), judge("other"))
    register = book("gone:x", more=[DutyOpened("g-1", "x", "gone", "guarantee", on=START)])
    later = date(2013, 8, 1)
    register = recorded(register, relay(ours(), roster, register, [Retirement("gone", on=later)]))
    after = recorded(register, relay(ours(), roster, register, [Retirement("heir", on=DAY)]))
    assert str(after.history("x")) == "household x: 2012-02-08 .. 2013-08-01 gone (lead); 2013-08-01 .. other (lead)"
    assert [duty.bearer for duty in after.view(on=later).duties_to("x")] == ["other"]


def test_a_retirement_that_comes_as_planned_asks_for_nothing_more() -> None:
    """On the day itself the relay is asked again: nothing is left to do, and nothing is recorded twice."""
    roster = court(judge("gone"), judge("heir"))
    register = book("gone:x")
    change = Retirement("gone", on=date(2013, 8, 1))
    register = recorded(register, relay(ours(), roster, register, [change]))
    again = relay(ours(), roster, register, [change])
    assert (again.passings, again.vacancies) == ((), ())
    assert register.record(*again.entries()) is register


def test_a_vacancy_planned_in_advance_is_filled_when_it_comes() -> None:
    """In June nobody could follow in August; by then a colleague has come, and takes over on the day."""
    new = judge("new", service=Span(date(2013, 7, 15)))
    register, change = book("gone:x"), Retirement("gone", on=date(2013, 8, 1))
    register = recorded(register, relay(ours(), court(judge("gone")), register, [change]))
    handover = relay(ours(), court(judge("gone"), new), register, [change])
    assert [p.takers for p in handover.passings] == [("new",)]
    assert str(recorded(register, handover).history("x")) == (
        "household x: 2012-02-08 .. 2013-08-01 gone (lead); 2013-08-01 .. new (lead)"
    )


def test_of_two_joint_helpers_one_leaves() -> None:
    """A colleague with room takes the place; where there is none, the other one stays alone, and bears what is owed."""
    register = book("one:x", "two:x:support", more=[DutyOpened("g-1", "x", "one", "guarantee", on=START)])
    handover = relay(ours(), court(judge("one"), judge("two"), judge("heir")), register, [Death("one", on=DAY)])
    assert [(p.role, p.givers, p.takers) for p in handover.passings] == [("lead", ("one",), ("heir",))]
    recorded(register, handover)
    handover = relay(ours(), court(judge("one"), judge("two")), register, [Death("one", on=DAY)])
    assert handover.entries() == (
        Death("one", on=DAY),
        Released("one", "x", "Death", override="Death: others stay responsible", on=DAY),
        DutyPassed("g-1", "x", "two", on=DAY),
    )
    assert helpers_of(recorded(register, handover), "x", DAY) == ["two"]


def test_of_two_joint_helpers_both_leave() -> None:
    """With two colleagues each place is taken; with one, one of them; with nobody there is one vacancy."""
    register = book("one:x", "two:x:support")
    changes = [Retirement("one", on=DAY), Retirement("two", on=DAY)]
    leavers = [judge("one"), judge("two")]
    handover = relay(ours(), court(*leavers, judge("a"), judge("b")), register, changes)
    assert [(p.role, p.takers) for p in handover.passings] == [("lead", ("a",)), ("support", ("b",))]
    recorded(register, handover)
    handover = relay(ours(), court(*leavers, judge("a")), register, changes)
    assert [(p.role, p.takers) for p in handover.passings] == [("lead", ("a",))]
    assert helpers_of(recorded(register, handover), "x", DAY) == ["a"]
    handover = relay(ours(), court(*leavers), register, changes)
    assert [(vacancy.household, vacancy.role, vacancy.giver) for vacancy in handover.vacancies] == [
        ("x", "lead", "one")
    ]
    assert recorded(register, handover).view(on=DAY).vacancy("x") is not None


def test_of_two_joint_helpers_both_leave_one_after_the_other() -> None:
    """Nobody follows either: the first is released, as the other one stays; when that one goes, there is a vacancy."""
    register = book("one:x", "two:x:support", more=[DutyOpened("g-1", "x", "one", "guarantee", on=START)])
    later = date(2013, 8, 1)
    changes = [Retirement("one", on=DAY), Retirement("two", on=later)]
    handover = relay(ours(), court(judge("one"), judge("two")), register, changes)
    assert handover.duties == (DutyPassed("g-1", "x", "two", on=DAY), DutyPassed("g-1", "x", "court", on=later))
    assert str(recorded(register, handover).history("x")) == (
        "household x: 2012-02-08 .. 2013-06-30 one (lead); 2012-02-08 .. 2013-08-01 two (support); "
        "2013-08-01 .. vacancy, seen to by court"
    )


def test_an_excluded_pair_is_not_made() -> None:
    """Kin do not take over, though they are of the same division."""
    named = [NamedPair("kin", "x", "excluded", reason="kin")]
    roster = court(judge("gone", "civil"), judge("kin", "civil"), judge("other"), named=named)
    assert relay(ours(), roster, book("gone:x"), [Death("gone", on=DAY)]).passings[0].takers == ("other",)


# --- what a handover shows


def test_what_a_handover_shows() -> None:
    """Repr, `of` and a table that escapes what people write."""
    roster = court(judge("<b>"), judge("a&b"), households=[Household("x<y", "v"), Household("z", "v")])
    register = book("<b>:x<y")
    handover = relay(ours(), roster, register, [Retirement("<b>", on=DAY)])
    assert repr(handover) == "Handover('ours', 2013-06-30, 1 households to 1 takers, 0 vacancies, 0 open duties)"
    assert handover.of("x<y") == handover.of("<b>") == handover.of("a&b") == handover.passings
    assert handover.of("z") == ()
    html = handover._repr_html_()
    assert "<p>Handover(&#x27;ours&#x27;, 2013-06-30, 1 households to 1 takers, 0 vacancies, 0 open duties)</p>" in html
    assert html.endswith(
        '<tr><th scope="row">x&lt;y</th><td class="words">&lt;b&gt;</td><td class="words">a&amp;b</td>'
        '<td>2013-06-30</td><td class="words">unit</td><td class="words">Retirement</td></tr></tbody></table></div>'
    )
    vacant = relay(ours(), court(judge("<b>")), book("<b>:x"), [Retirement("<b>", on=DAY)])
    assert vacant._repr_html_().endswith(
        f'<td class="words">nobody whom the ladder ({LADDER}) names may take it over</td><td class="words">'
        "a link of another unit to the village would help, or another rung of the ladder</td></tr>"
        "</tbody></table></div>"
    )


def test_the_relay_of_nothing_is_nothing() -> None:
    """Without changes there is nothing to record, and nothing to prove."""
    handover = relay(ours(), court(judge("ann")), book("ann:x"), [])
    assert repr(handover) == "Handover('ours', 0 households to 0 takers, 0 vacancies, 0 open duties)"
    assert (handover.entries(), handover.summary(), handover.verify()) == ((), f"{handover!r}\n", True)
    assert set(handover.values.values()) == {0}


def test_a_handover_that_was_changed_is_not_proved() -> None:
    """Another taker than the best is refused, and it is said why."""
    roster = court(judge("gone", "civil"), judge("best", "civil"), judge("other"))
    handover = relay(ours(), roster, book("gone:x"), [Death("gone", on=DAY)])
    assert handover.outcome is not None
    wrong = attrs.evolve(handover, outcome=attrs.evolve(handover.outcome, takers={0: ("other",)}))
    with pytest.raises(CertificateError) as caught:
        wrong.verify()
    assert {problem.code for problem in caught.value.problems} == {"not-proved"}


def test_what_relay_refuses() -> None:
    """Everything that is wrong is told at once, with its place, and nothing of a name."""
    roster, register = court(judge("ann")), book("ann:x")
    with pytest.raises(ArgumentError) as caught:
        relay("ours", [], None, 5)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "arguments: 4 problems\n"
        "policy: wanted a Policy, got 'ours' [bad-type]\n"
        "roster: wanted a Roster, got a value of type list [bad-type]\n"
        "register: wanted a Register, got nothing [bad-type]\n"
        "changes: wanted changes, got 5 [bad-type]"
    )
    changes: list[Any] = [
        Paired("ann", "x", on=DAY),
        Retirement("nobody", on=DAY),
        Retirement("ann", on="2013-06-30"),  # type: ignore[arg-type]
        Exit("q", on=DAY),
        Move("x", "c", on=DAY),
        Merger("court", "nothing", on=DAY),
        Split("x", ["y", "q"], on=DAY),
        "ann retires",
        Retirement(None, on=DAY),  # type: ignore[arg-type]
    ]
    with pytest.raises(ArgumentError) as caught:
        relay(ours(), roster, register, changes)
    assert str(caught.value) == (
        "arguments: 9 problems\n"
        "changes, row 0: wanted a change, got a value of type Paired [bad-type]\n"
        "changes, row 1, helper: wanted the id of a helper of the roster, got 'nobody' [unknown-id]\n"
        "changes, row 2, on: wanted a datetime.date, got '2013-06-30' [bad-date]\n"
        "changes, row 3, household: wanted the id of a household of the roster, got 'q' [unknown-id]\n"
        "changes, row 4, village: wanted the id of a village of the roster, got 'c' [unknown-id]\n"
        "changes, row 5, into: wanted the id of a unit of the roster, got 'nothing' [unknown-id]\n"
        "changes, row 6, into: wanted the id of a household of the roster, got 'q' [unknown-id]\n"
        "changes, row 7: wanted a change, got text of 11 characters [bad-type]\n"
        "changes, row 8, helper: wanted a text without spaces around it, got nothing [bad-key]"
    )


def test_nobody_comes_to_a_unit_that_has_ended() -> None:
    """Mergers, transfers and links to a unit that ended by that day are refused before anything is proposed, and
    leave register and roster as they were."""
    roster = both()
    register = book("a:x", "b:y", "p:z")
    register = register.record(*relay(ours(), roster, register, [Merger("court", "bureau", on=DAY)]).entries())
    later, lines = date(2014, 1, 1), list(register)
    changes = [
        Retirement("b", on=later),
        Merger("city-court", "court", on=later),
        Transfer("p", "court", on=DAY),
        Linked("court", "w", on=later),
    ]
    with pytest.raises(ArgumentError) as caught:
        relay(ours(), roster, register, changes)
    gone = "got 'court', which became a part of 'bureau' on 2013-06-30 [unit-ended]"
    assert str(caught.value) == (
        "arguments: 3 problems\n"
        f"changes, row 1: unit 'city-court': wanted a unit that there is on 2014-01-01, {gone}\n"
        f"changes, row 2: helper 'p': wanted a unit that there is on 2013-06-30, {gone}\n"
        f"changes, row 3: village 'w': wanted a unit that there is on 2014-01-01, {gone}"
    )
    for change in changes[1:]:  # the register says the same
        with pytest.raises(RegisterError, match="unit-ended"):
            register.record(change)
    assert list(register) == lines
    # also where both are asked for at once, in either order
    changes = [Transfer("p", "city-court", on=later), Dissolution("city-court", on=later)]
    for asked in (changes, changes[::-1]):
        with pytest.raises(ArgumentError) as caught:
            relay(ours(), roster, register, asked)
        assert str(caught.value) == (
            f"changes, row {asked.index(changes[0])}: helper 'p': wanted a unit that there is on 2014-01-01, got "
            "'city-court', which was dissolved on 2014-01-01 [unit-ended]"
        )


def test_a_unit_ends_once_and_not_in_itself() -> None:
    """What the register would refuse of the ends of units, a relay refuses in the same words."""
    register = book("a:x", "b:y", "p:z").record(Merger("court", "bureau", on=DAY))
    again, itself = Dissolution("court", on=date(2014, 1, 1)), Merger("bureau", "bureau", on=date(2014, 1, 1))
    with pytest.raises(ArgumentError) as told:
        relay(ours(), both(), register, [again, itself])
    with pytest.raises(RegisterError) as refused:
        register.record(again, itself)
    assert str(told.value) == (
        "arguments: 2 problems\n"
        "changes, row 0: unit 'court': wanted one end, got 2 [contradiction]\n"
        "changes, row 1: unit 'bureau': wanted it to become a part of another unit, got itself [contradiction]"
    )
    assert [p.message for p in told.value.problems] == [p.message for p in refused.value.problems]
    # the same change twice is one, also where it is recorded already
    merger = Merger("court", "bureau", on=DAY)
    assert relay(ours(), both(), book("a:x"), [merger, merger]).changes == (merger,)
    assert relay(ours(), both(), register, [merger]).changes == (merger,)


def test_a_policy_that_is_not_in_force() -> None:
    """Of the policy holds the version of the last day; before the first there is none."""
    with pytest.raises(ArgumentError) as caught:
        relay(programme("panjin-2010"), court(judge("ann")), Register(), [Retirement("ann", on=date(2010, 1, 1))])
    assert str(caught.value) == (
        "on: wanted a day from 2010-12-01, when the policy panjin-2010 takes effect, got 2010-01-01 [not-in-force]"
    )
