"""Addresses, and lines that are opened, lost and opened again."""

import logging
import os
import socket

import pytest

from drivers.device import BadAddress, LineLost
from drivers.link import LAST_DELAY_S, Link
from drivers.transport.line import FdLine, send_all, wait
from drivers.transport.opening import open_line
from drivers.transport.urls import Address, parse


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("tcp://192.0.2.7:9100", Address("tcp", "192.0.2.7", 9100)),
        ("tcp://printer.branch.example", Address("tcp", "printer.branch.example", 9100)),
        ("tcp://[2001:db8::7]:9101", Address("tcp", "2001:db8::7", 9101)),
        ("serial:///dev/ttyUSB0?baud=19200", Address("serial", path="/dev/ttyUSB0", baud=19200)),
        ("serial:///dev/ttyS0?flow=rtscts", Address("serial", path="/dev/ttyS0", flow="rtscts")),
        ("lp:///dev/usb/lp0", Address("lp", path="/dev/usb/lp0")),
        ("file://x.png", Address("file", path="x.png")),
        ("file:///a/b%20c.bin", Address("file", path="/a/b c.bin")),
    ],
)
def test_right_addresses(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("tpc://192.0.2.7", "did you mean tcp://"),
        ("192.0.2.7:9100", "use one of tcp://"),
        ("", "use one of"),
        ("http://192.0.2.7", "use one of"),
        ("tcp://", "names no host"),
        ("tcp://host:99999", "no usable host and port"),
        ("tcp://host:9100/queue", "more than a host"),
        ("tcp://user@host", "more than a host"),
        ("serial://", "names no path"),
        ("serial:///dev/ttyS0?baud=12345", "no usual speed"),
        ("serial:///dev/ttyS0?speed=9600", "no part of a serial address"),
        ("serial:///dev/ttyS0?flow=maybe", "unknown"),
        ("lp://", "names no path"),
        ("file://\0", "names no path"),
    ],
)
def test_wrong_addresses_are_told_what_a_right_one_looks_like(url: str, hint: str) -> None:
    with pytest.raises(BadAddress) as told:
        parse(url)
    assert hint in str(told.value)


class Fake:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Stand:
    """A link on a fake clock; `there` decides whether the device is."""

    def __init__(self) -> None:
        self.there = False
        self.now = 0.0
        self.tries = 0
        self.lines: list[Fake] = []
        self.link: Link[Fake] = Link("printer", self.open, lambda: self.now, lambda: 1.0)

    def open(self) -> Fake:
        self.tries += 1
        if not self.there:
            raise LineLost("no such device", "plug it in")
        self.lines.append(Fake())
        return self.lines[-1]


def test_it_is_tried_again_ever_more_rarely_and_never_given_up() -> None:
    stand = Stand()
    pauses = []
    for _ in range(12):
        assert stand.link.line() is None
        pauses.append(stand.link.due_in())
        stand.now += stand.link.due_in()
    assert pauses[:4] == pytest.approx([0.2, 0.4, 0.8, 1.6])
    assert pauses[-1] == LAST_DELAY_S
    assert stand.tries == 12
    assert stand.link.state == "fault"


def test_it_is_not_tried_before_its_time_unless_somebody_waits() -> None:
    stand = Stand()
    stand.link.line()
    stand.link.line()
    assert stand.tries == 1
    stand.there = True
    stand.link.hurry()
    assert stand.link.line() is stand.lines[0]
    assert stand.link.state == "ready"


def test_a_lost_line_is_closed_once_and_opened_again() -> None:
    stand = Stand()
    stand.there = True
    first = stand.link.line()
    stand.link.lost(LineLost("unplugged", "plug it in"))
    assert first is not None
    assert first.closed == 1
    stand.now += LAST_DELAY_S
    assert stand.link.line() is stand.lines[1]
    stand.link.close()
    assert stand.link.state == "closed"
    assert stand.lines[1].closed == 1


def test_edges_are_logged_once_with_the_remedy(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    stand = Stand()
    for _ in range(5):
        stand.link.line()
        stand.now += 10
    stand.there = True
    for _ in range(5):
        stand.link.line()
        stand.link.proven()
    assert [record.message for record in caplog.records] == [
        "printer: no such device; plug it in",
        "printer: open",
    ]


def test_a_line_never_blocks_and_counts_what_it_took() -> None:
    """The peer reads nothing: the line takes what the kernel buffers, then the deadline ends it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = open_line(Address("tcp", "127.0.0.1", server.getsockname()[1]))
        peer, _ = server.accept()
        taken: list[int] = []
        data = b"x" * 20_000_000
        assert not send_all(line, data, 0.0, taken.append, lambda _data: True)
        assert 0 < sum(taken) < len(data)
        peer.close()
        line.close(discard=True)
        line.close()


def test_what_comes_while_sending_is_heard_and_may_stop_it() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    line = FdLine(ours.fileno(), lambda _discard: ours.close(), "none")
    theirs.sendall(b"\x12")
    heard: list[bytes] = []

    def arrived(data: bytes) -> bool:
        heard.append(data)
        return False

    assert not send_all(line, b"a" * 5_000_000, 1e12, lambda _n: None, arrived)
    assert heard == [b"\x12"]
    line.close()
    theirs.close()


def test_a_peer_that_left_is_told_as_lost() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    line = FdLine(ours.fileno(), lambda _discard: ours.close(), "look after it")
    assert line.receive() == b""
    assert not wait(line, 0.0)
    theirs.close()
    assert wait(line, 1.0)
    with pytest.raises(LineLost, match="look after it"):
        line.receive()
    line.close()


def test_a_serial_line_belongs_to_one_program() -> None:
    master, slave = os.openpty()
    name = os.ttyname(slave)
    line = open_line(Address("serial", path=name))
    with pytest.raises(LineLost):
        open_line(Address("serial", path=name))
    os.write(master, b"abc")
    assert wait(line, 2.0)
    assert line.receive() == b"abc"
    line.close()
    os.close(slave)
    os.close(master)


def test_nobody_there_is_one_reason_and_one_remedy() -> None:
    for address in (
        Address("serial", path="/dev/no-such"),
        Address("lp", path="/dev/usb/no-such"),
        Address("tcp", "127.0.0.1", 1),
    ):
        with pytest.raises(LineLost) as told:
            open_line(address)
        assert told.value.reason
        assert told.value.remedy
