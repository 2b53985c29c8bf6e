"""A keyboard scanner types into our own key map: every printable character, whatever way its records come."""

import random
import string

from hypothesis import given
from hypothesis import strategies as st

from drivers.keys.events import DOWN, EV_KEY, HELD, LOST, RECORD, UP, Input, Records, pack
from drivers.keys.layout import SPOILED, TYPED, Typist

PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "


def key(code: int, *values: int) -> list[Input]:
    return [Input(EV_KEY, code, value) for value in values]


def typed(*events: list[Input]) -> bytes:
    return Typist().feed([event for row in events for event in row])


def test_every_printable_character_can_be_typed() -> None:
    assert {letter for row in TYPED.values() for letter in row} == set(PRINTABLE)


def test_shift_caps_lock_and_a_held_key() -> None:
    assert typed(key(30, DOWN, HELD, HELD, UP)) == b"a"
    assert typed(key(42, DOWN), key(30, DOWN, UP), key(3, DOWN, UP), key(42, UP), key(30, DOWN, UP)) == b"A@a"
    assert typed(key(42, DOWN), key(54, DOWN), key(42, UP), key(30, DOWN), key(54, UP), key(30, DOWN)) == b"Aa"
    assert typed(key(58, DOWN, UP), key(30, DOWN), key(2, DOWN), key(42, DOWN), key(30, DOWN)) == b"A1a"
    assert typed(key(28, DOWN, UP), key(96, DOWN, UP), key(15, DOWN, UP)) == b"\r\r\r"


def test_letters_that_the_kernel_threw_away_leave_a_mark_and_no_shift_held() -> None:
    rows = (key(42, DOWN), key(30, DOWN, UP), [LOST], key(30, DOWN, UP), key(28, DOWN))
    records = Records().feed(b"".join(pack(event) for row in rows for event in row))
    assert Typist().feed(records) == f"A{SPOILED}a\r".encode()


@given(st.lists(st.integers(1, 200), max_size=20), st.integers(0, 10**6))
def test_records_in_any_pieces_are_the_same_events(codes: list[int], seed: int) -> None:
    rng = random.Random(seed)
    events = [Input(EV_KEY, code, rng.choice([UP, DOWN, HELD])) for code in codes]
    data = b"".join(pack(event) + pack(Input(0, 0, 0)) for event in events)
    records, found = Records(), []
    while data:
        cut = rng.randint(1, 2 * RECORD.size)
        found += records.feed(data[:cut])
        data = data[cut:]
    assert found == events
