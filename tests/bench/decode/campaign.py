"""The decoder's figures: streams, stills, frames without a code and Chinese text, ours beside the bare libraries.

Each result is a line of a file, so a campaign that was cut short goes on where it stopped.
"""

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import segno

from drivers.camera.decoder import StreamDecoder
from drivers.camera.engines import zbar, zxing_quick
from drivers.camera.frame import Frame
from drivers.camera.reading import Gray
from drivers.camera.stills import read_still
from tests.bench.decode.blanks import blank
from tests.bench.decode.readers import READERS, bare_reads, outcome
from tests.bench.decode.streams import CLASSES, HARD, Stream, streams
from tests.bench.figures import Figure, percentile
from tests.drivers.camera.frames import ALL

Line = dict[str, Any]
STILLS_SEED = 20261123
"""Another seed than the streams': nothing was looked at in these pictures."""
SUMMED = 4
"""Frames of a sum; here the same one four times, so that its noise stays."""
TEXTS = 100


def gather(names: Iterable[tuple[str, Callable[[], Line]]], file: Path | None) -> list[Line]:
    """Measure what is not in the file yet; give all results that were asked for."""
    known: dict[str, Line] = {}
    if file is not None and file.exists():
        known = {line["name"]: line for line in map(json.loads, file.read_text("utf-8").splitlines())}
    lines = []
    for name, measure in names:
        line = known.get(name)
        if line is None:
            line = {"name": name, **measure()}
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(line) + "\n")
        lines.append(line)
    return lines


def of_streams(wanted: list[Stream], file: Path | None = None) -> list[Figure]:
    """Confirmed streams, false confirms and processor time, by symbology."""

    def measure(stream: Stream) -> Line:
        frames = list(stream.frames())
        results = {name: asdict(outcome(stream, make(), frames)) for name, make in READERS.items()}
        return {"symbology": stream.symbology, "klass": stream.klass, **results}

    lines = gather(((stream.name, partial(measure, stream)) for stream in wanted), file)
    figures = [_behind(symbology, lines) for symbology in ALL if any(line["symbology"] == symbology for line in lines)]
    for symbology in ("Code128", "Code39"):
        for klass in HARD:
            figures += _unrecovered(
                [line for line in lines if (line["symbology"], line["klass"]) == (symbology, klass)]
            )
    false = {name: sum(line[name]["false"] for line in lines) for name in READERS}
    figures.append(Figure("false confirms", false["ours"], "", 0, f"zxing {false['zxing']}, zbar {false['zbar']}"))
    cost = {name: 1000 * sum(line[name]["cpu_s"] for line in lines) / _frames(lines) for name in READERS}
    note = f"ms a frame: ours {cost['ours']:.1f}, zxing {cost['zxing']:.1f}, zbar {cost['zbar']:.1f}"
    figures.append(Figure("processor time a frame / bare zxing-cpp's", cost["ours"] / cost["zxing"], "x", 1.3, note))
    return figures


def of_stills(each: int, file: Path | None = None) -> list[Figure]:
    """One frame a stream, as a still picture: right answers, wrong ones, milliseconds."""
    second = zbar()

    def measure(stream: Stream) -> Line:
        gray = next(stream.frames(1, 0))
        want = (stream.symbology, stream.text)
        read = {name: bare_reads(name, gray) for name in ("zxing", "zbar")}
        began = time.process_time()
        read["ours"] = {(one.symbology, one.text) for one in read_still(gray, second)}
        ms = 1000 * (time.process_time() - began)
        return {
            "union": want in read["zxing"] | read["zbar"],
            "ours": want in read["ours"],
            "wrong": {name: bool(reads - {want}) for name, reads in read.items()},
            "ms": ms,
        }

    pictures = streams(each, seed=STILLS_SEED)
    lines = gather(((f"still {one.name}", partial(measure, one)) for one in pictures), file)
    union, ours = (sum(line[name] for line in lines) for name in ("union", "ours"))
    wrong = {name: sum(line["wrong"][name] for line in lines) for name in ("zxing", "zbar", "ours")}
    note = f"ours {ours}, both engines together {union} of {len(lines)}"
    most = min(wrong["zxing"], wrong["zbar"])
    return [
        Figure("stills: both engines' right answers that ours is behind", union - ours, "", 0, note),
        Figure("stills with a wrong answer", wrong["ours"], "", most, f"zxing {wrong['zxing']}, zbar {wrong['zbar']}"),
        Figure("stills, p50", percentile([line["ms"] for line in lines], 0.5), "ms"),
        Figure("stills, p95", percentile([line["ms"] for line in lines], 0.95), "ms"),
    ]


