"""The stage: `show` is the only door to the widgets, and one finger at a time may act on what is shown."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kivy.clock import Clock, mainthread
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.view.models import Action, View
from screens.draw import Page, Piece
from screens.glyphs import Glyphs
from screens.hands import Hands
from screens.live import STEP_S as LIVE_S
from screens.page import Composer
from screens.paint import Node
from screens.theme import PALETTES, Panel

LET_GO_S = 0.2  # a key that changed nothing is let go after this
UNLOCK_S = 1.0  # after an action the page takes no other until core shows the next, or this long if it shows none
LAYERS = 4

CORNER_MM, CORNERS_S = 25.0, 5.0  # held down in two corners for so long, the service menu is asked for

Act = Callable[[str, int], None]  # action id, sequence number of the View it was touched on


@dataclass
class Hold:
    """A finger on a pressable: which touch, what it will do, and on which page it was put down."""

    touch: Any
    node: Node
    action: Action
    view: str
    seq: int


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
        self._held: Hold | None = None
        self._acted: Node | None = None
        self._let_go = Clock.create_trigger(self._release, UNLOCK_S)
        self._locked_until = 0.0
        self._watching = Clock.create_trigger(self._refresh, LIVE_S, interval=True)
        self._corners: dict[Any, str] = {}
        self.hands = Hands()
        self._asked = Clock.create_trigger(self._ask_service, CORNERS_S)
        self.page: Page | None = None
        self.view: View | None = None
        self.seq = 0
        self._layers = [Layer() for _ in range(LAYERS)]
        for layer in self._layers:
            self.add_widget(layer)
        with self.canvas.before:
            self._ground = Color(*PALETTES["normal"]["paper"])
            # The window is cleared to the ground's colour; a sheet over all of it would be filled once more each frame.
            self._sheet = Rectangle(pos=(0, 0), size=(0, 0))

    @property
    def panel(self) -> Panel:
        return self._composer.panel

    @property
    def ground(self) -> tuple[float, ...]:
        """The colour that the window is to be cleared to."""
        return tuple(self._ground.rgba)

    def export_to_png(self, filename: str, *args: Any, **options: Any) -> None:
        """Save a picture of the page on its ground."""
        self._sheet.size = self.size
        try:
            super().export_to_png(filename, *args, **options)
        finally:
            self._sheet.size = (0, 0)

    def warm(self, view: View) -> None:
        """Do once, while core is still awaited, what the first page would wait for; nothing is drawn."""
        self._glyphs.warm()
        self._composer.compose(view)

    @mainthread
    def show(self, view: View, seq: int = 0) -> None:
        """Draw this View; safe to call from any thread."""
        self.draw(view, seq)

    def resize(self, panel: Panel) -> None:
        """Lay out for another panel."""
        self._composer = Composer(panel, self._glyphs.width)
        self.size = (panel.width, panel.height)
        if self.view is not None:
            self.draw(self.view, self.seq)

    def draw(self, view: View, seq: int) -> None:
        """Draw this View now; on Kivy's own thread only."""
        self._release()
        dpi = view.appearance.dpi
        if dpi and dpi != self.panel.dpi:
            self._composer = Composer(replace(self.panel, dpi=dpi), self._glyphs.width)
        page = self._composer.compose(view)
        palette = PALETTES[view.appearance.contrast]
        self._ground.rgba = palette["paper"]
        if seq != self.seq:
            self._locked_until = 0.0
        self.view, self.page, self.seq = view, page, seq
        self._mount(page, palette)
        self._keep_hold()

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
        if any(node.live for node in nodes):
            self._watching()
        else:
            self._watching.cancel()

    def _refresh(self, _elapsed: float) -> None:
        """Let what the camera sees move on."""
        for node in self._nodes:
            node.refresh()

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

    def _keep_hold(self) -> None:
        """Keep a finger's hold while its page stands: a ticking clock must not swallow a touch, a new page must."""
        hold, self._held = self._held, None
        if hold is None or self.view is None:
            return
        node = self._under(hold.touch)
        same = hold.seq == self.seq or (hold.action.role == "key" and hold.view == self.view.view)
        if same and node is not None and _action(node).id == hold.action.id:
            self._held = Hold(hold.touch, node, hold.action, hold.view, self.seq)
            node.press(down=True)

    def _under(self, touch: Any) -> Node | None:
        """Return the pressable under a finger, if it may be pressed."""
        return next(
            (node for node in self._nodes if _pressable(node) and node.collide_point(*touch.pos)),
            None,
        )

    def where(self, action: str) -> tuple[float, float] | None:
        """The middle of an action that can be pressed, in window coordinates from the bottom left."""
        found = (node for node in self._nodes if _pressable(node) and _action(node).id == action)
        return next(((float(node.center_x), float(node.center_y)) for node in found), None)

    def on_touch_down(self, touch: Any) -> bool:
        """Press what is under the first finger; a palm, a fist or a shower of drops presses nothing."""
        if not self.hands.lands(touch, self._now()):
            self._drop()
            return True
        corner = self._corner(touch)
        if corner:
            self._corners[touch.uid] = corner
            if len(set(self._corners.values())) > 1:
                self._asked()
        if self._held is not None or self.view is None or touch.button not in (None, "left"):
            return True
        node = self._under(touch)
        if node is None or self._now() < self._locked_until:
            return True
        if _action(node).role != "key" and self.hands.twice(touch, self._now(), self.panel.dpi):
            return True
        self._held = Hold(touch, node, _action(node), self.view.view, self.seq)
        node.press(down=True)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Show whether lifting the finger here would act."""
        if touch.uid in self._corners and self._corner(touch) != self._corners[touch.uid]:
            del self._corners[touch.uid]
            self._asked.cancel()
        if self._held is not None and self._held.touch is touch:
            node = self._held.node
            inside = node.collide_point(*touch.pos)
            if inside != node.pressed:
                node.press(down=inside)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Act once, if the finger is lifted where it was put down."""
        if self._corners.pop(touch.uid, ""):
            self._asked.cancel()
        self.hands.lifts(touch)
        hold = self._held
        if hold is None or hold.touch is not touch:
            return True
        self._held = None
        if not hold.node.collide_point(*touch.pos):
            hold.node.press(down=False)
            return True
        # It stays pressed until core's answer is drawn: letting go would cost a frame that nobody needs to see.
        self._acted = hold.node
        self.hands.acted(touch, self._now())
        self._let_go.timeout = LET_GO_S if hold.action.role == "key" else UNLOCK_S
        self._let_go()
        if hold.action.role != "key":
            self._locked_until = self._now() + UNLOCK_S
        self._act(hold.action.id, self.seq)
        return True

    def _corner(self, touch: Any) -> str:
        """Name the corner that a finger is in; empty elsewhere."""
        reach = CORNER_MM / 25.4 * self.panel.dpi
        across = "left" if touch.x <= reach else "right" if touch.x >= self.width - reach else ""
        along = "bottom" if touch.y <= reach else "top" if touch.y >= self.height - reach else ""
        return f"{along}-{across}" if across and along else ""

    def _ask_service(self, _elapsed: float) -> None:
        """Two corners have been held: what the fingers lie on is let go without acting."""
        self._corners.clear()
        self._drop()
        self._act("corners", self.seq)

    def _drop(self) -> None:
        """Let go of what a finger lies on, without acting."""
        if self._held is not None:
            self._held.node.press(down=False)
            self._held = None

    def _release(self, _elapsed: float = 0.0) -> None:
        """Take the finger's mark away from what was acted on."""
        self._let_go.cancel()
        if self._acted is not None and (self._held is None or self._held.node is not self._acted):
            self._acted.press(down=False)
        self._acted = None


def _action(node: Node) -> Action:
    if node.piece is None or node.piece.action is None:
        raise LookupError("nothing to press here")
    return node.piece.action


def _pressable(node: Node) -> bool:
    return node.piece is not None and node.piece.action is not None and node.piece.action.enabled
