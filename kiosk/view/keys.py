"""The keys of the kiosk's own keypads, row by row, with the one that takes the last character back."""

from collections.abc import Collection, Sequence

from kiosk.core import offers
from kiosk.domain import pinyin
from kiosk.domain.catalogue import FieldKind
from kiosk.domain.pinyin import Composition, Table
from kiosk.view.models import NONE, Action
from kiosk.view.scene import Scene

DIGITS = ("123", "456", "789", "<0")
"""`<` stands for the key that clears all."""
PROVINCES = ("鄂京津沪渝冀豫云", "辽黑湘皖鲁新苏浙", "赣桂甘晋蒙陕吉闽", "贵粤青藏川宁琼")
"""The home province first; no key clears, since nothing is typed yet."""
PLATE = ("12345", "67890", "ABCDEFGH", "JKLMNPQR", "STUVWXYZ", "学挂警<")
"""I and O stand on no plate."""
VIN = ("12345", "67890", "ABCDEFGH", "JKLMNPRS", "TUVWXYZ<")
NUMBER = ("12345", "67890-", "ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ<")
"""What may stand on a ticket, or be the number of an appointment."""
SUFFIXES = "学挂警"
SOUNDS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM", "号室<")
"""Letters of pinyin, and what ends most addresses; above them stand the numerals, or what the letters may mean."""
_NUMERALS = ("12345", "67890")
_ABREAST = offers.CANDIDATES // 2


def keys(
    scene: Scene, rows: Sequence[str] = DIGITS, resting: Collection[str] = ()
) -> tuple[tuple[tuple[str, ...], ...], tuple[Action, ...]]:
    """Give the rows of action ids and the actions; `delete` ends the last row, `resting` keys cannot be pressed."""
    made = [[_key(scene, character, resting) for character in row] for row in rows]
    made[-1].append(Action("key:delete", scene.texts("key.delete"), "key", icon="delete"))
    return tuple(tuple(key.id for key in row) for row in made), tuple(key for row in made for key in row)


def rows_for(kind: FieldKind, typed: str) -> tuple[Sequence[str], Collection[str]]:
    """The rows for a kind of number after what is typed, and the keys that cannot come next."""
    if kind == "vin":
        return VIN, ()
    if kind != "plate":
        return DIGITS, ()
    if not typed:
        return PROVINCES, ()
    if len(typed) == 1:
        return PLATE, SUFFIXES + "".join(_NUMERALS)
    return PLATE, () if len(typed) in (6, 7) else SUFFIXES


def sounds(scene: Scene, now: Composition, table: Table) -> tuple[tuple[tuple[str, ...], ...], tuple[Action, ...]]:
    """The keys of Chinese typed by its sounds."""
    if not now.typed:
        return keys(scene, (*_NUMERALS, *SOUNDS))
    t, size = scene.texts, offers.CANDIDATES
    means = [Action(f"key:pick:{at}", text, "key") for at, text in enumerate(pinyin.shown(now, table, size), 1)]
    ids = [action.id for action in means]
    ids += [NONE] * (size - len(ids))  # so that no letter moves under her finger
    less = Action("key:less", t("key.less"), "key", enabled=now.page > 0, icon="chevron-left")
    more = Action("key:more", t("key.more"), "key", enabled=pinyin.has_more(now, table, size), icon="chevron-right")
    rows, made = keys(scene, SOUNDS, "号室")
    return ((*ids[:_ABREAST], less.id), (*ids[_ABREAST:], more.id), *rows), (*means, less, more, *made)


def _key(scene: Scene, character: str, resting: Collection[str]) -> Action:
    if character == "<":
        return Action("key:clear", scene.texts("key.clear"), "key")
    return Action(f"key:{character}", character, "key", enabled=character not in resting)
