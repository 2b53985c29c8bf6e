"""Draws a printed page that names nobody: a form with a title, rules, lines of text, figures and a red stamp."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

MM_PX = 6.0
"""Pixels a millimetre, some 150 dots an inch."""
_WORDS = (
    "机动车安全技术检验保险单体检证明日期号码种类有效项目说明合格本表样张车辆类型登记编号单位签章备注内容范围责任期限"
)
_SHEETS = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "policy": (210.0, 280.0)}


@dataclass(frozen=True)
class Page:
    """The page as BGR levels, and the height of its ordinary text in its pixels."""

    picture: NDArray[np.uint8]
    text_px: float


def page(rng: np.random.Generator, font: Path) -> Page:
    """Draw one page; `font` is a font file that has Chinese characters."""
    wide_mm, high_mm = list(_SHEETS.values())[int(rng.integers(len(_SHEETS)))]
    wide, high = round(wide_mm * MM_PX), round(high_mm * MM_PX)
    white = int(rng.integers(232, 250))
    sheet = Image.new("RGB", (wide, high), (white, white - int(rng.integers(0, 5)), white - int(rng.integers(0, 12))))
    pen = ImageDraw.Draw(sheet)
    text_mm = float(rng.uniform(3.4, 4.4)) * high_mm / 297
    text = ImageFont.truetype(str(font), round(text_mm * MM_PX))
    title = ImageFont.truetype(str(font), round(2.2 * text_mm * MM_PX))
    margin = round(wide * float(rng.uniform(0.07, 0.11)))
    ink = tuple(int(v) for v in rng.integers(10, 60, 1).repeat(3))
    y = margin
    pen.text((wide / 2, y), _words(rng, 9), font=title, fill=ink, anchor="ma")
    y += round(5 * text_mm * MM_PX)
    step = round(1.75 * text_mm * MM_PX)
    while y < high - margin - 2 * step:
        if rng.random() < 0.25:
            y = _rows(rng, pen, text, (margin, y, wide - margin, high - margin), step, ink)
        else:
            most = max(4, int((wide - 2 * margin) / (text_mm * MM_PX)) - 1)
            pen.text((margin, y), _words(rng, int(rng.integers(most // 2, most))), font=text, fill=ink)
            y += step
    _stamp(rng, pen, wide, high)
    levels = np.asarray(sheet, dtype=np.uint8)[..., ::-1]
    return Page(np.ascontiguousarray(levels), text_mm * MM_PX)


def _words(rng: np.random.Generator, count: int) -> str:
    letters = [_WORDS[int(i)] for i in rng.integers(0, len(_WORDS), count)]
    for at in range(3, count, 7):
        letters[at] = str(int(rng.integers(10)))
    return "".join(letters)


def _rows(
    rng: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont,
    box: tuple[int, int, int, int],
    step: int,
    ink: tuple[int, ...],
) -> int:
    """A small table of two columns; gives where it ends."""
    left, top, right, bottom = box
    split = left + (right - left) // 3
    count = min(int(rng.integers(2, 6)), max(1, (bottom - top) // step - 1))
    for row in range(count):
        pen.rectangle((left, top + row * step, right, top + (row + 1) * step), outline=ink, width=2)
        pen.text((left + 8, top + row * step + step * 0.2), _words(rng, 5), font=font, fill=ink)
        pen.text((split + 8, top + row * step + step * 0.2), _words(rng, 9), font=font, fill=ink)
    pen.line((split, top, split, top + count * step), fill=ink, width=2)
    return top + count * step + step // 2


def _stamp(rng: np.random.Generator, pen: ImageDraw.ImageDraw, wide: int, high: int) -> None:
    radius = round(20 * MM_PX)
    x, y = wide * float(rng.uniform(0.6, 0.8)), high * float(rng.uniform(0.75, 0.88))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(200, 40, 50), width=7)
    pen.regular_polygon((x, y, radius * 0.35), 5, fill=(205, 50, 60))
