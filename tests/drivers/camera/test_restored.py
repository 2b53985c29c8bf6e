"""Bars that no engine reads as they stand: found, laid straight, averaged - and nothing read where nothing is."""

import numpy as np
import pytest

from drivers.camera.bars import find
from drivers.camera.engines import zbar, zxing
from drivers.camera.reading import SYMBOLOGIES
from drivers.camera.restored import read_bars, read_halves
from tests.bench.decode.blanks import KINDS, blank
from tests.bench.decode.readers import ours, outcome
from tests.bench.decode.streams import HARD, SIZES, Stream
from tests.drivers.camera.frames import Look, picture

SECOND = zbar()


@pytest.mark.parametrize("klass", HARD)
@pytest.mark.parametrize("symbology", ["Code128", "Code39"])
def test_streams_that_both_engines_miss_are_read(symbology: str, klass: str) -> None:
    """The first stream of each kind in which neither engine reads a single frame."""
    for number in range(30):
        stream = Stream(symbology, klass, SIZES[0], number)
        frames = list(stream.frames(8))
        if any(zxing(gray, SYMBOLOGIES) or (SECOND and SECOND(gray, SYMBOLOGIES)) for gray in frames[3:6]):
            continue
        found = outcome(stream, ours(), frames)
        assert (found.read, found.false) == (True, 0), stream.name
        return
    pytest.fail("no stream is hard enough")


@pytest.mark.parametrize("symbology", ["Code128", "Code39", "ITF", "EAN13"])
@pytest.mark.parametrize("angle", [0.0, -27.0, 90.0, 160.0])
def test_bars_are_read_in_any_turn_and_their_corners_known(symbology: str, angle: float) -> None:
    text = {"Code39": "B7K3-9", "EAN13": "4006381333931"}.get(symbology, "12345678")
    frame = picture(symbology, text, Look(angle=angle, tilt=0.1, noise=60))
    (read,) = read_bars(frame.gray, SYMBOLOGIES)
    assert (read.symbology, read.text) == (symbology, text)
    assert np.abs(np.array(read.points) - frame.corners).max() < 24
    lower, upper = read_halves(frame.gray, SYMBOLOGIES, 640)
    assert [one.text for one in (*lower, *upper)] == [text, text]


@pytest.mark.parametrize("symbology", ["Code128", "Code39"])
@pytest.mark.parametrize("desk", [140, 40, 0])
def test_a_dim_sheet_is_read_on_any_desk(symbology: str, desk: int) -> None:
    look = Look(module=2.2, dark=6, light=18, noise=4, angle=5, tilt=0.1, blur=0.6, paper=desk)
    frame = picture(symbology, "8012188500", look, 3)
    assert [read.text for read in read_bars(frame.gray, SYMBOLOGIES)] == ["8012188500"]


def test_a_part_of_an_itf_code_is_not_read() -> None:
    frame = picture("ITF", "12345678901234")
    left = int(frame.corners[0][0])
    cut = frame.gray[:, left + 60 :]
    assert read_bars(cut, frozenset({"ITF"})) == []


@pytest.mark.parametrize("number", range(2 * KINDS))
def test_no_bars_are_read_where_there_is_no_code(number: int) -> None:
    assert read_bars(blank(number), SYMBOLOGIES) == []
    assert read_halves(blank(number), SYMBOLOGIES, 640) == ([], [])


@pytest.mark.parametrize("shape", [(1, 1), (3, 640), (40, 40), (480, 33)])
def test_odd_pictures_have_no_bars(shape: tuple[int, int]) -> None:
    for level in (0, 128, 255):
        assert find(np.full(shape, level, dtype=np.uint8)) == []
        assert read_bars(np.full(shape, level, dtype=np.uint8), SYMBOLOGIES) == []
