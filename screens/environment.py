"""Everything Kivy must be told before it is imported, so that it is an appliance and not a desktop program."""

import logging
import os
from collections.abc import MutableMapping
from pathlib import Path

from screens.theme import Panel


def prepare(home: Path, panel: Panel, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set the environment for `import kivy`; `home` is where it may write, never the account's own folder."""
    logging.getLogger("kivy").addFilter(_worth_a_line)
    environ.update(
        KIVY_NO_ARGS="1",  # else Kivy eats the command line
        KIVY_NO_CONFIG="1",  # no surprises from a config.ini
        KIVY_NO_FILELOG="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_LOG_MODE="PYTHON",  # else it takes over the root logger and replaces sys.stderr
        KIVY_HOME=str(home),
        KIVY_DPI=str(panel.dpi),  # SDL reports 96 for every panel
        KIVY_METRICS_DENSITY="1",
        KIVY_WINDOW="sdl2",
        KIVY_TEXT="sdl2",
        KIVY_IMAGE="sdl2",
        # On X11 SDL swallows a press that it reads together with the news that the window has the focus.
        SDL_MOUSE_FOCUS_CLICKTHROUGH="1",
    )
    if environ.get("SDL_VIDEODRIVER") == "offscreen":
        # Without a screen nothing throttles the frames, and llvmpipe's worker threads queue them until memory is gone.
        environ.setdefault("LP_NUM_THREADS", "0")


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Say whether a line of Kivy's is news on a kiosk; its banner, logged before its level can be set, is none."""
    return record.levelno >= logging.WARNING


def configure(panel: Panel, *, fullscreen: bool = False, rotation: int = 0, touch: str = "") -> None:
    """Set Kivy's own configuration, before any window exists. `panel` is upright: as the citizen sees it.

    `touch` is an mtdev line such as `/dev/input/by-path/...,rotation=90`; without it SDL's mouse carries the touches.
    Exactly one input provider is left: on Linux a touch screen is both a mouse and an mtdev device, and with both one
    finger counts twice.
    """
    from kivy.config import Config  # noqa: PLC0415 - the environment must be set first

    width, height = (panel.height, panel.width) if rotation in (90, 270) else (panel.width, panel.height)
    settings = {
        "kivy": {
            "exit_on_escape": "0",  # else one ESC, say of a wedge scanner, ends the kiosk
            "desktop": "0",
            "keyboard_mode": "",
            "pause_on_minimize": "0",
        },
        "graphics": {
            "width": str(width),
            "height": str(height),
            "rotation": str(rotation),
            "fullscreen": "auto" if fullscreen else "0",
            "show_cursor": "0" if fullscreen else "1",
            "resizable": "0",
            "multisamples": "0",
            "maxfps": "60",
            "allow_screensaver": "0",
            "verify_gl_main_thread": "1",
        },
    }
    for section, values in settings.items():
        for name, value in values.items():
            Config.set(section, name, value)
    for name, _ in Config.items("input"):
        Config.remove_option("input", name)
    if touch:
        Config.set("input", "touch", f"mtdev,{touch}")
    else:
        Config.set("input", "mouse", "mouse,disable_multitouch")
    for name, _ in Config.items("modules"):
        Config.remove_option("modules", name)
