"""One widget a piece of a page: it draws the piece's marks in the theme's colours and nothing else."""

from typing import Any

from kivy.graphics import BorderImage, Color, Rectangle
from kivy.uix.widget import Widget

from screens.draw import Box, Code, Line, Mark, Op, Photo, Piece, Rect
from screens.glyphs import Glyphs
from screens.live import Live
from screens.theme import PRESSED, Palette


class Node(Widget):
    """A piece on the glass. Its canvas is made anew only when the piece differs from the one before."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(size_hint=(None, None))
        self._glyphs = glyphs
        self._tints: list[tuple[Any, str]] = []
        self._lives: list[Live] = []
        self._palette: Palette = {}
        self._height = 0.0
        self.piece: Piece | None = None
        self.pressed = False

    def show(self, piece: Piece, palette: Palette, height: float) -> None:
        """Draw the piece; `height` is the window's, whose y grows upwards."""
        if piece == self.piece and palette is self._palette and height == self._height:
            return
        self.piece, self._palette, self._height, self.pressed = piece, palette, height, False
        self.size = (piece.rect.w, piece.rect.h)
        self.pos = (piece.rect.x, height - piece.rect.bottom)
        self._tints, self._lives = [], []
        self.canvas.clear()
        with self.canvas:
            for op in piece.ops:
                self._draw(op)
        self.refresh()

    @property
    def live(self) -> bool:
        """Whether it shows what a camera sees."""
        return bool(self._lives)

    def refresh(self) -> None:
        """Show what the camera sees now."""
        for each in self._lives:
            each.refresh()

    def clear(self) -> None:
        """Forget the piece and every texture made for it."""
        self.piece, self._palette, self._tints, self._lives = None, {}, [], []
        self.canvas.clear()

    def press(self, down: bool) -> None:
        """Show or take away the finger's mark; only colours change."""
        self.pressed = down
        for colour, name in self._tints:
            colour.rgba = self._palette[PRESSED.get(name, name) if down else name]

    def _tint(self, name: str) -> None:
        self._tints.append((Color(*self._palette[name]), name))

    def _place(self, rect: Rect) -> dict[str, tuple[float, float]]:
        return {"pos": (rect.x, self._height - rect.bottom), "size": (rect.w, rect.h)}

    def _draw(self, op: Op) -> None:
        match op:
            case Box():
                self._box(op)
            case Line(rect=rect, text=text, face=face, px=px, tint=tint):
                texture = self._glyphs.line(text, face, px)
                self._tint(tint)
                low = self._height - rect.bottom + round((rect.h - texture.height) / 2)
                Rectangle(texture=texture, pos=(rect.x, low), size=texture.size)
            case Mark(rect=rect, icon=icon, tint=tint):
                texture = self._glyphs.icon(icon, rect.w)
                if texture is not None:
                    self._tint(tint)
                    Rectangle(texture=texture, **self._place(rect))
            case Photo(rect=rect, path=path, live=True):
                self._tint("white")
                self._lives.append(Live(path, rect, self._height))
            case Photo(rect=rect, path=path):
                texture = self._glyphs.photo(path)
                if texture is not None:
                    self._tint("white")
                    share = min(rect.w / texture.width, rect.h / texture.height)
                    wide, tall = texture.width * share, texture.height * share
                    spot = Rect(rect.x + (rect.w - wide) / 2, rect.y + (rect.h - tall) / 2, wide, tall)
                    Rectangle(texture=texture, **self._place(spot))
            case Code(rect=rect, payload=payload):
                self._tint("white")
                texture = self._glyphs.code(payload)
                whole = max(1, int(rect.w) // texture.width) * texture.width  # every module the same number of pixels
                spare = round((rect.w - whole) / 2)
                Rectangle(**self._place(rect))
                Rectangle(texture=texture, **self._place(Rect(rect.x + spare, rect.y + spare, whole, whole)))

    def _box(self, box: Box) -> None:
        """Draw the edge as a whole plate and the ground as a smaller one upon it; a bare edge as four bars."""
        inner = box.rect
        if box.edge and box.breadth:
            if not box.fill:
                self._ring(box)
                return
            self._plate(box.rect, box.edge, box.radius)
            breadth = round(box.breadth)
            inner = Rect(inner.x + breadth, inner.y + breadth, inner.w - 2 * breadth, inner.h - 2 * breadth)
        if box.fill:
            self._plate(inner, box.fill, max(0.0, box.radius - (box.rect.w - inner.w) / 2))
        if box.dashed:
            self._dash(box)

    def _plate(self, rect: Rect, colour: str, radius: float) -> None:
        self._tint(colour)
        corner = round(min(radius, rect.w / 2, rect.h / 2))
        if corner < 1:
            Rectangle(**self._place(rect))
            return
        BorderImage(texture=self._glyphs.plate(corner), border=(corner,) * 4, **self._place(rect))

    def _ring(self, box: Box) -> None:
        from kivy.graphics import SmoothLine  # noqa: PLC0415 - only a focus ring needs it

        self._tint(box.edge)
        half = box.breadth / 2
        place = self._place(
            Rect(box.rect.x + half, box.rect.y + half, box.rect.w - box.breadth, box.rect.h - box.breadth)
        )
        SmoothLine(rounded_rectangle=(*place["pos"], *place["size"], box.radius), width=half)

    def _dash(self, box: Box) -> None:
        """Lay gaps of the page's colour over the straight parts of the edge."""
        step = round(box.breadth * 6)
        breadth = round(box.breadth)
        rect, corner = box.rect, round(box.radius)
        self._tint("paper")
        for x in range(round(rect.x) + corner + step // 2, round(rect.right) - corner - step // 2, step):
            for top in (rect.y, rect.bottom - breadth):
                Rectangle(**self._place(Rect(x, top, step // 2, breadth)))
        for y in range(round(rect.y) + corner + step // 2, round(rect.bottom) - corner - step // 2, step):
            for left in (rect.x, rect.right - breadth):
                Rectangle(**self._place(Rect(left, y, breadth, step // 2)))
