"""The figures of frames are those of the entries, whatever library holds the frames; bad frames are told of."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import DAYS, HELPERS, HOUSEHOLDS, UNITS, made_up
from pairing.areas import Area, AreaTree
from pairing.dates import Span, year
from pairing.deeds import AID, CHANNELS, MARKS, Aided, Visited
from pairing.entries import Entry, Move, Paired, RankChange, Transfer
from pairing.errors import ArgumentError, MissingExtra
from pairing.figures import Amount, Distinct, Share, Withheld
from pairing.frames import AID_COLUMNS, BACKENDS, VISIT_COLUMNS, aid_frame, frame_of, frame_totals, visits_frame
from pairing.grouping import HELPERS as OF_HELPERS
from pairing.grouping import HOUSEHOLDS as OF_HOUSEHOLDS
from pairing.grouping import PERIODS
from pairing.people import Helper, Household, Unit
from pairing.register import Register
from pairing.results import Column, Table
from pairing.roster import Roster
from pairing.tallies import totals

duckdb = pytest.importorskip("duckdb")
nw = pytest.importorskip("narwhals")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

ENGINES = ("pandas", "polars", "polars, lazily", "pyarrow", "duckdb")
WORDS = (*OF_HOUSEHOLDS, *OF_HELPERS, *PERIODS, "channel", "aid")

ROSTER = Roster(
    AreaTree(
        [
            Area("42", "湖北省", "province"),
            Area("4205", "宜昌市", "prefecture", "42"),
            Area("420528", "长阳县", "county", "4205"),
            Area("420529", "五峰县", "county", "4205"),
            Area("east", "东坪村", "village", "420528"),
            Area("west", "西坪村", "village", "420529"),
            Area("far", "远坪村", "village"),
        ]
    ),
    [
        Unit("court", "county", "420528", name="法院"),
        Unit("school", "township", "420528", "court"),
        Unit("bank", "prefecture", "4205", name="银行"),
    ],
    [
        *(
            Helper(id, UNITS[n % 3], ("section", "staff")[n % 2], "head" if n == 1 else None)
            for n, id in enumerate(HELPERS)
        ),
        Helper("team", "bank", kind="team", members=4),
    ],
    [
        *(Household(id, ("east", "west")[n % 2], status="poor" if n == 2 else "") for n, id in enumerate(HOUSEHOLDS)),
        Household("赵家沟-17", "west"),
        Household("far/9", "east"),  # listed, though it looks as if it were counted in another village
    ],
)
WHO = [*HELPERS, "team", "court", "a stranger"]
WHERE = [
    *HOUSEHOLDS,
    "赵家沟-17",
    "far/9",
    "far/8",
    "east/1",
    "east/12",
    "west/1",
    "court/3",
    "east/b",
    "west/",
    "a/b/c",
    "nowhere",
]


def in_engine(made: Callable[[Iterable[Entry], str], Any], entries: Iterable[Entry], engine: str) -> Any:
    """Return visits, or aid, as a frame of an engine."""
    if engine == "duckdb":
        return duckdb.from_arrow(made(entries, "pyarrow"))
    frame = made(entries, engine.split(",", maxsplit=1)[0])
    return frame.lazy() if engine == "polars, lazily" else frame


def entries_in(random: Random, count: int) -> list[Entry]:
    """Return visits and aid, made up at random."""
    days = [*DAYS, *(date(2011, 11, 30) + timedelta(n) for n in range(0, 500, 23))]
    found: list[Entry] = []
    for _ in range(count):
        on, where = random.choice(days), random.choice(WHERE)
        if random.random() < 0.7:
            several = random.choices(WHO, k=random.choice([1, 1, 2, 3]))
            found.append(Visited(where, dict.fromkeys(several), random.choice(CHANNELS[:3]), on=on))
        else:
            aid, mark = random.choice(tuple(AID)[:4]), random.choice(MARKS)
            amount, value = random.choice([1, 7, 10**12]), random.choice([0, 0, 300])
            words = {"mark": mark, "value_mark": random.choice(MARKS)}
            found.append(Aided(where, random.choice(WHO), aid, amount, value=value, on=on, **words))
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Entry], Register, dict[str, Any]]:
    """Return entries, a register that tells who was who, and what is asked."""
    entries = entries_in(Random(draw(st.integers(0, 2**32))), draw(st.integers(0, 25)))
    register = Register()
    for batch in made_up(draw(st.integers(0, 40)), 8) if draw(st.booleans()) else ():
        register = register.record(*batch)
    by = draw(st.lists(st.sampled_from(WORDS), max_size=3, unique=True))
    start = draw(st.sampled_from([date.min, date(2012, 1, 1), DAYS[3], DAYS[8]]))
    during = Span(start, draw(st.sampled_from([None, DAYS[9], date(2013, 1, 1)])))
    known = draw(st.none() | st.integers(0, len(register)))
    return entries, register, {"during": during, "by": by, "known": known, "register": register}


def of_visits(table: Table) -> Table:
    return table.only(*[column.name for column in table.columns][:5])


def of_both(table: Table) -> Table:
    return table.only(*[column.name for column in table.columns][: 5 + len(AID) + 2])


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=25, deadline=None)
@given(case=cases())
def test_the_figures_of_frames_are_those_of_entries(engine: str, case: tuple[list[Entry], Register, Any]) -> None:
    """The frames' figures equal the objects', by whatever they are grouped, whoever moved or was promoted meanwhile."""
    entries, _, asked = case
    visits, aid = (in_engine(made, entries, engine) for made in (visits_frame, aid_frame))
    found = frame_totals(visits, ROSTER, aid=aid, **asked)
    wanted = of_both(totals(entries, ROSTER, **asked))
    assert found == wanted
    assert str(found) == str(wanted)
    alone = [e for e in entries if isinstance(e, Visited)]
    assert frame_totals(visits, ROSTER, **asked) == of_visits(totals(alone, ROSTER, **asked))


# --- who was who on the day

MOVING = Register().record(
    Paired("ann", "h1", on=date(2012, 1, 1)),
    Move("h1", "west", on=date(2012, 6, 1)),
    RankChange("ann", "staff", on=date(2012, 7, 1)),
    Transfer("ann", "bank", on=date(2012, 8, 1)),
)
YEAR = [Visited("h1", ["ann"], on=date(2012, month, 1)) for month in range(1, 13)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("village", {("east",): 5, ("west",): 7}),
        ("county", {("420528",): 5, ("420529",): 7}),
        ("rank", {("section",): 6, ("staff",): 6, ("",): 0}),
        ("unit", {("court",): 7, ("bank",): 5, ("school",): 0}),
        ("quarter", {(f"2012-Q{n}",): 3 for n in (1, 2, 3, 4)}),
    ],
)
def test_a_visit_is_credited_as_of_its_day(engine: str, by: str, wanted: dict[tuple[str], int]) -> None:
    """A household belongs to the village, a helper to the unit and rank, of the day of the visit, from the day on."""
    visits = in_engine(visits_frame, YEAR, engine)
    found = frame_totals(visits, ROSTER, during=year(2012), by=by, register=MOVING)
    assert found.column("household-visits") == {
        key: Distinct(n, "household-visits") if by in ("rank", "unit") else Amount(n, "household-visits")
        for key, n in wanted.items()
    }
    assert found[None, "households visited"] == Distinct(1, "households")


def test_what_was_not_yet_known_changes_nothing() -> None:
    """Up to a position of the register, what was recorded later is not known: there the move is not, yet."""
    visits = visits_frame(YEAR, "polars")
    found = frame_totals(visits, ROSTER, during=year(2012), by="village", register=MOVING, known=1)
    assert found["east", "person-visits"] == Amount(12, "person-visits")


@pytest.mark.parametrize("engine", ENGINES)
def test_households_that_are_counted_belong_to_their_village(engine: str) -> None:
    """An id of a village's code and a number is a household there; one of a code that is none is nowhere."""
    ids = ["east/1", "east/2", "west/1", "court/1", "a/b/1", "赵家沟-17"]
    entries = [Visited(id, ["ann"], on=date(2012, 1, 1)) for id in ids]
    found = frame_totals(in_engine(visits_frame, entries, engine), ROSTER, during=year(2012), by=("county", "village"))
    visited = {key: cell.value for key, cell in found.column("households visited").items()}  # type: ignore[union-attr]
    assert visited == {("420528", "east"): 2, ("420529", "west"): 2, ("", ""): 2}


