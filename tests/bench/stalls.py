"""How late the window's loop beats while core scans and prints without a pause, beside the same window left alone."""

import json
import logging
import os
import struct
import tempfile
import threading
import time
from pathlib import Path

from kiosk.config import load
from kiosk.domain.health import can_print
from kiosk.engine.clock import SystemClock
from kiosk.engine.mint import uuid7
from kiosk.wiring import places
from kiosk.wiring.desk import Desk
from kiosk.wiring.papers import load_papers
from tests.bench.figures import Figure, percentile
from tests.bench.window import OFFSCREEN, ROOT

ROUNDS = 10
WATCHED_S = 2.0
"""Of either kind in turn, so that what else the machine does falls on both."""
REST_S = 0.5
"""After a change: the last paper is out, the first has begun."""
PATIENCE_S = 60.0
SCANS_S = 0.2
"""Between two scans: faster than any hand."""
NOBODY = "nothing to see"
"""A code that is no number of anything, not even of an appointment: the page says so once and stays as it is."""
_BEAT = struct.Struct("d")


def measure() -> list[Figure]:
    """The same page all the time: what would redraw it anyway is another figure's."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        beats = Path(folder) / "beats"
        given = {**OFFSCREEN, "KIOSK_BENCH_STALLS": str(beats), "PYTHONPATH": str(ROOT / "tests" / "bench" / "stall")}
        before = {name: os.environ.get(name) for name in given}
        os.environ.update(given)
        desk = Desk(load(None), Path(folder), SystemClock(), headless=True)
        try:
            alone, busy, papers, scans = _phases(desk, beats)
        finally:
            desk.stop()
            logging.disable(logging.NOTSET)
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
    late, least = percentile(busy, 0.99), percentile(alone, 0.99)
    note = f"{late * 1000:.0f} ms over {papers} papers and {scans} scans beside {least * 1000:.0f} ms"
    return [Figure("window's beat p99 while scanning and printing / left alone", late / least, "x", 2.0, note)]


def _phases(desk: Desk, beats: Path) -> tuple[list[float], list[float], int, int]:
    engine = desk.core.kiosk.engine
    if not desk.core.screen.ready(PATIENCE_S):
        raise RuntimeError(desk.screen.last_words())
    _until(lambda: can_print(engine.state.parts.printer))
    desk.scanner.scan(f"{NOBODY} 0")
    _until(lambda: engine.view.view == "identify" and desk.core.screen.drawn(PATIENCE_S))
    time.sleep(2)
    over, going = threading.Event(), threading.Event()
    counts = [0, 0]
    printer = desk.core.kiosk.printer
    assert printer is not None
    papers = load_papers(places.assets())
    sample = json.loads((places.assets() / "papers" / "samples.json").read_text("utf-8"))["ticket"]["zh"]
    paper = papers.compose("ticket", sample, "zh")

    def scan() -> None:
        while not over.wait(SCANS_S):
            if going.is_set():
                counts[0] += desk.scanner.scan(f"{NOBODY} {counts[0] + 1}")

    def prints() -> None:
        while not over.is_set():
            if going.wait(SCANS_S):
                printer.print_paper(uuid7(), paper)
                counts[1] += 1

    workers = [threading.Thread(target=scan), threading.Thread(target=prints)]
    for worker in workers:
        worker.start()
    alone: list[float] = []
    busy: list[float] = []
    try:
        for _ in range(ROUNDS):
            going.clear()
            time.sleep(REST_S)
            alone += _watched(beats)
            going.set()
            time.sleep(REST_S)
            busy += _watched(beats)
    finally:
        over.set()
        going.set()
        for worker in workers:
            worker.join(PATIENCE_S)
    if not all(counts) or engine.view.view != "identify":
        raise RuntimeError("nothing was scanned or printed, or the page changed")
    return alone, busy, counts[1], counts[0]


def _watched(beats: Path) -> list[float]:
    begins = beats.stat().st_size // _BEAT.size * _BEAT.size
    time.sleep(WATCHED_S)
    with beats.open("rb") as file:
        file.seek(begins)
        data = file.read()
    found = [late for (late,) in _BEAT.iter_unpack(data[: len(data) // _BEAT.size * _BEAT.size])]
    if len(found) < 10:
        raise RuntimeError(f"the window beat only {len(found)} times")
    return found


def _until(true: object) -> None:
    assert callable(true)
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("the kiosk did not get ready")
        time.sleep(0.05)
