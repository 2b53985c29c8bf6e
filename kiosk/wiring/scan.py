"""`kiosk scan FILE...`: decodes still pictures as the camera path would."""

import argparse
import json
import os
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.domain.documents import identify
from kiosk.engine.clock import open_clock

if TYPE_CHECKING:
    from drivers.camera.engines import Engine
    from drivers.camera.reading import Read


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk scan`."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="a JPEG, PNG, PGM or BMP picture")
    parser.add_argument("--json", action="store_true", help="a JSON line a file, with the texts in clear")


def run(args: argparse.Namespace) -> int:
    """Print a line a file; 1 if a file was no picture, 0 otherwise, with or without codes."""
    from drivers.camera.engines import zbar

    today = open_clock(args.test_clock, os.environ).now().date()
    second = zbar()
    failed = False
    for name in args.files:
        answer = scan(name, second, today)
        failed = failed or "error" in answer
        print(json.dumps(answer, ensure_ascii=False) if args.json else plain(answer), flush=True)
    return 1 if failed else 0


def scan(name: str, second: "Engine | None", today: date) -> dict[str, Any]:
    """Decode one file: the fields of its JSON line, with `error` when it is no picture."""
    from drivers.camera.image import BadPicture, load
    from drivers.camera.stills import read_still

    begin = time.perf_counter()
    answer: dict[str, Any] = {"file": name, "reads": [], "document": None}
    try:
        picture = load(Path(name))
        reads = read_still(picture.gray, second)
        answer["reads"] = [_as_json(read, picture.scale) for read in reads]
        answer["document"] = _document([read.text for read in reads], today)
    except BadPicture as error:
        answer["error"] = str(error)
    except MemoryError:
        answer["error"] = "needs more memory than there is; give a smaller picture"
    answer["ms"] = round((time.perf_counter() - begin) * 1000, 1)
    return answer


def plain(answer: dict[str, Any]) -> str:
    """One line for a person; numbers are masked, for a terminal is no place for them."""
    name = "".join(letter if letter.isprintable() else "?" for letter in answer["file"])
    if "error" in answer:
        return f"{name}: {answer['error']}"
    if not answer["reads"]:
        return f"{name}: no code found ({answer['ms']:.0f} ms)"
    codes = ", ".join(f"{read['symbology']} of {len(read['text'])} characters" for read in answer["reads"])
    document = answer["document"]
    if document["kind"] == "unknown":
        return f"{name}: {codes}; no known document ({answer['ms']:.0f} ms)"
    verdict = "valid" if document["valid"] else "not valid"
    return f"{name}: {codes}; {document['kind']} {document['masked']}, {verdict} ({answer['ms']:.0f} ms)"


def _as_json(read: "Read", scale: float) -> dict[str, Any]:
    points = [[round(x * scale), round(y * scale)] for x, y in read.points]
    return {"symbology": read.symbology, "text": read.text, "points": points}


def _document(texts: list[str], today: date) -> dict[str, object] | None:
    """What the first known text is; the first text's answer when none is known; None without any."""
    answers = [identify(text, today=today).as_json() for text in texts]
    return next((answer for answer in answers if answer["kind"] != "unknown"), answers[0] if answers else None)
