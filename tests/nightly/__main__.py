"""Runs the parts that have no report of today yet; one that did not finish is reported as not run."""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.nightly.image import ACTS

OUT = Path("nightly-out")
LONGEST_S = 30 * 60
PYTEST = (sys.executable, "-m", "pytest", "-q", "--timeout", str(LONGEST_S), "--hypothesis-profile", "nightly")
KILLS = ("env", "KIOSK_KILLS=200", *PYTEST, "tests/faults/test_kills.py")
CAMPAIGN = (sys.executable, "-m", "tests.faults.campaign", "--requests", "5000", "--seed")
PICTURES = (sys.executable, "-m", "tests.nightly.pictures")
DECODE = (sys.executable, "-m", "tests.bench.decode")
BENCH = (sys.executable, "-m", "tests.bench", "--out", "nightly-out/soak")
MACHINE = (sys.executable, "-m", "tests.nightly.machine")
MATRIX = (sys.executable, "-m", "tests.nightly.matrix")
FISTS = (sys.executable, "-m", "tests.nightly.fists")
ARM = (sys.executable, "-m", "tests.nightly.image", "--target", "qemu-arm64")
MEMORY = (sys.executable, "-m", "tests.nightly.memory")


KIOSKS = (sys.executable, "-m", "tests.bench", "--out", "nightly-out/kiosks")
PRINT_BENCH = (sys.executable, "-m", "tests.bench", "--out", "nightly-out/printer")


@dataclass(frozen=True)
class Part:
    """One campaign: its command, and what it shows."""

    name: str
    shows: str
    command: tuple[str, ...]


