"""What would help her at the counter: offered, never asked; told to the clerks, changing no order."""

from kiosk.core.state import NeedsPage
from kiosk.domain.ticket import NEEDS, Need
from kiosk.view.bars import nav
from kiosk.view.models import Action, Actions, Block, Paragraph, Status, View
from kiosk.view.scene import Scene

ICONS: dict[Need, str] = {"low-counter": "accessibility", "guide": "hand-helping", "hearing": "file-pen-line"}


def needs(scene: Scene, page: NeedsPage) -> View:
    """Three boxes, none of them ticked; a second press takes one back."""
    t, had = scene.texts, scene.state.session.needs
    boxes = tuple(
        Action(f"choice:{need}", t(f"needs.{need}"), "choice", icon=ICONS[need], checked=need in had) for need in NEEDS
    )
    return View(
        "guide",
        t("needs.title"),
        scene.service_name(page.service),
        blocks=(Paragraph(t("needs.lead")), Actions(tuple(box.id for box in boxes))),
        actions=(*boxes, Action("next", t("needs.done"), icon="check"), *nav(scene, "back", "home", "help")),
    )


def told(scene: Scene) -> tuple[Block, ...]:
    """One line where something is ticked."""
    had = scene.state.session.needs
    if not had:
        return ()
    named = ("、" if scene.language == "zh" else ", ").join(scene.texts(f"needs.{need}") for need in had)
    return (Status("hand-helping", scene.texts("needs.told", needs=named)),)
