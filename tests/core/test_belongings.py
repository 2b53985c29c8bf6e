"""A card that lies on the reader when its session ends: she is reminded, in her language; nothing of her is kept."""

from dataclasses import replace

from kiosk.core.events import CardLifted, CardRead
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
