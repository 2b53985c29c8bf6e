"""The conformance check against our own server and a poor one; files out to an office and back."""

import csv
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from central import batch
from central.centre import TELLS, open_centre
from central.code_tables import MessageRow
from central.gateway import SimulatedSms
from central.tables import Meta
from kiosk.__main__ import main
from kiosk.domain.errors import Refusal
from kiosk.wiring import places
from kiosk.wiring.conformance import Conformance
from tests.central.test_desk import WHY, Desk
from tests.central.world import (
    BRANCH,
    CATALOGUE,
    Device,
    World,
    close_world,
    content,
    open_world,
    options,
    resident_id,
)  # fmt: skip

BOXES = ["correct", "entrust", "sensitive"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = open_world(tmp_path_factory.mktemp("real"), places.catalogue())
    yield opened
    close_world(opened)


def test_our_own_server_keeps_every_rule(real: World) -> None:
    findings = list(Conformance(real.url, real.server.claim(BRANCH)).run())
    assert [finding for finding in findings if not finding.ok] == []
    assert len(findings) == 13


def test_without_a_claim_what_cannot_be_asked_is_unknown(real: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["central", "check", real.url, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["ok"] for line in lines[:5]} == {True}
    assert {line["ok"] for line in lines[5:]} == {None}


def test_a_poor_server_is_told_what_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    class Poor(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>hello</h1>")

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Poor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert main(["central", "check", f"http://127.0.0.1:{server.server_port}", "--claim", "X"]) == 1
        finally:
            server.shutdown()
            thread.join()
    said = capsys.readouterr().out
    assert said.count("NO  ") == 13
    assert "Traceback" not in said


def test_nobody_there_and_no_address_are_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["central", "check", "http://127.0.0.1:1"]) == 1
    assert "no answer" in capsys.readouterr().out
    assert main(["central", "check", "nonsense"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_requests_go_out_as_a_file_and_decisions_come_back(tmp_path: Path) -> None:
    from central import batch

    world = open_world(tmp_path, places.catalogue())
    device: Device = world.device()
    told = [
        device.submit(device.order(content(800 + n, name="=1+1" if n == 0 else "某某"), consents=BOXES)).json()
        for n in range(3)
    ]
    centre = world.server._running()
    table, whole = tmp_path / "out.csv", tmp_path / "out.json"
    assert batch.write_out(centre, table, "批处理员") == 3
    assert batch.write_out(centre, whole, "批处理员") == 3
    assert table.stat().st_mode & 0o077 == 0
    with table.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["number"] for row in rows] == [resident_id(800 + n) for n in range(3)]
    assert rows[0]["name"] == "'=1+1"
    assert {row["reference"] for row in json.loads(whole.read_text())} == {one["reference"] for one in told}
    with pytest.raises(Refusal, match="already"):
        batch.write_out(centre, whole, "批处理员")
    desk = Desk(world)
    assert "exported" in {line["action"] for line in Desk(world, "auditor").get("/audit").json()}
    back = tmp_path / "back.csv"
    back.write_text(
        "reference,verb,reasons,note,ems\n"
        f"{told[0]['reference']},accept,,,\n{told[1]['reference']},needs_more,{'|'.join(WHY['reasons'])},,\n"
        f"{told[0]['reference']},accept,,,\nXN-1,accept,,,\n{told[2]['reference']},crown,,,\n",
        "utf-8",
    )
    taken = list(batch.take_back(centre, back, "批处理员"))
    assert [(one.ok, one.code) for one in taken] == [
        (True, ""), (True, ""), (False, "state-conflict"), (False, "not-found"), (False, "verb-unknown"),
    ]  # fmt: skip
    states = [desk.get(f"/requests/{one['id']}").json()["state"] for one in told]
    assert states == ["accepted", "needs_more", "submitted"]
    crooked = tmp_path / "crooked.csv"
    crooked.write_text("reference;verb\nXN-1;accept\n", "utf-8")
    with pytest.raises(Refusal, match="columns reference and verb"):
        list(batch.take_back(centre, crooked, "批处理员"))
    close_world(world)


def test_a_decision_by_file_is_told_by_message_and_its_refusal_takes_two_as_well(tmp_path: Path) -> None:
    gateway = SimulatedSms(tmp_path / "sms.jsonl", lambda: datetime.now(UTC))
    world = open_world(tmp_path, sms=gateway)
    device = world.device()
    first, second = (device.submit(device.order(content(820 + n))).json() for n in range(2))
    world.server.grant("desk", "一号", "4826")
    world.server.grant("desk", "二号", "4826")
    beside = open_centre(f"sqlite:///{world.database}", CATALOGUE, options(tmp_path), world.clock, serving=False)
    back = tmp_path / "back.csv"
    back.write_text(
        f"reference,verb,reasons\n{first['reference']},accept,\n{second['reference']},refuse,缺件\n", "utf-8"
    )
    assert [(one.ok, one.code) for one in batch.take_back(beside, back, "一号")] == [(True, ""), (True, "proposed")]
    with beside.store.read() as session:
        owed = session.scalars(select(MessageRow.request_id)).all()
    assert list(owed) == [first["id"]], "the service that runs sends it"
    beside.store.close()
    close_world(world)
    again = open_world(tmp_path)
    with again.server._running().store.read() as session:
        assert session.get_one(Meta, TELLS).value == "no", "a service without a gateway owes nothing"
    close_world(again)
