"""The readers that are compared on a stream: zxing-cpp and zbar as they come, two equal reads an answer, and ours."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import zxingcpp

from drivers.camera.decoder import StreamDecoder
from drivers.camera.engines import zbar
from drivers.camera.frame import Frame
from drivers.camera.reading import Gray
from tests.bench.decode.streams import Stream

FRAME_S = 1 / 15
Reader = Callable[[Frame], Iterable[tuple[str, str]]]
"""Looks at the next frame of a stream; gives what it now holds for certain, as symbology and text."""
_ZBAR_NAMES = {"CODE128": "Code128", "CODE39": "Code39", "I25": "ITF", "EAN13": "EAN13", "QRCODE": "QRCode"}
_ZXING_NAMES = {"EANUPC": "EAN13"}


@dataclass(frozen=True)
class Outcome:
    """What one reader made of one stream. `at` is the first frame in which the truth was certain."""

    read: bool
    false: int
    at: int
    frames: int
    cpu_s: float


def outcome(stream: Stream, reader: Reader, frames: list[Gray]) -> Outcome:
    """Show all frames to a reader; the truth counts once, any other answer as false."""
    right, false, at = False, 0, -1
    began = time.process_time()
    for number, gray in enumerate(frames):
        for answer in reader(Frame(gray, number * FRAME_S, number)):
            if answer == (stream.symbology, stream.text):
                at = number if not right else at
                right = True
            else:
                false += 1
    return Outcome(right, false, at, len(frames), time.process_time() - began)


def bare_reads(engine: str, gray: Gray) -> set[tuple[str, str]]:
    """What a library reads in a picture with its default settings: symbologies and texts, named as ours are."""
    if engine == "zxing":
        found = zxingcpp.read_barcodes(gray)
        return {(_ZXING_NAMES.get(code.symbology.name, code.symbology.name), code.text) for code in found}
    from pyzbar import pyzbar

    codes = pyzbar.decode(np.ascontiguousarray(gray))
    return {(_ZBAR_NAMES.get(code.type, code.type), code.data.decode("utf-8", "replace")) for code in codes}


def ours() -> Reader:
    """The product's decoder, with every symbology that it knows."""
    decoder = StreamDecoder(zbar())

    def look(frame: Frame) -> list[tuple[str, str]]:
        read = decoder.feed(frame)
        return [] if read is None else [(read.symbology, read.text)]

    return look


def bare(engine: str) -> Reader:
    """A library on every frame; two equal reads are an answer."""
    votes: dict[tuple[str, str], int] = {}

    def reader(frame: Frame) -> list[tuple[str, str]]:
        sure = []
        for answer in bare_reads(engine, frame.gray):
            votes[answer] = votes.get(answer, 0) + 1
            if votes[answer] == 2:
                sure.append(answer)
        return sure

    return reader


READERS: dict[str, Callable[[], Reader]] = {"zxing": lambda: bare("zxing"), "zbar": lambda: bare("zbar"), "ours": ours}
