"""Timeout: are you still there? One press gives more time, none wipes the session."""

from kiosk.core.state import TimeoutPage
from kiosk.view.bars import nav
from kiosk.view.models import Action, Notice, Status, View
from kiosk.view.scene import Scene


def timeout(scene: Scene, page: TimeoutPage) -> View:
    """Say what will be lost, and when."""
    t = scene.texts
    left = scene.left(page.until, 0.0)
    return View(
        "timeout",
        t("timeout.title"),
        t("timeout.lead"),
        blocks=(
            Notice("warn", "hourglass", t("timeout.what"), t("timeout.do")),
            Status("clock", t("timeout.left", n=left)),
        ),
        actions=(Action("more-time", t("timeout.more"), icon="check"), *nav(scene, "home", "help")),
    )
