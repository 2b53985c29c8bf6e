"""The keys of the kiosk's own keypads, row by row, with the one that takes the last character back."""

from collections.abc import Sequence

from kiosk.view.models import Action
from kiosk.view.scene import Scene

DIGITS = ("123", "456", "789", "<0")
"""`<` stands for the key that clears all."""


def keys(scene: Scene, rows: Sequence[str] = DIGITS) -> tuple[tuple[tuple[str, ...], ...], tuple[Action, ...]]:
    """Give the rows of action ids and the actions; `delete` ends the last row."""
    made = [[_key(scene, character) for character in row] for row in rows]
    made[-1].append(Action("key:delete", scene.texts("key.delete"), "key", icon="delete"))
    return tuple(tuple(key.id for key in row) for row in made), tuple(key for row in made for key in row)


def _key(scene: Scene, character: str) -> Action:
    if character == "<":
        return Action("key:clear", scene.texts("key.clear"), "key")
    return Action(f"key:{character}", character, "key")
