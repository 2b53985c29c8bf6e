"""The one theme: colours, type scale and spacing, all lengths in millimetres, turned into pixels by the panel's dpi."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.view.models import Contrast, Tone

MM_PER_INCH = 25.4
CAP_RATIO = 0.733  # height of a capital letter of Noto Sans SC, in font sizes
LARGE = (1.3, 1.2, 1.1, 1.0)  # what large mode multiplies type by; less where a small panel has no room for it

PAGE_MM = (269.0, 478.0)  # the page the sizes below were drawn for: 1080 x 1920 at 102 dpi
LEAST, MOST = 0.7, 1.25  # how far a smaller or larger panel may scale them
COMPACT_MM = 150.0  # a panel with a shorter side is held or stood close to: floors are lower there
COMPACT_LEAST = 0.5
# A panel that is shorter and coarser than this has no page for a citizen; technicians' pages are shown on it.
CITIZEN_MM, CITIZEN_PX = 125.0, 600
CROWDED = 0.73  # of the least scale: so far the type of a page may shrink that a small panel cannot hold otherwise
TIGHT = 0.55  # of the usual air; from here on down big things are drawn low
TIGHTEST = 0.25  # and from here on down headings are no larger than they must be

# Floors that no scaling goes below. A finger: 15 mm is the least target, 20 mm is where number entry stops getting
# better; a compact panel has room for the former only.
TOUCH_MM = 15.0
MAIN_TOUCH_MM = 20.0
GAP_MM = 2.6  # between two pressables (VVSG 2.0 asks 2.54)
KEY_GAP_MM = 5.0
SMALL_TYPE_MM = 3.5 / CAP_RATIO  # cap height 3.5 mm: the least of any text
BODY_TYPE_MM = 4.8 / CAP_RATIO  # cap height 4.8 mm: what is read to act on
FOCUS_MM = 1.0  # breadth of the ring around the focused action


@dataclass(frozen=True)
class Type:
    """One step of the type scale: size in mm, face, line height in sizes, whether it may be small print."""

    mm: float
    face: str = "regular"
    leading: float = 1.45
    small: bool = False


TYPE: Mapping[str, Type] = MappingProxyType(
    {
        "invitation": Type(21.0, "bold", 1.3),  # the title of the welcome page
        "title": Type(17.0, "bold", 1.3),
        "lead": Type(10.0, leading=1.4),
        "number": Type(82.0, "black", 1.2),
        "value": Type(22.0, "bold", 1.2),  # of a fact
        "headline": Type(14.0, "bold", 1.3),  # of the hero card and of a large notice
        "card": Type(12.0, "bold", 1.3),
        "above": Type(12.0, leading=1.3),  # over the number of a ticket
        "tile": Type(11.0, "bold", 1.3),
        "subtitle": Type(11.0, "bold", 1.35),
        "answer": Type(10.2, leading=1.4),
        "body": Type(9.5),
        "strong": Type(9.5, "bold"),
        "caption": Type(9.0, leading=1.4),
        "note": Type(8.2, leading=1.4, small=True),
        "small": Type(7.5, leading=1.35, small=True),
        "smallstrong": Type(7.5, "bold", 1.35, small=True),
        "branch": Type(8.5, "bold", 1.3, small=True),
        "button": Type(9.5, leading=1.3),
        "pill": Type(9.0, leading=1.3),
        "primary": Type(10.0, "bold", 1.3),
        "key": Type(14.0, "bold", 1.2),
        "entry": Type(16.0, "bold", 1.3),
    }
)

# Palette: what a colour is for -> value. Contrast is tested: text 7:1 (main text 10:1), edges and icons 3:1.
_LIGHT = {
    "paper": "#F7F5F0",
    "surface": "#FFFFFF",
    "ink": "#12211B",
    "muted": "#41504A",
    "line": "#C9CFC9",  # dividers, edges of what is not pressed
    "edge": "#7C8982",  # edges of pressables
    "action": "#0A5A3C",
    "on_action": "#FFFFFF",
    "action_down": "#06402A",
    "accent": "#0A5A3C",
    "number": "#0A5A3C",
    "hero": "#E3F0E9",
    "hero_edge": "#0A5A3C",
    "hero_down": "#C5DFD2",
    "icon": "#143F70",
    "down": "#E4ECE8",
    "chosen": "#12211B",
    "on_chosen": "#FFFFFF",
    "chosen_down": "#33443C",
    "todo": "#C9CFC9",
    "focus": "#143F70",
    "white": "#FFFFFF",
    "red": "#FF0000",  # this and the next two: of the pixel test alone
    "green": "#00FF00",
    "blue": "#0000FF",
    "black": "#000000",
    "plain": "#12211B",
    "plain_soft": "#ECEAE4",
    "info": "#143F70",
    "info_soft": "#E4ECF6",
    "ok": "#0A5A3C",
    "ok_soft": "#E3F0E9",
    "warn": "#6B4700",
    "warn_soft": "#FFF1D0",
    "stop": "#8E1B1B",
    "stop_soft": "#FBE7E5",
}
_DARK = {
    "paper": "#000000",
    "surface": "#000000",
    "ink": "#FFFFFF",
    "muted": "#E6E6E6",
    "line": "#8C8C8C",
    "edge": "#FFD400",
    "action": "#FFD400",
    "on_action": "#000000",
    "action_down": "#FFEC8A",
    "accent": "#FFD400",
    "number": "#FFFFFF",
    "hero": "#000000",
    "hero_edge": "#FFD400",
    "hero_down": "#4A3E00",
    "icon": "#FFD400",
    "down": "#4A3E00",
    "chosen": "#FFD400",
    "on_chosen": "#000000",
    "chosen_down": "#FFEC8A",
    "todo": "#6E6E6E",
    "focus": "#FFFFFF",
    "white": "#FFFFFF",
    "red": "#FF0000",  # this and the next two: of the pixel test alone
    "green": "#00FF00",
    "blue": "#0000FF",
    "black": "#000000",
    "plain": "#FFFFFF",
    "plain_soft": "#242424",
    "info": "#FFFFFF",
    "info_soft": "#242424",
    "ok": "#FFFFFF",
    "ok_soft": "#242424",
    "warn": "#FFFFFF",
    "warn_soft": "#242424",
    "stop": "#FFFFFF",
    "stop_soft": "#242424",
}
Colour = tuple[float, float, float, float]
Palette = Mapping[str, Colour]


def _palette(values: Mapping[str, str]) -> Palette:
    return MappingProxyType({name: _rgba(value) for name, value in values.items()})


def _rgba(value: str) -> Colour:
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue, 1.0)


_TONES = ("plain", "info", "ok", "warn", "stop")
_BRIGHT = {
    **_DARK,
    **dict.fromkeys(("paper", "surface", "on_action", "hero", "on_chosen"), "#FFFFFF"),
    **dict.fromkeys(("ink", "edge", "action", "accent", "number", "hero_edge", "icon", "chosen"), "#000000"),
    **dict.fromkeys(("action_down", "chosen_down"), "#333333"),
    **dict.fromkeys(("hero_down", "down"), "#D6D6D6"),
    **dict.fromkeys(_TONES, "#000000"),
    **dict.fromkeys((f"{tone}_soft" for tone in _TONES), "#F0F0F0"),
    "muted": "#1A1A1A",
    "line": "#6E6E6E",
    "todo": "#8C8C8C",
    "focus": "#0033CC",
}

PALETTES: Mapping[Contrast, Palette] = MappingProxyType(
    {"normal": _palette(_LIGHT), "dark": _palette(_DARK), "light": _palette(_BRIGHT)}
)

# What a finger on a pressable turns its colours into, at once.
PRESSED: Mapping[str, str] = MappingProxyType({
    "surface": "down", "paper": "down", "hero": "hero_down", "action": "action_down", "chosen": "chosen_down",
})  # fmt: skip


def soft(tone: Tone) -> str:
    """Return the name of a tone's ground colour."""
    return f"{tone}_soft"


