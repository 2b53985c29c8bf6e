"""What one message means: AIM prefix, replies, text in two encodings, and the three ways to be unusable."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner import aim, commands, text
from drivers.scanner.framing import Message
from drivers.scanner.message import GM6X_REPLY, interpret
from kiosk.domain.errors import Refusal
from kiosk.domain.scan import Scan

SETS = Path(__file__).parents[3] / "assets" / "scanners"
COMMON = [bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)]


def read(data: bytes, model: str = "generic") -> Scan | None:
    return interpret(Message(data, len(data)), commands.load(SETS, model).replies)


def han(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(COMMON, k=length))


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("]C0", "Code128"), ("]C1", "Code128"), ("]A0", "Code39"), ("]I1", "ITF"), ("]E0", "EAN13"), ("]E4", "EAN8"),
        ("]Q1", "QRCode"), ("]d2", "DataMatrix"), ("]L2", "PDF417"), ("]z0", "Aztec"), ("]X0", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_aim_prefix_becomes_the_symbology(prefix: str, name: str) -> None:
    assert read(prefix.encode() + b"A1234") == Scan("A1234", 5, name)


def test_only_a_real_aim_prefix_is_taken_off() -> None:
    for other in (b"]", b"]]C0", b"]Y1abc", b"]C", b"x]C0"):
        assert aim.split(other) == ("", other)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 8, 20])
def test_chinese_in_utf8_and_gb18030_comes_out_as_written(length: int) -> None:
    rng = random.Random(length)
    for _ in range(2000):
        written = han(rng, length)
        assert text.decode(written.encode("utf-8")) == written
        if length > 1:  # one lone GBK character may pass as UTF-8, and no name has one character
            assert text.decode(written.encode("gb18030")) == written


def test_mixed_lines_plates_and_rare_characters_come_out_as_written() -> None:
    for written in ("鄂L·7K3B9|中心花坛|2026", "䶮", "𠅤𠅤某", "①￥12：", "José García", "Иван", "plain ASCII"):
        assert text.decode(written.encode("utf-8")) == written
    assert text.decode("鄂L7K3B9|中心花坛".encode("gb18030")) == "鄂L7K3B9|中心花坛"
    assert text.decode("\ufeffA1".encode()) == "A1"


def test_broken_utf8_is_never_shown_as_other_hanzi() -> None:
    rng = random.Random(7)
    for length in (3, 4, 8, 20):
        for _ in range(500):
            data = bytearray(han(rng, length).encode())
            assert text.decode(bytes(data[: -rng.choice((1, 2))])) is None
            data[rng.randrange(len(data))] = 0xFF
            assert text.decode(bytes(data)) is None


def test_the_three_faults_carry_no_text() -> None:
    assert read(b"\xff\xfe\xfd\x80") == Scan(None, 4, fault="undecodable")
    assert read(b"]Q1AB\x1b[2J") == Scan(None, 6, "QRCode", "control")
    assert read("A\u202e1".encode()) == Scan(None, 5, fault="control")
    assert interpret(Message(b"", 65536, too_long=True)) == Scan(None, 65536, fault="too-long")


def test_the_gm6x_reply_comes_off_whatever_the_model() -> None:
    assert read(GM6X_REPLY + b"6901234567892") == Scan("6901234567892", 13)
    assert read(GM6X_REPLY) is None
    assert read(b"\x00\x00" + GM6X_REPLY + GM6X_REPLY + b"]C0A1") == Scan("A1", 2, "Code128")


@pytest.mark.parametrize(
    ("model", "reply"),
    [
        ("newland", b"\x02\x010000#SCNTRG1\x06;\x03"),
        ("honeywell", b"TRGMOD0\x06."),
        ("zebra", bytes.fromhex("04D00000FF2C")),
        ("rakinda", GM6X_REPLY),
    ],
)
def test_replies_of_each_maker_come_off(model: str, reply: bytes) -> None:
    assert read(reply, model) is None
    assert read(reply + b"A012", model) == Scan("A012", 4)


def test_every_command_set_says_what_its_maker_documents() -> None:
    assert commands.load(SETS, "honeywell").start == b"\x16T\r"
    assert commands.load(SETS, "newland").stop == b"~\x010000#SCNTRG0;\x03"
    assert commands.load(SETS, "rakinda").start == bytes.fromhex("7E000801000201ABCD")
    assert commands.load(SETS, "generic") == commands.Commands()
    ssi = commands.load(SETS, "zebra")
    for packet in (ssi.start, ssi.stop, ssi.beep):
        assert packet[0] == len(packet) - 2
        assert (sum(packet[:-2]) + int.from_bytes(packet[-2:], "big")) & 0xFFFF == 0


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="generic, honeywell, newland, rakinda, zebra"):
        commands.load(SETS, "acme")


@pytest.mark.parametrize("wrong", ["strat = '16'", "start = 'xy'", "replies = 'x'", "replies = ['[']", "start ="])
def test_a_wrong_command_set_is_refused(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text(wrong)
    with pytest.raises(Refusal, match="is no command set"):
        commands.load(tmp_path, "odd")


@given(st.binary(max_size=300))
def test_any_bytes_give_text_without_controls_or_a_fault(data: bytes) -> None:
    scan = read(data)
    if scan is None:
        return
    assert (scan.text is None) == bool(scan.fault)
    if scan.text is not None:
        assert scan.text
        assert not text.has_control(scan.text)
        assert scan.text not in repr(scan) or len(scan.text) < 3