PARTS = (
    Part("domain", "numbers and rules under 50 times as many examples", (*PYTEST, "tests/domain", "tests/core")),
    Part("drivers", "framing, status and print jobs under 50 times as many examples", (*PYTEST, "tests/drivers")),
    Part("printer", "1,000 jobs on printers that fail at random bytes", (*PRINT_BENCH, "printer")),
    Part(
        "emupos",
        "our papers as another program prints them, dot for dot",
        ("env", "KIOSK_TEST_CUTS=every", *PYTEST, "tests/drivers/printer/test_emupos_agrees.py"),
    ),
    Part("receiptline", "the golden Chinese bytes, made anew", (sys.executable, "-m", "tests.nightly.receiptline")),
    Part(
        "power",
        "a power cut at every boundary of every journey",
        ("env", "KIOSK_TEST_CUTS=every", *PYTEST, "tests/engine", "tests/faults", "tests/stories"),
    ),
    *(
        Part(f"line{n}", "5,000 requests over a line that drops, doubles, delays and lies", (*CAMPAIGN, f"2026112{n}"))
        for n in range(2)
    ),
    Part("kills", "200 kills of core in the middle of tickets and of requests", KILLS),
    Part("hub", "races, kills and retry storms at the hub", (*PYTEST, "tests/branch")),
    Part(
        "hub-schema",
        "200 generated requests of everybody to every address of the hub",
        ("env", "KIOSK_TEST_EXAMPLES=200", *PYTEST, "tests/branch/test_schema.py"),
    ),
    Part(
        "hub-load",
        "10,000 tickets by 8 clients at 4 hubs on PostgreSQL, 8 clerks on one queue",
        ("env", "KIOSK_TEST_TICKETS=10000", *PYTEST, "tests/branch/test_several_hubs.py"),
    ),
    Part(
        "hub-kills",
        "200 kills of the hub at random points under load",
        ("env", "KIOSK_TEST_KILLS=200", *PYTEST, "tests/branch/test_command.py"),
    ),
    Part(
        "hub-power",
        "the power cut at every single write of 2,000 tickets",
        ("env", "KIOSK_TEST_ROUNDS=400", *PYTEST, "tests/faults/test_power.py"),
    ),
    *(
        Part(
            f"hub-machine{n}",
            "25,000 of 100,000 steps of kiosks, clerks, cuts, crashes, clocks and promotions",
            (*MACHINE, "--first", str(1000 * n), "--steps", "25000"),
        )
        for n in range(4)
    ),
    Part(
        "edge-power",
        "the power cut at every write of journal and centre; the journal cut at every byte",
        (
            "env",
            "KIOSK_TEST_ROUNDS=400",
            *PYTEST,
            "tests/faults/test_power_edge.py",
            "tests/faults/test_cut_journal.py",
        ),
    ),
    Part(
        "centre-kills",
        "200 kills of the centre under load",
        ("env", "KIOSK_KILLS=200", *PYTEST, "tests/faults/test_centre_kills.py"),
    ),
    Part(
        "centre",
        "replays, attacks and drawn messages at the centre, a hundred an endpoint",
        ("env", "KIOSK_TEST_EXAMPLES=100", *PYTEST, "tests/central", "tests/link"),
    ),
    Part("kiosks", "1,000 kiosks at once at the centre on PostgreSQL", (*KIOSKS, "kiosks")),
    *(
        Part(f"pictures{n}", "2,500 hostile picture files", (*PICTURES, "--first", str(2500 * n), "--files", "2500"))
        for n in range(4)
    ),
    Part("decode-hard", "noisy, dim and faint streams that the bare engines miss", (*DECODE, "hard", "--each", "20")),
    Part("decode-linear", "linear codes in every class of streams", (*DECODE, "linear", "--each", "4")),
    Part("decode-matrix", "matrix codes in every class of streams", (*DECODE, "matrix", "--each", "4")),
    Part("decode-stills", "still pictures beside both engines together", (*DECODE, "stills", "--each", "4")),
    *(
        Part(f"decode-blank{n}", "2,500 frames without a code", (*DECODE, f"blanks{n}", "--each", "2500"))
        for n in range(4)
    ),
    Part(
        "ota",
        "the power cut 12,000 times while slots are installed, tried, committed and mended",
        (sys.executable, "-m", "tests.faults.ota", "--cuts", "12000"),
    ),
    *(
        Part(f"image-{name}", act.shows, (sys.executable, "-m", "tests.nightly.image", name))
        for name, act in ACTS.items()
    ),
    *(Part(f"arm-{name}", f"on ARM: {ACTS[name].shows}", (*ARM, name)) for name in ("build", "set-up", "ticket")),
    *(
        Part(
            f"matrix-{name}",
            f"every page in every dress on the {name} panel: sizes, gaps, contrast, cuts",
            (*MATRIX, name),
        )
        for name in ("portrait", "narrow", "wide", "short")
    ),
    Part("gallery", "every view x language x theme x size", (sys.executable, "-m", "kiosk", "gallery", "--check")),
    Part("fists", "a minute of fists, palms, ten fingers and drops on all pages", FISTS),
    Part(
        "memory-core",
        "5,000 journeys of core without a window: it stays as large as it is",
        (*MEMORY, "--alone", "--out", "nightly-out/memory-core"),
    ),
    *(
        Part(
            f"memory{n}",
            f"journeys to {until:,} of 5,000 in all languages and themes: core and screen stay as large as they are",
            (*MEMORY, "--half", "--until", str(until)),
        )
        for n, until in enumerate((1700, 3400, 5000))
    ),
    Part("soak", "3,000 journeys with flat memory", (*BENCH, "journeys", "--journeys", "3000")),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly", description=__doc__)
    parser.add_argument("parts", nargs="*", help="which parts (else all that have no report of today)")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    known = {part.name: part for part in PARTS}
    unknown = set(asked.parts) - set(known)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; parts are {', '.join(known)}")
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    folder = asked.out / day
    folder.mkdir(parents=True, exist_ok=True)
    for part in [known[name] for name in asked.parts] or PARTS:
        report = folder / f"{part.name}.json"
        if asked.parts or not report.exists():
            run(part, report)
    return summary(folder)


def run(part: Part, report: Path) -> None:
    """Run one part; its report is written only once it has ended by itself."""
    report.unlink(missing_ok=True)
    began = time.monotonic()
    with report.with_suffix(".log").open("wb") as log:
        try:
            code = subprocess.run(
                part.command, stdout=log, stderr=subprocess.STDOUT, timeout=LONGEST_S, env=os.environ, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            print(f"{part.name:10} not finished within 30 minutes; its log is {log.name}", flush=True)
            return
    data = {"part": part.name, "shows": part.shows, "ok": code == 0, "seconds": round(time.monotonic() - began)}
    report.write_text(json.dumps(data, indent=2) + "\n", "utf-8")


def summary(folder: Path) -> int:
    """Print every part's state; 0 only if all ran and held."""
    held = True
    for part in PARTS:
        file = folder / f"{part.name}.json"
        state = "not run"
        if file.exists():
            data = json.loads(file.read_text("utf-8"))
            state = f"{'held' if data['ok'] else 'FAILED'} in {data['seconds']} s"
        held = held and state.startswith("held")
        print(f"{part.name:10} {state:20} {part.shows}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
