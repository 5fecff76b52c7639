"""Law B2: whatever is shown, told, logged or exported by default holds no name of a person and no identity number."""

import json
import logging
import pickle
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

import pairing as pr
from pairing import charts
from pairing.records import RECORD_TYPES
from pairing.store import KeptRegister

IDENTITY = "11010519491231002X"
NAMES = ("王小明", "李大山", "赵六六", "钱家户", "孙家户")
SAID = f"{IDENTITY} has moved away"
"""What people write into a reason, though they should not."""


@pytest.fixture(scope="module")
def world() -> tuple[pr.Policy, pr.Roster, pr.Register]:
    """A village with named people, and a book whose reasons hold an identity number."""
    roster = pr.Roster(
        pr.AreaTree([pr.Area("621126", "岷县", "county"), pr.Area("621126108208", "扎马村", "village", "621126")]),
        [pr.Unit("u", "county", "621126", name="县水务局")],
        [pr.Helper(f"c-{n}", "u", "staff", name=name) for n, name in enumerate(NAMES[:3])],
        [pr.Household(f"h-{n}", "621126108208", name=name) for n, name in enumerate(NAMES[3:])],
        [pr.Link("u", "621126108208")],
        [pr.NamedPair("c-0", "h-0", "preferred", 3, SAID)],
    )
    policy = pr.Policy("ours", (pr.HelperRule(pr.Quota(1, 2)),))
    day = date(2012, 2, 8)
    register = pr.Register().record(
        pr.Paired("c-0", "h-0", on=day),
        pr.Paired("c-1", "h-1", on=day),
        pr.Visited("h-0", ["c-0"], on=date(2012, 5, 1)),
        pr.Aided("h-0", "c-0", "food", 25, what="rice", on=date(2012, 5, 1)),
        pr.DutyOpened("d-1", "h-0", "c-0", "measure", on=date(2012, 5, 2)),
    )
    register = register.record(
        pr.Departure("c-1", SAID, on=date(2013, 1, 1)),
        pr.VacancyOpened("h-1", SAID, "u", "c-1", on=date(2013, 1, 1)),
    )
    return policy, roster, register


def shown(world: tuple[pr.Policy, pr.Roster, pr.Register]) -> Iterator[tuple[str, Any]]:
    """Yield whatever the library makes of a world, by name."""
    policy, roster, register = world
    on, year = date(2013, 6, 1), pr.year(2012)
    plan = pr.pair(policy, roster, on=date(2012, 2, 8))
    handover = pr.relay(policy, roster, register, [pr.Retirement("c-0", on=on)])
    yield from (("roster", roster), ("register", register), ("plan", plan), ("handover", handover))
    for table in ("areas", "units", "helpers", "households", "links", "named"):
        yield table, getattr(roster, table)
    yield "entries", tuple(register)
    yield "history", register.history("h-1")
    yield "vacancies", register.view(on=on).vacancies
    yield "explanation", plan.explain("h-0")
    yield "why not", plan.why_not("c-2", "h-0")
    yield "file", handover.file("h-0")
    yield "findings", pr.audit(policy, roster, register, on=on)
    yield "coverage", pr.coverage(register, roster, on=on, by="village")
    yield "totals", pr.totals(register, roster, during=year, by=("village", "kind"))
    yield "by helper", pr.totals(register, roster, during=year, by="helper")
    yield "report", pr.report(policy, roster, register, on=on)
    yield "bericht", pr.report(policy, roster, register, on=on, language="zh")
    yield "outlook", pr.foresee(policy, roster, register, start=on, years=1)
    yield "spot check", pr.spot_check([h.id for h in roster.households], seed=1)


def texts_of(value: Any) -> Iterator[str]:
    """Yield the ways in which a value is shown."""
    yield from (repr(value), str(value), f"{value}")
    for name in ("_repr_html_", "summary", "to_csv"):
        if hasattr(value, name):
            yield getattr(value, name)()
    if hasattr(value, "to_dict") and not isinstance(value, pr.Policy):
        yield json.dumps(value.to_dict(), ensure_ascii=False)
    for each in value if isinstance(value, tuple) else (value,):
        if type(each) in RECORD_TYPES:
            yield json.dumps(pr.to_dict(each), ensure_ascii=False)


def personal(text: str) -> list[str]:
    """Return what is personal in a text."""
    return [part for part in (*NAMES, IDENTITY) if part in text]


def test_nothing_that_is_shown_names_anybody(world: tuple[pr.Policy, pr.Roster, pr.Register]) -> None:
    """Reprs, pages, summaries, plain forms and CSV hold neither names nor identity numbers; in either language."""
    seen = 0
    for name, value in shown(world):
        for text in texts_of(value):
            seen += 1
            assert personal(text) == [], name
            assert personal(pr.worded(text, "zh")) == [], name
    assert seen > 80


