"""The hall's own tables told from the log, when a kiosk's copy becomes the hub: bookings, visits, ratings."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert

from branch.moment import date_of
from branch.store.also import also
from branch.store.appointments import appointments
from branch.store.log import Entry
from branch.store.ratings import ratings
from branch.store.visits import visits

Rows = dict[str, dict[str, Any]]


def retell_hall(connection: Connection, branch: str, entries: Iterable[Entry], days: dict[str, str]) -> None:
    """Fill the tables; `days` are the business days of the tickets that the copy still has."""
    entries = list(entries)
    booked = _bookings(branch, entries)
    of_tickets = ((visits, _visits(entries)), (ratings, _ratings(entries)), (also, _also(entries)))
    if booked:
        connection.execute(insert(appointments), list(booked.values()))
    for table, rows in of_tickets:
        whole = [
            {**row, "ticket": ticket, "branch": branch, "business_date": days[ticket]}
            for ticket, row in rows.items()
            if ticket in days
        ]
        if whole:
            connection.execute(insert(table), whole)


def _bookings(branch: str, entries: Iterable[Entry]) -> Rows:
    booked: Rows = {}
    for entry in entries:
        subject, data = entry.subject, entry.data
        if entry.verb == "book":
            kept = {"ticket": None, "cancelled_ms": None, "day": date_of(data["starts_ms"])}
            booked[subject] = {"branch": branch, "number": subject, **data, **kept}
        elif entry.verb == "unbook" and subject in booked:
            booked[subject]["cancelled_ms"] = entry.at_ms
        elif entry.verb == "check-in" and subject in booked:
            booked[subject]["ticket"] = data["ticket"]
    return booked


def _visits(entries: Iterable[Entry]) -> Rows:
    seen: Rows = {}
    for entry in entries:
        if entry.verb == "visit":
            seen[entry.subject] = {**entry.data, "needs": json.dumps(entry.data["needs"])}
        elif entry.verb == "outcome":
            nothing_said = {"needs": "[]", "booked_ms": None}
            seen[entry.subject] = {**seen.get(entry.subject, nothing_said), "outcome": entry.data["outcome"]}
    return seen


def _ratings(entries: Iterable[Entry]) -> Rows:
    rated: Rows = {}
    for entry in entries:
        if entry.verb == "rate":
            rated[entry.subject] = {**entry.data, "followed_ms": None, "followed_by": None, "follow_up": None}
        elif entry.verb == "follow-up" and entry.subject in rated:
            told = {"followed_ms": entry.at_ms, "followed_by": entry.actor, "follow_up": entry.data["text"]}
            rated[entry.subject] |= told
    return rated


def _also(entries: Iterable[Entry]) -> Rows:
    return {e.subject: {"services": json.dumps(e.data["services"])} for e in entries if e.verb == "also"}
