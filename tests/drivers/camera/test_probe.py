"""A camera is looked through once: its sizes, its pace, its light - as they are, not as they were asked for."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera import probe as looking
from drivers.camera.probe import probe
from drivers.camera.reading import Gray
from drivers.camera.source import FrameSource, Wanted
from drivers.device import LineLost

AT = "2026-11-22T10:00:00+08:00"


class Webcam:
    """A camera that has two sizes, whatever it is asked for, and a certain light."""

    live = True
    light = 120
    noise = 4

    def __init__(self, wanted: Wanted) -> None:
        self._size = (640, 480) if wanted.width < 1000 else (1280, 720)
        self._turn = 0

    def read(self) -> Gray:
        self._turn += 1
        frame = np.full((self._size[1], self._size[0]), self.light, np.uint8)
        frame[:, :: 1 + self._turn % 3] += np.uint8(self.noise)
        return frame

    def close(self) -> None: ...


def given(monkeypatch: pytest.MonkeyPatch, **is_: int) -> None:
    def opened(wanted: Wanted) -> FrameSource:
        one = Webcam(wanted)
        for name, value in is_.items():
            setattr(one, name, value)
        return one

    monkeypatch.setattr(looking, "open_source", opened)


def test_the_sizes_that_it_has_are_told_and_the_one_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch)
    found = probe("/dev/video7?size=1920x1080", AT)
    assert [mode[:2] for mode in found.facts["modes"]] == [[1280, 720], [640, 480]]  # type: ignore[union-attr]
    assert "was asked for 1920x1080: it does not have that size" in found.words
    assert "also 640x480 at " in found.words
    assert "stuck" not in found.words
    assert "light" not in found.words


@pytest.mark.parametrize(
    ("is_", "words"),
    [
        ({"light": 3, "noise": 1}, "dark: uncover"),
        ({"light": 25}, "dim: more light"),
        ({"noise": 0}, "every frame is the same: it is stuck"),
    ],
)
def test_what_is_wrong_with_it_is_told(monkeypatch: pytest.MonkeyPatch, is_: dict[str, int], words: str) -> None:
    given(monkeypatch, **is_)
    assert words in probe("/dev/video7", AT).words


def test_a_file_in_its_place_has_one_size_and_is_never_stuck(tmp_path: Path) -> None:
    file = tmp_path / "tray.png"
    cv2.imwrite(str(file), np.full((300, 400), 90, np.uint8))
    found = probe(str(file), AT)
    assert [mode[:2] for mode in found.facts["modes"]] == [[400, 300]]  # type: ignore[union-attr]
    assert "stuck" not in found.words


def test_one_that_is_not_there_is_lost() -> None:
    with pytest.raises(LineLost, match="not plugged in"):
        probe("/dev/video99", AT)
