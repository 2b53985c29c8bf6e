"""A clerk says at the console that she changes the paper: no alarm, nothing is printed, and a test slip at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.printer.opening import open_printer
from drivers.printer.printer import EscposPrinter
from drivers.sim.printer import Make, SimPrinter
from kiosk.core.events import HealthChanged
from kiosk.domain.health import Offline, PaperOut, Ready, can_print
from kiosk.domain.paper import Paper, Text
from kiosk.engine.asking import DeviceRounds

SLIP = Paper("test", (Text("打印机测试页"),))


@pytest.fixture
def sim(tree: Path, tmp_path: Path) -> Iterator[SimPrinter]:
    font = tree / "assets" / "fonts" / "NotoSansSC-Regular.ttf"
    running = SimPrinter(tmp_path, font, make=Make(speed=0)).start()
    yield running
    running.stop()


@pytest.fixture
def printer(sim: SimPrinter, tree: Path) -> Iterator[EscposPrinter]:
    opened = open_printer(sim.url, "generic-80", "native", tree / "assets")
    yield opened
    opened.close()


def settled(rounds: DeviceRounds, wanted: object) -> list[object]:
    """Ask until the printer's word is the wanted one; give all edges on the way."""
    seen: list[object] = []
    for _ in range(100):
        seen += [event.health for event in rounds.printer() if isinstance(event, HealthChanged)]
        if seen and seen[-1] == wanted:
            return seen
    return seen


def test_no_alarm_while_it_lasts_and_a_test_slip_afterwards(sim: SimPrinter, printer: EscposPrinter) -> None:
    rounds = DeviceRounds(printer, None, slip=lambda: SLIP)
    sim.condition("paper-low")
    settled(rounds, None)
    before = rounds.words
    rounds.changing_paper(on=True)
    (edge,) = settled(rounds, Offline("a clerk changes the paper"))
    assert not can_print(edge)  # type: ignore[arg-type]
    for condition in ("cover-open", "paper-out", "cover-open", "ready"):
        sim.condition(condition)
        assert list(rounds.printer()) == []
    assert rounds.words == before, "the hub hears of no fault"
    assert sim.papers == []
    rounds.changing_paper(on=False)
    assert settled(rounds, Ready())[-1] == Ready()
    assert "打印机测试页" in sim.wait_for_paper(1).text


def test_a_roll_that_was_forgotten_is_told_afterwards(sim: SimPrinter, printer: EscposPrinter) -> None:
    rounds = DeviceRounds(printer, None, slip=lambda: SLIP)
    rounds.changing_paper(on=True)
    list(rounds.printer())
    sim.condition("paper-out")
    rounds.changing_paper(on=False)
    assert settled(rounds, PaperOut())[-1] == PaperOut()
    assert sim.papers == []
