"""Stories of a scanner on a real pseudo-terminal: it is plugged in, scans, misbehaves, is torn out and comes back."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.scanner.address import name_of, parse
from drivers.scanner.commands import NONE, Commands, load
from drivers.scanner.delays import Delays
from drivers.scanner.opening import make_scanner, why_not
from drivers.scanner.scanner import SerialScanner
from drivers.sim.scanner import SimScanner
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Health, Offline, Ready, Unknown
from kiosk.domain.scan import Scan

SETS = Path(__file__).parents[3] / "assets" / "scanners"


class Desk:
    """A simulated scanner, the driver on it, and what the kiosk heard."""

    def __init__(self, sim: SimScanner, delays: Delays | None = None, commands: Commands = NONE) -> None:
        self.sim = sim
        self.scans: list[Scan] = []
        self.healths: list[Health] = []
        self.scanner = SerialScanner(
            sim.url, self.scans.append, self.healths.append, commands=commands, delays=delays, jitter=lambda: 0.0
        )

    def start(self) -> "Desk":
        self.scanner.start()
        self.until(lambda: self.scanner.health() == Ready())
        return self

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not true():
            assert time.monotonic() < deadline, (self.scans, self.healths)
            time.sleep(0.002)

    def gets(self, *texts: str) -> None:
        self.until(lambda: len(self.scans) >= len(texts))
        assert [scan.text for scan in self.scans] == list(texts)


@pytest.fixture
def sim() -> Iterator[SimScanner]:
    one = SimScanner()
    yield one
    one.close()


@pytest.fixture
def desk(sim: SimScanner) -> Iterator[Desk]:
    one = Desk(sim).start()
    yield one
    one.scanner.close()


def test_a_scan_reaches_the_kiosk_with_its_symbology(desk: Desk) -> None:
    desk.sim.scan("鄂L·7K3B9", aim="]Q1")
    desk.gets("鄂L·7K3B9")
    assert desk.scans[0].symbology == "QRCode"
    assert desk.healths == [Ready()]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""])
def test_every_way_to_end_a_message(desk: Desk, end: bytes) -> None:
    desk.sim.scan("first", terminator=end)
    desk.gets("first")
    desk.sim.scan("second", terminator=end)
    desk.gets("first", "second")


def test_a_scan_of_64_kilobytes_is_one_refusal(desk: Desk) -> None:
    desk.sim.scan(b"A" * 65536)
    desk.until(lambda: len(desk.scans) == 1)
    assert desk.scans == [Scan(None, 65536, fault="too-long")]
    desk.sim.scan("after")
    desk.until(lambda: len(desk.scans) == 2)
    assert desk.scans[1].text == "after"
    assert desk.healths == [Ready()]


def test_control_characters_and_broken_utf8_are_refused(desk: Desk) -> None:
    desk.sim.scan(b"\x1b[2J\x07")
    desk.sim.scan("无花果树".encode()[:-1])
    desk.until(lambda: len(desk.scans) == 2)
    assert [(scan.text, scan.fault, scan.length) for scan in desk.scans] == [
        (None, "control", 5),
        (None, "undecodable", 11),
    ]


def test_nothing_of_a_scan_gets_into_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.sim.scan("SECRETTEXT")
    desk.sim.scan(b"SECRETTEXT\x07")
    desk.sim.scan(b"SECRETTEXT" * 1000)
    desk.until(lambda: len(desk.scans) == 3)
    assert "SECRET" not in caplog.text
    assert "10000 bytes cannot be used: too-long" in caplog.text
    assert "SECRET" not in repr(desk.scans)


def test_unplugged_and_plugged_in_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for number in range(5):
        desk.sim.condition("offline")
        desk.until(lambda: isinstance(desk.scanner.health(), Offline))
        desk.sim.condition("ready")
        desk.until(lambda: desk.scanner.health() == Ready())
        desk.sim.scan(f"round {number}")
        desk.until(lambda: len(desk.scans) == number + 1)  # noqa: B023 - called before the next round
    assert [scan.text for scan in desk.scans] == [f"round {number}" for number in range(5)]
    assert sum(record.levelno == logging.WARNING for record in caplog.records) <= 10
    assert all("check the cable" in r.getMessage() for r in caplog.records if r.levelno == logging.WARNING)


def test_half_a_message_before_the_plug_was_pulled_is_not_a_scan(desk: Desk) -> None:
    desk.sim.condition("lost-mid-job")
    desk.sim.scan("half of this is lost")
    desk.until(lambda: isinstance(desk.scanner.health(), Offline))
    desk.sim.condition("ready")
    desk.until(lambda: desk.scanner.health() == Ready())
    desk.sim.scan("whole")
    desk.gets("whole")


def test_the_tail_of_a_message_that_began_before_opening_is_thrown_away(sim: SimScanner) -> None:
    sim.scan("old news ", terminator=b"")
    desk = Desk(sim)
    try:
        desk.start()
        sim.scan("fresh")
        desk.gets("fresh")
    finally:
        desk.scanner.close()


def test_the_same_card_lying_there_is_one_scan(desk: Desk) -> None:
    for _ in range(5):
        desk.sim.scan("same")
    desk.sim.scan("other")
    desk.gets("same", "other")


def test_a_stuck_trigger_is_one_scan_and_a_fault(sim: SimScanner) -> None:
    desk = Desk(sim, Delays(debounce_s=60, quiet_s=0.3)).start()
    try:
        sim.scan("stuck")
        sim.condition("stuck")
        desk.until(lambda: isinstance(desk.scanner.health(), Offline))
        sim.condition("ready")
        desk.until(lambda: desk.scanner.health() == Ready())
        sim.scan("person")
        desk.gets("stuck", "person")
    finally:
        desk.scanner.close()


def test_a_scanner_that_sends_for_ever_is_reported_once_and_heals(sim: SimScanner) -> None:
    desk = Desk(sim, Delays(flood_patience_s=0.2, flood_silence_s=0.2)).start()
    try:
        sim.condition("flood")
        desk.until(lambda: isinstance(desk.scanner.health(), Offline))
        assert [scan.fault for scan in desk.scans] == ["too-long"]
        sim.condition("ready")
        desk.until(lambda: desk.scanner.health() == Ready())
        sim.scan("person")
        desk.until(lambda: len(desk.scans) == 2)
        assert desk.scans[1].text == "person"
    finally:
        desk.scanner.close()


def test_with_the_trigger_off_nothing_is_scanned_and_the_model_is_told(sim: SimScanner) -> None:
    honeywell = load(SETS, "honeywell")
    desk = Desk(sim, commands=honeywell).start()
    try:
        desk.until(lambda: sim.heard == honeywell.start)
        desk.scanner.trigger(False)
        desk.until(lambda: sim.heard == honeywell.start + honeywell.stop)
        sim.scan("unasked")
        desk.scanner.trigger(True)
        desk.until(lambda: sim.heard.endswith(honeywell.start))
        sim.scan("asked")
        desk.until(lambda: any(scan.text == "asked" for scan in desk.scans))
        sim.condition("offline")
        desk.until(lambda: isinstance(desk.scanner.health(), Offline))
        sim.condition("ready")
        desk.until(lambda: desk.scanner.health() == Ready())
        desk.until(lambda: sim.heard.endswith(honeywell.stop + honeywell.start * 2))
    finally:
        desk.scanner.close()


def test_scans_while_the_trigger_is_off_are_dropped(desk: Desk) -> None:
    desk.scanner.trigger(False)
    desk.sim.scan("unasked")
    desk.sim.scan(b"x" * 5000, terminator=b"")
    desk.until(lambda: desk.scanner._framer.flooded)  # so it has seen what came before
    desk.scanner.trigger(True)
    desk.sim.scan(b"")
    desk.until(lambda: len(desk.scans) == 1)
    desk.scans.clear()
    desk.sim.scan("asked")
    desk.gets("asked")


def test_a_listener_that_fails_does_not_take_the_scanner_with_it(sim: SimScanner) -> None:
    heard: list[str | None] = []

    def listener(scan: Scan) -> None:
        heard.append(scan.text)
        raise RuntimeError("broken listener")

    scanner = SerialScanner(sim.url, listener)
    scanner.start()
    try:
        deadline = time.monotonic() + 20
        while scanner.health() != Ready() and time.monotonic() < deadline:
            time.sleep(0.01)
        sim.scan("one")
        sim.scan("two")
        while len(heard) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert heard == ["one", "two"]
    finally:
        scanner.close()


def test_a_line_that_another_program_holds_is_offline_with_the_reason(desk: Desk) -> None:
    second = Desk(desk.sim)
    assert second.scanner.health() == Unknown()
    second.scanner.start()
    try:
        second.until(lambda: isinstance(second.scanner.health(), Offline))
    finally:
        second.scanner.close()


def test_a_missing_scanner_is_offline_and_found_when_it_comes(tmp_path: Path) -> None:
    heard: list[Scan] = []
    scanner = SerialScanner(f"serial://{tmp_path}/scanner", heard.append)
    scanner.start()
    deadline = time.monotonic() + 20
    while not isinstance(scanner.health(), Offline) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert isinstance(scanner.health(), Offline)
    sim = SimScanner(tmp_path)
    try:
        while scanner.health() != Ready() and time.monotonic() < deadline:
            time.sleep(0.01)
        sim.scan("there")
        while not heard and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [scan.text for scan in heard] == ["there"]
    finally:
        scanner.close()
        sim.close()


def test_thirty_replugs_lose_no_scan_and_leave_threads_and_descriptors_flat(desk: Desk) -> None:
    def held() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    def cycle(number: int) -> None:
        desk.sim.condition("offline")
        desk.until(lambda: isinstance(desk.scanner.health(), Offline))
        desk.sim.condition("ready")
        desk.until(lambda: desk.scanner.health() == Ready())
        assert desk.sim.scan(f"REPLUG{number}")
        desk.until(lambda: len(desk.scans) == number + 1)

    cycle(0)
    before = held()
    for number in range(1, 31):
        cycle(number)
    assert held() == before
    assert [scan.text for scan in desk.scans] == [f"REPLUG{number}" for number in range(31)]


def test_closing_ends_the_thread_and_may_be_done_twice(sim: SimScanner) -> None:
    desk = Desk(sim).start()
    desk.scanner.close()
    desk.scanner.close()
    desk.scanner.trigger(True)
    assert not any(thread.name.startswith("scanner ") for thread in threading.enumerate())


def test_closing_what_never_started(tmp_path: Path) -> None:
    SerialScanner(f"serial://{tmp_path}/none", lambda _scan: None).close()


@pytest.fixture
def trusting(sim: SimScanner) -> Iterator[Desk]:
    one = Desk(sim, Delays(burst=1_000_000, stuck_repeats=1_000_000)).start()
    yield one
    one.scanner.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=64), min_size=1, max_size=4))
def test_any_bytes_on_the_wire_leave_it_working(trusting: Desk, lines: list[bytes]) -> None:
    desk = trusting
    for line in lines:
        desk.sim.scan(line, terminator=b"\r")
    marker = os.urandom(8).hex()
    desk.sim.scan(b"\r" + marker.encode())
    desk.until(lambda: any(scan.text == marker for scan in desk.scans))
    assert desk.scanner.health() == Ready()


@pytest.mark.parametrize(
    "wrong",
    ["", "scanner", "http://x/", "serial://", "serial://ttyACM0", "serial:///dev/x?baud=fast", "serial:///dev/x?b=1",
     "file:///dev/x"],
)  # fmt: skip
def test_a_wrong_address_is_refused(wrong: str) -> None:
    with pytest.raises(Refusal, match=r"scanner\.url"):
        make_scanner(wrong, "generic", SETS, lambda _scan: None)


def test_right_addresses() -> None:
    assert parse("serial:///dev/ttyACM0?baud=115200").baud == 115200
    assert parse("/dev/pts/3").path == "/dev/pts/3"
    assert name_of(parse("tcp://192.0.2.7:4001")) == "192.0.2.7:4001"


def test_the_factory_gives_the_makers_commands(sim: SimScanner) -> None:
    scanner = make_scanner(sim.url, "newland", SETS, lambda _scan: None)
    assert scanner._commands.name == "newland"
    scanner.close()
    assert why_not(sim.url) == ""
    sim.condition("offline")
    assert "check the cable" in why_not(sim.url)
