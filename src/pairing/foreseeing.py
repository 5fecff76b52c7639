"""Looking ahead: who will leave the service in the years to come, what they pass on, and where successors run out."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import islice

from attrs import evolve, field, frozen

from pairing.dates import Span, periods, to_date
from pairing.entries import Change, Departure, Retirement
from pairing.errors import ArgumentError, Problem, bare, key, shown
from pairing.handover import Handover, relay
from pairing.markup import html_page, html_table, html_text
from pairing.muster import Muster
from pairing.people import Helper
from pairing.policy import Policy
from pairing.register import Register
from pairing.roster import Roster

__all__ = ["Outlook", "UnitAhead", "YearAhead", "foresee"]

_SHOWN = 20
"""So many units are printed, the first to run out first."""


@frozen
class YearAhead:
    """What is to be expected of a year.

    - `leavers`: helpers whose service ends, whether they are responsible for anybody or not.
    - `households`: households that pass on, once for each giver; `to_other_units` those of them for which nobody of
      the giver's own unit has room; `vacancies` those for which nobody has.

    >>> YearAhead(Span(date(2013, 1, 1), date(2014, 1, 1)), 3, 4, 1, 0)
    YearAhead(span=Span(2013-01-01 .. 2014-01-01), leavers=3, households=4, to_other_units=1, vacancies=0)
    """

    span: Span
    leavers: int
    households: int
    to_other_units: int
    vacancies: int


@frozen
class UnitAhead:
    """A unit whose own helpers have no room for all: since when, and for how many households.

    `on` is the first day from which a household of the unit goes to another unit, or has nobody.

    >>> UnitAhead("court", date(2013, 6, 1), 1, 2)
    UnitAhead(unit='court', on=2013-06-01, to_other_units=1, vacancies=2)
    """

    unit: str = field(repr=key)
    on: date = field(repr=str)
    to_other_units: int
    vacancies: int


@frozen(repr=False)
class Outlook:
    """What is to be expected of some years; made by `foresee`.

    - `years`: one after the other.
    - `units`: those that run out of successors, the first to do so first; all others have room for their own.
    """

    policy: Policy
    years: tuple[YearAhead, ...]
    units: tuple[UnitAhead, ...]

    def __repr__(self) -> str:
        span = f"{self.years[0].span.start} .. {self.years[-1].span.end}" if self.years else "no years"
        return (
            f"Outlook({self.policy.name!r}, {span}, {self.leavers} leavers, {self.households} households, "
            f"{self.vacancies} vacancies, {len(self.units)} units without room)"
        )

    @cached_property
    def leavers(self) -> int:
        """How many helpers leave in all years."""
        return sum(year.leavers for year in self.years)

    @cached_property
    def households(self) -> int:
        """How many times a household passes on in all years."""
        return sum(year.households for year in self.years)

    @cached_property
    def vacancies(self) -> int:
        """How many households nobody has room for, in all years."""
        return sum(year.vacancies for year in self.years)

    def of(self, unit: str) -> UnitAhead | None:
        """Return what is to be expected of a unit that runs out of successors, or None where it does not."""
        return next((ahead for ahead in self.units if ahead.unit == unit), None)

    def summary(self) -> str:
        """Return the outlook as a page of plain text: a line for each year, then the units that run out first."""
        lines = [repr(self), "", f"  {'year from':<12}{'leavers':>9}{'pass on':>9}{'elsewhere':>11}{'vacancies':>11}"]
        for y in self.years:
            counts = f"{y.leavers:>9,}{y.households:>9,}{y.to_other_units:>11,}{y.vacancies:>11,}"
            lines.append(f"  {y.span.start!s:<12}{counts}")
        if not self.units:
            return "\n".join([*lines, "", "  every unit has room for the households of its own"])
        lines += ["", f"  {'unit':<20}{'no room from':>13}{'elsewhere':>11}{'vacancies':>11}"]
        for u in self.units[:_SHOWN]:
            lines.append(f"  {bare(u.unit):<20}{u.on!s:>13}{u.to_other_units:>11,}{u.vacancies:>11,}")
        more = len(self.units) - _SHOWN
        return "\n".join([*lines, *([f"  … and {more:,} more units"] if more > 0 else [])])

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        years = ((str(y.span.start), y.leavers, y.households, y.to_other_units, y.vacancies) for y in self.years)
        units = ((bare(u.unit), u.on, u.to_other_units, u.vacancies) for u in self.units)
        return html_page(
            html_text(repr(self)),
            html_table(["year from", "leavers", "pass on", "elsewhere", "vacancies"], years),
            html_table(["unit", "no room from", "elsewhere", "vacancies"], units, most=_SHOWN),
        )


def foresee(policy: Policy, roster: Roster, register: Register, *, start: date, years: int) -> Outlook:
    """Return what is to be expected of so many years from a day on, if nobody leaves but those of whom it is known.

    Known are the ends of service that roster and register lay down, and those that follow from birth dates and the
    policy's rules of retirement.  One year after the other, all who leave in it are relayed at once, and the answer is
    the ground on which the next year stands.  Whoever should have left before the first day leaves on that day.  The
    register is not changed: what is recorded is recorded in a copy.

    >>> from pairing.areas import Area, AreaTree
    >>> from pairing.entries import Paired
    >>> from pairing.people import Household, Link, Unit
    >>> from pairing.quotas import Quota
    >>> from pairing.rules import HelperRule, RetirementRule
    >>> roster = Roster(
    ...     areas=AreaTree([Area("v", "上坪村", "village")]),
    ...     units=[Unit("court", "county", "v")],
    ...     helpers=[
    ...         Helper("ann", "court", "section", birth=date(1953, 5, 5)),
    ...         Helper("bo", "court", "staff", birth=date(1954, 8, 8)),
    ...         Helper("cy", "court", "staff", birth=date(1980, 1, 1)),
    ...     ],
    ...     households=[Household("x", "v"), Household("y", "v")],
    ...     links=[Link("court", "v")],
    ... )
    >>> policy = Policy("ours", (HelperRule(Quota(1, 1)),), retirement=[RetirementRule(720)])
    >>> register = Register().record(Paired("ann", "x", on=date(2012, 2, 8)), Paired("bo", "y", on=date(2012, 2, 8)))
    >>> print(foresee(policy, roster, register, start=date(2013, 1, 1), years=2))
    Outlook('ours', 2013-01-01 .. 2015-01-01, 2 leavers, 1 households, 1 vacancies, 1 units without room)
    <BLANKLINE>
      year from     leavers  pass on  elsewhere  vacancies
      2013-01-01          1        1          0          0
      2014-01-01          1        0          0          1
    <BLANKLINE>
      unit                 no room from  elsewhere  vacancies
      court                  2014-09-01          0          1

    Raises `ArgumentError` for arguments of other types, for years that are no number from 1 on or end after the
    calendar or the policy, and what `relay` and `Register.record` raise.
    """
    _check(policy, roster, register, years)
    spans = list(islice(periods(to_date(start, "start"), 12), years))
    if len(spans) < years:
        raise ArgumentError("bad-number", f"wanted years within the calendar, got {years}", "years")
    ahead = register.apart()
    found: list[YearAhead] = []
    units: dict[str, UnitAhead] = {}
    for span in spans:
        in_force = policy.at(span.start)
        changes: list[Change] = []
        leavers = 0
        for change, is_known in _leaving(in_force, roster, ahead, span):
            leavers += 1
            if not is_known:
                changes.append(change)
        handover = relay(policy, roster, ahead, changes)
        outside = 0
        for unit, on, is_vacant in _short_of_room(handover):
            outside += not is_vacant
            so_far = units.get(unit, UnitAhead(unit, on, 0, 0))
            units[unit] = evolve(
                so_far,
                on=min(on, so_far.on),
                to_other_units=so_far.to_other_units + (not is_vacant),
                vacancies=so_far.vacancies + is_vacant,
            )
        found.append(YearAhead(span, leavers, len(handover.passings), outside, len(handover.vacancies)))
        ahead = ahead.record(*handover.entries())
    return Outlook(policy, tuple(found), tuple(sorted(units.values(), key=lambda ahead: (ahead.on, ahead.unit))))


def _check(policy: object, roster: object, register: object, years: object) -> None:
    wanted = (("policy", policy, Policy), ("roster", roster, Roster), ("register", register, Register))
    problems = [
        Problem("bad-type", f"wanted a {kind.__name__}, got {shown(value)}", field=name)
        for name, value, kind in wanted
        if not isinstance(value, kind)
    ]
    if type(years) is not int or years < 1:
        problems.append(Problem("bad-number", f"wanted a number of years from 1, got {shown(years)}", field="years"))
    if problems:
        raise ArgumentError(problems)


def _leaving(policy: Policy, roster: Roster, register: Register, span: Span) -> Iterator[tuple[Change, bool]]:
    """Yield who leaves in a year, and whether the register says so already.

    Who should have left before leaves on the first day, if still responsible for anybody; and nobody leaves on the very
    day on which a responsibility begins, but on the next.
    """
    muster = Muster(roster, register.view(on=span.start))
    end = span.end or date.max
    ages: dict[tuple[object, ...], date | None] = {}
    for base in roster.helpers:
        helper = muster.helper(base.id)
        known = muster.view.end_of_service(helper.id)
        if known is not None:
            if known in span:
                yield Departure(helper.id, on=known), True
            continue
        alike = (helper.birth, helper.rank, helper.kind, helper.sex)
        if alike not in ages:
            ages[alike] = policy.retires(helper)
        by_age, by_roster = ages[alike] or date.max, (helper.service and helper.service.end) or date.max
        on = min(by_age, by_roster)
        if on >= end or (helper.service is not None and helper.service.start >= on):
            continue
        begun = _begun(muster, helper)
        if on < span.start and not begun:
            continue
        on = max(on, span.start, *(day + timedelta(days=1) for day in begun))
        if on < end:
            yield Retirement(helper.id, on=on) if by_age <= by_roster else Departure(helper.id, "end", on=on), False


def _begun(muster: Muster, helper: Helper) -> list[date]:
    """Return since when, or from when on, a helper is responsible for each of the households not given up yet."""
    view = muster.view
    stays = (stay for household in view.ever_held(helper.id) for stay in view.stays(household))
    return [stay.start for stay in stays if stay.helper == helper.id and (stay.end is None or stay.end > view.on)]


def _short_of_room(handover: Handover) -> Iterable[tuple[str, date, bool]]:
    """Yield unit, day, and whether it stays vacant, of each household for which the own unit has no room."""
    if handover.asked is None:
        return
    unit_of = {(case.household, role): case.unit for case in handover.asked.cases for role in (case.role, *case.roles)}
    of_taker = handover.asked.muster.helper
    for passing in handover.passings:
        unit = unit_of.get((passing.household, passing.role))
        outside = all(rung in ("linked", "superior") for rung in passing.rungs)
        if unit and outside and all(of_taker(taker).unit != unit for taker in passing.takers):
            yield unit, passing.on, False
    for vacancy in handover.vacancies:
        unit = unit_of.get((vacancy.household, vacancy.role)) or vacancy.unit
        yield unit, vacancy.on, True
