"""What else there is to know: topics of today, a quiz with a score, and services by eight or by four."""

from dataclasses import replace
from datetime import timedelta

from kiosk.core import offers
from kiosk.core.effects import PrintGuide
from kiosk.core.state import Guide, InformationPage, Quiz, Services, Welcome
from kiosk.domain.information import Topic
from tests.core.citizen import Story
from tests.core.hall import real_kiosk


def here() -> Story:
    return Story(real_kiosk()).touch("choice:information")


def test_topics_open_and_lead_back() -> None:
    assert here().state.page == InformationPage()
    assert here().touch("choice:etc").state.page == InformationPage("etc")
    assert here().touch("choice:etc", "back").state.page == InformationPage()
    assert here().touch("back").state.page == Welcome()
    assert here().touch("choice:nothing").state.page == InformationPage()


def test_the_quiz_counts_what_is_right() -> None:
    story = here().touch("choice:quiz")
    questions = next(topic for topic in story.state.catalogue.information if topic.id == "quiz").questions
    assert len(questions) == 5
    for index, question in enumerate(questions):
        assert story.state.page == Quiz("quiz", index, None, index)
        story.touch(f"choice:{question.right + 1}", "choice:1", "next")
    assert story.state.page == Quiz("quiz", 5, None, 5)
    assert story.touch("choice:again").state.page == Quiz("quiz")
    wrong = next(number for number in range(len(questions[0].answers)) if number != questions[0].right)
    assert story.touch(f"choice:{wrong + 1}").state.page == Quiz("quiz", 0, wrong, 0)
    assert story.touch("back").state.page == InformationPage()


def test_nothing_goes_on_before_an_answer() -> None:
    assert here().touch("choice:quiz", "next", "choice:9", "choice:x").state.page == Quiz("quiz")


def test_a_topic_is_shown_on_its_days_only() -> None:
    state = real_kiosk()
    today = state.now.date()
    day = timedelta(days=1)
    words = {"zh": "题", "en": "Topic"}
    topics = (
        Topic("now", words, words, "info", valid_from=today, valid_until=today),
        Topic("past", words, words, "info", valid_until=today - day),
        Topic("soon", words, words, "info", valid_from=today + day),
        Topic("off", words, words, "info", enabled=False),
    )
    state = replace(state, catalogue=replace(state.catalogue, information=topics))
    assert [topic.id for topic in offers.topics(state)] == ["now"]
    assert Story(state).touch("choice:information", "choice:past").state.page == InformationPage()
    none = replace(state, catalogue=replace(state.catalogue, information=topics[1:]))
    assert Story(none).touch("choice:information").state.page == Welcome()


def test_what_to_bring_needs_no_identity() -> None:
    story = Story(real_kiosk()).touch("choice:bring")
    assert story.state.page == Services()
    story.touch("category:C", "service:C1", "print-guide")
    assert [(order.service, order.reasons) for order in story.take(PrintGuide)] == [("C1", ())]


def test_large_type_turns_pages_and_comes_round() -> None:
    story = Story(real_kiosk()).touch("ticket-only", "category:B", "next")
    assert story.state.page == Services("B")
    story.touch("mode:large", "next")
    assert story.state.page == Services("B", 1)
    assert story.touch("next").state.page == Services("B")
    assert story.touch("next", "service:B7").state.page == Guide("B7")
    story.touch("back", "next", "mode:large")
    assert story.state.page == Services("B")
