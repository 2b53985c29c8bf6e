"""Our own commands as child processes: started, waited for by their ready line, ended with their parent."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.domain.errors import Refusal

READY_S = 30.0
END_S = 8.0


class Process:
    """One `kiosk` subcommand; what it writes on standard error goes into `log`."""

    def __init__(self, words: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.name = words[0]
        self.log = log
        self._first = ""
        self._answered = threading.Event()
        with log.open("ab") as file:
            self.child = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "kiosk", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file,
                env={**os.environ, **(environment or {})},
            )
        threading.Thread(target=self._read, name=f"{self.name}-output", daemon=True).start()

    def ready(self, timeout_s: float = READY_S) -> str:
        """Wait for the ready line and give its URL; Refusal repeats what the process said instead."""
        if self._answered.wait(timeout_s):
            with contextlib.suppress(ValueError, KeyError):
                return str(json.loads(self._first)["url"])
        raise Refusal(f"{self.name} did not start: {self.last_words()}")

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"it said nothing; its log is {self.log}"

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.child.poll() is None

    def stop(self) -> None:
        """End it, politely first."""
        if self.alive:
            self.child.terminate()
            try:
                self.child.wait(END_S)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def _read(self) -> None:
        stream = self.child.stdout
        assert stream is not None  # noqa: S101 - it was asked for
        with stream:
            for line in stream:
                if not self._first:
                    self._first = line.decode("utf-8", "replace")
                    self._answered.set()
        self._answered.set()
