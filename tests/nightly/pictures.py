"""Ten thousand hostile picture files through `kiosk scan`: no crash, no hang, one line each, flat memory."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from tests.drivers.camera.hostile import hostile
from tests.drivers.camera.test_hostile import GROWTH, check

BATCH = 500
LONGEST_S = 600.0
"""For a batch; a file has two seconds of looks at most, and most have none."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.pictures", description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--files", type=int, default=10_000)
    asked = parser.parse_args()
    end = asked.first + asked.files
    for first in range(asked.first, end, BATCH):
        _batch(range(first, min(first + BATCH, end)))
    return 0


def _batch(numbers: range) -> None:
    """One process for all of them; its memory after the first fifth is what it may keep."""
    with tempfile.TemporaryDirectory(prefix="kiosk-pictures-") as folder:
        files = []
        for number in numbers:
            files.append(Path(folder) / f"{number:05}")
            files[-1].write_bytes(hostile(number))
        command = [sys.executable, "-m", "kiosk", "scan", "--json", *map(str, files)]
        errors = Path(folder) / "errors"
        settled = most = 0
        with (
            errors.open("wb") as err,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True) as child,
        ):
            assert child.stdout is not None
            watched = psutil.Process(child.pid)
            for place, line in enumerate(child.stdout):
                answer = json.loads(line)
                assert answer["file"] == str(files[place])
                assert answer["ms"] < LONGEST_S * 100
                check(answer)
                if place == BATCH // 5:
                    settled = watched.memory_info().rss
                if place == len(files) - 2:
                    most = watched.memory_info().rss
            code = child.wait(LONGEST_S)
        told = errors.read_text("utf-8", "replace")
        assert code == 1, (numbers, code, told)
        assert "Traceback" not in told
        assert most - settled < GROWTH, (numbers, settled, most)
        print(f"files {numbers.start} to {numbers.stop - 1}: held, {(most - settled) >> 20} MB more", flush=True)


if __name__ == "__main__":
    sys.exit(main())
