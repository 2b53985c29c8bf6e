"""Several frames of one still scene together: what noise hides in each of them stands in their sum."""

import numpy as np
import pytest
import segno

from drivers.camera import decoder
from drivers.camera.decoder import SUMS
from drivers.camera.engines import zxing
from drivers.camera.frame import Frame
from drivers.camera.fused import fuse
from drivers.camera.reading import SYMBOLOGIES, Gray
from tests.bench.decode.streams import Stream

TEXT = "https://status.example.org/t/abcdefghijklmnopqrstuv"
SEED = 20261122


def sheet() -> Gray:
    """A QR code on a grey desk."""
    cells = np.where(np.array(segno.make_qr(TEXT).matrix, dtype=bool), 60, 200).astype(np.uint8)
    code = np.pad(np.kron(cells, np.ones((3, 3), np.uint8)), 18, constant_values=200)
    desk = np.full((480, 640), 120, dtype=np.uint8)
    desk[100 : 100 + code.shape[0], 200 : 200 + code.shape[1]] = code
    return desk


def seen(scene: Gray, count: int, noise: float, *, sway: int = 2) -> list[Gray]:
    """The scene under noise, from a hand that moves by some pixels."""
    rng = np.random.default_rng(SEED)
    frames = []
    for _ in range(count):
        moved = np.roll(scene, tuple(rng.integers(-sway, sway + 1, 2)), axis=(0, 1))
        frames.append(np.clip(moved + rng.normal(0, noise, scene.shape), 0, 255).astype(np.uint8))
    return frames


def reads(gray: Gray | None) -> list[str]:
    return [] if gray is None else [read.text for read in zxing(gray, SYMBOLOGIES)]


def test_the_sum_shows_what_hardly_a_frame_shows() -> None:
    frames = seen(sheet(), 8, 60.0)
    assert sum(bool(reads(gray)) for gray in frames) <= 3
    assert reads(fuse(frames)) == [TEXT]


def test_frames_of_different_things_are_not_added() -> None:
    rng = np.random.default_rng(SEED)
    desks = [np.kron(rng.integers(0, 255, (12, 16)), np.ones((40, 40))).astype(np.uint8) for _ in range(6)]
    assert fuse(desks) is None
    assert fuse([np.full((480, 640), 90, np.uint8)] * 2) is None


@pytest.mark.parametrize("size", [(480, 640), (720, 1280), (1, 1), (3, 400)])
def test_an_even_picture_and_a_tiny_one_do_no_harm(size: tuple[int, int]) -> None:
    assert reads(fuse([np.full(size, 90, np.uint8)] * 4)) == []


@pytest.mark.parametrize(("sums", "told"), [(0, 0), (SUMS, 1)])
def test_the_decoder_comes_to_it_when_nothing_else_helped(
    monkeypatch: pytest.MonkeyPatch, sums: int, told: int
) -> None:
    """A faint code that neither engine reads in any frame; two sums without a frame in common agree."""
    monkeypatch.setattr(decoder, "SUMS", sums)
    stream, reader = Stream("DataMatrix", "low-contrast", (1280, 720), 1), decoder.StreamDecoder(None)
    answers = [reader.feed(Frame(gray, number / 15, number)) for number, gray in enumerate(stream.frames())]
    assert [read.text for read in answers if read is not None] == [stream.text] * told
