"""The page with a code: on every form of panel, turned with it, and in words where there is no panel."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from kiosk.__main__ import main
from kiosk.wiring.sorry import CODES, PAPER, page


def inked(picture: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, PAPER)).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (800, 480), (480, 800), (240, 240)])
@pytest.mark.parametrize("code", CODES.values())
def test_all_of_it_fits_on_the_glass(size: tuple[int, int], code: str) -> None:
    left, top, right, bottom = inked(page(size, code))
    assert min(left, top) > 0
    assert (right < size[0], bottom < size[1]) == (True, True)
    assert right - left > size[0] * 0.3


def test_each_code_makes_another_page() -> None:
    assert page((480, 800), "C1").tobytes() != page((480, 800), "S1").tobytes()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_it_is_turned_as_the_settings_say(tmp_path: Path, rotation: int) -> None:
    for name, value in (("virtual_size", "400,300"), ("bits_per_pixel", "32"), ("stride", "1600")):
        (tmp_path / name).write_text(value)
    (tmp_path / "fb0").touch()
    (tmp_path / "kiosk.toml").write_text(f"[screen]\nrotation = {rotation}\n")
    words = ["sorry", "core", "--framebuffer", str(tmp_path / "fb0"), "--facts", str(tmp_path), "--for", "0.01"]
    assert main([*words, "--config", str(tmp_path / "kiosk.toml")]) == 0
    shown = Image.frombytes("RGB", (400, 300), (tmp_path / "fb0").read_bytes(), "raw", "BGRX")
    upright = shown.rotate(-rotation, expand=True)
    assert upright.tobytes() == page(upright.size, "C1").tobytes()


def test_without_a_panel_it_stands_in_words_and_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = str(tmp_path / "gone")
    assert main(["sorry", "screen", "--framebuffer", gone, "--facts", gone, "--for", "0.01"]) == 0
    out = capsys.readouterr().out
    assert "S1" in out
    assert out.count("cable") == 1
