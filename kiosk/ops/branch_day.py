"""Tells the centre what happened at the branch, from this kiosk's copy of the hub's log; nobody's name goes with it."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.core.events import Event
from kiosk.engine.clock import ZONE
from kiosk.engine.journal.journal import Meta
from kiosk.engine.log_copy import FILE, read_after
from kiosk.engine.ports import Away, LogEntry
from kiosk.link.central import CentreLink
from kiosk.link.models.central import BranchEvent, EventBatch, EventBatchAnswer

BATCH = 500
BATCHES = 10
"""Batches a round: a branch that was cut off for days is told in a few minutes, and requests go between."""
ELSEWHERE = timedelta(minutes=10)
"""A kiosk beside the hub tells at once. The others tell so much later what it may have told already: each event is
stored once, and nothing stays untold where the hub stands on no kiosk or its kiosk is off."""
KEY = "branch-day"

_TOLD = ("service", "state", "counter", "label", "kiosk", "priority", "issued_ms", "called_ms", "ended_ms")
"""What goes with a ticket: no note of a clerk, no token of a page, no name."""

_log = logging.getLogger(__name__)


class BranchDay:
    """The round that tells. `beside_hub`: the hub runs on this machine."""

    def __init__(
        self, state: Path, meta: Meta, link: CentreLink, branch: str, now: Callable[[], datetime], *, beside_hub: bool
    ) -> None:
        self._copy = state / FILE
        self._meta = meta
        self._link = link
        self._branch = branch
        self._now = now
        self._late = timedelta() if beside_hub else ELSEWHERE
        self._refused = ""

    def work(self) -> Iterable[Event]:
        """Tell what is new; what the centre did not hear is told at the next round."""
        for _ in range(BATCHES):
            known = json.loads(self._meta.get(KEY) or '{"log": "", "place": [0, 0]}')
            before = int((self._now() - self._late).timestamp() * 1000)
            try:
                log, entries = read_after(self._copy, known["log"], tuple(known["place"]), before, BATCH)
            except sqlite3.Error as error:
                _log.warning("the copy of the hub's log cannot be read (%s); the centre is told later", error)
                break
            if not entries or not self._heard(log, entries):
                break
            self._meta.set(KEY, json.dumps({"log": log, "place": [entries[-1].epoch, entries[-1].seq]}))
        return ()

    def _heard(self, log: str, entries: list[LogEntry]) -> bool:
        events = tuple(_event(log, entry).model_dump(mode="json") for entry in entries if entry.type == "ticket")
        if not events:
            return True
        answer = self._link.post_events(self._branch, EventBatch(events=events))
        if isinstance(answer, EventBatchAnswer):
            self._refused = ""
            return True
        if not isinstance(answer, Away) and answer.code != self._refused:
            _log.warning("the centre does not take the events of this branch (%s)", answer.code)
            self._refused = answer.code
        return False


def _event(log: str, entry: LogEntry) -> BranchEvent:
    data = json.loads(entry.data)
    return BranchEvent(
        origin_device=f"{log}-{entry.epoch}",
        origin_seq=entry.seq,
        type=f"{entry.type}.{entry.verb}",
        at=datetime.fromtimestamp(entry.at_ms / 1000, ZONE),
        ticket_id=entry.subject,
        data={name: data[name] for name in _TOLD if data.get(name) is not None},
    )
