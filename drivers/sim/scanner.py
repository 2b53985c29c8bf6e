"""The scanner's twin: a real pseudo-terminal that carries the bytes of a USB-CDC scanner, and can be unplugged."""

import os
import select
import shutil
import tempfile
import termios
import threading
import time
import tty
from pathlib import Path
from typing import Literal, get_args

Condition = Literal["ready", "offline", "silent", "lost-mid-job", "stuck", "flood"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)

WRITE_S = 10.0
"""A reader that takes nothing for so long is gone."""
STUCK_S = 0.05
"""A stuck trigger reads the same code this often."""
FLOOD_S = 0.005
"""A flood has no gap that could pass for the end of a message."""
_CHUNK = 1024  # a pseudo-terminal takes no more than 4 KB at once, and nobody must wait for the rest of it


class SimScanner:
    """A scanner that scans what it is told. `url` stays the same over unplugging, like a path under by-id.

    `folder` is where the node's link is made; without one a temporary folder is used and removed at close.
    Conditions: `ready`; `offline` unplugs; `silent` swallows scans; `lost-mid-job` sends half of the next scan and
    unplugs; `stuck` repeats the last scan for ever; `flood` sends without end.
    """

    def __init__(self, folder: Path | None = None, name: str = "scanner") -> None:
        self._own = None if folder else Path(tempfile.mkdtemp(prefix="kiosk-sim-"))
        self._path = (folder or self._own or Path()).resolve() / name
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._master = -1
        self._slave = -1
        self._condition: Condition = "ready"
        self._last = b"\r"
        self._heard = bytearray()
        self._sent = 0
        self._closing = threading.Event()
        self._plug()
        self._thread = threading.Thread(target=self._live, name="sim-scanner", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address to give to the kiosk."""
        return f"serial://{self._path}?baud=9600"

    @property
    def present(self) -> Condition:
        """The condition it is in."""
        return self._condition

    @property
    def heard(self) -> bytes:
        """What the kiosk has sent to it: trigger commands, at most the last 4 KB."""
        with self._lock:
            return bytes(self._heard)

    @property
    def sent(self) -> int:
        """How many scans went out on the wire."""
        return self._sent

    def scan(self, text: str | bytes, terminator: bytes = b"\r", aim: str = "") -> bool:
        """Scan a code; False when nothing went out, because it is unplugged or silent. Text goes out as UTF-8."""
        payload = text.encode() if isinstance(text, str) else text
        data = aim.encode("ascii") + payload + terminator
        self._last = data
        match self._condition:
            case "offline" | "silent":
                return False
            case "lost-mid-job":
                self._write(data[: max(1, len(data) // 2)])
                self.condition("offline")
                return False
            case _:
                whole = self._write(data)
                self._sent += whole
                return whole

    def condition(self, word: str) -> None:
        """Put it into a condition; ValueError names the known ones."""
        known = next((one for one in CONDITIONS if one == word), None)
        if known is None:
            raise ValueError(f"a scanner has no condition {word!r:.40}; known are {', '.join(CONDITIONS)}")
        self._condition = known
        if known == "offline":
            self._unplug()
        else:
            self._plug()

    def close(self) -> None:
        """Unplug it for good and tidy up."""
        self._closing.set()
        self._thread.join()
        self._unplug()
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)

    def _plug(self) -> None:
        with self._lock:
            if self._master >= 0:
                return
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave, termios.TCSANOW)
            os.set_blocking(self._master, False)
            draft = self._path.with_name(f".{self._path.name}.new")
            draft.unlink(missing_ok=True)
            draft.symlink_to(os.ttyname(self._slave))
            draft.replace(self._path)

    def _unplug(self) -> None:
        with self._lock:
            if self._master < 0:
                return
            self._path.unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def _live(self) -> None:
        """Hear what the kiosk says, so that its writes never block, and misbehave where told to."""
        while not self._closing.wait(FLOOD_S if self._condition == "flood" else STUCK_S):
            self._hear()
            if self._condition == "stuck":
                self._write(self._last)
            elif self._condition == "flood":
                self._write(b"0123456789" * 100)

    def _hear(self) -> None:
        with self._lock:
            if self._master < 0:
                return
            try:
                self._heard += os.read(self._master, 4096)
            except BlockingIOError:
                return
            except OSError:
                return  # nobody has it open
            del self._heard[:-4096]

    def _write(self, data: bytes) -> bool:
        """Send all of it in one go; False when the reader went away or takes nothing."""
        with self._turn:
            return self._push(data)

    def _push(self, data: bytes) -> bool:
        deadline = time.monotonic() + WRITE_S
        while data:
            with self._lock:
                if self._master < 0:
                    return False
                _, ready, _ = select.select([], [self._master], [], 0)
                try:
                    data = data[os.write(self._master, data[:_CHUNK]) if ready else 0 :]
                except BlockingIOError:
                    pass
            if data and not ready and (time.monotonic() > deadline or self._closing.wait(0.002)):
                return False
        return True
