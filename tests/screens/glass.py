"""What a finger, an eye and a ruler find on a page that really stands in a window: every fault with its measure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kiosk.view.models import Action, Appearance, View
from screens.draw import Line, Mark, Page, Piece
from screens.page import LOW_MM
from screens.theme import CAP_RATIO, FOCUS_MM, GAP_MM, MAIN_TOUCH_MM, MM_PER_INCH, TOUCH_MM

if TYPE_CHECKING:
    from screens.paint import Node
    from screens.stage import Stage

WIDGETS = 60
MOST, MOST_LARGE = 8, 4
CHOICES = {"tile", "choice", "row", "card", "hero"}
MAIN = {"primary", "key", "pill", "nav"}
SMALL_CAP_MM, BODY_CAP_MM, LARGE_CAP_MM, TITLE_CAP_MM = 3.5, 4.8, 6.1, 8.0
TEXT, EDGE = 7.0, 3.0
LEADING = 1.3
REACH = 0.3  # of the height: from a seat nothing above is reached
_WORD, _WORD_END, _WORD_START = re.compile(r"[A-Za-z]+"), re.compile(r"[A-Za-z]+$"), re.compile(r"[A-Za-z]+")
_CUT = re.compile(r"(…|\.\.\.)$")
_NOT_FIRST = set("、。，．：；！？）】》〉」』”’…,.;:!?)]}")
Pixels = Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the check, the widget, what was measured and what was wanted."""

    check: str
    widget: str
    measured: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.check}: {self.widget}: {self.measured}, wanted {self.wanted}"


