"""Which release of the whole system runs, as the image says it."""

from pathlib import Path

FILE = Path("/usr/lib/kiosk-release")


def release(file: Path = FILE) -> str:
    """The release; `0` where there is no image under the program."""
    try:
        return file.read_text("utf-8").strip() or "0"
    except OSError:
        return "0"
