"""Identify: hold a document to the window or lay the card on the reader, or choose another way."""

from kiosk.core.state import Identify
from kiosk.view import problems, ways
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Notice, Steps, View
from kiosk.view.scene import CHOSEN_FIRST, TOLD_FIRST, Scene, side_by_side


def identify(scene: Scene, page: Identify) -> View:
    """Say what to hold where; a wanted service shows only ways that prove enough for it."""
    state, t = scene.state, scene.texts
    service = scene.service(page.then)
    blocks: list[Block] = []
    if page.problem:
        problem = problems.sentence(scene, page.problem, "scan")
        blocks.append(Notice("stop", "circle-x", problem, t("problem.staff")))
    if ways.reads_cards(state):
        blocks.append(
            Notice("ok", "id-card", t("identify.card.title"), *ways.where(scene, "card", t("identify.card.text")))
        )
    if ways.scans(state) and ways.identifies(state, "scanned", service):
        told = ways.where(scene, "scanner", t("identify.scan.text"))
        blocks.append(Notice("ok", "scan-barcode", t("identify.scan.title"), *told))
        blocks += ways.live(state, t("camera.live"))
    others = []
    if ways.identifies(state, "typed", service):
        others.append(Action("identify:type", t("identify.type.title"), icon="keyboard", note=t("identify.type.note")))
    if service is None and state.lobby.open:
        others.append(Action("ticket-only", t("welcome.ticket.title"), icon="ticket", note=t("welcome.ticket.note")))
    ordered = side_by_side(others)
    if ordered:
        blocks.append(Actions(tuple(action.id for action in ordered)))
    return View(
        "identify",
        t("identify.title"),
        scene.words(service.name) if service else t("identify.lead"),
        steps=first_steps(scene, page.then),
        blocks=tuple(blocks),
        actions=(*ordered, *nav(scene, "back", "home", "help")),
    )


def first_steps(scene: Scene, then: str | None) -> Steps:
    """Who wanted a service first has chosen already."""
    if then:
        return scene.steps(1, *CHOSEN_FIRST)
    return scene.steps(0, *TOLD_FIRST)
