"""Keypad: she types her number on the kiosk's own keys."""

from kiosk.core.state import Keypad
from kiosk.view import problems
from kiosk.view.amounts import RESIDENT_ID, grouped
from kiosk.view.bars import nav
from kiosk.view.keys import keys
from kiosk.view.models import Action, Entry, View
from kiosk.view.pages.identify import first_steps
from kiosk.view.scene import Scene

ROWS = ("123", "456", "789", "X0")


def keypad(scene: Scene, page: Keypad) -> View:
    """What was typed stays, whatever is wrong with it."""
    t = scene.texts
    rows, pressed = keys(scene, ROWS)
    problem = problems.sentence(scene, page.problem, "resident_id", page.typed)
    entry = Entry(grouped(page.typed, RESIDENT_ID), t("keypad.placeholder"), problem, rows)
    return View(
        "keypad",
        t("keypad.title"),
        t("keypad.lead"),
        steps=first_steps(scene, page.then),
        blocks=(entry,),
        actions=(
            *pressed,
            Action("next", t("action.next"), enabled=bool(page.typed), icon="arrow-right"),
            *nav(scene, "back", "home", "help"),
        ),
    )
