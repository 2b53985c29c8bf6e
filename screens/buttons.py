"""Buttons: the plain pressables of bars and cards - navigation, primary, pill, tab, key, link, 修改."""

from collections.abc import Sequence

from kiosk.view.models import Action
from screens.draw import Box, Line, Op, Piece, Rect, Slab
from screens.theme import GAP_MM, KEY_GAP_MM
from screens.typeset import Kit, Text

RADIUS_MM = 5.0
EDGE_MM = 0.7
RISE = 0.05  # Chinese sits low in its line box: centred text is lifted by this much of its size
ICON_GAP_MM = 3.0
PAD_MM = 8.0


def edge(kit: Kit) -> int:
    """Return the breadth of an edge in px."""
    return max(2, kit.scale.size(EDGE_MM))


def plate(
    kit: Kit, rect: Rect, action: Action, *, fill: str = "surface", rim: str = "edge", radius: float = RADIUS_MM
) -> Box:
    """Return the ground of a pressable; a disabled one is dashed on paper, so that it is not told by colour alone."""
    breadth = edge(kit)
    corner = min(kit.scale.size(radius), rect.h / 2)
    if not action.enabled:
        return Box(rect, "paper", "edge", breadth, corner, dashed=True)
    return Box(rect, fill, rim, breadth, corner)


def middle(text: Text, x: float, rect: Rect, w: float | None = None, align: str = "left") -> tuple[Line, ...]:
    """Place a text at x, centred in the height of a rectangle."""
    return text.at(x, rect.y + (rect.h - text.height) / 2 - text.px * RISE, w, align)


def tint(action: Action, colour: str) -> str:
    """Return the colour of a pressable's words."""
    return colour if action.enabled else "muted"


def icon_side(px: int) -> int:
    """Return the side of an icon beside words of this size."""
    return round(px * 1.15)


def button_width(kit: Kit, action: Action, role: str = "button", pad: float = PAD_MM) -> float:
    """Return how wide a button is that holds its icon and label on one line."""
    px = kit.scale.font(role)
    label = kit.text(action.label, role, 1e6).width
    icon = icon_side(px) + (kit.scale.size(ICON_GAP_MM) if action.label else 0) if action.icon else 0
    return max(kit.scale.mm(kit.scale.finger), label + icon + 2 * kit.scale.size(pad))


def button(kit: Kit, action: Action, rect: Rect, role: str = "button", *, kind: str = "button") -> Piece:
    """Draw a bordered button: icon and label side by side, centred; the label wraps or shrinks before it is cut."""
    chosen = bool(action.checked) and action.role in ("tab", "pill")
    primary = kind == "primary"
    ink = tint(action, "on_action" if primary else "on_chosen" if chosen else "ink")
    fill, rim = ("action", "action") if primary else ("chosen", "chosen") if chosen else ("surface", "edge")
    ops: list[Op] = [plate(kit, rect, action, fill=fill, rim=rim)]
    inner = rect.w - 2 * kit.scale.size(3.5)
    side = icon_side(kit.scale.font(role)) if action.icon else 0
    gap = kit.scale.size(ICON_GAP_MM) if action.icon and action.label else 0
    if side and action.label and kit.text(action.label, role, 1e6).width > inner - side - gap:
        side = gap = 0  # the word matters more than its icon
    label = _label(kit, action.label, role, rect, inner - side - gap, ink)
    left = rect.x + (rect.w - side - gap - label.width) / 2
    if side:
        ops += kit.mark(action.icon, left, rect.y + (rect.h - side) / 2, side, ink)
    ops += middle(label, left + side + gap, rect, label.width, "center")
    return Piece(kind, rect, tuple(ops), action)


def _label(kit: Kit, text: str, role: str, rect: Rect, room: float, ink: str) -> Text:
    """Set a button's words: on one line, else on two that leave air, else smaller."""
    full = kit.scale.font(role)
    label = kit.sized(text, role, full, room, ink, balance=True)
    px = full
    while (px > full * 0.6 and (label.height > rect.h * 0.85 or label.width > room)) or (
        px > kit.scale.smallest and _cut(text, label)
    ):
        px -= 1
        label = kit.sized(text, role, px, room, ink, balance=True)
    return label


def _cut(text: str, label: Text) -> bool:
    """Whether a word of letters is broken in two."""
    return text.isascii() and " ".join(label.lines).split() != text.split()


def stacked(kit: Kit, action: Action, rect: Rect) -> Piece:
    """Draw a narrow button: the icon above a small label."""
    ops: list[Op] = [plate(kit, rect, action)]
    ink = tint(action, "ink")
    label = kit.text(action.label, "small", rect.w, ink)
    side = icon_side(kit.scale.font("button"))
    if side + label.height > rect.h:  # two lines of a long language: the words alone
        ops += label.at(rect.x, rect.y + (rect.h - label.height) / 2, rect.w, "center")
        return Piece("nav", rect, tuple(ops), action)
    top = rect.y + (rect.h - side - label.height) / 2
    ops += kit.mark(action.icon, rect.x + (rect.w - side) / 2, top, side, ink)
    ops += label.at(rect.x, top + side, rect.w, "center")
    return Piece("nav", rect, tuple(ops), action)


def stacked_width(kit: Kit, action: Action, pad: float) -> float:
    """Return how wide a narrow button is."""
    label = kit.text(action.label, "small", 1e6).width
    return max(kit.scale.mm(kit.scale.finger), kit.scale.size(20.0 + 2 * pad), label + 2 * kit.scale.size(pad))


