"""A slip at the kiosk and a rating: only what the hub allows is ordered, once, and only the newest answer counts."""

from dataclasses import replace

from kiosk.core.effects import FollowCode, GiveNumberBack, LookUpSlip, RateVisit, RejoinQueue
from kiosk.core.events import DocumentScanned, SlipSeen, VisitRated
from kiosk.core.state import NoticePage, RatingPage, SlipPage, Welcome
from kiosk.domain.visit import Slip
from tests.core.citizen import Story

WAITS = Slip("t-1", "B012", "B1", "waiting", None, 3, 600, 900, frozenset({"cancel"}))
DONE = replace(WAITS, state="done", ahead=None, may=frozenset({"rate"}))


def scanned(slip: Slip | None = WAITS) -> Story:
    return Story().happen(DocumentScanned("B012"), SlipSeen("B012", slip))


def test_a_label_and_the_address_of_a_ticket_are_asked_of_the_hub() -> None:
    address = "https://kiosk.example/t/abcdefghijklmnopqrstuv"
    story = Story().happen(DocumentScanned("b012"), DocumentScanned(address))
    assert [order.code for order in story.take(LookUpSlip)] == ["B012", address]
    assert story.take(FollowCode) == []


def test_an_answer_about_another_slip_changes_nothing() -> None:
    story = Story().happen(DocumentScanned("B012"), DocumentScanned("B013"), SlipSeen("B012", WAITS))
    assert story.state.page == SlipPage("B013")


def test_a_number_is_given_back_only_after_she_was_asked() -> None:
    story = scanned().touch("choice:yes")
    assert story.take(GiveNumberBack) == []
    story.touch("choice:give-back", "back", "choice:yes")
    assert story.take(GiveNumberBack) == []
    story.touch("choice:give-back", "choice:yes", "choice:yes")
    assert story.take(GiveNumberBack) == [GiveNumberBack("B012", "t-1")]


def test_only_what_the_hub_allows_is_ordered() -> None:
    story = scanned(replace(WAITS, state="no_show", may=frozenset())).touch("choice:rejoin", "choice:give-back")
    assert story.take(RejoinQueue) == []
    missed = scanned(replace(WAITS, state="no_show", may=frozenset({"rejoin"}))).touch("choice:rejoin", "choice:rejoin")
    assert missed.take(RejoinQueue) == [RejoinQueue("B012", "B012")]


def test_a_rating_goes_out_once_and_thanks_only_when_it_is_kept() -> None:
    story = scanned(DONE)
    assert isinstance(story.state.page, RatingPage)
    story.touch("choice:0", "choice:6", "choice:4", "choice:1")
    assert story.take(RateVisit) == [RateVisit("t-1", 4)]
    story.happen(VisitRated("another", "kept"))
    assert isinstance(story.state.page, RatingPage)
    story.happen(VisitRated("t-1", "kept"))
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "rated"


def test_a_rating_that_nobody_heard_can_be_pressed_again() -> None:
    story = scanned(DONE).touch("choice:2").happen(VisitRated("t-1", "away")).touch("choice:2")
    assert len(story.take(RateVisit)) == 2
    story.happen(VisitRated("t-1", "refused"))
    assert isinstance(story.state.page, NoticePage)
    assert story.state.page.kind == "rating-refused"


def test_nothing_of_the_slip_stays_when_she_is_gone() -> None:
    story = scanned().wait(200)
    assert story.state.page == Welcome()
    assert "B012" not in repr(story.state)
