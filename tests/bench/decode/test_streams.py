"""The generator itself: the same pictures each time, readable where nothing is bad, harder where it says so."""

import hashlib

import numpy as np
import zxingcpp

from tests.bench.decode.blanks import KINDS, blank
from tests.bench.decode.streams import CLASSES, SIZES, Stream, streams


def test_the_same_stream_gives_the_same_pictures() -> None:
    one, again = (Stream("Code128", "noisy", SIZES[0], 3) for _ in range(2))
    first, second = (
        hashlib.sha256(b"".join(frame.tobytes() for frame in each.frames(2, 1))).hexdigest() for each in (one, again)
    )
    assert first == second
    other = Stream("Code128", "noisy", SIZES[0], 4)
    assert other.text != one.text
    assert hashlib.sha256(b"".join(frame.tobytes() for frame in other.frames(2, 1))).hexdigest() != first


def test_clean_streams_are_readable_and_say_the_truth() -> None:
    for stream in streams(1, classes=("clean",))[::2]:
        texts = {code.text for frame in stream.frames(2, 0) for code in zxingcpp.read_barcodes(frame)}
        if stream.symbology != "PDF417":  # its weak engine needs luck even here
            assert texts == {stream.text}, stream.name


def test_every_class_is_worse_than_clean_in_its_own_way() -> None:
    plain = Stream("Code128", "clean", SIZES[0], 0).shot()
    for klass in CLASSES[1:]:
        shot = Stream("Code128", klass, SIZES[0], 0).shot()
        assert (shot.focus, shot.light, shot.ink, shot.glare, shot.jpeg, shot.angle) != (
            plain.focus, plain.light, plain.ink, plain.glare, plain.jpeg, plain.angle,
        )  # fmt: skip


def test_frames_without_a_code_are_repeatable_and_of_all_kinds() -> None:
    for number in range(KINDS):
        gray = blank(number)
        assert gray.shape == (480, 640)
        assert gray.dtype == np.uint8
        assert float(gray.std()) > 0.5
        assert np.array_equal(gray, blank(number))
