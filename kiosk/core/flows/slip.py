"""The slip of what to bring, and of everything that stands in the way: told at once, on paper (一次告知)."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import PrintGuide
from kiosk.core.events import PaperNotPrinted, PaperPrinted, PaperUnknown
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import Guide, NoticePage, Page, Services, State, Working


def order(
    state: State, service: str, fresh: str, under: Page, reasons: tuple[str, ...] = (), bring: tuple[str, ...] = ()
) -> Outcome:
    """Print it where paper can be promised; she comes back to the page `under`."""
    if not offers.paper(state):
        return state, ()
    wanted = PrintGuide(fresh, service, state.session.language, reasons, bring)
    return go(replace(state, job=fresh), Working("paper", service, under), wanted)


def done(state: State, event: PaperPrinted | PaperNotPrinted | PaperUnknown) -> Outcome:
    """The slip is out, or it is not."""
    back: Page = Services()
    if isinstance(state.page, Working):
        back = state.page.under or (Guide(state.page.service) if state.page.service else back)
    if isinstance(event, PaperPrinted):
        return go(replace(state, job=None), NoticePage("guide-printed", state.monotonic, back))
    failed = replace(state, job=None, parts=replace(state.parts, printer=event.health))
    return go(failed, NoticePage("guide-not-printed", state.monotonic, back))
