"""The hall's own tables told from the log, when a kiosk's copy becomes the hub: bookings, visits, ratings."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert

from branch.moment import date_of
from branch.store.appointments import appointments
from branch.store.log import Entry
from branch.store.ratings import ratings
from branch.store.visits import visits


def retell_hall(connection: Connection, branch: str, entries: Iterable[Entry], days: dict[str, str]) -> None:
    """Fill the tables; `days` are the business days of the tickets that the copy still has."""
    booked: dict[str, dict[str, Any]] = {}
    seen: dict[str, dict[str, Any]] = {}
    rated: dict[str, dict[str, Any]] = {}
    for entry in entries:
        subject, data = entry.subject, entry.data
        match entry.verb:
            case "book":
                kept = {"ticket": None, "cancelled_ms": None, "day": date_of(data["starts_ms"])}
                booked[subject] = {"branch": branch, "number": subject, **data, **kept}
            case "unbook" if subject in booked:
                booked[subject]["cancelled_ms"] = entry.at_ms
            case "check-in" if subject in booked:
                booked[subject]["ticket"] = data["ticket"]
            case "visit":
                seen[subject] = {**data, "needs": json.dumps(data["needs"])}
            case "outcome":
                nothing_said = {"needs": "[]", "booked_ms": None}
                seen[subject] = {**seen.get(subject, nothing_said), "outcome": data["outcome"]}
            case "rate":
                rated[subject] = {**data, "followed_ms": None, "followed_by": None, "follow_up": None}
            case "follow-up" if subject in rated:
                told = {"followed_ms": entry.at_ms, "followed_by": entry.actor, "follow_up": data["text"]}
                rated[subject] |= told
            case _:
                pass
    of_tickets = ((visits, seen), (ratings, rated))
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
