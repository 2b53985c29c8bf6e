"""PURE: a clerk's remark may hold no identity or phone number; this finds what looks like one."""

import re
import unicodedata

MAX_LENGTH = 200

_SEPARATORS = re.compile(r"[\s\-.·_/]")
_PERSONAL = re.compile(
    r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|\d{12,13}|(?:86)?1[3-9]\d{9})(?!\d)"  # resident ID, old one, licence, mobile
)


def personal(text: str) -> bool:
    """Say whether the text holds what looks like an identity, licence or phone number, however it is spaced."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(_PERSONAL.search(plain) or _PERSONAL.search(_SEPARATORS.sub("", plain)))
