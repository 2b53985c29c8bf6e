"""`kiosk branch` from outside: its one line, its refusals, and what a SIGKILL leaves behind."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
import requests

from kiosk.__main__ import main

KILLS = int(os.environ.get("KIOSK_TEST_KILLS", "20"))
"""200 in the nightly run."""


def command(*words: str, state: Path) -> list[str]:
    return [sys.executable, "-m", "kiosk", "branch", *words, "--state", str(state)]


def run(*words: str, state: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words, state=state),
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
        check=False,
    )


@contextmanager
def running(*words: str, state: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        command("--listen", "127.0.0.1:0", *words, state=state),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def grant(role: str, state: Path, name: str = "x") -> str:
    return str(json.loads(run("grant", role, "--name", name, state=state).stdout)["token"])


def order(service: str = "B1") -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "service": service, "language": "zh", "priority": None,
        "origin": {"kiosk": "K1", "seq": 1}, "issued_at": "2026-11-23T10:00:00+08:00",
    }  # fmt: skip


def refused(result: subprocess.CompletedProcess[str], why: str) -> None:
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert why in result.stderr


def test_it_says_when_it_answers_and_lets_the_kiosk_beside_it_in(tmp_path: Path) -> None:
    with running(state=tmp_path) as (process, url):
        token_file = tmp_path / "tokens" / "kiosk"
        assert token_file.stat().st_mode & 0o777 == 0o600
        token = token_file.read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.post(f"{url}/api/v1/tickets", json=order(), headers=headers, timeout=20)
        assert answer.status_code == 201
        given = json.loads(run("grant", "board", "--name", "大厅", state=tmp_path).stdout)
        assert (given["role"], given["name"]) == ("board", "大厅")
        headers = {"Authorization": f"Bearer {given['token']}"}
        assert requests.get(f"{url}/api/v1/state", headers=headers, timeout=20).json()["waiting_total"] == 1
        refused(run("--listen", "127.0.0.1:0", state=tmp_path), "another hub is running")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with running(state=tmp_path) as (_, url):
        headers = {"Authorization": f"Bearer {token}"}
        assert requests.get(f"{url}/api/v1/state", headers=headers, timeout=20).json()["waiting_total"] == 1
        assert token_file.read_text().strip() == token


def test_a_replaced_database_takes_the_kiosks_token_over(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    (tokens / "kiosk").write_text("the-token-that-the-kiosk-already-has\n")
    with running(state=tmp_path) as (_, url):
        headers = {"Authorization": "Bearer the-token-that-the-kiosk-already-has"}
        assert requests.get(f"{url}/api/v1/state", headers=headers, timeout=20).status_code == 200


def said_here(capsys: pytest.CaptureFixture[str], *words: str, state: Path) -> subprocess.CompletedProcess[str]:
    """What the command says before it becomes a server: a process of its own would show nothing more."""
    try:
        code = main([*command(*words, state=state)[3:]])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    said = capsys.readouterr()
    return subprocess.CompletedProcess(words, code, said.out, said.err)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--listen", "0.0.0.0:0"), "--insecure"),
        (("--listen", "8710"), "HOST:PORT"),
        (("--db", "oracle://x"), "sqlite:///path"),
        (("grant", "root", "--name", "x"), "no role"),
        (("grant", "clerk"), "--name"),
    ],
)
def test_wrong_words_are_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    refused(said_here(capsys, *words, state=tmp_path), why)


def test_what_is_refused_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(run("--listen", f"127.0.0.1:{port}", state=tmp_path), f"port {port} is in use")
    (tmp_path / "file").write_text("")
    refused(run(state=tmp_path / "file"), "cannot be written")
    (tmp_path / "branch.db").write_text("this is not a database, but somebody may need it")
    refused(run("--listen", "127.0.0.1:0", state=tmp_path), "damaged")
    assert (tmp_path / "branch.db").read_text().startswith("this is not")


def test_the_test_clock_counts_only_with_its_flag(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2031-05-04T10:00:00+08:00")
    environment = {"KIOSK_CLOCK": f"file:{clock}"}
    with running("--test-clock", state=tmp_path, **environment) as (_, url):
        assert requests.get(f"{url}/healthz", timeout=20).json()["clock"] == "test clock"
        headers = {"Authorization": f"Bearer {(tmp_path / 'tokens' / 'kiosk').read_text().strip()}"}
        state = requests.get(f"{url}/api/v1/state", headers=headers, timeout=20).json()
        assert (state["business_date"], state["test_clock"]) == ("2031-05-04", True)
    with running(state=tmp_path / "other", **environment) as (_, url):
        assert requests.get(f"{url}/healthz", timeout=20).json()["clock"] == "system clock"


class Load:
    """Kiosks that press without a pause, and remember every ticket that the hub acknowledged."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}
        self.acknowledged: dict[str, str] = {}
        self.url = ""
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._press, args=[seed]) for seed in range(4)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _press(self, seed: int) -> None:
        services = random.Random(seed)
        with requests.Session() as session:
            while not self._over.is_set():
                body = order(services.choice(["A1", "B1", "C1"]))
                try:
                    path = f"{self.url}/api/v1/tickets"
                    answer = session.post(path, json=body, headers=self.headers, timeout=5)
                    if answer.status_code == 201:
                        self.acknowledged[body["id"]] = answer.json()["label"]
                        session.post(
                            f"{path}/{body['id']}/confirm", json={"printed": "none"}, headers=self.headers, timeout=5
                        )
                except requests.RequestException:
                    time.sleep(0.02)


@contextmanager
def forking(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.branch.hub_process", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    with parent:
        yield parent


def started(parent: "subprocess.Popen[str]") -> tuple[int, str]:
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.write("start\n")
    parent.stdin.flush()
    process, url = parent.stdout.readline().split()
    return int(process), url


@pytest.mark.timeout(1700 if KILLS > 50 else 240)
def test_kills_lose_no_acknowledged_ticket_and_double_no_label(tmp_path: Path) -> None:
    moments = random.Random(20261122)
    token = grant("kiosk", tmp_path)
    with Load(token) as load, forking(tmp_path) as parent:
        for _ in range(KILLS):
            process, load.url = started(parent)
            before = len(load.acknowledged)
            deadline = time.monotonic() + 30
            while len(load.acknowledged) < before + 10 and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(moments.random() * 0.1)
            os.kill(process, signal.SIGKILL)
    assert len(load.acknowledged) >= KILLS * 10
    with sqlite3.connect(tmp_path / "branch.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = dict(db.execute("SELECT id, label FROM tickets"))
        logged = {row[0] for row in db.execute("SELECT subject FROM events WHERE verb = 'issue'")}
    db.close()
    assert load.acknowledged.items() <= kept.items(), "an acknowledged ticket is there, under its label"
    assert len(set(kept.values())) == len(kept)
    assert logged == set(kept), "log and tables tell the same after every kill"


def test_it_explains_itself(tmp_path: Path) -> None:
    result = run("--help", state=tmp_path)
    assert result.returncode == 0
    assert "grant" in result.stdout
