"""A simulated printer, the kiosk's own printer on it, and a ticket to print."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer import errand, talk
from drivers.printer.fonts import Fonts
from drivers.printer.leftover import Strip
from drivers.printer.opening import load_profile
from drivers.printer.printer import EscposPrinter
from drivers.printer.profile import Mode, Profile
from drivers.printer.station import Options, Station
from drivers.sim.printer import Make, SimPrinter
from drivers.transport.opening import open_line
from drivers.transport.urls import parse
from kiosk.domain.papers import Papers
from kiosk.domain.papers_file import read_papers
from tests.drivers.printer.world import TICKET, VOID, Connect, Start, Ticket


@pytest.fixture(scope="session")
def assets(tree: Path) -> Path:
    return tree / "assets"


@pytest.fixture(scope="session")
def fonts(assets: Path) -> Fonts:
    return Fonts.under(assets / "fonts")


@pytest.fixture(scope="session")
def papers(assets: Path) -> Papers:
    return read_papers({file.name: file.read_text("utf-8") for file in (assets / "papers").glob("*.toml")})


@pytest.fixture(scope="session")
def profile(assets: Path) -> Profile:
    return load_profile(assets, "generic-80")


@pytest.fixture(scope="session")
def ticket(papers: Papers) -> Ticket:
    """A ticket with a label of one's choice."""
    return lambda label: papers.compose("ticket", TICKET | {"label": label}, "zh")


@pytest.fixture
def start(tmp_path: Path, fonts: Fonts) -> Iterator[Start]:
    """Start simulated printers; they are stopped at the end."""
    running: list[SimPrinter] = []

    def started(listen: str = "127.0.0.1:0", **make: object) -> SimPrinter:
        sim = SimPrinter(tmp_path / f"out{len(running)}", fonts.regular, listen, Make(**{"speed": 0, **make}))  # type: ignore[arg-type]
        running.append(sim.start())
        return sim

    yield started
    for sim in running:
        sim.stop()


@pytest.fixture
def sim(start: Start) -> SimPrinter:
    return start()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories about stuck printers need not wait as long as a hall full of citizens; a busy machine may answer late."""
    monkeypatch.setattr(errand, "AFTER_S", 0.2)
    monkeypatch.setattr(errand, "GRACE_S", 1.5)
    monkeypatch.setattr(errand, "PASSING_S", 0.0)
    monkeypatch.setattr(talk, "PASSING_S", 0.0)
    monkeypatch.setattr(talk, "BARRIER_S", 3.0)
    monkeypatch.setattr(talk, "UNSEEN_S", 30.0)


@pytest.fixture
def connect(assets: Path, fonts: Fonts) -> Iterator[Connect]:
    """Connect the kiosk's printer to an address; it is closed at the end."""
    running: list[EscposPrinter] = []

    def connected(url: str, profile: str = "generic-80", mode: Mode = "native", left: Strip = "clean") -> EscposPrinter:
        address = parse(url)
        options = Options(mode, VOID, left)
        model = replace(load_profile(assets, profile), speed_mm_s=600.0)  # the simulated one is that fast
        printer = EscposPrinter(Station(lambda: open_line(address), model, fonts, options))
        running.append(printer)
        printer.start()
        return printer

    yield connected
    for printer in running:
        printer.close()


@pytest.fixture
def printer(connect: Connect, sim: SimPrinter) -> EscposPrinter:
    return connect(sim.url)


@pytest.fixture
def hopeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """For printers that never answer a question in the stream, or never go on: nothing is gained by waiting."""
    monkeypatch.setattr(errand, "GRACE_S", 0.3)
    monkeypatch.setattr(talk, "BARRIER_S", 0.3)
