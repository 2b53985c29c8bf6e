"""autoboot.txt: which slot the firmware starts, and which one on trial; one sector, written whole in its place.

The firmware reads at most 512 bytes of it. A file that is exactly one sector long changes by a single write of that
sector: no table, no folder and no second name are touched, so that a power cut finds the old text or the new one.
"""

import os
from pathlib import Path
from typing import Literal

from kiosk.domain.errors import Refusal
from kiosk.ops.update.fat import SECTOR, Volume, find, lay_out

Slot = Literal["A", "B"]
SLOTS: tuple[Slot, ...] = ("A", "B")
BOOT: dict[Slot, int] = {"A": 2, "B": 3}
"""The boot partition of each slot (image/partitions/card.cfg)."""
SYSTEM: dict[Slot, int] = {"A": 5, "B": 6}
"""The system partition of each slot."""


def other(slot: Slot) -> Slot:
    """The slot beside this one."""
    return "B" if slot == "A" else "A"


def text(primary: Slot) -> bytes:
    """The whole file, one sector long: an ordinary start takes `primary`, a trial the other one."""
    words = f"[all]\ntryboot_a_b=1\nboot_partition={BOOT[primary]}\n[tryboot]\nboot_partition={BOOT[other(primary)]}\n"
    return words.encode().ljust(SECTOR, b"\n")


def read(volume: Volume) -> Slot | None:
    """The slot of an ordinary start; None where the file is not one of the two that we write."""
    file = find(volume)
    if file is None or file.size != SECTOR:
        return None
    content = volume.read(file.at, SECTOR)
    return next((slot for slot in SLOTS if text(slot) == content), None)


def write(volume: Volume, primary: Slot) -> None:
    """Have an ordinary start take this slot; durable when it returns. Refusal if the card did not keep it."""
    file = find(volume)
    if file is not None and file.size == SECTOR:
        volume.write(file.at, text(primary))
        volume.sync()
    else:
        lay_out(volume, text(primary))
    if read(volume) != primary:
        raise Refusal("the card does not keep what is written to it; replace it")


class Device:
    """A partition as a file: the block device, or an image of it."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise Refusal(f"{path} cannot be opened ({(error.strerror or str(error)).lower()})") from error
        self.size = os.lseek(self._file, 0, os.SEEK_END)

    def read(self, at: int, size: int) -> bytes:
        """Read so many bytes, from the card where it can be helped and not from memory."""
        os.posix_fadvise(self._file, at, size, os.POSIX_FADV_DONTNEED)
        return os.pread(self._file, size, at)

    def write(self, at: int, data: bytes) -> None:
        """Write all of it."""
        while data:
            done = os.pwrite(self._file, data, at)
            at, data = at + done, data[done:]

    def sync(self) -> None:
        """Wait until it is on the card."""
        os.fsync(self._file)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._file)
