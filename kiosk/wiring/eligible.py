"""`kiosk eligible SERVICE --on DATE --facts FILE|-`: what a person may do on a day, with all reasons at once."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from kiosk import config
from kiosk.domain.errors import Refusal
from kiosk.domain.rules.decide import Verdict, eligible
from kiosk.domain.rules.facts import read_facts
from kiosk.domain.rules.working_days import WorkingDays
from kiosk.wiring import places

LARGEST = 1 << 20
"""Bytes of a facts file that are still read; a real one has a few hundred."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk eligible`."""
    parser.add_argument("service", metavar="SERVICE", help="the code of a service, like C1")
    parser.add_argument("--on", metavar="YYYY-MM-DD", required=True, help="the day to decide for")
    parser.add_argument(
        "--facts", metavar="FILE|-", help="what is known, one JSON object; docs/facts.md lists the facts"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(args: argparse.Namespace) -> int:
    """Print the verdict; 0 whatever it is, Refusal (2) for a service, day or facts that cannot be read."""
    branch = config.load(args.config).branch
    catalogue = places.catalogue()
    on = _day(args.on)
    facts = read_facts(_read(args.facts), catalogue.rules.facts)
    for note in facts.ignored:
        print(f"kiosk: {note}; ignored", file=sys.stderr)
    verdict = eligible(catalogue, args.service, on, facts, branch.id[:4], own_city_only=branch.own_city_only)
    days = catalogue.services[args.service].working_days
    done_by = WorkingDays().after(on, days) if days is not None else None
    if args.json:
        answer = verdict.as_json() | {"done_by": done_by.isoformat() if done_by else None}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(_plain(verdict, done_by))
    return 0


def _plain(verdict: Verdict, done_by: date | None) -> str:
    lines: list[str] = [verdict.decision]
    if verdict.opens_on:
        lines[0] += f", opens on {verdict.opens_on}"
    elif done_by and verdict.decision in ("ok", "warn"):
        lines[0] += f", done by {done_by}"
    for reason in verdict.reasons:
        lines += [f"{reason.level} {reason.code}  ({reason.source})", *(f"  {text}" for text in reason.words.values())]
    return "\n".join(lines)


def _day(text: str) -> date:
    try:
        if len(text) == len("2026-11-22"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refusal(f"--on {text[:40]!r} is no day; give one like 2026-11-22")


def _read(name: str | None) -> object:
    if name is None:
        return {}
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(f"the facts {name} cannot be read ({(error.strerror or 'error').lower()})") from error
    if len(data) > LARGEST:
        raise Refusal(f"the facts {name} are larger than {LARGEST} bytes; give one JSON object")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refusal(f'the facts {name} are no JSON; give one object, like {{"birth_date": "1990-01-31"}}') from None
