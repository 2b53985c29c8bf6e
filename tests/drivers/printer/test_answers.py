"""Bytes from the printer, in any pieces and with any rubbish between them: sorted, never believed too far."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.answers import Answer, Auto, Barrier, Cleared, Info, Printed, Sorter, Status, kind

NORMAL = bytes((0x10, 0x00, 0x00, 0x00))
KNOWN: list[tuple[bytes, Answer]] = [
    (b"\x12", Status(0x12)),
    (b"\x16", Status(0x16)),
    (b"\x7e", Status(0x7E)),
    (NORMAL, Auto(NORMAL)),
    (b"\x18\x00\x0f\x00", Auto(b"\x18\x00\x0f\x00")),
    (b"\x00", Barrier(0)),
    (b"\x0c", Barrier(0x0C)),
    (b"\x37\x22@AbC\x00", Printed(b"@AbC")),
    (b"\x37\x25\x00", Cleared()),
    (b"\x5fCHINA GB2312\x00", Info("CHINA GB2312")),
]


def test_each_answer_is_known_by_its_pattern() -> None:
    for data, answer in KNOWN:
        assert Sorter().feed(data) == [answer]


@given(st.lists(st.sampled_from(KNOWN), max_size=20), st.lists(st.integers(1, 7)))
def test_pieces_of_any_size_give_the_same_answers(parts: list[tuple[bytes, Answer]], sizes: list[int]) -> None:
    data = b"".join(part for part, _ in parts)
    sorter = Sorter()
    found: list[Answer] = []
    while data:
        size = sizes.pop() if sizes else 3
        found += sorter.feed(data[:size])
        data = data[size:]
    assert found == [answer for _, answer in parts]


@given(st.binary(max_size=400))
def test_rubbish_never_stops_it(data: bytes) -> None:
    sorter = Sorter()
    sorter.feed(data)
    sorter.silence()
    assert sorter.feed(b"\x12") == [Status(0x12)]


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_no_rubbish_is_a_process_id_unless_its_block_was_there(data: bytes, mark: bytes) -> None:
    answers = Sorter().feed(data)
    if Printed(mark) in answers:
        assert b"\x37\x22" in data
        assert mark + b"\x00" in data


def test_status_and_flow_bytes_may_come_in_the_middle_of_a_report() -> None:
    """Real-time answers overtake; XON and XOFF stand anywhere on a serial line."""
    assert Sorter().feed(b"\x10\x00\x12\x11\x00\x13\x00") == [Status(0x12), Auto(NORMAL)]


def test_a_broken_report_does_not_swallow_the_next() -> None:
    assert Sorter().feed(b"\x10\x00" + NORMAL) == [Auto(NORMAL)]


def test_a_status_byte_before_the_mark_is_passed_over() -> None:
    """Some models put one into the block."""
    assert Sorter().feed(b"\x37\x22\x12@AbC\x00") == [Printed(b"@AbC")]


def test_a_block_that_never_ends_is_given_up() -> None:
    sorter = Sorter()
    sorter.feed(b"\x5f" + b"x" * 200)
    assert sorter.feed(b"\x12") == [Status(0x12)]


def test_every_byte_has_one_class() -> None:
    classes = Counter(kind(byte) for byte in range(256))
    assert classes == {"status": 16, "auto": 16, "plain": 64, "block": 2, "flow": 2, "junk": 156}
    assert [kind(byte) for byte in (0x12, 0x10, 0x00, 0x37, 0x5F, 0x11, 0x13)] == [
        "status", "auto", "plain", "block", "block", "flow", "flow",
    ]  # fmt: skip
