"""What can be said of the tray after a session, by looking at it."""

from typing import Literal

TrayVerdict = Literal["clear", "left", "unknown"]
"""It looks as it does when nobody is there; something lies on it that did not; nobody can say."""
