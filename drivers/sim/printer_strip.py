"""The paper in the simulated printer: what has been printed since the last cut, dot by dot, and as text."""

from dataclasses import dataclass, field

from PIL import Image

MOST = 20_000
"""Dots; two and a half metres. A job that is longer goes on at this line, so that a flood fills no memory."""
Align = int


@dataclass
class _Line:
    """Cells that wait for a line feed."""

    cells: list[Image.Image] = field(default_factory=list)
    width: int = 0
    text: str = ""


class Strip:
    """Grows downwards; `y` is the line under the head."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.y = 0
        self.text = ""
        self._image = Image.new("1", (width, 512))
        self._line = _Line()

    @property
    def inked(self) -> bool:
        """Anything black is on it."""
        return self._image.getbbox() is not None

    def put(self, cell: Image.Image, char: str, align: Align, spacing: int) -> int:
        """Put a character on the line; a full line is printed first. Gives the dots that the paper moved."""
        moved = 0
        if self._line.width + cell.width > self.width and self._line.cells:
            moved = self.feed_line(align, spacing)
        self._line.cells.append(cell)
        self._line.width += cell.width
        self._line.text += char
        return moved

    def feed_line(self, align: Align, spacing: int) -> int:
        """Print the line and feed by the spacing, at least by its height; gives the dots that the paper moved."""
        line, self._line = self._line, _Line()
        high = max((cell.height for cell in line.cells), default=0)
        x = _left(self.width, line.width, align)
        for cell in line.cells:
            self._paste(cell, x, self.y + high - cell.height)
            x += cell.width
        self.text += line.text + "\n"
        return self.feed(max(spacing, high))

    def picture(self, ink: Image.Image, align: Align, text: str = "") -> int:
        """Print a picture (1 for ink) at once; gives the dots that the paper moved."""
        self._paste(ink, _left(self.width, ink.width, align), self.y)
        if text:
            self.text += text + "\n"
        return self.feed(ink.height)

    def feed(self, dots: int) -> int:
        """Move the paper."""
        self.y = min(MOST, self.y + dots)
        return dots

    def forget_line(self) -> None:
        """Throw away what waits for a line feed."""
        self._line = _Line()

    @property
    def waiting(self) -> bool:
        """A line waits for its line feed."""
        return bool(self._line.cells)

    def taken(self) -> tuple[Image.Image, str]:
        """Cut: give the picture (black on white) and the text so far, and start anew."""
        high = max(1, self.y)
        self._room(high)
        image = self._image.crop((0, 0, self.width, high)).point([255, *[0] * 255])
        text = self.text
        self.y, self.text = 0, ""
        self._image = Image.new("1", (self.width, 512))
        return image, text

    def _paste(self, ink: Image.Image, x: int, y: int) -> None:
        if y + ink.height > MOST:
            return
        self._room(y + ink.height)
        self._image.paste(1, (x, y), ink)

    def _room(self, high: int) -> None:
        if high > self._image.height:
            taller = Image.new("1", (self.width, min(MOST + 512, max(high, 2 * self._image.height))))
            taller.paste(self._image)
            self._image = taller


def _left(width: int, used: int, align: Align) -> int:
    return (0, (width - used) // 2, width - used)[align] if used < width else 0
