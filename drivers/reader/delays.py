"""Every delay of a card reader, by name, with its unit and its reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Delays:
    """Times in seconds. Tests shorten them; nothing else does."""

    find_s: float = 0.3
    """Between two looks for a card: the field's usual pace, and nobody notices a third of a second."""
    lying_s: float = 0.5
    """Between two looks whether the card that was read still lies there."""
    rest_s: float = 3.0
    """Between two questions for the reader's own health while no card is wanted."""
    short_s: float = 2.5
    """Deadline for status, find, select and address: 0.1 to 0.3 s in the field; a busy board may look late."""
    read_s: float = 5.0
    """Deadline for text and photograph: 1.5 to 3 s in the field."""
    gap_s: float = 0.3
    """A frame that pauses longer than this in its middle has lost its rest."""
    write_s: float = 1.0
    """Deadline for handing over a command of eleven bytes."""
    quiet_s: float = 0.02
    """Pause between two readings of a line that talks without being asked."""
    fault_s: float = 3.0
    """A card that cannot be read and is not lifted is told of again after this long."""
