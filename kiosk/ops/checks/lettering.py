"""Checks that the font can draw every character that this kiosk will show or print."""

from collections.abc import Callable, Iterable

from kiosk.ops.doctor import Finding, unwell, well

Pen = Callable[[str], object]
"""Draws one character; two that look the same compare equal."""

_NOWHERE = "\uffff"
"""No character; a font draws its sign for what it lacks."""


def fonts(font: str, open_pen: Callable[[], Pen], texts: Iterable[str]) -> Finding:
    """Whether the font holds every character of the texts. `open_pen` raises OSError where it is missing or damaged."""
    name = "fonts"
    try:
        draw = open_pen()
    except OSError:
        return unwell(name, f"{font} is missing or damaged", "install the kiosk package again", required=True)
    wanted = {letter for text in texts for letter in text if letter.isprintable() and not letter.isspace()}
    lacking = draw(_NOWHERE)
    missing = sorted(letter for letter in wanted if draw(letter) == lacking)
    if missing:
        remedy = "add them to the font with image/fonts.py, or change the name in the settings"
        return unwell(name, f"{font} lacks {''.join(missing[:20])}", remedy, required=True)
    return well(name, f"{font} draws all {len(wanted)} characters in use", required=True)