class Glass:
    """A stage in its window, looked at page by page."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self._mm = stage.panel.dpi / MM_PER_INCH

    def faults(self, view: View) -> list[Fault]:
        """Draw a View and name everything that is wrong with it."""
        self._stage.draw(view, 0)
        page = self._stage.page
        assert page is not None
        nodes = [node for layer in self._stage._layers for node in layer.children]
        pixels = self._pixels()
        large = view.appearance.size == "large"
        found = [*self._targets(nodes), *self._apart(nodes), *self._texts(nodes, view, large=large)]
        found += [*self._lines(nodes, view), *self._inside(nodes, page), *self._contrast(nodes, pixels)]
        found += [*_choices(view, large=large), *self._drawn(nodes, view), *self._reach(nodes, view)]
        found += self._ring(view, pixels)
        if len(nodes) > WIDGETS:
            found.append(Fault("widgets", "page", str(len(nodes)), f"at most {WIDGETS}"))
        if page.overfull > 0:
            found.append(Fault("T7", "page", f"too full by {page.overfull:.0f} px", "everything on the page"))
        return found

    def _pixels(self) -> Pixels:
        """The page as it was drawn: rows from the top, a number a pixel, its lowest bytes red, green and blue."""
        stage = self._stage
        stage._sheet.size = stage.size
        try:
            texture = stage.export_as_image().texture
        finally:
            stage._sheet.size = (0, 0)
        found = np.frombuffer(texture.pixels, "<u4").reshape(texture.height, texture.width)
        return found if texture.uvpos[1] == 0 else found[::-1]

    def _targets(self, nodes: "list[Node]") -> Iterator[Fault]:
        """T1: how large what is pressed is."""
        for node, action in _pressed(nodes):
            least = MAIN_TOUCH_MM if action.role in MAIN else TOUCH_MM
            if min(node.size) < least * self._mm - 1:
                size = f"{node.width / self._mm:.1f} x {node.height / self._mm:.1f} mm"
                yield Fault("T1", _name(node), size, f"{least:g} mm")

    def _apart(self, nodes: "list[Node]") -> Iterator[Fault]:
        """T2: how far apart any two are."""
        for (one, _), (other, _) in combinations(_pressed(nodes), 2):
            across = max(other.x - one.right, one.x - other.right)
            along = max(other.y - one.top, one.y - other.top)
            if max(across, along) < GAP_MM * self._mm - 1.5:
                gap = f"{max(across, along) / self._mm:.1f} mm from {_name(other)}"
                yield Fault("T2", _name(one), gap, f"{GAP_MM:g} mm")

    def _texts(self, nodes: "list[Node]", view: View, *, large: bool) -> Iterator[Fault]:
        """T3: how tall a capital is. A compact or crowded page may go down to small print, never below it."""
        for node in nodes:
            assert node.piece is not None
            for line in _of(node.piece, Line):
                cap = line.px * CAP_RATIO / self._mm
                if cap < SMALL_CAP_MM - 0.15:
                    yield Fault("T3", f"{_name(node)} {line.text!r}", f"capitals of {cap:.1f} mm", f"{SMALL_CAP_MM} mm")
        pieces = [node.piece for node in nodes if node.piece is not None]
        titles = [line for piece in pieces if piece.kind == "title" for line in _of(piece, Line)]
        body = [line for piece in pieces if piece.kind in ("paragraph", "lead", "notice") for line in _of(piece, Line)]
        roomy = self._stage.panel.scale >= 1.0
        wanted = LARGE_CAP_MM if large else BODY_CAP_MM
        for kind, lines, least in (("title", titles, TITLE_CAP_MM), ("body", body, wanted)):
            lowest = min((line.px * CAP_RATIO / self._mm for line in lines), default=least)
            if roomy and view.view != "technician" and lowest < least - 0.15:
                yield Fault("T3", kind, f"capitals of {lowest:.1f} mm", f"{least} mm")

    def _lines(self, nodes: "list[Node]", view: View) -> Iterator[Fault]:
        """T4 and T20: the lines of a text stand well apart and break where reading does not suffer."""
        labels = (f"{action.label} {action.note}" for action in view.actions)
        words = set(_WORD.findall(" ".join((view.title, *view.lines, *labels))))
        for node in nodes:
            assert node.piece is not None
            for one, other in pairwise(_of(node.piece, Line)):
                follows = one.px == other.px and one.tint == other.tint and other.rect.y > one.rect.y
                if not follows or abs(other.rect.y - one.rect.bottom) > 1.5:
                    continue
                leading = (other.rect.y - one.rect.y) / one.px
                if other.rect.y - one.rect.y < LEADING * one.px - 1.5:  # rounded to whole pixels
                    yield Fault("T4", f"{_name(node)} {other.text!r}", f"lines of {leading:.2f} sizes", f"{LEADING}")
                if other.text[0] in _NOT_FIRST:
                    yield Fault("T20", f"{_name(node)} {other.text!r}", "begins with a mark", "a word")
                if (
                    (one.text[-1].isdigit() or one.text[-1] == "–")
                    and other.text[0].isdigit()
                    and one.rect.x == other.rect.x
                ):
                    yield Fault("T20", f"{_name(node)} {one.text!r} {other.text!r}", "a number in two", "one line")
                end, start = _WORD_END.search(one.text), _WORD_START.match(other.text)
                if end and start and end[0] + start[0] in words and not {end[0], start[0]} <= words:
                    yield Fault("T20", f"{_name(node)} {one.text!r} {other.text!r}", "a word in two", "one line")

    def _inside(self, nodes: "list[Node]", page: Page) -> Iterator[Fault]:
        """T7: what is drawn lies in its widget, whole and at its own size, and the widget on the page."""
        from kivy.graphics import Rectangle

        glass = page.regions["page"]
        height = self._stage.height
        for node in nodes:
            piece = node.piece
            assert piece is not None
            if piece.kind != "focus" and not glass.holds(piece.rect):
                yield Fault("T7", _name(node), f"at {piece.rect}", f"within {glass}")
            drawn = [each for each in node.canvas.children if isinstance(each, Rectangle) and each.texture is not None]
            for line in _of(piece, Line):
                there = [each for each in drawn if abs(each.pos[0] - line.rect.x) < 1.5
                         and height - each.pos[1] - each.size[1] < line.rect.bottom
                         and height - each.pos[1] > line.rect.y]  # fmt: skip
                whole = [each for each in there if tuple(each.size) == tuple(each.texture.size)]
                if line.text.strip() and not whole:
                    yield Fault("T7", f"{_name(node)} {line.text!r}", "is not drawn whole", "its own size")
                elif whole and min(each.size[0] for each in whole) > line.rect.w + 3:
                    yield Fault("T7", f"{_name(node)} {line.text!r}", f"{whole[0].size[0]} px", f"{line.rect.w:.0f}")
                if _CUT.search(line.text):
                    yield Fault("T7", f"{_name(node)} {line.text!r}", "is cut short", "all of it")
            for op in piece.ops:
                if isinstance(op, Line | Mark) and not piece.rect.holds(op.rect, slack=2):
                    yield Fault("T7", f"{_name(node)} {op}", "leaves its widget", f"within {piece.rect}")

    def _contrast(self, nodes: "list[Node]", pixels: Pixels) -> Iterator[Fault]:
        """T5: what is read against its ground, what is pressed against the page, both from the pixels."""
        for node in nodes:
            piece = node.piece
            assert piece is not None
            if piece.kind in ("swatch", "curtain", "card", "code", "picture"):
                continue
            for op in piece.ops:
                if not isinstance(op, Line | Mark) or (isinstance(op, Line) and not op.text.strip()):
                    continue
                least = TEXT if isinstance(op, Line) else EDGE
                ratio = _ratio(_cut(pixels, op.rect.x, op.rect.y, op.rect.right, op.rect.bottom))
                if ratio < least:
                    what = repr(op.text) if isinstance(op, Line) else op.icon
                    yield Fault("T5", f"{_name(node)} {what}", f"{ratio:.1f}:1", f"{least:g}:1")
            if piece.action is None or piece.kind in ("link", "consent", "swatch"):
                continue
            rect, out = piece.rect, GAP_MM * self._mm / 2
            middle = rect.y + rect.h * 0.5
            ratio = max(
                _ratio(_cut(pixels, rect.x - out, middle - 8, rect.x + out, middle + 8)),
                _ratio(_cut(pixels, rect.right - out, middle - 8, rect.right + out, middle + 8)),
            )
            if ratio < EDGE:
                yield Fault("T5", f"{_name(node)} edge", f"{ratio:.1f}:1", f"{EDGE:g}:1")

    def _drawn(self, nodes: "list[Node]", view: View) -> Iterator[Fault]:
        """T8: nothing that can be done is hidden, and nothing scrolls."""
        from kivy.uix.scrollview import ScrollView

        drawn = {action.id for _, action in _pressed(nodes)}
        for action in view.actions:
            if action.id not in drawn and action.role != "voice":
                yield Fault("T8", action.id, "is not drawn", "on the page")
        if any(isinstance(widget, ScrollView) for widget in self._stage.walk()):
            yield Fault("T8", "page", "scrolls", "pages")

    def _reach(self, nodes: "list[Node]", view: View) -> Iterator[Fault]:
        panel = self._stage.panel
        if not (view.appearance.low and panel.portrait) or panel.sides_mm[1] <= LOW_MM:
            return
        for node, _ in _pressed(nodes):
            top = (self._stage.height - node.top) / self._stage.height
            if top < REACH:
                yield Fault("reach", _name(node), f"begins at {top:.0%} of the height", f"below {REACH:.0%}")

    def _ring(self, view: View, pixels: Pixels) -> Iterator[Fault]:
        """T21: where the keypad stands is seen: a ring of its own, broad and in contrast."""
        if not view.appearance.ring:
            return
        ring = next((n.piece for n in self._stage._nodes if n.piece is not None and n.piece.kind == "focus"), None)
        if ring is None:
            if view.actions[view.focus].role != "voice":
                yield Fault("T21", view.actions[view.focus].id, "no ring", "a ring")
            return
        rect, breadth = ring.rect, FOCUS_MM * self._mm
        middle = rect.y + rect.h / 2
        ratio = _ratio(_cut(pixels, rect.x - breadth, middle - 4, rect.x + breadth * 2, middle + 4))
        if ratio < EDGE:
            yield Fault("T21", view.actions[view.focus].id, f"a ring of {ratio:.1f}:1", f"{EDGE:g}:1")


def _pressed(nodes: "list[Node]") -> "list[tuple[Node, Action]]":
    return [(node, node.piece.action) for node in nodes if node.piece is not None and node.piece.action is not None]


def _of(piece: Piece, kind: type[Line]) -> list[Line]:
    return [op for op in piece.ops if isinstance(op, kind)]


def _name(node: "Node") -> str:
    assert node.piece is not None
    return f"{node.piece.kind}[{node.piece.action.id}]" if node.piece.action else node.piece.kind


def _choices(view: View, *, large: bool) -> Iterator[Fault]:
    """T8: not too many choices at once."""
    tiles = Counter(action.role for action in view.actions)["tile"]
    asked = sum(1 for action in view.actions if action.role in CHOICES)
    if view.view == "technician":
        return
    if asked > MOST + 1:
        yield Fault("T8", "choices", str(asked), f"at most {MOST}")
    if large and tiles > MOST_LARGE + 1:
        yield Fault("T8", "tiles in large type", str(tiles), f"at most {MOST_LARGE}")


def _cut(pixels: Pixels, left: float, top: float, right: float, bottom: float) -> Pixels:
    high, wide = pixels.shape[:2]
    x, y = max(0, round(left)), max(0, round(top))
    return pixels[y : max(y + 1, min(high, round(bottom))), x : max(x + 1, min(wide, round(right)))]


def _ratio(part: Pixels) -> float:
    """The contrast of the commonest colour with whatever stands out of it most, edges smoothed away left out."""
    values, counts = np.unique(part & 0xFFFFFF, return_counts=True)
    ground = _light(int(values[counts.argmax()]))
    told = values[counts >= max(2, part.size // 2000)]
    return max((_against(ground, _light(int(colour))) for colour in told), default=1.0)


def _against(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


@cache
def _light(colour: int) -> float:
    shares = [(colour >> shift & 0xFF) / 255 for shift in (0, 8, 16)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def dressed(view: View, contrast: str = "normal", *, low: bool = False, ring: bool = False) -> View:
    """The same page in another theme, from a seat, or steered by keypad."""
    base: Appearance = view.appearance
    return replace(view, appearance=replace(base, contrast=contrast, low=low, ring=ring))  # type: ignore[arg-type]
