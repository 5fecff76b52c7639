"""What an office does on the command line with its own files: link, pair, audit, record, relay, report, spot-check."""

import argparse
import csv
import io
import os
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from pairing.auditing import audit
from pairing.dates import to_date
from pairing.desk import Desk, gathered
from pairing.entries import Change
from pairing.errors import ArgumentError, PairingError, Problem, bare, shown
from pairing.handover import Handover, relay
from pairing.journal import write_journal
from pairing.linking import NO_SHARE, Linking, link_villages
from pairing.people import Village
from pairing.placing import saved
from pairing.plan import Plan
from pairing.policy import Policy
from pairing.proposing import pair
from pairing.records import to_dict
from pairing.reporting import report
from pairing.roster import Roster
from pairing.sampling import SpotCheck, spot_check
from pairing.tables import write_plan, write_roster
from pairing.titles import cell_of

__all__ = [
    "add_commands",
    "linked",
    "linking_data",
    "linking_page",
    "paired",
    "plan_data",
    "plan_page",
    "report_on",
    "short",
]

_MOST = 1_000
"""So many findings, or households, a page lists; all of them are in the data."""

_PROVED = "\n  the proof holds: nothing better exists\n"


def add_commands(commands: Any) -> None:
    """Add the commands to a parser."""
    link = commands.add_parser("link", help="link the units, leaders and teams of a roster to villages")
    _add(link, _link, "roster", "policy", "on")
    link.add_argument("--out", help="where the roster goes with its links: a folder, or a path ending in .xlsx")

    pairing = commands.add_parser("pair", help="pair the helpers of a roster with its households")
    _add(pairing, _pair, "roster", "policy", "on")
    pairing.add_argument("--out", help="where pairings, shortfalls and links go: a folder, or a path ending in .xlsx")
    pairing.add_argument(
        "--book", help="the book that there is: keep to its pairings; with --record, enter the new ones"
    )
    pairing.add_argument("--record", action="store_true", help="record the plan in the book")

    auditing = commands.add_parser("audit", help="tell everything that is wrong with a book on a day")
    _add(auditing, _audit, "roster", "policy", "on", "book")

    recording = commands.add_parser("record", help="record entries in a book: visits, aid, exits, ...")
    _add(recording, _record, "book")
    recording.add_argument("--entries", required=True, help=f"the entries: {_ENTRIES}")

    relaying = commands.add_parser("relay", help="find successors for all who leave, and hand their households over")
    _add(relaying, _relay, "roster", "policy", "book")
    relaying.add_argument("--changes", required=True, help=f"who leaves, and what else happens: {_ENTRIES}")
    relaying.add_argument("--out", help="where the entries go, as rows: a path ending in .csv or .xlsx")
    relaying.add_argument("--record", action="store_true", help="record the changes and the handover in the book")

    checking = commands.add_parser("spot-check", help="draw the households that are to be checked")
    _add(checking, _spot_check, "roster", "on")
    checking.add_argument("--seed", required=True, help="a whole number, drawn in public: who has it can draw again")
    checking.add_argument("--share", default="1/10", help="which share of the households: 1/10, 5%% (default: 1/10)")
    checking.add_argument("--book", help="draw from the households that have a helper on the day, not from all")
    checking.add_argument("--out", help="where the list goes: a path ending in .csv")


_ENTRIES = "a file of records (.jsonl), rows of a spreadsheet (.csv, .xlsx), or - for records on standard input"

_GIVEN = {
    "roster": {
        "metavar": "ROSTER",
        "help": "a folder of CSV files, a workbook (.xlsx), or a file of records (.jsonl, -)",
    },
    "--policy": {"required": True, "help": "a policy file (.toml) or the name of a programme"},
    "--on": {"required": True, "help": "the day from which, or of which, it holds: YYYY-MM-DD"},
    "--book": {"required": True, "help": "a file of records (.jsonl, -), the URL of a database, or tables of pairings"},
}


def _add(command: argparse.ArgumentParser, work: Any, *given: str) -> None:
    for name in given:
        key = name if name == "roster" else f"--{name}"
        command.add_argument(key, **_GIVEN[key])  # type: ignore[arg-type]
    command.set_defaults(command=work)


# --- link and pair


