"""What the kiosk knows of the hall it stands in: its branch, its own parts and peers, and how the lobby stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.core.fittings import Glow
from kiosk.domain.catalogue import Words
from kiosk.domain.health import Health, Unknown


@dataclass(frozen=True)
class Branch:
    """What never changes while the kiosk runs: names, hours, languages, the rules told to citizens."""

    name: Words
    hours: str
    kiosk: str
    languages: tuple[str, ...] = ("zh", "en")
    language: str = "zh"
    missed_minutes: int = 60
    mark: str = ""
    where: Mapping[str, str] = field(default_factory=dict)  # device -> where it is, seen from the screen


@dataclass(frozen=True)
class Parts:
    """What the kiosk knows of its devices and peers right now."""

    printer: Health = Unknown()
    scanner: Health = Unknown()
    card: Health | None = None  # None: this kiosk has no card reader
    card_lies: bool = False  # the card that was read has not been taken away
    camera: Health | None = None
    speaker: Health | None = None  # None: this kiosk cannot speak
    board: Health | None = None  # None: its heat and its supply cannot be read
    headset: bool = False
    near: bool = False  # the sensor of presence sees somebody
    glow: Glow = "on"  # how bright the glass was told to be
    lamps: bool = False  # there are lamps to be lit
    preview: str = ""  # where the screen finds what the camera sees; empty: it cannot be shown
    tray: bool = False  # a camera sees where documents are laid down
    hub: bool | None = None
    central: bool | None = None
    submission: bool = False


@dataclass(frozen=True)
class Lobby:
    """How many wait and how long, in seconds; None where nobody can know; which services are taken off, and why."""

    waiting: int | None = None
    low_s: int | None = None
    high_s: int | None = None
    open: bool = True
    suspended: tuple[tuple[str, str], ...] = ()
