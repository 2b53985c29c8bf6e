"""Spoiled answers of a card reader: no crash, no wrong field, the next good frame is read, no memory is eaten."""

import random
import tracemalloc

from drivers.reader.frames import Frames
from drivers.reader.layouts import read_address, read_card
from drivers.sim.reader_card import LAYOUTS, SimCard
from tests.drivers.mangle import corpus, frames, mangle, pieces
from tests.drivers.reader.people import card
from tests.drivers.reader.test_frames import answer

KEPT = 4 + 256
MORE_S = 64 * 1024
"""Bytes that the test's own bookkeeping may take."""


def cards_in(buffer: Frames, data: bytes, rng: random.Random) -> list[tuple[str, str]]:
    """Feed bytes as a line delivers them; give number and name of every card that is believed."""
    found = believed(buffer)
    for piece in pieces(data, rng):
        rest = piece
        while rest:
            room = buffer.room()
            count = min(len(room), len(rest))
            room[:count] = rest[:count]
            buffer.arrived(count)
            rest = rest[count:]
            found += believed(buffer)
    return found


def believed(buffer: Frames) -> list[tuple[str, str]]:
    """The cards in what has come."""
    found = []
    while (reply := buffer.take(KEPT)) is not None:
        if reply.sw3 == 0x90 and len(reply.data) == KEPT and reply.data[:4] == b"\x01\x00\x04\x00":
            read = read_card(reply.data[4:])
            found += [(read.number, read.name)] if read else []
        else:
            read_address(reply.data[: len(reply.data) // 2 * 2])
    return found


def whole(laid: SimCard, rng: random.Random) -> bytes:
    return answer(0x90, b"\x01\x00\x04\x00" + laid.text() + rng.randbytes(1024))


def test_spoiled_frames_never_make_another_card_and_the_next_good_one_is_read() -> None:
    kept = corpus("reader")
    layouts = list(LAYOUTS)
    tracemalloc.start()
    try:
        before = 0
        for seed in range(frames()):
            rng = random.Random(seed)
            laid, other = card(seed, layouts[seed % 4]), card(seed + 1, layouts[rng.randrange(4)])
            buffer = Frames()
            spoiled = mangle(whole(laid, rng), rng, kept)
            found = cards_in(buffer, spoiled, rng)
            assert set(found) <= {(laid.number, laid.name)}, seed
            # What has begun swallows nothing that follows it: after silence the very next frame is read.
            while buffer.pending:
                buffer.give_up()
                assert set(believed(buffer)) <= {(laid.number, laid.name)}
            assert cards_in(buffer, whole(other, rng), rng) == [(other.number, other.name)], seed
            if seed == 100:
                before = tracemalloc.get_traced_memory()[0]
        assert tracemalloc.get_traced_memory()[0] - before < MORE_S
    finally:
        tracemalloc.stop()


def test_kept_inputs_in_every_pair() -> None:
    laid = card(1)
    for first in corpus("reader"):
        for second in corpus("reader"):
            # A sum of one byte lets one accident in 256 pass, which eats a good frame: two of them are no accident.
            assert any(read_after(first + second, laid, seed) for seed in (1, 2)), (first.hex(), second.hex())


def read_after(noise: bytes, laid: SimCard, seed: int) -> bool:
    """Whether the good frame behind the noise is read, once silence has ended what the noise promised."""
    rng = random.Random(seed)
    buffer = Frames()
    assert cards_in(buffer, noise, rng) == []
    found = cards_in(buffer, whole(laid, rng), rng)
    while not found and buffer.pending:
        buffer.give_up()
        found = believed(buffer)
    assert set(found) <= {(laid.number, laid.name)}
    return bool(found)
