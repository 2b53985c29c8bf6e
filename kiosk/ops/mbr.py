"""Where the partitions of a card lie: its MBR with the chain of logical ones."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from kiosk.domain.errors import Refusal

SECTOR = 512
_EXTENDED = (0x05, 0x0F)
_MARK = b"\x55\xaa"
_MOST = 64


@dataclass(frozen=True)
class Extent:
    """Where a partition lies on the card, in bytes."""

    start: int
    size: int


def extents(card: BinaryIO) -> dict[int, Extent]:
    """Every partition by its number, logical ones from 5; Refusal for what is no card."""
    found: dict[int, Extent] = {}
    chain = 0
    for number, (kind, start, size) in enumerate(_rows(card, 0), start=1):
        if kind in _EXTENDED:
            chain = start
        elif kind:
            found[number] = Extent(start * SECTOR, size * SECTOR)
    number, at = 5, chain
    while at:
        (kind, start, size), (_, further, _), *_ = _rows(card, at)
        if kind:
            found[number] = Extent((at + start) * SECTOR, size * SECTOR)
        number, at = number + 1, chain + further if further else 0
        if number > _MOST:
            raise Refusal("the table of partitions goes round in a circle; take the card of the release again")
    return found


def _rows(card: BinaryIO, sector: int) -> list[tuple[int, int, int]]:
    """Kind, first sector and number of sectors of the four rows of a table."""
    card.seek(sector * SECTOR)
    table = card.read(SECTOR)
    if len(table) != SECTOR or table[510:] != _MARK:
        raise Refusal("there is no partition table where one should be; is this the card.img of a release?")
    return [struct.unpack_from("<4xB3xII", table, 446 + 16 * row) for row in range(4)]
