"""`kiosk identify TEXT|-`: says what a string is, whether it is right, and what to do if it is not."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from kiosk.domain.documents import Identified, identify
from kiosk.domain.identity.sentences import sentences
from kiosk.engine.clock import open_clock

LONGEST_LINE = 1 << 16
"""Bytes of a line of standard input that are kept; the rest of a longer one is read and dropped."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk identify`."""
    parser.add_argument("text", metavar="TEXT|-", help="the string, or - to read one a line from standard input")
    parser.add_argument("--expect", metavar="KIND", help="judge it as this kind, whatever it looks like")
    parser.add_argument("--json", action="store_true", help="one JSON document (of - always a JSON line each)")


def run(args: argparse.Namespace) -> int:
    """Print the answer; 0 whatever it is, Refusal (2) for a kind that does not exist."""
    today = open_clock(args.test_clock, os.environ).now().date()
    if args.text == "-":
        identify("", args.expect)
        for line in _lines(sys.stdin.buffer):
            print(_json(line, args.expect, today), flush=True)
    elif args.json:
        print(_json(args.text, args.expect, today))
    else:
        print(_plain(identify(args.text, args.expect, today)))
    return 0


def _json(text: str, expect: str | None, today: date) -> str:
    return json.dumps(identify(text, expect, today).as_json(), ensure_ascii=False)


def _plain(answer: Identified) -> str:
    from kiosk.wiring import places

    kinds = " / ".join((answer.kind, *answer.also))
    verdict = "valid" if answer.valid else "not valid"
    texts = places.catalogue().problems
    lines = [f"{kinds}: {verdict}: {answer.masked}"]
    for language in ("zh", "en"):
        lines += sentences(answer, texts, language)
    return "\n".join(lines)


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Give each line without its end; bytes that are no UTF-8 become replacement characters."""
    while kept := stream.readline(LONGEST_LINE):
        end = kept
        while not end.endswith(b"\n") and (end := stream.readline(LONGEST_LINE)):
            pass
        yield kept.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
