"""Loads one picture file as grey levels, and says in one line why it cannot: a file may be damaged, or made to harm."""

import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from drivers.camera.reading import Gray

FORMATS = ("JPEG", "PNG", "PPM", "BMP")
"""PPM stands for the whole family, PGM among it. No other format of the library is ever tried."""
MOST_BYTES = 64 << 20
MOST_PIXELS = 64_000_000
"""By the header, before anything is decoded: a file of a few kilobytes may claim any size."""
WORKING_PIXELS = 16_000_000
"""A larger picture is halved until it fits: no code needs more, and the time to read grows with it."""


class BadPicture(ValueError):
    """The file gives no picture; the message is one line for a person."""


@dataclass(frozen=True)
class Picture:
    """Grey levels; one pixel of them is `scale` pixels of the file."""

    gray: Gray
    scale: float = 1.0


def load(path: Path) -> Picture:
    """Load a JPEG, PNG, PGM or BMP file, turned as stored (camera notes on orientation are not obeyed)."""
    _check_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of sizes that are refused below anyhow
            with Image.open(path, formats=FORMATS) as image:
                return _decode(image)
    except BadPicture:
        raise
    except UnidentifiedImageError as error:
        raise BadPicture("the file is no JPEG, PNG, PGM or BMP picture; convert it to one of these") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise BadPicture(f"the file is too large; at most {MOST_PIXELS // 1_000_000} million pixels") from error
    except PermissionError as error:
        raise BadPicture("the file may not be read by this account; change its permissions") from error
    except Exception as error:  # a hostile file may raise anything inside the library
        raise BadPicture("the file is damaged or cut short; take or copy the picture again") from error


def _check_file(path: Path) -> None:
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise BadPicture("the file does not exist; check its name") from error
    except (OSError, ValueError) as error:
        raise BadPicture("the file cannot be opened; check its name and permissions") from error
    if stat.S_ISDIR(found.st_mode):
        raise BadPicture("the file is a folder; give the picture files in it")
    if not stat.S_ISREG(found.st_mode):
        raise BadPicture("the file is no ordinary file; give a picture file")
    if found.st_size == 0:
        raise BadPicture("the file is empty; take or copy the picture again")
    if found.st_size > MOST_BYTES:
        raise BadPicture(f"the file is too large; at most {MOST_BYTES >> 20} MB")


def _decode(image: Image.Image) -> Picture:
    width, height = image.size
    if width * height > MOST_PIXELS:
        limit = f"at most {MOST_PIXELS // 1_000_000} million pixels"
        raise BadPicture(f"the file is too large, {width} x {height}; {limit}")
    halvings = 1
    while width * height > WORKING_PIXELS * halvings * halvings:
        halvings *= 2
    if image.format == "JPEG" and halvings > 1:
        image.draft("L", (width // halvings, height // halvings))
    gray = _grey(image)
    while gray.size > WORKING_PIXELS:
        gray = _halved(gray)
    return Picture(gray, width / gray.shape[1])


def _grey(image: Image.Image) -> Gray:
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return _from_wide(np.asarray(image))
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        sheet = Image.new("RGBA", seen.size, "white")
        return np.array(Image.alpha_composite(sheet, seen).convert("L"), dtype=np.uint8)
    return np.array(image.convert("L"), dtype=np.uint8)


def _from_wide(levels: np.ndarray) -> Gray:
    """Grey levels of 16 bits, which the library hands out as they are."""
    finite = np.nan_to_num(levels.astype(np.float64), nan=0.0, posinf=65535.0, neginf=0.0)
    return np.clip(finite / 257.0, 0, 255).astype(np.uint8)


def _halved(gray: Gray) -> Gray:
    size = (gray.shape[1] // 2, gray.shape[0] // 2)
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
