"""Spoken calls: the right clips in order, fresh ones only, quiet when told so; and speech that still speaks."""

import io
import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from branch.moment import to_ms
from branch.store.log import Entry
from branch.voice import RATE, Voice, names, words
from kiosk.config import Settings
from kiosk.config import Voice as VoiceSettings
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import SimulatedClock
from kiosk.wiring import places
from kiosk.wiring.loudspeaker import Loudspeaker
from kiosk.wiring.voice import hall_voice, read_pack
from tests.branch.conftest import Hub

PACKS = places.assets() / "voice"


def test_a_call_is_spoken_digit_by_digit() -> None:
    assert words("zh", "A012", 3) == ["please", "A", "d0", "d1", "d2", "to", "d3", "counter"]
    assert words("en", "A012", 3) == ["please", "A", "d0", "d1", "d2", "to", "d3"]


@pytest.mark.parametrize(
    ("counter", "said"),
    [(9, ["d9"]), (10, ["ten"]), (12, ["ten", "d2"]), (20, ["d2", "ten"]), (35, ["d3", "ten", "d5"])],
)
def test_a_counter_is_said_as_a_number(counter: int, said: list[str]) -> None:
    assert words("zh", "A1000", counter)[7:-1] == said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_packs_are_whole_and_every_clip_is_heard(language: str) -> None:
    clips = read_pack(PACKS / language)
    assert sorted(clips) == sorted(names(language))
    for name, samples in clips.items():
        loud = max(memoryview(samples).cast("h"))
        assert loud > 5000, name
        assert 0.1 < len(samples) / 2 / RATE < 1.5, name


def test_the_sentence_comes_twice_after_a_chime() -> None:
    clips = {name: bytes(2 * 100) for name in names("zh")}
    once = Voice({"zh": clips}, volume=100)
    with wave.open(io.BytesIO(once.call("A012", 3))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 1)
        spoken = 2 * (8 * (100 + 0.05 * RATE) + 0.45 * RATE)
        assert file.getnframes() == round((1.05 + 0.45) * RATE + spoken)


def test_volume_makes_it_softer() -> None:
    def peak(volume: int) -> int:
        sound = hall_voice(Settings(voice=VoiceSettings(volume=volume))).call("B305", 8)
        with wave.open(io.BytesIO(sound)) as file:
            return max(memoryview(file.readframes(file.getnframes())).cast("h"))

    assert peak(40) * 2 == pytest.approx(peak(80), abs=4)


def test_a_pack_of_recordings_with_a_hole_is_refused(tmp_path: Path) -> None:
    shutil.copytree(PACKS / "zh", tmp_path / "own")
    (tmp_path / "own" / "d7.wav").unlink()
    (tmp_path / "own" / "to.wav").write_bytes(b"RIFF")
    with pytest.raises(Refusal, match=r"to.wav.*d7.wav is missing"):
        hall_voice(Settings(voice=VoiceSettings(pack=str(tmp_path / "own"))))


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="make test installs espeak-ng")
def test_a_change_of_the_distribution_does_not_break_speech() -> None:
    """The phonemes of a fixed sentence: 1.51's plain `cmn` voice once read Chinese as English letters."""
    said = subprocess.run(
        ["espeak-ng", "-v", "cmn-latn-pinyin", "-x", "-q", "qing3 ling2 yi1 er4 hao4 dao4 san1 hao4 chuang1 kou3"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    phonemes = re.sub(r"[0-9_|]", "", said).split()  # tones in running speech differ from version to version
    assert phonemes == ["tS;h'iN", "l'iN", "j'i", "'@r", "X'Au", "t'Au", "s'an", "X'Au", "ts.hw'AN", "kh'ou"]


def entry(clock: SimulatedClock, verb: str, label: str, age_s: int = 0) -> Entry:
    at = to_ms(clock.now() - timedelta(seconds=age_s))
    return Entry(1, 1, "ticket", "x", verb, "clerk:c", at, {"label": label, "counter": 2})


PLAYER = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read()[:4] + b'.')"


def played(tmp_path: Path, clock: SimulatedClock, quiet: str, *entries: Entry) -> int:
    file = tmp_path / "played"
    file.touch()
    voice = Voice({"zh": {name: bytes(20) for name in names("zh")}}, quiet=quiet)
    speaker = Loudspeaker(voice, [sys.executable, "-c", PLAYER, str(file)], clock.now)
    speaker.start()
    speaker.hear(entries)
    speaker.stop()
    return file.read_bytes().count(b"RIFF.")


def test_the_loudspeaker_plays_calls_and_recalls_and_nothing_else(tmp_path: Path, clock: SimulatedClock) -> None:
    told = [entry(clock, verb, "A001") for verb in ("issue", "confirm", "call", "recall", "finish")]
    assert played(tmp_path, clock, "", *told) == 2


def test_a_call_older_than_fifteen_seconds_is_not_spoken(tmp_path: Path, clock: SimulatedClock) -> None:
    assert played(tmp_path, clock, "", entry(clock, "call", "A001", 16), entry(clock, "call", "A002", 15)) == 1


def test_quiet_hours(tmp_path: Path, clock: SimulatedClock) -> None:
    assert played(tmp_path, clock, "09:00-10:00", entry(clock, "call", "A001")) == 0
    assert played(tmp_path, clock, "22:00-08:00", entry(clock, "call", "A001")) == 1


def test_the_real_player_hands_the_sound_card_every_sample(
    tmp_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALSA's own `file` device stands for the card: it writes down what a card would have been given."""
    tape, settings = tmp_path / "tape.raw", tmp_path / "asound.conf"
    settings.write_text(
        f'</usr/share/alsa/alsa.conf>\npcm.tape {{ type file slave.pcm null file "{tape}" format raw }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(settings))
    voice = Voice({"zh": read_pack(PACKS / "zh")})
    speaker = Loudspeaker(voice, ["aplay", "-q", "-D", "tape", "-"], clock.now)
    speaker.start()
    speaker.hear([entry(clock, "call", "A012")])
    speaker.stop()
    with wave.open(io.BytesIO(voice.call("A012", 2))) as sound:
        samples = sound.readframes(sound.getnframes())
    assert tape.read_bytes()[: len(samples)] == samples


def test_a_missing_player_costs_nothing_but_the_sound(tmp_path: Path, clock: SimulatedClock) -> None:
    speaker = Loudspeaker(Voice({"zh": read_pack(PACKS / "zh")}), [str(tmp_path / "no-aplay")], clock.now)
    speaker.start()
    speaker.hear([entry(clock, "call", "A001"), entry(clock, "call", "A002")])
    speaker.stop()


def test_a_board_fetches_the_sound_of_a_call(make_hub: Callable[..., Hub], clock: SimulatedClock) -> None:
    hub = make_hub(voice=hall_voice(Settings(voice=VoiceSettings(quiet="12:00-13:30"))))
    hub.take()
    ticket = hub.called(3)
    address = f"{hub.url}/calls/{ticket['id']}.wav"
    sound = hub.board.session.get(address, headers={"Authorization": f"Bearer {hub.board.token}"}, timeout=20)
    assert (sound.status_code, sound.headers["content-type"], sound.content[:4]) == (200, "audio/wav", b"RIFF")
    assert hub.board.session.get(address, timeout=20).status_code == 401
    assert hub.board.get(f"/calls/{ticket['id']}.wav").status == 200
    waiting = hub.take()
    assert hub.board.get(f"/calls/{waiting['id']}.wav").status == 404
    clock.advance(3 * 3600)
    assert hub.board.get(f"/calls/{ticket['id']}.wav").status == 204
