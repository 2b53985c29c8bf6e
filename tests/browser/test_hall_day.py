"""A day in the hall as people live it: a keypad, a sleeping laptop, ten tabs, a supervisor, a tablet, a report."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.branch.conftest import Hub
from tests.browser.test_console import PIN, at_counter, label, sign_in, toast

NewPage = Callable[..., Page]
SLOW = 60_000
SETTLED_MS = 1200
"""After so long since somebody came or went the page takes its one key again."""


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def boss(new_page: NewPage, hub: Hub) -> Page:
    hub.person("admin", "boss", PIN)
    page = new_page(1440, 1000)
    page.goto(f"{hub.url}/supervisor")
    page.locator("#name").fill("boss")
    page.locator("#pin").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#connection")).to_have_attribute("data-state", "on")
    return page


def test_a_keypad_serves_one_citizen_a_key(page: Page, hub: Hub) -> None:
    tickets = [hub.take() for _ in range(3)]
    at_counter(page, hub)
    page.keyboard.press("NumpadEnter")
    label(page, "B001")
    page.wait_for_timeout(SETTLED_MS)
    page.keyboard.press("NumpadEnter")
    label(page, "B002")
    page.keyboard.press("NumpadAdd")
    toast(page, "已重呼 B002")
    page.keyboard.press("NumpadSubtract")
    toast(page, "B002 已过号")
    page.keyboard.press("NumpadEnter")
    label(page, "B003")
    assert [hub.ticket(one["id"])["state"] for one in tickets] == ["done", "no_show", "called"]


def test_the_keypad_writes_where_something_is_written(page: Page, hub: Hub) -> None:
    hub.take()
    at_counter(page, hub)
    page.keyboard.press("F2")
    label(page, "B001")
    page.locator("#note").focus()
    page.keyboard.press("NumpadEnter")
    expect(page.locator("#note")).to_have_value("\n")
    label(page, "B001")


def test_what_is_not_legal_is_not_there(page: Page, hub: Hub) -> None:
    at_counter(page, hub)
    for name in ("recall", "start", "hold", "transfer", "no-show"):
        expect(page.locator(f"#{name}")).to_be_hidden()
    expect(page.locator("#call")).to_be_visible()
    hub.take()
    expect(page.locator("#main")).to_be_enabled()
    page.keyboard.press("F2")
    expect(page.locator("#no-show")).to_be_visible()
    expect(page.locator("#call")).to_be_hidden()


def test_an_outcome_is_told_at_finish(page: Page, hub: Hub) -> None:
    ticket = hub.take()
    at_counter(page, hub)
    page.keyboard.press("F2")
    label(page, "B001")
    page.locator("#finish-other").click()
    page.keyboard.press("2")
    toast(page, "B001 已办结")
    assert hub.ticket(ticket["id"])["state"] == "done"
    assert hub.admin.get("/reports/day").body["outcomes"] == {"documents-missing": 1}


def test_what_a_citizen_needs_is_seen_before_she_comes(page: Page, hub: Hub) -> None:
    hub.take(needs=["hearing", "low-counter"])
    at_counter(page, hub)
    expect(page.locator("#queue")).to_contain_text("听力不便，请书写")
    page.keyboard.press("F2")
    expect(page.locator("#ticket-tags")).to_contain_text("低位窗口")


def test_a_clerk_opens_a_kiosk_for_paper(page: Page, hub: Hub) -> None:
    hub.kiosk.put("/kiosks/K1/health", {"health": {"printer": "paper-out"}})
    at_counter(page, hub)
    page.get_by_role("button", name="换纸").click()
    expect(page.locator("#kiosks")).to_contain_text("K1 正在换纸")
    assert hub.state(hub.kiosk)["kiosks"][0]["paper_change"] is True
    page.get_by_role("button", name="换好了").click()
    expect(page.locator("#kiosks")).not_to_contain_text("正在换纸")


def test_two_clerks_press_at_once_and_get_two_people(page: Page, new_page: NewPage, hub: Hub) -> None:
    hub.take(), hub.take()
    one, two = at_counter(page, hub, 1), at_counter(new_page(), hub, 2, name="王敏")
    expect(one.locator("#main")).to_be_enabled()
    expect(two.locator("#main")).to_be_enabled()
    one.keyboard.press("F2")
    two.keyboard.press("F2")
    for clerk in (one, two):
        expect(clerk.locator("#ticket-label")).to_have_text("B001" if clerk is one else "B002")
    assert sorted(call["counter"] for call in hub.state()["calls"]) == [1, 2]


def look_at(tab: Page, *, shown: bool) -> None:
    """What a browser tells a tab that comes to the front, or goes behind another one: Playwright shows all at once."""
    word = "visible" if shown else "hidden"
    tab.evaluate(f"Object.defineProperty(document, 'visibilityState', {{value: '{word}', configurable: true}})")
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_ten_tabs_of_one_clerk_double_nothing(page: Page, new_page: NewPage, hub: Hub) -> None:
    for _ in range(3):
        hub.take()
    at_counter(page, hub)
    tabs = [page]
    for _ in range(9):
        look_at(tabs[-1], shown=False)
        tabs.append(new_page(beside=page))
        tabs[-1].goto(f"{hub.url}/console")
        expect(tabs[-1].locator("#main")).to_be_enabled(timeout=SLOW)
    look_at(tabs[-1], shown=False)  # nobody hears of the first press before the last
    for tab in tabs:
        tab.keyboard.press("F2")
    for tab in tabs:
        look_at(tab, shown=True)
        expect(tab.locator("#ticket-label")).to_have_text("B001", timeout=SLOW)
        look_at(tab, shown=False)
    log = hub.store.read(
        lambda c: c.exec_driver_sql("SELECT verb FROM events WHERE type = 'ticket' ORDER BY seq").scalars().all()
    )
    assert log.count("call") == 1, "ten presses, one call; the others were told that somebody stands there"
    assert "finish" not in log


def test_a_finger_that_presses_twice_calls_one_citizen(page: Page, hub: Hub) -> None:
    hub.take()
    hub.take()
    at_counter(page, hub)
    expect(page.locator("#main")).to_be_enabled(timeout=SLOW)
    page.wait_for_timeout(SETTLED_MS)
    # The second press comes the moment the one key has become "finished, the next one".
    page.evaluate("""() => {
      const main = document.getElementById("main");
      const again = new MutationObserver(() => {
        if (main.disabled || document.getElementById("main-key").textContent !== "F9") return;
        again.disconnect();
        main.click();
      });
      again.observe(main, { attributes: true, childList: true, subtree: true });
      main.click();
    }""")
    expect(page.locator("#ticket-label")).to_have_text("B001", timeout=SLOW)
    expect(page.locator("#main-key")).to_have_text("F9")
    expect(page.locator("#recall")).to_be_enabled()
    page.keyboard.press("F3")
    toast(page, "已重呼 B001")
    log = hub.store.read(lambda c: c.exec_driver_sql("SELECT verb FROM events ORDER BY seq").scalars().all())
    assert log.count("call") == 1
    assert "finish" not in log


def test_ten_pages_side_by_side_share_one_line(page: Page, new_page: NewPage, hub: Hub) -> None:
    at_counter(page, hub)
    pages = [page]
    for _ in range(9):
        pages.append(new_page(beside=page))
        pages[-1].goto(f"{hub.url}/console", timeout=SLOW)
    assert all(one.evaluate("document.visibilityState") == "visible" for one in pages)
    for one in pages:
        expect(one.locator("#connection")).to_have_attribute("data-state", "on", timeout=SLOW)
    hub.take()
    for one in pages:
        expect(one.locator("#queue-title")).to_contain_text("等候 1 人", timeout=SLOW)
    assert hub.server.readers == 1
    for one in pages[:5]:
        one.close()
    hub.take()
    for one in pages[5:]:
        expect(one.locator("#queue-title")).to_contain_text("等候 2 人", timeout=SLOW)


def test_a_browser_that_cannot_share_a_line_has_one_of_its_own(page: Page, hub: Hub) -> None:
    page.add_init_script("window.SharedWorker = class { constructor() { throw new Error() } }")
    at_counter(page, hub)
    hub.take()
    expect(page.locator("#queue-title")).to_contain_text("等候 1 人", timeout=SLOW)
    expect(page.locator("#connection")).to_have_attribute("data-state", "on", timeout=SLOW)


def test_a_laptop_that_slept_says_so_and_resumes_by_its_last_event(page: Page, hub: Hub) -> None:
    page.add_init_script("delete window.SharedWorker")
    at_counter(page, hub)
    hub.take()
    expect(page.locator("#queue-title")).to_contain_text("等候 1 人")
    asked: list[str] = []

    def hear(request: Request) -> None:
        if request.url.endswith("/events"):
            asked.append(request.headers.get("last-event-id", ""))

    page.on("request", hear)
    page.context.set_offline(True)
    look_at(page, shown=False)
    for _ in range(3):
        hub.take()
    look_at(page, shown=True)
    expect(page.locator("#stale")).to_be_visible(timeout=SLOW)
    expect(page.locator("#stale")).to_contain_text("连接中断，下面是")
    page.context.set_offline(False)
    expect(page.locator("#stale")).to_be_hidden(timeout=SLOW)
    expect(page.locator("#queue-title")).to_contain_text("等候 4 人", timeout=SLOW)
    assert any(one.startswith("1-") for one in asked), asked


def test_the_supervisor_sees_who_waits_by_service_and_age(boss: Page, hub: Hub) -> None:
    for service, minutes in (("B1", 9), ("B1", 12), ("C3", 4)):
        hub.take(service)
        hub.clock.advance(60 * minutes)
    boss.reload()
    cells = boss.locator("#by-service tbody td")
    expect(cells).to_have_text([
        "B1 补领号牌", "2", "0", "1", "1", "25 分",
        "C3 超龄换领驾驶证", "1", "1", "0", "0", "4 分",
    ])  # fmt: skip


def test_the_supervisor_suspends_a_service_and_takes_it_up(boss: Page, hub: Hub) -> None:
    boss.locator("#suspend").click()
    boss.locator("#dialog-service").select_option("B3")
    boss.locator("#dialog-reason").fill("<script>alert(1)</script>")
    boss.keyboard.press("Enter")
    expect(boss.locator("#suspended")).to_contain_text("<script>alert(1)</script>")
    assert hub.kiosk.post("/tickets", hub.order()).code == "service-closed"
    boss.get_by_role("button", name="恢复").click()
    expect(boss.locator("#suspended")).to_contain_text("没有暂停的业务")
    assert hub.kiosk.post("/tickets", hub.order()).status == 201


def test_a_suspension_that_the_hub_refuses_stays_on_the_page(boss: Page) -> None:
    boss.locator("#suspend").click()
    boss.locator("#dialog-reason").fill("停电")
    boss.locator("#dialog-until").fill("00:00")
    boss.locator("#dialog-form .primary").click()
    expect(boss.get_by_text("没有办成，请检查后再试。")).to_be_visible()
    expect(boss.locator("#dialog-reason")).to_have_value("停电")


def test_the_supervisor_gives_a_clerk_a_new_pin(boss: Page, new_page: NewPage, hub: Hub) -> None:
    hub.person("clerk", "赵", "1111")
    boss.reload()
    boss.locator("#staff").get_by_role("row", name="赵").get_by_role("button").click()
    boss.locator("#dialog-pin").fill("864200")
    boss.keyboard.press("Enter")
    expect(boss.locator("dialog")).to_be_hidden()
    clerk = new_page()
    clerk.goto(f"{hub.url}/console")
    clerk.locator("#name").fill("赵")
    clerk.locator("#pin").fill("864200")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#clerk-name")).to_have_text("赵")


def test_a_tablet_asks_thanks_and_the_supervisor_follows_up(boss: Page, new_page: NewPage, hub: Hub) -> None:
    tablet = new_page(1280, 800)
    tablet.goto(f"{hub.url}/rate/1?token={hub.board.token}")
    assert tablet.url == f"{hub.url}/rate/1"
    expect(tablet.locator("#idle")).to_be_visible()
    hub.take()
    ticket = hub.called(1)
    hub.clerk.post(f"/tickets/{ticket['id']}/finish")
    expect(tablet.locator("#ticket")).to_have_text("号码 B001", timeout=SLOW)
    tablet.get_by_role("button", name="非常不满意").click()
    expect(tablet.locator("#thanks")).to_be_visible()
    boss.reload()
    boss.get_by_role("button", name="记录回访").click()
    boss.locator("#dialog-text").fill("已致歉")
    boss.keyboard.press("Enter")
    expect(boss.locator("#bad")).to_contain_text("没有待回访的差评")
    assert hub.admin.get("/ratings").body["ratings"][0]["follow_up"] == "已致歉"


def test_a_tablet_without_a_token_says_who_can_help(page: Page, hub: Hub) -> None:
    page.goto(f"{hub.url}/rate/1")
    expect(page.locator("h1")).to_have_text("叫号屏未登录")


def test_the_reports_are_pages_and_only_the_supervisors(boss: Page, page: Page, hub: Hub) -> None:
    hub.take()
    hub.called(1)
    boss.goto(f"{hub.url}/supervisor/day")
    expect(boss.locator("h1")).to_contain_text("2026-11-23")
    expect(boss.locator(".chart svg")).to_have_count(2)
    assert boss.pdf(format="A4").count(b"/Type /Page\n") <= 2
    boss.goto(f"{hub.url}/supervisor/promises")
    expect(boss.locator("h1")).to_contain_text("2026-11-22")
    page.goto(f"{hub.url}/supervisor/day")
    expect(page.locator("#pin")).to_be_visible()


def test_a_strip_of_360_pixels_needs_no_sideways_scrolling(new_page: NewPage, hub: Hub) -> None:
    hub.take(needs=["hearing", "guide", "low-counter"])
    strip = at_counter(new_page(360, 720), hub)
    strip.keyboard.press("F2")
    label(strip, "B001")
    assert strip.evaluate("document.documentElement.scrollWidth") <= 360
    for name in ("main", "recall", "no-show"):
        expect(strip.locator(f"#{name}")).to_be_in_viewport()


def test_the_board_can_be_read_from_eight_metres(new_page: NewPage, hub: Hub) -> None:
    """A 43-inch screen has 0.5 mm a pixel; capitals of 28 mm are read from 8 m (12 minutes of arc)."""
    for number in (1, 2):
        hub.take()
        hub.called(number, hub.person("clerk", f"c{number}"))
    board = new_page(1920, 1080)
    board.goto(f"{hub.url}/board?token={hub.board.token}")
    expect(board.locator("#rows .number")).to_have_text(["B001"])
    for place, least in ((".hero .number", 200), ("#rows .number", 77), ("#rows .counter", 77)):
        # Found and measured in one go: the board may draw its rows anew at any time.
        size = board.evaluate("place => parseFloat(getComputedStyle(document.querySelector(place)).fontSize)", place)
        assert size >= least, (place, size)  # capitals are 0.73 of the type size


def test_signing_in_by_keyboard_alone_in_english(page: Page, hub: Hub) -> None:
    sign_in(page, hub, language="en")
    page.keyboard.press("1")
    expect(page.locator("#counter-name")).to_have_text("Counter 1")
