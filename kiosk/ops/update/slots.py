"""The two slots of the card as RAUC asks for them: which starts, which is tried, which is not to be started."""

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from kiosk.domain.errors import Refusal
from kiosk.ops.files import make_folder, write_whole
from kiosk.ops.update import autoboot
from kiosk.ops.update.autoboot import SLOTS, Slot, other
from kiosk.ops.update.fat import Volume

FILE = "slots.json"
Condition = Literal["good", "bad"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Record:
    """What the data partition knows: a copy of autoboot.txt's word, the slot to be tried, slots not to be started."""

    primary: Slot
    armed: Slot | None = None
    bad: tuple[Slot, ...] = ()


class Keeper(Protocol):
    """Keeps a record: after a power cut the old one or the new one is there, whole."""

    def load(self) -> bytes | None: ...
    def store(self, content: bytes) -> None: ...


class Folder:
    """A keeper in a folder of the data partition."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> bytes | None:
        """What was stored last; None where nothing was, or nothing can be read."""
        try:
            return (self._folder / FILE).read_bytes()
        except OSError:
            return None

    def store(self, content: bytes) -> None:
        """Store it, whole."""
        write_whole(make_folder(self._folder) / FILE, content)


@dataclass(frozen=True)
class Start:
    """What a start of the machine found: the slot that runs, whether on trial, and what had to be mended."""

    current: Slot
    primary: Slot
    trial: bool
    mended: str


class Slots:
    """The slots as seen from the one that runs. The one that the next start takes is never given away to be written."""

    def __init__(self, volume: Volume, keeper: Keeper, current: Slot) -> None:
        self._volume = volume
        self._keeper = keeper
        self.current = current

    def start(self) -> Start:
        """Mend what a power cut or a worn card left, each from the other copy; to be called at each start."""
        written, record = autoboot.read(self._volume), self._read()
        primary: Slot = written or (record.primary if record is not None else self.current)
        mended = ""
        if written is None:
            # The firmware has taken the first partition that it could start; what it should take is known here.
            autoboot.write(self._volume, primary)
            mended = "autoboot.txt was damaged and is mended"
            _log.error("%s: slot %s starts", mended, primary)
        if record is None or record.primary != primary:
            kept = record or _unknown(primary)
            armed = kept.armed if kept.armed != primary else None
            self._write(Record(primary, armed, tuple(slot for slot in kept.bad if slot != primary)))
        return Start(self.current, primary, self.on_trial, mended)

    @property
    def primary(self) -> Slot:
        """The slot that an ordinary start takes."""
        written = autoboot.read(self._volume)
        record = self._read()
        return written or (record.primary if record is not None else self.current)

    @property
    def armed(self) -> Slot | None:
        """The slot that is to be tried once."""
        return self._known().armed

    @property
    def on_trial(self) -> bool:
        """Whether this start is the trial of a new slot."""
        return self._known().armed == self.current != self.primary

    def condition(self, slot: Slot) -> Condition:
        """Whether a slot may be started."""
        return "bad" if slot in self._known().bad and slot != self.primary else "good"

    def set_primary(self, slot: Slot) -> None:
        """The slot that runs: it is taken from now on. The other one: it is tried once, at the next start."""
        if slot == self.current:
            self._commit()
        elif slot == self.primary:
            self._write(replace(self._known(), armed=None))
        else:
            record = self._known()
            self._write(replace(record, armed=slot, bad=tuple(one for one in record.bad if one != slot)))

    def set_condition(self, slot: Slot, condition: Condition) -> None:
        """Good: the slot that runs is taken from now on. Bad: it is not tried; Refusal for the one that starts next."""
        record = self._known()
        if condition == "good":
            if slot == self.current:
                self._commit()
            else:
                self._write(replace(record, bad=tuple(one for one in record.bad if one != slot)))
            return
        if slot == self.primary:
            if slot == self.current and other(slot) not in record.bad and record.armed is None:
                autoboot.write(self._volume, other(slot))
                self._write(Record(other(slot), None, (slot,)))
                return
            raise Refusal(f"slot {slot} starts next and nothing else would: it stays as it is")
        bad = tuple(one for one in SLOTS if one in record.bad or one == slot)
        self._write(replace(record, bad=bad, armed=None if record.armed == slot else record.armed))

    def disarm(self) -> None:
        """Nothing is to be tried."""
        record = self._known()
        if record.armed is not None:
            self._write(replace(record, armed=None))

    def _commit(self) -> None:
        if self.primary != self.current:
            autoboot.write(self._volume, self.current)
        self._write(Record(self.current, None, ()))

    def _known(self) -> Record:
        return self._read() or _unknown(self.primary)

    def _read(self) -> Record | None:
        try:
            told = json.loads(self._keeper.load() or b"")
            record = Record(told["primary"], told["armed"], tuple(told["bad"]))
        except (ValueError, TypeError, KeyError):
            return None
        known = {record.primary, *record.bad, record.armed or "A"} <= set(SLOTS)
        return record if known else None

    def _write(self, record: Record) -> None:
        content = {"primary": record.primary, "armed": record.armed, "bad": list(record.bad)}
        self._keeper.store(json.dumps(content).encode())


def _unknown(primary: Slot) -> Record:
    """Without a record nobody knows whether the other slot was being written: it is not started."""
    return Record(primary, None, (other(primary),))
