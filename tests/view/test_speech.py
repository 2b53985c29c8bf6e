"""What is said: heading, step, choices, the number digit by digit, and nothing that others should not hear."""

from dataclasses import replace
from types import MappingProxyType

from kiosk.core.state import Check, Keypad, ReceiptPage, Request, Services, Ticket, TicketPage, TimeoutPage, Welcome
from kiosk.view.present import present
from kiosk.view.speech import spelled
from tests.view.hall import CANARY, conditions, someone, state, texts

TICKET = Ticket("t", "B1", "B012", 3, 600, 1200, None, False)


def test_a_number_is_spelled() -> None:
    assert spelled("B012") == "B 0 1 2"
    assert "您的号码 B 0 1 2。" in present(state(TicketPage(TICKET, "printed", 95.0)), texts()).spoken
    assert "Your number B 0 1 2." in present(state(TicketPage(TICKET, "printed", 95.0), "en"), texts()).spoken


def test_heading_step_and_choices_are_said() -> None:
    said = present(state(Services("B")), texts()).spoken
    assert said == "您要办哪一项？ 第 1 步，共 3 步。机动车业务 • 共 7 项。可选 8 项。"


def test_mistakes_are_said() -> None:
    said = present(state(Keypad("42", problem="check-digit")), texts()).spoken
    assert "号码里有一位不对。请对照证件逐位核对。" in said


def test_what_was_typed_is_counted_never_read_out() -> None:
    said = present(state(Keypad(CANARY)), texts()).spoken
    assert "已输入 18 位" in said
    assert CANARY[:6] not in said.replace(" ", "")


def test_answers_are_said_to_be_there_and_no_more() -> None:
    answers = MappingProxyType({"mobile": "13800138000"})
    said = present(state(Check("A4"), identity=someone(), answers=answers), texts()).spoken
    assert "身份证号，已填写" in said
    assert "*" not in said
    assert "9998" not in said
    assert "8000" not in said


def test_a_receipt_says_its_reference_and_that_it_waits() -> None:
    page = ReceiptPage(Request("r", "A4", "queued", "XN-26", None, None), "printed", 95.0)
    said = present(state(page), texts()).spoken
    assert "暂存凭条（尚未发出）" in said
    assert "编号：X N 2 6。" in said


def test_a_countdown_does_not_change_what_is_said() -> None:
    for page in (TicketPage(TICKET, "screen", 95.0), TimeoutPage(Welcome(), 130.0)):
        now = state(page)
        assert present(now, texts()).spoken == present(replace(now, monotonic=now.monotonic + 7), texts()).spoken


def test_nothing_personal_is_said_on_any_page() -> None:
    for example in conditions():
        said = present(example, texts()).spoken.replace(" ", "")
        assert CANARY not in said
        assert CANARY[-4:] not in said
        assert "测试员" not in said
        assert "13800138000" not in said
