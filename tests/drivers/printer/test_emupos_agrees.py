"""Our papers as another program prints them: the same dots, no command that it does not know, the code read back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageOps

from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.measured import Measured, store
from drivers.printer.opening import load_profile, open_printer
from drivers.sim.printer_render import render
from kiosk.domain.papers import Papers
from kiosk.domain.printing import Printed
from tests.drivers.printer import emupos

WIDTHS = {576: "xprinter-xp80", 384: "generic-58"}
KINDS = ("ticket", "receipt", "slip", "test")


@pytest.fixture(scope="module")
def judge(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[emupos.Emupos]:
    try:
        program = emupos.command(tree)
    except emupos.NotHere as why:
        pytest.skip(f"emupos is not here: {why}")
    with emupos.Emupos(program, tmp_path_factory.mktemp("emupos"), tuple(WIDTHS)) as running:
        yield running


@pytest.mark.parametrize("width", WIDTHS)
def test_the_same_dots_and_no_unknown_command(
    judge: emupos.Emupos, assets: Path, fonts: Fonts, papers: Papers, tmp_path: Path, width: int
) -> None:
    """A roll without GS ( H, as clones have it; the answer to GS r confirms each paper."""
    samples = json.loads((assets / "papers" / "samples.json").read_text("utf-8"))
    profile, url = load_profile(assets, WIDTHS[width]), judge.urls[width]
    store(tmp_path, Measured(url, profile.name, "", (1, 2, 3, 4), barrier=True, auto_status=True))
    for number, kind in enumerate(KINDS, 1):
        paper = papers.compose(kind, samples[kind]["zh"], "zh")
        printer = open_printer(url, profile.name, "raster", assets, state=tmp_path)
        try:
            assert printer.print_paper(kind, paper) == Printed("barrier")
        finally:
            printer.close()
        ours = render(encode(paper, profile, "raster", fonts).data, fonts.regular, width)[0][0]
        with Image.open(judge.receipt(width, number)) as picture:
            theirs = picture.convert("1")
        assert theirs.width == width
        assert inked(theirs).tobytes() == inked(ours.convert("1")).tobytes(), f"{kind} at {width} dots differs"
        if kind != "slip":
            assert len(zxingcpp.read_barcodes(theirs.convert("L"))) == 1
    assert "printer.command.unknown" not in judge.events


def test_the_judge_sees_a_wrong_dot(judge: emupos.Emupos, fonts: Fonts) -> None:
    """The comparison can fail."""
    with Image.open(judge.receipt(576, 1)) as picture:
        other = picture.convert("1")
    before = inked(other).tobytes()
    other.putpixel((40, 40), 0 if other.getpixel((40, 40)) else 255)
    assert inked(other).tobytes() != before


def inked(picture: Image.Image) -> Image.Image:
    """Without the empty paper below the last dot, which emupos does not draw before a cut."""
    box = ImageOps.invert(picture.convert("L")).getbbox()
    return picture.crop((0, 0, picture.width, box[3] if box else 0))
