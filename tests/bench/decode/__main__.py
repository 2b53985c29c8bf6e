"""Runs one part of the decoder's campaign; what an earlier run measured on the same day is not measured again."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.decode.campaign import PARTS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.decode", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--each", type=int, default=2, help="streams of each symbology, class and size, or blanks")
    parser.add_argument("--out", type=Path, default=Path("nightly-out"))
    asked = parser.parse_args()
    file = asked.out / f"{datetime.now(UTC):%Y-%m-%d}" / f"decode-{asked.part}.jsonl"
    figures = PARTS[asked.part](asked.each, file)
    print("| figure | value | goal | met | note |\n|---|---|---|---|---|")
    print("\n".join(figure.row() for figure in figures))
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
