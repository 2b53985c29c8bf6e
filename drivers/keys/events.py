"""Input events as the kernel hands them out, read without a library: two times, type, code, value.

Source: linux/input.h and linux/input-event-codes.h. The kernel gives whole records; a pipe or a terminal may not.
"""

import struct
from dataclasses import dataclass

RECORD = struct.Struct("@llHHi")
EV_SYN, EV_KEY, EV_SW = 0, 1, 5
SYN_DROPPED = 3
SW_HEADPHONE_INSERT = 2
UP, DOWN, HELD = 0, 1, 2


@dataclass(frozen=True)
class Input:
    """One key or switch that changed: `value` is DOWN, UP or HELD. Or LOST."""

    kind: int
    code: int
    value: int


LOST = Input(EV_SYN, SYN_DROPPED, 0)
"""Events came faster than they were fetched and the kernel threw some away: which ones, nobody knows."""


class Records:
    """Cuts bytes into events; a record that came in parts waits for its rest. Other kinds of events are left out."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Input]:
        """Take bytes; give the events that they complete."""
        data = self._rest + data
        whole = len(data) - len(data) % RECORD.size
        self._rest = data[whole:]
        found = (Input(*fields[2:]) for fields in RECORD.iter_unpack(data[:whole]))
        return [
            each for each in found if each == LOST or (each.kind in (EV_KEY, EV_SW) and each.value in (UP, DOWN, HELD))
        ]


def pack(event: Input, at: float = 0.0) -> bytes:
    """An event as the kernel would write it."""
    return RECORD.pack(int(at), int(at % 1 * 1_000_000), event.kind, event.code, event.value)
