"""A story as lines: one step a line, read whole and checked before anything is played."""

import difflib
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.errors import Refusal

STEPS: dict[str, str] = {
    "clock": "clock RFC3339 (the first line)",
    "scan": "scan TEXT, with backslash escapes",
    "card": "card FILE",
    "touch": "touch ACTION",
    "type": "type TEXT",
    "wait": "wait SECONDS",
    "fault": "fault DEVICE CONDITION",
    "clear": "clear DEVICE",
    "network": "network branch|central up|down",
    "crash": "crash",
    "expect": "expect view NAME | printed TEXT | not printed | spoken TEXT | ticket STATE | request STATE",
}
EXPECTATIONS = ("view", "printed", "not", "spoken", "ticket", "request")


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
    words = step.words
    wrong = f"write it as: {STEPS[step.verb]}"
    match step.verb:
        case "clock":
            return "" if first and _is_time(step.rest) else wrong
        case "wait":
            return "" if len(words) == 1 and _is_number(words[0]) else wrong
        case "fault":
            return "" if len(words) == 2 else wrong
        case "clear" | "card" | "touch":
            return "" if words else wrong
        case "network":
            right = len(words) == 2 and words[0] in ("branch", "central") and words[1] in ("up", "down")
            return "" if right else wrong
        case "expect":
            if not words or words[0] not in EXPECTATIONS:
                return wrong
            return "" if len(words) > 1 and (words[0] != "not" or words[1:] == ["printed"]) else wrong
    return ""


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
