"""What a citizen chooses from: hero, cards and rows of the welcome page, tiles, answers of a form, consent boxes."""

from collections.abc import Callable, Sequence

from kiosk.view.models import Action
from screens.buttons import edge, middle, plate, tint
from screens.draw import Box, Op, Piece, Rect, Slab
from screens.theme import GAP_MM, soft
from screens.typeset import Kit, Text

CARD_RADIUS_MM = 7.5


def hero(kit: Kit, action: Action, width: float, height: float | None = None) -> Slab:
    """Draw the inviting card: a large icon on its own plate, a headline and a note."""
    pad = min(max(kit.scale.space(14.5), kit.scale.size(7.0)), round(width * 0.07))
    side = min(kit.scale.size(62.0), width * 0.28)
    left = pad + side + pad
    room = width - left - pad
    head = kit.text(action.label, "headline", room, tint(action, "accent"), balance=True)
    note = kit.text(action.note, "body", room) if action.note else None
    between = kit.scale.space(3.0)
    words = head.height + (between + note.height if note else 0)
    natural = max(side, words) + 2 * pad
    tall = natural if height is None else height
    rect = Rect(0, 0, width, tall)
    ops: list[Op] = [plate(kit, rect, action, fill="hero", rim="hero_edge", radius=9.0)]
    square = Rect(round(pad), round((tall - side) / 2), side, side)
    ops.append(Box(square, "surface" if action.enabled else "", radius=kit.scale.size(9.0)))
    ops += kit.mark(
        action.icon, square.x + side * 0.18, square.y + side * 0.18, round(side * 0.64), tint(action, "accent")
    )
    top = (tall - words) / 2
    ops += head.at(left, top)
    if note:
        ops += note.at(left, top + head.height + between)
    return Slab(tall, (Piece("hero", rect, tuple(ops), action),), natural * 0.25)


Draw = Callable[[Kit, Action, float, float | None], Slab]


