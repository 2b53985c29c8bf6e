"""Guide: what a service is, who may ask for it, what to bring, what it costs - and the ways to get it done."""

from kiosk.core import offers
from kiosk.core.state import Guide
from kiosk.domain.catalogue import Service
from kiosk.view import ways
from kiosk.view.amounts import fee
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Notice, Row, Rows, Status, Steps, View
from kiosk.view.pages import needs
from kiosk.view.pages.eligibility import open_to_ask
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, TICKET, TOLD_FIRST, Scene, side_by_side


def guide(scene: Scene, page: Guide) -> View:
    """Everything before anything is typed; the one primary action is the shortest way there is."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    if service is None:
        return missing(scene)
    possible = ways.applies(state, service)
    clerk = possible and ways.takes_a_clerk(state, service) and offers.tickets(state)
    direct = possible and not clerk
    main, others = [], []
    if direct:
        main.append(Action("apply", t("guide.apply"), icon="file-pen-line"))
    if offers.tickets(state):
        take = "guide.take" if offers.paper(state) else "guide.take-screen"
        if direct:
            others.append(Action("take-ticket", t(take), icon="ticket", note=t("guide.take.note")))
        else:
            main.append(Action("take-ticket", t(take), icon="ticket"))
    if clerk:
        others.append(Action("apply", t("guide.apply"), icon="file-pen-line", note=t("guide.clerk")))
    if offers.paper(state):
        others.append(Action("print-guide", t("guide.print"), icon="printer", note=t("guide.print.note")))
    if not direct and open_to_ask(scene, service):
        note = t("guide.look.note")
        others.append(Action("choice:eligibility", t("guide.look"), icon="clipboard-check", note=note))
    ordered = side_by_side(others)
    blocks: list[Block] = [Rows(facts(scene, service))]
    if main and not possible and service.mode != "ticket":
        blocks.append(_only_at_the_counter(scene, service))
    if not main:
        blocks.append(Notice("info", "info", t("guide.closed.title"), t("guide.closed.text", hours=state.branch.hours)))
    if ordered:
        blocks.append(Actions(tuple(action.id for action in ordered)))
    more, together = _together(scene, service)
    blocks += together
    return View(
        "guide",
        scene.words(service.name),
        scene.words(service.purpose),
        steps=_steps(scene, direct=direct),
        blocks=tuple(blocks),
        actions=(*ordered, *more, *main, *nav(scene, "back", "home", "help")),
    )


def _together(scene: Scene, service: Service) -> tuple[tuple[Action, ...], tuple[Block, ...]]:
    """What rides on the ticket: services chosen already, the way to one more, and what would help her."""
    taken, t = scene.state.session.also, scene.texts
    chosen = (Status("list", t("guide.also", services=scene.service_names(taken))),) if taken else ()
    ways_: tuple[Action, ...] = ()
    if offers.tickets(scene.state):
        ways_ = (Action("choice:needs", t("needs.offer"), "link", icon="accessibility"),)
    if offers.more_fits(scene.state) and service.code not in taken:
        ways_ = (Action("choice:add", t("guide.add"), "link", icon="plus"), *ways_)
    lines = (*chosen, *needs.told(scene))
    return ways_, (*lines, Actions(tuple(way.id for way in ways_))) if ways_ else lines


def _only_at_the_counter(scene: Scene, service: Service) -> Status:
    """Why a service that can be done here cannot now, and that a ticket does it."""
    return Status("info", scene.texts("guide.card" if offers.direct(scene.state, service) else "guide.away"))


def _steps(scene: Scene, *, direct: bool) -> Steps:
    identified = scene.state.session.identity is not None
    if direct:
        return scene.steps(1, *TOLD_FIRST) if identified else scene.steps(0, *CHOSEN_FIRST)
    return scene.steps(2, "identify", "choose", "read", "ticket") if identified else scene.steps(1, *TICKET)


def facts(scene: Scene, service: Service) -> tuple[Row, ...]:
    """What the law wants posted beside every counter: who, with what, for how much, how long, how it comes."""
    t = scene.texts
    documents = "\n".join(scene.words(document) for document in service.documents)
    found = (
        (t("guide.who"), scene.words(service.who)),
        (t("guide.bring"), documents or t("guide.bring.nothing")),
        (t("guide.fee"), price(scene, service)),
        (t("guide.time"), scene.words(service.time_limit)),
        (t("guide.delivery"), scene.words(service.delivery)),
    )
    return tuple(Row(label, value) for label, value in found if value)


def price(scene: Scene, service: Service) -> str:
    """The fee, what it is for, how it is paid, and on what ground it is asked."""
    lines = [fee(scene, service)]
    note, paid = scene.words(service.fee_note), scene.words(service.payment)
    if service.fee_fen and note:
        lines[0] = scene.texts("guide.fee.note", fee=lines[0], note=note)
    if service.fee_fen != 0 and paid:
        lines.append(paid)
    if service.fee_fen and service.fee_basis and scene.language == "zh":  # a document's own name, which has no other
        lines.append(scene.texts("guide.fee.basis", basis=service.fee_basis))
    return "\n".join(lines)
