"""`kiosk wipe`: empties the state folder of a kiosk that is given away; refused while anything waits for the centre."""

import argparse
import os
import shutil
from datetime import datetime
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.engine.clock import open_clock
from kiosk.engine.journal import read_journal
from kiosk.engine.journal.file import NAME
from kiosk.engine.journal.lock import Lock


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk wipe`."""
    parser.add_argument("--yes", action="store_true", help="do it; without this only what would be done is said")


def run(args: argparse.Namespace) -> int:
    """Empty the folder, or say in one line why not."""
    state: Path = args.state
    clock = open_clock(args.test_clock, os.environ)
    if not (state / NAME).exists() and not any(state.glob(f"{NAME}*")):
        raise Refusal(f"{state} holds no journal of a kiosk; give its folder with --state")
    # Nobody may begin to write what is about to be deleted.
    lock = Lock(state / NAME)
    try:
        refuse_while_waiting(state, clock.now())
        if not args.yes:
            print(f"nothing waits; with --yes everything in {state} is deleted: journal, identity, event log")
            return 0
        for inside in sorted(state.iterdir()):
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
            elif inside.name != f"{NAME}.lock":
                inside.unlink()
    finally:
        lock.release()
    print(f"{state} is empty; retire the kiosk at the centre")
    return 0


def refuse_while_waiting(state: Path, now: datetime) -> None:
    """Refusal while a request lies here and nowhere else, or might: in a journal that was set aside as damaged."""
    damaged = sorted(file.name for file in state.glob(f"{NAME}.damaged-*"))
    if damaged:
        raise Refusal(f"{damaged[0]} may hold requests that nobody else has; send it to the centre, then move it away")
    journal = read_journal(state, lambda: now)
    if journal is None:
        return
    try:
        summary = journal.outbox.summary(now)
    finally:
        journal.close()
    waiting = summary.count + summary.states.get("quarantined", 0)
    if waiting:
        raise Refusal(f"{waiting} requests wait here and exist nowhere else; let them be delivered (`kiosk outbox`)")
