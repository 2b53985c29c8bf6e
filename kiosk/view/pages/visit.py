"""A visit that has a number: its place and what its holder may do, the number typed, and the rating afterwards."""

from kiosk.core import offers
from kiosk.core.state import NumberPage, RatingPage, SlipPage
from kiosk.domain.ticket import TicketState
from kiosk.domain.visit import LEVELS, Slip
from kiosk.view.amounts import minutes
from kiosk.view.bars import nav
from kiosk.view.keys import NUMBER, keys
from kiosk.view.models import (
    Action,
    Actions,
    BigNumber,
    Block,
    Busy,
    Entry,
    Fact,
    Facts,
    Notice,
    Paragraph,
    Tone,
    View,
)
from kiosk.view.pages.receipt import ICONS
from kiosk.view.scene import Scene

TONES: dict[TicketState, Tone] = {
    "reserved": "info", "waiting": "info", "called": "ok", "serving": "ok", "held": "info", "done": "ok",
    "no_show": "warn", "void": "stop", "expired": "stop",
}  # fmt: skip
OVER = frozenset({"done", "no_show", "void", "expired"})
"""Who holds such a number and wants something takes a new one."""


def slip(scene: Scene, page: SlipPage) -> View:
    """Her number, large; where it stands; the one or two things that she may do about it."""
    t, held = scene.texts, page.slip
    again = (Action("follow", t("status.again"), icon="scan-qr-code"),)
    bar = nav(scene, "back", "home", "help")
    if page.stands == "asking":
        return View("status", t("working.progress"), blocks=(Busy(t("working.wait")),), actions=bar)
    if page.stands == "away":
        told = Notice("info", "info", t("slip.away.what"), t("slip.away.do"))
        retry = Action("retry", t("slip.retry"), icon="refresh-cw")
        return View("status", t("status.title.answer"), blocks=(told,), actions=(retry, *bar))
    if held is None:
        told = Notice("info", "info", t("slip.unknown.what"), t("slip.unknown.do"))
        return View("status", t("status.title.answer"), blocks=(told,), actions=(*again, *bar))
    number_ = BigNumber(t("ticket.above"), held.label, scene.service_name(held.service))
    if page.sure:
        return _sure(scene, number_)
    rows = tuple(_ways(scene, held))
    facts = _facts(scene, held)
    blocks: list[Block] = [number_, *((Facts(facts),) if facts else ()), _stands(scene, page, held)]
    if rows:
        blocks.append(Actions(tuple(row.id for row in rows)))
    return View("status", t("slip.title"), blocks=tuple(blocks), actions=(*rows, *again, *bar))


def number(scene: Scene, page: NumberPage) -> View:
    """A slip without a code, or a scanner that does not read: the number is short enough to type."""
    t = scene.texts
    rows, pressed = keys(scene, NUMBER)
    problem = t(f"number.problem.{page.problem}") if page.problem else ""
    go = Action("next", t("action.next"), enabled=bool(page.typed), icon="arrow-right")
    return View(
        "keypad",
        t("number.title"),
        t("number.lead"),
        blocks=(Entry(page.typed, t("number.placeholder"), problem, rows),),
        actions=(*pressed, go, *nav(scene, "back", "home", "help")),
    )


def rating(scene: Scene, page: RatingPage) -> View:
    """Five levels, the best first; nobody at the counter sees which."""
    t = scene.texts
    levels = tuple(
        Action(f"choice:{level}", t(f"rating.{level}"), "choice", page.level is None, "star") for level in LEVELS
    )
    blocks: list[Block] = [Paragraph(t("rating.private")), Actions(tuple(level.id for level in levels))]
    if page.problem:
        blocks.insert(0, Notice("info", "info", t("rating.away.what"), t("rating.away.do")))
    if page.level is not None:
        blocks.append(Busy(t("working.wait")))
    return View(
        "rating",
        t("rating.title"),
        f"{page.slip.label} {scene.service_name(page.slip.service)}",
        blocks=tuple(blocks),
        actions=(*levels, *nav(scene, "back", "home", "help")),
    )


def _sure(scene: Scene, number_: BigNumber) -> View:
    """Asked once: a number that is given back is never issued again."""
    t = scene.texts
    told = Notice("warn", "triangle-alert", t("slip.sure.what"), t("slip.sure.do"))
    yes = Action("choice:yes", t("slip.sure.yes"), "row", icon="x", note=t("slip.sure.note"))
    keep = Action("back", t("slip.sure.keep"), icon="undo-2")
    return View(
        "status",
        t("slip.sure.title"),
        blocks=(number_, told, Actions((yes.id,))),
        actions=(yes, keep, *nav(scene, "home", "help")),
    )


def _stands(scene: Scene, page: SlipPage, held: Slip) -> Notice:
    t, state = scene.texts, held.state
    tone = TONES[state]
    if page.did == "give-back" and state == "void":
        return Notice("ok", ICONS["ok"], t("slip.given-back.what"), t("slip.given-back.do"))
    if page.did == "rejoin" and state == "waiting":
        return Notice("ok", ICONS["ok"], t("slip.rejoined.what"), t("slip.rejoined.do"))
    if state in ("called", "serving", "held") and held.counter is not None:
        return Notice(tone, ICONS[tone], t(f"slip.is.{state}", n=held.counter), t(f"slip.do.{state}"))
    if "rejoin" in held.may:
        minutes_ = scene.state.branch.missed_minutes
        return Notice(tone, ICONS[tone], t("slip.is.no_show"), t("slip.do.rejoin", n=minutes_))
    return Notice(tone, ICONS[tone], t(f"slip.is.{state}"), t(f"slip.do.{state}"))


def _ways(scene: Scene, held: Slip) -> list[Action]:
    t = scene.texts
    found = []
    if "rejoin" in held.may:
        found.append(Action("choice:rejoin", t("slip.rejoin"), "row", icon="undo-2", note=t("slip.rejoin.note")))
    if "rate" in held.may:
        found.append(Action("choice:rate", t("slip.rate"), "row", icon="star", note=t("slip.rate.note")))
    if "cancel" in held.may:
        found.append(Action("choice:give-back", t("slip.give-back"), "row", icon="x", note=t("slip.give-back.note")))
    if held.state in OVER and offers.tickets(scene.state):
        found.append(Action("ticket-only", t("slip.new"), "row", icon="ticket", note=t("slip.new.note")))
    return found


def _facts(scene: Scene, held: Slip) -> tuple[Fact, ...]:
    t = scene.texts
    found = []
    if held.ahead is not None:
        found.append(Fact(t("ticket.ahead"), str(held.ahead), t("ticket.ahead.unit")))
    wait = minutes(held.low_s, held.high_s)
    if wait:
        found.append(Fact(t("ticket.wait"), wait, t("ticket.wait.unit")))
    return tuple(found)