# --- frames as they come


def visits(**columns: Any) -> dict[str, list[Any]]:
    """Return three good rows of two visits, but for some columns."""
    good: dict[str, Any] = {
        "visit": [1, 1, 2],
        "on": [date(2012, 2, 1), date(2012, 2, 1), date(2012, 3, 1)],
        "household": ["h1", "h1", "h2"],
        "helper": ["ann", "bo", "ann"],
        "channel": ["in person", "in person", "telephone"],
    }
    return {name: column for name, column in (good | columns).items() if column is not None}


def aid(**columns: Any) -> dict[str, list[Any]]:
    """Return two good rows of aid, but for some columns."""
    good: dict[str, Any] = {
        "on": [date(2012, 2, 1), date(2012, 2, 1)],
        "household": ["h1", "h2"],
        "giver": ["ann", "bo"],
        "aid": ["money", "food"],
        "amount": [20_000, 5],
        "value": [0, 300],
        "mark": ["exact", "over"],
        "value_mark": ["exact", "nearly"],
    }
    return {name: column for name, column in (good | columns).items() if column is not None}


def told(frame: Any, more: Any = None) -> str:
    """Return what is said of bad frames."""
    with pytest.raises(ArgumentError) as caught:
        frame_totals(frame, ROSTER, during=year(2012), aid=more)
    return str(caught.value)


