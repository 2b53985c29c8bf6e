"""A USB line printer of the kernel (usblp, /dev/usb/lp*): opened for ourselves alone, with its port's status bits."""

import fcntl
import os
import struct
from collections.abc import Callable

from drivers.device import LineLost
from drivers.transport.line import FdLine

LPGETSTATUS = 0x060B
"""linux/lp.h; asks the printer over the control pipe, so it works while data is stuck, and on one-way models."""
PAPER_EMPTY, SELECTED, NO_ERROR = 0x20, 0x10, 0x08
"""Bits of the answer. A model that cannot tell answers SELECTED | NO_ERROR for ever: only PAPER_EMPTY says anything."""
REMEDY = (
    "check the USB cable, that the printer is on, that no other program holds it, and that the account is in group lp"
)


class LinePrinter(FdLine):
    """One open line printer. Its reads end empty after each packet, which is no end of the line."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd, lambda _discard: os.close(fd), REMEDY, empty_is_end=False)

    def port_status(self) -> int | None:
        """The port's status bits; None where it has none."""
        return port_status(self.fileno())


def open_line_printer(path: str) -> LinePrinter:
    """Open it in both directions; LineLost when it is away or belongs to somebody else.

    usblp itself refuses a second opener (EBUSY); the lock holds off whoever opens a stand-in for it.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise LineLost(f"{path}: {_words(error)}", REMEDY) from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(fd)
        raise LineLost(f"{path}: another program holds it", REMEDY) from error
    except OSError:
        pass  # a device that knows no locks has its kernel's own
    return LinePrinter(fd)


def port_status(fd: int, ioctl: Callable[[int, int, bytes], bytes] = fcntl.ioctl) -> int | None:
    """Ask a line printer's port for its status bits; None where it has none."""
    try:
        answer: int = struct.unpack("i", ioctl(fd, LPGETSTATUS, bytes(struct.calcsize("i"))))[0]
    except OSError:
        return None
    return answer & 0xFF


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
