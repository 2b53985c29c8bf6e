"""A device node that can be unplugged: a pseudo-terminal behind a path that stays the same, as by-id paths do."""

import os
import select
import shutil
import tempfile
import termios
import threading
import time
import tty
from pathlib import Path

WRITE_S = 10.0
"""A reader that takes nothing for so long is gone."""
_CHUNK = 1024  # a pseudo-terminal takes no more than 4 KB at once, and nobody must wait for the rest of it


class PtyNode:
    """`path` is a link to the pseudo-terminal's node while it is plugged in, and nothing while it is not.

    `folder` is where the link is made; without one a temporary folder is used and removed at close.
    """

    def __init__(self, folder: Path | None, name: str) -> None:
        self._own = None if folder else Path(tempfile.mkdtemp(prefix="kiosk-sim-"))
        self.path = (folder or self._own or Path()).resolve() / name
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._master = -1
        self._slave = -1
        self._closing = threading.Event()

    @property
    def plugged(self) -> bool:
        """Whether it is plugged in."""
        return self._master >= 0

    def plug(self) -> None:
        """Plug it in; a second time changes nothing."""
        with self._lock:
            if self._master >= 0:
                return
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave, termios.TCSANOW)
            os.set_blocking(self._master, False)
            draft = self.path.with_name(f".{self.path.name}.new")
            draft.unlink(missing_ok=True)
            draft.symlink_to(os.ttyname(self._slave))
            draft.replace(self.path)

    def unplug(self) -> None:
        """Pull it out: the path is gone, and whoever has it open is hung up on."""
        with self._lock:
            if self._master < 0:
                return
            self.path.unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def read(self) -> bytes:
        """What the kiosk has sent since the last call; nothing while nobody has it open."""
        with self._lock:
            if self._master < 0:
                return b""
            try:
                return os.read(self._master, 4096)
            except OSError:
                return b""

    def heard(self, seconds: float) -> bool:
        """Wait until the kiosk has sent something, at most so long; say whether it has."""
        with self._lock:
            fd = self._master
        if fd < 0:
            return self._closing.wait(seconds) and False
        try:
            ready, _, _ = select.select([fd], [], [], seconds)
        except (OSError, ValueError):
            return False
        return bool(ready)

    def write(self, data: bytes) -> bool:
        """Send all of it in one go; False when the reader went away or takes nothing."""
        with self._turn:
            return self._push(data)

    def close(self) -> None:
        """Unplug it for good and tidy up."""
        self._closing.set()
        self.unplug()
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)

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
