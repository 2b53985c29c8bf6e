"""Which release of the whole system runs, as the image says it, and whether this start is its trial."""

from pathlib import Path

FILE = Path("/usr/lib/kiosk-release")
STARTED = Path("/run/kiosk-update/start.json")
"""What kiosk-boot found at this start; it is there on a card with slots alone."""
TRIAL = Path("/run/kiosk-update/trial")
"""There on the trial of a new slot alone; kiosk-boot makes it."""


def release(file: Path = FILE) -> str:
    """The release; `0` where there is no image under the program."""
    try:
        return file.read_text("utf-8").strip() or "0"
    except OSError:
        return "0"


def on_trial(file: Path = TRIAL) -> bool:
    """Whether this start may still end with the system before."""
    return file.exists()


def on_a_card(file: Path = STARTED) -> bool:
    """Whether this machine was started from a card with slots."""
    return file.exists()
