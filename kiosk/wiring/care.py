"""Joins an enrolled kiosk to the fleet: heartbeat, versions, orders - all on a lane of its own, made when first due."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal

from kiosk import __version__
from kiosk.core.events import Event
from kiosk.domain.health import word
from kiosk.domain.update import Update
from kiosk.engine.clock import Clock
from kiosk.engine.late import late
from kiosk.engine.ports import Printed, PrintOutcome
from kiosk.engine.rounds import Round
from kiosk.ops.place import Enrolled
from kiosk.ops.update.release import on_a_card, release
from kiosk.ops.update.shelf import ask_for_update, read_update
from kiosk.ops.versions import Versions
from kiosk.wiring import places
from kiosk.wiring.assembly import Kiosk

if TYPE_CHECKING:
    from kiosk.link.central import CentreLink
    from kiosk.link.models.central import Command, Heartbeat
    from kiosk.ops.branch_day import BranchDay
    from kiosk.ops.fleet import Fleet
    from kiosk.ops.orders import Outcome
    from kiosk.ops.promises import Notary
    from kiosk.ops.readiness import Readiness

HEALTHY_S = 30.0
"""A kiosk that has served for so long under a new version has come back: what falls over does so at the start."""
PROMISES_S = 15.0
"""How old a promise may be before the device signs it and the centre is told."""
READINESS_S = 30.0
"""How often a readiness report is looked for that waits for the centre."""
DAY_S = 30.0
"""How old the centre's picture of the branch's day may be."""
PRINT_S = 60.0
LINES = 500
REPORTED = timedelta(days=3)
"""What expired is told with every heartbeat for so long; then its row is thrown away."""

End = Literal["again", "restart", "reboot"]


@dataclass(frozen=True)
class Wards:
    """What the care of a kiosk needs of its core. `rest` ends the engine at the next quiet moment, for this purpose.

    `examined` goes through every self-test, as `kiosk doctor` does.
    """

    kiosk: Kiosk
    state: Path
    clock: Clock
    versions: Versions
    enrolled: Enrolled
    start: str
    rest: Callable[[End], None]
    heard: Callable[[datetime], None]
    trusted: Callable[[], bool | None]
    examined: Callable[[], "Readiness"]
    beside_hub: bool = False


def care_rounds(wards: Wards, link: Callable[[], "CentreLink"]) -> list[Round]:
    """The rounds of an enrolled kiosk; nothing is imported for them before the first is due."""
    fleet = late(lambda: _fleet(wards, link()))

    notary = late(lambda: _notary(wards, fleet))
    day = late(lambda: _branch_day(wards, link()))

    def healthy() -> Iterable[Event]:
        if wards.versions.on_trial:
            fleet.healthy()
        return ()

    due = wards.clock.monotonic() + HEALTHY_S
    always = [
        Round("heartbeat", "fleet", wards.enrolled.heartbeat_s, lambda: fleet.beat()),  # noqa: PLW0108 - made when due
        Round("versions", "fleet", wards.enrolled.poll_s, lambda: fleet.poll()),  # noqa: PLW0108
        Round("healthy", "fleet", HEALTHY_S, healthy, due),
    ]
    if wards.enrolled.standing == "pending":
        return always  # nothing else of it is taken before the centre has let it in
    return [
        *always,
        Round("promises", "fleet", PROMISES_S, lambda: notary.work()),  # noqa: PLW0108
        Round("branch-day", "fleet", DAY_S, lambda: day.work()),  # noqa: PLW0108
        Round("readiness", "fleet", READINESS_S, lambda: _hand_in(wards, fleet)),
    ]


def _hand_in(wards: Wards, fleet: "Fleet") -> Iterable[Event]:
    """Hand in the readiness report that the set-up left, once there is a line."""
    from kiosk.ops import readiness

    told = readiness.kept(wards.state)
    if told is not None:
        from kiosk.engine.ports import Away
        from kiosk.link.models.care import Diagnostics

        lines = [line[:500] for line in told["lines"]]
        bundle = Diagnostics.model_validate(
            {"version": told["version"], "taken_at": told["at"], "facts": told["facts"], "lines": lines}
        )
        if not isinstance(fleet.link.diagnostics(bundle), Away):
            readiness.delivered(wards.state)
    return ()


def _fleet(wards: Wards, link: "CentreLink") -> "Fleet":
    from kiosk.link.fleet import FleetLink
    from kiosk.ops.fleet import Fleet
    from kiosk.ops.machine import boot_id
    from kiosk.ops.orders import Life, Orders

    fleet = Fleet(
        wards.state,
        FleetLink(link),
        wards.versions,
        lambda: vitals(wards),
        lambda: wards.rest("again"),
        wards.heard,
        places.catalogue,
    )
    life: Life = Life(wards.start, boot_id())
    fleet.orders = Orders(fleet.link, wards.kiosk.journal.meta, _deeds(wards, fleet), life)
    return fleet


def _notary(wards: Wards, fleet: "Fleet") -> "Notary":
    from kiosk.ops.promises import Notary

    return Notary(wards.state, wards.kiosk.journal.promises, fleet.link)


def _branch_day(wards: Wards, link: "CentreLink") -> "BranchDay":
    from kiosk.ops.branch_day import BranchDay

    journal, branch = wards.kiosk.journal, wards.enrolled.branch
    return BranchDay(wards.state, journal.meta, link, branch, wards.clock.now, beside_hub=wards.beside_hub)


def vitals(wards: Wards) -> "Heartbeat":
    """How this kiosk is, as the centre is told: conditions, counts and versions, nothing of a citizen."""
    from kiosk.link.models.central import Heartbeat
    from kiosk.ops.machine import uptime_s
    from kiosk.ops.watch import celsius

    now, outbox = wards.clock.now(), wards.kiosk.journal.outbox
    summary = outbox.summary(now)
    state = wards.kiosk.engine.state
    parts = {name: getattr(state.parts, name) for name in ("printer", "scanner", "card", "camera", "board")}
    lost = [
        {"client_request_id": row.id, "service": row.service, "captured_at": row.captured_at, "expired_at": at}
        for row, at in outbox.expired_since(now - REPORTED)
    ]
    told = wards.versions["config"].in_force
    warmth = celsius()
    return Heartbeat.model_validate(
        {
            "version": __version__,
            "health": {name: word(health) for name, health in parts.items() if health is not None},
            "outbox": {"count": summary.count, "oldest_age_s": summary.oldest_age_s, "states": dict(summary.states)},
            "clock": now,
            "config_version": json.loads(told.content)["version"] if told else None,
            "catalogue_version": state.catalogue.version[:64] or None,
            "temperature_c": None if warmth is None else round(warmth, 1),
            "uptime_s": uptime_s(),
            "expired": lost[-50:],
            "rolled_back": wards.versions.refused[-10:],
            "clock_trusted": wards.trusted(),
            "update": update_told(read_update(wards.state), release()),
        }
    )


def update_told(update: Update, runs: str) -> dict[str, object]:
    """How far the update of the whole system is, for the fleet page."""
    told: dict[str, object] = {"release": runs, "phase": update.phase}
    if update.offer is not None:
        told["version"] = update.offer.version[:64]
    if (last := update.last) is not None:
        told |= {"last_version": last.version[:64] or None, "ending": last.ending}
        told["reason"] = " ".join(last.reason.split())[:200]
    return told


def _deeds(wards: Wards, fleet: "Fleet") -> "dict[str, Callable[[Command], Outcome]]":
    """The allow-list. What is not here is rejected; none of it takes an argument."""
    from kiosk.ops import machine
    from kiosk.ops.orders import Outcome
    from kiosk.ops.rotation import RotationPending, rotate

    def refresh(_command: "Command") -> Outcome:
        for kind in ("config", "catalogue"):
            wards.versions.change(kind, lambda shelf: shelf.forgiven())
        fleet.fetch()
        return Outcome("succeeded", "a new version waits" if wards.versions.waits else "nothing new")

    def restart(_command: "Command") -> Outcome:
        wards.rest("restart")
        return Outcome("later")

    def reboot(_command: "Command") -> Outcome:
        if not machine.has_switch():
            return machine.switch(wards.state, "reboot")
        wards.rest("reboot")
        return Outcome("later")

    def update(_command: "Command") -> Outcome:
        if not on_a_card():
            return Outcome("failed", "this machine was not started from a card with slots")
        ask_for_update(wards.state)
        return Outcome("succeeded", "the updater was asked; it waits for its window and an empty kiosk")

    def rotate_key(_command: "Command") -> Outcome:
        try:
            identity = rotate(wards.state, fleet.link)
        except RotationPending as pending:
            return Outcome("failed", f"goes on by itself later ({pending.code})")
        return Outcome("succeeded", identity.key_id)

    printer = {"test-print": lambda _command: _test_print(wards)} if wards.kiosk.printer is not None else {}
    return {
        **printer,
        "refresh-config": refresh,
        "restart": restart,
        "reboot": reboot,
        "update": update,
        "rotate-key": rotate_key,
        "collect-logs": lambda command: _collect(wards, fleet, command),
    }


def _test_print(wards: Wards) -> "Outcome":
    from kiosk.ops.orders import Outcome
    from kiosk.wiring.papers import load_papers

    printer = wards.kiosk.printer
    assert printer is not None  # noqa: S101 - else it is not on the list
    samples = json.loads((places.assets() / "papers" / "samples.json").read_text("utf-8"))
    paper = load_papers(places.assets()).compose("test", samples["test"]["zh"], "zh")
    answered: SimpleQueue[PrintOutcome] = SimpleQueue()

    def work() -> Iterable[Event]:
        answered.put(printer.print_paper(f"test-{wards.start[-8:]}", paper))
        return ()

    wards.kiosk.lanes.submit("printer", work)
    try:
        outcome = answered.get(timeout=PRINT_S)
    except Empty:
        return Outcome("failed", "the printer does not answer")
    if isinstance(outcome, Printed):
        return Outcome("succeeded", f"printed, confirmed by {outcome.confirmed}")
    return Outcome("failed", f"not printed; the printer is {word(outcome.health)}")


def _collect(wards: Wards, fleet: "Fleet", command: "Command") -> "Outcome":
    from kiosk.engine.ports import Away, Rejected
    from kiosk.link.models.care import Diagnostics
    from kiosk.ops.log import recent_lines
    from kiosk.ops.orders import Outcome

    beat = vitals(wards)
    facts: dict[str, str] = {f"health.{name}": condition for name, condition in beat.health.items()}
    facts |= {"config": str(beat.config_version), "catalogue": str(beat.catalogue_version)}
    made = wards.examined()
    found = (*made.lines(), "")[:LINES]
    facts |= {"ready": "yes" if made.ready else "no"}
    facts |= {f"outbox.{state}": str(count) for state, count in (beat.outbox.states if beat.outbox else {}).items()}
    bundle = Diagnostics.model_validate(
        {
            "command_id": command.id,
            "version": __version__,
            "taken_at": wards.clock.now(),
            "facts": facts,
            "lines": [line[:500] for line in (*found, *recent_lines()[len(found) - LINES :])],
        }
    )
    kept = fleet.link.diagnostics(bundle)
    if isinstance(kept, Away | Rejected):
        return Outcome("failed", "the centre did not take the logs")
    return Outcome("succeeded", f"{len(bundle.lines)} lines as {kept.id}")
