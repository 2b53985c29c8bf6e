"""The voice with stand-ins for its two programs: it says, is cut off, keeps what is private, and survives both."""

import io
import shutil
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.sound import commands
from drivers.sound.speaker import Outputs, VoiceSpeaker
from kiosk.core.flows.audio import GAINS
from kiosk.domain.health import Offline, Ready

TICK = commands.struck(commands.TICK)


class Room:
    """Two loudspeakers that are files, and an engine that copies the words into them; it can be made to dawdle."""

    def __init__(self, folder: Path, engine: str = "cat") -> None:
        self.folder = folder
        self.script = engine
        self.broken = False
        self.speaking: list[bool] = []
        self.voice = VoiceSpeaker(
            Outputs("hall", "ear"), lambda text, language: f"{language}:{text};", self.speaking.append,
            engine=lambda *_how: ["sh", "-c", self.script], player=self.play,
        )  # fmt: skip
        self.voice.start()

    def play(self, device: str) -> list[str]:
        if self.broken:
            return ["sh", "-c", "exit 1"]
        return ["sh", "-c", 'cat >> "$0"', str(self.folder / device)]

    def heard(self, device: str) -> str:
        file = self.folder / device
        return file.read_text() if file.exists() else ""

    def say(self, text: str, *, private: bool = False) -> None:
        self.voice.say(text, "zh", private=private, pace=0, gain=0)

    def until(self, true: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline, self.speaking
            time.sleep(0.005)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    one = Room(tmp_path)
    yield one
    one.voice.close()
    one.voice.close()


def test_it_says_one_thing_and_then_the_other(room: Room) -> None:
    room.say("one")
    room.until(lambda: room.speaking == [True, False])
    room.say("two")
    room.until(lambda: room.speaking == [True, False, True, False])
    assert room.heard("hall") == "zh:one;zh:two;"
    assert room.voice.health() == Ready()


def test_what_comes_next_cuts_off_what_went_before(room: Room) -> None:
    room.script = "exec sleep 300"
    room.say("long")
    room.until(lambda: room.speaking == [True])
    room.script = "cat"
    room.say("short")
    room.until(lambda: room.speaking == [True, False, True, False])
    assert room.heard("hall") == "zh:short;"
    assert room.voice.health() == Ready()


def test_hushing_ends_it_at_once(room: Room) -> None:
    room.script = "exec sleep 300"
    room.say("long")
    room.until(lambda: room.speaking == [True])
    room.voice.hush()
    room.until(lambda: room.speaking == [True, False])


def test_what_is_private_is_for_the_headset_alone(room: Room) -> None:
    room.say("SECRET", private=True)
    room.voice.headset(plugged=True)
    room.say("mine", private=True)
    room.until(lambda: room.heard("ear") == "zh:mine;")
    room.script = "exec sleep 300"
    room.say("rest of mine", private=True)
    room.until(lambda: room.speaking[-1])
    room.voice.headset(plugged=False)
    room.until(lambda: not room.speaking[-1])
    room.script = "cat"
    room.say("everybody's")
    room.until(lambda: "everybody" in room.heard("hall"))
    assert "SECRET" not in room.heard("hall")
    assert "mine" not in room.heard("hall")


def test_a_press_is_heard_in_the_hall_and_never_in_the_headset(room: Room) -> None:
    room.voice.tick()
    room.until(lambda: (room.folder / "hall").exists() and (room.folder / "hall").read_bytes() == TICK)
    room.voice.headset(plugged=True)
    room.voice.tick()
    room.say("mine", private=True)
    room.until(lambda: room.heard("ear") == "zh:mine;")
    assert (room.folder / "hall").read_bytes() == TICK


def test_a_press_does_not_cut_off_what_is_said(room: Room) -> None:
    room.script = "cat; exec sleep 0.3"
    room.say("words")
    room.until(lambda: room.speaking == [True])
    room.voice.tick()
    room.until(lambda: room.speaking == [True, False])
    room.until(lambda: (room.folder / "hall").read_bytes() == b"zh:words;" + TICK)
    assert room.voice.health() == Ready()


@pytest.mark.parametrize(("notes", "longest_s"), [(commands.TICK, 0.05), (commands.CHIME, 1.0)])
def test_what_is_struck_is_short_and_soft(notes: tuple[tuple[int, float, float], ...], longest_s: float) -> None:
    with wave.open(io.BytesIO(commands.struck(notes))) as sound:
        assert sound.getnframes() / sound.getframerate() <= longest_s
        heights = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    assert 0.1 < np.abs(heights).max() / 32768 < 0.4
    assert np.abs(heights[-50:]).max() < 500, "it would end in a click"


def test_a_player_that_fails_is_known_and_its_return_too(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.broken = True
    room.say("one")
    room.until(lambda: isinstance(room.voice.health(), Offline))
    room.broken = False
    room.say("two")
    room.until(lambda: room.voice.health() == Ready())
    assert "one" not in caplog.text


def test_words_never_stand_on_a_command_line() -> None:
    argv = commands.engine("zh", 0, 0)
    assert argv[:3] == ["espeak-ng", "-v", "cmn-latn-pinyin"]
    assert "--stdin" in argv


@pytest.mark.parametrize(
    ("pace", "gain", "said"), [(0, 0, ("160", "100")), (99, 99, ("320", "200")), (-99, -99, ("80", "25"))]
)
def test_pace_and_loudness_keep_within_bounds(pace: int, gain: int, said: tuple[str, str]) -> None:
    argv = commands.engine("en", pace, gain)
    assert (argv[argv.index("-s") + 1], argv[argv.index("-a") + 1]) == said


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not here")
@pytest.mark.parametrize(("language", "words"), [("zh", "qing3 xuan3 ze2 ye4 wu4"), ("en", "choose a service")])
def test_from_the_softest_to_the_loudest_are_eighteen_decibels_with_a_step_at_twelve(language: str, words: str) -> None:
    def level(gain: int) -> float:
        argv = commands.engine(language, 0, gain)
        sound = subprocess.run(argv, input=words.encode(), capture_output=True, check=True).stdout[44:]
        samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(float)
        return float(20 * np.log10(np.sqrt((samples**2).mean())))

    levels = [level(gain) for gain in range(GAINS[0], GAINS[1] + 1)]
    assert len(levels) >= 5
    assert levels == sorted(levels)
    assert levels[-1] - levels[0] >= 18.0, levels
    assert any(abs(each - levels[0] - 12.0) < 1.5 for each in levels), levels


def test_files_are_numbered(tmp_path: Path) -> None:
    player = commands.player()
    assert [player(f"file://{tmp_path}")[-1][-8:] for _ in range(2)] == ["0001.wav", "0002.wav"]
    assert player("plughw:0,0") == ["aplay", "-q", "-D", "plughw:0,0", "-"]
