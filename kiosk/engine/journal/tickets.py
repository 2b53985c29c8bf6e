"""Tickets in the journal: a row before anything is printed, and in the same stroke what the hub must be told."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from kiosk.domain.ticket import Label
from kiosk.domain.visit import Booking
from kiosk.engine.journal import jobs
from kiosk.engine.journal.database import Database
from kiosk.engine.journal.rows import TicketRow, TicketStage, Todo, TodoKind, ticket_row, written
from kiosk.engine.journal.salvage import DOUBT
from kiosk.engine.ports import Wait

_EPOCH = "hub.epoch"
_OPEN: tuple[TicketStage, ...] = ("asked", "issued", "printing", "doubtful")
_LIVE: tuple[TicketStage, ...] = ("issued", "printing", "printed", "screen", "doubtful")


class Tickets:
    """The tickets of this kiosk. A method that does not fit the row's state changes nothing and gives the row as it is.

    An id that is not in the journal raises KeyError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        ticket: str,
        service: str,
        language: str,
        at: datetime,
        also: tuple[str, ...] = (),
        needs: tuple[str, ...] = (),
        booking: Booking | None = None,
    ) -> TicketRow:
        """Write down that a ticket is wanted, with the next number of the kiosk's own sequence; the same id once."""
        with self._database.write() as connection:
            _ask(connection, ticket, service, language, written(at), also, needs, booking)
            return _get(connection, ticket)

    def issued(
        self,
        ticket: str,
        label: str,
        business_date: str,
        ahead: int | None,
        wait: Wait | None,
        status_url: str | None,
    ) -> TicketRow:
        """The hub has given it a label: asked -> issued. A ticket that was given up in between stays given up."""
        span = f"{wait.low_s}-{wait.high_s}" if wait else None
        with self._database.write() as connection:
            connection.execute(
                "UPDATE ticket SET state = 'issued', label = ?, business_date = ?, ahead = ?, wait = ?, status_url = ?,"
                " changed_at = ? WHERE id = ? AND state = 'asked'",
                (label, business_date, ahead, span, status_url, self._database.stamp(), ticket),
            )
            return _get(connection, ticket)

    def emergency(
        self, ticket: str, letter: str, business_date: str, numbers: range, orphan: str | None, at: datetime
    ) -> str | None:
        """Give a label of this kiosk's emergency range while the hub is away: asked -> issued, offline.

        One transaction takes the number for ever, writes the ticket (as `orphan` asked for it, where it is not in the
        journal yet) and, where `orphan` names an attempt that may have reached the hub, gives that one up with its
        to-do. None when the range of that letter and day is used up; then nothing has changed. The same id again
        gives the same label.
        """
        with self._database.write() as connection:
            row = _find(connection, ticket)
            if row is not None and row.state != "asked":
                return row.label if row.offline else None
            number = _next_number(connection, letter, business_date, numbers)
            if number is None:
                return None
            if row is None:
                before = _get(connection, orphan or ticket)
                _ask(connection, ticket, before.service, before.language, written(at), before.also, before.needs)
            label = str(Label(letter, number))
            connection.execute("INSERT INTO emergency VALUES (?, ?, ?, ?)", (letter, business_date, number, ticket))
            connection.execute(
                "UPDATE ticket SET state = 'issued', label = ?, business_date = ?, offline = 1, orphan_of = ?,"
                " changed_at = ? WHERE id = ?",
                (label, business_date, orphan, self._database.stamp(), ticket),
            )
            if orphan is not None:
                self._end(connection, _get(connection, orphan), "void", "replaced")
            return label

    def printing(self, ticket: str, job: str, digest: str) -> TicketRow:
        """Bytes are about to go out as the print job `job`; also for a reprint."""
        with self._database.write() as connection:
            if _get(connection, ticket).state in _LIVE:
                jobs.start(connection, job, "ticket", ticket, digest, self._database.stamp())
                self._set(connection, ticket, "printing", _LIVE)
            return _get(connection, ticket)

    def printed(self, ticket: str, by: str) -> TicketRow:
        """The paper is out, proved `by` process-id, barrier, status, or none (the citizen said that she holds it)."""
        return self._held(ticket, "printed", by)

    def on_screen(self, ticket: str) -> TicketRow:
        """The citizen has the number from the screen, without paper."""
        return self._held(ticket, "screen", "screen")

    def doubtful(self, ticket: str) -> TicketRow:
        """Nobody knows whether paper came out: printing -> doubtful.

        A number of the emergency range is told to the hub all the same: whoever holds it must be called.
        """
        with self._database.write() as connection:
            if self._set(connection, ticket, "doubtful", ("printing",)):
                jobs.settle_subject(connection, ticket, "unknown", self._database.stamp())
            row = _get(connection, ticket)
            if row.state == "doubtful" and row.offline and not _told(connection, ticket, "report"):
                self._tell(connection, ticket, "report", "none")
            return row

    def unprinted(self, ticket: str) -> TicketRow:
        """Certainly no paper came out: back to issued, to be printed again, shown or voided; a reprint to printed."""
        with self._database.write() as connection:
            state: TicketStage = "printed" if _get(connection, ticket).printed_by else "issued"
            if self._set(connection, ticket, state, ("printing", "doubtful")):
                jobs.settle_subject(connection, ticket, "failed", self._database.stamp())
            return _get(connection, ticket)

    def voided(self, ticket: str, reason: str) -> TicketRow:
        """Nobody holds it: give it up, and have the hub told as far as the hub can know it."""
        with self._database.write() as connection:
            self._end(connection, _get(connection, ticket), "void", reason)
            return _get(connection, ticket)

    def lost(self, ticket: str, reason: str) -> TicketRow:
        """It ended where the hub has nothing of it, refused or certainly never sent: asked -> lost, nothing to tell."""
        with self._database.write() as connection:
            if self._set(connection, ticket, "lost", ("asked",)):
                connection.execute("UPDATE ticket SET reason = ? WHERE id = ?", (reason, ticket))
            return _get(connection, ticket)

    def get(self, ticket: str) -> TicketRow | None:
        """One ticket by its id."""
        with self._database.read() as connection:
            return _find(connection, ticket)

    def newest(self) -> TicketRow | None:
        """The ticket that was asked for last and was not replaced by another."""
        query = "SELECT * FROM ticket WHERE id NOT IN (SELECT orphan_of FROM ticket WHERE orphan_of IS NOT NULL)"
        with self._database.read() as connection:
            row = connection.execute(f"{query} ORDER BY seq DESC LIMIT 1").fetchone()
        return ticket_row(row) if row else None

    def unfinished(self) -> tuple[TicketRow, ...]:
        """What was under way when the power went: asked, issued, printing and doubtful, oldest first."""
        query = f"SELECT * FROM ticket WHERE state IN ({_marks(_OPEN)}) ORDER BY seq"  # noqa: S608 - question marks
        with self._database.read() as connection:
            return tuple(map(ticket_row, connection.execute(query, _OPEN)))

    def todo(self) -> tuple[Todo, ...]:
        """What the hub must still be told, in the order in which to tell it; stop at the first that finds it away."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM todo WHERE state = 'open' ORDER BY n").fetchall()
            return tuple(Todo(row["n"], row["kind"], row["word"], _get(connection, row["ticket"])) for row in rows)

    def todo_done(self, n: int) -> None:
        """The hub knows it."""
        self._settle(n, "done", None)

    def todo_failed(self, n: int, code: str) -> None:
        """The hub refused it for good; it is kept as evidence, and not tried again."""
        self._settle(n, "failed", code)

    def todo_refused(self) -> tuple[tuple[Todo, str], ...]:
        """What the hub refused, with its codes: for the technician."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM todo WHERE state = 'failed' ORDER BY n").fetchall()
            return tuple(
                (Todo(row["n"], row["kind"], row["word"], _get(connection, row["ticket"])), row["code"]) for row in rows
            )

    def prune(self, before: datetime) -> int:
        """Delete tickets that ended before a moment and of which the hub knows everything; give their count."""
        ended = "state IN ('printed', 'screen', 'void', 'lost') AND changed_at < ?"
        settled = "id NOT IN (SELECT ticket FROM todo WHERE state != 'done')"
        unnamed = "id NOT IN (SELECT orphan_of FROM ticket WHERE orphan_of IS NOT NULL)"
        with self._database.write() as connection:
            moment = written(before)
            rows = connection.execute(f"SELECT id FROM ticket WHERE {ended} AND {settled} AND {unnamed}", (moment,))  # noqa: S608
            ids = [(row["id"],) for row in rows]
            connection.executemany("DELETE FROM todo WHERE ticket = ?", ids)
            connection.executemany("DELETE FROM job WHERE subject = ?", ids)
            connection.executemany("DELETE FROM ticket WHERE id = ?", ids)
            connection.execute("DELETE FROM emergency WHERE business_date < ?", (moment[:10],))
            return len(ids)

    def epoch(self) -> int:
        """The highest epoch of a hub that this kiosk has followed."""
        with self._database.read() as connection:
            return _epoch(connection)

    def tell_again(self, epoch: int) -> int:
        """Have a hub that took over told every ticket of its day; give their count. Once an epoch, 0 after that.

        The day is that of the newest ticket, whatever the clock says. A number that is out is reported, one that was
        given up is voided; the hub knows most of them from its copy of the log, and then nothing changes.
        """
        with self._database.write() as connection:
            if epoch <= _epoch(connection):
                return 0
            connection.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (_EPOCH, str(epoch)),
            )
            states = ("issued", "printing", "printed", "screen", "doubtful", "void")
            query = (
                f"SELECT * FROM ticket WHERE state IN ({_marks(states)}) AND"  # noqa: S608 - question marks
                " coalesce(business_date, substr(asked_at, 1, 10)) >= (SELECT max(business_date) FROM ticket)"
                " ORDER BY seq"
            )
            rows = [ticket_row(row) for row in connection.execute(query, states)]
            for row in rows:
                if row.state == "void":
                    self._tell(connection, row.id, "void", row.reason or "given-up")
                else:
                    self._tell(connection, row.id, "report", row.printed_by or "none")
            return len(rows)

    def _held(self, ticket: str, state: TicketStage, by: str) -> TicketRow:
        with self._database.write() as connection:
            row = _get(connection, ticket)
            if self._set(connection, ticket, state, ("issued", "printing", "doubtful", "screen", "printed")):
                connection.execute("UPDATE ticket SET printed_by = ? WHERE id = ?", (by, ticket))
                if state == "printed":
                    jobs.settle_subject(connection, ticket, "printed", self._database.stamp())
                if row.offline and not _told(connection, ticket, "report"):
                    self._tell(connection, ticket, "report", by)
                elif not row.offline and not _told(connection, ticket, "confirm"):
                    self._tell(connection, ticket, "confirm", by)
            return _get(connection, ticket)

    def _end(self, connection: sqlite3.Connection, row: TicketRow, state: TicketStage, reason: str) -> None:
        if not self._set(connection, row.id, state, (*_LIVE, "asked")):
            return
        connection.execute("UPDATE ticket SET reason = ? WHERE id = ?", (reason, row.id))
        if row.state == "asked":
            self._tell(connection, row.id, "orphan", reason)
        elif not row.offline or _told(connection, row.id, "report"):
            # A number of the emergency range that was never reported is unknown to the hub: nothing to tell.
            self._tell(connection, row.id, "void", reason)

    def _set(
        self, connection: sqlite3.Connection, ticket: str, state: TicketStage, allowed: Iterable[TicketStage]
    ) -> bool:
        _get(connection, ticket)
        states = tuple(allowed)
        query = f"UPDATE ticket SET state = ?, changed_at = ? WHERE id = ? AND state IN ({_marks(states)})"  # noqa: S608
        return connection.execute(query, (state, self._database.stamp(), ticket, *states)).rowcount == 1

    def _tell(self, connection: sqlite3.Connection, ticket: str, kind: TodoKind, word: str) -> None:
        connection.execute(
            "INSERT INTO todo (ticket, kind, word, made_at) VALUES (?, ?, ?, ?)",
            (ticket, kind, word, self._database.stamp()),
        )

    def _settle(self, n: int, state: str, code: str | None) -> None:
        with self._database.write() as connection:
            connection.execute(
                "UPDATE todo SET state = ?, code = ?, settled_at = ? WHERE n = ? AND state = 'open'",
                (state, code, self._database.stamp(), n),
            )


