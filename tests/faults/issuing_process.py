"""Issues tickets through the hub's own store and writes each label into a file as soon as it is acknowledged."""

import os
import sys
import uuid
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event

from branch.options import BranchOptions
from branch.orders import Order
from branch.store.issuing import Issued, issue
from branch.store.store import Store
from branch.store.transaction import Tx

PRESSES = 5
"""Kiosks that press at the same moment: their tickets share a commit."""


def main(path: str, rounds: int, synchronous: str) -> None:
    store = Store(f"sqlite:///{path}", BranchOptions(), lambda: datetime.now(UTC))

    @event.listens_for(store._database.writing, "connect")
    def _weaken(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA wal_autocheckpoint = 40")

    store.start()
    acknowledged = os.open(f"{path}.ack", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in range(rounds):
        orders = [_order(number * PRESSES + n) for n in range(PRESSES)]
        waiting = [store.submit(partial(_issue, store, order)) for order in orders]
        for future in waiting:
            os.write(acknowledged, f"{future.result().ticket.label}\n".encode())
    os._exit(0)  # nothing is closed in order: what was not synced by now never will be


def _issue(store: Store, order: Order, tx: Tx) -> Issued:
    return issue(tx, order, store.numbering, store.pace_of)


def _order(number: int) -> Order:
    name = str(uuid.uuid4())
    return Order(name, "B3", "B", "zh", None, "K1", number, 0, name)


if __name__ == "__main__":
    main(str(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3])
