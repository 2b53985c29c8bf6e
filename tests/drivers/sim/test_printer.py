"""The simulated printer by itself: real bytes on a real socket, in any pieces, and papers dot for dot."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.sim.printer import Make, SimPrinter
from drivers.sim.printer_glyphs import Glyphs
from drivers.sim.printer_press import Press
from drivers.sim.printer_realtime import CLEAR, Order, RealTime
from drivers.sim.printer_render import render
from drivers.sim.printer_strip import Strip

CUT = b"\x1dVB\x00"
RASTER = b"\x1dv0\x00\x02\x00\x03\x00" + b"\xff\x00" * 3


@pytest.fixture(scope="session")
def font(tree: Path) -> Path:
    return tree / "assets" / "fonts" / "NotoSansSC-Regular.ttf"


@pytest.fixture(scope="session")
def glyphs(font: Path) -> Glyphs:
    return Glyphs(font)


@pytest.fixture
def sim(tmp_path: Path, font: Path) -> Iterator[SimPrinter]:
    printer = SimPrinter(tmp_path, font, make=Make(speed=0)).start()
    yield printer
    printer.stop()


@pytest.fixture
def host(sim: SimPrinter) -> Iterator[socket.socket]:
    with connected(sim) as peer:
        yield peer


def connected(sim: SimPrinter) -> socket.socket:
    host, _, port = sim.url.removeprefix("tcp://").rpartition(":")
    peer = socket.create_connection((host, int(port)), timeout=5)
    peer.settimeout(5)
    return peer


def ask(host: socket.socket, data: bytes, count: int = 1) -> bytes:
    host.sendall(data)
    answer = b""
    while len(answer) < count:
        answer += host.recv(64)
    return answer


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        ("ready", "12 12 12 12"),
        ("paper-low", "12 12 12 1e"),
        ("paper-out", "1a 32 12 7e"),
        ("cover-open", "1a 16 12 12"),
        ("offline", "1a 12 12 12"),
        ("cutter-fault", "1a 52 1a 12"),
        ("overheated", "1a 52 52 12"),
    ],
)
def test_status_bytes_are_those_of_other_simulators_and_manuals(
    sim: SimPrinter, host: socket.socket, condition: str, answers: str
) -> None:
    sim.condition(condition)
    assert b"".join(ask(host, b"\x10\x04" + bytes([n])) for n in (1, 2, 3, 4)).hex(" ") == answers


def test_reports_come_at_once_and_at_each_change(sim: SimPrinter, host: socket.socket) -> None:
    assert ask(host, b"\x1da\x0f", 4).hex() == "10000000"
    sim.condition("paper-out")
    assert ask(host, b"", 4).hex() == "18000f00"
    sim.clear()
    assert ask(host, b"", 4).hex() == "10000000"


def test_initialising_turns_reports_off(sim: SimPrinter, host: socket.socket) -> None:
    ask(host, b"\x1da\x0f", 4)
    assert ask(host, b"\x1b@\x1dr\x01") == b"\x00"
    sim.condition("cover-open")
    assert ask(host, b"\x10\x04\x01") == b"\x1a"


def test_a_process_id_comes_after_what_was_before_it(sim: SimPrinter, host: socket.socket) -> None:
    answer = ask(host, b"hello\n" + CUT + b"\x1d(H\x06\x0000AbCd", 7)
    assert answer == b"\x37\x22AbCd\x00"
    assert [paper.text for paper in sim.papers] == ["hello\n"]


def test_jobs_are_held_without_paper_and_come_out_after_it_is_loaded(sim: SimPrinter, host: socket.socket) -> None:
    """As real printers do, which is why the kiosk has to clear them."""
    sim.condition("paper-out")
    assert ask(host, b"held\n" + CUT + b"\x10\x04\x04") == b"\x7e"
    assert sim.papers == []
    assert sim.state()["held"] != 0
    sim.clear()
    assert sim.wait_for_paper(1).text == "held\n"


@pytest.mark.parametrize("order", [CLEAR, b"\x10\x05\x02"])
def test_a_held_job_can_be_dropped(sim: SimPrinter, host: socket.socket, order: bytes) -> None:
    sim.condition("paper-out")
    host.sendall(b"held\n" + CUT)
    host.sendall(order)
    answers = {CLEAR: b"\x37\x25\x00\x7e"}.get(order, b"\x7e")
    assert ask(host, b"\x10\x04\x04", len(answers)) == answers
    sim.clear()
    host.sendall(b"next\n" + CUT)
    assert sim.wait_for_paper(1).text == "next\n"


def test_silent_prints_and_unknown_does_nothing(sim: SimPrinter, host: socket.socket) -> None:
    sim.condition("silent")
    host.sendall(b"\x10\x04\x01quiet\n" + CUT)
    assert sim.wait_for_paper(1).text == "quiet\n"
    host.settimeout(0.2)
    with pytest.raises(TimeoutError):
        host.recv(1)
    sim.condition("unknown")
    host.sendall(b"hung\n" + CUT)
    with pytest.raises(TimeoutError):
        sim.wait_for_paper(2, 0.2)
    sim.clear()
    assert sim.wait_for_paper(2).text == "hung\n"


def test_the_line_breaks_in_the_middle_and_stays_away(sim: SimPrinter, host: socket.socket) -> None:
    sim.condition("lost-mid-job", after=10)
    host.sendall(b"0123456789ABCDEF\n" + CUT)
    assert host.recv(1) == b""
    with connected(sim) as again, pytest.raises(ConnectionError):
        again.recv(1)
    sim.clear()
    with connected(sim) as mended:
        mended.sendall(b"\n" + CUT)
        assert sim.wait_for_paper(1).text == "0123456789\n"


def test_an_unknown_condition_is_told_the_known_ones(sim: SimPrinter) -> None:
    with pytest.raises(ValueError, match="known are ready, paper-low"):
        sim.condition("on-fire")


def test_files_of_a_paper(sim: SimPrinter, host: socket.socket) -> None:
    data = b"\x1b@" + "号牌".encode("gb18030") + b"\n" + CUT
    host.sendall(data)
    paper = sim.wait_for_paper(1)
    assert paper.png.name == "0001.png"
    assert paper.png.with_suffix(".bin").read_bytes() == data
    assert paper.png.with_suffix(".txt").read_text("utf-8") == "号牌\n"
    with Image.open(paper.png) as picture:
        assert picture.mode == "1"
        assert picture.width == 576


def test_a_picture_is_printed_dot_for_dot(font: Path) -> None:
    [(picture, _)] = render(RASTER + CUT, font, 384)
    assert picture.size == (384, 3)
    assert picture.crop((0, 0, 16, 3)).convert("L").tobytes() == (b"\x00" * 8 + b"\xff" * 8) * 3


def test_centred_is_in_the_middle_and_enlarged_is_larger(font: Path) -> None:
    [(small, _)] = render(b"\x1ba\x01H\n" + CUT, font, 384)
    [(large, _)] = render(b"\x1ba\x01\x1d!\x33H\n" + CUT, font, 384)
    boxes = [picture.convert("L").point([255, *[0] * 255]).getbbox() for picture in (small, large)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert abs(boxes[0][0] + boxes[0][2] - 384) <= 2
    assert boxes[1][3] - boxes[1][1] == 4 * (boxes[0][3] - boxes[0][1])


PIECES = [b"\x10\x04\x01", b"\x10\x05\x02", CLEAR, b"\x10", b"\x10\x04\x09", b"text", b"\x10\x14\x08", b"\x00"]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.lists(st.integers(1, 9), max_size=30))
def test_real_time_orders_are_found_in_pieces_of_any_size(parts: list[bytes], sizes: list[int]) -> None:
    data = b"".join(parts)
    whole = [order for _, order in RealTime().split(data) if order]
    stream = RealTime()
    found: list[Order] = []
    taken = b""
    left = data
    while left:
        size = sizes.pop() if sizes else 5
        for piece, order in stream.split(left[:size]):
            taken += piece
            found += [order] if order else []
        left = left[size:]
    assert taken == data
    assert found == whole


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.binary(max_size=300), st.integers(1, 60))
def test_no_bytes_stop_it_and_pieces_change_nothing(glyphs: Glyphs, data: bytes, size: int) -> None:
    """Fuzzed: the same papers come out whether the stream arrives at once or in pieces."""
    outcomes = []
    for step in (len(data) or 1, size):
        texts: list[str] = []
        strip = Strip(384)
        press = Press(glyphs, strip, cut=lambda strip=strip, texts=texts: texts.append(strip.taken()[1]))  # type: ignore[misc]
        waiting = b""
        for at in range(0, len(data), step):
            waiting += data[at : at + step]
            while found := press.next(waiting):
                item, length = found
                assert length > 0
                waiting = waiting[length:]
                press.do(item)
        outcomes.append((texts, strip.text, strip.y))
    assert outcomes[0] == outcomes[1]


def test_a_flood_without_a_cut_fills_no_memory(glyphs: Glyphs) -> None:
    strip = Strip(384)
    press = Press(glyphs, strip)
    for _ in range(3000):
        found = press.next(b"\x1bJ\xff")
        assert found is not None
        press.do(found[0])
    assert strip.y <= 20_000


def test_two_hosts_are_served_one_after_the_other(sim: SimPrinter, host: socket.socket) -> None:
    assert ask(host, b"\x10\x04\x01") == b"\x12"
    with connected(sim) as second:
        second.settimeout(0.2)
        second.sendall(b"\x10\x04\x01")
        with pytest.raises(TimeoutError):
            second.recv(1)
        host.close()
        second.settimeout(5)
        assert second.recv(1) == b"\x12"


def test_switching_it_off_in_the_middle_ends_at_once(tmp_path: Path, font: Path) -> None:
    printer = SimPrinter(tmp_path, font, make=Make(speed=10.0)).start()
    with connected(printer) as host:
        host.sendall((b"line\n" * 50 + CUT) * 20)
        time.sleep(0.05)
        printer.stop()
    assert len(printer.papers) < 20
