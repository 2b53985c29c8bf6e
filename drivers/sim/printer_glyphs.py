"""The simulated printer's character generator: 12 x 24 dots for ASCII, 24 x 24 for all else, from one font file."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL, HIGH = 12, 24
KANJI_SIZE, KANJI_BASE = 24, 21
ASCII_SIZE, ASCII_BASE = 22, 20
INK = 11
"""Widest ink of a letter in its cell; wider letters are pressed together, as a printer's narrow font does."""


class Glyphs:
    """Characters as 1-bit pictures, 1 for ink; a character that the font lacks is a box."""

    def __init__(self, font: Path) -> None:
        self._kanji = ImageFont.truetype(str(font), KANJI_SIZE, layout_engine=ImageFont.Layout.BASIC)
        self._ascii = ImageFont.truetype(str(font), ASCII_SIZE, layout_engine=ImageFont.Layout.BASIC)
        self.cell = lru_cache(maxsize=4096)(self._cell)

    def _cell(self, char: str, wide: bool) -> Image.Image:
        """One character in its cell; `wide` for two cells."""
        face, base = (self._kanji, KANJI_BASE) if wide else (self._ascii, ASCII_BASE)
        width = 2 * CELL if wide else CELL
        left, top, right, bottom = face.getbbox(char, anchor="ls")
        ink = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))))
        ImageDraw.Draw(ink).text((-left, -top), char, 255, face, anchor="ls")
        room = width if wide else INK
        if ink.width > room:
            ink = ink.resize((room, ink.height), Image.Resampling.LANCZOS)
        cell = Image.new("L", (width, HIGH))
        at = round(left) if wide else (CELL - ink.width + 1) // 2
        cell.paste(ink, (max(0, min(at, width - ink.width)), base + round(top)))
        return cell.point([255 if value > 110 else 0 for value in range(256)]).convert("1")
