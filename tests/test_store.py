"""A register in a database: nothing is lost, nothing is half-done, and of two writers the second is refused."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy

import pairing as pr
from databases import postgresql, programs
from pairing.errors import MissingExtra
from pairing.store import ConflictError, KeptRegister, StoreError
from recording import batch
from stories import told

DAY = date(2012, 2, 8)
BATCHES = 1_000
WRITER = Path(__file__).parent / "recording.py"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A URL with a place for a number, so that each test has a database, or a register, of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('store')}/book-{{}}.db"
    elif programs() is None:
        pytest.skip("PostgreSQL is not installed")
    else:
        with postgresql() as url:
            yield url


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    return server.format(abs(hash(request.node.name)))


def pairs(first: int, count: int = 1) -> list[pr.Paired]:
    return [pr.Paired(f"c-{n}", f"h-{n}", on=DAY) for n in range(first, first + count)]


def test_what_was_recorded_is_there_again(url: str) -> None:
    """A register that is opened again is the one that was recorded, batch for batch, with all its kinds of entries."""
    register = told("panjin-2010", "1/50").register
    with KeptRegister(url, "again") as kept:
        start = 0
        for end in register.batches:
            kept.record(*(register[n] for n in range(start, end)))
            start = end
        assert kept.register == register
    with KeptRegister(url, "again") as kept:
        assert kept.register == register
        assert kept.register.batches == register.batches


def test_a_refused_batch_leaves_no_trace(url: str) -> None:
    """What the register refuses is not in the database either, and the next batch is recorded as if it had not been."""
    with KeptRegister(url, "refused") as kept:
        kept.record(*pairs(0))
        with pytest.raises(pr.RegisterError, match="override"):
            kept.record(*pairs(1), pr.Released("c-0", "h-0", "left", on=DAY + timedelta(9)))
        assert kept.register == pr.Register().record(*pairs(0))
        kept.record(*pairs(2))
    with KeptRegister(url, "refused") as kept:
        assert list(kept.register) == [*pairs(0), *pairs(2)]


def test_registers_of_one_database_stay_apart(url: str) -> None:
    """Each name is a register of its own."""
    with KeptRegister(url, "盘山县") as one, KeptRegister(url, "大洼区") as other:
        one.record(*pairs(0))
        other.record(*pairs(5, 2))
        assert (len(one.refresh()), len(other.refresh())) == (1, 2)


def test_the_second_of_two_writers_is_refused(url: str) -> None:
    """Who records on what another has added to meanwhile is told so, and records nothing; read again, it can."""
    with KeptRegister(url, "two") as one, KeptRegister(url, "two") as other:
        one.record(*pairs(0, 3))
        with pytest.raises(ConflictError) as caught:
            other.record(*pairs(7))
        assert str(caught.value) == (
            "wanted to record on a register of 0 entries, but others have recorded since: read it again [conflict]"
        )
        assert len(other.register) == 0
        assert other.refresh() == one.register
        assert list(other.record(*pairs(7))) == [*pairs(0, 3), *pairs(7)]
        assert one.refresh() == other.register


def test_what_was_decided_on_an_earlier_register_is_refused(url: str) -> None:
    """`known` says on how many entries a batch was decided: where the register has more by now, that is a conflict."""
    with KeptRegister(url, "known") as kept:
        seen = kept.record(*pairs(0, 2))
        kept.record(*pairs(2))
        with pytest.raises(ConflictError) as caught:
            kept.record(*pairs(3), known=len(seen))
        assert str(caught.value) == (
            "wanted to record on a register of 2 entries, but it has 3 by now: read it again [conflict]"
        )
        assert len(kept.record(*pairs(3), known=3)) == 4
        with pytest.raises(pr.ArgumentError, match=r"wanted a number of entries from 0 to 4, got 5"):
            kept.record(*pairs(4), known=5)


def test_threads_and_processes_that_try_again_lose_nothing(url: str) -> None:
    """Writers who refresh and try again after a conflict all come through, each batch whole and once."""
    refused = []

    def write(first: int) -> None:
        with KeptRegister(url, "crowd") as kept:
            for n in range(first, first + 20, 2):
                while True:
                    try:
                        kept.record(*pairs(n, 2))
                        break
                    except ConflictError:
                        refused.append(n)
                        kept.refresh()

    crowd = [threading.Thread(target=write, args=(100 * n,)) for n in range(4)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    with KeptRegister(url, "crowd") as kept:
        found = list(kept.register)
        assert len(found) == 80
        assert set(found) == {pair for n in range(4) for pair in pairs(100 * n, 20)}
        assert kept.register.batches == tuple(range(2, 81, 2))


def test_nothing_is_lost_and_nothing_half_done_when_the_writer_is_killed(url: str) -> None:
    """A writer of 1,000 batches is killed over and over: what it told of stands, and no batch is there in part."""
    random = Random(2012)
    lives = 0
    expected = pr.Register()
    with KeptRegister(url, "killed") as reader:
        while len(reader.register.batches) < BATCHES:
            said = _one_life(url, None if lives >= 8 else 0.05 + 0.25 * random.random())
            lives += 1
            register = reader.refresh()
            assert len(register.batches) >= said
            for n in range(len(expected.batches), len(register.batches)):
                expected = expected.record(*batch(n))
            assert list(register) == list(expected)
            assert register.batches == expected.batches
    assert lives > 5
    with KeptRegister(url, "killed") as again:
        assert again.register == expected


def _one_life(url: str, seconds: float | None) -> int:
    """Let a writer write, kill it after some time from its first batch on, and return how many batches it told of."""
    command = [sys.executable, str(WRITER), url, "killed", str(BATCHES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        if seconds is not None:
            time.sleep(seconds)
            os.kill(writer.pid, signal.SIGKILL)
        lines = [first, *writer.stdout.read().splitlines(keepends=True)]
    whole = [line for line in lines if line.endswith("\n")]
    return int(whole[-1]) if whole else 0


def test_damaged_entries_are_told(tmp_path: Path) -> None:
    """What is not as it was recorded is no register: a gap, a body that is none, entries that contradict each other."""
    url = f"sqlite:///{tmp_path}/book.db"
    with KeptRegister(url) as kept:
        kept.record(*pairs(0, 3))
        kept.record(*pairs(3))
    for change in (
        "DELETE FROM pairing_entries WHERE position = 1",
        "DELETE FROM pairing_entries WHERE position = 3",
        "DROP TABLE pairing_entries",
        "UPDATE pairing_entries SET body = 'x' WHERE position = 1",
        "UPDATE pairing_entries SET body = '{}' WHERE position = 1",
        "UPDATE pairing_entries SET batch = 5 WHERE position = 1",
        "UPDATE pairing_entries SET body = (SELECT body FROM pairing_entries WHERE position = 0) WHERE position = 1",
    ):
        copy = tmp_path / "copy.db"
        copy.write_bytes((tmp_path / "book.db").read_bytes())
        engine = sqlalchemy.create_engine(f"sqlite:///{copy}")
        with engine.begin() as database:
            database.execute(sqlalchemy.text(change))
        with pytest.raises(StoreError, match=r"wanted the entry of position \d as it was recorded, got something else"):
            KeptRegister(engine)
        engine.dispose()


def test_what_is_found_damaged_while_recording_is_undone(tmp_path: Path) -> None:
    """Where the count of entries is another one than was read, the batch is refused, and no row of it stays."""
    url = f"sqlite:///{tmp_path}/book.db"
    engine = sqlalchemy.create_engine(url)
    with KeptRegister(url) as kept:
        kept.record(*pairs(0))
        with engine.begin() as database:
            database.execute(sqlalchemy.text("UPDATE pairing_registers SET entries = 7"))
        with pytest.raises(StoreError, match="wanted the entry of position 1 as it was recorded"):
            kept.record(*pairs(1))
        assert len(kept.register) == 1
        with engine.begin() as database:
            assert database.execute(sqlalchemy.text("SELECT count(*) FROM pairing_entries")).scalar() == 1
    engine.dispose()


def test_a_driver_that_is_not_installed_is_told() -> None:
    """Another driver of PostgreSQL than psycopg is not taken for it."""
    with pytest.raises(pr.ArgumentError) as caught:
        KeptRegister("postgresql+psycopg2://here/there")
    assert str(caught.value) == "url: wanted a database whose driver is installed, got postgresql [bad-url]"


def test_a_closed_register_says_so(tmp_path: Path) -> None:
    """After `close` nothing is recorded or read any more; what was read stays readable."""
    kept = KeptRegister(f"sqlite:///{tmp_path}/book.db")
    kept.record(*pairs(0))
    kept.close()
    for work in (kept.refresh, lambda: kept.record(*pairs(1))):
        with pytest.raises(StoreError) as caught:
            work()
        assert str(caught.value) == "wanted a register that is open, got one that was closed [closed]"
    assert len(kept.register) == 1


def test_a_register_of_another_version_is_refused(tmp_path: Path) -> None:
    """A later library's register is not guessed at."""
    url = f"sqlite:///{tmp_path}/book.db"
    KeptRegister(url).close()
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as database:
        database.execute(sqlalchemy.text("UPDATE pairing_registers SET version = 2"))
    with pytest.raises(StoreError) as caught:
        KeptRegister(engine)
    assert str(caught.value) == "wanted a register of version 1, got one of version 2 [unknown-version]"
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        (7, pr.ArgumentError, "url: wanted the URL of a database, or an engine, got 7 [bad-type]"),
        (
            "book.db",
            pr.ArgumentError,
            "url: wanted the URL of a database, as sqlite:///book.db or postgresql+psycopg://user@host/name; "
            "got another [bad-url]",
        ),
        (
            "mysql://secret@here/there",
            pr.ArgumentError,
            "url: wanted a database whose driver is installed, got mysql [bad-url]",
        ),
        (
            "sqlite:////no/such/folder/book.db",
            StoreError,
            "wanted a file that can be opened, in a folder that is there [no-database]",
        ),
        (
            "postgresql://nobody:secret@localhost:1/none",
            StoreError,
            "wanted a server that answers, got no connection [no-database]",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_told(url: object, error: type[pr.PairingError], message: str) -> None:
    """The message says what was wanted, and never the address, which may hold a password."""
    with pytest.raises(error) as caught:
        KeptRegister(url)
    assert str(caught.value) == message


def test_what_fails_shows_nothing_personal(tmp_path: Path) -> None:
    """Neither the message nor what it follows from has what was to be written."""
    file = tmp_path / "book.db"
    with KeptRegister(f"sqlite:///{file}") as kept:
        kept.record(*pairs(0))
        with sqlalchemy.create_engine(f"sqlite:///{file}").begin() as database:
            database.execute(sqlalchemy.text("DROP TABLE pairing_entries"))
        with pytest.raises(StoreError) as caught:
            kept.record(pr.VacancyOpened("h-9", "王小明 has left", "u", on=DAY))
        error: BaseException | None = caught.value
        while error is not None:
            assert "王小明" not in f"{error!r} {error}"
            error = error.__cause__ or error.__context__
        assert len(kept.register) == 1


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy, or without psycopg, it is said which extra to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra) as caught:
        KeptRegister("postgresql://here/there")
    assert str(caught.value) == (
        "wanted the extra postgresql (pip install 'pairing[postgresql]'), got no module psycopg [missing-extra]"
    )
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(MissingExtra) as caught:
        KeptRegister("sqlite://")
    assert str(caught.value) == (
        "wanted the extra sql (pip install 'pairing[sql]'), got no module sqlalchemy [missing-extra]"
    )


def test_what_is_kept_are_records(tmp_path: Path) -> None:
    """The body of an entry is its plain form, so that other programs can read the table."""
    with KeptRegister(f"sqlite:///{tmp_path}/book.db") as kept:
        kept.record(*pairs(0))
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/book.db")
    with engine.begin() as database:
        (row,) = database.execute(sqlalchemy.text("SELECT register, position, batch, body FROM pairing_entries"))
    assert row[:3] == ("register", 0, 0)
    assert json.loads(row[3]) == {"type": "Paired", "on": "2012-02-08", "helper": "c-0", "household": "h-0"}
    engine.dispose()
