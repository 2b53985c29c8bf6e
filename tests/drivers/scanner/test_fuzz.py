"""Spoiled messages of a scanner: no crash, no text that cannot be one, the next message whole, no memory eaten."""

import random
import tracemalloc

from drivers.scanner.delays import Delays
from drivers.scanner.framing import Framer
from drivers.scanner.guard import Guard
from drivers.scanner.message import interpret
from drivers.scanner.text import has_control
from kiosk.domain.scan import Scan
from tests.drivers.mangle import corpus, frames, mangle, pieces

GOOD = ("4290000000001", "鄂L·7K3B9", "https://t.example/r/ABCDEFGH", "中文 GB18030 㛃", "]Q1京A12345")
CAP = Delays().cap_bytes
MORE_S = 64 * 1024


def scans_in(framer: Framer, guard: Guard, data: bytes, rng: random.Random) -> list[Scan]:
    """Feed bytes as a line delivers them; give every scan that is believed."""
    found = []
    for piece in pieces(data, rng):
        messages = framer.feed(piece)
        if rng.random() < 0.05:
            messages += framer.silence()
        for message in messages:
            assert len(message.data) <= CAP
            scan = interpret(message)
            if scan is not None and (message.too_long or guard.admit(message.data)):
                found.append(scan)
    return found


def test_spoiled_messages_are_text_or_refused_and_the_next_one_is_whole() -> None:
    kept = corpus("scanner")
    framer = Framer(CAP)
    tracemalloc.start()
    try:
        before = 0
        for seed in range(frames()):
            rng = random.Random(seed)
            text = rng.choice(GOOD)
            coded = text.encode("gb18030" if rng.random() < 0.3 else "utf-8") * rng.choice([1, 1, 1, 400])
            guard = Guard(Delays(), lambda: 0.0)
            for scan in scans_in(framer, guard, mangle(coded + b"\r", rng, kept), rng):
                assert (scan.text is None) == bool(scan.fault), seed
                if scan.text is not None:
                    assert 0 < scan.length <= CAP
                    assert not has_control(scan.text)
                    scan.text.encode("utf-8")
            framer.silence()
            guard = Guard(Delays(), lambda: 0.0)
            after = [interpret(message) for message in framer.feed(b"after-4290000000001\r\n")]
            assert [scan.text for scan in after if scan] == ["after-4290000000001"], seed
            if seed == 100:
                before = tracemalloc.get_traced_memory()[0]
        assert tracemalloc.get_traced_memory()[0] - before < MORE_S
    finally:
        tracemalloc.stop()
