"""Finds the real-time commands in a byte stream as it arrives, in pieces of any size and in the middle of pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
ORDERS = re.compile(rb"\x10\x04[\x01-\x04]|\x10\x05\x02|" + re.escape(CLEAR))
Kind = Literal["status", "cancel", "clear"]


@dataclass(frozen=True)
class Order:
    """A real-time command; `n` is the question of DLE EOT. It ends where the bytes given with it end."""

    kind: Kind
    n: int = 0


class RealTime:
    """Remembers the beginning of a command that the last piece broke off."""

    def __init__(self) -> None:
        self._tail = b""

    def split(self, data: bytes) -> Iterator[tuple[bytes, Order | None]]:
        """Give the stream in pieces, each up to the end of an order, with that order; the last piece has none."""
        known = len(self._tail)
        seen = self._tail + data
        start = known
        for found in ORDERS.finditer(seen):
            if found.end() > known:
                yield seen[start : found.end()], _order(found[0])
                start = found.end()
        if start < len(seen):
            yield seen[start:], None
        self._tail = seen[-len(CLEAR) + 1 :]


def _order(data: bytes) -> Order:
    if data == CLEAR:
        return Order("clear")
    return Order("status", data[2]) if data[1] == 0x04 else Order("cancel")
