"""Draws a paper as a 1-bit picture, dot for dot as wide as the printer's head, in the kiosk's own type."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from drivers.printer import matrix
from drivers.printer.fonts import Fonts, Weight
from drivers.printer.profile import Profile
from drivers.printer.wrap import wrap, wrap_centred, wrap_labelled
from kiosk.domain.paper import Ends, Facts, Gap, Head, Labelled, Line, Number, Paper, Qr, Rule, Ruler, Size, Text

WHITE, BLACK = 255, 0
TALLEST = 6000
"""Dots; 75 cm of paper. No paper of ours comes near it."""
SIZES: dict[Size, float] = {"small": 2.8, "body": 3.6, "lead": 4.2, "title": 5.0}
"""Type size in mm; hanzi are nearly as high as that."""
LABELLED, CAPTION = 3.5, 3.0
NUMBER_CAP = 15.6
"""Height of the number's digits in mm: at least 15, which an arm's length away reads like a headline."""
CAP = 0.733
"""Height of a capital letter of this font, as a part of its size."""
LEADING = 1.45
QR_SIDE = 22.0
RULE_DOTS = 3
MARK = 8.0
"""Height of the branch's mark, in mm."""


@dataclass(frozen=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    weight: Weight = "regular"


class Sheet:
    """A growing sheet of paper: each method sets one thing and moves down."""

    def __init__(self, profile: Profile, fonts: Fonts, margin_mm: float) -> None:
        self.profile = profile
        self.fonts = fonts
        self.margin = profile.dots(margin_mm)
        self.inner = profile.width - 2 * self.margin
        self.image = Image.new("L", (profile.width, TALLEST), WHITE)
        self.draw = ImageDraw.Draw(self.image)
        self.y = 0

    def down(self, dots: int) -> None:
        """Leave paper empty."""
        self.y = min(TALLEST - 1, self.y + dots)

    def finished(self) -> Image.Image:
        """The sheet as far as it is used, black and white."""
        used = self.image.crop((0, 0, self.profile.width, max(1, self.y)))
        return used.point([WHITE if value > 128 else BLACK for value in range(256)]).convert("1")

    def face(self, weight: Weight, mm: float, text: str = "") -> ImageFont.FreeTypeFont:
        """A font of a size in mm that has this text."""
        return self.fonts.face(weight, self.profile.dots(mm), text)

    def paragraph(self, line: Text) -> None:
        """A wrapped text."""
        mm = SIZES[line.size]
        weight: Weight = "bold" if line.bold else "regular"
        face = self.face(weight, mm, line.text)
        breaks = wrap_centred if line.align == "centre" else wrap
        for text in breaks(line.text, self.inner, face.getlength):
            free = self.inner - face.getlength(text)
            left = {"left": 0.0, "centre": free / 2, "right": free}[line.align]
            self.row([(left, Run(text, weight))], mm)

    def head(self, line: Head) -> None:
        """The mark, and the text beside it; both in the middle of the paper."""
        mm = SIZES["body"]
        face, step = self.face("regular", mm, line.text), self.profile.dots(mm * LEADING)
        mark = self.fonts.mark(self.profile.dots(MARK))
        room = mark.width + self.profile.dots(2.0) if mark else 0
        texts = wrap_centred(line.text, self.inner - room, face.getlength)
        widest = max(face.getlength(text) for text in texts)
        left = self.margin + round((self.inner - room - widest) / 2)
        high = max(mark.height if mark else 0, len(texts) * step)
        if mark:
            self.image.paste(mark, (left, self.y + (high - mark.height) // 2))
        for n, text in enumerate(texts):
            baseline = self.y + (high - len(texts) * step) // 2 + n * step + round(step * 0.72)
            self.draw.text((left + room, baseline), text, BLACK, face, anchor="ls")
        self.down(high)

    def row(self, placed: Sequence[tuple[float, Run]], mm: float) -> None:
        """One line of runs at their distances from the left margin."""
        step = self.profile.dots(mm * LEADING)
        baseline = self.y + round(step * 0.72)
        for left, run in placed:
            at = (self.margin + round(left), baseline)
            self.draw.text(at, run.text, BLACK, self.face(run.weight, mm, run.text), anchor="ls")
        self.down(step)

    def number(self, label: str) -> None:
        """The label in the heaviest type, pressed together only where the paper is too narrow for its height."""
        mm = NUMBER_CAP / CAP
        face = self.face("black", mm)
        box = face.getbbox(label, anchor="ls")
        width, height = round(box[2] - box[0]), round(box[3] - box[1])
        ink = Image.new("L", (max(1, width), max(1, height)), WHITE)
        ImageDraw.Draw(ink).text((-box[0], -box[1]), label, BLACK, face, anchor="ls")
        if width > self.inner:
            ink = ink.resize((self.inner, height), Image.Resampling.LANCZOS)
        self.down(self.profile.dots(3.5))
        self.image.paste(ink, ((self.profile.width - ink.width) // 2, self.y))
        self.down(height + self.profile.dots(3.0))

    def labelled(self, line: Labelled) -> None:
        """A bold label, its value beside it, the value's other lines under the first."""
        bold, face = self.face("bold", LABELLED), self.face("regular", LABELLED, line.value)
        label = bold.getlength(line.label)
        hang, rows = wrap_labelled(label, line.value, self.inner, face.getlength, self.profile.dots(LABELLED))
        self.row([(0, Run(line.label, "bold")), (label, Run(rows[0]))], LABELLED)
        for text in rows[1:]:
            self.row([(hang, Run(text))], LABELLED)

    def ends(self, line: Ends) -> None:
        """A text at each edge, or one under the other."""
        mm = SIZES[line.size]
        face = self.face("regular", mm, line.left + line.right)
        right = self.inner - face.getlength(line.right)
        if right - face.getlength(line.left) < self.profile.dots(2.0):
            self.paragraph(Text(line.left, line.size))
            self.paragraph(Text(line.right, line.size, align="right"))
        else:
            self.row([(0, Run(line.left)), (right, Run(line.right))], mm)

    def facts(self, line: Facts) -> None:
        """Facts spread over the width, or one under the other."""
        mm = SIZES["body"]
        sets = [[Run(fact.before), Run(fact.value, "bold"), Run(fact.after)] for fact in line.facts]
        widths = [sum(self.face(run.weight, mm, run.text).getlength(run.text) for run in runs) for runs in sets]
        free = self.inner - sum(widths)
        if len(sets) > 1 and free < self.profile.dots(4.0) * len(sets):
            for runs, width in zip(sets, widths, strict=True):
                self.row(self._placed(runs, (self.inner - width) / 2, mm), mm)
            return
        placed: list[tuple[float, Run]] = []
        left = gap = free / (len(sets) + 1)
        for runs, width in zip(sets, widths, strict=True):
            placed += self._placed(runs, left, mm)
            left += width + gap
        self.row(placed, mm)

    def _placed(self, runs: Sequence[Run], left: float, mm: float) -> list[tuple[float, Run]]:
        placed = []
        for run in runs:
            placed.append((left, run))
            left += self.face(run.weight, mm, run.text).getlength(run.text)
        return placed

    def rule(self) -> None:
        """A line across."""
        self.down(self.profile.dots(1.2))
        self.draw.rectangle(
            (self.margin, self.y, self.profile.width - self.margin - 1, self.y + RULE_DOTS - 1), fill=BLACK
        )
        self.down(RULE_DOTS + self.profile.dots(1.2))

    def qr(self, line: Qr) -> None:
        """A code in the middle with its quiet zone, and its caption."""
        rows = matrix.modules(line.payload)
        dots = matrix.module_dots(len(rows), self.profile.width, self.profile.dots(QR_SIDE))
        code = matrix.draw(rows, dots)
        self.down(matrix.QUIET * dots)
        self.image.paste(code.convert("L"), ((self.profile.width - code.width) // 2, self.y))
        self.down(code.height + matrix.QUIET * dots - self.profile.dots(0.8))
        if line.caption:
            face = self.face("regular", CAPTION)
            for text in wrap_centred(line.caption, self.inner, face.getlength):
                self.row([((self.inner - face.getlength(text)) / 2, Run(text))], CAPTION)

    def ruler(self) -> None:
        """A millimetre scale from the left edge of the head to the right one, and bars from white to black."""
        per_mm = self.profile.dots_per_mm
        face = self.face("regular", 2.2)
        for mm in range(int(self.profile.width / per_mm) + 1):
            long = 4.0 if mm % 10 == 0 else 2.8 if mm % 5 == 0 else 1.6
            x = min(self.profile.width - 1, round(mm * per_mm))
            self.draw.line((x, self.y, x, self.y + self.profile.dots(long)), fill=BLACK)
            if mm % 10 == 0 and 0 < x < self.profile.width - 24:
                self.draw.text((x + 3, self.y + self.profile.dots(4.4)), str(mm), BLACK, face, anchor="ls")
        self.down(self.profile.dots(6.0))
        grey = Image.linear_gradient("L").rotate(90).resize((self.inner, self.profile.dots(5.0)))
        self.image.paste(grey.convert("1").convert("L"), (self.margin, self.y))
        self.down(self.profile.dots(7.0))


def margin_mm(profile: Profile) -> float:
    """White at each side: 4 mm on wide paper, 1 mm on narrow, where every millimetre is needed."""
    return 4.0 if profile.width / profile.dots_per_mm > 60 else 1.0


def draw_paper(paper: Paper, profile: Profile, fonts: Fonts) -> Image.Image:
    """Draw a whole paper, with a little white above; the feed to the cutter is not part of it."""
    sheet = Sheet(profile, fonts, margin_mm(profile))
    sheet.down(profile.dots(2.0))
    for line in paper.lines:
        draw_line(sheet, line)
    return sheet.finished()


def draw_alone(line: Line, profile: Profile, fonts: Fonts, margin: float = 0.0) -> Image.Image:
    """Draw one line of a paper by itself, for papers that are otherwise the printer's own text."""
    sheet = Sheet(profile, fonts, margin)
    draw_line(sheet, line)
    return sheet.finished()


def draw_line(sheet: Sheet, line: Line) -> None:
    """Draw one line where the sheet is."""
    match line:
        case Head():
            sheet.head(line)
        case Text():
            sheet.paragraph(line)
        case Number(label=label):
            sheet.number(label)
        case Labelled():
            sheet.labelled(line)
        case Ends():
            sheet.ends(line)
        case Facts():
            sheet.facts(line)
        case Rule():
            sheet.rule()
        case Gap(mm=mm):
            sheet.down(sheet.profile.dots(mm))
        case Ruler():
            sheet.ruler()
        case Qr():
            sheet.qr(line)
