"""Steering the simulated printer: JSON for programs, a page with buttons for people, nothing for strangers."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from drivers.sim.printer import Make, SimPrinter
from drivers.sim.printer_control import PrinterControl

TIMEOUT = 5


@pytest.fixture
def sim(tmp_path: Path, tree: Path) -> Iterator[SimPrinter]:
    printer = SimPrinter(tmp_path, tree / "assets" / "fonts" / "NotoSansSC-Regular.ttf", make=Make(speed=0)).start()
    yield printer
    printer.stop()


@pytest.fixture
def control(sim: SimPrinter) -> Iterator[str]:
    server = PrinterControl(sim)
    yield server.url
    server.stop()


def test_a_condition_is_set_and_cleared(sim: SimPrinter, control: str) -> None:
    answer = requests.post(f"{control}/condition", json={"condition": "paper-out"}, timeout=TIMEOUT)
    assert answer.status_code == 200
    assert answer.json()["condition"] == sim.present == "paper-out"
    assert requests.post(f"{control}/clear", timeout=TIMEOUT).json()["condition"] == "ready"
    assert requests.get(f"{control}/state", timeout=TIMEOUT).json()["url"] == sim.url


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ('{"condition": "on-fire"}', "known are"),
        ('{"condition": 3}', "give"),
        ('{"condition": "silent", "after": -1}', "number of bytes"),
        ("[]", "JSON object"),
        ("{", "Expecting"),
        ("\xff", "codec"),
    ],
)
def test_wrong_input_is_told(control: str, body: str, hint: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{control}/condition", data=body.encode("latin-1"), headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 422
    assert hint in answer.json()["error"]


def test_a_long_body_and_a_wrong_path_are_refused(control: str) -> None:
    assert requests.post(f"{control}/condition", data=b"x" * 5000, timeout=TIMEOUT).status_code == 413
    assert requests.post(f"{control}/explode", json={}, timeout=TIMEOUT).status_code == 404
    assert requests.get(f"{control}/papers/../../etc/passwd", timeout=TIMEOUT).status_code == 404
    assert requests.get(f"{control}/papers/%2e%2e/state", timeout=TIMEOUT).status_code == 404


def test_who_sends_far_too_much_still_reads_why_it_is_refused(control: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(control).netloc, timeout=30)
    connection.request("POST", "/condition", b"x" * (6 << 20))
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (413, {"error": "give a body of at most 4 KB"})
    connection.close()


def test_papers_can_be_fetched(sim: SimPrinter, control: str) -> None:
    sim.body.receive(b"hello\n\x1dVB\x00", None)
    sim.wait_for_paper(1)
    [paper] = requests.get(f"{control}/papers", timeout=TIMEOUT).json()
    assert (paper["n"], paper["text"]) == (1, "hello\n")
    picture = requests.get(control + paper["png"], timeout=TIMEOUT)
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_the_panel_has_a_button_for_each_condition_and_a_strict_policy(sim: SimPrinter, control: str) -> None:
    page = requests.get(control, timeout=TIMEOUT)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert 'value="cutter-fault"' in page.text
    assert "<script" not in page.text
    form = {"condition": "cover-open"}
    answer = requests.post(
        f"{control}/condition", data=form, headers={"Origin": control}, allow_redirects=False, timeout=TIMEOUT
    )
    assert answer.status_code == 303
    assert sim.present == "cover-open"


def test_another_page_cannot_press_the_buttons(sim: SimPrinter, control: str) -> None:
    for headers in ({"Origin": "http://evil.example"}, {}):
        answer = requests.post(f"{control}/condition", data={"condition": "silent"}, headers=headers, timeout=TIMEOUT)
        assert answer.status_code == 403
    plain = requests.post(
        f"{control}/condition", data='{"condition": "silent"}', headers={"Content-Type": "text/plain"}, timeout=TIMEOUT
    )
    assert plain.status_code == 415
    assert sim.present == "ready"
