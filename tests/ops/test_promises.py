"""The journal of promises in a real kiosk: signed, counter-signed, and whatever is done to it is found."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import Journal, open_journal
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
