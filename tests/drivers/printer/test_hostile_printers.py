"""Printers that never read, answer late, always say "fine", hang up, hold the socket or echo: the truth about each."""

import threading

import pytest

from drivers.printer.printer import EscposPrinter
from drivers.sim.printer import SimPrinter
from kiosk.domain.health import Offline, Ready, Unknown
from kiosk.domain.printing import NotPrinted, Printed, PrintOutcome, PrintUnknown
from tests.drivers.printer.world import Connect, Start, Ticket, whole


def warm(printer: EscposPrinter, ticket: Ticket) -> None:
    assert printer.print_paper("warm", ticket("B001")) == Printed("process-id")


def printed_again(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> PrintOutcome:
    """Once it behaves, the next citizen gets her ticket."""
    sim.clear()
    end = threading.Event()
    for _ in range(100):
        outcome = printer.print_paper("next", ticket("B099"))
        if isinstance(outcome, Printed):
            return outcome
        end.wait(0.1)
    return outcome


@pytest.mark.parametrize("condition", ["never-reads", "holds-socket", "unknown"])
def test_one_that_was_stuck_before_is_known_and_nothing_is_sent(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, condition: str
) -> None:
    warm(printer, ticket)
    sim.condition(condition)
    outcome = printer.print_paper("job", ticket("B012"))
    assert isinstance(outcome, NotPrinted)
    assert isinstance(outcome.health, Unknown | Offline)
    assert printed_again(printer, sim, ticket) == Printed("process-id")
    assert [whole(sim, "B012"), whole(sim, "B099")] == [0, 1]


@pytest.mark.usefixtures("hopeless")
@pytest.mark.parametrize("condition", ["never-reads", "holds-socket", "unknown"])
def test_one_that_gets_stuck_in_a_job_gets_no_cut(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, condition: str
) -> None:
    warm(printer, ticket)
    sim.condition(condition, after=400)
    assert isinstance(printer.print_paper("job", ticket("B012")), NotPrinted)
    assert isinstance(printed_again(printer, sim, ticket), Printed)
    assert [whole(sim, "B012"), whole(sim, "B099")] == [0, 1]


def test_a_socket_that_is_held_serves_nobody_until_it_is_let_go(start: Start, connect: Connect, ticket: Ticket) -> None:
    sim = start()
    sim.condition("holds-socket")
    printer = connect(sim.url)
    assert isinstance(printer.print_paper("job", ticket("B012")), NotPrinted)
    assert isinstance(printed_again(printer, sim, ticket), Printed)


def test_late_answers_confirm_late(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    """The process id is late too, and still true. Either she gets her paper or it is not cut."""
    warm(printer, ticket)
    sim.condition("late", after=50)
    outcome = printer.print_paper("job", ticket("B012"))
    assert isinstance(outcome, Printed | NotPrinted)
    assert whole(sim, "B012") == isinstance(outcome, Printed)


def test_late_answers_are_no_proof_of_readiness(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    sim.condition("late")
    outcome = printer.print_paper("job", ticket("B012"))
    assert isinstance(outcome, NotPrinted | PrintUnknown) or whole(sim, "B012") == 1


def test_always_fine_is_believed_no_further_than_its_barrier(start: Start, connect: Connect, ticket: Ticket) -> None:
    """It swallows the job and flatters. No program sees through that; but its process id is not taken."""
    sim = start()
    sim.condition("always-fine")
    printer = connect(sim.url)
    outcome = printer.print_paper("job", ticket("B012"))
    assert outcome in (Printed("barrier"), PrintUnknown(Ready()), PrintUnknown(Unknown()))
    assert isinstance(printed_again(printer, sim, ticket), Printed)


@pytest.mark.usefixtures("hopeless")
def test_one_that_turns_flatterer_in_a_job_is_not_believed(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket
) -> None:
    """It gave true process ids before; now that they are another's, nothing is believed."""
    warm(printer, ticket)
    sim.condition("always-fine")
    outcome = printer.print_paper("job", ticket("B012"))
    assert isinstance(outcome, NotPrinted)
    assert whole(sim, "B012") == 0


def test_an_echo_is_no_printer_and_gets_nothing(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    sim.condition("echo")
    outcome = printer.print_paper("job", ticket("B012"))
    assert outcome == NotPrinted(Unknown())
    assert printer.bytes_sent == 0
    assert isinstance(printed_again(printer, sim, ticket), Printed)


@pytest.mark.parametrize("at", [1, 300, 700])
def test_closing_in_the_middle_is_never_printed(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, at: int
) -> None:
    warm(printer, ticket)
    sim.condition("lost-mid-job", after=at)
    assert isinstance(printer.print_paper("job", ticket("B012")), NotPrinted)
    assert isinstance(printed_again(printer, sim, ticket), Printed)
    assert [whole(sim, "B012"), whole(sim, "B099")] == [0, 1]
