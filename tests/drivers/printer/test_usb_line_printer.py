"""A USB line printer: a terminal stands in for its data, and one function for the question to its port."""

import os
import struct
from pathlib import Path

import pytest

from drivers.device import LineLost
from drivers.transport import line_printer
from drivers.transport.line_printer import LPGETSTATUS, open_line_printer, port_status
from kiosk.domain.health import PaperOut, Unknown
from kiosk.domain.printing import NotPrinted, Printed
from tests.drivers.printer.world import Connect, Start, Ticket


def as_usb(url: str) -> str:
    return url.replace("serial://", "lp://").partition("?")[0]


@pytest.mark.parametrize("mode", ["native", "raster"])
def test_it_prints_and_is_confirmed(start: Start, connect: Connect, ticket: Ticket, mode: str) -> None:
    sim = start("pty")
    assert connect(as_usb(sim.url), mode=mode).print_paper("job", ticket("B012")) == Printed("process-id")
    assert len(sim.papers) == 1


def test_it_is_ours_alone(start: Start) -> None:
    path = as_usb(start("pty").url).removeprefix("lp://")
    ours = open_line_printer(path)
    with pytest.raises(LineLost, match="another program holds it; check the USB cable"):
        open_line_printer(path)
    ours.close()
    open_line_printer(path).close()


def test_one_that_is_away_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LineLost, match="no such file or directory; check the USB cable"):
        open_line_printer(str(tmp_path / "lp0"))


def test_the_port_is_asked_in_the_kernels_words() -> None:
    asked: list[tuple[int, int]] = []

    def answer(fd: int, request: int, _data: bytes) -> bytes:
        asked.append((fd, request))
        return struct.pack("i", 0x38)

    def refuse(_fd: int, _request: int, _data: bytes) -> bytes:
        raise OSError(25, "no such ioctl")

    assert port_status(7, answer) == 0x38
    assert asked == [(7, LPGETSTATUS)] == [(7, 0x060B)]
    assert port_status(7, refuse) is None
    end, other = os.pipe()
    assert port_status(end) is None
    os.close(end)
    os.close(other)


@pytest.mark.parametrize(("bits", "health"), [(0x38, PaperOut()), (0x18, Unknown()), (None, Unknown())])
def test_a_mute_clone_is_believed_only_when_its_port_says_no_paper(
    start: Start, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, bits: int | None, health: object
) -> None:
    """A port that says "paper there" proves nothing: many answer so for ever."""
    monkeypatch.setattr(line_printer, "port_status", lambda _fd: bits)
    printer = connect(as_usb(start("pty", answers=frozenset()).url))
    assert printer.print_paper("job", ticket("B012")) == NotPrinted(health)  # type: ignore[arg-type]
    assert printer.health() == health
