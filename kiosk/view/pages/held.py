"""How she holds a ticket or a receipt: on paper, on the screen, or nobody knows - the same words for both."""

from kiosk.core import offers
from kiosk.core.state import Paper, ReceiptPage, TicketPage
from kiosk.view import ways
from kiosk.view.models import Action, Block, Notice, Status, Tone
from kiosk.view.scene import Scene

ICONS: dict[Paper, str] = {
    "printed": "printer", "screen": "smartphone", "doubt": "circle-help", "failed": "printer", "reprinting": "printer",
}  # fmt: skip


def actions(scene: Scene, page: TicketPage | ReceiptPage, what: str) -> tuple[Action, ...]:
    """What she can answer. `what` is `ticket` or `receipt`."""
    t = scene.texts
    match page.paper:
        case "printed":
            return (Action("finish", t("held.finish"), icon="check"),)
        case "screen" | "failed":
            retry = Action("retry", t("held.retry"), "row", icon="printer", note=t("held.retry.note"))
            noted = Action("finish", t(f"{what}.noted"), icon="check")
            return (retry, noted) if offers.paper(scene.state) else (noted,)
        case "doubt":
            return (
                Action("choice:yes", t("held.yes"), "choice", icon="check"),
                Action("choice:no", t("held.no"), "choice", icon="x"),
            )
        case "reprinting":
            return ()


def countdown(scene: Scene, page: TicketPage | ReceiptPage) -> tuple[Block, ...]:
    """What she must not leave here, how long the page stands, and what its end means."""
    delays, patience = scene.state.delays, offers.patience(scene.state)
    if page.paper == "reprinting":
        return ()
    take = (Status("id-card", scene.texts("held.take")),) if page.paper == "printed" else ()
    if isinstance(page, ReceiptPage):
        lasts = delays.receipt_shown if page.paper == "printed" else delays.screen_number
        return (*take, Status("clock", scene.texts("held.closes", n=scene.left(page.since, lasts * patience))))
    if page.paper == "printed":
        lasts, key = delays.ticket_shown, "held.closes"
    elif page.paper == "doubt":
        lasts, key = delays.doubt, "held.closes"
    else:
        lasts, key = delays.screen_number, "ticket.given-back"
    return (*take, Status("clock", scene.texts(key, n=scene.left(page.since, lasts * patience))))


def notice(scene: Scene, page: TicketPage | ReceiptPage, what: str, text: str) -> Notice:
    """The one thing to do about the paper."""
    tone: Tone = "ok" if page.paper == "printed" else "warn" if page.paper == "doubt" else "info"
    title = scene.texts(f"{what}.{page.paper}")
    if page.paper == "printed":
        return Notice(tone, ICONS[page.paper], title, *ways.where(scene, "printer", text))
    return Notice(tone, ICONS[page.paper], title, text)
