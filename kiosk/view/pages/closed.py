"""Closed: no business now; when there will be, and where else to ask."""

from kiosk.core.state import Closed
from kiosk.view.amounts import hours
from kiosk.view.bars import nav
from kiosk.view.models import Notice, View
from kiosk.view.scene import Scene


def closed(scene: Scene) -> View:
    """The hours, or that the machine is about to start anew; and staff where somebody is there."""
    t = scene.texts
    page = scene.state.page
    if isinstance(page, Closed) and page.restarts is not None:
        return View(
            "closed",
            t("closed.restart.title"),
            blocks=(Notice("info", "refresh-cw", t("closed.restart.what"), t("closed.restart.do")),),
            actions=nav(scene, "help"),
        )
    return View(
        "closed",
        t("closed.title"),
        blocks=(Notice("info", "door-closed", t("closed.what", hours=hours(scene)), t("closed.do")),),
        actions=nav(scene, "help"),
        footnote=t("welcome.hours", hours=hours(scene)),
    )
