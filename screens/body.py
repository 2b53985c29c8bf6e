"""Lay out what stands between the bars: blocks in one column, or in two where the panel is wide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from kiosk.view.models import (
    NONE,
    Action,
    Actions,
    BigNumber,
    Block,
    Busy,
    CardOutline,
    Entry,
    Facts,
    Notice,
    Pad,
    Paragraph,
    Picture,
    QrCode,
    Role,
    Rows,
    Status,
    Swatch,
    View,
)
from screens import bars, blocks, buttons, choices, facts
from screens.draw import Piece, Rect, Slab
from screens.typeset import Kit

_GUIDING = {"identify", "status", "eligibility", "photo"}  # their notices are what to do now, so they are large
_CALM = {"ticket", "receipt", "working", "timeout", "closed", "rating", "notice"}


@dataclass(frozen=True)
class Look:
    """How a role's pressables are drawn: the gap before them in mm, how much they may grow, where, in rows or alone."""

    draw: choices.Draw
    gap: float
    grow: float = 0.3
    aside: bool = True
    alone: bool = False


_GRIDS: dict[Role, Look] = {
    "hero": Look(choices.hero, 11.0, alone=True),
    "card": Look(choices.card, 7.5, grow=0.18),
    "row": Look(choices.row, 7.5),
    "tile": Look(choices.tile, 9.0),
    "choice": Look(choices.answer, 9.0),
    "consent": Look(choices.consent, 6.0, grow=0.0, aside=False, alone=True),
    "link": Look(buttons.link, 5.0, grow=0.0, aside=False, alone=True),
}


@dataclass(frozen=True)
class Item:
    """One part of a column: how it is drawn at a width (and a height, if it can use more), the gap before it, where."""

    draw: Callable[[float, float | None], Slab]
    gap: float
    aside: bool = False  # of two columns, the right one
    anchored: bool = False  # at the foot of the page, so that it stays put whatever stands above


@dataclass(frozen=True)
class Laid:
    """A column laid out: its pieces and by how many px it is too high."""

    pieces: tuple[Piece, ...]
    overfull: float


@dataclass(frozen=True)
class Cut:
    """A wide page in two columns, or in one if nothing is in the second; `share` is the first one's of the width."""

    first: Sequence[Item]
    second: Sequence[Item]
    share: float

    def widths(self, width: float, gutter: int) -> tuple[float, float]:
        if not self.second:
            return width, 0.0
        left = round((width - gutter) * self.share)
        return left, width - gutter - left


