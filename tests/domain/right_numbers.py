"""Strategies for numbers that are right, made from the standards' tables and not from the code under test."""

from datetime import date

from hypothesis import strategies as st

TODAY = date(2026, 11, 22)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PROVINCES = [
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
]
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MARKS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
VIN_CHARACTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"


def with_check(body: str) -> str:
    """Add the check character of GB 11643 to 17 digits."""
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11
    return body + "10X98765432"[rest]


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


birth_dates = st.dates(date(1900, 1, 1), TODAY).map(lambda day: day.strftime("%Y%m%d"))


def numbers_of(prefixes: list[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda prefix, region, born, sequence: with_check(prefix + region + born + sequence),
        st.sampled_from(prefixes),
        digits(4),
        birth_dates,
        digits(3),
    )


resident_ids = numbers_of(PROVINCES)
permits = numbers_of(["81", "82", "83"])
foreign_new = numbers_of([f"9{digit}" for digit in range(10)])
foreign_old = st.builds(str.__add__, st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), digits(12))
archive_numbers = st.builds(str.__add__, st.sampled_from(PROVINCES), digits(10))
mobiles = st.builds(lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), digits(9))
labels = st.builds(lambda letter, n: f"{letter}{n:03d}", st.sampled_from("ABC"), st.integers(1, 2999))


def plate_tail(count: int) -> st.SearchStrategy[str]:
    return st.text(PLATE_LETTERS + "0123456789", min_size=count, max_size=count)


_head = st.builds(str.__add__, st.sampled_from(MARKS), st.sampled_from(PLATE_LETTERS))
plates = st.one_of(
    st.builds(str.__add__, _head, plate_tail(5)),
    st.builds(lambda h, m, c, d: h + m + c + d, _head, st.sampled_from("DABCEFGHJK"), plate_tail(1), digits(4)),
    st.builds(lambda h, d, m: h + d + m, _head, digits(5), st.sampled_from("DABCEFGHJK")),
    st.builds(lambda h, t, s: h + t + s, _head, plate_tail(4), st.sampled_from("学警挂")),
    st.builds(lambda t, s: "粤Z" + t + s, plate_tail(4), st.sampled_from("港澳")),
    st.builds(lambda m, d: m + d + "领", st.sampled_from(MARKS), digits(5)),
    digits(6).map(lambda d: d + "使"),
)


def _with_vin_check(text: str) -> str:
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(w * (int(c) if c.isdigit() else values[c]) for w, c in zip(weights, text, strict=True))
    return text[:8] + "0123456789X"[total % 11] + text[9:]


vins = st.text(VIN_CHARACTERS, min_size=16, max_size=16).map(lambda rest: "L" + rest).map(_with_vin_check)
