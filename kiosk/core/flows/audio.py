"""A citizen who listens: the headset comes and goes, the voice's pace and loudness, the curtain, the keypad's focus."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.flows.session import Outcome, go
from kiosk.core.state import NoticePage, Page, State, TimeoutPage, Voice

PACES = (-2, 2)
"""Steps of pace below and above the default."""
GAINS = (-4, 2)
"""Steps of loudness, 3 dB each: 18 dB from the softest, with one at +12 dB, the default (EN 301 549, 8.2.1)."""


def plugged(state: State) -> Outcome:
    """A headset begins to be spoken to at once; whoever was just asked about a headset pulled out goes on."""
    state = replace(state, parts=replace(state.parts, headset=True), touched=state.monotonic)
    if not offers.audio(state):
        return state, ()
    page = state.page.back if _asked(state.page) and isinstance(state.page, NoticePage) else state.page
    voice = state.session.voice or Voice()
    return replace(state, page=page, session=replace(state.session, voice=replace(voice, paused=False))), ()


def unplugged(state: State) -> Outcome:
    """The voice stops in the middle of the word and she is asked: the hall must not hear what was for her alone."""
    was = state.parts.headset
    state = replace(state, parts=replace(state.parts, headset=False), touched=state.monotonic)
    if state.session.voice is None or not was:
        return state, ()
    state = replace(state, session=replace(state.session, voice=None, curtain=False))
    if isinstance(state.page, TimeoutPage):
        state = replace(state, page=state.page.under)
    if _asked(state.page):
        return state, ()
    return go(state, NoticePage("headset-out", state.monotonic, back=state.page))


def answered(state: State, page: NoticePage, value: str) -> Outcome:
    """After the headset was pulled out: go on by the loudspeaker, or by the screen alone."""
    if value == "speaker" and offers.audio(state):
        return go(replace(state, session=replace(state.session, voice=Voice())), page.back)
    return go(state, page.back) if value == "screen" else (state, ())


def steered(state: State, mode: str) -> State | None:
    """What a voice's own action does; None when it is none of them."""
    session, voice = state.session, state.session.voice
    if mode == "audio":
        if voice is None and not offers.audio(state):
            return state
        return replace(state, session=replace(session, voice=None if voice else Voice(), curtain=False))
    if voice is None:
        return None
    if mode == "curtain":
        return replace(state, session=replace(session, curtain=not session.curtain and state.parts.headset))
    turned = _turned(voice, mode)
    return None if turned is None else replace(state, session=replace(session, voice=turned))


def focused(state: State, action: str) -> State:
    """The keypad stands on another action; with the headset in, its first key begins a session that is read aloud."""
    session = replace(state.session, focus=action)
    if state.session.focus is None and state.parts.headset and session.voice is None and offers.audio(state):
        session = replace(session, voice=Voice())
    return replace(state, session=session)


def settled(before: State, after: State) -> State:
    """On another page the keypad begins anew; who uses none stays without a ring."""
    if after.session.focus in (None, "") or _place(before.page) == _place(after.page):
        return after
    return replace(after, session=replace(after.session, focus=""))


def _turned(voice: Voice, mode: str) -> Voice | None:
    match mode:
        case "repeat":
            return replace(voice, again=voice.again + 1, paused=False)
        case "pause":
            return replace(voice, paused=not voice.paused)
        case "faster" | "slower":
            return replace(voice, pace=_within(voice.pace + (1 if mode == "faster" else -1), PACES), paused=False)
        case "louder" | "quieter":
            return replace(voice, gain=_within(voice.gain + (1 if mode == "louder" else -1), GAINS), paused=False)
    return None


def _within(value: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(value, bounds[1]))


def _asked(page: Page) -> bool:
    return isinstance(page, NoticePage) and page.kind == "headset-out"


def _place(page: Page) -> tuple[object, ...]:
    """Where she is, whatever is typed or ticked there."""
    told = ("index", "category", "part", "topic", "kind", "paper", "asked", "state")
    return (type(page), *(getattr(page, name, None) for name in told))
