"""What one printer model can do, read from assets/printers/NAME.toml."""

import tomllib
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from kiosk.domain.printing import Confirmation
from kiosk.domain.table import Mistake, Table, did_you_mean
from kiosk.domain.toml_lines import locate

Mode = Literal["native", "raster"]
Charset = Literal["gb2312", "gbk", "gb18030"]
Cut = Literal["feed", "plain", "none"]
Clear = Literal["dc4", "enq"]
QrBy = Literal["native", "raster"]
Wanted = Literal["auto", "native", "raster"]
"""What a setting or a profile says of the mode; `auto` lets the line decide."""
Buzzer = Literal["none", "esc-b", "epson"]
W = TypeVar("W", bound=str)

WANTED: tuple[Wanted, ...] = get_args(Wanted)
BUZZERS: tuple[Buzzer, ...] = get_args(Buzzer)
CHARSETS: tuple[Charset, ...] = get_args(Charset)
CUTS: tuple[Cut, ...] = get_args(Cut)
CLEARS: tuple[Clear, ...] = get_args(Clear)
QR_BY: tuple[QrBy, ...] = get_args(QrBy)
CONFIRMATIONS: tuple[Confirmation, ...] = get_args(Confirmation)

CELL = 12
"""Dots of a half-width character; a Chinese one takes two cells, 24 x 24 dots."""


class ProfileError(ValueError):
    """A profile that cannot be used; its text is every mistake, one a line."""


@dataclass(frozen=True)
class Profile:
    """One model. Lengths in dots unless the name says mm.

    `charset`: which characters its own font has. `cut`: `feed` brings the paper to the cutter by itself, `plain` has
    to be fed there (`feed_mm`). `confirm`: how it can tell that paper came out, best first; empty if it cannot.
    `clear`: by which command it drops what it holds: `dc4` answers, `enq` does not. `source`: where this was read.
    """

    name: str
    title: str
    source: str
    width: int
    dots_per_mm: float
    charset: Charset
    qr: QrBy
    cut: Cut
    feed_mm: float
    confirm: tuple[Confirmation, ...]
    clear: tuple[Clear, ...]
    auto_status: bool
    motion_units: bool
    mode: Wanted
    speed_mm_s: float
    band: int
    buzzer: Buzzer

    @property
    def columns(self) -> int:
        """Half-width characters in a line."""
        return self.width // CELL

    def dots(self, mm: float) -> int:
        """Millimetres as dots of this model's head."""
        return round(mm * self.dots_per_mm)


def parse_profile(name: str, text: str) -> Profile:
    """Read a profile; ProfileError names all mistakes with their lines."""
    found: list[Mistake] = []
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{name}.toml: this is no TOML: {error}") from error
    table = Table(data, (), f"{name}.toml", locate(text), found)
    profile = Profile(
        name=name,
        title=table.text("title", required=True),
        source=table.text("source", required=True),
        width=table.number("width", 576, 200, 1300),
        dots_per_mm=_real(table, "dots_per_mm", 8.0, 5.0, 24.0),
        charset=_word(table, "charset", CHARSETS, "gb2312"),
        qr=_word(table, "qr", QR_BY, "native"),
        cut=_word(table, "cut", CUTS, "feed"),
        feed_mm=_real(table, "feed_mm", 4.0, 0.0, 60.0),
        confirm=_words(table, "confirm", CONFIRMATIONS),
        clear=_words(table, "clear", CLEARS),
        auto_status=table.flag("auto_status", False),
        motion_units=table.flag("motion_units", False),
        mode=_word(table, "mode", WANTED, "auto"),
        speed_mm_s=_real(table, "speed_mm_s", 90.0, 10.0, 600.0),
        band=table.number("band", 96, 8, 128),
        buzzer=_word(table, "buzzer", BUZZERS, "none"),
    )
    table.close("part of a printer profile")
    if profile.width % 8:
        table.mistake("width must be a multiple of 8 dots", "width")
    if found:
        raise ProfileError("\n".join(str(mistake) for mistake in sorted(found)))
    return profile


def _real(table: Table, key: str, fallback: float, low: float, high: float) -> float:
    value = table.raw(key)
    if value is None:
        return fallback
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    table.mistake(f"{key} must be a number from {low:g} to {high:g}, not {value!r:.40}", key)
    return fallback


def _word(table: Table, key: str, choices: tuple[W, ...], fallback: W) -> W:
    found = table.one_of(key, choices, fallback)
    return next(choice for choice in choices if choice == found)


def _words(table: Table, key: str, choices: tuple[W, ...]) -> tuple[W, ...]:
    found = table.texts(key)
    for word in found:
        if word not in choices:
            table.mistake(f"{key} cannot hold {word!r:.40}{did_you_mean(word, choices)}", key)
    return tuple(choice for word in found for choice in choices if choice == word)
