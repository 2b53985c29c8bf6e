"""Set texts in lines: sizes, widths and boxes of text at the page's scale, before anything is drawn."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from screens.breaking import break_lines
from screens.draw import Line, Mark, Op, Rect
from screens.theme import TYPE, Scale

Width = Callable[[str, str, int], float]  # text, face, px -> px; as the renderer measures it

_BOLD_NUMBERS = re.compile(r"(\d[\d–~-]*)")
_LABEL = re.compile(r"[A-Z0-9]+")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{5,}")


@dataclass(frozen=True)
class Text:
    """A text broken into lines, ready to be placed."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    face: str
    px: int
    leading: int
    tint: str

    @property
    def width(self) -> float:
        return max(self.widths, default=0)

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)

    def at(self, x: float, y: float, w: float | None = None, align: str = "left") -> tuple[Line, ...]:
        """Place it with its top left corner there, or aligned within a width from there."""
        room = self.width if w is None else w
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        return tuple(
            Line(
                Rect(round(x + (room - wide) * shift), round(y + row * self.leading), wide, self.leading),
                line, self.face, self.px, self.tint,
            )
            for row, (line, wide) in enumerate(zip(self.lines, self.widths, strict=True))
            if line
        )  # fmt: skip


@dataclass(frozen=True)
class Kit:
    """The page's scale and its typesetter: what every part of a page is made with."""

    scale: Scale
    width: Width

    def text(self, text: str, role: str, room: float, tint: str = "ink", *, balance: bool = False) -> Text:
        """Break a text for a width in a step of the type scale."""
        return self.sized(text, role, self.scale.font(role), room, tint, balance=balance)

    def sized(self, text: str, role: str, px: int, room: float, tint: str = "ink", *, balance: bool = False) -> Text:
        """Break a text for a width at a size of its own, smaller only where a word would be cut in two."""
        step = TYPE[role]
        face = step.face if step.face != "black" or _LABEL.fullmatch(text) else "bold"

        def measure(part: str) -> float:
            return self.width(part, face, px)

        longest = max(_WORD.findall(text), key=measure, default="")
        while measure(longest) > room and px > self.scale.smallest:
            px -= 1
        lines = tuple(break_lines(text, room, measure, balance=balance))
        widths = tuple(map(measure, lines))
        return Text(lines, widths, face, px, round(px * step.leading), tint)

    def fitted(self, text: str, role: str, room: float, tint: str = "ink", *, least: float = 0.6) -> Text:
        """Set a text on one line, smaller if it must be, down to `least` of its size; then it wraps."""
        px = self.scale.font(role)
        one = self.sized(text, role, px, 1e6, tint)
        if one.width > room:
            px = min(px, max(int(px * room / one.width), int(px * least), self.scale.smallest))
        return self.sized(text, role, px, room, tint)

    def numbers(self, text: Text, x: float, y: float) -> tuple[Line, ...]:
        """Place a text of one line with its numbers in bold, if that fits on the line as well."""
        placed: list[Line] = []
        for row, line in enumerate(text.lines):
            left = x
            for part in filter(None, _BOLD_NUMBERS.split(line)):
                face = "bold" if part[0].isdigit() else text.face
                wide = self.width(part, face, text.px)
                box = Rect(round(left), round(y + row * text.leading), wide, text.leading)
                placed.append(Line(box, part, face, text.px, text.tint))
                left += wide
        return tuple(placed)

    def mark(self, icon: str, x: float, y: float, side: float, tint: str) -> tuple[Op, ...]:
        """Place an icon; no icon, no mark."""
        return (Mark(Rect(round(x), round(y), side, side), icon, tint),) if icon else ()
