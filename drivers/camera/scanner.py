"""The camera as a scanner: newest frame to decoder to one Scan, on a thread beside the one that holds the camera."""

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable

from drivers.camera.decoder import Shape, StreamDecoder
from drivers.camera.engines import zbar
from drivers.camera.frame import Frame, alike, thumb
from drivers.camera.grabber import Grabber
from drivers.camera.reading import SYMBOLOGIES, Gray, Read, Symbology
from drivers.camera.source import FrameSource, Wanted, open_source, parse
from drivers.device import BadAddress, LineLost
from drivers.scanner.delays import Delays
from drivers.scanner.guard import Guard
from drivers.scanner.text import has_control
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Health
from kiosk.domain.scan import Scan

STALE_S = 1.0
"""A result that comes later after its frame than this is of what is no longer there."""
WAIT_S = 0.5
"""How long the decoder waits for a frame before it looks whether it should stop."""
AWAY_S = 1.5
"""The same code counts again once it was out of sight for so long: what is left lying starts nothing a second time."""
LONGEST = 4096
"""Bytes of a code; the same bound as a serial scanner's."""

log = logging.getLogger(__name__)


class _Lying:
    """The code that was told last, as long as it lies there. Only a hash of it is kept."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._mark = b""
        self._scene: Gray | None = None
        self._seen = self._before = 0.0

    def laid(self, frame: Frame, read: Read) -> None:
        """Remember a code that is told now."""
        self._mark, self._scene = self._hash(read), thumb(frame.gray)
        self._seen = self._before = frame.at

    def still(self, frame: Frame, read: Read | None) -> bool:
        """Say whether a frame shows but what was told already. Call it once a frame."""
        same = read is not None and self._mark == self._hash(read)
        if same or frame.at - self._before > AWAY_S:
            self._seen = frame.at  # after a rest of the camera nothing is known of the time between
        elif self._mark and self._scene is not None and alike(thumb(frame.gray), self._scene):
            self._seen = frame.at
        self._before = frame.at
        if frame.at - self._seen > AWAY_S:
            self._mark, self._scene = b"", None
        return same and bool(self._mark)

    def _hash(self, read: Read) -> bytes:
        return hashlib.blake2b(read.data, key=self._key, digest_size=16).digest()


class CameraScanner:
    """Satisfies the engine's Scanner. `on_scan` runs on the decoder's thread and must not block."""

    def __init__(
        self,
        source: str,
        on_scan: Callable[[Scan], None],
        on_health: Callable[[Health], None] | None = None,
        *,
        wanted: frozenset[Symbology] = SYMBOLOGIES,
        shape: Shape | None = None,
        opener: Callable[[Wanted], FrameSource] = open_source,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.grabber = Grabber(parse(source), on_health, opener, monotonic)
        self._on_scan = on_scan
        self._monotonic = monotonic
        self._guard = Guard(Delays(), monotonic)
        self._decoder = StreamDecoder(zbar(), shape)
        self._decoder.wanted = wanted
        self._on = threading.Event()
        self._on.set()
        self._fresh = False
        self._lying = _Lying()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="decoder", daemon=True)

    def start(self) -> None:
        """Begin to open the camera and to look; returns at once."""
        self.grabber.start()
        self._thread.start()

    def trigger(self, on: bool) -> None:
        """Look for codes, or let the camera rest."""
        if on and not self._on.is_set():
            self._fresh = True
        self.grabber.watch(on)
        if on:
            self._on.set()
        else:
            self._on.clear()

    def health(self) -> Health:
        """The camera's condition."""
        return self.grabber.health()

    def close(self) -> None:
        """Let go of the camera and end both threads; twice is fine."""
        self._stopping = True
        self.grabber.close()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        seen = 0
        while not self._stopping:
            if not self._on.wait(WAIT_S):
                continue
            frame = self.grabber.newest(seen, WAIT_S)
            if frame is not None:
                seen = frame.number
                self._look(frame)

    def _look(self, frame: Frame) -> None:
        if self._fresh:
            self._fresh = False
            self._decoder.forget()
            self._guard.forget()
        try:
            read = self._decoder.feed(frame)
        except Exception as error:  # noqa: BLE001 - one odd frame must not end the camera
            log.error("a frame could not be looked at: %s", type(error).__name__)  # noqa: TRY400
            return
        if self._lying.still(frame, read):
            return
        late = self._monotonic() - frame.at > STALE_S
        if read is None or late or not self._on.is_set() or not self._guard.admit(read.data):
            return
        self._lying.laid(frame, read)
        try:
            self._on_scan(as_scan(read))
        except Exception as error:  # noqa: BLE001 - nor may a listener that fails
            log.error("the listener for scans failed with %s", type(error).__name__)  # noqa: TRY400


def as_scan(read: Read) -> Scan:
    """What a code means as a scan, with the same faults as a serial scanner's."""
    if len(read.data) > LONGEST:
        return Scan(None, len(read.data), read.symbology, "too-long")
    if has_control(read.text):
        return Scan(None, len(read.data), read.symbology, "control")
    return Scan(read.text, len(read.data), read.symbology)


def make_camera(
    source: str, on_scan: Callable[[Scan], None], on_health: Callable[[Health], None] | None = None
) -> CameraScanner:
    """Make a camera that scans, not yet started; Refusal for a wrong `camera.source`."""
    try:
        return CameraScanner(source, on_scan, on_health)
    except BadAddress as error:
        raise Refusal(f"camera.source: {error}") from error


def why_not(source: str) -> str:
    """Open a camera for one frame: why it fails, with the remedy, or nothing when a frame came."""
    try:
        opened = open_source(parse(source))
        try:
            opened.read()
        finally:
            opened.close()
    except (BadAddress, LineLost) as error:
        return str(error)
    return ""
