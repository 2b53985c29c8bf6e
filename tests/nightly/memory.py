"""Resident memory over thousands of journeys at speed, all languages and themes in turn: flat, or named and failed."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, product
from pathlib import Path

import psutil

from kiosk.view.models import View
from tests.nightly.between import Between, Pair, pair
from tests.nightly.standing import MARKS, Leave, Mark, go_on

OUT = Path("nightly-out/memory")
GROWTH = 1.05
"""From journey 100 to the last."""
SETTLED = 100
MARK = 50
PATIENT_S = 40.0
WAYS_OUT = 40
LANGUAGES = ("zh", "en")
MODES = ((), ("contrast",), ("contrast", "contrast"), ("large",), ("large", "contrast"), ("low",), ("low", "contrast"))
TICKETS = (("B", "B1"), ("C", "C1"), ("A", "A1"))


class Astray(Exception):
    """A journey that did not go as it was meant."""


class Citizen:
    """One who comes, sets the screen as she likes, does something and goes."""

    def __init__(self, between: Between) -> None:
        self._between = between
        self.touches = 0

    def journey(self, kind: str, language: str, modes: tuple[str, ...], ticket: tuple[str, str]) -> None:
        """Do one journey from welcome to welcome."""
        self._stands("welcome", "choice:bring")
        for mode in modes:
            self._changes(f"mode:{mode}")
        if self._view.language != language:
            self._changes(f"language:{language}")
        for action in _steps(kind, *ticket):
            self._changes(action)
        if kind == "ticket":
            self._stands("ticket", "finish")
            self._changes("finish")
        else:
            self._home()
        if not self._between.soon(lambda view: view.view == "welcome", PATIENT_S):
            raise Astray(f"{self._view.view}, not welcome")

    @property
    def _view(self) -> View:
        return self._between.until(lambda _view: True)

    def _stands(self, name: str, action: str) -> None:
        if not self._between.soon(lambda view: view.view == name and _offers(view, action), PATIENT_S):
            raise Astray(f"{self._view.view}, not {name} with {action}")

    def go_home(self) -> None:
        """Leave whatever stands, by the ways that it offers."""
        for _ in range(WAYS_OUT):
            view = self._view
            if view.view == "welcome":
                return
            out = next((way for way in ("finish", "choice:yes", "home", "more-time") if _offers(view, way)), None)
            if out is not None:
                self._between.touch(out)
            self._between.soon(lambda view: view.view == "welcome")
        raise RuntimeError(f"no way home from {self._view.view}")

    def _changes(self, action: str) -> None:
        if not self._between.soon(lambda view: _offers(view, action), PATIENT_S):
            raise Astray(f"no {action} on {self._view.view}")
        before = _content(self._between.until(lambda view: _offers(view, action)))
        while True:  # a touch on a View that core has just replaced is none
            self._between.touch(action)
            self.touches += 1
            if self._between.soon(lambda view: _content(view) != before):
                return

    def _home(self) -> None:
        self._changes("home")
        if self._view.view == "notice":  # what was typed would be lost
            self._changes("choice:yes")


def _offers(view: View, action: str) -> bool:
    found = view.action(action)
    return found is not None and found.enabled


def _content(view: View) -> tuple[object, ...]:
    return view.view, view.title, view.blocks, view.actions, view.appearance, view.language


def _steps(kind: str, category: str, service: str) -> Iterator[str]:
    match kind:
        case "ticket":
            yield from ("ticket-only", f"category:{category}", f"service:{service}", "take-ticket")
        case "bring":
            yield from ("choice:bring", f"category:{category}", f"service:{service}", "back")
        case "typed":
            yield from ("identify:type", *(f"key:{digit}" for digit in "42000"), "key:delete")
        case _:
            yield "choice:information"


def run(pair_: Pair, journeys: int, took: Callable[[Mark], None], leave: Callable[[], bool]) -> None:
    """Do journeys until there are enough or leave is refused; a mark of the processes' memory each fifty."""
    citizen = Citizen(pair_.between)
    watched = {f"{process.name}_mib": psutil.Process(process.child.pid) for process in pair_.processes}
    turns = zip(
        cycle(("ticket", "bring", "typed", "aside", "ticket")), cycle(product(LANGUAGES, MODES)), cycle(TICKETS)
    )
    walked = 0.0
    for done, (kind, (language, modes), ticket) in zip(range(1, journeys + 1), turns, strict=False):
        if not leave():
            return
        began = time.monotonic()
        try:
            citizen.journey(kind, language, modes, ticket)
        except Astray as error:  # on a busy machine a device that answers late takes her another way
            print(f"{done:6} went another way: {error}", flush=True)
            citizen.go_home()
        walked += time.monotonic() - began
        if done % MARK == 0:
            taken = {name: process.memory_info().rss / 2**20 for name, process in watched.items()}
            took({"journeys": done, "seconds": walked, "load": os.getloadavg()[0], **taken})


def verdict(marks: list[Mark], until: int) -> list[str]:
    """Name each process whose memory grew too much from journey 100 on, and journeys that were not done."""
    settled = next((mark for mark in marks if mark["journeys"] >= SETTLED), None)
    if settled is None or marks[-1] is settled:
        return ["too few journeys to tell"]
    last = marks[-1]
    short = [f"{last['journeys']:.0f} journeys, not {until}"] if last["journeys"] < until else []
    return short + [
        f"{name}: {last[name]:.1f} MiB after {last['journeys']:.0f} journeys, wanted at most "
        f"{settled[name] * GROWTH:.1f} ({GROWTH:g} x {settled[name]:.1f} after {SETTLED})"
        for name in last
        if name.endswith("_mib") and last[name] > settled[name] * GROWTH
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.memory", description=__doc__)
    parser.add_argument("--journeys", type=int, default=5000, help="how many in all")
    parser.add_argument("--until", type=int, help="end this part after so many, the next one goes on (else all)")
    parser.add_argument("--minutes", type=float, default=28.0, help="of this part")
    parser.add_argument("--out", type=Path, default=OUT, help="where marks and logs of the campaign lie")
    parser.add_argument("--half", action="store_true", help="half the pixels each way: the same page in millimetres")
    parser.add_argument("--alone", action="store_true", help="core without a window, several times as fast")
    parser.add_argument("--campaign", action="store_true", help="be the campaign itself; a part starts this")
    asked = parser.parse_args()
    if asked.campaign:
        campaign(asked.out, asked.journeys, (540, 960, 51) if asked.half else (1080, 1920, 102), window=not asked.alone)
        return 0
    until = min(asked.until or asked.journeys, asked.journeys)
    words = [sys.executable, "-u", "-m", "tests.nightly.memory", *sys.argv[1:], "--campaign"]
    marks = go_on(asked.out, words, until, asked.minutes * 60)
    wrong = verdict(marks, until)
    print("\n".join(wrong) or f"flat over {marks[-1]['journeys']:.0f} journeys")
    return 1 if wrong else 0


def campaign(out: Path, journeys: int, size: tuple[int, int, int], *, window: bool) -> None:
    """Walk all journeys, standing still while no part is connected."""
    leave = Leave(out)

    def took(mark: Mark) -> None:
        with (out / MARKS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(mark) + "\n")

    with (
        tempfile.TemporaryDirectory(prefix="kiosk-memory-") as folder,
        pair(Path(folder), *size, window=window) as both,
    ):
        run(both, journeys, took, leave.wait)


if __name__ == "__main__":
    sys.exit(main())
