"""What a receipt and its later state say, and that only the centre's word makes an acceptance."""

from typing import get_args

import pytest

from kiosk.core.state import (
    Paper,
    ReceiptPage,
    Request,
    StatusPage,
)
from kiosk.domain.request import RequestState
from kiosk.view.present import offered
from tests.view.hall import REQUEST_STATES, state
from tests.view.test_present import see, told


@pytest.mark.parametrize("known", REQUEST_STATES)
@pytest.mark.parametrize("paper", get_args(Paper))
def test_only_the_centre_s_word_makes_a_receipt_an_acceptance(known: RequestState, paper: Paper) -> None:
    view = see(ReceiptPage(Request("r", "A4", known, "XN-1", None, "2026-11-22T02:42:08Z"), paper, 95.0))
    said = f"{view.title} {told(view)} {view.spoken}"
    assert ("受理" in said) is (known in ("accepted", "not_accepted"))


def test_a_receipt_gives_reference_and_the_server_s_time_on_the_kiosk_s_clock() -> None:
    view = see(ReceiptPage(Request("r", "A4", "submitted", "XN-1", None, "2026-11-22T02:42:08Z"), "printed", 95.0))
    assert view.title == "提交回执"
    assert {"编号 XN-1", "收到时间 2026-11-22 10:42"} <= set(view.lines)
    waiting = see(ReceiptPage(Request("r", "A4", "queued", None, None, None), "screen", 95.0))
    assert waiting.title == "暂存凭条（尚未发出）"
    assert "收到时间" not in told(waiting)


def test_following_asks_for_a_code_then_says_what_is_known() -> None:
    assert "把二维码对准扫描窗" in told(see(StatusPage()))
    assert see(StatusPage(asked=True)).title == "正在查询"
    assert "交管部门已收到" in told(see(StatusPage(True, "submitted", "XN-1", "A4")))
    assert "ticket-only" in offered(state(StatusPage(True, "needs_more", "XN-1", "A4")))
    assert "ticket-only" not in offered(state(StatusPage(True, "submitted", "XN-1", "A4")))
    assert "现在查不到" in told(see(StatusPage(True, reachable=False)))
    assert "没有查到这个码" in told(see(StatusPage(True, "never-heard-of")))
    assert "follow" in offered(state(StatusPage(asked=True)))
