"""What a story's world gives its real threads: seconds to notice in, and how simulated time strides."""

from drivers.reader.delays import Delays

HEARD_S = 5.0
"""Real seconds within which a scan that was sent must have reached the engine."""
READ_S = 30.0
"""Real seconds within which a card must have been read, or be known to be gone."""
UNREAD_S = 0.2
"""Real seconds that a card lies there which nobody wants to read."""
NOTICED_S = 20.0
"""Real seconds within which a device's own thread must have noticed what a story did to it."""
SHOWN = {
    "printer": {
        **{each: each for each in ("ready", "paper-low", "paper-out", "cover-open", "cutter-fault", "overheated")},
        "offline": "offline", "unknown": "unknown", "silent": "unknown",
    },
    "scanner": {"ready": "ready", "offline": "offline"},
    "card": {"ready": "ready", **dict.fromkeys(("offline", "silent", "out-of-service"), "offline")},
}  # fmt: skip
"""What a device's health says of a condition while it is idle; the other conditions show only when it is used."""
BRISK = Delays(find_s=0.02, lying_s=0.02, rest_s=0.1, short_s=5.0, gap_s=1.0)
"""A story does not wait for a reader's usual pace."""
STEPS = ((600.0, 1.0), (3600.0, 10.0), (float("inf"), 300.0))
"""Simulated time passes second by second at first; a story that waits for days takes longer strides."""
ANSWERED_S = 60.0
"""Real seconds that hub and centre have for an answer: a busy machine is no cut line; that one refuses at once."""
HELD = {
    "asked": "reserved", "issued": "reserved", "printing": "reserved", "doubtful": "reserved", "printed": "waiting",
    "screen": "waiting", "void": "void", "lost": "void",
}  # fmt: skip
"""What a ticket of the kiosk's journal is at the hub, while the hub does not know it."""
