"""Closed: no business now; when there will be, and where else to ask."""

from kiosk.view.amounts import hours
from kiosk.view.bars import nav
from kiosk.view.models import Notice, View
from kiosk.view.scene import Scene


def closed(scene: Scene) -> View:
    """The hours, and staff where somebody is there."""
    t = scene.texts
    return View(
        "closed",
        t("closed.title"),
        blocks=(Notice("info", "door-closed", t("closed.what", hours=hours(scene)), t("closed.do")),),
        actions=nav(scene, "help"),
        footnote=t("welcome.hours", hours=hours(scene)),
    )
