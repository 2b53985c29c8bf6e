"""Before a service: she is asked what she can know, and told everything at once, with where to go."""

from datetime import date
from types import MappingProxyType

import pytest

from kiosk.core import offers
from kiosk.core.effects import AskTicket, PrintGuide
from kiosk.core.events import CardRead, DocumentScanned, HubLost, PaperPrinted
from kiosk.core.state import Asking, Check, Counter, Eligibility, Form, Guide, NoticePage, Welcome, Working
from kiosk.domain.health import PaperOut
from tests.core.citizen import Story, kiosk, resident_id
from tests.core.hall import real_kiosk

MOBILE = "13" + "800" + "000" + "123"


def carried(*actions: str) -> Story:
    """She has laid her card on the reader and gone to the lost vehicle licence."""
    story = Story(real_kiosk()).happen(CardRead(resident_id(), "测试员"))
    return story.touch("category:B", *actions)


def looked(code: str) -> Story:
    return Story(real_kiosk()).touch("ticket-only", f"category:{code[0]}", f"service:{code}", "choice:eligibility")


def codes(story: Story) -> list[str]:
    page = story.state.page
    assert isinstance(page, Eligibility), page
    service = story.state.catalogue.services[page.service]
    return [reason.code for reason in offers.opinion(story.state, service).verdict.reasons]


def test_a_service_without_questions_opens_its_form_at_once() -> None:
    story = Story(real_kiosk()).happen(DocumentScanned(resident_id())).touch("category:A", "service:A4", "apply")
    assert story.state.page == Form("A4", 0)


def test_three_reasons_are_told_at_once_and_printed_on_one_slip() -> None:
    story = looked("C1").enter("20271130").touch("next", "choice:U").enter("20250101").touch("next")
    assert set(codes(story)) == {"renewal-too-early", "licence-status-forbids", "medical-certificate-old"}
    story.touch("take-ticket", "next")
    assert story.take(AskTicket) == []
    assert isinstance(story.state.page, Eligibility)
    story.touch("print-guide")
    order = story.take(PrintGuide)[0]
    assert len(order.reasons) == 3
    assert any("2027-09-01" in reason for reason in order.reasons)
    assert isinstance(story.state.page, Working)
    story.happen(PaperPrinted(order.job, "barrier")).touch("next")
    assert isinstance(story.state.page, Eligibility)


def test_in_time_it_is_fine_and_a_ticket_is_one_touch_away() -> None:
    story = looked("C1").enter("20261130").touch("next", "choice:A", "next")
    assert codes(story) == []
    story.touch("take-ticket")
    assert [order.service for order in story.take(AskTicket)] == ["C1"]


def test_what_she_does_not_know_is_referred_to_a_clerk() -> None:
    story = looked("C1").touch("next", "choice:A", "next")
    assert codes(story) == ["fact-missing"]
    story.touch("take-ticket")
    assert len(story.take(AskTicket)) == 1


def test_a_status_she_is_not_sure_of_is_left_to_the_register() -> None:
    story = looked("C1").enter("20261130").touch("next", "next", "next")
    assert codes(story) == []


def test_where_the_counter_cannot_help_no_ticket_is_given() -> None:
    story = looked("C1").enter("20251215").touch("next", "choice:A", "next")
    assert codes(story) == ["renewal-very-late"]
    story.touch("take-ticket")
    assert story.take(AskTicket) == []


def test_a_long_term_licence_needs_no_renewal() -> None:
    assert codes(looked("C1").touch("choice:long-term", "choice:A", "next")) == ["licence-long-term"]


def test_a_day_that_is_none_says_so_and_keeps_what_was_typed() -> None:
    page = looked("C1").enter("20260230").touch("next").state.page
    assert isinstance(page, Asking)
    assert (page.typed, page.problem) == ("20260230", "date-impossible")
    page = looked("C1").enter("2026").touch("next").state.page
    assert isinstance(page, Asking)
    assert (page.typed, page.problem) == ("2026", "length")


def test_a_question_is_asked_only_where_it_means_something() -> None:
    story = looked("B7").touch("choice:self", "choice:motorcycle")
    page = story.state.page
    assert isinstance(page, Asking)
    service = story.state.catalogue.services["B7"]
    assert offers.questions(story.state, service)[page.index].name == "vehicle_registered_on"
    page = looked("B7").touch("choice:self", "choice:small-passenger").state.page
    assert isinstance(page, Asking)
    assert offers.questions(story.state, service)[page.index].name == "seats"


