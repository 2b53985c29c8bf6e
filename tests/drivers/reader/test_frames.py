"""Frames cut out of good and spoiled bytes: the next whole one is found, and nothing of a card stays in the buffer."""

import random

import pytest

from drivers.reader.frames import PREAMBLE, SIZE, Frames, encode
from tests.drivers.reader.people import card

FIND = bytes.fromhex("aaaaaa96690008000 09f0000000097".replace(" ", ""))


def answer(sw3: int, data: bytes = b"") -> bytes:
    body = (len(data) + 4).to_bytes(2, "big") + b"\0\0" + bytes([sw3]) + data
    check = 0
    for byte in body:
        check ^= byte
    return PREAMBLE + body + bytes([check])


def feed(frames: Frames, data: bytes) -> None:
    room = frames.room()
    room[: len(data)] = data
    frames.arrived(len(data))


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        ("10ff", "aaaaaa9669000310ffec"), ("11ff", "aaaaaa9669000311ffed"), ("2001", "aaaaaa96690003200122"),
        ("2002", "aaaaaa96690003200221"), ("3001", "aaaaaa96690003300132"), ("3003", "aaaaaa96690003300330"),
    ],
)  # fmt: skip
def test_commands_as_the_makers_print_them(command: str, wire: str) -> None:
    assert encode(bytes.fromhex(command)).hex() == wire


def test_the_published_answer_to_find() -> None:
    frames = Frames()
    feed(frames, FIND)
    reply = frames.take(74)
    assert reply is not None
    assert (reply.sw3, bytes(reply.data)) == (0x9F, bytes(4))


def test_byte_by_byte_and_two_at_once() -> None:
    frames = Frames()
    for byte in FIND[:-1]:
        feed(frames, bytes([byte]))
        assert frames.take(74) is None
    feed(frames, FIND[-1:] + answer(0x80))
    assert [reply.sw3 for reply in (frames.take(74), frames.take(74)) if reply] == [0x9F, 0x80]
    assert frames.damaged == 0


def test_after_any_spoiled_byte_the_very_next_frame_is_read() -> None:
    good = answer(0x90, bytes(range(8)))
    for at in range(len(FIND)):
        for flip in (0x01, 0x80, 0xFF):
            frames = Frames()
            spoiled = bytearray(FIND)
            spoiled[at] ^= flip
            feed(frames, bytes(spoiled) + good)
            replies = []
            while (reply := frames.take(74)) is not None:
                replies.append((reply.sw3, bytes(reply.data)))
            if not replies:  # the length grew into another that exists: silence ends that frame
                frames.give_up()
                last = frames.take(74)
                assert last is not None, (at, flip)
                replies.append((last.sw3, bytes(last.data)))
            assert replies[-1] == (0x90, bytes(range(8))), (at, flip)
            assert (0x9F, bytes(4)) not in replies


@pytest.mark.parametrize("lost", range(1, 15))
def test_after_a_frame_that_breaks_off_the_very_next_frame_is_read(lost: int) -> None:
    frames = Frames()
    feed(frames, FIND[:-lost] + answer(0x80))
    found = [reply.sw3 for _ in range(3) if (reply := frames.take(74)) is not None]
    assert found == [0x80]


def test_the_photograph_is_never_handed_out_and_nothing_stays_behind() -> None:
    rng = random.Random(1)
    text, photo = card(1).text(), rng.randbytes(1024)
    frames = Frames()
    feed(frames, b"noise" + answer(0x90, b"\x01\x00\x04\x00" + text + photo))
    reply = frames.take(4 + 256)
    assert reply is not None
    assert bytes(reply.data) == b"\x01\x00\x04\x00" + text
    frames.clear()
    assert bytes(frames.room()) == bytes(SIZE)


def test_any_noise_leaves_room() -> None:
    rng = random.Random(2)
    frames = Frames()
    for _ in range(300):
        noise = rng.choice([rng.randbytes(700), PREAMBLE * 140, PREAMBLE + b"\x05\x08" + rng.randbytes(600)])
        feed(frames, noise[: len(frames.room())])
        while (reply := frames.take(74)) is not None:
            assert reply.sw3 in range(256)
        assert len(frames.room()) > 1000
