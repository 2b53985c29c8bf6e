"""Stripes from one edge of the picture to the other are no code, though an engine finds a check digit in them."""

import pytest

from drivers.camera.decoder import StreamDecoder
from drivers.camera.engines import zbar, zxing
from drivers.camera.frame import Frame
from drivers.camera.reading import SYMBOLOGIES
from drivers.camera.stills import read_still
from tests.bench.decode.blanks import blank


@pytest.mark.parametrize("number", [7752, 7902])
def test_stripes_without_an_end_are_no_ean(number: int) -> None:
    """Found by the campaign of 10,000 frames without a code."""
    gray = blank(number)
    assert [read.symbology for read in zxing(gray, SYMBOLOGIES)] == ["EAN13"], "the engine alone is taken in"
    decoder = StreamDecoder(zbar())
    assert not any(decoder.feed(Frame(gray, turn / 15, turn)) for turn in range(10))
    assert read_still(gray, zbar()) == []


def test_one_sign_of_code_39_is_chance() -> None:
    """Found by the same campaign: every look of ours and the engines' read an S in frame 4014."""
    gray = blank(4014)
    decoder = StreamDecoder(zbar())
    assert any(read.symbology == "Code39" for look in (zxing, zbar()) if look for read in look(gray, SYMBOLOGIES))
    assert not any(decoder.feed(Frame(gray, turn / 15, turn)) for turn in range(20))
