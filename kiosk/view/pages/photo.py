"""Photo: a document is laid under the camera; one clear verdict, one thing to do about it, and the picture itself."""

from kiosk.core import offers
from kiosk.core.state import PhotoPage
from kiosk.view import ways
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Busy, Notice, Picture, View
from kiosk.view.pages.notice import missing
from kiosk.view.scene import CHOSEN_FIRST, Scene


def photo(scene: Scene, page: PhotoPage) -> View:
    """The question is the title, its hint the lead, as on every page of the form."""
    service = scene.state.catalogue.service(page.service)
    if service is None or page.index >= len(service.fields):
        return missing(scene)
    field = service.fields[page.index]
    ref = scene.state.session.answers.get(field.name, "")
    blocks, actions = _said(scene, page, scene.state.session.photos.get(ref))
    return View(
        "photo",
        scene.words(field.question),
        scene.words(field.hint),
        steps=scene.steps(2, *CHOSEN_FIRST),
        blocks=blocks,
        actions=(*actions, *nav(scene, "back", "home", "help")),
    )


def _said(scene: Scene, page: PhotoPage, preview: str | None) -> tuple[tuple[Block, ...], tuple[Action, ...]]:
    """`preview` names the picture's file, is empty where it cannot be shown, and None where there is no picture."""
    t = scene.texts
    live = ways.live(scene.state, t("camera.live"))
    if page.taking is not None:
        return (*live, Busy(t("photo.taking"))), ()
    if preview is not None:
        again = Action("retry", t("photo.again"), "row", icon="camera")
        good = Notice("ok", "circle-check", t("photo.good"), t("photo.good.do"))
        seen: tuple[Block, ...] = (Picture(preview, t("photo.seen")),) if preview else ()
        use = Action("next", t("photo.use"), icon="check")
        return (*seen, good, Actions((again.id,))), (again, use)
    if page.problem:
        wrong = Notice("warn", "triangle-alert", t(f"photo.{page.problem}"), t(f"photo.{page.problem}.do"))
        retry = Action("retry", t("photo.again"), icon="camera")
        if not offers.tickets(scene.state):
            return (wrong, *live), (retry,)
        counter = Action("take-ticket", t("guide.take"), "row", icon="ticket", note=t("guide.take.note"))
        return (wrong, *live, Actions((counter.id,))), (counter, retry)
    lay = Notice("info", "camera", t("photo.lay"), t("photo.lay.do"))
    return (lay, *live), (Action("next", t("photo.take"), icon="camera"),)
