"""Draws the papers that a stream of bytes would make, without a printer: the preview of a print job."""

from pathlib import Path

from PIL import Image

from drivers.sim.printer_glyphs import Glyphs
from drivers.sim.printer_press import Press
from drivers.sim.printer_strip import Strip


def render(data: bytes, font: Path, width: int) -> list[tuple[Image.Image, str]]:
    """Picture and text of each paper, `width` dots across; what is not cut off at the end counts as one more."""
    papers: list[tuple[Image.Image, str]] = []
    strip = Strip(width)
    press = Press(Glyphs(font), strip, cut=lambda: papers.append(strip.taken()))
    while found := press.next(data):
        item, length = found
        data = data[length:]
        press.do(item)
    if strip.inked:
        papers.append(strip.taken())
    return papers
