"""A citizen who does not see makes a whole request, from her number to the receipt, with headset and keypad alone."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from kiosk.config import load
from kiosk.view.models import View
from kiosk.wiring.theatre import Theatre
from tests.stories.telling import NUMBER

MOBILE = "13800000123"
MOST = 60
"""Keys to any action of a page and back again; no page has half as many."""


class Listener:
    """Ears and one hand at the tactile keypad: she goes on until she hears what she wants."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.keys = 0
        self.all_heard = ""

    @property
    def view(self) -> View:
        return self.theatre.kiosk.engine.view

    def press(self, key: str) -> str:
        """Press a key; what was heard of it."""
        self.theatre.voice.forget()
        self.theatre.press(key)  # type: ignore[arg-type]
        self.keys += 1
        heard = self.theatre.voice.heard
        self.all_heard += f"{heard}\n"
        return heard

    def take(self, *actions: str) -> None:
        """Find each action by ear, key by key, and activate it."""
        for action in actions:
            for _ in range(MOST):
                standing = self.view.actions[self.view.focus]
                if standing.id == action and self.view.appearance.ring:
                    break
                heard = self.press("next")
                focused = self.view.actions[self.view.focus]
                assert (focused.label.split() or [focused.id])[0] in heard
            else:
                raise AssertionError(f"no way by keys to {action} on {self.view.view}")
            self.press("activate")

    def hears_the_page(self, name: str) -> None:
        """Have the page read again: it is the one, and its title is heard."""
        assert self.view.view == name
        assert self.view.title.replace("\n", " ") in self.press("repeat").replace("\n", " ")


@pytest.fixture
def listener() -> Iterator[Listener]:
    theatre = Theatre(load(None), datetime.fromisoformat("2026-11-23T10:00:00+08:00"), lambda _view: None)
    try:
        theatre.headset(plugged=True)
        yield Listener(theatre)
    finally:
        theatre.close()


def test_a_whole_request_by_headset_and_keypad(listener: Listener) -> None:
    listener.hears_the_page("welcome")
    listener.take("identify:type")
    listener.hears_the_page("keypad")
    listener.take(*(f"key:{digit}" for digit in NUMBER), "next")
    listener.hears_the_page("services")
    listener.take("category:A", "service:A4")
    listener.hears_the_page("guide")
    listener.take("apply")
    listener.hears_the_page("form")
    listener.take(*(f"key:{digit}" for digit in MOBILE), "next", "next")
    listener.hears_the_page("consent")
    listener.take("consent:sensitive", "next")
    listener.hears_the_page("check")
    listener.take("consent:correct", "consent:entrust", "confirm")
    listener.hears_the_page("receipt")
    heard = listener.press("repeat")
    assert "提交回执" in heard
    assert listener.theatre.request_state() == "submitted"
    assert listener.theatre.papers()
    listener.take("finish")
    assert listener.view.view == "welcome"
    assert all(each.private for each in listener.theatre.voice.said)
    assert NUMBER not in listener.all_heard
