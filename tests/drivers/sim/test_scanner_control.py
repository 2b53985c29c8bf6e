"""Steering the simulated scanner over HTTP, as the panel and `kiosk sim` do."""

import http.client
import json
import os
import select
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from drivers.sim.scanner import SimScanner
from drivers.sim.scanner_control import ScannerControl


class Panel:
    """A simulated scanner, its control server, and a reader at the kiosk's end of the line."""

    def __init__(self) -> None:
        self.sim = SimScanner()
        self.control = ScannerControl(self.sim)
        self.fd = os.open(self.sim.url.removeprefix("serial://").partition("?")[0], os.O_RDWR | os.O_NOCTTY)

    def ask(self, method: str, path: str, body: object = None, kind: str = "application/json") -> tuple[int, Any]:
        connection = http.client.HTTPConnection(urlsplit(self.control.url).netloc, timeout=10)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data if method == "POST" else None, {"Content-Type": kind})
        response = connection.getresponse()
        answer = response.status, json.loads(response.read())
        connection.close()
        return answer

    def line(self) -> bytes:
        got = b""
        while select.select([self.fd], [], [], 0.3)[0]:
            got += os.read(self.fd, 4096)
        return got

    def close(self) -> None:
        self.control.close()
        os.close(self.fd)
        self.sim.close()


@pytest.fixture
def panel() -> Iterator[Panel]:
    one = Panel()
    yield one
    one.close()


def test_scanning_from_outside(panel: Panel) -> None:
    assert panel.ask("POST", "/scan", {"text": "鄂L7K3B9", "aim": "]Q1"}) == (200, {"sent": True})
    assert panel.line() == "]Q1鄂L7K3B9\r".encode()
    assert panel.ask("POST", "/scan", {"hex": "fffe", "terminator": "\r\n"}) == (200, {"sent": True})
    assert panel.line() == b"\xff\xfe\r\n"
    assert panel.ask("GET", "/")[1]["sent"] == 2


def test_conditions_from_outside(panel: Panel) -> None:
    assert panel.ask("POST", "/condition", {"condition": "silent"})[1]["condition"] == "silent"
    assert panel.ask("POST", "/scan", {"text": "A"}) == (200, {"sent": False})
    assert panel.ask("POST", "/condition", {"condition": "offline"})[0] == 200
    assert panel.ask("POST", "/scan", {"text": "A"}) == (200, {"sent": False})
    assert panel.ask("POST", "/condition", {"condition": "ready"})[1]["condition"] == "ready"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/condition", {"condition": "paper-out"}, 422),
        ("/condition", {"condition": 3}, 422),
        ("/scan", {}, 422),
        ("/scan", {"hex": "xy"}, 422),
        ("/scan", [], 422),
        ("/scan", b"{", 422),
        ("/other", {}, 404),
        ("/scan", b" " * (1 << 21), 413),
    ],
)
def test_wrong_input_is_answered_in_one_sentence(panel: Panel, path: str, body: object, code: int) -> None:
    status, answer = panel.ask("POST", path, body)
    assert status == code
    assert answer["error"]


def test_a_web_page_cannot_steer_it(panel: Panel) -> None:
    assert panel.ask("POST", "/scan", {"text": "A"}, kind="text/plain")[0] == 415
    assert panel.ask("GET", "/elsewhere")[0] == 404
    assert panel.line() == b""


def test_a_person_steers_it_by_a_page_without_script(panel: Panel) -> None:
    own = {"Origin": panel.control.url}
    page = requests.get(f"{panel.control.url}/panel", timeout=30)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert 'value="lost-mid-job"' in page.text
    assert requests.get(panel.control.url, headers={"Accept": "text/html,*/*"}, timeout=30).text == page.text
    assert "<script" not in page.text
    scanned = requests.post(f"{panel.control.url}/scan", data={"text": "鄂L7K3B9"}, headers=own, timeout=30)
    assert (scanned.url, scanned.status_code) == (f"{panel.control.url}/panel", 200)
    assert panel.line() == "鄂L7K3B9\r".encode()
    requests.post(f"{panel.control.url}/condition", data={"condition": "silent"}, headers=own, timeout=30)
    assert panel.sim.present == "silent"
    wrong = requests.post(f"{panel.control.url}/condition", data={"condition": "<b>"}, headers=own, timeout=30)
    assert wrong.status_code == 422
    assert requests.get(f"{panel.control.url}/panel.css", timeout=30).headers["Content-Type"].startswith("text/css")


def test_another_page_cannot_press_its_buttons(panel: Panel) -> None:
    for headers in ({"Origin": "http://evil.example"}, {}):
        answer = requests.post(f"{panel.control.url}/scan", data={"text": "A"}, headers=headers, timeout=30)
        assert answer.status_code == 403
    assert panel.line() == b""
