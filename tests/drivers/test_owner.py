"""The owner thread of a device: one that the system holds is known, replaced, and ends when it comes back."""

import logging
import threading
import time
from collections.abc import Callable

import pytest

from drivers import owner as module
from drivers.device import LineLost
from drivers.owner import Owner
from kiosk.domain.health import Health, Offline, Ready


class Line:
    """A line whose first reading the system does not give back until a test lets it."""

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Device:
    """Serves a line by reading and beating, as every driver does; the first reading hangs."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.lines: list[Line] = []
        self.heard: list[Health] = []
        self.served: list[Line] = []
        self.owner: Owner[Line] = Owner("device", self.opened, self.serve, on_health=self.heard.append)

    def opened(self) -> Line:
        if self.lines and not self.lines[-1].closed and len(self.lines) > 5:
            raise LineLost("another program holds it", "find it")
        self.lines.append(Line())
        return self.lines[-1]

    def serve(self, line: Line) -> None:
        self.owner.link.proven()
        self.owner.tell(Ready())
        if line is self.lines[0]:
            self.let_go.wait(120)
        while not self.owner.stopping:
            self.owner.beat()
            self.served.append(line)
            time.sleep(0.005)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_thread_that_the_system_holds_is_told_replaced_and_ends(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    device = Device()
    before = threading.active_count()
    with caplog.at_level(logging.INFO):
        device.owner.start()
        until(lambda: device.owner.health() == Ready())
        monkeypatch.setattr(module, "SILENT_S", 0.3)
        until(lambda: device.owner.health() == Offline("its thread hangs"))
        assert threading.active_count() == before + 1  # it is known, and not yet given up
        monkeypatch.setattr(module, "GIVEN_UP_S", 0.4)
        until(lambda: device.owner.health() == Offline("its thread hangs") and len(device.lines) > 1)
        monkeypatch.setattr(module, "SILENT_S", 60.0)
        until(lambda: device.owner.health() == Ready() and device.served)
        assert device.served[-1] is device.lines[-1]
        device.let_go.set()
        until(lambda: device.lines[0].closed)
        until(lambda: threading.active_count() == before + 1)
        assert device.lines[0] not in device.served, "two threads never serve one device"
    device.owner.close()
    assert all(line.closed for line in device.lines)
    assert sum("is replaced" in record.message for record in caplog.records) == len(device.lines) - 1


def test_a_busy_thread_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device()
    device.let_go.set()
    monkeypatch.setattr(module, "GIVEN_UP_S", 0.0)  # what decides is that it beats
    device.owner.start()
    until(lambda: len(device.served) > 20)
    assert {device.owner.health() for _ in range(50)} == {Ready()}
    assert len(device.lines) == 1
    device.owner.close()
