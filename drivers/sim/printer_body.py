"""The simulated printer without its line: receive buffer, print head, sensors and the pile of cut papers."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drivers.sim.printer_commands import Command
from drivers.sim.printer_glyphs import Glyphs
from drivers.sim.printer_press import Press
from drivers.sim.printer_realtime import Order
from drivers.sim.printer_state import HOLDING, LATE_S, STUCK, Condition, flattery, paper_bits, report, status
from drivers.sim.printer_strip import Strip

CUTS = ("GS V", "ESC i", "ESC m")
CUT_S = 0.02
"""The cutter's time, where printing takes time at all."""


@dataclass(frozen=True)
class SimPaper:
    """One paper that was cut off: its number from 1, its picture, its text, and the bytes that made it."""

    n: int
    png: Path
    text: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Make:
    """What kind of printer it is. `speed` in mm/s, 0 prints at once; `buffer` in bytes.

    `answers`: which of `status`, `barrier`, `process-id`, `auto`, `clear` it can do.
    """

    width: int = 576
    dots_per_mm: float = 8.0
    speed: float = 1500.0
    buffer: int = 65536
    answers: frozenset[str] = frozenset({"status", "barrier", "process-id", "auto", "clear"})


class Body:
    """Prints what it holds in a thread of its own. `send` is where its answers go; None while nobody is connected."""

    def __init__(self, out: Path, font: Path, make: Make) -> None:
        self.make = make
        self.papers: list[SimPaper] = []
        self.send: Callable[[bytes], None] | None = None
        self.lost_at_cut = False
        self._out = out
        self._torn = 0
        self._raw = bytearray()
        self._held = bytearray()
        self._now: Condition = "ready"
        self._later: tuple[Condition, int] | None = None
        self._auto = 0
        self._debt = 0.0
        self._stopping = False
        self._change = threading.Condition(threading.RLock())
        self.press = Press(
            Glyphs(font),
            Strip(make.width),
            reply=self._reply,
            cut=self._cut,
            paper=lambda: paper_bits(self._now),
            auto=self._set_auto,
            process_id="process-id" in make.answers,
            barrier="barrier" in make.answers,
        )
        self._thread = threading.Thread(target=self._print, name="sim-printer", daemon=True)

    def start(self) -> None:
        """Start printing."""
        (self._out / "torn").mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def stop(self) -> None:
        """Switch it off; what it holds is lost."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join()

    @property
    def now(self) -> Condition:
        """Its condition."""
        return self._now

    @property
    def held(self) -> int:
        """Bytes received and not yet printed."""
        return len(self._held)

    def condition(self, word: Condition, after: int | None = None) -> None:
        """Put it into a condition, at once or when `after` more bytes of jobs have been worked up."""
        with self._change:
            if after is not None:
                self._later = (word, after)
                return
            self._later = None
            before, self._now = self._now, word
            if before == "paper-out" and word not in HOLDING:
                self._tear()
            if before != word and self._auto:
                self._reply(report(word))
            self._change.notify_all()

    def wait_for_paper(self, n: int, timeout: float = 5.0) -> SimPaper:
        """Wait until paper `n` (from 1) is cut; TimeoutError if it is not."""
        with self._change:
            if not self._change.wait_for(lambda: len(self.papers) >= n, timeout):
                raise TimeoutError(f"paper {n} was not printed; there are {len(self.papers)}")
            return self.papers[n - 1]

    def receive(self, data: bytes, order: Order | None) -> None:
        """Take bytes; `order` is the real-time command that they end with. Waits while the buffer is full."""
        with self._change:
            if self._now == "always-fine":
                self._reply(flattery(data))
                data = b""
            while data:
                self._change.wait_for(lambda: self._stopping or self._room() > 0)
                if self._stopping:
                    return
                room = self._room()
                self._held += data[:room]
                data = data[room:]
                self._change.notify_all()
            if order is not None:
                self._obey(order)
            self._change.notify_all()

    def _room(self) -> int:
        """Bytes that fit; a picture larger than the buffer is taken as it is printed, piece by piece."""
        starved = self._now not in HOLDING and self._work() is None
        return max(self.make.buffer - len(self._held), 1024 if starved else 0)

    def _obey(self, order: Order) -> None:
        match order.kind:
            case "status":
                if "status" in self.make.answers:
                    self._reply(bytes([status(self._now, order.n)]))
            case "cancel" if self._now in HOLDING:
                self._drop()
            case "clear" if "clear" in self.make.answers:
                self._drop()
                self._reply(b"\x37\x25\x00")

    def _drop(self) -> None:
        """Throw away all that is held, and the line that waits; what is on the paper already stays there."""
        auto = self._auto
        self._held.clear()
        self._raw.clear()
        self.press.reset()
        self._auto = auto

    def _print(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._stopping or self._work() is not None)
                if self._stopping:
                    return
                moved = self._one()
            self._take_time(moved)

    def _work(self) -> int | None:
        """Length of the next command, if there is one and nothing holds it."""
        if self._now in HOLDING or not self._held:
            return None
        found = self.press.next(bytes(self._held[: 1 << 17]))
        return None if found is None else found[1]

    def _one(self) -> int:
        found = self.press.next(bytes(self._held[: 1 << 17]))
        if found is None:
            return 0
        item, length = found
        if self.lost_at_cut and isinstance(item, Command) and item.name in CUTS and self.press.strip.inked:
            self.lost_at_cut = False
            self._held.clear()
            self.condition("lost-mid-job")
            return 0
        self._raw += self._held[:length]
        real_time = self._held[0] == 0x10
        del self._held[:length]
        moved = self.press.do(item)
        self._change.notify_all()
        if self._later is not None and not real_time:
            word, left = self._later
            self._later = (word, left - length)
            if left <= length:
                self.condition(word)
        return moved

    def _take_time(self, moved: int) -> None:
        if self.make.speed <= 0 or not moved:
            return
        self._debt += moved / self.make.dots_per_mm / self.make.speed
        if self._debt > 0.002:
            time.sleep(self._debt)
            self._debt = 0.0

    def _cut(self) -> None:
        data = bytes(self._raw)
        self._raw.clear()
        if not self.press.strip.inked:
            self.press.strip.taken()
            return
        image, text = self.press.strip.taken()
        n = len(self.papers) + 1
        png = self._out / f"{n:04d}.png"
        image.save(png)
        png.with_suffix(".txt").write_text(text, "utf-8")
        png.with_suffix(".bin").write_bytes(data)
        self.papers.append(SimPaper(n, png, text, data))
        self._debt += CUT_S if self.make.speed > 0 else 0.0

    def _tear(self) -> None:
        """Whoever loads a roll tears off what hangs there."""
        if not self.press.strip.inked:
            return
        image, text = self.press.strip.taken()
        self._torn += 1
        file = self._out / "torn" / f"{self._torn:04d}.png"
        image.save(file)
        file.with_suffix(".txt").write_text(text, "utf-8")

    def _set_auto(self, mask: int) -> None:
        self._auto = mask if "auto" in self.make.answers else 0
        if self._auto:
            self._reply(report(self._now))

    def _reply(self, data: bytes) -> None:
        if self.send is None or not data or self._now in STUCK or self._now in ("silent", "lost-mid-job"):
            return
        if self._now == "late":
            threading.Timer(LATE_S, self._send_late, (self.send, data)).start()
        else:
            self.send(data)

    def _send_late(self, line: Callable[[bytes], None], data: bytes) -> None:
        """An answer whose connection has ended meanwhile is nobody's."""
        if self.send is line:
            line(data)
