"""The settings of what stands around the glass: its brightness and sleep, sound, lamps, the sensor of presence."""

from dataclasses import dataclass

from kiosk.settings_file import setting


@dataclass(frozen=True)
class Display:
    """How bright the glass is, and when it sleeps. A touch, a scan, a card or somebody who steps up wakes it."""

    url: str = setting(
        "",
        "What controls it: a backlight, a monitor's own channel, a program, or `blank:` for a black page alone; "
        "empty: it never sleeps.",
        shape=r"(blank:|(sysfs|ddc|run):///\S+)?",
        example="sysfs:///sys/class/backlight/10-0045",
    )
    brightness: int = setting(100, "Its full brightness, in per cent.", low=10, high=100)
    dim_minutes: float = setting(10, "Without a touch for so long it is dimmed; 0: never.", low=0, high=240)
    dark_minutes: float = setting(5, "While the branch is closed it goes dark after this; 0: never.", low=0, high=240)


@dataclass(frozen=True)
class Lamps:
    """Lamps and a beeper, each an LED of the kernel's."""

    lit: tuple[str, ...] = setting(
        (),
        "What each means: scan (hold a code here), card (lay a card here), paper (take it), staff (staff were called), "
        "fault (the printer needs somebody), left (a card was left behind); with a pulse it shines for a moment only.",
        shape=r"[a-z]{1,10}=/[^\s?]+(\?pulse=[0-9.]{1,4})?",
        example="left=/sys/class/leds/kiosk-beeper?pulse=0.3",
    )


@dataclass(frozen=True)
class Presence:
    """The sensor that notices somebody who steps up."""

    url: str = setting(
        "",
        "Its input device; empty means that there is none.",
        shape=r"(hid://\S+)?",
        example="hid:///dev/input/by-path/platform-presence-event",
    )


@dataclass(frozen=True)
class Sound:
    """The kiosk's own voice (needs espeak-ng and aplay)."""

    speaker: str = setting(
        "",
        "The loudspeaker's ALSA device, or file:///folder to collect what is said; empty means that there is none.",
        shape=r"(file:///\S+|[\w:,.=-]{1,60})?",
        example="plughw:0,0",
    )
    headset: str = setting(
        "",
        "The headset's ALSA device; empty where the jack switches the loudspeaker off.",
        shape=r"(file:///\S+|[\w:,.=-]{1,60})?",
        example="plughw:1,0",
    )
    touch: bool = setting(True, "Whether a press on the glass is heard, softly, where there is a loudspeaker.")
