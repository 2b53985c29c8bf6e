"""Numbers for references: one by one on SQLite, in blocks on PostgreSQL, where workers would wait for each other."""

from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from central.store import Store

_BLOCK = 20


class Numbers:
    """Never gives a number twice; a process that ends leaves the rest of its block unused."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._guard = Lock()
        self._left: dict[str, range] = {}

    def next(self, inside: Session | Connection, name: str) -> int:
        """The next number of a series. On SQLite it belongs to the caller's transaction."""
        return self._store.next(inside, name) if self._store.is_sqlite else self.reserve(name)

    def reserve(self, name: str) -> int:
        """The next number of a series without a transaction of the caller's; for PostgreSQL."""
        with self._guard:
            left = self._left.get(name, range(0))
            if not left:
                # In a transaction of its own: the counter's row is locked for this moment only.
                with self._store.write() as own:
                    last = self._store.next(own, name, _BLOCK)
                left = range(last - _BLOCK + 1, last + 1)
                self._left = {name: left}  # yesterday's series is done with
            self._left[name] = left[1:]
            return left[0]
