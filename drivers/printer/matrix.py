"""A QR code's modules, and how large they are drawn so that phones read them from paper."""

import segno
from PIL import Image

QUIET = 4
"""Modules of white around a code, as the standard wants."""
LEAST_DOTS = 3
"""Smaller modules run together on warm thermal paper."""


def modules(payload: str) -> list[bytearray]:
    """The rows of a code at error correction M, 1 for black."""
    return [bytearray(row) for row in segno.make(payload, error="m", boost_error=False, micro=False).matrix]


def module_dots(count: int, width: int, side: int) -> int:
    """Dots of one module so that a code of `count` modules is about `side` dots wide and fits the paper."""
    return max(LEAST_DOTS, min(side // count, width // (count + 2 * QUIET), 16))


def draw(rows: list[bytearray], dots: int) -> Image.Image:
    """The code as a 1-bit picture without quiet zone, black on white."""
    count = len(rows)
    small = Image.frombytes("L", (count, count), bytes(0 if cell else 255 for row in rows for cell in row))
    return small.resize((count * dots, count * dots), Image.Resampling.NEAREST).convert("1")
