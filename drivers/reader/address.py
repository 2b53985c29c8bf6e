"""A card reader's address: a serial line, a pseudo-terminal, or a serial server on the network."""

from dataclasses import replace

from drivers.device import BadAddress
from drivers.transport import urls

USUAL_BAUD = 115200
_RIGHT = "it looks like serial:///dev/serial/by-id/NAME?baud=115200"


def parse(url: str) -> urls.Address:
    """Read `serial:///dev/ttyUSB0`, `tcp://host:port` or a bare path; BadAddress says what is wrong."""
    address = urls.parse(f"serial://{url}" if url.startswith("/") else url)
    if address.scheme not in ("serial", "tcp"):
        raise BadAddress(f"a card reader is no {address.scheme}:// device; {_RIGHT}")
    if address.scheme == "serial" and not address.path.startswith("/"):
        raise BadAddress(f"{address.path!r:.80} is no full path; {_RIGHT}")
    return address if "baud=" in url else replace(address, baud=USUAL_BAUD)


def name_of(address: urls.Address) -> str:
    """How logs and self-tests call what is there."""
    return address.path or f"{address.host}:{address.port}"
