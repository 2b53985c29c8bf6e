"""`kiosk enrol`: makes the device key, enrols at the centre by a claim code, keeps identity and configuration."""

import argparse
import contextlib
import json
import sys
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.engine.control import ask
from kiosk.ops.claim import ClaimSlip, read_claim
from kiosk.ops.claiming import authority_file
from kiosk.ops.enrolment import EnrolmentFailed, Identity, enrol
from kiosk.ops.machine import hardware
from kiosk.wiring import places


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--central", metavar="URL", help="the central service, https://...")
    parser.add_argument("--code", help="the one-time claim code that the centre gave out")
    parser.add_argument("--file", type=Path, metavar="FILE", help="a claim file, instead of --central and --code")
    parser.add_argument("--ca", metavar="FILE", default=None, help="the CA that signed the centre's certificate (PEM)")
    parser.add_argument(
        "--ca-sha256", metavar="HEX", default="", help="its fingerprint instead: the certificate is fetched and pinned"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Enrol; 1 with one line where the centre does not answer or does not want this code."""
    state = places.open_state(args.state)
    slip = _claim(args)
    try:
        ca_file = args.ca or authority_file(slip, state)
        outcome = enrol(slip.central, slip.code, state, hardware(), ca_file)
        failed = outcome.sentence if isinstance(outcome, EnrolmentFailed) else ""
    except ConnectionError as error:
        failed = str(error)
    if failed:
        print(f"kiosk: not enrolled: {failed}", file=sys.stderr)
        return 1
    assert isinstance(outcome, Identity)  # noqa: S101 - nothing failed
    with contextlib.suppress(Refusal):
        ask(state, {"do": "enrolled"})  # a core that runs takes it up by itself
    config = outcome.config
    if args.json:
        told = {
            "device_id": outcome.device_id,
            "state": outcome.standing,
            "branch": config.branch.id,
            "kiosk": config.kiosk.name,
            "central": outcome.central_url,
            "key_mark": outcome.key_mark,
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"enrolled as {config.kiosk.name} of {config.branch.name_zh} ({config.branch.id})")
        if outcome.standing == "pending":
            print(f"it waits until the centre lets it in, and goes on by itself then; its key mark: {outcome.key_mark}")
    return 0


def _claim(args: argparse.Namespace) -> ClaimSlip:
    if args.file is None:
        if not args.central or not args.code:
            raise Refusal("an enrolment needs --central URL and --code CODE, or --file FILE; see `kiosk enrol --help`")
        named = {"central": args.central, "code": args.code, "ca-sha256": args.ca_sha256}
        slip = read_claim(json.dumps(named))
        if slip is None and read_claim(json.dumps({**named, "ca-sha256": ""})):
            raise Refusal("--ca-sha256 takes the 64 hexadecimal digits of a certificate's SHA-256")
        return slip or ClaimSlip(args.central, args.code)
    try:
        slip = read_claim(args.file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(
            f"{args.file} cannot be read ({type(error).__name__}); give the file that came with the claim"
        ) from error
    if slip is None:
        raise Refusal(f'{args.file} holds no claim; it looks like {{"central": "https://...", "code": "..."}}')
    return slip
