"""The two bars of every page: where you are above, the ways out and the next step below, always in the same places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.view.models import Action, Actions, View
from screens.buttons import button, button_width, middle, stacked, stacked_width
from screens.draw import Box, Op, Piece, Rect
from screens.theme import GAP_MM
from screens.typeset import Kit, Text

MARGIN_MM = 14.0


def ground(kit: Kit, rect: Rect, rule_at: float) -> Piece:
    """Return a bar's surface with its rule."""
    rule = max(1, kit.scale.mm(0.4))
    return Piece("bar", rect, (Box(rect, "surface"), Box(Rect(rect.x, rule_at, rect.w, rule), "line")))


def placed(view: View) -> set[str]:
    """Return the ids of the actions that a block of the page has a place for."""
    return {name for block in view.blocks if isinstance(block, Actions) for name in block.ids}


def header(kit: Kit, view: View, area: Rect) -> tuple[Piece, ...]:
    """Draw the branch, the time and the pills along the top of the area."""
    margin = kit.scale.size(MARGIN_MM)
    gap = kit.scale.size(5.2, GAP_MM)
    inside = placed(view)
    pills = [action for action in view.actions if action.role == "pill" and action.id not in inside]
    tall = kit.scale.press(22.0)
    pad = kit.scale.size(5.2)
    room = area.w - 2 * margin
    clock = kit.text(view.header.time, "pill", room)
    side = kit.scale.size(9.0)
    widths, branch = _beside(kit, view, pills, room - side - clock.width - gap * 2, gap)
    right = _sum(widths, gap)
    below = branch is None  # the pills take a row of their own
    if branch is None:
        branch = kit.fitted(view.header.branch, "branch", room - side - 2 * gap - clock.width)
    mark = kit.text(view.header.mark, "smallstrong", room * 0.4, "warn") if view.header.mark else None
    high = max(tall, branch.height + (mark.height if mark else 0))
    row = Rect(area.x, area.y + pad, area.w, high)
    low = Rect(area.x, row.bottom + pad, area.w, tall) if below else row
    rect = Rect(area.x, area.y, area.w, low.bottom + pad - area.y)
    edge = area.right - margin - (0 if below or not pills else right + gap)
    pieces = [ground(kit, rect, rect.bottom - 1), _place(kit, branch, mark, row.x + margin, row, side, gap)]
    time = middle(clock, edge - clock.width, row)
    pieces.append(Piece("time", Rect(edge - clock.width, row.y, clock.width, row.h), time))
    x = area.right - margin - right
    for action, wide in zip(pills, widths, strict=True):
        place = Rect(round(x), round(low.y + (low.h - tall) / 2), round(wide), tall)
        pieces.append(button(kit, action, place, "pill", kind="pill"))
        x += wide + gap
    return tuple(pieces)


def _beside(kit: Kit, view: View, pills: Sequence[Action], room: float, gap: float) -> tuple[list[float], Text | None]:
    """Return the pills' widths and the branch's name beside them; without a name it needs a row of its own."""
    roomy = [button_width(kit, action, "pill", 7.0) for action in pills]
    tight = [button_width(kit, replace(action, icon=""), "pill", 4.0) for action in pills]
    for widths in (roomy, tight):
        branch = _branch(kit, view.header.branch, room - _sum(widths, gap) - (gap if pills else 0))
        if branch is not None:
            return widths, branch
    return roomy if _sum(roomy, gap) <= room else tight, None


def _branch(kit: Kit, name: str, room: float) -> Text | None:
    """Set the branch's name beside the pills: on one line, smaller on two, or not at all."""
    if room < kit.scale.mm(20):
        return None
    text = kit.text(name, "branch", room)
    if len(text.lines) == 1:
        return text
    for share in (0.9, 0.8):
        text = kit.sized(name, "branch", int(kit.scale.font("branch") * share), room, balance=True)
        if len(text.lines) <= 2 and text.width <= room:
            return text
    return None


def _place(kit: Kit, branch: Text, mark: Text | None, x: float, row: Rect, side: float, gap: float) -> Piece:
    """Draw the pin, the branch's name and, below it, what is not usual about today (test clock, training)."""
    left = x + side + gap
    ops: list[Op] = list(kit.mark("map-pin", x, row.y + (row.h - side) / 2, side, "accent"))
    if mark is None:
        return Piece("branch", Rect(x, row.y, side + gap + branch.width, row.h), (*ops, *middle(branch, left, row)))
    top = row.y + (row.h - branch.height - mark.height) / 2
    pad = kit.scale.size(2.0)
    label = Rect(left, top + branch.height, mark.width + 2 * pad, mark.height)
    ops += branch.at(left, top)
    ops += [Box(label, "warn_soft", radius=kit.scale.size(1.5)), *mark.at(label.x + pad, label.y)]
    return Piece("branch", Rect(x, row.y, max(side + gap + branch.width, label.right - x), row.h), tuple(ops))


@dataclass(frozen=True)
class Ways:
    """The ways out as they fit: their widths, and whether their icons stand over their words."""

    widths: tuple[float, ...]
    over: bool
    total: float


@dataclass(frozen=True)
class Foot:
    """The measures of a footer, the same for every page of a panel and language."""

    room: float
    tall: float
    pad: float
    gap: float


