"""From a key of the tactile keypad to the first sound: the engine, the Views and the real espeak-ng, without a card."""

import os
import shutil
import tempfile
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from drivers.sound import commands
from drivers.sound.speaker import Outputs, VoiceSpeaker
from kiosk.config import load
from kiosk.core.events import HealthChanged, KeypadKey, KeypadPressed, Touched
from kiosk.domain.health import Ready
from kiosk.engine.clock import SystemClock
from kiosk.engine.mint import uuid7
from kiosk.view.models import View
from kiosk.wiring import places
from kiosk.wiring.core import Core
from kiosk.wiring.sound import voice_of
from tests.bench.figures import Figure, median, percentile

GOAL_S = 0.2
PRESSES = 60
HEADER = 44
"""Bytes of a WAV header, which are no sound yet."""
PATIENCE_S = 20.0


class Ear:
    """Takes the sound where a sound card would, and notes when the first of it is there."""

    def __init__(self, folder: Path) -> None:
        self._fifo = folder / "sound"
        os.mkfifo(self._fifo)
        self._heard = threading.Event()
        self.at = 0.0
        threading.Thread(target=self._listen, daemon=True).start()

    def player(self, _device: str) -> list[str]:
        """What plays: it hands on the header and the first samples as soon as they come."""
        return ["dd", "status=none", "bs=64", "count=1", f"of={self._fifo}", "conv=notrunc"]

    def first_sound(self) -> float:
        """Wait for the first sound since `deaf`; the monotonic second of it."""
        if not self._heard.wait(PATIENCE_S):
            raise RuntimeError("nothing was heard")
        return self.at

    def deaf(self) -> None:
        self._heard.clear()

    def _listen(self) -> None:
        while True:
            with self._fifo.open("rb") as sound:
                if len(sound.read(64)) > HEADER:
                    self.at = time.monotonic()
                    self._heard.set()


def measure() -> list[Figure]:
    """Press next again and again; each says where the focus is now."""
    if shutil.which("espeak-ng") is None:
        raise RuntimeError("espeak-ng is not installed; apt-get install espeak-ng")
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        return _measured(Path(folder))


def _measured(folder: Path) -> list[Figure]:
    ear = Ear(folder)
    settings = load(None)
    made = voice_of(replace(settings, sound=replace(settings.sound, speaker="default")), lambda _event: None)
    speaker = VoiceSpeaker(
        Outputs("default"), made._spell, lambda _speaking: None,
        engine=partial(commands.engine), player=ear.player,
    )  # fmt: skip
    shown: list[View] = []
    core = Core(
        replace(settings, hub=replace(settings.hub, url="http://127.0.0.1:9")),
        places.open_state(folder / "state"),
        SystemClock(),
    )
    try:
        core.start()
        return _pressed(core, speaker, ear, shown)
    finally:
        core.stop()
        speaker.close()


def _pressed(core: Core, speaker: VoiceSpeaker, ear: Ear, shown: list[View]) -> list[Figure]:
    from kiosk.engine.reading import ReadAloud

    speaker.start()
    engine = core.kiosk.engine
    aloud = ReadAloud(speaker, shown.append)
    engine._show = aloud.show
    engine.post(HealthChanged("speaker", Ready()))
    engine.post(Touched("mode:audio", uuid7()))
    ear.first_sound()
    taken: list[float] = []
    keys: tuple[KeypadKey, ...] = ("next", "previous")
    for press in range(PRESSES):
        time.sleep(0.15)
        ear.deaf()
        began = time.monotonic()
        engine.post(KeypadPressed(keys[press % 7 == 6], uuid7()))
        taken.append(ear.first_sound() - began)
    return [
        Figure("key to first sound, p95", percentile(taken, 0.95), "s", GOAL_S, f"median {median(taken):.3f} s"),
    ]
