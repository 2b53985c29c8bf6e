"""好差评: five levels after a visit, bound to its ticket, given once."""

from dataclasses import replace

from kiosk.core.effects import RateVisit
from kiosk.core.events import VisitRated
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import NoticeKind, NoticePage, RatingPage, State, Welcome
from kiosk.domain.visit import LEVELS


def touched(state: State, page: RatingPage, name: str, value: str) -> Outcome:
    """One press, one rating; while it is on its way no other counts."""
    levels = {str(level): level for level in LEVELS}
    if name != "choice" or value not in levels or page.level is not None:
        return state, ()
    return go(state, replace(page, level=levels[value], problem=""), RateVisit(page.slip.id, levels[value]))


def told(state: State, event: VisitRated) -> Outcome:
    """The hub has kept it, refused it, or did not answer: then she may press again, which rates once all the same."""
    page = state.page
    if not isinstance(page, RatingPage) or page.slip.id != event.ticket or page.level is None:
        return state, ()
    if event.outcome == "away":
        return go(state, replace(page, level=None, problem="away"))
    kind: NoticeKind = "rated" if event.outcome == "kept" else "rating-refused"
    return go(state, NoticePage(kind, state.monotonic, back=Welcome()))