def _link(desk: Desk) -> int:
    on, policy, roster = desk.policy_and_roster()
    linking = linked(policy, roster, on, desk)
    if desk.options.out:
        whole = roster.linked(linking.links, linking.own_links)
        desk.stages.run("writing", lambda: write_roster(whole, desk.options.out))
    desk.tell([linking_page(linking)], {"policy": policy.name, "on": on.isoformat(), **linking_data(linking)})
    return int(short(linking))


def _pair(desk: Desk) -> int:
    on, policy, roster = desk.policy_and_roster()
    book = desk.book(missing=desk.options.record) if desk.options.book else None
    if desk.options.record and book is None:
        raise PairingError([Problem("missing-book", "wanted --book with --record, got none", field="--book")])
    before = () if book is None else book.pairings or book.register.view(on=on).pairings
    plan = paired(policy, roster, on, desk, book=before)
    if desk.options.out:
        desk.stages.run("writing", lambda: write_plan(plan, desk.options.out))
    if book is not None and desk.options.record:
        desk.stages.run("recording", lambda: book.record(plan.entries()))
    desk.tell([plan_page(plan)], plan_data(plan))
    return int(bool(plan.shortfalls))


def linked(policy: Policy, roster: Roster, on: date, desk: Desk, day: str = "") -> Linking:
    """Link villages, and verify that the links keep the rules."""
    run = desk.stages.run
    linking = run(f"linking on {day}" if day else "linking", lambda: link_villages(policy, roster, on=on))
    run(f"verifying the links of {day}" if day else "verifying the links", linking.verify)
    return linking


def paired(policy: Policy, roster: Roster, on: date, desk: Desk, day: str = "", book: Any = ()) -> Plan:
    """Pair a roster, and verify the proof."""
    stages = desk.stages
    plan = stages.run(
        f"pairing on {day}" if day else "pairing",
        lambda: pair(policy, roster, on=on, book=book, progress=stages.progress),
    )
    stages.run(f"verifying the proof of {day}" if day else "verifying the proof", plan.verify)
    return plan


def short(linking: Linking) -> bool:
    """Whether a village is not linked, or somebody who takes on households has no village."""
    return bool(linking.unlinked) or any(reason != NO_SHARE for _, reason in linking.idle)


def linking_page(linking: Linking) -> str:
    """Return the links as a page."""
    lines = [linking.summary()]
    if teams := _teams(linking):
        lines += [
            "",
            f"  {'teams led by':<16}{'teams':>7}{'members':>9}{'villages':>10}{'households':>12}{'remoteness':>12}",
        ]
    for row in teams:
        tenths = 10 * row["remoteness"] // row["villages"]
        counts = f"{row['teams']:>7,}{row['members']:>9,}{row['villages']:>10,}{row['households']:>12,}"
        lines.append(f"  {row['who']:<16}{counts}{tenths // 10:>10}.{tenths % 10}")
    return "\n".join([*lines, "", "  the links keep every rule: counted again\n"])


def linking_data(linking: Linking) -> dict[str, Any]:
    """Return the page of links as data."""
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
    counted = ("teams", "members", "villages", "households", "remoteness")
    for team in sorted(map(roster.helper, own), key=lambda team: ladder.position(team.rank)):
        villages = own[team.id]
        row = rows.setdefault(team.rank, {"who": team.rank or "others", **dict.fromkeys(counted, 0)})
        row["teams"] += 1
        row["members"] += team.members
        row["villages"] += len(villages)
        row["households"] += sum(village.households for village in villages)
        row["remoteness"] += sum(village.remoteness for village in villages)
    return list(rows.values())


