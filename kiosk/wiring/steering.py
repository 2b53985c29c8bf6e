"""`kiosk sim DEVICE CONDITION --at URL`: does something to a simulated device that runs."""

import argparse
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.domain.errors import Refusal

STEER_S = 5.0
ACTS = {
    ("scanner", "scan"): "/scan",
    ("camera", "show"): "/show",
    ("keypad", "press"): "/press",
    ("keypad", "headset"): "/headset",
    ("keypad", "near"): "/near",
}
"""What is done with `--text`; every other word is a condition."""


def steer(args: argparse.Namespace) -> int:
    """Do it; 1 if nobody answers there, Refusal for what the simulator refuses."""
    if not args.at:
        raise Refusal("steer which one? give its control address with --at, as it printed it at its start")
    if urlsplit(args.at).scheme not in ("http", "https"):
        raise Refusal(f'{args.at!r:.80} is no control address; it begins with http:// and was printed as "control"')
    import requests

    path, body = _order(args)
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


def _order(args: argparse.Namespace) -> tuple[str, dict[str, object]]:
    """The path and the body of what is wanted."""
    device, wanted = args.device, args.condition
    act = ACTS.get((device, wanted))
    if act is not None:
        return act, {"text": args.text or ""}
    if wanted == "lay" and device == "reader":
        return "/card", _card(args.card)
    if wanted == "lift" and device in ("reader", "camera"):
        return "/lift", {}
    if wanted == "clear":
        return ("/clear", {}) if device == "printer" else ("/condition", {"condition": "ready"})
    return "/condition", {"condition": wanted} | ({} if args.after is None else {"after": args.after})


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
