"""The same service on PostgreSQL: several processes, one truth; and the steps from an older database."""

import json
import os
import re
import signal
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import BigInteger, create_engine, select

from central import care_tables, code_tables
from central.store import Store
from central.tables import Base, Instant, Nonce, Request, Step
from kiosk.domain.errors import Refusal
from kiosk.link.models.central import DeviceConfig
from tests.central.test_server import running
from tests.central.world import BRANCH, Clock, Device, World, close_world, code_of, content, open_world, said
from tests.postgres import Cluster, postgres

__all__ = ["care_tables", "code_tables", "postgres"]


def enrolled(folder: Path, url: str, db: str) -> Device:
    claim = said(folder, "claim", "--branch", BRANCH, "--db", db)
    world = World(server=None, clock=Clock(), folder=folder, url=url)  # type: ignore[arg-type]
    key = Ed25519PrivateKey.generate()
    told = world.enrol(claim["claim_code"], key).json()
    return Device(world, told["device_id"], told["key_id"], key, DeviceConfig.model_validate(told["config"]))


def workers_of(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def test_four_workers_take_each_request_once_and_one_that_dies_is_replaced(tmp_path: Path, postgres: Cluster) -> None:
    db = postgres.database()
    with running(tmp_path, "--db", db, "--workers", "4") as (process, url):
        device = enrolled(tmp_path, url, db)
        boxes = ["correct", "entrust", "sensitive"]
        orders = [device.order(content(100 + n), consents=boxes) for n in range(12)]
        codes: Counter[int] = Counter()
        guard = threading.Lock()

        def hand_in() -> None:
            for order in orders:
                with httpx.Client(timeout=30) as http:  # a new connection may reach another worker
                    mine = Device(
                        World(None, Clock(), tmp_path, url, http),  # type: ignore[arg-type]
                        device.id,
                        device.key_id,
                        device.key,
                        device.config,
                    )
                    code = mine.submit(order).status_code
                with guard:
                    codes[code] += 1

        threads = [threading.Thread(target=hand_in) for _ in range(4)]
        for thread in threads:
            thread.start()
        first = workers_of(process.pid)
        assert len(first) == 4
        for thread in threads:
            thread.join()
        assert codes == {201: 12, 200: 36}
        os.kill(first[0], signal.SIGKILL)
        end = time.monotonic() + 60
        while len(set(workers_of(process.pid)) - set(first)) < 1 and time.monotonic() < end:
            time.sleep(0.05)
        assert len(workers_of(process.pid)) == 4
        references = {device.submit(order).json()["reference"] for order in orders}
        assert len(references) == 12
        device.world.http.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_one_question_stores_a_request_whole_or_not_at_all(tmp_path: Path, postgres: Cluster) -> None:
    world = open_world(tmp_path, db=postgres.database())
    try:
        device, who = world.device(), content(733)
        order = device.order(who)
        first = device.submit(order)
        assert first.status_code == 201
        other = device.submit(device.order(who))
        assert other.status_code == 201
        store = world.server._running().store
        with store.read() as session:
            rows = session.execute(select(Request.reference, Request.double_of).order_by(Request.reference)).all()
            steps = session.scalars(select(Step.action)).all()
        assert [tuple(row) for row in rows] == [
            (first.json()["reference"], ""), (other.json()["reference"], first.json()["reference"])
        ]  # fmt: skip
        assert steps == ["submit", "submit"]
        # Another worker has used this nonce in the meantime: nothing of the request may stay.
        late = device.order(content(734))
        body, url = json.dumps(late).encode(), f"{world.url}/api/v1/requests"
        headers = device.signer.headers("POST", url, body, late["client_request_id"])
        nonce = re.findall('nonce="([^"]+)"', headers["Signature-Input"])[0]
        with store.write() as session:
            session.add(Nonce(key_id=device.key_id, nonce=nonce, seen_at=world.clock()))
        again = world.http.post(url, content=body, headers={**headers, "Content-Type": "application/json"})
        assert (again.status_code, code_of(again)) == (401, "signature-replayed")
        assert device.call("GET", f"/api/v1/requests?client_request_id={late['client_request_id']}").status_code == 404
    finally:
        close_world(world)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_steps_lead_to_the_tables_of_this_version(tmp_path: Path, postgres: Cluster, backend: str) -> None:
    url = f"sqlite:///{tmp_path}/central.db" if backend == "sqlite" else postgres.database()
    store = Store(url)
    store.open()
    store.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        # SQLite has one length of integers only.
        context = MigrationContext.configure(connection, opts={"compare_type": _differs})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _differs(_context: object, _column: object, _metadata: object, found: object, wanted: object) -> bool | None:
    same = isinstance(wanted, Instant) or (type(found).__name__ == "INTEGER" and isinstance(wanted, BigInteger))
    return False if same else None


def test_a_database_from_before_the_steps_is_brought_along_with_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "central.db"
    with sqlite3.connect(file) as old:
        old.executescript(OLDER)
    old.close()
    store = Store(f"sqlite:///{file}")
    store.open()
    with store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT id, level, parent FROM branches").all()
    store.close()
    assert [tuple(row) for row in rows] == [("421202-001", "branch", None)]


def test_a_database_of_an_unknown_step_is_refused(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/central.db")
    store.open()
    store.close()
    with sqlite3.connect(tmp_path / "central.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(Refusal, match="later version"):
        Store(f"sqlite:///{tmp_path}/central.db").open()


OLDER = (Path(__file__).parent / "schema_1.sql").read_text("utf-8")
