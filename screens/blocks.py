"""What a page says: title, stepper, paragraphs, notices, answers, the number, what is typed, QR code, busy."""

from collections.abc import Mapping

from kiosk.view.models import (
    Action,
    BigNumber,
    Busy,
    CardOutline,
    Entry,
    Notice,
    Paragraph,
    Picture,
    QrCode,
    Rows,
    Status,
    Steps,
)
from screens.buttons import button, button_width, edge, middle
from screens.draw import Box, Code, Op, Photo, Piece, Rect, Slab
from screens.theme import soft
from screens.typeset import Kit

FRAME = 1.25  # width of a picture's frame in heights
NUMBER_LINE = 1.02  # capitals and digits only: the head and foot room of a line box stay empty


def steps(kit: Kit, block: Steps, width: float) -> Slab:
    """Draw the stepper in words: a bar a step, its word below; done ones are ticked, the present one is bold."""
    gap = kit.scale.size(3.5)
    each = (width - gap * (len(block.words) - 1)) / len(block.words)
    bar = kit.scale.size(3.0)
    drop = kit.scale.size(2.0)
    ops: list[Op] = []
    tall = 0.0
    for index, word in enumerate(block.words):
        x = round(index * (each + gap))
        ops.append(Box(Rect(x, 0, round(each), bar), "accent" if index <= block.at else "todo", radius=bar / 2))
        side = kit.scale.size(6.5) if index < block.at else 0
        role, tint = ("smallstrong", "ink") if index == block.at else ("small", "muted")
        text = kit.text(word, role, each - side, tint)
        ops += kit.mark("check" if side else "", x, bar + drop + (text.leading - side) / 2, side, "accent")
        ops += text.at(x + side + (side * 0.2 if side else 0), bar + drop)
        tall = max(tall, bar + drop + text.height)
    return Slab(tall, (Piece("steps", Rect(0, 0, width, tall), tuple(ops)),))


def words(
    kit: Kit, text: str, role: str, width: float, *, tint: str = "ink", align: str = "left", balance: bool = False,
    kind: str = "text",
) -> Slab:  # fmt: skip
    """Draw a text of one kind."""
    set_text = kit.text(text, role, width, tint, balance=balance)
    rect = Rect(0, 0, width, set_text.height)
    return Slab(rect.h, (Piece(kind, rect, set_text.at(0, 0, width, align)),))


def heading(kit: Kit, title: str, lead: str, width: float) -> Slab:
    """Draw a title and its lead side by side on one base line, or one above the other where they are long."""
    left = kit.text(title, "title", width, balance=True)
    right = kit.text(lead, "lead", width, "muted")
    gap = kit.scale.size(10.0)
    if left.width + gap + right.width > width:
        tall = left.height + right.height
        ops = (*left.at(0, 0), *right.at(0, left.height))
    else:
        tall = left.height
        drop = baseline(left.px, left.leading) - baseline(right.px, right.leading)
        ops = (*left.at(0, 0), *right.at(left.width + gap, drop))
    return Slab(tall, (Piece("title", Rect(0, 0, width, tall), ops),))


def paragraph(kit: Kit, block: Paragraph, width: float, *, align: str) -> Slab:
    """Draw plain sentences."""
    tint = "muted" if align == "center" and not block.strong else "ink"
    return words(kit, block.text, "strong" if block.strong else "body", width, tint=tint, align=align, kind="paragraph")


def notice(kit: Kit, block: Notice, width: float, *, large: bool) -> Slab:
    """Draw a tinted box with an icon; a large one is the page's message."""
    roomy = large and bool(block.title) and not kit.scale.tight
    pad = kit.scale.space(15.0 if roomy else 10.0, 4.0)
    side = kit.scale.size(30.0 if roomy else 13.0)
    left = pad + side + kit.scale.size(11.0 if roomy else 7.0)
    arrow = (side + kit.scale.size(6.0)) if block.pointer else 0
    room = width - left - pad - arrow
    title = (
        kit.text(block.title, "headline" if roomy else "strong", room, block.tone, balance=roomy)
        if block.title
        else None
    )
    text = kit.text(block.text, "body", room) if block.text else None
    between = kit.scale.space(2.5) if title and text else 0
    tall = (title.height if title else 0) + between + (text.height if text else 0)
    height = max(tall, side) + 2 * pad * 0.9
    rect = Rect(0, 0, width, round(height))
    ops: list[Op] = [Box(rect, soft(block.tone), radius=kit.scale.size(8.0 if roomy else 6.0))]
    top = (height - tall) / 2
    first = title or text
    icon_top = (height - side) / 2 if roomy or not first else top + (first.leading - side) / 2
    ops += kit.mark(block.icon, pad, icon_top, side, block.tone)
    ops += kit.mark(block.pointer, width - pad - side, (height - side) / 2, side, block.tone)
    if title:
        ops += title.at(left, top)
    if text:
        ops += text.at(left, top + (title.height + between if title else 0))
    return Slab(rect.h, (Piece("notice", rect, tuple(ops)),))


