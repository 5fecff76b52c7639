"""The four programmes on the command line: their made-up populations, books and years."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import attrs

from pairing.chronicles import CHRONICLES, campaign, chronicle
from pairing.commands import linked, linking_data, linking_page, paired, plan_data, plan_page, report_on, short
from pairing.desk import Desk
from pairing.errors import ArgumentError, Problem
from pairing.programmes import programme
from pairing.reporting import report
from pairing.synthetic import PROGRAMMES, population
from pairing.years import STARTS, HouseholdDays, Lifetime, YearFigures, live_through

__all__ = ["DEMO_DAYS", "DEMO_LINKS", "add_demos"]

DEMO_DAYS = {
    "gansu-2012": ("2012-02-08",),
    "hubei-2011": ("2011-03-01",),
    "liaoyang-1994": ("1994-10-01", "1996-12-31"),
    "panjin-2010": ("2010-12-01",),
}

DEMO_LINKS = ("gansu-2012", "hubei-2011")
"""The programmes of which the demo makes the links, whatever links the population has."""


def add_demos(commands: Any) -> None:
    """Add the commands to a parser."""
    demo = commands.add_parser("demo", help="build the invented population of a programme, link and pair it, verify")
    demo.add_argument("programme", choices=PROGRAMMES)
    _add_size(demo)
    demo.set_defaults(command=_demo)

    years = commands.add_parser(
        "years", help="live through the years of a programme: people leave, households exit, each year is a relay"
    )
    years.add_argument("programme", choices=tuple(STARTS))
    years.add_argument("--years", type=int, default=5, help="how many, from the first pairings on (default: 5)")
    _add_size(years)
    years.set_defaults(command=_years)

    reporting = commands.add_parser(
        "report", help="tell the report of your book, or that of a programme's invented one"
    )
    reporting.add_argument(
        "roster", metavar="ROSTER", help="your roster; or the name of a programme, for an invented one"
    )
    reporting.add_argument("--policy", help="a policy file (.toml) or the name of a programme")
    reporting.add_argument("--on", help="the day up to and with which it is told: YYYY-MM-DD")
    reporting.add_argument("--book", help="a file of records (.jsonl, -), or the URL of a database")
    _add_size(reporting)
    reporting.set_defaults(command=_report)


def _add_size(command: Any) -> None:
    command.add_argument("--scale", type=float, default=1.0, help="the share of the population, up to 1 (default: all)")
    command.add_argument("--seed", type=int, default=0, help="other people of the same figures (default: 0)")


def _demo(desk: Desk) -> int:
    options, stages = desk.options, desk.stages
    name = options.programme
    roster = stages.run("building the population", lambda: population(name, scale=options.scale, seed=options.seed))
    if name in DEMO_LINKS:
        roster = roster.linked((), ())
    policy = programme(name)
    is_short = False
    pages: list[str] = [f"{roster!r}\n"]
    data: list[dict[str, Any]] = []
    for day in DEMO_DAYS[name]:
        on = date.fromisoformat(day)
        page: dict[str, Any] = {}
        if name in DEMO_LINKS:
            linking = linked(policy, roster, on, desk, day)
            roster = roster.linked(linking.links, linking.own_links)
            is_short = is_short or short(linking)
            pages.append(linking_page(linking))
            page = {"policy": policy.name, "on": day, "linking": linking_data(linking)}
        if roster.households:
            plan = paired(policy, roster, on, desk, day)
            is_short = is_short or bool(plan.shortfalls)
            pages.append(plan_page(plan))
            page |= plan_data(plan)
        data.append(page)
    desk.tell(pages, data)
    return int(is_short)


def _years(desk: Desk) -> int:
    """Live through some years, and tell whether any household had, on any day, neither a helper nor a vacancy."""
    options = desk.options
    lifetime = live_through(
        options.programme, years=options.years, scale=options.scale, seed=options.seed, tell=desk.stages.note
    )
    desk.tell([str(lifetime)], _years_data(lifetime))
    return int(bool(lifetime.days.neither))


def _report(desk: Desk) -> int:
    options, stages = desk.options, desk.stages
    if options.roster not in PROGRAMMES:
        given = {"--policy": options.policy, "--on": options.on, "--book": options.book}
        missing = [name for name, value in given.items() if value is None]
        if missing:
            message = "wanted a value, as the roster is no programme's; got nothing"
            raise ArgumentError([Problem("missing-option", message, field=name) for name in missing])
        return report_on(desk)
    name, size = options.roster, {"scale": options.scale, "seed": options.seed}
    tell: Callable[..., Any]
    if name in CHRONICLES:
        book = stages.run("book", lambda: chronicle(name, **size))
        tell = partial(report, book.policy, book.roster, book.register, on=book.on)
    else:
        policy, roster, visits = stages.run("population", lambda: campaign(**size))
        assert policy.until is not None
        tell = partial(report, policy, roster, visits, on=policy.until - timedelta(days=1))
    told = stages.run("report", lambda: tell(language=desk.language))
    desk.tell([str(told)], told.to_dict())
    return 0


def _years_data(lifetime: Lifetime) -> dict[str, Any]:
    """Return the page as data."""

    def days(counted: HouseholdDays) -> dict[str, int]:
        return {
            "all": counted.all,
            "helper": counted.helper,
            "vacancy": counted.vacancy,
            "neither": counted.neither,
        }

    plain = [at.name for at in attrs.fields(YearFigures) if at.name not in ("span", "days")]
    return {
        "programme": lifetime.programme,
        "helpers": lifetime.helpers,
        "households": lifetime.households,
        "entries": len(lifetime.register),
        "household_days": days(lifetime.days),
        "years": [
            {"from": year.span.start.isoformat(), "to": str(year.span.end)}
            | {name: getattr(year, name) for name in plain}
            | {"household_days": days(year.days)}
            for year in lifetime.years
        ],
    }
