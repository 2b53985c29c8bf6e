"""Consent: what is done with her data, by whom, why and how long; boxes start unticked (PIPL arts. 14, 17, 29)."""

import re

from kiosk.core import offers
from kiosk.core.state import ConsentPage
from kiosk.domain.catalogue import Service
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Paragraph, Row, Rows, View
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, Scene

BETWEEN = re.compile(r"(?<=。)|(?<=\.) ")
"""Where one sentence of a notice ends and the next begins."""


def consent(scene: Scene, page: ConsentPage) -> View:
    """The sensitive boxes stand here; who does not agree takes a ticket and goes to the counter."""
    state, t = scene.state, scene.texts
    service = state.catalogue.service(page.service)
    if service is None:
        return missing(scene)
    ticked = boxes(scene, service, sensitive=True)
    refuse: tuple[Action, ...] = ()
    if offers.tickets(state):
        refuse = (Action("take-ticket", t("consent.refuse"), "row", icon="ticket", note=t("consent.refuse.note")),)
    blocks = told(scene, service)
    blocks += [Actions(tuple(action.id for action in group)) for group in (ticked, refuse) if group]
    agreed = offers.consented(state, service, sensitive=True)
    return View(
        "consent",
        t("consent.title"),
        scene.words(service.name),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=tuple(blocks),
        actions=(
            *ticked,
            *refuse,
            Action("next", t("action.next"), enabled=agreed, icon="arrow-right"),
            *nav(scene, "back", "home", "help"),
        ),
    )


def told(scene: Scene, service: Service) -> list[Block]:
    """Who, why, what, how long, and what she may ask, in the catalogue's own words where it has them."""
    t = scene.texts
    numbers = (t("consent.what.number"), *(scene.words(field.label) for field in service.fields))
    kinds = Row(t("consent.what"), t("consent.between").join(numbers))
    notice = scene.words(service.notice)
    if notice:
        return [Rows((kinds,)), *(Paragraph(sentence) for sentence in BETWEEN.split(notice) if sentence)]
    return [
        Rows(
            (
                kinds,
                Row(t("consent.who"), t("consent.who.text", branch=scene.words(scene.state.branch.name))),
                Row(t("consent.why"), t("consent.why.text")),
                Row(t("consent.long"), t("consent.long.text")),
                Row(t("consent.rights"), t("consent.rights.text")),
            )
        )
    ]


def boxes(scene: Scene, service: Service, *, sensitive: bool) -> tuple[Action, ...]:
    """The boxes of one kind, each ticked only by her own touch."""
    given = scene.state.session.consents
    return tuple(
        Action(f"consent:{box.id}", scene.words(box.text), "consent", checked=box.id in given)
        for box in service.consents
        if box.sensitive is sensitive
    )
