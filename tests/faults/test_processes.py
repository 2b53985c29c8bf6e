"""What a person meets when a process cannot start, and what a request meets on its way through real processes."""

import json
import shutil
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.citizen import resident_id
from tests.faults.processes import Branch, Machine, answers, end, kiosk, rows, until

NUMBER = resident_id()
REQUEST = {
    "service": "A4",
    "applicant": {"kind": "resident_id", "number": NUMBER, "name": "测试员"},
    "fields": {"mobile": "13800000123"},
    "consents": ["correct", "entrust", "sensitive"],
}


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    branch = Branch.open(tmp_path_factory.mktemp("branch"))
    yield branch
    branch.close()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    yield machine
    machine.stop()


@pytest.mark.parametrize(
    "words",
    [
        "core", "run", "branch", "central", "submit -", "enrol --central http://127.0.0.1:9 --code AAAA-BBBB",
        "central claim --branch 421202-001", "branch grant clerk --name W1",
    ],
)  # fmt: skip
def test_a_state_folder_that_cannot_be_written_is_refused(tmp_path: Path, words: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = kiosk(*words.split(), "--state", tmp_path / "file" / "below", told=json.dumps(REQUEST))
    assert done.refused, done
    assert "--state" in done.said


@pytest.mark.parametrize("server", ["branch", "central"])
def test_a_port_in_use_is_refused(tmp_path: Path, server: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = kiosk(server, "--listen", f"127.0.0.1:{taken.getsockname()[1]}", "--state", tmp_path)
    assert done.refused, done
    assert "--listen" in done.said


@pytest.mark.parametrize(
    "section", ['[printer]\nurl = "bogus"', '[scanner]\nurl = "bogus"', '[hub]\nurl = "bogus"', '[prnter]\nurl = "x"']
)
def test_settings_that_cannot_be_are_refused_before_anything_starts(tmp_path: Path, section: str) -> None:
    (tmp_path / "kiosk.toml").write_text(section)
    done = kiosk("core", "--config", tmp_path / "kiosk.toml", "--state", tmp_path / "state")
    assert done.refused, done
    assert not (tmp_path / "state" / "kiosk.db").exists()


@pytest.mark.parametrize("damage", [b"", b"no database at all, " * 60], ids=["torn", "rubbish"])
def test_a_damaged_journal_is_set_aside_and_never_overwritten(tmp_path: Path, machine: Machine, damage: bytes) -> None:
    state = tmp_path / "state"
    core = machine.start("core", "--state", state)
    until(lambda: answers(state), "core")
    end(core)
    whole = (state / "kiosk.db").read_bytes()
    damaged = damage or whole[: len(whole) // 2]
    (state / "kiosk.db").write_bytes(damaged)
    asked = kiosk("outbox", "--json", "--state", state)
    assert asked.refused, asked
    done = kiosk("core", "--state", state)
    assert done.refused, done
    (aside,) = [file for file in state.glob("kiosk.db.damaged-*") if not file.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == damaged
    assert aside.name in done.said
    again = machine.start("core", "--state", state)
    until(lambda: again.poll() is not None or answers(state), "core")
    assert again.poll() is None
    assert aside.read_bytes() == damaged


def test_a_damaged_database_of_hub_or_centre_is_one_line(tmp_path: Path) -> None:
    for name, server in (("branch.db", "branch"), ("central.db", "central")):
        (tmp_path / name).write_bytes(b"no database at all, " * 60)
        done = kiosk(server, "--listen", "127.0.0.1:0", "--state", tmp_path)
        assert done.refused, done


def test_a_failed_enrolment_says_why_and_keeps_nobody_from_a_ticket(tmp_path: Path, machine: Machine) -> None:
    state = tmp_path / "state"
    away = kiosk("enrol", "--central", "http://127.0.0.1:9", "--code", "AAAA-BBBB", "--state", state)
    assert (away.code, away.said.count("\n")) == (1, 1), away
    assert kiosk("enrol", "--central", "no address", "--code", "AAAA-BBBB", "--state", state).refused
    centre = machine.server("central", "--state", tmp_path / "centre")
    wrong = kiosk("enrol", "--central", centre, "--code", "AAAA-BBBB", "--state", state)
    assert (wrong.code, wrong.said.count("\n")) == (1, 1), wrong
    assert kiosk("submit", "-", "--state", state, told=json.dumps(REQUEST)).refused
    core = machine.start("core", "--state", state)
    until(lambda: core.poll() is not None or answers(state), "core")
    assert core.poll() is None, machine.logged()


def test_a_second_core_on_the_same_state_is_refused_and_the_first_goes_on(branch: Branch) -> None:
    core = branch.core()
    for command in ("core", "run"):
        done = kiosk(command, "--state", branch.state, "--config", branch.config)
        assert done.refused, done
        assert "already runs" in done.said
    assert core.poll() is None
    screen = branch.screen()
    screen.wait(lambda view: view.view == "welcome", "welcome")
    screen.close()
    end(core)


def test_a_request_by_command_with_core_and_without(branch: Branch) -> None:
    before = set(branch.requests())
    alone = kiosk("submit", "-", "--state", branch.state, told=json.dumps(REQUEST))
    assert alone.code == 0, alone.said
    assert alone.answer["state"] == "submitted"
    core = branch.core()
    name = str(uuid.uuid4())
    named = json.dumps({**REQUEST, "client_request_id": name})
    (branch.folder / "request.json").write_text(named, "utf-8")
    first = kiosk("submit", branch.folder / "request.json", "--state", branch.state)
    again = kiosk("submit", "-", "--state", branch.state, told=named)
    assert first.answer == again.answer
    assert first.answer["client_request_id"] == name
    other = kiosk(
        "submit", "-", "--state", branch.state, told=json.dumps({**REQUEST, "service": "B3", "client_request_id": name})
    )
    assert other.refused, other
    end(core)
    replayed = kiosk("submit", "-", "--state", branch.state, told=named)
    assert replayed.answer == first.answer
    assert set(branch.requests()) - before == {alone.answer["client_request_id"], name}


def test_a_request_while_core_is_starting_waits_for_it(branch: Branch) -> None:
    core = branch.machine.start("core", "--state", branch.state, "--config", branch.config)
    until(lambda: (branch.state / "kiosk.db.lock").read_text().strip() == str(core.pid), "the lock")
    done = kiosk("submit", "-", "--state", branch.state, told=json.dumps(REQUEST))
    end(core)
    assert (done.code, done.answer["state"]) == (0, "submitted"), done


def test_requests_by_two_commands_at_once_are_two_requests(branch: Branch) -> None:
    before = len(branch.requests())
    both = [branch.machine.start("submit", "-", "--state", branch.state, told=json.dumps(REQUEST)) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0], branch.machine.logged()
    assert len(branch.requests()) == before + 2


@pytest.mark.parametrize(
    "told",
    [
        "", "no json", "[]", "{}", '{"service": 4}', json.dumps({**REQUEST, "extra": 1}),
        json.dumps({**REQUEST, "client_request_id": "abc"}), json.dumps({**REQUEST, "fields": {"mobile": 1}}),
        json.dumps({**REQUEST, "applicant": {"kind": "resident_id"}}), "[" * 100_000, '"' + "9" * 300_000 + '"',
    ],
    ids=range(11),
)  # fmt: skip
def test_bad_input_is_refused_without_repeating_it(branch: Branch, told: str) -> None:
    done = kiosk("submit", "-", "--state", branch.state, told=told)
    assert done.refused, done
    assert NUMBER not in done.said
    assert len(done.said) < 500


@pytest.mark.parametrize("wrong", [{"service": "Z9"}, {"consents": []}, {"fields": {}}], ids=str)
def test_what_the_centre_refuses_for_good_is_quarantined(branch: Branch, wrong: dict[str, object]) -> None:
    done = kiosk("submit", "-", "--state", branch.state, told=json.dumps({**REQUEST, **wrong}))
    assert (done.code, done.answer["state"]) == (1, "quarantined"), done


def test_with_the_centre_away_it_waits_and_the_outbox_says_so_while_core_runs(tmp_path: Path, branch: Branch) -> None:
    state = tmp_path / "away"
    shutil.copytree(branch.state, state, ignore=shutil.ignore_patterns("*.db*", "*.sock"))
    identity = state / "identity" / "identity.json"
    identity.write_text(identity.read_text("utf-8").replace(branch.centre, "http://127.0.0.1:9"), "utf-8")
    waits = kiosk("submit", "-", "--state", state, told=json.dumps(REQUEST))
    assert (waits.code, waits.answer["state"], waits.answer["reference"]) == (0, "queued", None)
    machine = Machine(tmp_path)
    try:
        core = machine.start("core", "--state", state)
        until(lambda: core.poll() is not None or answers(state), "core")
        asked = kiosk("outbox", "--json", "--state", state)
        assert asked.answer["count"] == 1
        assert asked.answer["states"]["queued"] == 1
        assert asked.answer["oldest_age_s"] > 0
        through = kiosk("submit", "-", "--state", state, told=json.dumps(REQUEST))
        assert (through.code, through.answer["state"]) == (0, "queued")
        assert kiosk("outbox", "--json", "--state", state).answer["count"] == 2
        assert NUMBER not in asked.out + waits.out + machine.logged()
    finally:
        machine.stop()
    identity.write_text(identity.read_text("utf-8").replace("http://127.0.0.1:9", branch.centre), "utf-8")
    machine.start("core", "--state", state)
    try:
        query = "SELECT count(*) FROM outbox WHERE state = 'submitted' AND sealed IS NULL"
        until(lambda: rows(state / "kiosk.db", query) == [(2,)], "what waited")
    finally:
        machine.stop()
