"""The technician at the kiosk: the page of the service menu and of the first boot, its facts and its orders."""

from dataclasses import dataclass, field
from typing import Literal

Section = Literal[
    "code", "menu", "overview", "devices", "device", "screen", "calibrate", "touch", "pixels", "network", "clock",
    "outbox", "power", "report", "language", "enrol", "pin",
]  # fmt: skip
Tested = Literal["printer", "scanner", "camera", "card", "speaker", "keypad"]
TESTED: tuple[Tested, ...] = ("printer", "scanner", "camera", "card", "speaker", "keypad")
Power = Literal["restart", "reboot", "shutdown", "setup"]
ReportWay = Literal["print", "usb"]
Note = Literal[
    "", "asked", "wrong", "locked", "unset", "passed", "failed", "echo", "matched", "saved", "not-saved", "sure",
]  # fmt: skip
TEST_CODE = "https://example.org/test/A089"
"""What stands in the QR code of the printed test page."""
POINTS = 12
COLOURS = ("red", "green", "blue", "white", "black")


@dataclass(frozen=True)
class Found:
    """What a self-test found, by its name; None where nobody can know or nothing is configured."""

    name: str
    ok: bool | None


@dataclass(frozen=True)
class TechnicianPage:
    """The service menu or, with `first_boot`, one step of it. Nothing of a citizen is ever in it.

    `note` is what came of the last press, `amount` its number (seconds to wait, characters read), `facts` are values
    that read the same in every language. `way` is how the report was asked for, `dpi` what the calibration stands at,
    `points` the touched ones.
    """

    section: Section
    first_boot: bool = False
    device: Tested = "printer"
    order: Power | None = None
    way: ReportWay | None = None
    typed: str = field(repr=False, default="")
    note: Note = ""
    amount: int = 0
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[Found, ...] = ()
    points: frozenset[int] = frozenset()
    colour: int = 0
    dpi: float = 0.0


# What happened.


@dataclass(frozen=True)
class CornersHeld:
    """Two corners of the screen were held down long enough: a technician wants the service menu."""


@dataclass(frozen=True)
class AccessJudged:
    """Whether the code lets in; `wait_s` until the next try is looked at, `known` False where no code is set at all."""

    admitted: bool
    wait_s: int = 0
    known: bool = True


@dataclass(frozen=True)
class ServiceSeen:
    """What was looked up for a section."""

    section: Section
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[Found, ...] = ()


@dataclass(frozen=True)
class ServiceDone:
    """An order of the service menu has come to its end."""

    ok: bool


ServiceEvent = CornersHeld | AccessJudged | ServiceSeen | ServiceDone


# What is to be done.


@dataclass(frozen=True)
class CheckAccess:
    """Compare what was typed with the branch PIN and the one-time code; every failure is counted on disk first."""

    typed: str = field(repr=False)


@dataclass(frozen=True)
class SetPin:
    """Make this the branch PIN."""

    pin: str = field(repr=False)


@dataclass(frozen=True)
class LookAround:
    """Run the self-tests of a section and collect its values."""

    section: Section
    device: Tested = "printer"


@dataclass(frozen=True)
class TryDevice:
    """Have the device do something that a person can see or hear."""

    device: Tested


@dataclass(frozen=True)
class KeepDpi:
    """Keep the calibrated dots an inch."""

    dpi: float


@dataclass(frozen=True)
class KeepStep:
    """Keep how far the first boot is; the empty string: it is finished."""

    step: str
    language: str = ""


@dataclass(frozen=True)
class PowerOrder:
    """Restart the program, restart or switch off the machine, or begin the set-up again."""

    kind: Power


@dataclass(frozen=True)
class MakeReport:
    """Print or save the readiness report."""

    way: ReportWay


ServiceEffect = CheckAccess | SetPin | LookAround | TryDevice | KeepDpi | KeepStep | PowerOrder | MakeReport
