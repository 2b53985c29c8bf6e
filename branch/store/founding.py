"""A new hub made from a copy of the log: every entry taken over, the tables told from it, the next epoch begun."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from branch.replay import Told, tell
from branch.store import schema
from branch.store.database import Database
from branch.store.log import Entry
from branch.store.retell import retell_hall
from branch.store.suspensions import suspensions
from branch.store.transaction import begin, end
from branch.ticket import row_of
from kiosk.domain.errors import Refusal
from kiosk.domain.ticket import Label, Ranges


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it: the new epoch, the tickets taken over, and the last entry of the copy."""

    epoch: int
    tickets: int
    last: str


def understood(entries: Sequence[Entry]) -> Told:
    """What a copy of the log tells; Refusal where it is empty or makes no sense."""
    if not entries:
        raise Refusal("the copy of the log is empty; promote a kiosk that has followed the hub")
    try:
        return tell(whole(entries))
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(f"the copy of the log makes no sense ({error}); promote another kiosk") from error


def found(url: str, branch: str, entries: Sequence[Entry], told: Told, ranges: Ranges, now: datetime) -> Founded:
    """Lay out a fresh database from a log and what it tells."""
    last = entries[-1]
    epoch = last.epoch + 1
    # The clock decides nothing: the day is the newest that the log knows; the hub turns it when it starts.
    day = max((ticket.business_date for ticket in told.tickets.values()), default="")
    with Database(url) as database:
        database.open(branch, day or now.date().isoformat(), exclusive=True)
        with database.writing.begin() as connection:
            _begin_epoch(connection, branch, entries, told, epoch)
            _fill(connection, branch, told)
            _suspensions(connection, branch, told)
            days = {ticket.id: ticket.business_date for ticket in told.tickets.values()}
            retell_hall(connection, branch, told.hall, days)
            _series(connection, branch, told, epoch, day, ranges)
            tx = begin(connection, branch, now)
            tx.log("hub", branch, "promote", "command", {"epoch": epoch, "after": f"{last.epoch}-{last.seq}"})
            end(tx)
    return Founded(epoch, len(told.tickets), f"{last.epoch}-{last.seq}")


def whole(entries: Sequence[Entry]) -> list[Entry]:
    """The entries but those of tickets whose beginning a copy has thrown away with its old days."""
    begun: set[str] = set()
    kept = []
    for entry in entries:
        if entry.type == "ticket":
            if entry.verb == "issue":
                begun.add(entry.subject)
            if entry.subject not in begun:
                continue
        kept.append(entry)
    return kept


def _begin_epoch(connection: Connection, branch: str, entries: Sequence[Entry], told: Told, epoch: int) -> None:
    connection.execute(insert(schema.events), [entry.row() for entry in entries])
    place = max((ticket.place for ticket in told.tickets.values()), default=0)
    # Numbers of the log go on, so that the calls of the new hub follow those of the old one on every board.
    hub = update(schema.hub).where(schema.hub.c.branch == branch)
    connection.execute(hub.values(epoch=epoch, seq=entries[-1].seq, place=place))
    named = update(schema.identity).where(schema.identity.c.branch == branch)
    connection.execute(named.values(log=str(uuid.uuid4()), superseded_by=None))


def _fill(connection: Connection, branch: str, told: Told) -> None:
    tickets = [{**row_of(ticket), "branch": branch} for ticket in told.tickets.values()]
    counters = [{**row_of(counter), "branch": branch} for counter in told.counters.values()]
    alerts = [asdict(alert) for alert in told.alerts.values()]
    kiosks = [
        {"name": name, "health": json.dumps(health, sort_keys=True), "seen_ms": 0}
        for name, health in told.health.items()
    ]
    for table, rows in (
        (schema.tickets, tickets), (schema.counters, counters), (schema.alerts, alerts), (schema.kiosks, kiosks),
    ):  # fmt: skip
        if rows:
            connection.execute(insert(table), rows)
    _accounts(connection, told)


def _suspensions(connection: Connection, branch: str, told: Told) -> None:
    orders = {entry.subject: entry for entry in told.hall if entry.verb in {"suspend", "take-up"}}
    rows = [{**entry.data, "branch": branch} for entry in orders.values() if entry.verb == "suspend"]
    if rows:
        connection.execute(insert(suspensions), rows)


def _accounts(connection: Connection, told: Told) -> None:
    """Accounts keep their numbers: open counters know their clerks by them."""
    known: dict[tuple[str, str], int] = {}
    for given in told.grants:
        name = given["role"], given["name"]
        number = known.setdefault(name, given.get("account") or max(known.values(), default=0) + 1)
        account = schema.accounts.c.id == number
        if not connection.execute(update(schema.accounts).where(account).values(locked_until_ms=0)).rowcount:
            row = {"id": number, "role": name[0], "name": name[1], "failures": 0, "locked_until_ms": 0}
            connection.execute(insert(schema.accounts).values(**row))
        if given["pin"] is not None:
            connection.execute(update(schema.accounts).where(account).values(pin=given["pin"]))
        token = update(schema.tokens).where(schema.tokens.c.hash == given["token"]).values(account=number)
        if not connection.execute(token).rowcount:
            connection.execute(
                insert(schema.tokens).values(hash=given["token"], account=number, csrf=None, created_ms=0)
            )
    if connection.dialect.name == "postgresql" and known:
        connection.exec_driver_sql("SELECT setval('accounts_id_seq', (SELECT max(id) FROM accounts))")


def _series(connection: Connection, branch: str, told: Told, epoch: int, day: str, ranges: Ranges) -> None:
    """Begin clear of every number of the day, even where an earlier hub ran on into this epoch's thousand."""
    highest: dict[str, int] = {}
    for ticket in told.tickets.values():
        if ticket.business_date == day:
            number = Label.parse(ticket.label).number
            highest[ticket.letter] = max(highest.get(ticket.letter, 0), number)
    for letter, number in highest.items():
        first = ranges.first_number(epoch)
        if number >= first:
            last = number + ranges.overflow - number % ranges.overflow - 1 + ranges.overflow
            row = {"branch": branch, "business_date": day, "epoch": epoch, "letter": letter, "last": last}
            connection.execute(insert(schema.series).values(**row))
