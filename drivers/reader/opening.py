"""The one factory of card readers: settings in, a reader out."""

from collections.abc import Callable

from drivers.device import BadAddress
from drivers.reader.reader import CardReader
from kiosk.domain.card import Card, CardFault
from kiosk.domain.errors import Refusal


def make_reader(
    url: str,
    on_card: Callable[[Card], None],
    on_fault: Callable[[CardFault], None],
    on_lifted: Callable[[], None],
) -> CardReader:
    """Make a card reader, not yet started; Refusal for a wrong `reader.url`."""
    try:
        return CardReader(url, on_card, on_fault, on_lifted)
    except BadAddress as error:
        raise Refusal(f"reader.url: {error}") from error
