"""`kiosk demo`: a whole branch on this machine; without a display it plays each journey once by itself."""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from kiosk.config import load
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import open_clock
from kiosk.wiring import central
from kiosk.wiring.desk import CLERK, Desk
from kiosk.wiring.rehearsal import Missed, Rehearsal, write_json

OUT = Path("demo-out")
FIRST_PAGE_S = 40.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--headless", action="store_true", help="no window on a display: play the journeys and stop")
    parser.add_argument("--keep", action="store_true", help="stay up afterwards; demo.json says where everything is")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=f"where pictures and papers go ({OUT})")


def run(args: argparse.Namespace) -> int:
    """Start everything; 0 only if ticket, request and call all came through."""
    from kiosk.ops.log import set_up

    began = time.monotonic()
    settings = load(args.config)
    set_up("warning")
    headless = args.headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    out = _folder(args.out)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
        desk = Desk(settings, Path(folder), open_clock(args.test_clock, os.environ), headless=headless)
        try:
            _say(desk, out)
            if not desk.core.screen.ready(FIRST_PAGE_S):
                raise Refusal(f"the window did not come up: {desk.screen.last_words()}")
            result = _play(desk, out, began) if headless else 0
            if args.keep or not headless:
                print("everything stays up; end it with Ctrl-C" + ("" if headless else " or close the window"))
                while not ended.is_set() and desk.screen.alive:
                    ended.wait(0.3)
            return result
        finally:
            desk.stop()


def _play(desk: Desk, out: Path, began: float) -> int:
    rehearsal = Rehearsal(desk, out)
    summary: dict[str, object] = {"ok": False}
    try:
        ticket = rehearsal.ticket()
        request = rehearsal.request()
        call = rehearsal.call(str(ticket["id"]))
        ticket["state"] = "called"
        summary = {
            "ok": bool(ticket["confirmed"] and request["reference"]),
            "ticket": ticket,
            "request": request,
            "call": call,
        }
    except Missed as missed:
        summary["missed"] = str(missed)
        print(f"kiosk demo: {missed}", file=sys.stderr)
    pages = _pages(desk, out)
    summary |= {"seconds": round(time.monotonic() - began, 1), "files": [*rehearsal.files, *pages, "summary.json"]}
    write_json(out / "summary.json", summary)
    print(f"wrote {out}/summary.json and {len(rehearsal.files) + len(pages)} pictures in {summary['seconds']} s")
    return 0 if summary["ok"] else 1


def _pages(desk: Desk, out: Path) -> list[str]:
    """Pictures of board and console, where a browser and its driver are installed; they are for looking only."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return []
    from kiosk.wiring.browser import picture_pages

    try:
        with sync_playwright() as play:
            return picture_pages(play, desk, out)
    except Error as error:
        print(f"no pictures of board and console ({str(error).splitlines()[0]})", file=sys.stderr)
        return []


def _say(desk: Desk, out: Path) -> None:
    keys = desk.keys
    where = {
        "branch": desk.branch_url,
        "central": desk.central_url,
        "console": f"{desk.branch_url}/console",
        "board": f"{desk.branch_url}/board?token={keys.board}",
        "supervisor": f"{desk.branch_url}/supervisor",
        "desk": f"{desk.central_url}/desk",
        "fleet": f"{desk.central_url}/fleet",
        "registry": f"{desk.central_url}/api/v1/registry/queries",
        "sms": str(desk.root / "central" / central.MESSAGES),
        "printer_panel": desk.printer_control.url,
        "scanner_panel": desk.scanner_control.url,
        "printer": desk.printer.url,
        "scanner": desk.scanner.url,
        "reader": desk.reader.url,
        "reader_control": desk.reader_control.url,
        "tokens": {role: getattr(keys, role) for role in ("kiosk", "clerk", "board", "admin", "desk")},
        "clerk": {"name": CLERK, "pin": keys.pin},
        "state": {name: str(desk.root / name) for name in ("kiosk", "branch", "central")},
        "papers": str(desk.root / "paper"),
    }
    file = out / "demo.json"
    file.touch(mode=0o600)
    write_json(file, where)
    for name in ("console", "board", "desk", "printer_panel", "scanner_panel"):
        print(f"{name:14} {where[name]}")
    print(f"{'sign in as':14} {CLERK}, PIN {keys.pin}", flush=True)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"{path} cannot be made ({(error.strerror or str(error)).lower()}); give another with --out"
        ) from error
    return path
