"""Journeys at speed on a whole branch: touch to next View, confirm to first byte, memory over many of them."""

import os
import sqlite3
import tempfile
import time
from pathlib import Path

import psutil
import requests

from kiosk.config import load
from kiosk.core.events import Touched
from kiosk.core.state import TicketPage
from kiosk.domain.health import can_print
from kiosk.engine.clock import SystemClock
from kiosk.engine.mint import uuid7
from kiosk.wiring.desk import Desk
from tests.bench.figures import Figure, median, percentile
from tests.bench.tap import Tap
from tests.bench.window import OFFSCREEN, bare

PATIENCE_S = 30.0
EARLY = 20
REDRAWS = 100
"""Redraws of the bare window before the journeys and as many after them: noise meets both."""
HELD_S = 0.02
"""A tapped finger stays down for so long (screens/app.py); the wait begins when it is lifted."""


def measure(journeys: int) -> list[Figure]:
    """Run `journeys` ticket journeys; every touch is one of the window's own."""
    os.environ.update(OFFSCREEN)
    redraws = bare(redraw=REDRAWS)["redraw_s"]
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        desk = Desk(load(None), Path(folder), SystemClock(), headless=True, between=Tap)
        try:
            if not desk.core.screen.ready(PATIENCE_S):
                raise RuntimeError(desk.screen.last_words())
            run = _Run(desk)
            run.play(journeys)
            floor = _floor(Path(folder), desk.branch_url)
        finally:
            desk.stop()
    yardstick = bare(redraw=REDRAWS, idle_s=1.0)
    redraws += yardstick["redraw_s"]
    early, late = run.memory[min(EARLY, journeys) - 1], run.memory[-1]
    p95, bare_p95 = percentile(run.touches, 0.95), percentile(redraws, 0.95)
    middle, bare_middle = median(run.touches), median(redraws)
    first = percentile(run.first_bytes, 0.95)
    return [
        Figure(
            "touch to next View p95 / bare redraw p95", p95 / bare_p95, "x", 4.0,
            f"{p95 * 1000:.0f} ms over {len(run.touches)} touches beside {bare_p95 * 1000:.0f} ms",
        ),
        Figure(
            "touch to next View median / bare redraw median", middle / bare_middle, "x", 4.0,
            f"{middle * 1000:.0f} ms beside {bare_middle * 1000:.0f} ms",
        ),
        Figure(
            "confirm to first printer byte p95 / (commit + request)", first / floor, "x", None,
            f"{first * 1000:.0f} ms beside {floor * 1000:.1f} ms; the goal on a board is 150 ms",
        ),
        Figure(f"screen memory after {journeys} journeys / after {EARLY}", late / early, "x", 1.1, _mib(late)),
        Figure("screen memory / bare window", late / (float(yardstick["rss_kb"]) * 1024), "x", 1.6, _mib(late)),
        Figure("core memory (with the simulators in it)", psutil.Process().memory_info().rss / 2**20, "MiB"),
        Figure("hub memory", run.hub_memory / 2**20, "MiB"),
        Figure("ticket in native mode", max(run.sizes), "bytes", 1500, "Chinese, with QR code"),
    ]  # fmt: skip


class _Run:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.touches: list[float] = []
        self.first_bytes: list[float] = []
        self.memory: list[int] = []
        self.sizes: list[int] = []
        self.hub_memory = 0

    def play(self, journeys: int) -> None:
        engine = self.desk.core.kiosk.engine
        self._until(lambda: engine.view.view == "welcome" and can_print(engine.state.parts.printer))
        for _ in range(journeys):
            for action in ("ticket-only", "category:B", "service:B1"):
                self._touch(action)
            self._confirm()
            self._touch("finish")
            self.memory.append(psutil.Process(self.desk.screen.child.pid).memory_info().rss)
        self.sizes = [len(paper.data) for paper in self.desk.printer.papers[:5]]
        self.hub_memory = psutil.Process(self.desk.branch.child.pid).memory_info().rss

    def _touch(self, action: str) -> None:
        engine, window = self.desk.core.kiosk.engine, self.desk.core.screen
        self._until(lambda: window.drawn(0.0) and engine.view.action(action) is not None)
        before = engine.view.view, engine.view.title
        began = time.perf_counter()
        window.tap(action)
        self._until(lambda: (engine.view.view, engine.view.title) != before, 0.0005)
        window.drawn(PATIENCE_S)
        self.touches.append(time.perf_counter() - began - HELD_S)

    def _confirm(self) -> None:
        engine, window = self.desk.core.kiosk.engine, self.desk.core.screen
        self._until(lambda: window.drawn(0.0) and engine.view.action("take-ticket") is not None)
        tap = self.desk.printer_line
        assert isinstance(tap, Tap)
        tap.arm()
        began = time.perf_counter()
        engine.post(Touched("take-ticket", uuid7()))
        self.first_bytes.append(tap.first(PATIENCE_S) - began)
        self._until(lambda: isinstance(engine.state.page, TicketPage))

    @staticmethod
    def _until(true: object, pause_s: float = 0.002) -> None:
        assert callable(true)
        until = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > until:
                raise RuntimeError("the journey got stuck")
            time.sleep(pause_s)


def _floor(folder: Path, url: str) -> float:
    """One durable commit plus one loopback request, in seconds, each the median of fifty."""
    database = sqlite3.connect(folder / "floor.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE t (x)")
    commits, calls = [], []
    with requests.Session() as session:
        for n in range(50):
            began = time.perf_counter()
            database.execute("INSERT INTO t VALUES (?)", (n,))
            commits.append(time.perf_counter() - began)
            began = time.perf_counter()
            session.get(f"{url}/healthz", timeout=5)
            calls.append(time.perf_counter() - began)
    database.close()
    return median(commits) + median(calls)


def _mib(size: float) -> str:
    return f"{size / 2**20:.0f} MiB"
