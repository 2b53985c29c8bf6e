"""A name server that hangs holds up nobody: the deadline of a call counts the look-up too."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from kiosk.engine.ports import Away
from kiosk.link.http import Answer, Peer, Times
from kiosk.link.lookup import Lookup
from tests.link.faults import FaultServer, says


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The system's resolver, which answers once the event is set."""
    answers, real = threading.Event(), socket.getaddrinfo

    def resolve(host: str, *rest: object, **more: object) -> object:
        answers.wait(60)
        return real("127.0.0.1", *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("kiosk.link.lookup.socket.getaddrinfo", resolve)
    yield answers
    answers.set()


def test_a_call_ends_though_the_name_server_never_answers(hanging: threading.Event) -> None:
    peer = Peer("http://centre.test:9", Times(0.2, 0.2, 0.5))
    began = time.monotonic()
    assert peer.call("GET", "/", {}) == Away(ambiguous=False)
    assert not hanging.is_set()
    assert time.monotonic() - began < 30, "it did not wait for the name server"
    assert [thread.name for thread in threading.enumerate()].count("lookup") == 1
    peer.call("GET", "/", {})
    assert [thread.name for thread in threading.enumerate()].count("lookup") == 1, "one look-up a name at a time"
    peer.close()


def test_the_last_good_answer_stands_in_for_a_late_one(hanging: threading.Event) -> None:
    hanging.set()
    lookup = Lookup()
    assert lookup.addresses("centre.test", 80, 30) == ("127.0.0.1",)
    hanging.clear()
    assert lookup.addresses("centre.test", 80, 0.01) == ("127.0.0.1",)


def test_an_address_needs_no_look_up(hanging: threading.Event) -> None:
    assert Lookup().addresses("127.0.0.1", 80, 0) == ("127.0.0.1",)
    assert Lookup().addresses("[::1]", 80, 0) == ("::1",)
    assert not hanging.is_set()


def test_a_name_is_called_by_its_address_and_asked_for_by_its_name() -> None:
    server = FaultServer(says("200 OK", "{}", "application/json"))
    port = server.url.rsplit(":", 1)[1]
    peer = Peer(f"http://localhost:{port}", Times(5, 5, 20))
    assert isinstance(peer.call("GET", "/", {}), Answer)
    assert f"localhost:{port}".encode() in server.requests[0]
    peer.close()
    server.close()


def test_an_unknown_name_is_away_at_once() -> None:
    with pytest.raises(OSError, match="gaierror"):
        Lookup().addresses("no-such-host.invalid", 80, 30)
