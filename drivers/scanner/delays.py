"""Every delay and bound of a serial scanner, by name, with its unit and its reason."""

from dataclasses import dataclass

TYPING_SILENCE_S = 0.2
"""A keyboard scanner without a suffix: some pause a tenth of a second between two keys."""


@dataclass(frozen=True)
class Delays:
    """Times in seconds, sizes in bytes. Tests shorten them; nothing else does."""

    silence_s: float = 0.040
    """A message without terminator ends after this much quiet: at 9600 baud a byte takes 1 ms."""
    flood_silence_s: float = 0.300
    """The end of an over-long message: its sender is often slow, and its pieces must not become scans of their own."""
    flood_patience_s: float = 5.0
    """An over-long message is reported after this long even when it has not ended."""
    flood_nap_s: float = 0.020
    """Pause between two reads of an endless flood, so that a broken scanner cannot eat the processor."""
    cap_bytes: int = 4096
    """Longer messages are counted and thrown away: a full QR code holds 2,953 bytes."""
    settle_s: float = 0.050
    """What arrives just after opening is start-up noise or the tail of a message of which the head is lost."""
    settle_most_s: float = 2.0
    """Longest wait for that tail to end before the scanner is called ready."""
    idle_s: float = 1.0
    """With nothing to do the thread looks around this often."""
    write_s: float = 1.0
    """Deadline for a trigger command; longer than the longest command takes at 9600 baud, by far."""
    debounce_s: float = 3.0
    """The same text again within this time is the same card still lying there, not a second scan."""
    stuck_repeats: int = 15
    """More repeats than this within the debounce time come from a stuck trigger, not from a hand."""
    quiet_s: float = 1.0
    """A stuck scanner is believed again after this much quiet."""
    burst: int = 60
    """Different messages believed at once; beyond them only `rate_per_s`, for nobody scans that fast."""
    rate_per_s: float = 10.0
    """Different messages believed a second, in the long run."""
