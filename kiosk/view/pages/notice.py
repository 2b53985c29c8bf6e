"""Notice: something she has to know, with what she can do about it."""

from kiosk.core import offers
from kiosk.core.state import NoticeKind, NoticePage, ReceiptPage, TicketPage
from kiosk.view.bars import Nav, nav
from kiosk.view.models import Action, Actions, Notice, Tone, View
from kiosk.view.scene import Scene, side_by_side

LOOKS: dict[NoticeKind, tuple[Tone, str]] = {
    "staff-called": ("ok", "hand-helping"),
    "staff-at-counter": ("info", "hand-helping"),
    "numbers-exhausted": ("warn", "triangle-alert"),
    "ticket-refused": ("warn", "triangle-alert"),
    "request-refused": ("warn", "triangle-alert"),
    "not-offered": ("info", "info"),
    "guide-printed": ("ok", "printer"),
    "guide-not-printed": ("warn", "printer"),
    "rated": ("ok", "circle-check"),
    "rating-refused": ("info", "info"),
    "card-left": ("warn", "id-card"),
    "things-left": ("warn", "id-card"),
    "leave": ("warn", "triangle-alert"),
    "headset-out": ("info", "headphones"),
}


def notice(scene: Scene, page: NoticePage) -> View:
    """The title is the fact, the box says what to do."""
    t = scene.texts
    tone, icon = LOOKS[page.kind]
    if page.kind == "leave":
        return _leave(scene)
    if page.kind == "headset-out":
        return _headset(scene, page)
    detailed = f"{page.kind}.{page.detail}"
    name = detailed if page.detail and f"notice.{detailed}.title" in t else page.kind
    called = page.kind in ("staff-called", "staff-at-counter")
    ways = _ways(page)
    return View(
        "notice",
        t(f"notice.{name}.title"),
        blocks=(Notice(tone, icon, t(f"notice.{name}.what"), t(f"notice.{name}.do")),),
        actions=(
            Action("next", t("notice.go-on"), icon="arrow-right"),
            *(nav(scene, *ways) if called else nav(scene, *ways, "help")),
        ),
    )


def _ways(page: NoticePage) -> tuple[Nav, ...]:
    """A paper that she has not answered for yet is settled on its own page, so there is no way home past it."""
    return ("back",) if isinstance(page.back, TicketPage | ReceiptPage) else ("back", "home")


def _leave(scene: Scene) -> View:
    """Home would clear what was entered: asked once."""
    t = scene.texts
    tone, icon = LOOKS["leave"]
    return View(
        "notice",
        t("notice.leave.title"),
        blocks=(Notice(tone, icon, t("notice.leave.what"), t("notice.leave.do")), Actions(("choice:yes",))),
        actions=(
            Action("choice:yes", t("notice.leave.yes"), "row", icon="house", note=t("notice.leave.yes.note")),
            Action("back", t("notice.leave.back"), icon="undo-2"),
            *nav(scene, "home", "help"),
        ),
    )


def _headset(scene: Scene, page: NoticePage) -> View:
    """Nothing is said until she has chosen; putting the plug back in is a choice too."""
    t = scene.texts
    tone, icon = LOOKS["headset-out"]
    ways = [Action("choice:screen", t("notice.headset-out.screen"), icon="eye")]
    if offers.audio(scene.state):
        ways.append(Action("choice:speaker", t("notice.headset-out.speaker"), icon="volume-2"))
    rows = side_by_side(ways)
    return View(
        "notice",
        t("notice.headset-out.title"),
        blocks=(
            Notice(tone, icon, t("notice.headset-out.what"), t("notice.headset-out.do")),
            Actions(tuple(row.id for row in rows)),
        ),
        actions=(*rows, *nav(scene, *_ways(page), "help")),
    )


def missing(scene: Scene) -> View:
    """A service that this branch does not offer any more."""
    t = scene.texts
    tone, icon = LOOKS["not-offered"]
    return View(
        "notice",
        t("notice.not-offered.title"),
        blocks=(Notice(tone, icon, t("notice.not-offered.what"), t("notice.not-offered.do")),),
        actions=nav(scene, "back", "home", "help"),
    )
