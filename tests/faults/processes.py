"""Real processes on real sockets: a hub, a centre and a core, started, asked, stopped and killed."""

import contextlib
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.sim.printer import SimPrinter
from kiosk.engine.control import NoAnswer, ask
from kiosk.view.models import View
from kiosk.wire import Show, parse_message, touch_message
from kiosk.wiring import places
from tests.central.world import said

PATIENCE_S = 40.0
"""Generous: a machine that runs many tests at once may need ten seconds to start one process."""
KIOSK = (sys.executable, "-m", "kiosk")


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    said: str

    @property
    def answer(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)

    @property
    def refused(self) -> bool:
        """Refused in one line that says something, and never a traceback."""
        return self.code == 2 and self.said.startswith("kiosk: ") and self.said.count("\n") == 1 and not self.out


def kiosk(*words: object, told: str = "") -> Ended:
    """Run one command to its end."""
    done = subprocess.run(
        [*KIOSK, *map(str, words)], input=told, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def until(there: Callable[[], Any], what: str) -> Any:
    """Wait until something is there."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = there()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"{what} did not come")


@dataclass
class Machine:
    """One machine's processes; `folder` holds a state folder for each."""

    folder: Path
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *words: object, told: str | None = None) -> subprocess.Popen[str]:
        """Start a process that stays; `told` is its standard input."""
        given = None if told is None else subprocess.PIPE
        with (self.folder / f"log-{len(self.running)}").open("w") as log:
            process = subprocess.Popen(
                [*KIOSK, *map(str, words)], stdin=given, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.running.append(process)
        if process.stdin is not None:
            process.stdin.write(told or "")
            process.stdin.close()
        return process

    def server(self, *words: object) -> str:
        """Start a server and give its URL once it answers."""
        process = self.start(*words, "--listen", "127.0.0.1:0")
        assert process.stdout is not None
        return str(json.loads(process.stdout.readline())["url"])

    def logged(self) -> str:
        """What every process has said on standard error."""
        return "".join(file.read_text("utf-8") for file in sorted(self.folder.glob("log-*")))

    def stop(self) -> None:
        """Stop everything that runs."""
        for process in reversed(self.running):
            end(process)


def answers(state: Path) -> bool:
    """Whether the core of a state folder answers on its socket."""
    try:
        return ask(state, {"do": "health"}) is not None
    except NoAnswer:
        return False


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    """End a process and give its exit code."""
    if process.poll() is None:
        process.send_signal(number)
    code = process.wait(PATIENCE_S)
    if process.stdout is not None:
        process.stdout.close()
    return code


class Screen:
    """A screen without a window: connects to core's socket, sees Views, presses what they offer."""

    def __init__(self, path: Path) -> None:
        self._line = until(lambda: _connected(path), "the screen's socket")
        self._seq = -1
        self._changed = threading.Condition()
        self.view = View("working", "")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait(self, fits: Callable[[View], object], what: str) -> View:
        """Wait until the page fits."""
        with self._changed:
            assert self._changed.wait_for(lambda: fits(self.view), PATIENCE_S), f"{self.view.view} stands, not {what}"
            return self.view

    def press(self, action: str) -> None:
        """Press an action as soon as it is offered."""
        self.wait(lambda view: (found := view.action(action)) and found.enabled, f"a page with {action}")
        with self._changed:
            self._line.sendall(touch_message(action, self._seq))

    def close(self) -> None:
        """Go."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)
        self._line.close()

    def _read(self) -> None:
        with contextlib.suppress(OSError), self._line.makefile("rb") as lines:
            for line in lines:
                message = parse_message(line)
                if isinstance(message, Show):
                    with self._changed:
                        self.view, self._seq = message.view, message.seq
                        self._changed.notify_all()


def _connected(path: Path) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.connect(str(path))
    except OSError:
        line.close()
        return None
    return line


@dataclass
class Branch:
    """A hub, a centre, a printer, and the settings of the kiosk between them."""

    machine: Machine
    printer: SimPrinter
    hub: str
    centre: str
    state: Path
    config: Path

    @classmethod
    def open(cls, folder: Path) -> "Branch":
        """Start hub and centre, and enrol the kiosk."""
        machine = Machine(folder)
        state = folder / "kiosk"
        printer = SimPrinter(folder / "paper", places.font()).start()
        hub = machine.server("branch", "--state", state)
        centre = machine.server("central", "--state", folder / "centre")
        config = folder / "kiosk.toml"
        config.write_text(f'[hub]\nurl = "{hub}"\n[printer]\nurl = "{printer.url}"\nmode = "native"\n', "utf-8")
        claim = said(folder / "centre", "claim", "--branch", "421202-001")["claim_code"]
        enrolled = kiosk("enrol", "--central", centre, "--code", claim, "--state", state, "--json")
        assert enrolled.code == 0, enrolled.said
        return cls(machine, printer, hub, centre, state, config)

    def core(self) -> subprocess.Popen[str]:
        """Start core and wait until it answers."""
        process = self.machine.start("core", "--state", self.state, "--config", self.config)
        until(lambda: process.poll() is not None or answers(self.state), "core")
        assert process.poll() is None, self.machine.logged()
        return process

    def screen(self) -> Screen:
        """Connect a screen."""
        return Screen(self.state / "screen.sock")

    def tickets(self) -> dict[str, str]:
        """The state of each label that the hub knows."""
        return dict(rows(self.state / "branch.db", "SELECT label, state FROM tickets"))

    def requests(self) -> list[str]:
        """The id of each request that the centre holds."""
        return [
            name for (name,) in rows(self.folder / "centre" / "central.db", "SELECT client_request_id FROM requests")
        ]

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self.machine.folder

    def close(self) -> None:
        """Stop everything."""
        self.machine.stop()
        self.printer.stop()


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    """Read a database beside the process that writes it."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    try:
        return list(connection.execute(query))
    finally:
        connection.close()
