"""Answers of a form: whether they are asked for, whether they can be right, how they are shown."""

from datetime import date

import pytest

from kiosk.domain import forms
from kiosk.domain.catalogue import Choice, Field, FieldKind

TODAY = date(2026, 11, 22)
NO: dict[str, str] = {"zh": "", "en": ""}
VIN = "1M8GDM9AXKP042788"


def field(kind: FieldKind, **changes: object) -> Field:
    return Field("f", kind, NO, NO, NO, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("date", "20260228", ""),
        ("date", "2026-02-28", ""),
        ("date", "20260230", "date-impossible"),
        ("date", "2026", "length"),
        ("date", "2026W011", "length"),
        ("plate", "鄂L12345", ""),
        ("plate", "鄂LD12345", ""),
        ("plate", "鄂L1234", "length"),
        ("plate", "鄂LI2345", "charset"),
        ("vin", VIN, ""),
        ("vin", VIN[:-1], "length"),
        ("licence_archive_number", "421200000001", ""),
        ("licence_archive_number", "42120000000", "length"),
        ("postcode", "437100", ""),
        ("postcode", "4371", "postcode"),
        ("digits", "12a", "charset"),
        ("text", "x" * 61, "too-long"),
        ("mobile", "138", "length"),
        ("mobile", "", "required"),
    ],
)
def test_what_is_wrong_with_an_answer(kind: FieldKind, value: str, problem: str) -> None:
    assert forms.problem(field(kind), value, TODAY) == problem


@pytest.mark.parametrize(
    ("kind", "plate", "problem"),
    [
        ("02", "鄂L12345", ""),
        ("52", "鄂L12345", "plate-type"),
        ("52", "鄂LD12345", ""),
        ("02", "鄂LD12345", "plate-type"),
    ],
)
def test_a_plate_fits_its_kind(kind: str, plate: str, problem: str) -> None:
    assert forms.problem(field("plate"), plate, TODAY, {"plate_type": kind}) == problem
    assert forms.problem(field("plate"), plate, TODAY) == ""


def test_a_date_may_have_other_answers() -> None:
    expires = field("date", choices=(Choice("long-term", {"zh": "长期", "en": "Long-term"}),))
    assert forms.problem(expires, "long-term", TODAY) == ""
    assert forms.shown(expires, "long-term", "en") == "Long-term"
    assert forms.shown(expires, "20270131", "zh") == "2027-01-31"


def test_a_question_depends_on_earlier_answers() -> None:
    fields = (field("choice"), field("digits", when={"way": ("post",)}), field("digits", required=False))
    assert forms.asked(fields[1], {"way": "post"})
    assert not forms.asked(fields[1], {})
    assert forms.problem(fields[1], "", TODAY, {}) == ""
    assert forms.problem(fields[1], "", TODAY, {"way": "post"}) == "required"
    assert forms.following(fields, {}, 1) == 2
    assert forms.following(fields, {"way": "post"}, 1) == 1
    assert forms.following(fields, {}, 3) is None
    assert forms.preceding(fields, {}, 2) == 0
    assert forms.preceding(fields, {}, 0) is None


def test_sensitive_answers_are_masked() -> None:
    assert forms.shown(field("vin", sensitive=True), VIN, "zh") == "1M8**********2788"
    assert forms.shown(field("text", sensitive=True), "abc", "zh") == "a**"
