"""PURE: a call as sound - chime, words, twice - put together from the clips of a voice pack, and when it is spoken."""

import io
import wave
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, pi, sin

from branch.hours import within
from branch.moment import from_ms

RATE = 16_000
"""Samples a second of every clip; they are 16 bit, mono."""

FRESH_MS = 15_000
"""An older call is not spoken: whom it was for has gone, or has been called again."""

_GAP_S = 0.05  # between words
_PAUSE_S = 0.45  # between the two times, and after the chime
_CHIME = ((659.3, 0.0), (523.3, 0.32))  # e'' then c'', seconds from the start: heard through talk, not alarming
_CHIME_S = 1.05

Clips = Mapping[str, bytes]
"""Samples by clip name: `please`, `to`, `counter`, `ten`, `d0` to `d9`, `A` to `Z`."""


@dataclass(frozen=True)
class Voice:
    """A hall's voice: the clips by language, in the order in which they are spoken; `volume` in per cent."""

    packs: Mapping[str, Clips] = field(default_factory=dict)
    volume: int = 80
    quiet: str = ""

    def speaks(self, now_ms: int) -> bool:
        """Whether anything is said at this time of day."""
        return bool(self.packs) and self.volume > 0 and not within(self.quiet, from_ms(now_ms).time())

    def call(self, label: str, counter: int) -> bytes:
        """The call as a WAV file: chime, then each language, all of it twice."""
        once = array("h")
        for language, clips in self.packs.items():
            for name in words(language, label, counter):
                once.frombytes(clips[name])
                once.extend(_silence(_GAP_S))
            once.extend(_silence(_PAUSE_S))
        return _wav(_louder(_chime() + once + once, self.volume))


def words(language: str, label: str, counter: int) -> list[str]:
    """The clips of one call, e.g. 请 A 零一二 号到 三 号窗口; the number digit by digit, the counter as a number."""
    number = [character if character.isalpha() else f"d{character}" for character in label]
    if language == "zh":
        return ["please", *number, "to", *_counted(counter), "counter"]
    return ["please", *number, "to", *(f"d{digit}" for digit in str(counter))]


def fresh(called_ms: int, now_ms: int) -> bool:
    """Whether a call is young enough to be spoken."""
    return now_ms - called_ms <= FRESH_MS


def read_clip(data: bytes) -> bytes:
    """The samples of a clip's WAV file; ValueError where it is another kind of sound."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            kind = file.getframerate(), file.getsampwidth(), file.getnchannels()
            if kind != (RATE, 2, 1):
                raise ValueError(f"{kind[0]} Hz, {8 * kind[1]} bit, {kind[2]} channels")
            samples: bytes = file.readframes(file.getnframes())
            return samples
    except (wave.Error, EOFError) as error:
        raise ValueError("it is no WAV file") from error


def names(language: str) -> Sequence[str]:
    """Every clip that a pack of this language must have."""
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    more = ["counter", "ten"] if language == "zh" else []
    return ["please", "to", *more, *(f"d{digit}" for digit in range(10)), *letters]


def _counted(number: int) -> list[str]:
    tens, ones = divmod(number, 10)
    if not 10 <= number <= 99:
        return [f"d{digit}" for digit in str(number)]
    return [*([f"d{tens}"] if tens > 1 else []), "ten", *([f"d{ones}"] if ones else [])]


def _silence(seconds: float) -> "array[int]":
    return array("h", bytes(2 * round(seconds * RATE)))


def _chime() -> "array[int]":
    samples = array("h")
    for step in range(round(_CHIME_S * RATE)):
        at = step / RATE
        rung = [(tone, at - start) for tone, start in _CHIME if at >= start]
        value = sum(sin(2 * pi * tone * since) * exp(-4.5 * since) for tone, since in rung)
        samples.append(round(9000 * value * min(1.0, step / 80)))
    return samples + _silence(_PAUSE_S)


def _louder(samples: "array[int]", volume: int) -> "array[int]":
    if volume == 100:
        return samples
    return array("h", [sample * volume // 100 for sample in samples])


def _wav(samples: "array[int]") -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return whole.getvalue()
