"""Damaged, hostile and wrong picture files, each from its number alone; what can be read in them is A012."""

import base64
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

CORPUS = Path(__file__).parent / "corpus" / "pictures.txt"
TRUTH = "A012"


@cache
def corpus() -> tuple[bytes, ...]:
    return tuple(base64.b64decode(line.split()[1]) for line in CORPUS.read_text("utf-8").splitlines())


def hostile(number: int, seed: int = 20261122) -> bytes:
    """The bytes of file `number`."""
    rng = np.random.default_rng((seed, number))
    makers: list[Callable[[np.random.Generator], bytes]] = [
        _cut, _flipped, _flipped, _spliced, _stretched, _sized, _png_bomb, _pgm_bomb, _bmp_header, _chunks, _foreign,
    ]  # fmt: skip
    return makers[number % len(makers)](rng)


def _one(rng: np.random.Generator) -> bytearray:
    files = corpus()
    return bytearray(files[int(rng.integers(0, len(files)))])


def _cut(rng: np.random.Generator) -> bytes:
    data = _one(rng)
    return bytes(data[: int(rng.integers(0, len(data)))])


def _flipped(rng: np.random.Generator) -> bytes:
    data = _one(rng)
    for _ in range(int(rng.integers(1, 12))):
        data[int(rng.integers(0, len(data)))] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF, int(rng.integers(0, 256))]))
    return bytes(data)


def _spliced(rng: np.random.Generator) -> bytes:
    one, other = _one(rng), _one(rng)
    return bytes(one[: int(rng.integers(0, len(one)))] + other[int(rng.integers(0, len(other))) :])


def _stretched(rng: np.random.Generator) -> bytes:
    data = _one(rng)
    at = int(rng.integers(0, len(data)))
    junk = rng.integers(0, 256, int(rng.integers(1, 3000)), dtype=np.uint8).tobytes()
    return bytes(data[:at] + junk + data[at:])


def _sized(rng: np.random.Generator) -> bytes:
    """A header that claims another size than its data have."""
    data = _one(rng)
    sizes = (0, 1, 7, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1)
    wide, high = int(rng.choice(sizes)), int(rng.choice(sizes))
    if data[:4] == b"\x89PNG":
        data[16:24] = struct.pack(">II", wide, high)
        data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    elif data[:2] == b"BM":
        data[18:26] = struct.pack("<II", wide, high)
    elif data[:1] == b"P":
        return bytes(data[:2]) + b"\n%d %d\n255\n" % (wide, high) + bytes(data[12:])
    else:
        at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
        if at > 0:
            data[at + 5 : at + 9] = struct.pack(">HH", high & 0xFFFF, wide & 0xFFFF)
    return bytes(data)


def _png_bomb(rng: np.random.Generator) -> bytes:
    """Few bytes that mean many: pixels, or a text that swells when it is unpacked."""
    side = int(rng.choice([3000, 7900, 20000, 60000]))
    rows = min(side, 2000)
    body = _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    if rng.uniform() < 0.5:
        body += _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * (8 << 20), 9))
    body += _chunk(b"IDAT", zlib.compress(b"\0" * (rows * (side // 8 + 1)), 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _pgm_bomb(rng: np.random.Generator) -> bytes:
    kind = rng.choice([b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"P7", b"Pf", b"PF"])
    size = rng.choice([b"99999 99999", b"1 1", b"4294967297 1", b"-3 9", b"00000000000000000640 480", b"1e9 2", b"8 8"])
    notes = b"#" + b"x" * int(rng.choice([0, 100, 100000])) + b"\n"
    most = rng.choice([b"255", b"0", b"65535", b"65536", b"-1", b"1.0"])
    filler = rng.integers(0, 256, int(rng.integers(0, 4000)), dtype=np.uint8).tobytes()
    return bytes(kind) + b"\n" + notes + bytes(size) + b"\n" + bytes(most) + b"\n" + filler


def _bmp_header(rng: np.random.Generator) -> bytes:
    head = int(rng.choice([12, 40, 52, 56, 64, 108, 124, 0, 0xFFFFFFFF]))
    depth, packing = int(rng.choice([0, 1, 2, 4, 8, 16, 24, 32, 255])), int(rng.choice([0, 1, 2, 3, 4, 5, 99]))
    side = int(rng.choice([1, 60, 5000, 0x7FFFFFFF]))
    info = struct.pack("<IIIHHIIIIII", head, side, side, 1, depth, packing, 0, 0, 0, int(rng.choice([0, 2, 2**31])), 0)
    filler = rng.integers(0, 256, int(rng.integers(0, 3000)), dtype=np.uint8).tobytes()
    return b"BM" + struct.pack("<IHHI", 54 + len(filler), 0, 0, int(rng.choice([54, 0, 14, 2**31]))) + info + filler


def _chunks(rng: np.random.Generator) -> bytes:
    """A PNG whose chunks are doubled, dropped, shuffled or given a wrong length."""
    data = corpus()[int(rng.integers(0, 5))]
    parts, at = [], 8
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        parts.append(bytearray(data[at : at + 12 + length]))
        at += 12 + length
    order = rng.integers(0, len(parts), int(rng.integers(1, 7)))
    chosen = [bytearray(parts[int(index)]) for index in order]
    if rng.uniform() < 0.5:
        chosen[0][0:4] = struct.pack(">I", int(rng.choice([0, 1, 2**31 - 1, 2**32 - 1])))
    return data[:8] + b"".join(map(bytes, chosen))


def _foreign(rng: np.random.Generator) -> bytes:
    heads = (
        b"", b"GIF89a", b"II*\0", b"MM\0*", b"RIFF\0\0\0\0WEBPVP8 ", b"%PDF-1.7\n", b"<svg xmlns='x'>", b"PK\3\4",
        b"8BPS", b"\0\0\1\0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"P5\n", b"#!/bin/sh\n", b"\x1f\x8b",
        b"%!PS-Adobe-3.0",
    )  # fmt: skip
    filler = rng.integers(0, 256, int(rng.choice([0, 1, 30, 5000])), dtype=np.uint8).tobytes()
    return heads[int(rng.integers(0, len(heads)))] + filler


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
