"""`kiosk central`: runs the reference central service, gives out claim codes and staff accounts, changes keys."""

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from central import enrolments, staff
from central.authority import authority, claim_slip
from central.gateway import HttpSms, SimulatedSms, Sms
from central.options import BranchNames, Options
from central.registry.base import Registry
from central.store import Store
from kiosk import __version__
from kiosk.config import Settings, load
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import Clock, open_clock
from kiosk.link.models.central import OfflinePolicy
from kiosk.ops.log import set_up
from kiosk.ops.memory import keep_to_itself
from kiosk.wiring import places

if TYPE_CHECKING:
    from central.centre import Centre

KEYS = "central-keys"
DATABASE = "central.db"
MESSAGES = "sms.jsonl"
_OFFICE = ("photo_days", "content_days", "log_days", "event_days", "promise_days", "accept_days", "double_open",
           "four_eyes", "admission", "min_client_version")  # fmt: skip
"""What the office decides, by one name in the settings and in the service's options."""


@dataclass(frozen=True)
class _Paths:
    state: Path
    db: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; each of the actions takes --db too, on either side of its name."""
    _common(parser, None)
    parser.add_argument("--listen", metavar="HOST:PORT", default="", help="where to listen; port 0 takes a free one")
    parser.add_argument(
        "--public-url", metavar="URL", default="", help="where phones reach the status page; `self` for this machine"
    )
    parser.add_argument("--insecure", action="store_true", help="serve plain HTTP beyond this machine (trials only)")
    parser.add_argument("--cert", metavar="FILE", type=Path, help="TLS certificate chain (PEM); with --key")
    parser.add_argument(
        "--ca", metavar="FILE", type=Path, help="the certificate (PEM) that kiosks pin; else the last one in --cert"
    )
    parser.add_argument("--key", metavar="FILE", type=Path, help="its private key (PEM)")
    parser.add_argument("--updates", metavar="DIR", type=Path, help="bundles and updates.toml: who is offered which")
    parser.add_argument(
        "--workers", metavar="N", type=int, default=1, help="server processes; more than 1 on PostgreSQL"
    )
    parser.add_argument(
        "--registry", metavar="WHERE", default="",
        help="the city's register: `demo`, file:FOLDER or https://...; its token in $KIOSK_REGISTRY_TOKEN",
    )  # fmt: skip
    parser.add_argument(
        "--sms", metavar="WHERE", default="",
        help="text messages: `sim` writes them to STATE/sms.jsonl, https://... is a gateway; token in $KIOSK_SMS_TOKEN",
    )  # fmt: skip
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=False)
    claim = actions.add_parser("claim", help="print a one-time claim code for a kiosk")
    _common(claim, argparse.SUPPRESS)
    claim.add_argument("--branch", required=True, metavar="ID", help="the branch, like 421202-001")
    claim.add_argument(
        "--qr", type=Path, metavar="FILE",
        help="write a .svg or .png for the kiosk's scanner; with --public-url, and --cert or --ca, before `claim`",
    )  # fmt: skip
    claim.add_argument("--kiosk", type=int, metavar="N", help="which kiosk of the branch; else the next free number")
    claim.add_argument(
        "--days",
        type=int,
        metavar="N",
        help="how long it lives, at most 30, for kiosks that are set up later; else a day",
    )
    account = actions.add_parser("grant", help="make or change a staff account and print its token")
    _common(account, argparse.SUPPRESS)
    account.add_argument("role", metavar="ROLE", help="desk, supervisor, auditor, fleet, technician or admin")
    account.add_argument("--name", required=True)
    account.add_argument("--pin", required=True)
    listed = actions.add_parser("devices", help="the kiosks, one JSON line each; those that wait to be let in first")
    _common(listed, argparse.SUPPRESS)
    for fate, what in (("accept", "let a kiosk in that waits (central.admission = officer)"), ("refuse", "refuse it")):
        decided = actions.add_parser(fate, help=what)
        _common(decided, argparse.SUPPRESS)
        decided.add_argument("device", metavar="DEVICE", help="its id, as `kiosk central devices` gives it")
        decided.add_argument("--name", required=True, help="who decides; the book shows it")
    tidying = actions.add_parser("tidy", help="forget now what is due to be forgotten; the service does it every hour")
    _common(tidying, argparse.SUPPRESS)
    check = actions.add_parser("check", help="whether a server, this one or a city's own, keeps the contract")
    _common(check, argparse.SUPPRESS)
    check.add_argument("url", metavar="URL")
    check.add_argument(
        "--claim", default="", metavar="CODE", help="a claim code: enrols a kiosk and hands in a request"
    )
    check.add_argument("--ca", default="", metavar="FILE", help="the certificate authority of the server (PEM)")
    export = actions.add_parser(
        "export", help="write submitted requests to a .json or .csv file, for an office without a desk"
    )
    _common(export, argparse.SUPPRESS)
    export.add_argument("file", metavar="FILE", type=Path)
    export.add_argument("--name", required=True, help="who takes it; the book shows it")
    back = actions.add_parser("import", help="take what the office decided from a .csv or .json file")
    _common(back, argparse.SUPPRESS)
    back.add_argument("file", metavar="FILE", type=Path)
    back.add_argument("--name", required=True, help="who decided; the book shows it")
    rotate = actions.add_parser("rotate", help="make a new sealing key; the last one stays good for what is under way")
    _common(rotate, argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the service itself runs until it is told to stop."""
    settings = load(args.config)
    clock = open_clock(args.test_clock, os.environ)
    state = places.open_state(args.state)
    paths = _Paths(state, args.db or f"sqlite:///{state / DATABASE}")
    if args.action == "check":
        return _check(args)
    if args.action is None:
        return _serve(args, settings, clock, paths)
    if args.action == "rotate":
        from central.vault import Vault

        print(json.dumps({"kid": Vault(state / KEYS, clock.now()).rotate(clock.now())}))
        return 0
    if args.action in ("tidy", "export", "import", "devices", "accept", "refuse"):
        from central.centre import open_centre

        centre = open_centre(paths.db, places.catalogue(), options(settings, state, ""), clock.now, serving=False)
        try:
            return _on_the_spot(args, centre)
        finally:
            centre.store.close()
    store = Store(paths.db)
    store.open()
    try:
        print(json.dumps(_account(args, settings, store, clock.now(), state), ensure_ascii=False))
    finally:
        store.close()
    return 0


