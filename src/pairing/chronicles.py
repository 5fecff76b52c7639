"""Made-up books of the four real programmes, in which every figure that they reported comes out by counting.

The people are those of `synthetic`; what is told of them is drawn, and shared out so that it adds up exactly.  The
figures, and what is chosen beside them, lie in `data/chronicles.toml`, each with its source.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from itertools import cycle, islice
from typing import Any

from pairing.deeds import Visited
from pairing.errors import ArgumentError, shown
from pairing.liaoyang import Liaoyang
from pairing.linking import link_villages
from pairing.memory import no_collection
from pairing.panjin import Panjin
from pairing.policy import Policy
from pairing.programmes import programme as preset
from pairing.proposing import pair
from pairing.roster import Roster
from pairing.synthetic import population
from pairing.telling import Chronicle, Draw, Teller, draws, facts_of, fraction, shuffled, spread

__all__ = ["CHRONICLES", "Chronicle", "campaign", "chronicle"]

CHRONICLES = ("gansu-2012", "liaoyang-1994", "panjin-2010")
"""The programmes of which `chronicle` makes up a book; the visits of hubei-2011 are a stream, see `campaign`."""


@no_collection()
def chronicle(programme: str, *, scale: float | Fraction = 1, seed: int = 0) -> Chronicle:
    """Return a made-up book of a real programme, from its first day to the last that its account tells of.

    The same programme, scale and seed give an equal book everywhere.  A smaller scale takes that share of every
    figure, rounded, and at least a handful; where the population is a handful, the share is what it is of all.  Entries
    are recorded year by year.

    >>> from pairing.deeds import Aided
    >>> book = chronicle("liaoyang-1994", scale=0.02)
    >>> book
    Chronicle('liaoyang-1994', 1996-12-31, 185 helpers, 134 households, 1,638 entries)
    >>> sum(entry.amount for entry in book.register if isinstance(entry, Aided) and entry.aid == "food")  # kg
    8600

    What is told, at scale 1:

    - liaoyang-1994: on six days whoever may help by then is paired with whoever is registered, beside the pairs that
      there are: 1,031 cadres for 1,029 households on 1994-10-01, 9,273 helpers for 6,684 households on 1996-12-31.
      2,100 households exit in 1996, and all who are responsible for one get a duty to revisit it.  On the day of the
      next plan its lead stays responsible, as the account counts every household with a helper; all others take on a
      new household, are released from the old one (`Released.instead`), and go on calling there.  As every helper is
      to have somebody, some who come last are paired with a household that has exited.  Aid of eight kinds, of which
      money ends on 1996-09-30; loans of 1,060,000 yuan out of a fund of 1,020,000, so that some is lent again; measures
      that were promised; visits, on which a tenth of the helpers never go.  63 municipal departments are each linked to
      one village more in the first half of 1996.  Nobody retires.  Links of leaders and party branches are left out, as
      no entry tells of them.
    - panjin-2010: one cadre to each of 16,000 households; each year a relay of some who retire and are transferred,
      and in the first the two stories of the judges.  300,412 person-visits in 288,000 household-visits, always by
      whoever is responsible on that day; a colleague comes along where the unit owes the household a measure.  48,000
      telephone calls.  Gifts of money and of goods, whose value is told apart from money, worth 89,960,000 yuan
      together, made on visits; of these 5,020,000 from 2015-12-25 to 2016-02-15.  Six yearly spot checks.
    - gansu-2012: whom each one links is fixed on 2012-02-08, so that everybody has somebody, both ways; then units go
      in, in three phases of a quarter, in which one pair of ten meets.

    Raises `ArgumentError`: `unknown-programme`, and what `population` raises for scale and seed.

    Sources: the programmes' own accounts; what is chosen is said in `data/chronicles.toml`.
    """
    if not isinstance(programme, str) or programme not in CHRONICLES:
        wanted = f"wanted one of {', '.join(CHRONICLES)}, or campaign() for hubei-2011; got {shown(programme)}"
        raise ArgumentError("unknown-programme", wanted, "programme")
    roster = population(programme, scale=scale, seed=seed)
    tellers: dict[str, Callable[..., Teller]] = {"gansu-2012": _Gansu, "liaoyang-1994": Liaoyang, "panjin-2010": Panjin}
    return tellers[programme](preset(programme), roster, fraction(scale), seed).told()


def campaign(*, scale: float | Fraction = 1, seed: int = 0) -> tuple[Policy, Roster, Iterator[Visited]]:
    """Return policy and linked roster of hubei-2011, and a stream of the visits of its teams; nothing of it is kept.

    The households of a village are counted, not listed: they go by the village's code and a number from 1 on.  Each is
    reached by the team that has its village: at first 82 of 100 in person, 6 by telephone, 3 by message, 2 by letter, 4
    by a leaflet and 3 by a card that is left; half of those with a leaflet are called on in person 14 days later.  The
    visits come village by village, those of a team spread over the days of the campaign.

    >>> policy, roster, visits = campaign(scale=0.001)
    >>> next(visits)
    Visited('421125100216/1', ('t-00022',), tasks=('policy',), on=2011-03-01)
    >>> len({visit.household for visit in visits}) + 1 == sum(village.households for village in roster.villages)
    True

    Raises what `population` raises for scale and seed.
    """
    facts, policy = facts_of("hubei-2011"), preset("hubei-2011")
    roster = population("hubei-2011", scale=scale, seed=seed)
    linking = link_villages(policy, roster, on=facts["first"])
    roster = roster.linked(linking.links, linking.own_links)
    return policy, roster, _calls(roster, facts, draws("hubei-2011", seed, "channels"))


# --- Gansu


class _Gansu(Teller):
    def told(self) -> Chronicle:
        """Pair everybody on the first day, and let units go in, phase after phase."""
        facts, first = self.facts, self.facts["first"]
        plan = pair(self.policy, self.roster, on=first)
        self.lines += plan.entries()
        draw, phases = self.draws("visits"), facts["phases"]
        length = ((self.last - first).days + 1) // phases
        units = shuffled([unit.id for unit in self.roster.units], draw)
        phase = {id: n % phases for n, id in enumerate(units)}
        tasks = [(task,) for task in facts["tasks"]]
        for n, pairing in enumerate(spread(plan.pairings, len(plan.pairings) // facts["one_in"])):
            after = phase[self.roster.helper(pairing.helper).unit] * length + int(length * draw())
            who, day = (pairing.helper,), first + timedelta(days=after)
            self.lines.append(Visited(pairing.household, who, tasks=tasks[n % len(tasks)], on=day))
        return self.recorded()


# --- Hubei


def _calls(roster: Roster, facts: Mapping[str, Any], draw: Draw) -> Iterator[Visited]:
    """Yield the visits village by village; only those of one village are held at a time."""
    first, tasks = facts["first"], (*facts["tasks"],)
    days = [first + timedelta(days=n) for n in range((facts["last_first_call"] - first).days + 1)]
    later = timedelta(days=facts["again_after"])
    channels = shuffled([name for name, share in facts["channels"] for _ in range(share)], draw)
    leaflets = [n for n, channel in enumerate(channels) if channel == "leaflet"]
    again = [int(n in leaflets[: facts["again"]]) for n in range(len(channels))]
    team_of = {link.area: link.helper for link in roster.own_links}
    loads: Counter[str] = Counter()
    for village in roster.villages:
        loads[team_of[village.code]] += village.households
    numbers = [f"/{n}" for n in range(1, max(village.households for village in roster.villages) + 1)]
    done: Counter[str] = Counter()
    at = 0
    for village in roster.villages:
        team, count = team_of[village.code], village.households
        ids = [village.code + number for number in numbers[:count]]
        start, load = done[team], loads[team]
        done[team] += count
        on = [days[n * len(days) // load] for n in range(start, start + count)]
        turn = at % len(channels)
        at += count
        for id, channel, day in zip(ids, islice(cycle(channels), turn, turn + count), on, strict=True):
            yield Visited(id, (team,), channel, tasks, on=day)
        for id, twice, day in zip(ids, islice(cycle(again), turn, turn + count), on, strict=True):
            if twice:
                yield Visited(id, (team,), "in person", tasks, on=day + later)
