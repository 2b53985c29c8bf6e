"""Checks that the font can draw every character that this kiosk will show or print."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import ImageFont

from kiosk.ops.doctor import Finding, unwell, well

_PIXELS = 12
_NOWHERE = "\uffff"
"""No character; a font draws its sign for what it lacks."""


def fonts(file: Path, texts: Iterable[str]) -> Finding:
    """Whether the font is there and holds every character of the texts, names of the branch included."""
    name = "fonts"
    if not file.is_file():
        return unwell(name, f"{file.name} is missing", "install the kiosk package again", required=True)
    try:
        drawn = _drawer(file)
    except OSError:
        return unwell(name, f"{file.name} is damaged", "install the kiosk package again", required=True)
    wanted = {letter for text in texts for letter in text if letter.isprintable() and not letter.isspace()}
    lacking = drawn(_NOWHERE)
    missing = sorted(letter for letter in wanted if drawn(letter) == lacking)
    if missing:
        remedy = "add them to the font with image/fonts.py, or change the name in the settings"
        return unwell(name, f"{file.name} lacks {''.join(missing[:20])}", remedy, required=True)
    return well(name, f"{file.name} draws all {len(wanted)} characters in use", required=True)


def _drawer(file: Path) -> Callable[[str], tuple[tuple[int, int], bytes]]:
    """Give what draws one character, as its size and its pixels."""
    font = ImageFont.truetype(file, _PIXELS)

    def draw(letter: str) -> tuple[tuple[int, int], bytes]:
        mask = font.getmask(letter)
        return mask.size, bytes(mask)

    return draw
