"""Every setting, declared once: its type, its bounds, its default and what it means; read once from one TOML file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.domain.errors import Refusal
from kiosk.domain.table import Mistake
from kiosk.domain.ticket import Ranges
from kiosk.domain.toml_lines import line_of, locate
from kiosk.settings_file import Secret, read, setting
from kiosk.settings_fittings import Display as Display
from kiosk.settings_fittings import Lamps as Lamps
from kiosk.settings_fittings import Presence as Presence
from kiosk.settings_fittings import Sound as Sound
from kiosk.settings_hall import HOST_PORT, HTTP
from kiosk.settings_hall import Appointments as Appointments
from kiosk.settings_hall import Branch as Branch
from kiosk.settings_hall import Opening as Opening
from kiosk.settings_hall import Policy as Policy
from kiosk.settings_hall import Update as Update
from kiosk.settings_hall import Voice as Voice

PLACES = ("", "left", "right", "below", "below-left", "below-right")
_LANGUAGE: dict[str, Any] = {"shape": "[a-z]{2,3}", "example": "zh"}


@dataclass(frozen=True)
class Kiosk:
    """This kiosk."""

    name: str = setting("K1", "Its name, on tickets and consoles.", shape=r"[A-Za-z0-9-]{1,12}", example="K1")
    number: int = setting(1, "Its number in the branch; it decides the emergency range.", low=1, high=4)
    language: str = setting("zh", "The language of the welcome page.", **_LANGUAGE)
    languages: tuple[str, ...] = setting(
        ("zh", "en"), "Languages that citizens may choose from, in order of display.", **_LANGUAGE
    )
    log_level: str = setting("info", "How much goes to the log.", choices=("debug", "info", "warning", "error"))


@dataclass(frozen=True)
class Hub:
    """The branch hub as this kiosk reaches it."""

    url: str = setting("http://127.0.0.1:8710", "Its address.", **(HTTP | {"shape": r"https?://[^\s/]+(/\S*)?"}))
    token: Secret = setting(
        Secret(), "This kiosk's token (`kiosk branch grant kiosk`); empty takes the one in the state folder."
    )
    budget_s: float = setting(
        1.5, "How long a citizen waits for the hub before an emergency number, in seconds.", low=0.2, high=10
    )


@dataclass(frozen=True)
class Central:
    """The central service."""

    url: str = setting("", "Its address; empty offers no direct requests, tickets go on.", **HTTP)
    listen: str = setting(
        "127.0.0.1:8720",
        "Where `kiosk central` listens; port 0 takes a free one.",
        **(HOST_PORT | {"example": "127.0.0.1:8720"}),
    )
    photo_days: int = setting(7, "Days that photographs are kept after a request has ended.", low=0, high=3650)
    content_days: int = setting(30, "Days that a request's content is kept after its end.", low=0, high=3650)
    log_days: int = setting(14, "Days that collected logs and settled commands are kept.", low=1, high=3650)
    event_days: int = setting(
        400,
        "Days that the steps of a branch's tickets are kept at the centre, for its day's figures.",
        low=1,
        high=3650,
    )
    promise_days: int = setting(
        400, "Days that the records of papers are kept at the centre; the last of each chain stays.", low=31, high=3650
    )
    accept_days: int = setting(5, "Working days in which the office answers a new request.", low=1, high=60)
    double_open: str = setting(
        "mark", "A second open request of one person for one service: shown to the desk, or refused.",
        choices=("mark", "refuse"),
    )  # fmt: skip
    admission: str = setting(
        "claim", "A new kiosk is let in by its claim code, or waits until an officer has accepted it.",
        choices=("claim", "officer"),
    )  # fmt: skip
    min_client_version: str = setting(
        "0", "Kiosks of an older version offer tickets alone until they are updated; 0 takes every one.",
        shape=r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}", example="0.2.0",
    )  # fmt: skip
    four_eyes: str = setting(
        "auto", "A refusal takes two officers: where there are two, or always.", choices=("auto", "always")
    )


@dataclass(frozen=True)
class Printer:
    """The ticket printer."""

    url: str = setting(
        "",
        "Its line; empty means that there is none.",
        shape=r"((tcp|serial|lp|file)://\S+)?",
        example="tcp://192.0.2.7:9100",
    )
    profile: str = setting("generic-80", "What this model can do.", shape=r"[a-z0-9-]{1,40}", example="generic-80")
    mode: str = setting(
        "auto",
        "Paper as picture or as the printer's own text; auto: text on a serial line, else a picture.",
        choices=("auto", "raster", "native"),
    )
    buzzer: bool = setting(False, "Beep when a paper is out, if the model has a beeper.")
    place: str = setting("", "Where its paper comes out, seen from the screen; empty: not said.", choices=PLACES)


@dataclass(frozen=True)
class Scanner:
    """The barcode scanner."""

    url: str = setting(
        "",
        "Its line; empty means that there is none.",
        shape=r"((serial|hid)://\S+)?",
        example="serial:///dev/serial/by-id/usb-scanner?baud=9600",
    )
    vendor: str = setting(
        "generic",
        "Whose trigger and beep commands it takes.",
        choices=("generic", "honeywell", "newland", "rakinda", "zebra"),
    )
    beep: bool = setting(False, "Have it beep when a code was taken, if its maker has a command for that.")
    place: str = setting("", "Where its window is, seen from the screen; empty: not said.", choices=PLACES)


@dataclass(frozen=True)
class Reader:
    """The identity card reader (SAM_V)."""

    url: str = setting(
        "",
        "Its line; empty means that there is none.",
        shape=r"((tcp|serial)://\S+)?",
        example="serial:///dev/serial/by-id/usb-reader?baud=115200",
    )
    place: str = setting("", "Where a card is laid on it, seen from the screen; empty: not said.", choices=PLACES)


@dataclass(frozen=True)
class Keypad:
    """The tactile keypad, and the jack for a headset."""

    url: str = setting(
        "",
        "The keypad's input device; empty means that there is none.",
        shape=r"(hid://\S+)?",
        example="hid:///dev/input/by-id/usb-keypad-event-kbd",
    )
    keys: tuple[str, ...] = setting(
        (
            "RIGHT=next", "LEFT=previous", "DOWN=next", "UP=previous", "ENTER=activate", "ESC=back", "HOME=home",
            "F1=help", "F2=repeat", "F3=pause", "F4=audio", "VOLUMEUP=louder", "VOLUMEDOWN=quieter", "F5=slower",
            "F6=faster", "F15=headset-in", "F16=headset-out",
        ),
        "What its keys mean; names are the kernel's without KEY_.",
        shape=r"[A-Z0-9_]{1,20}=[a-z-]{1,20}",
        example="RIGHT=next",
    )  # fmt: skip
    jack: str = setting(
        "",
        "The input device of the headset's jack, where it is not in the keypad.",
        shape=r"(hid://\S+)?",
        example="hid:///dev/input/by-path/platform-sound-event",
    )


@dataclass(frozen=True)
class Camera:
    """The camera that scans codes and photographs documents."""

    source: str = setting(
        "",
        "A device, an image file or a folder of images; empty means that there is none.",
        shape=r"\S*",
        example="/dev/video0",
    )
    tray: str = setting(
        "",
        "Which camera sees where documents are laid down, to remind of what is left there: `same` for the one of "
        "camera.source, else another one; empty: nobody looks.",
        shape=r"\S*",
        example="same",
    )


@dataclass(frozen=True)
class Screen:
    """The citizen's display."""

    width: int = setting(1080, "Width in pixels.", low=480, high=7680)
    height: int = setting(1920, "Height in pixels.", low=480, high=7680)
    dpi: float = setting(102.0, "Pixels per inch as measured on the glass; sizes are in millimetres.", low=50, high=400)
    fullscreen: bool = setting(False, "Fill the display, as on a real kiosk.")
    rotation: int = setting(0, "Turn of the picture, in degrees.", choices=(0, 90, 180, 270))
    window_keys: bool = setting(False, "Take the window's key presses for the tactile keypad. For tests only.")


