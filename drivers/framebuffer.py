"""The kernel's framebuffer: puts a picture on the glass when nothing else draws there any more."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from kiosk.domain.errors import Broken

LAYOUTS = {32: "BGRX", 24: "BGR"}
"""How Pillow names the bytes of a pixel by its bits; DRM's emulation of /dev/fb0 is XRGB8888, or RGB565 (16 bits)."""
LARGEST = 16_384


@dataclass(frozen=True)
class Framebuffer:
    """`device` such as /dev/fb0; `facts` the folder in which the kernel describes it, e.g. /sys/class/graphics/fb0."""

    device: Path
    facts: Path

    def size(self) -> tuple[int, int]:
        """Width and height in pixels; Broken says what to look at."""
        try:
            width, height = (int(word) for word in (self.facts / "virtual_size").read_text("ascii").split(","))
        except (OSError, ValueError) as error:
            raise Broken(f"the display's size cannot be read ({self.facts}); check the cable of the panel") from error
        if not (0 < width <= LARGEST and 0 < height <= LARGEST):
            raise Broken(f"the display says that it is {width} x {height}; check the cable of the panel")
        return width, height

    def show(self, picture: Image.Image) -> None:
        """Fill the glass with a picture of its size; Broken says what to look at."""
        width, height = self.size()
        try:
            bits = int((self.facts / "bits_per_pixel").read_text("ascii"))
            stride = int((self.facts / "stride").read_text("ascii"))
        except (OSError, ValueError) as error:
            raise Broken(f"the display's form cannot be read ({self.facts}); check the cable of the panel") from error
        if bits not in (*LAYOUTS, 16) or stride < width * bits // 8 or picture.size != (width, height):
            raise Broken(f"the display takes {bits} bits a pixel in lines of {stride} bytes, which is not known here")
        colours = picture.convert("RGB")
        lines = _narrow(colours, stride) if bits == 16 else colours.tobytes("raw", LAYOUTS[bits], stride)
        try:
            with self.device.open("r+b", buffering=0) as glass:
                glass.write(lines)
        except OSError as error:
            raise Broken(
                f"{self.device} cannot be written ({error.strerror}); check the rights of its group"
            ) from error


def _narrow(picture: Image.Image, stride: int) -> bytes:
    """RGB565, little-endian."""
    red, green, blue = np.moveaxis(np.asarray(picture, dtype=np.uint16), 2, 0)
    lines = np.zeros((picture.height, stride // 2), dtype="<u2")
    lines[:, : picture.width] = (red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3
    return lines.tobytes()
