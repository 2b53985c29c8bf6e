"""The service menu and the first boot for the tests of the presenter, in every condition."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from kiosk.core.flows import wizard
from kiosk.core.flows.service_menu import POWER, REPORT
from kiosk.core.technician import COLOURS, TESTED, Found, Note, Section, TechnicianPage
from kiosk.wiring.service import CHECKS

LISTED: tuple[Section, ...] = ("overview", "devices", "network")
PLAIN: tuple[Section, ...] = ("menu", "screen", "power", "report", "outbox")
READ: tuple[Note, ...] = ("echo", "failed")
CHECKED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(get_args(Section), ()),
    **{str(section): names for section, names in CHECKS.items()},
    "device": ("printer", "headset"),
    "rest": ("core", "hub-database", "fonts", "graphics", "headset", "usb", "display", "lamps", "presence", *TESTED),
}


def technicians() -> Iterator[TechnicianPage]:  # noqa: C901, PLR0912 - one line a variant
    """The service menu and the first boot, with everything that may stand on them."""
    for note in get_args(Note):
        yield TechnicianPage("power", order="reboot", note=note, amount=7)
    codes: tuple[Note, ...] = ("", "wrong", "locked", "unset")
    for note in codes:
        yield TechnicianPage("code", typed="12", note=note, amount=30)
    for plain in PLAIN:
        yield TechnicianPage(plain)
    for order in POWER:
        yield TechnicianPage("power", order=order, note="sure")
    for step in wizard.STEPS:
        made = wizard.page_of(step, 102.0)
        assert made is not None
        yield made
        for ok in (True, False, None):
            yield replace(made, findings=tuple(Found(name, ok) for name in CHECKED[made.section]))
    for ok in (True, False, None):
        for section in LISTED:
            yield TechnicianPage(section, findings=tuple(Found(name, ok) for name in CHECKED[section]))
        for at in range(0, len(CHECKED["rest"]), 4):
            yield TechnicianPage("report", findings=tuple(Found(name, ok) for name in CHECKED["rest"][at : at + 4]))
    for way in REPORT:
        for outcome in ("passed", "failed"):
            yield TechnicianPage("report", way=way, note=outcome)
    for facts in (("kiosk", "branch", "version"), ("host", "address", "time", "zone")):
        yield TechnicianPage("overview", facts=tuple((name, "1") for name in facts))
    yield TechnicianPage("outbox", facts=(("waiting", "3"), ("oldest", "12")))
    yield TechnicianPage("enrol", first_boot=True, facts=(("enrolled", "421202-001 K1"),))
    waits = (("enrolled", "421202-001 K1"), ("key-mark", "3f9a 12c4 77b0"))
    yield TechnicianPage("enrol", first_boot=True, facts=waits, findings=(Found("admission", False),))
    yield TechnicianPage("calibrate", dpi=102.0)
    yield TechnicianPage("touch", points=frozenset({1, 5}))
    yield TechnicianPage("touch", points=frozenset(range(1, 13)), note="passed")
    for device in TESTED:
        yield TechnicianPage("device", device=device)
        for note in READ:
            yield TechnicianPage("device", device=device, note=note, amount=18)
    for colour in range(len(COLOURS)):
        yield TechnicianPage("pixels", colour=colour)
