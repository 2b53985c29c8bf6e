"""The owner thread is watched, the line is opened again with back-off, and each edge is logged once with its remedy."""

import logging
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.device import LineLost
from drivers.link import Link
from drivers.printer import printer as module
from drivers.printer.fonts import Fonts
from drivers.printer.opening import load_profile
from drivers.printer.printer import EscposPrinter
from drivers.printer.station import Options, Station
from drivers.sim.printer import SimPrinter
from drivers.transport.line import FdLine
from drivers.transport.opening import open_line
from drivers.transport.urls import parse
from kiosk.domain.health import Ready, Unknown
from kiosk.domain.printing import Printed
from tests.drivers.printer.world import Connect, Ticket

PATIENCE = 200


def until(there: Callable[[], bool]) -> bool:
    pause = threading.Event()
    return any(there() or pause.wait(0.1) for _ in range(PATIENCE))


def test_a_thread_that_the_system_holds_is_replaced(
    sim: SimPrinter,
    assets: Path,
    fonts: Fonts,
    ticket: Ticket,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Some USB drivers hold an open() for ever; the next attempt, from another thread, may go through."""
    let_go, openings = threading.Event(), []

    def opener() -> FdLine:
        openings.append(1)
        if len(openings) == 1:
            let_go.wait()
            raise LineLost("late", "")
        return open_line(parse(sim.url))

    printer = EscposPrinter(Station(opener, load_profile(assets, "generic-80"), fonts, Options("native")))
    monkeypatch.setattr(module, "HEALTH_S", 0.05)
    with caplog.at_level(logging.WARNING):
        printer.start()
        assert printer.health() == Unknown()
        monkeypatch.setattr(module, "SILENT_S", 0.2)
        assert until(lambda: printer.health() == Unknown() and len(openings) > 1)
        monkeypatch.setattr(module, "SILENT_S", 60.0)
        assert until(lambda: printer.health() == Ready())
    assert printer.print_paper("job", ticket("B012")) == Printed("process-id")
    let_go.set()
    printer.close()
    assert {record.message for record in caplog.records if "stuck" in record.message} == {
        "printer: its thread is stuck in the system and is replaced; if it comes again, change the cable"
    }


def test_a_line_that_is_away_is_tried_ever_more_seldom_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    now, tried = [0.0], []

    def opener() -> FdLine:
        tried.append(now[0])
        raise LineLost("not there", "plug it in")

    link: Link[FdLine] = Link("printer", opener, lambda: now[0], lambda: 1.0)
    with caplog.at_level(logging.INFO):
        while now[0] < 60:
            link.line()
            now[0] += 0.05
    pauses = [round(after - before, 1) for before, after in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.3
    assert 4.9 < pauses[-1] < 5.2
    assert link.state == "fault"
    assert [record.message for record in caplog.records] == ["printer: not there; plug it in"]


def test_each_condition_is_logged_once_with_its_remedy(
    connect: Connect, sim: SimPrinter, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        printer = connect(sim.url)
        for condition in ("ready", "paper-out", "ready", "cover-open"):
            sim.condition(condition)
            wanted = condition.title().replace("-", "")
            assert until(lambda wanted=wanted: type(printer.health()).__name__ == wanted)  # type: ignore[misc]
            for _ in range(5):
                printer.health()
    told = [record.message for record in caplog.records if record.name == "drivers.printer.printer"]
    assert told == [
        "printer: ready; nothing to do",
        "printer: paper-out; load a new roll",
        "printer: ready; nothing to do",
        "printer: cover-open; close the cover",
    ]
