"""Compose a page: bars and body at the largest scale at which nothing is cut."""

from collections import OrderedDict
from collections.abc import Sequence

from kiosk.view.models import Swatch, View
from screens import bars
from screens.body import Body
from screens.draw import Box, Page, Piece, Rect
from screens.theme import CROWDED, FOCUS_MM, LARGE, Panel, Scale
from screens.typeset import Kit, Width

LOW_SHARE = 0.68  # of a portrait panel's height: what a hand reaches from a wheelchair
LOW_MM = 325.0  # a panel no taller than this is within her reach as it is
SLIM_MM = 400.0  # a panel lower than this gets slim bars
KEPT = 32  # pages: every service's guide in one language and the lists that lead there
_EVERYBODYS = {"welcome", "services", "guide", "closed", "information"}
_SHRINK = (
    (1.0, 1.0), (1.0, 0.8), (1.0, 0.62), (1.0, 0.5), (0.93, 0.5), (0.86, 0.5), (0.8, 0.45), (0.75, 0.4), (0.7, 0.4),
    (0.7, 0.25),
)  # fmt: skip
_LAST_RESORT = (0.94, 0.88, 0.82, 0.77, CROWDED, 0.66, 0.58, 0.5, 0.43, 0.37)


class Composer:
    """Lays Views out for one panel, measuring text as the renderer will draw it."""

    def __init__(self, panel: Panel, width: Width) -> None:
        self.panel = panel
        self._width = width
        self._kept: OrderedDict[View, Page] = OrderedDict()

    def compose(self, view: View) -> Page:
        """Return the page at the largest scale that fits; the last resort is small type, never a cut.

        The pages that everybody sees are kept for the next one; what is about a citizen is not.
        """
        if view.appearance.curtain:
            return self._curtain(view)
        if view.blocks and isinstance(view.blocks[0], Swatch):
            return self._swatch(view, view.blocks[0].colour)
        if view.view not in _EVERYBODYS:
            return self._fitted(view)
        if view not in self._kept:
            self._kept[view] = self._fitted(view)
        self._kept.move_to_end(view)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[view]

    def _curtain(self, view: View) -> Page:
        """Return a dark panel: nothing of the page is drawn, and a touch anywhere lifts it."""
        rect = Rect(0, 0, self.panel.width, self.panel.height)
        lift = view.action("mode:wake") or view.action("mode:curtain")
        return Page((Piece("curtain", rect, (Box(rect, "black"),), lift),), 1.0, 1.0, regions={"page": rect})

    def _swatch(self, view: View, colour: str) -> Page:
        """Return the whole panel in one colour; a touch anywhere goes on."""
        rect = Rect(0, 0, self.panel.width, self.panel.height)
        piece = Piece("swatch", rect, (Box(rect, colour),), view.action("next"))
        return Page((piece,), 1.0, 1.0, regions={"page": rect})

    def _fitted(self, view: View) -> Page:
        settings = self._settings(view.appearance.size == "large")
        best = self._at(view, *settings[0])
        if best.overfull <= 0:  # as on most pages
            return best
        low, high = 1, len(settings) - 1
        while low <= high:  # the settings only get smaller, so the first that fits is found by halving
            middle = (low + high) // 2
            page = self._at(view, *settings[middle])
            if page.overfull <= 0 or page.overfull < best.overfull:
                best = page
            if page.overfull <= 0:
                high = middle - 1
            else:
                low = middle + 1
        return best

    def _settings(self, large: bool) -> list[tuple[float, float, float]]:
        """Return the scales to try, largest first: of everything, of the air between, of large mode's type."""
        least, whole, more = self.panel.least, self.panel.scale, LARGE[0] if large else 1.0
        found = [(whole * k, air, more) for k, air in _SHRINK if whole * k >= least * 0.999]
        found += [(least, air, more) for air in (0.6, 0.4, 0.25)]
        found += [(least, 0.25, each) for each in LARGE[1:] if large]
        return found + [(least * k, 0.25, 1.0) for k in _LAST_RESORT]

    def _at(self, view: View, k: float, air: float, more: float) -> Page:
        area = self._area(view)
        compact = self.panel.compact
        usual = k >= self.panel.least * CROWDED * 0.999
        bar_kit = Kit(Scale(self.panel.dpi, self.panel.scale if usual else k, 1.0, more, compact), self._width)
        slim = self.panel.height < bar_kit.scale.mm(SLIM_MM)
        head = bars.header(bar_kit, view, area)
        foot = bars.footer(bar_kit, view, area, slim=slim)
        top = head[0].rect.bottom
        bottom = foot[0].rect.y if foot else area.bottom
        body = Rect(area.x, top, area.w, bottom - top)
        kit = Kit(Scale(self.panel.dpi, k, air, more, compact), self._width)
        laid = Body(kit, view, self.panel.portrait).lay(body, bar_kit.scale.size(bars.MARGIN_MM))
        pieces = (*head, *laid.pieces, *foot)
        pieces += self._focus(bar_kit, view, pieces)
        foot_rect = Rect(area.x, bottom, area.w, area.bottom - bottom)
        regions = {"page": area, "header": head[0].rect, "body": body, "footer": foot_rect}
        return Page(pieces, k, air, laid.overfull, regions)

    def _area(self, view: View) -> Rect:
        """Return the part of the panel to use: all of it, or what is in reach from a seat."""
        if view.appearance.low and self.panel.portrait:
            reached = max(self.panel.height * LOW_SHARE, LOW_MM * self.panel.dpi / 25.4)
            top = max(0, round(self.panel.height - reached))
            return Rect(0, top, self.panel.width, self.panel.height - top)
        return Rect(0, 0, self.panel.width, self.panel.height)

    @staticmethod
    def _focus(kit: Kit, view: View, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        """Draw the ring around the focused action while somebody steers by keypad."""
        if not view.appearance.ring or not 0 <= view.focus < len(view.actions):
            return ()
        name = view.actions[view.focus].id
        piece = next((piece for piece in pieces if piece.action and piece.action.id == name), None)
        if piece is None:
            return ()
        out = kit.scale.mm(FOCUS_MM) * 1.6
        rect = Rect(piece.rect.x - out, piece.rect.y - out, piece.rect.w + 2 * out, piece.rect.h + 2 * out)
        return (Piece("focus", rect, (Box(rect, "", "focus", kit.scale.mm(FOCUS_MM), kit.scale.size(9.0)),)),)
