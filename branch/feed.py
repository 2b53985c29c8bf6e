"""The event feed: every commit goes to every open stream, each event written once however many read it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from branch import wire
from branch.snapshots import Snapshots
from branch.store.log import Entry, after
from branch.store.reading import read_log_position
from branch.store.store import Store

PING_S = 15.0
"""A line that says nothing for so long gets a comment, so that both ends notice a dead one."""

REPLAYED = 1000
"""A reader who missed more than this gets the whole state instead."""

BEHIND = 2000
"""A reader who does not take its events is dropped at so many; it comes back by its last id."""


class _Event:
    """One entry, encoded when the first of an audience reads it."""

    __slots__ = ("_bytes", "entry")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._bytes: dict[bool, bytes] = {}

    def encoded(self, *, staff: bool) -> bytes:
        if staff not in self._bytes:
            self._bytes[staff] = wire.entry_event(self.entry, staff=staff)
        return self._bytes[staff]


class _Reader:
    """One open stream: what it has not been sent yet."""

    def __init__(self) -> None:
        self.events: deque[_Event] = deque()
        self.wake = asyncio.Event()
        self.dropped = False

    def push(self, events: Sequence[_Event]) -> None:
        self.events.extend(events)
        self.dropped = self.dropped or len(self.events) > BEHIND
        self.wake.set()


class Feed:
    """Streams for consoles, boards and kiosks. `publish` may be called from any thread, the rest from the loop."""

    def __init__(self, store: Store, snapshots: Snapshots) -> None:
        self._store = store
        self._snapshots = snapshots
        self._readers: set[_Reader] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def start(self) -> None:
        """Bind to the running loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed = True
        for reader in self._readers:
            reader.wake.set()

    def publish(self, entries: Sequence[Entry]) -> None:
        """Send committed entries to everybody."""
        self._snapshots.changed()
        if not self._readers:
            return  # whoever comes now reads a state that has it
        events = [_Event(entry) for entry in entries if entry.type in wire.PUBLIC_TYPES]
        if events and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, events)

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return len(self._readers)

    async def stream(self, last_id: str | None, *, staff: bool) -> AsyncIterator[bytes]:
        """Give the bytes of one stream: what was missed since `last_id`, or the whole state, then what happens."""
        reader = _Reader()
        self._readers.add(reader)
        try:
            yield f"retry: {wire.RETRY_MS}\n\n".encode()
            seq, missed = await self._begin(last_id, staff=staff)
            yield missed
            while not (self._closed or reader.dropped):
                if not reader.events:
                    reader.wake.clear()
                    try:
                        await asyncio.wait_for(reader.wake.wait(), PING_S)
                    except TimeoutError:
                        yield b": ping\n\n"
                    continue
                ready = [reader.events.popleft() for _ in range(len(reader.events))]
                fresh = b"".join(event.encoded(staff=staff) for event in ready if event.entry.seq > seq)
                if fresh:
                    yield fresh
        finally:
            self._readers.discard(reader)

    def _spread(self, events: Sequence[_Event]) -> None:
        for reader in self._readers:
            reader.push(events)

    async def _begin(self, last_id: str | None, *, staff: bool) -> tuple[int, bytes]:
        seen = wire.parse_event_id(last_id)
        if seen is not None:
            missed = await run_in_threadpool(self._missed, *seen)
            if missed is not None:
                last = missed[-1].seq if missed else seen[1]
                told = [entry for entry in missed if entry.type in wire.PUBLIC_TYPES]
                return last, b": resumed\n\n" + b"".join(wire.entry_event(entry, staff=staff) for entry in told)
        snapshot = await self._snapshots.get()
        position = wire.event_id(snapshot.epoch, snapshot.seq)
        return snapshot.seq, wire.sse("snapshot", position, snapshot.text(staff=staff))

    def _missed(self, epoch: int, seq: int) -> Sequence[Entry] | None:
        """What was logged since; None where only the whole state helps: another epoch, the future, or too long ago."""
        branch = self._store.options.id
        return self._store.read(lambda connection: _since(connection, branch, epoch, seq))


def _since(connection: Connection, branch: str, epoch: int, seq: int) -> Sequence[Entry] | None:
    now_epoch, now_seq = read_log_position(connection, branch)
    if epoch != now_epoch or seq > now_seq:
        return None
    missed = after(connection, epoch, seq, REPLAYED + 1)
    return missed if len(missed) <= REPLAYED else None
