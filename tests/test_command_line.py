"""The command line: its pages, its data, its exit codes, and what it leaves behind."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

import pairing as pr
from pairing.__main__ import main
from pairing.demos import DEMO_DAYS, DEMO_LINKS
from pairing.synthetic import PROGRAMMES

DAY = date(2012, 2, 8)
POLICY = 'name = "ours"\ntitle = "联村联户"\n\n[[helpers]]\nfloor = 1\nceiling = 1\n'
SENTENCE = "village 上坪村 has 3 households; the only unit linked to it, 县水务局, can carry 2: 1 left over"


def roster(households: int) -> pr.Roster:
    return pr.Roster(
        pr.AreaTree([pr.Area("v", "上坪村", "village")]),
        [pr.Unit("u", "county", "v", name="县水务局")],
        [pr.Helper("ann", "u", "section", name="王小明"), pr.Helper("bo", "u", "staff", name="李大山")],
        [pr.Household(f"x{n}", "v") for n in range(households)],
        [pr.Link("u", "v")],
    )


class Desk:
    """A folder with a policy and the files of a roster, and the way to pair them."""

    def __init__(self, folder: Path, households: int = 3) -> None:
        self.roster = folder / "名册"
        self.policy = folder / "ours.toml"
        self.out = folder / "out"
        self.policy.write_text(POLICY, encoding="utf-8")
        pr.write_roster(roster(households), self.roster)

    def arguments(self, *more: str, on: str = "2012-02-08") -> list[str]:
        return ["pair", str(self.roster), "--policy", str(self.policy), "--on", on, *more]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def command(arguments: Sequence[str | bytes], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))}
    return subprocess.run(
        [sys.executable, "-m", "pairing", *arguments], capture_output=True, check=False, env={**kept, **environment}
    )


def untimed(text: str) -> str:
    return re.sub(r" +[0-9]+\.[0-9]{2} s", " _ s", text)


# --- demo


def test_the_demo_prints_the_page_of_each_day(capsys: pytest.CaptureFixture[str]) -> None:
    """The demo of Liaoyang has one page for each of its two days, both proved, and ends with 0."""
    assert main(["demo", "liaoyang-1994", "--scale", "0.01"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Roster(16 areas, 5 units, 93 helpers, 67 households, 11 links, 0 named pairs)\n\n")
    assert "liaoyang-1994 · 领导干部联系贫困户 · 1994-10-01\n" in out
    assert "  households with the helpers they are due  67 of 67 (100.0%)\n" in out
    assert "  helpers with the households they owe      93 of 93 (100.0%)\n" in out
    assert out.count("  nothing is short\n\n  the proof holds: nothing better exists\n") == 2
    assert untimed(err).splitlines() == [
        "building the population … _ s",
        "pairing on 1994-10-01 … _ s",
        "verifying the proof of 1994-10-01 … _ s",
        "pairing on 1996-12-31 … _ s",
        "verifying the proof of 1996-12-31 … _ s",
    ]
    assert untimed(out).splitlines()[-6:] == [
        "  where the time went",
        *(f"  {line.partition(' …')[0]} _ s" for line in err.splitlines()),
    ]


def test_the_demo_of_gansu_makes_the_links_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """The demo of Gansu drops the links of the population, links, counts again, and pairs on these links."""
    assert main(["demo", "gansu-2012", "--scale", "0.01"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Roster(118 areas, 146 units, 4000 helpers, 4200 households, 0 links, 0 named pairs)\n\n")
    assert "  poor villages that are linked             88 of 88 (100.0%)\n" in out
    assert "\n  the links keep every rule: counted again\n" in out
    assert "  households with the helpers they are due  4,200 of 4,200 (100.0%)\n" in out
    assert "  units with a household                    146 of 146 (100.0%)\n" in out
    assert "\n  nothing is short\n\n  the proof holds: nothing better exists\n" in out
    assert untimed(err).splitlines() == [
        "building the population … _ s",
        "linking on 2012-02-08 … _ s",
        "verifying the links of 2012-02-08 … _ s",
        "pairing on 2012-02-08 … _ s",
        "verifying the proof of 2012-02-08 … _ s",
    ]


def test_the_demo_of_hubei_links_teams_and_pairs_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """The demo of Hubei has the teams by the rank of who leads them, with their villages, and no pairs."""
    assert main(["demo", "hubei-2011", "--scale", "0.02"]) == 0
    out, err = capsys.readouterr()
    assert "hubei-2011 · 万名干部进万村入万户 · 2011-03-01\n" in out
    assert "  poor villages that are linked             429 of 429 (100.0%)\n" in out
    assert "households with the helpers" not in out
    title, *rows = out.partition("\n  teams led by")[2].partition("\n\n")[0].splitlines()
    assert title.split() == ["teams", "members", "villages", "households", "remoteness"]
    assert rows[-1].split()[0] == "others"
    counts = [[int(cell.replace(",", "")) for cell in row.split()[1:5]] for row in rows]
    assert [sum(column) for column in zip(*counts, strict=True)] == [374, 2_058, 429, 200_247]
    assert untimed(err).splitlines() == [
        "building the population … _ s",
        "linking on 2011-03-01 … _ s",
        "verifying the links of 2011-03-01 … _ s",
    ]


@pytest.mark.parametrize("name", sorted(DEMO_DAYS))
def test_the_demo_as_data(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the demo prints one entry for each day, in which everybody is covered both ways."""
    assert main(["demo", name, "--scale", "0.01", "--json"]) == 0
    pages = json.loads(capsys.readouterr().out)
    assert [(page["policy"], page["on"]) for page in pages] == [(name, day) for day in DEMO_DAYS[name]]
    for page in pages:
        assert ("linking" in page) == (name in DEMO_LINKS)
        assert ("pairings" in page) == (name != "hubei-2011")
        if name in DEMO_LINKS:
            villages = page["linking"]["villages"]
            assert villages["part"] == villages["whole"] > 0
            assert (page["linking"]["unlinked"], page["linking"]["idle"]) == ([], [])
        if name != "hubei-2011":
            for side in ("households", "helpers", "villages", "units"):
                assert page[side]["part"] == page[side]["whole"] > 0
            assert page["shortfalls"] == []
            assert page["pairings"] == sum(load["households"] for load in page["loads"])
        assert next(iter(page["seconds"])) == "building the population"


