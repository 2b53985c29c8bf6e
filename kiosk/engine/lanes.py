"""Where slow work is done: one lane a device or peer, each in order, never in the engine's own thread."""

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Literal, Protocol

from kiosk.core.events import Event
from kiosk.domain.errors import Broken, Refusal

Lane = Literal["printer", "scanner", "camera", "speaker", "branch", "central", "copy", "fleet", "service", "board"]
Work = Callable[[], Iterable[Event]]
Post = Callable[[Event], None]

_log = logging.getLogger(__name__)


class Lanes(Protocol):
    """Something that carries work out and posts the events it yields."""

    def submit(self, lane: Lane, work: Work) -> None: ...
    def close(self) -> None: ...


class ThreadLanes:
    """One daemon thread a lane, started at its first piece of work."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._queues: dict[Lane, queue.SimpleQueue[Work | None]] = {}
        self._threads: list[threading.Thread] = []

    def submit(self, lane: Lane, work: Work) -> None:
        """Queue work on its lane; called from the engine's thread only."""
        if lane not in self._queues:
            self._queues[lane] = queue.SimpleQueue()
            thread = threading.Thread(target=self._serve, args=(lane,), name=f"lane-{lane}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._queues[lane].put(work)

    def close(self, patience_s: float = 2.0) -> None:
        """Let each lane finish what it is doing, then stop."""
        for waiting in self._queues.values():
            waiting.put(None)
        for thread in self._threads:
            thread.join(patience_s)

    def _serve(self, lane: Lane) -> None:
        waiting = self._queues[lane]
        while (work := waiting.get()) is not None:
            for event in carry_out(lane, work):
                self._post(event)


class InlineLanes:
    """Work waits until somebody drains it; stories and tests decide when."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._waiting: list[tuple[Lane, Work]] = []

    def submit(self, lane: Lane, work: Work) -> None:
        """Keep the work for the next `drain`."""
        self._waiting.append((lane, work))

    def drain(self) -> bool:
        """Do everything that waits; say whether there was anything."""
        waiting, self._waiting = self._waiting, []
        for lane, work in waiting:
            for event in carry_out(lane, work):
                self._post(event)
        return bool(waiting)

    def close(self) -> None:
        """Forget what still waits, as a crash would."""
        self._waiting.clear()


def carry_out(lane: Lane, work: Work) -> Iterable[Event]:
    """Do one piece of work, giving each event as it happens; a programming error in it never takes its lane down."""
    try:
        yield from work()
    except (Broken, Refusal) as error:
        _log.error("lane %s: %s", lane, error)
    except Exception as error:  # noqa: BLE001 - the last border of a lane
        _log.error("lane %s: work failed (%s); report this with the log", lane, type(error).__name__, exc_info=error)
