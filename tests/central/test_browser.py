"""The pages in Debian's Chromium: an officer's way by keyboard, a phone without script, nothing cut off or blocked."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.central.world import Device, World, content

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PIN = "4826"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.extend(blocked(request)))
    yield page
    context.close()


def blocked(request: Request) -> list[str]:
    """A request that failed; one that was cut off because its page was left is none."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url} {request.failure}"]


def too_wide(page: Page) -> Any:
    """Elements whose text does not fit, and pages that scroll sideways."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => e.children.length === 0 && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                && getComputedStyle(e).display !== 'inline' && !['OPTION', 'SELECT', 'INPUT'].includes(e.tagName))
            .map(e => e.tagName + ': ' + e.textContent.slice(0, 40))
            .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])"""
    )


def small(page: Page, least: int) -> Any:
    """Buttons and fields that are too small to hit, in pixels."""
    return page.evaluate(
        """least => [...document.querySelectorAll('main button, main input:not([type=hidden]), main select, .phone a')]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < least)
            .map(e => e.outerHTML.slice(0, 80))""",
        least,
    )


def test_an_officer_works_by_keyboard(world: World, page: Page, device: Device, complaints: list[str]) -> None:
    world.server.grant("admin", "赵主管", PIN)
    told = device.submit(device.order(content(377, name="夏侯键盘"))).json()
    page.goto(f"{world.url}/desk")
    page.locator("#name:focus").wait_for()  # the cursor is there already
    page.keyboard.insert_text("赵主管")
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=told["reference"]).focus()
    page.keyboard.press("Enter")
    page.get_by_text("夏侯**").wait_for()
    page.get_by_role("button", name="显示完整信息").focus()
    page.keyboard.press("Enter")
    page.get_by_text("夏侯键盘").wait_for()
    summary = page.locator("summary", has_text="要求补正")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("理由，一行一条").first.fill("请补充驾驶证副页\n请带身份证原件")
    page.get_by_role("button", name="要求补正").focus()
    page.keyboard.press("Enter")
    page.get_by_text("待补正").first.wait_for()
    assert device.call("GET", f"/api/v1/requests/{told['id']}").json()["reasons"] == [
        "请补充驾驶证副页",
        "请带身份证原件",
    ]
    assert complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_and_can_be_hit(
    world: World, page: Page, device: Device, complaints: list[str], language: str
) -> None:
    world.server.grant("admin", "赵主管", PIN)
    told = device.submit(device.order(content(378, name="名" * 60))).json()
    page.goto(f"{world.url}/desk?lang={language}")
    page.locator("#name").fill("赵主管")
    page.locator("#pin").fill(PIN)
    page.keyboard.press("Enter")
    page.locator("form[action='/sign-out']").wait_for()
    for width in (1440, 1024, 800):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/desk", f"/desk/requests/{told['id']}", "/fleet", "/desk/audit", "/places", "/desk/people",
                     "/places/421202-001", "/fleet/branches/421202-001"):  # fmt: skip
            page.goto(f"{world.url}{path}?lang={language}")
            assert too_wide(page) == [], (path, width)
            assert small(page, 44) == [], (path, width)
    assert complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_status_page_works_on_an_old_phone(world: World, chromium: Browser, device: Device, language: str) -> None:
    told = device.submit(device.order(content(379, name="欧阳旧手机"))).json()
    context = chromium.new_context(viewport={"width": 320, "height": 480}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{told['status_url']}?lang={language}")
    page.get_by_text(told["reference"]).wait_for()
    other = "中文" if language == "en" else "English"
    page.get_by_role("link", name=other).click()
    page.get_by_role("link", name={"中文": "English", "English": "中文"}[other]).wait_for()
    context.close()
    measured = chromium.new_page(viewport={"width": 320, "height": 480})
    measured.goto(f"{told['status_url']}?lang={language}")
    assert too_wide(measured) == []
    measured.close()
