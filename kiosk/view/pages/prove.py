"""Prove: a register is changed only for whom a code on her phone or a clerk has confirmed; or a ticket does it."""

from kiosk.core import offers
from kiosk.core.flows.prove import LENGTH
from kiosk.core.state import ProofPage, Proving
from kiosk.domain.catalogue import Service
from kiosk.domain.documents import identify
from kiosk.domain.request import ProofKind
from kiosk.view.amounts import grouped
from kiosk.view.bars import nav
from kiosk.view.keys import keys
from kiosk.view.models import Action, Actions, Block, Entry, Notice, Role, Row, Rows, View
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, Scene

ICONS: dict[ProofKind, str] = {"code": "smartphone", "staff": "hand-helping"}
CODE = (3, 3)


def proving(scene: Scene, page: Proving) -> View:
    """The ways there are now, and why the last one led to nothing."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    if service is None:
        return missing(scene)
    blocks: list[Block] = []
    if page.problem:
        known = f"prove.{page.problem}"
        blocks.append(Notice("warn", "triangle-alert", t(f"{known}.what"), t(f"{known}.do")))
    ways = tuple(
        Action(f"choice:{kind}", t(f"prove.{kind}"), "row", icon=ICONS[kind], note=_note(scene, service, kind))
        for kind in offers.proofs(state, service)
    )
    if ways:
        blocks.append(Actions(tuple(way.id for way in ways)))
    tickets = offers.tickets(state)
    role: Role = "row" if ways else "primary"
    take = Action("take-ticket", t("guide.take"), role, icon="ticket", note=t("guide.take.note"))
    if tickets and ways:
        blocks.append(Actions((take.id,)))
    return View(
        "identify",
        t("prove.title"),
        scene.words(service.name),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=tuple(blocks),
        actions=(*ways, *((take,) if tickets else ()), *nav(scene, "back", "home", "help")),
    )


def proof(scene: Scene, page: ProofPage) -> View:
    """Where the code is typed: by her, or by the clerk who has seen her document."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    if service is None:
        return missing(scene)
    kind = page.proof.kind
    rows, pressed = keys(scene)
    problem = t(f"prove.{page.problem}.what") + t(f"prove.{page.problem}.do") if page.problem else ""
    entry = Entry(grouped(page.typed, CODE), t(f"prove.{kind}.placeholder"), problem, rows)
    told = Notice("info", ICONS[kind], t(f"prove.{kind}.{page.stands}"), t(f"prove.{kind}.how"))
    identity = state.session.identity
    who = Rows((Row(t("prove.staff.number"), identity.masked if identity else ""),))
    ready = len(page.typed) == LENGTH and page.stands != "checking"
    return View(
        "keypad",
        t(f"prove.{kind}.title"),
        _note(scene, service, kind),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=(told, who, entry) if kind == "staff" else (told, entry),
        actions=(
            *pressed,
            Action("next", t("action.next"), enabled=ready, icon="arrow-right"),
            *nav(scene, "back", "home", "help"),
        ),
    )


def _note(scene: Scene, service: Service, kind: ProofKind) -> str:
    """Where the code goes, or who comes."""
    if kind == "staff":
        return scene.texts("prove.staff.note")
    mobile = scene.state.session.answers.get(service.code_to, "")
    return scene.texts("prove.code.note", mobile=identify(mobile, expect="mobile").masked)
