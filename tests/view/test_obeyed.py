"""What a View offers is obeyed: no press on an enabled action is in vain, and none leads to a page without words."""

from kiosk.core.events import Touched
from kiosk.core.state import State
from kiosk.core.step import step
from kiosk.view.models import Action
from kiosk.view.present import present
from tests.view.hall import conditions, texts

FRESH = "5f0f7f0e-0000-4000-8000-000000000001"


def idle(state: State, action: Action) -> bool:
    """Presses that may change nothing: keys on a full or empty field, the same mistake again, the tab she is on."""
    again = action.id == "next" and bool(getattr(state.page, "problem", ""))
    return again or action.role == "key" or action.id == "follow" or (action.role == "tab" and action.checked is True)


def test_every_press_on_an_enabled_action_does_something() -> None:
    seen: set[tuple[object, str]] = set()
    for state in conditions():
        for action in present(state, texts()).actions:
            if not action.enabled or (state.page, action.id) in seen or idle(state, action):
                continue
            seen.add((state.page, action.id))
            after, effects = step(state, Touched(action.id, FRESH))
            assert effects or (after.page, after.session) != (state.page, state.session), (state.page, action.id)
            present(after, texts())
    assert len(seen) > 500
