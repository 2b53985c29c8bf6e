"""The database file: durable, owned by one hub, never overwritten when it is damaged."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from branch.options import BranchOptions
from branch.store.database import Database
from branch.store.rows import add_ticket
from branch.store.store import Store, grant_beside
from branch.ticket import Ticket
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import SimulatedClock
from tests.branch.conftest import Hub
from tests.postgres import Cluster


def store_on(url: str, clock: SimulatedClock) -> Store:
    return Store(url, BranchOptions(), clock.now)


def test_every_commit_is_on_disk_before_anybody_hears_of_it(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'branch.db'}") as database:
        database.open("421202-001", "2026-11-23", exclusive=True)
        for engine in (database.writing, database.reading):
            with engine.connect() as connection:
                found = [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                ]
                assert found == ["wal", 2, 1, 5000]


def test_a_second_hub_on_the_same_file_is_refused_and_the_first_goes_on(hub: Hub, clock: SimulatedClock) -> None:
    second = store_on(hub.db, clock)
    with pytest.raises(Refusal, match="another hub is running"):
        second.start()
    assert hub.take()["label"] == "B001"


@pytest.mark.parametrize(
    "content",
    [b"no database at all", b"SQLite format 3\x00" + b"\xff" * 4000, b"\x00" * 5000],
    ids=["text", "head", "zeros"],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, clock: SimulatedClock, content: bytes) -> None:
    file = tmp_path / "branch.db"
    file.write_bytes(content)
    for attempt in (
        lambda: store_on(f"sqlite:///{file}", clock).start(),
        lambda: grant_beside(f"sqlite:///{file}", "421202-001", clock.now, "kiosk", "K1", None),
    ):
        with pytest.raises(Refusal, match=r"damaged .*move it aside"):
            attempt()
    assert file.read_bytes() == content


def test_a_file_that_was_cut_short_is_damaged(make_hub: Callable[..., Hub], clock: SimulatedClock) -> None:
    hub = make_hub()
    for _ in range(30):
        hub.take()
    hub.server.stop()
    file = hub.folder / "branch.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refusal, match="damaged"):
        store_on(hub.db, clock).start()
    assert file.read_bytes() == whole[: len(whole) // 2]


def test_the_file_of_a_later_version_is_refused(make_hub: Callable[..., Hub], clock: SimulatedClock) -> None:
    hub = make_hub()
    hub.server.stop()
    with sqlite3.connect(hub.folder / "branch.db") as db:
        db.execute("UPDATE hub SET version = 99")
    db.close()
    with pytest.raises(Refusal, match="later version"):
        store_on(hub.db, clock).start()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("branch.db", "no database address"),
        ("mysql://localhost/x", r"sqlite:///path or postgresql"),
        ("sqlite://", "must last"),
        ("sqlite:////no/such/folder/branch.db", "cannot be written"),
        ("postgresql+psycopg://127.0.0.1:1/x", "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_one_line(url: str, why: str, clock: SimulatedClock) -> None:
    with pytest.raises(Refusal, match=why) as refusal:
        store_on(url, clock).start()
    assert "\n" not in str(refusal.value)


def test_a_hub_that_starts_again_knows_everything(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub()
    ticket, token = hub.take(), hub.kiosk.token
    seq = hub.state()["seq"]
    hub.close()
    again = make_hub()
    again.kiosk.token = token
    assert again.ticket(ticket["id"])["state"] == "waiting"
    assert again.take()["label"] == "B002"
    assert again.state()["seq"] > seq


def test_the_database_itself_refuses_a_second_label_and_a_second_ticket_at_a_counter(hub: Hub) -> None:
    def ticket(id_: str, label: str, **more: Any) -> Ticket:
        return Ticket(id_, "2026-11-23", label, "B", "B3", "zh", "waiting", 1, 1, "K1", 1, "f", **more)

    hub.store.submit(lambda tx: add_ticket(tx, ticket("1", "B777"), "test")).result()
    with pytest.raises(IntegrityError):
        hub.store.submit(lambda tx: add_ticket(tx, ticket("2", "B777"), "test")).result()
    with pytest.raises(IntegrityError):
        hub.store.submit(lambda tx: add_ticket(tx, ticket("1", "B778"), "test")).result()
    hub.store.submit(lambda tx: tx.connection.exec_driver_sql("UPDATE tickets SET state='called', counter=5")).result()
    hub.store.submit(lambda tx: add_ticket(tx, ticket("3", "B779"), "test")).result()
    with pytest.raises(IntegrityError):
        hub.store.submit(
            lambda tx: tx.connection.exec_driver_sql("UPDATE tickets SET state='serving', counter=5 WHERE id='3'")
        ).result()


def test_one_failure_in_a_batch_undoes_only_itself(hub: Hub) -> None:
    def fail(tx: Any) -> None:
        tx.connection.exec_driver_sql("DELETE FROM tickets")
        raise RuntimeError("in the middle")

    first = hub.take()
    before, failing, behind = hub.store.submit(lambda _tx: 1), hub.store.submit(fail), hub.store.submit(lambda _tx: 2)
    assert (before.result(), behind.result()) == (1, 2)
    with pytest.raises(RuntimeError, match="in the middle"):
        failing.result()
    assert hub.ticket(first["id"])["label"] == "B001"


def test_a_grant_from_beside_works_at_once_on_a_running_hub(hub: Hub, clock: SimulatedClock) -> None:
    hub.take()
    given = grant_beside(hub.db, hub.store.options.id, clock.now, "board", "second", None)
    hub.board.token = given.token
    assert hub.board.get("/state").status == 200
    assert hub.take()["label"] == "B002", "the log goes on after an entry that somebody else wrote"


@pytest.mark.parametrize(
    ("role", "name", "pin", "why"),
    [
        ("root", "x", None, "no role"),
        ("clerk", "", None, "1 to 64"),
        ("clerk", "x" * 65, None, "1 to 64"),
        ("clerk", "a\nb", None, "printable"),
        ("clerk", "x", "123", "4 to 64"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(
    hub: Hub, clock: SimulatedClock, role: str, name: str, pin: str | None, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        grant_beside(hub.db, hub.store.options.id, clock.now, role, name, pin)


def test_a_full_disk_is_said_and_nothing_is_half_done(hub: Hub) -> None:
    hub.take()
    hub.store.submit(lambda tx: tx.connection.exec_driver_sql("PRAGMA max_page_count = 1")).result()
    refused = None
    for _ in range(200):
        refused = hub.kiosk.post("/tickets", hub.order())
        if refused.status != 201:
            break
    assert refused is not None
    assert (refused.status, refused.code, refused.body["retry"]) == (503, "storage-failed", "later")
    hub.store.submit(lambda tx: tx.connection.exec_driver_sql("PRAGMA max_page_count = 1073741823"))
    assert hub.kiosk.post("/tickets", hub.order()).status == 201
    labels = [one["label"] for one in hub.state()["queue"]]
    assert len(labels) == len(set(labels))


def test_a_database_of_the_first_hubs_gets_room_for_long_verbs(postgres: Cluster, clock: SimulatedClock) -> None:
    url = postgres.database()
    for _ in range(2):
        store = Store(url, BranchOptions(), clock.now)
        store.start()
        store.submit(lambda tx: tx.log("hall", "x", "confirm-withdrawn", "kiosk:K1", {})).result()
        with store._database.writing.begin() as connection:
            connection.exec_driver_sql("DELETE FROM events")
            connection.exec_driver_sql("ALTER TABLE events ALTER COLUMN verb TYPE varchar(16)")
        store.stop()
