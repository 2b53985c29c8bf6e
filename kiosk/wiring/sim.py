"""`kiosk sim DEVICE --listen ...` starts a simulated device; `kiosk sim DEVICE CONDITION --at URL` steers one."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from drivers.printer.opening import load_profile
from drivers.printer.profile import ProfileError
from kiosk.domain.errors import Refusal
from kiosk.wiring import places

DEVICES = ("printer", "scanner", "reader")
STEER_S = 5.0
READ_S = 0.8
"""What a simulated card takes to be read, in seconds."""
ANSWERS = {
    "process-id": {"status", "barrier", "process-id", "auto", "clear"},
    "barrier": {"status", "barrier", "auto"},
    "status": {"status"},
    "none": set[str](),
}
"""What the simulated printer answers to, by the best confirmation that it can give."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk sim`."""
    parser.add_argument("device", choices=DEVICES, help="which device")
    parser.add_argument(
        "condition", nargs="?", metavar="CONDITION", help="what happens to a running one, e.g. paper-out"
    )
    parser.add_argument("--at", metavar="URL", help="its control address, as it printed it at its start")
    parser.add_argument("--after", type=int, metavar="BYTES", help="the condition comes in the middle of a job")
    parser.add_argument("--text", metavar="TEXT", help="what the scanner reads, with the condition `scan`")
    parser.add_argument("--card", type=Path, metavar="FILE", help="JSON of the card to lay on a reader, with `lay`")
    parser.add_argument(
        "--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="where a new printer is; 0: any port"
    )
    parser.add_argument("--control", default="127.0.0.1:0", metavar="HOST:PORT", help="where it is steered")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where its papers go (else under the state folder)")
    parser.add_argument("--profile", default="generic-80", metavar="NAME", help="which model the printer is")
    parser.add_argument("--answers", default="process-id", choices=ANSWERS, help="how it can confirm a print")
    parser.add_argument("--speed", type=float, default=1500.0, metavar="MM_S", help="printing speed; 0 prints at once")


def run(args: argparse.Namespace) -> int:
    """Steer, or serve until interrupted."""
    if args.condition is not None:
        return _steer(args)
    match args.device:
        case "printer":
            return _printer(args)
        case "scanner":
            return _scanner(args)
        case _:
            return _reader(args)


def _steer(args: argparse.Namespace) -> int:
    if not args.at:
        raise Refusal("steer which one? give its control address with --at, as it printed it at its start")
    if urlsplit(args.at).scheme not in ("http", "https"):
        raise Refusal(f'{args.at!r:.80} is no control address; it begins with http:// and was printed as "control"')
    import requests

    body: dict[str, object] = {"condition": args.condition}
    path = "/condition"
    if args.condition == "scan":
        path, body = "/scan", {"text": args.text or ""}
    elif args.condition == "lay" and args.device == "reader":
        path, body = "/card", _card(args.card)
    elif args.condition == "lift" and args.device == "reader":
        path, body = "/lift", {}
    elif args.condition == "clear":
        path, body = ("/clear", {}) if args.device == "printer" else (path, {"condition": "ready"})
    elif args.after is not None:
        body["after"] = args.after
    try:
        answer = requests.post(args.at.rstrip("/") + path, json=body, timeout=STEER_S, allow_redirects=False)
        told = answer.json()
    except requests.RequestException as error:
        print(f"kiosk: no simulator answers at {args.at} ({type(error).__name__}); is it running?", file=sys.stderr)
        return 1
    if answer.status_code == 422:
        raise Refusal(str(told.get("error", "refused")))
    if not answer.ok:
        print(f"kiosk: {args.at} refused it: {told.get('error', answer.status_code)}", file=sys.stderr)
        return 1
    print(json.dumps(told, ensure_ascii=False))
    return 0


def _printer(args: argparse.Namespace) -> int:
    from drivers.sim.printer import Make, SimPrinter
    from drivers.sim.printer_control import PrinterControl

    assets = places.assets()
    try:
        profile = load_profile(assets, args.profile)
    except ProfileError as error:
        raise Refusal(str(error)) from error
    out = args.out or args.state / "sim-printer"
    make = Make(profile.width, profile.dots_per_mm, max(0.0, args.speed), answers=frozenset(ANSWERS[args.answers]))
    font = assets / "fonts" / "NotoSansSC-Regular.ttf"
    _checked_listen(args.listen, "--listen", also="pty")
    _checked_listen(args.control, "--control")
    try:
        out.mkdir(parents=True, exist_ok=True)
        printer = SimPrinter(out, font, args.listen, make).start()
    except OSError as error:
        raise Refusal(
            f"the simulated printer cannot start: {(error.strerror or str(error)).lower()}; "
            f"choose another --listen or --out"
        ) from error
    try:
        control = PrinterControl(printer, args.control)
    except OSError as error:
        printer.stop()
        raise Refusal(f"{args.control} cannot be used: {(error.strerror or str(error)).lower()}") from error
    try:
        _serve({"ready": "printer", "url": printer.url, "control": control.url, "out": str(out.resolve())})
    finally:
        control.stop()
        printer.stop()
    return 0


def _scanner(args: argparse.Namespace) -> int:
    from drivers.sim.scanner import SimScanner
    from drivers.sim.scanner_control import ScannerControl

    _checked_listen(args.control, "--control")
    host, _, port = args.control.rpartition(":")
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
    scanner = SimScanner(args.out)
    try:
        control = ScannerControl(scanner, host, int(port))
    except OSError as error:
        scanner.close()
        raise Refusal(f"{args.control} cannot be used: {(error.strerror or str(error)).lower()}") from error
    try:
        _serve({"ready": "scanner", "url": scanner.url, "control": control.url})
    finally:
        control.close()
        scanner.close()
    return 0


def _reader(args: argparse.Namespace) -> int:
    from drivers.sim.reader import SimReader
    from drivers.sim.reader_control import ReaderControl

    _checked_listen(args.control, "--control")
    host, _, port = args.control.rpartition(":")
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
    reader = SimReader(args.out, read_s=READ_S)
    try:
        control = ReaderControl(reader, host, int(port))
    except OSError as error:
        reader.close()
        raise Refusal(f"{args.control} cannot be used: {(error.strerror or str(error)).lower()}") from error
    try:
        _serve({"ready": "reader", "url": reader.url, "control": control.url})
    finally:
        control.close()
        reader.close()
    return 0


def _card(file: Path | None) -> dict[str, object]:
    """The card of a JSON file; what is wrong with it the simulator says."""
    if file is None:
        raise Refusal('lay which card? give --card FILE, JSON like {"number": "...", "name": "..."}')
    try:
        card = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(f"{file} is no card file; it is JSON with number and name") from error
    if not isinstance(card, dict):
        raise Refusal(f"{file} is no card file; it is JSON with number and name")
    return card


def _checked_listen(text: str, name: str, also: str = "") -> None:
    host, mark, port = text.rpartition(":")
    if text != also and not (mark and host and port.isdecimal() and int(port) < 65536):
        raise Refusal(f"{name} {text!r:.60} is no HOST:PORT, like 127.0.0.1:9100")


def _serve(ready: dict[str, str]) -> None:
    """Say that it is ready, and wait for an interrupt or for SIGTERM."""
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: done.set())
    print(json.dumps(ready), flush=True)
    done.wait()
