"""The command line with a book: pair into it, relay, record, audit, report and spot-check, in files and databases."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import pairing as pr
from pairing.__main__ import main
from pairing.desk import Book, Stages
from pairing.records import read_records, write_records
from pairing.store import ConflictError, KeptRegister

POLICY = """
name = "ours"
title = "联村联户"
aims = ["coverage", "floors", "keep", "even"]

[[helpers]]
floor = 1
ceiling = 2

[visits]
silence = 6
"""


class Office:
    """A village of four households, a county unit of three helpers, one of another, and the commands for them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.book = str(folder / "book.jsonl")
        self.roster = pr.Roster(
            pr.AreaTree([pr.Area("v", "上坪村", "village"), pr.Area("w", "下坪村", "village")]),
            [pr.Unit("u", "county", "v", name="县水务局"), pr.Unit("t", "county", "w", name="县教育局")],
            [
                *(
                    pr.Helper(f"c-{n}", "u", "section", name=name)
                    for n, name in enumerate(("王小明", "李大山", "赵六"))
                ),
                pr.Helper("d-0", "t", "staff", name="钱七"),
            ],
            [*(pr.Household(f"h-{n}", "v", name=f"孙八{n}") for n in range(3)), pr.Household("g-0", "w")],
            [pr.Link("u", "v"), pr.Link("t", "w")],
        )
        pr.write_roster(self.roster, folder / "county")
        (folder / "ours.toml").write_text(POLICY, encoding="utf-8")

    def run(self, command: str, *more: str, on: str | None = None, roster: str = "county") -> tuple[int, str, str]:
        """Carry out a command, and return its exit code and what it printed."""
        given = [] if command == "record" else [str(self.folder / roster) if roster != "-" else "-"]
        if command not in ("record", "spot-check"):
            given += ["--policy", str(self.folder / "ours.toml")]
        if on is not None:
            given += ["--on", on]
        code = main([command, *given, *more])
        out, err = self.capsys.readouterr()
        return code, out, err

    def data(self, command: str, *more: str, **options: Any) -> tuple[int, Any]:
        code, out, _ = self.run(command, *more, "--json", **options)
        return code, json.loads(out)

    def register(self) -> pr.Register:
        (register,) = read_records(self.book)
        assert isinstance(register, pr.Register)
        return register

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


@pytest.fixture
def begun(office: Office) -> Office:
    """An office that has paired its county, and recorded it."""
    assert office.run("pair", "--book", office.book, "--record", on="2012-02-08")[0] == 0
    return office


def test_a_plan_is_recorded_in_a_book(begun: Office) -> None:
    """With --record the plan's entries are in the book, which is begun where it is not there; again, nothing is new."""
    register = begun.register()
    assert {p.household for p in register.view(on=date(2012, 2, 8)).pairings} == {"h-0", "h-1", "h-2", "g-0"}
    assert begun.run("pair", "--book", begun.book, "--record", on="2012-02-08")[0] == 0
    assert begun.register() == register


def test_a_plan_keeps_to_the_book(office: Office) -> None:
    """With --book alone the plan keeps the pairs that there are, and nothing is recorded."""
    told = pr.Register().record(
        pr.Paired("c-0", "h-2", on=date(2012, 2, 8)), pr.Paired("c-2", "h-0", on=date(2012, 2, 8))
    )
    write_records([told], office.book)
    code, data = office.data("pair", "--book", office.book, "--out", str(office.folder / "plan"), on="2012-03-01")
    assert (code, data["pairings"]) == (0, 4)
    found = {(p.helper, p.household) for p in pr.read_pairings(office.folder / "plan")}
    assert {("c-0", "h-2"), ("c-2", "h-0")} <= found
    assert office.register() == told


