"""When the glass goes dark and which lamps are lit: both follow from the state, and are ordered when they change."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import Effect
from kiosk.core.fittings import Glow, Lamp, PresenceChanged, SetDisplay, SetLamps, SetPreview
from kiosk.core.flows.belongings import reminds
from kiosk.core.state import Closed, ReceiptPage, State, TicketPage, Welcome
from kiosk.domain.health import PAPER_CHANGE, Ready, Unknown, can_print


def present(state: State, event: PresenceChanged) -> State:
    """Somebody steps up: what slept wakes. That she stands there says nothing of who she is, and starts nothing."""
    parts = replace(state.parts, near=event.near)
    if not event.near:
        return replace(state, parts=parts)
    return replace(state, parts=parts, touched=max(state.touched, state.monotonic))


def settled(before: State, after: State) -> tuple[State, tuple[Effect, ...]]:
    """The state with the glass as it should be, and what to order for it and for the lamps."""
    found: list[Effect] = []
    shine = glow(after)
    if shine != after.parts.glow:
        after = replace(after, parts=replace(after.parts, glow=shine))
        found.append(SetDisplay(shine))
    if after.parts.lamps and lit(after) != lit(before):
        found.append(SetLamps(lit(after)))
    if offers.previewing(after) != offers.previewing(before):
        found.append(SetPreview(offers.previewing(after)))
    return after, tuple(found)


def glow(state: State) -> Glow:
    """Dim when nobody came for long, dark when the branch is closed; never while anybody's journey is under way."""
    if not isinstance(state.page, Welcome | Closed) or state.pending is not None:
        return "on"
    idle_s = state.monotonic - state.touched
    dark, dim = state.delays.dark, state.delays.dim
    if dark and idle_s >= dark and (not state.lobby.open or isinstance(state.page, Closed)):
        return "off"
    if dim and idle_s >= dim and not state.parts.near:
        return "dim"
    return "on"


def lit(state: State) -> frozenset[Lamp]:
    """The lamps that are lit; what a lamp points to can be used at this moment."""
    parts, page = state.parts, state.page
    wanted = offers.scanning(state)
    quiet = can_print(parts.printer) or parts.printer in (PAPER_CHANGE, Unknown())
    known: dict[Lamp, bool] = {
        "scan": wanted and (isinstance(parts.scanner, Ready) or isinstance(parts.camera, Ready)),
        "card": wanted and isinstance(parts.card, Ready),
        "paper": isinstance(page, TicketPage | ReceiptPage) and page.paper == "printed",
        "staff": state.session.called,
        "fault": not quiet,
        "left": reminds(state) is not None or (parts.card_lies and isinstance(page, Welcome | Closed)),
    }
    return frozenset(lamp for lamp, on in known.items() if on)
