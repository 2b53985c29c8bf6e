"""`kiosk enrol` and the identity it leaves: whole or not there, its owner's alone, and never shown."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.domain.errors import Refusal
from kiosk.ops.enrolment import EnrolmentFailed, Identity, enrol, keep_config, load_identity
from tests.central.world import BRANCH, World
from tests.link.faults import FaultServer, hangs_up, problem, says


@pytest.fixture
def peer() -> Iterator[FaultServer]:
    server = FaultServer(hangs_up)
    yield server
    server.close()


def enrolled(centre: World, state: Path) -> Identity:
    outcome = enrol(centre.url, centre.server.claim(BRANCH), state, {"machine": "test"})
    assert isinstance(outcome, Identity)
    return outcome


def command(*words: str) -> int:
    return main(["enrol", *words])


def test_enrolling_leaves_an_identity_that_works(centre: World, tmp_path: Path) -> None:
    made = enrolled(centre, tmp_path)
    loaded = load_identity(tmp_path)
    assert loaded is not None
    assert (loaded.device_id, loaded.key_id, loaded.config) == (made.device_id, made.key_id, made.config)
    assert loaded.config.branch.name_zh == "中心花坛邮政支局"
    link = loaded.link(centre.clock)
    assert link.reachable()
    assert link.config() is not None
    link.close()


def test_the_key_is_its_owners_alone_and_in_no_repr(centre: World, tmp_path: Path) -> None:
    identity = enrolled(centre, tmp_path)
    folder = tmp_path / "identity"
    assert [file.name for file in folder.iterdir()] == ["identity.json"]
    assert folder.stat().st_mode & 0o077 == 0
    file = folder / "identity.json"
    assert file.stat().st_mode & 0o777 == 0o600
    key = json.loads(file.read_text())["private_key"].splitlines()[1]
    assert key not in repr(identity)
    assert "PrivateKey" not in repr(identity)


def test_a_file_that_others_could_read_is_closed(centre: World, tmp_path: Path) -> None:
    enrolled(centre, tmp_path)
    file = tmp_path / "identity" / "identity.json"
    file.chmod(0o644)
    load_identity(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_kiosk_that_was_never_enrolled_has_none(tmp_path: Path) -> None:
    assert load_identity(tmp_path) is None


@pytest.mark.parametrize("size", [0, 1, 100, 900])
def test_a_damaged_identity_is_refused_in_one_line(centre: World, tmp_path: Path, size: int) -> None:
    enrolled(centre, tmp_path)
    file = tmp_path / "identity" / "identity.json"
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(Refusal, match="enrol it again") as refusal:
        load_identity(tmp_path)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "change",
    [{"version": 9}, {"private_key": "x"}, {"private_key": 1}, {"config": {}}, {"device_id": None}, {"key_id": 3}],
)
def test_an_identity_of_another_shape_is_refused(centre: World, tmp_path: Path, change: dict[str, object]) -> None:
    enrolled(centre, tmp_path)
    file = tmp_path / "identity" / "identity.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(Refusal, match="enrol it again"):
        load_identity(tmp_path)


@pytest.mark.parametrize("text", ["[]", "null", "[" * 100_000])
def test_an_identity_that_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "identity").mkdir()
    (tmp_path / "identity" / "identity.json").write_text(text)
    with pytest.raises(Refusal):
        load_identity(tmp_path)


def test_a_failed_try_leaves_the_old_identity(centre: World, tmp_path: Path) -> None:
    before = enrolled(centre, tmp_path)
    failed = enrol(centre.url, "AAAA-AAAA-AAAA", tmp_path, {})
    assert isinstance(failed, EnrolmentFailed)
    assert failed.code == "claim-unknown"
    after = load_identity(tmp_path)
    assert after is not None
    assert after.device_id == before.device_id


def test_a_lost_answer_does_not_cost_the_claim(centre: World, tmp_path: Path, peer: FaultServer) -> None:
    code = centre.server.claim(BRANCH)

    def swallows(_line: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /api/v1/enrolments")
        json_type = {"Content-Type": "application/json"}
        assert centre.http.post(f"{centre.url}/api/v1/enrolments", content=body, headers=json_type).status_code == 201

    peer.deed = swallows
    lost = enrol(peer.url, code, tmp_path, {})
    assert isinstance(lost, EnrolmentFailed)
    assert lost.code == "away"
    again = enrol(centre.url, code, tmp_path, {})
    assert isinstance(again, Identity)


def test_a_new_configuration_is_kept(centre: World, tmp_path: Path) -> None:
    identity = enrolled(centre, tmp_path)
    newer = identity.config.model_copy(update={"heartbeat_s": 17})
    keep_config(tmp_path, identity, newer, '"tag"')
    loaded = load_identity(tmp_path)
    assert loaded is not None
    assert (loaded.config.heartbeat_s, loaded.config_etag) == (17, '"tag"')
    with pytest.raises(Refusal, match="another device"):
        keep_config(tmp_path, identity, newer.model_copy(update={"device_id": "other"}), "")


def test_the_command_enrols(centre: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = centre.server.claim("421228-001", kiosk=2)
    assert command("--state", str(tmp_path), "--central", centre.url, "--code", code, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["branch"], told["kiosk"], told["state"]) == ("421228-001", "K2", "accepted")


@pytest.mark.parametrize("case", ["used", "expired", "unknown", "empty"])
def test_a_claim_that_is_no_good_fails_with_one_line(
    centre: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    code = centre.server.claim(BRANCH)
    if case == "used":
        assert command("--state", str(tmp_path), "--central", centre.url, "--code", code) == 0
    if case == "expired":
        centre.clock.offset = timedelta(hours=25)
    code = {"unknown": "AAAA-AAAA-AAAA", "empty": " "}.get(case, code)
    capsys.readouterr()
    assert command("--state", str(tmp_path), "--central", centre.url, "--code", code) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "claim code" in told.err
    assert code.strip() == "" or code not in told.err


def test_a_centre_that_is_away_or_no_centre_fails_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], peer: FaultServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    for url, deed in [
        (nobody, hangs_up),
        (peer.url, hangs_up),
        (peer.url, says("200 OK", "<html>", "text/html")),
        (peer.url, says("201 Created", "{}")),
        (peer.url, problem(500, "internal")),
        (peer.url, problem(418, "teapot")),
    ]:
        peer.deed = deed
        assert command("--state", str(tmp_path), "--central", url, "--code", "AAAA-AAAA-AAAA") == 1
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert "does not answer" in told or "teapot" in told
    assert load_identity(tmp_path) is None


@pytest.mark.parametrize("url", ["centre", "ftp://centre", "http://", "http://x:99999", "http://centre.example"])
def test_an_address_that_is_none_or_unsafe_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert command("--state", str(tmp_path), "--central", url, "--code", "AAAA-AAAA-AAAA") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_state_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "identity").write_text("in the way")
    assert command("--state", str(tmp_path), "--central", "http://127.0.0.1:1", "--code", "x") == 2
    assert "cannot be written" in capsys.readouterr().err
