"""What of a book, and of a plan, is to be entered in a register: who becomes responsible, and what is over."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from pairing.dates import Span, to_date
from pairing.entries import Entry, HandedOver, Linked, Paired, Released, StruckOff, VacancyClosed, VacancyOpened
from pairing.errors import ArgumentError, Problem, is_identity_number, shown
from pairing.histories import Stay
from pairing.memory import no_collection
from pairing.people import Pairing
from pairing.roster import Roster

__all__ = ["book_entries", "entries_of_plan"]


def book_entries(book: Iterable[Pairing], roster: Roster, *, on: date) -> tuple[Entry, ...]:
    """Return what makes a register of a book that was kept by hand, all to be recorded in one batch.

    On every day the register has the pairings that hold in the book; those without a span hold from the day `on`.

    - Who ends on the day on which another begins for the household in that role hands over, to one or to several.
    - Who ends while others are responsible is released.
    - Where nobody follows, there is a vacancy until the next one begins; the unit of the helper sees to it.
    - The same pairing twice is one, and so are two of one helper in one role that overlap, or follow at once.
    - A household whose registration ends, and for which the book has nobody later, leaves the programme on that day.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.people import Helper, Household, Unit
    >>> from pairing.register import Register
    >>> areas, units = AreaTree([Area("v", "上坪村", "village")]), [Unit("u", "county", "v")]
    >>> helpers = [Helper("ann", "u", "staff"), Helper("bo", "u", "staff")]
    >>> roster = Roster(areas, units, helpers, [Household("x", "v"), Household("y", "v")])
    >>> book = [
    ...     Pairing("ann", "x", span=Span(date(2012, 2, 8), date(2013, 6, 30))),
    ...     Pairing("bo", "x", span=Span(date(2013, 6, 30), date(2014, 1, 1))),
    ...     Pairing("ann", "y"),
    ... ]
    >>> register = Register().record(*book_entries(book, roster, on=date(2013, 1, 1)))
    >>> print(register.history("x"))
    household x: 2012-02-08 .. 2013-06-30 ann (lead); 2013-06-30 .. 2014-01-01 bo (lead); \
2014-01-01 .. vacancy, seen to by u
    >>> print(register.history("y"))
    household y: 2013-01-01 .. ann (lead)

    The entries come by household and day.  Links are not entered: those of the roster hold.  Whether the policy allows
    a pairing is not asked: that is for `audit`.

    Raises `ArgumentError` for arguments of other types, and for a book with pairings that cannot be entered, as the
    roster has not the helper or the household, or the role or the span is none: all at once, each with its row, the
    place in the book from 0.  Whoever wants to go on without those rows leaves them out; those that the findings of an
    audit name have the same places (`Finding.row`).
    """
    problems: list[Problem] = []
    if not isinstance(roster, Roster):
        problems.append(Problem("bad-type", f"wanted a Roster, got {shown(roster)}", field="roster"))
    if not isinstance(book, Iterable) or isinstance(book, str | bytes):
        problems.append(Problem("bad-type", f"wanted pairings, got {shown(book)}", field="book"))
    try:
        on = to_date(on, "on")
    except ArgumentError as error:
        problems += error.problems
    if problems:
        raise ArgumentError(problems)
    with no_collection():
        helpers, households = ({each.id for each in people} for people in (roster.helpers, roster.households))
        stays: dict[str, list[Stay]] = {}
        for row, pairing in enumerate(book):
            wrong = list(_wrong_with(pairing, helpers, households))
            if wrong:
                problems += [Problem(code, message, "book", row, field) for field, code, message in wrong]
            elif not problems:
                span = pairing.span or Span(on)
                stay = Stay(pairing.helper, pairing.role, span.start, span.end)
                stays.setdefault(pairing.household, []).append(stay)
        if problems:
            raise ArgumentError(problems)
        return tuple([e for id, held in sorted(stays.items()) for e in _of_household(id, _united(held), roster)])


def _wrong_with(
    pairing: object, helpers: Collection[str], households: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield why an item of a book cannot be entered: the field, the code, the sentence."""
    if not isinstance(pairing, Pairing):
        yield "", "bad-type", f"wanted a Pairing, got {shown(pairing)}"
        return
    role, span = pairing.role, pairing.span
    if not isinstance(pairing.helper, str) or pairing.helper not in helpers:
        yield "helper", "unknown-helper", f"wanted the key of a helper, got {shown(pairing.helper)}"
    if not isinstance(pairing.household, str) or pairing.household not in households:
        yield "household", "unknown-household", f"wanted the key of a household, got {shown(pairing.household)}"
    if not isinstance(role, str) or not role or role != role.strip() or not role.isprintable():
        yield "role", "bad-key", f"wanted a text without spaces around it, got {shown(role)}"
    elif is_identity_number(role):
        yield "role", "identity-number", "wanted a key of your own, got an identity number"
    if span is not None and not isinstance(span, Span):
        yield "span", "bad-span", f"wanted a Span or None, got {shown(span)}"


def _united(stays: Sequence[Stay]) -> Sequence[Stay]:
    """Return the same days, so that no two stays of one helper in one role overlap or touch."""
    if len(stays) == 1:
        return stays
    found: list[Stay] = []
    for stay in sorted(stays, key=lambda stay: stay[:3]):
        last = found[-1] if found else None
        if last is None or last[:2] != stay[:2] or (last.end is not None and last.end < stay.start):
            found.append(stay)
        elif last.end is not None:
            found[-1] = last._replace(end=stay.end and max(last.end, stay.end))
    return found


