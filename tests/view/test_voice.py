"""What a keypad reaches and an ear hears: parity with the page, privacy, and nothing said twice."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from kiosk.core.events import FocusMoved, KeypadKey, KeypadPressed, Touched
from kiosk.core.state import Check, ConsentPage, Keypad, Services, State, Voice, Welcome
from kiosk.domain.health import Ready
from kiosk.view.models import Entry, Status, View
from kiosk.view.present import present
from kiosk.view.speech import spelled
from kiosk.view.steering import steer
from kiosk.view.utterance import Utterance, utterance
from tests.view.hall import WORKS, conditions, someone, state, texts

HEARS = replace(WORKS, speaker=Ready())
ALONE = replace(HEARS, headset=True)
FRESH = "5f0f7f0e-0000-4000-8000-000000000001"


def shown(known: State) -> View:
    return present(known, texts())


def press(view: View, key: KeypadKey) -> Touched | FocusMoved:
    return steer(view, KeypadPressed(key, FRESH))


def test_every_enabled_action_is_reached_by_next_alone_on_every_page() -> None:
    seen = set()
    for known in conditions():
        if type(known.page) in seen:
            continue
        seen.add(type(known.page))
        view = shown(known)
        wanted = {action.id for action in view.actions if action.enabled}
        reached = set()
        for _ in range(len(wanted) + 1):
            moved = press(view, "next")
            assert isinstance(moved, FocusMoved)
            known = replace(known, session=replace(known.session, focus=moved.action))  # noqa: PLW2901
            view = shown(known)
            assert view.appearance.ring
            reached.add(view.actions[view.focus].id)
        assert reached == wanted, view.view


def test_the_first_key_only_shows_where_one_is() -> None:
    for key in ("next", "previous", "activate"):
        moved = press(shown(state()), key)
        assert isinstance(moved, FocusMoved), key


def test_activate_presses_what_the_ring_encloses_and_previous_undoes_next() -> None:
    ringed = state(focus="follow")
    assert press(shown(ringed), "activate") == Touched("follow", FRESH)
    there = press(shown(ringed), "next")
    assert isinstance(there, FocusMoved)
    assert press(shown(state(focus=there.action)), "previous") == FocusMoved("follow")


@pytest.mark.parametrize(("key", "action"), [("back", "back"), ("help", "help"), ("repeat", "mode:repeat"),
                                             ("louder", "mode:louder"), ("audio", "mode:audio")])  # fmt: skip
def test_a_key_of_its_own_is_one_action_wherever_the_focus_is(key: KeypadKey, action: str) -> None:
    assert press(shown(state(Services("B"), focus="service:B1")), key) == Touched(action, FRESH)


def test_who_does_not_listen_is_told_nothing() -> None:
    assert all(shown(known).voice is None for known in conditions() if known.session.voice is None)


def test_large_type_comes_with_a_calm_word_about_each_page_and_no_more() -> None:
    for known in conditions():
        large = replace(known, parts=replace(known.parts, speaker=Ready()), session=replace(known.session, large=True))
        if large.session.voice is not None:
            continue
        view = shown(large)
        if view.view == "technician":
            assert view.voice is None
            continue
        assert view.voice is not None
        assert view.voice.lines[0] == view.title.replace("\n", " ").strip("。．.；;，,：: ")
        assert len(view.voice.lines) <= 1 + any("BigNumber" in type(block).__name__ for block in view.blocks)
        assert (view.voice.private, view.voice.pace, view.voice.focus) == (False, -1, "")
        # A service's name may hold a short number (12123); nothing that could be a part of hers is said.
        assert not re.search(r"\d{6}|\*", view.voice.lines[0]) or known.session.identity is None
    assert shown(state(large=True)).voice is None  # where there is no loudspeaker


def test_a_prompt_is_said_once_a_page_and_ends_with_large_type() -> None:
    large = shown(state(Services("B"), parts=HEARS, large=True))
    told = utterance(shown(state(Services("B"), parts=HEARS)), large)
    assert told is not None
    assert (told.text, told.private) == (large.title, False)
    assert utterance(large, large) is None
    assert utterance(large, shown(state(Services("B"), parts=HEARS))) == Utterance()


@cache
def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def to_be_heard(view: View) -> Iterator[str]:
    """Every text that is seen, but for countdowns, what is typed (it is counted, and each key echoed) and masks."""
    for block in view.blocks:
        if isinstance(block, Entry) or (isinstance(block, Status) and block.icon == "clock"):
            continue
        yield from (line for text in replace(view, lead="", footnote="", blocks=(block,)).lines
                    for line in text.splitlines() if "*" not in line)  # fmt: skip
    yield from (*view.title.splitlines(), *view.lead.splitlines(), *view.footnote.splitlines())


def test_what_the_eye_gets_the_ear_gets_on_every_page() -> None:
    known = texts()
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for example in conditions():
        voice = replace(example.session, voice=Voice())
        view = shown(replace(example, session=voice, parts=replace(example.parts, speaker=Ready(), headset=True)))
        assert view.voice is not None, view.view
        if (view.voice.lines, view.lines) in seen:
            continue
        seen.add((view.voice.lines, view.lines))
        heard = bare(" ".join(view.voice.lines))
        for line in to_be_heard(view):
            assert bare(line.replace("–", known[view.language]("speech.to"))) in heard, (view.view, line)


def test_the_ear_gets_every_line_of_a_page_and_its_choices() -> None:
    view = shown(state(Services("B"), parts=ALONE, voice=Voice()))
    assert view.voice is not None
    heard = " ".join(view.voice.lines)
    assert view.title.replace("\n", " ") in heard
    assert f"{sum(action.role == 'tile' for action in view.actions)}" in heard


def test_in_the_headset_she_hears_her_own_answers_and_the_hall_never_does() -> None:
    known: dict[str, Any] = {
        "identity": someone(),
        "answers": {"mobile": "13800138000"},
        "consents": frozenset({"sensitive"}),
        "voice": Voice(),
    }
    alone, hall = (shown(state(Check("A4"), parts=parts, **known)).voice for parts in (ALONE, HEARS))
    assert alone is not None
    assert hall is not None
    assert alone.private
    assert not hall.private
    assert spelled("138") in " ".join(alone.lines)
    assert spelled("138") not in " ".join(hall.lines)
    assert not any("*" in line for line in (*alone.lines, *hall.lines))


def test_a_box_says_whether_it_is_ticked() -> None:
    view = shown(state(ConsentPage("A4"), parts=HEARS, voice=Voice(), focus="consent:sensitive"))
    ticked = shown(state(ConsentPage("A4"), parts=HEARS, voice=Voice(), focus="consent:sensitive",
                         consents=frozenset({"sensitive"})))  # fmt: skip
    assert view.voice is not None
    assert ticked.voice is not None
    assert "未选中" in view.voice.focus
    assert "未选中" not in ticked.voice.focus
    assert "已选中" in ticked.voice.focus


def test_the_curtain_falls_only_for_a_headset() -> None:
    assert shown(state(parts=ALONE, voice=Voice(), curtain=True)).appearance.curtain
    assert not shown(state(parts=HEARS, voice=Voice(), curtain=True)).appearance.curtain


def test_a_new_page_is_said_whole_and_typing_says_only_what_is_news() -> None:
    one = shown(state(Keypad("4"), parts=ALONE, voice=Voice(), focus="key:4"))
    two = shown(state(Keypad("42"), parts=ALONE, voice=Voice(), focus="key:4"))
    whole, news = utterance(None, one), utterance(one, two)
    assert whole is not None
    assert whole.text.startswith(one.title)
    assert whole.private
    assert news is not None
    assert one.title not in news.text
    assert "2" in news.text
    assert utterance(two, replace(two, header=replace(two.header, time="10:43"))) is None


def test_moving_the_focus_says_where_it_is_now() -> None:
    here, there = (shown(state(parts=HEARS, voice=Voice(), focus=name)) for name in ("follow", "help"))
    said = utterance(here, there)
    assert said is not None
    assert there.voice is not None
    assert said.text == there.voice.focus


def test_a_pause_and_the_end_fall_silent_once() -> None:
    talks = shown(state(parts=HEARS, voice=Voice()))
    rests = shown(state(parts=HEARS, voice=Voice(paused=True)))
    off = shown(state(parts=HEARS))
    assert utterance(talks, rests) == Utterance()
    assert utterance(rests, rests) is None
    assert utterance(rests, off) is None
    assert utterance(talks, off) == Utterance()
    again = utterance(rests, talks)
    assert again is not None
    assert again.text.startswith("车辆")


def test_a_language_switched_is_said_in_that_language() -> None:
    talks = shown(state(Welcome(), parts=HEARS, voice=Voice()))
    english = shown(state(Welcome(), "en", HEARS, voice=Voice()))
    said = utterance(talks, english)
    assert said is not None
    assert said.language == "en"
