"""A document is photographed within a request: taken, judged, taken again, sent - and forgotten on every way out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.effects import AskTicket, SubmitRequest, TakePhoto, WipePhotos
from kiosk.core.events import PhotoTaken, RequestRefused, RequestSaved, StaffCalled
from kiosk.core.state import Check, ConsentPage, Form, Identity, NoticePage, PhotoPage, State, TimeoutPage, Welcome
from kiosk.domain.catalogue import Catalogue, Consent, Field
from kiosk.domain.photo import PHOTO_VERDICTS, PhotoVerdict
from tests.core.citizen import CATALOGUE, Story, kiosk, resident_id, service, words

POLICY = service(
    "B3",
    mode="both",
    min_assurance="typed",
    fields=(
        Field("policy", "photo", words("保险单"), words("?"), words("")),
        Field("mobile", "mobile", words("手机"), words("?"), words(""), max_length=11),
        Field("back", "photo", words("背面"), words("?"), words("")),
    ),
    consents=(Consent("correct", words("correct")),),
)


def ready() -> State:
    catalogue = Catalogue("1", CATALOGUE.categories, {**CATALOGUE.services, "B3": POLICY})
    empty = kiosk()
    identity = Identity("resident_id", resident_id(), "***", "typed")
    session = replace(empty.session, service="B3", identity=identity)
    return replace(empty, catalogue=catalogue, session=session, page=PhotoPage("B3", 0))


def shoot(story: Story, verdict: PhotoVerdict = "", action: str = "next") -> str:
    """Press, and let the camera answer; gives the picture's id."""
    story.touch(action)
    ref = story.take(TakePhoto)[-1].photo
    story.happen(PhotoTaken(ref, verdict, "" if verdict else f"/dev/shm/{ref}.jpg"))
    return ref


def at_check() -> tuple[Story, str, str]:
    story = Story(ready())
    first = shoot(story)
    story.touch("next").enter("13800138000").touch("next")
    second = shoot(story)
    story.touch("next", "next", "consent:correct")
    assert story.state.page == Check("B3")
    return story, first, second


def wiped(story: Story) -> set[str]:
    return {ref for order in story.take(WipePhotos) for ref in order.photos}


def test_a_picture_is_taken_seen_and_accepted() -> None:
    story = Story(ready())
    story.touch("next")
    (order,) = story.take(TakePhoto)
    assert isinstance(story.state.page, PhotoPage)
    assert story.state.page.taking == order.photo
    story.happen(PhotoTaken(order.photo, "", "/dev/shm/p.jpg"))
    assert story.state.page == PhotoPage("B3", 0, since=story.state.page.since)
    assert dict(story.state.session.photos) == {order.photo: "/dev/shm/p.jpg"}
    story.touch("next")
    assert isinstance(story.state.page, Form)
    assert len(story.take(TakePhoto)) == 1


@pytest.mark.parametrize("verdict", [verdict for verdict in PHOTO_VERDICTS if verdict])
def test_a_bad_picture_is_not_kept_and_can_be_taken_again(verdict: PhotoVerdict) -> None:
    story = Story(ready())
    shoot(story, verdict)
    assert isinstance(story.state.page, PhotoPage)
    assert story.state.page.problem == verdict
    assert not story.state.session.photos
    shoot(story, action="retry")
    assert len(story.state.session.photos) == 1


def test_taking_again_forgets_the_first_picture_before_the_second_is_there() -> None:
    story = Story(ready())
    first = shoot(story)
    story.touch("retry")
    assert wiped(story) == {first}
    assert not story.state.session.photos


def test_the_request_carries_the_pictures_apart_from_the_fields() -> None:
    story, first, second = at_check()
    story.touch("confirm")
    (order,) = story.take(SubmitRequest)
    assert order.photos == (("policy", first), ("back", second))
    assert dict(order.fields) == {"mobile": "13800138000"}
    assert [label for label, _ in order.masked] == ["id", "mobile"]
    story.happen(RequestSaved(order.request, order.masked))
    assert wiped(story) == {first, second}


def test_a_refused_request_forgets_them_too() -> None:
    story, first, second = at_check()
    story.touch("confirm").happen(RequestRefused(story.take(SubmitRequest)[0].request, "photo-lost"))
    assert wiped(story) == {first, second}
    assert "policy" not in story.state.session.answers
    assert story.state.session.answers["mobile"]


