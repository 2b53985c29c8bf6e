"""Logging of every process: one line an edge to standard error, as text or JSON, through the one redactor."""

import contextlib
import json
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Literal, TextIO
from zoneinfo import ZoneInfo

from kiosk.ops.redact import redact

ZONE = ZoneInfo("Asia/Shanghai")
AGAIN_S = 600.0
"""The same line of the same speaker is not repeated within ten minutes: it is a level, not an edge."""
RING_LINES = 1000
"""What is kept in memory for a technician who asks from afar: some hundred kilobytes."""
_CHATTER = ("urllib3", "uvicorn.access", "sqlalchemy", "PIL", "asyncio", "httpx", "multipart")
"""Libraries whose ordinary lines tell a technician nothing, and some of which name addresses with tokens in them."""

Form = Literal["plain", "json"]


def set_up(level: str = "info", form: Form = "plain", stream: TextIO | None = None) -> None:
    """Send lines of a level and above to standard error; replaces whatever logging was set up before.

    Uncaught errors of any thread go the same way, so that no traceback shows what a citizen typed.
    """
    handler = RedactingHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    handler.addFilter(Edges())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.addHandler(Ring())
    root.setLevel(level.upper())
    for name in _CHATTER:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    threading.excepthook = _thread_crashed


class Redactor(logging.Filter):
    """Takes personal data out of a record's message, its arguments, its traceback and its stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; it always passes."""
        try:
            message = record.getMessage()
        except Exception as error:  # noqa: BLE001 - arguments that do not fit must not be shown instead
            message = f"a log line of {record.name} could not be composed ({type(error).__name__})"
        record.msg, record.args = redact(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None
        record.exc_text = redact(record.exc_text) if record.exc_text else None
        record.stack_info = redact(record.stack_info) if record.stack_info else None
        return True


class Edges(logging.Filter):
    """Lets a line through once: the same one again, with nothing else said in between, is no news for a while."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._last: dict[str, tuple[str, float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is news."""
        text, now = f"{record.levelno} {record.getMessage()}", self._monotonic()
        said, at = self._last.get(record.name, ("", 0.0))
        if said == text and now - at < AGAIN_S:
            return False
        self._last[record.name] = (text, now)
        return True


class RedactingHandler(logging.StreamHandler[TextIO]):
    """Writes lines to a stream; redacts before any other filter looks, and never shows a record that it failed on."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.addFilter(Redactor())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class names it so
        """Say that a line is lost, not what stood in it; the base class prints the arguments."""
        try:
            self.stream.write(f"a log line of {record.name} could not be written\n")
        except (OSError, ValueError):
            pass  # whoever reads the log has gone


class Ring(logging.Handler):
    """Keeps the last lines in memory, redacted, for a technician who asks from afar."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=RING_LINES)
        self.addFilter(Redactor())
        self.addFilter(Edges())
        self.setFormatter(PlainLines())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line; a record that cannot be written is not worth a word here."""
        with contextlib.suppress(Exception):
            self.lines.append(self.format(record))


def recent_lines() -> list[str]:
    """The last lines of this process, oldest first; none where logging was not set up."""
    rings = [handler for handler in logging.getLogger().handlers if isinstance(handler, Ring)]
    return [line for ring in rings for line in ring.lines]


class PlainLines(logging.Formatter):
    """`time LEVEL name: message`, for people and for the system journal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        """RFC 3339 in the branch's time zone."""
        return _time(record)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, name, message, and traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record on one line."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "name": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds")


def _crashed(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("kiosk").critical("this should not happen", exc_info=(kind, error, at))


def _thread_crashed(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is None or issubclass(what.exc_type, SystemExit):
        return
    name = what.thread.name if what.thread else "a thread"
    info = (what.exc_type, what.exc_value, what.exc_traceback)
    logging.getLogger("kiosk").critical("%s ended: this should not happen", name, exc_info=info)
