"""`kiosk screen`: the window. It has a display and a local socket; no device, no network, no database."""

import argparse
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import load
from kiosk.domain.errors import Refusal
from kiosk.view.models import Busy, Notice, View
from kiosk.wiring import places
from kiosk.wiring.places import SOCKET

if TYPE_CHECKING:
    from screens.theme import Panel


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; what is not given comes from the settings."""
    parser.add_argument("--socket", type=Path, metavar="PATH", help="core's socket (else STATE/screen.sock)")
    parser.add_argument("--width", type=int, metavar="PX", help="width of the panel")
    parser.add_argument("--height", type=int, metavar="PX", help="height of the panel")
    parser.add_argument("--dpi", type=float, metavar="DPI", help="its true dots an inch")
    parser.add_argument("--fullscreen", action="store_true", help="fill the display")
    parser.add_argument(
        "--zoom", type=float, metavar="F", help="draw smaller, 0.2 to 1 (else as large as the desktop has room for)"
    )
    parser.add_argument("--touch", default="", metavar="DEVICE", help="read touches from this mtdev device, not SDL")
    parser.add_argument("--forward-keys", action="store_true", help="send the window's keys to core (tests only)")


def run(args: argparse.Namespace) -> int:
    """Show the window until it is closed or told to end."""
    from kiosk.ops.log import set_up
    from kiosk.ops.memory import keep_to_itself
    from kiosk.ops.notify import notifier
    from screens import environment
    from screens.desk import displayed
    from screens.theme import Panel

    keep_to_itself()
    settings = load(args.config)
    set_up(settings.kiosk.log_level)
    asked = settings.screen
    fullscreen = args.fullscreen or asked.fullscreen
    panel = _zoomed(
        Panel(args.width or asked.width, args.height or asked.height, args.dpi or asked.dpi), args.zoom, fullscreen
    )
    if not displayed():
        raise Refusal(
            "there is no display; connect a panel, start it in a desktop session, or set SDL_VIDEODRIVER=offscreen"
        )
    home = places.open_state(args.state) / "kivy"
    environment.prepare(home, panel)
    environment.configure(panel, fullscreen=fullscreen, rotation=asked.rotation, touch=_there(args.touch))

    from screens.app import Screen, Setup

    socket = args.socket or args.state / SOCKET
    forward_keys = args.forward_keys or asked.window_keys
    setup = Setup(socket, places.assets(), panel, calm(), forward_keys, notifier(os.environ).alive, small=small())
    Screen(setup).run()
    return 0


def calm() -> View:
    """The page that stands while core is away, in every language, for nobody knows whose turn it is."""
    words = [places.texts(language, "screen") for language in places.LOCALES]
    return View(
        "working",
        "\n".join(texts["screen.starting"] for texts in words),
        blocks=(Busy("\n".join(texts["screen.wait"] for texts in words)),),
    )


def small() -> View:
    """What citizens see on a panel that is too small for them, in every language."""
    words = [places.texts(language, "screen") for language in places.LOCALES]
    told = "\n".join(texts["screen.small.where"] for texts in words)
    title = "\n".join(texts["screen.small"] for texts in words)
    return View("closed", title, blocks=(Notice("info", "info", title, told),))


def _there(touch: str) -> str:
    """The touch panel's own device, or nothing where it is not there: SDL's mouse is better than no touch at all."""
    device = touch.partition(",")[0]
    if device and not Path(device).exists():
        logging.getLogger(__name__).warning("no touch panel at %s; check its cable and the udev rules", device)
        return ""
    return touch


def _zoomed(panel: "Panel", zoom: float | None, fullscreen: bool) -> "Panel":
    """Return the panel as large as it is to be drawn: the same millimetres in fewer pixels."""
    from screens.desk import room
    from screens.theme import Panel

    if min(panel.width, panel.height) < 240 or max(panel.width, panel.height) > 7680 or not 50 <= panel.dpi <= 400:
        raise Refusal(
            f"a panel of {panel.width} x {panel.height} at {panel.dpi:g} dpi is out of bounds; "
            "give 240 to 7680 px and 50 to 400 dpi"
        )
    if zoom is not None and not 0.2 <= zoom <= 1.0:
        raise Refusal(f"--zoom {zoom:g} is out of bounds; give 0.2 to 1")
    if zoom is None:
        zoom = 1.0 if fullscreen else room(panel)
    return Panel(round(panel.width * zoom), round(panel.height * zoom), panel.dpi * zoom)
