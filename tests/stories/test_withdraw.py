"""Her receipt at the kiosk: the request taken back, what is missing shown, and what the centre says, told as it is."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import requests

from kiosk.config import Settings
from kiosk.engine.clock import ZONE
from kiosk.view.models import View
from kiosk.wiring.theatre import Theatre

TO_RECEIPT = (
    "category:A", "service:A4", "apply", *(f"key:{digit}" for digit in "13800000123"), "next", "next",
    "consent:sensitive", "next", "consent:correct", "consent:entrust", "confirm", "finish",
)  # fmt: skip
MISSING = ("请补充行驶证照片", "请写清楚收件地址")


class Hall:
    """One kiosk whose citizen has handed a request in and holds its receipt."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self.theatre = Theatre(Settings(), datetime(2026, 11, 23, 10, tzinfo=ZONE), self.views.append)
        self.theatre.scan(b"421202195803072047")
        for action in TO_RECEIPT:
            self.theatre.touch(action)
        [row] = self.theatre.kiosk.journal.outbox.recent(datetime(2026, 1, 1, tzinfo=ZONE))
        self.url = str(row.status_url)
        self.id = row.id

    @property
    def view(self) -> View:
        return self.views[-1]

    @property
    def offered(self) -> set[str]:
        return {action.id for action in self.view.actions}

    def follow(self, text: str = "") -> None:
        if self.view.view == "welcome" or "follow" in self.offered:
            self.theatre.touch("follow")
        self.theatre.scan((text or self.url).encode())

    @property
    def said(self) -> str:
        return str(self.view)

    def officer(self, verb: str, **body: object) -> None:
        centre = self.theatre.relays["central"].url
        headers = {"Authorization": f"Bearer {self.theatre.central.grant('desk', '经办员', '4826')}"}
        asked = requests.get(f"{centre}/api/v1/desk/requests", headers=headers, timeout=30).json()
        [mine] = [each["id"] for each in asked["items"]] if isinstance(asked, dict) else [each["id"] for each in asked]
        answer = requests.post(f"{centre}/api/v1/desk/requests/{mine}/{verb}", json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text

    def close(self) -> None:
        self.theatre.close()


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    yield hall
    hall.close()


def test_she_is_asked_once_and_then_shown_what_the_centre_says(hall: Hall) -> None:
    hall.follow()
    assert "交管部门已收到" in hall.said
    hall.theatre.touch("choice:withdraw")
    assert hall.view.title == "确定要撤回吗？"
    hall.theatre.touch("back")
    assert "交管部门已收到" in hall.said
    hall.theatre.touch("choice:withdraw")
    hall.theatre.touch("choice:yes")
    assert "已经撤回" in hall.said
    assert "choice:withdraw" not in hall.offered
    hall.follow()
    assert "已经撤回" in hall.said, "the centre has it so"


def test_what_is_missing_is_shown_and_where_it_is_answered(hall: Hall) -> None:
    hall.officer("needs-more", reasons=MISSING)
    hall.follow()
    assert all(each in hall.said for each in MISSING)
    assert {"ticket-only", "choice:withdraw"} <= hall.offered


def test_it_was_accepted_in_the_meantime_and_she_is_told_so(hall: Hall) -> None:
    hall.follow()
    hall.theatre.touch("choice:withdraw")
    hall.officer("accept")
    hall.theatre.touch("choice:yes")
    assert "没有撤回" in hall.said
    assert "交管部门已受理" in hall.said
    assert "choice:withdraw" not in hall.offered


def test_without_an_answer_nothing_is_claimed(hall: Hall) -> None:
    hall.follow()
    hall.theatre.touch("choice:withdraw")
    hall.theatre.network("central", up=False)
    hall.theatre.touch("choice:yes")
    assert "还不知道是否已撤回" in hall.said
    assert "choice:withdraw" not in hall.offered


def test_the_reference_alone_shows_and_withdraws_nothing(hall: Hall) -> None:
    hall.follow("XN-20261123-000001")
    assert "交管部门已收到" in hall.said
    assert "choice:withdraw" not in hall.offered
    hall.theatre.touch("choice:withdraw")
    assert "交管部门已收到" in hall.said
