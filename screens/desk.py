"""Whether there is a display at all, and how large a desktop is, so that a portrait page fits on a wide one."""

import ctypes
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from screens.theme import Panel

FRAME = 0.92  # of the desktop: panels, title bars
LEAST = 0.2


def room(panel: Panel, desktop: Callable[[], tuple[int, int] | None] | None = None) -> float:
    """Return the zoom at which the panel fits on the desktop: 1 where it fits or nobody knows."""
    found = (desktop or x11)()
    if found is None or (panel.width <= found[0] and panel.height <= found[1]):
        return 1.0
    width, height = found
    return max(LEAST, min(width * FRAME / panel.width, height * FRAME / panel.height))


def displayed(environ: Mapping[str, str] = os.environ, cards: Path = Path("/dev/dri")) -> bool:
    """Say whether a window could be seen: SDL falls back to drawing unseen, and nobody would know why."""
    if environ.get("SDL_VIDEODRIVER") or environ.get("WAYLAND_DISPLAY"):
        return True
    if environ.get("DISPLAY"):
        return _library() is None or _size(environ["DISPLAY"]) is not None
    return any(cards.glob("card*"))


def _library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libX11.so.6")
    except OSError:
        return None


def x11() -> tuple[int, int] | None:
    """Ask the X server for its size; None where there is none or SDL draws elsewhere."""
    if os.environ.get("SDL_VIDEODRIVER", "x11") != "x11":
        return None
    return _size(os.environ.get("DISPLAY", ""))


def _size(name: str) -> tuple[int, int] | None:
    library = _library() if name else None
    if library is None:
        return None
    library.XOpenDisplay.restype = ctypes.c_void_p
    for function in ("XDisplayWidth", "XDisplayHeight"):
        getattr(library, function).argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.XDefaultScreen.argtypes = library.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    display = library.XOpenDisplay(name.encode())
    if not display:
        return None
    try:
        number = library.XDefaultScreen(display)
        return library.XDisplayWidth(display, number), library.XDisplayHeight(display, number)
    finally:
        library.XCloseDisplay(display)
