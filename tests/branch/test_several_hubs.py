"""Several hubs on one PostgreSQL database: one queue, one log, each number once, every stream hears of everything."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from branch.options import BranchOptions
from branch.store.store import grant_beside
from tests.branch.test_races import together
from tests.postgres import Cluster

HUB = (sys.executable, "-m", "kiosk", "branch", "--listen", "127.0.0.1:0")
HUBS = 4
CLIENTS = 8
TICKETS = int(os.environ.get("KIOSK_TEST_TICKETS", "480"))
"""10,000 in the nightly run."""
CALLS = 2000 if TICKETS >= 2000 else TICKETS // 4


class Hubs:
    """Hub processes behind no proxy: whoever asks chooses one."""

    def __init__(self, folder: Path, db: str, stack: ExitStack) -> None:
        self.db = db
        self.urls: list[str] = []
        self.processes = [
            subprocess.Popen(
                [*HUB, "--db", db, "--state", folder / f"{n}"],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            )
            for n in range(HUBS)
        ]  # fmt: skip
        for process in self.processes:
            stack.callback(self._end, process)
        for process in self.processes:
            assert process.stdout is not None
            self.urls.append(json.loads(process.stdout.readline())["url"])

    def grant(self, role: str, name: str) -> dict[str, str]:
        given = grant_beside(self.db, BranchOptions().id, lambda: datetime.now(UTC), role, name, None)
        return {"Authorization": f"Bearer {given.token}"}

    @staticmethod
    def _end(process: "subprocess.Popen[str]") -> None:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture(scope="module")
def hubs(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> Iterator[Hubs]:
    with ExitStack() as stack:
        yield Hubs(tmp_path_factory.mktemp("hubs"), postgres.database(), stack)


@pytest.fixture(scope="module")
def kiosk(hubs: Hubs) -> dict[str, str]:
    return hubs.grant("kiosk", "K1")


def order(seq: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "service": ("A1", "B3", "C1")[seq % 3], "language": "zh", "priority": None,
        "origin": {"kiosk": "K1", "seq": seq}, "issued_at": "2026-11-23T10:00:00+08:00",
    }  # fmt: skip


@pytest.mark.timeout(1800 if TICKETS > 1000 else 240)
def test_no_number_is_given_twice_and_nobody_is_called_twice(hubs: Hubs, kiosk: dict[str, str]) -> None:
    given: dict[str, str] = {}
    numbers = iter(range(TICKETS))
    guard = threading.Lock()

    def press(n: int) -> None:
        with requests.Session() as session:
            while True:
                with guard:
                    seq = next(numbers, None)
                if seq is None:
                    return
                body = order(seq)
                answer = session.post(
                    f"{hubs.urls[(n + seq) % HUBS]}/api/v1/tickets", json=body, headers=kiosk, timeout=60
                )
                assert answer.status_code == 201, answer.text
                given[body["id"]] = answer.json()["label"]

    together(*[lambda n=n: press(n) for n in range(CLIENTS)])
    assert len(given) == TICKETS
    assert len(set(given.values())) == TICKETS, "a number was given twice"

    clerks = [hubs.grant("clerk", f"clerk-{n}") for n in range(CLIENTS)]
    called: list[str] = []
    left = threading.Semaphore(CALLS)

    def serve(n: int) -> None:
        with requests.Session() as session:
            session.headers.update(clerks[n])
            where = [f"{hubs.urls[(n + k) % HUBS]}/api/v1" for k in range(HUBS)]
            opened = session.post(f"{where[0]}/counters/{n + 1}/open", timeout=60)
            assert opened.status_code == 200, opened.text
            turn = 0
            while left.acquire(blocking=False):
                turn += 1
                answer = session.post(f"{where[turn % HUBS]}/counters/{n + 1}/call-next", timeout=60)
                assert answer.status_code == 200, answer.text
                called.append(answer.json()["label"])
                done = session.post(f"{where[(turn + 1) % HUBS]}/tickets/{answer.json()['id']}/finish", timeout=60)
                assert done.status_code == 200, done.text

    together(*[lambda n=n: serve(n) for n in range(CLIENTS)])
    assert len(called) == len(set(called)) == CALLS


@pytest.mark.timeout(240)
def test_a_retry_storm_over_all_hubs_makes_one_ticket(hubs: Hubs, kiosk: dict[str, str]) -> None:
    body = order(1)
    answers: list[tuple[int, str]] = []

    def press(n: int) -> None:
        answer = requests.post(f"{hubs.urls[n % HUBS]}/api/v1/tickets", json=body, headers=kiosk, timeout=60)
        answers.append((answer.status_code, answer.json()["label"]))

    together(*[lambda n=n: press(n) for n in range(50)])
    assert len({label for _, label in answers}) == 1
    assert sorted(code for code, _ in answers) == [200] * 49 + [201]


@pytest.mark.timeout(240)
def test_a_stream_of_one_hub_tells_what_happened_at_the_others_in_order(hubs: Hubs, kiosk: dict[str, str]) -> None:
    bodies = [order(n) for n in range(20)]
    wanted = [body["id"] for body in bodies]
    heard: list[tuple[int, str]] = []
    listening, complete = threading.Event(), threading.Event()

    def listen() -> None:
        with requests.get(f"{hubs.urls[0]}/api/v1/events", headers=kiosk, stream=True, timeout=60) as stream:
            number = 0
            for line in stream.iter_lines():
                if line.startswith(b"event: snapshot"):
                    listening.set()
                elif line.startswith(b"id: "):
                    number = int(line.rpartition(b"-")[2])
                elif line.startswith(b"data: ") and listening.is_set() and b'"label"' in line:
                    data = json.loads(line[6:])
                    if "verb" in data:
                        heard.append((number, data["id"]))
                if set(wanted) <= {ticket for _, ticket in heard}:
                    complete.set()
                    return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert listening.wait(60)
    for n, body in enumerate(bodies):
        url = f"{hubs.urls[n % HUBS]}/api/v1/tickets"
        requests.post(url, json=body, headers=kiosk, timeout=60).raise_for_status()
    assert complete.wait(60), "an event of another hub did not come"
    thread.join(60)
    numbers = [number for number, _ in heard]
    assert numbers == sorted(set(numbers)), "told out of order, or twice"
    assert [ticket for _, ticket in heard if ticket in wanted] == wanted
