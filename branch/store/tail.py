"""Follows the log where several hubs write it: every hub tells its listeners every entry, in the order of the log."""

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from branch.store.log import Entry, pages

CHANNEL = "branch_log"
"""What PostgreSQL calls out after each commit; a hub that misses it looks by itself after `LOOK_S`."""
LOOK_S = 1.0
GATHER_S = 0.03
"""Where one hub has just written, others do so too: what they say in so long is read at once."""
_PAGE = 500

logger = logging.getLogger(__name__)


def told_up_to(epoch: int, seq: int) -> str:
    """What is called out with a commit: how far the log goes now, so that whoever has it already need not look."""
    return f"{epoch}-{seq}"


class Tail:
    """Tells `told` of each entry once, in order: those of this hub before it answers, those of others as they come."""

    def __init__(self, engine: Engine, position: tuple[int, int], told: Callable[[Sequence[Entry]], None]) -> None:
        self._engine = engine
        self._position = position
        self._told = told
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="branch-tail", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; takes up to `LOOK_S` where the database is lost."""
        self._over.set()
        with contextlib.suppress(SQLAlchemyError), self._engine.begin() as connection:
            connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
        if self._thread.is_alive():
            self._thread.join()

    def committed(self, entries: Sequence[Entry]) -> None:
        """Tell what this hub has just written, with what is known of what others wrote before it."""
        with self._lock:
            fresh = [entry for entry in entries if (entry.epoch, entry.seq) > self._position]
            if not fresh:
                return
            if (fresh[0].epoch, fresh[0].seq - 1) == self._position:
                self._pass_on(fresh)
                return
            # More was written in between. Should reading fail now, the listening thread makes up for it.
            with contextlib.suppress(SQLAlchemyError), self._engine.connect() as connection:
                self._read(connection)

    def _pass_on(self, entries: Sequence[Entry]) -> None:
        self._position = entries[-1].epoch, entries[-1].seq
        self._told(entries)

    def _read(self, connection: Connection) -> None:
        full = True
        while full:
            found = pages(connection, *self._position, _PAGE)
            full = len(found) == _PAGE
            if found:
                self._pass_on(found)

    def _run(self) -> None:
        lost = False
        while not self._over.is_set():
            try:
                with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                    if lost:
                        logger.info("the database is back")
                    lost = False
                    self._listen(connection)
            except (SQLAlchemyError, OSError) as error:
                if not lost:
                    logger.warning("the database is lost (%s); trying again", type(error).__name__)
                lost = True
                self._over.wait(LOOK_S)

    def _listen(self, connection: Connection) -> None:
        line = connection.connection.driver_connection
        assert line is not None  # noqa: S101 - it has just run a statement
        with self._lock:
            self._read(connection)
        while not self._over.is_set():
            # psycopg gives what has come as soon as one is there; then everything is read at once.
            calls = [call.payload for call in line.notifies(timeout=LOOK_S, stop_after=1)]
            if calls and self._over.wait(GATHER_S):
                return
            with self._lock:
                if not calls or any(self._is_news(payload) for payload in calls):
                    self._read(connection)

    def _is_news(self, payload: str) -> bool:
        epoch, _, seq = payload.partition("-")
        return not (epoch.isdigit() and seq.isdigit()) or (int(epoch), int(seq)) > self._position
