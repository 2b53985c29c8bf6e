"""`kiosk submit`: one request through the same sealing, outbox and client as a citizen's confirm."""

import argparse
import json
import os
import sys
from pathlib import Path
from random import Random

from kiosk import __version__
from kiosk.config import load
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import machine_up, open_clock
from kiosk.engine.control import PATIENCE_S, NoAnswer, ask
from kiosk.engine.journal.file import open_journal
from kiosk.engine.journal.lock import Held
from kiosk.engine.mint import uuid7
from kiosk.engine.outbox import OfflinePolicy
from kiosk.engine.submission import Submission, checked
from kiosk.engine.tending import CentralRounds
from kiosk.link.central import CentreLink
from kiosk.link.http import Answer
from kiosk.ops.enrolment import Identity, keep_standing, load_identity
from kiosk.ops.standing import WHY, Hindrance, hindrance
from kiosk.ops.update.release import on_trial
from kiosk.wiring import places
from kiosk.wiring.enrolled import place_seen

LARGEST = 256 * 1024
TRY_S = 10.0
STARTING_S = 12.0
"""How long a core may take to answer its socket, or another `kiosk submit` to be done; both are quicker."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE|-", help="the request as JSON; - reads standard input")
    parser.add_argument("--json", action="store_true", help="print JSON (it always does)")


def run(args: argparse.Namespace) -> int:
    """Submit, print what is known after at most ten seconds; 1 if it was refused for good."""
    import time

    from kiosk.ops.memory import keep_to_itself

    keep_to_itself()
    wanted = checked(read(args.file))
    # Its id is minted here, so that asking twice is asking once.
    request = {**wanted, "client_request_id": wanted.get("client_request_id") or uuid7()}
    state = places.open_state(args.state)
    until = time.monotonic() + STARTING_S
    while True:
        try:
            answer = ask(state, {"do": "submit", "request": request}, PATIENCE_S) or alone(args, state, request)
            break
        except (Held, NoAnswer):
            # A core that is starting holds the journal and answers soon; one that died may have kept the request.
            if time.monotonic() >= until:
                raise
            time.sleep(0.2)
    print(json.dumps(answer, ensure_ascii=False))
    return 1 if answer["state"] in ("quarantined", "expired") else 0


def alone(args: argparse.Namespace, state: Path, request: object) -> dict[str, object]:
    """Without a running core: open the journal, save, and try until the centre answers or the time is up."""
    import time

    settings = load(args.config)
    clock = open_clock(args.test_clock, os.environ)
    identity = load_identity(state)
    if identity is None:
        raise Refusal("this kiosk is not enrolled, so nothing can be sealed; enrol it with `kiosk enrol` first")
    link = identity.link(clock.now)
    if why := WHY.get(_hindered(state, identity, link)):
        link.close()
        raise Refusal(why)
    journal = open_journal(state, clock.now, machine_up(clock), settled=not on_trial())
    try:
        offline = settings.offline
        policy = OfflinePolicy(offline.max_age_h, offline.max_items, offline.max_last_contact_h)
        rounds = CentralRounds(link, journal, policy, clock.now, Random())  # noqa: S311 - jitter
        submission = Submission(journal, identity.sealer(), clock, uuid7, lambda: None)
        name = submission.save(request)
        until = time.monotonic() + TRY_S
        while True:
            for _event in rounds.drain():
                pass
            known = submission.follow(name, 0)
            if known.state not in ("queued", "sending", "unknown") or time.monotonic() >= until:
                return {**known.as_json()}
            time.sleep(0.2)
    finally:
        link.close()
        journal.close()


def _hindered(state: Path, identity: Identity, link: CentreLink) -> Hindrance:
    """Why nothing may be handed in; without a core nobody else has heard whether the kiosk was let in meanwhile."""
    why = hindrance(place_seen(state), __version__)
    if why == "pending":
        answer = link.ask("GET", "/api/v1/devices/me/commands")
        if isinstance(answer, Answer) and answer.status == 200:
            keep_standing(state, identity, "accepted")
            return hindrance(place_seen(state), __version__)
    return why


def read(name: str) -> object:
    """Read the request; Refusal for what cannot be read or is no JSON."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Refusal(f"{name} cannot be read ({(error.strerror or str(error)).lower()})") from error
    if len(raw) > LARGEST:
        raise Refusal(f"a request is at most {LARGEST // 1024} KB of JSON")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refusal('the request is no JSON; it looks like {"service": "A4", "applicant": {...}}') from error
