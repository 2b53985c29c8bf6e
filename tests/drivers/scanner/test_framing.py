"""Cutting a byte stream into messages: terminators, silence, the cap, and any way of arriving in pieces."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.framing import Framer, Message

CAP = 64


def feed(framer: Framer, *chunks: bytes) -> list[Message]:
    return [message for chunk in chunks for message in framer.feed(chunk)]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_each_terminator_ends_one_message(end: bytes) -> None:
    messages = feed(Framer(CAP), b"first" + end + b"second" + end)
    assert [message.data for message in messages] == [b"first", b"second"]


def test_crlf_torn_apart_does_not_make_an_empty_message() -> None:
    assert [m.data for m in feed(Framer(CAP), b"one\r", b"\ntwo\r", b"\n")] == [b"one", b"two"]


def test_silence_ends_a_message_without_terminator() -> None:
    framer = Framer(CAP)
    assert feed(framer, b"no ", b"end") == []
    assert framer.pending
    assert [m.data for m in framer.silence()] == [b"no end"]
    assert not framer.pending
    assert framer.silence() == []


def test_a_long_message_is_counted_and_never_kept() -> None:
    framer = Framer(CAP)
    for _ in range(1024):
        assert framer.feed(b"x" * 64) == []
    assert framer.flooded
    assert not framer._buffer
    assert framer.feed(b"\rnext\r") == [Message(b"", 65536, too_long=True), Message(b"next", 4)]


def test_a_message_of_exactly_the_cap_is_kept() -> None:
    assert feed(Framer(CAP), b"y" * CAP + b"\r") == [Message(b"y" * CAP, CAP)]


def test_giving_up_reports_once_and_drains_to_the_end() -> None:
    framer = Framer(CAP)
    framer.feed(b"z" * 100)
    assert framer.give_up() == [Message(b"", 100, too_long=True)]
    assert feed(framer, b"z" * 100, b"tail\rgood\r") == [Message(b"good", 4)]


def test_a_message_whose_head_is_lost_is_thrown_away() -> None:
    framer = Framer(CAP)
    framer.skip()
    assert feed(framer, b"half\rwhole\r") == [Message(b"whole", 5)]
    framer.skip()
    framer.feed(b"half")
    assert framer.silence() == []
    assert feed(framer, b"whole\r") == [Message(b"whole", 5)]


@given(st.lists(st.binary(max_size=CAP * 3)), st.integers(min_value=1, max_value=7))
def test_how_bytes_arrive_does_not_matter(chunks: list[bytes], size: int) -> None:
    stream = b"".join(chunks)
    whole = feed(Framer(CAP), stream)
    pieces = feed(Framer(CAP), *(stream[at : at + size] for at in range(0, len(stream), size)))
    assert whole == pieces
    expected = [part for part in re.split(rb"[\r\n]", stream)[:-1] if part]
    assert [message.length for message in whole] == [len(part) for part in expected]
    for message, part in zip(whole, expected, strict=True):
        assert message.too_long == (len(part) > CAP)
        assert message.data == (b"" if message.too_long else part)


@given(st.lists(st.one_of(st.binary(max_size=200), st.sampled_from(["silence", "skip", "reset", "give_up"]))))
def test_whatever_happens_it_stays_within_its_cap(steps: list[bytes | str]) -> None:
    framer = Framer(CAP)
    for step in steps:
        messages = framer.feed(step) if isinstance(step, bytes) else (getattr(framer, step)() or [])
        assert len(framer._buffer) <= CAP
        assert all(len(message.data) <= CAP for message in messages)
        assert all(b"\r" not in message.data and b"\n" not in message.data for message in messages)
    framer.silence()
    assert not framer.pending
