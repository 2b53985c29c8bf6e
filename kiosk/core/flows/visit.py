"""Her slip held to the window: where she stands, the number given back, the way back after a missed call."""

from dataclasses import replace

from kiosk.core.effects import GiveNumberBack, LookUpSlip, RejoinQueue
from kiosk.core.events import SlipSeen
from kiosk.core.flows import booking
from kiosk.core.flows.keys import press
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import NumberPage, RatingPage, SlipPage, State
from kiosk.domain.documents import identify
from kiosk.domain.visit import booking_number

LONGEST = 24
"""A ticket's label is short; the number of an appointment may have as many characters."""


def look(state: State, code: str) -> Outcome:
    """Ask the hub for today's ticket with this label, or with this address in its QR code."""
    return go(state, SlipPage(code), LookUpSlip(code))


def seen(state: State, event: SlipSeen) -> Outcome:
    """The hub's word, or none; who has just been served is asked for her rating."""
    page = state.page
    if not isinstance(page, SlipPage) or page.code != event.code:
        return state, ()
    if not event.reachable:
        return go(state, replace(page, stands="away", sure=False))
    if event.slip is None:
        return go(state, replace(page, stands="unknown", slip=None, sure=False))
    known = replace(page, stands="known", slip=event.slip, sure=False)
    return go(state, RatingPage(event.slip) if "rate" in event.slip.may else known)


def touched(state: State, page: SlipPage, name: str, value: str) -> Outcome:
    """What she does about her number."""
    slip = page.slip
    if page.stands == "away" and name == "retry":
        return go(state, replace(page, stands="asking"), LookUpSlip(page.code))
    if page.stands != "known" or slip is None or name != "choice":
        return state, ()
    match value:
        case "give-back" if "cancel" in slip.may:
            return go(state, replace(page, sure=True))
        case "yes" if page.sure:
            asking = replace(page, stands="asking", sure=False, did="give-back")
            return go(state, asking, GiveNumberBack(page.code, slip.id))
        case "rejoin" if "rejoin" in slip.may:
            return go(state, replace(page, stands="asking", did="rejoin"), RejoinQueue(page.code, slip.label))
        case "rate" if "rate" in slip.may:
            return go(state, RatingPage(slip))
    return state, ()


def typed(state: State, page: NumberPage, name: str, value: str) -> Outcome:
    """The number on her slip or of her appointment, typed; what is no number keeps what she typed."""
    if name == "key":
        return go(state, NumberPage(press(page.typed, value, LONGEST)))
    if name != "next":
        return state, ()
    if identify(page.typed).kind == "ticket":
        return look(state, page.typed)
    number = booking_number(page.typed)
    return booking.look(state, number, typed=True) if number else go(state, replace(page, problem="label"))
