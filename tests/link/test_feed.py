"""The lobby follows the hub's feed; without one it is asked now and then, and a hub that is lost is told once."""

import json
import queue
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kiosk.engine.ports import Away, Lobby
from kiosk.link.branch import HubLink
from kiosk.link.feed import LobbyFeed, Pace
from tests.link.faults import FaultServer, problem, says

PATIENCE_S = 20.0
QUICK = Pace(silence=60.0, poll=60.0, again=0.05, settle=0.0)


class Hall:
    """A hub with a feed that the test feeds."""

    def __init__(self) -> None:
        self.waiting = 3
        self.stir = threading.Semaphore(0)
        self.places: list[str] = []
        self.silent = False
        self.chunked = False
        self.server = FaultServer(self._deed)
        self.seq = 0

    def happens(self, waiting: int) -> None:
        self.waiting = waiting
        self.stir.release()

    def _deed(self, line: socket.socket, request: bytes) -> None:
        if not request.startswith(b"GET /api/v1/events"):
            state = {
                "epoch": 1, "seq": self.seq, "now": "x", "business_date": "x", "open": True,
                "waiting_total": self.waiting, "wait": None, "counters": [], "waiting": {},
                "waiting_by_category": {}, "calls": [], "help": [], "kiosks": [],
            }  # fmt: skip
            says("200 OK", json.dumps(state))(line, request)
            return
        heads = dict(part.split(b": ", 1) for part in request.split(b"\r\n")[1:] if b": " in part)
        self.places.append(heads.get(b"Last-Event-ID", b"").decode())
        chunked = b"Transfer-Encoding: chunked\r\n" if self.chunked else b""
        line.sendall(b"HTTP/1.1 200 OK\r\n" + chunked + b"Content-Type: text/event-stream\r\n\r\n")
        self._send(line, ": ping\n\n")
        while not self.server.stopped.is_set():
            if self.stir.acquire(timeout=0.05) and not self.silent:
                self.seq += 1
                self._send(line, f"id: 1-{self.seq}\nevent: ticket\ndata: {{}}\n\n")
            if self.silent:
                self.server.stopped.wait(30)

    def _send(self, line: socket.socket, text: str) -> None:
        raw = text.encode()
        line.sendall(b"%x\r\n%s\r\n" % (len(raw), raw) if self.chunked else raw)


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    yield hall
    hall.server.close()


@pytest.fixture
def told() -> queue.Queue[Lobby | Away]:
    return queue.Queue()


def follow(hall: Hall, told: queue.Queue[Lobby | Away], pace: Pace = QUICK) -> LobbyFeed:
    feed = LobbyFeed(HubLink(hall.server.url, "token", 5.0, lambda: datetime.now(UTC)), told.put, pace)
    feed.start()
    return feed


@pytest.mark.parametrize("chunked", [False, True])
def test_the_lobby_is_told_at_once_and_when_something_happens(
    hall: Hall, told: queue.Queue[Lobby | Away], chunked: bool
) -> None:
    hall.chunked = chunked
    feed = follow(hall, told)
    assert told.get(timeout=PATIENCE_S) == Lobby(3, None, True)
    hall.happens(4)
    assert told.get(timeout=PATIENCE_S) == Lobby(4, None, True)
    hall.happens(4)
    hall.happens(5)
    assert told.get(timeout=PATIENCE_S) == Lobby(5, None, True)
    feed.close()
    assert told.empty()


def test_a_silent_feed_is_opened_again_where_it_ended(hall: Hall, told: queue.Queue[Lobby | Away]) -> None:
    feed = follow(hall, told, Pace(silence=1.0, poll=60.0, again=0.05, settle=0.0))
    told.get(timeout=PATIENCE_S)
    hall.happens(9)
    assert told.get(timeout=PATIENCE_S) == Lobby(9, None, True)
    hall.silent = True
    hall.stir.release()
    for _ in range(int(PATIENCE_S / 0.1)):
        if "1-1" in hall.places:
            break
        threading.Event().wait(0.1)
    assert hall.places[0] == ""
    assert "1-1" in hall.places  # on a busy machine it may have been silent for too long before the first event, too
    feed.close()


def test_without_a_feed_the_lobby_is_asked_now_and_then(hall: Hall, told: queue.Queue[Lobby | Away]) -> None:
    polite = hall.server.deed

    def no_feed(line: socket.socket, request: bytes) -> None:
        (problem(404, "not-found") if b"/events" in request.split(b"\r\n")[0] else polite)(line, request)

    hall.server.deed = no_feed
    feed = follow(hall, told, Pace(silence=1.0, poll=0.1, again=0.1, settle=0.0))
    assert told.get(timeout=PATIENCE_S) == Lobby(3, None, True)
    hall.waiting = 8
    assert told.get(timeout=PATIENCE_S) == Lobby(8, None, True)
    feed.close()


def test_a_hub_that_is_lost_is_told_once(hall: Hall, told: queue.Queue[Lobby | Away]) -> None:
    feed = follow(hall, told, Pace(silence=1.0, poll=0.1, again=0.1, settle=0.0))
    assert isinstance(told.get(timeout=PATIENCE_S), Lobby)
    hall.server.close()
    assert isinstance(told.get(timeout=PATIENCE_S), Away)
    feed.close()
    rest = [told.get() for _ in range(told.qsize())]
    assert len(rest) <= 1  # ambiguous at the moment of the cut, refused from then on
