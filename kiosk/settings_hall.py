"""The settings of the branch and its hub: opening, whom to call next, voice, appointments."""

from dataclasses import dataclass
from typing import Any

from kiosk.settings_file import setting

HOST_PORT: dict[str, Any] = {"shape": r"(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", "example": "127.0.0.1:8710"}
SPAN = r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d"
DAY: dict[str, Any] = {"shape": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "example": "2026-10-01"}
HTTP: dict[str, Any] = {"shape": r"(https?://[^\s/]+(/\S*)?)?", "example": "https://hub.branch.example"}


@dataclass(frozen=True)
class Branch:
    """The postal branch, and the hub that serves it."""

    id: str = setting("421202-001", "The branch's code.", shape=r"\d{6}-\d{3}", example="421202-001")
    name_zh: str = setting(
        "中心花坛邮政支局", "Its name, on screen and paper.", shape=r"\S.{0,39}", example="中心花坛邮政支局"
    )
    name_en: str = setting(
        "Central Parterre Post Office", "Its name in English.", shape=r"\S.{0,59}", example="Central Post Office"
    )
    counters: int = setting(8, "Counters are numbered from 1 to this.", low=1, high=99)
    hours: str = setting(
        "09:00-17:00",
        "Opening hours of the counters.",
        shape=SPAN,
        example="09:00-17:00",
    )
    listen: str = setting("127.0.0.1:8710", "Where the hub listens; port 0 takes a free one.", **HOST_PORT)
    public_url: str = setting(
        "", "Address under which citizens' phones reach the status page; empty prints no QR code.", **HTTP
    )
    insecure: bool = setting(False, "Serve plain HTTP beyond this machine; doctor shows it. For trials only.")
    missed_minutes: int = setting(60, "How long a missed ticket (过号) can be recalled, in minutes.", low=0, high=600)
    keep_days: int = setting(
        90,
        "Days that tickets, notes, ratings and log entries are kept at the hub; then only a day's figures are left.",
        low=7,
        high=3650,
    )
    own_city_only: bool = setting(False, "Take only documents issued by this city's vehicle office.")


@dataclass(frozen=True)
class Opening:
    """When the hub gives tickets. Numbers that kiosks gave out while cut off are taken in at any hour."""

    keep: bool = setting(False, "Give tickets only within branch.hours and the rules below; off: at any time.")
    lunch: str = setting(
        "", "Lunch, when no tickets are given; empty: there is none.", shape=f"({SPAN})?", example="12:00-13:30"
    )
    days: str = setting(
        "daily",
        "Days of work: every day, or the working days of China's official calendar, moved ones included.",
        choices=("daily", "working"),
    )
    closed_on: tuple[str, ...] = setting((), "Days on which the branch stays closed besides.", **DAY)
    open_on: tuple[str, ...] = setting((), "Days on which it opens all the same.", **DAY)
    last_ticket_minutes: int = setting(0, "Tickets stop so long before the end of the hours.", low=0, high=240)
    limit: int = setting(0, "Tickets a day, all services together; 0: no limit.", low=0, high=5000)
    contingents: tuple[str, ...] = setting(
        (), "Tickets a day of one service.", shape=r"[A-Za-z0-9_-]{1,16}=\d{1,4}", example="A4=60"
    )


@dataclass(frozen=True)
class Policy:
    """Whom the hub calls next. A service is named by its code; a counter's or clerk's services also by their letter."""

    promise_minutes: int = setting(
        20, "The wait that the branch promises not to exceed; who has waited longer is marked.", low=1, high=240
    )
    promises: tuple[str, ...] = setting(
        (),
        "Services with a promise of their own, in minutes: who is past it is called before all who are not.",
        shape=r"[A-Za-z0-9_-]{1,16}=\d{1,3}",
        example="B5=10",
    )
    priority_run: int = setting(
        1, "Confirmed priorities called in a row before somebody without one has her turn.", low=1, high=20
    )
    counters: tuple[str, ...] = setting(
        (), "What a counter serves, if not everything.", shape=r"\d{1,3}=[\w-]+(\+[\w-]+)*", example="8=A+B3"
    )
    clerks: tuple[str, ...] = setting(
        (),
        "What a clerk serves, by the name she signs in with.",
        shape=r"[^=]{1,64}=[\w-]+(\+[\w-]+)*",
        example="amy=B+C",
    )


@dataclass(frozen=True)
class Voice:
    """The spoken calls: on the hub's own loudspeaker, and as sound for a board that has one."""

    speaker: bool = setting(False, "Speak calls on this machine's loudspeaker (needs aplay).")
    device: str = setting("default", "The ALSA device to play on.", shape=r"[\w:,.=-]{1,60}", example="plughw:0,0")
    volume: int = setting(80, "Loudness of the clips, in per cent.", low=0, high=100)
    quiet: str = setting("", "When nothing is spoken; empty: never.", shape=f"({SPAN})?", example="12:00-13:30")
    english: bool = setting(False, "Say each call in English too.")
    pack: str = setting(
        "", "A folder of recordings in place of the clips that come along.", shape=r"(/\S+)?", example="/srv/voice"
    )


@dataclass(frozen=True)
class Appointments:
    """When somebody with an appointment may check in."""

    early_minutes: int = setting(15, "So long before the booked time; earlier she is asked to wait.", low=0, high=240)
    late_minutes: int = setting(15, "So long after it; later she queues like everybody.", low=0, high=240)


@dataclass(frozen=True)
class Update:
    """When the whole system may be updated; a bundle on a stick is taken at any hour, never in a session."""

    window: str = setting("22:00-05:00", "Maintenance window.", shape=SPAN, example="22:00-05:00")
