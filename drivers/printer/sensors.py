"""What the printer's answers mean: its sensors as last heard, and the one health word that follows from them."""

from dataclasses import dataclass

from drivers.printer.answers import Auto
from kiosk.domain.health import (
    CoverOpen,
    CutterFault,
    Health,
    Offline,
    Overheated,
    PaperLow,
    PaperOut,
    Ready,
    Unknown,
)

ASKED = (1, 2, 3, 4)
"""The four questions of DLE EOT: printer, cause of being offline, cause of an error, roll."""


@dataclass
class Sensors:
    """Each as last heard; `heard` holds the questions answered since the last `forget`, 0 for automatic status."""

    offline: bool = False
    cover: bool = False
    paper_out: bool = False
    paper_low: bool = False
    cutter: bool = False
    hot: bool = False
    broken: bool = False
    error: bool = False
    heard: frozenset[int] = frozenset()

    def forget(self) -> None:
        """Nothing is known any more: silence must not be taken for what was true before."""
        self.__init__()  # type: ignore[misc]

    def status(self, n: int, bits: int) -> None:
        """Take the answer to DLE EOT n."""
        match n:
            case 1:
                self.offline = bool(bits & 0x08)
            case 2:
                self.cover = bool(bits & 0x04)
                self.paper_out = bool(bits & 0x20)
                self.error = bool(bits & 0x40)
            case 3:
                self.broken = bool(bits & 0x24)
                self.cutter = bool(bits & 0x08)
                self.hot = bool(bits & 0x40)
            case _:
                self.paper_low = bool(bits & 0x0C)
                self.paper_out = self.paper_out or bool(bits & 0x60)
        self.heard |= {n}

    def auto(self, report: Auto) -> None:
        """Take an automatic report, which covers everything at once."""
        first, second, third, _ = report.bits
        self.offline = bool(first & 0x08)
        self.cover = bool(first & 0x20)
        self.broken = bool(second & 0x24)
        self.cutter = bool(second & 0x08)
        self.hot = bool(second & 0x40)
        self.error = False
        self.paper_low = bool(third & 0x03)
        self.paper_out = bool(third & 0x0C)
        self.heard |= {0}

    def trouble(self) -> Health | None:
        """What keeps it from printing, as far as heard; None if nothing does. The cause goes before its consequence."""
        if self.cover:
            return CoverOpen()
        if self.paper_out:
            return PaperOut()
        if self.cutter:
            return CutterFault()
        if self.hot:
            return Overheated()
        if self.broken or self.error:
            return Offline("the printer reports an error; switch it off and on, then call service")
        if self.offline:
            return Offline("the printer is switched offline; press its feed or online button")
        return None

    @property
    def passing(self) -> bool:
        """It only waits, and goes on by itself with the paper as it is: a hot head, a button that was touched."""
        if self.cover or self.paper_out or self.cutter or self.broken:
            return False
        return self.hot or (self.offline and not self.error)

    def health(self) -> Health:
        """The health that follows; Unknown unless all four questions, or an automatic report, were answered."""
        trouble = self.trouble()
        if trouble is not None:
            return trouble
        if 0 not in self.heard and not self.heard.issuperset(ASKED):
            return Unknown()
        return PaperLow() if self.paper_low else Ready()