def test_nothing_that_is_exported_by_default_names_anybody(
    world: tuple[pr.Policy, pr.Roster, pr.Register], tmp_path: Path
) -> None:
    """Records, frames, workbooks of figures and charts hold neither, unless names are asked for."""
    policy, roster, register = world
    plan = pr.pair(policy, roster, on=date(2012, 2, 8))
    path = tmp_path / "all.jsonl"
    pr.write_records([roster, register, plan], path)
    assert personal(path.read_text(encoding="utf-8")) == []
    for frame in pr.roster_frames(roster, "polars").values():
        assert personal(frame.write_csv()) == []
    assert personal(pr.roster_frames(roster, "polars", names=True)["helpers"].write_csv()) == list(NAMES[:3])
    findings = pr.audit(policy, roster, register, on=date(2013, 6, 1))
    pr.write_tables({"findings": findings}, tmp_path / "findings.xlsx")
    assert findings
    from python_calamine import load_workbook

    cells = load_workbook(tmp_path / "findings.xlsx").get_sheet_by_name("findings").to_python()
    assert personal(str(cells)) == []
    year = pr.year(2012)
    for chart in (
        charts.loads_by_rank(plan),
        charts.flows_to_villages(plan),
        charts.coverage_by_area(pr.coverage(register, roster, on=date(2012, 6, 1), by="village")),
        charts.responsible_over_time(register, ["h-0", "h-1"], during=pr.Span(date(2012, 1, 1), date(2014, 1, 1))),
        charts.visit_calendar(register, during=year),
        charts.lorenz_curve(pr.effort(register, roster, during=year)),
    ):
        assert personal(chart.to_json()) == []


def test_no_error_names_anybody(world: tuple[pr.Policy, pr.Roster, pr.Register], tmp_path: Path) -> None:
    """Neither the message of an error, nor its problems, nor what it follows from, has a name or an identity number."""
    policy, roster, register = world
    named = pr.Helper(NAMES[0], "nowhere", NAMES[1], name=NAMES[2])
    (tmp_path / "bad.jsonl").write_text(f'{{"format": "{NAMES[0]}"}}\n{{"type": "{IDENTITY}"}}', encoding="utf-8")
    pr.write_roster(roster, tmp_path / "county")
    text = (tmp_path / "county" / "helpers.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "county" / "helpers.csv").write_text(text.replace("staff", NAMES[0]), encoding="utf-8")
    tries: list[Any] = [
        lambda: attrs.evolve(roster, helpers=[*roster.helpers, named]),
        lambda: pr.read_records(tmp_path / "bad.jsonl"),
        lambda: pr.from_dict({"type": "Helper", "id": "c", "unit": "u", "fit": NAMES[0], NAMES[1]: IDENTITY}),
        lambda: pr.read_roster(tmp_path / "county"),
        lambda: register.record(pr.Retirement(IDENTITY, on=date(2013, 1, 1))),
        lambda: pr.relay(policy, roster, register, [pr.Retirement(NAMES[0], on=date(2013, 1, 1))]),
        lambda: pr.totals(register, roster, during=pr.year(2012), by=NAMES[0]),
        lambda: pr.audit(policy, roster, [pr.Pairing(IDENTITY, "h-0"), NAMES[0]], on=date(2012, 3, 1)),  # type: ignore[list-item]
        lambda: register.history(IDENTITY) and register.view(on=NAMES[0]),  # type: ignore[arg-type]
    ]
    for work in tries:
        with pytest.raises(pr.PairingError) as caught:
            work()
        error: BaseException | None = caught.value
        while error is not None:
            assert personal(f"{error} {error!r} {error.args}") == []
            error = error.__cause__ or error.__context__
        assert personal(pr.told(caught.value, "zh")) == []


def test_no_log_names_anybody(
    world: tuple[pr.Policy, pr.Roster, pr.Register], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What the store's library logs, at its most talkative, has no text that was recorded."""
    register = world[2]
    with caplog.at_level(logging.DEBUG), KeptRegister(f"sqlite:///{tmp_path}/book.db") as kept:
        for start, end in zip((0, *register.batches), register.batches, strict=False):
            kept.record(*(register[n] for n in range(start, end)))
        with pytest.raises(pr.RegisterError):
            kept.record(pr.Released("c-0", "h-0", SAID, on=date(2013, 2, 1)))
    assert personal(caplog.text) == []
    assert len(kept.register) == len(register)


def test_who_is_asked_for_is_there(world: tuple[pr.Policy, pr.Roster, pr.Register], tmp_path: Path) -> None:
    """What is kept for good keeps everything: the files of a roster, records with names, a database, a pickle."""
    _, roster, register = world
    pr.write_roster(roster, tmp_path / "county")
    assert pr.read_roster(tmp_path / "county") == roster
    pr.write_records([roster, register], tmp_path / "all.jsonl", names=True)
    assert pr.read_records(tmp_path / "all.jsonl") == (roster, register)
    assert pickle.loads(pickle.dumps(register)) == register
