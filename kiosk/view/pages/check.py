"""Check: all answers, masked, each with a way to change it, before the one press that sends them."""

from kiosk.core import offers
from kiosk.core.state import Check
from kiosk.domain import forms
from kiosk.domain.catalogue import Field, Service
from kiosk.domain.masking import mask_name
from kiosk.view.amounts import fee
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Notice, Row, Rows, Status, View
from kiosk.view.pages.consent import boxes
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, Scene

FEW = 3
"""With so many answers there is room to say again how they are kept; the consent page has said it in full."""


def check(scene: Scene, page: Check) -> View:
    """Who she is, what she said, what becomes of it, and the boxes that make it hers."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    if service is None:
        return missing(scene)
    ticked = boxes(scene, service, sensitive=False)
    changes = tuple(
        Action(f"change:{field.name}", t("check.change"), "change", note=scene.words(field.label))
        for field in _asked(scene, service)
    )
    agreed = state.session.identity is not None and offers.consented(state, service)
    ready = agreed and offers.wrong(state, service) is None
    blocks: list[Block] = [
        Rows((*_applicant(scene), *(_row(scene, field) for field in _asked(scene, service)), *_paying(scene, service))),
    ]
    if len(changes) <= FEW:
        blocks.append(Notice("info", "info", t("check.notice.title"), t("check.notice.text")))
    if ticked:
        blocks.append(Actions(tuple(box.id for box in ticked)))
    if not agreed:
        blocks.append(Status("info", t("check.tick")))
    return View(
        "check",
        t("check.title"),
        " • ".join((scene.words(service.name), _price(scene, service))),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=tuple(blocks),
        actions=(
            *changes,
            *ticked,
            Action("confirm", t("check.confirm"), enabled=ready, icon="check"),
            *nav(scene, "back", "home", "help"),
        ),
    )


def _asked(scene: Scene, service: Service) -> tuple[Field, ...]:
    answers = scene.state.session.answers
    return tuple(field for field in service.fields if forms.asked(field, answers))


def _paying(scene: Scene, service: Service) -> tuple[Row, ...]:
    """What it costs and how that is paid; nothing where it is free."""
    if service.fee_fen == 0:
        return ()
    lines = (fee(scene, service), scene.words(service.payment))
    return (Row(scene.texts("guide.fee"), "\n".join(line for line in lines if line)),)


def _applicant(scene: Scene) -> tuple[Row, ...]:
    identity, t = scene.state.session.identity, scene.texts
    if identity is None:
        return ()
    number = Row(t(f"thing.{identity.kind}" if f"thing.{identity.kind}" in t else "thing.other"), identity.masked)
    if not identity.name:
        return (number,)
    return (Row(t("check.applicant"), mask_name(identity.name)), number)


def _row(scene: Scene, field: Field) -> Row:
    given = scene.state.session.answers.get(field.name, "")
    value = forms.shown(field, given, scene.language) if given else scene.texts("check.empty")
    if given and field.kind == "text" and forms.choice(field, given) is None:
        value = given  # an address has to be read whole to be checked
    if given and field.kind == "photo":
        value = scene.texts("check.photo")
    return Row(scene.words(field.label), value, f"change:{field.name}")


def _price(scene: Scene, service: Service) -> str:
    price = fee(scene, service)
    return scene.texts("check.fee", fee=price) if service.fee_fen else price
