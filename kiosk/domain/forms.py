"""One answer of a form: whether it is asked for, whether it can be right, and how it may be shown again."""

from collections.abc import Mapping, Sequence
from datetime import date

from kiosk.domain.catalogue import Choice, Field
from kiosk.domain.documents import identify

_IDENTIFIED = {"mobile", "plate", "vin", "licence_archive_number"}
_LENGTHS = {"mobile": 11, "postcode": 6, "licence_archive_number": 12, "vin": 17, "plate": 8, "date": 8}
_NEW_ENERGY = {"51", "52"}
PLATE_TYPE = "plate_type"
"""The name of the question for a plate's type: a plate is known by type and number together."""

_NOTHING: Mapping[str, str] = {}


def asked(field: Field, answers: Mapping[str, str]) -> bool:
    """Say whether a question is asked after these answers."""
    return all(answers.get(name, "") in values for name, values in field.when.items())


def following(fields: Sequence[Field], answers: Mapping[str, str], start: int = 0) -> int | None:
    """The index of the first question from `start` on that is asked after these answers."""
    return next((index for index in range(start, len(fields)) if asked(fields[index], answers)), None)


def preceding(fields: Sequence[Field], answers: Mapping[str, str], end: int) -> int | None:
    """The index of the last question before `end` that is asked after these answers."""
    return next((index for index in reversed(range(min(end, len(fields)))) if asked(fields[index], answers)), None)


def longest(field: Field) -> int:
    """How many characters an answer may have."""
    return _LENGTHS.get(field.kind, field.max_length)


def choice(field: Field, value: str) -> Choice | None:
    """The choice of that value, if it is one."""
    return next((choice for choice in field.choices if choice.value == value), None)


def problem(field: Field, value: str, today: date, answers: Mapping[str, str] = _NOTHING) -> str:
    """Name what is wrong with an answer by its problem code, or give "" when nothing is.

    `answers` are the other ones: a question that is not asked after them may stay empty, a plate fits its type.
    """
    if not value:
        return "required" if field.required and asked(field, answers) else ""
    if choice(field, value) is not None:
        return ""
    if field.kind in _IDENTIFIED:
        answer = identify(value, expect=field.kind, today=today)
        wrong = "" if answer.valid else (answer.problems[0] if answer.problems else "unknown-document")
        return wrong or _plate_problem(field, value, answers)
    if field.kind == "postcode":
        return "" if len(value) == 6 and value.isascii() and value.isdigit() else "postcode"
    if field.kind == "digits":
        return "" if value.isascii() and value.isdigit() and len(value) <= field.max_length else "charset"
    if field.kind == "date":
        return _date_problem(value)
    if field.kind == "choice":
        return "required"
    return "" if len(value) <= field.max_length else "too-long"


def shown(field: Field, value: str, language: str) -> str:
    """Give an answer as it may stand on a page or paper: sensitive ones masked, choices by their label."""
    chosen = choice(field, value)
    if chosen is not None:
        return chosen.label.get(language, chosen.label["zh"])
    if field.kind in _IDENTIFIED and field.sensitive:
        return identify(value, expect=field.kind).masked
    if field.sensitive and value:
        return value[:1] + "*" * (len(value) - 1)
    if field.kind == "date" and len(value) == 8:
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return value


def _plate_problem(field: Field, plate: str, answers: Mapping[str, str]) -> str:
    if field.kind != "plate" or not answers.get(PLATE_TYPE):
        return ""
    return "" if (len(plate) == 8) == (answers[PLATE_TYPE] in _NEW_ENERGY) else "plate-type"


def _date_problem(value: str) -> str:
    if len(value) not in (8, 10) or not value.replace("-", "").isdigit():
        return "length"
    try:
        date.fromisoformat(value)
    except ValueError:
        return "date-impossible"
    return ""
