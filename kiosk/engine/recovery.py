"""What a start finds in the journal: journeys that were cut short, told to the core as events."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from kiosk.core.events import Event, RequestRecovered, TicketRecovered
from kiosk.engine.journal.journal import Journal
from kiosk.engine.journal.rows import OutboxRow, TicketRow
from kiosk.engine.slips import language_of, masked_rows

LOOK_BACK = timedelta(minutes=10)
"""Receipts older than this are nobody's any more; the request itself goes its way all the same."""


def recovered(journal: Journal, now: datetime, language: str) -> Iterable[Event]:
    """Every ticket and request whose paper is not settled; the newest first, for its citizen may still be here."""
    for ticket in reversed(journal.tickets.unfinished()):
        yield _ticket(ticket, now)
    for request in reversed(journal.outbox.unsettled(now - LOOK_BACK)):
        under_way = any(job.state in ("sending", "unknown") for job in journal.jobs.of(request.id))
        yield _request(request, now, language, printing=under_way)


def _ticket(row: TicketRow, now: datetime) -> TicketRecovered:
    low_s, high_s = (row.wait.low_s, row.wait.high_s) if row.wait else (None, None)
    stage = row.state if row.state in ("asked", "issued", "printing", "doubtful") else "doubtful"
    return TicketRecovered(
        row.id, row.service, row.language, stage, row.label or None, row.ahead, low_s, high_s, row.status_url,
        row.offline, _age_s(row.asked_at, now), row.also,
    )  # fmt: skip


def _request(row: OutboxRow, now: datetime, language: str, *, printing: bool) -> RequestRecovered:
    return RequestRecovered(
        row.id, row.service, language_of(row, language), row.server_state or row.state, row.reference,
        row.status_url, row.received_at, masked_rows(row), _age_s(row.captured_at, now), printing,
    )  # fmt: skip


def _age_s(since: datetime, now: datetime) -> float:
    # A clock that was put back must not make an old journey look new for ever: it counts as just now, once.
    return max(0.0, (now - since).total_seconds())
