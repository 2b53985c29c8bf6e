"""A tactile keypad and a headset's jack on simulated input devices: presses, holds, plugs, and a cable pulled out."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import get_args

import pytest

from drivers.keypad.keypad import Keypad, why_not
from drivers.keypad.names import JACK, meanings
from drivers.keys.events import DOWN, EV_KEY, HELD, UP, Input, pack
from drivers.sim.input import SimInput
from kiosk.config import load
from kiosk.core.events import Event, HeadsetPlugged, HeadsetUnplugged, KeypadKey, KeypadPressed
from kiosk.domain.errors import Refusal
from kiosk.domain.health import Offline, Ready
from kiosk.wiring.keys import keys_of


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.fixture
def sim() -> Iterator[SimInput]:
    one = SimInput()
    yield one
    one.close()


def test_the_default_keys_reach_the_core_each_press_with_an_id_of_its_own(sim: SimInput) -> None:
    settings = load(None)
    settings = replace(settings, keypad=replace(settings.keypad, url=sim.url))
    events: list[Event] = []
    count = iter(range(100))
    (pad,) = keys_of(settings, events.append, lambda: f"id-{next(count)}")
    pad.start()
    try:
        until(lambda: pad.health() == Ready())
        for name in ("RIGHT", "ENTER", "VOLUMEUP", "F15", "F9", "F16", "ESC"):
            assert sim.press(name)
        until(lambda: len(events) == 6)
        assert events == [
            KeypadPressed("next", "id-0"), KeypadPressed("activate", "id-1"), KeypadPressed("louder", "id-2"),
            HeadsetPlugged(), HeadsetUnplugged(), KeypadPressed("back", "id-3"),
        ]  # fmt: skip
    finally:
        pad.close()


def test_every_meaning_of_the_core_has_a_default_key() -> None:
    given = {pair.partition("=")[2] for pair in load(None).keypad.keys}
    assert given >= set(get_args(KeypadKey))


def test_a_key_held_down_counts_once(sim: SimInput) -> None:
    heard: list[str] = []
    pad = Keypad("keypad", sim.url, meanings(["F1=help"], ["help"]), heard.append, jitter=lambda: 0.0)
    pad.start()
    try:
        until(lambda: pad.health() == Ready())
        sim.raw(b"".join(pack(Input(EV_KEY, 59, value)) for value in (DOWN, HELD, HELD, HELD, UP)))
        sim.press("F1")
        until(lambda: len(heard) == 2)
    finally:
        pad.close()


def test_a_headset_goes_with_the_jack_that_is_pulled_out(sim: SimInput) -> None:
    heard: list[str] = []
    jack = Keypad("headset", sim.url, JACK, heard.append, jitter=lambda: 0.0)
    jack.start()
    try:
        until(lambda: jack.health() == Ready())
        sim.headset(plugged=False)
        sim.headset(plugged=True)
        until(lambda: heard == ["headset-in"])
        sim.unplug()
        until(lambda: isinstance(jack.health(), Offline))
        assert heard == ["headset-in", "headset-out"]
        sim.plug()
        until(lambda: jack.health() == Ready())
        sim.headset(plugged=True)
        until(lambda: len(heard) == 3)
    finally:
        jack.close()


@pytest.mark.parametrize(
    ("keys", "said"),
    [(("F99=help",), "no key 'F99'"), (("F1=dance",), "cannot mean 'dance'")],
)
def test_settings_that_are_wrong_are_told_with_what_there_is(keys: tuple[str, ...], said: str) -> None:
    settings = load(None)
    with pytest.raises(Refusal, match=said):
        keys_of(replace(settings, keypad=replace(settings.keypad, url="hid:///x", keys=keys)), print, str)
    with pytest.raises(Refusal, match=r"keypad\.jack"):
        keys_of(replace(settings, keypad=replace(settings.keypad, jack="jack")), print, str)


def test_why_it_cannot_be_used(sim: SimInput) -> None:
    assert why_not(sim.url) == ""
    sim.unplug()
    assert "group input" in why_not(sim.url)
