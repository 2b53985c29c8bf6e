"""A picture reaches the glass byte for byte, in each form that the kernel offers."""

from pathlib import Path

import pytest
from PIL import Image

from drivers.framebuffer import Framebuffer
from kiosk.domain.errors import Broken

RED, BLUE = (255, 0, 0), (0, 0, 255)


def framebuffer(folder: Path, size: str = "3,2", bits: int = 32, stride: int = 16) -> Framebuffer:
    for name, value in (("virtual_size", size), ("bits_per_pixel", bits), ("stride", stride)):
        (folder / name).write_text(f"{value}\n")
    (folder / "fb0").touch()
    return Framebuffer(folder / "fb0", folder)


@pytest.mark.parametrize(
    ("bits", "stride", "red", "blue"),
    [(32, 16, b"\0\0\xff", b"\xff\0\0"), (24, 12, b"\0\0\xff", b"\xff\0\0"), (16, 8, b"\0\xf8", b"\x1f\0")],
)
def test_pixels_lie_where_the_kernel_looks_for_them(
    tmp_path: Path, bits: int, stride: int, red: bytes, blue: bytes
) -> None:
    picture = Image.new("RGB", (3, 2), RED)
    picture.putpixel((2, 1), BLUE)
    framebuffer(tmp_path, bits=bits, stride=stride).show(picture)
    shown = (tmp_path / "fb0").read_bytes()
    assert len(shown) == stride * 2
    assert shown.startswith(red)
    assert shown[stride + 2 * bits // 8 :].startswith(blue)


@pytest.mark.parametrize(
    ("size", "bits", "stride"), [("3,2", 8, 16), ("3,2", 32, 8), ("4,2", 32, 16), ("0,2", 32, 16), ("x", 32, 16)]
)
def test_a_form_that_is_not_known_is_told_and_nothing_is_drawn(
    tmp_path: Path, size: str, bits: int, stride: int
) -> None:
    with pytest.raises(Broken):
        framebuffer(tmp_path, size, bits, stride).show(Image.new("RGB", (3, 2)))
    assert (tmp_path / "fb0").read_bytes() == b""


def test_a_machine_without_a_display_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="cable"):
        Framebuffer(tmp_path / "fb0", tmp_path).size()
