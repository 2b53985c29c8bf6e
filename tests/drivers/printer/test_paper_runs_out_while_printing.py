"""The roll ends in the middle of a ticket: no valid paper, nothing held back, and the next citizen gets only hers."""

import threading

import pytest

from drivers.printer import talk
from drivers.printer.printer import EscposPrinter
from drivers.sim.printer import SimPrinter
from kiosk.domain.health import CoverOpen, CutterFault, Overheated, PaperOut
from kiosk.domain.printing import NotPrinted, Printed
from tests.drivers.printer.world import VOID, Connect, Start, Ticket, changed_roll, whole


@pytest.mark.parametrize("at", [1, 60, 150, 300, 450, 600, 750, 820])
def test_no_valid_paper_comes_out_and_none_later(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, at: int
) -> None:
    sim.condition("paper-out", after=at)
    assert printer.print_paper("job", ticket("B012")) == NotPrinted(PaperOut())
    assert printer.health() == PaperOut()
    sim.clear()
    assert printer.print_paper("next", ticket("B013")) == Printed("process-id")
    sim.wait_for_paper(1)
    assert [whole(sim, "B012"), whole(sim, "B013")] == [0, 1]
    assert not any("B012" in paper.text for paper in sim.papers)


def test_the_torn_piece_goes_with_the_old_roll(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    """Whoever loads a roll tears off what hangs there, so nothing has to be cut off before the next paper."""
    sim.condition("paper-out", after=600)
    printer.print_paper("job", ticket("B012"))
    sim.clear()
    printer.print_paper("next", ticket("B013"))
    assert [("B013" in paper.text, VOID in paper.text) for paper in sim.papers] == [(True, False)]


@pytest.mark.parametrize(
    ("condition", "health"),
    [("cover-open", CoverOpen()), ("cutter-fault", CutterFault()), ("overheated", Overheated())],
)
def test_half_a_paper_is_marked_void_before_the_next(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, condition: str, health: CoverOpen
) -> None:
    sim.condition(condition, after=600)
    assert printer.print_paper("job", ticket("B012")) == NotPrinted(health)
    sim.clear()
    assert printer.print_paper("next", ticket("B013")) == Printed("process-id")
    half, good = sim.papers
    assert "B012" in half.text
    assert VOID in half.text
    assert "B012" not in good.text
    assert whole(sim, "B013") == 1


def test_without_a_cleared_buffer_no_valid_slip_comes_out_later(start: Start, connect: Connect, ticket: Ticket) -> None:
    """A clone that cannot say that it dropped the job prints the rest on the new roll. It was never told to cut it."""
    sim = start(answers=frozenset({"status", "barrier", "auto"}))
    printer = connect(sim.url)
    sim.condition("paper-out", after=600)
    assert printer.print_paper("job", ticket("B012")) == NotPrinted(PaperOut())
    sim.clear()
    assert printer.print_paper("next", ticket("B013")) == Printed("barrier")
    assert [whole(sim, "B012"), whole(sim, "B013")] == [0, 1]
    assert [VOID in paper.text for paper in sim.papers] == [True, False]


@pytest.mark.parametrize("rung", ["barrier", "process-id"])
def test_a_roll_that_was_changed_while_no_question_got_through_is_never_printed(
    start: Start, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, rung: str
) -> None:
    """The line took the whole picture, the printer stopped reading, and it is ready again when it answers at last."""
    monkeypatch.setattr(talk, "UNSEEN_S", 0.8)
    sim = start(answers=frozenset({"status", rung}), buffer=16384)
    printer = connect(sim.url, mode="raster")
    sim.condition("paper-out", after=12_000)
    mender = threading.Thread(target=changed_roll, args=(sim,))
    mender.start()
    outcome = printer.print_paper("job", ticket("B012"))
    mender.join()
    assert isinstance(outcome, NotPrinted), outcome
    assert not sim.papers


def test_a_roll_that_ends_behind_the_last_line_is_no_fault_of_this_ticket(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket
) -> None:
    sim.condition("paper-low")
    assert printer.print_paper("job", ticket("B012")) == Printed("process-id")
    assert whole(sim, "B012") == 1
