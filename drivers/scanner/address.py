"""A scanner's address: a serial line, pseudo-terminal or serial server, and the model that it is spoken to as."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from drivers.device import BadAddress
from drivers.transport import urls

_RIGHT = "it looks like serial:///dev/serial/by-id/NAME?baud=9600&model=none"


@dataclass(frozen=True)
class ScannerAddress:
    """`line` is where it is plugged in; `model` names its command set among assets/scanners."""

    line: urls.Address
    model: str = "none"

    @property
    def name(self) -> str:
        """How logs and self-tests call it."""
        return self.line.path or f"{self.line.host}:{self.line.port}"


def parse(url: str) -> ScannerAddress:
    """Read `serial:///dev/ttyACM0?baud=9600&model=newland` or a bare path; BadAddress says what is wrong."""
    full = f"serial://{url}" if url.startswith("/") else url
    base, _, query = full.partition("?")
    fields = parse_qsl(query, keep_blank_values=True)
    model = next((value for key, value in fields if key == "model"), "none")
    others = urlencode([(key, value) for key, value in fields if key != "model"])
    line = urls.parse(f"{base}?{others}" if others else base)
    if line.scheme not in ("serial", "tcp"):
        raise BadAddress(f"a scanner is no {line.scheme}:// device; {_RIGHT}")
    if line.scheme == "serial" and not line.path.startswith("/"):
        raise BadAddress(f"{line.path!r:.80} is no full path; {_RIGHT}")
    return ScannerAddress(line, model)
