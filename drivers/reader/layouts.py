"""The four layouts of the 256 bytes of text on a card's chip: offsets and lengths in bytes, UTF-16LE, blank padded.

Sources: field tables of reader makers and their public Android code; the immigration office's rules on the permanent
residence card of 2023.
"""

import re
import unicodedata
from collections.abc import Mapping

from kiosk.domain.card import Card, CardKind
from kiosk.domain.documents import identify

TEXT = 256
FLAG = (248, 2)
Place = tuple[int, int]
_PERIOD: Mapping[str, Place] = {"valid_from": (188, 16), "valid_to": (204, 16)}
_RESIDENT: Mapping[str, Place] = {
    "name": (0, 30), "sex": (30, 2), "nation": (32, 4), "birth": (36, 16), "address": (52, 70), "number": (122, 36),
    "issuer": (158, 30), **_PERIOD,
}  # fmt: skip
_PERMIT: Mapping[str, Place] = {
    "name": (0, 30), "sex": (30, 2), "birth": (36, 16), "address": (52, 70), "number": (122, 36), "issuer": (158, 30),
    **_PERIOD, "pass_number": (220, 18),
}  # fmt: skip
_FOREIGNER_2017: Mapping[str, Place] = {
    "english_name": (0, 120), "sex": (120, 2), "number": (122, 30), "country": (152, 6), "name": (158, 30), **_PERIOD,
    "birth": (220, 16),
}  # fmt: skip
_FOREIGNER_2023: Mapping[str, Place] = {
    "name": (0, 30), "sex": (30, 2), "birth": (36, 16), "english_name": (52, 70), "number": (122, 36), **_PERIOD,
    "english_rest": (220, 22), "country": (242, 6),
}  # fmt: skip
LAYOUTS: Mapping[str, tuple[CardKind, Mapping[str, Place]]] = {
    "": ("resident_id", _RESIDENT),
    "J": ("hmt_residence_permit", _PERMIT),
    "I": ("foreign_permanent_resident", _FOREIGNER_2017),
    "Y": ("foreign_permanent_resident", _FOREIGNER_2023),
}
"""By the type flag, which is blank on a resident's card."""

_DAY = re.compile(r"\d{8}")
_SEX = re.compile(r"[0129]")  # GB/T 2261.1 has also "not known" and "not said"


def read_card(text: bytearray | memoryview, newest_address: str = "") -> Card | None:
    """Read the text of a chip; None when it is no card that we know, or does not hold together."""
    try:
        known = LAYOUTS.get(_field(text, FLAG))
        if known is None:
            return None
        kind, layout = known
        found = {name: _field(text, place) for name, place in layout.items()}
    except UnicodeDecodeError:
        return None
    if found.pop("english_rest", ""):
        # The name runs on elsewhere behind its 35 characters, so a blank that divides words may stand at the break.
        parts = (_field(text, layout[part], strip=False) for part in ("english_name", "english_rest"))
        found["english_name"] = "".join(parts).strip()
    found["name"] = found["name"] or found.get("english_name", "")
    return Card(kind=kind, newest_address=newest_address, **found) if _holds_together(kind, found) else None


def read_address(text: bytearray | memoryview) -> str:
    """The newest address, 70 bytes; empty when it is no text."""
    try:
        return _field(text, (0, len(text)))
    except UnicodeDecodeError:
        return ""


def _field(text: bytearray | memoryview, place: Place, *, strip: bool = True) -> str:
    at, length = place
    found = str(memoryview(text)[at : at + length], "utf-16-le")
    return found.strip(" \0") if strip else found.strip("\0")


def _holds_together(kind: CardKind, found: Mapping[str, str]) -> bool:
    """Whether the fields agree with each other: the frame's one-byte checksum alone would let one error in 256 pass."""
    number, birth = found["number"], found["birth"]
    if not identify(number, expect=kind).valid or not _DAY.fullmatch(birth) or not _SEX.fullmatch(found["sex"]):
        return False
    # Where date and sex stand in a foreigner's number of 2023 no text at hand confirms.
    numbered = kind != "foreign_permanent_resident"
    if numbered and (number[6:14] != birth or not _sex_fits(number, found["sex"])):
        return False
    if not _DAY.fullmatch(found["valid_from"]) or not _ends(found["valid_to"], found["valid_from"]):
        return False
    return bool(found["name"]) and all(_printable(value) for value in found.values())


def _sex_fits(number: str, sex: str) -> bool:
    return sex in "09" or int(number[16]) % 2 == int(sex) % 2


def _ends(valid_to: str, valid_from: str) -> bool:
    return valid_to == "长期" or bool(_DAY.fullmatch(valid_to) and valid_to > valid_from)


def _printable(value: str) -> bool:
    return all(
        unicodedata.category(character)[0] != "C" or unicodedata.category(character) == "Co" for character in value
    )