class Body:
    """What stands between the bars."""

    def __init__(self, kit: Kit, view: View, portrait: bool) -> None:
        self.kit = kit
        self.view = view
        self.portrait = portrait
        # One id may stand twice on a page, as a way out below and as a choice above; blocks mean the latter.
        self.actions = {action.id: action for action in reversed(view.actions) if action.role != "nav"}
        self.number = any(isinstance(block, BigNumber) for block in view.blocks)
        self.calm = self.number or view.view in _CALM or any(isinstance(block, Busy) for block in view.blocks)
        self.roomy = self.calm or view.view in _GUIDING
        self.align = "center" if self.calm else "left"
        self.tiled = any(action.role == "tile" for action in view.actions)
        self._drawn: dict[tuple[int, float], Slab] = {}

    def lay(self, body: Rect, margin: int) -> Laid:
        """Lay the blocks out in one column, or in two where the panel is wide and both have something to hold."""
        scale = self.kit.scale
        head_room = scale.space(10.0, 3.0)
        foot_room = scale.space(8.0, 3.0)
        room = Rect(body.x + margin, body.y + head_room, body.w - 2 * margin, body.h - head_room - foot_room)
        items = self.items
        aside = [item for item in items if item.aside]
        main = [item for item in items if not item.aside]
        if self.portrait or self.tiled or not aside or not main:
            return self._single(items, room)
        gutter = scale.space(16.0, 6.0)
        best = min(self._cuts(items, main, aside), key=lambda cut: self._excess(cut, room, gutter))
        if not best.second:
            return self._column(best.first, room)
        left, right = best.widths(room.w, gutter)
        one = self._column(best.first, Rect(room.x, room.y, left, room.h))
        other = self._column(best.second, Rect(room.right - right, room.y, right, room.h))
        return Laid((*one.pieces, *other.pieces), max(one.overfull, other.overfull))

    def _cuts(self, items: list[Item], main: list[Item], aside: list[Item]) -> list["Cut"]:
        """Return the ways to lay out a wide page, best first; the later ones are for pages that are too full."""
        found = [Cut(main, aside, 0.5 if self.number else 0.42)]
        found += [Cut([*main, aside[-1]], aside[:-1], share) for share in (0.42, 0.34) if len(aside) > 1]
        cuts = range(max(1, len(self._head())), len(items))
        found += [Cut(items[:cut], items[cut:], share) for share in (0.5, 0.34) for cut in cuts]
        return [*found, Cut(items, [], 1.0)]

    def _excess(self, cut: "Cut", room: Rect, gutter: int) -> float:
        """Return by how many px a cut is too high; nothing where it fits, so that the first that fits is taken."""
        left, right = cut.widths(room.w, gutter)
        first, second = self._need(cut.first, left), self._need(cut.second, right)
        return max(0.0, first - room.h, second - room.h)

    def _need(self, items: Sequence[Item], width: float) -> float:
        gaps = sum(item.gap for item in items[1:])
        return gaps + sum(self._natural(item, width).height for item in items)

    def _natural(self, item: Item, width: float) -> Slab:
        """Return an item at its natural height, drawn once a width."""
        key = (id(item), width)
        if key not in self._drawn:
            self._drawn[key] = item.draw(width, None)
        return self._drawn[key]

    def _single(self, items: Sequence[Item], room: Rect) -> Laid:
        if not self.portrait and not self.tiled:
            wide = min(room.w, self.kit.scale.size(330.0))
            room = Rect(room.x + (room.w - wide) / 2, room.y, wide, room.h)
        return self._column(items, room)

    def _column(self, items: Sequence[Item], room: Rect) -> Laid:
        """Stack items; spare height goes first to what can use it, then to the gaps, then above or below."""
        slabs = [self._natural(item, room.w) for item in items]
        gaps = [item.gap if index else 0.0 for index, item in enumerate(items)]
        spare = room.h - sum(slab.height for slab in slabs) - sum(gaps)
        overfull = max(0.0, -spare)
        wish = sum(slab.stretch for slab in slabs)
        give = min(wish, max(0.0, spare) * 0.8)
        if give >= 1:
            slabs = [
                item.draw(room.w, slab.height + round(give * slab.stretch / wish)) if slab.stretch else slab
                for item, slab in zip(items, slabs, strict=True)
            ]
            spare = room.h - sum(slab.height for slab in slabs) - sum(gaps)
        loosen = min(0.4, max(0.0, spare) * 0.6 / sum(gaps)) if sum(gaps) else 0.0
        gaps = [gap * (1 + loosen) for gap in gaps]
        spare = max(0.0, room.h - sum(slab.height for slab in slabs) - sum(gaps))
        anchored = next((index for index, item in enumerate(items) if item.anchored), None)
        low = self.view.appearance.low
        y = room.y + (spare * 0.42 if self.calm else spare if low and anchored is None else 0.0)
        pieces: list[Piece] = []
        for index, (slab, gap) in enumerate(zip(slabs, gaps, strict=True)):
            y += gap + (spare if index == anchored else 0.0)
            pieces += slab.moved(round(room.x), round(y))
            y += slab.height
        return Laid(tuple(pieces), overfull)

    @cached_property
    def items(self) -> list[Item]:
        """Return the page's parts from top to bottom."""
        found = [*self._head()]
        for block in self.view.blocks:
            found += self._block(block)
        placed = bars.placed(self.view)
        in_place: set[Role] = {"primary", "nav", "pill", "change", "key"}
        rest = [action for action in self.view.actions if action.role not in in_place and action.id not in placed]
        return [*found, *self._groups(rest)]

    def _gap(self, mm: float) -> float:
        return self.kit.scale.space(mm, 2.6)

    def _head(self) -> list[Item]:
        kit, view = self.kit, self.view
        found: list[Item] = []
        if view.steps:
            steps = view.steps
            found.append(Item(lambda width, _: blocks.steps(kit, steps, width), 0))
        if self.tiled and not self.portrait and view.title and view.lead:
            found.append(Item(lambda width, _: blocks.heading(kit, view.title, view.lead, width), self._gap(6.0)))
            return found
        if view.title and not self._said(view.title):
            role = "invitation" if view.view == "welcome" else "title"
            found.append(Item(
                lambda width, _: blocks.words(
                    kit, view.title, role, width, align=self.align, balance=True, kind="title"
                ), self._gap(6.0),
            ))  # fmt: skip
        if view.lead:
            found.append(Item(
                lambda width, _: blocks.words(
                    kit, view.lead, "lead", width, tint="muted", align=self.align, balance=self.calm, kind="lead"
                ), self._gap(2.6),
            ))  # fmt: skip
        return found

    def _said(self, title: str) -> bool:
        """Say whether a block says the title already, so that it is not drawn twice."""
        return any(
            (isinstance(block, BigNumber) and title in (block.above, block.label, block.below))
            or (isinstance(block, Notice) and title == block.title)
            or (isinstance(block, Busy) and title == block.text)
            for block in self.view.blocks
        )

    def _block(self, block: Block) -> list[Item]:  # noqa: C901, PLR0911, PLR0912 - one line a kind of block
        kit = self.kit
        match block:
            case Paragraph():
                return [Item(lambda width, _: blocks.paragraph(kit, block, width, align=self.align), self._gap(6.0))]
            case Notice():
                return [Item(
                    lambda width, _: blocks.notice(kit, block, width, large=self.roomy), self._gap(8.0), self.number
                )]  # fmt: skip
            case Rows():
                return [Item(lambda width, _: blocks.rows(kit, block, self.actions, width), self._gap(9.0), True)]
            case BigNumber():
                return [Item(lambda width, height: blocks.number(kit, block, width, height), self._gap(8.0))]
            case Facts():
                return [Item(lambda width, _: facts.facts(kit, block, width), self._gap(10.0), True)]
            case Status():
                return [Item(lambda width, _: blocks.status(kit, block, width, align=self.align), self._gap(9.0))]
            case Entry():
                return self._entry(block)
            case QrCode():
                return [Item(lambda width, _: blocks.code(kit, block, width, align=self.align), self._gap(9.0), True)]
            case Picture():
                return [
                    Item(
                        lambda width, height: blocks.picture(kit, block, width, height, align=self.align),
                        self._gap(9.0),
                        True,
                    )
                ]
            case Busy():
                return [Item(lambda width, _: blocks.busy(kit, block, width), self._gap(10.0))]
            case Pad():
                keys = [[self.actions[name] for name in row] for row in block.keys]
                return [Item(lambda width, height: buttons.pad(kit, keys, width, height), self._gap(6.0), True)]
            case CardOutline():
                return [Item(lambda width, _: blocks.card_outline(kit, block, width), self._gap(8.0))]
            case Swatch():
                return []
            case Actions():
                return self._groups([self.actions[name] for name in block.ids if name in self.actions])

    def _entry(self, block: Entry) -> list[Item]:
        kit = self.kit
        shown = Item(lambda width, _: blocks.entry(kit, block, width), self._gap(10.0))
        keys = [[self.actions.get(name) for name in row if name in self.actions or name == NONE] for row in block.keys]
        keys = [row for row in keys if any(row)]
        if not keys:
            return [shown]
        return [shown, Item(lambda width, height: buttons.keys(kit, keys, width, height), self._gap(10.0), True)]

    def _groups(self, actions: Sequence[Action]) -> list[Item]:
        """Return one item for each run of actions of one role."""
        found: list[Item] = []
        for role, run in groupby(actions, lambda action: action.role):
            found += self._group(role, list(run))
        return found

    def _group(self, role: Role, run: list[Action]) -> list[Item]:
        kit = self.kit
        if role == "tab":
            return [Item(lambda width, _: buttons.tabs(kit, run, width), self._gap(9.0), True, anchored=True)]
        if role == "pill":
            return [Item(lambda width, _: buttons.pills(kit, run, width), self._gap(8.0))]
        if role not in _GRIDS:  # its place is elsewhere
            return []
        look = _GRIDS[role]
        if look.alone:
            return [self._grid([action], 1, look) for action in run]
        columns = {
            "card": min(2, len(run)),
            "tile": 2 if self.portrait else min(4, max(2, -(-len(run) // 2))),
            "choice": 1 if len(run) <= 5 and self.portrait else 2,
        }
        return [self._grid(run, columns.get(role, 1), look)]

    def _grid(self, run: Sequence[Action], columns: int, look: "Look") -> Item:
        kit = self.kit
        return Item(
            lambda width, height: choices.grid(kit, run, width, columns, look.draw, height, grow=look.grow),
            self._gap(look.gap),
            look.aside,
        )
