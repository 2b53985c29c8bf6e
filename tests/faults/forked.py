"""`kiosk` commands as real processes that start within a blink: forked from one that has imported everything."""

import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import until

_IMPORTED = ("kiosk.wiring.core", "kiosk.wiring.central", "kiosk.wiring.submit", "kiosk.link.central", "central.app")


@dataclass(frozen=True)
class Forked:
    """A process of its own, with its own id and its own end; what it says lies in the file `said`."""

    pid: int
    said: Path
    _ask: Callable[[object], object]

    def code(self) -> int | None:
        """Its exit code, less than 0 for a signal; None while it runs."""
        found = self._ask({"ended": self.pid})
        return found if isinstance(found, int) else None

    def end(self, number: int = signal.SIGKILL) -> int:
        """End it and give its exit code; it must have been running."""
        assert self.code() is None, self.said.read_text("utf-8")
        os.kill(self.pid, number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and give its exit code."""
        until(lambda: self.code() is not None, f"the end of process {self.pid}")
        code = self.code()
        assert code is not None
        return code


class Forks:
    """The process from which all others are forked."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, said: Path, *words: object) -> Forked:
        """Start one command; it says everything at the end of the file `said`."""
        pid = self._ask({"start": [*map(str, words)], "said": str(said)})
        assert isinstance(pid, int)
        return Forked(pid, said, self._ask)

    def close(self) -> None:
        """End it and whatever it has started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def _ask(self, order: object) -> object:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())


def _serve() -> None:
    for name in _IMPORTED:
        importlib.import_module(name)
    running: dict[int, int | None] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "ended" in order:
            pid = order["ended"]
            if running[pid] is None:
                gone, status = os.waitpid(pid, os.WNOHANG)
                running[pid] = os.waitstatus_to_exitcode(status) if gone else None
            print(json.dumps(running[pid]), flush=True)
            continue
        pid = os.fork()
        if not pid:
            _become(order["start"], order["said"])
        running[pid] = None
        print(json.dumps(pid), flush=True)
    for pid in [pid for pid, code in running.items() if code is None]:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _become(words: list[str], said: str) -> None:
    from kiosk.__main__ import main

    code = 70
    try:
        file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (file, 1), (file, 2)):
            os.dup2(source, target)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        sys.argv = ["kiosk", *words]
        code = main(words)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - nothing may go back into the loop of the process that it was forked from
        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    _serve()
