"""Looks through a camera once, at install: its real sizes, its frames a second, how dark it is there."""

import time
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from drivers.camera.frame import DARK
from drivers.camera.reading import Gray
from drivers.camera.source import FrameSource, Wanted, open_source, parse
from drivers.device import LineLost
from drivers.probed import Fact, Probed

SIZES = ((640, 480), (1280, 720), (1920, 1080), (2592, 1944))
"""Two for codes, two for documents."""
SETTLE = 4
"""Frames let pass: what the driver held, and the exposure."""
FRAMES = 16
LONGEST_S = 2.5
"""A mode at a frame or two a second is known to be slow after so long."""
DIM = 40.0
"""Mean grey level under which faint print drowns in the sensor's noise."""


@dataclass(frozen=True)
class Mode:
    """One way of giving frames, as measured; `grey` and `noise` are levels of 255."""

    width: int
    height: int
    fps: float
    first_ms: float
    grey: float
    noise: float
    moves: bool


def probe(source: str, at: str) -> Probed:
    """Measure it; LineLost when it gives no frames as `camera.source` asks for them. `at`: the time as text."""
    wanted = parse(source)
    asked = _measured(wanted)
    others: list[Mode] = []
    if wanted.kind in ("v4l2", "csi"):
        for size in SIZES:
            try:
                mode = _measured(replace(wanted, width=size[0], height=size[1], fps=30.0))
            except LineLost:
                continue
            if (mode.width, mode.height) not in {(one.width, one.height) for one in (asked, *others)}:
                others.append(mode)
    facts: dict[str, Fact] = {
        "modes": [[one.width, one.height, one.fps] for one in (asked, *others)],
        "first_ms": asked.first_ms,
        "grey": asked.grey,
        "noise": asked.noise,
        "moves": asked.moves,
    }
    return Probed(source, at, _words(wanted, asked, others), facts)


def _words(wanted: Wanted, asked: Mode, others: list[Mode]) -> str:
    said = [f"gives {asked.width}x{asked.height} at {asked.fps:g} a second"]
    if wanted.kind in ("v4l2", "csi") and (asked.width, asked.height) != (wanted.width, wanted.height):
        said.append(f"was asked for {wanted.width}x{wanted.height}: it does not have that size")
    if others:
        said.append("also " + ", ".join(f"{one.width}x{one.height} at {one.fps:g}" for one in others))
    light = (
        "dark: uncover the lens, light the place"
        if asked.grey < DARK
        else "dim: more light"
        if asked.grey < DIM
        else ""
    )
    said.append(f"grey level {asked.grey:g} of 255, noise {asked.noise:g}" + (f" ({light})" if light else ""))
    if wanted.kind in ("v4l2", "csi") and not asked.moves:
        said.append("every frame is the same: it is stuck")
    return "; ".join(said)


def _measured(wanted: Wanted) -> Mode:
    began = time.monotonic()
    with closing(open_source(wanted)) as source:
        frame = source.read()
        first = time.monotonic() - began
        for _ in range(SETTLE):
            frame = source.read()
        return _timed(source, frame, first)


def _timed(source: FrameSource, frame: Gray, first: float) -> Mode:
    began, count, moves = time.monotonic(), 0, False
    before = frame
    while count < FRAMES and time.monotonic() - began < LONGEST_S:
        before, frame = frame, source.read()
        moves = moves or not np.array_equal(before, frame)
        count += 1
    took = max(1e-6, time.monotonic() - began)
    noise = float(np.median(np.abs(frame.astype(np.int16) - before.astype(np.int16)))) * 1.05
    high, wide = frame.shape
    return Mode(
        wide, high, round(count / took, 1), round(1000 * first), round(float(frame.mean()), 1), round(noise, 1), moves
    )
