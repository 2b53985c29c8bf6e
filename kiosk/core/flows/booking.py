"""An appointment: looked at by its number, then checked in by one press, which prints an ordinary ticket."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import LookUpAppointment
from kiosk.core.events import AppointmentSeen
from kiosk.core.flows import ticket
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import BookingPage, Identify, State
from kiosk.domain.visit import Booking


def look(state: State, number: str, *, typed: bool = False) -> Outcome:
    """Ask the hub what is booked under this number."""
    return go(state, BookingPage(number, typed), LookUpAppointment(number))


def seen(state: State, event: AppointmentSeen) -> Outcome:
    """The hub's word, or none; a code held to the window that is nobody's appointment is no code of ours."""
    page = state.page
    if not isinstance(page, BookingPage) or page.number != event.number:
        return state, ()
    if not event.reachable:
        return go(state, replace(page, stands="away"))
    if event.appointment is not None:
        return go(state, replace(page, stands="known", appointment=event.appointment))
    return go(state, replace(page, stands="unknown") if page.typed else Identify(problem="unknown-document"))


def touched(state: State, page: BookingPage, name: str, fresh: str) -> Outcome:
    """Check in: on time she queues by the booked time, late like everybody."""
    if name == "retry":
        return look(state, page.number, typed=page.typed) if page.stands == "away" else (state, ())
    found = page.appointment
    if found is None or found.used or found.arrival not in ("on-time", "late") or not offers.tickets(state):
        return state, ()
    alone = replace(state, session=replace(state.session, also=()))
    return ticket.take(alone, found.service, fresh, Booking(found.number, found.starts_at))
