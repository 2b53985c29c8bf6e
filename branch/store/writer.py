"""The one writer: takes all work that waits, does it in one transaction, commits once, then answers everybody."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from branch.declined import Declined
from branch.moment import to_ms
from branch.store import schema
from branch.store.log import Entry, EventType
from branch.store.prepared import Prepared
from branch.store.tail import CHANNEL

T = TypeVar("T")
logger = logging.getLogger(__name__)

PACE_STALE = "pace-stale"
"""In a transaction's memo: what earlier work of the batch did changes how the branch works."""

BATCH = 256
"""The most requests in one commit: above it, the first of them would wait for the last."""


@dataclass(slots=True)
class Tx:
    """One write transaction, shared by all work of a batch. `memo` keeps what the work before has read already.

    `series` holds the last number given out in each letter whose series this batch has used.
    """

    connection: Connection
    branch: str
    now_ms: int
    epoch: int
    seq: int
    place: int
    business_date: str
    entries: list[Entry] = field(default_factory=list)
    memo: dict[Any, Any] = field(default_factory=dict)
    began: tuple[int, int, str] = (0, 0, "")
    series: dict[str, int] = field(default_factory=dict)

    @property
    def position(self) -> tuple[int, int, str]:
        """Where the log, the queue and the calendar stand."""
        return self.seq, self.place, self.business_date

    def log(self, kind: EventType, subject: str, verb: str, actor: str, data: dict[str, Any]) -> int:
        """Append an event; give its number."""
        self.seq += 1
        self.entries.append(Entry(self.epoch, self.seq, kind, subject, verb, actor, self.now_ms, data))
        return self.seq

    def pace_changed(self) -> None:
        """Note that counters or services have changed, so that waits are estimated anew."""
        self.memo.pop("pace", None)
        self.memo[PACE_STALE] = True

    def next_place(self) -> int:
        """A place behind everybody, whatever the clock does."""
        self.place = max(self.place + 1, self.now_ms * 1000)
        return self.place


Work = Callable[[Tx], T]

_POSITION = Prepared(
    select(schema.hub.c.epoch, schema.hub.c.seq, schema.hub.c.place, schema.hub.c.business_date)
    .where(schema.hub.c.branch == bindparam("branch"))
    .with_for_update()
)
_APPEND = Prepared(insert(schema.events))
_ADVANCE = Prepared(
    update(schema.hub)
    .where(schema.hub.c.branch == bindparam("in_branch"))
    .values(seq=bindparam("seq"), place=bindparam("place"), business_date=bindparam("business_date"))
)
_SERIES = Prepared(
    update(schema.series)
    .where(
        schema.series.c.branch == bindparam("in_branch"),
        schema.series.c.business_date == bindparam("in_day"),
        schema.series.c.epoch == bindparam("in_epoch"),
        schema.series.c.letter == bindparam("in_letter"),
    )
    .values(last=bindparam("last"))
)


def begin(connection: Connection, branch: str, now: datetime) -> Tx:
    """Read where the log stands; on PostgreSQL this locks the row, so that hubs take turns."""
    if not connection.in_transaction():
        connection.begin()
    ((epoch, seq, place, business_date),) = _POSITION.rows(connection, {"branch": branch})
    now_ms = to_ms(now)
    tx = Tx(connection, branch, now_ms, epoch, seq, place, business_date)
    tx.began = tx.position
    return tx


def end(tx: Tx) -> None:
    """Write the log's new entries and where it stands now; the caller commits."""
    if tx.entries:
        _APPEND.each(tx.connection, [entry.row() for entry in tx.entries])
    for letter, last in tx.series.items():
        key = {"in_branch": tx.branch, "in_day": tx.business_date, "in_epoch": tx.epoch, "in_letter": letter}
        _SERIES.each(tx.connection, [{**key, "last": last}])
    if tx.entries and tx.connection.dialect.name == "postgresql":
        tx.connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
    if tx.position != tx.began:
        now = {"seq": tx.seq, "place": tx.place, "business_date": tx.business_date}
        _ADVANCE.each(tx.connection, [{"in_branch": tx.branch, **now}])


Answers = list[tuple["asyncio.Future[Any]", Any, BaseException | None]]


