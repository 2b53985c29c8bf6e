"""The stage: `show` is the only door to the widgets, and one finger at a time may act on what is shown."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from kivy.clock import mainthread
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.view.models import View
from screens.draw import Page, Piece
from screens.glyphs import Glyphs
from screens.page import Composer
from screens.paint import Node
from screens.theme import PALETTES, Panel

UNLOCK_S = 1.0  # after an action the page takes no other until core answers with a View, or this long if it does not

Act = Callable[[str, int], None]  # action id, sequence number of the View it was touched on


LAYERS = 4


def _layer(piece: Piece) -> int:
    """Return how far in front a piece lies: bars, then what is said, then what is pressed, then the focus ring."""
    if piece.kind == "focus":
        return 3
    if piece.action is not None:
        return 2
    return 0 if piece.kind == "bar" else 1


class Layer(Widget):
    """Holds the nodes of one layer; touches are the stage's affair."""


class Stage(Widget):
    """Draws Views and calls `act` with what is touched. Widgets are kept and used again from page to page."""

    def __init__(self, glyphs: Glyphs, panel: Panel, act: Act, now: Callable[[], float]) -> None:
        super().__init__(size=(panel.width, panel.height), size_hint=(None, None))
        self._glyphs = glyphs
        self._act = act
        self._now = now
        self._composer = Composer(panel, glyphs.width)
        self._nodes: list[Node] = []
        self._spare: list[Node] = []
        self._held: tuple[Any, Node] | None = None
        self._name_held = ""
        self._locked_until = 0.0
        self.page: Page | None = None
        self.view: View | None = None
        self.seq = 0
        self.on_shown: Callable[[], None] = lambda: None
        self._layers = [Layer() for _ in range(LAYERS)]
        for layer in self._layers:
            self.add_widget(layer)
        with self.canvas.before:
            self._ground = Color(*PALETTES["normal"]["paper"])
            self._sheet = Rectangle(pos=(0, 0), size=(panel.width, panel.height))

    @property
    def panel(self) -> Panel:
        return self._composer.panel

    @mainthread
    def show(self, view: View, seq: int = 0) -> None:
        """Draw this View; safe to call from any thread."""
        self.draw(view, seq)

    def resize(self, panel: Panel) -> None:
        """Lay out for another panel."""
        self._composer = Composer(panel, self._glyphs.width)
        self.size = self._sheet.size = (panel.width, panel.height)
        if self.view is not None:
            self.draw(self.view, self.seq)

    def draw(self, view: View, seq: int) -> None:
        """Draw this View now; on Kivy's own thread only."""
        page = self._composer.compose(view)
        palette = PALETTES[view.appearance.contrast]
        self._ground.rgba = palette["paper"]
        self.view, self.page, self.seq, self._locked_until = view, page, seq, 0.0
        self._mount(page, palette)
        self._keep_press()
        self.on_shown()

    def _mount(self, page: Page, palette: Any) -> None:
        """Keep every node whose piece is unchanged, use the others again for what is new, put the rest aside empty."""
        wanted = Counter(page.pieces)
        kept: dict[Piece, Node] = {}
        free: list[Node] = []
        for node in self._nodes:
            if node.piece is not None and wanted[node.piece] and node.piece not in kept:
                kept[node.piece] = node
            else:
                free.append(node)
        nodes: list[Node] = []
        for piece in page.pieces:
            node = kept.pop(piece) if piece in kept else self._node(free, _layer(piece))
            node.show(piece, palette, self.height)
            nodes.append(node)
        for node in free:
            node.clear()
            if node.parent is not None:
                node.parent.remove_widget(node)
            self._spare.append(node)
        self._nodes = nodes

    def _node(self, free: list[Node], layer: int) -> Node:
        """Return a node on that layer: one of this page that is free, one put aside, or a new one."""
        under = self._layers[layer]
        for node in free:
            if node.parent is under:
                free.remove(node)
                return node
        node = self._spare.pop() if self._spare else Node(self._glyphs)
        under.add_widget(node)
        return node

    def _keep_press(self) -> None:
        """Keep a finger's hold if the same action is still under it: a clock that ticks must not swallow a touch."""
        if self._held is None:
            return
        touch, old = self._held
        node = self._under(touch)
        if (
            node is None
            or old.piece is None
            or node.piece is None
            or node.piece.action is None
            or self._name_held != node.piece.action.id
        ):
            self._held = None
        else:
            self._held = (touch, node)
            node.press(down=True)

    def _under(self, touch: Any) -> Node | None:
        return next(
            (
                node
                for node in self._nodes
                if node.piece and node.piece.action and node.piece.action.enabled and node.collide_point(*touch.pos)
            ),
            None,
        )

    def on_touch_down(self, touch: Any) -> bool:
        """Press what is under the first finger; a palm's other fingers do nothing."""
        if self._held is not None or touch.is_mouse_scrolling:
            return True
        node = self._under(touch)
        if node is None or node.piece is None or node.piece.action is None:
            return True
        if self._now() < self._locked_until:
            return True
        self._held = (touch, node)
        self._name_held = node.piece.action.id
        node.press(down=True)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Show whether lifting the finger here would act."""
        if self._held is not None and self._held[0] is touch:
            node = self._held[1]
            inside = node.collide_point(*touch.pos)
            if inside != node.pressed:
                node.press(down=inside)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Act once, if the finger is lifted where it was put down."""
        if self._held is None or self._held[0] is not touch:
            return True
        node = self._held[1]
        self._held = None
        node.press(down=False)
        if node.piece and node.piece.action and node.collide_point(*touch.pos):
            if node.piece.action.role != "key":
                self._locked_until = self._now() + UNLOCK_S
            self._act(node.piece.action.id, self.seq)
        return True
