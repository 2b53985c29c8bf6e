"""The devices that the settings name, each made where it is first used, and what they tell the core."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.config import Settings
from kiosk.core.delays import Delays
from kiosk.core.events import CardLifted, CardRead, CardUnread, Event, HealthChanged
from kiosk.core.fittings import SetDisplay, SetLamps
from kiosk.domain.card import Card, CardFault
from kiosk.engine.lanes import Lanes, Post
from kiosk.engine.late import late
from kiosk.engine.ports import CardReader, Keys, Scanner, Speaker

if TYPE_CHECKING:
    from kiosk.wiring.fittings import Fittings

SUFFIX = ".toml"


def reader_of(settings: Settings, post: Post) -> CardReader | None:
    """The identity card reader of the settings, likewise."""
    if not settings.reader.url:
        return None

    def make() -> CardReader:
        from drivers.reader.opening import make_reader

        return make_reader(settings.reader.url, *card_listeners(post))

    return late(make)


def card_listeners(
    post: Post,
) -> tuple[Callable[[Card], None], Callable[[CardFault], None], Callable[[], None]]:
    """What a card reader tells the core: a card, one that cannot be used, one that was taken away.

    Of all that stands on the chip only number and name go further.
    """
    return (
        lambda card: post(CardRead(card.number, card.name)),
        lambda fault: post(CardUnread(fault)),
        lambda: post(CardLifted()),
    )


def voice_of(settings: Settings, post: Post) -> Speaker | None:
    """The kiosk's own voice, where the settings name a loudspeaker."""
    if not settings.sound.speaker:
        return None
    from kiosk.wiring.sound import voice_of as made

    return made(settings, post)


def press_of(settings: Settings, speaker: Speaker | None) -> Callable[[], None]:
    """What lets a press on the glass be heard; nothing without a loudspeaker, or where it is not wanted."""
    return speaker.tick if speaker is not None and settings.sound.touch else lambda: None


def keys_of(settings: Settings, post: Post, mint: Callable[[], str], speaker: Speaker | None) -> list[Keys]:
    """Keypad and jack, as far as the settings name them, not yet started."""
    found: list[Keys] = []
    if settings.keypad.url or settings.keypad.jack:
        from kiosk.wiring.keys import keys_of as made
        from kiosk.wiring.sound import with_headset

        found += made(settings, with_headset(speaker, post), mint)
    if settings.presence.url:
        from kiosk.wiring.fittings import presence_of

        found += presence_of(settings, post)
    return found


class NoFittings:
    """A kiosk whose glass never sleeps, without lamps."""

    def start(self) -> None: ...
    def carry_out(self, effect: SetDisplay | SetLamps) -> None: ...
    def close(self) -> None: ...


def fittings_of(settings: Settings, lanes: Lanes) -> "Fittings | NoFittings":
    """What carries out the orders for glass and lamps, as far as the settings name them."""
    if not (settings.display.url or settings.lamps.lit):
        return NoFittings()
    from kiosk.wiring.fittings import Fittings as Made

    return Made(settings, lanes)


def delays_of(settings: Settings) -> Delays:
    """The delays of this kiosk: a glass that nothing controls never sleeps."""
    if not settings.display.url:
        return Delays()
    return Delays(dim=60 * settings.display.dim_minutes, dark=60 * settings.display.dark_minutes)


def speak(speaker: Speaker) -> tuple[Event, ...]:
    """Start the voice, and tell how it is."""
    speaker.start()
    return (HealthChanged("speaker", speaker.health()),)


def start(device: Scanner | CardReader) -> tuple[Event, ...]:
    """Start a device."""
    device.start()
    return ()
