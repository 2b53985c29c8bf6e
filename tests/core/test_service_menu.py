"""The service menu: how it opens, what it never shows, how it closes; the first boot and a power cut at each step."""

from dataclasses import replace

import pytest

from kiosk.core.events import CardRead, DocumentScanned, RestartDue, TimePassed, Touched
from kiosk.core.flows import wizard
from kiosk.core.state import Closed, Services, State, Welcome
from kiosk.core.step import step
from kiosk.core.technician import (
    TEST_CODE,
    AccessJudged,
    CheckAccess,
    CornersHeld,
    KeepDpi,
    KeepStep,
    PowerOrder,
    ServiceDone,
    SetPin,
    TechnicianPage,
)
from tests.core.citizen import kiosk

FRESH = "5f0f7f0e-0000-4000-8000-000000000001"


def page(state: State) -> TechnicianPage:
    assert isinstance(state.page, TechnicianPage)
    return state.page


def press(state: State, *actions: str) -> tuple[State, tuple[object, ...]]:
    ordered: list[object] = []
    for action in actions:
        state, effects = step(state, Touched(action, FRESH))
        ordered += effects
    return state, tuple(ordered)


def opened() -> State:
    state, _ = step(kiosk(), CornersHeld())
    return step(state, AccessJudged(True))[0]


def test_two_corners_ask_for_a_code_and_only_the_right_one_opens() -> None:
    state, _ = step(kiosk(), CornersHeld())
    assert page(state).section == "code"
    state, ordered = press(state, "key:1", "key:2", "next")
    assert CheckAccess("12") in ordered
    assert page(state).typed == ""
    refused, _ = step(state, AccessJudged(False, 60))
    assert (page(refused).note, page(refused).amount) == ("locked", 60)
    assert page(step(state, AccessJudged(True))[0]).section == "menu"


def test_no_verdict_opens_anything_where_no_code_was_asked() -> None:
    assert step(kiosk(), AccessJudged(True))[0].page == Welcome()


def test_a_citizen_is_never_interrupted() -> None:
    busy = replace(kiosk(), page=Services())
    assert step(busy, CornersHeld())[0].page == Services()


def test_no_touch_of_a_citizen_leads_there() -> None:
    for action in ("corners", "technician", "choice:technician"):
        assert press(kiosk(), action)[0].page == Welcome()


def test_it_closes_by_itself() -> None:
    state = opened()
    soon = TimePassed(state.now, state.touched + state.delays.technician - 1)
    assert page(step(state, soon)[0]).section == "menu"
    assert step(state, TimePassed(state.now, state.touched + state.delays.technician))[0].page == Welcome()


def test_what_is_read_in_a_test_is_counted_and_not_kept() -> None:
    state, _ = press(opened(), "choice:devices", "choice:scanner")
    read, _ = step(state, DocumentScanned("4" * 18))
    assert (page(read).note, page(read).amount) == ("echo", 18)
    assert "4" * 18 not in repr(read)
    state, _ = press(opened(), "choice:devices", "choice:card")
    read, _ = step(state, CardRead("4" * 18, "somebody"))
    assert page(read).note == "echo"
    assert read.session.identity is None


def test_the_test_page_s_own_code_closes_the_loop() -> None:
    state, _ = press(opened(), "choice:devices", "choice:printer", "retry")
    assert page(step(state, DocumentScanned(TEST_CODE))[0]).note == "matched"


def test_calibration_is_kept_and_holds_at_once() -> None:
    state, _ = press(opened(), "choice:screen", "choice:calibrate", "choice:up10", "choice:down")
    wanted = round(102.0 + 9 / (85.60 / 25.4), 2)
    state, ordered = press(state, "next")
    assert KeepDpi(wanted) in ordered
    assert state.dpi == wanted


def test_the_touch_test_passes_when_every_point_was_touched() -> None:
    state, _ = press(opened(), "choice:screen", "choice:touch", *(f"choice:{n}" for n in range(1, 12)))
    assert page(state).note == ""
    assert page(press(state, "choice:12")[0]).note == "passed"


def test_power_is_asked_twice() -> None:
    state, ordered = press(opened(), "choice:power", "choice:reboot")
    assert not any(isinstance(each, PowerOrder) for each in ordered)
    assert PowerOrder("reboot") in press(state, "confirm")[1]


@pytest.mark.parametrize("at", wizard.STEPS)
def test_after_a_power_cut_the_first_boot_goes_on_where_it_was(at: str) -> None:
    """Everything is lost but the kept step; the rest of the way is gone from there."""
    kept = at
    walked = [kept]
    while kept:
        state = replace(kiosk(), page=wizard.page_of(kept, 102.0) or Welcome())
        state, ordered = press(state, "key:4", "key:2", "key:7", "key:1", "key:9", "key:3", "next")
        if any(isinstance(each, SetPin) for each in ordered):
            state, more = step(state, ServiceDone(True))
            ordered += more
        kept = [each for each in ordered if isinstance(each, KeepStep)][-1].step
        walked.append(kept)
    assert walked == [*wizard.STEPS[wizard.STEPS.index(at) :], ""]
    assert state.page == Welcome()


def test_the_first_boot_waits_for_its_technician() -> None:
    state = replace(kiosk(), page=wizard.page_of("network", 102.0) or Welcome())
    assert page(step(state, TimePassed(state.now, state.monotonic + 99999))[0]).section == "network"


def test_before_a_restart_nobody_begins_and_a_restart_that_never_comes_gives_the_kiosk_back() -> None:
    state, _ = step(kiosk(), RestartDue())
    assert isinstance(state.page, Closed)
    for event in (Touched("category:B", FRESH), DocumentScanned("4" * 18), CardRead("4" * 18, "somebody")):
        assert isinstance(step(state, event)[0].page, Closed)
    later = TimePassed(state.now, state.monotonic + state.delays.restart - 1)
    assert isinstance(step(state, later)[0].page, Closed)
    assert step(state, TimePassed(state.now, state.monotonic + state.delays.restart))[0].page == Welcome()


def test_a_restart_that_is_due_disturbs_nobody_who_has_begun() -> None:
    busy = replace(kiosk(), page=Services())
    assert step(busy, RestartDue())[0] == busy
