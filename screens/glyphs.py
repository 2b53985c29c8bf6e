"""The kiosk's fonts in Kivy: text widths as they will be drawn, one texture a line of text, icons, plates, QR codes."""

import math
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import segno
from kivy.atlas import Atlas
from kivy.core.image import Image as CoreImage
from kivy.core.text import Label as CoreLabel
from kivy.graphics.texture import Texture

FILES = {"regular": "NotoSansSC-Regular.ttf", "bold": "NotoSansSC-Bold.ttf", "black": "NotoSansSC-Black.ttf"}
ICON_SIZES = (48, 96, 192)
NAMES = "NotoSansSC-Names.ttf"
"""Every hanzi, for names with one that the others lack: Kivy's text has no fallback from font to font."""
QUIET = 4  # modules of white around a QR code


class Glyphs:
    """Everything that turns names and words into textures; made once, after the window."""

    def __init__(self, assets: Path) -> None:
        self._assets = assets
        self._faces = {face: str(assets / "fonts" / name) for face, name in FILES.items()}
        names = assets / "fonts" / NAMES
        self._names = str(names) if names.is_file() else ""
        self._rulers: dict[tuple[str, int], Any] = {}
        self._widths: dict[tuple[str, str, int], float] = {}
        self._plates: dict[int, Any] = {}

    def warm(self) -> None:
        """Load what the first page would wait for: the icons and each face of the font."""
        self.icon("check", ICON_SIZES[0])
        for face in self._faces:
            self.line("A", face, 30)

    def width(self, text: str, face: str, px: int) -> float:
        """Return the width of a line of text in px; single characters are remembered, longer texts may be personal."""
        if len(text) == 1:
            known = self._widths.get((text, face, px))
            if known is None:
                known = self._widths[text, face, px] = self._measured(text, face, px)
            return known
        return self._measured(text, face, px)

    def _measured(self, text: str, face: str, px: int) -> float:
        file = self._file(text, face)
        ruler = self._rulers.get((file, px))
        if ruler is None:
            ruler = self._rulers[file, px] = CoreLabel(font_name=file, font_size=px)
        return float(ruler.get_extents(text)[0])

    def line(self, text: str, face: str, px: int) -> Any:
        """Return the texture of a line of text, white, to be tinted."""
        label = CoreLabel(text=text, font_name=self._file(text, face), font_size=px, color=(1, 1, 1, 1))
        label.refresh()
        return label.texture

    def _file(self, text: str, face: str) -> str:
        """Return the font file that has all of a text."""
        return self._names if self._names and rare(text) else self._faces[face]

    @cached_property
    def _atlas(self) -> Any:
        return Atlas(str(self._assets / "icons" / "icons.atlas")).textures

    def icon(self, name: str, side: float) -> Any:
        """Return the icon's texture, the smallest that is no smaller than asked for; None for one we do not have."""
        kept = [self._atlas[key] for size in ICON_SIZES if (key := f"{name}-{size}") in self._atlas]
        return next((texture for texture in kept if texture.width >= side * 0.9), kept[-1] if kept else None)

    def plate(self, radius: int) -> Any:
        """Return a white square, round corners with a pixel between them, to be drawn in nine parts."""
        texture = self._plates.get(radius)
        if texture is None:
            texture = self._plates[radius] = _texture(2 * radius + 1, _round(radius))
        return texture

    @staticmethod
    def photo(path: str) -> Any:
        """Return the texture of a picture file, None if it cannot be read; nothing of it stays in Kivy's cache."""
        try:
            return CoreImage(path, nocache=True, keep_data=False).texture
        except Exception:  # noqa: BLE001 - whatever the loaders raise at a file that is gone or damaged
            return None

    @staticmethod
    def code(payload: str) -> Any:
        """Return a QR code with its quiet zone, one pixel a module."""
        matrix = segno.make(payload, error="m", micro=False).matrix
        side = len(matrix) + 2 * QUIET
        white, black = b"\xff\xff\xff\xff", b"\x00\x00\x00\xff"
        blank = [white * side] * QUIET
        lines = [white * QUIET + b"".join(black if dark else white for dark in row) + white * QUIET for row in matrix]
        texture = _texture(side, b"".join([*blank, *reversed(lines), *blank]))
        texture.min_filter = texture.mag_filter = "nearest"
        return texture


def rare(text: str) -> bool:
    """Say whether a text has a hanzi that GB 2312, and with it the everyday fonts, lacks."""
    return not _everyday(text) and any(
        ("\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000") and not _everyday(char)
        for char in text
    )


def _everyday(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _texture(side: int, pixels: bytes) -> Any:
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    return texture


@cache
def _round(radius: int) -> bytes:
    """Return the pixels of a white disc stretched by one row and column, its edge smoothed by coverage."""
    side = 2 * radius + 1
    quarter = [[_covered(radius - x - 0.5, radius - y - 0.5, radius) for x in range(radius)] for y in range(radius)]
    pixels = bytearray()
    for y in range(side):
        row = quarter[min(y, side - 1 - y)] if y != radius else [255] * radius
        for value in (*row, 255, *reversed(row)):
            pixels += bytes((255, 255, 255, value))
    return bytes(pixels)


def _covered(x: float, y: float, radius: float) -> int:
    return round(255 * min(1.0, max(0.0, radius - math.hypot(x, y) + 0.5)))
