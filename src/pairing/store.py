"""A register that is kept in a database, for applications: SQLite, PostgreSQL, or what else SQLAlchemy knows.

It needs the extra `sql` (SQLAlchemy), and for PostgreSQL the extra `postgresql` (psycopg).  One table has the entries,
each at its position: lines are only ever added.  A batch is one transaction, so that it is there as a whole or not at
all, also where the process dies in the middle; and as a position is taken once, of two writers who both read the same
register the second is refused.
"""

import json
from collections.abc import Callable
from itertools import count, groupby
from operator import itemgetter
from threading import RLock
from types import TracebackType
from typing import Any

from pairing.entries import Entry
from pairing.errors import ArgumentError, PairingError, Problem, RegisterError, needed, shown
from pairing.memory import no_collection
from pairing.records import VERSION, RecordError, from_dict, to_dict
from pairing.register import Register

__all__ = ["ConflictError", "KeptRegister", "StoreError"]

_PATIENCE = 10
"""For so many seconds a writer waits for another one who writes to the same SQLite file."""

_ATTEMPTS = 5
"""So often the tables are tried to be made, as others may be making them too."""


class StoreError(PairingError):
    """The database cannot be reached, or what is in it is no register of this version."""

    title = "store"


class ConflictError(RegisterError):
    """Somebody else has recorded meanwhile: nothing was recorded; read the register again, and decide anew."""

    title = "conflict"


class KeptRegister:
    """A register in a database, by its name; one database may keep several.

    >>> from datetime import date
    >>> from pairing.entries import Paired
    >>> with KeptRegister("sqlite://", "panjin") as kept:           # in memory; "sqlite:///book.db" is a file
    ...     register = kept.record(Paired("c-17", "h-204", on=date(2012, 2, 8)))
    ...     register, kept.register == register
    (Register(1 entries), True)

    `url` is that of SQLAlchemy ("postgresql+psycopg://user@host/name"), or an engine of the application's own.  The
    tables `pairing_registers` and `pairing_entries` are made if they are not there.  What is kept is all that was
    recorded, with the texts as they stand: keep the database as you keep the people's files.

    It may be shared by threads.  Raises `StoreError` where the database cannot be reached, or its entries are no
    register; `MissingExtra` without the extra `sql`.
    """

    def __init__(self, url: Any, name: str = "register") -> None:
        if not isinstance(name, str) or not name or len(name) > 200:
            raise ArgumentError("bad-key", f"wanted a text of 1 to 200 characters, got {shown(name)}", "name")
        self.name = name
        self._lock = RLock()
        self._register = Register()
        self._batches = 0
        self._closed = False
        self._own = isinstance(url, str)
        self._engine = _engine(url)
        self._registers, self._entries = _tables()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._in_database(self._begin)
                break
            except PairingError as error:  # maybe others are making the tables, or the register, at this moment
                if error.code in ("unknown-version", "busy") or attempt == _ATTEMPTS:
                    raise
        self.refresh()

    def __repr__(self) -> str:
        return f"KeptRegister({shown(self.name)}, {len(self._register):,} entries)"

    def __enter__(self) -> "KeptRegister":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, those of an engine of the application's own excepted; what was read stays readable."""
        self._closed = True
        if self._own:
            self._engine.dispose()

    @property
    def register(self) -> Register:
        """The register as it was last read or recorded: a value, which does not change any more."""
        return self._register

    def record(self, *entries: Entry, known: int | None = None) -> Register:
        """Record a batch, and return the register with it: all of it is in the database by then, or nothing.

        `known` is how many entries the register had on which the batch was decided (`len(handover.register)`); by
        default, those of `register`.

        Raises `RegisterError` as `Register.record` does; `ConflictError` where the register has grown since, in this
        process or by another one's writing: `refresh`, and decide anew.  Both leave everything as it was.
        """
        with self._lock:
            before = self._register
            if known is not None and (type(known) is not int or not 0 <= known <= len(before)):
                message = f"wanted a number of entries from 0 to {len(before):,}, got {shown(known)}"
                raise ArgumentError("unknown-position", message, "known")
            if known is not None and known < len(before):
                raise ConflictError([_conflict(known, len(before))])
            after = before.record(*entries)
            added = range(len(before), len(after))
            if added:
                rows = [
                    {"register": self.name, "position": n, "batch": self._batches, "body": _body(after[n])}
                    for n in added
                ]

                table = self._registers
                as_before = (table.c.name == self.name, table.c.entries == len(before))

                def write(database: Any) -> None:
                    database.execute(self._entries.insert(), rows)
                    if database.execute(table.update().where(*as_before).values(entries=len(after))).rowcount != 1:
                        raise StoreError([_damaged(len(before))])  # within the transaction, which is undone by it

                self._in_database(write)
                self._register, self._batches = after, self._batches + 1
            return self._register

    def refresh(self) -> Register:
        """Read what others have recorded meanwhile, and return the register with it."""
        with self._lock, no_collection():
            known = len(self._register)
            table = self._entries
            asked = (
                table.select()
                .where(table.c.register == self.name, table.c.position >= known)
                .order_by(table.c.position)
            )
            count_of = self._registers.select().where(self._registers.c.name == self.name)

            def read(database: Any) -> tuple[Any, Any]:
                return database.execute(count_of).first(), database.execute(asked).all()

            row, rows = self._in_database(read)
            if row is None or known + len(rows) < row[2]:
                raise StoreError([_damaged(known + len(rows))])
            register, batches, positions = self._register, self._batches, count(known)
            for batch, those in groupby(rows, itemgetter(2)):
                entries = []
                for _, position, _, body in those:
                    if position != next(positions) or batch != batches:
                        raise StoreError([_damaged(position)])
                    entries.append(_entry(position, body))
                start = len(register)
                try:
                    register = register.record(*entries)
                except RegisterError:
                    raise StoreError([_damaged(start)]) from None
                if len(register) - start < len(entries):
                    raise StoreError([_damaged(start)])
                batches += 1
            self._register, self._batches = register, batches
            return register

    def _begin(self, database: Any) -> None:
        """Make the tables and the register, if they are not there."""
        table = self._registers
        table.metadata.create_all(database)
        version = database.execute(table.select().where(table.c.name == self.name)).first()
        if version is None:
            database.execute(table.insert().values(name=self.name, version=VERSION, entries=0))
        elif version[1] != VERSION:
            message = f"wanted a register of version {VERSION}, got one of version {shown(version[1])}"
            raise StoreError([Problem("unknown-version", message)])

    def _in_database(self, work: Callable[[Any], Any]) -> Any:
        """Do something in one transaction; what SQLAlchemy raises shows what was to be written, so ours is raised."""
        if self._closed:
            raise StoreError([Problem("closed", "wanted a register that is open, got one that was closed")])
        errors = needed("sqlalchemy", "sql").exc
        failed: PairingError
        try:
            with self._engine.begin() as database:
                return work(database)
        except errors.IntegrityError:
            failed = ConflictError([_conflict(len(self._register), None)])
        except errors.SQLAlchemyError as error:
            failed = StoreError([_no_database(getattr(error, "orig", None) or error)])
        raise failed  # here, so that it does not follow from the other one


