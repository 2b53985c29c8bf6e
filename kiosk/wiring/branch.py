"""`kiosk branch`: runs the branch hub, and gives out tokens to kiosks, clerks, boards and supervisors."""

import argparse
import json
import os
import sys
from pathlib import Path

from branch.appointments import Windows
from branch.options import BranchOptions
from branch.server import BranchServer, refuse_open_line
from branch.store.accounts import find
from branch.store.store import Store, grant_beside
from kiosk.config import Settings, load
from kiosk.engine.clock import Clock, open_clock
from kiosk.ops.log import set_up
from kiosk.ops.notify import notifier
from kiosk.ops.pulse import Pulse
from kiosk.wiring import places
from kiosk.wiring.loudspeaker import Loudspeaker
from kiosk.wiring.nightly_fit import NightlyFit
from kiosk.wiring.opening import opening, policy, profiles
from kiosk.wiring.voice import hall_voice

DATABASE = "branch.db"
LOCAL_KIOSK = "kiosk"
"""The token file of the kiosk on the hub's own machine."""

SWITCH_S = 0.0005
"""The writer's thread waits for the disk again and again; it must not wait 5 ms for the interpreter each time too."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; the actions take --db too, on either side of their names."""
    _common(parser, None)
    parser.add_argument("--listen", metavar="HOST:PORT", default="", help="where to listen; port 0 takes a free one")
    parser.add_argument("--insecure", action="store_true", help="serve plain HTTP beyond this machine (trials only)")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=False)
    refit = actions.add_parser("refit", help="fit the estimate of waits from the log; the hub does so every night")
    _common(refit, argparse.SUPPRESS)
    grant = actions.add_parser("grant", help="print a token for a kiosk, a clerk, a board or an admin")
    _common(grant, argparse.SUPPRESS)
    grant.add_argument("role", metavar="ROLE", help="kiosk, clerk, board or admin")
    grant.add_argument("--name", required=True, help="who or what gets it, e.g. K1 or a clerk's name")
    promote = actions.add_parser("promote", help="make a kiosk's copy of the event log the hub, with a new epoch")
    _common(promote, argparse.SUPPRESS)
    promote.add_argument(
        "--from", dest="source", required=True, type=Path, metavar="STATE_DIR", help="the state folder of the kiosk"
    )
    grant.add_argument("--pin", help="the PIN for signing in at the console; a new one replaces the old")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the hub itself runs until it is told to stop."""
    settings = load(args.config)
    clock = open_clock(args.test_clock, os.environ)
    if args.action == "promote":
        return _promote(args, settings, clock)
    url = args.db or database_url(places.open_state(args.state))
    if args.action == "grant":
        given = grant_beside(url, settings.branch.id, clock.now, args.role, args.name, args.pin)
        account = given.account
        print(json.dumps({"token": given.token, "role": account.role, "name": account.name}, ensure_ascii=False))
        return 0
    if args.action == "refit":
        return _refit(url, settings, clock)
    return _serve(args, settings, clock, url)


def database_url(state: Path) -> str:
    """Where the hub's data lies by default."""
    return f"sqlite:///{state / DATABASE}"


def options(settings: Settings, clock: Clock, *, secure: bool = False) -> BranchOptions:
    """What the settings say about the branch; demo and stories start their hubs from the same."""
    branch = settings.branch
    return BranchOptions(
        id=branch.id,
        name_zh=branch.name_zh,
        name_en=branch.name_en,
        counters=branch.counters,
        opening=opening(settings),
        policy=policy(settings),
        profiles=profiles(settings),
        ranges=settings.ranges.ranges(),
        missed_s=branch.missed_minutes * 60,
        keep_days=branch.keep_days,
        public_url=branch.public_url,
        test_clock=clock.test,
        secure=secure,
        words={language: places.texts(language, "branch") for language in ("zh", "en")},
        fonts=places.assets() / "fonts",
        voice=hall_voice(settings),
        windows=Windows(settings.appointments.early_minutes, settings.appointments.late_minutes),
    )


def keep_local_token(store: Store, state: Path) -> None:
    """See that the kiosk on this machine has a token that this hub knows, readable by its owner alone."""
    token = places.read_token(state, LOCAL_KIOSK)
    if token and store.read(lambda connection: find(connection, token, store.now_ms())):
        return
    # A token that the database does not know, after it was replaced, is taken over: the kiosk may have read it.
    given = store.grant("kiosk", "local", token=token or None)
    if not token:
        places.write_token(state, LOCAL_KIOSK, given)


def _promote(args: argparse.Namespace, settings: Settings, clock: Clock) -> int:
    from kiosk.wiring.promotion import promote

    source = args.source.expanduser().resolve()
    state = args.state if args.state_given else source
    url = args.db or database_url(places.open_state(state))
    done = promote(source, url, settings, clock.now())
    print(json.dumps(done, ensure_ascii=False))
    return 0


def _serve(args: argparse.Namespace, settings: Settings, clock: Clock, url: str) -> int:
    listen = args.listen or settings.branch.listen
    refuse_open_line(listen, insecure=args.insecure or settings.branch.insecure)
    set_up(settings.kiosk.log_level)
    sys.setswitchinterval(SWITCH_S)
    server = BranchServer(url, places.catalogue(), options(settings, clock), clock.now)
    state = places.open_state(args.state)
    manager = notifier(os.environ)

    def ready(address: str) -> None:
        keep_local_token(server.store, state)
        Pulse(f"{address}/healthz", manager.alive).start()
        print(json.dumps({"ready": "branch", "url": address}), flush=True)

    speaker = Loudspeaker(server.store.options.voice, ["aplay", "-q", "-D", settings.voice.device, "-"], clock.now)
    if settings.voice.speaker:
        server.store.listen(speaker.hear)
        speaker.start()
    nightly = NightlyFit([*_everywhere(args), "branch", "refit", "--db", url], clock.now)
    nightly.start()
    try:
        server.serve(listen, ready)
    finally:
        manager.stopping()
        nightly.stop()
        if settings.voice.speaker:
            speaker.stop()
    return 0


def _everywhere(args: argparse.Namespace) -> list[str]:
    """The options of every command that a process of ours takes over."""
    clock = ["--test-clock"] if args.test_clock else []
    return [*clock, *(["--config", str(args.config)] if args.config else [])]


def _refit(url: str, settings: Settings, clock: Clock) -> int:
    from kiosk.wiring.refit import refit

    samples = refit(url, settings.branch.id, clock.now())
    print(json.dumps({"fitted": samples > 0, "waits": samples}))
    return 0


def _common(parser: argparse.ArgumentParser, default: object) -> None:
    # Without SUPPRESS an action would put its own default over what stood before its name.
    parser.add_argument("--db", metavar="URL", default=default, help="sqlite:///PATH or postgresql+psycopg://...")
    parser.add_argument(
        "--json", action="store_true", default=False if default is None else default, help="answers are JSON anyway"
    )
