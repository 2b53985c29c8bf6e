"""Ten thousand requests drain while somebody uses the kiosk: from touch to view takes no longer than without them."""

import select
import socket
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from kiosk.engine.clock import SimulatedClock, SystemClock
from kiosk.engine.journal import open_journal
from kiosk.engine.mint import uuid7
from kiosk.engine.submission import Submission
from kiosk.ops.enrolment import load_identity
from kiosk.wire import Show, parse_message, touch_message
from tests.bench.figures import Figure, median, percentile
from tests.central.world import BRANCH, said
from tests.faults.campaign import order
from tests.faults.processes import Machine, answers, end, kiosk, rows, until

ITEMS = 10_000
VISITS = 16
"""Of each kind, one of each in turn: whatever else the machine does then hits both alike."""
TOUCHES = 40
GAP_S = (0.05, 0.15)
"""Between two touches of one visit, so that they meet the drain at any point."""
ALONE_S = (0.5, 1.5)
"""Nobody is there before a visit: the backlog then goes out as fast as it can, and the first touch meets that."""
UNDER_WAY = 30
"""So many have gone out before somebody comes: the drain is in full course and not about to begin."""
SETTLED_S = 3.0
"""As long about as that takes, for the kiosk whose outbox is empty."""
PATIENCE_S = 60.0
WAITING = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'unknown')"


def measure(items: int = ITEMS) -> list[Figure]:
    """Touch to view over core's socket, as the screen does it, with an empty outbox and with one that drains.

    Hub, centre and core are processes of their own, as on the board; the two kiosks take turns visit by visit.
    """
    random = Random(20261123)
    with tempfile.TemporaryDirectory(prefix="kiosk-outbox-") as text:
        machine = Machine(Path(text))
        try:
            hub = machine.server("branch", "--state", machine.folder / "hub")
            centre = machine.server("central", "--state", machine.folder / "centre")
            (machine.folder / "kiosk.toml").write_text(f'[hub]\nurl = "{hub}"\n', "utf-8")
            quiet, busy = (_enrolled(machine, centre, name) for name in ("quiet", "busy"))
            _fill(busy, items)
            times = {quiet: list[list[float]](), busy: list[list[float]]()}
            seconds = 0.0
            for turn in range(VISITS + 1):
                for state in (quiet, busy) if turn % 2 else (busy, quiet):
                    begun = time.monotonic()
                    seen = _visit(machine, state, random)
                    seconds += time.monotonic() - begun if state == busy else 0.0
                    if turn:  # the first of each warms the machine
                        times[state].append(seen)
            left = _waiting(busy)
        finally:
            machine.stop()
    if not left:
        raise RuntimeError("the outbox was empty before the touches ended; nothing was measured")
    return _figures(times[quiet], times[busy], left, (items - left) / seconds)


def _figures(quiet: list[list[float]], busy: list[list[float]], left: int, rate: float) -> list[Figure]:
    every = [[seconds for visit in visits for seconds in visit] for visits in (quiet, busy)]
    first = [[visit[0] for visit in visits] for visits in (quiet, busy)]
    without, draining = (percentile(seconds, 0.95) for seconds in every)
    note = f"{draining * 1000:.1f} ms over {without * 1000:.1f} ms, {len(every[0])} touches each, {left} still waited"
    middle = [median(seconds) * 1000 for seconds in first]
    return [
        Figure("touch to view, p95, 10,000 items draining over none", draining / without, "x", 1.2, note),
        Figure(
            "the first touch of somebody who comes while nobody was there, median", middle[1] / middle[0], "x",
            note=f"{middle[1]:.1f} ms over {middle[0]:.1f} ms; the backlog then goes out as fast as it can",
        ),
        Figure("requests delivered a second meanwhile, starts of core and visits included", rate, "1/s"),
    ]  # fmt: skip


class _Citizen:
    """A screen that reads no faster than it touches: one thread, so that only core's own time is measured."""

    def __init__(self, path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.connect(str(path))
        self._line.settimeout(PATIENCE_S)
        self._lines = self._line.makefile("rb")
        self._view, self._seq = "", -1

    def comes(self, random: Random) -> list[float]:
        """Touch to and fro between two pages; seconds from each touch to its page."""
        while self._view != "welcome":
            self._read()
        self._rest(random.uniform(*ALONE_S))
        found = []
        for number in range(TOUCHES):
            found.append(self._touch("ticket-only" if number % 2 == 0 else "back"))
            self._rest(random.uniform(*GAP_S))
        return found

    def close(self) -> None:
        self._lines.close()
        self._line.close()

    def _touch(self, action: str) -> float:
        before = self._view
        begun = time.perf_counter()
        self._line.sendall(touch_message(action, self._seq))
        while self._view == before:
            self._read()
        return time.perf_counter() - begun

    def _rest(self, seconds: float) -> None:
        """Wait, taking in what comes meanwhile: a touch must carry the number of the page that stands."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._line], [], [], left)[0]:
                self._read()

    def _read(self) -> None:
        message = parse_message(self._lines.readline())
        if isinstance(message, Show):
            self._view, self._seq = message.view.view, message.seq


def _visit(machine: Machine, state: Path, random: Random) -> list[float]:
    core = machine.start("core", "--state", state, "--config", machine.folder / "kiosk.toml")
    try:
        until(lambda: core.poll() is not None or answers(state), "core")
        waited = _waiting(state)
        if waited:
            until(lambda: waited - _waiting(state) >= UNDER_WAY, "the drain")
        else:
            time.sleep(SETTLED_S)
        citizen = _Citizen(state / "screen.sock")
        try:
            return citizen.comes(random)
        finally:
            citizen.close()
    finally:
        end(core)


def _enrolled(machine: Machine, centre: str, name: str) -> Path:
    state = machine.folder / name
    claim = said(machine.folder / "centre", "claim", "--branch", BRANCH)["claim_code"]
    done = kiosk("enrol", "--central", centre, "--code", claim, "--state", state, "--json")
    if done.code:
        raise RuntimeError(done.said)
    return state


def _fill(state: Path, items: int) -> None:
    # An hour ago, so that no start takes them for receipts that somebody may be waiting for.
    clock = SimulatedClock(SystemClock().now() - timedelta(hours=1))
    identity = load_identity(state)
    assert identity is not None
    journal = open_journal(state, clock.now)
    submission = Submission(journal, identity.sealer(), clock, uuid7, lambda: None)
    for number in range(items):
        submission.save(order(number))
    journal.close()


def _waiting(state: Path) -> int:
    return int(rows(state / "kiosk.db", WAITING)[0][0])
