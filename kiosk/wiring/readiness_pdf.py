"""Writes the readiness report as a PDF, drawn in the kiosk's own font."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.ops.files import settle_folder
from kiosk.ops.readiness import Readiness

PAGE = (1240, 1754)
"""A4 at 150 dots an inch."""
_MARGIN, _LINE, _SIZE = 100, 38, 24


def write_pdf(made: Readiness, file: Path, font: Path) -> None:
    """Write it whole or not at all; Refusal says why it cannot be written."""
    from PIL import Image, ImageDraw, ImageFont

    face = ImageFont.truetype(font, _SIZE)
    room = (PAGE[1] - 2 * _MARGIN) // _LINE
    lines = [part for line in made.lines() for part in _wrapped(line, face.getlength)]
    sheets = []
    for at in range(0, len(lines), room):
        sheet = Image.new("L", PAGE, 255)
        pen = ImageDraw.Draw(sheet)
        for row, line in enumerate(lines[at : at + room]):
            pen.text((_MARGIN, _MARGIN + row * _LINE), line, fill=0, font=face)
        sheets.append(sheet)
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("wb") as out:
            sheets[0].save(out, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
            out.flush()
            os.fsync(out.fileno())
            draft.replace(file)
            os.fsync(out.fileno())  # FAT gives a renamed file its size only with the file itself
        settle_folder(file.parent)  # whoever reads that it is done pulls the stick
    except OSError as error:
        draft.unlink(missing_ok=True)
        why = (error.strerror or str(error)).lower()
        raise Refusal(f"{file} cannot be written ({why}); give another file, or plug the stick in again") from error


def _wrapped(line: str, wide: Callable[[str], float]) -> Iterable[str]:
    room, part = PAGE[0] - 2 * _MARGIN, ""
    for letter in line:
        if part and wide(part + letter) > room:
            yield part
            part = "        "
        part += letter
    yield part
