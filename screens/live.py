"""A camera's picture on the glass: a file that core writes again and again, looked at a few times a second."""

import os
import re
from pathlib import Path
from typing import Any

from kivy.graphics import Rectangle
from kivy.graphics.texture import Texture

from screens.draw import Rect

STEP_S = 0.2
LARGEST = 1_000_000
"""Bytes of a picture; core's are a fifteenth of it."""
_HEAD = re.compile(rb"P5\n(\d{1,4}) (\d{1,4})\n255\n")


class Live:
    """One such picture within `rect`, whole; nothing is drawn until there is one. `height` is the window's."""

    def __init__(self, path: str, rect: Rect, height: float) -> None:
        self._path, self._rect, self._height = Path(path), rect, height
        self._mark: tuple[int, int] | None = None
        self._texture: Any = None
        self._shape = Rectangle(pos=(0, 0), size=(0, 0))

    def refresh(self) -> None:
        """Take the newest picture, if there is another one; one that is gone or broken leaves what there was."""
        found = self._read()
        if found is None:
            return
        wide, tall, pixels = found
        if self._texture is None or tuple(self._texture.size) != (wide, tall):
            self._texture = Texture.create(size=(wide, tall), colorfmt="luminance")
            self._texture.flip_vertical()
            share = min(self._rect.w / wide, self._rect.h / tall)
            self._shape.size = (wide * share, tall * share)
            left, top = (
                self._rect.x + (self._rect.w - wide * share) / 2,
                self._rect.y + (self._rect.h - tall * share) / 2,
            )
            self._shape.pos = (left, self._height - top - tall * share)
        self._texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
        self._shape.texture = None  # the same texture again would be no change, and nothing would be drawn
        self._shape.texture = self._texture

    def _read(self) -> tuple[int, int, bytes] | None:
        try:
            with self._path.open("rb") as file:
                known = os.fstat(file.fileno())
                if self._mark == (known.st_ino, known.st_mtime_ns):
                    return None
                data = file.read(LARGEST)
        except OSError:
            return None
        self._mark = (known.st_ino, known.st_mtime_ns)
        head = _HEAD.match(data)
        if head is None:
            return None
        wide, tall = int(head[1]), int(head[2])
        pixels = data[head.end() :]
        return (wide, tall, pixels) if wide and tall and len(pixels) == wide * tall else None
