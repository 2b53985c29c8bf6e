"""An appointment: what is booked, and whether its holder may check in now - early and late in plain words."""

from kiosk.core import offers
from kiosk.core.state import BookingPage
from kiosk.domain.visit import Appointment
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Busy, Notice, Row, Rows, Tone, View
from kiosk.view.pages.receipt import ICONS
from kiosk.view.scene import Scene


def booking(scene: Scene, page: BookingPage) -> View:
    """One press checks in where it is time; otherwise it is said when, and an ordinary number can be had."""
    t = scene.texts
    bar = nav(scene, "back", "home", "help")
    if page.stands == "asking":
        return View("status", t("working.progress"), blocks=(Busy(t("working.wait")),), actions=bar)
    found = page.appointment
    open_now = offers.tickets(scene.state)
    blocks: list[Block] = []
    main: tuple[Action, ...] = ()
    if page.stands == "away":
        blocks.append(Notice("info", "info", t("booking.away.what"), t("booking.away.do")))
        main = (Action("retry", t("slip.retry"), icon="refresh-cw"),)
    elif found is None:
        blocks.append(Notice("info", "info", t("booking.unknown.what"), t("booking.unknown.do")))
    else:
        booked = Row(t("booking.time"), f"{found.starts_at:%Y-%m-%d %H:%M}")
        blocks += [Rows((Row(t("booking.service"), scene.service_name(found.service)), booked)), _stands(scene, found)]
        if open_now and not found.used and found.arrival in ("on-time", "late"):
            main = (Action("take-ticket", t("booking.check-in"), icon="ticket"),)
    other: tuple[Action, ...] = ()
    if open_now and (found is None or found.arrival in ("early", "another-day")):
        other = (Action("ticket-only", t("booking.ordinary"), "row", icon="ticket", note=t("slip.new.note")),)
        blocks.append(Actions(("ticket-only",)))
    return View("status", t("booking.title"), blocks=tuple(blocks), actions=(*other, *main, *bar))


def _stands(scene: Scene, found: Appointment) -> Notice:
    t = scene.texts
    key = "used" if found.used else found.arrival
    tone: Tone = "ok" if key == "on-time" else "info"
    return Notice(tone, ICONS[tone], t(f"booking.{key}.what"), t(f"booking.{key}.do", time=f"{found.opens_at:%H:%M}"))
