"""Picture files: the four formats in all their depths, and everything that is no picture or means harm."""

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.camera.image import MOST_BYTES, BadPicture, load
from tests.drivers.camera.frames import picture

GRAY = picture("QRCode", "A012").gray


def png(width: int, height: int, bits: int = 8, colour: int = 0, data: bytes = b"\0" * 100) -> bytes:
    """A PNG file that claims any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def packed(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("BMP", "bmp"), ("PPM", "pgm"), ("JPEG", "jpg")])
def test_each_format_gives_the_same_grey_levels(kind: str, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"x.{suffix}"
    file.write_bytes(packed(Image.fromarray(GRAY), kind))
    loaded = load(file)
    assert loaded.gray.shape == GRAY.shape
    assert loaded.gray.dtype == np.uint8
    assert loaded.scale == 1.0
    assert int(np.abs(loaded.gray.astype(int) - GRAY).max()) <= (40 if kind == "JPEG" else 0)


def test_other_depths_and_transparency(tmp_path: Path) -> None:
    wide = GRAY.astype(np.uint16) * 257
    half = np.dstack([np.zeros_like(GRAY)] * 3 + [255 - GRAY])
    for name, data in {
        "wide.png": packed(Image.fromarray(wide), "PNG"),
        "wide.pgm": b"P5\n640 480\n65535\n" + wide.astype(">u2").tobytes(),
        "plain.pgm": b"P2\n640 480\n255\n" + " ".join(map(str, GRAY.ravel())).encode(),
        "colour.png": packed(Image.fromarray(GRAY).convert("RGB"), "PNG"),
        "palette.png": packed(Image.fromarray(GRAY).convert("P"), "PNG"),
        "see-through.png": packed(Image.fromarray(half, "RGBA"), "PNG"),
    }.items():
        (tmp_path / name).write_bytes(data)
        assert int(np.abs(load(tmp_path / name).gray.astype(int) - GRAY).max()) <= 2, name


def test_a_large_picture_is_halved_and_says_so(tmp_path: Path) -> None:
    for kind, suffix in (("JPEG", "jpg"), ("PNG", "png")):
        file = tmp_path / f"large.{suffix}"
        file.write_bytes(packed(Image.new("L", (6000, 4000), 200), kind))
        loaded = load(file)
        assert loaded.gray.shape == (2000, 3000)
        assert loaded.scale == 2.0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"just text", "no JPEG, PNG, PGM or BMP"),
        (b"GIF89a" + b"\0" * 100, "no JPEG, PNG, PGM or BMP"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no JPEG, PNG, PGM or BMP"),
        (png(60000, 60000), "too large"),
        (png(12000, 9000), "12000 x 9000"),
        (png(640, 480), "damaged or cut short"),
        (png(0, 0), "no JPEG, PNG, PGM or BMP|damaged"),
        (b"P5\n99999 99999\n255\n", "too large"),
        (b"P5\n640 480\n255\nshort", "damaged or cut short"),
        (b"P5\n-1 -1\n255\n", "no JPEG, PNG, PGM or BMP|damaged|too large"),
        (b"BM" + b"\xff" * 60, "no JPEG, PNG, PGM or BMP|damaged|too large"),
        (packed(Image.fromarray(GRAY), "PNG")[:900], "damaged or cut short"),
        (packed(Image.fromarray(GRAY), "JPEG")[:3000], "damaged or cut short"),
        (packed(Image.fromarray(GRAY), "BMP")[:3000], "damaged or cut short"),
    ],
    ids=range(15),
)
def test_what_is_no_picture_is_refused_in_one_line(data: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    file.write_bytes(data)
    with pytest.raises(BadPicture, match=says) as refused:
        load(file)
    assert "\n" not in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for name, says in {
        "none": "does not exist",
        "": "is a folder",
        "pipe": "no ordinary file",
        "loop": "cannot be opened",
        "huge.png": "at most 64 MB",
        "x" * 300: "cannot be opened",
        "nul\0": "cannot be opened",
    }.items():
        with pytest.raises(BadPicture, match=says):
            load(tmp_path / name)
    with pytest.raises(BadPicture, match="no ordinary file"):
        load(Path("/dev/zero"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["PNG", "JPEG", "PPM", "BMP"]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=4),
    keep=st.floats(0, 1),
)
def test_damaged_files_give_a_picture_or_one_line(
    kind: str, cuts: list[tuple[float, bytes]], keep: float, tmp_path: Path
) -> None:
    data = bytearray(packed(Image.fromarray(GRAY[200:280, 280:360]), kind))
    for place, junk in cuts:
        at = int(place * (len(data) - len(junk)))
        data[at : at + len(junk)] = junk
    file = tmp_path / "damaged"
    file.write_bytes(data[: int(len(data) * keep)] if keep < 0.9 else data)
    try:
        gray = load(file).gray
    except BadPicture:
        return
    assert gray.ndim == 2
    assert gray.dtype == np.uint8
