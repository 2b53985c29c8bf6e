"""A story as lines: one step a line, read whole and checked before anything is played."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from kiosk.core.events import KeypadKey
from kiosk.domain.errors import Refusal

STEPS: dict[str, str] = {
    "clock": "clock RFC3339 (the first line)",
    "scan": "scan TEXT, with backslash escapes",
    "card": "card FILE",
    "touch": "touch ACTION",
    "type": "type TEXT",
    "wait": "wait SECONDS",
    "press": "press KEY, a key of the tactile keypad: " + ", ".join(get_args(KeypadKey)),
    "headset": "headset in|out",
    "fault": "fault DEVICE CONDITION",
    "clear": "clear DEVICE",
    "network": "network branch|central up|down",
    "crash": "crash",
    "clerk": "clerk takes|confirms|refuses (what the kiosk has asked of her) | "
    "calls|starts|finishes|misses (at counter 1)",
    "book": "book NUMBER SERVICE RFC3339 (an appointment that the branch has)",
    "phone": "phone types (the code that came to it)",
    "expect": "expect view NAME | printed TEXT | not printed | spoken TEXT | heard TEXT | not heard TEXT | "
    "ticket STATE | request STATE",
}
CLERK = ("takes", "confirms", "refuses", "calls", "starts", "finishes", "misses")
EXPECTATIONS = ("view", "printed", "not", "spoken", "heard", "ticket", "request")


@dataclass(frozen=True)
class Step:
    """One line of a story: its number, its verb, and the rest of the line as it stands."""

    line: int
    verb: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest, word by word."""
        return self.rest.split()

    def __str__(self) -> str:
        return f"{self.verb} {self.rest}".strip()


def read(text: str) -> tuple[Step, ...]:
    """Read a story; Refusal names every line that is no step, with what was probably meant."""
    steps: list[Step] = []
    mistakes: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        verb, _, rest = stripped.partition(" ")
        step = Step(number, verb, rest.strip())
        mistake = _mistake(step, first=not steps)
        if mistake:
            mistakes.append(f"line {number}: {mistake}")
        steps.append(step)
    if mistakes:
        raise Refusal("; ".join(mistakes))
    return tuple(steps)


def _mistake(step: Step, *, first: bool) -> str:
    if step.verb not in STEPS:
        close = difflib.get_close_matches(step.verb, STEPS, n=1)
        meant = f"; did you mean {close[0]!r}?" if close else f"; steps are {', '.join(STEPS)}"
        return f"{step.verb!r} is no step{meant}"
    right = CHECKS[step.verb](step.words)
    if step.verb == "clock":
        right = first and _is_time(step.rest)
    return "" if right else f"write it as: {STEPS[step.verb]}"


def _expectation(words: list[str]) -> bool:
    if len(words) < 2 or words[0] not in EXPECTATIONS:
        return False
    return words[0] != "not" or words[1:] == ["printed"] or (words[1] == "heard" and len(words) > 2)


def unescape(text: str) -> bytes:
    r"""Give the bytes that a `scan` line means: `\r`, `\n`, `\t`, `\\`, `\xNN`, `\uNNNN`, all else as UTF-8."""
    out = bytearray()
    index = 0
    simple = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\", "e": b"\x1b"}
    while index < len(text):
        char, kind = text[index], text[index + 1 : index + 2]
        if char == "\\" and kind in simple:
            out += simple[kind]
            index += 2
        elif char == "\\" and kind == "x" and _is_hex(text[index + 2 : index + 4], 2):
            out.append(int(text[index + 2 : index + 4], 16))
            index += 4
        elif char == "\\" and kind == "u" and _is_hex(text[index + 2 : index + 6], 4):
            out += chr(int(text[index + 2 : index + 6], 16)).encode("utf-8", "surrogatepass")
            index += 6
        else:
            out += char.encode("utf-8", "surrogatepass")
            index += 1
    return bytes(out)


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and all(char in "0123456789abcdefABCDEF" for char in text)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1_000_000
    except ValueError:
        return False


CHECKS: dict[str, Callable[[list[str]], bool]] = {
    "clock": lambda words: len(words) == 1,
    "scan": lambda _words: True,
    "card": bool,
    "touch": bool,
    "type": lambda _words: True,
    "wait": lambda words: len(words) == 1 and _is_number(words[0]),
    "press": lambda words: len(words) == 1 and words[0] in get_args(KeypadKey),
    "headset": lambda words: words in (["in"], ["out"]),
    "fault": lambda words: len(words) == 2,
    "clear": bool,
    "network": lambda words: len(words) == 2 and words[0] in ("branch", "central") and words[1] in ("up", "down"),
    "crash": lambda _words: True,
    "clerk": lambda words: len(words) == 1 and words[0] in CLERK,
    "book": lambda words: len(words) == 3 and _is_time(words[2]),
    "phone": lambda words: words == ["types"],
    "expect": _expectation,
}
"""Whether the words of a step are right, by its verb."""
