"""Cuts a picture into GS v 0 bands that any clone can buffer, free of bytes that a printer would obey."""

from PIL import Image

from drivers.printer import escpos_bytes


def bands(image: Image.Image, lines: int) -> list[bytes]:
    """A 1-bit picture as commands of at most `lines` lines each."""
    calm = Image.frombytes("1", image.size, without_realtime(image.tobytes()))
    tops = range(0, calm.height, lines)
    return [escpos_bytes.picture(calm.crop((0, top, calm.width, min(top + lines, calm.height)))) for top in tops]


def without_realtime(pixels: bytes) -> bytes:
    """Blacken one white dot wherever a picture would spell DLE EOT, DLE ENQ or DLE DC4 on the wire.

    Many printers obey these even inside a picture: 10 04 n asks for the status, 10 05 n may clear the buffer.
    `pixels` has white as 1 bits, as Pillow stores them; on the wire black is 1. The dot stands beside a black one.
    """
    found = bytearray(pixels)
    for order in (0x04, 0x05, 0x14):
        sought = bytes((0xFF ^ 0x10, 0xFF ^ order))
        at = found.find(sought)
        while at >= 0:
            found[at] ^= 0x08
            at = found.find(sought, at + 1)
    return bytes(found)
