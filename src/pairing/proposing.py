"""Who is to help whom: `pair` applies a policy to a roster, exactly, and gives a plan with its proof."""

from collections.abc import Callable, Iterable
from datetime import date

from pairing.dates import to_date
from pairing.errors import ArgumentError, shown
from pairing.linking import link_villages
from pairing.memory import no_collection
from pairing.people import Pairing
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.roster import Roster
from pairing.solving import answer
from pairing.terms import terms

__all__ = ["pair"]


def pair(
    policy: Policy,
    roster: Roster,
    *,
    on: date,
    book: Plan | Iterable[Pairing] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Pair helpers with households on a day, within the links of their units, under the quotas of a policy.

    Exact, one aim after the other in the policy's order:

    - coverage: the fewest helpers missing that households are due; where some must be missing, first helpers count
      more than second ones, harder households more than easier ones, and then the order of ids decides;
    - floors: the fewest households missing that helpers are to have;
    - floors and ceilings "in principle" are kept where that costs nothing of the two;
    - keep: the fewest changes against the book, which is an earlier plan or any pairings: pairs of the book that are
      lost, and pairs that are new;
    - even: no pair that is not needed, then loads as even as possible (the least sum of squares), then as evenly
      spread over the households;
    - preference: the greatest sum of the scores of criteria and preferred pairs.

    Pairs that a criterion, or a named pair, excludes are never made.  Of the policy holds the version that is in force
    on the day.  Where the roster has no links, and the policy says how to make them, `link_villages` makes them; the
    roster of the plan has them.

    The last tie is broken in the order of ids, so the answer depends neither on the order of rows nor on a seed.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.rules import HelperRule, HouseholdRule
    >>> from pairing.quotas import Quota
    >>> from pairing.people import Helper, Household, Link, Unit
    >>> roster = Roster(
    ...     areas=AreaTree([Area("v", "上坪村", "village")]),
    ...     units=[Unit("u", "county", "v", name="县水务局")],
    ...     helpers=[Helper("ann", "u", "section"), Helper("bo", "u", "staff")],
    ...     households=[Household("x", "v"), Household("y", "v"), Household("z", "v", difficulty=2)],
    ...     links=[Link("u", "v")],
    ... )
    >>> plan = pair(Policy("ours", (HelperRule(Quota(1, 1)),)), roster, on=date(2012, 2, 8))
    >>> plan
    Plan('ours', 2012-02-08, 2 pairings, households 2 of 3 (66.6%), helpers 2 of 2 (100.0%))
    >>> plan.pairings[0], plan.verify()
    (Pairing(helper='ann', household='z', role='lead'), True)
    >>> print(plan.shortfalls[0])
    village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 2: 1 left over

    Who does not serve, or is not registered, on that day takes no part, nor does a helper for whom the policy has no
    rule.  A pairing begins on the day, and ends when the service or the registration does, where that is laid down.

    `progress` is called after each part of the roster that links hold together, with how many are done and of how many.

    Raises `ArgumentError` for arguments of other types, a day on which the policy is not in force, and a criterion that
    raises or is not a function of what it reads; `RosterError` where locked pairs break the rules or a rank
    is not on the policy's ladder.  An unmet rule is never an error: see `Plan.shortfalls`.

    Rules: the programmes of Liaoyang 1994, Panjin 2010 and Gansu 2012 (`pairing.programmes`).  The engine is the
    network simplex method on classes of interchangeable people; see `network`, `classes` and `solving`.
    """
    for name, value, kind in (("policy", policy, Policy), ("roster", roster, Roster)):
        if not isinstance(value, kind):
            raise ArgumentError("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", name)
    on = to_date(on, "on")
    book = _book(book)
    in_force = policy.at(on)
    if in_force.linking is not None and not roster.links and not roster.own_links:
        linking = link_villages(in_force, roster, on=on)
        roster = roster.linked(linking.links, linking.own_links)
    with no_collection():
        asked = terms(in_force, roster, on, book)
        found = answer(asked, progress)
    return Plan(in_force, roster, on, found.pairings, found.shortfalls, found.certificate, asked, book)


def _book(book: Plan | Iterable[Pairing]) -> tuple[Pairing, ...]:
    """Return the pairings of a book."""
    if isinstance(book, Plan):
        return book.pairings
    if not isinstance(book, Iterable):
        raise ArgumentError("bad-type", f"wanted a Plan or pairings, got {shown(book)}", "book")
    pairings = tuple(book)
    wrong = next((pairing for pairing in pairings if not isinstance(pairing, Pairing)), None)
    if wrong is not None:
        raise ArgumentError("bad-type", f"wanted pairings, got {shown(wrong)}", "book")
    return pairings
