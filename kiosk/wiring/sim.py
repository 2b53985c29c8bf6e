"""`kiosk sim DEVICE --listen ...` starts a simulated device; `kiosk sim DEVICE CONDITION --at URL` steers one."""

import argparse
import json
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from drivers.printer.opening import load_profile
from drivers.printer.profile import ProfileError
from kiosk.domain.errors import Refusal
from kiosk.wiring import places
from kiosk.wiring.steering import steer

if TYPE_CHECKING:
    from drivers.sim.json_control import JsonControl

DEVICES = ("printer", "scanner", "reader", "camera", "keypad")
READ_S = 0.8
"""What a simulated card takes to be read, in seconds."""
ANSWERS = {
    "process-id": {"status", "barrier", "process-id", "auto", "clear"},
    "barrier": {"status", "barrier", "auto"},
    "status": {"status"},
    "none": set[str](),
}
"""What the simulated printer answers to, by the best confirmation that it can give."""


class Twin(Protocol):
    """What every simulated device can do here."""

    @property
    def url(self) -> str: ...
    def close(self) -> None: ...


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk sim`."""
    parser.add_argument("device", choices=DEVICES, help="which device")
    parser.add_argument(
        "condition", nargs="?", metavar="CONDITION", help="what happens to a running one, e.g. paper-out"
    )
    parser.add_argument("--at", metavar="URL", help="its control address, as it printed it at its start")
    parser.add_argument("--after", type=int, metavar="BYTES", help="the condition comes in the middle of a job")
    parser.add_argument("--text", metavar="TEXT", help="with `scan`, `show` or `press`: what is read, shown or pressed")
    parser.add_argument("--card", type=Path, metavar="FILE", help="JSON of the card to lay on a reader, with `lay`")
    parser.add_argument(
        "--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="where a new printer or camera is; 0: any port"
    )
    parser.add_argument("--control", default="127.0.0.1:0", metavar="HOST:PORT", help="where it is steered")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where its papers go (else under the state folder)")
    parser.add_argument("--profile", default="generic-80", metavar="NAME", help="which model the printer is")
    parser.add_argument("--answers", default="process-id", choices=ANSWERS, help="how it can confirm a print")
    parser.add_argument("--speed", type=float, default=1500.0, metavar="MM_S", help="printing speed; 0 prints at once")


def run(args: argparse.Namespace) -> int:
    """Steer, or serve until interrupted."""
    if args.condition is not None:
        return steer(args)
    return _printer(args) if args.device == "printer" else _other(args)


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


def _other(args: argparse.Namespace) -> int:
    """Scanner, card reader, camera or keypad: each with a control address, and gone with it."""
    _checked_listen(args.control, "--control")
    host, _, port = args.control.rpartition(":")
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
    try:
        twin, controlled = _twin(args)
    except OSError as error:
        raise Refusal(f"the simulated {args.device} cannot start: {(error.strerror or str(error)).lower()}") from error
    try:
        control = controlled(host, int(port))
    except OSError as error:
        twin.close()
        raise Refusal(f"{args.control} cannot be used: {(error.strerror or str(error)).lower()}") from error
    try:
        _serve({"ready": args.device, "url": twin.url, "control": control.url})
    finally:
        control.close()
        twin.close()
    return 0


def _twin(args: argparse.Namespace) -> tuple["Twin", Callable[[str, int], "JsonControl"]]:
    """The device, and what makes its control server at a host and a port."""
    match args.device:
        case "scanner":
            from drivers.sim.scanner import SimScanner
            from drivers.sim.scanner_control import ScannerControl

            scanner = SimScanner(args.out)
            return scanner, partial(ScannerControl, scanner)
        case "reader":
            from drivers.sim.reader import SimReader
            from drivers.sim.reader_control import ReaderControl

            reader = SimReader(args.out, read_s=READ_S)
            return reader, partial(ReaderControl, reader)
        case "camera":
            from drivers.sim.camera import SimCamera
            from drivers.sim.camera_control import CameraControl

            _checked_listen(args.listen, "--listen")
            host, _, port = args.listen.rpartition(":")
            camera = SimCamera(host, int(port))
            return camera, partial(CameraControl, camera)
        case _:
            from drivers.sim.input import SimInput
            from drivers.sim.input_control import InputControl

            keypad = SimInput(args.out, "keypad")
            return keypad, partial(InputControl, keypad)


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
