"""Between confirm and paper: whatever stops the printer in the middle, no number hangs, no stale slip comes."""

from collections.abc import Iterator

import pytest

from tests.engine.power import Citizen, PowerTheatre

STOPS = ("paper-out", "cover-open", "cutter-fault", "overheated", "offline")
TAKE = ("ticket-only", "category:B", "service:B3", "take-ticket")


@pytest.fixture(scope="module")
def theatre() -> Iterator[PowerTheatre]:
    theatre = PowerTheatre()
    yield theatre
    theatre.close()


def stopped(theatre: PowerTheatre, condition: str, after: int) -> Citizen:
    """A ticket is taken, and the printer stops after so many bytes of it."""
    citizen = Citizen(theatre, len(theatre.papers()))
    for action in TAKE[:-1]:
        theatre.touch(action)
    theatre.printer.condition(condition, after)
    theatre.touch(TAKE[-1])
    assert theatre.kiosk.engine.view.view == "ticket"
    assert theatre.ticket_state() == "reserved"
    assert not citizen.has_paper()
    return citizen


def mend(theatre: PowerTheatre) -> None:
    theatre.fault("printer", "ready")
    theatre.wait(10)


@pytest.mark.parametrize("after", [1, 300])
@pytest.mark.parametrize("condition", STOPS)
def test_the_number_goes_on_the_screen_and_never_on_a_late_slip(
    theatre: PowerTheatre, condition: str, after: int
) -> None:
    citizen = stopped(theatre, condition, after)
    label = citizen.label()
    assert theatre.kiosk.engine.view.title == "请记下或拍下这个号码"
    citizen.answer()
    assert theatre.ticket_state() == "waiting"
    mend(theatre)
    following = Citizen(theatre, len(theatre.papers()))
    for action in TAKE:
        theatre.touch(action)
    assert following.label() != label
    assert following.has_paper()
    theatre.touch("finish")
    # What had come out before it stopped leaves the slot with the next paper, marked as void.
    assert all("以上作废" in text for text in theatre.papers_with(label, citizen.papers_before))


@pytest.mark.parametrize("condition", STOPS)
def test_a_number_that_nobody_notes_is_given_back(theatre: PowerTheatre, condition: str) -> None:
    citizen = stopped(theatre, condition, 300)
    label = citizen.label()
    theatre.wait(61)
    assert theatre.ticket_state() == "void"
    mend(theatre)
    assert theatre.papers_with(label, citizen.papers_before) == []


def test_it_is_printed_when_the_paper_is_back_in_time(theatre: PowerTheatre) -> None:
    citizen = stopped(theatre, "paper-out", 300)
    mend(theatre)
    theatre.touch("retry")
    assert len(theatre.papers_with(citizen.label(), citizen.papers_before)) == 1
    assert theatre.ticket_state() == "waiting"
    theatre.touch("finish")


def test_a_kiosk_without_a_printer_gives_numbers_on_the_screen(theatre: PowerTheatre) -> None:
    theatre.without_printer()
    citizen = Citizen(theatre, len(theatre.papers()))
    for action in TAKE:
        theatre.touch(action)
    assert theatre.kiosk.engine.view.title == "请记下或拍下这个号码"
    citizen.answer()
    assert theatre.ticket_state() == "waiting"
    assert not citizen.has_paper()
