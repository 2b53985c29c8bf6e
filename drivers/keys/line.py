"""Opens an input device for ourselves alone, so that nothing it types reaches a window."""

import errno
import fcntl
import os
from pathlib import Path

from drivers.device import BadAddress, LineLost
from drivers.keys.events import Records
from drivers.keys.layout import Typist
from drivers.transport.line import FdLine

SCHEME = "hid://"
REMEDY = "check the cable and the name under /dev/input/by-id, and that the account is in the group input"
_GRAB = 0x40044590  # EVIOCGRAB


def parse(url: str) -> Path:
    """The node of `hid:///dev/input/by-id/NAME`; BadAddress says what is wrong."""
    path = url.removeprefix(SCHEME)
    if not url.startswith(SCHEME) or not path.startswith("/") or "\0" in path:
        raise BadAddress(f"{url!r:.80} is no input device; it looks like hid:///dev/input/by-id/NAME-event-kbd")
    return Path(path)


def open_input(path: Path) -> FdLine:
    """Open and grab an input device; LineLost when it is away or somebody else has grabbed it."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise LineLost(f"{path}: {_words(error)}", REMEDY) from error
    try:
        fcntl.ioctl(fd, _GRAB, 1)
    except OSError as error:
        # What is no device of the kernel's input layer cannot be grabbed and types into no window either.
        if error.errno not in (errno.ENOTTY, errno.EINVAL):
            os.close(fd)
            why = "another program has grabbed it" if error.errno == errno.EBUSY else _words(error)
            raise LineLost(f"{path}: {why}", REMEDY) from error
    return FdLine(fd, lambda _discard: os.close(fd), REMEDY)


class TypingLine(FdLine):
    """A keyboard scanner as a line of text: what its keys type is what arrives, and it can be told nothing."""

    def __init__(self, path: Path) -> None:
        self._device = open_input(path)
        super().__init__(self._device.fileno(), self._device.close, REMEDY)
        self._records = Records()
        self._typist = Typist()

    def receive(self) -> bytes:
        return self._typist.feed(self._records.feed(self._device.receive()))

    def send(self, data: bytes) -> int:
        return len(data)


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
