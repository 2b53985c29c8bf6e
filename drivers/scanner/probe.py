"""Asks a scanner once, at install: does it answer its trigger command, how does it send a code."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from drivers.device import LineLost
from drivers.probed import Fact, Probed
from drivers.scanner import aim
from drivers.scanner.address import place
from drivers.scanner.commands import Commands
from drivers.scanner.framing import Message
from drivers.scanner.message import interpret
from drivers.transport.line import FdLine, send_all, wait

LISTEN_S = 4.0
"""With its light on: time to hold a code before it. A code that comes ends the time."""
TAIL_S = 0.4
"""Behind the last byte: what is still to come of a message or an answer has come by then."""
ANSWER_S = 0.6
WRITE_S = 1.0
_ENDS = ((b"\r\n", "CR LF"), (b"\r", "CR"), (b"\n", "LF"))


def probe(url: str, commands: Commands, at: str, listen_s: float = LISTEN_S) -> Probed:
    """Switch it on, listen, switch it off; LineLost when its line breaks. `at`: the time as text.

    Of a code that is held to it only the form is kept, never what it says.
    """
    where = place(url)
    with closing(where.open()) as line:
        _heard(line, 0.05, 0.05)  # what it says when it is opened
        _send(line, commands.start)
        first = _heard(line, ANSWER_S if commands.start else 0.0, TAIL_S)
        answer, code = _parted(first, commands)
        if not code:
            code = _parted(_heard(line, listen_s, TAIL_S), commands)[1]
        _send(line, commands.stop)
        answer = _parted(_heard(line, ANSWER_S if commands.stop else 0.0, TAIL_S), commands)[0] or answer
    facts: dict[str, Fact] = {
        "model": _model(where.path),
        "answers": (answer or None) if commands.start else None,
        "code_seen": bool(code),
        "ends_with": next((name for end, name in _ENDS if code.endswith(end)), "nothing") if code else None,
        "aim": bool(aim.split(code)[0]) if code else None,
    }
    return Probed(url, at, _words(facts, commands), facts)


def _words(facts: dict[str, Fact], commands: Commands) -> str:
    said = [str(facts["model"])] if facts["model"] else []
    if commands.start:
        said.append(f"{'answers' if facts['answers'] else 'silent on'} its trigger command ({commands.name})")
    else:
        said.append("its maker's commands are not set (scanner.vendor)")
    if facts["code_seen"]:
        said.append(f"a code ends with {facts['ends_with']}, {'with' if facts['aim'] else 'without'} AIM identifier")
    else:
        said.append("no code was held to it: do so while it is probed")
    return "; ".join(said)


def _parted(data: bytes, commands: Commands) -> tuple[bool, bytes]:
    """Whether an answer to a command is in it, and what is left when that is taken off."""
    rest = data
    for reply in commands.replies:
        rest = reply.sub(b"", rest, count=4)
    real = interpret(Message(rest.strip(b"\r\n"), len(rest))) if rest.strip(b"\r\n\0") else None
    return rest != data, rest if real is not None else b""


def _send(line: FdLine, command: bytes) -> None:
    deadline = time.monotonic() + WRITE_S
    if command and not send_all(line, command, deadline, lambda _count: None, lambda _data: True):
        raise LineLost("it takes no commands", "unplug it and plug it in again; check scanner.vendor")


def _heard(line: FdLine, patience: float, tail: float) -> bytes:
    return b"".join(_pieces(line, patience, tail))[:4096]


def _pieces(line: FdLine, patience: float, tail: float) -> Iterator[bytes]:
    latest = time.monotonic() + patience
    end = latest
    while (left := min(end, latest + tail) - time.monotonic()) > 0:
        if wait(line, left):
            yield line.receive()
            end = time.monotonic() + tail


def _model(path: Path | None) -> str | None:
    """What the kernel knows of a tty's or an input device's maker."""
    if path is None or not path.exists():
        return None
    node = path.resolve().name
    for folder in (Path("/sys/class/tty") / node / "device", Path("/sys/class/input") / node / "device"):
        for file in (folder / "name", folder / "../product", folder / "../../product"):
            try:
                return file.read_text("utf-8").strip()[:80] or None
            except (OSError, UnicodeDecodeError):
                continue
    return None
