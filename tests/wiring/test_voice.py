"""The voice of a kiosk that runs: the settings' own speaker, real speech, and silence when it is switched off."""

import shutil
import time
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.core.events import HeadsetPlugged, KeypadPressed, Touched
from kiosk.engine.clock import SystemClock
from kiosk.engine.mint import uuid7
from kiosk.wiring.core import Core

PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the package espeak-ng")


def frames(file: Path) -> int:
    """Samples in what was said; a stream's header does not know them, so the size tells."""
    with wave.open(str(file), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
    return (file.stat().st_size - 44) // 2


def test_a_running_kiosk_reads_its_pages_aloud_and_keeps_what_is_private_from_the_hall(tmp_path: Path) -> None:
    said = tmp_path / "said"
    said.mkdir()
    settings = load(None)
    core = Core(
        replace(
            settings, hub=replace(settings.hub, url="http://127.0.0.1:9"),
            sound=replace(settings.sound, speaker=f"file://{said}"),
        ),
        tmp_path, SystemClock(),
    )  # fmt: skip
    core.start()
    engine = core.kiosk.engine

    def until(count: int) -> list[Path]:
        end = time.monotonic() + PATIENCE_S
        while len(list(said.glob("*.wav"))) < count or engine.state.speaking:
            assert time.monotonic() < end, sorted(said.iterdir())
            time.sleep(0.05)
        return sorted(said.glob("*.wav"))

    try:
        end = time.monotonic() + PATIENCE_S
        # What becomes known of the hub while the page is read would be read too, as one file more.
        while engine.view.action("mode:audio") is None or engine.state.parts.hub is not False:
            assert time.monotonic() < end, "the voice is not offered"
            time.sleep(0.05)
        engine.post(Touched("mode:audio", uuid7()))
        (page,) = until(1)
        assert frames(page) > 40_000  # some seconds of speech: all of the welcome page
        engine.post(KeypadPressed("next", uuid7()))
        focus = until(2)[1]
        assert 5_000 < frames(focus) < frames(page)
        # A headset that only the core has heard of is none: what is private is not said at all.
        engine.post(HeadsetPlugged())
        engine.post(KeypadPressed("next", uuid7()))
        time.sleep(1)
        assert len(until(2)) == 2
        engine.post(Touched("mode:audio", uuid7()))
        end = time.monotonic() + PATIENCE_S
        while engine.state.session.voice is not None:
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        core.stop()
