"""Facts on a page: how many wait, about how long - small cards with a large value each."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.view.models import Facts
from screens.blocks import baseline
from screens.buttons import edge
from screens.draw import Box, Op, Piece, Rect, Slab
from screens.typeset import Kit, Text

SMALLEST = 0.45
"""Of its size: so far a value shrinks to stay on one line."""


def facts(kit: Kit, block: Facts, width: float) -> Slab:
    """Draw small cards side by side: a caption, a large value and its unit on one line."""
    gap = kit.scale.space(7.0, 2.6)
    pad = kit.scale.space(9.0, 3.0)
    inner = 2 * min(pad, kit.scale.size(5.0))
    space = kit.scale.size(3.5)
    sides = [round((width - gap * (len(block.facts) - 1)) / len(block.facts))] * len(block.facts)
    values = _values(kit, block, [side - inner for side in sides], space)
    if any(len(value.lines) > 1 for value in values):  # a range is no two numbers: the longer one gets more room
        sides = _by_need(kit, block, width - gap * (len(block.facts) - 1), inner + space)
        values = _values(kit, block, [side - inner for side in sides], space)
    if len(values) > 1 and any(len(value.lines) > 1 for value in values):
        return _one_under_another(kit, block, width, gap)
    rooms = [side - inner for side in sides]
    units = [kit.text(fact.unit, "subtitle", room) for fact, room in zip(block.facts, rooms, strict=True)]
    captions = [kit.text(fact.caption, "caption", room, "muted") for fact, room in zip(block.facts, rooms, strict=True)]
    top = max(caption.height for caption in captions)
    tall = max(value.height for value in values)
    height = round(pad + top + tall + pad)
    pieces: list[Piece] = []
    left = 0.0
    for side, caption, value, unit in zip(sides, captions, values, units, strict=True):
        rect = Rect(round(left), 0, side, height)
        left += side + gap
        ops: list[Op] = [Box(rect, "surface", "line", edge(kit), kit.scale.size(7.5))]
        ops += caption.at(rect.x, pad, side, "center")
        both = value.width + (space + unit.width if unit.width else 0)
        x = rect.x + (side - both) / 2
        y = pad + top + (tall - value.height) / 2
        ops += value.at(x, y)
        drop = baseline(value.px, value.leading) - baseline(unit.px, unit.leading)
        ops += unit.at(x + value.width + space, y + drop)
        pieces.append(Piece("fact", rect, tuple(ops)))
    return Slab(height, tuple(pieces))


def _one_under_another(kit: Kit, block: Facts, width: float, gap: float) -> Slab:
    """Draw a card for each fact over the whole width."""
    pieces: list[Piece] = []
    y = 0.0
    for fact in block.facts:
        slab = facts(kit, replace(block, facts=(fact,)), width)
        pieces += [piece.moved(0, round(y)) for piece in slab.pieces]
        y += slab.height + gap
    return Slab(round(y - gap), tuple(pieces))


def _values(kit: Kit, block: Facts, rooms: Sequence[float], space: float) -> list[Text]:
    units = [kit.text(fact.unit, "subtitle", room) for fact, room in zip(block.facts, rooms, strict=True)]
    return [
        kit.fitted(fact.value, "value", room - (unit.width + space if fact.unit else 0), least=SMALLEST)
        for fact, unit, room in zip(block.facts, units, rooms, strict=True)
    ]


def _by_need(kit: Kit, block: Facts, width: float, around: float) -> list[int]:
    """Share a width by what each fact takes on one line at its smallest; all alike where there is no room for that."""
    needs = [
        around + max(kit.text(fact.caption, "caption", 1e6).width,
                     kit.text(fact.value, "value", 1e6).width * SMALLEST + kit.text(fact.unit, "subtitle", 1e6).width)
        for fact in block.facts
    ]  # fmt: skip
    spare = (width - sum(needs)) / len(needs)
    return [round(need + spare) if spare >= 0 else round(width / len(needs)) for need in needs]
