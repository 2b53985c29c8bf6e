"""The clerk's side of the counter: opening, pausing and closing it, and whose counter it is."""

import json
from dataclasses import dataclass, replace

from branch.declined import Declined
from branch.store.rows import change_counter, change_ticket, counter_or_closed, save_counter, ticket_at
from branch.store.transaction import Tx
from branch.ticket import Counter


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who acts: the account, and the name that colleagues see."""

    account: int
    name: str
    role: str = "clerk"

    @property
    def actor(self) -> str:
        """How the log names her."""
        return f"{self.role}:{self.name}"


def open_counter(tx: Tx, number: int, clerk: Clerk, services: list[str] | None) -> Counter:
    """Bind a clerk to a counter, or end her pause; another clerk's counter is Declined."""
    counter = counter_or_closed(tx, number)
    _refuse_another(counter, clerk, "counter-taken")
    tx.pace_changed()
    return change_counter(
        tx,
        counter,
        "open",
        clerk.actor,
        state="open",
        clerk_id=clerk.account,
        clerk=clerk.name,
        services=None if services is None else json.dumps(sorted(set(services))),
        reason=None,
        since_ms=counter.since_ms if counter.state == "open" else tx.now_ms,
    )


def pause_counter(tx: Tx, number: int, clerk: Clerk, reason: str) -> Counter:
    """Call nobody for a while; the ticket at the counter stays there."""
    counter = own_counter(tx, number, clerk, paused=True)
    tx.pace_changed()
    return change_counter(tx, counter, "pause", clerk.actor, state="paused", reason=reason, since_ms=tx.now_ms)


def close_counter(tx: Tx, number: int, clerk: Clerk) -> Counter:
    """Let go of a counter; a closed one stays closed. Declined while somebody is there."""
    counter = counter_or_closed(tx, number)
    if counter.state == "closed":
        return counter
    _refuse_another(counter, clerk, "another-counter")
    if ticket_at(tx.connection, tx.branch, number) is not None:
        raise Declined("counter-busy", "Finish, return or transfer the ticket first, then close the counter.")
    return _closed(tx, counter, clerk.actor)


def release_counter(tx: Tx, number: int, supervisor: Clerk) -> Counter:
    """Take a counter away from a clerk who is gone: her ticket goes back to its place, the counter closes."""
    counter = counter_or_closed(tx, number)
    if counter.state == "closed":
        return counter
    ticket = ticket_at(tx.connection, tx.branch, number)
    if ticket is not None:
        change_ticket(
            tx, ticket, "return", supervisor.actor, state="waiting", counter=None, called_ms=None, started_ms=None
        )
    return _closed(tx, counter, supervisor.actor)


def own_counter(tx: Tx, number: int, clerk: Clerk, *, paused: bool = False) -> Counter:
    """Give the clerk's own open counter; Declined where it is closed, paused or another clerk's."""
    counter = counter_or_closed(tx, number)
    if counter.state == "closed":
        raise Declined("counter-closed", f"Open counter {number} first.")
    _refuse_another(counter, clerk, "another-counter")
    if counter.state == "paused" and not paused:
        raise Declined("counter-closed", f"Counter {number} is paused; open it again first.")
    return counter


def free_counter(tx: Tx, number: int, clerk: Clerk) -> Counter:
    """Give the clerk's own open counter with nobody at it; Declined where somebody is."""
    counter = own_counter(tx, number, clerk)
    if ticket_at(tx.connection, tx.branch, number) is not None:
        raise Declined("counter-busy", f"Counter {number} still has a ticket; finish it first.")
    return counter


def counters_of(tx: Tx, clerk: Clerk, numbers: range) -> list[Counter]:
    """The open counters that a clerk is bound to, the one she opened last first."""
    mine = [counter for counter in (counter_or_closed(tx, number) for number in numbers) if _sits(counter, clerk)]
    return sorted(mine, key=lambda counter: -(counter.since_ms or 0))


def remember(tx: Tx, counter: Counter, ticket: str, priority_run: int | None = None) -> None:
    """Keep the verb just logged as the counter's last one, which undo may take back."""
    run = counter.priority_run if priority_run is None else priority_run
    save_counter(tx, replace(counter, last_seq=tx.seq, last_ticket=ticket, priority_run=run))
    tx.pace_changed()


def _sits(counter: Counter, clerk: Clerk) -> bool:
    return counter.state != "closed" and counter.clerk_id == clerk.account


def _refuse_another(counter: Counter, clerk: Clerk, code: str) -> None:
    if counter.state != "closed" and counter.clerk_id != clerk.account:
        detail = f"Counter {counter.number} belongs to another clerk until she closes it or a supervisor releases it."
        raise Declined("counter-taken" if code == "counter-taken" else "another-counter", detail)


def _closed(tx: Tx, counter: Counter, actor: str) -> Counter:
    tx.pace_changed()
    return change_counter(
        tx,
        counter,
        "close",
        actor,
        state="closed",
        clerk_id=None,
        clerk=None,
        services=None,
        reason=None,
        since_ms=tx.now_ms,
        last_seq=None,
        last_ticket=None,
        priority_run=0,
    )
