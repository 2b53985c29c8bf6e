"""What a page and a press cost beside a bare label in the same window, widgets a page, a scripted citizen's time."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.config import load
from kiosk.engine.clock import SystemClock
from kiosk.wiring.desk import Desk
from kiosk.wiring.rehearsal import person
from tests.bench.figures import Figure, median, percentile
from tests.bench.window import OFFSCREEN, ROOT, environment

TOUCH_S = 1.5
CITIZENS = 5
PATIENCE_S = 60.0
STEPS = ("category:B", "service:B1", "take-ticket")


def measure() -> list[Figure]:
    """One window for pages and presses, one branch for the citizens."""
    load_average = os.getloadavg()[0]
    command = [sys.executable, "-m", "tests.bench.paired_window"]
    done = subprocess.run(
        command, env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    told = json.loads(done.stdout)
    bare, first, kept = told["bare"], list(told["first"].values()), told["kept"]
    presses, beside = told["presses"], told["beside"]
    slowest = max(told["first"], key=told["first"].get)
    widest = max(told["widgets"], key=told["widgets"].get)
    loads = f"load {load_average:.0f}"
    return [
        Figure(
            "kept page median / bare label's", median(kept) / median(bare), "x", 2.0,
            f"{median(kept) * 1000:.1f} ms of {len(kept)} beside {median(bare) * 1000:.1f} ms; {loads}",
        ),
        Figure("kept page p95 / bare label's p95", percentile(kept, 0.95) / percentile(bare, 0.95), "x", 2.0),
        Figure(
            "first visit median / bare label's", median(first) / median(bare), "x", 4.0,
            f"{median(first) * 1000:.1f} ms over {len(first)} pages",
        ),
        Figure(
            "first visit p95 / bare label's p95", percentile(first, 0.95) / percentile(bare, 0.95), "x", 4.0,
            f"slowest {slowest}, {told['first'][slowest] * 1000:.0f} ms",
        ),
        Figure(
            "press feedback p99 / bare label's p99", percentile(presses, 0.99) / percentile(beside, 0.99), "x", 2.0,
            f"{percentile(presses, 0.99) * 1000:.1f} ms of {len(presses)} presses beside "
            f"{percentile(beside, 0.99) * 1000:.1f} ms; medians {median(presses) * 1000:.1f} and "
            f"{median(beside) * 1000:.1f} ms",
        ),
        Figure("widgets on the fullest page", told["widgets"][widest], "widgets", 60, widest),
        *citizens(),
    ]  # fmt: skip


def citizens() -> list[Figure]:
    """From the scan to the paper in the tray, each touch 1.5 s after the page that it is made on was drawn."""
    os.environ.update(OFFSCREEN)
    took = []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        desk = Desk(load(None), Path(folder), SystemClock(), headless=True)
        try:
            if not desk.core.screen.ready(PATIENCE_S):
                raise RuntimeError(desk.screen.last_words())
            took = [_citizen(desk) for _ in range(CITIZENS)]
        finally:
            desk.stop()
    note = f"median {median(took):.1f} s of {CITIZENS}; {len(STEPS)} touches of {TOUCH_S} s"
    return [
        Figure("scan to paper at human pace, slowest", max(took), "s", 30.0, note),
        Figure("touches from the scan to the ticket, with the one that ends it", len(STEPS) + 1, "touches", 4),
    ]


def _citizen(desk: Desk) -> float:
    engine, window, printer = desk.core.kiosk.engine, desk.core.screen, desk.printer
    _until(
        lambda: window.drawn(0.0) and engine.view.view == "welcome" and engine.view.action("ticket-only") is not None
    )
    papers = len(printer.papers)
    began = time.monotonic()
    desk.scanner.scan(person().encode() + b"\r")
    for action in STEPS:
        _until(lambda action=action: window.drawn(0.0) and engine.view.action(action) is not None)  # type: ignore[misc]
        time.sleep(TOUCH_S)
        window.tap(action)
    _until(lambda: len(printer.papers) > papers)
    took = time.monotonic() - began
    _until(lambda: window.drawn(0.0) and engine.view.action("finish") is not None)
    window.tap("finish")
    return took


def _until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("the citizen got stuck")
        time.sleep(0.005)
