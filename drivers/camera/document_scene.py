"""Draws what a document camera would see, from a seed: a table, a printed sheet on it, light, lens and noise."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.document_page import Page, page
from drivers.camera.document_table import Table, table

Colour = NDArray[np.uint8]
Fault = Literal["", "none", "cut-off", "blurred", "glare", "dark", "small"]
FAULTS: tuple[Fault, ...] = get_args(Fault)


@dataclass(frozen=True)
class Scene:
    """What to draw.

    Measures are shares: `fill` of the frame's shorter side, `blur` and `shake` of the text's height, `glare` of the
    sheet's area, `cut` of the sheet's length that lies outside, `light` of full exposure.
    """

    surface: Table = "wood"
    size: tuple[int, int] = (1600, 1200)
    fill: float = 0.85
    angle: float = 0.0
    tilt: float = 0.03
    curl: float = 0.004
    shadow: float = 0.0
    light: float = 0.85
    blur: float = 0.02
    shake: float = 0.0
    glare: float = 0.0
    cut: float = 0.0
    noise: float = 2.0
    quality: int = 90
    empty: bool = False


@dataclass(frozen=True)
class Shot:
    """The frame, and the truth: corners clockwise from the sheet's own top left, text height in the frame's pixels."""

    frame: Colour
    corners: NDArray[np.float64]
    text_px: float


def scene(rng: np.random.Generator, fault: Fault, size: tuple[int, int] = (1600, 1200)) -> Scene:
    """Choose a scene at random that is clearly right, or clearly has one fault."""
    found = Scene(
        surface=get_args(Table)[int(rng.integers(len(get_args(Table))))],
        size=size,
        fill=float(rng.uniform(0.78, 0.93)),
        angle=float(rng.normal(0, 5)) + (90.0 if rng.random() < 0.15 else 0.0),
        tilt=float(rng.uniform(0, 0.06)),
        curl=float(rng.uniform(0, 0.008)),
        shadow=float(rng.uniform(0, 0.35)) if rng.random() < 0.5 else 0.0,
        light=float(rng.uniform(0.62, 0.92)),
        blur=float(rng.uniform(0.0, 0.05)),
        noise=float(rng.uniform(1, 4)),
        quality=int(rng.integers(80, 95)),
    )
    match fault:
        case "none":
            return replace(found, empty=True)
        case "cut-off":
            return replace(found, cut=float(rng.uniform(0.05, 0.4)))
        case "blurred" if rng.random() < 0.5:
            return replace(found, blur=float(rng.uniform(0.2, 0.5)))
        case "blurred":
            return replace(found, shake=float(rng.uniform(0.6, 1.5)))
        case "glare":
            return replace(found, glare=float(rng.uniform(0.015, 0.1)), light=min(found.light, 0.85))
        case "dark":
            return replace(found, light=float(rng.uniform(0.08, 0.2)))
        case "small":
            return replace(found, fill=float(rng.uniform(0.25, 0.45)))
    return found


def draw(rng: np.random.Generator, wanted: Scene, font: Path) -> Shot:
    """Draw the scene; `font` is a font file that has Chinese characters."""
    width, height = wanted.size
    desk = table(rng, wanted.surface, width, height)
    sheet = page(rng, font)
    corners, back = _place(rng, wanted, sheet)
    if not wanted.empty:
        desk = _lay(rng, desk, sheet, corners, back, wanted)
    text_px = sheet.text_px * float(np.linalg.norm(corners[3] - corners[0])) / sheet.picture.shape[0]
    light = _light(rng, wanted, width, height)
    seen = desk * light[..., None]
    seen = _lens(rng, seen, wanted, text_px)
    if wanted.glare and not wanted.empty:
        seen = _glare(rng, seen, corners, wanted.glare)
    seen = seen + wanted.noise * rng.standard_normal(seen.shape, dtype=np.float32)
    frame = np.clip(seen, 0, 255).astype(np.uint8)
    good, packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, wanted.quality])
    if good:
        frame = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
    return Shot(frame, corners, text_px)


def _place(rng: np.random.Generator, wanted: Scene, sheet: Page) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the sheet's corners come to lie, and the matrix from the sheet's pixels to the frame's."""
    width, height = wanted.size
    high, wide = sheet.picture.shape[:2]
    box = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]], dtype=np.float64) / 2
    turn = np.radians(wanted.angle)
    box = box @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    box *= 1 + rng.uniform(-1, 1, (4, 1)) * wanted.tilt
    spread = box.max(axis=0) - box.min(axis=0)
    box *= wanted.fill * min(width / spread[0], height / spread[1])
    spread = box.max(axis=0) - box.min(axis=0)
    room = np.maximum(0, (np.array([width, height]) - spread) / 2 - 0.012 * width)
    middle = np.array([width, height]) / 2 + rng.uniform(-1, 1, 2) * room - (box.max(axis=0) + box.min(axis=0)) / 2
    corners = box + middle
    if wanted.cut:
        side = int(rng.integers(4))
        axis, edge = side % 2, (0 if side < 2 else (width, height)[side % 2])
        out = wanted.cut * spread[axis]
        corners[:, axis] += (-out - corners[:, axis].min()) if side < 2 else (edge + out - corners[:, axis].max())
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    return corners, np.asarray(cv2.getPerspectiveTransform(flat, corners.astype(np.float32)), dtype=np.float64)


