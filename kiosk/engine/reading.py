"""Reads Views aloud: each one is shown first, then the voice says what is news in it."""

from collections.abc import Callable

from kiosk.engine.ports import Speaker
from kiosk.view.models import View
from kiosk.view.utterance import utterance


class ReadAloud:
    """Stands between the engine and the screen, in the engine's own thread; the speaker never blocks it."""

    def __init__(self, speaker: Speaker, show: Callable[[View], None]) -> None:
        self._speaker = speaker
        self._show = show
        self._before: View | None = None

    def show(self, view: View) -> None:
        """Show a View, then say of it what has to be said."""
        self._show(view)
        before, words = self._before, utterance(self._before, view)
        self._before = view
        if words is None:
            if view.view == "timeout" and before is not None and before.view != "timeout":
                self._speaker.chime()  # who has looked away is not reached by a page
            return
        self._speaker.hush()
        if words.text:
            self._speaker.say(
                words.text, words.language, private=words.private, pace=words.pace, gain=words.gain
            )  # fmt: skip
