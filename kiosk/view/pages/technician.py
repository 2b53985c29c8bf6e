"""The technician's pages: code, menu, one device a page, calibration, touch and pixel tests, power, report."""

from collections.abc import Iterable

from kiosk.core.flows import service_menu, wizard
from kiosk.core.technician import COLOURS, POINTS, TESTED, Found, Note, TechnicianPage
from kiosk.domain.health import Health, word
from kiosk.view.bars import nav
from kiosk.view.keys import keys
from kiosk.view.models import (
    Action,
    Actions,
    Block,
    CardOutline,
    Entry,
    Notice,
    Pad,
    Paragraph,
    Role,
    Row,
    Rows,
    Status,
    Swatch,
    Tone,
    View,
)
from kiosk.view.pages.keypad import HIDDEN
from kiosk.view.scene import Scene

ICONS = {
    "overview": "info", "devices": "settings", "screen": "smartphone", "network": "map-pinned", "outbox": "package",
    "power": "power", "report": "clipboard-check", "calibrate": "credit-card", "touch": "hand", "pixels": "sun",
    "printer": "printer", "scanner": "scan-barcode", "camera": "camera", "card": "id-card", "speaker": "volume-2",
    "keypad": "keyboard", "restart": "rotate-ccw", "reboot": "refresh-cw", "shutdown": "power", "print": "printer",
    "usb": "package", "setup": "settings",
}  # fmt: skip
NOTES: dict[Note, tuple[Tone, str]] = {
    "asked": ("info", "hourglass"), "wrong": ("stop", "circle-x"), "locked": ("stop", "lock"),
    "unset": ("warn", "triangle-alert"), "passed": ("ok", "circle-check"), "failed": ("stop", "circle-x"),
    "echo": ("ok", "circle-check"), "matched": ("ok", "circle-check"), "saved": ("ok", "circle-check"),
    "not-saved": ("stop", "circle-x"), "sure": ("warn", "circle-help"),
}  # fmt: skip
MARKS = {True: ("ok", "circle-check"), False: ("stop", "circle-x"), None: ("plain", "circle-help")}
PAD = tuple(tuple(f"choice:{row * 3 + column}" for column in (1, 2, 3)) for row in range(POINTS // 3))
SIZES = ("down10", "down", "up", "up10")


def technician(scene: Scene, page: TechnicianPage) -> View:  # noqa: PLR0911 - one line a section
    """One section; in the first boot with `next` to the following step."""
    match page.section:
        case "pixels":
            go_on = (
                Action("next", scene.texts("action.next"), icon="arrow-right"),
                *nav(scene, "back", "home", "help"),
            )
            return View("technician", scene.texts("technician.pixels"), blocks=(Swatch(COLOURS[page.colour]),),
                        actions=go_on)  # fmt: skip
        case "code" | "pin":
            return _code(scene, page)
        case "menu":
            return _tiles(scene, page, service_menu.MENU)
        case "screen":
            return _tiles(scene, page, service_menu.SCREEN)
        case "devices":
            return _tiles(scene, page, TESTED)
        case "power":
            return _tiles(scene, page, service_menu.POWER)
        case "report":
            return _tiles(scene, page, service_menu.REPORT)
        case "device":
            return _device(scene, page)
        case "calibrate":
            return _calibrate(scene, page)
        case "touch":
            return _touch(scene, page)
    return _view(scene, page, _findings(scene, page))


def _view(scene: Scene, page: TechnicianPage, blocks: Iterable[Block], *actions: Action) -> View:
    t, name = scene.texts, page.device if page.section == "device" else page.section
    lead = t(f"technician.{page.section}.lead")
    if page.first_boot:
        step = t("technician.step", at=wizard.STEPS.index(wizard.step_of(page)) + 1, of=len(wizard.STEPS))
        lead = f"{step}\n{lead}"
        if page.section != "pin":
            last = wizard.step_of(page) == wizard.STEPS[-1]
            label = t("technician.finish" if last else "action.next")
            actions = (*actions, Action("next", label, icon="check" if last else "arrow-right"))
    shown = (*_note(scene, page), *blocks)
    return View("technician", t(f"technician.{name}"), lead, blocks=shown,
                actions=(*actions, *nav(scene, "back", "home", "help")))  # fmt: skip


def _note(scene: Scene, page: TechnicianPage) -> tuple[Block, ...]:
    if not page.note or (page.section == "touch" and page.note != "passed"):
        return ()
    tone, icon = NOTES[page.note]
    t = scene.texts
    order = t(f"technician.{page.order}") if page.order else ""
    what = f"{page.way}-{page.note}" if page.way and page.note in ("passed", "failed") else page.note
    return (Notice(tone, icon, t(f"technician.note.{what}", n=page.amount, order=order)),)


def _code(scene: Scene, page: TechnicianPage) -> View:
    t = scene.texts
    rows, pressed = keys(scene)
    entry = Entry(HIDDEN * len(page.typed), t(f"technician.{page.section}.placeholder"), "", rows)
    least = service_menu.SHORTEST_PIN if page.section == "pin" else 1
    ready = len(page.typed) >= least and page.note != "asked"
    go_on = Action("next", t("action.next"), enabled=ready, icon="arrow-right")
    return _view(scene, page, (entry,), *pressed, go_on)


def _tiles(scene: Scene, page: TechnicianPage, names: Iterable[str]) -> View:
    t = scene.texts
    found = {each.name: each.ok for each in page.findings}
    made = []
    role: Role = "tile" if found and page.section == "devices" else "card"
    for name in names:
        badge, tone = ("", "plain")
        if page.section == "devices" and name in found:
            badge, tone = t(f"technician.is.{_said(found[name])}"), MARKS[found[name]][0]
        made.append(Action(f"choice:{name}", t(f"technician.{name}"), role, icon=ICONS[name],
                           badge=badge, badge_tone=tone))  # type: ignore[arg-type] # fmt: skip
    blocks: list[Block] = [] if page.section != "report" else list(_findings(scene, page, short=True))
    more = (Action("confirm", t("technician.do"), icon="check"),) if page.note == "sure" else ()
    return _view(scene, page, (*blocks, Actions(tuple(tile.id for tile in made))), *made, *more)


def _device(scene: Scene, page: TechnicianPage) -> View:
    t = scene.texts
    health: Health | None = getattr(scene.state.parts, page.device, None)
    rows = [Row(t("technician.state"), t(f"technician.health.{word(health)}"))] if health is not None else []
    rows += [_finding(scene, each) for each in page.findings]
    block = (Rows(tuple(rows)),) if rows else ()
    test = Action("retry", t(f"technician.test.{page.device}"), "row", icon=ICONS[page.device])
    tests = (test,) if page.device in ("printer", "camera", "speaker") else ()
    hint = () if tests else (Paragraph(t(f"technician.test.{page.device}")),)
    pressed = (Actions(("retry",)),) if tests else ()
    also = (Paragraph(t("technician.test.printer-back")),) if page.device == "printer" else ()
    return _view(scene, page, (*block, *hint, *also, *pressed), *tests)


def _calibrate(scene: Scene, page: TechnicianPage) -> View:
    t = scene.texts
    sizes = tuple(Action(f"choice:{name}", t(f"technician.size.{name}"), "key") for name in SIZES)
    blocks = (CardOutline(round(page.dpi, 2)), Status("info", t("technician.dpi", dpi=f"{page.dpi:.1f}")),
              Pad((tuple(size.id for size in sizes),)))  # fmt: skip
    save = () if page.first_boot else (Action("next", t("technician.save"), icon="check"),)
    return _view(scene, page, blocks, *sizes, *save)


def _touch(scene: Scene, page: TechnicianPage) -> View:
    points = tuple(
        Action(f"choice:{n}", str(n), "key", n not in page.points, icon="check" if n in page.points else "")
        for n in range(1, POINTS + 1)
    )
    return _view(scene, page, (Pad(PAD),), *points)


def _findings(scene: Scene, page: TechnicianPage, *, short: bool = False) -> tuple[Block, ...]:
    t = scene.texts
    wrong = [each for each in page.findings if each.ok is False]
    facts = tuple(Row(t(f"technician.fact.{name}"), value) for name, value in page.facts)
    if short:
        if not page.findings:
            return ()
        if not wrong:
            return (Notice("ok", "circle-check", t("technician.all-well")),)
        return (Rows(tuple(_finding(scene, each) for each in wrong[:4])),)
    rows = (*facts, *(_finding(scene, each) for each in page.findings))
    return (Rows(rows),) if rows else ()


def _finding(scene: Scene, each: Found) -> Row:
    """The name, and where it is not well also what to do."""
    t = scene.texts
    said = t(f"technician.is.{_said(each.ok)}")
    return Row(t(f"technician.found.{each.name}"), said if each.ok else f"{said}\n{t(f'technician.mend.{each.name}')}")


def _said(ok: bool | None) -> str:
    return {True: "well", False: "unwell", None: "open"}[ok]
