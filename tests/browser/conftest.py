"""Debian's Chromium before a hub with the real texts and the real catalogue."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from branch.options import BranchOptions
from kiosk.engine.clock import SimulatedClock, parse_time
from kiosk.wiring import places
from tests.branch.conftest import MORNING, Hub

SLOW_MS = 60_000
"""How long a page may take on a machine with other work; no test rests on it."""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=SLOW_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(parse_time(MORNING))


@pytest.fixture
def make_hub(tmp_path: Path, clock: SimulatedClock) -> Iterator[Callable[..., Hub]]:
    hubs: list[Hub] = []

    def make(port: int = 0, **options: Any) -> Hub:
        words = {language: places.texts(language, "branch") for language in ("zh", "en")}
        told = BranchOptions(words=words, fonts=places.assets() / "fonts", **options)
        hubs.append(Hub(tmp_path, clock, told, places.catalogue(), port))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()


@pytest.fixture
def hub(make_hub: Callable[..., Hub]) -> Hub:
    return make_hub()


class Complaints:
    """What a page should never do: break its own policy, raise an error, ask another host for anything."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.found: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("pageerror", self._error)
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("request", self._request)

    def _error(self, error: Error) -> None:
        self.found.append(f"error: {error}")

    def _dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            self.found.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._url):
            self.found.append(f"foreign: {request.url}")


@pytest.fixture
def new_page(browser: Browser, hub: Hub) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    complaints = Complaints(hub.url)

    def make(width: int = 1440, height: int = 900, beside: Page | None = None) -> Page:
        if beside is None:
            contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        context = beside.context if beside else contexts[-1]
        page = context.new_page()
        page.set_default_timeout(SLOW_MS)
        complaints.watch(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints.found == []
