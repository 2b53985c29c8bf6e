"""The database: opens it, refuses a damaged one, and gives out read and write transactions."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, bindparam, create_engine, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session

from central.batches import Batches
from central.prepared import Prepared
from central.revisions import is_newest
from central.tables import SCHEMA, Meta, Sequence
from kiosk.domain.errors import Refusal

_BUSY_MS = 5000
_CHECKED_BYTES = 64 * 1024 * 1024  # a larger file is not read through at every start
T = TypeVar("T")


def _next(insert: Any) -> Any:
    counted = insert(Sequence).values(name=bindparam("name"), n=bindparam("step"))
    again = counted.on_conflict_do_update(index_elements=["name"], set_={"n": Sequence.n + bindparam("step")})
    return again.returning(Sequence.n)


_NEXT = Prepared(_next(sqlite.insert), postgresql=_next(postgresql.insert))
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


class Store:
    """One database, SQLite or PostgreSQL by URL. Every transaction that was left without an error is durable."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.file = Path(self.url.database) if self.is_sqlite and self.url.database else None
        self._one_writer = threading.Lock()
        self._lock: int | None = None
        self._engine = create_engine(self.url, pool_size=20, max_overflow=30, pool_timeout=10)
        if self.is_sqlite:
            _tune_sqlite(self._engine)
        self._writing = self._engine.execution_options(immediate=True)
        # A single question needs no transaction; on PostgreSQL that saves two of three ways to the server.
        self._asking = self._engine if self.is_sqlite else self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._batches = Batches(self._writing, self._one_writer)

    def open(self, serving: bool = False) -> None:
        """Make or check the tables; Refusal says what is wrong. `serving`: SQLite bears one server process only."""
        try:
            self._prepare_file(serving)
            with self._writing.begin() as connection:
                self._check(connection)
                if not is_newest(connection):
                    # Each step, and each part of its own that it brings in, as a line of log is nothing for a person.
                    logging.getLogger("alembic").setLevel(logging.WARNING)
                    from central.migrate import upgrade  # noqa: PLC0415 - Alembic takes long to come in, and is rarely needed

                    upgrade(connection, self.name)
            with self.write() as session:
                self._check_schema(session)
        except SQLAlchemyError as error:
            self.close()
            raise Refusal(self._why(error)) from error
        except Refusal:
            self.close()
            raise

    @property
    def name(self) -> str:
        """The database as it may be shown to people: without a password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one state of the database and changes nothing."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is committed at the end of the block, and undone if it is left by an exception."""
        with ExitStack() as stack:
            if self.is_sqlite:
                # Writers queue here, in turn, rather than in SQLite's busy loop, which is not fair.
                stack.enter_context(self._one_writer)
            session = stack.enter_context(Session(self._writing, expire_on_commit=False))
            with session.begin():
                yield session

    def work(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction that is durable once this returns; what it raises undoes it.

        On SQLite it shares its commit with others that wait, so it should be brief. It may be done again by nobody.
        """
        if self.is_sqlite:
            return self._batches.run(work)
        with self._writing.begin() as connection:
            return work(connection)

    def ask(self, question: Prepared, values: Mapping[str, Any]) -> Any:
        """The first row that answers one question, or None; on PostgreSQL a change too, whole by itself."""
        with self._asking.connect() as connection:
            return question.first(connection, values)

    def next(self, inside: Session | Connection, name: str, step: int = 1) -> int:
        """The next number of a sequence, or the last of the next `step`; given back if the transaction fails."""
        connection = inside if isinstance(inside, Connection) else inside.connection()
        return int(_NEXT.first(connection, {"name": name, "step": step})[0])

    def close(self) -> None:
        """Let go of every connection and of the server's place."""
        self._engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _check(self, connection: Connection) -> None:
        if self.file is None or self.file.stat().st_size > _CHECKED_BYTES:
            connection.execute(select(1))
            return
        answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if answer != "ok":
            what = " ".join(str(answer).split())
            raise Refusal(f"the database {self.file} is damaged ({what}); put it aside and restore a backup")

    def _check_schema(self, session: Session) -> None:
        found = session.get(Meta, "schema")
        if found is None:
            session.add(Meta(key="schema", value=str(SCHEMA)))
        elif found.value != str(SCHEMA):
            raise Refusal(
                f"the database {self.name} has schema {found.value}, this version reads {SCHEMA};"
                " use the version that wrote it, or another --db"
            )

    def _prepare_file(self, serving: bool) -> None:
        if self.file is None:
            return
        try:
            os.close(os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            if serving:
                place = self.file.with_name(self.file.name + ".serving")
                self._lock = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                f"another central service runs on {self.file}; stop it, or give this one another --db"
            ) from None
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise Refusal(f"the database {self.file} cannot be written ({why}); check --db and its folder") from error

    def _why(self, error: SQLAlchemyError) -> str:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        if self.file and isinstance(error, DatabaseError) and ("malformed" in reason or "not a database" in reason):
            return f"the database {self.file} is damaged ({reason}); put it aside and restore a backup"
        if self.file and "locked" in reason:
            return f"the database {self.file} is locked by another program; stop that one, or give another --db"
        return f"the database {self.name} cannot be opened ({reason}); check --db and that it may be written"


def _checked(url: str) -> Any:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Refusal(f"{url!r} is no database URL; give sqlite:///PATH or postgresql+psycopg://...") from error
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise Refusal(f"the central service keeps its data in SQLite or PostgreSQL, not in {backend}")
    if backend == "sqlite" and not parsed.database:
        raise Refusal("a database in memory would forget every request; give sqlite:///PATH")
    return parsed.set(drivername=_DRIVERS[backend])


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes too late for a read that is followed by a write.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
