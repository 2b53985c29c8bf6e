"""The keys of the kiosk's own keypads, row by row, with the one that takes the last character back."""

from collections.abc import Sequence

from kiosk.view.models import Action
from kiosk.view.scene import Scene

DIGITS = ("123", "456", "789", "0")


def keys(scene: Scene, rows: Sequence[str] = DIGITS) -> tuple[tuple[tuple[str, ...], ...], tuple[Action, ...]]:
    """Give the rows of action ids and the actions; `delete` ends the last row."""
    ids = [tuple(f"key:{character}" for character in row) for row in rows]
    ids[-1] = (*ids[-1], "key:delete")
    delete = Action("key:delete", scene.texts("key.delete"), "key", icon="delete")
    return tuple(ids), (*(Action(f"key:{c}", c, "key") for row in rows for c in row), delete)
