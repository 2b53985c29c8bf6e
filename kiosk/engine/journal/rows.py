"""What the journal gives back: frozen rows, with times aware and in Asia/Shanghai."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kiosk.domain.request import DEVICE_STATES, DeviceState, ServerState
from kiosk.domain.visit import Booking
from kiosk.engine.clock import ZONE
from kiosk.engine.ports import RequestOrder, Sealed, TicketOrder, Wait

TicketStage = Literal["asked", "issued", "printing", "printed", "screen", "doubtful", "void", "lost"]
TodoKind = Literal["confirm", "void", "report", "orphan"]
JobKind = Literal["ticket", "receipt", "test", "slip"]
JobState = Literal["sending", "printed", "failed", "unknown"]


@dataclass(frozen=True)
class TicketRow:
    """A ticket as this kiosk knows it.

    `asked`: the id exists, no number yet. `issued`: a number, no paper yet. `printing`: bytes are going out.
    `printed`, `screen`: the citizen has it. `doubtful`: nobody knows whether paper came out. `void`: given up.
    `lost`: ended before the hub made anything of it.
    """

    id: str
    service: str
    language: str
    seq: int
    asked_at: datetime
    state: TicketStage
    label: str = ""
    business_date: str = ""
    offline: bool = False
    orphan_of: str | None = None
    status_url: str | None = None
    printed_by: str = ""
    ahead: int | None = None
    wait: Wait | None = None
    reason: str = ""
    also: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    booking: Booking | None = None

    def order(self, kiosk: str) -> TicketOrder:
        """What the hub is asked for: the same bytes at every attempt, because they all come from this row."""
        number = self.booking.number if self.booking else None
        return TicketOrder(
            self.id, self.service, self.language, kiosk, self.seq, self.asked_at, self.also, self.needs, number
        )


@dataclass(frozen=True)
class Todo:
    """One thing that the hub must still be told. `n` counts up and is the order in which to tell it.

    `confirm`: `word` is what proves the paper. `report`: a ticket of the emergency range, `word` likewise.
    `void`: `word` is the reason. `orphan`: an attempt without an answer that another ticket replaced; post the
    same order again, then void it with the reason in `word`.
    """

    n: int
    kind: TodoKind
    word: str
    ticket: TicketRow


@dataclass(frozen=True)
class JobRow:
    """One print job: `subject` is the ticket's or the request's id, `digest` that of the paper."""

    id: str
    kind: JobKind
    subject: str
    digest: str
    state: JobState
    at: datetime


@dataclass(frozen=True)
class OutboxRow:
    """A request on its way. `sealed` is None once it has arrived or expired; nobody here can read it before."""

    id: str
    service: str
    sealed: Sealed | None
    masked: Mapping[str, object]
    assurance: str
    consents: tuple[str, ...]
    captured_at: datetime
    state: DeviceState
    ambiguous: bool
    attempts: int
    next_at: datetime
    reference: str | None
    server_state: ServerState | None
    status_url: str | None
    last_error: str | None
    received_at: str | None = None

    def order(self) -> RequestOrder:
        """What the centre is sent: the same bytes at every attempt; raise ValueError once the payload is wiped."""
        if self.sealed is None:
            raise ValueError("its payload is wiped: there is nothing left to send")
        return RequestOrder(self.id, self.service, self.assurance, self.consents, self.sealed, self.captured_at)


@dataclass(frozen=True)
class Summary:
    """What waits in the outbox, without any content: `count`, `oldest_age_s`, `size` of queued, sending and unknown."""

    count: int
    oldest_age_s: float
    states: Mapping[DeviceState, int]
    size: int = 0

    @classmethod
    def empty(cls) -> "Summary":
        """Nothing waits and nothing ever did."""
        return cls(0, 0.0, dict.fromkeys(DEVICE_STATES, 0))


def written(moment: datetime) -> str:
    """RFC 3339 in Asia/Shanghai to the millisecond, so that texts sort as times do."""
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds")


def read_time(text: str) -> datetime:
    """Read a time that `written` wrote."""
    return datetime.fromisoformat(text).astimezone(ZONE)


def ticket_row(row: sqlite3.Row) -> TicketRow:
    """Make a TicketRow of a row of the table `ticket`."""
    low, _, high = (row["wait"] or "").partition("-")
    return TicketRow(
        id=row["id"],
        service=row["service"],
        language=row["language"],
        seq=row["seq"],
        asked_at=read_time(row["asked_at"]),
        state=row["state"],
        label=row["label"] or "",
        business_date=row["business_date"] or "",
        offline=bool(row["offline"]),
        orphan_of=row["orphan_of"],
        status_url=row["status_url"],
        printed_by=row["printed_by"] or "",
        ahead=row["ahead"],
        wait=Wait(int(low), int(high)) if high else None,
        reason=row["reason"] or "",
        also=tuple((row["also"] or "").split()),
        needs=tuple((row["needs"] or "").split()),
        booking=Booking(row["booking"], read_time(row["booked_at"])) if row["booking"] else None,
    )
