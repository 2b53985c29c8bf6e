"""Says what a string is: whose number or code, whether it is right, and what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kiosk.domain.errors import Refusal
from kiosk.domain.identity import licence, mrz, resident, slips, vehicle
from kiosk.domain.identity.judgement import FINE, KINDS, Judgement, Kind, Problem
from kiosk.domain.identity.mending import mend, narrow
from kiosk.domain.identity.secret import IdNumber

LONGEST = 512
"""Characters of a string that is still looked at; the longest real one is a passport's zone with blanks in it."""

_JUDGES: Mapping[str, Callable[[str, date | None], Judgement]] = {
    "resident_id": resident.judge_resident,
    "hmt_residence_permit": resident.judge_permit,
    "foreign_permanent_resident": resident.judge_foreign,
    "licence_core_number": licence.judge_core,
    "licence_archive_number": licence.judge_archive,
    "vehicle_certificate_number": licence.judge_certificate,
    "vin": vehicle.judge_vin,
    "plate": vehicle.judge_plate,
    "mobile": slips.judge_mobile,
    "ticket": slips.judge_label,
    "receipt": slips.judge_reference,
    "passport_mrz": mrz.judge_mrz,
}
_BY_DIGITS: Mapping[int, Kind] = {
    12: "licence_archive_number",
    13: "licence_core_number",
    15: "resident_id",
    17: "resident_id",
    19: "resident_id",
}
_TWINS: Mapping[Kind, tuple[Kind, ...]] = {
    "licence_archive_number": ("vehicle_certificate_number",),
    "vehicle_certificate_number": ("licence_archive_number",),
}


@dataclass(frozen=True, slots=True)
class Identified:
    """What a string is. `problems` holds warnings too: then `valid` stays true. `also` are kinds it may be as well.

    `number` is the string in its mended form (capitals, half-width, no separators), masked however it is shown;
    its `len` serves sentences like "18 digits, you typed 17".
    """

    kind: Kind
    valid: bool
    problems: tuple[Problem, ...]
    also: tuple[Kind, ...]
    number: IdNumber

    @property
    def masked(self) -> str:
        """The number as it may be shown."""
        return self.number.masked

    def as_json(self) -> dict[str, object]:
        """The five fields of `kiosk identify`."""
        return {
            "kind": self.kind,
            "valid": self.valid,
            "problems": list(self.problems),
            "also": list(self.also),
            "masked": self.masked,
        }


def identify(text: str, expect: str | None = None, today: date | None = None) -> Identified:
    """Say what a string is; raises for no text whatever, and Refusal for an `expect` that is no kind.

    With `expect` it is judged as that kind, whatever it looks like. Without `today` no date counts as future.
    Full-width characters, small letters, blanks, dashes and middle dots are mended first.
    """
    wanted = None if expect is None or expect == "unknown" else _kind(expect)
    if len(text) > LONGEST:
        kind: Kind = wanted or "unknown"
        return Identified(kind, False, ("length",) if wanted else (), (), IdNumber(kind, text[:LONGEST]))
    paper = _paper(text)
    number = paper[1] if paper else mend(text)
    kind = paper[0] if paper else _kind_of(number)
    if wanted is None or wanted == kind:
        return _judged(kind, number, today, slip=paper is not None)
    answer = _judged(wanted, mend(text), today)
    if answer.valid:
        return answer
    other = _judged(kind, number, today, slip=paper is not None)
    return replace(answer, also=(other.kind, *other.also) if other.valid else ())


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise Refusal(f"there is no kind {name!r:.40}; known are {', '.join(KINDS)}")


def _paper(text: str) -> tuple[Kind, str] | None:
    """Recognise our own papers before dashes are taken away: the address in their QR code, or their reference."""
    if "/" not in text and "-" not in text:
        return None
    plain = narrow(text)
    of_address = slips.address_kind(plain)
    if of_address:
        return ("ticket" if of_address == "ticket" else "receipt"), plain
    return ("receipt", plain.upper()) if slips.is_reference(plain) else None


def _judged(kind: Kind, number: str, today: date | None, *, slip: bool = False) -> Identified:
    if kind == "mobile":
        number = slips.national(number)
    if kind == "unknown":
        return Identified(kind, False, (), (), IdNumber(kind, number))
    problems, warnings = FINE if slip else _JUDGES[kind](number, today)
    also = () if problems else _TWINS.get(kind, ())
    return Identified(kind, not problems, problems + warnings, also, IdNumber(kind, number))


def _kind_of(number: str) -> Kind:
    """Give the kind that a mended string has the form of, or is meant to have."""
    length = len(number)
    if not number.isascii():
        if length <= 12 and vehicle.is_like_plate(number):
            return "plate"
    elif number.isdigit():
        return _of_digits(number, length)
    elif 4 <= length <= 7 and slips.is_label(number):
        return "ticket"
    elif length == 13 and licence.is_core(number):
        return "licence_core_number"
    elif length == 15 and resident.is_foreign_old(number):
        return "foreign_permanent_resident"
    if length == 18 and sum(number.count(digit) for digit in "0123456789") >= 15:
        return resident.kind_of(number)
    return _of_letters(number, length) if number.isascii() else "unknown"


def _of_digits(number: str, length: int) -> Kind:
    if length == 18:
        return resident.kind_of(number)
    if slips.national(number)[0] == "1" and length in {11, 15}:
        return "mobile"
    return _BY_DIGITS.get(length, "unknown")


def _of_letters(number: str, length: int) -> Kind:
    if slips.is_reference(number):
        return "receipt"
    if mrz.is_like_mrz(number):
        return "passport_mrz"
    if number[:3] == "+86" and slips.national(number) != number:
        return "mobile"
    if resident.is_cut_short(number):
        return "resident_id"
    return "vin" if 16 <= length <= 18 and vehicle.is_like_vin(number) else "unknown"
