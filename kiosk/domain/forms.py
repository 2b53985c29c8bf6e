"""One answer of a form: whether it can be right, and how it may be shown again."""

from datetime import date

from kiosk.domain.catalogue import Field
from kiosk.domain.documents import identify

_IDENTIFIED = {"mobile", "plate", "vin", "licence_archive_number"}


def problem(field: Field, value: str, today: date) -> str:
    """Name what is wrong with an answer by its problem code, or give "" when nothing is."""
    if not value:
        return "required" if field.required else ""
    if field.kind in _IDENTIFIED:
        answer = identify(value, expect=field.kind, today=today)
        return "" if answer.valid else (answer.problems[0] if answer.problems else "unknown-document")
    if field.kind == "postcode":
        return "" if len(value) == 6 and value.isascii() and value.isdigit() else "postcode"
    if field.kind == "digits":
        return "" if value.isascii() and value.isdigit() and len(value) <= field.max_length else "charset"
    if field.kind == "date":
        return "" if _is_date(value) else "date-impossible"
    if field.kind == "choice":
        return "" if any(choice.value == value for choice in field.choices) else "required"
    return "" if len(value) <= field.max_length else "too-long"


def shown(field: Field, value: str, language: str) -> str:
    """Give an answer as it may stand on a page or paper: sensitive ones masked, choices by their label."""
    if field.kind == "choice":
        return next((c.label.get(language, c.label["zh"]) for c in field.choices if c.value == value), value)
    if field.kind in _IDENTIFIED and field.sensitive:
        return identify(value, expect=field.kind).masked
    if field.sensitive and value:
        return value[:1] + "*" * (len(value) - 1)
    return value


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
