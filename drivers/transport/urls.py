"""A device's address, e.g. tcp://192.0.2.7:9100, read and checked before anything is opened."""

import difflib
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from drivers.device import BadAddress

Scheme = Literal["tcp", "serial", "lp", "file"]
Flow = Literal["none", "rtscts", "xonxoff", "dsrdtr"]

EXAMPLES: dict[Scheme, str] = {
    "tcp": "tcp://192.0.2.7:9100",
    "serial": "serial:///dev/ttyUSB0?baud=19200",
    "lp": "lp:///dev/usb/lp0",
    "file": "file:///tmp/paper.png",
}
BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400)
FLOWS: tuple[Flow, ...] = ("none", "rtscts", "xonxoff", "dsrdtr")


@dataclass(frozen=True)
class Address:
    """Where a device is: host and port for tcp, path for the others, baud and flow control for serial."""

    scheme: Scheme
    host: str = ""
    port: int = 0
    path: str = ""
    baud: int = 9600
    flow: Flow = "none"


def parse(url: str) -> Address:
    """Read an address; BadAddress says what is wrong and shows a right one."""
    scheme, mark, rest = url.partition("://")
    known = next((name for name in EXAMPLES if name == scheme), None)
    if not mark or known is None:
        near = difflib.get_close_matches(scheme, EXAMPLES, 1)
        hint = f"did you mean {near[0]}://" if near else f"use one of {', '.join(EXAMPLES.values())}"
        raise BadAddress(f"{url!r:.80} is no device address; {hint}")
    return _tcp(url) if known == "tcp" else _path(known, rest)


def _tcp(url: str) -> Address:
    right = f"it looks like {EXAMPLES['tcp']}"
    try:
        parts = urlsplit(url)
        port = 9100 if parts.port is None else parts.port
    except ValueError as error:
        raise BadAddress(f"{url!r:.80} has no usable host and port; {right}") from error
    if not parts.hostname or port == 0:
        raise BadAddress(f"{url!r:.80} names no host and port; {right}")
    if parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadAddress(f"{url!r:.80} has more than a host and a port; {right}")
    return Address("tcp", host=parts.hostname, port=port)


def _path(scheme: Scheme, rest: str) -> Address:
    right = f"it looks like {EXAMPLES[scheme]}"
    path, _, query = rest.partition("?") if scheme == "serial" else (rest, "", "")
    path = unquote(path)
    if not path or "\0" in path:
        raise BadAddress(f"the {scheme} address names no path; {right}")
    baud, flow = 9600, "none"
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key == "baud":
            if not value.isdecimal() or int(value) not in BAUDS:
                raise BadAddress(f"baud={value!r:.20} is no usual speed; take one of {', '.join(map(str, BAUDS))}")
            baud = int(value)
        elif key == "flow":
            flow = value
        else:
            raise BadAddress(f"{key!r:.20} is no part of a serial address; {right}")
    chosen = next((name for name in FLOWS if name == flow), None)
    if chosen is None:
        raise BadAddress(f"flow={flow!r:.20} is unknown; take one of {', '.join(FLOWS)}")
    return Address(scheme, path=path, baud=baud, flow=chosen)
