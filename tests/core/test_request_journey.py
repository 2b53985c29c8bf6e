"""A direct request: identity, form, consent, check, one confirm - and a receipt that says only what is known."""

from dataclasses import replace

import pytest

from kiosk.core.effects import PrintReceipt, SubmitRequest
from kiosk.core.events import (
    CardRead,
    DocumentScanned,
    PaperNotPrinted,
    PaperPrinted,
    RequestAnswered,
    RequestRecovered,
    RequestRefused,
    RequestSaved,
    ScanRefused,
    SubmissionSeen,
)
from kiosk.core.state import (
    Check,
    ConsentPage,
    Form,
    Guide,
    Identify,
    Keypad,
    NoticePage,
    ReceiptPage,
    Services,
    Welcome,
    Working,
)
from kiosk.domain.health import PaperOut
from tests.core.citizen import Story, kiosk, resident_id

NUMBER = resident_id()
MOBILE = "13" + "800" + "000" + "123"


def at_check() -> Story:
    story = Story().happen(DocumentScanned(NUMBER)).touch("category:A", "service:A4", "apply")
    return story.enter(MOBILE).touch("next", "next", "consent:sensitive", "next")


def confirmed() -> Story:
    return at_check().touch("consent:correct", "consent:entrust", "confirm")


def test_the_whole_way_to_a_receipt() -> None:
    story = confirmed()
    order = story.take(SubmitRequest)[0]
    assert dict(order.applicant)["number"] == NUMBER
    assert dict(order.fields) == {"mobile": MOBILE}
    assert order.consents == ("correct", "entrust", "sensitive")
    assert order.assurance == "scanned"
    story.happen(RequestSaved(order.request, order.masked))
    story.happen(RequestAnswered(order.request, "submitted", "XN-1", None, "2026-11-23T10:00:00+08:00"))
    job = story.take(PrintReceipt)[0]
    story.happen(PaperPrinted(job.job, "barrier"))
    page = story.state.page
    assert isinstance(page, ReceiptPage)
    assert page.paper == "printed"
    assert page.request.state == "submitted"
    assert story.touch("finish").state.page == Welcome()


def test_confirm_does_nothing_until_every_required_box_is_ticked() -> None:
    story = at_check().touch("confirm", "consent:correct", "confirm")
    assert story.take(SubmitRequest) == []
    assert isinstance(story.state.page, Check)


def test_a_double_touch_on_confirm_submits_once() -> None:
    story = confirmed().touch("confirm", "confirm")
    assert len(story.take(SubmitRequest)) == 1


def test_once_it_is_saved_nothing_personal_is_left_in_the_state() -> None:
    story = confirmed()
    order = story.take(SubmitRequest)[0]
    story.happen(RequestSaved(order.request, order.masked))
    assert story.state.session.identity is None
    assert dict(story.state.session.answers) == {}


def test_number_and_answers_never_stand_in_a_repr() -> None:
    story = at_check()
    order = confirmed().take(SubmitRequest)[0]
    for thing in (story.state, order, DocumentScanned(NUMBER), CardRead(NUMBER, "name")):
        assert NUMBER not in repr(thing)
        assert MOBILE not in repr(thing)


def test_apply_without_identity_asks_for_it_and_then_opens_the_form() -> None:
    story = Story().touch("ticket-only", "category:A", "service:A4", "apply")
    assert story.state.page == Identify(then="A4")
    assert story.happen(DocumentScanned(NUMBER)).state.page == Form("A4", 0)


def test_a_typed_number_counts_as_typed() -> None:
    story = Story().touch("identify:type").enter(NUMBER).touch("next")
    assert story.state.session.identity is not None
    assert story.state.session.identity.assurance == "typed"
    assert story.state.page == Services()


def test_a_mistyped_number_says_what_is_wrong_and_keeps_it() -> None:
    story = Story().touch("identify:type").enter(NUMBER[:-1]).touch("next")
    assert isinstance(story.state.page, Keypad)
    assert story.state.page.typed == NUMBER[:-1]
    assert story.state.page.problem == "length"
    assert story.enter(NUMBER[-1]).touch("next").state.page == Services()


def test_a_wrong_mobile_number_keeps_what_was_typed() -> None:
    story = Story().happen(DocumentScanned(NUMBER)).touch("category:A", "service:A4", "apply")
    story.enter(MOBILE[:9]).touch("next")
    page = story.state.page
    assert isinstance(page, Form)
    assert page.typed == MOBILE[:9]
    assert page.problem