def plan_page(plan: Plan) -> str:
    """Return a plan as a page."""
    return "\n".join([plan.summary(), _PROVED])


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return the page of a plan as data."""
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


# --- books


def _audit(desk: Desk) -> int:
    (on, policy, roster), book = gathered(desk.policy_and_roster, desk.book)
    findings = desk.stages.run("auditing", lambda: audit(policy, roster, book.held, on=on))
    lines = [f"{desk.worded(str(finding))} [{finding.code}]" for finding in findings[:_MOST]]
    if len(findings) > _MOST:
        lines.append(f"… and {len(findings) - _MOST:,} more, with --json")
    lines.append(f"{len(findings):,} finding{'s' * (len(findings) != 1)} on {on}")
    data = {"policy": policy.name, "on": on.isoformat(), "findings": list(map(to_dict, findings))}
    desk.tell([*lines, ""], data)
    return int(bool(findings))


def _record(desk: Desk) -> int:
    book, entries = gathered(
        lambda: desk.book(missing=True), lambda: desk.entries(desk.options.entries, "reading the entries")
    )
    new = desk.stages.run("recording", lambda: desk.placed(lambda: book.record(entries)))
    desk.tell(
        [f"{new:,} entries recorded, {len(entries) - new:,} were there already; the book has {len(book.register):,}\n"],
        {"recorded": new, "given": len(entries), "entries": len(book.register)},
    )
    return 0


def _relay(desk: Desk) -> int:
    policy, book, changes = gathered(
        desk.policy, desk.book, lambda: desk.entries(desk.options.changes, "reading the changes")
    )
    roster, register = desk.roster(policy), book.whole()
    handover = desk.stages.run("relay", lambda: desk.placed(lambda: relay(policy, roster, register, _changes(changes))))
    desk.stages.run("verifying the proof", handover.verify)
    if desk.options.out:
        desk.stages.run("writing", lambda: write_journal(handover.entries(), desk.options.out))
    if desk.options.record:
        desk.stages.run("recording", lambda: book.record(handover.entries()))
    desk.tell([handover.summary(), _PROVED], _handover_data(handover))
    return int(bool(handover.vacancies))


def _changes(entries: tuple[Any, ...]) -> list[Change]:
    """Return the entries, all of which must be changes."""
    others = sorted({type(entry).__name__ for entry in entries if not isinstance(entry, Change)})
    problems = [
        Problem("bad-type", f"wanted what happens to people, got a {other}", field="--changes") for other in others
    ]
    if problems:
        raise ArgumentError(problems)
    return list(entries)


def _handover_data(handover: Handover) -> dict[str, Any]:
    return {
        "policy": handover.policy.name,
        "values": dict(handover.values),
        "passings": list(map(to_dict, handover.passings)),
        "vacancies": list(map(to_dict, handover.vacancies)),
        "duties": list(map(to_dict, handover.duties)),
        "entries": list(map(to_dict, handover.entries())),
    }


def report_on(desk: Desk) -> int:
    """Tell the report of one's own book."""
    (on, policy, roster), book = gathered(desk.policy_and_roster, desk.book)
    register = book.whole()
    told = desk.stages.run("report", lambda: report(policy, roster, register, on=on, language=desk.language))
    desk.tell([str(told)], told.to_dict())
    return 0


# --- spot checks


def _spot_check(desk: Desk) -> int:
    options = desk.options
    on, share, seed = gathered(
        lambda: _day(options.on), lambda: _share(options.share), lambda: _whole(options.seed, "--seed")
    )
    roster = desk.roster()
    if options.book:
        book = desk.book()
        held = book.register.view(on=on).pairings if book.pairings is None else book.pairings
        households = {p.household for p in held if p.span is None or on in p.span}
    else:
        households = {h.id for h in roster.households if h.registered is None or on in h.registered}
    check = spot_check(households, seed=seed, share=share)
    if options.out:
        desk.stages.run("writing", lambda: _write_check(check, roster, options.out))
    lines = [f"  {bare(p.household)}  {desk.worded(p.channel)}" for p in check.picks[:_MOST]]
    if len(check.picks) > _MOST:
        lines.append(f"  … and {len(check.picks) - _MOST:,} more, with --json or --out")
    desk.tell([str(check), "", *lines, ""], to_dict(check))
    return 0


def _day(text: str) -> date:
    return to_date(text, "--on")


def _whole(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ArgumentError("bad-number", f"wanted a whole number of at most 18 digits, got {shown(text)}", field)
    return int(text)


def _share(text: str) -> Fraction:
    try:
        percent = text.endswith("%")
        return Fraction(text.removesuffix("%")) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        raise ArgumentError("bad-share", f"wanted a share as 1/10 or 10%, got {shown(text)}", "--share") from None


def _write_check(check: SpotCheck, roster: Roster, path: str) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(("household", "village", "channel"))
    for pick in check.picks:
        village = roster.household(pick.household).village if pick.household in roster else ""
        rows.writerow([cell_of("key", "", False, cell) for cell in (pick.household, village or "-", pick.channel)])
    if fault := saved(path, text.getvalue().encode("utf-8-sig")):
        message = f"wanted to write {os.path.basename(path)}, got {fault}"
        raise PairingError([Problem("cannot-write", message, field="--out")])
