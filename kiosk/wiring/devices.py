"""The devices that the settings name, each made where it is first used, and what they tell the core."""

from collections.abc import Callable

from kiosk.config import Settings
from kiosk.core.events import CardLifted, CardRead, CardUnread, Event, HealthChanged
from kiosk.domain.card import Card, CardFault
from kiosk.engine.lanes import Post
from kiosk.engine.late import late
from kiosk.engine.ports import CardReader, Keys, Scanner, Speaker

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


def keys_of(settings: Settings, post: Post, mint: Callable[[], str], speaker: Speaker | None) -> list[Keys]:
    """Keypad and jack, as far as the settings name them, not yet started."""
    if not (settings.keypad.url or settings.keypad.jack):
        return []
    from kiosk.wiring.keys import keys_of as made
    from kiosk.wiring.sound import with_headset

    return made(settings, with_headset(speaker, post), mint)


def speak(speaker: Speaker) -> tuple[Event, ...]:
    """Start the voice, and tell how it is."""
    speaker.start()
    return (HealthChanged("speaker", speaker.health()),)


def start(device: Scanner | CardReader) -> tuple[Event, ...]:
    """Start a device."""
    device.start()
    return ()