def footer(kit: Kit, view: View, area: Rect, *, slim: bool) -> tuple[Piece, ...]:
    """Draw the ways out, the footnote and the primary action along the bottom of the area."""
    nav = [action for action in view.actions if action.role == "nav"]
    main = [action for action in view.actions if action.role == "primary"]
    if not nav and not main and not view.footnote:
        return ()
    margin = kit.scale.size(MARGIN_MM)
    foot = Foot(
        area.w - 2 * margin,
        kit.scale.press(26.0 if slim else 30.0),
        kit.scale.size(5.0 if slim else 9.0),
        kit.scale.size(4.0, GAP_MM),
    )
    note = kit.text(view.footnote, "note", foot.room * 0.4, "muted") if view.footnote else None
    rest = note.width + foot.gap * 2 if note else 0.0
    ways = _ways(kit, nav, foot)
    way, widths = next(
        ((way, widths) for way in ways if (widths := _mains_beside(kit, main, foot, way.total + rest)) is not None),
        (next((way for way in ways if way.total <= foot.room), ways[-1]), None),
    )
    above = widths is None  # what stands right takes a row of its own
    if above and note and not main:
        note = kit.text(" ".join(view.footnote.split("\n")), "note", foot.room, "muted")
    second = 0.0 if not above else foot.tall if main or not note else float(note.height)
    spare = max(0.0, note.height - foot.tall) if note and not above else 0.0
    height = 2 * foot.pad + foot.tall + (foot.gap + second if above else 0) + spare
    rect = Rect(area.x, area.bottom - height, area.w, height)
    low = Rect(area.x + margin, area.bottom - foot.pad - foot.tall - spare / 2, foot.room, foot.tall)
    high = Rect(low.x, low.y - foot.gap - second, low.w, second) if above else low
    if widths is None:
        widths = [(foot.room - foot.gap * (len(main) - 1)) / max(1, len(main))] * len(main)
    pieces = [ground(kit, rect, rect.y), *_nav(kit, nav, low, foot, way), *_mains(kit, main, high, foot, widths)]
    if note:
        line = high if above and not main else low
        right = line.right - (sum(widths) + foot.gap * (len(widths) + 1) if main and not above else 0)
        lines = middle(note, right - note.width, line, note.width, "right")
        tall = max(line.h, note.height + 0.1 * note.px)
        place = Rect(right - note.width, line.y + (line.h - tall) / 2, note.width, tall)
        pieces.append(Piece("footnote", place, lines))
    return tuple(pieces)


def _ways(kit: Kit, actions: Sequence[Action], foot: Foot) -> list[Ways]:
    """Return the forms of the ways out to try. What stands first does not depend on the page's primary action."""
    found: list[Ways] = []
    limit = foot.room * (0.72 if len(actions) > 2 else 0.6)
    for pad in (8.0, 6.0, 4.5):
        widths = tuple(button_width(kit, action, pad=pad) for action in actions)
        total = _sum(widths, foot.gap)
        if total <= limit:
            found.append(Ways(widths, False, total))
            break
    for pad in (5.5, 2.5):
        widths = tuple(stacked_width(kit, action, pad) for action in actions)
        squeeze = min(1.0, (foot.room - foot.gap * (len(actions) - 1)) / max(1.0, sum(widths)))
        widths = tuple(width * squeeze for width in widths)
        found.append(Ways(widths, True, _sum(widths, foot.gap)))
    return found


def _sum(widths: Sequence[float], gap: float) -> float:
    return sum(widths) + gap * max(0, len(widths) - 1)


def _mains_beside(kit: Kit, actions: Sequence[Action], foot: Foot, taken: float) -> list[float] | None:
    """Return the widths of the primary actions beside what is taken, or None if one would have to be too small."""
    if taken > foot.room:
        return None
    room = (foot.room - taken - foot.gap * 2) / max(1, len(actions)) - foot.gap * max(0, len(actions) - 1)
    found: list[float] = []
    for action in actions:
        roomy = max(button_width(kit, action, "primary", 11.0), kit.scale.size(57.0))
        pad = kit.scale.size(4.0)
        least = kit.sized(
            action.label, "primary", round(kit.scale.font("primary") * 0.85), room - 2 * pad, balance=True
        )
        if roomy > room and (least.width > room - 2 * pad or least.height > foot.tall * 0.95 or len(least.lines) > 2):
            return None
        found.append(min(roomy, room))
    return found


def _nav(kit: Kit, actions: Sequence[Action], row: Rect, foot: Foot, way: Ways) -> list[Piece]:
    """Draw the ways out from the left."""
    pieces: list[Piece] = []
    x = row.x
    for action, wide in zip(actions, way.widths, strict=True):
        rect = Rect(round(x), row.y, round(wide), row.h)
        pieces.append(stacked(kit, action, rect) if way.over else button(kit, action, rect, kind="nav"))
        x += wide + foot.gap
    return pieces


def _mains(kit: Kit, actions: Sequence[Action], row: Rect, foot: Foot, widths: Sequence[float]) -> list[Piece]:
    """Draw the primary action at the right end; a second one, if a page has it, is plain and stands before it."""
    pieces: list[Piece] = []
    right = row.right
    for index, (action, wide) in enumerate(zip(actions, widths, strict=True)):
        rect = Rect(round(right - wide), row.y, round(wide), row.h)
        kind = "primary" if index == 0 else "button"
        pieces.append(button(kit, action, rect, "primary" if index == 0 else "button", kind=kind))
        right -= wide + foot.gap
    return pieces[::-1]