def _lay(
    rng: np.random.Generator,
    desk: NDArray[np.float32],
    sheet: Page,
    corners: NDArray[np.float64],
    back: NDArray[np.float64],
    wanted: Scene,
) -> NDArray[np.float32]:
    """Put the sheet on the table, a little bent, with the line of shadow that every sheet has around it."""
    width, height = wanted.size
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    extent = float(np.linalg.norm(corners[2] - corners[0]))
    waves = rng.uniform(0, 2 * np.pi, 2).tolist()
    bend = wanted.curl * extent
    xs_bent = xs + bend * np.sin(ys / extent * 2.5 + waves[0])
    ys_bent = ys + bend * np.sin(xs / extent * 2.5 + waves[1])
    inverse = np.linalg.inv(back).astype(np.float32)
    depth = inverse[2, 0] * xs_bent + inverse[2, 1] * ys_bent + inverse[2, 2]
    to_x = ((inverse[0, 0] * xs_bent + inverse[0, 1] * ys_bent + inverse[0, 2]) / depth).astype(np.float32)
    to_y = ((inverse[1, 0] * xs_bent + inverse[1, 1] * ys_bent + inverse[1, 2]) / depth).astype(np.float32)
    high, wide = sheet.picture.shape[:2]
    step = max(1.0, high / max(1.0, float(np.linalg.norm(corners[3] - corners[0]))))
    soft = cv2.GaussianBlur(sheet.picture, (0, 0), 0.45 * step) if step > 1.05 else sheet.picture
    paper = cv2.remap(soft, to_x, to_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    outside = np.maximum.reduce([-to_x, to_x - wide, -to_y, to_y - high]) / step
    cover = np.clip(0.5 - outside, 0, 1).astype(np.float32)[..., None]
    fall = float(rng.uniform(2, 7))
    moved = np.roll(outside, (round(fall / 2), round(fall / 3)), axis=(0, 1))
    dim = 1 - float(rng.uniform(0.1, 0.4)) * np.exp(-((np.maximum(moved, 0) / fall) ** 2))
    return np.asarray(desk * dim[..., None] * (1 - cover) + paper * cover, dtype=np.float32)


def _light(rng: np.random.Generator, wanted: Scene, width: int, height: int) -> NDArray[np.float32]:
    """How much light falls where: uneven from one side, with the soft shadow of an arm or a head."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    way = float(rng.uniform(0, 2 * np.pi))
    cos, sin = float(np.cos(way)), float(np.sin(way))
    along = (xs / width - 0.5) * cos + (ys / height - 0.5) * sin
    light = wanted.light * (1 + float(rng.uniform(0, 0.2)) * along)
    if wanted.shadow:
        x, y, soft = (float(rng.uniform(*span)) for span in ((0.2, 0.8), (0.2, 0.8), (0.01, 0.06)))
        edge = (xs / width - x) * float(np.cos(way + 1)) + (ys / height - y) * float(np.sin(way + 1))
        light = light * (1 - wanted.shadow / (1 + np.exp(-edge / soft)))
    return np.asarray(light, dtype=np.float32)


def _lens(rng: np.random.Generator, seen: NDArray[np.float32], wanted: Scene, text_px: float) -> NDArray[np.float32]:
    """Focus and shake."""
    focus = max(0.35, wanted.blur * text_px)
    seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), focus), dtype=np.float32)
    if wanted.shake:
        length = max(3, round(wanted.shake * text_px)) | 1
        trail = np.zeros((length, length), np.float32)
        way = rng.uniform(0, np.pi)
        reach = np.array([np.cos(way), np.sin(way)]) * (length - 1) / 2
        middle = (length - 1) / 2
        ends = [tuple(round(v) for v in (middle + s * reach)) for s in (-1, 1)]
        cv2.line(trail, ends[0], ends[1], 1.0, 1)
        seen = np.asarray(cv2.filter2D(seen, -1, trail / trail.sum()), dtype=np.float32)
    return seen


def _glare(
    rng: np.random.Generator, seen: NDArray[np.float32], corners: NDArray[np.float64], share: float
) -> NDArray[np.float32]:
    """A lamp mirrored in the sheet: white where it is, a veil around it."""
    height, width = seen.shape[:2]
    area = float(cv2.contourArea(corners.astype(np.float32)))
    ratio = float(rng.uniform(1, 3))
    radius = float(np.sqrt(share * area / np.pi))
    a, b = radius * ratio**0.5, radius / ratio**0.5
    weights = rng.dirichlet(np.full(4, 3.0))
    x, y = (weights[:, None] * corners).sum(axis=0).tolist()
    way = float(rng.uniform(0, np.pi))
    cos, sin = float(np.cos(way)), float(np.sin(way))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    along = (xs - x) * cos + (ys - y) * sin
    across = -(xs - x) * sin + (ys - y) * cos
    far = np.sqrt((along / a) ** 2 + (across / b) ** 2)
    veil = 300 / (1 + np.exp(np.minimum((far - 1.15) * 9, 50)))
    return np.asarray(seen + veil[..., None], dtype=np.float32)
