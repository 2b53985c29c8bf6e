"""Throws away what the journal has kept long enough: tickets of past days, requests that have arrived or expired."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from kiosk.core.events import Event
from kiosk.engine.journal.journal import Journal
from kiosk.engine.rounds import Round

TIDY_S = 3600.0
"""How often the journal is looked through; what is thrown away is days old, so an hour more does no harm."""
TICKETS_KEPT = timedelta(days=7)
"""A week of tickets answers a complaint; none of them says whose it was."""
REQUESTS_KEPT = timedelta(days=3)
"""As long as the longest offline policy; what became of a request is the centre's to know from then on."""

PROMISES_KEPT = timedelta(days=30)
"""What was promised on paper, once the centre has counter-signed it: it keeps the records, this card need not.

A kiosk that was never let in keeps them for as long, on its own word.
"""


def tidy_round(journal: Journal, now: Callable[[], datetime]) -> Round:
    """The round that throws away; nothing that the hub or the centre must still be told is ever among it."""

    def work() -> Iterable[Event]:
        journal.tickets.prune(now() - TICKETS_KEPT)
        journal.outbox.prune(now() - REQUESTS_KEPT)
        journal.jobs.prune(now() - TICKETS_KEPT)
        journal.promises.prune()
        journal.promises.declare(now() - PROMISES_KEPT)
        journal.promises.retire_alone(now() - PROMISES_KEPT)
        return ()

    return Round("tidy", "branch", TIDY_S, work)
