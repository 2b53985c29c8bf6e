"""The kiosk's memory: one SQLite file with tickets, print jobs, what the hub must be told and the outbox."""

from kiosk.engine.journal.file import open_journal, read_journal
from kiosk.engine.journal.journal import Journal
from kiosk.engine.journal.rows import JobRow, OutboxRow, Summary, TicketRow, Todo

__all__ = ["JobRow", "Journal", "OutboxRow", "Summary", "TicketRow", "Todo", "open_journal", "read_journal"]
