"""Stories of a card reader on a real pseudo-terminal: cards are laid and left, the line is spoiled, cut and mended."""

import functools
import http.client
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from drivers.reader.address import name_of, parse
from drivers.reader.delays import Delays
from drivers.reader.opening import make_reader
from drivers.reader.reader import CardReader, why_not
from drivers.sim.reader import SimReader
from drivers.sim.reader_card import LAYOUTS, SimCard
from drivers.sim.reader_control import ReaderControl
from kiosk.domain.card import Card
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Health, Offline, Ready
from tests.drivers.reader.people import card

BRISK = Delays(find_s=0.01, lying_s=0.01, rest_s=0.05, short_s=3.0, gap_s=0.2, fault_s=60.0)
IMPATIENT = Delays(find_s=0.01, lying_s=0.01, rest_s=0.05, short_s=0.05, read_s=0.05, gap_s=0.02)


class Desk:
    """A simulated reader, the driver on it, and what the kiosk heard, in order."""

    def __init__(self, delays: Delays = BRISK) -> None:
        self.sim = SimReader()
        self.heard: list[Card | str] = []
        self.healths: list[Health] = []
        self.reader = CardReader(
            self.sim.url, self.heard.append, self.heard.append, lambda: self.heard.append("lifted"),
            self.healths.append, delays=delays, jitter=lambda: 0.0,
        )  # fmt: skip
        self.reader.start()

    def until(self, true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, (self.heard, self.healths)
            time.sleep(0.002)

    def asked_again(self, times: int = 6) -> None:
        """Wait until the driver has asked so many more questions."""
        before = self.sim.asked
        self.until(lambda: self.sim.asked >= before + times)

    def read(self, laid: SimCard) -> None:
        """Lay a card, see it read, lift it, see it gone."""
        before = len(self.heard)
        self.sim.lay(laid)
        self.until(lambda: len(self.heard) == before + 1)
        told = self.heard[-1]
        assert isinstance(told, Card)
        assert (told.number, told.name, told.newest_address) == (laid.number, laid.name, laid.newest_address)
        self.sim.lift()
        self.until(lambda: self.heard[-1] == "lifted")

    def close(self) -> None:
        self.reader.close()
        self.sim.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    one = Desk()
    one.until(lambda: one.reader.health() == Ready())
    yield one
    one.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_card_is_read_once_and_its_lifting_is_told(desk: Desk, layout: str) -> None:
    desk.read(card(1, layout))
    desk.read(card(2, layout))
    assert desk.healths == [Ready()]


@pytest.mark.parametrize("condition", ["bad-checksum", "split", "doubled"])
def test_a_troubled_line_still_reads(desk: Desk, condition: str) -> None:
    desk.sim.condition(condition)
    for seed in range(4):
        desk.read(card(seed))


def test_a_card_left_behind_opens_nobody_elses_session(desk: Desk) -> None:
    desk.sim.lay(card(1))
    desk.until(lambda: len(desk.heard) == 1)
    for on in (False, True, False, True):
        desk.reader.arm(on)
        desk.asked_again()
    assert len(desk.heard) == 1
    desk.sim.lift()
    desk.until(lambda: desk.heard[-1] == "lifted")
    desk.read(card(1))


def test_another_card_instead_of_the_one_that_lay_there(desk: Desk) -> None:
    desk.sim.lay(card(1))
    desk.until(lambda: len(desk.heard) == 1)
    desk.sim.lay(card(2))
    desk.until(lambda: len(desk.heard) == 3)
    assert desk.heard[1] == "lifted"
    assert isinstance(desk.heard[2], Card)
    assert desk.heard[2].number == card(2).number


def test_no_card_is_read_while_none_is_wanted(desk: Desk) -> None:
    desk.reader.arm(False)
    desk.asked_again(3)
    desk.sim.lay(card(1))
    desk.asked_again()
    assert desk.heard == []
    desk.reader.arm(True)
    desk.until(lambda: len(desk.heard) == 1)


def test_a_card_that_cannot_be_read_is_told_once_and_again_after_lifting(desk: Desk) -> None:
    desk.sim.condition("refused")
    for _ in (1, 2):
        told = len(desk.heard) + 1
        desk.sim.lay(card(1))
        desk.until(functools.partial(lambda count: len(desk.heard) == count, told))
        desk.asked_again()
        desk.sim.lift()
        desk.asked_again()
    assert desk.heard == ["lift-again", "lift-again"]
    assert desk.reader.health() == Ready()


def test_a_card_that_is_none_of_ours(desk: Desk) -> None:
    desk.sim.lay(SimCard("421202195803072048"))
    desk.until(lambda: desk.heard == ["unknown-card"])


def test_a_broken_security_module_is_out_of_service_until_it_is_well(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.sim.condition("out-of-service")
    desk.until(lambda: isinstance(desk.reader.health(), Offline))
    desk.asked_again()
    desk.sim.condition("ready")
    desk.until(lambda: desk.reader.health() == Ready())
    desk.read(card(1))
    assert caplog.text.count("security module refuses") == 1


def test_silence_is_offline_and_its_end_is_noticed() -> None:
    desk = Desk(IMPATIENT)
    try:
        desk.sim.condition("silent")
        desk.until(lambda: isinstance(desk.reader.health(), Offline))
        desk.sim.condition("ready")
        desk.until(lambda: desk.reader.health() == Ready())
    finally:
        desk.close()


def test_a_reader_that_talks_for_ever_is_given_up_and_comes_back() -> None:
    desk = Desk(IMPATIENT)
    try:
        desk.sim.condition("babble")
        desk.until(lambda: isinstance(desk.reader.health(), Offline))
        desk.sim.condition("ready")
        desk.until(lambda: desk.reader.health() == Ready())
    finally:
        desk.close()


def test_lost_in_the_middle_of_a_card(desk: Desk) -> None:
    desk.sim.condition("lost-mid-job")
    desk.sim.lay(card(1))
    desk.until(lambda: isinstance(desk.reader.health(), Offline))
    assert desk.heard == []
    desk.sim.lift()
    desk.sim.condition("ready")
    desk.until(lambda: desk.reader.health() == Ready())
    desk.read(card(1))


def test_a_reader_that_is_pulled_out_no_longer_sees_the_card(desk: Desk) -> None:
    desk.sim.lay(card(1))
    desk.until(lambda: len(desk.heard) == 1)
    desk.sim.condition("offline")
    desk.until(lambda: desk.heard[-1] == "lifted")
    desk.until(lambda: isinstance(desk.reader.health(), Offline))


def test_thirty_replugs_leave_threads_and_descriptors_flat(desk: Desk) -> None:
    def cycle(seed: int) -> None:
        desk.sim.condition("offline")
        desk.until(lambda: isinstance(desk.reader.health(), Offline))
        desk.sim.condition("ready")
        desk.until(lambda: desk.reader.health() == Ready())
        desk.read(card(seed))

    def held() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    cycle(0)
    before = held()
    for seed in range(1, 31):
        cycle(seed)
    assert held() == before


def test_nothing_of_a_card_gets_into_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.read(card(1))
    desk.sim.lay(SimCard("421202195803072048", "测试员"))
    desk.until(lambda: desk.heard[-1] == "unknown-card")
    for hers in (card(1).number, card(1).name, "421202195803072048", "测试员"):
        assert hers not in caplog.text
        assert hers not in repr(desk.heard)


def test_a_listener_that_fails_does_not_take_the_reader_with_it() -> None:
    sim = SimReader()
    lifted = threading.Event()

    def fails(_card: Card) -> None:
        raise RuntimeError("secret")

    reader = CardReader(sim.url, fails, lambda _fault: None, lifted.set, delays=BRISK)
    reader.start()
    try:
        sim.lay(card(1))
        deadline = time.monotonic() + 60
        while reader.health() != Ready() or sim.asked < 8:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        sim.lift()
        assert lifted.wait(60)
    finally:
        reader.close()
        reader.close()
        sim.close()


def test_addresses() -> None:
    assert parse("/dev/ttyUSB0").baud == 115200
    assert parse("serial:///dev/ttyUSB0?baud=9600").baud == 9600
    assert name_of(parse("tcp://192.0.2.1:4001")) == "192.0.2.1:4001"
    for wrong in ("lp:///dev/usb/lp0", "serial://reader", "usb://1"):
        with pytest.raises(Refusal, match=r"reader\.url"):
            make_reader(wrong, lambda _card: None, lambda _fault: None, lambda: None)


def test_why_a_reader_cannot_be_used() -> None:
    sim = SimReader()
    try:
        assert why_not(sim.url) == ""
        sim.condition("out-of-service")
        assert "security module" in why_not(sim.url)
        sim.condition("offline")
        assert "; " in why_not(sim.url)
    finally:
        sim.close()


def test_it_is_steered_from_outside() -> None:
    sim = SimReader()
    control = ReaderControl(sim)

    def ask(method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection(urlsplit(control.url).netloc, timeout=30)
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.status, json.loads(response.read())
        connection.close()
        return answer

    try:
        number = card(1).number
        assert ask("POST", "/card", {"number": number})[1]["card"] is True
        assert number not in json.dumps(ask("GET", "/"))
        assert ask("POST", "/lift", {})[1]["card"] is False
        assert ask("POST", "/condition", {"condition": "silent"})[1]["condition"] == "silent"
        assert ask("POST", "/condition", {"condition": "tired"})[0] == 422
        assert ask("POST", "/card", {"number": ""})[0] == 422
        assert ask("POST", "/elsewhere", {})[0] == 404
    finally:
        control.close()
        sim.close()
