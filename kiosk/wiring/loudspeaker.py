"""The hall's loudspeaker: plays the hub's calls one after another, and leaves out the ones that came too late."""

import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue

from branch.moment import to_ms
from branch.store.log import Entry
from branch.voice import Voice, fresh

logger = logging.getLogger(__name__)

PLAY_S = 30
"""A call lasts about ten seconds; a player that takes longer hangs on its device and is ended."""


@dataclass(frozen=True, slots=True)
class _Call:
    label: str
    counter: int
    at_ms: int


class Loudspeaker:
    """Hears of every commit and plays in a thread of its own. `command` takes a WAV file on standard input."""

    def __init__(self, voice: Voice, command: Sequence[str], now: Callable[[], datetime]) -> None:
        self._voice = voice
        self._command = list(command)
        self._now = now
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="loudspeaker", daemon=True)
        self._failing = False

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the call that is being spoken, then be silent."""
        self._calls.put(None)
        self._thread.join(PLAY_S)

    def hear(self, entries: Sequence[Entry]) -> None:
        """Take in what the hub has committed; only calls matter."""
        for entry in entries:
            if entry.type == "ticket" and entry.verb in {"call", "recall"}:
                self._calls.put(_Call(entry.data["label"], entry.data["counter"], entry.at_ms))

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            now_ms = to_ms(self._now())
            if fresh(call.at_ms, now_ms) and self._voice.speaks(now_ms):
                self._play(self._voice.call(call.label, call.counter))

    def _play(self, sound: bytes) -> None:
        try:
            subprocess.run(self._command, input=sound, capture_output=True, timeout=PLAY_S, check=True)  # noqa: S603
        except (OSError, subprocess.SubprocessError) as error:
            if not self._failing:
                logger.warning("loudspeaker-silent %s; check voice.device and aplay", type(error).__name__)
            self._failing = True
        else:
            self._failing = False
