"""Receipt: what is known of her request; only the centre's own word may say that it is accepted."""

from kiosk.core.state import ReceiptPage, Request
from kiosk.view.amounts import moment
from kiosk.view.bars import nav
from kiosk.view.models import Actions, Block, Busy, Notice, QrCode, Row, Rows, Tone, View
from kiosk.view.pages import held
from kiosk.view.scene import Scene

TONES: dict[str, Tone] = {
    "queued": "info", "sending": "info", "unknown": "warn", "quarantined": "stop", "expired": "stop",
    "submitted": "ok", "accepted": "ok", "in_progress": "ok", "done": "ok",
    "needs_more": "warn", "not_accepted": "stop", "withdrawn": "info",
}  # fmt: skip
ICONS: dict[Tone, str] = {
    "ok": "circle-check", "info": "info", "warn": "triangle-alert", "stop": "circle-x", "plain": "receipt",
}  # fmt: skip


def receipt(scene: Scene, page: ReceiptPage) -> View:
    """The title follows the request's state; what comes next is said in full."""
    t, request = scene.texts, page.request
    given = held.actions(scene, page, "receipt")
    placed = tuple(action.id for action in given if action.role != "primary")
    tone = TONES[request.state]
    blocks: list[Block] = [
        Rows(_known(scene, request)),
        Notice(tone, ICONS[tone], t(f"receipt.next.{request.state}"), t(f"receipt.do.{request.state}")),
        held.notice(scene, page, "receipt", t(f"receipt.{page.paper}.text")),
    ]
    if page.paper == "reprinting":
        blocks.append(Busy(t("working.wait")))
    if placed:
        blocks.append(Actions(placed))
    if request.status_url:
        blocks.append(QrCode(request.status_url, t("receipt.qr")))
    blocks += held.countdown(scene, page)
    return View(
        "receipt",
        t(f"receipt.title.{request.state}"),
        scene.service_name(request.service),
        blocks=tuple(blocks),
        actions=(*given, *nav(scene, "help")),
    )


def _known(scene: Scene, request: Request) -> tuple[Row, ...]:
    t = scene.texts
    found = (
        (t("receipt.reference"), request.reference or t("receipt.reference.none")),
        (t("receipt.received"), moment(request.received_at, scene)),
    )
    return tuple(Row(label, value) for label, value in found if value)
