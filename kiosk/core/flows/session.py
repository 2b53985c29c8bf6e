"""A citizen comes and goes: language, appearance, help, home, and nothing of her left behind."""

from dataclasses import replace

from kiosk.core.effects import CallStaff, Effect
from kiosk.core.state import (
    Asking,
    Closed,
    Contrast,
    Form,
    InformationPage,
    Keypad,
    NoticePage,
    Page,
    ReceiptPage,
    Services,
    Session,
    State,
    TicketPage,
    TimeoutPage,
    Welcome,
    Working,
)

FURTHER: dict[Contrast, Contrast] = {"normal": "dark", "dark": "light", "light": "normal"}
"""What one more press of the same button gives."""
Outcome = tuple[State, tuple[Effect, ...]]


def fresh(state: State) -> Session:
    """The session nobody has used yet: every setting at its default."""
    return Session(language=state.branch.language)


def leave(state: State, *effects: Effect) -> Outcome:
    """End the session: welcome page, defaults, and every personal thing gone from the state."""
    cleared = replace(
        state, page=Welcome(), session=fresh(state), pending=None, asking=None, job=None, reprints=0,
        touched=state.monotonic,
    )  # fmt: skip
    return cleared, effects


def about_to_restart(state: State) -> State:
    """Nobody begins anything any more; who has begun is not disturbed."""
    if not isinstance(state.page, Welcome) or state.pending is not None:
        return state
    return replace(state, page=Closed(restarts=state.monotonic))


def go(state: State, page: Page, *effects: Effect) -> Outcome:
    """Show another page."""
    return replace(state, page=page), effects


def entered(state: State) -> bool:
    """Something was typed or answered that would be lost."""
    typed = isinstance(state.page, Keypad | Form | Asking) and bool(state.page.typed)
    return typed or bool(state.session.answers) or bool(state.session.facts)


def home(state: State) -> Outcome:
    """Go home; asked once where something entered would be lost, and by way of a paper that is not settled yet."""
    if isinstance(state.page, NoticePage) and isinstance(state.page.back, TicketPage | ReceiptPage):
        return go(state, replace(state.page.back, since=state.monotonic))
    asked = isinstance(state.page, TimeoutPage) or (isinstance(state.page, NoticePage) and state.page.kind == "leave")
    if asked or not entered(state):
        return leave(state)
    return go(state, NoticePage("leave", state.monotonic, back=state.page))


def set_language(state: State, language: str) -> Outcome:
    """Switch the language; what was entered stays."""
    if language not in state.branch.languages:
        return state, ()
    return replace(state, session=replace(state.session, language=language)), ()


def set_mode(state: State, mode: str) -> Outcome:
    """Toggle large type, high contrast or the low reach zone."""
    session = state.session
    toggled = {
        "large": replace(session, large=not session.large),
        "contrast": replace(session, contrast=FURTHER[session.contrast]),
        "low": replace(session, low=not session.low),
    }.get(mode, session)
    page = state.page
    if isinstance(page, Services | InformationPage) and toggled.large != session.large:
        page = replace(page, part=0)
    return replace(state, session=toggled, page=page), ()


def help_wanted(state: State, view: str) -> Outcome:
    """Call staff; the page says what came of it once that is known."""
    return state, (CallStaff(view),)


def staff_called(state: State, reached: bool) -> Outcome:
    """Say honestly whether the call arrived, then go back to where she was."""
    state = replace(state, session=replace(state.session, called=state.session.called or reached))
    if isinstance(state.page, NoticePage | TimeoutPage | Working):
        return state, ()
    page = NoticePage("staff-called" if reached else "staff-at-counter", state.monotonic, back=state.page)
    return go(state, page)
