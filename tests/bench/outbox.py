"""Ten thousand requests drain while somebody uses the kiosk: from touch to view takes no longer than without them."""

import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kiosk.config import Settings
from kiosk.core.events import Touched
from kiosk.engine.clock import SimulatedClock, SystemClock
from kiosk.engine.journal import open_journal
from kiosk.engine.mint import uuid7
from kiosk.engine.submission import Submission
from kiosk.ops.enrolment import Identity, enrol
from kiosk.wiring.core import Core
from tests.bench.figures import Figure, percentile
from tests.central.world import BRANCH, close_world, open_world
from tests.faults.campaign import order

ITEMS = 10_000
TOUCHES = 400
PATIENCE_S = 10.0
PAUSE_S = 0.03
"""Between two touches, so that the touches meet the whole drain and not its first second."""


def measure(items: int = ITEMS) -> list[Figure]:
    """Touch to view with an empty outbox and while `items` drain, in one run."""
    with tempfile.TemporaryDirectory(prefix="kiosk-outbox-") as folder:
        root = Path(folder)
        (root / "centre").mkdir()
        world = open_world(root / "centre")
        try:
            state = root / "kiosk"
            identity = enrol(world.url, world.server.claim(BRANCH), state, {})
            if not isinstance(identity, Identity):
                raise RuntimeError(identity.sentence)
            quiet, _ = _touched(state)
            _fill(state, identity, items)
            began = time.monotonic()
            busy, left = _touched(state)
            seconds = time.monotonic() - began
        finally:
            close_world(world)
    if not left:
        raise RuntimeError("the outbox was empty before the touches ended; nothing was measured")
    ratio = percentile(busy, 0.95) / percentile(quiet, 0.95)
    rate = (items - left) / seconds
    return [
        Figure("touch to view, p95, 10,000 items draining over none", ratio, "x", 1.2, f"{left} still waited"),
        Figure("touch to view, p95, draining", percentile(busy, 0.95) * 1000, "ms"),
        Figure("requests delivered a second meanwhile", rate, "1/s"),
    ]


def _fill(state: Path, identity: Identity, items: int) -> None:
    # An hour ago, so that no start takes them for receipts that somebody may be waiting for.
    clock = SimulatedClock(SystemClock().now() - timedelta(hours=1))
    journal = open_journal(state, clock.now)
    submission = Submission(journal, identity.sealer(), clock, uuid7, lambda: None)
    for number in range(items):
        submission.save(order(number))
    journal.close()


def _touched(state: Path) -> tuple[list[float], int]:
    """Seconds from each touch to its view, and how many requests waited at the end."""
    settings = Settings()
    core = Core(replace(settings, hub=replace(settings.hub, url="http://127.0.0.1:1")), state, SystemClock())
    core.start()
    try:
        time.sleep(3)  # the first rounds of a start are no part of it
        times = [_touch(core, "ticket-only" if number % 2 == 0 else "back") for number in range(TOUCHES)]
        return times, core.kiosk.journal.outbox.summary(SystemClock().now()).count
    finally:
        core.stop()


def _touch(core: Core, action: str) -> float:
    engine = core.kiosk.engine
    before = engine.view.view
    time.sleep(PAUSE_S)
    began = time.perf_counter()
    engine.post(Touched(action, uuid7()))
    while engine.view.view == before:
        if time.perf_counter() - began > PATIENCE_S:
            raise RuntimeError(f"{action} led nowhere from {before}")
        time.sleep(0.0002)
    return time.perf_counter() - began