def _ask(
    connection: sqlite3.Connection,
    ticket: str,
    service: str,
    language: str,
    at: str,
    also: tuple[str, ...],
    needs: tuple[str, ...],
    booking: Booking | None = None,
) -> None:
    known = _find(connection, ticket)
    if known is not None:
        if (known.service, known.language) != (service, language):
            raise ValueError("a ticket's id is minted once: it stands for another service already")
        return
    booked = (booking.number, written(booking.starts_at)) if booking else (None, None)
    (seq,) = connection.execute(
        "INSERT INTO counter VALUES ('ticket', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    connection.execute(
        "INSERT INTO ticket (id, service, language, seq, asked_at, state, changed_at, also,"
        " needs, booking, booked_at) VALUES (?, ?, ?, ?, ?, 'asked', ?, ?, ?, ?, ?)",
        (ticket, service, language, seq, at, at, " ".join(also) or None, " ".join(needs) or None, *booked),
    )


def _next_number(connection: sqlite3.Connection, letter: str, business_date: str, numbers: range) -> int | None:
    (last,) = connection.execute(
        "SELECT max(number) FROM emergency WHERE letter = ? AND business_date = ? AND number BETWEEN ? AND ?",
        (letter, business_date, numbers.start, numbers.stop - 1),
    ).fetchone()
    number = numbers.start if last is None else int(last) + 1
    if business_date <= _doubtful_day(connection):
        # A journal that was damaged on this day cannot say for certain how far it had come: stay clear of it.
        number = max(number, numbers.start + len(numbers) // 2)
    return number if number in numbers else None


def _epoch(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_EPOCH,)).fetchone()
    return int(row["value"]) if row else 1


def _doubtful_day(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (DOUBT,)).fetchone()
    return row["value"] if row else ""


def _find(connection: sqlite3.Connection, ticket: str) -> TicketRow | None:
    row = connection.execute("SELECT * FROM ticket WHERE id = ?", (ticket,)).fetchone()
    return ticket_row(row) if row else None


def _get(connection: sqlite3.Connection, ticket: str) -> TicketRow:
    found = _find(connection, ticket)
    if found is None:
        raise KeyError(f"no ticket {ticket} in the journal")
    return found


def _told(connection: sqlite3.Connection, ticket: str, kind: TodoKind) -> bool:
    query = "SELECT 1 FROM todo WHERE ticket = ? AND kind = ?"
    return connection.execute(query, (ticket, kind)).fetchone() is not None


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))
