"""One message of a scanner to one Scan: replies to commands and the AIM prefix come off, the rest must be text."""

import re
from collections.abc import Sequence

from drivers.scanner import aim, text
from drivers.scanner.framing import Message
from kiosk.domain.scan import Scan

GM6X_REPLY = b"\x02\x00\x00\x01\x00\x33\x31"
"""What GM6x modules send before the first barcode after a trigger command (maker's manual: type, length 1, CRC)."""

_LINE_NOISE = b"\x00"


def interpret(message: Message, replies: Sequence[re.Pattern[bytes]] = ()) -> Scan | None:
    """Read a message; None when nothing is left of it but replies to commands.

    `replies` match at the start what the model says in answer to commands; they repeat before a barcode.
    """
    if message.too_long:
        return Scan(None, message.length, fault="too-long")
    data = _without_replies(message.data, replies)
    if not data:
        return None
    symbology, payload = aim.split(data)
    if not payload:
        return None
    decoded = text.decode(payload)
    if decoded is None:
        return Scan(None, len(payload), symbology, fault="undecodable")
    if not decoded:
        return None
    if text.has_control(decoded):
        return Scan(None, len(payload), symbology, fault="control")
    return Scan(decoded, len(payload), symbology)


def _without_replies(data: bytes, replies: Sequence[re.Pattern[bytes]]) -> bytes:
    while True:
        rest = data.lstrip(_LINE_NOISE).removeprefix(GM6X_REPLY)
        for reply in replies:
            found = reply.match(rest)
            rest = rest[found.end() :] if found else rest
        if rest == data:
            return rest
        data = rest
