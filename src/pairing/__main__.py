"""The command line: `python -m pairing demo gansu-2012`, `python -m pairing pair FOLDER --policy … --on … --out …`.

Exit codes: 0, all is met; 1, something is short; 2, the input is wrong.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import attrs

import pairing
from pairing.errors import PairingError, Problem
from pairing.plan import Plan
from pairing.synthetic import PROGRAMMES, population

__all__ = ["main", "run"]

DEMO_DAYS = {
    "gansu-2012": ("2012-02-08",),
    "liaoyang-1994": ("1994-10-01", "1996-12-31"),
    "panjin-2010": ("2010-12-01",),
}

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

    demo = commands.add_parser("demo", help="build the invented population of a programme, pair it, verify the proof")
    demo.add_argument("programme", choices=PROGRAMMES)
    demo.add_argument("--scale", type=float, default=1.0, help="the share of the population, up to 1 (default: all)")
    demo.add_argument("--seed", type=int, default=0, help="another population of the same figures (default: 0)")
    demo.add_argument("--json", action="store_true", help="print data instead of a page")
    demo.set_defaults(command=_demo)

    pair = commands.add_parser("pair", help="pair a roster that is kept in CSV files")
    pair.add_argument("folder", help="has areas.csv, units.csv, helpers.csv, households.csv, links.csv")
    pair.add_argument("--policy", required=True, help="a policy file (.toml) or the name of a programme")
    pair.add_argument("--on", required=True, help="the day from which the pairings hold, YYYY-MM-DD")
    pair.add_argument("--out", help="the folder for pairings.csv and shortfalls.csv; it is made if need be")
    pair.add_argument("--json", action="store_true", help="print data instead of a page")
    pair.set_defaults(command=_pair)
    return parser


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
    roster = stages.run(
        "building the population", lambda: population(options.programme, scale=options.scale, seed=options.seed)
    )
    policy = pairing.programme(options.programme)
    short = False
    reports = []
    for day in DEMO_DAYS[options.programme]:
        on = date.fromisoformat(day)
        plan = stages.run(f"pairing on {day}", lambda on=on: pairing.pair(policy, roster, on=on))  # type: ignore[misc]
        stages.run(f"verifying the proof of {day}", plan.verify)
        short = short or bool(plan.shortfalls)
        reports.append(plan)
    if options.json:
        print(json.dumps([_data(plan, stages) for plan in reports], ensure_ascii=False, indent=2))
    else:
        print(f"{roster!r}\n")
        for plan in reports:
            print(plan.summary(), "\n  the proof holds: nothing better exists\n", sep="\n")
        print(stages)
    return int(short)


def _pair(options: argparse.Namespace) -> int:
    stages = _Stages()
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
    plan = stages.run("pairing", lambda: pairing.pair(policy, roster, on=on))
    stages.run("verifying the proof", plan.verify)
    if options.out:
        stages.run("writing", lambda: pairing.write_plan(plan, options.out))
    if options.json:
        print(json.dumps(_data(plan, stages), ensure_ascii=False, indent=2))
    else:
        print(plan.summary(), "\n  the proof holds: nothing better exists\n", stages, sep="\n")
    return int(bool(plan.shortfalls))


def _attempt(work: Callable[[], _Result], problems: list[Problem]) -> _Result | None:
    """Do something and return the result; or keep what is wrong, so that all of it can be told at once."""
    try:
        return work()
    except PairingError as error:
        problems += error.problems
        return None


def _data(plan: Plan, stages: _Stages) -> dict[str, Any]:
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
        "seconds": stages.seconds,
    }


if __name__ == "__main__":
    run()
