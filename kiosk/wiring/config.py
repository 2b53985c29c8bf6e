"""`kiosk config check FILE`: names every mistake of a settings file or a catalogue file at once."""

import argparse
import json
import os
import tomllib
from pathlib import Path

from kiosk import config
from kiosk.domain.catalogue_file import Mistake, check_catalogue, looks_like_catalogue
from kiosk.domain.errors import Refusal
from kiosk.ops import place
from kiosk.ops.files import write_whole
from kiosk.settings_page import describe
from kiosk.wiring import places

LARGEST = 4_000_000
"""Bytes of a file that is still looked at; the largest real one is a hundredth of it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk config`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="name all mistakes of a settings file or a catalogue file")
    check.add_argument("file", metavar="FILE", type=Path)
    check.add_argument("--json", action="store_true", help="one JSON document")
    firewall = actions.add_parser("firewall", help="print the packet filter that these settings need, for nft -f")
    firewall.add_argument("--out", type=Path, metavar="FILE", help="write it there instead, whole or not at all")
    usb = actions.add_parser("usb", help="print usbguard's rules for what is plugged in now")
    usb.add_argument("--facts", type=Path, default=Path("/sys/bus/usb/devices"), metavar="DIR", help="what tells it")
    usb.add_argument("--take", type=Path, metavar="FILE", help="take these rules instead, if they are such rules")
    usb.add_argument("--out", type=Path, metavar="FILE", help="write them there, whole; without rules it is removed")
    actions.add_parser("events", help="print the manual of the events that a kiosk keeps of itself")
    actions.add_parser("codes", help="print the technician's table of codes")
    actions.add_parser("data", help="print the data map: what concerns a person, where it stays, how long")
    actions.add_parser("describe", help="print every setting with its default, bounds and meaning")


def run(args: argparse.Namespace) -> int:
    """Print the mistakes; 0 without any, 1 with mistakes, Refusal (2) for what cannot be read."""
    if args.action == "describe":
        print(describe(), end="")
        return 0
    if args.action == "events":
        from kiosk.ops.registry import manual

        print(manual(), end="")
        return 0
    if args.action == "data":
        from kiosk.link import data_map

        print(data_map.page(), end="")
        return 0
    if args.action == "codes":
        from kiosk.wiring import trouble

        print(trouble.manual(), end="")
        return 0
    if args.action == "firewall":
        rules = _firewall(args.config, args.state)
        if args.out is None:
            print(rules, end="")
        else:
            write_whole(args.out, rules.encode())
        return 0
    if args.action == "usb":
        return _usb(args)
    text = _read(args.file)
    kind, mistakes = _check(text, args.file)
    if args.json:
        found = [{"file": one.file, "line": one.line, "message": one.message} for one in mistakes]
        print(
            json.dumps(
                {"file": str(args.file), "kind": kind, "ok": not mistakes, "mistakes": found}, ensure_ascii=False
            )
        )
    elif mistakes:
        print("\n".join(map(str, mistakes)))
    else:
        print(f"{args.file}: no mistakes ({kind})")
    return 1 if mistakes else 0


def _usb(args: argparse.Namespace) -> int:
    from kiosk.ops import usb
    from kiosk.ops.files import remove

    if args.take is None:
        rules = usb.rules(usb.plugged(args.facts))
    elif not args.take.exists():
        rules = ""
    else:
        rules = _read(args.take)
        if not usb.sound(rules):
            raise Refusal(f"{args.take} holds other lines than the wizard writes; run it again in the service menu")
    if args.out is None:
        print(rules, end="")
    elif rules:
        write_whole(args.out, rules.encode())
    else:
        remove(args.out)
    return 0


def _firewall(file: Path | None, state: Path) -> str:
    from kiosk.link.proxy import proxy_for
    from kiosk.ops.firewall import PORTS, Peer, peers, ruleset

    known = config.load(file)
    centre = _enrolled_at(state) or known.central.url
    # Where a proxy stands before the centre, it is the one that is called; before a claim it may be for any centre.
    before = proxy_for(centre or "https://centre.invalid", os.environ)
    outward = peers([known.hub.url, before or centre, known.printer.url, known.scanner.url, known.camera.source])
    if not centre and not before:
        # The claim names the centre; until then it can be anywhere, if it speaks TLS.
        outward += (Peer("", PORTS["https"]),)
    host, _, port = known.branch.listen.rpartition(":")
    return ruleset(outward, None if host.strip("[]") in ("127.0.0.1", "::1", "localhost") else int(port))


def _enrolled_at(state: Path) -> str:
    try:
        return str(json.loads((state / place.FILE).read_bytes())["central_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _check(text: str, file: Path) -> tuple[str, list[Mistake]]:
    if not looks_like_catalogue(text):
        return "settings", config.check(text, str(file))[1]
    if file.resolve().parent in [places.assets() / folder for folder in places.CATALOGUE] or _is_overlay(text):
        # These say nothing alone; a whole catalogue elsewhere is checked as it is, whatever lies beside it.
        return "catalogue", check_catalogue(text, str(file), _others(file))
    return "catalogue", check_catalogue(text, str(file))


def _others(file: Path) -> dict[str, str]:
    own = str(file.resolve())
    return {name: text for name, text in places.catalogue_sources().items() if name != own}


def _is_overlay(text: str) -> bool:
    try:
        return "overlay" in tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST or b"\0" in content:
            raise Refusal(f"{file} cannot be read: it is no settings file and no catalogue; give a TOML text")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {(error.strerror or str(error)).lower()}; give a TOML file") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"{file} cannot be read: it is no UTF-8 text; save it as UTF-8") from error
