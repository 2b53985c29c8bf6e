"""The lobby board on a TV: calls at once, several one after another, numbers only, honest about its line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from branch.store.calling import call_next
from branch.store.clerk import Clerk
from branch.store.rows import counter_or_closed
from branch.store.transaction import Tx
from tests.branch.conftest import Hub

NewPage = Callable[..., Page]

RECORD = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const text = (place) => [...document.querySelectorAll(place)].map((one) => one.textContent);
    const hero = text(".hero .number")[0];
    if (hero && hero !== window.seen.at(-1)?.hero) window.seen.push({ hero });
    if (hero) window.seen.at(-1).rows = text("#rows .number");
  }).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""
"""Writes down what became large, and what was listed then: a loaded machine may look away meanwhile."""


@pytest.fixture
def board(new_page: NewPage, hub: Hub) -> Page:
    page = new_page(1920, 1080)
    page.goto(f"{hub.url}/board?token={hub.board.token}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "on")
    return page


def call(hub: Hub, number: int, service: str = "B3") -> str:
    hub.take(service)
    return str(hub.called(number)["label"])


def test_the_token_is_not_in_the_address(board: Page, hub: Hub) -> None:
    assert board.url == f"{hub.url}/board"


def test_before_the_first_call_it_asks_for_patience(board: Page) -> None:
    expect(board.locator("#hero")).to_contain_text("请留意叫号")
    expect(board.locator("#clock")).to_have_text("09:30")


def test_a_call_is_shown_large_with_its_counter(board: Page, hub: Hub) -> None:
    call(hub, 3)
    expect(board.locator(".hero .number")).to_have_text("B001")
    expect(board.locator(".hero .counter")).to_have_text("3")
    expect(board.locator("#hero")).to_contain_text("号窗口")
    expect(board.locator("#hero")).to_have_class("hero fresh")


def test_the_last_six_are_there_newest_first(board: Page, hub: Hub) -> None:
    clerks = [hub.person("clerk", f"c{number}") for number in range(1, 9)]
    for number, clerk in enumerate(clerks, 1):
        hub.take()
        hub.called(number, clerk)
    rows = board.locator("#rows .number")
    expect(board.locator(".hero .number")).to_have_text("B008", timeout=40_000)
    expect(rows).to_have_text(["B007", "B006", "B005", "B004", "B003"])
    board.reload()
    expect(board.locator(".hero .number")).to_have_text("B008")
    expect(rows).to_have_text(["B007", "B006", "B005", "B004", "B003"])


def test_several_calls_at_once_are_all_listed_and_large_one_after_another(board: Page, hub: Hub) -> None:
    people = [(1, hub.clerk), (2, hub.other), (4, hub.person("clerk", "third"))]
    for number, person in people:
        hub.take()
        person.post(f"/counters/{number}/open")
    board.evaluate(RECORD)
    clerks = {counter["number"]: counter["clerk"] for counter in hub.clerk.get("/state").body["counters"]}

    def all_of_them(tx: Tx) -> None:
        for number, _ in people:
            held = counter_or_closed(tx, number)
            call_next(tx, number, Clerk(held.clerk_id or 0, clerks[number]), hub.store.options.policy)

    hub.store.submit(all_of_them).result()
    expect(board.locator(".hero .number")).to_have_text("B003", timeout=60_000)
    expect(board.locator("#rows .number")).to_have_text(["B002", "B001"])
    seen = board.evaluate("window.seen")
    assert [one["hero"] for one in seen] == ["B001", "B002", "B003"], "each of them is large, in the order of the calls"
    assert seen[0]["rows"] == ["B003", "B002"], "while the first is large, the others are listed"


def test_a_recall_comes_up_again_and_says_so(board: Page, hub: Hub) -> None:
    call(hub, 3)
    hub.other.post("/counters/1/open")
    hub.take("A1")
    hub.other.post("/counters/1/call-next")
    expect(board.locator(".hero .number")).to_have_text("A001", timeout=10_000)
    first = hub.state()["counters"][2]["ticket"]["id"]
    hub.clerk.post(f"/tickets/{first}/recall")
    expect(board.locator(".hero .number")).to_have_text("B001", timeout=10_000)
    expect(board.locator("#hero")).to_contain_text("再次呼叫")


def test_a_call_that_was_taken_back_disappears(board: Page, hub: Hub) -> None:
    call(hub, 3)
    expect(board.locator(".hero .number")).to_have_text("B001")
    ticket = hub.state()["counters"][2]["ticket"]["id"]
    hub.clerk.post(f"/tickets/{ticket}/undo")
    expect(board.locator("#hero")).to_contain_text("请留意叫号")


def test_who_waits_is_counted_by_category(board: Page, hub: Hub) -> None:
    for service in ("A1", "B1", "B3", "C1"):
        hub.take(service)
    expect(board.locator("#waiting dd")).to_have_text(["1", "2", "1"])
    expect(board.locator("#waiting")).to_contain_text("机动车")


def test_there_are_numbers_and_no_names(board: Page, hub: Hub) -> None:
    hub.person("clerk", "李芳")
    call(hub, 3)
    expect(board.locator(".hero .number")).to_have_text("B001")
    assert "clerk-1" not in board.content()
    answers = board.evaluate("fetch('/api/v1/state').then((answer) => answer.text())")
    assert "clerk-1" not in answers


def test_a_lost_line_is_said_and_a_call_made_meanwhile_is_shown_after(
    board: Page, hub: Hub, make_hub: Callable[..., Hub]
) -> None:
    call(hub, 3)
    expect(board.locator(".hero .number")).to_have_text("B001")
    port, kiosk, other = int(hub.url.rsplit(":", 1)[1]), hub.kiosk.token, hub.other.token
    hub.server.stop()
    expect(board.locator("#connection")).to_have_text("连接中断，请听工作人员叫号")
    again = make_hub(port)
    again.kiosk.token, again.other.token = kiosk, other
    again.take("C1")
    again.other.post("/counters/5/open")
    again.other.post("/counters/5/call-next")
    expect(board.locator(".hero .number")).to_have_text("C001", timeout=20_000)
    expect(board.locator("#connection")).to_contain_text("已连接")
    expect(board.locator("#rows .number")).to_have_text(["B001"])


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (3840, 2160)])
def test_everything_fits_on_the_screen(new_page: NewPage, hub: Hub, width: int, height: int) -> None:
    page = new_page(width, height)
    for _ in range(7):
        hub.take("C1")
    call(hub, 8)
    page.goto(f"{hub.url}/board?token={hub.board.token}")
    for language in ("zh", "en"):
        page.goto(f"{hub.url}/board?lang={language}")
        expect(page.locator(".hero .number")).to_be_visible()
        for part in (".hero .number", ".hero .where", "#connection", "#waiting", "#clock"):
            expect(page.locator(part)).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollHeight") <= height