DAYS_OF_ROWS = pd.to_datetime(["2012-02-01", "2012-02-01", "2012-03-01"])


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(visits(more=[1, 2, 3])),
        pl.DataFrame(
            visits(visit=["a", "a", "b"], on=[datetime(2012, 2, 1), datetime(2012, 2, 1), datetime(2012, 3, 1)])
        ),
        pl.DataFrame(visits()).with_columns(pl.col("channel").cast(pl.Categorical)),
        pl.DataFrame(visits()).with_columns(pl.col("channel").cast(pl.Enum(CHANNELS))).lazy(),
        pl.DataFrame(visits()).cast({"visit": pl.UInt8}),
        pl.DataFrame(visits(visit=["a", "a", "b"])).cast({"visit": pl.Enum(["a", "b"])}),
        pd.DataFrame(visits(on=DAYS_OF_ROWS)),
        pd.DataFrame(visits(on=DAYS_OF_ROWS.astype("datetime64[ns]")), index=[7, 7, 7], dtype=None),
        pd.DataFrame(visits(on=DAYS_OF_ROWS, household=pd.Series(["h1", "h1", "h2"], dtype=object))),
        pd.DataFrame(visits(on=DAYS_OF_ROWS)).astype({"channel": "category", "helper": "string[pyarrow]"}),
        pd.DataFrame(visits()).assign(on=pd.Series(visits()["on"], dtype=pd.ArrowDtype(pa.date32()))),
        pa.table(visits()),
        pa.table(visits()).cast(
            pa.schema(
                [
                    ("visit", pa.int8()),
                    ("on", pa.timestamp("ns")),
                    ("household", pa.large_string()),
                    ("helper", pa.string()),
                    ("channel", pa.large_string()),
                ]
            )
        ),
        pl.DataFrame(visits()).with_columns(pl.col("channel").cast(pl.Categorical)).to_arrow(),
        nw.from_native(pl.DataFrame(visits())),
    ],
)
def test_columns_may_have_any_type_that_says_the_same(frame: Any) -> None:
    """Dates or datetimes at midnight, texts of any type, whole numbers of any width give the same figures."""
    entries = [
        Visited("h1", ["ann", "bo"], on=date(2012, 2, 1)),
        Visited("h2", ["ann"], "telephone", on=date(2012, 3, 1)),
    ]
    for by in ((), ("county", "rank", "month", "channel")):
        wanted = of_visits(totals(entries, ROSTER, during=year(2012), by=by))
        assert frame_totals(frame, ROSTER, during=year(2012), by=by) == wanted