def test_the_date_of_birth_in_a_number_that_was_shown_is_not_asked() -> None:
    story = Story(real_kiosk()).happen(DocumentScanned(resident_id(date(1958, 3, 7))))
    service = story.state.catalogue.services["C3"]
    assert "birth_date" not in [field.name for field in offers.questions(story.state, service)]
    story.touch("category:C", "service:C3", "choice:eligibility", "choice:C1", "choice:A", "next")
    assert codes(story) == ["age-class-stays"]


def test_an_agent_is_led_to_the_counter_with_what_to_bring() -> None:
    story = carried("service:B3", "apply", "choice:agent")
    assert isinstance(story.state.page, Counter)
    story.touch("print-guide")
    order = story.take(PrintGuide)[0]
    assert "本人签名的授权委托书" in order.bring
    story.happen(PaperPrinted(order.job, "barrier")).touch("back", "take-ticket")
    assert [asked.service for asked in story.take(AskTicket)] == ["B3"]


def test_back_from_the_counter_lets_her_answer_otherwise() -> None:
    story = carried("service:B3", "apply", "choice:company", "back")
    assert story.state.page == Asking("B3", 0, "apply")
    assert story.touch("choice:self", "choice:A").state.page == Form("B3", 0)


def test_a_warning_is_shown_and_she_may_go_on() -> None:
    story = carried("service:B5", "apply", "choice:self", "choice:A").enter("20270101").touch("next")
    assert codes(story) == ["electronic-sticker"]
    assert story.touch("next").state.page == Form("B5", 0)
    assert isinstance(story.touch("back").state.page, Eligibility)


def test_who_is_blocked_does_not_reach_the_form() -> None:
    story = carried("service:B5", "apply", "choice:self", "choice:A").enter("20250101").touch("next")
    assert codes(story)[0] == "insurance-ended"
    assert isinstance(story.touch("next", "apply").state.page, Eligibility)
    story.touch("choice:again", "choice:self", "choice:A", "key:clear").enter("20270101").touch("next", "next")
    assert story.state.page == Form("B5", 0)


def test_back_goes_through_the_questions_and_keeps_the_answers() -> None:
    story = looked("C1").enter("20261130").touch("next", "choice:A", "next", "back", "back", "back")
    page = story.state.page
    assert isinstance(page, Asking)
    assert (page.index, page.typed) == (0, "20261130")
    assert story.touch("back").state.page == Guide("C1")


def test_a_typed_number_does_not_open_what_a_card_must() -> None:
    story = Story(real_kiosk()).happen(HubLost(), DocumentScanned(resident_id()))
    story.touch("category:B", "service:B3", "apply")
    assert not isinstance(story.state.page, Asking | Form)


def test_no_slip_without_paper() -> None:
    story = looked("C1").touch("next", "choice:A", "next")
    story.state = story.state.__class__(**{**vars(story.state), "parts": kiosk(PaperOut()).parts})
    story.touch("print-guide")
    assert story.take(PrintGuide) == []


@pytest.mark.parametrize("code", ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "C1", "C2", "C3"])
def test_a_ticket_never_waits_for_a_question(code: str) -> None:
    story = Story(real_kiosk()).happen(DocumentScanned(resident_id()))
    story.touch(f"category:{code[0]}", f"service:{code}", "take-ticket")
    assert [order.service for order in story.take(AskTicket)] == [code]


def test_home_asks_once_where_something_would_be_lost() -> None:
    story = looked("C1").enter("2026").touch("home")
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "leave"
    page = story.touch("back").state.page
    assert isinstance(page, Asking)
    assert page.typed == "2026"
    assert story.touch("home", "choice:yes").state.page == Welcome()
    assert story.state.session == Story(real_kiosk()).state.session


def test_home_asks_nothing_where_nothing_would_be_lost() -> None:
    assert looked("C1").touch("home").state.page == Welcome()
    story = Story(real_kiosk()).happen(DocumentScanned(resident_id())).touch("category:B", "home")
    assert story.state.page == Welcome()


def test_the_question_whether_to_leave_times_out_like_any_page() -> None:
    story = looked("C1").enter("2026").touch("home").wait(59)
    assert isinstance(story.state.page, NoticePage)
    assert story.wait(20).state.page != Welcome()
    assert story.wait(20).state.page == Welcome()
    assert dict(story.state.session.facts) == {}


def test_the_whole_direct_request_for_a_lost_vehicle_licence() -> None:
    story = carried("service:B3", "apply", "choice:self", "choice:A", "choice:02").enter("鄂L12345").touch("next")
    story.enter(MOBILE).touch("next", "choice:ems", "consent:sensitive", "next")
    assert story.state.page == Check("B3")
    assert story.state.session.answers == MappingProxyType(
        {"plate_type": "02", "plate": "鄂L12345", "mobile": MOBILE, "delivery": "ems"}
    )
