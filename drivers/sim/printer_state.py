"""The simulated printer's condition, and how its status bits tell of it."""

import re
from typing import Literal, get_args

Condition = Literal[
    "ready", "paper-low", "paper-out", "cover-open", "cutter-fault", "overheated", "offline", "unknown",
    "silent", "lost-mid-job", "late", "always-fine", "echo", "never-reads", "holds-socket",
]  # fmt: skip
"""The health words, two faults, and five kinds of malice. `offline`: switched off-line at its button, it says so and
holds jobs. `unknown`: hung, it takes a connection and does nothing more. `silent`: it prints and never says anything.
`lost-mid-job`: its line breaks at the cut, or after so many bytes, and stays away. `late`: each answer takes LATE_S.
`always-fine`: it swallows everything and says that all is well, with a process id of its own. `echo`: a line that
gives back what it gets. `never-reads`: it answers no more and takes no more. `holds-socket`: it goes on with a
connection that is long gone, and accepts no other."""
LATE_S = 0.6
"""Longer than anybody waits for one answer."""
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
HOLDING: frozenset[Condition] = frozenset(
    {"paper-out", "cover-open", "cutter-fault", "overheated", "offline", "unknown", "never-reads", "holds-socket"}
)
"""Nothing is printed; what arrives is held, and comes out when the condition ends."""
STUCK: frozenset[Condition] = frozenset({"unknown", "never-reads", "holds-socket"})
"""Its line's processor does nothing any more."""
SWALLOWED = re.compile(rb"\x1dr[\x01\x31]|\x1d\(H\x06\x0000....", re.DOTALL)


def flattery(data: bytes) -> bytes:
    """What an always fine printer says to the questions in a stream that it throws away."""
    return b"".join(b"\x00" if found[0][1:2] == b"r" else b"\x37\x221234\x00" for found in SWALLOWED.finditer(data))


def condition(word: str) -> Condition:
    """The condition of a name; ValueError names the known ones."""
    for known in CONDITIONS:
        if known == word:
            return known
    raise ValueError(f"a printer has no condition {word!r:.40}; known are {', '.join(CONDITIONS)}")


def status(now: Condition, n: int) -> int:
    """The answer to DLE EOT n."""
    bits = 0x12
    match n:
        case 1:
            bits |= 0x08 if now in HOLDING else 0
        case 2:
            bits |= {"cover-open": 0x04, "paper-out": 0x20, "cutter-fault": 0x40, "overheated": 0x40}.get(now, 0)
        case 3:
            bits |= {"cutter-fault": 0x08, "overheated": 0x40}.get(now, 0)
        case _:
            bits |= {"paper-low": 0x0C, "paper-out": 0x6C}.get(now, 0)
    return bits


def report(now: Condition) -> bytes:
    """The four bytes of automatic status back."""
    first = 0x10 | (0x08 if now in HOLDING else 0) | (0x20 if now == "cover-open" else 0)
    second = {"cutter-fault": 0x08, "overheated": 0x40}.get(now, 0)
    return bytes((first, second, paper_bits(now), 0))


def paper_bits(now: Condition) -> int:
    """The paper sensors as GS r 1 and the third report byte have them."""
    return {"paper-low": 0x03, "paper-out": 0x0F}.get(now, 0)
