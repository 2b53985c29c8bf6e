"""An appointment is checked in at the kiosk by one press, when it is time; needs ride with a ticket."""

from dataclasses import replace

import pytest

from kiosk.core.effects import AskTicket, IssueEmergency, LookUpAppointment
from kiosk.core.events import AppointmentSeen, DocumentScanned, TicketUnanswered
from kiosk.core.state import BookingPage, Identify, Keypad, Services
from kiosk.domain.visit import Appointment, Booking
from tests.core.citizen import NOW, Story, resident_id

BOOKED = Appointment("BOOK-1", "B1", NOW, NOW, "on-time")


def scanned(found: Appointment | None = BOOKED) -> Story:
    return Story().happen(DocumentScanned("book-1"), AppointmentSeen("BOOK-1", found))


def test_an_appointment_is_checked_in_by_one_press() -> None:
    story = scanned().touch("take-ticket", "take-ticket")
    assert story.take(AskTicket) == [AskTicket("press-1", "B1", "zh", booking=Booking("BOOK-1", NOW))]


@pytest.mark.parametrize("change", [{"arrival": "early"}, {"arrival": "another-day"}, {"used": True}])
def test_nothing_is_asked_for_when_it_is_not_time(change: dict[str, object]) -> None:
    story = scanned(replace(BOOKED, **change)).touch("take-ticket")  # type: ignore[arg-type]
    assert story.take(AskTicket) == []
    assert isinstance(story.state.page, BookingPage)


def test_a_code_that_nobody_knows_is_no_code_of_ours() -> None:
    assert scanned(None).state.page == Identify(problem="unknown-document")


def test_a_number_that_is_a_document_stays_one_unless_it_says_otherwise() -> None:
    story = Story().happen(DocumentScanned(resident_id()))
    assert isinstance(story.state.page, Services | Keypad)
    assert story.take(LookUpAppointment) == []
    told = Story().happen(DocumentScanned("appointment:4212021234567"))
    assert told.take(LookUpAppointment) == [LookUpAppointment("4212021234567")]


def test_needs_ride_with_the_ticket_and_with_the_one_that_replaces_it() -> None:
    story = Story().touch("ticket-only", "category:B", "service:B1", "choice:needs")
    story.touch("choice:hearing", "choice:guide", "choice:hearing", "choice:nonsense", "next", "take-ticket")
    (asked,) = story.take(AskTicket)
    assert asked.needs == ("guide",)
    story.happen(TicketUnanswered(asked.ticket, True, "fresh"))
    assert story.take(IssueEmergency)[0].needs == ("guide",)


def test_another_citizen_needs_nothing_yet() -> None:
    story = Story().touch("ticket-only", "category:B", "service:B1", "choice:needs", "choice:guide")
    story.wait(200).touch("ticket-only", "category:B", "service:B1", "take-ticket")
    assert story.take(AskTicket)[0].needs == ()
