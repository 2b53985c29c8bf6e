"""What cannot print is known before: nothing is sent, and the answer names the reason."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer import talk as talk_module
from drivers.printer.fonts import Fonts
from drivers.printer.opening import load_profile
from drivers.printer.printer import EscposPrinter
from drivers.printer.station import Options, Station
from drivers.printer.talk import Talk
from drivers.sim.printer import SimPrinter
from drivers.transport.opening import open_line
from drivers.transport.urls import parse
from kiosk.domain.health import Health, Offline, PaperLow, Ready, Unknown, from_word, word
from kiosk.domain.printing import NotPrinted, Printed, PrintUnknown
from tests.drivers.printer.world import Connect, Start, Ticket, whole


@pytest.mark.parametrize("condition", ["paper-out", "cover-open", "cutter-fault", "overheated"])
def test_a_fault_is_told_by_its_name(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, condition: str) -> None:
    sim.condition(condition)
    assert printer.print_paper("job", ticket("B012")) == NotPrinted(from_word(condition))
    assert printer.bytes_sent == 0
    sim.clear()
    assert printer.print_paper("again", ticket("B012")) == Printed("process-id")
    assert whole(sim, "B012") == 1


def test_a_printer_switched_offline_says_so(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    sim.condition("offline")
    outcome = printer.print_paper("job", ticket("B012"))
    assert isinstance(outcome, NotPrinted)
    assert word(outcome.health) == "offline"


def test_low_paper_still_prints(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    sim.condition("paper-low")
    assert printer.print_paper("job", ticket("B012")) == Printed("process-id")
    assert printer.health() == PaperLow()


@pytest.mark.parametrize("condition", ["silent", "unknown"])
def test_silence_is_unknown_and_nothing_is_sent(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, condition: str
) -> None:
    sim.condition(condition)
    assert printer.print_paper("job", ticket("B012")) == NotPrinted(Unknown())
    assert printer.bytes_sent == 0
    assert printer.health() == Unknown()


def test_a_printer_that_never_answers_anything_prints_unknown(
    start: Start, assets: Path, fonts: Fonts, ticket: Ticket
) -> None:
    """Only a profile that says so may print blindly, and nobody claims then that paper came out."""
    sim = start(answers=frozenset())
    blind = replace(load_profile(assets, "generic-80"), confirm=(), clear=())
    printer = EscposPrinter(Station(lambda: open_line(parse(sim.url)), blind, fonts, Options("native")))
    printer.start()
    try:
        assert printer.print_paper("job", ticket("B012")) == PrintUnknown(Unknown())
    finally:
        printer.close()
    sim.wait_for_paper(1)
    assert whole(sim, "B012") == 1


def test_nobody_at_the_address_is_offline(connect: Connect, ticket: Ticket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = connect(f"tcp://127.0.0.1:{port}").print_paper("job", ticket("B012"))
    assert isinstance(outcome, NotPrinted)
    assert isinstance(outcome.health, Offline)
    assert "refused" in outcome.health.reason


def test_no_such_terminal_is_offline(connect: Connect, ticket: Ticket) -> None:
    outcome = connect("serial:///dev/no-such-printer").print_paper("job", ticket("B012"))
    assert isinstance(outcome, NotPrinted)
    assert word(outcome.health) == "offline"


def test_a_closed_printer_refuses(printer: EscposPrinter, ticket: Ticket) -> None:
    printer.close()
    printer.close()
    assert isinstance(printer.print_paper("job", ticket("B012")), NotPrinted)
    health: Health = printer.health()
    assert word(health) in ("ready", "unknown")


def test_one_that_stops_while_it_is_asked_what_it_can_tell_is_asked_again(
    start: Start, assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its silence was not for want of knowing; it would be believed too little until the line is opened again."""
    monkeypatch.setattr(talk_module, "BARRIER_S", 0.3)
    sim = start()
    line = open_line(parse(sim.url))
    talk = Talk(line, load_profile(assets, "generic-80"))
    assert talk.check() == Ready()
    sim.condition("paper-out")
    assert talk.probe().any is False
    assert talk.abilities is None
    sim.clear()
    assert talk.probe().process_id
    assert talk.abilities is not None
    line.close()
