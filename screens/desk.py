"""How large the desktop is, so that a portrait page fits on a developer's wide screen; a board never asks."""

import ctypes
import os
from collections.abc import Callable

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


def x11() -> tuple[int, int] | None:
    """Ask the X server, whose library SDL needs as well; None where there is none or SDL draws elsewhere."""
    if not os.environ.get("DISPLAY") or os.environ.get("SDL_VIDEODRIVER", "x11") != "x11":
        return None
    try:
        library = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    library.XOpenDisplay.restype = ctypes.c_void_p
    for name in ("XDisplayWidth", "XDisplayHeight"):
        getattr(library, name).argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.XDefaultScreen.argtypes = library.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    display = library.XOpenDisplay(None)
    if not display:
        return None
    try:
        number = library.XDefaultScreen(display)
        return library.XDisplayWidth(display, number), library.XDisplayHeight(display, number)
    finally:
        library.XCloseDisplay(display)
