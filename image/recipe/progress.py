"""A line on the terminal that says how far something long has come, and how long it has taken."""

import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

_WIDTH = 24
_BEAT_S = 1.0


class Progress:
    """A bar of so many steps, with a clock that goes on while a step is under way; plain lines where no terminal is."""

    def __init__(self, what: str, steps: int, out: TextIO | None = None) -> None:
        self._what = what
        self._steps = max(steps, 1)
        self._out = out or sys.stderr
        self._done = 0
        self._name = ""
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._run, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._draw()
        if self._out.isatty():
            self._beat.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._beat.is_alive():
            self._beat.join()
        if self._out.isatty():
            self._out.write("\n")
        self._out.flush()

    def step(self, name: str = "") -> None:
        """One more is done; `name` says which."""
        self._done = min(self._done + 1, self._steps)
        self._name = name
        self._draw()

    def line(self) -> str:
        """What stands there now."""
        full = _WIDTH * self._done // self._steps
        seconds = round(time.monotonic() - self._began)
        bar = "#" * full + "." * (_WIDTH - full)
        return f"{self._what} [{bar}] {self._done}/{self._steps} {seconds} s {self._name}".rstrip()

    def _run(self) -> None:
        while not self._ended.wait(_BEAT_S):
            self._draw()

    def _draw(self) -> None:
        self._out.write(f"\r\033[K{self.line()}" if self._out.isatty() else f"{self.line()}\n")
        self._out.flush()
