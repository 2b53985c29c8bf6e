"""`kiosk play`: a story through the real engine, each new View as a JSON line, each expectation held or not."""

import argparse
import json
import logging
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import get_args

from kiosk.config import load
from kiosk.core.events import KeypadKey
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import ZONE
from kiosk.view.models import View
from kiosk.wire import view_to_json
from kiosk.wiring.story import Step, read, unescape
from kiosk.wiring.theatre import Theatre

LARGEST = 1024 * 1024


class Unmet(Exception):
    """An expectation that does not hold: what was expected, and what there was."""


@dataclass
class Player:
    """Plays steps and remembers what was shown since the last one."""

    theatre: Theatre
    folder: Path
    shown: list[View] = field(default_factory=list)
    papers_seen: int = 0

    def play(self, step: Step) -> None:
        """Play one step; Unmet when an expectation fails."""
        words = step.words
        match step.verb:
            case "touch":
                self.theatre.touch(step.rest)
            case "type":
                for char in step.rest:
                    self.theatre.touch(f"key:{char.upper()}")
            case "wait":
                self.theatre.wait(float(words[0]))
            case "network":
                self.theatre.network(words[0], up=words[1] == "up")
            case "clerk":
                self.theatre.clerk(words[0])
            case "book":
                self.theatre.book(*words)
            case "phone":
                self.theatre.phone()
            case "crash":
                self.theatre.crash()
            case "expect":
                self._expect(words[0], step.rest.partition(" ")[2].strip())
            case _:
                self._device(step)

    def _device(self, step: Step) -> None:
        words = step.words
        match step.verb:
            case "scan":
                self.theatre.scan(unescape(step.rest))
            case "card":
                self._card(step)
            case "press":
                self.theatre.press(next(key for key in get_args(KeypadKey) if key == words[0]))
            case "headset":
                self.theatre.headset(plugged=words[0] == "in")
            case "fault":
                self.theatre.fault(words[0], words[1])
            case "clear":
                self.theatre.fault(words[0], "ready")

    def _card(self, step: Step) -> None:
        try:
            card = json.loads((self.folder / step.rest).read_text("utf-8"))
            self.theatre.card({name: str(value) for name, value in card.items()})
        except (OSError, ValueError, AttributeError) as error:
            raise Refusal(f"line {step.line}: {step.rest} is no card file; it is JSON with number and name") from error

    def _expect(self, what: str, wanted: str) -> None:
        view = self.theatre.kiosk.engine.view
        match what:
            case "view":
                _hold(view.view == wanted, f"the view is {view.view} ({view.title})")
            case "printed":
                texts = self.theatre.papers()
                found = any(wanted in text for text in texts[self.papers_seen :])
                _hold(found, f"{len(texts) - self.papers_seen} new papers, none with it")
                self.papers_seen = len(texts)
            case "heard":
                heard = self.theatre.voice.heard
                _hold(wanted in heard, f"what was heard is: {heard or 'nothing'}")
            case "not" if wanted.startswith("heard "):
                heard = self.theatre.voice.heard
                _hold(wanted.removeprefix("heard ") not in heard, f"what was heard is: {heard}")
            case "not":
                new = len(self.theatre.papers()) - self.papers_seen
                _hold(new == 0, f"{new} papers came out")
            case "spoken":
                said = [view.spoken, *(shown.spoken for shown in self.shown)]
                # B012 is said letter by letter, so that nobody hears "twelve".
                found = any(wanted in text or _run_together(wanted) in _run_together(text) for text in said)
                _hold(found, f"what was said is: {view.spoken}")
            case "ticket":
                state = self.theatre.ticket_state()
                _hold(state == wanted, f"the ticket is {state or 'not there'}")
            case "request":
                state = self.theatre.request_state()
                _hold(state == wanted, f"the request is {state or 'not there'}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE|-", help="the story; - reads standard input")
    parser.add_argument("--json", action="store_true", help="Views are JSON lines anyway")


def run(args: argparse.Namespace) -> int:
    """Play to the end or to the first expectation that does not hold."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    steps = read(_text(args.file))
    settings = load(args.config)
    start = _start(steps)
    folder = Path() if args.file == "-" else Path(args.file).parent
    player: Player | None = None
    views: list[View] = []

    def show(view: View) -> None:
        print(json.dumps(view_to_json(view), ensure_ascii=False), flush=True)
        (player.shown if player else views).append(view)

    theatre = Theatre(settings, start, show)
    try:
        player = Player(theatre, folder, views)
        for step in steps:
            if step.verb == "clock":
                continue
            if step.verb != "expect":
                player.shown.clear()
                theatre.voice.forget()
            try:
                player.play(step)
            except Unmet as unmet:
                print(f"line {step.line}: {step}: {unmet}", file=sys.stderr)
                return 1
    finally:
        theatre.close()
    return 0


def _start(steps: tuple[Step, ...]) -> datetime:
    if steps and steps[0].verb == "clock":
        return datetime.fromisoformat(steps[0].rest)
    return datetime.now(ZONE).replace(hour=10, minute=0, second=0, microsecond=0)


def _text(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Refusal(f"the story {name} cannot be read ({(error.strerror or str(error)).lower()})") from error
    if len(raw) > LARGEST:
        raise Refusal("a story is at most 1 MB of text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"the story {name} is no UTF-8 text") from error


def _run_together(text: str) -> str:
    return "".join(text.split())


def _hold(holds: bool, found: str) -> None:
    if not holds:
        raise Unmet(found)
