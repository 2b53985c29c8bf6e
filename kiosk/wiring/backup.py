"""`kiosk backup`: copies hub and centre while they run, keys apart, and brings a copy back into an empty folder."""

import argparse
import os
from pathlib import Path

from kiosk.engine.clock import open_clock
from kiosk.ops import backup


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what goes where."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="an empty folder for the copy, or the copy itself")
    parser.add_argument("--keys", type=Path, metavar="DIR", help="the centre's keys go to, or come from, this folder")
    parser.add_argument("--restore", action="store_true", help="bring the copy back into an empty state folder")


def run(args: argparse.Namespace) -> int:
    """Copy or bring back; Refusal says why nothing was done."""
    if args.restore:
        done = backup.restore(args.folder, args.keys, args.state)
        print(f"brought back into {args.state}: {', '.join(done)}")
        if args.keys is None and "central.db" in done:
            print("without its keys the centre cannot read what is stored; bring them back with --keys")
        return 0
    done = backup.back_up(args.state, args.folder, args.keys, open_clock(args.test_clock, os.environ).now())
    print(f"copied: {', '.join(done)}")
    return 0
