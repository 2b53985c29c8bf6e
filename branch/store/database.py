"""Opening the hub's database: SQLite made durable and locked to one hub, or PostgreSQL by its URL."""

import fcntl
import os
import sqlite3
import uuid
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.schema import CreateColumn

from branch.store import schema
from branch.store.prepared import run
from kiosk.domain.errors import Refusal

BUSY_TIMEOUT_MS = 5_000  # `kiosk branch grant` and the hub take turns; neither holds the write lock for long
_READERS = 8
_LAYING_OUT = 0x4B494F53
_CHECKPOINT_PAGES = 4000
"""16 MB of log before it is taken over: a page that many tickets change is then written to the file once for all."""


class Database:
    """Two engines on one database: `writing` begins with the write lock, `reading` sees one snapshot a transaction."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.path = Path(self.url.database) if self.sqlite and self.url.database else None
        self._lock: int | None = None
        self.writing = (
            _engine(self.url, "BEGIN IMMEDIATE", 1)
            if self.sqlite
            else create_engine(self.url, pool_size=2, pool_pre_ping=True)
        )
        self.reading = (
            _engine(self.url, "BEGIN", _READERS)
            if self.sqlite
            else create_engine(self.url, pool_size=6, pool_pre_ping=True)
        )

    def open(self, branch: str, business_date: str, *, exclusive: bool) -> None:
        """Check, lock and lay out the database; Refusal says what to do about one that cannot be used.

        `exclusive` keeps a second hub off a SQLite file; the grant command goes without.
        """
        try:
            if self.path is not None:
                self._prepare_file(self.path, exclusive=exclusive)
            with self.writing.begin() as connection:
                _lay_out(connection, branch, business_date)
        except DBAPIError as error:
            self.close()
            raise self._refusal(error) from error
        except BaseException:
            self.close()
            raise

    def refuse_running(self) -> None:
        """Refusal while a hub runs on this file; nothing is changed."""
        if self.path is not None and self.path.parent.is_dir() and self.path.exists():
            self._take_lock(self.path)
        self.close()

    def close(self) -> None:
        """Let go of every connection and of the lock."""
        self.writing.dispose()
        self.reading.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _prepare_file(self, path: Path, *, exclusive: bool) -> None:
        folder = path.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise Refusal(f"the folder {folder} of the database cannot be written; give another with --state or --db")
        if exclusive:
            self._take_lock(path)
        if path.exists() and path.stat().st_size:
            _check(path)
        else:
            path.touch(mode=0o600)

    def _take_lock(self, path: Path) -> None:
        # The lock lies beside the database: SQLite's own locks are released by closing any descriptor of its file.
        self._lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(f"another hub is running on {path}; stop it, or give this one its own --db") from error

    def _refusal(self, error: DBAPIError) -> Refusal:
        if self.path is not None:
            if isinstance(error.orig, sqlite3.OperationalError):
                return Refusal(f"{self.path} cannot be written ({error.orig}); free the disk or give another --db")
            return _damaged(self.path, str(error.orig))
        shown = self.url.render_as_string(hide_password=True)
        if isinstance(error, OperationalError):
            return Refusal(f"the database at {shown} does not answer; start it or correct --db")
        return Refusal(f"the database at {shown} refuses the hub; give its account the right to make tables")


def move_aside(url: str, branch: str, now: datetime) -> Path | None:
    """Move the file of an earlier hub out of the way of a new one, never overwriting any; None where there is none.

    Refusal while a hub runs on it, and for a server's database that holds a hub already: only a person can empty it.
    """
    database = Database(url)
    path = database.path
    if path is None:
        with database, database.reading.connect() as connection:
            if (
                inspect(connection).has_table("hub")
                and connection.execute(select(schema.hub.c.epoch).where(schema.hub.c.branch == branch)).one_or_none()
            ):
                raise Refusal("this database holds a hub already; give the new one an empty database with --db")
        return None
    database.refuse_running()
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%S}")
    for end in ("-wal", "-shm", ""):
        part = path.with_name(path.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    return aside


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise Refusal(
            f"{text.split(':', maxsplit=1)[0]!r} is no database address; give sqlite:///path or postgresql+psycopg://..."
        ) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise Refusal("the hub keeps its data in sqlite:///path or postgresql+psycopg://..., nothing else")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise Refusal("the hub's data must last: give a file, sqlite:///path")
    return url


def _engine(url: URL, begin: str, size: int) -> Engine:
    engine = create_engine(
        url, pool_size=size, max_overflow=4 * size, connect_args={"check_same_thread": False, "isolation_level": None}
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        run(connection, begin)

    return engine


def _check(path: Path) -> None:
    """Read the file's structure before anything writes to it."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise Refusal(f"{path} cannot be opened ({error}); make it readable and writable for this account") from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error
    if found is None or found[0] != "ok":
        raise _damaged(path, "its structure is broken")


def _damaged(path: Path, why: str) -> Refusal:
    return Refusal(
        f"{path} is damaged ({why}); nothing in it was changed - move it aside, with its -wal and -shm files, "
        "and start again, or put a backup in its place"
    )


def _grow(connection: Connection) -> None:
    """Give the file of an older hub the columns that were added since: each may be empty or has a default.

    The older hub goes on with such a file, for it names the columns that it knows: an update may be taken back.
    """
    known = inspect(connection)
    for table in schema.metadata.sorted_tables:
        there = {str(column["name"]) for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                words = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {words}")


def _widen(connection: Connection) -> None:
    """Databases of the first hubs had no room for the longest verbs; only PostgreSQL minds."""
    if connection.dialect.name == "postgresql":
        (column,) = [one for one in inspect(connection).get_columns("events") if one["name"] == "verb"]
        if (getattr(column["type"], "length", None) or schema.VERB) < schema.VERB:
            connection.exec_driver_sql(f"ALTER TABLE events ALTER COLUMN verb TYPE varchar({schema.VERB})")


def _lay_out(connection: Connection, branch: str, business_date: str) -> None:
    if connection.dialect.name == "postgresql":
        # Hubs that start together lay out the tables one after another.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LAYING_OUT})")
    schema.metadata.create_all(connection)
    _grow(connection)
    _widen(connection)
    row = connection.execute(select(schema.hub).where(schema.hub.c.branch == branch)).one_or_none()
    if row is None:
        connection.execute(
            insert(schema.hub).values(
                branch=branch, version=schema.VERSION, epoch=1, seq=0, place=0, business_date=business_date
            )
        )
    elif row.version > schema.VERSION:
        raise Refusal("the database was written by a later version of the hub; install that version again")
    known = connection.execute(select(schema.identity.c.log).where(schema.identity.c.branch == branch)).one_or_none()
    if known is None:
        connection.execute(insert(schema.identity).values(branch=branch, log=str(uuid.uuid4())))
