"""Writes a paper in the printer's own text: GB18030 in Kanji mode, enlarged by GS !, few bytes for slow lines."""

import math

from PIL import Image

from drivers.printer import commands, escpos_bytes, matrix
from drivers.printer.bands import bands
from drivers.printer.chinese import cells, encode, plain
from drivers.printer.fonts import Fonts
from drivers.printer.profile import CELL, Profile
from drivers.printer.raster import QR_SIDE, draw_alone
from drivers.printer.wrap import wrap, wrap_centred, wrap_labelled
from kiosk.domain.paper import Align, Ends, Facts, Gap, Head, Labelled, Line, Number, Qr, Rule, Ruler, Text

HEIGHT = 2 * CELL
"""Dots of a character's cell from top to bottom."""
LEAD = 10
"""White dots between two lines of plain text."""
INDENT = 2
"""Cells of white at each side of wide paper; narrow paper needs every one."""
TOP_MM = 2.0
LARGEST = 8
NUMBER_MM = 15.0
NATIVE_MARK = 6.0
"""The mark in mm: some 300 bytes, which a slow line takes in a third of a second."""
DIGIT = 17 / 24
"""Height of a digit in its cell, on the fonts of all printers looked at."""
PLACES: dict[Align, int] = {"left": 0, "centre": 1, "right": 2}
Runs = list[tuple[str, bool]]
"""Stretches of text, each bold or not."""


class Script:
    """The bytes of a paper's lines as they are written one after the other; commands only where something changes."""

    def __init__(self, profile: Profile, fonts: Fonts) -> None:
        self.profile = profile
        self.fonts = fonts
        self.dots = 0
        self.indent = INDENT if profile.width / profile.dots_per_mm > 60 else 0
        self.columns = profile.columns - 2 * self.indent
        self._out = bytearray(commands.KANJI_ON)
        self._size = (1, 1)
        self._bold = False
        self._place: Align = "left"
        self._spacing = 0
        self._feed(profile.dots(TOP_MM))

    def written(self) -> bytes:
        """What has been written, with all settings back to plain."""
        self._style(False, 1, 1)
        self._align("left")
        return bytes(self._out)

    def line(self, line: Line) -> None:
        """Write one line of a paper."""
        match line:
            case Head():
                self._head(line)
            case Text():
                self._text(line)
            case Number(label=label):
                self._number(label)
            case Labelled():
                self._labelled(line)
            case Ends():
                self._ends(line)
            case Facts():
                self._facts(line)
            case Rule():
                self._rule()
            case Gap(mm=mm):
                self._feed(self.profile.dots(mm))
            case Ruler():
                self._picture(line)
            case Qr():
                self._qr(line)

    def _head(self, line: Head) -> None:
        """The mark above the text: a line of the printer's own text has no room for a picture beside it."""
        mark = self.fonts.mark(self.profile.dots(NATIVE_MARK))
        if mark is not None:
            self._align("centre")
            self._bits(mark.point([255 * (value > 128) for value in range(256)]).convert("1"))
            self.dots += mark.height
            self._feed(self.profile.dots(1.0))
        self._text(Text(line.text, align="centre"))

    def _text(self, line: Text) -> None:
        scale = 2 if line.size == "title" else 1
        if not self._has(line.text):
            self._picture(line)
            return
        breaks = wrap_centred if line.align == "centre" else wrap
        for text in breaks(plain(line.text), self.columns // scale, cells):
            self._row([(text, line.bold or line.size == "lead")], line.align, scale)

    def _number(self, label: str) -> None:
        """The label at least 15 mm high; on narrow paper less wide than high."""
        if not self._has(label):
            self._picture(Number(label))
            return
        high = min(LARGEST, math.ceil(self.profile.dots(NUMBER_MM) / (HEIGHT * DIGIT)))
        wide = max(1, min(high, (self.columns - 2) // max(1, cells(label))))
        self._align("centre")
        self._space(high * HEIGHT + LEAD)
        self._style(True, wide, high)
        self._write(label)
        self._end()

    def _labelled(self, line: Labelled) -> None:
        if not self._has(line.label + line.value):
            self._picture(line)
            return
        hang, rows = wrap_labelled(cells(line.label), plain(line.value), self.columns, cells, 2)
        self._row([(line.label, True), (rows[0], False)])
        for text in rows[1:]:
            self._row([(" " * int(hang) + text, False)])

    def _ends(self, line: Ends) -> None:
        free = self.columns - cells(line.left) - cells(line.right)
        if not self._has(line.left + line.right):
            self._picture(line)
        elif free < 2:
            self._text(Text(line.left))
            self._text(Text(line.right, align="right"))
        else:
            self._row([(line.left + " " * free + line.right, False)])

    def _facts(self, line: Facts) -> None:
        sets: list[Runs] = [[(fact.before, False), (fact.value, True), (fact.after, False)] for fact in line.facts]
        texts = [text for runs in sets for text, _ in runs]
        if not self._has("".join(texts)):
            self._picture(line)
            return
        gap = min(8, (self.columns - sum(map(cells, texts))) // max(1, len(sets)))
        if gap < 3:
            for runs in sets:
                self._row(runs, "centre")
            return
        row = list(sets[0])
        for runs in sets[1:]:
            row += [(" " * gap, False), *runs]
        self._row(row, "centre")

    def _rule(self) -> None:
        self._row([("━" * (self.columns // 2), False)], "centre")

    def _qr(self, line: Qr) -> None:
        rows = matrix.modules(line.payload)
        profile = self.profile
        dots = matrix.module_dots(len(rows), profile.width, profile.dots(QR_SIDE))
        self._style(False, 1, 1)
        self._feed(matrix.QUIET * dots)
        self._align("centre")
        if profile.qr == "native":
            self._out += escpos_bytes.qr(line.payload, dots)
        else:
            self._bits(matrix.draw(rows, dots))
        self.dots += len(rows) * dots
        self._feed(matrix.QUIET * dots - LEAD)
        if line.caption:
            self._text(Text(line.caption, align="centre"))

    def _picture(self, line: Line) -> None:
        """A line that the printer's own font cannot give."""
        image = draw_alone(line, self.profile, self.fonts)
        self._align("left")
        self._bits(image)
        self.dots += image.height

    def _bits(self, image: Image.Image) -> None:
        self._out += b"".join(bands(image, self.profile.band))

    def _row(self, runs: Runs, place: Align = "left", scale: int = 1) -> None:
        self._align(place)
        self._space(scale * HEIGHT + LEAD)
        if place == "left" and self.indent:
            self._style(False, 1, 1)
            self._write(" " * self.indent)
        for text, bold in runs:
            if text:
                self._style(bold, scale, scale)
                self._write(text)
        self._end()

    def _has(self, text: str) -> bool:
        return encode(text, self.profile.charset) is not None

    def _write(self, text: str) -> None:
        self._out += encode(text, self.profile.charset) or b""

    def _end(self) -> None:
        self._out += commands.LF
        self.dots += self._spacing

    def _feed(self, dots: int) -> None:
        if dots > 0:
            self._out += commands.feed(dots)
            self.dots += dots

    def _style(self, bold: bool, wide: int, high: int) -> None:
        if bold != self._bold:
            self._out += commands.bold(bold)
            self._bold = bold
        if (wide, high) != self._size:
            self._out += commands.size(wide, high)
            self._size = (wide, high)

    def _align(self, place: Align) -> None:
        if place != self._place:
            self._out += commands.align(PLACES[place])
            self._place = place

    def _space(self, dots: int) -> None:
        if dots != self._spacing:
            self._out += commands.spacing(min(255, dots))
            self._spacing = dots
