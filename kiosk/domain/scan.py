"""What one message of a barcode scanner was: its text, or the reason why it has none."""

from dataclasses import dataclass, field
from typing import Literal

ScanFault = Literal["", "too-long", "control", "undecodable"]


@dataclass(frozen=True)
class Scan:
    """One complete message of a scanner. `text` is None when it is no text; `fault` says why it cannot be used.

    `length` counts bytes on the wire without the terminator. `symbology` is the AIM name where the prefix told it
    ("QRCode", "Code128", ...), else empty. The text is left out of repr: scans name people.
    """

    text: str | None = field(repr=False)
    length: int
    symbology: str = ""
    fault: ScanFault = ""