def options(settings: Settings, state: Path, listen: str, **more: object) -> Options:
    """The service's options from the settings and the state folder; `more` overrides any of them."""
    branch = settings.branch
    chosen: dict[str, object] = {
        "keys": state / KEYS,
        "texts": {language: places.texts(language, "central") for language in ("zh", "en")},
        "listen": listen,
        "version": __version__,
        "branches": {branch.id: BranchNames(branch.name_zh, branch.name_en)},
        "ranges": settings.ranges.ranges(),
        "offline": OfflinePolicy(
            max_age_h=settings.offline.max_age_h,
            max_items=settings.offline.max_items,
            max_last_contact_h=settings.offline.max_last_contact_h,
        ),
    } | {name: getattr(settings.central, name) for name in _OFFICE}
    return Options(**(chosen | more))  # type: ignore[arg-type]


def _serve(args: argparse.Namespace, settings: Settings, clock: Clock, paths: _Paths) -> int:
    # What only serving needs is brought in here: a claim code at a command is there in half the time.
    from central.server import CentralServer

    keep_to_itself()
    set_up(settings.kiosk.log_level)
    public = args.public_url
    if public and public != "self" and not public.startswith(("https://", "http://")):
        raise Refusal(f"--public-url {public!r} is no address; give https://HOST, or `self` for a trial on one machine")
    chosen = options(
        settings,
        paths.state,
        args.listen or settings.central.listen,
        public_url=public,
        insecure=args.insecure,
        test_clock=clock.test,
        cert=args.cert,
        key=args.key,
        ca=args.ca,
        workers=args.workers,
        updates=_updates(args.updates),
        registry=_registry(args.registry, clock.now()),
        sms=_sms(args.sms, paths.state, clock.now),
    )
    server = CentralServer(paths.db, places.catalogue(), chosen, clock.now)
    server.run(lambda url: print(json.dumps({"ready": "central", "url": url}), flush=True))
    return 0


