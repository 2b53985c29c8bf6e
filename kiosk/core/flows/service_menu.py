"""The service menu: code, tests, calibration, power, report; opened by two corners, closed by time."""

from dataclasses import replace

from kiosk.core.events import CardRead, CardUnread, DocumentScanned, FocusMoved, ScanRefused
from kiosk.core.flows import keys, wizard
from kiosk.core.flows.session import Outcome, go, leave
from kiosk.core.state import Closed, State, Welcome
from kiosk.core.technician import (
    COLOURS,
    POINTS,
    TEST_CODE,
    TESTED,
    AccessJudged,
    CheckAccess,
    CornersHeld,
    KeepDpi,
    MakeReport,
    Note,
    Power,
    PowerOrder,
    ReportWay,
    Section,
    ServiceDone,
    ServiceEvent,
    ServiceSeen,
    SetPin,
    TechnicianPage,
    TryDevice,
)

MENU: tuple[Section, ...] = ("overview", "devices", "screen", "network", "outbox", "power", "report")
SCREEN: tuple[Section, ...] = ("calibrate", "touch", "pixels")
POWER: tuple[Power, ...] = ("restart", "reboot", "shutdown", "setup")
REPORT: tuple[ReportWay, ...] = ("print", "usb")
LONGEST = 12
SHORTEST_PIN = 6
CARD_INCHES = 85.60 / 25.4
"""The longer side of an ID-1 card (ISO/IEC 7810)."""
STEPS_PX = {"down10": -10, "down": -1, "up": 1, "up10": 10}
"""By how many pixels a press makes the card on the screen wider."""
LEAST_DPI, MOST_DPI = 50.0, 400.0


def happened(state: State, event: ServiceEvent) -> Outcome:  # noqa: PLR0911 - one case an event
    """Take what concerns the technician; it never interrupts a citizen, and is nothing where no technician is."""
    page = state.page
    match event:
        case CornersHeld():
            if not isinstance(page, Welcome | Closed):
                return state, ()
            left, effects = leave(state)
            return replace(left, page=TechnicianPage("code")), effects
        case _ if not isinstance(page, TechnicianPage):
            return state, ()
        case AccessJudged(admitted=True) if page.section == "code":
            return go(state, TechnicianPage("menu"))
        case AccessJudged() if page.section == "code":
            note: Note = "unset" if not event.known else "locked" if event.wait_s else "wrong"
            return go(state, replace(page, typed="", note=note, amount=event.wait_s))
        case ServiceSeen(section=section) if section == page.section:
            return go(state, replace(page, facts=event.facts, findings=event.findings))
        case ServiceDone(ok=ok) if page.note == "asked":
            if page.section == "pin":
                return wizard.moved(state, page, 1) if ok else go(state, replace(page, note="not-saved"))
            if page.section == "power" and ok:
                return leave(state)
            return go(state, replace(page, note="passed" if ok else "failed"))
    return state, ()


def read(state: State, page: TechnicianPage, event: DocumentScanned | ScanRefused | CardRead | CardUnread) -> Outcome:
    """Something was read while its device is tested: how much it was is shown, never what."""
    match event, page.device:
        case DocumentScanned(text=text), "printer" | "scanner":
            note = replace(page, note="matched" if text.strip() == TEST_CODE else "echo", amount=len(text))
        case ScanRefused(length=length), "printer" | "scanner":
            note = replace(page, note="failed", amount=length)
        case CardRead(number=number), "card":
            note = replace(page, note="echo", amount=len(number))
        case CardUnread(), "card":
            note = replace(page, note="failed")
        case _:
            return state, ()
    return go(state, note) if page.section == "device" else (state, ())


def focused(state: State, event: FocusMoved) -> State:
    """A key of the keypad arrived, which is what its test wants to see."""
    page = state.page
    if isinstance(page, TechnicianPage) and page.section == "device" and page.device == "keypad":
        page = replace(page, note="echo", amount=page.amount + 1)
    return replace(state, page=page, session=replace(state.session, focus=event.action))


def touched(state: State, page: TechnicianPage, name: str, value: str) -> Outcome:
    """Obey a press."""
    if name == "home":
        return leave(state)
    if name == "back":
        return back(state, page)
    if page.section in ("code", "pin"):
        return _typed(state, page, name, value)
    if page.section == "pixels" and name == "next":
        further = page.colour + 1
        return go(state, replace(page, colour=further) if further < len(COLOURS) else TechnicianPage("screen"))
    if name == "next" and page.section == "calibrate":
        dpi = round(page.dpi, 2)
        kept, order = replace(state, dpi=dpi), KeepDpi(dpi)
        if page.first_boot:
            return wizard.moved(kept, page, 1, order)
        return go(kept, TechnicianPage("screen", note="saved"), order)
    if name == "next" and page.first_boot:
        return wizard.moved(state, page, 1)
    return _chosen(state, page, name, value)


def back(state: State, page: TechnicianPage) -> Outcome:
    """The page above, or the step before."""
    if page.first_boot:
        return leave(state) if wizard.step_of(page) == wizard.STEPS[0] else wizard.moved(state, page, -1)
    if page.section in ("code", "menu"):
        return leave(state)
    above: Section = "devices" if page.section == "device" else "screen" if page.section in SCREEN else "menu"
    return _show(state, TechnicianPage(above))


def _show(state: State, page: TechnicianPage) -> Outcome:
    return go(state, page, *wizard.looking(page))


def _typed(state: State, page: TechnicianPage, name: str, value: str) -> Outcome:
    if name == "key":
        note = "" if page.note != "asked" else page.note
        return go(state, replace(page, typed=keys.press(page.typed, value, LONGEST), note=note))
    if name != "next" or not page.typed or page.note == "asked":
        return state, ()
    if page.section == "code":
        return go(state, replace(page, typed="", note="asked"), CheckAccess(page.typed))
    if len(page.typed) < SHORTEST_PIN:
        return state, ()
    return go(state, replace(page, typed="", note="asked"), SetPin(page.typed))


def _chosen(state: State, page: TechnicianPage, name: str, value: str) -> Outcome:  # noqa: PLR0911 - one a page
    asked = replace(page, note="asked", amount=0)
    match page.section, name:
        case "menu", "choice" if value in MENU:
            return _show(state, TechnicianPage(value))
        case "screen", "choice" if value in SCREEN:
            chosen = value
            return _show(state, TechnicianPage(chosen, dpi=state.dpi or state.nominal_dpi))
        case "devices", "choice" if value in TESTED:
            return _show(state, TechnicianPage("device", device=value))
        case "device", "retry":
            return go(state, asked, TryDevice(page.device))
        case "calibrate", "choice" if value in STEPS_PX:
            dpi = page.dpi + STEPS_PX[value] / CARD_INCHES
            return go(state, replace(page, dpi=min(MOST_DPI, max(LEAST_DPI, dpi))))
        case "touch", "choice" if value.isdigit() and 1 <= int(value) <= POINTS:
            points = page.points | {int(value)}
            return go(state, replace(page, points=points, note="passed" if len(points) == POINTS else ""))
        case "power", "choice" if value in POWER:
            if page.order == value and page.note == "sure":
                return go(state, replace(page, order=None, note=""))
            return go(state, replace(page, order=value, note="sure"))
        case "power", "confirm" if page.order is not None and page.note == "sure":
            return go(state, asked, PowerOrder(page.order))
        case "report", "choice" if value in REPORT:
            return go(state, replace(asked, way=value), MakeReport(value))
    return state, ()
