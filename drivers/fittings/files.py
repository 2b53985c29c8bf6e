"""The kernel's small files below /sys: read a number, write a number, and say in one line why that cannot be."""

from pathlib import Path

from drivers.device import LineLost

REMEDY = "check its name under /sys/class, and the rights of its file (docs/technician/devices.md)"


def number(file: Path) -> int:
    """The number in a file; LineLost where there is none."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise LineLost(f"{file}: {_words(error)}", REMEDY) from error


def put(file: Path, value: int) -> None:
    """Write a number; LineLost says why it cannot be written."""
    try:
        # Never made: a misspelt name must not become a file of ours.
        with file.open("r+", encoding="ascii") as out:
            out.write(f"{value}\n")
            out.truncate()
    except OSError as error:
        raise LineLost(f"{file}: {_words(error)}", REMEDY) from error


def _words(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it holds no number"
