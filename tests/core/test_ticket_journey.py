"""A ticket is asked for once, printed and known to be printed - or honestly not."""

from dataclasses import replace

import pytest

from kiosk.core.effects import AskTicket, ConfirmTicket, DoubtTicket, IssueEmergency, PrintTicket, VoidTicket
from kiosk.core.events import (
    NumbersExhausted,
    PaperNotPrinted,
    PaperPrinted,
    PaperUnknown,
    StaffCalled,
    TicketIssued,
    TicketRecovered,
    TicketRefused,
    TicketUnanswered,
)
from kiosk.core.state import Keypad, NoticePage, State, TicketPage, TimeoutPage, Welcome, Working
from kiosk.domain.health import CoverOpen, Offline, PaperOut, Ready, Unknown
from tests.core.citizen import Story, kiosk


def asked(story: Story | None = None) -> Story:
    return (story or Story()).touch("ticket-only", "category:B", "service:B1", "take-ticket")


def issued(story: Story, label: str = "B001", **changes: object) -> Story:
    ticket = story.take(AskTicket)[-1].ticket
    return story.happen(TicketIssued(ticket, label, 3, 600, 1200, "2026-11-23", None, **changes))  # type: ignore[arg-type]


def test_four_touches_then_a_number_and_home() -> None:
    story = issued(asked())
    job = story.take(PrintTicket)[-1]
    assert not job.reprint
    assert isinstance(story.state.page, Working)
    story.happen(PaperPrinted(job.job, "process-id"))
    assert isinstance(story.state.page, TicketPage)
    assert story.state.page.paper == "printed"
    assert story.take(ConfirmTicket) == [ConfirmTicket(job.ticket, "process-id")]
    assert story.touch("finish").state.page == Welcome()


def test_a_double_touch_on_take_ticket_asks_once() -> None:
    story = asked().touch("take-ticket", "take-ticket")
    assert len(story.take(AskTicket)) == 1


def test_it_is_confirmed_only_after_the_printer_said_so() -> None:
    story = issued(asked())
    assert story.take(ConfirmTicket) == []


def test_without_paper_the_number_stands_on_the_screen_before_anything_is_printed() -> None:
    story = issued(asked(Story(kiosk(PaperOut()))))
    assert story.take(PrintTicket) == []
    assert isinstance(story.state.page, TicketPage)
    assert story.state.page.paper == "screen"
    story.touch("finish")
    assert story.take(ConfirmTicket)[0].printed == "screen"


@pytest.mark.parametrize("health", [PaperOut(), CoverOpen(), Offline("gone")])
def test_a_print_that_failed_leaves_no_live_ticket_that_nobody_holds(health: object) -> None:
    story = issued(asked())
    job = story.take(PrintTicket)[-1].job
    story.happen(PaperNotPrinted(job, health)).wait(61)  # type: ignore[arg-type]
    assert story.take(VoidTicket)[0].reason == "not-noted"
    assert story.take(ConfirmTicket) == []
    assert story.state.page == Welcome()


def test_a_stale_paper_answer_changes_nothing() -> None:
    story = issued(asked())
    before = story.state
    assert story.happen(PaperPrinted("another-job", "barrier")).state == before


def test_nobody_knows_whether_it_came_out_so_she_is_asked() -> None:
    story = issued(asked())
    story.happen(PaperUnknown(story.take(PrintTicket)[-1].job, Unknown()))
    assert isinstance(story.state.page, TicketPage)
    assert story.state.page.paper == "doubt"
    story.touch("choice:yes")
    assert story.take(ConfirmTicket)[0].printed == "none"


def test_she_says_no_and_gets_the_same_number_again_marked_as_reprint() -> None:
    story = issued(asked())
    first = story.take(PrintTicket)[-1]
    story.happen(PaperUnknown(first.job, Unknown()))
    story.state = kiosk_ready(story)
    story.touch("choice:no")
    second = story.take(PrintTicket)[-1]
    assert second.ticket == first.ticket
    assert second.reprint
    assert second.job != first.job


def kiosk_ready(story: Story) -> State:
    return replace(story.state, parts=replace(story.state.parts, printer=Ready()))


def test_she_walks_away_from_the_question_and_the_ticket_stays_reserved() -> None:
    story = issued(asked())
    ticket = story.take(AskTicket)[0].ticket
    story.happen(PaperUnknown(story.take(PrintTicket)[-1].job, Unknown())).wait(61)
    assert story.take(DoubtTicket) == [DoubtTicket(ticket)]
    assert story.take(VoidTicket) == []


def test_hub_away_for_certain_keeps_the_id_and_takes_an_emergency_number() -> None:
    story = asked()
    ticket = story.take(AskTicket)[0].ticket
    story.happen(TicketUnanswered(ticket, ambiguous=False, fresh="other"))
    assert story.take(IssueEmergency) == [IssueEmergency(ticket, "B1", "zh", None)]
    assert story.state.parts.hub is False


def test_an_ambiguous_attempt_gets_a_new_id_and_becomes_an_orphan() -> None:
    story = asked()
    ticket = story.take(AskTicket)[0].ticket
    story.happen(TicketUnanswered(ticket, ambiguous=True, fresh="other"))
    assert story.take(IssueEmergency) == [IssueEmergency("other", "B1", "zh", ticket)]
    story.happen(TicketIssued("other", "B501", None, None, None, "2026-11-23", None, offline=True))
    assert story.take(PrintTicket)[-1].ticket == "other"


