"""Eligibility: what she is asked before a service, and all that can be said then, at once and with where to go."""

from kiosk.core import offers
from kiosk.core.state import Asking, Counter, Eligibility, Way
from kiosk.domain.catalogue import Service
from kiosk.domain.rules.book import Decision
from kiosk.domain.rules.decide import Reason
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Notice, Row, Rows, Status, Steps, Tone, View
from kiosk.view.pages.form import ask, onward
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, TICKET, Scene, side_by_side

LOOKS: dict[Decision, tuple[Tone, str]] = {
    "ok": ("ok", "circle-check"),
    "warn": ("info", "info"),
    "refer": ("warn", "triangle-alert"),
    "block": ("stop", "circle-x"),
}


def asking(scene: Scene, page: Asking) -> View:
    """One question a page; what she does not know may be left out."""
    service = scene.state.catalogue.service(page.service)
    questions = offers.questions(scene.state, service) if service else ()
    if page.index >= len(questions):
        return missing(scene)
    field = questions[page.index]
    blocks, answers = ask(scene, field, page.typed, page.problem)
    return View(
        "eligibility",
        scene.words(field.question),
        scene.words(field.hint),
        steps=_steps(scene, page.way),
        blocks=blocks,
        actions=(*answers, onward(scene, field, page.typed), *nav(scene, "back", "home", "help")),
    )


def eligibility(scene: Scene, page: Eligibility) -> View:
    """Every reason at once, worst first; the primary action is the way on that is open to her."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    if service is None:
        return missing(scene)
    opinion = offers.opinion(state, service)
    decision = opinion.verdict.decision
    passed = decision in ("ok", "warn")
    ticket = opinion.ticket and offers.tickets(state)
    main: tuple[Action, ...] = ()
    others = []
    if passed and page.way == "apply":
        main = (Action("next", t("eligibility.go-on"), icon="arrow-right"),)
    if ticket and not main:
        main = (Action("take-ticket", _take(scene), icon="ticket"),)
    elif ticket:
        others.append(Action("take-ticket", _take(scene), icon="ticket", note=t("guide.take.note")))
    if offers.paper(state):
        note = t("eligibility.print.note")
        others.append(Action("print-guide", t("eligibility.print"), icon="printer", note=note))
    if offers.questions(state, service):
        note = t("eligibility.again.note")
        others.append(Action("choice:again", t("eligibility.again"), icon="rotate-ccw", note=note))
    ordered = side_by_side(others)
    blocks: list[Block] = [_told(scene, reason) for reason in opinion.verdict.reasons]
    if not blocks:
        blocks.append(Notice("ok", "circle-check", t("eligibility.fine"), t("eligibility.fine.text")))
    elsewhere = scene.words(service.elsewhere)
    if not passed and elsewhere:
        blocks.append(Rows((Row(t("eligibility.elsewhere"), elsewhere),)))
    if passed:
        blocks.append(Status("info", t("eligibility.open")))
    if ordered:
        blocks.append(Actions(tuple(action.id for action in ordered)))
    away = decision == "refer" and not opinion.ticket
    return View(
        "eligibility",
        t("eligibility.title.elsewhere" if away else f"eligibility.title.{decision}"),
        scene.words(service.name),
        steps=_steps(scene, page.way),
        blocks=tuple(blocks),
        actions=(*ordered, *main, *nav(scene, "back", "home", "help")),
    )


def counter(scene: Scene, page: Counter) -> View:
    """Only a clerk can go on: why, what to bring besides, and a ticket."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    choice = offers.chosen(state, service, page) if service else None
    if service is None or choice is None:
        return missing(scene)
    papers = "\n".join(scene.words(paper) for paper in (*service.documents, *choice.bring))
    others = []
    if offers.paper(state):
        note = t("guide.print.note")
        others.append(Action("print-guide", t("guide.print"), "row", icon="printer", note=note))
    main = (Action("take-ticket", _take(scene), icon="ticket"),) if offers.tickets(state) else ()
    blocks: list[Block] = [
        Notice("info", "hand-helping", scene.words(choice.label), scene.words(choice.why)),
        Rows((Row(t("guide.bring"), papers or t("guide.bring.nothing")),)),
    ]
    if others:
        blocks.append(Actions(("print-guide",)))
    return View(
        "notice",
        t("counter.title"),
        scene.words(service.name),
        blocks=tuple(blocks),
        actions=(*others, *main, *nav(scene, "back", "home", "help")),
    )


def open_to_ask(scene: Scene, service: Service) -> bool:
    """Say whether looking whether she may have it tells her anything."""
    state = scene.state
    return bool(offers.questions(state, service)) or bool(offers.opinion(state, service).verdict.reasons)


def _told(scene: Scene, reason: Reason) -> Notice:
    """The fact as a heading, what to do below it."""
    text = scene.words(reason.words)
    stop = "。" if "。" in text else ". "
    title, _, rest = text.partition(stop)
    tone, icon = LOOKS[reason.level]
    return Notice(tone, icon, title.rstrip("."), rest)


def _take(scene: Scene) -> str:
    return scene.texts("guide.take" if offers.paper(scene.state) else "guide.take-screen")


def _steps(scene: Scene, way: Way) -> Steps:
    return scene.steps(2, *CHOSEN_FIRST) if way == "apply" else scene.steps(1, *TICKET)
