"""Welcome: what can be done here, how to begin, the wait right now, and what is out of order in plain words."""

from kiosk.core import offers
from kiosk.view import ways
from kiosk.view.amounts import hours, minutes
from kiosk.view.bars import modes, nav
from kiosk.view.models import Action, Actions, Block, Notice, Status, View
from kiosk.view.scene import Scene, side_by_side
from kiosk.view.voice import toggle


def welcome(scene: Scene) -> View:
    """One large inviting card, the other ways below it, the present wait; nobody identifies herself for nothing."""
    state, t = scene.state, scene.texts
    useful = offers.tickets(state) or state.parts.submission
    heroes = (_hero(scene),) if useful else ()
    others = []
    if heroes and heroes[0].id != "identify:type":
        others.append(Action("identify:type", t("welcome.type.title"), icon="keyboard", note=t("welcome.type.note")))
    if offers.tickets(state):
        others.append(Action("ticket-only", t("welcome.ticket.title"), icon="ticket", note=t("welcome.ticket.note")))
    if ways.scans(state):
        others.append(Action("follow", t("welcome.follow.title"), icon="qr-code", note=t("welcome.follow.note")))
    others.append(Action("choice:bring", t("welcome.bring.title"), icon="clipboard-list", note=t("welcome.bring.note")))
    pairs = (side_by_side(others[at : at + 2]) for at in range(0, len(others), 2))
    groups = (heroes, *pairs, _quiet(scene))
    blocks: list[Block] = [Actions(tuple(action.id for action in group)) for group in groups if group]
    blocks += _waiting(scene)
    limits = _limits(scene)
    if limits:
        blocks.append(limits)
    return View(
        "welcome",
        t("welcome.title"),
        _lead(scene, heroes),
        blocks=tuple(blocks),
        actions=(*(action for group in groups for action in group), *modes(scene), *toggle(scene), *nav(scene, "help")),
        footnote=t("welcome.hours", hours=hours(scene)),
    )


def _quiet(scene: Scene) -> tuple[Action, ...]:
    """What is no service, where the branch has any of it today."""
    if not offers.topics(scene.state):
        return ()
    return (Action("choice:information", scene.texts("welcome.information.title"), "link", icon="info"),)


def _lead(scene: Scene, heroes: tuple[Action, ...]) -> str:
    if not heroes:
        return scene.texts("welcome.lead.closed")
    return scene.texts("welcome.lead.type" if heroes[0].id == "identify:type" else "welcome.lead")


def _hero(scene: Scene) -> Action:
    """The surest way that works: card reader, scanner, our own keys."""
    state, t = scene.state, scene.texts
    if ways.reads_cards(state):
        note = t("welcome.card.note" if ways.scans(state) else "welcome.card.note-alone")
        return Action("identify:card", t("welcome.card.title"), "hero", icon="id-card", note=note)
    if ways.scans(state):
        return Action(
            "identify:scan", t("welcome.scan.title"), "hero", icon="scan-barcode", note=t("welcome.scan.note")
        )
    return Action("identify:type", t("welcome.type.title"), "hero", icon="keyboard", note=t("welcome.type.note-hero"))


def _waiting(scene: Scene) -> list[Block]:
    lobby, t = scene.state.lobby, scene.texts
    if lobby.waiting is None or not lobby.open:
        return []
    wait = minutes(lobby.low_s, lobby.high_s)
    if lobby.waiting == 0:
        text = t("welcome.nobody")
    elif wait:
        text = t("welcome.waiting-wait", n=lobby.waiting, wait=wait)
    else:
        text = t("welcome.waiting", n=lobby.waiting)
    return [Status("clock", text)]


def _limits(scene: Scene) -> Notice | None:
    """What does not work now and what works instead; never why."""
    state, t = scene.state, scene.texts
    found = []
    if not offers.tickets(state):
        found.append("closed")
    elif offers.paper_change(state):
        found.append("paper-change")
    elif not offers.paper(state):
        found.append("printer")
    if not (ways.scans(state) or ways.reads_cards(state)):
        found.append("scanner")
    if state.parts.hub is False and offers.tickets(state):
        found.append("hub")
    if state.parts.central is not None and not state.parts.submission:
        found.append("central" if offers.tickets(state) else "central-closed")
    elif state.parts.central is False:
        found.append("later")
    if not found:
        return None
    if len(found) == 1:
        return Notice("info", "info", t(f"limit.{found[0]}.what"), t(f"limit.{found[0]}.do", hours=hours(scene)))
    lines = (
        t("limit.line", what=t(f"limit.{name}.what"), do=t(f"limit.{name}.do", hours=hours(scene))) for name in found
    )
    return Notice("info", "info", t("limit.title"), "\n".join(lines))
