"""A scanner is switched on once and listened to: how it answers and sends is kept, what a code says is not."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from drivers.device import LineLost
from drivers.scanner.commands import NONE, load
from drivers.scanner.probe import probe
from drivers.sim.scanner import SimScanner

AT = "2026-11-22T10:00:00+08:00"
ASSETS = Path(__file__).parents[3] / "assets" / "scanners"
HONEYWELL, RAKINDA = load(ASSETS, "honeywell"), load(ASSETS, "rakinda")


@pytest.fixture
def sim() -> Iterator[SimScanner]:
    one = SimScanner()
    yield one
    one.close()


@contextmanager
def person(sim: SimScanner, heard: bytes, act: Callable[[], object]) -> Iterator[None]:
    """Does something once the scanner was told something (or at once where it is told nothing)."""

    def wait() -> None:
        end = time.monotonic() + 60
        while heard not in sim.heard and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.15)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize(
    ("end", "aim", "words"),
    [(b"\r", "]Q1", "a code ends with CR, with AIM"), (b"\r\n", "", "CR LF, without AIM"), (b"", "", "with nothing")],
)
def test_how_it_sends_a_code_is_kept_and_not_the_code(sim: SimScanner, end: bytes, aim: str, words: str) -> None:
    with person(sim, HONEYWELL.start, lambda: sim.scan("4290000000001", end, aim)):
        found = probe(sim.url, HONEYWELL, AT, listen_s=30)
    assert words in found.words
    assert "4290" not in repr(asdict(found))
    assert sim.heard.endswith(HONEYWELL.stop), "its light is off again"


def test_an_answer_to_its_command_is_no_code(sim: SimScanner) -> None:
    reply = b"\x02\x00\x00\x01\x00\x33\x31"
    with person(sim, RAKINDA.start, lambda: sim.scan(reply, b"")):
        found = probe(sim.url, RAKINDA, AT, listen_s=1.0)
    assert found.facts["code_seen"] is False
    assert found.facts["answers"] in (True, None)  # None: on a busy machine its answer came after the time


def test_one_that_is_told_nothing_and_shown_nothing(sim: SimScanner) -> None:
    found = probe(sim.url, NONE, AT, listen_s=0.2)
    assert found.facts["answers"] is None
    assert "scanner.vendor" in found.words
    assert "no code was held to it" in found.words


def test_one_that_is_away_is_lost(sim: SimScanner) -> None:
    sim.condition("offline")
    with pytest.raises(LineLost):
        probe(sim.url, NONE, AT, listen_s=0.2)