@dataclass(frozen=True)
class Offline:
    """How long direct requests are offered while the centre is away; past any of these a ticket is offered instead."""

    max_age_h: float = setting(24, "Age of the oldest waiting request, in hours.", low=1, high=72)
    max_items: int = setting(200, "Requests waiting.", low=1, high=10_000)
    max_last_contact_h: float = setting(24, "Time since the centre was last heard, in hours.", low=1, high=72)


@dataclass(frozen=True)
class Numbers:
    """Which ticket numbers exist, the same in every letter and on every business day."""

    first: int = setting(1, "The first shared number.", low=1, high=999)
    last: int = setting(499, "The last shared number of three digits.", low=1, high=999)
    overflow: int = setting(
        1000, "Where the shared range goes on; epoch e starts at e times this.", low=1000, high=9000
    )
    emergency_base: int = setting(
        401, "Kiosk k's emergency range starts at k times the step above this.", low=1, high=9000
    )
    emergency_step: int = setting(100, "Distance between the emergency ranges of two kiosks.", low=1, high=2000)
    emergency_size: int = setting(99, "How many emergency numbers each kiosk has.", low=1, high=2000)
    exhausted: str = setting(
        "continue",
        "After the last shared number: continue at the overflow, or refuse further tickets of the category.",
        choices=("continue", "refuse"),
    )

    def ranges(self) -> Ranges:
        """The same as the domain's rule of ranges."""
        return Ranges(
            first=self.first,
            last=self.last,
            overflow=self.overflow,
            emergency_base=self.emergency_base,
            emergency_step=self.emergency_step,
            emergency_size=self.emergency_size,
            exhausted="refuse" if self.exhausted == "refuse" else "continue",
        )


