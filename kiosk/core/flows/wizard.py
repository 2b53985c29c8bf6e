"""The first boot: the technician's pages in order, from language to readiness report, and where a power cut goes on."""

from dataclasses import replace
from typing import cast

from kiosk.core.effects import Effect
from kiosk.core.flows.session import Outcome, leave
from kiosk.core.state import State
from kiosk.core.technician import TESTED, KeepStep, LookAround, Section, TechnicianPage

STEPS: tuple[str, ...] = ("language", "calibrate", "touch", *TESTED, "network", "clock", "enrol", "pin", "report")
"""Names of the steps; a device's name is the step in which it is tested."""


def page_of(step: str, dpi: float) -> TechnicianPage | None:
    """The page of a step; None for what is no step: the first boot is over."""
    if step in TESTED:
        return TechnicianPage("device", first_boot=True, device=step)
    if step in STEPS:
        return TechnicianPage(cast("Section", step), first_boot=True, dpi=dpi if step == "calibrate" else 0.0)
    return None


def step_of(page: TechnicianPage) -> str:
    """The step that a page of the first boot is."""
    return page.device if page.section == "device" else page.section


def moved(state: State, page: TechnicianPage, by: int, *orders: Effect) -> Outcome:
    """Go to the next step or the one before; the step is kept first, so that a power cut goes on there."""
    at = STEPS.index(step_of(page)) + by
    if at >= len(STEPS):
        return leave(state, *orders, KeepStep(""))
    following = page_of(STEPS[max(0, at)], state.dpi or state.nominal_dpi)
    assert following is not None  # noqa: S101 - STEPS holds nothing else
    effects = (*orders, KeepStep(STEPS[max(0, at)], state.session.language), *looking(following))
    return replace(state, page=following), effects


def looking(page: TechnicianPage) -> tuple[Effect, ...]:
    """What a section has to look up when it is shown."""
    if page.section in ("overview", "devices", "device", "network", "clock", "outbox", "enrol", "report"):
        return (LookAround(page.section, page.device),)
    return ()
