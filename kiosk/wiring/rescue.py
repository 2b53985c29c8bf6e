"""`kiosk rescue`: asked by systemd when core keeps falling; exit 0 lets the machine restart, 1 leaves a page."""

import argparse
import os

from kiosk.engine.clock import open_clock
from kiosk.ops.rescue import decide
from kiosk.wiring import places


def arguments(_parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose: the state folder says what was tried."""


def run(args: argparse.Namespace) -> int:
    """Say what is to be done, by exit code and in one line."""
    clock = open_clock(args.test_clock, os.environ)
    restart = decide(places.open_state(args.state), clock.now())
    print(
        "core keeps falling: the machine is restarted, once"
        if restart
        else "core keeps falling and a restart did not help: the page with code C1 is shown"
    )
    return 0 if restart else 1
