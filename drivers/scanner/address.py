"""A scanner's address: a serial line, a pseudo-terminal, a serial server on the network, or a keyboard scanner."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.device import BadAddress
from drivers.keys.line import SCHEME, TypingLine
from drivers.keys.line import parse as parse_input
from drivers.transport import urls
from drivers.transport.line import FdLine
from drivers.transport.opening import open_line

_RIGHT = "it looks like serial:///dev/serial/by-id/NAME?baud=9600"


def parse(url: str) -> urls.Address:
    """Read `serial:///dev/ttyACM0?baud=9600`, `tcp://host:port` or a bare path; BadAddress says what is wrong."""
    address = urls.parse(f"serial://{url}" if url.startswith("/") else url)
    if address.scheme not in ("serial", "tcp"):
        raise BadAddress(f"a scanner is no {address.scheme}:// device; {_RIGHT}")
    if address.scheme == "serial" and not address.path.startswith("/"):
        raise BadAddress(f"{address.path!r:.80} is no full path; {_RIGHT}")
    return address


def name_of(address: urls.Address) -> str:
    """How logs and self-tests call what is there."""
    return address.path or f"{address.host}:{address.port}"


@dataclass(frozen=True)
class Place:
    """Where a scanner is: what logs call it, its node if it has one, and how it is opened."""

    name: str
    path: Path | None
    open: Callable[[], FdLine]
    types: bool = False
    """It is a keyboard: slower between two characters than any serial line."""


def place(url: str) -> Place:
    """Read a scanner's address of either sort; BadAddress says what is wrong."""
    if url.startswith(SCHEME):
        node = parse_input(url)
        return Place(str(node), node, lambda: TypingLine(node), types=True)
    address = parse(url)
    return Place(name_of(address), Path(address.path) if address.path else None, lambda: open_line(address))