def test_a_relation_may_be_of_any_connection() -> None:
    """What DuckDB joins with the rows comes to their own connection, and nothing is left behind there."""
    connection = duckdb.connect()
    rows = pa.table(visits())
    connection.register("rows_of_visits", rows)
    found = frame_totals(connection.sql("from rows_of_visits"), ROSTER, during=year(2012), by=("county", "rank"))
    assert found == frame_totals(rows, ROSTER, during=year(2012), by=("county", "rank"))
    assert connection.sql("select view_name from duckdb_views() where not internal").fetchall() == [("rows_of_visits",)]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_row_is_no_figure(engine: str) -> None:
    """Frames without a row give the table of nothing at all: the groups that there are, each with zeros."""
    for by in ((), "county", "aid", ("unit", "month")):
        frames = [in_engine(made, (), engine) for made in (visits_frame, aid_frame)]
        found = frame_totals(frames[0], ROSTER, during=year(2012), by=by, aid=frames[1])
        assert found == of_both(totals((), ROSTER, during=year(2012), by=by))


@pytest.mark.parametrize("engine", ENGINES)
def test_amounts_are_added_up_beyond_64_bits(engine: str) -> None:
    """A sum of amounts is exact, however large it is: no engine wraps it round or rounds it."""
    entries = [Aided("h1", "ann", "money", 2**63 - 1, on=date(2012, 1, day)) for day in range(1, 11)]
    frame = in_engine(aid_frame, entries, engine)
    found = frame_totals(in_engine(visits_frame, (), engine), ROSTER, during=year(2012), by="village", aid=frame)
    assert found["east", "money given"] == Amount(10 * (2**63 - 1), "fen")


def test_the_last_day_of_the_calendar_is_a_day() -> None:
    """Days from the first to the last that a date can have are counted."""
    entries = [Visited("h1", ["ann"], on=on) for on in (date.min, date.max)]
    for engine in ENGINES:
        found = frame_totals(in_engine(visits_frame, entries, engine), ROSTER, during=Span(date.min), by="year")
        assert list(found) == [("0001",), ("9999",)]


def test_no_cell_of_a_frame_names_its_entries() -> None:
    """Frames have no entries, and it is said so."""
    found = frame_totals(pl.DataFrame(visits()), ROSTER, during=year(2012))
    with pytest.raises(ArgumentError, match="wanted a table of a register, got one of a stream, of frames"):
        found.entries(None, "contacts")


# --- frames that are wrong


def test_all_columns_that_are_wrong_are_told_at_once() -> None:
    """Missing columns and those of other types are told together, of both frames, by their names."""
    bad = pl.DataFrame(visits(on=["2012-02-01"] * 3, household=[1, 2, 3], channel=None))
    assert told(bad, pl.DataFrame(aid(giver=None, amount=[0.5, 1.0]))) == (
        "arguments: 5 problems\n"
        "visits, on: wanted days, or datetimes at midnight without a time zone; got String [bad-type]\n"
        "visits, household: wanted texts; got Int64 [bad-type]\n"
        "visits, channel: wanted a column 'channel', got none [missing-column]\n"
        "aid, giver: wanted a column 'giver', got none [missing-column]\n"
        "aid, amount: wanted whole numbers of 64 bits at most; got Float64 [bad-type]"
    )


