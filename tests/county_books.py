"""The books of made-up counties, which follow from their keys: light to import, as other processes do it too."""

from datetime import date, timedelta
from random import Random

from pairing.areas import Area, AreaTree
from pairing.deeds import Aided, Visited
from pairing.entries import Change, Entry, Paired, Retirement
from pairing.people import Helper, Household, Link, Unit
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.quotas import Quota
from pairing.register import Register
from pairing.roster import Roster
from pairing.rules import HelperRule

DAY = date(2012, 2, 8)
POLICY = Policy("ours", (HelperRule(Quota(2, 3), ranks=["division"]), HelperRule(Quota(1, 2))))
RANKS = ("division", "section", "staff")


def roster_of(key: str) -> Roster:
    """Return the roster of a county: two villages, three units, about a dozen helpers and as many households."""
    random = Random(key)
    villages = [f"{key}10{n}" for n in range(2)]
    areas = [Area("62", "甘肃省", "province"), Area(key, f"县{key}", "county", "62")]
    areas += [Area(village, f"村{village}", "village", key) for village in villages]
    units = [Unit(f"u-{key}-{n}", "county", key, name=f"局{key}{n}") for n in range(3)]
    helpers = [
        Helper(f"c-{key}-{n:02}", random.choice(units).id, random.choice(RANKS), name="王小明")
        for n in range(random.randint(4, 12))
    ]
    households = [
        Household(f"h-{key}-{n:02}", random.choice(villages), random.randint(0, 3), random.randint(1, 5), name="李大山")
        for n in range(random.randint(4, 16))
    ]
    links = [Link(unit.id, village) for unit in units for village in villages if random.random() < 0.7]
    return Roster(AreaTree(areas), units, helpers, households, links)


def entries_of(key: str) -> tuple[Entry, ...]:
    """Return what is told of a county: the pairings of its plan, and in 2012 visits and aid."""
    random, roster = Random(f"{key} told"), roster_of(key)
    paired = [each for each in pair(POLICY, roster, on=DAY).entries() if isinstance(each, Paired)]
    found: list[Entry] = list(paired)
    for each in paired:
        for _ in range(random.randint(0, 2)):
            on = DAY + timedelta(days=random.randint(1, 300))
            helpers = {each.helper, random.choice(roster.helpers).id}
            channel = random.choice(("in person", "telephone"))
            found.append(Visited(each.household, sorted(helpers), channel, tasks=["report"], on=on))
            found.append(Aided(each.household, each.helper, "money", random.randint(1, 9) * 100, on=on))
    return tuple(found)


def book_of(key: str) -> tuple[Roster, Register]:
    """Return the roster and the register of a county."""
    return roster_of(key), Register().record(*entries_of(key))


def changes_of(key: str) -> tuple[Roster, Register, list[Change]]:
    """Return the roster and the register of a county, and who leaves: every third helper."""
    roster, register = book_of(key)
    changes: list[Change] = [Retirement(helper.id, on=date(2013, 6, 30)) for helper in roster.helpers[::3]]
    return roster, register, changes


def of_the_province(key: str) -> Roster:
    """Return a county in which a unit of the province, with one helper, has the only link."""
    areas = [Area("62", "甘肃省", "province"), Area(key, "县", "county", "62"), Area(f"{key}1", "村", "village", key)]
    units = [Unit("office", "province", "62")]
    households = [Household(f"h-{key}", f"{key}1")]
    return Roster(AreaTree(areas), units, [Helper("ann", "office", "staff")], households, [Link("office", f"{key}1")])


def book_of_the_province(key: str) -> tuple[Roster, Register]:
    """Return such a county with its register."""
    return of_the_province(key), Register().record(Paired("ann", f"h-{key}", on=DAY))


def faulty(key: str) -> Roster:
    """Return a roster for some keys, raise for others: an error of the library, and one that quotes a person."""
    if key == "foreign":
        raise KeyError("王小明")
    if key == "ours":
        return Roster(AreaTree(()), [Unit("u", "county", "nowhere")])
    return roster_of(key)
