"""Which unit is linked to which village, and which leader and team: `link_villages`, from headcounts and areas."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen

from pairing.areas import LEVELS
from pairing.dates import to_date
from pairing.errors import ArgumentError, CertificateError, Problem, key, masked, shown
from pairing.figures import Share
from pairing.grounds import Day
from pairing.laying import NO_VILLAGE, Laying, Leading, fewest_links, team_villages
from pairing.memory import no_collection
from pairing.people import Link, OwnLink
from pairing.policy import Policy
from pairing.roster import Roster
from pairing.rules import LeaderRule, LinkingRules

__all__ = ["Linking", "link_villages"]

NO_SHARE = "none of its helpers takes on households on that day"


@frozen(repr=False)
class Linking:
    """Which villages units, leaders and teams are linked to; made by `link_villages`, and handed to `Roster.linked`.

    - `links`, `own_links`: all of them, those that were there already included, in canonical order.
    - `shares`: how many households each unit carries; `loads`: how many of them on each link.
    - `villages`: how many of the poor villages are linked.
    - `unlinked`: the poor villages that are not, each with the reason.
    - `idle`: the units, leaders and teams that have helpers but no village, or no helpers, each with the reason.
    - `bound`: no answer has fewer links of units than that.
    """

    policy: Policy = field(eq=False)
    roster: Roster = field(eq=False)
    on: date
    links: tuple[Link, ...]
    own_links: tuple[OwnLink, ...]
    shares: Mapping[str, int]
    loads: Mapping[Link, int]
    villages: Share
    unlinked: tuple[tuple[str, str], ...]
    idle: tuple[tuple[str, str], ...]
    bound: int

    def __repr__(self) -> str:
        return (
            f"Linking({self.policy.name!r}, {self.on}, {len(self.links)} links (at least {self.bound}), "
            f"{len(self.own_links)} own links, villages {self.villages})"
        )

    def verify(self) -> bool:
        """Return True when the links keep every rule, counted again from policy and roster; raise otherwise.

        Raises `CertificateError` with every fault.
        """
        wrong = list(_faults(self))
        if wrong:
            raise CertificateError(Problem("not-proved", masked(text)) for text in wrong)
        return True

    def summary(self) -> str:
        """Return the links as a page of plain text: villages, links, and how even the shares are at each level."""
        units = [self.roster.unit(unit) for unit in self.shares]
        title = f" · {self.policy.title}" if self.policy.title else ""
        counts = (
            ("poor villages that are linked", str(self.villages)),
            ("units with a share", f"{len(units):,}"),
            ("links of units, and the fewest possible", f"{len(self.links):,} of at least {self.bound:,}"),
            ("helpers with links of their own", f"{len({link.helper for link in self.own_links}):,}"),
            ("links of helpers", f"{len(self.own_links):,}"),
        )
        lines = [f"{self.policy.name}{title} · {self.on}", *(f"  {what:<42}{count}" for what, count in counts)]
        if units:
            lines += ["", f"  {'level':<14}{'units':>8}{'helpers':>10}{'households':>12}  {'for each helper':>32}"]
        day = Day(self.policy, self.roster, self.on)
        heads = day.heads(day.owners(self.own_links))
        for level in LEVELS:
            those = [unit.id for unit in units if unit.level == level]
            if those:
                rates = [Fraction(self.shares[id], heads[id]) for id in those]
                total = Fraction(sum(self.shares[id] for id in those), sum(heads[id] for id in those))
                spread = f"{_decimal(min(rates))} to {_decimal(max(rates))}, {_decimal(total)} in all"
                helpers, households = sum(heads[id] for id in those), sum(self.shares[id] for id in those)
                lines.append(f"  {level:<14}{len(those):>8,}{helpers:>10,}{households:>12,}  {spread:>32}")
        for what, listed in (("not linked", self.unlinked), ("without a village", self.idle)):
            reasons = Counter(reason for _, reason in listed)
            lines += [f"  {what}: {count:,} ({reason})" for reason, count in sorted(reasons.items())]
        return "\n".join(lines)


def _decimal(rate: Fraction) -> str:
    """Return a rate with two places after the point, rounded down."""
    hundredths = 100 * rate.numerator // rate.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def link_villages(policy: Policy, roster: Roster, *, on: date) -> Linking:
    """Link units to poor villages in proportion to their helpers, and leaders and teams to villages of their own.

    The rules are `policy.linking`; what is laid down already in the roster's links stays, and counts, and locked pairs
    get the links that they need.  A village is poor if it has households on that day, listed or only counted
    (`Village.households`).

    - Units: the households are shared out as evenly as the areas allow (units of villages, townships and counties
      stay in their county, others in their prefecture or province), in whole numbers by the named method; exact, see
      `apportioning`.  The shares are then laid along the villages in a row, the lowest areas first (the north-west
      corner rule), so that each link uses up a share or a village.  A share that is just a village's households is
      laid there first: a heuristic, since the fewest links of all are NP-hard to find (they contain "partition").
    - Gathered levels: each unit gets one village, the larger share that with more still to carry: a heuristic.
    - Leaders: counties first, so that as many counties as can be have one, then as even as can be, then the harder
      counties for the higher ranks; and in one of them the village, the sum of rank × hardness being the largest
      possible for these counties.  Both are exact.
    - Teams: whole villages in proportion to their members; the lower pools leave the hardest villages to the higher
      ones (a heuristic), and in a pool the highest get the hardest, which is the best (the rearrangement inequality:
      Hardy, Littlewood and Pólya 1934).

    Who has villages of their own does not count in the share of the unit.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Helper, Household, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule
    >>> areas = [Area("c", "c", "county"), Area("v", "v", "village", "c"), Area("w", "w", "village", "c")]
    >>> roster = Roster(
    ...     areas=AreaTree(areas),
    ...     units=[Unit("finance", "county", "c"), Unit("schools", "county", "c")],
    ...     helpers=[Helper("a", "finance", "staff"), Helper("b", "schools", "staff"), Helper("d", "schools", "clerk")],
    ...     households=[Household(f"h{n}", "v" if n < 2 else "w") for n in range(6)],
    ... )
    >>> policy = Policy("ours", (HelperRule(Quota(1, 3)),), linking=LinkingRules())
    >>> linking = link_villages(policy, roster, on=date(2012, 2, 8))
    >>> linking
    Linking('ours', 2012-02-08, 2 links (at least 2), 0 own links, villages 2 of 2 (100.0%))
    >>> dict(linking.shares), linking.verify()
    ({'finance': 2, 'schools': 4}, True)
    >>> roster = roster.linked(linking.links, linking.own_links)

    A village where nobody may go, and a unit that has none, are in the answer with the reason.  Raises
    `ArgumentError` for arguments of other types and where the policy does not say how to link (`no-linking`).

    Rules: Gansu 2012 (shares, leaders), Liaoyang 1996 (gathered), Hubei 2011 (teams); see `docs/linking.md`.
    """
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    on = to_date(on, "on")
    policy = policy.at(on)
    if policy.linking is None:
        raise ArgumentError("no-linking", "wanted a policy that says how to link, got none", "policy")
    with no_collection():
        return _linked(Day(policy, _with_locked(roster, policy.linking), on), policy.linking)


def _with_locked(roster: Roster, rules: LinkingRules) -> Roster:
    """Return the roster with the links that its locked pairs need: they stay, and so must what they rest on."""
    links, own_links = set(roster.links), set(roster.own_links)
    for pair in roster.named:
        if pair.rule == "locked":
            helper, village = roster.helper(pair.helper), roster.household(pair.household).village
            if (
                roster.own_villages(helper.id)
                or helper.kind in rules.teams
                or any(r.fits(helper) for r in rules.leaders)
            ):
                own_links.add(OwnLink(helper.id, village))
            else:
                links.add(Link(helper.unit, village))
    if links == set(roster.links) and own_links == set(roster.own_links):
        return roster
    return roster.linked(sorted(links), sorted(own_links))


def _linked(day: "Day", rules: LinkingRules) -> Linking:
    policy, roster = day.policy, day.roster
    leading = Leading(day, rules.leaders)
    teams, idle_teams = team_villages(day, rules)
    own_links = tuple(sorted({*roster.own_links, *leading.links, *teams}, key=lambda link: (link.helper, link.area)))
    owners = day.owners(own_links)
    laying = Laying(day, rules, day.weights(rules.share, owners))
    links = tuple(sorted({*roster.links, *laying.loads}, key=lambda link: (link.unit, link.village)))
    shares = dict.fromkeys(laying.weights, 0)
    for link, load in laying.loads.items():
        shares[link.unit] += load
    taken = {link.village for link in laying.loads}
    taken.update(link.area for link in own_links if roster.helper(link.helper).kind in rules.teams)
    unlinked = tuple((code, day.why(code, laying.weights)) for code in day.loads if code not in taken)
    busy = {link.unit for link in laying.loads} | {roster.helper(id).unit for id in owners} - laying.weights.keys()
    idle = [
        (unit.id, NO_VILLAGE if unit.id in laying.weights else NO_SHARE) for unit in roster.units if unit.id not in busy
    ]
    return Linking(
        policy,
        roster,
        day.on,
        links,
        own_links,
        MappingProxyType(shares),
        MappingProxyType({link: laying.loads.get(link, 0) for link in links}),
        Share(len(day.loads) - len(unlinked), len(day.loads)),
        unlinked,
        (*idle, *sorted([*leading.idle, *idle_teams])),
        fewest_links(day, laying.weights, rules.gathered),
    )


# --- the check, which shares nothing with the making but the day


def _faults(linking: Linking) -> Iterator[str]:
    """Yield what is wrong with links, in words."""
    policy, roster = linking.policy, linking.roster
    rules = policy.linking
    if rules is None:
        yield "the policy does not say how to link"
        return
    day = Day(policy, roster, linking.on)
    owners = day.owners(linking.own_links)
    weights = day.weights(rules.share, owners)
    before = set(roster.links)
    around = {village: {area.code for area in roster.areas.chain(village)} for village in day.loads}
    somewhere = {code for codes in around.values() for code in codes}
    for name, new, old in (
        ("links", [(a.unit, a.village) for a in linking.links], [(a.unit, a.village) for a in roster.links]),
        ("own links", [(a.helper, a.area) for a in linking.own_links], [(a.helper, a.area) for a in roster.own_links]),
    ):
        if new != sorted(set(new)):
            yield f"the {name} are not in order, each once"
        if not set(old) <= set(new):
            yield f"some {name} that were laid down are gone"
    linked: dict[str, list[str]] = defaultdict(list)
    for link in linking.links:
        if link in before:
            pass
        elif link.unit not in weights or link.village not in day.loads:
            yield f"{key(link.unit)} has no share, or {key(link.village)} no household: wanted no link"
        elif not day.within(link):
            yield f"{key(link.village)} lies beyond where {key(link.unit)} may go"
        if link.village in day.loads:
            linked[link.unit].append(link.village)
    yield from _faults_of_shares(linking, day, weights)
    for unit in weights:
        if not linked[unit] and day.reach(unit) in somewhere:
            yield f"{key(unit)} has a share and no village"
        gathered = roster.unit(unit).level in rules.gathered
        if gathered and len(linked[unit]) != 1 and any(Link(unit, village) not in before for village in linked[unit]):
            yield f"{key(unit)} is gathered on one village, but has {len(linked[unit])}"
    reaches = {day.reach(unit) for unit in weights if roster.unit(unit).level not in rules.gathered}
    held = {link.village for link in linking.links if link.unit in weights}
    held.update(link.area for link in linking.own_links if roster.helper(link.helper).kind in rules.teams)
    if [village for village, _ in linking.unlinked] != [village for village in day.loads if village not in held]:
        yield "the villages that are not linked are not those that are named"
    for village, _ in linking.unlinked:
        if reaches & around[village]:
            yield f"{key(village)} is not linked, though a unit may go there"
    if linking.villages != Share(len(day.loads) - len(linking.unlinked), len(day.loads)):
        yield "the number of linked villages is not that of the poor ones less the unlinked ones"
    new_links = len({link for link in linking.links if link.unit in weights and link.village in day.loads})
    if linking.bound > new_links:
        yield "there are fewer links than the bound says"
    yield from _faults_of_leaders(linking, day, rules.leaders)
    yield from _faults_of_teams(linking, day, rules.teams)


def _faults_of_shares(linking: Linking, day: Day, weights: Mapping[str, int]) -> Iterator[str]:
    """Yield where shares, the loads of links, and the households of villages do not add up."""
    by_unit: Counter[str] = Counter()
    by_village: Counter[str] = Counter()
    for link, load in linking.loads.items():
        by_unit[link.unit] += load
        by_village[link.village] += load
    if tuple(linking.loads) != linking.links or min(linking.loads.values(), default=0) < 0:
        yield "the loads are not those of the links"
    if list(linking.shares) != list(weights) or any(linking.shares[unit] != by_unit[unit] for unit in weights):
        yield "the shares are not the sums of the loads of the units that have a share"
    if any(load for link, load in linking.loads.items() if link.unit not in weights):
        yield "a unit without a share carries households"
    served = {link.village for link in linking.links if link.unit in weights}
    for village, households in day.loads.items():
        if by_village[village] != (households if village in served else 0):
            yield f"the loads in {key(village)} do not add up to its households"


def _faults_of_leaders(linking: Linking, day: Day, rules: Sequence[LeaderRule]) -> Iterator[str]:
    """Yield the leaders whose links break their rule: counties, one village in them, and enough households there."""
    areas, roster = day.roster.areas, day.roster
    before = set(roster.own_links)
    excused = {id for id, _ in linking.idle}
    mine: dict[str, list[OwnLink]] = defaultdict(list)
    for link in linking.own_links:
        mine[link.helper].append(link)
    wanted: Counter[str] = Counter()
    entered: set[str] = set()
    for leader in day.helpers(lambda helper: any(rule.fits(helper) for rule in rules)):
        rule = next(rule for rule in rules if rule.fits(leader))
        near = {areas.at(area, "county") for area in roster.own_areas(leader.id)}
        seat = roster.unit(leader.unit).area
        within = areas.at(seat, "county") or seat
        counties = {link.area for link in mine[leader.id] if areas[link.area].level == "county"}
        villages = [link.area for link in mine[leader.id] if link.area not in counties]
        new = [link.area for link in mine[leader.id] if link not in before]
        if rule.counties.ceiling is not None and len(counties) > max(rule.counties.ceiling, len(near)):
            yield f"{key(leader.id)} has {len(counties)} counties, wanted at most {rule.counties.ceiling}"
        if len(villages) != 1 and leader.id not in excused and (not villages or set(villages) & set(new)):
            yield f"{key(leader.id)} has {len(villages)} villages, wanted one"
        for area in new:
            county = areas.at(area, "county")
            if county not in near and all(around.code != within for around in areas.chain(area)):
                yield f"{key(leader.id)} is linked beyond where it may go"
        if not {areas.at(village, "county") for village in villages} - {None} <= counties:
            yield f"the village of {key(leader.id)} lies in none of its counties"
        wanted.update(dict.fromkeys(villages, rule.households))
        entered.update(set(villages) & set(new))
    for village in sorted(entered):
        if wanted[village] > day.listed[village]:
            yield f"{key(village)} has fewer households than its leaders want"


def _faults_of_teams(linking: Linking, day: Day, kinds: Sequence[str]) -> Iterator[str]:
    """Yield teams without a village or outside their area, and villages that a team could have and none has."""
    if not kinds:
        return
    own = day.owners(linking.own_links)
    before = set(day.roster.own_links)
    taken: set[str] = set()
    reaches: set[str] = set()
    for team in day.helpers(lambda helper: helper.kind in kinds):
        area = day.reach(team.unit)
        reaches.add(area)
        for village in own.get(team.id, ()):
            taken.add(village)
            inside = area in {around.code for around in day.roster.areas.chain(village)} and village in day.loads
            if not inside and OwnLink(team.id, village) not in before:
                yield f"{key(team.id)} is linked beyond where it may go"
        if team.id not in own and (team.id, NO_VILLAGE) not in linking.idle:
            yield f"{key(team.id)} has no village"
    for village in day.loads:
        if village not in taken and any(around.code in reaches for around in day.roster.areas.chain(village)):
            yield f"{key(village)} has no team"
