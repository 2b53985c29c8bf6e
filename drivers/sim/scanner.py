"""The scanner's twin: a real pseudo-terminal that carries the bytes of a USB-CDC scanner, and can be unplugged."""

import threading
from pathlib import Path
from typing import Literal, get_args

from drivers.sim.twin import PtyTwin

Condition = Literal["ready", "offline", "silent", "lost-mid-job", "stuck", "flood"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)

STUCK_S = 0.05
"""A stuck trigger reads the same code this often."""
FLOOD_S = 0.005
"""A flood has no gap that could pass for the end of a message."""


class SimScanner(PtyTwin[Condition]):
    """A scanner that scans what it is told.

    Conditions: `ready`; `offline` unplugs; `silent` swallows scans; `lost-mid-job` sends half of the next scan and
    unplugs; `stuck` repeats the last scan for ever; `flood` sends without end.
    """

    device = "a scanner"
    baud = 9600
    conditions = CONDITIONS

    def __init__(self, folder: Path | None = None, name: str = "scanner") -> None:
        super().__init__(folder, name)
        self._lock = threading.Lock()
        self._last = b"\r"
        self._heard = bytearray()
        self._sent = 0
        self._begin()

    @property
    def heard(self) -> bytes:
        """What the kiosk has sent to it: trigger commands, at most the last 4 KB."""
        with self._lock:
            return bytes(self._heard)

    @property
    def sent(self) -> int:
        """How many scans went out on the wire."""
        return self._sent

    def scan(self, text: str | bytes, terminator: bytes = b"\r", aim: str = "") -> bool:
        """Scan a code; False when nothing went out, because it is unplugged or silent. Text goes out as UTF-8."""
        payload = text.encode() if isinstance(text, str) else text
        data = aim.encode("ascii") + payload + terminator
        self._last = data
        match self._condition:
            case "offline" | "silent":
                return False
            case "lost-mid-job":
                self._node.write(data[: max(1, len(data) // 2)])
                self.condition("offline")
                return False
            case _:
                whole = self._node.write(data)
                self._sent += whole
                return whole

    def _live(self) -> None:
        """Hear what the kiosk says, so that its writes never block, and misbehave where told to."""
        while not self._closing.wait(FLOOD_S if self._condition == "flood" else STUCK_S):
            with self._lock:
                self._heard += self._node.read()
                del self._heard[:-4096]
            if self._condition == "stuck":
                self._node.write(self._last)
            elif self._condition == "flood":
                self._node.write(b"0123456789" * 100)
