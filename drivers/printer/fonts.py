"""The kiosk's fonts and its mark for papers that are drawn as pictures, opened once for each size."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL import Image, ImageFont

from kiosk.domain.hanzi import rare

Weight = Literal["regular", "bold", "black"]


@dataclass(frozen=True)
class Fonts:
    """Font files by weight; `black` needs nothing but A-Z and 0-9. `logo`: a black picture on white, None for none.

    `names` has every hanzi, for texts with one that GB 2312 lacks: such a person's name must not become a box.
    """

    regular: Path
    bold: Path
    black: Path
    logo: Path | None = None
    names: Path | None = None
    _marks: dict[int, Image.Image] = field(default_factory=dict, compare=False, repr=False)
    _open: dict[tuple[Path, int], ImageFont.FreeTypeFont] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def under(cls, folder: Path) -> "Fonts":
        """The files of the folder assets/fonts, and the mark in assets/papers beside it."""
        regular, bold, black = (folder / f"NotoSansSC-{weight}.ttf" for weight in ("Regular", "Bold", "Black"))
        logo, names = folder.parent / "papers" / "logo.png", folder / "NotoSansSC-Names.ttf"
        return cls(regular, bold, black, logo if logo.is_file() else None, names if names.is_file() else None)

    def mark(self, side: int) -> Image.Image | None:
        """The mark, `side` dots high, in grey; None for none. Raises OSError where the file is no picture."""
        if self.logo is None:
            return None
        if side not in self._marks:
            with Image.open(self.logo) as file:
                grey = file.convert("L")
            width = max(1, round(grey.width * side / grey.height))
            self._marks[side] = grey.resize((width, side), Image.Resampling.LANCZOS)
        return self._marks[side]

    def face(self, weight: Weight, size: int, text: str = "") -> ImageFont.FreeTypeFont:
        """A font at a size in dots that has this text; raises OSError where the file is missing or no font."""
        path = {"regular": self.regular, "bold": self.bold, "black": self.black}[weight]
        if self.names is not None and rare(text):
            path = self.names
        if (path, size) not in self._open:
            self._open[path, size] = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        return self._open[path, size]
