"""What a clerk's note may not hold. All numbers here are made up."""

import pytest

from branch.note import personal

MOBILE = "138" + "0000" + "1234"
RESIDENT = "110101" + "19900101" + "001" + "X"


@pytest.mark.parametrize(
    "text",
    [
        MOBILE,
        f"电话{MOBILE}，下午来",
        f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
        f"+86-{MOBILE}",
        RESIDENT,
        RESIDENT.lower(),
        f"{RESIDENT[:6]} {RESIDENT[6:14]} {RESIDENT[14:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in MOBILE),
        "420000000000000",
    ],
)
def test_identity_and_phone_numbers_are_found_however_they_are_written(text: str) -> None:
    assert personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "补材料，11:20 前回来",
        "缺旧号牌一面",
        "转 3 号窗口",
        "B012 与 B013 同一家",
        "工本费 100 元",
        "2026-11-23 再来",
    ],
)
def test_ordinary_remarks_pass(text: str) -> None:
    assert not personal(text)
