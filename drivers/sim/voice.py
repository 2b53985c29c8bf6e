"""The speaker's twin: it says nothing aloud and remembers, for one step of a story, what an ear would have heard."""

from dataclasses import dataclass, field

from kiosk.domain.health import Health, Ready


@dataclass(frozen=True)
class Said:
    """One thing that was said: the words, the language, and whether the headset alone had it."""

    text: str = field(repr=False)
    language: str
    private: bool
    pace: int
    gain: int


class SimVoice:
    """A speaker and a headset that hear themselves; what is private is only heard while the headset is in."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.plugged = False
        self.speaking = False
        self.ticks = self.chimes = 0

    @property
    def heard(self) -> str:
        """All that was heard since the last `forget`, in the order in which it was said."""
        return "\n".join(each.text for each in self.said)

    def forget(self) -> None:
        """Begin to listen anew."""
        self.said.clear()

    def start(self) -> None:
        """Nothing has to be opened."""

    def say(self, text: str, language: str, *, private: bool, pace: int, gain: int) -> None:
        """Hear it, unless it is for a headset that is not there."""
        self.speaking = True
        if self.plugged or not private:
            self.said.append(Said(text, language, private, pace, gain))

    def hush(self) -> None:
        """Fall silent."""
        self.speaking = False

    def tick(self) -> None:
        """Count the presses that are heard."""
        self.ticks += not self.plugged

    def chime(self) -> None:
        """Count how often an answer was asked for by sound."""
        self.chimes += not self.plugged

    def health(self) -> Health:
        """Be always ready."""
        return Ready()

    def close(self) -> None:
        """Fall silent for good."""
        self.speaking = False
