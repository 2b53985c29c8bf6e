"""A paper as device-neutral lines: what stands on a ticket or receipt, before any printer's language."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "centre", "right"]
Size = Literal["small", "body", "lead", "title"]
Kind = Literal["ticket", "receipt", "test", "slip"]


@dataclass(frozen=True)
class Text:
    """One paragraph, wrapped by the renderer."""

    text: str
    size: Size = "body"
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True)
class Head:
    """The branch's mark (assets/papers/logo.png) with its name; what every paper begins with."""

    text: str


@dataclass(frozen=True)
class Number:
    """The ticket's label, at least 15 mm high where the printer can."""

    label: str


@dataclass(frozen=True)
class Labelled:
    """A bold label and its value on one line, e.g. `工本费：100 元`; the value wraps under itself."""

    label: str
    value: str


@dataclass(frozen=True)
class Ends:
    """Two short texts, one at each edge of the paper."""

    left: str
    right: str
    size: Size = "body"


@dataclass(frozen=True)
class Fact:
    """One short fact, its value bold: `前面等候` **3** `人`."""

    before: str
    value: str
    after: str


@dataclass(frozen=True)
class Facts:
    """Short facts side by side, or one under the other where the paper is too narrow."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Gap:
    """Empty paper, in millimetres."""

    mm: float


@dataclass(frozen=True)
class Ruler:
    """A millimetre scale over the whole width, and bars from black to white under it; for the test page."""


@dataclass(frozen=True)
class Qr:
    """A QR code with its four-module quiet zone and a caption under it."""

    payload: str
    caption: str = ""


Line = Head | Text | Number | Labelled | Ends | Facts | Rule | Gap | Ruler | Qr


@dataclass(frozen=True)
class Paper:
    """One paper: its lines from top to bottom; the renderer adds feed and cut."""

    kind: Kind
    lines: tuple[Line, ...]
