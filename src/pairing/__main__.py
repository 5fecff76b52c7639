"""The command line: `python -m pairing COMMAND`.

For your own files there are `link`, `pair`, `audit`, `record`, `relay`, `report` and `spot-check`; for the four
programmes `demo`, `years` and `report`.  Exit codes: 0, all is met; 1, something is short, vacant or found; 2, the
input is wrong.
"""

import argparse
import os
import sys
from collections.abc import Sequence

import pairing
from pairing.commands import add_commands
from pairing.demos import add_demos
from pairing.desk import Desk
from pairing.errors import PairingError
from pairing.reporting import LANGUAGES

__all__ = ["main", "run"]


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
    options = _parser().parse_args(arguments)
    desk = Desk(options)
    try:
        return int(options.command(desk))
    except PairingError as error:
        return desk.refuse(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pairing", description="Paired assistance (结对帮扶): who helps whom.")
    parser.add_argument("--version", action="version", version=f"pairing {pairing.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_demos(commands)
    add_commands(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="print data instead of a page")
        command.add_argument("--language", choices=LANGUAGES, default="en", help="English or Chinese (default: en)")
    return parser


if __name__ == "__main__":
    run()
