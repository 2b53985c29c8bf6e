"""Pictures of codes with known truth: every symbology, turned, tilted, blurred, noisy, dim - all from a seed.

The codes are drawn by python-barcode and segno where these can, so that no engine reads only its own handwriting.
"""

from dataclasses import dataclass, replace

import barcode
import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
LINEAR = ("Code128", "Code39", "ITF", "EAN13")
MATRIX = ("QRCode", "DataMatrix", "PDF417", "Aztec")
ALL = LINEAR + MATRIX
_QUIET = 10  # modules; more than any symbology demands


@dataclass(frozen=True)
class Look:
    """How the camera saw it: `module` and `blur` in pixels, `angle` in degrees, `tilt` 0 to 0.3, others grey levels."""

    size: tuple[int, int] = (640, 480)
    module: float = 3.0
    angle: float = 0.0
    tilt: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    dark: int = 30
    light: int = 225
    paper: int = 140
    jpeg: int = 0


PLAIN = Look()


@dataclass(frozen=True)
class Frame:
    """One picture and what is on it; `corners` clockwise from the code's own top left."""

    gray: Gray
    symbology: str
    text: str
    corners: NDArray[np.float64]


def modules(symbology: str, text: str | bytes) -> Gray:
    """Draw a code with one pixel a module (0 black, 255 white), without quiet zone; linear codes are one row high."""
    if symbology in LINEAR and isinstance(text, str):
        name = symbology.lower()
        how: dict[str, dict[str, object]] = {"Code39": {"add_checksum": False}, "ITF": {"narrow": 1, "wide": 3}}
        row = barcode.get_barcode_class(name)(text, **how.get(symbology, {})).build()[0]
        bits = np.array([char != "0" for char in row.strip("0")], dtype=bool)[None, :]
    elif symbology == "QRCode":
        data = text.encode() if isinstance(text, str) else text
        bits = np.array(segno.make_qr(data, error="m", mode="byte").matrix, dtype=bool)
    else:
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
        picture = np.array(made.to_image(scale=1, add_quiet_zones=False))
        bits = picture < 128
        rows, columns = np.where(bits)
        bits = bits[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.where(bits, 0, 255).astype(np.uint8)


def picture(symbology: str, text: str | bytes, look: Look = PLAIN, seed: int = 0) -> Frame:
    """Photograph a code: it lies in the middle of a sheet, which lies in the middle of the frame."""
    rng = np.random.default_rng(seed)
    bits = modules(symbology, text)
    high = max(15, bits.shape[1] // 4) if symbology in LINEAR else bits.shape[0]
    fine = 8  # draw at eight pixels a module and let the warp average them
    size_px = (bits.shape[1] * fine, high * fine)
    symbol = cv2.resize(bits, size_px, interpolation=cv2.INTER_NEAREST)
    quiet = _QUIET * fine
    sheet = cv2.copyMakeBorder(symbol, quiet, quiet, quiet, quiet, cv2.BORDER_CONSTANT, value=(255.0,))
    high_px, wide_px = symbol.shape
    ink = np.array([[0, 0], [wide_px, 0], [wide_px, high_px], [0, high_px]], dtype=np.float64) + quiet
    warp = _warp(sheet.shape, look, fine)
    width, height = look.size
    shrink = look.module / fine
    smooth = cv2.GaussianBlur(sheet, (0, 0), max(0.01, 0.45 / shrink)) if shrink < 1 else sheet
    paper_mask = cv2.warpPerspective(np.full_like(sheet, 255), warp, (width, height), flags=cv2.INTER_LINEAR)
    ink_level = cv2.warpPerspective(smooth, warp, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255.0,))
    level = look.dark + ink_level.astype(np.float64) / 255 * (look.light - look.dark)
    level = np.where(paper_mask > 127, level, look.paper)
    if look.blur:
        level = np.asarray(cv2.GaussianBlur(level, (0, 0), look.blur), dtype=np.float64)
    level = level + rng.normal(0, look.noise, level.shape) if look.noise else level
    gray: Gray = np.clip(np.rint(level), 0, 255).astype(np.uint8)
    if look.jpeg:
        packed = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, look.jpeg])[1]
        gray = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    corners = cv2.perspectiveTransform(ink[None].astype(np.float64), warp)[0]
    return Frame(gray, symbology, text if isinstance(text, str) else "", corners)


