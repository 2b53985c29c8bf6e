"""One open line as its owner thread uses it: take what is there, give what fits, wait with a deadline; never block."""

import fcntl
import os
import select
import struct
import termios
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from drivers.device import LineLost

T = TypeVar("T")


class Line(Protocol):
    """A line to a device in both directions. No method of it ever blocks; `wait` does, up to its deadline."""

    def fileno(self) -> int: ...

    def receive(self) -> bytes:
        """Give what has arrived, b"" for nothing; raise LineLost when the other side is gone."""
        ...

    def send(self, data: bytes) -> int:
        """Hand over as many bytes as the line takes now and say how many; raise LineLost when it is gone."""
        ...

    def waiting(self) -> int:
        """How many of the bytes that a serial line took have not gone out yet; 0 for every other line."""
        ...

    def close(self, discard: bool = False) -> None:
        """Let go of it; `discard` throws away what the line took and has not yet delivered."""
        ...


class FdLine:
    """A line on a non-blocking file descriptor: a socket, a terminal or a line printer.

    `closer` releases it (called once, with `discard`); `remedy` is what a technician does when it is gone.
    `empty_is_end`: whether reading nothing although data was announced means that the other side has gone; a USB
    line printer answers an empty packet with an empty read.
    """

    CHUNK = 4096

    def __init__(self, fd: int, closer: Callable[[bool], None], remedy: str, empty_is_end: bool = True) -> None:
        self._fd = fd
        self._closer: Callable[[bool], None] | None = closer
        self._remedy = remedy
        self._empty_is_end = empty_is_end

    def fileno(self) -> int:
        return self._fd

    def receive(self) -> bytes:
        return self._read(lambda: os.read(self._fd, self.CHUNK)) or b""

    def receive_into(self, room: memoryview) -> int:
        """Write what has arrived into `room` and say how much; no other copy of it is made."""
        return self._read(lambda: os.readv(self._fd, [room])) or 0

    def _read(self, read: Callable[[], T]) -> T | None:
        """Read once if something is there; None for nothing, LineLost when the other side is gone."""
        events = _poll(self._fd, select.POLLIN, 0.0)
        if events & select.POLLNVAL:
            raise self._lost("the line was closed")
        if not events & select.POLLIN:
            if events & (select.POLLHUP | select.POLLERR):
                raise self._lost("the device hung up")
            return None
        try:
            got = read()
        except BlockingIOError:
            return None
        except OSError as error:
            raise self._lost(_words(error)) from error
        if not got and self._empty_is_end:
            raise self._lost("the device closed the line")
        return got

    def send(self, data: bytes) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise self._lost(_words(error)) from error

    def waiting(self) -> int:
        if not os.isatty(self._fd):
            return 0
        held = bytearray(struct.calcsize("i"))
        fcntl.ioctl(self._fd, termios.TIOCOUTQ, held)
        return int(struct.unpack("i", held)[0])

    def close(self, discard: bool = False) -> None:
        closer, self._closer = self._closer, None
        if closer is None:
            return
        try:
            closer(discard)
        except OSError:
            pass  # it is gone either way

    def _lost(self, reason: str) -> LineLost:
        return LineLost(reason, self._remedy)


def wait(line: Line, timeout: float, *, writable: bool = False, wake: int | None = None) -> bool:
    """Wait until something arrives (or the line takes bytes, or `wake` is readable); say whether anything happened.

    `timeout` in seconds; `wake` is a descriptor by which another thread calls the owner.
    """
    poller = select.poll()
    poller.register(line.fileno(), select.POLLIN | (select.POLLOUT if writable else 0))
    if wake is not None:
        poller.register(wake, select.POLLIN)
    return bool(poller.poll(max(0.0, timeout) * 1000))


def send_all(
    line: Line, data: bytes, deadline: float, taken: Callable[[int], None], arrived: Callable[[bytes], bool]
) -> bool:
    """Send everything before `deadline` (monotonic seconds), listening meanwhile; say whether it was all taken.

    `taken` is told of each part the line took; `arrived` gets what came in and may return False to stop early.
    """
    at = 0
    while at < len(data):
        part = line.send(data[at:])
        at += part
        if part:
            taken(part)
        coming = line.receive()
        if coming and not arrived(coming):
            return at == len(data)
        if not part:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            wait(line, min(left, 0.5), writable=True)
    return True


def _poll(fd: int, events: int, timeout: float) -> int:
    poller = select.poll()
    poller.register(fd, events)
    found = poller.poll(timeout * 1000)
    return found[0][1] if found else 0


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