def _updates(folder: Path | None) -> Path | None:
    if folder is not None:
        from central.updates import read_plan

        read_plan(folder)
    return folder


def _registry(where: str, now: datetime) -> Registry | None:
    if not where:
        return None
    if where == "demo":
        from central.registry.demo import DemoRegistry

        return DemoRegistry(now.date())
    if where.startswith("file:"):
        from central.registry.files import FileRegistry

        return FileRegistry(Path(where.removeprefix("file:")))
    if where.startswith(("https://", "http://")):
        from central.registry.http import HttpRegistry

        return HttpRegistry(where, os.environ.get("KIOSK_REGISTRY_TOKEN", ""))
    raise Refusal(f"--registry {where!r} is none; give demo, file:FOLDER or https://...")


def _sms(where: str, state: Path, now: Callable[[], datetime]) -> Sms | None:
    if not where:
        return None
    if where == "sim":
        return SimulatedSms(state / MESSAGES, now)
    if where.startswith(("https://", "http://")):
        return HttpSms(where, os.environ.get("KIOSK_SMS_TOKEN", ""))
    raise Refusal(f"--sms {where!r} is none; give sim or https://...")


def _on_the_spot(args: argparse.Namespace, centre: "Centre") -> int:
    if args.action == "tidy":
        from central.retention import tidy

        print(json.dumps(asdict(tidy(centre))))
        return 0
    if args.action in ("devices", "accept", "refuse"):
        from kiosk.wiring.admission import decide, listed

        return listed(centre) if args.action == "devices" else decide(centre, args.device, args.action, args.name)
    from central import batch

    if args.action == "export":
        print(json.dumps({"requests": batch.write_out(centre, args.file, args.name)}))
        return 0
    good = True
    for taken in batch.take_back(centre, args.file, args.name):
        print(json.dumps(asdict(taken), ensure_ascii=False))
        good = good and taken.ok
    return 0 if good else 1


def _check(args: argparse.Namespace) -> int:
    from kiosk.wiring.conformance import Conformance

    good = True
    for finding in Conformance(args.url, args.claim, args.ca).run():
        good = good and finding.ok is not False
        if args.json:
            print(json.dumps(asdict(finding), ensure_ascii=False), flush=True)
        else:
            sign = {True: "ok", False: "NO", None: "--"}[finding.ok]
            print(f"{sign}  {finding.name}{': ' + finding.seen if finding.seen else ''}", flush=True)
    return 0 if good else 1


def _account(args: argparse.Namespace, settings: Settings, store: Store, now: datetime, state: Path) -> dict[str, str]:
    if args.action == "claim":
        chosen = options(settings, state, "")
        if args.qr is not None:
            return _slip(args, lambda: enrolments.claim(store, chosen, args.branch, args.kiosk, now, args.days))
        return {"claim_code": enrolments.claim(store, chosen, args.branch, args.kiosk, now, args.days)}
    with store.write() as session:
        token = staff.grant(session, args.role, args.name, args.pin, now)
    return {"token": token, "role": args.role, "name": args.name}


def _slip(args: argparse.Namespace, claim: Callable[[], str]) -> dict[str, str]:
    import segno

    if not args.public_url.startswith(("https://", "http://")) or args.qr.suffix not in (".svg", ".png"):
        raise Refusal("--qr takes a .svg or .png file, and --public-url https://HOST where kiosks reach the centre")
    pem = authority(args.ca, args.cert)
    code = claim()
    text = claim_slip(args.public_url, code, args.branch, pem)
    try:
        segno.make(text, error="m").save(str(args.qr), scale=8, border=4)
    except OSError as error:
        raise Refusal(f"{args.qr} cannot be written ({error.strerror}); give another file with --qr") from error
    return {"claim_code": code, "slip": text, "qr": str(args.qr)}


def _common(parser: argparse.ArgumentParser, default: object) -> None:
    # Without SUPPRESS an action would put its own default over what stood before its name.
    parser.add_argument("--db", metavar="URL", default=default, help="sqlite:///PATH or postgresql+psycopg://...")
    parser.add_argument(
        "--json", action="store_true", default=False if default is None else default, help="answers are JSON anyway"
    )