def of_blanks(numbers: Iterable[int], file: Path | None = None) -> list[Figure]:
    """Frames without a code, every look taken at each once: what one look reads in a still scene, the next confirms."""
    second = zbar()

    def measure(number: int) -> Line:
        decoder, gray = StreamDecoder(second), blank(number)
        decoder._frames = [gray] * SUMMED
        looks = [decoder._calm, *dict.fromkeys(decoder._looks), decoder._sum]
        answers = decoder._fit(gray, zxing_quick(gray, decoder.wanted))
        for look in looks:
            answers += look(gray)
        return {"false": [f"{read.symbology} {read.text}" for read in answers]}

    lines = gather(((f"blank {number}", partial(measure, number)) for number in numbers), file)
    wrong = sum(bool(line["false"]) for line in lines)
    return [Figure("frames without a code that were read", wrong, "", 0, f"of {len(lines)}")]


def of_chinese() -> list[Figure]:
    """QR codes with names, plates and mixed lines, in both encodings, without any declaration."""
    wrong = {"utf-8": 0, "gb18030": 0}
    for text in _chinese(TEXTS):
        for encoding in wrong:
            decoder = StreamDecoder(zbar())
            gray = _drawn(segno.make_qr(text.encode(encoding), mode="byte"))
            answers = [decoder.feed(Frame(gray, turn / 15, turn)) for turn in range(3)]
            wrong[encoding] += {read.text for read in answers if read is not None} != {text}
    return [Figure(f"Chinese QR codes in {name} not read right", wrong[name], "", 0, f"of {TEXTS}") for name in wrong]


def measure(each: int = 1) -> list[Figure]:
    """A sample of everything, for `make bench`; the whole campaign is nightly."""
    hard = streams(4 * each, ("Code128", "Code39"), HARD)
    rest = [one for one in streams(each) if one not in hard]
    return [*of_streams([*hard, *rest]), *of_stills(each), *of_blanks(range(200 * each)), *of_chinese()]


def _frames(lines: list[Line]) -> int:
    return sum(int(line["ours"]["frames"]) for line in lines)


def _behind(symbology: str, lines: list[Line]) -> Figure:
    """By how many streams ours is behind the better engine; below nothing where it is ahead."""
    mine = [line for line in lines if line["symbology"] == symbology]
    read = {name: sum(line[name]["read"] for line in mine) for name in READERS}
    note = f"ours {read['ours']}, zxing {read['zxing']}, zbar {read['zbar']} of {len(mine)}"
    return Figure(
        f"{symbology}: streams behind the better engine", max(read["zxing"], read["zbar"]) - read["ours"], "", 0, note
    )


def _unrecovered(lines: list[Line]) -> list[Figure]:
    """The share of the better engine's misses that ours misses too."""
    if not lines:
        return []
    better = max(("zxing", "zbar"), key=lambda name: sum(line[name]["read"] for line in lines))
    missed = [line for line in lines if not line[better]["read"]]
    lost = sum(not line["ours"]["read"] for line in missed)
    what = f"{lines[0]['symbology']}, {lines[0]['klass']}: {better}'s misses not recovered"
    note = f"{lost} of {len(missed)}; {better} reads {len(lines) - len(missed)} of {len(lines)}"
    return [Figure(what, lost / max(1, len(missed)), "", 0.5, note)]


def _chinese(count: int) -> Iterator[str]:
    dice = random.Random(20261122)
    common = [bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)]
    for number in range(count):
        words = "".join(dice.choices(common, k=dice.choice((2, 3, 4, 8, 20))))
        yield words if number % 2 else f"鄂L{dice.randrange(10**5):05}|{words}|{dice.randrange(10**13):013}"


def _drawn(code: segno.QRCode) -> Gray:
    modules = np.where(np.array(code.matrix, dtype=bool), 0, 255).astype(np.uint8)
    return np.pad(np.kron(modules, np.ones((4, 4), np.uint8)), 24, constant_values=255)


def _quarter(part: int, each: int, file: Path | None) -> list[Figure]:
    return of_blanks(range(part * each, (part + 1) * each), file)


PARTS: dict[str, Callable[[int, Path | None], list[Figure]]] = {
    "hard": lambda each, file: of_streams(streams(each, ("Code128", "Code39"), HARD), file),
    "linear": lambda each, file: of_streams(streams(each, ("Code128", "Code39", "ITF", "EAN13"), CLASSES), file),
    "matrix": lambda each, file: of_streams(streams(each, ("QRCode", "DataMatrix", "PDF417", "Aztec"), CLASSES), file),
    "stills": of_stills,
    "chinese": lambda _each, _file: of_chinese(),
    **{f"blanks{part}": partial(_quarter, part) for part in range(4)},
}
