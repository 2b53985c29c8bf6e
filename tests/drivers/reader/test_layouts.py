"""What stands on the chips of the four cards, each laid out by hand at the offsets of the makers' tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.reader.answers import outcome
from drivers.reader.layouts import read_address, read_card
from drivers.sim.reader_card import LAYOUTS, SimCard, from_json
from kiosk.domain.card import Card
from tests.drivers.reader.people import card

RESIDENT, PERMIT, FOREIGNER = "421202195803072047", "810000199001010019", "911011198506240011"


def chip(**fields: tuple[int, str]) -> bytearray:
    """256 bytes of blanks with each field written at its offset."""
    text = bytearray("\x20\x00" * 128, "latin-1")
    for at, value in fields.values():
        packed = value.encode("utf-16-le")
        text[at : at + len(packed)] = packed
    return text


def test_a_resident() -> None:
    read = read_card(
        chip(
            name=(0, "测试员"), sex=(30, "2"), nation=(32, "01"), birth=(36, "19580307"), address=(52, "测试路1号"),
            number=(122, RESIDENT), issuer=(158, "咸宁市公安局"), begins=(188, "20200101"), ends=(204, "长期"),
        ),
        "赤壁市测试路2号",
    )  # fmt: skip
    assert read == Card(
        "resident_id", RESIDENT, "测试员", sex="2", birth="19580307", nation="01", address="测试路1号",
        newest_address="赤壁市测试路2号", issuer="咸宁市公安局", valid_from="20200101", valid_to="长期",
    )  # fmt: skip
    assert RESIDENT not in repr(read)
    assert "测试员" not in repr(read)


def test_a_residence_permit() -> None:
    read = read_card(
        chip(
            name=(0, "测试员"), sex=(30, "1"), birth=(36, "19900101"), address=(52, "测试路1号"), number=(122, PERMIT),
            issuer=(158, "咸宁市公安局"), begins=(188, "20200101"), ends=(204, "20250101"), entry=(220, "H12345678"),
            times=(238, "01"), flag=(248, "J"),
        )
    )  # fmt: skip
    assert read == Card(
        "hmt_residence_permit", PERMIT, "测试员", sex="1", birth="19900101", address="测试路1号",
        issuer="咸宁市公安局", valid_from="20200101", valid_to="20250101", pass_number="H12345678",
    )  # fmt: skip


def test_a_foreigner_of_2017() -> None:
    read = read_card(
        chip(
            english=(0, "EXAMPLE, PERSON"), sex=(120, "1"), number=(122, "USA110085062419"), country=(152, "USA"),
            name=(158, "测试员"), begins=(188, "20200101"), ends=(204, "20300101"), birth=(220, "19850624"),
            version=(236, "01"), office=(240, "1500"), flag=(248, "I"),
        )
    )  # fmt: skip
    assert read == Card(
        "foreign_permanent_resident", "USA110085062419", "测试员", "EXAMPLE, PERSON", "1", "19850624", country="USA",
        valid_from="20200101", valid_to="20300101",
    )  # fmt: skip


def test_a_foreigner_of_2023_whose_english_name_goes_on_elsewhere() -> None:
    english = "ABCDEFGHIJ KLMNOPQRST UVWXYZABCDEF GHI"
    number = card(1, "foreigner-2023").number
    read = read_card(
        chip(
            sex=(30, "2"), times=(32, "00"), birth=(36, "19850624"), english=(52, english[:35]), number=(122, number),
            begins=(188, "20240101"), ends=(204, "20340101"), rest=(220, english[35:]), country=(242, "FRA"),
            flag=(248, "Y"),
        )
    )  # fmt: skip
    assert read is not None
    assert (read.name, read.english_name, read.country, read.number) == (english, english, "FRA", number)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(seed=st.integers(0, 10**6))
def test_every_card_that_is_laid_is_read(layout: str, seed: int) -> None:
    laid = card(seed, layout)
    read = read_card(bytearray(laid.text()))
    assert read is not None
    assert (read.number, read.name, read.english_name) == (laid.number, laid.name, laid.english_name)
    assert read_address(bytearray(laid.moved_to())) == laid.newest_address


@pytest.mark.parametrize(
    "spoiled",
    [
        {"flag": (248, "Q")},
        {"number": (122, "421202195803072048")},
        {"birth": (36, "19580308")},
        {"sex": (30, "1")},
        {"sex": (30, "7")},
        {"begins": (188, "2020010 ")},
        {"ends": (204, "20190101")},
        {"name": (0, "   ")},
        {"name": (0, "\ud800试员")},
        {"name": (0, "测\x07员")},
    ],
)
def test_a_card_that_does_not_hold_together_is_none(spoiled: dict[str, tuple[int, str]]) -> None:
    fields = {
        "name": (0, "测试员"), "sex": (30, "2"), "birth": (36, "19580307"), "number": (122, RESIDENT),
        "begins": (188, "20200101"), "ends": (204, "20400101"),
    }  # fmt: skip
    assert read_card(chip(**fields)) is not None
    text = chip(**fields)
    for at, value in spoiled.values():
        packed = value.encode("utf-16-le", "surrogatepass")
        text[at : at + len(packed)] = packed
    assert read_card(text) is None


def test_every_status_byte_means_something() -> None:
    """The table of the makers: each code to one of the ways on."""
    wanted = {
        "ok": (0x90,), "found": (0x9F,), "nothing-there": (0x91,), "again": (0x10, 0x11, 0x21, 0x23, 0x24),
        "lift-again": (0x31, 0x32, 0x33, 0x37, 0x3F, 0x40, 0x41, 0x47), "no-card": (0x80, 0x81),
        "out-of-service": (0x60, 0x66),
    }  # fmt: skip
    assert {code: outcome(code) for codes in wanted.values() for code in codes} == {
        code: word for word, codes in wanted.items() for code in codes
    }
    assert all(outcome(code) in wanted for code in range(256))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "at least a number"),
        ({"number": 5}, "table of texts"),
        ({"number": "1", "colour": "red"}, "no 'colour'"),
        ({"number": "1", "layout": "x"}, "known are resident"),
        ({"number": "1", "name": "字" * 16}, "does not fit"),
    ],
)
def test_a_wrong_card_file_is_told_what_is_wrong(table: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_json(table)


def test_the_layout_follows_from_the_number() -> None:
    for layout in LAYOUTS:
        laid = card(7, layout)
        read = read_card(bytearray(SimCard(laid.number, laid.name, english_name=laid.english_name).text()))
        assert read is not None
        assert read.number == laid.number
