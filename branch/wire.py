"""PURE: a log entry as a server-sent event, told to staff in full and to boards and kiosks without names."""

import json
from typing import Any

from branch.moment import rfc3339
from branch.store.kiosks import Alert, alert_record
from branch.store.log import Entry
from branch.ticket import Counter, Ticket, counter_record, ticket_record

RETRY_MS = 2000
"""How long a browser waits before it connects again."""

PUBLIC_TYPES = ("ticket", "counter", "kiosk", "hall")
"""What goes over the feed; grants stay in the log."""


def event_id(epoch: int, seq: int) -> str:
    """The id by which a reader resumes."""
    return f"{epoch}-{seq}"


def parse_event_id(text: str | None) -> tuple[int, int] | None:
    """Read an id back; None for anything that is none."""
    epoch, dash, seq = (text or "").strip().partition("-")
    if not (dash and _number(epoch) and _number(seq)):
        return None
    return int(epoch), int(seq)


def entry_event(entry: Entry, *, staff: bool) -> bytes:
    """One event as it goes over the line."""
    return sse(entry.type, event_id(entry.epoch, entry.seq), payload(entry, staff=staff))


def sse(event: str, event_id: str, data: Any) -> bytes:
    """Write one server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event}\nid: {event_id}\ndata: {text}\n\n".encode()


def payload(entry: Entry, *, staff: bool) -> dict[str, Any]:
    """What an event says: the thing as it is now, and which verb made it so."""
    head = {"verb": entry.verb, "seq": entry.seq, "at": rfc3339(entry.at_ms)}
    if entry.type == "ticket":
        return ticket_record(Ticket(**entry.data), staff=staff) | head
    if entry.type == "counter":
        record = counter_record(Counter(**entry.data), None, staff=staff)
        del record["ticket"]
        return record | head
    if entry.type == "hall":
        return {"subject": entry.subject} | head
    if entry.verb == "health":
        seen = rfc3339(entry.data["seen_ms"])
        return {"kiosk": entry.data["kiosk"], "health": entry.data["health"], "seen_at": seen} | head
    return alert_record(Alert(**entry.data), staff=staff) | head


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