@dataclass(slots=True)
class _Job:
    """Work and who waits for it: a thread's future, or one of an event loop."""

    work: Work[Any]
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None = None

    def wanted(self) -> bool:
        """Say whether anybody still waits."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


class _Repeat(Exception):
    """A batch without savepoints met a refusal: it is undone and done again with them."""


class Writer:
    """Runs work in a thread of its own.

    `before` runs first in each transaction (the turn of the day); `published` gets the committed log entries, in
    order, before anybody is answered.
    """

    def __init__(
        self,
        engine: Engine,
        branch: str,
        now: Callable[[], datetime],
        before: Callable[[Tx], None],
        published: Callable[[Sequence[Entry]], None],
    ) -> None:
        self._engine = engine
        self._branch = branch
        self._now = now
        self._before = before
        self._published = published
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="branch-writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what was submitted, then stop."""
        self._jobs.put(None)
        self._thread.join()

    def submit(self, work: Work[T]) -> "Future[T]":
        """Queue work; the future is done once its transaction is on disk. Declined undoes only its own work."""
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future))
        return future

    def submit_for(self, loop: asyncio.AbstractEventLoop, work: Work[T]) -> "asyncio.Future[T]":
        """The same for a coroutine of a loop, which is woken once a commit however many answers it gets."""
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, future, loop))
        return future

    def _run(self) -> None:
        with self._engine.connect() as connection:
            going = True
            while going:
                first = self._jobs.get()
                batch, going = self._gather(first)
                if batch:
                    self._commit(connection, batch)

    def _gather(self, first: _Job | None) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        job = first
        while job is not None:
            if job.wanted():
                batch.append(job)
            if len(batch) == BATCH:
                return batch, True
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        try:
            try:
                entries, answers = self._attempt_all(connection, batch, _plainly)
            except _Repeat:
                _roll_back(connection)
                entries, answers = self._attempt_all(connection, batch, _guarded)
        except Exception:
            logger.exception("storage-failed")
            _roll_back(connection)
            failure = Declined("storage-failed", "Try again shortly; free the hub's disk.")
            _answer([(job, None, failure) for job in batch])
            return
        self._published(entries)
        _answer(answers)

    def _attempt_all(
        self, connection: Connection, batch: list[_Job], attempt: "_Attempt"
    ) -> tuple[list[Entry], list["_Answer"]]:
        tx = begin(connection, self._branch, self._now())
        self._before(tx)
        answers = [(job, *attempt(tx, job.work)) for job in batch]
        end(tx)
        connection.commit()
        return tx.entries, answers


_Answer = tuple[_Job, Any, BaseException | None]
_Attempt = Callable[[Tx, Work[Any]], tuple[Any, BaseException | None]]


def _answer(answers: list[_Answer]) -> None:
    loops: dict[asyncio.AbstractEventLoop, Answers] = {}
    for job, value, refusal in answers:
        if not isinstance(job.future, Future):
            assert job.loop is not None  # noqa: S101 - by submit_for
            loops.setdefault(job.loop, []).append((job.future, value, refusal))
        elif refusal is None:
            job.future.set_result(value)
        else:
            job.future.set_exception(refusal)
    for loop, its in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop is gone, and with it whoever asked
            loop.call_soon_threadsafe(_hand_out, its)


def _hand_out(answers: Answers) -> None:
    for future, value, refusal in answers:
        if future.done():
            continue
        if refusal is None:
            future.set_result(value)
        else:
            future.set_exception(refusal)


def _plainly(tx: Tx, work: Work[Any]) -> tuple[Any, BaseException | None]:
    """Most batches hold no refusal, and two savepoints cost as much as the ticket between them."""
    try:
        return work(tx), None
    except Exception as error:
        raise _Repeat from error


def _guarded(tx: Tx, work: Work[Any]) -> tuple[Any, BaseException | None]:
    tx.memo[PACE_STALE] = True
    mark = (tx.seq, tx.place, len(tx.entries), dict(tx.series))
    tx.connection.exec_driver_sql("SAVEPOINT work")
    try:
        value = work(tx)
    except Exception as error:  # noqa: BLE001 - it is the asker's answer
        tx.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
        tx.seq, tx.place, tx.series = mark[0], mark[1], mark[3]
        del tx.entries[mark[2] :]
        tx.memo.clear()
        tx.memo[PACE_STALE] = True
        return None, error
    finally:
        tx.connection.exec_driver_sql("RELEASE SAVEPOINT work")
    return value, None


def _roll_back(connection: Connection) -> None:
    try:
        connection.rollback()
    except DBAPIError:
        connection.invalidate()
