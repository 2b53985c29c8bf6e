"""A card that loses power: the sectors of p1 and of both slots, and the firmware that starts from what is left."""

from dataclasses import dataclass, field
from random import Random

from image.recipe.firmware import chosen
from kiosk.ops.update import autoboot, fat
from kiosk.ops.update.autoboot import SLOTS, Slot
from kiosk.ops.update.fat import SECTOR

P1 = 64 << 20
BLOCKS = 6
"""Blocks of one slot: what counts is that it is half written between the first and the last."""


class Cut(Exception):
    """The power went."""


@dataclass
class Power:
    """Counts what is done to the card and goes off before a chosen deed."""

    off_at: int | None = None
    deeds: int = 0

    def tick(self) -> None:
        if self.off_at == self.deeds:
            raise Cut
        self.deeds += 1


@dataclass
class Sectors:
    """A partition by its sectors. What is not synced may be on it after a cut or not, sector by sector.

    With `honest` false a sync does nothing: the negative control. A `worn` one takes writes and forgets them.
    """

    power: Power
    size: int
    honest: bool = True
    worn: bool = False
    durable: dict[int, bytes] = field(default_factory=dict)
    pending: list[tuple[int, bytes]] = field(default_factory=list)
    cache: dict[int, bytes] = field(default_factory=dict)

    def read(self, at: int, size: int) -> bytes:
        first, last = at // SECTOR, (at + size - 1) // SECTOR
        content = b"".join(self._sector(number) for number in range(first, last + 1))
        return content[at - first * SECTOR :][:size]

    def write(self, at: int, data: bytes) -> None:
        assert at % SECTOR == 0 == len(data) % SECTOR
        for start in range(0, len(data), SECTOR):
            number, content = at // SECTOR + start // SECTOR, data[start : start + SECTOR]
            if self.worn or content == self._sector(number):
                continue
            self.power.tick()
            self.pending.append((number, content))
            self.cache[number] = content

    def sync(self) -> None:
        self.power.tick()
        if self.honest:
            self.durable.update(dict(self.pending))
            self.pending = []

    def cut(self, random: Random) -> None:
        """Each write that was not synced happened or did not; those of one sector in their order."""
        self.durable.update({number: content for number, content in self.pending if random.random() < 0.5})
        self.pending, self.cache = [], dict(self.durable)

    def _sector(self, number: int) -> bytes:
        return self.cache.get(number, bytes(SECTOR))


@dataclass
class Kept:
    """Files of the data partition, each whole: `write_whole` is tested where it stands."""

    power: Power
    files: dict[str, bytes] = field(default_factory=dict)
    name: str = "slots.json"

    def load(self) -> bytes | None:
        return self.files.get(self.name)

    def store(self, content: bytes) -> None:
        self.power.tick()
        self.files[self.name] = content
        self.power.tick()

    def under(self, name: str) -> "Kept":
        """Another file of the same partition."""
        return Kept(self.power, self.files, name)


class Card:
    """p1, both slots and the data partition. Slot A holds release 0 of a fresh card, and so does B."""

    def __init__(self, power: Power | None = None, *, honest: bool = True) -> None:
        self.power = power or Power()
        self.p1 = Sectors(self.power, P1, honest)
        self.slots: dict[Slot, Sectors] = {slot: Sectors(self.power, BLOCKS * SECTOR) for slot in SLOTS}
        self.data = Kept(self.power)
        fat.lay_out(self.p1, autoboot.text("A"))
        for slot in SLOTS:
            self.install(slot, 0)
        self.p1.durable.update(dict(self.p1.pending))
        self.p1.pending = []

    def install(self, slot: Slot, release: int) -> None:
        """What RAUC does to a slot: write all of it, then wait for the card."""
        sectors = self.slots[slot]
        for block in range(BLOCKS):
            sectors.write(block * SECTOR, _block(release, block))
        sectors.sync()

    def release(self, slot: Slot) -> int | None:
        """Which release a slot holds whole; None for one that does not start."""
        content = [self.slots[slot].read(block * SECTOR, SECTOR) for block in range(BLOCKS)]
        number = int.from_bytes(content[0][:4], "big")
        return number if content == [_block(number, block) for block in range(BLOCKS)] else None

    def boots(self, *, trial: bool = False) -> Slot:
        """The slot that the firmware takes; without a readable autoboot.txt the first partition that has firmware."""
        file = fat.find(self.p1)
        words = self.p1.read(file.at, file.size).decode("ascii", "replace") if file is not None else ""
        number = chosen(words, trial)
        return next((slot for slot in SLOTS if autoboot.BOOT[slot] == number), "A")

    def lose_power(self, random: Random) -> None:
        """Everything volatile is gone."""
        self.p1.cut(random)
        for sectors in self.slots.values():
            sectors.cut(random)


def _block(release: int, block: int) -> bytes:
    return (release.to_bytes(4, "big") + block.to_bytes(4, "big")).ljust(SECTOR, b"\xa5")