def grid(
    kit: Kit, actions: Sequence[Action], width: float, columns: int, draw: Draw, height: float | None = None,
    *, grow: float = 0.3,
) -> Slab:  # fmt: skip
    """Draw pressables in rows and columns, all of the height that the fullest of them needs."""
    gap = kit.scale.space(7.0, GAP_MM)
    each = (width - gap * (columns - 1)) / columns
    rows = -(-len(actions) // columns)
    least = max(draw(kit, action, each, None).height for action in actions)
    tall = least if height is None else (height - gap * (rows - 1)) / rows
    pieces = [
        piece
        for index, action in enumerate(actions)
        for piece in draw(kit, action, each, tall).moved(
            round(index % columns * (each + gap)), round(index // columns * (tall + gap))
        )
    ]
    return Slab(tall * rows + gap * (rows - 1), tuple(pieces), least * rows * grow)


def card(kit: Kit, action: Action, width: float, height: float | None) -> Slab:
    """Draw a half-width card: icon above, label and note below; where height is short it is drawn like a row."""
    if kit.scale.tight:
        return row(kit, action, width, height)
    pad = kit.scale.space(10.5, 4.0)
    room = width - 2 * pad
    side = kit.scale.size(21.0)
    label = kit.text(action.label, "card", room, tint(action, "ink"), balance=True)
    note = kit.text(action.note, "note", room, "muted") if action.note else None
    between = kit.scale.space(6.5)
    words = label.height + (note.height if note else 0)
    natural = pad + (side + between if action.icon else 0) + words + pad * 0.8
    tall = natural if height is None else height
    rect = Rect(0, 0, round(width), round(tall))
    ops: list[Op] = [plate(kit, rect, action, radius=CARD_RADIUS_MM)]
    slack = (tall - natural) / 2
    ops += kit.mark(action.icon, pad, pad + slack * 0.8, side, tint(action, "icon"))
    top = tall - pad * 0.8 - words - slack * 0.8
    ops += label.at(pad, top)
    if note:
        ops += note.at(pad, top + label.height)
    return Slab(tall, (Piece("card", rect, tuple(ops), action),))


def row(kit: Kit, action: Action, width: float, height: float | None) -> Slab:
    """Draw a full-width card: icon, then label over note."""
    pad = kit.scale.space(11.0, 4.0)
    side = kit.scale.size(16.0) if action.icon else 0
    left = pad + side + (kit.scale.size(8.0) if side else 0)
    label = kit.text(action.label, "tile", width - left - pad, tint(action, "ink"), balance=True)
    note = kit.text(action.note, "note", width - left - pad, "muted") if action.note else None
    words = label.height + (note.height if note else 0)
    natural = max(kit.scale.press(34.0), words + kit.scale.space(12.0, 4.0))
    tall = natural if height is None else height
    rect = Rect(0, 0, round(width), round(tall))
    ops: list[Op] = [plate(kit, rect, action, radius=CARD_RADIUS_MM)]
    ops += kit.mark(action.icon, pad, (tall - side) / 2, side, tint(action, "icon"))
    top = (tall - words) / 2 - (label.px * 0.05)
    ops += label.at(left, top)
    if note:
        ops += note.at(left, top + label.height)
    return Slab(rect.h, (Piece("row", rect, tuple(ops), action),))


def tile(kit: Kit, action: Action, width: float, height: float | None) -> Slab:
    """Draw one choice: the label above, the note and the badge below. With an icon it is a way to ask: dashed."""
    if action.icon and not action.badge:
        return _asking(kit, action, width, height)
    pad = kit.scale.space(9.5, 2.5)
    room = width - 2 * pad
    label = kit.text(action.label, "strong" if kit.scale.tightest else "tile", room, tint(action, "ink"), balance=True)
    badge = _badge(kit, action, room)
    between = kit.scale.space(3.0)
    side_by_side = room - (badge.w + between if badge else 0)
    note = kit.fitted(action.note, "note", side_by_side, "muted", least=0.8) if action.note else None
    below = bool(badge and note and len(note.lines) > 1)
    if below:
        note = kit.text(action.note, "note", room, "muted")
    foot = (note.height if note else 0) + (badge.h if badge else 0) if below else max(
        note.height if note else 0, badge.h if badge else 0
    )  # fmt: skip
    natural = max(kit.scale.press(40.0), pad * 0.8 + label.height + between + foot + pad * 0.8)
    tall = natural if height is None else height
    rect = Rect(0, 0, round(width), round(tall))
    ops: list[Op] = [plate(kit, rect, action, radius=CARD_RADIUS_MM)]
    slack = max(0.0, tall - 1.6 * pad - label.height - between - foot) / 2
    ops += label.at(pad, pad * 0.8 + slack * 0.7)
    bottom = tall - pad * 0.8 - slack * 0.7
    if badge:
        ops += badge.at(width - pad - badge.w, bottom - badge.h)
    if note and badge and not below:
        ops += middle(note, pad, Rect(0, bottom - foot, width, foot))
    elif note:
        ops += note.at(pad, bottom - foot)
    return Slab(tall, (Piece("tile", rect, tuple(ops), action),))


class _Badge:
    """A word on a tinted ground."""

    def __init__(self, kit: Kit, action: Action, room: float) -> None:
        self._pad = kit.scale.size(4.0)
        tone = action.badge_tone if action.enabled else "plain"
        self._text: Text = kit.text(action.badge, "smallstrong", room - 2 * self._pad, tone)
        self._fill = soft(tone)
        self._radius = kit.scale.size(2.5)
        self.w = self._text.width + 2 * self._pad
        self.h = self._text.height + kit.scale.size(3.0)

    def at(self, x: float, y: float) -> list[Op]:
        rect = Rect(round(x), round(y), round(self.w), self.h)
        return [Box(rect, self._fill, radius=self._radius), *middle(self._text, rect.x + self._pad, rect)]


def _badge(kit: Kit, action: Action, room: float) -> _Badge | None:
    return _Badge(kit, action, room) if action.badge else None


def _asking(kit: Kit, action: Action, width: float, height: float | None) -> Slab:
    pad = kit.scale.space(9.5, 3.0)
    side = min(kit.scale.size(18.0), width * 0.2)
    left = pad + side + kit.scale.size(6.0)
    note = kit.text(action.note, "body", width - left - pad, balance=True) if action.note else None
    label = kit.text(action.label, "strong" if note else "tile", width - left - pad, balance=True)
    words = label.height + (note.height if note else 0)
    tall = max(kit.scale.press(40.0), words + 1.6 * pad) if height is None else height
    rect = Rect(0, 0, round(width), round(tall))
    breadth = edge(kit)
    ops: list[Op] = [Box(rect, "paper", "edge", breadth, kit.scale.size(CARD_RADIUS_MM), dashed=True)]
    ops += kit.mark(action.icon, pad, (tall - side) / 2, side, "muted")
    top = (tall - words) / 2
    if note:
        ops += note.at(left, top)
    ops += label.at(left, top + (note.height if note else 0))
    return Slab(tall, (Piece("tile", rect, tuple(ops), action),))


def answer(kit: Kit, action: Action, width: float, height: float | None) -> Slab:
    """Draw an answer of a form; the chosen one has a thick edge and a tick."""
    pad = kit.scale.space(9.0, 3.5)
    side = kit.scale.size(13.0)
    left = pad + side + kit.scale.size(6.0)
    label = kit.text(action.label, "subtitle", width - left - pad, tint(action, "ink"))
    note = kit.text(action.note, "note", width - left - pad, "muted") if action.note else None
    words = label.height + (note.height if note else 0)
    tall = max(kit.scale.press(32.0), words + 1.4 * pad) if height is None else height
    rect = Rect(0, 0, round(width), round(tall))
    chosen = bool(action.checked)
    ground = plate(kit, rect, action, fill="hero" if chosen else "surface", rim="hero_edge" if chosen else "edge")
    breadth = ground.breadth * (2 if chosen else 1)
    ops: list[Op] = [Box(rect, ground.fill, ground.edge, breadth, ground.radius, ground.dashed)]
    box = Rect(round(pad), round((tall - side) / 2), side, side)
    if chosen:
        ops.append(Box(box, "action", radius=side / 2))
        ops += kit.mark("check", box.x + side * 0.18, box.y + side * 0.18, round(side * 0.64), "on_action")
    elif action.icon:
        ops += kit.mark(action.icon, box.x, box.y, side, tint(action, "icon"))
    else:
        ops.append(Box(box, ground.fill, "edge", ground.breadth, side / 2))
    top = (tall - words) / 2
    ops += label.at(left, top - label.px * 0.05)
    if note:
        ops += note.at(left, top + label.height)
    return Slab(tall, (Piece("choice", rect, tuple(ops), action),))


def consent(kit: Kit, action: Action, width: float, height: float | None = None) -> Slab:
    """Draw a box to tick and the sentence it stands for; the whole line is pressable."""
    side = kit.scale.size(20.0, 14.0)
    left = side + kit.scale.size(7.0)
    text = kit.text(action.label, "body", width - left, tint(action, "ink"))
    note = kit.text(action.note, "note", width - left, "muted") if action.note else None
    words = text.height + (note.height if note else 0)
    tall = max(kit.scale.press(24.0), words) if height is None else height
    rect = Rect(0, 0, round(width), round(tall))
    breadth = max(3, kit.scale.size(0.8))
    box = Rect(0, round((tall - side) / 2), side, side)
    rim = "ink" if action.enabled else "edge"
    ops: list[Op] = [Box(rect, "paper"), Box(box, "surface", rim, breadth, kit.scale.size(4.0))]
    if action.checked:
        ops += kit.mark("check", box.x + side * 0.12, box.y + side * 0.12, round(side * 0.76), "accent")
    top = (tall - words) / 2
    ops += text.at(left, top - text.px * 0.05)
    if note:
        ops += note.at(left, top + text.height)
    return Slab(rect.h, (Piece("consent", rect, tuple(ops), action),))