def test_a_label_for_which_nobody_waits_is_given_back() -> None:
    story = Story().happen(TicketIssued("late", "B009", 0, None, None, "2026-11-23", None))
    assert story.take(VoidTicket) == [VoidTicket("late", "nobody-waits")]


@pytest.mark.parametrize("code", ["closed", "service-full"])
def test_a_refusal_is_said_and_leads_home(code: str) -> None:
    story = asked()
    story.happen(TicketRefused(story.take(AskTicket)[0].ticket, code))
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.detail == code
    assert story.wait(31).state.page == Welcome()


def test_emergency_numbers_used_up_points_to_the_counter() -> None:
    story = asked()
    story.happen(NumbersExhausted(story.take(AskTicket)[0].ticket))
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "numbers-exhausted"


def test_it_does_not_time_out_while_she_waits_for_us() -> None:
    story = asked().wait(100, tick_s=5)
    assert isinstance(story.state.page, Working)


def test_work_that_never_answers_has_a_way_out() -> None:
    story = asked().wait(121)
    assert isinstance(story.state.page, NoticePage)
    assert story.take(VoidTicket)[0].reason == "no-answer"
    printing = issued(asked()).wait(121)
    page = printing.state.page
    assert isinstance(page, TicketPage)
    assert page.paper == "doubt"


def test_staff_called_in_the_middle_of_work_does_not_hide_its_answer() -> None:
    story = asked().happen(StaffCalled(reached=True))
    assert isinstance(story.state.page, Working)


def test_the_ticket_page_closes_by_itself_after_fifteen_seconds() -> None:
    story = issued(asked())
    story.happen(PaperPrinted(story.take(PrintTicket)[-1].job, "barrier")).wait(14)
    assert isinstance(story.state.page, TicketPage)
    assert story.wait(1).state.page == Welcome()


def recovery(stage: str, age_s: float, label: str | None = "B001") -> TicketRecovered:
    return TicketRecovered("t1", "B1", "en", stage, label, 2, None, None, None, False, age_s)  # type: ignore[arg-type]


def test_after_a_restart_an_unanswered_ask_is_repeated_with_its_own_id() -> None:
    story = Story().happen(recovery("asked", 5, None))
    assert story.take(AskTicket) == [AskTicket("t1", "B1", "en")]


def test_after_a_restart_an_issued_ticket_is_printed() -> None:
    assert Story().happen(recovery("issued", 5)).take(PrintTicket)[0].ticket == "t1"


def test_after_a_restart_the_first_question_is_whether_it_was_printed() -> None:
    story = Story().happen(recovery("printing", 5))
    assert isinstance(story.state.page, TicketPage)
    assert story.state.page.paper == "doubt"
    assert story.state.session.language == "en"
    story.touch("choice:no")
    assert story.take(PrintTicket)[0].reprint


@pytest.mark.parametrize(
    ("stage", "order"), [("asked", VoidTicket), ("issued", VoidTicket), ("printing", DoubtTicket), ("doubtful", None)]
)
def test_long_after_a_restart_nobody_is_there_and_it_is_settled_without_her(stage: str, order: type | None) -> None:
    story = Story().happen(recovery(stage, 900))
    assert story.state.page == Welcome()
    settled = [o for o in story.orders if isinstance(o, VoidTicket | DoubtTicket)]
    assert [type(o) for o in settled] == ([order] if order else [])


def test_idle_asks_then_wipes() -> None:
    story = Story().touch("ticket-only", "language:en", "mode:contrast").wait(60)
    assert isinstance(story.state.page, TimeoutPage)
    assert story.wait(30).state.page == Welcome()
    assert story.state.session == kiosk().session


def test_more_time_goes_on_where_she_was_as_often_as_she_likes() -> None:
    story = Story().touch("ticket-only", "category:B")
    where = story.state.page
    for _ in range(12):
        story.wait(60).touch("more-time")
        assert story.state.page == where


def test_a_typed_number_is_shown_on_request_for_a_while_and_hidden_again() -> None:
    story = Story().touch("identify:type").enter("4212").touch("choice:show")
    page = story.state.page
    assert isinstance(page, Keypad)
    assert page.open == story.state.monotonic + story.state.delays.reveal
    assert page.typed == "4212"
    story.wait(5).enter("0")
    assert isinstance(story.state.page, Keypad)
    assert story.state.page.open == story.state.monotonic + story.state.delays.reveal
    story.touch("choice:show")
    assert isinstance(story.state.page, Keypad)
    assert story.state.page.open == 0.0


def test_several_services_go_on_one_ticket_and_the_first_is_queued_for() -> None:
    story = Story().touch("ticket-only", "category:B", "service:B2", "choice:add", "category:B", "service:B1")
    story.touch("choice:add", "category:B", "service:B2", "take-ticket")
    (order,) = story.take(AskTicket)
    assert (order.service, order.also) == ("B2", ("B1",))
    story.happen(TicketUnanswered(order.ticket, True, "again"))
    (emergency,) = story.take(IssueEmergency)
    assert (emergency.service, emergency.also) == ("B2", ("B1",))


def test_what_was_put_together_goes_with_her() -> None:
    story = Story().touch("ticket-only", "category:B", "service:B2", "choice:add", "home")
    assert story.state.session.also == ()