def any_text(symbology: str, rng: np.random.Generator) -> str:
    """Make up a text that the symbology can hold, of the length that documents have."""
    digits = "".join(map(str, rng.integers(0, 10, 13)))
    match symbology:
        case "EAN13":
            odd, even = sum(map(int, digits[0:12:2])), sum(map(int, digits[1:12:2]))
            return digits[:12] + str(-(odd + 3 * even) % 10)
        case "ITF":
            odd, even = sum(map(int, digits[0:13:2])), sum(map(int, digits[1:13:2]))
            return digits + str(-(3 * odd + even) % 10)
        case "Code39":
            return "".join(rng.choice(list("0123456789ABCDEFGHJKLMNPRSTUVWXYZ-"), 10))
        case "QRCode":
            return "".join(rng.choice(list("鄂湘京沪粤川浙苏鲁豫"), 1)) + f"L{digits[:5]}|{digits}"
        case "Code128" if digits.startswith("99"):
            return "98" + digits[2:]  # python-barcode takes a leading 99 for the change of alphabet of the same number
        case _:
            return digits


def random_look(rng: np.random.Generator, base: Look = PLAIN) -> Look:
    """One of many ordinary poses: some degrees off, a little perspective."""
    return replace(base, angle=float(rng.uniform(-8, 8)), tilt=float(rng.uniform(0, 0.12)))


def turned(frame: Frame, quarter: int) -> Frame:
    """Turn a frame clockwise by so many quarters; the code's own top left turns with it."""
    corners = frame.corners
    gray = frame.gray
    for _ in range(quarter % 4):
        height = gray.shape[0]
        gray = cv2.rotate(gray, cv2.ROTATE_90_CLOCKWISE).astype(np.uint8)
        corners = np.stack([height - corners[:, 1], corners[:, 0]], axis=1)
    return replace(frame, gray=gray, corners=corners)


def mirrored(frame: Frame) -> Frame:
    """Flip a frame left to right, as a camera behind a mirror sees it."""
    corners = np.stack([frame.gray.shape[1] - frame.corners[:, 0], frame.corners[:, 1]], axis=1)
    return replace(frame, gray=np.ascontiguousarray(frame.gray[:, ::-1]), corners=corners)


def nothing(seed: int, size: tuple[int, int] = (640, 480)) -> Gray:
    """A frame without any code, but full of stripes, text-like marks, grids or noise."""
    rng = np.random.default_rng(seed)
    width, height = size
    match seed % 5:
        case 0:
            row = np.repeat(np.arange(width) % 2, rng.integers(2, 9, width))[:width] * 200.0 + 28
            level = np.tile(row, (height, 1))
        case 1:
            level = np.kron(rng.integers(0, 2, (height // 8, width // 8)) * 255.0, np.ones((8, 8)))
        case 2:
            level = rng.normal(128, 60, (height, width))
        case 3:
            level = _writing(rng, size)
        case _:
            period = int(rng.integers(4, 14))
            stripes = np.tile((np.arange(width) // period % 2) * 180.0 + 40, (height, 1))
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-40, 40)), 1.0)
            level = np.asarray(cv2.warpAffine(stripes, turn, size), dtype=np.float64)
    return np.clip(level + rng.normal(0, 5, (height, width)), 0, 255).astype(np.uint8)


def _writing(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float64]:
    """Lines of text-like marks."""
    sheet = np.full((size[1], size[0]), 235, dtype=np.uint8)
    for _ in range(60):
        at = (int(rng.integers(0, size[0])), int(rng.integers(0, size[1])))
        words = "".join(rng.choice(list("ABCDEFHIJKLMNOPQ0123456789 |lI"), 14))
        cv2.putText(sheet, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40.0,), 1)
    return sheet.astype(np.float64)


def _warp(shape: tuple[int, ...], look: Look, fine: int) -> NDArray[np.float64]:
    """From the drawn sheet to the frame: shrink, turn, lean back, centre."""
    height, width = shape[:2]
    scale = look.module / fine
    turn = np.deg2rad(look.angle)
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2 * scale
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    seen = corners @ rotation.T
    depth = 1 + look.tilt * seen[:, 1] / max(look.size)
    seen = seen * depth[:, None] + np.array(look.size) / 2
    drawn = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(drawn, seen.astype(np.float32)), dtype=np.float64)
