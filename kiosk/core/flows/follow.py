"""Her receipt held to the window: what became of her request, and the request taken back."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import FollowCode, WithdrawRequest
from kiosk.core.events import ProgressSeen
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import NumberPage, State, StatusPage


def look(state: State, code: str) -> Outcome:
    """Ask the centre."""
    return go(state, StatusPage(asked=True, code=code), FollowCode(code))


def seen(state: State, event: ProgressSeen) -> Outcome:
    """The centre's word, or none; one about another receipt than the last one that was scanned is too late."""
    page = state.page
    if not isinstance(page, StatusPage) or (page.code and page.code != event.token):
        return state, ()
    known = StatusPage(
        True, event.state, event.reference, event.service, event.reachable, code=event.token, reasons=event.reasons,
        may=event.may_withdraw, tried=page.tried,
    )  # fmt: skip
    return replace(state, page=known), ()


def touched(state: State, page: StatusPage, value: str) -> Outcome:
    """What she does about it: once asked, and only the centre's answer says what came of it."""
    match value:
        case "type" if not page.asked:
            return go(state, NumberPage())
        case "withdraw" if offers.withdrawal(state, page):
            return go(state, replace(page, sure=True))
        case "yes" if page.sure and offers.withdrawal(state, page):
            asking = replace(page, state=None, reasons=(), may=False, sure=False, tried=True)
            return go(state, asking, WithdrawRequest(page.code))
    return state, ()