def status(kit: Kit, block: Status, width: float, *, align: str) -> Slab:
    """Draw one quiet line; its numbers are bold."""
    side = kit.scale.size(11.0)
    gap = kit.scale.size(4.0)
    text = kit.text(block.text, "body", (width - side - gap) * 0.97)
    tall = max(side, text.height)
    x = (width - side - gap - text.width) / 2 if align == "center" else 0
    ops: list[Op] = [*kit.mark(block.icon, x, (min(tall, text.leading) - side) / 2, side, "accent")]
    ops += kit.numbers(text, x + side + gap, (tall - text.height) / 2)
    rect = Rect(0, 0, width, tall)
    return Slab(tall, (Piece("status", rect, tuple(ops)),))


def rows(kit: Kit, block: Rows, actions: Mapping[str, Action], width: float) -> Slab:
    """Draw a card of answers, each with its way to change it; on a narrow card the value stands below its label."""
    pad = kit.scale.space(12.0, 4.0)
    gap = kit.scale.size(5.0)
    changes = [actions[row.change] for row in block.rows if row.change in actions]
    right = max((button_width(kit, action, "caption", 7.0) for action in changes), default=0.0)
    tall = kit.scale.size(21.0, kit.scale.touch)
    inner = width - 2 * pad
    labels = max((kit.text(row.label, "caption", inner).width for row in block.rows), default=0)
    column = min(labels + gap * 2, inner * 0.36)
    narrow = inner - column - right - gap < kit.scale.font("answer") * 8
    rule = max(1, kit.scale.size(0.4))
    card: list[Op] = []
    pieces: list[Piece] = []
    y = kit.scale.space(3.0)
    for index, row in enumerate(block.rows):
        action = actions.get(row.change)
        room = inner - (right + gap if action else 0)
        label = kit.text(row.label, "caption", room if narrow else column - gap, "muted")
        value = kit.text(row.value, "body" if kit.scale.tight else "answer", room if narrow else room - column)
        text = label.height + value.height if narrow else max(label.height, value.height)
        high = max(text, tall if action else 0) + kit.scale.space(8.0, 2.7 if action else 2.0)
        line = Rect(pad, y, inner, high)
        if narrow:
            card += label.at(pad, y + (high - text) / 2)
            card += value.at(pad, y + (high - text) / 2 + label.height)
        else:
            card += label.at(pad, y + (high - text) / 2 + (value.leading - label.leading) / 2)
            card += value.at(pad + column, y + (high - value.height) / 2)
        if action:
            rect = Rect(round(width - pad - right), round(y + (high - tall) / 2), round(right), tall)
            pieces.append(button(kit, action, rect, "caption", kind="change"))
        y += high
        if index < len(block.rows) - 1:
            card.append(Box(Rect(line.x, round(y), line.w, rule), "line"))
    y += kit.scale.space(3.0)
    rect = Rect(0, 0, width, round(y))
    ground = Box(rect, "surface", "line", edge(kit), kit.scale.size(7.5))
    return Slab(rect.h, (Piece("rows", rect, (ground, *card)), *pieces))


def baseline(px: float, leading: float) -> float:
    """Return how far below its line box's top the baseline of Noto Sans SC lies."""
    return (leading - 1.448 * px) / 2 + 1.16 * px


def number(kit: Kit, block: BigNumber, width: float, height: float | None = None) -> Slab:
    """Draw the label of a ticket as large as the width allows, and on a crowded page as the height does."""
    above = kit.text(block.above, "above", width, "muted") if block.above else None
    below = kit.text(block.below, "card", width, balance=True) if block.below else None
    full = kit.scale.size(82.0)  # not multiplied by large mode: large enough already
    full = min(full, int(full * width * 0.94 / kit.width(block.label, "black", full)))
    words = (above.height if above else 0) + (kit.scale.space(2.0) + below.height if below else 0)
    px = min(full, kit.scale.size(56.0)) if kit.scale.tight else full
    if height is not None:
        px = min(full, int((height - words) / NUMBER_LINE))
    label = kit.sized(block.label, "number", px, 1e6, "number")
    high = round(label.px * NUMBER_LINE)
    ops: list[Op] = []
    y = 0.0
    if above:
        ops += above.at(0, y, width, "center")
        y += above.height
    ops += label.at(0, y - (label.height - high) / 2, width, "center")
    y += high
    if below:
        y += kit.scale.space(2.0)
        ops += below.at(0, y, width, "center")
        y += below.height
    rect = Rect(0, 0, width, round(y))
    return Slab(rect.h, (Piece("number", rect, tuple(ops)),), (full - px) * NUMBER_LINE)


