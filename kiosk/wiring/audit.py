"""`kiosk audit`: whether the journal of what was promised on paper is whole, and what a receipt's code stands for."""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.domain.promises import plain_code
from kiosk.engine.clock import open_clock
from kiosk.engine.journal import Journal, read_journal


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `verify` and `code`."""
    parts = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    verify = parts.add_parser("verify", help="find removed, altered and reordered records; 1 if there are any")
    verify.add_argument("--json", action="store_true", help="one JSON document")
    code = parts.add_parser("code", help="what this kiosk promised on the paper with this code; 1 if it did not")
    code.add_argument("code", metavar="CODE", help="the eight letters and digits on the receipt")
    code.add_argument("--json", action="store_true", help="one JSON document")


def run(args: argparse.Namespace) -> int:
    """Answer; reads only, beside a running core."""
    clock = open_clock(args.test_clock, os.environ)
    journal = read_journal(args.state, clock.now)
    if journal is None:
        raise Refusal(f"there is no journal in {args.state}; give its folder with --state")
    try:
        return _verify(args, journal, args.state) if args.what == "verify" else _code(args, journal)
    finally:
        journal.close()


def _verify(args: argparse.Namespace, journal: Journal, state: Path) -> int:
    from kiosk.ops.enrolment import load_identity
    from kiosk.ops.promises import audit

    found = audit(journal.promises, load_identity(state))
    if args.json:
        findings = [asdict(finding) for finding in found.findings]
        counts = {"records": found.records, "signed": found.signed, "witnessed": found.witnessed}
        print(json.dumps({"ok": found.ok, **counts, "findings": findings}, ensure_ascii=False))
    else:
        for finding in found.findings:
            print(f"record {finding.seq}: {finding.what}")
        whole = "the journal is whole" if found.ok else "the journal was tampered with"
        print(f"{whole}: {found.records} records, {found.signed} signed, seen by the centre up to {found.witnessed}")
    return 0 if found.ok else 1


def _code(args: argparse.Namespace, journal: Journal) -> int:
    code = plain_code(args.code)
    if not code:
        raise Refusal(f"{args.code!r:.40} is no code of a receipt; it looks like 7K2M-9QXD")
    found = journal.promises.find(code)
    if args.json:
        print(json.dumps({"code": code, "found": [asdict(promise) for promise in found]}, ensure_ascii=False))
    else:
        for promise in found:
            print(f"{promise.at} {promise.kind} {promise.word} (record {promise.seq}, {promise.subject})")
        if not found:
            print(f"this kiosk has promised nothing under {code}")
    return 0 if found else 1
