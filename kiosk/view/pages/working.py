"""Working: something is being done that she waits for; there is nothing to press and nothing times out."""

from kiosk.core.state import Working
from kiosk.view.models import Busy, View
from kiosk.view.scene import Scene


def working(scene: Scene, page: Working) -> View:
    """What is being done, in her words."""
    t = scene.texts
    return View(
        "working",
        t(f"working.{page.what}"),
        scene.service_name(page.service),
        blocks=(Busy(t("working.wait")),),
    )
