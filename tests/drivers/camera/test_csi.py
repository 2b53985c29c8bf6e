"""The ribbon camera on a stand-in for its library: its first plane, its faults."""

import sys
from collections.abc import Mapping
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.camera.source import open_source, parse
from drivers.device import LineLost

WIDE, HIGH = 96, 64


class Library:
    """Picamera2 as its description says: a small stream in YUV420, whose rows may be longer than the picture."""

    def __init__(self, number: int) -> None:
        if number > 0:
            raise IndexError("no such camera")
        self.asked: Mapping[str, object] = {}
        self.closed = False

    def create_video_configuration(self, **wanted: object) -> Mapping[str, object]:
        return wanted

    def configure(self, wanted: Mapping[str, object]) -> None:
        self.asked = wanted

    def start(self) -> None: ...

    def capture_array(self, name: str) -> NDArray[np.uint8]:
        assert name == "lores"
        assert self.asked["lores"] == {"size": (WIDE, HIGH), "format": "YUV420"}
        planes = np.full((HIGH * 3 // 2, WIDE + 32), 200, dtype=np.uint8)  # 32 bytes of padding a row
        planes[:HIGH, :WIDE] = np.arange(WIDE, dtype=np.uint8)
        return planes

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def _library(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("picamera2")
    module.Picamera2 = Library  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)


@pytest.mark.usefixtures("_library")
def test_the_grey_plane_is_the_picture_without_padding_and_colours() -> None:
    source = open_source(parse(f"csi:?size={WIDE}x{HIGH}"))
    frame = source.read()
    assert frame.shape == (HIGH, WIDE)
    assert frame.flags["C_CONTIGUOUS"]
    assert (frame == np.arange(WIDE)).all()
    source.close()


@pytest.mark.usefixtures("_library")
def test_one_that_is_not_there_or_stops_is_lost_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LineLost, match="cannot be opened; check the ribbon"):
        open_source(parse("csi:1"))
    source = open_source(parse(f"csi:0?size={WIDE}x{HIGH}"))
    monkeypatch.setattr(Library, "capture_array", lambda _self, _name: (_ for _ in ()).throw(RuntimeError("stopped")))
    with pytest.raises(LineLost, match="gives no frames"):
        source.read()