def test_who_leaves_is_followed(begun: Office) -> None:
    """A relay of the rows of a spreadsheet says who takes over, and records it; nobody is dropped."""
    held = {p.household: p.helper for p in begun.register().view(on=date(2012, 2, 8)).pairings}
    leaver = held["h-0"]
    changes = begun.file("changes.csv", f"kind,on,helper\nRetirement,2013-06-30,{leaver}\n")
    out = str(begun.folder / "handover.csv")
    code, page, _ = begun.run("relay", "--book", begun.book, "--changes", changes, "--out", out)
    assert code == 0
    assert f"household h-0: {leaver} → " in page
    assert "the proof holds: nothing better exists" in page
    assert begun.register().view(on=date(2013, 7, 1)).of(leaver)  # nothing is recorded without --record
    with open(out, encoding="utf-8-sig") as file:
        kinds = [row["kind"] for row in csv.DictReader(file)]
    assert kinds == ["Retirement", "HandedOver"]
    code, data = begun.data("relay", "--book", begun.book, "--changes", changes, "--record")
    assert (code, len(data["passings"]), data["vacancies"]) == (0, 1, [])
    assert [entry["type"] for entry in data["entries"]] == kinds
    after = begun.register().view(on=date(2013, 7, 1))
    assert (after.of(leaver), len(after.pairings)) == ((), 4)


def test_a_vacancy_ends_with_1(begun: Office) -> None:
    """Where nobody can take over, the household is vacant, which is told with the reason; the exit code is 1."""
    changes = begun.file("changes.csv", "类别,日期,帮扶人\n退休,2013-06-30,d-0\n")
    code, page, _ = begun.run("relay", "--book", begun.book, "--changes", changes)
    assert code == 1
    assert "household g-0: vacancy, seen to by t" in page
    code, page, err = begun.run("relay", "--book", begun.book, "--changes", changes, "--language", "zh")
    assert code == 1
    assert "g-0" in page
    assert "vacancy" not in page + err


