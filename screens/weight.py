"""How much memory this process holds: graphics drivers have leaked before, and a window begun anew costs a second."""

import os
from pathlib import Path

MOST_MB = 450
"""Twice what the fullest journeys took on a panel of 1080 x 1920; a board of 512 MB would begin to swap beyond it."""
_STATM = Path("/proc/self/statm")


def held_mb(statm: Path = _STATM) -> int:
    """Resident memory in MB; 0 where it cannot be told."""
    try:
        pages = int(statm.read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def too_heavy(shown: str, held: int, most: int = MOST_MB) -> bool:
    """Whether to begin anew: never before a citizen, only while the welcome page stands."""
    return shown == "welcome" and held > most