@pytest.mark.parametrize(
    ("columns", "got"),
    [
        ({"visit": [1.0, 1.0, 2.0]}, "visit: wanted texts or whole numbers; got Float64"),
        ({"visit": [None, 1, 2]}, "visit: wanted texts or whole numbers; got Float64"),
        ({"household": ["h1", 17, "h2"]}, "household: wanted texts; got Object"),
        ({"on": visits()["on"]}, "on: wanted days, or datetimes at midnight without a time zone; got Object"),
        (
            {"on": DAYS_OF_ROWS.tz_localize("Asia/Shanghai")},
            "on: wanted days, or datetimes at midnight without a time zone; got Datetime with a time zone",
        ),
    ],
)
def test_types_of_pandas_that_say_nothing_sure_are_refused(columns: dict[str, Any], got: str) -> None:
    """Numbers with a gap are floats, objects may be anything, a time of a zone is no day: nothing is guessed at."""
    frame = pd.DataFrame(visits(**({"on": DAYS_OF_ROWS} | columns)))
    assert told(frame) == f"visits, {got} [bad-type]"


@pytest.mark.parametrize("engine", ["pandas", "polars", "pyarrow"])
def test_empty_cells_are_told_with_their_first_row(engine: str) -> None:
    """None, NaN, NaT and empty texts are nothing, which is told of each column with its first row, from 0."""
    columns = visits(household=[None, "h1", ""], helper=["ann", "", "ann"], channel=["in person", None, "fax"])
    columns["on"] = [datetime(2012, 2, 1), None, datetime(2012, 3, 1, 8)]
    frame = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[engine](columns)
    assert told(frame) == (
        "arguments: 6 problems\n"
        "visits, row 1, on: wanted a day, got nothing [bad-date]\n"
        "visits, row 2, on: wanted a day, got a time of day [bad-date]\n"
        "visits, row 0, household: wanted a text, got nothing, in 2 rows [bad-key]\n"
        "visits, row 1, helper: wanted a text, got nothing [bad-key]\n"
        "visits, row 1, channel: wanted a text, got nothing [bad-key]\n"
        "visits, row 2, channel: wanted one of in person, telephone, message, letter, card, leaflet; got another "
        "[unknown-word]"
    )


def test_rows_of_a_lazy_frame_have_no_order_and_no_number() -> None:
    """What comes lazily has no first row: the faults are told by column alone."""
    bad = visits(household=[None, "h1", ""])
    for frame in (pl.DataFrame(bad).lazy(), duckdb.from_arrow(pa.table(bad))):
        assert told(frame) == "visits, household: wanted a text, got nothing, in 2 rows [bad-key]"


def test_amounts_are_whole_numbers_from_one() -> None:
    """Of aid, amounts are from 1, values from 0, and words those of the library."""
    bad = aid(amount=[0, None], value=[-1, 0], aid=["money", "rice"], mark=["exact", "about so"])
    assert told(pl.DataFrame(visits()), pl.DataFrame(bad)) == (
        "arguments: 5 problems\n"
        f"aid, row 1, aid: wanted one of {', '.join(AID)}; got another [unknown-word]\n"
        "aid, row 1, amount: wanted a whole number from 1, got nothing [bad-number]\n"
        "aid, row 0, amount: wanted a whole number from 1, got less [bad-number]\n"
        "aid, row 0, value: wanted a whole number from 0, got less [bad-number]\n"
        "aid, row 1, mark: wanted one of exact, over, nearly, about; got another [unknown-word]"
    )


