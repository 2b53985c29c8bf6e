"""A tray before a camera, from a seed: empty as it was, empty in another light, or with something left on it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.document_page import page
from drivers.camera.document_scene import Scene, draw
from drivers.camera.document_table import Table
from drivers.camera.reading import Gray

FONT = Path(__file__).parents[3] / "assets" / "fonts" / "NotoSansSC-Regular.ttf"
SIZE = (640, 480)
CARD = 0.3
"""Length of a card as a share of the view's width: 86 mm on a tray as wide as a sheet of A4 is long."""


def seen(seed: int, **change: object) -> Gray:
    """The tray of this seed; what is changed of the scene are light, shadow, noise."""
    rng = np.random.default_rng(seed)
    surface = get_args(Table)[seed % len(get_args(Table))]
    scene = replace(Scene(surface=surface, size=SIZE, blur=0.03, empty=True), **change)  # type: ignore[arg-type]
    return gray(draw(rng, scene, FONT).frame)


def gray(frame: NDArray[np.uint8]) -> Gray:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def relit(picture: Gray, rng: np.random.Generator, strength: float = 0.4) -> Gray:
    """The same picture in a light that is stronger or weaker, falls from another side, through another lens's noise."""
    high, wide = picture.shape
    y, x = np.mgrid[0:high, 0:wide]
    slope = rng.uniform(-strength / 2, strength / 2, 2)
    light = np.exp(rng.uniform(-strength, strength)) * (1 + slope[0] * (x / wide - 0.5) + slope[1] * (y / high - 0.5))
    level = picture * light + rng.normal(0, 3, picture.shape)
    return np.clip(level, 0, 255).astype(np.uint8)


def shaded(picture: Gray, rng: np.random.Generator) -> Gray:
    """The soft shadow of somebody who stands beside it, over a part of the tray."""
    high, wide = picture.shape
    y, x = np.mgrid[0:high, 0:wide]
    way = rng.uniform(0, 2 * np.pi)
    edge = (x / wide - rng.uniform(0.2, 0.8)) * np.cos(way) + (y / high - rng.uniform(0.2, 0.8)) * np.sin(way)
    dim = 1 - rng.uniform(0.1, 0.35) / (1 + np.exp(-edge / rng.uniform(0.04, 0.12)))
    return np.clip(picture * dim, 0, 255).astype(np.uint8)


@cache
def _print(seed: int) -> Gray:
    return gray(page(np.random.default_rng(seed), FONT).picture)


def with_card(picture: Gray, rng: np.random.Generator) -> Gray:
    """A card with print on it, laid anywhere at any angle."""
    sheet = _print(int(rng.integers(4)))
    wide = round(CARD * picture.shape[1])
    high = round(wide * 54 / 86)
    top, left = rng.integers(0, sheet.shape[0] - 6 * high), rng.integers(0, sheet.shape[1] - 3 * wide)
    card = cv2.resize(sheet[top : top + 6 * high, left : left + 3 * wide], (wide, high), interpolation=cv2.INTER_AREA)
    tone = rng.uniform(0.55, 1.0)
    angle = float(rng.uniform(-180, 180))
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    reach = 0.3 * picture.shape[1]
    middle = rng.uniform((reach / 2, reach / 2), (picture.shape[1] - reach / 2, picture.shape[0] - reach / 2))
    turn[:, 2] += middle - np.array([wide / 2, high / 2])
    size = (picture.shape[1], picture.shape[0])
    laid = cv2.warpAffine((card * tone).astype(np.uint8), turn, size)
    cover = cv2.warpAffine(np.full((high, wide), 255, np.uint8), turn, size).astype(np.float64) / 255
    level = picture * (1 - cover) + laid * cover
    return np.clip(level, 0, 255).astype(np.uint8)