def _engine(url: Any) -> Any:
    sql = needed("sqlalchemy", "sql")
    if not isinstance(url, str):
        if isinstance(url, sql.engine.Engine):
            return url
        raise ArgumentError("bad-type", f"wanted the URL of a database, or an engine, got {shown(url)}", "url")
    try:
        address = sql.engine.make_url(url)
        backend = address.get_backend_name()
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        more: dict[str, Any] = {"connect_args": {"timeout": _PATIENCE}} if backend == "sqlite" else {}
        if backend == "sqlite" and address.database in (None, "", ":memory:"):
            more["poolclass"] = sql.pool.StaticPool  # one connection: each new one would be another database
            more["connect_args"]["check_same_thread"] = False
        engine = sql.create_engine(address, hide_parameters=True, **more)
    except sql.exc.SQLAlchemyError:
        message = (
            "wanted the URL of a database, as sqlite:///book.db or postgresql+psycopg://user@host/name; got another"
        )
        raise ArgumentError("bad-url", message, "url") from None
    except ModuleNotFoundError:
        if address.drivername == "postgresql+psycopg":
            needed("psycopg", "postgresql")
        raise ArgumentError("bad-url", f"wanted a database whose driver is installed, got {backend}", "url") from None
    if backend == "sqlite":
        sql.event.listen(engine, "connect", _durable)
    return engine


def _durable(connection: Any, _: Any) -> None:
    """Let SQLite return from a commit only when it is on the disk."""
    connection.execute("PRAGMA synchronous=FULL")


def _tables() -> tuple[Any, Any]:
    sql = needed("sqlalchemy", "sql")
    metadata = sql.MetaData()
    name = sql.String(200)
    registers = sql.Table(
        "pairing_registers",
        metadata,
        sql.Column("name", name, primary_key=True),
        sql.Column("version", sql.Integer, nullable=False),
        sql.Column("entries", sql.Integer, nullable=False),
    )
    entries = sql.Table(
        "pairing_entries",
        metadata,
        sql.Column("register", name, sql.ForeignKey("pairing_registers.name"), primary_key=True),
        sql.Column("position", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("batch", sql.Integer, nullable=False),
        sql.Column("body", sql.Text, nullable=False),
    )
    return registers, entries


def _body(entry: Entry) -> str:
    return json.dumps(to_dict(entry, names=True), ensure_ascii=False)


def _entry(position: int, body: str) -> Entry:
    try:
        entry = from_dict(json.loads(body))
    except (ValueError, RecordError):
        entry = None
    if not isinstance(entry, Entry):
        raise StoreError([_damaged(position)])
    return entry


_REASONS = {
    "database is locked": (
        "busy",
        f"wanted the database within {_PATIENCE} s, got one that somebody else is writing to",
    ),
    "unable to open database file": ("no-database", "wanted a file that can be opened, in a folder that is there"),
    "readonly database": ("no-database", "wanted a file that can be written, got one that can only be read"),
    "file is not a database": ("no-database", "wanted a file of SQLite, got another"),
    "connection": ("no-database", "wanted a server that answers, got no connection"),
}
"""By what a database says, how it is told: its own words may have the address and the password in them."""


def _no_database(error: Exception) -> Problem:
    for said, (code, message) in _REASONS.items():
        if said in str(error):
            return Problem(code, message)
    kind = type(error).__name__
    return Problem("no-database", f"wanted a database that can be read and written, got the error {kind!r}")


def _damaged(position: int) -> Problem:
    return Problem("damaged", f"wanted the entry of position {position:,} as it was recorded, got something else")


def _conflict(known: int, now: int | None) -> Problem:
    has = "others have recorded since" if now is None else f"it has {now:,} by now"
    return Problem("conflict", f"wanted to record on a register of {known:,} entries, but {has}: read it again")
