"""`kiosk voice`: makes the clips of a pack with espeak-ng, checks a pack of recordings, and writes a call as a file."""

import argparse
import io
import os
import shutil
import subprocess
import tomllib
import wave
from pathlib import Path
from typing import Any

from branch import voice
from kiosk.config import Settings, load
from kiosk.domain.errors import Refusal
from kiosk.wiring import places

PACK = "pack.toml"
SPEED = "150"  # words a minute: a hall has echo
_PEAK = 23_000
_LEVEL = 3_600.0  # root mean square of a word, well above a hall's noise


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="make every clip that pack.toml names, with espeak-ng")
    build.add_argument("folder", metavar="FOLDER", type=Path)
    check = actions.add_parser("check", help="check a folder of recordings before branch settings name it")
    check.add_argument("folder", metavar="FOLDER", type=Path)
    say = actions.add_parser("say", help="write one call as a WAV file")
    say.add_argument("label", metavar="LABEL")
    say.add_argument("counter", metavar="COUNTER", type=int)
    say.add_argument("--out", metavar="FILE", type=Path, required=True)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; Refusal names what is missing."""
    if args.action == "build":
        return _build(args.folder)
    if args.action == "check":
        told = _told(args.folder)
        read_pack(args.folder)
        print(f"{args.folder}: {len(told['clips'])} clips in {told['language']!r}, all there")
        return 0
    if not (args.label[:1].isalpha() and args.label.isascii() and args.label[1:].isdigit()):
        raise Refusal(f"{args.label!r} is no ticket number; give one like A012")
    sound = hall_voice(load(args.config)).call(args.label.upper(), args.counter)
    args.out.write_bytes(sound)
    return 0


def hall_voice(settings: Settings) -> voice.Voice:
    """The voice as the settings want it; Refusal names what is wrong with a pack of the branch's own."""
    told = settings.voice
    own = Path(told.pack) if told.pack else None
    packs = {"zh": read_pack(own or places.assets() / "voice" / "zh")}
    if told.english:
        packs["en"] = read_pack(places.assets() / "voice" / "en")
    return voice.Voice(packs, told.volume, told.quiet)


def read_pack(folder: Path) -> voice.Clips:
    """Every clip of a pack, as samples."""
    language = _told(folder)["language"]
    clips: dict[str, bytes] = {}
    wrong: list[str] = []
    for name in voice.names(language):
        file = folder / f"{name}.wav"
        try:
            clips[name] = voice.read_clip(file.read_bytes())
        except OSError:
            wrong.append(f"{file.name} is missing")
        except ValueError as error:
            wrong.append(f"{file.name}: {error}")
    if wrong:
        raise Refusal(f"{folder} is no whole voice pack ({'; '.join(wrong)}); clips are WAV of 16000 Hz, 16 bit, mono")
    return clips


def _told(folder: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads((folder / PACK).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(f"{folder / PACK} cannot be read; copy the one under assets/voice beside the clips") from error
    if told.get("language") not in {"zh", "en"} or not isinstance(told.get("clips"), dict):
        raise Refusal(f"{folder / PACK} must name its language (zh or en) and its clips")
    return told


def _build(folder: Path) -> int:
    engine = shutil.which("espeak-ng")
    if engine is None:
        raise Refusal("espeak-ng is missing; apt-get install espeak-ng")
    told = _told(folder)
    for name in voice.names(told["language"]):
        clip = told["clips"].get(name)
        if clip is None:
            raise Refusal(f"{folder / PACK} has no clip {name!r}")
        spoken = clip.get("voice", told["engine_voice"])
        made = subprocess.run(  # noqa: S603 - the words of our own pack
            [engine, "-v", spoken, "-s", SPEED, "-p", "45", "--stdout", clip["say"]], capture_output=True, check=True
        ).stdout
        draft = folder / f".{name}.{os.getpid()}"
        draft.write_bytes(_tidy(made))
        draft.replace(folder / f"{name}.wav")
    print(f"{folder}: {len(told['clips'])} clips")
    return 0


def _tidy(sound: bytes) -> bytes:
    """Cut the silence off, bring it to the pack's rate, and make every word as loud as the others."""
    import numpy as np

    # espeak-ng writes to a pipe and cannot go back to correct the length in the header.
    rate = int.from_bytes(sound[24:28], "little")
    whole = np.frombuffer(sound[44 : 44 + (len(sound) - 44) // 2 * 2], "<i2").astype(float)
    loud = np.flatnonzero(np.abs(whole) > 0.02 * np.abs(whole).max())
    edge = rate // 100
    whole = whole[max(0, loud[0] - edge) : loud[-1] + 2 * edge]
    count = round(len(whole) * voice.RATE / rate)
    spectrum = np.fft.rfft(whole)[: count // 2 + 1]
    whole = np.fft.irfft(spectrum, count) * (count / len(whole))
    whole *= min(_LEVEL / np.sqrt((whole**2).mean()), _PEAK / np.abs(whole).max())
    fade = min(160, count // 4)
    whole[:fade] *= np.linspace(0, 1, fade)
    whole[-fade:] *= np.linspace(1, 0, fade)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(voice.RATE)
        file.writeframes(whole.round().astype("<i2").tobytes())
    return out.getvalue()
