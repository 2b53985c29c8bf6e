"""A clerk says at the console that she changes the roll: the kiosk says so calmly, and numbers go on the screen."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import requests

from kiosk.config import load
from kiosk.wiring.theatre import Theatre

NAME = "K1"
TICKET = ("ticket-only", "category:B", "service:B1", "take-ticket")


@pytest.fixture
def theatre() -> Iterator[Theatre]:
    playing = Theatre(load(None), datetime.fromisoformat("2026-11-23T10:00:00+08:00"), lambda _view: None)
    yield playing
    playing.close()


def console(theatre: Theatre, method: str) -> None:
    token = theatre.branch.grant("clerk", f"clerk-{method}")
    url = f"{theatre.branch.url}/api/v1/kiosks/{NAME}/paper-change"
    answer = requests.request(method, url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 204, answer.text
    theatre.wait(6)


def shown(theatre: Theatre) -> str:
    view = theatre.kiosk.engine.view
    return " ".join([view.title, *map(str, view.lines)])


def test_she_changes_the_roll_and_the_next_citizen_gets_paper_again(theatre: Theatre) -> None:
    console(theatre, "PUT")
    assert "正在换纸" in shown(theatre)
    for condition in ("cover-open", "paper-out", "cover-open"):
        theatre.printer.condition(condition)
        theatre.wait(6)
    assert "正在换纸" in shown(theatre), "what she does at the open door is no fault"
    for action in TICKET:
        theatre.touch(action)
    assert theatre.kiosk.engine.view.view == "ticket"
    assert theatre.papers() == [], "nobody's ticket comes out under her hands"
    theatre.touch("finish")
    assert theatre.ticket_state() == "waiting"

    theatre.printer.condition("ready")
    console(theatre, "DELETE")
    assert len(theatre.papers()) == 1, "a test slip shows whether the roll sits right"
    assert "正在换纸" not in shown(theatre)
    for action in TICKET:
        theatre.touch(action)
    assert len(theatre.papers()) == 2
