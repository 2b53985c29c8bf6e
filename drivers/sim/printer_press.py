"""The simulated print head: carries commands out on the strip of paper and knows what to answer to them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import segno
from PIL import Image

from drivers.sim.printer_commands import Character, Item, take
from drivers.sim.printer_glyphs import Glyphs
from drivers.sim.printer_strip import Strip

WITHOUT_TRACE = ("ESC *", "ESC (", "GS k", "FS p")
"""Known, and passed over without a trace on the paper."""
SPACING = 30
"""Dots from line to line after ESC 2, as on the printers copied here."""
INFO = {65: b"SIM 1.0", 66: b"KIOSK", 67: b"SIM-80", 68: b"0001", 69: b"CHINA GB18030"}


@dataclass
class _Style:
    """What ESC @ brings back."""

    kanji: bool = True
    wide: int = 1
    high: int = 1
    bold: bool = False
    align: int = 0
    spacing: int = SPACING
    module: int = 3
    level: str = "l"
    payload: bytes = b""


@dataclass
class Press:
    """Prints on `strip`. `reply` sends bytes to the host, `cut` is called after each cut, `paper` gives the GS r bits.

    `process_id`, `barrier`: whether it answers GS ( H and GS r. `unknown` collects commands that it does not know,
    `beeps` counts those of its beeper.
    """

    glyphs: Glyphs
    strip: Strip
    reply: Callable[[bytes], None] = lambda _data: None
    cut: Callable[[], None] = lambda: None
    paper: Callable[[], int] = lambda: 0
    auto: Callable[[int], None] = lambda _mask: None
    process_id: bool = True
    barrier: bool = True
    unknown: list[bytes] = field(default_factory=list)
    beeps: int = 0
    style: _Style = field(default_factory=_Style)

    def next(self, buffer: bytes) -> tuple[Item, int] | None:
        """The next command of the buffer and its length; None if more must come first."""
        return take(buffer, self.style.kanji) if buffer else None

    def do(self, item: Item) -> int:
        """Carry a command out; gives the dots that the paper moved."""
        if isinstance(item, Character):
            return self._character(item)
        if self._styled(item.name, item.data) or self._answered(item.name, item.data):
            return 0
        return self._printed(item.name, item.data)

    def reset(self) -> None:
        """ESC @: settings back, the line that waits thrown away, automatic status off."""
        self.style = _Style()
        self.strip.forget_line()
        self.auto(0)

    def _character(self, item: Character) -> int:
        style = self.style
        cell = self.glyphs.cell(item.char, item.wide)
        if style.bold:  # each dot is burnt a second time, one dot further
            fat = Image.new("1", cell.size)
            fat.paste(1, (0, 0), cell)
            fat.paste(1, (1, 0), cell)
            cell = fat
        if (style.wide, style.high) != (1, 1):
            cell = cell.resize((cell.width * style.wide, cell.height * style.high), Image.Resampling.NEAREST)
        return self.strip.put(cell, item.char, style.align, style.spacing)

    def _feed(self, dots: int) -> int:
        """A line that waits is printed first, without its own spacing."""
        moved = self.strip.feed_line(self.style.align, 0) if self.strip.waiting else 0
        return moved + self.strip.feed(dots)

    def _raster(self, data: bytes) -> int:
        mode, across, down = data[1], data[2] + 256 * data[3], data[4] + 256 * data[5]
        if not across or not down:
            return 0
        ink = Image.frombytes("1", (8 * across, down), data[6:])
        if mode & 3:
            ink = ink.resize((ink.width * (1 + (mode & 1)), ink.height * (1 + (mode >> 1 & 1))))
        return self.strip.picture(ink, self.style.align)

    def _extended(self, data: bytes) -> int:
        """GS ( k and GS ( H; the others are passed over by their length."""
        letter, body = chr(data[0]), data[3:]
        if letter == "k" and body[:1] == b"1":
            return self._symbol(body[1:2], body[2:])
        if letter == "H" and body[:2] == b"00" and self.process_id:
            self.reply(b"\x37\x22" + body[2:6] + b"\x00")
        elif letter != "k":
            self.unknown.append(b"GS ( " + data[:1])
        return 0

    def _symbol(self, function: bytes, data: bytes) -> int:
        """A QR code: 67 module size, 69 error correction, 80 store, 81 print."""
        match function:
            case b"C":
                self.style.module = max(1, min(16, data[0]))
            case b"E":
                self.style.level = "lmqh"[(data[0] - 48) % 4]
            case b"P":
                self.style.payload = data[1:]
            case b"Q" if self.style.payload:
                return self._draw_symbol()
        return 0

    def _draw_symbol(self) -> int:
        style = self.style
        code = segno.make(style.payload, error=style.level, boost_error=False, micro=False, mode="byte")
        rows = [bytearray(row) for row in code.matrix]
        small = Image.frombytes("L", (len(rows), len(rows)), bytes(255 * cell for row in rows for cell in row))
        size = len(rows) * style.module
        ink = small.resize((size, size), Image.Resampling.NEAREST).convert("1")
        return self.strip.picture(ink, style.align, f"[QR {style.payload.decode('utf-8', 'replace')}]")

    def _cut(self, data: bytes) -> int:
        moved = self.strip.feed_line(self.style.align, self.style.spacing) if self.strip.waiting else 0
        if len(data) > 1:
            moved += self.strip.feed(data[1])
        self.cut()
        return moved

    def _styled(self, name: str, data: bytes) -> bool:
        """Commands that change how the next characters look."""
        style = self.style
        match name:
            case "ESC 2":
                style.spacing = SPACING
            case "ESC 3":
                style.spacing = data[0]
            case "ESC E" | "ESC G":
                style.bold = bool(data[0] & 1)
            case "ESC a":
                style.align = data[0] % 48 if data[0] % 48 < 3 else 0
            case "ESC !":
                style.wide, style.high = 1 + (data[0] >> 5 & 1), 1 + (data[0] >> 4 & 1)
                style.bold = bool(data[0] & 8)
            case "FS &" | "FS .":
                style.kanji = name == "FS &"
            case "FS !":
                style.wide, style.high = 1 + (data[0] >> 2 & 1), 1 + (data[0] >> 3 & 1)
            case "GS !":
                style.wide, style.high = 1 + (data[0] >> 4 & 7), 1 + (data[0] & 7)
            case _:
                return False
        return True

    def _printed(self, name: str, data: bytes) -> int:
        """Commands that move paper or cut."""
        match name:
            case "0A":
                return self.strip.feed_line(self.style.align, self.style.spacing)
            case "ESC J":
                return self._feed(data[0])
            case "ESC d":
                return self._feed(data[0] * self.style.spacing)
            case "GS v":
                return self._raster(data)
            case "GS (":
                return self._extended(data)
            case "GS V" | "ESC i" | "ESC m":
                return self._cut(data)
            case "ESC @":
                self.reset()
            case "ESC B":
                self.beeps += 1
            case "ESC (" if data[:1] == b"A":
                self.beeps += 1
            case "unknown":
                self.unknown.append(data)
            case _ if name in WITHOUT_TRACE:
                self.unknown.append(name.encode())
        return 0

    def _answered(self, name: str, data: bytes) -> bool:
        """Commands that the host wants an answer to."""
        match name:
            case "GS a":
                self.auto(data[0])
            case "GS r" if self.barrier:
                self.reply(bytes([self.paper() if data[0] in (1, 49) else 0]))
            case "GS I":
                self.reply(b"\x5f" + INFO[data[0]] + b"\x00" if data[0] in INFO else b"\x00")
            case _:
                return False
        return True
