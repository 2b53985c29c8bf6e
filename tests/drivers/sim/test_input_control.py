"""Steering the simulated keypad over HTTP, as its panel and `kiosk sim keypad` do; every twin starts and is steered."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import get_args

import pytest
import requests

from drivers.keypad.keypad import Keypad
from drivers.keypad.names import meanings
from drivers.sim.input import SimInput
from drivers.sim.input_control import InputControl
from kiosk.config import load
from kiosk.core.events import KeypadKey
from kiosk.domain.health import Offline, Ready
from kiosk.wiring.sim import DEVICES
from tests.drivers.printer.test_command import kiosk


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def sim() -> Iterator[SimInput]:
    one = SimInput()
    yield one
    one.close()


def test_keys_headset_and_conditions(sim: SimInput) -> None:
    heard: list[str] = []
    pad = Keypad("keypad", sim.url, meanings(load(None).keypad.keys, get_args(KeypadKey)), heard.append)
    control = InputControl(sim)

    def post(path: str, **body: str) -> requests.Response:
        return requests.post(control.url + path, json=body, timeout=10)

    pad.start()
    try:
        until(lambda: pad.health() == Ready())
        assert post("/press", text="RIGHT KEY_ENTER").json()["sent"] == 2
        until(lambda: heard == ["next", "activate"])
        assert post("/headset", text="in").ok
        assert post("/near", text="yes").ok
        post("/condition", condition="silent")
        assert post("/press", text="F1").json()["sent"] == 4
        post("/condition", condition="lost-mid-job")
        assert post("/press", text="F1").json()["condition"] == "offline"
        until(lambda: isinstance(pad.health(), Offline))
        post("/condition", condition="ready")
        until(lambda: pad.health() == Ready())
        post("/press", text="HOME")
        until(lambda: heard == ["next", "activate", "home"])
        for path, text in (("/press", "F99"), ("/press", ""), ("/headset", "maybe"), ("/near", ""), ("/condition", "")):
            assert post(path, text=text).status_code == 422
    finally:
        control.close()
        pad.close()


def test_camera_and_keypad_are_started_and_steered_by_the_command() -> None:
    for device, (act, text) in {"keypad": ("press", "F1"), "camera": ("show", "A012")}.items():
        words = [sys.executable, "-m", "kiosk", "sim", device]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            try:
                ready = json.loads(running.stdout.readline())
                assert ready["ready"] == device
                done = kiosk("sim", device, act, "--text", text, "--at", ready["control"])
                assert (done.returncode, json.loads(done.stdout)["device"]) == (0, device)
            finally:
                running.terminate()
                running.wait(60)
        assert running.returncode == 0


@pytest.mark.parametrize("device", [device for device in DEVICES if device != "printer"])
def test_a_control_address_that_cannot_be_used_is_one_line(device: str, capsys: pytest.CaptureFixture[str]) -> None:
    from kiosk.__main__ import main

    code = main(["sim", device, "--control", "192.0.2.1:1"])
    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1
