"""Glass, lamps and presence, from the settings to the core's orders and events."""

import logging
from collections.abc import Callable, Iterable
from typing import get_args

from drivers.device import BadAddress, LineLost
from drivers.fittings.display import open_display
from drivers.fittings.display import why_not as display_why_not
from drivers.fittings.lamps import Lamps, wires
from drivers.fittings.lamps import why_not as lamps_why_not
from drivers.fittings.presence import Presence
from kiosk.config import Settings
from kiosk.core.events import Event, PresenceChanged
from kiosk.core.fittings import Lamp, SetDisplay, SetLamps
from kiosk.domain.errors import Refusal
from kiosk.engine.lanes import Lanes, Post
from kiosk.engine.ports import Keys
from kiosk.ops.doctor import Finding, open_question, unwell, well

_log = logging.getLogger(__name__)


class Fittings:
    """Carries out the orders for glass and lamps on a lane of their own; what cannot be reached is logged once."""

    def __init__(self, settings: Settings, lanes: Lanes) -> None:
        self._lanes = lanes
        self._ill: dict[str, str] = {}
        chosen = settings.display
        try:
            self._display = open_display(chosen.url, chosen.brightness) if chosen.url else None
            self._lamps = Lamps(wires(settings.lamps.lit, get_args(Lamp))) if settings.lamps.lit else None
        except BadAddress as error:
            raise Refusal(f"display.url or lamps.lit: {error}") from error

    def start(self) -> None:
        """Light the glass, whatever a core that fell over had left it at, and put the lamps out."""
        self.carry_out(SetDisplay("on"))
        self.carry_out(SetLamps(frozenset()))

    def carry_out(self, effect: SetDisplay | SetLamps) -> None:
        """Begin it."""
        display, lamps = self._display, self._lamps
        match effect:
            case SetDisplay(glow=glow) if display is not None:
                self._submit("display", lambda: display.show(glow))
            case SetLamps(lit=lit) if lamps is not None:
                self._submit("lamps", lambda: lamps.show(lit))

    def close(self) -> None:
        """Leave the glass lit and the lamps out; the lanes are closed by now, so it is done here."""
        if self._display is not None:
            display = self._display
            self._do("display", lambda: display.show("on"))
        if self._lamps is not None:
            lamps = self._lamps
            self._do("lamps", lambda: lamps.show(()))

    def _submit(self, name: str, deed: Callable[[], None]) -> None:
        def work() -> Iterable[Event]:
            self._do(name, deed)
            return ()

        self._lanes.submit("board", work)

    def _do(self, name: str, deed: Callable[[], None]) -> None:
        try:
            deed()
        except LineLost as error:
            if self._ill.get(name) != error.reason:
                _log.warning("%s: %s; %s", name, error.reason, error.remedy)
            self._ill[name] = error.reason
        else:
            if self._ill.pop(name, None) is not None:
                _log.info("%s: well again", name)


def presence_of(settings: Settings, post: Post) -> list[Keys]:
    """The sensor of presence, not yet started; Refusal for a wrong address."""
    if not settings.presence.url:
        return []
    try:
        return [Presence(settings.presence.url, lambda near: post(PresenceChanged(near)))]
    except BadAddress as error:
        raise Refusal(f"presence.url: {error}") from error


def finding(name: str, settings: Settings) -> Finding:
    """Whether glass or lamps can be controlled; nothing is changed by asking."""
    if name == "display":
        where, how = settings.display.url, "a dark hall's glass stays lit: set display.url"
        problem = display_why_not(where, settings.display.brightness) if where else ""
    else:
        where, how = " ".join(settings.lamps.lit), "set lamps.lit where there are some"
        problem = lamps_why_not(settings.lamps.lit, get_args(Lamp)) if where else ""
    if not where:
        return open_question(name, "not configured", how)
    what, _, remedy = problem.partition("; ")
    if problem:
        return unwell(name, what, remedy or f"mend [{name}] in the settings")
    return well(name, f"{where} can be controlled")
