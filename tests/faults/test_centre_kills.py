"""The centre is killed with SIGKILL under load, and started again: what it acknowledged it holds, once and alike."""

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.link.models.central import DeviceConfig
from tests.central.world import BRANCH, Clock, Device, World, content, said
from tests.faults.forked import Forked, Forks
from tests.faults.processes import until

KILLS = int(os.environ.get("KIOSK_KILLS", "20"))
"""`make nightly` kills two hundred times."""
SENDERS = 4
FRESH = 6
"""Requests that each life brings, beside those that no answer came for."""


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()


@pytest.mark.timeout(300 + 20 * KILLS)
def test_killed_under_load_nothing_acknowledged_is_lost_and_nothing_doubled(tmp_path: Path, forks: Forks) -> None:
    random, answered, orders = Random(20261125), dict[str, str](), list[dict[str, Any]]()
    process, url = served(tmp_path, forks, 0)
    device = enrolled(tmp_path, url)
    unanswered_at_a_kill = 0
    for life in range(1, KILLS + 1):
        orders += [order_of(device, (life - 1) * FRESH + n) for n in range(FRESH)]
        # All that has no answer, and some that have one: they must be answered alike.
        again = random.sample(orders, min(len(orders), 4))
        missing = [order for order in orders if order["client_request_id"] not in answered]
        senders = storm(device, [*missing, *again], answered)
        wanted = len(answered) + random.randrange(1, FRESH)
        until(lambda: len(answered) >= wanted or not any(t.is_alive() for t in senders), "an answer")  # noqa: B023
        assert process.end(signal.SIGKILL) == -signal.SIGKILL
        for sender in senders:
            sender.join()
        unanswered_at_a_kill += len(orders) - len(answered)
        process, device.world.url = served(tmp_path, forks, life)
    for sender in storm(device, orders, answered):
        sender.join()
    assert process.end(signal.SIGTERM) == 0
    device.world.http.close()
    assert unanswered_at_a_kill, "no kill came in the middle of anything"
    assert len(answered) == len(orders) == KILLS * FRESH
    assert held(tmp_path) == answered


def served(folder: Path, forks: Forks, life: int) -> tuple[Forked, str]:
    """The service and its address, once it answers."""
    spoken = folder / f"said-{life}"
    process = forks.start(spoken, "central", "--state", folder / "state", "--listen", "127.0.0.1:0")

    def ready() -> list[str]:
        assert process.code() is None, spoken.read_text("utf-8")
        lines = spoken.read_text("utf-8").splitlines(keepends=True) if spoken.exists() else []
        return [line for line in lines if line.startswith('{"ready"') and line.endswith("\n")]

    return process, str(json.loads(until(ready, "the centre")[0])["url"])


def enrolled(folder: Path, url: str) -> Device:
    claim = said(folder / "state", "claim", "--branch", BRANCH)["claim_code"]
    world = World(server=None, clock=Clock(), folder=folder, url=url)  # type: ignore[arg-type]
    key = Ed25519PrivateKey.generate()
    told = world.enrol(claim, key).json()
    return Device(world, told["device_id"], told["key_id"], key, DeviceConfig.model_validate(told["config"]))


def order_of(device: Device, number: int) -> dict[str, Any]:
    return {**device.order(content(number % 900)), "consents": ["correct", "entrust", "sensitive"]}


def storm(device: Device, orders: list[dict[str, Any]], answered: dict[str, str]) -> list[threading.Thread]:
    """Send each once, several at a time; a sender ends with its first that the dead service leaves unanswered."""

    def send(mine: list[dict[str, Any]]) -> None:
        for order in mine:
            try:
                answer = device.submit(order)
            except httpx.TransportError:
                return
            reference = answer.json().get("reference", answer.text)
            if answered.setdefault(order["client_request_id"], reference) != reference:
                answered[order["client_request_id"]] = f"answered in two ways: {reference}"

    senders = [threading.Thread(target=send, args=(orders[n::SENDERS],)) for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    return senders


def held(folder: Path) -> dict[str, str]:
    """What stands in the database: one row a request."""
    with closing(sqlite3.connect(folder / "state" / "central.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT client_request_id, reference FROM requests").fetchall()
    found = {str(UUID(name)): reference for name, reference in rows}
    assert len(found) == len(rows)
    return found
