"""Frames without any code, seeded: print, stripes, textures, noise, scenes like photographs, bars that say nothing."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.bench.decode.lens import Camera, Gray, Level, Shot
from tests.drivers.camera.frames import nothing

KINDS = 10
_FINE = 6


def blank(number: int, size: tuple[int, int] = (640, 480), seed: int = 20261122) -> Gray:
    """Frame `number` of an endless, repeatable row; kinds follow one another."""
    kind = number % KINDS
    if kind < 5:
        return nothing(5 * number + kind + seed, size)
    rng = np.random.default_rng((seed, number))
    shot = Shot(
        size=size,
        module=float(rng.uniform(1.8, 4.0)),
        angle=float(rng.uniform(-20, 20)),
        lean=(float(rng.uniform(-0.2, 0.2)), float(rng.uniform(-0.2, 0.2))),
        focus=float(rng.uniform(0.3, 1.2)),
        shake=float(rng.uniform(0, 2)),
        light=float(np.exp(rng.uniform(np.log(0.01), np.log(0.7)))),
        ink=float(rng.choice([0.06, 0.3, 0.6])),
        shade=float(rng.uniform(0, 0.4)),
        jpeg=int(rng.integers(40, 92)),
    )
    shot = replace(shot, gain=float(rng.uniform(0.2, 0.7)) / shot.light)
    return Camera(_sheet(kind, rng), _FINE, shot, rng).frame()


def _sheet(kind: int, rng: np.random.Generator) -> Level:
    match kind:
        case 5:
            return _page(rng)
        case 6:
            return _bars(rng)
        case 7:
            return _form(rng)
        case 8:
            return _scene(rng)
        case _:
            return _cloth(rng)


def _page(rng: np.random.Generator) -> Level:
    page = np.full((900, 1300), 255, dtype=np.uint8)
    letters = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789|l1I/ .,")
    scale = float(rng.uniform(0.8, 2.2))
    for y in range(int(30 * scale), 900, int(32 * scale)):
        words = "".join(rng.choice(letters, 70))
        cv2.putText(page, words, (10, y), cv2.FONT_HERSHEY_SIMPLEX, scale, (0.0,), int(1 + 2 * scale), cv2.LINE_AA)
    return _reflectance(page)


def _bars(rng: np.random.Generator) -> Level:
    """Bars of chance widths with white beside them: like a linear code, but of no alphabet."""
    widths = rng.integers(1, int(rng.choice([3, 4, 6])) + 1, int(rng.integers(24, 110)))
    row = np.repeat(np.arange(len(widths)) % 2, widths)
    page = np.full((600, (row.size + 40) * _FINE), 255, dtype=np.uint8)
    page[150:450, 20 * _FINE : (20 + row.size) * _FINE] = np.repeat(row, _FINE) * 255
    return _reflectance(page)


def _form(rng: np.random.Generator) -> Level:
    """A table with boxes, ticks and a stamp."""
    page = np.full((900, 1300), 255, dtype=np.uint8)
    for x in np.sort(rng.integers(20, 1280, 14)):
        cv2.line(page, (int(x), 20), (int(x), 880), (0.0,), int(rng.integers(1, 9)))
    for y in np.sort(rng.integers(20, 880, 14)):
        cv2.line(page, (20, int(y)), (1280, int(y)), (0.0,), int(rng.integers(1, 9)))
    for _ in range(12):
        x, y = int(rng.integers(40, 1240)), int(rng.integers(40, 840))
        cv2.rectangle(page, (x, y), (x + 28, y + 28), (0.0,), int(rng.choice([3, -1])))
    cv2.circle(page, (int(rng.integers(200, 1100)), int(rng.integers(200, 700))), 120, (90.0,), 9)
    return _reflectance(page)


def _scene(rng: np.random.Generator) -> Level:
    """Things of all sizes before one another, each with a texture of its own."""
    page = _grain(rng, (900, 1300), 1.4)
    for _ in range(40):
        centre = rng.uniform((0, 0), (1300, 900))
        spokes = int(rng.integers(3, 9))
        turn = np.sort(rng.uniform(0, 2 * np.pi, spokes))
        reach = rng.uniform(20, 260) * rng.uniform(0.5, 1, spokes)
        points = centre + np.stack([np.cos(turn) * reach, np.sin(turn) * reach], axis=1)
        mask = np.zeros(page.shape, dtype=np.uint8)
        cv2.fillPoly(mask, [points.astype(np.int32)], (1.0,))
        page = np.where(mask > 0, float(rng.uniform(0, 1)) + 0.15 * _grain(rng, page.shape, 1.0), page)
    return np.clip(page, 0, 1).astype(np.float32)


def _cloth(rng: np.random.Generator) -> Level:
    """Woven threads, corduroy, blinds: waves of two directions, bent a little."""
    y, x = np.mgrid[0:900, 0:1300].astype(np.float32)
    bend = 40 * _grain(rng, (900, 1300), 1.8)
    wave = np.sin((x + bend) * 2 * np.pi / rng.uniform(8, 60)) + rng.uniform(0, 1) * np.sin(y / rng.uniform(3, 12))
    return np.clip(0.5 + 0.4 * wave * rng.uniform(0.3, 2), 0, 1).astype(np.float32)


def _grain(rng: np.random.Generator, shape: tuple[int, ...], steepness: float) -> NDArray[np.float64]:
    """Noise whose strength falls with its frequency, as in photographs; mean 0.5."""
    small = (shape[0] // 2, shape[1] // 2)
    fy, fx = np.fft.fftfreq(small[0])[:, None], np.fft.rfftfreq(small[1])[None, :]
    weight = 1 / np.maximum(np.hypot(fy, fx), 1 / max(small)) ** steepness
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(small)) * weight, small)
    field = 0.5 + 0.2 * (field - field.mean()) / field.std()
    return np.asarray(cv2.resize(field, (shape[1], shape[0])), dtype=np.float64)


def _reflectance(page: Gray) -> Level:
    return (page / 255).astype(np.float32)
