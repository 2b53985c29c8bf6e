"""`kiosk sorry`: the calm page with a code that stands when core or screen cannot be kept up; it needs neither."""

import argparse
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import load
from kiosk.domain.errors import Broken, Refusal
from kiosk.wiring import places

if TYPE_CHECKING:
    from PIL import Image

CODES = {"core": "C1", "screen": "S1"}
"""What a person reads out to the technician; docs/operate/hardening.md says what each means."""
STANDS_S = 600
"""After so long the part is tried once more."""
REPAINT_S = 5.0
"""The kernel may write over the glass."""
PAPER, INK, QUIET = (246, 246, 242), (28, 32, 38), (96, 100, 106)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what fell and where to draw."""
    parser.add_argument("part", choices=sorted(CODES), help="what cannot be kept up")
    parser.add_argument("--framebuffer", type=Path, default=Path("/dev/fb0"), metavar="DEVICE", help="where to draw")
    parser.add_argument(
        "--facts", type=Path, default=Path("/sys/class/graphics/fb0"), metavar="DIR", help="what describes it"
    )
    parser.add_argument("--for", dest="stands_s", type=float, default=STANDS_S, metavar="S", help="how long it stands")


def run(args: argparse.Namespace) -> int:
    """Show the page, and end well after its time: the unit then starts the part again."""
    from drivers.framebuffer import Framebuffer

    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    code = CODES[args.part]
    # The text console shares the glass: wiped, without its cursor, and in words where no picture can be shown.
    print(f"\x1b[2J\x1b[H\x1b[?25l\n\n   Out of service. Please go to a counter.   {code}", flush=True)
    glass, rotation = Framebuffer(args.framebuffer, args.facts), _rotation(args.config)
    told = ""
    left_s = args.stands_s
    while left_s > 0 and not over.is_set():
        try:
            size = glass.size()
            turned = size if rotation in (0, 180) else (size[1], size[0])
            glass.show(page(turned, code).rotate(rotation, expand=True))
        except Broken as error:
            if str(error) != told:
                told = str(error)
                print(f"   {told}", flush=True)
        over.wait(min(REPAINT_S, left_s))
        left_s -= REPAINT_S
    return 0


def page(size: tuple[int, int], code: str) -> "Image.Image":
    """The page, `size` in pixels: every language, for nobody knows whose turn it was; the code small below."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(picture)
    width, height = size
    unit = min(width / 16, height / 14)
    lines: list[tuple[str, str, float, tuple[int, int, int]]] = []
    for language, scale in zip(places.LOCALES, (1.6, 1.0), strict=True):
        texts = places.texts(language, "screen")
        lines += [
            ("Bold", texts["screen.sorry"], scale, INK),
            ("Regular", texts["screen.sorry.where"], scale * 0.6, INK),
        ]
    lines.append(("Regular", code, 0.6, QUIET))
    heights = [scale * unit * 1.8 for _, _, scale, _ in lines]
    top = (height - sum(heights)) / 2
    for (weight, text, scale, colour), tall in zip(lines, heights, strict=True):
        file = str(places.font(weight))
        font = ImageFont.truetype(file, max(8, round(scale * unit)))
        wide = font.getlength(text)
        if wide > width * 0.9:
            font = ImageFont.truetype(file, max(8, int(scale * unit * width * 0.9 / wide)))
        draw.text((width / 2, top + tall / 2), text, colour, font, anchor="mm")
        top += tall
    return picture


def _rotation(config: Path | None) -> int:
    """Settings that cannot be read may be why this page stands."""
    try:
        return load(config).screen.rotation
    except Refusal:
        return 0
