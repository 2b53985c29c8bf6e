"""The ticket of these stories, and how to count its papers."""

import threading
from collections.abc import Callable

from drivers.printer.printer import EscposPrinter
from drivers.sim.printer import SimPrinter
from kiosk.domain.paper import Paper

STATUS_URL = "https://status.example.org/t/abcdefghijklmnopqrstuv"
VOID = "以上作废"
TICKET: dict[str, object] = {
    "branch": "中心花坛邮政支局",
    "label": "B012",
    "service": "补领机动车号牌",
    "ahead": 3,
    "wait": "10–20",
    "documents": ["身份证原件", "未丢失的号牌"],
    "fee": "100 元（一副）",
    "missed_minutes": 60,
    "status_url": STATUS_URL,
    "issued_at": "2026-11-22 10:42:08",
    "kiosk_seq": "K1-0017",
}
LAST_WORDS = "K1-0017"
"""What stands at the very end of a ticket: a paper that has it is whole."""

Start = Callable[..., SimPrinter]
Connect = Callable[..., EscposPrinter]
Ticket = Callable[[str], Paper]


def whole(sim: SimPrinter, label: str) -> int:
    """How many whole, valid papers with a label have come out."""
    texts = [paper.text for paper in sim.papers]
    return sum(f"\n{label}\n" in text and LAST_WORDS in text and VOID not in text for text in texts)


def changed_roll(sim: SimPrinter, seconds: float = 1.2, condition: str = "paper-out") -> None:
    """Wait for the roll to end, or for another condition, and mend it in so many seconds."""
    pause = threading.Event()
    while sim.present != condition:
        pause.wait(0.01)
    pause.wait(seconds)
    sim.clear()
