"""The thread that owns the camera: keeps it open and its newest frame, notices when it is stuck or dark."""

import logging
import threading
import time
from collections.abc import Callable

from drivers.camera.frame import DARK, Frame, thumb
from drivers.camera.source import FrameSource, Wanted, open_source
from drivers.device import LineLost
from drivers.link import Link
from kiosk.domain.health import Health, Offline, Ready, Unknown

FROZEN_S = 3.0
"""A live camera gives the very same bytes for so long only when it is stuck: a sensor is never without noise."""
DARK_S = 3.0
"""How long it must be dark before it is called so; a hand before the lens is soon away."""
RETRY_S = 0.25
"""How soon the thread looks again whether it may try to open the camera."""
HELD_S = 0.2
"""A camera that rested hands out at once what its driver held all that while: pictures of the citizen before."""
SILENT_S = 12.0
"""A camera that is torn out can hold its reader for ten seconds; a longer silence is a fault."""

log = logging.getLogger(__name__)


class Grabber:
    """Frames from one camera. `start` it once, `close` it once; `newest` never waits for the camera."""

    def __init__(
        self,
        wanted: Wanted,
        on_health: Callable[[Health], None] | None = None,
        opener: Callable[[Wanted], FrameSource] = open_source,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._link: Link[FrameSource] = Link(f"camera {wanted.where or wanted.kind}", lambda: opener(wanted), monotonic)
        self._monotonic = monotonic
        self._on_health = on_health or (lambda _health: None)
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._number = 0
        self._health: Health = Unknown()
        self._told: Health = Unknown()
        self._since: dict[str, float] = {}
        self._last = b""
        self._resumed = monotonic()
        self._wanted = threading.Event()
        self._wanted.set()
        self._watchers: set[object] = {self}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to open the camera; returns at once."""
        self._thread.start()

    def watch(self, on: bool, who: object = None) -> None:
        """Take frames or let the camera rest; it rests, still held, once nobody of those who share it watches."""
        with self._changed:
            before = bool(self._watchers)
            (self._watchers.add if on else self._watchers.discard)(who or self)
            if self._watchers and not before:
                self._resumed = self._monotonic()
                self._wanted.set()
            elif not self._watchers:
                self._wanted.clear()

    def seat(self) -> "Seat":
        """The same frames for somebody else, who watches in his own time."""
        return Seat(self)

    def newest(self, after: int, within_s: float) -> Frame | None:
        """The newest frame once it is newer than number `after`; None if there is none within the time."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_newer(after) or self._stopping.is_set(), within_s)
            return self._frame if self._is_newer(after) else None

    def health(self) -> Health:
        """The present condition: Unknown before the first frame."""
        frame = self._frame
        if not isinstance(self._health, Ready) or frame is None or not self._wanted.is_set():
            return self._health
        silent = self._monotonic() - max(frame.at, self._resumed) > SILENT_S
        return Offline("it gives no frames any more") if silent else self._health

    def close(self) -> None:
        """Let go of the camera; a reader that hangs in its driver is left behind."""
        self._stopping.set()
        self._wanted.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(SILENT_S)

    def _is_newer(self, after: int) -> bool:
        return self._frame is not None and self._frame.number > after

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._wanted.wait(RETRY_S):
                continue
            source = self._link.line()
            if source is None:
                self._tell(Offline(self._link.reason))
                self._stopping.wait(min(RETRY_S, self._link.due_in()))
                continue
            try:
                self._take(source)
            except LineLost as error:
                self._link.lost(error)
                self._tell(Offline(error.reason))
        self._link.close()

    def _take(self, source: FrameSource) -> None:
        gray = source.read()
        self._link.proven()
        at = self._monotonic()
        small = thumb(gray)
        frozen = source.live and self._lasts("frozen", gray[::16].tobytes() == self._last, at, FROZEN_S)
        self._last = gray[::16].tobytes()
        if frozen:
            raise LineLost("it gives the same frame for ever", "unplug it and plug it in again")
        if source.live and self._number and at - self._resumed < HELD_S:
            return
        self._number += 1
        with self._changed:
            self._frame = Frame(gray, at, self._number)
            self._changed.notify_all()
        dark = self._lasts("dark", float(small.mean()) < DARK, at, DARK_S)
        self._tell(Offline("it sees nothing: the lens is covered or the light is off") if dark else Ready())

    def _lasts(self, what: str, true: bool, at: float, enough_s: float) -> bool:
        """Say whether something has been true for long enough."""
        if not true:
            self._since.pop(what, None)
            return False
        return at - self._since.setdefault(what, at) >= enough_s

    def _tell(self, health: Health) -> None:
        self._health = health
        if health == self._told:
            return
        if isinstance(health, Offline) and self._link.state == "ready":
            log.warning("%s: %s; clean the lens, check the light", self._link.name, health.reason)
        self._told = health
        self._on_health(health)


class Seat:
    """One of several who share a camera; not watching at first."""

    def __init__(self, grabber: Grabber) -> None:
        self._grabber = grabber

    def watch(self, on: bool) -> None:
        """Ask for frames, or no longer; the others go on."""
        self._grabber.watch(on, self)

    def newest(self, after: int, within_s: float) -> Frame | None:
        """As the grabber's own."""
        return self._grabber.newest(after, within_s)

    def health(self) -> Health:
        """The camera's condition."""
        return self._grabber.health()
