"""The View for an ear: what is read of the page, where the keypad stands, and the voice's own actions."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.flows.audio import GAINS, PACES
from kiosk.core.state import Session
from kiosk.view.models import Action, View, Voice
from kiosk.view.scene import Scene
from kiosk.view.speech import prompts, sentences, spelled
from kiosk.view.texts import Texts

CALM = -1
"""The pace of what is said to who takes large type: a step below the default."""


def actions(scene: Scene) -> tuple[Action, ...]:
    """What a listener can do with the voice itself; the keypad reaches it after everything that is on the page."""
    voice = scene.state.session.voice
    if voice is None:
        return ()
    made = [
        ("repeat", True, "rotate-ccw"),
        ("pause", True, "pause"),
        ("slower", voice.pace > PACES[0], "minus"),
        ("faster", voice.pace < PACES[1], "plus"),
        ("quieter", voice.gain > GAINS[0], "minus"),
        ("louder", voice.gain < GAINS[1], "volume-2"),
    ]
    if scene.state.parts.headset:
        made.append(("curtain", True, "eye-off"))
    return tuple(Action(f"mode:{name}", _label(scene, name), "voice", enabled, icon) for name, enabled, icon in made)


def toggle(scene: Scene) -> tuple[Action, ...]:
    """The way into the audio mode and out of it, where the kiosk can read aloud."""
    on = scene.state.session.voice is not None
    if not on and not offers.audio(scene.state):
        return ()
    return (Action("mode:audio", scene.texts("mode.audio-off" if on else "mode.audio"), "nav", icon="ear", checked=on),)


def voiced(scene: Scene, view: View) -> View:
    """Put the keypad's place and, for a listener, what is read to her into a finished View."""
    session = scene.state.session
    view = replace(view, focus=_focus(session, view))
    if session.focus is not None:
        view = replace(view, actions=_shown(view), appearance=replace(view.appearance, ring=True))
    if session.voice is None:
        prompted = session.large and offers.audio(scene.state) and view.view != "technician"
        return replace(view, voice=Voice(prompts(view), pace=CALM)) if prompted else view
    private, voice = scene.state.parts.headset, session.voice
    lines = sentences(view, scene.texts, private=private)
    told = Voice(
        lines, focused(view, scene.texts), private, voice.pace, voice.gain, voice.again, voice.paused
    )  # fmt: skip
    curtain = view.appearance.curtain or (session.curtain and private)
    return replace(view, voice=told, appearance=replace(view.appearance, curtain=curtain))


def focused(view: View, texts: Texts) -> str:
    """Say where the keypad stands: the action, what it is now, and its place among all of them."""
    order = [index for index, action in enumerate(view.actions) if action.enabled]
    if view.focus not in order:
        return ""
    action = view.actions[view.focus]
    label = spelled(action.label) if action.role == "key" and action.label.isascii() else action.label
    state = "" if action.checked is None else texts("speech.checked" if action.checked else "speech.unchecked")
    place = texts("speech.place", at=order.index(view.focus) + 1, of=len(order))
    stop = texts("speech.stop")
    said = (part.replace("\n", " ").rstrip(stop) for part in (label, action.note, state, place) if part)
    return "".join(part + stop for part in said)


def _focus(session: Session, view: View) -> int:
    at = next((i for i, each in enumerate(view.actions) if each.id == session.focus and each.enabled), None)
    return view.focus if at is None else at


def _shown(view: View) -> tuple[Action, ...]:
    """A voice's action stands in the bar for as long as the keypad is on it, so that the ring has what to enclose."""
    return tuple(
        replace(action, role="pill") if index == view.focus and action.role == "voice" else action
        for index, action in enumerate(view.actions)
    )


def _label(scene: Scene, name: str) -> str:
    session = scene.state.session
    on = (name == "pause" and session.voice is not None and session.voice.paused) or (
        name == "curtain" and session.curtain
    )
    return scene.texts(f"voice.{name}-off" if on else f"voice.{name}")
