"""A core and a screen as processes of their own, and somebody between them who sees every View and adds touches."""

import contextlib
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from branch.server import BranchServer
from drivers.sim.printer import SimPrinter
from kiosk.config import load
from kiosk.engine.clock import SystemClock
from kiosk.view.models import View
from kiosk.wire import Drawn, Hello, Ready, Show, encode, parse_message, touch_message
from kiosk.wiring import branch as branch_wiring
from kiosk.wiring import places
from kiosk.wiring.processes import Process

PATIENCE_S = 120.0
LOST_S = 10.0
TOLD = {"PYTHONFAULTHANDLER": "1"}
CORE = {"MALLOC_ARENA_MAX": "1", **TOLD}
"""As its unit has it (systemd/kiosk-core.service)."""
UNSEEN = {"SDL_VIDEODRIVER": "offscreen", "LP_NUM_THREADS": "0", **TOLD}
LAST = 40
"""So many of the last messages are told when the screen stands still."""


class Between:
    """Passes every line on, both ways; knows the View that is on the glass and can touch it."""

    def __init__(self, core: Path, own: Path) -> None:
        self._core = core
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(str(own))
        self._server.listen(1)
        self._news = threading.Condition()
        self._sending = threading.Lock()
        self._up: socket.socket | None = None
        self.view: View | None = None
        self.seq = self.drawn = -1
        self.passed: deque[str] = deque(maxlen=LAST)
        threading.Thread(target=self._accept, daemon=True).start()

    def touch(self, action: str) -> None:
        """Press an action of the View that stands."""
        with self._sending:
            if self._up is None:
                raise RuntimeError("no screen is connected")
            self._up.sendall(touch_message(action, self.seq))

    def until(self, fits: Callable[[View], bool]) -> View:
        """Wait until a View that fits is on the glass."""
        with self._news:
            if not self._news.wait_for(lambda: self._there(fits), PATIENCE_S) or self.view is None:
                raise RuntimeError(f"{self._stands()} stands for {PATIENCE_S:.0f} s")
            return self.view

    def soon(self, fits: Callable[[View], bool], patience_s: float = LOST_S) -> bool:
        """Say whether such a View comes onto the glass; by itself for so long as a touch takes to be thought lost."""
        with self._news:
            return self._news.wait_for(lambda: self._there(fits), patience_s)

    def _there(self, fits: Callable[[View], bool]) -> bool:
        return self.view is not None and self.drawn >= self.seq and fits(self.view)

    def close(self) -> None:
        self._server.close()

    def _stands(self) -> str:
        if self.view is None:
            return "nothing"
        offered = ", ".join(action.id for action in self.view.actions if action.enabled)
        return f"{self.view.view} {self.drawn} of {self.seq} ({offered})"

    def _accept(self) -> None:
        while True:
            try:
                screen, _ = self._server.accept()
            except OSError:
                return
            core = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            core.connect(str(self._core))
            self._up = core
            threading.Thread(target=self._pass, args=(core, screen, threading.Lock()), daemon=True).start()
            threading.Thread(target=self._pass, args=(screen, core, self._sending), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, alone: threading.Lock) -> None:
        with source, source.makefile("rb") as lines:
            try:
                for line in lines:
                    self._note(line)
                    with alone:
                        sink.sendall(line)
            except (OSError, ValueError):
                return

    def _note(self, line: bytes) -> None:
        message = parse_message(line)
        with self._news:
            name = type(message).__name__
            self.passed.append(f"{time.monotonic():.3f} {name} {getattr(message, 'seq', '')} {len(line)} bytes")
            match message:
                case Show(view=view, seq=seq):
                    self.view, self.seq = view, seq
                case Drawn(seq=seq):
                    self.drawn = seq
            self._news.notify_all()


class Blank:
    """Stands in for the screen: says of every View at once that it is on the glass, and draws nothing."""

    def __init__(self, core: Path, width: int, height: int, dpi: int) -> None:
        self._core = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._core.connect(str(core))
        self._core.sendall(encode(Hello(width, height, dpi)) + encode(Ready()))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._core.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError, ValueError), self._core.makefile("rb") as lines:
            for line in lines:
                shown = parse_message(line)
                if isinstance(shown, Show) and shown.ack:
                    self._core.sendall(encode(Drawn(shown.seq)))


@dataclass(frozen=True)
class Pair:
    """The two processes and who stands between them; no screen where core is alone."""

    core: Process
    screen: Process | None
    between: Between
    printer: SimPrinter

    @property
    def processes(self) -> tuple[Process, ...]:
        """What runs, core first."""
        return (self.core,) if self.screen is None else (self.core, self.screen)


@contextmanager
def pair(folder: Path, width: int = 1080, height: int = 1920, dpi: int = 102, *, window: bool = True) -> Iterator[Pair]:
    """Start a hub, a printer, a core and a screen; everything ends with the context. No `window`: core alone."""
    clock, settings = SystemClock(), load(None)
    with ExitStack() as closing:
        hub = BranchServer(
            f"sqlite:///{folder / 'branch.db'}", places.catalogue(), branch_wiring.options(settings, clock), clock.now
        )
        url = hub.start()
        closing.callback(hub.stop)
        printer = SimPrinter(folder / "paper", places.font()).start()
        closing.callback(printer.stop)
        config = folder / "kiosk.toml"
        token = hub.grant("kiosk", settings.kiosk.name)
        config.write_text(
            f'[hub]\nurl = "{url}"\ntoken = "{token}"\n[printer]\nurl = "{printer.url}"\nmode = "native"\n', "utf-8"
        )
        config.chmod(0o600)
        state = places.open_state(folder / "kiosk")
        core = Process(["core", "--state", str(state), "--config", str(config)], folder / "core.log", CORE)
        closing.callback(core.stop)
        _await((state / places.SOCKET).exists, core)
        between = Between(state / places.SOCKET, folder / "between.sock")
        closing.callback(between.close)
        screen: Process | None = None
        if window:
            words = ["screen", "--state", str(folder / "screen"), "--socket", str(folder / "between.sock")]
            words += ["--width", str(width), "--height", str(height), "--dpi", str(dpi), "--zoom", "1"]
            screen = Process(words, folder / "screen.log", UNSEEN)
            closing.callback(screen.stop)
        else:
            closing.callback(Blank(folder / "between.sock", width, height, dpi).close)
        both = Pair(core, screen, between, printer)
        try:
            yield both
        except RuntimeError:
            print("\n".join(between.passed), f"{time.monotonic():.3f} now", sep="\n", file=sys.stderr)
            for process in both.processes:
                print(f"{process.name}: {'lives' if process.alive else process.child.returncode}", file=sys.stderr)
                if process.alive:
                    process.child.send_signal(signal.SIGABRT)  # it says where each of its threads stands
                    process.child.wait(PATIENCE_S)
                print(process.log.read_text("utf-8", "replace")[-8000:], file=sys.stderr)
            raise


def _await(true: Callable[[], bool], process: Process) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if not process.alive or time.monotonic() > end:
            _fail(process)
        time.sleep(0.05)


def _fail(process: Process) -> NoReturn:
    raise RuntimeError(f"{process.name}: {process.last_words()}")
