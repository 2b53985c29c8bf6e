"""`kiosk clock`: sets the machine's clock forward at a start without a network, and keeps the time that is known."""

import argparse
import os
import time
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.engine.clock import open_clock
from kiosk.ops.timekeeping import made_at, read_kept, time_to_keep, time_to_set, write_kept
from kiosk.wiring import places

SYNCED = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd makes it when it has had the time from the network."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is to be done."""
    parser.add_argument("action", choices=("restore", "save"), help="at a start, or every ten minutes and at the end")
    parser.add_argument("--floor", type=Path, metavar="FILE", help="time never lies before this file was made")
    parser.add_argument(
        "--synced", type=Path, default=SYNCED, metavar="FILE", help="there once the network set the time"
    )
    parser.add_argument("--dry", action="store_true", help="restore: only say what the clock would be set to")


def run(args: argparse.Namespace) -> int:
    """Do it and say it in one line; 0 also where there is nothing to do."""
    floor_file = args.floor or places.assets()
    try:
        floor = made_at(floor_file)
    except OSError as error:
        raise Refusal(f"{floor_file} cannot be read ({(error.strerror or str(error)).lower()})") from error
    state = places.open_state(args.state)
    now, kept = open_clock(args.test_clock, os.environ).now(), read_kept(state)
    if args.action == "save":
        keep = time_to_keep(now, floor, kept, synced=args.synced.exists())
        if keep is not None:
            write_kept(state, keep)
        print("kept" if keep is not None else "not kept: this clock is behind what was known, or far beyond it")
        return 0
    right = time_to_set(now, floor, kept)
    if right is None:
        print("the clock stands as it is")
        return 0
    if not args.dry:
        try:
            time.clock_settime(time.CLOCK_REALTIME, right.timestamp())
        except OSError as error:
            raise Refusal(
                f"the clock cannot be set ({(error.strerror or str(error)).lower()}); run it as root"
            ) from error
    print(f"the clock is set to {right.isoformat(timespec='seconds')}")
    return 0
