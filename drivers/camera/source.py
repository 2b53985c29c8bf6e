"""Where frames come from: one protocol, and the one factory that chooses a source by its setting."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote

from drivers.camera.reading import Gray
from drivers.device import BadAddress
from drivers.transport import urls

_RIGHT = (
    "it looks like /dev/video0?size=1280x720&fps=15, csi:, tcp://host:port, a video file, a folder of pictures, "
    "or synthetic:TEXT"
)
_VIDEO = (".avi", ".mp4", ".mkv", ".mov", ".webm")
_STILL = (".jpg", ".jpeg", ".png", ".pgm", ".bmp")


class FrameSource(Protocol):
    """One open camera, or what stands in for it. Its owner thread alone calls it."""

    live: bool
    """Whether the same frame again and again means that it is stuck; a folder of pictures is not."""

    def read(self) -> Gray:
        """Wait for the next frame, some ten a second; raise LineLost when it went away."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True)
class Wanted:
    """What to open: `kind` and `where`, and how many pixels and frames a second to ask a camera for."""

    kind: str
    where: str
    width: int = 1280
    height: int = 720
    fps: float = 15.0


def parse(setting: str) -> Wanted:
    """Read `camera.source`; BadAddress says what is wrong with it."""
    place, _, query = setting.partition("?")
    width, height, fps = 1280, 720, 15.0
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key == "size":
            width, height = _size(value)
        elif key == "fps":
            fps = _fps(value)
        else:
            raise BadAddress(f"{key!r:.20} is no part of a camera's setting; {_RIGHT}")
    if place.startswith("tcp://"):
        urls.parse(place)
        return Wanted("tcp", place, width, height, fps)
    kind, mark, where = place.partition(":")
    if mark and kind in ("csi", "synthetic"):
        return Wanted(kind, unquote(where), width, height, fps)
    if not place.startswith("/"):
        raise BadAddress(f"{setting!r:.80} is no camera; {_RIGHT}")
    return Wanted(_kind_of(place), place, width, height, fps)


def open_source(wanted: Wanted) -> FrameSource:
    """Open what `parse` read; LineLost when it is not there."""
    return _opener(wanted.kind)(wanted)


def _opener(kind: str) -> Callable[[Wanted], FrameSource]:
    # Each source imports its own library, and only the chosen one is there on a given machine.
    match kind:
        case "v4l2":
            from drivers.camera.v4l2 import V4l2Source  # noqa: PLC0415

            return V4l2Source
        case "csi":
            from drivers.camera.csi import CsiSource  # noqa: PLC0415

            return CsiSource
        case "tcp":
            from drivers.camera.wire import WireSource  # noqa: PLC0415

            return WireSource
        case "video":
            from drivers.camera.files import VideoSource  # noqa: PLC0415

            return VideoSource
        case "stills":
            from drivers.camera.files import StillsSource  # noqa: PLC0415

            return StillsSource
        case _:
            from drivers.camera.synthetic import SyntheticSource  # noqa: PLC0415

            return SyntheticSource


def _kind_of(place: str) -> str:
    path = Path(place)
    if path.suffix.lower() in _VIDEO:
        return "video"
    if path.suffix.lower() in _STILL or path.is_dir():
        return "stills"
    return "v4l2"


def _size(value: str) -> tuple[int, int]:
    width, _, height = value.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 64 <= int(width) <= 8192 and 64 <= int(height) <= 8192):
        raise BadAddress(f"size={value!r:.20} is no picture size; {_RIGHT}")
    return int(width), int(height)


def _fps(value: str) -> float:
    try:
        fps = float(value)
    except ValueError:
        fps = 0.0
    if not 1 <= fps <= 120:
        raise BadAddress(f"fps={value!r:.20} is no frame rate between 1 and 120; {_RIGHT}")
    return fps