def test_days_that_no_date_can_have_are_refused() -> None:
    """A day before year 1 or after year 9999, which some engines have, is told."""
    beyond = duckdb.sql(
        "select 1 as visit, 'infinity'::date as on, 'h1' as household, 'a' as helper, 'card' as channel"
    )
    message = "visits, on: wanted a day of the years 1 to 9999, got another [bad-date]"
    assert told(beyond) == message
    bad = pl.DataFrame(visits()).with_columns(on=pl.lit(4_000_000).cast(pl.Int32).cast(pl.Date))
    assert told(bad.lazy()) == message.replace("another", "another, in 3 rows")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"household": ["h1", "h2", "h2"]}, "visit: wanted one day, household and channel for each visit, got 1 more "),
        ({"on": [date(2012, 2, 1), date(2012, 2, 2), date(2012, 3, 1)]}, "visit: wanted one day, household and chan"),
        ({"channel": ["in person", "card", "card"]}, "visit: wanted one day, household and channel for each visit, go"),
        (
            {"helper": ["ann", "ann", "bo"]},
            "helper: wanted one row for each visit and helper, got 1 more [duplicate-id]",
        ),
    ],
)
def test_the_rows_of_one_visit_agree(engine: str, columns: dict[str, list[Any]], message: str) -> None:
    """One visit has one day, one household, one channel, and each helper once, or it is told."""
    arrow = pa.table(visits(**columns))
    frames = {
        "pandas": lambda: pd.DataFrame(visits(**columns)).assign(on=lambda rows: pd.to_datetime(rows["on"])),
        "polars": lambda: pl.DataFrame(visits(**columns)),
        "polars, lazily": lambda: pl.LazyFrame(visits(**columns)),
        "pyarrow": lambda: arrow,
        "duckdb": lambda: duckdb.from_arrow(arrow),
    }
    assert told(frames[engine]()).startswith(f"visits, {message}")


def test_a_column_that_stands_twice_is_refused() -> None:
    """Of two columns of one name neither is taken."""
    frame = pd.DataFrame([[1, 2]], columns=["visit", "visit"])
    assert told(frame) == "visits: wanted each column once, got one twice [duplicate-column]"


@pytest.mark.parametrize("frame", [None, 17, "visits.csv", [1, 2], {"visit": [1]}, pl.Series([1])])
def test_what_is_no_frame_is_refused(frame: object) -> None:
    """Only frames are taken, not files, lists or dicts."""
    assert told(frame).startswith("visits: wanted a data frame, got ")


def test_no_name_is_in_a_message() -> None:
    """A person's name that stands where an id or a word is wanted is not repeated in the message."""
    for bad in (
        visits(channel=["王小明"] * 3),
        visits(helper=["王小明", "王小明", "王小明"]),
        visits(on=["王小明"] * 3),
    ):
        assert "王小明" not in told(pl.DataFrame(bad))
    enum = pl.DataFrame(visits(on=["王小明"] * 3)).cast({"on": pl.Enum(["王小明"])})
    assert told(enum).endswith("got Enum [bad-type]")


# --- what is asked