@dataclass(frozen=True)
class Panel:
    """A display: its size in pixels and its true dots an inch; a setting, for SDL reports 96 for every panel."""

    width: int
    height: int
    dpi: float = 102.0

    @property
    def portrait(self) -> bool:
        return self.height >= self.width

    @property
    def sides_mm(self) -> tuple[float, float]:
        """The shorter and the longer side in mm."""
        short, long = sorted((self.width, self.height))
        return short * MM_PER_INCH / self.dpi, long * MM_PER_INCH / self.dpi

    @property
    def too_small(self) -> bool:
        """Say whether no citizen should have to use it, as 800 x 480 on 7 inches: some 7 x 4 targets of 20 mm."""
        return self.sides_mm[0] < CITIZEN_MM and min(self.width, self.height) < CITIZEN_PX

    @property
    def compact(self) -> bool:
        return self.sides_mm[0] < COMPACT_MM

    @property
    def least(self) -> float:
        """The smallest scale at which every size still is what it must be."""
        return COMPACT_LEAST if self.compact else LEAST

    @property
    def scale(self) -> float:
        """How much of the drawn sizes this panel takes: 1.0 on the page they were drawn for."""
        short, long = self.sides_mm
        return min(MOST, max(self.least, min(short / PAGE_MM[0], long / PAGE_MM[1])))


