"""A card that lies on the reader when its session ends: she is reminded, in her language; nothing of her is kept."""

from dataclasses import replace

from kiosk.core.effects import LookAtTray, MindTray
from kiosk.core.events import CardLifted, CardRead, TraySeen
from kiosk.core.flows.fittings import lit
from kiosk.core.state import NoticePage, Welcome
from kiosk.domain.health import Ready
from tests.core.citizen import Story, kiosk, resident_id


def with_card() -> Story:
    """Somebody laid her card on the reader, was known by it, and reads English in large type."""
    state = kiosk()
    story = Story(replace(state, parts=replace(state.parts, card=Ready())))
    return story.touch("identify:card").happen(CardRead(resident_id(), "someone")).touch("language:en", "mode:large")


def reminder(story: Story) -> bool:
    return isinstance(story.state.page, NoticePage) and story.state.page.kind == "card-left"


def test_going_home_without_the_card_is_reminded_of_and_ends_when_it_is_taken() -> None:
    story = with_card().touch("home")
    assert reminder(story)
    session = story.state.session
    assert (session.language, session.large, session.identity, dict(session.answers)) == ("en", True, None, {})
    story.happen(CardLifted())
    assert (story.state.page, story.state.session.language) == (Welcome(), "zh")


def test_who_walked_away_is_reminded_for_a_while_and_the_next_one_sees_it_too() -> None:
    story = with_card().wait(200)
    assert reminder(story)
    story.wait(70)
    assert (story.state.page, story.state.session.language) == (Welcome(), "zh")
    story.touch("ticket-only", "home").wait(1)
    assert reminder(story)  # the next one may give the card to the staff
    story.touch("next")
    assert story.state.page == Welcome()


def test_a_card_that_was_taken_needs_no_reminder() -> None:
    story = with_card().happen(CardLifted()).touch("home", "home")
    assert story.state.page == Welcome()


def with_tray() -> Story:
    """Somebody took a ticket at a kiosk whose tray a camera sees, in English and in large type."""
    state = kiosk()
    story = Story(replace(state, parts=replace(state.parts, tray=True)))
    return story.touch("language:en", "mode:large", "ticket-only")


def things(story: Story) -> bool:
    return isinstance(story.state.page, NoticePage) and story.state.page.kind == "things-left"


def test_what_lies_on_the_tray_when_she_has_gone_is_told_in_her_language_until_it_is_taken() -> None:
    story = with_tray().touch("home")
    assert story.state.page == Welcome()
    assert story.take(LookAtTray) == [LookAtTray()]
    story.happen(TraySeen("left"))
    assert things(story)
    assert (story.state.session.language, story.state.session.large, story.state.session.identity) == ("en", True, None)
    assert "left" in lit(story.state)
    story.wait(4)
    assert len(story.take(LookAtTray)) == 2
    story.wait(9)
    assert len(story.take(LookAtTray)) == 2  # one look at a time
    story.happen(TraySeen("left")).wait(4)
    assert things(story)
    story.happen(TraySeen("clear"))
    assert (story.state.page, story.state.session.language) == (Welcome(), "zh")
    assert story.state.parting is None


def test_nobody_is_kept_waiting_for_the_tray_and_unknown_is_no_reminder() -> None:
    for verdict in ("unknown", "clear"):
        story = with_tray().touch("home").happen(TraySeen(verdict))
        assert story.state.page == Welcome()
    story = with_tray().touch("home").happen(TraySeen("left")).wait(70)
    assert story.state.page == Welcome()  # the reminder ends by itself, and is no session to be reminded of
    assert len(story.take(LookAtTray)) == 2


def test_who_comes_next_is_not_told_of_what_somebody_else_left() -> None:
    story = with_tray().touch("home", "ticket-only").happen(TraySeen("left"))
    assert not things(story)
    assert story.state.page != Welcome()


def test_card_and_tray_are_looked_at_one_after_the_other() -> None:
    story = with_card()
    story.state = replace(story.state, parts=replace(story.state.parts, tray=True))
    story.touch("home")
    assert reminder(story)
    assert story.take(LookAtTray) == []
    story.happen(CardLifted(), TraySeen("left"))
    assert things(story)
    assert story.state.session.language == "en"


def test_the_tray_is_learnt_only_while_nobody_has_been_there_for_a_while() -> None:
    story = with_tray().touch("home").happen(TraySeen("clear"))
    story.wait(20)
    assert story.take(MindTray) == []
    story.wait(15)
    assert story.take(MindTray) == [MindTray(True)]
    story.touch("ticket-only")
    assert story.take(MindTray) == [MindTray(True), MindTray(False)]


def test_a_kiosk_without_such_a_camera_asks_for_nothing() -> None:
    story = Story(kiosk()).touch("ticket-only", "home").wait(60)
    assert not story.take(LookAtTray)
    assert not story.take(MindTray)
