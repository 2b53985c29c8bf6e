"""The glass sleeps when nobody is there and wakes at the first sign of her; lamps say what the page says."""

from dataclasses import replace

import pytest

from kiosk.core.delays import Delays
from kiosk.core.effects import SetDisplay, SetLamps, SetPreview
from kiosk.core.events import (
    CardLifted,
    CardRead,
    DocumentScanned,
    Event,
    HeadsetPlugged,
    HealthChanged,
    LobbySeen,
    PaperPrinted,
    PresenceChanged,
    StaffCalled,
    TicketIssued,
)
from kiosk.core.fittings import Lamp
from kiosk.core.state import State, TicketPage, Welcome
from kiosk.domain.health import PAPER_CHANGE, Offline, PaperOut, Ready
from tests.core.citizen import Story, kiosk, resident_id

CLOSED = LobbySeen(0, None, None, open=False)
OPEN = LobbySeen(0, None, None, open=True)


def sleeper(**parts: object) -> State:
    """A kiosk whose glass is dimmed after ten minutes, dark after five while the branch is closed, with lamps."""
    state = kiosk()
    return replace(
        state, delays=Delays(dim=600, dark=300),
        parts=replace(state.parts, lamps=True, card=Ready(), **parts),  # type: ignore[arg-type]
    )  # fmt: skip


def glows(story: Story) -> list[str]:
    return [order.glow for order in story.take(SetDisplay)]


def lamps(story: Story) -> list[set[Lamp]]:
    return [set(order.lit) for order in story.take(SetLamps)]


def test_a_long_idle_glass_is_dimmed_once_and_a_touch_lights_it() -> None:
    story = Story(sleeper()).wait(1200)
    assert glows(story) == ["dim"]
    story.touch("ticket-only")
    assert glows(story) == ["dim", "on"]


def test_out_of_hours_it_goes_dark_and_stays_so_until_somebody_comes() -> None:
    story = Story(sleeper()).happen(CLOSED).wait(290)
    assert glows(story) == []
    story.wait(3600)
    assert glows(story) == ["off"]
    story.happen(OPEN)
    assert glows(story) == ["off", "dim"]
    story.happen(PresenceChanged(True)).wait(1200)
    assert glows(story) == ["off", "dim", "on"]
    story.happen(PresenceChanged(False)).wait(1)
    assert glows(story)[-1] == "dim"


@pytest.mark.parametrize(
    "sign",
    [DocumentScanned("B001"), CardRead(resident_id()), HeadsetPlugged(), PresenceChanged(True)],
    ids=["scan", "card", "headset", "presence"],
)
def test_every_sign_of_her_wakes_it(sign: Event) -> None:
    story = Story(sleeper(speaker=Ready())).happen(CLOSED).wait(400)
    assert glows(story) == ["off"]
    story.happen(sign)
    assert glows(story) == ["off", "on"]


def test_a_touch_on_the_dark_glass_wakes_it_and_does_nothing_else() -> None:
    story = Story(sleeper()).happen(CLOSED).wait(400).touch("mode:wake")
    assert glows(story) == ["off", "on"]
    assert (story.state.page, story.state.session.language) == (Welcome(), "zh")


def test_no_journey_is_ever_in_the_dark() -> None:
    state = replace(sleeper(), delays=Delays(dim=1, dark=1, idle=10_000))
    story = Story(state).touch("ticket-only").happen(CLOSED).wait(3000)
    assert glows(story) == []


def test_somebody_who_stands_there_at_night_does_not_keep_it_lit_for_ever() -> None:
    story = Story(sleeper()).happen(CLOSED, PresenceChanged(True)).wait(400)
    assert glows(story) == ["off"]


def test_a_glass_that_nothing_controls_never_sleeps() -> None:
    story = Story(kiosk()).happen(CLOSED).wait(20_000)
    assert glows(story) == []


def test_the_lamps_point_to_what_can_be_used_now() -> None:
    story = Story(sleeper()).happen(HealthChanged("card", Offline("pulled out")))
    assert lamps(story) == [{"scan"}]
    story.happen(HealthChanged("scanner", Offline("pulled out")), HealthChanged("camera", Ready()))
    assert lamps(story)[1:] == [set(), {"scan"}]
    story.touch("ticket-only", "category:B", "service:B1")
    assert lamps(story)[-1] == set()


def test_the_paper_has_its_light_while_it_hangs_there() -> None:
    story = Story(sleeper()).touch("ticket-only", "category:B", "service:B1", "take-ticket")
    ticket = story.orders[-1].ticket  # type: ignore[union-attr]
    story.happen(TicketIssued(ticket, "B001", 0, None, None, "2026-11-22", None))
    assert story.state.job is not None
    story.happen(PaperPrinted(story.state.job, "process-id"))
    assert isinstance(story.state.page, TicketPage)
    assert "paper" in lamps(story)[-1]
    story.wait(60)
    assert "paper" not in lamps(story)[-1]


def test_the_lamp_of_a_call_burns_until_she_is_gone_and_only_if_it_arrived() -> None:
    story = Story(sleeper()).touch("ticket-only").happen(StaffCalled(False))
    assert not story.state.session.called
    story.wait(10).happen(StaffCalled(True)).wait(20)
    assert "staff" in lamps(story)[-1]
    story.touch("home")
    assert "staff" not in lamps(story)[-1]


def test_a_printer_that_needs_somebody_has_a_lamp_and_a_change_of_paper_puts_it_out() -> None:
    story = Story(sleeper()).happen(HealthChanged("printer", PaperOut()))
    assert "fault" in lamps(story)[-1]
    story.happen(HealthChanged("printer", PAPER_CHANGE))
    assert "fault" not in lamps(story)[-1]


def test_what_the_camera_sees_is_shown_only_where_something_is_to_be_held() -> None:
    story = Story(sleeper(preview="/memory/live.pgm", camera=Ready())).touch("identify:card")
    assert [order.on for order in story.take(SetPreview)] == [True]
    story.happen(HealthChanged("camera", Offline("pulled out")), HealthChanged("camera", Ready())).touch("home")
    assert [order.on for order in story.take(SetPreview)] == [True, False, True, False]
    without = Story(sleeper(camera=Ready())).touch("identify:card")
    assert without.take(SetPreview) == []


def test_a_card_left_behind_is_told_to_the_hall() -> None:
    story = Story(sleeper()).touch("identify:card").happen(CardRead(resident_id()))
    assert all("left" not in lit for lit in lamps(story))
    story.touch("home", "home")
    assert "left" in lamps(story)[-1]
    story.wait(40)
    assert story.state.page == Welcome()
    assert "left" in lamps(story)[-1]
    story.happen(CardLifted())
    assert "left" not in lamps(story)[-1]