def tabs(kit: Kit, actions: Sequence[Action], width: float) -> Slab:
    """Draw switches side by side, all of one width; the chosen one is inverse."""
    gap = kit.scale.size(6.0, GAP_MM)
    each = (width - gap * (len(actions) - 1)) / len(actions)
    height = kit.scale.press(30.0)
    pieces = tuple(
        button(kit, action, Rect(round(index * (each + gap)), 0, round(each), height), kind="tab")
        for index, action in enumerate(actions)
    )
    return Slab(height, pieces)


def pills(kit: Kit, actions: Sequence[Action], width: float) -> Slab:
    """Draw small buttons one after another, in as many lines as they take."""
    gap = kit.scale.size(5.2, GAP_MM)
    height = kit.scale.press(22.0)
    pieces: list[Piece] = []
    x, y = 0.0, 0.0
    for action in actions:
        wide = min(width, button_width(kit, action, "pill", 7.0))
        if x and x + wide > width:
            x, y = 0.0, y + height + gap
        pieces.append(button(kit, action, Rect(round(x), round(y), round(wide), height), "pill", kind="pill"))
        x += wide + gap
    return Slab(y + height, tuple(pieces))


def link(kit: Kit, action: Action, width: float, height: float | None = None) -> Slab:
    """Draw a quiet text action, underlined, with a finger's height around it."""
    text = kit.text(action.label, "strong", width - kit.scale.size(14.0), tint(action, "accent"))
    tall = max(kit.scale.mm(kit.scale.touch), text.height) if height is None else height
    side = icon_side(text.px) if action.icon else 0
    gap = kit.scale.size(ICON_GAP_MM) if side else 0
    rect = Rect(0, 0, max(kit.scale.mm(kit.scale.touch), side + gap + text.width), tall)
    top = (tall - text.height) / 2
    ops: list[Op] = [Box(rect, "paper"), *kit.mark(action.icon, 0, (tall - side) / 2, side, tint(action, "accent"))]
    ops += text.at(side + gap, top)
    under = max(2, kit.scale.size(0.5))
    ops += [
        Box(Rect(side + gap, round(top + (row + 1) * text.leading - under), wide, under), tint(action, "accent"))
        for row, wide in enumerate(text.widths)
    ]
    return Slab(tall, (Piece("link", rect, tuple(ops), action),))


def keys(kit: Kit, rows: Sequence[Sequence[Action | None]], width: float, height: float | None = None) -> Slab:
    """Draw our own keypad, no key below 20 mm: rows too long for that run on into the next. None is a free place."""
    rows = _broken(kit, rows, width)
    columns = max(len(row) for row in rows)
    gap = kit.scale.mm(KEY_GAP_MM if columns <= 6 and not kit.scale.compact else GAP_MM)
    each = min((width - gap * (columns - 1)) / columns, kit.scale.mm(90))
    least = kit.scale.press(29.0)
    most = kit.scale.press(38.0)
    natural = least * len(rows) + gap * (len(rows) - 1)
    tall = least if height is None else (height - gap * (len(rows) - 1)) / len(rows)
    left = (width - each * columns - gap * (columns - 1)) / 2
    pieces: list[Piece] = []
    for number, row in enumerate(rows):
        wide = (each * columns + gap * (columns - len(row))) / len(row)  # a short row's keys are wider
        for place, action in enumerate(row):
            if action is None:
                continue
            rect = Rect(
                round(left + place * (wide + gap)), round(number * (tall + gap)), round(wide), round(tall)
            )  # fmt: skip
            short = len(action.label) <= 2 and not action.icon
            large = short and kit.text(action.label, "key", 1e6).width <= rect.w - 2 * kit.scale.size(3.5)
            pieces.append(button(kit, action, rect, "key" if large else "button", kind="key"))
    return Slab(natural if height is None else height, tuple(pieces), (most - least) * len(rows))


def _broken(
    kit: Kit, rows: Sequence[Sequence[Action | None]], width: float
) -> Sequence[Sequence[Action | None]]:  # fmt: skip
    """Return the rows as they are, or all their keys in rows of as many as a finger can tell apart."""
    gap = kit.scale.mm(GAP_MM)
    most = max(1, int((width + gap) / (kit.scale.mm(kit.scale.finger) + gap)))
    if max(len(row) for row in rows) <= most:
        return rows
    run = [key for row in rows for key in row]
    return [run[at : at + most] for at in range(0, len(run), most)]


def pad(kit: Kit, rows: Sequence[Sequence[Action]], width: float, height: float | None = None) -> Slab:
    """Draw rows of keys as large as the page allows, so that a finger goes all over it."""
    gap = kit.scale.mm(GAP_MM)
    least = kit.scale.press(20.0)
    tall = least if height is None else (height - gap * (len(rows) - 1)) / len(rows)
    pieces: list[Piece] = []
    for number, row in enumerate(rows):
        wide = (width - gap * (len(row) - 1)) / len(row)
        for place, action in enumerate(row):
            rect = Rect(round(place * (wide + gap)), round(number * (tall + gap)), round(wide), round(tall))
            pieces.append(button(kit, action, rect, "button", kind="key"))
    natural = least * len(rows) + gap * (len(rows) - 1)
    return Slab(natural if height is None else height, tuple(pieces), kit.scale.press(80.0) * len(rows))
