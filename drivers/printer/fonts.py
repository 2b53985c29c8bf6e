"""The kiosk's fonts for papers that are drawn as pictures, opened once for each size."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL import ImageFont

Weight = Literal["regular", "bold", "black"]


@dataclass(frozen=True)
class Fonts:
    """Font files by weight; `black` needs nothing but A-Z and 0-9."""

    regular: Path
    bold: Path
    black: Path
    _open: dict[tuple[Weight, int], ImageFont.FreeTypeFont] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def under(cls, folder: Path) -> "Fonts":
        """The three files of the folder assets/fonts."""
        regular, bold, black = (folder / f"NotoSansSC-{weight}.ttf" for weight in ("Regular", "Bold", "Black"))
        return cls(regular, bold, black)

    def face(self, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
        """A font at a size in dots; raises OSError where the file is missing or no font."""
        key = (weight, size)
        if key not in self._open:
            path = {"regular": self.regular, "bold": self.bold, "black": self.black}[weight]
            self._open[key] = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        return self._open[key]