@dataclass(frozen=True)
class Scale:
    """Millimetres of the drawn page -> pixels of a panel. `k` scales type and marks, `air` the space between them."""

    dpi: float
    k: float = 1.0
    air: float = 1.0
    more: float = 1.0  # what type is multiplied by: large mode
    compact: bool = False

    def mm(self, length: float) -> int:
        """Return a length that is what it is, whatever the scale."""
        return round(length * self.dpi / MM_PER_INCH)

    def size(self, length: float, least: float = 0.0) -> int:
        """Return a drawn length scaled like type, never below `least` mm."""
        return self.mm(max(length * self.k, least))

    def space(self, length: float, least: float = 0.0) -> int:
        """Return a gap or padding."""
        return self.mm(max(length * self.k * self.air, least))

    def press(self, length: float) -> int:
        """Return the drawn side of a pressable, never below what a finger needs."""
        return self.size(length, self.finger)

    @property
    def tight(self) -> bool:
        """Say whether height is so short that what is tall by choice should be low."""
        return self.air <= TIGHT

    @property
    def tightest(self) -> bool:
        return self.air <= TIGHTEST

    @property
    def least(self) -> float:
        return COMPACT_LEAST if self.compact else LEAST

    @property
    def finger(self) -> float:
        """The least side of a main pressable in mm."""
        return (TOUCH_MM if self.compact else MAIN_TOUCH_MM) * self._yield

    @property
    def touch(self) -> float:
        """The least side of any pressable in mm."""
        return TOUCH_MM * self._yield

    @property
    def _yield(self) -> float:
        """Past every floor all sizes give way alike: better small than cut off."""
        return min(1.0, self.k / (self.least * CROWDED * 0.999))

    @property
    def smallest(self) -> int:
        """The least font size in px."""
        return math.ceil(SMALL_TYPE_MM * self._yield * self.dpi / MM_PER_INCH)

    def font(self, role: str) -> int:
        """Return the font size of a step of the type scale, in px."""
        step = TYPE[role]
        crowded = self.k < self.least * 0.999
        floor = (SMALL_TYPE_MM if step.small or self.compact or crowded else BODY_TYPE_MM) * self._yield
        return self.mm(max(step.mm * self.k, floor) * self.more)
