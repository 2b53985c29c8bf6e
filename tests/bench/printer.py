"""Print truth on printers that fail at random bytes, how soon missing paper is known, and what a ticket costs."""

import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.printer import escpos_bytes
from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.opening import load_profile, open_printer
from drivers.printer.printer import EscposPrinter
from drivers.sim.printer import Make, SimPrinter
from kiosk.domain.health import Health, PaperOut, can_print
from kiosk.wiring import places
from kiosk.wiring.papers import load_papers
from tests.bench.bare_printer import falsely_printed
from tests.bench.figures import Figure, percentile
from tests.drivers.printer.campaign import run, tickets
from tests.drivers.printer.world import TICKET

SEED, LANES = 20261122, 20
ROLLS = 40
PICTURES = 100
REPORTING = frozenset({"status", "barrier", "process-id", "auto", "clear"})
LONGEST = {"zh": "B012", "en": "B1012"}


def measure(jobs: int = 1000) -> list[Figure]:
    """The campaign's lies and unknowns; paper-out with automatic status and polled; bytes and milliseconds a ticket."""
    logging.getLogger("drivers").setLevel(logging.CRITICAL)  # thousands of faults, all of them on purpose
    tally = run(jobs, LANES, SEED, places.assets(), tickets(load_papers(places.assets())))
    said = f"{tally.jobs} jobs, {sum(tally.said.values())} prints: " + ", ".join(
        f"{count} {word}" for word, count in sorted(tally.said.items())
    )
    said += f", {tally.withheld} of them withheld though nothing was wrong"
    bare, wrong = falsely_printed(jobs // 5, LANES, SEED, places.assets(), tickets(load_papers(places.assets())))
    behind = ", ".join(f"{count} {fault}" for fault, count in tally.unknown.most_common())
    return [
        Figure("falsely printed", len(tally.false_printed), "jobs", 0, " ".join([said, *tally.false_printed])),
        Figure("falsely not printed", len(tally.false_not_printed), "jobs", 0, " ".join(tally.false_not_printed)),
        Figure("lost", len(tally.lost), "jobs", 0, " ".join(tally.lost)),
        Figure("doubled", len(tally.doubled), "jobs", 0, " ".join(tally.doubled)),
        Figure("said to be unknown", 100 * tally.unknown_share, "%", None, f"three of four jobs met a fault: {behind}"),
        Figure(
            "the same with bare python-escpos: falsely printed",
            100 * wrong / max(1, bare),
            "%",
            None,
            f"{wrong} of the {bare} that it calls printed, of {jobs // 5}",
        ),
        Figure("paper-out known, automatic status, p95", _paper_out(REPORTING), "s", 0.5),
        Figure("paper-out known, polled, p95", _paper_out(REPORTING - {"auto"}), "s", 1.0),
        *_tickets(),
    ]


def _paper_out(answers: frozenset[str]) -> float:
    found = []
    with _printer(answers) as (sim, printer):
        told = threading.Event()

        def watcher(health: Health) -> None:
            if isinstance(health, PaperOut):
                told.set()

        printer.watch(watcher)
        for roll in range(ROLLS):
            _until_ready(printer)
            time.sleep(0.1 + 0.037 * (roll % 20))  # anywhere between two questions
            told.clear()
            began = time.monotonic()
            sim.condition("paper-out")
            if not told.wait(10):
                raise RuntimeError("paper-out was never told")
            found.append(time.monotonic() - began)
            sim.clear()
    return percentile(found, 0.95)


@contextmanager
def _printer(answers: frozenset[str]) -> Iterator[tuple[SimPrinter, EscposPrinter]]:
    with tempfile.TemporaryDirectory() as folder:
        sim = SimPrinter(Path(folder), places.font(), make=Make(speed=0, answers=answers)).start()
        printer = open_printer(sim.url, "generic-80", "auto", places.assets())
        try:
            yield sim, printer
        finally:
            printer.close()
            sim.stop()


def _until_ready(printer: EscposPrinter) -> None:
    until = time.monotonic() + 10
    while not can_print(printer.health()):
        if time.monotonic() > until:
            raise RuntimeError("the simulated printer never got ready")
        time.sleep(0.02)


def _tickets() -> list[Figure]:
    escpos_bytes.load()
    papers, fonts = load_papers(places.assets()), Fonts.under(places.assets() / "fonts")
    bytes_, times = [], []
    for name in ("generic-80", "generic-58"):
        profile = load_profile(places.assets(), name)
        for language, label in LONGEST.items():
            paper = papers.compose("ticket", TICKET | {"label": label, "offline": True, "reprint": True}, language)
            bytes_.append(len(encode(paper, profile, "native", fonts).data))
            encode(paper, profile, "raster", fonts)
            for _ in range(PICTURES):
                began = time.process_time()
                encode(papers.compose("ticket", TICKET | {"label": label}, language), profile, "raster", fonts)
                times.append(time.process_time() - began)
    return [
        Figure("ticket as text, at most", max(bytes_), "bytes", 1500, "two languages, 58 and 80 mm, all lines"),
        Figure("ticket as picture, composed and encoded, p95", 1000 * percentile(times, 0.95), "ms", 60.0, "CPU time"),
    ]
