"""A scanner beeps by command when a code was taken: once, and only if told to."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.scanner.commands import load
from drivers.scanner.opening import make_scanner
from drivers.sim.scanner import SimScanner
from kiosk.domain.health import Ready
from kiosk.domain.scan import Scan

SETS = Path(__file__).parents[3] / "assets" / "scanners"


@pytest.fixture
def sim() -> Iterator[SimScanner]:
    one = SimScanner()
    yield one
    one.close()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize("vendor", ["honeywell", "zebra"])
def test_once_for_each_code_that_was_taken(sim: SimScanner, vendor: str) -> None:
    commands, scans = load(SETS, vendor), list[Scan]()
    scanner = make_scanner(sim.url, vendor, SETS, scans.append, beep=True)
    scanner.start()
    try:
        until(lambda: commands.start in sim.heard)
        sim.scan("first")
        until(lambda: sim.heard.count(commands.beep) == 1)
        sim.scan("first")
        sim.scan("\x01no text")
        until(lambda: len(scans) == 2)
        sim.scan("second")
        until(lambda: sim.heard.count(commands.beep) == 2)
        scanner.trigger(False)
        until(lambda: commands.stop in sim.heard)
        assert [scan.fault for scan in scans] == ["", "control", ""]
        assert sim.heard.count(commands.beep) == 2
    finally:
        scanner.close()


@pytest.mark.parametrize(("vendor", "beep"), [("honeywell", False), ("newland", True), ("generic", True)])
def test_not_without_being_told_nor_without_a_command(sim: SimScanner, vendor: str, beep: bool) -> None:
    commands, scans = load(SETS, vendor), list[Scan]()
    scanner = make_scanner(sim.url, vendor, SETS, scans.append, beep=beep)
    scanner.start()
    try:
        until(lambda: scanner.health() == Ready() and commands.start in sim.heard)
        sim.scan("first")
        until(lambda: scans)
        scanner.trigger(False)
        until(lambda: commands.stop in sim.heard)
        assert sim.heard == commands.start + commands.stop
    finally:
        scanner.close()
