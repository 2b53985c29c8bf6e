"""Keypad: she types her number on the kiosk's own keys."""

from kiosk.core.state import Keypad
from kiosk.view import problems
from kiosk.view.amounts import RESIDENT_ID, grouped
from kiosk.view.bars import nav
from kiosk.view.keys import keys
from kiosk.view.models import Action, Actions, Entry, View
from kiosk.view.pages.identify import first_steps
from kiosk.view.scene import Scene

HIDDEN = "•"
ROWS = ("123", "456", "789", "X0")


def keypad(scene: Scene, page: Keypad) -> View:
    """What was typed stays, whatever is wrong with it."""
    t = scene.texts
    rows, pressed = keys(scene, ROWS)
    problem = problems.sentence(scene, page.problem, "resident_id", page.typed)
    shown = page.open > scene.state.monotonic
    text = page.typed if shown else hidden(page.typed, last=page.peek > scene.state.monotonic)
    entry = Entry(grouped(text, RESIDENT_ID), t("keypad.placeholder"), problem, rows)
    reveal = Action("choice:show", t("keypad.hide" if shown else "keypad.show"), "link", bool(page.typed),
                    icon="eye-off" if shown else "eye")  # fmt: skip
    return View(
        "keypad",
        t("keypad.title"),
        t("keypad.lead"),
        steps=first_steps(scene, page.then),
        blocks=(entry, Actions((reveal.id,))),
        actions=(
            *pressed,
            reveal,
            Action("next", t("action.next"), enabled=bool(page.typed), icon="arrow-right"),
            *nav(scene, "back", "home", "help"),
        ),
    )


def hidden(typed: str, *, last: bool) -> str:
    """Hide each character but, for a moment, the one typed last."""
    return HIDDEN * (len(typed) - last) + typed[-1:] if last and typed else HIDDEN * len(typed)
