"""`kiosk outbox`: what waits for the centre - count, oldest age, states; never content, and nothing is changed."""

import argparse
import json
import os

from kiosk.engine.clock import machine_up, open_clock
from kiosk.engine.journal import Summary, read_journal


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk outbox`."""
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(args: argparse.Namespace) -> int:
    """Print the summary; a folder without a journal has an empty outbox."""
    clock = open_clock(args.test_clock, os.environ)
    journal = read_journal(args.state, clock.now, machine_up(clock))
    if journal is None:
        summary = Summary.empty()
    else:
        summary = journal.outbox.summary(clock.now())
        journal.close()
    if args.json:
        age = round(summary.oldest_age_s, 3)
        print(json.dumps({"count": summary.count, "oldest_age_s": age, "states": dict(summary.states)}))
    else:
        states = ", ".join(f"{state} {count}" for state, count in summary.states.items() if count) or "nothing yet"
        print(f"waiting: {summary.count}; oldest: {summary.oldest_age_s:.0f} s; all: {states}")
    return 0
