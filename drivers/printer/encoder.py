"""A paper as the bytes of one print job, in the printer's own text or as a picture, and how long it takes."""

from dataclasses import dataclass

from drivers.printer import commands, escpos_bytes
from drivers.printer.bands import bands
from drivers.printer.fonts import Fonts
from drivers.printer.native import Script
from drivers.printer.profile import Mode, Profile
from drivers.printer.raster import draw_paper
from kiosk.domain.paper import Paper

CUT_S = 0.5
"""What a cutter takes."""


@dataclass(frozen=True)
class Job:
    """One paper, ready to be sent. Between `parts` another command does no harm; the last one cuts."""

    parts: tuple[bytes, ...]
    length_mm: float

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"".join(self.parts)

    def seconds(self, profile: Profile) -> float:
        """How long the slowest printer of this profile needs for the paper and the cut."""
        return self.length_mm / profile.speed_mm_s + CUT_S


def encode(paper: Paper, profile: Profile, mode: Mode, fonts: Fonts, *, beep: bool = False) -> Job:
    """Make the job for a paper: initialise, lines, feed, cut, and two beeps for somebody who turned away already.

    Raises OSError where a font file is missing.
    """
    parts = [commands.INITIALISE]
    if profile.motion_units:
        parts[0] += commands.MOTION_UNITS_203
    if mode == "raster":
        image = draw_paper(paper, profile, fonts)
        parts += bands(image, profile.band)
        dots = image.height
    else:
        script = Script(profile, fonts)
        for line in paper.lines:
            script.line(line)
        parts.append(script.written())
        dots = script.dots
    end = profile.dots(profile.feed_mm)
    cut = b"" if profile.cut == "none" else escpos_bytes.cut(profile.cut)
    parts.append(commands.feed(end) + cut + (commands.BEEP[profile.buzzer] if beep else b""))
    return Job(tuple(parts), (dots + end) / profile.dots_per_mm)
