"""The form of a direct request: answers are kept, checked against each other, and only what was asked is sent."""

from dataclasses import replace

from kiosk.core.effects import SubmitRequest
from kiosk.core.events import CardRead
from kiosk.core.state import Check, Counter, Form
from tests.core.citizen import Story, prove, resident_id
from tests.core.hall import real_kiosk

MOBILE = "13" + "800" + "000" + "123"


def form() -> Story:
    """At the first question for a lost vehicle licence."""
    story = Story(real_kiosk()).happen(CardRead(resident_id(), "测试员"))
    return story.touch("category:B", "service:B3", "apply", "choice:self", "choice:A")


def checked() -> Story:
    story = form().touch("choice:02").enter("鄂L12345").touch("next")
    return story.enter(MOBILE).touch("next", "choice:pickup", "consent:sensitive", "next")


def page(story: Story) -> Form:
    assert isinstance(story.state.page, Form), story.state.page
    return story.state.page


def test_a_plate_too_short_says_so_and_keeps_it() -> None:
    shown = page(form().touch("choice:02").enter("鄂L123").touch("next"))
    assert (shown.typed, shown.problem) == ("鄂L123", "length")


def test_a_plate_that_does_not_fit_its_kind_is_said() -> None:
    assert page(form().touch("choice:02").enter("鄂LD12345").touch("next")).problem == "plate-type"
    assert page(form().touch("choice:52").enter("鄂L12345").touch("next")).problem == "plate-type"
    assert page(form().touch("choice:52").enter("鄂LD12345").touch("next")).index == 2


def test_a_key_too_many_changes_nothing() -> None:
    assert page(form().touch("choice:52").enter("鄂LD12345678")).typed == "鄂LD12345"


def test_another_kind_of_plate_goes_to_the_counter_and_back_asks_again() -> None:
    story = form().touch("choice:99")
    assert isinstance(story.state.page, Counter)
    assert page(story.touch("back")) == Form("B3", 0)
    assert page(story.touch("choice:02")).index == 1


def test_a_changed_kind_leads_to_the_plate_it_made_wrong() -> None:
    story = checked().touch("change:plate_type", "choice:52")
    assert page(story) == Form("B3", 1, "鄂L12345", "plate-type", changing=True)
    story.touch("key:clear").enter("鄂LD12345").touch("next")
    assert story.state.page == Check("B3")


def test_answers_for_another_service_stay_here() -> None:
    story = form().touch("choice:02", "back", "back", "back", "back", "back", "category:A", "service:A4", "apply")
    assert story.state.session.answers["plate_type"] == "02"
    story.enter(MOBILE)
    story.touch("next", "next", "consent:sensitive", "next", "consent:correct", "consent:entrust", "confirm")
    order = story.take(SubmitRequest)[0]
    assert dict(order.fields) == {"mobile": MOBILE}
    assert MOBILE not in str(order.masked)


def at_address() -> Story:
    story = form().touch("choice:02").enter("鄂L12345").touch("next")
    return story.enter(MOBILE).touch("next", "choice:other")


def test_an_address_is_typed_by_its_sounds() -> None:
    story = at_address().enter("XIANNING")
    assert page(story).spelling == "xianning"
    story.touch("next")
    assert page(story).typed == ""
    story.touch("key:pick:1")
    assert (page(story).typed, page(story).spelling) == ("咸宁", "")
    story.touch("key:8", "key:号").enter("SHI").touch("key:more", "key:less", "key:clear", "key:1", "key:delete")
    story.enter("XIANAN").touch("key:pick:1", "key:1", "key:号", "next", "consent:sensitive", "next")
    assert story.state.page == Check("B3")
    assert story.state.session.answers["address"] == "咸安1号"
    story.touch("consent:correct", "consent:entrust", "consent:void-old", "confirm")
    prove(story)
    (order,) = story.take(SubmitRequest)
    assert dict(order.fields)["address"] == "咸安1号"
    assert dict(order.masked)["address"] == "咸***"


def test_an_address_can_be_left_to_the_counter() -> None:
    assert isinstance(at_address().touch("choice:counter").state.page, Counter)


def test_nothing_of_an_address_stands_in_a_repr() -> None:
    story = at_address().enter("XIANNING").touch("key:pick:1").enter("XIANAN")
    assert "咸宁" not in repr(story.state)
    assert "xianan" not in repr(story.state)


def test_without_the_table_the_counter_writes_it() -> None:
    story = at_address()
    story.state = replace(story.state, pinyin=None)
    assert page(story.enter("XIANNING")).spelling == ""
    assert isinstance(story.touch("choice:counter").state.page, Counter)


def test_another_way_of_delivery_leaves_the_address_out() -> None:
    story = at_address().enter("XIANNING").touch("key:pick:1", "next", "back", "back", "choice:pickup")
    story.touch("consent:sensitive", "next", "consent:correct", "consent:entrust", "consent:void-old", "confirm")
    prove(story)
    (order,) = story.take(SubmitRequest)
    assert "address" not in dict(order.fields)


def test_what_only_decides_is_not_sent() -> None:
    story = checked().touch("home", "back")
    assert story.state.page == Check("B3")
    story.touch("consent:correct", "consent:entrust", "consent:void-old", "confirm", "confirm")
    prove(story)
    (order,) = story.take(SubmitRequest)
    assert dict(order.fields) == {"plate_type": "02", "plate": "鄂L12345", "mobile": MOBILE, "delivery": "pickup"}
    assert order.assurance == "code"
    assert "vehicle_status" not in str(order)
