"""Nobody goes without her card: a session that ends while it lies on the reader ends by way of a reminder."""

from dataclasses import replace

from kiosk.core.flows.session import Outcome, fresh, leave
from kiosk.core.state import Closed, NoticePage, State, TechnicianPage, Welcome


def reminded(before: State, after: State) -> State:
    """The reminder in place of the welcome page, in her language and as she sees and hears; nothing else is kept."""
    ended = isinstance(after.page, Welcome) and not isinstance(before.page, Welcome | Closed | TechnicianPage)
    if not ended or not after.parts.card_lies or _reminds(before):
        return after
    hers = before.session
    session = replace(
        fresh(after), language=hers.language, large=hers.large, contrast=hers.contrast, low=hers.low, voice=hers.voice
    )
    return replace(after, session=session, page=NoticePage("card-left", after.monotonic, back=Welcome()))


def lifted(state: State) -> Outcome:
    """The card was taken: the reminder has done its work."""
    state = replace(state, parts=replace(state.parts, card_lies=False))
    return leave(state) if _reminds(state) else (state, ())


def _reminds(state: State) -> bool:
    return isinstance(state.page, NoticePage) and state.page.kind == "card-left"
