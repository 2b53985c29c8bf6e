"""PURE: the queue told from the log alone - what a copy of the log is worth when its hub is gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from branch.life import Verb, after
from branch.store.kiosks import Alert
from branch.store.log import Entry
from branch.ticket import Counter, Ticket

_MARKS = ("last_seq", "last_ticket", "priority_run")
"""What a counter keeps for undo and fairness; it follows from the verbs and is logged with none of them."""


@dataclass
class Told:
    """Everything the log tells, as of its last entry."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    counters: dict[int, Counter] = field(default_factory=dict)
    alerts: dict[int, Alert] = field(default_factory=dict)
    health: dict[str, dict[str, str]] = field(default_factory=dict)
    grants: list[dict[str, Any]] = field(default_factory=list)
    hall: list[Entry] = field(default_factory=list)


def tell(entries: Iterable[Entry]) -> Told:
    """Fold the log; raise ValueError where an entry cannot follow the ones before it."""
    told = Told()
    at = (0, 0)
    for entry in entries:
        if (entry.epoch, entry.seq) <= at:
            raise ValueError(f"entry {entry.epoch}-{entry.seq} comes after {at[0]}-{at[1]}")
        at = entry.epoch, entry.seq
        _take(told, entry)
    return told


def _take(told: Told, entry: Entry) -> None:
    if entry.type == "ticket":
        ticket = Ticket(**entry.data)
        _check(told.tickets.get(ticket.id), entry.verb, ticket)
        told.tickets[ticket.id] = ticket
    elif entry.type == "counter":
        counter = Counter(**entry.data)
        told.counters[counter.number] = counter
    elif entry.type == "grant":
        told.grants.append(entry.data)
    elif entry.type == "hall":
        told.hall.append(entry)
    elif entry.type != "kiosk":
        return
    elif entry.verb == "health":
        told.health[entry.data["kiosk"]] = entry.data["health"]
    else:
        alert = Alert(**entry.data)
        told.alerts[alert.id] = alert


def _check(before: Ticket | None, verb: str, now: Ticket) -> None:
    if before is None:
        if verb != "issue":
            raise ValueError(f"{now.label} begins with {verb}")
    elif verb != "undo" and after(before.state, _verb(verb)) != now.state:
        raise ValueError(f"{now.label} cannot {verb} from {before.state} to {now.state}")


def _verb(name: str) -> Verb:
    return name  # type: ignore[return-value]  # an unknown verb leads nowhere, which is what is looked for


def same_counter(one: Counter, other: Counter) -> bool:
    """Compare two counters but for what only undo and fairness need."""
    return all(getattr(one, name) == getattr(other, name) for name in one.__slots__ if name not in _MARKS)
