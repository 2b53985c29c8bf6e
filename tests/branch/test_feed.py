"""The event feed: whole state first, then every change in order; resumed by the last id; cheap for many readers."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from branch import feed, wire
from tests.branch.conftest import Hub, Person

Event = tuple[str, str, dict[str, Any]]


class Reader:
    """One open stream, read in a thread of its own."""

    def __init__(self, person: Person, last_id: str | None = None) -> None:
        sent = {"Authorization": f"Bearer {person.token}"}
        if last_id is not None:
            sent["Last-Event-ID"] = last_id
        self._line = HTTPConnection(urlsplit(person.url).netloc, timeout=30)
        self._line.request("GET", "/api/v1/events", headers=sent)
        self._socket = self._line.sock
        self._answer = self._line.getresponse()
        self.headers = self._answer.headers
        self.events: list[Event] = []
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def wait(self, enough: Callable[[list[Event]], bool], seconds: float = 15) -> list[Event]:
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.events), seconds), self.events
            return list(self.events)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self._line.close()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        with suppress(OSError, HTTPException, ValueError):
            while raw := self._answer.readline():
                line = raw.decode().rstrip("\n")
                self.lines.append(line)
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                    continue
                if "data" in fields:
                    with self._changed:
                        self.events.append((fields["event"], fields["id"], json.loads(fields["data"])))
                        self._changed.notify_all()
                fields = {}


@contextmanager
def reading(person: Person, last_id: str | None = None) -> Iterator[Reader]:
    reader = Reader(person, last_id)
    try:
        yield reader
    finally:
        reader.close()


def test_without_an_id_the_first_event_is_the_whole_state(hub: Hub) -> None:
    hub.take()
    with reading(hub.board) as reader:
        assert reader.headers["Content-Type"].startswith("text/event-stream")
        assert reader.headers["Cache-Control"] == "no-store"
        event, event_id, data = reader.wait(lambda events: len(events) >= 1)[0]
        assert event == "snapshot"
        assert event_id == f"{data['epoch']}-{data['seq']}"
        assert data["waiting_total"] == 1
        assert reader.lines[0] == "retry: 2000"


def test_every_change_comes_once_and_in_order(hub: Hub) -> None:
    with reading(hub.board) as reader:
        reader.wait(lambda events: len(events) >= 1)
        ticket = hub.take()
        hub.called(4)
        hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"})
        events = reader.wait(lambda events: events[-1][0] == "kiosk")[1:]
    told = [(event, data["verb"]) for event, _, data in events]
    assert [one for one in told if one[1] != "grant"] == [
        ("ticket", "issue"), ("ticket", "confirm"), ("counter", "open"), ("ticket", "call"), ("kiosk", "help"),
    ]  # fmt: skip
    call = events[3][2]
    assert (call["id"], call["label"], call["state"], call["counter"]) == (ticket["id"], "B001", "called", 4)
    assert [int(one.split("-")[1]) for _, one, _ in events] == sorted(int(one.split("-")[1]) for _, one, _ in events)
    assert "clerk-1" not in str(events), "no names for a board"


def test_staff_hear_who_did_what_at_a_counter(hub: Hub) -> None:
    with reading(hub.clerk) as reader:
        reader.wait(lambda events: len(events) >= 1)
        hub.clerk.post("/counters/4/open")
        event, _, data = reader.wait(lambda events: len(events) >= 2)[1]
        assert (event, data["clerk"], data["state"]) == ("counter", "clerk-1", "open")


def test_a_reader_resumes_where_it_left_off(hub: Hub) -> None:
    with reading(hub.board) as reader:
        last_id = reader.wait(lambda events: len(events) >= 1)[0][1]
    hub.take()
    hub.take("A1")
    with reading(hub.board, last_id) as reader:
        events = reader.wait(lambda events: len(events) >= 4)
        assert [(data["label"], data["verb"]) for _, _, data in events] == [
            ("B001", "issue"), ("B001", "confirm"), ("A001", "issue"), ("A001", "confirm"),
        ]  # fmt: skip
        hub.take("C1")
        assert reader.wait(lambda events: len(events) >= 5)[4][2]["label"] == "C001"


@pytest.mark.parametrize("last_id", ["", "nonsense", "2-1", "1-99999", "-5", "1-", "١-٢", "9" * 40 + "-1"])
def test_an_id_that_is_of_no_use_gives_the_whole_state(hub: Hub, last_id: str) -> None:
    hub.take()
    with reading(hub.board, last_id.encode("utf-8").decode("latin-1")) as reader:
        assert reader.wait(lambda events: len(events) >= 1)[0][0] == "snapshot"


def test_a_reader_who_missed_too_much_gets_the_whole_state(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "REPLAYED", 3)
    for _ in range(2):
        hub.take()
    with reading(hub.board, "1-0") as reader:
        assert reader.wait(lambda events: len(events) >= 1)[0][0] == "snapshot"


def test_a_quiet_line_gets_comments(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PING_S", 0.05)
    with reading(hub.board) as reader:
        deadline = time.monotonic() + 15
        while ": ping" not in reader.lines and time.monotonic() < deadline:
            time.sleep(0.02)
        assert ": ping" in reader.lines


def test_many_readers_hear_the_same_and_are_forgotten_when_they_go(hub: Hub) -> None:
    readers = [Reader(hub.board) for _ in range(30)]
    for reader in readers:
        reader.wait(lambda events: len(events) >= 1)
    hub.take()
    for reader in readers:
        assert reader.wait(lambda events: len(events) >= 3)[1][2]["label"] == "B001"
    for reader in readers:
        reader.close()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        hub.take()  # a hub notices a reader that is gone when it writes
        if requests.get(f"{hub.url}/healthz", timeout=20).json()["streams"] == 0:
            return
    pytest.fail("streams of readers who left stay open")


def test_a_hub_that_stops_ends_its_streams(hub: Hub) -> None:
    with reading(hub.board) as reader:
        reader.wait(lambda events: len(events) >= 1)
        hub.server.stop()
        reader.thread.join(10)
        assert not reader.thread.is_alive()


def test_grants_stay_in_the_log(hub: Hub) -> None:
    with reading(hub.admin) as reader:
        reader.wait(lambda events: len(events) >= 1)
        hub.server.grant("clerk", "somebody", "2468")
        hub.take()
        events = reader.wait(lambda events: len(events) >= 3)
    assert "scrypt" not in str(events)
    assert {event for event, _, _ in events} == {"snapshot", "ticket"}


def test_ids_are_read_back_and_nothing_else_is() -> None:
    assert wire.parse_event_id(wire.event_id(3, 41)) == (3, 41)
    for text in (None, "", "1", "a-b", "1-2-3", "1 - 2", "-1-2"):
        assert wire.parse_event_id(text) is None
