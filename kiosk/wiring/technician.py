"""`kiosk technician`: the branch PIN, the secret of the one-time codes, the first boot and the USB devices."""

import argparse
import getpass
import json
import sys
from pathlib import Path
from urllib.parse import quote

from kiosk.config import Settings, load
from kiosk.domain.errors import Refusal
from kiosk.ops import access, events, place, progress, usb
from kiosk.ops.files import remove, write_whole
from kiosk.wiring import places


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    pin = verbs.add_parser("pin", help="set the branch PIN; it is asked for, or read from standard input")
    pin.add_argument("--stdin", action="store_true", help="read one line from standard input")
    verbs.add_parser("secret", help="make a secret of one-time codes and print it for an authenticator")
    boot = verbs.add_parser("first-boot", help="the next start of the kiosk begins with the wizard")
    boot.add_argument("--unless-begun", action="store_true", help="not where it was begun, or the kiosk is enrolled")
    plugs = verbs.add_parser("usb", help="let in only the USB devices that are plugged in now")
    plugs.add_argument("--open", action="store_true", help="let every device in again, until this is run once more")
    ring = verbs.add_parser(
        "events", help="write what the kiosk has kept of itself; 1 if a line was changed or taken out"
    )
    ring.add_argument("--out", type=Path, metavar="FILE", help="JSON lines there, else to standard output")
    verbs.add_parser("status", help="what is set, and how long nobody is listened to")


def run(args: argparse.Namespace) -> int:
    """Do one of them; a running kiosk sees PIN and secret at once."""
    if args.verb == "events":
        return _events(args)
    if args.verb == "status":
        known, way = access.read(args.state), progress.read(args.state)
        said = {"pin": bool(known.pin), "one_time_codes": bool(known.secret), "failures": known.failures}
        print(json.dumps({**said, "first_boot": way.step, "dpi": way.dpi}))
        return 0
    state = places.open_state(args.state)
    if args.verb == "pin":
        access.write(state, access.with_pin(access.read(state), _asked(stdin=args.stdin)))
        print("the branch PIN is set")
    elif args.verb == "secret":
        secret = access.new_secret()
        access.write(state, access.with_secret(access.read(state), secret))
        print(json.dumps({"secret": secret, "uri": f"otpauth://totp/{quote('kiosk')}?secret={secret}&issuer=kiosk"}))
    elif args.verb == "usb":
        if args.open:
            remove(state / usb.FILE)
            print("every USB device is let in")
        else:
            close_sockets(load(args.config), state)
            print("only the USB devices that are plugged in now are let in")
    elif args.unless_begun and (begun := _begun(args.state)):
        print(begun)
    else:
        progress.keep(state, step="language")
        print("the next start begins with the wizard")
    return 0


def close_sockets(settings: Settings, state: Path) -> None:
    """From now on only what is plugged in is let in, each device at its socket."""
    named = (settings.keypad.url, settings.keypad.jack, settings.scanner.url)
    typing = {usb.socket_of(url) for url in named if url.startswith("hid:")} - {""}
    write_whole(state / usb.FILE, usb.rules(usb.plugged(), typing).encode())


def _events(args: argparse.Namespace) -> int:
    lines = [json.dumps(line) + "\n" for line in events.kept_events(args.state)]
    if args.out is None:
        sys.stdout.writelines(lines)
    else:
        write_whole(args.out, "".join(lines).encode())
    wrong = events.broken(args.state)
    for number in wrong:
        print(f"kiosk: line {number} does not follow the one before it: one was changed, or taken out", file=sys.stderr)
    return 1 if wrong else 0


def _begun(state: Path) -> str:
    """Why the wizard is not to begin by itself; empty where nobody has set this kiosk up."""
    if (state / progress.FILE).exists():
        return "the first boot was begun before; it goes on where it was"
    return "this kiosk is enrolled" if (state / place.FILE).exists() else ""


def _asked(*, stdin: bool) -> str:
    """The PIN never stands on the command line, where everybody could read it."""
    if stdin or not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    first = getpass.getpass("New branch PIN: ")
    if getpass.getpass("Again: ") != first:
        raise Refusal("the two are not the same; try again")
    return first
