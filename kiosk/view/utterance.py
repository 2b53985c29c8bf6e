"""What has to be said when one View follows another: all of a new page, or just what is news on it."""

from dataclasses import dataclass, field

from kiosk.view.models import View


@dataclass(frozen=True)
class Utterance:
    """Words to begin now, cutting off what is being said; without `text` the voice only falls silent."""

    text: str = field(default="", repr=False)
    language: str = "zh"
    private: bool = False
    pace: int = 0
    gain: int = 0


def utterance(before: View | None, after: View) -> Utterance | None:
    """Say what the voice has to do; None: nothing, and what is being said goes on."""
    voice = after.voice
    old = before.voice if before else None
    if voice is None or voice.paused:
        return Utterance() if old is not None and not old.paused else None
    anew = old is None or old.paused or voice.again != old.again
    same_page = before is not None and (before.view, before.title, before.language) == (
        after.view, after.title, after.language,
    )  # fmt: skip
    if old is None or anew or not same_page:
        said = [*voice.lines, voice.focus]
    else:
        said = [line for line in voice.lines if line not in old.lines]
        moved = voice.focus != old.focus or (before is not None and before.appearance.ring != after.appearance.ring)
        turned = (voice.pace, voice.gain) != (old.pace, old.gain)
        if moved or turned:
            said.append(voice.focus)
    text = "\n".join(line for line in said if line)
    if not text:
        return None
    return Utterance(text, after.language, voice.private, voice.pace, voice.gain)
