"""A branch whose network lets nothing out but through a proxy: the kiosk enrols and hands in through it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from central.authority import fingerprint
from kiosk.engine.ports import Away, RequestAnswer, RequestOrder
from kiosk.link.authority import fetch_authority
from kiosk.link.http import Answer, Peer, Times
from kiosk.link.proxy import proxy_for
from kiosk.ops.enrolment import Identity, enrol
from tests.central.test_tls import certificate
from tests.central.world import BRANCH, ZONE, World, close_world, content, open_world

TIMES = Times(10, 30, 60)


class Proxy:
    """Answers CONNECT as told, and then passes bytes on; `asked` are the hosts that were asked for."""

    def __init__(self, says: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self._says = says
        self.asked: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with suppress(OSError), near:
            head = b""
            while b"\r\n\r\n" not in head:
                head += near.recv(4096)
            method, target, _ = head.decode("ascii").split(" ", 2)
            self.asked.append(f"{method} {target}")
            near.sendall(self._says)
            if b" 200 " not in self._says:
                return
            host, _, port = target.rpartition(":")
            with socket.create_connection((host, int(port))) as far:
                back = threading.Thread(target=_pass, args=(far, near), daemon=True)
                back.start()
                _pass(near, far)
                back.join(30)


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    cert, key = certificate(tmp_path)
    world = open_world(tmp_path, cert=cert, key=key)
    yield world, cert
    close_world(world)


def test_enrolled_and_handed_in_through_the_proxy_and_never_past_it(
    secure: tuple[World, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, cert = secure
    proxy = Proxy()
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    identity = enrol(world.url, world.server.claim(BRANCH), tmp_path / "kiosk", {}, str(cert))
    assert isinstance(identity, Identity), identity
    link = identity.link(lambda: datetime.now(ZONE), TIMES)
    try:
        request = "018f0000-0000-7000-8000-000000000000"
        sealed = identity.sealer().seal(request, "A4", repr(content()).replace("'", '"').encode())
        order = RequestOrder(request, "A4", "typed", ("correct", "sensitive"), sealed, datetime.now(ZONE))
        answer = link.submit(order)
        assert isinstance(answer, RequestAnswer), answer
    finally:
        link.close()
        proxy.close()
    target = world.url.removeprefix("https://")
    assert proxy.asked == [f"CONNECT {target}"] * 2, "one line for enrolling, one kept for all that follows"


@pytest.mark.parametrize(
    "says", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 503 Busy\r\n\r\n", b""]
)
def test_a_proxy_that_refuses_leaves_nothing_in_doubt(says: bytes) -> None:
    proxy = Proxy(says)
    peer = Peer("https://centre.invalid", TIMES, proxy=proxy.url)
    try:
        assert peer.call("POST", "/api/v1/requests", {}, b"{}") == Away(ambiguous=False)
        assert set(proxy.asked) == {"CONNECT centre.invalid:443"}, "names are the proxy's to look up"
    finally:
        peer.close()
        proxy.close()
    gone = Peer("https://centre.invalid", TIMES, proxy=proxy.url)
    assert gone.call("POST", "/api/v1/requests", {}, b"{}") == Away(ambiguous=False)
    gone.close()


def test_the_authority_is_fetched_through_it_too(secure: tuple[World, Path]) -> None:
    world, cert = secure
    proxy = Proxy()
    text = cert.read_text("ascii")
    assert fetch_authority(world.url, fingerprint(text), proxy.url).strip() in text
    assert len(proxy.asked) == 1
    proxy.close()


def test_a_plain_trial_and_what_is_excepted_go_straight(secure: tuple[World, Path]) -> None:
    said = {"HTTPS_PROXY": "http://192.0.2.9:3128", "NO_PROXY": "localhost,127.0.0.1"}
    assert proxy_for("https://centre.example", said) == "http://192.0.2.9:3128"
    assert proxy_for("https://centre.example:8443/x", {"https_proxy": "http://192.0.2.9:3128"}) != ""
    assert proxy_for("http://centre.example", said) == ""
    assert proxy_for("https://127.0.0.1:8720", said) == ""
    assert proxy_for("https://centre.example", {"HTTPS_PROXY": "nonsense"}) == ""
    assert proxy_for("https://centre.example", {}) == ""
    world, cert = secure
    peer = Peer(world.url, TIMES, str(cert), proxy_for(world.url, said))
    answer = peer.call("GET", "/healthz", {})
    assert isinstance(answer, Answer)
    assert answer.status == 200
    peer.close()
