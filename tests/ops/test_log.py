"""Nothing personal gets into a log: not in messages, arguments, tracebacks, escapes, or when logging itself fails."""

import io
import json
import logging
import random
import subprocess
import sys
import threading
import urllib.parse
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ops.log import Edges, RedactingHandler, Redactor, set_up
from kiosk.ops.redact import redact

HAN = [bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Person:
    """A made-up person: what must never be read anywhere."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        born = date(1940, 1, 1) + timedelta(days=rng.randrange(30000))
        body = f"{rng.choice((421202, 430219, 110101))}{born:%Y%m%d}{rng.randrange(1000):03d}"
        check = "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]
        self.secrets = {
            "id": body + check,
            "id small": body + check.lower(),
            "phone": f"1{rng.choice('3456789')}{rng.randrange(10**9):09d}",
            "name": "".join(rng.choices(HAN, k=rng.choice((2, 3, 4)))),
            "address": "".join(rng.choices(HAN, k=8)) + str(rng.randrange(100, 999)) + "号",
            "plate": rng.choice("鄂湘京沪粤") + "L" + "".join(rng.choices("ABCDEFGH0123456789", k=5)),
            "licence": f"{rng.randrange(10**13):013d}",
            "archive": f"{rng.randrange(10**12):012d}",
            "vin": "L" + "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=15)) + str(rng.randrange(10)),
            "passport": f"E{rng.randrange(10**8):08d}",
            "token": "".join(rng.choices("abcdefghijkABCDEFGHIJK0123456789-_", k=30)) + "a1",
        }  # fmt: skip


class Listener:
    """What was written to the log."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture(params=["plain", "json"])
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    one = Listener()
    set_up("debug", request.param, one.stream)
    yield one
    logging.captureWarnings(False)
    root.handlers[:], root.level = before[0], before[1]
    sys.excepthook, threading.excepthook = before[2], before[3]


def written(text: str, secret: str) -> bool:
    """Whether a secret can be read, in clear or as the escapes in which it may turn up."""
    shapes = {
        secret,
        urllib.parse.quote(secret),
        json.dumps(secret).strip('"'),
        repr(secret.encode()).removeprefix("b").strip("'"),
        " ".join(secret),
    }
    return any(shape in text for shape in shapes)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_of_a_person_reaches_the_log(listener: Listener, seed: int) -> None:
    log = logging.getLogger("kiosk.test")
    for kind, secret in Person(seed).secrets.items():
        log.info("in the message itself: %s", secret)
        log.info(f"composed {secret} before {kind}")  # noqa: G004 - what a careless line does
        log.warning("as an object %r and bytes %r", {"value": secret}, secret.encode())
        log.info("in a mapping %(who)s", {"who": secret})
        log.info("in an address http://127.0.0.1/x?q=%s", urllib.parse.quote(secret))
        log.info("as JSON %s", json.dumps({"value": secret}))
        try:
            try:
                dict[str, str]()[secret]
            except KeyError as cause:
                raise ValueError(f"cannot take {secret}") from cause
        except ValueError:
            log.exception("it failed for %s", secret)
        log.info("does not fit %d", secret)
        log.info("with a stack", stack_info=True)
        assert not written(listener.text, secret), kind


def test_uncaught_errors_of_threads_are_redacted_too(listener: Listener) -> None:
    secret = Person(1).secrets["id"]

    def fail() -> None:
        raise RuntimeError(secret)

    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    sys.excepthook(RuntimeError, RuntimeError(secret), None)
    assert listener.text.count("this should not happen") == 2
    assert secret not in listener.text
    assert "[18 digits]" in listener.text


def test_what_a_technician_needs_stays_readable(listener: Listener) -> None:
    ticket = str(uuid.uuid4())
    line = (
        f"scanner /dev/serial/by-id/usb-Maker_20230001-if00: ticket {ticket}, label A012, epoch 3, 65536 bytes at "
        "192.168.100.200:8710, 2026-11-22T13:00:00.123456+08:00, version 1.2.3, counter 12, 2026-11-22"
    )
    assert redact(line) == line


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("id 421202 19900101 1234", "id [18 digits]"),
        ("138-0013-8000", "[11 digits]"),
        ("token=abc", "token=[secret]"),
        ("'pin': '1234'", "'pin': '[secret]'"),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("bearer abc", "bearer [secret]"),
        ("the pin is bent", "the pin is bent"),
        ("https://x/t/AbCd_123", "https://x/t/[slip]"),
        ("serial:///run/s/scanner", "serial:///run/s/scanner"),
        ("postgresql://who:what@host/db", "postgresql://[login]@host/db"),
        ("a.b@example.org", "[mail]"),
        ("鄂L·7K3B9", "[plate]"),
        ("１２３４５６７", "[7 digits]"),
    ],
)  # fmt: skip
def test_each_kind_is_named_but_not_shown(said: str, shown: str) -> None:
    assert redact(said) == shown


def test_plain_lines_and_json_lines(listener: Listener, request: pytest.FixtureRequest) -> None:
    logging.getLogger("drivers.scanner").warning("scanner lost: %s", "unplugged")
    line = listener.text.splitlines()[-1]
    if line.startswith("{"):
        record = json.loads(line)
        assert record["level"] == "warning"
        assert record["message"] == "scanner lost: unplugged"
        assert record["time"].endswith("+08:00")
    else:
        assert line.endswith("WARNING drivers.scanner: scanner lost: unplugged")


def test_a_broken_stream_shows_no_record(listener: Listener) -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            if "could not be written" in text:
                return listener.stream.write(text)
            raise OSError("gone")

    ours = next(handler for handler in logging.getLogger().handlers if isinstance(handler, RedactingHandler))
    ours.stream = Broken()
    logging.getLogger("kiosk.test").info("person %s", "430219199001011234")
    assert "could not be written" in listener.text
    assert "430219" not in listener.text


def test_the_same_line_again_is_no_edge() -> None:
    clock = [0.0]
    edges = Edges(lambda: clock[0])

    def news(text: str, name: str = "a") -> bool:
        return edges.filter(logging.LogRecord(name, logging.INFO, "", 0, text, (), None))

    assert news("lost")
    assert not news("lost")
    assert news("lost", "b")
    assert news("back")
    assert news("lost")
    clock[0] = 601.0
    assert news("lost")


def test_importing_sets_nothing_up() -> None:
    code = "import logging, kiosk.ops.log; assert not logging.getLogger().handlers"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@given(st.text())
def test_any_text_can_be_redacted_and_stays_so(text: str) -> None:
    once = redact(text)
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (text,), None)
    assert Redactor().filter(record)
    assert record.getMessage() == once
    assert not any(run.isdigit() and len(run) >= 6 for run in once.split())


@given(st.text(alphabet="0123456789xX -鄂湘王张AL·", max_size=60))
def test_no_six_digits_in_a_row_survive(text: str) -> None:
    shown = redact(text)
    run = 0
    for letter in shown:
        run = run + 1 if letter.isdigit() else 0
        assert run < 6
    assert not set("鄂湘王张") & set(shown)
