"""Runs the benchmarks and writes bench-out/report.json and report.md; a part that fails is reported as failed."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    central,
    domain,
    hub,
    idle,
    journeys,
    kiosks,
    outbox,
    printer,
    replug,
    screen,
    speech,
    stalls,
    start,
    wait,
)
from tests.bench.decode import campaign as decode
from tests.bench.figures import Figure

OUT = Path("bench-out")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help="which parts (else all)")
    parser.add_argument("--journeys", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=1000, help="jobs of the campaign against failing printers")
    parser.add_argument("--replugs", type=int, default=1000, help="cycles of a scanner and of a card reader")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    parts: dict[str, Callable[[], list[Figure]]] = {
        "domain": domain.measure,
        "hub": hub.measure,
        "central": central.measure,
        "kiosks": kiosks.measure,
        "decode": decode.measure,
        "printer": lambda: printer.measure(asked.jobs),
        "replug": lambda: replug.measure(asked.replugs),
        "stalls": stalls.measure,
        "speech": speech.measure,
        "screen": screen.measure,
        "start": start.measure,
        "wait": wait.measure,
        "idle": idle.measure,
        "outbox": outbox.measure,
        "journeys": lambda: journeys.measure(asked.journeys),
    }
    unknown = set(asked.parts) - set(parts)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; parts are {', '.join(parts)}")
    report: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "parts": {}}
    lines = ["# Benchmarks", "", "Ratios in one run on one machine; absolute times are only for reading along.", ""]
    failed = False
    for name in asked.parts or parts:
        lines += [f"## {name}", "", "| figure | value | goal | met | note |", "|---|---|---|---|---|"]
        try:
            figures = parts[name]()
        except (RuntimeError, OSError) as error:
            failed = True
            figures = []
            lines.append(f"| not measured | | | | {error} |")
        report["parts"][name] = [figure.as_json() for figure in figures]  # type: ignore[index]
        lines += [*(figure.row() for figure in figures), ""]
        print("\n".join(lines[-len(figures) - 2 :]), flush=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "report.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    (asked.out / "report.md").write_text("\n".join(lines), "utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
