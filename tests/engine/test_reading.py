"""What is heard of a page that nobody reads aloud: one chime when she is asked whether she is still there."""

from dataclasses import replace

from drivers.sim.voice import SimVoice
from kiosk.engine.reading import ReadAloud
from kiosk.view.models import View, Voice

PAGE, ASKED = View("services", "您要办哪一项？"), View("timeout", "您还在吗？")


def heard(*views: View, plugged: bool = False) -> SimVoice:
    """What came out of the loudspeaker while these Views were shown, one after the other."""
    voice, shown = SimVoice(), list[View]()
    voice.plugged = plugged
    reading = ReadAloud(voice, shown.append)
    for view in views:
        reading.show(view)
    assert shown == list(views)
    return voice


def test_the_question_whether_she_is_there_is_heard_once_however_it_counts_down() -> None:
    voice = heard(PAGE, ASKED, replace(ASKED, lead="29"), replace(ASKED, lead="28"))
    assert (voice.chimes, voice.said) == (1, [])


def test_each_time_she_is_asked_anew_it_is_heard_anew() -> None:
    assert heard(PAGE, ASKED, PAGE, ASKED).chimes == 2


def test_who_is_read_to_hears_the_question_itself() -> None:
    asked = replace(ASKED, voice=Voice(("您还在吗",), "", private=False, pace=0, gain=0, again=0, paused=False))
    voice = heard(PAGE, asked)
    assert voice.chimes == 0
    assert "您还在吗" in voice.heard


def test_no_other_page_chimes() -> None:
    assert heard(PAGE, replace(PAGE, title="查看材料"), View("welcome", "在这里办")).chimes == 0
