"""AIM symbology identifiers (ISO/IEC 15424): the optional `]cm` before a scan tells which symbology it was."""

import re

_NAMES = {
    b"A": "Code39",
    b"C": "Code128",
    b"E": "EAN13",
    b"F": "Codabar",
    b"G": "Code93",
    b"I": "ITF",
    b"L": "PDF417",
    b"Q": "QRCode",
    b"U": "MaxiCode",
    b"X": "",  # "other": some makers send it for codes of their own region
    b"d": "DataMatrix",
    b"e": "DataBar",
    b"z": "Aztec",
}
_PREFIX = re.compile(rb"\]([ACEFGILQUXdez])([0-9A-Fa-f])")


def split(data: bytes) -> tuple[str, bytes]:
    """Take a leading identifier off: the symbology's name (empty if there was none) and the rest."""
    match = _PREFIX.match(data)
    if match is None:
        return "", data
    name = "EAN8" if match.group() == b"]E4" else _NAMES[match.group(1)]
    return name, data[match.end() :]