def test_the_other_arguments_are_those_of_totals() -> None:
    """Groups, days, rosters and registers of other types are refused with the codes that `totals` has."""
    frame = pl.DataFrame(visits())
    for asked, code in (
        ({"by": "task"}, "unknown-group"),
        ({"by": ("unit", "unit")}, "duplicate-group"),
        ({"during": 2012}, "bad-span"),
        ({"roster": None}, "bad-type"),
        ({"known": 1}, "unknown-position"),
        ({"register": ()}, "bad-type"),
    ):
        with pytest.raises(ArgumentError) as caught:
            frame_totals(frame, **({"roster": ROSTER, "during": year(2012)} | asked))  # type: ignore[arg-type]
        assert caught.value.code == code


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without narwhals it is said which extra to install; without a library, which library."""
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra) as caught:
        visits_frame((), "polars")
    assert str(caught.value) == "wanted polars (pip install polars), got no module polars [missing-extra]"
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(MissingExtra) as caught:
        frame_totals(TABLE, ROSTER, during=year(2012))
    assert str(caught.value) == (
        "wanted the extra frames (pip install 'pairing[frames]'), got no module narwhals [missing-extra]"
    )


def test_importing_the_room_loads_no_library_of_frames() -> None:
    """narwhals and the libraries of frames are loaded only when a function needs them."""
    code = "import sys, pairing.frames; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not set(done.stdout.split()) & {"narwhals", "polars", "pandas", "pyarrow", "duckdb", "numpy"}


# --- entries and answers as frames


@pytest.mark.parametrize("backend", BACKENDS)
def test_entries_become_rows(backend: str) -> None:
    """Each visit has a row for each helper, in turn; each column is there, also where there is no row."""
    entries = [
        Aided("h1", "ann", "money", 5, on=date(2012, 1, 1)),
        Visited("h1", ["赵", "bo", "赵"], on=date(2012, 1, 2)),
    ]
    found = nw.from_native(visits_frame(entries, backend))
    assert found["visit"].to_list() == [1, 1]
    assert found["helper"].to_list() == ["赵", "bo"]
    for made, columns in ((visits_frame, VISIT_COLUMNS), (aid_frame, AID_COLUMNS)):
        assert tuple(nw.from_native(made((), backend)).columns) == tuple(columns)


def test_a_visit_of_nobody_becomes_no_row() -> None:
    """A visit without a helper cannot be a row, and is told with its place among the entries."""
    with pytest.raises(ArgumentError) as caught:
        visits_frame([*YEAR, Visited("h1", (), on=date(2012, 1, 1))], "polars")
    assert str(caught.value) == "row 12, helpers: wanted one helper at least, got none [bad-visit]"


@pytest.mark.parametrize("entries", [None, "h1", [1]])
def test_what_is_no_entry_becomes_no_row(entries: Any) -> None:
    """Only entries are taken."""
    for made in (visits_frame, aid_frame):
        with pytest.raises(ArgumentError, match="wanted entries, got"):
            made(entries, "polars")


TABLE = Table(
    "figures",
    ("county",),
    (Column("money given", "fen"), Column("visits", "visits"), Column("households", "households", False, False)),
    {
        ("420528",): [Amount(2**62, "fen", "over"), Amount(3, "visits"), Share(3, 8)],
        ("420529",): [Amount(5, "fen"), None, Withheld()],
    },
    [Amount(2**62 + 5, "fen", "over"), None, None],
)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_table_becomes_a_frame_of_whole_numbers(backend: str) -> None:
    """A frame of a table has the rows of its records; what is not known or withheld is missing, and never zero."""
    found = nw.from_native(frame_of(TABLE, backend))
    assert found.columns == list(dict.fromkeys(name for record in TABLE.records() for name in record))
    assert [found.schema[name] for name in ("money given (fen)", "visits", "households of")] == [nw.Int64] * 3
    assert [[None if pd.isna(value) else value for value in row] for row in found.iter_rows()] == [
        ["420528", 2**62, "over", 3, 3, 8],
        ["420529", 5, None, None, None, None],
    ]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_table_without_rows_becomes_a_frame_with_columns(backend: str) -> None:
    """A table of no groups has the columns of its figures, so that it can be joined with others."""
    empty = attrs.evolve(TABLE, rows={}, total=[Amount(0, "fen"), Amount(0, "visits"), None])
    found = nw.from_native(frame_of(empty, backend))
    assert found.columns == ["county", "money given (fen)", "visits", "households"]
    assert len(found) == 0


def test_other_libraries_and_what_is_no_table_are_refused() -> None:
    """Answers come as frames of three libraries, and of tables alone."""
    with pytest.raises(ArgumentError) as caught:
        frame_of(TABLE, "duckdb")
    assert str(caught.value) == "backend: wanted one of pandas, polars, pyarrow; got 'duckdb' [unknown-word]"
    with pytest.raises(ArgumentError) as caught:
        frame_of([TABLE], "polars")  # type: ignore[arg-type]
    assert str(caught.value) == "table: wanted a Table, got a value of type list [bad-type]"
