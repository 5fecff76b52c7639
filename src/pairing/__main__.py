"""The command line: `python -m pairing demo gansu-2012`, `years`, `report`; `link` and `pair` for your own files.

`python -m pairing link FOLDER --policy … --on … --out …`, then `python -m pairing pair FOLDER --policy … --on …`.
Exit codes: 0, all is met; 1, something is short; 2, the input is wrong.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

import attrs

import pairing
from pairing.chronicles import CHRONICLES, campaign, chronicle
from pairing.errors import PairingError, Problem
from pairing.linking import NO_SHARE, Linking, link_villages
from pairing.people import Village
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.reporting import LANGUAGES, report
from pairing.roster import Roster
from pairing.synthetic import PROGRAMMES, population
from pairing.years import STARTS, HouseholdDays, Lifetime, YearFigures, live_through

__all__ = ["main", "run"]

DEMO_DAYS = {
    "gansu-2012": ("2012-02-08",),
    "hubei-2011": ("2011-03-01",),
    "liaoyang-1994": ("1994-10-01", "1996-12-31"),
    "panjin-2010": ("2010-12-01",),
}

DEMO_LINKS = ("gansu-2012", "hubei-2011")
"""The programmes of which the demo makes the links, whatever links the population has."""

_Result = TypeVar("_Result")


def run() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    raise SystemExit(code)


def main(arguments: Sequence[str]) -> int:
    """Carry out a command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except PairingError as error:
        if options.json:
            problems = [attrs.asdict(problem) for problem in error.problems]
            print(json.dumps({"problems": problems}, ensure_ascii=False, indent=2))
        else:
            print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pairing", description="Paired assistance (结对帮扶): who helps whom.")
    parser.add_argument("--version", action="version", version=f"pairing {pairing.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="build the invented population of a programme, link and pair it, verify")
    demo.add_argument("programme", choices=PROGRAMMES)
    demo.add_argument("--scale", type=float, default=1.0, help="the share of the population, up to 1 (default: all)")
    demo.add_argument("--seed", type=int, default=0, help="another population of the same figures (default: 0)")
    demo.add_argument("--json", action="store_true", help="print data instead of a page")
    demo.set_defaults(command=_demo)

    years = commands.add_parser(
        "years", help="live through the years of a programme: people leave, households exit, each year is a relay"
    )
    years.add_argument("programme", choices=tuple(STARTS))
    years.add_argument("--years", type=int, default=5, help="how many, from the first pairings on (default: 5)")
    years.add_argument("--scale", type=float, default=1.0, help="the share of the population, up to 1 (default: all)")
    years.add_argument("--seed", type=int, default=0, help="other people, and other fates (default: 0)")
    years.add_argument("--json", action="store_true", help="print data instead of a page")
    years.set_defaults(command=_years)

    report = commands.add_parser("report", help="tell the report of a programme, counted from an invented book of it")
    report.add_argument("programme", choices=PROGRAMMES)
    report.add_argument("--language", choices=LANGUAGES, default="en", help="English or Chinese (default: en)")
    report.add_argument("--scale", type=float, default=1.0, help="the share of the population, up to 1 (default: all)")
    report.add_argument("--seed", type=int, default=0, help="other people, and other deeds (default: 0)")
    report.add_argument("--json", action="store_true", help="print data instead of a page")
    report.set_defaults(command=_report)

    link = commands.add_parser("link", help="link the units, leaders and teams of a roster in CSV files to villages")
    _add_files(link, "the folder for the roster with its links, as `pair` reads it; it is made if need be")
    link.set_defaults(command=_link)

    pair = commands.add_parser("pair", help="pair a roster that is kept in CSV files")
    _add_files(pair, "the folder for pairings.csv, shortfalls.csv and the links; it is made if need be")
    pair.set_defaults(command=_pair)
    return parser


def _add_files(command: argparse.ArgumentParser, out: str) -> None:
    command.add_argument("folder", help="has areas.csv, units.csv, helpers.csv, households.csv, links.csv")
    command.add_argument("--policy", required=True, help="a policy file (.toml) or the name of a programme")
    command.add_argument("--on", required=True, help="the day from which it holds, YYYY-MM-DD")
    command.add_argument("--out", help=out)
    command.add_argument("--json", action="store_true", help="print data instead of a page")


class _Stages:
    """Runs one stage after the other and notes how long each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def run(self, name: str, work: Callable[[], _Result]) -> _Result:
        print(f"{name} …", end="", file=sys.stderr, flush=True)
        start = time.perf_counter()
        try:
            result = work()
        finally:
            self.seconds[name] = time.perf_counter() - start
            print(f" {self.seconds[name]:.2f} s", file=sys.stderr, flush=True)
        return result

    def __str__(self) -> str:
        rows = [f"  {name:<42}{seconds:6.2f} s" for name, seconds in self.seconds.items()]
        return "\n".join(["  where the time went", *rows])


def _demo(options: argparse.Namespace) -> int:
    stages = _Stages()
    name = options.programme
    roster = stages.run("building the population", lambda: population(name, scale=options.scale, seed=options.seed))
    if name in DEMO_LINKS:
        roster = roster.linked((), ())
    policy = pairing.programme(name)
    short = False
    pages: list[str] = [f"{roster!r}\n"]
    data: list[dict[str, Any]] = []
    for day in DEMO_DAYS[name]:
        on = date.fromisoformat(day)
        page: dict[str, Any] = {}
        if name in DEMO_LINKS:
            linking = _linking(policy, roster, on, stages, day)
            roster = roster.linked(linking.links, linking.own_links)
            short = short or _is_short(linking)
            pages.append(_linking_page(linking))
            page = {"policy": policy.name, "on": day, "linking": _linking_data(linking)}
        if roster.households:
            plan = _plan(policy, roster, on, stages, day)
            short = short or bool(plan.shortfalls)
            pages.append(_plan_page(plan))
            page |= _plan_data(plan)
        data.append(page)
    _tell(options, pages, [page | {"seconds": stages.seconds} for page in data], stages)
    return int(short)


def _years(options: argparse.Namespace) -> int:
    """Live through some years, and tell whether any household had, on any day, neither a helper nor a vacancy."""

    def tell(stage: str, seconds: float) -> None:
        print(f"{stage} … {seconds:.2f} s", file=sys.stderr, flush=True)

    lifetime = live_through(options.programme, years=options.years, scale=options.scale, seed=options.seed, tell=tell)
    if options.json:
        print(json.dumps(_years_data(lifetime), ensure_ascii=False, indent=2))
    else:
        print(lifetime)
    return int(bool(lifetime.days.neither))


def _report(options: argparse.Namespace) -> int:
    stages = _Stages()
    name, size = options.programme, {"scale": options.scale, "seed": options.seed}
    if name in CHRONICLES:
        book = stages.run("book", lambda: chronicle(name, **size))
        tell = partial(report, book.policy, book.roster, book.register, on=book.on)
    else:
        policy, roster, visits = stages.run("population", lambda: campaign(**size))
        assert policy.until is not None
        tell = partial(report, policy, roster, visits, on=policy.until - timedelta(days=1))
    told = stages.run("report", lambda: tell(language=options.language))
    _tell(options, [str(told)], told.to_dict(), stages)
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


def _link(options: argparse.Namespace) -> int:
    stages = _Stages()
    on, policy, roster = _read(options, stages)
    linking = _linking(policy, roster, on, stages)
    if options.out:
        linked = roster.linked(linking.links, linking.own_links)
        stages.run("writing", lambda: pairing.write_roster(linked, options.out))
    data = {"policy": policy.name, "on": on.isoformat(), **_linking_data(linking), "seconds": stages.seconds}
    _tell(options, [_linking_page(linking)], data, stages)
    return int(_is_short(linking))


def _pair(options: argparse.Namespace) -> int:
    stages = _Stages()
    on, policy, roster = _read(options, stages)
    plan = _plan(policy, roster, on, stages)
    if options.out:
        stages.run("writing", lambda: pairing.write_plan(plan, options.out))
    _tell(options, [_plan_page(plan)], _plan_data(plan) | {"seconds": stages.seconds}, stages)
    return int(bool(plan.shortfalls))


def _read(options: argparse.Namespace, stages: _Stages) -> tuple[date, Policy, Roster]:
    """Return what a command is given; or raise with all that is wrong with the day, the policy and the roster."""
    problems: list[Problem] = []
    on = _attempt(lambda: pairing.to_date(options.on, "--on"), problems)
    named = not os.path.exists(options.policy) and not options.policy.endswith(".toml")
    read = pairing.programme if named else pairing.load_policy
    policy = _attempt(lambda: read(options.policy), problems)
    ladder = policy.ladder if policy else pairing.LADDER
    of_roster: list[Problem] = []
    roster = _attempt(
        lambda: stages.run("reading", lambda: pairing.read_roster(options.folder, ladder=ladder)), of_roster
    )
    # the ranks of a policy that cannot be read are not known
    problems += [problem for problem in of_roster if policy or problem.code != "unknown-rank"]
    if on is None or policy is None or roster is None:
        raise PairingError(problems)
    return on, policy, roster


def _attempt(work: Callable[[], _Result], problems: list[Problem]) -> _Result | None:
    """Do something and return the result; or keep what is wrong, so that all of it can be told at once."""
    try:
        return work()
    except PairingError as error:
        problems += error.problems
        return None


def _linking(policy: Policy, roster: Roster, on: date, stages: _Stages, day: str = "") -> Linking:
    linking = stages.run(f"linking on {day}" if day else "linking", lambda: link_villages(policy, roster, on=on))
    stages.run(f"verifying the links of {day}" if day else "verifying the links", linking.verify)
    return linking


def _plan(policy: Policy, roster: Roster, on: date, stages: _Stages, day: str = "") -> Plan:
    plan = stages.run(f"pairing on {day}" if day else "pairing", lambda: pairing.pair(policy, roster, on=on))
    stages.run(f"verifying the proof of {day}" if day else "verifying the proof", plan.verify)
    return plan


def _tell(options: argparse.Namespace, pages: Sequence[str], data: object, stages: _Stages) -> None:
    if options.json:
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(*pages, stages, sep="\n")


def _is_short(linking: Linking) -> bool:
    """Whether a village is not linked, or somebody who takes on households has no village."""
    return bool(linking.unlinked) or any(reason != NO_SHARE for _, reason in linking.idle)


def _linking_page(linking: Linking) -> str:
    lines = [linking.summary()]
    if teams := _teams(linking):
        lines += [
            "",
            f"  {'teams led by':<16}{'teams':>7}{'members':>9}{'villages':>9}{'households':>12}{'remoteness':>12}",
        ]
    for row in teams:
        tenths = 10 * row["remoteness"] // row["villages"]
        counts = f"{row['teams']:>7,}{row['members']:>9,}{row['villages']:>9,}{row['households']:>12,}"
        lines.append(f"  {row['who']:<16}{counts}{tenths // 10:>10}.{tenths % 10}")
    return "\n".join([*lines, "", "  the links keep every rule: counted again\n"])


def _linking_data(linking: Linking) -> dict[str, Any]:
    """Return the page as data."""
    return {
        "links": len(linking.links),
        "fewest_links": linking.bound,
        "own_links": len(linking.own_links),
        "villages": {"part": linking.villages.part, "whole": linking.villages.whole},
        "teams": _teams(linking),
        "unlinked": [{"village": village, "reason": reason} for village, reason in linking.unlinked],
        "idle": [{"id": id, "reason": reason} for id, reason in linking.idle],
    }


def _teams(linking: Linking) -> list[dict[str, Any]]:
    """Return what the teams carry that leaders of each rank lead, from the top; `remoteness` is a sum over villages."""
    roster, ladder = linking.roster, linking.policy.ladder
    own: dict[str, list[Village]] = {}
    for link in linking.own_links:
        if roster.helper(link.helper).kind == "team" and roster.areas[link.area].level == "village":
            own.setdefault(link.helper, []).append(roster.village(link.area))
    rows: dict[str | None, dict[str, Any]] = {}
    for team in sorted(map(roster.helper, own), key=lambda team: ladder.position(team.rank)):
        villages = own[team.id]
        start = {
            "who": team.rank or "others",
            "teams": 0,
            "members": 0,
            "villages": 0,
            "households": 0,
            "remoteness": 0,
        }
        row = rows.setdefault(team.rank, start)
        row["teams"] += 1
        row["members"] += team.members
        row["villages"] += len(villages)
        row["households"] += sum(village.households for village in villages)
        row["remoteness"] += sum(village.remoteness for village in villages)
    return list(rows.values())


def _plan_page(plan: Plan) -> str:
    return f"{plan.summary()}\n\n  the proof holds: nothing better exists\n"


def _plan_data(plan: Plan) -> dict[str, Any]:
    """Return the page as data."""
    shares = {
        "households": plan.coverage,
        "helpers": plan.fulfilment,
        "villages": plan.villages,
        "units": plan.units,
    }
    return {
        "policy": plan.policy.name,
        "on": plan.on.isoformat(),
        "pairings": len(plan.pairings),
        **{name: {"part": share.part, "whole": share.whole} for name, share in shares.items()},
        "loads": [attrs.asdict(load) for load in plan.loads_by_rank],
        "shortfalls": [
            {
                "side": s.side,
                "missing": s.missing,
                "wanted": s.wanted,
                "available": s.available,
                "needing": list(s.needing),
                "holding": list(s.holding),
                "sentence": s.sentence,
            }
            for s in plan.shortfalls
        ],
    }


if __name__ == "__main__":
    run()
