"""What a key of the tactile keypad means on the View that is shown: another focus, or the press of an action."""

from kiosk.core.events import FocusMoved, KeypadKey, KeypadPressed, Touched
from kiosk.view.models import View

PRESSED: dict[KeypadKey, str] = {
    "back": "back", "home": "home", "help": "help", "repeat": "mode:repeat", "louder": "mode:louder",
    "quieter": "mode:quieter", "faster": "mode:faster", "slower": "mode:slower", "pause": "mode:pause",
    "audio": "mode:audio",
}  # fmt: skip
"""Keys that stand for one action, wherever the focus is."""


def steer(view: View, event: KeypadPressed) -> Touched | FocusMoved:
    """Turn a key into what it means. The first key of all only shows where the focus is, whatever key it was."""
    action = PRESSED.get(event.key)
    if action:
        return Touched(action, event.fresh)
    order = [each.id for each in view.actions if each.enabled]
    here = view.actions[view.focus].id if view.focus < len(view.actions) else ""
    if not order:
        return FocusMoved("")
    if not view.appearance.ring or here not in order:
        return FocusMoved(here if here in order else order[0])
    if event.key == "activate":
        return Touched(here, event.fresh)
    step = 1 if event.key == "next" else -1
    return FocusMoved(order[(order.index(here) + step) % len(order)])
