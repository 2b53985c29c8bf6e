"""Our Chinese bytes are those of another program (npm's receiptline) for the same lines."""

from pathlib import Path

import pytest

from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.opening import load_profile
from drivers.printer.wrap import wrap
from kiosk.domain.paper import Paper, Text

GOLDEN = Path(__file__).parent / "golden" / "receiptline.txt"
LINES = [
    (bytes.fromhex(line.partition(" ")[0]), line.partition(" ")[2]) for line in GOLDEN.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("profile", ["epson-tm-t82", "xprinter-xp80"])
def test_each_line_is_written_as_receiptline_writes_it(assets: Path, fonts: Fonts, profile: str) -> None:
    """`make nightly` makes the golden bytes anew and compares."""
    assert len(LINES) > 80
    model = load_profile(assets, profile)
    for wanted, text in LINES:
        if wrap(text, 44, lambda part: sum(1 if char.isascii() else 2 for char in part)) != [text]:
            continue
        data = encode(Paper("slip", (Text(text),)), model, "native", fonts).data
        assert b"  " + wanted + b"\n" in data, text
        assert b"\x1c&" in data[: data.index(wanted)], "Kanji mode is on before"
