"""What is proposed: pairings, what is short and why, and the proof that nothing better exists."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType

from attrs import field, frozen

from pairing.checking import faults_of_plan
from pairing.entering import entries_of_plan
from pairing.entries import Entry
from pairing.errors import ArgumentError, CertificateError, Problem, masked, shown
from pairing.explaining import Explainer
from pairing.figures import Share
from pairing.markup import html_list, html_page, html_table, html_text
from pairing.memory import no_collection
from pairing.people import Pairing
from pairing.policy import Policy
from pairing.proof import Certificate, Shortfall
from pairing.reasons import Explanation, WhyNot
from pairing.repairing import Repair, repaired
from pairing.roster import Roster
from pairing.terms import Terms, terms
from pairing.worth import Comparison, Positions, book_of, compared, worth

__all__ = ["Load", "Plan"]


@frozen
class Load:
    """What the helpers of a rank or kind carry: how many they are, their households together, the fewest, the most."""

    who: str
    helpers: int
    households: int
    fewest: int
    most: int


@frozen(repr=False)
class Plan:
    """Who is to help whom from a day on; made by `pair`, and to be entered in a register.

    - `pairings`: by helper, then by household.
    - `shortfalls`: what could not be met, each with its proof; empty when everybody's floor is met.
    - `certificate`: the potentials that prove the whole optimal.
    - `book`: the pairings that there were before, to which the plan keeps where the policy says so.
    """

    policy: Policy
    roster: Roster
    on: date
    pairings: tuple[Pairing, ...]
    shortfalls: tuple[Shortfall, ...]
    certificate: Certificate
    terms: Terms = field(eq=False)
    book: tuple[Pairing, ...] = ()

    def __repr__(self) -> str:
        return (
            f"Plan({self.policy.name!r}, {self.on}, {len(self.pairings)} pairings, households {self.coverage}, "
            f"helpers {self.fulfilment})"
        )

    @cached_property
    def loads(self) -> Mapping[str, int]:
        """How many households each helper has who takes part, by id."""
        helpers = self.roster.helpers
        taking_part = sorted(n for place in self.terms.helper_places for n in place.members)
        loads = dict.fromkeys((helpers[n].id for n in taking_part), 0)
        for pairing in self.pairings:
            if pairing.helper in loads:
                loads[pairing.helper] += 1
        return MappingProxyType(loads)

    @cached_property
    def coverage(self) -> Share:
        """How many of the households have as many helpers as they are due, in every role."""
        terms, roles = self.terms, self.policy.roles
        role_of = {self.roster.helpers[n].id: place.role for place in terms.helper_places for n in place.members}
        have = Counter((pairing.household, role_of.get(pairing.helper)) for pairing in self.pairings)
        due, missed = set(), set()
        for place in terms.slot_places:
            for slot in place.members:
                due.add(slot // len(roles))
                if have[terms.household(slot).id, place.role] < place.quota.floor:
                    missed.add(slot // len(roles))
        return Share(len(due) - len(missed), len(due))

    @cached_property
    def fulfilment(self) -> Share:
        """How many of the helpers have as many households as their floor asks, in principle or not."""
        helpers = self.roster.helpers
        floors = ((n, place.quota.floor) for place in self.terms.helper_places for n in place.members)
        met = sum(self.loads[helpers[n].id] >= floor for n, floor in floors)
        return Share(met, len(self.loads))

    @cached_property
    def villages(self) -> Share:
        """How many of the villages with households have a helper for one of them at least."""
        terms, households = self.terms, self.roster.household
        due = {terms.household(slot).village for place in terms.slot_places for slot in place.members}
        known = (pairing.household for pairing in self.pairings if pairing.household in self.roster)
        reached = {households(id).village for id in known}
        return Share(len(reached & due), len(due))

    @cached_property
    def units(self) -> Share:
        """How many of the units with helpers have a household for one of them at least."""
        helpers = self.roster.helpers
        taking_part = {helpers[n].unit for place in self.terms.helper_places for n in place.members}
        engaged = {self.roster.helper(id).unit for id, load in self.loads.items() if load}
        return Share(len(engaged), len(taking_part))

    @cached_property
    def values(self) -> Mapping[str, int]:
        """What the plan comes to, by name, the value that counts first coming first.

        - "helpers missing": to the floors of households; "households missing": to the floors of helpers.
        - "above ceilings in principle", "below floors in principle": households beyond, or missing to, a soft quota.
        - "changes": pairs of the book that are lost, and pairs that are new; only where there is a book to keep to.
        - "pairs", "squares of loads", "squares of helpers": how many pairs there are, and the sums of the squares of
          the numbers of households of each helper, and of helpers of each household.
        - "preference": the sum of the scores of the pairs that are not locked.

        What the policy does not aim at is left out.  Of "preference" more is better, and less of all others.
        """
        with no_collection():
            pairs = [pair for pair, _ in Positions(self.terms).pairs(self.pairings)]
            return MappingProxyType(worth(self.terms, pairs, book_of(self.terms, self.book)))

    @property
    def loads_by_rank(self) -> tuple[Load, ...]:
        """What the helpers of each rank carry, from the top; who has no rank comes last, by kind."""
        groups: dict[tuple[int, str], list[int]] = defaultdict(list)
        for id, load in self.loads.items():
            helper = self.roster.helper(id)
            rank = self.policy.ladder.position(helper.rank)
            groups[rank, helper.rank or helper.kind].append(load)
        return tuple(
            Load(who, len(loads), sum(loads), min(loads), max(loads)) for (_, who), loads in sorted(groups.items())
        )

    def of(self, id: str) -> tuple[Pairing, ...]:
        """Return the pairings of a helper or of a household."""
        return self._pairings_of.get(id, ())

    @cached_property
    def _pairings_of(self) -> dict[str, tuple[Pairing, ...]]:
        found: dict[str, list[Pairing]] = defaultdict(list)
        for pairing in self.pairings:
            for id in {pairing.helper, pairing.household}:
                found[id].append(pairing)
        return {id: tuple(pairings) for id, pairings in found.items()}

    def entries(self) -> tuple[Entry, ...]:
        """Return what is to be recorded in a register, all in one batch.

        Without a book: the links, and that each helper becomes responsible.  With one, which is in the register already
        (see `book_entries`), only what is different: what
        the book has and the plan has not is handed over within the household, or released as planned anew.

        Where a service or a registration ends on a day that is laid down, that is recorded too: a household that has
        nobody else is vacant from then on, unless a relay comes before.

        >>> from pairing.areas import Area, AreaTree
        >>> from pairing.people import Helper, Household, Link, Unit
        >>> from pairing.proposing import pair
        >>> from pairing.quotas import Quota
        >>> from pairing.rules import HelperRule
        >>> areas, units = AreaTree([Area("v", "上坪村", "village")]), [Unit("u", "county", "v")]
        >>> roster = Roster(areas, units, [Helper("ann", "u", "staff")], [Household("x", "v")], [Link("u", "v")])
        >>> pair(Policy("ours", (HelperRule(Quota(1, 2)),)), roster, on=date(2012, 2, 8)).entries()
        (Linked('u', 'v', on=2012-02-08), Paired('ann', 'x', on=2012-02-08))
        """
        with no_collection():
            return tuple(entries_of_plan(self.roster, self.on, self.pairings, self.book))

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.terms, self.pairings, self.shortfalls, self.book)

    def explain(self, id: str) -> Explanation:
        """Return why a helper, a household, a unit or a village stands in the plan as it does.

        For people: what the rule asks for, what bound, why each pair is made, and what the best plan without it would
        cost, exactly.  For units and villages: their figures, and the shortfalls that they are a part of.  Where one id
        is that of several, the helper comes first, then the household, then the unit.

        Raises `ArgumentError` for an id that none of them has.
        """
        with no_collection():
            return self._explainer.explain(id)

    def why_not(self, helper: str, household: str) -> WhyNot:
        """Return why a helper and a household are not paired: what rules it out, or exactly what it would cost.

        Raises `ArgumentError` for ids that the roster does not have.
        """
        with no_collection():
            return self._explainer.why_not(helper, household)

    def compare(self, other: "Plan") -> Comparison:
        """Return what is different in another plan, and what that buys.

        Raises `ArgumentError` for anything but a plan.
        """
        if not isinstance(other, Plan):
            raise ArgumentError("bad-type", f"wanted a Plan, got {shown(other)}", "other")
        with no_collection():
            return compared(*((plan.terms, plan.pairings, plan.values) for plan in (self, other)))

    def repair(self) -> Repair:
        """Return the cheapest repair: the fewest exceptions after which nobody is short, exactly.

        An exception is one household more than a helper's ceiling, one helper more than a household's ceiling, or one
        pair outside the links; of as many exceptions, those with the fewest pairs outside the links.  Pairs that are
        excluded, by name or by a criterion, stay excluded, and everybody keeps the role.  Where there are too few to be
        paired with at all, the repair says who stays short.
        """
        with no_collection():
            return repaired(self.terms, self.shortfalls, self.book)

    def verify(self) -> bool:
        """Return True when the independent checker accepts the plan, its shortfalls and its proofs; raise otherwise.

        The terms of the day are made anew from policy and roster, and held against pairings and potentials by
        `certificate`, which imports nothing of the engine.  Raises `CertificateError` with every fault.
        """
        pairs = [(pairing.helper, pairing.household, pairing.role) for pairing in self.pairings]
        with no_collection():
            asked = terms(self.policy, self.roster, self.on, self.book)
            wrong = list(faults_of_plan(asked, pairs, self.shortfalls, self.certificate))
        days = self.roster.days_from(self.on, (pair[0] for pair in pairs), (pair[1] for pair in pairs))
        late = 0 if wrong else sum(pairing.span != span for pairing, span in zip(self.pairings, days, strict=True))
        if late:
            wrong.append(f"the spans of {late} pairings are not from the day to the end of service or registration")
        if wrong:
            raise CertificateError(Problem("not-proved", masked(text)) for text in wrong)
        return True

    def summary(self) -> str:
        """Return the plan as a page of plain text: coverage both ways, loads by rank, and what is short and why."""
        title = f" · {self.policy.title}" if self.policy.title else ""
        lines = [
            f"{self.policy.name}{title} · {self.on}",
            *(f"  {what:<42}{share}" for what, share in self._shares()),
            f"  {'pairings':<42}{len(self.pairings):,}",
            "",
            f"  {'rank or kind':<20}{'helpers':>10}{'households':>12}{'fewest':>8}{'most':>6}",
        ]
        lines += [
            f"  {load.who:<20}{load.helpers:>10,}{load.households:>12,}{load.fewest:>8}{load.most:>6}"
            for load in self.loads_by_rank
        ]
        lines += ["", *(f"  {line}" for line in _short_lines(self.shortfalls))]
        return "\n".join(lines)

    def _shares(self) -> tuple[tuple[str, Share], ...]:
        """Coverage both ways, in words."""
        return (
            ("households with the helpers they are due", self.coverage),
            ("helpers with the households they owe", self.fulfilment),
            ("villages with a helper", self.villages),
            ("units with a household", self.units),
        )

    def _repr_html_(self) -> str:
        loads = ((load.who, load.helpers, load.households, load.fewest, load.most) for load in self.loads_by_rank)
        head, *lines = _short_lines(self.shortfalls)
        caption = f"{self.policy.name} {self.policy.title} · {self.on}".replace("  ", " ")
        return html_page(
            html_table(["coverage", ""], self._shares(), caption=caption),
            html_table(["rank or kind", "helpers", "households", "fewest", "most"], loads, caption="loads"),
            html_text(head),
            html_list([line.removeprefix("- ") for line in lines], len(lines)),
        )


def _short_lines(shortfalls: tuple[Shortfall, ...], most: int = 20) -> list[str]:
    if not shortfalls:
        return ["nothing is short"]
    helpers = sum(shortfall.missing for shortfall in shortfalls if shortfall.side == "households")
    households = sum(shortfall.missing for shortfall in shortfalls if shortfall.side == "helpers")
    missing = [f"{helpers:,} helper{'s' * (helpers != 1)} for households"] * bool(helpers)
    missing += [f"{households:,} household{'s' * (households != 1)} for helpers"] * bool(households)
    lines = [f"short of {' and '.join(missing)}; bottlenecks: {len(shortfalls):,}"]
    lines += [f"- {shortfall}" for shortfall in shortfalls[:most]]
    return lines + ([f"- … and {len(shortfalls) - most:,} more"] if len(shortfalls) > most else [])
