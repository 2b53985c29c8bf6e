"""Plays stories as `kiosk play` does, in this process."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from kiosk.__main__ import main

CLOCK = "clock 2026-11-23T10:00:00+08:00"
NUMBER = "421202195803072047"
"""A generated number with a right check digit."""


@dataclass(frozen=True)
class Told:
    """What came of a story: the exit code, the Views, what was said on standard error."""

    code: int
    views: list[dict[str, object]]
    said: str

    @classmethod
    def of(cls, file: Path) -> "Told":
        """Play a file."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["play", str(file)])
        return cls(code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue())


def tell(folder: Path, *lines: str) -> Told:
    """Play these lines, after a clock."""
    file = folder / "told.story"
    file.write_text("\n".join((CLOCK, *lines)), "utf-8")
    return Told.of(file)
