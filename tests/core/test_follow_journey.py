"""Her receipt at the window: only the centre's word on that very receipt counts, and nothing is taken back unasked."""

from kiosk.core.effects import FollowCode, WithdrawRequest
from kiosk.core.events import DocumentScanned, ProgressSeen, SubmissionSeen
from kiosk.core.state import StatusPage
from tests.core.citizen import Story

HERS, ANOTHERS = "https://example.org/s/" + "A" * 22, "https://example.org/s/" + "B" * 22


def scanned(*codes: str) -> Story:
    story = Story().happen(SubmissionSeen(True, True)).touch("follow")
    for code in codes:
        story.happen(DocumentScanned(code))
    return story


def seen(code: str, state: str = "submitted") -> ProgressSeen:
    return ProgressSeen(code, state, "XN-1", may_withdraw=state == "submitted")


def page(story: Story) -> StatusPage:
    assert isinstance(story.state.page, StatusPage)
    return story.state.page


def test_a_late_word_about_the_receipt_before_is_not_shown_and_takes_nothing_back() -> None:
    story = scanned(ANOTHERS, HERS).happen(seen(ANOTHERS))
    assert page(story).state is None
    story.happen(seen(HERS)).touch("choice:withdraw", "choice:yes")
    assert story.take(FollowCode) == [FollowCode(ANOTHERS), FollowCode(HERS)]
    assert story.take(WithdrawRequest) == [WithdrawRequest(HERS)]


def test_nothing_is_taken_back_without_the_question_or_without_a_line() -> None:
    story = scanned(HERS).happen(seen(HERS)).touch("choice:yes")
    assert not page(story).tried
    story.happen(SubmissionSeen(True, False)).touch("choice:withdraw")
    assert not page(story).sure
    story.happen(SubmissionSeen(False, True)).touch("choice:withdraw")
    assert not page(story).sure, "a kiosk that may hand in nothing takes nothing back either"
    story.happen(SubmissionSeen(True, True)).touch("choice:withdraw", "back", "choice:yes")
    assert not page(story).tried


def test_what_was_accepted_is_not_offered_to_be_taken_back() -> None:
    assert not page(scanned(HERS).happen(seen(HERS, "accepted")).touch("choice:withdraw")).sure
