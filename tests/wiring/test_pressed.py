"""A press on the glass of a running kiosk is heard, where there is a loudspeaker and the settings want it."""

import json
import shutil
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.sound import commands
from kiosk.config import load
from kiosk.engine.clock import SystemClock
from kiosk.wiring.core import Core

PATIENCE_S = 60.0
TICK = commands.struck(commands.TICK)

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the package espeak-ng")


def pressed(folder: Path, *, heard: bool) -> tuple[list[bytes], int]:
    """What the loudspeaker got of a press on an old View and one on the present View, and in how many Views so."""
    said = folder / "said"
    said.mkdir()
    settings = load(None)
    sound = replace(settings.sound, speaker=f"file://{said}", touch=heard)
    core = Core(
        replace(settings, hub=replace(settings.hub, url="http://127.0.0.1:9"), sound=sound), folder, SystemClock()
    )
    core.start()
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_S)
            line.connect(str(folder / "screen.sock"))
            with line.makefile("rwb") as lines:
                told, views = 0, 0
                while (view := json.loads(lines.readline()))["view"]["language"] != "en":
                    # What becomes known of the hub may turn the page just now; then this press, too, is an old one.
                    for number in range(view["seq"] - 1, view["seq"] + 1) if view["seq"] != told else ():
                        touch = {"type": "touch", "action": "language:en", "seq": number}
                        lines.write(json.dumps(touch).encode() + b"\n")
                    lines.flush()
                    views += view["seq"] != told
                    told = view["seq"]
        end = time.monotonic() + PATIENCE_S
        while heard and not any(file.read_bytes() == TICK for file in said.iterdir()):
            assert time.monotonic() < end, sorted(said.iterdir())
            time.sleep(0.02)
    finally:
        core.stop()
    return [file.read_bytes() for file in sorted(said.iterdir())], views


def test_a_press_on_what_is_shown_is_heard_and_one_on_what_was_shown_is_not(tmp_path: Path) -> None:
    sounds, views = pressed(tmp_path, heard=True)
    assert set(sounds) == {TICK}
    assert len(sounds) <= views


def test_where_it_is_not_wanted_a_press_is_silent(tmp_path: Path) -> None:
    assert pressed(tmp_path, heard=False)[0] == []
