"""The one writer: takes all work that waits, does it in one transaction, commits once, then answers everybody."""

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from branch.declined import Declined
from branch.store.log import Entry
from branch.store.transaction import PACE_STALE, Kept, Tx, Work, begin, end, look_up

T = TypeVar("T")
logger = logging.getLogger(__name__)

BATCH = 256
"""The most requests in one commit: above it, the first of them would wait for the last."""

QUICK_S = 0.0015
"""A disk that commits in less is waited for by the event loop itself: waking a thread would take longer."""
_TURNS = 3
"""Turns of the loop that bring nothing before a commit, where others have come of late: a press that lies at the door
is read in the first, understood in the second and here in the third."""
_LOOK_BACK = 8  # commits; the quickest of them tells of the disk, the others of whatever else the machine does


Answers = list[tuple["asyncio.Future[Any]", Any, BaseException | None]]


@dataclass(slots=True)
class _Job:
    """Work and who waits for it: a thread's future, or one of an event loop."""

    work: Work[Any]
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None = None
    ticket: str | None = None

    def wanted(self) -> bool:
        """Say whether anybody still waits."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


class _Repeat(Exception):
    """A batch without savepoints met a refusal: it is undone and done again with them."""


class Writer:
    """Runs work in a thread of its own - or, where a commit takes no time, in the loop that has asked for it.

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
        self._connection: Connection | None = None
        self._turn = threading.Lock()
        self._work = threading.Semaphore(0)
        self._kept: Kept | None = None
        self._pace = Pace(engine.dialect.name == "sqlite")
        self._planned = False
        self._last_batch = 0
        self._going = True

    def start(self) -> None:
        """Begin to work."""
        self._connection = self._engine.connect()
        self._thread.start()

    def stop(self) -> None:
        """Finish what was submitted, then stop."""
        self._jobs.put(None)
        self._work.release()
        self._thread.join()

    def submit(self, work: Work[T]) -> "Future[T]":
        """Queue work; the future is done once its transaction is on disk. Declined undoes only its own work."""
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future))
        self._work.release()
        return future

    def submit_for(
        self, loop: asyncio.AbstractEventLoop, work: Work[T], ticket: str | None = None
    ) -> "asyncio.Future[T]":
        """The same for a coroutine of a loop, which is woken once a commit however many answers it gets.

        `ticket` is the id that the work will ask for first.
        """
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, future, loop, ticket))
        if not self._pace.quick:
            self._work.release()
        elif not self._planned:
            # Whatever else has arrived in this turn of the loop comes into the same commit.
            self._planned = True
            loop.call_soon(self._in_the_loop, loop, 0, 0)
        return future

    def _in_the_loop(self, loop: asyncio.AbstractEventLoop, seen: int, turns: int) -> None:
        waiting = self._jobs.qsize()
        turns = turns + 1 if waiting == seen else 0
        if turns < _TURNS and waiting < BATCH and (waiting > 1 or self._last_batch > 1):
            loop.call_soon(self._in_the_loop, loop, waiting, turns)
            return
        self._planned = False
        if not self._turn.acquire(blocking=False):
            self._work.release()
            return
        try:
            self._one_batch()
        finally:
            self._turn.release()
        if not self._going or not self._jobs.empty():
            self._work.release()

    def _run(self) -> None:
        while self._going:
            self._work.acquire()
            with self._turn:
                self._one_batch()
        if self._connection is not None:
            self._connection.close()

    def _one_batch(self) -> None:
        """Do what waits."""
        batch = self._gather(BATCH)
        if batch and self._connection is not None:
            self._commit(self._connection, batch)
            if self._kept is not None:
                self._pace.took(self._kept.commit_s)
        self._last_batch = len(batch)

    def _gather(self, most: int) -> list[_Job]:
        batch: list[_Job] = []
        while len(batch) < most:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return batch
            if job is None:
                self._going = False
                return batch
            if job.wanted():
                batch.append(job)
        self._work.release()
        return batch

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        kept, self._kept = self._kept, None
        try:
            try:
                entries, answers = self._attempt_all(connection, batch, _plainly, kept)
            except _Repeat:
                _roll_back(connection)
                entries, answers = self._attempt_all(connection, batch, _guarded, None)
        except Exception:
            logger.exception("storage-failed")
            _roll_back(connection)
            self._kept = None
            failure = Declined("storage-failed", "Try again shortly; free the hub's disk.")
            _answer([(job, None, failure) for job in batch])
            return
        self._published(entries)
        _answer(answers)

    def _attempt_all(
        self, connection: Connection, batch: list[_Job], attempt: "_Attempt", kept: Kept | None
    ) -> tuple[list[Entry], list["_Answer"]]:
        ids = [job.ticket for job in batch if job.ticket is not None] if attempt is _plainly else []
        tx = begin(connection, self._branch, self._now(), ids, kept)
        self._before(tx)
        if attempt is _plainly:
            # On PostgreSQL another hub may have had its turn meanwhile, and more has come here.
            late = self._gather(BATCH - len(batch))
            batch += late
            look_up(tx, [job.ticket for job in late if job.ticket is not None])
        answers = [(job, *attempt(tx, job.work)) for job in batch]
        if attempt is _plainly:
            _plainly(tx, lambda tx: tx.connection)
        self._kept = end(tx, commit=True)
        return [*tx.others, *tx.entries], answers


class Pace:
    """How long commits take of late. `quick` says whether the loop may wait for them; `may` whether it ever may."""

    def __init__(self, may: bool) -> None:
        self._may = may
        self._took: deque[float] = deque(maxlen=_LOOK_BACK)
        self.quick = False

    def took(self, seconds: float) -> None:
        """Take in one commit."""
        self._took.append(seconds)
        self.quick = self._may and min(self._took) < QUICK_S


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
    here = _running()
    for loop, its in loops.items():
        if loop is here:
            _hand_out(its)
            continue
        with contextlib.suppress(RuntimeError):  # the loop is gone, and with it whoever asked
            loop.call_soon_threadsafe(_hand_out, its)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


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
    mark = (tx.seq, tx.place, len(tx.entries), dict(tx.series), set(tx.numbered))
    tx.connection.exec_driver_sql("SAVEPOINT work")
    try:
        value = work(tx)
        tx.connection.exec_driver_sql("RELEASE SAVEPOINT work")
    except Exception as error:  # noqa: BLE001 - it is the asker's answer
        tx.fresh.clear()
        tx.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
        tx.connection.exec_driver_sql("RELEASE SAVEPOINT work")
        tx.seq, tx.place, tx.series, tx.numbered = mark[0], mark[1], mark[3], mark[4]
        del tx.entries[mark[2] :]
        tx.memo.clear()
        tx.memo[PACE_STALE] = True
        return None, error
    return value, None


def _roll_back(connection: Connection) -> None:
    try:
        connection.rollback()
    except DBAPIError:
        connection.invalidate()
