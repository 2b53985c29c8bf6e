"""The kiosk's own voice, from the settings: what it says is spelled first; the core hears whether it speaks."""

from drivers.sound.speaker import Outputs, VoiceSpeaker
from kiosk.config import Settings
from kiosk.core.events import Event, HeadsetPlugged, HeadsetUnplugged, SpeechChanged
from kiosk.domain.sounds import Readings, pinyin
from kiosk.engine.lanes import Post
from kiosk.engine.ports import Speaker
from kiosk.wiring import places


def voice_of(settings: Settings, post: Post) -> VoiceSpeaker:
    """The voice that the settings name, not yet started."""
    folder = places.assets() / "voice"
    readings = Readings.read("\n".join((folder / name).read_text("utf-8") for name in ("pinyin.txt", "reviewed.txt")))

    def spell(text: str, language: str) -> str:
        return pinyin(text, readings) if language == "zh" else text

    outputs = Outputs(settings.sound.speaker, settings.sound.headset)
    return VoiceSpeaker(outputs, spell, lambda speaking: post(SpeechChanged(speaking)))


def with_headset(speaker: Speaker | None, post: Post) -> Post:
    """Let the voice know of the headset before the core does: what is private must fall silent first."""

    def heard(event: Event) -> None:
        if isinstance(speaker, VoiceSpeaker) and isinstance(event, HeadsetPlugged | HeadsetUnplugged):
            speaker.headset(plugged=isinstance(event, HeadsetPlugged))
        post(event)

    return heard
