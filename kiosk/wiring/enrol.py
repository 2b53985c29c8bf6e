"""`kiosk enrol`: makes the device key, enrols at the centre by a claim code, keeps identity and configuration."""

import argparse
import contextlib
import json
import sys
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.engine.control import ask
from kiosk.ops.claim import read_claim
from kiosk.ops.enrolment import EnrolmentFailed, enrol
from kiosk.ops.machine import hardware
from kiosk.wiring import places


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--central", metavar="URL", help="the central service, https://...")
    parser.add_argument("--code", help="the one-time claim code that the centre gave out")
    parser.add_argument("--file", type=Path, metavar="FILE", help="a claim file, instead of --central and --code")
    parser.add_argument("--ca", metavar="FILE", default=None, help="the CA that signed the centre's certificate (PEM)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Enrol; 1 with one line where the centre does not answer or does not want this code."""
    state = places.open_state(args.state)
    central, code = _claim(args)
    outcome = enrol(central, code, state, hardware(), args.ca)
    if isinstance(outcome, EnrolmentFailed):
        print(f"kiosk: not enrolled: {outcome.sentence}", file=sys.stderr)
        return 1
    with contextlib.suppress(Refusal):
        ask(state, {"do": "enrolled"})  # a core that runs takes it up by itself
    config = outcome.config
    if args.json:
        told = {
            "device_id": outcome.device_id,
            "state": "accepted",
            "branch": config.branch.id,
            "kiosk": config.kiosk.name,
            "central": outcome.central_url,
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"enrolled as {config.kiosk.name} of {config.branch.name_zh} ({config.branch.id})")
    return 0


def _claim(args: argparse.Namespace) -> tuple[str, str]:
    if args.file is None:
        if not args.central or not args.code:
            raise Refusal("an enrolment needs --central URL and --code CODE, or --file FILE; see `kiosk enrol --help`")
        return args.central, args.code
    try:
        slip = read_claim(args.file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(
            f"{args.file} cannot be read ({type(error).__name__}); give the file that came with the claim"
        ) from error
    if slip is None:
        raise Refusal(f'{args.file} holds no claim; it looks like {{"central": "https://...", "code": "..."}}')
    return slip.central, slip.code
