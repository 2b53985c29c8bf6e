"""The journal of promises in a real kiosk: signed, counter-signed, and whatever is done to it is found."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.__main__ import main
from kiosk.domain.promises import CHECKPOINT, Promise
from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import Journal, open_journal
from kiosk.engine.journal.promises import add
from kiosk.link.fleet import FleetLink
from kiosk.ops.enrolment import Identity, enrol, load_identity
from kiosk.ops.promises import Notary
from tests.central.world import BRANCH, World, close_world, open_world

PAPERS = 6


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("centre"))
    yield world
    close_world(world)


@pytest.fixture
def state(tmp_path: Path, centre: World) -> Path:
    """A kiosk that has promised something on six papers, all but the last pair of records seen by the centre."""
    assert isinstance(enrol(centre.url, centre.server.claim(BRANCH), tmp_path, {}), Identity)
    journal = open_journal(tmp_path, SystemClock().now)
    for number in range(PAPERS - 1):
        printed(journal, f"job-{number}")
    notarised(centre, tmp_path, journal)
    printed(journal, "job-last")
    journal.close()
    return tmp_path


def printed(journal: Journal, job: str) -> None:
    journal.jobs.start(job, "slip", "B3", "ab" * 32)
    journal.jobs.settle(job, "printed")


def notarised(centre: World, state: Path, journal: Journal) -> None:
    identity = load_identity(state)
    assert identity is not None
    link = identity.link(centre.clock)
    Notary(state, journal.promises, FleetLink(link)).work()
    link.close()


def tampered(state: Path, *statements: str) -> None:
    connection = sqlite3.connect(state / "kiosk.db")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def verify(state: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["audit", "verify", "--json", "--state", str(state)])
    return code, json.loads(capsys.readouterr().out)


def test_a_whole_journal_verifies(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = verify(state, capsys)
    assert (code, told["ok"], told["findings"]) == (0, True, [])
    assert (told["records"], told["signed"], told["witnessed"]) == (2 * PAPERS, 2 * PAPERS - 2, 2 * PAPERS - 2)


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM promise WHERE seq = 4",),
        ("DELETE FROM promise WHERE seq = 1",),
        ("DELETE FROM promise WHERE seq >= 8",),
        ("UPDATE promise SET word = 'A001' WHERE seq = 3",),
        ("UPDATE promise SET at = '2026-01-01T00:00:00.000+08:00' WHERE seq = 10",),
        ("UPDATE promise SET seq = 99 WHERE seq = 3", "UPDATE promise SET seq = 3 WHERE seq = 4",
         "UPDATE promise SET seq = 4 WHERE seq = 99"),
        ("UPDATE promise SET signature = NULL WHERE seq = 2",),
        ("UPDATE promise SET signature = (SELECT signature FROM promise WHERE seq = 1) WHERE seq = 2",),
        ("UPDATE witness SET seq = 3",),
    ],
)  # fmt: skip
def test_whatever_is_done_to_it_is_found(
    state: Path, statements: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    tampered(state, *statements)
    code, told = verify(state, capsys)
    assert (code, told["ok"]) == (1, False)
    assert told["findings"]


def test_a_chain_cut_back_together_with_its_witness_is_refused_by_the_centre(
    state: Path, centre: World, caplog: pytest.LogCaptureFixture
) -> None:
    tampered(state, "DELETE FROM witness", "DELETE FROM promise WHERE seq > 4")
    journal = open_journal(state, SystemClock().now)
    printed(journal, "job-other")
    notarised(centre, state, journal)
    journal.close()
    assert "journal-forked" in caplog.text


def test_a_code_is_known_on_both_sides(state: Path, centre: World, capsys: pytest.CaptureFixture[str]) -> None:
    journal = open_journal(state, SystemClock().now)
    code = journal.promises.all()[0].code
    journal.close()
    assert main(["audit", "code", code.lower().replace("-", ""), "--json", "--state", str(state)]) == 0
    [here] = json.loads(capsys.readouterr().out)["found"]
    [there] = centre.http.get(f"{centre.url}/api/v1/journal?code={code}", headers=centre.staff("auditor")).json()
    assert (here["seq"], here["subject"], here["at"]) == (there["seq"], there["subject"], there["at"])
    assert main(["audit", "code", "UUUU-0000", "--state", str(state)]) == 2
    assert main(["audit", "code", "0000-0000", "--state", str(state)]) == 1


def pruned(centre: World, state: Path) -> None:
    """As the hourly round does it: declared, told, counter-signed, then thrown away."""
    journal = open_journal(state, SystemClock().now)
    assert journal.promises.prune() == 0, "nothing is declared yet"
    assert journal.promises.declare(SystemClock().now() + timedelta(minutes=5))
    assert not journal.promises.declare(SystemClock().now() + timedelta(minutes=5)), "once is enough"
    assert journal.promises.prune() == 0, "the centre has not seen the checkpoint"
    notarised(centre, state, journal)
    assert journal.promises.prune() == 2 * PAPERS - 2
    printed(journal, "job-after")
    notarised(centre, state, journal)
    journal.close()


def test_old_records_go_once_a_checkpoint_is_counter_signed(
    state: Path, centre: World, capsys: pytest.CaptureFixture[str]
) -> None:
    pruned(centre, state)
    code, told = verify(state, capsys)
    assert (code, told["findings"]) == (0, [])
    assert (told["records"], told["witnessed"]) == (5, 2 * PAPERS + 3)
    journal = open_journal(state, SystemClock().now)
    assert journal.promises.declare(SystemClock().now() + timedelta(minutes=5))
    notarised(centre, state, journal)
    assert journal.promises.prune() == 5
    journal.close()
    code, told = verify(state, capsys)
    assert (code, told["records"]) == (0, 1)


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM promise WHERE seq = 11",),
        ("DELETE FROM promise WHERE seq <= 13",),
        ("DELETE FROM promise WHERE seq <= 15",),
        ("DELETE FROM promise WHERE kind = 'checkpoint'",),
        ("UPDATE promise SET digest = '' WHERE kind = 'checkpoint'",),
        ("UPDATE promise SET word = 'A001' WHERE seq = 12",),
        ("DELETE FROM witness WHERE seq = 10",),
        ("DELETE FROM witness", "DELETE FROM promise"),
        ("UPDATE witness SET fingerprint = (SELECT previous FROM promise WHERE seq = 12) WHERE seq = 10",),
    ],
)
def test_after_a_checkpoint_whatever_is_done_is_still_found(
    state: Path, centre: World, statements: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    pruned(centre, state)
    tampered(state, *statements)
    journal = open_journal(state, SystemClock().now)
    printed(journal, "job-later")
    seen = journal.promises.all()
    journal.close()
    code, told = verify(state, capsys)
    assert code == 1 or seen[0].seq == 1, "a chain begun anew is for the centre to find: it knows a longer one"
    assert bool(told["findings"]) == (code == 1)


def test_an_unenrolled_kiosk_keeps_its_chain_unsigned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = open_journal(tmp_path, SystemClock().now)
    printed(journal, "job")
    journal.close()
    code, told = verify(tmp_path, capsys)
    assert (code, told["records"], told["signed"]) == (0, 2, 0)
    assert main(["audit", "verify", "--state", str(tmp_path / "none")]) == 2


def cut_alone(state: Path, centre: World) -> Journal:
    """A kiosk that had nobody to hand its records to, threw the oldest away, and is enrolled only now."""
    moment = [centre.clock() - timedelta(days=40)]
    journal = open_journal(state, lambda: moment[0])
    for number in range(PAPERS):
        printed(journal, f"job-{number}")
    moment[0] = centre.clock()
    printed(journal, "job-late")
    assert journal.promises.retire_alone(centre.clock() - timedelta(days=30), spare=0) == 2 * PAPERS
    assert isinstance(enrol(centre.url, centre.server.claim(BRANCH), state, {}), Identity)
    return journal


def test_a_chain_that_was_cut_before_there_was_a_centre_is_taken_in_from_where_it_begins(
    tmp_path: Path, centre: World, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = cut_alone(tmp_path, centre)
    first = journal.promises.all()[0]
    assert first.seq == 2 * PAPERS + 1
    notarised(centre, tmp_path, journal)
    [start, *_, last] = [witness for witness, _ in journal.promises.witnesses()]
    assert (start.seq, start.fingerprint) == (first.seq - 1, first.previous)
    assert last.seq == journal.promises.all()[-1].seq
    printed(journal, "job-after")
    notarised(centre, tmp_path, journal)
    assert journal.promises.retire_alone(centre.clock() + timedelta(days=90), spare=0) == 0
    journal.close()
    code, told = verify(tmp_path, capsys)
    assert (code, told["findings"]) == (0, [])
    found = centre.http.get(f"{centre.url}/api/v1/journal?code={first.code}", headers=centre.staff("auditor")).json()
    assert [each["seq"] for each in found] == [first.seq]


def test_the_beginning_is_told_again_where_the_answer_was_lost(tmp_path: Path, centre: World) -> None:
    journal = cut_alone(tmp_path, centre)
    notarised(centre, tmp_path, journal)
    seen = len(journal.promises.witnesses())
    with journal.promises._database.write() as connection:
        connection.execute("DELETE FROM witness")
    notarised(centre, tmp_path, journal)
    assert len(journal.promises.witnesses()) == seen
    journal.close()


def test_a_chain_that_the_centre_knows_is_not_cut_on_the_kiosks_word(
    state: Path, centre: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = open_journal(state, SystemClock().now)
    notarised(centre, state, journal)
    eighth = journal.promises.all()[8]
    with journal.promises._database.write() as connection:
        add(connection, CHECKPOINT, "8", eighth.previous, SystemClock().now().isoformat(), "1-8")
        connection.execute("DELETE FROM witness")
        connection.execute("DELETE FROM promise WHERE seq <= 8")
    notarised(centre, state, journal)
    [known, *_] = [witness.seq for witness, _ in journal.promises.witnesses()]
    assert known == 8, "the centre has that record, so it may say so"
    journal.close()
    assert centre.http.get(f"{centre.url}/api/v1/journal?code={eighth.code}", headers=centre.staff("auditor")).json(), (
        "and keeps every one of them"
    )
    other = open_journal(state, SystemClock().now)
    with other.promises._database.write() as connection:
        add(connection, CHECKPOINT, "9", "ab" * 32, SystemClock().now().isoformat(), "9-9")
        connection.execute("DELETE FROM witness")
        connection.execute("DELETE FROM promise WHERE seq = 9")
        connection.execute("UPDATE promise SET previous = ? WHERE seq = 10", ("ab" * 32,))
    notarised(centre, state, other)
    other.close()
    assert "journal-forked" in caplog.text
    assert verify(state, capsys)[0] == 1


@pytest.mark.parametrize(
    "changed",
    [{"kind": "ticket"}, {"subject": "0"}, {"subject": "x"}, {"subject": "99"}, {"subject": "²"}, {"digest": "ab"}],
)
def test_only_a_checkpoint_declares_where_a_chain_begins(centre: World, changed: dict[str, Any]) -> None:
    device = centre.device(BRANCH)
    named = Promise(
        "00ff00ff00ff00ff", 9, "2026-11-23T09:00:00.000+08:00", CHECKPOINT, "4", "1-4", "ab" * 32, "cd" * 32
    )
    for made, status in ((replace(named, **changed), 422), (named, 200)):
        signature = b64encode(device.key.sign(made.signed)).decode()
        declared = {**asdict(made), "key_id": device.key_id, "signature": signature}
        answer = device.call("POST", "/api/v1/devices/me/journal", {"declared": declared})
        assert answer.status_code == status
    both = {"declared": declared, "records": [declared]}
    assert [device.call("POST", "/api/v1/devices/me/journal", body).status_code for body in (both, {})] == [400, 400]
