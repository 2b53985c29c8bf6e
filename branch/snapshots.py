"""The state of the hall, read at most once a change or a second and given to everybody who asks."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from branch.hall import Frame, Hall, state_view
from branch.store.reading import read_hall
from branch.store.store import Store
from kiosk.domain.catalogue import Catalogue

KEPT_MS = 1000
"""Waits and ages are told in whole seconds; a state older than one, by the hub's clock, is read again."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state as JSON, for each audience."""

    epoch: int
    seq: int
    now_ms: int
    staff: str
    public: str

    def text(self, *, staff: bool) -> str:
        """The state as this audience may read it."""
        return self.staff if staff else self.public


class Snapshots:
    """Used from the event loop only; `changed` may be called from any thread."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._letters = {code: service.category for code, service in catalogue.services.items() if service.enabled}
        self._lock = asyncio.Lock()
        self._kept: Snapshot | None = None
        self._changes = 0
        self._read_changes = -1

    def changed(self) -> None:
        """The next reader gets a new state."""
        self._changes += 1

    async def get(self) -> Snapshot:
        """The state as it is now."""
        async with self._lock:
            kept = self._kept
            old = kept is None or abs(self._store.now_ms() - kept.now_ms) >= KEPT_MS
            if kept is None or old or self._read_changes != self._changes:
                self._read_changes = self._changes
                kept = self._kept = await run_in_threadpool(self._read)
            return kept

    def _read(self) -> Snapshot:
        options = self._store.options
        now_ms = self._store.now_ms()

        def query(connection: Connection) -> Hall:
            return read_hall(connection, options.id, options.numbers, now_ms, options.missed_s * 1000)

        hall = self._store.read(query)
        frame = Frame(
            branch={"id": options.id, "name_zh": options.name_zh, "name_en": options.name_en},
            letters=self._letters,
            policy=options.policy,
            standing=options.opening.at(now_ms),
            opens_next_ms=options.opening.opens_next(now_ms),
            test_clock=options.test_clock,
        )
        read_only = self._store.standing.superseded_by is not None
        staff, public = (
            _json({**state_view(hall, frame, now_ms, staff=audience), "read_only": read_only})
            for audience in (True, False)
        )
        return Snapshot(hall.epoch, hall.seq, now_ms, staff, public)


def _json(state: dict[str, Any]) -> str:
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))
