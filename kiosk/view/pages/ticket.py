"""Ticket: the number, large, and how she holds it."""

from kiosk.core.state import Ticket, TicketPage
from kiosk.view.amounts import minutes
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, BigNumber, Block, Busy, Fact, Facts, QrCode, View
from kiosk.view.pages import held, needs
from kiosk.view.scene import Scene


def ticket(scene: Scene, page: TicketPage) -> View:
    """The number stands on it whatever became of the paper."""
    t, shown = scene.texts, page.ticket
    given = held.actions(scene, page, "ticket")
    placed = tuple(action.id for action in given if action.role != "primary")
    blocks: list[Block] = [BigNumber(t("ticket.above"), shown.label, scene.service_names((shown.service, *shown.also)))]
    facts = _facts(scene, shown)
    if facts:
        blocks.append(Facts(facts))
    blocks.append(held.notice(scene, page, "ticket", _what_next(scene, page)))
    if page.paper == "reprinting":
        blocks.append(Busy(t("working.wait")))
    if placed:
        blocks.append(Actions(placed))
    if shown.status_url and page.paper in ("printed", "screen"):
        blocks.append(QrCode(shown.status_url, t("ticket.qr")))
    blocks += needs.told(scene)
    blocks += held.countdown(scene, page)
    help_: tuple[Action, ...] = nav(scene, "help")
    return View("ticket", t(f"ticket.title.{page.paper}"), blocks=tuple(blocks), actions=(*given, *help_))


def _facts(scene: Scene, shown: Ticket) -> tuple[Fact, ...]:
    t = scene.texts
    found = []
    if shown.ahead is not None:
        found.append(Fact(t("ticket.ahead"), str(shown.ahead), t("ticket.ahead.unit")))
    wait = minutes(shown.low_s, shown.high_s)
    if wait:
        found.append(Fact(t("ticket.wait"), wait, t("ticket.wait.unit")))
    return tuple(found)


def _what_next(scene: Scene, page: TicketPage) -> str:
    t = scene.texts
    missed = t("ticket.missed", n=scene.state.branch.missed_minutes)
    where = t("ticket.show-it" if page.ticket.offline else "ticket.listen")
    if page.paper == "printed":
        return f"{where}\n{missed}"
    if page.paper in ("screen", "failed"):
        return f"{t('ticket.remember')}\n{where}\n{missed}"
    return t("ticket.doubt.text") if page.paper == "doubt" else ""
