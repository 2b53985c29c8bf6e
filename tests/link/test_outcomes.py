"""What the links say when a peer misbehaves: `ambiguous` exactly when a byte of the request may have arrived."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from time import monotonic
from typing import Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.engine.ports import Away, Done, Lobby, Rejected, RequestOrder, Sealed, TicketAnswer, TicketOrder, Wait
from kiosk.link.branch import HubLink
from kiosk.link.central import CentreLink
from kiosk.link.http import LARGEST_ANSWER, Times
from tests.link.faults import FaultServer, hangs_up, problem, raw, read_request, resets, says

BUDGET_S = 2.0
"""Enough for a peer that answers, however busy the machine."""

SHORT_S = 0.4
PATIENCE_S = 3.0
"""No call with the short budget may take this long: far more than it needs, far less than the peer drags on."""

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(ZONE)


def ticket() -> TicketOrder:
    return TicketOrder(str(uuid4()), "B1", "zh", "K1", 1, now())


def request() -> RequestOrder:
    return RequestOrder(str(uuid4()), "A4", "typed", ("correct",), Sealed("k", "a", "AAAA"), now())


ISSUED = (
    '{"id": "6b1b36cb-6ad4-4d5f-9a5e-111111111111", "label": "B012", "service": "B1", "state": "reserved",'
    ' "ahead": 3, "wait": {"low_s": 600, "high_s": 1200}, "business_date": "2026-11-22", "status_url": null}'
)


class Against(Protocol):
    """Opens links to an address."""

    def __call__(self, url: str, budget_s: float = BUDGET_S) -> "Both": ...


class Both:
    """The two links against one peer: every outcome is the same for a ticket and for a request."""

    def __init__(self, url: str, budget_s: float = BUDGET_S) -> None:
        self.hub = HubLink(url, "token", budget_s, now)
        times = Times(connect=budget_s, read=budget_s, whole=budget_s)
        self.centre = CentreLink(url, "key", Ed25519PrivateKey.generate(), now, times=times)

    def outcomes(self) -> list[object]:
        return [
            self.hub.take(ticket()),
            self.hub.report(ticket(), "B501", "process-id"),
            self.hub.confirm(str(uuid4()), "barrier"),
            self.hub.void(str(uuid4()), "no-paper"),
            self.hub.help("K1", "welcome"),
            self.centre.submit(request()),
            self.centre.settle(str(uuid4())),
        ]

    def close(self) -> None:
        self.hub.close()
        self.centre.close()


@pytest.fixture
def against() -> Iterator[Against]:
    opened: list[Both] = []

    def open_links(url: str, budget_s: float = BUDGET_S) -> Both:
        opened.append(Both(url, budget_s))
        return opened[-1]

    yield open_links
    for both in opened:
        both.close()


@pytest.fixture
def peer() -> Iterator[FaultServer]:
    server = FaultServer(hangs_up)
    yield server
    server.close()


def test_a_refused_connection_is_not_ambiguous(against: Against) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert against(f"http://127.0.0.1:{port}").outcomes() == [Away(ambiguous=False)] * 7


def test_a_connection_that_never_comes_is_not_ambiguous(against: Against) -> None:
    # The accept queue of one is full, so that further SYNs are dropped, as by a host that is switched off.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        start = monotonic()
        answer = against(f"http://127.0.0.1:{full.getsockname()[1]}", SHORT_S).hub.take(ticket())
        assert answer == Away(ambiguous=False)
        assert monotonic() - start < PATIENCE_S
        for filler in fillers:
            filler.close()


def test_an_unknown_host_and_a_foreign_tls_are_not_ambiguous(against: Against, peer: FaultServer) -> None:
    assert against("http://no-such-host.invalid").hub.take(ticket()) == Away(ambiguous=False)
    peer.deed = raw(b"this is no TLS")
    assert against(peer.url.replace("http:", "https:")).hub.take(ticket()) == Away(ambiguous=False)


@pytest.mark.parametrize(
    "deed",
    [
        resets,
        hangs_up,
        raw(b"\x00\x01\x02garbage\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300),
        says("200 OK", "<html>Please sign in to this network</html>", "text/html"),
        says("200 OK", '{"label": 7}', "text/html"),
        says("302 Found", "", "text/html", "Location: http://portal.test/"),
        says("500 Internal Server Error", "{}"),
        says("502 Bad Gateway", "<html>", "text/html"),
        says("404 Not Found", "<html>", "text/html"),
        says("403 Forbidden", '{"code": "x"}'),
        says("409 Conflict", "not json", "application/problem+json"),
        says("409 Conflict", '{"code":"c","title":"t","status":404}', "application/problem+json"),
        problem(500, "internal"),
    ],
)
def test_after_bytes_went_out_it_is_ambiguous(
    against: Against, peer: FaultServer, deed: Callable[[socket.socket, bytes], None]
) -> None:
    peer.deed = deed
    assert against(peer.url).outcomes() == [Away(ambiguous=True)] * 7


@pytest.mark.parametrize("how", ["stays_silent", "trickles", "trickles_body"])
def test_a_slow_peer_ends_with_the_budget_and_is_ambiguous(against: Against, peer: FaultServer, how: str) -> None:
    peer.deed = getattr(peer, how)
    start = monotonic()
    assert against(peer.url, SHORT_S).outcomes() == [Away(ambiguous=True)] * 7
    assert monotonic() - start < PATIENCE_S * 7


def test_an_answer_without_end_is_cut(against: Against, peer: FaultServer) -> None:
    peer.deed = raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST_ANSWER + 1))
    assert against(peer.url).hub.take(ticket()) == Away(ambiguous=True)


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "malformed"), (403, "device-suspended"), (404, "not-found"), (409, "label-taken"), (422, "key-reused")],
)
def test_a_problem_of_our_server_is_a_no(against: Against, peer: FaultServer, status: int, code: str) -> None:
    peer.deed = problem(status, code)
    assert against(peer.url).outcomes() == [Rejected(code, status)] * 7


def test_retry_after_is_passed_on(against: Against, peer: FaultServer) -> None:
    peer.deed = problem(429, "slow-down", "Retry-After: 17")
    assert against(peer.url).centre.submit(request()) == Rejected("slow-down", 429, "17")
    peer.deed = problem(503, "unavailable", "Retry-After: Sun, 22 Nov 2026 14:00:00 GMT")
    assert against(peer.url).hub.take(ticket()) == Away(ambiguous=True, retry_after="Sun, 22 Nov 2026 14:00:00 GMT")


def test_a_ticket_is_read_and_a_replay_known(against: Against, peer: FaultServer) -> None:
    peer.deed = says("200 OK", ISSUED, "application/json", "Idempotent-Replayed: true")
    answer = against(peer.url).hub.take(ticket())
    wanted = TicketAnswer(
        "6b1b36cb-6ad4-4d5f-9a5e-111111111111", "B012", "reserved", 3, Wait(600, 1200), "2026-11-22", None, True
    )
    assert answer == wanted
    assert b"authorization: bearer token" in peer.requests[0].lower()
    assert b'"priority": null' in peer.requests[0]


def test_an_emergency_ticket_carries_its_label(against: Against, peer: FaultServer) -> None:
    peer.deed = says("201 Created", ISSUED)
    against(peer.url).hub.report(ticket(), "B501", "process-id")
    assert b'"label": "B501", "printed": "process-id"' in peer.requests[0]


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "204 No Content"])
def test_a_confirmation_is_done(against: Against, peer: FaultServer, status: str) -> None:
    peer.deed = says(status, "{}" if status[0:3] != "204" else "")
    assert against(peer.url).hub.confirm("x", "barrier") == Done()


def test_the_lobby_is_read_or_away(against: Against, peer: FaultServer) -> None:
    state = (
        '{"epoch": 1, "seq": 5, "now": "x", "business_date": "x", "open": true, "waiting_total": 7,'
        ' "wait": {"low_s": 60, "high_s": 120}, "counters": [], "waiting": {}, "waiting_by_category": {},'
        ' "calls": [], "help": [], "kiosks": []}'
    )
    peer.deed = says("200 OK", state)
    hub = against(peer.url).hub
    assert hub.lobby() == Lobby(7, Wait(60, 120), True)
    for deed in (says("200 OK", "{}"), says("500 X", state), problem(401, "token-missing"), resets):
        peer.deed = deed
        assert isinstance(hub.lobby(), Away)


def test_a_kept_connection_is_used_again(against: Against) -> None:
    ports: set[int] = set()

    def serve(listening: socket.socket) -> None:
        line, address = listening.accept()
        ports.add(address[1])
        with line:
            for _ in range(3):
                read_request(line)
                line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        hub = against(f"http://127.0.0.1:{listening.getsockname()[1]}").hub
        assert [hub.void("x", "y") for _ in range(3)] == [Done()] * 3
        thread.join()
    assert len(ports) == 1


def test_a_request_that_cannot_be_said_is_refused_here(against: Against, peer: FaultServer) -> None:
    order = RequestOrder("no-uuid", "A4", "typed", (), Sealed("k", "a", "AAAA"), now())
    assert against(peer.url).centre.submit(order) == Rejected("malformed", 400)
    assert peer.requests == []


def test_no_repr_shows_key_or_token(against: Against, peer: FaultServer) -> None:
    both = against(peer.url)
    shown = f"{both.centre!r} {both.hub!r} {both.centre.__dict__!r}"
    assert "PrivateKey" not in shown
    assert "Bearer" not in shown
