"""Vehicle identification numbers (GB 16735, ISO 3779) and number plates of every type in GA 36."""

import re
from datetime import date

from kiosk.domain.identity.judgement import FINE, Judgement

PROVINCE_MARKS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SUFFIXES = "学警挂港澳领使试超临"
_P = rf"[{PROVINCE_MARKS}]"
_C = "[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    rf"{_P}[A-HJ-NP-Z]{_C}{{5}}"  # ordinary, motorcycles, foreigners
    rf"|{_P}[A-HJ-NP-Z][A-HJ-K]{_C}[0-9]{{4}}"  # new energy, small: D A B C E electric, F G H J K other
    rf"|{_P}[A-HJ-NP-Z][0-9]{{5}}[A-HJ-K]"  # new energy, large
    rf"|{_P}[A-HJ-NP-Z]{_C}{{4,5}}[学警]"  # training; police, also on electric cars
    rf"|{_P}[A-HJ-NP-Z]{_C}{{4}}[挂试超领]"  # trailers, test cars, over-size, consulates of the older form
    rf"|{_P}[A-HJ-NP-Z]{_C}{{4,6}}临"  # temporary
    rf"|{_P}[A-HJ-NP-Z]{_C}{{4}}应急"  # fire and rescue
    rf"|粤Z{_C}{{4}}[港澳]"
    rf"|{_P}[0-9]{{5}}领"
    r"|[0-9]{6}使|使[0-9]{6}"
    rf"|WJ{_P}?[0-9]{{4}}{_C}"
)
_PLATE_CHARACTERS = re.compile(rf"[{PROVINCE_MARKS}]?[A-HJ-NP-Z0-9{PROVINCE_MARKS}]*(?:[{_SUFFIXES}]|应急)?")
_LIKE_PLATE = re.compile(
    rf"{_P}.{{0,9}}|使[0-9A-Z]{{0,8}}|[0-9]{{4,8}}使|WJ{_P}.{{0,6}}|[\u4e00-\u9fff][A-Z][0-9A-Z]{{5,6}}", re.DOTALL
)

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_CHARACTERS = re.compile(r"[A-HJ-NPR-Z0-9]*")
_LETTERS_AND_DIGITS = re.compile(r"[A-Z0-9]{16,18}")
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))


def is_like_plate(text: str) -> bool:
    """Say whether it is meant to be a plate, right or wrong."""
    return _LIKE_PLATE.fullmatch(text) is not None


def is_like_vin(text: str) -> bool:
    """Say whether it is meant to be a VIN: 17 letters and digits, or one more or less with a good mix of both."""
    if not _LETTERS_AND_DIGITS.fullmatch(text):
        return False
    letters = sum(character.isalpha() for character in text)
    return letters > 0 if len(text) == 17 else 3 <= letters <= 13


def vin_check(vin: str) -> str:
    """Give the check character that belongs in ninth place."""
    rest = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, vin, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def judge_vin(vin: str, _today: date | None) -> Judgement:
    """Judge a VIN; imports and old vehicles may fail the check character, so it only warns."""
    if len(vin) != 17:
        return Judgement(("length",) if _VIN_CHARACTERS.fullmatch(vin) else ("length", "charset"))
    if not _VIN.fullmatch(vin):
        return Judgement(("charset",))
    return FINE if vin_check(vin) == vin[8] else Judgement((), ("check-digit",))


def judge_plate(plate: str, _today: date | None) -> Judgement:
    """Judge a plate's number: length, characters and mark of its type; I and O stand on no plate."""
    if _PLATE.fullmatch(plate):
        return FINE
    if not 7 <= len(plate) <= 9:
        return Judgement(("length",) if _PLATE_CHARACTERS.fullmatch(plate) else ("length", "charset"))
    if plate[0] not in PROVINCE_MARKS and plate[0] not in "使W0123456789" and _PLATE.fullmatch("鄂" + plate[1:]):
        return Judgement(("province",))
    return Judgement(("length",) if len(plate) == 9 and _PLATE_CHARACTERS.fullmatch(plate) else ("charset",))
