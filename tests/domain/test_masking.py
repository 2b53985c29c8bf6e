"""Numbers and names as they may be shown."""

import pytest

from kiosk.domain.masking import mask, mask_name


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("resident_id", "4" * 18, "444444********4444"),
        ("resident_id", "4" * 17, "*************4444"),
        ("resident_id", "4" * 10, "**********"),
        ("mobile", "13812345678", "138****5678"),
        ("plate", "鄂L8K6P9", "鄂L***P9"),
        ("ticket", "B012", "B012"),
        ("receipt", "XN-20261122-000123", "XN-20261122-000123"),
        ("receipt", "https://kiosk.example/s/abcdefghijklmnopqrstuv", "https://kiosk.example/s/****"),
        ("ticket", "https://kiosk.example/t/abcdefghijklmnopqrstuv/?lang=en", "https://kiosk.example/t/****"),
        ("receipt", "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("ticket", "4" * 18, "*" * 18),
        ("receipt", "4" * 18, "*" * 18),
        ("receipt", "13812345678", "*" * 11),
        ("unknown", "anything", "********"),
        ("unknown", "a" * 1000, "*" * 24),
    ],
)
def test_numbers(kind: str, text: str, shown: str) -> None:
    assert mask(kind, text) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳修文", "欧阳**"),
        ("欧阳", "欧*"),
        ("王", "*"),
        ("", ""),
        ("JOHN  SMITH", "J*** S****"),
        ("阿卜杜·热合曼", "阿******"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown
