"""The same tickets and the same faults with python-escpos alone: it sends, asks for the paper, and takes its word."""

import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from escpos.exceptions import Error as EscposError
from escpos.printer import Network

from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.opening import load_profile
from drivers.sim.printer import Make, SimPrinter
from tests.drivers.printer.campaign import FAULTS, HEALTHY, MAKES, Compose, whole_papers

ANSWER_S = 2.0
SETTLE_S = 2.0
"""After its word so long a paper may still come out, and count."""


def falsely_printed(jobs: int, lanes: int, seed: int, assets: Path, compose: Compose) -> tuple[int, int]:
    """Jobs whose paper the library calls printed: how many, and how many of them had no whole paper."""
    with tempfile.TemporaryDirectory(prefix="bare-") as folder, ThreadPoolExecutor(lanes) as pool:

        def one(lane: int) -> tuple[int, int]:
            return _lane(
                Path(folder) / str(lane), jobs // lanes, random.Random(seed * 1000 + lane), lane, assets, compose
            )

        told = list(pool.map(one, range(lanes)))
    return sum(said for said, _ in told), sum(false for _, false in told)


def _lane(folder: Path, jobs: int, dice: random.Random, lane: int, assets: Path, compose: Compose) -> tuple[int, int]:
    fonts, profile = Fonts.under(assets / "fonts"), load_profile(assets, "generic-80")
    make = Make(speed=0, buffer=16384, answers=MAKES[lane % len(MAKES)])
    said = false = 0
    for number in range(jobs):
        label = f"A{100 * lane + number:03d}-{number}"
        data = encode(compose(label, 0), profile, "native", fonts).data
        sim = SimPrinter(folder / str(number), fonts.regular, make=make).start()
        try:
            if dice.random() >= HEALTHY:
                sim.condition(dice.choice(FAULTS), after=dice.randrange(len(data) + 40))
            if _says_printed(sim.url, data):
                said += 1
                false += not _comes(sim, label)
        finally:
            sim.stop()
    return said, false


def _says_printed(url: str, data: bytes) -> bool:
    """No error, and paper in the printer afterwards: all that the library can tell."""
    host = urlsplit(url)
    printer = Network(host.hostname or "", host.port or 0, timeout=ANSWER_S)
    try:
        printer._raw(data)
        return bool(printer.paper_status() != 0)
    except (OSError, EscposError):
        return False
    finally:
        try:
            printer.close()
        except OSError:
            pass  # the line is gone


def _comes(sim: SimPrinter, label: str) -> bool:
    end = time.monotonic() + SETTLE_S
    while (label, 0) not in whole_papers(sim) and time.monotonic() < end:
        time.sleep(0.02)
    return (label, 0) in whole_papers(sim)
