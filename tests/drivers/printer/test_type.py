"""Setting type: lines break as they should, nothing is lost, and no picture spells a command."""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.printer.bands import bands, without_realtime
from drivers.printer.chinese import cells, encode, plain
from drivers.printer.wrap import CLOSING, OPENING, wrap, wrap_centred, wrap_labelled

CHINESE = "补领机动车号牌身份证原件未丢失的号牌工本费过号分钟内告诉工作人员即可，。；：（）《》“” ABC123-–·"


@given(st.text(CHINESE, max_size=80), st.integers(8, 48))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    for lines in (wrap(text, width, cells), wrap_centred(text, width, cells)):
        assert all(cells(line) <= width for line in lines if len(line) > 1)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "") or " · " in text


@given(
    st.lists(st.sampled_from(["补", "领，", "机", "动。", "（车", "号）", "《牌》", "证：", "“件”；"]), max_size=40),
    st.integers(16, 48),
)
def test_no_line_begins_or_ends_with_the_wrong_mark(parts: list[str], width: int) -> None:
    lines = wrap("".join(parts), width, cells)
    assert not any(line[0] in CLOSING for line in lines[1:])
    assert not any(line[-1] in OPENING for line in lines[:-1])


def test_numbers_dates_and_words_stay_whole() -> None:
    text = "请于 2026-11-22 10:42 到 421202-001 窗口，电话 0715-0000000"
    for width in range(14, 60):
        joined = "\n".join(wrap(text, width, cells))
        for whole in ("2026-11-22", "10:42", "421202-001", "0715-0000000"):
            assert whole in joined


def test_a_long_address_is_torn_because_nothing_else_is_possible() -> None:
    address = "https://status.example.org/t/" + "x" * 60
    assert "".join(wrap(address, 30, cells)) == address


def test_a_date_behind_a_long_label_goes_to_a_line_of_its_own() -> None:
    assert wrap_labelled(24, "2026-11-22 10:45:31 +08:00", 44, cells, 2) == (2, ["", "2026-11-22 10:45:31 +08:00"])


def test_a_value_behind_a_short_label_hangs_under_itself() -> None:
    assert wrap_labelled(8, "身份证原件；未丢失的号牌", 24, cells, 2) == (8, ["身份证原件；未丢", "失的号牌"])


def test_a_branch_and_its_service_are_parted_at_the_dot() -> None:
    text = "中心花坛邮政支局 · 警邮便民服务"
    assert wrap_centred(text, 32, cells) == [text]
    assert wrap_centred(text, 28, cells) == ["中心花坛邮政支局", "警邮便民服务"]


@given(st.text(max_size=60))
def test_bytes_decode_to_the_text_that_was_meant(text: str) -> None:
    for charset in ("gb2312", "gbk", "gb18030"):
        data = encode(text, charset)
        if data is not None:
            assert data.decode("gb18030") == plain(text)
            assert all(byte >= 0x20 for byte in data)


def test_marks_that_stand_alone_are_no_question_marks() -> None:
    """The faults of the usual library: full-width marks alone, a middle dot, an accent before hanzi."""
    for text in ("：", "￥12", "①", "·", "（", "…", "姓名"):
        data = encode(text, "gb2312")
        assert data is not None
        assert data.decode("gb18030") == text
        assert b"?" not in data


def test_what_gb2312_lacks_is_known() -> None:
    assert encode("䶮", "gb2312") is None
    assert encode("䶮", "gbk") == "䶮".encode("gb18030")
    assert encode("㛃", "gbk") is None
    assert encode("㛃", "gb18030") is not None


@given(st.binary(min_size=72 * 4, max_size=72 * 4))
def test_no_picture_spells_a_command(noise: bytes) -> None:
    calm = without_realtime(noise)
    wire = bytes(byte ^ 0xFF for byte in calm)
    assert not any(order in wire for order in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
    assert all(not ~before & 0xFF & ~(~after & 0xFF) for before, after in zip(noise, calm, strict=True)), (
        "a dot is lost"
    )


def test_a_picture_that_spells_many_commands_stays_nearly_the_same() -> None:
    white = bytes(byte ^ 0xFF for byte in b"\x10\x04\x01\x10\x05\x02\x10\x14\x01" * 8)
    changed = sum((a ^ b).bit_count() for a, b in zip(white, without_realtime(white), strict=True))
    assert changed == 24


def test_bands_are_small_enough_for_any_buffer() -> None:
    image = Image.effect_noise((576, 1000), 60).convert("1")
    made = bands(image, 96)
    assert len(made) == 11
    assert all(band[:4] == b"\x1dv0\x00" and band[6] + 256 * band[7] <= 128 for band in made)
    assert sum(band[6] + 256 * band[7] for band in made) == 1000
