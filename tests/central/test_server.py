"""Starting, refusing and dying: one line for every refusal, and nothing acknowledged is ever lost."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.server import CentralServer
from kiosk.__main__ import main
from kiosk.domain.errors import Refusal
from tests.central.world import BRANCH, CATALOGUE, Clock, World, close_world, content, open_world, options, said

TREE = Path(__file__).resolve().parents[2]


@contextmanager
def running(state: Path, *words: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    line = [sys.executable, "-m", "kiosk", "central", "--state", str(state), "--listen", "127.0.0.1:0", *words]
    with subprocess.Popen(
        line, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            assert ready["ready"] == "central"
            yield process, ready["url"]
        finally:
            process.kill()
            process.communicate()


def refused(capsys: pytest.CaptureFixture[str], state: Path, *words: str) -> str:
    """The one line of a refusal."""
    assert main(["central", "--state", str(state), *words]) == 2
    return one_line(capsys.readouterr().err)


def one_line(text: str) -> str:
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


def test_the_command_serves_and_stops_when_told(tmp_path: Path) -> None:
    with running(tmp_path) as (process, url):
        assert httpx.get(f"{url}/healthz").json()["ok"] is True
        assert "/api/v1/requests" in httpx.get(f"{url}/openapi.json").json()["paths"]
        claim = said(tmp_path, "claim", "--branch", BRANCH)
        world = World(server=None, clock=Clock(), folder=tmp_path, url=url)  # type: ignore[arg-type]
        told = world.enrol(claim["claim_code"], Ed25519PrivateKey.generate()).json()
        assert told["config"]["branch"]["name_zh"] == "中心花坛邮政支局"
        grant = said(tmp_path, "grant", "admin", "--name", "赵主管", "--pin", "4826")
        assert (grant["role"], grant["name"]) == ("admin", "赵主管")
        headers = {"Authorization": f"Bearer {grant['token']}"}
        assert world.http.get(f"{url}/api/v1/desk/requests", headers=headers).json() == []
        assert "kid" in said(tmp_path, "rotate")
        world.http.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_the_test_clock_is_told(tmp_path: Path) -> None:
    with running(tmp_path, "--test-clock", KIOSK_CLOCK="offset:+86400s") as (_, url):
        told = httpx.get(f"{url}/healthz")
        assert told.json()["clock"] == "test clock"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grant", "king", "--name", "x", "--pin", "1234"), "roles are"),
        (("grant", "desk", "--name", "x", "--pin", "1"), "--pin takes 4"),
        (("claim", "--branch", "a b"), "no branch code"),
        (("claim",), "--branch"),
        (("--db", "mysql://x/y"), "SQLite or PostgreSQL"),
        (("--db", "nonsense"), "no database URL"),
        (("--db", "sqlite://"), "in memory"),
        (("--listen", "here"), "HOST:PORT"),
        (("--listen", "0.0.0.0:0"), "plain HTTP"),
        (("--public-url", "centre"), "https://HOST"),
        (("--db", "sqlite:////nowhere/at/all.db"), "cannot be written"),
        (("--workers", "2", "--listen", "127.0.0.1:0"), "need PostgreSQL"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert said in refused(capsys, tmp_path, *words)


def test_a_port_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "cannot listen" in refused(capsys, tmp_path, "--listen", f"127.0.0.1:{taken.getsockname()[1]}")


@pytest.mark.parametrize("damage", ["text", "page"])
def test_a_damaged_database_is_refused_and_left_alone(tmp_path: Path, damage: str) -> None:
    world = open_world(tmp_path)
    device = world.device()
    for n in range(30):
        assert device.submit(device.order(content(n))).status_code == 201
    close_world(world)
    database = tmp_path / "central.db"
    whole = database.read_bytes()
    spoilt = b"this is no database" * 500 if damage == "text" else whole[:8192] + b"\xff" * 20000 + whole[28192:]
    database.write_bytes(spoilt)
    with pytest.raises(Refusal, match="damaged") as refusal:
        open_world(tmp_path)
    assert "\n" not in str(refusal.value)
    assert database.read_bytes() == spoilt


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    close_world(open_world(tmp_path))
    with sqlite3.connect(tmp_path / "central.db") as database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    database.close()
    with pytest.raises(Refusal, match="schema 99"):
        open_world(tmp_path)


def test_a_second_server_on_the_same_database_is_refused(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    try:
        with pytest.raises(Refusal, match="another central service"):
            open_world(tmp_path)
    finally:
        close_world(world)
    close_world(open_world(tmp_path))


def test_a_service_that_is_not_running_gives_out_nothing(tmp_path: Path) -> None:
    server = CentralServer(f"sqlite:///{tmp_path}/central.db", CATALOGUE, options(tmp_path), Clock())
    with pytest.raises(Refusal, match="not running"):
        server.claim(BRANCH)


def test_what_was_acknowledged_survives_a_restart(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    device = world.device()
    order = device.order()
    told = device.submit(order).json()
    close_world(world)
    again = open_world(tmp_path)
    try:
        device.world = again
        replay = device.submit(order)
        assert replay.status_code == 200
        assert replay.json()["reference"] == told["reference"]
    finally:
        close_world(again)


def test_the_state_folder_must_be_writable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in refused(capsys, tmp_path / "file" / "state")
