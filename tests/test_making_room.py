"""How far a relay looks for somebody who makes room: as far as it can matter, and no further."""

from datetime import date

import pytest

import pairing.succession
from pairing.areas import Area, AreaTree
from pairing.entries import Paired, Retirement
from pairing.handover import Handover
from pairing.people import Helper, Household, Link, Unit
from pairing.policy import Policy
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HandoverRules, HelperRule
from relays import PLACES, Asked, Scene, programme

RANKS = {"one": "staff", "two": "section", "three": "division"}
"""How many households each rank may have."""


def chain() -> Scene:
    """Three offices in a row, in each of which somebody retires whose village no other office is linked to.

    Whoever is left there is full.  At the end of the row there is room for four; and from the first office there is a
    way aside, on which one helper, who is full, can pass a household on to somebody with room.
    """
    villages = ("v1", "v2", "v3", "m1", "m2", "m3", "m6")
    linked = {
        "first": ("v1", "m1"),
        "second": ("v2", "m1", "m2"),
        "third": ("v3", "m2", "m3"),
        "end": ("m3",),
        "aside": ("m1", "m6"),
        "way out": ("m6",),
    }
    quotas = {RANKS[word]: Quota(0, n) for n, word in enumerate(RANKS, 1)}
    helpers = [Helper(f"leaver-{n}", unit, "staff") for n, unit in enumerate(("first", "second", "third"), 1)]
    helpers += [Helper("ann", "first", RANKS["one"]), Helper("bo", "second", RANKS["two"])]
    helpers += [Helper("cy", "third", RANKS["three"]), Helper("di", "end", RANKS["three"])]
    helpers += [Helper("ed", "end", RANKS["one"]), Helper("hal", "end", RANKS["one"])]
    helpers += [Helper("flo", "aside", RANKS["one"]), Helper("gus", "way out", RANKS["one"])]
    held = {"leaver-1": ("v1",), "leaver-2": ("v2",), "leaver-3": ("v3",), "ann": ("m1",), "bo": ("m2",) * 2}
    held |= {"cy": ("m3",) * 3, "ed": ("m3",), "flo": ("m6",)}
    pairs = [(helper, village, f"{helper}-{n}") for helper, those in held.items() for n, village in enumerate(those)]
    return Scene(
        Policy(
            "chain",
            tuple(HelperRule(quota, ranks=(rank,)) for rank, quota in quotas.items()),
            handover=HandoverRules(ladder=("unit", "linked")),
        ),
        Roster(
            areas=AreaTree([Area("c", "county", "county"), *(Area(code, code, "village", "c") for code in villages)]),
            units=[Unit(unit, "county", "c") for unit in linked],
            helpers=helpers,
            households=[Household(id, village) for _, village, id in pairs],
            links=[Link(unit, village) for unit, those in linked.items() for village in those],
        ),
        Register().record(*(Paired(helper, id, on=date(2012, 2, 8)) for helper, _, id in pairs)),
        tuple(Retirement(f"leaver-{n}", on=date(2013, 6, 30)) for n in (1, 2, 3)),
    )


def moved(handover: Handover) -> list[tuple[str, str]]:
    """Who of others gives a household to whom."""
    return sorted((p.givers[0], p.takers[0]) for p in handover.passings if not p.why)


def test_a_shorter_way_over_somebody_else_is_found() -> None:
    """Where room can be made by three moves along the row, or by two over somebody aside, it is made by two."""
    scene = chain()
    handover = scene.relay()
    assert handover.verify()
    assert moved(handover) == [("ann", "flo"), ("bo", "cy"), ("cy", "di"), ("cy", "hal"), ("flo", "gus")]
    asked = Asked(scene)
    best = programme(asked)
    assert asked.worth(asked.answer(handover.entries())) == best
    assert best[PLACES.index("vacancies")] == 0
    assert best[PLACES.index("changes")] == 5


def test_only_those_are_asked_to_make_room_for_whom_a_change_can_pay() -> None:
    """Whoever is full, but could only take what can as well go elsewhere for one move, is not asked to make room."""
    handover = chain().relay()
    assert handover.asked is not None
    assert handover.asked.movable == ("ann", "bo", "cy", "flo")


def test_who_is_not_asked_to_make_room_would_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking all who have no room gives as few moves, and the same vacancies."""
    scene = chain()
    some = scene.relay()
    everybody = {helper.id for helper in scene.roster.helpers if not helper.id.startswith("leaver")}
    monkeypatch.setattr(pairing.succession, "_in_demand", lambda asked, outcome: everybody)
    all_of_them = scene.relay()
    assert all_of_them.asked is not None
    assert set(all_of_them.asked.movable) == everybody
    assert all_of_them.verify()
    assert all_of_them.values == some.values
