"""Nobody goes without card or papers: a session ends by way of a reminder while something of hers lies there."""

from dataclasses import replace

from kiosk.core.effects import Effect, LookAtTray, MindTray
from kiosk.core.fittings import TraySeen
from kiosk.core.flows.session import Outcome, fresh, leave
from kiosk.core.state import Closed, NoticeKind, NoticePage, Parting, Session, State, TechnicianPage, Welcome

REMINDERS: tuple[NoticeKind, ...] = ("card-left", "things-left")


def reminded(before: State, after: State) -> State:
    """The reminder in place of the welcome page, in her language and as she sees and hears; nothing else is kept."""
    if not _ended(before, after) or not after.parts.card_lies or reminds(before):
        return after
    return _reminder("card-left", after, _hers(before, after))


def lifted(state: State) -> Outcome:
    """The card was taken: the reminder has done its work."""
    state = replace(state, parts=replace(state.parts, card_lies=False))
    return leave(state) if reminds(state) == "card-left" else (state, ())


def tended(before: State, after: State) -> Outcome:
    """The tray is learnt while nobody is here, and looked at when somebody has just gone."""
    if not after.parts.tray:
        return after, ()
    orders: list[Effect] = []
    if resting(after) != resting(before):
        orders.append(MindTray(resting(after)))
    if _ended(before, after) and reminds(before) != "things-left":
        after = replace(after, parting=Parting(_hers(before, after), after.monotonic), looked=None)
        orders.append(LookAtTray())
    return after, tuple(orders)


def seen(state: State, event: TraySeen) -> Outcome:
    """What lies there is told to her who has just gone, unless another one has begun; unknown is told to nobody."""
    gone = state.parting
    state = replace(state, parting=None, looked=state.monotonic)
    if reminds(state) == "things-left":
        return leave(state) if event.verdict == "clear" else (state, ())
    alone = isinstance(state.page, Welcome) and gone is not None and state.touched <= gone.at
    if gone is None or not alone or event.verdict != "left":
        return state, ()
    return _reminder("things-left", state, gone.session), ()


def again(state: State) -> Outcome:
    """While she is reminded: look whether it is still there, once the last look has been told of."""
    if state.looked is None or state.monotonic - state.looked < state.delays.look:
        return state, ()
    return replace(state, looked=None), (LookAtTray(),)


def resting(state: State) -> bool:
    """Nobody is here, and nobody has been for a while."""
    if isinstance(state.page, Closed):
        return True
    idle_s = state.monotonic - state.touched
    return isinstance(state.page, Welcome) and not state.parts.near and idle_s >= state.delays.rest


def reminds(state: State) -> NoticeKind | None:
    """Of what the page reminds, if it does."""
    page = state.page
    return page.kind if isinstance(page, NoticePage) and page.kind in REMINDERS else None


def _ended(before: State, after: State) -> bool:
    return isinstance(after.page, Welcome) and not isinstance(before.page, Welcome | Closed | TechnicianPage)


def _hers(before: State, after: State) -> Session:
    """A fresh session with her language, and with how she sees and hears."""
    hers = before.session
    return replace(
        fresh(after), language=hers.language, large=hers.large, contrast=hers.contrast, low=hers.low, voice=hers.voice
    )


def _reminder(kind: NoticeKind, state: State, session: Session) -> State:
    return replace(state, session=session, page=NoticePage(kind, state.monotonic, back=Welcome()))
