"""The bars of one place as a single line of brightness: laid straight, averaged along the bars, sharpened, thresholded.

Averaging over a hundred rows takes nine tenths of the noise away, which no look at the picture itself can do. The line
is then drawn again as clean black and white bars, in several ways, and the engine reads that drawing.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.bars import Band
from drivers.camera.reading import Gray

Line = NDArray[np.float32]
PER_PIXEL = 2.0
"""Samples of the line a pixel of the frame."""
FINE = 2
"""Columns of the drawing a sample of the line."""
QUIET = 60
"""White columns put beside the drawing."""
_SHARPNESS = (0.0, 1.6, 2.4)
"""Blur that is undone, in samples; the engine sees the line at each."""
_WINDOWS = (31, 71)
"""Samples over which dark and bright are compared: a few bars, and a whole character."""
_STRIPS = 10
_MOST_ROWS = 120
_LEAN = 14.0
"""Samples by which the bars may lean over the height of the band, beyond the angle at which they were found."""
_LEANS = 29


def lines_of(gray: Gray, band: Band, parts: int = 1) -> list[Line]:
    """The brightness across the bars of a band, every row moved so that its bars meet the others'.

    With more `parts` the band is cut into so many lower ones, each a line with a noise of its own. Empty for a band too
    small to hold a code.
    """
    patch = _straight(gray, band)
    if patch.shape[0] < 4 * parts or patch.shape[1] < 60:
        return []
    patch = _within(patch, 0.5)
    count = min(_STRIPS, patch.shape[0] // 2)
    strips = cv2.resize(patch, (patch.shape[1], count), interpolation=cv2.INTER_AREA)
    leans = _leans(_high_passed(np.asarray(strips, dtype=np.float32)))
    height, width = patch.shape
    row = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    lean = leans[0] + (leans[1] - leans[0]) * np.linspace(0, 1, width, dtype=np.float32)
    across = np.arange(width, dtype=np.float32)[None, :] + row[:, None] * lean[None, :]
    down = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], across.shape)
    upright = cv2.remap(
        patch, across.astype(np.float32), np.ascontiguousarray(down), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    lines = (_averaged(np.asarray(part, dtype=np.float32)) for part in np.array_split(upright, parts))
    return [_within(line[None, :], 0.05)[0] for line in lines]


def _straight(gray: Gray, band: Band) -> NDArray[np.float32]:
    """The band as an upright picture, `PER_PIXEL` samples a pixel across the bars."""
    width = int(2 * band.half_length * PER_PIXEL)
    height = min(_MOST_ROWS, int(2 * band.half_height))
    step_v = 2 * band.half_height / max(height, 1)
    cos, sin = np.cos(band.across), np.sin(band.across)
    left = band.x - cos * band.half_length + sin * band.half_height
    top = band.y - sin * band.half_length - cos * band.half_height
    back = np.array([[cos / PER_PIXEL, -sin * step_v, left], [sin / PER_PIXEL, cos * step_v, top]])
    patch = cv2.warpAffine(
        gray, back, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(patch, dtype=np.float32)


def _within(patch: NDArray[np.float32], slack: float) -> NDArray[np.float32]:
    """Cut off what is brighter or darker than the code: a bright desk beside a dim sheet makes its margin a bar.

    `slack` is how far it may go beyond, as a share of the code's own contrast.
    """
    margin = patch.shape[1] // 8
    low, high = np.quantile(patch[::3, margin:-margin:2], (0.02, 0.98))
    slack *= float(high - low)
    return np.clip(patch, low - slack, high + slack).astype(np.float32)


def _high_passed(strips: NDArray[np.float32]) -> NDArray[np.float32]:
    return strips - cv2.blur(strips, (41, 1)) if strips.shape[1] > 41 else strips - strips.mean()


def _leans(strips: NDArray[np.float32]) -> tuple[float, float]:
    """How far the bars lean over the whole height at the left and the right end: where the strips agree best."""
    width = strips.shape[1]
    half = width // 2
    found = []
    for part in (strips[:, :half], strips[:, half:]):
        windowed = part * np.hanning(part.shape[1]).astype(np.float32)
        spectrum = np.fft.rfft(windowed, axis=1).astype(np.complex64)
        keep = max(8, spectrum.shape[1] // 2)
        spectrum = spectrum[:, 1:keep]
        frequency = np.arange(1, keep, dtype=np.float32) * (2 * np.pi / part.shape[1])
        row = (np.arange(strips.shape[0], dtype=np.float32) + 0.5) / strips.shape[0] - 0.5
        tried = np.linspace(-_LEAN, _LEAN, _LEANS, dtype=np.float32)
        turn = np.exp(1j * tried[:, None, None] * row[None, :, None] * frequency[None, None, :]).astype(np.complex64)
        power = np.abs((turn * spectrum[None]).sum(axis=1)) ** 2
        score = power.sum(axis=1)
        best = int(np.argmax(score))
        found.append(float(tried[best]) + _between(score, best) * float(tried[1] - tried[0]))
    middle, slope = (found[0] + found[1]) / 2, (found[1] - found[0])
    return middle - slope, middle + slope


def _between(score: NDArray[np.float32], best: int) -> float:
    """Where between its neighbours a peak really lies."""
    if not 0 < best < len(score) - 1:
        return 0.0
    before, at, after = (float(score[best + step]) for step in (-1, 0, 1))
    bend = before - 2 * at + after
    return 0.0 if bend >= 0 else 0.5 * (before - after) / bend


def _averaged(upright: NDArray[np.float32]) -> Line:
    """The mean over the rows that show the same bars; rows of print or margin count for nothing."""
    detail = _high_passed(upright)
    weight = np.ones(upright.shape[0], dtype=np.float32)
    for _ in range(2):
        mean = weight @ detail / weight.sum()
        agree = detail @ mean
        weight = np.maximum(agree, 0) + 1e-6
        weight = np.minimum(weight, np.median(weight) * 1.5 + 1e-6)
    return np.asarray(weight @ upright / weight.sum(), dtype=np.float32)


def drawn(line: Line) -> Gray:
    """The line drawn again as bars: one stripe of the picture for every way to sharpen and to threshold it.

    Sample n of the line is at column `QUIET` + `FINE` x n.
    """
    fine = cv2.resize(line[None, :], (line.size * FINE, 1), interpolation=cv2.INTER_CUBIC)[0]
    stripes = []
    for sigma in _SHARPNESS:
        sharp = sharpened(fine, FINE * sigma) if sigma else cv2.GaussianBlur(fine[None, :], (0, 0), 1.0)[0]
        stripes += [_black_and_white(sharp, FINE * window) for window in _WINDOWS]
    sheet = np.repeat(np.array(stripes), 6, axis=0)
    return np.ascontiguousarray(np.pad(sheet, ((2, 2), (QUIET, QUIET)), constant_values=255))


def sharpened(line: Line, sigma: float, noise: float = 0.02) -> Line:
    """Undo a blur of `sigma` samples as far as the noise allows (Wiener)."""
    padded = np.pad(line, 64, mode="reflect")
    spectrum = np.fft.rfft(padded)
    frequency = np.fft.rfftfreq(padded.size)
    passed = np.exp(-2 * (np.pi * sigma * frequency) ** 2)
    restored = np.fft.irfft(spectrum * passed / (passed**2 + noise), padded.size)
    return restored[64:-64].astype(np.float32)


def _black_and_white(line: Line, window: int) -> Gray:
    """Black where the line is below the middle of what is around it."""
    around = np.ones((1, window | 1), np.uint8)
    row = line[None, :]
    high, low = cv2.dilate(row, around), cv2.erode(row, around)
    high, low = cv2.blur(high, (window | 1, 1)), cv2.blur(low, (window | 1, 1))
    spread = high - low
    floor = 0.25 * float(np.median(spread))
    black = (row < (high + low) / 2) & (spread > floor)
    return np.where(black[0], 0, 255).astype(np.uint8)
