"""What a string is: tables of the cases that people meet, and properties over all strings."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.documents import LONGEST, identify
from kiosk.domain.errors import Refusal
from kiosk.domain.identity.judgement import KINDS
from kiosk.domain.identity.secret import IdNumber
from tests.domain import right_numbers as numbers
from tests.domain.right_numbers import TODAY, with_check

GOOD = with_check("42120219900101123")

ANSWERS = [
    # text, kind, valid, problems
    (GOOD, "resident_id", True, []),
    (GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"), "resident_id", False, ["check-digit"]),
    (with_check("42120219900230123"), "resident_id", False, ["date-impossible"]),
    (with_check("42120217991231123"), "resident_id", False, ["date-impossible"]),
    (with_check("42120220261123123"), "resident_id", False, ["date-future"]),
    (with_check("42120220261122123"), "resident_id", True, []),
    (with_check("00120219900101123"), "resident_id", False, ["province"]),
    (with_check("71120219900101123"), "resident_id", False, ["province"]),
    (GOOD[:9] + "A" + GOOD[10:], "resident_id", False, ["charset"]),
    ("421202900101123", "resident_id", False, ["old-15"]),
    ("421202900230123", "resident_id", False, ["old-15", "date-impossible"]),
    ("771202900101123", "resident_id", False, ["old-15", "province"]),
    (GOOD[:17], "resident_id", False, ["length"]),
    ("4212021990010111X", "resident_id", False, ["length"]),
    ("810000199408230021", "hmt_residence_permit", True, []),
    ("830000199201300022", "hmt_residence_permit", True, []),
    ("830000199201300023", "hmt_residence_permit", False, ["check-digit"]),
    ("USA110101900101", "foreign_permanent_resident", True, []),
    (with_check("91101561990010112"), "foreign_permanent_resident", True, ["date-impossible"]),
    ("4290000000001", "licence_core_number", True, []),
    ("4210123456789", "licence_core_number", True, []),
    ("4220123456789", "licence_core_number", True, ["check-digit"]),
    ("6901234567892", "licence_core_number", False, ["province", "check-digit"]),
    ("421200000001", "licence_archive_number", True, []),
    ("991200000001", "licence_archive_number", True, ["province"]),
    ("1M8GDM9AXKP042788", "vin", True, []),
    ("1M8GDM9A1KP042788", "vin", True, ["check-digit"]),
    ("1M8GDM9AXKPO42788", "vin", False, ["charset"]),
    ("1M8GDM9AXKP04278", "vin", False, ["length"]),
    ("鄂L8K6P9", "plate", True, []),
    ("鄂L·8K6P9", "plate", True, []),
    ("鄂LD12345", "plate", True, []),
    ("鄂LF1234", "plate", True, []),
    ("鄂L12345D", "plate", True, []),
    ("鄂L123456", "plate", False, ["charset"]),
    ("鄂L1234", "plate", False, ["length"]),
    ("鄂L2I345", "plate", False, ["charset"]),
    ("鄂L2O345", "plate", False, ["charset"]),
    ("国L12345", "plate", False, ["province"]),
    ("京A1234警", "plate", True, []),
    ("粤ZAB12澳", "plate", True, []),
    ("粤YAB12澳", "plate", False, ["charset"]),
    ("224123使", "plate", True, []),
    ("使224123", "plate", True, []),
    ("沪12345领", "plate", True, []),
    ("鄂X0001应急", "plate", True, []),
    ("13812345678", "mobile", True, []),
    ("+86 138-1234-5678", "mobile", True, []),
    ("008613812345678", "mobile", True, []),
    ("12812345678", "mobile", False, ["charset"]),
    ("B012", "ticket", True, []),
    ("b501", "ticket", True, []),
    ("A1234", "ticket", True, []),
    ("XN-20261122-000123", "receipt", True, []),
    ("xn20261122000123", "receipt", True, []),
    ("https://kiosk.example/s/abcdefghij-lmnopqrst_v", "receipt", True, []),
    ("http://10.0.0.5:8710/t/abcdefghijklmnopqrstuv", "ticket", True, []),
    ("https://kiosk.example/s/abcdefghijklmnopqrstuv/?lang=en", "receipt", True, []),
    ("https://kiosk.example/x/abcdefghijklmnopqrstuv", "unknown", False, []),
    ("", "unknown", False, []),
    ("hello", "unknown", False, []),
    ("0", "unknown", False, []),
    ("٤٢١٢٠٢١٩٩٠٠١٠١١٢٣٢", "unknown", False, []),
    ("\x00\x1b[2J", "unknown", False, []),
    ("\ud800", "unknown", False, []),
]


@pytest.mark.parametrize(("text", "kind", "valid", "problems"), ANSWERS)
def test_what_a_string_is(text: str, kind: str, valid: bool, problems: list[str]) -> None:
    answer = identify(text, today=TODAY)
    assert (answer.kind, answer.valid, list(answer.problems)) == (kind, valid, problems)


@pytest.mark.parametrize(
    ("text", "kind", "problems", "also"),
    [
        (GOOD[:17], "resident_id", ["length"], []),
        (GOOD + "1", "resident_id", ["length"], []),
        ("hello", "resident_id", ["length", "charset"], []),
        ("", "resident_id", ["length"], []),
        ("13812345678", "resident_id", ["length"], ["mobile"]),
        (GOOD, "mobile", ["length"], ["resident_id"]),
        ("810000199408230021", "resident_id", ["province"], ["hmt_residence_permit"]),
        (GOOD, "hmt_residence_permit", ["province"], ["resident_id"]),
        (GOOD, "foreign_permanent_resident", ["charset"], ["resident_id"]),
        ("1M8GDM9AXKP04278", "vin", ["length"], []),
        ("XL8K6P9", "plate", ["province"], []),
        ("421202900101", "licence_core_number", ["length"], ["licence_archive_number", "vehicle_certificate_number"]),
        ("P<UTO", "passport_mrz", ["length"], []),
        ("B12", "ticket", ["length"], []),
        ("hello", "receipt", ["length"], []),
    ],
)
def test_what_is_expected_is_judged_as_that(text: str, kind: str, problems: list[str], also: list[str]) -> None:
    answer = identify(text, kind, TODAY)
    assert (answer.kind, answer.valid) == (kind, False)
    assert (list(answer.problems), list(answer.also)) == (problems, also)


def test_twelve_digits_are_two_things() -> None:
    assert identify("421200000001").also == ("vehicle_certificate_number",)
    answer = identify("421200000001", "vehicle_certificate_number")
    assert (answer.kind, answer.valid, answer.also) == ("vehicle_certificate_number", True, ("licence_archive_number",))


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal, match="no kind 'vinn'"):
        identify("x", "vinn")


@pytest.mark.parametrize(
    "text",
    [
        "\uff14\uff12\uff11" + GOOD[3:],
        " " + GOOD[:6] + " " + GOOD[6:14] + "-" + GOOD[14:] + "\n",
        "\u3000" + GOOD + "\ufeff",
    ],
)
def test_full_width_digits_and_separators_are_mended(text: str) -> None:
    answer = identify(text, today=TODAY)
    assert answer.valid
    assert answer.number.reveal() == GOOD


@pytest.mark.parametrize("last", ["x", "X", "\uff38", "\uff58", "\u2169", "\u2179"])
def test_every_way_to_write_the_check_character_x_is_mended(last: str) -> None:
    body = next(f"42120219900101{n:03d}" for n in range(1000) if with_check(f"42120219900101{n:03d}")[-1] == "X")
    assert identify(body + last, today=TODAY).number.reveal() == body + "X"


def test_without_today_no_date_is_in_the_future() -> None:
    assert identify(with_check("42120229990101123")).valid


@given(st.text(st.characters(), max_size=LONGEST + 50), st.sampled_from([None, *KINDS]))
def test_no_string_makes_it_raise(text: str, expect: str | None) -> None:
    answer = identify(text, expect, TODAY)
    assert answer.kind == expect or expect in (None, "unknown")
    assert answer.as_json().keys() == {"kind", "valid", "problems", "also", "masked"}


@given(st.sampled_from("0123456789AXLIO鄂学<-/. \x00\uff11"), st.integers(1, 1 << 16), st.sampled_from([None, *KINDS]))
def test_no_length_makes_it_raise(character: str, length: int, expect: str | None) -> None:
    assert not identify(character * length, expect, TODAY).valid or length < 20


@pytest.mark.parametrize(
    ("kind", "strategy"),
    [
        ("resident_id", numbers.resident_ids),
        ("hmt_residence_permit", numbers.permits),
        ("foreign_permanent_resident", numbers.foreign_new),
        ("foreign_permanent_resident", numbers.foreign_old),
        ("licence_archive_number", numbers.archive_numbers),
        ("plate", numbers.plates),
        ("vin", numbers.vins),
        ("mobile", numbers.mobiles),
        ("ticket", numbers.labels),
    ],
)
def test_every_generated_number_is_accepted(kind: str, strategy: st.SearchStrategy[str]) -> None:
    @given(strategy)
    def accepted(text: str) -> None:
        answer = identify(text, today=TODAY)
        assert (answer.kind, answer.valid, answer.problems) == (kind, True, ())

    accepted()


@given(st.one_of(numbers.resident_ids, numbers.permits), st.integers(0, 17), st.characters())
def test_every_change_of_one_character_is_refused(number: str, at: int, character: str) -> None:
    changed = number[:at] + character + number[at + 1 :]
    answer = identify(changed, today=TODAY)
    if answer.valid:
        assert answer.number.reveal() == number


@given(numbers.resident_ids, st.sampled_from(KINDS))
def test_a_number_is_never_shown_in_clear_by_accident(number: str, expect: str) -> None:
    answer = identify(number, expect, TODAY)
    shown = [repr(answer), str(answer), f"{answer.number}", f"{answer.number:>30}", json.dumps(answer.as_json())]
    shown += [repr(answer.number), str(answer.number), f"{answer.number!s} {answer.number!r}", answer.masked]
    shown.append(repr([copy.deepcopy(answer.number)]))
    assert not [text for text in shown if number in text]
    assert not [text for text in shown if number[6:14] in text]


def test_a_number_refuses_to_be_pickled_or_written_as_json() -> None:
    number = IdNumber("resident_id", GOOD)
    with pytest.raises(TypeError) as caught:
        pickle.dumps(number)
    assert GOOD not in str(caught.value)
    with pytest.raises(TypeError) as caught:
        json.dumps(number)
    assert GOOD not in str(caught.value)


def test_numbers_compare_by_their_clear_value() -> None:
    assert IdNumber("resident_id", GOOD) == identify(GOOD).number
    assert len({IdNumber("resident_id", GOOD), identify(GOOD).number, IdNumber("mobile", GOOD)}) == 2