def test_what_is_given_on_standard_input(begun: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash stands for records on standard input: the changes, the book, or the roster."""

    def given(values: Sequence[Any], names: bool = False) -> None:
        write_records(values, begun.folder / "in.jsonl", names=names)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((begun.folder / "in.jsonl").read_bytes())))

    given([pr.Retirement("d-0", on=date(2013, 6, 30))])
    assert begun.data("relay", "--book", begun.book, "--changes", "-")[1]["vacancies"][0]["household"] == "g-0"
    given([begun.register()])
    assert begun.data("audit", "--book", "-", on="2012-03-01") == (0, _audited([]))
    given([begun.roster])
    assert begun.data("pair", on="2012-03-01", roster="-")[1]["pairings"] == 4
    given([begun.roster])
    code, data = begun.data("audit", "--book", "-", on="2012-03-01")
    assert code == 2
    assert data["problems"] == [
        {
            "code": "bad-records",
            "message": "wanted one Register in the file, got 0",
            "file": "-",
            "row": None,
            "field": "",
        }
    ]


def _audited(findings: list[dict[str, Any]]) -> Any:
    class Data(dict[str, Any]):
        def __eq__(self, other: object) -> bool:
            return isinstance(other, dict) and other["findings"] == findings

        __hash__ = None

    return Data()


def test_findings_end_with_1(begun: Office) -> None:
    """An audit lists what is wrong with a book, of entries or of pairings in tables; the exit code is 1."""
    assert begun.run("audit", "--book", begun.book, on="2012-03-01")[0] == 0
    pr.write_pairings([pr.Pairing("c-0", "h-0"), pr.Pairing("c-0", "g-0")], begun.folder / "by hand")
    code, page, _ = begun.run("audit", "--book", str(begun.folder / "by hand"), on="2012-03-01")
    assert code == 1
    assert "household 'h-1': wanted at least 1 helper, got none [household-without-helper]\n" in page
    assert "helper 'c-0', household 'g-0': wanted unit 'u' linked to village 'w', got no link [outside-links]" in page
    assert "findings on 2012-03-01" in page
    code, data = begun.data("audit", "--book", str(begun.folder / "by hand"), on="2012-03-01")
    assert code == 1
    assert {finding["code"] for finding in data["findings"]} >= {"household-without-helper", "outside-links"}
    code, page, err = begun.run("audit", "--book", str(begun.folder / "by hand"), "--language", "zh", on="2012-03-01")
    assert code == 1
    assert "wanted" not in page + err
    assert "household-without-helper" in page  # codes are the same in every language


def test_deeds_are_recorded_and_reported(begun: Office) -> None:
    """Visits come from a spreadsheet into the book, once each, and the report counts them, in either language."""
    visits = begun.file(
        "visits.csv", "kind,on,household,helpers\nVisited,2012-02-20,h-0,c-0\nVisited,2012-02-21,h-1,c-1;c-2\n"
    )
    for new in (2, 0):
        code, data = begun.data("record", "--book", begun.book, "--entries", visits)
        assert (code, data["recorded"], data["given"], data["entries"]) == (0, new, 2, len(begun.register()))
    code, page, _ = begun.run("report", "--book", begun.book, on="2012-02-29")
    assert code == 0
    assert "3 person-visits" in page or "3 visits" in page
    code, page, _ = begun.run("report", "--book", begun.book, "--language", "zh", on="2012-02-29")
    assert code == 0
    assert "走访" in page


def test_a_report_of_ones_own_needs_policy_day_and_book(office: Office) -> None:
    """What is missing is told all at once."""
    assert main(["report", str(office.folder / "county")]) == 2
    assert office.capsys.readouterr().err.splitlines()[1:] == [
        f"{name}: wanted a value, as the roster is no programme's; got nothing [missing-option]"
        for name in ("--policy", "--on", "--book")
    ]


def test_a_book_in_a_database(office: Office) -> None:
    """The same commands keep a book in a database, by its URL."""
    url = f"sqlite:///{office.folder}/book.db"
    assert office.run("pair", "--book", url, "--record", on="2012-02-08")[0] == 0
    changes = office.file("changes.csv", "kind,on,helper\nRetirement,2013-06-30,d-0\n")
    assert office.run("relay", "--book", url, "--changes", changes, "--record")[0] == 1
    with KeptRegister(url) as kept:
        assert [v.household for v in kept.register.view(on=date(2013, 7, 1)).vacancies] == ["g-0"]
    code, data = office.data("audit", "--book", url, on="2013-07-01")
    assert (code, [finding["code"] for finding in data["findings"]]) == (1, ["vacancy"])


def test_households_are_drawn_for_a_spot_check(begun: Office) -> None:
    """The draw is that of `spot_check`: of the roster, or of those who have a helper on the day, into a list."""
    code, page, _ = begun.run("spot-check", "--seed", "2016", "--share", "50%", on="2012-03-01")
    check = pr.spot_check([h.id for h in begun.roster.households], seed=2016, share=Fraction(1, 2))
    assert (code, page.splitlines()[0]) == (0, str(check).splitlines()[0])


def test_a_spot_check_is_written_as_a_list(begun: Office) -> None:
    """With --out there is a row for each household, with its village and its channel."""
    out = begun.folder / "list.csv"
    code, data = begun.data(
        "spot-check", "--seed", "2016", "--share", "1/2", "--book", begun.book, "--out", str(out), on="2012-03-01"
    )
    assert (code, data["of"], len(data["picks"])) == (0, 4, 2)
    with open(out, encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["household"] for row in rows] == [pick["household"] for pick in data["picks"]]
    assert {row["village"] for row in rows} <= {"v", "w"}


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        (
            ["spot-check", "--seed", "x", "--share", "0/0", "on"],
            [
                "--on: wanted a day as YYYY-MM-DD, got 'on'",
                "--share: wanted a share as 1/10 or 10%, got '0/0' [bad-share]",
                "--seed: wanted a whole number of at most 18 digits, got 'x' [bad-number]",
            ],
        ),
    ],
)
def test_options_that_cannot_be_read_are_told_at_once(
    office: Office, arguments: list[str], problems: list[str]
) -> None:
    """What is wrong with several options is one list; the exit code is 2."""
    command, *more, on = arguments
    code, _, err = office.run(command, *more, on=on)
    assert code == 2
    for problem in problems:
        assert problem in err


def test_a_book_that_is_not_there_or_none_is_told(begun: Office) -> None:
    """A missing book is told, and one that cannot be written; tables of pairings are no register."""
    none = str(begun.folder / "none.jsonl")
    code, _, err = begun.run("audit", "--book", none, on="2012-03-01")
    assert code == 2
    assert "none.jsonl: wanted a file that can be read, got the error 'No such file or directory'" in err
    pr.write_pairings([pr.Pairing("c-0", "h-0")], begun.folder / "by hand")
    changes = begun.file("changes.csv", "kind,on,helper\nRetirement,2013-06-30,d-0\n")
    code, _, err = begun.run("relay", "--book", str(begun.folder / "by hand"), "--changes", changes)
    assert code == 2
    assert "--book: wanted a register (a file ending in .jsonl, or the URL of a database), got a table" in err
    code, _, err = begun.run("pair", "--record", on="2012-03-01")
    assert (code, err.splitlines()[-1]) == (2, "--book: wanted --book with --record, got none [missing-book]")


def test_faults_of_entries_are_told_with_their_rows(begun: Office) -> None:
    """What a relay or the book refuses of a spreadsheet is told with its file and its row there."""
    changes = begun.file("变动.csv", "种类,日期,帮扶人\n,,\n退休,2013-06-30,nobody\n")
    code, _, err = begun.run("relay", "--book", begun.book, "--changes", changes)
    assert (code, err.splitlines()[-1]) == (
        2,
        "变动.csv, row 3, helper: wanted the id of a helper of the roster, got 'nobody' [unknown-id]",
    )
    entries = begun.file("登记.csv", "kind,on,household,helper\n\nReleased,2013-06-30,h-0,c-9\n")
    code, _, err = begun.run("record", "--book", begun.book, "--entries", entries)
    assert code == 2
    assert "登记.csv, row 3, reason: wanted a text, got nothing [bad-key]" in err
    entries = begun.file("登记.csv", "kind,on,household,helper,reason\n\nReleased,2013-06-30,h-0,c-9,left\n")
    code, _, err = begun.run("record", "--book", begun.book, "--entries", entries)
    assert code == 2
    assert "登记.csv, row 3" in err.splitlines()[-1]


def test_of_two_who_record_at_once_the_second_is_told(begun: Office) -> None:
    """A book in a file that others have written since it was read is not written over; nothing is lost."""
    visits = [pr.Visited("h-0", ["c-0"], on=date(2012, 3, n)) for n in (1, 2)]
    one, other = Book(begun.book), Book(begun.book)
    known = len(begun.register())
    assert one.record(visits[:1]) == 1
    with pytest.raises(ConflictError) as caught:
        other.record(visits[1:])
    assert str(caught.value) == (
        f"book.jsonl: wanted the book as it was read, of {known} entries, but others have written it since [conflict]"
    )
    assert list(begun.register())[known:] == visits[:1]
    assert Book(begun.book).record(visits) == 1
    assert sorted(path.name for path in begun.folder.iterdir()) == ["book.jsonl", "county", "ours.toml"]


def test_what_is_no_change_is_refused(begun: Office) -> None:
    """A relay answers what happens to people; visits are recorded, not relayed."""
    visits = begun.file("visits.csv", "kind,on,household,helpers\nVisited,2012-02-20,h-0,c-0\n")
    code, _, err = begun.run("relay", "--book", begun.book, "--changes", visits)
    assert code == 2
    assert "--changes: wanted what happens to people, got a Visited [bad-type]" in err


def test_no_name_is_printed(begun: Office) -> None:
    """Law B2: no page, no data and no message has a person's name."""
    names = {helper.name for helper in begun.roster.helpers} | {"孙八"}
    changes = begun.file("changes.csv", "kind,on,helper\nRetirement,2013-06-30,d-0\n")
    printed = ""
    for more in ((), ("--json",), ("--language", "zh")):
        printed += "".join(map(str, begun.run("relay", "--book", begun.book, "--changes", changes, *more)))
        printed += "".join(map(str, begun.run("audit", "--book", begun.book, *more, on="2020-01-01")))
        printed += "".join(map(str, begun.run("pair", *more, on="2012-03-01")))
        printed += "".join(map(str, begun.run("spot-check", "--seed", "1", *more, on="2012-03-01")))
    assert printed
    assert not [name for name in names if name in printed]


def test_a_bar_shows_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far a long stage is shows where somebody looks; in a file there is one line for each stage."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, bars in ((io.StringIO(), 0), (Terminal(), 2)):
        monkeypatch.setattr(sys, "stderr", stream)
        stages = Stages("zh")

        def work(stages: Stages = stages) -> None:
            for n in (1, 2):
                stages.progress(n, 2)

        stages.run("pairing", work)
        assert stream.getvalue().count("█" * 12) == bars + bars // 2
        assert stream.getvalue().count("2/2") == bars // 2