def test_an_answer_can_be_changed_from_the_check_page_and_leads_back_there() -> None:
    story = at_check().touch("change:mobile", "key:clear").enter(MOBILE[:-1] + "9").touch("next")
    assert isinstance(story.state.page, Check)
    assert story.state.session.answers["mobile"] == MOBILE[:-1] + "9"


def test_language_switch_in_the_middle_of_the_form_keeps_what_was_entered() -> None:
    story = Story().happen(DocumentScanned(NUMBER)).touch("category:A", "service:A4", "apply").enter("138")
    story.touch("language:en")
    page = story.state.page
    assert isinstance(page, Form)
    assert page.typed == "138"
    assert story.state.session.language == "en"


def test_back_leads_through_the_pages_and_keeps_the_answers() -> None:
    story = at_check().touch("back")
    assert isinstance(story.state.page, ConsentPage)
    story.touch("back", "back")
    page = story.state.page
    assert isinstance(page, Form)
    assert page.index == 0
    assert page.typed == MOBILE
    assert isinstance(story.touch("back").state.page, Guide)


def test_a_refused_save_says_so() -> None:
    story = confirmed()
    story.happen(RequestRefused(story.take(SubmitRequest)[0].request, "not-enrolled"))
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "request-refused"


def test_no_answer_in_time_gives_a_receipt_of_what_is_known() -> None:
    story = confirmed()
    story.happen(RequestAnswered(story.take(SubmitRequest)[0].request, "unknown"))
    story.happen(PaperPrinted(story.take(PrintReceipt)[0].job, "barrier"))
    page = story.state.page
    assert isinstance(page, ReceiptPage)
    assert page.request.state == "unknown"
    assert page.request.reference is None


def test_a_late_answer_mends_the_page_that_is_still_shown() -> None:
    story = confirmed()
    request = story.take(SubmitRequest)[0].request
    story.happen(RequestAnswered(request, "queued"))
    story.happen(PaperPrinted(story.take(PrintReceipt)[0].job, "barrier"))
    story.happen(RequestAnswered(request, "accepted", "XN-2"))
    page = story.state.page
    assert isinstance(page, ReceiptPage)
    assert (page.request.state, page.request.reference) == ("accepted", "XN-2")


def test_without_paper_the_receipt_stands_on_the_screen() -> None:
    story = confirmed()
    story.happen(RequestAnswered(story.take(SubmitRequest)[0].request, "submitted", "XN-3"))
    story.happen(PaperNotPrinted(story.take(PrintReceipt)[0].job, PaperOut()))
    assert isinstance(story.state.page, ReceiptPage)
    assert story.state.page.paper == "screen"


def test_apply_is_not_taken_when_submission_is_not_offered() -> None:
    story = Story().happen(SubmissionSeen(offered=False, connected=False))
    story.happen(DocumentScanned(NUMBER)).touch("category:A", "service:A4", "apply")
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "not-offered"


def test_a_service_that_wants_a_card_does_not_open_for_a_scan() -> None:
    state = kiosk()
    strict = replace(state.catalogue.services["A4"], min_assurance="card", clerk_confirms=False)
    state = replace(state, catalogue=replace(state.catalogue, services={"A4": strict}))
    story = Story(state).happen(DocumentScanned(NUMBER)).touch("category:A", "service:A4", "apply")
    assert isinstance(story.state.page, Identify)
    story.happen(DocumentScanned(NUMBER))
    assert isinstance(story.state.page, NoticePage)


@pytest.mark.parametrize("event", [DocumentScanned("no such document"), ScanRefused("control", 9)])
def test_an_unknown_scan_is_said_plainly_and_the_journey_goes_on(event: DocumentScanned | ScanRefused) -> None:
    story = Story().happen(event)
    assert isinstance(story.state.page, Identify)
    assert story.state.page.problem
    assert story.happen(DocumentScanned(NUMBER)).state.page == Services()


def test_a_scan_on_a_page_where_it_means_nothing_changes_nothing() -> None:
    story = confirmed()
    assert isinstance(story.state.page, Working)
    assert isinstance(story.happen(DocumentScanned(NUMBER)).state.page, Working)


def test_after_a_restart_the_receipt_of_a_saved_request_is_printed() -> None:
    event = RequestRecovered("r1", "A4", "zh", "unknown", None, None, None, (("id", "masked"),), 5.0)
    assert Story().happen(event).take(PrintReceipt)[0].request == "r1"
    assert Story().happen(replace(event, age_s=500.0)).take(PrintReceipt) == []
