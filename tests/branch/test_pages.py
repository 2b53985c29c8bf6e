"""The pages carry a strict policy, no foreign host, no inline code; what people typed is text on them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from branch.pages.render import TEMPLATES
from tests.branch.conftest import Hub
from tests.branch.test_auth import sign_in

STATIC = TEMPLATES.parent / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"


@pytest.mark.parametrize("path", ["/console", "/supervisor", "/board", "/t/x", "/static/console.js", "/api/v1/state"])
def test_every_answer_carries_the_policy(hub: Hub, path: str) -> None:
    answer = requests.get(hub.url + path, timeout=20)
    assert answer.headers["Content-Security-Policy"].startswith(POLICY)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("file", sorted([*STATIC.iterdir(), *TEMPLATES.iterdir()]), ids=lambda file: file.name)
def test_no_page_or_script_names_a_host_or_writes_markup(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"(?:src|href|url\(|fetch\(|import .* from )\W*(?:https?:)?//", text)
    assert "innerHTML" not in text
    assert not re.search(r"\son\w+=|style=|javascript:", text), "inline code and styles are against the policy"
    assert "|safe" not in text
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script


def test_a_name_with_markup_in_it_is_text(hub: Hub) -> None:
    name = "<script>alert(1)</script>"
    hub.person("clerk", name, "2468")
    cookies = sign_in(hub, name, "2468").cookies
    html = requests.get(f"{hub.url}/console", cookies=cookies, timeout=20).text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "<script>alert" not in sign_in(hub, name, "wrong").text


def test_a_page_is_chinese_until_somebody_asks(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(words={"zh": {"sign-in.title": "登录"}, "en": {"sign-in.title": "Sign in"}})
    with requests.Session() as page:
        assert '<html lang="zh-CN">' in page.get(f"{hub.url}/console", timeout=20).text
        assert "Sign in" in page.get(f"{hub.url}/console?lang=en", timeout=20).text
        assert '<html lang="en">' in page.get(f"{hub.url}/console", timeout=20).text, "the choice is kept"
        assert '<html lang="zh-CN">' in page.get(f"{hub.url}/console?lang=zh", timeout=20).text


def test_a_slips_status_page_says_where_its_holder_stands(make_hub: Callable[..., Hub]) -> None:
    words = {"status.ahead": "前面 {n} 人", "status.called": "请到 {n} 号窗口"}
    hub = make_hub(public_url="https://status.example", words={"zh": words})
    hub.take()
    order = hub.order()
    address = hub.kiosk.post("/tickets", order).body["status_url"].removeprefix("https://status.example")
    assert "前面 1 人" in requests.get(hub.url + address, timeout=20).text
    hub.clerk.post("/counters/3/open")
    hub.clerk.post("/counters/3/call", {"label": "B002"})
    assert "请到 3 号窗口" in requests.get(hub.url + address, timeout=20).text
    assert requests.get(f"{hub.url}/t/{'a' * 22}", timeout=20).status_code == 404


def test_without_a_public_address_there_is_no_status_page(hub: Hub) -> None:
    hub.take()
    assert requests.get(f"{hub.url}/t/", timeout=20).status_code == 404
    assert requests.get(f"{hub.url}/t/x", timeout=20).status_code == 404


def test_a_test_clock_is_said(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(test_clock=True)
    assert requests.get(f"{hub.url}/healthz", timeout=20).json()["clock"] == "test clock"
    assert hub.state(hub.board)["test_clock"] is True