def test_every_programme_has_a_demo() -> None:
    """The demo knows days for each programme that has a population, and these are the presets."""
    assert tuple(sorted(DEMO_DAYS)) == PROGRAMMES == pr.programmes.PROGRAMMES
    assert set(DEMO_LINKS) <= set(DEMO_DAYS)


def test_the_demo_is_the_same_for_the_same_seed(capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs with one seed print the same but for the times; another seed gives other figures."""
    texts = []
    for seed in ("5", "5", "6"):
        main(["demo", "gansu-2012", "--scale", "0.002", "--seed", seed])
        texts.append(untimed(capsys.readouterr().out))
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(("scale", "got"), [("0", "0.0"), ("2", "2.0"), ("nan", "nan"), ("-1", "-1.0"), ("inf", "inf")])
def test_a_scale_out_of_range_is_refused(scale: str, got: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A scale that is not above 0 and up to 1 ends with 2 and one sentence."""
    assert main(["demo", "gansu-2012", f"--scale={scale}"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == f"scale: wanted a number above 0, and up to 1, got {got} [bad-number]"


# --- link

LINKING = POLICY + "\n[linking]\n"


class Field(Desk):
    """A folder with a policy that says how to link, and a roster without links: two units, and two villages."""

    def __init__(self, folder: Path, policy: str = LINKING, level: str = "county") -> None:
        super().__init__(folder)
        self.policy.write_text(policy, encoding="utf-8")
        tree = [pr.Area("c", "某县", "county"), pr.Area("d", "邻县", "county")]
        tree += [pr.Area("v", "上坪村", "village", "c"), pr.Area("w", "下坪村", "village", "d")]
        units = [pr.Unit("u", level, "c", name="县水务局"), pr.Unit("t", level, "d", name="县教育局")]
        helpers = [pr.Helper("ann", "u", "section", name="王小明"), pr.Helper("bo", "t", "staff", name="李大山")]
        households = [pr.Household("x", "v"), pr.Household("y", "w")]
        pr.write_roster(pr.Roster(pr.AreaTree(tree), units, helpers, households), self.roster)

    def arguments(self, *more: str, on: str = "2012-02-08") -> list[str]:
        return ["link", *super().arguments(*more, on=on)[1:]]


def test_links_are_made_and_written_so_that_pair_reads_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page has the villages, --out has the roster with its links, and `pair` takes it as it is."""
    field = Field(tmp_path)
    assert main(field.arguments("--out", str(field.out))) == 0
    out, err = capsys.readouterr()
    assert out.startswith("ours · 联村联户 · 2012-02-08\n  poor villages that are linked             2 of 2 (100.0%)\n")
    assert "\n  the links keep every rule: counted again\n\n  where the time went\n" in out
    assert "teams led by" not in out
    assert untimed(err).splitlines() == [
        "reading … _ s",
        "linking … _ s",
        "verifying the links … _ s",
        "writing … _ s",
    ]
    before, after = pr.read_roster(field.roster), pr.read_roster(field.out)
    assert after.links == (pr.Link("t", "w"), pr.Link("u", "v"))
    assert after == before.linked(after.links, ())
    field.roster = field.out
    assert main(["pair", *field.arguments()[1:]]) == 0
    assert "  households with the helpers they are due  2 of 2 (100.0%)\n" in capsys.readouterr().out


def test_a_roster_can_be_linked_in_its_place(tmp_path: Path) -> None:
    """With --out the folder itself, its files have the links; to link again changes nothing more."""
    field = Field(tmp_path)
    for _ in range(2):
        assert main(field.arguments("--out", str(field.roster))) == 0
        assert pr.read_roster(field.roster).links == (pr.Link("t", "w"), pr.Link("u", "v"))


def test_links_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json standard output has the page as data; nothing is written without --out."""
    field = Field(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(field.arguments("--json")) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data.pop("seconds")) == ["reading", "linking", "verifying the links"]
    assert data == {
        "policy": "ours",
        "on": "2012-02-08",
        "links": 2,
        "fewest_links": 2,
        "own_links": 0,
        "villages": {"part": 2, "whole": 2},
        "teams": [],
        "unlinked": [],
        "idle": [],
    }
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_village_that_nobody_may_link_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a village has nobody, or a unit with a share no village, it is told with the reason; the exit code is 1."""
    field = Field(tmp_path)
    units = (field.roster / "units.csv").read_text(encoding="utf-8-sig")
    (field.roster / "units.csv").write_text(units.replace("县教育局,county,d", "县教育局,county,c"), encoding="utf-8")
    assert main(field.arguments("--json")) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["villages"] == {"part": 1, "whole": 2}
    assert [row["village"] for row in data["unlinked"]] == ["w"]
    assert main(field.arguments()) == 1
    assert "  not linked: 1 (" in capsys.readouterr().out


def test_a_unit_that_takes_on_nobody_is_not_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A unit whose helpers take on nobody is named, but nothing is short, and the exit code is 0."""
    field = Field(tmp_path, LINKING.replace("[[helpers]]", '[[helpers]]\nranks = ["section"]'))
    households = (field.roster / "households.csv").read_text(encoding="utf-8-sig")
    (field.roster / "households.csv").write_text(households.replace("y,,w", "y,,v"), encoding="utf-8")
    assert main(field.arguments("--json")) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)["idle"]] == ["t"]


def test_a_policy_that_does_not_say_how_to_link_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without rules for linking, and on a day on which the policy is not in force, nothing is linked or written."""
    field = Field(tmp_path, POLICY)
    assert main(field.arguments("--out", str(field.out))) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("[no-linking]")
    field.policy = Path("hubei-2011")
    assert main(field.arguments("--out", str(field.out), on="2011-07-01")) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].endswith("[not-in-force]")
    assert not field.out.exists()


def test_link_tells_all_faults_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As with `pair`, what is wrong with the day, the policy and the roster is one list, and nothing is written."""
    field = Field(tmp_path, LINKING + "shares = 1\n")
    (field.roster / "links.csv").unlink()
    assert main(field.arguments("--json", "--out", str(field.out), on="today")) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["code"], p["file"], p["field"]) for p in problems] == [
        ("bad-date", "", "--on"),
        ("unknown-key", "ours.toml", "linking.shares"),
        ("missing-file", "links.csv", ""),
    ]
    assert not field.out.exists()


