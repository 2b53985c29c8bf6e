"""A citizen's ticket comes out: few bytes, the right Chinese, a code that phones read, and the printer says so."""

from itertools import groupby

import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.printer import EscposPrinter
from drivers.printer.profile import Mode, Profile
from drivers.sim.printer import SimPrinter
from kiosk.domain.health import Ready
from kiosk.domain.paper import Labelled, Paper, Text
from kiosk.domain.papers import Papers
from kiosk.domain.printing import Printed
from tests.drivers.printer.world import STATUS_URL, TICKET, Connect, Start, Ticket


def test_it_is_printed_once_and_the_printer_confirms_it(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket
) -> None:
    assert printer.print_paper("job", ticket("B012")) == Printed("process-id")
    assert printer.health() == Ready()
    assert [paper.n for paper in sim.papers] == [1]


def test_a_chinese_ticket_with_a_code_fits_into_1500_bytes(
    printer: EscposPrinter, sim: SimPrinter, ticket: Ticket
) -> None:
    printer.print_paper("job", ticket("B012"))
    assert printer.bytes_sent <= 1500
    assert len(sim.wait_for_paper(1).data) <= 1500


def test_the_chinese_bytes_are_the_text_that_was_meant(printer: EscposPrinter, sim: SimPrinter, ticket: Ticket) -> None:
    """The bytes on the wire, decoded by a codec and not by our simulator."""
    printer.print_paper("job", ticket("B012"))
    head = b"\x1dv0\x00\x06\x00\x30\x00"  # the mark, 48 x 48 dots
    before, after = sim.wait_for_paper(1).data.split(head)
    text = (before + after[6 * 48 :]).decode("gb18030", "ignore")
    for meant in (
        "中心花坛邮政支局",
        "·",
        "补领机动车号牌",
        "请带好：",
        "身份证原件；未丢失的号牌",
        "100 元（一副）",
        "过号：",
    ):
        assert meant in text
    assert "?" not in text


@pytest.mark.parametrize("mode", ["native", "raster"])
@pytest.mark.parametrize("profile", ["generic-80", "generic-58", "snbc-btp", "epson-tm-t88"])
def test_the_code_on_the_paper_is_read_by_two_other_programs(
    start: Start, connect: Connect, ticket: Ticket, mode: str, profile: str
) -> None:
    width = {"generic-58": 384, "epson-tm-t88": 512}.get(profile, 576)
    sim = start(width=width)
    outcome = connect(sim.url, profile, mode).print_paper("job", ticket("B012"))
    assert isinstance(outcome, Printed)
    with Image.open(sim.wait_for_paper(1).png) as picture:
        assert picture.width == width
        assert [read.text for read in zxingcpp.read_barcodes(picture.convert("L"))] == [STATUS_URL]
        assert [read.data.decode() for read in pyzbar.decode(picture.convert("L"))] == [STATUS_URL]
    assert sim.body.press.unknown == []


@pytest.mark.parametrize(("profile", "width"), [("generic-80", 576), ("generic-58", 384)])
@pytest.mark.parametrize("mode", ["native", "raster"])
@pytest.mark.parametrize("label", ["B012", "A1000"])
def test_the_number_is_at_least_15_mm_high(
    start: Start, connect: Connect, papers: Papers, profile: str, width: int, mode: str, label: str
) -> None:
    sim = start(width=width)
    without_code = papers.compose("ticket", TICKET | {"label": label, "status_url": None}, "zh")
    connect(sim.url, profile, mode).print_paper("job", without_code)
    with Image.open(sim.wait_for_paper(1).png) as picture:
        ink = picture.convert("L").point([1] + [0] * 255)
        rows = [ink.crop((0, y, width, y + 1)).getbbox() is not None for y in range(ink.height)]
    heights = [len(list(run)) for black, run in groupby(rows) if black]
    assert 15 * 8 <= max(heights) <= 22 * 8


def test_a_character_that_the_printer_lacks_is_drawn(connect: Connect, sim: SimPrinter) -> None:
    """㛃 is in names and in no GB 2312 font: its line goes as a picture, no '?' is printed."""
    paper = Paper("slip", (Text("到窗口"), Labelled("申请人：", "㛃*"), Text("请叫工作人员")))
    assert isinstance(connect(sim.url).print_paper("job", paper), Printed)
    done = sim.wait_for_paper(1)
    assert b"\x1dv0" in done.data
    assert "㛃".encode("gb18030") not in done.data
    assert done.text.split() == ["到窗口", "请叫工作人员"]


def test_what_is_drawn_of_a_rare_name_is_the_name_and_no_box(profile: Profile, fonts: Fonts) -> None:
    names = "㛃䶮𬭎𫍽"
    modes: tuple[Mode, ...] = ("native", "raster")
    for mode in modes:
        papers = {
            name: encode(Paper("slip", (Labelled("申请人：", f"{name}*"),)), profile, mode, fonts).data
            for name in names
        }
        assert len(set(papers.values())) == len(names), mode


def test_a_serial_printer_prints_too(start: Start, connect: Connect, ticket: Ticket) -> None:
    sim = start("pty")
    assert connect(sim.url).print_paper("job", ticket("B012")) == Printed("process-id")
    assert "补领机动车号牌" in sim.wait_for_paper(1).text


def test_control_characters_never_reach_the_printer(connect: Connect, sim: SimPrinter) -> None:
    paper = Paper("slip", (Text("a\x1b@\x10\x05\x02\x1dV\x00b"),))
    connect(sim.url).print_paper("job", paper)
    done = sim.wait_for_paper(1)
    assert len(sim.papers) == 1
    assert b"\x1dV\x00" not in done.data
    assert b"\x10\x05" not in done.data
