"""`kiosk enrol`: makes the device key, enrols at the centre by a claim code, keeps identity and configuration."""

import argparse
import contextlib
import json
import platform
import sys
from pathlib import Path

from kiosk import __version__
from kiosk.domain.errors import Refusal
from kiosk.engine.control import ask
from kiosk.ops.enrolment import EnrolmentFailed, enrol
from kiosk.wiring import places


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--central", required=True, metavar="URL", help="the central service, https://...")
    parser.add_argument("--code", required=True, help="the one-time claim code that the centre gave out")
    parser.add_argument("--ca", metavar="FILE", default=None, help="the CA that signed the centre's certificate (PEM)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Enrol; 1 with one line where the centre does not answer or does not want this code."""
    state = places.open_state(args.state)
    outcome = enrol(args.central, args.code, state, _hardware(), args.ca)
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


def _hardware() -> dict[str, str]:
    """What helps a technician to tell one machine from another; nothing that names its owner."""
    facts = {"machine": platform.machine(), "system": platform.system(), "python": platform.python_version()}
    model = Path("/proc/device-tree/model")  # on a Raspberry Pi, ended by a NUL
    try:
        facts["model"] = model.read_text("utf-8", "replace").strip("\0 \n")[:60]
    except OSError:
        pass
    return {name: value for name, value in (facts | {"version": __version__}).items() if value}
