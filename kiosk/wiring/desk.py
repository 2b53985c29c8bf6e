"""A whole branch on one machine: centre, hub, simulated printer and scanner, core and screen - for demo and trials."""

import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from branch.store.store import grant_beside
from central import enrolments
from central.server import grant
from central.store import Store
from drivers.sim.printer import SimPrinter
from drivers.sim.printer_control import PrinterControl
from drivers.sim.reader import SimReader
from drivers.sim.reader_control import ReaderControl
from drivers.sim.scanner import SimScanner
from drivers.sim.scanner_control import ScannerControl
from kiosk.config import Settings
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import Clock
from kiosk.ops.enrolment import EnrolmentFailed, enrol
from kiosk.settings_file import Secret
from kiosk.wiring import branch as branch_wiring
from kiosk.wiring import central as central_wiring
from kiosk.wiring import places
from kiosk.wiring.core import Core
from kiosk.wiring.processes import Process

HEADLESS = {"SDL_VIDEODRIVER": "offscreen", "LP_NUM_THREADS": "0"}
"""A window without a display: SDL's offscreen driver; llvmpipe's own threads would queue frames without end."""
CLERK = "窗口一"
READ_S = 0.8
"""What a simulated card takes to be read, in seconds; a quick real one needs no less."""


class PrinterLine(Protocol):
    """Somewhere to send a printer's bytes to."""

    url: str

    def close(self) -> None: ...


Between = Callable[[str], PrinterLine]


def free_port() -> int:
    """A port of this machine that nothing listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass(frozen=True)
class Keys:
    """One token a role at the hub, the clerk's PIN, and a staff account at the centre."""

    kiosk: str = field(repr=False)
    clerk: str = field(repr=False)
    board: str = field(repr=False)
    admin: str = field(repr=False)
    desk: str = field(repr=False)
    pin: str = field(repr=False)


class Desk:
    """Everything that a branch needs, running. `stop` ends it all, the screen first.

    `between` makes a line that stands between kiosk and printer, for benches that listen there.
    """

    def __init__(
        self, settings: Settings, root: Path, clock: Clock, *, headless: bool, between: Between | None = None
    ) -> None:
        self.root = places.open_state(root)
        self.state = places.open_state(root / "kiosk")
        self._clock = clock
        self._closing = ExitStack()
        with ExitStack() as undo:
            undo.callback(self._closing.close)
            self._start(settings, between, headless=headless)
            undo.pop_all()

    def stop(self) -> None:
        """End everything in the reverse of the order in which it was started."""
        if hasattr(self, "core"):
            self.core.screen.close()  # the screen that goes now is not missed
        self._closing.close()

    def _start(self, settings: Settings, between: Between | None, *, headless: bool) -> None:
        central = self._child(
            "central", "--listen", "127.0.0.1:0", "--public-url", "self", "--registry", "demo", "--sms", "sim"
        )
        # A ticket carries a QR code only where phones reach its page; here this machine is the phone too.
        address = f"127.0.0.1:{free_port()}"
        config = self.root / "branch.toml"
        config.write_text(f'[branch]\npublic_url = "http://{address}"\n', "utf-8")
        self.branch = self._child("branch", "--listen", address, "--config", str(config))
        self.printer = SimPrinter(self.root / "paper", places.font()).start()
        self._closing.callback(self.printer.stop)
        self.printer_line = between(self.printer.url) if between else None
        if self.printer_line is not None:
            self._closing.callback(self.printer_line.close)
        self.printer_control = PrinterControl(self.printer)
        self._closing.callback(self.printer_control.stop)
        self.scanner = SimScanner()
        self._closing.callback(self.scanner.close)
        self.scanner_control = ScannerControl(self.scanner)
        self._closing.callback(self.scanner_control.close)
        self.reader = SimReader(read_s=READ_S)
        self._closing.callback(self.reader.close)
        self.reader_control = ReaderControl(self.reader)
        self._closing.callback(self.reader_control.close)
        self.central_url, self.branch_url = central.ready(), self.branch.ready()
        self.keys = self._enrolled(settings)
        self.settings = replace(
            settings,
            hub=replace(settings.hub, url=self.branch_url, token=Secret(self.keys.kiosk)),
            central=replace(settings.central, url=self.central_url),
            printer=replace(settings.printer, url=(self.printer_line or self.printer).url),
            scanner=replace(settings.scanner, url=self.scanner.url),
            reader=replace(settings.reader, url=self.reader.url),
        )
        self.core = Core(self.settings, self.state, self._clock)
        self._closing.callback(self.core.stop)
        self.core.start()
        self.screen = self._screen(settings, headless=headless)

    def _enrolled(self, settings: Settings) -> Keys:
        """Give out a token a role, and enrol the kiosk with a claim code."""
        now, pin = self._clock.now(), f"{secrets.randbelow(10**6):06d}"
        hub = branch_wiring.database_url(self.root / "branch")
        given = {
            role: grant_beside(hub, settings.branch.id, self._clock.now, role, name, pin if role == "clerk" else None)
            for role, name in (("kiosk", settings.kiosk.name), ("clerk", CLERK), ("board", "大厅"), ("admin", "主管"))
        }
        folder = self.root / "central"
        store = Store(f"sqlite:///{folder / central_wiring.DATABASE}")
        store.open()
        try:
            options = central_wiring.options(settings, folder, "")
            code = enrolments.claim(store, options, settings.branch.id, settings.kiosk.number, now)
            desk = grant(store, "desk", CLERK, pin, now)
        finally:
            store.close()
        answer = enrol(self.central_url, code, self.state, {"model": "demo"})
        if isinstance(answer, EnrolmentFailed):
            raise Refusal(f"the kiosk could not enrol: {answer.sentence}")
        tokens = {role: str(account.token) for role, account in given.items()}
        return Keys(tokens["kiosk"], tokens["clerk"], tokens["board"], tokens["admin"], desk, pin)

    def _child(self, *words: str, environment: Mapping[str, str] | None = None) -> Process:
        state = str(self.root / words[0])
        process = Process([*words, "--state", state], self.root / f"{words[0]}.log", environment)
        self._closing.callback(process.stop)
        return process

    def _screen(self, settings: Settings, *, headless: bool) -> Process:
        chosen = settings.screen
        words = [
            "screen", "--socket", str(self.state / "screen.sock"), "--width", str(chosen.width),
            "--height", str(chosen.height), "--dpi", str(chosen.dpi),
        ]  # fmt: skip
        if headless:
            return self._child(*words, "--zoom", "1", environment=HEADLESS)
        return self._child(*words)