# --- pair


def test_a_roster_that_is_short_ends_with_1(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The page says what is short and why, and the files are written; the exit code is 1."""
    assert main(desk.arguments("--out", str(desk.out))) == 1
    out, err = capsys.readouterr()
    assert out.startswith("ours · 联村联户 · 2012-02-08\n  households with the helpers they are due  2 of 3 (66.6%)\n")
    short = f"\n  short of 1 helper for households; bottlenecks: 1\n  - {SENTENCE}\n"
    assert f"{short}\n  the proof holds: nothing better exists\n" in out
    assert [line.partition(" …")[0] for line in err.splitlines()] == [
        "reading",
        "pairing",
        "verifying the proof",
        "writing",
    ]
    written = ["links.csv", "own_links.csv", "pairings.csv", "shortfalls.csv"]
    assert sorted(path.name for path in desk.out.iterdir()) == written


def test_what_is_written_is_the_plan(desk: Desk) -> None:
    """The pairings that are written are read back as those of the plan, and the shortfalls have its sentences."""
    main(desk.arguments("--out", str(desk.out)))
    plan = pr.pair(pr.load_policy(desk.policy), roster(3), on=DAY)
    assert pr.read_pairings(desk.out) == plan.pairings
    with open(desk.out / "shortfalls.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["sentence"] for row in rows] == [SENTENCE]
    assert [(row["side"], row["missing"], row["wanted"], row["available"]) for row in rows] == [
        ("households", "1", "3", "2")
    ]


def test_a_roster_in_which_all_is_met_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a household for each helper nothing is short; the file of shortfalls has its titles alone."""
    desk = Desk(tmp_path, households=2)
    assert main(desk.arguments("--out", str(desk.out))) == 0
    assert "  nothing is short\n" in capsys.readouterr().out
    assert len((desk.out / "shortfalls.csv").read_text(encoding="utf-8-sig").splitlines()) == 1


def test_without_out_nothing_is_written(desk: Desk) -> None:
    """Without --out the plan is printed, and no file is made or changed."""
    before = {path: path.read_bytes() for path in desk.policy.parent.rglob("*") if path.is_file()}
    assert main(desk.arguments()) == 1
    assert {path: path.read_bytes() for path in desk.policy.parent.rglob("*") if path.is_file()} == before


def test_a_plan_as_data(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json standard output has the page as data, with the proof of what is short, and nothing else."""
    assert main(desk.arguments("--json")) == 1
    data = json.loads(capsys.readouterr().out)
    assert set(data.pop("seconds")) == {"reading", "pairing", "verifying the proof"}
    (shortfall,) = data.pop("shortfalls")
    assert data == {
        "policy": "ours",
        "on": "2012-02-08",
        "pairings": 2,
        "households": {"part": 2, "whole": 3},
        "helpers": {"part": 2, "whole": 2},
        "villages": {"part": 1, "whole": 1},
        "units": {"part": 1, "whole": 1},
        "loads": [
            {"who": "section", "helpers": 1, "households": 1, "fewest": 1, "most": 1},
            {"who": "staff", "helpers": 1, "households": 1, "fewest": 1, "most": 1},
        ],
    }
    assert (shortfall["side"], shortfall["missing"], shortfall["sentence"]) == ("households", 1, SENTENCE)
    assert (shortfall["needing"], shortfall["holding"]) == (["x0", "x1", "x2"], ["ann", "bo"])


def test_no_page_names_a_person(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the page nor the data have anybody's name."""
    main(desk.arguments())
    main(desk.arguments("--json"))
    text = "".join(capsys.readouterr())
    assert "王小明" not in text
    assert "李大山" not in text


def test_a_programme_may_stand_for_a_policy_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a programme is taken as its policy."""
    desk.policy = Path("gansu-2012")
    assert main(desk.arguments()) == 0
    assert capsys.readouterr().out.startswith("gansu-2012 · 联村联户、为民富民 · 2012-02-08\n")


def test_a_policy_brings_its_ranks(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The ranks in the files are held against the ladder of the policy."""
    desk.policy.write_text('ranks = [{id = "chief"}, {id = "staff"}]\n' + POLICY, encoding="utf-8")
    assert main(desk.arguments()) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == "helpers.csv, row 2, rank: wanted one of chief, staff; got 'section' [unknown-rank]"


# --- refusals


def spoil(desk: Desk) -> list[str]:
    """Make three faults in two files, and return what is told of them."""
    helpers, households = desk.roster / "helpers.csv", desk.roster / "households.csv"
    helpers.write_text("id,unit,rank\nann,u,boss\nbo,w,staff\n", encoding="utf-8")
    households.write_text("id,village\nx,nowhere\n", encoding="utf-8")
    ranks = ", ".join(rank.id for rank in pr.LADDER)
    return [
        "input: 3 problems",
        f"helpers.csv, row 2, rank: wanted one of {ranks}; got 'boss' [unknown-rank]",
        "helpers.csv, row 3, unit: wanted the key of a unit, got 'w' [unknown-unit]",
        "households.csv, row 2, village: wanted the key of an area of level village, got 'nowhere' [unknown-village]",
    ]


def test_bad_files_end_with_2_and_all_problems(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """All that is wrong in all files is told on standard error, nothing is printed and nothing written."""
    expected = spoil(desk)
    assert main(desk.arguments("--out", str(desk.out))) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert untimed(err).splitlines() == ["reading … _ s", *expected]
    assert not desk.out.exists()


def spoil_everything(desk: Desk) -> list[str]:
    """Make a fault in the policy too, and return what is told of it and of the roster, after the day.

    Of ranks nothing is told: those of a policy that cannot be read are not known.
    """
    desk.policy.write_text(POLICY + "celing = 1\n", encoding="utf-8")
    _, *of_roster = spoil(desk)
    keys = "floor, ceiling, ranks, kinds, posts, unit_levels, role, soft, source, over, contribution"
    told = [line for line in of_roster if "[unknown-rank]" not in line]
    assert len(told) < len(of_roster)
    return [f"ours.toml, helpers[0].celing: wanted one of {keys} [unknown-key]", *told]


def test_the_day_the_policy_and_the_roster_are_told_at_once(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Faults of --on, of the policy file and of the files of the roster are one list, in that order."""
    expected = spoil_everything(desk)
    assert main(desk.arguments("--out", str(desk.out), on="today")) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert untimed(err).splitlines() == [
        "reading … _ s",
        "input: 4 problems",
        "--on: wanted a day as YYYY-MM-DD, got 'today' [bad-date]",
        *expected,
    ]
    assert not desk.out.exists()


def test_faults_of_all_kinds_as_data(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the same list is data, and standard error has the stage alone."""
    spoil_everything(desk)
    assert main(desk.arguments("--json", on="today")) == 2
    out, err = capsys.readouterr()
    assert [(p["code"], p["file"], p["field"]) for p in json.loads(out)["problems"]] == [
        ("bad-date", "", "--on"),
        ("unknown-key", "ours.toml", "helpers[0].celing"),
        ("unknown-unit", "helpers.csv", "unit"),
        ("unknown-village", "households.csv", "village"),
    ]
    assert untimed(err) == "reading … _ s\n"


def test_bad_files_as_data(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the problems are data, each with its code, file, row and field."""
    spoil(desk)
    assert main(desk.arguments("--json", "--out", str(desk.out))) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["code"], p["file"], p["row"], p["field"]) for p in problems] == [
        ("unknown-rank", "helpers.csv", 2, "rank"),
        ("unknown-unit", "helpers.csv", 3, "unit"),
        ("unknown-village", "households.csv", 2, "village"),
    ]
    assert not desk.out.exists()


def test_a_bad_policy_ends_with_2(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault of the policy file is told with its path, and nothing is written."""
    desk.policy.write_text(POLICY + "ranks = ['boss']\nceeling = 1\n", encoding="utf-8")
    assert main(desk.arguments("--out", str(desk.out))) == 2
    err = capsys.readouterr().err
    assert untimed(err).startswith("reading … _ s\ninput: 2 problems\n")
    assert len(err.splitlines()) == 2 + 2
    assert "ours.toml, helpers[0].ceeling: wanted one of floor, ceiling," in err
    assert "ours.toml, helpers[0].ranks[0]: wanted one of province," in err
    assert not desk.out.exists()


@pytest.mark.parametrize("day", ["2012-2-8", "20120208", "today", "2012-W06-3", "２０１２-02-08", ""])
def test_a_bad_day_ends_with_2(desk: Desk, day: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A day that is not written YYYY-MM-DD is refused in one line, and nothing is paired or written."""
    assert main(desk.arguments(f"--out={desk.out}", on=day)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert untimed(err).splitlines() == [
        "reading … _ s",
        f"--on: wanted a day as YYYY-MM-DD, got {pr.errors.shown(day)} [bad-date]",
    ]
    assert not desk.out.exists()


def test_what_is_not_there_ends_with_2(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy file, a folder or a file of the roster that is missing is told."""
    (desk.roster / "links.csv").unlink()
    assert main(desk.arguments()) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "links.csv: wanted either links.csv or links.csv.gz, got neither [missing-file]"
    )
    desk.roster = desk.roster / "nowhere"
    assert main(desk.arguments()) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("[missing-folder]")
    desk.policy = desk.roster / "none.toml"
    assert main(desk.arguments()) == 2
    first, title, *told = untimed(capsys.readouterr().err).splitlines()
    assert (first, title) == ("reading … _ s", "input: 2 problems")
    assert told[0] == "none.toml: wanted a policy file, found none [missing-file]"
    assert told[1].endswith("[missing-folder]")
    desk.roster = desk.roster.parent
    (desk.roster / "links.csv").write_text("unit,village\nu,v\n", encoding="utf-8")
    assert main(desk.arguments()) == 2
    assert untimed(capsys.readouterr().err) == (
        "reading … _ s\nnone.toml: wanted a policy file, found none [missing-file]\n"
    )


def test_an_out_that_is_a_file_ends_with_2(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing can be written the exit code is 2, and the file in the way stays as it was."""
    desk.out.write_text("mine", encoding="utf-8")
    assert main(desk.arguments("--out", str(desk.out))) == 2
    assert capsys.readouterr().out == ""
    assert desk.out.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["demo", "gansu"], "invalid choice: 'gansu'"),
        (["demo"], "the following arguments are required: programme"),
        (["demo", "gansu-2012", "--scale", "half"], "invalid float value: 'half'"),
        (["demo", "gansu-2012", "--seed", "0.5"], "invalid int value: '0.5'"),
        (["pair", "."], "the following arguments are required: --policy, --on"),
        (["link", "."], "the following arguments are required: --policy, --on"),
        (["match"], "invalid choice: 'match'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown programme or command, a missing argument or a wrong number ends with 2 and how it is used."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: pairing")
    assert expected in err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """--version prints the version of the library and ends with 0."""
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"pairing {pr.__version__}\n"


# --- as a process

PLAIN = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.mark.parametrize("environment", [{}, {"LC_ALL": "C"}, PLAIN], ids=["unset", "C", "C and no UTF-8 mode"])
def test_what_is_printed_is_utf_8(desk: Desk, environment: dict[str, str]) -> None:
    """Chinese titles and names of places are printed in UTF-8 whatever the locale; the exit code comes through."""
    done = command(desk.arguments(), **environment)
    assert done.returncode == 1
    out, err = done.stdout.decode(), done.stderr.decode()
    assert out.startswith("ours · 联村联户 · 2012-02-08\n")
    assert SENTENCE in out
    assert err.startswith("reading … ")


def test_problems_are_printed_in_utf_8(desk: Desk) -> None:
    """Problems reach standard error in UTF-8 in a plain locale too, and the exit code is 2."""
    spoil(desk)
    (desk.roster / "helpers.csv").write_text("编号,单位,职级,薪水\nann,u,staff,1\n", encoding="utf-8")
    done = command(desk.arguments("--json"), **PLAIN)
    assert done.returncode == 2
    problems = json.loads(done.stdout.decode())["problems"]
    assert {"helpers.csv", "households.csv"} == {problem["file"] for problem in problems}


def test_the_demo_as_a_process() -> None:
    """The module can be run, and its data are valid JSON in UTF-8."""
    done = command(["demo", "panjin-2010", "--scale", "0.005", "--json"], **PLAIN)
    assert done.returncode == 0
    (page,) = json.loads(done.stdout.decode())
    assert page["households"] == {"part": 80, "whole": 80}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_closed_pipe_gives_no_traceback(desk: Desk, more: list[str]) -> None:
    """Where nobody reads what is printed, standard error has the stages and nothing else."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pairing", *desk.arguments(*more)], stdout=write, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(write)
    assert done.returncode == 1
    assert untimed(done.stderr.decode()).splitlines() == ["reading … _ s", "pairing … _ s", "verifying the proof … _ s"]


@pytest.mark.skipif(sys.platform == "win32", reason="paths are text there")
def test_a_path_that_is_no_text_ends_with_2(desk: Desk) -> None:
    """A policy file whose name is not UTF-8, and that is not there, is told like any other."""
    done = command([os.fsencode(argument).replace(b"ours", b"\xff") for argument in desk.arguments()])
    assert done.returncode == 2
    assert b"[missing-file]" in done.stderr
    assert b"Traceback" not in done.stderr
