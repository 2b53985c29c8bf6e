"""The right to write a file, held by one process for its whole life; the system takes it back when the process dies."""

import fcntl
import os
from pathlib import Path

from kiosk.domain.errors import Refusal


class Held(Refusal):
    """Another process holds the lock."""


class Lock:
    """An exclusive lock beside the file that it guards; Held where another process has it."""

    def __init__(self, guarded: Path) -> None:
        path = guarded.with_name(guarded.name + ".lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            who = f" (process {holder})" if holder else ""
            raise Held(
                f"a kiosk already runs on the state folder {guarded.parent}{who}; "
                "stop it first, or give another folder with --state"
            ) from error
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Give the right back. The lock file stays: removing it could hand the right to two processes at once."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1