@dataclass(frozen=True)
class Settings:
    """All settings, by section of the file."""

    branch: Branch = Branch()
    opening: Opening = Opening()
    voice: Voice = Voice()
    policy: Policy = Policy()
    appointments: Appointments = Appointments()
    kiosk: Kiosk = Kiosk()
    hub: Hub = Hub()
    central: Central = Central()
    printer: Printer = Printer()
    scanner: Scanner = Scanner()
    reader: Reader = Reader()
    keypad: Keypad = Keypad()
    sound: Sound = Sound()
    camera: Camera = Camera()
    screen: Screen = Screen()
    display: Display = Display()
    lamps: Lamps = Lamps()
    presence: Presence = Presence()
    offline: Offline = Offline()
    ranges: Numbers = Numbers()
    update: Update = Update()


def check(text: str, name: str) -> tuple[Settings | None, list[Mistake]]:
    """Read the settings text of the file `name`; a mistake in it gives no settings, only the list of all."""
    settings, mistakes = read(text, name, Settings)
    if settings is None:
        return None, mistakes
    lines = locate(text)
    mistakes = [Mistake(name, line_of(lines, path), message) for path, message in _at_odds(settings)]
    return (None if mistakes else settings), sorted(mistakes)


def load(path: Path | None) -> Settings:
    """Read the settings file, or give the defaults where there is none; Refusal names all mistakes, a line each."""
    if path is None:
        return Settings()
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Refusal(f"the settings file {path} cannot be read: {why}") from error
    settings, mistakes = check(text, str(path))
    if settings is None:
        raise Refusal("\n".join(str(mistake) for mistake in mistakes))
    return settings


def _at_odds(settings: Settings) -> list[tuple[tuple[str, str], str]]:
    """Settings that are right alone and wrong together, with the one to mend."""
    found: list[tuple[tuple[str, str], str]] = []
    numbers = settings.ranges
    emergency = [numbers.ranges().emergency(kiosk) for kiosk in range(1, 5)]
    if numbers.first > numbers.last:
        found.append((("ranges", "first"), f"ranges.first is above ranges.last ({numbers.last})"))
    if numbers.emergency_size > numbers.emergency_step:
        found.append(
            (
                ("ranges", "emergency_size"),
                "ranges.emergency_size is above ranges.emergency_step: two kiosks would share numbers",
            )
        )
    if emergency[0].start <= numbers.last:
        found.append(
            (
                ("ranges", "last"),
                f"the shared numbers up to {numbers.last} run into the emergency numbers from {emergency[0].start}",
            )
        )
    if emergency[-1].stop > numbers.overflow:
        found.append(
            (
                ("ranges", "overflow"),
                f"the emergency numbers up to {emergency[-1].stop - 1} run into ranges.overflow ({numbers.overflow})",
            )
        )
    opens, closes = settings.branch.hours.split("-")
    if opens >= closes:
        found.append((("branch", "hours"), "branch.hours end before they begin"))
    begins, _, ends = settings.opening.lunch.partition("-")
    if settings.opening.lunch and begins >= ends:
        found.append((("opening", "lunch"), "opening.lunch ends before it begins"))
    if settings.camera.tray == "same" and not settings.camera.source:
        found.append((("camera", "tray"), "camera.tray is `same` and camera.source names none"))
    if settings.kiosk.language not in settings.kiosk.languages:
        found.append(
            (("kiosk", "language"), f"kiosk.language {settings.kiosk.language!r} is not among kiosk.languages")
        )
    return found
