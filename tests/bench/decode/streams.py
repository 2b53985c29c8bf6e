"""Seeded streams: a customer lays a sheet with one code before the camera; what it says and how it is seen is known.

The levels were set so that the better of bare zxing-cpp and bare pyzbar reads 40 to 70 % of the Code 128 and Code 39
streams of the dim, the noisy and the low-contrast class, and were left alone from then on.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from tests.bench.decode.lens import Camera, Gray, Level, Shot
from tests.drivers.camera.frames import ALL, LINEAR, any_text, modules

SIZES = ((640, 480), (1280, 720))
CLASSES = ("clean", "soft", "noisy", "dim", "low-contrast", "glare", "mjpeg", "tilt")
HARD = ("dim", "noisy", "low-contrast")
EMPTY = 3
SHOWN = 12
"""Frames of the bare desk, and of the sheet: 0.8 s at 15 frames a second."""
_FINE = 6
_MODULE = {
    "Code128": (2.2, 3.4), "Code39": (1.9, 2.5), "ITF": (2.2, 3.4), "EAN13": (2.2, 3.6),
    "QRCode": (2.6, 4.5), "DataMatrix": (3.0, 5.5), "PDF417": (2.6, 3.6), "Aztec": (3.0, 5.5),
}  # fmt: skip


@dataclass(frozen=True)
class Stream:
    """One customer; `frames` gives the same pictures each time."""

    symbology: str
    klass: str
    size: tuple[int, int]
    number: int
    seed: int = 20261122

    @property
    def name(self) -> str:
        return f"{self.symbology} {self.klass} {self.size[0]}x{self.size[1]} #{self.number}"

    @property
    def text(self) -> str:
        return any_text(self.symbology, self._rng("text"))

    def shot(self) -> Shot:
        """How this stream is seen."""
        return _shot(self.symbology, self.klass, self.size, self._rng("shot"))

    def frames(self, shown: int = SHOWN, empty: int = EMPTY) -> Iterator[Gray]:
        """First the bare desk, then the sheet."""
        camera = Camera(sheet(self.symbology, self.text, self._rng("sheet")), _FINE, self.shot(), self._rng("light"))
        for _ in range(empty):
            yield camera.frame(empty=True)
        for _ in range(shown):
            yield camera.frame()

    def _rng(self, what: str) -> np.random.Generator:
        return np.random.default_rng((self.seed, zlib.crc32(f"{self.name} {what}".encode())))


def streams(
    each: int, symbologies: tuple[str, ...] = ALL, classes: tuple[str, ...] = CLASSES, seed: int = 20261122
) -> list[Stream]:
    """`each` streams of every symbology, class and size."""
    return [
        Stream(symbology, klass, size, number, seed)
        for symbology in symbologies
        for klass in classes
        for size in SIZES
        for number in range(each)
    ]


def sheet(symbology: str, text: str | bytes, rng: np.random.Generator) -> Level:
    """A printed paper as reflectance of ink (0) and paper (1): the code between lines of print."""
    bits = modules(symbology, text)
    high = int(bits.shape[1] * rng.uniform(0.16, 0.3)) if symbology in LINEAR else bits.shape[0]
    code = cv2.resize(bits, (bits.shape[1] * _FINE, high * _FINE), interpolation=cv2.INTER_NEAREST)
    quiet = (10 if symbology in LINEAR else 5) * _FINE
    line = int(9 * _FINE)
    margin = quiet + _FINE * int(rng.integers(2, 10))
    page = np.full((code.shape[0] + 2 * margin + 6 * line, code.shape[1] + 2 * margin), 255, dtype=np.uint8)
    top = margin + 3 * line
    page[top : top + code.shape[0], margin : margin + code.shape[1]] = code
    letters = list("ABCDEFGHJKLMNPRSTUVWXYZ0123456789 ")
    for row in (*range(3), *range(3, 6)):
        y = (row + 1) * line if row < 3 else top + code.shape[0] + margin + (row - 3) * line + line // 2
        words = "".join(rng.choice(letters, int(rng.integers(8, 40))))
        cv2.putText(page, words, (margin, y - line // 4), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0.0,), 3, cv2.LINE_AA)
    return (page / 255).astype(np.float32)


def _shot(symbology: str, klass: str, size: tuple[int, int], rng: np.random.Generator) -> Shot:
    low, high = _MODULE[symbology]
    wide = 1.0 if size[0] <= 640 else 1.35
    common = {
        "size": size,
        "module": float(rng.uniform(low, high)) * wide,
        "angle": float(rng.uniform(-7, 7)),
        "lean": (float(rng.uniform(-0.08, 0.08)), float(rng.uniform(-0.08, 0.08))),
        "offset": (float(rng.uniform(-12, 12)), float(rng.uniform(-30, 30))),
        "focus": float(rng.uniform(0.3, 0.7)) * wide,
        "shake": float(rng.uniform(0, 1.5)) * wide,
        "sway": float(rng.uniform(0.4, 1.6)),
        "light": float(rng.uniform(0.45, 0.75)),
        "shade": float(rng.uniform(0, 0.3)),
        "jpeg": int(rng.integers(75, 92)),
    }
    t = float(rng.uniform(0, 1))
    return Shot(**{**common, **_level(klass, t, wide, rng)})  # type: ignore[arg-type]


def _between(easy: float, hard: float, t: float) -> float:
    """From the easy to the hard end, evenly in the logarithm."""
    return float(easy * (hard / easy) ** t)


def _level(klass: str, t: float, wide: float, rng: np.random.Generator) -> dict[str, object]:
    """What makes a class hard; `t` is 0 for its easiest stream and 1 for its hardest."""
    match klass:
        case "soft":
            return {"focus": _between(0.8, 1.8, t) * wide}
        case "noisy":
            light = _between(0.08, 0.012, t) / wide
            return {"light": light, "gain": 0.6 / light, "read_noise": 6.0}
        case "dim":
            light = _between(0.035, 0.0055, t) / wide
            return {"light": light, "gain": float(rng.uniform(1, 4)), "read_noise": 4.0, "focus": 0.6 * wide}
        case "low-contrast":
            ink = 0.8 - _between(0.36, 0.05, t)
            return {"ink": ink, "veil": float(rng.uniform(0.1, 0.4)), "light": 0.25 / wide, "gain": 2.0}
        case "glare":
            return {"glare": _between(0.4, 3.0, t), "light": 0.5}
        case "mjpeg":
            return {"jpeg": round(_between(40, 8, t))}
        case "tilt":
            side = -1.0 if rng.uniform() < 0.5 else 1.0
            lean = (float(rng.uniform(-0.35, 0.35)), float(rng.uniform(-0.35, 0.35)))
            return {"angle": side * (7 + 18 * t), "lean": lean}
        case _:
            return {}
