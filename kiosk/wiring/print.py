"""`kiosk print KIND --to URL`: prints one paper on a printer, or into a file, and says whether it came out."""

import argparse
import json
import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path

from drivers.device import BadAddress
from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.opening import load_profile, mode_of, open_printer
from drivers.printer.printer import REMEDIES, EscposPrinter
from drivers.printer.profile import Mode, Profile, ProfileError
from drivers.transport.urls import EXAMPLES, parse
from kiosk import config
from kiosk.domain.errors import Refusal
from kiosk.domain.health import word
from kiosk.domain.paper import Paper
from kiosk.domain.papers import Papers, problems
from kiosk.domain.printing import NotPrinted, Printed, PrintUnknown
from kiosk.engine.clock import open_clock
from kiosk.wiring import places
from kiosk.wiring.papers import load_papers

KINDS = ("ticket", "receipt", "test", "slip")
LONGEST_DATA = 1 << 20

Answer = dict[str, object]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk print`."""
    parser.add_argument("kind", choices=KINDS, help="which paper")
    parser.add_argument("--to", required=True, metavar="URL", help="; ".join(EXAMPLES.values()))
    parser.add_argument(
        "--data", metavar="FILE", help="its values as a JSON object, - for standard input; else a sample"
    )
    parser.add_argument("--mode", choices=("raster", "native"), help="as a picture, or as the printer's own text")
    parser.add_argument("--profile", metavar="NAME", help="what the model can do: a name under assets/printers")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="language of the paper")
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(args: argparse.Namespace) -> int:
    """Print it; 0 if it came out (a file: was written), 1 if not or nobody knows, Refusal (2) for wrong input."""
    settings = config.load(args.config)
    paper = _paper(args, settings, load_papers(places.assets()))
    answer = send(paper, args.to, settings, args.state, args.profile, args.mode)
    print(json.dumps(answer) if args.json else sentence(answer))
    return 0 if answer["printed"] is True else 1


def send(
    paper: Paper, to: str, settings: config.Settings, state: Path, profile: str | None = None, mode: str | None = None
) -> Answer:
    """Print a paper, or write it into a file; Refusal for an address or a profile that is none."""
    assets = places.assets()
    profile = profile or settings.printer.profile
    mode = mode or settings.printer.mode
    try:
        if parse(to).scheme == "file":
            line = parse(settings.printer.url).scheme if settings.printer.url else "file"
            chosen = load_profile(assets, profile)
            return _into_file(Path(parse(to).path), paper, chosen, mode_of(mode, chosen, line), assets)
        void = load_papers(assets).texts["zh"]["paper.void"]
        return _on_printer(open_printer(to, profile, mode, assets, void=void, state=state), paper)
    except (BadAddress, ProfileError) as error:
        raise Refusal(str(error)) from error


def _paper(args: argparse.Namespace, settings: config.Settings, papers: Papers) -> Paper:
    layout = papers.layouts[args.kind]
    if args.data is None:
        samples = json.loads((places.assets() / "papers" / "samples.json").read_text("utf-8"))
        values: Mapping[str, object] = samples[args.kind][args.language]
    else:
        now = open_clock(args.test_clock, os.environ).now()
        branch = settings.branch.name_zh if args.language == "zh" else settings.branch.name_en
        values = {
            "branch": branch,
            "issued_at": now.strftime("%Y-%m-%d %H:%M:%S"),
            "kiosk_seq": f"{settings.kiosk.name}-0000",
            **_data(args.data),
        }
    wrong = problems(layout, values)
    if wrong:
        known = ", ".join((*layout.required, *layout.optional))
        raise Refusal(f"this is no {args.kind}: {'; '.join(wrong)} (its values are {known})")
    return papers.compose(args.kind, values, args.language)


def _data(name: str) -> dict[str, object]:
    try:
        raw = sys.stdin.buffer.read(LONGEST_DATA + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        raise Refusal(f"{name} cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(raw) > LONGEST_DATA:
        raise Refusal(f"{name} is longer than 1 MB; a paper's values are a small JSON object")
    try:
        values = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refusal(f'{name} is no JSON ({error}); give an object like {{"label": "B012"}}') from error
    if not isinstance(values, dict) or any(not _usable(value) for value in values.values()):
        raise Refusal(f"{name} must be a JSON object of texts, numbers, true, false and lists of texts")
    return values


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LONGEST_DATA + 1)


def _usable(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str | int | float | bool)


def _into_file(file: Path, paper: Paper, profile: Profile, mode: Mode, assets: Path) -> Answer:
    from drivers.sim.printer_render import render

    fonts = Fonts.under(assets / "fonts")
    data = encode(paper, profile, mode, fonts).data
    try:
        if file.suffix.lower() == ".png":
            render(data, fonts.regular, profile.width)[0][0].save(file)
        else:
            file.write_bytes(data)
    except OSError as error:
        print(f"kiosk: {file} cannot be written: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        return {"printed": False, "confirmed": "none", "bytes": 0, "health": "offline"}
    return {"printed": True, "confirmed": "none", "bytes": len(data), "health": "ready"}


def _on_printer(printer: EscposPrinter, paper: Paper) -> Answer:
    try:
        outcome = printer.print_paper(uuid.uuid4().hex[:8], paper)
        health = printer.health() if isinstance(outcome, Printed) else outcome.health
        sent = printer.bytes_sent
    finally:
        printer.close()
    match outcome:
        case Printed(confirmed=by):
            return {"printed": True, "confirmed": by, "bytes": sent, "health": word(health)}
        case NotPrinted():
            return {"printed": False, "confirmed": "none", "bytes": sent, "health": word(health)}
        case PrintUnknown():
            return {"printed": None, "confirmed": "none", "bytes": sent, "health": word(health)}


def sentence(answer: Answer) -> str:
    """What became of it, for a person."""
    health = f"the printer is {answer['health']}"
    match answer["printed"]:
        case True if answer["confirmed"] == "none":
            return f"written: {answer['bytes']} bytes"
        case True:
            return f"printed, confirmed by {answer['confirmed']} ({answer['bytes']} bytes); {health}"
        case False:
            return f"not printed; {health}: {REMEDIES[str(answer['health'])]}"
        case _:
            return (
                f"nobody knows whether it was printed ({answer['bytes']} bytes went out); {health}: look at the paper"
            )
