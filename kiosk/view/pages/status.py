"""Status: what became of a request, by the code on its receipt."""

from kiosk.core import offers
from kiosk.core.state import StatusPage
from kiosk.view import problems, ways
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Busy, Notice, Row, Rows, View
from kiosk.view.pages.receipt import ICONS, TONES
from kiosk.view.scene import Scene

AT_THE_COUNTER = frozenset({"needs_more", "not_accepted", "quarantined", "expired"})
"""States that only somebody at a counter can help with."""
MOST, LONGEST = 3, 60
"""How many of the things that the office asks for are shown, and how many characters of each."""


def status(scene: Scene, page: StatusPage) -> View:
    """Nothing is asked until a code is scanned; an answer that cannot be had is said as such."""
    t = scene.texts
    if page.sure:
        return _sure(scene, page)
    blocks: list[Block] = []
    answered = page.asked and (page.state is not None or not page.reachable)
    if page.problem:
        blocks.append(Notice("stop", "circle-x", problems.sentence(scene, page.problem, "scan"), t("problem.staff")))
    if answered:
        blocks += _answer(scene, page)
    elif page.asked:
        blocks.append(Busy(t("working.wait")))
    elif ways.scans(scene.state):
        told = ways.where(scene, "scanner", t("status.scan.text"))
        blocks.append(Notice("ok", "scan-qr-code", t("status.scan.title"), *told))
    else:
        blocks.append(Notice("info", "info", t("status.no-scanner.title"), t("status.no-scanner.text")))
    again: tuple[Action, ...] = ()
    if page.asked and ways.scans(scene.state):
        again = (Action("follow", t("status.again"), icon="scan-qr-code"),)
    typed: tuple[Action, ...] = ()
    if not page.asked:
        typed = (Action("choice:type", t("status.type"), "row", icon="keyboard", note=t("status.type.note")),)
        blocks.append(Actions(("choice:type",)))
    desk: tuple[Action, ...] = ()
    if answered and page.state in AT_THE_COUNTER and offers.tickets(scene.state):
        desk = (Action("ticket-only", t("status.ticket"), "row", icon="ticket", note=t("status.ticket.note")),)
        blocks.append(Actions(("ticket-only",)))
    if answered and offers.withdrawal(scene.state, page):
        back = Action("choice:withdraw", t("status.withdraw"), "row", icon="undo-2", note=t("status.withdraw.note"))
        desk = (*desk, back)
        blocks.append(Actions((back.id,)))
    title = "status.title.answer" if answered else "working.progress" if page.asked else "status.title"
    return View(
        "status",
        t(title),
        scene.service_name(page.service),
        blocks=tuple(blocks),
        actions=(*desk, *typed, *again, *nav(scene, "back", "home", "help")),
    )


def _answer(scene: Scene, page: StatusPage) -> tuple[Block, ...]:
    t = scene.texts
    if page.tried and not page.reachable:
        return (Notice("warn", "triangle-alert", t("status.unsure.title"), t("status.unsure.text")),)
    if not page.reachable or page.state is None:
        return (Notice("info", "info", t("status.away.title"), t("status.away.text")),)
    tone = TONES.get(page.state)
    if tone is None:
        return (Notice("info", "info", t("status.not-found.title"), t("status.not-found.text")),)
    found = Notice(tone, ICONS[tone], t(f"status.is.{page.state}"), t(f"status.do.{page.state}"))
    late: tuple[Block, ...] = ()
    if page.tried and page.state != "withdrawn":
        late = (Notice("warn", "triangle-alert", t("status.too-late.what"), t("status.too-late.do")),)
    rows = [Row(t("receipt.reference"), page.reference)] if page.reference else []
    rows += _asked(scene, page)
    return (*late, *((Rows(tuple(rows)),) if rows else ()), found)


def _asked(scene: Scene, page: StatusPage) -> list[Row]:
    """What the office asks for, as far as it fits: at the counter she hears all of it."""
    t = scene.texts
    if page.state != "needs_more" or not page.reasons:
        return []
    shown = [each if len(each) <= LONGEST else each[: LONGEST - 1] + "…" for each in page.reasons[:MOST]]
    if len(page.reasons) > MOST:
        shown.append(t("status.more", n=len(page.reasons) - MOST))
    return [Row(t("status.asked"), "\n".join(shown))]


def _sure(scene: Scene, page: StatusPage) -> View:
    """Asked once: what was taken back is not handled any more."""
    t = scene.texts
    yes = Action("choice:yes", t("status.sure.yes"), "row", icon="x", note=t("status.sure.note"))
    keep = Action("back", t("status.sure.keep"), icon="undo-2")
    rows = (Rows((Row(t("receipt.reference"), page.reference),)),) if page.reference else ()
    told = Notice("warn", "triangle-alert", t("status.sure.what"), t("status.sure.do"))
    return View(
        "status",
        t("status.sure.title"),
        scene.service_name(page.service),
        blocks=(*rows, told, Actions((yes.id,))),
        actions=(yes, keep, *nav(scene, "home", "help")),
    )
