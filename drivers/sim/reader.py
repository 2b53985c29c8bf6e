"""The card reader's twin: a SAM_V reader on a real pseudo-terminal; cards are laid on it, and it can be unplugged."""

import random
import threading
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Literal, get_args

from drivers.sim.reader_card import SimCard
from drivers.sim.twin import PtyTwin

Condition = Literal[
    "ready", "offline", "silent", "lost-mid-job", "bad-checksum", "refused", "out-of-service", "split", "doubled",
    "babble",
]  # fmt: skip
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
_PREAMBLE = bytes.fromhex("aaaaaa9669")
_READ = "3001"


class SimReader(PtyTwin[Condition]):
    """A reader that finds the card that lies on it.

    As real ones do it answers "found" once a laying, and after that only while the card is asked for something.
    Conditions: `ready`; `offline` unplugs; `silent` hears and does not answer; `lost-mid-job` sends half of the next
    card and unplugs; `bad-checksum` spoils every second frame; `refused` cannot read the card; `out-of-service` has a
    broken security module; `split` sends every byte alone, `doubled` every frame twice; `babble` sends without end.
    """

    device = "a card reader"
    baud = 115200
    conditions = CONDITIONS

    def __init__(self, folder: Path | None = None, name: str = "reader", *, read_s: float = 0.0, seed: int = 1) -> None:
        super().__init__(folder, name)
        self._read_s = read_s
        self._random = random.Random(seed)  # noqa: S311 - photographs of nobody
        self._card: SimCard | None = None
        self._found = False
        self._selected = False
        self._frames = 0
        self._asked = 0
        self._lock = threading.Lock()
        self._begin()

    @property
    def occupied(self) -> bool:
        """Whether a card lies on it."""
        return self._card is not None

    @property
    def asked(self) -> int:
        """How many commands it has heard."""
        return self._asked

    def lay(self, card: SimCard) -> None:
        """Lay a card on it, instead of the one that lies there."""
        with self._lock:
            self._found = self._selected = False
            self._card = card

    def lift(self) -> None:
        """Take the card away."""
        with self._lock:
            self._card = None
            self._found = self._selected = False

    def _live(self) -> None:
        held = bytearray()
        while not self._closing.is_set():
            if self._condition == "babble":
                self._node.write(self._random.randbytes(200) + _PREAMBLE)
            if not self._node.heard(0.002 if self._condition == "babble" else 0.05):
                continue
            held += self._node.read()
            while (at := held.find(_PREAMBLE)) >= 0 and len(held) >= at + 7:
                end = at + 7 + int.from_bytes(held[at + 5 : at + 7], "big")
                if len(held) < end:
                    break
                command = bytes(held[at + 7 : end - 1])
                good = reduce(xor, held[at + 5 : end], 0) == 0
                del held[:end]
                self._hear(command, good=good)
            del held[:-64]

    def _hear(self, command: bytes, *, good: bool) -> None:
        self._asked += 1
        if self._condition in ("silent", "offline", "babble"):
            return
        if command.hex() == _READ:
            self._closing.wait(self._read_s)
        with self._lock:
            sw3, data = self._answer(command.hex()) if good else (0x10, b"")
        self._send(sw3, data, halved=self._condition == "lost-mid-job" and bool(data) and command.hex() == _READ)

    def _answer(self, command: str) -> tuple[int, bytes]:
        if self._condition == "out-of-service":
            return 0x66, b""
        match command:
            case "11ff":
                return 0x90, b""
            case "12ff":
                return 0x90, bytes.fromhex("05000100") + (20200101).to_bytes(4, "little") + bytes(8)
            case "2001":
                there = self._card is not None and not self._found
                self._found, self._selected = self._card is not None, self._selected and not there and self.occupied
                return (0x9F, bytes(4)) if there else (0x80, b"")
            case "2002":
                self._selected = self._card is not None and self._found
                return (0x90, bytes(8)) if self._selected else (0x81, b"")
            case "3001" | "3003":
                return self._tell(command, self._card if self._selected else None)
        return 0x24, b""

    def _tell(self, command: str, card: SimCard | None) -> tuple[int, bytes]:
        if card is None or self._condition == "refused":
            return 0x41, b""
        if command == _READ:
            return 0x90, b"\x01\x00\x04\x00" + card.text() + self._random.randbytes(1024)
        return (0x90, card.moved_to()) if card.newest_address else (0x91, b"")

    def _send(self, sw3: int, data: bytes, *, halved: bool) -> None:
        body = (len(data) + 4).to_bytes(2, "big") + b"\0\0" + bytes([sw3]) + data
        frame = _PREAMBLE + body + bytes([reduce(xor, body, 0)])
        self._frames += 1
        if halved:
            self._node.write(frame[: len(frame) // 2])
            self.condition("offline")
            return
        if self._condition == "bad-checksum" and self._frames % 2:
            frame = frame[:-1] + bytes([frame[-1] ^ 0xFF])
        if self._condition == "split":
            for byte in frame[:40]:
                self._node.write(bytes([byte]))
            frame = frame[40:]
        self._node.write(frame + frame if self._condition == "doubled" else frame)