def _of_household(household: str, stays: Sequence[Stay], roster: Roster) -> Iterator[Entry]:
    """Yield what is to be entered of one household, day by day."""
    if len(stays) == 1 and stays[0].end is None:  # nearly all are such
        yield Paired(stays[0].helper, household, stays[0].role, on=stays[0].start)
        return
    registered = roster.household(household).registered
    over = registered.end if registered and registered.end else date.max
    struck_off = over < date.max and all(stay.end is not None and stay.end <= over for stay in stays)
    days = {stay.start for stay in stays} | {stay.end for stay in stays if stay.end is not None}
    vacant = False
    for day in sorted(days):
        if struck_off and day == over:  # it is over for everybody, by one entry
            break
        rest: list[Stay] = []
        new: dict[str, list[str]] = defaultdict(list)
        for stay in stays:
            if stay.start == day:
                new[stay.role].append(stay.helper)
        for role in sorted({stay.role for stay in stays}):
            givers = [stay for stay in stays if stay.end == day and stay.role == role]
            takers = new.pop(role, [])
            passing = min(len(givers), len(takers))
            for n, giver in enumerate(givers[:passing], 1):
                following = takers[n - 1 : n] if n < passing else takers[n - 1 :]
                yield HandedOver(household, giver.helper, following, role, on=day)
            rest += givers[passing:]
            if not passing and takers and vacant:
                yield VacancyClosed(household, takers, role, on=day)
            elif not passing:
                yield from (Paired(taker, household, role, on=day) for taker in takers)
        vacant = False
        override = "others are responsible"
        if not any(stay.on(day) for stay in stays):
            override = "the registration ends"
            if day < over:
                vacant, override = True, "the book names nobody"
                last = min(rest, key=lambda stay: (stay.start, stay.helper, stay.role))
                rest.remove(last)
                unit = roster.helper(last.helper).unit
                yield VacancyOpened(household, override, unit, last.helper, last.role, on=day)
        for giver in rest:
            yield Released(giver.helper, household, "the book has an end", giver.role, override, on=day)
    if struck_off:
        yield StruckOff(household, "the registration ends", on=over)


def entries_of_plan(roster: Roster, on: date, pairings: Sequence[Pairing], book: Iterable[Pairing]) -> Iterator[Entry]:
    """Yield the entries that make a register say what a plan says, where it says what the book says.

    Of the book counts what holds on the day.  A pair that stays is not touched, whatever its role.
    """
    now = [pairing for pairing in book if pairing.span is None or on in pairing.span]
    held = list({(pairing.helper, pairing.household, pairing.role): pairing for pairing in now}.values())
    if not held:
        yield from (Linked(link.unit, link.village, on=on) for link in roster.links)
        yield from (Paired(pairing.helper, pairing.household, pairing.role, on=on) for pairing in pairings)
    else:
        yield from _differences(on, pairings, held)
    yield from _ends(roster, pairings, {(pairing.helper, pairing.household) for pairing in held})


def _differences(on: date, pairings: Sequence[Pairing], held: Sequence[Pairing]) -> Iterator[Entry]:
    """Yield what is different from the book, household by household."""
    kept = {(p.helper, p.household) for p in pairings} & {(p.helper, p.household) for p in held}
    new: dict[str, list[Pairing]] = defaultdict(list)
    lost: dict[str, list[Pairing]] = defaultdict(list)
    for found, rows in ((new, pairings), (lost, held)):
        for pairing in rows:
            if (pairing.helper, pairing.household) not in kept:
                found[pairing.household].append(pairing)
    for household in sorted(new.keys() | lost.keys()):
        takers, givers = sorted(new[household]), sorted(lost[household])
        for giver in givers:
            taker = next((taker for taker in takers if taker.role == giver.role), None)
            if taker is None:
                reason, override = "planned anew", f"by the plan of {on}"
                yield Released(giver.helper, household, reason, giver.role, override, on=on)
            else:
                takers.remove(taker)
                yield HandedOver(household, giver.helper, (taker.helper,), giver.role, None, "planned anew", on=on)
        yield from (Paired(taker.helper, household, taker.role, on=on) for taker in takers)


def _ends(roster: Roster, pairings: Sequence[Pairing], known: set[tuple[str, str]]) -> Iterator[Entry]:
    """Yield what happens on the days on which a service or a registration ends, as far as that is laid down."""
    ending = {p.household for p in pairings if p.span is not None and p.span.end is not None}
    groups: dict[str, list[Pairing]] = defaultdict(list)
    if ending:
        for pairing in pairings:
            if pairing.household in ending:
                groups[pairing.household].append(pairing)
    for household, group in sorted(groups.items()):
        registered = roster.household(household).registered
        over = registered.end if registered else None
        ends = sorted((_end(p), p.helper, p) for p in group)
        for n, (end, helper, pairing) in enumerate(ends):
            if end == date.max or (over is not None and end >= over) or (helper, household) in known:
                continue
            reason = "the service ends"
            if n + 1 < len(ends):
                others = f"{reason}: others stay responsible"
                yield Released(helper, household, reason, pairing.role, others, on=end)
            else:
                unit = roster.helper(helper).unit
                yield VacancyOpened(household, reason, unit, helper, pairing.role, on=end)
        if over is not None and not all((p.helper, household) in known for p in group):
            yield StruckOff(household, "the registration ends", on=over)


def _end(pairing: Pairing) -> date:
    return date.max if pairing.span is None or pairing.span.end is None else pairing.span.end
