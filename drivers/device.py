"""What every driver has in common: the Device protocol, and the two ways in which a line to a device fails."""

from typing import Protocol

from kiosk.domain.errors import Broken, Transient
from kiosk.domain.health import Health


class Device(Protocol):
    """One piece of hardware, owned by one thread; nothing else touches its line."""

    def health(self) -> Health:
        """Tell the present condition; never raises, blocks for a few hundred milliseconds at most."""
        ...

    def close(self) -> None:
        """Let go of the line and end the thread; calling it twice is fine."""
        ...


class LineLost(Transient):
    """The device is not there, or went away: try again with back-off.

    `reason` says what happened, `remedy` what a technician does about it. Neither is for citizens.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy


class BadAddress(Broken):
    """A device address that cannot be used; the message says what is wrong and what a right one looks like."""
