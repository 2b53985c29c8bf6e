"""Looks at the photographs of a request without decoding them: JPEG by their headers, bounded in bytes and pixels."""

from base64 import b64decode
from collections.abc import Mapping

from kiosk.domain import forms
from kiosk.domain.catalogue import Service
from kiosk.domain.photo import MOST_BYTES
from kiosk.link.models.problem import FieldProblem

MOST_BASE64 = (MOST_BYTES + 2) // 3 * 4
_LONGEST_SIDE = 6_000
_LEAST_SIDE = 200
_SIZES = frozenset({0xC0, 0xC1, 0xC2})
"""Markers that tell the size: baseline, extended and progressive; others are no pictures of a camera."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def problems(service: Service, fields: Mapping[str, str], photos: Mapping[str, str]) -> list[FieldProblem]:
    """Every photograph that is missing, was not asked for, or is no JPEG of a sensible size."""
    asked = {field.name for field in service.fields if field.kind == "photo" and forms.asked(field, fields)}
    codes = dict.fromkeys(asked - photos.keys(), "required")
    codes |= dict.fromkeys(photos.keys() - asked, "not-asked")
    codes |= {name: problem(photos[name]) for name in photos.keys() & asked}
    return [FieldProblem(pointer=f"/sealed/photos/{name}", code=code) for name, code in sorted(codes.items()) if code]


def problem(text: str) -> str:
    """What is wrong with one photograph, in base64; "" if nothing is."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return "not-base64"
    if len(data) > MOST_BYTES:
        return "too-large"
    size = _size(data)
    if size is None or not data.endswith(b"\xff\xd9"):
        return "not-jpeg"
    return "" if min(size) >= _LEAST_SIDE and max(size) <= _LONGEST_SIDE else "size"


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height by the JPEG's own frame header (ITU-T T.81, B.2.2); None for what is no JPEG."""
    if data[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:
            return None
        at += 2 + length
    return None
