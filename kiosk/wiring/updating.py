"""`kiosk update run` and `gate`: one look at the update, as far as it goes now; systemd runs it, anything kills it."""

import argparse
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from datetime import time as clock_time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import load
from kiosk.domain.errors import Refusal
from kiosk.domain.update import (
    Checked,
    Committed,
    Event,
    Fetched,
    Installed,
    InstallFailed,
    Looked,
    Offer,
    Offered,
    Started,
    Update,
    Withdrawn,
    forgiven,
)
from kiosk.engine.clock import open_clock
from kiosk.engine.ports import Away, Rejected
from kiosk.ops.claiming import MOUNTS
from kiosk.ops.log import set_up
from kiosk.ops.machine import boot_id
from kiosk.ops.update.autoboot import SLOTS, other
from kiosk.ops.update.bundles import Bundles, Rauc, digest, on_stick
from kiosk.ops.update.gate import gate
from kiosk.ops.update.release import STARTED, release
from kiosk.ops.update.shelf import keep_update, read_update, was_asked
from kiosk.ops.update.signs import Look, look, quiet
from kiosk.ops.update.updater import Updater
from kiosk.wiring import places

if TYPE_CHECKING:
    from kiosk.link.updates import UpdateLink

TRY = 10
"""Exit code: the machine is to be started with the other slot."""

_log = logging.getLogger(__name__)


@dataclass
class Bench:
    """What the updater works with; `code` is what the process ends with."""

    state: Path
    bundles: Bundles
    rauc: Rauc
    link: "UpdateLink | None"
    release: str
    slot: str
    look: Callable[[], Look]
    quiet: Callable[[], bool]
    code: int = 0

    def fetch(self, offer: Offer) -> Event | None:
        """From the centre piece by piece, from a stick by copying."""
        found = self.bundles.copy(offer) if offer.source == "stick" else self.bundles.fetch(offer, self.piece)
        return Fetched(found) if found is not None else None

    def piece(self, version: str, at: int) -> bytes | None:
        """The next bytes of the centre's bundle."""
        return self.link.piece(version, self.rauc.compatible(), at) if self.link is not None else None

    def check(self, offer: Offer) -> Event | None:
        """RAUC's own look; every block of it is checked when it is installed."""
        return Checked(self.rauc.problem(self.bundles.file(offer), self.release))

    def install(self, offer: Offer) -> Event | None:
        """RAUC writes the other slot; its backend has that one tried next."""
        problem = self.rauc.install(self.bundles.file(offer))
        slot = next(slot for slot in SLOTS if slot == self.slot)
        return InstallFailed(problem) if problem else Installed(other(slot))

    def try_it(self) -> None:
        """Systemd does it: this process has no right to."""
        self.code = TRY

    def gate(self, healthy: tuple[str, ...]) -> Event | None:
        """The gate has a service of its own, which runs on a trial alone."""
        return gate(healthy, self.look, time.monotonic, time.sleep)

    def commit(self) -> Event | None:
        """Every start takes this slot."""
        problem = self.rauc.mark("mark-good", "booted")
        if problem:
            _log.error("the new slot works and could not be committed: %s", problem)
            self.code = 1
            return None
        return Committed()

    def go_back(self) -> None:
        """Systemd starts the machine after this exit code, and the old slot comes."""
        self.rauc.mark("mark-bad", "booted")
        self.code = 1

    def disarm(self) -> None:
        """The other slot is not tried."""
        self.rauc.mark("mark-bad", "other")

    def discard(self) -> None:
        """Its room is wanted for tickets."""
        self.bundles.discard()


def run(args: argparse.Namespace) -> int:
    """One look, as far as it goes now."""
    settings = load(args.config)
    set_up(settings.kiosk.log_level)
    clock = open_clock(args.test_clock, os.environ)
    state = places.open_state(args.state)
    started = _started()
    link = _link(state, clock.now)
    bench = Bench(
        state,
        Bundles(state),
        Rauc(),
        link,
        release(),
        started.slot,
        lambda: look(state, link.reachable if link is not None else lambda: False),
        lambda: quiet(state),
    )
    kept = read_update(state)
    by_hand = args.action == "run" and (was_asked(state) or args.forgive)
    updater = Updater(forgiven(kept) if by_hand else kept, lambda update: keep_update(state, update), bench)
    if args.action == "run" and started.trial:
        _log.info("this start is a trial: its gate decides, and nothing is begun before")
        return 0
    updater.take(started)
    if args.action == "gate":
        return bench.code if updater.state.last is not None and updater.state.phase == "idle" else 1
    for event in _offers(bench, updater):
        updater.take(event)
    updater.take(_looked(bench, updater.state, settings.update.window, clock.now()))
    if updater.state.phase == "armed" and not bench.code:
        # Installing took its time: somebody may have come meanwhile.
        updater.take(_looked(bench, updater.state, settings.update.window, clock.now()))
    return bench.code


def _looked(bench: Bench, update: Update, window: str, now: datetime) -> Looked:
    """How it is around the kiosk. Before a trial core is told, so that nobody begins while the machine goes down."""
    seen, is_open = bench.look(), in_window(window, now)
    wanted = is_open or (update.offer is not None and update.offer.source == "stick")
    occupied = seen.occupied or (update.phase == "armed" and wanted and not bench.quiet())
    return Looked(is_open, occupied, seen.healthy)


def in_window(window: str, now: datetime) -> bool:
    """Whether a maintenance window (`22:00-05:00`) is open."""
    first, last = (clock_time.fromisoformat(part) for part in window.split("-"))
    at = now.time()
    return first <= at < last if first <= last else at >= first or at < last


def _started() -> Started:
    try:
        told = json.loads(STARTED.read_bytes())
        return Started(boot_id(), str(told["slot"]), bool(told["trial"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(
            "nobody has said which slot runs; updates are for a kiosk card, where kiosk-boot.service says it"
        ) from error


def _offers(bench: Bench, updater: Updater) -> list[Event]:
    """What a stick has comes before what the centre offers: somebody brought it."""
    known = updater.state.offer
    for file in on_stick(MOUNTS):
        found = bench.rauc.contents(file)
        if isinstance(found, str) or found.version == bench.release:
            continue
        return [Offered(Offer(found.version, digest(file), file.stat().st_size, "stick", str(file)))]
    if known is not None and known.source == "stick":
        return [Offered(known)]
    if bench.link is None:
        return []
    offered = bench.link.offer(bench.release, bench.rauc.compatible())
    if isinstance(offered, Offer):
        return [Offered(offered)]
    return [] if isinstance(offered, Away | Rejected) else [Withdrawn()]


def _link(state: Path, now: Callable[[], datetime]) -> "UpdateLink | None":
    from kiosk.link.updates import UpdateLink
    from kiosk.ops.enrolment import load_identity

    identity = load_identity(state)
    return UpdateLink(identity.link(now)) if identity is not None else None
