"""What is drawn: a page is pieces, a piece is a few marks in pixels counted from the page's top left corner.

Colours are names of the theme's palette. Nothing here knows Kivy: the same records are measured by tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kiosk.view.models import Action


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; y grows downwards."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def moved(self, dx: float, dy: float) -> "Rect":
        return Rect(self.x + dx, self.y + dy, self.w, self.h)

    def holds(self, other: "Rect", slack: float = 1.0) -> bool:
        """Say whether the other lies inside, give or take rounding."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: "Rect") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Box:
    """A rounded rectangle: ground, edge or both; `dashed` edges are straight dashes between round corners."""

    rect: Rect
    fill: str = ""
    edge: str = ""
    breadth: float = 0.0
    radius: float = 0.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon, square."""

    rect: Rect
    icon: str
    tint: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on its own box of the leading's height."""

    rect: Rect
    text: str
    face: str
    px: int
    tint: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, black on white with its quiet zone."""

    rect: Rect
    payload: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture from a file, whole, as large as the rectangle allows; nothing where the file cannot be read."""

    rect: Rect
    path: str
    live: bool = False


Op = Box | Mark | Line | Code | Photo


def moved(op: Op, dx: float, dy: float) -> Op:
    """Return the mark at another place."""
    return replace(op, rect=op.rect.moved(dx, dy))


@dataclass(frozen=True, slots=True)
class Piece:
    """One widget: what it is, where, how it looks; with an action it is pressable."""

    kind: str
    rect: Rect
    ops: tuple[Op, ...]
    action: Action | None = None

    def moved(self, dx: float, dy: float) -> "Piece":
        return replace(self, rect=self.rect.moved(dx, dy), ops=tuple(moved(op, dx, dy) for op in self.ops))


@dataclass(frozen=True)
class Slab:
    """Pieces laid out from (0, 0) at some width: their height and how many more pixels they could make good use of."""

    height: float
    pieces: tuple[Piece, ...] = ()
    stretch: float = 0.0

    def moved(self, dx: float, dy: float) -> tuple[Piece, ...]:
        return tuple(piece.moved(dx, dy) for piece in self.pieces)


@dataclass(frozen=True)
class Page:
    """A whole page: ground colour, pieces in reading order, and the scale it took to fit."""

    pieces: tuple[Piece, ...]
    k: float
    air: float
    overfull: float = 0.0  # px by which even the smallest setting did not fit
    regions: dict[str, Rect] = field(default_factory=dict)

    def pressables(self) -> Sequence[Piece]:
        return [piece for piece in self.pieces if piece.action is not None]