def entry(kit: Kit, block: Entry, width: float) -> Slab:
    """Draw what has been typed in its own box and, below it, what is wrong with it."""
    pad = kit.scale.size(9.0)
    px = kit.scale.font("entry" if block.text else "answer")
    text = kit.sized(block.text or block.placeholder, "entry" if block.text else "answer", px, 1e6)
    room = width - 2 * pad
    if text.width > room:
        text = kit.sized(text.lines[0], "entry", max(int(px * room / text.width), px // 2), room)
    tall = max(kit.scale.size(31.0), text.height + kit.scale.size(6.0))
    rect = Rect(0, 0, width, tall)
    wrong = bool(block.problem)
    breadth = max(3, kit.scale.size(0.9))
    ops: list[Op] = [Box(rect, "surface", "stop" if wrong else "ink", breadth, kit.scale.size(5.0))]
    if not block.text:
        text = kit.text(block.placeholder, "answer", room, "muted")
    ops += middle(text, pad, rect)
    pieces = [Piece("entry", rect, tuple(ops))]
    if not wrong:
        return Slab(tall, tuple(pieces))
    gap = kit.scale.size(3.0)
    side = kit.scale.size(11.0)
    problem = kit.text(block.problem, "strong", width - side - gap, "stop")
    top = tall + gap
    line = Rect(0, top, width, max(side, problem.height))
    marks = [
        *kit.mark("circle-alert", 0, top + (problem.leading - side) / 2, side, "stop"), *problem.at(side + gap, top),
    ]  # fmt: skip
    pieces.append(Piece("problem", line, tuple(marks)))
    return Slab(line.bottom, tuple(pieces))


def code(kit: Kit, block: QrCode, width: float, *, align: str) -> Slab:
    """Draw a QR code on white, its caption beside it or, where there is no room, below."""
    side = min(kit.scale.size(40.0 if kit.scale.tight else 64.0, 30.0), round(width * 0.6))
    gap = kit.scale.size(8.0)
    room = width - side - gap
    beside = room > kit.scale.font("body") * 7
    caption = kit.text(block.caption, "body", room if beside else width)
    tall = max(side, caption.height) if beside else side + gap + caption.height
    x = round((width - side - (gap + caption.width if beside else 0)) / 2) if align == "center" or not beside else 0
    ops: list[Op] = [Code(Rect(round(x), round((tall - side) / 2) if beside else 0, side, side), block.payload)]
    if beside:
        ops += caption.at(x + side + gap, (tall - caption.height) / 2)
    else:
        ops += caption.at(0, side + gap, width, "center")
    return Slab(tall, (Piece("code", Rect(0, 0, width, tall), tuple(ops)),))


def picture(kit: Kit, block: Picture, width: float, height: float | None = None, *, align: str) -> Slab:
    """Draw a picture whole in a frame that suits sheets lying and standing, its caption below."""
    caption = kit.text(block.caption, "body", width, balance=True) if block.caption else None
    words = caption.height + kit.scale.space(3.0) if caption else 0
    full = min(kit.scale.size(120.0), width / FRAME)
    least = min(full, kit.scale.size(60.0))
    tall = least if height is None else min(full, height - words)
    wide = round(tall * FRAME)
    left = round((width - wide) / 2) if align == "center" else 0
    breadth = edge(kit)
    frame = Rect(left, 0, wide, round(tall))
    inner = Rect(left + breadth, breadth, wide - 2 * breadth, round(tall) - 2 * breadth)
    ops: list[Op] = [Box(frame, "surface", "line", breadth, kit.scale.size(3.0)), Photo(inner, block.path, block.live)]
    if caption:
        ops += caption.at(0, frame.bottom + kit.scale.space(3.0), width, align)
    rect = Rect(0, 0, width, frame.h + words)
    return Slab(rect.h, (Piece("picture", rect, tuple(ops)),), full - least)


def busy(kit: Kit, block: Busy, width: float) -> Slab:
    """Draw what is being done; nothing moves."""
    side = kit.scale.size(44.0)
    text = kit.text(block.text, "subtitle", width * 0.9, balance=True)
    gap = kit.scale.space(9.0)
    ops: list[Op] = [*kit.mark("hourglass", (width - side) / 2, 0, side, "accent")]
    ops += text.at(0, side + gap, width, "center")
    tall = side + gap + text.height
    return Slab(tall, (Piece("busy", Rect(0, 0, width, tall), tuple(ops)),))


CARD_MM = (85.60, 53.98)
"""An ID-1 card (ISO/IEC 7810), as every bank card and identity card is."""


def card_outline(kit: Kit, block: CardOutline, width: float) -> Slab:
    """Draw a card in its true size at the dpi being tried; upright where it is wider than the column."""
    wide, tall = (round(mm / 25.4 * block.dpi) for mm in CARD_MM)
    if wide > width:
        wide, tall = tall, wide
    rect = Rect(round((width - wide) / 2), 0, wide, tall)
    box = Box(rect, "hero", "hero_edge", max(2.0, edge(kit)))
    return Slab(tall, (Piece("card", rect, (box,)),))
