"""A scanner that is a keyboard: it is read by our own key map, pulled out, and gone mad."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.scanner.opening import make_scanner, why_not
from drivers.scanner.scanner import SerialScanner
from drivers.sim.input import SimInput
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Offline, Ready
from kiosk.domain.scan import Scan

SETS = Path(__file__).parents[3] / "assets" / "scanners"


class Desk:
    """A simulated keyboard scanner and the driver on it."""

    def __init__(self) -> None:
        self.sim = SimInput()
        self.scans: list[Scan] = []
        self.scanner = SerialScanner(self.sim.url, self.scans.append, jitter=lambda: 0.0)
        self.scanner.start()
        self.until(lambda: self.scanner.health() == Ready())

    def until(self, true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, (self.scans, self.scanner.health())
            time.sleep(0.002)

    def close(self) -> None:
        self.scanner.close()
        self.sim.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    one = Desk()
    yield one
    one.close()


def test_a_code_with_capitals_and_marks(desk: Desk) -> None:
    desk.sim.type("42120219580307204X")
    desk.sim.type("https://example.org/?a=B&c=D_~")
    desk.until(lambda: len(desk.scans) == 2)
    assert [scan.text for scan in desk.scans] == ["42120219580307204X", "https://example.org/?a=B&c=D_~"]


def test_a_code_without_enter_ends_by_silence(desk: Desk) -> None:
    desk.sim.type("4290000000001", end=0)
    desk.until(lambda: [scan.text for scan in desk.scans] == ["4290000000001"])


def test_a_code_of_which_the_kernel_threw_letters_away_is_refused_and_the_next_is_whole(desk: Desk) -> None:
    desk.sim.type("429000", end=0)
    desk.sim.lose()
    desk.sim.type("0001")
    desk.until(lambda: desk.scans)
    desk.sim.type("4290000000001")
    desk.until(lambda: len(desk.scans) == 2)
    assert [(scan.text, scan.fault) for scan in desk.scans] == [(None, "control"), ("4290000000001", "")]


def test_outside_scan_pages_nothing_is_heard(desk: Desk) -> None:
    desk.scanner.trigger(False)
    desk.sim.type("SECRET")
    time.sleep(0.3)
    desk.scanner.trigger(True)
    desk.sim.type("AFTER")
    desk.until(lambda: desk.scans)
    assert [scan.text for scan in desk.scans] == ["AFTER"]


def test_pulled_out_in_the_middle_of_a_code(desk: Desk) -> None:
    desk.sim.type("HALF", end=0)
    desk.sim.unplug()
    desk.until(lambda: isinstance(desk.scanner.health(), Offline))
    desk.sim.plug()
    desk.until(lambda: desk.scanner.health() == Ready())
    desk.sim.type("WHOLE")
    desk.until(lambda: desk.scans)
    assert [scan.text for scan in desk.scans] == ["WHOLE"]


def test_the_same_code_without_end_is_a_stuck_scanner(desk: Desk) -> None:
    for _ in range(40):
        desk.sim.type("STUCK")
    desk.until(lambda: isinstance(desk.scanner.health(), Offline))
    assert [scan.text for scan in desk.scans] == ["STUCK"]
    desk.until(lambda: desk.scanner.health() == Ready())


def test_addresses() -> None:
    with pytest.raises(Refusal, match="by-id"):
        make_scanner("hid://keyboard", "generic", SETS, lambda _scan: None)
    assert why_not("hid:///dev/input/by-id/none-such").endswith("in the group input")
