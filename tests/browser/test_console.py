"""A clerk at the console, by keyboard alone: what she may do is offered, what she did is shown, nothing is doubled."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.branch.conftest import Hub

NewPage = Callable[..., Page]
PIN = "2468"


def sign_in(page: Page, hub: Hub, name: str = "李芳", language: str = "zh") -> Page:
    hub.person("clerk", name, PIN)
    page.goto(f"{hub.url}/console?lang={language}")
    page.locator("#name").fill(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#clerk-name")).to_have_text(name)
    return page


def at_counter(page: Page, hub: Hub, number: int = 3, **more: str) -> Page:
    sign_in(page, hub, **more)
    expect(page.locator(f'#counters [data-counter="{number}"]')).to_be_enabled()
    page.keyboard.press(str(number))
    expect(page.locator("#desk")).to_be_visible()
    return page


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


def label(page: Page, text: str) -> None:
    expect(page.locator("#ticket-label")).to_have_text(text)


def toast(page: Page, text: str) -> None:
    expect(page.locator("#toast-text")).to_have_text(text)


def test_a_clerk_signs_in_opens_a_counter_and_serves_a_citizen(page: Page, hub: Hub) -> None:
    ticket = hub.take("C1")
    hub.take("B1")
    at_counter(page, hub)
    expect(page.locator("#counter-name")).to_have_text("3 号窗口")
    expect(page.locator("#queue-title")).to_contain_text("等候 2 人")
    page.keyboard.press("F2")
    toast(page, "已叫 C001")
    label(page, "C001")
    expect(page.locator("#ticket-service")).to_have_text("有效期满换领驾驶证")
    expect(page.locator("#check-list")).to_contain_text("身份证原件")
    page.keyboard.press("F3")
    toast(page, "已重呼 C001")
    expect(page.locator("#ticket-state")).to_contain_text("第 2 次")
    page.keyboard.press("F4")
    toast(page, "C001 开始办理")
    page.keyboard.press("F9")
    toast(page, "已叫 B001")
    assert hub.ticket(ticket["id"])["state"] == "done"
    page.keyboard.press("Shift+F9")
    label(page, "窗口空闲")
    expect(page.locator("#today")).to_contain_text("今天 2 件")


def test_who_does_not_come_is_missed_and_can_be_recalled(page: Page, hub: Hub) -> None:
    ticket = hub.take()
    at_counter(page, hub)
    page.keyboard.press("F2")
    toast(page, "已叫 B001")
    page.keyboard.press("F8")
    toast(page, "B001 已过号")
    assert hub.ticket(ticket["id"])["state"] == "no_show"
    page.locator("#missed button").click()
    label(page, "B001")
    assert hub.ticket(ticket["id"])["recalls"] == 1


def test_a_misclick_is_taken_back(page: Page, hub: Hub) -> None:
    ticket = hub.take()
    at_counter(page, hub)
    page.keyboard.press("F2")
    toast(page, "已叫 B001")
    page.keyboard.press("F8")
    toast(page, "B001 已过号")
    page.keyboard.press("Control+z")
    toast(page, "已撤销，B001 恢复原状")
    label(page, "B001")
    assert hub.ticket(ticket["id"])["state"] == "called"


def test_only_what_is_possible_is_offered(page: Page, hub: Hub) -> None:
    at_counter(page, hub)
    verbs = ["main", "recall", "start", "hold", "transfer", "no-show", "call"]

    def offered() -> set[str]:
        return {name for name in verbs if page.locator(f"#{name}").is_enabled()}

    expect(page.locator("#main")).to_be_disabled()
    assert offered() == {"call"}, "nobody waits"
    for key in ("F2", "F3", "F4", "F6", "F8", "F9"):
        page.keyboard.press(key)
    hub.take()
    expect(page.locator("#main")).to_be_enabled()
    page.keyboard.press("F2")
    toast(page, "已叫 B001")
    expect(page.locator("#recall")).to_be_enabled()
    assert offered() == set(verbs) - {"call"}
    page.keyboard.press("F4")
    toast(page, "B001 开始办理")
    expect(page.locator("#main")).to_be_enabled()
    assert offered() == {"main", "hold", "transfer"}
    assert hub.state()["seq"] <= 12, "keys that are not offered send nothing"


def test_hold_transfer_pause_and_calls_by_number(page: Page, hub: Hub) -> None:
    hub.take("B1")
    hub.take("C1")
    at_counter(page, hub)
    page.keyboard.press("F2")
    toast(page, "已叫 B001")
    page.keyboard.press("F6")
    toast(page, "B001 已挂起")
    page.keyboard.press("F10")
    page.keyboard.type("c001")
    page.keyboard.press("Enter")
    toast(page, "已叫 C001")
    page.keyboard.press("F7")
    page.locator("#dialog-service").select_option("A1")
    page.keyboard.press("Enter")
    toast(page, "C001 已转办")
    expect(page.locator("#queue")).to_contain_text("注册网上账号")
    page.locator("#held button").click()
    toast(page, "B001 继续办理")
    page.keyboard.press("Shift+F9")
    toast(page, "B001 已办结")
    page.keyboard.press("Shift+F2")
    page.keyboard.press("1")
    label(page, "窗口已暂停：午餐")
    expect(page.locator("#pause")).to_be_enabled()
    expect(page.locator("#main")).to_be_disabled()
    page.keyboard.press("Shift+F2")
    label(page, "窗口空闲")


def test_a_number_that_is_none_is_said_before_it_is_sent(page: Page, hub: Hub) -> None:
    at_counter(page, hub)
    page.keyboard.press("F10")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog .notice")).to_contain_text("B012")
    page.keyboard.press("Escape")
    page.keyboard.press("F10")
    page.keyboard.type("B999")
    page.keyboard.press("Enter")
    toast(page, "今天没有这个号。请再看一下小票。")


def test_markup_that_somebody_typed_is_text(page: Page, hub: Hub) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    hub.take()
    ticket = hub.called(5)
    hub.clerk.post(f"/tickets/{ticket['id']}/note", {"text": script})
    hub.clerk.post(f"/tickets/{ticket['id']}/hold")
    hub.clerk.post("/counters/5/pause", {"reason": script[:40]})
    at_counter(page, hub, name="<b onmouseover=alert(3)>李芳</b>")
    expect(page.locator("#clerk-name")).to_have_text("<b onmouseover=alert(3)>李芳</b>")
    expect(page.locator("#held")).to_contain_text(script)
    assert page.locator("#held script, #held img, #clerk-name b").count() == 0


def test_a_note_is_kept_and_a_phone_number_in_it_is_not(page: Page, hub: Hub) -> None:
    hub.take()
    at_counter(page, hub)
    page.keyboard.press("F2")
    label(page, "B001")
    note = page.locator("#note")
    note.fill("电话 138" + "00001234")
    note.press("Control+Enter")
    expect(page.locator("#note-state")).to_contain_text("不能写证件号或电话")
    note.fill("缺旧号牌一面")
    note.press("Control+Enter")
    expect(page.locator("#note-state")).to_have_text("已保存")
    note.press("F9")
    label(page, "窗口空闲")


def test_a_citizen_who_calls_staff_is_seen_and_answered(page: Page, hub: Hub) -> None:
    at_counter(page, hub)
    alert = hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"}).body
    expect(page.locator("#alerts")).to_contain_text("K1 有人叫工作人员")
    page.get_by_role("button", name="我去").click()
    expect(page.locator("#alerts li")).to_have_text("K1：李芳 已去")
    hub.clock.advance(180)
    hub.take()
    expect(page.locator("#alerts li")).to_have_count(0)
    assert hub.state(hub.kiosk)["help"][0]["taken"] is True
    assert alert["taken"] is False


def test_a_kiosk_that_needs_paper_is_named(page: Page, hub: Hub) -> None:
    at_counter(page, hub)
    hub.kiosk.put("/kiosks/K2/health", {"health": {"printer": "paper-low", "scanner": "ready"}})
    expect(page.locator("#kiosks .tag")).to_have_text("K2 打印机：纸将尽")


def test_a_paper_that_nobody_confirmed_is_flagged_in_the_queue(page: Page, hub: Hub) -> None:
    hub.kiosk.post("/tickets", hub.order())
    hub.clock.advance(61)
    at_counter(page, hub)
    expect(page.locator("#queue .tag")).to_have_text("未确认出纸")


def test_two_tabs_show_the_same_and_call_one_ticket(page: Page, new_page: NewPage, hub: Hub) -> None:
    hub.take()
    hub.take()
    at_counter(page, hub)
    second = new_page(beside=page)
    second.goto(f"{hub.url}/console")
    expect(second.locator("#desk")).to_be_visible()
    second.locator("#main").click()
    label(second, "B001")
    page.bring_to_front()
    label(page, "B001")
    page.keyboard.press("F2")
    assert [counter["ticket"] and counter["ticket"]["label"] for counter in hub.state()["counters"]][2] == "B001"
    assert hub.state()["waiting_total"] == 1


def test_a_lost_line_is_said_and_the_page_recovers_by_itself(
    page: Page, hub: Hub, make_hub: Callable[..., Hub]
) -> None:
    hub.take()
    at_counter(page, hub)
    label(page, "窗口空闲")
    port, token = int(hub.url.rsplit(":", 1)[1]), hub.kiosk.token
    page.evaluate("window.kept = true")
    hub.server.stop()
    expect(page.locator("#stale")).to_contain_text("连接中断")
    expect(page.locator("#connection")).to_have_attribute("data-state", "off")
    again = make_hub(port)
    again.kiosk.token = token
    again.take("C1")
    expect(page.locator("#queue")).to_contain_text("C001", timeout=20_000)
    expect(page.locator("#stale")).to_be_hidden()
    assert page.evaluate("window.kept") is True, "it was not loaded again"
    page.keyboard.press("F2")
    label(page, "B001")


def test_a_press_while_the_line_is_down_says_that_nothing_is_known(page: Page, hub: Hub) -> None:
    hub.take()
    at_counter(page, hub)
    expect(page.locator("#main")).to_be_enabled()
    hub.server.stop()
    page.keyboard.press("F2")
    toast(page, "没有连上，不知道是否办成。连上后请看状态。")


def test_the_console_speaks_english_too(page: Page, hub: Hub) -> None:
    hub.take("C1")
    at_counter(page, hub, language="en")
    expect(page.locator("#counter-name")).to_have_text("Counter 3")
    page.keyboard.press("F2")
    label(page, "C001")
    expect(page.locator("#no-show")).to_contain_text("No-show")
    expect(page.locator("#check-list")).to_contain_text("Original ID card")


def test_a_narrow_strip_keeps_every_verb_in_sight(new_page: NewPage, hub: Hub) -> None:
    page = new_page(480, 800)
    hub.take()
    at_counter(page, hub)
    page.keyboard.press("F2")
    label(page, "B001")
    for name in ("main", "recall", "no-show", "pause"):
        expect(page.locator(f"#{name}")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 480


def test_nothing_is_cut_off_at_the_usual_size(page: Page, hub: Hub) -> None:
    for _ in range(14):
        hub.take("C3")
    at_counter(page, hub)
    hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"})
    page.keyboard.press("F2")
    label(page, "C001")
    expect(page.locator("#alerts li")).to_have_count(1)
    for name in ("main", "pause", "why", "check"):
        expect(page.locator(f"#{name}")).to_be_in_viewport(ratio=1)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1440, 900]


def test_on_an_office_screen_nothing_that_can_be_pressed_is_out_of_sight(new_page: NewPage, hub: Hub) -> None:
    page = new_page(1366, 768)
    for service in ("B1", "C3", "C3"):
        hub.take(service)
    at_counter(page, hub)
    hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"})
    page.keyboard.press("F2")
    label(page, "B001")
    page.keyboard.press("F4")
    for name in ("undo", "return", "priority", "note", "check", "main", "pause", "why"):
        expect(page.locator(f"#{name}")).to_be_in_viewport(ratio=1)
    expect(page.locator("#by-service")).to_be_hidden()


def test_the_queue_is_told_by_service_with_its_longest_wait(page: Page, hub: Hub) -> None:
    hub.take("B1")
    hub.clock.advance(21 * 60)
    hub.take("C3")
    hub.take("C3")
    at_counter(page, hub)
    expect(page.locator("#by-service li")).to_have_text(["补领号牌 1 人 · 21 分", "超龄换领驾驶证 2 人 · 0 分"])
    expect(page.locator("#by-service li").first).to_have_class("late")


def test_a_supervisor_sees_the_hall_and_takes_a_counter_back(page: Page, hub: Hub) -> None:
    hub.person("admin", "赵班长", PIN)
    hub.take()
    hub.take()
    hub.called(2)
    page.goto(f"{hub.url}/supervisor")
    page.locator("#name").fill("赵班长")
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#tile-waiting")).to_have_text("1")
    expect(page.locator("#counters")).to_contain_text("clerk-1")
    expect(page.locator("#figures")).to_contain_text("B3")
    page.locator("#counters button").click()
    page.get_by_role("button", name="确定").click()
    expect(page.locator("#tile-waiting")).to_have_text("2")
    expect(page.locator("#tile-open")).to_have_text("0")