def test_nothing_goes_on_without_a_picture() -> None:
    story, _, _ = at_check()
    story.touch("change:policy", "retry")
    story.happen(PhotoTaken(story.take(TakePhoto)[-1].photo, "glare"))
    story.touch("back", "confirm")
    assert isinstance(story.state.page, Check)
    assert story.take(SubmitRequest) == []


def test_changing_a_picture_comes_back_to_the_check_page() -> None:
    story, first, _ = at_check()
    story.touch("change:policy")
    again = shoot(story, action="retry")
    story.touch("next")
    assert story.state.page == Check("B3")
    assert story.state.session.answers["policy"] == again
    assert wiped(story) == {first}


def test_home_and_time_out_forget_them() -> None:
    for leaving in (["home", "choice:yes"], []):
        story = Story(ready())
        ref = shoot(story)
        story.touch(*leaving) if leaving else story.wait(95)
        assert isinstance(story.state.page, Welcome)
        assert wiped(story) == {ref}


def test_a_picture_that_comes_too_late_is_forgotten() -> None:
    story = Story(ready())
    story.touch("next")
    ref = story.take(TakePhoto)[0].photo
    story.touch("back", "home")
    story.happen(PhotoTaken(ref, "", "/dev/shm/p.jpg"))
    assert wiped(story) == {ref}
    assert not story.state.session.photos


def test_a_silent_camera_is_given_up_and_a_ticket_offered() -> None:
    story = Story(ready())
    story.touch("next").wait(13)
    assert isinstance(story.state.page, PhotoPage)
    assert story.state.page.problem == "camera"
    story.touch("take-ticket")
    assert [order.service for order in story.take(AskTicket)] == ["B3"]


def test_no_ticket_from_a_page_without_a_problem() -> None:
    assert Story(ready()).touch("take-ticket").take(AskTicket) == []


def test_the_answer_arrives_under_a_notice_or_a_question() -> None:
    story = Story(ready())
    story.touch("next").happen(StaffCalled(True))
    assert isinstance(story.state.page, NoticePage)
    story.happen(PhotoTaken(story.take(TakePhoto)[0].photo, "", ""))
    assert len(story.state.session.photos) == 1
    story.touch("next")
    assert isinstance(story.state.page, PhotoPage)
    assert story.state.page.taking is None
    story.happen(StaffCalled(True)).wait(9)
    asked = replace(story.state, page=TimeoutPage(PhotoPage("B3", 0, taking="x"), 1000.0))
    late = Story(asked).happen(PhotoTaken("x", "blurred"))
    assert isinstance(late.state.page, TimeoutPage)
    assert late.state.page.under == PhotoPage("B3", 0, "blurred")


def test_back_goes_through_the_form() -> None:
    story = Story(ready())
    shoot(story)
    story.touch("next", "back")
    assert story.state.page == PhotoPage("B3", 0)
    assert len(story.state.session.photos) == 1


STEPS = st.lists(
    st.sampled_from(
        ["next", "retry", "back", "home", "choice:yes", "take-ticket", "change:policy", "change:back", "confirm",
         "help", "consent:correct", "good", "blurred", "camera", "saved", "wait", "staff", "key:1"]
    ),
    max_size=40,
)  # fmt: skip


@given(STEPS)
def test_every_kept_picture_is_in_the_session_or_wiped(steps: list[str]) -> None:
    story = Story(ready())
    kept: set[str] = set()
    for move in steps:
        shots = [order.photo for order in story.take(TakePhoto)]
        if move in ("good", "blurred", "camera") and shots:
            verdict: PhotoVerdict = "" if move == "good" else "blurred" if move == "blurred" else "camera"
            story.happen(PhotoTaken(shots[-1], verdict))
            kept |= {shots[-1]} if move == "good" else set()
        elif move == "saved":
            story.happen(*(RequestSaved(order.request, ()) for order in story.take(SubmitRequest)))
        elif move == "wait":
            story.wait(65, 5)
        elif move == "staff":
            story.happen(StaffCalled(True))
        elif move not in ("good", "blurred", "camera"):
            story.touch(move)
        assert kept <= set(story.state.session.photos) | wiped(story)
    story.wait(400, 10)
    assert isinstance(story.state.page, Welcome | ConsentPage) or story.state.pending
    if isinstance(story.state.page, Welcome):
        assert kept <= wiped(story)
