"""Turns how the kiosk is, looked at again and again, into events: only what changed is one."""

from collections.abc import Mapping

from kiosk.ops.events import EventRing

WELL = ("ready", "paper-low")
"""Conditions in which a device does its work; `unknown` is neither well nor a fault, and no news."""


class Edges:
    """Compares with the look before. `look` is called from one thread."""

    def __init__(self, ring: EventRing) -> None:
        self._ring = ring
        self._devices: dict[str, str] = {}
        self._screen: bool | None = None
        self._waiting = False

    def started(self, version: str) -> None:
        """Core serves; say so, and whether the start before this one came to its end."""
        told = [line["event"] for line in self._ring.read() if line["event"] in ("core.started", "core.ended")]
        if told and told[-1] == "core.started":
            self._ring.record("core.cut-short")
        self._ring.record("core.started", {"version": version})

    def renewed(self) -> None:
        """The kiosk within was made anew."""
        self._ring.record("core.renewed")

    def stands(self, hindrance: str) -> None:
        """Why no direct request may be offered, or the empty string; only what is other than was told is an event."""
        told = [line for line in self._ring.read() if line["event"] in ("requests.hindered", "requests.clear")]
        if hindrance == (told[-1].get("why", "") if told else ""):
            return
        if hindrance:
            self._ring.record("requests.hindered", {"why": hindrance})
        else:
            self._ring.record("requests.clear")

    def ended(self) -> None:
        """Core ends as it was told to."""
        self._ring.record("core.ended")

    def look(self, devices: Mapping[str, str], *, screen: bool, waiting: int, oldest_hours: int) -> None:
        """Record what is other than at the last look: each device's condition, the screen, whether requests wait."""
        for device, health in devices.items():
            if health != self._devices.get(device) and health != "unknown":
                event = "device.ready" if health in WELL else "device.faulty"
                self._ring.record(event, {"device": device, "health": health})
                self._devices[device] = health
        if screen != (self._screen or False):
            self._ring.record("screen.came" if screen else "screen.went")
        self._screen = screen
        if bool(waiting) != self._waiting:
            if waiting:
                self._ring.record("outbox.waits", {"count": waiting, "hours": oldest_hours})
            else:
                self._ring.record("outbox.empty")
            self._waiting = bool(waiting)
