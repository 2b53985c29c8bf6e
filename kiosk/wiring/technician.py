"""`kiosk technician`: the branch PIN, the secret of the one-time codes, and the first boot of this kiosk."""

import argparse
import getpass
import json
import sys
from urllib.parse import quote

from kiosk.domain.errors import Refusal
from kiosk.ops import access, progress
from kiosk.wiring import places


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    pin = verbs.add_parser("pin", help="set the branch PIN; it is asked for, or read from standard input")
    pin.add_argument("--stdin", action="store_true", help="read one line from standard input")
    verbs.add_parser("secret", help="make a secret of one-time codes and print it for an authenticator")
    verbs.add_parser("first-boot", help="the next start of the kiosk begins with the wizard")
    verbs.add_parser("status", help="what is set, and how long nobody is listened to")


def run(args: argparse.Namespace) -> int:
    """Do one of them; a running kiosk sees PIN and secret at once."""
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
    else:
        progress.keep(state, step="language")
        print("the next start begins with the wizard")
    return 0


def _asked(*, stdin: bool) -> str:
    """The PIN never stands on the command line, where everybody could read it."""
    if stdin or not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    first = getpass.getpass("New branch PIN: ")
    if getpass.getpass("Again: ") != first:
        raise Refusal("the two are not the same; try again")
    return first
