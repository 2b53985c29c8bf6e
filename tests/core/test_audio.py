"""A citizen who listens: headset, voice, curtain, focus - and nothing of it left when she is gone."""

from dataclasses import replace

import pytest

from kiosk.core import offers
from kiosk.core.events import FocusMoved, HeadsetPlugged, HeadsetUnplugged, HealthChanged, SpeechChanged
from kiosk.core.flows.audio import GAINS, PACES
from kiosk.core.state import NoticePage, Services, TimeoutPage, Voice, Welcome
from kiosk.domain.health import Offline, Ready
from tests.core.citizen import Story, kiosk


def speaking_kiosk() -> Story:
    return Story(kiosk()).happen(HealthChanged("speaker", Ready()))


def test_a_headset_begins_to_be_spoken_to_and_a_kiosk_without_voice_stays_silent() -> None:
    assert speaking_kiosk().happen(HeadsetPlugged()).state.session.voice == Voice()
    assert Story().happen(HeadsetPlugged()).state.session.voice is None
    mute = speaking_kiosk().happen(HealthChanged("speaker", Offline("no such device")), HeadsetPlugged())
    assert mute.touch("mode:audio").state.session.voice is None


def test_the_headset_pulled_out_silences_asks_and_lets_her_go_on_either_way() -> None:
    story = speaking_kiosk().happen(HeadsetPlugged()).touch("ticket-only", "category:B", "mode:curtain")
    assert story.state.session.curtain
    where = story.state.page
    story.happen(HeadsetUnplugged())
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "headset-out"
    assert story.state.session.voice is None
    assert not story.state.session.curtain
    again = Story(story.state).happen(HeadsetPlugged())
    assert again.state.page == where
    assert again.state.session.voice == Voice()
    loud = Story(story.state).touch("choice:speaker")
    assert loud.state.page == where
    assert loud.state.session.voice == Voice()
    silent = Story(story.state).touch("choice:screen")
    assert silent.state.page == where
    assert silent.state.session.voice is None


def test_the_question_about_the_headset_times_out_like_any_page() -> None:
    story = speaking_kiosk().happen(HeadsetPlugged()).touch("ticket-only").happen(HeadsetUnplugged())
    assert isinstance(story.wait(60).state.page, TimeoutPage)
    assert story.wait(30).state.page == Welcome()


def test_everybody_else_s_loudspeaker_is_not_cut_by_a_plug_that_was_never_in() -> None:
    story = speaking_kiosk().touch("mode:audio").happen(HeadsetUnplugged())
    assert story.state.page == Welcome()
    assert story.state.session.voice == Voice()


@pytest.mark.parametrize(("up", "down", "name", "bounds"), [
    ("mode:faster", "mode:slower", "pace", PACES), ("mode:louder", "mode:quieter", "gain", GAINS),
])  # fmt: skip
def test_pace_and_loudness_go_by_steps_to_their_ends(up: str, down: str, name: str, bounds: tuple[int, int]) -> None:
    story = speaking_kiosk().touch("mode:audio")
    for action, end in ((up, bounds[1]), (down, bounds[0])):
        for _ in range(10):
            story.touch(action)
        assert getattr(story.state.session.voice, name) == end


def test_the_curtain_needs_a_headset() -> None:
    assert not speaking_kiosk().touch("mode:audio", "mode:curtain").state.session.curtain


def test_repeat_ends_a_pause() -> None:
    story = speaking_kiosk().touch("mode:audio", "mode:pause")
    assert story.state.session.voice == Voice(paused=True)
    assert story.touch("mode:repeat").state.session.voice == Voice(again=1)


def test_no_page_closes_while_it_is_being_read() -> None:
    story = speaking_kiosk().touch("mode:audio", "ticket-only").happen(SpeechChanged(True))
    assert isinstance(story.wait(600).state.page, Services)
    story.happen(SpeechChanged(False))
    assert isinstance(story.wait(119).state.page, Services)
    assert isinstance(story.wait(2).state.page, TimeoutPage)
    assert isinstance(story.wait(58).state.page, TimeoutPage)
    assert story.wait(2).state.page == Welcome()


def test_large_type_waits_twice_as_long() -> None:
    story = Story().touch("ticket-only", "mode:large")
    assert isinstance(story.wait(119).state.page, Services)
    assert isinstance(story.wait(1).state.page, TimeoutPage)


def test_everything_is_back_at_its_default_when_she_is_gone() -> None:
    story = speaking_kiosk().happen(HeadsetPlugged(), FocusMoved("help")).touch("mode:louder", "mode:curtain")
    assert story.touch("ticket-only", "home").state.session == kiosk().session


def test_a_key_begins_to_read_to_whoever_comes_next_with_the_headset_still_in() -> None:
    story = speaking_kiosk().happen(HeadsetPlugged()).touch("ticket-only", "home")
    assert story.state.session.voice is None
    assert story.happen(FocusMoved("")).state.session.voice == Voice()


def test_the_focus_stays_on_a_page_and_begins_anew_on_the_next() -> None:
    story = Story().happen(FocusMoved("ticket-only")).touch("mode:large")
    assert story.state.session.focus == "ticket-only"
    assert story.touch("ticket-only").state.session.focus == ""
    assert Story().touch("ticket-only").state.session.focus is None


def test_only_what_is_read_or_large_takes_more_patience() -> None:
    plain = kiosk()
    assert offers.patience(plain) == 1
    assert offers.patience(replace(plain, session=replace(plain.session, contrast="dark"))) == 1
    assert offers.patience(replace(plain, session=replace(plain.session, voice=Voice()))) == 2
