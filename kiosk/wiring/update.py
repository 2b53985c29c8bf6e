"""`kiosk update`: which slot starts and why, what waits; the steps of an update are called by systemd and RAUC."""

import argparse
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.ops.update.autoboot import SLOTS, SYSTEM, Device, Slot, other
from kiosk.ops.update.shelf import read_update
from kiosk.ops.update.slots import Folder, Slots, Start

VOLUME = Path("/dev/disk/by-partuuid/4b494f53-01")
BOOT_FOLDER = Path("/data/boot")
COMMAND_LINE = Path("/proc/cmdline")
_ROOT = re.compile(r"\broot=PARTUUID=[0-9a-f]{8}-0([56])\b")
RUN_FOLDER = "RUNTIME_DIRECTORY"
"""Where a start is told of; systemd names it."""
START = "start.json"
TRIAL = "trial"
BACKEND = ("get-primary", "set-primary", "get-state", "set-state", "get-current")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk update`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="status|start|run|gate|armed|backend")
    status = actions.add_parser("status", help="which slot runs, which starts next, what is tried")
    status.add_argument("--json", action="store_true", help="as one JSON object")
    start = actions.add_parser("start", help="at each start, by systemd: mend autoboot.txt, note a trial")
    backend = actions.add_parser("backend", help="what RAUC asks of a boot loader")
    backend.add_argument("question", choices=BACKEND)
    backend.add_argument("words", nargs="*", metavar="SLOT", help="A or B, and for set-state good or bad")
    again = actions.add_parser("run", help="by systemd's timer: look for an update and go on with it; exit 10: try it")
    again.add_argument("--forgive", action="store_true", help="also take what was refused before")
    actions.add_parser("gate", help="on the trial of a new slot, by systemd: commit it, or exit 1")
    armed = actions.add_parser("armed", help="asked by systemd: exit 0 if the other slot is to be tried now")
    for one in (status, start, backend, armed):
        one.add_argument("--volume", type=Path, default=VOLUME, metavar="FILE", help="the partition of autoboot.txt")
        one.add_argument("--boot", type=Path, default=BOOT_FOLDER, metavar="DIR", help="where its copy is kept")
        one.add_argument("--current", choices=SLOTS, help="the slot that runs (else the kernel's word)")


def run(args: argparse.Namespace) -> int:
    """Answer, or do one step."""
    if args.action in ("run", "gate"):
        from kiosk.wiring import updating

        return updating.run(args)
    device = Device(args.volume)
    try:
        slots = Slots(device, Folder(args.boot), args.current or running())
        doing: dict[str, Callable[[], str]] = {
            "status": lambda: _told(slots, as_json=getattr(args, "json", False)),
            "start": lambda: _started(slots.start(), args.state),
            "armed": lambda: _armed(slots, args.state),
            "backend": lambda: answer(slots, args.question, args.words),
        }
        said = doing[args.action]()
    finally:
        device.close()
    if said:
        print(said)
    return 0 if args.action != "armed" or said else 1


def running(line: str | None = None) -> Slot:
    """The slot that runs, from the kernel's words; Refusal on a machine that was not started from such a card."""
    found = _ROOT.search(line if line is not None else COMMAND_LINE.read_text("utf-8"))
    slot = next((slot for slot in SLOTS if found is not None and SYSTEM[slot] == int(found[1])), None)
    if slot is None:
        raise Refusal("this machine was not started from a slot of a kiosk card; updates are for such cards alone")
    return slot


def answer(slots: Slots, question: str, words: list[str]) -> str:
    """What RAUC's custom backend has to say or to do; Refusal for what must not be done."""
    wants = {"get-primary": 0, "get-current": 0, "get-state": 1, "set-primary": 1, "set-state": 2}[question]
    slot = next((slot for slot in SLOTS if words[:1] == [slot]), None)
    if len(words) != wants or (wants and slot is None):
        raise Refusal(f"{question} takes {wants} words: a slot (A or B), and for set-state good or bad")
    if question == "get-primary":
        return slots.primary if slots.on_trial else slots.armed or slots.primary
    if question == "get-current" or slot is None:
        return slots.current
    if question == "get-state":
        return slots.condition(slot)
    if question == "set-primary":
        slots.set_primary(slot)
    elif words[1] in ("good", "bad"):
        slots.set_condition(slot, "good" if words[1] == "good" else "bad")
    else:
        raise Refusal(f"a slot is good or bad, not {words[1]!r}")
    return ""


def _started(start: Start, state: Path) -> str:
    """Tell those who may not touch the card what was found: a file for each start, one more on a trial."""
    folder = Path(os.environ.get(RUN_FOLDER, "") or state)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TRIAL).unlink(missing_ok=True)
    (folder / START).write_text(json.dumps({"slot": start.current, "next": start.primary, "trial": start.trial}))
    if start.trial:
        (folder / TRIAL).touch()
    trial = ", on trial" if start.trial else ""
    mended = f"; {start.mended}" if start.mended else ""
    return f"slot {start.current} runs{trial}, slot {start.primary} starts next{mended}"


def _armed(slots: Slots, state: Path) -> str:
    """Both have to say it, the slots and the updater: a fall of the updater alone starts nothing."""
    update = read_update(state)
    if update.phase == "armed" and update.trials and not slots.on_trial and slots.armed == other(slots.current):
        return f"slot {slots.armed} is tried"
    return ""


def _told(slots: Slots, *, as_json: bool) -> str:
    told = {
        "running": slots.current,
        "next": slots.primary,
        "trial": slots.on_trial,
        "armed": slots.armed,
        "slots": {slot: slots.condition(slot) for slot in SLOTS},
    }
    if as_json:
        return json.dumps(told)
    trial = " on trial" if slots.on_trial else ""
    tried = f", slot {slots.armed} is to be tried" if slots.armed and not slots.on_trial else ""
    return f"slot {slots.current} runs{trial}, slot {slots.primary} starts next{tried}"
