"""The cable is pulled at some byte of a ticket: never a false "printed", and never a slip that comes out later."""

import pytest

from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.printer import EscposPrinter
from drivers.printer.profile import Profile
from drivers.sim.printer import SimPrinter
from kiosk.domain.health import word
from kiosk.domain.printing import NotPrinted, Printed, PrintUnknown
from tests.drivers.printer.world import VOID, Connect, Start, Ticket, whole


@pytest.mark.parametrize("at", [0, 1, 5, 40, 111, 222, 333, 444, 555, 666, 777, 840, 850, 856])
def test_lost_at_byte(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket, at: int) -> None:
    printer.print_paper("warm", ticket("B001"))
    sim.condition("lost-mid-job", after=at)
    outcome = printer.print_paper("job", ticket("B012"))
    sim.clear()
    assert printer.print_paper("next", ticket("B013")) == Printed("process-id")
    match outcome:
        case Printed():
            assert whole(sim, "B012") == 1
        case NotPrinted(health=health):
            assert word(health) == "offline"
            assert whole(sim, "B012") == 0
        case PrintUnknown(health=health):
            assert word(health) == "offline"
            assert whole(sim, "B012") <= 1
    assert [whole(sim, "B001"), whole(sim, "B013")] == [1, 1]
    assert not any("B012" in paper.text and "B013" in paper.text for paper in sim.papers)


def test_lost_at_the_cut_is_unknown(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    """The one moment in which a lost line leaves the question open: all is printed, and the cut has gone out."""
    printer.print_paper("warm", ticket("B001"))
    sim.condition("lost-mid-job")
    assert isinstance(printer.print_paper("job", ticket("B012")), PrintUnknown)
    assert whole(sim, "B012") == 0


def test_lost_before_the_cut_is_certainly_not_printed(start: Start, connect: Connect, ticket: Ticket) -> None:
    """A picture is long enough to break while it is handed over. What hangs there is void before the next paper."""
    sim = start(speed=300.0, buffer=8192)
    printer = connect(sim.url, mode="raster")
    printer.print_paper("warm", ticket("B001"))
    sim.condition("lost-mid-job", after=30_000)
    assert isinstance(printer.print_paper("job", ticket("B012")), NotPrinted)
    sim.clear()
    assert printer.print_paper("next", ticket("B013")) == Printed("process-id")
    assert [VOID in paper.text for paper in sim.papers] == [False, True, False]


@pytest.mark.parametrize("into", [3, 6, 400])
def test_a_picture_torn_by_an_earlier_program_swallows_nothing(
    start: Start, connect: Connect, ticket: Ticket, profile: Profile, fonts: Fonts, into: int
) -> None:
    """Torn in its header, it would take our questions for its size; torn in its dots, it takes them for dots."""
    sim = start(answers=frozenset({"status", "barrier"}))
    first = connect(sim.url)
    first.print_paper("warm", ticket("B001"))
    picture = encode(ticket("B012"), profile, "native", fonts).data.index(b"\x1dv0")
    sim.condition("lost-mid-job", after=picture + into)
    assert isinstance(first.print_paper("job", ticket("B012")), NotPrinted)
    first.close()
    sim.clear()
    assert connect(sim.url, left="maybe").print_paper("next", ticket("B013")) == Printed("barrier")
    sim.wait_for_paper(2)
    assert whole(sim, "B013") == 1


def test_a_line_that_was_closed_while_idle_is_opened_again(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket
) -> None:
    """Some printers close a line that was quiet for a minute and a half; the next citizen must not notice."""
    printer.print_paper("warm", ticket("B001"))
    sim.condition("lost-mid-job", after=0)
    printer.health()
    sim.condition("ready")
    assert printer.print_paper("job", ticket("B012")) == Printed("process-id")
    assert whole(sim, "B012") == 1
