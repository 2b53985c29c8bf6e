"""What a cheap camera makes of a sheet: perspective, focus, movement, photons, read noise, tone curve, compression.

Everything is computed in linear light, in electrons, as a sensor counts them; only then come gain, gamma and JPEG. The
numbers are those of small rolling-shutter sensors: some 5,000 electrons to the full well, 3 to 12 electrons read noise.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Level = NDArray[np.float32]
FULL_WELL = 5000.0
_TONE_STEPS = 4096


@dataclass(frozen=True)
class Shot:
    """How one stream is seen. Lengths in pixels of the frame, angles in degrees, light as a share of the full well."""

    size: tuple[int, int] = (640, 480)
    module: float = 3.0
    angle: float = 0.0
    lean: tuple[float, float] = (0.0, 0.0)
    """How much farther away the sheet's right and lower edges are, as a share: -0.3 to 0.3."""
    offset: tuple[float, float] = (0.0, 0.0)
    focus: float = 0.4
    """Sigma of the lens's blur."""
    shake: float = 0.0
    """Longest way that the sheet moves while the shutter is open."""
    sway: float = 1.0
    """How far the hand wanders from frame to frame."""
    light: float = 0.6
    """What white paper sends to the sensor, as a share of the full well."""
    gain: float = 1.0
    """Brightening of the counted electrons: a dim scene is not always brightened in full."""
    read_noise: float = 4.0
    ink: float = 0.06
    paper: float = 0.8
    veil: float = 0.0
    """Stray light over everything, as a share of what paper sends."""
    glare: float = 0.0
    """A lamp's reflection, as a multiple of what paper sends; it wanders slowly."""
    shade: float = 0.0
    """How much darker the darker side is."""
    jpeg: int = 85


@dataclass
class _Hand:
    """Where the sheet is now; it drifts and never jumps."""

    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0
    near: float = 1.0

    def step(self, sway: float, rng: np.random.Generator) -> None:
        self.x, self.y = 0.8 * self.x + rng.normal(0, sway), 0.8 * self.y + rng.normal(0, sway)
        self.turn = 0.8 * self.turn + rng.normal(0, 0.15 * sway)
        self.near = 1 + 0.8 * (self.near - 1) + rng.normal(0, 0.002 * sway)


class Camera:
    """Takes frames of one sheet (0 is ink and 1 paper, drawn at `fine` pixels a module) lying on a desk."""

    def __init__(self, sheet: Level, fine: int, shot: Shot, rng: np.random.Generator) -> None:
        self._shot, self._rng, self._hand = shot, rng, _Hand()
        shrink = shot.module / fine
        soft = cv2.GaussianBlur(sheet, (0, 0), 0.45 / shrink) if shrink < 1 else sheet
        self._sheet = (shot.ink + (shot.paper - shot.ink) * soft).astype(np.float32)
        self._shrink = shrink
        self._desk = desk(shot.size, rng)
        self._lamp = rng.uniform(0.3, 0.7, 2)
        self._shade = rng.uniform(0, 2 * np.pi)
        self._tone = _tone_curve()

    def frame(self, *, empty: bool = False) -> Gray:
        """The next frame; `empty` shows the desk alone."""
        shot, rng = self._shot, self._rng
        scene = self._desk if empty else self._laid()
        if shot.focus > 0:
            scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), shot.focus), dtype=np.float32)
        scene = _moved(scene, float(rng.uniform(0, shot.shake)), float(rng.uniform(0, np.pi)))
        return self._developed(scene * self._lit())

    def _laid(self) -> Level:
        shot = self._shot
        self._hand.step(shot.sway, self._rng)
        high, wide = self._sheet.shape
        corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2 * self._shrink
        turn = np.deg2rad(shot.angle + self._hand.turn)
        far = 1 + corners @ np.array(shot.lean) / max(shot.size)
        corners = corners / far[:, None] * self._hand.near
        corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        corners += np.array(shot.size) / 2 + np.array(shot.offset) + (self._hand.x, self._hand.y)
        drawn = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
        matrix = cv2.getPerspectiveTransform(drawn, corners.astype(np.float32))
        seen = self._desk.copy()
        cv2.warpPerspective(
            self._sheet, matrix, shot.size, dst=seen, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        )
        return seen

    def _lit(self) -> Level:
        """The light that falls on every place, 1 where it is even."""
        shot = self._shot
        wide, high = shot.size
        x = np.linspace(-0.5, 0.5, wide, dtype=np.float32)[None, :]
        y = np.linspace(-0.5, 0.5, high, dtype=np.float32)[:, None]
        fall = 1 - shot.shade * (0.5 + np.cos(self._shade) * x + np.sin(self._shade) * y)
        return np.asarray(fall, dtype=np.float32)

    def _developed(self, scene: Level) -> Gray:
        """Electrons, noise, gain, gamma, compression."""
        shot, rng = self._shot, self._rng
        white = shot.light * FULL_WELL
        electrons = scene * (white / shot.paper) + shot.veil * white
        if shot.glare:
            electrons = electrons + white * shot.glare * self._reflection()
        electrons = np.minimum(electrons, FULL_WELL)
        noise = rng.standard_normal(scene.shape, dtype=np.float32)
        counted = electrons + noise * np.sqrt(electrons + shot.read_noise**2)
        share = np.clip(counted * (shot.gain / FULL_WELL), 0, 1)
        gray: Gray = self._tone[(share * (_TONE_STEPS - 1)).astype(np.int32)]
        if shot.jpeg:
            packed = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])[1]
            gray = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
        return gray

    def _reflection(self) -> Level:
        self._lamp += self._rng.normal(0, 0.004, 2)
        wide, high = self._shot.size
        x = (np.arange(wide, dtype=np.float32)[None, :] / wide - self._lamp[0]) / 0.16
        y = (np.arange(high, dtype=np.float32)[:, None] / high - self._lamp[1]) / 0.12
        return np.asarray(np.exp(-(x**2 + y**2) / 2), dtype=np.float32)


def desk(size: tuple[int, int], rng: np.random.Generator) -> Level:
    """A table top: some grey with a broad grain."""
    high = size[1]
    grain = cv2.resize(rng.standard_normal((7, 12)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.standard_normal((high // 4, 6)).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.clip(rng.uniform(0.12, 0.5) + 0.05 * grain + 0.02 * fine, 0.02, 0.9).astype(np.float32)


def _moved(scene: Level, length: float, direction: float) -> Level:
    """Smear along a line, as a hand does while the shutter is open."""
    if length < 0.5:
        return scene
    half = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), dtype=np.float32)
    for along in np.linspace(-length / 2, length / 2, 24):
        x, y = half + along * np.cos(direction), half + along * np.sin(direction)
        left, top = int(np.floor(x)), int(np.floor(y))
        right, low = x - left, y - top
        kernel[top, left] += (1 - right) * (1 - low)
        kernel[top, left + 1] += right * (1 - low)
        kernel[top + 1, left] += (1 - right) * low
        kernel[top + 1, left + 1] += right * low
    return np.asarray(cv2.filter2D(scene, -1, kernel / kernel.sum()), dtype=np.float32)


def _tone_curve() -> Gray:
    """The sRGB curve, which cameras follow closely enough."""
    light = np.linspace(0, 1, _TONE_STEPS)
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(curve * 255).astype(np.uint8)
