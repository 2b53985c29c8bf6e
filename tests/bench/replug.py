"""Devices pulled out and put back again and again: nothing lost once they are ready, nothing left behind."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from drivers.reader.delays import Delays
from drivers.reader.reader import CardReader
from drivers.scanner.scanner import SerialScanner
from drivers.sim.reader import SimReader
from drivers.sim.reader_card import SimCard
from drivers.sim.scanner import SimScanner
from kiosk.domain.card import Card
from kiosk.domain.health import Health, Offline, Ready
from kiosk.domain.scan import Scan
from tests.bench.figures import Figure, percentile

PATIENCE_S = 30.0
NUMBERS = ("421202195803072047", "810000199001010019")
"""Two numbers that check and that nobody has: a card is news only if it is another one, or was lifted."""
BRISK = Delays(find_s=0.01, lying_s=0.01, rest_s=0.05)


def measure(cycles: int) -> list[Figure]:
    """Run `cycles` cycles with a scanner, and as many with a card reader."""
    logging.disable(logging.WARNING)  # each pulled plug is worth a line, but not to whoever reads the figures
    try:
        return [*_scanner(cycles), *_reader(cycles)]
    finally:
        logging.disable(logging.NOTSET)


def _scanner(cycles: int) -> list[Figure]:
    sim = SimScanner()
    scans: list[Scan] = []
    scanner = SerialScanner(sim.url, scans.append)

    def delivered(number: int) -> bool:
        before = len(scans)
        sim.scan(f"{number:013d}")
        return _until(lambda: len(scans) > before) and scans[-1].text == f"{number:013d}"

    scanner.start()
    try:
        return _cycles("scanner", cycles, sim.condition, scanner.health, delivered)
    finally:
        scanner.close()
        sim.close()


def _reader(cycles: int) -> list[Figure]:
    sim = SimReader()
    cards: list[Card] = []
    reader = CardReader(sim.url, cards.append, lambda _fault: None, lambda: None, delays=BRISK)

    def delivered(number: int) -> bool:
        before, wanted = len(cards), NUMBERS[number % 2]
        sim.lay(SimCard(wanted))
        got = _until(lambda: len(cards) > before) and cards[-1].number == wanted
        sim.lift()
        return got

    reader.start()
    try:
        return _cycles("card reader", cycles, sim.condition, reader.health, delivered)
    finally:
        reader.close()
        sim.close()


def _cycles(
    name: str,
    cycles: int,
    condition: Callable[[str], None],
    health: Callable[[], Health],
    delivered: Callable[[int], bool],
) -> list[Figure]:
    if not _until(lambda: health() == Ready()) or not delivered(0):
        raise RuntimeError(f"the {name} does not work at all")
    held, lost, reopened = _held(), 0, []
    for number in range(1, cycles + 1):
        condition("offline")
        if not _until(lambda: isinstance(health(), Offline)):
            raise RuntimeError(f"nobody noticed that the {name} was pulled out (cycle {number})")
        began = time.perf_counter()
        condition("ready")
        if not _until(lambda: health() == Ready()):
            raise RuntimeError(f"the {name} did not come back (cycle {number})")
        reopened.append(time.perf_counter() - began)
        lost += not delivered(number)
    threads, files = (now - before for now, before in zip(_held(), held, strict=True))
    p95 = percentile(reopened, 0.95)
    return [
        Figure(f"{name}: lost after ready, of {cycles} replugs", lost, "", 0),
        Figure(f"{name}: threads more than before", threads, "", 0),
        Figure(f"{name}: descriptors more than before", files, "", 0),
        Figure(f"{name}: ready again p95", 1000 * p95, "ms", None, "from the node's return to its first answer"),
    ]


def _held() -> tuple[int, int]:
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def _until(true: Callable[[], object]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True
