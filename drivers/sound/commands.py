"""The two programs that speak: espeak-ng makes the sound, aplay plays it while it is still being made."""

import io
import math
import shutil
import struct
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

VOICES = {"zh": "cmn-latn-pinyin", "en": "en"}
"""espeak-ng 1.51 reads Chinese characters as English letters, but numbered pinyin right: zh is fed with pinyin."""
WORDS_A_MINUTE, PACE_STEP, SLOWEST, FASTEST = 160, 25, 80, 320
SOFTEST, LOUDNESS, LOUDEST, GAIN_DB = 25, 100, 200, 3
"""espeak-ng's amplitudes, and a step of loudness: from the softest to the loudest 18 dB are heard (measured)."""
FILE = "file://"
RATE, PEAK = 22_050, 9_000
TICK = ((1_800, 0.03, 0.007),)
"""The sound of a press, short and soft as a key's: pitch, seconds, and how soon it fades."""
CHIME = ((880, 0.25, 0.09), (660, 0.45, 0.15))
"""Asks somebody who has looked away whether she is still there."""


def engine(language: str, pace: int, gain: int) -> list[str]:
    """How a sentence is spoken. The words go in by standard input: a command line can be read by any account."""
    speed = min(FASTEST, max(SLOWEST, WORDS_A_MINUTE + PACE_STEP * pace))
    amplitude = min(LOUDEST, max(SOFTEST, round(LOUDNESS * 10 ** (GAIN_DB * gain / 20))))
    voice = VOICES.get(language, language)
    return ["espeak-ng", "-v", voice, "-s", str(speed), "-a", str(amplitude), "-b", "1", "--stdin", "--stdout"]


def struck(notes: Sequence[tuple[int, float, float]]) -> bytes:
    """Notes that fade like something struck, one after another, as a wave file: one channel, 16 bits."""
    heights = (
        round(PEAK * math.exp(-at / RATE / fading) * math.sin(2 * math.pi * pitch * at / RATE))
        for pitch, seconds, fading in notes
        for at in range(int(RATE * seconds))
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(struct.pack("<h", height) for height in heights))
    return file.getvalue()


def player() -> Callable[[str], list[str]]:
    """How a device plays it: an ALSA name, or `file:///folder`, which collects 0001.wav and so on."""
    count = 0

    def argv(device: str) -> list[str]:
        nonlocal count
        if device.startswith(FILE):
            count += 1
            return ["dd", "status=none", f"of={Path(device.removeprefix(FILE)) / f'{count:04d}.wav'}"]
        return ["aplay", "-q", "-D", device, "-"]

    return argv


def missing(device: str) -> str:
    """What is not installed, with the remedy, or nothing."""
    wanted = ("espeak-ng",) if device.startswith(FILE) else ("espeak-ng", "aplay")
    lacking = [name for name in wanted if shutil.which(name) is None]
    if not lacking:
        return ""
    packages = {"espeak-ng": "espeak-ng", "aplay": "alsa-utils"}
    return f"{' and '.join(lacking)} missing; apt-get install {' '.join(packages[name] for name in lacking)}"
