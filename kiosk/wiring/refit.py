"""Fits the estimate of waits from the branch's own log and puts it in force: what `kiosk branch refit` does."""

from datetime import datetime

from branch.fit import fit
from branch.history import means, waits
from branch.moment import business_day, date_of, from_ms, to_ms
from branch.store.database import Database
from branch.store.transaction import begin, end
from branch.store.waits import keep_model, read_log

DAYS = 60
"""How many days of the log are read: a branch changes with its seasons."""

_DAY_MS = 86_400_000


def refit(url: str, branch: str, now: datetime) -> int:
    """Fit the model that is in force from today on; give the number of waits it rests on, 0 where they are too few."""
    now_ms = to_ms(now)
    today_ms = to_ms(from_ms(now_ms).replace(hour=0, minute=0, second=0, microsecond=0))
    with Database(url) as database:
        database.open(branch, business_day(None, now_ms), exclusive=False)
        with database.reading.begin() as connection:
            past = list(read_log(connection, today_ms - DAYS * _DAY_MS, today_ms))
        usual = means(past)
        model = fit(list(waits(past)), usual, now_ms) if usual else None
        if model is None:
            return 0
        with database.writing.begin() as connection:
            tx = begin(connection, branch, now)
            keep_model(tx, date_of(now_ms), model)
            end(tx)
        return model.samples
