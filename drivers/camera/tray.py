"""The camera over the tray: learns how it looks when nobody is there, says after a session what lies there still."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from drivers.camera.frame import Frame
from drivers.camera.grabber import Grabber
from drivers.camera.left_behind import Small, at_rest, compare, is_dark, small
from drivers.camera.source import parse
from drivers.device import BadAddress
from kiosk.domain.errors import Refusal
from kiosk.domain.tray import TrayVerdict

LEARN_S = 20.0
"""Between two looks while nobody is there: light changes slowly, and the camera sleeps meanwhile."""
EQUAL = 3
"""So many looks in a row must agree before that is how the tray looks: a minute, longer than anybody stands idle."""
KEPT = 4
"""Ways in which an empty tray is known; the oldest is forgotten. A sign that the branch puts there becomes one."""
SKIPPED = 3
SETTLE_S = 0.3
"""Frames and time let pass when the camera wakes: what its driver still held is old, and comes at once."""
PATIENCE_S = 3.0
"""A tray that is not at rest for so long is one where somebody is busy: nobody can say what is left there."""

log = logging.getLogger(__name__)


class Frames(Protocol):
    """What holds the camera; satisfied by a Seat at the Grabber."""

    def watch(self, on: bool) -> None: ...
    def newest(self, after: int, within_s: float) -> Frame | None: ...


class TrayCamera:
    """Satisfies the engine's Tray. What is kept: some pictures of 128 x 96 grey levels, in memory, none of a session.

    `opened` and `closed` begin and end the camera where nobody else does.
    """

    def __init__(
        self,
        frames: Frames,
        opened: Callable[[], None] = lambda: None,
        closed: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
        learn_s: float = LEARN_S,
    ) -> None:
        self._frames, self._closed, self._monotonic, self._learn_s = frames, closed, monotonic, learn_s
        self._looking = threading.Lock()
        self._changed = threading.Condition()
        self._resting = self._stopping = False
        self._empty: list[Small] = []
        self._likely: list[Small] = []
        opened()
        self._thread = threading.Thread(target=self._run, name="tray", daemon=True)
        self._thread.start()

    def mind(self, resting: bool) -> None:
        """Nobody is here, so the tray is as it should be; or somebody is. Never blocks."""
        with self._changed:
            self._resting = resting
            self._likely = []
            self._changed.notify_all()

    def look(self) -> TrayVerdict:
        """Say what lies there now; never raises, blocks for some six seconds at most."""
        try:
            now = self._seen()
        except Exception as error:  # noqa: BLE001 - one odd frame must not end the lane
            log.error("the tray could not be looked at: %s", type(error).__name__)  # noqa: TRY400
            return "unknown"
        if now is None or not self._empty:
            return "unknown"
        verdicts = {compare(empty, now) for empty in self._empty}
        return "clear" if "clear" in verdicts else "left"

    def close(self) -> None:
        """End the thread, forget the tray; twice is fine."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        self._empty.clear()
        self._closed()

    def _run(self) -> None:
        while not self._stopping:
            with self._changed:
                self._changed.wait_for(lambda: self._resting or self._stopping)
                if self._changed.wait_for(lambda: self._stopping or not self._resting, self._learn_s):
                    continue
            try:
                now = self._seen()
            except Exception as error:  # noqa: BLE001 - nor may it end this thread
                log.error("the tray could not be learnt: %s", type(error).__name__)  # noqa: TRY400
                continue
            with self._changed:
                if now is not None and self._resting:
                    self._learn(now)

    def _learn(self, now: Small) -> None:
        """Believe what looks the same in several looks; what is known already is brought up to date."""
        if self._likely and compare(self._likely[-1], now) != "clear":
            self._likely = []
        self._likely = [*self._likely, now][-EQUAL:]
        if len(self._likely) == EQUAL:
            others = [empty for empty in self._empty if compare(empty, now) != "clear"]
            self._empty = [*others, now][-KEPT:]

    def _seen(self) -> Small | None:
        """The tray at rest and in light; None if it is not to be had in time."""
        with self._looking:
            self._frames.watch(True)
            try:
                return self._still()
            finally:
                self._frames.watch(False)

    def _still(self) -> Small | None:
        awake = self._monotonic()
        end = awake + PATIENCE_S
        old = self._frames.newest(-1, 0.0)
        number, passed = old.number if old is not None else 0, 0
        before: Small | None = None
        while not self._stopping and (left := end - self._monotonic()) > 0:
            frame = self._frames.newest(number, left)
            if frame is None:
                return None
            number, passed = frame.number, passed + 1
            if passed <= SKIPPED or self._monotonic() - awake < SETTLE_S:
                continue
            now = small(frame.gray)
            if is_dark(now):
                return None
            if before is not None and at_rest(before, now):
                return now
            before = now
        return None


def open_tray(source: str) -> TrayCamera:
    """A camera that is there for the tray alone; Refusal for a wrong `camera.tray`."""
    try:
        grabber = Grabber(parse(source))
    except BadAddress as error:
        raise Refusal(f"camera.tray: {error}") from error
    grabber.watch(False)
    return TrayCamera(grabber.seat(), grabber.start, grabber.close)
