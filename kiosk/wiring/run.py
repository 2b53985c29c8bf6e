"""`kiosk run`: core and screen together, for a desk; a screen that falls over is started again."""

import argparse
import json
import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.errors import Refusal
from kiosk.engine.journal.lock import Lock
from kiosk.wiring import places
from kiosk.wiring.places import SOCKET
from kiosk.wiring.processes import Process

if TYPE_CHECKING:
    from kiosk.engine.window import Window

READY_S = 60.0
"""A window that is not there after so long is not announced any more; its log says why."""
RESTART_S = 1.0
"""Pause before a screen that fell over is started again: it is back within 5 s, and a broken one does not spin."""
JOURNAL = "kiosk.db"
SHORT_LIFE_S = 10.0
SHORT_LIVES = 3
"""A screen that dies so often within so short a life will not get better by itself."""

_log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; they go to the screen."""
    parser.add_argument("--width", type=int, metavar="PX", help="width of the panel")
    parser.add_argument("--height", type=int, metavar="PX", help="height of the panel")
    parser.add_argument("--dpi", type=float, metavar="DPI", help="its true dots an inch")
    parser.add_argument("--fullscreen", action="store_true", help="fill the display")


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it or the window is closed."""
    from kiosk.ops.memory import keep_to_itself

    keep_to_itself()
    state = places.open_state(args.state)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    # A second instance is refused before its window could take the place of the first one's.
    Lock(state / JOURNAL).release()
    # The window opens while core is still being imported: the two take about as long as each other.
    screen = Process(_words(args, state), state / "screen.log")
    try:
        from kiosk.config import load
        from kiosk.engine.clock import open_clock
        from kiosk.ops.log import set_up
        from kiosk.wiring.core import Core

        settings = load(args.config)
        set_up(settings.kiosk.log_level)
        core = Core(settings, state, open_clock(args.test_clock, os.environ))
    except BaseException:
        screen.stop()
        raise
    core.start()
    threading.Thread(target=_announce, args=(core.screen,), name="announce", daemon=True).start()
    try:
        return _keep(screen, args, state, ended)
    finally:
        core.stop()


def _announce(window: "Window") -> None:
    if window.ready(READY_S):
        print(json.dumps({"ready": "kiosk"}), flush=True)


def _keep(screen: Process, args: argparse.Namespace, state: Path, ended: threading.Event) -> int:
    deaths = 0
    while not ended.is_set():
        born = time.monotonic()
        try:
            while screen.alive and not ended.is_set():
                ended.wait(0.2)
        finally:
            screen.stop()
        if ended.is_set() or screen.child.returncode == 0:
            return 0
        deaths = deaths + 1 if time.monotonic() - born < SHORT_LIFE_S else 1
        if deaths >= SHORT_LIVES:
            raise Refusal(f"the screen does not stay up: {screen.last_words()}; its log is {screen.log}")
        _log.warning("screen fell over; starting it again")
        ended.wait(RESTART_S)
        screen = Process(_words(args, state), state / "screen.log")
    return 0


def _words(args: argparse.Namespace, state: Path) -> list[str]:
    words = ["screen", "--state", str(state), "--socket", str(state / SOCKET)]
    if args.config:
        words += ["--config", str(args.config)]
    for name in ("width", "height", "dpi"):
        if getattr(args, name):
            words += [f"--{name}", str(getattr(args, name))]
    return [*words, "--fullscreen"] if args.fullscreen else words
