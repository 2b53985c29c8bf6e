"""Finds the one sector of autoboot.txt on its FAT partition, and lays that partition out anew where it is ruined."""

import struct
from dataclasses import dataclass
from typing import Protocol

SECTOR = 512
NAME = b"AUTOBOOTTXT"
LABEL = b"AUTOBOOT   "
SERIAL = 0x4B494F01
_ENTRY = 32
_CLUSTER_SECTORS = 4
_RESERVED = 4
_ROOT_ENTRIES = 512
_LEAST_16, _LEAST_32 = 4085, 65525
"""FAT12 has fewer clusters than the first number, FAT32 at least as many as the second."""
_ARCHIVE, _VOLUME, _LONG = 0x20, 0x08, 0x0F


class Volume(Protocol):
    """A partition. What was written is on it for good once `sync` has come back."""

    @property
    def size(self) -> int: ...
    def read(self, at: int, size: int) -> bytes: ...
    def write(self, at: int, data: bytes) -> None: ...
    def sync(self) -> None: ...


@dataclass(frozen=True)
class File:
    """Where the first sector of a file lies (byte), and how long its directory says that it is (bytes)."""

    at: int
    size: int


def find(volume: Volume) -> File | None:
    """The file autoboot.txt in the root folder; None where there is none, or no FAT."""
    head = volume.read(0, SECTOR)
    if len(head) != SECTOR or head[510:] != b"\x55\xaa":
        return None
    sector, per_cluster, reserved, fats, entries, few, _, short = struct.unpack_from("<HBHBHHBH", head, 11)
    many, wide, _, _, root_cluster = struct.unpack_from("<IIHHI", head, 32)
    if sector != SECTOR or not per_cluster or not fats or not reserved:
        return None
    folder = reserved + fats * (short or wide)
    data = folder + (entries * _ENTRY + SECTOR - 1) // SECTOR
    clusters = ((few or many) - data) // per_cluster
    if clusters <= 0:
        return None
    # FAT32 keeps its root folder in clusters; with a single file it never has a second one.
    start, count = (folder, data - folder) if entries else (data + (root_cluster - 2) * per_cluster, per_cluster)
    for at in range(start * SECTOR, (start + count) * SECTOR, _ENTRY):
        entry = volume.read(at, _ENTRY)
        if len(entry) < _ENTRY or entry[0] == 0:
            return None
        if entry[:11] == NAME and entry[11] != _LONG and not entry[11] & _VOLUME:
            high, low, size = struct.unpack_from("<H4xHI", entry, 20)
            cluster = low | (high << 16 if not entries else 0)
            if not 2 <= cluster < clusters + 2:
                return None
            return File((data + (cluster - 2) * per_cluster) * SECTOR, size)
    return None


def lay_out(volume: Volume, content: bytes) -> None:
    """Make the partition a FAT16 that holds autoboot.txt (one sector) and nothing else; durable when it returns."""
    if len(content) != SECTOR:
        raise ValueError("autoboot.txt is one sector long")
    total = volume.size // SECTOR
    folder_sectors = _ROOT_ENTRIES * _ENTRY // SECTOR
    table = (2 * (total // _CLUSTER_SECTORS + 2) + SECTOR - 1) // SECTOR
    folder = _RESERVED + 2 * table
    data = folder + folder_sectors
    if not _LEAST_16 <= (total - data) // _CLUSTER_SECTORS < _LEAST_32:
        raise ValueError("a partition of this size is no FAT16 with clusters of 2 KiB")
    boot = bytearray(SECTOR)
    boot[:11] = b"\xeb\x3c\x90KIOSK   "
    few, many = (total, 0) if total < 0x10000 else (0, total)
    struct.pack_into("<HBHBHHBHHHII", boot, 11, SECTOR, _CLUSTER_SECTORS, _RESERVED, 2, _ROOT_ENTRIES, few, 0xF8,
                     table, 32, 2, 0, many)  # fmt: skip
    struct.pack_into("<BBBI11s8s", boot, 36, 0x80, 0, 0x29, SERIAL, LABEL, b"FAT16   ")
    boot[510:] = b"\x55\xaa"
    chain = bytearray(table * SECTOR)
    struct.pack_into("<HHH", chain, 0, 0xFFF8, 0xFFFF, 0xFFFF)
    names = bytearray(folder_sectors * SECTOR)
    struct.pack_into("<11sB", names, 0, LABEL, _VOLUME)
    struct.pack_into("<11sB14xHI", names, _ENTRY, NAME, _ARCHIVE, 2, SECTOR)
    # The boot sector last: until then there is no file system that says something wrong.
    volume.write(0, bytes(SECTOR))
    volume.sync()
    for sector, part in ((_RESERVED, chain), (_RESERVED + table, chain), (folder, names), (data, content)):
        volume.write(sector * SECTOR, bytes(part))
    volume.sync()
    volume.write(0, bytes(boot))
    volume.sync()
