"""The turn of the business day: what is left of the day before expires, counters close, numbers begin anew."""

from sqlalchemy import select

from branch.life import LIVE
from branch.moment import business_day
from branch.store import schema
from branch.store.clerk import Clerk, release_counter
from branch.store.retention import fold_old_days
from branch.store.rows import COUNTER_COLUMNS, TICKET_COLUMNS, change_ticket
from branch.store.transaction import Tx
from branch.ticket import Counter, Ticket

_HUB = Clerk(0, "day", "hub")


def turn(tx: Tx, keep_days: int) -> None:
    """Begin a new business day where the clock has reached one; days older than `keep_days` become figures."""
    today = business_day(tx.business_date, tx.now_ms)
    if today == tx.business_date:
        return
    c = schema.counters.c
    for row in tx.connection.execute(select(*COUNTER_COLUMNS).where(c.branch == tx.branch, c.state != "closed")).all():
        release_counter(tx, Counter(*row).number, _HUB)
    t = schema.tickets.c
    left = select(*TICKET_COLUMNS).where(t.branch == tx.branch, t.business_date != today, t.state.in_(LIVE))
    for row in tx.connection.execute(left.order_by(t.place)).all():
        change_ticket(tx, Ticket(*row), "expire", _HUB.actor, state="expired", ended_ms=tx.now_ms)
    last_day, tx.business_date = tx.business_date, today
    tx.place = 0  # nobody waits: a clock that was years ahead shall not order the queue for years
    tx.forget()
    fold_old_days(tx, last_day, keep_days)
